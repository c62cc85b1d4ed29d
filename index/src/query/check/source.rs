//! The lines that are told of, straight from the disk as they were read for their facts, and what a comment
//! in them allows.

use std::collections::HashMap;
use std::sync::LazyLock;

use regex::Regex;

use super::Finding;
use crate::Snapshot;

/// `<!-- minutebook: allow placeholder, encoding -->`: not told of in this file.
static ALLOW: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"<!--\s*minutebook:\s*allow\s+([\w\s,-]+?)\s*-->").expect("a valid pattern"));

/// The texts of the files that are looked at, each read once.
pub struct Sources<'a> {
    snapshot: &'a Snapshot,
    texts: HashMap<String, Source>,
}

/// A file's text with the offsets of its lines.
#[derive(Default)]
struct Source {
    text: String,
    starts: Vec<usize>,
}

impl<'a> Sources<'a> {
    /// Nothing is read yet.
    pub fn new(snapshot: &'a Snapshot) -> Self {
        Self { snapshot, texts: HashMap::new() }
    }

    /// A line of a file without its end; none when the file is gone, shorter, or no text any more.
    pub fn line(&mut self, path: &str, line: u32) -> Option<&str> {
        let source = self.source(path);
        let start = *source.starts.get(line.checked_sub(1)? as usize)?;
        source.text[start..].lines().next().or(Some(""))
    }

    fn source(&mut self, path: &str) -> &Source {
        let snapshot = self.snapshot;
        self.texts.entry(path.to_owned()).or_insert_with(|| {
            let text = snapshot.text(path).unwrap_or_default();
            let ends = text.match_indices('\n').map(|(at, _)| at + 1);
            let starts = std::iter::once(0).chain(ends).filter(|&at| at < text.len()).collect();
            Source { text, starts }
        })
    }

    /// Puts line, columns and permalink into each finding, drops those that their file allows, and returns how
    /// many those were.
    pub fn complete(&mut self, findings: &mut Vec<Finding>) -> usize {
        let before = findings.len();
        findings.retain_mut(|f| {
            if self.allows(&f.path, f.code) {
                return false;
            }
            if let Some(line) = self.line(&f.path, f.line) {
                set_columns(f, line);
                f.text = Some(line.to_owned());
            }
            f.permalink = self.snapshot.permalink(&f.path, f.line, f.line);
            true
        });
        before - findings.len()
    }

    fn allows(&mut self, path: &str, code: &str) -> bool {
        let text = &self.source(path).text;
        text.contains("minutebook:")
            && ALLOW
                .captures_iter(text)
                .any(|c| c[1].split(|c: char| c == ',' || c.is_whitespace()).any(|word| word == code))
    }
}

fn set_columns(finding: &mut Finding, line: &str) {
    let Some(quote) = finding.quote.as_deref().filter(|q| !q.is_empty()) else { return };
    let found = line.find(quote).or_else(|| {
        // The case of a handle may be another one here.
        (line.is_ascii() && quote.is_ascii()).then(|| line.to_lowercase().find(&quote.to_lowercase()))?
    });
    if let Some(at) = found {
        let start = line[..at].chars().count() + 1;
        finding.column = u32::try_from(start).ok();
        finding.end_column = u32::try_from(start + quote.chars().count()).ok();
    }
}
