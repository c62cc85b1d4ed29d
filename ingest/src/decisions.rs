//! Decisions: labelled, voted on, said to be agreed; and plain statements of what holds from now on.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use crate::actions::{Context, clean};
use crate::facts::{Decision, Rule, Votes};
use crate::outline::{Block, BlockKind, Style};
use crate::owners;
use crate::statement::{Section, Statement, contains_word, is_decision_label, labelled, lower, one_line, statements};

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
            if rule == Rule::Settled
                && VERDICT.is_match(statement.words())
                && let Some(about) = judged(context, at)
            {
                found.push(Decision {
                    line: about.line,
                    end_line: statement.last_line().max(about.last_line),
                    explicit: true,
                    topic: context.topic(at),
                    rationale: None,
                    votes: None,
                    people: owners::handles(&about.text.plain),
                    references: context.references_in(about.line, about.last_line),
                    text: format!("{} ({})", without_label(&one_line(&about.text.plain)), clean(&words)),
                    rule,
                });
                last_block = Some(at);
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
    label.len() <= 60 && is_decision_label(label, context.conventions)
}

/// A statement that is nothing but the verdict on what stands before it: "No objections", "Approved".
static VERDICT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?ix)^\W*(?:(?:all|everyone|everybody|group|team|tsc|tac|meeting)[:,]?\s+)?
          (?: (?:no|without|keine)\s+(?:further\s+)?(?:objections?|einwände)
            | (?:unanimous(?:ly)?\s+)?(?:approved|accepted|passed|adopted|agreed|carried|einstimmig|angenommen)(?:\s+unanimously)?
            | unanimous
            | all\s+agreed?
          )\b(?:[,;(]?\s*(?:without|by|no|so|for|with|of|call|and|unanimously|zero|0)?\s*(?:objections?|abstentions?|votes?|against|unanimously|all|everyone|the\s+\w+|in\s+(?:the\s+)?meeting)){0,4}[\W\d]*$",
    )
    .expect("a valid pattern")
});
/// What is put to the vote.
static PROPOSAL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:\?\W*$|^\W*(?:propos|motion|vote|votes|shall|should|resolve|any objections|pull request|PR\b)|\bpropos)")
        .expect("a valid pattern")
});

/// The block that a bare verdict is about: the question or proposal before it, else what it hangs on.
fn judged<'a>(context: &Context<'a>, at: usize) -> Option<&'a Block> {
    let blocks = &context.outline.blocks;
    let block = &blocks[at];
    let before = blocks[..at].iter().rev().take(12).filter(|b| b.parent == block.parent && b.heading == block.heading);
    let mut before = before.take_while(|b| b.heading_level().is_none()).take(3);
    before
        .find(|b| PROPOSAL.is_match(b.text.plain.trim()))
        .or_else(|| block.parent.map(|p| &blocks[p]))
        .filter(|b| b.text.plain.len() < 600 && b.text.plain.chars().any(char::is_alphabetic))
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
        let is_vote = lower(words.trim_start_matches(|c: char| !c.is_alphabetic())).starts_with("vot");
        return is_content(rest, is_vote).then(|| (clean(rest), Rule::Settled));
    }
    let under_label = block.parent.is_some_and(|p| {
        let parent = &context.outline.blocks[p];
        label_at(context, &parent.text.plain).is_some_and(|rest| rest.trim().is_empty())
    });
    // What is expected is not decided.
    if under_label && (low.starts_with("we expect") || low.starts_with("we also expect")) {
        return None;
    }
    if under_label || (block.parent.is_none() && context.sections[at] == Section::Decisions) {
        return (!words.trim_end().ends_with(['?', ':'])).then(|| (clean(words), Rule::Heading));
    }
    if words.trim_end().ends_with('?') {
        return None;
    }
    if VERDICT.is_match(words) {
        return Some((clean(words), Rule::Settled));
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
    let only_one = context.outline.children(block.parent?).filter(|(_, c)| c.is_item()).count() == 1;
    let capital = words.chars().filter(|c| c.is_alphabetic()).all(char::is_uppercase) && is_poll;
    let settles = ["Use", "Keep", "Let's", "Let’s", "Stick", "Stay", "Push", "Merge"].contains(&first)
        || body.starts_with("Let's")
        || body.starts_with("Let’s");
    (!is_slides(context) && only_one && (capital || (settles && !body.ends_with('?'))))
        .then(|| (whole(), Rule::Statement))
}

/// Whether what follows a label says something: no link alone, no question, nothing that is only put to the vote.
fn is_content(rest: &str, is_vote: bool) -> bool {
    let bare = rest.trim().trim_matches(['*', '_', '<', '>']);
    let asks = bare.ends_with('?')
        || (is_vote && ["shall ", "should ", "whether ", "do ", "if "].iter().any(|w| lower(bare).starts_with(w)));
    let is_link = bare.split_whitespace().all(|w| w.starts_with("http"));
    !bare.is_empty() && !asks && !is_link
}

/// "Motion: move the berth" -> "move the berth".
fn without_label(text: &str) -> &str {
    match labelled(text) {
        Some((label, rest)) if label.split(' ').count() <= 2 && PROPOSAL.is_match(label) && !rest.is_empty() => rest,
        _ => text,
    }
}

/// What stands behind a decision's label; empty for a label that stands alone.
fn label_at<'a>(context: &Context<'_>, words: &'a str) -> Option<&'a str> {
    let body = words.trim_start_matches(['*', '_', '-', '>', '=', ' ', '→', '[', '(']);
    if let Some((label, rest)) = labelled(body)
        && is_label(context, label)
    {
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
        && ["to ", "was to ", "is to ", "that ", "for ", "from ", "was that ", "is that "]
            .iter()
            .any(|w| rest.starts_with(w))
        && noun.starts_with(char::is_uppercase)
    {
        return Some(words);
    }
    // "Decided that …", "RESOLVED …", "Agreed to …", "Approved"
    let first = body.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    let rest = body[first.len()..].trim_start();
    let low = first.to_lowercase();
    let verbs = ["decided", "agreed", "resolved", "approved", "beschlossen"];
    let says_what = ["to ", "that ", "on "].iter().any(|w| rest.starts_with(w));
    ((verbs.contains(&low.as_str()) || (low == "agree" && says_what))
        && (first.starts_with(char::is_uppercase) || says_what)
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
        check(
            "- Decision to drop the old buoy\n- All: Agree that it is red\n",
            &["1: Decision to drop the old buoy", "2: Agree that it is red"],
        );
        check("- OUTPUT: We move the page\n", &["1: We move the page"]);
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
        check("- No objections to trying the red buoy\n", &["1: No objections to trying the red buoy"]);
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
}
