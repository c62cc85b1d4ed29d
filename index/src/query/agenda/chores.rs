//! Who usually comes, and whose turn it is to take the minutes.

use std::cmp::Reverse;

use jiff::civil::Date;
use minutebook_ingest::facts::{Meeting, RoleKind};

use super::{AgendaItem, ItemKind, Place};
use crate::Snapshot;
use crate::query::Scope;
use crate::query::away::NotSeen;
use crate::query::series::{self, RegularView};
use crate::snapshot::View;

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

/// Whose turn it is to take the minutes: of those who usually come and have taken them before, who did so longest
/// ago. Whoever took them last has done their share; who never did is not asked by a program.
pub fn minutes(view: &View, usual: &[RegularView], held: &[&Meeting]) -> Option<AgendaItem> {
    let mut taken: Vec<(String, Date, Place)> = Vec::new();
    for m in held {
        let Some(day) = m.date else { continue };
        for role in m.roles.iter().filter(|r| r.role == RoleKind::Minutes) {
            let place = Place { path: m.path.clone(), line: role.line };
            taken.extend(role.people.iter().map(|p| (view.people.canonical(p, *m), day, place.clone())));
        }
    }
    let last = taken.last()?;
    let before = |id: &str| taken.iter().rev().find(|t| t.0 == id).map(|t| t.1);
    let times = |id: &str| taken.iter().filter(|t| t.0 == id).count();
    let candidates = usual.iter().filter(|r| r.id != last.0).filter_map(|r| Some((before(&r.id)?, r)));
    let (day, turn) = candidates.min_by_key(|(day, r)| (*day, times(&r.id), Reverse(r.attended)))?;
    let reason = format!("comes often, and last took them on {day}");
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

/// "mira missed the last 3 meetings": of owners who were not seen for several.
pub fn away(not_seen: &[NotSeen], owners: &[String]) -> Option<String> {
    let told = not_seen.iter().filter(|n| owners.contains(&n.owner) && n.last_attended.is_some());
    let told: Vec<String> = told.map(|n| format!("{} missed the last {} meetings", n.owner, n.missed)).collect();
    (!told.is_empty()).then(|| told.join(", "))
}
