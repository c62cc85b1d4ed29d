//! Labels of decisions: before a statement, over it, or apart in brackets.

use std::sync::LazyLock;

use super::verdicts::PROPOSAL;
use crate::actions::Context;
use crate::commitments::opens_with_arrow;
use crate::hints::Hint;
use crate::owners;
use crate::pattern::Pattern;
use crate::statement::{is_beside_label, is_decision_label, labelled, lower};
use crate::words::{is_imperative, is_no_name};

/// What stands in for a label of the conventions, one of them: see `label_at`.
pub const VERBS: &[&str] = &["agree", "decision", "consensus", "beschl", "decided", "resolved", "approved"];

pub(super) fn opens(context: &Context<'_>, at: usize, line: &str) -> bool {
    (context.hints[at].has(Hint::Marker) && context.markers.opens(line))
        || opens_with_arrow(line)
        || (context.hints[at].has(Hint::Decision) && labelled(line).is_some_and(|(label, _)| is_label(context, label)))
}

pub(super) fn is_label(context: &Context<'_>, label: &str) -> bool {
    // "Agreement (todo: write it down)": the colon is that of another label.
    let whole = label.matches('(').count() == label.matches(')').count();
    whole && label.len() <= 60 && is_decision_label(label, context.conventions)
}

/// "jo to comment", under a label of decisions.
pub(super) fn is_task(words: &str) -> bool {
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

/// Whether what follows a label says something: no link alone, no question, nothing that is only put to the vote.
pub(super) fn is_content(rest: &str, is_vote: bool) -> bool {
    let bare = rest.trim().trim_matches(['*', '_', '<', '>']);
    let asks = bare.ends_with('?')
        || (is_vote && ["shall ", "should ", "whether ", "do ", "if "].iter().any(|w| lower(bare).starts_with(w)));
    !bare.is_empty() && !asks && !is_beside_label(bare)
}

/// "Motion: move the berth" -> "move the berth".
pub(super) fn without_label(text: &str) -> &str {
    match labelled(text) {
        Some((label, rest)) if label.split(' ').count() <= 2 && PROPOSAL.is_match(label) && !rest.is_empty() => rest,
        _ => text,
    }
}

/// What stands behind a decision's label in the words of a block; empty for a label that stands alone.
pub(super) fn label_at<'a>(context: &Context<'_>, at: usize, words: &'a str) -> Option<&'a str> {
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
        && rest.split_whitespace().nth(1).is_some()
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
    // "Agreement on …", "Red buoys: rough agreement on …"
    static ON: LazyLock<Pattern> = LazyLock::new(|| {
        Pattern::new(
            r"(?i)^(?:[^:.,;?]{1,60}:\s+)?(?:(?:rough|general|wide|broad)\s+)?(?:agreement|consensus)\s+on\s+\S+\s",
        )
    });
    /// What says that there is none yet.
    static MISSING: LazyLock<Pattern> = LazyLock::new(|| {
        Pattern::new(r"(?i)\b(?:never|not|no|missing|needed|needs?|required|would|should|still|pending|fehlt)\b")
    });
    if ON.is_match(body) && !MISSING.is_match(body) && !owners::speaks(body, context.doers) {
        return Some(words);
    }
    // "Agree to the agenda (1m, chair)" is on it; a row tells of things.
    static MINUTES: LazyLock<Pattern> = LazyLock::new(|| Pattern::new(r"\(\d+\s?m(?:in)?\b[^()]*\)\W*$"));
    if body.contains(" | ") || MINUTES.is_match(body) {
        return None;
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
    let says_what = ["to ", "that ", "on "].iter().any(|w| rest.starts_with(w))
        || (low == "approved" && rest.starts_with("for "))
        || (low == "agreed" && rest.starts_with(", ") && rest.split_whitespace().nth(4).is_some());
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
