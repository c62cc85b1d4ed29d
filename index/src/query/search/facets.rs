//! How many hits there are of each kind, series, year and person.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;
use tantivy::columnar::StrColumn;

use super::gather::Folded;
use crate::Snapshot;
use crate::snapshot::View;
use crate::text::date_of;

/// Counts by what a reader narrows down with.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Facets {
    /// By kind.
    pub kind: Vec<Count>,
    /// By series.
    pub series: Vec<Count>,
    /// By year.
    pub year: Vec<Count>,
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

pub(super) fn facets(snapshot: &Snapshot, view: &View, groups: &[Folded]) -> tantivy::Result<Facets> {
    let mut columns: HashMap<u32, [Option<StrColumn>; 3]> = HashMap::new();
    let mut counts: [BTreeMap<String, usize>; 3] = Default::default();
    let mut years: BTreeMap<String, usize> = BTreeMap::new();
    // Ordinals are counted first, so that each name is read once a segment.
    let mut ordinals: HashMap<(u32, usize, u64), usize> = HashMap::new();
    for group in groups {
        let row = &group.rows[0];
        let segment = row.address.segment_ord;
        let columns = match columns.entry(segment) {
            std::collections::hash_map::Entry::Occupied(e) => e.into_mut(),
            std::collections::hash_map::Entry::Vacant(e) => {
                let fast = snapshot.searcher.segment_reader(segment).fast_fields();
                e.insert([fast.str("kind")?, fast.str("series")?, fast.str("person")?])
            }
        };
        for (n, column) in columns.iter().enumerate() {
            for ordinal in column.iter().flat_map(|c| c.term_ords(row.address.doc_id)) {
                *ordinals.entry((segment, n, ordinal)).or_default() += 1;
            }
        }
        if let Some(date) = row.day.and_then(date_of) {
            *years.entry(date.year().to_string()).or_default() += 1;
        }
    }
    for ((segment, n, ordinal), count) in ordinals {
        let mut name = String::new();
        if let Some(column) = &columns[&segment][n] {
            column.ord_to_str(ordinal, &mut name)?;
            // People by who they are, not by spelling.
            let name = if n == 2 { view.people.find(&name).map_or(name, |p| p.id.clone()) } else { name };
            *counts[n].entry(name).or_default() += count;
        }
    }
    let listed = |counts: BTreeMap<String, usize>, most: usize| {
        let mut all: Vec<Count> = counts.into_iter().map(|(value, count)| Count { value, count }).collect();
        all.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.value.cmp(&b.value)));
        all.truncate(most);
        all
    };
    let [kind, series, person] = counts;
    let mut year = listed(years, usize::MAX);
    year.sort_by(|a, b| b.value.cmp(&a.value));
    Ok(Facets { kind: listed(kind, usize::MAX), series: listed(series, usize::MAX), year, person: listed(person, 12) })
}
