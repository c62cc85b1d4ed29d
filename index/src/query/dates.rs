//! Days as they are typed in a query: `2024-05`, `-3m`, `yesterday`.

use jiff::ToSpan;
use jiff::civil::Date;

/// The forms, as an error names them.
pub const FORMS: &str = "2024, 2024-05, 2024-05-17, today, yesterday or -3m (d, w, m, y)";

/// The first and last day of `2024`, `2024-05`, `2024-05-17`, `today`, `-3m`.
pub fn days(value: &str, today: Date) -> Option<(Date, Date)> {
    let low = value.to_lowercase();
    let one = |day: Date| Some((day, day));
    if low == "today" {
        return one(today);
    }
    if low == "yesterday" {
        return one(today.yesterday().ok()?);
    }
    if let Some(back) = low.strip_prefix('-') {
        let unit = back.chars().last()?;
        let n: i64 = digits(&back[..back.len() - unit.len_utf8()], 1..=4)?;
        let span = match unit {
            'd' => n.days(),
            'w' => n.weeks(),
            'm' => n.months(),
            'y' => n.years(),
            _ => return None,
        };
        return one(today.checked_sub(span).ok()?);
    }
    let parts: Vec<&str> = low.split('-').collect();
    let small = |s: &str| digits(s, 1..=2).and_then(|n| i8::try_from(n).ok());
    let year = digits(parts[0], 4..=4).and_then(|n| i16::try_from(n).ok())?;
    match parts[1..] {
        [] => Some((Date::new(year, 1, 1).ok()?, Date::new(year, 12, 31).ok()?)),
        [m] => {
            let first = Date::new(year, small(m)?, 1).ok()?;
            Some((first, first.last_of_month()))
        }
        [m, d] => one(Date::new(year, small(m)?, small(d)?).ok()?),
        _ => None,
    }
}

/// A number without a sign, of so many digits.
fn digits(text: &str, many: std::ops::RangeInclusive<usize>) -> Option<i64> {
    (many.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

/// Some days that are asked for often, and what they mean today.
pub fn quick(today: Date) -> Vec<(String, String)> {
    let mut out: Vec<(String, String)> = Vec::new();
    let words = [("today", ""), ("yesterday", ""), ("-1w", "a week ago, "), ("-1m", "a month ago, ")];
    let more = [("-3m", "three months ago, "), ("-1y", "a year ago, ")];
    for (word, meaning) in words.into_iter().chain(more) {
        if let Some((day, _)) = days(word, today) {
            out.push((word.to_owned(), format!("{meaning}{day}")));
        }
    }
    out.push((today.strftime("%Y-%m").to_string(), "this month".to_owned()));
    out.push((today.year().to_string(), "this year".to_owned()));
    if let Ok(before) = today.checked_sub(1.year()) {
        out.push((before.year().to_string(), "the year before".to_owned()));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn days_months_years_and_counts_back() {
        let today = date(2026, 3, 31);
        let both = |value: &str| days(value, today);
        assert_eq!(both("2024"), Some((date(2024, 1, 1), date(2024, 12, 31))));
        assert_eq!(both("2024-02"), Some((date(2024, 2, 1), date(2024, 2, 29))));
        assert_eq!(both("2024-5"), Some((date(2024, 5, 1), date(2024, 5, 31))));
        assert_eq!(both("Yesterday"), Some((date(2026, 3, 30), date(2026, 3, 30))));
        assert_eq!(both("-1m"), Some((date(2026, 2, 28), date(2026, 2, 28))));
        assert_eq!(both("-2W"), Some((date(2026, 3, 17), date(2026, 3, 17))));
        let wrong = ["", "-", "-m", "-3", "--3m", "-+3m", "-3q", "-3ü", "2024-13", "2024-02-30", "20240", "2024-+5"];
        for value in wrong.into_iter().chain(["-99999d", "2024-1-1-1", "２０２４", "soon"]) {
            assert_eq!(both(value), None, "{value}");
        }
    }

    #[test]
    fn what_is_offered_is_understood() {
        for today in [date(2026, 3, 31), date(1, 1, 1), date(9999, 12, 31)] {
            for (value, _) in quick(today) {
                assert!(today.year() < 1000 || days(&value, today).is_some(), "{value} on {today}");
            }
        }
    }
}
