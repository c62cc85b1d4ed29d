//! Decisions: labelled, voted on, said to be agreed; and plain statements of what holds from now on.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use crate::actions::{Context, clean};
use crate::facts::{Decision, Rule, Votes};
use crate::outline::{Block, BlockKind, Style};
use crate::owners;
use crate::statement::{Section, Statement, contains_word, labelled, lower, one_line, statements};

/// "vote: 7 for, 1 against, 3 abstain", "5 yes, 0 no", "+7 -1".
static VOTES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?ix)(?P<yes>\d+)\s*(?:votes?\s+)?(?:for|yes|yea|in\s+favou?r|\+1|ja|dafür|approve[sd]?)\b
           (?:\W+(?:and\s+)?(?P<no>\d+|no|none|zero)\s*(?:votes?\s+)?(?:against|no|nay|-1|nein|dagegen|objections?)\b)?
           (?:\W+(?:and\s+)?(?P<abstain>\d+|no|zero)\s*(?:abstain(?:ed|ing)?|abstentions?|enthaltung(?:en)?))?",
    )
    .expect("a valid pattern")
});
/// "because …", "since it …", "weil …"
static BECAUSE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:because|since\s+(?:it|we|this|the|that)|as\s+(?:it|we|this|the)\s+\w+|due\s+to|so\s+that|weil|da\s+(?:es|wir|die|das)|reason:|rationale:)\s*(.{8,})").expect("a valid pattern")
});
/// Plain statements of what holds: "We go with …", "will stay …", "X remains the default".
static SETTLED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?ix)
          ^\W*(?:so\s+|thus\s+|therefore\s+|for\s+now,?\s+)?we\s+(?:will\s+)?(?:go\s+with|go\s+for|stick\s+(?:to|with)|keep|stay\s+with|use|drop|skip|postpone|adopt|won['’]t|will\s+not|do\s+not|don['’]t|will\s+wait|start\s+with|move\s+(?:forward|to)|settle[d]?\s+on|want\s+to\s+prefer|prefer)\b
        | ^\W*(?:let['’]s|lets)\s+(?:merge|go|keep|use|drop|postpone|wait|stick|not|move|skip|start)\b
        | \b(?:will\s+(?:stay|remain|be\s+(?:the\s+)?(?:default|mandatory|recommended|optional|removed|dropped|skipped|kept|postponed|valid))|stays?\s+as\s+(?:is|intended)|remains?\s+(?:the\s+default|mandatory|recommended|optional))\b
        | ^\W*(?:=>|->)\s*(?:we|no|yes|keep|use|drop|leave|postpone|go|stick|wait|move)\b
        | \b(?:is|are)\s+(?:out\s+of\s+scope|postponed|no\s+longer\s+(?:mandatory|supported|needed|required)|not\s+part\s+of)\b
        | ^\W*(?:move\s+forward|leave\s+(?:it\s+)?as\s+is|keep\s+as\s+is|keep\s+it)\b
        | \bwir\s+(?:nehmen|bleiben|machen|verschieben|verzichten|gehen\s+mit)\b
        ",
    )
    .expect("a valid pattern")
});

/// The decisions of `blocks`, in order.
pub fn decisions(context: &Context<'_>, blocks: Range<usize>) -> Vec<Decision> {
    let mut found: Vec<Decision> = Vec::new();
    let mut last_block = None;
    for at in blocks {
        let block = &context.outline.blocks[at];
        if matches!(block.kind, BlockKind::Fence | BlockKind::Rule | BlockKind::Heading(_)) {
            continue;
        }
        let listed = matches!(context.sections[at], Section::People { .. });
        if block.text.plain.len() > 8000 || (listed && label_at(context, &block.text.plain).is_none()) {
            continue;
        }
        for statement in statements(at, block, |line| opens(context, line)) {
            let Some((text, rule)) = decision(context, at, block, &statement) else {
                continue;
            };
            let words = one_line(&text);
            if !words.chars().any(char::is_alphabetic) {
                continue;
            }
            // The items under a decision are its detail.
            if last_block.is_some_and(|p| context.outline.parents(at).any(|(i, _)| i == p)) && rule == Rule::Statement {
                continue;
            }
            last_block = Some(at);
            let whole = statement.words();
            let last_line = statement.last_line();
            found.push(Decision {
                line: statement.line,
                end_line: if block.is_item() { block.end_line.max(last_line) } else { last_line },
                explicit: rule != Rule::Statement,
                topic: context.topic(at),
                rationale: BECAUSE.captures(whole).map(|c| one_line(&c[1])),
                votes: votes(whole),
                people: owners::handles(whole),
                references: context.references_in(statement.line, last_line),
                text: words,
                rule,
            });
        }
    }
    found.sort_by_key(|d| d.line);
    found
}

fn opens(context: &Context<'_>, line: &str) -> bool {
    context.markers.opens(line)
        || line.starts_with("=>")
        || line.starts_with("->")
        || labelled(line).is_some_and(|(label, _)| is_label(context, label))
}

fn is_label(context: &Context<'_>, label: &str) -> bool {
    let low = label.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    context.conventions.decisions.labels.contains(&low)
}

fn decision(context: &Context<'_>, at: usize, block: &Block, statement: &Statement<'_>) -> Option<(String, Rule)> {
    let words = statement.words();
    let low = lower(words);
    let c = &context.conventions.decisions;
    if c.not_yet.iter().any(|w| contains_word(&low, w)) {
        return None;
    }
    // "Decision: …", "=> Conclusion: …"
    let labelled_at = label_at(context, words);
    if let Some(rest) = labelled_at {
        if rest.split_whitespace().count() >= 1 && !rest.trim_end().ends_with('?') {
            return Some((clean(rest), Rule::Settled));
        }
        return None;
    }
    let under_label = block.parent.is_some_and(|p| {
        let parent = &context.outline.blocks[p];
        label_at(context, parent.text.head()).is_some_and(|rest| rest.trim().is_empty())
    });
    // What is expected is not decided.
    if under_label && (low.starts_with("we expect") || low.starts_with("we also expect")) {
        return None;
    }
    if under_label || (block.parent.is_none() && context.sections[at] == Section::Decisions) {
        return Some((clean(words), Rule::Heading));
    }
    if words.trim_end().ends_with('?') {
        return None;
    }
    if c.phrases.iter().any(|w| contains_word(&low, w))
        || (VOTES.is_match(words) && votes(words).is_some_and(|v| v.yes > 0) && contains_word(&low, "vote"))
    {
        return Some((clean(words), Rule::Settled));
    }
    if let Some(settled) = answer(context, block, words) {
        return Some(settled);
    }
    let in_list = matches!(context.sections[at], Section::Actions { .. });
    let plain = !in_list && !is_slides(context) && words.split_whitespace().count() >= 3 && words.len() < 500;
    if plain && (SETTLED.is_match(words) || (concludes(words) && owners::handles(words).is_empty())) {
        return Some((clean(words), Rule::Statement));
    }
    None
}

/// Slides report what was settled elsewhere: there only marks count.
fn is_slides(context: &Context<'_>) -> bool {
    context.outline.front_matter.as_deref().is_some_and(|front| front.contains("slide"))
}

/// `=> two scopes`, `For now: keep it`, `Not mandating encryption`, `Prefer OVN`: a stance without a subject.
fn concludes(words: &str) -> bool {
    static STANCE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"(?x)^(?:
                =>\s*[A-Z0-9\x22].{8,}
              | (?i:for\s+now|for\s+the\s+time\s+being|until\s+further\s+notice|bis\s+auf\s+weiteres)\b[:,]?\s.{8,}
              | (?:Not|No\s+longer)\s+[a-z]+ing\b
              | (?:Keep|Prefer|Reject|Accept|Stick|Stay|Skip|Drop|Focus\s+on|Continue\s+to\s+use|Merge\s+as|Don['’]t)\s
              | (?i:we\s+(?:want\s+to\s+(?:stick|keep|stay|prefer|avoid)|(?:will|['’]ll)\s+keep|focus\s+only|only\s+support))\b
            )",
        )
        .expect("a valid pattern")
    });
    // What is put off, handed on or only thought of is not settled.
    static OPEN: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?i)\b(?:tbd|next\s+(?:week|sprint|meeting|time)|postponed?|discuss|could|should|would|might|maybe|perhaps|team|sig|meeting|proposal|suggestion|idea|issue|todo|needs?|need\s+to|progress|question|https?)\b").expect("a valid pattern")
    });
    let body = words.trim_start_matches(['*', '_', ' ']);
    STANCE.is_match(body) && !OPEN.is_match(body) && body.len() < 240
}

/// The answer right under a question: `Yes`, `-> YES`, or an imperative.
fn answer(context: &Context<'_>, block: &Block, words: &str) -> Option<(String, Rule)> {
    let question = block.parent.map(|p| &context.outline.blocks[p].text.plain)?;
    let question = question.trim().trim_end_matches(['*', '_', ' ']);
    if !question.ends_with('?') || question.len() > 300 {
        return None;
    }
    let body = words.trim_matches(['*', '_', ' ', '-', '>', '=', '.', '!']);
    let first = body.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    let whole = || format!("{} {}", one_line(question), one_line(body));
    let strong = block.text.spans.iter().any(|s| s.style == Style::Strong && s.range.start <= 1);
    let poll = body.trim_start_matches(|c: char| c.is_ascii_digit() || c == ' ');
    let is_poll =
        ["Yes", "No", "YES", "NO", "Ja", "Nein"].iter().any(|w| poll == *w || poll.starts_with(&format!("{w},")));
    if is_poll && strong {
        return Some((whole(), Rule::Settled));
    }
    let only_one = context.outline.blocks[block.parent?].items == 1;
    let capital = words.chars().filter(|c| c.is_alphabetic()).all(char::is_uppercase) && is_poll;
    let settles = ["Use", "Keep", "Let's", "Let’s", "Stick", "Stay", "Push", "Merge"].contains(&first)
        || body.starts_with("Let's")
        || body.starts_with("Let’s");
    (!is_slides(context) && only_one && (capital || (settles && !body.ends_with('?'))))
        .then(|| (whole(), Rule::Statement))
}

/// What stands behind a decision's label; empty for a label that stands alone.
fn label_at<'a>(context: &Context<'_>, words: &'a str) -> Option<&'a str> {
    let body = words.trim_start_matches(['*', '_', '-', '>', '=', ' ', '→', '[', '(']);
    if let Some((label, rest)) = labelled(body)
        && is_label(context, label)
    {
        return Some(rest);
    }
    // "Decided that …", "RESOLVED …", "Agreed to …", "Approved"
    let first = body.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    let rest = body[first.len()..].trim_start();
    let low = first.to_lowercase();
    let verbs = ["decided", "agreed", "resolved", "approved", "beschlossen"];
    (verbs.contains(&low.as_str())
        && first.starts_with(char::is_uppercase)
        && !rest.starts_with("in ")
        && !rest.starts_with('?'))
    .then_some(if rest.is_empty() { body } else { words })
}

fn votes(words: &str) -> Option<Votes> {
    let c = VOTES.captures(words)?;
    let number = |name: &str| c.name(name).map_or(0, |m| m.as_str().parse().unwrap_or(0));
    c.name("no").or(c.name("abstain"))?;
    Some(Votes { yes: number("yes"), no: number("no"), abstain: number("abstain") })
}
