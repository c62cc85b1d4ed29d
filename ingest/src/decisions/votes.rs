//! Votes: their count in a statement, and statements that are nothing but a count.

use std::sync::LazyLock;

use regex::Captures;

use crate::facts::Votes;
use crate::pattern::Pattern;

/// "vote: 7 for, 1 against, 3 abstain", "5 yes, 0 no", "+7 -1".
pub(super) static VOTES: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"(?ix)(?P<yes>\d+)\s*(?:votes?\s+)?(?:for|yes|yea|in\s+favou?r|\+1|ja|dafür|approve[sd]?)\b
           (?:(?:\s+[^\d\s.,;:][^.,;:]{1,40}?)?\W+(?:and\s+)?(?P<no>\d+|no|none|zero)\s*(?:votes?\s+)?(?:against|no|nay|-1|nein|dagegen|objections?)\b)?
           (?:\W+(?:and\s+)?(?P<abstain>\d+|no|zero)\s*(?:abstain(?:ed|ing)?|abstentions?|enthaltung(?:en)?))?",
    )
});
/// Where a count is one of votes, one of these.
pub const VOTING: [&str; 7] = ["vote", "poll", "hands", "against", "abstimmung", "dagegen", "abst"];

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
pub(super) fn count(words: &str) -> Option<Votes> {
    let short = words.len() <= 160 && words.bytes().any(|b| b.is_ascii_digit());
    if !short || !COUNT.is_match(words) {
        return None;
    }
    VOTES.captures(words).map(|c| told(&c))
}

/// What a match of [`VOTES`] counts.
fn told(c: &Captures<'_>) -> Votes {
    let number = |name: &str| c.name(name).map_or(0, |m| m.as_str().parse().unwrap_or(0));
    Votes { yes: number("yes"), no: number("no"), abstain: number("abstain") }
}

/// The votes that a statement counts: for and against or abstaining, or behind "Vote:".
pub(super) fn votes(words: &str) -> Option<Votes> {
    /// "Vote: 9 yes"
    static CALLED: LazyLock<Pattern> = LazyLock::new(|| Pattern::new(r"(?i)\b(?:votes?|abstimmung|hands):?\s*$"));
    let c = VOTES.captures(words)?;
    let counted = c.name("no").or(c.name("abstain")).is_some();
    // "Vote: 9 yes needed to pass"
    let wanted = |behind: &str| ["needed", "required", "are "].iter().any(|w| behind.trim_start().starts_with(w));
    let called = || c.get(0).is_some_and(|m| CALLED.is_match(&words[..m.start()]) && !wanted(&words[m.end()..]));
    (counted || called()).then(|| told(&c))
}
