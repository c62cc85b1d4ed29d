//! The first page: search, open actions by series, latest meetings and decisions.

use axum::extract::State;
use axum::http::HeaderMap;
use jiff::civil::Date;
use maud::{Markup, html};
use minutebook_index::forge::encoded;
use minutebook_index::query::{decisions, meetings, series};

use super::layout::{self, Place};
use super::{charts, yours};
use crate::web::error::{PageError, Params};
use crate::web::{App, Common};

pub async fn page(
    State(app): State<App>,
    Params(common): Params<Common>,
    headers: HeaderMap,
) -> Result<Markup, PageError> {
    let (snapshot, scope) = app.asked(&common)?;
    let mut all = series::series(&snapshot, &scope);
    all.sort_by(|a, b| b.last.cmp(&a.last).then_with(|| a.series.cmp(&b.series)));
    let latest = meetings::latest(&snapshot, &scope, 8);
    let decided = decisions::latest(&snapshot, &scope, &decisions::Filter { explicit: true, ..Default::default() }, 8);
    let mut coming: Vec<(Date, &series::SeriesView)> = all.iter().filter_map(|s| Some((s.next?, s))).collect();
    coming.sort_by(|a, b| (a.0, &a.1.series).cmp(&(b.0, &b.1.series)));
    coming.truncate(6);
    let most = all.iter().map(|s| s.open + s.stale).max().unwrap_or(0).max(1);
    let (files, _) = snapshot.size();
    let count: usize = all.iter().map(|s| s.meetings).sum();
    let body = html! {
        (layout::trouble(&app))
        section.hero {
            h1 { (snapshot.name) }
            form.find.big action="/search" role="search" {
                (layout::search_box("Search the minutes", "", "What did we decide about …", true))
                button type="submit" { "Search" }
            }
            p.hint {
                "For instance " a href="/search?q=kind:decision" { "all decisions" } ", "
                a href="/actions?owner=none" { "actions that nobody owns" } ", or a name: "
                a href="/people" { "whose to-dos?" }
            }
            (layout::qualifiers())
        }
        @if files == 0 {
            (layout::nothing("There are no minutes here yet. Minutebook reads Markdown files (.md); add one and it will show up."))
        } @else {
            (yours::section(&snapshot, &scope, &app.by(&headers))?)
            @if !coming.is_empty() {
                section.coming {
                    h2 { "Next meetings" }
                    ul.meetings { @for (day, s) in &coming {
                        li { (layout::day(Some(*day))) " " a href=(layout::address("series", &s.series)) { (s.series) } " " a.button.quiet href={ (layout::address("series", &s.series)) "/agenda" } { "Prepare the agenda" } }
                    } }
                }
            }
            div.columns {
                section {
                    h2 { "Open actions by series" }
                    div.scroll { table.series {
                        thead { tr { th { "Series" } th.number { "open" } th.number title="open, but not heard of for 90 days and three meetings" { "stale" } th { span.hidden { "share" } } th title="open after each of the last twelve meetings" { "trend" } th { "last met" } th { span.hidden { "agenda" } } } }
                        tbody {
                            @for s in &all {
                                tr {
                                    td { a href=(layout::address("series", &s.series)) { (s.series) } }
                                    td.number { a href={ "/actions?series=" (encoded(&s.series)) } { (s.open) } }
                                    td.number.dim { @if s.stale > 0 { a href={ "/actions?state=stale&series=" (encoded(&s.series)) } { (s.stale) } } }
                                    td.bar { (charts::share(s.open, s.stale, most)) }
                                    td { (charts::trend(&s.trend)) }
                                    td { (layout::ago(s.last, &scope)) }
                                    td { a href={ (layout::address("series", &s.series)) "/agenda" } aria-label={ "next agenda of " (s.series) } { "agenda" } }
                                }
                            }
                        }
                    }
                    }
                    p.dim { (count) " meetings" @if !scope.is_past() { " in " (files) " files" } (layout::told_as_of(&scope)) }
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
