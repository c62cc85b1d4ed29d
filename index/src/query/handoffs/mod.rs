//! "What was passed on, and did it arrive?"
//!
//! A handoff is followed in the meetings of the series that it names: whether its issue, its words or
//! its people came up there: in a heading, an action, a decision or a line that points to an issue, else
//! in any line of the minutes.

mod arrival;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::civil::Date;
use minutebook_ingest::facts::{Handoff, Meeting};
use minutebook_ingest::meeting::id;
use serde::Serialize;

pub(crate) use self::arrival::Rarity;
use self::arrival::{Passed, compared};
use super::Scope;
use crate::Snapshot;
use crate::addressee;
use crate::fold::days_between;
use crate::identity::People;
use crate::snapshot::View;
use crate::threads::Evidence;

/// It may take so many meetings of the other series …
const MEETINGS: usize = 4;
/// … or days, whichever are more.
const DAYS: i32 = 60;

/// Words that pass on: they say nothing of what is passed on.
const PASSES: &str = "discuss discussed addressed clarified bring brought move moved take topic ask asked follow \
    hand handed pass passed again later further also then please besprechen weitergeben";

/// Which handoffs are asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// A series that passed on, or to which was passed on.
    pub series: Option<String>,
    /// States; none means all.
    pub states: Option<BTreeSet<HandoffState>>,
}

impl Filter {
    /// The states of a word: one of them, or `any`.
    ///
    /// # Errors
    /// When the word is no state; the error names those there are.
    pub fn states_of(word: &str) -> Result<Option<BTreeSet<HandoffState>>, String> {
        match word {
            "any" => Ok(None),
            other => {
                HandoffState::ALL.into_iter().find(|s| s.as_str() == other).map(|s| Some([s].into())).ok_or_else(|| {
                    format!("{other:?} is no state of a handoff; there are waiting, lost, arrived, unknown and any")
                })
            }
        }
    }
}

/// What became of a handoff, on the day of asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum HandoffState {
    /// The other series has not met often enough since.
    Waiting,
    /// It did not come up, as far as the minutes tell.
    Lost,
    /// It came up.
    Arrived,
    /// No series has that name.
    Unknown,
}

impl HandoffState {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Waiting, Self::Lost, Self::Arrived, Self::Unknown];

    /// Its word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Lost => "lost",
            Self::Arrived => "arrived",
            Self::Unknown => "unknown",
        }
    }
}

/// A handoff.
#[derive(Debug, Clone, Serialize)]
pub struct HandoffView {
    /// Stable id.
    pub id: String,
    /// What was passed on.
    pub text: String,
    /// By which series.
    pub from_series: String,
    /// To whom, as written.
    pub to: String,
    /// The series that is meant.
    pub to_series: Option<String>,
    /// The day of the meeting that passed it on.
    pub date: Option<Date>,
    /// The file.
    pub path: String,
    /// The line.
    pub line: u32,
    /// What became of it.
    pub state: HandoffState,
    /// Why.
    pub reason: String,
    /// How many times the other series has met since.
    pub meetings: usize,
    /// Where it came up.
    pub arrived: Option<ArrivalView>,
    /// Who is named beside it.
    pub people: Vec<String>,
    /// Issues that it names.
    pub references: Vec<String>,
    /// What shows it: the line that passes on, and where it arrived.
    pub evidence: Vec<Evidence>,
    /// The line on the forge.
    pub permalink: Option<String>,
}

/// Where a handoff came up.
#[derive(Debug, Clone, Serialize)]
pub struct ArrivalView {
    /// The file.
    pub path: String,
    /// The line.
    pub line: u32,
    /// When.
    pub date: Option<Date>,
    /// topic, action, decision or reference.
    pub kind: &'static str,
    /// What stands there.
    pub text: String,
    /// By what it is known: `same-issue`, `same-words`, `named`, or `from-there` (the line says from where it comes).
    pub by: &'static str,
    /// The issue, words or people that both have.
    pub shared: Vec<String>,
    /// The line on the forge.
    pub permalink: Option<String>,
}

/// The handoffs that a filter asks for: those that wait and are lost before others, latest first.
pub fn handoffs(snapshot: &Snapshot, scope: &Scope, filter: &Filter) -> Vec<HandoffView> {
    let recent = &snapshot.made.handoffs;
    let all = match &filter.series {
        // To follow those of one series takes a part of the time, where not all are known yet.
        Some(series) => recent.find(scope).unwrap_or_else(|| Arc::new(followed(snapshot, scope, Some(series)))),
        None => recent.get(scope, || Arc::new(followed(snapshot, scope, None))),
    };
    let concerns = |h: &&HandoffView, s: &String| h.from_series == *s || h.to_series.as_ref() == Some(s);
    let of_series = all.iter().filter(|h| filter.series.as_ref().is_none_or(|s| concerns(h, s)));
    of_series.filter(|h| filter.states.as_ref().is_none_or(|s| s.contains(&h.state))).cloned().collect()
}

/// All handoffs in scope, or those of and to one series.
fn followed(snapshot: &Snapshot, scope: &Scope, only: Option<&str>) -> Vec<HandoffView> {
    let view = snapshot.view(scope);
    let series: Vec<&str> = snapshot.shards(scope).map(|(name, _)| name).collect();
    let mut out = Vec::new();
    snapshot.each_session(scope, |session| {
        let m = session.meeting;
        if !m.held || m.date.is_some_and(|d| d > scope.today) {
            return;
        }
        for (n, handoff) in m.handoffs.iter().enumerate() {
            let to_series = addressee::meant(&handoff.to, &series);
            // What a series keeps for its own next meeting is not passed on.
            if to_series == Some(m.series.as_str()) {
                continue;
            }
            if only.is_none_or(|s| m.series == s || to_series == Some(s)) {
                let rarity = view.rarity.get_or_init(|| Rarity::of(snapshot, scope));
                let follow = Follow { snapshot, scope, view: &view, rarity };
                out.push(follow.view(m, n, handoff, to_series));
            }
        }
    });
    out.sort_by(|a, b| (a.state, b.date, &a.path, a.line).cmp(&(b.state, a.date, &b.path, b.line)));
    out
}

struct Follow<'a> {
    snapshot: &'a Snapshot,
    scope: &'a Scope,
    view: &'a View,
    rarity: &'a Rarity,
}

impl Follow<'_> {
    fn view(&self, m: &Meeting, n: usize, handoff: &Handoff, to_series: Option<&str>) -> HandoffView {
        let twin = m.handoffs[..n].iter().filter(|h| h.to == handoff.to && h.text == handoff.text).count();
        let people = people_of(m, handoff, &self.view.people);
        let references = self.references(m, handoff);
        let after = to_series.map(|to| self.following(m, to)).unwrap_or_default();
        let days: BTreeSet<Option<Date>> = after.iter().map(|m| m.date).collect();
        let last = after.iter().filter_map(|m| m.date).max();
        let in_time = after.iter().filter(|t| {
            days.iter().filter(|d| **d < t.date).count() < MEETINGS || days_between(m.date, t.date) <= DAYS
        });
        let topic = Passed {
            text: &handoff.text,
            words: self.words(handoff, to_series),
            heading: self.heading(m, handoff.line, to_series),
            issues: &references,
            people: &people,
        };
        let arrived = in_time.clone().find_map(|t| self.arrival(t, &topic));
        let arrived = arrived.or_else(|| in_time.clone().find_map(|t| self.passage(t, &topic)));
        let arrived = arrived.or_else(|| in_time.clone().find_map(|t| self.traced(t, &topic, m)));
        let met = match days.len() {
            1 => "it has met once since".to_owned(),
            2 => "it has met twice since".to_owned(),
            n => format!("it has met {n} times since"),
        };
        let is_over = days.len() >= MEETINGS && days_between(m.date, Some(self.scope.today)) > DAYS;
        let (state, reason) = match (to_series, &arrived) {
            (None, _) => (HandoffState::Unknown, format!("no series is named {:?}", handoff.to)),
            (Some(to), Some(a)) => (HandoffState::Arrived, format!("came up in {to}{}: {}", on(a.date), told(a))),
            (Some(_), None) if m.date.is_none() => {
                (HandoffState::Waiting, "the meeting that passed it on has no day".to_owned())
            }
            (Some(to), None) if is_over => {
                let told = format!("not found in {to} in its next {MEETINGS} meetings or {DAYS} days; {met}");
                (HandoffState::Lost, told)
            }
            (Some(to), None) if days.is_empty() => (HandoffState::Waiting, format!("{to} has not met since")),
            (Some(to), None) => (HandoffState::Waiting, format!("has not come up in {to}; {met}, last{}", on(last))),
        };
        let here = |why: String| Evidence { path: m.path.clone(), line: handoff.line, date: m.date, why };
        let mut evidence = vec![here(format!("passed on to {}", handoff.to))];
        evidence.extend(arrived.as_ref().map(|a| Evidence {
            path: a.path.clone(),
            line: a.line,
            date: a.date,
            why: told(a),
        }));
        HandoffView {
            id: id("h", &[&m.id, &handoff.to.to_lowercase(), &handoff.text.to_lowercase(), &twin.to_string()]),
            text: handoff.text.clone(),
            from_series: m.series.clone(),
            to: handoff.to.clone(),
            to_series: to_series.map(str::to_owned),
            date: m.date,
            path: m.path.clone(),
            line: handoff.line,
            state,
            reason,
            meetings: days.len(),
            arrived,
            people,
            references,
            evidence,
            permalink: self.snapshot.permalink(&m.path, handoff.line, handoff.line),
        }
    }

    /// The meetings of a series after another, in order; those of its own day too where it is another series.
    fn following(&self, m: &Meeting, to: &str) -> Vec<&Meeting> {
        let Some(day) = m.date else { return Vec::new() };
        let Some(shard) = self.snapshot.series.get(to).filter(|_| self.scope.has_series(to)) else {
            return Vec::new();
        };
        let sessions = shard.held(self.scope.as_of).map(|s| s.meeting);
        let after = |d: Date| d <= self.scope.today && (d > day || (d == day && m.series != to));
        sessions.filter(|t| t.date.is_some_and(after)).collect()
    }

    /// What is passed on, without the words that pass on and the name of the other series.
    fn words(&self, handoff: &Handoff, to: Option<&str>) -> BTreeSet<String> {
        let mut words = compared(&handoff.text);
        let silent = compared(&format!("{} {} {PASSES}", handoff.to, to.unwrap_or_default()));
        words.retain(|w| !silent.contains(w));
        words
    }

    /// The words of the heading that a handoff stands under, without those of the other series' name; none of one
    /// that it has had before.
    fn heading(&self, m: &Meeting, line: u32, to: Option<&str>) -> BTreeSet<String> {
        let over = m.topics_over(line).rfind(|t| t.level > 1);
        let mut words = over.map(|t| compared(&t.title)).unwrap_or_default();
        let before =
            to.and_then(|to| self.snapshot.series.get(to)).into_iter().flat_map(|s| s.sessions(self.scope.as_of));
        let is_known = |t: &Meeting| t.date < m.date && t.topics.iter().any(|t| compared(&t.title) == words);
        if before.into_iter().any(|s| is_known(s.meeting)) {
            return BTreeSet::new();
        }
        let name = compared(to.unwrap_or_default());
        words.retain(|w| !name.contains(w));
        words
    }

    /// The issues on the line that passes on, or on the one that is passed on.
    fn references(&self, m: &Meeting, handoff: &Handoff) -> Vec<String> {
        // What is passed on by its heading alone is all that stood under it so far.
        let heading = m.topics.iter().rev().find(|t| t.line < handoff.line && handoff.line <= t.end_line);
        let from = heading.filter(|t| t.title == handoff.text).map_or(handoff.line, |t| t.line);
        let mut out: Vec<String> = Vec::new();
        for r in &m.references {
            let is_near = r.line <= handoff.line && r.line + 12 > handoff.line;
            let is_told = is_near && (r.line >= from || handoff.text.contains(r.as_written.as_str()));
            if is_told {
                let target = self.view.target(m, r);
                if !target.starts_with('#') && !out.contains(&target) {
                    out.push(target);
                }
            }
        }
        out
    }
}

/// Who is named beside a handoff.
fn people_of(m: &Meeting, handoff: &Handoff, people: &People) -> Vec<String> {
    let named = m.named.iter().filter(|n| n.line == handoff.line).map(|n| &n.as_written);
    let owners = m.actions.iter().filter(|a| a.line == handoff.line).flat_map(|a| &a.owners);
    let sponsors = m.topics.iter().filter(|t| t.line == handoff.line).flat_map(|t| &t.sponsors);
    let mut out: Vec<String> = Vec::new();
    for written in named.chain(owners).chain(sponsors) {
        let id = people.canonical(written, m);
        if !out.contains(&id) {
            out.push(id);
        }
    }
    out
}

fn on(date: Option<Date>) -> String {
    date.map_or_else(String::new, |d| format!(" on {d}"))
}

fn told(a: &ArrivalView) -> String {
    match a.by {
        "same-issue" => format!("the same issue, {}", a.shared.join(", ")),
        "from-there" => format!("the line says from where it comes, and has its words ({})", a.shared.join(", ")),
        "named" => format!("{} is named with it there", a.shared.join(", ")),
        _ => format!("the same words ({})", a.shared.join(", ")),
    }
}
