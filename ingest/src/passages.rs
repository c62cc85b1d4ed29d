//! What a reader wants to land on: items, paragraphs, rows and headings, each with where it stands.

use std::ops::Range;

use crate::outline::{BlockKind, Outline};
use crate::statement::{Section, one_line};

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
    /// The headings over it, outermost first.
    pub headings: Vec<String>,
    /// The item it stands in.
    pub context: Option<String>,
}

/// Text beyond this many bytes of one passage is cut off for the index (the minutes keep it).
const LONGEST: usize = 64 * 1024;

/// The passages of `blocks`. Lists of participants are left out: the meeting itself holds them.
pub fn passages(outline: &Outline, sections: &[Section], blocks: Range<usize>) -> Vec<Passage> {
    let mut paths: Vec<(usize, Vec<String>)> = Vec::new();
    let mut out = Vec::new();
    for at in blocks {
        let block = &outline.blocks[at];
        let listed = matches!(sections[at], Section::People { .. });
        if listed || matches!(block.kind, BlockKind::Rule) {
            continue;
        }
        let mut text = one_line(&block.text.plain);
        if !text.chars().any(char::is_alphanumeric) {
            continue;
        }
        if text.len() > LONGEST {
            let cut = (0..=LONGEST).rev().find(|&n| text.is_char_boundary(n)).unwrap_or(0);
            text.truncate(cut);
        }
        let headings = match block.heading {
            None => Vec::new(),
            Some(h) => match paths.iter().rev().find(|(of, _)| *of == h) {
                Some((_, path)) => path.clone(),
                None => {
                    let mut path: Vec<String> =
                        outline.headings_above(at).map(|(_, h)| crate::meeting::clean_title(&h.text.plain)).collect();
                    path.reverse();
                    path.retain(|p| !p.is_empty());
                    paths.push((h, path.clone()));
                    path
                }
            },
        };
        let context =
            block.parent.map(|p| shortened(&one_line(&outline.blocks[p].text.plain))).filter(|c| !c.is_empty());
        let is_heading = block.heading_level().is_some();
        out.push(Passage { line: block.line, end_line: block.last_line, is_heading, text, headings, context });
    }
    out
}

fn shortened(text: &str) -> String {
    if text.len() <= 300 {
        return text.to_owned();
    }
    let cut = (0..=300).rev().find(|&n| text.is_char_boundary(n)).unwrap_or(0);
    format!("{}…", &text[..cut])
}
