//! Tasks with their doer behind: "write the tables (@a)", "to be written by @a", "Pier: @a".

use std::sync::LazyLock;

use super::{Commitment, word_at};
use crate::actions::{Context, clean};
use crate::facts::Rule;
use crate::owners::{self, Known, People};
use crate::pattern::Pattern;
use crate::reasons::Convention;
use crate::statement::{contains_word, labelled, lower};
use crate::words::{is_imperative, is_no_name};

/// "is submitting the form on Wednesday": with a date it is a promise.
static PROGRESSIVE: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(r"^,?\s+(?:is|are)\s+(?:(?:now|currently)\s+)?(?:planning\s+to\s+\p{L}+|\p{L}{3,}ing)\b")
});

/// "to be written by @a", "will be delivered by Mira".
static PASSIVE: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"(?i)\b(?:(?:will|to|shall|must)\s+be\s+(?:\p{L}+ly\s+|now\s+)?\p{L}{2,}(?:ed|n|ne|t|de)|TB[WD])\b[^.;]{0,60}?\bby\s+",
    )
});

/// `to be written by @a`
pub(super) fn passive(sentence: &str, offset: usize, doers: &Known) -> Option<Commitment> {
    let by = PASSIVE.find(sentence)?;
    let mut people = owners::people_at(sentence, by.end(), doers, false);
    if people.names.is_empty() {
        people = by_strangers(sentence, by.end())?;
    }
    (!people.names.is_empty() && !sentence.trim_end().ends_with('?')).then(|| Commitment {
        owners: people.names,
        text: clean(sentence),
        offset,
        rule: Rule::Commitment,
        sign: Convention::Passives,
        words: offset + by.start()..offset + people.end,
    })
}

/// "…, assign to Mira", "… - assigned to MH, JH" at the end of a line: the sentence before it is theirs.
pub(super) fn assigned_to(line: &str, offset: usize, doers: &Known) -> Option<Commitment> {
    static ASSIGNED: LazyLock<Pattern> =
        LazyLock::new(|| Pattern::new(r"(?i)\s*(?:[;,(–-]\s*)?\bassign(?:ed)?\s+(?:it\s+|this\s+)?to\s+"));
    // "the bugs that are assigned to Jo" tells how things are.
    const ARE: [&str; 10] = ["is", "are", "was", "were", "be", "been", "that", "still", "currently", "not"];
    let to = ASSIGNED.find(line)?;
    let people = owners::people_at(line, to.end(), doers, true);
    let ends = !line[people.end..].contains(char::is_alphanumeric) && !line.trim_end().ends_with('?');
    let before = line[..to.start()].trim_end_matches([' ', '.']);
    let from = before.rfind(". ").map_or(0, |stop| stop + 2);
    let last_word = before.rsplit(' ').next().unwrap_or_default();
    let text = clean(&before[from..]);
    let says = text.split_whitespace().nth(1).is_some() && !text.starts_with('/');
    (!people.names.is_empty() && ends && says && !ARE.contains(&last_word)).then(|| Commitment {
        owners: people.names,
        text,
        offset: offset + from,
        rule: Rule::Assignee,
        sign: Convention::Assignees,
        words: offset + to.start()..offset + line.len(),
    })
}

/// "to be written by Mira/Jo", whom nothing introduced: names one after the other, and then an end.
fn by_strangers(sentence: &str, at: usize) -> Option<People> {
    static NAMES: LazyLock<Pattern> = LazyLock::new(|| {
        Pattern::new(
            r"^(?P<names>\p{Lu}\p{Ll}{2,}(?:(?:\s*/\s*|,\s+|\s+(?:and|&|und)\s+)\p{Lu}\p{Ll}{2,})*)\s*(?:$|[.;(])",
        )
    });
    let found = NAMES.captures(&sentence[at..])?.name("names")?;
    let names = found.as_str().split(['/', ',', '&']).flat_map(|n| n.split(" and ")).flat_map(|n| n.split(" und "));
    let names: Vec<String> = names.map(|name| name.trim().to_owned()).collect();
    let is_day = crate::due::due(&format!("by {}", found.as_str()), None).is_some();
    let known_words = names.iter().any(|name| is_no_name(name));
    (!is_day && !known_words).then_some(People { names, end: at + found.end() })
}

/// `Mira is sending the form on Wednesday`
pub(super) fn dated(context: &Context<'_>, sentence: &str, offset: usize, opened: &People) -> Option<Commitment> {
    if opened.names.is_empty() {
        return None;
    }
    let behind = &sentence[opened.end..];
    let verb = PROGRESSIVE.find(behind)?;
    crate::due::due(sentence, context.date)?;
    Some(Commitment {
        owners: opened.names.clone(),
        text: clean(behind),
        offset,
        rule: Rule::Commitment,
        sign: Convention::Doers,
        words: offset..offset + opened.end + verb.end(),
    })
}

/// `write the tables (@a)`, `tables still to be written @a`.
pub(super) fn assignee(
    sentence: &str,
    offset: usize,
    known: &Known,
    opened: &People,
    is_entry: bool,
) -> Option<Commitment> {
    let (owners, open) = crate::actions::assigned_behind(sentence, known)?;
    // Who stands at the start is the subject of a sentence, and was looked at as such.
    if opened.names == owners {
        return None;
    }
    let trimmed = sentence.trim_end_matches(['.', ' ']);
    // "… (perhaps in two parts: @a)"
    let open = if trimmed.ends_with([')', ']']) { open.min(trimmed.rfind(['(', '['])?) } else { open };
    let task = clean(&trimmed[..open]);
    let task = ["Please ", "YES: ", "Yes: "].iter().find_map(|lead| task.strip_prefix(lead)).unwrap_or(&task);
    // "Docs: write it up (@a)"
    let task = match labelled(task) {
        Some((label, rest)) if is_subject(label) && is_imperative(word_at(rest)) => rest,
        _ => task,
    };
    let numbered = |c: char| matches!(c, '#' | ':' | ' ' | '-' | '–') || c.is_ascii_digit();
    let task = task.trim_start_matches(numbered).to_owned();
    let mut opening = task.split(|c: char| !(c.is_alphanumeric() || c == '-'));
    let (first, second) = (opening.next().unwrap_or_default(), opening.next().unwrap_or_default());
    // "Update on the tides (@a)" is a talk.
    // … and "AI can help with it (@a)" tells what may be.
    if ["on", "of", "from", "about", "can", "could", "may", "might"].contains(&second)
        || ["Discuss", "See"].contains(&first)
    {
        return None;
    }
    let low = lower(&trimmed[..open]);
    let waits = [
        "to be ",
        "tbd",
        "needs ",
        "need to",
        "needed",
        "requested",
        "pending",
        "should be",
        "must be",
        "will be ",
        "being ",
    ];
    let to_do = waits.iter().any(|w| low.contains(w));
    let words = task.split_whitespace().count();
    // "Early birds from May (-> @a)"
    let pointed = || {
        let inside = trimmed[open..].trim_start_matches(['(', '[', ' ']);
        words >= 2 && super::opens_with_arrow(inside)
    };
    // "Open Source Forum recap (@a)" is a title.
    let titled = first == "Open" && (second == "source" || !second.starts_with(char::is_lowercase));
    let is_verb = is_imperative(first) && !titled && (first.len() < 3 || first.chars().any(char::is_lowercase));
    let fits = (is_verb && words >= if trimmed.ends_with(')') { 2 } else { 3 })
        || (to_do && words >= 2)
        || (first.eq_ignore_ascii_case("will") && is_imperative(second) && words >= 3)
        || (words >= 4 && OUGHT.is_match(&task))
        || (is_entry && is_handed(&task, &trimmed[open..]))
        || pointed();
    let words = offset + open..offset + trimmed.len();
    fits.then_some(Commitment { owners, text: task, offset, rule: Rule::Assignee, sign: Convention::Assignees, words })
}

/// Whether a label before a task tells what it is about: "Docs", but not "Idea".
fn is_subject(label: &str) -> bool {
    const KINDS: [&str; 8] = ["idea", "question", "proposal", "update", "status", "suggestion", "option", "discussion"];
    label.split(' ').count() <= 2 && !KINDS.contains(&lower(word_at(label)).as_ref())
}

/// Whether an entry of a list is given to somebody, who stands behind it: "new pages for the pier (@a, @b)", "Pier: @a". A
/// topic with its speaker looks alike, but is shorter, or called one.
fn is_handed(task: &str, behind: &str) -> bool {
    static TOPIC: LazyLock<Pattern> = LazyLock::new(|| {
        Pattern::new(
            r"(?ix)^\W*(?:ideas?|status|updates?|proposal|discussion|talk|demo|intro|introduction|questions?|or|also|thanks|resolved|presentation|reports?|news|info|feedback|lightning|next\s+(?:week|meeting|time)|agenda|welcome|topics?|heads-?up|today|now|recap|nope|no|yes|and|from|until|volunteers?|minutes|used|looks|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\p{L}*\s\d{1,2}|\d{1,4}[-./]\d{1,2})\b
            | \b(?:raised|added|done|fixed|merged|found|reported|presented|suggested|proposed|thanks|thank|would|could|might|ideally|maybe|already|by|from|with)\W*$
            | \b(?:would|could|might|ideally|maybe|already)\b | [?!:]\W*$",
        )
    });
    let (colon, bracket) = (behind.trim_start().starts_with(':'), behind.ends_with(')'));
    let words = task.split_whitespace().filter(|word| word.contains(char::is_alphabetic)).count();
    // "Mentor: @a" tells who somebody is.
    const PARTS: [&str; 31] = [
        "mentor",
        "reviewer",
        "reviewers",
        "author",
        "authors",
        "assignee",
        "owner",
        "lead",
        "leads",
        "contact",
        "champion",
        "editor",
        "editors",
        "maintainer",
        "maintainers",
        "coach",
        "backup",
        "buddy",
        "poc",
        "dri",
        "reporter",
        "approver",
        "host",
        "chair",
        "scribe",
        "notetaker",
        "facilitator",
        "moderator",
        "presenter",
        "speaker",
        "sponsor",
    ];
    let last = task.rsplit(' ').next().unwrap_or_default();
    if colon && PARTS.contains(&lower(last).as_ref()) {
        return false;
    }
    let team = behind.contains('/') && owners::handles(behind).is_empty();
    let enough = (colon && words >= 1 && task.len() <= 60) || (bracket && words >= 4);
    behind.contains('@') && enough && !team && !TOPIC.is_match(task)
}

/// Whether a block is an entry of a list that holds no topics.
pub(super) fn is_entry(context: &Context<'_>, at: usize) -> bool {
    const TOPICS: [&str; 10] = [
        "agenda",
        "topics",
        "tagesordnung",
        "announcements",
        "demos",
        "talks",
        "present",
        "presenters",
        "speakers",
        "who",
    ];
    let parent = context.outline.parents(at).next().map(|(_, b)| b);
    let heading = context.outline.headings_above(at).next().map(|(_, b)| b);
    let mut over = parent.into_iter().chain(heading);
    context.outline.blocks[at].is_item()
        && !over.any(|b| TOPICS.iter().any(|word| contains_word(&lower(b.text.head()), word)))
}

/// "we should write it down (@a)"
static OUGHT: LazyLock<Pattern> =
    LazyLock::new(|| Pattern::new(r"(?i)^(?:we\s+)?(?:should|must|need\s+to|have\s+to)\s+(?:also\s+)?\p{L}{2,}\s"));

/// `Announce it (@a) and wait for answers`
pub(super) fn assignee_within(sentence: &str, offset: usize) -> Option<Commitment> {
    static WITHIN: LazyLock<Pattern> = LazyLock::new(|| {
        Pattern::new(r"^(?P<verb>\p{L}+)\s[^()@]{2,80}(?P<who>\s\((?:@[\w.-]+[\s,/&]*)+\))\s+(?:and|then)\s+\p{L}")
    });
    let c = WITHIN.captures(sentence).filter(|c| is_imperative(&c["verb"]))?;
    let who = c.name("who")?;
    Some(Commitment {
        owners: owners::handles(who.as_str()),
        text: clean(&format!("{}{}", &sentence[..who.start()], &sentence[who.end()..])),
        offset,
        rule: Rule::Assignee,
        sign: Convention::Assignees,
        words: offset + who.start()..offset + who.end(),
    })
}

/// `Feedback from @a pending`, `review needed by @a`.
pub(super) fn awaited(sentence: &str, offset: usize) -> Option<Commitment> {
    static AWAITED: LazyLock<Pattern> = LazyLock::new(|| Pattern::new(r"(?i)\b(?:by|from)\s+@(?P<h>[\w.-]*\w)"));
    let c = AWAITED.captures(sentence).filter(|_| sentence.len() < 160)?;
    let low = lower(sentence);
    let waits = ["needed", "requested", "pending", "expected", "awaited", "draft by"].iter().any(|w| low.contains(w));
    let done = ["done", "merged", "received", "updates from"].iter().any(|w| low.contains(w));
    (waits && !done).then(|| Commitment {
        owners: vec![c["h"].to_owned()],
        text: clean(sentence),
        offset,
        rule: Rule::Assignee,
        sign: Convention::Assignees,
        words: c.get(0).map_or(0..0, |m| offset + m.start()..offset + m.end()),
    })
}
