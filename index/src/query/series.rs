//! Series: the list, and one of them with its rhythm, regulars and open actions.

use jiff::civil::Date;
use minutebook_ingest::facts::MeetingKind;
use serde::Serialize;

use super::actions::{ActionView, Filter, actions};
use super::attendance::{AttendanceMap, attendance};
use super::away::{Absence, absence, present};
use super::decisions::{self, DecisionView};
use super::meetings::MeetingRef;
use super::{NotFound, Scope};
use crate::Snapshot;
use crate::rhythm::Rhythm;
use crate::threads::State;

/// So many meetings tell how the number of open actions goes.
const TREND: usize = 12;

/// The latest decisions that a series' page shows.
const DECISIONS: usize = 10;

/// A series in a list.
#[derive(Debug, Clone, Serialize)]
pub struct SeriesView {
    /// Its name.
    pub series: String,
    /// Meetings that took place.
    pub meetings: usize,
    /// First day.
    pub first: Option<Date>,
    /// Last day, up to the day of asking.
    pub last: Option<Date>,
    /// weekly, fortnightly, "first Monday of the month", irregular, …
    pub rhythm: String,
    /// When it meets next by that rhythm; none where it has none, or has ended.
    pub next: Option<Date>,
    /// Open actions.
    pub open: usize,
    /// Open ones that were not heard of for long.
    pub stale: usize,
    /// How many were not closed yet after each of the last twelve meetings, in order.
    pub trend: Vec<usize>,
}

/// One series.
#[derive(Debug, Clone, Serialize)]
pub struct SeriesPage {
    /// In short.
    #[serde(flatten)]
    pub view: SeriesView,
    /// Who came to the last ten meetings, most often first.
    pub regulars: Vec<RegularView>,
    /// Who came to each of the last meetings with a list.
    pub attendance: AttendanceMap,
    /// Its open actions.
    pub actions: Vec<ActionView>,
    /// Its latest decisions.
    pub decisions: Vec<DecisionView>,
    /// All its meetings, latest first, those not held among them.
    pub all: Vec<MeetingRef>,
    /// Texts beside the minutes.
    pub notes: Vec<MeetingRef>,
    /// Owners who are not there: actions given to somebody absent, and owners not seen for several meetings.
    #[serde(flatten)]
    pub absence: Absence,
}

/// Somebody who comes often.
#[derive(Debug, Clone, Serialize)]
pub struct RegularView {
    /// Who.
    pub id: String,
    /// To how many of the last ten.
    pub attended: usize,
    /// The last day.
    pub last: Option<Date>,
}

/// All series, by name.
pub fn series(snapshot: &Snapshot, scope: &Scope) -> Vec<SeriesView> {
    snapshot.shards(scope).map(|(name, _)| short(snapshot, scope, name)).collect()
}

fn short(snapshot: &Snapshot, scope: &Scope, name: &str) -> SeriesView {
    let days = held_days(snapshot, scope, name);
    let rhythm = Rhythm::of(&days);
    let last = days.last().copied();
    let recent = &days[days.len().saturating_sub(TREND)..];
    let (mut open, mut stale, mut trend) = (0, 0, vec![0; recent.len()]);
    let view = snapshot.view(scope);
    for thread in view.threads.get(name).into_iter().flat_map(|all| all.iter()) {
        let standing = view.standing(snapshot, scope, name, thread);
        open += usize::from(standing.state == State::Open);
        stale += usize::from(standing.state == State::Stale);
        // Raised, and not closed yet at the end of the day.
        let Some(raised) = thread.first().date else { continue };
        for (count, day) in trend.iter_mut().zip(recent) {
            *count += usize::from(raised <= *day && standing.closed.is_none_or(|closed| closed > *day));
        }
    }
    SeriesView {
        series: name.to_owned(),
        meetings: days.len(),
        first: days.first().copied(),
        last,
        rhythm: rhythm.told(),
        next: last.and_then(|d| rhythm.next(d, scope.today)),
        open,
        stale,
        trend,
    }
}

/// Days on which a series met, up to the day of asking.
pub fn held_days(snapshot: &Snapshot, scope: &Scope, name: &str) -> Vec<Date> {
    let shard = snapshot.series.get(name).filter(|_| scope.has_series(name));
    let mut days: Vec<Date> =
        shard.map(|s| s.days(scope.as_of).filter(|d| *d <= scope.today).collect()).unwrap_or_default();
    days.dedup();
    days
}

/// One series with what a chair looks for.
///
/// # Errors
/// When there is no series of that name in scope; the error holds the nearest ones.
pub fn series_page(snapshot: &Snapshot, scope: &Scope, wanted: &str) -> Result<SeriesPage, NotFound> {
    let name = find(snapshot, scope, wanted)?;
    let open = actions(snapshot, scope, &Filter { series: Some(name.clone()), ..Filter::open() });
    let of_it = decisions::Filter { series: Some(name.clone()), ..Default::default() };
    let decided = decisions::latest(snapshot, scope, &of_it, DECISIONS);
    let (mut all, mut notes) = (Vec::new(), Vec::new());
    for m in snapshot.meetings_of(&name, scope).into_iter().rev() {
        if m.kind == MeetingKind::Meeting { all.push(MeetingRef::of(m)) } else { notes.push(MeetingRef::of(m)) }
    }
    Ok(SeriesPage {
        view: short(snapshot, scope, &name),
        regulars: regulars(snapshot, scope, &name),
        attendance: attendance(snapshot, scope, &name),
        absence: absence(snapshot, scope, &name),
        actions: open,
        decisions: decided,
        all,
        notes,
    })
}

/// A series by its name, without regard to case, or by the unambiguous end of it.
///
/// # Errors
/// When there is none in scope.
pub fn find(snapshot: &Snapshot, scope: &Scope, wanted: &str) -> Result<String, NotFound> {
    let names: Vec<&str> = snapshot.shards(scope).map(|(n, _)| n).collect();
    if let Some(name) = names.iter().find(|n| n.eq_ignore_ascii_case(wanted)) {
        return Ok((*name).to_owned());
    }
    let low = wanted.to_lowercase();
    let mut ends = names.iter().filter(|n| n.to_lowercase().rsplit('/').next() == Some(&low));
    if let (Some(name), None) = (ends.next(), ends.next()) {
        return Ok((*name).to_owned());
    }
    Err(NotFound::among("series", wanted, names.into_iter()))
}

/// Who came to the last ten meetings, most often first.
pub fn regulars(snapshot: &Snapshot, scope: &Scope, name: &str) -> Vec<RegularView> {
    let view = snapshot.view(scope);
    let Some(shard) = snapshot.series.get(name).filter(|_| scope.has_series(name)) else { return Vec::new() };
    let mut out: Vec<RegularView> = Vec::new();
    for session in shard
        .held(scope.as_of)
        .filter(|s| s.meeting.date.is_some_and(|d| d <= scope.today))
        .rev()
        .filter(|s| !s.meeting.participants.is_empty())
        .take(10)
    {
        for id in present(session.meeting, &view.people) {
            match out.iter_mut().find(|r| r.id == id) {
                Some(one) => one.attended += 1,
                None => out.push(RegularView { id, attended: 1, last: session.meeting.date }),
            }
        }
    }
    out.sort_by(|a, b| b.attended.cmp(&a.attended).then_with(|| a.id.to_lowercase().cmp(&b.id.to_lowercase())));
    out
}
