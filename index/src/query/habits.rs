//! "How does this team write its minutes?": what a first `minutebook.toml` is made from.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::LazyLock;

use jiff::civil::Date;
use minutebook_ingest::markers::Markers;
use minutebook_ingest::owners::Known;
use minutebook_ingest::{roles, statement};
use regex::Regex;
use serde::Serialize;

use super::Scope;
use super::check::Roster;
use crate::Snapshot;
use crate::forge::Forge;
use crate::identity::{Person, PersonKind, folded};

/// A marker that is not known must stand before a handle so often to be one.
const OFTEN: usize = 3;

/// `- OWED: @mira …`, `* **ACTION POINT** @jo …`, `Owed: @mira …`: what stands before a handle.
static BEFORE_HANDLE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"^[\s>*+_~(\[-]*(?P<word>\p{Lu}[\p{Lu}'-]+(?: \p{Lu}[\p{Lu}'-]+){0,2}|\p{Lu}\p{Ll}+(?: [Ii]tem| [Pp]oint)?)(?P<colon>[*_]*\s*:)?[\s*_]+@[\w-]+(?P<rest>.*)$",
    )
    .expect("a valid pattern")
});

/// What the minutes of a book show about how they are written.
#[derive(Debug, Clone, Serialize)]
pub struct Habits {
    /// The book's name: configured, else the folder's.
    pub name: String,
    /// Files and meetings that were read.
    pub files: usize,
    /// …
    pub meetings: usize,
    /// Each series, by name.
    pub series: Vec<SeriesHabit>,
    /// Known markers that occur, most frequent first.
    pub markers: Vec<Count>,
    /// Words that stand before handles like markers and are none, most frequent first.
    pub lookalikes: Vec<Count>,
    /// People with a handle and other spellings that the configuration does not name yet, most frequent first.
    pub people: Vec<PersonHabit>,
    /// Short names of repositories, as links teach them and the configuration does not say yet.
    pub short_names: BTreeMap<String, String>,
    /// Short names that stand before numbers and that nothing explains, most frequent first.
    pub unknown_names: Vec<Count>,
    /// URL of the git remote.
    pub remote: Option<String>,
    /// Where the minutes can be read in a browser, where the remote tells.
    pub forge: Option<String>,
}

/// How often something occurs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Count {
    /// As written.
    pub word: String,
    /// How often.
    pub times: usize,
}

/// A series.
#[derive(Debug, Clone, Serialize)]
pub struct SeriesHabit {
    /// Its name.
    pub name: String,
    /// Number of meetings.
    pub meetings: usize,
    /// Day of the first.
    pub first: Option<Date>,
    /// Day of the last.
    pub last: Option<Date>,
}

/// Somebody with a handle.
#[derive(Debug, Clone, Serialize)]
pub struct PersonHabit {
    /// The handle.
    pub handle: String,
    /// Full name.
    pub name: Option<String>,
    /// Other spellings that the minutes themselves join to the handle.
    pub aliases: Vec<String>,
    /// Spellings that look like slips of the handle, whether they are taken for one already or not.
    pub perhaps: Vec<String>,
    /// How often they are named.
    pub times: u32,
}

/// The habits of what is in scope.
pub fn habits(snapshot: &Snapshot, scope: &Scope) -> Habits {
    let (markers, lookalikes) = marks(snapshot, scope);
    let forge = snapshot
        .work_tree
        .as_ref()
        .and_then(|tree| Forge::of_remote(tree.remote.as_deref()?, &snapshot.conventions.forge));
    let (mut files, mut meetings) = (BTreeSet::new(), 0);
    for session in snapshot.sessions(scope) {
        files.insert(session.meeting.path.as_str());
        meetings += 1;
    }
    Habits {
        name: snapshot.name.clone(),
        files: files.len(),
        meetings,
        series: snapshot
            .shards(scope)
            .map(|(name, shard)| {
                let days = || shard.dates(scope.as_of);
                let meetings = shard.agenda(scope.as_of).count();
                SeriesHabit { name: name.to_owned(), meetings, first: days().min(), last: days().max() }
            })
            .collect(),
        markers,
        lookalikes,
        people: people(snapshot, scope),
        short_names: snapshot
            .short_refs()
            .names()
            .iter()
            .filter(|(name, _)| !snapshot.conventions.references.short.keys().any(|k| k.eq_ignore_ascii_case(name)))
            .map(|(name, repository)| (name.clone(), repository.clone()))
            .collect(),
        unknown_names: unknown_names(snapshot, scope),
        remote: snapshot.work_tree.as_ref().and_then(|tree| tree.remote.clone()),
        forge: forge.map(|forge| forge.url),
    }
}

/// Markers, and what looks like one, from the lines themselves.
fn marks(snapshot: &Snapshot, scope: &Scope) -> (Vec<Count>, Vec<Count>) {
    let conventions = &snapshot.conventions;
    let markers = Markers::new(conventions);
    let known = Known::default();
    let view = snapshot.view(scope);
    let roster = Roster::of(snapshot, scope, &view);
    let mut found: BTreeMap<String, usize> = BTreeMap::new();
    let mut before: BTreeMap<String, usize> = BTreeMap::new();
    let paths: BTreeSet<&str> = snapshot.sessions(scope).map(|s| s.meeting.path.as_str()).collect();
    for text in paths.into_iter().filter_map(|path| snapshot.text(path).ok()) {
        for line in text.lines() {
            for marker in markers.find(line, &known) {
                *found.entry(line[marker.start..marker.end].to_owned()).or_default() += 1;
            }
            if let Some(c) = BEFORE_HANDLE.captures(line).filter(|c| is_task(c)) {
                *before.entry(c["word"].trim().to_owned()).or_default() += 1;
            }
        }
    }
    before.retain(|word, times| {
        let low = word.to_lowercase();
        let is_marker = conventions.actions.markers.iter().any(|m| m == word);
        let means_other = !roles::kinds(word, conventions).is_empty()
            || statement::section_of(word, conventions).is_some()
            || conventions.decisions.labels.contains(&low)
            || conventions.states.done.contains(&low)
            || conventions.states.dropped.contains(&low)
            || conventions.states.open.contains(&low);
        *times >= OFTEN && !is_marker && !means_other && !low.split(' ').any(|part| roster.has_word(part))
    });
    (most_frequent(found), most_frequent(before))
}

/// A word in capitals, or one with a colon behind it; and something to be done behind the handle.
fn is_task(c: &regex::Captures<'_>) -> bool {
    let capitals = !c["word"].contains(char::is_lowercase);
    (capitals || c.name("colon").is_some()) && c["rest"].split_whitespace().count() >= 2
}

fn people(snapshot: &Snapshot, scope: &Scope) -> Vec<PersonHabit> {
    let view = snapshot.view(scope);
    let times = |p: &Person| p.aliases.values().sum::<u32>();
    let handles: Vec<&Person> =
        view.people.all.iter().filter(|p| p.handle.is_some() && p.kind == PersonKind::Person).collect();
    let roster = Roster::of(snapshot, scope, &view);
    // Spelling that is somebody of its own -> the handle it is a slip of.
    let mut slips: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for person in view.people.all.iter().filter(|p| p.kind == PersonKind::Person && times(p) <= 2) {
        let meant = roster.meant_by(&person.id).and_then(|near| view.people.find(near));
        if let Some(meant) = meant.filter(|meant| meant.id != person.id && meant.handle.is_some()) {
            slips.entry(&meant.id).or_default().push(person.id.clone());
        }
    }
    let mut all: Vec<PersonHabit> = handles
        .into_iter()
        .filter_map(|p| {
            let handle = p.handle.clone()?;
            let said: HashSet<String> = [folded(&handle)].into_iter().chain(p.name.as_deref().map(folded)).collect();
            let mut seen = HashSet::new();
            let mut aliases: Vec<String> = p.aliases.keys().filter(|a| !said.contains(&folded(a))).cloned().collect();
            aliases.retain(|a| seen.insert(folded(a)));
            let mut perhaps = slips.remove(p.id.as_str()).unwrap_or_default();
            perhaps.extend(aliases.extract_if(.., |a| view.people.is_slip(a)));
            let is_named = snapshot.conventions.people.known.iter().any(|k| folded(&k.handle) == folded(&handle));
            let tells = (!is_named && (p.name.is_some() || !aliases.is_empty())) || !perhaps.is_empty();
            tells.then(|| PersonHabit { handle, name: p.name.clone(), aliases, perhaps, times: times(p) })
        })
        .collect();
    all.sort_by(|a, b| b.times.cmp(&a.times).then_with(|| a.handle.cmp(&b.handle)));
    all
}

/// `docs#12` where nothing says which repository `docs` is.
fn unknown_names(snapshot: &Snapshot, scope: &Scope) -> Vec<Count> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let view = snapshot.view(scope);
    for session in snapshot.sessions(scope) {
        for r in session.meeting.references.iter().filter(|r| r.target.starts_with('#')) {
            let name = r.as_written.split_once('#').map(|(name, _)| name.trim_end_matches('/').trim().to_lowercase());
            let Some(name) = name.filter(|n| !n.is_empty() && !n.contains(' ') && !super::check::is_kind(n)) else {
                continue;
            };
            if view.target(session.meeting, r).starts_with('#') {
                *counts.entry(name).or_default() += 1;
            }
        }
    }
    counts.retain(|_, times| *times >= 2);
    most_frequent(counts)
}

fn most_frequent(counts: BTreeMap<String, usize>) -> Vec<Count> {
    let mut all: Vec<Count> = counts.into_iter().map(|(word, times)| Count { word, times }).collect();
    all.sort_by_key(|c| std::cmp::Reverse(c.times));
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, expected: Option<&str>) {
        let found = BEFORE_HANDLE.captures(line).filter(is_task).map(|c| c["word"].to_owned());
        assert_eq!(found.as_deref(), expected, "{line}");
    }

    #[test]
    fn what_stands_before_a_handle_like_a_marker() {
        check("- OWED: @mira the numbers of May", Some("OWED"));
        check("* **ACTION POINT** @jo asks the office", Some("ACTION POINT"));
        check("Owed: @mira the numbers", Some("Owed"));
        check("Thanks @mira for the numbers", None);
        check("- Sponsor: @mira", None);
        check("- the OWED: @mira thing", None);
    }
}
