//! Entries of a list of work: an item or heading that is about one issue, `Update the tide cache berths#335`.
//!
//! Teams that plan from an issue tracker go through such lists week after week and mark nothing in them
//! as an action. One such entry is a topic; the same issue in an entry of a later meeting is a piece of
//! work that the team follows, in a series whose lists say now and then that something is done. (Other
//! teams take their agenda from a label of the tracker: those entries are topics, however often they
//! come up, and never done.)

use std::collections::{BTreeMap, VecDeque};

use foldhash::HashMap;
use minutebook_ingest::Conventions;
use minutebook_ingest::facts::{ActionState, Meeting, Reference};
use minutebook_ingest::state;

use crate::fold::days_between;
use crate::threads::Mention;

/// An item or heading that is about one issue.
#[derive(Debug, Clone)]
pub struct Entry<'a> {
    /// The reference that it opens or ends with.
    pub reference: &'a Reference,
    /// Its words without the references.
    pub title: String,
    /// People named behind the reference.
    pub people: Vec<&'a str>,
    /// The heading it stands under.
    pub topic: Option<&'a str>,
    /// As the entry, a note under it, or a heading over it ("Completed"), tells it.
    pub state: ActionState,
    /// Its line, or a heading over it, closes it; a note does not.
    closed: bool,
}

/// An entry has at least so many words and at most so many.
const WORDS: std::ops::RangeInclusive<usize> = 1..=14;
/// A heading is an entry of a list when no more lines than these stand under it.
const FEW_LINES: u32 = 8;
/// Titles that say what it is and not what it is about.
const KINDS: [&str; 12] =
    ["pr", "prs", "issue", "issues", "epic", "story", "draft", "draft pr", "mr", "ticket", "adr", "dr"];

/// "Added the link to …": a title that ends so is the beginning of a sentence.
const LINKING: [&str; 14] =
    ["to", "in", "at", "of", "see", "on", "with", "from", "for", "by", "and", "as", "is", "cf."];

/// Entries that were no action so far, and how a series goes through its lists.
#[derive(Debug, Clone, Default)]
pub struct Board {
    /// Issue -> its entries of late, one a meeting.
    entries: HashMap<String, Vec<Mention>>,
    /// Entries, and closed ones among them, of the last meetings.
    meetings: VecDeque<(usize, usize)>,
}

/// Meetings by which a series is judged.
const MEETINGS: usize = 26;
/// So many entries are closed at least where the series follows its work, and one of so many.
const CLOSED: usize = 3;
const ONE_OF: usize = 20;
/// Days within which an issue comes up again.
pub const AGAIN: i32 = 45;

impl Board {
    /// Another meeting had these entries.
    pub fn met(&mut self, entries: &[Entry<'_>]) {
        if self.meetings.len() == MEETINGS {
            self.meetings.pop_front();
        }
        // What is noted under a topic ("merged") makes the topics no list of work.
        let closed = entries.iter().filter(|e| e.closed).count();
        self.meetings.push_back((entries.len(), closed));
    }

    /// Whether entries of this series are work that is followed until it is done.
    pub fn is_followed(&self) -> bool {
        let (all, closed) = self.meetings.iter().fold((0, 0), |(a, c), (all, closed)| (a + all, c + closed));
        closed >= CLOSED && closed * ONE_OF >= all
    }

    /// An issue had an entry. Together with those of earlier meetings it may be an action.
    pub fn came_up(&mut self, issue: &str, entry: Mention) -> Option<Vec<Mention>> {
        let is_followed = self.is_followed();
        let before = self.entries.entry(issue.to_owned()).or_default();
        if before.last().is_some_and(|last| {
            last.says.state != ActionState::Open || !(1..=AGAIN).contains(&days_between(last.date, entry.date))
        }) {
            before.clear();
        }
        before.push(entry);
        (is_followed && before.len() > 1).then(|| std::mem::take(before))
    }
}

/// The headings of a meeting, with what each tells of the work under it ("Completed").
pub struct Headings<'a> {
    meeting: &'a Meeting,
    conventions: &'a Conventions,
    closed: Vec<Option<ActionState>>,
}

impl<'a> Headings<'a> {
    /// Of a meeting, by the words of its team.
    pub fn of(meeting: &'a Meeting, conventions: &'a Conventions) -> Self {
        Self::known(meeting, conventions, &mut HashMap::default())
    }

    /// The same for one of many meetings, whose headings mostly are those of the one before: `known` is what each title
    /// tells.
    pub fn known(
        meeting: &'a Meeting,
        conventions: &'a Conventions,
        known: &mut HashMap<String, Option<ActionState>>,
    ) -> Self {
        let closed = meeting.topics.iter().map(|topic| match known.get(&topic.title) {
            Some(told) => *told,
            None => *known.entry(topic.title.clone()).or_insert(heads_closed(&topic.title, conventions)),
        });
        Self { meeting, conventions, closed: closed.collect() }
    }

    /// What a line, a note under it, or else a heading over it, tells of the work it names.
    pub fn state_at(&self, line: u32, text: &str) -> ActionState {
        self.told_at(line, text).0
    }

    /// The same, and whether the line itself or a heading over it closes the work.
    fn told_at(&self, line: u32, text: &str) -> (ActionState, bool) {
        let (own, over) = (state::told(text, self.conventions), || self.over(line));
        let noted = || self.meeting.notes.iter().rfind(|n| n.of == line && n.text.is_empty())?.state;
        let closed = own.or_else(over).is_some_and(|state| state != ActionState::Open);
        (own.or_else(noted).or_else(over).unwrap_or_default(), closed)
    }

    fn over(&self, line: u32) -> Option<ActionState> {
        let over = self.meeting.topics.iter().zip(&self.closed).filter(|(t, _)| t.line <= line && line <= t.end_line);
        over.into_iter().find_map(|(_, closed)| *closed)
    }
}

/// The entries of a meeting, in order of their lines: one an issue, the first.
pub fn entries<'a>(meeting: &'a Meeting, headings: &Headings<'_>) -> Vec<Entry<'a>> {
    let mut by_line: BTreeMap<u32, Vec<&Reference>> = BTreeMap::new();
    for reference in &meeting.references {
        by_line.entry(reference.line).or_default().push(reference);
    }
    let mut seen: Vec<&str> = Vec::new();
    let mut found = Vec::new();
    for (line, references) in by_line {
        let Some(entry) = entry(meeting, line, &references, headings) else { continue };
        if !seen.contains(&entry.reference.target.as_str()) {
            seen.push(&entry.reference.target);
            found.push(entry);
        }
    }
    found
}

fn entry<'a>(
    meeting: &'a Meeting,
    line: u32,
    references: &[&'a Reference],
    headings: &Headings<'_>,
) -> Option<Entry<'a>> {
    let first = *references.first()?;
    let text = first.text.trim();
    let (at, end) = place(text, first)?;
    let behind = &text[end..];
    let opens = text[..at].chars().all(|c| !c.is_alphanumeric());
    // Behind the reference: nothing, a further reference, a note after a dash, or people.
    let ends = behind.chars().all(|c| !c.is_alphanumeric())
        || [" - ", " – ", ", ", ": "].iter().any(|dash| behind.trim_start_matches([')', ']']).starts_with(dash));
    // A heading with much under it is a topic of the day.
    let topical = meeting.topics.iter().any(|t| t.line == line && t.end_line > line + FEW_LINES);
    if references.len() > 2 || !(opens || ends) || topical {
        return None;
    }
    let title = if opens {
        behind.trim_start_matches([':', ' ', '-', '–', ')', ']'])
    } else {
        text[..at].trim_end_matches(['(', '[', ' ', ':', '-', '–', ','])
    };
    let title = [" issue", ": issue", " PR", ": PR"].iter().find_map(|kind| title.strip_suffix(kind)).unwrap_or(title);
    let words = title.split_whitespace().filter(|w| w.chars().any(char::is_alphabetic)).count();
    let last = title.rsplit(' ').next().unwrap_or_default();
    let bare = title.trim_matches(|c: char| !c.is_alphanumeric());
    let kind = KINDS.iter().any(|kind| bare.eq_ignore_ascii_case(kind));
    if !WORDS.contains(&words) || kind || LINKING.contains(&last) {
        return None;
    }
    let tail = if opens { "" } else { behind };
    let (state, closed) = headings.told_at(line, text);
    let people = meeting.named.iter().filter(|n| n.line == line).map(|n| n.as_written.as_str());
    Some(Entry {
        reference: first,
        title: title.to_owned(),
        people: people.filter(|name| tail.contains(name)).collect(),
        topic: meeting.topic_over(line).map(|t| t.title.as_str()),
        state,
        closed,
    })
}

/// Where a reference stands in its line: by its address, or as a word that ends with its number.
fn place(text: &str, reference: &Reference) -> Option<(usize, usize)> {
    if let Some(at) = text.find(&reference.as_written) {
        return Some((at, at + reference.as_written.len()));
    }
    let number = &reference.target[reference.target.rfind(['#', '!'])?..];
    let end = text.find(number)? + number.len();
    let whole = !text[end..].starts_with(|c: char| c.is_ascii_digit());
    whole.then(|| (text[..end].rfind([' ', '(', '[']).map_or(0, |at| at + 1), end))
}

/// "Completed since last week", "Reference implementation (done)": what stands under it is closed.
fn heads_closed(title: &str, conventions: &Conventions) -> Option<ActionState> {
    let first = title.split(|c: char| !c.is_alphanumeric()).find(|w| !w.is_empty())?.to_lowercase();
    let said = |words: &[String]| words.contains(&first);
    match () {
        () if said(&conventions.states.done) => Some(ActionState::Done),
        () if said(&conventions.states.dropped) => Some(ActionState::Dropped),
        () => state::told(title, conventions),
    }
}
