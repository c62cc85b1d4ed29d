//! `/api/v1/go`: where a few letters may lead, for the pages' palette.

use axum::extract::State;
use minutebook_index::Snapshot;
use minutebook_index::forge::encoded;
use minutebook_index::query::complete::complete;
use minutebook_index::query::direct::{Direct, direct};
use minutebook_index::query::{Scope, language, meetings};
use serde::{Deserialize, Serialize};

use super::api::{Answer, answer};
use super::error::Params;
use super::pages::layout;
use super::{App, Common};

/// The pages that are no page of a thing.
const PAGES: [(&str, &str, &str); 12] = [
    ("First page", "/", "search, open actions, latest decisions"),
    ("Search", "/search", "how to ask"),
    ("Actions", "/actions", "what is to be done"),
    ("Decisions", "/decisions", "the register"),
    ("Series", "/series", "meetings that recur"),
    ("People", "/people", "people and teams"),
    ("Issues", "/issues", "what the minutes point to"),
    ("Handed over", "/handoffs", "from one series to another"),
    ("Who knows", "/who", "about a topic"),
    ("Graph", "/graph", "how things hang together"),
    ("What to mend", "/check", "what was read and skipped"),
    ("Ledger", "/ledger", "what was said outside the minutes"),
];

/// Series, people and issues are named by the values of these qualifiers; so many of each are offered.
const NAMED: [(&str, &str, &str, usize); 3] =
    [("series", "series", "series", 5), ("person", "person", "people", 6), ("ref", "issue", "issues", 5)];

/// Meetings that are offered.
const MEETINGS: usize = 6;

/// What is typed.
#[derive(Debug, Default, Deserialize)]
pub struct GoParams {
    /// A few letters.
    #[serde(default)]
    q: String,
    /// Answer as on that day, or as of that commit.
    #[serde(flatten)]
    common: Common,
}

/// Where it may lead.
#[derive(Debug, Serialize)]
pub struct Destination {
    /// page, series, person, issue, meeting or search.
    kind: &'static str,
    label: String,
    hint: Option<String>,
    address: String,
}

pub async fn go(State(app): State<App>, Params(params): Params<GoParams>) -> Answer<Vec<Destination>> {
    answer(|| {
        let (snapshot, scope) = app.asked(&params.common)?;
        Ok(destinations(&snapshot, &scope, params.q.trim()))
    })
}

/// The likeliest first; a search for what is typed comes last, and where it already is a query, first.
fn destinations(snapshot: &Snapshot, scope: &Scope, typed: &str) -> Vec<Destination> {
    let low = typed.to_lowercase();
    let mut found = Vec::new();
    let to = |address: String| layout::kept_as_of(&address, scope);
    let parsed = language::parse(typed, scope.today);
    let is_query = parsed.as_ref().is_ok_and(|q| !q.filters.is_empty() || !q.excluded.is_empty());
    if is_query {
        return vec![search(typed, scope)];
    }
    if let Some(meant) = parsed.ok().and_then(|query| direct(snapshot, scope, &query)) {
        let (kind, folder, id) = match meant {
            Direct::Issue(id) => ("issue", "issues", id),
            Direct::Person(id) => ("person", "people", id),
        };
        found.push(Destination { kind, address: to(layout::address(folder, &id)), label: id, hint: None });
    }
    let begins = |text: &str| text.to_lowercase().split_whitespace().any(|word| word.starts_with(&low));
    for (name, address, hint) in PAGES.iter().filter(|(name, ..)| begins(name) || low.is_empty()) {
        let hint = Some((*hint).to_owned());
        found.push(Destination { kind: "page", label: (*name).to_owned(), hint, address: to((*address).to_owned()) });
    }
    for (qualifier, kind, folder, most) in NAMED {
        // A quote keeps names of several words together.
        let half = format!("{qualifier}:\"{}", typed.replace('"', " "));
        for value in complete(snapshot, scope, &half, usize::MAX).into_iter().take(most) {
            let address = to(layout::address(folder, &value.text));
            if found.iter().all(|known| known.address != address) {
                found.push(Destination { kind, label: value.text, hint: value.hint, address });
            }
        }
    }
    if !low.is_empty() {
        found.extend(held(snapshot, scope, &low));
        found.push(search(typed, scope));
    }
    found
}

/// The latest meetings whose series, day and title hold all that is typed.
fn held<'s>(snapshot: &'s Snapshot, scope: &'s Scope, low: &str) -> impl Iterator<Item = Destination> + 's {
    let words: Vec<String> = low.split_whitespace().map(str::to_owned).collect();
    let fits = move |m: &meetings::MeetingRef| {
        let day = m.date.map(|d| d.to_string()).unwrap_or_default();
        let said = format!("{} {day} {}", m.series, m.title).to_lowercase();
        words.iter().all(|word| said.contains(word))
    };
    meetings::latest_where(snapshot, scope, MEETINGS, fits).into_iter().map(|m| Destination {
        kind: "meeting",
        label: format!("{} {}", m.series, m.date.map(|d| d.to_string()).unwrap_or_default()),
        address: layout::kept_as_of(&layout::meeting_address(&m), scope),
        hint: Some(m.title).filter(|title| m.date.is_none_or(|day| *title != day.to_string())),
    })
}

fn search(typed: &str, scope: &Scope) -> Destination {
    let address = layout::kept_as_of(&format!("/search?q={}&words=1", encoded(typed)), scope);
    Destination { kind: "search", label: typed.to_owned(), hint: Some("in all minutes".to_owned()), address }
}
