//! What goes wrong, as a page or as JSON.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use maud::html;
use minutebook_index::query::NotFound;
use minutebook_index::query::search::SearchError;
use serde_json::json;

use super::pages::layout;

/// Why there is no answer.
#[derive(Debug)]
pub struct PageError {
    status: StatusCode,
    message: String,
    /// What may be meant, with addresses.
    nearest: Vec<(String, String)>,
}

impl PageError {
    /// The question makes no sense.
    pub fn bad_request(message: impl Into<String>) -> Self {
        Self { status: StatusCode::BAD_REQUEST, message: message.into(), nearest: Vec::new() }
    }

    /// There is no such address.
    pub fn nowhere() -> Self {
        Self { status: StatusCode::NOT_FOUND, message: "there is no such page".into(), nearest: Vec::new() }
    }

    /// A fault of the program or the machine.
    pub fn internal(message: impl Into<String>) -> Self {
        Self { status: StatusCode::INTERNAL_SERVER_ERROR, message: message.into(), nearest: Vec::new() }
    }

    /// As a page.
    pub fn into_page(self) -> Response {
        let title = match self.status {
            StatusCode::NOT_FOUND => "Not found",
            StatusCode::BAD_REQUEST => "That was not understood",
            _ => "That went wrong",
        };
        let body = html! {
            h1 { (title) }
            p.lead { (capital(&self.message)) "." }
            @if !self.nearest.is_empty() {
                p { "Perhaps:" }
                ul { @for (name, address) in &self.nearest { li { a href=(address) { (name) } } } }
            }
            p { a href="/" { "To the first page" } " · " a href="/search" { "Search" } " · " a href="/series" { "All series" } }
        };
        (self.status, layout::page(title, layout::Place::Other, &body)).into_response()
    }

    /// As JSON.
    pub fn into_json(self) -> Response {
        let nearest: Vec<&String> = self.nearest.iter().map(|(name, _)| name).collect();
        (self.status, Json(json!({ "error": self.message, "nearest": nearest }))).into_response()
    }
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        self.into_page()
    }
}

impl From<NotFound> for PageError {
    fn from(error: NotFound) -> Self {
        let folder = match error.what {
            "person" => "people",
            "meeting" => "meetings",
            "action" => "actions",
            "decision" => "decisions",
            "issue" => "issues",
            other => other,
        };
        let nearest = error.nearest.iter().map(|n| (n.clone(), layout::address(folder, n))).collect();
        Self { status: StatusCode::NOT_FOUND, message: format!("no {} {:?}", error.what, error.wanted), nearest }
    }
}

impl From<SearchError> for PageError {
    fn from(error: SearchError) -> Self {
        Self::internal(error.to_string())
    }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |c| c.to_uppercase().chain(chars).collect())
}
