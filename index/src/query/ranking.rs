//! How passages are ranked: BM25 over the fields of a passage as one (BM25F), and more for a passage that holds more
//! of what is asked.
//!
//! tantivy's own scorers rank each field apart, with the same regard for its length. Minutes are lists of short
//! items: what stands under an item, over it and in its headings is one text with it, and the length of an item
//! tells little.

use std::cmp::Ordering;

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
        let doc = fields.iter().map(|(p, ..)| p.doc()).min().unwrap_or(TERMINATED);
        Ok(Box::new(AnyFieldScorer { fields, doc, rarity: self.rarity * boost }))
    }

    fn explain(&self, _: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        Err(TantivyError::InvalidArgument(format!("no explanation of document {doc}")))
    }
}

struct AnyFieldScorer {
    fields: Vec<InField>,
    doc: DocId,
    rarity: f32,
}

impl DocSet for AnyFieldScorer {
    fn advance(&mut self) -> DocId {
        let mut next = TERMINATED;
        for (postings, ..) in &mut self.fields {
            let doc = if postings.doc() == self.doc { postings.advance() } else { postings.doc() };
            next = next.min(doc);
        }
        self.doc = next;
        next
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if target <= self.doc {
            return self.doc;
        }
        let mut next = TERMINATED;
        for (postings, ..) in &mut self.fields {
            let doc = if postings.doc() < target { postings.seek(target) } else { postings.doc() };
            next = next.min(doc);
        }
        self.doc = next;
        next
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
        let mut often = 0.0;
        for (postings, lengths, norms) in &self.fields {
            if postings.doc() == self.doc {
                often += postings.term_freq() as f32 * norms[usize::from(lengths.fieldnorm_id(self.doc))];
            }
        }
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
        let parts: Vec<(Box<dyn Scorer>, f32)> = parts.collect::<tantivy::Result<_>>()?;
        let all = parts.iter().map(|(_, worth)| worth).sum::<f32>().max(f32::MIN_POSITIVE);
        let mut scorer = TogetherScorer { parts, needed: self.needed, all, doc: 0 };
        scorer.doc = scorer.next();
        Ok(Box::new(scorer))
    }

    fn explain(&self, _: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        Err(TantivyError::InvalidArgument(format!("no explanation of document {doc}")))
    }
}

struct TogetherScorer {
    parts: Vec<(Box<dyn Scorer>, f32)>,
    needed: usize,
    all: f32,
    doc: DocId,
}

impl TogetherScorer {
    /// The first document, from where the parts are, that enough of them are on.
    fn next(&mut self) -> DocId {
        loop {
            let doc = self.parts.iter().map(|(p, _)| p.doc()).min().unwrap_or(TERMINATED);
            let on = self.parts.iter().filter(|(p, _)| p.doc() == doc).count();
            if doc == TERMINATED || on >= self.needed {
                return doc;
            }
            self.leave(doc);
        }
    }

    fn leave(&mut self, doc: DocId) {
        for (part, _) in &mut self.parts {
            if part.doc() == doc {
                part.advance();
            }
        }
    }
}

impl DocSet for TogetherScorer {
    fn advance(&mut self) -> DocId {
        if self.doc != TERMINATED {
            self.leave(self.doc);
            self.doc = self.next();
        }
        self.doc
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.doc.cmp(&target) == Ordering::Less {
            for (part, _) in &mut self.parts {
                if part.doc() < target {
                    part.seek(target);
                }
            }
            self.doc = self.next();
        }
        self.doc
    }

    fn doc(&self) -> DocId {
        self.doc
    }

    fn size_hint(&self) -> u32 {
        self.parts.iter().map(|(p, _)| p.size_hint()).max().unwrap_or(0)
    }
}

impl Scorer for TogetherScorer {
    fn score(&mut self) -> Score {
        let (mut score, mut worth) = (0.0, 0.0);
        for (part, of) in &mut self.parts {
            if part.doc() == self.doc {
                score += part.score();
                worth += *of;
            }
        }
        score * worth / self.all
    }
}
