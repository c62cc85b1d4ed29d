//! People and teams: the list, and one of them with all that is theirs.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;
use minutebook_ingest::facts::{Attendance, Meeting, Topic};
use serde::Serialize;

use super::actions::{ActionView, Filter, actions, perhaps};
use super::meetings::MeetingRef;
use super::{NotFound, Scope};
use crate::Snapshot;
use crate::graph::topics::{Headings, Title};
use crate::identity::{Person, PersonKind};

/// A person or team.
#[derive(Debug, Clone, Serialize)]
pub struct PersonView {
    /// What addresses use: the handle, else the name.
    pub id: String,
    /// Person or team.
    pub kind: PersonKind,
    /// Handle, without `@`.
    pub handle: Option<String>,
    /// Full name.
    pub name: Option<String>,
    /// Other spellings.
    pub aliases: Vec<AliasView>,
    /// Series they were seen in.
    pub series: Vec<String>,
    /// First day.
    pub first_seen: Option<Date>,
    /// Last day.
    pub last_seen: Option<Date>,
    /// Where they are named; only when asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mentions: Option<Vec<PersonMention>>,
}

/// A spelling and how often it was used.
#[derive(Debug, Clone, Serialize)]
pub struct AliasView {
    /// The spelling.
    pub as_written: String,
    /// How often.
    pub count: u32,
}

/// Where somebody is named.
#[derive(Debug, Clone, Serialize)]
pub struct PersonMention {
    /// The file.
    pub path: String,
    /// The line.
    pub line: u32,
    /// The spelling.
    pub as_written: String,
    /// participant, owner, role or named.
    pub how: &'static str,
}

/// One person with all that is theirs.
#[derive(Debug, Clone, Serialize)]
pub struct PersonPage {
    /// Who.
    #[serde(flatten)]
    pub person: PersonView,
    /// What they have promised.
    pub open: Vec<ActionView>,
    /// What perhaps is theirs: the owner's name is one that several share.
    pub perhaps: Vec<ActionView>,
    /// What was closed lately, latest first.
    pub closed: Vec<ActionView>,
    /// Attendance by series: how many of its meetings with a list they were at.
    pub attendance: Vec<AttendanceView>,
    /// Meetings they came to lately, latest first.
    pub meetings: Vec<MeetingRef>,
    /// With whom they meet most.
    pub works_with: Vec<TogetherView>,
    /// What they brought up or have promised something about, most often first.
    pub topics: Vec<TopicView>,
}

/// A heading that somebody has to do with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TopicView {
    /// As it was written last.
    pub title: String,
    /// In how many meetings.
    pub meetings: usize,
}

/// Attendance of one person in one series.
#[derive(Debug, Clone, Serialize)]
pub struct AttendanceView {
    /// The series.
    pub series: String,
    /// Meetings they came to.
    pub attended: usize,
    /// Meetings of the series with a list, since they first came.
    pub meetings: usize,
    /// The last one they came to.
    pub last: Option<Date>,
}

/// Somebody met often.
#[derive(Debug, Clone, Serialize)]
pub struct TogetherView {
    /// Who.
    pub id: String,
    /// In how many meetings.
    pub meetings: u32,
}

/// All people and teams, by id. With `mentions`, also where each is named.
pub fn people(snapshot: &Snapshot, scope: &Scope, mentions: bool) -> Vec<PersonView> {
    let view = snapshot.view(scope);
    let mut found: BTreeMap<String, Vec<PersonMention>> = BTreeMap::new();
    if mentions {
        for session in snapshot.sessions(scope) {
            let m = session.meeting;
            let mut add = |as_written: &str, line: u32, how: &'static str| {
                if let Some(person) = view.people.resolve(as_written, m) {
                    found.entry(person.id.clone()).or_default().push(PersonMention {
                        path: m.path.clone(),
                        line,
                        as_written: as_written.to_owned(),
                        how,
                    });
                }
            };
            for p in &m.participants {
                for spelling in p.handle.iter().chain(&p.name) {
                    let key = view.people.key(p.as_written(), m);
                    if view.people.key(spelling, m) == key {
                        add(spelling, p.line, "participant");
                    }
                }
            }
            m.actions.iter().for_each(|a| a.owners.iter().for_each(|o| add(o, a.line, "owner")));
            m.roles.iter().for_each(|r| r.people.iter().for_each(|p| add(p, r.line, "role")));
            m.named.iter().for_each(|n| add(&n.as_written, n.line, "named"));
        }
    }
    view.people
        .all
        .iter()
        .map(|p| {
            let mut view = person_view(p);
            view.mentions = mentions.then(|| found.remove(&p.id).unwrap_or_default());
            view
        })
        .collect()
}

fn person_view(p: &Person) -> PersonView {
    let mut aliases: Vec<AliasView> =
        p.aliases.iter().map(|(a, &count)| AliasView { as_written: a.clone(), count }).collect();
    aliases.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.as_written.cmp(&b.as_written)));
    PersonView {
        id: p.id.clone(),
        kind: p.kind,
        handle: p.handle.clone(),
        name: p.name.clone(),
        aliases,
        series: p.series.iter().cloned().collect(),
        first_seen: p.first_seen,
        last_seen: p.last_seen,
        mentions: None,
    }
}

/// So many topics of a person are told.
const TOPICS: usize = 10;

/// The headings of a meeting that somebody brought up or has an action under, each once; those that stand over
/// everything or over actions alone tell nothing.
fn titles_of(m: &Meeting, headings: &Headings, is_them: impl Fn(&str) -> bool) -> BTreeMap<Arc<str>, Arc<Title>> {
    let owned = |t: &Topic| {
        m.actions
            .iter()
            .any(|a| !a.carried && a.topic.as_ref() == Some(&t.title) && a.owners.iter().any(|o| is_them(o)))
    };
    let theirs = |t: &&Topic| t.sponsors.iter().any(|s| is_them(s)) || owned(t);
    // Most meetings have none: then nothing is made of their headings.
    if !m.topics.iter().any(|t| theirs(&t)) {
        return BTreeMap::new();
    }
    let told = headings.of(m).into_iter().filter(|(_, t)| theirs(t));
    told.map(|(title, _)| (Arc::clone(&title.folded), title)).collect()
}

/// One person with their actions, attendance and company.
///
/// # Errors
/// When nobody goes by that name; the error holds the nearest ones.
pub fn person(snapshot: &Snapshot, scope: &Scope, wanted: &str) -> Result<PersonPage, NotFound> {
    let view = snapshot.view(scope);
    let Some(person) = view.people.find(wanted) else {
        let names = view.people.all.iter().flat_map(|p| std::iter::once(p.id.as_str()).chain(p.name.as_deref()));
        return Err(NotFound::among("person", wanted.trim_start_matches('@'), names));
    };
    let mine = Filter { owner: Some(person.id.clone()), ..Filter::default() };
    let (open, mut closed): (Vec<ActionView>, Vec<ActionView>) =
        actions(snapshot, scope, &mine).into_iter().partition(ActionView::is_open);
    closed.sort_by_key(|a| std::cmp::Reverse(a.closed));
    // Most names are none of their spellings, which is told sooner than whom they mean.
    let is_them = |written: &str, m: &Meeting| {
        person.aliases.contains_key(written) && view.people.resolve(written, m).is_some_and(|x| x.id == person.id)
    };
    let mut attendance = Vec::new();
    let mut meetings = Vec::new();
    let mut topics: BTreeMap<Arc<str>, TopicView> = BTreeMap::new();
    let headings = snapshot.headings();
    for (series, shard) in snapshot.shards(scope).filter(|(series, _)| person.series.contains(*series)) {
        let mut one = AttendanceView { series: series.to_owned(), attended: 0, meetings: 0, last: None };
        for session in shard.held(scope.as_of) {
            let m = session.meeting;
            let here = m.participants.iter().any(|p| p.status != Attendance::Absent && is_them(p.as_written(), m));
            if here {
                one.attended += 1;
                one.last = m.date;
                meetings.push(MeetingRef::of(m));
            }
            if !m.participants.is_empty() && one.attended > 0 {
                one.meetings += 1;
            }
            for (folded, title) in titles_of(m, headings, |written| is_them(written, m)) {
                let topic = topics.entry(folded).or_insert(TopicView { title: String::new(), meetings: 0 });
                topic.title.clone_from(&title.text);
                topic.meetings += 1;
            }
        }
        if one.attended > 0 {
            attendance.push(one);
        }
    }
    attendance.sort_by_key(|a| std::cmp::Reverse(a.last));
    meetings.sort_by(|a, b| b.date.cmp(&a.date).then_with(|| a.path.cmp(&b.path)));
    meetings.truncate(12);
    let mut topics: Vec<TopicView> = topics.into_values().collect();
    topics.sort_by(|a, b| b.meetings.cmp(&a.meetings).then_with(|| a.title.cmp(&b.title)));
    topics.truncate(TOPICS);
    let works_with = snapshot.graph(scope).company(&person.id, 8);
    Ok(PersonPage {
        perhaps: perhaps(snapshot, scope, &person.id),
        person: person_view(person),
        open,
        closed,
        attendance,
        meetings,
        topics,
        works_with: works_with.into_iter().map(|(id, meetings)| TogetherView { id, meetings }).collect(),
    })
}
