//! Everybody and everything that may own an action: what the lists of participants, the configuration and the
//! names of teams and series say.

use std::collections::{BTreeMap, HashMap, HashSet};

use minutebook_ingest::facts::Meeting;

use super::Scope;
use crate::Snapshot;
use crate::identity::{PersonKind, folded, same_digits};
use crate::snapshot::View;

/// The known spellings of a book.
#[derive(Debug, Default)]
pub struct Roster {
    /// Folded handles, names, parts of names, initials, affiliations, teams.
    known: HashSet<String>,
    /// Folded handles and names, with how they are written and how often.
    spellings: BTreeMap<String, (String, u32)>,
    /// How often each spelling occurs in the book, in whatever place.
    counts: HashMap<String, u32>,
}

impl Roster {
    /// From the meetings in scope.
    pub fn of(snapshot: &Snapshot, scope: &Scope, view: &View) -> Self {
        let mut roster = Self::default();
        for person in &view.people.all {
            for (alias, n) in &person.aliases {
                *roster.counts.entry(folded(alias)).or_default() += n;
            }
            if person.kind == PersonKind::Team {
                roster.know(&person.id);
            }
        }
        for m in snapshot.sessions(scope).map(|s| s.meeting) {
            for p in &m.participants {
                for spelling in p.handle.iter().chain(&p.name) {
                    roster.propose(spelling);
                    let parts = spelling.split([' ', '.', '-', '_']).filter(|w| w.chars().count() >= 2);
                    parts.for_each(|part| roster.know(part));
                }
                p.initials.iter().chain(&p.affiliation).for_each(|s| roster.know(s));
            }
            m.series.split('/').for_each(|part| roster.know(part));
        }
        for known in &snapshot.conventions.people.known {
            for spelling in std::iter::once(&known.handle).chain(&known.name).chain(&known.aliases) {
                roster.propose(spelling);
            }
        }
        roster
    }

    fn know(&mut self, spelling: &str) {
        self.known.insert(folded(spelling));
    }

    fn propose(&mut self, spelling: &str) {
        let folded = folded(spelling);
        let times = self.counts.get(&folded).copied().unwrap_or(0);
        self.known.insert(folded.clone());
        self.spellings.entry(folded).or_insert_with(|| (spelling.trim_start_matches('@').to_owned(), times));
    }

    /// A word that names somebody or a part of somebody.
    pub fn has_word(&self, word: &str) -> bool {
        self.known.contains(&folded(word))
    }

    /// An owner who is listed somewhere, is a team, or is known by identity ("Mira", of whom there is one).
    pub fn has(&self, owner: &str, meeting: &Meeting, view: &View) -> bool {
        if view.people.is_slip(owner) {
            return false;
        }
        let low = folded(owner);
        let person = view.people.resolve(owner, meeting);
        self.known.contains(&low)
            || person.is_some_and(|p| p.kind == PersonKind::Team || self.known.contains(&folded(&p.id)))
            || !view.people.candidates(owner).is_empty()
            || low.split(' ').all(|word| self.known.contains(word))
    }

    /// How often a spelling occurs in the book.
    pub fn times(&self, spelling: &str) -> u32 {
        self.counts.get(&folded(spelling)).copied().unwrap_or(0)
    }

    /// The spelling that this one is a slip of: a letter or two apart, and much more frequent.
    pub fn meant_by(&self, as_written: &str) -> Option<&str> {
        let wanted = folded(as_written);
        let times = self.times(as_written).max(1);
        let length = wanted.chars().count();
        let allowed = match length {
            0..5 => return None,
            5..8 => 1,
            _ => 2,
        };
        let near = self.spellings.iter().filter_map(|(folded, (shown, n))| {
            let close = folded.chars().count().abs_diff(length) <= allowed && same_digits(folded, &wanted);
            let frequent = *n >= times.saturating_mul(3);
            let distance = if close && frequent { strsim::damerau_levenshtein(folded, &wanted) } else { usize::MAX };
            (distance <= allowed).then_some((distance, shown.as_str(), *n))
        });
        near.min_by_key(|&(distance, _, n)| (distance, std::cmp::Reverse(n))).map(|(_, shown, _)| shown)
    }
}

#[cfg(test)]
impl Roster {
    /// For tests: somebody of each of these names, seen five times.
    pub(super) fn of_words(words: &[&str]) -> Self {
        let mut roster = Self { counts: words.iter().map(|w| (folded(w), 5)).collect(), ..Self::default() };
        words.iter().for_each(|w| roster.propose(w));
        roster
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_of_the_pen_find_who_is_meant() {
        let roster = Roster::of_words(&["miraholt", "jo", "lukas-brandt", "dev1-team"]);
        let meant = |written: &str| roster.meant_by(written);
        assert_eq!(meant("mirahlot"), Some("miraholt"));
        assert_eq!(meant("Lukas-Brant"), Some("lukas-brandt"));
        assert_eq!(meant("joe"), None, "short names are near to many");
        assert_eq!(meant("dev2-team"), None, "numbers tell things apart");
        assert_eq!(meant("priya-n"), None);
    }
}
