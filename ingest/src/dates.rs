//! Days in text: ISO, German, English in either order, compact, with en dashes and ordinals.
//!
//! Only full dates (with a year) are found here; deadlines such as "by Friday" are in [`crate::due`].

use std::ops::Range;
use std::sync::LazyLock;

use crate::pattern::Pattern;
use jiff::civil::Date;

/// A date in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Where it stands.
    pub range: Range<usize>,
    /// The day; none when the text has a date's shape but no such day exists (`2206-04-21` is one: nobody
    /// keeps minutes of the year 2206).
    pub date: Option<Date>,
}

/// Years in which meetings with Markdown minutes can have been.
const YEARS: std::ops::RangeInclusive<i16> = 1990..=2079;

static SHAPES: LazyLock<Pattern> = LazyLock::new(|| {
    let month = r"(?P<m>jan(?:uary|uar)?|feb(?:ruary|ruar)?|mar(?:ch)?|märz|mrz|apr(?:il)?|may|mai|june?|juni|july?|juli|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|okt(?:ober)?|nov(?:ember)?|dec(?:ember)?|dez(?:ember)?)";
    let m1 = month.replace("?P<m>", "?P<m1>");
    let m2 = month.replace("?P<m>", "?P<m2>");
    Pattern::new(format!(
        r"(?ix)
          \b(?P<y1>\d{{4}})\s?[-–—‑/._]\s?(?P<mo1>\d{{1,2}})\s?[-–—‑/._]\s?(?P<d1>\d{{1,2}})(?:\D|$)   # 2024-04-03, 2024–04–03, 2024/4/3
        | (?:^|\D)(?P<y2>(?:19|20)\d{{2}})(?P<mo2>0[1-9]|1[0-2])(?P<d2>0[1-9]|[12]\d|3[01])(?:\D|$)    # 20240403
        | \b(?P<d3>\d{{1,2}})\.\s?(?P<mo3>\d{{1,2}})\.\s?(?P<y3>\d{{4}}|\d{{2}})\b                      # 26.05.2016
        | \b{m1}\.?\s+(?P<d4>\d{{1,2}})(?:st|nd|rd|th)?\s*,?\s+(?P<y4>\d{{4}})\b                       # December 16th, 2020
        | \b(?P<d5>\d{{1,2}})(?:st|nd|rd|th|\.)?\s+(?:of\s+)?{m2}\.?,?\s+(?P<y5>\d{{4}})\b             # 30 October 2015
        "
    ))
});

/// The month that a word means, 1 to 12: English and German names and their short forms.
pub fn month(word: &str) -> Option<i8> {
    let low = word.to_lowercase();
    let low = low.trim_end_matches('.');
    const NAMES: [&[&str]; 12] = [
        &["jan", "january", "januar"],
        &["feb", "february", "februar"],
        &["mar", "march", "märz", "mrz"],
        &["apr", "april"],
        &["may", "mai"],
        &["jun", "june", "juni"],
        &["jul", "july", "juli"],
        &["aug", "august"],
        &["sep", "sept", "september"],
        &["oct", "october", "okt", "oktober"],
        &["nov", "november"],
        &["dec", "december", "dez", "dezember"],
    ];
    let at = NAMES.iter().position(|names| names.contains(&low))?;
    i8::try_from(at + 1).ok()
}

/// True when the text holds a date.
pub fn has_date(text: &str) -> bool {
    !find(text).is_empty()
}

/// All dates of a text, in order.
///
/// ```
/// use minutebook_ingest::dates::find;
/// let day = |text: &str| find(text).first().and_then(|f| f.date).map(|d| d.to_string());
/// assert_eq!(day("# Team call, 16th December 2020").as_deref(), Some("2020-12-16"));
/// assert_eq!(day("Dec 16, 2020").as_deref(), Some("2020-12-16"));
/// assert_eq!(day("26.05.2016").as_deref(), Some("2016-05-26"));
/// assert_eq!(day("2024–04–03").as_deref(), Some("2024-04-03"));
/// assert_eq!(day("iaas/20230710.md").as_deref(), Some("2023-07-10"));
/// assert_eq!(find("2206-04-21")[0].date, None);
/// ```
pub fn find(text: &str) -> Vec<Found> {
    // The shortest date is "1.4.16".
    if text.bytes().filter(u8::is_ascii_digit).take(4).count() < 4 {
        return Vec::new();
    }
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(caps) = SHAPES.captures_at(text, at) {
        let group = |name: &str| caps.name(name).map(|m| m.as_str());
        let number = |name: &str| group(name).and_then(|s| s.parse::<i16>().ok());
        let (mut year, mon, day) = match () {
            () if group("y1").is_some() => (number("y1"), number("mo1"), number("d1")),
            () if group("y2").is_some() => (number("y2"), number("mo2"), number("d2")),
            () if group("y3").is_some() => (number("y3"), number("mo3"), number("d3")),
            () if group("y4").is_some() => (number("y4"), group("m1").and_then(month).map(i16::from), number("d4")),
            () => (number("y5"), group("m2").and_then(month).map(i16::from), number("d5")),
        };
        if year.is_some_and(|y| y < 100) {
            year = year.map(|y| y + 2000);
        }
        let date = match (year, mon, day) {
            (Some(y), Some(m), Some(d)) if YEARS.contains(&y) => {
                i8::try_from(m).ok().zip(i8::try_from(d).ok()).and_then(|(m, d)| Date::new(y, m, d).ok())
            }
            _ => None,
        };
        let names = ["y1", "mo1", "d1", "y2", "mo2", "d2", "y3", "mo3", "d3", "m1", "d4", "y4", "d5", "m2", "y5"];
        let spans = names.iter().filter_map(|n| caps.name(n));
        let (start, end) = spans.fold((usize::MAX, 0), |(a, z), m| (a.min(m.start()), z.max(m.end())));
        out.push(Found { range: start..end, date });
        at = end;
    }
    out
}
