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
    // What was changed after it stands in the history of git.
    snapshot.recall();
    let page = meeting(&snapshot, &settings.scope(), path, line)?;
    output::one(settings, &page, |out| {
        extract::print(out, settings, &page.meeting)?;
        if let Some(changed) = &page.changed {
            let last = changed.later.first();
            let last = last.map(|v| format!(", last on {} by {}: {}", v.day, v.by, v.subject)).unwrap_or_default();
            let more = if changed.uncommitted { ", and not committed" } else { "" };
            let commits = if changed.times == 1 { "commit" } else { "commits" };
            writeln!(out, "changed after the meeting by {} {commits}{last}{more}", changed.times)?;
        }
        if let Some(link) = &page.permalink {
            writeln!(out, "{link}")?;
        }
        Ok(())
    })
}
