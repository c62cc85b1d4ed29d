//! Decisions without a mark: plain statements of what holds from now on, and answers to a question.
//!
//! A judgement from weak signs: who the subject is, the mood of the verb, what stands around it. What is put off,
//! handed on, asked, wished for or told of the past is not settled.

use std::borrow::Cow;
use std::sync::LazyLock;

use crate::actions::{Context, clean};
use crate::facts::Rule;
use crate::hints::Hint;
use crate::outline::Style;
use crate::owners;
use crate::pattern::Pattern;
use crate::reasons::Convention;
use crate::statement::{
    Section, bare as bare_title, is_below, labelled, lower, one_line, sentences, sentences_in, unwrapped,
};

/// What the group does from now on: "We go with …", "Let's merge", "remains the default", "is out of scope".
static HOLDS: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"(?ix)
          ^\W*(?:so,?\s+|thus,?\s+|ergo,?\s+|therefore,?\s+|for\s+now,?\s+|then\s+|hence\s+)?(?:we|wir)\s*(?:(?:will|['’]ll|thus|therefore|['’]re|are)\s+)?(?:go(?:ing)?\s+with|leave\s+(?:it|this|that)(?:\s+(?:as|out|to|for|open|be|there|in\p{L}*)\b|\W*$)|do(?:n['’]t|\s+not)\s+(?:wait|merge|ship|change)|go\s+for|stick\s+(?:to|with)|keep|stay\s+with|use|drop|skip|postpone|adopt|won['’]t|will\s+not|will\s+wait|start\s+with|move\s+(?:forward|to)|settle[d]?\s+on|want\s+to\s+prefer|prefer|remove|target|only\s+support|focus\s+only|try\s+to\s+use|['’]ve\s+(?:defined|chosen|settled|opted)|are\s+not\s+(?:planning|going)\s+to|plan\s+to\s+move\s+forward)\b
        | \bwe['’]?ll?\s+(?:will\s+)?(?:keep|stick|remove|stay\s+with|go\s+with|use|drop|postpone)\b
        | \bwe\s+won['’]t\b
        | \b(?:therefore|thus|hence|ergo),?\s+we\s+(?:currently\s+)?do(?:n['’]t|\s+not)\s+want\s+to\b
        | \bwe\s+(?:have\s+)?opted\b
        | \bwe(?:['’]re|\s+are)\s+(?:good|ok|okay|fine)\s+with\b
        | \bwill\s+be\s+moved\s+to\b
        | ^\W*(?:(?:the\s+)?issue\s+)?(?:will|going\s+to)\s+(?:be\s+closed|close|land)\b
        | (?:^\W*|,\s+)will\s+use\b
        | \b(?:if\s+(?:there\s+are\s+)?no\s+objections?,?\s+(?:\p{L}+\s+)?will|unless\s+(?:there\s+are\s+)?(?:any\s+)?objections?)\b
        | ^\W*OK\s+to\s+(?:close|merge|land|proceed|drop|use|go|remove|accept)\b
        | ^\W*(?:proceed|go\s+on)\s+as\s+planned\b
        | ^\W*\S+(?:\s\S+)?\s+it\s+is\W*$
        | ^\W*(?:move|switch|go)\s+(?:back\s+)?to\s+(?:bi-?weekly|weekly|monthly|quarterly)\b
        | \b(?:advances|stays)\s+(?:to|at)\s+(?:stage|phase)\b
        | \bheld\s+separately\b
        | \bwill\s+(?:target|be\s+the\s+focus|move\s+from)\b
        | ^\W*(?:\p{L}+\s+){0,2}(?:scope|target\s+release|release\s+date)\s*(?:is\b|:)
        | \b(?:is|are)\s+the\s+right\s+(?:place|way|forum)\b
        | (?:^\W*|[:;,]\s*(?:so\s+|and\s+)?|-\s)let['’]?s\s+(?:merge|go|keep(?:\s+(?:it|the|this|them)\b)|use|drop|postpone|stick|not|move|skip|start|do|vote|leave|close|accept|remove|proceed|make|stay)\b
        | \b(?:will\s+(?:stay|remain|land|(?:only\s+|then\s+)?be\s+(?:\p{L}+ly\s+)?(?:the\s+)?(?:default|mandatory|recommended|optional|removed|dropped|skipped|kept|postponed|valid|merged|closed|raised|deprecated|part\s+of|separate))|stays?\s+(?:as\s+(?:is|intended)|the\s+same|on\b)|remains?\s+(?:the\s+default|mandatory|recommended|optional))\b
        | ^\W*(?:so,?\s+|ok(?:ay)?,?\s+)?(?:going|go)\s+with\b
        | ^\W*(?:=>|->)\s*(?:we|no|yes|keep|use|drop|leave|postpone|go|stick|wait|move|follow|close|accept|merge|reject|skip|stay|take|prefer)\b
        | ^\W*(?:→|⇒|👉)\s*(?:no\b|yes|use|drop|postpone|stick|close|accept|merge|reject|skip|stays?|defer|keep\s+(?:it|the|this))\b
        | \b(?:is|are)\s+(?:out\s+of\s+scope|postponed|no\s+longer\s+(?:mandatory|supported|needed|required)|not\s+part\s+of)\b
        | ^\W*(?:move\s+forward|moving\s+forward\s+with|leave\s+(?:it\s+)?as\s+is|keep\s+as\s+is|keep\s+it|do\s+it\b|out\s+of\s+scope|no\s+need\s+to|no\s+freeze)\b
        | ,\s+so\s+no\s+need\s+to\b
        | \b(?:absent|barring|assuming\s+no|unless\s+we\s+hear)\s+(?:any\s+|further\s+|more\s+)?(?:comments?|objections?|concerns?|outstanding)\b
        | (?:->|=>|→)\s*\W*(?:mandatory|optional|recommended|required|yes)\b
        | \bskip\s+(?:it|this)\s+(?:for\s+now|cycle|time|round)\b
        | \bbleibt\s+(?:es\s+)?(?:bei|beim|so)\b
        | \bwird\s+(?:\p{L}+\s+){0,4}vertagt\b
        | \bwir\s+(?:nehmen|bleiben|machen|verschieben|verzichten|gehen\s+mit)\b
        ",
    )
});
/// A stance without a subject: `=> two scopes`, `For now: keep it`, `Not mandating encryption`, `Prefer the red one`.
static STANCE: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"(?x)^(?:
            =>\s*[A-Z0-9\x22].{8,}
          | (?i:for\s+now|for\s+the\s+time\s+being|until\s+further\s+notice|bis\s+auf\s+weiteres)\b[:,]?\s.{8,}
          | (?:Not|No\s+longer)\s+[a-z]+ing\b
          | (?:Keep|Prefer|Reject|Accept|Stick|Stay|Skip|Drop|Continue\s+to\s+use|Merge\s+as|Return\s+to|Slow\s+down|Mark\s+as|Recommend|Defer|Adopt|Proceed\s+with|Go\s+with)\s
          | (?i:we\s+(?:want\s+to\s+(?:stick|keep|stay|prefer|avoid)|(?:will|['’]ll)\s+keep|focus\s+only|only\s+support))\b
        )
        | (?i:\b(?:for\s+now|for\s+the\s+time\s+being|not\s.*at\s+this\s+time)[.!)]?$)",
    )
});
/// What is put off, handed on or only thought of.
static OPEN: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"(?i)\b(?:tbd|next\s+(?:week|sprint|meeting|time)|postponed?|discuss|could|should|would|might|maybe|perhaps|team|sig|meeting|proposal|suggestion|idea|issue|todo|needs?|need\s+to|progress|question|https?|agenda|nomination|tag|label|think|probably|ok|okay|whether)\b",
    )
});
/// What takes back even a sentence that [`HOLDS`].
static DOUBT: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"(?i)\b(?:could|might|maybe|perhaps|probably|possibly|would|won['’]t\s+be\s+able|will\s+be\s+(?:merged|closed|removed)\s+(?:today|tomorrow|this\s+week)|if\s+we|whether|i\s+think|i\s+would|personally|opinion|have\s+(?:a|an|any|the|this|enough|time)|know|see|expect|with\s+the\s+flow|going\s+with\s+\S+(?:\s+\S+){0,4}\s+(?:is|takes|was)|tbd|discuss(?:ed)?\s+(?:later|next)|let['’]?s\s+(?:do|take|have|start|go|move|make)\s+(?:(?:a|an|the|with|on|around)\s+){0,3}(?:show\s+of\s+hands|round|poll|vote|break|intro\w*|agenda|roll\s+call|next\s+(?:topic|item)))\b",
    )
});

/// ", @jo to send a mail"
static TASK: LazyLock<Pattern> = LazyLock::new(|| Pattern::new(r"[,;]\s+(?:and\s+)?@[\w-]+\s+(?:to|will)\s"));

/// The label before what somebody would like.
static PROPOSED: LazyLock<Pattern> =
    LazyLock::new(|| Pattern::new(r"(?i)\b(?:propos\w*|suggest\w*|idea|option|question|vorschlag|idee)\b"));

/// "Will close it", "will use the other one": of what somebody will do, what settles it.
static CLOSES: LazyLock<Pattern> = LazyLock::new(|| Pattern::new(r"(?i)^\W*will\s+(?:be\s+closed|close|land|use)\b"));

/// "Let's …", and what we will do: said in the middle of a talk it counts too.
static OURS: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"(?i)(?:^|[:;,]\s*(?:so\s+)?)\W*(?:let['’]?s\b|we\s+(?:will|['’]ll|won['’]t)|we['’]ll|(?:we(?:['’]re|\s+are)\s+)?going\s+with\b|(?:we\s+)?go\s+with\b|we\s+leave\s+(?:it|this|that)\s+(?:as|out|to|for|open|be|there|in\p{L}*)\b)|\bwill\s+be\s+(?:mandatory|optional|recommended|the\s+default)|^\W*(?:=>|->|→|⇒|👉)\s*(?:drop|postpone|stick|close|skip|stays?|defer|keep\s+(?:it|the|this))\b",
    )
});

/// What a stance cannot do without, one of them: a test before the patterns, which are slower.
pub const SIGNS: &[&str] = &[
    "we ",
    "we'",
    "we’",
    "wir ",
    "let's",
    "let’s",
    "lets ",
    "will ",
    "stay",
    "remain",
    "=>",
    "->",
    "→",
    "scope",
    "postponed",
    "no longer",
    "not part",
    "move forward",
    "moving forward",
    "as is",
    "keep",
    "do it",
    "ok to",
    "no need",
    "no freeze",
    "absent",
    "barring",
    "assuming",
    "unless",
    "for now",
    "time being",
    "until further",
    "bis auf",
    "not ",
    "prefer",
    "reject",
    "accept",
    "stick",
    "skip",
    "drop",
    "continue to use",
    "merge as",
    "return to",
    "slow down",
    "mark as",
    "recommend",
    "defer",
    "adopt",
    "proceed",
    "go with",
    "going with",
    "leave ",
    "👉",
    "⇒",
    "separately",
    "scope is",
    "scope:",
    "target release",
    "release date",
    "the right ",
    "going to",
    "objection",
    "as planned",
    "it is",
    "weekly",
    "monthly",
    "quarterly",
    "advance",
    "bleibt",
    "vertagt",
];

/// The sentence of a statement that plainly says what holds, and where it stands; of a short statement all of it.
pub fn stance(context: &Context<'_>, at: usize, whole: &str) -> Option<(usize, String)> {
    let elsewhere = match context.sections[at] {
        // "Next steps" hold what was settled on the way too.
        Section::Actions { carried } => carried || !crate::actions::under_next_steps(context, at),
        Section::People { .. } | Section::Roles(_) => true,
        Section::Open | Section::Decisions => false,
    };
    let told = context.reasons;
    if elsewhere || is_slides(context) {
        let why = if elsewhere { "in a list of people, chores or actions" } else { "on slides" };
        told.refuse(Convention::Stances, || format!("{why} nothing is settled without a mark"));
        return None;
    }
    if !context.hints[at].has(Hint::Stance) {
        return None;
    }
    // "Done:" over what a report tells.
    let over = context.outline.blocks[at].parent.map(|p| bare_title(context.outline.blocks[p].text.head()));
    if over.is_some_and(|title| ["done", "completed", "progress", "erledigt"].contains(&title.as_str())) {
        told.refuse(Convention::Stances, || "it is told as done".to_owned());
        return None;
    }
    let words = unwrapped(whole);
    // In a talk everybody has a stance; only "let's" settles something there.
    let talks = labelled(&words).is_some_and(|(label, _)| {
        let people = owners::people_at(label, 0, context.doers, false);
        !people.names.is_empty() && label[people.end..].trim().is_empty()
    });
    for (n, (offset, sentence)) in sentences_in(&context.outline.blocks[at], &words).into_iter().enumerate() {
        if (talks || n > 0) && !OURS.is_match(sentence) {
            if talks {
                told.refuse(Convention::Stances, || {
                    "in a talk everybody has a stance: only \"let's\" counts".to_owned()
                });
            }
            continue;
        }
        // What somebody is to do about it is a clause of its own, and what stands in brackets an aside.
        let said = TASK.find(sentence).map_or(sentence, |task| &sentence[..task.start()]);
        let bare = without_asides(said);
        let bare = bare.trim();
        let least = if lower(said).starts_with("let") { 2 } else { 3 };
        let enough = said.split_whitespace().count() >= least && said.len() < 400;
        if !enough || bare.ends_with('?') {
            let why = if enough { "it is a question" } else { "it is too short, or too long" };
            told.refuse(Convention::Stances, || why.to_owned());
            continue;
        }
        let plans = bare.starts_with("Will ") || bare.starts_with("will ");
        let holds = HOLDS.is_match(bare) && (!plans || CLOSES.is_match(bare));
        // "Strategy for the winter: Prefer red buoys"
        let labelled_stance = || {
            labelled(bare).is_some_and(|(label, rest)| {
                !label.starts_with('@') && n == 0 && !PROPOSED.is_match(label) && concludes(rest)
            })
        };
        if (holds || concludes(bare) || labelled_stance()) && !DOUBT.is_match(bare) {
            told.sign(Convention::Stances, || signs(bare));
            let alone = words.len() > 300 || said.len() < sentence.len() || is_below(whole, offset);
            return Some(if alone { (offset, clean(said)) } else { (0, clean(&words)) });
        }
    }
    for (_, sentence) in told.each(|| sentences(&words)) {
        let stance = HOLDS.is_match(sentence) || STANCE.is_match(sentence);
        if let Some(m) = DOUBT.find(sentence).or_else(|| OPEN.find(sentence)).filter(|_| stance) {
            told.refuse(Convention::Stances, || format!("hedged, put off or handed on: {:?}", m.as_str()));
        }
    }
    None
}

/// Words without what stands in brackets: "(maybe fewer of them?)".
fn without_asides(words: &str) -> Cow<'_, str> {
    if memchr::memchr(b'(', words.as_bytes()).is_none() {
        return Cow::Borrowed(words);
    }
    let mut out = String::with_capacity(words.len());
    let mut rest = words;
    while let Some(open) = rest.find('(') {
        let behind = &rest[open + 1..];
        let close = behind.find(['(', ')']).filter(|&at| behind[at..].starts_with(')'));
        let (kept, from) = close.map_or((open + 1, open + 1), |at| (open, open + 1 + at + 1));
        out.push_str(&rest[..kept]);
        rest = &rest[from..];
    }
    Cow::Owned(out + rest)
}

/// The words of a sentence by which it says what holds.
fn signs(sentence: &str) -> String {
    let body = sentence.trim_start_matches(['*', '_', ' ']);
    let found = HOLDS.find(sentence).or_else(|| STANCE.find(body));
    let found = found.or_else(|| STANCE.find(body.trim_start_matches(['-', '=', '>', ' '])));
    one_line(found.map_or(sentence, |m| m.as_str()).trim_matches(|c: char| !c.is_alphanumeric()))
}

fn concludes(sentence: &str) -> bool {
    let body = sentence.trim_start_matches(['*', '_', ' ']);
    let behind_arrow = body.trim_start_matches(['-', '=', '>', ' ']);
    (STANCE.is_match(body) || (behind_arrow != body && STANCE.is_match(behind_arrow)))
        && !OPEN.is_match(body)
        && body.len() < 240
        && owners::handles(sentence).is_empty()
}

/// Slides report what was settled elsewhere: there only marks count.
fn is_slides(context: &Context<'_>) -> bool {
    context.outline.front_matter.as_deref().is_some_and(|front| front.contains("slide"))
}

/// A question that asks the group to settle something, not how things are.
static ASKS_US: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"(?i)\b(?:should|shall|do\s+we|can\s+we|could\s+we|will\s+we|ok\s+to|okay\s+to|go\s+ahead|need\s+to|want\s+to|resolve|sollen|wollen)\b",
    )
});
static YES_NO: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"(?i)^(?:(?:all|group|team|tsc|tac|generally)[:,]\s+)?(?:yes|no|ja|nein|do\s+it|agreed)\b(?:[\s,.:;!(–-]|$)",
    )
});

/// The answer to a question: on the same line (`… ? -> YES`) or right under it.
pub fn answer(context: &Context<'_>, at: usize, words: &str) -> Option<(String, Rule)> {
    let block = &context.outline.blocks[at];
    if let Some((question, behind)) = words.rsplit_once('?') {
        // In a row the cell alone.
        let question = question.rsplit(" | ").next().unwrap_or_default();
        let behind = behind.split(" | ").next().unwrap_or_default();
        let said = behind.trim_matches(|c: char| !c.is_alphabetic());
        // "Any objections to stage 3? None."
        static AGAINST: LazyLock<Pattern> =
            LazyLock::new(|| Pattern::new(r"(?i)\b(?:objections?|concerns|bedenken|einwände|gegenrede)\b[^?.]{0,60}$"));
        static NONE: LazyLock<Pattern> = LazyLock::new(|| {
            Pattern::new(r"(?i)^\W*(?:none|no|nope|nobody|keine|niemand)(?:\s+(?:heard|raised|so\s+merged))?\W*$")
        });
        if NONE.is_match(behind) && AGAINST.is_match(question) && question.split_whitespace().nth(3).is_some() {
            context.reasons.sign(Convention::Answers, || said.to_owned());
            return Some((clean(words), Rule::Settled));
        }
        let asks_us = ASKS_US.is_match(question) || question.ends_with(" no") || question.ends_with(")");
        // "Should we wait? No, the table is ready"
        let reasons = |word: &str| behind.trim_start().strip_prefix(word).is_some_and(|rest| rest.starts_with(", "));
        let reasoned = ["Yes", "No"].into_iter().any(reasons) && behind.split_whitespace().count() <= 16;
        let told = (["YES", "NO", "Yes", "JA", "NEIN"].contains(&said) || reasoned)
            && asks_us
            && question.split_whitespace().count() >= 3;
        if told {
            context.reasons.sign(Convention::Answers, || said.to_owned());
        } else if !said.is_empty() {
            context.reasons.refuse(Convention::Answers, || {
                format!("{:?} answers no question that the group can settle by yes or no", one_line(said))
            });
        }
        let whole = || if words.contains(" | ") { format!("{question}?{behind}") } else { words.to_owned() };
        return told.then(|| (clean(&whole()), Rule::Statement));
    }
    let question = block.parent.map(|p| &context.outline.blocks[p].text.plain)?;
    let question = question.trim().trim_end_matches(['*', '_', ' ', ',']);
    let asks = question.ends_with('?') || lower(question).starts_with("resolve whether");
    let refuse = |why: &str| context.reasons.refuse(Convention::Answers, || why.to_owned());
    if !(asks || question.contains('?')) || question.len() > 300 {
        return None;
    }
    let body = words.trim_matches(['*', '_', ' ', '-', '>', '=', '.', '!', '→']);
    let first = body.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    let whole = || format!("{} {}", one_line(question), one_line(body));
    let strong = block.text.spans.iter().any(|s| s.style == Style::Strong && s.range.start <= 1);
    context.reasons.sign(Convention::Answers, || first.to_owned());
    // "JA - injera" is somebody's answer.
    if asks && YES_NO.is_match(body) && !(first.len() > 1 && context.doers.has(first)) {
        if strong {
            return Some((whole(), Rule::Settled));
        }
        let how_things_are = {
            let low = lower(question);
            [
                "what", "why", "how", "who", "where", "when", "if ", "is ", "are ", "does ", "did ", "has ", "have ",
                "was ", "any ",
            ]
            .iter()
            .any(|w| low.starts_with(w))
        };
        let capitals = first.chars().all(char::is_uppercase) && first.len() > 1;
        let ours = (ASKS_US.is_match(question) && !lower(question).starts_with("if ")) || (capitals && !how_things_are);
        if !ours {
            refuse("the question is about how things are, not about what the group is to do");
        }
        return (ours && !is_slides(context)).then(|| (whole(), Rule::Statement));
    }
    let only_one = context.outline.blocks[block.parent?].items == 1;
    let settles = ["Use", "Keep", "Let's", "Let’s", "Stick", "Stay", "Push", "Merge"].contains(&first)
        || body.starts_with("Let's")
        || body.starts_with("Let’s");
    let answers = !is_slides(context) && only_one && settles && !body.ends_with('?');
    if !answers {
        refuse("it stands under a question, but is neither yes or no nor the only answer (\"Use …\", \"Let's …\")");
    }
    answers.then(|| (whole(), Rule::Statement))
}
