//! What the links of a book teach about short references: `standards#12`, `#12`, `PR 12`.
//!
//! A file resolves what its own links, headings and the configuration tell
//! ([`minutebook_ingest::references`]); what stays `#12` there is asked here, in this order: the name before or
//! near the number, by what links with that name in their text point to; the one repository of which the series,
//! or else the whole book (of an owner whom the series links), links that very number; the repository to which most links of the meeting, or else of
//! its series, lead. Nothing is guessed where several fit.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::ops::RangeInclusive;
use std::sync::Arc;

use minutebook_ingest::book::{self, Listing};
use minutebook_ingest::facts::{Meeting, Reference};
use minutebook_ingest::references::{self, ShortNames};
use minutebook_ingest::series::SeriesRule;
use minutebook_ingest::{Conventions, decode};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::text::first_bytes;

/// The share of all links, in percent, that makes a repository the usual one.
const USUAL: usize = 60;
/// So many references of a meeting are looked at to tell its usual repository.
const MOST_LINKS: usize = 200;
/// Numbers below this count steps, options and parts more often than issues; they are resolved by links alone.
const SMALL: u32 = 10;

/// A book's lexicon of short references.
#[derive(Debug, Clone, Default)]
pub struct ShortRefs {
    names: HashMap<String, String>,
    numbers: Numbers,
    series: HashMap<String, SeriesLinks>,
}

/// Number -> the repository of which it is linked; none where there are several.
type Numbers = HashMap<u32, Option<Arc<str>>>;

/// What the links of one series teach.
#[derive(Debug, Clone, Default)]
struct SeriesLinks {
    numbers: Numbers,
    /// The owners of the repositories, in lower case.
    owners: HashSet<String>,
    /// The repository to which most of them lead.
    usual: Option<String>,
}

/// What the files of a series teach, and what they leave to be told.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Lesson {
    /// The series.
    pub series: String,
    /// Names in the texts of its links, with what they name.
    taught: BTreeSet<(String, String)>,
    /// Repositories in order of their first link.
    linked: Vec<Linked>,
    /// Where each stands in that list.
    #[serde(skip)]
    at: HashMap<String, usize>,
    /// Short references: as written, with the word near it and the number.
    short: BTreeSet<(String, Option<String>, u32)>,
}

/// A repository that a series links.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Linked {
    repository: String,
    /// Of its issues.
    numbers: BTreeSet<u32>,
    /// How often it is linked.
    times: usize,
}

impl Lesson {
    /// Of a series that nothing is known of yet.
    pub fn new(series: &str) -> Self {
        Self { series: series.to_owned(), ..Self::default() }
    }

    /// Learns the names in the links of a file.
    pub fn names(&mut self, taught: &[(String, String)]) {
        self.taught.extend(taught.iter().cloned());
    }

    /// Learns from the references of a meeting.
    pub fn references<'a>(&mut self, references: impl IntoIterator<Item = &'a Reference>) {
        for reference in references {
            if let Some((repository, number)) = linked(reference) {
                let at = *self.at.entry(repository.to_owned()).or_insert_with(|| {
                    let (repository, numbers) = (repository.to_owned(), BTreeSet::new());
                    self.linked.push(Linked { repository, numbers, times: 0 });
                    self.linked.len() - 1
                });
                self.linked[at].numbers.insert(number);
                self.linked[at].times += 1;
            } else if let Some(number) = reference.target.strip_prefix('#').and_then(|n| n.parse().ok()) {
                self.short.insert((reference.as_written.clone(), reference.near.clone(), number));
            }
        }
    }
}

impl ShortRefs {
    /// From what the series of a book teach; the configuration's names win.
    pub fn learn<'a>(lessons: impl Iterator<Item = &'a Lesson>, conventions: &Conventions) -> Self {
        let mut names: HashMap<String, Option<Arc<str>>> = HashMap::new();
        let mut own_names: HashMap<String, Option<Arc<str>>> = HashMap::new();
        let mut all = Self::default();
        for lesson in lessons {
            for (name, repository) in &lesson.taught {
                only(&mut names, name.clone(), &repository.as_str().into());
            }
            if lesson.linked.is_empty() {
                continue;
            }
            let mut series = SeriesLinks::default();
            for Linked { repository, numbers, .. } in &lesson.linked {
                let shared: Arc<str> = repository.as_str().into();
                for &number in numbers {
                    only(&mut all.numbers, number, &shared);
                    only(&mut series.numbers, number, &shared);
                }
                if let Some((_, last)) = repository.rsplit_once('/') {
                    only(&mut own_names, last.to_lowercase(), &shared);
                }
                series.owners.insert(owner(repository).to_lowercase());
            }
            series.usual =
                most_of(lesson.linked.iter().map(|l| (l.repository.as_str(), l.times)), USUAL).map(str::to_owned);
            all.series.insert(lesson.series.clone(), series);
        }
        // What a link's text calls a repository beats the repository's own last name.
        let known = |(name, repository): (String, Option<Arc<str>>)| Some((name, repository?.as_ref().to_owned()));
        all.names = own_names.into_iter().filter_map(known).collect();
        all.names.extend(names.into_iter().filter_map(known));
        all.names.extend(conventions.references.short.iter().map(|(name, to)| (name.to_lowercase(), to.clone())));
        all
    }

    /// A hash of what decides where the short references of a series point: while it stays, whatever is made of that
    /// series by them stays too.
    pub(crate) fn print(&self, lesson: &Lesson) -> u64 {
        let mut hasher = blake3::Hasher::new();
        let mut add = |part: Option<&str>| {
            hasher.update(part.unwrap_or_default().as_bytes());
            hasher.update(&[0]);
        };
        for (as_written, near, number) in &lesson.short {
            add(Some(as_written));
            add(name_before(as_written).and_then(|name| self.by_name(name)));
            add(near.as_deref());
            add(near.as_deref().and_then(|near| self.by_name(near)));
            add(Some(&number.to_string()));
            add(self.numbers.get(number).and_then(Option::as_deref));
        }
        first_bytes(hasher.finalize())
    }

    fn by_name(&self, name: &str) -> Option<&str> {
        self.names.get(&name.to_lowercase()).map(String::as_str)
    }

    /// From the files themselves, for those who have no index.
    pub fn read(listing: &Listing, rule: &SeriesRule, conventions: &Conventions) -> Self {
        struct File {
            series: String,
            taught: Vec<(String, String)>,
            references: Vec<Reference>,
        }
        let files: Vec<File> = listing
            .files
            .par_iter()
            .filter_map(|file| {
                let bytes = book::read(file).ok()?;
                let source = decode::decode(&bytes).0;
                let mut taught = ShortNames::new();
                references::taught(&source, &mut taught);
                Some(File {
                    series: rule.series(&file.path),
                    taught: taught.into_iter().collect(),
                    references: references::references(&source, 1, &conventions.references),
                })
            })
            .collect();
        let mut lessons: BTreeMap<&str, Lesson> = BTreeMap::new();
        for file in &files {
            let lesson = lessons.entry(&file.series).or_insert_with(|| Lesson::new(&file.series));
            lesson.names(&file.taught);
            lesson.references(&file.references);
        }
        Self::learn(lessons.values(), conventions)
    }

    /// Short names of repositories, in lower case; a name that means several is none.
    pub fn names(&self) -> &HashMap<String, String> {
        &self.names
    }

    /// What a reference of a meeting points to.
    pub fn target(&self, meeting: &Meeting, reference: &Reference) -> String {
        match self.repository(meeting, reference) {
            Some(repository) => format!("{repository}{}", reference.target),
            None => reference.target.clone(),
        }
    }

    /// What the references in some lines of a meeting point to, each once; given are their targets as that file
    /// could tell them.
    pub fn targets(&self, meeting: &Meeting, told: &[String], lines: RangeInclusive<u32>) -> Vec<String> {
        let mut all: Vec<String> = Vec::new();
        for target in told {
            let short = !target.contains('/');
            let written = meeting.references.iter().find(|r| short && r.target == *target && lines.contains(&r.line));
            let target = written.map_or_else(|| target.clone(), |r| self.target(meeting, r));
            if !all.contains(&target) {
                all.push(target);
            }
        }
        all
    }

    fn repository<'a>(&'a self, meeting: &'a Meeting, reference: &Reference) -> Option<&'a str> {
        let number: u32 = reference.target.strip_prefix('#')?.parse().ok()?;
        if let Some(name) = name_before(&reference.as_written) {
            // A name that nobody explains may be anything.
            return self.by_name(name);
        }
        let series = self.series.get(&meeting.series);
        let linked_by = |numbers: &'a Numbers| numbers.get(&number)?.as_deref();
        reference
            .near
            .as_deref()
            .and_then(|near| self.by_name(near))
            .or_else(|| linked_by(&series?.numbers))
            .or_else(|| {
                let owners = &series.filter(|_| number >= SMALL)?.owners;
                linked_by(&self.numbers).filter(|repository| owners.contains(&owner(repository).to_lowercase()))
            })
            .or_else(|| {
                // As many as tell; each of a meeting's references may ask.
                let first = || meeting.references.iter().take(MOST_LINKS);
                let links = || first().filter_map(linked).map(|(repository, _)| repository);
                let usual = || usual(links(), USUAL).or_else(|| series?.usual.as_deref());
                if number >= SMALL { usual() } else { None }
            })
    }

    /// Puts the resolved targets into a meeting's facts.
    pub fn resolve(&self, meeting: &mut Meeting) {
        let targets: Vec<String> = meeting.references.iter().map(|r| self.target(meeting, r)).collect();
        let mut changed: HashMap<(u32, String), String> = HashMap::new();
        for (reference, target) in meeting.references.iter_mut().zip(targets) {
            if reference.target != target {
                changed.insert((reference.line, reference.target.clone()), target.clone());
                reference.url = references::github_url(&target, reference.kind);
                reference.target = target;
            }
        }
        if changed.is_empty() {
            return;
        }
        let renamed = |lines: RangeInclusive<u32>, targets: &mut Vec<String>| {
            for target in targets.iter_mut().filter(|t| t.starts_with('#')) {
                if let Some(known) = lines.clone().take(64).find_map(|line| changed.get(&(line, target.clone()))) {
                    target.clone_from(known);
                }
            }
        };
        meeting.actions.iter_mut().for_each(|a| renamed(a.line..=a.end_line, &mut a.references));
        meeting.decisions.iter_mut().for_each(|d| renamed(d.line..=d.end_line, &mut d.references));
    }
}

/// The repository and number of a reference that is a link, or was resolved by its own file.
pub(crate) fn linked(reference: &Reference) -> Option<(&str, u32)> {
    let (repository, number) = reference.target.split_once('#')?;
    Some((Some(repository).filter(|r| r.contains('/'))?, number.parse().ok()?))
}

/// `std` of `std#12`; none where it only says what kind of thing it is.
fn name_before(as_written: &str) -> Option<&str> {
    let name = as_written.split_once('#').map_or("", |(name, _)| name.trim_end_matches('/'));
    (!name.is_empty() && !references::is_kind(name)).then_some(name)
}

/// `quay/docs` -> `quay`.
fn owner(repository: &str) -> &str {
    repository.split('/').next().unwrap_or(repository)
}

/// Notes a repository under a key, or that there are several.
fn only<K: std::hash::Hash + Eq>(map: &mut HashMap<K, Option<Arc<str>>>, key: K, repository: &Arc<str>) {
    map.entry(key)
        .and_modify(|known| {
            if known.as_ref().is_some_and(|r| !r.eq_ignore_ascii_case(repository)) {
                *known = None;
            }
        })
        .or_insert_with(|| Some(Arc::clone(repository)));
}

/// The repository to which most links lead, where they are three at least and this share of all, in percent.
pub(crate) fn usual<'a>(links: impl Iterator<Item = &'a str>, share: usize) -> Option<&'a str> {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for repository in links {
        *counts.entry(repository).or_default() += 1;
    }
    most_of(counts.iter().map(|(repository, n)| (*repository, *n)), share)
}

/// … of repositories with how often each is linked.
fn most_of<'a>(counts: impl Iterator<Item = (&'a str, usize)> + Clone, share: usize) -> Option<&'a str> {
    let all: usize = counts.clone().map(|(_, n)| n).sum();
    let (repository, most) = counts.max_by_key(|&(repository, n)| (n, repository))?;
    (most >= 3 && most * 100 >= all * share).then_some(repository)
}

#[cfg(test)]
mod tests {
    use minutebook_ingest::extract;

    use super::*;

    fn check(book: &[&str], asked: &str, expected: &[&str]) {
        let files: Vec<Meeting> =
            book.iter().enumerate().map(|(n, text)| extract(text, &format!("2026010{n}.md")).remove(0)).collect();
        let mut taught = ShortNames::new();
        book.iter().for_each(|text| references::taught(text, &mut taught));
        let mut lesson = Lesson::new("meetings");
        lesson.names(&taught.into_iter().collect::<Vec<_>>());
        files.iter().for_each(|m| lesson.references(&m.references));
        let refs = ShortRefs::learn(std::iter::once(&lesson), &Conventions::defaults());
        let mut meeting = extract(asked, "20260301.md").remove(0);
        refs.resolve(&mut meeting);
        let told: Vec<&str> = meeting.references.iter().map(|r| r.target.as_str()).collect();
        assert_eq!(told, expected);
    }

    #[test]
    fn names_and_numbers_are_learnt_from_links() {
        let links =
            "- [std#1](https://github.com/quay/standards/pull/1)\n- https://github.com/quay/tide-api/issues/41\n";
        check(
            &[links],
            "- std#7, tide-api#8, other#9, #41, issue#41, #5\n- tide-api: #6\n",
            &[
                "quay/standards#7",
                "quay/tide-api#8",
                "#9",
                "quay/tide-api#41",
                "quay/tide-api#41",
                "#5",
                "quay/tide-api#6",
            ],
        );
    }

    #[test]
    fn the_usual_repository_is_meant_where_links_are_enough() {
        let one = "https://github.com/quay/docs/issues/11 https://github.com/quay/docs/issues/12 https://github.com/quay/docs/pull/13\n";
        check(&[one], "- fix #99 and PR 98, berth #2\n", &["quay/docs#99", "quay/docs#98", "#2"]);
        let two = "https://github.com/quay/a/issues/11 https://github.com/quay/b/issues/12 https://github.com/quay/c/pull/13\n";
        check(&[two], "- fix #99\n", &["#99"]);
    }

    #[test]
    fn actions_and_decisions_tell_the_resolved_targets() {
        let files = [extract("https://github.com/quay/docs/issues/41\n", "20260101.md").remove(0)];
        let mut lesson = Lesson::new("meetings");
        lesson.references(&files[0].references);
        let refs = ShortRefs::learn(std::iter::once(&lesson), &Conventions::defaults());
        let mut meeting = extract("- AI @mira: close #41\n", "20260301.md").remove(0);
        refs.resolve(&mut meeting);
        assert_eq!(meeting.actions[0].references, ["quay/docs#41"]);
    }
}
