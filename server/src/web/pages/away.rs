//! What happened in the meetings that somebody missed.

use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use maud::{Markup, html};
use minutebook_index::Snapshot;
use minutebook_index::forge::encoded;
use minutebook_index::query::Scope;
use minutebook_index::query::actions::ActionView;
use minutebook_index::query::away::{Absence, AwaySeries, AwayView, Happened, away};
use serde::Deserialize;

use super::actions::filled;
use super::layout::{self, Place};
use crate::settings;
use crate::web::Common;
use crate::web::error::PageError;

/// Rows of a list that are shown at once.
const SHOWN: usize = 12;

/// Since when.
#[derive(Debug, Default, Deserialize)]
pub struct AwayParams {
    /// From that day on; else since they last came to each series.
    pub since: Option<String>,
    /// The query that names this person, where one led here.
    pub q: Option<String>,
    /// Answer as on that day, or as of that commit.
    #[serde(flatten)]
    pub common: Common,
}

impl AwayParams {
    /// The day that is meant.
    pub fn day(&self) -> Result<Option<Date>, PageError> {
        let day = filled(&self.since);
        day.map(|d| settings::date(d, "since"))
            .transpose()
            .map_err(|_| PageError::bad_request("since: write it as 2026-03-01"))
    }
}

pub fn page(snapshot: &Snapshot, scope: &Scope, wanted: &str, params: &AwayParams) -> Result<Response, PageError> {
    let found = away(snapshot, scope, wanted, params.day()?)?;
    let title = format!("While {} was away", found.person);
    Ok(layout::page(&title, Place::People, scope, &body(&found, scope, &title)).into_response())
}

fn body(found: &AwayView, scope: &Scope, title: &str) -> Markup {
    let here = layout::address("people", &found.person);
    html! {
        (layout::crumbs(&[("/people", "People"), (&here, &found.person)]))
        h1 { (title) }
        p.lead {
            @match found.since {
                Some(day) => { "What happened since " (layout::day(Some(day))) " in the meetings that they missed" (layout::told_as_of(scope)) "." }
                None => { "What happened in the meetings that they missed since they last came to each series" (layout::told_as_of(scope)) "." }
            }
        }
        form.filters action={ (here) "/away" } {
            label { "Since " input type="date" name="since" value=[found.since]; }
            button type="submit" { "Show" }
        }
        @if found.series.is_empty() { (layout::nothing("Missed nothing: no meeting of a series that they come to often took place without them.")) }
        @for s in &found.series { (series(s)) }
        @if !found.cannot_tell.is_empty() {
            p.dim { "These series keep no lists of participants, so they cannot tell: " @for (n, s) in found.cannot_tell.iter().enumerate() { @if n > 0 { ", " } a href=(layout::address("series", s)) { (s) } } "." }
        }
    }
}

fn series(s: &AwaySeries) -> Markup {
    html! {
        section {
            h2 { a href=(layout::address("series", &s.series)) { (s.series) } " " span.number { (s.missed.len()) " missed" } }
            p.dim { "Last came on " (layout::day(s.last_attended)) "; " (s.regular) "." @if !s.unlisted.is_empty() { " " (s.unlisted.len()) " further meetings have no list: perhaps they were there." } }
            (part("Given to them", s.given.len(), s.given.iter().rev().map(happened)))
            @if !s.decided.is_empty() { h3 { "Decided " span.number { (s.decided.len()) } } @let (first, rest) = s.decided.split_at(s.decided.len().min(SHOWN)); (layout::decisions(first, false)) @if !rest.is_empty() { details { summary { (rest.len()) " more" } (layout::decisions(rest, false)) } } }
            (part("Closed", s.closed.len(), s.closed.iter().rev().map(happened)))
            (part("Given to others", s.reassigned.len(), s.reassigned.iter().rev().map(happened)))
            (part("New", s.opened.len(), s.opened.iter().rev().map(happened)))
            details { summary { "The meetings they missed" } (layout::meetings(&s.missed, false)) }
        }
    }
}

/// A list, latest first; what is beyond the first rows is folded.
fn part(title: &str, count: usize, rows: impl Iterator<Item = Markup>) -> Markup {
    let rows: Vec<Markup> = rows.collect();
    let (first, rest) = rows.split_at(rows.len().min(SHOWN));
    html! {
        @if count > 0 {
            h3 { (title) " " span.number { (count) } }
            ul.actions { @for row in first { (row) } }
            @if !rest.is_empty() { details { summary { (rest.len()) " more" } ul.actions { @for row in rest { (row) } } } }
        }
    }
}

fn happened(h: &Happened) -> Markup {
    html! {
        li class={ "action " (h.state.as_str()) } {
            div.what { a href=(layout::address("actions", &h.id)) { (h.text) } }
            div.about {
                (layout::state(h.state)) " " (layout::owners(&h.owners)) " · "
                @if h.event == "gone" { "left the list " }
                a.source href=(layout::line_address(&h.path, h.line)) { (layout::day(h.date)) }
            }
        }
    }
}

/// What a chair should know: owners who were not there, or are not seen any more. `open` are the open actions of the
/// series.
pub fn absence(a: &Absence, open: &[ActionView], series: &str) -> Markup {
    html! {
        @if !a.not_seen.is_empty() {
            h2 { "Owners not seen for several meetings" }
            ul { @for n in &a.not_seen { li {
                (layout::person(&n.owner)) ": "
                @if n.last_attended.is_some() { "last came on " (layout::day(n.last_attended)) } @else { "never came" }
                ", missed " a href=(layout::line_address(&n.path, n.line)) { (n.missed) }
                ul {
                    @for a in open.iter().filter(|a| n.actions.contains(&a.id)).take(5) { li.what { a href=(layout::address("actions", &a.id)) { (a.text) } } }
                    @if n.actions.len() > 5 { li { a href={ "/actions?series=" (encoded(series)) "&owner=" (encoded(&n.owner)) } { (n.actions.len() - 5) " more" } } }
                }
            } } }
        }
        (part("Given to somebody absent", a.given_absent.len(), a.given_absent.iter().map(|g| html! {
            li class={ "action " (g.state.as_str()) } {
                div.what { a href=(layout::address("actions", &g.id)) { (g.text) } }
                div.about {
                    (layout::state(g.state)) " " (layout::person(&g.owner)) " · "
                    a.source href=(layout::line_address(&g.path, g.line)) { (layout::day(g.date)) }
                    @if g.seen_since { " · came since" }
                }
            }
        })))
    }
}
