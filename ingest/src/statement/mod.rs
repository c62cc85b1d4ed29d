//! Blocks -> statements, and which section of the minutes each block stands in.
//!
//! A statement is what somebody wrote in one go: an item, a sentence-like line of a paragraph, a row.
//! Hard-wrapped lines are one statement; lines that open with an arrow, a handle or a marker are not
//! a continuation of what stands before them.

mod finding;
mod sections;
mod sentences;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::ops::Range;

pub use self::finding::{contains_word, find_mark, find_word, rfind_mark, split_at_mark};
pub use self::sections::{
    ELSEWHERE, NAME_AND, NEXT, Section, bare, heads_actions, is_aside, is_beside_label, is_decision_label, is_next,
    is_next_label, is_numbered_blank, labelled, labels_actions, placed, section_of, section_under, sections,
};
pub use self::sentences::{is_below, sentences, sentences_in};
use crate::outline::{Block, BlockKind, Span, Style, Text};

/// A stretch of a block's text.
#[derive(Debug, Clone)]
pub struct Statement<'a> {
    /// Index of its block in the outline.
    pub block: usize,
    /// The block's text.
    pub text: &'a Text,
    /// The stretch of it, in bytes of `text.plain`.
    pub range: Range<usize>,
    /// First line.
    pub line: u32,
}

impl<'a> Statement<'a> {
    /// The words, with line breaks of the source as `\n`.
    pub fn words(&self) -> &'a str {
        &self.text.plain[self.range.clone()]
    }

    /// Whether it is the first of several lines and stands out from them as a label does: "**Actions**", "Decided:".
    pub fn stands_over(&self) -> bool {
        let words = self.words();
        let more = self.range.start == 0 && self.range.end < self.text.plain.trim_end().len();
        let is_strong = |s: &Span| s.style == Style::Strong && s.range.len() + 2 >= words.len();
        let shouts = || words.len() >= 4 && !words.chars().any(char::is_lowercase);
        let label = || words.ends_with(':') || self.text.spans.iter().any(is_strong) || shouts();
        more && words.split_whitespace().count() <= 5 && label()
    }

    /// The line of an offset into [`words`](Self::words).
    pub fn line_at(&self, offset: usize) -> u32 {
        self.text.line_at(self.range.start + offset)
    }

    /// Last line.
    pub fn last_line(&self) -> u32 {
        self.text.line_at(self.range.end.saturating_sub(1).max(self.range.start))
    }
}

/// One line of text from a stretch of words: breaks and runs of blanks become one blank.
pub fn one_line(words: &str) -> String {
    let words = words.trim();
    let mut out = String::with_capacity(words.len());
    for word in words.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// The first `longest` characters of a text, with a sign that more follows.
pub fn shortened(text: &str, longest: usize) -> String {
    match text.char_indices().nth(longest) {
        Some((at, _)) => format!("{}…", text[..at].trim_end()),
        None => text.to_owned(),
    }
}

/// The statements of a block. `starts` tells that a line opens something new.
pub fn statements<'a>(
    block: usize,
    b: &'a Block,
    starts: impl Fn(&str) -> bool,
) -> impl Iterator<Item = Statement<'a>> {
    let text = &b.text;
    let plain = text.plain.as_str();
    let wraps = !matches!(b.kind, BlockKind::Indented | BlockKind::Html | BlockKind::Fence);
    let in_item = b.is_item();
    let line_end = move |from: usize| memchr::memchr(b'\n', &plain.as_bytes()[from..]).map(|step| from + step + 1);
    let opens = move |before: &str, at: usize, line: &str| {
        // A line that was not full did not wrap; in an item a sentence of its own follows it.
        let was_short = || before.trim().chars().nth(49).is_none();
        let goes_on = || in_item && !line.trim_start().starts_with(char::is_uppercase);
        let fresh = || {
            let begun = u32::try_from(at).is_ok_and(|at| text.fresh.contains(&at));
            begun && line.starts_with(|c: char| c.is_uppercase() || c == '@')
        };
        let ended = || before.trim_end().ends_with(['.', ':', '*', ')', ';']);
        let keyed = || !in_item && is_keyed(before) && is_keyed(line);
        !wraps
            || (was_short() && !goes_on())
            || fresh()
            || keyed()
            || (!in_item && ended() && opens_clause(line))
            || starts(line.trim_start())
    };
    let mut from = 0;
    std::iter::from_fn(move || {
        while from < plain.len() {
            let (start, mut line) = (from, from);
            from = loop {
                let Some(next) = line_end(line).filter(|&next| next < plain.len()) else { break plain.len() };
                let end = line_end(next).unwrap_or(plain.len());
                if opens(&plain[line..next], next, &plain[next..end]) {
                    break next;
                }
                line = next;
            };
            let start = start + if b.kind == BlockKind::Indented { logged(&plain[start..from]) } else { 0 };
            let raw = &plain[start..from];
            let trimmed = raw.trim();
            if !trimmed.is_empty() {
                let start = start + (raw.len() - raw.trim_start().len());
                let range = start..start + trimmed.len();
                return Some(Statement { block, text, line: text.line_at(start), range });
            }
        }
        None
    })
}

/// How far the hour and the speaker of a chat reach in a line of its log: "16:01 <jo> ".
fn logged(line: &str) -> usize {
    let body = line.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, ':' | ' ' | '[' | ']'));
    let speaker = body.strip_prefix('<').and_then(|rest| rest.split_once("> "));
    match speaker {
        Some((nick, rest)) if !nick.is_empty() && nick.len() <= 30 && !nick.contains(' ') => line.len() - rest.len(),
        _ => 0,
    }
}

/// "Facilitator: Mira": of two such lines the second is no continuation of the first.
fn is_keyed(line: &str) -> bool {
    let Some((key, rest)) = line.split_once(':') else { return false };
    let plain = |c: char| c.is_alphabetic() || matches!(c, ' ' | '-' | '/' | '.');
    (2..=24).contains(&key.len())
        && (key.starts_with(char::is_uppercase) || !key.contains(' '))
        && key.chars().all(plain)
        && key.split(' ').count() <= 3
        && rest.starts_with(' ')
}

/// "3.2 The committee agreed …": a line that minutes count as a clause of their own.
fn opens_clause(line: &str) -> bool {
    let Some((number, rest)) = line.split_once(' ') else { return false };
    let parts = number.split('.');
    line.starts_with(|c: char| c.is_ascii_digit())
        && parts.clone().count() == 2
        && { parts }.all(|part| (1..=2).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit()))
        && rest.starts_with(char::is_uppercase)
}

/// `text` with its case folded, borrowed where it is lower case already.
pub fn lower(text: &str) -> Cow<'_, str> {
    let is_upper = |text: &str| {
        if text.is_ascii() {
            text.bytes().any(|b| b.is_ascii_uppercase())
        } else {
            text.chars().any(char::is_uppercase)
        }
    };
    if is_upper(text) { Cow::Owned(text.to_lowercase()) } else { Cow::Borrowed(text) }
}

/// Words whose lines were wrapped, as one line of the same length.
pub fn unwrapped(words: &str) -> Cow<'_, str> {
    if !words.contains('\n') {
        return Cow::Borrowed(words);
    }
    let item = |rest: &str| rest.trim_start().starts_with("- ") || rest.trim_start().starts_with("* ");
    let mut out = words.to_owned().into_bytes();
    for (at, _) in words.match_indices('\n').filter(|(at, _)| !item(&words[at + 1..])) {
        out[at] = b' ';
    }
    Cow::Owned(String::from_utf8(out).unwrap_or_else(|_| words.to_owned()))
}
