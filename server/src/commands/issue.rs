//! `minutebook issue`.

use minutebook_index::query::issues::{LifeKind, issue, issues};
use minutebook_index::threads::Event;

use super::Failure;
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

/// Shows the life of one issue.
pub fn one(settings: &Settings, target: &str) -> Result<(), Failure> {
    let snapshot = settings.snapshot()?;
    let found = issue(&snapshot, &settings.scope(), target)?;
    let ink = Ink::of(settings);
    output::one(settings, &found, |out| {
        let i = &found.issue;
        writeln!(out, "{}  {}", ink.strong(&i.target), ink.dim(i.url.as_deref().unwrap_or_default()))?;
        let rows = found.life.iter().map(|e| {
            let (what, look) = match e.kind {
                LifeKind::Mention => (String::new(), Look::Plain),
                LifeKind::Decision => (format!("decided: {}", e.text), Look::Strong),
                LifeKind::Action => (format!("action {}: {}", e.event.map_or("", Event::as_str), e.text), Look::Plain),
            };
            vec![
                Piece::of(e.date),
                Piece::plain(&e.series),
                Piece::plain(e.topic.clone().unwrap_or_default()),
                Piece::new(what, look),
                Piece::new(format!("{}:{}", e.path, e.line), Look::Dim),
            ]
        });
        writeln!(out, "{}", output::table(settings, &["date", "series", "topic", "what", "where"], rows))
    })
}
