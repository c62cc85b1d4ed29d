//! A word, in any of some fields.

use std::sync::Arc;

use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::{Postings, SegmentPostings};
use tantivy::query::{EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED, TantivyError, Term};

use super::window::{self, WINDOW, Window};
use super::{FieldWorth, rarity};

/// With so many occurrences a word is worth half of what it can be worth.
const SATURATION: f32 = 1.0;

/// A word in any of some fields, or another that is meant by it: the one counts that is worth most.
#[derive(Debug, Clone)]
pub struct AnyField(Vec<Meant>);

/// A word in its spellings; the first field of the first tells how rare it is.
#[derive(Debug, Clone)]
struct Meant {
    terms: Vec<(Term, FieldWorth)>,
    /// What it is worth beside a word that is asked for.
    share: f32,
}

impl Meant {
    fn new(token: &str, fields: &[FieldWorth], share: f32) -> Self {
        let mut one = Self { terms: Vec::with_capacity(fields.len()), share };
        one.spelt(token, fields);
        one
    }

    fn spelt(&mut self, token: &str, fields: &[FieldWorth]) {
        let terms = fields.iter().map(|f| (Term::from_field_text(f.field, token), *f));
        for (term, worth) in terms {
            if !self.terms.iter().any(|(known, _)| *known == term) {
                self.terms.push((term, worth));
            }
        }
    }
}

impl AnyField {
    /// A word as the index holds it.
    pub fn new(token: &str, fields: &[FieldWorth]) -> Self {
        Self(vec![Meant::new(token, fields, 1.0)])
    }

    /// Another spelling of it: as good as the word itself.
    pub fn or_spelt(&mut self, token: &str, fields: &[FieldWorth]) {
        self.0[0].spelt(token, fields);
    }

    /// Another word, which is worth this share of what it would be if it were asked for.
    pub fn or_meant(&mut self, token: &str, fields: &[FieldWorth], share: f32) {
        self.0.push(Meant::new(token, fields, share));
    }
}

/// What each length of a field, by its number, makes a word in it worth.
type Norms = Arc<[f32; 256]>;

#[derive(Debug)]
struct AnyFieldWeight {
    /// The words, with what each is worth at most.
    meant: Vec<(Vec<(Term, Norms)>, f32)>,
}

impl Query for AnyField {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let searcher = scoring.searcher();
        let mut known: Vec<(Field, Norms)> = Vec::new();
        let mut norms_of = |worth: &FieldWorth| match known.iter().find(|(field, _)| *field == worth.field) {
            Some((_, norms)) => Arc::clone(norms),
            None => {
                let norms = norms(worth);
                known.push((worth.field, Arc::clone(&norms)));
                norms
            }
        };
        let mut meant = Vec::with_capacity(self.0.len());
        for one in &self.0 {
            let terms = one.terms.iter().map(|(term, worth)| (term.clone(), norms_of(worth))).collect();
            let rare = match (searcher, one.terms.first()) {
                (Some(searcher), Some((term, _))) => rarity(searcher.num_docs(), searcher.doc_freq(term)?),
                _ => 1.0,
            };
            meant.push((terms, rare * one.share));
        }
        Ok(Box::new(AnyFieldWeight { meant }))
    }

    fn query_terms<'a>(&'a self, visitor: &mut dyn FnMut(&'a Term, bool)) {
        self.0.iter().flat_map(|one| &one.terms).for_each(|(term, _)| visitor(term, false));
    }
}

/// By the number of a length.
fn norms(worth: &FieldWorth) -> Norms {
    let mut norms = [0.0; 256];
    for (id, norm) in (0..=u8::MAX).zip(norms.iter_mut()) {
        let length = FieldNormReader::id_to_fieldnorm(id) as f32 / worth.average;
        *norm = worth.weight / (1.0 - worth.length + worth.length * length);
    }
    Arc::new(norms)
}

impl Weight for AnyFieldWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let mut meant = Vec::with_capacity(self.meant.len());
        for (terms, worth) in &self.meant {
            let mut fields = Vec::with_capacity(terms.len());
            for (term, norms) in terms {
                let field = term.field();
                let postings = reader.inverted_index(field)?.read_postings(term, IndexRecordOption::WithFreqs)?;
                let Some(postings) = postings else { continue };
                fields.push((postings, reader.get_fieldnorms_reader(field)?, Arc::clone(norms)));
            }
            if !fields.is_empty() {
                let often = vec![0.0; WINDOW].into_boxed_slice();
                meant.push(InFields { fields, often, here: false, worth: worth * boost });
            }
        }
        if meant.is_empty() {
            return Ok(Box::new(EmptyScorer));
        }
        let mut scorer = AnyFieldScorer { meant, window: Window::default(), doc: 0 };
        scorer.fill(WINDOW);
        Ok(Box::new(scorer))
    }

    fn explain(&self, _: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        Err(TantivyError::InvalidArgument(format!("no explanation of document {doc}")))
    }
}

/// A word with its postings in each field.
struct InFields {
    fields: Vec<(SegmentPostings, FieldNormReader, Norms)>,
    /// How often it stands in each document of the window, as the fields count.
    often: Box<[f32]>,
    /// Whether it stands in any of them; else `often` tells of another window.
    here: bool,
    worth: f32,
}

struct AnyFieldScorer {
    meant: Vec<InFields>,
    window: Window,
    doc: DocId,
}

impl AnyFieldScorer {
    /// Reads the next stretch, from where the fields are, and goes to its first document.
    fn fill(&mut self, length: usize) {
        let fields = self.meant.iter().flat_map(|one| &one.fields);
        self.doc = fields.map(|(postings, ..)| postings.doc()).min().unwrap_or(TERMINATED);
        if self.doc == TERMINATED {
            return;
        }
        self.window.start(self.doc, length);
        for one in &mut self.meant {
            one.here = one.fields.iter().any(|(postings, ..)| postings.doc() < self.window.end());
            if !one.here {
                continue;
            }
            one.often[..length].fill(0.0);
            for (postings, lengths, norms) in &mut one.fields {
                let mut doc = postings.doc();
                while doc < self.window.end() {
                    let at = self.window.add(doc);
                    one.often[at] += postings.term_freq() as f32 * norms[usize::from(lengths.fieldnorm_id(doc))];
                    doc = postings.advance();
                }
            }
        }
        self.window.take();
    }
}

impl DocSet for AnyFieldScorer {
    fn advance(&mut self) -> DocId {
        if self.doc == TERMINATED {
            return TERMINATED;
        }
        match self.window.take() {
            Some(at) => self.doc = self.window.doc(at),
            None => self.fill(WINDOW),
        }
        self.doc
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.doc >= target {
            return self.doc;
        }
        if target < self.window.end() {
            self.window.skip_to(target);
            return self.advance();
        }
        let leap = target - self.doc;
        for one in &mut self.meant {
            for (postings, ..) in one.fields.iter_mut().filter(|(postings, ..)| postings.doc() < target) {
                postings.seek(target);
            }
        }
        self.fill(window::after(leap));
        self.doc
    }

    fn doc(&self) -> DocId {
        self.doc
    }

    fn size_hint(&self) -> u32 {
        let fields = self.meant.iter().flat_map(|one| &one.fields);
        fields.map(|(postings, ..)| postings.size_hint()).max().unwrap_or(0)
    }
}

impl Scorer for AnyFieldScorer {
    fn score(&mut self) -> Score {
        let at = self.window.place(self.doc);
        let scores = self.meant.iter().filter(|one| one.here).map(|one| {
            let often = one.often[at];
            one.worth * often / (often + SATURATION)
        });
        scores.fold(0.0, f32::max)
    }
}
