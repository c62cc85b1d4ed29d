//! Topics: which headings are one, and which are furniture.
//!
//! A heading that recurs in a series is one topic: the same title but for case, dates, numbering and how long
//! it may take. Furniture is what every meeting has, whatever it is about: lists of people, chores and actions
//! (as [`section_of`] tells them), and a closed list of headings such as *Agenda* and *Any other business*.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use minutebook_ingest::facts::{Meeting, Topic};
use minutebook_ingest::statement::{bare, section_of};
use minutebook_ingest::{Conventions, dates};

/// Headings that tell nothing of what was talked about, bare.
const FURNITURE: [&str; 50] = [
    "action items",
    "actions",
    "agenda",
    "announcements",
    "any other business",
    "aob",
    "appendix",
    "attendance",
    "begrüßung",
    "chores",
    "closing",
    "discussion",
    "disscussion",
    "excused",
    "general",
    "introduction",
    "intro",
    "items",
    "links",
    "meeting",
    "meeting minutes",
    "meeting notes",
    "meta",
    "minutes",
    "misc",
    "miscellaneous",
    "news",
    "next meeting",
    "next meetings",
    "next steps",
    "notes",
    "open discussion",
    "other",
    "other business",
    "other topics",
    "participation",
    "protokoll",
    "questions",
    "recordings",
    "references",
    "resources",
    "roles",
    "sonstiges",
    "summary",
    "tagesordnung",
    "topic",
    "topics",
    "updates",
    "verschiedenes",
    "welcome",
];

/// Beginnings of such headings.
const BEGIN: [&str; 11] = [
    "agenda ",
    "designate people",
    "housekeeping",
    "minutes of",
    "minutes transfer",
    "next meeting ",
    "organisational",
    "organizational",
    "participants",
    "particpants",
    "recurring items",
];

/// What headings tell, remembered: most come back from week to week.
#[derive(Debug)]
pub struct Headings {
    conventions: Arc<Conventions>,
    known: RwLock<HashMap<Box<str>, Option<Arc<Title>>>>,
}

/// What a topic is called.
#[derive(Debug, PartialEq, Eq)]
pub struct Title {
    /// As [`title`] tells it.
    pub text: String,
    /// In small letters, as topics are told apart.
    pub folded: Arc<str>,
}

/// So many headings are remembered.
const REMEMBERED: usize = 100_000;

impl Headings {
    /// Nothing remembered yet.
    pub fn new(conventions: Arc<Conventions>) -> Self {
        Self { conventions, known: RwLock::default() }
    }

    /// Whether they are told by these conventions.
    pub fn are_by(&self, conventions: &Arc<Conventions>) -> bool {
        Arc::ptr_eq(&self.conventions, conventions) || self.conventions.key() == conventions.key()
    }

    /// The topics of a meeting in order, without the heading that opens it, furniture, and headings that are only dates.
    pub fn of<'a>(&self, meeting: &'a Meeting) -> Vec<(Arc<Title>, &'a Topic)> {
        let opens = |t: &Topic| t.line <= meeting.line || (t.level == 1 && t.title == meeting.title);
        let mut out = Vec::with_capacity(meeting.topics.len());
        for topic in meeting.topics.iter().filter(|t| !opens(t)) {
            out.extend(self.title(&topic.title).map(|title| (title, topic)));
        }
        out
    }

    /// What the topic under a heading is called; none under furniture.
    fn title(&self, heading: &str) -> Option<Arc<Title>> {
        if let Some(known) = self.known.read().unwrap_or_else(PoisonError::into_inner).get(heading) {
            return known.clone();
        }
        let is_topic = |title: &String| title.chars().any(char::is_alphabetic) && !dates_are_most(title);
        let text = (!is_furniture(heading, &self.conventions)).then(|| title(heading)).filter(is_topic);
        let told = text.map(|text| Arc::new(Title { folded: text.to_lowercase().into(), text }));
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() < REMEMBERED {
            known.insert(heading.into(), told.clone());
        }
        told
    }
}

/// Whether a heading is one that every meeting has, whatever it is about.
pub fn is_furniture(title: &str, conventions: &Conventions) -> bool {
    let bare = bare(title);
    FURNITURE.contains(&bare.as_str())
        || BEGIN.iter().any(|begin| bare.starts_with(begin))
        || section_of(title, conventions).is_some()
}

/// A title without dates before or behind it, numbering, "(continued)" and minutes, with single blanks.
///
/// ```
/// use minutebook_index::graph::topics::title;
/// assert_eq!(title("3. Tide cache (15 min)"), "Tide cache");
/// assert_eq!(title("Tide  cache 2026-03-01"), "Tide cache");
/// assert_eq!(title("2026-03-01: Tide cache (cont.)"), "Tide cache");
/// assert_eq!(title("What the call of 2026-03-01 left open"), "What the call of 2026-03-01 left open");
/// assert_eq!(title("-> Board team: who pays?"), "Board team: who pays?");
/// assert_eq!(title("2 new gauges"), "2 new gauges");
/// assert_eq!(title("#12 Tide cache"), "#12 Tide cache");
/// ```
pub fn title(heading: &str) -> String {
    let says = |text: &str| text.chars().any(char::is_alphabetic);
    let mut text = without_aside(heading).to_owned();
    for found in dates::find(&text.clone()).iter().rev() {
        // Within a sentence a day is part of what it says.
        if !says(&text[..found.range.start]) || !says(&text[found.range.end..]) {
            text.replace_range(found.range.clone(), " ");
        }
    }
    let mut rest = text.trim();
    let number = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    if number.len() < rest.len()
        && let Some(behind) = number.strip_prefix(['.', ')'])
        && behind.starts_with(char::is_whitespace)
    {
        rest = behind;
    }
    let rest = ["->", "=>", "→"].iter().find_map(|arrow| rest.trim_start().strip_prefix(arrow)).unwrap_or(rest);
    without_aside(rest).trim_matches(is_mark).split_whitespace().collect::<Vec<_>>().join(" ")
}

fn is_mark(c: char) -> bool {
    c.is_whitespace() || ":-–—,;".contains(c)
}

fn without_aside(title: &str) -> &str {
    let title = title.trim_end_matches(is_mark);
    match title.rsplit_once(['(', '[']) {
        Some((before, last)) if last.strip_suffix([')', ']']).is_some_and(is_aside) => before,
        _ => title,
    }
}

/// What stands in brackets and is no part of the topic: nothing, "cont.", "15 min".
fn is_aside(inner: &str) -> bool {
    let low = inner.trim().to_lowercase();
    let minutes = low.trim_start_matches(|c: char| c.is_ascii_digit() || c == ' ');
    low.is_empty()
        || ["cont", "cont.", "cont'd", "continued", "forts.", "fortsetzung"].contains(&low.as_str())
        || (minutes.len() < low.len() && ["m", "min", "min.", "mins", "minutes", "'"].contains(&minutes))
}

/// "Week 12, May 2026" holds no day, but tells no topic either.
fn dates_are_most(title: &str) -> bool {
    const CALENDAR: [&str; 30] = [
        "week",
        "kw",
        "cw",
        "day",
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "januar",
        "februar",
        "märz",
        "mai",
        "juni",
        "juli",
        "oktober",
        "dezember",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "of",
    ];
    let mut words = title.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_lowercase);
    words.all(|w| CALENDAR.contains(&w.as_str()) || w.chars().all(|c| c.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn titles(text: &str) -> Vec<String> {
        let meetings = minutebook_ingest::extract(text, "platform/2026-01-05.md");
        let headings = Headings::new(Arc::new(Conventions::defaults()));
        let told = || headings.of(&meetings[0]).into_iter().map(|(title, _)| title.text.clone()).collect::<Vec<_>>();
        let first = told();
        assert_eq!(told(), first, "what is remembered is what was told first");
        first
    }

    #[test]
    fn furniture_and_dates_are_no_topics() {
        let text = "# Platform 2026-01-05\n## Participants (github handles preferred)\n- @mira\n## Housekeeping\n- x\n\
                    ## Check AIs from last time\n- x\n## Agenda\n### Tide alarms 2026-01-05\n- x\n#### 2. Sirens\n- x\n\
                    ### 2026-01-06\n- x\n## AOB\n- x\n";
        assert_eq!(titles(text), ["Tide alarms", "Sirens"]);
    }

    #[test]
    fn months_alone_are_no_topic_but_a_heading_with_a_word_is() {
        let text = "# 2026-01-05\n## Week 12\n- x\n## May 2026\n- x\n## Market\n- x\n";
        assert_eq!(titles(text), ["Market"]);
    }
}
