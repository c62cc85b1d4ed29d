//! Decisions: the register, and one of them.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use minutebook_index::Snapshot;
use minutebook_index::graph::Kind;
use minutebook_index::query::decisions::{DecisionView, Filter, LinkView, decision, decisions};
use minutebook_index::query::{Scope, away, issues, series};
use serde::Deserialize;

use super::actions::filled;
use super::layout::{self, Place};
use super::{explain, graph};
use crate::web::error::{PageError, Params, Rest};
use crate::web::{App, Common};

/// Decisions on one page.
const PAGE: usize = 100;

/// Filters.
#[derive(Debug, Default, Deserialize)]
pub struct DecisionParams {
    /// Words that must stand in it or in its topic.
    pub q: Option<String>,
    /// A series.
    pub series: Option<String>,
    /// An issue that stands in it or in the heading over it.
    pub issue: Option<String>,
    /// `marked` leaves out the plainly stated ones.
    pub only: Option<String>,
    /// Decisions to leave out from the top.
    #[serde(default)]
    pub offset: usize,
    /// Answer as on that day, or as of that commit.
    #[serde(flatten)]
    pub common: Common,
}

impl DecisionParams {
    /// The filter that they mean.
    pub fn filter(&self, snapshot: &Snapshot, scope: &Scope) -> Result<Filter, PageError> {
        let series = filled(&self.series).map(|s| series::find(snapshot, scope, s)).transpose()?;
        let issue = filled(&self.issue).map(|i| issues::find(snapshot, scope, i)).transpose()?.map(|i| i.target);
        let explicit = filled(&self.only) == Some("marked");
        Ok(Filter { series, words: filled(&self.q).map(str::to_owned), explicit, issue })
    }
}

pub async fn list(State(app): State<App>, Params(params): Params<DecisionParams>) -> Result<Markup, PageError> {
    let (snapshot, scope) = app.asked(&params.common)?;
    let found = decisions(&snapshot, &scope, &params.filter(&snapshot, &scope)?);
    let shown = &found[params.offset.min(found.len())..params.offset.saturating_add(PAGE).min(found.len())];
    let words = filled(&params.q).unwrap_or_default();
    let chosen = filled(&params.series).unwrap_or_default();
    let issue = filled(&params.issue).unwrap_or_default();
    let marked = filled(&params.only) == Some("marked");
    let more = |offset: usize| {
        let encode = minutebook_index::forge::encoded;
        format!(
            "/decisions?q={}&series={}&issue={}&only={}&offset={offset}",
            encode(words),
            encode(chosen),
            encode(issue),
            if marked { "marked" } else { "" }
        )
    };
    let body = html! {
        h1 { "Decisions" }
        form.filters action="/decisions" {
            label { "About " input type="text" name="q" value=(words) placeholder="any words"; }
            label { "Series " select name="series" { option value="" { "all" } @for (name, _) in snapshot.shards(&scope) { option value=(name) selected[name == chosen] { (name) } } } }
            label { "Issue " input type="text" name="issue" value=(issue) placeholder="owner/repo#12"; }
            label.check { input type="checkbox" name="only" value="marked" checked[marked]; " only marked ones" }
            button type="submit" { "Show" }
        }
        p.count role="status" { (found.len()) @if found.len() == 1 { " decision" } @else { " decisions" } (layout::told_as_of(&scope)) }
        @if found.is_empty() {
            (layout::nothing("No such decisions."))
            @if !words.is_empty() { p { a href={ "/search?q=" (minutebook_index::forge::encoded(words)) } { "Search all minutes for these words" } } }
        }
        @for month in shown.chunk_by(|a, b| month_of(a) == month_of(b)) {
            section.month {
                h2 { (month[0].date.map_or_else(|| "undated".to_owned(), |d| d.strftime("%B %Y").to_string())) " " small.dim { (month.len()) } }
                (layout::decisions_with(month, true, |d| who_was_there(&there(&snapshot, &scope, d))))
            }
        }
        nav.pages aria-label="Pages" {
            @if params.offset > 0 { a href=(more(params.offset.saturating_sub(PAGE))) { "Later ones" } }
            @if params.offset.saturating_add(PAGE) < found.len() { a href=(more(params.offset.saturating_add(PAGE))) { "Earlier ones" } }
        }
    };
    Ok(layout::page("Decisions", Place::Decisions, &scope, &body))
}

fn month_of(d: &DecisionView) -> Option<(i16, i8)> {
    d.date.map(|d| (d.year(), d.month()))
}

/// So many of those who were there are named in the register.
const NAMED: usize = 6;

fn who_was_there(all: &[String]) -> Markup {
    html! {
        @if !all.is_empty() {
            div.about.there { "there: " @for id in all.iter().take(NAMED) { (layout::person(id)) " " } @if all.len() > NAMED { "and " (all.len() - NAMED) " more" } }
        }
    }
}

/// Who is listed in the meeting of a decision.
fn there(snapshot: &Snapshot, scope: &Scope, d: &DecisionView) -> Vec<String> {
    let view = snapshot.view(scope);
    let Some(session) = snapshot.meeting(&d.path, d.line) else { return Vec::new() };
    let mut all: Vec<String> = away::present(session.meeting, &view.people).collect();
    all.dedup();
    all
}

pub async fn one(
    State(app): State<App>,
    Rest(id): Rest,
    Params(common): Params<Common>,
) -> Result<Response, PageError> {
    let (snapshot, scope) = app.asked(&common)?;
    let d = decision(&snapshot, &scope, &id)?;
    // A report or copy leads to the decision.
    if d.id != id {
        return Ok(layout::to_its_own("decisions", &d.id, &scope).into_response());
    }
    let body = html! {
        (layout::crumbs(&[("/decisions", "Decisions"), (&layout::address("series", &d.series), &d.series)]))
        h1 { (layout::decided(&d)) }
        dl.facts {
            dt { "Standing" } dd { (layout::standing(d.standing, d.judged.as_ref().map(|by| by.relation))) " " (d.reason) @if let Some(by) = &d.judged { " · " a.source href=(layout::line_address(&by.path, by.line)) { "see there" } } }
            dt { "Decided" } dd { (layout::day(d.date)) " in " a href=(layout::address("series", &d.series)) { (d.series) } }
            @let there = there(&snapshot, &scope, &d);
            @if !there.is_empty() { dt { "Who was there" } dd { (layout::owners(&there)) } }
            @if let Some(topic) = &d.topic { dt { "Topic" } dd { (topic) } }
            @if let Some(reason) = &d.rationale { dt { "Because" } dd { (reason) } }
            @if let Some(v) = d.votes { dt { "Vote" } dd { (v.yes) " for, " (v.no) " against, " (v.abstain) " abstained" } }
            @if !d.people.is_empty() { dt { "Named" } dd { (layout::owners(&d.people)) } }
            @if !d.references.is_empty() { dt { "Issues" } dd { @for r in &d.references { (layout::issue(r)) " " } } }
            dt { "Written" } dd {
                a.source href=(layout::line_address(&d.path, d.line)) { (d.path) ":" (d.line) }
                @if let Some(link) = &d.permalink { " · " a href=(link) rel="noopener" { "on the forge" } }
                @if !d.explicit { " · " span.dim { "plainly stated, without a mark" } }
            }
            dt { "Around it" } dd { (graph::link(Kind::Decision, &d.id)) }
            @if !d.reported_in.is_empty() { dt { "Reported" } dd { "in " @for (n, s) in d.reported_in.iter().enumerate() { @if n > 0 { ", " } a href=(layout::address("series", s)) { (s) } } } }
            @if !d.copies.is_empty() { dt { "Copied" } dd { @for c in &d.copies { a.source href=(layout::line_address(&c.path, c.line)) { (c.path) ":" (c.line) } " " } } }
        }
        @if d.chain.len() > 1 {
            h2 { "What was said of it" }
            ol.timeline { @for link in &d.chain { (self::link(&d, link)) } }
            p.dim { "Why each is taken for one of the same matter stands behind it. Wrong? " code { "minutebook explain " (d.id) } " tells more." }
        }
    };
    Ok(layout::page(&d.text, Place::Decisions, &scope, &body).into_response())
}

/// A statement of the chain; the one that the page is about is told apart.
fn link(d: &DecisionView, link: &LinkView) -> Markup {
    let here = link.path == d.path && link.line == d.line;
    html! {
        li class={ (link.relation) @if here { " here" } } aria-current=[here.then_some("true")] {
            div.where_ { (layout::day(link.date)) " " strong { (link.relation) } " in " a href=(layout::address("series", &link.series)) { (link.series) } }
            blockquote {
                @match &link.id { Some(id) if !here => a href=(layout::address("decisions", id)) { (link.text) }, _ => (link.text) }
            }
            div.about { a.source href=(layout::line_address(&link.path, link.line)) { (link.path) ":" (link.line) } " · " a href=(explain::address(&link.path, link.line)) { "why?" } @if !link.because.is_empty() { " · " (link.because.join("; ")) } }
        }
    }
}
