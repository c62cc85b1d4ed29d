//! A word, in any of some fields.

use std::sync::Arc;

use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::BlockSegmentPostings;
use tantivy::query::{EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED, TantivyError, Term};

use super::window::{self, WINDOW, Window};
use super::{FieldWorth, Norms};

/// With so many occurrences a word is worth half of what it can be worth.
const SATURATION: f32 = 1.0;

/// A word in any of some fields, or another that is meant by it: the one counts that is worth most.
#[derive(Debug, Clone)]
pub struct AnyField(Vec<Meant>);

/// A word in its spellings.
#[derive(Debug, Clone)]
struct Meant {
    terms: Vec<(Term, Norms)>,
    /// What it is worth at most.
    worth: f32,
}

impl Meant {
    fn new(token: &str, fields: &[FieldWorth], worth: f32) -> Self {
        let mut one = Self { terms: Vec::with_capacity(fields.len()), worth };
        one.spelt(token, fields);
        one
    }

    fn spelt(&mut self, token: &str, fields: &[FieldWorth]) {
        for worth in fields {
            let term = Term::from_field_text(worth.field, token);
            if !self.terms.iter().any(|(known, _)| *known == term) {
                self.terms.push((term, Arc::clone(&worth.norms)));
            }
        }
    }
}

impl AnyField {
    /// A word as the index holds it, with what it is worth at most.
    pub fn new(token: &str, fields: &[FieldWorth], worth: f32) -> Self {
        Self(vec![Meant::new(token, fields, worth)])
    }

    /// Another spelling of it: as good as the word itself.
    pub fn or_spelt(&mut self, token: &str, fields: &[FieldWorth]) {
        self.0[0].spelt(token, fields);
    }

    /// Another word, with what that is worth at most.
    pub fn or_meant(&mut self, token: &str, fields: &[FieldWorth], worth: f32) {
        self.0.push(Meant::new(token, fields, worth));
    }
}

#[derive(Debug)]
struct AnyFieldWeight(Vec<Meant>);

impl Query for AnyField {
    fn weight(&self, _: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(AnyFieldWeight(self.0.clone())))
    }

    fn query_terms<'a>(&'a self, visitor: &mut dyn FnMut(&'a Term, bool)) {
        self.0.iter().flat_map(|one| &one.terms).for_each(|(term, _)| visitor(term, false));
    }
}

impl Weight for AnyFieldWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let mut meant = Vec::with_capacity(self.0.len());
        for Meant { terms, worth } in &self.0 {
            let mut fields = Vec::with_capacity(terms.len());
            for (term, norms) in terms {
                let field = term.field();
                let postings = reader.inverted_index(field)?.read_block_postings(term, IndexRecordOption::WithFreqs)?;
                let Some(postings) = postings else { continue };
                fields.push(InField::new(postings, reader.get_fieldnorms_reader(field)?, Arc::clone(norms)));
            }
            if !fields.is_empty() {
                meant.push(InFields { fields, worth: worth * boost });
            }
        }
        if meant.is_empty() {
            return Ok(Box::new(EmptyScorer));
        }
        let mut scorer = AnyFieldScorer { meant, window: Window::default(), doc: 0 };
        scorer.fill(window::FIRST);
        Ok(Box::new(scorer))
    }

    fn explain(&self, _: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        Err(TantivyError::InvalidArgument(format!("no explanation of document {doc}")))
    }
}

/// A word with its postings in each field.
struct InFields {
    fields: Vec<InField>,
    worth: f32,
}

/// The postings of a word in one field. Which documents of the window have it is read ahead, block by block; what it is
/// worth in one only when that is asked for, as most questions leave most documents out.
struct InField {
    postings: BlockSegmentPostings,
    /// The first posting of the block that no window has had yet.
    at: usize,
    /// The documents of the window that it stands in.
    places: Vec<u64>,
    /// How often, by place; of other places the number tells nothing. More than 255 is as often as that.
    often: Vec<u8>,
    lengths: FieldNormReader,
    norms: Norms,
}

impl InField {
    fn new(postings: BlockSegmentPostings, lengths: FieldNormReader, norms: Norms) -> Self {
        Self { postings, at: 0, places: Vec::new(), often: Vec::new(), lengths, norms }
    }

    /// The first document that no window has had yet. Behind the last, tantivy fills the block up with [`TERMINATED`].
    fn doc(&self) -> DocId {
        self.postings.doc(self.at)
    }

    /// Leaves out all before a document.
    fn seek(&mut self, target: DocId) {
        if self.doc() < target {
            self.at = self.postings.seek(target);
        }
    }

    /// Reads the postings of a window.
    fn read(&mut self, window: &mut Window, length: usize) {
        self.places.clear();
        self.places.resize(length.div_ceil(64), 0);
        if self.doc() >= window.end() {
            return;
        }
        if self.often.len() < length {
            self.often.resize(length, 0);
        }
        loop {
            let docs = self.postings.docs();
            let rest = docs[self.at..].iter().zip(self.at..);
            let mut read = self.at;
            for (&doc, at) in rest.take_while(|(doc, _)| **doc < window.end()) {
                let place = window.place(doc);
                self.places[place / 64] |= 1 << (place % 64);
                self.often[place] = u8::try_from(self.postings.freq(at)).unwrap_or(u8::MAX);
                read = at + 1;
            }
            self.at = read;
            // What is left is of another window; behind the last block comes an empty one.
            if self.at < docs.len() || docs.is_empty() {
                break;
            }
            self.postings.advance();
            self.at = 0;
        }
        window.add_all(&self.places);
    }

    /// How often the word stands in a document of the window, as the field counts.
    fn often(&self, place: usize, doc: DocId) -> f32 {
        if self.places[place / 64] >> (place % 64) & 1 == 0 {
            return 0.0;
        }
        f32::from(self.often[place]) * self.norms[usize::from(self.lengths.fieldnorm_id(doc))]
    }
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
        self.doc = fields.map(InField::doc).min().unwrap_or(TERMINATED);
        if self.doc == TERMINATED {
            return;
        }
        self.window.start(self.doc, length);
        for field in self.meant.iter_mut().flat_map(|one| &mut one.fields) {
            field.read(&mut self.window, length);
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
        self.meant.iter_mut().flat_map(|one| &mut one.fields).for_each(|field| field.seek(target));
        self.fill(window::after(leap));
        self.doc
    }

    fn doc(&self) -> DocId {
        self.doc
    }

    fn size_hint(&self) -> u32 {
        let fields = self.meant.iter().flat_map(|one| &one.fields);
        fields.map(|field| field.postings.doc_freq()).max().unwrap_or(0)
    }
}

impl Scorer for AnyFieldScorer {
    fn score(&mut self) -> Score {
        let (place, doc) = (self.window.place(self.doc), self.doc);
        let scores = self.meant.iter().map(|one| {
            let often: f32 = one.fields.iter().map(|field| field.often(place, doc)).sum();
            one.worth * often / (often + SATURATION)
        });
        scores.fold(0.0, f32::max)
    }
}
