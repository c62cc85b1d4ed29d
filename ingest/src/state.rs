//! What became of an action, as its own line or the notes under it tell.

use crate::conventions::{Conventions, States};
use crate::facts::ActionState;
use crate::statement::{find_word, lower};

/// As [`of_task`], which most texts have no word for.
pub fn told(text: &str, conventions: &Conventions) -> Option<ActionState> {
    if may_tell(text, conventions) { of_task(text, &conventions.states) } else { None }
}

/// What a box in plain text tells of a task: `[x] ask`, `[-] ask`. Elsewhere boxes tick off an agenda.
pub fn boxed(text: &str) -> Option<ActionState> {
    match tick(text.trim_start())? {
        "x" | "X" => Some(ActionState::Done),
        "-" | "~" => Some(ActionState::Dropped),
        _ => None,
    }
}

/// What stands in the box that a plain text opens with.
pub fn tick(text: &str) -> Option<&str> {
    text.strip_prefix('[')?.split_once("] ").map(|(tick, _)| tick)
}

/// What [`of_note`] tells, likewise.
pub fn noted(text: &str, conventions: &Conventions) -> Option<ActionState> {
    if may_tell(text, conventions) { of_note(text, &conventions.states) } else { None }
}

/// False for a text without any word of a state, as most are: one look tells it for all of them.
fn may_tell(text: &str, conventions: &Conventions) -> bool {
    conventions.lists().states.may_be_in(text) || is_refused(text)
}

/// The state that a task's own text tells: `… (done)`, `DONE`, `✅`, `- done: see PR`.
///
/// Words count where they stand apart from the task: at its start or end, in brackets, in capitals;
/// "get the review done" tells nothing.
pub fn of_task(text: &str, words: &States) -> Option<ActionState> {
    if let Some(state) = sign(text, words) {
        return Some(state);
    }
    let trimmed = text.trim().trim_end_matches(['.', '!', '*', '_', ')', ']', ' ']);
    let low = lower(trimmed);
    if is_refused(text) {
        return Some(ActionState::Dropped);
    }
    // What stands in the last bracket, where it is not closed; and behind the last of each kind of dash.
    let bracket = low.rfind(['(', '[']).map(|at| &low[at + 1..]).filter(|inner| !inner.contains([')', ']']));
    let dashes = ["-> ", "=> ", " - ", " – ", ": ", ". "]
        .map(|a| last_of(&low, a).map(|at| low[at + a.len()..].trim_start_matches(['*', '_'])));
    // Without what leads to the word, but for a sentence of its own, which may tell of anything: "Ask again. It was done in May".
    let mut led = dashes;
    led[..dashes.len() - 1].iter_mut().flatten().for_each(|note| *note = without_leads(note));
    let colons: Vec<usize> =
        low.match_indices(':').map(|(at, _)| at).filter(|at| low[at + 1..].starts_with(' ')).collect();
    let apart = |word: &str| -> bool {
        // At the end, behind a bracket, dash, arrow, colon or full stop; or a word in capitals.
        if let Some(before) = low.strip_suffix(word) {
            let before = before.trim_end_matches(['*', '_', ' ']);
            // "order the lamps – has been done"; what was merged is a request of it.
            let unled = LEADS.iter().fold(before, |before, lead| {
                before.strip_suffix(lead.trim_end()).map_or(before, |before| before.trim_end_matches(' '))
            });
            if unled.len() < before.len() && word != "merged" && unled.ends_with(['(', '-', '–', '>', ':', ';']) {
                return true;
            }
            let capitals = trimmed.ends_with(&word.to_uppercase()) && word.len() >= 4 && !before.ends_with("be");
            if capitals || before.is_empty() || before.ends_with(['(', '[', '-', '–', '>', ':', '.', ',', ';', '!']) {
                return true;
            }
        }
        // "[done] ask", "DONE ask"
        let opened = low.strip_prefix(['[', '(']).and_then(|inner| inner.strip_prefix(word));
        let shouted =
            word.len() >= 4 && text.strip_prefix(&word.to_uppercase()).is_some_and(|ask| ask.starts_with(' '));
        if shouted || opened.is_some_and(|behind| behind.starts_with([']', ')'])) {
            return true;
        }
        // At the start, before a colon, dash or bracket.
        if let Some(behind) = low.strip_prefix(word) {
            return behind.trim_start_matches(['*', '_']).starts_with([':', ',', ';'])
                || behind.starts_with(" - ")
                || behind.starts_with(" (");
        }
        // In brackets with more at the end: "(done 2023-02-08)", "(done, see #4)"; behind an arrow: "-> done url".
        let told = |stretch: &str| {
            stretch.strip_prefix(word).is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '?'))
        };
        let colon = |&at: &usize| low[..at].strip_suffix(word).is_some_and(|before: &str| before.ends_with(' '));
        bracket.is_some_and(told) || colons.iter().any(colon) || dashes.iter().chain(&led).flatten().any(|d| told(d))
    };
    if words.open.iter().any(|w| apart(w)) {
        return None;
    }
    if words.dropped.iter().any(|w| apart(w)) {
        return Some(ActionState::Dropped);
    }
    let settled = || dashes.iter().flatten().any(|d| is_settled(without_leads(d)));
    (words.done.iter().any(|w| apart(w)) || settled()).then_some(ActionState::Done)
}

/// What stands before a word that says how something stands: "has already been done"; those that stand last come first.
const LEADS: [&str; 12] =
    ["all ", "already ", "bereits ", "been ", "has ", "have ", "is ", "was ", "were ", "ist ", "wurde ", "sind "];

fn without_leads(text: &str) -> &str {
    let mut left = text;
    while let Some(rest) = LEADS.iter().find_map(|lead| left.strip_prefix(lead)) {
        left = rest;
    }
    left
}

/// Words for how a task was carried out, of which [`is_settled`] tells when they count.
pub(crate) const SETTLES: [&str; 9] =
    ["sent", "published", "signed", "deployed", "shipped", "submitted", "released", "uploaded", "delivered"];

/// Whether a note says no more than that a task was carried out, and perhaps when: "signed on the 11th", but not "sent a
/// reminder".
fn is_settled(note: &str) -> bool {
    const WHEN: [&str; 9] = ["on ", "yesterday", "today", "last ", "this ", "in ", "(", "gestern", "heute"];
    SETTLES.iter().filter_map(|word| note.strip_prefix(word)).any(|rest| {
        let rest = rest.trim_start_matches(['*', '_', '!', '.']);
        rest.is_empty() || rest.strip_prefix(' ').is_some_and(|rest| WHEN.iter().any(|when| rest.starts_with(when)))
    })
}

/// "Do we need another pump? => NO"
pub fn is_refused(text: &str) -> bool {
    let Some(arrow) = text.rfind(['>', '→']) else { return false };
    let answer = text[arrow..].trim_matches(|c: char| !c.is_alphanumeric());
    ["no", "nope", "nein"].iter().any(|no| answer.eq_ignore_ascii_case(no))
}

/// Where a few characters stand last. Texts are short: to search for them as `rfind` does takes longer to begin with than
/// to end.
fn last_of(text: &str, wanted: &str) -> Option<usize> {
    text.as_bytes().windows(wanted.len()).rposition(|here| here == wanted.as_bytes())
}

/// A task's text without the note on its progress: `restore runbook - ongoing, half a page exists`.
pub fn without_note<'a>(text: &'a str, conventions: &Conventions) -> &'a str {
    if !may_tell(text, conventions) {
        return text;
    }
    let words = &conventions.states;
    let all = || words.open.iter().chain(&words.done).chain(&words.dropped);
    for dash in [" - ", " – ", " -> ", " => ", "; ", ": "] {
        if let Some(at) = last_of(text, dash)
            && at > 0
        {
            let note = lower(text[at + dash.len()..].trim_start_matches(['*', '_', ' ']));
            let note = without_leads(&note);
            let told =
                |w: &String| note.strip_prefix(w.as_str()).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric));
            if all().any(told) || is_settled(note) {
                return text[..at].trim_end();
            }
        }
    }
    text
}

/// The state that a note under a task tells: `- done`, `- **DONE**`, `- obsolete`, `- ongoing; see PR`.
pub fn of_note(text: &str, words: &States) -> Option<ActionState> {
    if let Some(state) = sign(text, words) {
        return Some(state);
    }
    let low = lower(text.trim().trim_start_matches(['*', '_', '-', '>', '=', ' ', '(']));
    // "This is actually done since …", "has been dealt with"
    let mut low = low.as_ref();
    for lead in ["this ", "that ", "it ", "is ", "was ", "has been ", "actually ", "already ", "now "] {
        low = low.strip_prefix(lead).unwrap_or(low);
    }
    low = without_leads(low);
    if is_settled(low) {
        return Some(ActionState::Done);
    }
    let opens = |word: &str| {
        low.strip_prefix(word).is_some_and(|rest| {
            let rest = rest.trim_start_matches(['*', '_', '!']);
            rest.is_empty() || rest.starts_with([' ', ',', ';', ':', '.', '-', '(', ')', '–'])
        })
    };
    if words.open.iter().any(|w| opens(w)) {
        return Some(ActionState::Open);
    }
    if words.dropped.iter().any(|w| opens(w)) {
        return Some(ActionState::Dropped);
    }
    let short = low.split_whitespace().count() <= 4;
    // "merged, as of Friday", but not "closed questions were asked of …", nor "merged, the mail is still to be written"
    let left = |rest: &str| ["still ", "tbw", "to be ", "noch "].iter().any(|sign| rest.contains(sign));
    let apart = |w: &String| {
        low.strip_prefix(w.as_str()).is_some_and(|rest| rest.starts_with([',', ';', ':', '.', '!']) && !left(rest))
    };
    let whole = short || low.starts_with("done") || low.starts_with("erledigt");
    if words.done.iter().any(|w| apart(w) || (whole && opens(w))) {
        return Some(ActionState::Done);
    }
    let says = |w: &str| find_word(low, w).is_some();
    if short && !says("not") && !says("be") && words.done.iter().any(|w| says(w)) {
        return Some(ActionState::Done);
    }
    of_task(text, words)
}

/// A check mark: a word of the conventions that has no letters, or is an emoji code.
fn sign(text: &str, words: &States) -> Option<ActionState> {
    if text.is_ascii() && !text.contains(':') {
        return None;
    }
    let is_sign = |w: &&String| w.starts_with(':') || !w.chars().any(char::is_alphanumeric);
    let has = |words: &[String]| words.iter().filter(is_sign).any(|s| text.contains(s.as_str()));
    if has(&words.done) {
        Some(ActionState::Done)
    } else if has(&words.dropped) {
        Some(ActionState::Dropped)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Conventions;

    #[test]
    fn words_apart_from_the_task() {
        let states = Conventions::defaults().states;
        let task = |text| of_task(text, &states);
        assert_eq!(task("ask the office (done)"), Some(ActionState::Done));
        assert_eq!(task("ask the office - DONE"), Some(ActionState::Done));
        assert_eq!(task("ask the office ✅"), Some(ActionState::Done));
        assert_eq!(task("get the review done"), None);
        assert_eq!(task("[done] ask the office"), Some(ActionState::Done));
        assert_eq!(task("DONE AI Mira: ask the office"), Some(ActionState::Done));
        assert_eq!(task("closed doors are to be painted"), None);
        assert_eq!(task("ask the office - obsolete"), Some(ActionState::Dropped));
        assert_eq!(task("tables to be done"), None);
        assert_eq!(task("another pump? => NO"), Some(ActionState::Dropped));
        assert_eq!(task("ask whether there is a pump or no"), None);
        assert_eq!(task("mail to all harbours - done, 7 of 12 have it"), Some(ActionState::Done));
        assert_eq!(task("upgrade notes done: planner#167"), Some(ActionState::Done));
        assert_eq!(task("restore runbook - ongoing, half a page exists"), None);
        assert_eq!(task("order the lamps – has been done on Friday"), Some(ActionState::Done));
        assert_eq!(task("ask the bank – all done, thanks"), Some(ActionState::Done));
        assert_eq!(task("Mietvertrag – ist erledigt"), Some(ActionState::Done));
        assert_eq!(task("insurance: signed on the 11th"), Some(ActionState::Done));
        assert_eq!(task("check whether the painting is done"), None);
        assert_eq!(task("ask the bank - sent a reminder"), None);
        assert_eq!(told("insurance: Signed on the 11th", &Conventions::defaults()), Some(ActionState::Done));
        assert_eq!(
            without_note("restore runbook - ongoing, half a page exists", &Conventions::defaults()),
            "restore runbook"
        );
    }

    #[test]
    fn notes_under_a_task() {
        let states = Conventions::defaults().states;
        let note = |text| of_note(text, &states);
        assert_eq!(note("**DONE**"), Some(ActionState::Done));
        assert_eq!(note("done; see PR 4"), Some(ActionState::Done));
        assert_eq!(note("ongoing; see PR 4"), Some(ActionState::Open));
        assert_eq!(note("not needed anymore"), Some(ActionState::Dropped));
        assert_eq!(note("merged, the mail is still to be written"), Some(ActionState::Done));
        assert_eq!(note("closed questions were put to three harbours"), None);
        assert_eq!(note("he asked the office"), None);
        assert_eq!(note("can be closed"), Some(ActionState::Done));
        assert_eq!(note("sent on Monday"), Some(ActionState::Done));
        assert_eq!(note("sent a reminder"), None);
    }
}
