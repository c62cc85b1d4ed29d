//! Actions: the list with its filters, and the history of one.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use minutebook_index::Snapshot;
use minutebook_index::forge::encoded;
use minutebook_index::graph::Kind;
use minutebook_index::query::actions::{
    ActionView, Filter, MentionView, action, actions, aside_since, known_person, perhaps, set_aside,
};
use minutebook_index::query::ledger::similar;
use minutebook_index::query::{Scope, series};
use minutebook_index::threads::{self, Event};
use serde::Deserialize;

use super::layout::{self, Place};
use super::{explain, graph, ledger};
use crate::web::error::{PageError, Params, Rest};
use crate::web::{App, Common};

/// Filters, named like the qualifiers.
#[derive(Debug, Default, Deserialize)]
pub struct ActionParams {
    /// A person, or `none`.
    pub owner: Option<String>,
    /// A series.
    pub series: Option<String>,
    /// A state, or `any`; open when not given.
    pub state: Option<String>,
    /// Answer as on that day, or as of that commit.
    #[serde(flatten)]
    pub common: Common,
}

impl ActionParams {
    /// The filter that they mean.
    pub fn filter(&self, snapshot: &Snapshot, scope: &Scope) -> Result<Filter, PageError> {
        let series = filled(&self.series).map(|s| series::find(snapshot, scope, s)).transpose()?;
        if let Some(owner) = filled(&self.owner).filter(|o| !o.eq_ignore_ascii_case("none")) {
            known_person(snapshot, scope, owner)?;
        }
        let states = Filter::states_of(filled(&self.state).unwrap_or("open")).map_err(PageError::bad_request)?;
        Ok(Filter { owner: filled(&self.owner).map(str::to_owned), series, states })
    }
}

/// A parameter that says something: forms send empty ones.
pub fn filled(value: &Option<String>) -> Option<&str> {
    value.as_deref().map(str::trim).filter(|v| !v.is_empty())
}

pub async fn list(State(app): State<App>, Params(params): Params<ActionParams>) -> Result<Markup, PageError> {
    let (snapshot, scope) = app.asked(&params.common)?;
    let filter = params.filter(&snapshot, &scope)?;
    let found = actions(&snapshot, &scope, &filter);
    let stale = actions(&snapshot, &scope, &Filter { states: Some([threads::State::Stale].into()), ..filter }).len();
    let owner = filled(&params.owner).unwrap_or_default();
    let maybe = if owner.is_empty() || owner == "none" { Vec::new() } else { perhaps(&snapshot, &scope, owner) };
    let state = filled(&params.state).unwrap_or("open");
    let chosen = filled(&params.series).unwrap_or_default();
    let title = match owner {
        "" => "Actions".to_owned(),
        "none" => "Actions that nobody owns".to_owned(),
        owner => format!("Actions of {owner}"),
    };
    let body = html! {
        h1 { (title) }
        form.filters action="/actions" {
            label { "Owner " input type="text" name="owner" value=(owner) placeholder="anybody" list="people" autocomplete="off"; }
            datalist #people { @for p in &snapshot.view(&scope).people.all { option value=(p.id) {} } option value="none" {} }
            label { "Series " select name="series" { option value="" { "all" } @for (name, _) in snapshot.shards(&scope) { option value=(name) selected[name == chosen] { (name) } } } }
            label { "State " select name="state" { @for s in ["open", "stale", "done", "dropped", "gone", "any"] { option value=(s) selected[s == state] { (s) } } } }
            (layout::as_of_field(&scope))
            button type="submit" { "Show" }
        }
        p.count role="status" { (found.len()) @if found.len() == 1 { " action" } @else { " actions" } (layout::told_as_of(&scope)) }
        @if state == "open" && stale > 0 {
            p.dim {
                (stale) " more are open but were not heard of for long: "
                a href={ "/actions?state=stale&owner=" (encoded(owner)) "&series=" (encoded(chosen)) } { "still open?" }
            }
        }
        @if found.is_empty() { (layout::nothing("No such actions.")) }
        (layout::actions(&found, &scope, true))
        @if !maybe.is_empty() {
            h2 { "Perhaps theirs" }
            p.dim { "The owner's name is one that several people share." }
            (layout::actions(&maybe, &scope, true))
        }
    };
    Ok(layout::page(&title, Place::Actions, &scope, &body))
}

pub async fn one(
    State(app): State<App>,
    Rest(id): Rest,
    Params(common): Params<Common>,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    let (snapshot, scope) = app.asked(&common)?;
    let by = app.by(&headers);
    if let Some(a) = set_aside(&snapshot, &scope, &id) {
        return Ok((StatusCode::NOT_FOUND, layout::page(&a.text, Place::Actions, &scope, &no_action(&a, &scope, &by)))
            .into_response());
    }
    let a = action(&snapshot, &scope, &id)?;
    if a.id != id {
        // The id of a later mention leads to the action.
        return Ok(layout::to_its_own("actions", &a.id, &scope).into_response());
    }
    let body = html! {
        (head(&a, &scope))
        // What was said then cannot be changed.
        @if !scope.is_past() { (ledger::forms(&a, &similar(&snapshot, &scope, &a, 12), &by)) }
        (history(&a))
    };
    Ok(layout::page(&a.text, Place::Actions, &scope, &body).into_response())
}

/// What the ledger says is none.
fn no_action(a: &ActionView, scope: &Scope, by: &str) -> Markup {
    html! {
        (layout::crumbs(&[("/actions", "Actions"), (&layout::address("series", &a.series), &a.series)]))
        h1 { (a.text) }
        @if let Some(ruling) = aside_since(a) { p.lead { "No action: " (ruling.told()) "." } }
        @if !scope.is_past() { section.saying { (ledger::undo(a, by)) } }
        (history(a))
    }
}

fn head(a: &ActionView, scope: &Scope) -> Markup {
    html! {
        (layout::crumbs(&[("/actions", "Actions"), (&layout::address("series", &a.series), &a.series)]))
        h1 { (a.text) }
        dl.facts {
            dt { "State" } dd { (layout::state(a.state)) " " (a.reason) }
            dt { "Owner" } dd { (layout::owners(&a.owners)) }
            @if !a.candidates.is_empty() { dt { "Perhaps" } dd { (layout::owners(&a.candidates)) } }
            dt { "Opened" } dd { (layout::day(a.opened)) ", " @if a.age_days == 0 { "today" } @else { (layout::age(a.age_days)) @if a.closed.is_some() { " until it was closed" } @else { " ago" } } }
            @if let Some(due) = &a.due { dt { "Due" } dd class=[a.is_overdue(scope.today).then_some("late")] { (due.text) @if let Some(d) = due.date { " (" (d) ")" } } }
            @if !a.references.is_empty() { dt { "Issues" } dd { @for r in &a.references { (layout::issue(r)) " " } } }
            dt { "Around it" } dd { (graph::link(Kind::Action, &a.id, scope)) }
        }
    }
}

/// Mentions and what the ledger says, by day; of one day the minutes come first, for the ledger wins.
fn history(a: &ActionView) -> Markup {
    let mut said = a.ledger.iter().peekable();
    let mut events: Vec<Markup> = Vec::new();
    for m in &a.mentions {
        while let Some(r) = said.next_if(|r| m.date.is_none_or(|d| r.day < d)) {
            events.push(ledger::ruling(r));
        }
        events.push(mention(m));
    }
    events.extend(said.map(ledger::ruling));
    html! {
        h2 { "History" }
        ol.timeline { @for event in &events { (event) } }
    }
}

fn mention(m: &MentionView) -> Markup {
    html! {
                li class=(event_class(m.event)) {
                    div.where_ { (layout::day(m.date)) " " strong { (event_name(m.event)) } @if !m.owners.is_empty() { " · " (layout::owners(&m.owners)) } @if let Some(d) = &m.due { " · due " (d.text) } }
                    blockquote { (m.text) }
                    div.about { a.source href=(layout::line_address(&m.path, m.line)) { (m.path) ":" (m.line) } " · " a href=(explain::address(&m.path, m.line)) { "why?" } @if let Some(link) = &m.permalink { " · " a href=(link) rel="noopener" { "on the forge" } } @if let Some(joined) = &m.joined { " · " (joined) } }
                }
    }
}

fn event_name(event: Event) -> &'static str {
    match event {
        Event::Raised => "raised",
        Event::Carried => "carried",
        Event::Reassigned => "given to somebody else",
        Event::DueMoved => "deadline moved",
        Event::Progressed => "carried, with a note",
        Event::Closed => "closed",
        Event::Reported => "reported",
    }
}

fn event_class(event: Event) -> &'static str {
    match event {
        Event::Closed => "closed",
        Event::Raised => "raised",
        _ => "carried",
    }
}
