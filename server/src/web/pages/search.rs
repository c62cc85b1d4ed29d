//! Search: hits, facets, and help where nothing is found.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use minutebook_index::forge::encoded;
use minutebook_index::query::direct::{Direct, direct};
use minutebook_index::query::language::{self, Sort, Without};
use minutebook_index::query::search::{Count, Hit, SearchError, SearchResult, search};
use minutebook_index::query::{NotFound, Scope};

use super::charts;
use super::layout::{self, Place};
use crate::web::App;
use crate::web::api::SearchParams;
use crate::web::error::{PageError, Params};

const PAGE: usize = 20;

/// A query as the page asks it.
struct Asked<'a> {
    text: &'a str,
    scope: &'a Scope,
    /// What it leads to unless its words are asked for.
    meant: Option<Direct>,
    offset: usize,
}

impl Asked<'_> {
    /// The address of another query.
    fn address(&self, text: &str) -> String {
        format!("/search?q={}", encoded(text.trim()))
    }

    /// The address of this one from another hit on.
    fn from(&self, offset: usize) -> String {
        let words = if self.meant.is_some() { "&words=1" } else { "" };
        format!("{}{words}&offset={offset}", self.address(self.text))
    }

    /// The query with another word in the place of one.
    fn instead(&self, word: &str, other: &str) -> String {
        let in_quotes = format!("\"{word}\"");
        let written = if self.text.contains(&in_quotes) { &in_quotes } else { word };
        self.address(&self.text.replacen(written, &language::quoted(other), 1))
    }
}

pub async fn page(State(app): State<App>, Params(params): Params<SearchParams>) -> Result<Response, PageError> {
    let (snapshot, scope) = app.asked(&params.common)?;
    let text = params.q.trim();
    let mut asked = Asked { text, scope: &scope, meant: None, offset: params.offset };
    let (status, body) = match language::parse(text, scope.today) {
        Err(error) => (StatusCode::BAD_REQUEST, html! { (layout::not_understood(&error, text)) (help()) }),
        Ok(query) if query.is_empty() => (StatusCode::OK, nothing_asked(text)),
        Ok(query) => {
            asked.meant = direct(&snapshot, &scope, &query);
            match &asked.meant {
                Some(Direct::Issue(id)) if params.words.is_none() => {
                    return Ok(layout::to_what_is_meant("issues", id, text, &scope).into_response());
                }
                Some(Direct::Person(id)) if params.words.is_none() => {
                    return Ok(layout::to_what_is_meant("people", id, text, &scope).into_response());
                }
                _ => {}
            }
            match search(&snapshot, &scope, &query, params.offset, PAGE) {
                Ok(found) => (StatusCode::OK, results(&asked, query.sort, &found)),
                Err(SearchError::Unknown(unknown)) => (StatusCode::NOT_FOUND, not_there(&asked, &unknown)),
                Err(error) => return Err(error.into()),
            }
        }
    };
    let title = if text.is_empty() { "Search".to_owned() } else { text.to_owned() };
    let body = html! {
        h1.hidden { "Search" @if !text.is_empty() { ": " (text) } }
        form.find.big action="/search" role="search" {
            (layout::search_box("Search the minutes", text, "Search the minutes", text.is_empty()))
            button type="submit" { "Search" }
        }
        @if status == StatusCode::OK && !text.is_empty() { (layout::qualifiers()) }
        div #found { (body) }
        script type="module" src="/static/search.js" {}
    };
    Ok((status, layout::page_with_query(&title, Place::Search, &scope, text, &body)).into_response())
}

/// What is said of a query that asks nothing yet, such as `owner:`.
fn nothing_asked(text: &str) -> Markup {
    html! {
        @if !text.is_empty() {
            p.count role="status" { "Nothing is asked yet: " code { (text) } " lacks a word or a value." }
        }
        @if text.is_empty() { (help()) }
    }
}

/// A qualifier names what is not there: that is no empty answer.
fn not_there(asked: &Asked<'_>, unknown: &NotFound) -> Markup {
    html! {
        div.error role="alert" {
            p { "There is no " (unknown.what) " " mark { (unknown.wanted) } ". "
                @if !unknown.nearest.is_empty() {
                    "Did you mean " (listed(unknown.nearest.iter().map(|n| (asked.instead(&unknown.wanted, n), n.as_str())))) "?"
                }
            }
        }
    }
}

/// Links, with commas between them.
fn listed<'a>(links: impl Iterator<Item = (String, &'a str)>) -> Markup {
    html! { @for (n, (address, text)) in links.enumerate() { @if n > 0 { ", " } a href=(address) { (text) } } }
}

fn results(asked: &Asked<'_>, sort: Option<Sort>, found: &SearchResult) -> Markup {
    let Asked { text, scope, offset, .. } = *asked;
    // Each missing word is told with its own.
    let others = found.suggestions.iter().filter(|s| found.missing.iter().all(|m| m.nearest.as_ref() != Some(s)));
    let others: Vec<&String> = others.collect();
    html! {
        div.results {
            section aria-label="Results" {
                @match &asked.meant {
                    Some(Direct::Issue(id)) => p.hint { "There is a page of the issue " (layout::issue(id)) "." },
                    Some(Direct::Person(id)) => p.hint { "There is a page of " (layout::person(id)) "." },
                    None => {},
                }
                (chips(asked))
                div.over {
                    p.count role="status" {
                        @match found.total {
                            0 => "Nothing found.",
                            1 => "1 passage",
                            n => { (n) " passages" }
                        }
                        @if offset > 0 { ", from number " (offset.saturating_add(1)) }
                        (layout::told_as_of(scope))
                        " · " a href={ "/who?q=" (encoded(text)) } { "Who knows about this?" }
                    }
                    @if found.total > 1 { (order(asked, sort)) }
                }
                @for m in &found.missing {
                    p.missing { mark { (m.word) } " stands nowhere. "
                        @if let Some(near) = &m.nearest { "Did you mean " (listed(std::iter::once((asked.instead(&m.word, near), near.as_str())))) "?" }
                    }
                }
                @if found.total == 0 {
                    @if !others.is_empty() {
                        p { "Did you mean " (listed(others.iter().map(|s| (asked.address(s), s.as_str())))) "?" }
                    }
                    @for w in &found.without {
                        @let told = other_kinds(text, w).unwrap_or_else(|| language::told_without(text, w));
                        p.hint { a href=(asked.address(&w.qualifiers.iter().fold(text.to_owned(), |q, name| language::without(&q, name, None)))) { (told) } }
                    }
                    p { "Try fewer or other words, or the beginning of one: " code { "berth*" } "." }
                }
                (over_time(asked, &found.facets.month))
                ol.hits start=(offset.saturating_add(1)) { @for h in &found.hits { (hit(h)) } }
                nav.pages aria-label="Pages of results" {
                    @if offset > 0 { a href=(asked.from(offset.saturating_sub(PAGE))) rel="prev" { "Earlier results" } }
                    @if offset.saturating_add(PAGE) < found.total { a href=(asked.from(offset.saturating_add(PAGE))) rel="next" { "More results" } }
                }
            }
            aside.facets aria-label="Narrow down" data-facets {
                (facet(asked, "kind", "Kind", &found.facets.kind))
                (facet(asked, "series", "Series", &found.facets.series))
                (facet(asked, "on", "Year", &found.facets.year))
                (facet(asked, "person", "People", &found.facets.person))
            }
        }
    }
}

/// The qualifiers of the query; each is taken away by a click.
fn chips(asked: &Asked<'_>) -> Markup {
    let typed = language::each_without(asked.text);
    html! {
        @if !typed.is_empty() {
            ul.chips aria-label="Narrowed down to" {
                @for (qualifier, left) in &typed {
                    li { a.chip href=(asked.address(left)) aria-label={ "without " (qualifier) } { (qualifier) " " span aria-hidden="true" { "×" } } }
                }
            }
        }
    }
}

/// Nothing of the kind that was asked for, but of others: "No decision about it, but 3 passages talk of it".
fn other_kinds(text: &str, without: &Without) -> Option<String> {
    let [name] = without.qualifiers[..] else { return None };
    let kinds: Vec<&str> = language::places(text, name, None).into_iter().map(|at| &text[at]).collect();
    let [kind] = kinds[..] else { return None };
    let kind = kind.strip_prefix("kind:")?;
    let others =
        if without.total == 1 { "1 passage talks".to_owned() } else { format!("{} passages talk", without.total) };
    Some(format!("No {kind} about it, but {others} of it"))
}

/// So many bars at most; more months are shown as years.
const MOST: usize = 60;

/// When it was said; each bar narrows the query down to its time, and a script lets a stretch be drawn.
fn over_time(asked: &Asked<'_>, months: &[Count]) -> Markup {
    let counts = stretch(months);
    let narrowed =
        ["on", "after", "before"].iter().fold(asked.text.to_owned(), |q, name| language::without(&q, name, None));
    let (Some(first), Some(last)) = (counts.first(), counts.last()) else { return Markup::default() };
    html! {
        @if counts.len() > 1 {
            div.when-found data-query=(narrowed) {
                (charts::over_time(&counts, |when| asked.address(&format!("{narrowed} on:{when}"))))
                p.span { span { (first.value) } @if narrowed.trim() != asked.text { a href=(asked.address(&narrowed)) { "all times" } } span { (last.value) } }
            }
        }
    }
}

/// The months from the first to the last, those without any too; years where there are many.
fn stretch(months: &[Count]) -> Vec<Count> {
    let number = |c: &Count| -> Option<i32> {
        let (year, month) = c.value.split_once('-')?;
        Some(year.parse::<i32>().ok()? * 12 + month.parse::<i32>().ok()? - 1)
    };
    let known: BTreeMap<i32, usize> = months.iter().filter_map(|c| Some((number(c)?, c.count))).collect();
    let mut years: BTreeMap<i32, usize> = BTreeMap::new();
    for (at, count) in &known {
        *years.entry(at.div_euclid(12)).or_default() += count;
    }
    let month = |at: i32| format!("{:04}-{:02}", at.div_euclid(12), at.rem_euclid(12) + 1);
    let year = |at: i32| format!("{at:04}");
    // A wrong date far away would make a stretch of centuries: then the years that there are.
    let named = |(at, count): (&i32, &usize)| Count { value: year(*at), count: *count };
    gapless(&known, month).or_else(|| gapless(&years, year)).unwrap_or_else(|| years.iter().map(named).collect())
}

/// All from the first to the last; nothing where that would be too many.
fn gapless(known: &BTreeMap<i32, usize>, value: impl Fn(i32) -> String) -> Option<Vec<Count>> {
    let (Some((&first, _)), Some((&last, _))) = (known.first_key_value(), known.last_key_value()) else {
        return Some(Vec::new());
    };
    let few = usize::try_from(last - first).is_ok_and(|many| many < MOST);
    few.then(|| {
        (first..=last).map(|at| Count { value: value(at), count: known.get(&at).copied().unwrap_or(0) }).collect()
    })
}

/// What comes first, and the same query in the other order.
fn order(asked: &Asked<'_>, sort: Option<Sort>) -> Markup {
    let without = language::without(asked.text, "sort", None);
    let (best, latest) = (asked.address(&without), asked.address(&format!("{without} sort:date")));
    let by_date = sort == Some(Sort::Date);
    html! {
        nav.order aria-label="Order" {
            a href=(best) aria-current=[(!by_date).then_some("true")] { "Best first" }
            a href=(latest) aria-current=[by_date.then_some("true")] { "Latest first" }
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

fn facet(asked: &Asked<'_>, qualifier: &str, title: &str, counts: &[Count]) -> Markup {
    let (open, text) = (counts.len() <= 12, asked.text);
    html! {
        @if !counts.is_empty() {
            details open[open] {
                summary { (title) }
                ul {
                    @for c in counts {
                        @let chosen = format!("{qualifier}:{}", language::quoted(&c.value));
                        li {
                            @if language::places(text, qualifier, Some(&c.value)).is_empty() {
                                a href=(asked.address(&format!("{text} {chosen}"))) { (c.value) }
                            } @else {
                                a.chosen href=(asked.address(&language::without(text, qualifier, Some(&c.value)))) aria-label={ "without " (chosen) } { (c.value) " ×" }
                            }
                            " " span.number { (c.count) }
                        }
                    }
                }
            }
        }
    }
}

fn help() -> Markup {
    html! {
        section.help {
            h2 { "How to ask" }
            (layout::query_language())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(all: &[(&str, usize)]) -> Vec<Count> {
        all.iter().map(|(value, count)| Count { value: (*value).to_owned(), count: *count }).collect()
    }

    #[test]
    fn months_between_are_shown_and_many_become_years() {
        assert_eq!(
            stretch(&of(&[("2025-11", 2), ("2026-02", 1)])),
            of(&[("2025-11", 2), ("2025-12", 0), ("2026-01", 0), ("2026-02", 1)])
        );
        assert_eq!(stretch(&of(&[("2019-11", 2), ("2019-12", 1), ("2026-02", 1)])).first(), of(&[("2019", 3)]).first());
        // A date in a far century makes no thousand bars.
        assert_eq!(stretch(&of(&[("2026-02", 1), ("2206-04", 1)])), of(&[("2026", 1), ("2206", 1)]));
        assert!(stretch(&[]).is_empty());
    }
}
