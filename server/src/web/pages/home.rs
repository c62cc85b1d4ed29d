//! The first page: search, open actions by series, latest meetings and decisions.

use axum::extract::State;
use maud::{Markup, html};
use minutebook_index::forge::encoded;
use minutebook_index::query::{decisions, meetings, series};

use super::layout::{self, Place};
use crate::web::error::{PageError, Params};
use crate::web::{App, Common};

pub async fn page(State(app): State<App>, Params(common): Params<Common>) -> Result<Markup, PageError> {
    let (snapshot, scope) = app.asked(&common)?;
    let mut all = series::series(&snapshot, &scope);
    all.sort_by(|a, b| b.last.cmp(&a.last).then_with(|| a.series.cmp(&b.series)));
    let latest = meetings::latest(&snapshot, &scope, 8);
    let mut decided =
        decisions::decisions(&snapshot, &scope, &decisions::Filter { explicit: true, ..Default::default() });
    decided.retain(|d| d.date.is_some_and(|d| d <= scope.today));
    decided.truncate(8);
    let most = all.iter().map(|s| s.open + s.stale).max().unwrap_or(0).max(1);
    let (files, count) = snapshot.size();
    let body = html! {
        section.hero {
            h1 { (snapshot.name) }
            form.find.big action="/search" role="search" {
                (layout::search_box("Search the minutes", "", "What did we decide about …", true))
                (layout::as_of_field(&scope))
                button type="submit" { "Search" }
            }
            p.hint {
                "For instance " a href="/search?q=kind:decision" { "all decisions" } ", "
                a href="/actions?owner=none" { "actions that nobody owns" } ", or a name: "
                a href="/people" { "whose to-dos?" }
            }
            (layout::qualifiers(&scope))
        }
        @if files == 0 {
            (layout::nothing("There are no minutes here yet. Minutebook reads Markdown files (.md); add one and it will show up."))
        } @else {
            div.columns {
                section {
                    h2 { "Open actions by series" }
                    div.scroll { table.series {
                        thead { tr { th { "Series" } th.number { "open" } th.number title="open, but not heard of for 90 days and three meetings" { "stale" } th { span.hidden { "share" } } th { "last met" } th { span.hidden { "agenda" } } } }
                        tbody {
                            @for s in &all {
                                tr {
                                    td { a href=(layout::address("series", &s.series)) { (s.series) } }
                                    td.number { a href={ "/actions?series=" (encoded(&s.series)) } { (s.open) } }
                                    td.number.dim { @if s.stale > 0 { a href={ "/actions?state=stale&series=" (encoded(&s.series)) } { (s.stale) } } }
                                    td.bar { (bar(s.open, s.stale, most)) }
                                    td { (layout::ago(s.last, &scope)) }
                                    td { a href={ (layout::address("series", &s.series)) "/agenda" } aria-label={ "next agenda of " (s.series) } { "agenda" } }
                                }
                            }
                        }
                    }
                    }
                    p.dim { (count) " meetings in " (files) " files" (layout::told_as_of(&scope)) }
                }
                section {
                    h2 { "Latest decisions" }
                    @if decided.is_empty() { (layout::nothing("No marked decisions yet.")) } @else { (layout::decisions(&decided, true)) }
                    p { a href="/decisions" { "All decisions" } }
                    h2 { "Latest meetings" }
                    (layout::meetings(&latest, true))
                }
            }
        }
    };
    Ok(layout::page(&format!("{} · Minutebook", snapshot.name), Place::Home, &scope, &body))
}

/// A bar of two lengths, in an SVG so that it needs no inline style.
fn bar(open: usize, stale: usize, most: usize) -> Markup {
    let width = |n: usize| n * 100 / most;
    html! {
        svg.share viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" {
            rect.open x="0" y="0" height="8" width=(width(open)) {}
            rect.stale x=(width(open)) y="0" height="8" width=(width(stale)) {}
        }
    }
}
