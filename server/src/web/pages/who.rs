//! Who knows about something.

use axum::extract::State;
use axum::http::StatusCode;
use maud::{Markup, html};
use minutebook_index::forge::encoded;
use minutebook_index::query::who::{Knows, WhoView, who};
use minutebook_index::query::{Scope, language};

use super::layout::{self, Place};
use crate::web::App;
use crate::web::api::SearchParams;
use crate::web::error::{PageError, Params};

/// People shown at once.
const SHOWN: usize = 10;

pub async fn page(
    State(app): State<App>,
    Params(params): Params<SearchParams>,
) -> Result<(StatusCode, Markup), PageError> {
    let (snapshot, scope) = app.asked(&params.common)?;
    let text = params.q.trim();
    let (found, wrong) = match language::parse(text, scope.today) {
        _ if text.is_empty() => (None, None),
        Ok(query) => (Some(who(&snapshot, &scope, &query)?), None),
        Err(error) => (None, Some(error)),
    };
    let status = if wrong.is_some() { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    let body = html! {
        (layout::crumbs(&[("/", "First page")]))
        h1 { "Who knows about this?" }
        form.find.big action="/who" role="search" {
            (layout::search_box("What about", text, "What about", text.is_empty()))
            button type="submit" { "Who?" }
        }
        @if let Some(error) = &wrong { (layout::not_understood(error, text)) }
        @match &found {
            Some(found) => (answer(&scope, text, found)),
            None => p.dim { "Words and qualifiers as in " a href="/search" { "search" } ". Owning an action, being named in a decision and bringing up a topic weigh most; sitting in a meeting about it very little." },
        }
    };
    Ok((status, layout::page_with_query("Who knows about this?", Place::Search, &scope, text, &body)))
}

fn answer(scope: &Scope, text: &str, found: &WhoView) -> Markup {
    let search = |q: &str| format!("/search?q={}", encoded(q));
    let (first, rest) = found.people.split_at(found.people.len().min(SHOWN));
    html! {
        p.count role="status" {
            (layout::times_of(found.people.len(), "name")) ", from "
            @if found.considered < found.total { "the best " (found.considered) " of " }
            a href=(search(text)) { (layout::times_of(found.total, "passage")) } (layout::told_as_of(scope))
        }
        @if found.total == 0 && !found.suggestions.is_empty() {
            p { "Did you mean " @for (n, s) in found.suggestions.iter().enumerate() { @if n > 0 { ", " } a href={ "/who?q=" (encoded(s)) } { (s) } } "?" }
        }
        @if found.people.is_empty() { (layout::nothing("Nobody is named with it.")) }
        ol.hits { @for p in first { (knows(p, &search(&format!("{text} person:\"{}\"", p.id)))) } }
        @if !rest.is_empty() {
            details { summary { (rest.len()) " more" } ul { @for p in rest { li { (layout::person(&p.id)) " " span.dim { (p.reason) } } } } }
        }
    }
}

fn knows(p: &Knows, all: &str) -> Markup {
    html! {
        li.hit {
            div.what { (layout::person(&p.id)) @if let Some(name) = &p.name { " " span.dim { (name) } } }
            div.about { (p.reason) @if p.last.is_some() { " · last " (layout::day(p.last)) } " · " a href=(all) { "all passages" } }
            ul { @for place in &p.places { li {
                a.source href=(layout::line_address(&place.path, place.line)) { (layout::day(place.date)) " " (place.series) } " " (place.text)
            } } }
        }
    }
}
