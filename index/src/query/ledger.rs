//! Saying something of actions in the ledger, and what has been said.
//!
//! [`say`] checks all wishes against the book before it writes any of them, and answers from the book as it
//! is afterwards.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;

use super::actions::{ActionView, Filter, actions};
use super::{NotFound, Scope};
use crate::Snapshot;
use crate::ledger::{AppendError, Entry, Ledger, Placed, Problem, Verb, append, new_id};
use crate::rulings::ids;
use crate::short_id::Id;
use crate::snapshot::View;
use crate::threads::{State, Thread};
use crate::tokens::folded_words;

/// Characters of a note at most; what is longer belongs into the minutes.
const LONGEST_NOTE: usize = 4000;
/// Characters of a name at most.
const LONGEST_NAME: usize = 200;

/// What somebody wants to say of an action, as they name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    /// The id of any mention, or the unambiguous beginning of one.
    pub action: String,
    /// What; ids in it may be beginnings too, and people in any spelling.
    pub verb: Verb,
    /// Why, or what else is to be said.
    pub note: Option<String>,
}

/// Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum SayError {
    /// There is no such action or person, or there are several.
    #[error("{0}; nothing was written")]
    Unknown(NotFound),
    /// It makes no sense.
    #[error("{0}; nothing was written")]
    Senseless(String),
    /// The ledger cannot be written.
    #[error(transparent)]
    Append(#[from] AppendError),
}

impl From<NotFound> for SayError {
    fn from(unknown: NotFound) -> Self {
        Self::Unknown(unknown)
    }
}

/// An entry with the action of which it speaks, as that stands now.
#[derive(Debug, Clone, Serialize)]
pub struct Said {
    /// What was said.
    #[serde(flatten)]
    pub entry: Entry,
    /// Where it stands in the ledger.
    pub line: u32,
    /// The own id of the action; none where it is no longer, or not in view.
    pub own_id: Option<String>,
    /// Its text.
    pub text: Option<String>,
    /// Its state; none for what is no action.
    pub state: Option<State>,
    /// Why it has that state.
    pub reason: Option<String>,
}

/// All that was said.
#[derive(Debug, Clone, Serialize)]
pub struct LedgerPage {
    /// In the order in which it was said.
    pub entries: Vec<Said>,
    /// Lines of the ledger that do not count.
    pub problems: Vec<Problem>,
}

/// Writes wishes to the ledger, all or none. Returned are the book under the new ledger, and what was said.
///
/// # Errors
/// When an action is unknown or a wish makes no sense, before anything is written; when it cannot be written.
pub fn say(
    snapshot: &Snapshot,
    scope: &Scope,
    wishes: &[Wish],
    by: &str,
    at: Timestamp,
) -> Result<(Snapshot, Vec<Said>), SayError> {
    // Somebody may have written since the snapshot was taken.
    let before = snapshot.with_ledger(Arc::new(Ledger::read(&snapshot.root)));
    let entries = drafts(&before.view(scope), wishes, by, at)?;
    append(&snapshot.root, &entries)?;
    let after = snapshot.with_ledger(Arc::new(Ledger::read(&snapshot.root)));
    let new: BTreeSet<&str> = entries.iter().map(|e| e.id.as_str()).collect();
    let said = after.ledger.entries.iter().filter(|p| new.contains(p.entry.id.as_str()));
    let said = said.map(|placed| standing(&after, scope, placed)).collect();
    Ok((after, said))
}

/// What was said up to the day of the scope.
pub fn ledger(snapshot: &Snapshot, scope: &Scope) -> LedgerPage {
    let view = snapshot.view(scope);
    let entries = snapshot.ledger.entries.iter();
    let entries = entries.filter(|p| scope.as_of.is_none_or(|day| p.entry.day() <= day));
    // Of what a scope does not let see nothing is told, not even an id.
    let narrow = scope.series.is_some() || scope.books.is_some();
    let seen = |p: &&Placed| !narrow || ids(&p.entry).all(|id| find_exactly(&view, id).is_some());
    LedgerPage {
        entries: entries.filter(seen).map(|placed| standing(snapshot, scope, placed)).collect(),
        problems: if narrow { Vec::new() } else { snapshot.ledger.problems.clone() },
    }
}

fn standing(snapshot: &Snapshot, scope: &Scope, placed: &Placed) -> Said {
    let view = snapshot.view(scope);
    let found = find_exactly(&view, &placed.entry.action);
    let state = found.as_ref().filter(|f| !f.aside).map(|f| view.standing(snapshot, scope, f.series, f.thread));
    Said {
        entry: placed.entry.clone(),
        line: placed.line,
        own_id: found.as_ref().map(|f| f.thread.first().id.to_string()),
        text: found.as_ref().map(|f| f.thread.text().to_owned()),
        reason: state.as_ref().map(|s| s.reason.clone()),
        state: state.map(|s| s.state),
    }
}

/// An action, or what was taken for one, that an id leads to.
pub struct Found<'a> {
    /// The mention that has the id.
    pub id: Id,
    /// Its series.
    pub series: &'a str,
    /// Its thread.
    pub thread: &'a Thread,
    /// The ledger says that it is no action.
    pub aside: bool,
}

fn all(view: &View) -> impl Iterator<Item = (&str, &Thread, bool)> {
    let actions = view.threads.iter().flat_map(|(series, all)| all.iter().map(move |t| (series.as_str(), t, false)));
    actions.chain(view.set_aside.iter().map(|(series, t)| (series.as_str(), t, true)))
}

fn find_exactly<'a>(view: &'a View, id: &str) -> Option<Found<'a>> {
    let id = Id::parse(id)?;
    let mut all = all(view);
    let (series, thread, aside) = all.find(|(_, thread, _)| thread.has(id))?;
    Some(Found { id, series, thread, aside })
}

/// The actions, and what was taken for some, that the beginning of an id leads to; a whole id leads to its own alone.
pub(super) fn beginning<'a>(view: &'a View, wanted: &str) -> Vec<Found<'a>> {
    if let Some(found) = find_exactly(view, wanted) {
        return vec![found];
    }
    let begins = |t: &'a Thread| t.mentions.iter().find(|m| !wanted.is_empty() && m.id.text().starts_with(wanted));
    let all = all(view);
    all.filter_map(|(series, thread, aside)| Some(Found { id: begins(thread)?.id, series, thread, aside })).collect()
}

/// An action, or what was taken for one, by the id of any mention or the unambiguous beginning of one.
///
/// # Errors
/// When there is none, with the nearest ids; when there are several, with some of them.
pub fn find<'a>(view: &'a View, wanted: &str) -> Result<Found<'a>, NotFound> {
    let mut found = beginning(view, wanted);
    match found.len() {
        1 => Ok(found.remove(0)),
        0 => Err(NotFound::among("action", wanted, all(view).map(|(_, t, _)| t.first().id.text()))),
        _ => {
            let nearest = found.iter().take(3).map(|f| f.id.to_string()).collect();
            Err(NotFound { what: "single action", wanted: wanted.to_owned(), nearest })
        }
    }
}

fn drafts(view: &View, wishes: &[Wish], by: &str, at: Timestamp) -> Result<Vec<Entry>, SayError> {
    let by = by.trim().trim_start_matches('@');
    if by.is_empty() || by.chars().count() > LONGEST_NAME || by.contains(char::is_control) {
        return Err(SayError::Senseless(format!("{by:?} is nobody's name")));
    }
    let by = view.people.find(by).map_or(by, |person| &person.id);
    if wishes.is_empty() {
        return Err(SayError::Senseless("no action was named".to_owned()));
    }
    wishes.iter().map(|wish| draft(view, wish, by, at)).collect()
}

fn draft(view: &View, wish: &Wish, by: &str, at: Timestamp) -> Result<Entry, SayError> {
    let found = find(view, wish.action.trim())?;
    let note = wish.note.as_deref().map(str::trim).filter(|n| !n.is_empty());
    if note.is_some_and(|n| n.chars().count() > LONGEST_NOTE) {
        return Err(SayError::Senseless(format!("the note is longer than {LONGEST_NOTE} characters")));
    }
    let no_action = || SayError::Senseless(format!("{} is said to be no action; reopen it first", found.id));
    let verb = match &wish.verb {
        Verb::NotAnAction if found.aside => {
            return Err(SayError::Senseless(format!("{} is said to be no action already", found.id)));
        }
        Verb::Close(_) | Verb::Owner(_) if found.aside => return Err(no_action()),
        Verb::SameAs(other) => {
            let other = find(view, other.trim())?;
            if std::ptr::eq(other.thread, found.thread) {
                return Err(SayError::Senseless(format!("{} and {} are one action already", found.id, other.id)));
            }
            Verb::SameAs(other.id.to_string())
        }
        Verb::NotSame(other) => {
            let other = find(view, other.trim())?;
            if !std::ptr::eq(other.thread, found.thread) {
                return Err(SayError::Senseless(format!("{} and {} are two actions already", found.id, other.id)));
            }
            if other.id == found.thread.first().id {
                let later = found.thread.mentions.get(1).map(|m| format!(", for instance {}", m.id));
                let later = later.unwrap_or_default();
                return Err(SayError::Senseless(format!(
                    "{} is its first mention, so there is nothing before it to split from; name a later one{later}",
                    other.id
                )));
            }
            Verb::NotSame(other.id.to_string())
        }
        Verb::Owner(owners) if owners.iter().any(|o| o.trim().eq_ignore_ascii_case("none")) => {
            return Err(SayError::Senseless("\"none\" says that nobody owns it; name others without it".to_owned()));
        }
        Verb::Owner(owners) => Verb::Owner(owners.iter().map(|o| owner(view, o)).collect::<Result<_, _>>()?),
        Verb::Note if note.is_none() => return Err(SayError::Senseless("the note says nothing".to_owned())),
        other => other.clone(),
    };
    // What is split stays with the first mention; all else hangs on the one that was named.
    let action = if matches!(verb, Verb::NotSame(_)) { found.thread.first().id } else { found.id }.to_string();
    let id = new_id(&[&at.to_string(), by, verb.name(), &action, note.unwrap_or_default()]);
    Ok(Entry { id, at, by: by.to_owned(), verb, action, note: note.map(str::to_owned) })
}

/// Somebody known, or with an `@` somebody new.
fn owner(view: &View, wanted: &str) -> Result<String, SayError> {
    let name = wanted.trim().trim_start_matches('@');
    if name.is_empty() || name.chars().count() > LONGEST_NAME || name.contains(char::is_control) {
        return Err(SayError::Senseless(format!("{wanted:?} is nobody's name")));
    }
    if let Some(person) = view.people.find(name) {
        return Ok(person.id.clone());
    }
    let unknown = NotFound::among("person", name, view.people.all.iter().map(|p| p.id.as_str()));
    if wanted.trim().starts_with('@') || unknown.nearest.is_empty() {
        return Ok(name.to_owned());
    }
    Err(SayError::Senseless(format!("{unknown} Write @{name} for somebody who is in no minutes yet")))
}

/// Actions that may be the same as one: of its series or an owner of it, alike in words, the likest first.
pub fn similar(snapshot: &Snapshot, scope: &Scope, to: &ActionView, limit: usize) -> Vec<ActionView> {
    let words = |a: &ActionView| -> BTreeSet<String> {
        folded_words(&a.text).into_iter().filter(|w| w.chars().count() > 2).collect()
    };
    let own = words(to);
    let mut scored: Vec<(usize, ActionView)> = actions(snapshot, scope, &Filter::default())
        .into_iter()
        .filter(|a| a.id != to.id && (a.series == to.series || a.owners.iter().any(|o| to.owners.contains(o))))
        .map(|a| {
            let theirs = words(&a);
            let both = 1000 * 2 * own.intersection(&theirs).count() / (own.len() + theirs.len()).max(1);
            (both, a)
        })
        .filter(|(both, _)| *both >= 200)
        .collect();
    scored.sort_by(|(a, x), (b, y)| b.cmp(a).then_with(|| y.last_seen.cmp(&x.last_seen)).then_with(|| x.id.cmp(&y.id)));
    scored.into_iter().take(limit).map(|(_, a)| a).collect()
}
