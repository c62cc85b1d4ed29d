//! Owners who are nobody in the book, and names that several people share.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use minutebook_ingest::facts::{Action, Meeting, MeetingKind};

use super::roster::Roster;
use super::source::Sources;
use super::{Finding, Related, Scope};
use crate::Snapshot;
use crate::identity::{Person, PersonKind, folded};
use crate::snapshot::View;

/// `unknown-owner`, once a meeting for each spelling.
pub fn unknown_owners(snapshot: &Snapshot, scope: &Scope, view: &View, roster: &Roster) -> Vec<Finding> {
    let mut found = Vec::new();
    for m in snapshot.sessions(scope).map(|s| s.meeting).filter(|m| m.kind == MeetingKind::Meeting) {
        let mut told: BTreeSet<String> = BTreeSet::new();
        for (action, owner) in m.actions.iter().flat_map(|a| a.owners.iter().map(move |o| (a, o))) {
            if !roster.has(owner, m, view) && told.insert(folded(owner)) {
                found.extend(unknown_owner(owner, action, m, roster));
            }
        }
    }
    found
}

fn unknown_owner(owner: &str, action: &Action, meeting: &Meeting, roster: &Roster) -> Option<Finding> {
    let near = roster.meant_by(owner);
    // Whoever owns things more than once is somebody, listed or not; and a capitalised word in the place of a
    // name is a team or a company more often than a slip.
    let looks_like_handle = owner.len() >= 3
        && owner.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_".contains(c))
        && owner.chars().any(|c| c.is_ascii_alphabetic());
    if near.is_none() && !(roster.times(owner) <= 1 && looks_like_handle && action.explicit) {
        return None;
    }
    let message = format!("{owner} is nobody's handle or name in this book");
    let mut found = Finding::new("unknown-owner", meeting, action.line, message)?.about(owner);
    if let Some(near) = near {
        found.help = format!("did you mean {near}? Else name the person under [[people.known]] in minutebook.toml");
    }
    Some(found)
}

/// `misspelt-person`, once a meeting for each spelling on its lists.
pub fn misspelt(snapshot: &Snapshot, scope: &Scope, view: &View, roster: &Roster) -> Vec<Finding> {
    // Few people are slips: told apart once each, not once a meeting.
    let slips: HashMap<&str, &str> = view
        .people
        .all
        .iter()
        .filter(|p| p.kind == PersonKind::Person && p.aliases.values().sum::<u32>() <= 2)
        .filter_map(|p| Some((p.id.as_str(), roster.meant_by(&p.id)?)))
        .filter(|(id, near)| view.people.find(near).is_none_or(|meant| meant.id != *id))
        .collect();
    let known: HashSet<String> = snapshot.conventions.people.known.iter().map(|k| folded(&k.handle)).collect();
    let mut found = Vec::new();
    for m in snapshot.sessions(scope).map(|s| s.meeting) {
        let mut told: HashSet<&str> = HashSet::new();
        for p in &m.participants {
            let Some(person) = view.people.resolve(p.as_written(), m) else { continue };
            let near = if view.people.is_slip(p.as_written()) {
                person.id.as_str()
            } else {
                match slips.get(person.id.as_str()).filter(|_| !known.contains(&folded(&person.id))) {
                    Some(near) => near,
                    None => continue,
                }
            };
            if told.insert(p.as_written()) {
                let message = format!("{} may be a slip of the pen for {near}", p.as_written());
                found.extend(Finding::new("misspelt-person", m, p.line, message).map(|f| f.about(p.as_written())));
            }
        }
    }
    found
}

/// Where a name is written that several people share.
struct Place<'a> {
    meeting: &'a Meeting,
    line: u32,
    as_written: &'a str,
    candidates: Vec<&'a Person>,
}

/// `ambiguous-person`, once a series for each spelling.
pub fn ambiguous(snapshot: &Snapshot, scope: &Scope, view: &View, sources: &mut Sources<'_>) -> Vec<Finding> {
    let mut places: BTreeMap<(&str, String), Vec<Place<'_>>> = BTreeMap::new();
    // The last place that lists somebody.
    let mut listed: HashMap<&str, (&Meeting, u32)> = HashMap::new();
    for m in snapshot.sessions(scope).map(|s| s.meeting) {
        let participants = m.participants.iter().map(|p| (p.as_written(), p.line));
        let owners = m.actions.iter().flat_map(|a| a.owners.iter().map(|o| (o.as_str(), a.line)));
        let chores = m.roles.iter().flat_map(|r| r.people.iter().map(|p| (p.as_str(), r.line)));
        for (as_written, line) in participants.clone().chain(owners).chain(chores) {
            let candidates = meant(as_written, m, view);
            if candidates.len() >= 2 {
                let place = Place { meeting: m, line, as_written, candidates };
                places.entry((&m.series, folded(as_written))).or_default().push(place);
            }
        }
        for (as_written, line) in participants {
            if let Some(person) = view.people.resolve(as_written, m) {
                listed.insert(&person.id, (m, line));
            }
        }
    }
    let mut found = Vec::new();
    for all in places.into_values() {
        let last = all.iter().rev().find(|place| {
            let line = sources.line(&place.meeting.path, place.line).unwrap_or_default();
            !says_more(line, place.as_written)
        });
        found.extend(last.and_then(|place| shared_name(place, all.len(), &listed)));
    }
    found
}

/// The people whom a reader of a meeting may take a name for: none where it is plain who is meant. Of those who
/// share it, the ones who come to the series come first, and one of them who alone is on the list is the one.
fn meant<'a>(as_written: &str, meeting: &Meeting, view: &'a View) -> Vec<&'a Person> {
    let all = view.people.candidates(as_written);
    if all.len() < 2 || view.people.resolve(as_written, meeting).is_some_and(|p| p.handle.is_some()) {
        return Vec::new();
    }
    let regular: Vec<&Person> = all.iter().copied().filter(|p| p.series.contains(&meeting.series)).collect();
    let candidates = match regular.len() {
        // Somebody who never comes, of whom there are many elsewhere: a stranger.
        0 if all.len() > 3 => return Vec::new(),
        0 => all,
        _ => regular,
    };
    let is_here = |person: &&Person| {
        meeting
            .participants
            .iter()
            .any(|p| view.people.resolve(p.as_written(), meeting).is_some_and(|found| found.id == person.id))
    };
    if candidates.iter().filter(|p| is_here(p)).count() == 1 { Vec::new() } else { candidates }
}

/// "Anna W.", "Anna Wendt": more is written there than the name that was read.
fn says_more(line: &str, name: &str) -> bool {
    let Some(at) = line.find(name) else { return false };
    let mut rest = line[at + name.len()..].chars();
    rest.next() == Some(' ') && rest.next().is_some_and(char::is_uppercase)
}

fn shared_name(place: &Place<'_>, times: usize, listed: &HashMap<&str, (&Meeting, u32)>) -> Option<Finding> {
    let ids: Vec<&str> = place.candidates.iter().map(|p| p.id.as_str()).collect();
    let more = if times > 1 { format!(" ({times} places in {})", place.meeting.series) } else { String::new() };
    let message = format!("{:?} may be {}{more}", place.as_written, either(&ids));
    let mut found = Finding::new("ambiguous-person", place.meeting, place.line, message)?.about(place.as_written);
    if let [a, b] = place.candidates[..]
        && look_like_one(a, b)
    {
        found.help = format!(
            "if {} and {} are one person, say so with aliases under [[people.known]] in minutebook.toml",
            a.id, b.id
        );
    }
    for person in &place.candidates {
        if let Some(&(meeting, line)) = listed.get(person.id.as_str()) {
            let name = person.name.as_deref().filter(|n| *n != person.id);
            let name = name.map_or_else(String::new, |n| format!(" ({n})"));
            let message = format!("{}{name} was last listed here", person.id);
            found.related.push(Related { path: meeting.path.clone(), line, message });
        }
    }
    Some(found)
}

/// Two spellings of one name: "Erik Straus" and "Erik Strauss".
fn look_like_one(a: &Person, b: &Person) -> bool {
    let name = |p: &Person| folded(p.name.as_deref().unwrap_or(&p.id));
    let (a, b) = (name(a), name(b));
    strsim::damerau_levenshtein(&a, &b) <= 2 && a.chars().count() >= 8
}

/// "a or b", "a, b or c"
fn either(ids: &[&str]) -> String {
    match ids {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [most @ .., last] => format!("{} or {last}", most.join(", ")),
    }
}
