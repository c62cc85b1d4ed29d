//! Reads the bytes of one file of minutes: its facts, and the passages for the text index.

use std::panic::AssertUnwindSafe;

use minutebook_ingest::outline::{front_entries, front_matter};
use minutebook_ingest::passages::Passage;
use minutebook_ingest::{Extractor, decode, references};

use crate::abbreviations::abbreviations;
use crate::shard::{ContentHash, FileFacts, FileStamp};

/// What a file holds.
pub(crate) struct Reading {
    /// The file; when it was changed and git's id of it are not told.
    pub stamp: FileStamp,
    /// Its facts.
    pub facts: FileFacts,
    /// The passages of each of its meetings.
    pub passages: Vec<Vec<Passage>>,
    /// Tags of its front matter.
    pub labels: Vec<String>,
}

/// What is done with one file: whatever that holds, the others must be read.
pub(crate) fn caught<T>(work: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    std::panic::catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|_| Err("could not be understood: a bug in Minutebook, please report it".to_owned()))
}

/// Reads a file, or tells in a few words why it is no minutes.
pub(crate) fn read(extractor: &Extractor, path: &str, series: &str, bytes: &[u8]) -> Result<Reading, String> {
    let (source, odd) = decode::decode(bytes);
    let (mut meetings, passages): (Vec<_>, Vec<_>) = extractor.read(&source, path, series).into_iter().unzip();
    if let Some(first) = meetings.first_mut() {
        first.diagnostics.splice(0..0, odd);
    }
    let mut taught = references::ShortNames::new();
    references::taught(&source, &mut taught);
    let mut taught: Vec<(String, String)> = taught.into_iter().collect();
    taught.sort();
    let stamp = FileStamp { path: path.into(), size: bytes.len() as u64, hash: hash(bytes), ..FileStamp::default() };
    let facts = FileFacts { taught, abbreviations: abbreviations(&source), meetings };
    Ok(Reading { stamp, facts, passages, labels: labels(&source) })
}

/// Tells one content from another.
pub(crate) fn hash(bytes: &[u8]) -> ContentHash {
    let mut half = ContentHash::default();
    half.copy_from_slice(&blake3::hash(bytes).as_bytes()[..16]);
    half
}

/// `tags: [a, b]` or `labels: a` of the front matter, or a list in the lines below.
fn labels(source: &str) -> Vec<String> {
    let (Some(front), _) = front_matter(source) else { return Vec::new() };
    let entries = front_entries(front).into_iter().filter(|e| matches!(e.key.trim(), "tags" | "labels" | "label"));
    let values = entries.flat_map(|e| e.values).flat_map(|(_, value)| value.split([',', '[', ']', ' ', '"', '\'']));
    values.filter(|v| !v.is_empty()).map(str::to_owned).collect()
}
