//! Commitments without a marker: "Mira will ask", "-> @jo", "write the tables (@jo)", "Jo: I'll send it".
//!
//! A judgement from weak signs. What is needed is a clear doer and something still to be done; reports
//! of the past, opinions, wishes and speakers are not enough.

use std::ops::Range;
use std::sync::LazyLock;

use crate::actions::{Context, clean};
use crate::dates;
use crate::facts::Rule;
use crate::hints::Hint;
use crate::outline::{Block, BlockKind, Style};
use crate::owners::{self, Known, People};
use crate::pattern::Pattern;
use crate::reasons::{Convention, Reasons};
use crate::statement::{
    Statement, contains_word, is_decision_label, labelled, lower, sentences, split_at_mark, unwrapped,
};
use crate::words::{is_imperative, is_name_too, is_no_name, is_personal};

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

/// Auxiliaries behind a doer that commit them.
static COMMITS: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"(?x)^,?\s*(?:
            (?P<will>will+|'ll|’ll|shall)\s+(?:then\s+|also\s+|try\s+to\s+|probably\s+|soon\s+|still\s+|go\s+ahead\s+and\s+)?(?P<v1>\p{L}[\p{L}-]+)
          | (?:to)\s+(?P<v2>\p{Ll}[\p{L}-]+)
          | (?:is|are)\s+(?:going\s+to|planning\s+to|to)\s+(?P<v3>\p{L}+)
          | (?:going\s+to|gonna|still\s+planning\s+to)\s+(?P<v7>\p{L}+)
          | (?:still\s+|also\s+|kindly\s+)?(?:plans|wants|volunteers|volunteered|offers|offered|agreed|agrees|promised|promises|undertook|undertakes|intends|needs|has|have|aims)\s+to\s+(?P<v4>\p{L}+)
          | (?:was|were|is|are|has\s+been|have\s+been)\s+asked\s+to\s+(?P<v14>\p{L}+)
          | (?:said|says|indicates|indicated|mentioned)\s+(?:that\s+)?(?:he|she|they)(?:['’]ll|['’]d|\s+will|\s+would)\s+(?:try\s+to\s+)?(?P<v10>\p{L}+)
          | (?:please|bitte)\s+(?P<v11>\p{L}[\p{L}-]+)
          | (?:takes|took)\s+(?:on|over|care|this|the\s+(?:task|action|lead))\b(?P<v5>)
          | (?:starts|begins)\s+\p{L}+ing(?P<v16>)\b
          | (?:still\s+)?(?:continues|continuing|creating|writing|preparing|drafting|organi[sz]ing)\s+\p{L}+(?P<v12>)
          | (?:wird|soll|muss|möchte|will)\s+\S+(?P<v6>)
          | (?:macht|kümmert|übernimmt|schreibt|fragt|klärt|prüft|erstellt|schickt|organisiert|meldet|bereitet|spricht|lädt)\s+\S+(?P<v8>)
          | (?P<v9>pings|checks|asks|creates|writes|sends|prepares|contacts|organizes|organises|invites|opens|schedules|looks\s+into|talks\s+to|follows\s+up|reaches\s+out|informs|drafts|updates|files|reviews|provides|investigates|clarifies|joins|sets\s+up|takes\s+care|coordinates|shares|tests|discusses|works\s+on|adds|books|submits|deploys|proofreads|signs|orders|collects|arranges|hosts|takes\s+(?:it|that|this)\s+(?:back|over|on)|places|brings|publishes|announces|spikes|cleans)\b
          | (?:besorgt|baut|ruft|stellt|rechnet|liest|bringt|holt|kauft|testet|trägt|legt|setzt|gibt|kontaktiert|recherchiert|entwirft|aktualisiert|ergänzt|überarbeitet|korrigiert|verschickt|sendet|vereinbart|koordiniert|dokumentiert|informiert|bestellt|reserviert|druckt|kümmern|machen|schreiben|übernehmen)\s+\S+(?P<v15>)
        )",
    )
});

/// Chores of the meeting are roles.
const CHORES: &[&str] =
    &["moderate", "facilitate", "chair", "co-chair", "scribe", "remain", "stay", "mention", "contain", "take place"];
/// Bodies whose names are capitals alone.
const BODIES: &[&str] = &["TAC", "TSC", "CPC", "PMC", "SIG", "WG", "GB", "CSPs"];

/// "… and Jo", "… and team": more doers behind the first.
static AND_ANOTHER: LazyLock<Pattern> =
    LazyLock::new(|| Pattern::new(r"^\s*(?:and|&|/|\+)\s*(?:\p{Lu}[\p{L}-]+(?:\s+team)?|team|others|co\.?)\b"));

/// Verbs behind "will" and "to" that promise nothing.
const STATES: &[&str] = &[
    "need", "have", "like", "want", "know", "see", "become", "happen", "mean", "seem", "depend", "require", "allow",
    "exist", "remain", "affect", "cause", "get", "lose", "miss", "hope", "expect", "not", "never", "no", "only", "the",
    "a", "an", "our", "his", "her", "my", "their", "this", "that", "these", "those", "some", "all", "it",
];

/// Speech and thought: "@a: thinks that" is a contribution, not a task.
pub static SPEECH: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"(?i)^(?:thinks?|says?|said|asks?\s+(?:if|whether|about|why|how|what)|asked|mentions?|mentioned|suggests?|suggested|notes?|noted|reports?|reported|explains?|explained|agrees?|confirms?|proposes?|proposed|wonders?|points?\s+out|has|have|had|is|are|was|were|did|does|would|could|should|might|maybe|yes|no|not|i\s|we\s|the\s|this\s|that\s|it\s|there|if\s|how|what|why|when|who|which|but|so\s|and\s|because|also|still|already|currently|presented|shows?|showed|worked|working|fixed|merged|created|added|updated|finished|started|opened|closed|wrote|joined|came|got|gave|did|made|took|found|told|sent|went|spoke|met|began|ran|elaborates?|describes?|presents?|reminds?|welcomes?|thanks)\b",
    )
});

/// "sends regrets"
static SENDS_WORD: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(r"(?i)^\s*sends\s+(?:(?:his|her|their)\s+)?(?:regrets|apologies|greetings|thanks)\b")
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

/// "I'll send it", "Going to ask", "… and will add it to the agenda": the doer is whoever speaks.
static FIRST_PERSON: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"(?x)(?:
            (?:^|[\s(])(?:I['’]?ll|I\s+(?:also\s+)?will|I\s+plan\s+to|I['’]m\s+(?:going|gonna|planning)\s+to|I\s+volunteered\s+to|(?:I['’]m|I\s+am)\s+happy\s+to|^(?i:happy|glad)\s+to)
          | ^(?:[Yy]es,?\s+|[Oo]k(?:ay)?,?\s+|[Ss]o,?\s+)?(?P<we>[Ww]e)(?:['’]ll|\s+will)
          | (?:^|[,;]\s+)(?:and\s+)?(?:then\s+we|[Nn]o\s+problem,?\s+we|[Hh]e|[Ss]he|[Tt]hey)(?:['’]ll|\s+will)
          | ^(?:[Ss]o,?\s+|[Yy]es,?\s+|[Oo]k,?\s+|[Nn]o\s+problem,?\s+|[Aa]nd\s+|[Aa]lso,?\s+)*(?:[Ww]ill|(?i:also\s+)?(?i:going\s+to|gonna|planning\s+to|volunteer(?:s|ed|ing)?\s+to|offers?\s+to))
          )\s+(?:also\s+|then\s+|try\s+to\s+|just\s+|still\s+|go\s+ahead\s+and\s+|(?:definitely|certainly|surely|quickly|probably|likely)\s+)?(?P<verb>\p{Ll}[\p{L}-]+)
          | ^[Tt]o\s+(?P<bare>\p{Ll}[\p{L}-]+)\s
          | ^(?:I\s+can|I\s+could)\s+(?P<can>work|commit|try|take|do|look|write|send|ask|add|make|create|open|check|put|set|follow|reach|draft|update|share)\b",
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
        r"(?:[,;]\s+(?:and\s+|but\s+|then\s+)?|\s+and\s+|\s+but\s+|\s+[-–]\s+)(?:will|going\s+to)\s+(?:also\s+|then\s+|try\s+to\s+)?(?P<verb>\p{Ll}[\p{L}-]+)",
    )
});
/// What somebody has done or is doing, less who: "Have a doc", "working on it", "not done yet".
static OWN_WORK: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"(?i)^(?:(?:has|have|had|is|am|was|i|not|still|currently|done|wrote|did|met|got|started|made|began)\b|\p{L}+ing\b|\p{L}{3,}ed\b)",
    )
});
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
    "took",
    "please",
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

/// What a commitment cannot do without, one of these or of [`SUBJECTS`].
pub const LEADS: &[&str] = &[
    "@",
    "->",
    "=>",
    "→",
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
];

/// What `FIRST_PERSON`, less its sentences that open with "I can" and "To", and `THEN_WILL` cannot do without.
pub const PROMISES: &[&str] = &["'ll", "’ll", "ill", "plan", "going", "gonna", "volunteer", "happy", "offer"];

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
    for (n, (from, whole)) in sentences(words).into_iter().enumerate() {
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
            let task = sentence.strip_prefix("To ").unwrap_or(sentence);
            let spoken = spoken(sentence);
            let words = offset + spoken.start..offset + spoken.end;
            let sign = Convention::Speakers;
            Some(Commitment { owners, text: clean(task), offset, rule: Rule::Commitment, sign, words })
        };
        let first = || {
            if !hints.has(Hint::Promises) && !sentence.starts_with(['I', 'T', 't']) {
                return None;
            }
            if first_person(sentence, has_speaker, has_speaker || n > 0) {
                let named = || Some(owners::handles(sentence)).filter(|handles| handles.len() == 1);
                return actor
                    .clone()
                    .or_else(|| if n == 0 { above(context, at).or_else(named) } else { None })
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
            found.extend(all);
        }
        // What follows is about whom this sentence opened with.
        if !opened.names.is_empty() {
            actor = Some(opened.names);
        }
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

/// "Will do.": what was asked for just before.
static WILL_DO: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"(?i)^(?:(?:yes|yep|yeah|sure|ok|okay|alright|of course)[,.!]?\s+)*(?:I\s+)?(?:will|['’]ll|I['’]ll)\s+do(?:\s+(?:that|it|this|so))?\W*$",
    )
});

/// What the last sentence asks somebody to do, and where.
fn asked(words: &str) -> Option<(usize, String)> {
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
fn speaker<'a>(sentence: &'a str, doers: &Known) -> (Option<Vec<String>>, &'a str) {
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
fn above(context: &Context<'_>, at: usize) -> Option<Vec<String>> {
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
        .or_else(|| Some(crate::actions::reporter(context, at)).filter(|names| names.len() == 1))
}

/// Where a sentence that commits its speaker does so.
fn spoken(sentence: &str) -> Range<usize> {
    let found = FIRST_PERSON.find(sentence).or_else(|| THEN_WILL.find(sentence));
    found.map_or(0..first_word(sentence), |m| m.range())
}

/// The end of a sentence's first word.
fn first_word(sentence: &str) -> usize {
    sentence.find(' ').unwrap_or(sentence.len())
}

/// The first words of a stretch, to show it.
fn shown(stretch: &str) -> String {
    stretch.split_whitespace().take(4).collect::<Vec<_>>().join(" ")
}

/// Whether a speaker's sentence commits them. A sentence that has no subject of its own counts only behind a
/// speaker or a sentence about somebody (`told`), or right at its start.
fn first_person(sentence: &str, speaks: bool, told: bool) -> bool {
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

/// "Have a doc, will share it": what somebody has done or is doing, and then will.
fn then_will(sentence: &str) -> bool {
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
fn beside_tasks(context: &Context<'_>, at: usize, doers: &Known) -> bool {
    let blocks = &context.outline.blocks;
    let is_one = |b: &Block| {
        let (who, rest) = speaker(b.text.plain.trim(), doers);
        who.is_some() && is_task_of(rest)
    };
    let own = &blocks[at];
    let sibling =
        |b: &&Block| b.is_item() && b.parent == own.parent && b.depth == own.depth && b.heading == own.heading;
    let before = blocks[..at].iter().rev().take(6).find(|b| sibling(b));
    let after = blocks[at + 1..].iter().take(6).find(|b| sibling(b));
    before.into_iter().chain(after).any(is_one)
}

/// `to be written by @a`
fn passive(sentence: &str, offset: usize, doers: &Known) -> Option<Commitment> {
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
fn dated(context: &Context<'_>, sentence: &str, offset: usize, opened: &People) -> Option<Commitment> {
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

/// Whether an item stands under one that asks for something: "next:", "to be done", "Feedback wanted:".
fn under_a_head(context: &Context<'_>, at: usize) -> bool {
    context.outline.parents(at).next().is_some_and(|(_, p)| {
        let low = lower(p.text.head());
        low.trim_end().ends_with(':') || ["next", "to do", "todo", "need", "want"].iter().any(|w| low.contains(w))
    })
}

/// "comment on it": a task is rather written so than what somebody says.
fn opens_in_lower_case(sentence: &str) -> bool {
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
    let first = text.split(|c: char| !(c.is_alphanumeric() || c == '-')).next().unwrap_or_default();
    let owns = text[first.len()..].starts_with(['\'', '’']);
    !owns && (first == "to" || is_imperative(first)) && text.split_whitespace().count() >= 2
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
    let body = ["->", "=>", "→", "-->"].iter().find_map(|a| sentence.strip_prefix(a))?;
    let body = body.trim_start_matches(['>', ' ']);
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
        // The task is what stands before the arrow: in the statement, its item, or the item over it.
        let is_task = |text: &String| text.split_whitespace().count() >= 2;
        let line = statement.text.plain[..statement.range.start].trim_end().rsplit('\n').next().unwrap_or_default();
        let above = || context.outline.parents(at).next().map(|(_, p)| clean(&p.text.plain));
        let before = Some(clean(&words[..offset])).filter(is_task);
        let text = before.or_else(|| Some(clean(line)).filter(is_task)).or_else(|| above().filter(is_task))?;
        let arrow = words_of(people.end);
        let offset = if clean(&words[..offset]) == text { 0 } else { offset };
        return Some(Commitment { owners: people.names, text, offset, rule: Rule::Arrow, sign, words: arrow });
    }
    let leads = rest.starts_with(':')
        || rest.starts_with("Will ")
        || rest.starts_with("to ")
        || rest.starts_with("will ")
        || rest.starts_with("please ")
        || COMMITS.is_match(&body[people.end..]);
    if !leads {
        context.reasons.refuse(sign, || format!("behind the arrow and {} stands no task", people.names.join(", ")));
    }
    let words = words_of(people.end);
    leads.then(|| Commitment { owners: people.names, text: clean(rest), offset, rule: Rule::Arrow, sign, words })
}

/// `Mira will ask`, `@a to create`, `Tim and Jo plan to meet`, `@a to write, @b to review`: one each doer.
fn subjects(sentence: &str, offset: usize, doers: &Known, strong: &[usize], reasons: Reasons<'_>) -> Vec<Commitment> {
    if sentence.trim_end().ends_with('?') || sentence.starts_with("Thank") {
        let what = if sentence.starts_with("Thank") { "thanks somebody" } else { "is a question" };
        reasons.refuse(Convention::Doers, || format!("{:?} {what}", shown(sentence)));
        return Vec::new();
    }
    let mut clauses: Vec<(usize, Vec<String>, usize)> = Vec::new();
    let mut verbs: Vec<usize> = Vec::new();
    let words = std::iter::once(0).chain(memchr::memchr2_iter(b' ', b'(', sentence.as_bytes()).map(|at| at + 1));
    for start in words.take(60) {
        if clauses.last().is_some_and(|&(_, _, end)| start < end) {
            continue;
        }
        // Nobody's name begins with anything else.
        if !sentence[start..].starts_with(|c: char| c == '@' || c.is_alphanumeric()) {
            continue;
        }
        let before = sentence[..start].trim_end();
        let opens = start == 0 || strong.contains(&(offset + start)) || before.ends_with([',', ';', '-', '–', '(']);
        // Once there is a doer, the next one opens a clause of its own.
        let new_clause = opens || clauses.is_empty() || before.ends_with(" and");
        if !new_clause || !(opens || doers.may_open(&sentence[start..])) {
            continue;
        }
        if let Some((names, end, verb_end)) = doer(sentence, start, opens, doers, reasons) {
            verbs.push(verb_end);
            clauses.push((start, names, end));
        }
    }
    let ends = clauses.iter().skip(1).map(|c| c.0).chain([sentence.len()]).collect::<Vec<_>>();
    clauses
        .into_iter()
        .zip(ends)
        .enumerate()
        .map(|(n, ((start, names, behind), end))| Commitment {
            owners: names,
            text: clean(&match unasked(&sentence[behind..end]) {
                task if n == 0 && start > 0 => {
                    format!(
                        "{} {}",
                        &sentence[..start],
                        task.trim_start().trim_start_matches("to ").trim_start_matches("please ")
                    )
                }
                task => task.to_owned(),
            }),
            offset: offset + if n == 0 { 0 } else { start },
            rule: Rule::Commitment,
            sign: Convention::Doers,
            words: offset + start..offset + verbs[n],
        })
        .collect()
}

/// What somebody "was asked to" do or "undertook to" do, without these words.
fn unasked(task: &str) -> &str {
    static ASKED: LazyLock<Pattern> = LazyLock::new(|| {
        Pattern::new(
            r"^\s*(?:(?:was|were|is|are|has\s+been|have\s+been)\s+asked|undert(?:ook|akes)|kindly\s+\p{L}+)\s+to\s+",
        )
    });
    ASKED.find(task).map_or(task, |asked| &task[asked.end()..])
}

/// The people at an offset whom what follows them commits to something, and the offsets behind their names
/// and behind that verb.
fn doer(
    sentence: &str,
    start: usize,
    opens: bool,
    doers: &Known,
    reasons: Reasons<'_>,
) -> Option<(Vec<String>, usize, usize)> {
    let rest = &sentence[start..];
    if !rest.starts_with(|c: char| c == '@' || c.is_alphanumeric()) {
        return None;
    }
    let people = owners::people_at(sentence, start, doers, false);
    let (names, end) = if people.names.is_empty() {
        let begins = start == 0 || sentence[..start].trim_end().ends_with("--");
        if opens { stranger(rest, begins).map(|(names, len)| (names, start + len))? } else { return None }
    } else {
        // "Mira and team will"
        let more = AND_ANOTHER.find(&sentence[people.end..]).filter(|m| m.as_str().ends_with(char::is_lowercase));
        (people.names, people.end + more.map_or(0, |m| m.end()))
    };
    let behind = &sentence[end..];
    let refuse = |why: &str| {
        reasons.refuse(Convention::Doers, || format!("{:?}: {why}", shown(rest)));
        None
    };
    let Some(m) = COMMITS.captures(behind) else { return refuse(not_committed(behind)) };
    // "asks whether", "sends regrets"
    if m.name("v9").is_some() && (SPEECH.is_match(behind.trim_start()) || SENDS_WORD.is_match(behind)) {
        return refuse("speech, a report or how things are");
    }
    let verb_end = end + m.get(0).map_or(0, |m| m.end());
    let verb =
        ["v1", "v2", "v3", "v4", "v7", "v10", "v11", "v14"].iter().find_map(|v| m.name(v)).map_or("", |v| v.as_str());
    let next = behind[m.get(0).map_or(0, |m| m.end())..].split_whitespace().next().unwrap_or_default();
    let tries = m.get(0).is_some_and(|m| m.as_str().contains("try to"));
    let looks = verb == "have" && ["a", "another"].contains(&next);
    let has_a_look =
        (m.name("v1").is_some() && (looks || (verb == "get" && next != "better"))) || (m.name("v2").is_some() && looks);
    // "will leave the team", but "will leave a comment".
    let goes = m.name("v1").is_some()
        && ["leave", "stop", "look"].contains(&verb)
        && match verb {
            "look" => ["like", "forward"].contains(&next),
            _ => !["a", "an", "comment", "comments", "feedback", "notes", "it"].contains(&next),
        };
    let empty = (STATES.contains(&verb) && !tries && !has_a_look) || VAGUE.contains(&verb) || goes;
    // Behind a handle any word is one that is none else.
    let by_handle = rest.starts_with('@') && m.name("v2").is_some() && verb.len() > 3 && !is_no_name(verb);
    let bare =
        m.name("v2").or(m.name("v11")).is_some() && !is_imperative(verb) && verb != "be" && !has_a_look && !by_handle;
    // "Mira will talk about it, 2026-05-01": a conference, not a task.
    let event = m.name("v1").is_some()
        && ["talk", "present", "attend", "speak"].contains(&verb)
        && !dates::find(sentence).is_empty();
    let report = m.name("v1").is_some() && (verb.ends_with("ed") || verb == "been" || CHORES.contains(&verb));
    // "will be back", "will be available": no task; "will be submitting", "will be responsible for" are.
    let is_state = verb == "be" && !(next.ends_with("ing") || next == "responsible");
    if empty || bare || report || is_state || event {
        let why = match () {
            () if report => "a report of the past, or a chore",
            () if event => "with a day beside it, it announces a talk",
            () if bare => "what follows \"to\" is no verb that a task opens with",
            () if is_state => "tells how things will be, not what will be done",
            () => "the verb promises nothing",
        };
        return refuse(why);
    }
    // "thanks to @a to …", "ask @a to …": the doer is somebody else.
    let before = lower(sentence[..start].trim_end()).into_owned();
    let lead_word = before.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    let elsewhere = [
        "if", "when", "once", "until", "after", "since", "as", "how", "whether", "where", "what", "of", "from", "by",
        "ask", "asks", "asked", "asking", "thanks", "thank", "welcome", "welcomes", "invite", "invites",
    ];
    let waits = ["waiting for", "wait for", "blocked on"].iter().any(|w| before.ends_with(w));
    if elsewhere.contains(&lead_word) || waits {
        return refuse("the words before it make somebody else the doer, or a condition of it");
    }
    Some((names, end, verb_end))
}

/// Why what follows somebody's name commits them to nothing.
fn not_committed(behind: &str) -> &'static str {
    let behind = behind.trim_start_matches([',', ' ', ':']);
    let first = behind.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    match lower(first).as_ref() {
        "" => "nothing to do follows the name",
        "could" | "should" | "might" | "would" | "may" | "can" | "maybe" | "perhaps" => {
            "hedged, so nothing is promised"
        }
        low if low.ends_with("ed") => "the verb is in the past",
        _ if SPEECH.is_match(behind) => "speech, a report or how things are",
        _ => "no verb that commits somebody follows",
    }
}

/// The word that a text opens with.
fn word_at(text: &str) -> &str {
    text.split(|c: char| !(c.is_alphanumeric() || c == '-')).next().unwrap_or_default()
}

/// Somebody whom nothing introduced, where a sentence or clause opens: "Antoine will send", "Mira and Jo to ask". Where a
/// sentence begins it may be the login of somebody: "tideman7 to leave a comment".
fn stranger(rest: &str, begins: bool) -> Option<(Vec<String>, usize)> {
    let word = word_at(rest);
    let capitals = word.chars().filter(|c| c.is_uppercase()).count();
    let length = word.chars().count();
    // "PS will look into it": the initials of somebody, or of a company.
    let initials = (2..=3).contains(&length) && capitals == length && {
        // "SRE will support this" tells how things are; "RFC to start", "UI to show" name a thing.
        const NOT_OF_PEOPLE: [&str; 7] = ["go", "include", "meet", "run", "support", "use", "work"];
        const THINGS: [&str; 4] = ["OK", "UI", "CI", "VM"];
        let behind = &rest[word.len()..];
        let two = length == 2 && !THINGS.contains(&word);
        let verb = behind.strip_prefix(" will ").or_else(|| behind.strip_prefix(" to ").filter(|_| two));
        verb.and_then(|v| v.split(' ').next()).is_some_and(|verb| !NOT_OF_PEOPLE.contains(&verb))
    };
    // "script to create the tables" names a thing: what a login is to do is what people alone do.
    let login = begins
        && length >= 4
        && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && rest[word.len()..].strip_prefix(" to ").is_some_and(|task| is_personal(word_at(task)));
    let name = (length >= 3 || initials)
        && (capitals > 0 && (capitals < length || initials || BODIES.contains(&word)))
        && word.chars().all(char::is_alphabetic);
    let is_word = word.ends_with("ing")
        || ["ed", "ors", "ers", "ions", "ents", "ies", "ures", "ests", "ects", "ules"]
            .iter()
            .any(|e| word.ends_with(e))
        || (word.ends_with("tion") && word.starts_with(char::is_uppercase))
        || is_no_name(word)
        || (is_imperative(word) && !is_name_too(word));
    if !(name || login) || is_word {
        return None;
    }
    let mut names = vec![word.to_owned()];
    let mut end = word.len();
    // "Press team to write", "buoy TSC to answer"
    let next = rest[end..].strip_prefix(' ').and_then(|r| r.split(' ').next()).unwrap_or_default();
    let initial = next.len() == 1 && next.starts_with(|c: char| c.is_ascii_uppercase());
    if BODIES.contains(&next) || next == "team" || initial {
        end += 1 + next.len();
        names = vec![rest[..end].to_owned()];
    }
    if let Some(more) = AND_ANOTHER.find(&rest[end..]) {
        let another = more.as_str().rsplit(' ').next().unwrap_or_default();
        if another.starts_with(char::is_uppercase) {
            names.push(another.to_owned());
        }
        end += more.end();
    }
    let behind = &rest[end..];
    let leads =
        [" will ", " to ", " is going to ", " is planning to ", " volunteered to ", " agreed to ", " offered to "];
    let lead = leads.iter().find(|lead| behind.starts_with(**lead))?;
    let verb = word_at(&behind[lead.len()..]);
    (is_imperative(verb) || verb == "be").then_some((names, end))
}

/// `write the tables (@a)`, `tables still to be written @a`.
fn assignee(sentence: &str, offset: usize, known: &Known, opened: &People, is_entry: bool) -> Option<Commitment> {
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
    let task = task.trim_start_matches(|c: char| c == '#' || c == ':' || c == ' ' || c.is_ascii_digit()).to_owned();
    let mut opening = task.split(|c: char| !(c.is_alphanumeric() || c == '-'));
    let (first, second) = (opening.next().unwrap_or_default(), opening.next().unwrap_or_default());
    // "Update on the tides (@a)" is a talk.
    if ["on", "of", "from", "about"].contains(&second) || first == "Discuss" {
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
    // "Open Source Forum recap (@a)" is a title.
    let titled = first == "Open" && (second == "source" || !second.starts_with(char::is_lowercase));
    let is_verb = is_imperative(first) && !titled && (first.len() < 3 || first.chars().any(char::is_lowercase));
    let fits = (is_verb && words >= if trimmed.ends_with(')') { 2 } else { 3 })
        || (to_do && words >= 2)
        || (first == "Will" && is_imperative(second) && words >= 3)
        || (words >= 4 && OUGHT.is_match(&task))
        || (is_entry && is_handed(&task, &trimmed[open..]));
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
    let team = behind.contains('/') && owners::handles(behind).is_empty();
    let enough = (colon && words >= 1 && task.len() <= 60) || (bracket && words >= 4);
    behind.contains('@') && enough && !team && !TOPIC.is_match(task)
}

/// Whether a block is an entry of a list that holds no topics.
fn is_entry(context: &Context<'_>, at: usize) -> bool {
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
fn assignee_within(sentence: &str, offset: usize) -> Option<Commitment> {
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
fn awaited(sentence: &str, offset: usize) -> Option<Commitment> {
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
        sign: Convention::Arrows,
        words: at.0..people.end,
    })
}
