//! "What have I promised, since when, and what became of it?"

use std::collections::{BTreeSet, HashMap, HashSet};

use jiff::civil::Date;
use minutebook_ingest::facts::ActionState;
use serde::Serialize;

use super::{NotFound, Scope};
use crate::Snapshot;
use crate::identity::{Person, folded};
use crate::ledger::Verb;
use crate::rulings::Ruling;
use crate::short_id::Id;
use crate::snapshot::View;
use crate::threads::{Event, Evidence, Standing, State, Thread};

/// Which actions are asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// A person in any spelling; `none` for those that nobody owns.
    pub owner: Option<String>,
    /// A series.
    pub series: Option<String>,
    /// States; none means all.
    pub states: Option<BTreeSet<State>>,
}

impl Filter {
    /// Open and stale: what is still to be done.
    pub fn open() -> Self {
        Self { states: Some([State::Open, State::Stale].into()), ..Self::default() }
    }

    /// The states of a word: one of them, or `any`.
    ///
    /// # Errors
    /// When the word is no state; the error names those there are.
    pub fn states_of(word: &str) -> Result<Option<BTreeSet<State>>, String> {
        match word {
            "any" => Ok(None),
            other => State::parse(other)
                .map(|s| Some([s].into()))
                .ok_or_else(|| format!("{other:?} is no state; there are open, done, dropped, gone, stale and any")),
        }
    }
}

/// An action on the day of asking.
#[derive(Debug, Clone, Serialize)]
pub struct ActionView {
    /// Of its first mention; the ids of all others lead to it too.
    pub id: String,
    /// As last written.
    pub text: String,
    /// Canonical handles, else names as written.
    pub owners: Vec<String>,
    /// Its series.
    pub series: String,
    /// What became of it.
    pub state: State,
    /// Why.
    pub reason: String,
    /// What shows it.
    pub evidence: Vec<Evidence>,
    /// Day of the first mention.
    pub opened: Option<Date>,
    /// Day of the last mention.
    pub last_seen: Option<Date>,
    /// Day it was closed.
    pub closed: Option<Date>,
    /// The deadline as last told.
    pub due: Option<DueView>,
    /// Days since it was opened; until it was closed.
    pub age_days: i32,
    /// How often it was written down again.
    pub carries: usize,
    /// The heading of its last mention.
    pub topic: Option<String>,
    /// Issues it names.
    pub references: Vec<String>,
    /// Its last mention on the forge.
    pub permalink: Option<String>,
    /// People whose it perhaps is.
    pub candidates: Vec<String>,
    /// All mentions, in order.
    pub mentions: Vec<MentionView>,
    /// What the ledger says of it, in order.
    pub ledger: Vec<Ruling>,
}

/// A deadline.
#[derive(Debug, Clone, Serialize)]
pub struct DueView {
    /// In the words of the minutes.
    pub text: String,
    /// The day they mean.
    pub date: Option<Date>,
}

impl DueView {
    /// The day, or the words where they mean none.
    pub fn told(&self) -> String {
        self.date.map_or_else(|| self.text.clone(), |day| day.to_string())
    }
}

/// A mention of an action.
#[derive(Debug, Clone, Serialize)]
pub struct MentionView {
    /// Answers to this id too.
    pub id: String,
    /// The file.
    pub path: String,
    /// Where the task stands.
    pub line: u32,
    /// The meeting's day.
    pub date: Option<Date>,
    /// As written there.
    pub text: String,
    /// As told there.
    pub owners: Vec<String>,
    /// As told there.
    pub due: Option<DueView>,
    /// As told there.
    pub state: ActionState,
    /// What it did.
    pub event: Event,
    /// Why it is taken for a mention of this action; nothing of the first.
    pub joined: Option<String>,
    /// The line on the forge.
    pub permalink: Option<String>,
}

impl ActionView {
    /// True while it is to be done.
    pub fn is_open(&self) -> bool {
        self.state.is_open()
    }

    /// Overdue on a day.
    pub fn is_overdue(&self, today: Date) -> bool {
        self.is_open() && self.due.as_ref().and_then(|d| d.date).is_some_and(|d| d < today)
    }
}

/// The actions that a filter asks for, longest waiting first: open before stale before closed.
///
/// Within a state those of series that still meet come first: nobody will close what the others left behind.
pub fn actions(snapshot: &Snapshot, scope: &Scope, filter: &Filter) -> Vec<ActionView> {
    actions_where(snapshot, scope, filter, |_| true)
}

/// The [`actions`] of which something else is true as well, which is asked before anything is made of them.
pub fn actions_where(
    snapshot: &Snapshot,
    scope: &Scope,
    filter: &Filter,
    also: impl Fn(&Thread) -> bool,
) -> Vec<ActionView> {
    let view = snapshot.view(scope);
    let wanted = filter.owner.as_deref().map(|owner| Wanted::of(owner, &view));
    let mut out = Vec::new();
    for (series, threads) in &view.threads {
        if filter.series.as_ref().is_some_and(|s| s != series) {
            continue;
        }
        for thread in threads.iter() {
            if let Some(wanted) = &wanted
                && !wanted.owns(thread)
            {
                continue;
            }
            if !also(thread) {
                continue;
            }
            let standing = view.standing(snapshot, scope, series, thread);
            if filter.states.as_ref().is_some_and(|s| !s.contains(&standing.state)) {
                continue;
            }
            out.push(view_of(snapshot, scope, &view, series, thread, standing));
        }
    }
    let last = |held: &Vec<Date>| held[..held.partition_point(|d| *d <= scope.today)].last().copied();
    let latest = view.held.values().filter_map(last).max();
    let silence = jiff::Span::new().days(snapshot.conventions.stale.days);
    let since = latest.and_then(|d| d.checked_sub(silence).ok());
    let ended: HashSet<&str> =
        view.held.iter().filter(|(_, held)| last(held) < since).map(|(series, _)| series.as_str()).collect();
    out.sort_by_cached_key(|a| (a.state, ended.contains(a.series.as_str()), a.opened, a.series.clone(), a.id.clone()));
    out
}

enum Wanted {
    Nobody,
    Person { id: String, spelling: String },
}

impl Wanted {
    fn of(owner: &str, view: &View) -> Self {
        if owner.eq_ignore_ascii_case("none") {
            return Self::Nobody;
        }
        let id = view.people.find(owner).map_or_else(|| owner.trim_start_matches('@').to_owned(), |p| p.id.clone());
        Self::Person { spelling: folded(owner), id }
    }

    fn owns(&self, thread: &Thread) -> bool {
        let owners = thread.owners();
        match self {
            Self::Nobody => owners.is_empty(),
            Self::Person { id, spelling } => owners.iter().any(|o| o == id || folded(o) == *spelling),
        }
    }
}

/// Fails for an owner whom nobody goes by.
///
/// # Errors
/// With the nearest names.
pub fn known_person(snapshot: &Snapshot, scope: &Scope, owner: &str) -> Result<(), NotFound> {
    let view = snapshot.view(scope);
    if view.people.find(owner).is_some() {
        return Ok(());
    }
    Err(NotFound::among("person", owner.trim_start_matches('@'), view.people.all.iter().map(|p| p.id.as_str())))
}

/// Actions that perhaps belong to a person: their owner's name is one that several share.
pub fn perhaps(snapshot: &Snapshot, scope: &Scope, person: &str) -> Vec<ActionView> {
    let view = snapshot.view(scope);
    let Some(id) = view.people.find(person).map(|p| p.id.clone()) else { return Vec::new() };
    let perhaps = |thread: &Thread| {
        let owners = thread.owners();
        !owners.contains(&id) && owners.iter().any(|o| view.people.candidates(o).iter().any(|p| p.id == id))
    };
    actions_where(snapshot, scope, &Filter::open(), perhaps)
}

/// So many are named who may be meant.
const MEANT: usize = 5;

/// Others with open actions whose names begin so, and how many they have, those with most first: who asks for "Mira" may
/// mean `MiraHolt`.
pub fn also_called(snapshot: &Snapshot, scope: &Scope, wanted: &str) -> Vec<(String, usize)> {
    let start = folded(wanted.trim_start_matches('@'));
    if start.is_empty() || start == "none" {
        return Vec::new();
    }
    let view = snapshot.view(scope);
    let found = view.people.find(wanted).map(|p| &p.id);
    let is_called = |p: &&Person| {
        Some(&p.id) != found && p.aliases.keys().chain([&p.id]).any(|spelling| folded(spelling).starts_with(&start))
    };
    let mut open: HashMap<&str, usize> = view.people.all.iter().filter(is_called).map(|p| (&*p.id, 0)).collect();
    if open.is_empty() {
        return Vec::new();
    }
    let is_theirs = |thread: &Thread| thread.owners().iter().any(|owner| open.contains_key(owner.as_str()));
    let theirs = actions_where(snapshot, scope, &Filter::open(), is_theirs);
    for owner in theirs.iter().flat_map(|action| &action.owners) {
        open.entry(owner).and_modify(|n| *n += 1);
    }
    let mut called: Vec<(String, usize)> = open.into_iter().map(|(id, n)| (id.to_owned(), n)).collect();
    called.retain(|&(_, n)| n > 0);
    called.sort_by(|a, b| (b.1, &a.0).cmp(&(a.1, &b.0)));
    called.truncate(MEANT);
    called
}

/// What the ledger says is no action, by the id of any of its mentions.
pub fn set_aside(snapshot: &Snapshot, scope: &Scope, id: &str) -> Option<ActionView> {
    let (view, id) = (snapshot.view(scope), Id::parse(id)?);
    let (series, thread) = view.set_aside.iter().find(|(_, t)| t.has(id))?;
    Some(action_view(snapshot, scope, &view, series, thread))
}

/// One action by the id of any of its mentions.
///
/// # Errors
/// When no mention has that id, or the ledger says that it is no action.
pub fn action(snapshot: &Snapshot, scope: &Scope, id: &str) -> Result<ActionView, NotFound> {
    let view = snapshot.view(scope);
    let mut threads = view.threads.iter().flat_map(|(series, all)| all.iter().map(move |t| (series, t)));
    if let Some((series, thread)) = Id::parse(id).and_then(|id| threads.find(|(_, t)| t.has(id))) {
        return Ok(action_view(snapshot, scope, &view, series, thread));
    }
    let why = set_aside(snapshot, scope, id).and_then(|a| Some(format!("{id} ({})", aside_since(&a)?.told())));
    Err(NotFound { what: "action", wanted: why.unwrap_or_else(|| id.to_owned()), nearest: Vec::new() })
}

/// What set an action aside.
pub fn aside_since(a: &ActionView) -> Option<&Ruling> {
    a.ledger.iter().rev().find(|r| r.entry.verb == Verb::NotAnAction)
}

/// A thread as it stands on the day of asking.
pub fn action_view(snapshot: &Snapshot, scope: &Scope, view: &View, series: &str, thread: &Thread) -> ActionView {
    let standing = view.standing(snapshot, scope, series, thread);
    view_of(snapshot, scope, view, series, thread, standing)
}

fn view_of(
    snapshot: &Snapshot,
    scope: &Scope,
    view: &View,
    series: &str,
    thread: &Thread,
    standing: Standing,
) -> ActionView {
    let (first, last) = (thread.first(), thread.last());
    let until = standing.closed.unwrap_or(scope.today);
    let owners = thread.owners().to_vec();
    let mut candidates: Vec<String> = owners
        .iter()
        .flat_map(|o| view.people.candidates(o))
        .map(|p| p.id.clone())
        .filter(|id| !owners.contains(id))
        .collect();
    candidates.dedup();
    let mut references: Vec<String> = Vec::new();
    for r in thread.mentions.iter().flat_map(|m| m.says.references.iter()) {
        if !references.contains(r) {
            references.push(r.clone());
        }
    }
    let due = |d: &minutebook_ingest::facts::Due| DueView { text: d.text.clone(), date: d.date };
    ActionView {
        id: first.id.to_string(),
        text: thread.text().to_owned(),
        owners,
        series: series.to_owned(),
        state: standing.state,
        reason: standing.reason,
        evidence: standing.evidence,
        opened: first.date,
        last_seen: thread.last_seen(),
        closed: standing.closed,
        due: thread.due().map(due),
        age_days: first.date.and_then(|d| d.until(until).ok()).map_or(0, |s| s.get_days().max(0)),
        carries: thread.carries(),
        topic: last.topic.as_deref().map(str::to_owned),
        references,
        permalink: snapshot.permalink(&last.path, last.line, last.line),
        candidates,
        mentions: thread
            .mentions
            .iter()
            .map(|m| MentionView {
                id: m.id.to_string(),
                path: m.path.to_string(),
                line: m.line,
                date: m.date,
                text: m.says.text.to_string(),
                owners: m.says.owners.to_vec(),
                due: m.says.due.as_deref().map(due),
                state: m.says.state,
                event: m.event,
                joined: m.joined.told(),
                permalink: snapshot.permalink(&m.path, m.line, m.line),
            })
            .collect(),
        ledger: thread.rulings.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_book::book;

    #[test]
    fn what_a_series_left_behind_that_no_longer_meets_comes_last() {
        let meeting = |day: &str, task: &str| format!("# {day}\n## Agenda\n- AI @mira: {task}\n");
        let files = [
            ("pier/2023-01-05.md", meeting("2023-01-05", "paint the pier")),
            ("lock/2025-12-01.md", meeting("2025-12-01", "oil the lock")),
            ("ferry/2026-01-05.md", meeting("2026-01-05", "book the ferry")),
        ];
        let (_folder, snapshot) = book(files.iter().map(|(path, text)| (*path, text.as_str())));
        let told = |day: &str| -> Vec<String> {
            let scope = Scope::as_of(day.parse().expect("a day"));
            actions(&snapshot, &scope, &Filter::open()).into_iter().map(|a| a.text).collect()
        };
        assert_eq!(told("2026-01-06"), ["oil the lock", "book the ferry", "paint the pier"]);
        // Nothing later counts: on that day the pier was the only series.
        assert_eq!(told("2023-02-01"), ["paint the pier"]);
    }
}
