//! What people said of actions outside the minutes: the list, and the forms of other pages.

use axum::extract::State;
use maud::{Markup, html};
use minutebook_index::ledger::{As, PATH, Verb};
use minutebook_index::query::actions::ActionView;
use minutebook_index::query::ledger::{Said, ledger};
use minutebook_index::rulings::{Ruling, who};
use minutebook_index::threads::State as Standing;

use super::layout::{self, Place};
use crate::web::error::{PageError, Params};
use crate::web::ledger::is_inside;
use crate::web::{App, Common};

/// The list, latest first.
pub async fn page(State(app): State<App>, Params(common): Params<Common>) -> Result<Markup, PageError> {
    let (snapshot, scope) = app.asked(&common)?;
    let all = ledger(&snapshot, &scope);
    let body = html! {
        (layout::crumbs(&[("/", "First page")]))
        h1 { "The ledger" }
        p.lead { "What was said of actions outside the minutes. It stands in " code { (PATH) } " in the book, and is committed with it." }
        @for p in &all.problems { p.error { "Line " (p.line) " does not count: " (p.message) } }
        @if all.entries.is_empty() { (layout::nothing("Nothing was said yet. Each action's page has the forms for it.")) }
        ol.timeline { @for said in all.entries.iter().rev() { li class=(class(&said.entry.verb)) { (entry(said)) } } }
    };
    Ok(layout::page("The ledger", Place::Actions, &scope, &body))
}

fn entry(said: &Said) -> Markup {
    let e = &said.entry;
    html! {
        div.where_ { (layout::moment(e.at)) " " strong { (name(&e.verb)) } " · " (who(&e.by)) }
        div.what {
            @match (&said.own_id, &said.text) {
                (Some(id), Some(text)) => a href=(layout::address("actions", id)) { (text) },
                _ => span.dim { (e.action) ", which no minutes hold" },
            }
        }
        @if let Some(note) = &e.note { blockquote { (note) } }
        div.about { "line " (said.line) @if let Some(state) = said.state { " · now " (layout::state(state)) } }
    }
}

/// An entry in the history of its action.
pub fn ruling(r: &Ruling) -> Markup {
    html! {
        li class={ "ruling " (class(&r.entry.verb)) } {
            div.where_ { (layout::day(Some(r.day))) " " strong { (name(&r.entry.verb)) } " · " (who(&r.entry.by)) @if let Verb::Owner(owners) = &r.entry.verb { " · " (layout::owners(owners)) } }
            @if let Some(note) = &r.entry.note { blockquote { (note) } }
            div.about { a href="/ledger" { "the ledger, line " (r.line) } }
        }
    }
}

fn name(verb: &Verb) -> &'static str {
    match verb {
        Verb::Close(As::Done) => "closed as done",
        Verb::Close(As::Dropped) => "dropped",
        Verb::Reopen => "reopened",
        Verb::Note => "noted",
        Verb::NotAnAction => "said to be no action",
        Verb::SameAs(_) => "said to be the same as another",
        Verb::NotSame(_) => "split into two",
        Verb::Owner(_) => "given to",
    }
}

fn class(verb: &Verb) -> &'static str {
    if matches!(verb, Verb::Close(_)) { "closed" } else { "said" }
}

/// A form that says something of one action.
fn form(a: &ActionView, by: &str, verb: &str, fields: &Markup, buttons: &Markup) -> Markup {
    html! {
        form.say method="post" action="/ledger" {
            input type="hidden" name="verb" value=(verb);
            input type="hidden" name="action" value=(a.id);
            (fields)
            (author(by))
            (buttons)
        }
    }
}

/// Who says it.
fn author(by: &str) -> Markup {
    html! { label.by { "said by " input type="text" name="by" value=(by) required maxlength="200" autocomplete="nickname"; } }
}

fn note() -> Markup {
    html! { label.note { "Note " input type="text" name="note" maxlength="4000" autocomplete="off" placeholder="why, or where it can be seen"; } }
}

/// What somebody may type, and how it is called.
const TYPED: [(&str, &str); 4] =
    [("owners", "Its owner is"), ("other", "The other action"), ("note", "Note"), ("by", "said by")];

/// A form that came to nothing, with what was typed in it.
pub fn again(sent: &[(String, String)]) -> Markup {
    let value =
        |name: &str| sent.iter().find(|(known, value)| known == name && !value.is_empty()).map(|(_, value)| value);
    let back = value("back").filter(|back| is_inside(back)).cloned();
    let back = back.or_else(|| value("action").map(|id| layout::address("actions", id)));
    html! {
        @if value("action").is_some() { form.say method="post" action="/ledger" {
            @for (name, sent) in sent {
                @match TYPED.iter().find(|(known, _)| known == name) {
                    Some((_, label)) => label { (label) " " input type="text" name=(name) value=(sent) maxlength="4000"; },
                    None => input type="hidden" name=(name) value=(sent);,
                }
            }
            button type="submit" { "Try again" }
        } }
        @if let Some(back) = back { p { a href=(back) { "Back, with nothing said" } } }
    }
}

/// What can be said of an action.
pub fn forms(a: &ActionView, similar: &[ActionView], by: &str) -> Markup {
    html! {
        section.saying aria-labelledby="say" {
            h2 #say { "Say something of it" }
            // Nobody said of what is gone how it ended.
            @if a.is_open() || a.state == Standing::Gone {
                (form(a, by, "close", &note(), &closing()))
            }
            @if !a.is_open() {
                (form(a, by, "reopen", &note(), &html! { button type="submit" { "Reopen" } }))
            }
            details {
                summary { "Put right what was read" }
                (form(a, by, "owner", &html! { label { "Its owner is " input type="text" name="owners" required value=(a.owners.join(", ")) placeholder="names, or none" autocomplete="off"; } }, &quiet("Set the owner")))
                (form(a, by, "same-as", &same_as(similar), &quiet("Join them")))
                @if a.mentions.len() > 1 { (form(a, by, "not-same", &not_same(a), &quiet("Split it"))) }
                (form(a, by, "note", &html! { label.note { "Only a note " input type="text" name="note" required maxlength="4000" autocomplete="off"; } }, &quiet("Note it")))
                (form(a, by, "not-an-action", &note(), &quiet("It is no action")))
            }
        }
    }
}

fn quiet(text: &str) -> Markup {
    html! { button.quiet type="submit" { (text) } }
}

fn closing() -> Markup {
    html! { span.buttons { button type="submit" name="as" value="done" { "Done" } button.quiet type="submit" name="as" value="dropped" { "Dropped" } } }
}

fn same_as(similar: &[ActionView]) -> Markup {
    html! {
        @if !similar.is_empty() {
            label { "It is the same as " select name="other" { option value="" { "choose, or type an id" } @for s in similar { option value=(s.id) { (s.text) @if let Some(d) = s.last_seen { " (" (d) ")" } } } } }
        }
        label { @if similar.is_empty() { "It is the same as the action " } @else { "or the action " } input type="text" name="other" placeholder="id" autocomplete="off" spellcheck="false"; }
    }
}

fn not_same(a: &ActionView) -> Markup {
    html! {
        label { "It is another action from this mention on " select name="other" { @for m in a.mentions.iter().skip(1) { option value=(m.id) { (m.date.map_or_else(|| m.path.clone(), |d| d.to_string())) ": " (m.text) } } } }
    }
}

/// Takes back that something is no action.
pub fn undo(a: &ActionView, by: &str) -> Markup {
    form(a, by, "reopen", &note(), &html! { button type="submit" { "It is one" } })
}

/// A table with a tick for each open action, and what is said of those that are ticked.
pub fn closing_form(table: &Markup, by: &str, back: &str) -> Markup {
    html! {
        form.many method="post" action="/ledger" {
            input type="hidden" name="verb" value="close";
            input type="hidden" name="back" value=(back);
            div.scroll { (table) }
            details.say-of-many {
                summary { "Close the ticked ones" }
                div.say { (note()) (author(by)) (closing()) }
            }
        }
    }
}

/// Open actions to tick, and what is said of those that are ticked.
pub fn many(actions: &[ActionView], scope: &minutebook_index::query::Scope, by: &str, back: &str) -> Markup {
    html! {
        form.many #still-open method="post" action="/ledger" data-pass {
            input type="hidden" name="verb" value="close";
            input type="hidden" name="back" value=(back);
            fieldset {
                legend { "Still open? Tick what is not." }
                (layout::actions_with(actions, scope, true, |a| html! { input type="checkbox" name="action" value=(a.id) id={ "tick-" (a.id) } aria-label={ "close: " (a.text) }; }))
            }
            div.say {
                (note())
                (author(by))
                (closing())
            }
            script type="module" src="/static/pass.js" {}
        }
    }
}
