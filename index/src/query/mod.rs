//! The questions that can be asked, each written once and shown by command line, page and API alike.
//!
//! Every query takes a [`Scope`]: what it does not let see does not exist for threads, counts, facets
//! or suggestions. Answers are plain structs that serialise to the documented JSON.

pub mod actions;
pub mod agenda;
pub mod attendance;
pub mod away;
pub mod changes;
pub mod check;
pub mod complete;
pub mod dates;
pub mod decisions;
pub mod direct;
pub mod explain;
pub mod graph;
pub mod habits;
pub mod handoffs;
pub mod issues;
pub mod language;
pub mod ledger;
pub mod meetings;
pub mod people;
pub mod ranking;
mod ruled;
pub mod search;
pub mod series;
mod suggest;
pub mod synonyms;
pub mod who;

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::commit::Commit;

/// What a question may see, and the day it is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// Books by name; none means all.
    pub books: Option<BTreeSet<String>>,
    /// Series by name; none means all.
    pub series: Option<BTreeSet<String>>,
    /// Meetings up to this day, nothing later.
    pub as_of: Option<Date>,
    /// The commit whose book is asked, by its hash; none where it is the one of now. What that book holds is the
    /// snapshot's business: of it nothing is hidden.
    pub commit: Option<String>,
    /// The day of asking, for ages: `as_of` where it is set, and the day of the commit where one is asked.
    pub today: Date,
}

impl Scope {
    /// Everything, asked on a day.
    pub fn whole(today: Date) -> Self {
        Self { books: None, series: None, as_of: None, commit: None, today }
    }

    /// Everything up to a day, as if it were that day.
    pub fn as_of(day: Date) -> Self {
        Self { books: None, series: None, as_of: Some(day), commit: None, today: day }
    }

    /// Everything in the book of a commit, as if it were the day of that commit.
    pub fn at(commit: &Commit) -> Self {
        Self { commit: Some(commit.id.clone()), ..Self::whole(commit.day) }
    }

    /// True when it is asked as of a day or commit: what was said then cannot be changed.
    pub fn is_past(&self) -> bool {
        self.as_of.is_some() || self.commit.is_some()
    }

    /// True when nothing is hidden.
    pub fn is_whole(&self) -> bool {
        self.books.is_none() && self.series.is_none() && self.as_of.is_none()
    }

    /// Whether a series may be seen.
    pub fn has_series(&self, name: &str) -> bool {
        self.series.as_ref().is_none_or(|s| s.contains(name))
    }
}

/// Somebody asked for what is not there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no {what} {wanted:?}{}", near(.nearest))]
pub struct NotFound {
    /// series, person, meeting, …
    pub what: &'static str,
    /// As asked.
    pub wanted: String,
    /// The nearest names, best first.
    pub nearest: Vec<String>,
}

fn near(nearest: &[String]) -> String {
    match nearest {
        [] => String::new(),
        [one] => format!("; did you mean {one}?"),
        many => format!("; did you mean one of {}?", many.join(", ")),
    }
}

impl NotFound {
    /// With the nearest of some names.
    pub fn among<N: AsRef<str>>(what: &'static str, wanted: &str, names: impl Iterator<Item = N>) -> Self {
        let low = wanted.to_lowercase();
        let mut scored: Vec<(f64, N)> = names
            .map(|n| {
                let name = n.as_ref().to_lowercase();
                let bonus = if name.contains(&low) || low.contains(&name) { 0.3 } else { 0.0 };
                (strsim::jaro_winkler(&low, &name) + bonus, n)
            })
            .filter(|(score, _)| *score > 0.72)
            .collect();
        scored.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.as_ref().cmp(b.1.as_ref())));
        Self {
            what,
            wanted: wanted.to_owned(),
            nearest: scored.into_iter().take(3).map(|(_, n)| n.as_ref().to_owned()).collect(),
        }
    }
}
