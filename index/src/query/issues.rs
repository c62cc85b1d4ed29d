//! An issue, request, review or bug: where it was talked about.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;

use super::decisions::{DecisionView, Filter, decisions};
use super::{NotFound, Scope};
use crate::Snapshot;

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
    /// What was decided about it, latest first; told of one issue, empty in the list of all.
    pub decisions: Vec<DecisionView>,
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

/// The issues of all meetings in view whose repository is known, most talked about first.
pub fn issues(snapshot: &Snapshot, scope: &Scope) -> Vec<IssueView> {
    let mut all: BTreeMap<String, IssueView> = BTreeMap::new();
    for session in snapshot.sessions(scope) {
        let m = session.meeting;
        for r in &m.references {
            let target = snapshot.target(m, r);
            if target.starts_with('#') {
                continue;
            }
            let one = all.entry(target.to_lowercase()).or_insert_with(|| IssueView {
                target: target.clone(),
                url: None,
                count: 0,
                first: None,
                last: None,
                mentions: Vec::new(),
                decisions: Vec::new(),
            });
            one.url = one.url.take().or_else(|| r.url.clone());
            one.count += 1;
            one.first = [one.first, m.date].into_iter().flatten().min();
            one.last = [one.last, m.date].into_iter().flatten().max();
            let topic =
                m.topics.iter().rev().find(|t| t.line <= r.line && r.line <= t.end_line).map(|t| t.title.clone());
            one.mentions.push(IssueMention {
                path: m.path.clone(),
                line: r.line,
                date: m.date,
                series: m.series.clone(),
                topic,
                as_written: r.as_written.clone(),
            });
        }
    }
    let mut out: Vec<IssueView> = all.into_values().collect();
    for one in &mut out {
        one.mentions.sort_by(|a, b| a.date.cmp(&b.date).then_with(|| a.path.cmp(&b.path)).then(a.line.cmp(&b.line)));
    }
    out.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.target.cmp(&b.target)));
    out
}

/// One issue by its target, without regard to case; `#N` where only one repository has that number.
///
/// # Errors
/// When no line in view points to it.
pub fn issue(snapshot: &Snapshot, scope: &Scope, target: &str) -> Result<IssueView, NotFound> {
    let mut found = find(snapshot, scope, target)?;
    let about = Filter { issue: Some(found.target.clone()), ..Filter::default() };
    found.decisions = decisions(snapshot, scope, &about);
    Ok(found)
}

/// The issue of a target, without what was decided about it.
///
/// # Errors
/// When no line in view points to it.
pub fn find(snapshot: &Snapshot, scope: &Scope, target: &str) -> Result<IssueView, NotFound> {
    let all = issues(snapshot, scope);
    if let Some(found) = all.iter().find(|i| i.target.eq_ignore_ascii_case(target)) {
        return Ok(found.clone());
    }
    let low = target.to_lowercase();
    let mut ends = all.iter().filter(|i| {
        let t = i.target.to_lowercase();
        t.strip_suffix(&low).is_some_and(|rest| low.starts_with('#') || rest.ends_with('/'))
    });
    if let (Some(one), None) = (ends.next(), ends.next()) {
        return Ok(one.clone());
    }
    Err(NotFound::among("issue", target, all.iter().map(|i| i.target.as_str())))
}
