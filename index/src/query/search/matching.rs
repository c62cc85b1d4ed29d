//! What a query asks of the text index: words with their other spellings and words of like meaning.

use std::sync::Arc;

use tantivy::query::{
    AllQuery, BooleanQuery, BoostQuery, ConstScoreQuery, DisjunctionMaxQuery, EmptyQuery, EnableScoring,
    FuzzyTermQuery, Occur, PhrasePrefixQuery, PhraseQuery, Query as TantivyQuery, TermQuery,
};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocSet, SegmentReader, TERMINATED, Term as TantivyTerm};

use super::columns::Columns;
use super::known::{learnt, vocabulary};
use crate::Snapshot;
use crate::query::language::{Group, Query, Term};
use crate::query::ranking::{AnyField, FieldWorth, Together, rarity};
use crate::query::suggest::Missing;
use crate::query::synonyms::Learnt;
use crate::query::{NotFound, Scope, series};
use crate::snapshot::View;
use crate::tokens::{folded_words, german, parts, tokens, without_umlauts};

/// So many words must all match; of more a part is enough.
const NEEDED: usize = 2;
/// What a word of like meaning is worth beside the word itself.
const SYNONYM: f32 = 0.5;
/// What it is worth that stands for the word as the book itself explains it.
const LEARNT: f32 = 0.2;

pub(super) struct Builder<'a> {
    pub(super) snapshot: &'a Snapshot,
    pub(super) scope: &'a Scope,
    pub(super) view: &'a View,
    pub(super) columns: Arc<Columns>,
}

pub(super) type Clause = (Occur, Box<dyn TantivyQuery>);

impl<'a> Builder<'a> {
    /// For questions to a snapshot.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub(super) fn new(snapshot: &'a Snapshot, scope: &'a Scope, view: &'a View) -> tantivy::Result<Self> {
        Ok(Self { snapshot, scope, view, columns: snapshot.columns()? })
    }

    fn fields(&self) -> &[FieldWorth] {
        &self.columns.running
    }

    /// Qualifiers must name what there is.
    pub(super) fn check(&self, query: &Query) -> Result<(), NotFound> {
        for name in &query.filters.series {
            series::find(self.snapshot, self.scope, name)?;
        }
        let people = query.filters.owner.iter().chain(&query.filters.person).chain(&query.filters.by);
        for wanted in people.filter(|p| !p.eq_ignore_ascii_case("none")) {
            if self.view.people.find(wanted).is_none() {
                let names = self.view.people.all.iter().map(|p| p.id.as_str());
                return Err(NotFound::among("person", wanted, names));
            }
        }
        Ok(())
    }

    /// What is asked for: `words` of the query, within its qualifiers and the scope.
    pub(super) fn query(&self, words: &dyn TantivyQuery, query: &Query) -> Box<dyn TantivyQuery> {
        let mut clauses: Vec<Clause> = vec![(Occur::Must, words.box_clone())];
        for term in &query.excluded {
            if let Some(q) = self.excluded(term) {
                clauses.push((Occur::MustNot, q));
            }
        }
        clauses.extend(self.filters(query));
        Box::new(BooleanQuery::new(clauses))
    }

    /// The words of a query: of up to two all must match, of more a quarter; the more the better. Words that say
    /// nothing ("what did we …") count only where nothing else is asked.
    pub(super) fn words(&self, query: &Query) -> Box<dyn TantivyQuery> {
        let mut groups: Vec<&Group> = query.groups.iter().filter(|group| self.says(group)).collect();
        if groups.is_empty() {
            groups = query.groups.iter().collect();
        }
        let mut parts: Vec<(Box<dyn TantivyQuery>, f32)> = groups.iter().filter_map(|g| self.group(g)).collect();
        let needed = match parts.len() {
            // Signs alone are found nowhere; qualifiers alone ask for all that they let through.
            0 if !query.groups.is_empty() || query.is_empty() => {
                return Box::new(EmptyQuery);
            }
            0 => return Box::new(ConstScoreQuery::new(Box::new(AllQuery), 1.0)),
            n @ 1..=NEEDED => n,
            n => n.div_ceil(4),
        };
        for initials in initials(query, |word| self.is_silent(word)) {
            let worth = self.rarity(&initials);
            parts.push((Box::new(AnyField::new(&initials, self.fields(), worth)), worth * SYNONYM));
        }
        for short in self.short(query) {
            let worth = self.rarity(short);
            parts.push((Box::new(AnyField::new(short, self.fields(), worth)), worth * LEARNT));
        }
        Box::new(Together { parts, needed })
    }

    fn learnt(&self) -> &Learnt {
        learnt(self.snapshot, self.scope, self.view)
    }

    /// The abbreviations of what the query says in a row, but those that are asked for as initials anyway.
    fn short(&self, query: &Query) -> Vec<&str> {
        let words = query.groups.iter().map(|g| match g.0.as_slice() {
            [Term::Word(word) | Term::Phrase(word)] => tokens(word),
            _ => vec![String::new()],
        });
        let words: Vec<String> = words.flatten().collect();
        let known = initials(query, |word| self.is_silent(word));
        self.learnt().short(&words).filter(|short| !known.iter().any(|k| k == short)).collect()
    }

    /// Words in a row in a field.
    fn in_a_row(&self, stems: &[String], field: Field) -> Box<dyn TantivyQuery> {
        let mut terms: Vec<TantivyTerm> = stems.iter().map(|s| TantivyTerm::from_field_text(field, s)).collect();
        match terms.len() {
            1 => Box::new(TermQuery::new(terms.remove(0), IndexRecordOption::Basic)),
            _ => Box::new(PhraseQuery::new(terms)),
        }
    }

    /// Whether a word says nothing of what is looked for.
    fn is_silent(&self, word: &str) -> bool {
        self.snapshot.conventions.search.silent.iter().any(|w| w.eq_ignore_ascii_case(word))
    }

    /// Whether any of some alternatives says what is looked for.
    fn says(&self, Group(terms): &Group) -> bool {
        terms.iter().any(|term| !matches!(term, Term::Word(word) if self.is_silent(word)))
    }

    /// Whether all that is asked for must stand in what is found: then nothing of it is missing.
    pub(super) fn needs_all(&self, query: &Query) -> bool {
        let asked = query.groups.iter().filter(|group| self.says(group));
        query.groups.iter().all(|group| group.0.len() == 1) && asked.count() <= NEEDED
    }

    /// The terms that stand nowhere in view, nor a word of like meaning.
    pub(super) fn missing(&self, query: &Query) -> tantivy::Result<Vec<Missing>> {
        let mut out: Vec<Missing> = Vec::new();
        for term in query.groups.iter().flat_map(|g| &g.0) {
            if !out.iter().any(|m| m.word == term.text()) && self.stands_nowhere(term)? {
                out.push(Missing { word: term.text().to_owned(), nearest: self.nearest(term.text())? });
            }
        }
        Ok(out)
    }

    /// What is written like a word that stands nowhere; of a phrase only such words are put right.
    fn nearest(&self, text: &str) -> tantivy::Result<Option<String>> {
        let vocabulary = vocabulary(self.snapshot, self.scope, self.view);
        if !text.contains(char::is_whitespace) {
            return Ok(vocabulary.nearest(text));
        }
        let (mut words, mut changed) = (Vec::new(), false);
        for word in text.split_whitespace() {
            let nowhere = self.stands_nowhere(&Term::Word(word.to_owned()))?;
            let better = if nowhere { vocabulary.nearest(word) } else { None };
            changed |= better.is_some();
            words.push(better.unwrap_or_else(|| word.to_owned()));
        }
        Ok(changed.then(|| words.join(" ")))
    }

    /// Whether nothing in view has a term, nor a word of like meaning; what says nothing is not looked for.
    fn stands_nowhere(&self, term: &Term) -> tantivy::Result<bool> {
        if matches!(term, Term::Word(word) if self.is_silent(word)) {
            return Ok(false);
        }
        let view = self.filters(&Query::default());
        if view.is_empty() && self.surely_stands(term)? {
            return Ok(false);
        }
        let Some((found, _)) = self.term(term) else { return Ok(false) };
        let mut clauses: Vec<Clause> = vec![(Occur::Must, found)];
        clauses.extend(view);
        Ok(!self.finds(&BooleanQuery::new(clauses))?)
    }

    /// Whether the index tells by its words alone that a term stands somewhere: documents that are deleted have words,
    /// too.
    fn surely_stands(&self, term: &Term) -> tantivy::Result<bool> {
        let (Term::Word(text) | Term::Phrase(text)) = term else { return Ok(false) };
        let stems = tokens(text);
        let [stem] = stems.as_slice() else { return Ok(false) };
        for reader in self.snapshot.searcher.segment_readers().iter().filter(|reader| !reader.has_deletes()) {
            for field in self.fields() {
                let word = TantivyTerm::from_field_text(field.field, stem);
                if reader.inverted_index(field.field)?.doc_freq(&word)? > 0 {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    /// Whether there is any document that a query matches.
    fn finds(&self, query: &dyn TantivyQuery) -> tantivy::Result<bool> {
        let searcher = &self.snapshot.searcher;
        let weight = query.weight(EnableScoring::disabled_from_searcher(searcher))?;
        for reader in searcher.segment_readers() {
            let mut docs = weight.scorer(reader, 1.0)?;
            let mut doc = docs.doc();
            while doc != TERMINATED {
                if reader.alive_bitset().is_none_or(|alive| alive.is_alive(doc)) {
                    return Ok(true);
                }
                doc = docs.advance();
            }
        }
        Ok(false)
    }

    /// One of some terms, with what it is worth that it is found.
    fn group(&self, Group(terms): &Group) -> Option<(Box<dyn TantivyQuery>, f32)> {
        let mut any: Vec<(Box<dyn TantivyQuery>, f32)> = terms.iter().filter_map(|t| self.term(t)).collect();
        match any.len() {
            0 => None,
            1 => any.pop(),
            _ => {
                let worth = any.iter().map(|(_, worth)| *worth).fold(0.0, f32::max);
                Some((Box::new(DisjunctionMaxQuery::new(any.into_iter().map(|(q, _)| q).collect())), worth))
            }
        }
    }

    /// A term in any field that holds running text.
    fn term(&self, term: &Term) -> Option<(Box<dyn TantivyQuery>, f32)> {
        let text = term.text();
        let stems = tokens(text);
        let worth: f32 = stems.iter().map(|s| self.rarity(s)).sum();
        if let ([stem], Term::Word(_) | Term::Phrase(_)) = (stems.as_slice(), term) {
            let mut own = self.spelt(text, stem, worth);
            // What stands in quotes is meant as it is.
            let is_word = matches!(term, Term::Word(_));
            let synonyms = if is_word { self.snapshot.synonyms().of(stem) } else { &[] };
            for other in synonyms {
                // No rarer than the word itself: it is only meant by it.
                own.or_meant(other, self.fields(), SYNONYM * self.rarity(other).min(worth));
            }
            let mut any: Vec<Box<dyn TantivyQuery>> = vec![Box::new(own)];
            if is_word && let Some(long) = self.learnt().long(stem).filter(|_| !self.is_silent(text)) {
                let rows = self.fields().iter().map(|f| self.in_a_row(long, f.field)).collect();
                any.push(Box::new(ConstScoreQuery::new(Box::new(BooleanQuery::union(rows)), LEARNT * worth)));
            }
            let parts = parts(text);
            if is_word && !parts.is_empty() {
                any.push(self.phrase(&Term::Phrase(parts.join(" ")))?);
            }
            let one = if any.len() == 1 { any.pop()? } else { Box::new(DisjunctionMaxQuery::new(any)) };
            return Some((one, worth));
        }
        Some((self.phrase(term)?, worth))
    }

    /// A word in the fields of running text, with its other spellings.
    fn spelt(&self, text: &str, stem: &str, worth: f32) -> AnyField {
        let fields = self.fields();
        let mut word = AnyField::new(stem, fields, worth);
        if let Some([plain]) = without_umlauts(text).map(|t| tokens(&t)).as_deref() {
            word.or_spelt(plain, fields);
        }
        if let [german] = german(text).as_slice() {
            word.or_spelt(german, std::slice::from_ref(&self.columns.german));
        }
        word
    }

    /// Several words in a row, or the beginning of one, in any field of running text.
    fn phrase(&self, term: &Term) -> Option<Box<dyn TantivyQuery>> {
        let mut fields: Vec<Box<dyn TantivyQuery>> = Vec::new();
        for f in self.fields() {
            fields.push(Box::new(BoostQuery::new(self.term_in(term, f.field)?, f.weight)));
        }
        Some(Box::new(DisjunctionMaxQuery::new(fields)))
    }

    fn rarity(&self, stem: &str) -> f32 {
        let searcher = &self.snapshot.searcher;
        let term = TantivyTerm::from_field_text(self.snapshot.fields.text, stem);
        rarity(searcher.num_docs(), searcher.doc_freq(&term).unwrap_or(0))
    }

    /// A term in the passage itself or its headings: what stands around it excludes nothing.
    fn excluded(&self, term: &Term) -> Option<Box<dyn TantivyQuery>> {
        let fields = [self.snapshot.fields.text, self.snapshot.fields.headings];
        let any: Option<Vec<_>> = fields.iter().map(|f| self.term_in(term, *f)).collect();
        Some(Box::new(BooleanQuery::union(any?)))
    }

    fn term_in(&self, term: &Term, field: Field) -> Option<Box<dyn TantivyQuery>> {
        let text = term.text();
        let stems = tokens(text);
        let last = stems.last()?;
        let word = |stem: &str| TantivyTerm::from_field_text(field, stem);
        let exactly = |stem: &str| TermQuery::new(word(stem), IndexRecordOption::WithFreqs);
        if matches!(term, Term::Prefix(_)) {
            // The index holds stems: `migrate*` begins with more than the stem of "migrate" has.
            let begins = folded_words(text).pop()?;
            let any: Vec<Box<dyn TantivyQuery>> =
                vec![Box::new(FuzzyTermQuery::new_prefix(word(&begins), 0, false)), Box::new(exactly(last))];
            let mut all: Vec<Clause> = vec![(Occur::Must, Box::new(BooleanQuery::union(any)))];
            all.extend(
                stems[..stems.len() - 1].iter().map(|s| (Occur::Must, Box::new(exactly(s)) as Box<dyn TantivyQuery>)),
            );
            return Some(Box::new(BooleanQuery::new(all)));
        }
        if let (Term::Unclosed(_), [before @ .., _]) = (term, stems.as_slice()) {
            let begins = folded_words(text).pop()?;
            let mut growing = PhrasePrefixQuery::new(before.iter().chain([&begins]).map(|s| word(s)).collect());
            growing.set_max_expansions(self.most_words(field)?);
            let whole: Box<dyn TantivyQuery> = match before {
                [] => Box::new(exactly(last)),
                _ => Box::new(PhraseQuery::new(stems.iter().map(|s| word(s)).collect())),
            };
            return Some(Box::new(BooleanQuery::union(vec![Box::new(growing), whole])));
        }
        if stems.len() > 1 {
            return Some(Box::new(PhraseQuery::new(stems.iter().map(|s| word(s)).collect())));
        }
        Some(Box::new(exactly(last)))
    }

    /// How many different words a segment holds at most: room is made for so many.
    fn most_words(&self, field: Field) -> Option<u32> {
        let segments = self.snapshot.searcher.segment_readers().iter();
        let words = |s: &SegmentReader| s.inverted_index(field).ok().map(|index| index.terms().num_terms());
        u32::try_from(segments.filter_map(words).max()?.max(1)).ok()
    }
}

/// The initials of three or four words in a row: "web application firewall" is perhaps written WAF.
fn initials(query: &Query, silent: impl Fn(&str) -> bool) -> Vec<String> {
    let words: Vec<&str> = query
        .groups
        .iter()
        .map(|g| match g.0.as_slice() {
            [Term::Word(word)] if word.starts_with(|c: char| c.is_ascii_alphabetic()) => word.as_str(),
            _ => "",
        })
        .collect();
    let mut out = Vec::new();
    for n in [3, 4] {
        for run in words.windows(n).filter(|run| run.iter().all(|w| w.len() > 2)) {
            if !silent(run[0]) && !silent(run[n - 1]) {
                out.push(run.iter().filter_map(|w| w.chars().next()).map(|c| c.to_ascii_lowercase()).collect());
            }
        }
    }
    out
}
