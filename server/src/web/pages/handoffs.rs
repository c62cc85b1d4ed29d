//! Handoffs: what was passed from one series to another, and what became of it.

use axum::extract::State;
use maud::{Markup, html};
use minutebook_index::Snapshot;
use minutebook_index::query::handoffs::{Filter, HandoffState, HandoffView, handoffs};
use minutebook_index::query::{Scope, series};
use serde::Deserialize;

use super::actions::filled;
use super::layout::{self, Place};
use crate::web::error::{PageError, Params};
use crate::web::{App, Common};

/// Filters, named as on the command line.
#[derive(Debug, Default, Deserialize)]
pub struct HandoffParams {
    /// A series that passed on, or was passed to.
    pub series: Option<String>,
    /// A state, or `any`.
    pub state: Option<String>,
    /// Answer as on that day, or as of that commit.
    #[serde(flatten)]
    pub common: Common,
}

impl HandoffParams {
    /// The filter that they mean.
    pub fn filter(&self, snapshot: &Snapshot, scope: &Scope) -> Result<Filter, PageError> {
        let series = filled(&self.series).map(|s| series::find(snapshot, scope, s)).transpose()?;
        let states = Filter::states_of(filled(&self.state).unwrap_or("any")).map_err(PageError::bad_request)?;
        Ok(Filter { series, states })
    }
}

pub async fn page(State(app): State<App>, Params(params): Params<HandoffParams>) -> Result<Markup, PageError> {
    let (snapshot, scope) = app.asked(&params.common)?;
    let filter = params.filter(&snapshot, &scope)?;
    let found = handoffs(&snapshot, &scope, &filter);
    let chosen = filter.series.as_deref();
    let state = filled(&params.state).unwrap_or("any");
    let body = html! {
        @match chosen { Some(name) => (layout::crumbs(&[("/series", "Series"), (&layout::address("series", name), name)])), None => (layout::crumbs(&[("/", "First page")])) }
        h1 { "Handed over" @if let Some(name) = chosen { ": " (name) } }
        p.lead { "Topics that one meeting passed on to another series, followed until they came up there: their issue, their words, or their people." }
        form.filters action="/handoffs" {
            label { "Series " select name="series" { option value="" { "all" } @for (name, _) in snapshot.shards(&scope) { option value=(name) selected[Some(name) == chosen] { (name) } } } }
            label { "What became of them " select name="state" { option value="any" { "any" } @for s in HandoffState::ALL { option value=(s.as_str()) selected[s.as_str() == state] { (meaning(s)) } } } }
            button type="submit" { "Show" }
        }
        p.count role="status" { (layout::times_of(found.len(), "handoff")) (layout::told_as_of(&scope)) }
        @match chosen {
            Some(name) => {
                (part("Passed to it", &found, |h| h.to_series.as_deref() == Some(name)))
                (part("Passed on by it", &found, |h| h.to_series.as_deref() != Some(name)))
            }
            None => {
                @for s in HandoffState::ALL { (part(meaning(s), &found, |h| h.state == s)) }
            }
        }
        @if found.is_empty() { (layout::nothing("Nothing was passed on.")) }
    };
    Ok(layout::page("Handed over", Place::Series, &scope, &body))
}

fn meaning(state: HandoffState) -> &'static str {
    match state {
        HandoffState::Waiting => "Waiting for the next meetings",
        HandoffState::Lost => "Not found there",
        HandoffState::Arrived => "Arrived",
        HandoffState::Unknown => "No series of that name",
    }
}

fn part(title: &str, all: &[HandoffView], belongs: impl Fn(&HandoffView) -> bool) -> Markup {
    let these: Vec<&HandoffView> = all.iter().filter(|h| belongs(h)).collect();
    html! {
        @if !these.is_empty() {
            h2 { (title) " " span.number { (these.len()) } }
            ul.actions { @for h in these { (one(h)) } }
        }
    }
}

fn one(h: &HandoffView) -> Markup {
    html! {
        li class={ "action handoff " (h.state.as_str()) } {
            div.what { a href=(layout::line_address(&h.path, h.line)) { (h.text) } }
            div.about {
                span class={ "state " (h.state.as_str()) } { (if h.state == HandoffState::Lost { "not found" } else { h.state.as_str() }) } " "
                a href=(layout::address("series", &h.from_series)) { (h.from_series) } " → "
                @if let Some(to) = &h.to_series { a href=(layout::address("series", to)) { (to) } } @else { (h.to) }
                " · " (layout::day(h.date)) " · " (h.reason)
                @for r in h.references.iter().take(3) { " · " (layout::issue(r)) }
            }
            @if let Some(a) = &h.arrived {
                div.about { "There, a " (a.kind) ": " a.source href=(layout::line_address(&a.path, a.line)) { (a.text) } }
            }
        }
    }
}
