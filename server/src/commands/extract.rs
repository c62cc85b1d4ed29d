//! `minutebook extract`: the facts of single files, straight from their text.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use minutebook_index::short_refs::ShortRefs;
use minutebook_ingest::book;
use minutebook_ingest::facts::{ActionState, Meeting};
use minutebook_ingest::series::SeriesRule;
use minutebook_ingest::{Extractor, decode};

use super::Failure;
use crate::cli::Format;
use crate::output::{self, Ink};
use crate::settings::Settings;

/// Prints the meetings of each file; goes on after one that cannot be read.
pub fn run(settings: &Settings, paths: &[PathBuf]) -> Result<(), Failure> {
    settings.knows_no_commit("extract")?;
    let extractor = Extractor::new(settings.conventions.clone());
    // Which file-name suffixes recur is told by the book's other files.
    let listing = book::list(&settings.root, &settings.conventions.book).unwrap_or_default();
    let rule = SeriesRule::of(&listing, &settings.conventions.series);
    // What the links of the other files teach is read when the first short reference asks for it.
    let mut short_refs: Option<ShortRefs> = None;
    let mut failed = 0;
    let mut meetings: Vec<Meeting> = Vec::new();
    let mut out = output::out();
    for path in paths {
        let bytes = match fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) => {
                tell!("minutebook: {}: {error}", path.display());
                failed += 1;
                continue;
            }
        };
        let (source, odd) = decode::decode(&bytes);
        let shown = in_book(&settings.root, path);
        let mut found = extractor.extract(&source, &shown, &rule.series(&shown));
        if let Some(first) = found.first_mut() {
            first.diagnostics.splice(0..0, odd);
        }
        if found.iter().flat_map(|m| &m.references).any(|r| r.target.starts_with('#')) {
            let short_refs = short_refs.get_or_insert_with(|| ShortRefs::read(&listing, &rule, &settings.conventions));
            found.iter_mut().for_each(|m| short_refs.resolve(m));
        }
        match settings.format {
            Format::Jsonl => found.iter().try_for_each(|m| output::json(&mut out, m, false))?,
            Format::Json => meetings.append(&mut found),
            Format::Table => found.iter().try_for_each(|m| print(&mut out, settings, m))?,
            other => return Err(output::unfit(other, &output::ONE)),
        }
    }
    if settings.format == Format::Json {
        output::json(&mut out, &meetings, true)?;
    }
    if failed > 0 {
        return Err(anyhow::anyhow!("{failed} of {} files could not be read", paths.len()).into());
    }
    Ok(())
}

/// The path as the book knows it; as given when the file lies elsewhere.
pub fn in_book(root: &Path, path: &Path) -> String {
    let absolute = |p: &Path| p.canonicalize().ok();
    match (absolute(root), absolute(path)) {
        (Some(root), Some(file)) if file.starts_with(&root) => book::relative(&root, &file),
        _ => path.to_string_lossy().replace('\\', "/"),
    }
}

/// A meeting's facts for people.
pub fn print(out: &mut dyn Write, settings: &Settings, m: &Meeting) -> std::io::Result<()> {
    let ink = Ink::of(settings);
    let day = m.date.map_or_else(|| "undated".to_owned(), |d| d.to_string());
    let not_held = if m.held { "" } else { ", not held" };
    writeln!(
        out,
        "{}  {}",
        ink.strong(&format!("{} · {} · {}", m.series, day, m.title)),
        ink.dim(&format!("{}:{}{not_held}", m.path, m.line))
    )?;
    if !m.participants.is_empty() {
        let people: Vec<String> = m
            .participants
            .iter()
            .map(|p| match p.status {
                minutebook_ingest::facts::Attendance::Present => p.as_written().to_owned(),
                minutebook_ingest::facts::Attendance::Partial => format!("{} (partly)", p.as_written()),
                minutebook_ingest::facts::Attendance::Absent => format!("{} (absent)", p.as_written()),
            })
            .collect();
        writeln!(out, "  {}  {}", ink.dim("present"), people.join(", "))?;
    }
    for r in &m.roles {
        let name = format!("{:?}", r.role).to_lowercase();
        writeln!(out, "  {}  {}", ink.dim(&name), r.people.join(", "))?;
    }
    for d in &m.decisions {
        writeln!(
            out,
            "  {:>4}  {} {}{}",
            d.line,
            ink.accent("decision"),
            d.text,
            if d.explicit { "" } else { " (plain)" }
        )?;
    }
    for a in &m.actions {
        let state = match a.state {
            ActionState::Open => "",
            ActionState::Done => " [done]",
            ActionState::Dropped => " [dropped]",
        };
        let owners = if a.owners.is_empty() { "nobody".to_owned() } else { a.owners.join(", ") };
        let due = a.due.as_ref().map_or(String::new(), |d| format!(", {}", d.text));
        writeln!(out, "  {:>4}  {} {}: {}{due}{state}", a.line, ink.accent("action"), ink.strong(&owners), a.text)?;
    }
    let targets: Vec<&str> = m.references.iter().map(|r| r.target.as_str()).collect();
    if !targets.is_empty() {
        writeln!(out, "  {}  {}", ink.dim("issues"), targets.join(", "))?;
    }
    for d in &m.diagnostics {
        writeln!(out, "  {:>4}  {} {}", d.line, ink.dim(&d.code), d.message)?;
    }
    writeln!(out)
}
