//! Blocks of HTML: lines of text, and rows of tables.

use super::{Builder, cut};
use crate::outline::{BlockKind, LONGEST, Text};

impl Builder<'_> {
    /// Text of an HTML block, a line each, without tags and comments.
    pub(super) fn close_html(&mut self) {
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
}
