//! How passages are ranked: BM25 over the fields of a passage as one (BM25F), and more for a passage that holds more
//! of what is asked.
//!
//! tantivy's own scorers rank each field apart, with the same regard for its length. Minutes are lists of short
//! items: what stands under an item, over it and in its headings is one text with it, and the length of an item
//! tells little.

use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::{Postings, SegmentPostings};
use tantivy::query::{EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED, TantivyError, Term};

/// A field with what a word in it is worth (`weight`), and how far a long text makes it worth less (`length`, 0 to
/// 1).
#[derive(Debug, Clone, Copy)]
pub struct FieldWorth {
    /// The field.
    pub field: Field,
    /// What a word in it is worth.
    pub weight: f32,
    /// How much its length counts.
    pub length: f32,
}

/// With so many occurrences a word is worth half of what it can be worth.
const SATURATION: f32 = 1.0;

/// Which fields of a document are on a word now: their postings.
type InField = (SegmentPostings, FieldNormReader, Box<[f32; 256]>);

/// A word, in any of some fields. The first field tells how rare it is.
#[derive(Debug, Clone)]
pub struct AnyField(Vec<(Term, FieldWorth)>);

impl AnyField {
    /// A word as the index holds it.
    pub fn new(token: &str, fields: &[FieldWorth]) -> Self {
        let mut one = Self(Vec::with_capacity(fields.len()));
        one.or(token, fields);
        one
    }

    /// Another spelling of it.
    pub fn or(&mut self, token: &str, fields: &[FieldWorth]) {
        let terms = fields.iter().map(|f| (Term::from_field_text(f.field, token), *f));
        for (term, worth) in terms {
            if !self.0.iter().any(|(known, _)| *known == term) {
                self.0.push((term, worth));
            }
        }
    }
}

/// How rare a word is: the logarithm of documents for each that holds it.
pub fn rarity(documents: u64, holding: u64) -> f32 {
    let (all, holding) = (documents as f32, holding as f32);
    (1.0 + (all - holding).max(0.0) / (holding + 0.5)).ln()
}

#[derive(Debug)]
struct AnyFieldWeight {
    terms: Vec<(Term, FieldWorth, f32)>,
    rarity: f32,
}

impl Query for AnyField {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let Some(searcher) = scoring.searcher() else {
            let terms = self.0.iter().map(|(term, worth)| (term.clone(), *worth, 1.0)).collect();
            return Ok(Box::new(AnyFieldWeight { terms, rarity: 1.0 }));
        };
        let documents = searcher.num_docs().max(1);
        let mut terms = Vec::with_capacity(self.0.len());
        for (term, worth) in &self.0 {
            let mut tokens = 0;
            for segment in searcher.segment_readers() {
                tokens += segment.inverted_index(worth.field)?.total_num_tokens();
            }
            terms.push((term.clone(), *worth, (tokens as f32 / documents as f32).max(1.0)));
        }
        let holding = self.0.first().map_or(Ok(0), |(term, _)| searcher.doc_freq(term))?;
        Ok(Box::new(AnyFieldWeight { terms, rarity: rarity(documents, holding) }))
    }

    fn query_terms<'a>(&'a self, visitor: &mut dyn FnMut(&'a Term, bool)) {
        self.0.iter().for_each(|(term, _)| visitor(term, false));
    }
}

impl Weight for AnyFieldWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let mut fields: Vec<InField> = Vec::new();
        for (term, worth, average) in &self.terms {
            let postings = reader.inverted_index(worth.field)?.read_postings(term, IndexRecordOption::WithFreqs)?;
            let Some(postings) = postings else { continue };
            let mut norms = Box::new([0.0; 256]);
            for (id, norm) in (0..=u8::MAX).zip(norms.iter_mut()) {
                let length = FieldNormReader::id_to_fieldnorm(id) as f32 / average;
                *norm = worth.weight / (1.0 - worth.length + worth.length * length);
            }
            fields.push((postings, reader.get_fieldnorms_reader(worth.field)?, norms));
        }
        if fields.is_empty() {
            return Ok(Box::new(EmptyScorer));
        }
        let often = Box::new([0.0; WINDOW]);
        let mut scorer =
            AnyFieldScorer { fields, window: Window::default(), often, doc: 0, rarity: self.rarity * boost };
        scorer.fill(WINDOW);
        Ok(Box::new(scorer))
    }

    fn explain(&self, _: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        Err(TantivyError::InvalidArgument(format!("no explanation of document {doc}")))
    }
}

/// So many documents are scored at a time: field by field is quicker than document by document.
const WINDOW: usize = 4096;

/// Which documents of a stretch are on something.
#[derive(Default)]
struct Window {
    /// The first document of the stretch.
    base: DocId,
    /// The one behind its last.
    end: DocId,
    bits: Vec<u64>,
    /// Where the first bit may be.
    word: usize,
}

impl Window {
    /// Starts a stretch at a document.
    fn start(&mut self, base: DocId, length: usize) {
        self.bits.resize(WINDOW / 64, 0);
        self.word = 0;
        self.base = base;
        self.end = base.saturating_add(u32::try_from(length).unwrap_or(DocId::MAX)).min(TERMINATED);
    }

    /// Notes a document, and tells its place in the stretch.
    fn add(&mut self, doc: DocId) -> usize {
        let at = (doc - self.base) as usize;
        self.bits[at / 64] |= 1 << (at % 64);
        at
    }

    /// Takes the first place that is left.
    fn take(&mut self) -> Option<usize> {
        while let Some(bits) = self.bits.get_mut(self.word) {
            if *bits != 0 {
                let bit = bits.trailing_zeros() as usize;
                *bits &= *bits - 1;
                return Some(self.word * 64 + bit);
            }
            self.word += 1;
        }
        None
    }

    fn doc(&self, at: usize) -> DocId {
        self.base + u32::try_from(at).unwrap_or(0)
    }
}

struct AnyFieldScorer {
    fields: Vec<InField>,
    window: Window,
    /// How often the word stands in each document of the window, as the fields count.
    often: Box<[f32; WINDOW]>,
    doc: DocId,
    rarity: f32,
}

impl AnyFieldScorer {
    /// Reads the next stretch, from where the fields are, and goes to its first document.
    fn fill(&mut self, length: usize) {
        self.doc = self.fields.iter().map(|(p, ..)| p.doc()).min().unwrap_or(TERMINATED);
        if self.doc == TERMINATED {
            return;
        }
        self.window.start(self.doc, length);
        for (postings, lengths, norms) in &mut self.fields {
            let mut doc = postings.doc();
            while doc < self.window.end {
                let at = self.window.add(doc);
                self.often[at] += postings.term_freq() as f32 * norms[usize::from(lengths.fieldnorm_id(doc))];
                doc = postings.advance();
            }
        }
        self.window.take();
    }

    fn leave(&mut self) {
        self.often[(self.doc - self.window.base) as usize] = 0.0;
    }
}

impl DocSet for AnyFieldScorer {
    fn advance(&mut self) -> DocId {
        if self.doc == TERMINATED {
            return TERMINATED;
        }
        self.leave();
        match self.window.take() {
            Some(at) => self.doc = self.window.doc(at),
            None => self.fill(WINDOW),
        }
        self.doc
    }

    fn seek(&mut self, target: DocId) -> DocId {
        while self.doc < target {
            if target < self.window.end {
                self.advance();
                continue;
            }
            self.leave();
            while let Some(at) = self.window.take() {
                self.often[at] = 0.0;
            }
            for (postings, ..) in self.fields.iter_mut().filter(|(p, ..)| p.doc() < target) {
                postings.seek(target);
            }
            // Who leaps leaps again: no more is read than is asked for.
            self.fill(1);
        }
        self.doc
    }

    fn doc(&self) -> DocId {
        self.doc
    }

    fn size_hint(&self) -> u32 {
        self.fields.iter().map(|(p, ..)| p.size_hint()).max().unwrap_or(0)
    }
}

impl Scorer for AnyFieldScorer {
    fn score(&mut self) -> Score {
        let often = self.often[(self.doc - self.window.base) as usize];
        self.rarity * often / (often + SATURATION)
    }
}

/// Some questions of which at least `needed` must be answered; the more of what they are worth together is, the
/// better.
#[derive(Debug)]
pub struct Together {
    /// With what each is worth.
    pub parts: Vec<(Box<dyn Query>, f32)>,
    /// At least one.
    pub needed: usize,
}

impl Clone for Together {
    fn clone(&self) -> Self {
        Self { parts: self.parts.iter().map(|(q, worth)| (q.box_clone(), *worth)).collect(), needed: self.needed }
    }
}

struct TogetherWeight {
    parts: Vec<(Box<dyn Weight>, f32)>,
    needed: usize,
}

impl Query for Together {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let parts = self.parts.iter().map(|(q, worth)| Ok((q.weight(scoring)?, *worth)));
        Ok(Box::new(TogetherWeight { parts: parts.collect::<tantivy::Result<_>>()?, needed: self.needed.max(1) }))
    }

    fn query_terms<'a>(&'a self, visitor: &mut dyn FnMut(&'a Term, bool)) {
        self.parts.iter().for_each(|(part, _)| part.query_terms(visitor));
    }
}

impl Weight for TogetherWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let parts = self.parts.iter().map(|(weight, worth)| Ok((weight.scorer(reader, boost)?, *worth)));
        let mut parts: Vec<(Box<dyn Scorer>, f32)> = parts.collect::<tantivy::Result<_>>()?;
        let all = parts.iter().map(|(_, worth)| worth).sum::<f32>().max(f32::MIN_POSITIVE);
        if parts.len() == 1 && parts[0].1 > 0.0 {
            return Ok(parts.remove(0).0);
        }
        let every = self.needed == parts.len();
        let (sums, window) = (vec![Sum::default(); if every { 1 } else { WINDOW }], Window::default());
        let mut scorer = TogetherScorer { parts, needed: self.needed, every, all, window, sums, doc: 0, at: 0 };
        if every {
            scorer.meet();
        } else {
            scorer.fill(WINDOW);
        }
        Ok(Box::new(scorer))
    }

    fn explain(&self, _: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        Err(TantivyError::InvalidArgument(format!("no explanation of document {doc}")))
    }
}

/// What the parts that are on a document say.
#[derive(Debug, Clone, Copy, Default)]
struct Sum {
    score: Score,
    worth: f32,
    parts: usize,
}

struct TogetherScorer {
    parts: Vec<(Box<dyn Scorer>, f32)>,
    needed: usize,
    /// All parts are needed: they seek one another, and there is no window.
    every: bool,
    all: f32,
    window: Window,
    /// Of the documents of the window.
    sums: Vec<Sum>,
    doc: DocId,
    /// The place of `doc` in `sums`.
    at: usize,
}

impl TogetherScorer {
    /// The first document, from where the parts are, that all of them are on.
    fn meet(&mut self) {
        loop {
            let target = self.parts.iter().map(|(p, _)| p.doc()).max().unwrap_or(TERMINATED);
            self.doc = target;
            if target == TERMINATED {
                return;
            }
            let mut met = true;
            for (part, _) in self.parts.iter_mut().filter(|(p, _)| p.doc() < target) {
                met &= part.seek(target) == target;
            }
            if met {
                return;
            }
        }
    }

    /// Reads the next stretches until one holds a document that enough parts are on, and goes to it.
    fn fill(&mut self, mut length: usize) {
        loop {
            let base = self.parts.iter().map(|(p, _)| p.doc()).min().unwrap_or(TERMINATED);
            if base == TERMINATED {
                self.doc = TERMINATED;
                return;
            }
            self.window.start(base, length);
            for (part, worth) in &mut self.parts {
                let mut doc = part.doc();
                while doc < self.window.end {
                    let sum = &mut self.sums[self.window.add(doc)];
                    sum.score += part.score();
                    sum.worth += *worth;
                    sum.parts += 1;
                    doc = part.advance();
                }
            }
            if self.take() {
                return;
            }
            length = WINDOW;
        }
    }

    /// Goes to the next document of the window that enough parts are on, if there is one.
    fn take(&mut self) -> bool {
        while let Some(at) = self.window.take() {
            if self.sums[at].parts >= self.needed {
                (self.doc, self.at) = (self.window.doc(at), at);
                return true;
            }
            self.sums[at] = Sum::default();
        }
        false
    }
}

impl DocSet for TogetherScorer {
    fn advance(&mut self) -> DocId {
        if self.doc == TERMINATED {
            return TERMINATED;
        }
        if self.every {
            if let Some((part, _)) = self.parts.first_mut() {
                part.advance();
            }
            self.meet();
            return self.doc;
        }
        self.sums[self.at] = Sum::default();
        if !self.take() {
            self.fill(WINDOW);
        }
        self.doc
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.every && self.doc < target {
            for (part, _) in self.parts.iter_mut().filter(|(p, _)| p.doc() < target) {
                part.seek(target);
            }
            self.meet();
        }
        while self.doc < target {
            if target < self.window.end {
                self.advance();
                continue;
            }
            self.sums[self.at] = Sum::default();
            while let Some(at) = self.window.take() {
                self.sums[at] = Sum::default();
            }
            for (part, _) in self.parts.iter_mut().filter(|(p, _)| p.doc() < target) {
                part.seek(target);
            }
            self.fill(1);
        }
        self.doc
    }

    fn doc(&self) -> DocId {
        self.doc
    }

    fn size_hint(&self) -> u32 {
        let sizes = self.parts.iter().map(|(p, _)| p.size_hint());
        if self.every { sizes.min() } else { sizes.max() }.unwrap_or(0)
    }
}

impl Scorer for TogetherScorer {
    fn score(&mut self) -> Score {
        if self.every {
            // All that they are worth is there.
            return self.parts.iter_mut().map(|(part, _)| part.score()).sum();
        }
        let sum = self.sums[self.at];
        sum.score * sum.worth / self.all
    }
}

#[cfg(test)]
mod tests;
