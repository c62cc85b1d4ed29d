//! Search: a [`Query`] answered by tantivy, folded, with facets, snippets and suggestions.
//!
//! [`matching`] tells what is asked of the text index, [`gather`] ranks and folds what matches, [`facets`] counts it,
//! [`hits`] reads what is shown.

mod facets;
mod gather;
mod hits;
mod matching;

use std::cell::LazyCell;

use serde::Serialize;
use tantivy::snippet::SnippetGenerator;

pub use self::facets::{Count, Facets};
use self::gather::{Gather, Intent, apart, by_rank, fold};
pub use self::hits::{Copy, Hit};
use self::matching::Builder;
use super::decisions::decision_at;
use super::language::{Query, Sort};
use super::suggest::{Missing, Vocabulary};
use super::{NotFound, Scope};
use crate::Snapshot;
use crate::text::days;

/// An answer.
#[derive(Debug, Clone, Serialize)]
pub struct SearchResult {
    /// How many passages match, copies of one counted once.
    pub total: usize,
    /// Counts over all of them.
    pub facets: Facets,
    /// Other spellings to try, when nothing was found.
    pub suggestions: Vec<String>,
    /// What of the query stands nowhere, whatever else was found.
    pub missing: Vec<Missing>,
    /// The best of them, or the latest.
    pub hits: Vec<Hit>,
}

/// There is no answer.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// The index cannot be read.
    #[error("the text index cannot be read: {0}")]
    Text(#[from] tantivy::TantivyError),
    /// A qualifier names a series or person that there is not: no hits would look like an answer.
    #[error(transparent)]
    Unknown(#[from] NotFound),
    /// The words of past commits are in no index.
    #[error("search knows days, not commits: ask as of a day, as 2026-03-01")]
    Commit,
}

/// Answers a query: `limit` hits from `offset` on.
///
/// # Errors
/// When the index cannot be read, a qualifier names a series or person that does not exist, or the book is that of
/// a past commit.
pub fn search(
    snapshot: &Snapshot,
    scope: &Scope,
    query: &Query,
    offset: usize,
    limit: usize,
) -> Result<SearchResult, SearchError> {
    answer(snapshot, scope, query, (offset, limit), true)
}

/// The best `limit` passages, also those that stand within one another: what [`search`] shows as one place.
///
/// # Errors
/// As [`search`].
pub fn passages(snapshot: &Snapshot, scope: &Scope, query: &Query, limit: usize) -> Result<SearchResult, SearchError> {
    answer(snapshot, scope, query, (0, limit), false)
}

fn answer(
    snapshot: &Snapshot,
    scope: &Scope,
    query: &Query,
    (offset, limit): (usize, usize),
    places: bool,
) -> Result<SearchResult, SearchError> {
    if scope.commit.is_some() || snapshot.files.is_some() {
        return Err(SearchError::Commit);
    }
    let view = snapshot.view(scope);
    let builder = Builder { snapshot, scope, view: &view };
    builder.check(query)?;
    let tantivy = builder.query(query);
    let collector = Gather { today: days(scope.today), intent: Intent::of(query, &snapshot.conventions) };
    let rows = snapshot.searcher.search(&tantivy, &collector)?;
    let mut groups = fold(rows);
    if places && !query.groups.is_empty() {
        groups = apart(groups);
    }
    if places && query.sort == Some(Sort::Date) {
        groups.sort_by(|a, b| b.rows[0].day.cmp(&a.rows[0].day).then_with(|| by_rank(a, b)));
    }
    let facets = facets::facets(snapshot, &view, &groups)?;
    let total = groups.len();
    let snippets = SnippetGenerator::create(&snapshot.searcher, &*builder.words(query), snapshot.fields.text).ok();
    let states = hits::action_states(snapshot, scope, &view);
    // Made only where a decision is found.
    let chains = LazyCell::new(|| snapshot.chains(scope));
    let decided = |path: &str, line: u32, end_line: u32| decision_at(snapshot, &chains, path, line, end_line);
    let hits = groups
        .iter()
        .skip(offset)
        .take(limit)
        .map(|g| hits::hit(snapshot, g, snippets.as_ref(), &states, &view, decided))
        .collect::<Result<Vec<_>, _>>()?;
    let vocabulary = LazyCell::new(|| Vocabulary::of(snapshot, scope, &view));
    let missing = if places { builder.missing(query, |word| vocabulary.nearest(word))? } else { Vec::new() };
    let suggestions = if total == 0 { vocabulary.suggestions(query) } else { Vec::new() };
    Ok(SearchResult { total, facets, suggestions, missing, hits })
}

#[cfg(test)]
mod tests;
