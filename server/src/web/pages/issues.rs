//! Issues: those most talked about, and the life of one through the meetings.

use axum::extract::State;
use maud::{Markup, html};
use minutebook_index::query::issues::{issue, issues};

use super::layout::{self, Place};
use crate::web::error::{PageError, Params, Rest};
use crate::web::{App, Common};

pub async fn list(State(app): State<App>, Params(common): Params<Common>) -> Result<Markup, PageError> {
    let (snapshot, scope) = app.asked(&common)?;
    let all = issues(&snapshot, &scope);
    let (shown, rest) = all.split_at(all.len().min(200));
    let body = html! {
        h1 { "Issues" }
        p.lead { (all.len()) " issues, requests and reviews are named in the minutes." @if !rest.is_empty() { " These are the 200 named most; search finds the others: " code { "ref:owner/repo#12" } "." } }
        div.scroll {
            table.wide {
                thead { tr { th { "Issue" } th.number { "named" } th { "first" } th { "last" } } }
                tbody { @for i in shown { tr { td { (layout::issue(&i.target)) } td.number { (i.count) } td { (layout::day(i.first)) } td { (layout::day(i.last)) } } } }
            }
        }
    };
    Ok(layout::page("Issues", Place::Issues, &body))
}

pub async fn one(
    State(app): State<App>,
    Rest(target): Rest,
    Params(common): Params<Common>,
) -> Result<Markup, PageError> {
    let (snapshot, scope) = app.asked(&common)?;
    let i = issue(&snapshot, &scope, &target)?;
    let body = html! {
        p.crumbs { a href="/issues" { "Issues" } }
        h1 { (i.target) }
        p.lead { "Named " (layout::times(i.count)) ", from " (layout::day(i.first)) " to " (layout::day(i.last)) "." @if let Some(url) = &i.url { " " a href=(url) rel="noopener" { "On the forge" } } }
        @if !i.decisions.is_empty() {
            h2 { "What was decided about it" }
            (layout::decisions(&i.decisions, true))
            h2 { "Where it came up" }
        }
        ol.timeline {
            @for m in &i.mentions {
                li { div.where_ { (layout::day(m.date)) " " a href=(layout::address("series", &m.series)) { (m.series) } @if let Some(t) = &m.topic { " · " (t) } } div.about { a.source href=(layout::line_address(&m.path, m.line)) { (m.path) ":" (m.line) } " · " (m.as_written) } }
            }
        }
    };
    Ok(layout::page(&i.target, Place::Issues, &body))
}
