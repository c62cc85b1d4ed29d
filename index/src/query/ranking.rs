//! How passages are ranked: BM25 over the fields of a passage as one (BM25F), and more for a passage that holds more
//! of what is asked.
//!
//! tantivy's own scorers rank each field apart, with the same regard for its length. Minutes are lists of short
//! items: what stands under an item, over it and in its headings is one text with it, and the length of an item
//! tells little.

mod any_field;
mod together;
mod window;

use std::sync::Arc;

use tantivy::Searcher;
use tantivy::fieldnorm::FieldNormReader;
use tantivy::schema::Field;

pub use any_field::AnyField;
pub use together::Together;

/// What each length of a field, by its number, makes a word in it worth.
type Norms = Arc<[f32; 256]>;

/// A field, and what a word in it is worth.
#[derive(Debug, Clone)]
pub struct FieldWorth {
    /// The field.
    pub field: Field,
    /// What a word in a text of average length is worth.
    pub weight: f32,
    norms: Norms,
}

impl FieldWorth {
    /// A long text makes a word worth less, as far as `length` says (0 to 1); `average` is how many words a document has
    /// there, at least one.
    pub fn new(field: Field, weight: f32, length: f32, average: f32) -> Self {
        let norm = |id: usize| {
            let words = FieldNormReader::id_to_fieldnorm(u8::try_from(id).unwrap_or(u8::MAX)) as f32;
            weight / (1.0 - length + length * words / average)
        };
        Self { field, weight, norms: Arc::new(std::array::from_fn(norm)) }
    }
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
