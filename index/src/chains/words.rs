//! Sets of words, and of issues. There are very many of them while chains are made, and most of their words are the same few
//! thousand: they are shared.

use std::collections::HashSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::threads::share_one;

/// Words, each once, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Words(Box<[Arc<str>]>);

impl<W: Into<Arc<str>>> FromIterator<W> for Words {
    fn from_iter<I: IntoIterator<Item = W>>(words: I) -> Self {
        let mut all: Vec<Arc<str>> = words.into_iter().map(Into::into).collect();
        all.sort_unstable();
        all.dedup();
        Self(all.into())
    }
}

impl Words {
    /// One after the other.
    pub fn iter(&self) -> impl Iterator<Item = &str> + Clone {
        self.0.iter().map(|word| &**word)
    }

    /// As they are shared.
    pub fn shared(&self) -> &[Arc<str>] {
        &self.0
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a word is one of them.
    pub fn contains(&self, word: &str) -> bool {
        self.0.binary_search_by(|own| (**own).cmp(word)).is_ok()
    }

    /// Those that are in both.
    pub fn intersection<'a>(&'a self, other: &'a Self) -> impl Iterator<Item = &'a str> {
        self.iter().filter(|word| other.contains(word))
    }

    /// Those of which something is true.
    pub fn filtered(&self, is_wanted: impl Fn(&str) -> bool) -> Self {
        Self(self.0.iter().filter(|word| is_wanted(word)).cloned().collect())
    }

    /// Whether none is in both.
    pub fn is_disjoint(&self, other: &Self) -> bool {
        self.intersection(other).next().is_none()
    }

    /// Those that are in either.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        self.0.iter().chain(&other.0).cloned().collect()
    }

    /// Takes the words that are known in place of equal ones.
    pub(super) fn share(&mut self, known: &mut HashSet<Arc<str>>) {
        self.0.iter_mut().for_each(|word| share_one(known, word));
    }
}
