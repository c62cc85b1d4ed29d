//! What was put off: "postponed", "not discussed", "to be continued", of a topic or an item.

use std::ops::Range;

use crate::actions::{Context, clean};
use crate::facts::Postponed;
use crate::hints::Hint;
use crate::outline::BlockKind;
use crate::statement::{Section, contains_word, lower, statements};

/// A remark that puts off what it hangs on has at most so many words; in a longer one something else was put off.
const WORDS: usize = 16;

/// What a heading over things that were put off calls them.
const THINGS: [&str; 8] = ["items", "topics", "issues", "points", "discussions", "punkte", "themen", "tops"];

/// "Not discussed", "Postponed agenda items", "Issues not discussed today": not "Deferred Regatta review".
fn is_list(heading: &str, low: &str, phrases: &[String]) -> bool {
    let bare = low.trim_start_matches(|c: char| !c.is_alphanumeric());
    let opens = phrases.iter().any(|phrase| bare.starts_with(phrase.as_str()));
    let names = heading.split_whitespace().skip(1).any(|word| word.starts_with(char::is_uppercase));
    (opens && !names) || THINGS.iter().any(|thing| contains_word(low, thing))
}

/// What was put off in `blocks`, in order; one topic once.
pub fn postponed(context: &Context<'_>, blocks: Range<usize>) -> Vec<Postponed> {
    let phrases = &context.conventions.meetings.postponed;
    let mut found: Vec<Postponed> = Vec::new();
    // A heading such as "Not discussed": what stands under it was put off.
    let mut list: Option<u8> = None;
    for at in blocks {
        let block = &context.outline.blocks[at];
        let level = block.heading_level();
        list = list.filter(|&of| level.is_none_or(|level| level > of));
        if matches!(block.kind, BlockKind::Fence | BlockKind::Rule)
            || matches!(context.sections[at], Section::People { .. })
        {
            continue;
        }
        let above = || context.outline.parents(at).next();
        if list.is_some() {
            if level.is_some() || (block.is_item() && above().is_none()) {
                let text = clean(block.text.head());
                found.push(Postponed { line: block.line, topic: text.clone(), text });
            }
            continue;
        }
        if !context.hints[at].has(Hint::PutOff) {
            continue;
        }
        for statement in statements(at, block, |_| false) {
            let words = statement.words();
            if words.split_whitespace().nth(WORDS).is_some() {
                continue;
            }
            let low = lower(words);
            if !phrases.iter().any(|phrase| contains_word(&low, phrase)) {
                continue;
            }
            if let Some(level) = level.filter(|_| is_list(words, &low, phrases)) {
                list = Some(level);
                continue;
            }
            // "AI @mira: postpone the regatta" is a task.
            if context.hints[at].has(Hint::Marker) {
                continue;
            }
            let topic = above().map(|(_, item)| clean(item.text.head())).or_else(|| context.topic(at));
            let topic = topic.unwrap_or_else(|| clean(words));
            found.push(Postponed { line: statement.line, topic, text: clean(words) });
        }
    }
    found.retain(|p| p.topic.chars().any(char::is_alphabetic));
    found.dedup_by(|later, first| later.topic == first.topic);
    found
}
