//! How passages are ranked: BM25 over the fields of a passage as one (BM25F), and more for a passage that holds more
//! of what is asked.
//!
//! tantivy's own scorers rank each field apart, with the same regard for its length. Minutes are lists of short
//! items: what stands under an item, over it and in its headings is one text with it, and the length of an item
//! tells little.

mod any_field;
mod together;
mod window;

use tantivy::Searcher;
use tantivy::schema::Field;

pub use any_field::AnyField;
pub use together::Together;

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
    /// How many words a document has there on average, at least one.
    pub average: f32,
}

/// How many words a document of a searcher has in a field on average, at least one.
///
/// # Errors
/// When the index cannot be read.
pub fn average(searcher: &Searcher, field: Field) -> tantivy::Result<f32> {
    let mut words = 0;
    for segment in searcher.segment_readers() {
        words += segment.inverted_index(field)?.total_num_tokens();
    }
    Ok((words as f32 / searcher.num_docs().max(1) as f32).max(1.0))
}

/// How rare a word is: the logarithm of documents for each that holds it.
pub fn rarity(documents: u64, holding: u64) -> f32 {
    let (all, holding) = (documents as f32, holding as f32);
    (1.0 + (all - holding).max(0.0) / (holding + 0.5)).ln()
}

#[cfg(test)]
mod tests;
