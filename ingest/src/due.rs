//! Deadlines in the words of the minutes, and the last day that keeps them.

use std::sync::LazyLock;

use crate::dates;
use crate::facts::Due;
use crate::pattern::Pattern;
use crate::statement::one_line;
use jiff::civil::{Date, Weekday};
use jiff::{Span, ToSpan};

const MONTH: &str = r"(?:jan(?:uary|uar)?|feb(?:ruary|ruar)?|mar(?:ch)?|märz|apr(?:il)?|may|mai|june?|juni|july?|juli|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|okt(?:ober)?|nov(?:ember)?|dec(?:ember)?|dez(?:ember)?)";
const DAY: &str = r"(?:mon(?:day)?|tue(?:s|sday)?|wed(?:nesday)?|thu(?:r|rs|rsday)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag)";

/// `by end of June`, `until 2024-03-01`, `EOW`, `Mon/Tue next week`, `before the summit`, `bis Ende Mai`.
static DUE: LazyLock<Pattern> = LazyLock::new(|| {
    let when = format!(
        r"(?:
            \d{{4}}-\d{{2}}-\d{{2}}
          | \d{{1,2}}\.\s?\d{{1,2}}\.(?:\s?\d{{2,4}})?
          | (?:the\s+)?(?:end|mid|middle|beginning|start)(?:\s+of|-)?\s*(?:the\s+|this\s+|next\s+)?(?:{MONTH}|week|month|year|quarter|q[1-4]|day|{DAY}|sprint)\b
          | (?:ende|mitte|anfang)\s+(?:der\s+|des\s+|nächster\s+)?(?:{MONTH}|woche|monat(?:s)?|jahr(?:es)?|kw\s?\d+)
          | (?:{MONTH})\s+\d{{1,2}}(?:st|nd|rd|th)?\b(?:,?\s+\d{{4}})?
          | \d{{1,2}}(?:st|nd|rd|th|\.)?\s+(?:of\s+)?{MONTH}\b(?:\s+\d{{4}})?
          | (?:{DAY}(?:\s?/\s?{DAY})?\s+)?(?:next|this|coming|following|nächste[nr]?|diese[nr]?|kommende[nr]?)\s+(?:{DAY}|week|weeks|month|year|meeting|call|sprint|woche|monat|jahr|mal)\b
          | (?:{DAY})\b
          | \d{{1,2}}(?:st|nd|rd|th)\b
          | eo[wdmyb]\b | cob\b | asap\b | today\b | tonight\b | tomorrow\b | tmrw\b | heute\b | morgen\b | übermorgen\b
          | q[1-4](?:\s?/?\s?\d{{4}})?\b
          | kw\s?\d{{1,2}}\b
          | {MONTH}\b(?:\s+\d{{4}})?
          | (?:the\s+)?(?:r\d+|release|summit|hackathon|forum|conference|vacation|holidays|christmas|easter|freeze|deadline|sprint|beginning\s+of\s+next\s+week)\b
          | (?:the\s+)?(?:next|following)\s+\w+(?:\s+\w+)?
        )"
    );
    Pattern::new(format!(
        r"(?ixu)
          (?P<asap>\basap\b(?:\s*\((?:by|until)[^)]{{2,30}}\))?)
        | \b(?P<lead>by|until|till|til|before|no\s+later\s+than|due(?:\s+(?:by|on|until))?|deadline:?|bis(?:\s+(?:zum|zur|spätestens))?|vor(?:\s+dem)?|spätestens)\s+(?:the\s+|latest\s+|dem\s+|der\s+)?(?P<w1>{when})(?:\s+(?:eob|eod|cob|latest))?
        | \b(?P<w2>
              (?:(?:over|during|within|in)\s+(?:the\s+)?(?:course\s+of\s+)?(?:the\s+)?)?(?:next|coming|following)\s+(?:few\s+|two\s+|couple\s+(?:of\s+)?)?(?:week|weeks|days|month)\b(?:\s+or\s+so)?
            | (?:early|late|beginning|end)\s+(?:of\s+)?next\s+week
            | {DAY}\s?/\s?{DAY}\s+(?:next\s+week)
            | (?:on\s+|next\s+|this\s+|coming\s+)(?:{DAY})\b
            | on\s+\d{{4}}-\d{{2}}-\d{{2}} | next\s+(?:weekly|sync|standup)\b
            | (?:this|next|over\s+the|on\s+the|at\s+the|am)\s+(?:weekend|wochenende)\b
            | on\s+(?:the\s+)?\d{{1,2}}(?:st|nd|rd|th)\b
            | (?:this|diese)\s+(?:week|afternoon|evening|month|woche|spring|summer|autumn|fall|winter)\b
            | (?:at|in|for|bei|on)\s+(?:the\s+|our\s+)?(?:next|following|nächsten)\s+(?:\w+\s+)?(?:meeting|mtg|call|week|sprint|session|sig|sync|synch|plenum|time|treffen|sitzung)\b
            | after\s+(?:the\s+|this\s+|his\s+|her\s+|their\s+)?(?:call|meeting|release|merge|summit|vacation|standup|conference|holidays|freeze|r\d+)\b
            | nächste\s+woche | (?:in\s+)?(?:einer|zwei|drei)\s+wochen
            | in\s+(?:a|one|two|three|four|\d+)\s+(?:days?|weeks?|months?)\b
            | (?:end|mid|middle|beginning)(?:\s+of|-)\s*(?:the\s+|next\s+)?(?:{MONTH}|week|month|year|q[1-4])\b
            | (?:ende|mitte|anfang)\s+(?:{MONTH})\b
            | (?:in|im)\s+(?:early\s+|late\s+|mid\s+)?(?:january|february|march|april|june|july|august|september|october|november|december|januar|februar|märz|mai|juni|juli|oktober|dezember)\b
            | eo[wmy]\b | today\b | tonight\b | tomorrow\b | tmrw\b | heute\b | morgen\b
          )
        | (?:[(→📅]|->|\s[–—-])\s*(?P<w4>\d{{4}}-\d{{2}}-\d{{2}}|(?:{MONTH})\s+\d{{1,2}}(?:st|nd|rd|th)?|\d{{1,2}}(?:st|nd|rd|th|\.)?\s+(?:of\s+)?{MONTH}|\d{{1,2}}\.\s?\d{{1,2}}\.)\s*\)?\s*$
        | \b(?P<lead2>before|prior\s+to)\s+(?P<w3>(?:the|our)\s+[\p{{L}}\d][\p{{L}}\d-]*(?:\s+\p{{L}}+)?|(?-i:\p{{Lu}})[\p{{L}}\d-]+(?:\s+\d+)?|code\s+freeze)"
    ))
});

/// Fast test before the long pattern: no deadline without one of these.
static HINT: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"(?i)\b(?:by|until|till|til|before|prior|after|weekend|wochenende|tmrw|later|due|deadline|bis|vor|spätestens|next|coming|following|week|weeks|days|months?|this|on|nächste|diese|in|im|end|mid|middle|beginning|ende|mitte|anfang|eo[wdmyb]|asap|today|tonight|tomorrow|heute|morgen|at|for)\b",
    )
});

/// The deadline in a task's text. `meeting` is the day it was written.
///
/// ```
/// use minutebook_ingest::due::due;
/// let day = jiff::civil::date(2023, 7, 10); // a Monday
/// let of = |text| due(text, Some(day)).map(|d| (d.text, d.date.map(|d| d.to_string())));
/// assert_eq!(of("write it by end of June"), Some(("by end of June".into(), Some("2024-06-30".into()))));
/// assert_eq!(of("send it until 2024-03-01"), Some(("until 2024-03-01".into(), Some("2024-03-01".into()))));
/// assert_eq!(of("ask before the summit"), Some(("before the summit".into(), None)));
/// assert_eq!(of("ask next week"), Some(("next week".into(), Some("2023-07-21".into()))));
/// assert_eq!(of("read it before next week"), Some(("before next week".into(), Some("2023-07-14".into()))));
/// assert_eq!(of("fragt bis Ende Mai nach"), Some(("bis Ende Mai".into(), Some("2024-05-31".into()))));
/// assert_eq!(of("kauft Lampen (bis 10.12.)"), Some(("bis 10.12.".into(), Some("2023-12-10".into()))));
/// assert_eq!(of("send it before the 5th"), Some(("before the 5th".into(), Some("2023-08-05".into()))));
/// assert_eq!(of("mend it over the weekend"), Some(("over the weekend".into(), Some("2023-07-16".into()))));
/// assert_eq!(of("bring the quotes (Nov 16)"), Some(("Nov 16".into(), Some("2023-11-16".into()))));
/// assert_eq!(of("mend it before the lamps freeze"), Some(("before the lamps freeze".into(), None)));
/// assert_eq!(of("call Jo, who is not here today"), None);
/// assert_eq!(of("done by June 2025"), Some(("by June 2025".into(), Some("2025-06-30".into()))));
/// assert_eq!(of("write the ADR"), None);
/// ```
pub fn due(text: &str, meeting: Option<Date>) -> Option<Due> {
    if !HINT.is_match(text) && !ends_in_day(text) {
        return None;
    }
    for found in DUE.captures_iter(text) {
        let whole = found.get(0)?;
        // "(the board meets next week)" tells of somebody else.
        static ASIDE: LazyLock<Pattern> =
            LazyLock::new(|| Pattern::new(r"\([^()]*\b(?:meets?|is|are|was|has|have)\b[^()]*$"));
        if ASIDE.is_match(&text[..whole.start()]) {
            continue;
        }
        let groups = ["w1", "w2", "w3", "w4"];
        let words = groups.iter().find_map(|group| found.name(group)).map_or("asap", |m| m.as_str());
        let (before, behind) = (text[..whole.start()].trim_end(), text[whole.end()..].trim_start());
        // "before the table of contents", "the 2nd proposal" go on.
        let ends = behind.is_empty() || behind.starts_with(|c: char| c.is_ascii_punctuation());
        let goes_on = behind.starts_with(char::is_alphabetic)
            && !["of ", "and ", "or ", "to ", "with ", "for ", "at ", "in ", "if ", "so ", "but "]
                .iter()
                .any(|word| behind.starts_with(word));
        let counts = ["st", "nd", "rd", "th"].iter().any(|end| words.ends_with(end))
            && words.contains(|c: char| c.is_ascii_digit())
            && dates::find(words).is_empty();
        // "from 13 → 14.5."
        let version = found.name("w4").is_some() && before.ends_with(|c: char| c.is_ascii_digit());
        if (found.name("w3").is_some() && !ends) || (counts && goes_on) || version {
            continue;
        }
        // "not here today"
        if ["not here", "n't here", "n’t here"].iter().any(|away| before.ends_with(away)) {
            continue;
        }
        // "may" is a verb, "sun" a star and "mar" nothing, unless a month or day is meant.
        let bare = words.trim().to_lowercase();
        if ["may", "sun", "sat", "mar", "march", "wed"].contains(&bare.as_str())
            && words.starts_with(char::is_lowercase)
            && (found.name("lead").is_none() || bare.starts_with("ma"))
        {
            continue;
        }
        let date = meeting.and_then(|day| {
            resolve(&bare, day, found.name("lead").is_some_and(|l| l.as_str().eq_ignore_ascii_case("before")))
        });
        let text = one_line(if found.name("w4").is_some() { words } else { whole.as_str() });
        return Some(Due { text, date });
    }
    None
}

fn resolve(words: &str, day: Date, before: bool) -> Option<Date> {
    let after = |span: Span| day.checked_add(span).ok();
    if let Some(found) = dates::find(words).first() {
        return found.date;
    }
    if let Some(date) = in_short(words, day) {
        return Some(date);
    }
    let has = |w: &str| words.split(|c: char| !c.is_alphanumeric()).any(|t| t == w);
    if let Some(date) = ordinal(words, day) {
        return Some(date);
    }
    if has("weekend") || has("wochenende") {
        let sunday = |d: Date| d.checked_add((6 - i64::from(d.weekday().to_monday_zero_offset())).days()).ok();
        return if has("next") { sunday(after(7.days())?) } else { sunday(day) };
    }
    if let Some(month) = words.split(|c: char| !c.is_alphabetic()).find_map(dates::month) {
        let numbers = || words.split(|c: char| !c.is_ascii_digit());
        let number = numbers().find_map(|n| n.parse::<i8>().ok().filter(|n| (1..=31).contains(n)));
        let year = numbers().filter(|n| n.len() == 4).find_map(|n| n.parse::<i16>().ok());
        let last = |y: i16| Date::new(y, month, 1).ok().map(Date::last_of_month);
        let pick = |y: i16| -> Option<Date> {
            if let Some(n) = number {
                return Date::new(y, month, n).ok();
            }
            if words.contains("mid") || words.contains("mitte") {
                return Date::new(y, month, 15).ok();
            }
            if words.contains("beginning")
                || words.contains("anfang")
                || words.contains("start")
                || words.contains("early")
            {
                return Date::new(y, month, 7).ok();
            }
            if before {
                return Date::new(y, month, 1).ok().and_then(|d| d.yesterday().ok());
            }
            last(y)
        };
        if let Some(year) = year {
            return pick(year);
        }
        let this = pick(day.year())?;
        // A day that has just gone by is last week's slip; one long gone is next year's.
        return if this.until(day).ok()?.get_days() > 7 { pick(day.year() + 1) } else { Some(this) };
    }
    let friday = |d: Date| d.checked_add((4 - i64::from(d.weekday().to_monday_zero_offset())).days()).ok();
    let weekday = weekday_in(words);
    if words.contains("next week")
        || words.contains("nächste woche")
        || words.contains("coming week")
        || words.contains("following week")
    {
        let next = after(7.days())?;
        return match weekday {
            // What is to be done before it is kept in this one.
            None if before => friday(day),
            Some(w) => next
                .checked_add(
                    (i64::from(w.to_monday_zero_offset()) - i64::from(next.weekday().to_monday_zero_offset())).days(),
                )
                .ok(),
            None => friday(next),
        };
    }
    if let Some(w) = weekday {
        let ahead =
            (i64::from(w.to_monday_zero_offset()) - i64::from(day.weekday().to_monday_zero_offset())).rem_euclid(7);
        return after(if ahead == 0 { 7.days() } else { ahead.days() });
    }
    if has("today")
        || has("tonight")
        || has("heute")
        || has("eod")
        || has("eob")
        || has("cob")
        || words.contains("this afternoon")
    {
        return Some(day);
    }
    if has("tomorrow") || has("morgen") {
        return day.tomorrow().ok();
    }
    if has("eow")
        || words.contains("end of week")
        || words.contains("end of the week")
        || words.contains("this week")
        || words.contains("diese woche")
        || words.contains("ende der woche")
    {
        return friday(day);
    }
    if has("eom")
        || words.contains("end of month")
        || words.contains("end of the month")
        || words.contains("this month")
    {
        return Some(day.last_of_month());
    }
    if has("eoy") || words.contains("end of year") || words.contains("end of the year") || words.contains("jahres") {
        return Date::new(day.year(), 12, 31).ok();
    }
    if words.contains("next month") || words.contains("nächsten monat") {
        return if before { Some(day.last_of_month()) } else { after(1.month()).map(Date::last_of_month) };
    }
    if let Some(q) = words
        .find('q')
        .and_then(|at| words[at + 1..].chars().next())
        .and_then(|c| c.to_digit(10))
        .filter(|q| (1..=4).contains(q))
    {
        let month = i8::try_from(q * 3).ok()?;
        let year =
            words.split(|c: char| !c.is_ascii_digit()).filter(|n| n.len() == 4).find_map(|n| n.parse::<i16>().ok());
        if let Some(year) = year {
            return Date::new(year, month, 1).ok().map(Date::last_of_month);
        }
        let this = Date::new(day.year(), month, 1).ok()?.last_of_month();
        return if this < day { Date::new(day.year() + 1, month, 1).ok().map(Date::last_of_month) } else { Some(this) };
    }
    let count = words.split(|c: char| !c.is_alphanumeric()).find_map(|w| match w {
        "a" | "one" | "einer" => Some(1),
        "two" | "zwei" | "couple" => Some(2),
        "three" | "drei" => Some(3),
        "four" => Some(4),
        other => other.parse::<i64>().ok().filter(|&n| n < 1000),
    });
    let n = count.unwrap_or(1);
    if words.contains("week") || words.contains("woche") {
        return after((7 * n).days());
    }
    if has("days") || has("day") {
        return after(n.days());
    }
    if words.contains("month") {
        return after(n.months());
    }
    None
}

/// "the 19th": a day of this month, or of the next when it has gone by.
fn ordinal(words: &str, day: Date) -> Option<Date> {
    let word = words.trim().trim_start_matches("on ").trim_start_matches("the ");
    let digits = ["st", "nd", "rd", "th"].iter().find_map(|end| word.strip_suffix(end))?;
    let number = digits.parse::<i8>().ok()?;
    let this = Date::new(day.year(), day.month(), number).ok().filter(|this| *this >= day);
    let next = || day.first_of_month().checked_add(1.month()).ok();
    this.or_else(|| next().and_then(|next| Date::new(next.year(), next.month(), number).ok()))
}

/// Whether a day may stand at the end, behind a mark: "(Nov 16)", "→ 15.05."
fn ends_in_day(text: &str) -> bool {
    let end = text.trim_end();
    let tail = &end[end.floor_char_boundary(end.len().saturating_sub(20))..];
    end.ends_with(|c: char| c.is_ascii_digit() || matches!(c, ')' | '.' | 'h'))
        && tail.contains(|c: char| c.is_ascii_digit())
}

/// "10.12.": a day without its year, this one's unless it has long gone by.
fn in_short(words: &str, day: Date) -> Option<Date> {
    let mut numbers = words.strip_suffix('.')?.split('.').map(|n| n.trim().parse::<i8>().ok());
    let (Some(Some(d)), Some(Some(month)), None) = (numbers.next(), numbers.next(), numbers.next()) else {
        return None;
    };
    let of = |year| Date::new(year, month, d).ok();
    let this = of(day.year())?;
    if this.until(day).ok()?.get_days() > 7 { of(day.year() + 1) } else { Some(this) }
}

fn weekday_in(words: &str) -> Option<Weekday> {
    const DAYS: [(&str, &str, Weekday); 7] = [
        ("mon", "mont", Weekday::Monday),
        ("tue", "dienst", Weekday::Tuesday),
        ("wed", "mittw", Weekday::Wednesday),
        ("thu", "donner", Weekday::Thursday),
        ("fri", "freit", Weekday::Friday),
        ("sat", "samst", Weekday::Saturday),
        ("sun", "sonnt", Weekday::Sunday),
    ];
    words
        .split(|c: char| !c.is_alphabetic())
        .filter(|w| !w.starts_with("month") && !w.starts_with("monat"))
        .filter_map(|w| DAYS.iter().find(|(en, de, _)| w.starts_with(en) || w.starts_with(de)))
        .map(|&(_, _, day)| day)
        .next_back()
}
