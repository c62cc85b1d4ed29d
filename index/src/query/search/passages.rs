//! Passages that match, without what a hit shows of them: for questions that look at many.

use std::sync::Arc;

use tantivy::schema::{IndexRecordOption, Value};
use tantivy::{DocAddress, DocSet, TERMINATED, TantivyDocument, Term};

use super::columns::Paths;
use super::gather::{Folded, Gathered};
use super::matching::Builder;
use super::{SearchError, gathered};
use crate::Snapshot;
use crate::query::Scope;
use crate::query::language::Query;
use crate::query::suggest::suggestions;
use crate::text::{Kind, Place};

/// What matches, the best first.
pub(crate) struct Passages {
    /// How many there are, copies of one counted once.
    pub(crate) total: usize,
    /// Other spellings to try, when nothing was found.
    pub(crate) suggestions: Vec<String>,
    /// The best of them.
    pub(crate) best: Vec<Passage>,
}

/// A passage that matches.
pub(crate) struct Passage {
    /// What it is by the minutes, one of [`Kind::ALL`].
    pub(crate) kind: &'static str,
    /// The file.
    pub(crate) path: Arc<str>,
    /// Its lines and heading.
    pub(crate) place: Place,
    /// Its series.
    pub(crate) series: String,
    /// BM25 with a gentle lift for what is recent.
    pub(crate) score: f32,
    /// Whether it has one of the words itself, and not only around it.
    pub(crate) says: bool,
    address: DocAddress,
}

impl Passage {
    /// Its words.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub(crate) fn text(&self, snapshot: &Snapshot) -> tantivy::Result<String> {
        let doc: TantivyDocument = snapshot.searcher.doc(self.address)?;
        let text = doc.get_first(snapshot.fields.text).and_then(|v| v.as_str().map(str::to_owned));
        Ok(text.unwrap_or_default())
    }
}

/// The best `limit` passages, also those that stand within one another: what a search shows as one place.
///
/// # Errors
/// As [`search`](super::search).
pub(crate) fn passages(
    snapshot: &Snapshot,
    scope: &Scope,
    query: &Query,
    limit: usize,
) -> Result<Passages, SearchError> {
    if scope.commit.is_some() || snapshot.files.is_some() {
        return Err(SearchError::Commit);
    }
    let view = snapshot.view(scope);
    let builder = Builder::new(snapshot, scope, &view)?;
    let (found, words) = gathered(&builder, query, false)?;
    let groups = found.first(0, limit, None);
    // Read as they lie in the index.
    let mut order: Vec<usize> = (0..groups.len()).collect();
    order.sort_unstable_by_key(|&n| groups[n].row.address());
    let addresses: Vec<DocAddress> = order.iter().map(|&n| groups[n].row.address()).collect();
    let says = says(snapshot, &*words, &addresses)?;
    let paths = found.columns.paths(groups.iter().map(|group| group.row.file()))?;
    let read = order.iter().zip(says).map(|(&n, says)| (n, passage(&found, &groups[n], &paths, says)));
    let mut read: Vec<(usize, Passage)> = read.collect();
    read.sort_unstable_by_key(|(n, _)| *n);
    let total = found.len();
    let suggestions = if total == 0 { suggestions(&builder.missing(query)?) } else { Vec::new() };
    Ok(Passages { total, suggestions, best: read.into_iter().map(|(_, passage)| passage).collect() })
}

fn passage(found: &Gathered, group: &Folded, paths: &Paths, says: bool) -> Passage {
    let row = group.row;
    let address = row.address();
    Passage {
        kind: Kind::ALL.get(row.rank.kind()).copied().unwrap_or_default(),
        path: paths.of(row.file()),
        place: group.row.place(),
        series: row.series(&found.columns).map_or_else(String::new, |n| found.columns.series.of(n).to_owned()),
        score: group.score,
        says,
        address,
    }
}

/// Of each document, in order of addresses, whether its own text has a word of the query.
fn says(
    snapshot: &Snapshot,
    words: &dyn tantivy::query::Query,
    addresses: &[DocAddress],
) -> tantivy::Result<Vec<bool>> {
    let mut terms: Vec<Term> = Vec::new();
    words.query_terms(&mut |term, _| {
        if term.field() == snapshot.fields.text && !terms.contains(term) {
            terms.push(term.clone());
        }
    });
    let mut out = vec![false; addresses.len()];
    for (segment, reader) in snapshot.searcher.segment_readers().iter().enumerate() {
        let from = addresses.partition_point(|a| (a.segment_ord as usize) < segment);
        let end = addresses.partition_point(|a| a.segment_ord as usize <= segment);
        let index = reader.inverted_index(snapshot.fields.text)?;
        for term in &terms {
            let Some(mut postings) = index.read_postings(term, IndexRecordOption::Basic)? else { continue };
            for (address, says) in addresses[from..end].iter().zip(&mut out[from..end]) {
                if postings.doc() < address.doc_id {
                    postings.seek(address.doc_id);
                }
                *says |= postings.doc() == address.doc_id;
                if postings.doc() == TERMINATED {
                    break;
                }
            }
        }
    }
    Ok(out)
}
