//! What a reader wants to land on: items, paragraphs, rows and headings, each with where it stands.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

use crate::outline::{Block, BlockKind, Outline};
use crate::statement::one_line;

/// A stretch of minutes that can be found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    /// First line.
    pub line: u32,
    /// Last line of its own text.
    pub end_line: u32,
    /// True for a heading.
    pub is_heading: bool,
    /// Its words, in one line.
    pub text: String,
    /// The headings over it, outermost first, with [`BETWEEN`] between them.
    pub headings: Arc<str>,
    /// The item it stands in.
    pub context: Option<String>,
    /// The items that enclose it.
    pub over: String,
    /// What stands under it.
    pub under: String,
    /// Last line of what stands under it, as far as it is read with it.
    pub last_line: u32,
}

/// What stands between headings that are told in one.
pub const BETWEEN: &str = " › ";

/// Text beyond this many bytes of one passage is cut off for the index (the minutes keep it).
const LONGEST: usize = 64 * 1024;

/// The passages of `blocks`. The lines that list participants are left out: the meeting itself holds them.
pub fn passages(outline: &Outline, blocks: Range<usize>, listed: &HashSet<u32>) -> Vec<Passage> {
    // The headings over the last block: its neighbours share them.
    let mut last: Option<(usize, Arc<str>)> = None;
    let mut out = Vec::new();
    for at in blocks {
        let block = &outline.blocks[at];
        if listed.contains(&block.line) || matches!(block.kind, BlockKind::Rule) {
            continue;
        }
        let mut text = one_line(&block.text.plain);
        if !text.chars().any(char::is_alphanumeric) {
            continue;
        }
        if text.len() > LONGEST {
            text.truncate(text.floor_char_boundary(LONGEST));
        }
        let headings = match block.heading {
            None => Arc::default(),
            Some(h) => match last.as_ref().filter(|(of, _)| *of == h) {
                Some((_, path)) => Arc::clone(path),
                None => {
                    let mut path: Vec<String> =
                        outline.headings_above(at).map(|(_, h)| crate::meeting::clean_title(&h.text.plain)).collect();
                    path.reverse();
                    path.retain(|p| !p.is_empty());
                    let path = Arc::from(path.join(BETWEEN));
                    Arc::clone(&last.insert((h, path)).1)
                }
            },
        };
        let context =
            block.parent.map(|p| shortened(one_line(outline.blocks[p].text.head()))).filter(|c| !c.is_empty());
        let is_heading = block.heading_level().is_some();
        let (under, last_line) = under(outline, at);
        let over = over(outline, at);
        let (line, end_line) = (block.line, block.last_line);
        out.push(Passage { line, end_line, is_heading, text, headings, context, over, under, last_line });
    }
    out
}

/// At most this many bytes are read with a passage.
const WITH_IT: usize = 1500;
/// A passage is read with what stands under it up to so many lines in all.
const LINES: u32 = 12;

/// The items that enclose a passage.
fn over(outline: &Outline, at: usize) -> String {
    let mut out = String::new();
    for (_, parent) in outline.parents(at).take(4) {
        out.push_str(parent.text.head());
        out.push('\n');
    }
    out
}

/// What stands under a passage, and its last line.
fn under(outline: &Outline, at: usize) -> (String, u32) {
    let block = &outline.blocks[at];
    let level = block.heading_level();
    let most = block.line.saturating_add(LINES - 1);
    let (mut bytes, mut last) = (0, block.last_line);
    let is_read_with_it = |next: &&Block| {
        let stands_under = match level {
            Some(level) => next.heading_level().is_none_or(|l| l > level),
            None => next.heading_level().is_none() && next.line <= block.end_line,
        };
        if !stands_under || next.line > most || bytes + next.text.plain.len() > WITH_IT {
            return false;
        }
        bytes += next.text.plain.len() + 1;
        last = last.max(next.last_line.min(most));
        true
    };
    let count = outline.blocks[at + 1..].iter().take_while(is_read_with_it).count();
    // There are very many: each takes no more room than it needs.
    let mut out = String::with_capacity(bytes);
    for next in &outline.blocks[at + 1..][..count] {
        out.push_str(&next.text.plain);
        out.push('\n');
    }
    (out, last)
}

fn shortened(mut text: String) -> String {
    if text.len() > 300 {
        text.truncate(text.floor_char_boundary(300));
        text.push('…');
    }
    text
}
