//! `minutebook people` and `minutebook person`.

use std::io::Write;

use minutebook_index::query::people::{people, person};

use super::{Failure, actions};
use crate::output::{self, Ink, Look, Piece};
use crate::settings::Settings;

/// Lists people and teams.
pub fn list(settings: &Settings, mentions: bool) -> Result<(), Failure> {
    let snapshot = settings.snapshot()?;
    let found = people(&snapshot, &settings.scope(), mentions);
    output::list(
        settings,
        &found,
        &["who", "name", "also written", "series", "last seen"],
        |p| {
            let aliases: Vec<&str> = p
                .aliases
                .iter()
                .map(|a| a.as_written.as_str())
                .filter(|a| *a != p.id && Some(*a) != p.name.as_deref())
                .take(4)
                .collect();
            vec![
                Piece::new(&p.id, Look::Strong),
                Piece::plain(p.name.clone().filter(|n| *n != p.id).unwrap_or_default()),
                Piece::new(aliases.join(", "), Look::Dim),
                Piece::plain(p.series.join(", ")),
                Piece::of(p.last_seen),
            ]
        },
        "Nobody is named in these minutes.",
    )
}

/// Shows one person.
pub fn one(settings: &Settings, wanted: &str) -> Result<(), Failure> {
    let snapshot = settings.snapshot()?;
    let scope = settings.scope();
    let page = person(&snapshot, &scope, wanted)?;
    let ink = Ink::of(settings);
    output::one(settings, &page, |out: &mut dyn Write| {
        let name =
            page.person.name.as_deref().filter(|n| *n != page.person.id).map_or(String::new(), |n| format!(" · {n}"));
        writeln!(out, "{}{name}", ink.strong(&page.person.id))?;
        for (title, list) in [("To do", &page.open), ("Perhaps theirs", &page.perhaps), ("Closed", &page.closed)] {
            if !list.is_empty() {
                writeln!(out, "\n{}", ink.accent(&format!("{title} ({})", list.len())))?;
                writeln!(
                    out,
                    "{}",
                    output::table(settings, &actions::COLUMNS, list.iter().take(40).map(|a| actions::row(a, &scope)))
                )?;
            }
        }
        if !page.attendance.is_empty() {
            writeln!(out, "\n{}", ink.accent("Attendance"))?;
            let rows = page.attendance.iter().map(|a| {
                vec![
                    Piece::plain(&a.series),
                    Piece::plain(format!("{} of {}", a.attended, a.meetings)),
                    Piece::of(a.last),
                ]
            });
            writeln!(out, "{}", output::table(settings, &["series", "meetings", "last"], rows))?;
        }
        if !page.works_with.is_empty() {
            let names: Vec<String> = page.works_with.iter().map(|w| format!("{} ({})", w.id, w.meetings)).collect();
            writeln!(out, "\n{}  {}", ink.accent("Meets"), names.join(", "))?;
        }
        Ok(())
    })
}
