//! Verdicts: statements that are nothing but one, what they are about, and those that end a motion.

use std::sync::LazyLock;

use super::votes::count;
use crate::actions::Context;
use crate::outline::Block;
use crate::owners;
use crate::pattern::Pattern;
use crate::statement::sentences;

/// Whether a statement is nothing but a verdict, or the count of a vote; how it came about may stand beside it.
pub(super) fn is_verdict(words: &str) -> bool {
    settles(words) || came_about(words)
}

fn settles(words: &str) -> bool {
    VERDICT.is_match(words) || count(words).is_some()
}

/// A verdict, and how it came about: "Mira moves, Jo seconds. All in favor."
pub(super) fn came_about(words: &str) -> bool {
    static MOTION: LazyLock<Pattern> = LazyLock::new(|| {
        Pattern::new(
            r"(?ix)^\W*(?:
                @?[\w.-]+(?:\s+[\w.-]+)?\s+(?:makes|made|moves|moved|seconds|seconded)(?:\s+(?:the|a|this)\s+motion|\s+it|\s+this)?
              | (?:moved|seconded|motion|motion\s+made|second)\s*(?::|by)\s*@?[\w.-]+(?:\s+[\w.-]+)?
              | (?:no|keine)\s+(?:further\s+)?(?:remarks?|comments?|corrections?|changes|discussion|anmerkungen|änderungen)
              | (?:no|one|two|\d+)\s+(?:abstentions?|abstained|abstains?|opposed)(?:\s*\([^)]*\))?
            )\W*$",
        )
    });
    let parts = if words.len() <= 200 { sentences(words) } else { Vec::new() };
    let mut parts = parts.iter().flat_map(|(_, sentence)| sentence.split([',', ';']));
    parts.clone().any(settles) && parts.all(|part| settles(part) || MOTION.is_match(part))
}

/// Whether nothing stands between a block and the heading over it.
pub(super) fn is_first_under(context: &Context<'_>, at: usize) -> bool {
    let block = &context.outline.blocks[at];
    block.heading.is_some_and(|h| h + 1 == at)
}

/// A statement that is nothing but the verdict on what stands before it: "No objections", "Approved".
pub(super) static VERDICT: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"(?ix)^\W*(?:(?:all|everyone|everybody|group|team|tsc|tac|meeting)[:,]?\s+)?
          (?: (?:no|without|keine)\s+(?:further\s+)?(?:objections?|einwände)
            | (?:unanimous(?:ly)?\s+)?(?:approved|accepted|passed|adopted|agreed|carried|angenommen|genehmigt)(?:\s+unanimously)?
            | (?:einstimmig|ohne\s+änderung(?:en)?|mehrheitlich)(?:\s+(?:angenommen|genehmigt|beschlossen|dafür))?
            | unanimous(?:\s+yes)?
            | (?:(?:general|rough|broad|full)\s+)?agreement
            | (?:all|everyone|everybody)\s+in\s+favou?r
            | (?:no|none|nobody|no\s+one|niemand)\s+(?:opposes?|opposed|opposition|nays?|against|objected|objects|dagegen)
            | all\s+(?:yea|yeah|yes|ayes?)
            | (?:the\s+)?motion\s+(?:carries|carried|passes|passed|fails|failed)
            | (?:vote:?\s*)?\d+\s*[-–:]\s*\d+(?:\s*[-–:]\s*\d+)?\s+(?:affirm(?:ed)?|approved?|in\s+favou?r|consensus|yes)(?:\s+today)?
            | (?:all\s+)?\+1(?:\s+from\s+(?:the\s+)?\p{L}+)?
            | \d+\s+(?:\p{L}+\s+)?(?:members?\s+)?agree,\s+(?:no|0|zero)\s+(?:one\s+)?disagrees?,?\s*(?:proposal\s+)?(?:passes|passed)?
            | all\s+agreed?
          )\b(?:[,;(]?\s*(?:(?:without|by|no|so|for|with|of|call|and|unanimously|zero|0)\s+){0,3}(?:objections?|abstentions?|votes?|against|unanimously|all|everyone|the\s+\w+|in\s+(?:the\s+)?meeting)|\s+(?:with|without|mit|ohne)\s+(?:\w+\s+)?(?:changes?|corrections?|amendments?|änderung(?:en)?)){0,4}[\W\d]*$",
    )
});
/// What a verdict cannot do without, one of them.
pub const VERDICTS: &[&str] = &[
    "objection",
    "einw",
    "approve",
    "accepted",
    "passed",
    "adopted",
    "agree",
    "carried",
    "carries",
    "oppos",
    "against",
    "objected",
    "objects",
    "dagegen",
    "yea",
    "aye",
    "einstimmig",
    "mehrheitlich",
    "ohne änderung",
    "angenommen",
    "genehmigt",
    "unanimous",
    "affirm",
    "favo",
    "consensus",
    "yes",
    "sense",
    "sounds",
    "+1",
    "failed",
    "defeated",
    "rejected",
    "passes",
];
/// What is put to the vote.
pub(super) static PROPOSAL: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"(?i)(?:\?\W*$|\bmov(?:es|ing|ed)\s+to\b|^\W*(?:propos|motion|vote|votes|shall|should|resolve|any objections|pull request|PR\b)|\bpropos)",
    )
});

/// "Jo would prefer the red buoy"
static PREFERS: LazyLock<Pattern> = LazyLock::new(|| Pattern::new(r"(?i)\b(?:would\s+prefer|prefers|suggests?)\b"));

/// What a bare verdict is about.
#[derive(Debug, Clone, Copy)]
pub(super) struct Judged<'a> {
    pub text: &'a str,
    pub line: u32,
    pub last_line: u32,
}

impl<'a> From<&'a Block> for Judged<'a> {
    fn from(block: &'a Block) -> Self {
        Self { text: &block.text.plain, line: block.line, last_line: block.last_line }
    }
}

/// What a bare verdict is about: the question or proposal before it, else what it hangs on, else what was said right
/// before. What some agree to by name is what was said right before in any case.
pub(super) fn judged<'a>(
    context: &Context<'a>,
    at: usize,
    before: Option<Judged<'a>>,
    by_name: bool,
) -> Option<Judged<'a>> {
    let parent = || context.outline.blocks[at].parent.map(|p| &context.outline.blocks[p]);
    let over = || proposed(context, at).or_else(parent).map(Judged::from);
    let about = if by_name { before.or_else(over) } else { over().or(before) };
    about.filter(|b| b.text.len() < 600 && b.text.chars().any(char::is_alphabetic))
}

/// Where "Mira, Jo: agree", "DA, RY agree", "Group agreed" ends, and whether that is all; they may add a sentence, but nothing
/// to the one in which they agree.
pub(super) fn agreed_by_name(context: &Context<'_>, words: &str) -> Option<(usize, bool)> {
    static AGREE: LazyLock<Pattern> = LazyLock::new(|| {
        Pattern::new(
            r"(?i)^\W*(?:(?:both|all)\s+)?(?:agree[sd]?|\+1|makes?\s+sense|sounds?\s+(?:good|reasonable)|in\s+favou?r)(?:[.!)\]\s]*$|[.!]\s)",
        )
    });
    // All, or several names whether listed or not.
    static ALL: LazyLock<Pattern> = LazyLock::new(|| {
        Pattern::new(
            r"^\W*(?:(?i:all|everyone|everybody|(?:the\s+)?(?:group|team))\b|[A-Z][\w.]*(?:(?:\s*[,&/]\s*|\s+and\s+)[A-Z][\w.]*)+)",
        )
    });
    let people = owners::people_at(words, 0, context.doers, false);
    let end = if people.names.len() > 1 { people.end } else { ALL.find(words)?.end() };
    let end = end + AGREE.find(&words[end..])?.end();
    Some((end, end == words.len()))
}

/// Whether a question or proposal stands shortly before a block, or over it.
pub(super) fn is_put(context: &Context<'_>, at: usize) -> bool {
    let parent = context.outline.blocks[at].parent.map(|p| &context.outline.blocks[p]);
    proposed(context, at).is_some() || parent.is_some_and(|p| PROPOSAL.is_match(p.text.head().trim()))
}

/// The question or proposal that stands shortly before a block.
fn proposed<'a>(context: &Context<'a>, at: usize) -> Option<&'a Block> {
    let blocks = &context.outline.blocks;
    let block = &blocks[at];
    let before = blocks[..at].iter().rev().take(12).filter(|b| b.parent == block.parent && b.heading == block.heading);
    let mut before = before.take_while(|b| b.heading_level().is_none()).take(3).enumerate();
    let puts = |b: &Block| PROPOSAL.is_match(b.text.plain.trim());
    // What somebody would prefer, and right behind it (or behind one remark) the vote on it.
    let prefers = |b: &Block| count(block.text.head()).is_some() && PREFERS.is_match(&b.text.plain);
    before.find(|(n, b)| puts(b) || (*n < 2 && prefers(b))).map(|(_, b)| b)
}

/// A verdict behind a dash: "… - approved", "… - agreed by the board with a change"; of a vote behind an arrow, too:
/// "+1 Mira, +1 Jo -> approved".
pub(super) static JUDGED: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"(?i)(?:\s[-–—]|\s(?:->|=>|→))\s+(?:approved|accepted|agreed|adopted|carried|consented|angenommen|genehmigt|beschlossen)(?:\s+by\s+(?:the\s+|general\s+)?(?:board|committee|group|team|meeting|tsc|tac|all|everyone|consent|consensus|vote))?(?:\s+(?:with|without|w/o|mit|ohne|unanimously|einstimmig)\b[^?]{0,60})?\W*$",
    )
});

/// Whether a sentence of one word settles what stands before it: "Agreed."; "Approved." only what is put to a meeting, unless it
/// counts who did.
pub(super) fn is_last_verdict(before: &str, sentence: &str) -> bool {
    static WORD: LazyLock<Pattern> = LazyLock::new(|| {
        Pattern::new(
            r"^\W*(?:Agreed|Approved|Adopted|Carried|Unanimous|Beschlossen|Angenommen|Genehmigt|Einstimmig|Konsens)(?:\s*\([^()]{1,30}\))?\W*$",
        )
    });
    static PUT: LazyLock<Pattern> = LazyLock::new(|| {
        Pattern::new(
            r"(?i)\b(?:motion|moved?|second(?:ed)?|propos\p{L}+|minutes|budget|vote[ds]?|resolution|invite|abstimmung|antrag|protokoll|dafür|we|us)\b|[€$]",
        )
    });
    WORD.is_match(sentence)
        && !sentence.ends_with(':')
        && (sentence.contains("greed") || sentence.contains('(') || PUT.is_match(before))
}

/// The verdict that a motion ends with: "Motion to buy a buoy. Passed 5-1."
pub(super) fn judged_within(words: &str) -> Option<&str> {
    static MOVED: LazyLock<Pattern> = LazyLock::new(|| {
        Pattern::new(
            r"(?i)^\W*(?:(?:the\s+)?motion\b|moved\b|proposed\b|proposal\b|vote\s+on\b|resolution\b)|\bseconded\b|\b(?:it\s+was\s+)?moved\s+(?:by|that)\b",
        )
    });
    static OUTCOME: LazyLock<Pattern> = LazyLock::new(|| {
        Pattern::new(r"(?i)^\W*(?:passed|passes|carried|failed|defeated|rejected|approved|adopted|accepted|agreed)\b")
    });
    if !MOVED.is_match(words) {
        return None;
    }
    let said = sentences(words);
    said.into_iter()
        .skip(1)
        .map(|(_, sentence)| sentence)
        .find(|sentence| OUTCOME.is_match(sentence) || VERDICT.is_match(sentence))
}
