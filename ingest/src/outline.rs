//! Markdown -> a flat tree of headings, items, rows and paragraphs, each with its line span.
//!
//! The tree is an arena of [`Block`]s in the order of the text, linked by `parent` (the list item that
//! a block stands in) and `heading` (the nearest heading above it). It is flat so that ten thousand
//! nested lists cost memory, not stack. Nothing here knows of meetings.

use std::borrow::Cow;
use std::cell::Cell;
use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

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

impl Outline {
    /// The keys of the front matter with their line and values, each with its line: `attendees: [Mira, Jo]`, or a list
    /// in the lines below.
    pub fn front_entries(&self) -> Vec<FrontEntry<'_>> {
        self.front_matter.as_deref().map(front_entries).unwrap_or_default()
    }
}

/// The keys of a front matter, as [`Outline::front_entries`].
pub fn front_entries(front: &str) -> Vec<FrontEntry<'_>> {
    let mut entries: Vec<FrontEntry<'_>> = Vec::new();
    for (n, text) in front.lines().enumerate() {
        let line = u32::try_from(n).unwrap_or(0) + 2;
        if let Some(item) = text.trim_start().strip_prefix("- ") {
            if let Some(last) = entries.last_mut() {
                last.values.push((line, unquoted(item).trim_start_matches("name: ")));
            }
        } else if let Some((key, rest)) = text.split_once(':').filter(|(key, _)| !key.starts_with([' ', '#'])) {
            let rest = rest.split(" #").next().unwrap_or_default().trim();
            let list = rest.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
            let parts = list.map_or_else(|| vec![rest], |list| list.split(',').collect());
            let values = parts.into_iter().map(unquoted).filter(|value| !value.is_empty());
            entries.push(FrontEntry { key, values: values.map(|value| (line, value)).collect() });
        }
    }
    entries
}

/// A value of the front matter without its quotes.
fn unquoted(value: &str) -> &str {
    value.trim_matches([' ', '"', '\''])
}

/// A key of the front matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FrontEntry<'a> {
    /// As written.
    pub key: &'a str,
    /// Each with its line in the file.
    pub values: Vec<(u32, &'a str)>,
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

/// The front matter of a file and the offset at which its body begins. A file may also open with a
/// rule (slides do): only lines of keys, values, lists and comments are front matter.
pub fn front_matter(source: &str) -> (Option<&str>, usize) {
    let start = if source.starts_with('\u{feff}') { 3 } else { 0 };
    let mut at = start;
    let mut lines = source[start..].split_inclusive('\n');
    match lines.next() {
        Some(first) if first.trim_end() == "---" => at += first.len(),
        _ => return (None, start),
    }
    let open = at;
    let mut keys = 0;
    for line in lines {
        let text = line.trim_end();
        if text == "---" || text == "..." {
            return if keys > 0 { (Some(&source[open..at]), at + line.len()) } else { (None, start) };
        }
        let is_key = text
            .split_once(':')
            .is_some_and(|(key, _)| !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || "_- ".contains(c)));
        let fits = is_key || text.is_empty() || text.starts_with([' ', '\t', '#', '-']);
        if !fits || at - open > 64 * 1024 {
            return (None, start);
        }
        keys += usize::from(is_key);
        at += line.len();
    }
    (None, start)
}

/// Whether a block of fenced code goes on to the end of the file for want of a fence that closes it.
fn is_open_fence(source: &str, range: &Range<usize>) -> bool {
    // Most fences end at the first letter behind them.
    if !source[range.end..].chars().all(char::is_whitespace) {
        return false;
    }
    let block = source[range.clone()].trim_end();
    let mark = block.as_bytes().first().copied().map_or('`', char::from);
    let closes = |line: &str| line.len() >= 3 && line.chars().all(|c| c == mark);
    let last = block.lines().skip(1).last();
    !last.is_some_and(|line| closes(line.trim_start_matches(|c: char| c == '>' || c.is_whitespace()).trim_end()))
}

/// Whether what stands behind an open fence looks like minutes: no language is told, and there are three items or headings.
fn holds_minutes(block: &str) -> bool {
    let opened = block.lines().next().unwrap_or_default().trim_start_matches(['`', '~']).trim();
    let language = !opened.is_empty() && opened.chars().all(char::is_alphanumeric);
    let is_minutes = |line: &str| {
        let line = line.trim_start();
        let number = line.trim_start_matches(|c: char| c.is_ascii_digit());
        let numbered = number.len() < line.len() && (number.starts_with(". ") || number.starts_with(") "));
        numbered || ["- ", "* ", "+ ", "## ", "### "].iter().any(|open| line.starts_with(open))
    };
    !language && block.lines().skip(1).filter(|line| is_minutes(line)).nth(2).is_some()
}

struct Builder<'a> {
    source: &'a str,
    /// Offset of each line's first byte.
    starts: Vec<usize>,
    /// The line that was asked for last, from 1.
    asked: Cell<usize>,
    blocks: Vec<Block>,
    /// Open items, innermost last.
    items: Vec<usize>,
    /// Open lists: numbered or not.
    lists: Vec<bool>,
    /// The last heading of each level.
    headings: [Option<usize>; 6],
    /// The block that inline text goes to, or a new paragraph.
    target: Option<usize>,
    /// Cells of the open table row.
    cells: Option<Vec<Text>>,
    /// Open inline styles with their start.
    styles: Vec<(Style, usize)>,
    in_image: usize,
    html: String,
    /// Where each piece of it stands in the source.
    html_from: Vec<(usize, usize)>,
    in_comment: bool,
}

impl<'a> Builder<'a> {
    fn new(source: &'a str) -> Self {
        // Lines of minutes are some forty bytes long.
        let mut starts = Vec::with_capacity(source.len() / 32 + 1);
        starts.push(0);
        starts.extend(memchr::memchr_iter(b'\n', source.as_bytes()).map(|at| at + 1));
        Self {
            source,
            starts,
            asked: Cell::new(1),
            blocks: Vec::new(),
            items: Vec::new(),
            lists: Vec::new(),
            headings: [None; 6],
            target: None,
            cells: None,
            styles: Vec::new(),
            in_image: 0,
            html: String::new(),
            html_from: Vec::new(),
            in_comment: false,
        }
    }

    /// Reads what stands behind an offset, and tells the line of a fence that is never closed.
    fn read(&mut self, mut from: usize) -> Option<u32> {
        // A nasty file may open one below the other.
        const MOST: usize = 4;
        let mut first = None;
        for last in 1..=MOST {
            let mut behind = None;
            for (event, range) in Parser::new_ext(&self.source[from..], markdown_options()).into_offset_iter() {
                let range = range.start + from..range.end + from;
                let fence = matches!(event, Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(_))));
                if fence && self.items.is_empty() && is_open_fence(self.source, &range) {
                    first = first.or(Some(self.line(range.start)));
                    if last < MOST && holds_minutes(&self.source[range.clone()]) {
                        behind = Some(range.start);
                        break;
                    }
                }
                self.push(event, range);
            }
            let Some(fence) = behind else { break };
            let marks = self.source[fence..].trim_start_matches(['`', '~']);
            from = self.source.len() - marks.len();
        }
        first
    }

    fn line(&self, offset: usize) -> u32 {
        // Mostly it is the line that was asked for last.
        let same = |line: usize| self.starts[line - 1] <= offset && self.starts.get(line).is_none_or(|&s| offset < s);
        if !same(self.asked.get()) {
            self.asked.set(self.starts.partition_point(|&start| start <= offset));
        }
        u32::try_from(self.asked.get()).unwrap_or(u32::MAX)
    }

    /// The line of a range's last character that is no blank.
    fn last_line(&self, range: &Range<usize>) -> u32 {
        let text = self.source.get(range.clone()).unwrap_or_default();
        self.line((range.start + text.trim_end().len()).saturating_sub(1).max(range.start))
    }

    fn open(&mut self, kind: BlockKind, range: &Range<usize>) -> usize {
        let (line, last) = (self.line(range.start), self.last_line(range));
        let own = matches!(kind, BlockKind::Item { .. });
        let at = self.blocks.len();
        if let (true, Some(&parent)) = (own, self.items.last()) {
            self.blocks[parent].items += 1;
        }
        let heading = match kind {
            BlockKind::Heading(level) => {
                let above = self.headings[..usize::from(level) - 1].iter().rev().find_map(|h| *h);
                self.headings[usize::from(level) - 1..].fill(None);
                self.headings[usize::from(level) - 1] = Some(at);
                above
            }
            _ => self.headings.iter().rev().find_map(|h| *h),
        };
        self.blocks.push(Block {
            kind,
            parent: self.items.last().copied(),
            heading,
            depth: u16::try_from(self.items.len() + usize::from(own)).unwrap_or(u16::MAX),
            items: 0,
            line,
            last_line: if own { line } else { last },
            end_line: last,
            text: Text::default(),
        });
        at
    }

    fn text(&mut self) -> Option<&mut Text> {
        if let Some(cells) = &mut self.cells {
            return cells.last_mut();
        }
        self.target.map(|at| &mut self.blocks[at].text)
    }

    /// Adds words that stand at an offset of the source.
    fn add(&mut self, words: &str, range: &Range<usize>) {
        if self.in_image > 0 {
            return;
        }
        if self.text().is_none() {
            // Inline text right inside an item belongs to the item; elsewhere it is a paragraph.
            self.target = match self.items.last() {
                Some(&item) => Some(item),
                None => Some(self.open(BlockKind::Paragraph, range)),
            };
        }
        // What words stand for may be of another length ("&amp;"): then all of them stand at its start.
        let verbatim = words.len() == range.len();
        let mut rest = words;
        while !rest.is_empty() {
            let from = range.start + if verbatim { words.len() - rest.len() } else { 0 };
            let range = from..range.end;
            let used = self.text().map_or(0, |text| text.plain.len());
            if used >= LONGEST {
                // What a cell holds more than that is left out.
                if self.cells.is_some() {
                    return;
                }
                self.go_on(&range);
                continue;
            }
            let room = LONGEST - used;
            let cut = if rest.len() <= room { rest.len() } else { cut(rest, room) };
            let (piece, behind) = rest.split_at(cut);
            let range = if behind.is_empty() { range } else { from..(from + cut).min(range.end) };
            self.add_piece(piece, &range);
            rest = behind;
        }
    }

    /// Opens the block that takes over from a full one.
    fn go_on(&mut self, range: &Range<usize>) {
        let Some(full) = self.target else { return };
        let kind = match &self.blocks[full].kind {
            kind @ (BlockKind::Fence | BlockKind::Indented) => kind.clone(),
            _ => BlockKind::Paragraph,
        };
        let end = self.blocks[full].text.plain.len();
        for (style, start) in &mut self.styles {
            if *start < end {
                self.blocks[full].text.spans.push(Span { range: *start..end, style: style.clone() });
            }
            *start = 0;
        }
        self.target = Some(self.open(kind, range));
    }

    fn add_piece(&mut self, mut words: &str, range: &Range<usize>) {
        let (line, last) = (self.line(range.start), self.last_line(range));
        let fresh = !self.items.is_empty() && self.is_fresh(line, range.start);
        if let Some(text) = self.text() {
            // A term and, in a line below it, what it means: "Present" over ": Mira, Jo" is a label; what else it means
            // stands for itself.
            let term = text.plain.trim_end();
            let short = text.defined || (term.len() <= 40 && !term.contains('\n') && !term.ends_with(['.', ',', ';']));
            let defines = words.starts_with(": ") && text.plain.ends_with('\n') && short;
            let again = defines && text.defined;
            if again {
                words = &words[2..];
            } else if defines {
                text.plain.pop();
                text.defined = true;
            }
            if text.lines.last().is_none_or(|&(_, l)| l != line) {
                let at = u32::try_from(text.plain.len()).unwrap_or(u32::MAX);
                text.lines.push((at, line));
                if (fresh || again) && at > 0 {
                    text.fresh.push(at);
                }
            }
            if text.plain.is_empty() {
                words = words.trim_start_matches('\u{a0}');
                // Room for what mostly follows, links and emphasis, spares growing step by step.
                text.plain.reserve(words.len().max(40));
            }
            text.plain.push_str(words);
        }
        if let Some(at) = self.target {
            let block = &mut self.blocks[at];
            block.last_line = block.last_line.max(last);
        }
    }

    /// Whether an offset opens a line, from 1, below one that nobody would have wrapped.
    fn is_fresh(&self, line: u32, offset: usize) -> bool {
        let line = line as usize - 1;
        let before = line.checked_sub(1).map(|before| &self.source[self.starts[before]..self.starts[line]]);
        let long = |before: &str| before.len() > UNWRAPPED && before.chars().nth(UNWRAPPED).is_some();
        self.starts[line] == offset && before.is_some_and(long)
    }

    fn style(&mut self, style: Style) {
        let at = self.text().map_or(0, |text| text.plain.len());
        self.styles.push((style, at));
    }

    fn unstyle(&mut self) {
        let Some((style, start)) = self.styles.pop() else {
            return;
        };
        if let Some(text) = self.text() {
            let end = text.plain.len();
            if start < end {
                text.spans.push(Span { range: start..end, style });
            }
        }
    }

    fn push(&mut self, event: Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(tag) => self.start(tag, &range),
            Event::End(tag) => self.end(tag),
            Event::Text(words) => {
                if self.html_open() {
                    self.html_from.push((self.html.len(), range.start));
                    self.html.push_str(&words);
                } else {
                    self.add(&words, &range);
                }
            }
            Event::Code(code) => {
                self.style(Style::Code);
                self.add(&code, &range);
                self.unstyle();
            }
            Event::SoftBreak | Event::HardBreak => {
                if self.in_image == 0
                    && let Some(text) = self.text()
                {
                    text.plain.push('\n');
                }
            }
            Event::TaskListMarker(ticked) => {
                if let Some(&at) = self.items.last()
                    && let BlockKind::Item { task, .. } = &mut self.blocks[at].kind
                {
                    *task = Some(ticked);
                }
            }
            Event::Html(html) => {
                self.html_from.push((self.html.len(), range.start));
                self.html.push_str(&html);
            }
            Event::InlineHtml(html) if html.starts_with("<br") => {
                if let Some(text) = self.text() {
                    text.plain.push(' ');
                }
            }
            Event::Rule => {
                self.open(BlockKind::Rule, &range);
            }
            _ => {}
        }
    }

    fn html_open(&self) -> bool {
        !self.html.is_empty()
    }

    fn start(&mut self, tag: Tag<'_>, range: &Range<usize>) {
        match tag {
            Tag::Heading { level, .. } => self.target = Some(self.open(BlockKind::Heading(number(level)), range)),
            Tag::List(first) => {
                self.lists.push(first.is_some());
                self.target = None;
            }
            Tag::Item => {
                let ordered = self.lists.last().copied().unwrap_or(false);
                let at = self.open(BlockKind::Item { ordered, task: None }, range);
                self.items.push(at);
                self.target = Some(at);
            }
            Tag::Paragraph => {
                let inside = self.items.last().copied();
                self.target = match inside {
                    // The first paragraph of a loose item is the item's own text.
                    Some(item) if item + 1 == self.blocks.len() && self.blocks[item].text.plain.is_empty() => {
                        Some(item)
                    }
                    _ => Some(self.open(BlockKind::Paragraph, range)),
                };
            }
            Tag::CodeBlock(kind) => {
                let kind =
                    if matches!(kind, CodeBlockKind::Fenced(_)) { BlockKind::Fence } else { BlockKind::Indented };
                self.target = Some(self.open(kind, range));
            }
            Tag::TableHead => {
                self.target = Some(self.open(BlockKind::Row { header: true, cells: Vec::new() }, range));
                self.cells = Some(Vec::new());
            }
            Tag::TableRow => {
                self.target = Some(self.open(BlockKind::Row { header: false, cells: Vec::new() }, range));
                self.cells = Some(Vec::new());
            }
            Tag::TableCell => {
                if let Some(cells) = &mut self.cells {
                    cells.push(Text::default());
                }
            }
            Tag::Emphasis => self.style(Style::Emphasis),
            Tag::Strong => self.style(Style::Strong),
            Tag::Strikethrough => self.style(Style::Struck),
            Tag::Link { dest_url, .. } => self.style(Style::Link(dest_url.into_string())),
            Tag::Image { .. } => self.in_image += 1,
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(_) | TagEnd::Paragraph | TagEnd::CodeBlock => {
                self.styles.clear();
                self.target = None;
            }
            TagEnd::List(_) => {
                self.lists.pop();
                self.target = None;
            }
            TagEnd::Item => {
                self.styles.clear();
                self.escaped_box();
                self.items.pop();
                self.target = None;
            }
            TagEnd::TableHead | TagEnd::TableRow => self.close_row(),
            TagEnd::Table => self.target = None,
            TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link => self.unstyle(),
            TagEnd::Image => self.in_image = self.in_image.saturating_sub(1),
            TagEnd::HtmlBlock => self.close_html(),
            _ => {}
        }
    }

    /// The box of an item whose brackets are escaped, as word processors export them (`\[x\] ask`), or hold nothing (`[] ask`).
    fn escaped_box(&mut self) {
        let Some(block) = self.items.last().map(|&at| &mut self.blocks[at]) else { return };
        let BlockKind::Item { task: task @ None, .. } = &mut block.kind else { return };
        let text = &mut block.text;
        let (ticked, box_len) = match text.plain.as_bytes() {
            [b'[', b' ', b']', b' ', ..] => (false, 4),
            [b'[', b']', b' ', ..] => (false, 3),
            [b'[', b'x' | b'X', b']', b' ', ..] => (true, 4),
            _ => return,
        };
        // Several in one item are a list of its own.
        if text.plain.contains("\n[") {
            return;
        }
        *task = Some(ticked);
        text.plain.drain(..box_len);
        let ahead = u32::try_from(box_len).unwrap_or_default();
        text.lines.iter_mut().for_each(|(at, _)| *at = at.saturating_sub(ahead));
        text.fresh.iter_mut().for_each(|at| *at = at.saturating_sub(ahead));
        for span in &mut text.spans {
            span.range = span.range.start.saturating_sub(box_len)..span.range.end.saturating_sub(box_len);
        }
    }

    fn close_row(&mut self) {
        let (Some(at), Some(mut row)) = (self.target.take(), self.cells.take()) else {
            return;
        };
        let line = self.blocks[at].line;
        let mut whole = Text { lines: vec![(0, line)], ..Text::default() };
        for cell in &mut row {
            if cell.lines.is_empty() {
                cell.lines.push((0, line));
            }
            let offset = whole.plain.len();
            whole.plain.push_str(&cell.plain);
            whole.spans.extend(
                cell.spans
                    .iter()
                    .map(|s| Span { range: s.range.start + offset..s.range.end + offset, style: s.style.clone() }),
            );
            whole.plain.push_str(" | ");
        }
        whole.plain.truncate(whole.plain.trim_end_matches([' ', '|']).len());
        whole.spans.retain(|s| s.range.end <= whole.plain.len());
        self.blocks[at].text = whole;
        if let BlockKind::Row { cells, .. } = &mut self.blocks[at].kind {
            *cells = row;
        }
    }

    /// Text of an HTML block, a line each, without tags and comments.
    fn close_html(&mut self) {
        let html = std::mem::take(&mut self.html);
        let from = std::mem::take(&mut self.html_from);
        // In an item or quote the source has more than is told here.
        let source_at = |at: usize| {
            let behind = from.partition_point(|&(start, _)| start <= at);
            let (start, offset) = behind.checked_sub(1).map_or((0, 0), |n| from[n]);
            offset + at - start
        };
        if html.contains("<td") || html.contains("<th") {
            self.html_rows(&html, source_at);
            self.target = None;
            return;
        }
        let mut at = 0;
        for raw in html.split_inclusive('\n') {
            let words = self.without_tags(raw);
            let words = words.trim();
            if !words.is_empty() {
                let range = source_at(at)..source_at(at) + raw.len();
                let range = range.start.min(self.source.len())..range.end.min(self.source.len());
                let block = self.open(BlockKind::Html, &range);
                let line = self.blocks[block].line;
                self.blocks[block].text = Text { plain: words.to_owned(), lines: vec![(0, line)], ..Text::default() };
            }
            at += raw.len();
        }
        self.in_comment = false;
        self.target = None;
    }

    /// The rows of a table in HTML, as those of one in Markdown.
    fn html_rows(&mut self, html: &str, source_at: impl Fn(usize) -> usize) {
        let mut header = !self.blocks.last().is_some_and(|b| matches!(b.kind, BlockKind::Row { .. }));
        let mut from = 0;
        while let Some(open) = html[from..].find("<tr") {
            let start = from + open;
            let end = html[start + 3..].find("<tr").map_or(html.len(), |next| start + 3 + next);
            let row = &html[start..end];
            let mut cells: Vec<String> = Vec::new();
            let opens = |at: &usize| row[*at..].starts_with("<td") || row[*at..].starts_with("<th");
            let cuts: Vec<usize> = row.match_indices("<t").map(|(at, _)| at).filter(opens).chain([row.len()]).collect();
            for cell in cuts.windows(2).map(|cell| &row[cell[0]..cell[1]]) {
                let inner = cell.split_once('>').map_or("", |(_, inner)| inner);
                let words = self.without_tags(inner);
                self.in_comment = false;
                let mut words = words.split_whitespace().collect::<Vec<_>>().join(" ");
                if words.len() > LONGEST {
                    words.truncate(cut(&words, LONGEST));
                }
                cells.push(words);
            }
            let stop = (source_at(end.saturating_sub(1)) + 1).min(self.source.len());
            let place = source_at(start).min(stop)..stop;
            if !cells.is_empty() {
                let line = self.line(place.start);
                self.target = Some(self.open(BlockKind::Row { header, cells: Vec::new() }, &place));
                let text = |plain: String| Text { plain, lines: vec![(0, line)], ..Text::default() };
                self.cells = Some(cells.into_iter().map(text).collect());
                self.close_row();
                header = false;
            }
            from = end;
        }
    }

    fn without_tags(&mut self, raw: &str) -> String {
        let mut out = String::with_capacity(raw.len());
        let mut rest = raw;
        loop {
            if self.in_comment {
                match rest.find("-->") {
                    Some(end) => {
                        self.in_comment = false;
                        rest = &rest[end + 3..];
                    }
                    None => return out,
                }
            }
            let Some(open) = rest.find('<') else {
                out.push_str(rest);
                return out;
            };
            out.push_str(&rest[..open]);
            rest = &rest[open..];
            if rest.starts_with("<!--") {
                self.in_comment = true;
                rest = &rest[4..];
            } else if let Some(end) = rest.find('>') {
                rest = &rest[end + 1..];
            } else {
                return out;
            }
        }
    }

    fn finish(mut self) -> Outline {
        let broken = self.source.is_empty() || self.source.ends_with('\n');
        let line_count = u32::try_from(self.starts.len() - usize::from(broken)).unwrap_or(u32::MAX);
        let mut open: Vec<usize> = Vec::new();
        for at in 0..self.blocks.len() {
            let Some(level) = self.blocks[at].heading_level() else {
                continue;
            };
            while let Some(&last) = open.last() {
                if self.blocks[last].heading_level().unwrap_or(0) < level {
                    break;
                }
                self.blocks[last].end_line = (self.blocks[at].line - 1).max(self.blocks[last].line);
                open.pop();
            }
            open.push(at);
        }
        for at in open {
            self.blocks[at].end_line = line_count.max(self.blocks[at].line);
        }
        for block in &mut self.blocks {
            if block.text.lines.is_empty() {
                block.text.lines.push((0, block.line));
            }
            // A heading or paragraph ends where its text does.
            block.last_line = block.last_line.clamp(block.line, line_count.max(block.line));
            block.end_line = block.end_line.clamp(block.last_line, line_count.max(block.last_line));
        }
        Outline { blocks: self.blocks, front_matter: None, line_count, starts: self.starts, open_fence: None }
    }
}

/// Where at most `room` bytes of `words` end, behind a blank where there is one. Never 0.
fn cut(words: &str, room: usize) -> usize {
    let most = words.floor_char_boundary(room);
    match words[..most].rfind(' ') {
        Some(blank) => blank + 1,
        None if most > 0 => most,
        None => words.chars().next().map_or(words.len(), char::len_utf8),
    }
}

fn number(level: HeadingLevel) -> u8 {
    level as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(source: &str, expected: &str) {
        let outline = Outline::parse(source);
        let told: Vec<String> = outline
            .blocks
            .iter()
            .map(|b| {
                let kind = match &b.kind {
                    BlockKind::Heading(n) => format!("h{n}"),
                    BlockKind::Item { task: Some(true), .. } => "item[x]".into(),
                    BlockKind::Item { task: Some(false), .. } => "item[ ]".into(),
                    BlockKind::Item { .. } => "item".into(),
                    BlockKind::Paragraph => "para".into(),
                    BlockKind::Row { cells, .. } => format!("row{}", cells.len()),
                    BlockKind::Fence => "fence".into(),
                    BlockKind::Indented => "indented".into(),
                    BlockKind::Html => "html".into(),
                    BlockKind::Rule => "rule".into(),
                };
                format!("{}-{} {}{kind} {:?}", b.line, b.end_line, "  ".repeat(b.depth.into()), b.text.plain)
            })
            .collect();
        assert_eq!(told.join("\n"), expected, "\n{}", told.join("\n"));
    }

    #[test]
    fn a_fence_that_is_never_closed_hides_no_minutes() {
        let source = "# May\n~~~~- ~~the pier~~\n- the buoy\n- the boat\n## June\n- the crane\n";
        let outline = Outline::parse(source);
        assert_eq!(outline.open_fence, Some(2));
        assert_eq!(outline.blocks.iter().filter(|b| b.is_item()).count(), 4);
        assert_eq!(Outline::parse("```\n1. a\n2. b\n3) c\n").blocks.iter().filter(|b| b.is_item()).count(), 3);
        let code = Outline::parse("```yaml\n- a\n- b\n- c\n");
        assert!(code.open_fence == Some(1) && code.blocks[0].kind == BlockKind::Fence);
        for code in [
            "```sh\ntide --now\n# not a title\n```\n",
            "```\n- a\n- b\n- c\n- d\n```\n",
            "~~~\n- a\n- b\n- c\n~~~\nend\n",
        ] {
            let outline = Outline::parse(code);
            assert!(outline.open_fence.is_none() && outline.blocks[0].kind == BlockKind::Fence, "{code}");
        }
        // One below the other, they are not read again and again.
        let nested: String = (3..60).rev().map(|n| "`".repeat(n) + "\n- a\n- b\n- c\n").collect();
        assert_eq!(Outline::parse(&nested).open_fence, Some(1));
    }

    #[test]
    fn a_long_block_goes_on_in_a_further_one() {
        let source = "- **ask the office\n".to_owned() + &"  and ask again\n".repeat(8000) + "  to the end**\n";
        let outline = Outline::parse(&source);
        assert!(outline.blocks.len() > 3 && outline.blocks[1..].iter().all(|b| b.parent == Some(0)));
        for block in &outline.blocks {
            let text = &block.text;
            assert!(text.plain.len() <= LONGEST + 1);
            assert_eq!(text.line_at(text.plain.trim_end().len() - 1), block.last_line);
            assert_eq!(text.spans, [Span { range: 0..text.plain.len(), style: Style::Strong }]);
        }
        assert_eq!(outline.blocks.last().map(|b| b.last_line), Some(outline.line_count));
        let one_line = Outline::parse(&"ö".repeat(LONGEST));
        assert_eq!(one_line.blocks.iter().map(|b| b.text.plain.len()).collect::<Vec<_>>(), [LONGEST, LONGEST]);
    }

    #[test]
    fn items_hold_their_first_paragraph_and_their_children() {
        check(
            "# A\n- one\n  two\n    - three\n\n- [x] four\n\n  five\n## B\ntext\n",
            "1-10 h1 \"A\"\n2-4   item \"one\\ntwo\"\n4-4     item \"three\"\n6-8   item[x] \"four\"\n8-8   para \"five\"\n9-10 h2 \"B\"\n10-10 para \"text\"",
        );
    }

    #[test]
    fn tables_setext_and_html() {
        check(
            "Title\n=====\n\n| a | b |\n|---|---|\n| 1 | [x](http://y) |\n\n<!-- hidden\nstill -->\n<p>shown</p>\n",
            "1-10 h1 \"Title\"\n4-4 row2 \"a | b\"\n6-6 row2 \"1 | x\"\n10-10 html \"shown\"",
        );
    }

    #[test]
    fn front_matter_is_told_from_slides() {
        assert_eq!(Outline::parse("---\ntitle: x\n---\n# A\n").front_matter.as_deref(), Some("title: x\n"));
        let slides = Outline::parse("---\n\n# One\n\n---\n\n# Two\n");
        assert_eq!(slides.front_matter, None);
        assert_eq!(slides.blocks.iter().filter(|b| b.heading_level().is_some()).count(), 2);
    }

    #[test]
    fn ten_thousand_nested_lists_cost_no_stack() {
        let deep = "> ".repeat(10_000) + "deep\n" + &"- ".repeat(10_000) + "x";
        assert!(!Outline::parse(&deep).blocks.is_empty());
    }

    #[test]
    fn struck_text_is_seen() {
        let outline = Outline::parse("- ~~AI @mira: ask~~ done\n- a ~~b~~ longer text\n");
        let struck = |n: usize| outline.blocks[n].text.is_struck(0..outline.blocks[n].text.plain.len());
        assert!(struck(0));
        assert!(!struck(1));
    }
}
