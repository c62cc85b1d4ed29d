//! Search: a [`Query`] answered by tantivy, folded, with facets, snippets and suggestions.

use std::cell::LazyCell;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Bound;

use jiff::civil::Date;
use minutebook_ingest::Conventions;
use serde::Serialize;
use tantivy::collector::{Collector, Count as Counted, SegmentCollector};
use tantivy::columnar::{Column, StrColumn};
use tantivy::query::{
    AllQuery, BooleanQuery, BoostQuery, ConstScoreQuery, DisjunctionMaxQuery, EmptyQuery, FuzzyTermQuery, Occur,
    PhrasePrefixQuery, PhraseQuery, Query as TantivyQuery, RangeQuery, TermQuery, TermSetQuery,
};
use tantivy::schema::{Field, IndexRecordOption, Value};
use tantivy::snippet::SnippetGenerator;
use tantivy::{DocAddress, DocId, Score, SegmentOrdinal, SegmentReader, TantivyDocument, Term as TantivyTerm};

use super::decisions::{Found, StandingView, decision_at};
use super::language::{Group, Query, Sort, Term};
use super::ranking::{AnyField, FieldWorth, Together, rarity};
use super::suggest::{Missing, Vocabulary};
use super::{NotFound, Scope};
use crate::Snapshot;
use crate::identity::{Place, folded};
use crate::snapshot::View;
use crate::text::{date_of, days};
use crate::threads::State;
use crate::tokens::{folded_words, german, parts, tokens, without_umlauts};

/// An answer.
#[derive(Debug, Clone, Serialize)]
pub struct SearchResult {
    /// How many passages match, copies of one counted once.
    pub total: usize,
    /// Counts over all of them.
    pub facets: Facets,
    /// Other spellings to try, when nothing was found.
    pub suggestions: Vec<String>,
    /// What of the query stands nowhere, whatever else was found.
    pub missing: Vec<Missing>,
    /// The best of them, or the latest.
    pub hits: Vec<Hit>,
}

/// Counts by what a reader narrows down with.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Facets {
    /// By kind.
    pub kind: Vec<Count>,
    /// By series.
    pub series: Vec<Count>,
    /// By year.
    pub year: Vec<Count>,
    /// By person; the twelve most frequent.
    pub person: Vec<Count>,
}

/// A value and how many passages have it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Count {
    /// As the qualifier takes it.
    pub value: String,
    /// How many.
    pub count: usize,
}

/// A passage that matches.
#[derive(Debug, Clone, Serialize)]
pub struct Hit {
    /// decision, action, topic, passage or meeting.
    pub kind: String,
    /// Of the action, decision or meeting; else path and line.
    pub id: String,
    /// The file.
    pub path: String,
    /// First line.
    pub line: u32,
    /// Last line.
    pub end_line: u32,
    /// The meeting's title.
    pub title: String,
    /// The headings over it, outermost first.
    pub heading_path: Vec<String>,
    /// Its series.
    pub series: String,
    /// The meeting's day.
    pub date: Option<Date>,
    /// Its words.
    pub text: String,
    /// The best stretch of them.
    pub snippet: String,
    /// Byte ranges of `snippet` that match.
    pub highlights: Vec<(usize, usize)>,
    /// The item it stands in.
    pub context: Option<String>,
    /// Of an action.
    pub state: Option<State>,
    /// Of a decision: whether it still holds.
    pub standing: Option<StandingView>,
    /// Of a decision that was `reversed`, `revised` or `questioned`.
    pub judged: Option<&'static str>,
    /// Of an action.
    pub owners: Vec<String>,
    /// BM25 with a gentle lift for what is recent.
    pub score: f32,
    /// The lines on the forge.
    pub permalink: Option<String>,
    /// In how many places the same words stand.
    pub count: usize,
    /// The first day they were written.
    pub first: Option<Date>,
    /// The last day.
    pub last: Option<Date>,
    /// The other places.
    pub copies: Vec<Copy>,
}

/// Another place with the same words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Copy {
    /// The file.
    pub path: String,
    /// First line.
    pub line: u32,
    /// Last line.
    pub end_line: u32,
}

/// There is no answer.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// The index cannot be read.
    #[error("the text index cannot be read: {0}")]
    Text(#[from] tantivy::TantivyError),
    /// A qualifier names a series or person that there is not: no hits would look like an answer.
    #[error(transparent)]
    Unknown(#[from] NotFound),
    /// The words of past commits are in no index.
    #[error("search knows days, not commits: ask as of a day, as 2026-03-01")]
    Commit,
}

/// What kinds are worth: a heading or a whole meeting is short, and says little.
const KINDS: [(&str, f32); 4] = [("topic", 0.95), ("meeting", 0.4), ("decision", 1.1), ("action", 1.0)];
/// A passage of fewer words than this, with what stands under it, tells little …
const FEW_WORDS: u64 = 6;
/// … and is worth this much.
const SHORT: f32 = 0.7;
/// What a word of like meaning is worth beside the word itself.
const SYNONYM: f32 = 0.5;
/// What the kind is worth more that the words of a query ask for.
const WANTED: f32 = 1.25;
/// What each further hit under one heading is worth, beside the one before.
const SAME_SECTION: f32 = 0.85;

/// Answers a query: `limit` hits from `offset` on.
///
/// # Errors
/// When the index cannot be read, a qualifier names a series or person that does not exist, or the book is that of
/// a past commit.
pub fn search(
    snapshot: &Snapshot,
    scope: &Scope,
    query: &Query,
    offset: usize,
    limit: usize,
) -> Result<SearchResult, SearchError> {
    answer(snapshot, scope, query, (offset, limit), true)
}

/// The best `limit` passages, also those that stand within one another: what [`search`] shows as one place.
///
/// # Errors
/// As [`search`].
pub fn passages(snapshot: &Snapshot, scope: &Scope, query: &Query, limit: usize) -> Result<SearchResult, SearchError> {
    answer(snapshot, scope, query, (0, limit), false)
}

fn answer(
    snapshot: &Snapshot,
    scope: &Scope,
    query: &Query,
    (offset, limit): (usize, usize),
    places: bool,
) -> Result<SearchResult, SearchError> {
    if scope.commit.is_some() || snapshot.files.is_some() {
        return Err(SearchError::Commit);
    }
    let view = snapshot.view(scope);
    let builder = Builder { snapshot, scope, view: &view };
    builder.check(query)?;
    let tantivy = builder.query(query);
    let collector = Gather { today: days(scope.today), intent: Intent::of(query, &snapshot.conventions) };
    let rows = snapshot.searcher.search(&tantivy, &collector)?;
    let mut groups = fold(rows);
    if places && !query.groups.is_empty() {
        groups = apart(groups);
    }
    if places && query.sort == Some(Sort::Date) {
        groups.sort_by(|a, b| b.rows[0].day.cmp(&a.rows[0].day).then_with(|| by_rank(a, b)));
    }
    let facets = facets(snapshot, &view, &groups)?;
    let total = groups.len();
    let snippets = SnippetGenerator::create(&snapshot.searcher, &*builder.words(query), snapshot.fields.text).ok();
    let states = action_states(snapshot, scope, &view);
    // Made only where a decision is found.
    let chains = LazyCell::new(|| snapshot.chains(scope));
    let decided = |path: &str, line: u32, end_line: u32| decision_at(snapshot, &chains, path, line, end_line);
    let hits = groups
        .iter()
        .skip(offset)
        .take(limit)
        .map(|g| hit(snapshot, g, snippets.as_ref(), &states, &view, decided))
        .collect::<Result<Vec<_>, _>>()?;
    let vocabulary = LazyCell::new(|| Vocabulary::of(snapshot, scope, &view));
    let missing = if places { builder.missing(query, |word| vocabulary.nearest(word))? } else { Vec::new() };
    let suggestions = if total == 0 { vocabulary.suggestions(query) } else { Vec::new() };
    Ok(SearchResult { total, facets, suggestions, missing, hits })
}

/// What the words of a query ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Intent {
    /// "what did we decide …", "why …"
    Decision,
    /// "who …", "todo"
    Action,
}

impl Intent {
    fn of(query: &Query, conventions: &Conventions) -> Option<Self> {
        let says = |list: &[String]| {
            query.groups.iter().flat_map(|g| &g.0).any(|t| match t {
                Term::Word(word) => list.iter().any(|w| w.eq_ignore_ascii_case(word)),
                _ => false,
            })
        };
        let search = &conventions.search;
        if says(&search.decisions) {
            return Some(Self::Decision);
        }
        says(&search.actions).then_some(Self::Action)
    }

    fn kind(self) -> &'static str {
        match self {
            Self::Decision => "decision",
            Self::Action => "action",
        }
    }
}

struct Builder<'a> {
    snapshot: &'a Snapshot,
    scope: &'a Scope,
    view: &'a View,
}

type Clause = (Occur, Box<dyn TantivyQuery>);

impl Builder<'_> {
    /// The fields of running text, and what a word in each is worth: the passage, what stands under and over it,
    /// the headings.
    fn fields(&self) -> [FieldWorth; 4] {
        let f = &self.snapshot.fields;
        [(f.text, 1.0, 0.15), (f.under, 0.35, 0.4), (f.over, 0.4, 0.5), (f.headings, 0.5, 0.5)]
            .map(|(field, weight, length)| FieldWorth { field, weight, length })
    }

    /// Qualifiers must name what there is.
    fn check(&self, query: &Query) -> Result<(), NotFound> {
        for name in &query.filters.series {
            super::series::find(self.snapshot, self.scope, name)?;
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

    fn query(&self, query: &Query) -> Box<dyn TantivyQuery> {
        let mut clauses: Vec<Clause> = vec![(Occur::Must, self.words(query))];
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
    fn words(&self, query: &Query) -> Box<dyn TantivyQuery> {
        let silent = |word: &str| self.is_silent(word);
        let says = |g: &&Group| g.0.iter().any(|t| !matches!(t, Term::Word(word) if silent(word)));
        let mut groups: Vec<&Group> = query.groups.iter().filter(says).collect();
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
            n @ 1..=2 => n,
            n => n.div_ceil(4),
        };
        for initials in initials(query, silent) {
            let worth = self.rarity(&initials);
            parts.push((Box::new(AnyField::new(&initials, &self.fields())), worth * SYNONYM));
        }
        Box::new(Together { parts, needed })
    }

    /// Whether a word says nothing of what is looked for.
    fn is_silent(&self, word: &str) -> bool {
        self.snapshot.conventions.search.silent.iter().any(|w| w.eq_ignore_ascii_case(word))
    }

    /// The terms that stand nowhere in view, nor a word of like meaning.
    fn missing(&self, query: &Query, nearest: impl Fn(&str) -> Option<String>) -> tantivy::Result<Vec<Missing>> {
        let everything = Query::default();
        let mut out: Vec<Missing> = Vec::new();
        for term in query.groups.iter().flat_map(|g| &g.0) {
            if matches!(term, Term::Word(word) if self.is_silent(word)) {
                continue;
            }
            let Some((found, _)) = self.term(term) else { continue };
            let mut clauses: Vec<Clause> = vec![(Occur::Must, found)];
            clauses.extend(self.filters(&everything));
            let missing = Missing::new(term, &nearest);
            let known = out.iter().any(|m| m.word == missing.word);
            if !known && self.snapshot.searcher.search(&BooleanQuery::new(clauses), &Counted)? == 0 {
                out.push(missing);
            }
        }
        Ok(out)
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
            let own: Box<dyn TantivyQuery> = Box::new(self.spelt(text, stem));
            // What stands in quotes is meant as it is.
            let is_word = matches!(term, Term::Word(_));
            let synonyms = if is_word { self.snapshot.synonyms().of(stem) } else { &[] };
            let mut any = vec![own];
            any.extend(synonyms.iter().map(|other| -> Box<dyn TantivyQuery> {
                // No rarer than the word itself: it is only meant by it.
                let share = SYNONYM * (worth / self.rarity(other).max(f32::MIN_POSITIVE)).min(1.0);
                Box::new(BoostQuery::new(Box::new(AnyField::new(other, &self.fields())), share))
            }));
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
    fn spelt(&self, text: &str, stem: &str) -> AnyField {
        let fields = self.fields();
        let mut word = AnyField::new(stem, &fields);
        if let Some([plain]) = without_umlauts(text).map(|t| tokens(&t)).as_deref() {
            word.or(plain, &fields);
        }
        if let [german] = german(text).as_slice() {
            let field = self.snapshot.fields.german;
            word.or(german, &[FieldWorth { field, weight: 0.7, length: 0.3 }]);
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

    fn filters(&self, query: &Query) -> Vec<Clause> {
        let f = &self.snapshot.fields;
        let filters = &query.filters;
        let mut clauses: Vec<Clause> = Vec::new();
        let mut any_of = |field: Field, values: Vec<String>| {
            let terms: Vec<TantivyTerm> = values.iter().map(|v| TantivyTerm::from_field_text(field, v)).collect();
            clauses.push((Occur::Must, Box::new(ConstScoreQuery::new(Box::new(TermSetQuery::new(terms)), 0.0))));
        };
        if !filters.series.is_empty() {
            let names = filters
                .series
                .iter()
                .map(|s| super::series::find(self.snapshot, self.scope, s).unwrap_or_else(|_| s.clone()));
            any_of(f.series, names.collect());
        }
        if let Some(series) = &self.scope.series {
            any_of(f.series, series.iter().cloned().collect());
        }
        if !filters.kind.is_empty() {
            any_of(f.kind, filters.kind.iter().map(|k| (*k).to_owned()).collect());
        }
        for (field, people) in [(f.person, &filters.person), (f.by, &filters.by)] {
            if !people.is_empty() {
                any_of(field, people.iter().flat_map(|p| self.spellings(p)).collect());
            }
        }
        if !filters.reference.is_empty() {
            any_of(f.reference, filters.reference.iter().flat_map(|r| self.targets(r)).collect());
        }
        if !filters.label.is_empty() {
            any_of(f.label, filters.label.clone());
        }
        if !filters.state.is_empty() {
            let states: BTreeSet<State> = filters.state.iter().copied().collect();
            let all = action_states(self.snapshot, self.scope, self.view);
            any_of(
                f.fact,
                all.into_iter().filter(|(_, (state, _, _))| states.contains(state)).map(|(at, _)| at).collect(),
            );
        }
        if !filters.owner.is_empty() {
            let spelt = filters.owner.iter().flat_map(|p| self.spellings(p));
            let terms: Vec<TantivyTerm> = spelt.map(|v| TantivyTerm::from_field_text(f.owner, &v)).collect();
            let written = Box::new(ConstScoreQuery::new(Box::new(TermSetQuery::new(terms)), 0.0));
            clauses.push((Occur::Must, super::ruled::owned(f, self.view, written, &filters.owner)));
        }
        // What is no action is still text, and found as such.
        if filters.kind.contains(&"action")
            && let Some(aside) = super::ruled::set_aside(f, self.view)
        {
            clauses.push((Occur::MustNot, aside));
        }
        let within = |from: Option<Date>, to: Option<Date>| -> Box<dyn TantivyQuery> {
            let bound = |d: Option<Date>| {
                d.map_or(Bound::Unbounded, |d| Bound::Included(TantivyTerm::from_field_i64(f.day, days(d))))
            };
            Box::new(ConstScoreQuery::new(Box::new(RangeQuery::new(bound(from), bound(to))), 0.0))
        };
        let to = [filters.to, self.scope.as_of].into_iter().flatten().min();
        if filters.from.is_some() || to.is_some() {
            clauses.push((Occur::Must, within(filters.from, to)));
        }
        if !filters.on.is_empty() {
            let any = filters.on.iter().map(|&(first, last)| within(Some(first), Some(last))).collect();
            // Several may hold one day, which must not count for more.
            clauses.push((Occur::Must, Box::new(ConstScoreQuery::new(Box::new(BooleanQuery::union(any)), 0.0))));
        }
        clauses
    }

    /// All spellings of the person that a qualifier means.
    fn spellings(&self, wanted: &str) -> Vec<String> {
        match self.view.people.find(wanted) {
            Some(person) => person.aliases.keys().map(|a| folded(a)).chain([folded(&person.id)]).collect(),
            None => vec![folded(wanted)],
        }
    }

    /// The targets that a short reference may mean.
    fn targets(&self, wanted: &str) -> Vec<String> {
        let low = wanted.to_lowercase();
        let mut out = vec![low.clone()];
        if let Ok(issue) = super::issues::find(self.snapshot, self.scope, wanted) {
            out.push(issue.target.to_lowercase());
        }
        out
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

/// Whether the ledger says that the action at `path:line` is none.
fn is_set_aside(view: &View, fact: &str) -> bool {
    let mut mentions = view.set_aside.iter().flat_map(|(_, t)| &t.mentions);
    mentions.any(|m| fact.strip_prefix(m.path.as_str()).is_some_and(|line| line == format!(":{}", m.line)))
}

/// State, id and owners of each mention, by `path:line`.
fn action_states(snapshot: &Snapshot, scope: &Scope, view: &View) -> HashMap<String, (State, String, Vec<String>)> {
    let mut out = HashMap::new();
    for (series, threads) in &view.threads {
        let held = view.held.get(series).map_or(&[][..], Vec::as_slice);
        for thread in threads.iter() {
            let state = thread.standing(scope.today, snapshot.conventions.stale, held).state;
            for m in &thread.mentions {
                out.insert(
                    format!("{}:{}", m.path, m.line),
                    (state, thread.first().id.clone(), thread.owners().to_vec()),
                );
            }
        }
    }
    out
}

/// A document that matches, with what folding and facets need.
struct Row {
    score: Score,
    address: DocAddress,
    fold: u64,
    order: u64,
    day: Option<i64>,
    file: u64,
    section: Option<u64>,
    lines: (u64, u64),
}

struct Gather {
    today: i64,
    intent: Option<Intent>,
}

struct GatherSegment {
    segment: SegmentOrdinal,
    today: i64,
    fold: Column<u64>,
    order: Column<u64>,
    day: Column<i64>,
    place: [Column<u64>; 5],
    kind: Option<StrColumn>,
    /// By the ordinal of the kind in this segment.
    worth: Vec<f32>,
    rows: Vec<Row>,
}

impl Collector for Gather {
    type Fruit = Vec<Row>;
    type Child = GatherSegment;

    fn for_segment(&self, segment: SegmentOrdinal, reader: &SegmentReader) -> tantivy::Result<GatherSegment> {
        let column = |name: &str| reader.fast_fields().u64(name);
        let kind = reader.fast_fields().str("kind")?;
        let mut worth = Vec::new();
        if let Some(kind) = &kind {
            for ordinal in 0..kind.num_terms() as u64 {
                let mut name = String::new();
                kind.ord_to_str(ordinal, &mut name)?;
                let wanted = if self.intent.is_some_and(|i| i.kind() == name) { WANTED } else { 1.0 };
                worth.push(KINDS.iter().find(|(k, _)| *k == name).map_or(1.0, |(_, w)| *w) * wanted);
            }
        }
        Ok(GatherSegment {
            kind,
            worth,
            segment,
            today: self.today,
            fold: reader.fast_fields().u64("fold")?,
            order: reader.fast_fields().u64("order")?,
            day: reader.fast_fields().i64("day")?,
            place: [column("file")?, column("section")?, column("line")?, column("end_line")?, column("length")?],
            rows: Vec::new(),
        })
    }

    fn requires_scoring(&self) -> bool {
        true
    }

    fn merge_fruits(&self, segments: Vec<Vec<Row>>) -> tantivy::Result<Vec<Row>> {
        Ok(segments.into_iter().flatten().collect())
    }
}

impl SegmentCollector for GatherSegment {
    type Fruit = Vec<Row>;

    fn collect(&mut self, doc: DocId, score: Score) {
        let day = self.day.first(doc);
        // Up to a tenth more for what is recent, half of that after two years.
        let years = day.map_or(20.0, |d| (self.today - d).max(0) as f32 / 365.0);
        let kind = self.kind.as_ref().and_then(|k| k.term_ords(doc).next()).and_then(|n| usize::try_from(n).ok());
        let worth = kind.and_then(|n| self.worth.get(n)).copied().unwrap_or(1.0);
        let [file, section, line, end_line, length] = [0, 1, 2, 3, 4].map(|n: usize| self.place[n].first(doc));
        let short = if length.is_some_and(|n| n < FEW_WORDS) { SHORT } else { 1.0 };
        let score = score * worth * short * (1.0 + 0.1 / (1.0 + years / 2.0));
        let lines = (line.unwrap_or(0), end_line.unwrap_or(0));
        let (file, section) = (file.unwrap_or(0), section);
        let fold = self.fold.first(doc).unwrap_or(0);
        let order = self.order.first(doc).unwrap_or(0);
        self.rows.push(Row {
            score,
            address: DocAddress::new(self.segment, doc),
            fold,
            order,
            day,
            file,
            section,
            lines,
        });
    }

    fn harvest(self) -> Vec<Row> {
        self.rows
    }
}

/// Rows with the same words, the latest first.
struct Folded {
    rows: Vec<Row>,
    /// Of the best of them.
    score: Score,
}

impl Folded {
    fn score(&self) -> Score {
        // A line that stands in many meetings is a header, not news.
        let damp = if self.rows.len() >= 5 { 0.6 } else { 1.0 };
        self.score * damp
    }
}

fn fold(rows: Vec<Row>) -> Vec<Folded> {
    let mut at: HashMap<u64, usize> = HashMap::new();
    let mut out: Vec<Folded> = Vec::new();
    for row in rows {
        match at.get(&row.fold) {
            Some(&n) => out[n].rows.push(row),
            None => {
                at.insert(row.fold, out.len());
                out.push(Folded { score: row.score, rows: vec![row] });
            }
        }
    }
    for group in &mut out {
        group.score = group.rows.iter().map(|r| r.score).fold(0.0, f32::max);
        group.rows.sort_by(|a, b| b.day.cmp(&a.day).then(a.order.cmp(&b.order)));
    }
    out.sort_by(by_rank);
    out
}

fn by_rank(a: &Folded, b: &Folded) -> Ordering {
    let (x, y) = (&a.rows[0], &b.rows[0]);
    b.score().total_cmp(&a.score()).then(y.day.cmp(&x.day)).then(x.order.cmp(&y.order))
}

/// Hits that stand within one another are one place: the best of them. Of several under one heading each is worth
/// less than the one before, so that other meetings have their say.
fn apart(groups: Vec<Folded>) -> Vec<Folded> {
    let mut files: HashMap<u64, Vec<(u64, u64)>> = HashMap::new();
    let mut sections: HashMap<u64, i32> = HashMap::new();
    let mut out: Vec<Folded> = Vec::with_capacity(groups.len());
    for mut group in groups {
        let row = &group.rows[0];
        // A meeting as a whole stands apart from what was said in it.
        if let Some(section) = row.section {
            let taken = files.entry(row.file).or_default();
            if taken.iter().any(|&(first, last)| row.lines.0 <= last && first <= row.lines.1) {
                continue;
            }
            taken.push(row.lines);
            let before = sections.entry(section).or_default();
            group.score *= SAME_SECTION.powi(*before);
            *before += 1;
        }
        out.push(group);
    }
    out.sort_by(by_rank);
    out
}

fn facets(snapshot: &Snapshot, view: &View, groups: &[Folded]) -> tantivy::Result<Facets> {
    let mut columns: HashMap<u32, [Option<StrColumn>; 3]> = HashMap::new();
    let mut counts: [BTreeMap<String, usize>; 3] = Default::default();
    let mut years: BTreeMap<String, usize> = BTreeMap::new();
    // Ordinals are counted first, so that each name is read once a segment.
    let mut ordinals: HashMap<(u32, usize, u64), usize> = HashMap::new();
    for group in groups {
        let row = &group.rows[0];
        let segment = row.address.segment_ord;
        let columns = match columns.entry(segment) {
            std::collections::hash_map::Entry::Occupied(e) => e.into_mut(),
            std::collections::hash_map::Entry::Vacant(e) => {
                let fast = snapshot.searcher.segment_reader(segment).fast_fields();
                e.insert([fast.str("kind")?, fast.str("series")?, fast.str("person")?])
            }
        };
        for (n, column) in columns.iter().enumerate() {
            for ordinal in column.iter().flat_map(|c| c.term_ords(row.address.doc_id)) {
                *ordinals.entry((segment, n, ordinal)).or_default() += 1;
            }
        }
        if let Some(date) = row.day.and_then(date_of) {
            *years.entry(date.year().to_string()).or_default() += 1;
        }
    }
    for ((segment, n, ordinal), count) in ordinals {
        let mut name = String::new();
        if let Some(column) = &columns[&segment][n] {
            column.ord_to_str(ordinal, &mut name)?;
            // People by who they are, not by spelling.
            let name = if n == 2 { view.people.find(&name).map_or(name, |p| p.id.clone()) } else { name };
            *counts[n].entry(name).or_default() += count;
        }
    }
    let listed = |counts: BTreeMap<String, usize>, most: usize| {
        let mut all: Vec<Count> = counts.into_iter().map(|(value, count)| Count { value, count }).collect();
        all.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.value.cmp(&b.value)));
        all.truncate(most);
        all
    };
    let [kind, series, person] = counts;
    let mut year = listed(years, usize::MAX);
    year.sort_by(|a, b| b.value.cmp(&a.value));
    Ok(Facets { kind: listed(kind, usize::MAX), series: listed(series, usize::MAX), year, person: listed(person, 12) })
}

fn hit(
    snapshot: &Snapshot,
    group: &Folded,
    snippets: Option<&SnippetGenerator>,
    states: &HashMap<String, (State, String, Vec<String>)>,
    view: &View,
    decided: impl Fn(&str, u32, u32) -> Option<Found>,
) -> tantivy::Result<Hit> {
    let f = &snapshot.fields;
    let read = |row: &Row| -> tantivy::Result<TantivyDocument> { snapshot.searcher.doc(row.address) };
    let text_of = |doc: &TantivyDocument, field: Field| {
        doc.get_first(field).and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
    };
    let number = |doc: &TantivyDocument, field: Field| {
        doc.get_first(field).and_then(|v| v.as_u64()).and_then(|n| u32::try_from(n).ok()).unwrap_or(1)
    };
    let doc = read(&group.rows[0])?;
    let mut copies: Vec<Copy> = Vec::new();
    for row in group.rows[1..].iter().take(200) {
        let copy = read(row)?;
        copies.push(Copy {
            path: text_of(&copy, f.path),
            line: number(&copy, f.line),
            end_line: number(&copy, f.end_line),
        });
    }
    copies.sort_by(|a, b| (&a.path, a.line).cmp(&(&b.path, b.line)));
    let text = text_of(&doc, f.text);
    let (snippet, highlights) = match snippets.map(|s| s.snippet(&text)) {
        Some(s) if !s.is_empty() => {
            (s.fragment().to_owned(), s.highlighted().iter().map(|r| (r.start, r.end)).collect())
        }
        _ => (text.chars().take(200).collect(), Vec::new()),
    };
    let (path, line, end_line) = (text_of(&doc, f.path), number(&doc, f.line), number(&doc, f.end_line));
    let mut kind = text_of(&doc, f.kind);
    let fact = text_of(&doc, f.fact);
    if kind == "action" && !states.contains_key(&fact) && is_set_aside(view, &fact) {
        "passage".clone_into(&mut kind);
    }
    let known = states.get(&fact);
    let known = known.filter(|_| kind == "action");
    let decided = if kind == "decision" { decided(&path, line, end_line) } else { None };
    let id = match (kind.as_str(), known) {
        ("meeting", _) => snapshot.meeting(&path, line).map(|s| s.meeting.id.clone()),
        ("decision", _) => decided.as_ref().map(|d| d.id.clone()),
        (_, Some((_, id, _))) => Some(id.clone()),
        _ => None,
    };
    let id = id.unwrap_or_else(|| format!("{path}#L{line}"));
    let series = text_of(&doc, f.series);
    let date = snapshot.meeting(&path, line).and_then(|s| s.meeting.date);
    let owners = match known {
        Some((_, _, owners)) => owners.clone(),
        None if kind != "action" => Vec::new(),
        None => doc
            .get_all(f.owner)
            .filter_map(|v| v.as_str())
            .filter(|o| *o != "none")
            .map(|o| view.people.canonical(o, Place { series: &series, date }))
            .collect(),
    };
    let days = || group.rows.iter().filter_map(|r| r.day);
    let headings = text_of(&doc, f.headings);
    Ok(Hit {
        id,
        title: text_of(&doc, f.title),
        heading_path: headings.split(" › ").filter(|h| !h.is_empty()).map(str::to_owned).collect(),
        date: group.rows[0].day.and_then(date_of),
        context: Some(text_of(&doc, f.context)).filter(|c| !c.is_empty()),
        state: known.map(|k| k.0),
        standing: decided.as_ref().map(|d| d.standing),
        judged: decided.and_then(|d| d.judged),
        owners,
        score: group.score(),
        permalink: snapshot.permalink(&path, line, end_line),
        count: group.rows.len(),
        first: days().min().and_then(date_of),
        last: days().max().and_then(date_of),
        copies,
        kind,
        path,
        line,
        end_line,
        series,
        text,
        snippet,
        highlights,
    })
}

#[cfg(test)]
#[path = "search_tests.rs"]
mod tests;
