//! Lines that speak of what was decided elsewhere or before, and are no decision: "the board has revised the cache",
//! "PostgreSQL is confirmed", "the community decided for it in January, we cannot drop it".
//!
//! Which decision they speak of takes other files, and is told in the index.

use std::ops::Range;

use crate::actions::{Context, clean};
use crate::facts::{Decision, Recall};
use crate::outline::BlockKind;
use crate::statement::{Section, one_line, sentences, statements, unwrapped};

/// A longer sentence tells of too much.
const LONGEST: usize = 300;

/// The lines of `blocks` that speak of a decision, in order.
pub fn recalls(context: &Context<'_>, blocks: Range<usize>, decisions: &[Decision]) -> Vec<Recall> {
    let list = &context.conventions.lists().recalls;
    let mut found = Vec::new();
    for at in blocks {
        let block = &context.outline.blocks[at];
        if matches!(block.kind, BlockKind::Fence | BlockKind::Rule | BlockKind::Heading(_))
            || matches!(context.sections[at], Section::People { .. } | Section::Roles(_))
            || block.text.plain.len() > 8000
            || !list.may_be_in(&block.text.plain)
        {
            continue;
        }
        for statement in statements(at, block, |_| false) {
            let line = statement.line;
            if decisions.iter().any(|d| (d.line..=d.end_line).contains(&line)) || !list.is_in(statement.words()) {
                continue;
            }
            let words = unwrapped(statement.words());
            if let Some(sentence) = telling(&words, |s| list.is_in(s)).filter(|s| s.len() <= LONGEST) {
                found.push(Recall { line, text: one_line(&clean(sentence)), topic: context.topic(at) });
            }
        }
    }
    found
}

/// The sentence that tells something, with what stands before a full stop that ends none ("am 09.06. beschlossen").
fn telling(words: &str, tells: impl Fn(&str) -> bool) -> Option<&str> {
    let all = sentences(words);
    let mut at = all.iter().position(|(_, s)| tells(s))?;
    let (offset, last) = all[at];
    while at > 0 && words[all[at].0..].trim_start().starts_with(char::is_lowercase) {
        at -= 1;
    }
    words.get(all[at].0..offset + last.len())
}

#[cfg(test)]
mod tests {
    use crate::extract;

    fn check(source: &str, expected: &[&str]) {
        let found = extract(source, "2026-01-13.md").remove(0).recalls;
        let told: Vec<String> = found.into_iter().map(|r| format!("{}: {}", r.line, r.text)).collect();
        assert_eq!(told, expected, "{source}");
    }

    #[test]
    fn what_was_decided_elsewhere_is_recalled() {
        check("- one\n- The red buoy is confirmed. Jo is glad\n", &["2: The red buoy is confirmed."]);
        check("- Board (14 April) has revised the buoy: red\n", &["1: Board (14 April) has revised the buoy: red"]);
        check("- Last time, we agreed to use the red buoy\n", &["1: Last time, we agreed to use the red buoy"]);
        let german = "Die Hafen-AG hat am 09.06. die rote Boje zurückgenommen.";
        check(&format!("- Es regnet. {german} Es bleibt dabei\n"), &[format!("1: {german}").as_str()]);
    }

    #[test]
    fn a_decision_recalls_nothing() {
        check("- Decision: the decision of January 22nd is reversed\n", &[]);
        check("- the buoy is red\n", &[]);
    }
}
