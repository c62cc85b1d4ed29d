//! One line of the ledger.

use std::hash::{BuildHasher, RandomState};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use minutebook_ingest::meeting;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

use super::VERSION;

/// How an action is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum As {
    /// It is done.
    Done,
    /// It is given up.
    Dropped,
}

impl As {
    /// Its word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Dropped => "dropped",
        }
    }

    /// The one of a word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Done, Self::Dropped].into_iter().find(|a| a.as_str() == word)
    }
}

/// What somebody says of an action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verb {
    /// It is closed.
    Close(As),
    /// It is to be done after all.
    Reopen,
    /// Nothing but the note.
    Note,
    /// It was taken for one by mistake.
    NotAnAction,
    /// It is one action with another, named by the id of any mention.
    SameAs(String),
    /// This mention of it, and those behind it, are another action.
    NotSame(String),
    /// Whose it is; nobody's, when empty.
    Owner(Vec<String>),
}

impl Verb {
    /// All names, as they are written.
    pub const NAMES: [&str; 8] = ["close", "reopen", "drop", "note", "not-an-action", "same-as", "not-same", "owner"];

    /// As it is written.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Close(_) => "close",
            Self::Reopen => "reopen",
            Self::Note => "note",
            Self::NotAnAction => "not-an-action",
            Self::SameAs(_) => "same-as",
            Self::NotSame(_) => "not-same",
            Self::Owner(_) => "owner",
        }
    }

    /// What it needs of an object: `as`, `other` or `owners`. `drop` is to close as dropped.
    ///
    /// # Errors
    /// In a sentence, when the name is no verb, or what it needs is missing.
    pub fn parse(name: &str, fields: &Map<String, Value>) -> Result<Self, String> {
        Ok(match name {
            "close" => match fields.get("as") {
                None | Some(Value::Null) => Self::Close(As::Done),
                Some(word) => Self::Close(
                    word.as_str()
                        .and_then(As::parse)
                        .ok_or_else(|| format!("\"as\" is {word}; there are \"done\" and \"dropped\""))?,
                ),
            },
            "drop" => Self::Close(As::Dropped),
            "reopen" => Self::Reopen,
            "note" => Self::Note,
            "not-an-action" => Self::NotAnAction,
            "same-as" => Self::SameAs(text(fields, "other")?),
            "not-same" => Self::NotSame(text(fields, "other")?),
            "owner" => {
                let owners = fields.get("owners").and_then(Value::as_array);
                let names = owners.and_then(|all| all.iter().map(|o| Some(o.as_str()?.trim().to_owned())).collect());
                let names: Vec<String> = names.ok_or("\"owners\" is missing, or no list of names")?;
                Self::Owner(names.into_iter().filter(|n| !n.is_empty()).collect())
            }
            other => return Err(format!("the verb {other:?} is not known; there are {}", Self::NAMES.join(", "))),
        })
    }
}

/// What somebody said of an action, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its own id.
    pub id: String,
    /// When it was said.
    pub at: Timestamp,
    /// By whom: a handle or a name.
    pub by: String,
    /// What.
    pub verb: Verb,
    /// Of which action: the id of one of its mentions.
    pub action: String,
    /// Why, or what else is to be said.
    pub note: Option<String>,
}

impl Entry {
    /// The day on which it was said, in UTC: the same on every machine.
    pub fn day(&self) -> Date {
        TimeZone::UTC.to_datetime(self.at).date()
    }

    /// Reads a line.
    ///
    /// # Errors
    /// In a sentence, when it is no entry, or none that this version knows.
    pub fn parse(line: &[u8]) -> Result<Self, String> {
        let line = line.trim_ascii();
        if [&b"<<<<<<<"[..], b"=======", b">>>>>>>", b"|||||||"].iter().any(|mark| line.starts_with(mark)) {
            return Err("a merge left this; keep the lines of both sides and delete the marks".to_owned());
        }
        let Ok(Value::Object(fields)) = serde_json::from_slice(line) else {
            return Err("this is no JSON object".to_owned());
        };
        // The version first: what a later one needs is not ours to judge.
        match fields.get("v") {
            Some(v) if v.as_u64() == Some(VERSION) => {}
            Some(v) => return Err(format!("version {v} is not known here; a newer Minutebook may read it")),
            None => return Err("\"v\" is missing".to_owned()),
        }
        let verb = Verb::parse(&text(&fields, "verb")?, &fields)?;
        let at = text(&fields, "at")?;
        Ok(Self {
            id: text(&fields, "id")?,
            at: at.parse().map_err(|_| format!("\"at\" is no time such as 2026-01-07T10:00:00Z: {at:?}"))?,
            by: text(&fields, "by")?,
            verb,
            action: text(&fields, "action")?,
            note: fields.get("note").and_then(Value::as_str).map(str::to_owned).filter(|n| !n.trim().is_empty()),
        })
    }

    /// Its line, without an end.
    pub fn line(&self) -> String {
        let written = Written {
            v: VERSION,
            id: &self.id,
            at: &self.at,
            by: &self.by,
            verb: self.verb.name(),
            closed_as: if let Verb::Close(closed_as) = self.verb { Some(closed_as) } else { None },
            action: &self.action,
            other: if let Verb::SameAs(other) | Verb::NotSame(other) = &self.verb { Some(other) } else { None },
            owners: if let Verb::Owner(owners) = &self.verb { Some(owners) } else { None },
            note: self.note.as_deref(),
        };
        serde_json::to_string(&written).expect("strings, lists and numbers are JSON")
    }
}

impl Serialize for Entry {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        EntryView::of(self).serialize(serializer)
    }
}

/// The line: what the verb does not need is left out.
#[derive(Serialize)]
struct Written<'a> {
    v: u64,
    id: &'a str,
    at: &'a Timestamp,
    by: &'a str,
    verb: &'a str,
    #[serde(rename = "as", skip_serializing_if = "Option::is_none")]
    closed_as: Option<As>,
    action: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    other: Option<&'a String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    owners: Option<&'a Vec<String>>,
    note: Option<&'a str>,
}

/// In answers: all fields, so that a program finds each in its place.
#[derive(Serialize)]
struct EntryView<'a> {
    id: &'a str,
    at: &'a Timestamp,
    date: Date,
    by: &'a str,
    verb: &'a str,
    #[serde(rename = "as")]
    closed_as: Option<As>,
    action: &'a str,
    other: Option<&'a str>,
    owners: &'a [String],
    note: Option<&'a str>,
}

impl<'a> EntryView<'a> {
    fn of(entry: &'a Entry) -> Self {
        Self {
            id: &entry.id,
            at: &entry.at,
            date: entry.day(),
            by: &entry.by,
            verb: entry.verb.name(),
            closed_as: if let Verb::Close(closed_as) = entry.verb { Some(closed_as) } else { None },
            action: &entry.action,
            other: if let Verb::SameAs(other) | Verb::NotSame(other) = &entry.verb { Some(other) } else { None },
            owners: if let Verb::Owner(owners) = &entry.verb { owners } else { &[] },
            note: entry.note.as_deref(),
        }
    }
}

/// A field that must say something.
fn text(fields: &Map<String, Value>, name: &str) -> Result<String, String> {
    match fields.get(name).and_then(Value::as_str).map(str::trim) {
        Some(text) if !text.is_empty() => Ok(text.to_owned()),
        _ => Err(format!("{name:?} is missing, or no text")),
    }
}

/// An id that no other entry has, wherever it is written: the hash of what is said, and of chance.
pub fn new_id(said: &[&str]) -> String {
    // Each `RandomState` is seeded anew from the system.
    let chance = [RandomState::new().hash_one(said), RandomState::new().hash_one(std::process::id())];
    let chance = format!("{:x}{:x}", chance[0], chance[1]);
    let all: Vec<&str> = said.iter().copied().chain([chance.as_str()]).collect();
    meeting::id("l", &all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        for verb in [
            Verb::Close(As::Dropped),
            Verb::Reopen,
            Verb::Note,
            Verb::NotAnAction,
            Verb::SameAs("a2".into()),
            Verb::NotSame("a3".into()),
            Verb::Owner(vec!["Mira Holt".into(), "jo".into()]),
            Verb::Owner(Vec::new()),
        ] {
            let entry = Entry {
                id: new_id(&["a1"]),
                at: "2026-01-07T10:11:12.345Z".parse().expect("a time"),
                by: "Mira \"MH\" Holt\n\u{2028}".trim().into(),
                verb,
                action: "a1".into(),
                note: Some("two\nlines, and a \u{0} and a \u{1f600}".into()),
            };
            let line = entry.line();
            assert!(!line.contains('\n'), "{line}");
            assert_eq!(Entry::parse(line.as_bytes()), Ok(entry), "{line}");
        }
    }

    #[test]
    fn the_day_is_that_of_utc() {
        let line = r#"{"v":1,"id":"l1","at":"2026-01-08T01:30:00+02:00","by":"jo","verb":"drop","action":"a1"}"#;
        let entry = Entry::parse(line.as_bytes()).expect("an entry");
        assert_eq!((entry.day().to_string().as_str(), entry.verb), ("2026-01-07", Verb::Close(As::Dropped)));
    }

    #[test]
    fn ids_differ_though_the_same_is_said() {
        let ids: std::collections::HashSet<String> = (0..1000).map(|_| new_id(&["the same"])).collect();
        assert_eq!(ids.len(), 1000);
    }
}
