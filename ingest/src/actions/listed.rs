//! Items of a list of actions.

use std::sync::LazyLock;

use super::{Context, Draft, assigned, assigned_behind, clean};
use crate::commitments;
use crate::conventions::Conventions;
use crate::facts::Rule;
use crate::outline::{Block, BlockKind};
use crate::owners;
use crate::pattern::Pattern;
use crate::state;
use crate::statement::{
    NEXT, Section, Statement, bare, contains_word, is_aside, is_next_label, labelled, lower, section_of,
};
use crate::words;

pub(super) enum Listed {
    Task(Draft),
    /// Only names: the items under it are theirs.
    OwnersOf(Vec<String>),
    /// A label over further items.
    Group,
    /// What may hold a promise and is no task of the list, and why.
    Talk(&'static str),
    /// No task, and why: progress of, or detail to, the action above, a remark.
    Detail(&'static str),
}

/// An item of a list of actions.
pub(super) fn listed_task(
    context: &Context<'_>,
    block: &Block,
    statement: &Statement<'_>,
    under_action: bool,
) -> Listed {
    let words = unstated(unsigned(undated(unnoted(statement.words()))), context.conventions);
    let at = statement.block;
    let has_items = context.outline.blocks[at].items > 0;
    let next = next_over(context, at);
    let people = owners::people_at(words, 0, context.known, true);
    // "Berth list: take it over" is no task of "Berth list" where somebody else's name is told.
    let stranger = people.names.iter().any(|name| !words.contains(&format!("@{name}")) && !context.doers.has(name));
    // "Drinks – done" names nobody.
    let behind = words[people.end..].trim_start_matches([':', ' ', '-', '–']);
    let closes = stranger && state::noted(behind, context.conventions).is_some() && !behind.contains(' ');
    let people = if closes { owners::People::default() } else { people };
    let elsewhere = stranger && (next.is_some() || assigned_by_mark(words, context));
    let people = if elsewhere { owners::People::default() } else { people };
    let rest = words[people.end..].trim_start_matches([':', ' ', '*', '_']);
    // "Ask the others: how do they do it?" asks nobody here.
    let told_to = words.split([' ', ',']).next().is_some_and(words::is_imperative) && words.contains(": ");
    let asks = people.names.is_empty() && words.trim_end().ends_with('?') && block.task().is_none() && !told_to;
    let points = (words.starts_with("http") && !words.contains(' ')) || rest.starts_with("See ");
    if asks || points {
        let why = if asks { "it is a question" } else { "it only points elsewhere" };
        return if has_items { Listed::Group } else { Listed::Detail(why) };
    }
    if !is_dated(statement.words()) && behind_dated(context, at) {
        return Listed::Talk("the list above it, of which each item has its day, ends at the empty line");
    }
    // "@mira (when back)"
    let aside = has_items && is_aside(rest);
    if !people.names.is_empty() && (rest.is_empty() || aside) {
        if has_items {
            return Listed::OwnersOf(people.names);
        }
        // One capitalised word may be a task too.
        let deep = context.outline.blocks[at].parent.and_then(|p| context.outline.blocks[p].parent).is_some();
        if words.contains([' ', '@']) || deep || people.names.iter().any(|n| context.doers.has(n)) {
            return Listed::Detail("names alone, with nothing to do");
        }
        if next.is_some() {
            return Listed::Detail("under \"next\" only what opens like a task or names somebody counts");
        }
        let text = clean(words);
        if state::noted(words, context.conventions).is_some() {
            return Listed::Detail("it is a note on the state of the action above");
        }
        return Listed::Task(Draft { owners: Vec::new(), text, line: statement.line, rule: Rule::Heading });
    }
    let has_task = context.outline.blocks[at].task().is_some();
    // "@mira told what happened": a report; "Jo: that could be used": a word in the talk on next steps.
    // "@mira told them - DONE" is what became of her task.
    let closed = !under_action && state::told(words, context.conventions).is_some();
    let reports = !people.names.is_empty()
        && !has_task
        && !closed
        && if words[people.end..].starts_with(':') {
            let opens = rest.split([' ', ',']).next().is_some_and(words::is_imperative);
            let opens = opens && !rest.trim_end().ends_with('?');
            under_next_steps(context, at) && !opens && !commitments::promises(rest)
        } else {
            commitments::SPEECH.is_match(rest) || is_past(rest)
        };
    if reports && !has_items && words[people.end..].starts_with(':') {
        return Listed::Talk("somebody remarks on something");
    }
    if reports {
        let why = "somebody reports or remarks on something, and promises nothing";
        return if has_items { Listed::Group } else { Listed::Detail(why) };
    }
    if under_action && !has_task {
        let behind = words[people.end..].strip_prefix(':').map(str::trim_start);
        let doer = !people.names.is_empty()
            && (behind.is_some_and(commitments::is_task_of) || rest.starts_with("to ") || rest.starts_with("will "));
        // "write the page (@jo)"
        let other = || {
            let task = words.trim_start_matches("Should ");
            let opens = task.split(' ').next().is_some_and(words::is_imperative);
            opens && words.ends_with(')') && assigned_behind(words, context.known).is_some()
        };
        if !(doer || other()) || state::noted(words, context.conventions).is_some() {
            return Listed::Detail("it is detail of, or progress on, the action above");
        }
    }
    if has_items
        && (words.trim_end().ends_with(':') || words.split_whitespace().count() <= 2)
        && people.names.is_empty()
    {
        return Listed::Group;
    }
    let bare_words = bare(words);
    let empty = matches!(
        bare_words.as_str(),
        "" | "none"
            | "n/a"
            | "tbd"
            | "keine"
            | "no"
            | "nothing"
            | "no pending action items"
            | "no action items"
            | "no ais"
            | "none so far"
            | "-"
    );
    // "[Action items list](url)", "Action item scribe: @a"
    let is_head = matches!(section_of(words, context.conventions), Some(Section::Actions { .. }));
    let is_chore = labelled(words).is_some_and(|(l, _)| !crate::roles::kinds(l, context.conventions).is_empty());
    if is_head || is_chore {
        let why = if is_chore { "it names a chore of the meeting" } else { "it is called like a list of actions" };
        return if has_items { Listed::Group } else { Listed::Detail(why) };
    }
    let none = bare_words.starts_with("no ")
        && ["ai", "ais", "action", "actions", "item", "items", "explicit"]
            .iter()
            .any(|w| contains_word(&bare_words, w));
    if (empty || none) && people.names.is_empty() {
        return Listed::Detail("it says that there is none");
    }
    // "Interop tests", with what there is to do about them.
    if has_items && people.names.is_empty() && next.is_some() && !reads_like_a_task(words) {
        return Listed::Group;
    }
    let reporters = next.map_or_else(Vec::new, |label| reporter(context, label));
    // "Next" on a slide.
    let bare_label = next.is_some_and(|label| !context.outline.blocks[label].text.plain.trim_end().ends_with(':'));
    if bare_label && reporters.is_empty() {
        return Listed::Detail("what stands under \"Next\" is nobody's report");
    }
    // "Next steps" hold remarks and topics too.
    if matches!(context.sections[at], Section::Actions { carried: false })
        && people.names.is_empty()
        && block.task().is_none()
        && under_next_steps(context, at)
        // What somebody reports to be next is theirs to do.
        && reporters.is_empty()
        && !reads_like_a_task(words)
        && !assigned_by_mark(words, context)
    {
        return Listed::Detail("under \"next steps\" only what opens like a task or names somebody counts");
    }
    let is_link_only = context.outline.blocks[at].text.spans.iter().any(|s| s.range.len() + 2 >= words.len())
        && words.split_whitespace().count() <= 1;
    if is_link_only {
        return Listed::Detail("it is nothing but a link");
    }
    let (owners, text) = if people.names.is_empty() {
        let mut owners = assigned(words, context.known);
        if owners.is_empty() {
            owners = reporters;
        }
        (owners, clean(words))
    } else {
        (people.names, clean(&words[people.end..]))
    };
    let rule = if block.task().is_some() { Rule::Checkbox } else { Rule::Heading };
    if text.is_empty() {
        return Listed::Detail("it says nothing to do");
    }
    Listed::Task(Draft { owners, text, line: statement.line, rule })
}

/// "worked on the tables": a regular verb of the past in the place of the task.
fn is_past(rest: &str) -> bool {
    let first = rest.split(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
    first.len() > 4 && first.ends_with("ed") && first.starts_with(char::is_lowercase) && !words::is_imperative(first)
}

/// `[2021-03-17]: Mira to ask` without the day on which it was raised.
fn undated(words: &str) -> &str {
    static DAY: LazyLock<Pattern> = LazyLock::new(|| Pattern::new(r"^[\[(]?\d{4}-\d{2}-\d{2}[\])]?\s*[:–-]?\s*"));
    DAY.find(words).map_or(words, |day| &words[day.end()..])
}

fn is_dated(words: &str) -> bool {
    undated(words).len() < words.len()
}

/// Whether an empty line parts an item, or one over it, from a list of which each item opens with the day on which it was
/// raised. Where an empty line parts each from the next, it parts no lists.
fn behind_dated(context: &Context<'_>, at: usize) -> bool {
    let blocks = &context.outline.blocks;
    let at = context.outline.parents(at).last().map_or(at, |(top, _)| top);
    let beside = |b: &usize| blocks[*b].is_beside(&blocks[at]);
    let is_dated = |b: usize| is_dated(blocks[b].text.head());
    let parted = |above: usize, below: usize| blocks[above].end_line + 1 < blocks[below].line;
    let above: Vec<usize> = (0..=at).rev().take(40).filter(beside).collect();
    // The dated items come first.
    let later = above.iter().take_while(|&&b| !is_dated(b)).count();
    let (own, list) = above.split_at(later);
    let (Some(&first), Some(&last)) = (own.last(), list.first()) else { return false };
    let next = (at + 1..blocks.len()).take(40).find(beside).is_some_and(|next| !parted(at, next));
    let tight = |of: &[usize]| of.windows(2).any(|pair| !parted(pair[1], pair[0]));
    parted(last, first) && list.iter().all(|&b| is_dated(b)) && (next || tight(own) || tight(list))
}

/// The one task of a list of earlier ones that is written beside what the list is called: "Check AIs from last time: call Jo".
pub(super) fn followed_up(context: &Context<'_>, statement: &Statement<'_>) -> Option<Draft> {
    let (label, rest) = labelled(statement.words())?;
    let block = &context.outline.blocks[statement.block];
    let carried = matches!(section_of(label, context.conventions), Some(Section::Actions { carried: true }));
    // "Action items from last time: Review (5 min)" is an entry of the agenda.
    let task = rest.rfind(" (").filter(|_| rest.trim_end().ends_with(')')).map_or(rest, |aside| &rest[..aside]);
    let verb = commitments::word_at(task);
    let opens =
        (words::is_imperative(verb) && !verb.eq_ignore_ascii_case("see")) || !assigned(rest, context.known).is_empty();
    let fits = block.is_item() && carried && opens && task.split_whitespace().nth(1).is_some();
    fits.then(|| {
        let people = owners::people_at(rest, 0, context.known, true);
        let owners = if people.names.is_empty() { assigned(rest, context.known) } else { people.names };
        Draft { owners, text: clean(&rest[people.end..]), line: statement.line, rule: Rule::Heading }
    })
}

/// What somebody is up to next, in a report of "Done: …", "Next: …" and "Blockers: …" that is theirs.
pub(super) fn reported_next(context: &Context<'_>, statement: &Statement<'_>) -> Option<Draft> {
    let (label, rest) = labelled(statement.words())?;
    let block = &context.outline.blocks[statement.block];
    if !block.is_item() || !NEXT.eq_ignore_ascii_case(label.trim()) {
        return None;
    }
    let owners = reporter(context, statement.block);
    let text = clean(rest);
    // "Next: on vacation until Monday"
    let says = text.split_whitespace().nth(1).is_some() && !text.ends_with('?') && reads_like_a_task(rest);
    (says && !owners.is_empty()).then_some(Draft { owners, text, line: statement.line, rule: Rule::Heading })
}

/// Without a sign of how it stands before it, or an arrow: "✅ Jo: call", ":hourglass: Jo: call", "=> Jo: call".
fn unsigned(words: &str) -> &str {
    let code = words.strip_prefix(':').and_then(|rest| rest.split_once(": "));
    let is_code = |code: &str| {
        !code.is_empty() && code.bytes().all(|b| b.is_ascii_lowercase() || matches!(b, b'_' | b'-' | b'+'))
    };
    let words = code.filter(|(code, _)| is_code(code)).map_or(words, |(_, rest)| rest);
    // Any sign that is no letter, quote or dash.
    let is_sign = |c: char| matches!(c, ' ' | '\u{fe0f}' | '\u{2190}'..='\u{23ff}' | '\u{25a0}'..='\u{27bf}' | '\u{2b00}'..='\u{2bff}' | '\u{1f300}'..='\u{1faff}');
    let words = words.trim_start_matches(is_sign);
    // "=> Jo: call", "-> Jo: call"
    commitments::ARROWS.iter().find_map(|arrow| words.strip_prefix(arrow)).map_or(words, str::trim_start)
}

/// Without what stands before it and says that it comes from an earlier meeting, or how it stands: "[Carry over] Jo: call",
/// "DONE: Jo to call", "[x] Jo: call".
fn unstated<'a>(words: &'a str, conventions: &Conventions) -> &'a str {
    let states = &conventions.states;
    let is_state =
        |why: &str| states.open.iter().chain(&states.done).chain(&states.dropped).any(|s| s.eq_ignore_ascii_case(why));
    let says_so = |why: &str| {
        let carried = || matches!(section_of(why, conventions), Some(Section::Actions { carried: true }));
        ["x", "X", " ", "", "-", "~"].contains(&why) || is_state(why) || carried()
    };
    let inner = words.strip_prefix(['[', '(']).and_then(|inner| inner.split_once([']', ')']));
    if let Some((_, rest)) = inner.filter(|(why, rest)| says_so(why) && !rest.trim().is_empty()) {
        return rest.trim_start_matches([':', ' ']);
    }
    let first = words.split([':', ' ']).next().unwrap_or_default();
    let behind = &words[first.len()..];
    let rest = [": ", " - ", " – "].iter().find_map(|lead| behind.strip_prefix(lead));
    // "Done: the lamp is on" tells of something; in capitals, or with somebody behind it, it is how a task stands.
    let shouts = !first.chars().any(char::is_lowercase);
    let told = |rest: &str| shouts || [": ", " to ", " - "].iter().any(|lead| rest.contains(lead));
    rest.filter(|rest| is_state(first) && rest.contains(' ') && told(rest)).unwrap_or(words)
}

/// Without a remark in brackets in the line below it: "call Jo (Mira)" over "[ twice so far ]".
fn unnoted(words: &str) -> &str {
    let note = words.rfind('\n').filter(|&at| {
        let line = words[at..].trim();
        line.starts_with('[') && line.ends_with(']')
    });
    note.map_or(words, |at| words[..at].trim_end())
}

/// Whether an arrow or a bracket behind a task names somebody who is known.
fn assigned_by_mark(words: &str, context: &Context<'_>) -> bool {
    let found = assigned_behind(words, context.doers);
    let mut marks = commitments::ARROWS.into_iter().chain(["("]);
    found.is_some_and(|(_, at)| marks.any(|mark| words[at..].starts_with(mark)))
}

/// The label "Next:" over an item, or before it.
fn next_over(context: &Context<'_>, at: usize) -> Option<usize> {
    let blocks = &context.outline.blocks;
    let over = || context.outline.parents(at).find(|(_, b)| is_next_label(b));
    let before = || {
        let mut siblings = (at.saturating_sub(40)..at).rev().filter(|&b| blocks[b].parent == blocks[at].parent);
        siblings.find(|&b| blocks[b].text.plain.trim_end().ends_with(':')).filter(|&b| is_next_label(&blocks[b]))
    };
    over().map(|(over, _)| over).or_else(before)
}

/// Whose report of "Done", "Blocked" and "Next" an item stands in: the item, line or heading over it that is a name alone.
pub fn reporter(context: &Context<'_>, label: usize) -> Vec<String> {
    let blocks = &context.outline.blocks;
    let over = context.outline.parents(label).find_map(|(_, b)| names_alone(context, b));
    let before = || blocks[label.saturating_sub(100)..label].iter().rev().find(|b| !b.is_item() && b.parent.is_none());
    over.or_else(|| before().and_then(|b| names_alone(context, b))).unwrap_or_default()
}

/// The people of a block that is nothing but their names.
pub(super) fn names_alone(context: &Context<'_>, block: &Block) -> Option<Vec<String>> {
    let words = block.text.plain.trim().trim_end_matches(':');
    let people = owners::people_at(words, 0, context.doers, false);
    let whole = !people.names.is_empty() && !words[people.end..].chars().any(char::is_alphanumeric);
    whole.then_some(people.names)
}

/// Whether the nearest head over a block speaks of steps, which need not be tasks.
pub fn under_next_steps(context: &Context<'_>, at: usize) -> bool {
    if next_over(context, at).is_some() {
        return true;
    }
    let heads = context.outline.parents(at).chain(context.outline.headings_above(at));
    let mut heads = heads.map(|(_, b)| lower(&b.text.plain).into_owned());
    heads.any(|h| h.contains("next step") || h.contains("nächste schritte") || h.contains("offene punkte"))
        || context.outline.blocks[..at]
            .iter()
            .rev()
            .take(12)
            .any(|b| b.kind == BlockKind::Paragraph && lower(&b.text.plain).contains("next step"))
}

/// An imperative, a gerund or a noun of doing at the start, or a person who is to do it.
fn reads_like_a_task(words: &str) -> bool {
    let first = commitments::word_at(words.trim_start_matches(|c: char| !c.is_alphanumeric()));
    let low = lower(first);
    let noun = ["ion", "ment", "ing", "up"].iter().any(|e| low.ends_with(e)) && words.split_whitespace().count() >= 3;
    words::is_imperative(first) || low == "to" || noun || !owners::handles(words).is_empty() || low == "blog"
}
