//! One meeting: its minutes rendered, the facts marked in place and listed beside them.

use std::collections::{BTreeMap, BTreeSet};

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use minutebook_index::Snapshot;
use minutebook_index::forge::encoded;
use minutebook_index::graph::Kind;
use minutebook_index::history::Version;
use minutebook_index::query::Scope;
use minutebook_index::query::actions::{ActionView, Filter, actions};
use minutebook_index::query::changes::{Changes, changes};
use minutebook_index::query::decisions::Spoken;
use minutebook_index::query::meetings::{MeetingPage, meeting};
use minutebook_index::threads;
use minutebook_ingest::facts::Attendance;

use super::graph;
use super::layout::{self, Place};
use crate::web::api::MeetingParams;
use crate::web::error::{PageError, Params, Rest};
use crate::web::{App, minutes};

pub async fn page(
    State(app): State<App>,
    Rest(path): Rest,
    Params(params): Params<MeetingParams>,
) -> Result<Response, PageError> {
    let (snapshot, scope) = app.asked(&params.common)?;
    let page = meeting(&snapshot, &scope, &path, params.line.unwrap_or(1))?;
    let path = &page.meeting.path;
    let source = snapshot.text(path).map_err(|reason| PageError::internal(format!("{path} {reason}")))?;
    match params.view.as_deref().unwrap_or_default() {
        "" => {}
        "text" => return Ok(([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], source).into_response()),
        "changes" => {
            let found = changes(&snapshot, &scope, path, page.meeting.line)?;
            let title = format!("What was changed in {path}");
            return Ok(layout::page(&title, Place::Series, &scope, &changed(&page, &found)).into_response());
        }
        other => {
            let what = format!("{other:?} is no view of a meeting; there are text and changes");
            return Err(PageError::bad_request(what));
        }
    }
    let of_series =
        actions(&snapshot, &scope, &Filter { series: Some(page.meeting.series.clone()), ..Filter::default() });
    let marks = marks(&of_series, &page);
    let m = &page.meeting;
    let title = format!("{} {}", m.series, m.date.map_or_else(|| m.title.clone(), |d| d.to_string()));
    let rendered = minutes::rendered(&source, &marks);
    // Minutes that begin with a smaller heading, or with none, get one.
    let is_headed = rendered.0.contains("<h1");
    let body = html! {
        (layout::crumbs(&[("/series", "Series"), (&layout::address("series", &m.series), &m.series)]))
        @if !is_headed { h1 { (title) } }
        div.meeting {
            article.minutes { (rendered) }
            aside.margin aria-label="Facts of this meeting" { (margin(&snapshot, &scope, &page, &of_series)) }
        }
    };
    Ok(layout::page(&title, Place::Series, &scope, &body).into_response())
}

/// What was changed after the meeting, line by line.
fn changed(page: &MeetingPage, found: &Changes) -> Markup {
    let m = &page.meeting;
    let here = layout::line_address(&m.path, m.line);
    let version = |v: &Version| html! { (layout::day(Some(v.day))) " by " (v.by) ": " (v.subject) " " code { (v.commit.get(..10).unwrap_or(&v.commit)) } };
    let since = &found.changed;
    html! {
        (layout::crumbs(&[("/series", "Series"), (&layout::address("series", &m.series), &m.series), (&here, &m.path)]))
        h1 { "Changed after the meeting" }
        p.lead { "What the minutes of " (layout::day(m.date)) " were when they had been written, and what they are now." }
        dl.facts {
            dt { "Written" } dd { (version(&since.written)) }
            dt { "Changed" } dd {
                @if since.times == 0 { "in no commit" } @else { ul { @for v in &since.later { li { (version(v)) } } @if since.times > since.later.len() { li.dim { (since.times - since.later.len()) " more" } } } }
                @if since.uncommitted { " and what is not committed" }
            }
        }
        @if found.places.is_empty() { (layout::nothing("Nothing of this meeting is different now: it was undone again, or stands in another meeting of the file.")) }
        @for place in &found.places {
            table.diff {
                tbody {
                    @for line in place {
                        tr class=(line.kind) {
                            td.number { @if let Some(n) = line.line { a href=(layout::line_address(&m.path, n)) aria-label={ "line " (n) } { (n) } } }
                            td.sign { @match line.kind { "added" => span title="added" { "+" }, "removed" => span title="removed" { "−" }, _ => {} } }
                            td { @for (differs, text) in &line.text { @match (line.kind, differs) { ("added", true) => ins { (text) }, ("removed", true) => del { (text) }, _ => (text) } } }
                        }
                    }
                }
            }
        }
    }
}

/// What stands beside the lines that hold facts.
fn marks(of_series: &[ActionView], page: &MeetingPage) -> BTreeMap<u32, Markup> {
    let path = &page.meeting.path;
    let mut marks: BTreeMap<u32, Vec<Markup>> = BTreeMap::new();
    for a in of_series {
        // What became of it later is not what the minutes of this day say.
        let later = a.state == threads::State::Stale || a.closed > page.meeting.date;
        for mention in a.mentions.iter().filter(|m| m.path == *path) {
            let mark = html! { a class={ "fact action " (a.state.as_str()) } href=(layout::address("actions", &a.id)) title=(a.reason) { "action · " @if later { "now " } (a.state.as_str()) } };
            marks.entry(mention.line).or_default().push(mark);
        }
    }
    for s in &page.decided {
        let plain = !page.meeting.decisions.iter().any(|d| d.line == s.line && d.explicit);
        let mark = html! {
            a class={ "fact decision " @if plain { "plain" } " " (s.judged.unwrap_or_default()) } href=(layout::address("decisions", &s.id)) title=(s.reason) {
                "decision" @if s.relation != "decided" { " · " (told(s)) } @if let Some(judged) = s.judged.filter(|_| s.relation != "questioned") { " · " (judged) }
            }
        };
        marks.entry(s.line).or_default().push(mark);
    }
    marks.into_iter().map(|(line, list)| (line, html! { @for mark in list { (mark) } })).collect()
}

/// What a line does to a decision that was made elsewhere or before: those that undo one say so by what they undo.
fn told(s: &Spoken) -> &'static str {
    match s.relation {
        "reversed" => "reverses an earlier one",
        "revised" => "revises an earlier one",
        "questioned" => "questions an earlier one",
        "confirmed" => "confirms an earlier one",
        relation => relation,
    }
}

fn margin(snapshot: &Snapshot, scope: &Scope, page: &MeetingPage, of_series: &[ActionView]) -> Markup {
    let m = &page.meeting;
    let view = snapshot.view(scope);
    let id = |name: &str| view.people.canonical(name, m);
    let by = |status: Attendance| m.participants.iter().filter(move |p| p.status == status);
    html! {
        p.when { (layout::day(m.date)) @if !m.held { " " span.state.dropped { "not held" } } }
        nav.neighbours aria-label="Neighbouring meetings" {
            @if let Some(p) = &page.previous { a href={ (layout::address("meetings", &p.path)) @if p.line > 1 { "?line=" (p.line) } } rel="prev" { "‹ " (p.date.map_or_else(|| "before".to_owned(), |d| d.to_string())) } }
            @if let Some(n) = &page.next { a href={ (layout::address("meetings", &n.path)) @if n.line > 1 { "?line=" (n.line) } } rel="next" { (n.date.map_or_else(|| "after".to_owned(), |d| d.to_string())) " ›" } }
        }
        @if !page.same_file.is_empty() { h2 { "In the same file" } (layout::meetings(&page.same_file, false)) }
        @if !m.participants.is_empty() {
            h2 { "People" }
            p.people {
                @for p in by(Attendance::Present) { (layout::person(&id(p.as_written()))) " " }
                @for p in by(Attendance::Partial) { (layout::person(&id(p.as_written()))) " " span.dim { "partly" } " " }
            }
            @if by(Attendance::Absent).next().is_some() { p.people.dim { "absent: " @for p in by(Attendance::Absent) { (layout::person(&id(p.as_written()))) " " } } }
        }
        @if !m.roles.is_empty() { h2 { "Chores" } ul { @for r in &m.roles { li { (format!("{:?}", r.role).to_lowercase()) ": " @for p in &r.people { (layout::person(&id(p))) " " } } } } }
        @if !page.decided.is_empty() {
            h2 { "Decisions" }
            ul {
                @for s in &page.decided {
                    li {
                        a href=(format!("#L{}", s.line)) { (s.text) }
                        @if s.relation != "decided" { " " span.dim { (told(s)) } }
                        @if s.judged.is_some() && s.relation != "questioned" { " " a href=(layout::address("decisions", &s.id)) title=(s.reason) { (layout::standing(s.standing, s.judged)) } }
                    }
                }
            }
        }
        @if !m.actions.is_empty() { h2 { "Actions" } ul { @for a in &m.actions { li {
            a href=(format!("#L{}", a.line)) { (a.text) } " " span.dim { (a.owners.join(", ")) }
            @if let Some(whole) = of_series.iter().find(|w| w.mentions.iter().any(|o| o.path == m.path && o.line == a.line)).filter(|_| !scope.is_past()) {
                " " a.right href={ (layout::address("actions", &whole.id)) "#say" } aria-label={ "close or put right: " (a.text) } title="close it, or put right what was read" { "✎" }
            }
        } } } }
        @if !m.handoffs.is_empty() { h2 { "Handed over" } ul { @for h in &m.handoffs { li { a href=(format!("#L{}", h.line)) { (h.text) } " " span.dim { "to " (h.to) } } } } }
        @if !m.references.is_empty() {
            @let targets = m.references.iter().map(|r| view.target(m, r)).collect::<BTreeSet<_>>();
            h2 { "Issues" } p.people { @for t in &targets { (layout::issue(t)) " " } }
        }
        @if !m.diagnostics.is_empty() { h2 { "Worth a look" } ul { @for d in &m.diagnostics { li { a href=(format!("#L{}", d.line)) { "line " (d.line) } ": " (d.message) } } } }
        p.dim { a href={ "/explain?path=" (encoded(&m.path)) } { "Why these, and nothing else?" } " · " (graph::link(Kind::Meeting, &format!("{}:{}", m.path, m.line))) }
        p.dim { (m.path) " · " a href={ (layout::address("meetings", &m.path)) "?view=text" } { "as text" } @if let Some(link) = &page.permalink { " · " a href=(link) rel="noopener" { "on the forge" } } }
        @if let Some(changed) = &page.changed {
            p.dim {
                a href={ (layout::address("meetings", &m.path)) "?view=changes" @if m.line > 1 { "&line=" (m.line) } } {
                    "changed after the meeting" @if changed.times > 0 { " " (layout::times(changed.times)) }
                }
                @if let Some(last) = changed.later.first() { ", last " (layout::day(Some(last.day))) }
                @if changed.uncommitted { ", and not committed" }
            }
        }
        @if let Some(commit) = &page.commit { p.dim { "as of commit " code { (commit.get(..10).unwrap_or(commit)) } } }
    }
}
