//! "What happened while I was away?", and for a chair: who is not there for what is theirs.
//!
//! Only lists of participants tell who missed a meeting. A series that keeps none cannot tell, and that is said.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use minutebook_ingest::facts::{Attendance, Meeting};
use serde::Serialize;

use super::actions::action_view;
use super::decisions::{self, DecisionView};
use super::meetings::MeetingRef;
use super::{NotFound, Scope};
use crate::Snapshot;
use crate::identity::{People, PersonKind};
use crate::snapshot::View;
use crate::threads::{Event, State, Thread};

/// Meetings before somebody left that tell whether they came often.
const BEFORE: usize = 10;
/// So many of them are often, and so is a third.
const OFTEN: usize = 3;
/// Meetings with a list that somebody must have missed in a row to be told as not seen.
const NOT_SEEN: usize = 3;

/// There is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AwayError {
    /// Nobody goes by that name.
    #[error(transparent)]
    Unknown(#[from] NotFound),
    /// Teams stand in no list of participants.
    #[error("{0} is a team, and lists of participants hold people; ask for one of its members")]
    Team(String),
}

/// What somebody missed.
#[derive(Debug, Clone, Serialize)]
pub struct AwayView {
    /// Who.
    pub person: String,
    /// From which day on; none for the day after they last came to each series.
    pub since: Option<Date>,
    /// Series in which they are regular and missed meetings, the one they came to last first.
    pub series: Vec<AwaySeries>,
    /// Series that know them and keep no lists of participants, and so cannot tell.
    pub cannot_tell: Vec<String>,
}

/// What somebody missed in a series.
#[derive(Debug, Clone, Serialize)]
pub struct AwaySeries {
    /// The series.
    pub series: String,
    /// When they last came, before what they missed.
    pub last_attended: Option<Date>,
    /// Why they count as regular.
    pub regular: String,
    /// The meetings that they missed, in order.
    pub missed: Vec<MeetingRef>,
    /// Meetings in that time without a list: perhaps they were there.
    pub unlisted: Vec<MeetingRef>,
    /// Actions that were given to them.
    pub given: Vec<Happened>,
    /// What was decided.
    pub decided: Vec<DecisionView>,
    /// Actions of others that were written down for the first time.
    pub opened: Vec<Happened>,
    /// Actions that went from others to others.
    pub reassigned: Vec<Happened>,
    /// Actions that were closed, or left the pending list.
    pub closed: Vec<Happened>,
}

/// What happened to an action in a meeting.
#[derive(Debug, Clone, Serialize)]
pub struct Happened {
    /// The action.
    pub id: String,
    /// As written there.
    pub text: String,
    /// Its owners as told there.
    pub owners: Vec<String>,
    /// raised, reassigned, closed, gone.
    pub event: &'static str,
    /// How it stands now.
    pub state: State,
    /// When.
    pub date: Option<Date>,
    /// The file.
    pub path: String,
    /// The line.
    pub line: u32,
    /// The line on the forge.
    pub permalink: Option<String>,
}

/// Who was there, by id, as listed.
pub fn present(m: &Meeting, people: &People) -> impl Iterator<Item = String> {
    let there = m.participants.iter().filter(|p| p.status != Attendance::Absent);
    there.map(move |p| people.canonical(p.as_written(), m))
}

/// The meetings of a series that took place, up to the day of asking, in order.
fn held<'a>(snapshot: &'a Snapshot, scope: &Scope, series: &str) -> Vec<&'a Meeting> {
    let Some(shard) = snapshot.series.get(series).filter(|_| scope.has_series(series)) else { return Vec::new() };
    let meetings = shard.held(scope.as_of).map(|s| s.meeting);
    meetings.filter(|m| m.date.is_some_and(|d| d <= scope.today)).collect()
}

/// What a person missed: since a day, else since they last came to each series.
///
/// # Errors
/// When nobody goes by that name, or it is that of a team.
pub fn away(snapshot: &Snapshot, scope: &Scope, wanted: &str, since: Option<Date>) -> Result<AwayView, AwayError> {
    let view = snapshot.view(scope);
    let Some(person) = view.people.find(wanted) else {
        let names = view.people.all.iter().flat_map(|p| std::iter::once(p.id.as_str()).chain(p.name.as_deref()));
        return Err(NotFound::among("person", wanted.trim_start_matches('@'), names).into());
    };
    if person.kind == PersonKind::Team {
        return Err(AwayError::Team(person.id.clone()));
    }
    let (mut found, mut cannot_tell) = (Vec::new(), Vec::new());
    // Whom a series never saw cannot have missed it.
    for (series, _) in snapshot.shards(scope).filter(|(series, _)| person.series.contains(*series)) {
        let all = held(snapshot, scope, series);
        let keeps_lists =
            all.iter().rev().take(BEFORE).filter(|m| !m.participants.is_empty()).count() * 2 >= all.len().min(BEFORE);
        if !keeps_lists {
            cannot_tell.push(series.to_owned());
        } else if !all.is_empty() {
            found.extend(missed(snapshot, scope, &view, &person.id, series, &all, since));
        }
    }
    found.sort_by(|a, b| b.last_attended.cmp(&a.last_attended).then_with(|| a.series.cmp(&b.series)));
    Ok(AwayView { person: person.id.clone(), since, series: found, cannot_tell })
}

/// What a person missed in a series; nothing where they are no regular or missed nothing.
fn missed(
    snapshot: &Snapshot,
    scope: &Scope,
    view: &View,
    person: &str,
    series: &str,
    all: &[&Meeting],
    since: Option<Date>,
) -> Option<AwaySeries> {
    let listed: Vec<(&Meeting, bool)> = all
        .iter()
        .filter(|m| !m.participants.is_empty())
        .map(|m| (*m, present(m, &view.people).any(|id| id == person)))
        .collect();
    let before = |m: &Meeting| since.is_none_or(|day| m.date < Some(day));
    let last = listed.iter().rposition(|(m, there)| *there && before(m))?;
    let few = &listed[(last + 1).saturating_sub(BEFORE)..=last];
    let came = few.iter().filter(|(_, there)| *there).count();
    if came < OFTEN && came * 3 < few.len() {
        return None;
    }
    let last_attended = listed[last].0.date;
    let in_time = |m: &Meeting| m.date > last_attended && since.is_none_or(|day| m.date >= Some(day));
    let missed: Vec<&Meeting> = listed.iter().filter(|(m, there)| !there && in_time(m)).map(|(m, _)| *m).collect();
    if missed.is_empty() {
        return None;
    }
    let unlisted = all.iter().filter(|m| m.participants.is_empty() && in_time(m)).map(|m| MeetingRef::of(m)).collect();
    let is_missed = |path: &str, line: u32| {
        missed.iter().any(|m| m.path == path && (m.line..=m.end_line.max(m.line)).contains(&line))
    };
    let asked = decisions::Filter { series: Some(series.to_owned()), ..Default::default() };
    let decided = decisions::decisions(snapshot, scope, &asked);
    let mut out = AwaySeries {
        series: series.to_owned(),
        last_attended,
        regular: format!("came to {came} of the last {} meetings with a list up to then", few.len()),
        missed: missed.iter().map(|m| MeetingRef::of(m)).collect(),
        unlisted,
        given: Vec::new(),
        decided: decided.into_iter().filter(|d| is_missed(&d.path, d.line)).collect(),
        opened: Vec::new(),
        reassigned: Vec::new(),
        closed: Vec::new(),
    };
    for thread in view.threads.get(series).into_iter().flat_map(|all| all.iter()) {
        for mention in thread.mentions.iter().filter(|m| is_missed(&m.path, m.line)) {
            let happened = |event| happened(snapshot, scope, view, series, thread, mention, event);
            let theirs = mention.says.owners.iter().any(|o| o == person);
            match mention.event {
                Event::Raised if theirs => out.given.push(happened("raised")),
                Event::Reassigned if theirs => out.given.push(happened("reassigned")),
                Event::Raised => out.opened.push(happened("raised")),
                Event::Reassigned => out.reassigned.push(happened("reassigned")),
                Event::Closed => out.closed.push(happened("closed")),
                Event::Carried | Event::DueMoved | Event::Progressed | Event::Reported => {}
            }
        }
        if let Some(gone) = thread.gone.as_ref().filter(|g| is_missed(&g.path, g.line)) {
            let mut gone_then = happened(snapshot, scope, view, series, thread, thread.last(), "gone");
            (gone_then.path, gone_then.line, gone_then.date) = (gone.path.clone(), gone.line, gone.date);
            gone_then.permalink = snapshot.permalink(&gone.path, gone.line, gone.line);
            out.closed.push(gone_then);
        }
    }
    for list in [&mut out.given, &mut out.opened, &mut out.reassigned, &mut out.closed] {
        list.sort_by(|a, b| (a.date, &a.path, a.line).cmp(&(b.date, &b.path, b.line)));
    }
    Some(out)
}

fn happened(
    snapshot: &Snapshot,
    scope: &Scope,
    view: &View,
    series: &str,
    thread: &Thread,
    mention: &crate::threads::Mention,
    event: &'static str,
) -> Happened {
    Happened {
        id: thread.first().id.to_string(),
        text: mention.says.text.to_string(),
        owners: if mention.says.owners.is_empty() { thread.owners().to_vec() } else { mention.says.owners.to_vec() },
        event,
        state: view.standing(snapshot, scope, series, thread).state,
        date: mention.date,
        path: mention.path.to_string(),
        line: mention.line,
        permalink: snapshot.permalink(&mention.path, mention.line, mention.line),
    }
}

/// What a chair should know of owners who are not there.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Absence {
    /// Open actions that were given to somebody in a meeting that they missed, latest first.
    pub given_absent: Vec<GivenAbsent>,
    /// Owners of open actions who missed the last meetings, longest first.
    pub not_seen: Vec<NotSeen>,
}

/// An open action that was given to somebody who was not there.
#[derive(Debug, Clone, Serialize)]
pub struct GivenAbsent {
    /// The action.
    pub id: String,
    /// What it is.
    pub text: String,
    /// Who was not there.
    pub owner: String,
    /// How it stands.
    pub state: State,
    /// When it was given to them.
    pub date: Option<Date>,
    /// The file.
    pub path: String,
    /// The line.
    pub line: u32,
    /// The line on the forge.
    pub permalink: Option<String>,
    /// Whether they came to a meeting of the series since.
    pub seen_since: bool,
}

/// Somebody who owns open actions and does not come.
#[derive(Debug, Clone, Serialize)]
pub struct NotSeen {
    /// Who.
    pub owner: String,
    /// When they last came to the series; none when never.
    pub last_attended: Option<Date>,
    /// How many meetings with a list they missed since, or ever.
    pub missed: usize,
    /// Their open actions of the series.
    pub actions: Vec<String>,
    /// The last of those meetings: its list shows it.
    pub path: String,
    /// … where its list begins.
    pub line: u32,
}

/// What the lists of a series tell of the owners of its open actions. Teams, and names that no list holds, are
/// left out: of them a list says nothing.
pub fn absence(snapshot: &Snapshot, scope: &Scope, series: &str) -> Absence {
    let view = snapshot.view(scope);
    let listed: Vec<(&Meeting, BTreeSet<String>)> = held(snapshot, scope, series)
        .into_iter()
        .filter(|m| !m.participants.is_empty())
        .map(|m| (m, present(m, &view.people).collect::<BTreeSet<_>>()))
        .collect();
    let known = snapshot.listed(scope, &view);
    let is_person =
        |owner: &str| known.contains(owner) && view.people.find(owner).is_some_and(|p| p.kind == PersonKind::Person);
    let mut out = Absence::default();
    let mut owners: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for thread in view.threads.get(series).into_iter().flat_map(|all| all.iter()) {
        if !view.standing(snapshot, scope, series, thread).state.is_open() {
            continue;
        }
        let action = action_view(snapshot, scope, &view, series, thread);
        for owner in action.owners.iter().filter(|o| is_person(o)) {
            owners.entry(owner.clone()).or_default().push(action.id.clone());
            let given = thread.mentions.iter().rev().find(|m| {
                matches!(m.event, Event::Raised | Event::Reassigned) && m.says.owners.iter().any(|o| o == owner)
            });
            let Some(given) = given else { continue };
            let at = listed
                .iter()
                .position(|(m, _)| *m.path == *given.path && (m.line..=m.end_line.max(m.line)).contains(&given.line));
            let Some(at) = at.filter(|&at| !listed[at].1.contains(owner)) else { continue };
            out.given_absent.push(GivenAbsent {
                id: action.id.clone(),
                text: action.text.clone(),
                owner: owner.clone(),
                state: action.state,
                date: given.date,
                path: given.path.to_string(),
                line: given.line,
                permalink: snapshot.permalink(&given.path, given.line, given.line),
                seen_since: listed[at + 1..].iter().any(|(_, there)| there.contains(owner)),
            });
        }
    }
    out.given_absent.sort_by(|a, b| b.date.cmp(&a.date).then_with(|| a.id.cmp(&b.id)));
    for (owner, actions) in owners {
        let last = listed.iter().rposition(|(_, there)| there.contains(&owner));
        let missed = listed.len() - last.map_or(0, |at| at + 1);
        let Some((latest, _)) = listed.last().filter(|_| missed >= NOT_SEEN) else { continue };
        out.not_seen.push(NotSeen {
            last_attended: last.and_then(|at| listed[at].0.date),
            missed,
            actions,
            path: latest.path.clone(),
            line: latest.participants.first().map_or(latest.line, |p| p.line),
            owner,
        });
    }
    out.not_seen.sort_by(|a, b| b.missed.cmp(&a.missed).then_with(|| a.owner.cmp(&b.owner)));
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_book::book;

    fn file(day: &str, there: &str, text: &str) -> (String, String) {
        let list = if there.is_empty() { String::new() } else { format!("## Participants\n{there}\n") };
        (format!("harbour/{day}.md"), format!("# {day}\n{list}## Agenda\n{text}\n"))
    }

    /// Mira comes on two days, then Jo alone on three.
    fn sample() -> Vec<(String, String)> {
        vec![
            file("2026-01-05", "- @mira\n- @jo", "- AI @jo: paint the crane"),
            file("2026-01-12", "- @mira\n- @jo", "- fine"),
            file("2026-01-19", "- @jo\n- @mira (absent)", "- AI @mira: count the buoys\n- Decision: the crane is red"),
            file(
                "2026-01-26",
                "- @jo",
                "- AI @jo: paint the crane\n    - done\n- AI @jo: order new ropes for the pier",
            ),
            file("2026-02-02", "- @jo", "- AI @harbour-team: sweep the pier"),
        ]
    }

    fn told(files: &[(String, String)], since: Option<&str>, today: &str) -> Vec<String> {
        let (_folder, snapshot) = book(files.iter().map(|(p, t)| (p.as_str(), t.as_str())));
        let scope = Scope::as_of(today.parse().expect("a day"));
        let since = since.map(|d| d.parse().expect("a day"));
        let view = away(&snapshot, &scope, "mira", since).expect("somebody");
        let mut out: Vec<String> = view.cannot_tell.iter().map(|s| format!("cannot tell {s}")).collect();
        for s in view.series {
            out.push(format!("{} missed {} unlisted {}", s.series, s.missed.len(), s.unlisted.len()));
            out.extend(s.given.iter().map(|h| format!("given {}", h.text)));
            out.extend(s.decided.iter().map(|d| format!("decided {}", d.text)));
            out.extend(s.opened.iter().map(|h| format!("opened {}", h.text)));
            out.extend(s.closed.iter().map(|h| format!("closed {}", h.text)));
        }
        out
    }

    #[test]
    fn what_happened_since_they_last_came() {
        assert_eq!(
            told(&sample(), None, "2026-02-03"),
            [
                "harbour missed 3 unlisted 0",
                "given count the buoys",
                "decided the crane is red",
                "opened order new ropes for the pier",
                "opened sweep the pier",
                "closed paint the crane",
            ]
        );
        assert_eq!(
            told(&sample(), Some("2026-01-20"), "2026-01-27"),
            ["harbour missed 1 unlisted 0", "opened order new ropes for the pier", "closed paint the crane",]
        );
        // Nothing later than the day of asking.
        assert_eq!(told(&sample(), None, "2026-01-13"), Vec::<String>::new());
    }

    #[test]
    fn a_series_without_lists_cannot_tell() {
        let files =
            vec![file("2026-01-05", "", "- AI @mira: count"), file("2026-01-12", "", "- AI @mira: count again")];
        assert_eq!(told(&files, None, "2026-02-03"), ["cannot tell harbour"]);
        // A meeting without a list where lists are kept is told apart.
        let mut some = sample();
        some.push(file("2026-01-27", "", "- Decision: the pier is closed"));
        assert_eq!(told(&some, None, "2026-02-03")[0], "harbour missed 3 unlisted 1");
    }

    #[test]
    fn teams_and_strangers_are_errors() {
        let files = sample();
        let (_folder, snapshot) = book(files.iter().map(|(p, t)| (p.as_str(), t.as_str())));
        let scope = Scope::as_of("2026-02-03".parse().expect("a day"));
        assert!(matches!(away(&snapshot, &scope, "harbour-team", None), Err(AwayError::Team(_))));
        assert!(matches!(away(&snapshot, &scope, "mirra", None), Err(AwayError::Unknown(e)) if e.nearest == ["mira"]));
    }

    #[test]
    fn owners_who_are_not_there() {
        let files = sample();
        let (_folder, snapshot) = book(files.iter().map(|(p, t)| (p.as_str(), t.as_str())));
        let told = absence(&snapshot, &Scope::as_of("2026-02-03".parse().expect("a day")), "harbour");
        let given: Vec<(&str, &str)> = told.given_absent.iter().map(|g| (g.owner.as_str(), g.text.as_str())).collect();
        assert_eq!(given, [("mira", "count the buoys")]);
        let not_seen: Vec<(&str, usize)> = told.not_seen.iter().map(|n| (n.owner.as_str(), n.missed)).collect();
        assert_eq!(not_seen, [("mira", 3)]);
        let before = absence(&snapshot, &Scope::as_of("2026-01-27".parse().expect("a day")), "harbour");
        assert!(before.not_seen.is_empty(), "{:?}", before.not_seen);
    }
}
