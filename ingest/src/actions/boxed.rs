//! Check boxes outside of lists of actions: tasks where they tell whose they are. Other boxes tick off an agenda.

use super::listed::{names_alone, reporter};
use super::{Context, Draft, assigned_behind, clean};
use crate::commitments::{SPEECH, word_at};
use crate::facts::Rule;
use crate::outline::Block;
use crate::owners;
use crate::statement::{Statement, lower};
use crate::words;

/// Items beside one that are looked at on either side …
const NEAR: usize = 6;
/// … among so many blocks.
const FAR: usize = 60;
/// Words of headings under which a box is what somebody brings up.
const AGENDA: [&str; 5] = ["agenda", "announce", "vote", "news", "update"];

/// The task of a box, if it is somebody's.
pub(super) fn boxed_task(context: &Context<'_>, statement: &Statement<'_>) -> Option<Draft> {
    let (owners, text) = led(context, statement)
        .or_else(|| among_names(context, statement))
        .or_else(|| followed(context, statement).filter(|_| is_owed(context, statement)))?;
    Some(Draft { owners, text: clean(text), line: statement.line, rule: Rule::Checkbox })
}

/// Whose it is, and what.
type Task<'a> = (Vec<String>, &'a str);

/// `@jo: ask the office`: a handle and something to do; somebody known, a colon and the same; initials and the same,
/// also in brackets; or something to do under an item that is nothing but a handle.
fn led<'a>(context: &Context<'_>, statement: &'a Statement<'_>) -> Option<Task<'a>> {
    let words = unstruck(statement.words());
    // "(JH) write it up"
    if let Some((who, task)) = words.strip_prefix('(').and_then(|inner| inner.split_once(") "))
        && let people = owners::people_at(who, 0, context.doers, false)
        && let names = Some(people.names).filter(|names| !names.is_empty() && people.end == who.len())
        && (names.is_some() || are_capitals(who))
        && opens_like_a_task(task)
        && is_owed(context, statement)
    {
        return Some((names.unwrap_or_else(|| vec![who.to_owned()]), task));
    }
    let handle = words.starts_with('@');
    let people = owners::people_at(words, 0, if handle { context.known } else { context.doers }, false);
    let rest = words[people.end..].trim_start();
    let task = rest.strip_prefix(':').map_or(rest, str::trim_start);
    let task = task.strip_prefix("to ").unwrap_or(task);
    let over = || {
        let above = context.outline.parents(statement.block).next();
        let Some((_, item)) = above else {
            // Below a line that is nothing but a name, all boxes are theirs.
            return Some(reporter(context, statement.block)).filter(|names| !names.is_empty());
        };
        names_alone(context, item).filter(|_| item.is_item() && item.text.plain.starts_with('@'))
    };
    if people.names.is_empty() {
        return if opens_like_a_task(task) { Some((over()?, task)) } else { None };
    }
    let named = rest.starts_with(':') && people.names.iter().all(|name| is_written_out(name));
    // "JH: write it up", "JH write it up"
    let known = || people.names.iter().all(|name| context.doers.has(name)) && is_owed(context, statement);
    // "@jo postmortem by Friday"
    let owes = || {
        let says_what = task.split_whitespace().nth(1).is_some() && !SPEECH.is_match(task);
        handle && !rest.starts_with(':') && says_what && is_owed(context, statement)
    };
    let counts = if opens_like_a_task(task) { handle || named || known() } else { owes() };
    counts.then_some((people.names, task))
}

/// `numbers of boats (Mira)`, `write it - @mira, by end of May`, `write it (@mira) boats#5`: somebody behind what they owe.
fn followed<'a>(context: &Context<'_>, statement: &'a Statement<'_>) -> Option<Task<'a>> {
    let words = statement.words();
    let alone = || {
        let [handle] = owners::handles(words).try_into().ok()?;
        let at = words.rfind(&format!("@{handle}"))?;
        let before = words[..at].trim_end();
        let marked = ["(", "-", "–", "—", "→", "->", ":"].iter().any(|mark| before.ends_with(mark));
        let behind = words[at + 1 + handle.len()..].split_whitespace().count();
        (marked && behind <= 5).then_some((vec![handle], at))
    };
    let (owners, end) = assigned_behind(words, context.doers).or_else(alone)?;
    let named = |name: &String| context.doers.has(name) || words.contains(&format!("@{name}"));
    let says_what = words[..end].split_whitespace().filter(|w| w.contains(char::is_alphanumeric)).nth(1).is_some();
    let asks = clean(&words[..end]).ends_with('?');
    (says_what && !asks && owners.iter().all(named)).then_some((owners, &words[..end]))
}

/// `Jo: ethics form`, `Jo/Mira docker image`: anything, where all boxes of a list begin with somebody's name.
fn among_names<'a>(context: &Context<'_>, statement: &'a Statement<'_>) -> Option<Task<'a>> {
    let blocks = &context.outline.blocks;
    let own = &blocks[statement.block];
    let beside = |b: &&Block| b.is_beside(own);
    let before = blocks[..statement.block].iter().rev().take(FAR).filter(beside).take(NEAR);
    let after = blocks[statement.block + 1..].iter().take(FAR).filter(beside).take(NEAR);
    let mut others = before.chain(after).peekable();
    others.peek()?;
    let alike = others.all(|b| b.task().is_some() && named(context, &b.text.plain).is_some());
    named(context, statement.words()).filter(|_| alike)
}

/// Somebody whose name is written out, and anything behind it that is no question.
fn named<'a>(context: &Context<'_>, text: &'a str) -> Option<Task<'a>> {
    let words = unstruck(text);
    let people = owners::people_at(words, 0, context.doers, false);
    let rest = words[people.end..].trim_matches([':', ' ', '~', '*', '_']);
    let counts = !people.names.is_empty()
        && people.names.iter().all(|name| is_written_out(name))
        && rest.contains(char::is_alphanumeric)
        && !rest.ends_with('?');
    counts.then_some((people.names, rest))
}

/// Neither a question nor under a heading of what is brought up.
fn is_owed(context: &Context<'_>, statement: &Statement<'_>) -> bool {
    let brought_up = |heading: &Block| {
        let low = lower(&heading.text.plain);
        AGENDA.iter().any(|word| low.contains(word))
    };
    let heading = context.outline.headings_above(statement.block).next();
    !statement.words().trim_end().ends_with('?') && !heading.is_some_and(|(_, heading)| brought_up(heading))
}

fn opens_like_a_task(words: &str) -> bool {
    words::is_imperative(word_at(words))
}

/// Initials stand before what somebody has on the agenda.
fn is_written_out(name: &str) -> bool {
    name.contains(char::is_lowercase)
}

/// Two or three of them.
fn are_capitals(who: &str) -> bool {
    (2..=3).contains(&who.len()) && who.bytes().all(|b| b.is_ascii_uppercase())
}

/// Without the marks of emphasis before it.
fn unstruck(words: &str) -> &str {
    words.trim_start_matches(['~', ' ', '*', '_'])
}
