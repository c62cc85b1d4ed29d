//! A hit as it is shown: the passage, what is known of its action or decision, and the other places of its words.

use std::collections::HashMap;

use jiff::civil::Date;
use serde::Serialize;
use tantivy::TantivyDocument;
use tantivy::schema::{Field, Value};
use tantivy::snippet::SnippetGenerator;

use super::gather::{Folded, Row};
use crate::Snapshot;
use crate::identity::Place;
use crate::query::Scope;
use crate::query::decisions::{Found, StandingView};
use crate::snapshot::View;
use crate::text::date_of;
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
    /// The other places.
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
/// Whether the ledger says that the action at `path:line` is none.
fn is_set_aside(view: &View, fact: &str) -> bool {
    let mut mentions = view.set_aside.iter().flat_map(|(_, t)| &t.mentions);
    mentions.any(|m| fact.strip_prefix(m.path.as_str()).is_some_and(|line| line == format!(":{}", m.line)))
}

/// State, id and owners of each mention, by `path:line`.
pub(super) fn action_states(
    snapshot: &Snapshot,
    scope: &Scope,
    view: &View,
) -> HashMap<String, (State, String, Vec<String>)> {
    let mut out = HashMap::new();
    for (series, threads) in &view.threads {
        let held = view.held.get(series).map_or(&[][..], Vec::as_slice);
        for thread in threads {
            let state = thread.standing(scope.today, snapshot.conventions.stale, held).state;
            for m in &thread.mentions {
                out.insert(
                    format!("{}:{}", m.path, m.line),
                    (state, thread.first().id.clone(), thread.owners().to_vec()),
                );
            }
        }
    }
    out
}

pub(super) fn hit(
    snapshot: &Snapshot,
    group: &Folded,
    snippets: Option<&SnippetGenerator>,
    states: &HashMap<String, (State, String, Vec<String>)>,
    view: &View,
    decided: impl Fn(&str, u32, u32) -> Option<Found>,
) -> tantivy::Result<Hit> {
    let f = &snapshot.fields;
    let read = |row: &Row| -> tantivy::Result<TantivyDocument> { snapshot.searcher.doc(row.address) };
    let text_of = |doc: &TantivyDocument, field: Field| {
        doc.get_first(field).and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
    };
    let number = |doc: &TantivyDocument, field: Field| {
        doc.get_first(field).and_then(|v| v.as_u64()).and_then(|n| u32::try_from(n).ok()).unwrap_or(1)
    };
    let doc = read(&group.rows[0])?;
    let mut copies: Vec<Copy> = Vec::new();
    for row in group.rows[1..].iter().take(200) {
        let copy = read(row)?;
        copies.push(Copy {
            path: text_of(&copy, f.path),
            line: number(&copy, f.line),
            end_line: number(&copy, f.end_line),
        });
    }
    copies.sort_by(|a, b| (&a.path, a.line).cmp(&(&b.path, b.line)));
    let text = text_of(&doc, f.text);
    let (snippet, highlights) = match snippets.map(|s| s.snippet(&text)) {
        Some(s) if !s.is_empty() => {
            (s.fragment().to_owned(), s.highlighted().iter().map(|r| (r.start, r.end)).collect())
        }
        _ => (text.chars().take(200).collect(), Vec::new()),
    };
    let (path, line, end_line) = (text_of(&doc, f.path), number(&doc, f.line), number(&doc, f.end_line));
    let mut kind = text_of(&doc, f.kind);
    let fact = text_of(&doc, f.fact);
    if kind == "action" && !states.contains_key(&fact) && is_set_aside(view, &fact) {
        "passage".clone_into(&mut kind);
    }
    let known = states.get(&fact);
    let known = known.filter(|_| kind == "action");
    let decided = if kind == "decision" { decided(&path, line, end_line) } else { None };
    let id = match (kind.as_str(), known) {
        ("meeting", _) => snapshot.meeting(&path, line).map(|s| s.meeting.id.clone()),
        ("decision", _) => decided.as_ref().map(|d| d.id.clone()),
        (_, Some((_, id, _))) => Some(id.clone()),
        _ => None,
    };
    let id = id.unwrap_or_else(|| format!("{path}#L{line}"));
    let series = text_of(&doc, f.series);
    let date = snapshot.meeting(&path, line).and_then(|s| s.meeting.date);
    let owners = match known {
        Some((_, _, owners)) => owners.clone(),
        None if kind != "action" => Vec::new(),
        None => doc
            .get_all(f.owner)
            .filter_map(|v| v.as_str())
            .filter(|o| *o != "none")
            .map(|o| view.people.canonical(o, Place { series: &series, date }))
            .collect(),
    };
    let days = || group.rows.iter().filter_map(|r| r.day);
    let headings = text_of(&doc, f.headings);
    Ok(Hit {
        id,
        title: text_of(&doc, f.title),
        heading_path: headings.split(" › ").filter(|h| !h.is_empty()).map(str::to_owned).collect(),
        date: group.rows[0].day.and_then(date_of),
        context: Some(text_of(&doc, f.context)).filter(|c| !c.is_empty()),
        state: known.map(|k| k.0),
        standing: decided.as_ref().map(|d| d.standing),
        judged: decided.and_then(|d| d.judged),
        owners,
        score: group.score(),
        permalink: snapshot.permalink(&path, line, end_line),
        count: group.rows.len(),
        first: days().min().and_then(date_of),
        last: days().max().and_then(date_of),
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
