//! Somebody and a verb that commits them: "Mira will ask", "@a to create", "Jo was asked to call".

use std::sync::LazyLock;

use super::speakers::SPEECH;
use super::{Commitment, STATES, shown, word_at};
use crate::actions::clean;
use crate::dates;
use crate::facts::Rule;
use crate::owners::{self, Known};
use crate::pattern::Pattern;
use crate::reasons::{Convention, Reasons};
use crate::statement::lower;
use crate::words::{is_imperative, is_name_too, is_no_name, is_personal};

/// Auxiliaries behind a doer that commit them.
pub(super) static COMMITS: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"(?x)^,?\s*(?:
            (?P<will>will+|'ll|’ll|shall)\s+(?:then\s+|also\s+|try\s+to\s+|probably\s+|soon\s+|still\s+|go\s+ahead\s+and\s+)?(?P<v1>\p{L}[\p{L}-]+)
          | (?:to)\s+(?P<v2>\p{Ll}[\p{L}-]+)
          | (?:is|are|['’]s)\s+(?:going\s+to|planning\s+to|about\s+to|to)\s+(?P<v3>\p{L}+)
          | (?:going\s+to|gonna|still\s+planning\s+to)\s+(?P<v7>\p{L}+)
          | (?:still\s+|also\s+|kindly\s+)?(?:plans|wants|volunteers|volunteered|offers|offered|agreed|agrees|promised|promises|undertook|undertakes|intends|needs|has|have|aims)\s+to\s+(?P<v4>\p{L}+)
          | (?:was|were|is|are|has\s+been|have\s+been)\s+asked\s+to\s+(?P<v14>\p{L}+)
          | (?:(?:was|were)(?:\s+(?:supposed|meant|going))?|(?:had|has|have)\s+(?:promised|offered|agreed|volunteered|planned|wanted)|(?:has|have|is|are)\s+(?:still|yet)|wanted|planned|intended)\s+to\s+(?P<v21>\p{L}+)
          | (?:said|says|indicates|indicated|mentioned)\s+(?:that\s+)?(?:he|she|they)(?:['’]ll|['’]d|\s+will|\s+would)\s+(?:try\s+to\s+)?(?P<v10>\p{L}+)
          | (?:please|pls|plz|bitte)\s+(?P<v11>\p{L}[\p{L}-]+)
          | (?:takes|took)\s+(?:(?:on|over|care|this|(?:the|an?)\s+(?:task|action|lead))\b|\S*\#\d+\s*(?:$|[,;.)]))(?P<v5>)
          | is\s+taking\s+(?:this|it|that)\s+(?:to|up|over|on)\b(?P<v20>)
          | (?:is\s+)?tak(?:es|ing)\s+(?:(?:this|it|that)\s+)?(?:as|on)\s+(?:an?\s+|the\s+)?(?:action(?:\s+(?:item|point))?|AI|todo|task)\b(?P<v19>)
          | (?:has|have|had|got|gets)\s+(?:the|an?)\s+(?:task|action(?:\s+(?:item|point))?|homework)\s+to\s+(?P<v17>\p{L}+)
          | is\s+on\s+the\s+hook\s+(?:for|to)\s+\S+(?P<v18>)
          | (?:starts|begins)\s+\p{L}+ing(?P<v16>)\b
          | (?:still\s+)?(?:continues|continuing|creating|writing|preparing|drafting|organi[sz]ing)\s+\p{L}+(?P<v12>)
          | (?:wird|soll|muss|möchte|will)\s+\S+(?P<v6>)
          | (?:macht|kümmert|übernimmt|schreibt|fragt|klärt|prüft|erstellt|schickt|organisiert|meldet|bereitet|spricht|lädt)\s+\S+(?P<v8>)
          | (?P<v9>pings|checks|asks|creates|writes|sends|prepares|contacts|organizes|organises|invites|opens|schedules|looks\s+into|talks\s+to|follows\s+up|reaches\s+out|informs|drafts|updates|files|reviews|provides|investigates|clarifies|joins|sets\s+up|takes\s+care|coordinates|shares|tests|discusses|works\s+on|adds|books|submits|deploys|proofreads|signs|orders|collects|arranges|hosts|takes\s+(?:it|that|this)\s+(?:back|over|on)|places|brings|publishes|announces|spikes|cleans|changes|transfers|removes|renames|translates|circulates|summari[sz]es|uploads|buys|gets\s+in\s+touch|looks\s+for|tries\s+to|takes\s+action\s+to|takes\s+the\s+topic)\b
          | (?:besorgt|baut|ruft|stellt|rechnet|liest|bringt|holt|kauft|testet|trägt|legt|setzt|gibt|kontaktiert|recherchiert|entwirft|aktualisiert|ergänzt|überarbeitet|korrigiert|verschickt|sendet|vereinbart|koordiniert|dokumentiert|informiert|bestellt|reserviert|druckt|kümmern|machen|schreiben|übernehmen)\s+\S+(?P<v15>)
        )",
    )
});

/// Chores of the meeting are roles.
const CHORES: &[&str] =
    &["moderate", "facilitate", "chair", "co-chair", "scribe", "remain", "stay", "mention", "contain", "take place"];

/// What somebody "wanted to" do in the meeting itself.
const MEANT: &[&str] = &[
    "make",
    "ensure",
    "clarify",
    "discuss",
    "talk",
    "mention",
    "highlight",
    "point",
    "share",
    "say",
    "thank",
    "validate",
    "double-check",
    "emphasize",
    "understand",
    "hear",
    "add",
    "note",
    "remind",
    "flag",
];

/// Bodies whose names are capitals alone.
const BODIES: &[&str] = &["TAC", "TSC", "CPC", "PMC", "SIG", "WG", "GB", "CSPs"];

/// "… and Jo", "… and team": more doers behind the first.
static AND_ANOTHER: LazyLock<Pattern> =
    LazyLock::new(|| Pattern::new(r"^\s*(?:and|&|/|\+)\s*(?:\p{Lu}[\p{L}-]+(?:\s+team)?|team|others|co\.?)\b"));

/// "sends regrets", "provides an overview", "clarifies that": what is told of a meeting.
static SENDS_WORD: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"(?i)^\s*(?:sends\s+(?:(?:his|her|their)\s+)?(?:regrets|apologies|greetings|thanks)|(?:provides|shares)\s+(?:an?\s+|some\s+|the\s+)?(?:\p{L}+\s+)?(?:overview|updates?|background|context|summary|status|news|numbers|results|slides|screen)|clarifies\s+(?:that|what|why|how))\b",
    )
});

/// "stellt … vor", what somebody presents.
static SHOWS: LazyLock<Pattern> = LazyLock::new(|| Pattern::new(r"\bvor(?:\W*$|\s+\()"));

/// What ends a German sentence in the passive.
static PARTICIPLE: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"\s(?:\p{L}*ge\p{L}+t|\p{L}+iert|bestätigt|entlastet|ernannt|empfohlen|gebeten|berufen|beschlossen|aufgenommen)\W*$",
    )
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

/// `Mira will ask`, `@a to create`, `Tim and Jo plan to meet`, `@a to write, @b to review`: one each doer.
pub(super) fn subjects(
    sentence: &str,
    offset: usize,
    doers: &Known,
    strong: &[usize],
    reasons: Reasons<'_>,
) -> Vec<Commitment> {
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
        if !sentence[start..].starts_with(|c: char| c == '@' || c.is_alphanumeric() || (c == '[' && start == 0)) {
            continue;
        }
        let before = sentence[..start].trim_end();
        let opens = start == 0
            || strong.contains(&(offset + start))
            || before.ends_with([',', ';', '-', '–', '('])
            || is_clause_number(before);
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
    // Of what leads to the first clause, where that is long: its last words.
    let led = clauses.first().map_or(0, |&(start, ..)| lead(&sentence[..start]));
    clauses
        .into_iter()
        .zip(ends)
        .enumerate()
        .map(|(n, ((start, names, behind), end))| Commitment {
            owners: names,
            text: clean(&match unasked(&sentence[behind..end]) {
                task if n == 0 && start > 0 => {
                    let task = task.trim_start();
                    let leads =
                        ["to ", "please ", "pls ", "'ll ", "’ll ", "needs to ", "has to ", "plans to ", "wants to "];
                    let task = leads.iter().find_map(|lead| task.strip_prefix(lead)).unwrap_or(task);
                    let before = untitled(&sentence[led..start]);
                    if before.len() > 1 && before.ends_with('(') {
                        format!("{before}{}", task.strip_prefix("will ").unwrap_or(task))
                    } else {
                        format!("{before} {task}")
                    }
                }
                task => task.to_owned(),
            }),
            offset: offset + if n == 0 { led } else { start },
            rule: Rule::Commitment,
            sign: Convention::Doers,
            words: offset + start..offset + verbs[n],
        })
        .collect()
}

/// "(c) Cllr" before a name is part of it, and of how clauses are counted.
fn untitled(before: &str) -> &str {
    const TITLES: [&str; 12] = ["Cllr", "Cllr.", "Mr", "Mr.", "Mrs", "Mrs.", "Ms", "Ms.", "Dr", "Dr.", "Prof", "Prof."];
    let trimmed = before.trim_end();
    let last = trimmed.rsplit(' ').next().unwrap_or_default();
    if !TITLES.contains(&last) {
        return before;
    }
    let rest = trimmed[..trimmed.len() - last.len()].trim_end();
    let letter = rest.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')).filter(|letter| letter.len() <= 3);
    if letter.is_some() || is_clause_number(rest) { "" } else { rest }
}

/// "3.2": what minutes count their clauses by.
fn is_clause_number(before: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.len() <= 3 && part.bytes().all(|b| b.is_ascii_digit());
    before.contains('.') && before.trim_end_matches('.').split('.').all(digits)
}

/// Where the last of the clauses before a doer begins, when they are many: "…, we meet on Monday, Mira will ask".
fn lead(before: &str) -> usize {
    const LONG: usize = 100;
    if before.len() <= LONG {
        return 0;
    }
    let clauses = before.trim_end().trim_end_matches([',', ';', '-', '–']);
    // "…, in Austin, Texas, i.e. …": what goes on with a name or an aside is no clause.
    let opens = |at: &usize| {
        let rest = &clauses[*at..];
        rest.starts_with(char::is_lowercase) && !["i.e.", "e.g.", "and "].iter().any(|word| rest.starts_with(word))
    };
    let marks = [", ", "; ", " - ", " – "].into_iter();
    marks
        .filter_map(|mark| clauses.rmatch_indices(mark).map(move |(at, _)| at + mark.len()).find(opens))
        .max()
        .unwrap_or(0)
}

/// Where a comma leads to somebody else and what they are to do: of each the offset, the people, and
/// the offset behind their names.
pub fn further(text: &str, doers: &Known, reasons: Reasons<'_>) -> Vec<(usize, Vec<String>, usize)> {
    let commas = memchr::memchr2_iter(b',', b';', text.as_bytes());
    let opens = commas.map(|at| at + 1 + usize::from(text[at + 1..].starts_with(' ')));
    // "@a - write; @b - send it"
    let told = |start: usize| {
        let people = owners::people_at(text, start, doers, false);
        let rest = &text[people.end..];
        let task = [" - ", " – ", ": "].iter().find_map(|lead| rest.strip_prefix(lead))?;
        let leads = text[..start].trim_end().ends_with(';') && is_imperative(super::word_at(task));
        (leads && !people.names.is_empty()).then_some((people.names, people.end))
    };
    opens
        .take(20)
        .filter_map(|start| {
            let (who, end) = told(start).or_else(|| doer(text, start, true, doers, reasons).map(|d| (d.0, d.1)))?;
            Some((start, who, end))
        })
        .collect()
}

/// What somebody "was asked to" do or "undertook to" do, without these words.
fn unasked(task: &str) -> &str {
    static ASKED: LazyLock<Pattern> = LazyLock::new(|| {
        Pattern::new(
            r"^\s*(?:(?:was|were|is|are|has\s+been|have\s+been)\s+asked|undert(?:ook|akes)|volunteer(?:s|ed)|offer(?:s|ed)|promise[sd]|(?:is|are)\s+about|kindly\s+\p{L}+|(?:is\s+)?still\s+planning)\s+to\s+",
        )
    });
    // "was to", "had promised to"
    let owed = || COMMITS.captures(task).and_then(|m| m.name("v21"));
    ASKED.find(task).map(|asked| asked.end()).or_else(|| owed().map(|verb| verb.start())).map_or(task, |at| &task[at..])
}

/// The people at an offset whom what follows them commits to something, and the offsets behind their names
/// and behind that verb.
pub(super) fn doer(
    sentence: &str,
    start: usize,
    opens: bool,
    doers: &Known,
    reasons: Reasons<'_>,
) -> Option<(Vec<String>, usize, usize)> {
    let rest = &sentence[start..];
    // "[Mira] will ask"
    if !rest.starts_with(|c: char| c == '@' || c.is_alphanumeric() || (c == '[' && start == 0)) {
        return None;
    }
    let people = owners::people_at(sentence, start, doers, false);
    let (names, end) = if people.names.is_empty() {
        if rest.starts_with('[') {
            return None;
        }
        let begins = start == 0 || sentence[..start].trim_end().ends_with("--");
        if opens { stranger(rest, begins).map(|(names, len)| (names, start + len))? } else { return None }
    } else {
        // "@a with support from @b to"
        let (names, end) = helped(sentence, people.names.clone(), people.end, doers);
        // "Mira and team will"
        let more = AND_ANOTHER.find(&sentence[end..]).filter(|m| m.as_str().ends_with(char::is_lowercase));
        (names, end + more.map_or(0, |m| m.end()))
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
    // "took over from Jo at Nordkai", "takes over the notes"
    let behind_verb = behind[m.get(0).map_or(0, |m| m.end())..].trim_start();
    let passed_on = ["from ", "as "].iter().any(|word| behind_verb.starts_with(word));
    let chore =
        ["the notes", "the minutes", "notes", "minutes", "the chair"].iter().any(|word| behind_verb.starts_with(word));
    let over = m.name("v5").is_some() && m.get(0).is_some_and(|m| m.as_str().ends_with("over")) && (passed_on || chore);
    // "Mira volunteered to take notes"
    let takes = chore && m.get(0).is_some_and(|m| m.as_str().ends_with(" take"));
    if over || takes {
        return refuse("a report of the past, or a chore");
    }
    let verb_end = end + m.get(0).map_or(0, |m| m.end());
    let verb = ["v1", "v2", "v3", "v4", "v7", "v10", "v11", "v14", "v21"]
        .iter()
        .find_map(|v| m.name(v))
        .map_or("", |v| v.as_str());
    let next = behind[m.get(0).map_or(0, |m| m.end())..].split_whitespace().next().unwrap_or_default();
    let tries = m.get(0).is_some_and(|m| m.as_str().contains("try to"));
    let looks = verb == "have" && ["a", "another"].contains(&next);
    let has_a_look =
        (m.name("v1").is_some() && (looks || (verb == "get" && next != "better"))) || (m.name("v2").is_some() && looks);
    // "will leave the team", but "will leave a comment".
    let goes = m.name("v1").or(m.name("v21")).is_some()
        && ["leave", "stop", "look"].contains(&verb)
        && match verb {
            "look" => ["like", "forward"].contains(&next),
            _ => !["a", "an", "comment", "comments", "feedback", "notes", "it"].contains(&next),
        };
    let empty = (STATES.contains(&verb) && !tries && !has_a_look) || VAGUE.contains(&verb) || goes;
    // Behind a handle any word is one that is none else; behind a name where it opens a clause.
    let clause = || start == 0 || sentence[..start].trim_end().ends_with([';', '.', '|']);
    let named = || !people.names.is_empty() && people.names.iter().all(|name| doers.has(name)) && clause();
    let any_verb = m.name("v2").is_some()
        && verb.len() > 3
        && !is_no_name(verb)
        && (rest.starts_with('@') || (!CHORES.contains(&verb) && named()));
    let bare =
        m.name("v2").or(m.name("v11")).is_some() && !is_imperative(verb) && verb != "be" && !has_a_look && !any_verb;
    // "Mira will talk about it, 2026-05-01": a conference, not a task.
    let event = m.name("v1").is_some()
        && ["talk", "present", "attend", "speak"].contains(&verb)
        && !dates::find(sentence).is_empty();
    // "will merged it" is a slip of the pen, "will proceed" none.
    let is_stem = |of: &str| verb.strip_suffix(of).is_some_and(is_imperative);
    let past = verb.ends_with("ed") && !is_imperative(verb) && !is_stem("d") && !is_stem("ed");
    let report = m.name("v1").is_some() && (past || verb == "been" || CHORES.contains(&verb));
    let verb_of = m.get(0).map_or("", |m| m.as_str().trim_start());
    // "will be back", "will be available": no task; "will be submitting", "will be responsible for" are.
    let is_state = verb == "be" && !(next.ends_with("ing") || next == "responsible");
    // "was to raise it" is still to be done; "wanted to make sure that" tells what was meant, "was going to be late" a state.
    let meant =
        m.name("v21").is_some() && (!is_imperative(verb) || (verb_of.starts_with("wanted") && MEANT.contains(&verb)));
    // "Jo stellt die Zahlen vor", "Jo fragt nach der Rücklage": told of the meeting.
    let after = ["der ", "dem ", "den ", "einer ", "einem "].iter().any(|word| behind_verb.starts_with(word));
    let asks = (verb_of == "fragt nach" && after)
        || ["fragt ob", "fragt wie", "fragt warum"].iter().any(|asks| verb_of.starts_with(asks));
    if asks || (verb_of.starts_with("stellt ") && SHOWS.is_match(behind)) {
        return refuse("speech, a report or how things are");
    }
    // "Jo wird zum Kassenwart gewählt" is done to them.
    let done_to = m.name("v6").is_some() && verb_of.starts_with("wird") && PARTICIPLE.is_match(behind);
    if empty || bare || report || is_state || meant || event || done_to {
        let why = match () {
            () if done_to => "it is done to them",
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
        "if",
        "when",
        "once",
        "until",
        "after",
        "since",
        "as",
        "how",
        "whether",
        "where",
        "what",
        "of",
        "from",
        "by",
        "told",
        "tells",
        "ask",
        "asks",
        "asked",
        "asking",
        "help",
        "helps",
        "helped",
        "helping",
        "supports",
        "supported",
        "thanks",
        "thank",
        "welcome",
        "welcomes",
        "invite",
        "invites",
    ];
    let waits = ["waiting for", "wait for", "blocked on"].iter().any(|w| before.ends_with(w));
    if elsewhere.contains(&lead_word) || waits {
        return refuse("the words before it make somebody else the doer, or a condition of it");
    }
    Some((names, end, verb_end))
}

/// Those who do something together, and the offset behind whoever helps them: "@a together with @b", "@a with help from @b".
fn helped(sentence: &str, mut names: Vec<String>, end: usize, doers: &Known) -> (Vec<String>, usize) {
    static HELP: LazyLock<Pattern> = LazyLock::new(|| {
        Pattern::new(
            r"^,?\s*\(?(?:(?P<both>(?:together|jointly|along)\s+with)|with\s+(?:the\s+)?(?:support|help|assistance|input)\s+(?:from|of|by))\s+",
        )
    });
    let Some(lead) = HELP.captures(&sentence[end..]) else { return (names, end) };
    let from = end + lead.get(0).map_or(0, |lead| lead.end());
    let helpers = owners::people_at(sentence, from, doers, false);
    if helpers.names.is_empty() {
        return (names, end);
    }
    if lead.name("both").is_some() {
        names.extend(helpers.names);
    }
    (names, helpers.end + usize::from(sentence[helpers.end..].starts_with(')')))
}

/// Endings of words for things, which no name has.
const OF_THINGS: [&str; 12] =
    ["ed", "ors", "ers", "ions", "ents", "ies", "ures", "ests", "ects", "ules", "eams", "oups"];

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

/// Somebody with a surname whom nothing introduced, before "will" and a verb: the name, and the offset behind it and a bracket.
fn full_name_will(rest: &str, first: &str) -> Option<(Vec<String>, usize)> {
    static SURNAME: LazyLock<Pattern> = LazyLock::new(|| {
        Pattern::new(
            r"^ (?P<surname>\p{Lu}\p{Ll}[\p{L}-]+)(?P<aside>\s+\([^()]{2,40}\))?\s+will\s+(?P<verb>\p{Ll}[\p{L}-]+)",
        )
    });
    let found = SURNAME.captures(&rest[first.len()..])?;
    let surname = found.name("surname")?;
    let is_thing = |word: &str| {
        is_no_name(word)
            || is_imperative(word)
            || word.ends_with("ion")
            || word.chars().skip(1).all(char::is_uppercase)
            || OF_THINGS.iter().any(|end| word.ends_with(end))
    };
    let is_verb = |verb: &str| is_imperative(verb) || verb == "be";
    if [first, surname.as_str()].into_iter().any(is_thing) || !is_verb(found.name("verb")?.as_str()) {
        return None;
    }
    let end = found.name("aside").unwrap_or(surname).end();
    Some((vec![rest[..first.len() + surname.end()].to_owned()], first.len() + end))
}

/// Somebody whom nothing introduced, where a sentence or clause opens: "Antoine will send", "Mira and Jo to ask". Where a
/// sentence begins it may be the login of somebody: "tideman7 to leave a comment".
fn stranger(rest: &str, begins: bool) -> Option<(Vec<String>, usize)> {
    let word = word_at(rest);
    let capitals = word.chars().filter(|c| c.is_uppercase()).count();
    let length = word.chars().count();
    // "MH/JB to check", "MH and JB to check"
    let mut link = ["/", " and ", " & ", " + "].into_iter().filter(|link| rest[word.len()..].starts_with(link));
    let link = link.next().map_or(0, str::len);
    let other = Some(word_at(&rest[word.len() + link..])).filter(|_| link > 0);
    let other = other.filter(|other| other.len() == 2 && other.bytes().all(|b| b.is_ascii_uppercase()));
    // "PS will look into it": the initials of somebody, or of a company.
    let initials = (2..=3).contains(&length) && capitals == length && {
        // "SRE will support this" tells how things are; "RFC to start", "UI to show" name a thing.
        const NOT_OF_PEOPLE: [&str; 7] = ["go", "include", "meet", "run", "support", "use", "work"];
        const THINGS: [&str; 4] = ["OK", "UI", "CI", "VM"];
        let behind = &rest[word.len() + other.map_or(0, |other| link + other.len())..];
        let two = length == 2 && !THINGS.contains(&word);
        let verb = behind.strip_prefix(" will ").or_else(|| behind.strip_prefix(" is going to "));
        let verb = verb.or_else(|| behind.strip_prefix(" to ").filter(|_| two));
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
        || OF_THINGS.iter().any(|e| word.ends_with(e))
        || (word.ends_with("tion") && word.starts_with(char::is_uppercase))
        || is_no_name(word)
        || (is_imperative(word) && !is_name_too(word));
    if !(name || login) || is_word {
        return None;
    }
    let mut names = vec![word.to_owned()];
    let mut end = word.len();
    // "Emily Holt (press) will write"
    if begins && let Some(whole) = full_name_will(rest, word) {
        return Some(whole);
    }
    // "Press team to write", "buoy TSC to answer"
    let next = rest[end..].strip_prefix(' ').and_then(|r| r.split(' ').next()).unwrap_or_default();
    let initial = next.len() == 1 && next.starts_with(|c: char| c.is_ascii_uppercase());
    if BODIES.contains(&next) || next == "team" || initial {
        end += 1 + next.len();
        names = vec![rest[..end].to_owned()];
    }
    if let Some(other) = other.filter(|_| initials) {
        names.push(other.to_owned());
        end += link + other.len();
    } else if let Some(more) = AND_ANOTHER.find(&rest[end..]) {
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
