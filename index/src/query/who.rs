//! "Who knows about this?": people by their part in what a search finds.
//!
//! Owning an action, being named in a decision and bringing up a topic say most, being named in a passage less,
//! taking the minutes and sitting in a meeting whose topic it was little. A part counts once a meeting, by how
//! well its place matches, and less the longer ago it was.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::civil::Date;
use minutebook_ingest::facts::{Attendance, Meeting};
use serde::Serialize;

use super::Scope;
use super::language::Query;
use super::search::{Passage, SearchError, action_at, is_set_aside, passages};
use crate::Snapshot;
use crate::fold::days_between;
use crate::identity::{People, Person, PersonKind};
use crate::snapshot::View;
use crate::text::Place;

/// The best matches that are looked at; those behind them match hardly at all. How many there were is told.
const CONSIDERED: usize = 1200;
/// So much a match counts that has none of the words itself …
const AROUND: f64 = 0.3;
/// … a heading, which is not yet what was said under it …
const TITLE: f64 = 0.7;
/// … and having brought up the heading over one.
const OVER: f64 = 0.4;
/// Places shown of a person.
const PLACES: usize = 3;

/// Who knows about something.
#[derive(Debug, Clone, Serialize)]
pub struct WhoView {
    /// Passages that match.
    pub total: usize,
    /// How many of them, the best, were looked at.
    pub considered: usize,
    /// Other spellings to try, when nothing was found.
    pub suggestions: Vec<String>,
    /// Who had a part in them, those with the largest first.
    pub people: Vec<Knows>,
}

/// Somebody who had a part.
#[derive(Debug, Clone, Serialize)]
pub struct Knows {
    /// Who.
    pub id: String,
    /// Full name.
    pub name: Option<String>,
    /// Person or team.
    pub kind: PersonKind,
    /// 100 for the first, the others in proportion.
    pub score: u32,
    /// Why, in a sentence.
    pub reason: String,
    /// Meetings (of actions: actions) by part.
    pub counts: BTreeMap<Part, usize>,
    /// The last day of a part.
    pub last: Option<Date>,
    /// The places that say most.
    pub places: Vec<KnowsPlace>,
}

/// What part somebody had.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Part {
    /// Owns an action.
    Owner,
    /// Is named in a decision.
    Decision,
    /// Brought up the topic.
    Sponsor,
    /// Is named in a passage.
    Named,
    /// Took the minutes or reported.
    Role,
    /// Was there.
    Attended,
}

impl Part {
    fn weight(self) -> f64 {
        match self {
            Self::Owner | Self::Decision => 3.0,
            Self::Sponsor => 2.5,
            Self::Named => 1.5,
            Self::Role => 0.15,
            Self::Attended => 0.08,
        }
    }

    fn told(self, n: usize) -> String {
        let of = |one: &str, many: &str| if n == 1 { one.to_owned() } else { many.replace('#', &n.to_string()) };
        match self {
            Self::Owner => of("owns an action", "owns # actions"),
            Self::Decision => of("named in a decision", "named in decisions of # meetings"),
            Self::Sponsor => of("brought it up once", "brought it up in # meetings"),
            Self::Named => of("named in a passage", "named in passages of # meetings"),
            Self::Role => of("took minutes or reported once", "took minutes or reported # times"),
            Self::Attended => of("was at a meeting about it", "was at # meetings about it"),
        }
    }
}

/// A place that shows a part.
#[derive(Debug, Clone, Serialize)]
pub struct KnowsPlace {
    /// Which part.
    pub part: Part,
    /// The file.
    pub path: String,
    /// The line.
    pub line: u32,
    /// The meeting's day.
    pub date: Option<Date>,
    /// The series.
    pub series: String,
    /// What stands there.
    pub text: String,
    /// The line on the forge.
    pub permalink: Option<String>,
}

/// A part that somebody had, before its place is read.
#[derive(Clone, Copy)]
struct Seen<'a> {
    part: Part,
    worth: f64,
    meeting: &'a Meeting,
    line: u32,
    /// The passage in which it stands …
    passage: &'a Passage,
    /// … and what is shown of it, where that is not its text.
    told: Option<&'a str>,
}

/// What somebody had a part in, so that each counts once: person, part, and meeting or action.
type Once<'a> = (&'a str, Part, Cow<'a, str>);

struct Tally<'a> {
    people: &'a People,
    best: HashMap<Once<'a>, Seen<'a>>,
}

impl<'a> Tally<'a> {
    fn add(&mut self, written: &str, of: impl Into<Cow<'a, str>>, seen: Seen<'a>) {
        let Some(person) = self.people.resolve(written, seen.meeting).filter(|p| counts(p)) else { return };
        let seen = Seen { worth: seen.worth * seen.part.weight(), ..seen };
        let best = self.best.entry((person.id.as_str(), seen.part, of.into())).or_insert(seen);
        if best.worth < seen.worth {
            *best = seen;
        }
    }
}

/// "All" and "team" are nobody.
fn counts(person: &Person) -> bool {
    person.kind == PersonKind::Person || person.id.contains([' ', '-', '_'])
}

/// Who had a part in what a query finds.
///
/// # Errors
/// As [`search`](super::search::search).
pub fn who(snapshot: &Snapshot, scope: &Scope, query: &Query) -> Result<WhoView, SearchError> {
    let found = passages(snapshot, scope, query, CONSIDERED)?;
    let view = snapshot.view(scope);
    let mut tally = Tally { people: &view.people, best: HashMap::new() };
    let top = found.best.iter().map(|p| p.score).fold(0.0, f32::max).max(f32::MIN_POSITIVE);
    for passage in &found.best {
        let shard = snapshot.series.get(&passage.series);
        if let Some(session) = shard.and_then(|shard| shard.meeting(&passage.path, passage.place.line)) {
            // A match half as good says a third as much.
            let matches = f64::from(passage.score / top).powf(1.6);
            // What matches by what stands around it says little itself.
            let matches = if passage.says { matches } else { matches * AROUND };
            let matches = if passage.kind == "topic" { matches * TITLE } else { matches };
            let years = f64::from(days_between(session.meeting.date, Some(scope.today)).max(0)) / 365.0;
            count(&mut tally, &view, passage, session.meeting, matches / (1.0 + years / 4.0));
        }
    }
    let people = ranked(snapshot, tally)?;
    Ok(WhoView { total: found.total, considered: found.best.len(), suggestions: found.suggestions, people })
}

/// All parts that people had in a passage.
fn count<'a>(tally: &mut Tally<'a>, view: &'a View, passage: &'a Passage, m: &'a Meeting, worth: f64) {
    let Place { line, end_line, .. } = passage.place;
    let seen = |part, line, told| Seen { part, worth, meeting: m, line, passage, told };
    let lines = line..=end_line;
    let is = |kind: &str| passage.kind == kind;
    let mut owners: &[String] = &[];
    if let Some(action) = m.actions.iter().find(|a| is("action") && lines.contains(&a.line)) {
        let known = action_at(view, &passage.series, &passage.path, action.line);
        let aside = known.is_none() && is_set_aside(view, &passage.path, action.line);
        if !aside {
            owners = known.map_or(&action.owners, |(_, thread)| thread.owners());
            let of = known.map_or(Cow::Borrowed(&*m.id), |(_, thread)| Cow::Owned(thread.first().id.to_string()));
            for owner in owners {
                tally.add(owner, of.clone(), seen(Part::Owner, line, None));
            }
        }
    }
    for d in m.decisions.iter().filter(|d| is("decision") && lines.contains(&d.line)) {
        for person in &d.people {
            tally.add(person, &m.id, seen(Part::Decision, d.line, Some(&d.text)));
        }
    }
    if is("meeting") {
        return;
    }
    // The innermost heading that somebody's name stands in.
    if let Some(topic) = m.topics_over(line).rfind(|t| !t.sponsors.is_empty()) {
        let is_it = is("topic") && line == topic.line;
        let sponsor = seen(Part::Sponsor, line, is_it.then_some(topic.title.as_str()));
        let sponsor = Seen { worth: if is_it { worth } else { worth * OVER }, ..sponsor };
        for person in &topic.sponsors {
            tally.add(person, &m.id, sponsor);
        }
    }
    for named in m.named.iter().filter(|n| lines.contains(&n.line) && !is("topic")) {
        let owns = || owners.contains(&tally.people.canonical(&named.as_written, m));
        if owners.is_empty() || !owns() {
            tally.add(&named.as_written, &m.id, seen(Part::Named, named.line, None));
        }
    }
    for role in &m.roles {
        for person in &role.people {
            tally.add(person, &m.id, seen(Part::Role, role.line, None));
        }
    }
    if is("topic") {
        for p in m.participants.iter().filter(|p| p.status != Attendance::Absent) {
            tally.add(p.as_written(), &m.id, seen(Part::Attended, p.line, None));
        }
    }
}

fn ranked(snapshot: &Snapshot, tally: Tally<'_>) -> tantivy::Result<Vec<Knows>> {
    let mut by_person: BTreeMap<&str, Vec<Seen<'_>>> = BTreeMap::new();
    for ((id, ..), seen) in tally.best {
        by_person.entry(id).or_default().push(seen);
    }
    let mut all: Vec<(f64, Knows)> = Vec::new();
    for (id, mut parts) in by_person {
        let Some(person) = tally.people.find(id) else { continue };
        parts.sort_by(|a, b| {
            let place = |s: &Seen<'_>| (s.line, s.part);
            b.worth
                .total_cmp(&a.worth)
                .then_with(|| b.meeting.date.cmp(&a.meeting.date))
                .then_with(|| (&a.meeting.path, place(a)).cmp(&(&b.meeting.path, place(b))))
        });
        let mut counts: BTreeMap<Part, usize> = BTreeMap::new();
        parts.iter().for_each(|seen| *counts.entry(seen.part).or_default() += 1);
        let score: f64 = parts.iter().map(|seen| seen.worth).sum();
        let last = parts.iter().filter_map(|seen| seen.meeting.date).max();
        let reason = counts.iter().map(|(part, n)| part.told(*n)).collect::<Vec<_>>().join(", ");
        let mut shown: BTreeSet<(&str, u32)> = BTreeSet::new();
        let best = parts.iter().filter(|seen| shown.insert((&seen.meeting.path, seen.line))).take(PLACES);
        let places = best.map(|seen| place(snapshot, seen)).collect::<tantivy::Result<Vec<KnowsPlace>>>()?;
        let (name, kind) = (person.name.clone().filter(|name| name != id), person.kind);
        all.push((score, Knows { id: id.to_owned(), name, kind, score: 0, reason, counts, last, places }));
    }
    all.sort_by(|(a, x), (b, y)| b.total_cmp(a).then_with(|| x.id.cmp(&y.id)));
    let top = all.first().map_or(1.0, |(score, _)| *score).max(f64::MIN_POSITIVE);
    let rated = all.into_iter().map(|(score, knows)| {
        let score = (score / top * 100.0).round().clamp(0.0, 100.0) as u32;
        Knows { score, ..knows }
    });
    Ok(rated.collect())
}

fn place(snapshot: &Snapshot, seen: &Seen<'_>) -> tantivy::Result<KnowsPlace> {
    let m = seen.meeting;
    Ok(KnowsPlace {
        part: seen.part,
        path: m.path.clone(),
        line: seen.line,
        date: m.date,
        series: m.series.clone(),
        text: seen.told.map_or_else(|| seen.passage.text(snapshot), |told| Ok(told.to_owned()))?,
        permalink: snapshot.permalink(&m.path, seen.line, seen.line),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::language;
    use crate::test_book::book;

    fn check(files: &[(&str, &str)], query: &str, today: &str, expected: &[&str]) {
        let (_folder, snapshot) = book(files.iter().copied());
        let scope = Scope::as_of(today.parse().expect("a day"));
        let query = language::parse(query, scope.today).expect("a query");
        let found = who(&snapshot, &scope, &query).expect("an answer");
        let told: Vec<String> = found.people.iter().map(|p| format!("{}: {}", p.id, p.reason)).collect();
        assert_eq!(told, expected);
        assert!(found.people.iter().all(|p| !p.places.is_empty() && p.places.len() <= PLACES));
    }

    const CRANE: &str = "# 2026-01-05\n## Participants\n- @mira\n- @jo\n- @lin\n- @kai\n\n## The crane (@jo)\n- AI @mira: paint the crane\n- @lin has seen the crane in Pedraluz\n- AI @all: look at the crane\n";

    #[test]
    fn owners_before_sponsors_before_the_named_before_those_who_sat_there() {
        check(
            &[("harbour/2026-01-05.md", CRANE)],
            "crane",
            "2026-02-01",
            &[
                "mira: owns an action, was at a meeting about it",
                "jo: brought it up once, was at a meeting about it",
                "lin: named in a passage, was at a meeting about it",
                "kai: was at a meeting about it",
            ],
        );
    }

    #[test]
    fn qualifiers_narrow_it_down_and_nothing_later_counts() {
        let late = "# 2026-03-02\n## Participants\n- @kai\n\n## The crane\n- AI @kai: sell the crane\n";
        let files = [("harbour/2026-01-05.md", CRANE), ("harbour/2026-03-02.md", late)];
        check(
            &files,
            "crane kind:action before:2026-02",
            "2026-03-05",
            &["mira: owns an action", "jo: brought it up once"],
        );
        check(&files, "sell crane", "2026-02-01", &[]);
        check(&files, "zeppelin", "2026-03-05", &[]);
    }

    #[test]
    fn what_is_recent_counts_a_little_more() {
        let with = |who: &str, task: &str| format!("# x\n## Agenda\n- AI @{who}: {task} the lock gate\n");
        let (old, new) = (with("mira", "oil"), with("jo", "close"));
        check(
            &[("harbour/2021-01-05.md", &old), ("harbour/2026-01-05.md", &new)],
            "lock gate",
            "2026-02-01",
            &["jo: owns an action", "mira: owns an action"],
        );
    }
}
