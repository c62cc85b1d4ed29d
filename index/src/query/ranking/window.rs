//! Documents are scored a stretch at a time: field by field is quicker than document by document.

use tantivy::{DocId, TERMINATED};

/// So many documents are scored at a time.
pub(super) const WINDOW: usize = 4096;

/// So many at first: a filter may leap over all that comes next.
pub(super) const FIRST: usize = 1;

/// How many documents to score after so many that held nothing.
pub(super) fn longer(length: usize) -> usize {
    (length * 16).min(WINDOW)
}

/// A leap over more documents than this goes to where nothing else may be asked for.
const LEAP: DocId = 256;

/// How many documents to score after a leap over so many: who leaps far leaps again, and no more is read than is asked
/// for.
pub(super) fn after(leap: DocId) -> usize {
    if leap > LEAP { FIRST } else { WINDOW }
}

/// Which documents of a stretch are on something.
#[derive(Default)]
pub(super) struct Window {
    /// The first document of the stretch.
    base: DocId,
    /// The one behind its last.
    end: DocId,
    bits: Vec<u64>,
    /// Where the first bit may be.
    word: usize,
}

impl Window {
    /// Starts a stretch of at most [`WINDOW`] documents with this one; it is on nothing yet.
    pub(super) fn start(&mut self, base: DocId, length: usize) {
        self.bits.clear();
        self.bits.resize(length.div_ceil(64), 0);
        self.word = 0;
        self.base = base;
        self.end = base.saturating_add(u32::try_from(length).unwrap_or(DocId::MAX)).min(TERMINATED);
    }

    /// The document behind the last.
    pub(super) fn end(&self) -> DocId {
        self.end
    }

    /// Notes a document, and tells its place in the stretch.
    pub(super) fn add(&mut self, doc: DocId) -> usize {
        let at = self.place(doc);
        self.bits[at / 64] |= 1 << (at % 64);
        at
    }

    /// Notes the documents of all places that are set.
    pub(super) fn add_all(&mut self, places: &[u64]) {
        self.bits.iter_mut().zip(places).for_each(|(bits, more)| *bits |= more);
    }

    /// Takes the first place that is left.
    pub(super) fn take(&mut self) -> Option<usize> {
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

    /// Leaves out all before a document of the stretch.
    pub(super) fn skip_to(&mut self, doc: DocId) {
        let at = self.place(doc);
        self.word = self.word.max(at / 64);
        if let Some(bits) = self.bits.get_mut(at / 64) {
            *bits &= u64::MAX << (at % 64);
        }
    }

    /// The place of a document of the stretch.
    pub(super) fn place(&self, doc: DocId) -> usize {
        (doc - self.base) as usize
    }

    /// The document of a place.
    pub(super) fn doc(&self, at: usize) -> DocId {
        self.base + u32::try_from(at).unwrap_or(0)
    }
}
