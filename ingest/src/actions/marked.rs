//! Tasks that a marker tells: before, behind or around them.

use std::sync::LazyLock;

use super::{Context, Draft, assigned, clean};
use crate::commitments::further;
use crate::facts::Rule;
use crate::markers::{FOR_THEM, Marker, for_group, glued_owner};
use crate::outline::{Block, BlockKind};
use crate::owners::{self, Known};
use crate::pattern::Pattern;
use crate::statement::{Statement, is_aside, labelled, lower, sentences};

/// The tasks of a statement with markers, and the owners of a marker that stands alone.
pub(super) fn marked(
    context: &Context<'_>,
    statement: &Statement<'_>,
    markers: &[Marker],
) -> (Vec<Draft>, Option<Vec<String>>) {
    let words = statement.words();
    // `ToDo: amend the tables (AI Mira)` is one task.
    if let [first, second] = markers
        && second.bracketed
        && !first.bracketed
        && words[first.end..second.start].split_whitespace().count() >= 2
        && let Some(close) = close_bracket(&words[second.end..])
    {
        let inside = &words[second.end..second.end + close];
        let from = inside.len() - inside.trim_start_matches([':', ' ', '*', '_']).len();
        let people = owners::people_at(inside, from, context.known, true);
        let more = clean(&inside[people.end.max(from)..]);
        let mut text = clean(words[first.end..second.start].trim_end_matches(['(', '[', ' ']));
        if more.contains(' ') {
            text = format!("{text} ({more})");
        }
        let draft = Draft { owners: people.names, text, line: statement.line_at(first.start), rule: Rule::Marker };
        return (vec![draft], None);
    }
    let mut drafts = Vec::new();
    let mut alone = None;
    let lead = words[..markers[0].start]
        .trim_end_matches(['(', '[', ' ', '*', '_', '-', '>', '=', ':', ',', '→', '@', '~', '\n']);
    let lead_words = lead.split_whitespace().filter(|w| w.chars().any(char::is_alphanumeric)).count();
    for (n, marker) in markers.iter().enumerate() {
        let end = markers.get(n + 1).map_or(words.len(), |next| next.start);
        let mut rest_at = marker.end;
        rest_at += words[rest_at..end].len()
            - words[rest_at..end]
                .trim_start_matches(['*', '_', ' ', ':', '-', '–', '>', '=', '→', '/', '~', '.'])
                .len();
        // "To do (later): …": when, not who.
        if let Some((when, _)) =
            words[marker.end..end].trim_start().strip_prefix('(').and_then(|inner| inner.split_once("):"))
            && when.len() <= 20
            && owners::people_at(when, 0, context.known, true).names.is_empty()
        {
            let from = marker.end + words[marker.end..end].find("):").unwrap_or(0) + 2;
            rest_at = from + (words[from..end].len() - words[from..end].trim_start().len());
        }
        for link in ["for ", "are to ", "is to ", "will be to ", "would be to ", "would be ", "is "] {
            rest_at += words[rest_at..end].strip_prefix(link).map_or(0, |_| link.len());
        }
        for link in FOR_THEM {
            let rest = words[rest_at..end].strip_prefix(link);
            if rest.is_some_and(|rest| owners::person_at(rest, 0, context.known, false).is_some()) {
                rest_at += link.len();
            }
        }
        let mut people = owners::people_at(&words[..end], rest_at, context.known, true);
        // "AI for all: read it"
        if let Some((group, len)) = for_group(words[marker.end..end].trim_start()) {
            people.names = vec![group.to_owned()];
            people.end = end - words[marker.end..end].trim_start().len() + len;
        }
        // "TODO(mira): ask"
        if people.names.is_empty()
            && let Some((name, close)) = glued_owner(&words[marker.end..end], context.known)
        {
            people.names.extend(name.split(", ").map(|one| one.trim_start_matches('@').to_owned()));
            people.end = marker.end + close;
        }
        let (mut owners, task_at) = (people.names, people.end.max(rest_at));
        let mut behind = &words[task_at..end];
        if marker.bracketed
            && let Some(close) = close_bracket(behind)
        {
            // `… (AI @a) …`: the task is what stands around the bracket, and in it.
            let inside = clean(&behind[..close]);
            let after = behind[close + 1..].trim();
            let around = if lead_words > 0 { format!("{lead} {after}") } else { after.to_owned() };
            let mut text = clean(&around);
            if inside.split_whitespace().count() >= 2 {
                text = if text.is_empty() { inside } else { format!("{text} ({inside})") };
            }
            if owners.is_empty() {
                owners = owners::handles(&behind[..close]);
            }
            if n == 0 && !text.is_empty() {
                drafts.push(Draft { owners, text: strip_speaker(&text), line: statement.line, rule: Rule::Marker });
            } else if n > 0 {
                drafts.push(Draft {
                    owners,
                    text: clean(&words[markers[n - 1].end..marker.start]),
                    line: statement.line_at(marker.start),
                    rule: Rule::Marker,
                });
            } else {
                alone = Some(owners);
            }
            continue;
        }
        behind = behind.trim_matches(['(', '[', ' ', '\n']);
        let task = clean(behind);
        let task_words = task.split_whitespace().filter(|w| w.chars().any(char::is_alphanumeric)).count();
        // "AI @a (with help from @b)" under the task.
        let aside = n == 0 && lead_words == 0 && !owners.is_empty() && is_aside(&words[people.end.min(end)..end]);
        if aside {
            alone = Some(owners);
            continue;
        }
        let only_extra = task_words <= 3 && !owners.is_empty() && lead_words >= 2 && n == 0;
        if task_words == 0 || (only_extra && !behind_is_task(&words[people.end.min(end)..end])) {
            if n == 0 && lead_words >= 2 {
                let text = if task_words == 0 { clean(lead) } else { format!("{} {task}", clean(lead)) };
                drafts.push(Draft { owners, text: strip_speaker(&text), line: statement.line, rule: Rule::Marker });
            } else if n == 0 || !owners.is_empty() {
                alone = Some(owners);
            }
            continue;
        }
        if owners.is_empty() {
            owners = assigned(&task, context.known);
        }
        if owners.is_empty() && n == 0 {
            owners = has_it(&words[..marker.start], context.known);
        }
        let parts = parts_by_owner(behind);
        if parts.len() > 1 {
            let line = statement.line_at(marker.start);
            drafts.extend(parts.into_iter().map(|(owner, text)| Draft {
                owners: vec![owner],
                text,
                line,
                rule: Rule::Marker,
            }));
            continue;
        }
        let line = statement.line_at(marker.start);
        // "AI: mira to write the page, jo to read it"
        let clauses = if owners.is_empty() { Vec::new() } else { further(behind, context.doers, context.reasons) };
        let text =
            clauses.first().map_or(task, |(start, ..)| clean(behind[..*start].trim_end().trim_end_matches([',', ';'])));
        drafts.push(Draft { owners, text, line, rule: Rule::Marker });
        for (n, (_, owners, from)) in clauses.iter().enumerate() {
            let end = clauses.get(n + 1).map_or(behind.len(), |(next, ..)| *next);
            drafts.push(Draft { owners: owners.clone(), text: clean(&behind[*from..end]), line, rule: Rule::Marker });
        }
    }
    (drafts, alone)
}

/// `Mira still has an AI to …`: who has it.
fn has_it(before: &str, known: &Known) -> Vec<String> {
    let people = owners::people_at(before, 0, known, false);
    let verb = lower(before[people.end..].trim_start());
    let has = ["has ", "have ", "had ", "still has ", "still have ", "took ", "takes ", "got "];
    // "Jo - action to ask"
    let dashed = matches!(verb.trim_end(), "-" | "–" | ":");
    if dashed || has.iter().any(|h| verb.starts_with(h)) { people.names } else { Vec::new() }
}

/// `ask the office [Mira], write the tables [Jo]`: several tasks, each with its owner behind it.
fn parts_by_owner(text: &str) -> Vec<(String, String)> {
    static OWNER: LazyLock<Pattern> = LazyLock::new(|| Pattern::new(r"\[(\p{Lu}\p{Ll}+(?: \p{Lu}\p{Ll}+)?)\]"));
    let mut from = 0;
    let mut out = Vec::new();
    for found in OWNER.captures_iter(text) {
        let Some(whole) = found.get(0) else { continue };
        let task = clean(&text[from..whole.start()]);
        if task.contains(' ') {
            out.push((found[1].to_owned(), task));
        }
        from = whole.end();
    }
    out
}

/// Whether what follows the owners is the task: it does when a colon, `to` or `will` leads to it.
fn behind_is_task(rest: &str) -> bool {
    let rest = rest.trim_start_matches(['*', '_', ')', ' ']);
    rest.starts_with(':') || rest.starts_with("to ") || rest.starts_with("will ") || rest.starts_with("- ")
}

/// The bracket that closes one that was opened before the text.
fn close_bracket(text: &str) -> Option<usize> {
    let mut depth = 0;
    for (at, c) in text.char_indices() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' if depth == 0 => return Some(at),
            ')' | ']' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// A marker with nothing to do beside it, and nothing under it: the task is what it hangs on.
pub(super) fn alone(context: &Context<'_>, at: usize, statement: &Statement<'_>, owners: Vec<String>) -> Option<Draft> {
    let item = context.outline.parents(at).next().map(|(_, parent)| parent.line);
    let (_, parent) = context.outline.parents(at).next().or_else(|| {
        (context.outline.blocks[at].heading_level().is_none())
            .then(|| context.outline.headings_above(at).next())
            .flatten()
    })?;
    if owners.is_empty() {
        return None;
    }
    // In prose it is about what was said right before.
    if let Some(before) = said_before(context, at, statement).filter(|_| item.is_none()) {
        return Some(Draft { owners, text: before, line: statement.line, rule: Rule::Marker });
    }
    let text = clean(parent.text.head());
    (!text.is_empty()).then_some(Draft { owners, text, line: item.unwrap_or(statement.line), rule: Rule::Marker })
}

/// The last sentence before a statement of a paragraph: in the same, or in the one above it.
fn said_before(context: &Context<'_>, at: usize, statement: &Statement<'_>) -> Option<String> {
    let blocks = &context.outline.blocks;
    let is_prose = |b: &Block| b.kind == BlockKind::Paragraph && b.parent.is_none() && b.heading == blocks[at].heading;
    if !is_prose(&blocks[at]) {
        return None;
    }
    let own = blocks[at].text.plain[..statement.range.start].trim();
    let near = |b: &&Block| is_prose(b) || (b.is_item() && b.heading == blocks[at].heading);
    let above = || at.checked_sub(1).map(|above| &blocks[above]).filter(near).map(|b| b.text.plain.trim());
    let said = Some(own).filter(|own| !own.is_empty()).or_else(above)?;
    let (_, last) = sentences(said).pop()?;
    Some(clean(last)).filter(|text| text.split_whitespace().nth(2).is_some())
}

/// `Mira: …` less the speaker.
fn strip_speaker(text: &str) -> String {
    match labelled(text) {
        Some((label, rest)) if label.split(' ').count() <= 2 && label.starts_with('@') => rest.to_owned(),
        _ => text.to_owned(),
    }
}
