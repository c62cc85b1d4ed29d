//! The JSON API: each handler asks one query and serialises its answer.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use minutebook_index::query::{
    actions, agenda, away, check, decisions, handoffs, issues, language, ledger, meetings, people, search, series, who,
};
use minutebook_ingest::explain::Explained;
use serde::{Deserialize, Serialize};

use super::error::{PageError, Params, Rest};
use super::pages::{
    actions::ActionParams, away::AwayParams, check::CheckParams, decisions::DecisionParams, explain::ExplainParams,
    handoffs::HandoffParams,
};
use super::{App, Common};
use crate::settings;

/// An answer, or an error in JSON.
pub struct Answer<T>(Result<T, PageError>);

impl<T: Serialize> IntoResponse for Answer<T> {
    fn into_response(self) -> Response {
        match self.0 {
            Ok(value) => Json(value).into_response(),
            Err(error) => error.into_json(),
        }
    }
}

fn answer<T>(ask: impl FnOnce() -> Result<T, PageError>) -> Answer<T> {
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
    /// Answer as on that day, or as of that commit.
    #[serde(flatten)]
    pub common: Common,
}

pub async fn search(State(app): State<App>, Params(params): Params<SearchParams>) -> Answer<search::SearchResult> {
    answer(|| {
        let (snapshot, scope) = app.asked(&params.common)?;
        let query = language::parse(&params.q, scope.today)
            .map_err(|e| PageError::bad_request(format!("{} (at character {})", e.message, e.at + 1)))?;
        Ok(search::search(&snapshot, &scope, &query, params.offset, params.limit.unwrap_or(20).min(1000))?)
    })
}

pub async fn who(State(app): State<App>, Params(params): Params<SearchParams>) -> Answer<who::WhoView> {
    answer(|| {
        let (snapshot, scope) = app.asked(&params.common)?;
        let query = language::parse(&params.q, scope.today)
            .map_err(|e| PageError::bad_request(format!("{} (at character {})", e.message, e.at + 1)))?;
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
    Params(common): Params<Common>,
) -> Answer<people::PersonPage> {
    answer(|| {
        let (snapshot, scope) = app.asked(&common)?;
        Ok(people::person(&snapshot, &scope, &person)?)
    })
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
) -> Answer<issues::IssueView> {
    answer(|| {
        let (snapshot, scope) = app.asked(&common)?;
        Ok(issues::issue(&snapshot, &scope, &target)?)
    })
}

pub async fn check(State(app): State<App>, Params(params): Params<CheckParams>) -> Answer<check::Report> {
    answer(|| {
        let (snapshot, scope) = app.asked(&params.common)?;
        Ok(check::check(&snapshot, &scope, &params.filter(&snapshot, &scope)?)?)
    })
}

pub async fn explain(State(app): State<App>, Params(params): Params<ExplainParams>) -> Answer<Vec<Explained>> {
    answer(|| params.ask(&app))
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
    PageError::nowhere().into_json()
}
