//! The events of the parser -> blocks.

mod html;

use std::cell::Cell;
use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Parser, Tag, TagEnd};

use super::fence::{holds_minutes, is_open_fence};
use super::{Block, BlockKind, LONGEST, Outline, Span, Style, Text, UNWRAPPED, markdown_options};

pub(super) struct Builder<'a> {
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
    pub(super) fn new(source: &'a str) -> Self {
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
    pub(super) fn read(&mut self, mut from: usize) -> Option<u32> {
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

    pub(super) fn finish(mut self) -> Outline {
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
