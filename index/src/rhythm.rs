//! How often a series meets, and when it meets next.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};
use minutebook_ingest::dates;
use minutebook_ingest::statement::contains_word;

/// Gaps between so many of the last meetings are looked at.
const GAPS: usize = 10;
/// Meetings of a monthly series that must agree on their place in the month.
const AGREE: usize = 3;

/// How often a series meets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rhythm {
    /// Every so many weeks, mostly on this day.
    Weeks(i64, Weekday),
    /// On the n-th such day of a month; the fifth is the last.
    Month(i8, Weekday),
    /// Too few meetings, or none can be told.
    Irregular,
}

impl Rhythm {
    /// The rhythm of the last meetings; `days` in order.
    pub fn of(days: &[Date]) -> Self {
        let recent = &days[days.len().saturating_sub(GAPS + 1)..];
        let mut gaps: Vec<i64> =
            recent.windows(2).map(|w| w[0].until(w[1]).map_or(0, |s| i64::from(s.get_days()))).collect();
        if gaps.len() < 2 {
            return Self::Irregular;
        }
        gaps.sort_unstable();
        let weekday = most(recent.iter().map(|d| d.weekday().to_monday_zero_offset()));
        let weekday = weekday
            .map_or(Weekday::Monday, |(day, _)| Weekday::from_monday_zero_offset(day).unwrap_or(Weekday::Monday));
        match gaps[gaps.len() / 2] {
            5..=9 => Self::Weeks(1, weekday),
            12..=16 => Self::Weeks(2, weekday),
            19..=23 => Self::Weeks(3, weekday),
            26..=37 => {
                let same = || recent.iter().filter(move |d| d.weekday() == weekday);
                match most(same().map(|d| place(*d))) {
                    Some((nth, agree)) if agree >= AGREE && agree * 3 >= recent.len() * 2 => Self::Month(nth, weekday),
                    _ => Self::Weeks(4, weekday),
                }
            }
            _ => Self::Irregular,
        }
    }

    /// weekly, fortnightly, "first Monday of the month", …
    pub fn told(self) -> String {
        match self {
            Self::Weeks(1, _) => "weekly".to_owned(),
            Self::Weeks(2, _) => "fortnightly".to_owned(),
            Self::Weeks(4, _) => "monthly".to_owned(),
            Self::Weeks(n, _) => format!("every {n} weeks"),
            Self::Month(nth, day) => {
                let nth = ["first", "second", "third", "fourth", "last"][usize::try_from(nth - 1).unwrap_or(4).min(4)];
                format!("{nth} {} of the month", name(day))
            }
            Self::Irregular => "irregular".to_owned(),
        }
    }

    /// The next day after the last meeting, at the earliest the day of asking; none where there is no rhythm, or
    /// when the series missed three days in a row and so has perhaps ended.
    pub fn next(self, last: Date, today: Date) -> Option<Date> {
        let mut next = last;
        for _ in 0..4 {
            next = self.after(next)?;
            if next >= today {
                return Some(next);
            }
        }
        None
    }

    fn after(self, last: Date) -> Option<Date> {
        match self {
            Self::Irregular => None,
            Self::Weeks(weeks, weekday) => {
                let day = last.checked_add((7 * weeks).days()).ok()?;
                // A meeting that was moved by a day or two does not move the ones after it.
                (-3..=3).filter_map(|n: i64| day.checked_add(n.days()).ok()).find(|d| d.weekday() == weekday)
            }
            Self::Month(nth, weekday) => {
                let of = |month: Date| month.nth_weekday_of_month(if nth >= 5 { -1 } else { nth }, weekday).ok();
                let next = last.first_of_month().checked_add(1.month()).ok()?;
                of(last).filter(|d| *d > last && last.until(*d).is_ok_and(|s| s.get_days() > 10)).or_else(|| of(next))
            }
        }
    }

    /// Why the next day is the one it is, or why there is none.
    pub fn because(self, days: &[Date], today: Date) -> String {
        let Some(last) = days.last() else {
            return "it has not met yet, so the day is yours to give".to_owned();
        };
        match self {
            Self::Irregular if days.len() < 3 => {
                format!("{} meetings tell no rhythm, so the day is yours to give", days.len())
            }
            Self::Irregular => "its meetings follow no rhythm, so the day is yours to give".to_owned(),
            _ if self.next(*last, today).is_none() => {
                format!("it met {} until {last} and missed three days since: if it goes on, give the day", self.told())
            }
            Self::Weeks(_, day) => format!("it meets {}, mostly on {}s; last on {last}", self.told(), name(day)),
            Self::Month(..) => format!("it meets on the {}; last on {last}", self.told()),
        }
    }
}

/// A next meeting lies at most so many days ahead.
const AHEAD: i32 = 200;

/// The day of the next meeting, where lines of the last one's minutes tell it behind one of some words.
pub fn announced<'a>(lines: impl Iterator<Item = &'a str>, words: &[String], last: Date) -> Option<Date> {
    let told = lines.filter(|line| {
        let low = line.to_lowercase();
        words.iter().any(|w| contains_word(&low, w))
    });
    let is_next = |d: &Date| last < *d && last.until(*d).is_ok_and(|s| s.get_days() <= AHEAD);
    told.flat_map(dates::find).filter_map(|found| found.date).find(is_next)
}

/// Which of its weekday a day is in its month: 1 to 4, and 5 for the last where there are five.
fn place(day: Date) -> i8 {
    (day.day() - 1) / 7 + 1
}

/// The value that comes most often, and how often; of several the smallest.
fn most(values: impl Iterator<Item = i8>) -> Option<(i8, usize)> {
    let mut counts = std::collections::BTreeMap::new();
    values.for_each(|v| *counts.entry(v).or_insert(0) += 1);
    counts.into_iter().max_by_key(|&(value, n)| (n, std::cmp::Reverse(value)))
}

/// The English name of a weekday.
fn name(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => "Monday",
        Weekday::Tuesday => "Tuesday",
        Weekday::Wednesday => "Wednesday",
        Weekday::Thursday => "Thursday",
        Weekday::Friday => "Friday",
        Weekday::Saturday => "Saturday",
        Weekday::Sunday => "Sunday",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_weekly_series_meets_next_on_its_own_day() {
        let weekly = [date(2026, 1, 5), date(2026, 1, 12), date(2026, 1, 19), date(2026, 2, 2)];
        let rhythm = Rhythm::of(&weekly);
        assert_eq!(rhythm.told(), "weekly");
        assert_eq!(rhythm.next(date(2026, 2, 2), date(2026, 2, 3)), Some(date(2026, 2, 9)));
        // Moved to a Wednesday once.
        assert_eq!(rhythm.next(date(2026, 2, 4), date(2026, 2, 5)), Some(date(2026, 2, 9)));
        assert_eq!(rhythm.next(date(2026, 2, 2), date(2026, 6, 1)), None);
        assert!(rhythm.because(&weekly, date(2026, 6, 1)).contains("if it goes on"));
        assert_eq!(Rhythm::of(&weekly[..2]), Rhythm::Irregular);
    }

    #[test]
    fn the_minutes_may_tell_the_next_day() {
        let words = ["next meeting".to_owned()];
        let of = |text: &str| announced(text.lines(), &words, date(2026, 11, 3));
        assert_eq!(of("17 Nov: none\nNext meeting: 2026-12-01"), Some(date(2026, 12, 1)));
        assert_eq!(of("Next meeting: 2026-10-01, moved from 2026-09-01"), None, "that was before");
        assert_eq!(of("the fair is on 2026-12-01"), None);
        assert_eq!(of("next meeting: 2028-01-01"), None, "years ahead it is another date");
    }

    #[test]
    fn a_monthly_series_keeps_its_place_in_the_month() {
        let first = [date(2026, 1, 5), date(2026, 2, 2), date(2026, 3, 2), date(2026, 4, 6)];
        let rhythm = Rhythm::of(&first);
        assert_eq!(rhythm.told(), "first Monday of the month");
        assert_eq!(rhythm.next(date(2026, 4, 6), date(2026, 4, 7)), Some(date(2026, 5, 4)));
        let last = [date(2026, 1, 29), date(2026, 4, 30), date(2026, 7, 30), date(2026, 10, 29)];
        assert_eq!(Rhythm::of(&last), Rhythm::Irregular, "a quarter is no rhythm that is told");
        let odd = [date(2026, 1, 5), date(2026, 2, 11), date(2026, 3, 10), date(2026, 4, 16)];
        assert_eq!(Rhythm::of(&odd).told(), "monthly");
        assert!(Rhythm::of(&[]).because(&[], date(2026, 1, 1)).contains("yours to give"));
    }
}
