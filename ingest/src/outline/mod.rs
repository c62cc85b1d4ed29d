//! Markdown -> a flat tree of headings, items, rows and paragraphs, each with its line span.
//!
//! The tree is an arena of [`Block`]s in the order of the text, linked by `parent` (the list item that
//! a block stands in) and `heading` (the nearest heading above it). It is flat so that ten thousand
//! nested lists cost memory, not stack. Nothing here knows of meetings.

mod builder;
mod fence;
mod front;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::ops::Range;

use pulldown_cmark::Options;

use self::builder::Builder;
pub use self::front::{FrontEntry, front_entries, front_matter};

/// A block of more bytes than this is cut: its text goes on in a further block. Nobody writes one; it keeps
/// what looks through a block for each of its lines linear in the size of the file.
const LONGEST: usize = 32 * 1024;
/// What is under a text sees no more bytes of it than these.
const HEAD: usize = 2000;
/// Items that enclose a block beyond these are not looked at.
const DEEPEST: usize = 64;

/// The outline of one file.
#[derive(Debug, Clone, Default)]
pub struct Outline {
    /// In the order of the text.
    pub blocks: Vec<Block>,
    /// The lines between `---` at the top of the file, where they look like keys and values.
    pub front_matter: Option<String>,
    /// Number of lines in the file.
    pub line_count: u32,
    /// Offset of each line's first byte, and of the end of a file that ends in a line break.
    pub starts: Vec<usize>,
    /// The line of a fence of code that is never closed. What looks like minutes behind it is read as if it were none.
    pub open_fence: Option<u32>,
}

/// A heading, list item, table row, paragraph, code block or rule.
#[derive(Debug, Clone)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// The list item that it stands in.
    pub parent: Option<usize>,
    /// The nearest heading above it; for a heading, the nearest one of a higher level.
    pub heading: Option<usize>,
    /// How many list items enclose it, its own included.
    pub depth: u16,
    /// How many list items stand directly in it.
    pub items: u32,
    /// First line, 1-based.
    pub line: u32,
    /// Last line of its own text.
    pub last_line: u32,
    /// Last line of everything that stands in it (items: with their children; headings: until the next of this or a higher level).
    pub end_line: u32,
    /// Its own text.
    pub text: Text,
}

/// The kinds of block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BlockKind {
    /// `#` to `######`, or a setext heading.
    Heading(u8),
    /// An item of a list; `task` is its check box.
    Item {
        /// Numbered.
        ordered: bool,
        /// Ticked or not, where it has a box.
        task: Option<bool>,
    },
    /// A paragraph outside a list, or a further one inside an item.
    Paragraph,
    /// A row of a table; `header` for its first.
    Row {
        /// The row of column names.
        header: bool,
        /// Text of each cell.
        cells: Vec<Text>,
    },
    /// A fenced code block.
    Fence,
    /// A code block by indentation: in hurried minutes mostly text that was indented too far.
    Indented,
    /// Text in a block of HTML, without its tags.
    Html,
    /// A thematic break.
    Rule,
}

/// Text without its Markdown, which still knows lines and emphasis.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Text {
    /// The words as a reader sees them. Line breaks of the source are `\n`.
    pub plain: String,
    /// Offset in `plain` at which a source line begins, and that line. In order; the first offset is 0.
    pub lines: Vec<(u32, u32)>,
    /// Emphasis and links over ranges of `plain`.
    pub spans: Vec<Span>,
    /// Offsets in `plain` at which a line begins that is surely no continuation of the one before: see `UNWRAPPED`.
    pub fresh: Vec<u32>,
    /// A term and what it means: see `add_piece`.
    defined: bool,
}

/// Who writes lines of more characters than this wraps none of them, so that a line below one that is not indented into its item
/// was begun on purpose.
const UNWRAPPED: usize = 120;

/// A styled range of a [`Text`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// Byte range in `plain`.
    pub range: Range<usize>,
    /// What is special about it.
    pub style: Style,
}

/// What a [`Span`] is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Style {
    /// `*…*`
    Emphasis,
    /// `**…**`
    Strong,
    /// `~~…~~`
    Struck,
    /// `` `…` ``
    Code,
    /// A link with its destination.
    Link(String),
}

impl Text {
    /// The words at its start, enough to tell what it is about: what stands under a long text asks again and again.
    pub fn head(&self) -> &str {
        &self.plain[..self.plain.floor_char_boundary(HEAD)]
    }

    /// The source line that holds a byte offset of `plain`.
    pub fn line_at(&self, offset: usize) -> u32 {
        let after = self.lines.partition_point(|&(start, _)| start as usize <= offset);
        after.checked_sub(1).map_or(1, |at| self.lines[at].1)
    }

    /// The links that touch a range.
    pub fn links(&self, range: Range<usize>) -> impl Iterator<Item = (&Range<usize>, &str)> {
        self.spans.iter().filter_map(move |span| match &span.style {
            Style::Link(url) if span.range.start < range.end && range.start < span.range.end => {
                Some((&span.range, url.as_str()))
            }
            _ => None,
        })
    }

    /// True when most of the letters in a range are struck through.
    pub fn is_struck(&self, range: Range<usize>) -> bool {
        let letters =
            |r: Range<usize>| self.plain.get(r).map_or(0, |s| s.chars().filter(|c| c.is_alphanumeric()).count());
        let all = letters(range.clone());
        let struck: usize = self
            .spans
            .iter()
            .filter(|span| span.style == Style::Struck)
            .map(|span| span.range.start.max(range.start)..span.range.end.min(range.end))
            .filter(|r| r.start < r.end)
            .map(letters)
            .sum();
        all > 0 && struck * 5 > all * 3
    }
}

impl Block {
    /// True for an item that stands in one list with another.
    pub fn is_beside(&self, other: &Self) -> bool {
        let place = |b: &Self| (b.parent, b.depth, b.heading);
        self.is_item() && place(self) == place(other)
    }

    /// True for an item of a list.
    pub fn is_item(&self) -> bool {
        matches!(self.kind, BlockKind::Item { .. })
    }

    /// The check box, where the block is an item that has one.
    pub fn task(&self) -> Option<bool> {
        match self.kind {
            BlockKind::Item { task, .. } => task,
            _ => None,
        }
    }

    /// The level of a heading.
    pub fn heading_level(&self) -> Option<u8> {
        match self.kind {
            BlockKind::Heading(level) => Some(level),
            _ => None,
        }
    }
}

impl Outline {
    /// The blocks directly under an item, in order.
    pub fn children(&self, item: usize) -> impl Iterator<Item = (usize, &Block)> {
        self.blocks[item + 1..]
            .iter()
            .enumerate()
            .map(move |(n, block)| (item + 1 + n, block))
            .take_while(move |(_, block)| block.parent.is_some_and(|p| p >= item))
            .filter(move |(_, block)| block.parent == Some(item))
    }

    /// The headings above a block, nearest first.
    pub fn headings_above(&self, block: usize) -> impl Iterator<Item = (usize, &Block)> {
        std::iter::successors(self.blocks[block].heading, |&h| self.blocks[h].heading).map(|h| (h, &self.blocks[h]))
    }

    /// The items that enclose a block, nearest first; at most `DEEPEST` of them.
    pub fn parents(&self, block: usize) -> impl Iterator<Item = (usize, &Block)> {
        std::iter::successors(self.blocks[block].parent, |&p| self.blocks[p].parent)
            .take(DEEPEST)
            .map(|p| (p, &self.blocks[p]))
    }

    /// Parses a file. Never fails: whatever is no Markdown is a paragraph.
    pub fn parse(source: &str) -> Self {
        let source = &*bulleted(source);
        let (front_matter, body_at) = front_matter(source);
        let mut builder = Builder::new(source);
        let open_fence = builder.read(body_at);
        let mut outline = builder.finish();
        outline.open_fence = open_fence;
        outline.front_matter = front_matter.map(str::to_owned);
        outline
    }
}

/// The source with the bullets that word processors leave ("• ask") as those of Markdown, byte for byte in the same place.
fn bulleted(source: &str) -> Cow<'_, str> {
    /// • ‣ ◦ ▪ ● ○ and a blank: four bytes each.
    const BULLETS: [&str; 6] = ["• ", "‣ ", "◦ ", "▪ ", "● ", "○ "];
    let bytes = source.as_bytes();
    let opens = |at: usize| {
        let before = source[..at].trim_end_matches([' ', '\t', '>']);
        before.is_empty() || before.ends_with('\n')
    };
    let found = memchr::memchr_iter(0xE2, bytes).filter(|&at| BULLETS.iter().any(|b| source[at..].starts_with(b)));
    let mut out = String::new();
    let mut from = 0;
    for at in found.filter(|&at| opens(at)) {
        out.push_str(&source[from..at]);
        // A blank of two bytes keeps what is indented below in the item.
        out.push_str("- \u{a0}");
        from = at + 4;
    }
    if from == 0 { Cow::Borrowed(source) } else { Cow::Owned(out + &source[from..]) }
}

/// The dialect that minutes are read and shown in.
pub fn markdown_options() -> Options {
    Options::ENABLE_TABLES | Options::ENABLE_TASKLISTS | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_FOOTNOTES
}
