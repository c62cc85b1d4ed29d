//! Who came to the meetings of a series, one by one.

use std::collections::HashMap;

use jiff::civil::Date;
use minutebook_ingest::facts::Attendance;
use serde::Serialize;

use super::Scope;
use crate::Snapshot;

/// Meetings that are told of: half a year of a weekly series.
const MEETINGS: usize = 26;
/// People that are told of.
const PEOPLE: usize = 24;

/// The last meetings of a series that list who came, and who did.
#[derive(Debug, Clone, Default, Serialize)]
pub struct AttendanceMap {
    /// The meetings, in order.
    pub meetings: Vec<ListedMeeting>,
    /// Who came to more than one of them, most often first.
    pub people: Vec<Row>,
}

/// A meeting that lists who came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ListedMeeting {
    /// Its day.
    pub date: Option<Date>,
    /// Its file.
    pub path: String,
    /// Its first line.
    pub line: u32,
    /// How many came.
    pub came: usize,
}

/// What the lists tell of one person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Row {
    /// Who.
    pub id: String,
    /// To how many of the meetings they came, for a part of it too.
    pub came: usize,
    /// For each of the meetings; none where its list does not hold them.
    pub status: Vec<Option<Attendance>>,
}

/// The attendance of a series up to the day of asking. Series and people out of scope are not told of.
pub fn attendance(snapshot: &Snapshot, scope: &Scope, series: &str) -> AttendanceMap {
    let Some(shard) = snapshot.series.get(series).filter(|_| scope.has_series(series)) else {
        return AttendanceMap::default();
    };
    let view = snapshot.view(scope);
    let held = shard.held(scope.as_of).map(|s| s.meeting);
    let listed = held.filter(|m| !m.participants.is_empty() && m.date.is_some_and(|d| d <= scope.today));
    let mut latest: Vec<_> = listed.rev().take(MEETINGS).collect();
    latest.reverse();
    let mut map = AttendanceMap::default();
    let mut rows: HashMap<String, Row> = HashMap::new();
    for (at, m) in latest.iter().enumerate() {
        for p in &m.participants {
            let id = view.people.canonical(p.as_written(), *m);
            let empty = || Row { id: id.clone(), came: 0, status: vec![None; latest.len()] };
            let status = &mut rows.entry(id.clone()).or_insert_with(empty).status[at];
            // Who is listed twice came if one of the lines says so.
            if !matches!(status, Some(Attendance::Present)) {
                *status = Some(p.status);
            }
        }
        let came = rows.values().filter(|r| is_there(r.status[at])).count();
        map.meetings.push(ListedMeeting { date: m.date, path: m.path.clone(), line: m.line, came });
    }
    map.people = rows.into_values().collect();
    for row in &mut map.people {
        row.came = row.status.iter().filter(|s| is_there(**s)).count();
    }
    map.people.retain(|row| row.came > 1);
    map.people.sort_by(|a, b| b.came.cmp(&a.came).then_with(|| a.id.to_lowercase().cmp(&b.id.to_lowercase())));
    map.people.truncate(PEOPLE);
    map
}

fn is_there(status: Option<Attendance>) -> bool {
    status.is_some_and(|s| s != Attendance::Absent)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::test_book::book;

    #[test]
    fn lists_tell_who_came_when() {
        let minutes = |who: &str| format!("# Call\n\n## Participants\n{who}\n\n## Topics\n- tides\n");
        let texts = [
            ("a/2026-03-02.md", minutes("- @mira\n- @jo")),
            ("a/2026-03-09.md", minutes("- @mira\n- @guest")),
            ("a/2026-03-16.md", "# Call\n\n- no list\n".to_owned()),
            ("a/2026-03-23.md", minutes("- @jo\n- @mira\n\n## Excused\n- @kim")),
            ("b/2026-03-23.md", minutes("- @other\n- @mira")),
        ];
        let (_folder, snapshot) = book(texts.iter().map(|(path, text)| (*path, text.as_str())));
        let map = attendance(&snapshot, &Scope::whole(date(2026, 4, 1)), "a");
        let days: Vec<_> = map.meetings.iter().map(|m| (m.date.expect("dated").day(), m.came)).collect();
        assert_eq!(days, [(2, 2), (9, 2), (23, 2)]);
        let told: Vec<_> = map.people.iter().map(|r| (r.id.as_str(), r.came, r.status.clone())).collect();
        let here = Some(Attendance::Present);
        assert_eq!(told, [("mira", 3, vec![here; 3]), ("jo", 2, vec![here, None, here])]);
        // Of the day before the last meeting nothing later is told.
        let then = attendance(&snapshot, &Scope::as_of(date(2026, 3, 10)), "a");
        assert_eq!((then.meetings.len(), then.people.len()), (2, 1));
    }
}
