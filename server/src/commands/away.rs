//! `minutebook away`.

use std::io::{self, Write};

use minutebook_index::query::away::{AwayError, AwaySeries, Happened, away};

use super::Failure;
use crate::output::{self, Ink};
use crate::settings::{self, Settings};

/// Lines of a list on a terminal; the rest is counted.
const SHOWN: usize = 12;

/// Shows what a person missed.
pub fn run(settings: &Settings, wanted: &str, since: Option<&str>) -> Result<(), Failure> {
    let since = since.map(|d| settings::date(d, "--since")).transpose()?;
    let snapshot = settings.snapshot()?;
    let found = away(&snapshot, &settings.scope(), wanted, since).map_err(|error| match error {
        AwayError::Unknown(unknown) => unknown.into(),
        AwayError::Team(_) => Failure::usage(error.to_string()),
    })?;
    let ink = Ink::of(settings);
    output::one(settings, &found, |out: &mut dyn Write| {
        let since = found.since.map_or_else(|| "the last meeting they came to".to_owned(), |d| d.to_string());
        writeln!(out, "{}  away since {since}", ink.strong(&found.person))?;
        if found.series.is_empty() {
            writeln!(out, "Missed nothing: no meeting of a series that they come to often took place without them.")?;
        }
        found.series.iter().try_for_each(|s| series(out, ink, s))?;
        if !found.cannot_tell.is_empty() {
            writeln!(out, "\nKeep no lists of participants, so cannot tell: {}", found.cannot_tell.join(", "))?;
        }
        Ok(())
    })
}

fn series(out: &mut dyn Write, ink: Ink, s: &AwaySeries) -> io::Result<()> {
    let last = s.last_attended.map_or_else(String::new, |d| format!("last came on {d}, "));
    writeln!(out, "\n{}  {}", ink.accent(&s.series), ink.dim(&format!("{last}{}", s.regular)))?;
    let days: Vec<String> = s.missed.iter().filter_map(|m| m.date).map(|d| d.to_string()).collect();
    let (first, rest) = days.split_at(days.len().min(SHOWN));
    let more = if rest.is_empty() { String::new() } else { format!(" and {} more", rest.len()) };
    writeln!(out, "  missed {}: {}{more}", days.len(), first.join(", "))?;
    if !s.unlisted.is_empty() {
        writeln!(out, "  {} more without a list of participants: perhaps they were there", s.unlisted.len())?;
    }
    let decided: Vec<(Option<jiff::civil::Date>, String)> =
        s.decided.iter().map(|d| (d.date, d.text.clone())).collect();
    let told = |list: &[Happened]| -> Vec<(Option<jiff::civil::Date>, String)> {
        list.iter().map(|h| (h.date, format!("{} ({})", h.text, of(h)))).collect()
    };
    part(out, ink, "Given to them", &told(&s.given))?;
    part(out, ink, "Decided", &decided)?;
    part(out, ink, "Closed", &told(&s.closed))?;
    part(out, ink, "Given to others", &told(&s.reassigned))?;
    part(out, ink, "New", &told(&s.opened))
}

fn of(h: &Happened) -> String {
    let owners = if h.owners.is_empty() { "nobody".to_owned() } else { h.owners.join(", ") };
    if h.event == "gone" { format!("{owners}; left the list") } else { format!("{owners}; {} now", h.state.as_str()) }
}

/// The latest of a list, latest first.
fn part(out: &mut dyn Write, ink: Ink, title: &str, lines: &[(Option<jiff::civil::Date>, String)]) -> io::Result<()> {
    if lines.is_empty() {
        return Ok(());
    }
    writeln!(out, "  {}", ink.strong(&format!("{title} ({})", lines.len())))?;
    let mut latest: Vec<&(Option<jiff::civil::Date>, String)> = lines.iter().collect();
    latest.sort_by_key(|(date, _)| std::cmp::Reverse(*date));
    for (date, text) in latest.iter().take(SHOWN) {
        writeln!(out, "    {}  {text}", date.map_or_else(String::new, |d| d.to_string()))?;
    }
    if latest.len() > SHOWN {
        writeln!(out, "    {} more; --format json has them all", latest.len() - SHOWN)?;
    }
    Ok(())
}
