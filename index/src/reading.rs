//! Reads the bytes of one file of minutes: its facts, and the passages for the text index.

use std::panic::AssertUnwindSafe;

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

/// Reads a file, or tells in a few words why it is no minutes.
pub(crate) fn read(extractor: &Extractor, path: &str, series: &str, bytes: &[u8]) -> Result<Reading, String> {
    let (source, odd) = decode::decode(bytes);
    // Whatever one file holds, the others must be read.
    let extracted = std::panic::catch_unwind(AssertUnwindSafe(|| extractor.read(&source, path, series)))
        .map_err(|_| "could not be understood: a bug in Minutebook, please report it".to_owned())?;
    let (mut meetings, passages): (Vec<_>, Vec<_>) = extracted.into_iter().unzip();
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

/// `tags: [a, b]` or `labels: a` of the front matter.
fn labels(source: &str) -> Vec<String> {
    let (Some(front), _) = minutebook_ingest::outline::front_matter(source) else { return Vec::new() };
    front
        .lines()
        .filter_map(|l| l.split_once(':').filter(|(k, _)| matches!(k.trim(), "tags" | "labels" | "label")))
        .flat_map(|(_, v)| v.split([',', '[', ']', ' ', '"', '\'']))
        .filter(|v| !v.is_empty())
        .map(str::to_owned)
        .collect()
}
