//! What somebody says of themselves: "Jo: I'll send it", "will do", "have a list, and will share it"; and who speaks.

use std::ops::Range;
use std::sync::LazyLock;

use super::{STATES, first_word, word_at};
use crate::actions::{Context, clean};
use crate::outline::Block;
use crate::owners::{self, Known};
use crate::pattern::Pattern;
use crate::statement::{labelled, lower, sentences, split_at_mark};
use crate::words::is_imperative;

/// Speech and thought: "@a: thinks that" is a contribution, not a task.
pub static SPEECH: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"(?i)^(?:thinks?|says?|said|asks?\s+(?:if|whether|about|why|how|what)|asked|mentions?|mentioned|suggests?|suggested|notes?|noted|reports?|reported|explains?|explained|agrees?|confirms?|proposes?|proposed|wonders?|points?\s+out|has|have|had|is|are|was|were|did|does|would|could|should|might|maybe|yes|no|not|i\s|we\s|the\s|this\s|that\s|it\s|there|if\s|how|what|why|when|who|which|but|so\s|and\s|because|also|still|already|currently|presented|shows?|showed|worked|working|fixed|merged|created|added|updated|finished|started|opened|closed|wrote|joined|came|got|gave|did|made|took|found|told|sent|went|spoke|met|began|ran|elaborates?|describes?|presents?|reminds?|welcomes?|thanks)\b",
    )
});

/// "I'll send it", "Going to ask", "… and will add it to the agenda": the doer is whoever speaks.
static FIRST_PERSON: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"(?x)(?:
            (?:^|[\s(])(?:I['’]?ll|I\s+(?:also\s+)?will|I\s+plan\s+to|(?:I['’]m|I\s+am)\s+(?:going|gonna|planning)\s+to|I\s+volunteered\s+to|(?:I['’]m|I\s+am)\s+happy\s+to)
          | ^(?i:happy|glad)\s+to
          | ^(?:[Yy]es,?\s+|[Oo]k(?:ay)?,?\s+|[Ss]o,?\s+)?(?P<we>[Ww]e)(?:['’]ll|\s+will)
          | (?:^|[,;]\s+)(?:and\s+)?(?:then\s+we|[Nn]o\s+problem,?\s+we|[Hh]e|[Ss]he|[Tt]hey)(?:['’]ll|\s+will)
          | ^(?P<intent>(?i:my\s+(?:intent|intention|plan)(?:\s+going\s+forward)?\s+is|(?:the\s+)?intent(?:ion)?\s+is)\s+to)
          | ^(?:[Ss]o,?\s+|[Yy]es,?\s+|[Oo]k,?\s+|[Nn]o\s+problem,?\s+|[Aa]nd\s+|[Aa]lso,?\s+|(?P<when>(?i:next\s+(?:week|month)|later\s+this\s+(?:week|month)|this\s+week|tomorrow|after\s+that|then|meanwhile|in\s+the\s+meantime|soon),?\s+))*(?:[Ww]ill|(?i:also\s+)?(?i:going\s+to|gonna|planning\s+to|volunteer(?:s|ed|ing)?\s+to|offers?\s+to))
          )\s+(?:also\s+|then\s+|try\s+to\s+|just\s+|still\s+|go\s+ahead\s+and\s+|(?:definitely|certainly|surely|quickly|probably|likely)\s+)?(?P<verb>\p{Ll}[\p{L}-]+)
          | ^[Tt]o\s+(?P<bare>\p{Ll}[\p{L}-]+)\s
          | ^(?:(?i:sure|yes|yep|ok|okay)[,.!]?\s+)?(?:I\s+can|I\s+could)\s+(?:now\s+)?(?P<can>address|work|kick|submit|commit|try|take|do|look|write|send|ask|add|make|create|open|check|put|set|follow|reach|draft|update|share)\b",
    )
});

/// What is only offered.
static OFFERS: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(r"(?i)^(?:happy|glad)\s+to\s+(?:(?:help|assist|support|answer|hear|see|discuss)\b|.*\bif\b)")
});

/// What only a group does.
static SETTLES: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(r"(?i)\b(?:vot(?:e|es|ing)|settle|pick|choose|decide|discuss|go\s+with|keep|stick)\b")
});

/// "… and will add it", behind what the speaker has done or is doing.
static THEN_WILL: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"(?:[,;]\s+(?:and\s+|but\s+|then\s+)?|\s+and\s+|\s+but\s+|\s+[-–]\s+)(?:will|(?:is\s+)?going\s+to)\s+(?:also\s+|then\s+|try\s+to\s+)?(?P<verb>\p{Ll}[\p{L}-]+)",
    )
});

/// What somebody has done or is doing, less who: "Have a doc", "working on it", "not done yet".
static OWN_WORK: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"(?i)^(?:(?:has|have|had|is|am|was|i|not|still|currently|done|wrote|did|met|got|started|made|began)\b|\p{L}+ing\b|\p{L}{3,}ed\b|(?:knows|reads|speaks|works|sees|owns|likes|agrees|talks|thinks)\b)",
    )
});

/// "Will do.": what was asked for just before.
pub(super) static WILL_DO: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"(?i)^(?:(?:yes|yep|yeah|sure|ok|okay|alright|of course)[,.!]?\s+)*(?:I\s+)?(?:will|['’]ll|I['’]ll)\s+do(?:\s+(?:that|it|this|so))?\W*$",
    )
});

/// What the last sentence asks somebody to do, and where.
pub(super) fn asked(words: &str) -> Option<(usize, String)> {
    static ASKS: LazyLock<Pattern> = LazyLock::new(|| {
        Pattern::new(
            r"(?i)\b(?:(?:would|could|can|will)\s+you(?:\s+please)?|please)\s+(?P<task>\p{L}+\s[^?]+?)\s*[?.!]*\s*$",
        )
    });
    let (at, sentence) = sentences(words).pop()?;
    let task = ASKS.captures(sentence)?.name("task")?;
    Some((at + task.start(), clean(task.as_str())))
}

/// "Mira: …", "(Mira) …": who says the rest.
pub(super) fn speaker<'a>(sentence: &'a str, doers: &Known) -> (Option<Vec<String>>, &'a str) {
    let whole = |label: &str| {
        let people = owners::people_at(label, 0, doers, false);
        let rest = label[people.end..].trim_matches([' ', ')', ']', '*', '_', '.']);
        (!people.names.is_empty() && rest.is_empty()).then_some(people.names)
    };
    let open = sentence.trim_start_matches(['(', '*', '_']);
    if let Some((label, rest)) = labelled(open).filter(|(label, _)| label.len() <= 40)
        && let Some(names) = whole(label)
    {
        return (Some(names), rest.trim_start());
    }
    // "Mira -- prepare the page"
    if let Some((label, rest)) =
        [" -- ", " - ", " – "].iter().find_map(|dash| split_at_mark(open, dash)).filter(|(label, _)| label.len() <= 30)
        && let Some(names) = whole(label)
    {
        return (Some(names), rest.trim_start());
    }
    if let Some((label, rest)) = (sentence.strip_prefix('(').and_then(|inner| inner.split_once(')')))
        .or_else(|| sentence.strip_prefix('[').and_then(|inner| inner.split_once(']')))
        .filter(|(l, _)| l.len() <= 30)
        && let Some(names) = whole(label)
    {
        return (Some(names), rest.trim_start_matches([' ', ':']));
    }
    (None, sentence)
}

/// Whom the item or heading above, or the item before, is about, when that is one person.
pub(super) fn above(context: &Context<'_>, at: usize) -> Option<Vec<String>> {
    let blocks = &context.outline.blocks;
    let leads = |text: &str| {
        let text = text.trim_start_matches(['*', '_', ' ']);
        let names = owners::people_at(text, 0, context.doers, false).names;
        (names.len() == 1).then_some(names)
    };
    // The items before it, which who speaks in the first of them goes on with.
    let before = || {
        let beside = |b: &&Block| b.is_item() && b.parent == blocks[at].parent && b.heading == blocks[at].heading;
        let level = blocks[..at].iter().rev().filter(|b| b.depth <= blocks[at].depth);
        level.take_while(beside).take(12)
    };
    let parent = context.outline.parents(at).next().map(|(_, p)| p);
    parent
        .and_then(|p| leads(&p.text.plain))
        .or_else(|| parent.map(|p| owners::handles(&p.text.plain)).filter(|h| h.len() == 1))
        .or_else(|| before().next().and_then(|b| leads(&b.text.plain)))
        .or_else(|| {
            let said = |b: &Block| owners::speaks(b.text.plain.trim_start_matches(['*', '_']), context.doers);
            before().find(|b| said(b)).and_then(|b| leads(&b.text.plain))
        })
        // "Update of the chart (Mira, Jo)"
        .or_else(|| {
            let over = context.outline.parents(at).chain(context.outline.headings_above(at).take(1)).take(3);
            over.filter(|(_, b)| b.text.plain.trim_end().ends_with([')', ']']))
                .find_map(|(_, b)| crate::actions::assigned_behind(b.text.head(), context.doers))
                .map(|(names, _)| names)
        })
        // "@mira", and below it the list of what she reports.
        .or_else(|| reported(context, at))
}

/// Who reports what stands in an item, where the item over it is nothing but one name.
pub(super) fn reported(context: &Context<'_>, at: usize) -> Option<Vec<String>> {
    Some(crate::actions::reporter(context, at)).filter(|names| names.len() == 1)
}

/// Where a sentence that commits its speaker does so.
pub(super) fn spoken(sentence: &str) -> Range<usize> {
    let found = FIRST_PERSON.find(sentence).or_else(|| THEN_WILL.find(sentence));
    found.map_or(0..first_word(sentence), |m| m.range())
}

/// The one person named before "…, she'll share it" in the same sentence.
pub(super) fn who_is_meant(sentence: &str, doers: &Known) -> Option<Vec<String>> {
    static PRONOUN: LazyLock<Pattern> =
        LazyLock::new(|| Pattern::new(r"[,;]\s+(?:and\s+)?(?:he|she)(?:['’]ll|\s+will)\s"));
    let before = &sentence[..PRONOUN.find(sentence)?.start()];
    let names: Vec<String> = owners::handles(before).into_iter().chain(doers.names_in(before)).collect();
    (names.len() == 1).then_some(names)
}

/// Whether a speaker's sentence commits them. A sentence that has no subject of its own counts only behind a
/// speaker or a sentence about somebody (`told`), or right at its start.
pub(super) fn first_person(sentence: &str, speaks: bool, told: bool) -> bool {
    if sentence.trim_end().ends_with('?') {
        return false;
    }
    if let Some(m) = FIRST_PERSON.captures(sentence) {
        if let Some(verb) = m.name("bare") {
            return speaks && is_imperative(verb.as_str()) && !sentence.contains(", ");
        }
        let Some(verb) = m.name("verb").or(m.name("can")) else { return false };
        // "Happy to help if needed" is an offer.
        if OFFERS.is_match(sentence) {
            return false;
        }
        // "My intent" is that of whoever spoke last, "the intent" of who speaks in this very sentence.
        if m.name("intent").is_some_and(|intent| !lower(intent.as_str()).starts_with("my ")) && !speaks {
            return false;
        }
        // "Next month will show it": what will be so by itself.
        let by_itself = ["show", "tell", "mark", "decide", "start", "follow", "bring"];
        if m.name("when").is_some() && (!speaks || by_itself.contains(&verb.as_str())) {
            return false;
        }
        // What the group will do is no promise of who speaks.
        let ours = || SETTLES.is_match(sentence);
        if m.name("we").is_some() && (!speaks || ours()) {
            return false;
        }
        let tries = sentence[..verb.start()].ends_with("try to ");
        return tries || says_what(verb.as_str(), &sentence[verb.end()..]);
    }
    told && then_will(sentence)
}

/// "my fault I think, will fix it": where who speaks says last what they will do.
pub(super) fn last_will(sentence: &str) -> Option<Range<usize>> {
    static LAST: LazyLock<Pattern> = LazyLock::new(|| Pattern::new(r"(?:,|\s[-–])\s+will\s+(?P<verb>\p{Ll}[\p{L}-]+)"));
    // What a group does, and what things do.
    const OF_OTHERS: [&str; 6] = ["meet", "discuss", "create", "support", "work", "move"];
    let found = LAST.captures(sentence)?;
    let (verb, words) = (found.name("verb")?.as_str(), found.get(0)?.range());
    let promises = is_imperative(verb) && !OF_OTHERS.contains(&verb) && says_what(verb, &sentence[words.end..]);
    (promises && !sentence.trim_end().ends_with('?')).then_some(words)
}

/// "Have a doc, will share it": what somebody has done or is doing, and then will.
pub(super) fn then_will(sentence: &str) -> bool {
    OWN_WORK.is_match(sentence)
        && THEN_WILL
            .captures(sentence)
            .is_some_and(|m| says_what(&m["verb"], &sentence[m.get(0).map_or(0, |m| m.end())..]))
}

/// Whether a verb behind "will", with what follows, is something to do.
fn says_what(verb: &str, behind: &str) -> bool {
    let next = behind.split_whitespace().next().unwrap_or_default();
    const NO_TASKS: &[&str] = &[
        "there", "advise", "change", "stick", "vary", "continue", "always", "often", "usually", "even", "contain",
        "bring", "include", "use", "vote",
    ];
    let looks = verb == "have" && ["a", "another"].contains(&next);
    let empty = (STATES.contains(&verb) && !looks)
        || NO_TASKS.contains(&verb)
        || (verb == "look" && ["forward", "like"].contains(&next));
    !empty && (verb != "be" || (next.ends_with("ing") && next != "being") || next == "responsible")
}

/// Whether what somebody says commits them: "I'll ask", "to ask", "ask the office".
pub fn promises(said: &str) -> bool {
    is_task_of(said) || said.starts_with("will ") || first_person(said, true, true)
}

/// Whether the items beside one are tasks of people too: `@a: ask …`, `@b: send …`.
pub(super) fn beside_tasks(context: &Context<'_>, at: usize, doers: &Known) -> bool {
    let blocks = &context.outline.blocks;
    let is_one = |b: &Block| {
        let (who, rest) = speaker(b.text.plain.trim(), doers);
        who.is_some() && is_task_of(rest)
    };
    let own = &blocks[at];
    let before = blocks[..at].iter().rev().take(6).find(|b| b.is_beside(own));
    let after = blocks[at + 1..].iter().take(6).find(|b| b.is_beside(own));
    before.into_iter().chain(after).any(is_one)
}

/// Whether an item stands under one that asks for something: "next:", "to be done", "Feedback wanted:".
pub(super) fn under_a_head(context: &Context<'_>, at: usize) -> bool {
    context.outline.parents(at).next().is_some_and(|(_, p)| {
        let low = lower(p.text.head());
        low.trim_end().ends_with(':') || ["next", "to do", "todo", "need", "want"].iter().any(|w| low.contains(w))
    })
}

/// "comment on it": a task is rather written so than what somebody says.
pub(super) fn opens_in_lower_case(sentence: &str) -> bool {
    // "email is the thing"
    let second = sentence.split(' ').nth(1).unwrap_or_default();
    sentence.starts_with(char::is_lowercase) && !["is", "are", "was", "has", "can", "will", "would"].contains(&second)
}

/// Behind `@a:` an imperative or an infinitive.
pub fn is_task_of(text: &str) -> bool {
    let text = text.trim_start_matches(['*', '_', ' ']);
    if SPEECH.is_match(text) || text.trim_end().ends_with('?') {
        return false;
    }
    let first = word_at(text);
    let owns = text[first.len()..].starts_with(['\'', '’']);
    !owns && (first == "to" || is_imperative(first)) && text.split_whitespace().count() >= 2
}
