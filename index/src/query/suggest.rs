//! "Did you mean": what of a query stands nowhere, and what is written like it.

use foldhash::HashSet;
use serde::Serialize;

use super::Scope;
use crate::Snapshot;
use crate::snapshot::View;

/// Other spellings for what is missing, each once.
pub(super) fn suggestions(missing: &[Missing]) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for nearest in missing.iter().filter_map(|m| m.nearest.as_ref()) {
        if !out.contains(nearest) {
            out.push(nearest.clone());
        }
    }
    out
}

/// A term of a query that stands nowhere in view.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Missing {
    /// As it is typed, without the quotes of a phrase or the star of a beginning.
    pub word: String,
    /// What is written like it and does stand there.
    pub nearest: Option<String>,
}

/// The words of headings, actions and decisions, and the names of people and series.
#[derive(Debug)]
pub(super) struct Vocabulary {
    /// In order, each once.
    words: Vec<String>,
    /// How many letters each of `words` has, and which.
    letters: Vec<(usize, u64)>,
}

/// Words are written alike when so many letters more, less, other or swapped make one of the other.
const EDITS: usize = 2;

/// How many letters a word has, and a bit for each that it holds.
fn letters(word: &str) -> (usize, u64) {
    let bit = |c: char| 1 << (u32::from(c) % 64);
    (word.chars().count(), word.chars().map(bit).fold(0, |all: u64, one: u64| all | one))
}

impl Vocabulary {
    pub(super) fn of(snapshot: &Snapshot, scope: &Scope, view: &View) -> Self {
        let mut words: HashSet<String> = HashSet::default();
        let mut low = String::new();
        snapshot.each_session(scope, |session| {
            let m = session.meeting;
            let titles = m.topics.iter().map(|t| &t.title);
            let texts = m.actions.iter().map(|a| &a.text).chain(m.decisions.iter().map(|d| &d.text));
            for text in titles.chain(texts) {
                let all = text.split(|c: char| !c.is_alphanumeric());
                for word in all.filter(|w| w.chars().count() >= 4) {
                    low.clear();
                    low.extend(word.chars().flat_map(char::to_lowercase));
                    if !words.contains(&low) {
                        words.insert(low.clone());
                    }
                }
            }
        });
        words.extend(view.people.all.iter().map(|p| p.id.to_lowercase()));
        words.extend(snapshot.shards(scope).map(|(name, _)| name.to_lowercase()));
        let mut words: Vec<String> = words.into_iter().collect();
        words.sort_unstable();
        let letters = words.iter().map(|w| letters(w)).collect();
        Self { words, letters }
    }

    /// The nearest of them, but for a word that is among them.
    pub(super) fn nearest(&self, word: &str) -> Option<String> {
        let low = word.to_lowercase();
        if self.words.binary_search(&low).is_ok() {
            return None;
        }
        let (length, held) = letters(&low);
        // Each edit makes a word longer or shorter by one, and changes two letters at most: most words need no more.
        let may_be = |(n, other): &(usize, u64)| {
            n.abs_diff(length) <= EDITS && (held ^ other).count_ones() as usize <= 2 * EDITS && n / 3 > 0
        };
        let near = self.words.iter().zip(&self.letters).filter(|(_, letters)| may_be(letters));
        let near = near
            .map(|(v, (n, _))| (strsim::damerau_levenshtein(&low, v), v, n))
            .filter(|(d, _, n)| *d <= EDITS && d * 3 <= **n);
        near.min().map(|(_, best, _)| best.clone())
    }
}
