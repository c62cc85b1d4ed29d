//! The mentions of one to-do across meetings: threads, as [`crate::fold`] makes them.
//!
//! Kept are dated events; whether an action is open, gone or stale is told from them on the day of
//! asking ([`Thread::standing`]).

use std::collections::{BTreeSet, HashSet};
use std::hash::Hash;
use std::sync::Arc;

use jiff::civil::Date;
use minutebook_ingest::conventions;
use minutebook_ingest::facts::{ActionState, Due};
use serde::{Deserialize, Serialize};

use crate::rulings::{self, Ruling};
use crate::short_id::Id;

/// What a mention did to its action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Event {
    /// Written down for the first time.
    Raised,
    /// Written down again.
    Carried,
    /// … with other owners.
    Reassigned,
    /// … with another deadline.
    DueMoved,
    /// … with a note on its progress.
    Progressed,
    /// Marked as done or dropped.
    Closed,
    /// Told of, without being written down again: its issue came up.
    Reported,
}

impl Event {
    /// Its word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Raised => "raised",
            Self::Carried => "carried",
            Self::Reassigned => "reassigned",
            Self::DueMoved => "due-moved",
            Self::Progressed => "progressed",
            Self::Closed => "closed",
            Self::Reported => "reported",
        }
    }
}

/// Why a mention is taken for one of the same action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Joined {
    /// It is the first.
    First,
    /// Its words are those of the mentions before, to so many percent.
    Alike(u8),
    /// The issue of the action came up again.
    Issue,
    /// The same issue has an entry of a list of work again.
    Entry,
    /// An item under it on a list of pending actions is what the action was.
    Part,
    /// Of what its owners had to do nothing else is like it, and the list would miss it.
    Left,
    /// It is about the issue of the action, by its own line or what stands over it, and its words are those of the
    /// mentions before to so many percent.
    Under(u8),
    /// It says that it is of before, and the action was the only open one about its issue.
    OnlyOne,
}

impl Joined {
    /// In words; nothing of the first.
    pub fn told(self) -> Option<String> {
        match self {
            Self::First => None,
            Self::Alike(95..) => Some("in the same words".to_owned()),
            Self::Alike(percent) => Some(format!("{percent} % the same words")),
            Self::OnlyOne => Some("about the same issue, and nothing else about it was open".to_owned()),
            Self::Under(percent) => Some(format!("about the same issue, {percent} % the same words")),
            Self::Part => Some("what stands under it on the list is the action of before".to_owned()),
            Self::Left => Some("of what its owners had to do, nothing else on the list is like it".to_owned()),
            Self::Issue => Some("the issue of the action came up again".to_owned()),
            Self::Entry => Some("the same issue has an entry again".to_owned()),
        }
    }
}

/// One line of minutes that speaks of an action. Of a big book there are very many, most of them carried on word for
/// word: what they say is shared.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Mention {
    /// Stable id of this mention.
    pub id: Id,
    /// The file.
    pub path: Arc<str>,
    /// Where the task stands.
    pub line: u32,
    /// Last line of the task with its notes.
    pub end_line: u32,
    /// The meeting's day.
    pub date: Option<Date>,
    /// The heading it stands under.
    pub topic: Option<Arc<str>>,
    /// Stands on a list of pending actions.
    pub listed: bool,
    /// What it did.
    pub event: Event,
    /// Why it is taken for one of this action.
    pub joined: Joined,
    /// What it says.
    pub says: Arc<Content>,
}

/// What a mention says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// The task.
    pub text: Arc<str>,
    /// Canonical owners.
    pub owners: Arc<[String]>,
    /// As this mention tells it.
    pub state: ActionState,
    /// As this mention tells it.
    pub due: Option<Box<Due>>,
    /// Issues it names.
    pub references: Arc<[String]>,
    /// Marked as an action.
    pub explicit: bool,
}

/// Lets the mentions of some threads share what they have in common, also with the paths of their files, and takes no
/// more room than is needed.
pub(crate) fn share<'a>(threads: &mut Vec<Thread>, paths: impl Iterator<Item = &'a Arc<str>>) {
    let mut texts: HashSet<Arc<str>> = paths.cloned().collect();
    let mut lists: HashSet<Arc<[String]>> = HashSet::new();
    threads.shrink_to_fit();
    for thread in threads {
        thread.mentions.shrink_to_fit();
        let mut last: Option<&Arc<Content>> = None;
        for mention in &mut thread.mentions {
            share_one(&mut texts, &mut mention.path);
            mention.topic.iter_mut().for_each(|topic| share_one(&mut texts, topic));
            match last {
                Some(last) if *last == mention.says => mention.says = Arc::clone(last),
                _ => {
                    let content = Arc::make_mut(&mut mention.says);
                    share_one(&mut texts, &mut content.text);
                    share_one(&mut lists, &mut content.owners);
                    share_one(&mut lists, &mut content.references);
                }
            }
            last = Some(&mention.says);
        }
    }
}

/// Puts the one that is known in place of an equal one.
pub(crate) fn share_one<T: ?Sized + Eq + Hash>(known: &mut HashSet<Arc<T>>, value: &mut Arc<T>) {
    match known.get(&**value) {
        Some(same) => *value = Arc::clone(same),
        None => _ = known.insert(Arc::clone(value)),
    }
}

/// A place in the minutes that shows something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// The file.
    pub path: String,
    /// The line.
    pub line: u32,
    /// The meeting's day.
    pub date: Option<Date>,
    /// What it shows.
    pub why: String,
}

/// All mentions of one action, in order.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Thread {
    /// At least one.
    pub mentions: Vec<Mention>,
    /// The pending list that no longer had it.
    pub gone: Option<Box<Evidence>>,
    /// What the ledger says of it, in order; laid over what is kept.
    #[serde(skip)]
    pub rulings: Vec<Ruling>,
}

/// What became of an action, on the day of asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, PartialOrd, Ord)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// To be done.
    Open,
    /// Open, but not heard of for long.
    Stale,
    /// Done.
    Done,
    /// Given up.
    Dropped,
    /// Left the pending list without a word.
    Gone,
}

impl State {
    /// Its word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Stale => "stale",
            Self::Done => "done",
            Self::Dropped => "dropped",
            Self::Gone => "gone",
        }
    }

    /// Whether it is still to be done.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Open | Self::Stale)
    }

    /// The state of a word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Open, Self::Stale, Self::Done, Self::Dropped, Self::Gone].into_iter().find(|s| s.as_str() == word)
    }
}

/// A state with its reason and what shows it.
#[derive(Debug, Clone)]
pub struct Standing {
    /// The state.
    pub state: State,
    /// In a sentence.
    pub reason: String,
    /// At least one place.
    pub evidence: Vec<Evidence>,
    /// The day it was closed.
    pub closed: Option<Date>,
}

impl Thread {
    /// The first mention.
    pub fn first(&self) -> &Mention {
        &self.mentions[0]
    }

    /// The last mention.
    pub fn last(&self) -> &Mention {
        self.mentions.last().unwrap_or(&self.mentions[0])
    }

    /// The task as it was last written. A line by which its issue came up again, or a list took it together with others, tells
    /// of it in words of its own.
    pub fn text(&self) -> &str {
        let tells = |m: &&Mention| !matches!(m.joined, Joined::Issue | Joined::Part);
        &self.mentions.iter().rev().find(tells).unwrap_or(&self.mentions[0]).says.text
    }

    /// Whether it answers to an id.
    pub fn has(&self, id: Id) -> bool {
        self.mentions.iter().any(|m| m.id == id)
    }

    /// The day of the last dated mention.
    pub fn last_seen(&self) -> Option<Date> {
        self.mentions.iter().filter_map(|m| m.date).max()
    }

    /// Owners as last told.
    pub fn owners(&self) -> &[String] {
        let named = self.mentions.iter().rev().find(|m| !m.says.owners.is_empty());
        rulings::owners(self, named.and_then(|m| m.date)).unwrap_or_else(|| named.map_or(&[], |m| &m.says.owners))
    }

    /// The deadline as last told.
    pub fn due(&self) -> Option<&Due> {
        self.mentions.iter().rev().find_map(|m| m.says.due.as_deref())
    }

    /// How often it was written down again.
    pub fn carries(&self) -> usize {
        let written = self.mentions.iter().filter(|m| m.event != Event::Reported);
        let days: BTreeSet<_> = written.map(|m| (m.date, &m.path)).collect();
        days.len().saturating_sub(1)
    }

    /// Its state on a day. `held` are the days on which its series met, in order.
    pub fn standing(&self, today: Date, stale: conventions::Stale, held: &[Date]) -> Standing {
        let last = self.last();
        let seen = |m: &Mention, why: &str| Evidence {
            path: m.path.to_string(),
            line: m.line,
            date: m.date,
            why: why.to_owned(),
        };
        let on = |m: &Mention| m.date.map_or_else(|| m.path.to_string(), |d| d.to_string());
        if let Some(closed) = rulings::closed(self) {
            return closed;
        }
        // What the ledger has reopened is open whatever the minutes said before.
        let reopened = rulings::last_word(self);
        let told = rulings::told(self);
        match told.says.state {
            _ if reopened.is_some() => {}
            ActionState::Done | ActionState::Dropped => {
                let (state, word) = if told.says.state == ActionState::Done {
                    (State::Done, "marked as done")
                } else {
                    (State::Dropped, "dropped")
                };
                return Standing {
                    state,
                    reason: format!("{word} in {}, line {}", on(told), told.line),
                    evidence: vec![seen(told, word)],
                    closed: told.date,
                };
            }
            ActionState::Open => {}
        }
        if let Some(gone) = self.gone.as_ref().filter(|_| reopened.is_none()) {
            let when = gone.date.map_or_else(|| gone.path.clone(), |d| d.to_string());
            return Standing {
                state: State::Gone,
                reason: format!("no longer on the pending list of {when}"),
                evidence: vec![seen(last, "last on the list"), gone.as_ref().clone()],
                closed: gone.date,
            };
        }
        let heard = self.last_seen().max(rulings::heard(self));
        let silent = heard.map_or(0, |d| d.until(today).map_or(0, |s| s.get_days()));
        let held = &held[..held.partition_point(|&h| h <= today)];
        let meetings = heard.map_or(0, |d| held.len() - held.partition_point(|&h| h <= d).min(held.len()));
        if i64::from(silent) >= i64::from(stale.days) && meetings >= stale.meetings as usize {
            return Standing {
                state: State::Stale,
                reason: format!("not heard of for {silent} days and {meetings} meetings"),
                evidence: vec![seen(last, "last mentioned")],
                closed: None,
            };
        }
        if let Some(ruling) = reopened {
            let evidence = vec![ruling.evidence(), seen(last, "last mentioned")];
            return Standing { state: State::Open, reason: ruling.told(), evidence, closed: None };
        }
        if let Some(ruling) = rulings::overruled(self) {
            let reason = format!("open again in {}, line {}, after it was {}", on(told), told.line, ruling.told());
            let evidence = vec![seen(told, "open again"), ruling.evidence()];
            return Standing { state: State::Open, reason, evidence, closed: None };
        }
        let reason = match self.carries() {
            0 => format!("raised in {}, line {}", on(last), last.line),
            1 => format!("carried once, last in {}, line {}", on(last), last.line),
            n => format!("carried {n} times, last in {}, line {}", on(last), last.line),
        };
        Standing { state: State::Open, reason, evidence: vec![seen(last, "last mentioned")], closed: None }
    }
}
