//! The ledger: what people have said of actions outside the minutes.
//!
//! `.minutebook/ledger.jsonl` in the book, one [`Entry`] a line, only ever added to ([`append`]), meant to be
//! committed with the minutes. This module knows the file and nothing of actions; what the entries do to
//! them is told in [`rulings`](crate::rulings).
//!
//! A line counts when it is a whole entry, wherever it came from: another process, an editor, a merge. What
//! cannot be read or is not known here ([`Problem`]) is kept, told, and otherwise as if it were not there.

mod append;
mod entry;

use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};

use serde::Serialize;

pub use self::append::{AppendError, append};
pub use self::entry::{As, Entry, Verb, new_id};

/// Where it lies in a book.
pub const PATH: &str = ".minutebook/ledger.jsonl";
/// The version of entries that this program writes; others it leaves alone.
pub const VERSION: u64 = 1;

/// What a ledger held when it was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ledger {
    /// Entries in the order in which they were said, each once.
    pub entries: Vec<Placed>,
    /// Lines that do not count, in their order.
    pub problems: Vec<Problem>,
    /// Tells one content from another; empty where there is no ledger.
    pub hash: String,
}

/// An entry and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// The line, from 1.
    pub line: u32,
    /// What it says.
    pub entry: Entry,
}

/// A line that does not count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// The line, from 1.
    pub line: u32,
    /// Why, in a sentence.
    pub message: String,
}

impl Ledger {
    /// The ledger of a book; an empty one where there is none. A file that is there and cannot be read is an
    /// empty ledger with a [`Problem`].
    pub fn read(root: &Path) -> Self {
        let path = path(root);
        // A pipe would be waited for.
        let read = std::fs::metadata(&path).and_then(|file| match file.is_file() {
            true => std::fs::read(&path),
            false => Err(io::Error::other("it is no file")),
        });
        match read {
            Ok(bytes) => Self::parse(&bytes),
            Err(e) if e.kind() == io::ErrorKind::NotFound => Self::default(),
            Err(e) if e.kind() == io::ErrorKind::NotADirectory && !root.is_dir() => Self::default(),
            Err(e) => Self::unread(format!("the ledger cannot be read: {e}")),
        }
    }

    /// One of which no line can be read.
    fn unread(message: String) -> Self {
        Self { hash: message.clone(), entries: Vec::new(), problems: vec![Problem { line: 1, message }] }
    }

    /// That something of it does not count, in a sentence; none where all of it does.
    pub fn trouble(&self) -> Option<String> {
        let first = self.problems.first()?;
        let more = match self.problems.len() - 1 {
            0 => String::new(),
            n => format!(" (and {n} more)"),
        };
        Some(format!("{PATH}:{}: {}; what it says does not count{more}", first.line, first.message))
    }

    /// The ledger that some bytes are. Never fails: what is no entry is a problem.
    pub fn parse(bytes: &[u8]) -> Self {
        if let [0xff, 0xfe, _, 0, ..] | [0xfe, 0xff, 0, ..] = bytes {
            return Self::unread("the ledger is UTF-16; save it as UTF-8".to_owned());
        }
        let hash = if bytes.is_empty() { String::new() } else { blake3::hash(bytes).to_hex().to_string() };
        let mut ledger = Self { hash, ..Self::default() };
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let ends = bytes.ends_with(b"\n");
        let lines: Vec<&[u8]> = bytes.split(|&b| b == b'\n').collect();
        let mut ids: HashSet<String> = HashSet::new();
        for (n, line) in (1u32..).zip(&lines) {
            if line.trim_ascii().is_empty() {
                continue;
            }
            match Entry::parse(line) {
                // A merge of two branches may bring an entry twice.
                Ok(entry) if !ids.insert(entry.id.clone()) => {}
                Ok(entry) => ledger.entries.push(Placed { line: n, entry }),
                Err(message) => {
                    let last = n as usize == lines.len() && !ends;
                    let message = if last { format!("{message}; it was not written to its end") } else { message };
                    ledger.problems.push(Problem { line: n, message });
                }
            }
        }
        // Branches that were merged stand one behind the other.
        ledger.entries.sort_by_key(|p| p.entry.at);
        ledger
    }
}

/// The ledger's file.
pub fn path(root: &Path) -> PathBuf {
    root.join(PATH)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, entries: &[&str], problems: &[&str]) {
        let ledger = Ledger::parse(text.as_bytes());
        let told: Vec<String> = ledger
            .entries
            .iter()
            .map(|p| format!("{} {} {} {}", p.line, p.entry.day(), p.entry.verb.name(), p.entry.action))
            .collect();
        assert_eq!(told, entries);
        let told: Vec<String> = ledger.problems.iter().map(|p| format!("{}: {}", p.line, p.message)).collect();
        assert_eq!(told.len(), problems.len(), "{told:#?}");
        for (told, wanted) in told.iter().zip(problems) {
            assert!(told.starts_with(wanted), "{told:?} is not {wanted:?}");
        }
    }

    #[test]
    fn what_cannot_be_read_at_all_is_one_problem() {
        let wide: Vec<u8> = "\u{feff}{}".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let ledger = Ledger::parse(&wide);
        assert_eq!(
            ledger.trouble().as_deref(),
            Some(".minutebook/ledger.jsonl:1: the ledger is UTF-16; save it as UTF-8; what it says does not count")
        );
        assert_eq!(Ledger::default().trouble(), None);
        let root = tempfile::tempdir().expect("a folder");
        assert_eq!(Ledger::read(root.path()), Ledger::default());
        std::fs::write(root.path().join(".minutebook"), "").expect("written");
        assert!(Ledger::read(root.path()).trouble().is_some());
    }

    const CLOSE: &str =
        r#"{"v":1,"id":"l1","at":"2026-01-07T10:00:00Z","by":"jonas-eide","verb":"close","as":"done","action":"a1"}"#;
    const NOTE: &str =
        r#"{"v":1,"id":"l2","at":"2026-01-06T10:00:00Z","by":"mira","verb":"note","action":"a2","note":"half of it"}"#;

    #[test]
    fn entries_are_in_the_order_in_which_they_were_said() {
        check(&format!("{CLOSE}\n\n{NOTE}\r\n"), &["3 2026-01-06 note a2", "1 2026-01-07 close a1"], &[]);
        check(&format!("\u{feff}{CLOSE}"), &["1 2026-01-07 close a1"], &[]);
    }

    #[test]
    fn an_entry_that_a_merge_brought_twice_counts_once() {
        check(&format!("{CLOSE}\n{NOTE}\n{CLOSE}\n"), &["2 2026-01-06 note a2", "1 2026-01-07 close a1"], &[]);
    }

    #[test]
    fn what_is_no_entry_is_told_with_its_line_and_hides_nothing() {
        let later = CLOSE.replace("\"v\":1", "\"v\":2").replace("l1", "l3");
        let lost = CLOSE.replace("\"id\":\"l1\",", "");
        let unknown = CLOSE.replace("\"close\"", "\"postpone\"").replace("l1", "l4");
        let soon = CLOSE.replace("2026-01-07T10:00:00Z", "soon").replace("l1", "l5");
        let same = r#"{"v":1,"id":"l6","at":"2026-01-07T10:00:00Z","by":"jonas-eide","verb":"same-as","action":"a1"}"#;
        let text =
            format!("hello\n{CLOSE}\n{later}\n{lost}\n{unknown}\n{soon}\n{same}\n<<<<<<< HEAD\n[1]\n{}", &NOTE[..40]);
        check(
            &text,
            &["2 2026-01-07 close a1"],
            &[
                "1: this is no JSON object",
                "3: version 2 is not known",
                "4: \"id\" is missing",
                "5: the verb \"postpone\" is not known",
                "6: \"at\" is no time",
                "7: \"other\" is missing",
                "8: a merge left this",
                "9: this is no JSON object",
                "10: this is no JSON object",
            ],
        );
        assert!(Ledger::parse(text.as_bytes()).problems[8].message.ends_with("not written to its end"));
    }

    #[test]
    fn bytes_that_are_no_text_are_a_problem_of_their_line() {
        let mut bytes = b"\xff\xfe\x00\n".to_vec();
        bytes.extend_from_slice(CLOSE.as_bytes());
        let ledger = Ledger::parse(&bytes);
        assert_eq!((ledger.entries.len(), ledger.problems.len()), (1, 1));
    }
}
