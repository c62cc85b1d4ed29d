//! "What should be mended in the minutes?": the diagnostics of single files, and those that need the book.
//!
//! The codes are those of [`minutebook_ingest::checks`]; how loudly each is told is a convention of the
//! book. `ledger` looks at what was said outside the minutes, `people` at who is named, `work` at actions,
//! `references` at issues, `twice` at files that say the same.

mod ledger;
mod people;
mod references;
mod roster;
mod source;
mod twice;
mod work;

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use jiff::civil::Date;
use minutebook_ingest::book::Skipped;
use minutebook_ingest::checks;
use minutebook_ingest::facts::{Attendance, Meeting, Severity};
use minutebook_ingest::statement::one_line;
use serde::Serialize;

pub use self::references::is_kind;
pub use self::roster::Roster;
use self::source::Sources;
use super::{NotFound, Scope};
use crate::Snapshot;

/// Which findings are asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// A code.
    pub codes: Vec<String>,
    /// A severity.
    pub severity: Option<Severity>,
    /// A series.
    pub series: Option<String>,
    /// A file.
    pub path: Option<String>,
    /// Only meetings from this day on; wins over the configuration.
    pub since: Option<Date>,
}

impl Filter {
    /// The codes of a list such as `placeholder,encoding`.
    ///
    /// # Errors
    /// With the nearest codes, when one is none.
    pub fn codes_of(list: &str) -> Result<Vec<String>, NotFound> {
        let codes = list.split(',').map(str::trim).filter(|code| !code.is_empty());
        codes
            .map(|code| match checks::of(code) {
                Some(check) => Ok(check.code.to_owned()),
                None => Err(NotFound::among("check", code, checks::codes().into_iter())),
            })
            .collect()
    }
}

/// The files in scope, accounted for, and what should be mended in them.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// Files that were read.
    pub files: usize,
    /// Meetings found in them.
    pub meetings: usize,
    /// Findings of each severity, of all that the filter lets through.
    pub errors: usize,
    /// …
    pub warnings: usize,
    /// …
    pub notes: usize,
    /// Findings by code, before the filter's codes and severity.
    pub codes: BTreeMap<&'static str, usize>,
    /// Findings that a comment in the minutes allows: `<!-- minutebook: allow CODE -->`.
    pub allowed: usize,
    /// Files that are no minutes.
    pub skipped: Vec<Skipped>,
    /// What should be mended, in the order of path and line.
    pub diagnostics: Vec<Finding>,
}

/// One thing to mend.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The file.
    pub path: String,
    /// The line.
    pub line: u32,
    /// First character of the words that are meant, from 1; none where it is the whole line.
    pub column: Option<u32>,
    /// The character behind the last of them.
    pub end_column: Option<u32>,
    /// How bad.
    pub severity: Severity,
    /// A code of [`checks::ALL`].
    pub code: &'static str,
    /// What is wrong, in a sentence.
    pub message: String,
    /// What to do.
    pub help: String,
    /// The line as it was read; none when the file is gone or no text.
    pub text: Option<String>,
    /// The series.
    pub series: Option<String>,
    /// The meeting's day.
    pub date: Option<Date>,
    /// Places that show it.
    pub related: Vec<Related>,
    /// The line on the forge.
    pub permalink: Option<String>,
    /// The words that are meant.
    #[serde(skip)]
    quote: Option<String>,
}

/// A place that shows why something was told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Related {
    /// The file.
    pub path: String,
    /// The line.
    pub line: u32,
    /// What it shows.
    pub message: String,
}

impl Finding {
    /// Of a code, at a line of a meeting; severity and help are those of the table.
    fn new(code: &str, meeting: &Meeting, line: u32, message: String) -> Option<Self> {
        let mut found = Self::of_file(code, &meeting.path, message)?;
        found.line = line;
        found.series = Some(meeting.series.clone());
        found.date = meeting.date;
        Some(found)
    }

    /// Of a code, about a whole file.
    fn of_file(code: &str, path: &str, message: String) -> Option<Self> {
        let check = checks::of(code)?;
        Some(Self {
            path: path.to_owned(),
            line: 1,
            column: None,
            end_column: None,
            severity: check.severity,
            code: check.code,
            message: one_line(&message),
            help: check.help.to_owned(),
            text: None,
            series: None,
            date: None,
            related: Vec::new(),
            permalink: None,
            quote: None,
        })
    }

    /// The bytes, in the line's text, of the words that are meant.
    pub fn meant(&self, text: &str) -> Option<Range<usize>> {
        let at = |column: u32| text.char_indices().nth(column as usize - 1).map_or(text.len(), |(at, _)| at);
        Some(at(self.column?)..at(self.end_column?))
    }

    fn about(self, quote: impl Into<String>) -> Self {
        Self { quote: Some(quote.into()), ..self }
    }
}

/// Accounts for the files in scope and tells what should be mended in them.
///
/// # Errors
/// When the filter names a file that there is not; the error holds the nearest paths.
pub fn check(snapshot: &Snapshot, scope: &Scope, filter: &Filter) -> Result<Report, NotFound> {
    if let Some(path) = &filter.path {
        let known = || snapshot.sessions(scope).map(|s| s.meeting.path.as_str());
        if !known().any(|p| p == path)
            && *path != crate::ledger::PATH
            && !skipped(snapshot, scope).iter().any(|s| s.path == *path)
        {
            return Err(NotFound::among("file", path, known()));
        }
    }
    if *filter != Filter::default() {
        return Ok(report(snapshot, scope, filter));
    }
    let made = snapshot.made.reports.get(scope, || Arc::new(report(snapshot, scope, filter)));
    Ok(made.as_ref().clone())
}

/// Files that are no minutes, where the scope lets see the whole book.
fn skipped<'a>(snapshot: &'a Snapshot, scope: &Scope) -> &'a [Skipped] {
    let whole = scope.series.is_none() && scope.books.as_ref().is_none_or(|books| books.contains(&snapshot.name));
    if whole { &snapshot.skipped } else { &[] }
}

fn report(snapshot: &Snapshot, scope: &Scope, filter: &Filter) -> Report {
    let mut report = Report {
        files: 0,
        meetings: 0,
        errors: 0,
        warnings: 0,
        notes: 0,
        codes: BTreeMap::new(),
        allowed: 0,
        skipped: skipped(snapshot, scope).to_vec(),
        diagnostics: Vec::new(),
    };
    for (_, shard) in snapshot.shards(scope) {
        let mut paths: Vec<&str> = shard.sessions(scope.as_of).map(|s| s.meeting.path.as_str()).collect();
        report.meetings += paths.len();
        paths.sort_unstable();
        paths.dedup();
        report.files += paths.len();
    }
    let view = snapshot.view(scope);
    let roster = Roster::of(snapshot, scope, &view);
    let mut sources = Sources::new(snapshot);
    let mut found = of_single_files(snapshot, scope);
    found.extend(report.skipped.iter().filter_map(unreadable));
    found.extend(work::findings(snapshot, scope, &view, &roster));
    found.extend(people::unknown_owners(snapshot, scope, &view, &roster));
    found.extend(people::misspelt(snapshot, scope, &view, &roster));
    found.extend(people::ambiguous(snapshot, scope, &view, &mut sources));
    found.extend(twice::findings(snapshot, scope));
    found.extend(references::findings(snapshot, scope, &mut sources));
    found.extend(ledger::findings(snapshot, scope, &view));
    let since = filter.since.or(snapshot.conventions.check.since);
    found.retain_mut(|f| {
        let severity = checks::of(f.code).and_then(|check| snapshot.conventions.check.severity(check));
        f.severity = severity.unwrap_or(f.severity);
        severity.is_some()
            && filter.series.as_ref().is_none_or(|series| f.series.as_ref() == Some(series))
            && filter.path.as_ref().is_none_or(|path| f.path == *path)
            && since.is_none_or(|day| f.date.is_none_or(|date| date >= day))
    });
    found.sort_by(|a, b| (&a.path, a.line, a.code, &a.message).cmp(&(&b.path, b.line, b.code, &b.message)));
    report.allowed = sources.complete(&mut found);
    for f in &found {
        *report.codes.entry(f.code).or_default() += 1;
    }
    found.retain(|f| {
        (filter.codes.is_empty() || filter.codes.iter().any(|code| code == f.code))
            && filter.severity.is_none_or(|severity| f.severity == severity)
    });
    let count = |severity: Severity| found.iter().filter(|f| f.severity == severity).count();
    (report.errors, report.warnings, report.notes) =
        (count(Severity::Error), count(Severity::Warning), count(Severity::Note));
    report.diagnostics = found;
    report
}

/// What extraction told, less what is the habit of a series.
fn of_single_files(snapshot: &Snapshot, scope: &Scope) -> Vec<Finding> {
    let mut found = Vec::new();
    for (_, shard) in snapshot.shards(scope) {
        let held: Vec<&Meeting> = shard.held(scope.as_of).map(|s| s.meeting).collect();
        let with_list = held.iter().filter(|m| lists_people(m)).count();
        // Whether a series usually says who came can be told from five meetings on.
        let lists_nobody = held.len() >= 5 && with_list * 2 < held.len();
        for session in shard.sessions(scope.as_of) {
            let m = session.meeting;
            for d in &m.diagnostics {
                // Slides beside the minutes of the same day.
                let told_beside = || m.date.is_some() && held.iter().any(|o| o.date == m.date && lists_people(o));
                // The agenda of a day to come is there to be filled in.
                let to_come = m.date.is_some_and(|day| day > scope.today);
                match d.code.as_str() {
                    "no-participants" if lists_nobody || to_come || told_beside() => continue,
                    "placeholder" if to_come => continue,
                    _ => {}
                }
                let finding = Finding::new(&d.code, m, d.line, d.message.clone());
                found.extend(finding.map(|f| Finding { quote: d.quote.clone(), ..f }));
            }
        }
    }
    found
}

fn lists_people(meeting: &Meeting) -> bool {
    meeting.participants.iter().any(|p| p.status != Attendance::Absent)
}

/// A file that looks like minutes by its name and was not read.
fn unreadable(skipped: &Skipped) -> Option<Finding> {
    let lost = ["larger than", "binary", "cannot be read", "could not be understood", "its name is not"];
    let is_lost = lost.iter().any(|reason| skipped.reason.starts_with(reason));
    // A folder or link that cannot be read may hold anything; of files only Markdown counts.
    is_lost
        .then(|| Finding::of_file("unreadable", &skipped.path, format!("this file was not read: {}", skipped.reason)))?
}

#[cfg(test)]
mod tests {
    use std::fs;

    use jiff::civil::date;
    use minutebook_ingest::Conventions;

    use super::*;
    use crate::{Book, IfBusy};

    #[test]
    fn a_file_that_vanished_is_told_of_without_its_line() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path().join("book");
        fs::create_dir_all(root.join("board")).expect("a folder");
        fs::write(root.join("board/2026-01-05.md"), "# 2206-01-05\n- Decision: we keep the pier\n").expect("written");
        let mut book = Book::new(root.clone(), folder.path().join("data"), Conventions::defaults());
        book.refresh(&(), IfBusy::Wait).expect("a book");
        let snapshot = book.snapshot().expect("a state");
        fs::remove_dir_all(&root).expect("removed");
        let told = |scope: &Scope| check(&snapshot, scope, &Filter::default()).expect("a report").diagnostics;
        let found = told(&Scope::whole(date(2026, 3, 1)));
        let codes: Vec<&str> = found.iter().map(|f| f.code).collect();
        assert_eq!(codes, ["date-impossible", "no-participants"]);
        assert!(found.iter().all(|f| f.text.is_none() && f.column.is_none()));
        // What a scope does not let see is not told of.
        let nothing = Scope { series: Some(["platform".to_owned()].into()), ..Scope::whole(date(2026, 3, 1)) };
        assert!(told(&nothing).is_empty() && told(&Scope::as_of(date(2026, 1, 4))).is_empty());
    }
}
