//! Which open actions belong on the next agenda: those that most likely come up again.
//!
//! The chance is told by the series itself: of its actions that had been silent for as many meetings and carried as
//! often, so many came up in the next meeting. What a series has not shown yet is taken from what series do
//! elsewhere ([`ELSEWHERE`]).

use jiff::civil::Date;
use minutebook_ingest::facts::{ActionState, Meeting};
use minutebook_ingest::statement::shortened;

use super::{AgendaItem, ItemKind, Place, QUOTE, SHORT};
use crate::Snapshot;
use crate::query::Scope;
use crate::query::actions::{ActionView, Filter, actions};
use crate::threads::{State, Thread};

/// Meetings of silence that are told apart, and carries.
const SILENT: usize = 4;
const CARRIED: usize = 3;

/// The share of actions that come up again, by meetings since they were last spoken of (in the last one, the one
/// before, …) and by how often they were carried (never, once, more often): what it was in the series by which
/// this was made, rounded.
const ELSEWHERE: [[f64; CARRIED]; SILENT] =
    [[0.30, 0.45, 0.60], [0.10, 0.15, 0.20], [0.06, 0.08, 0.10], [0.04, 0.06, 0.08]];
/// As many actions of the series itself weigh as much as [`ELSEWHERE`].
const WEIGHT: f64 = 6.0;

/// An action with this chance belongs on the agenda.
const LIKELY: f64 = 0.15;
/// So many of those spoken of in the last meeting do whatever their chance.
const AT_LEAST: usize = 2;
/// So few open ones need no choice.
const FEW: usize = 3;

/// The open actions of a series, as the agenda shows them.
#[derive(Debug, Default)]
pub struct Pending {
    /// What belongs on it, longest waiting first, with why.
    pub shown: Vec<(ActionView, String)>,
    /// Open, but less likely to come up.
    pub more: Vec<ActionView>,
    /// Open, but not heard of for long.
    pub stale: Vec<ActionView>,
    /// No longer on the pending list of the last meeting, without a word.
    pub gone: Vec<ActionView>,
    /// The series keeps a pending list.
    pub keeps_list: bool,
}

/// How often actions of a series came up again.
#[derive(Debug, Clone, Copy, Default)]
struct Again {
    came: u32,
    of: u32,
}

impl Again {
    fn chance(self, elsewhere: f64) -> f64 {
        (f64::from(self.came) + WEIGHT * elsewhere) / (f64::from(self.of) + WEIGHT)
    }
}

/// By meetings of silence and carries.
type Table = [[Again; CARRIED]; SILENT];

fn row(silent: usize) -> usize {
    silent.clamp(1, SILENT) - 1
}

fn column(carries: usize) -> usize {
    carries.min(CARRIED - 1)
}

/// Counts, for each action and each meeting after it, whether it came up there. `held` in order.
fn table(threads: &[Thread], held: &[Date]) -> Table {
    let mut table = Table::default();
    for thread in threads {
        let place = |day: Date| held.binary_search(&day).ok();
        let mut spoken: Vec<usize> = thread.mentions.iter().filter_map(|m| place(m.date?)).collect();
        spoken.dedup();
        let (Some(&first), Some(&last)) = (spoken.first(), spoken.last()) else { continue };
        let closed = thread.last().says.state != ActionState::Open;
        let gone = thread.gone.as_ref().and_then(|g| place(g.date?));
        let end = match gone {
            Some(list) => list + 1,
            None if closed => last + 1,
            None => last + SILENT + 1,
        };
        for meeting in first + 1..end.min(held.len()) {
            let before = spoken.partition_point(|&s| s < meeting);
            let silent = meeting - spoken[before - 1];
            if silent <= SILENT {
                let cell = &mut table[row(silent)][column(before - 1)];
                cell.of += 1;
                cell.came += u32::from(spoken.get(before) == Some(&meeting));
            }
        }
    }
    table
}

/// Chooses what belongs on the agenda. `held` are the meetings of the series that took place, in order.
pub fn pending(snapshot: &Snapshot, scope: &Scope, name: &str, held: &[&Meeting]) -> Pending {
    let mut days: Vec<Date> = held.iter().filter_map(|m| m.date).collect();
    days.dedup();
    let view = snapshot.view(scope);
    let table = table(view.threads.get(name).map_or(&[][..], |all| all.as_slice()), &days);
    let states = [State::Open, State::Stale, State::Gone].into();
    let all = actions(snapshot, scope, &Filter { series: Some(name.to_owned()), states: Some(states), owner: None });
    let mut out = Pending { keeps_list: keeps_list(held), ..Pending::default() };
    let mut open: Vec<(f64, usize, String, ActionView)> = Vec::new();
    for action in all {
        match action.state {
            State::Stale => out.stale.push(action),
            State::Gone if action.closed == days.last().copied() => out.gone.push(action),
            State::Open => {
                let silent = action.last_seen.map_or(SILENT, |d| days.len() - days.partition_point(|&h| h < d));
                let (row, column) = (row(silent), column(action.carries));
                let again = table[row][column];
                let chance = again.chance(ELSEWHERE[row][column]);
                open.push((chance, silent, told(silent, again), action));
            }
            _ => {}
        }
    }
    open.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| (b.3.last_seen, &a.3.id).cmp(&(a.3.last_seen, &b.3.id))));
    let few = open.len() <= FEW;
    let most = if out.keeps_list { usize::MAX } else { SHORT };
    for (n, (chance, silent, why, action)) in open.into_iter().enumerate() {
        if n < most && (few || chance >= LIKELY || (n < AT_LEAST && silent <= 1)) {
            out.shown.push((action, why));
        } else {
            out.more.push(action);
        }
    }
    out.shown.sort_by(|(a, _), (b, _)| (a.opened, &a.id).cmp(&(b.opened, &b.id)));
    out
}

/// A list of pending actions in half of the last six meetings.
fn keeps_list(held: &[&Meeting]) -> bool {
    let recent = &held[held.len().saturating_sub(6)..];
    let lists = recent.iter().filter(|m| m.actions.iter().any(|a| a.carried)).count();
    lists > 0 && lists * 2 >= recent.len()
}

/// "spoken of in the last meeting; of 12 such actions of this series 7 came up again"
fn told(silent: usize, again: Again) -> String {
    let when = match silent {
        0 | 1 => "spoken of in the last meeting".to_owned(),
        2 => "not spoken of in the last meeting".to_owned(),
        n => format!("not spoken of in the last {} meetings", n - 1),
    };
    match again.of {
        0..3 => when,
        of => format!("{when}; of {of} such actions of this series {} came up again", again.came),
    }
}

/// An action as it stands on the agenda.
pub fn item(a: &ActionView, why: &str, away: Option<String>) -> AgendaItem {
    let mut reasons = vec![a.reason.clone(), why.to_owned()];
    if let Some(due) = &a.due {
        reasons.push(format!("due {}", due.told()));
    }
    reasons.extend(away);
    AgendaItem {
        id: a.id.clone(),
        action: Some(a.id.clone()),
        owners: a.owners.clone(),
        age_days: Some(a.age_days),
        carries: Some(a.carries),
        references: a.references.clone(),
        evidence: a.mentions.iter().map(|m| Place { path: m.path.clone(), line: m.line }).collect(),
        permalink: a.permalink.clone(),
        ..AgendaItem::new(ItemKind::Pending, &a.text, reasons)
    }
}

/// Many actions in one line; one is named.
pub fn together(actions: &[ActionView], text: &str, reason: String) -> Option<AgendaItem> {
    let n = actions.len();
    let text = match actions {
        [one] => format!("1 action{text} – {}", shortened(&one.text, QUOTE)),
        _ => format!("{n} actions{text}"),
    };
    let last = actions.iter().filter_map(|a| a.mentions.last());
    (n > 0).then(|| AgendaItem {
        go_through: actions.first().map(|a| a.state),
        evidence: last.map(|m| Place { path: m.path.clone(), line: m.line }).collect(),
        ..AgendaItem::new(ItemKind::Standing, &text, vec![reason])
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shard::Shard;

    /// The table of a series of these texts.
    fn table_of(texts: &[&str]) -> Table {
        let shard = Shard::weekly(texts);
        let conventions = minutebook_ingest::Conventions::defaults();
        let people = crate::identity::People::learn(std::iter::once(&shard.digest.roll), &conventions.people);
        let refs = crate::short_refs::ShortRefs::default();
        let threads = crate::fold::fold(shard.sessions(None), &people, &refs, &conventions, None);
        let held: Vec<Date> = shard.held(None).filter_map(|s| s.meeting.date).collect();
        table(&threads, &held)
    }

    #[test]
    fn a_series_tells_how_often_its_actions_come_up_again() {
        let head = "## Participants\n* @mira\n\n## Notes\n";
        let first = format!("{head}- AI @mira: redraw the chart of the harbour\n- AI @jo: order forty new buoys\n");
        let second = format!("{head}- AI @mira: redraw the chart of the harbour\n");
        let third = format!("{head}- nothing new\n");
        let table = table_of(&[&first, &second, &third]);
        // Of two raised, one came up at once; carried once, it did not come up again.
        assert_eq!((table[0][0].came, table[0][0].of), (1, 2));
        assert_eq!((table[0][1].came, table[0][1].of), (0, 1));
        assert_eq!((table[1][0].came, table[1][0].of), (0, 1));
    }
}
