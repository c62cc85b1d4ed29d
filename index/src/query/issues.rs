//! An issue, request, review or bug: where it was talked about.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::RangeInclusive;

use jiff::civil::Date;
use minutebook_ingest::facts::{Decision, Meeting, Reference};
use serde::Serialize;

use super::actions::{self, ActionView};
use super::decisions::{self, DecisionView, decision_id};
use super::{NotFound, Scope};
use crate::Snapshot;
use crate::short_id::Id;
use crate::threads::{Event, Thread};

/// An issue in a list.
#[derive(Debug, Clone, Serialize)]
pub struct IssueView {
    /// `owner/repo#N`
    pub target: String,
    /// Where it can be read.
    pub url: Option<String>,
    /// How many lines point to it.
    pub count: usize,
    /// First day.
    pub first: Option<Date>,
    /// Last day.
    pub last: Option<Date>,
    /// Where it is mentioned, in order.
    pub mentions: Vec<IssueMention>,
}

/// A line that points to an issue.
#[derive(Debug, Clone, Serialize)]
pub struct IssueMention {
    /// The file.
    pub path: String,
    /// The line.
    pub line: u32,
    /// The meeting's day.
    pub date: Option<Date>,
    /// The series.
    pub series: String,
    /// The heading it stands under.
    pub topic: Option<String>,
    /// The text that points.
    pub as_written: String,
}

/// One issue with all that became of it in meetings.
#[derive(Debug, Clone, Serialize)]
pub struct IssuePage {
    /// In short, and where it is mentioned.
    #[serde(flatten)]
    pub issue: IssueView,
    /// Actions that name it, longest waiting first.
    pub actions: Vec<ActionView>,
    /// Decisions about it, latest first: it stands in them, or in the heading over them.
    pub decisions: Vec<DecisionView>,
    /// Mentions, actions and decisions in the order of days.
    pub life: Vec<LifeEvent>,
}

/// What happened to an issue in a meeting.
#[derive(Debug, Clone, Serialize)]
pub struct LifeEvent {
    /// The meeting's day.
    pub date: Option<Date>,
    /// The file.
    pub path: String,
    /// The line.
    pub line: u32,
    /// The series.
    pub series: String,
    /// The heading it stands under.
    pub topic: Option<String>,
    /// What it is.
    pub kind: LifeKind,
    /// What the mention did to its action.
    pub event: Option<Event>,
    /// Of the action or decision.
    pub id: Option<String>,
    /// The action or decision, or the text that points.
    pub text: String,
}

/// What happens to issues.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum LifeKind {
    /// It was settled, or something about it.
    Decision,
    /// Something is to be done about it.
    Action,
    /// It is named.
    Mention,
}

/// The issues of all meetings in view whose repository is known, most talked about first.
pub fn issues(snapshot: &Snapshot, scope: &Scope) -> Vec<IssueView> {
    issues_where(snapshot, scope, |_| true)
}

/// Tells each line that points to an issue whose repository is known.
fn each_target(snapshot: &Snapshot, scope: &Scope, mut tell: impl FnMut(String, &Meeting, &Reference)) {
    let view = snapshot.view(scope);
    snapshot.each_session(scope, |session| {
        let m = session.meeting;
        for r in &m.references {
            let target = view.target(m, r);
            if !target.starts_with('#') {
                tell(target, m, r);
            }
        }
    });
}

/// The [`issues`] whose targets are such.
fn issues_where(snapshot: &Snapshot, scope: &Scope, is_meant: impl Fn(&str) -> bool) -> Vec<IssueView> {
    let mut all: BTreeMap<String, IssueView> = BTreeMap::new();
    each_target(snapshot, scope, |target, m, r| {
        if is_meant(&target) {
            let one = all.entry(target.to_lowercase()).or_insert_with(|| IssueView {
                target: target.clone(),
                url: None,
                count: 0,
                first: None,
                last: None,
                mentions: Vec::new(),
            });
            one.url = one.url.take().or_else(|| r.url.clone());
            one.count += 1;
            one.first = [one.first, m.date].into_iter().flatten().min();
            one.last = [one.last, m.date].into_iter().flatten().max();
            let topic = m.topic_over(r.line).map(|t| t.title.clone());
            one.mentions.push(IssueMention {
                path: m.path.clone(),
                line: r.line,
                date: m.date,
                series: m.series.clone(),
                topic,
                as_written: r.as_written.clone(),
            });
        }
    });
    let mut out: Vec<IssueView> = all.into_values().collect();
    for one in &mut out {
        one.mentions.sort_by(|a, b| a.date.cmp(&b.date).then_with(|| a.path.cmp(&b.path)).then(a.line.cmp(&b.line)));
    }
    out.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.target.cmp(&b.target)));
    out
}

/// Whether a target is meant by its end: `#12`, `repo#12`.
pub(crate) fn is_meant(target: &str, wanted: &str) -> bool {
    let (target, low) = (target.to_lowercase(), wanted.to_lowercase());
    target == low
        || target
            .strip_suffix(&low)
            .is_some_and(|rest| low.contains(['#', '!']) && (low.starts_with(['#', '!']) || rest.ends_with('/')))
}

/// How many lines point to each of the [`issues`], most talked about first.
pub(crate) fn counted(snapshot: &Snapshot, scope: &Scope) -> Vec<(String, usize)> {
    let mut all: HashMap<String, (String, usize)> = HashMap::new();
    each_target(snapshot, scope, |target, _, _| all.entry(target.to_lowercase()).or_insert((target, 0)).1 += 1);
    let mut out: Vec<_> = all.into_values().collect();
    out.sort_by(|(a, m), (b, n)| n.cmp(m).then_with(|| a.cmp(b)));
    out
}

/// The issue that a target names, without regard to case.
pub(crate) fn exactly(snapshot: &Snapshot, scope: &Scope, target: &str) -> Option<IssueView> {
    issues_where(snapshot, scope, |known| known.eq_ignore_ascii_case(target)).into_iter().next()
}

/// One issue by its target, without regard to case; `#N` where only one repository has that number.
///
/// # Errors
/// When no line in view points to it.
pub fn find(snapshot: &Snapshot, scope: &Scope, target: &str) -> Result<IssueView, NotFound> {
    if let Some(exact) = exactly(snapshot, scope, target) {
        return Ok(exact);
    }
    let mut all = issues(snapshot, scope);
    let mut ends = all.iter().enumerate().filter(|(_, i)| is_meant(&i.target, target)).map(|(at, _)| at);
    match (ends.next(), ends.next()) {
        (Some(at), None) => Ok(all.swap_remove(at)),
        _ => Err(NotFound::among("issue", target, all.iter().map(|i| i.target.as_str()))),
    }
}

/// One issue as [`find`] finds it, with its life: all mentions, actions and decisions by day.
///
/// # Errors
/// When no line in view points to it.
pub fn issue(snapshot: &Snapshot, scope: &Scope, target: &str) -> Result<IssuePage, NotFound> {
    find(snapshot, scope, target).map(|found| page(snapshot, scope, found))
}

fn page(snapshot: &Snapshot, scope: &Scope, issue: IssueView) -> IssuePage {
    let is_this = |target: &String| target.eq_ignore_ascii_case(&issue.target);
    let names = |thread: &Thread| thread.mentions.iter().any(|m| m.says.references.iter().any(is_this));
    let actions = actions::actions_where(snapshot, scope, &actions::Filter::default(), names);
    let view = snapshot.view(scope);
    let mut decided: Vec<(&Meeting, &Decision)> = Vec::new();
    for m in snapshot.sessions(scope).map(|s| s.meeting) {
        let names = |d: &&Decision| view.short_refs.targets(m, &d.references, d.line..=d.end_line).iter().any(is_this);
        decided.extend(m.decisions.iter().filter(names).map(|d| (m, d)));
    }
    let mut life: Vec<LifeEvent> = Vec::new();
    // The lines that are told as those of an action or decision.
    let mut told: Vec<(&str, RangeInclusive<u32>)> = Vec::new();
    let ids: BTreeSet<Id> = actions.iter().filter_map(|a| Id::parse(&a.id)).collect();
    let threads = view.threads.iter().flat_map(|(series, all)| all.iter().map(move |t| (series, t)));
    for (series, thread) in threads.filter(|(_, t)| ids.contains(&t.first().id)) {
        for m in &thread.mentions {
            told.push((&m.path, m.line..=m.end_line));
            life.push(LifeEvent {
                date: m.date,
                path: m.path.to_string(),
                line: m.line,
                series: series.clone(),
                topic: topic_at(snapshot, &m.path, m.line),
                kind: LifeKind::Action,
                event: Some(m.event),
                id: Some(thread.first().id.to_string()),
                text: m.says.text.to_string(),
            });
        }
    }
    for (m, d) in &decided {
        told.push((&m.path, d.line..=d.end_line));
        life.push(LifeEvent {
            date: m.date,
            path: m.path.clone(),
            line: d.line,
            series: m.series.clone(),
            topic: d.topic.clone(),
            kind: LifeKind::Decision,
            event: None,
            id: Some(decision_id(m, d)),
            text: d.text.clone(),
        });
    }
    let mut once: BTreeSet<(&str, u32)> = BTreeSet::new();
    for m in &issue.mentions {
        let is_told = told.iter().any(|(path, lines)| *path == m.path && lines.contains(&m.line));
        if !is_told && once.insert((&m.path, m.line)) {
            life.push(LifeEvent {
                date: m.date,
                path: m.path.clone(),
                line: m.line,
                series: m.series.clone(),
                topic: m.topic.clone(),
                kind: LifeKind::Mention,
                event: None,
                id: None,
                text: m.as_written.clone(),
            });
        }
    }
    // Without a day it has no place among the others.
    life.sort_by(|a, b| {
        let key = |e: &LifeEvent| e.date.unwrap_or(Date::MAX);
        (key(a), &a.path, a.line, a.kind).cmp(&(key(b), &b.path, b.line, b.kind))
    });
    let about = decisions::Filter { issue: Some(issue.target.clone()), ..Default::default() };
    let decisions = decisions::decisions(snapshot, scope, &about);
    IssuePage { issue, actions, decisions, life }
}

fn topic_at(snapshot: &Snapshot, path: &str, line: u32) -> Option<String> {
    snapshot.meeting(path, line)?.meeting.topic_over(line).map(|t| t.title.clone())
}
