//! Which section of the minutes each block stands in.

use super::{contains_word, lower, sentences};
use crate::conventions::Conventions;
use crate::dates;
use crate::facts::RoleKind;
use crate::hints::{Hint, Hints};
use crate::outline::{Block, BlockKind, Outline, Style};
use crate::wordlist::Title;

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
