//! Issues: those most talked about, and the life of one through the meetings.

use axum::extract::State;
use maud::{Markup, html};
use minutebook_index::graph::Kind;
use minutebook_index::query::issues::{LifeEvent, LifeKind, issue, issues};
use minutebook_index::threads::Event;
use serde::Deserialize;

use super::graph;
use super::layout::{self, Place};
use crate::web::error::{PageError, Params, Rest};
use crate::web::{App, Common};

/// What led here.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    /// The query that names this issue.
    pub q: Option<String>,
    /// Answer as on that day, or as of that commit.
    #[serde(flatten)]
    pub common: Common,
}

pub async fn list(State(app): State<App>, Params(common): Params<Common>) -> Result<Markup, PageError> {
    let (snapshot, scope) = app.asked(&common)?;
    let all = issues(&snapshot, &scope);
    let (shown, rest) = all.split_at(all.len().min(200));
    let body = html! {
        h1 { "Issues" }
        p.lead { (all.len()) " issues, requests and reviews are named in the minutes." @if !rest.is_empty() { " These are the 200 named most; search finds the others: " code { "ref:owner/repo#12" } "." } }
        div.scroll {
            table.wide.stacks {
                thead { tr { th { "Issue" } th.number { "named" } th { "first" } th { "last" } } }
                tbody { @for i in shown { tr { th scope="row" { (layout::issue(&i.target)) } td.number data-name="named" { (i.count) } td data-name="first" { (layout::day(i.first)) } td data-name="last" { (layout::day(i.last)) } } } }
            }
        }
    };
    Ok(layout::page("Issues", Place::Issues, &scope, &body))
}

pub async fn one(
    State(app): State<App>,
    Rest(target): Rest,
    Params(asked): Params<Asked>,
) -> Result<Markup, PageError> {
    let (snapshot, scope) = app.asked(&asked.common)?;
    let page = issue(&snapshot, &scope, &target)?;
    let i = &page.issue;
    let body = html! {
        (layout::crumbs(&[("/issues", "Issues")]))
        h1 { (i.target) }
        (layout::words_instead(asked.q.as_deref()))
        p.lead {
            "Named " (layout::times(i.count)) ", from " (layout::day(i.first)) " to " (layout::day(i.last)) ". "
            @if !page.actions.is_empty() { (layout::times_of(page.actions.len(), "action")) ", " (page.actions.iter().filter(|a| a.is_open()).count()) " open. " }
            @if !page.decisions.is_empty() { (layout::times_of(page.decisions.len(), "decision")) ". " }
            @if let Some(url) = &i.url { a href=(url) rel="noopener" { "On the forge" } " · " }
            (graph::link(Kind::Issue, &i.target))
        }
        @if !page.decisions.is_empty() {
            h2 { "What was decided about it" }
            (layout::decisions(&page.decisions, true))
            h2 { "Its life" }
        }
        ol.timeline { @for e in &page.life { (event(e)) } }
    };
    Ok(layout::page(&i.target, Place::Issues, &scope, &body))
}

fn event(e: &LifeEvent) -> Markup {
    let closed = e.event == Some(Event::Closed);
    let class = if closed {
        "closed"
    } else if e.event == Some(Event::Raised) {
        "raised"
    } else {
        "named"
    };
    html! {
        li class=(class) {
            div.where_ { (layout::day(e.date)) " " a href=(layout::address("series", &e.series)) { (e.series) } @if let Some(t) = &e.topic { " · " (t) } }
            @match (e.kind, &e.id) {
                (LifeKind::Action, Some(id)) => div.what { span.kind.action { "action" } " " (e.event.map_or("", Event::as_str)) ": " a href=(layout::address("actions", id)) { (e.text) } },
                (LifeKind::Decision, Some(id)) => div.what { span.kind.decision { "decision" } " " a href=(layout::address("decisions", id)) { (e.text) } },
                _ => {},
            }
            div.about { a.source href=(layout::line_address(&e.path, e.line)) { (e.path) ":" (e.line) } @if e.kind == LifeKind::Mention { " · " (e.text) } }
        }
    }
}
