//! `minutebook meeting`.

use minutebook_index::query::meetings::meeting;

use super::{Failure, extract};
use crate::output;
use crate::settings::Settings;

/// Shows one meeting: `path`, or `path#L42` for one of several in a file.
pub fn run(settings: &Settings, wanted: &str) -> Result<(), Failure> {
    let snapshot = settings.snapshot()?;
    let (path, line) = match wanted.rsplit_once("#L") {
        Some((path, line)) => (path, line.parse().unwrap_or(1)),
        None => (wanted, 1),
    };
    let page = meeting(&snapshot, &settings.scope(), path, line)?;
    output::one(settings, &page, |out| {
        extract::print(out, settings, &page.meeting)?;
        if let Some(link) = &page.permalink {
            writeln!(out, "{link}")?;
        }
        Ok(())
    })
}
