//! What of a meeting's minutes was changed after the meeting, by the git history.
//!
//! Minutes are written while people meet, and committed on that day or soon after. What they were then is compared
//! with what they are now.

use std::time::Duration;

use jiff::civil::Date;
use minutebook_ingest::facts::Meeting;
use serde::Serialize;
use similar::{ChangeTag, TextDiff};

use super::{NotFound, Scope, meetings};
use crate::Snapshot;
use crate::history::{History, Touch, Version};

/// Until so many days after a meeting its minutes are still being written.
const WRITTEN: i32 = 2;
/// Lines shown around a change.
const AROUND: usize = 2;
/// After this long the rest is told less exactly: a text of many thousand lines that has become another.
const LONG: Duration = Duration::from_millis(200);

/// So many of the commits since are told.
const TOLD: usize = 20;

/// How often minutes were changed after their meeting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Changed {
    /// What they were when they had been written.
    pub written: Version,
    /// By how many commits the file was changed since. Where it holds several meetings, they may be about another one.
    pub times: usize,
    /// The latest of them.
    pub later: Vec<Version>,
    /// Whether the file differs from what is committed.
    pub uncommitted: bool,
}

/// What was changed, and how.
#[derive(Debug, Clone, Serialize)]
pub struct Changes {
    /// By what.
    #[serde(flatten)]
    pub changed: Changed,
    /// Where, from the top to the bottom; nothing where it was undone again, or stands in another meeting of the file.
    pub places: Vec<Vec<Line>>,
}

/// A line of the minutes, before or after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    /// `same`, `removed` or `added`.
    pub kind: &'static str,
    /// Its number now; none of what was removed.
    pub line: Option<u32>,
    /// Its text in pieces, those marked that differ from the line for which it came; none where all of it does.
    pub text: Vec<(bool, String)>,
}

/// How often a meeting's minutes were changed after it; none where they were not, where there is no git, where the
/// meeting has no day, or where the history has not been told yet. Of past states nothing is told.
pub fn changed(snapshot: &Snapshot, scope: &Scope, m: &Meeting) -> Option<Changed> {
    told(snapshot, m, &known(snapshot, scope, m)?)
}

fn told(snapshot: &Snapshot, m: &Meeting, &(history, touches, at): &Known<'_>) -> Option<Changed> {
    let blob = snapshot.file(&m.path)?.blob?;
    let uncommitted = !snapshot.work_tree.as_ref()?.is_committed(&m.path, blob);
    if at == 0 && !uncommitted {
        return None;
    }
    let later = touches[..at].iter().take(TOLD).filter_map(|touch| history.version(touch)).collect();
    Some(Changed { written: history.version(&touches[at])?, times: at, later, uncommitted })
}

/// The versions of a meeting's file, the latest first, and which of them are the minutes as they were written.
type Known<'s> = (&'s History, &'s [Touch], usize);

fn known<'s>(snapshot: &'s Snapshot, scope: &Scope, m: &Meeting) -> Option<Known<'s>> {
    let history = snapshot.history().filter(|_| !scope.is_past())?;
    let touches = history.of_file(&m.path);
    Some((history, touches, written(touches.iter().map(|touch| touch.day), m.date?)?))
}

/// The place of the minutes as they were written among the days of their versions, the latest first: the last of the
/// days after the meeting, else the first one later; else, of minutes that were there before, the last.
fn written(days: impl DoubleEndedIterator<Item = Date> + ExactSizeIterator + Clone, meeting: Date) -> Option<usize> {
    let until = meeting.checked_add(jiff::Span::new().days(WRITTEN)).unwrap_or(meeting);
    let soon = days.clone().position(|day| (meeting..=until).contains(&day));
    let late = || days.clone().rposition(|day| day > until);
    soon.or_else(late).or_else(|| (days.len() > 0).then_some(0))
}

/// What was changed of a meeting's minutes after it.
///
/// # Errors
/// When there is no such meeting in view, or nothing of it is known to have changed.
pub fn changes(snapshot: &Snapshot, scope: &Scope, path: &str, line: u32) -> Result<Changes, NotFound> {
    let session = meetings::found(snapshot, scope, path, line)?;
    let m = session.meeting;
    let found = || {
        let known = known(snapshot, scope, m)?;
        let (history, touches, at) = known;
        Some((told(snapshot, m, &known)?, history.text(&touches[at])?, snapshot.text(&m.path).ok()?))
    };
    let none = || NotFound { what: "change after the meeting", wanted: m.path.clone(), nearest: Vec::new() };
    let (changed, before, now) = found().ok_or_else(none)?;
    let alone = session.same_file.len() <= 1;
    let places = places(&before, &now, |line| alone || (m.line..=m.end_line).contains(&line));
    Ok(Changes { changed, places })
}

/// The places where two texts differ, of the lines that are meant.
fn places(before: &str, now: &str, is_meant: impl Fn(u32) -> bool) -> Vec<Vec<Line>> {
    let diff = TextDiff::configure().timeout(LONG).diff_lines(before, now);
    let number = |index: usize| u32::try_from(index + 1).unwrap_or(u32::MAX);
    let mut out = Vec::new();
    for group in &diff.grouped_ops(AROUND) {
        // Where a removed line stood.
        let mut next = group.first().map_or(0, |op| op.new_range().start);
        let mut place = Vec::new();
        for change in group.iter().flat_map(|op| diff.iter_inline_changes(op)) {
            let kind = match change.tag() {
                ChangeTag::Equal => "same",
                ChangeTag::Delete => "removed",
                ChangeTag::Insert => "added",
            };
            if is_meant(number(change.new_index().unwrap_or(next))) {
                let bare = |text: &str| text.trim_end_matches(['\r', '\n']).to_owned();
                let text = change.iter_strings_lossy().map(|(differs, text)| (differs, bare(&text)));
                let mut text: Vec<(bool, String)> = text.filter(|(_, text)| !text.is_empty()).collect();
                if text.iter().all(|(differs, _)| *differs) {
                    text.iter_mut().for_each(|(differs, _)| *differs = false);
                }
                place.push(Line { kind, line: change.new_index().map(number), text });
            }
            next = change.new_index().map_or(next, |at| at + 1);
        }
        let says = |line: &Line| line.kind != "same" && line.text.iter().any(|(_, text)| !text.trim().is_empty());
        if place.iter().any(says) {
            out.push(place);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_told_with_what_differs_in_a_line() {
        let before = "# 2026-03-02\n\n- tides\n- sirens\n- ropes\n- buoys\n- AI @mira: paint the red pier\n";
        let now = "# 2026-03-02\n\n- tides\n- sirens\n- ropes\n- buoys\n- AI @mira: paint the blue pier\n- coffee\n";
        let told = places(before, now, |_| true);
        assert_eq!(told.len(), 1);
        let lines: Vec<(&str, Option<u32>, String)> = told[0]
            .iter()
            .map(|l| {
                (l.kind, l.line, l.text.iter().map(|(d, t)| if *d { format!("[{t}]") } else { t.clone() }).collect())
            })
            .collect();
        assert_eq!(
            lines,
            [
                ("same", Some(5), "- ropes".to_owned()),
                ("same", Some(6), "- buoys".to_owned()),
                ("removed", None, "- AI @mira: paint the [red] pier".to_owned()),
                ("added", Some(7), "- AI @mira: paint the [blue] pier".to_owned()),
                ("added", Some(8), "- coffee".to_owned()),
            ]
        );
        // Of another meeting of the file.
        assert!(places(before, now, |line| line < 5).is_empty());
        assert!(places(now, now, |_| true).is_empty());
    }

    #[test]
    fn minutes_are_written_soon_after_the_meeting() {
        let day = "2026-03-02".parse().expect("a day");
        let at = |days: &[&str]| written(days.iter().map(|d| d.parse().expect("a day")), day);
        // The agenda, the minutes, a slip mended the next day, and something else later.
        assert_eq!(at(&["2026-04-01", "2026-03-03", "2026-03-02", "2026-02-27"]), Some(1));
        // Somebody was late.
        assert_eq!(at(&["2026-04-01", "2026-03-09", "2026-02-27"]), Some(1));
        assert_eq!(at(&["2026-02-27", "2026-02-20"]), Some(0));
        assert_eq!(at(&[]), None);
    }
}
