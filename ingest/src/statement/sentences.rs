//! Sentences of a paragraph.

use std::ops::Range;

use super::lower;
use crate::outline::{Block, BlockKind};

/// A statement's sentences with their offsets. A full stop belongs to its sentence, an arrow to what follows it.
pub fn sentences(words: &str) -> Vec<(usize, &str)> {
    let mut out: Vec<(usize, &str)> = Vec::new();
    let mut start = 0;
    let mut push = |from: usize, to: usize| {
        let raw = &words[from..to];
        let trimmed = raw.trim();
        let at = from + (raw.len() - raw.trim_start().len());
        match out.last_mut() {
            _ if trimmed.is_empty() => {}
            // "Write it. (@a, @b)"
            Some((before, sentence))
                if ["(@", "(->", "(→", "(=>"].iter().any(|open| trimmed.starts_with(open))
                    && trimmed.ends_with(')') =>
            {
                *sentence = &words[*before..at + trimmed.len()];
            }
            _ => out.push((at, trimmed)),
        }
    };
    let mut from = 0;
    while let Some(end) = next_end(words, from) {
        from = end.end;
        let mark = &words[end.clone()];
        let stop = if mark.starts_with(['.', '!', '?', ';']) { end.start + 1 } else { end.start };
        if stop < start || short_form(&words[..end.start]) {
            continue;
        }
        push(start, stop);
        start = if mark.contains(['>', '→', '⇒', '(']) { end.start } else { end.end };
    }
    push(start, words.len());
    out
}

/// The sentences of a block's words, of a row those of each cell.
pub fn sentences_in<'a>(block: &Block, words: &'a str) -> Vec<(usize, &'a str)> {
    if !matches!(block.kind, BlockKind::Row { .. }) {
        return sentences(words);
    }
    let mut out = Vec::new();
    let mut from = 0;
    for cell in words.split(" | ") {
        out.extend(sentences(cell).into_iter().map(|(at, sentence)| (from + at, sentence)));
        from += cell.len() + " | ".len();
    }
    out
}

/// The bytes at which [`next_end`] looks closer: a table is the quickest test of a byte that there is.
const MAY_END: [bool; 256] = {
    let mut table = [false; 256];
    let (marks, mut n) = (b".!?;\n(>\xE2", 0);
    while n < marks.len() {
        table[marks[n] as usize] = true;
        n += 1;
    }
    table
};

/// What ends the first sentence at or behind an offset: a full stop and blanks, the mark of an item in a new line,
/// or, before a new speaker (" (Mira: ") or an arrow, the blank.
fn next_end(words: &str, from: usize) -> Option<Range<usize>> {
    let bytes = words.as_bytes();
    let blank = |at: usize| words[at..].chars().next().filter(|c| c.is_whitespace()).map(char::len_utf8);
    let blanks = |at: usize| words.len() - words[at..].trim_start().len();
    // The blank before an offset, which no other end has used.
    let blank_before = |at: usize| {
        let before = words[from..at].chars().next_back().filter(|c| c.is_whitespace())?;
        Some(at - before.len_utf8())
    };
    let mut may_end = (from..bytes.len()).filter(|&at| MAY_END[usize::from(bytes[at])]);
    may_end.find_map(|at| match bytes[at] {
        b'.' | b'!' | b'?' | b';' => {
            let quote =
                words[at + 1..].chars().next().filter(|c| matches!(c, ')' | '"' | '”')).map_or(0, char::len_utf8);
            blank(at + 1 + quote).map(|_| at..blanks(at + 1 + quote))
        }
        b'\n' => {
            let mark = blanks(at);
            let is_item = words[mark..].starts_with(['-', '*']);
            is_item.then(|| blank(mark + 1)).flatten().map(|len| at..mark + 1 + len)
        }
        b'(' => {
            let start = blank_before(at)?;
            let name = words[at + 1..].starts_with(char::is_uppercase).then_some(&words[at + 1..])?;
            let colon = at + 1 + name.find(|c: char| !c.is_alphabetic())?;
            let two = name.chars().nth(1).is_some_and(char::is_alphabetic);
            let said = words[colon..].starts_with(':').then(|| blank(colon + 1)).flatten();
            said.filter(|_| two).map(|len| start..colon + 1 + len)
        }
        b'>' => {
            let shaft = ['-', '–', '='].into_iter().find(|&shaft| words[from..at].ends_with(shaft))?;
            let start = blank_before(at - shaft.len_utf8())?;
            blank(at + 1).map(|len| start..at + 1 + len)
        }
        // "from 5 → 25" is one thing.
        0xE2 if words[at..].starts_with(['→', '⇒'])
            && !words[..at].trim_end().ends_with(|c: char| c.is_ascii_digit()) =>
        {
            Some(at..at + '→'.len_utf8())
        }
        _ => None,
    })
}

/// Whether an offset into words stands below their first line.
pub fn is_below(words: &str, offset: usize) -> bool {
    words[..offset].contains('\n')
}

/// "e.g.", "etc." and the like end no sentence.
fn short_form(before: &str) -> bool {
    let last = before.rsplit(|c: char| c.is_whitespace() || c == '(').next().unwrap_or_default();
    [
        "e.g", "i.e", "etc", "vs", "approx", "bzw", "z.b", "incl", "resp", "u", "ca", "inkl", "evtl", "ggf", "nr",
        "dr", "prof",
    ]
    .contains(&lower(last).as_ref())
}
