//! Action items: marked ones (`AI @a: …`, lists under "Action items") here, plain commitments in
//! [`crate::commitments`].

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use crate::commitments;
use crate::conventions::Conventions;
use crate::due::due;
use crate::explain;
use crate::facts::{Action, ActionState, Reference, Rule};
use crate::hints::{Hint, Hints};
use crate::markers::{Marker, Markers};
use crate::outline::{Block, BlockKind, Outline, Style};
use crate::owners::{self, Known};
use crate::pattern::Pattern;
use crate::reasons::{Convention, Reasons, Said};
use crate::state;
use crate::statement::{
    Section, Statement, bare, contains_word, heads_actions, labelled, lower, one_line, rfind_mark, section_of,
    statements,
};
use crate::words;
use jiff::civil::Date;

/// What the search for actions looks at.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The file's outline.
    pub outline: &'a Outline,
    /// The section of each block.
    pub sections: &'a [Section],
    /// What each block can be about.
    pub hints: &'a [Hints],
    /// How the team marks things.
    pub conventions: &'a Conventions,
    /// The markers, compiled.
    pub markers: &'a Markers,
    /// Who was there.
    pub known: &'a Known,
    /// They, and those who speak in the minutes without being listed: "Mira: …".
    pub doers: &'a Known,
    /// The day of the meeting.
    pub date: Option<Date>,
    /// References of the meeting, in order of their lines.
    pub references: &'a [Reference],
    /// Where the rules tell why.
    pub reasons: Reasons<'a>,
}

impl Context<'_> {
    /// Title of the heading over a block.
    pub fn topic(&self, block: usize) -> Option<String> {
        let b = &self.outline.blocks[block];
        let heading = if b.heading_level().is_some() { Some(block) } else { b.heading };
        heading.map(|h| crate::meeting::clean_title(&self.outline.blocks[h].text.plain)).filter(|t| !t.is_empty())
    }

    /// Targets of the references between two lines; of lines with very many of them, the first.
    pub fn references_in(&self, line: u32, last: u32) -> Vec<String> {
        const MOST: usize = 32;
        let from = self.references.partition_point(|r| r.line < line);
        let mut out: Vec<String> = Vec::new();
        for r in self.references[from..].iter().take_while(|r| r.line <= last).take(MOST) {
            if !out.contains(&r.target) {
                out.push(r.target.clone());
            }
        }
        out
    }
}

/// An action before its state, deadline and place are known.
struct Draft {
    owners: Vec<String>,
    text: String,
    line: u32,
    rule: Rule,
}

/// The actions of `blocks`, in order.
pub fn actions(context: &Context<'_>, blocks: Range<usize>) -> Vec<Action> {
    let outline = context.outline;
    let mut found: Vec<Action> = Vec::new();
    // Owners whom a bare marker ("AI @a") or name hands down to the items under it.
    let mut handed: HashMap<usize, Vec<String>> = HashMap::new();
    // Items that are actions, so that what stands under them is detail.
    let mut taken: Vec<bool> = vec![false; blocks.len()];
    let first = blocks.start;
    let under_taken = |taken: &[bool], block: &Block| {
        block.parent.and_then(|p| p.checked_sub(first)).is_some_and(|parent| taken[parent])
    };
    for at in blocks {
        let block = &outline.blocks[at];
        if matches!(block.kind, BlockKind::Fence | BlockKind::Rule) || block.text.plain.trim().is_empty() {
            continue;
        }
        let section = &context.sections[at];
        let marker = context.hints[at].has(Hint::Marker);
        let opens =
            |line: &str| (marker && context.markers.opens(line)) || line.starts_with("->") || line.starts_with("=>");
        let mut drafts: Vec<(Draft, &str, Said)> = Vec::new();
        for statement in statements(at, block, opens) {
            let words = statement.words();
            let told = context.reasons;
            told.about(&statement);
            let mut markers = if marker { context.markers.find(words, context.known) } else { Vec::new() };
            if marker && markers.is_empty() {
                markers.extend(context.markers.in_emphasis(&statement));
            }
            // "#### To do: amend the tide tables" is a task of its own.
            let says = || labelled(words).is_some_and(|(_, rest)| rest.split_whitespace().nth(2).is_some());
            let heads = words.ends_with(':') || (block.heading_level().is_some() && !says());
            let hinted = context.hints[at].has(Hint::Section);
            let is_head =
                (heads && hinted && matches!(section_of(words, context.conventions), Some(Section::Actions { .. })))
                    || (hinted && heads_actions(block, context.conventions) && block.task().is_none());
            if is_head {
                told.refuse(Convention::Lists, || "it is itself the head of a list of actions".to_owned());
                continue;
            }
            let is_link = block.text.links(statement.range.clone()).any(|(range, _)| range.len() >= words.len());
            if is_link && block.is_item() && !matches!(section, Section::Actions { .. }) {
                told.refuse(Convention::Doers, || "it is nothing but a link".to_owned());
                continue;
            }
            for (word, why) in told.each(|| context.markers.refused(words, context.known)) {
                told.refuse(Convention::Markers, || format!("{word:?} {why}"));
            }
            if !markers.is_empty() {
                let (marked, bare_owners) = marked(context, &statement, &markers);
                if let Some(owners) = bare_owners {
                    let has_items = block.items > 0;
                    if has_items && block.is_item() {
                        handed.insert(at, owners);
                    } else if let Some(draft) = alone(context, at, &statement, owners) {
                        drafts.push((draft, words, told.said(Convention::Markers, markers[0].of(words))));
                    } else {
                        told.refuse(Convention::Markers, || {
                            format!("{:?} stands alone: no task is beside it or over it", markers[0].of(words))
                        });
                    }
                }
                let each = marked.len() == markers.len();
                drafts.extend(marked.into_iter().enumerate().map(|(n, draft)| {
                    let marker = markers[if each { n } else { 0 }];
                    (draft, words, told.said(Convention::Markers, marker.of(words)))
                }));
                continue;
            }
            if matches!(section, Section::People { .. }) {
                told.refuse(Convention::Doers, || "on a list of participants only markers count".to_owned());
                continue;
            }
            let listed =
                matches!(section, Section::Actions { .. }) || block.parent.is_some_and(|p| handed.contains_key(&p));
            if listed && block.is_item() {
                let under_action = under_taken(&taken, block);
                match listed_task(context, block, &statement, under_action) {
                    Listed::Task(mut draft) => {
                        if draft.owners.is_empty() {
                            draft.owners = block.parent.and_then(|p| handed.get(&p)).cloned().unwrap_or_default();
                        }
                        let sign = if draft.rule == Rule::Checkbox { Convention::Boxes } else { Convention::Lists };
                        drafts.push((draft, words, told.said(sign, "")));
                    }
                    Listed::OwnersOf(owners) => {
                        told.refuse(Convention::Lists, || "names alone: the items under it are theirs".to_owned());
                        handed.insert(at, owners);
                    }
                    Listed::Group => {
                        told.refuse(Convention::Lists, || "it only stands over further items".to_owned());
                        handed.entry(at).or_default();
                    }
                    Listed::Detail(why) => told.refuse(Convention::Lists, || why.to_owned()),
                }
                continue;
            }
            if block.task().is_some()
                && let Some(draft) = boxed_task(context, &statement)
            {
                drafts.push((draft, words, told.said(Convention::Boxes, "")));
                continue;
            }
            if matches!(block.kind, BlockKind::Row { header: true, .. }) {
                told.refuse(Convention::Doers, || "it is the head of a table".to_owned());
                continue;
            }
            for plain in commitments::commitments(context, at, &statement) {
                let said = told.said(plain.sign, words.get(plain.words).unwrap_or_default());
                let draft = Draft {
                    owners: plain.owners,
                    text: plain.text,
                    line: statement.line_at(plain.offset),
                    rule: plain.rule,
                };
                drafts.push((draft, words, said));
            }
        }
        let marked = drafts.iter().any(|(d, _, _)| matches!(d.rule, Rule::Marker | Rule::Heading | Rule::Checkbox));
        taken[at - first] = marked || (drafts.is_empty() && under_taken(&taken, block));
        let noted = if drafts.is_empty() { None } else { noted(context, at).or_else(|| noted_behind(context, at)) };
        for (draft, words, said) in drafts {
            if let Some(action) = finish(context, at, draft, words, said, noted) {
                found.push(action);
            }
        }
    }
    found.sort_by_key(|a| a.line);
    found
}

/// The tasks of a statement with markers, and the owners of a marker that stands alone.
fn marked(context: &Context<'_>, statement: &Statement<'_>, markers: &[Marker]) -> (Vec<Draft>, Option<Vec<String>>) {
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
            - words[rest_at..end].trim_start_matches(['*', '_', ' ', ':', '-', '–', '>', '~']).len();
        // "To do (later): …": when, not who.
        if let Some((when, _)) =
            words[marker.end..end].trim_start().strip_prefix('(').and_then(|inner| inner.split_once("):"))
            && when.len() <= 20
            && owners::people_at(when, 0, context.known, true).names.is_empty()
        {
            let from = marker.end + words[marker.end..end].find("):").unwrap_or(0) + 2;
            rest_at = from + (words[from..end].len() - words[from..end].trim_start().len());
        }
        for link in ["for ", "are to ", "is to ", "will be to ", "would be to "] {
            rest_at += words[rest_at..end].strip_prefix(link).map_or(0, |_| link.len());
        }
        let people = owners::people_at(&words[..end], rest_at, context.known, true);
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
        let aside = n == 0
            && lead_words == 0
            && !owners.is_empty()
            && words[people.end.min(end)..end].trim_start().starts_with('(')
            && task.ends_with(')');
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
        drafts.push(Draft { owners, text: task, line: statement.line_at(marker.start), rule: Rule::Marker });
    }
    (drafts, alone)
}

/// `Mira still has an AI to …`: who has it.
fn has_it(before: &str, known: &Known) -> Vec<String> {
    let people = owners::people_at(before, 0, known, false);
    let verb = lower(before[people.end..].trim_start());
    let has = ["has ", "have ", "had ", "still has ", "still have ", "took ", "takes ", "got "];
    if has.iter().any(|h| verb.starts_with(h)) { people.names } else { Vec::new() }
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
fn alone(context: &Context<'_>, at: usize, statement: &Statement<'_>, owners: Vec<String>) -> Option<Draft> {
    let item = context.outline.parents(at).next().map(|(_, parent)| parent.line);
    let (_, parent) = context.outline.parents(at).next().or_else(|| {
        (context.outline.blocks[at].heading_level().is_none())
            .then(|| context.outline.headings_above(at).next())
            .flatten()
    })?;
    if owners.is_empty() {
        return None;
    }
    let text = clean(parent.text.head());
    (!text.is_empty()).then_some(Draft { owners, text, line: item.unwrap_or(statement.line), rule: Rule::Marker })
}

/// `- [ ] @jo: ask the office`: a box, a handle and something to do.
fn boxed_task(context: &Context<'_>, statement: &Statement<'_>) -> Option<Draft> {
    let words = statement.words();
    let people = owners::people_at(words, 0, context.known, false);
    let rest = words[people.end..].trim_start();
    let task = rest.strip_prefix(':').map_or(rest, str::trim_start);
    let task = task.strip_prefix("to ").unwrap_or(task);
    let first = task.split(|c: char| !(c.is_alphanumeric() || c == '-')).next().unwrap_or_default();
    let doer = words.trim_start().starts_with('@') && !people.names.is_empty();
    (doer && words::is_imperative(first)).then(|| Draft {
        owners: people.names,
        text: clean(task),
        line: statement.line,
        rule: Rule::Checkbox,
    })
}

enum Listed {
    Task(Draft),
    /// Only names: the items under it are theirs.
    OwnersOf(Vec<String>),
    /// A label over further items.
    Group,
    /// No task, and why: progress of, or detail to, the action above, a remark.
    Detail(&'static str),
}

/// An item of a list of actions.
fn listed_task(context: &Context<'_>, block: &Block, statement: &Statement<'_>, under_action: bool) -> Listed {
    let words = undated(statement.words());
    let at = statement.block;
    let has_items = context.outline.blocks[at].items > 0;
    let people = owners::people_at(words, 0, context.known, true);
    let rest = words[people.end..].trim_start_matches([':', ' ', '*', '_']);
    let asks = people.names.is_empty() && words.trim_end().ends_with('?') && block.task().is_none();
    let points = (words.starts_with("http") && !words.contains(' ')) || rest.starts_with("See ");
    if asks || points {
        let why = if asks { "it is a question" } else { "it only points elsewhere" };
        return if has_items { Listed::Group } else { Listed::Detail(why) };
    }
    if !people.names.is_empty() && rest.is_empty() {
        if has_items {
            return Listed::OwnersOf(people.names);
        }
        // One capitalised word may be a task too.
        let deep = context.outline.blocks[at].parent.and_then(|p| context.outline.blocks[p].parent).is_some();
        if words.contains([' ', '@']) || deep || people.names.iter().any(|n| context.doers.has(n)) {
            return Listed::Detail("names alone, with nothing to do");
        }
        let text = clean(words);
        if state::of_note(words, &context.conventions.states).is_some() {
            return Listed::Detail("it is a note on the state of the action above");
        }
        return Listed::Task(Draft { owners: Vec::new(), text, line: statement.line, rule: Rule::Heading });
    }
    let has_task = context.outline.blocks[at].task().is_some();
    // "@mira told what happened": a report; "Jo: that could be used": a word in the talk on next steps.
    // "@mira told them - DONE" is what became of her task.
    let closed = !under_action && state::of_task(words, &context.conventions.states).is_some();
    let reports = !people.names.is_empty()
        && !has_task
        && !closed
        && if words[people.end..].starts_with(':') {
            under_next_steps(context, at) && !commitments::promises(rest)
        } else {
            commitments::SPEECH.is_match(rest) || is_past(rest)
        };
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
        if !(doer || other()) || state::of_note(words, &context.conventions.states).is_some() {
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
    // "Next steps" hold remarks and topics too.
    if matches!(context.sections[at], Section::Actions { carried: false })
        && people.names.is_empty()
        && block.task().is_none()
        && under_next_steps(context, at)
        && !reads_like_a_task(words)
    {
        return Listed::Detail("under \"next steps\" only what opens like a task or names somebody counts");
    }
    let is_link_only = context.outline.blocks[at].text.spans.iter().any(|s| s.range.len() + 2 >= words.len())
        && words.split_whitespace().count() <= 1;
    if is_link_only {
        return Listed::Detail("it is nothing but a link");
    }
    let (owners, text) = if people.names.is_empty() {
        (assigned(words, context.known), clean(words))
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

/// Whether the nearest head over a block speaks of steps, which need not be tasks.
pub fn under_next_steps(context: &Context<'_>, at: usize) -> bool {
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
    let first = words
        .trim_start_matches(|c: char| !c.is_alphanumeric())
        .split(|c: char| !(c.is_alphanumeric() || c == '-'))
        .next()
        .unwrap_or_default();
    let low = lower(first);
    let noun = ["ion", "ment", "ing", "up"].iter().any(|e| low.ends_with(e)) && words.split_whitespace().count() >= 3;
    words::is_imperative(first) || low == "to" || noun || !owners::handles(words).is_empty() || low == "blog"
}

/// Owners of a task, behind it or in front.
pub fn assigned(text: &str, known: &Known) -> Vec<String> {
    assigned_behind(text, known).map_or_else(
        || {
            // `@a: …` or `Mira to …` at the start
            let people = owners::people_at(text, 0, known, false);
            let rest = text[people.end..].trim_start();
            let leads = [":", "to ", "will "].iter().any(|lead| rest.starts_with(lead));
            if leads { people.names } else { Vec::new() }
        },
        |(owners, _)| owners,
    )
}

/// Owners behind a task, and where it ends: `… (@a, @b)`, `… -> @a`, `… [Peter]`, `…, @a, @b`, `… @a`.
pub fn assigned_behind(text: &str, known: &Known) -> Option<(Vec<String>, usize)> {
    let trimmed = text.trim_end_matches(['.', ' ', '*', '_', '!']);
    if trimmed.ends_with([')', ']'])
        && let Some(open) = trimmed.rfind(['(', '['])
    {
        let inside = &trimmed[open + 1..trimmed.len() - 1];
        if owners::is_everybody(inside) {
            return Some((vec![inside.to_owned()], open));
        }
        let inside = inside.trim_start_matches('+');
        let people = owners::people_at(inside, 0, known, false);
        let behind = inside[people.end..].trim().trim_start_matches(',').trim_start();
        if !people.names.is_empty() && (behind.is_empty() || behind.starts_with("others")) {
            return Some((people.names, open));
        }
    }
    let last = |from: usize| {
        let people = owners::people_at(trimmed, from, known, false);
        let whole = !people.names.is_empty() && trimmed[people.end..].trim().is_empty();
        whole.then_some(people.names)
    };
    for arrow in ["->", "=>", "→", " - ", ": "] {
        if let Some(open) = rfind_mark(trimmed, arrow)
            && let Some(names) = last(open + arrow.len())
        {
            return Some((names, open));
        }
    }
    // "raise an issue, Mira", "raise an issue, @mira, @jo", "raise an issue @mira, @jo"
    let commas = trimmed.rmatch_indices(", ").map(|(open, _)| (open, last(open + 2)));
    let mut behind = commas.take(6).map_while(|(open, names)| Some((names?, open))).last();
    if let Some((_, comma)) = behind
        && let Some(open) = trimmed[..comma].rfind(' ').filter(|&open| trimmed[open + 1..].starts_with('@'))
        && let Some(names) = last(open + 1)
    {
        behind = Some((names, open));
    }
    if behind.is_some() {
        return behind;
    }
    let open = rfind_mark(trimmed, " @")?;
    const OTHERWISE: [&str; 8] = [" with", " to", " from", " by", " of", " and", " for", "thanks"];
    let before = lower(&trimmed[..open]);
    let one = !trimmed[open + 2..].contains([' ', '\'', '’']) && !OTHERWISE.iter().any(|w| before.ends_with(w));
    let handles = owners::handles(&trimmed[open..]);
    (one && !handles.is_empty()).then_some((handles, open))
}

/// The task's words, without the marks around them.
pub fn clean(text: &str) -> String {
    let mut text = text.trim();
    // What is left of "(@a will ask)" without its doer.
    if let Some(inner) = text.strip_prefix("( ").and_then(|t| t.trim_end_matches('.').strip_suffix(')'))
        && !inner.contains(['(', ')'])
    {
        text = inner;
    }
    loop {
        let before = text;
        text =
            text.trim_start_matches(['*', '_', ':', ' ', '-', '–', '>', '=', ',', '→', '~', '\n', '.', ')', ']', ';']);
        for lead in ["to ", "will ", "should ", "will", "please "] {
            if let Some(rest) = text.strip_prefix(lead).filter(|r| !r.is_empty()) {
                text = rest;
            }
        }
        text = text.trim_end_matches(['*', '_', ' ', '~', '-', '–', ',', '\n', '>', '=']);
        if text == before {
            break;
        }
    }
    let opens = text.matches('(').count();
    let closes = text.matches(')').count();
    let text = if closes > opens {
        text.trim_end_matches([')', ' '])
    } else if opens > closes {
        text.trim_end_matches(['(', ' '])
    } else {
        text
    };
    one_line(text)
}

/// `Mira: …` less the speaker.
fn strip_speaker(text: &str) -> String {
    match labelled(text) {
        Some((label, rest)) if label.split(' ').count() <= 2 && label.starts_with('@') => rest.to_owned(),
        _ => text.to_owned(),
    }
}

/// The action of a draft. `statement` is the one that it stands in: another line of the block has its own deadline.
fn finish(
    context: &Context<'_>,
    at: usize,
    mut draft: Draft,
    statement: &str,
    said: Said,
    noted: Option<Noted>,
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
    let text = draft.text;
    let bare_text = lower(&text);
    let nothing = ["none", "no action", "nothing", "n/a", "keine", "no one", "tbd", "who?"];
    if !text.chars().any(char::is_alphabetic)
        || nothing.iter().any(|n| bare_text.starts_with(n) && bare_text.len() < n.len() + 28)
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
    let told =
        |text: &str| context.conventions.lists().states.may_be_in(text).then(|| state::of_task(text, states)).flatten();
    let ticked = block.task() == Some(true) && draft.rule != Rule::Commitment;
    if ticked || struck {
        state = ActionState::Done;
    } else if let Some(told) = told(&text).or_else(|| told(own_words)) {
        state = told;
    }
    if struck && state::of_task(&text, states) == Some(ActionState::Dropped) {
        state = ActionState::Dropped;
    }
    let explicit = matches!(draft.rule, Rule::Marker | Rule::Heading | Rule::Checkbox);
    state = noted.map_or(state, |n| n.state);
    let nested = draft.rule == Rule::Marker
        && block.depth > 1
        && context.outline.parents(at).any(|(p, _)| matches!(context.sections[p], Section::Actions { carried: true }));
    let says_carried = |words: &str| context.conventions.lists().carried_words.is_in(words);
    let mut above = context.outline.parents(at).chain(context.outline.headings_above(at).take(1));
    let followed = (!nested)
        .then(|| above.find(|(_, b)| b.text.plain.len() < 100 && says_carried(&b.text.plain)))
        .flatten()
        .map(|(over, _)| over);
    let carried = followed.is_some()
        || (matches!(context.sections[at], Section::Actions { carried: true }) && !nested)
        || says_carried(own_words);
    // A sentence has its own deadline; a task in a line may have it beside it, or under it: "Deadline: Friday".
    let beside = if draft.rule == Rule::Commitment { "" } else { own_words };
    let due = due(&text, context.date)
        .or_else(|| due(&one_line(beside), context.date))
        .or_else(|| due(deadline_under(context, at)?, context.date));
    let end_line = if block.is_item() { block.end_line } else { block.last_line };
    context.reasons.action(draft.line, &text, said, || {
        let told = explain::Became { text: &text, own_words, state, ticked, struck, noted, carried, followed };
        explain::became(context, at, &told, due.as_ref())
    });
    Some(Action {
        line: draft.line,
        end_line: end_line.max(draft.line),
        owners: draft.owners,
        references: context.references_in(draft.line, block.last_line.max(draft.line)),
        text,
        state,
        due,
        explicit,
        carried,
        topic: context.topic(at),
        rule: draft.rule,
    })
}

/// Who a label in a task, or in a note under it, says is to do it, and the words without that:
/// "print the tables (Verantwortlich: Mira)", "Owner: @jo".
fn responsible(text: &str, known: &Known) -> Option<(Vec<String>, String)> {
    static LABEL: LazyLock<Pattern> = LazyLock::new(|| {
        Pattern::new(
            r"(?i)(?:^|[(\[,;–-]\s*|\.\s+)\W*(?:owners?|responsible|assignees?|assigned\s+to|verantwortlich(?:er?)?|zuständig|zu\s+erledigen\s+von)\s*:\W*?\s*",
        )
    });
    if memchr::memchr(b':', text.as_bytes()).is_none() {
        return None;
    }
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
fn noted_behind(context: &Context<'_>, at: usize) -> Option<Noted> {
    let blocks = &context.outline.blocks;
    let own = &blocks[at];
    let behind = blocks[at + 1..].iter().take(24).position(|b| b.parent == own.parent)?;
    let block = at + 1 + behind;
    let next = &blocks[block];
    let text = next.text.head();
    let is_note = own.is_item() && next.is_item() && next.heading == own.heading && next.task().is_none();
    let (label, _) = labelled(text).filter(|_| is_note)?;
    let told = label.split_whitespace().count() == 1 && !has_marker(context, block, text);
    let state = told.then(|| state::of_note(label, &context.conventions.states)).flatten()?;
    Some(Noted { block, state })
}

fn has_marker(context: &Context<'_>, block: usize, text: &str) -> bool {
    context.hints[block].has(Hint::Marker) && !context.markers.find(text, context.known).is_empty()
}

/// The state that the notes under an item tell; the last word counts.
fn noted(context: &Context<'_>, at: usize) -> Option<Noted> {
    if !context.outline.blocks[at].is_item() {
        return None;
    }
    let notes = context.outline.children(at).filter(|(_, c)| c.is_item() || c.kind == BlockKind::Paragraph);
    // "@jo to comment -> done" is a task of its own.
    let is_task = |text: &str| {
        let people = owners::people_at(text, 0, context.known, false);
        !people.names.is_empty() && text[people.end..].trim_start().starts_with("to ")
    };
    let without_marker = notes.filter(|(n, c)| !has_marker(context, *n, &c.text.plain) && !is_task(&c.text.plain));
    without_marker
        .filter_map(|(block, c)| {
            let first = c.text.plain.lines().next().unwrap_or_default();
            state::of_note(first, &context.conventions.states).map(|state| Noted { block, state })
        })
        .last()
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

#[cfg(test)]
mod tests {
    use crate::extract;

    /// `line owners: text [state] {due}`; unmarked ones with a `~`, carried ones with a `+` before them.
    fn check(source: &str, expected: &[&str]) {
        let told: Vec<String> = extract(source, "2026-01-13.md")
            .remove(0)
            .actions
            .into_iter()
            .map(|a| {
                let state = format!("{:?}", a.state).to_lowercase();
                let state = if state == "open" { String::new() } else { format!(" [{state}]") };
                let due = a.due.map_or(String::new(), |d| format!(" {{{}}}", d.text));
                let mark = format!("{}{}", if a.explicit { "" } else { "~" }, if a.carried { "+" } else { "" });
                format!("{mark}{} {}: {}{state}{due}", a.line, a.owners.join(","), a.text)
            })
            .collect();
        assert_eq!(told, expected, "{source}");
    }

    #[test]
    fn markers_before_after_and_around_a_task() {
        check("- AI @mira: ask the office\n", &["1 mira: ask the office"]);
        check("- _AI @mira: ask the office_\n", &["1 mira: ask the office"]);
        check("- AI: @mira to ask the office\n", &["1 mira: ask the office"]);
        check("- convert the tide table (AI @mira)\n", &["1 mira: convert the tide table"]);
        check("- the table is wrong -> AI @mira, @jo\n", &["1 mira,jo: the table is wrong"]);
        check("- AI @mira/@jo: ask\n- AI @mira via @jo: call\n", &["1 mira,jo: ask", "2 mira: call"]);
        check("#### Convert the tide table (AI @mira)\n", &["1 mira: Convert the tide table"]);
        check(
            "- AI\n    - @mira: ask the office\n    - call the printer\n",
            &["2 mira: ask the office", "3 : call the printer"],
        );
        check("- Mira still has an AI to ask the office\n", &["1 : ask the office"]);
        check(
            "- all read it. Action for all to answer.\n- Next steps are to ask the office\n",
            &["1 all: answer.", "2 : ask the office"],
        );
        check("- To do (later): ask the office\n", &["1 : ask the office"]);
        check("- TODO(@mira) ask the office\n- ToDo: clean up\n", &["1 mira: ask the office", "2 : clean up"]);
        check("- ACTION: Mira to ask the office by Friday\n", &["1 Mira: ask the office by Friday {by Friday}"]);
        check("- ToDo: amend the tables (AI Kurt to propose)\n", &["1 Kurt: amend the tables"]);
        check("- the clock is off\n    - AI @mira\n", &["1 mira: the clock is off"]);
        check("- Aufgabe: @mira fragt bis Ende Mai nach\n", &["1 mira: fragt bis Ende Mai nach {bis Ende Mai}"]);
        check(
            "- _AI reminder next week_\n- AI for @mira, @jo: ask\n",
            &["1 : reminder next week {next week}", "2 mira,jo: ask"],
        );
    }

    #[test]
    fn what_only_looks_like_one() {
        for line in [
            "AI based berth forecasts",
            "we want AI for forecasts",
            "seems to be generated by AI",
            "the GitHub action is broken",
            "a call to action",
            "no AIs this week",
            "AI: none",
            "@mira has merged the PR",
            "@mira: thinks that it is too early",
            "Mira will be back on Thursday",
            "somebody should look into this",
            "Report in the community call: @mira",
            "Documentation will follow",
        ] {
            check(&format!("- {line}\n"), &[]);
        }
    }

    #[test]
    fn lists_under_a_heading_and_what_became_of_them() {
        check(
            "## Check AIs from last time\n- AI @mira: ask the office\n    - done: see #4\n- @jo: call the printer - ongoing\n    - _AI @jo: send an invoice_\n- ~~@tim: tidy up~~\n",
            &[
                "+2 mira: ask the office [done]",
                "+4 jo: call the printer - ongoing",
                "5 jo: send an invoice",
                "+6 tim: tidy up [done]",
            ],
        );
        check(
            "## Action items\n- [ ] @mira: ask\n- [x] Jo to call them\n- none\n",
            &["2 mira: ask", "3 Jo: call them [done]"],
        );
        check(
            "- Action item (AI) follow-up\n    - [2026-01-06]: Mira to ask\n        - Jo: is that so?\n    - all: read it\n    - What about the harbour?\n",
            &["2 Mira: ask", "4 all: read it"],
        );
        check(
            "## Action items\n- @mira called the printer - DONE\n- @mira called the office\n",
            &["2 mira: called the printer - DONE [done]"],
        );
        check(
            "## Next steps\n- Ask the office\n- We like the blue one\n- @jo to call\n",
            &["2 : Ask the office", "4 jo: call"],
        );
    }

    #[test]
    fn commitments_without_a_marker() {
        check("- @mira will invite the harbours\n", &["~1 mira: invite the harbours"]);
        check("- Antoine will send an email\n", &["~1 Antoine: send an email"]);
        check("- the chart is old -> @mira to ask for a new one\n", &["~1 mira: ask for a new one"]);
        check(
            "- Document the cache (@mira)\n- feedback from @jo pending\n",
            &["~1 mira: Document the cache", "~2 jo: feedback from @jo pending"],
        );
        check("Present: Matej, Oliver\n\n- Matej pings Oliver\n", &["~3 Matej: pings Oliver"]);
        check("- @mira to write, @jo to review\n", &["~1 mira: write", "~1 jo: review"]);
        check("- the page is old -> @mira\n", &["~1 mira: the page is old"]);
        check("- Licence of the charts\n    -> @mira\n", &["~2 mira: Licence of the charts"]);
        check("- the chart is to be redrawn by @mira\n", &["~1 mira: the chart is to be redrawn by @mira"]);
        check("- no chart yet, Mark and Jo to draw one\n", &["~1 Mark,Jo: no chart yet, draw one"]);
        check("Present: Mira\n\n- Call the harbour, Mira\n", &["~3 Mira: Call the harbour"]);
        check("- Will ask the office, @mira, @jo\n", &["~1 mira,jo: Will ask the office"]);
        check("- Redraw it (@mira, others to help)\n", &["~1 mira: Redraw it"]);
        check("- Should we redraw the chart? Yes, @mira\n", &["~1 mira: Should we redraw the chart"]);
        check("- the chart is old --> @mira please redraw it\n", &["~1 mira: the chart is old --> redraw it"]);
        check("- HO will look into the charts\n- HO will support both\n", &["~1 HO: look into the charts"]);
        check("- mail TBW by @mira\n", &["~1 mira: mail TBW by @mira"]);
        check("- Mira is sending the form on Friday\n", &[]);
        check(
            "Present: Mira\n\n- Mira is sending the form on Friday\n",
            &["~3 Mira: is sending the form on Friday {on Friday}"],
        );
    }

    #[test]
    fn speakers_commit_themselves() {
        let talk = |said: &str| format!("- Mira: the tide is in.\n- Jo: it is late.\n- Mira: {said}\n- Jo: fine\n");
        for (said, task) in [
            ("That is wrong. I'll ask the office.", "I'll ask the office."),
            ("Going to ask the office.", "Going to ask the office."),
            ("To ask the office", "ask the office"),
            ("Have a list, and will share it", "Have a list, and will share it"),
            ("Will be asking the office", "Will be asking the office"),
        ] {
            check(&talk(said), &[format!("~3 Mira: {task}").as_str()]);
        }
        for said in [
            "That will need time.",
            "Will depend on the tide.",
            "To be honest, it is late.",
            "Will you ask the office?",
            "The office will close.",
            "Looking forward to it.",
        ] {
            check(&talk(said), &[]);
        }
    }
}
