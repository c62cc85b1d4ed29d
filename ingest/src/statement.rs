//! Blocks -> statements, and which section of the minutes each block stands in.
//!
//! A statement is what somebody wrote in one go: an item, a sentence-like line of a paragraph, a row.
//! Hard-wrapped lines are one statement; lines that open with an arrow, a handle or a marker are not
//! a continuation of what stands before them.

use std::borrow::Cow;
use std::ops::Range;

use crate::conventions::Conventions;
use crate::dates;
use crate::facts::RoleKind;
use crate::hints::{Hint, Hints};
use crate::outline::{Block, BlockKind, Outline, Span, Style, Text};
use crate::wordlist::{Title, stands_alone};

/// A stretch of a block's text.
#[derive(Debug, Clone)]
pub struct Statement<'a> {
    /// Index of its block in the outline.
    pub block: usize,
    /// The block's text.
    pub text: &'a Text,
    /// The stretch of it, in bytes of `text.plain`.
    pub range: Range<usize>,
    /// First line.
    pub line: u32,
}

impl<'a> Statement<'a> {
    /// The words, with line breaks of the source as `\n`.
    pub fn words(&self) -> &'a str {
        &self.text.plain[self.range.clone()]
    }

    /// Whether it is the first of several lines and stands out from them as a label does: "**Actions**", "Decided:".
    pub fn stands_over(&self) -> bool {
        let words = self.words();
        let more = self.range.start == 0 && self.range.end < self.text.plain.trim_end().len();
        let is_strong = |s: &Span| s.style == Style::Strong && s.range.len() + 2 >= words.len();
        let shouts = || words.len() >= 4 && !words.chars().any(char::is_lowercase);
        let label = || words.ends_with(':') || self.text.spans.iter().any(is_strong) || shouts();
        more && words.split_whitespace().count() <= 5 && label()
    }

    /// The line of an offset into [`words`](Self::words).
    pub fn line_at(&self, offset: usize) -> u32 {
        self.text.line_at(self.range.start + offset)
    }

    /// Last line.
    pub fn last_line(&self) -> u32 {
        self.text.line_at(self.range.end.saturating_sub(1).max(self.range.start))
    }
}

/// One line of text from a stretch of words: breaks and runs of blanks become one blank.
pub fn one_line(words: &str) -> String {
    let words = words.trim();
    let mut out = String::with_capacity(words.len());
    for word in words.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// The first `longest` characters of a text, with a sign that more follows.
pub fn shortened(text: &str, longest: usize) -> String {
    match text.char_indices().nth(longest) {
        Some((at, _)) => format!("{}…", text[..at].trim_end()),
        None => text.to_owned(),
    }
}

/// The statements of a block. `starts` tells that a line opens something new.
pub fn statements<'a>(
    block: usize,
    b: &'a Block,
    starts: impl Fn(&str) -> bool,
) -> impl Iterator<Item = Statement<'a>> {
    let text = &b.text;
    let plain = text.plain.as_str();
    let wraps = !matches!(b.kind, BlockKind::Indented | BlockKind::Html | BlockKind::Fence);
    let in_item = b.is_item();
    let line_end = move |from: usize| memchr::memchr(b'\n', &plain.as_bytes()[from..]).map(|step| from + step + 1);
    let opens = move |before: &str, at: usize, line: &str| {
        // A line that was not full did not wrap; in an item a sentence of its own follows it.
        let was_short = || before.trim().chars().nth(49).is_none();
        let goes_on = || in_item && !line.trim_start().starts_with(char::is_uppercase);
        let fresh = || {
            let begun = u32::try_from(at).is_ok_and(|at| text.fresh.contains(&at));
            begun && line.starts_with(|c: char| c.is_uppercase() || c == '@')
        };
        let ended = || before.trim_end().ends_with(['.', ':', '*', ')', ';']);
        let keyed = || !in_item && is_keyed(before) && is_keyed(line);
        !wraps
            || (was_short() && !goes_on())
            || fresh()
            || keyed()
            || (!in_item && ended() && opens_clause(line))
            || starts(line.trim_start())
    };
    let mut from = 0;
    std::iter::from_fn(move || {
        while from < plain.len() {
            let (start, mut line) = (from, from);
            from = loop {
                let Some(next) = line_end(line).filter(|&next| next < plain.len()) else { break plain.len() };
                let end = line_end(next).unwrap_or(plain.len());
                if opens(&plain[line..next], next, &plain[next..end]) {
                    break next;
                }
                line = next;
            };
            let start = start + if b.kind == BlockKind::Indented { logged(&plain[start..from]) } else { 0 };
            let raw = &plain[start..from];
            let trimmed = raw.trim();
            if !trimmed.is_empty() {
                let start = start + (raw.len() - raw.trim_start().len());
                let range = start..start + trimmed.len();
                return Some(Statement { block, text, line: text.line_at(start), range });
            }
        }
        None
    })
}

/// How far the hour and the speaker of a chat reach in a line of its log: "16:01 <jo> ".
fn logged(line: &str) -> usize {
    let body = line.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, ':' | ' ' | '[' | ']'));
    let speaker = body.strip_prefix('<').and_then(|rest| rest.split_once("> "));
    match speaker {
        Some((nick, rest)) if !nick.is_empty() && nick.len() <= 30 && !nick.contains(' ') => line.len() - rest.len(),
        _ => 0,
    }
}

/// "Facilitator: Mira": of two such lines the second is no continuation of the first.
fn is_keyed(line: &str) -> bool {
    let Some((key, rest)) = line.split_once(':') else { return false };
    let plain = |c: char| c.is_alphabetic() || matches!(c, ' ' | '-' | '/' | '.');
    (2..=24).contains(&key.len())
        && (key.starts_with(char::is_uppercase) || !key.contains(' '))
        && key.chars().all(plain)
        && key.split(' ').count() <= 3
        && rest.starts_with(' ')
}

/// "3.2 The committee agreed …": a line that minutes count as a clause of their own.
fn opens_clause(line: &str) -> bool {
    let Some((number, rest)) = line.split_once(' ') else { return false };
    let parts = number.split('.');
    line.starts_with(|c: char| c.is_ascii_digit())
        && parts.clone().count() == 2
        && { parts }.all(|part| (1..=2).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit()))
        && rest.starts_with(char::is_uppercase)
}

/// What the words of a heading make of the things under it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Section {
    /// Nothing special.
    #[default]
    Open,
    /// A list of those who came, or (`absent`) did not.
    People {
        /// Under "Regrets".
        absent: bool,
    },
    /// Chores; the people named under it do them.
    Roles(Vec<RoleKind>),
    /// A list of actions; `carried` when they come from earlier meetings.
    Actions {
        /// "Check AIs from last time"
        carried: bool,
    },
    /// A list of decisions.
    Decisions,
}

/// A heading's words, bare: lower case, without emoji codes, brackets and what follows a dash or colon.
///
/// ```
/// use minutebook_ingest::statement::bare;
/// assert_eq!(bare(":family: Participants (github handles preferred)"), "participants");
/// assert_eq!(bare("**Attendees** - use of handles is preferred"), "attendees");
/// ```
pub fn bare(heading: &str) -> String {
    // No heading means anything beyond this.
    let heading = &heading[..heading.floor_char_boundary(400)];
    // "[Mira] Action items"
    let heading = heading.trim();
    let opened = heading.strip_prefix('[').and_then(|rest| rest.split_once(']'));
    let heading =
        opened.map_or(heading, |(who, rest)| if who.len() > 1 && !rest.trim().is_empty() { rest } else { heading });
    let heading = without_count(heading);
    let mut words = heading.trim_start_matches(|c: char| !c.is_alphanumeric() && c != ':');
    // `:family: Participants`
    while let Some(rest) = words.strip_prefix(':') {
        match rest.split_once(':') {
            Some((code, after)) if !code.contains(' ') => words = after.trim_start(),
            _ => {
                words = rest;
            }
        }
    }
    let words = &words[..bare_end(words)];
    let mut out = String::with_capacity(words.len());
    for c in words.chars() {
        if c.is_ascii_alphanumeric() || matches!(c, '\'' | '-' | '/') {
            out.push(c.to_ascii_lowercase());
        } else if c.is_alphanumeric() {
            out.extend(c.to_lowercase());
        } else if c == '’' {
            out.push('\'');
        } else if !out.ends_with(' ') {
            out.push(' ');
        }
    }
    out.trim().to_owned()
}

/// "TOP 3: Aufgaben" without what counts it.
fn without_count(heading: &str) -> &str {
    const COUNTED: [&str; 4] = ["top ", "tagesordnungspunkt ", "agenda item ", "punkt "];
    let Some(word) =
        COUNTED.iter().find(|word| heading.get(..word.len()).is_some_and(|h| h.eq_ignore_ascii_case(word)))
    else {
        return heading;
    };
    let number = &heading[word.len()..];
    let rest = number.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    // "Top 10 decisions"
    let counts =
        heading.starts_with("TOP") || rest.trim_start().starts_with([':', '-', '–', ')']) || number.contains(". ");
    if !counts {
        return heading;
    }
    let title = rest.trim_start_matches([':', ' ', '-', '–', ')']);
    if rest.len() < number.len() && !title.is_empty() { title } else { heading }
}

/// Where the bare words of a heading end: before a bracket, colon, dash or handle, unless they begin with it.
fn bare_end(words: &str) -> usize {
    let ends = |at: usize| match words.as_bytes()[at] {
        b'(' | b'[' | b':' => at > 0,
        b' ' => at > 0 && [" - ", " – ", " — ", " @"].iter().any(|cut| words[at..].starts_with(cut)),
        _ => false,
    };
    (0..words.len()).find(|&at| ends(at)).unwrap_or(words.len())
}

/// True when `word` stands in `text` between word boundaries.
pub fn contains_word(text: &str, word: &str) -> bool {
    find_word(text, word).is_some()
}

/// Where `word` stands in `text` between word boundaries.
pub fn find_word(text: &str, word: &str) -> Option<usize> {
    let Some(&first) = word.as_bytes().first() else {
        return Some(0);
    };
    // Many short words are looked for in many short texts: their first letter finds them sooner than a
    // search that must be set up for each.
    let bytes = text.as_bytes();
    let mut from = 0;
    while let Some(step) = memchr::memchr(first, &bytes[from..]) {
        let at = from + step;
        from = at + 1;
        if !bytes[at..].starts_with(word.as_bytes()) {
            continue;
        }
        let end = at + word.len();
        if stands_alone(text, at, end) {
            return Some(at);
        }
        from = end;
    }
    None
}

/// Where `mark` stands first. Like `str::find`, which sets up a search that pays in longer texts only.
pub fn find_mark(text: &str, mark: &str) -> Option<usize> {
    let (step, rare) = rare_byte(mark);
    let mut places = memchr::memchr_iter(rare, text.as_bytes()).filter_map(|at| at.checked_sub(step));
    places.find(|&at| text.as_bytes()[at..].starts_with(mark.as_bytes()))
}

/// What stands before and behind the first `mark`.
pub fn split_at_mark<'a>(text: &'a str, mark: &str) -> Option<(&'a str, &'a str)> {
    find_mark(text, mark).map(|at| (&text[..at], &text[at + mark.len()..]))
}

/// Where `mark` stands last; see [`find_mark`].
pub fn rfind_mark(text: &str, mark: &str) -> Option<usize> {
    let (step, rare) = rare_byte(mark);
    let mut places = memchr::memrchr_iter(rare, text.as_bytes()).filter_map(|at| at.checked_sub(step));
    places.find(|&at| text.as_bytes()[at..].starts_with(mark.as_bytes()))
}

/// The first byte of a mark that is no blank, and where it stands: there are few of it in a text.
fn rare_byte(mark: &str) -> (usize, u8) {
    mark.bytes().enumerate().find(|&(_, byte)| byte != b' ').unwrap_or((0, b' '))
}

/// The section that a heading (or a line that stands in for one) opens.
pub fn section_of(heading: &str, conventions: &Conventions) -> Option<Section> {
    let lists = conventions.lists();
    // A label in a block with such words often has none of them itself.
    if heading.is_ascii() && !lists.signs.of(heading).has(Hint::Section) {
        return None;
    }
    // "Lab - Next steps"
    if let Some((_, last)) = heading.rsplit_once(" - ")
        && last.split_whitespace().count() <= 3
        && lists.titles.of(&bare(last)).heads(Title::Actions)
    {
        return Some(Section::Actions { carried: false });
    }
    let bare = bare(heading);
    if bare.is_empty() || bare.len() > 120 {
        return None;
    }
    // "Name / Institution / GitHub handle" over a list
    let asked = ["handle", "institution", "affiliation", "organization", "organisation", "company", "github"];
    if bare.starts_with(NAME_AND) && asked.iter().any(|word| bare.contains(word)) {
        return Some(Section::People { absent: false });
    }
    let title = lists.titles.of(&bare);
    if title.heads(Title::Carried) {
        return Some(Section::Actions { carried: true });
    }
    if title.heads(Title::Actions) {
        // "TODO (carried over)"
        let carried = heading.contains('(') && lists.carried_words.is_in(heading);
        return (title.tokens <= 5).then_some(Section::Actions { carried });
    }
    if title.heads(Title::Absent) {
        return Some(Section::People { absent: true });
    }
    let roles = crate::roles::kinds_of(title, heading.trim_end().ends_with('?'));
    if !roles.is_empty() && !holds_all(&bare, heading) {
        return Some(Section::Roles(roles));
    }
    if title.heads(Title::Present) {
        return Some(Section::People { absent: false });
    }
    names_decision(&bare, conventions).then_some(Section::Decisions)
}

/// "Agenda + Minutes", "Meeting minutes", "Protokoll vom 13.02.2018": called like the chore, and over all that was said.
fn holds_all(bare: &str, heading: &str) -> bool {
    contains_word(bare, "agenda")
        || bare == "meeting minutes"
        || bare.starts_with("minutes of ")
        || !dates::find(heading).is_empty()
}

/// True for a label over or before a decision, less the words that only say whose or which:
/// "Tentative outcome", "Consensus of the meeting", "Outcome (proposal)".
pub fn is_decision_label(label: &str, conventions: &Conventions) -> bool {
    // "Decision #12", "Decision 47-2"
    let bare = bare(label);
    names_decision(bare.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, ' ' | '-')), conventions)
}

fn names_decision(bare: &str, conventions: &Conventions) -> bool {
    const WHOSE: &[&str] = &[
        "any",
        "important",
        "key",
        "major",
        "discussion",
        "meeting",
        "explicit",
        "current",
        "final",
        "general",
        "overall",
        "group",
        "our",
        "the",
        "team",
        "summary",
        "of",
        "tentative",
        "preliminary",
        "rough",
        "tsc",
        "tac",
        "cpc",
        "board",
    ];
    const BEHIND: [&str; 13] = [
        " by the board",
        " by the group",
        " by the team",
        " of meeting",
        " of the meeting",
        " in meeting",
        " in this meeting",
        " of the group",
        " of the call",
        " reached",
        " made",
        " taken",
        " so far",
    ];
    let labels = &conventions.decisions.labels;
    // "Important decisions that were made", "Decision log"
    let mut rest = without_relative(bare);
    rest = [" log", " register"].iter().find_map(|end| rest.strip_suffix(end)).unwrap_or(rest);
    for behind in BEHIND {
        rest = rest.strip_suffix(behind).unwrap_or(rest);
    }
    let is_one = |name: &str| labels.iter().any(|label| label == name);
    // "Conclusion/Decision"
    if is_one(bare) || (bare.contains('/') && bare.split('/').all(|one| is_one(one.trim()))) {
        return true;
    }
    // "Edition decision", "Scope decisions"
    const OPEN: &[&str] = &[
        "no",
        "open",
        "pending",
        "needed",
        "needs",
        "need",
        "next",
        "for",
        "future",
        "awaiting",
        "without",
        "proposed",
        "basic",
        "outstanding",
        "upcoming",
        "previous",
        "past",
        "last",
        "earlier",
        "deferred",
        "postponed",
        "draft",
        "required",
        "missing",
        "unresolved",
        "remaining",
        "go/no-go",
        "offene",
        "offener",
        "keine",
        "kein",
        "anstehende",
        "nächste",
        "vertagte",
        "fehlende",
    ];
    if let Some((about, "decision" | "decisions" | "beschluss" | "beschlüsse")) = rest.rsplit_once(' ')
        && !about.contains(' ')
        && !OPEN.contains(&about)
    {
        return true;
    }
    loop {
        if labels.iter().any(|l| l == rest) {
            return true;
        }
        match rest.split_once(' ') {
            Some((first, more)) if WHOSE.contains(&first) => rest = more,
            _ => return false,
        }
    }
}

/// A title without the clause that says that it is about what was settled: "decisions that are going to be taken".
fn without_relative(bare: &str) -> &str {
    const OF_IT: [&str; 16] = [
        "that", "which", "are", "were", "was", "have", "been", "will", "going", "to", "be", "or", "we", "taken",
        "made", "took",
    ];
    let opens = [" that ", " which "].iter().filter_map(|open| bare.find(open)).min();
    match opens {
        Some(at) if bare[at..].split_whitespace().all(|word| OF_IT.contains(&word)) => &bare[..at],
        _ => bare,
    }
}

/// What a line that asks for names opens with: "Name / Institution / GitHub handle".
pub const NAME_AND: &str = "name /";

/// The label over what somebody is up to, in a report of "Done", "Blocked" and "Next".
pub const NEXT: &str = "next";

/// True for the label "Next:", "Now/Next:".
pub fn is_next(label: &str) -> bool {
    label.trim_end().ends_with(':') && bare(label).trim_start_matches("now/") == NEXT
}

/// True for an item that is such a label; over items of its own it needs no colon.
pub fn is_next_label(block: &Block) -> bool {
    let text = block.text.plain.trim_end();
    text.len() <= 12 && (is_next(text) || (block.is_item() && block.items > 0 && bare(text) == NEXT))
}

/// The section that a label over a list opens: as a heading does, or "Next:".
pub fn section_under(label: &str, conventions: &Conventions) -> Option<Section> {
    section_of(label, conventions).or_else(|| is_next(label).then_some(Section::Actions { carried: false }))
}

/// Words of headings under which the list above (people, chores) surely has ended.
pub const ELSEWHERE: [&str; 12] = [
    "agenda",
    "topics",
    "topic",
    "notes",
    "minutes",
    "discussion",
    "housekeeping",
    "links",
    "announcements",
    "updates",
    "news",
    "tagesordnung",
];

/// The section of each block of an outline.
pub fn sections(outline: &Outline, hints: &[Hints], conventions: &Conventions) -> Vec<Section> {
    placed(outline, hints, conventions).into_iter().map(|(section, _)| section).collect()
}

/// A section, and the heading or label that made it so.
type Placed = (Section, Option<usize>);

/// The section of each block, and what made it so.
pub fn placed(outline: &Outline, hints: &[Hints], conventions: &Conventions) -> Vec<Placed> {
    let blocks = &outline.blocks;
    let mut own: Vec<Placed> = Vec::with_capacity(blocks.len());
    // What the things inside or under a block stand in.
    let mut inner: Vec<Option<Placed>> = Vec::with_capacity(blocks.len());
    // A line such as "Attendees:" or "**Action items**" over a list.
    let mut over: Option<Placed> = None;
    // An item "Next:" with nothing in it, over items of its own level.
    let mut level: Option<(Option<usize>, Placed)> = None;
    for (at, block) in blocks.iter().enumerate() {
        let by_this = |section: Section| (section, Some(at));
        let named = hints[at].has(Hint::Section);
        let heading_inner = block.heading.and_then(|h| inner[h].clone());
        if block.heading_level().is_some() {
            (over, level) = (None, None);
            let said = if named { section_of(&block.text.plain, conventions).map(by_this) } else { None };
            let inherited = heading_inner.filter(|(section, _)| {
                let bare = bare(&block.text.plain);
                let first = bare.split(' ').next().unwrap_or_default();
                match section {
                    Section::Roles(_) => false,
                    Section::Decisions => false,
                    Section::Actions { .. } => true,
                    _ => {
                        let numbered = first.bytes().all(|b| b.is_ascii_digit());
                        !numbered
                            && !ELSEWHERE.contains(&first)
                            && !bare.split(' ').any(|w| ["agenda", "notes", "items", "topics"].contains(&w))
                    }
                }
            });
            own.push((Section::Open, None));
            inner.push(said.or(inherited));
            continue;
        }
        let ends_level = !block.is_item() || block.text.plain.trim_end().ends_with(':');
        level = level.filter(|(parent, _)| *parent != block.parent || !ends_level);
        let from_parent = block.parent.map(|p| (inner[p].clone(), own[p].clone()));
        let beside = level.as_ref().filter(|(parent, _)| *parent == block.parent).map(|(_, section)| section.clone());
        let here = match (from_parent, &over) {
            _ if beside.is_some() => beside.unwrap_or_default(),
            (Some((Some(section), _)), _) => section,
            (Some((None, parent)), _) => parent,
            (None, Some(section))
                if block.is_item() || matches!(block.kind, BlockKind::Row { .. } | BlockKind::Indented) =>
            {
                section.clone()
            }
            (None, _) => heading_inner.unwrap_or_default(),
        };
        if !named {
            // Nothing is called like a section here.
            // A hint in emphasis may stand between a list and what it is called.
            let right_below = |by: &Option<usize>| by.is_some_and(|label| label + 1 == at);
            let hint = || {
                over.as_ref().is_some_and(|(section, by)| is_actions(section) && right_below(by)) && is_emphasis(block)
            };
            if matches!(block.kind, BlockKind::Paragraph) && block.parent.is_none() && !hint() {
                over = None;
            }
            own.push(here);
            inner.push(None);
            continue;
        }
        let label = label_of(block);
        let opened = label
            .and_then(|label| section_under(label, conventions))
            .or_else(|| heads_actions(block, conventions))
            .or_else(|| is_next_label(block).then_some(Section::Actions { carried: false }))
            .map(by_this);
        match block.kind {
            BlockKind::Paragraph if block.parent.is_none() => {
                let last = block.text.plain.trim_end().rsplit('\n').next().unwrap_or_default();
                let few = last.split_whitespace().count() <= 6 && last.len() < 60;
                // "Present: a, b" is a list of its own.
                let asks = |rest: &str| is_aside(rest) && !rest.contains(',');
                let complete = labelled(last).is_some_and(|(_, rest)| !rest.trim().is_empty() && !asks(rest));
                let stands_over = (label.is_some() || few) && !complete;
                // "It runs on both now. Next steps are:"
                let closing = || {
                    let said = last.strip_suffix(':').map(|_| sentences(last)).filter(|said| said.len() > 1)?;
                    said.last().map(|(_, sentence)| *sentence).filter(|last| last.split_whitespace().count() <= 6)
                };
                over = opened
                    .clone()
                    .filter(|_| !complete)
                    .or_else(|| stands_over.then(|| section_under(last, conventions)).flatten().map(by_this))
                    .or_else(|| section_under(closing()?, conventions).filter(is_actions).map(by_this));
                own.push(here);
                inner.push(None);
            }
            // "Directors present:" within an item, over a list in it.
            BlockKind::Paragraph => {
                if let Some(section) = opened.filter(|_| block.text.plain.trim_end().ends_with(':')) {
                    level = Some((block.parent, section));
                }
                own.push(here);
                inner.push(None);
            }
            BlockKind::Item { .. } => {
                // What stands beside an empty "Action items:" may be the next topic.
                let alone = block.items == 0 && is_next_label(block);
                if let Some(section) = opened.clone().filter(|_| alone) {
                    level = Some((block.parent, section));
                }
                own.push(here);
                inner.push(opened);
            }
            _ => {
                own.push(here);
                inner.push(None);
            }
        }
        debug_assert_eq!(own.len(), at + 1);
    }
    own
}

fn is_actions(section: &Section) -> bool {
    matches!(section, Section::Actions { .. })
}

/// Whether a block is a line that is emphasised as a whole.
fn is_emphasis(block: &Block) -> bool {
    let length = block.text.plain.trim_end().len();
    block.line == block.last_line
        && block.text.spans.iter().any(|s| s.style == Style::Emphasis && s.range.len() + 2 >= length)
}

/// Whether a stretch is nothing but a remark in brackets: "(with help from @b)".
pub fn is_aside(stretch: &str) -> bool {
    let inner = stretch.trim().trim_end_matches('.').strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
    let mut open = 0;
    inner.is_some_and(|inner| {
        inner.bytes().all(|b| {
            open += i32::from(b == b'(') - i32::from(b == b')');
            open >= 0
        })
    })
}

/// Whether what stands behind a label only points elsewhere or is a remark: "Next steps: https://…", "Decisions: (see there)".
pub fn is_beside_label(rest: &str) -> bool {
    is_aside(rest) || rest.split_whitespace().all(|word| word.contains("://"))
}

/// The list of actions that an item over others is called like: "Action items (AI) follow-up", "AIs from last time".
pub fn heads_actions(block: &Block, conventions: &Conventions) -> Option<Section> {
    if block.is_item()
        && block.items > 0
        && let Some((label, rest)) = labelled(block.text.plain.trim())
        && !rest.trim().is_empty()
        && is_beside_label(rest)
        && let Some(section) = section_of(label, conventions).filter(is_actions)
    {
        return Some(section);
    }
    let fits = block.is_item()
        && block.end_line > block.last_line
        && block.text.plain.len() <= 60
        && !block.text.plain.trim_end().trim_end_matches(':').contains(['@', ':'])
        && block.text.plain.split_whitespace().count() <= 8;
    if !fits {
        return None;
    }
    let (titles, bare) = (&conventions.lists().titles, bare(&block.text.plain));
    let carried = titles.of(&bare).heads(Title::Carried);
    // "Review of action items from last week"
    let whole = || carried && ["action", "ais", "todo", "aufgabe"].iter().any(|word| bare.contains(word));
    if block.text.plain.split_whitespace().count() > 5 && !whole() {
        return None;
    }
    // "Next steps on the pier"
    let steps = || {
        let about = ["next steps ", "nächste schritte "].iter().find_map(|steps| bare.strip_prefix(steps));
        about.is_some_and(|about| ["on ", "for ", "with ", "zu ", "für "].iter().any(|word| about.starts_with(word)))
    };
    (carried || titles.is(Title::Actions, &bare) || steps()).then_some(Section::Actions { carried })
}

/// Whether a block is nothing but a label over a list of actions, and says more than that: "**To do of today** (mira = M)".
pub fn labels_actions(block: &Block, conventions: &Conventions) -> bool {
    let section = || section_of(label_of(block)?, conventions);
    block.text.plain.contains(" (") && matches!(section(), Some(Section::Actions { .. }))
}

/// A block's text when it is nothing but a label over what follows: "Attendees:", "**Action items**", "AI".
fn label_of(block: &Block) -> Option<&str> {
    let plain = block.text.plain.trim();
    // "Who takes the minutes and reports in the community call?" over its answer.
    if block.is_item() && plain.ends_with('?') && plain.len() <= 200 {
        return Some(plain);
    }
    if plain.len() > 60 || plain.contains('\n') || plain.is_empty() {
        return None;
    }
    // "**To do of today** (mira = M)", "[Mira] **Action items**"
    let title = plain.split_once(" (").map_or(plain, |(title, _)| title);
    let title = title.strip_prefix('[').and_then(|rest| rest.split_once("] ")).map_or(title, |(_, title)| title);
    let whole_strong = (block.text.spans.iter())
        .any(|s| s.style == Style::Strong && s.range.len() + 2 >= title.trim_end_matches(':').len());
    // "Attendees: (add yourself)"
    let asks = title.len() < plain.len() && plain.ends_with(')') && title.ends_with(':');
    let ends = plain.ends_with(':') || asks || whole_strong || (block.is_item() && plain.split(' ').count() <= 3);
    ends.then_some(plain)
}

/// "Action 1", "Decision 2": what a template counts, and nobody filled in.
pub fn is_numbered_blank(text: &str) -> bool {
    let low = lower(text.trim());
    let Some((what, number)) = low.split_once(' ') else { return false };
    let numbered = number.len() <= 2 && number.bytes().all(|b| b.is_ascii_digit());
    numbered && ["action", "decision", "item", "task", "topic"].contains(&what)
}

/// A statement cut at its first colon: "Present: a, b" is ("Present", "a, b").
pub fn labelled(words: &str) -> Option<(&str, &str)> {
    let mut colon = memchr::memchr(b':', words.as_bytes())?;
    // "Teilnehmer:innen: …"
    let ending = ["innen", "in"].iter().find(|ending| {
        let rest = words[colon + 1..].strip_prefix(**ending);
        rest.is_some_and(|rest| rest.starts_with(':')) && words[..colon].ends_with(char::is_lowercase)
    });
    colon += ending.map_or(0, |ending| 1 + ending.len());
    let (label, rest) = (&words[..colon], &words[colon + 1..]);
    let label = label.trim().trim_matches(['*', '_']);
    let short = !label.is_empty() && label.len() <= 90 && !label.contains('\n') && !rest.starts_with("//");
    short.then_some((label, rest.trim_start_matches(['*', '_', ' '])))
}

/// `text` with its case folded, borrowed where it is lower case already.
pub fn lower(text: &str) -> Cow<'_, str> {
    let is_upper = |text: &str| {
        if text.is_ascii() {
            text.bytes().any(|b| b.is_ascii_uppercase())
        } else {
            text.chars().any(char::is_uppercase)
        }
    };
    if is_upper(text) { Cow::Owned(text.to_lowercase()) } else { Cow::Borrowed(text) }
}

/// A statement's sentences with their offsets. A full stop belongs to its sentence, an arrow to what follows it.
pub fn sentences(words: &str) -> Vec<(usize, &str)> {
    let mut out: Vec<(usize, &str)> = Vec::new();
    let mut start = 0;
    let mut push = |from: usize, to: usize| {
        let raw = &words[from..to];
        let trimmed = raw.trim();
        let at = from + (raw.len() - raw.trim_start().len());
        match out.last_mut() {
            _ if trimmed.is_empty() => {}
            // "Write it. (@a, @b)"
            Some((before, sentence))
                if ["(@", "(->", "(→", "(=>"].iter().any(|open| trimmed.starts_with(open))
                    && trimmed.ends_with(')') =>
            {
                *sentence = &words[*before..at + trimmed.len()];
            }
            _ => out.push((at, trimmed)),
        }
    };
    let mut from = 0;
    while let Some(end) = next_end(words, from) {
        from = end.end;
        let mark = &words[end.clone()];
        let stop = if mark.starts_with(['.', '!', '?', ';']) { end.start + 1 } else { end.start };
        if stop < start || short_form(&words[..end.start]) {
            continue;
        }
        push(start, stop);
        start = if mark.contains(['>', '→', '⇒', '(']) { end.start } else { end.end };
    }
    push(start, words.len());
    out
}

/// The sentences of a block's words, of a row those of each cell.
pub fn sentences_in<'a>(block: &Block, words: &'a str) -> Vec<(usize, &'a str)> {
    if !matches!(block.kind, BlockKind::Row { .. }) {
        return sentences(words);
    }
    let mut out = Vec::new();
    let mut from = 0;
    for cell in words.split(" | ") {
        out.extend(sentences(cell).into_iter().map(|(at, sentence)| (from + at, sentence)));
        from += cell.len() + " | ".len();
    }
    out
}

/// The bytes at which [`next_end`] looks closer: a table is the quickest test of a byte that there is.
const MAY_END: [bool; 256] = {
    let mut table = [false; 256];
    let (marks, mut n) = (b".!?;\n(>\xE2", 0);
    while n < marks.len() {
        table[marks[n] as usize] = true;
        n += 1;
    }
    table
};

/// What ends the first sentence at or behind an offset: a full stop and blanks, the mark of an item in a new line,
/// or, before a new speaker (" (Mira: ") or an arrow, the blank.
fn next_end(words: &str, from: usize) -> Option<Range<usize>> {
    let bytes = words.as_bytes();
    let blank = |at: usize| words[at..].chars().next().filter(|c| c.is_whitespace()).map(char::len_utf8);
    let blanks = |at: usize| words.len() - words[at..].trim_start().len();
    // The blank before an offset, which no other end has used.
    let blank_before = |at: usize| {
        let before = words[from..at].chars().next_back().filter(|c| c.is_whitespace())?;
        Some(at - before.len_utf8())
    };
    let mut may_end = (from..bytes.len()).filter(|&at| MAY_END[usize::from(bytes[at])]);
    may_end.find_map(|at| match bytes[at] {
        b'.' | b'!' | b'?' | b';' => {
            let quote =
                words[at + 1..].chars().next().filter(|c| matches!(c, ')' | '"' | '”')).map_or(0, char::len_utf8);
            blank(at + 1 + quote).map(|_| at..blanks(at + 1 + quote))
        }
        b'\n' => {
            let mark = blanks(at);
            let is_item = words[mark..].starts_with(['-', '*']);
            is_item.then(|| blank(mark + 1)).flatten().map(|len| at..mark + 1 + len)
        }
        b'(' => {
            let start = blank_before(at)?;
            let name = words[at + 1..].starts_with(char::is_uppercase).then_some(&words[at + 1..])?;
            let colon = at + 1 + name.find(|c: char| !c.is_alphabetic())?;
            let two = name.chars().nth(1).is_some_and(char::is_alphabetic);
            let said = words[colon..].starts_with(':').then(|| blank(colon + 1)).flatten();
            said.filter(|_| two).map(|len| start..colon + 1 + len)
        }
        b'>' => {
            let shaft = ['-', '–', '='].into_iter().find(|&shaft| words[from..at].ends_with(shaft))?;
            let start = blank_before(at - shaft.len_utf8())?;
            blank(at + 1).map(|len| start..at + 1 + len)
        }
        // "from 5 → 25" is one thing.
        0xE2 if words[at..].starts_with(['→', '⇒'])
            && !words[..at].trim_end().ends_with(|c: char| c.is_ascii_digit()) =>
        {
            Some(at..at + '→'.len_utf8())
        }
        _ => None,
    })
}

/// Whether an offset into words stands below their first line.
pub fn is_below(words: &str, offset: usize) -> bool {
    words[..offset].contains('\n')
}

/// "e.g.", "etc." and the like end no sentence.
fn short_form(before: &str) -> bool {
    let last = before.rsplit(|c: char| c.is_whitespace() || c == '(').next().unwrap_or_default();
    [
        "e.g", "i.e", "etc", "vs", "approx", "bzw", "z.b", "incl", "resp", "u", "ca", "inkl", "evtl", "ggf", "nr",
        "dr", "prof",
    ]
    .contains(&lower(last).as_ref())
}

/// Words whose lines were wrapped, as one line of the same length.
pub fn unwrapped(words: &str) -> Cow<'_, str> {
    if !words.contains('\n') {
        return Cow::Borrowed(words);
    }
    let item = |rest: &str| rest.trim_start().starts_with("- ") || rest.trim_start().starts_with("* ");
    let mut out = words.to_owned().into_bytes();
    for (at, _) in words.match_indices('\n').filter(|(at, _)| !item(&words[at + 1..])) {
        out[at] = b' ';
    }
    Cow::Owned(String::from_utf8(out).unwrap_or_else(|_| words.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hints::hints;

    fn check(source: &str, expected: &[&str]) {
        let outline = Outline::parse(source);
        let conventions = Conventions::defaults();
        let found = sections(&outline, &hints(&outline, &conventions), &conventions);
        let told: Vec<String> = outline
            .blocks
            .iter()
            .zip(&found)
            .filter(|(b, _)| b.is_item())
            .map(|(b, s)| format!("{}: {s:?}", b.text.plain))
            .collect();
        assert_eq!(told, expected);
    }

    #[test]
    fn headings_and_labels_open_sections() {
        check(
            "## Participants (github handles preferred)\n- @a\n## Agenda\n- x\n### Pending action items\n- y\n",
            &["@a: People { absent: false }", "x: Open", "y: Actions { carried: true }"],
        );
        check(
            "Attendees:\n\n* Mira\n\nRegrets:\n* Jo\n\ntext\n\n* later\n",
            &["Mira: People { absent: false }", "Jo: People { absent: true }", "later: Open"],
        );
        check("- AI\n    - ask\n- b\n", &["AI: Open", "ask: Actions { carried: false }", "b: Open"]);
    }

    #[test]
    fn a_participants_heading_ends_at_the_agenda_below_it() {
        check("# Participants\n- @a\n## Agenda\n- x\n", &["@a: People { absent: false }", "x: Open"]);
    }

    #[test]
    fn sentences_end_at_full_stops_items_speakers_and_arrows() {
        let of = |words| sentences(words).into_iter().map(|(_, sentence)| sentence).collect::<Vec<_>>();
        assert_eq!(of("It is late. Is it? (e.g. now) Yes"), ["It is late.", "Is it?", "(e.g. now) Yes"]);
        assert_eq!(of("One (two.) three; 3.5 four.five"), ["One (two.", "three;", "3.5 four.five"]);
        assert_eq!(
            of("late (Mira: ask) (mira: ask) -> Jo => Tim →Ada–>x"),
            ["late", "(Mira: ask) (mira: ask)", "-> Jo", "=> Tim", "→Ada–>x"]
        );
        assert_eq!(of("a\n - b\n* c\nd. -> e"), ["a", "b", "c\nd.", "-> e"]);
        assert_eq!(of("Write it. (@a, @b)"), ["Write it. (@a, @b)"]);
    }

    #[test]
    fn wrapped_lines_are_one_statement() {
        let long = "Mira will ask the harbour office about the new tide tables and";
        let outline = Outline::parse(&format!("{long}\nreport back.\n\nHost: Mira\nNotes: Jo\n"));
        let all: Vec<&str> = outline
            .blocks
            .iter()
            .enumerate()
            .flat_map(|(n, b)| statements(n, b, |_| false))
            .map(|s| s.words())
            .collect();
        assert_eq!(all, [format!("{long}\nreport back.").as_str(), "Host: Mira", "Notes: Jo"]);
    }
}
