//! Small pictures of numbers: SVG and tables without a script. Each says in words, too, what it shows.

use maud::{Markup, html};
use minutebook_index::query::attendance::AttendanceMap;
use minutebook_index::query::search::Count;
use minutebook_ingest::facts::Attendance;

use super::layout;

/// A bar of two lengths, in an SVG so that it needs no inline style.
pub fn share(open: usize, stale: usize, most: usize) -> Markup {
    let width = |n: usize| n * 100 / most.max(1);
    html! {
        svg.share viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" {
            rect.open x="0" y="0" height="8" width=(width(open)) {}
            rect.stale x=(width(open)) y="0" height="8" width=(width(stale)) {}
        }
    }
}

/// A number beside a bar of its part of the most.
pub fn measure(n: usize, most: usize) -> Markup {
    html! {
        svg.measure viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" {
            rect x="0" y="0" height="8" width=(n.min(most) * 100 / most.max(1)) {}
        }
    }
}

/// A line through some numbers, the last one with a dot.
pub fn trend(numbers: &[usize]) -> Markup {
    let most = numbers.iter().copied().max().unwrap_or(0).max(1);
    let x = |at: usize| 2 + at * 56 / numbers.len().saturating_sub(1).max(1);
    let y = |n: usize| 18 - n * 16 / most;
    let points: Vec<String> = numbers.iter().enumerate().map(|(at, n)| format!("{},{}", x(at), y(*n))).collect();
    let told = match (numbers.first(), numbers.last()) {
        (Some(first), Some(last)) => format!("from {first} to {last}"),
        _ => String::new(),
    };
    html! {
        @if numbers.len() > 1 {
            svg.trend viewBox="0 0 60 20" width="60" height="20" role="img" aria-label=(told) {
                title { (told) }
                polyline points=(points.join(" ")) {}
                @if let Some(last) = numbers.last() { circle cx=(x(numbers.len() - 1)) cy=(y(*last)) r="2" {} }
            }
        }
    }
}

/// Who came to which meeting: a row a person, a column a meeting.
pub fn attendance(map: &AttendanceMap) -> Markup {
    let month = |at: usize| map.meetings[at].date.map(|d| (d.year(), d.month()));
    html! {
        div.scroll tabindex="0" role="region" aria-label="Attendance of the last meetings" {
            table.heat {
                thead { tr {
                    th scope="col" { "Who" }
                    th.number scope="col" { "came" }
                    @for (at, m) in map.meetings.iter().enumerate() {
                        th.day scope="col" {
                            @let told = m.date.map_or_else(|| m.path.clone(), |d| d.to_string());
                            a href=(layout::line_address(&m.path, m.line)) title={ (told) ", " (m.came) " came" } {
                                @if at == 0 || month(at) != month(at - 1) { span.month { (m.date.map_or_else(String::new, |d| d.strftime("%b").to_string())) } }
                                span { (m.date.map_or_else(|| "–".to_owned(), |d| d.day().to_string())) }
                            }
                        }
                    }
                } }
                tbody {
                    @for row in &map.people {
                        tr {
                            th scope="row" { (layout::person(&row.id)) }
                            td.number { (row.came) }
                            @for status in &row.status {
                                @match status {
                                    Some(Attendance::Present) => td.there { "●" },
                                    Some(Attendance::Partial) => td.part { "◐" },
                                    Some(Attendance::Absent) => td.away { "○" },
                                    None => td {},
                                }
                            }
                        }
                    }
                }
            }
        }
        p.dim { "● there · ◐ for a part · ○ told absent · blank: not listed" }
    }
}

/// How many there are in each month (or year) of a stretch of time, each bar leading to those of its own.
pub fn over_time(counts: &[Count], address: impl Fn(&str) -> String) -> Markup {
    let most = counts.iter().map(|c| c.count).max().unwrap_or(0).max(1);
    let width = counts.len() * 10;
    html! {
        svg.histogram viewBox={ "0 0 " (width) " 44" } preserveAspectRatio="none" role="group" aria-label="Over time" {
            @for (at, c) in counts.iter().enumerate() {
                @let height = if c.count == 0 { 0 } else { (c.count * 40 / most).max(2) };
                a href=(address(&c.value)) data-value=(c.value) tabindex=[(c.count == 0).then_some("-1")] aria-label={ (c.value) ": " (c.count) } {
                    title { (c.value) ": " (c.count) }
                    rect.back x=(at * 10) y="0" width="10" height="44" {}
                    rect.bar x=(at * 10 + 1) y=(44 - height) width="8" height=(height) {}
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_of_nothing_are_no_pictures() {
        assert_eq!(trend(&[]).0, "");
        assert_eq!(trend(&[3]).0, "");
        assert!(trend(&[0, 0]).0.contains("from 0 to 0"));
        assert!(measure(5, 0).0.contains("width=\"0\""));
        assert!(share(1, 1, 0).0.contains("width=\"100\""));
    }
}
