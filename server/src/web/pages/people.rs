//! People: the list, and one person with what is theirs.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use minutebook_index::graph::Kind;
use minutebook_index::identity::PersonKind;
use minutebook_index::query::Scope;
use minutebook_index::query::people::{PersonPage, people, person};

use super::away::{self, AwayParams};
use super::layout::{self, Place};
use super::{graph, ledger};
use crate::web::error::{PageError, Params, Rest};
use crate::web::{App, Common};

/// Series that the list names of a person; their page has them all.
const SERIES: usize = 5;

pub async fn list(State(app): State<App>, Params(common): Params<Common>) -> Result<Markup, PageError> {
    let (snapshot, scope) = app.asked(&common)?;
    let mut all = people(&snapshot, &scope, false);
    // Those seen last first: they are looked for most.
    all.sort_by(|a, b| b.last_seen.cmp(&a.last_seen).then_with(|| a.id.to_lowercase().cmp(&b.id.to_lowercase())));
    let (persons, teams): (Vec<_>, Vec<_>) = all.into_iter().partition(|p| p.kind == PersonKind::Person);
    let body = html! {
        h1 { "People" }
        @for (title, list) in [("People", &persons), ("Teams and companies", &teams)] {
            @if !list.is_empty() {
                @if title != "People" { h2 { (title) } }
                div.scroll {
                    table.wide.stacks {
                        thead { tr { th { "Who" } th { "Name" } th { "Series" } th { "last seen" } } }
                        tbody {
                            @for p in list {
                                tr {
                                    th scope="row" { (layout::person(&p.id)) } td { (p.name.clone().filter(|n| *n != p.id).unwrap_or_default()) }
                                    td.dim { (p.series.iter().take(SERIES).map(String::as_str).collect::<Vec<_>>().join(", ")) @if p.series.len() > SERIES { " and " (p.series.len() - SERIES) " more" } } td data-name="last seen" { (layout::ago(p.last_seen, &scope)) }
                                }
                            }
                        }
                    }
                }
            }
        }
    };
    Ok(layout::page("People", Place::People, &scope, &body))
}

/// `/people/HANDLE` and `/people/HANDLE/away`.
pub async fn one_or_away(
    State(app): State<App>,
    Rest(wanted): Rest,
    Params(params): Params<AwayParams>,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    let (snapshot, scope) = app.asked(&params.common)?;
    if let Some(wanted) = wanted.strip_suffix("/away") {
        return away::page(&snapshot, &scope, wanted, &params);
    }
    let page = person(&snapshot, &scope, &wanted)?;
    if page.person.id != wanted {
        return Ok(layout::to_its_own("people", &page.person.id, &scope).into_response());
    }
    Ok(layout::page(
        &page.person.id,
        Place::People,
        &scope,
        &body(&page, &scope, &app.by(&headers), params.q.as_deref()),
    )
    .into_response())
}

fn body(page: &PersonPage, scope: &Scope, by: &str, query: Option<&str>) -> Markup {
    let p = &page.person;
    let (recent, older) = page.closed.split_at(page.closed.len().min(12));
    html! {
        (layout::crumbs(&[("/people", "People")]))
        h1 { (p.id) @if let Some(name) = p.name.as_deref().filter(|n| *n != p.id) { " " small { (name) } } }
        (layout::words_instead(query))
        p.lead {
            @if p.kind == PersonKind::Team { "A team. " }
            "Seen from " (layout::day(p.first_seen)) " to " (layout::day(p.last_seen)) "."
            @if p.aliases.len() > 1 {
                " Also written " @for (n, a) in p.aliases.iter().filter(|a| a.as_written != p.id).take(8).enumerate() { @if n > 0 { ", " } span.alias { (a.as_written) } } "."
            }
            @if p.kind == PersonKind::Person { " " a href={ (layout::address("people", &p.id)) "/away" } { "What happened while away?" } }
        }
        div.columns {
            section {
                h2 { "To do" }
                @if page.open.is_empty() { (layout::nothing("Nothing is open.")) }
                @else if scope.is_past() { (layout::actions(&page.open, scope, true)) }
                @else { (ledger::many(&page.open, scope, by, &layout::address("people", &p.id))) }
                @if !page.perhaps.is_empty() {
                    h2 #perhaps { "Perhaps theirs" }
                    p.dim { "The owner's name is one that several people share." }
                    (layout::actions(&page.perhaps, scope, true))
                }
                @if !page.closed.is_empty() {
                    h2 { "Closed lately" }
                    (layout::actions(recent, scope, true))
                    @if !older.is_empty() { details { summary { (older.len()) " more" } (layout::actions(older, scope, true)) } }
                }
            }
            section {
                @if !page.attendance.is_empty() {
                    h2 { "Attendance" }
                    table { tbody { @for a in &page.attendance { tr { td { a href=(layout::address("series", &a.series)) { (a.series) } } td.number { (a.attended) " of " (a.meetings) } td { "last " (layout::day(a.last)) } } } } }
                }
                @if !page.topics.is_empty() {
                    h2 { "Topics" }
                    ul { @for t in &page.topics { li { a href={ "/search?q=" (minutebook_index::forge::encoded(&format!("\"{}\"", t.title.replace('"', " ")))) } { (t.title) } @if t.meetings > 1 { " " span.dim { (layout::times(t.meetings)) } } } } }
                }
                @if !page.works_with.is_empty() {
                    h2 { "Meets with" }
                    p.people { @for w in &page.works_with { (layout::person(&w.id)) " " span.dim { (w.meetings) } " " } }
                }
                @if !page.meetings.is_empty() { h2 { "Latest meetings" } (layout::meetings(&page.meetings, true)) }
                p { (graph::link(if p.kind == PersonKind::Team { Kind::Team } else { Kind::Person }, &p.id)) " · " a href={ "/search?q=" (minutebook_index::forge::encoded(&format!("person:\"{}\"", p.id))) } { "All passages that name " (p.id) } }
            }
        }
    }
}
