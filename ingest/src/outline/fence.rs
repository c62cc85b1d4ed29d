//! Fences of code that are never closed.

use std::ops::Range;

/// Whether a block of fenced code goes on to the end of the file for want of a fence that closes it.
pub(super) fn is_open_fence(source: &str, range: &Range<usize>) -> bool {
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
pub(super) fn holds_minutes(block: &str) -> bool {
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
