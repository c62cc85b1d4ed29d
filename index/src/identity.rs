//! Who is who: spellings -> people and teams.
//!
//! A wrong merge is worse than a split, so only what the minutes say themselves joins spellings: a
//! handle in any case; a name that stands beside one handle and never beside another; a first name
//! or initials that only one of those who come to a series has, there; a handle written once or twice
//! that is a slip of the pen from one that is written often in the same series. Everything else stays
//! apart under the name as written.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::civil::Date;
use minutebook_ingest::conventions;
use minutebook_ingest::facts::Meeting;
use serde::{Deserialize, Serialize};

use crate::roll::{Roll, Standing, Use};
use crate::text::first_bytes;

/// Somebody as minutes address them: a handle with its `@`, a name of several words as it is.
pub fn addressed(id: &str) -> String {
    if id.contains(' ') { id.to_owned() } else { format!("@{id}") }
}

/// Person or team.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum PersonKind {
    /// A human being.
    #[default]
    Person,
    /// A team, company or board.
    Team,
}

/// Somebody who takes part, owns or is named.
#[derive(Debug, Clone, Default)]
pub struct Person {
    /// The handle in its most frequent spelling, else the name: what addresses use.
    pub id: String,
    /// Person or team.
    pub kind: PersonKind,
    /// Handle, without `@`.
    pub handle: Option<String>,
    /// Full name, where one was given.
    pub name: Option<String>,
    /// Spellings and how often each was used.
    pub aliases: BTreeMap<String, u32>,
    /// Series they were seen in.
    pub series: BTreeSet<String>,
    /// First day they were seen.
    pub first_seen: Option<Date>,
    /// Last day they were seen.
    pub last_seen: Option<Date>,
}

/// All people of a book (or of what of it is in view).
#[derive(Debug, Clone, Default)]
pub struct People {
    /// Sorted by id, without regard to case.
    pub all: Vec<Person>,
    /// Key -> index in `all`.
    by_key: HashMap<String, usize>,
    /// Spelling -> index in `all`, where neither series nor day matter.
    certain: HashMap<String, usize>,
    links: Links,
}

/// Where something is written: who is meant by a first name depends on it.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// The series.
    pub series: &'a str,
    /// The meeting's day; without one all of those count who ever came.
    pub date: Option<Date>,
}

impl<'a> From<&'a Meeting> for Place<'a> {
    fn from(meeting: &'a Meeting) -> Self {
        Self { series: &meeting.series, date: meeting.date }
    }
}

/// From the first day to the last.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Span(pub(crate) Option<(Date, Date)>);

impl Span {
    fn of(day: Option<Date>) -> Self {
        Self(day.map(|day| (day, day)))
    }

    fn join(&mut self, other: Self) {
        if let Some((first, last)) = other.0 {
            self.widen(Some(first));
            self.widen(Some(last));
        }
    }

    /// Somebody counts as coming so many days before they first did and after they last did.
    const AROUND: i64 = 365;

    pub(crate) fn widen(&mut self, day: Option<Date>) {
        if let Some(day) = day {
            let (first, last) = self.0.unwrap_or((day, day));
            self.0 = Some((first.min(day), last.max(day)));
        }
    }

    fn is_near(self, day: Option<Date>) -> bool {
        let (Some((first, last)), Some(day)) = (self.0, day) else { return true };
        let around = jiff::Span::new().days(Self::AROUND);
        first.saturating_sub(around) <= day && day <= last.saturating_add(around)
    }
}

/// What joins spellings.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
struct Links {
    /// Lower-case handles.
    handles: BTreeSet<String>,
    /// Lower-case name -> key of the one person who has it.
    names: HashMap<String, String>,
    /// Lower-case first name -> keys of those who have it.
    firsts: HashMap<String, BTreeSet<String>>,
    /// Initials -> keys.
    initials: HashMap<String, BTreeSet<String>>,
    /// Key -> series they are listed as participants of, with the first and last day.
    regulars: HashMap<String, HashMap<String, Span>>,
    /// Lower-case handle that is a slip of the pen -> the one that is meant.
    slips: HashMap<String, String>,
}

/// Words that end the name of a team or company.
const TEAM_WORDS: [&str; 24] = [
    "team",
    "teams",
    "sig",
    "board",
    "wg",
    "tac",
    "tsc",
    "gmbh",
    "ag",
    "inc",
    "ltd",
    "group",
    "council",
    "committee",
    "foundation",
    "csps",
    "vendors",
    "maintainers",
    "everyone",
    "all",
    "community",
    "staff",
    "members",
    "project",
];

fn is_team(name: &str) -> bool {
    let low = name.to_lowercase();
    low.split([' ', '-']).next_back().is_some_and(|last| TEAM_WORDS.contains(&last))
        || low.starts_with("team ")
        || low.starts_with("sig ")
}

/// The first name of a full name: two to four capitalised words, particles apart, the first of them a name's.
fn first_name(name: &str) -> Option<&str> {
    const PARTICLES: [&str; 14] =
        ["van", "von", "de", "der", "den", "la", "le", "da", "di", "del", "dos", "ten", "ter", "al"];
    let words: Vec<&str> = name.split_whitespace().collect();
    let named =
        |w: &&str| w.starts_with(char::is_uppercase) && w.chars().all(|c| c.is_alphabetic() || "-.'’".contains(c));
    let first = *words.first()?;
    let fits = (2..=4).contains(&words.len())
        && first.chars().count() >= 3
        && first.chars().any(char::is_lowercase)
        && !minutebook_ingest::words::is_no_name(first)
        && words.iter().all(|w| named(w) || PARTICLES.contains(w));
    fits.then_some(first)
}

/// A spelling in its comparable form.
pub fn folded(as_written: &str) -> String {
    as_written
        .trim()
        .trim_start_matches('@')
        .trim_end_matches('.')
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .to_lowercase()
}

/// "Team IaaS", "IaaS team" and "the IaaS Team" are one team; what is no team stays as it is.
fn team_key(folded: String) -> String {
    let name = folded.strip_prefix("the ").unwrap_or(&folded);
    for word in ["team", "sig"] {
        let rest = name.strip_prefix(word).and_then(|rest| rest.strip_prefix(' '));
        if let Some(rest) = rest.or_else(|| name.strip_suffix(word).and_then(|rest| rest.strip_suffix(' '))) {
            return format!("{rest} {word}");
        }
    }
    folded
}

impl People {
    /// Learns who is who from the rolls of all series, in their order.
    pub fn learn<'a>(rolls: impl Iterator<Item = &'a Roll> + Clone, config: &conventions::People) -> Self {
        let mut people = Self { links: Links::learn(rolls.clone(), config), ..Self::default() };
        for roll in rolls {
            for used in &roll.uses {
                people.count(roll, used);
            }
        }
        for known in &config.known {
            if let Some(&at) = people.by_key.get(&folded(&known.handle)) {
                people.all[at].name = known.name.clone().or(people.all[at].name.take());
            }
        }
        people.finish();
        people
    }

    /// A hash of whom the spellings of a series mean there: while it stays, whatever is made of that series by them
    /// stays too.
    pub(crate) fn print(&self, roll: &Roll) -> u64 {
        let mut hasher = blake3::Hasher::new();
        let mut add = |as_written: &str, place: Place<'_>| {
            let key = self.key(as_written, place);
            let id = self.by_key.get(&key).map_or("", |&at| &self.all[at].id);
            for part in [as_written, &key, id] {
                hasher.update(part.as_bytes());
                hasher.update(&[0]);
            }
        };
        for used in &roll.uses {
            if self.links.depends_on_place(&used.as_written) {
                used.days(roll).for_each(|date| add(&used.as_written, Place { series: &roll.series, date }));
            } else {
                add(&used.as_written, Place { series: &roll.series, date: None });
            }
        }
        first_bytes(hasher.finalize())
    }

    /// The key of the person whom a spelling means in a place: the same key, the same person.
    pub fn key<'a>(&self, as_written: &str, place: impl Into<Place<'a>>) -> String {
        self.links.key(as_written, place.into())
    }

    /// The person whom a spelling means in a place.
    pub fn resolve<'a>(&self, as_written: &str, place: impl Into<Place<'a>>) -> Option<&Person> {
        let at = match self.certain.get(as_written) {
            Some(at) => at,
            None => self.by_key.get(&self.key(as_written, place))?,
        };
        self.all.get(*at)
    }

    /// How an owner is shown: the canonical handle, else the name as written.
    pub fn canonical<'a>(&self, as_written: &str, place: impl Into<Place<'a>>) -> String {
        self.resolve(as_written, place).map_or_else(|| as_written.to_owned(), |p| p.id.clone())
    }

    /// Whether a spelling is taken for a slip of the pen.
    pub fn is_slip(&self, as_written: &str) -> bool {
        self.links.slips.contains_key(&folded(as_written))
    }

    /// The person with an id, handle or unambiguous name.
    pub fn find(&self, wanted: &str) -> Option<&Person> {
        let folded = team_key(folded(wanted));
        let at =
            self.by_key.get(&folded).or_else(|| self.links.names.get(&folded).and_then(|key| self.by_key.get(key)));
        at.map(|&at| &self.all[at]).or_else(|| {
            let keys = self.links.firsts.get(&folded).or_else(|| self.links.initials.get(&folded.to_uppercase()))?;
            let mut first = keys.iter();
            match (first.next(), first.next()) {
                (Some(key), None) => self.by_key.get(key).map(|&at| &self.all[at]),
                _ => None,
            }
        })
    }

    /// The people whom an ambiguous spelling may mean: several who share a first name.
    pub fn candidates(&self, as_written: &str) -> Vec<&Person> {
        let folded = folded(as_written);
        if self.links.handles.contains(&folded) || self.links.names.contains_key(&folded) {
            return Vec::new();
        }
        let keys = self.links.firsts.get(&folded).into_iter().flatten();
        keys.filter_map(|key| self.by_key.get(key).map(|&at| &self.all[at])).collect()
    }

    fn count(&mut self, roll: &Roll, used: &Use) {
        if self.links.depends_on_place(&used.as_written) {
            for date in used.days(roll) {
                let key = self.links.key(&used.as_written, Place { series: &roll.series, date });
                self.add(key, roll, used, 1, Span::of(date));
            }
        } else {
            let key = self.links.key(&used.as_written, Place { series: &roll.series, date: None });
            let times = u32::try_from(used.at.len()).unwrap_or(u32::MAX);
            let at = self.add(key, roll, used, times, used.span);
            if !self.certain.contains_key(&used.as_written) {
                self.certain.insert(used.as_written.clone(), at);
            }
        }
    }

    /// Counts a spelling of a person; returned is where they stand in `all`.
    fn add(&mut self, key: String, roll: &Roll, used: &Use, times: u32, span: Span) -> usize {
        let as_written = &used.as_written;
        let is_handle = self.links.handles.contains(&key);
        let at = *self.by_key.entry(key).or_insert_with_key(|key| {
            self.all.push(Person {
                id: String::new(),
                kind: if !is_handle && is_team(as_written) { PersonKind::Team } else { PersonKind::Person },
                handle: is_handle.then(|| key.clone()),
                name: None,
                aliases: BTreeMap::new(),
                series: BTreeSet::new(),
                first_seen: None,
                last_seen: None,
            });
            self.all.len() - 1
        });
        let person = &mut self.all[at];
        match person.aliases.get_mut(as_written) {
            Some(n) => *n += times,
            None => drop(person.aliases.insert(as_written.clone(), times)),
        }
        if !person.series.contains(&roll.series) {
            person.series.insert(roll.series.clone());
        }
        if let Some(name) = used.name.as_deref().filter(|n| n.contains(' ')) {
            person.name.get_or_insert_with(|| name.to_owned());
        }
        if let Some((first, last)) = span.0 {
            person.first_seen = Some(person.first_seen.map_or(first, |d| d.min(first)));
            person.last_seen = Some(person.last_seen.map_or(last, |d| d.max(last)));
        }
        at
    }

    fn finish(&mut self) {
        let keys: HashMap<usize, String> = self.by_key.iter().map(|(k, &v)| (v, k.clone())).collect();
        for (at, person) in self.all.iter_mut().enumerate() {
            // The spelling of the handle (or name) that is used most.
            let key = &keys[&at];
            let best = person
                .aliases
                .iter()
                .filter(|(a, _)| team_key(folded(a)) == *key)
                .max_by(|a, b| a.1.cmp(b.1).then(b.0.cmp(a.0)));
            person.id = best.map_or_else(|| key.clone(), |(a, _)| a.clone());
            if person.handle.is_some() {
                person.handle = Some(person.id.clone());
            } else if person.name.is_none() && person.id.contains(' ') && person.kind == PersonKind::Person {
                person.name = Some(person.id.clone());
            }
        }
        let mut order: Vec<usize> = (0..self.all.len()).collect();
        order.sort_by_cached_key(|&at| self.all[at].id.to_lowercase());
        let mut sorted = Vec::with_capacity(self.all.len());
        self.by_key.clear();
        for (new, &old) in order.iter().enumerate() {
            sorted.push(std::mem::take(&mut self.all[old]));
            self.by_key.insert(keys[&old].clone(), new);
        }
        self.all = sorted;
        let mut moved = vec![0; order.len()];
        order.iter().enumerate().for_each(|(new, &old)| moved[old] = new);
        self.certain.values_mut().for_each(|at| *at = moved[*at]);
    }
}

impl Links {
    fn learn<'a>(rolls: impl Iterator<Item = &'a Roll> + Clone, config: &conventions::People) -> Self {
        let mut links = Self::default();
        // Name -> the handles it stood beside.
        let mut beside: HashMap<String, BTreeSet<String>> = HashMap::new();
        let listed = || rolls.clone().flat_map(|roll| roll.uses.iter().map(move |used| (roll, used)));
        let listed = || listed().filter(|(_, used)| used.standing == Standing::Listed);
        for (_, used) in listed().filter(|(_, used)| used.is_handle) {
            let handle = folded(&used.as_written);
            if let Some(name) = &used.name {
                beside.entry(folded(name)).or_default().insert(handle.clone());
            }
            links.handles.insert(handle);
        }
        for known in &config.known {
            let handle = folded(&known.handle);
            links.handles.insert(handle.clone());
            for name in known.name.iter().chain(&known.aliases) {
                beside.insert(folded(name), [handle.clone()].into());
            }
        }
        links.names = beside
            .into_iter()
            .filter(|(n, h)| h.len() == 1 && !links.handles.contains(n))
            .map(|(n, h)| (n, h.into_iter().next().unwrap_or_default()))
            .collect();
        links.slips = slips(rolls.clone(), config);
        // First names and initials: of full names only.
        for (roll, used) in listed() {
            let key = links.key_of_full(&used.as_written);
            let series = links.regulars.entry(key.clone()).or_default();
            series.entry(roll.series.clone()).or_default().join(used.span);
            if let Some(initials) = &used.initials {
                links.initials.entry(initials.clone()).or_default().insert(key.clone());
            }
            if let Some(first) = used.name.as_deref().and_then(first_name) {
                links.firsts.entry(first.to_lowercase()).or_default().insert(key);
            }
        }
        for known in &config.known {
            if let Some(first) = known.name.as_deref().and_then(first_name) {
                links.firsts.entry(first.to_lowercase()).or_default().insert(folded(&known.handle));
            }
        }
        links
    }

    /// Whether it takes series and day to tell who is meant.
    fn depends_on_place(&self, as_written: &str) -> bool {
        let full = self.key_of_full(as_written);
        !full.contains(' ')
            && !self.handles.contains(&full)
            && (self.firsts.contains_key(&full) || self.initials.contains_key(as_written.trim()))
    }

    /// The key of a handle or full name.
    fn key_of_full(&self, as_written: &str) -> String {
        let folded = team_key(folded(as_written));
        if self.handles.contains(&folded) {
            return self.slips.get(&folded).cloned().unwrap_or(folded);
        }
        self.names.get(&folded).or_else(|| self.slips.get(&folded)).cloned().unwrap_or(folded)
    }

    fn key(&self, as_written: &str, place: Place<'_>) -> String {
        let full = self.key_of_full(as_written);
        if full.contains(' ') || self.handles.contains(&full) {
            return full;
        }
        // The only one of those who come to the series at that time.
        let comes = |key: &&String| {
            let span = self.regulars.get(*key).and_then(|series| series.get(place.series));
            span.is_some_and(|span| span.is_near(place.date))
        };
        let only = |keys: Option<&BTreeSet<String>>| -> Option<String> {
            let mut here = keys?.iter().filter(comes);
            let first = here.next()?;
            here.next().is_none().then(|| first.clone())
        };
        only(self.firsts.get(&full)).or_else(|| only(self.initials.get(as_written.trim()))).unwrap_or(full)
    }
}

/// A handle that stands in no more meetings than this may be a slip of the pen …
const SLIPS: usize = 2;
/// … from one that stands in at least so many.
const OFTEN: usize = 10;
/// Letters of a long handle.
const LONG: usize = 11;
/// A long handle may be one of so many, as some write it wrong again and again.
const ONE_OF: usize = 10;

/// Handles that are slips of the pen: written much more rarely than one of nearly the same letters in the same
/// series, and never among the same participants. Of several such it is the one that is written most.
fn slips<'a>(rolls: impl Iterator<Item = &'a Roll> + Clone, config: &conventions::People) -> HashMap<String, String> {
    let rolls: Vec<&Roll> = rolls.collect();
    /// Where a handle is written: the series (counted), and in how many meetings of all of them.
    #[derive(Default)]
    struct Seen {
        series: Vec<usize>,
        times: usize,
    }
    let mut seen: BTreeMap<&str, Seen> = BTreeMap::new();
    for (series, roll) in rolls.iter().enumerate() {
        for (handle, meetings) in &roll.handles {
            let seen = seen.entry(handle).or_default();
            seen.series.push(series);
            seen.times += *meetings as usize;
        }
    }
    // Those that are written often, by series.
    let mut often: Vec<Vec<(&str, &Seen)>> = vec![Vec::new(); rolls.len()];
    for (handle, there) in seen.iter().filter(|(_, there)| there.times >= OFTEN) {
        there.series.iter().for_each(|&series| often[series].push((handle, there)));
    }
    let listed_together =
        |one: &str, other: &str, series: &[usize]| series.iter().any(|&series| rolls[series].lists_both(one, other));
    let configured: BTreeSet<String> = config.known.iter().map(|k| folded(&k.handle)).collect();
    let mut found = HashMap::new();
    for (rare, here) in seen.iter().filter(|(handle, _)| !configured.contains(**handle)) {
        let times = here.times;
        let needed = if times <= SLIPS { OFTEN } else { ONE_OF * times };
        if times > SLIPS && rare.chars().count() < LONG {
            continue;
        }
        let near = here.series.iter().flat_map(|series| &often[*series]);
        let meant = near.filter(|(often, there)| {
            there.times >= needed && is_slip(rare, often) && !listed_together(rare, often, &here.series)
        });
        // Of equals the last by name, whichever series come first.
        if let Some((often, _)) = meant.max_by_key(|(often, there)| (there.times, *often)) {
            found.insert((*rare).to_owned(), (*often).to_owned());
        }
    }
    // What is meant may be a slip itself, one that many make.
    let all = found.clone();
    found.values_mut().for_each(|meant| {
        if let Some(other) = all.get(meant) {
            meant.clone_from(other);
        }
    });
    found
}

/// `dev1` is no slip of `dev2`.
pub(crate) fn same_digits(a: &str, b: &str) -> bool {
    let digits = |s: &str| s.chars().filter(char::is_ascii_digit).collect::<String>();
    digits(a) == digits(b)
}

/// One letter too many, too few, wrong or changed with its neighbour; in long handles two. Digits are never
/// slips: `team1` and `team2` are two.
fn is_slip(rare: &str, often: &str) -> bool {
    let most = match rare.chars().count().min(often.chars().count()) {
        0..=5 => return false,
        letters if letters < LONG => 1,
        _ => 2,
    };
    rare.chars().next() == often.chars().next() && strsim::osa_distance(rare, often) <= most && same_digits(rare, often)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shard::Shard;

    fn check(texts: &[&str], expected: &[&str]) {
        let shard = Shard::weekly(texts);
        let people = People::learn(std::iter::once(&shard.digest.roll), &conventions::People::default());
        let told: Vec<String> = people
            .all
            .iter()
            .map(|p| format!("{}: {}", p.id, p.aliases.keys().cloned().collect::<Vec<_>>().join(", ")))
            .collect();
        assert_eq!(told, expected);
    }

    #[test]
    fn handles_in_any_case_and_names_beside_them() {
        check(
            &[
                "## Participants\n- Mira Holt (@miraholt)\n- @MiraHolt\n\n## Agenda\n- AI Mira Holt: ask the office\n- AI Mira: call them\n",
            ],
            &["miraholt: Mira, Mira Holt, miraholt"],
        );
    }

    #[test]
    fn a_team_with_its_word_before_or_behind() {
        for written in ["Harbour Team", "Team Harbour", "the harbour team"] {
            assert_eq!(team_key(folded(written)), "harbour team");
        }
        assert_eq!(team_key(folded("Steam Holt")), "steam holt");
    }

    #[test]
    fn slips_of_the_pen_in_handles() {
        let often = "## Participants\n- @harbour-mira\n- @team1\n\n## Agenda\n- fine\n";
        let slip = "## Participants\n- @harbuor-mira\n- @team2\n\n## Agenda\n- fine\n";
        let both = "## Participants\n- @harbour-mira\n- @harbour-mina\n\n## Agenda\n- fine\n";
        let mut texts = vec![often; 11];
        texts.extend([slip, both]);
        check(
            &texts,
            &["harbour-mina: harbour-mina", "harbour-mira: harbour-mira, harbuor-mira", "team1: team1", "team2: team2"],
        );
    }

    #[test]
    fn a_first_name_means_who_comes_at_that_time() {
        let early = "## Participants\n- Anna Wendt (@anna-w)\n\n## Agenda\n- AI Anna: ask the office\n";
        let late = "## Participants\n- Anna Kovacs (@akovacs)\n\n## Agenda\n- AI Anna: ask the office\n";
        let nobody = "## Participants\n- @jo\n\n## Agenda\n- fine\n";
        let mut texts = vec![early];
        texts.extend([nobody; 110]);
        texts.push(late);
        check(&texts, &["akovacs: Anna, akovacs", "anna-w: Anna, anna-w", "jo: jo"]);
    }

    #[test]
    fn a_first_name_of_two_stays_apart() {
        check(
            &[
                "## Participants\n- Anna Wendt (@anna-w)\n- Anna Kovacs (@akovacs)\n\n## Agenda\n- AI Anna: ask the office\n",
            ],
            &["akovacs: akovacs", "Anna: Anna", "anna-w: anna-w"],
        );
    }
}
