//! `minutebook actions`.

use std::io::Write;

use minutebook_index::query::actions::{ActionView, DueView, Filter, actions, also_called, known_person, perhaps};
use minutebook_index::query::series;
use minutebook_index::threads::State;

use super::Failure;
use crate::cli::Format;
use crate::output::{self, Look, Piece};
use crate::settings::Settings;

/// Columns of a list of actions.
pub const COLUMNS: [&str; 8] = ["owner", "action", "state", "age", "carried", "due", "where", "id"];

/// Prints the actions of an owner, series and state.
pub fn run(
    settings: &Settings,
    owner: Option<String>,
    wanted_series: Option<&str>,
    state: &str,
) -> Result<(), Failure> {
    let scope = settings.scope();
    let snapshot = settings.snapshot()?;
    let series = wanted_series.map(|s| series::find(&snapshot, &scope, s)).transpose()?;
    if let Some(owner) = owner.as_deref().filter(|o| !o.eq_ignore_ascii_case("none")) {
        known_person(&snapshot, &scope, owner)?;
    }
    let states = Filter::states_of(state).map_err(Failure::usage)?;
    let filter = Filter { owner: owner.clone(), series, states };
    let found = actions(&snapshot, &scope, &filter);
    output::list(settings, &found, &COLUMNS, |a| row(a, &scope), "No such actions.")?;
    if settings.format == Format::Table && state == "open" {
        let stale = Filter { states: Some([State::Stale].into()), ..filter };
        let n = actions(&snapshot, &scope, &stale).len();
        if n > 0 && !settings.quiet {
            writeln!(output::out(), "{n} more open but not heard of for long: --state stale")?;
        }
    }
    // What perhaps is theirs stands apart, and only where a person reads it.
    if let (Format::Table, Some(owner)) = (settings.format, owner) {
        let others =
            if found.is_empty() && !settings.quiet { also_called(&snapshot, &scope, &owner) } else { Vec::new() };
        if !others.is_empty() {
            let told: Vec<String> = others.iter().map(|(id, n)| format!("{id} ({n} to do)")).collect();
            writeln!(output::out(), "Did you mean {}?", told.join(", "))?;
        }
        let maybe = perhaps(&snapshot, &scope, &owner);
        if !maybe.is_empty() {
            writeln!(output::out(), "\nPerhaps theirs (others go by the same name):")?;
            writeln!(output::out(), "{}", output::table(settings, &COLUMNS, maybe.iter().map(|a| row(a, &scope))))?;
        }
    }
    Ok(())
}

/// A row of a list of actions.
pub fn row(a: &ActionView, scope: &minutebook_index::query::Scope) -> Vec<Piece> {
    let last = a.mentions.last();
    let due = a.due.as_ref().map(DueView::told);
    let late = if a.is_overdue(scope.today) { Look::Late } else { Look::Plain };
    let dim = if matches!(a.state, State::Open) { Look::Plain } else { Look::Dim };
    vec![
        Piece::new(if a.owners.is_empty() { "nobody".to_owned() } else { a.owners.join(", ") }, Look::Strong),
        Piece::plain(&a.text),
        Piece::new(a.state.as_str(), Look::State(a.state)),
        Piece::new(format!("{} d", a.age_days), dim),
        Piece::plain(if a.carries == 0 { String::new() } else { format!("{}x", a.carries) }),
        Piece::new(due.unwrap_or_default(), late),
        Piece::new(last.map_or_else(String::new, |m| format!("{}:{}", m.path, m.line)), Look::Dim),
        Piece::new(&a.id, Look::Dim),
    ]
}
