//! What is somebody's: the part of the first page that is there once it is known who looks at it.

use maud::{Markup, html};
use minutebook_index::Snapshot;
use minutebook_index::forge::encoded;
use minutebook_index::identity::PersonKind;
use minutebook_index::query::actions::{ActionView, Filter, actions, perhaps};
use minutebook_index::query::away::{AwaySeries, away};
use minutebook_index::query::search::{Hit, search};
use minutebook_index::query::{Scope, language};
use minutebook_index::threads;

use super::actions::others_called;
use super::layout;
use crate::web::error::PageError;

/// Actions and passages that are shown; the rest is a link.
const SHOWN: usize = 6;

/// What is theirs who go by a name, or the question who they are.
pub fn section(snapshot: &Snapshot, scope: &Scope, by: &str) -> Result<Markup, PageError> {
    let view = snapshot.view(scope);
    let Some(person) = view.people.find(by).filter(|p| p.kind == PersonKind::Person) else {
        return Ok(
            html! { section.yours { (who_are_you(snapshot, scope, "Who are you? Then what is yours stands here.", "")) } },
        );
    };
    let id = person.id.as_str();
    let mut open = actions(snapshot, scope, &Filter { owner: Some(id.to_owned()), ..Filter::open() });
    // Overdue ones first, then the next deadlines, then the oldest.
    open.sort_by_key(|a| {
        let due = a.due.as_ref().and_then(|d| d.date);
        (a.state, due.is_none(), due, a.opened)
    });
    let stale = open.iter().filter(|a| a.state == threads::State::Stale).count();
    let maybe = perhaps(snapshot, scope, id).len();
    let missed = away(snapshot, scope, id, None).map(|a| a.series).unwrap_or_default();
    let named = named(snapshot, scope, id)?;
    let page = layout::address("people", id);
    Ok(html! {
        section.yours aria-labelledby="yours" {
            h2 #yours { "Yours, " (person.name.as_deref().unwrap_or(id)) }
            div.columns {
                div {
                    h3 { "To do " span.dim { (open.len()) } }
                    (todo(&open, scope))
                    @if open.is_empty() { (others_called(snapshot, scope, id)) }
                    p.more {
                        a href=(page) { @if open.len() > SHOWN { "All " (open.len()) } @else { "Your page" } }
                        @if stale > 0 { " · " a href={ (page) "#still-open" } { (stale) " not heard of for long: still open?" } }
                        @if maybe > 0 { " · " a href={ (page) "#perhaps" } { (maybe) " perhaps yours" } }
                    }
                }
                div {
                    @if !missed.is_empty() {
                        h3 { "While you were away" }
                        ul.missed { @for s in missed.iter().take(4) { (missed_in(s, id)) } }
                        p.more { a href={ (page) "/away" } { "What happened there" } }
                    }
                    @if !named.is_empty() {
                        h3 { "Where you were named" }
                        ul.near { @for hit in &named { (place(hit)) } }
                        p.more { a href={ "/search?q=" (encoded(&asked(id))) } { "All of them" } }
                    }
                }
            }
            (who_are_you(snapshot, scope, "Somebody else?", id))
        }
    })
}

fn todo(open: &[ActionView], scope: &Scope) -> Markup {
    html! {
        @if open.is_empty() { (layout::nothing("Nothing is open.")) }
        @else { (layout::actions(&open[..open.len().min(SHOWN)], scope, true)) }
    }
}

fn missed_in(s: &AwaySeries, id: &str) -> Markup {
    let counts = [
        (s.given.len(), "given to you"),
        (s.decided.len(), "decided"),
        (s.opened.len(), "opened"),
        (s.closed.len(), "closed"),
    ];
    html! {
        li {
            a href={ (layout::address("people", id)) "/away" } { (layout::times_of(s.missed.len(), "meeting")) " of " (s.series) }
            span.counts { @for (n, word) in counts.iter().filter(|(n, _)| *n > 0) { span { (n) " " (word) } } }
        }
    }
}

fn place(hit: &Hit) -> Markup {
    html! {
        li {
            a.what href=(layout::line_address(&hit.path, hit.line)) { (hit.snippet) }
            div.about { span class={ "kind " (hit.kind) } { (hit.kind) } " " a href=(layout::address("series", &hit.series)) { (hit.series) } " · " (layout::day(hit.date)) }
        }
    }
}

/// The query of what names somebody, latest first.
fn asked(id: &str) -> String {
    format!("person:{} sort:date", language::quoted(id))
}

fn named(snapshot: &Snapshot, scope: &Scope, id: &str) -> Result<Vec<Hit>, PageError> {
    if scope.commit.is_some() {
        return Ok(Vec::new());
    }
    let query = language::parse(&asked(id), scope.today)?;
    let found = search(snapshot, scope, &query, 0, SHOWN * 4)?;
    // Lists of participants name everybody, and actions stand beside it.
    let says = |hit: &&Hit| !matches!(hit.kind.as_str(), "meeting" | "action");
    Ok(found.hits.iter().filter(says).take(SHOWN).cloned().collect())
}

/// The form that tells who looks.
fn who_are_you(snapshot: &Snapshot, scope: &Scope, question: &str, id: &str) -> Markup {
    let view = snapshot.view(scope);
    let form = html! {
        form.filters method="post" action="/me" {
            label { "I am " input type="text" name="by" value=(id) required maxlength="200" list="everybody" autocomplete="nickname" placeholder="name or handle"; }
            datalist #everybody { @for p in view.people.all.iter().filter(|p| p.kind == PersonKind::Person) { option value=(p.id) { (p.name.as_deref().unwrap_or_default()) } } }
            button.quiet type="submit" { "Remember me" }
        }
    };
    html! { details open[id.is_empty()] { summary { (question) } (form) } }
}
