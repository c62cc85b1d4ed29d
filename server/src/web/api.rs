//! The JSON API: each handler asks one query and serialises its answer.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use minutebook_index::query::{
    actions, agenda, away, check, complete, decisions, graph, handoffs, issues, language, ledger, meetings, people,
    search, series, who,
};
use minutebook_ingest::explain::Explained;
use serde::{Deserialize, Serialize};

use super::error::{PageError, Params, Rest};
use super::pages::actions::{ActionParams, filled};
use super::pages::{
    away::AwayParams, check::CheckParams, decisions::DecisionParams, explain::ExplainParams, graph::GraphParams,
    handoffs::HandoffParams,
};
use super::{App, Common};
use crate::{export, settings};

/// An answer, or an error in JSON.
pub struct Answer<T>(Result<T, PageError>);

/// Room for most answers (bytes): they are written without being moved as they grow.
const ROOM: usize = 16 << 10;

impl<T: Serialize> IntoResponse for Answer<T> {
    fn into_response(self) -> Response {
        let value = match self.0 {
            Ok(value) => value,
            Err(error) => return error.into_json(),
        };
        let mut body = Vec::with_capacity(ROOM);
        match serde_json::to_writer(&mut body, &value) {
            Ok(()) => ([(header::CONTENT_TYPE, "application/json")], body).into_response(),
            Err(error) => PageError::internal(error.to_string()).into_json(),
        }
    }
}

/// What a question is answered with.
pub fn answer<T>(ask: impl FnOnce() -> Result<T, PageError>) -> Answer<T> {
    Answer(ask())
}

/// Parameters of a search.
#[derive(Debug, Default, Deserialize)]
pub struct SearchParams {
    /// The query.
    #[serde(default)]
    pub q: String,
    /// Number of hits.
    pub limit: Option<usize>,
    /// Hits to leave out.
    #[serde(default)]
    pub offset: usize,
    /// Look for the words of what would lead to one page, too.
    pub words: Option<String>,
    /// Answer as on that day, or as of that commit.
    #[serde(flatten)]
    pub common: Common,
}

pub async fn search(State(app): State<App>, Params(params): Params<SearchParams>) -> Answer<Arc<search::SearchResult>> {
    answer(|| {
        let (snapshot, scope) = app.asked(&params.common)?;
        let query = language::parse(&params.q, scope.today)?;
        Ok(search::search(&snapshot, &scope, &query, params.offset, params.limit.unwrap_or(20).min(1000))?)
    })
}

/// A place in a half-typed query.
#[derive(Debug, Default, Deserialize)]
pub struct CompleteParams {
    /// The query.
    #[serde(default)]
    pub q: String,
    /// A byte of it; its end where none is given.
    pub at: Option<usize>,
    /// Number of answers; all where none is given.
    pub limit: Option<usize>,
    /// Answer as on that day, or as of that commit.
    #[serde(flatten)]
    pub common: Common,
}

pub async fn complete(
    State(app): State<App>,
    Params(params): Params<CompleteParams>,
) -> Answer<Vec<complete::Completion>> {
    answer(|| {
        let (snapshot, scope) = app.asked(&params.common)?;
        let mut found = complete::complete(&snapshot, &scope, &params.q, params.at.unwrap_or(usize::MAX));
        found.truncate(params.limit.unwrap_or(usize::MAX));
        Ok(found)
    })
}

pub async fn who(State(app): State<App>, Params(params): Params<SearchParams>) -> Answer<who::WhoView> {
    answer(|| {
        let (snapshot, scope) = app.asked(&params.common)?;
        let query = language::parse(&params.q, scope.today)?;
        let mut found = who::who(&snapshot, &scope, &query)?;
        let from = params.offset.min(found.people.len());
        found.people.drain(..from);
        found.people.truncate(params.limit.unwrap_or(usize::MAX));
        Ok(found)
    })
}

pub async fn actions(State(app): State<App>, Params(params): Params<ActionParams>) -> Answer<Vec<actions::ActionView>> {
    answer(|| {
        let (snapshot, scope) = app.asked(&params.common)?;
        Ok(actions::actions(&snapshot, &scope, &params.filter(&snapshot, &scope)?))
    })
}

pub async fn action(
    State(app): State<App>,
    Rest(id): Rest,
    Params(common): Params<Common>,
) -> Answer<actions::ActionView> {
    answer(|| {
        let (snapshot, scope) = app.asked(&common)?;
        Ok(actions::action(&snapshot, &scope, &id)?)
    })
}

pub async fn decisions(
    State(app): State<App>,
    Params(params): Params<DecisionParams>,
) -> Answer<Vec<decisions::DecisionView>> {
    answer(|| {
        let (snapshot, scope) = app.asked(&params.common)?;
        Ok(decisions::decisions(&snapshot, &scope, &params.filter(&snapshot, &scope)?))
    })
}

pub async fn decision(
    State(app): State<App>,
    Rest(id): Rest,
    Params(common): Params<Common>,
) -> Answer<decisions::DecisionView> {
    answer(|| {
        let (snapshot, scope) = app.asked(&common)?;
        Ok(decisions::decision(&snapshot, &scope, &id)?)
    })
}

pub async fn all_series(State(app): State<App>, Params(common): Params<Common>) -> Answer<Vec<series::SeriesView>> {
    answer(|| {
        let (snapshot, scope) = app.asked(&common)?;
        Ok(series::series(&snapshot, &scope))
    })
}

/// A series, or its agenda.
#[derive(Serialize)]
#[serde(untagged)]
pub enum SeriesOrAgenda {
    Series(Box<series::SeriesPage>),
    Agenda(Box<agenda::AgendaView>),
}

/// Parameters of an agenda.
#[derive(Debug, Default, Deserialize)]
pub struct AgendaParams {
    /// The day it is for.
    pub date: Option<String>,
    /// Answer as on that day, or as of that commit.
    #[serde(flatten)]
    pub common: Common,
}

impl AgendaParams {
    /// The day it is for.
    pub fn day(&self) -> Result<Option<jiff::civil::Date>, PageError> {
        let day = self.date.as_deref().filter(|d| !d.is_empty());
        day.map(|d| settings::date(d, "date"))
            .transpose()
            .map_err(|_| PageError::bad_request("date: write it as 2026-03-01"))
    }
}

pub async fn series(
    State(app): State<App>,
    Rest(name): Rest,
    Params(params): Params<AgendaParams>,
) -> Answer<SeriesOrAgenda> {
    answer(|| {
        let (snapshot, scope) = app.asked(&params.common)?;
        match name.strip_suffix("/agenda") {
            Some(name) => Ok(SeriesOrAgenda::Agenda(Box::new(agenda::agenda(&snapshot, &scope, name, params.day()?)?))),
            None => Ok(SeriesOrAgenda::Series(Box::new(series::series_page(&snapshot, &scope, &name)?))),
        }
    })
}

pub async fn people(State(app): State<App>, Params(common): Params<Common>) -> Answer<Vec<people::PersonView>> {
    answer(|| {
        let (snapshot, scope) = app.asked(&common)?;
        Ok(people::people(&snapshot, &scope, false))
    })
}

pub async fn person(
    State(app): State<App>,
    Rest(person): Rest,
    Params(params): Params<AwayParams>,
) -> Answer<PersonOrAway> {
    answer(|| {
        let (snapshot, scope) = app.asked(&params.common)?;
        match person.strip_suffix("/away") {
            Some(person) => Ok(PersonOrAway::Away(Box::new(away::away(&snapshot, &scope, person, params.day()?)?))),
            None => Ok(PersonOrAway::Person(Box::new(people::person(&snapshot, &scope, &person)?))),
        }
    })
}

/// `/people/HANDLE` or `/people/HANDLE/away`: what stands in a handle may hold slashes.
#[derive(Serialize)]
#[serde(untagged)]
pub enum PersonOrAway {
    /// The person.
    Person(Box<people::PersonPage>),
    /// What they missed.
    Away(Box<away::AwayView>),
}

pub async fn away(
    State(app): State<App>,
    Rest(person): Rest,
    Params(params): Params<AwayParams>,
) -> Answer<away::AwayView> {
    answer(|| {
        let (snapshot, scope) = app.asked(&params.common)?;
        Ok(away::away(&snapshot, &scope, &person, params.day()?)?)
    })
}

/// Which meeting of a file.
#[derive(Debug, Default, Deserialize)]
pub struct MeetingParams {
    /// A line of it.
    pub line: Option<u32>,
    /// The page alone: `text` shows the file as it is, `changes` what was changed after the meeting.
    pub view: Option<String>,
    /// Answer as on that day, or as of that commit.
    #[serde(flatten)]
    pub common: Common,
}

pub async fn meeting(
    State(app): State<App>,
    Rest(path): Rest,
    Params(params): Params<MeetingParams>,
) -> Answer<meetings::MeetingPage> {
    answer(|| {
        let (snapshot, scope) = app.asked(&params.common)?;
        Ok(meetings::meeting(&snapshot, &scope, &path, params.line.unwrap_or(1))?)
    })
}

pub async fn issues(State(app): State<App>, Params(common): Params<Common>) -> Answer<Vec<issues::IssueView>> {
    answer(|| {
        let (snapshot, scope) = app.asked(&common)?;
        Ok(issues::issues(&snapshot, &scope))
    })
}

pub async fn issue(
    State(app): State<App>,
    Rest(target): Rest,
    Params(common): Params<Common>,
) -> Answer<issues::IssuePage> {
    answer(|| {
        let (snapshot, scope) = app.asked(&common)?;
        Ok(issues::issue(&snapshot, &scope, &target)?)
    })
}

pub async fn graph(State(app): State<App>, Params(params): Params<GraphParams>) -> Answer<graph::Neighbourhood> {
    answer(|| {
        let (snapshot, scope) = app.asked(&params.common)?;
        let node = filled(&params.node).ok_or_else(|| PageError::bad_request("node: say which, as person:mira"))?;
        Ok(graph::around(&snapshot, &scope, node, &params.around()?)?)
    })
}

pub async fn graph_path(State(app): State<App>, Params(params): Params<GraphParams>) -> Answer<graph::PathsView> {
    answer(|| {
        let (snapshot, scope) = app.asked(&params.common)?;
        let (Some(from), Some(to)) = (filled(&params.from), filled(&params.to)) else {
            return Err(PageError::bad_request("from and to: say both, as person:mira and issue:owner/repo#12"));
        };
        Ok(graph::paths(&snapshot, &scope, from, to)?)
    })
}

/// Parameters of topics that come back.
#[derive(Debug, Default, Deserialize)]
pub struct RecurringParams {
    /// A series.
    pub series: Option<String>,
    /// Answer as on that day, or as of that commit.
    #[serde(flatten)]
    pub common: Common,
}

pub async fn recurring(
    State(app): State<App>,
    Params(params): Params<RecurringParams>,
) -> Answer<Vec<graph::RecurringView>> {
    answer(|| {
        let (snapshot, scope) = app.asked(&params.common)?;
        Ok(graph::recurring(&snapshot, &scope, filled(&params.series))?)
    })
}

/// `/api/v1/export.graphml` and `/api/v1/export.json`: the whole graph.
pub async fn export_graphml(State(app): State<App>, Params(common): Params<Common>) -> Response {
    let written = || -> Result<Vec<u8>, PageError> {
        let (snapshot, scope) = app.asked(&common)?;
        let mut out = Vec::new();
        export::graphml(&mut out, &graph::whole(&snapshot, &scope))
            .map_err(|error| PageError::internal(error.to_string()))?;
        Ok(out)
    };
    let headers = [
        (header::CONTENT_TYPE, "application/graphml+xml; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"minutes.graphml\""),
    ];
    match written() {
        Ok(bytes) => (headers, bytes).into_response(),
        Err(error) => error.into_json(),
    }
}

pub async fn export_json(State(app): State<App>, Params(common): Params<Common>) -> Answer<graph::Whole> {
    answer(|| {
        let (snapshot, scope) = app.asked(&common)?;
        Ok(graph::whole(&snapshot, &scope))
    })
}

pub async fn check(State(app): State<App>, Params(params): Params<CheckParams>) -> Answer<check::Report> {
    answer(|| {
        let (snapshot, scope) = app.asked(&params.common)?;
        Ok(check::check(&snapshot, &scope, &params.filter(&snapshot, &scope)?)?)
    })
}

pub async fn explain(State(app): State<App>, Params(params): Params<ExplainParams>) -> Answer<Vec<Explained>> {
    answer(|| params.ask(&app).map(|(_, all)| all))
}

pub async fn handoffs(
    State(app): State<App>,
    Params(params): Params<HandoffParams>,
) -> Answer<Vec<handoffs::HandoffView>> {
    answer(|| {
        let (snapshot, scope) = app.asked(&params.common)?;
        Ok(handoffs::handoffs(&snapshot, &scope, &params.filter(&snapshot, &scope)?))
    })
}

pub async fn ledger(State(app): State<App>, Params(common): Params<Common>) -> Answer<ledger::LedgerPage> {
    answer(|| {
        let (snapshot, scope) = app.asked(&common)?;
        Ok(ledger::ledger(&snapshot, &scope))
    })
}

pub async fn nowhere() -> Response {
    PageError::nowhere("").into_json()
}
