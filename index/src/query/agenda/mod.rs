//! A draft of the next agenda of a series: made when asked for, never stored.

mod chores;
mod draft;
mod handed;
mod left;
mod pending;

use jiff::civil::Date;
use minutebook_ingest::facts::Meeting;
use minutebook_ingest::meeting::id;
use serde::Serialize;

use super::{NotFound, Scope, away, series};
use crate::Snapshot;
use crate::rhythm::{self, Rhythm};
use crate::threads::State;

/// Characters of a line that is quoted.
const QUOTE: usize = 90;
/// Pending actions shown where a series keeps no list of its own.
const SHORT: usize = 7;

/// The draft.
#[derive(Debug, Clone, Serialize)]
pub struct AgendaView {
    /// The series.
    pub series: String,
    /// The day it is for; none where neither the question nor the rhythm tells.
    pub date: Option<Date>,
    /// Why that day, or why none.
    pub because: String,
    /// weekly, fortnightly, "first Monday of the month", irregular, …
    pub rhythm: String,
    /// The agenda of that day that the book holds already, which the draft starts from.
    pub starts_from: Option<String>,
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
    /// A topic that was put off.
    Topic,
    /// An issue under discussion.
    Issue,
    /// A topic handed over by another series.
    Handoff,
    /// A decision that was made for a while.
    Decision,
    /// Whose turn a chore is.
    Role,
    /// What stands on every agenda: who usually comes, and what is folded into a line.
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
    /// Of a line for many actions: the state by which they are found among those of the series.
    pub go_through: Option<State>,
    /// Its line of the draft; none where it stands there in other words, or not at all.
    pub markdown: Option<String>,
}

/// A line of minutes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Place {
    /// The file.
    pub path: String,
    /// The line.
    pub line: u32,
}

impl AgendaItem {
    /// An item of which no more is known.
    fn new(kind: ItemKind, text: &str, reasons: Vec<String>) -> Self {
        Self {
            id: id("i", &[text, &reasons.join("; ")]),
            kind,
            text: text.to_owned(),
            reasons,
            action: None,
            owners: Vec::new(),
            age_days: None,
            carries: None,
            from_series: None,
            references: Vec::new(),
            evidence: Vec::new(),
            permalink: None,
            go_through: None,
            markdown: None,
        }
    }
}

/// The draft for a series; `date` overrides the day that its rhythm gives.
///
/// # Errors
/// When there is no such series in scope.
pub fn agenda(snapshot: &Snapshot, scope: &Scope, wanted: &str, date: Option<Date>) -> Result<AgendaView, NotFound> {
    let name = series::find(snapshot, scope, wanted)?;
    let view = snapshot.view(scope);
    let days = series::held_days(snapshot, scope, &name);
    let rhythm = Rhythm::of(&days);
    let meetings = snapshot.meetings_of(&name, scope);
    let announced = announced(snapshot, &meetings, scope);
    let next = announced.or_else(|| days.last().and_then(|d| rhythm.next(*d, scope.today)));
    let because = match (date, announced) {
        (Some(_), _) => "the day that was asked for".to_owned(),
        (None, Some(_)) => format!("the minutes of {} say so", days.last().map_or_else(String::new, Date::to_string)),
        (None, None) => rhythm.because(&days, scope.today),
    };
    let date = date.or(next);
    let starts_from =
        meetings.iter().find(|m| m.date.is_some() && m.date == date && m.date >= Some(scope.today)).copied();
    let is_base = |m: &Meeting| starts_from.is_some_and(|base| base.id == m.id);
    let held: Vec<&Meeting> =
        meetings.into_iter().filter(|m| m.held && m.date.is_some_and(|d| d <= scope.today) && !is_base(m)).collect();

    let usual = chores::usual(snapshot, scope, &name);
    let mut items: Vec<AgendaItem> = chores::minutes(&view, &usual, &held).into_iter().collect();
    items.extend(chores::company(&usual, &held));
    let not_seen = away::absence(snapshot, scope, &name).not_seen;
    let p = pending::pending(snapshot, scope, &name, &held);
    items.extend(p.shown.iter().map(|(a, why)| pending::item(a, why, chores::away(&not_seen, &a.owners))));
    let why = match () {
        () if p.shown.is_empty() => "none of them was spoken of in the last meeting",
        () if p.keeps_list => "less likely to come up than those above",
        () => "the most likely ones stand above; this series keeps no pending list",
    };
    let more = if p.shown.is_empty() { " still open" } else { " more still open" };
    items.extend(pending::together(&p.more, more, why.to_owned()));
    let gone = " no longer on the list of the last meeting: done?";
    items.extend(pending::together(&p.gone, gone, "left the list without a word".to_owned()));
    let after = snapshot.conventions.stale;
    let silent = format!("open, but silent for {} days and {} meetings", after.days, after.meetings);
    items.extend(pending::together(&p.stale, " not heard of for long: still open?", silent));
    items.extend(left::topics(snapshot, &held));
    let issues = left::issues(snapshot, &snapshot.conventions, |m, r| view.target(m, r), &held, &items);
    items.extend(issues);
    items.extend(handed::over(snapshot, scope, &name));
    let last = held.last().and_then(|m| m.date);
    items.extend(left::decisions(snapshot, scope, &name, last, date));

    let text = |m: &Meeting| snapshot.text(&m.path).unwrap_or_default();
    let bullet = held.last().map_or('-', |m| draft::bullet(&text(m)));
    let habit = draft::Habit { held: &held, conventions: &snapshot.conventions, bullet };
    let markdown = match starts_from.map(text).filter(|t| !t.trim().is_empty()) {
        Some(base) => {
            // What the agenda has already is not said again.
            let path = starts_from.map_or("", |m| m.path.as_str());
            let missing: Vec<AgendaItem> =
                items.iter().filter(|i| !i.evidence.iter().any(|p| p.path == path)).cloned().collect();
            habit.add_to(&base, &missing)
        }
        None => habit.write(date, &items),
    };
    for item in &mut items {
        item.markdown = Some(habit.line(item)).filter(|line| markdown.lines().any(|l| l == line));
    }
    let starts_from = starts_from.map(|m| m.path.clone());
    Ok(AgendaView { series: name, date, because, rhythm: rhythm.told(), starts_from, items, markdown })
}

/// The day of the next meeting, where the minutes of the last one tell it and it is yet to come.
fn announced(snapshot: &Snapshot, meetings: &[&Meeting], scope: &Scope) -> Option<Date> {
    let last = meetings.iter().rfind(|m| m.held && m.date.is_some_and(|d| d <= scope.today))?;
    let text = snapshot.text(&last.path).ok()?;
    let (first, many) = (last.line.saturating_sub(1) as usize, (last.end_line.saturating_sub(last.line) + 1) as usize);
    let lines = text.lines().skip(first).take(many);
    rhythm::announced(lines, &snapshot.conventions.meetings.next, last.date?).filter(|d| *d >= scope.today)
}
