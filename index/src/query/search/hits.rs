//! A hit as it is shown: the passage, what is known of its action or decision, and the other places of its words.

use std::ops::RangeInclusive;

use jiff::civil::Date;
use serde::Serialize;
use tantivy::TantivyDocument;
use tantivy::schema::{Field, Value};
use tantivy::snippet::SnippetGenerator;

use super::columns::{Columns, Paths};
use super::gather::{Folded, Row};
use super::known::{action_at, is_set_aside};
use crate::Snapshot;
use crate::identity::Place;
use crate::query::Scope;
use crate::query::decisions::{Found, StandingView};
use crate::snapshot::View;
use crate::text::{Kind, date_of};
use crate::threads::State;

/// A passage that matches.
#[derive(Debug, Clone, Serialize)]
pub struct Hit {
    /// decision, action, topic, passage or meeting.
    pub kind: String,
    /// Of the action, decision or meeting; else path and line.
    pub id: String,
    /// The file.
    pub path: String,
    /// First line.
    pub line: u32,
    /// Last line.
    pub end_line: u32,
    /// The meeting's title.
    pub title: String,
    /// The headings over it, outermost first.
    pub heading_path: Vec<String>,
    /// Its series.
    pub series: String,
    /// The meeting's day.
    pub date: Option<Date>,
    /// Its words.
    pub text: String,
    /// The best stretch of them.
    pub snippet: String,
    /// Byte ranges of `snippet` that match.
    pub highlights: Vec<(usize, usize)>,
    /// The item it stands in.
    pub context: Option<String>,
    /// Of an action.
    pub state: Option<State>,
    /// Of a decision: whether it still holds.
    pub standing: Option<StandingView>,
    /// Of a decision that was `reversed`, `revised` or `questioned`.
    pub judged: Option<&'static str>,
    /// Of an action.
    pub owners: Vec<String>,
    /// BM25 with a gentle lift for what is recent.
    pub score: f32,
    /// The lines on the forge.
    pub permalink: Option<String>,
    /// In how many places the same words stand.
    pub count: usize,
    /// The first day they were written.
    pub first: Option<Date>,
    /// The last day.
    pub last: Option<Date>,
    /// The other places, of the latest two hundred; `count` tells how many there are.
    pub copies: Vec<Copy>,
}

/// Another place with the same words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Copy {
    /// The file.
    pub path: String,
    /// First line.
    pub line: u32,
    /// Last line.
    pub end_line: u32,
}

/// What is asked of each hit.
pub(super) struct Shown<'a> {
    pub(super) snapshot: &'a Snapshot,
    pub(super) scope: &'a Scope,
    pub(super) view: &'a View,
    pub(super) snippets: Option<SnippetGenerator>,
    pub(super) columns: &'a Columns,
    pub(super) paths: Paths,
}

impl Shown<'_> {
    fn place(&self, row: &Row) -> Copy {
        let place = row.place();
        Copy { path: self.paths.of(row.file()).to_string(), line: place.line, end_line: place.end_line }
    }
}

/// So many of the other places of a text are told.
pub(super) const COPIES: usize = 200;
/// So many characters are shown of a text that holds none of the words.
const OPENING: usize = 200;

/// The best stretch of a text, with "…" where something is cut off, and the bytes of it that match.
fn snipped(text: &str, snippets: Option<&SnippetGenerator>) -> (String, Vec<(usize, usize)>) {
    let found = snippets.map(|s| s.snippet(text)).filter(|s| !s.is_empty());
    let (fragment, marks) = match &found {
        Some(s) => (s.fragment(), s.highlighted()),
        None => (text.char_indices().nth(OPENING).map_or(text, |(end, _)| &text[..end]), &[][..]),
    };
    let from = text.find(fragment).unwrap_or(0);
    let to = from + fragment.len();
    // A bracket or full stop that the snippet lacks is nothing that was cut off.
    let is_cut = |cut: Option<&str>| cut.is_some_and(|cut| cut.contains(char::is_alphanumeric));
    let (first, start) =
        if is_cut(text.get(..from)) { ("…", from) } else { ("", from.min(text.len() - text.trim_start().len())) };
    let (last, end) = if is_cut(text.get(to..)) { ("…", to) } else { ("", text.trim_end().len()) };
    let shift = first.len() + from - start;
    let marks = marks.iter().map(|r| (r.start + shift, r.end + shift)).collect();
    (format!("{first}{}{last}", text.get(start..end).unwrap_or(fragment)), marks)
}

/// A group that is shown; `rows` are the places of its words, the latest first.
pub(super) fn hit(
    shown: &Shown<'_>,
    group: &Folded,
    rows: &[Row],
    decided: impl Fn(&str, &str, RangeInclusive<u32>) -> Option<Found>,
) -> tantivy::Result<Hit> {
    let Shown { snapshot, scope, view, snippets, columns, .. } = shown;
    let day = |row: &Row| row.rank.day().and_then(|d| date_of(d.into()));
    let f = &snapshot.fields;
    let read = |row: &Row| -> tantivy::Result<TantivyDocument> { snapshot.searcher.doc(row.address()) };
    let text_of = |doc: &TantivyDocument, field: Field| {
        doc.get_first(field).and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
    };
    let doc = read(&group.row)?;
    let mut copies: Vec<Copy> = rows.iter().skip(1).take(COPIES).map(|row| shown.place(row)).collect();
    copies.sort_by(|a, b| (&a.path, a.line).cmp(&(&b.path, b.line)));
    let text = text_of(&doc, f.text);
    let (snippet, highlights) = snipped(&text, snippets.as_ref());
    let Copy { path, line, end_line } = shown.place(&group.row);
    let mut kind = Kind::ALL.get(group.row.rank.kind()).map_or_else(String::new, |kind| (*kind).to_owned());
    let fact = text_of(&doc, f.fact);
    let series = group.row.series(columns).map_or("", |n| columns.series.of(n)).to_owned();
    let fact = fact.rsplit_once(':').and_then(|(path, line)| Some((path, line.parse().ok()?)));
    let fact = fact.filter(|_| kind == "action");
    let known = fact.and_then(|(path, line)| action_at(view, &series, path, line));
    if known.is_none() && fact.is_some_and(|(path, line)| is_set_aside(view, path, line)) {
        "passage".clone_into(&mut kind);
    }
    let decided = if kind == "decision" { decided(&series, &path, line..=end_line) } else { None };
    let id = match (kind.as_str(), known) {
        // The series is known: the file need not be looked for in all of them.
        ("meeting", _) => {
            let shard = snapshot.series.get(&series);
            shard.and_then(|shard| shard.meeting(&path, line)).map(|s| s.meeting.id.clone())
        }
        ("decision", _) => decided.as_ref().map(|d| d.id.clone()),
        (_, Some((_, thread))) => Some(thread.first().id.to_string()),
        _ => None,
    };
    let id = id.unwrap_or_else(|| format!("{path}#L{line}"));
    let date = day(&group.row);
    let owners = match known {
        Some((_, thread)) => thread.owners().to_vec(),
        None if kind != "action" => Vec::new(),
        None => doc
            .get_all(f.owner)
            .filter_map(|v| v.as_str())
            .filter(|o| *o != "none")
            .map(|o| view.people.canonical(o, Place { series: &series, date }))
            .collect(),
    };
    let state = known.map(|(series, thread)| view.standing(snapshot, scope, series, thread).state);
    let headings = text_of(&doc, f.headings);
    Ok(Hit {
        id,
        title: text_of(&doc, f.title),
        heading_path: headings.split(" › ").filter(|h| !h.is_empty()).map(str::to_owned).collect(),
        date,
        context: Some(text_of(&doc, f.context)).filter(|c| !c.is_empty()),
        state,
        standing: decided.as_ref().map(|d| d.standing),
        judged: decided.and_then(|d| d.judged),
        owners,
        score: group.score,
        permalink: snapshot.permalink(&path, line, end_line),
        count: rows.len(),
        first: rows.iter().filter_map(day).min(),
        last: rows.iter().filter_map(day).max(),
        copies,
        kind,
        path,
        line,
        end_line,
        series,
        text,
        snippet,
        highlights,
    })
}
