//! The query language: words, "phrases", `-word`, `OR`, `prefix*` and qualifiers such as `series:iaas`.
//!
//! A query is parsed into plain data; how it is answered is the business of [`super::search`]. A
//! half-typed query still works: an open quote ends with the text, and its last word may still grow; an empty
//! qualifier says nothing.

use std::ops::Range;

use jiff::civil::Date;
use serde::Serialize;

use super::dates::{self, days};
use crate::text::Kind;
use crate::threads::State;

/// What is asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    /// Words and phrases; of several groups the more the better.
    pub groups: Vec<Group>,
    /// What must not stand there.
    pub excluded: Vec<Term>,
    /// Qualifiers; several values of one mean any of them.
    pub filters: Filters,
    /// What comes first.
    pub sort: Option<Sort>,
}

impl Query {
    /// True when nothing is asked: blanks, signs, qualifiers without a value.
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty() && self.excluded.is_empty() && self.filters.is_empty() && self.sort.is_none()
    }
}

/// What comes first in an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// What says most.
    Relevance,
    /// The latest.
    Date,
}

impl Sort {
    /// All of them, as they are typed.
    pub const ALL: [(&'static str, Self); 2] = [("relevance", Self::Relevance), ("date", Self::Date)];
}

/// Alternatives: `a OR b`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group(pub Vec<Term>);

/// So many words and qualifiers a query may have.
const MOST: usize = 256;

/// A word, phrase or prefix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Term {
    /// One word as typed; identifiers such as `scs-0102` are one.
    Word(String),
    /// Words in order.
    Phrase(String),
    /// Words in order behind a quote that nobody closed yet: the last may go on.
    Unclosed(String),
    /// `prefix*`
    Prefix(String),
}

impl Term {
    /// What it holds, without its signs.
    pub fn text(&self) -> &str {
        let (Self::Word(text) | Self::Phrase(text) | Self::Unclosed(text) | Self::Prefix(text)) = self;
        text
    }
}

/// The qualifiers of a query.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is named after its qualifier")]
pub struct Filters {
    pub series: Vec<String>,
    pub owner: Vec<String>,
    pub person: Vec<String>,
    pub by: Vec<String>,
    pub reference: Vec<String>,
    pub label: Vec<String>,
    pub kind: Vec<&'static str>,
    pub state: Vec<State>,
    /// Days of which any will do, first and last.
    pub on: Vec<(Date, Date)>,
    /// First day.
    pub from: Option<Date>,
    /// Last day.
    pub to: Option<Date>,
}

impl Filters {
    /// True when nothing is filtered.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Each qualifier that filters, with the filters that are left without it.
    pub fn without_each(&self) -> Vec<(&'static str, Self)> {
        type Take = fn(&mut Filters);
        let takes: [(&'static str, Take); 11] = [
            ("series", |f| f.series.clear()),
            ("kind", |f| f.kind.clear()),
            ("owner", |f| f.owner.clear()),
            ("state", |f| f.state.clear()),
            ("person", |f| f.person.clear()),
            ("by", |f| f.by.clear()),
            ("ref", |f| f.reference.clear()),
            ("label", |f| f.label.clear()),
            ("after", |f| f.from = None),
            ("before", |f| f.to = None),
            ("on", |f| f.on.clear()),
        ];
        let left = takes.into_iter().map(|(name, take)| {
            let mut left = self.clone();
            take(&mut left);
            (name, left)
        });
        left.filter(|(_, left)| left != self).collect()
    }
}

/// What would be found without some qualifiers of a query that finds nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Without {
    /// Their names, as in [`QUALIFIERS`].
    pub qualifiers: Vec<&'static str>,
    /// How many hits there are without them.
    pub total: usize,
}

/// `3 without series:platform`, with the qualifiers as they are typed in the query.
pub fn told_without(text: &str, without: &Without) -> String {
    let typed = without.qualifiers.iter().flat_map(|name| places(text, name, None)).map(|at| &text[at]);
    format!("{} without {}", without.total, typed.collect::<Vec<_>>().join(" "))
}

/// A qualifier, as it is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Qualifier {
    /// As it is typed, without the colon.
    pub name: &'static str,
    /// With a value.
    pub example: &'static str,
    /// What it lets through.
    pub meaning: &'static str,
}

const fn qualifier(name: &'static str, example: &'static str, meaning: &'static str) -> Qualifier {
    Qualifier { name, example, meaning }
}

/// The qualifiers. `is` means `state`, and `who` means `person`.
pub const QUALIFIERS: [Qualifier; 12] = [
    qualifier("series", "series:platform", "in one series"),
    qualifier("kind", "kind:decision", "decision, action, topic, passage or meeting"),
    qualifier("owner", "owner:mira", "what somebody has promised; owner:none for what nobody owns"),
    qualifier("state", "state:open", "actions that are open, done, dropped, gone or stale"),
    qualifier("person", "person:mira", "what somebody has to do with"),
    qualifier("by", "by:mira", "what somebody brought up"),
    qualifier("ref", "ref:standards#12", "what points to an issue"),
    qualifier("label", "label:security", "meetings that were given a label"),
    qualifier("after", "after:2026-03", "later than a day, month or year; -3m is three months ago"),
    qualifier("before", "before:-3m", "earlier than it; today and yesterday are days too"),
    qualifier("on", "on:2026-05", "in it"),
    qualifier("sort", "sort:date", "the latest first; sort:relevance for what says most"),
];

const ALIASES: [(&str, &str); 2] = [("is", "state"), ("who", "person")];

/// The name of a qualifier as it stands in [`QUALIFIERS`], without regard to case.
pub fn known(name: &str) -> Option<&'static str> {
    let same = |known: &str| known.eq_ignore_ascii_case(name);
    let alias = ALIASES.iter().find(|(alias, _)| same(alias)).map(|(_, name)| *name);
    alias.or_else(|| QUALIFIERS.iter().map(|q| q.name).find(|known| same(known)))
}

/// A query that cannot be understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct QueryError {
    /// Character (not byte) of the query at which it goes wrong, from 0.
    pub at: usize,
    /// How many characters are wrong.
    pub length: usize,
    /// What is wrong, and what would be right.
    pub message: String,
}

impl QueryError {
    /// The query with a mark under the place, for a terminal.
    pub fn shown(&self, query: &str) -> String {
        // A line of its own, or the mark would stand elsewhere.
        let line: String = query.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        format!("{line}\n{}{} {}", " ".repeat(self.at), "^".repeat(self.length.max(1)), self.message)
    }

    /// The query before the place, there, and behind it.
    pub fn parts<'a>(&self, query: &'a str) -> [&'a str; 3] {
        let byte = |n: usize| query.char_indices().nth(n).map_or(query.len(), |(at, _)| at);
        let (from, to) = (byte(self.at), byte(self.at + self.length.max(1)));
        [&query[..from], &query[from..to], &query[to..]]
    }
}

/// Parses a query. `today` gives `after:-3m` its meaning.
///
/// ```
/// use minutebook_index::query::language::{parse, Term};
/// let today = jiff::civil::date(2026, 3, 1);
/// let q = parse("tide \"go with\" -cache series:platform after:-1m", today).unwrap();
/// assert_eq!(q.groups.len(), 2);
/// assert_eq!(q.excluded, [Term::Word("cache".into())]);
/// assert_eq!(q.filters.series, ["platform"]);
/// assert_eq!(q.filters.from, Some(jiff::civil::date(2026, 2, 2)));
/// let wrong = parse("tide state:lost", today).unwrap_err();
/// assert_eq!(wrong.at, 11);
/// ```
///
/// # Errors
/// When a qualifier has a value that it cannot have.
pub fn parse(text: &str, today: Date) -> Result<Query, QueryError> {
    let mut query = Query::default();
    let mut or_next = false;
    let mut terms = 0;
    for token in tokens(text) {
        if token.text == "OR" && !token.quoted {
            or_next = !query.groups.is_empty();
            continue;
        }
        if token.text == "AND" && !token.quoted {
            continue;
        }
        let length = token.text.chars().count();
        terms += 1;
        if terms > MOST {
            return Err(QueryError { at: token.at, length, message: format!("only {MOST} words can be asked for") });
        }
        if let Some((name, value)) = token.qualifier() {
            let behind = token.text.split_once(':').map_or("", |(_, value)| value).chars().count();
            if token.negated && !value.is_empty() {
                let message = "a qualifier cannot be excluded; name what you want instead".to_owned();
                return Err(QueryError { at: token.at, length, message });
            }
            if !value.is_empty() {
                qualify(&mut query, name, value, today).map_err(|message| QueryError {
                    at: token.at + length - behind,
                    length: behind,
                    message,
                })?;
            }
            continue;
        }
        let term = token.term();
        if let Some(term) = term {
            if token.negated {
                query.excluded.push(term);
            } else if or_next && let Some(Group(terms)) = query.groups.last_mut() {
                terms.push(term);
            } else {
                query.groups.push(Group(vec![term]));
            }
        }
        or_next = false;
    }
    Ok(query)
}

/// A piece of a query, as it is typed.
#[derive(Debug)]
pub(super) struct Token<'a> {
    /// Without a minus before it, and without the quotes of a phrase.
    text: &'a str,
    /// Its first character.
    at: usize,
    /// Its bytes, with minus and quotes.
    pub(super) bytes: Range<usize>,
    /// True of a phrase.
    pub(super) quoted: bool,
    closed: bool,
    /// True behind a minus.
    pub(super) negated: bool,
}

impl Token<'_> {
    /// The name of a qualifier, and its value without quotes.
    fn qualifier(&self) -> Option<(&'static str, &str)> {
        let (name, value) = self.text.split_once(':').filter(|_| !self.quoted)?;
        Some((known(name)?, value.trim_matches('"')))
    }

    fn term(&self) -> Option<Term> {
        let has_word = self.text.chars().any(char::is_alphanumeric);
        if !has_word {
            None
        } else if self.quoted && self.closed {
            Some(Term::Phrase(self.text.to_owned()))
        } else if self.quoted {
            Some(Term::Unclosed(self.text.to_owned()))
        } else if let Some(stem) = self.text.strip_suffix('*') {
            Some(Term::Prefix(stem.to_owned()))
        } else {
            Some(Term::Word(self.text.to_owned()))
        }
    }
}

/// Splits at blanks; quotes hold blanks together, also behind a qualifier.
pub(super) fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut out = Vec::new();
    let mut chars = text.char_indices().enumerate().peekable();
    while let Some(&(n, (start, c))) = chars.peek() {
        if c.is_whitespace() {
            chars.next();
            continue;
        }
        let negated = c == '-' && text[start + 1..].starts_with(|c: char| !c.is_whitespace());
        if negated {
            chars.next();
        }
        let (at, from) = chars.peek().map_or((n, start), |&(n, (at, _))| (n, at));
        let quoted = text[from..].starts_with('"');
        let mut in_quotes = false;
        let mut closed = false;
        let mut end = text.len();
        while let Some(&(_, (here, c))) = chars.peek() {
            if c == '"' {
                in_quotes = !in_quotes;
            } else if c.is_whitespace() && !in_quotes {
                end = here;
                break;
            }
            chars.next();
            if quoted && !in_quotes {
                closed = true;
                end = here + c.len_utf8();
                break;
            }
        }
        let raw = &text[from..end];
        let text = if quoted { raw.trim_matches('"') } else { raw };
        out.push(Token { text, at, bytes: start..end, quoted, closed, negated });
    }
    out
}

fn qualify(query: &mut Query, name: &str, value: &str, today: Date) -> Result<(), String> {
    let filters = &mut query.filters;
    let owned = value.trim_start_matches('@').to_owned();
    match name {
        "series" => filters.series.push(value.to_owned()),
        "owner" => filters.owner.push(owned),
        "person" => filters.person.push(owned),
        "by" => filters.by.push(owned),
        "ref" => filters.reference.push(value.to_owned()),
        "label" => filters.label.push(value.to_lowercase()),
        "kind" => match Kind::ALL.iter().find(|k| value.eq_ignore_ascii_case(k)) {
            Some(kind) => filters.kind.push(kind),
            None => return Err(format!("{value:?} is no kind; there are {}", Kind::ALL.join(", "))),
        },
        "state" => match State::parse(&value.to_lowercase()) {
            Some(state) => filters.state.push(state),
            None => return Err(format!("{value:?} is no state; there are open, done, dropped, gone, stale")),
        },
        "sort" => match Sort::ALL.iter().find(|(word, _)| value.eq_ignore_ascii_case(word)) {
            Some((_, sort)) => query.sort = Some(*sort),
            None => return Err(format!("{value:?} is no order; there are date, relevance")),
        },
        _ => {
            let Some((first, last)) = days(value, today) else {
                return Err(format!("{value:?} is no date; write {}", dates::FORMS));
            };
            match name {
                "before" => filters.to = [filters.to, first.yesterday().ok()].into_iter().flatten().min(),
                "after" => filters.from = filters.from.max(Some(last.tomorrow().unwrap_or(last))),
                _ => filters.on.push((first, last)),
            }
            // Nothing can be found: that must not look as if nothing had been said.
            if let (Some(from), Some(to)) = (filters.from, filters.to)
                && from > to
            {
                return Err(format!("no day is from {from} on and up to {to}; change `after` or `before`"));
            }
            let from = filters.from.unwrap_or(Date::MIN);
            let to = filters.to.unwrap_or(Date::MAX);
            if !filters.on.is_empty() && !filters.on.iter().any(|&(first, last)| first <= to && last >= from) {
                return Err("no day is within `on` and within `after` and `before`".to_owned());
            }
        }
    }
    Ok(())
}

/// A value as it is typed: in quotes where it holds blanks.
pub fn quoted(value: &str) -> String {
    if value.contains(char::is_whitespace) { format!("\"{value}\"") } else { value.to_owned() }
}

/// Where a qualifier stands in a query with this value, or with any: the bytes of each.
pub fn places(text: &str, name: &str, value: Option<&str>) -> Vec<Range<usize>> {
    let is_it = |t: &Token<'_>| {
        let found = t.qualifier().filter(|(known, _)| *known == name && !t.negated);
        found.is_some_and(|(_, own)| value.is_none_or(|value| own.eq_ignore_ascii_case(value)))
    };
    tokens(text).into_iter().filter(is_it).map(|t| t.bytes).collect()
}

/// The qualifiers of a query as they are typed, each with the query that is left without it.
pub fn each_without(text: &str) -> Vec<(&str, String)> {
    let typed = tokens(text).into_iter().filter(|t| t.qualifier().is_some());
    typed.map(|t| (&text[t.bytes.clone()], cut(text, &t.bytes))).collect()
}

/// A query without a qualifier (of this value, or of any).
pub fn without(text: &str, name: &str, value: Option<&str>) -> String {
    places(text, name, value).into_iter().rev().fold(text.to_owned(), |left, place| cut(&left, &place))
}

fn cut(text: &str, place: &Range<usize>) -> String {
    [&text[..place.start], &text[place.end..]].map(str::trim).join(" ").trim().to_owned()
}

#[cfg(test)]
mod tests;
