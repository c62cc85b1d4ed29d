//! Why something on a line of minutes counts as a fact, or does not.

use axum::extract::State;
use maud::{Markup, html};
use minutebook_index::forge::encoded;
use minutebook_index::query::Scope;
use minutebook_index::query::explain::by_place;
use minutebook_ingest::explain::{Explained, Fact, Refused, line_range};
use serde::Deserialize;

use super::layout::{self, Place};
use crate::web::error::{PageError, Params};
use crate::web::{App, Common};

/// Which lines of which file.
#[derive(Debug, Default, Deserialize)]
pub struct ExplainParams {
    /// The file's path in the book.
    #[serde(default)]
    pub path: String,
    /// A line of it, or `12-20`; the whole file without.
    pub line: Option<String>,
    /// Answer as on that day, or as of that commit.
    #[serde(flatten)]
    pub common: Common,
}

impl ExplainParams {
    /// What may be seen, and the statements that they mean.
    pub fn ask(&self, app: &App) -> Result<(Scope, Vec<Explained>), PageError> {
        let wrong = || PageError::bad_request("line: write it as 12, or as 12-20");
        let lines = match self.line.as_deref().map(str::trim).filter(|l| !l.is_empty()) {
            None => None,
            Some(text) => Some(line_range(text).ok_or_else(wrong)?),
        };
        if self.path.is_empty() {
            return Err(PageError::bad_request("path: name a file of the book, as in /explain?path=…&line=12"));
        }
        let (snapshot, scope) = app.asked(&self.common)?;
        let all = by_place(&snapshot, &scope, &self.path, lines)?;
        Ok((scope, all))
    }
}

/// The address that explains a line.
pub fn address(path: &str, line: u32) -> String {
    format!("/explain?path={}&line={line}", encoded(path))
}

pub async fn page(State(app): State<App>, Params(params): Params<ExplainParams>) -> Result<Markup, PageError> {
    let (scope, all) = params.ask(&app)?;
    let whole = all.len() > 1;
    let line = all.first().map_or(1, |e| e.line);
    let body = html! {
        (layout::crumbs(&[("/series", "Series"), (&layout::line_address(&params.path, line), &params.path)]))
        h1 { "Why, and why not" }
        p.dim { "Which convention found a fact, by which words, or why none did. Conventions are changed in minutebook.toml, by the lists in brackets." }
        @for e in &all { (statement(e, whole)) }
        @if all.is_empty() { (layout::nothing("Nothing is written there.")) }
    };
    Ok(layout::page(&format!("Why: {}", params.path), Place::Series, &scope, &body))
}

fn statement(e: &Explained, whole: bool) -> Markup {
    let near: Vec<&Refused> = e.refused.iter().filter(|r| r.close || !whole).collect();
    let plain = whole && e.facts.iter().any(|f| ["participant", "role", "topic"].contains(&f.kind));
    html! {
        h2 { a href=(layout::line_address(&e.path, e.line)) { "Line " (e.line) @if e.end_line > e.line { "–" (e.end_line) } } }
        blockquote { (e.text.trim()) }
        dl.facts {
            dt { "What it is" } dd { (e.block) @if let Some(over) = &e.under { ", under “" (over.text) "” on line " (over.line) } @if !e.headings.is_empty() { ", in " (e.headings.join(" › ")) } }
            @if let Some(s) = &e.section {
                dt { "Section" }
                dd { (s.name) @if let (Some(heading), Some(line)) = (&s.heading, s.line) { ": “" (heading) "” on line " (line) } @if let (Some(word), Some(list)) = (&s.words, s.list) { " (" (word) ", of " code { (list) } ")" } }
            }
            @for over in &e.part_of { dt { "Part of" } dd { "the action on line " (over.line) ": " (over.text) } }
            @for f in &e.facts { (fact(f)) }
            @if !plain {
                @for r in &near { dt.dim { (r.convention) } dd class=[(!r.close).then_some("dim")] { (r.why) (lists(r.lists)) } }
                @if whole && near.is_empty() && !e.refused.is_empty() { dt { "No action" } dd.dim { "nothing in it looks like an action or a decision" } }
            }
        }
    }
}

fn fact(f: &Fact) -> Markup {
    html! {
        dt { strong { (f.kind) } }
        dd {
            (f.text)
            div { (f.convention) @if let Some(words) = &f.words { ": " mark { (words) } } (lists(f.lists)) }
            @if f.kind == "action" { div { "owner: " @if f.owners.is_empty() { "nobody is named" } @else { (f.owners.join(", ")) } } }
            @for why in &f.why { div { (why) } }
        }
    }
}

fn lists(lists: &[&str]) -> Markup {
    html! { @if !lists.is_empty() { span.dim { " [" (lists.join(", ")) "]" } } }
}
