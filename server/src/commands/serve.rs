//! `minutebook serve`.

use super::Failure;
use crate::settings::Settings;
use crate::{memory, web};

/// Serves until it is interrupted.
pub fn run(settings: &Settings, addr: &str, allow_host: &[String]) -> Result<(), Failure> {
    if settings.as_of.is_some() {
        return Err(Failure::usage("--as-of is no option of serve; add ?as-of=2026-03-01 to the address of a page"));
    }
    memory::give_back(web::threads());
    web::serve(settings, addr, allow_host)
}
