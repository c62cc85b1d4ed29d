//! `minutebook serve`.

use super::Failure;
use crate::settings::Settings;
use crate::web;

/// Serves until it is interrupted.
pub fn run(settings: &Settings, addr: &str) -> Result<(), Failure> {
    web::serve(settings, addr)
}
