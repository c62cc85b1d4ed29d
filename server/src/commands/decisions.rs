//! `minutebook decisions`.

use minutebook_index::query::decisions::{DecisionView, Filter, decisions};
use minutebook_index::query::{issues, series};

use super::Failure;
use crate::output::{self, Look, Piece};
use crate::settings::Settings;

/// Columns of a list of decisions.
pub const COLUMNS: [&str; 6] = ["date", "series", "decision", "standing", "topic", "where"];

/// Prints decisions, latest first.
pub fn run(
    settings: &Settings,
    words: &str,
    wanted_series: Option<&str>,
    wanted_issue: Option<&str>,
    explicit: bool,
    limit: Option<usize>,
) -> Result<(), Failure> {
    let scope = settings.scope();
    let snapshot = settings.snapshot()?;
    let series = wanted_series.map(|s| series::find(&snapshot, &scope, s)).transpose()?;
    let issue = wanted_issue.map(|i| issues::find(&snapshot, &scope, i)).transpose()?.map(|i| i.target);
    let words = Some(words.to_owned()).filter(|w| !w.trim().is_empty());
    let mut found = decisions(&snapshot, &scope, &Filter { series, words, explicit, issue });
    let total = found.len();
    found.truncate(limit.unwrap_or(usize::MAX));
    let none = if total == 0 { "No such decisions.".to_owned() } else { output::counted(total, "decision") };
    output::list(settings, &found, &COLUMNS, row, &none)
}

/// A decision as a row.
pub fn row(d: &DecisionView) -> Vec<Piece> {
    vec![
        Piece::of(d.date),
        Piece::plain(&d.series),
        Piece::new(&d.text, if d.explicit { Look::Strong } else { Look::Plain }),
        standing(d),
        Piece::new(d.topic.clone().unwrap_or_default(), Look::Dim),
        Piece::new(format!("{}:{}", d.path, d.line), Look::Dim),
    ]
}

/// What became of it: "reversed 2026-06-09"; where it was told; nothing where nothing is known.
fn standing(d: &DecisionView) -> Piece {
    match &d.judged {
        Some(by) => {
            let day = by.date.map_or_else(|| by.path.clone(), |d| d.to_string());
            Piece::new(
                format!("{} {day}", by.relation),
                if by.relation == "questioned" { Look::Plain } else { Look::Late },
            )
        }
        None => Piece::new(if d.standing.as_str() == "holds" { "holds" } else { "" }, Look::Dim),
    }
}
