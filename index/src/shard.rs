//! The facts of one series: what is stored, and the order in which it happened.

use std::collections::HashMap;

use jiff::civil::Date;
use minutebook_ingest::facts::{Meeting, MeetingKind};
use serde::{Deserialize, Serialize};

/// Facts of one file with what tells whether it has changed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FileFacts {
    /// Relative to the book.
    pub path: String,
    /// In bytes.
    pub size: u64,
    /// Nanoseconds since 1970.
    pub modified: u128,
    /// blake3 of the bytes.
    pub hash: String,
    /// git's id of the bytes, where the book lies in a work tree.
    pub blob: Option<String>,
    /// Short names of repositories that its links teach.
    pub taught: Vec<(String, String)>,
    /// Abbreviations that it explains, with their long forms.
    pub abbreviations: Vec<(String, String)>,
    /// At least one.
    pub meetings: Vec<Meeting>,
}

/// All files of a series, sorted by path: the unit that is stored and replaced.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ShardFacts {
    /// The series.
    pub series: String,
    /// Sorted by path.
    pub files: Vec<FileFacts>,
}

/// A series, ready to be asked.
#[derive(Debug)]
pub struct Shard {
    /// What is stored.
    pub facts: ShardFacts,
    /// (file, meeting) in order of date, path and line; undated ones last.
    order: Vec<(u32, u32)>,
}

/// A meeting with the file it stands in.
#[derive(Debug, Clone, Copy)]
pub struct Session<'a> {
    /// The file.
    pub file: &'a FileFacts,
    /// The meeting.
    pub meeting: &'a Meeting,
}

impl Shard {
    /// Orders the meetings of a series.
    pub fn new(mut facts: ShardFacts) -> Self {
        let mut order: Vec<(u32, u32)> = Vec::new();
        for (f, file) in facts.files.iter().enumerate() {
            for m in 0..file.meetings.len() {
                order.push((u32::try_from(f).unwrap_or(u32::MAX), u32::try_from(m).unwrap_or(u32::MAX)));
            }
        }
        let key = |&(f, m): &(u32, u32)| {
            let meeting = &facts.files[f as usize].meetings[m as usize];
            (meeting.date.unwrap_or(Date::MAX), &meeting.path, meeting.line)
        };
        order.sort_by(|a, b| key(a).cmp(&key(b)));
        // Several files of one day: extraction, which knows one file, gave their meetings one id.
        let mut seen: HashMap<String, u32> = HashMap::new();
        for &(f, m) in &order {
            let meeting = &mut facts.files[f as usize].meetings[m as usize];
            let n = seen.entry(meeting.id.clone()).and_modify(|n| *n += 1).or_insert(0);
            if *n > 0 {
                meeting.id = format!("{}-{n}", meeting.id);
            }
        }
        Self { facts, order }
    }

    /// The meetings in order, up to a day (undated ones have no place before any day).
    pub fn sessions(&self, as_of: Option<Date>) -> impl DoubleEndedIterator<Item = Session<'_>> + Clone {
        self.order
            .iter()
            .map(|&(f, m)| {
                let file = &self.facts.files[f as usize];
                Session { file, meeting: &file.meetings[m as usize] }
            })
            .filter(move |s| match as_of {
                None => true,
                Some(day) => s.meeting.date.is_some_and(|d| d <= day),
            })
    }

    /// Meetings that took place, in order.
    pub fn held(&self, as_of: Option<Date>) -> impl DoubleEndedIterator<Item = Session<'_>> + Clone {
        self.sessions(as_of)
            .filter(|s| s.meeting.kind == MeetingKind::Meeting && s.meeting.held && s.meeting.date.is_some())
    }

    /// For tests: a series `meetings` of these texts, a week apart from 2026-01-05 on.
    #[cfg(test)]
    pub(crate) fn weekly(texts: &[&str]) -> Self {
        let monday = jiff::civil::date(2026, 1, 5);
        let file = |(n, text): (i64, &&str)| {
            let day = monday.checked_add(jiff::Span::new().weeks(n)).expect("a day of this century");
            let path = format!("{day}.md");
            let meetings = minutebook_ingest::extract(text, &path);
            FileFacts {
                meetings,
                path,
                size: 0,
                modified: 0,
                hash: String::new(),
                blob: None,
                taught: Vec::new(),
                abbreviations: Vec::new(),
            }
        };
        Self::new(ShardFacts { series: "meetings".into(), files: (0..).zip(texts).map(file).collect() })
    }
}
