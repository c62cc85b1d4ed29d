//! One module a page. Each asks queries and renders their answers; none decides anything itself.

pub mod actions;
pub mod away;
mod charts;
pub mod check;
pub mod decisions;
pub mod explain;
pub mod graph;
pub mod handoffs;
pub mod home;
pub mod issues;
mod lanes;
pub mod layout;
pub mod ledger;
pub mod meeting;
pub mod people;
mod picture;
pub mod search;
pub mod series;
pub mod who;
pub mod yours;

use axum::http::Uri;

use super::error::PageError;

/// The page of an address that does not exist.
pub async fn nowhere(address: Uri) -> PageError {
    PageError::nowhere(address.path())
}
