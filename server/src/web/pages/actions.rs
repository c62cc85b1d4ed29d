//! Actions: the list with its filters, and the history of one.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use minutebook_index::Snapshot;
use minutebook_index::forge::encoded;
use minutebook_index::graph::Kind;
use minutebook_index::identity::addressed;
use minutebook_index::query::actions::{
    ActionView, Filter, MentionView, action, actions, also_called, aside_since, known_person, perhaps, set_aside,
};
use minutebook_index::query::ledger::similar;
use minutebook_index::query::{Scope, series};
use minutebook_index::threads::{self, Event};
use serde::Deserialize;

use super::layout::{self, Place};
use super::{charts, explain, graph, ledger};
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
    /// On the page: `owners` or `series`, a board of them; a table when not given.
    pub view: Option<String>,
    /// On the page: the column to sort by.
    pub sort: Option<String>,
    /// On the page: lines of the table to leave out from the top.
    pub offset: Option<usize>,
    /// Answer as on that day, or as of that commit.
    #[serde(flatten)]
    pub common: Common,
}

impl ActionParams {
    /// What comes first; none for the order in which actions are told.
    fn order(&self) -> Result<Option<Order>, PageError> {
        filled(&self.sort).map(Order::of).transpose()
    }

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

/// How the list is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Shape {
    /// A line each.
    #[default]
    Table,
    /// A column for each owner.
    Owners,
    /// A column for each series.
    Series,
}

impl Shape {
    const ALL: [Choice<Self>; 3] = [
        (Self::Table, "", "Table"),
        (Self::Owners, "owners", "Board by owner"),
        (Self::Series, "series", "Board by series"),
    ];

    fn of(word: &str) -> Result<Self, PageError> {
        let wrong = || format!("view={word:?}: there are owners and series, and without one the table");
        meant(&Self::ALL, word).ok_or_else(|| PageError::bad_request(wrong()))
    }

    fn as_str(self) -> &'static str {
        word_of(&Self::ALL, self)
    }
}

/// What comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    /// The longest open.
    Age,
    /// The most often written down again.
    Carries,
    /// The next deadline.
    Due,
    /// By name.
    Owner,
    /// By name.
    Series,
    /// The last that was spoken of.
    Seen,
}

impl Order {
    /// The columns that can be sorted by, with their words in addresses.
    const COLUMNS: [Choice<Self>; 6] = [
        (Self::Owner, "owner", "Owner"),
        (Self::Series, "series", "Series"),
        (Self::Age, "age", "Age"),
        (Self::Carries, "carries", "Carried"),
        (Self::Due, "due", "Due"),
        (Self::Seen, "seen", "Last seen"),
    ];

    fn of(word: &str) -> Result<Self, PageError> {
        let all = || Self::COLUMNS.map(|(_, word, _)| word).join(", ");
        meant(&Self::COLUMNS, word).ok_or_else(|| PageError::bad_request(format!("sort={word:?}: there are {}", all())))
    }

    fn as_str(self) -> &'static str {
        word_of(&Self::COLUMNS, self)
    }

    /// Which way a column is sorted, as it says so to programs, and the arrow for people.
    fn direction(self) -> (&'static str, &'static str) {
        match self {
            Self::Due | Self::Owner | Self::Series => ("ascending", " ▴"),
            Self::Age | Self::Carries | Self::Seen => ("descending", " ▾"),
        }
    }

    /// What stands first.
    fn first(self) -> &'static str {
        match self {
            Self::Age => "the oldest first",
            Self::Carries => "the most often carried first",
            Self::Due => "the next deadline first",
            Self::Owner | Self::Series => "by name",
            Self::Seen => "the last seen first",
        }
    }

    fn sort(self, all: &mut [ActionView]) {
        let due = |a: &ActionView| a.due.as_ref().and_then(|d| d.date);
        match self {
            Self::Age => all.sort_by_key(|a| std::cmp::Reverse(a.age_days)),
            Self::Carries => all.sort_by_key(|a| std::cmp::Reverse(a.carries)),
            Self::Due => all.sort_by_key(|a| (due(a).is_none(), due(a))),
            Self::Owner => all.sort_by_cached_key(|a| (a.owners.is_empty(), a.owners.join(", ").to_lowercase())),
            Self::Series => all.sort_by_cached_key(|a| a.series.to_lowercase()),
            Self::Seen => all.sort_by_key(|a| std::cmp::Reverse(a.last_seen)),
        }
    }
}

fn sorted(mut all: Vec<ActionView>, order: Option<Order>) -> Vec<ActionView> {
    if let Some(order) = order {
        order.sort(&mut all);
    }
    all
}

/// A choice with its word in addresses and its name on the page.
type Choice<T> = (T, &'static str, &'static str);

/// The choice that a word of an address means.
fn meant<T: Copy>(all: &[Choice<T>], word: &str) -> Option<T> {
    all.iter().find(|(_, other, _)| *other == word).map(|(choice, ..)| *choice)
}

/// The word of a choice in addresses.
fn word_of<T: PartialEq>(all: &[Choice<T>], choice: T) -> &'static str {
    all.iter().find(|(other, ..)| *other == choice).map_or("", |(_, word, _)| word)
}

/// Lines of a table on one page.
const PAGE: usize = 100;
/// Cards in one column of a board; the rest is a link.
const COLUMN: usize = 40;

pub async fn list(
    State(app): State<App>,
    Params(params): Params<ActionParams>,
    headers: HeaderMap,
) -> Result<Markup, PageError> {
    let (snapshot, scope) = app.asked(&params.common)?;
    let filter = params.filter(&snapshot, &scope)?;
    let order = params.order()?;
    let found = sorted(actions(&snapshot, &scope, &filter), order);
    let shape = filled(&params.view).map(Shape::of).transpose()?.unwrap_or_default();
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
    let here = Here { params: &params, scope: &scope, order, shape };
    let body = html! {
        h1 { (title) }
        form.filters action="/actions" {
            label { "Owner " input type="text" name="owner" value=(owner) placeholder="anybody" list="people" autocomplete="off"; }
            datalist #people { @for p in &snapshot.view(&scope).people.all { option value=(p.id) {} } option value="none" {} }
            label { "Series " select name="series" { option value="" { "all" } @for (name, _) in snapshot.shards(&scope) { option value=(name) selected[name == chosen] { (name) } } } }
            label { "State " select name="state" { @for s in ["open", "stale", "done", "dropped", "gone", "any"] { option value=(s) selected[s == state] { (s) } } } }
            @if shape != Shape::Table { input type="hidden" name="view" value=(shape.as_str()); }
            @if let Some(sort) = filled(&params.sort) { input type="hidden" name="sort" value=(sort); }
            button type="submit" { "Show" }
        }
        div.over.wide {
            p.count role="status" { (found.len()) @if found.len() == 1 { " action" } @else { " actions" } (layout::told_as_of(&scope)) }
            nav.order aria-label="View" {
                @for (other, _, name) in Shape::ALL { a href=(here.address(order, other)) aria-current=[(other == shape).then_some("true")] { (name) } }
                @if !found.is_empty() { a href=(here.markdown()) download="actions.md" data-copy-from=(here.markdown()) { "As Markdown" } }
            }
        }
        @if state == "open" && stale > 0 {
            p.dim {
                (stale) " more are open but were not heard of for long: "
                a href={ "/actions?state=stale&owner=" (encoded(owner)) "&series=" (encoded(chosen)) } { "still open?" }
            }
        }
        @if found.is_empty() { (layout::nothing("No such actions.")) (others_called(&snapshot, &scope, owner)) }
        @else if shape == Shape::Table {
            @let from = params.offset.unwrap_or(0).min(found.len());
            (here.table(&found[from..from.saturating_add(PAGE).min(found.len())], &app.by(&headers)))
            nav.pages aria-label="Pages" {
                @if from > 0 { a href=(here.page(from.saturating_sub(PAGE))) rel="prev" { "Earlier in the list" } }
                @if from.saturating_add(PAGE) < found.len() { a href=(here.page(from.saturating_add(PAGE))) rel="next" { (found.len() - from - PAGE) " more" } }
            }
        }
        @else { (here.board(&found)) }
        @if !maybe.is_empty() {
            h2 { "Perhaps theirs" }
            p.dim { "The owner's name is one that several people share." }
            (layout::actions(&maybe, &scope, true))
        }
        script type="module" src="/static/actions.js" {}
    };
    Ok(layout::page(&title, Place::Actions, &scope, &body))
}

/// Where somebody has no actions: who else may be meant.
pub fn others_called(snapshot: &Snapshot, scope: &Scope, owner: &str) -> Markup {
    let others = also_called(snapshot, scope, owner);
    html! {
        @if !others.is_empty() {
            p {
                "Did you mean "
                @for (at, (id, n)) in others.iter().enumerate() { @if at > 0 { ", " } a href={ "/actions?owner=" (encoded(id)) } { (id) } " (" (n) " to do)" }
                "?"
            }
        }
    }
}

/// `/actions.md`: the same list as tasks in Markdown, in the same order.
pub async fn markdown(State(app): State<App>, Params(params): Params<ActionParams>) -> Result<Response, PageError> {
    let (snapshot, scope) = app.asked(&params.common)?;
    let found = actions(&snapshot, &scope, &params.filter(&snapshot, &scope)?);
    let lines: String = sorted(found, params.order()?).iter().map(task).collect();
    Ok(([(header::CONTENT_TYPE, "text/markdown; charset=utf-8")], lines).into_response())
}

/// An action as a task of a list in Markdown, on one line.
fn task(a: &ActionView) -> String {
    let tick = if a.is_open() { ' ' } else { 'x' };
    let mut about: Vec<String> = Vec::new();
    if !a.owners.is_empty() {
        about.push(a.owners.iter().map(|o| addressed(o)).collect::<Vec<_>>().join(", "));
    }
    about.push(a.series.clone());
    about.extend(a.opened.map(|d| format!("since {d}")));
    about.extend(a.due.as_ref().map(|d| format!("due {}", d.told())));
    if !a.is_open() {
        about.push(a.state.as_str().to_owned());
    }
    let text = a.text.split_whitespace().collect::<Vec<_>>().join(" ");
    let link = a.permalink.as_ref().map_or(String::new(), |url| format!(" [source]({url})"));
    format!("- [{tick}] {text} ({}){link}\n", about.join(", "))
}

/// The list that is asked for, of which other orders and views are a link away.
struct Here<'a> {
    params: &'a ActionParams,
    scope: &'a Scope,
    order: Option<Order>,
    shape: Shape,
}

impl Here<'_> {
    /// The address of a page that is asked for the same actions.
    fn asked(&self, page: &str, more: &[(&str, &str)]) -> String {
        let p = self.params;
        let mut out = page.to_owned();
        let same = [("owner", filled(&p.owner)), ("series", filled(&p.series)), ("state", filled(&p.state))];
        let same = same.into_iter().filter_map(|(name, value)| Some((name, value?)));
        for (name, value) in same.chain(more.iter().copied().filter(|(_, value)| !value.is_empty())) {
            out.push_str(&format!("{}{name}={}", if out.len() == page.len() { '?' } else { '&' }, encoded(value)));
        }
        out
    }

    fn sort(order: Option<Order>) -> &'static str {
        order.map_or("", Order::as_str)
    }

    fn address(&self, order: Option<Order>, shape: Shape) -> String {
        self.asked("/actions", &[("sort", Self::sort(order)), ("view", shape.as_str())])
    }

    /// The table from another line on.
    fn page(&self, offset: usize) -> String {
        let offset = if offset == 0 { String::new() } else { offset.to_string() };
        self.asked("/actions", &[("sort", Self::sort(self.order)), ("offset", &offset)])
    }

    fn markdown(&self) -> String {
        self.asked("/actions.md", &[("sort", Self::sort(self.order))])
    }

    fn table(&self, found: &[ActionView], by: &str) -> Markup {
        // What is closed cannot be closed, and the past is not written to.
        let can_close = !self.scope.is_past() && found.iter().any(ActionView::is_open);
        let oldest = found.iter().map(|a| a.age_days).max().unwrap_or(0).clamp(1, 730) as usize;
        let most = found.iter().map(|a| a.carries).max().unwrap_or(0);
        let table = html! {
            table.wide.work.stacks {
                thead { tr {
                    @if can_close { th scope="col" { span.hidden { "close" } } }
                    th scope="col" { "Action" }
                    @for (order, _, name) in Order::COLUMNS {
                        th scope="col" aria-sort=[(self.order == Some(order)).then_some(order.direction().0)] { a href=(self.address(Some(order), self.shape)) title={ "sort: " (order.first()) } { (name) @if self.order == Some(order) { (order.direction().1) } } }
                    }
                } }
                tbody {
                    @for a in found {
                        tr class=(a.state.as_str()) {
                            @if can_close { td.tick { @if a.is_open() { input type="checkbox" name="action" value=(a.id) aria-label={ "close: " (a.text) }; } } }
                            td.what { a href=(layout::address("actions", &a.id)) { (a.text) } " " (layout::state(a.state)) @for r in a.references.iter().take(3) { " " (layout::issue(r)) } @if !a.candidates.is_empty() { " " span.dim { "perhaps " (layout::owners(&a.candidates)) } } }
                            td data-name="Owner" { (layout::owners(&a.owners)) }
                            td data-name="Series" { a href=(layout::address("series", &a.series)) { (a.series) } }
                            td data-name="Age" { span title={ "opened " (a.opened.map_or_else(String::new, |d| d.to_string())) } { (layout::age(a.age_days)) } (charts::measure(usize::try_from(a.age_days).unwrap_or(0), oldest)) }
                            td data-name="Carried" { @if a.carries > 0 { span { (layout::times(a.carries)) } (charts::measure(a.carries, most)) } @else { span.dim { "–" } } }
                            td data-name="Due" { @match &a.due {
                                Some(due) => span class=[a.is_overdue(self.scope.today).then_some("late")] title=(due.text) { @if due.date.is_some() { (layout::day(due.date)) } @else { (due.text) } @if a.is_overdue(self.scope.today) { " overdue" } },
                                None => span.dim { "–" },
                            } }
                            td data-name="Last seen" { @if let Some(m) = a.mentions.last() { a.source href=(layout::line_address(&m.path, m.line)) { (m.date.map_or_else(|| m.path.clone(), |d| d.to_string())) } } }
                        }
                    }
                }
            }
        };
        if can_close {
            ledger::closing_form(&table, by, &self.page(self.params.offset.unwrap_or(0)))
        } else {
            html! { div.scroll { (table) } }
        }
    }

    fn board(&self, found: &[ActionView]) -> Markup {
        let mut columns: BTreeMap<(bool, String), Vec<&ActionView>> = BTreeMap::new();
        for a in found {
            let names = match self.shape {
                Shape::Series => vec![a.series.clone()],
                _ if a.owners.is_empty() => vec![String::new()],
                _ => a.owners.clone(),
            };
            for name in names {
                columns.entry((name.is_empty(), name)).or_default().push(a);
            }
        }
        let mut columns: Vec<_> = columns.into_iter().collect();
        // The most burdened first, what nobody owns last.
        columns.sort_by(|((a_nobody, _), a), ((b_nobody, _), b)| a_nobody.cmp(b_nobody).then(b.len().cmp(&a.len())));
        html! {
            div.board tabindex="0" role="region" aria-label="Board" {
                @for ((_, name), all) in &columns {
                    @let (folder, asked) = if self.shape == Shape::Series { ("series", "series") } else { ("people", "owner") };
                    section {
                        h2 { @if name.is_empty() { "nobody" } @else { a href=(layout::address(folder, name)) { (name) } } " " small.dim { (all.len()) } }
                        ul.cards {
                            @for a in all.iter().take(COLUMN) { (self.card(a)) }
                        }
                        @if all.len() > COLUMN { p.more { a href={ "/actions?" (asked) "=" (encoded(if name.is_empty() { "none" } else { name })) } { (all.len() - COLUMN) " more" } } }
                    }
                }
            }
        }
    }

    fn card(&self, a: &ActionView) -> Markup {
        html! {
            li class={ "action " (a.state.as_str()) } {
                div.what { a href=(layout::address("actions", &a.id)) { (a.text) } }
                div.about {
                    (layout::state(a.state)) " "
                    @if self.shape == Shape::Series { (layout::owners(&a.owners)) } @else { a href=(layout::address("series", &a.series)) { (a.series) } }
                    " · " (layout::stood(a))
                    @if a.carries > 0 { " · carried " (layout::times(a.carries)) }
                    @if let Some(due) = &a.due { " · " span class=[a.is_overdue(self.scope.today).then_some("late")] { "due " (due.told()) } }
                }
            }
        }
    }
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
            dt { "Around it" } dd { (graph::link(Kind::Action, &a.id)) }
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
