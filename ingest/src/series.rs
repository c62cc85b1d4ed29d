//! Path -> series.
//!
//! A series is the folder path less dates, quarters and words such as `minutes` or `archive`, plus a
//! suffix of the file name where it recurs: `2017/Q1/2017-01-02--libp2p.md` is `libp2p`. Whether a
//! suffix recurs only the whole list of paths can tell, so that list makes a [`SeriesRule`] first.

use std::collections::{BTreeMap, HashMap};

use crate::book::Listing;
use crate::{conventions, dates};

/// Tells the series of a path.
#[derive(Debug, Clone, Default)]
pub struct SeriesRule {
    dropped: Vec<String>,
    /// Folder series -> suffixes that recur in it.
    recurring: HashMap<String, Vec<String>>,
}

/// Folder part and file-name suffix of a path.
fn parts(path: &str, dropped: &[String]) -> (String, String) {
    let (folders, file) = path.rsplit_once('/').unwrap_or(("", path));
    let is_dropped = |part: &str| {
        let low = part.to_lowercase();
        dropped.contains(&low)
    };
    let folder = folders
        .split('/')
        .filter_map(|part| {
            let rest = without_date(part);
            (!rest.is_empty() && !is_dropped(&rest)).then_some(rest)
        })
        .collect::<Vec<_>>()
        .join("/");
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let mut suffix = without_date(stem);
    if suffix == stem && !dates::has_date(stem) {
        return (folder, suffix);
    }
    // A suffix that only repeats the folder's name says nothing more.
    let folder_words: Vec<String> = folder.split(['/', '-', '_', ' ']).map(str::to_lowercase).collect();
    let repeats = suffix.split(['-', '_', ' ']).all(|w| folder_words.contains(&w.to_lowercase()));
    if is_dropped(&suffix) || repeats {
        suffix.clear();
    }
    (folder, suffix)
}

/// A name less dates, years, quarters and what joined them: `2017-01-02--libp2p` is `libp2p`.
fn without_date(name: &str) -> String {
    let mut rest = name.to_owned();
    if let Some(found) = dates::find(name).first() {
        rest.replace_range(found.range.clone(), "");
    }
    let rest = rest.trim_matches(['-', '_', ' ', '.', '+']).to_owned();
    let low = rest.to_lowercase();
    let is_year = rest.len() == 4 && rest.starts_with(['1', '2']) && rest.bytes().all(|b| b.is_ascii_digit());
    let is_quarter = low.len() == 2 && low.starts_with('q') && low.ends_with(|c: char| ('1'..='4').contains(&c));
    let is_month = rest.len() <= 2 && !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit());
    if is_year || is_quarter || is_month { String::new() } else { rest }
}

impl SeriesRule {
    /// Learns which suffixes recur among these paths (relative to the book, with `/`).
    pub fn learn<'a>(paths: impl IntoIterator<Item = &'a str>, conventions: &conventions::Series) -> Self {
        let mut counts: BTreeMap<(String, String), usize> = BTreeMap::new();
        for path in paths {
            let (folder, suffix) = parts(path, &conventions.dropped);
            if !suffix.is_empty() {
                *counts.entry((folder, suffix)).or_default() += 1;
            }
        }
        let mut recurring: HashMap<String, Vec<String>> = HashMap::new();
        for ((folder, suffix), n) in counts {
            if n >= 2 {
                recurring.entry(folder).or_default().push(suffix);
            }
        }
        Self { dropped: conventions.dropped.clone(), recurring }
    }

    /// Which file-name suffixes recur is told by all files of the book.
    pub fn of(listing: &Listing, conventions: &conventions::Series) -> Self {
        Self::learn(listing.files.iter().map(|f| f.path.as_str()), conventions)
    }

    /// Whether the rule stays the same when a file with this path comes or goes: its name has no suffix that could
    /// begin or cease to recur.
    pub fn is_settled_for(&self, path: &str) -> bool {
        parts(path, &self.dropped).1.is_empty()
    }

    /// The series of a path.
    ///
    /// ```
    /// use minutebook_ingest::{Conventions, series::SeriesRule};
    /// let paths = ["2017/Q1/2017-01-02--libp2p.md", "2017/Q1/2017-01-09--libp2p.md", "iaas/20230710.md"];
    /// let rule = SeriesRule::learn(paths, &Conventions::defaults().series);
    /// assert_eq!(rule.series("2017/Q1/2017-01-02--libp2p.md"), "libp2p");
    /// assert_eq!(rule.series("iaas/20230710.md"), "iaas");
    /// assert_eq!(rule.series("iaas/20230711-postmortem.md"), "iaas");
    /// assert_eq!(rule.series("product-board/2023-07-11-board.md"), "product-board");
    /// assert_eq!(rule.series("2024-01-01.md"), "meetings");
    /// ```
    pub fn series(&self, path: &str) -> String {
        let (folder, suffix) = parts(path, &self.dropped);
        let recurs = self.recurring.get(&folder).is_some_and(|all| all.contains(&suffix));
        match (folder.is_empty(), recurs && !suffix.is_empty()) {
            (true, true) => suffix,
            (true, false) => "meetings".to_owned(),
            (false, true) => format!("{folder}/{suffix}"),
            (false, false) => folder,
        }
    }
}
