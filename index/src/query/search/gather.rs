//! What matches, gathered: scores with a lift for kind and day, copies of one text folded, places that stand within
//! one another made one.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::Arc;

use minutebook_ingest::Conventions;
use tantivy::collector::{Collector, SegmentCollector};
use tantivy::{DocAddress, DocId, Score, SegmentOrdinal, SegmentReader};

use super::columns::{Columns, Told};
use crate::query::language::{Query, Sort, Term};
use crate::text::{Kind, Place, Rank};

/// What kinds are worth: a heading or a whole meeting is short, and says little.
const KINDS: [(&str, f32); 4] = [("topic", 0.95), ("meeting", 0.4), ("decision", 1.1), ("action", 1.0)];
/// A passage of fewer words than this, with what stands under it, tells little …
const FEW_WORDS: u8 = 6;
/// … and is worth this much.
const SHORT: f32 = 0.7;
/// What the kind is worth more that the words of a query ask for.
const WANTED: f32 = 1.8;
/// What each further hit under one heading is worth, beside the one before.
const SAME_SECTION: f32 = 0.85;

/// What the words of a query ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Intent {
    /// "what did we decide …", "why …"
    Decision,
    /// "who …", "todo"
    Action,
}

impl Intent {
    pub(super) fn of(query: &Query, conventions: &Conventions) -> Option<Self> {
        let says = |list: &[String]| {
            query.groups.iter().flat_map(|g| &g.0).any(|t| match t {
                Term::Word(word) => list.iter().any(|w| w.eq_ignore_ascii_case(word)),
                _ => false,
            })
        };
        let search = &conventions.search;
        if says(&search.decisions) {
            return Some(Self::Decision);
        }
        says(&search.actions).then_some(Self::Action)
    }

    fn kind(self) -> &'static str {
        match self {
            Self::Decision => "decision",
            Self::Action => "action",
        }
    }
}

/// A document that matches.
#[derive(Debug, Clone, std::marker::Copy)]
pub(super) struct Row {
    score: Score,
    segment: SegmentOrdinal,
    doc: DocId,
    /// The number of its file.
    file: u32,
    pub(super) rank: Rank,
    /// The hash of its text.
    fold: u64,
    /// Packed.
    place: u64,
}

impl Row {
    pub(super) fn series(&self, columns: &Columns) -> Option<u32> {
        columns.series_of(self.segment, self.doc)
    }

    /// The number of its file.
    pub(super) fn file(&self) -> u32 {
        self.file
    }

    pub(super) fn people(&self, columns: &Columns) -> impl Iterator<Item = u32> {
        columns.people_of(self.segment, self.doc)
    }

    pub(super) fn address(&self) -> DocAddress {
        DocAddress::new(self.segment, self.doc)
    }

    /// Where it stands in its file.
    pub(super) fn place(&self) -> Place {
        Place::unpacked(self.place)
    }
}

pub(super) struct Gather {
    columns: Arc<Columns>,
    today: i32,
    /// By the number of the kind.
    worth: [f32; Kind::ALL.len()],
}

impl Gather {
    pub(super) fn new(columns: Arc<Columns>, today: i64, intent: Option<Intent>) -> Self {
        let worth = Kind::ALL.map(|name| {
            let wanted = if intent.is_some_and(|i| i.kind() == name) { WANTED } else { 1.0 };
            KINDS.iter().find(|(k, _)| *k == name).map_or(1.0, |(_, w)| *w) * wanted
        });
        Self { columns, today: i32::try_from(today).unwrap_or(i32::MAX), worth }
    }
}

pub(super) struct GatherSegment {
    columns: Arc<Columns>,
    segment: SegmentOrdinal,
    today: i32,
    worth: [f32; Kind::ALL.len()],
    docs: Vec<DocId>,
    scores: Vec<Score>,
}

impl Collector for Gather {
    type Fruit = Vec<Row>;
    type Child = GatherSegment;

    fn for_segment(&self, segment: SegmentOrdinal, _: &SegmentReader) -> tantivy::Result<GatherSegment> {
        let Self { columns, today, worth } = self;
        let columns = Arc::clone(columns);
        let (docs, scores) = (Vec::new(), Vec::new());
        Ok(GatherSegment { columns, segment, today: *today, worth: *worth, docs, scores })
    }

    fn requires_scoring(&self) -> bool {
        true
    }

    fn merge_fruits(&self, segments: Vec<Vec<Row>>) -> tantivy::Result<Vec<Row>> {
        let mut segments = segments.into_iter();
        let mut rows = segments.next().unwrap_or_default();
        segments.for_each(|more| rows.extend(more));
        Ok(rows)
    }
}

impl SegmentCollector for GatherSegment {
    type Fruit = Vec<Row>;

    fn collect(&mut self, doc: DocId, score: Score) {
        self.docs.push(doc);
        self.scores.push(score);
    }

    fn harvest(self) -> Vec<Row> {
        let Told { ranks, places, folds, files } = self.columns.told(self.segment, &self.docs);
        let row = |n: usize| {
            let rank = Rank::unpacked(ranks[n]);
            Row {
                score: self.scores[n] * self.worth(rank),
                segment: self.segment,
                doc: self.docs[n],
                file: u32::try_from(files[n]).unwrap_or(0),
                rank,
                fold: folds[n],
                place: places[n],
            }
        };
        (0..self.docs.len()).map(row).collect()
    }
}

impl GatherSegment {
    /// How many times its score a document is worth.
    fn worth(&self, rank: Rank) -> f32 {
        // Up to a tenth more for what is recent, half of that after two years.
        let days = rank.day().map_or(20 * 365, |day| self.today.saturating_sub(day).max(0));
        let years = days as f32 / 365.0;
        let worth = self.worth.get(rank.kind()).copied().unwrap_or(1.0);
        let short = if rank.length() < FEW_WORDS { SHORT } else { 1.0 };
        worth * short * (1.0 + 0.1 / (1.0 + years / 2.0))
    }
}

/// Rows with the same words, as they are shown.
#[derive(Debug, Clone, std::marker::Copy)]
pub(super) struct Folded {
    /// The latest.
    pub(super) row: Row,
    /// Of the best of them, less for what stands in many places.
    pub(super) score: Score,
    count: u32,
}

/// The same while there are many of them: the latest is told by its number among the rows.
#[derive(Debug, Clone, std::marker::Copy)]
struct Group {
    row: u32,
    score: Score,
    /// How many rows; 0 where the row is told by another group.
    count: u32,
}

/// A line that stands in as many meetings is a header, not news …
const MANY: u32 = 5;
/// … and worth this much.
const HEADER: f32 = 0.6;

/// What matches, of a searcher's documents.
pub(super) struct Gathered {
    pub(super) columns: Arc<Columns>,
    /// As they lie in the index, so those of a file are neighbours.
    rows: Vec<Row>,
    /// In the order of their rows, until they are set apart.
    groups: Vec<Group>,
}

impl Gathered {
    /// Folds copies of one text.
    pub(super) fn fold(columns: Arc<Columns>, rows: Vec<Row>) -> Self {
        let perhaps = Twice::of(rows.iter().map(|row| row.fold));
        // Of each text that may be there twice, the row that tells of its group.
        let mut told_by: HashMap<u64, u32, BuildHasherDefault<Hashed>> = HashMap::default();
        let mut groups: Vec<Group> = Vec::with_capacity(rows.len());
        for (n, row) in (0..).zip(&rows) {
            let mut group = Group { row: n, score: row.score, count: 1 };
            if perhaps.has(row.fold) {
                let at = told_by.entry(row.fold).or_insert(n);
                if let Some(known) = groups.get_mut(*at as usize) {
                    known.score = known.score.max(row.score);
                    known.count += 1;
                    group.count = 0;
                    if later(&columns, row, &rows[*at as usize]).is_lt() {
                        group = Group { row: n, ..*known };
                        known.count = 0;
                        *at = n;
                    }
                }
            }
            groups.push(group);
        }
        groups.retain(|group| group.count > 0);
        for group in &mut groups {
            group.score *= if group.count >= MANY { HEADER } else { 1.0 };
        }
        Self { columns, rows, groups }
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.groups.len()
    }

    /// The latest of each.
    pub(super) fn latest(&self) -> impl Iterator<Item = &Row> {
        self.groups.iter().map(|group| self.row(group))
    }

    fn row(&self, group: &Group) -> &Row {
        &self.rows[group.row as usize]
    }

    fn by_rank(&self, a: &Group, b: &Group) -> Ordering {
        b.score.total_cmp(&a.score).then_with(|| later(&self.columns, self.row(a), self.row(b)))
    }

    /// Hits that stand within one another are one place: the best of them. Of several under one heading each is worth
    /// less than the one before, so that other meetings have their say.
    pub(super) fn apart(&mut self) {
        let groups = std::mem::take(&mut self.groups);
        let mut out = Vec::with_capacity(groups.len());
        let mut said: Vec<(Group, Place)> = Vec::new();
        for of_file in groups.chunk_by(|a, b| self.row(a).file == self.row(b).file) {
            if let [one] = *of_file {
                out.push(one);
                continue;
            }
            said.clear();
            for group in of_file {
                let row = self.row(group);
                // A meeting as a whole stands apart from what was said in it.
                if row.rank.kind() == Kind::Meeting.number() {
                    out.push(*group);
                } else {
                    said.push((*group, row.place()));
                }
            }
            self.best_of_overlaps(&mut said);
            for section in said.chunk_by_mut(|(_, a), (_, b)| a.section == b.section) {
                if section.len() > 1 {
                    section.sort_unstable_by(|(a, _), (b, _)| self.by_rank(a, b));
                }
                let mut worth = 1.0;
                for (one, _) in section {
                    one.score *= worth;
                    worth *= SAME_SECTION;
                    out.push(*one);
                }
            }
        }
        self.groups = out;
    }

    /// Of what overlaps leaves the best. All are of one file, in the order of their lines, and stay so.
    fn best_of_overlaps(&self, said: &mut Vec<(Group, Place)>) {
        let overlap = |a: &Place, b: &Place| a.line <= b.end_line && b.line <= a.end_line;
        let mut kept = 0;
        let mut from = 0;
        while from < said.len() {
            let mut end = said[from].1.end_line;
            let mut to = from + 1;
            while to < said.len() && said[to].1.line <= end {
                end = end.max(said[to].1.end_line);
                to += 1;
            }
            if to - from > 1 {
                said[from..to].sort_unstable_by(|(a, _), (b, _)| self.by_rank(a, b));
            }
            let first = kept;
            for n in from..to {
                if !said[first..kept].iter().any(|(_, taken)| overlap(taken, &said[n].1)) {
                    said[kept] = said[n];
                    kept += 1;
                }
            }
            said[first..kept].sort_unstable_by_key(|(_, place)| place.line);
            from = to;
        }
        said.truncate(kept);
    }

    /// The groups that come first, in order: `count` from `from` on.
    pub(super) fn first(&self, from: usize, count: usize, sort: Option<Sort>) -> Vec<Folded> {
        let day = |g: &Group| self.row(g).rank.day();
        let by_date = sort == Some(Sort::Date);
        let order = |a: &Group, b: &Group| {
            let days = if by_date { day(b).cmp(&day(a)) } else { Ordering::Equal };
            days.then_with(|| self.by_rank(a, b))
        };
        let end = from.saturating_add(count);
        if end == 0 {
            return Vec::new();
        }
        let mut all = self.groups.clone();
        if end < all.len() {
            all.select_nth_unstable_by(end - 1, order);
            all.truncate(end);
        }
        all.sort_unstable_by(order);
        let shown = all.iter().skip(from);
        shown.map(|g| Folded { row: *self.row(g), score: g.score, count: g.count }).collect()
    }

    /// The rows of each of some groups, the latest first.
    pub(super) fn rows(&self, groups: &[Folded]) -> Vec<Vec<Row>> {
        let mut wanted: HashMap<u64, usize, BuildHasherDefault<Hashed>> = HashMap::default();
        for (n, group) in groups.iter().enumerate().filter(|(_, g)| g.count > 1) {
            wanted.insert(group.row.fold, n);
        }
        let mut out: Vec<Vec<Row>> =
            groups.iter().map(|g| if g.count > 1 { Vec::new() } else { vec![g.row] }).collect();
        if !wanted.is_empty() {
            for &row in &self.rows {
                if let Some(&n) = wanted.get(&row.fold) {
                    out[n].push(row);
                }
            }
        }
        for rows in &mut out {
            rows.sort_unstable_by(|a, b| later(&self.columns, a, b));
        }
        out
    }
}

/// The latest first; of one day in an order that does not depend on how the index came about.
fn later(columns: &Columns, a: &Row, b: &Row) -> Ordering {
    let order = |row: &Row| columns.order(row.segment, row.doc);
    b.rank.day().cmp(&a.rank.day()).then_with(|| order(a).cmp(&order(b))).then_with(|| a.doc.cmp(&b.doc))
}

/// Which of some hashes may be there twice: what surely is there once needs no table.
struct Twice {
    bits: Vec<u64>,
    mask: u64,
}

impl Twice {
    /// So many bits for each hash: of what is there once a twentieth is looked up in vain.
    const BITS: usize = 16;

    fn of(hashes: impl ExactSizeIterator<Item = u64>) -> Self {
        let size = (hashes.len() * Self::BITS).next_power_of_two().max(64);
        let mask = size as u64 - 1;
        let mut once = vec![0_u64; size / 64];
        let mut bits = vec![0_u64; size / 64];
        for hash in hashes {
            let (at, bit) = Self::place(hash & mask);
            bits[at] |= once[at] & bit;
            once[at] |= bit;
        }
        Self { bits, mask }
    }

    fn has(&self, hash: u64) -> bool {
        let (at, bit) = Self::place(hash & self.mask);
        self.bits[at] & bit != 0
    }

    fn place(number: u64) -> (usize, u64) {
        ((number / 64) as usize, 1 << (number % 64))
    }
}

/// For keys that are hashes already.
#[derive(Default)]
struct Hashed(u64);

impl Hasher for Hashed {
    fn write_u64(&mut self, key: u64) {
        self.0 = key;
    }

    fn write(&mut self, _: &[u8]) {
        unreachable!("keys are numbers");
    }

    fn finish(&self) -> u64 {
        self.0
    }
}
