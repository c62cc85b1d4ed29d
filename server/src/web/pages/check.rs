//! What was read, what was skipped and why, and what was not understood.

use axum::extract::State;
use maud::{Markup, html};
use minutebook_index::Snapshot;
use minutebook_index::query::Scope;
use minutebook_ingest::book::Skipped;
use minutebook_ingest::facts::Diagnostic;
use serde::Serialize;

use super::layout::{self, Place};
use crate::web::error::{PageError, Params};
use crate::web::{App, Common};

/// Every file of the book, accounted for.
#[derive(Debug, Serialize)]
pub struct Account {
    /// Files that were read.
    pub files: usize,
    /// Meetings found in them.
    pub meetings: usize,
    /// Files that are no minutes.
    pub skipped: Vec<Skipped>,
    /// What was not understood.
    pub diagnostics: Vec<Found>,
}

/// A diagnostic with its file.
#[derive(Debug, Serialize)]
pub struct Found {
    /// The file.
    pub path: String,
    /// The diagnostic.
    #[serde(flatten)]
    pub diagnostic: Diagnostic,
}

/// Accounts for the files in scope.
pub fn account(snapshot: &Snapshot, scope: &Scope) -> Account {
    let mut diagnostics = Vec::new();
    let (mut files, mut meetings) = (0, 0);
    for (_, shard) in snapshot.shards(scope) {
        let mut last = None;
        for session in shard.sessions(scope.as_of) {
            let m = session.meeting;
            files += usize::from(last != Some(&m.path));
            last = Some(&m.path);
            meetings += 1;
            diagnostics.extend(m.diagnostics.iter().map(|d| Found { path: m.path.clone(), diagnostic: d.clone() }));
        }
    }
    Account { files, meetings, skipped: snapshot.skipped.as_ref().clone(), diagnostics }
}

pub async fn page(State(app): State<App>, Params(common): Params<Common>) -> Result<Markup, PageError> {
    let account = account(&app.snapshot(), &common.scope()?);
    let body = html! {
        h1 { "What was read" }
        p.lead { (account.files) " files with " (account.meetings) " meetings; " (account.skipped.len()) " files skipped; " (account.diagnostics.len()) " places worth a look." }
        @if !account.diagnostics.is_empty() {
            h2 { "Worth a look" }
            div.scroll { table.wide { thead { tr { th { "Where" } th { "What" } } } tbody {
                @for f in &account.diagnostics { tr { td { a.source href=(layout::line_address(&f.path, f.diagnostic.line)) { (f.path) ":" (f.diagnostic.line) } } td { (f.diagnostic.message) " " span.dim { (f.diagnostic.code) } } } }
            } } }
        }
        @if !account.skipped.is_empty() {
            h2 { "Skipped" }
            div.scroll { table.wide { thead { tr { th { "File" } th { "Why" } } } tbody { @for s in &account.skipped { tr { td { (s.path) } td { (s.reason) } } } } } }
        }
    };
    Ok(layout::page("What was read", Place::Other, &body))
}
