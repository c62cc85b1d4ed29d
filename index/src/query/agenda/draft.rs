//! The draft as Markdown, in the form that the series gives its minutes.

use jiff::civil::Date;
use minutebook_ingest::facts::{Meeting, RoleKind};
use minutebook_ingest::roles::kinds;
use minutebook_ingest::statement::{Section, bare, section_of};
use minutebook_ingest::{Conventions, dates};

use super::{AgendaItem, ItemKind};
use crate::identity::addressed;

/// Headings of the last meeting that stand in more than half of so many are those of the series.
const RECENT: usize = 6;
/// Headings that end a meeting, bare: what is talked about stands before them.
const ENDING: [&str; 15] = [
    "any other business",
    "aob",
    "closing",
    "misc",
    "miscellaneous",
    "next meeting",
    "next meetings",
    "open discussion",
    "open floor",
    "other",
    "other business",
    "other topics",
    "sonstiges",
    "verschiedenes",
    "wrap up",
];

/// How a series writes its minutes.
#[derive(Debug)]
pub struct Habit<'a> {
    /// Meetings that took place, in order.
    pub held: &'a [&'a Meeting],
    /// How the team marks things.
    pub conventions: &'a Conventions,
    /// What its lists begin with.
    pub bullet: char,
}

/// What the lists of a text begin with, mostly.
pub fn bullet(text: &str) -> char {
    let of = |lead: &str| text.lines().filter(|line| line.trim_start().starts_with(lead)).count();
    if of("* ") > of("- ") { '*' } else { '-' }
}

impl Habit<'_> {
    /// A new draft: the title and the headings that recur, with what belongs under them.
    pub fn write(&self, date: Option<Date>, items: &[AgendaItem]) -> String {
        let recent = &self.held[self.held.len().saturating_sub(RECENT)..];
        let last = recent.last();
        let mut out = format!("# {}\n", title(last.copied(), date));
        let recurring: Vec<(u8, &str)> = last.map_or_else(Vec::new, |last| {
            let recurs = |title: &str| {
                recent.iter().filter(|m| m.topics.iter().any(|o| o.title.eq_ignore_ascii_case(title))).count() * 2
                    > recent.len()
            };
            last.topics.iter().skip(1).filter(|t| recurs(&t.title)).map(|t| (t.level, t.title.as_str())).collect()
        });
        let place = recurring.iter().position(|(_, t)| self.is_pending(t));
        let at = place.or_else(|| recurring.iter().position(|(_, t)| bare(t).contains("agenda")));
        let ending = recurring.iter().position(|(_, t)| is_ending(t)).filter(|_| at.is_none());
        let (mut told, mut chores, mut company) = (false, false, false);
        for (n, (level, heading)) in recurring.iter().enumerate() {
            if ending == Some(n) {
                out.push_str(&self.body(items, usize::from(*level), false));
                told = true;
            }
            out.push_str(&format!("\n{} {heading}\n", "#".repeat(usize::from(*level))));
            if !company && matches!(section_of(heading, self.conventions), Some(Section::People { absent: false })) {
                // A comment: who is written there came.
                let usual = items.iter().find(|i| is_company(i));
                out.push_str(&usual.map_or(String::new(), |i| format!("\n<!-- {} -->\n", i.text)));
                company = true;
            }
            let housekeeping = kinds(heading, self.conventions).contains(&RoleKind::Minutes)
                || bare(heading).starts_with("housekeeping");
            if housekeeping && !chores {
                out.push_str(&self.list(items, |i| i.kind == ItemKind::Role));
                chores = true;
            }
            if at == Some(n) {
                let under = usize::from(*level) + usize::from(place.is_none());
                out.push_str(&self.body(items, under, place.is_some()));
                told = true;
            }
        }
        if !told {
            out.push_str(&self.body(items, 2, false));
        }
        if !chores && items.iter().any(|i| i.kind == ItemKind::Role) {
            out.push_str(&format!("\n## Housekeeping\n{}", self.list(items, |i| i.kind == ItemKind::Role)));
        }
        out
    }

    /// The agenda that the book holds already, with what it lacks: pending actions under its heading for them, in place
    /// of items that say nothing; the rest at its end, or before what ends the meeting.
    pub fn add_to(&self, text: &str, items: &[AgendaItem]) -> String {
        let mut lines: Vec<&str> = text.lines().collect();
        let Some((at, level)) = heading_of(&lines, |title| self.is_pending(title)) else {
            let level = heading_of(&lines, is_ending).map_or(2, |(_, level)| level);
            return before_the_end(&lines, &self.body(items, level, false));
        };
        let more = self.list(items, is_pending);
        if !more.is_empty() {
            let end = lines[at + 1..].iter().position(|l| l.starts_with('#')).map_or(lines.len(), |n| at + 1 + n);
            let says_nothing = |l: &&&str| matches!(l.trim(), "-" | "*" | "+");
            let mut section: Vec<&str> = lines[at + 1..end].iter().filter(|l| !says_nothing(l)).copied().collect();
            while section.last().is_some_and(|l| l.trim().is_empty()) {
                section.pop();
            }
            let more = more.trim_end();
            section.push(if section.is_empty() { more } else { more.trim_start() });
            section.extend((end < lines.len()).then_some(""));
            lines.splice(at + 1..end, section);
        }
        before_the_end(&lines, &self.rest(items, level))
    }

    fn is_pending(&self, title: &str) -> bool {
        matches!(section_of(title, self.conventions), Some(Section::Actions { .. }))
    }

    /// Pending actions, under a heading of their own unless they stand under one, and all that follows them.
    fn body(&self, items: &[AgendaItem], level: usize, under: bool) -> String {
        let mut out = String::new();
        if !under {
            out.push_str(&format!("\n{} Pending action items\n", "#".repeat(level)));
        }
        let pending = self.list(items, is_pending);
        out.push_str(if pending.is_empty() { "\n(none)\n" } else { &pending });
        out + &self.rest(items, level)
    }

    /// What stands behind the pending actions, by kind.
    fn rest(&self, items: &[AgendaItem], level: usize) -> String {
        let mut out = String::new();
        let kinds = [
            (ItemKind::Topic, "Left open"),
            (ItemKind::Issue, "Issues under discussion"),
            (ItemKind::Handoff, "Handed over"),
            (ItemKind::Decision, "Decisions to revisit"),
        ];
        for (kind, heading) in kinds {
            let list = self.list(items, |i| i.kind == kind);
            if !list.is_empty() {
                out.push_str(&format!("\n{} {heading}\n{list}", "#".repeat(level.min(6))));
            }
        }
        out
    }

    /// The items of a kind as a list; nothing where there are none.
    fn list(&self, items: &[AgendaItem], wanted: impl Fn(&AgendaItem) -> bool) -> String {
        let lines: Vec<String> = items.iter().filter(|i| wanted(i)).map(|i| self.line(i)).collect();
        if lines.is_empty() { String::new() } else { format!("\n{}\n", lines.join("\n")) }
    }

    /// The line of an item.
    pub fn line(&self, item: &AgendaItem) -> String {
        let lead = match item.kind {
            ItemKind::Pending if item.owners.is_empty() => "AI: ".to_owned(),
            ItemKind::Pending => {
                format!("AI {}: ", item.owners.iter().map(|o| addressed(o)).collect::<Vec<_>>().join(", "))
            }
            _ => String::new(),
        };
        let link = item.permalink.as_ref().map_or(String::new(), |url| format!(" [source]({url})"));
        format!("{} {lead}{} ({}){link}", self.bullet, item.text, why(item))
    }
}

/// Why an item is there; of an action, how long it waits and what else its owner should know.
fn why(item: &AgendaItem) -> String {
    let (Some(days), Some(carries)) = (item.age_days, item.carries) else { return item.reasons.join("; ") };
    let waits = match days {
        0 => "new".to_owned(),
        1 => "a day old".to_owned(),
        2..14 => format!("{days} days old"),
        _ => format!("{} weeks old", days / 7),
    };
    let carried = match carries {
        0 => waits,
        1 => format!("{waits}, carried once"),
        n => format!("{waits}, carried {n} times"),
    };
    std::iter::once(carried).chain(item.reasons.iter().skip(2).cloned()).collect::<Vec<_>>().join("; ")
}

/// The first heading with such a title, and its level.
fn heading_of(lines: &[&str], wanted: impl Fn(&str) -> bool) -> Option<(usize, usize)> {
    let is_it = |l: &&str| l.starts_with('#') && wanted(l.trim_start_matches('#').trim());
    let at = lines.iter().position(is_it)?;
    Some((at, lines[at].chars().take_while(|c| *c == '#').count()))
}

fn is_ending(title: &str) -> bool {
    ENDING.contains(&bare(title).as_str())
}

/// A text with more before the heading that ends the meeting, or at its end.
fn before_the_end(lines: &[&str], more: &str) -> String {
    let (before, after) = lines.split_at(heading_of(lines, is_ending).map_or(lines.len(), |(at, _)| at));
    let mut out = format!("{}\n{more}", before.join("\n").trim_end());
    if !after.is_empty() {
        out.push_str(&format!("\n{}\n", after.join("\n").trim_end()));
    }
    out
}

/// Old actions, and those that left the list, are a line each among the pending ones.
fn is_pending(item: &AgendaItem) -> bool {
    item.kind == ItemKind::Pending || (item.kind == ItemKind::Standing && !is_company(item))
}

fn is_company(item: &AgendaItem) -> bool {
    item.kind == ItemKind::Standing && !item.owners.is_empty()
}

/// The title of the last meeting with the day of the next one, written as it was.
fn title(last: Option<&Meeting>, date: Option<Date>) -> String {
    let unknown = || "YYYY-MM-DD".to_owned();
    let Some(last) = last else { return date.map_or_else(unknown, |d| d.to_string()) };
    let dated = last.topics.first().and_then(|t| Some((t.title.as_str(), dates::find(&t.title).first()?.clone())));
    let Some((title, found)) = dated else {
        // The first heading is one of the agenda, or a title without a day.
        let day = date.map_or_else(unknown, |d| d.to_string());
        return if last.title.is_empty() { day } else { format!("{}, {day}", last.title) };
    };
    let written = &title[found.range.clone()];
    let form = found.date.and_then(|d| FORMS.iter().find(|form| written_as(d, form) == written));
    let day = date.map_or_else(unknown, |d| form.map_or_else(|| d.to_string(), |form| written_as(d, form)));
    format!("{}{day}{}", &title[..found.range.start], &title[found.range.end..])
}

/// How days are written in titles; `%o` is 1st, 2nd, 3rd.
const FORMS: [&str; 14] = [
    "%Y-%m-%d",
    "%Y%m%d",
    "%Y/%m/%d",
    "%Y.%m.%d",
    "%d.%m.%Y",
    "%-d.%-m.%Y",
    "%d.%m.%y",
    "%B %-d, %Y",
    "%B %-d %Y",
    "%b %-d, %Y",
    "%B %o, %Y",
    "%B %o %Y",
    "%-d %B %Y",
    "%-d %b %Y",
];

fn written_as(day: Date, form: &str) -> String {
    let nth = match day.day() {
        1 | 21 | 31 => "st",
        2 | 22 => "nd",
        3 | 23 => "rd",
        _ => "th",
    };
    day.strftime(&form.replace("%o", &format!("%-d{nth}"))).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn added(text: &str, items: &[AgendaItem]) -> String {
        let conventions = Conventions::defaults();
        Habit { held: &[], conventions: &conventions, bullet: '-' }.add_to(text, items)
    }

    #[test]
    fn what_an_agenda_lacks_stands_before_what_ends_the_meeting() {
        let of = |kind, text: &str| AgendaItem::new(kind, text, vec!["said so".to_owned()]);
        let items = [of(ItemKind::Pending, "paint the buoy"), of(ItemKind::Topic, "Tides")];
        assert_eq!(
            added("# Harbour\n\n## Pending actions\n\n-\n\n## Boats\n- ferry\n\n## AOB\n-\n", &items),
            "# Harbour\n\n## Pending actions\n\n- AI: paint the buoy (said so)\n\n## Boats\n- ferry\n\n\
             ## Left open\n\n- Tides (said so)\n\n## AOB\n-\n"
        );
        assert_eq!(
            added("# Harbour\n\n## Pending actions\n- one\n\n## Boats\n", &items),
            "# Harbour\n\n## Pending actions\n- one\n- AI: paint the buoy (said so)\n\n## Boats\n\n\
             ## Left open\n\n- Tides (said so)\n"
        );
        assert_eq!(
            added("# Harbour\n### Boats\n\n### Misc\n- x\n", &items),
            "# Harbour\n### Boats\n\n### Pending action items\n\n- AI: paint the buoy (said so)\n\n\
             ### Left open\n\n- Tides (said so)\n\n### Misc\n- x\n"
        );
        assert_eq!(added("# Harbour\n## AOB\n", &[]), "# Harbour\n\n## Pending action items\n\n(none)\n\n## AOB\n");
    }

    #[test]
    fn the_day_is_written_as_the_series_writes_it() {
        let next = |head: &str| {
            let text = format!("# {head}\n## Participants\n* @mira\n");
            let meetings = minutebook_ingest::extract(&text, "20261103.md");
            title(Some(&meetings[0]), Some(date(2026, 12, 1)))
        };
        assert_eq!(next("Harbour, November 3rd 2026"), "Harbour, December 1st 2026");
        assert_eq!(next("Protokoll 03.11.2026"), "Protokoll 01.12.2026");
        assert_eq!(next("2026-11-03 Harbour"), "2026-12-01 Harbour");
        assert_eq!(next("Call of November 3, 2026"), "Call of December 1, 2026");
        assert_eq!(title(None, None), "YYYY-MM-DD");
    }
}
