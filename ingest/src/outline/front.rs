//! Front matter: where it ends, and what its lines say.

use super::Outline;

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
