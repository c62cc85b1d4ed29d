//! `minutebook check`: what should be mended in the minutes, for people, programs and CI.

mod annotations;
mod sarif;
mod snippets;

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Context;
use minutebook_index::Snapshot;
use minutebook_index::query::check::{Filter, Report, check};
use minutebook_index::query::series;
use minutebook_ingest::{book, checks};

use super::Failure;
use crate::cli::{Deny, Format, Global};
use crate::output::{self, Ink};
use crate::settings::{self, Settings, nearest_book};

/// The formats of findings.
pub const FORMATS: [Format; 5] = [Format::Table, Format::Json, Format::Jsonl, Format::Sarif, Format::Github];

/// What was asked for, as typed.
pub struct Asked {
    pub folder: Option<PathBuf>,
    pub only: Option<String>,
    pub series: Option<String>,
    pub since: Option<String>,
    pub deny: Option<Deny>,
}

/// Prints what should be mended; fails when that are errors, or what `--deny` names.
pub fn run(global: &Global, asked: Asked) -> Result<(), Failure> {
    let (folder, path) = book_and_file(global, asked.folder)?;
    let settings = Settings::new(global, folder)?;
    if !FORMATS.contains(&settings.format) {
        return Err(output::unfit(settings.format, &FORMATS));
    }
    let codes = asked.only.as_deref().map(Filter::codes_of).transpose();
    let codes = codes.map_err(|unknown| Failure::usage(unknown.to_string()))?.unwrap_or_default();
    let since = asked.since.as_deref().map(|text| settings::date(text, "--since")).transpose()?;
    let (snapshot, scope) = (settings.snapshot()?, settings.scope());
    let series = asked.series.as_deref().map(|name| series::find(&snapshot, &scope, name)).transpose()?;
    let filter = Filter { codes, severity: None, series, path, since };
    let report = check(&snapshot, &scope, &filter)?;
    let printed = print(&settings, &snapshot, &report);
    let denied = match asked.deny {
        None => report.errors,
        Some(Deny::Warnings) => report.errors + report.warnings,
        Some(Deny::Notes) => report.errors + report.warnings + report.notes,
    };
    match printed {
        // What is wrong is wrong even if nobody reads all of it.
        Err(gone) if denied > 0 && gone.is_broken_pipe() => Err(Failure::Told),
        Ok(()) if denied > 0 => Err(Failure::Told),
        other => other,
    }
}

fn print(settings: &Settings, snapshot: &Snapshot, report: &Report) -> Result<(), Failure> {
    let mut out = output::out();
    match settings.format {
        Format::Json => output::json(&mut out, report, true)?,
        Format::Jsonl => report.diagnostics.iter().try_for_each(|f| output::json(&mut out, f, false))?,
        Format::Sarif => output::json(&mut out, &sarif::log(snapshot, report), true)?,
        Format::Github => {
            annotations::print(&mut out, snapshot, report)?;
            tell!("{}", summary(report));
        }
        _ => {
            snippets::print(&mut out, settings, report)?;
            if !settings.quiet {
                writeln!(out, "{}", Ink::of(settings).strong(&summary(report)))?;
            }
        }
    }
    Ok(out.flush()?)
}

/// Tells what a check means; `all` for every one, as in `docs/CHECKS.md`.
pub fn explain(code: &str) -> Result<(), Failure> {
    let mut out = output::out();
    if code == "all" {
        for (n, check) in checks::ALL.iter().enumerate() {
            write!(out, "{}{}", if n > 0 { "\n" } else { "" }, check.explained())?;
        }
        return Ok(());
    }
    let codes = Filter::codes_of(code)
        .map_err(|unknown| Failure::usage(format!("{unknown}. There are {}", checks::codes().join(", "))))?;
    for check in codes.iter().filter_map(|code| checks::of(code)) {
        write!(out, "{}", check.explained())?;
    }
    Ok(())
}

/// A file stands for the book around it, of which only that file is told.
fn book_and_file(global: &Global, given: Option<PathBuf>) -> Result<(Option<PathBuf>, Option<String>), Failure> {
    let Some(file) = given.as_ref().filter(|path| path.is_file()) else { return Ok((given, None)) };
    let file = file.canonicalize().context("the file's path")?;
    let root = match &global.book {
        Some(root) => root.clone(),
        None => nearest_book(file.parent().unwrap_or(Path::new("."))),
    };
    let whole = root.canonicalize().with_context(|| root.display().to_string())?;
    if !file.starts_with(&whole) {
        return Err(Failure::usage(format!("{} does not lie in the book {}", file.display(), root.display())));
    }
    Ok((Some(root), Some(book::relative(&whole, &file))))
}

/// "2 errors, 1 warning and 3 notes in 40 files"
fn summary(report: &Report) -> String {
    let some = |n: usize, word: &str| format!("{n} {word}{}", if n == 1 { "" } else { "s" });
    let counts = format!(
        "{}, {} and {} in {} with {}",
        some(report.errors, "error"),
        some(report.warnings, "warning"),
        some(report.notes, "note"),
        some(report.files, "file"),
        some(report.meetings, "meeting"),
    );
    let allowed = match report.allowed {
        0 => String::new(),
        n => format!("; {n} more allowed by the minutes themselves"),
    };
    let explained = match report.diagnostics.first() {
        Some(first) => format!(". What a code means: minutebook check --explain {}", first.code),
        None => String::new(),
    };
    format!("{counts}{allowed}{explained}")
}

/// A file's path as a forge and its tools know it: from the root of the repository, where there is one.
fn in_repository(snapshot: &Snapshot, path: &str) -> String {
    snapshot.work_tree.as_ref().map_or_else(|| path.to_owned(), |tree| tree.path_in_repository(path))
}
