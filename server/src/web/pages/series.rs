//! Series: the list, one of them, and the draft of its next agenda.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use maud::{Markup, html};
use minutebook_index::Snapshot;
use minutebook_index::forge::encoded;
use minutebook_index::graph::Kind;
use minutebook_index::query::agenda::{AgendaView, ItemKind, agenda};
use minutebook_index::query::graph::recurring;
use minutebook_index::query::{Scope, series};

use super::layout::{self, Place};
use super::{charts, graph};
use crate::web::api::AgendaParams;
use crate::web::error::{PageError, Params, Rest};
use crate::web::{App, Common};

pub async fn list(State(app): State<App>, Params(common): Params<Common>) -> Result<Markup, PageError> {
    let (snapshot, scope) = app.asked(&common)?;
    let body = html! {
        h1 { "Series" }
        div.scroll {
            table.wide.stacks {
                thead { tr { th { "Series" } th.number { "meetings" } th { "rhythm" } th { "first" } th { "last" } th { "next" } th.number { "open" } th.number { "stale" } } }
                tbody {
                    @for s in series::series(&snapshot, &scope) {
                        tr {
                            th scope="row" { a href=(layout::address("series", &s.series)) { (s.series) } }
                            td.number data-name="meetings" { (s.meetings) } td { (s.rhythm) } td data-name="first" { (known(layout::day, s.first)) } td data-name="last" { (known(|day| layout::ago(day, &scope), s.last)) }
                            td data-name="next" { @if let Some(next) = s.next { a href={ (layout::address("series", &s.series)) "/agenda" } { (next) } } @else { span.dim { "–" } } }
                            td.number data-name="open" { a href={ "/actions?series=" (encoded(&s.series)) } { (s.open) } }
                            td.number.dim data-name="stale" { @if s.stale > 0 { a href={ "/actions?state=stale&series=" (encoded(&s.series)) } { (s.stale) } } }
                        }
                    }
                }
            }
        }
    };
    Ok(layout::page("Series", Place::Series, &scope, &body))
}

/// A day; a dash where a folder holds other texts alone.
fn known(told: impl Fn(Option<Date>) -> Markup, day: Option<Date>) -> Markup {
    html! { @if day.is_some() { (told(day)) } @else { span.dim { "–" } } }
}

/// `/series/NAME`, `/series/NAME/agenda` and `/series/NAME/agenda.md`; names may hold slashes.
pub async fn one_or_agenda(
    State(app): State<App>,
    Rest(name): Rest,
    Params(params): Params<AgendaParams>,
) -> Result<Response, PageError> {
    let (snapshot, scope) = app.asked(&params.common)?;
    if let Some(name) = name.strip_suffix("/agenda.md") {
        let draft = agenda(&snapshot, &scope, name, params.day()?)?;
        let file = file_name(&draft);
        let headers = [
            (header::CONTENT_TYPE, "text/markdown; charset=utf-8".to_owned()),
            (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{file}\"")),
        ];
        return Ok((headers, draft.markdown).into_response());
    }
    if let Some(name) = name.strip_suffix("/agenda") {
        let draft = agenda(&snapshot, &scope, name, params.day()?)?;
        return Ok(layout::page(
            &format!("Next agenda of {}", draft.series),
            Place::Series,
            &scope,
            &draft_page(&draft),
        )
        .into_response());
    }
    Ok(layout::page(&name, Place::Series, &scope, &one(&snapshot, &scope, &name)?).into_response())
}

fn one(snapshot: &Snapshot, scope: &Scope, name: &str) -> Result<Markup, PageError> {
    let page = series::series_page(snapshot, scope, name)?;
    let v = &page.view;
    let coming = recurring(snapshot, scope, Some(&v.series))?;
    let (fixtures, coming): (Vec<_>, Vec<_>) = coming.into_iter().partition(|t| t.standing);
    let (shown, rest) = page.all.split_at(page.all.len().min(24));
    Ok(html! {
        (layout::crumbs(&[("/series", "Series")]))
        h1 { (v.series) }
        p.lead {
            (v.meetings) " meetings, " (v.rhythm) ", since " (layout::day(v.first)) "; last met " (layout::ago(v.last, scope)) "."
            " " a.button href={ (layout::address("series", &v.series)) "/agenda" } { "Prepare the next agenda" @if let Some(d) = v.next { " (" (d) ")" } }
            " " a href={ "/handoffs?series=" (encoded(&v.series)) } { "What was handed over" }
            " " (graph::link(Kind::Series, &v.series))
        }
        @if !page.attendance.people.is_empty() {
            section.attendance {
                h2 { "Who came" }
                (charts::attendance(&page.attendance))
            }
        }
        div.columns {
            section {
                h2 { "Open actions" span.trended { (charts::trend(&v.trend)) } }
                @if page.actions.is_empty() { (layout::nothing("Nothing is open.")) } @else { (layout::actions(&page.actions, scope, false)) }
            }
            section {
                h2 { "Latest decisions" }
                @if page.decisions.is_empty() { (layout::nothing("No decisions found.")) } @else { (layout::decisions(&page.decisions, false)) }
                (super::away::absence(&page.absence, &page.actions, &v.series))
                @if !coming.is_empty() {
                    h2 { "Topics that come back" }
                    p.dim { "In three meetings or more, and nothing was decided under the heading." @if !fixtures.is_empty() { " Fixtures of the agenda are not counted: " (fixtures.iter().map(|t| t.topic.as_str()).collect::<Vec<_>>().join(", ")) "." } }
                    (graph::topics(&coming[..coming.len().min(8)], false))
                    @if coming.len() > 8 { details { summary { (coming.len() - 8) " more" } (graph::topics(&coming[8..], false)) } }
                }
                @if !page.regulars.is_empty() && page.attendance.people.is_empty() {
                    h2 { "Regulars" }
                    p.people { @for r in page.regulars.iter().take(24) { (layout::person(&r.id)) " " span.dim { (r.attended) } " " } }
                }
                h2 { "Meetings" }
                (layout::meetings(shown, false))
                @if !rest.is_empty() { details { summary { (rest.len()) " earlier meetings" } (layout::meetings(rest, false)) } }
                @if !page.notes.is_empty() { h2 { "Other texts" } (layout::meetings(&page.notes, false)) }
            }
        }
    })
}

/// What a draft is called when it is saved.
fn file_name(draft: &AgendaView) -> String {
    let day = draft.date.map_or_else(|| "next".to_owned(), |d| d.to_string());
    let file = format!("{day}-{}.md", draft.series.replace('/', "-"));
    file.chars().filter(|c| c.is_ascii_alphanumeric() || "-._".contains(*c)).collect()
}

fn draft_page(draft: &AgendaView) -> Markup {
    let here = layout::address("series", &draft.series);
    let file = format!("{here}/agenda.md{}", draft.date.map_or_else(String::new, |d| format!("?date={d}")));
    let group = |kind: ItemKind| draft.items.iter().filter(move |i| i.kind == kind);
    html! {
        (layout::crumbs(&[("/series", "Series"), (&here, &draft.series)]))
        h1 { "Next agenda" @if let Some(d) = draft.date { ", " (d) } }
        p.lead {
            @if let Some(path) = &draft.starts_from { "It starts from " a href=(layout::line_address(path, 1)) { (path) } ", which the book holds already. " }
            @else { "The day: " (draft.because) ". " }
            "This draft is made from the minutes at this moment; what you change in it stays in this browser."
        }
        form.filters action={ (here) "/agenda" } {
            label { "For the meeting on" input type="date" name="date" value=[draft.date] required; }
            button.quiet type="submit" { "Draft for this day" }
        }
        div.columns.agenda {
            section {
                h2 { "What belongs on it, and why" }
                @for (kind, title) in [(ItemKind::Role, "Chores"), (ItemKind::Pending, "Pending actions"), (ItemKind::Topic, "Left open"), (ItemKind::Issue, "Issues under discussion"), (ItemKind::Handoff, "Handed over"), (ItemKind::Decision, "Decisions to revisit"), (ItemKind::Standing, "Besides")] {
                    @if group(kind).next().is_some() {
                        h3 { (title) }
                        ul.actions {
                            @for item in group(kind) {
                                li.action.editable[item.markdown.is_some()] data-line=[item.markdown.as_deref()] {
                                    div.what { @if let Some(id) = &item.action { a href=(layout::address("actions", id)) { (item.text) } } @else { (item.text) } }
                                    div.about {
                                        @if kind == ItemKind::Pending { (layout::owners(&item.owners)) " · " }
                                        (item.reasons.join("; "))
                                        @if let Some(place) = item.evidence.last() { " · " a.source href=(layout::line_address(&place.path, place.line)) { "source" } }
                                        @if let Some(state) = item.go_through { " · " a href={ "/actions?state=" (state.as_str()) "&series=" (encoded(&draft.series)) } { "go through them" } }
                                        @if kind == ItemKind::Handoff { " · " a href={ "/handoffs?series=" (encoded(&draft.series)) } { "all handed over" } }
                                    }
                                }
                            }
                        }
                    }
                }
                @if draft.items.is_empty() { (layout::nothing("Nothing is pending.")) }
            }
            section {
                h2 { "Draft" }
                p.buttons {
                    button.needs-script type="button" data-copy="draft" { "Copy" }
                    a.button data-download href=(file) download { "Download as Markdown" }
                }
                p #edited.hint role="status" hidden { "" }
                textarea #draft rows="24" spellcheck="false" aria-label="The draft as Markdown" data-agenda=(file_name(draft)) { (draft.markdown) }
                script type="module" src="/static/agenda.js" {}
            }
        }
    }
}
