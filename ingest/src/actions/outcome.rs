//! From a draft to an action: who is to do it, its state, its deadline, whether it was carried.

use std::borrow::Cow;
use std::sync::LazyLock;

use super::tabled::Told;
use super::{Context, Draft, clean};
use crate::due::due;
use crate::explain;
use crate::facts::{About, Action, ActionState, Rule};
use crate::hints::Hint;
use crate::outline::{Block, BlockKind, Style, Text};
use crate::owners::{self, Known};
use crate::pattern::Pattern;
use crate::reasons::Said;
use crate::state;
use crate::statement::{Section, bare, is_numbered_blank, labelled, lower, one_line};

/// The action of a draft. `statement` is the one that it stands in: another line of the block has its own deadline.
pub(super) fn finish(
    context: &Context<'_>,
    at: usize,
    mut draft: Draft,
    statement: &str,
    said: Said,
    noted: Option<Noted>,
    columns: Told,
) -> Option<Action> {
    let block = &context.outline.blocks[at];
    if draft.owners.is_empty() {
        if let Some((owners, text)) = responsible(&draft.text, context.known) {
            (draft.owners, draft.text) = (owners, text);
        } else if block.is_item() {
            let notes = context.outline.children(at).take(8).map(|(_, c)| c.text.head());
            let mut named = notes.filter_map(|note| responsible(note, context.known));
            draft.owners = named.find(|(_, rest)| rest.is_empty()).map(|(owners, _)| owners).unwrap_or_default();
        }
    }
    let text = closed(draft.text);
    let bare_text = lower(&text);
    let nothing = ["none", "no action", "nothing", "n/a", "keine", "no one", "tbd", "who?"];
    if !text.chars().any(char::is_alphabetic)
        || is_numbered_blank(&text)
        || (draft.rule == Rule::Marker && context.conventions.lists().carried_words.is(&bare_text))
        || nothing.iter().any(|n| bare_text.starts_with(n) && bare_text.len() < n.len() + 28)
        || ["none - ", "none, ", "none; "].iter().any(|none| bare_text.starts_with(none))
    {
        if let Some(reason) = said {
            context.reasons.refuse(reason.convention, || format!("{text:?} says that there is nothing to do"));
        }
        return None;
    }
    let states = &context.conventions.states;
    // The words around the task count where it is one line among few.
    let own_words = if statement.len() < 600 { statement } else { "" };
    let mut state = ActionState::Open;
    let struck = struck_task(block, &text);
    let told = |text: &str| state::told(text, context.conventions);
    let ticked = block.task() == Some(true) && draft.rule != Rule::Commitment;
    // "AI: this was landed last week"
    let report = || draft.rule == Rule::Marker && ["this ", "that ", "it "].iter().any(|it| bare_text.starts_with(it));
    if ticked || struck || (report() && state::noted(&text, context.conventions) == Some(ActionState::Done)) {
        state = ActionState::Done;
    } else if let Some(told) = state::boxed(own_words).or_else(|| told(&text)).or_else(|| told(own_words)) {
        state = told;
    }
    if struck && state::of_task(&text, states) == Some(ActionState::Dropped) {
        state = ActionState::Dropped;
    }
    let explicit = matches!(draft.rule, Rule::Marker | Rule::Heading | Rule::Checkbox);
    // "Completed action items", "Cancelled" over a list
    let listed = if state == ActionState::Open && explicit && block.task() != Some(false) {
        state_over(context, at)
    } else {
        None
    };
    state = listed.map_or(state, |(_, told)| told);
    state = noted.map_or(state, |n| n.state);
    if let Some((told, _)) = &columns.state {
        state = *told;
    }
    let nested = draft.rule == Rule::Marker
        && block.depth > 1
        && context.outline.parents(at).any(|(p, _)| matches!(context.sections[p], Section::Actions { carried: true }));
    let says_carried = |words: &str| context.conventions.lists().carried_words.is_in(words);
    let mut above = context.outline.parents(at).chain(context.outline.headings_above(at).take(1));
    let followed = (!nested)
        .then(|| above.find(|(_, b)| b.text.plain.len() < 100 && says_carried(&b.text.plain)))
        .flatten()
        .map(|(over, _)| over);
    let listed = listed.map(|(over, _)| over).filter(|_| noted.is_none());
    let carried = followed.is_some()
        || listed.is_some()
        || (matches!(context.sections[at], Section::Actions { carried: true }) && !nested)
        || says_carried(own_words);
    // A sentence has its own deadline; a task in a line may have it beside it, or under it: "Deadline: Friday".
    let beside = if draft.rule == Rule::Commitment { "" } else { own_words };
    // When it was done is no deadline.
    let task = if state == ActionState::Open { text.as_str() } else { state::without_note(&text, context.conventions) };
    let beside = if task.len() < text.len() { "" } else { beside };
    let due = (columns.due)
        .or_else(|| due(&unstruck(&block.text, task), context.date))
        .or_else(|| due(&one_line(&unstruck(&block.text, beside)), context.date))
        .or_else(|| due(deadline_under(context, at)?, context.date));
    let end_line = if block.is_item() { block.end_line } else { block.last_line };
    context.reasons.action(draft.line, &text, said, || {
        let cell = columns.state.as_ref().map(|(_, words)| words.as_str());
        let told =
            explain::Became { text: &text, own_words, state, cell, ticked, struck, noted, carried, followed, listed };
        explain::became(context, at, &told, due.as_ref())
    });
    Some(Action {
        line: draft.line,
        end_line: end_line.max(draft.line),
        owners: draft.owners,
        references: context.references_in(draft.line, block.last_line.max(draft.line)),
        about: about(context, at, draft.line),
        text,
        state,
        due,
        explicit,
        carried,
        topic: context.topic(at),
        rule: draft.rule,
    })
}

/// How all tasks of a list stand, as the head over them says, and which one that is.
fn state_over(context: &Context<'_>, at: usize) -> Option<(usize, ActionState)> {
    const DONE: [&str; 8] =
        ["completed", "done", "closed", "finished", "resolved", "erledigt", "erledigte", "abgeschlossene"];
    const DROPPED: [&str; 6] = ["cancelled", "canceled", "dropped", "obsolete", "withdrawn", "gestrichene"];
    const TASKS: [&str; 12] =
        ["action", "actions", "item", "items", "ai", "ais", "point", "points", "task", "tasks", "todos", "aufgaben"];
    if !matches!(context.sections[at], Section::Actions { .. }) {
        return None;
    }
    let (over, head) = context.outline.parents(at).chain(context.outline.headings_above(at).take(1)).next()?;
    let title = bare(head.text.head());
    let (first, rest) = title.split_once(' ').unwrap_or((&title, ""));
    if !rest.split_whitespace().all(|word| TASKS.contains(&word)) {
        return None;
    }
    let state = match () {
        () if DONE.contains(&first) => ActionState::Done,
        () if DROPPED.contains(&first) => ActionState::Dropped,
        () => return None,
    };
    Some((over, state))
}

/// A text whose last bracket was cut off with what stood behind it: closed, or without one that held a name alone.
fn closed(mut text: String) -> String {
    // ":(" is none.
    let open = text.rfind('(').filter(|&open| open > 0 && !text[..open].ends_with([':', ';', '-']));
    let open = open.filter(|&open| !text[open..].contains(')'));
    match open {
        Some(open) if text[open..].starts_with("(@") && !text[open..].contains(' ') => {
            text.truncate(text[..open].trim_end().len());
        }
        Some(_) => text.push(')'),
        None => {}
    }
    text
}

/// The issue of the item that a line stands in or over which it stands, or else of the heading over it, that tells of any;
/// none where it tells of several.
fn about(context: &Context<'_>, at: usize, line: u32) -> Option<About> {
    const MOST: usize = 32;
    /// An item and its issue, and so many paragraphs behind it that were not indented into it.
    const BEHIND: usize = 8;
    let blocks = &context.outline.blocks;
    let block = &blocks[at];
    let itself = (block.is_item() && line > block.line).then_some((block, block.line));
    // "**Lighting**" opens another topic.
    let label = |b: &Block| {
        let (spans, length) = (&b.text.spans, b.text.plain.trim().len());
        b.depth == 0 && spans.len() <= BEHIND && spans.iter().any(|s| s.range.len() + 2 >= length)
    };
    let near = blocks[..at].iter().rev().take(BEHIND).take_while(|b| b.heading == block.heading && !label(b));
    let item = (block.depth == 0).then(|| { near }.find(|b| b.depth == 1)).flatten().filter(|b| b.is_item());
    let over = context.outline.parents(at).map(|(_, b)| b).chain(item);
    let over = over.chain(context.outline.headings_above(at).take(1).map(|(_, b)| b));
    let all = itself.into_iter().chain(over.map(|b| (b, b.last_line)));
    let all = all.map(|(b, last)| (b, context.references_on(b.line, last)));
    let (over, references) = { all }.find(|(_, found)| !found.is_empty())?;
    let (first, others) = references.split_first()?;
    // "#305 (related issue: #289)"
    let head = lower(over.text.head());
    let told = |at: usize| head[..at].contains('#') || over.text.links(0..at).next().is_some();
    let related = others.len() == 1 && head.find("(related").is_some_and(told);
    let alone = others.len() < MOST && others.iter().all(|other| other.target == first.target);
    (alone || related).then(|| About { line: first.line, target: first.target.clone() })
}

/// Who a label in a task, or in a note under it, says is to do it, and the words without that:
/// "print the tables (Verantwortlich: Mira)", "Owner: @jo".
fn responsible(text: &str, known: &Known) -> Option<(Vec<String>, String)> {
    static LABEL: LazyLock<Pattern> = LazyLock::new(|| {
        Pattern::new(
            r"(?i)(?:^|[(\[,;–-]\s*|\.\s+)\W*(?:owners?|responsible|assignees?|assigned\s+to|verantwortlich(?:er?)?|zuständig|zu\s+erledigen\s+von)\s*:\W*?\s*",
        )
    });
    memchr::memchr(b':', text.as_bytes())?;
    let label = LABEL.find(text)?;
    let people = owners::people_at(text, label.end(), known, true);
    if people.names.is_empty() {
        return None;
    }
    let before = text[..label.start()].trim_end();
    let behind = text[people.end..].trim_start_matches([')', ']', ',', ';', ' ', '.', '*', '_']);
    let rest = match (before.is_empty(), behind.is_empty()) {
        (false, false) => format!("{before}, {}", behind.trim_end_matches([')', ']'])),
        _ => format!("{before}{behind}"),
    };
    Some((people.names, clean(&rest)))
}

/// A note under an item that tells its state.
#[derive(Debug, Clone, Copy)]
pub struct Noted {
    /// Its block.
    pub block: usize,
    /// What it tells.
    pub state: ActionState,
}

/// The note under an item that tells its deadline.
fn deadline_under<'a>(context: &Context<'a>, at: usize) -> Option<&'a str> {
    if !context.outline.blocks[at].is_item() {
        return None;
    }
    let notes = context.outline.children(at).take(8).map(|(_, c)| c.text.head());
    notes.into_iter().find(|note| {
        let low = lower(note);
        ["deadline", "due", "frist"].iter().any(|w| low.starts_with(w))
    })
}

/// The state that the item behind one tells of it: "- AI @a: ask", "- Done: see #4".
pub(super) fn noted_behind(context: &Context<'_>, at: usize) -> Option<Noted> {
    let blocks = &context.outline.blocks;
    let own = &blocks[at];
    let behind = blocks[at + 1..].iter().take(24).position(|b| b.parent == own.parent)?;
    let block = at + 1 + behind;
    let next = &blocks[block];
    let text = next.text.head();
    let is_note = own.is_item() && next.is_item() && next.heading == own.heading && next.task().is_none();
    let (label, _) = labelled(text).filter(|_| is_note)?;
    // "DONE: Jo to ask", "OPEN: Mira to call": each says it of itself.
    let alike = labelled(own.text.head()).and_then(|(label, _)| state::noted(label, context.conventions));
    if alike.is_some() {
        return None;
    }
    let told = label.split_whitespace().count() == 1 && !has_marker(context, block, text);
    let state = told.then(|| state::noted(label, context.conventions)).flatten()?;
    Some(Noted { block, state })
}

fn has_marker(context: &Context<'_>, block: usize, text: &str) -> bool {
    context.hints[block].has(Hint::Marker) && !context.markers.find(text, context.known).is_empty()
}

/// The state that the notes under an item tell; the last word counts.
pub(super) fn noted(context: &Context<'_>, at: usize) -> Option<Noted> {
    context.outline.blocks[at].is_item().then(|| last_told(context, context.outline.children(at))).flatten()
}

/// What "Status: …" tells.
pub(super) fn status_of(words: &str) -> Option<&str> {
    labelled(words)
        .filter(|(label, _)| ["status", "state", "stand"].contains(&lower(label).as_ref()))
        .map(|(_, rest)| rest)
}

/// The state that one of some blocks tells, the last one.
pub fn last_told<'a>(context: &Context<'_>, notes: impl Iterator<Item = (usize, &'a Block)>) -> Option<Noted> {
    let notes = notes.filter(|(_, c)| c.is_item() || c.kind == BlockKind::Paragraph);
    // "@jo to comment -> done" is a task of its own.
    let is_task = |text: &str| {
        let people = owners::people_at(text, 0, context.known, false);
        !people.names.is_empty() && text[people.end..].trim_start().starts_with("to ")
    };
    let without_marker = notes.filter(|(n, c)| !has_marker(context, *n, &c.text.plain) && !is_task(&c.text.plain));
    without_marker
        .filter_map(|(block, c)| {
            let first = c.text.plain.lines().next().unwrap_or_default();
            let first = status_of(first).unwrap_or(first);
            state::noted(first, context.conventions).map(|state| Noted { block, state })
        })
        .last()
}

/// Words of a text without those that are struck through among them: "until ~~30 Nov~~ 11 Dec".
pub(super) fn unstruck<'a>(text: &Text, words: &'a str) -> Cow<'a, str> {
    let struck = text.spans.iter().filter(|s| s.style == Style::Struck).map(|s| &text.plain[s.range.clone()]);
    // Most texts have none.
    struck.filter(|piece| piece.len() < words.len()).fold(Cow::Borrowed(words), |left, piece| {
        if left.contains(piece) { Cow::Owned(left.replacen(piece, "", 1).trim().to_owned()) } else { left }
    })
}

/// True when the task's words in the block are struck through.
fn struck_task(block: &Block, text: &str) -> bool {
    if !block.text.spans.iter().any(|s| s.style == Style::Struck) {
        return false;
    }
    let plain = &block.text.plain;
    let first: String = text.chars().take(12).collect();
    let start = plain.find(first.trim()).unwrap_or(0);
    // What is added behind a struck task is a note: `~~release 3.1~~ done, yesterday`.
    let end = (start + text.len() / 2).min(plain.len());
    block.text.is_struck(start..plain.floor_char_boundary(end).max(start))
}
