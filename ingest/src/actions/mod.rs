//! Action items: marked ones (`AI @a: …`) in `marked`, lists under "Action items" in `listed`, tables in `tabled`, check
//! boxes in `boxed`, what became of them in `outcome`; plain commitments in [`crate::commitments`].

mod boxed;
mod listed;
mod marked;
mod outcome;
mod tabled;
#[cfg(test)]
mod tests;

pub use listed::{reporter, under_next_steps};
pub use outcome::{Noted, last_told};

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use jiff::civil::Date;

use self::boxed::boxed_task;
use self::listed::{Listed, followed_up, listed_task, reported_next};
use self::marked::{alone, marked};
use self::outcome::{finish, noted, noted_behind, status_of};
use crate::commitments;
use crate::conventions::Conventions;
use crate::facts::{Action, ActionState, Reference, Rule};
use crate::hints::{Hint, Hints};
use crate::markers::Markers;
use crate::outline::{Block, BlockKind, Outline, Text};
use crate::owners::{self, Known};
use crate::participants::lists_people;
use crate::pattern::Pattern;
use crate::reasons::{Convention, Reasons, Said};
use crate::state;
use crate::statement::{
    Section, heads_actions, is_decision_label, labelled, labels_actions, lower, one_line, rfind_mark, section_of,
    section_under, statements,
};
use crate::words;

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

    /// The references between two lines.
    pub fn references_on(&self, line: u32, last: u32) -> &[Reference] {
        let from = self.references.partition_point(|r| r.line < line);
        let behind = &self.references[from..];
        &behind[..behind.partition_point(|r| r.line <= last)]
    }

    /// Targets of the references between two lines; of lines with very many of them, the first.
    pub fn references_in(&self, line: u32, last: u32) -> Vec<String> {
        const MOST: usize = 32;
        let mut out: Vec<String> = Vec::new();
        for r in self.references_on(line, last).iter().take(MOST) {
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
    // The columns of the table at hand.
    let mut table: Option<tabled::Columns> = None;
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
        if let BlockKind::Row { header, cells } = &block.kind {
            if *header {
                table = tabled::columns(cells, section);
            } else if let Some(columns) = table {
                found.extend(row(context, at, cells, columns));
                continue;
            }
        }
        let marker = context.hints[at].has(Hint::Marker);
        let decision = context.hints[at].has(Hint::Decision);
        let opens = |line: &str| {
            (marker && context.markers.opens(line))
                || commitments::opens_with_arrow(line)
                || (decision && labelled(line).is_some_and(|(label, _)| is_decision_label(label, context.conventions)))
        };
        let mut drafts: Vec<(Draft, &str, Said)> = Vec::new();
        // "**Actions**" in the first line of a paragraph, over lines of their own.
        let mut begun: Option<bool> = None;
        let mut status: Option<(ActionState, String)> = None;
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
            let bare = || labelled(words).is_none_or(|(_, rest)| rest.trim().is_empty()) || block.items > 0;
            let heads = (words.ends_with(':') && bare()) || (block.heading_level().is_some() && !says());
            let hinted = context.hints[at].has(Hint::Section);
            let is_head =
                (heads && hinted && matches!(section_under(words, context.conventions), Some(Section::Actions { .. })))
                    || (hinted && block.task().is_none() && heads_actions(block, context.conventions).is_some())
                    || (hinted && !block.is_item() && labels_actions(block, context.conventions));
            if hinted
                && block.kind == BlockKind::Paragraph
                && statement.stands_over()
                && let Some(Section::Actions { carried }) = section_of(words, context.conventions)
            {
                begun = Some(carried);
            }
            if is_head || (begun.is_some() && statement.range.start == 0) {
                told.refuse(Convention::Lists, || "it is itself the head of a list of actions".to_owned());
                continue;
            }
            let whole_link = block.text.links(statement.range.clone()).find(|(range, _)| range.len() >= words.len());
            // "[All open actions](https://…/issues?q=…)" is none of them.
            let is_query = |url: &str| url.contains("?q=");
            if let Some((_, url)) = whole_link
                && block.is_item()
                && (!matches!(section, Section::Actions { .. }) || is_query(url))
            {
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
            if matches!(section, Section::People { .. }) || (hinted && lists_people(&statement, context.conventions)) {
                told.refuse(Convention::Doers, || "on a list of participants only markers count".to_owned());
                continue;
            }
            if let Some(stands) = status_of(words)
                && matches!(section, Section::Actions { .. })
            {
                told.refuse(Convention::Lists, || "it tells how the action above stands".to_owned());
                status = state::noted(stands, context.conventions).map(|state| (state, stands.to_owned())).or(status);
                continue;
            }
            let listed =
                matches!(section, Section::Actions { .. }) || block.parent.is_some_and(|p| handed.contains_key(&p));
            let line = block.kind == BlockKind::Paragraph
                && (listed || begun.is_some())
                && is_line_of(context, words, begun.is_some());
            if (listed && block.is_item()) || line {
                let under_action = under_taken(&taken, block);
                let mut talks = false;
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
                    Listed::Talk(why) => {
                        told.refuse(Convention::Lists, || why.to_owned());
                        talks = true;
                    }
                }
                if !talks {
                    continue;
                }
            }
            if block.task().is_some()
                && let Some(draft) = boxed_task(context, &statement)
            {
                drafts.push((draft, words, told.said(Convention::Boxes, "")));
                continue;
            }
            if hinted && let Some(draft) = followed_up(context, &statement) {
                drafts.push((draft, words, told.said(Convention::Lists, "")));
                continue;
            }
            if hinted && let Some(draft) = reported_next(context, &statement) {
                drafts.push((draft, words, told.said(Convention::Lists, "")));
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
            if let Some(mut action) =
                finish(context, at, draft, words, said, noted, tabled::Told { due: None, state: status.clone() })
            {
                action.carried |= begun == Some(true);
                found.push(action);
            }
        }
    }
    found.sort_by_key(|a| a.line);
    found
}

/// Whether a line of a paragraph is one of a list of actions: it opens with whoever is to do it; in a list of its `own`, with a
/// box or something to do.
fn is_line_of(context: &Context<'_>, words: &str, own: bool) -> bool {
    let people = owners::people_at(words, 0, context.known, true);
    let rest = &words[people.end..];
    // "Contributions to the fund are welcome": before these words only who is known counts.
    let known = || !owners::people_at(words, 0, context.doers, false).names.is_empty();
    let told = [":", " - ", " – ", " -> ", " → "].iter().any(|lead| rest.starts_with(lead))
        || ([" to ", " will "].iter().any(|lead| rest.starts_with(lead)) && known());
    // "Jo: I feel like …" is a word in a talk.
    let said = rest.strip_prefix(':').map_or("", |said| commitments::word_at(said.trim_start()));
    let talks = words::is_no_name(said) && !words::is_imperative(said);
    let named = !people.names.is_empty() && told && !talks;
    let boxed = state::tick(words).is_some_and(|tick| tick.len() == 1);
    let own = own && (boxed || words::is_imperative(commitments::word_at(words)));
    (named || own) && words.split_whitespace().nth(1).is_some() && !words.ends_with('?')
}

/// The action of a row of a table of actions.
fn row(context: &Context<'_>, at: usize, cells: &[Text], columns: tabled::Columns) -> Option<Action> {
    let block = &context.outline.blocks[at];
    let told = context.reasons;
    let statement = statements(at, block, |_| false).next()?;
    told.about(&statement);
    let Some((draft, own)) =
        tabled::task(block, cells, columns, context.known, &context.conventions.states, context.date)
    else {
        told.refuse(Convention::Lists, || "it is a row that says nothing to do".to_owned());
        return None;
    };
    finish(context, at, draft, statement.words(), told.said(Convention::Lists, ""), None, own)
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
        // "(-> Mira)"
        let pointed = commitments::ARROWS.iter().find_map(|arrow| inside.trim_start().strip_prefix(arrow));
        let inside = pointed.unwrap_or(inside);
        let people = owners::people_at(inside, 0, known, false);
        let behind = inside[people.end..].trim().trim_start_matches(',').trim_start();
        // "(Mira, done during the call)"
        let noted =
            || inside[people.end..].starts_with([',', ';', ':']) && people.names.iter().all(|name| known.has(name));
        if !people.names.is_empty() && (behind.is_empty() || behind.starts_with("others") || noted()) {
            return Some((people.names, open));
        }
    }
    let last = |from: usize| {
        let people = owners::people_at(trimmed, from, known, false);
        let whole = !people.names.is_empty() && trimmed[people.end..].trim().is_empty();
        whole.then_some(people.names)
    };
    for arrow in commitments::ARROWS.into_iter().chain([" - ", ": "]) {
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
    static LOGGED: LazyLock<Pattern> = LazyLock::new(|| Pattern::new(r"\s\(\S{1,30},\s\d\d:\d\d:\d\d\)$"));
    let mut text = text.trim();
    // "ask the office (jo, 16:10:20)": who noted it in a chat, and when.
    if text.ends_with(')')
        && let Some(noted) = LOGGED.find(text)
    {
        text = &text[..noted.start()];
    }
    // What is left of "(@a will ask)" without its doer.
    if let Some(inner) = text.strip_prefix("( ").and_then(|t| t.trim_end_matches('.').strip_suffix(')'))
        && !inner.contains(['(', ')'])
    {
        text = inner;
    }
    loop {
        let before = text;
        text = text
            .trim_start_matches(['*', '_', ':', ' ', '-', '–', '—', '>', '=', ',', '→', '~', '\n', '.', ')', ']', ';']);
        for lead in [
            "to ",
            "to: ",
            "will ",
            "should ",
            "will",
            "please ",
            "pls ",
            "'ll ",
            "’ll ",
            "is going to ",
            "are going to ",
            "'s going to ",
            "’s going to ",
        ] {
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
