//! Decisions: labelled, voted on, said to be agreed; and plain statements of what holds from now on.

use std::ops::Range;
use std::sync::LazyLock;

use crate::actions::{Context, clean};
use crate::facts::{Decision, Handoff, Rule, Votes};
use crate::hints::Hint;
use crate::outline::{Block, BlockKind};
use crate::owners;
use crate::pattern::Pattern;
use crate::reasons::Convention;
use crate::stances;
use crate::statement::{
    Section, Statement, bare, contains_word, is_below, is_beside_label, is_decision_label, is_numbered_blank, labelled,
    lower, one_line, sentences, statements, unwrapped,
};
use crate::words::{is_imperative, is_no_name};

/// "vote: 7 for, 1 against, 3 abstain", "5 yes, 0 no", "+7 -1".
static VOTES: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"(?ix)(?P<yes>\d+)\s*(?:votes?\s+)?(?:for|yes|yea|in\s+favou?r|\+1|ja|dafür|approve[sd]?)\b
           (?:(?:\s+(?:of|for)\s[^.,;:]{1,40}?)?\W+(?:and\s+)?(?P<no>\d+|no|none|zero)\s*(?:votes?\s+)?(?:against|no|nay|-1|nein|dagegen|objections?)\b)?
           (?:\W+(?:and\s+)?(?P<abstain>\d+|no|zero)\s*(?:abstain(?:ed|ing)?|abstentions?|enthaltung(?:en)?))?",
    )
});
/// "because …", "since it …", "weil …"
static BECAUSE: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"(?i)\b(?:because|since\s+(?:it|we|this|the|that)|as\s+(?:it|we|this|the)\s+\w+|due\s+to|so\s+that|weil|da\s+(?:es|wir|die|das)|reason:|rationale:)\s*(.{8,})",
    )
});
/// Where a count is one of votes, one of these.
pub const VOTING: [&str; 4] = ["vote", "poll", "hands", "against"];
/// What stands in for a label of the conventions, one of them: see `label_at`.
pub const VERBS: &[&str] = &["agree", "decision", "consensus", "beschl", "decided", "resolved", "approved"];

/// The decisions of `blocks`, in order.
pub fn decisions(context: &Context<'_>, blocks: Range<usize>, handed: &[Handoff]) -> Vec<Decision> {
    let mut found: Vec<Decision> = Vec::new();
    let mut last_block: Option<usize> = None;
    // The last line of the statement that the last of `found` is.
    let mut said_until = 0;
    for at in blocks {
        let block = &context.outline.blocks[at];
        if matches!(block.kind, BlockKind::Fence | BlockKind::Rule | BlockKind::Heading(_)) {
            continue;
        }
        let listed = matches!(context.sections[at], Section::People { .. });
        if block.text.plain.len() > 8000 || (listed && label_at(context, at, &block.text.plain).is_none()) {
            continue;
        }
        for statement in statements(at, block, |line| opens(context, at, line)) {
            context.reasons.about(&statement);
            let words = statement.words();
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
            let Some(Found { text, rule, offset }) = decision(context, at, block, &statement) else {
                continue;
            };
            let line = statement.line_at(offset);
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
                && is_verdict(statement.words())
                && let Some(about) = judged(context, at)
            {
                // "PASSED", "Approved": two verdicts on one proposal are one decision.
                let count = count(statement.words());
                if let Some(twin) = found.last_mut().filter(|d: &&mut Decision| d.line == about.line) {
                    twin.explicit = true;
                    twin.votes = twin.votes.or(count);
                    continue;
                }
                let text = format!("{} ({})", without_label(&one_line(&about.text.plain)), clean(&told));
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
                    people: owners::handles(&about.text.plain),
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

fn opens(context: &Context<'_>, at: usize, line: &str) -> bool {
    (context.hints[at].has(Hint::Marker) && context.markers.opens(line))
        || line.starts_with("=>")
        || line.starts_with("->")
        || (context.hints[at].has(Hint::Decision) && labelled(line).is_some_and(|(label, _)| is_label(context, label)))
}

fn is_label(context: &Context<'_>, label: &str) -> bool {
    // "Agreement (todo: write it down)": the colon is that of another label.
    let whole = label.matches('(').count() == label.matches(')').count();
    whole && label.len() <= 60 && is_decision_label(label, context.conventions)
}

/// "vote: 7 for, 0 against", "Abstimmung: 6 dafür", "6 for": a count, and at most who voted how in brackets.
static COUNT: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"(?ix)^\W*(?:(?:the\s+)?(?:result\s+of\s+(?:the\s+)?)?(?:votes?|voting|abstimmung|ergebnis)\W*)?
          \d+\s*(?:votes?\s+)?(?:for|yes|yea|in\s+favou?r|\+1|ja|dafür|approve[sd]?)
          (?:\W+(?:and\s+|und\s+)?(?:\d+|no|none|zero|keine?)\s*(?:votes?\s+|stimmen?\s+)?
             (?:against|no|nay|-1|nein|dagegen|opposed|abstain(?:ed|ing)?|abstentions?|enthaltung(?:en)?))*
          \W*(?:[(\[][^()\[\]]*[)\]]\W*)?$",
    )
});

/// The votes of a statement that is nothing but their count.
fn count(words: &str) -> Option<Votes> {
    let short = words.len() <= 160 && words.bytes().any(|b| b.is_ascii_digit());
    if !short || !COUNT.is_match(words) {
        return None;
    }
    let c = VOTES.captures(words)?;
    let number = |name: &str| c.name(name).map_or(0, |m| m.as_str().parse().unwrap_or(0));
    Some(Votes { yes: number("yes"), no: number("no"), abstain: number("abstain") })
}

/// Whether a statement is nothing but a verdict, or the count of a vote; how it came about may stand beside it.
fn is_verdict(words: &str) -> bool {
    settles(words) || came_about(words)
}

fn settles(words: &str) -> bool {
    VERDICT.is_match(words) || count(words).is_some()
}

/// A verdict, and how it came about: "Mira moves, Jo seconds. All in favor."
fn came_about(words: &str) -> bool {
    static MOTION: LazyLock<Pattern> = LazyLock::new(|| {
        Pattern::new(
            r"(?ix)^\W*(?:
                @?[\w.-]+(?:\s+[\w.-]+)?\s+(?:makes|made|moves|moved|seconds|seconded)(?:\s+(?:the|a|this)\s+motion|\s+it|\s+this)?
              | (?:moved|seconded|motion|motion\s+made|second)\s*(?::|by)\s*@?[\w.-]+(?:\s+[\w.-]+)?
              | (?:no|keine)\s+(?:further\s+)?(?:remarks?|comments?|corrections?|changes|discussion|anmerkungen|änderungen)
              | (?:no|one|two|\d+)\s+(?:abstentions?|abstained|abstains?|opposed)(?:\s*\([^)]*\))?
            )\W*$",
        )
    });
    let parts = if words.len() <= 200 { sentences(words) } else { Vec::new() };
    let mut parts = parts.iter().flat_map(|(_, sentence)| sentence.split([',', ';']));
    parts.clone().any(settles) && parts.all(|part| settles(part) || MOTION.is_match(part))
}

/// "jo to comment", under a label of decisions.
fn is_task(words: &str) -> bool {
    let body = words.trim_start_matches(|c: char| !c.is_alphanumeric() && c != '@');
    let mut of = body.split_whitespace();
    let name = of.next().unwrap_or_default();
    // "ok to experiment"
    let is_leave = ["ok", "okay", "fine", "good", "free"].iter().any(|word| name.eq_ignore_ascii_case(word));
    !is_leave
        && of.next() == Some("to")
        && of.next().is_some_and(|verb| is_imperative(verb.trim_end_matches(|c: char| !c.is_alphanumeric())))
        && !is_no_name(name)
        && !name.is_empty()
}

/// Whether an arrow to a name opens a statement: "=> Product board".
fn opens_with(words: &str, name: &str) -> bool {
    let body = words.trim_start_matches(|c: char| !c.is_alphanumeric());
    body.len() < words.len() && body.starts_with(name)
}

/// Whether nothing stands between a block and the heading over it.
fn is_first_under(context: &Context<'_>, at: usize) -> bool {
    let block = &context.outline.blocks[at];
    block.heading.is_some_and(|h| h + 1 == at)
}

/// A statement that is nothing but the verdict on what stands before it: "No objections", "Approved".
static VERDICT: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"(?ix)^\W*(?:(?:all|everyone|everybody|group|team|tsc|tac|meeting)[:,]?\s+)?
          (?: (?:no|without|keine)\s+(?:further\s+)?(?:objections?|einwände)
            | (?:unanimous(?:ly)?\s+)?(?:approved|accepted|passed|adopted|agreed|carried|angenommen|genehmigt)(?:\s+unanimously)?
            | (?:einstimmig|ohne\s+änderung(?:en)?|mehrheitlich)(?:\s+(?:angenommen|genehmigt|beschlossen|dafür))?
            | unanimous(?:\s+yes)?
            | agreement
            | (?:all|everyone|everybody)\s+in\s+favou?r
            | (?:no|none|nobody|no\s+one|niemand)\s+(?:opposes?|opposed|opposition|nays?|against|objected|objects|dagegen)
            | all\s+(?:yea|yeah|yes|ayes?)
            | (?:the\s+)?motion\s+(?:carries|carried|passes|passed|fails|failed)
            | (?:vote:?\s*)?\d+\s*[-–:]\s*\d+(?:\s*[-–:]\s*\d+)?\s+(?:affirm(?:ed)?|approved?|in\s+favou?r|consensus|yes)(?:\s+today)?
            | (?:all\s+)?\+1(?:\s+from\s+(?:the\s+)?\p{L}+)?
            | \d+\s+(?:\p{L}+\s+)?(?:members?\s+)?agree,\s+(?:no|0|zero)\s+(?:one\s+)?disagrees?,?\s*(?:proposal\s+)?(?:passes|passed)?
            | all\s+agreed?
          )\b(?:[,;(]?\s*(?:(?:without|by|no|so|for|with|of|call|and|unanimously|zero|0)\s+){0,3}(?:objections?|abstentions?|votes?|against|unanimously|all|everyone|the\s+\w+|in\s+(?:the\s+)?meeting)){0,4}[\W\d]*$",
    )
});
/// What a verdict cannot do without, one of them.
pub const VERDICTS: &[&str] = &[
    "objection",
    "einw",
    "approve",
    "accepted",
    "passed",
    "adopted",
    "agree",
    "carried",
    "carries",
    "oppos",
    "against",
    "objected",
    "objects",
    "dagegen",
    "yea",
    "aye",
    "einstimmig",
    "mehrheitlich",
    "ohne änderung",
    "angenommen",
    "genehmigt",
    "unanimous",
    "affirm",
    "favo",
    "consensus",
    "yes",
    "+1",
    "failed",
    "defeated",
    "rejected",
    "passes",
];
/// What is put to the vote.
static PROPOSAL: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"(?i)(?:\?\W*$|\bmov(?:es|ing|ed)\s+to\b|^\W*(?:propos|motion|vote|votes|shall|should|resolve|any objections|pull request|PR\b)|\bpropos)",
    )
});

/// "Jo would prefer the red buoy"
static PREFERS: LazyLock<Pattern> = LazyLock::new(|| Pattern::new(r"(?i)\b(?:would\s+prefer|prefers|suggests?)\b"));

/// The block that a bare verdict is about: the question or proposal before it, else what it hangs on.
fn judged<'a>(context: &Context<'a>, at: usize) -> Option<&'a Block> {
    let parent = || context.outline.blocks[at].parent.map(|p| &context.outline.blocks[p]);
    let about = proposed(context, at).or_else(parent);
    about.filter(|b| b.text.plain.len() < 600 && b.text.plain.chars().any(char::is_alphabetic))
}

/// Whether a question or proposal stands shortly before a block, or over it.
fn is_put(context: &Context<'_>, at: usize) -> bool {
    let parent = context.outline.blocks[at].parent.map(|p| &context.outline.blocks[p]);
    proposed(context, at).is_some() || parent.is_some_and(|p| PROPOSAL.is_match(p.text.head().trim()))
}

/// The question or proposal that stands shortly before a block.
fn proposed<'a>(context: &Context<'a>, at: usize) -> Option<&'a Block> {
    let blocks = &context.outline.blocks;
    let block = &blocks[at];
    let before = blocks[..at].iter().rev().take(12).filter(|b| b.parent == block.parent && b.heading == block.heading);
    let mut before = before.take_while(|b| b.heading_level().is_none()).take(3).enumerate();
    let puts = |b: &Block| PROPOSAL.is_match(b.text.plain.trim());
    // What somebody would prefer, and right behind it (or behind one remark) the vote on it.
    let prefers = |b: &Block| count(block.text.head()).is_some() && PREFERS.is_match(&b.text.plain);
    before.find(|(n, b)| puts(b) || (*n < 2 && prefers(b))).map(|(_, b)| b)
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
    let title = bare(&context.topic(at)?);
    let titled = |label: &String| {
        matches!(label.as_str(), "decision" | "decisions" | "beschlüsse") && contains_word(&title, label)
    };
    if !context.conventions.decisions.labels.iter().any(titled) {
        return None;
    }
    let rows = context.outline.blocks[at.saturating_sub(MOST_ROWS)..at].iter().rev();
    let head =
        rows.map_while(|b| if let BlockKind::Row { header, cells } = &b.kind { Some((header, cells)) } else { None });
    let (_, head) = { head }.find(|(header, _)| **header)?;
    let column = head.iter().position(|cell| SETTLED.contains(&bare(&cell.plain).as_str()))?;
    let text = clean(&cells.get(column)?.plain);
    let is_one = text.split_whitespace().nth(1).is_some() && !is_task(&text) && !text.ends_with('?');
    is_one.then_some(text)
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
            let whole = !head.contains([':', '?']);
            whole && context.sections[at] == Section::Decisions && is_label(context, &bare(head))
        };
        label_at(context, p, head).is_some_and(is_beside_label) || alone()
    });
    // What is expected is not decided.
    if under_label {
        let low = lower(words);
        if low.starts_with("we expect") || low.starts_with("we also expect") {
            told.refuse(Convention::Labels, || "what is expected is not decided".to_owned());
            return None;
        }
    }
    if under_label || (block.parent.is_none() && context.sections[at] == Section::Decisions) {
        if words.trim_end().ends_with(['?', ':']) {
            told.refuse(Convention::Labels, || "a question, or a label over what follows".to_owned());
            return None;
        }
        if is_task(words) {
            told.refuse(Convention::Labels, || "it is what somebody is to do".to_owned());
            return None;
        }
        // "May need another chart", "Mira: thank you all": a remark.
        let talks = !under_label && owners::speaks(words, context.doers);
        if HEDGED.is_match(words) || talks {
            told.refuse(Convention::Labels, || "it is a remark, and settles nothing".to_owned());
            return None;
        }
        told.sign(Convention::Labels, || {
            let over = block.parent.filter(|_| under_label).or(block.heading);
            over.map_or_else(String::new, |p| one_line(context.outline.blocks[p].text.head()))
        });
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
    // "The chart is a recommendation, no obligation. Agreed"
    if hints.has(Hint::Verdict)
        && !owners::speaks(words, context.doers)
        && let [.., (offset, before), (_, last)] = sentences(words).as_slice()
        && ends_agreed(last)
        && before.split_whitespace().nth(3).is_some()
        && !before.ends_with('?')
    {
        told.sign(Convention::Verdicts, || one_line(last));
        return Some(Found { text: clean(before), rule: Rule::Settled, offset: *offset });
    }
    // "Minutes of May - approved"
    if hints.has(Hint::Verdict)
        && let Some(found) = JUDGED.find(words)
        && words[..found.start()].contains(char::is_alphanumeric)
    {
        told.sign(Convention::Verdicts, || one_line(found.as_str()));
        return Some((clean(words), Rule::Settled).into());
    }
    if hints.has(Hint::Settled)
        && lists.phrases.is_in(&unwrapped(words))
        && let Some((offset, sentence)) = said_to_be_settled(context, words)
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

/// A verdict behind a dash: "… - approved", "… - agreed by the board with a change"; of a vote behind an arrow, too:
/// "+1 Mira, +1 Jo -> approved".
static JUDGED: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"(?i)(?:\s[-–—]|\+1.*(?:->|=>|→))\s+(?:approved|accepted|agreed|adopted|carried|angenommen|genehmigt|beschlossen)(?:\s+by\s+(?:the\s+|general\s+)?(?:board|committee|group|team|meeting|tsc|tac|all|everyone|consent|consensus|vote))?(?:\s+(?:with|without|w/o|mit|ohne|unanimously|einstimmig)\b[^?]{0,60})?\W*$",
    )
});

/// A sentence of one word, by which what stands before it is settled: "Agreed."
fn ends_agreed(sentence: &str) -> bool {
    static WORD: LazyLock<Pattern> = LazyLock::new(|| Pattern::new(r"^\W*(?:Agreed|Beschlossen)\W*$"));
    WORD.is_match(sentence)
}

/// What opens a remark under a label of decisions.
static HEDGED: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(r"(?i)^\W*(?:may|might|maybe|perhaps|possibly|could|however|some\s+people|unclear|not\s+sure)\b")
});

/// The verdict that a motion ends with: "Motion to buy a buoy. Passed 5-1."
fn judged_within(words: &str) -> Option<&str> {
    static MOVED: LazyLock<Pattern> = LazyLock::new(|| {
        Pattern::new(
            r"(?i)^\W*(?:(?:the\s+)?motion\b|moved\b|proposed\b|proposal\b|vote\s+on\b|resolution\b)|\bseconded\b|\b(?:it\s+was\s+)?moved\s+(?:by|that)\b",
        )
    });
    static OUTCOME: LazyLock<Pattern> = LazyLock::new(|| {
        Pattern::new(r"(?i)^\W*(?:passed|passes|carried|failed|defeated|rejected|approved|adopted|accepted|agreed)\b")
    });
    if !MOVED.is_match(words) {
        return None;
    }
    let said = sentences(words);
    said.into_iter()
        .skip(1)
        .map(|(_, sentence)| sentence)
        .find(|sentence| OUTCOME.is_match(sentence) || VERDICT.is_match(sentence))
}

/// The sentence in which a phrase says that something is settled, unless it denies, asks or only imagines it, and where it
/// stands; of a short statement all of it.
fn said_to_be_settled(context: &Context<'_>, whole: &str) -> Option<(usize, String)> {
    static NOT_SO: LazyLock<Pattern> = LazyLock::new(|| {
        Pattern::new(
            r"(?i)(?:\b(?:once|while|believe|think|if|when|whenever|why|what|whether|until|unless|where|who|not|never|no|n['’]t|hasn['’]t|haven['’]t|would|should|could|might|may|must|has|before|tell|need|needs|case where|certain)\b|n['’]t\b)[^,.;]*$",
        )
    });
    let words = unwrapped(whole);
    let phrases = &context.conventions.lists().phrases;
    // The phrase that stands at an offset.
    let phrase = |sentence: &str, at: usize| {
        let all = &context.conventions.decisions.phrases;
        let here = lower(&sentence[at..]);
        all.iter().filter(|w| here.starts_with(w.as_str())).max_by_key(|w| w.len()).cloned().unwrap_or_default()
    };
    for (offset, sentence) in sentences(&words) {
        if let Some(at) = phrases.find(sentence)
            && !sentence.ends_with('?')
            && !NOT_SO.is_match(&sentence[..at])
        {
            context.reasons.sign(Convention::Phrases, || phrase(sentence, at));
            let alone = words.len() > 240 || is_below(whole, offset);
            return Some(if alone { (offset, sentence.to_owned()) } else { (0, words.to_string()) });
        }
    }
    for (_, sentence) in context.reasons.each(|| sentences(&words)) {
        if let Some(at) = phrases.find(sentence) {
            let how = match NOT_SO.find(&sentence[..at]) {
                Some(m) => format!("stands behind {:?}", m.as_str().split([' ', ',']).next().unwrap_or_default()),
                None => "is asked".to_owned(),
            };
            context.reasons.refuse(Convention::Phrases, || format!("{:?} {how}", phrase(sentence, at)));
        }
    }
    None
}

/// Whether what follows a label says something: no link alone, no question, nothing that is only put to the vote.
fn is_content(rest: &str, is_vote: bool) -> bool {
    let bare = rest.trim().trim_matches(['*', '_', '<', '>']);
    let asks = bare.ends_with('?')
        || (is_vote && ["shall ", "should ", "whether ", "do ", "if "].iter().any(|w| lower(bare).starts_with(w)));
    !bare.is_empty() && !asks && !is_beside_label(bare)
}

/// "Motion: move the berth" -> "move the berth".
fn without_label(text: &str) -> &str {
    match labelled(text) {
        Some((label, rest)) if label.split(' ').count() <= 2 && PROPOSAL.is_match(label) && !rest.is_empty() => rest,
        _ => text,
    }
}

/// What stands behind a decision's label in the words of a block; empty for a label that stands alone.
fn label_at<'a>(context: &Context<'_>, at: usize, words: &'a str) -> Option<&'a str> {
    if !context.hints[at].has(Hint::Decision) {
        return None;
    }
    let body = words.trim_start_matches(['*', '_', '-', '>', '=', ' ', '→', '[', '(']);
    if let Some((label, rest)) = labelled(body)
        && is_label(context, label)
    {
        return Some(rest);
    }
    if let Some(rest) = label_apart(context, words) {
        return Some(rest);
    }
    // "All: Agree that …"
    if let Some((label, rest)) = labelled(body)
        && ["all", "everyone", "group", "team"].contains(&lower(label).as_ref())
        && lower(rest).starts_with("agree")
    {
        return Some(rest);
    }
    // "Decision to drop …", "Agreement from the board to …"
    if let Some((noun, rest)) = body.split_once(' ')
        && ["decision", "agreement", "consensus", "beschluss"].contains(&lower(noun).as_ref())
        && ["to ", "was to ", "is to ", "that ", "from ", "was that ", "is that "].iter().any(|w| rest.starts_with(w))
    {
        return Some(words);
    }
    // "Decided that …", "RESOLVED …", "Agreed to …", "Approved"
    let first = body.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    let rest = body[first.len()..].trim_start();
    let low = first.to_lowercase();
    let verbs = ["decided", "agreed", "resolved", "approved", "beschlossen"];
    // "agreed -> drop it"
    if verbs.contains(&low.as_str())
        && let Some(what) = ["-> ", "=> ", "→ "].iter().find_map(|arrow| rest.strip_prefix(arrow))
    {
        return Some(what);
    }
    let says_what = ["to ", "that ", "on "].iter().any(|w| rest.starts_with(w));
    ((verbs.contains(&low.as_str()) || (low == "agree" && says_what && !rest.starts_with("on ")))
        && (first.starts_with(char::is_uppercase) || says_what)
        && !rest.starts_with("in ")
        && !rest.starts_with('?'))
    .then_some(if rest.is_empty() { body } else { words })
}

/// What stands behind a label that a bracket, a dash or a hash sets apart: "[Decision] …", "DECISION - …", "#agreed …".
fn label_apart<'a>(context: &Context<'_>, words: &'a str) -> Option<&'a str> {
    let body = words.trim_start_matches(['*', '_', ' ']);
    let (label, rest) = match body.chars().next()? {
        '[' => body[1..].split_once(']')?,
        '(' => body[1..].split_once(')')?,
        '#' => body[1..].split_once(' ')?,
        _ => {
            let dash = [" - ", " – ", " — "].into_iter().find(|dash| body.contains(dash))?;
            body.split_once(dash).filter(|(label, _)| !label.chars().any(char::is_lowercase))?
        }
    };
    let rest = rest.trim_start_matches([':', '*', '_', ' ']);
    (label.len() <= 30 && rest.split_whitespace().nth(1).is_some() && is_label(context, label)).then_some(rest)
}

fn votes(words: &str) -> Option<Votes> {
    let c = VOTES.captures(words)?;
    let number = |name: &str| c.name(name).map_or(0, |m| m.as_str().parse().unwrap_or(0));
    c.name("no").or(c.name("abstain"))?;
    Some(Votes { yes: number("yes"), no: number("no"), abstain: number("abstain") })
}

#[cfg(test)]
mod tests {
    use crate::extract;

    /// `line: text`; unmarked ones with a `~` before them.
    fn check(source: &str, expected: &[&str]) {
        let told: Vec<String> = extract(source, "2026-01-13.md")
            .remove(0)
            .decisions
            .into_iter()
            .map(|d| format!("{}{}: {}", if d.explicit { "" } else { "~" }, d.line, d.text))
            .collect();
        assert_eq!(told, expected, "{source}");
    }

    #[test]
    fn labels_before_and_over_what_was_settled() {
        check("- Decision: use the new buoy\n", &["1: use the new buoy"]);
        check("- Tentative outcome:\n    - use the new buoy\n", &["2: use the new buoy"]);
        check("Consensus of the meeting:\n- use the new buoy\n- Mira to ask for it\n", &["2: use the new buoy"]);
        check("- [Decision] use the new buoy\n", &["1: use the new buoy"]);
        check("- DECISION - use the new buoy\n- Decision - what is it?\n", &["1: use the new buoy"]);
        check("- #agreed use the new buoy\n", &["1: use the new buoy"]);
        check("- Decision #12: use the new buoy\n", &["1: use the new buoy"]);
        check(
            "## Decisions made / Action items\n\n| Item | Description |\n|--|--|\n| **61.1** | red buoys only |\n| **61.2** | Mira to paint one |\n",
            &["5: red buoys only"],
        );
        check("## Charts\n\n| Item | Description |\n|--|--|\n| 1 | red buoys only |\n", &[]);
        check(
            "- Minutes of May - approved with a change\n- Chart 7 - approved by whom?\n",
            &["1: Minutes of May - approved with a change"],
        );
        check("- consensus: ok to paint it red\n", &["1: ok to paint it red"]);
        check("## Summary of resolutions\n\n1. red buoys only\n", &["3: red buoys only"]);
        check("- Long talk. Decision is that it stays red.\n", &["1: Long talk. Decision is that it stays red."]);
        check("Approve past minutes - approved w/o comment\n", &["1: Approve past minutes - approved w/o comment"]);
        check("## Decisions\n\n- [ ] Decision 1\n- [ ] Decision 2\n- red buoys only\n", &["5: red buoys only"]);
        check("- Hats: no. vote: 1 for, 5 against\n", &["1: Hats: no. vote: 1 for, 5 against"]);
        check("- Shall it be red?\n- nobody against\n", &["1: Shall it be red? (nobody against)"]);
        check("- agreed -> paint it red\n", &["1: paint it red"]);
        check("- Some hate it: fine. Decision: no red buoys\n", &["1: no red buoys"]);
        check("- The old buoy, was\n  approved by all\n", &["1: The old buoy, was approved by all"]);
        check("Agreed that boats go from 5 → 25 knots\n", &["1: Agreed that boats go from 5 → 25 knots"]);
        check(
            "- I'm all in favor of red buoys\n- Buoys stay red: all in favour\n",
            &["2: Buoys stay red: all in favour"],
        );
        check("- Decision taken by the board: use the new buoy\n", &["1: use the new buoy"]);
        check("- The proposal has been accepted by the board\n", &["1: The proposal has been accepted by the board"]);
        check(
            "- Decision to drop the old buoy\n- All: Agree that it is red\n",
            &["1: Decision to drop the old buoy", "2: Agree that it is red"],
        );
    }

    #[test]
    fn a_verdict_settles_the_proposal_before_it() {
        check(
            "- Should we move the call to May?\n- No objections.\n",
            &["1: Should we move the call to May? (No objections.)"],
        );
        check(
            "- Motion: buy a red buoy\n    - Moved: Mira\n    - PASSED without objection, without abstention\n",
            &["1: buy a red buoy (PASSED without objection, without abstention)"],
        );
        check("- Motion: buy a buoy\n    - All agreed\n    - Approved\n", &["1: buy a buoy (All agreed)"]);
        check("- No objections to trying the red buoy\n", &["1: No objections to trying the red buoy"]);
    }

    #[test]
    fn a_verdict_tells_how_it_came_about() {
        let passed = "Mira makes the motion, Jo seconds. All in favor. One abstention (Tim)";
        check(&format!("- Paint the pier\n    - {passed}\n"), &[&format!("1: Paint the pier ({passed})")]);
        check(
            "- Jo would prefer the red buoy\n- vote: 7 for, 1 against\n",
            &["1: Jo would prefer the red buoy (7 for, 1 against)"],
        );
        check(
            "- Explicit decision: the red buoy\n- ergo, we will use it\n",
            &["1: the red buoy", "~2: ergo, we will use it"],
        );
        check("- Mira makes the motion, Jo seconds\n", &[]);
        check("- Who comes to the party\n    - 12 yes, 3 no\n- Open PRs\n    - 3 approved\n", &[]);
        check("- PR 41 (tide tables) - approved by Jo, waiting for CI\n- Talk of Jo -> accepted\n", &[]);
        check("- Mira sent in a talk for the conference. Accepted.\n", &[]);
        check("- The red buoy stays in the harbour. Agreed.\n", &["1: The red buoy stays in the harbour."]);
        check(
            "- We took a vote: 7 in favor of the red buoy and 2 against\n",
            &["1: We took a vote: 7 in favor of the red buoy and 2 against"],
        );
        check("- Show of hands on the buoy: 5 yes, 2 no\n", &["1: Show of hands on the buoy: 5 yes, 2 no"]);
    }

    #[test]
    fn remarks_beside_a_label_are_no_decision() {
        check("- Current decisions: (see the board)\n    - The buoy is red\n", &["2: The buoy is red"]);
        check("- Agreement (todo: write that down)\n", &[]);
        check("- we decided last time to use the red buoy\n", &[]);
    }

    #[test]
    fn plain_statements_of_what_holds() {
        for said in [
            "We will keep the red buoy",
            "Discussion: Let's use the red buoy",
            "The page will be removed after the summer",
            "-> Recommend red buoys",
            "No freeze, but be careful with merging",
            "The call stays the same for now",
            "Absent comments, this will move to stage 2.",
        ] {
            let told = extract(&format!("- {said}\n"), "2026-01-13.md").remove(0).decisions;
            assert!(told.len() == 1 && !told[0].explicit, "{said}: {told:?}");
        }
        check(
            "- Should we force the move within six weeks? YES\n- Can we drop the page?\n    - Yes, it is old\n",
            &["~1: Should we force the move within six weeks? YES", "~3: Can we drop the page? Yes, it is old"],
        );
        for said in [
            "We could keep the red buoy",
            "Maybe the page will be removed",
            "We don't have a buoy",
            "Is it done? Yes",
            "Will be merged today",
            "Let's discuss it next week",
            "If we keep the red buoy, the page is wrong",
        ] {
            check(&format!("- {said}\n"), &[]);
        }
        // In a talk everybody has a stance.
        check("- Mira: it is red.\n- Jo: Keep it as it is for now\n- Mira: fine\n- Jo: good\n", &[]);
    }

    #[test]
    fn what_is_only_asked_or_put_to_the_vote_is_not_settled() {
        for line in [
            "Vote: https://polls.example/1",
            "VOTE: shall the red buoy be bought?",
            "Proposed resolution: buy it",
            "the format is agreed upon by the harbours",
            "Do we agree that it is red?",
            "No objections so far",
        ] {
            check(&format!("- {line}\n"), &[]);
        }
    }

    #[test]
    fn a_decision_stands_on_the_line_of_its_sentence() {
        let long = "There was a long talk about what the buoy is to be painted with, as the old colour has";
        check(&format!("- {long}\n  gone. We decided to paint it red.\n"), &["2: We decided to paint it red."]);
        // Lines that did not wrap are statements of their own.
        check("- The old buoy\n  We’ve defined to drop it\n", &["~2: We’ve defined to drop it"]);
    }

    #[test]
    fn motions_with_their_verdict_and_lists_without_a_colon() {
        check(
            "*Motion* (Mira/Jo): to buy a red buoy. Passed 5-1.\n",
            &["1: Motion (Mira/Jo): to buy a red buoy. Passed 5-1."],
        );
        check("- Meeting consensus\n    - Do not buy it\n    - May need a second look\n", &["2: Do not buy it"]);
        check(
            "- No one objected to the red buoy\n- There was agreement on the pier\n",
            &["1: No one objected to the red buoy", "2: There was agreement on the pier"],
        );
        check(
            "- Going to close the issue\n- Proceed as planned\n- 20th it is.\n",
            &["~1: Going to close the issue", "~2: Proceed as planned", "~3: 20th it is."],
        );
    }
}
