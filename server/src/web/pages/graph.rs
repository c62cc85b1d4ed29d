//! How things hang together: what is around one, and the ways between two.

use axum::extract::State;
use maud::{Markup, html};
use minutebook_index::Snapshot;
use minutebook_index::forge::encoded;
use minutebook_index::graph::Kind;
use minutebook_index::query::Scope;
use minutebook_index::query::graph::{
    self, Around, LIMIT, NeighbourView, Neighbourhood, NodeView, PathView, PathsView, RecurringView,
};
use minutebook_ingest::statement::shortened;
use serde::Deserialize;

use super::actions::filled;
use super::lanes;
use super::layout::{self, Place};
use super::picture;
use crate::web::error::{PageError, Params};
use crate::web::{App, Common};

/// Letters of a name in the page's title.
const TITLE: usize = 60;

/// What of the graph is asked for.
#[derive(Debug, Default, Deserialize)]
pub struct GraphParams {
    /// A node.
    pub node: Option<String>,
    /// How many steps from it.
    pub depth: Option<usize>,
    /// Only nodes of these kinds, separated by commas.
    pub kinds: Option<String>,
    /// Number of nodes.
    pub limit: Option<usize>,
    /// `time` shows the surroundings over time.
    pub view: Option<String>,
    /// One end of a way.
    pub from: Option<String>,
    /// The other.
    pub to: Option<String>,
    /// Answer as on that day, or as of that commit.
    #[serde(flatten)]
    pub common: Common,
}

impl GraphParams {
    /// Whether they are shown over time.
    fn over_time(&self) -> Result<bool, PageError> {
        match filled(&self.view) {
            None => Ok(false),
            Some("time") => Ok(true),
            Some(other) => Err(PageError::bad_request(format!("{other:?} is no view of the graph; there is time"))),
        }
    }

    /// The surroundings that they mean.
    pub fn around(&self) -> Result<Around, PageError> {
        let kinds = graph::kinds(self.kinds.as_deref().unwrap_or_default())
            .map_err(|message| PageError::bad_request(format!("kinds: {message}")))?;
        Ok(Around { depth: self.depth.unwrap_or(1), kinds, limit: self.limit.unwrap_or(LIMIT) })
    }
}

/// The address of a node's surroundings.
pub fn address(node: &str) -> String {
    format!("/graph?node={}", encoded(node))
}

/// A link to the surroundings of what a page is about.
pub fn link(kind: Kind, name: &str) -> Markup {
    let node = format!("{}:{name}", kind.as_str());
    html! { a.in-graph href=(address(&node)) { "In the graph" } }
}

pub async fn page(State(app): State<App>, Params(params): Params<GraphParams>) -> Result<Markup, PageError> {
    let (snapshot, scope) = app.asked(&params.common)?;
    let node = filled(&params.node);
    let ends = filled(&params.from).zip(filled(&params.to));
    let around = node.map(|node| graph::around(&snapshot, &scope, node, &params.around()?).map_err(PageError::from));
    let around = around.transpose()?;
    let paths = ends.map(|(from, to)| graph::paths(&snapshot, &scope, from, to)).transpose()?;
    let over_time = params.over_time()?;
    let is_bare = around.is_none() && paths.is_none();
    let name = |node: &NodeView| shortened(called(node), TITLE);
    let title = match (&around, &paths) {
        (Some(found), _) => format!("{} in the graph", name(&found.node)),
        (None, Some(found)) => format!("{} and {}", name(&found.from), name(&found.to)),
        (None, None) => "The graph".to_owned(),
    };
    let shown = Shown { snapshot: &snapshot, scope: &scope };
    let body = html! {
        @if is_bare { (layout::crumbs(&[("/", "First page")])) } @else { (layout::crumbs(&[("/", "First page"), ("/graph", "The graph")])) }
        h1 { (title) }
        (forms(&params, around.as_ref()))
        @if let Some(found) = &paths { (shown.ways(found)) }
        @if let Some(found) = &around { (shown.around(found, over_time)) }
        @if is_bare { (shown.start()) }
    };
    Ok(layout::page(&title, Place::Other, &scope, &body))
}

fn forms(params: &GraphParams, around: Option<&Neighbourhood>) -> Markup {
    let node = around.map_or_else(|| params.node.clone().unwrap_or_default(), |found| found.node.id.clone());
    let from = filled(&params.from).map_or_else(|| node.clone(), str::to_owned);
    let kinds = params.kinds.as_deref().unwrap_or_default();
    let depth = params.depth.unwrap_or(1);
    let mut choices: Vec<(&str, &str)> = vec![("", "all kinds")];
    choices.extend(Kind::ALL.iter().map(|k| (k.as_str(), plural(*k))));
    choices.push(("action,decision", "actions and decisions"));
    choices.push(("person,team", "people and teams"));
    let is_other = !choices.iter().any(|(value, _)| *value == kinds);
    html! {
        form.filters action="/graph" {
            label { "What" input name="node" value=(node) required placeholder="mira, platform, issue:owner/repo#12" size="34" autocomplete="off" spellcheck="false"; }
            label { "Steps" select name="depth" {
                @for n in 1..=3 { option value=(n) selected[n == depth] { (n) } }
                @if !(1..=3).contains(&depth) { option value=(depth) selected { (depth) } }
            } }
            label { "Kinds" select name="kinds" {
                @for (value, name) in &choices { option value=(value) selected[*value == kinds] { (name) } }
                @if is_other { option value=(kinds) selected { (kinds) } }
            } }
            @if let Some(view) = filled(&params.view) { input type="hidden" name="view" value=(view); }
            button { "Show what is around it" }
        }
        form.filters action="/graph" {
            label { "From" input name="from" value=(from) required size="26" autocomplete="off" spellcheck="false"; }
            label { "To" input name="to" value=(filled(&params.to).unwrap_or_default()) required size="26" autocomplete="off" spellcheck="false"; }
            button { "Show the way" }
        }
    }
}

/// Kinds, as headings and choices say them.
fn plural(kind: Kind) -> &'static str {
    match kind {
        Kind::Person => "people",
        Kind::Team => "teams",
        Kind::Series => "series",
        Kind::Meeting => "meetings",
        Kind::Topic => "topics",
        Kind::Action => "actions",
        Kind::Decision => "decisions",
        Kind::Issue => "issues",
    }
}

/// What a node is called on a page: people by what their address says.
pub fn called(node: &NodeView) -> &str {
    if matches!(node.kind, Kind::Person | Kind::Team) { &node.name } else { &node.label }
}

struct Shown<'s> {
    snapshot: &'s Snapshot,
    scope: &'s Scope,
}

impl Shown<'_> {
    /// The node's own page, where it has one.
    fn own_page(&self, node: &NodeView) -> Option<String> {
        Some(match node.kind {
            Kind::Person | Kind::Team => {
                self.snapshot.view(self.scope).people.find(&node.name)?;
                layout::address("people", &node.name)
            }
            Kind::Series => layout::address("series", &node.name),
            Kind::Meeting => layout::line_address(node.path.as_deref()?, node.line?),
            Kind::Topic => return None,
            Kind::Action => layout::address("actions", &node.name),
            Kind::Decision => layout::address("decisions", &node.name),
            Kind::Issue => layout::address("issues", &node.name),
        })
    }

    fn node(&self, node: &NodeView) -> Markup {
        html! {
            @match self.own_page(node) {
                Some(page) => a.what href=(page) { (called(node)) },
                None => a.what href=(address(&node.id)) { (called(node)) },
            }
            @if let Some(state) = node.state { " " (layout::state(state)) }
        }
    }

    fn around(&self, found: &Neighbourhood, over_time: bool) -> Markup {
        let n = &found.node;
        html! {
            p.lead {
                span class={ "kind of-" (n.kind.as_str()) } { (n.kind.as_str()) } " "
                @match self.own_page(n) { Some(page) => a href=(page) { (n.label) }, None => (n.label) }
                @if let Some(state) = n.state { " " (layout::state(state)) }
                ": " (layout::times_of(found.total, "thing")) " within " (layout::times_of(found.depth, "step")) (layout::told_as_of(self.scope)) "."
            }
            @if found.nodes.is_empty() { (layout::nothing("Nothing hangs together with it.")) }
            @else {
                nav.order.views aria-label="View" {
                    a href=(self.same(found, found.nodes.len())) aria-current=[(!over_time).then_some("true")] { "How it hangs together" }
                    a href={ (self.same(found, found.nodes.len())) "&view=time" } aria-current=[over_time.then_some("true")] { "When it was" }
                }
                @if over_time { (self.lanes(found)) } @else { (self.net(found)) }
            }
        }
    }

    /// Over time.
    fn lanes(&self, found: &Neighbourhood) -> Markup {
        html! {
            (lanes::lanes_of(found, |node| self.node(node), |kind| plural(kind).to_owned()))
            @if found.nodes.len() < found.total { p.dim { "These are " (found.nodes.len()) " of " (found.total) ", the latest. " a href={ (self.same(found, found.total)) "&view=time" } { "Show all" } } }
        }
    }

    /// As a picture and a list.
    fn net(&self, found: &Neighbourhood) -> Markup {
        let pictured = picture::shown(found);
        html! {
            (self.explorer(found))
            div.scroll.still-picture {
                (picture::picture(found, |node| address(&node.id)))
                @if pictured < found.total { p.dim { "The picture shows " (pictured) " of " (found.total) "." } }
            }
            p.legend aria-hidden="true" { @for kind in found.totals.keys() { span { span class={ "dot of-" (kind.as_str()) } {} (plural(*kind)) } " " } }
            @if found.nodes.len() < found.total { p.dim { "The list has " (found.nodes.len()) " of " (found.total) ". " a href=(self.same(found, found.total)) { "List all " (found.total) } } }
            div.around {
                @for (kind, total) in &found.totals {
                    @let mine = found.nodes.iter().filter(|n| n.node.kind == *kind).collect::<Vec<_>>();
                    @if !mine.is_empty() {
                        section {
                            h2 { span class={ "dot of-" (kind.as_str()) } {} (capital(plural(*kind))) " " small.dim { @if mine.len() < *total { (mine.len()) " of " } (total) } }
                            ul.near { @for one in mine { (self.near(found, one)) } }
                        }
                    }
                }
            }
        }
    }

    /// Where a script draws what can be explored; without one it stays hidden, and the still picture is there.
    fn explorer(&self, found: &Neighbourhood) -> Markup {
        let kinds: Vec<&str> = found.kinds.iter().map(|k| k.as_str()).collect();
        html! {
            div.explore-tools hidden {
                @for kind in Kind::ALL { label { input type="checkbox" name="kind" value=(kind.as_str()) checked; span class={ "dot of-" (kind.as_str()) } {} (plural(kind)) } }
                label.slide { "since " input type="range" name="since" min="0" value="0"; output { "the beginning" } }
                button.quiet type="button" data-arrange { "Arrange anew" }
                button.quiet type="button" data-more { "More around it" }
            }
            div.explore hidden tabindex="0" role="application" aria-label={ "Graph around " (called(&found.node)) ": arrows choose a node, Enter opens it; the list below holds the same" }
                data-node=(found.node.id) data-depth=(found.depth) data-kinds=(kinds.join(",")) data-limit=(found.nodes.len().max(LIMIT)) {
                div.canvas {}
            }
            p.explore-told.dim role="status" hidden {}
            script src="/static/vendor/cytoscape.min.js" defer {}
            script type="module" src="/static/explore.js" {}
        }
    }

    /// The same with so many nodes.
    fn same(&self, found: &Neighbourhood, limit: usize) -> String {
        let kinds: Vec<&str> = found.kinds.iter().map(|k| k.as_str()).collect();
        let limit = limit.max(LIMIT);
        format!("{}&depth={}&kinds={}&limit={limit}", address(&found.node.id), found.depth, kinds.join(","))
    }

    fn near(&self, found: &Neighbourhood, one: &NeighbourView) -> Markup {
        let (e, n) = (&one.by, &one.node);
        let other = if e.from == n.id { &e.to } else { &e.from };
        html! {
            li {
                (self.node(n))
                div.about {
                    @if e.from == n.id { (e.relation.as_str()) } @else { "← " (e.relation.as_str()) }
                    @if *other != found.node.id { " " a href=(address(other)) { (other) } }
                    " · " (layout::day(e.date))
                    @if e.count > 1 { " · " (layout::times(e.count as usize)) }
                    " · " (self.source(&e.path, e.line))
                    " · " a href=(address(&n.id)) { "around it" }
                }
            }
        }
    }

    /// A link to the line that proves something.
    fn source(&self, path: &str, line: u32) -> Markup {
        let address = match self.snapshot.file(path) {
            Some(_) => layout::line_address(path, line),
            None => "/ledger".to_owned(),
        };
        html! { a.source href=(address) { (path) ":" (line) } }
    }

    fn ways(&self, found: &PathsView) -> Markup {
        html! {
            @if found.paths.is_empty() { (layout::nothing("These two do not hang together.")) }
            @for (n, way) in found.paths.iter().enumerate() {
                section.way {
                    h2 { @if n == 0 { "The shortest way" } @else { "Another, as short or nearly so" } " " small.dim { (layout::times_of(way.steps.len(), "step")) } }
                    (self.way(way))
                }
            }
        }
    }

    fn way(&self, way: &PathView) -> Markup {
        html! {
            ol.timeline {
                @for (n, node) in way.nodes.iter().enumerate() {
                    li {
                        span class={ "kind of-" (node.kind.as_str()) } { (node.kind.as_str()) } " " (self.node(node)) " " a.about href=(address(&node.id)) { "around it" }
                        @if let Some(step) = way.steps.get(n) {
                            @let e = &step.edge;
                            div.where_ { @if step.forward { "↓ " } @else { "↑ " } strong { (e.relation.as_str()) } " · " (layout::day(e.date)) " · " (self.source(&e.path, e.line)) @if let Some(link) = &step.permalink { " · " a href=(link) rel="noopener" { "on the forge" } } }
                            @if let Some(quote) = &step.quote { blockquote { (quote) } }
                        }
                    }
                }
            }
        }
    }

    /// Where to begin: what comes back undecided.
    fn start(&self) -> Markup {
        let coming = graph::recurring(self.snapshot, self.scope, None).unwrap_or_default();
        let (shown, rest) = coming.split_at(coming.len().min(30));
        html! {
            p.lead { "People, teams, series, meetings, topics, actions, decisions and issues, and what joins them, each with the line that proves it. Name one to see what is around it, or two to see how they hang together." }
            p { a href="/api/v1/export.graphml" download { "Download it all as GraphML" } ", for Gephi, yEd or networkx." }
            h2 { "Topics that come back" }
            p.dim { "Talked about in three meetings or more, and nothing was decided under the heading." }
            @if coming.is_empty() { (layout::nothing("There are none.")) }
            (topics(shown, true))
            @if !rest.is_empty() { details { summary { (rest.len()) " more" } (topics(rest, true)) } }
        }
    }
}

/// Topics that come back undecided.
pub fn topics(topics: &[RecurringView], with_series: bool) -> Markup {
    html! {
        ul.near {
            @for t in topics {
                li {
                    a.what href=(address(&t.id)) { (t.topic) }
                    div.about {
                        @if with_series { a href=(layout::address("series", &t.series)) { (t.series) } " · " }
                        (layout::times_of(t.meetings, "meeting")) " since " (layout::day(t.since)) ", last "
                        @match t.places.first() { Some(p) => a.source href=(layout::line_address(&p.path, p.line)) { (layout::day(p.date)) }, None => (layout::day(t.last)) }
                        @if t.standing { " · in most meetings: a fixture of the agenda" }
                    }
                }
            }
        }
    }
}

fn capital(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |c| c.to_uppercase().chain(chars).collect())
}
