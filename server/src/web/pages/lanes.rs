//! What is around a node, over time: a lane for the meetings of each series, and one for each other thing, from the
//! first day on which it had to do with the node to the last.

use std::collections::{BTreeMap, HashMap};

use jiff::civil::Date;
use maud::{Markup, html};
use minutebook_index::graph::Kind;
use minutebook_index::query::graph::{NeighbourView, Neighbourhood, NodeView};

use super::layout;

/// Marks on the axis, at most.
const MARKS: usize = 12;

/// A stretch of days as a width.
struct Axis {
    from: Date,
    days: f64,
}

impl Axis {
    /// Of all the days; none where there are none.
    fn of(days: impl Iterator<Item = Date> + Clone) -> Option<Self> {
        let (from, to) = (days.clone().min()?, days.max()?);
        Some(Self { from, days: f64::from(from.until(to).map_or(0, |s| s.get_days()).max(1)) })
    }

    /// Where a day stands, in percent: a little room is left on both sides.
    fn at(&self, day: Date) -> String {
        let days = f64::from(self.from.until(day).map_or(0, |s| s.get_days()));
        format!("{:.1}%", 2.0 + days / self.days * 96.0)
    }

    /// The first days of months, quarters or years, as many as there is room for.
    fn marks(&self) -> Vec<(Date, String)> {
        let all = |months: i8, form: &str| -> Vec<(Date, String)> {
            let begins = (self.from.month() - 1) / months * months + 1;
            let first = Date::new(self.from.year(), begins, 1).unwrap_or(self.from);
            let steps = first.series(jiff::Span::new().months(months));
            let end = self.from.checked_add(jiff::Span::new().days(self.days as i64)).unwrap_or(self.from);
            let within = steps.skip_while(|day| *day < self.from).take_while(|day| *day <= end);
            within.take(MARKS * 4).map(|day| (day, day.strftime(form).to_string())).collect()
        };
        let forms = [(1, "%b %Y"), (3, "%b %Y"), (12, "%Y")].map(|(months, form)| all(months, form));
        let last = forms[2].clone();
        let mut marks = forms.into_iter().find(|marks| !marks.is_empty() && marks.len() <= MARKS).unwrap_or(last);
        let every = marks.len().div_ceil(MARKS).max(1);
        let mut at = 0..;
        marks.retain(|_| at.next().is_some_and(|n: usize| n.is_multiple_of(every)));
        marks
    }
}

/// What is drawn of a thing.
struct Lane<'a> {
    node: &'a NodeView,
    first: Date,
    last: Date,
    times: u32,
}

/// The days on which things had to do with the node in the middle; none for what has no day.
fn lanes(found: &Neighbourhood) -> Vec<Lane<'_>> {
    let mut joined: HashMap<&str, (Option<Date>, Option<Date>, u32)> = HashMap::new();
    for e in &found.edges {
        let ends = [(&e.from, &e.to), (&e.to, &e.from)];
        for (one, _) in ends.into_iter().filter(|(_, other)| **other == found.node.id) {
            let known = joined.entry(one).or_default();
            let first = e.first.or(e.date);
            *known = ([known.0, first].into_iter().flatten().min(), known.1.max(e.date), known.2 + e.count);
        }
    }
    let lane = |one: &'_ NeighbourView| {
        let node = &one.node;
        let (first, last, times) =
            joined.get(node.id.as_str()).copied().unwrap_or((one.by.first, one.by.date, one.by.count));
        // An action lives from the day on which it was raised.
        let (first, last) = if node.kind == Kind::Action { (node.first, node.last) } else { (first, last) };
        Some((first.or(last)?, last.or(first)?, times))
    };
    let all = found
        .nodes
        .iter()
        .filter_map(|one| lane(one).map(|(first, last, times)| Lane { node: &one.node, first, last, times }));
    let mut all: Vec<Lane<'_>> = all.collect();
    all.sort_by(|a, b| (a.node.kind, a.first, a.last, &a.node.id).cmp(&(b.node.kind, b.first, b.last, &b.node.id)));
    all
}

/// Draws them; `link` tells where a node leads, `plural` what a kind is called.
pub fn lanes_of(found: &Neighbourhood, link: impl Fn(&NodeView) -> Markup, plural: impl Fn(Kind) -> String) -> Markup {
    let all = lanes(found);
    let Some(axis) = Axis::of(all.iter().flat_map(|lane| [lane.first, lane.last])) else {
        return layout::nothing("Nothing around it has a day.");
    };
    let (meetings, others): (Vec<&Lane<'_>>, Vec<&Lane<'_>>) =
        all.iter().partition(|lane| lane.node.kind == Kind::Meeting);
    let mut of_series: BTreeMap<&str, Vec<&Lane<'_>>> = BTreeMap::new();
    for meeting in meetings {
        of_series.entry(meeting.node.series.as_deref().unwrap_or_default()).or_default().push(meeting);
    }
    let kinds: Vec<Kind> =
        Kind::ALL.into_iter().filter(|kind| others.iter().any(|lane| lane.node.kind == *kind)).collect();
    let marks = axis.marks();
    let grid =
        html! { @for (day, _) in &marks { line.grid x1=(axis.at(*day)) x2=(axis.at(*day)) y1="0" y2="100%" {} } };
    let when = |first: Date, last: Date| html! { (layout::day(Some(first))) @if last != first { " – " (layout::day(Some(last))) } };
    html! {
        table.lanes {
            thead { tr {
                th scope="col" { "What" }
                td.time aria-hidden="true" { svg.axis { @for (day, told) in &marks { text x=(axis.at(*day)) y="70%" { (told) } } } }
                th scope="col" { "When" }
            } }
            @if !of_series.is_empty() {
                tbody {
                    tr.kind-of { th scope="rowgroup" colspan="3" { span.dot.of-meeting {} "meetings" } }
                    @for (series, held) in &of_series {
                        tr {
                            th scope="row" { a href=(layout::address("series", series)) { (series) } }
                            td.time aria-hidden="true" { svg { (grid) @for m in held { line.tick x1=(axis.at(m.first)) x2=(axis.at(m.first)) y1="20%" y2="80%" { title { (m.first) } } } } }
                            td.when-of { @if let (Some(first), Some(last)) = (held.first(), held.last()) { (layout::times_of(held.len(), "meeting")) ", " (when(first.first, last.last)) } }
                        }
                    }
                }
            }
            @for kind in kinds {
                tbody {
                    tr.kind-of { th scope="rowgroup" colspan="3" { span class={ "dot of-" (kind.as_str()) } {} (plural(kind)) } }
                    @for lane in others.iter().filter(|lane| lane.node.kind == kind) {
                        tr {
                            th scope="row" { (link(lane.node)) }
                            td.time aria-hidden="true" {
                                svg class={ "dot of-" (kind.as_str()) } {
                                    (grid)
                                    line.span x1=(axis.at(lane.first)) x2=(axis.at(lane.last)) y1="50%" y2="50%" {}
                                    circle cx=(axis.at(lane.first)) cy="50%" r="3" {}
                                    circle cx=(axis.at(lane.last)) cy="50%" r="4.5" {}
                                }
                            }
                            td.when-of { (when(lane.first, lane.last)) @if lane.times > 1 { ", " (layout::times(lane.times as usize)) } }
                        }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marks(from: &str, to: &str) -> Vec<String> {
        let days: Vec<Date> = [from, to].iter().map(|d| d.parse().expect("a day")).collect();
        let axis = Axis::of(days.iter().copied()).expect("an axis");
        axis.marks().into_iter().map(|(_, told)| told).collect()
    }

    #[test]
    fn the_axis_tells_months_quarters_or_years() {
        assert_eq!(marks("2026-01-15", "2026-04-02"), ["Feb 2026", "Mar 2026", "Apr 2026"]);
        assert_eq!(marks("2024-11-01", "2026-05-02").first().map(String::as_str), Some("Jan 2025"));
        assert_eq!(marks("2019-02-01", "2026-05-02"), ["2020", "2021", "2022", "2023", "2024", "2025", "2026"]);
        assert_eq!(marks("2026-03-04", "2026-03-05"), Vec::<String>::new());
        // Two hundred years are told, too.
        assert!((2..=MARKS).contains(&marks("1826-03-04", "2026-03-05").len()));
    }

    #[test]
    fn days_stand_where_they_belong() {
        let day = |d: &str| d.parse::<Date>().expect("a day");
        let axis = Axis::of([day("2026-01-01"), day("2026-01-11")].into_iter()).expect("an axis");
        assert_eq!(
            [axis.at(day("2026-01-01")), axis.at(day("2026-01-06")), axis.at(day("2026-01-11"))],
            ["2.0%", "50.0%", "98.0%"]
        );
    }
}
