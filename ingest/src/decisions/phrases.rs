//! Phrases in the middle of a sentence that say that something is settled.

use std::sync::LazyLock;

use crate::actions::Context;
use crate::dates;
use crate::outline::Block;
use crate::owners;
use crate::pattern::Pattern;
use crate::reasons::Convention;
use crate::statement::{is_below, lower, sentences, sentences_in, unwrapped};

/// Behind what a phrase settles nothing.
static NOT_SO: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"(?i)(?:\b(?:once|while|believe|think|if|when|whenever|why|what|whether|until|unless|where|who|not|never|no|n['’]t|hasn['’]t|haven['’]t|would|should|could|might|may|must|has|before|tell|need|needs|case where|certain)\b|n['’]t\b)[^,.;]*$",
    )
});

/// "on the 5th"
static ON_A_DAY: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"(?i)\bon\s+the\s+\d+(?:st|nd|rd|th)\b|\bon\s+(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\p{L}*\.?\s+\d|\b(?:yesterday|last\s+\p{L}+)\b",
    )
});

/// In the sentence of a group that is of one mind about something: most of it is not, it will be, or somebody asks.
static NOT_ALL: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"(?i)\b(?:none|neither|nor|few|only|some|hardly|nobody|will|how|wie|ask|asks|asked|waiting|waits|thanks|fragen|fragt|next|nächste[nrs]?)\b",
    )
});

/// What a German body does with a motion, one of them at the end of the sentence.
pub const PASSED_BY: [&str; 6] = ["angenommen", "genehmigt", "abgelehnt", "beschlossen", "bestätigt", "gewählt"];

/// One of [`PASSED_BY`] at the end of a sentence, far from its auxiliary.
static PASSED: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"(?i)\b(?:wird|werden|wurde|wurden)\s[^.?!:]{0,160}\b(?:angenommen|genehmigt|abgelehnt|beschlossen|bestätigt|gewählt)\W*$|\b(?:abstimmung|antrag)\b[^.?!]{0,120},\s+(?:angenommen|abgelehnt)\W*$",
    )
});

/// What such a sentence is about, or how it went.
static MOTION: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"(?i)\b(?:(?:änderungs|go-)?antrag|anträge|beschluss|protokolle?|tagesordnung|haushalt|satzung|vorschlag|resolution|einstimmig|mehrheitlich|stimmen|enthaltung\p{L}*|gegenrede)\b|\d+\s*/\s*\d+",
    )
});

/// What keeps it from being settled.
static NOT_YET: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(r"(?i)\b(?:wenn|falls|ob|sobald|hoffentlich|voraussichtlich|erst|noch|bald|soll|muss|kann)\b")
});

/// What makes the ruling of a group a condition, or one of somebody else's.
static CONDITION: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"(?i)\b(?:as\s+soon\s+as|once|if|when|until|unless|hopes?|after|before|wenn|falls|sobald)\b|['’]s\b|\bteam$",
    )
});

/// Behind a verb that others do to a group.
static BY_OTHERS: LazyLock<Pattern> =
    LazyLock::new(|| Pattern::new(r"^\p{L}+\s+(?:into|by|for|as|to|from|in|our|us|my)\b"));

/// A group stands so many words before what it agrees to, at most: "those on the call were then in favor of …".
const FROM_GROUP: usize = 5;

/// The sentence in which a phrase says that something is settled, unless it denies, asks or only imagines it, and where it
/// stands; of a short statement all of it.
pub(super) fn said_to_be_settled(context: &Context<'_>, block: &Block, whole: &str) -> Option<(usize, String)> {
    let words = unwrapped(whole);
    for (offset, sentence) in sentences_in(block, &words) {
        if let Some(at) = phrase_in(context, sentence)
            && !sentence.ends_with('?')
            && !NOT_SO.is_match(&sentence[..at])
        {
            context.reasons.sign(Convention::Phrases, || phrase_at(context, sentence, at));
            let alone = words.len() > 240 || is_below(whole, offset) || words.contains(" | ");
            return Some(if alone { (offset, sentence.to_owned()) } else { (0, words.to_string()) });
        }
    }
    for (_, sentence) in context.reasons.each(|| sentences(&words)) {
        if let Some(at) = phrase_in(context, sentence) {
            let how = match NOT_SO.find(&sentence[..at]) {
                Some(m) => format!("stands behind {:?}", m.as_str().split([' ', ',']).next().unwrap_or_default()),
                None => "is asked".to_owned(),
            };
            context.reasons.refuse(Convention::Phrases, || format!("{:?} {how}", phrase_at(context, sentence, at)));
        }
    }
    None
}

/// Where a phrase stands in a sentence, or what a group agrees to.
fn phrase_in(context: &Context<'_>, sentence: &str) -> Option<usize> {
    let lists = context.conventions.lists();
    // "The harbour group decided for it on the 5th" tells of another meeting.
    let elsewhere = || ON_A_DAY.is_match(sentence) || !dates::find(sentence).is_empty();
    let agreed = || {
        let found = lists.agrees.find(sentence).filter(|&at| is_said_of_group(context, sentence, at));
        found.filter(|_| !NOT_ALL.is_match(sentence) && !elsewhere())
    };
    let ruled = || {
        let found = lists.rules.find(sentence).filter(|&at| is_ruled_by_group(context, &sentence[..at]));
        // "The buoy group adopted into the harbour"
        let passive = |at: usize| BY_OTHERS.is_match(&sentence[at..]) || owners::speaks(sentence, context.doers);
        found.filter(|&at| !passive(at) && !NOT_ALL.is_match(sentence) && !elsewhere())
    };
    // "Der Antrag in der Fassung vom Mai wird mit 15/0/2 angenommen."
    let passed = || {
        let found = PASSED.find(sentence).map(|m| m.start());
        found.filter(|_| MOTION.is_match(sentence) && !NOT_ALL.is_match(sentence) && !NOT_YET.is_match(sentence))
    };
    lists.phrases.find(sentence).or_else(agreed).or_else(ruled).or_else(passed)
}

/// Whether a clause of few words ends in a group: "The governing board", but not "he said that the board".
fn is_ruled_by_group(context: &Context<'_>, before: &str) -> bool {
    let clause = before.rsplit([',', ';', ':', '(']).next().unwrap_or_default();
    let who: Vec<&str> = clause.split_whitespace().collect();
    who.len() <= FROM_GROUP
        && !CONDITION.is_match(clause.trim_end())
        && !who.contains(&"that")
        // "all adopted projects"
        && who.last().is_some_and(|group| {
            let which = ["all", "those", "others", "alle"].iter().any(|word| group.eq_ignore_ascii_case(word));
            !which && context.conventions.lists().groups.is_in(group)
        })
}

/// Whether the clause that ends where a group may agree names one: "Everyone on the call"; right before a sign as "+1".
fn is_said_of_group(context: &Context<'_>, sentence: &str, at: usize) -> bool {
    let before = sentence[..at].trim_end();
    let clause = before.rsplit([',', ';', ':', '(']).next().unwrap_or_default();
    let most = if sentence[at..].starts_with(char::is_alphabetic) { FROM_GROUP } else { 1 };
    let from = clause.rmatch_indices(' ').nth(most - 1).map_or(0, |(space, _)| space);
    context.conventions.lists().groups.is_in(&clause[from..])
}

/// The phrase that stands at an offset.
fn phrase_at(context: &Context<'_>, sentence: &str, at: usize) -> String {
    let decisions = &context.conventions.decisions;
    let here = lower(&sentence[at..]);
    let all = decisions.phrases.iter().chain(&decisions.agrees).chain(&decisions.rules);
    all.filter(|w| here.starts_with(w.as_str())).max_by_key(|w| w.len()).cloned().unwrap_or_default()
}
