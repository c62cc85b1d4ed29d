//! `minutebook agenda`.

use std::io::Write;

use minutebook_index::query::agenda::agenda;

use super::Failure;
use crate::cli::Format;
use crate::output;
use crate::settings::{self, Settings};

/// Prints the draft of the next agenda; as Markdown unless JSON is asked for.
pub fn run(settings: &Settings, series: &str, date: Option<&str>) -> Result<(), Failure> {
    let date = date.map(|d| settings::date(d, "--date")).transpose()?;
    let snapshot = settings.snapshot()?;
    let draft = agenda(&snapshot, &settings.scope(), series, date)?;
    if draft.date.is_none() && !settings.quiet {
        tell!("minutebook: {} (--date 2026-03-01)", draft.because);
    }
    let mut out = output::out();
    match settings.format {
        Format::Json => output::json(&mut out, &draft, true)?,
        Format::Jsonl => output::json(&mut out, &draft, false)?,
        Format::Table | Format::Md => write!(out, "{}", draft.markdown)?,
        other => {
            return Err(output::unfit(other, &[Format::Table, Format::Json, Format::Jsonl, Format::Md]));
        }
    }
    Ok(())
}
