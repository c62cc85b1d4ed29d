//! "Why is this an action, and why is that none?" For a place of the minutes, or for all places of an action.

use std::ops::RangeInclusive;

use jiff::civil::Date;
use minutebook_ingest::explain::Explained;
use minutebook_ingest::facts::Meeting;
use serde::Serialize;

use super::actions;
use super::decisions::{self, LinkView, StandingView};
use super::ledger::{self, Found};
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
    /// Of a decision: whether it still holds.
    pub standing: Option<StandingView>,
    /// Why an action has that state, or a decision that standing.
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
    /// What a statement did to the matter of its decision; `copied` where it only stands there again.
    pub relation: Option<&'static str>,
    /// Why a mention is taken for one of the same action, or a statement for one of the same matter; nothing of the first.
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
    let found = ledger::beginning(&view, wanted);
    let mut decided = decisions::by_beginning(snapshot, scope, wanted);
    if wanted.is_empty() || found.len() + decided.len() != 1 {
        let ids = found.iter().map(|f| f.thread.first().id.to_string()).chain(decided.iter().map(|d| d.id.clone()));
        let nearest = if wanted.is_empty() { Vec::new() } else { ids.take(3).collect() };
        return Err(NotFound { what: "single action or decision", wanted: wanted.to_owned(), nearest });
    }
    if let [Found { series, thread, aside, .. }] = found[..] {
        let mut a = actions::action_view(snapshot, scope, &view, series, thread);
        let place = |m: &actions::MentionView| {
            let explained = place(snapshot, &m.path, m.line)?;
            Some(PlaceView { date: m.date, event: Some(m.event), relation: None, joined: m.joined.clone(), explained })
        };
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
            standing: None,
            reason: Some(a.reason),
            evidence: a.evidence,
            ledger: a.ledger,
        });
    }
    let d = decided.remove(0);
    let told = d.chain.iter().map(|l| (&l.path, l.line, l.date, l.relation, l.because.join("; ")));
    let copied = d.copies.iter().map(|c| (&c.path, c.line, c.date, "copied", "the same words again".to_owned()));
    let mut places: Vec<_> = told.chain(copied).collect();
    places.sort_by(|a, b| (a.2, a.0, a.1).cmp(&(b.2, b.0, b.1)));
    let places = places.into_iter().filter_map(|(path, line, date, relation, because)| {
        let explained = place(snapshot, path, line)?;
        let joined = Some(because).filter(|b| !b.is_empty());
        Some(PlaceView { date, event: None, relation: Some(relation), joined, explained })
    });
    let shows =
        |l: &LinkView| Evidence { path: l.path.clone(), line: l.line, date: l.date, why: l.relation.to_owned() };
    Ok(Explanation {
        places: places.collect(),
        id: d.id,
        kind: "decision",
        text: d.text,
        owners: Vec::new(),
        state: None,
        standing: Some(d.standing),
        reason: Some(d.reason),
        evidence: d.judged.iter().map(shows).collect(),
        ledger: Vec::new(),
    })
}

/// The statement on a line, as the file reads now; none when the file or line has gone since it was indexed.
fn place(snapshot: &Snapshot, path: &str, line: u32) -> Option<Explained> {
    let series = snapshot.meeting(path, line)?.meeting.series.clone();
    let source = snapshot.text(path).ok()?;
    let all = snapshot.extractor().explain(&source, path, &series, Some(line..=line)).ok()?;
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
    let session = super::meetings::found(snapshot, scope, path, 1)?;
    let Meeting { path, series, .. } = session.meeting;
    let gone = |what: &str| NotFound { what: "meeting", wanted: format!("{path} ({what})"), nearest: Vec::new() };
    let source = snapshot.text(path).map_err(|_| gone("it can no longer be read"))?;
    let found = snapshot.extractor().explain(&source, path, series, lines);
    let mut found = found.map_err(|past| gone(&past.to_string()))?;
    // Of a file that holds several meetings, those in view.
    let named = snapshot.shards(scope).flat_map(|(_, shard)| shard.named(path, scope.as_of));
    let seen: Vec<&Meeting> = named.map(|s| s.meeting).collect();
    found.retain(|e| seen.iter().any(|m| (m.line..=m.end_line).contains(&e.line)));
    Ok(found)
}
