//! `minutebook handoffs`.

use minutebook_index::query::handoffs::{Filter, HandoffState, handoffs};
use minutebook_index::query::series;

use super::Failure;
use crate::output::{self, Look, Piece};
use crate::settings::Settings;

/// Prints what was passed on, and what became of it.
pub fn run(settings: &Settings, wanted_series: Option<&str>, state: &str) -> Result<(), Failure> {
    let scope = settings.scope();
    let states = Filter::states_of(state).map_err(Failure::usage)?;
    let snapshot = settings.snapshot()?;
    let series = wanted_series.map(|s| series::find(&snapshot, &scope, s)).transpose()?;
    let found = handoffs(&snapshot, &scope, &Filter { series, states });
    output::list(
        settings,
        &found,
        &["state", "date", "from", "to", "what", "why", "where"],
        |h| {
            let look = match h.state {
                HandoffState::Lost => Look::Late,
                HandoffState::Waiting => Look::Strong,
                HandoffState::Arrived => Look::Plain,
                HandoffState::Unknown => Look::Dim,
            };
            vec![
                Piece::new(h.state.as_str(), look),
                Piece::of(h.date),
                Piece::plain(&h.from_series),
                Piece::plain(h.to_series.as_ref().unwrap_or(&h.to)),
                Piece::plain(&h.text),
                Piece::new(&h.reason, Look::Dim),
                Piece::new(format!("{}:{}", h.path, h.line), Look::Dim),
            ]
        },
        "Nothing was passed on.",
    )
}
