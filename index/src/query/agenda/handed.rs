//! What other series handed to this one.

use jiff::ToSpan;

use super::{AgendaItem, ItemKind, Place};
use crate::Snapshot;
use crate::query::Scope;
use crate::query::handoffs::{self, HandoffState};

/// Days for which a topic that was handed over has a line of its own.
const LATELY: i64 = 120;

/// Topics that were handed to this series and did not come up yet; those of long ago in a line.
pub fn over(snapshot: &Snapshot, scope: &Scope, name: &str) -> Vec<AgendaItem> {
    let states = Some([HandoffState::Waiting, HandoffState::Lost].into());
    let asked = handoffs::Filter { series: Some(name.to_owned()), states };
    let mut all = handoffs::handoffs(snapshot, scope, &asked);
    all.retain(|h| h.to_series.as_deref() == Some(name));
    let since = scope.today.saturating_sub(LATELY.days());
    let (late, old): (Vec<_>, Vec<_>) = all.into_iter().partition(|h| h.date.is_none_or(|d| d >= since));
    let mut out: Vec<AgendaItem> = Vec::new();
    for h in late {
        let day = h.date.map_or_else(String::new, |d| format!(" on {d}"));
        let reasons = vec![format!("handed over by {}{day}", h.from_series), h.reason];
        out.push(AgendaItem {
            id: h.id,
            owners: h.people,
            from_series: Some(h.from_series),
            references: h.references,
            evidence: vec![Place { path: h.path, line: h.line }],
            permalink: h.permalink,
            ..AgendaItem::new(ItemKind::Handoff, &h.text, reasons)
        });
    }
    if !old.is_empty() {
        let (n, many) = (old.len(), if old.len() == 1 { "" } else { "s" });
        out.push(AgendaItem {
            evidence: old.into_iter().map(|h| Place { path: h.path, line: h.line }).collect(),
            ..AgendaItem::new(
                ItemKind::Handoff,
                &format!("{n} older topic{many} handed over that did not come up"),
                vec![format!("handed over more than {LATELY} days ago")],
            )
        });
    }
    out
}
