//! `minutebook who`.

use std::io::Write;

use minutebook_index::query::language;
use minutebook_index::query::who::{Knows, who};

use super::Failure;
use crate::cli::Format;
use crate::output::{self, Ink};
use crate::settings::Settings;

/// Prints who knows about something, with the places that show it.
pub fn run(settings: &Settings, text: &str, limit: usize) -> Result<(), Failure> {
    settings.knows_no_commit("who")?;
    let scope = settings.scope();
    let query =
        language::parse(text, scope.today).map_err(|e| Failure::usage(format!("in the query\n{}", e.shown(text))))?;
    let snapshot = settings.snapshot()?;
    let mut found = who(&snapshot, &scope, &query).map_err(anyhow::Error::from)?;
    let all = found.people.len();
    found.people.truncate(limit);
    let mut out = output::out();
    match settings.format {
        Format::Json => output::json(&mut out, &found, true)?,
        Format::Jsonl => found.people.iter().try_for_each(|p| output::json(&mut out, p, false))?,
        Format::Table => {
            found.people.iter().try_for_each(|p| print(&mut out, settings, p))?;
            match found.total {
                0 if found.suggestions.is_empty() => writeln!(out, "Nothing found for {text}")?,
                0 => writeln!(out, "Nothing found for {text}. Did you mean {}?", found.suggestions.join(", "))?,
                total => {
                    let best = if found.considered < total {
                        format!("the best {} of ", found.considered)
                    } else {
                        String::new()
                    };
                    writeln!(out, "{} of {all} people, from {best}{total} passages", found.people.len())?;
                }
            }
        }
        other => return Err(output::unfit(other, &output::ONE)),
    }
    Ok(())
}

fn print(out: &mut dyn Write, settings: &Settings, p: &Knows) -> std::io::Result<()> {
    let ink = Ink::of(settings);
    let name = p.name.as_ref().map_or(String::new(), |n| format!(" · {n}"));
    writeln!(out, "{:>3}  {}{name}  {}", p.score, ink.strong(&p.id), ink.dim(&p.reason))?;
    for place in &p.places {
        let day = place.date.map_or_else(|| "undated".to_owned(), |d| d.to_string());
        writeln!(out, "       {}  {}", ink.dim(&format!("{day} {}:{}", place.path, place.line)), place.text)?;
    }
    writeln!(out)
}
