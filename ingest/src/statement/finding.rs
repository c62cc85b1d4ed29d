//! Words and marks in a text.

use crate::wordlist::stands_alone;

/// True when `word` stands in `text` between word boundaries.
pub fn contains_word(text: &str, word: &str) -> bool {
    find_word(text, word).is_some()
}

/// Where `word` stands in `text` between word boundaries.
pub fn find_word(text: &str, word: &str) -> Option<usize> {
    let Some(&first) = word.as_bytes().first() else {
        return Some(0);
    };
    // Many short words are looked for in many short texts: their first letter finds them sooner than a
    // search that must be set up for each.
    let bytes = text.as_bytes();
    let mut from = 0;
    while let Some(step) = memchr::memchr(first, &bytes[from..]) {
        let at = from + step;
        from = at + 1;
        if !bytes[at..].starts_with(word.as_bytes()) {
            continue;
        }
        let end = at + word.len();
        if stands_alone(text, at, end) {
            return Some(at);
        }
        from = end;
    }
    None
}

/// Where `mark` stands first. Like `str::find`, which sets up a search that pays in longer texts only.
pub fn find_mark(text: &str, mark: &str) -> Option<usize> {
    let (step, rare) = rare_byte(mark);
    let mut places = memchr::memchr_iter(rare, text.as_bytes()).filter_map(|at| at.checked_sub(step));
    places.find(|&at| text.as_bytes()[at..].starts_with(mark.as_bytes()))
}

/// What stands before and behind the first `mark`.
pub fn split_at_mark<'a>(text: &'a str, mark: &str) -> Option<(&'a str, &'a str)> {
    find_mark(text, mark).map(|at| (&text[..at], &text[at + mark.len()..]))
}

/// Where `mark` stands last; see [`find_mark`].
pub fn rfind_mark(text: &str, mark: &str) -> Option<usize> {
    let (step, rare) = rare_byte(mark);
    let mut places = memchr::memrchr_iter(rare, text.as_bytes()).filter_map(|at| at.checked_sub(step));
    places.find(|&at| text.as_bytes()[at..].starts_with(mark.as_bytes()))
}

/// The first byte of a mark that is no blank, and where it stands: there are few of it in a text.
fn rare_byte(mark: &str) -> (usize, u8) {
    mark.bytes().enumerate().find(|&(_, byte)| byte != b' ').unwrap_or((0, b' '))
}
