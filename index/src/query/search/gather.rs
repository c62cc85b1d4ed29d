//! What matches, gathered: scores with a lift for kind and day, copies of one text folded, places that stand within
//! one another made one.

use std::cmp::Ordering;
use std::collections::HashMap;

use minutebook_ingest::Conventions;
use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::{Column, StrColumn};
use tantivy::{DocAddress, DocId, Score, SegmentOrdinal, SegmentReader};

use crate::query::language::{Query, Term};

/// What kinds are worth: a heading or a whole meeting is short, and says little.
const KINDS: [(&str, f32); 4] = [("topic", 0.95), ("meeting", 0.4), ("decision", 1.1), ("action", 1.0)];
/// A passage of fewer words than this, with what stands under it, tells little …
const FEW_WORDS: u64 = 6;
/// … and is worth this much.
const SHORT: f32 = 0.7;
/// What the kind is worth more that the words of a query ask for.
const WANTED: f32 = 1.25;
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

/// A document that matches, with what folding and facets need.
pub(super) struct Row {
    pub(super) score: Score,
    pub(super) address: DocAddress,
    fold: u64,
    order: u64,
    pub(super) day: Option<i64>,
    file: u64,
    section: Option<u64>,
    lines: (u64, u64),
}

pub(super) struct Gather {
    pub(super) today: i64,
    pub(super) intent: Option<Intent>,
}

pub(super) struct GatherSegment {
    segment: SegmentOrdinal,
    today: i64,
    fold: Column<u64>,
    order: Column<u64>,
    day: Column<i64>,
    place: [Column<u64>; 5],
    kind: Option<StrColumn>,
    /// By the ordinal of the kind in this segment.
    worth: Vec<f32>,
    rows: Vec<Row>,
}

impl Collector for Gather {
    type Fruit = Vec<Row>;
    type Child = GatherSegment;

    fn for_segment(&self, segment: SegmentOrdinal, reader: &SegmentReader) -> tantivy::Result<GatherSegment> {
        let column = |name: &str| reader.fast_fields().u64(name);
        let kind = reader.fast_fields().str("kind")?;
        let mut worth = Vec::new();
        if let Some(kind) = &kind {
            for ordinal in 0..kind.num_terms() as u64 {
                let mut name = String::new();
                kind.ord_to_str(ordinal, &mut name)?;
                let wanted = if self.intent.is_some_and(|i| i.kind() == name) { WANTED } else { 1.0 };
                worth.push(KINDS.iter().find(|(k, _)| *k == name).map_or(1.0, |(_, w)| *w) * wanted);
            }
        }
        Ok(GatherSegment {
            kind,
            worth,
            segment,
            today: self.today,
            fold: reader.fast_fields().u64("fold")?,
            order: reader.fast_fields().u64("order")?,
            day: reader.fast_fields().i64("day")?,
            place: [column("file")?, column("section")?, column("line")?, column("end_line")?, column("length")?],
            rows: Vec::new(),
        })
    }

    fn requires_scoring(&self) -> bool {
        true
    }

    fn merge_fruits(&self, segments: Vec<Vec<Row>>) -> tantivy::Result<Vec<Row>> {
        Ok(segments.into_iter().flatten().collect())
    }
}

impl SegmentCollector for GatherSegment {
    type Fruit = Vec<Row>;

    fn collect(&mut self, doc: DocId, score: Score) {
        let day = self.day.first(doc);
        // Up to a tenth more for what is recent, half of that after two years.
        let years = day.map_or(20.0, |d| (self.today - d).max(0) as f32 / 365.0);
        let kind = self.kind.as_ref().and_then(|k| k.term_ords(doc).next()).and_then(|n| usize::try_from(n).ok());
        let worth = kind.and_then(|n| self.worth.get(n)).copied().unwrap_or(1.0);
        let [file, section, line, end_line, length] = [0, 1, 2, 3, 4].map(|n: usize| self.place[n].first(doc));
        let short = if length.is_some_and(|n| n < FEW_WORDS) { SHORT } else { 1.0 };
        let score = score * worth * short * (1.0 + 0.1 / (1.0 + years / 2.0));
        let lines = (line.unwrap_or(0), end_line.unwrap_or(0));
        let (file, section) = (file.unwrap_or(0), section);
        let fold = self.fold.first(doc).unwrap_or(0);
        let order = self.order.first(doc).unwrap_or(0);
        self.rows.push(Row {
            score,
            address: DocAddress::new(self.segment, doc),
            fold,
            order,
            day,
            file,
            section,
            lines,
        });
    }

    fn harvest(self) -> Vec<Row> {
        self.rows
    }
}

/// Rows with the same words, the latest first.
pub(super) struct Folded {
    pub(super) rows: Vec<Row>,
    /// Of the best of them.
    score: Score,
}

impl Folded {
    pub(super) fn score(&self) -> Score {
        // A line that stands in many meetings is a header, not news.
        let damp = if self.rows.len() >= 5 { 0.6 } else { 1.0 };
        self.score * damp
    }
}

pub(super) fn fold(rows: Vec<Row>) -> Vec<Folded> {
    let mut at: HashMap<u64, usize> = HashMap::new();
    let mut out: Vec<Folded> = Vec::new();
    for row in rows {
        match at.get(&row.fold) {
            Some(&n) => out[n].rows.push(row),
            None => {
                at.insert(row.fold, out.len());
                out.push(Folded { score: row.score, rows: vec![row] });
            }
        }
    }
    for group in &mut out {
        group.score = group.rows.iter().map(|r| r.score).fold(0.0, f32::max);
        group.rows.sort_by(|a, b| b.day.cmp(&a.day).then(a.order.cmp(&b.order)));
    }
    out.sort_by(by_rank);
    out
}

pub(super) fn by_rank(a: &Folded, b: &Folded) -> Ordering {
    let (x, y) = (&a.rows[0], &b.rows[0]);
    b.score().total_cmp(&a.score()).then(y.day.cmp(&x.day)).then(x.order.cmp(&y.order))
}

/// Hits that stand within one another are one place: the best of them. Of several under one heading each is worth
/// less than the one before, so that other meetings have their say.
pub(super) fn apart(groups: Vec<Folded>) -> Vec<Folded> {
    let mut files: HashMap<u64, Vec<(u64, u64)>> = HashMap::new();
    let mut sections: HashMap<u64, i32> = HashMap::new();
    let mut out: Vec<Folded> = Vec::with_capacity(groups.len());
    for mut group in groups {
        let row = &group.rows[0];
        // A meeting as a whole stands apart from what was said in it.
        if let Some(section) = row.section {
            let taken = files.entry(row.file).or_default();
            if taken.iter().any(|&(first, last)| row.lines.0 <= last && first <= row.lines.1) {
                continue;
            }
            taken.push(row.lines);
            let before = sections.entry(section).or_default();
            group.score *= SAME_SECTION.powi(*before);
            *before += 1;
        }
        out.push(group);
    }
    out.sort_by(by_rank);
    out
}
