//! Who usually comes, and whose turn it is to take the minutes.

use std::cmp::Reverse;

use jiff::civil::Date;
use minutebook_ingest::facts::{Attendance, Meeting, RoleKind};

use super::{AgendaItem, ItemKind, Place};
use crate::Snapshot;
use crate::query::Scope;
use crate::query::series::{self, RegularView};
use crate::snapshot::View;

/// An owner who missed so many meetings in a row is told of.
const MISSED: usize = 2;

/// Those who came to at least half as many of the last ten meetings as the one who came most often.
pub fn usual(snapshot: &Snapshot, scope: &Scope, name: &str) -> Vec<RegularView> {
    let mut regulars = series::regulars(snapshot, scope, name);
    let often = regulars.first().map_or(1, |r| r.attended.div_ceil(2).max(1));
    regulars.retain(|r| r.attended >= often);
    regulars
}

/// Who usually comes.
pub fn company(usual: &[RegularView], held: &[&Meeting]) -> Option<AgendaItem> {
    let last = held.iter().rev().find(|m| !m.participants.is_empty())?;
    let names: Vec<&str> = usual.iter().map(|r| r.id.as_str()).collect();
    (!names.is_empty()).then(|| AgendaItem {
        owners: names.iter().map(|n| (*n).to_owned()).collect(),
        evidence: vec![Place { path: last.path.clone(), line: last.participants[0].line }],
        ..AgendaItem::new(
            ItemKind::Standing,
            &format!("Usually here: {}", names.join(", ")),
            vec!["came to at least half of the last meetings".to_owned()],
        )
    })
}

/// Whose turn it is to take the minutes: of those who usually come and ever took them, who did so longest ago.
/// Somebody who never did is asked only where everybody who comes has a turn.
pub fn minutes(view: &View, usual: &[RegularView], held: &[&Meeting]) -> Option<AgendaItem> {
    let mut taken: Vec<(String, Option<Date>, Place)> = Vec::new();
    for m in held {
        for role in m.roles.iter().filter(|r| r.role == RoleKind::Minutes) {
            let place = Place { path: m.path.clone(), line: role.line };
            taken.extend(role.people.iter().map(|p| (view.people.canonical(p, *m), m.date, place.clone())));
        }
    }
    let last = taken.last()?;
    let before = |id: &str| taken.iter().rev().find(|t| t.0 == id);
    let times = |id: &str| taken.iter().filter(|t| t.0 == id).count();
    // Where the same few always take them, the others are spared.
    let takers = usual.iter().filter(|r| before(&r.id).is_some()).count();
    let all_take_turns = takers * 2 >= usual.len();
    let candidates = usual.iter().filter(|r| all_take_turns || before(&r.id).is_some());
    let turn = candidates.min_by_key(|r| (before(&r.id).map(|t| t.1), times(&r.id), Reverse(r.attended)))?;
    let reason = match before(&turn.id) {
        Some((_, Some(day), _)) => format!("comes often, and last took them on {day}"),
        _ => "comes often, and never took them".to_owned(),
    };
    Some(AgendaItem {
        owners: vec![turn.id.clone()],
        evidence: vec![last.2.clone()],
        ..AgendaItem::new(
            ItemKind::Role,
            &format!("Minutes: {}", turn.id),
            vec![reason, format!("{} took them last", last.0)],
        )
    })
}

/// "@mira missed the last 3 meetings": of owners who did not come to the last meetings that have a list.
pub fn away(view: &View, owners: &[String], held: &[&Meeting]) -> Option<String> {
    let lists: Vec<&&Meeting> = held.iter().filter(|m| !m.participants.is_empty()).collect();
    let came = |owner: &str, m: &Meeting| {
        m.participants
            .iter()
            .any(|p| p.status != Attendance::Absent && view.people.canonical(p.as_written(), m) == owner)
    };
    let told = owners.iter().filter_map(|owner| {
        let missed = lists.iter().rev().take_while(|m| !came(owner, m)).count();
        // Somebody who never comes misses nothing.
        (missed >= MISSED && missed < lists.len()).then(|| format!("{owner} missed the last {missed} meetings"))
    });
    let told: Vec<String> = told.collect();
    (!told.is_empty()).then(|| told.join(", "))
}
