//! "What do we talk about again and again, and never decide?"

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;

use super::super::{Scope, series};
use crate::Snapshot;
use crate::graph::topics;

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

#[derive(Default)]
struct Heard {
    title: String,
    decided: bool,
    places: Vec<TopicPlace>,
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
    let mut out = Vec::new();
    for (name, shard) in snapshot.shards(scope).filter(|(name, _)| only.as_ref().is_none_or(|o| o == name)) {
        let mut heard: BTreeMap<String, Heard> = BTreeMap::new();
        let mut days: Vec<Date> = Vec::new();
        for session in shard.held(scope.as_of).filter(|s| s.meeting.date <= Some(scope.today)) {
            let m = session.meeting;
            days.extend(m.date);
            for (title, heading) in topics::of(m, &snapshot.conventions) {
                let lines = heading.line..=heading.end_line;
                let one = heard.entry(title.to_lowercase()).or_default();
                one.title = title;
                one.decided |= m.decisions.iter().any(|d| lines.contains(&d.line));
                let place = TopicPlace { path: m.path.clone(), line: heading.line, date: m.date };
                // Twice in a meeting, or in two files of a day, it is talked about once.
                if one.places.last().is_none_or(|p| p.date != place.date) {
                    one.places.push(place);
                }
            }
        }
        days.dedup();
        let undecided = heard.into_iter().filter(|(_, one)| !one.decided && one.places.len() >= MEETINGS);
        out.extend(undecided.map(|(folded, mut one)| {
            let since = one.places.first().and_then(|p| p.date);
            let meetings = one.places.len();
            one.places.reverse();
            let last = one.places.first().and_then(|p| p.date);
            let held = days.iter().filter(|day| (since..=last).contains(&Some(**day))).count();
            RecurringView {
                id: format!("topic:{name}/{folded}"),
                series: name.to_owned(),
                topic: one.title,
                meetings,
                since,
                last,
                standing: meetings >= LONG && meetings * 100 >= held * STANDING,
                places: one.places,
            }
        }));
    }
    out.sort_by(|a, b| (a.standing, b.meetings, b.last, &a.id).cmp(&(b.standing, a.meetings, a.last, &b.id)));
    Ok(out)
}
