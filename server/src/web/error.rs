//! What goes wrong, as a page or as JSON.

use axum::Json;
use axum::extract::{FromRequestParts, OriginalUri, Path, Query};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use maud::html;
use minutebook_index::CommitError;
use minutebook_index::forge::encoded;
use minutebook_index::query::away::AwayError;
use minutebook_index::query::language::QueryError;
use minutebook_index::query::search::SearchError;
use minutebook_index::query::{NotFound, Scope};
use serde::de::DeserializeOwned;
use serde_json::json;

use super::pages::{graph, layout, ledger};
use crate::settings::today;

/// Why there is no answer.
#[derive(Debug)]
pub struct PageError {
    status: StatusCode,
    message: String,
    /// What may be meant, with addresses.
    nearest: Vec<(String, String)>,
    /// Words of the address that may be looked for instead.
    wanted: Option<String>,
    /// The fields of a form that was sent, to be sent again.
    sent: Box<[(String, String)]>,
    /// The character of a query at which it goes wrong, from 0, and how many are wrong.
    place: Option<(usize, usize)>,
}

impl PageError {
    /// With a status.
    pub fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self { status, message: message.into(), nearest: Vec::new(), wanted: None, sent: Box::default(), place: None }
    }

    /// Its status.
    #[cfg(test)]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The question makes no sense.
    pub fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }

    /// There is no such address.
    pub fn nowhere(path: &str) -> Self {
        // The last part of it may be what somebody is after.
        let pair = format!("q={}", path.rsplit('/').next().unwrap_or_default().replace(['&', '-', '_'], "+"));
        let wanted = form_urlencoded::parse(pair.as_bytes()).next().map(|(_, words)| words.trim().to_owned());
        let wanted = wanted.filter(|words| !words.is_empty());
        Self { wanted, ..Self::new(StatusCode::NOT_FOUND, "there is no such page") }
    }

    /// A fault of the program or the machine.
    pub fn internal(message: impl Into<String>) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, message)
    }

    /// With the fields of the form that it is the answer to, so that what was typed is not lost.
    pub fn of_form(self, sent: Vec<(String, String)>) -> Self {
        Self { sent: sent.into(), ..self }
    }

    /// As a page.
    pub fn into_page(self) -> Response {
        let title = match self.status {
            StatusCode::NOT_FOUND => "Not found",
            StatusCode::BAD_REQUEST => "That was not understood",
            StatusCode::FORBIDDEN => "That is not allowed",
            _ => "That went wrong",
        };
        let body = html! {
            h1 { (title) }
            p.lead { (capital(&self.message)) "." }
            @if !self.nearest.is_empty() {
                p { "Perhaps:" }
                ul { @for (name, address) in &self.nearest { li { a href=(address) { (name) } } } }
            }
            @if !self.sent.is_empty() { (ledger::again(&self.sent)) }
            @if let Some(words) = &self.wanted { p { a href={ "/search?q=" (encoded(words)) } { "Search the minutes for “" (words) "”" } } }
            p { a href="/" { "To the first page" } " · " a href="/search" { "How to ask" } " · " a href="/series" { "All series" } " · " a href="/people" { "All people" } }
        };
        let query = self.wanted.as_deref().unwrap_or_default();
        (self.status, layout::page_with_query(title, layout::Place::Other, &Scope::whole(today()), query, &body))
            .into_response()
    }

    /// As JSON for an address of the API, else as a page.
    pub fn answers(self, address: &str) -> Response {
        if address.starts_with("/api/") { self.into_json() } else { self.into_page() }
    }

    /// As JSON.
    pub fn into_json(self) -> Response {
        let nearest: Vec<&String> = self.nearest.iter().map(|(name, _)| name).collect();
        let mut told = json!({ "error": self.message, "nearest": nearest });
        if let Some((offset, length)) = self.place {
            told["offset"] = offset.into();
            told["length"] = length.into();
        }
        (self.status, Json(told)).into_response()
    }
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        self.into_page()
    }
}

impl From<NotFound> for PageError {
    fn from(error: NotFound) -> Self {
        let message = format!("no {} {:?}", error.what, error.wanted);
        if matches!(error.what, "node" | "single node") {
            let nearest = error.nearest.iter().map(|n| (n.clone(), graph::address(n))).collect();
            return Self { nearest, wanted: Some(error.wanted), ..Self::new(StatusCode::NOT_FOUND, message) };
        }
        let folder = match error.what {
            "person" => "people",
            "meeting" => "meetings",
            "action" | "single action" => "actions",
            "decision" => "decisions",
            "issue" => "issues",
            other => other,
        };
        let nearest = error.nearest.iter().map(|n| (n.clone(), layout::address(folder, n))).collect();
        // An id or a path is nothing that could be looked for.
        let wanted = Some(error.wanted).filter(|_| !matches!(folder, "meetings" | "actions" | "decisions"));
        Self { nearest, wanted, ..Self::new(StatusCode::NOT_FOUND, message) }
    }
}

impl From<AwayError> for PageError {
    fn from(error: AwayError) -> Self {
        match error {
            AwayError::Unknown(unknown) => unknown.into(),
            AwayError::Team(_) => Self::bad_request(error.to_string()),
        }
    }
}

impl From<QueryError> for PageError {
    fn from(error: QueryError) -> Self {
        let message = format!("{} (at character {})", error.message, error.at + 1);
        Self { place: Some((error.at, error.length)), ..Self::bad_request(message) }
    }
}

impl From<SearchError> for PageError {
    fn from(error: SearchError) -> Self {
        match error {
            SearchError::Unknown(unknown) => unknown.into(),
            SearchError::Commit => Self::bad_request(error.to_string()),
            SearchError::Text(_) => Self::internal(error.to_string()),
        }
    }
}

impl From<CommitError> for PageError {
    fn from(error: CommitError) -> Self {
        let status = match error {
            _ if error.is_unknown() => StatusCode::BAD_REQUEST,
            CommitError::NoFolder { .. } => StatusCode::NOT_FOUND,
            CommitError::Config(_) => StatusCode::UNPROCESSABLE_ENTITY,
            _ => StatusCode::INTERNAL_SERVER_ERROR,
        };
        Self::new(status, format!("as-of: {error}"))
    }
}

/// Query parameters; what cannot be read is told like any other error.
pub struct Params<T>(pub T);

/// The rest of an address; likewise.
pub struct Rest(pub String);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Params<T> {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        match Query::<T>::from_request_parts(parts, state).await {
            Ok(Query(params)) => Ok(Self(params)),
            Err(rejection) => Err(told(parts, rejection.body_text())),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Rest {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        match Path::<String>::from_request_parts(parts, state).await {
            Ok(Path(rest)) => Ok(Self(rest)),
            Err(rejection) => Err(told(parts, rejection.body_text())),
        }
    }
}

/// There is the address, and it is asked for in another way.
pub async fn not_allowed(OriginalUri(address): OriginalUri, method: Method) -> Response {
    let message = format!("{method} is not for this address");
    PageError::new(StatusCode::METHOD_NOT_ALLOWED, message).answers(address.path())
}

fn told(parts: &Parts, message: String) -> Response {
    let error = PageError::bad_request(message);
    // Within the API, which is nested, the original address tells.
    let address = parts.extensions.get::<OriginalUri>().map_or(parts.uri.path(), |uri| uri.0.path());
    error.answers(address)
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |c| c.to_uppercase().chain(chars).collect())
}
