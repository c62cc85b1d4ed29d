//! `minutebook search`.

use std::io::Write;

use minutebook_index::query::direct::{Direct, direct};
use minutebook_index::query::search::{Hit, search};
use minutebook_index::query::{Scope, language};

use super::Failure;
use crate::cli::Format;
use crate::output::{self, Ink};
use crate::settings::Settings;

/// Prints the best hits.
pub fn run(settings: &Settings, text: &str, limit: usize) -> Result<(), Failure> {
    settings.knows_no_commit("search")?;
    let scope = settings.scope();
    let query =
        language::parse(text, scope.today).map_err(|e| Failure::usage(format!("in the query\n{}", e.shown(text))))?;
    let snapshot = settings.snapshot()?;
    if !settings.quiet
        && let Some(meant) = direct(&snapshot, &scope, &query)
    {
        tell!("minutebook: {}", told(&meant, text, &scope));
    }
    let found = search(&snapshot, &scope, &query, 0, limit).map_err(anyhow::Error::from)?;
    let (mut out, ink) = (output::out(), Ink::of(settings));
    match settings.format {
        Format::Json => output::json(&mut out, &found, true)?,
        Format::Jsonl => found.hits.iter().try_for_each(|h| output::json(&mut out, h, false))?,
        Format::Table => {
            for hit in &found.hits {
                print(&mut out, settings, hit)?;
            }
            let shown = found.hits.len();
            if query.is_empty() {
                writeln!(out, "Nothing is asked yet: {text} lacks a word or a value")?;
                return Ok(());
            }
            for m in &found.missing {
                let near = m.nearest.as_ref().map_or(String::new(), |n| format!("; did you mean {n}?"));
                writeln!(out, "{} stands nowhere{near}", ink.strong(&m.word))?;
            }
            match found.total {
                0 if found.suggestions.is_empty() => writeln!(out, "Nothing found for {text}")?,
                0 => writeln!(out, "Nothing found for {text}. Did you mean {}?", found.suggestions.join(", "))?,
                // Who wants no hits wants the number.
                total if total > shown && limit > 0 => {
                    writeln!(out, "{shown} of {total} passages; --limit shows more")?;
                }
                total => writeln!(out, "{}", output::counted(total, "passage"))?,
            }
            for w in &found.without {
                writeln!(out, "{}", language::told_without(text, w))?;
            }
        }
        other => return Err(output::unfit(other, &output::ONE)),
    }
    Ok(())
}

/// The command that shows what a query names.
fn told(meant: &Direct, text: &str, scope: &Scope) -> String {
    let (what, command, id) = match meant {
        Direct::Issue(id) => ("an issue", "issue", id),
        Direct::Person(id) => ("somebody", "person", id),
    };
    let plain = id.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._/#@!".contains(&b)) && !id.starts_with(['-', '#']);
    // In single quotes all is as it is, but a single quote.
    let id = if plain { id.clone() } else { format!("'{}'", id.replace('\'', "'\\''")) };
    let as_of = scope.as_of.map_or(String::new(), |day| format!(" --as-of {day}"));
    format!("{text} is {what}: minutebook {command} {id}{as_of}")
}

fn print(out: &mut dyn Write, settings: &Settings, hit: &Hit) -> std::io::Result<()> {
    let ink = Ink::of(settings);
    let day = hit.date.map_or_else(|| "undated".to_owned(), |d| d.to_string());
    let state = hit.state.map_or(String::new(), |s| format!(" ({})", s.as_str()));
    let state = hit.judged.map_or(state, |judged| format!(" ({judged})"));
    let copies = if hit.count > 1 { format!(", said {} times", hit.count) } else { String::new() };
    writeln!(
        out,
        "{} {}",
        ink.accent(&format!("{}{state}", hit.kind)),
        ink.dim(&format!("{} · {day}{copies} · {}:{}", hit.series, hit.path, hit.line))
    )?;
    if !hit.heading_path.is_empty() {
        writeln!(out, "  {}", ink.dim(&hit.heading_path.join(" › ")))?;
    }
    let mut line = String::new();
    let mut at = 0;
    for &(start, end) in &hit.highlights {
        line.push_str(&output::shown(&hit.snippet[at..start]));
        line.push_str(&ink.strong(&hit.snippet[start..end]));
        at = end;
    }
    line.push_str(&output::shown(&hit.snippet[at..]));
    writeln!(out, "  {}\n", line.trim())
}
