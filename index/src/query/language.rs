//! The query language: words, "phrases", `-word`, `OR`, `prefix*` and qualifiers such as `series:iaas`.
//!
//! A query is parsed into plain data; how it is answered is the business of [`super::search`]. A
//! half-typed query still works: an open quote ends with the text, an empty qualifier says nothing.

use jiff::ToSpan;
use jiff::civil::Date;

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
}

/// Alternatives: `a OR b`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group(pub Vec<Term>);

/// A word, phrase or prefix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Term {
    /// One word as typed; identifiers such as `scs-0102` are one.
    Word(String),
    /// Words in order.
    Phrase(String),
    /// `prefix*`
    Prefix(String),
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
}

/// The qualifiers, as they are typed.
pub const QUALIFIERS: [&str; 13] =
    ["series", "owner", "person", "by", "state", "is", "kind", "ref", "label", "before", "after", "on", "who"];

/// A query that cannot be understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct QueryError {
    /// Character (not byte) of the query at which it goes wrong, from 0.
    pub at: usize,
    /// What is wrong, and what would be right.
    pub message: String,
}

impl QueryError {
    /// The query with a mark under the place, for a terminal.
    pub fn shown(&self, query: &str) -> String {
        format!("{query}\n{}^ {}", " ".repeat(self.at), self.message)
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
    for token in tokens(text) {
        if token.text == "OR" && !token.quoted {
            or_next = !query.groups.is_empty();
            continue;
        }
        if token.text == "AND" && !token.quoted {
            continue;
        }
        if let Some((name, value)) = token.qualifier() {
            if !value.is_empty() {
                let at = token.at + name.chars().count() + 1;
                qualify(&mut query.filters, &name.to_lowercase(), value.trim_matches('"'), at, today)?;
            }
            continue;
        }
        if token.negated
            && token.text.split_once(':').is_some_and(|(name, _)| QUALIFIERS.contains(&name.to_lowercase().as_str()))
        {
            return Err(QueryError {
                at: token.at,
                message: "a qualifier cannot be excluded; name what you want instead".to_owned(),
            });
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

struct Token<'a> {
    text: &'a str,
    at: usize,
    quoted: bool,
    negated: bool,
}

impl Token<'_> {
    fn qualifier(&self) -> Option<(&str, &str)> {
        if self.quoted || self.negated {
            return None;
        }
        let (name, value) = self.text.split_once(':')?;
        QUALIFIERS.contains(&name.to_lowercase().as_str()).then_some((name, value))
    }

    fn term(&self) -> Option<Term> {
        let has_word = self.text.chars().any(char::is_alphanumeric);
        if !has_word {
            None
        } else if self.quoted {
            Some(Term::Phrase(self.text.to_owned()))
        } else if let Some(stem) = self.text.strip_suffix('*') {
            Some(Term::Prefix(stem.to_owned()))
        } else {
            Some(Term::Word(self.text.to_owned()))
        }
    }
}

/// Splits at blanks; quotes hold blanks together, also behind a qualifier.
fn tokens(text: &str) -> Vec<Token<'_>> {
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
                end = here + c.len_utf8();
                break;
            }
        }
        let raw = &text[from..end];
        let text = if quoted { raw.trim_matches('"') } else { raw };
        out.push(Token { text, at, quoted, negated });
    }
    out
}

fn qualify(filters: &mut Filters, name: &str, value: &str, at: usize, today: Date) -> Result<(), QueryError> {
    let wrong = |message: String| Err(QueryError { at, message });
    let owned = value.trim_start_matches('@').to_owned();
    match name {
        "series" => filters.series.push(value.to_owned()),
        "owner" => filters.owner.push(owned),
        "person" | "who" => filters.person.push(owned),
        "by" => filters.by.push(owned),
        "ref" => filters.reference.push(value.to_owned()),
        "label" => filters.label.push(value.to_lowercase()),
        "kind" => match Kind::ALL.iter().find(|k| value.eq_ignore_ascii_case(k)) {
            Some(kind) => filters.kind.push(kind),
            None => return wrong(format!("{value:?} is no kind; there are {}", Kind::ALL.join(", "))),
        },
        "state" | "is" => match State::parse(&value.to_lowercase()) {
            Some(state) => filters.state.push(state),
            None => return wrong(format!("{value:?} is no state; there are open, done, dropped, gone, stale")),
        },
        _ => {
            let Some((first, last)) = days(value, today) else {
                return wrong(format!("{value:?} is no date; write 2024, 2024-05, 2024-05-17 or -3m (d, w, m, y)"));
            };
            match name {
                "before" => filters.to = first.yesterday().ok(),
                "after" => filters.from = last.tomorrow().ok(),
                _ => (filters.from, filters.to) = (Some(first), Some(last)),
            }
        }
    }
    Ok(())
}

/// The first and last day of `2024`, `2024-05`, `2024-05-17`, `today`, `-3m`.
pub fn days(value: &str, today: Date) -> Option<(Date, Date)> {
    let low = value.to_lowercase();
    if low == "today" {
        return Some((today, today));
    }
    if low == "yesterday" {
        let day = today.yesterday().ok()?;
        return Some((day, day));
    }
    if let Some(back) = low.strip_prefix('-') {
        let unit = back.chars().last()?;
        let n: i64 = back[..back.len() - unit.len_utf8()].parse().ok().filter(|n| *n < 10_000)?;
        let span = match unit {
            'd' => n.days(),
            'w' => n.weeks(),
            'm' => n.months(),
            'y' => n.years(),
            _ => return None,
        };
        let day = today.checked_sub(span).ok()?;
        return Some((day, day));
    }
    let parts: Vec<&str> = low.split('-').collect();
    let number = |s: &str| s.parse::<i16>().ok();
    match parts[..] {
        [y] if y.len() == 4 => {
            let y = number(y)?;
            Some((Date::new(y, 1, 1).ok()?, Date::new(y, 12, 31).ok()?))
        }
        [y, m] if y.len() == 4 => {
            let first = Date::new(number(y)?, i8::try_from(number(m)?).ok()?, 1).ok()?;
            Some((first, first.last_of_month()))
        }
        [y, m, d] if y.len() == 4 => {
            let day = Date::new(number(y)?, i8::try_from(number(m)?).ok()?, i8::try_from(number(d)?).ok()?).ok()?;
            Some((day, day))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn ok(text: &str) -> Query {
        parse(text, date(2026, 3, 1)).expect("a query")
    }

    #[test]
    fn identifiers_stay_whole_and_minus_counts_only_after_a_blank() {
        let q = ok("SCS-0104-v1 v1alpha1 -beta");
        assert_eq!(
            q.groups,
            [Group(vec![Term::Word("SCS-0104-v1".into())]), Group(vec![Term::Word("v1alpha1".into())])]
        );
        assert_eq!(q.excluded, [Term::Word("beta".into())]);
    }

    #[test]
    fn half_typed_queries_work() {
        assert_eq!(ok("\"open quote").groups, [Group(vec![Term::Phrase("open quote".into())])]);
        assert_eq!(ok("series:").filters, Filters::default());
        assert_eq!(ok("OR a OR").groups, [Group(vec![Term::Word("a".into())])]);
        assert_eq!(ok("- ").groups, []);
        assert_eq!(ok("-").excluded, []);
    }

    #[test]
    fn qualifiers_take_quotes_and_dates() {
        let q = ok("series:\"product board\" on:2024-05 x OR y");
        assert_eq!(q.filters.series, ["product board"]);
        assert_eq!((q.filters.from, q.filters.to), (Some(date(2024, 5, 1)), Some(date(2024, 5, 31))));
        assert_eq!(q.groups.len(), 1);
    }
}
