//! `minutebook series`.

use std::io::Write;

use minutebook_index::query::series::{series, series_page};

use super::{Failure, actions};
use crate::output::{self, Ink, Look, Piece};
use crate::settings::Settings;

/// Lists the series.
pub fn list(settings: &Settings) -> Result<(), Failure> {
    let snapshot = settings.snapshot()?;
    let found = series(&snapshot, &settings.scope());
    output::list(
        settings,
        &found,
        &["series", "meetings", "rhythm", "first", "last", "next", "open", "stale"],
        |s| {
            vec![
                Piece::new(&s.series, Look::Strong),
                Piece::plain(s.meetings.to_string()),
                Piece::plain(&s.rhythm),
                Piece::of(s.first),
                Piece::of(s.last),
                Piece::of(s.next),
                Piece::plain(s.open.to_string()),
                Piece::new(s.stale.to_string(), Look::Dim),
            ]
        },
        "No series: there are no minutes here.",
    )
}

/// Shows one series.
pub fn one(settings: &Settings, wanted: &str) -> Result<(), Failure> {
    let snapshot = settings.snapshot()?;
    let scope = settings.scope();
    let page = series_page(&snapshot, &scope, wanted)?;
    let ink = Ink::of(settings);
    output::one(settings, &page, |out: &mut dyn Write| {
        let v = &page.view;
        let next = v.next.map_or(String::new(), |d| format!(", next {d}"));
        writeln!(out, "{}  {} meetings, {}{next}", ink.strong(&v.series), v.meetings, v.rhythm)?;
        let regulars: Vec<String> =
            page.regulars.iter().take(12).map(|r| format!("{} ({})", r.id, r.attended)).collect();
        writeln!(out, "{}  {}", ink.dim("of the last ten meetings"), regulars.join(", "))?;
        let stale = if v.stale > 0 { format!(", and {} stale", v.stale) } else { String::new() };
        writeln!(out, "\n{}", ink.accent(&format!("Open actions ({}{stale})", v.open)))?;
        writeln!(
            out,
            "{}",
            output::table(settings, &actions::COLUMNS, page.actions.iter().take(30).map(|a| actions::row(a, &scope)))
        )?;
        let absence = &page.absence;
        if !absence.given_absent.is_empty() {
            writeln!(out, "\n{}", ink.accent(&format!("Given to somebody absent ({})", absence.given_absent.len())))?;
            for g in absence.given_absent.iter().take(12) {
                let day = g.date.map_or_else(String::new, |d| d.to_string());
                writeln!(out, "  {day}  {}: {} ({})", g.owner, g.text, g.state.as_str())?;
            }
            if absence.given_absent.len() > 12 {
                writeln!(out, "  {} more; --format json has them all", absence.given_absent.len() - 12)?;
            }
        }
        if !absence.not_seen.is_empty() {
            writeln!(out, "\n{}", ink.accent("Owners not seen for several meetings"))?;
            for n in &absence.not_seen {
                let last = n.last_attended.map_or_else(|| "never came".to_owned(), |d| format!("last came on {d}"));
                writeln!(out, "  {}  {last}, missed {}; open actions: {}", n.owner, n.missed, n.actions.len())?;
            }
        }
        writeln!(out, "\n{}", ink.accent("Latest decisions"))?;
        for d in &page.decisions {
            let judged = d.judged.as_ref().map_or_else(String::new, |by| format!("{}: ", by.relation));
            let day = d.date.map_or_else(String::new, |d| d.to_string());
            writeln!(out, "  {day}  {}{}", ink.strong(&judged), d.text)?;
        }
        writeln!(out, "\n{}", ink.accent("Meetings"))?;
        for m in page.all.iter().take(12) {
            writeln!(
                out,
                "  {}  {}{}",
                m.date.map_or_else(|| "undated".into(), |d| d.to_string()),
                m.path,
                if m.held { "" } else { " (not held)" }
            )?;
        }
        Ok(())
    })
}
