//! What may follow at a place of a half-typed query: qualifiers, and the values that there are.

use std::collections::{BTreeMap, HashMap};

use jiff::civil::Date;
use serde::Serialize;
use tantivy::collector::Count;
use tantivy::query::{BooleanQuery, Occur, Query as TantivyQuery, TermQuery};
use tantivy::schema::IndexRecordOption;
use tantivy::{Searcher, Term};

use super::language::{QUALIFIERS, Sort, known, quoted, tokens};
use super::{Scope, dates, issues};
use crate::Snapshot;
use crate::text::{self, Kind};
use crate::threads::State;

/// Something that may stand at the place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Completion {
    /// As it is shown.
    pub text: String,
    /// What is put in …
    pub insert: String,
    /// … instead of the bytes of the query from here …
    pub from: usize,
    /// … up to here.
    pub to: usize,
    /// `qualifier`, or the qualifier whose value it is.
    pub kind: &'static str,
    /// What it means: the full name of somebody, a day, the words for a qualifier.
    pub hint: Option<String>,
    /// How often it was seen: meetings of a series, mentions of people and issues, actions in a state.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<usize>,
}

/// What may stand at byte `at` of a query, the likeliest first: at the start of a word the qualifiers, behind a
/// qualifier its values. Within words, phrases and behind a minus there is nothing to say.
pub fn complete(snapshot: &Snapshot, scope: &Scope, query: &str, at: usize) -> Vec<Completion> {
    let at = (0..=at.min(query.len())).rev().find(|n| query.is_char_boundary(*n)).unwrap_or(0);
    let word = tokens(query).into_iter().find(|t| t.bytes.start < at && at <= t.bytes.end);
    let Some(word) = word else {
        return names("", at, at);
    };
    let typed = &query[word.bytes.start..at];
    if word.quoted || word.negated {
        return Vec::new();
    }
    let Some((name, value)) = typed.split_once(':') else {
        // Behind the place may stand the rest of a name; the rest of another word is kept.
        let end = query[at..word.bytes.end].find(':').map_or(at, |n| at + n + 1);
        return names(typed, word.bytes.start, end);
    };
    let Some(name) = known(name) else { return Vec::new() };
    let from = at - value.len();
    let typed = value.trim_start_matches('"').trim_start_matches('@').to_lowercase();
    let mut found: Vec<(u8, Value)> =
        values(snapshot, scope, name, &typed).into_iter().filter_map(|v| Some((v.fits(&typed)?, v))).collect();
    found.sort_by_key(|(how, _)| *how);
    let told = |(_, v): (u8, Value)| Completion {
        insert: quoted(&v.text),
        text: v.text,
        from,
        to: word.bytes.end,
        kind: name,
        hint: v.hint,
        count: v.count,
    };
    found.into_iter().map(told).collect()
}

fn names(typed: &str, from: usize, to: usize) -> Vec<Completion> {
    let low = typed.to_lowercase();
    let fits = QUALIFIERS.iter().filter(|q| q.name.starts_with(&low));
    fits.map(|q| Completion {
        text: format!("{}:", q.name),
        insert: format!("{}:", q.name),
        from,
        to,
        kind: "qualifier",
        hint: Some(q.meaning.to_owned()),
        count: None,
    })
    .collect()
}

/// A value that a qualifier may have.
#[derive(Debug, Default)]
struct Value {
    text: String,
    hint: Option<String>,
    count: Option<usize>,
    /// Other spellings that lead to it.
    others: Vec<String>,
}

impl Value {
    fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    fn counted(text: impl Into<String>, count: usize) -> Self {
        Self { count: Some(count), ..Self::new(text) }
    }

    /// How well it fits what is typed: its beginning, that of one of its words, another spelling.
    fn fits(&self, typed: &str) -> Option<u8> {
        let low = self.text.to_lowercase();
        if low.starts_with(typed) {
            return Some(0);
        }
        // What is typed may begin with a sign itself: `#12`.
        let begins = |(n, _): (usize, &str)| {
            !typed.starts_with(char::is_alphanumeric) || low[..n].ends_with(|c: char| !c.is_alphanumeric())
        };
        if low.match_indices(typed).any(begins) {
            return Some(1);
        }
        let other = |o: &String| {
            let low = o.to_lowercase();
            low.starts_with(typed) || low.split_whitespace().any(|w| w.starts_with(typed))
        };
        self.others.iter().any(other).then_some(2)
    }
}

/// All values of a qualifier in view, the most frequent first.
fn values(snapshot: &Snapshot, scope: &Scope, name: &str, typed: &str) -> Vec<Value> {
    match name {
        "series" => {
            let counts = snapshot.shards(scope).map(|(name, shard)| (name, shard.agenda(scope.as_of).count()));
            most_first(counts.map(|(name, n)| Value::counted(name, n)).collect())
        }
        "owner" | "person" | "by" => {
            let mut out = people(snapshot, scope);
            if name == "owner" {
                let hint = Some("what nobody owns".to_owned());
                out.insert(0, Value { hint, ..Value::new("none") });
            }
            out
        }
        "state" => states(snapshot, scope),
        "kind" => Kind::ALL.into_iter().map(Value::new).collect(),
        "sort" => Sort::ALL.into_iter().rev().map(|(word, _)| Value::new(word)).collect(),
        "ref" => issues::counted(snapshot, scope).into_iter().map(|(target, n)| Value::counted(target, n)).collect(),
        "label" => labels(snapshot, scope).unwrap_or_default(),
        _ => days(snapshot, scope, typed),
    }
}

fn most_first(mut all: Vec<Value>) -> Vec<Value> {
    all.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.text.cmp(&b.text)));
    all
}

fn people(snapshot: &Snapshot, scope: &Scope) -> Vec<Value> {
    let view = snapshot.view(scope);
    let value = |p: &crate::identity::Person| Value {
        text: p.id.clone(),
        hint: p.name.clone().filter(|name| *name != p.id),
        count: Some(p.aliases.values().map(|n| *n as usize).sum()),
        others: p.aliases.keys().cloned().chain(p.name.clone()).collect(),
    };
    most_first(view.people.all.iter().map(value).collect())
}

fn states(snapshot: &Snapshot, scope: &Scope) -> Vec<Value> {
    let view = snapshot.view(scope);
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for (series, threads) in &view.threads {
        for thread in threads.iter() {
            let state = view.standing(snapshot, scope, series, thread).state;
            *counts.entry(state.as_str()).or_default() += 1;
        }
    }
    let all = [State::Open, State::Stale, State::Done, State::Dropped, State::Gone];
    all.into_iter().map(|s| Value::counted(s.as_str(), counts.get(s.as_str()).copied().unwrap_or(0))).collect()
}

/// Labels stand in the text index alone, which is that of now: those of meetings in view are told.
fn labels(snapshot: &Snapshot, scope: &Scope) -> tantivy::Result<Vec<Value>> {
    if scope.commit.is_some() || snapshot.files.is_some() {
        return Ok(Vec::new());
    }
    let f = &snapshot.fields;
    let mut out = Vec::new();
    for label in terms(&snapshot.searcher, f.label)? {
        let is = |field, value: &str| -> (Occur, Box<dyn TantivyQuery>) {
            let term = Term::from_field_text(field, value);
            (Occur::Must, Box::new(TermQuery::new(term, IndexRecordOption::Basic)))
        };
        let mut clauses = vec![is(f.label, &label), is(f.kind, "meeting")];
        if let Some(day) = scope.as_of {
            clauses.push((Occur::Must, Box::new(text::within(f, None, Some(day)))));
        }
        if let Some(series) = &scope.series {
            let any = series.iter().map(|s| is(f.series, s).1).collect();
            clauses.push((Occur::Must, Box::new(BooleanQuery::union(any))));
        }
        let count = snapshot.searcher.search(&BooleanQuery::new(clauses), &Count)?;
        if count > 0 {
            out.push(Value::counted(label, count));
        }
    }
    Ok(most_first(out))
}

fn terms(searcher: &Searcher, field: tantivy::schema::Field) -> tantivy::Result<Vec<String>> {
    let mut out = std::collections::BTreeSet::new();
    for segment in searcher.segment_readers() {
        let index = segment.inverted_index(field)?;
        let mut stream = index.terms().stream()?;
        while stream.advance() {
            out.extend(std::str::from_utf8(stream.key()).ok().map(str::to_owned));
        }
    }
    Ok(out.into_iter().collect())
}

/// Days that are asked for often; once a year is begun, the years and months that have meetings.
fn days(snapshot: &Snapshot, scope: &Scope, typed: &str) -> Vec<Value> {
    if !typed.starts_with(|c: char| c.is_ascii_digit()) {
        let quick = dates::quick(scope.today).into_iter();
        return quick.map(|(text, hint)| Value { hint: Some(hint), ..Value::new(text) }).collect();
    }
    let form = |day: Date| match typed.len() {
        0..=3 => day.year().to_string(),
        4..=6 => day.strftime("%Y-%m").to_string(),
        _ => day.to_string(),
    };
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let meetings = snapshot.shards(scope).flat_map(|(_, shard)| shard.dates(scope.as_of));
    for day in meetings {
        *counts.entry(form(day)).or_default() += 1;
    }
    // The latest first.
    counts.into_iter().rev().map(|(text, n)| Value::counted(text, n)).collect()
}
