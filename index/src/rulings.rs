//! What the ledger does to the threads of actions.
//!
//! An overlay over what [`fold`](crate::fold::fold) makes of the minutes: it knows only which mentions
//! are one action, never why. Where there is no ledger nothing is done.
//!
//! An entry hangs on the id of a mention, so it follows that mention into whatever thread holds it. First
//! threads are joined and split ([`Verb::SameAs`], [`Verb::NotSame`]), in the order in which that was said;
//! then each thread gets its [`Ruling`]s, from which its state and owners are told. **The later statement
//! wins; on the same day the ledger.**

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use jiff::civil::Date;
use minutebook_ingest::facts::ActionState;
use serde::Serialize;

use crate::identity::{People, Place};
use crate::ledger::{self, As, Entry, Ledger, Placed, Verb};
use crate::short_id::Id;
use crate::threads::{Event, Evidence, Mention, Standing, State, Thread};

/// An entry of the ledger that speaks of an action.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Ruling {
    /// What was said.
    #[serde(flatten)]
    pub entry: Entry,
    /// Where it stands in the ledger.
    pub line: u32,
    /// The day on which it was said.
    #[serde(skip)]
    pub day: Date,
    /// Canonical owners, where it names some.
    #[serde(skip)]
    owners: Vec<String>,
}

impl Ruling {
    fn new(placed: &Placed, series: &str, people: &People) -> Self {
        let place = Place { series, date: Some(placed.entry.day()) };
        let owners = match &placed.entry.verb {
            Verb::Owner(owners) => owners.iter().map(|o| people.canonical(o.trim_start_matches('@'), place)).collect(),
            _ => Vec::new(),
        };
        Self { entry: placed.entry.clone(), line: placed.line, day: placed.entry.day(), owners }
    }

    /// "closed by @jonas-eide on 2026-01-07 in the ledger"
    pub fn told(&self) -> String {
        let done = match &self.entry.verb {
            Verb::Close(As::Done) => "closed",
            Verb::Close(As::Dropped) => "dropped",
            Verb::Reopen => "reopened",
            Verb::Note => "noted",
            Verb::NotAnAction => "said to be no action",
            Verb::SameAs(_) => "joined with another action",
            Verb::NotSame(_) => "split from another action",
            Verb::Owner(owners) if owners.is_empty() => "left without an owner",
            Verb::Owner(_) => "given to its owners",
        };
        format!("{done} by {} on {} in the ledger", who(&self.entry.by), self.day)
    }

    /// In a sentence, with what it names and its note; the day stands elsewhere.
    pub fn told_whole(&self) -> String {
        let done = match &self.entry.verb {
            Verb::Close(As::Done) => "closed as done".to_owned(),
            Verb::Close(As::Dropped) => "dropped".to_owned(),
            Verb::Reopen => "reopened".to_owned(),
            Verb::Note => "noted".to_owned(),
            Verb::NotAnAction => "said to be no action".to_owned(),
            Verb::SameAs(other) => format!("{} said to be the same as {other}", self.entry.action),
            Verb::NotSame(other) => format!("said to be another action from {other} on"),
            Verb::Owner(_) if self.owners.is_empty() => "left without an owner".to_owned(),
            Verb::Owner(_) => format!("given to {}", self.owners.join(", ")),
        };
        let note = self.entry.note.as_ref().map_or_else(String::new, |note| format!(": {note}"));
        format!("{done} by {}{note}", who(&self.entry.by))
    }

    /// The line of the ledger.
    pub fn evidence(&self) -> Evidence {
        let note = self.entry.note.as_ref().map_or_else(String::new, |note| format!(": {note}"));
        let why = format!("{}{note}", self.entry.verb.name());
        Evidence { path: ledger::PATH.to_owned(), line: self.line, date: Some(self.day), why }
    }
}

/// A handle with its `@`, a name as it is.
pub fn who(by: &str) -> String {
    let handle = !by.is_empty() && !by.contains(|c: char| c.is_whitespace() || c == '@' || c == '<');
    if handle { format!("@{by}") } else { by.to_owned() }
}

/// Puts the ledger, up to a day, over the threads in view. Returned, with their series, are those that are
/// said to be no actions; they are taken out.
pub fn apply(
    ledger: &Ledger,
    as_of: Option<Date>,
    people: &People,
    threads: &mut BTreeMap<String, Arc<Vec<Thread>>>,
) -> Vec<(String, Thread)> {
    let said: Vec<&Placed> = ledger.entries.iter().filter(|p| as_of.is_none_or(|day| p.entry.day() <= day)).collect();
    let named: HashSet<Id> = said.iter().flat_map(|p| ids(&p.entry)).filter_map(Id::parse).collect();
    if named.is_empty() {
        return Vec::new();
    }
    let mut overlay = Overlay::take(threads, &named);
    for placed in &said {
        let action = &placed.entry.action;
        match &placed.entry.verb {
            Verb::SameAs(other) => overlay.join(action, other),
            Verb::NotSame(other) => overlay.split(action, other),
            _ => {}
        }
    }
    for placed in &said {
        overlay.rule(placed, people);
    }
    overlay.give_back(threads)
}

/// The mentions of which an entry speaks.
pub fn ids(entry: &Entry) -> impl Iterator<Item = &str> {
    let other = if let Verb::SameAs(other) | Verb::NotSame(other) = &entry.verb { Some(other.as_str()) } else { None };
    std::iter::once(entry.action.as_str()).chain(other)
}

/// A thread that the ledger speaks of.
struct Held {
    series: String,
    thread: Thread,
    /// Beside each mention the thread that the minutes made of it.
    origins: Vec<usize>,
}

struct Overlay {
    /// Emptied where one has been joined to another.
    held: Vec<Option<Held>>,
    /// Where a mention is that the ledger names.
    at: HashMap<Id, usize>,
}

impl Overlay {
    fn take(threads: &mut BTreeMap<String, Arc<Vec<Thread>>>, named: &HashSet<Id>) -> Self {
        let mut overlay = Self { held: Vec::new(), at: HashMap::new() };
        let is_named = |t: &Thread| t.mentions.iter().any(|m| named.contains(&m.id));
        // Series of which the ledger does not speak stay shared with the view that it is laid over.
        for (series, all) in threads.iter_mut().filter(|(_, all)| all.iter().any(is_named)) {
            for thread in Arc::make_mut(all).extract_if(.., |t| is_named(t)) {
                let at = overlay.held.len();
                let origins = vec![at; thread.mentions.len()];
                overlay.hold(Held { series: series.clone(), thread, origins }, named);
            }
        }
        overlay
    }

    /// Puts a thread in its place and notes where the mentions are that the ledger names.
    fn hold(&mut self, held: Held, named: &HashSet<Id>) {
        let at = self.held.len();
        for mention in held.thread.mentions.iter().filter(|m| named.contains(&m.id)) {
            self.at.insert(mention.id, at);
        }
        self.held.push(Some(held));
    }

    /// Where a mention is that the ledger names like this.
    fn find(&self, id: &str) -> Option<usize> {
        self.at.get(&Id::parse(id)?).copied()
    }

    /// One thread of two, in the series of the earlier one.
    fn join(&mut self, action: &str, other: &str) {
        let (Some(a), Some(b)) = (self.find(action), self.find(other)) else { return };
        if a == b {
            return;
        }
        let (Some(one), Some(two)) = (self.held[a].take(), self.held[b].take()) else { return };
        let (mut first, second) =
            if order(one.thread.first()) <= order(two.thread.first()) { (one, two) } else { (two, one) };
        let gone = [first.thread.gone.take(), second.thread.gone].into_iter().flatten().max_by_key(|g| g.date);
        let mut mentions: Vec<(Mention, usize)> =
            first.thread.mentions.drain(..).zip(first.origins.drain(..)).collect();
        mentions.extend(second.thread.mentions.into_iter().zip(second.origins));
        mentions.sort_by(|(a, _), (b, _)| order(a).cmp(&order(b)));
        (first.thread.mentions, first.origins) = mentions.into_iter().unzip();
        // A list that no longer had the one says nothing once the other was written down after it.
        first.thread.gone = gone.filter(|g| g.date >= first.thread.last_seen());
        renew_events(&mut first.thread);
        let (to, from) = (self.held.len(), [a, b]);
        self.held.push(Some(first));
        self.at.values_mut().filter(|at| from.contains(at)).for_each(|at| *at = to);
    }

    /// Splits off a mention and those behind it. Of a joined thread only those that came with it, so that
    /// splitting at the first of them undoes the joining.
    fn split(&mut self, action: &str, other: &str) {
        let (Some(a), Some(b)) = (self.find(action), self.find(other)) else { return };
        if a != b {
            return;
        }
        let Some(mut whole) = self.held[a].take() else { return };
        let parts = Id::parse(other).map_or_else(Vec::new, |at| parted(&whole.thread.mentions, &whole.origins, at));
        if parts.iter().all(|&leaves| leaves) || !parts.contains(&true) {
            self.held[a] = Some(whole);
            return;
        }
        let ends_it = parts.last() == Some(&true);
        let mut left = Held { series: whole.series.clone(), thread: whole.thread.clone(), origins: Vec::new() };
        left.thread.mentions.clear();
        let all = whole.thread.mentions.drain(..).zip(whole.origins.drain(..)).zip(parts).collect::<Vec<_>>();
        for ((mention, origin), leaves) in all {
            let part = if leaves { &mut left } else { &mut whole };
            part.thread.mentions.push(mention);
            part.origins.push(origin);
        }
        // The list that no longer had it speaks of the last mention.
        if ends_it {
            whole.thread.gone = None;
        } else {
            left.thread.gone = None;
        }
        for part in [&mut whole, &mut left] {
            renew_events(&mut part.thread);
        }
        let named: HashSet<Id> = self.at.keys().copied().collect();
        self.hold(whole, &named);
        self.hold(left, &named);
    }

    /// Tells the threads that an entry speaks of; those whose partner is out of view are told nothing.
    fn rule(&mut self, placed: &Placed, people: &People) {
        let found: Option<Vec<usize>> = ids(&placed.entry).map(|id| self.find(id)).collect();
        let Some(mut found) = found else { return };
        found.dedup();
        for at in found {
            if let Some(held) = &mut self.held[at] {
                held.thread.rulings.push(Ruling::new(placed, &held.series, people));
            }
        }
    }

    fn give_back(self, threads: &mut BTreeMap<String, Arc<Vec<Thread>>>) -> Vec<(String, Thread)> {
        let mut aside = Vec::new();
        let mut given: BTreeSet<String> = BTreeSet::new();
        for held in self.held.into_iter().flatten() {
            if verdict(&held.thread).0 {
                aside.push((held.series, held.thread));
            } else {
                given.insert(held.series.clone());
                Arc::make_mut(threads.entry(held.series).or_default()).push(held.thread);
            }
        }
        for (_, all) in threads.iter_mut().filter(|(series, _)| given.contains(*series)) {
            Arc::make_mut(all).sort_by(|a, b| order(a.first()).cmp(&order(b.first())));
        }
        aside
    }
}

/// Which mentions leave when a thread is split at one of them: it, and those behind it that came with it.
pub fn parted(mentions: &[Mention], origins: &[usize], at: Id) -> Vec<bool> {
    let Some(from) = mentions.iter().position(|m| m.id == at) else { return vec![false; mentions.len()] };
    (0..mentions.len()).map(|n| n >= from && origins[n] == origins[from]).collect()
}

fn order(mention: &Mention) -> (Date, &str, u32) {
    (mention.date.unwrap_or(Date::MAX), &mention.path, mention.line)
}

/// Only the first mention raises an action.
fn renew_events(thread: &mut Thread) {
    for (n, mention) in thread.mentions.iter_mut().enumerate() {
        let closes = mention.says.state != ActionState::Open;
        match mention.event {
            _ if n == 0 => mention.event = if closes { Event::Closed } else { Event::Raised },
            Event::Raised => mention.event = if closes { Event::Closed } else { Event::Carried },
            _ => {}
        }
    }
}

/// Whether the ledger says that a thread is no action, and its last word on the state.
fn verdict(thread: &Thread) -> (bool, Option<&Ruling>) {
    let (mut aside, mut word) = (false, None);
    for ruling in &thread.rulings {
        match ruling.entry.verb {
            Verb::NotAnAction => aside = true,
            Verb::SameAs(_) => aside = false,
            // Taken back is what was said last, and not the state before it.
            Verb::Reopen if aside => aside = false,
            Verb::Reopen | Verb::Close(_) => word = Some(ruling),
            _ => {}
        }
    }
    (aside, word)
}

/// The last mention that tells of the state: that its issue came up says nothing.
pub(crate) fn told(thread: &Thread) -> &Mention {
    let tells = |m: &&Mention| m.event != Event::Reported || m.says.state != ActionState::Open;
    thread.mentions.iter().rev().find(tells).unwrap_or_else(|| thread.last())
}

/// The last word on the state, where the ledger has it.
pub(crate) fn last_word(thread: &Thread) -> Option<&Ruling> {
    let word = verdict(thread).1?;
    let minutes = told(thread).date;
    // What was closed and then left the list did so because it was closed.
    let list = thread.gone.as_ref().filter(|_| word.entry.verb == Verb::Reopen).and_then(|g| g.date);
    (minutes.max(list) <= Some(word.day)).then_some(word)
}

/// What closed it in the ledger before the minutes spoke of it as open.
pub(crate) fn overruled(thread: &Thread) -> Option<&Ruling> {
    let word = verdict(thread).1.filter(|r| matches!(r.entry.verb, Verb::Close(_)))?;
    last_word(thread).is_none().then_some(word)
}

/// How it stands when the ledger has closed it.
pub(crate) fn closed(thread: &Thread) -> Option<Standing> {
    let word = last_word(thread)?;
    let Verb::Close(closed_as) = word.entry.verb else { return None };
    let last = thread.last();
    let mention =
        Evidence { path: last.path.to_string(), line: last.line, date: last.date, why: "last mentioned".to_owned() };
    Some(Standing {
        state: if closed_as == As::Done { State::Done } else { State::Dropped },
        reason: word.told(),
        evidence: vec![word.evidence(), mention],
        closed: Some(word.day),
    })
}

/// The day on which the ledger last spoke of it as of something to be done.
pub(crate) fn heard(thread: &Thread) -> Option<Date> {
    let heard = thread.rulings.iter().filter(|r| matches!(r.entry.verb, Verb::Reopen | Verb::Note | Verb::Owner(_)));
    heard.map(|r| r.day).max()
}

/// Its owners by the ledger, unless the minutes have named some on a later day.
pub(crate) fn owners(thread: &Thread, named_on: Option<Date>) -> Option<&[String]> {
    let ruling = thread.rulings.iter().rev().find(|r| matches!(r.entry.verb, Verb::Owner(_)))?;
    (named_on <= Some(ruling.day)).then_some(&ruling.owners)
}

#[cfg(test)]
mod tests;
