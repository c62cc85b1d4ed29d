//! A draft of the next agenda of a series: made when asked for, never stored.

use jiff::civil::Date;
use minutebook_ingest::Conventions;
use minutebook_ingest::facts::{Meeting, RoleKind};
use minutebook_ingest::meeting::id;
use minutebook_ingest::roles::kinds;
use minutebook_ingest::statement::{Section, bare, contains_word, section_of};
use serde::Serialize;

use super::actions::{ActionView, Filter, actions};
use super::{NotFound, Scope, series};
use crate::Snapshot;
use crate::threads::State;

/// Pending actions shown where a series keeps no list of its own.
const SHORT: usize = 7;

/// The draft.
#[derive(Debug, Clone, Serialize)]
pub struct AgendaView {
    /// The series.
    pub series: String,
    /// The day it is for; none where neither the question nor the rhythm tells.
    pub date: Option<Date>,
    /// weekly, fortnightly, monthly, irregular.
    pub rhythm: &'static str,
    /// What belongs on it, in order.
    pub items: Vec<AgendaItem>,
    /// The draft as Markdown, in the series' own habits.
    pub markdown: String,
}

/// What an item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ItemKind {
    /// An open action.
    Pending,
    /// A topic handed over by another series.
    Handoff,
    /// Whose turn a chore is.
    Role,
    /// Old actions that may be closed.
    Standing,
}

/// An item with why it is there.
#[derive(Debug, Clone, Serialize)]
pub struct AgendaItem {
    /// Of the action; else of the item.
    pub id: String,
    /// What it is.
    pub kind: ItemKind,
    /// What stands on the agenda.
    pub text: String,
    /// Why.
    pub reasons: Vec<String>,
    /// The action's id.
    pub action: Option<String>,
    /// Whose it is.
    pub owners: Vec<String>,
    /// Days since it was opened.
    pub age_days: Option<i32>,
    /// How often it was written down again.
    pub carries: Option<usize>,
    /// Where a handoff comes from.
    pub from_series: Option<String>,
    /// Issues it names.
    pub references: Vec<String>,
    /// Lines that show it.
    pub evidence: Vec<Place>,
    /// The last of them on the forge.
    pub permalink: Option<String>,
}

/// A line of minutes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Place {
    /// The file.
    pub path: String,
    /// The line.
    pub line: u32,
}

/// The draft for a series; `date` overrides the day that its rhythm gives.
///
/// # Errors
/// When there is no such series in scope.
pub fn agenda(snapshot: &Snapshot, scope: &Scope, wanted: &str, date: Option<Date>) -> Result<AgendaView, NotFound> {
    let name = series::find(snapshot, scope, wanted)?;
    let days = series::held_days(snapshot, scope, &name);
    let (rhythm, gap) = series::rhythm(&days);
    let date = date.or_else(|| days.last().and_then(|d| series::next_day(*d, gap, scope.today)));
    let meetings = snapshot.meetings_of(&name, scope);
    let held: Vec<&Meeting> =
        meetings.into_iter().filter(|m| m.held && m.date.is_some_and(|d| d <= scope.today)).collect();
    let mut items = Vec::new();
    items.extend(chores(snapshot, scope, &name, &held));
    let (pending, more, stale) = pending(snapshot, scope, &name, &held);
    items.extend(pending.iter().map(item_of));
    items.extend(handoffs(snapshot, scope, &name, &held));
    if !more.is_empty() {
        let text = format!("{} more open action{}", more.len(), if more.len() == 1 { "" } else { "s" });
        let reason = format!("the {SHORT} that were spoken of last are above; this series keeps no pending list");
        items.push(folded(&more, text, reason));
    }
    if !stale.is_empty() {
        let after = snapshot.conventions.stale;
        let text = format!(
            "{} older action{} not heard of for long: still open?",
            stale.len(),
            if stale.len() == 1 { "" } else { "s" }
        );
        items.push(folded(
            &stale,
            text,
            format!("open, but silent for {} days and {} meetings", after.days, after.meetings),
        ));
    }
    let markdown = markdown(&snapshot.conventions, date, &held, &items);
    Ok(AgendaView { series: name, date, rhythm, items, markdown })
}

/// Open actions that belong on the agenda; more of them, and the stale ones, which are a line each.
fn pending(
    snapshot: &Snapshot,
    scope: &Scope,
    name: &str,
    held: &[&Meeting],
) -> (Vec<ActionView>, Vec<ActionView>, Vec<ActionView>) {
    let all = actions(snapshot, scope, &Filter { series: Some(name.to_owned()), ..Filter::open() });
    let (stale, mut open): (Vec<_>, Vec<_>) = all.into_iter().partition(|a| a.state == State::Stale);
    let recent = &held[held.len().saturating_sub(6)..];
    let lists = recent.iter().filter(|m| m.actions.iter().any(|a| a.carried)).count();
    let keeps_list = lists * 2 >= recent.len() && lists > 0;
    // What was said last comes up first; of that, what was carried most.
    open.sort_by(|a, b| (b.last_seen, b.carries).cmp(&(a.last_seen, a.carries)).then_with(|| a.id.cmp(&b.id)));
    let more = if keeps_list { Vec::new() } else { open.split_off(open.len().min(SHORT)) };
    (open, more, stale)
}

fn item_of(a: &ActionView) -> AgendaItem {
    let mut reasons = vec![a.reason.clone()];
    if let Some(due) = &a.due {
        reasons.push(format!("due {}", due.date.map_or_else(|| due.text.clone(), |d| d.to_string())));
    }
    AgendaItem {
        id: a.id.clone(),
        kind: ItemKind::Pending,
        text: a.text.clone(),
        reasons,
        action: Some(a.id.clone()),
        owners: a.owners.clone(),
        age_days: Some(a.age_days),
        carries: Some(a.carries),
        from_series: None,
        references: a.references.clone(),
        evidence: a.mentions.iter().map(|m| Place { path: m.path.clone(), line: m.line }).collect(),
        permalink: a.permalink.clone(),
    }
}

/// Many actions in one line.
fn folded(actions: &[ActionView], text: String, reason: String) -> AgendaItem {
    let evidence = actions.iter().filter_map(|a| a.mentions.last());
    AgendaItem {
        id: id("i", &[&text]),
        kind: ItemKind::Standing,
        text,
        reasons: vec![reason],
        action: None,
        owners: Vec::new(),
        age_days: None,
        carries: None,
        from_series: None,
        references: Vec::new(),
        evidence: evidence.map(|m| Place { path: m.path.clone(), line: m.line }).collect(),
        permalink: None,
    }
}

/// Whether a series is the one to which something is handed over: "Container team" is `container`.
pub(crate) fn is_meant(series: &str, to: &str) -> bool {
    let own = bare(series.rsplit('/').next().unwrap_or(series)).replace('-', " ");
    let to = bare(to).replace('-', " ");
    to == own || contains_word(&to, &own) || to.rsplit_once(' ').is_some_and(|(words, _)| words == own)
}

/// Topics that other series handed to this one since it last met.
fn handoffs(snapshot: &Snapshot, scope: &Scope, name: &str, held: &[&Meeting]) -> Vec<AgendaItem> {
    let since = held.last().and_then(|m| m.date);
    let mut out = Vec::new();
    for session in snapshot.sessions(scope) {
        let m = session.meeting;
        if m.series == name || !m.held || m.date < since || m.date.is_some_and(|d| d > scope.today) {
            continue;
        }
        for h in &m.handoffs {
            if is_meant(name, &h.to) {
                out.push(AgendaItem {
                    id: id("i", &[&m.id, &h.line.to_string(), &h.text]),
                    kind: ItemKind::Handoff,
                    text: h.text.clone(),
                    reasons: vec![format!(
                        "handed over by {} on {}",
                        m.series,
                        m.date.map_or_else(String::new, |d| d.to_string())
                    )],
                    action: None,
                    owners: Vec::new(),
                    age_days: None,
                    carries: None,
                    from_series: Some(m.series.clone()),
                    references: Vec::new(),
                    evidence: vec![Place { path: m.path.clone(), line: h.line }],
                    permalink: snapshot.permalink(&m.path, h.line, h.line),
                });
            }
        }
    }
    out
}

/// Whose turn it is to take the minutes: of those who come often, who took them longest ago, then least.
fn chores(snapshot: &Snapshot, scope: &Scope, name: &str, held: &[&Meeting]) -> Option<AgendaItem> {
    let view = snapshot.view(scope);
    let mut taken: Vec<(String, Option<Date>, &Meeting, u32)> = Vec::new();
    for m in held {
        for role in m.roles.iter().filter(|r| r.role == RoleKind::Minutes) {
            for p in &role.people {
                taken.push((view.people.canonical(p, *m), m.date, m, role.line));
            }
        }
    }
    let last = taken.last()?;
    let regulars = series::regulars(snapshot, scope, name);
    let often = regulars.first()?.attended.div_ceil(2).max(1);
    let turn = regulars.iter().filter(|r| r.attended >= often).min_by_key(|r| {
        (
            taken.iter().rev().find(|t| t.0 == r.id).map(|t| t.1),
            taken.iter().filter(|t| t.0 == r.id).count(),
            std::cmp::Reverse(r.attended),
        )
    })?;
    let before = taken.iter().rev().find(|t| t.0 == turn.id);
    let reason = match before {
        Some((_, Some(day), ..)) => format!("comes often, and last took them on {day}"),
        _ => "comes often, and never took them".to_owned(),
    };
    Some(AgendaItem {
        id: id("i", &["minutes", &turn.id]),
        kind: ItemKind::Role,
        text: format!("Minutes: {}", turn.id),
        reasons: vec![reason, format!("{} took them last", last.0)],
        action: None,
        owners: vec![turn.id.clone()],
        age_days: None,
        carries: None,
        from_series: None,
        references: Vec::new(),
        evidence: vec![Place { path: last.2.path.clone(), line: last.3 }],
        permalink: None,
    })
}

/// The draft in the form that the series gives its minutes: its title, and the headings that recur.
fn markdown(conventions: &Conventions, date: Option<Date>, held: &[&Meeting], items: &[AgendaItem]) -> String {
    let recent = &held[held.len().saturating_sub(6)..];
    let day = date.map_or_else(|| "YYYY-MM-DD".to_owned(), |d| d.to_string());
    let title = recent.last().and_then(|m| m.topics.first()).map_or_else(
        || day.clone(),
        |t| {
            let dates = minutebook_ingest::dates::find(&t.title);
            dates.first().map_or_else(
                || t.title.clone(),
                |f| format!("{}{day}{}", &t.title[..f.range.start], &t.title[f.range.end..]),
            )
        },
    );
    let mut out = format!("# {title}\n");
    let recurring: Vec<(u8, &str)> = recent.last().map_or_else(Vec::new, |last| {
        last.topics
            .iter()
            .skip(1)
            .filter(|t| {
                recent.iter().filter(|m| m.topics.iter().any(|o| o.title.eq_ignore_ascii_case(&t.title))).count() * 2
                    > recent.len()
            })
            .map(|t| (t.level, t.title.as_str()))
            .collect()
    });
    let is_pending = |title: &str| matches!(section_of(title, conventions), Some(Section::Actions { .. }));
    let place = recurring.iter().position(|(_, t)| is_pending(t));
    let agenda = recurring.iter().position(|(_, t)| bare(t).contains("agenda"));
    let at = place.or(agenda);
    let mut wrote = false;
    let mut told_chores = false;
    for (n, (level, heading)) in recurring.iter().enumerate() {
        out.push_str(&format!("\n{} {heading}\n", "#".repeat(usize::from(*level))));
        let housekeeping =
            kinds(heading, conventions).contains(&RoleKind::Minutes) || bare(heading).starts_with("housekeeping");
        if housekeeping && !told_chores {
            out.push_str(&chores_of(items));
            told_chores = true;
        }
        if at == Some(n) {
            if place.is_none() {
                out.push_str(&format!("\n{} Pending action items\n", "#".repeat(usize::from(*level) + 1)));
            }
            out.push_str(&body(items));
            wrote = true;
        }
    }
    if !wrote {
        out.push_str("\n## Pending action items\n");
        out.push_str(&body(items));
    }
    if !told_chores && items.iter().any(|i| i.kind == ItemKind::Role) {
        out.push_str("\n## Housekeeping\n");
        out.push_str(&chores_of(items));
    }
    let handed: Vec<&AgendaItem> = items.iter().filter(|i| i.kind == ItemKind::Handoff).collect();
    if !handed.is_empty() {
        out.push_str("\n## Handed over\n\n");
        for item in handed {
            out.push_str(&format!("- {} ({})\n", item.text, item.reasons.join("; ")));
        }
    }
    out
}

fn chores_of(items: &[AgendaItem]) -> String {
    let mut out = String::from("\n");
    for item in items.iter().filter(|i| i.kind == ItemKind::Role) {
        out.push_str(&format!("- {} ({})\n", item.text, item.reasons.join("; ")));
    }
    out
}

fn body(items: &[AgendaItem]) -> String {
    let mut out = String::from("\n");
    for item in items.iter().filter(|i| matches!(i.kind, ItemKind::Pending | ItemKind::Standing)) {
        let owners = item
            .owners
            .iter()
            .map(|o| if o.contains(' ') { o.clone() } else { format!("@{o}") })
            .collect::<Vec<_>>()
            .join(", ");
        let lead = if item.kind == ItemKind::Standing {
            String::new()
        } else if owners.is_empty() {
            "AI: ".to_owned()
        } else {
            format!("AI {owners}: ")
        };
        let link = item.permalink.as_ref().map_or(String::new(), |url| format!(" [source]({url})"));
        out.push_str(&format!("- {lead}{} ({}){link}\n", item.text, item.reasons.join("; ")));
    }
    if out == "\n" {
        out.push_str("- none\n");
    }
    out
}
