//! `minutebook decisions`.

use minutebook_index::query::decisions::{Filter, decisions};
use minutebook_index::query::series;

use super::Failure;
use crate::output::{self, Look, Piece};
use crate::settings::Settings;

/// Prints decisions, latest first.
pub fn run(
    settings: &Settings,
    words: &str,
    wanted_series: Option<&str>,
    explicit: bool,
    limit: Option<usize>,
) -> Result<(), Failure> {
    let scope = settings.scope();
    let snapshot = settings.snapshot()?;
    let series = wanted_series.map(|s| series::find(&snapshot, &scope, s)).transpose()?;
    let words = Some(words.to_owned()).filter(|w| !w.trim().is_empty());
    let mut found = decisions(&snapshot, &scope, &Filter { series, words, explicit, issue: None });
    found.truncate(limit.unwrap_or(usize::MAX));
    output::list(
        settings,
        &found,
        &["date", "series", "decision", "topic", "where"],
        |d| {
            vec![
                Piece::of(d.date),
                Piece::plain(&d.series),
                Piece::new(&d.text, if d.explicit { Look::Strong } else { Look::Plain }),
                Piece::new(d.topic.clone().unwrap_or_default(), Look::Dim),
                Piece::new(format!("{}:{}", d.path, d.line), Look::Dim),
            ]
        },
        "No such decisions.",
    )
}
