//! Topics passed on: "=> Container team meeting", "discuss in IaaS Team", "hand over to product board".

use std::ops::Range;

use crate::actions::{Context, clean};
use crate::facts::Handoff;
use crate::hints::Hint;
use crate::outline::BlockKind;
use crate::pattern::Pattern;
use crate::statement::{Section, lower, statements};

/// What leads to the name of a group. Told of what is to come: "discussed in" needs its "will be".
const LEAD_SOURCE: &str = r"(?ix)
    (?: (?:^|[\s(])(?:-{1,2}>|={1,2}>|→|⇒)\s*
        (?:(?:please|also|todo:?|AI:?)\s+)*
        (?:(?:discuss(?:ion)?|moved?|take|bring|ask|follow[-\s]?up|goes|issue|question|something|topic|input)\s+(?:(?:this|it)\s+)?(?:in|to|into|for|with|at|of)\s+
          |(?:to|in|into|for|at)\s+)?
      | \b(?:
          (?:will|to|should|could|can|must|may|might|shall)(?:\s+(?:also|then|further|better|probably|and|will))*\s+be(?:\s+(?:also|then|further|later|again))*\s+(?:discussed|addressed|clarified)(?:\s+(?:further|again|later))?\s+(?:in|with|at|by)
         |discuss(?:\s+(?:this|it|that|further|again|later|topic)){0,2}\s+(?:in|with|at)
         |(?:hand(?:ed)?|pass(?:ed)?)\s+(?:(?:this|it)\s+)?over\s+to
         |bring\s+(?:(?:this|it|that)\s+)?(?:up\s+)?(?:to|in|into)
         |moved?\s+(?:(?:this|it)\s+)?(?:to|into)
         |take\s+(?:this|it|that)\s+(?:to|into)
         |(?:also\s+(?:an?\s+)?)?topic\s+(?:for|of)
         |ask\s+in
         |follow[-\s]?up\s+(?:in|with)
         |besprechen\s+(?:in|im)
         |weiter(?:geben)?\s+an)\s+)";

/// Words that pass on: the pattern needs one of them, and a word for a group behind it.
pub const LEADS: &[&str] = &[
    "->",
    "=>",
    "→",
    "⇒",
    "discuss",
    "addressed",
    "clarified",
    "over to",
    "bring",
    "move",
    "take",
    "topic",
    "ask in",
    "follow",
    "besprechen",
    "weiter",
];

/// Words before a name that are none of it.
const DETERMINERS: [&str; 17] = [
    "the",
    "next",
    "der",
    "dem",
    "den",
    "die",
    "a",
    "an",
    "today's",
    "todays",
    "tomorrow's",
    "week's",
    "weeks",
    "this",
    "week",
    "weekly",
    "upcoming",
];

/// Words that are in no name: what has one is a sentence, or speaks of what was.
const NO_PART: [&str; 75] = [
    "about",
    "all",
    "also",
    "and",
    "another",
    "any",
    "are",
    "as",
    "at",
    "be",
    "big",
    "by",
    "can",
    "come",
    "common",
    "could",
    "create",
    "current",
    "dedicated",
    "each",
    "every",
    "following",
    "for",
    "from",
    "future",
    "get",
    "has",
    "have",
    "her",
    "his",
    "if",
    "in",
    "into",
    "is",
    "it",
    "it's",
    "its",
    "last",
    "my",
    "need",
    "needs",
    "new",
    "no",
    "not",
    "of",
    "on",
    "one",
    "or",
    "other",
    "our",
    "own",
    "past",
    "previous",
    "same",
    "separate",
    "should",
    "small",
    "some",
    "that",
    "their",
    "there",
    "these",
    "they",
    "those",
    "to",
    "wait",
    "was",
    "we",
    "whole",
    "will",
    "with",
    "would",
    "you",
    "your",
    "last-week",
];

/// Groups that every series has or is: alone they name none.
const NO_NAME_ALONE: [&str; 9] = ["team", "sig", "wg", "ag", "working group", "meeting", "call", "group", "runde"];

/// Of these the ones that a name follows: "SIG Monitoring", but not "meeting Tuesday".
const NAME_FOLLOWS: [&str; 5] = ["team", "sig", "wg", "ag", "working group"];

/// What tells of the group behind an arrow, and passes nothing on to it.
const TELLS: [&str; 8] = ["is", "are", "was", "were", "has", "had", "have", "did"];

/// Words that say nothing of a topic.
const FILLERS: [&str; 33] = [
    "a",
    "ai",
    "also",
    "an",
    "and",
    "any",
    "as",
    "be",
    "by",
    "can",
    "could",
    "discuss",
    "discussed",
    "discussion",
    "further",
    "is",
    "it",
    "may",
    "might",
    "must",
    "need",
    "needs",
    "not",
    "or",
    "question",
    "should",
    "something",
    "the",
    "then",
    "this",
    "to",
    "todo",
    "will",
];

/// The handoffs of `blocks`, in order.
pub fn handoffs(context: &Context<'_>, blocks: Range<usize>, leads: &Pattern, groups: &[String]) -> Vec<Handoff> {
    let mut found = Vec::new();
    for at in blocks {
        let block = &context.outline.blocks[at];
        let hints = context.hints[at];
        if !(hints.has(Hint::PassesOn) && hints.has(Hint::Group)) {
            continue;
        }
        if matches!(block.kind, BlockKind::Fence | BlockKind::Rule)
            || matches!(context.sections[at], Section::People { .. })
        {
            continue;
        }
        for statement in statements(at, block, |_| false) {
            let words = statement.words();
            if words.len() > 2000 {
                continue;
            }
            for (whole, to) in passed_on(words, leads, groups) {
                let around = clean(&format!("{} {}", &words[..whole.start], &words[whole.end..]));
                let says = content(&around);
                // Without an arrow at its start or end it would be no sentence any more.
                let apart = is_arrow(&words[whole.clone()])
                    && (words[..whole.start].trim().is_empty() || !words[whole.end..].contains(char::is_alphanumeric));
                let around = if apart { around } else { clean(words) };
                // "- => IAM team, compare with ours" goes on from what it hangs on.
                let enough = match is_arrow(&words[whole.clone()]) {
                    _ if !matches!(block.kind, BlockKind::Heading(_)) && words[..whole.start].trim().is_empty() => {
                        usize::MAX
                    }
                    true => 2,
                    false => 4,
                };
                let text = if says >= enough {
                    around
                } else {
                    // "=> Container team" alone passes on what it hangs on.
                    let parents = context.outline.parents(at).map(|(_, p)| clean(p.text.head()));
                    let over = parents.chain(context.topic(at)).find(|p| content(p) > 0);
                    match over {
                        Some(over) if says > 0 => format!("{over}: {around}"),
                        Some(over) => over,
                        None => around,
                    }
                };
                found.push(Handoff { line: statement.line_at(whole.start), to, text });
            }
        }
    }
    found
}

/// The pattern of [`handoffs`].
pub fn leads() -> Pattern {
    Pattern::new(LEAD_SOURCE)
}

/// How many words of a text say something; people and days do not.
fn content(text: &str) -> usize {
    let words = text.split([' ', '\n', '/', '-']).filter(|w| !w.starts_with(['@', '(']) || w.len() > 12);
    let words = words.map(|w| w.trim_matches(|c: char| !c.is_alphanumeric()));
    let says = |w: &&str| w.chars().any(char::is_alphabetic) && w.len() > 1 && !FILLERS.contains(&lower(w).as_ref());
    words.filter(says).count()
}

fn is_arrow(lead: &str) -> bool {
    lead.contains(['>', '→', '⇒'])
}

/// Where something is passed on, lead and name, with the name.
fn passed_on(words: &str, leads: &Pattern, groups: &[String]) -> Vec<(Range<usize>, String)> {
    let mut found: Vec<(Range<usize>, String)> = Vec::new();
    for lead in leads.find_iter(words) {
        let Some((end, to)) = group_at(words, lead.end(), groups) else { continue };
        if is_arrow(lead.as_str()) && (tells(&words[end..]) || is_group(&words[..lead.start()], groups)) {
            continue;
        }
        if found.last().is_none_or(|(before, _)| before.end <= lead.start()) {
            found.push((lead.start()..end, to));
        }
    }
    found
}

/// "-> OSISM team started with it" only tells of that team.
fn tells(after: &str) -> bool {
    let next = after.strip_prefix(' ').and_then(|rest| rest.split_whitespace().next()).unwrap_or_default();
    let low = lower(next);
    TELLS.contains(&low.as_ref()) || (low.len() > 4 && low.ends_with("ed") && low.chars().all(char::is_alphabetic))
}

/// "Product Board -> Project Board" is another name.
fn is_group(before: &str, groups: &[String]) -> bool {
    let last = before.rsplit(['.', '?', '!', ':']).next().unwrap_or_default().trim();
    let at = before.len() - before.trim_end().len();
    group_at(last, 0, groups).is_some_and(|(end, _)| end + at >= last.len() && end == last.len())
}

/// A word of a text, with what ends a name behind it.
struct Token<'a> {
    word: &'a str,
    range: Range<usize>,
    ends: bool,
}

/// The words from an offset on, up to where no name can go on. "SIG-Monitoring" is two.
fn tokens<'a>(words: &'a str, from: usize, groups: &[String]) -> Vec<Token<'a>> {
    let mut out = Vec::new();
    let mut at = from;
    for piece in words[from..].split([' ', '\n', '\t']) {
        let start = at;
        at += piece.len() + 1;
        if piece.is_empty() {
            continue;
        }
        let word = piece.trim_end_matches(|c: char| !c.is_alphanumeric());
        let inner = |c: char| c.is_alphanumeric() || "-_/&.'’".contains(c);
        if word.is_empty() || !word.starts_with(char::is_alphanumeric) || !word.chars().all(inner) {
            break;
        }
        let ends = word.len() < piece.len();
        let head = word.split_once('-').filter(|(head, tail)| !tail.is_empty() && is_word(head, groups));
        if let Some((head, tail)) = head {
            out.push(Token { word: head, range: start..start + head.len(), ends: false });
            let tail_at = start + head.len() + 1;
            out.push(Token { word: tail, range: tail_at..tail_at + tail.len(), ends });
        } else {
            out.push(Token { word, range: start..start + word.len(), ends });
        }
        if ends || out.len() > 9 {
            break;
        }
    }
    out
}

fn is_word(word: &str, groups: &[String]) -> bool {
    groups.iter().any(|g| g.eq_ignore_ascii_case(word))
}

/// The name of a group at an offset, and where it ends: "IaaS team call", "SIG Central API meeting", "the board".
fn group_at(words: &str, from: usize, groups: &[String]) -> Option<(usize, String)> {
    let all = tokens(words, from, groups);
    let skipped = all.iter().take_while(|t| DETERMINERS.contains(&lower(t.word).as_ref()) && !t.ends).count();
    let tokens = &all[skipped..];
    // "working group" is a word of two.
    let word_at = |n: usize| -> Option<usize> {
        let two = tokens.get(n + 1).filter(|_| !tokens[n].ends);
        let two = two.is_some_and(|next| is_word(&format!("{} {}", tokens[n].word, next.word), groups));
        if two { Some(2) } else { is_word(tokens.get(n)?.word, groups).then_some(1) }
    };
    let in_name = |t: &Token<'_>| {
        let low = lower(t.word);
        !NO_PART.contains(&low.as_ref())
            && !DETERMINERS.contains(&low.as_ref())
            && t.word.chars().any(char::is_alphabetic)
    };
    let at = (0..tokens.len().min(4)).find(|&n| word_at(n).is_some())?;
    if !tokens[..at].iter().all(|t| in_name(t) && !t.ends) {
        return None;
    }
    let mut last = at + word_at(at)? - 1;
    let mut named = at > 0;
    // "SIG Central API", "Team IaaS": what stands behind it, where nothing stood before.
    let first = words[tokens[0].range.start..tokens[last].range.end].to_lowercase();
    if at == 0 && NAME_FOLLOWS.contains(&first.as_str()) {
        // "SIG standardization" as well as "SIG Standardization".
        let is_like = |t: &Token<'_>, n: usize| t.word.starts_with(char::is_uppercase) || (n == 1 && first == "sig");
        while last < 4
            && !tokens[last].ends
            && tokens.get(last + 1).is_some_and(|t| is_like(t, last + 1) && in_name(t) && word_at(last + 1).is_none())
        {
            last += 1;
            named = true;
        }
    }
    while !tokens[last].ends {
        let Some(next) = tokens.get(last + 1) else { break };
        let known = word_at(last + 1).or_else(|| matches!(next.word, "meet" | "Meet").then_some(1));
        let Some(n) = known else { break };
        last += n;
    }
    let (start, end) = (tokens[0].range.start, tokens[last].range.end);
    let name = words[start..end].split_whitespace().collect::<Vec<_>>().join(" ");
    let alone = NO_NAME_ALONE.contains(&lower(tokens[0].word).as_ref());
    (named || (!alone && word_at(0) == Some(1))).then_some((end, name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(words: &str, expected: Option<&str>) {
        let groups: Vec<String> =
            ["team", "sig", "board", "meeting", "call", "wg", "working group", "ag"].map(str::to_owned).into();
        let found = passed_on(words, &leads(), &groups);
        assert_eq!(found.first().map(|(_, to)| to.as_str()), expected, "{words}");
    }

    #[test]
    fn names_before_and_behind_the_word_for_a_group() {
        check("a common set => Container team meeting", Some("Container team meeting"));
        check("-> please discuss in Team IaaS", Some("Team IaaS"));
        check("will be discussed in the SIG Standardization meeting", Some("SIG Standardization meeting"));
        check("This is and will be also a topic for the SIG-Monitoring", Some("SIG-Monitoring"));
        check("it will also be topic of SIG Central API Meeting", Some("SIG Central API Meeting"));
        check("bring this up to the board and ask", Some("board"));
        check("discuss in next PB meeting", Some("PB meeting"));
        check("topic for the Security Working Group", Some("Security Working Group"));
        check("--> moved into Ops call on Thursday", Some("Ops call"));
        check("the question goes => SIG standardization (+@mira)", Some("SIG standardization"));
        check("main topic of next weeks Team Ops Meeting", Some("Team Ops Meeting"));
    }

    #[test]
    fn what_only_looks_like_it() {
        check("-> moved to the next meeting", None);
        check("as discussed in last meeting", None);
        check("Discussed berths#306 in SIG Monitoring", None);
        check("(not discussed in the Meeting)", None);
        check("@mira will discuss this with his team", None);
        check("update -> Harbour team started with the tests", None);
        check("Product Board -> Project Board", None);
        check("the harbour -> Meeting Tuesday, 2026-03-03", None);
        check("-> will be settled, team is looking", None);
        check("=> Wait for some more progress from SIG IAM", None);
    }
}
