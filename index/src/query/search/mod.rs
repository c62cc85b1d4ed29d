//! Search: a [`Query`] answered by tantivy, folded, with facets, snippets and suggestions.
//!
//! `matching` and `filters` tell what is asked of the text index, `gather` ranks and folds what matches by `columns`,
//! `facets` counts it, `hits` reads what is shown, with what is `known` of it; `passages` are hits for questions that look
//! at many.

mod columns;
mod facets;
mod filters;
mod gather;
mod hits;
mod known;
mod matching;
mod passages;

use std::cell::LazyCell;
use std::sync::Arc;

use serde::Serialize;
use tantivy::snippet::SnippetGenerator;

pub(crate) use self::columns::Columns;
pub use self::facets::{Count, Facets};
use self::gather::{Gather, Gathered, Intent, Row};
use self::hits::{COPIES, Shown};
pub use self::hits::{Copy, Hit};
pub(crate) use self::known::{Known, action_at, is_set_aside};
use self::matching::Builder;
pub(crate) use self::passages::{Passage, passages};
use super::decisions::decision_at;
use super::language::{Filters, Query, Without};
use super::suggest::{Missing, suggestions};
use super::{NotFound, Scope};
use crate::Snapshot;
use crate::recent::Recent;
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
    /// Where nothing was found: what there is without one qualifier, or else without all.
    pub without: Vec<Without>,
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

/// What an answer hangs on, beside the snapshot.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Asked {
    scope: Scope,
    query: Query,
    offset: usize,
    limit: usize,
}

/// Answers that a snapshot keeps, for who goes back, reloads, or follows the link of another.
pub(crate) struct Answers(Recent<SearchResult, Asked>);

impl Answers {
    /// So many are kept …
    const KEPT: usize = 32;
    /// … of at most so many hits.
    const HITS: usize = 100;
}

impl Default for Answers {
    fn default() -> Self {
        Self(Recent::of(Self::KEPT))
    }
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
) -> Result<Arc<SearchResult>, SearchError> {
    let Answers(answers) = &snapshot.made.answers;
    let asked = Asked { scope: scope.clone(), query: query.clone(), offset, limit };
    if let Some(known) = answers.find(&asked) {
        return Ok(known);
    }
    let found = Arc::new(answer(snapshot, scope, query, (offset, limit))?);
    if limit <= Answers::HITS {
        answers.keep(asked, Arc::clone(&found));
    }
    Ok(found)
}

/// What there is without each qualifier, or else without all of them.
fn without(builder: &Builder<'_>, query: &Query) -> Result<Vec<Without>, SearchError> {
    if query.groups.is_empty() {
        return Ok(Vec::new());
    }
    let total = |filters: Filters| {
        let query = Query { filters, ..query.clone() };
        let (found, _) = gathered(builder, &query, true)?;
        Ok::<_, SearchError>(found.len())
    };
    let each = query.filters.without_each();
    let names: Vec<&'static str> = each.iter().map(|(name, _)| *name).collect();
    let mut out = Vec::new();
    for (name, left) in each {
        out.push(Without { qualifiers: vec![name], total: total(left)? });
    }
    out.retain(|w| w.total > 0);
    if out.is_empty() && names.len() > 1 {
        out.push(Without { qualifiers: names, total: total(Filters::default())? });
        out.retain(|w| w.total > 0);
    }
    Ok(out)
}

/// What matches a query, folded, and the words that it was found by.
fn gathered(
    builder: &Builder<'_>,
    query: &Query,
    places: bool,
) -> Result<(Gathered, Box<dyn tantivy::query::Query>), SearchError> {
    builder.check(query)?;
    let Builder { snapshot, scope, .. } = builder;
    let words = builder.words(query);
    let tantivy = builder.query(&*words, query);
    let columns = Arc::clone(&builder.columns);
    let intent = Intent::of(query, &snapshot.conventions);
    let rows = snapshot.searcher.search(&tantivy, &Gather::new(Arc::clone(&columns), days(scope.today), intent))?;
    let mut found = Gathered::fold(columns, rows);
    if places && !query.groups.is_empty() {
        found.apart();
    }
    Ok((found, words))
}

fn answer(
    snapshot: &Snapshot,
    scope: &Scope,
    query: &Query,
    (offset, limit): (usize, usize),
) -> Result<SearchResult, SearchError> {
    if scope.commit.is_some() || snapshot.files.is_some() {
        return Err(SearchError::Commit);
    }
    let view = snapshot.view(scope);
    let builder = Builder::new(snapshot, scope, &view)?;
    let (found, words) = gathered(&builder, query, true)?;
    let facets = facets::facets(&found, &view);
    let total = found.len();
    let best = found.first(offset, limit, query.sort);
    // Made only where a decision is found.
    let chains = LazyCell::new(|| snapshot.chains(scope));
    let decided = |series: &str, path: &str, lines| decision_at(snapshot, &chains, series, path, lines);
    let rows = found.rows(&best);
    let told = rows.iter().flat_map(|of_group| of_group.iter().take(1 + COPIES));
    let shown = Shown {
        snapshot,
        scope,
        view: &view,
        snippets: SnippetGenerator::create(&snapshot.searcher, &*words, snapshot.fields.text).ok(),
        columns: &builder.columns,
        paths: builder.columns.paths(told.map(Row::file))?,
    };
    // Read as they lie in the index: documents that lie together are unpacked together.
    let mut read: Vec<(usize, Hit)> = Vec::with_capacity(best.len());
    let mut order: Vec<usize> = (0..best.len()).collect();
    order.sort_unstable_by_key(|&n| best[n].row.address());
    for n in order {
        read.push((n, hits::hit(&shown, &best[n], &rows[n], decided)?));
    }
    read.sort_unstable_by_key(|(n, _)| *n);
    let hits = read.into_iter().map(|(_, hit)| hit).collect();
    let without = if total == 0 { without(&builder, query)? } else { Vec::new() };
    // Where all words are needed and were found, if only without a qualifier, none is missing.
    let missing = match (total > 0 || !without.is_empty()) && builder.needs_all(query) {
        true => Vec::new(),
        false => builder.missing(query)?,
    };
    let suggestions = if total == 0 { suggestions(&missing) } else { Vec::new() };
    Ok(SearchResult { total, facets, suggestions, missing, without, hits })
}

#[cfg(test)]
mod tests;
