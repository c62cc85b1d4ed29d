//! How many hits there are of each kind, series, year and person.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;

use super::columns::{Columns, NONE};
use super::gather::Gathered;
use super::known;
use crate::snapshot::View;
use crate::text::{Kind, date_of};

/// Counts by what a reader narrows down with.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Facets {
    /// By kind.
    pub kind: Vec<Count>,
    /// By series.
    pub series: Vec<Count>,
    /// By year.
    pub year: Vec<Count>,
    /// By month that has any, the earliest first.
    pub month: Vec<Count>,
    /// By person; the twelve most frequent.
    pub person: Vec<Count>,
}

/// A value and how many passages have it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Count {
    /// As the qualifier takes it.
    pub value: String,
    /// How many.
    pub count: usize,
}

/// Counts what was gathered. People are counted by who they are, not by spelling.
pub(super) fn facets(found: &Gathered, view: &View) -> Facets {
    let columns = &*found.columns;
    let mut kinds = [0; Kind::ALL.len()];
    let mut series = vec![0; columns.series.len()];
    let mut months: BTreeMap<i32, usize> = BTreeMap::new();
    let few: Meant;
    let meant = if found.len() < FEW {
        few = Meant::of(found.latest().flat_map(|row| row.people(columns)), columns, view);
        &few
    } else {
        known::meant(columns, view)
    };
    let mut people = People::of(meant);
    // Neighbours mostly are of one day.
    let mut run: (Option<i32>, usize) = (None, 0);
    let mut count_run = |(day, count): (Option<i32>, usize)| {
        if let Some(date) = day.and_then(|day| date_of(day.into())) {
            *months.entry((i32::from(date.year()) - 1970) * 12 + i32::from(date.month()) - 1).or_default() += count;
        }
    };
    // So they are of one file, which is of one series.
    let mut of_file: (u32, Option<u32>) = (NONE, None);
    for (n, row) in found.latest().enumerate() {
        let rank = row.rank;
        if let Some(count) = kinds.get_mut(rank.kind()) {
            *count += 1;
        }
        if of_file.0 != row.file() {
            of_file = (row.file(), row.series(columns));
        }
        if let Some(count) = of_file.1.and_then(|n| series.get_mut(n as usize)) {
            *count += 1;
        }
        if run.0 != rank.day() {
            count_run(std::mem::replace(&mut run, (rank.day(), 0)));
        }
        run.1 += 1;
        for spelling in row.people(columns) {
            people.count(spelling, n);
        }
    }
    count_run(run);
    let mut years: BTreeMap<i32, usize> = BTreeMap::new();
    for (month, count) in &months {
        *years.entry(1970 + month.div_euclid(12)).or_default() += count;
    }
    let counted = |(value, count): (&str, usize)| (count > 0).then(|| Count { value: value.to_owned(), count });
    let listed = |mut all: Vec<Count>, most: usize| {
        all.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.value.cmp(&b.value)));
        all.truncate(most);
        all
    };
    let year = |(year, count): (i32, usize)| Count { value: year.to_string(), count };
    let month = |(month, count): (i32, usize)| {
        let (year, month) = (1970 + month.div_euclid(12), month.rem_euclid(12) + 1);
        Count { value: format!("{year:04}-{month:02}"), count }
    };
    Facets {
        kind: listed(Kind::ALL.into_iter().zip(kinds).filter_map(counted).collect(), usize::MAX),
        series: listed(columns.series.iter().zip(series).filter_map(counted).collect(), usize::MAX),
        year: years.into_iter().rev().map(year).collect(),
        month: months.into_iter().map(month).collect(),
        person: listed(people.counts().filter_map(counted).collect(), 12),
    }
}

/// Of so few hits it is sooner told whom their spellings mean than whom all do.
const FEW: usize = 256;

/// Whom spellings of the columns mean, by number.
#[derive(Debug)]
pub(super) struct Meant {
    /// By the number of the spelling; [`NONE`] where it was not asked for.
    of: Vec<u32>,
    /// Ids of people, or the spelling of who is not known.
    ids: Vec<String>,
}

impl Meant {
    pub(super) fn of(spellings: impl Iterator<Item = u32>, columns: &Columns, view: &View) -> Self {
        let mut known: HashMap<&str, u32> = HashMap::new();
        let mut of = vec![NONE; columns.people.len()];
        let mut ids: Vec<&str> = Vec::new();
        for spelling in spellings {
            let meant = &mut of[spelling as usize];
            if *meant != NONE {
                continue;
            }
            let name = columns.people.of(spelling);
            let id = view.people.find(name).map_or(name, |person| person.id.as_str());
            *meant = *known.entry(id).or_insert_with(|| {
                ids.push(id);
                u32::try_from(ids.len() - 1).unwrap_or(NONE)
            });
        }
        let ids = ids.into_iter().map(str::to_owned).collect();
        Self { of, ids }
    }
}

/// Counts of people: each once a hit, however they are spelt in it.
struct People<'a> {
    meant: &'a Meant,
    /// With the last hit that was counted.
    counts: Vec<(usize, usize)>,
}

impl<'a> People<'a> {
    fn of(meant: &'a Meant) -> Self {
        Self { meant, counts: vec![(0, usize::MAX); meant.ids.len()] }
    }

    fn count(&mut self, spelling: u32, hit: usize) {
        let (count, last) = &mut self.counts[self.meant.of[spelling as usize] as usize];
        if *last != hit {
            *count += 1;
            *last = hit;
        }
    }

    fn counts(self) -> impl Iterator<Item = (&'a str, usize)> {
        self.meant.ids.iter().zip(self.counts).map(|(id, (count, _))| (id.as_str(), count))
    }
}
