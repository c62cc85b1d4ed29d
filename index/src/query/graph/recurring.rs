//! "What do we talk about again and again, and never decide?"

use std::collections::HashMap;
use std::sync::Arc;

use jiff::civil::Date;
use minutebook_ingest::facts::Meeting;
use serde::Serialize;

use super::super::{Scope, series};
use crate::Snapshot;
use crate::graph::topics::Title;

/// A topic comes back when it stood in so many meetings.
const MEETINGS: usize = 3;
/// A heading that stands in this share of the meetings from its first to its last, in percent …
const STANDING: usize = 60;
/// … and in at least so many is a fixture of the agenda.
const LONG: usize = 12;

/// A topic that came back without a decision.
#[derive(Debug, Clone, Serialize)]
pub struct RecurringView {
    /// Its node.
    pub id: String,
    /// The series.
    pub series: String,
    /// The heading as last written, without dates.
    pub topic: String,
    /// In how many meetings it stood.
    pub meetings: usize,
    /// The first of them.
    pub since: Option<Date>,
    /// The last.
    pub last: Option<Date>,
    /// True where it stands in most of a dozen meetings or more: a fixture of the agenda, rather than a question.
    pub standing: bool,
    /// Where it stood, latest first.
    pub places: Vec<TopicPlace>,
}

/// Where a topic stood.
#[derive(Debug, Clone, Serialize)]
pub struct TopicPlace {
    /// The file.
    pub path: String,
    /// The heading's line.
    pub line: u32,
    /// The meeting's day.
    pub date: Option<Date>,
}

struct Heard<'m> {
    title: Arc<Title>,
    decided: bool,
    /// Meetings, and the lines of the heading in them.
    places: Vec<(&'m Meeting, u32)>,
}

/// The topics of series that stood in three meetings or more, and under which nothing was decided in any of
/// them: fixtures last, then those of most meetings first.
///
/// # Errors
/// When there is no series of that name in scope; the error holds the nearest.
pub fn recurring(
    snapshot: &Snapshot,
    scope: &Scope,
    wanted: Option<&str>,
) -> Result<Vec<RecurringView>, super::NotFound> {
    let only = wanted.map(|name| series::find(snapshot, scope, name)).transpose()?;
    let headings = snapshot.headings();
    let mut out = Vec::new();
    for (name, shard) in snapshot.shards(scope).filter(|(name, _)| only.as_ref().is_none_or(|o| o == name)) {
        let mut heard: HashMap<Arc<str>, Heard<'_>> = HashMap::new();
        let mut days: Vec<Date> = Vec::new();
        for session in shard.held(scope.as_of).filter(|s| s.meeting.date <= Some(scope.today)) {
            let m = session.meeting;
            days.extend(m.date);
            for (title, heading) in headings.of(m) {
                let lines = heading.line..=heading.end_line;
                let one = heard.entry(Arc::clone(&title.folded)).or_insert_with(|| Heard {
                    title: Arc::clone(&title),
                    decided: false,
                    places: Vec::new(),
                });
                one.title = title;
                one.decided |= m.decisions.iter().any(|d| lines.contains(&d.line));
                // Twice in a meeting, or in two files of a day, it is talked about once.
                if one.places.last().is_none_or(|(before, _)| before.date != m.date) {
                    one.places.push((m, heading.line));
                }
            }
        }
        days.dedup();
        let undecided = heard.into_iter().filter(|(_, one)| !one.decided && one.places.len() >= MEETINGS);
        out.extend(undecided.map(|(folded, one)| {
            let since = one.places.first().and_then(|(m, _)| m.date);
            let meetings = one.places.len();
            let last = one.places.last().and_then(|(m, _)| m.date);
            let place = |&(m, line): &(&Meeting, u32)| TopicPlace { path: m.path.clone(), line, date: m.date };
            let held = days.iter().filter(|day| (since..=last).contains(&Some(**day))).count();
            RecurringView {
                id: format!("topic:{name}/{folded}"),
                series: name.to_owned(),
                topic: one.title.text.clone(),
                meetings,
                since,
                last,
                standing: meetings >= LONG && meetings * 100 >= held * STANDING,
                places: one.places.iter().rev().map(place).collect(),
            }
        }));
    }
    out.sort_by(|a, b| (a.standing, b.meetings, b.last, &a.id).cmp(&(b.standing, a.meetings, a.last, &b.id)));
    Ok(out)
}
