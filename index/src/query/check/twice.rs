//! The same minutes in two files.

use std::collections::{BTreeSet, HashMap};

use minutebook_ingest::facts::{Meeting, MeetingKind};

use super::{Finding, Related, Scope};
use crate::Snapshot;
use crate::shard::{ContentHash, FileStamp, Session};

/// Files smaller than this say nothing that could be said twice.
const SMALLEST: u64 = 80;
/// Facts that two files must have for their likeness to mean something.
const FEWEST: usize = 5;

pub fn findings(snapshot: &Snapshot, scope: &Scope) -> Vec<Finding> {
    let mut found = Vec::new();
    // The same bytes, wherever they lie.
    let mut by_hash: HashMap<ContentHash, &FileStamp> = HashMap::new();
    let mut sessions: Vec<Session<'_>> = snapshot.sessions(scope).collect();
    sessions.sort_by(|a, b| (&a.meeting.path, a.meeting.line).cmp(&(&b.meeting.path, b.meeting.line)));
    sessions.dedup_by(|a, b| a.meeting.path == b.meeting.path);
    for session in sessions.iter().filter(|s| s.file.size >= SMALLEST) {
        match by_hash.get(&session.file.hash) {
            Some(first) => found.extend(told(session.meeting, &first.path, "the same text as")),
            None => {
                by_hash.insert(session.file.hash, session.file);
            }
        }
    }
    // Nearly the same facts, on the same day of the same series.
    for (_, shard) in snapshot.shards(scope) {
        let all: Vec<Session<'_>> =
            shard.sessions(scope.as_of).filter(|s| s.meeting.kind == MeetingKind::Meeting).collect();
        for day in all.chunk_by(|a, b| a.meeting.date.is_some() && a.meeting.date == b.meeting.date) {
            for (n, one) in day.iter().enumerate() {
                let twin = day[..n].iter().find(|other| {
                    other.meeting.path != one.meeting.path
                        && other.file.hash != one.file.hash
                        && alike(other.meeting, one.meeting)
                });
                found.extend(
                    twin.and_then(|twin| {
                        told(one.meeting, &twin.meeting.path, "of the same day and nearly the same as")
                    }),
                );
            }
        }
    }
    found
}

fn told(meeting: &Meeting, other: &str, how: &str) -> Option<Finding> {
    let mut found = Finding::new("filed-twice", meeting, meeting.line, format!("{how} {other}"))?;
    found.related.push(Related { path: other.to_owned(), line: 1, message: "filed here too".to_owned() });
    Some(found)
}

/// Four of five facts are the same.
fn alike(a: &Meeting, b: &Meeting) -> bool {
    let (a, b) = (said(a), said(b));
    let both = a.intersection(&b).count();
    a.len().min(b.len()) >= FEWEST && both * 5 >= a.union(&b).count() * 4
}

fn said(meeting: &Meeting) -> BTreeSet<String> {
    let topics = meeting.topics.iter().map(|t| t.title.as_str());
    let actions = meeting.actions.iter().map(|a| a.text.as_str());
    let decisions = meeting.decisions.iter().map(|d| d.text.as_str());
    let references = meeting.references.iter().map(|r| r.as_written.as_str());
    topics.chain(actions).chain(decisions).chain(references).map(str::to_lowercase).collect()
}
