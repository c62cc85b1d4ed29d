//! Search: hits, facets, and help where nothing is found.

use axum::extract::State;
use axum::http::StatusCode;
use maud::{Markup, html};
use minutebook_index::forge::encoded;
use minutebook_index::query::search::{Count, Hit, SearchResult, search};
use minutebook_index::query::{Scope, language};

use super::layout::{self, Place};
use crate::web::App;
use crate::web::api::SearchParams;
use crate::web::error::{PageError, Params};

const PAGE: usize = 20;

pub async fn page(
    State(app): State<App>,
    Params(params): Params<SearchParams>,
) -> Result<(StatusCode, Markup), PageError> {
    let (snapshot, scope) = app.asked(&params.common)?;
    let text = params.q.trim();
    let (found, wrong) = match language::parse(text, scope.today) {
        _ if text.is_empty() => (None, None),
        Ok(query) => (Some(search(&snapshot, &scope, &query, params.offset, PAGE)?), None),
        Err(error) => (None, Some(error)),
    };
    let status = if wrong.is_some() { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    let title = if text.is_empty() { "Search".to_owned() } else { text.to_owned() };
    let body = html! {
        form.find.big action="/search" role="search" {
            label.hidden for="q" { "Search the minutes" }
            input #q type="search" name="q" value=(text) placeholder="Search the minutes" autocomplete="off" spellcheck="false" autofocus[text.is_empty()];
            (layout::as_of_field(&scope))
            button type="submit" { "Search" }
        }
        @if let Some(error) = wrong {
            div.error role="alert" {
                p { "The query could not be understood: " (error.message) "." }
                pre { (error.shown(text)) }
            }
        }
        @match &found {
            Some(found) => (results(&scope, text, found, params.offset)),
            None => (help(&scope)),
        }
    };
    Ok((status, layout::page_with_query(&title, Place::Search, text, &body)))
}

fn results(scope: &Scope, text: &str, found: &SearchResult, offset: usize) -> Markup {
    html! {
        div.results {
            section aria-label="Results" {
                p.count role="status" {
                    @match found.total {
                        0 => "Nothing found.",
                        1 => "1 passage",
                        n => { (n) " passages" }
                    }
                    @if offset > 0 { ", from number " (offset.saturating_add(1)) }
                    " · " a href={ "/who?q=" (encoded(text)) (layout::as_of(scope)) } { "Who knows about this?" }
                }
                @if found.total == 0 {
                    @if !found.suggestions.is_empty() {
                        p { "Did you mean " @for (n, s) in found.suggestions.iter().enumerate() { @if n > 0 { ", " } a href=(ask(s, scope)) { (s) } } "?" }
                    }
                    p { "Try fewer or other words, or the beginning of one: " code { "berth*" } "." }
                }
                ol.hits start=(offset.saturating_add(1)) { @for h in &found.hits { (hit(h)) } }
                nav.pages aria-label="Pages of results" {
                    @if offset > 0 { a href={ (ask(text, scope)) "&offset=" (offset.saturating_sub(PAGE)) } rel="prev" { "Earlier results" } }
                    @if offset.saturating_add(PAGE) < found.total { a href={ (ask(text, scope)) "&offset=" (offset.saturating_add(PAGE)) } rel="next" { "More results" } }
                }
            }
            aside.facets aria-label="Narrow down" {
                (facet(scope, text, "kind", "Kind", &found.facets.kind))
                (facet(scope, text, "series", "Series", &found.facets.series))
                (facet(scope, text, "on", "Year", &found.facets.year))
                (facet(scope, text, "person", "People", &found.facets.person))
            }
        }
    }
}

fn hit(h: &Hit) -> Markup {
    html! {
        li class={ "hit " (h.kind) } {
            div.where_ {
                span class={ "kind " (h.kind) } { (h.kind) }
                @if let Some(s) = h.state { " " (layout::state(s)) }
                @if let (Some(s), Some(judged)) = (h.standing, h.judged) { " " (layout::standing(s, Some(judged))) }
                " " a href=(layout::address("series", &h.series)) { (h.series) }
                " · " (layout::day(h.date))
                @let path = heads(h);
                @if !path.is_empty() { " · " span.path { (path) } }
            }
            a.what href=(layout::line_address(&h.path, h.line)) { (marked(h)) }
            @if let Some(context) = &h.context { div.context { "in: " (context) } }
            div.about {
                @if !h.owners.is_empty() { (layout::owners(&h.owners)) " · " }
                @if h.count > 1 {
                    "said " (layout::times(h.count))
                    @if let (Some(a), Some(z)) = (h.first, h.last) { @if a != z { ", first " (a) ", last " (z) } }
                    " · "
                }
                span.source { (h.path) ":" (h.line) }
                @if let Some(link) = &h.permalink { " · " a href=(link) rel="noopener" { "on the forge" } }
            }
        }
    }
}

/// The headings over a hit, without those that only repeat its day.
fn heads(h: &Hit) -> String {
    let day = h.date.map(|d| d.to_string()).unwrap_or_default();
    h.heading_path.iter().filter(|p| p.trim() != day).cloned().collect::<Vec<_>>().join(" › ")
}

/// The snippet with its words marked.
fn marked(h: &Hit) -> Markup {
    let mut parts: Vec<(bool, &str)> = Vec::new();
    let mut at = 0;
    for &(start, end) in &h.highlights {
        parts.push((false, h.snippet.get(at..start).unwrap_or_default()));
        parts.push((true, h.snippet.get(start..end).unwrap_or_default()));
        at = end;
    }
    parts.push((false, h.snippet.get(at..).unwrap_or_default()));
    html! { @for (is_mark, part) in parts { @if is_mark { mark { (part) } } @else { (part) } } }
}

fn facet(scope: &Scope, text: &str, qualifier: &str, title: &str, counts: &[Count]) -> Markup {
    let open = counts.len() <= 12;
    html! {
        @if !counts.is_empty() {
            details open[open] {
                summary { (title) }
                ul {
                    @for c in counts {
                        @let value = if c.value.contains(' ') { format!("\"{}\"", c.value) } else { c.value.clone() };
                        @let chosen = format!("{qualifier}:{value}");
                        @let has = text.split_whitespace().any(|w| w == chosen);
                        li {
                            @if has {
                                a.chosen href=(ask(&text.replace(&chosen, ""), scope)) aria-label={ "without " (chosen) } { (c.value) " ×" }
                            } @else {
                                a href=(ask(&format!("{text} {chosen}"), scope)) { (c.value) }
                            }
                            " " span.number { (c.count) }
                        }
                    }
                }
            }
        }
    }
}

fn ask(text: &str, scope: &Scope) -> String {
    format!("/search?q={}{}", encoded(text.trim()), layout::as_of(scope))
}

fn help(scope: &Scope) -> Markup {
    let rows = [
        ("tide cache", "passages with these words; of many words some, the more the better"),
        ("\"tide cache\"", "the words in this order"),
        ("tide -postgres", "not with that word"),
        ("tide OR water", "one or the other"),
        ("berth*", "words that begin so"),
        ("kind:decision", "decision, action, topic, passage or meeting"),
        ("owner:mira state:open", "what somebody has promised; owner:none for what nobody owns"),
        ("series:platform", "in one series"),
        ("ref:standards#12", "what points to an issue"),
        ("after:2026-03 before:-3m", "by date; -3m is three months ago"),
    ];
    html! {
        section.help {
            h2 { "How to ask" }
            table { tbody { @for (query, meaning) in rows { tr { td { a href=(ask(query, scope)) { code { (query) } } } td { (meaning) } } } } }
        }
    }
}
