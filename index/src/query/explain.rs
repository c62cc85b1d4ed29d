//! "Why is this an action, and why is that none?" For a place of the minutes, or for all places of an action.

use std::ops::RangeInclusive;

use jiff::civil::Date;
use minutebook_ingest::Extractor;
use minutebook_ingest::explain::Explained;
use serde::Serialize;

use super::actions::{self, ActionView};
use super::decisions;
use super::{NotFound, Scope};
use crate::Snapshot;
use crate::rulings::Ruling;
use crate::threads::{Event, Evidence, State};

/// An action or a decision, with why each of its places counts and why it stands as it does.
#[derive(Debug, Clone, Serialize)]
pub struct Explanation {
    /// Its own id.
    pub id: String,
    /// action or decision; `no action` where the ledger says so.
    pub kind: &'static str,
    /// As last written.
    pub text: String,
    /// Canonical owners of an action.
    pub owners: Vec<String>,
    /// Of an action.
    pub state: Option<State>,
    /// Why an action has that state.
    pub reason: Option<String>,
    /// What shows it.
    pub evidence: Vec<Evidence>,
    /// Where it is written, oldest first.
    pub places: Vec<PlaceView>,
    /// What the ledger says of an action, in order.
    pub ledger: Vec<Ruling>,
}

/// One place.
#[derive(Debug, Clone, Serialize)]
pub struct PlaceView {
    /// The meeting's day.
    pub date: Option<Date>,
    /// What a mention did to its action.
    pub event: Option<Event>,
    /// Why a mention is taken for one of the same action; nothing of the first.
    pub joined: Option<String>,
    /// The statement, with what was found in it and why.
    #[serde(flatten)]
    pub explained: Explained,
}

/// An action or decision by its id, the id of any mention, or the beginning of one.
///
/// # Errors
/// When nothing has such an id, or several have; the error holds some of those.
pub fn by_id(snapshot: &Snapshot, scope: &Scope, wanted: &str) -> Result<Explanation, NotFound> {
    let view = snapshot.view(scope);
    let extractor = Extractor::new(snapshot.conventions.as_ref().clone());
    let mut found: Vec<ActionView> = Vec::new();
    let threads = view.threads.iter().flat_map(|(series, all)| all.iter().map(move |t| (series, t)));
    for (series, thread) in threads.chain(view.set_aside.iter().map(|(series, t)| (series, t))) {
        if thread.mentions.iter().any(|m| m.id.starts_with(wanted)) {
            found.push(actions::action_view(snapshot, scope, &view, series, thread));
        }
    }
    // A whole id comes before the beginnings of longer ones.
    if let Some(at) = found.iter().position(|a| a.mentions.iter().any(|m| m.id == wanted)) {
        found = vec![found.swap_remove(at)];
    }
    let decided = decisions::decisions(snapshot, scope, &decisions::Filter::default());
    let mut decided: Vec<_> = decided.into_iter().filter(|d| d.id.starts_with(wanted)).collect();
    if wanted.is_empty() || found.len() + decided.len() != 1 {
        let ids = found.iter().map(|a| a.id.clone()).chain(decided.iter().map(|d| d.id.clone()));
        let nearest = if wanted.is_empty() { Vec::new() } else { ids.take(3).collect() };
        return Err(NotFound { what: "single action or decision", wanted: wanted.to_owned(), nearest });
    }
    if let Some(mut a) = found.pop() {
        let place = |m: &actions::MentionView| {
            let explained = place(snapshot, &extractor, &m.path, m.line)?;
            Some(PlaceView { date: m.date, event: Some(m.event), joined: m.joined.clone(), explained })
        };
        let aside = view.set_aside.iter().any(|(_, t)| t.first().id == a.id);
        if aside && let Some(ruling) = actions::aside_since(&a) {
            (a.reason, a.evidence) = (ruling.told(), vec![ruling.evidence()]);
        }
        return Ok(Explanation {
            places: a.mentions.iter().filter_map(place).collect(),
            id: a.id,
            kind: if aside { "no action" } else { "action" },
            text: a.text,
            owners: a.owners,
            state: (!aside).then_some(a.state),
            reason: Some(a.reason),
            evidence: a.evidence,
            ledger: a.ledger,
        });
    }
    let d = decided.remove(0);
    let places = d.chain.iter().filter_map(|link| {
        let explained = place(snapshot, &extractor, &link.path, link.line)?;
        Some(PlaceView { date: link.date, event: None, joined: None, explained })
    });
    Ok(Explanation {
        places: places.collect(),
        id: d.id,
        kind: "decision",
        text: d.text,
        owners: Vec::new(),
        state: None,
        reason: None,
        evidence: Vec::new(),
        ledger: Vec::new(),
    })
}

/// The statement on a line, as the file reads now; none when the file or line has gone since it was indexed.
fn place(snapshot: &Snapshot, extractor: &Extractor, path: &str, line: u32) -> Option<Explained> {
    let series = snapshot.meeting(path, line)?.meeting.series.clone();
    let source = snapshot.text(path).ok()?;
    let all = extractor.explain(&source, path, &series, Some(line..=line)).ok()?;
    // Of several statements on a line, the one that has facts.
    let at = all.iter().position(|e| !e.facts.is_empty()).unwrap_or(0);
    all.into_iter().nth(at)
}

/// The statements on some lines of a file of the book.
///
/// # Errors
/// When the file is not in view, or has no such line.
pub fn by_place(
    snapshot: &Snapshot,
    scope: &Scope,
    path: &str,
    lines: Option<RangeInclusive<u32>>,
) -> Result<Vec<Explained>, NotFound> {
    let meeting = super::meetings::meeting(snapshot, scope, path, 1)?.meeting;
    let gone = |what: &str| NotFound { what: "meeting", wanted: format!("{path} ({what})"), nearest: Vec::new() };
    let source = snapshot.text(path).map_err(|_| gone("it can no longer be read"))?;
    let extractor = Extractor::new(snapshot.conventions.as_ref().clone());
    let found = extractor.explain(&source, path, &meeting.series, lines);
    let mut found = found.map_err(|past| gone(&past.to_string()))?;
    // Of a file that holds several meetings, those in view.
    let seen: Vec<_> = snapshot.sessions(scope).map(|s| s.meeting).filter(|m| m.path == path).collect();
    found.retain(|e| seen.iter().any(|m| (m.line..=m.end_line).contains(&e.line)));
    Ok(found)
}
