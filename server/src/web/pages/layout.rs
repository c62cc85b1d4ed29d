//! The frame of every page, and the pieces that several pages share.

use axum::response::Redirect;
use jiff::civil::Date;
use maud::{DOCTYPE, Markup, html};
use minutebook_index::forge::encoded;
use minutebook_index::query::Scope;
use minutebook_index::query::actions::ActionView;
use minutebook_index::query::decisions::{DecisionView, StandingView};
use minutebook_index::query::language::{QUALIFIERS, QueryError};
use minutebook_index::query::meetings::MeetingRef;
use minutebook_index::threads::State;

use crate::settings::today;
use crate::web::{App, then};

/// Which entry of the navigation a page belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Home,
    Search,
    Actions,
    Decisions,
    Series,
    People,
    Issues,
    Other,
}

/// What words can be typed with.
const SIGNS: [(&str, &str); 5] = [
    ("tide cache", "passages with these words; of many words some, the more the better"),
    ("\"tide cache\"", "the words in this order"),
    ("tide -postgres", "not with that word"),
    ("tide OR water", "one or the other"),
    ("berth*", "words that begin so"),
];

const NAVIGATION: [(Place, &str, &str); 5] = [
    (Place::Actions, "/actions", "Actions"),
    (Place::Decisions, "/decisions", "Decisions"),
    (Place::Series, "/series", "Series"),
    (Place::People, "/people", "People"),
    (Place::Issues, "/issues", "Issues"),
];

/// What else there is.
const MORE: [(&str, &str); 5] = [
    ("/check", "What to mend"),
    ("/ledger", "What was said in the ledger"),
    ("/handoffs", "Handed over"),
    ("/who", "Who knows"),
    ("/graph", "The graph"),
];

/// The scripts of every page; each does one thing, and none is needed.
const SCRIPTS: [&str; 5] = ["app.js", "complete.js", "keys.js", "palette.js", "news.js"];

/// A whole page; what is looked for in its search box is looked for in the same scope.
pub fn page(title: &str, place: Place, scope: &Scope, body: &Markup) -> Markup {
    page_with_query(title, place, scope, "", body)
}

/// A whole page whose search box holds a query.
pub fn page_with_query(title: &str, place: Place, scope: &Scope, query: &str, body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" data-as-of=[when(scope)] {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) @if place != Place::Home { " · Minutebook" } }
                script src="/static/theme.js" {}
                link rel="stylesheet" href="/static/tokens.css";
                link rel="stylesheet" href="/static/style.css";
                link rel="stylesheet" href="/static/views.css";
                // A page is painted once it is whole, so that nothing of it moves.
                link rel="expect" href="#bottom" blocking="render";
                link rel="icon" href="/static/icon.svg" type="image/svg+xml";
                @for name in SCRIPTS { script type="module" src={ "/static/" (name) } {} }
            }
            body {
                a.skip href="#main" { "Skip to the content" }
                header.top {
                    a.brand href="/" aria-label="Minutebook, first page" { span.mark aria-hidden="true" {} "Minutebook" }
                    @if place != Place::Home && place != Place::Search {
                        form.find action="/search" role="search" {
                            (search_box("Search the minutes", query, "Search the minutes", false))
                        }
                    }
                    button.go.quiet.needs-script type="button" data-opens="palette" aria-keyshortcuts="Control+K Meta+K" { "Go to" span.keys { " " kbd.held {} kbd { "K" } } }
                    nav aria-label="Main" {
                        @for (at, address, name) in NAVIGATION {
                            a href=(address) aria-current=[(at == place).then_some("page")] { (name) }
                        }
                    }
                }
                p #news.news role="status" {}
                @if scope.is_past() {
                    aside.past aria-label="The day it is of" { "The book as it stood"
                        @if let Some(commit) = &scope.commit { " at commit " (short(commit)) ", " (day(Some(scope.today))) }
                        @else { " on " (day(scope.as_of)) }
                        ". " a href=(then::NOW) { "As it stands now" } }
                }
                main #main tabindex="-1" { (body) }
                (bottom(scope))
                (palette())
                (keys())
            }
        }
    }
}

fn bottom(scope: &Scope) -> Markup {
    html! {
        footer #bottom.bottom {
            p { "Made from the minutes and the ledger beside them, and from nothing else." }
            nav aria-label="More" {
                @for (address, name) in MORE { a href=(address) { (name) } }
            }
            form class=(then::ASKS) {
                label { "As it stood on " input type="date" name=(then::AS_OF) value=[scope.as_of] max=(today()) required; }
                button.quiet { "Show" }
            }
            div.needs-script {
                label { "Light or dark " select #theme autocomplete="off" { option value="" { "as the system" } option value="light" { "light" } option value="dark" { "dark" } } }
                button.quiet type="button" data-opens="keys" { "Keys" }
            }
        }
    }
}

/// Where a script offers places to go to.
fn palette() -> Markup {
    html! {
        dialog #palette.palette aria-label="Go to" {
            form action="/search" {
                input #go type="text" name="q" aria-label="Go to" placeholder="Somebody, a series, an issue, a meeting, or words" autocomplete="off" autocapitalize="none" spellcheck="false";
                ul #places.choices hidden {}
            }
        }
    }
}

/// What the keys do that a script listens to.
fn keys() -> Markup {
    html! {
        dialog #keys.key-list aria-labelledby="keys-title" {
            h2 #keys-title { "Keys" }
            dl {
                dt { kbd.held {} kbd { "K" } } dd { "go to somebody, a series, an issue, a meeting or a page, or search" }
                dt { kbd { "/" } } dd { "to the search box" }
                dt { kbd { "?" } } dd { "these keys" }
                dt { kbd { "j" } kbd { "k" } } dd { "to the next hit of a search, and back" }
                dt { kbd { "↓" } kbd { "↑" } } dd { "choose in a list, " kbd { "Enter" } " takes, " kbd { "Esc" } " closes" }
            }
            label.check { input type="checkbox" checked autocomplete="off"; " Single keys (/, ?, j and k) work" }
            form method="dialog" { button.quiet { "Close" } }
        }
    }
}

/// The way down to a page: the pages over it, the first one first.
pub fn crumbs(over: &[(&str, &str)]) -> Markup {
    html! {
        nav.crumbs aria-label="Breadcrumbs" { ol { @for (address, name) in over { li { a href=(address) { (name) } } } } }
    }
}

/// The box of a query with its label; a script may complete what is typed in it.
pub fn search_box(label: &str, query: &str, placeholder: &str, focus: bool) -> Markup {
    html! {
        label.hidden for="q" { (label) }
        input #q type="search" name="q" value=(query) placeholder=(placeholder) autocomplete="off" autocapitalize="none" spellcheck="false" data-complete autofocus[focus];
    }
}

/// What can be typed beside words, for those whose browser does not offer it while they type.
pub fn qualifiers() -> Markup {
    html! {
        details.qualifiers {
            summary { "What can be typed here" }
            (query_language())
        }
    }
}

/// The query language, each line with an example to follow.
pub fn query_language() -> Markup {
    let lines = SIGNS.into_iter().chain(QUALIFIERS.map(|q| (q.example, q.meaning)));
    html! {
        table.language { tbody {
            @for (query, meaning) in lines {
                tr { td { a href={ "/search?q=" (encoded(query)) } { code { (query) } } } td { (meaning) } }
            }
        } }
    }
}

/// Why a query is not understood, with the place in it.
pub fn not_understood(error: &QueryError, query: &str) -> Markup {
    let [before, there, behind] = error.parts(query);
    html! {
        div.error role="alert" {
            p { "The query could not be understood: " (error.message) "." }
            p.query { code { (before) mark { @if there.is_empty() { "…" } @else { (there) } } (behind) } }
        }
    }
}

/// What must be mended, in the lines in which it was told.
pub fn trouble(app: &App) -> Markup {
    html! {
        @if let Some((told, is_older)) = app.trouble() {
            div.error role="alert" { pre { (told.trim_end()) } @if is_older { p { "What is shown was read before." } } }
        }
    }
}

/// The address of a thing under a folder.
pub fn address(folder: &str, name: &str) -> String {
    format!("/{folder}/{}", encoded(name))
}

/// The day or commit that is asked about, as it stands in addresses; none for now.
fn when(scope: &Scope) -> Option<String> {
    scope.commit.clone().or_else(|| scope.as_of.map(|day| day.to_string()))
}

/// An address of the same day or commit as `scope`, for where it stands in no page: those keep it themselves.
pub fn kept_as_of(address: &str, scope: &Scope) -> String {
    when(scope).map_or_else(|| address.to_owned(), |when| then::with_day(address, &when, "&"))
}

/// The address of a meeting; of those that share a file, at its beginning.
pub fn meeting_address(m: &MeetingRef) -> String {
    let page = address("meetings", &m.path);
    if m.line > 1 { format!("{page}?line={}", m.line) } else { page }
}

/// A commit, as it is told.
fn short(commit: &str) -> Markup {
    html! { code { (commit.get(..10).unwrap_or(commit)) } }
}

/// Tells behind a count what it is the count of, where it is not that of now.
pub fn told_as_of(scope: &Scope) -> Markup {
    html! {
        @if let Some(commit) = &scope.commit { ", as of commit " (short(commit)) " of " (scope.today) }
        @else if let Some(day) = scope.as_of { ", as of " (day) }
    }
}

/// Leads from a query that names one thing to its page, which leads back.
pub fn to_what_is_meant(folder: &str, id: &str, query: &str, scope: &Scope) -> Redirect {
    Redirect::to(&kept_as_of(&format!("{}?q={}", address(folder, id), encoded(query)), scope))
}

/// The way back from where a query led at once.
pub fn words_instead(query: Option<&str>) -> Markup {
    html! {
        @if let Some(query) = query.filter(|q| !q.trim().is_empty()) {
            p.hint { "You asked for " code { (query) } ", which is this. " a href={ "/search?q=" (encoded(query)) "&words=1" } { "Search for the words instead" } }
        }
    }
}

/// Leads from another name of a thing to its own address, as of the same day or commit.
pub fn to_its_own(folder: &str, id: &str, scope: &Scope) -> Redirect {
    Redirect::temporary(&kept_as_of(&address(folder, id), scope))
}

/// The address of a line of minutes.
pub fn line_address(path: &str, line: u32) -> String {
    format!("{}?line={line}#L{line}", address("meetings", path))
}

/// A day, as a time element.
pub fn day(date: Option<Date>) -> Markup {
    html! {
        @match date {
            Some(d) => time datetime=(d) { (d) },
            None => span.dim { "undated" },
        }
    }
}

/// A day that has been by its distance from today, with the exact one behind it; as of a past day, the day itself.
pub fn ago(date: Option<Date>, scope: &Scope) -> Markup {
    html! {
        @match date {
            Some(d) if !scope.is_past() && d <= scope.today => time datetime=(d) title=(d) { (distance(scope.today, d)) },
            other => (day(other)),
        }
    }
}

/// "today", "yesterday", "3 weeks ago"
fn distance(today: Date, day: Date) -> String {
    match (today - day).get_days() {
        0 => "today".to_owned(),
        1 => "yesterday".to_owned(),
        days => format!("{} ago", age(days)),
    }
}

/// A moment; a script tells it in the reader's time zone.
pub fn moment(at: jiff::Timestamp) -> Markup {
    html! { time datetime=(at.strftime("%Y-%m-%dT%H:%M:%SZ")) { (at.strftime("%Y-%m-%d %H:%M UTC")) } }
}

/// A state, told by word, colour and shape.
pub fn state(state: State) -> Markup {
    html! { span class={ "state " (state.as_str()) } { (state.as_str()) } }
}

/// Whether a decision holds, told by word, colour and shape; what is only questioned says so.
pub fn standing(standing: StandingView, judged: Option<&str>) -> Markup {
    let word = judged.unwrap_or(standing.as_str());
    html! { span class={ "standing " (word) } { (word) } }
}

/// A link to a person.
pub fn person(id: &str) -> Markup {
    html! { a.person href=(address("people", id)) { (id) } }
}

/// A link to an issue.
pub fn issue(target: &str) -> Markup {
    html! {
        @if target.starts_with('#') { span.issue { (target) } }
        @else { a.issue href=(address("issues", target)) { (target) } }
    }
}

/// Owners, or that there are none.
pub fn owners(owners: &[String]) -> Markup {
    html! {
        @if owners.is_empty() { span.dim { "nobody" } }
        @for (n, owner) in owners.iter().enumerate() { @if n > 0 { ", " } (person(owner)) }
    }
}

/// A list of actions.
pub fn actions(actions: &[ActionView], scope: &Scope, with_series: bool) -> Markup {
    actions_with(actions, scope, with_series, |_| Markup::default())
}

/// … with something before each of them.
pub fn actions_with(
    actions: &[ActionView],
    scope: &Scope,
    with_series: bool,
    before: impl Fn(&ActionView) -> Markup,
) -> Markup {
    html! {
        ul.actions {
            @for a in actions { (action(a, scope, with_series, &before(a))) }
        }
    }
}

fn action(a: &ActionView, scope: &Scope, with_series: bool, before: &Markup) -> Markup {
    let last = a.mentions.last();
    html! {
        li class={ "action " (a.state.as_str()) } {
            (before)
            div.what { a href=(address("actions", &a.id)) { (a.text) } }
            div.about {
                (state(a.state)) " "
                span.owners { (owners(&a.owners)) }
                @if with_series { " · " a href=(address("series", &a.series)) { (a.series) } }
                " · " span title={ "opened " (a.opened.map_or_else(String::new, |d| d.to_string())) } { (stood(a)) }
                @if a.carries > 0 { " · carried " (times(a.carries)) }
                @if let Some(due) = &a.due {
                    " · " span class=[a.is_overdue(scope.today).then_some("late")] title=(due.text) {
                        "due " (due.told())
                    }
                }
                @for r in a.references.iter().take(3) { " · " (issue(r)) }
                @if let Some(m) = last { " · " a.source href=(line_address(&m.path, m.line)) { @if m.date.is_some() { (day(m.date)) } @else { (m.path) } } }
                @if !a.candidates.is_empty() { " · perhaps " (owners(&a.candidates)) }
            }
        }
    }
}

/// How long an action has been open, or took.
pub fn stood(a: &ActionView) -> String {
    match (a.closed, a.age_days) {
        (None, days) => age(days),
        (Some(_), 0) => "on the same day".to_owned(),
        (Some(_), days) => format!("after {}", age(days)),
    }
}

/// A number of days, as people say it.
pub fn age(days: i32) -> String {
    match days {
        0 => "today".to_owned(),
        1 => "1 day".to_owned(),
        2..=13 => format!("{days} days"),
        14..=60 => format!("{} weeks", days / 7),
        61..=730 => format!("{} months", days / 30),
        _ => format!("{} years", days / 365),
    }
}

/// "1 place", "3 places"
pub fn times_of(n: usize, word: &str) -> String {
    format!("{n} {word}{}", if n == 1 { "" } else { "s" })
}

/// once, twice, 3 times
pub fn times(n: usize) -> String {
    match n {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        n => format!("{n} times"),
    }
}

/// A list of decisions.
pub fn decisions(all: &[DecisionView], with_series: bool) -> Markup {
    decisions_with(all, with_series, |_| Markup::default())
}

/// The same, with more told of each.
pub fn decisions_with(decisions: &[DecisionView], with_series: bool, more: impl Fn(&DecisionView) -> Markup) -> Markup {
    html! {
        ul.decisions {
            @for d in decisions {
                li class={ "decision " @if d.explicit { "marked" } @else { "plain" } " " (d.standing.as_str()) } {
                    div.what { @if let Some(by) = &d.judged { (standing(d.standing, Some(by.relation))) " " } a href=(address("decisions", &d.id)) { (decided(d)) } }
                    div.about {
                        (day(d.date))
                        @if with_series { " · " a href=(address("series", &d.series)) { (d.series) } }
                        @if let Some(by) = &d.judged { " · " a.source href=(line_address(&by.path, by.line)) { (by.relation) " in " (by.date.map_or_else(|| by.path.clone(), |d| d.to_string())) } }
                        @if !d.reported_in.is_empty() { " · reported in " (d.reported_in.join(", ")) }
                        @if !d.copies.is_empty() { " · copied " (times(d.copies.len())) }
                        @if let Some(topic) = &d.topic { " · " (topic) }
                        @if let Some(v) = d.votes { " · " (v.yes) " for, " (v.no) " against, " (v.abstain) " abstained" }
                        @for r in d.references.iter().take(3) { " · " (issue(r)) }
                        " · " a.source href=(line_address(&d.path, d.line)) { "line " (d.line) }
                        @if !d.explicit { " · " span.dim title="plainly stated, without a mark such as Decision:" { "unmarked" } }
                    }
                    (more(d))
                }
            }
        }
    }
}

/// What was decided: with its topic where the words alone ("Approved.") say little.
pub fn decided(d: &DecisionView) -> String {
    let words = d.text.split_whitespace().filter(|w| w.chars().any(char::is_alphabetic)).count();
    match &d.topic {
        Some(topic) if words <= 3 || d.votes.is_some() => format!("{topic}: {}", d.text),
        _ => d.text.clone(),
    }
}

/// A list of meetings.
pub fn meetings(meetings: &[MeetingRef], with_series: bool) -> Markup {
    html! {
        ul.meetings {
            @for m in meetings {
                li class=[(!m.held).then_some("unheld")] {
                    (day(m.date)) " "
                    a href=(meeting_address(m)) {
                        @if with_series { (m.series) } @else { (m.title) }
                    }
                    @if !m.held { " " span.dim { "not held" } }
                    span.counts {
                        @if m.participants > 0 { span { (m.participants) @if m.participants == 1 { " person" } @else { " people" } } }
                        @if m.actions > 0 { span { (times_of(m.actions, "action")) } }
                        @if m.decisions > 0 { span { (times_of(m.decisions, "decision")) } }
                    }
                }
            }
        }
    }
}

/// What is said where a list is empty.
pub fn nothing(text: &str) -> Markup {
    html! { p.nothing { (text) } }
}
