//! Topics passed on: "=> Container team meeting", "discuss in IaaS Team", "hand over to product board".

use std::ops::Range;

use crate::actions::{Context, clean};
use crate::facts::Handoff;
use crate::hints::Hint;
use crate::outline::BlockKind;
use crate::pattern::Pattern;
use crate::statement::{Section, statements};

/// What leads to the name of a series, and what closes it.
const PASSED_SOURCE: &str = r"(?x)
        (?:(?:^|\s)(?:=>|->|→)\s*(?:to\s+|in\s+)?(?:the\s+)?
         | \b(?i:(?:to\s+be\s+)?discuss(?:ed)?(?:\s+(?:this|it|that|further))?\s+(?:in|with|at)|hand(?:ed)?\s+(?:this\s+|it\s+)?over\s+to|bring\s+(?:this\s+|it\s+)?(?:up\s+)?(?:to|in)|move(?:d)?\s+(?:this\s+|it\s+)?to|take\s+(?:this|it)\s+to|topic\s+for|besprechen\s+(?:in|im)|weiter(?:geben)?\s+an)\s+(?:the\s+|next\s+|der\s+|dem\s+)*)
        (?P<to>[A-Za-z&][\w&/ -]{1,30}?)\s*(?P<word>%WORDS%)\b(?:\s+(?i:meeting|call))?";

/// Words that pass on: the pattern needs one of them, and a word for a group behind it.
pub const LEADS: &[&str] =
    &["=>", "->", "→", "discuss", "over to", "bring", "move", "take", "topic for", "besprechen", "weiter"];

/// The handoffs of `blocks`, in order.
pub fn handoffs(context: &Context<'_>, blocks: Range<usize>, pattern: &Pattern) -> Vec<Handoff> {
    let mut found = Vec::new();
    for at in blocks {
        let block = &context.outline.blocks[at];
        let hints = context.hints[at];
        if !(hints.has(Hint::PassesOn) && hints.has(Hint::Group)) {
            continue;
        }
        if matches!(block.kind, BlockKind::Fence | BlockKind::Rule)
            || matches!(context.sections[at], Section::People { .. })
        {
            continue;
        }
        for statement in statements(at, block, |_| false) {
            let words = statement.words();
            if words.len() > 2000 {
                continue;
            }
            let Some(c) = pattern.captures(words) else {
                continue;
            };
            let to = format!("{} {}", c["to"].trim(), &c["word"]);
            let whole = c.get(0).map_or(0..0, |m| m.range());
            let around = clean(&format!("{} {}", &words[..whole.start], &words[whole.end..]));
            // "=> Container team" alone passes on what it hangs on.
            let text = if around.split_whitespace().count() >= 2 {
                around
            } else {
                context
                    .outline
                    .parents(at)
                    .next()
                    .map(|(_, p)| clean(p.text.head()))
                    .or_else(|| context.topic(at))
                    .unwrap_or(around)
            };
            found.push(Handoff { line: statement.line_at(whole.start), to, text });
        }
    }
    found
}

/// The pattern of [`handoffs`] for a team's words.
pub fn pattern(words: &[String]) -> Pattern {
    let words = words.iter().map(|w| regex::escape(w)).collect::<Vec<_>>().join("|");
    Pattern::new(PASSED_SOURCE.replace("%WORDS%", &format!("(?i:{words})")))
}
