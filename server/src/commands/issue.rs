//! `minutebook issue`.

use minutebook_index::query::issues::{issue, issues};

use super::{Failure, decisions};
use crate::output::{self, Ink, Look, Piece};
use crate::settings::Settings;

/// Lists the issues that are talked about.
pub fn list(settings: &Settings) -> Result<(), Failure> {
    let snapshot = settings.snapshot()?;
    let found = issues(&snapshot, &settings.scope());
    output::list(
        settings,
        &found,
        &["issue", "mentions", "first", "last", "url"],
        |i| {
            vec![
                Piece::new(&i.target, Look::Strong),
                Piece::plain(i.count.to_string()),
                Piece::of(i.first),
                Piece::of(i.last),
                Piece::new(i.url.clone().unwrap_or_default(), Look::Dim),
            ]
        },
        "No issues are named in these minutes.",
    )
}

/// Shows where one issue was talked about.
pub fn one(settings: &Settings, target: &str) -> Result<(), Failure> {
    let snapshot = settings.snapshot()?;
    let found = issue(&snapshot, &settings.scope(), target)?;
    let ink = Ink::of(settings);
    output::one(settings, &found, |out| {
        writeln!(out, "{}  {}", ink.strong(&found.target), ink.dim(found.url.as_deref().unwrap_or_default()))?;
        let rows = found.mentions.iter().map(|m| {
            vec![
                Piece::of(m.date),
                Piece::plain(&m.series),
                Piece::plain(m.topic.clone().unwrap_or_default()),
                Piece::new(format!("{}:{}", m.path, m.line), Look::Dim),
            ]
        });
        writeln!(out, "{}", output::table(settings, &["date", "series", "topic", "where"], rows))?;
        if !found.decisions.is_empty() {
            let rows = found.decisions.iter().map(decisions::row);
            writeln!(out, "\n{}", ink.accent("What was decided about it"))?;
            writeln!(out, "{}", output::table(settings, &decisions::COLUMNS, rows))?;
        }
        Ok(())
    })
}
