//! Commitments without a marker: "Mira will ask", "-> @jo", "write the tables (@jo)", "Jo: I'll send it".
//!
//! A judgement from weak signs. What is needed is a clear doer and something still to be done; reports
//! of the past, opinions, wishes and speakers are not enough.

use std::sync::LazyLock;

use regex::Regex;

use crate::actions::{Context, clean};
use crate::facts::Rule;
use crate::outline::BlockKind;
use crate::owners::{self, Known};
use crate::statement::{Statement, labelled, lower};
use crate::words::{is_imperative, is_no_name};

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
}

/// Auxiliaries behind a doer that commit them.
static COMMITS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x)^,?\s*(?:
            (?P<will>will|'ll|’ll|shall)\s+(?:then\s+|also\s+|try\s+to\s+|probably\s+|soon\s+|still\s+|go\s+ahead\s+and\s+)?(?P<v1>\p{L}[\p{L}-]+)
          | (?:to)\s+(?P<v2>\p{Ll}[\p{L}-]+)
          | (?:is|are)\s+(?:going\s+to|planning\s+to|to)\s+(?P<v3>\p{L}+)
          | (?:going\s+to|gonna)\s+(?P<v7>\p{L}+)
          | (?:plans|wants|volunteers|volunteered|offers|offered|agreed|agrees|promised|promises|intends|needs|has|aims)\s+to\s+(?P<v4>\p{L}+)
          | (?:takes|took)\s+(?:on|over|care|this|the\s+(?:task|action|lead))\b(?P<v5>)
          | (?:wird|soll|muss|möchte|will)\s+\S+(?P<v6>)
          | (?:macht|kümmert|übernimmt|schreibt|fragt|klärt|prüft|erstellt|schickt|organisiert|meldet|bereitet|spricht|lädt)\s+\S+(?P<v8>)
          | (?P<v9>pings|checks|asks|creates|writes|sends|prepares|contacts|organizes|organises|invites|opens|schedules|looks\s+into|talks\s+to|follows\s+up|reaches\s+out|informs|drafts|updates|files|reviews|provides|investigates|clarifies|joins|sets\s+up|takes\s+care|coordinates|shares|tests|discusses|works\s+on|adds)\b
        )",
    )
    .expect("a valid pattern")
});

/// Chores of the meeting are roles.
const CHORES: &[&str] = &["moderate", "facilitate", "chair", "remain", "stay", "mention", "contain", "take place"];
/// Bodies whose names are capitals alone.
const BODIES: &[&str] = &["TAC", "TSC", "CPC", "PMC", "SIG", "WG", "GB", "CSPs"];

/// Verbs behind "will" and "to" that promise nothing.
const STATES: &[&str] = &[
    "need", "have", "like", "want", "know", "see", "become", "happen", "mean", "seem", "depend", "require", "allow",
    "exist", "remain", "affect", "cause", "get", "lose", "miss", "hope", "expect", "not", "never", "no", "only", "the",
    "a", "an", "our", "his", "her", "my", "their", "this", "that", "these", "those", "some", "all", "it",
];

/// Speech and thought: "@a: thinks that" is a contribution, not a task.
static SPEECH: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^(?:thinks?|says?|said|asks?\s+(?:if|whether|about|why|how|what)|asked|mentions?|mentioned|suggests?|suggested|notes?|noted|reports?|reported|explains?|explained|agrees?|confirms?|proposes?|proposed|wonders?|points?\s+out|has|have|had|is|are|was|were|did|does|would|could|should|might|maybe|yes|no|not|i\s|we\s|the\s|this\s|that\s|it\s|there|if\s|how|what|why|when|who|which|but|so\s|and\s|because|also|still|already|currently|presented|shows?|showed|worked|working|fixed|merged|created|added|updated|finished|started|opened|closed|wrote|joined)\b").expect("a valid pattern")
});

/// Subjects that are nobody in particular.
const VAGUE: &[&str] = &[
    "we",
    "it",
    "this",
    "that",
    "they",
    "there",
    "he",
    "she",
    "you",
    "which",
    "who",
    "what",
    "i",
    "someone",
    "somebody",
    "one",
    "everyone",
    "people",
    "everybody",
    "anyone",
];

static SENTENCE_END: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?:[.!?;]\s+|\n\s*[-*]\s|\s[-–]>\s|\s=>\s|→)").expect("a valid pattern"));
static FIRST_PERSON: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x)(?:(?:^|[\s(])(?:I['’]?ll|I\s+will|I\s+plan\s+to|I['’]m\s+going\s+to)
          | (?:^|[,;]\s+(?:and\s+)?)[Ww]ill
          | ^(?i:going\s+to|gonna|planning\s+to))
          \s+(?:also\s+|then\s+|try\s+to\s+|just\s+|likely\s+)?(?P<verb>\p{Ll}[\p{L}-]+)",
    )
    .expect("a valid pattern")
});

/// The commitments of a statement that has no marker.
pub fn commitments(context: &Context<'_>, at: usize, statement: &Statement<'_>) -> Vec<Commitment> {
    let words = statement.words();
    let known = context.known;
    let block = &context.outline.blocks[at];
    if words.len() > 3000 || words.len() < 5 || matches!(block.kind, BlockKind::Html) {
        return Vec::new();
    }
    // "Report in the community call: @a" is a chore.
    if labelled(words).is_some_and(|(label, _)| !crate::roles::kinds(label, context.conventions).is_empty()) {
        return Vec::new();
    }
    let has_handle = words.contains('@');
    if block.heading_level().is_some() {
        return heading(words, known).into_iter().collect();
    }
    let mut found: Vec<Commitment> = Vec::new();
    // "Mira: I'll send it"
    let in_brackets =
        words.strip_prefix('(').and_then(|inner| inner.split_once(')')).filter(|(who, _)| who.len() <= 30).and_then(
            |(who, rest)| {
                let people = owners::people_at(who, 0, known, false);
                (people.names.len() == 1 && people.end == who.len())
                    .then(|| (people.names, words.len() - rest.trim_start().len()))
            },
        );
    let speaker = in_brackets.or_else(|| {
        labelled(words).and_then(|(label, rest)| {
            let people = owners::people_at(label, 0, known, false);
            let whole = people.names.len() == 1 && label[people.end..].trim_matches([' ', ')', ']', '*']).is_empty();
            whole.then(|| (people.names, words.len() - rest.len()))
        })
    });
    let mut start = speaker.as_ref().map_or(0, |(_, at)| *at);
    let mut sentences: Vec<(usize, &str)> = Vec::new();
    for end in SENTENCE_END.find_iter(words) {
        let mark = end.as_str();
        // A full stop belongs to its sentence, an arrow to what follows it.
        let stop = if mark.starts_with(['.', '!', '?', ';']) { end.start() + 1 } else { end.start() };
        if stop >= start {
            sentences.push((start, &words[start..stop]));
            start = if mark.contains(['>', '→']) { end.start() } else { end.end() };
        }
    }
    sentences.push((start, &words[start..]));
    for (n, (offset, sentence)) in sentences.iter().enumerate() {
        let sentence_trimmed = sentence.trim_start();
        let offset = offset + (sentence.len() - sentence_trimmed.len());
        if n == 0
            && let Some((owners, _)) = &speaker
            && under_a_head(context, at)
            && is_task_of(sentence_trimmed)
            && words.starts_with('@')
        {
            found.push(Commitment {
                owners: owners.clone(),
                text: clean(sentence_trimmed),
                offset,
                rule: Rule::Assignee,
            });
            continue;
        }
        if let Some((owners, _)) = &speaker
            && !sentence_trimmed.trim_end().ends_with('?')
            && let Some(m) = FIRST_PERSON.captures(sentence_trimmed)
            && !STATES.contains(&&m["verb"])
            && !["be", "there", "advise"].contains(&&m["verb"])
        {
            found.push(Commitment {
                owners: owners.clone(),
                text: clean(sentence_trimmed),
                offset,
                rule: Rule::Commitment,
            });
            continue;
        }
        if let Some(c) =
            arrow(sentence_trimmed, words, offset, known).or_else(|| subject(sentence_trimmed, offset, known))
        {
            found.push(c);
        } else if has_handle
            && let Some(c) = awaited(sentence_trimmed, offset).or_else(|| assignee(sentence_trimmed, offset, known))
        {
            found.push(c);
        }
    }
    found
}

/// Whether an item stands under one that asks for something: "next:", "to be done", "Feedback wanted:".
fn under_a_head(context: &Context<'_>, at: usize) -> bool {
    context.outline.parents(at).next().is_some_and(|(_, p)| {
        let low = lower(p.text.head());
        low.trim_end().ends_with(':') || ["next", "to do", "todo", "need", "want"].iter().any(|w| low.contains(w))
    })
}

/// Behind `@a:` an imperative or an infinitive.
fn is_task_of(text: &str) -> bool {
    let text = text.trim_start_matches(['*', '_', ' ']);
    if SPEECH.is_match(text) || text.trim_end().ends_with('?') {
        return false;
    }
    let first = text.split(|c: char| !(c.is_alphanumeric() || c == '-')).next().unwrap_or_default();
    (first == "to" || is_imperative(first)) && text.split_whitespace().count() >= 2
}

/// `-> @a`, `=> @a to ask`.
fn arrow(sentence: &str, words: &str, offset: usize, known: &Known) -> Option<Commitment> {
    let body = ["->", "=>", "→", "-->"].iter().find_map(|a| sentence.strip_prefix(a))?;
    let body = body.trim_start_matches(['>', ' ']);
    let people = owners::people_at(body, 0, known, false);
    if people.names.is_empty() {
        return None;
    }
    let rest = body[people.end..].trim_start();
    if rest.trim_matches(['.', ')', ' ']).is_empty() {
        let before = clean(&words[..offset]);
        return (before.split_whitespace().count() >= 2).then_some(Commitment {
            owners: people.names,
            text: before,
            offset: 0,
            rule: Rule::Arrow,
        });
    }
    let leads = rest.starts_with(':')
        || rest.starts_with("Will ")
        || rest.starts_with("to ")
        || rest.starts_with("will ")
        || COMMITS.is_match(&body[people.end..]);
    leads.then(|| Commitment { owners: people.names, text: clean(rest), offset, rule: Rule::Arrow })
}

/// `Mira will ask`, `@a to create`, `Tim and Jo plan to meet`.
fn subject(sentence: &str, offset: usize, known: &Known) -> Option<Commitment> {
    if sentence.trim_end().ends_with('?') {
        return None;
    }
    let mut starts: Vec<usize> = vec![0];
    for (at, _) in sentence.match_indices([' ', '(']) {
        if starts.len() > 40 {
            break;
        }
        starts.push(at + 1);
    }
    for start in starts {
        let rest = &sentence[start..];
        let Some(c) = rest.chars().next() else {
            continue;
        };
        if !(c == '@' || c.is_alphanumeric()) {
            continue;
        }
        let people = owners::people_at(sentence, start, known, false);
        let (names, end) = if people.names.is_empty() {
            // A capitalised word that nobody introduced, at the very start: "Antoine will send".
            let word: &str = rest.split(|c: char| !(c.is_alphanumeric() || c == '-')).next().unwrap_or_default();
            let capitals = word.chars().filter(|c| c.is_uppercase()).count();
            let fits = start == 0
                && word.chars().count() >= 3
                && (capitals > 0 && (capitals < word.chars().count() || BODIES.contains(&word)))
                && word.chars().all(char::is_alphabetic)
                && !word.ends_with("ing")
                && !(word.ends_with("tion") && word.starts_with(char::is_uppercase))
                && !is_no_name(word)
                && !is_imperative(word);
            let behind = &rest[word.len()..];
            let verb = behind.split_whitespace().nth(1).unwrap_or_default();
            let leads = behind.starts_with(" will ") || behind.starts_with(" to ");
            if !(fits && leads && (is_imperative(verb) || verb == "be")) {
                continue;
            }
            (vec![word.to_owned()], start + word.len())
        } else {
            (people.names, people.end)
        };
        let behind = &sentence[end..];
        let Some(m) = COMMITS.captures(behind) else {
            continue;
        };
        let verb = ["v1", "v2", "v3", "v4", "v7"].iter().find_map(|v| m.name(v)).map_or("", |v| v.as_str());
        if STATES.contains(&verb) || VAGUE.contains(&verb) {
            continue;
        }
        if m.name("v2").is_some() && !is_imperative(verb) && verb != "be" {
            continue;
        }
        if m.name("v1").is_some() && (verb.ends_with("ed") || verb == "been" || CHORES.contains(&verb)) {
            continue;
        }
        // "will be back", "will be available": no task; "will be submitting", "will be responsible for" are.
        let next = behind[m.get(0).map_or(0, |m| m.end())..].split_whitespace().next().unwrap_or_default();
        if verb == "be" && !(next.ends_with("ing") || next == "responsible") {
            continue;
        }
        // "thanks to @a to …", "ask @a to …": the doer is somebody else.
        let before = sentence[..start].trim_end().to_lowercase();
        let lead_word = before.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
        if ["if", "when", "once", "until", "after", "since", "as", "how", "whether", "where", "what", "of", "from"]
            .contains(&lead_word)
        {
            continue;
        }
        return Some(Commitment {
            owners: names,
            text: clean(&format!("{} {}", &sentence[..start], behind)),
            offset,
            rule: Rule::Commitment,
        });
    }
    None
}

/// `write the tables (@a)`, `tables still to be written @a`.
fn assignee(sentence: &str, offset: usize, known: &Known) -> Option<Commitment> {
    let owners = crate::actions::assigned(sentence, known);
    if owners.is_empty() {
        return None;
    }
    let trimmed = sentence.trim_end_matches(['.', ' ']);
    let open = if trimmed.ends_with([')', ']']) { trimmed.rfind(['(', '['])? } else { trimmed.rfind(" @")? };
    let task = clean(&trimmed[..open]);
    let first = task.split(|c: char| !(c.is_alphanumeric() || c == '-')).next().unwrap_or_default();
    let low = lower(&trimmed[..open]);
    let waits = [
        "to be ",
        "tbd",
        "needs to",
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
    let fits = (is_imperative(first) && words >= 3) || (to_do && words >= 2);
    fits.then_some(Commitment { owners, text: task, offset, rule: Rule::Assignee })
}

/// `Feedback from @a pending`, `review needed by @a`.
fn awaited(sentence: &str, offset: usize) -> Option<Commitment> {
    static AWAITED: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"(?i)\b(?:by|from)\s+@(?P<h>[\w.-]*\w)").expect("a valid pattern"));
    let c = AWAITED.captures(sentence).filter(|_| sentence.len() < 160)?;
    let low = lower(sentence);
    let waits = ["needed", "requested", "pending", "expected", "awaited", "draft by"].iter().any(|w| low.contains(w));
    let done = ["done", "merged", "received", "updates from"].iter().any(|w| low.contains(w));
    (waits && !done).then(|| Commitment {
        owners: vec![c["h"].to_owned()],
        text: clean(sentence),
        offset,
        rule: Rule::Assignee,
    })
}

/// `### Press release -> @a`
fn heading(words: &str, known: &Known) -> Option<Commitment> {
    let at = ["->", "=>", "→"].iter().find_map(|a| words.find(a).map(|at| (at, at + a.len())))?;
    let people = owners::people_at(words, at.1, known, false);
    let task = clean(&words[..at.0]);
    (!people.names.is_empty() && words[people.end..].trim().is_empty() && !task.is_empty()).then_some(Commitment {
        owners: people.names,
        text: task,
        offset: 0,
        rule: Rule::Arrow,
    })
}
