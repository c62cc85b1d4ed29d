//! Commitments without a marker: "Mira will ask", "-> @jo", "write the tables (@jo)", "Jo: I'll send it".
//!
//! A judgement from weak signs. What is needed is a clear doer and something still to be done; reports
//! of the past, opinions, wishes and speakers are not enough.
//!
//! `subjects` looks for somebody and a verb, `speakers` for what somebody says of themselves, `assignees` for tasks with
//! their doer behind.

mod assignees;
mod speakers;
mod subjects;

use std::ops::Range;
use std::sync::LazyLock;

use self::assignees::{assigned_to, assignee, assignee_within, awaited, dated, is_entry, passive};
pub use self::speakers::{SPEECH, is_task_of, promises};
use self::speakers::{
    WILL_DO, above, asked, beside_tasks, first_person, last_will, opens_in_lower_case, reported, speaker, spoken,
    then_will, under_a_head, who_is_meant,
};
pub use self::subjects::further;
use self::subjects::{COMMITS, doer, subjects};
use crate::actions::{Context, clean};
use crate::facts::Rule;
use crate::hints::Hint;
use crate::outline::{BlockKind, Style};
use crate::owners::{self, Known, People};
use crate::pattern::Pattern;
use crate::reasons::Convention;
use crate::statement::{Statement, is_decision_label, labelled, sentences_in, unwrapped};
use crate::words::is_third_person;

/// A commitment within a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commitment {
    /// Who.
    pub owners: Vec<String>,
    /// What, without the doer.
    pub text: String,
    /// Offset of its sentence in the statement.
    pub offset: usize,
    /// How it was found.
    pub rule: Rule,
    /// By which convention.
    pub sign: Convention,
    /// By which words of the statement.
    pub words: Range<usize>,
}

/// Verbs behind "will" and "to" that promise nothing.
const STATES: &[&str] = &[
    "need", "have", "like", "want", "know", "see", "become", "happen", "mean", "seem", "depend", "require", "allow",
    "exist", "remain", "affect", "cause", "get", "lose", "miss", "hope", "expect", "not", "never", "no", "only", "the",
    "a", "an", "our", "his", "her", "my", "their", "this", "that", "these", "those", "some", "all", "it",
];

/// What `COMMITS` cannot do without, one of them. Behind "to" there are blanks of any kind.
pub const SUBJECTS: &[&str] = &[
    "will",
    "'ll",
    "’ll",
    "shall",
    "to ",
    "to\n",
    "to\t",
    "to\u{a0}",
    "going",
    "gonna",
    "take",
    "taking",
    "took",
    "please",
    "pls",
    "plz",
    "bitte",
    "continu",
    "creating",
    "writing",
    "preparing",
    "drafting",
    "organizing",
    "organising",
    "starts",
    "begins",
    "books",
    "submits",
    "deploys",
    "proofreads",
    "signs",
    "orders",
    "collects",
    "arranges",
    "hosts",
    "places",
    "brings",
    "publishes",
    "announces",
    "spikes",
    "cleans",
    "changes",
    "transfers",
    "removes",
    "renames",
    "translates",
    "circulates",
    "summari",
    "uploads",
    "buys",
    "gets in",
    "tries",
    "besorgt",
    "baut",
    "ruft",
    "stellt",
    "rechnet",
    "liest",
    "bringt",
    "holt",
    "kauft",
    "testet",
    "trägt",
    "legt",
    "setzt",
    "gibt",
    "kontaktiert",
    "recherchiert",
    "entwirft",
    "aktualisiert",
    "ergänzt",
    "überarbeitet",
    "korrigiert",
    "verschickt",
    "sendet",
    "vereinbart",
    "koordiniert",
    "dokumentiert",
    "informiert",
    "bestellt",
    "reserviert",
    "druckt",
    "kümmern",
    "machen",
    "schreiben",
    "übernehmen",
    "said",
    "says",
    "asked",
    "undert",
    "indicate",
    "mention",
    "wird",
    "soll",
    "muss",
    "möchte",
    "macht",
    "kümmert",
    "übernimmt",
    "schreibt",
    "fragt",
    "klärt",
    "prüft",
    "erstellt",
    "schickt",
    "organisiert",
    "meldet",
    "bereitet",
    "spricht",
    "lädt",
    "pings",
    "checks",
    "asks",
    "creates",
    "writes",
    "sends",
    "prepares",
    "contacts",
    "organizes",
    "organises",
    "invites",
    "opens",
    "schedules",
    "looks",
    "talks",
    "follows",
    "reaches",
    "informs",
    "drafts",
    "updates",
    "files",
    "reviews",
    "provides",
    "investigates",
    "clarifies",
    "joins",
    "sets",
    "coordinates",
    "shares",
    "tests",
    "discusses",
    "works",
    "adds",
];

/// What points from a task to somebody, or from somebody to a task. Emoji may bring a sign of their own behind them.
pub const ARROWS: [&str; 9] = ["-->", "->", "=>", "→", "⇒", "➡", "➔", "➜", "👉"];

/// True for a line that an arrow opens, so that it is no continuation of the line before.
pub fn opens_with_arrow(line: &str) -> bool {
    ARROWS.iter().any(|arrow| line.starts_with(arrow))
}

/// What a commitment cannot do without, one of these, of [`ARROWS`] or of [`SUBJECTS`].
pub const LEADS: &[&str] = &[
    "@",
    "on the hook",
    "going to",
    "plan",
    "volunteer",
    "offer",
    "agree",
    "promise",
    "intend",
    "need",
    "has ",
    "have ",
    "aim",
    "i can",
    "i could",
    "be ",
    "is ",
    "are ",
    "assign",
];

/// What `FIRST_PERSON`, less its sentences that open with "I can", "Sure, I can" and "To", and `THEN_WILL` cannot do without.
pub const PROMISES: &[&str] = &["'ll", "’ll", "ill", "plan", "going", "gonna", "volunteer", "happy", "offer", "intent"];

/// The commitments of a statement that has no marker.
pub fn commitments(context: &Context<'_>, at: usize, statement: &Statement<'_>) -> Vec<Commitment> {
    let doers = context.doers;
    let block = &context.outline.blocks[at];
    let length = statement.range.len();
    let told = context.reasons;
    if !(5..=3000).contains(&length) || matches!(block.kind, BlockKind::Html) {
        told.refuse(Convention::Doers, || "it is too short, too long, or HTML".to_owned());
        return Vec::new();
    }
    let plain = statement.words();
    // `(@a)`, `… (Mira)`, `…, Mira` and `@a: …` are told by their marks.
    let hints = context.hints[at];
    let hopeless =
        !hints.has(Hint::Commits) && !plain.trim_end().ends_with([')', ']']) && !plain.contains([',', ':', '–', '-']);
    if hopeless {
        return Vec::new();
    }
    let words = unwrapped(plain);
    let words = words.as_ref();
    // "Report in the community call: @a" is a chore.
    if hints.has(Hint::Chore)
        && labelled(words).is_some_and(|(label, _)| !crate::roles::kinds(label, context.conventions).is_empty())
    {
        told.refuse(Convention::Doers, || "it names a chore of the meeting".to_owned());
        return Vec::new();
    }
    if block.heading_level().is_some() {
        // "### @mira to check the list"
        let said = || doer(words, 0, true, doers, told).filter(|_| words.starts_with('@'));
        let plain = || {
            said().map(|(owners, end, verb_end)| Commitment {
                owners,
                text: clean(&words[end..]),
                offset: 0,
                rule: Rule::Commitment,
                sign: Convention::Doers,
                words: 0..verb_end,
            })
        };
        let found = heading(words, doers).or_else(plain);
        if found.is_none() {
            told.refuse(Convention::Doers, || {
                "in a heading only an arrow to somebody, or `@a to …`, counts".to_owned()
            });
        }
        return found.into_iter().collect();
    }
    let has_handle = words.contains('@');
    // Most statements name nobody: then only who speaks, or somebody whom nothing introduced, can be meant.
    let named = has_handle || doers.may_be_in(words);
    let strong: Vec<usize> = (statement.text.spans.iter())
        .filter(|s| s.style == Style::Strong && s.range.start >= statement.range.start)
        .map(|s| s.range.start - statement.range.start)
        .collect();
    let mut found: Vec<Commitment> = Vec::new();
    // Who speaks, and whom the sentence before was about.
    let mut actor: Option<Vec<String>> = None;
    for (n, (from, whole)) in sentences_in(&context.outline.blocks[at], words).into_iter().enumerate() {
        let (said_by, sentence) = if named { speaker(whole, doers) } else { (None, whole) };
        // "Resolution: jo to comment"
        let concluded = || labelled(sentence).filter(|(label, _)| is_decision_label(label, context.conventions));
        let concluded = if n == 0 && hints.has(Hint::Decision) { concluded() } else { None };
        let sentence = concluded.map_or(sentence, |(_, rest)| rest);
        let offset = from + (whole.len() - sentence.len());
        let has_speaker = said_by.is_some();
        actor = said_by.or(actor);
        if n == 0
            && has_speaker
            && words.starts_with('@')
            && is_task_of(sentence)
            && (opens_in_lower_case(sentence)
                || actor.as_ref().is_some_and(|a| a.len() > 1)
                || under_a_head(context, at)
                || beside_tasks(context, at, doers))
        {
            let owners = actor.clone().unwrap_or_default();
            let (sign, words) = (Convention::Speakers, 0..offset + first_word(sentence));
            found.push(Commitment { owners, text: clean(sentence), offset, rule: Rule::Assignee, sign, words });
            continue;
        }
        let opened = if named { owners::people_at(sentence, 0, doers, false) } else { People::default() };
        let one = |owners: Vec<String>| {
            if WILL_DO.is_match(sentence) {
                return asked(&words[..from]).map(|(at, task)| Commitment {
                    owners,
                    text: task,
                    offset: at,
                    rule: Rule::Commitment,
                    sign: Convention::Speakers,
                    words: offset..offset + sentence.len(),
                });
            }
            let meant = ["To ", "He will ", "She will ", "They will "];
            let task = meant.iter().find_map(|lead| sentence.strip_prefix(lead)).unwrap_or(sentence);
            let spoken = spoken(sentence);
            let words = offset + spoken.start..offset + spoken.end;
            let sign = Convention::Speakers;
            Some(Commitment { owners, text: clean(task), offset, rule: Rule::Commitment, sign, words })
        };
        let first = || {
            if !hints.has(Hint::Promises) && !sentence.starts_with(['I', 'T', 't', 'S', 's', 'Y', 'y', 'O', 'o']) {
                return None;
            }
            if first_person(sentence, has_speaker, has_speaker || n > 0) {
                let named = || Some(owners::handles(sentence)).filter(|handles| handles.len() == 1);
                return who_is_meant(sentence, doers)
                    .or_else(|| actor.clone())
                    .or_else(|| if n == 0 { above(context, at).or_else(named) } else { reported(context, at) })
                    .and_then(one);
            }
            // "@a works on it, will share it"
            let behind = sentence[opened.end..].trim_start_matches([',', ' ']);
            if !opened.names.is_empty() && then_will(behind) { one(opened.names.clone()) } else { None }
        };
        if let Some(c) = agreed(words, offset, sentence, doers) {
            found.push(c);
        } else if let Some(c) = arrow(context, at, statement, sentence, offset).or_else(first) {
            found.push(c);
        } else {
            if has_speaker && SPEECH.is_match(sentence) {
                told.refuse(Convention::Speakers, || format!("{:?} is a word in a talk", shown(sentence)));
            }
            let mut all =
                if hints.has(Hint::Subjects) { subjects(sentence, offset, doers, &strong, told) } else { Vec::new() };
            if all.is_empty() && (named || sentence.trim_end_matches(['.', ' ']).ends_with([')', ']'])) {
                all.extend(
                    (if hints.has(Hint::By) { passive(sentence, offset, doers) } else { None })
                        .or_else(|| dated(context, sentence, offset, &opened))
                        .or_else(|| if has_handle { awaited(sentence, offset) } else { None })
                        .or_else(|| assignee(sentence, offset, doers, &opened, has_handle && is_entry(context, at)))
                        .or_else(|| if has_handle { assignee_within(sentence, offset) } else { None }),
                );
            }
            // "Mira is taking this as an action item" under what it is about
            if let [one] = all.as_mut_slice()
                && TAKEN.is_match(&one.text)
                && let Some(about) = about(context, at)
            {
                (one.text, one.rule) = (about, Rule::Marker);
            }
            if all.is_empty()
                && has_speaker
                && let Some(words) = last_will(sentence)
            {
                all.push(Commitment {
                    owners: actor.clone().unwrap_or_default(),
                    text: clean(sentence),
                    offset,
                    rule: Rule::Commitment,
                    sign: Convention::Speakers,
                    words: offset + words.start..offset + words.end,
                });
            }
            found.extend(all);
        }
        // What follows is about whom this sentence opened with.
        if !opened.names.is_empty() {
            actor = Some(opened.names);
        }
    }
    // Lines that nothing but their ends part may each be one.
    if hints.has(Hint::Commits) && plain.contains("ssign") {
        let mut from = 0;
        for line in plain.split_inclusive('\n') {
            let own = from..from + line.len();
            if !found.iter().any(|c| own.contains(&c.offset)) {
                found.extend(assigned_to(line.trim_end(), from, doers));
            }
            from = own.end;
        }
        found.sort_by_key(|c| c.offset);
    }
    found
}

/// "Should we update the page? Yes, @mira": what was asked or wanted, and who is to do it.
fn agreed(words: &str, offset: usize, sentence: &str, doers: &Known) -> Option<Commitment> {
    let behind = ["Yes, ", "Yes: ", "Yes ", "yes, ", "YES, ", "YES: ", "OK, ", "Ok, "]
        .iter()
        .find_map(|yes| sentence.strip_prefix(yes))
        .filter(|_| offset > 0)?;
    let people = owners::people_at(behind, 0, doers, false);
    let asked = clean(words[..offset].trim_end_matches(['?', ' ']));
    let whole = !people.names.is_empty() && behind[people.end..].trim_matches(['.', ' ', '!', ')']).is_empty();
    (whole && asked.split_whitespace().count() >= 3).then(|| Commitment {
        owners: people.names,
        text: asked,
        offset: 0,
        rule: Rule::Assignee,
        sign: Convention::Assignees,
        words: offset..offset + sentence.len(),
    })
}

/// The end of a sentence's first word.
fn first_word(sentence: &str) -> usize {
    sentence.find(' ').unwrap_or(sentence.len())
}

/// The first words of a stretch, to show it.
fn shown(stretch: &str) -> String {
    stretch.split_whitespace().take(4).collect::<Vec<_>>().join(" ")
}

/// `-> @a`, `=> @a to ask`.
fn arrow(
    context: &Context<'_>,
    at: usize,
    statement: &Statement<'_>,
    sentence: &str,
    offset: usize,
) -> Option<Commitment> {
    let known = context.doers;
    let words = statement.words();
    let body = ARROWS.iter().find_map(|a| sentence.strip_prefix(a))?;
    let body = body.trim_start_matches(['>', ' ', '\u{fe0f}']);
    // "Mira → send the slides to Jo"
    let before = words[..offset].trim();
    let doer = owners::people_at(before, 0, known, false);
    if !doer.names.is_empty()
        && doer.end == before.len()
        && is_task_of(body)
        && doer.names.iter().all(|name| known.has(name) || before.starts_with('@'))
    {
        let end = offset + sentence.len();
        let (sign, rule) = (Convention::Arrows, Rule::Arrow);
        return Some(Commitment { owners: doer.names, text: clean(body), offset: 0, rule, sign, words: offset..end });
    }
    let people = owners::people_at(body, 0, known, false);
    if people.names.is_empty() {
        // `=> design page (@a)`
        let owners = if body.trim_end().ends_with(')') { crate::actions::assigned(body, known) } else { Vec::new() };
        let line = statement.text.plain[..statement.range.start].trim_end().rsplit('\n').next().unwrap_or_default();
        let before = if offset > 0 { &words[..offset] } else { line };
        let text = || clean(&format!("{} {body}", clean(before)));
        let words = offset..offset + sentence.len();
        let sign = Convention::Arrows;
        return (!owners.is_empty()).then(|| Commitment {
            owners,
            text: text(),
            offset,
            rule: Rule::Arrow,
            sign,
            words,
        });
    }
    let rest = body[people.end..].trim_start();
    let sign = Convention::Arrows;
    let words_of = |end: usize| offset..offset + (sentence.len() - body.len()) + end;
    if rest.trim_matches(['.', ')', ' ']).is_empty() {
        // The task is what stands before the arrow: in the statement, its item, or the item over it. "Flyer → Jo" is one, too.
        let is_task = |text: &String| text.split_whitespace().count() >= 2;
        let chore = |text: &String| !crate::roles::kinds(text, context.conventions).is_empty();
        let own =
            || Some(clean(&words[..offset])).filter(|text| offset > 0 && text.chars().nth(3).is_some() && !chore(text));
        let line = statement.text.plain[..statement.range.start].trim_end().rsplit('\n').next().unwrap_or_default();
        let above = || context.outline.parents(at).next().map(|(_, p)| clean(&p.text.plain));
        let before = Some(clean(&words[..offset])).filter(is_task);
        let text =
            before.or_else(own).or_else(|| Some(clean(line)).filter(is_task)).or_else(|| above().filter(is_task))?;
        let arrow = words_of(people.end);
        let offset = if clean(&words[..offset]) == text { 0 } else { offset };
        return Some(Commitment { owners: people.names, text, offset, rule: Rule::Arrow, sign, words: arrow });
    }
    let leads = rest.starts_with(':')
        || rest.starts_with("Will ")
        || rest.starts_with("to ")
        || rest.starts_with("will ")
        || rest.starts_with("please ")
        || COMMITS.is_match(&body[people.end..])
        || (is_done_by(word_at(rest)) && !SPEECH.is_match(rest) && rest.contains(' '));
    if !leads {
        context.reasons.refuse(sign, || format!("behind the arrow and {} stands no task", people.names.join(", ")));
    }
    let words = words_of(people.end);
    leads.then(|| Commitment { owners: people.names, text: clean(rest), offset, rule: Rule::Arrow, sign, words })
}

/// All that is said of a task by which somebody takes it.
static TAKEN: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(r"(?i)^(?:is\s+)?tak(?:es|ing)\s+(?:(?:this|it|that)\s+)?(?:as|on)\s+[^.,;:]{0,24}\W*$")
});

/// What a block is about: the item over it, else its topic.
fn about(context: &Context<'_>, at: usize) -> Option<String> {
    let over = context.outline.parents(at).next().map(|(_, item)| clean(item.text.head()));
    over.or_else(|| context.topic(at)).filter(|text| !text.is_empty())
}

/// Whether a verb behind somebody's name tells a task that an arrow leads to: "fixes", but not "supports".
fn is_done_by(verb: &str) -> bool {
    const TOLD: [&str; 14] = [
        "supports", "leaves", "joins", "starts", "keeps", "holds", "leads", "runs", "votes", "hears", "learns",
        "stops", "uses", "likes",
    ];
    is_third_person(verb) && !TOLD.contains(&verb)
}

/// The word that a text opens with.
pub fn word_at(text: &str) -> &str {
    text.split(|c: char| !(c.is_alphanumeric() || c == '-')).next().unwrap_or_default()
}

/// `### Press release -> @a`
fn heading(words: &str, known: &Known) -> Option<Commitment> {
    let at = ARROWS.iter().find_map(|a| words.find(a).map(|at| (at, at + a.len())))?;
    let people = owners::people_at(words, at.1, known, false);
    let task = clean(&words[..at.0]);
    (!people.names.is_empty() && words[people.end..].trim().is_empty() && !task.is_empty()).then_some(Commitment {
        owners: people.names,
        text: task,
        offset: 0,
        rule: Rule::Arrow,
        sign: Convention::Arrows,
        words: at.0..people.end,
    })
}
