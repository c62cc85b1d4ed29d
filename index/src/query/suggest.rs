//! "Did you mean": what of a query stands nowhere, and what is written like it.

use std::collections::BTreeSet;

use serde::Serialize;

use super::Scope;
use super::language::{Query, Term};
use crate::Snapshot;
use crate::snapshot::View;

/// A term of a query that stands nowhere in view.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Missing {
    /// As it is typed, without the quotes of a phrase or the star of a beginning.
    pub word: String,
    /// What is written like it and does stand there.
    pub nearest: Option<String>,
}

impl Missing {
    pub(super) fn new(term: &Term, nearest: impl Fn(&str) -> Option<String>) -> Self {
        let word = term.text();
        // Of a phrase that stands nowhere each word may be right.
        let nearest = if word.contains(char::is_whitespace) { None } else { nearest(word) };
        Self { word: word.to_owned(), nearest }
    }
}

/// The words of headings, actions and decisions, and the names of people and series.
pub(super) struct Vocabulary(BTreeSet<String>);

impl Vocabulary {
    pub(super) fn of(snapshot: &Snapshot, scope: &Scope, view: &View) -> Self {
        let mut words: BTreeSet<String> = BTreeSet::new();
        for session in snapshot.sessions(scope) {
            let m = session.meeting;
            let titles = m.topics.iter().map(|t| &t.title);
            let texts = m.actions.iter().map(|a| &a.text).chain(m.decisions.iter().map(|d| &d.text));
            for text in titles.chain(texts) {
                let all = text.split(|c: char| !c.is_alphanumeric());
                words.extend(all.filter(|w| w.chars().count() >= 4).map(str::to_lowercase));
            }
        }
        words.extend(view.people.all.iter().map(|p| p.id.to_lowercase()));
        words.extend(snapshot.shards(scope).map(|(name, _)| name.to_lowercase()));
        Self(words)
    }

    /// The nearest of them, but for a word that is among them.
    pub(super) fn nearest(&self, word: &str) -> Option<String> {
        let low = word.to_lowercase();
        if self.0.contains(&low) {
            return None;
        }
        let near = self
            .0
            .iter()
            .map(|v| (strsim::damerau_levenshtein(&low, v), v))
            .filter(|(d, v)| *d <= 2 && *d * 3 <= v.chars().count());
        near.min().map(|(_, best)| best.clone())
    }

    /// The nearest of each term of a query.
    pub(super) fn suggestions(&self, query: &Query) -> Vec<String> {
        let mut out: Vec<String> = Vec::new();
        for best in query.groups.iter().flat_map(|g| &g.0).filter_map(|term| self.nearest(term.text())) {
            if !out.contains(&best) {
                out.push(best);
            }
        }
        out
    }
}
