//! Decisions: labelled, voted on, said to be agreed; and plain statements of what holds from now on.

mod labels;
mod phrases;
#[cfg(test)]
mod tests;
mod verdicts;
mod votes;

pub use labels::VERBS;
pub use phrases::PASSED_BY;
pub use verdicts::VERDICTS;
pub use votes::VOTING;

use std::ops::Range;
use std::sync::LazyLock;

use self::labels::{is_content, is_label, is_task, label_at, opens, without_label};
use self::phrases::said_to_be_settled;
use self::verdicts::{
    JUDGED, Judged, VERDICT, agreed_by_name, came_about, is_first_under, is_last_verdict, is_put, is_verdict, judged,
    judged_within,
};
use self::votes::{VOTES, count, votes};
use crate::actions::{Context, clean};
use crate::facts::{Decision, Handoff, Rule};
use crate::hints::Hint;
use crate::outline::{Block, BlockKind, Text};
use crate::owners;
use crate::participants::lists_people;
use crate::pattern::Pattern;
use crate::reasons::Convention;
use crate::stances;
use crate::statement::{
    Section, Statement, bare, contains_word, is_beside_label, is_numbered_blank, labelled, lower, one_line, sentences,
    statements,
};

/// "because …", "since it …", "weil …"
static BECAUSE: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"(?i)\b(?:because|since\s+(?:it|we|this|the|that)|as\s+(?:it|we|this|the)\s+\w+|due\s+to|so\s+that|weil|da\s+(?:es|wir|die|das)|reason:|rationale:)\s*(.{8,})",
    )
});

/// The decisions of `blocks`, in order.
pub fn decisions(context: &Context<'_>, blocks: Range<usize>, handed: &[Handoff]) -> Vec<Decision> {
    let mut found: Vec<Decision> = Vec::new();
    let mut last_block: Option<usize> = None;
    // The last line of the statement that the last of `found` is.
    let mut said_until = 0;
    // The statement before the one at hand.
    let mut last: Option<(usize, Judged<'_>)> = None;
    for at in blocks {
        let block = &context.outline.blocks[at];
        if matches!(block.kind, BlockKind::Fence | BlockKind::Rule | BlockKind::Heading(_)) {
            continue;
        }
        let listed = matches!(context.sections[at], Section::People { .. });
        if block.text.plain.len() > 8000 || (listed && label_at(context, at, &block.text.plain).is_none()) {
            continue;
        }
        // "**Decided**" in the first line of a paragraph, over lines of their own.
        let mut begun = false;
        for statement in statements(at, block, |line| opens(context, at, line)) {
            context.reasons.about(&statement);
            let words = statement.words();
            let named = || {
                let low = lower(words);
                ["decision", "decided", "resol", "beschl", "entscheid", "vereinba"]
                    .iter()
                    .any(|name| low.contains(name))
            };
            if block.kind == BlockKind::Paragraph && statement.stands_over() && named() && is_label(context, words) {
                context.reasons.refuse(Convention::Labels, || "it stands over what was decided".to_owned());
                begun = true;
                continue;
            }
            let this = Judged { text: words, line: statement.line, last_line: statement.last_line() };
            let before = last.replace((at, this)).filter(|&(before, said)| {
                let other = &context.outline.blocks[before];
                let near = said.last_line < this.line && this.line - said.last_line <= 2;
                near && (before == at || (other.parent == block.parent && other.heading == block.heading))
            });
            let before = before.map(|(_, said)| said);
            // What stands right behind a decision, or as an item under it, can be the vote on it.
            let follows = |last: Option<usize>| {
                last.is_some_and(|last| {
                    let under = block.parent == Some(last);
                    let own = &context.outline.blocks[last];
                    let behind = own.parent == block.parent
                        && own.heading == block.heading
                        && (said_until + 1..=said_until + 2).contains(&statement.line);
                    under || behind
                })
            };
            if let Some(count) = count(words) {
                let about = if follows(last_block) { found.last_mut() } else { None };
                if let Some(about) = about {
                    about.votes = Some(count);
                    about.explicit = true;
                    about.end_line = about.end_line.max(statement.last_line());
                    said_until = statement.last_line();
                    context.reasons.refuse(Convention::Votes, || {
                        format!("it is the count of the vote on the decision on line {}", about.line)
                    });
                    continue;
                }
            }
            let line = || begun && is_below_label(context, words);
            let below = line().then(|| (clean(words), Rule::Heading).into());
            let Some(Found { text, rule, offset }) = below.or_else(|| decision(context, at, block, &statement)) else {
                continue;
            };
            // "Not attending: Tim"
            if rule == Rule::Statement
                && context.hints[at].has(Hint::Section)
                && lists_people(&statement, context.conventions)
            {
                context.reasons.unsigned(|| "it is a list of participants".to_owned());
                continue;
            }
            let line = statement.line_at(offset);
            let by_name =
                rule == Rule::Settled && offset == 0 && agreed_by_name(context, words).is_some_and(|(_, whole)| whole);
            let mut told = one_line(&text);
            if !told.chars().any(char::is_alphabetic) || is_numbered_blank(&told) {
                continue;
            }
            // "Approved." right under "Minutes of last time"
            if rule == Rule::Settled
                && block.parent.is_none()
                && sentences(words).first().is_some_and(|(_, first)| is_verdict(first))
                && let Some(topic) = context.topic(at).filter(|_| is_first_under(context, at))
            {
                told = if is_verdict(words) {
                    format!("{topic} ({})", told.trim_end_matches('.'))
                } else {
                    format!("{topic}: {told}")
                };
            }
            if rule == Rule::Settled
                && (by_name || is_verdict(words))
                && let Some(about) = judged(context, at, before, by_name)
            {
                // "PASSED", "Approved": two verdicts on one proposal are one decision.
                let count = count(statement.words());
                if let Some(twin) = found.last_mut().filter(|d: &&mut Decision| d.line == about.line) {
                    twin.explicit = true;
                    twin.votes = twin.votes.or(count);
                    continue;
                }
                let text = format!("{} ({})", without_label(&one_line(about.text)), clean(&told));
                context.reasons.decision(about.line, &text, || {
                    vec![format!("it is the verdict on what stands on line {}", about.line)]
                });
                found.push(Decision {
                    line: about.line,
                    end_line: statement.last_line().max(about.last_line),
                    explicit: true,
                    topic: context.topic(at),
                    rationale: None,
                    votes: count,
                    people: owners::handles(about.text),
                    references: context.references_in(about.line, about.last_line),
                    text,
                    rule,
                });
                last_block = Some(at);
                said_until = statement.last_line();
                continue;
            }
            if rule == Rule::Settled && is_verdict(words) && follows(last_block) {
                if let Some(about) = found.last_mut() {
                    about.explicit = true;
                    context.reasons.unsigned(|| format!("it is the verdict on the decision on line {}", about.line));
                }
                continue;
            }
            // "=> Product board" goes there.
            if rule == Rule::Statement
                && let Some(to) = handed.iter().find(|h| h.line == statement.line && opens_with(words, &h.to))
            {
                context.reasons.unsigned(|| format!("it is passed on to {}", to.to));
                continue;
            }
            // The items under a decision are its detail.
            if last_block.is_some_and(|p| context.outline.parents(at).any(|(i, _)| i == p)) && rule == Rule::Statement {
                context.reasons.unsigned(|| "it stands under a decision and is its detail".to_owned());
                continue;
            }
            last_block = Some(at);
            let whole = statement.words();
            let last_line = statement.last_line();
            said_until = last_line;
            context.reasons.decision(line, &told, Vec::new);
            found.push(Decision {
                line,
                end_line: if block.is_item() { block.end_line.max(last_line) } else { last_line },
                explicit: rule != Rule::Statement,
                topic: context.topic(at),
                rationale: BECAUSE.captures(whole).map(|c| one_line(&c[1])),
                votes: votes(whole),
                people: owners::handles(whole),
                references: context.references_in(statement.line, last_line),
                text: told,
                rule,
            });
        }
    }
    found.sort_by_key(|d| d.line);
    found
}

/// Whether a line below a label of decisions is one.
fn is_below_label(context: &Context<'_>, words: &str) -> bool {
    words.split_whitespace().nth(2).is_some()
        && !words.trim_end().ends_with(['?', ':'])
        && !is_task(words)
        && !context.conventions.lists().not_yet.is_in(words)
        && ![&*NONE, &*NOTHING, &*HEDGED].iter().any(|refusal| refusal.is_match(words))
        && !owners::speaks(words, context.doers)
        && count(words).is_none()
}

/// Whether an arrow to a name opens a statement: "=> Product board".
fn opens_with(words: &str, name: &str) -> bool {
    let body = words.trim_start_matches(|c: char| !c.is_alphanumeric());
    body.len() < words.len() && body.starts_with(name)
}

/// A decision in a statement.
struct Found {
    text: String,
    rule: Rule,
    /// Where the statement says so.
    offset: usize,
}

impl From<(String, Rule)> for Found {
    /// What the whole statement says.
    fn from((text, rule): (String, Rule)) -> Self {
        Self { text, rule, offset: 0 }
    }
}

/// Titles of the column of a table of decisions that holds them.
const SETTLED: [&str; 8] =
    ["decision", "decisions", "description", "outcome", "resolution", "what", "beschluss", "beschreibung"];
/// A longer table is looked through from its head for so many rows.
const MOST_ROWS: usize = 100;

/// The decision of a row of a table, under a heading that speaks of decisions. Such tables may hold tasks, too.
fn tabled(context: &Context<'_>, at: usize, block: &Block) -> Option<String> {
    let BlockKind::Row { header: false, cells } = &block.kind else { return None };
    let title = bare(&context.topic(at).unwrap_or_default());
    let titled = |label: &String| {
        matches!(label.as_str(), "decision" | "decisions" | "beschlüsse") && contains_word(&title, label)
    };
    let under_decisions = context.conventions.decisions.labels.iter().any(titled);
    let rows = context.outline.blocks[at.saturating_sub(MOST_ROWS)..at].iter().rev();
    let head =
        rows.map_while(|b| if let BlockKind::Row { header, cells } = &b.kind { Some((header, cells)) } else { None });
    let (_, head) = { head }.find(|(header, _)| **header)?;
    if !under_decisions {
        return ruled_in_row(head, cells);
    }
    let column = head.iter().position(|cell| SETTLED.contains(&bare(&cell.plain).as_str()))?;
    let text = clean(&cells.get(column)?.plain);
    let is_one = text.split_whitespace().nth(1).is_some() && !is_task(&text) && !text.ends_with('?');
    is_one.then_some(text)
}

/// What a row of any table says in a column of outcomes: "| AGM travel | … | approved |".
fn ruled_in_row(head: &[Text], cells: &[Text]) -> Option<String> {
    const OUTCOMES: [&str; 8] =
        ["result", "outcome", "decision", "verdict", "resolution", "ergebnis", "beschluss", "entscheidung"];
    static RULED: LazyLock<Pattern> = LazyLock::new(|| {
        Pattern::new(
            r"(?i)^\W*(?:approved|accepted|agreed|adopted|passed|rejected|declined|denied|postponed|angenommen|genehmigt|abgelehnt|beschlossen)\b",
        )
    });
    const ASKED: [&str; 9] =
        ["request", "motion", "proposal", "topic", "item", "agenda item", "antrag", "thema", "vorschlag"];
    static LEFT: LazyLock<Pattern> = LazyLock::new(|| {
        Pattern::new(r"(?i)\b(?:waiting|needs?|pending|open|tbd|tbc|undecided|later|offen|vertagt)\b")
    });
    let column = head.iter().position(|cell| OUTCOMES.contains(&bare(&cell.plain).as_str()))?;
    let title = |cell: &Text| ASKED.contains(&bare(&cell.plain).as_str());
    let asked = head.iter().any(title);
    let outcome = cells.get(column).map(|cell| cell.plain.trim())?;
    // In a column of decisions anything is one that says something.
    let decides = ["decision", "beschluss", "entscheidung"].contains(&bare(&head[column].plain).as_str());
    let says = decides
        && outcome.split_whitespace().nth(1).is_some()
        && !outcome.ends_with('?')
        && !outcome.starts_with('@')
        && !is_task(outcome)
        && !NONE.is_match(outcome);
    if !asked || LEFT.is_match(outcome) || (!says && !RULED.is_match(outcome)) {
        return None;
    }
    let about = cells.iter().map(|cell| cell.plain.trim()).find(|cell| cell.chars().any(char::is_alphabetic))?;
    let text = || match says {
        true => format!("{}: {}", clean(about), clean(outcome)),
        false => format!("{} ({})", clean(about), clean(outcome)),
    };
    (about != outcome).then(text)
}

fn decision(context: &Context<'_>, at: usize, block: &Block, statement: &Statement<'_>) -> Option<Found> {
    let words = statement.words();
    let told = context.reasons;
    let lists = context.conventions.lists();
    let hints = context.hints[at];
    if hints.has(Hint::NotYet) && lists.not_yet.is_in(words) {
        told.refuse(Convention::Labels, || {
            let low = lower(words);
            let word = context.conventions.decisions.not_yet.iter().find(|w| contains_word(&low, w));
            format!("{:?} says that nothing is settled yet", word.map_or("", |w| w))
        });
        return None;
    }
    if let Some(text) = tabled(context, at, block) {
        told.sign(Convention::Labels, || "a table of decisions".to_owned());
        return Some((text, Rule::Heading).into());
    }
    // "Decision: …", "=> Conclusion: …"
    let labelled_at = label_at(context, at, words);
    if let Some(rest) = labelled_at {
        let is_vote = lower(words.trim_start_matches(|c: char| !c.is_alphabetic())).starts_with("vot");
        told.sign(Convention::Labels, || one_line(words.strip_suffix(rest).filter(|l| !l.is_empty()).unwrap_or(words)));
        if !is_content(rest, is_vote) {
            told.unsigned(|| "what stands behind the label is nothing, a question or only a link".to_owned());
            return None;
        }
        if is_task(rest) && rest.len() < words.len() {
            told.unsigned(|| "it is what somebody is to do".to_owned());
            return None;
        }
        return Some((clean(rest), Rule::Settled).into());
    }
    let under_label = block.parent.is_some_and(|p| {
        let parent = &context.outline.blocks[p];
        let head = parent.text.head();
        let alone = || {
            // "Any decisions that were made?", but not "Conclusion?"
            let asked = head.trim_end().strip_suffix('?').filter(|asked| asked.split_whitespace().nth(2).is_some());
            let whole = !asked.unwrap_or(head).contains([':', '?']);
            whole && context.sections[at] == Section::Decisions && is_label(context, &bare(head))
        };
        label_at(context, p, head).is_some_and(is_beside_label) || alone()
    });
    if under_label || (block.parent.is_none() && context.sections[at] == Section::Decisions) {
        let over = block.parent.filter(|_| under_label).or(block.heading);
        let over = over.map_or("", |over| context.outline.blocks[over].text.head());
        // "Any important decisions that were taken?": answers of few words are topics, or "none".
        let asked = over.trim_end().ends_with('?');
        if asked && (words.split_whitespace().nth(3).is_none() || NONE.is_match(words)) {
            told.refuse(Convention::Labels, || "it is a topic, or says that there is none".to_owned());
            return None;
        }
        let low = lower(words);
        if under_label && ["we expect", "we also expect"].iter().any(|expects| low.starts_with(expects)) {
            told.refuse(Convention::Labels, || "what is expected is not decided".to_owned());
            return None;
        }
        if words.trim_end().ends_with(['?', ':']) {
            told.refuse(Convention::Labels, || "a question, or a label over what follows".to_owned());
            return None;
        }
        if is_task(words) {
            told.refuse(Convention::Labels, || "it is what somebody is to do".to_owned());
            return None;
        }
        // "No advancement requested."
        if NOTHING.is_match(words) {
            told.refuse(Convention::Labels, || "it says that there is none".to_owned());
            return None;
        }
        // "May need another chart", "Mira: thank you all": a remark.
        let talks = !under_label && owners::speaks(words, context.doers);
        if HEDGED.is_match(words) || talks {
            told.refuse(Convention::Labels, || "it is a remark, and settles nothing".to_owned());
            return None;
        }
        told.sign(Convention::Labels, || one_line(over));
        return Some((clean(words), Rule::Heading).into());
    }
    if words.trim_end().ends_with('?') {
        told.refuse(Convention::Stances, || "it is a question".to_owned());
        return None;
    }
    let counted = count(words).is_some();
    if (hints.has(Hint::Verdict)
        && (VERDICT.is_match(words) || (block.parent.is_some() && !counted && came_about(words))))
        || (counted && is_put(context, at))
    {
        told.sign(Convention::Verdicts, || one_line(words));
        return Some((clean(words), Rule::Settled).into());
    }
    if hints.has(Hint::Verdict)
        && let Some(sentence) = judged_within(words)
    {
        told.sign(Convention::Verdicts, || one_line(sentence));
        return Some((clean(words), Rule::Settled).into());
    }
    // "… Not really, but fine. Decision: keep it"
    if hints.has(Hint::Decision) {
        let behind = sentences(words).into_iter().skip(1);
        let mut labelled = behind.filter_map(|(from, sentence)| {
            let (label, rest) = labelled(sentence)?;
            Some((from + sentence.len() - rest.len(), label, rest))
        });
        // The count of a vote is about the sentence before it.
        let is_one = |label: &str| is_label(context, label) && !lower(label).starts_with("vot");
        if let Some((offset, label, rest)) = labelled.find(|(_, label, _)| is_one(label))
            && is_content(rest, false)
            && !is_task(rest)
        {
            told.sign(Convention::Labels, || label.to_owned());
            return Some(Found { text: clean(rest), rule: Rule::Settled, offset });
        }
    }
    // "Mira, Jo: agree", of what was said before; "Mira: I would drop it. Jo, Tim: agree."
    if hints.has(Hint::Verdict)
        && let Some((end, _)) = agreed_by_name(context, words)
    {
        told.sign(Convention::Verdicts, || one_line(&words[..end]));
        return Some((clean(words), Rule::Settled).into());
    }
    let said = if hints.has(Hint::Verdict) { sentences(words) } else { Vec::new() };
    if let [_, .., (offset, last)] = said.as_slice()
        && agreed_by_name(context, last).is_some_and(|(_, whole)| whole)
    {
        told.sign(Convention::Verdicts, || one_line(last));
        return Some((clean(&words[..*offset]), Rule::Settled).into());
    }
    // "The chart is a recommendation, no obligation. Agreed"
    if let [.., (offset, before), (_, last)] = said.as_slice()
        && is_last_verdict(before, last)
        && !owners::speaks(words, context.doers)
        && before.split_whitespace().nth(3).is_some()
        && !before.ends_with('?')
    {
        told.sign(Convention::Verdicts, || one_line(last));
        // "A new lamp → 7 in favour, 2 abstained. Approved."
        let (text, offset) = if count(before).is_some() { (words, 0) } else { (*before, *offset) };
        return Some(Found { text: clean(text), rule: Rule::Settled, offset });
    }
    // "Minutes of May - approved"
    if hints.has(Hint::Verdict)
        && let Some(found) = JUDGED.find(words)
        && is_judged(&words[..found.start()], found.as_str())
    {
        told.sign(Convention::Verdicts, || one_line(found.as_str()));
        return Some((clean(words), Rule::Settled).into());
    }
    if hints.has(Hint::Settled)
        && let Some((offset, sentence)) = said_to_be_settled(context, block, words)
    {
        return Some(Found { text: clean(&sentence), rule: Rule::Settled, offset });
    }
    if hints.has(Hint::Vote)
        && words.bytes().any(|b| b.is_ascii_digit())
        && VOTING.iter().any(|word| contains_word(&lower(words), word))
        && votes(words).is_some_and(|v| v.yes > 0)
    {
        told.sign(Convention::Votes, || VOTES.find(words).map_or_else(String::new, |m| one_line(m.as_str())));
        return Some((clean(words), Rule::Settled).into());
    }
    let stance =
        || stances::stance(context, at, words).map(|(offset, text)| Found { text, rule: Rule::Statement, offset });
    stances::answer(context, at, words).map(Found::from).or_else(stance)
}

/// Whether what stands before a verdict is what it judges; before a colon or an arrow a name or a state may stand.
fn is_judged(before: &str, verdict: &str) -> bool {
    if verdict.trim_start().starts_with(['-', '–', '—', '+']) && !verdict.trim_start().starts_with("->") {
        return before.contains(char::is_alphanumeric);
    }
    // "Talk at the harbour day -> accepted" is so by others.
    let clause = before.rsplit(['.', ';', '!', '?', '[', '(']).next().unwrap_or_default();
    clause.split_whitespace().nth(2).is_some() && !lower(verdict).contains("accepted")
}

/// What says under a label that nothing was decided.
static NOTHING: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"(?i)^\W*no\s+(?:\p{L}+\s+){1,3}(?:requested|needed|required|reached|made|taken|asked\s+for|yet|today)\W*$",
    )
});

/// What opens an answer that there is none.
static NONE: LazyLock<Pattern> =
    LazyLock::new(|| Pattern::new(r"(?i)^\W*(?:no|none|nothing|not\s+(?:really|this|yet)|keine?|nichts)\b"));

/// What opens a remark under a label of decisions.
static HEDGED: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"(?i)^\W*(?:may|might|maybe|perhaps|possibly|could|however|some\s+people|unclear|not\s+sure|how\s+to)\b|\b(?:will|to)\s+be\s+discussed\b",
    )
});
