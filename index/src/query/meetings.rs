//! One meeting: its facts, its neighbours in the series.

use jiff::civil::Date;
use minutebook_ingest::facts::Meeting;
use serde::Serialize;

use super::decisions::{self, Spoken};
use super::{NotFound, Scope, changes};
use crate::Snapshot;
use crate::shard::Session;

/// A meeting in a list.
#[derive(Debug, Clone, Serialize)]
pub struct MeetingRef {
    /// The file.
    pub path: String,
    /// Where it begins.
    pub line: u32,
    /// The day.
    pub date: Option<Date>,
    /// Its title.
    pub title: String,
    /// Its series.
    pub series: String,
    /// Whether it took place.
    pub held: bool,
    /// How many came.
    pub participants: usize,
    /// How many actions it holds.
    pub actions: usize,
    /// How many decisions it holds.
    pub decisions: usize,
}

impl MeetingRef {
    /// A meeting in short.
    pub fn of(m: &Meeting) -> Self {
        Self {
            path: m.path.clone(),
            line: m.line,
            date: m.date,
            title: m.title.clone(),
            series: m.series.clone(),
            held: m.held,
            participants: m.participants.len(),
            actions: m.actions.len(),
            decisions: m.decisions.len(),
        }
    }
}

/// A meeting with its neighbours.
#[derive(Debug, Clone, Serialize)]
pub struct MeetingPage {
    /// Its facts, as `minutebook extract` prints them.
    #[serde(flatten)]
    pub meeting: Meeting,
    /// The one before it in its series.
    pub previous: Option<MeetingRef>,
    /// The one after it.
    pub next: Option<MeetingRef>,
    /// The lines that speak of a decision: made here, told, copied or questioned, and whether it still holds.
    pub decided: Vec<Spoken>,
    /// Other meetings in the same file.
    pub same_file: Vec<MeetingRef>,
    /// Whether the file was changed after the meeting, where git tells.
    pub changed: Option<changes::Changed>,
    /// The commit that the facts are of, where the file stands in it as it is.
    pub commit: Option<String>,
    /// The file on the forge.
    pub permalink: Option<String>,
}

/// What names a meeting: its path, and its first line where its file holds several in view.
pub fn address(session: Session<'_>, scope: &Scope) -> String {
    let (path, line) = (&session.meeting.path, session.meeting.line);
    let seen = |m: &&Meeting| scope.as_of.is_none_or(|day| m.date.is_some_and(|d| d <= day));
    if session.same_file.iter().filter(seen).count() > 1 { format!("{path}:{line}") } else { path.clone() }
}

/// The meeting with a path, around a line of it, or with an id.
pub fn session<'a>(snapshot: &'a Snapshot, scope: &'a Scope, wanted: &'a str, line: u32) -> Option<Session<'a>> {
    let named = snapshot.shards(scope).flat_map(|(_, shard)| shard.named(wanted, scope.as_of));
    named.max_by_key(|s| {
        (
            s.meeting.line <= line,
            if s.meeting.line <= line { i64::from(s.meeting.line) } else { -i64::from(s.meeting.line) },
        )
    })
}

/// As [`session`], for who asked for it by name.
///
/// # Errors
/// When there is no such file in view; the error holds the nearest paths.
pub(crate) fn found<'a>(
    snapshot: &'a Snapshot,
    scope: &'a Scope,
    wanted: &'a str,
    line: u32,
) -> Result<Session<'a>, NotFound> {
    session(snapshot, scope, wanted, line).ok_or_else(|| {
        if let Some(skipped) = snapshot.skipped.iter().find(|s| s.path == wanted) {
            let nearest = Vec::new();
            let wanted = format!("{wanted} ({}, so it was skipped)", skipped.reason);
            return NotFound { what: "meeting", wanted, nearest };
        }
        let paths: Vec<&str> = snapshot.sessions(scope).map(|s| s.meeting.path.as_str()).collect();
        NotFound::among("meeting", wanted, paths.into_iter())
    })
}

/// One meeting by its path, or its id.
///
/// # Errors
/// When there is no such file in view; the error holds the nearest paths.
pub fn meeting(snapshot: &Snapshot, scope: &Scope, wanted: &str, line: u32) -> Result<MeetingPage, NotFound> {
    let session = found(snapshot, scope, wanted, line)?;
    let m = session.meeting;
    let all = snapshot.meetings_of(&m.series, scope);
    let at = all.iter().position(|o| o.id == m.id && o.path == m.path).unwrap_or(0);
    Ok(MeetingPage {
        previous: at.checked_sub(1).map(|n| MeetingRef::of(all[n])),
        next: all.get(at + 1).map(|n| MeetingRef::of(n)),
        decided: decisions::in_file(snapshot, scope, &m.path)
            .into_iter()
            .filter(|s| (m.line..=m.end_line).contains(&s.line))
            .collect(),
        same_file: session
            .same_file
            .iter()
            .filter(|o| o.line != m.line && scope.as_of.is_none_or(|day| o.date.is_some_and(|d| d <= day)))
            .map(MeetingRef::of)
            .collect(),
        changed: changes::changed(snapshot, scope, m),
        commit: snapshot.commit_of(&m.path).map(str::to_owned),
        permalink: snapshot.permalink(&m.path, m.line, m.line),
        meeting: m.clone(),
    })
}

/// The latest meetings that took place, latest first.
pub fn latest(snapshot: &Snapshot, scope: &Scope, limit: usize) -> Vec<MeetingRef> {
    latest_where(snapshot, scope, limit, |_| true)
}

/// … of those that fit.
pub fn latest_where(
    snapshot: &Snapshot,
    scope: &Scope,
    limit: usize,
    fits: impl Fn(&MeetingRef) -> bool,
) -> Vec<MeetingRef> {
    let mut latest = Vec::new();
    snapshot.latest_first(scope, |meeting| {
        if meeting.held && meeting.date.is_some() && latest.len() < limit {
            latest.extend(Some(MeetingRef::of(meeting)).filter(&fits));
        }
        latest.len() < limit
    });
    latest
}
