//! A regular expression in two sizes: one for texts whose letters are ASCII, as most are, and one for any text.
//!
//! What is a letter, a word or a blank takes hundreds of ranges in Unicode. The automata of longer patterns grow with
//! them until they no longer fit the cache in which they are kept, and where a word ends beyond ASCII no automaton
//! can tell. The small ones took a tenth off the extraction of real minutes.

use std::sync::OnceLock;

use regex::{CaptureMatches, Captures, Match, Matches, Regex};

/// A pattern, compiled when it is first asked for.
#[derive(Debug, Clone)]
pub struct Pattern {
    source: String,
    plain: OnceLock<Regex>,
    any: OnceLock<Regex>,
}

/// The classes of Unicode, and what is left of them in a plain text; all of them fit into a class in brackets too.
const CLASSES: [(&str, &str); 11] = [
    (r"\p{Lu}", "[A-Z]"),
    (r"\p{Ll}", "[a-z]"),
    (r"\p{L}", "[A-Za-z]"),
    (r"\p{N}", "[0-9]"),
    (r"\w", "[A-Za-z0-9_]"),
    (r"\W", r"[^A-Za-z0-9_]"),
    (r"\d", "[0-9]"),
    (r"\D", r"[^0-9]"),
    (r"\s", r"[\t-\r\x20]"),
    (r"\S", r"[^\t-\r\x20]"),
    (r"\b", r"(?-u:\b)"),
];

/// True for a text whose letters, digits and blanks are ASCII; dashes, quotes, arrows and emoji are none.
fn is_plain(text: &str) -> bool {
    let is_mark = |c: char| matches!(c, '\u{2010}'..='\u{2027}' | '\u{2190}'..='\u{23ff}' | '\u{2500}'..='\u{2775}' | '\u{1f300}'..='\u{1faff}');
    text.is_ascii() || text.chars().all(|c| c.is_ascii() || is_mark(c))
}

impl Pattern {
    /// The pattern of a source in the syntax of `regex`, in which a backslash that stands for itself is `\x5c`.
    pub fn new(source: impl Into<String>) -> Self {
        Self { source: source.into(), plain: OnceLock::new(), any: OnceLock::new() }
    }

    /// The expression that fits a text.
    fn of(&self, text: &str) -> &Regex {
        let compiled = |source: &str| Regex::new(source).expect("a valid pattern");
        if is_plain(text) {
            self.plain.get_or_init(|| {
                compiled(&CLASSES.iter().fold(self.source.clone(), |all, (class, plain)| all.replace(class, plain)))
            })
        } else {
            self.any.get_or_init(|| compiled(&self.source))
        }
    }

    /// True when it matches anywhere.
    pub fn is_match(&self, text: &str) -> bool {
        self.of(text).is_match(text)
    }

    /// The first match.
    pub fn find<'t>(&self, text: &'t str) -> Option<Match<'t>> {
        self.of(text).find(text)
    }

    /// All matches.
    pub fn find_iter<'r, 't>(&'r self, text: &'t str) -> Matches<'r, 't> {
        self.of(text).find_iter(text)
    }

    /// The groups of the first match.
    pub fn captures<'t>(&self, text: &'t str) -> Option<Captures<'t>> {
        self.of(text).captures(text)
    }

    /// The groups of the first match from an offset on.
    pub fn captures_at<'t>(&self, text: &'t str, start: usize) -> Option<Captures<'t>> {
        self.of(text).captures_at(text, start)
    }

    /// The groups of all matches.
    pub fn captures_iter<'r, 't>(&'r self, text: &'t str) -> CaptureMatches<'r, 't> {
        self.of(text).captures_iter(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_sizes_find_the_same_in_plain_texts() {
        for source in [r"(?i)\bwe\b", r"[\w.-]+\W", r"\p{Lu}[\p{L}-]+\s\d", r"^\S+\D", r"[\s*_]+\p{Ll}\p{N}"] {
            let pattern = Pattern::new(source);
            let plain = Regex::new(source).expect("valid");
            for text in
                ["We saw 4 of Us_ ", "a.b-c: Mira 7", "it’s 4–5 → “Us” 🎉✅ … x", "*_ x1 ~`^[]{}\\/\x7f\x01", ""]
            {
                assert!(pattern.find_iter(text).eq(plain.find_iter(text)), "{source} {text}");
            }
        }
        assert!(Pattern::new(r"\bö").is_match("ö"));
        let marks = ('\u{80}'..=char::MAX).filter(|c| is_plain(c.encode_utf8(&mut [0; 4])));
        let word = Regex::new(r"[\w\s\p{N}\p{L}]").expect("valid");
        assert!(marks.into_iter().all(|c| !word.is_match(c.encode_utf8(&mut [0; 4]))));
    }
}
