//! `minutebook index`: builds or refreshes the index and accounts for every file.

use std::collections::BTreeMap;
use std::io::Write;
use std::time::Instant;

use anyhow::Context;
use minutebook_index::IfBusy;
use minutebook_index::ledger::Problem;
use serde::Serialize;

use super::Failure;
use crate::cli::Format;
use crate::output;
use crate::progress::Bar;
use crate::settings::Settings;

#[derive(Debug, Serialize)]
struct Account {
    book: String,
    data: String,
    files: usize,
    meetings: usize,
    series: usize,
    read: usize,
    kept: usize,
    removed: Vec<String>,
    skipped: Vec<minutebook_ingest::book::Skipped>,
    notices: Vec<String>,
    ledger: LedgerAccount,
}

#[derive(Debug, Serialize)]
struct LedgerAccount {
    entries: usize,
    problems: Vec<Problem>,
}

/// Refreshes the index.
pub fn run(settings: &Settings) -> Result<(), Failure> {
    settings.knows_no_commit("index")?;
    let start = Instant::now();
    let mut book = settings.book();
    let bar = Bar::new(settings.quiet);
    let done = book.refresh(&bar, IfBusy::Wait).map_err(anyhow::Error::from)?;
    drop(bar);
    let snapshot = book.snapshot().context("the index is empty")?;
    snapshot.prepare();
    let (files, meetings) = snapshot.size();
    let account = Account {
        book: settings.root.display().to_string(),
        data: settings.data.display().to_string(),
        files,
        meetings,
        series: snapshot.series.len(),
        read: done.read.len(),
        kept: done.kept,
        removed: done.removed.clone(),
        skipped: snapshot.skipped.as_ref().clone(),
        notices: done.notices.iter().map(ToString::to_string).collect(),
        ledger: LedgerAccount { entries: snapshot.ledger.entries.len(), problems: snapshot.ledger.problems.clone() },
    };
    let mut out = output::out();
    match settings.format {
        Format::Json => output::json(&mut out, &account, true)?,
        Format::Jsonl => output::json(&mut out, &account, false)?,
        Format::Table => {
            for notice in &account.notices {
                tell!("minutebook: {notice}");
            }
            if settings.quiet {
                return Ok(());
            }
            writeln!(
                out,
                "{}: {files} files, {meetings} meetings in {} series; {} read, {} kept, {} removed in {:.1} s",
                account.book,
                account.series,
                account.read,
                account.kept,
                account.removed.len(),
                start.elapsed().as_secs_f64()
            )?;
            told_skipped(&mut out, settings, &account)?;
            told_ledger(&mut out, settings, &account.ledger)?;
            if files == 0 {
                writeln!(
                    out,
                    "No minutes here. Minutebook reads Markdown files (.md); give the folder that holds them."
                )?;
            }
            writeln!(out, "Index: {}", account.data)?;
        }
        other => return Err(output::unfit(other, &output::ONE)),
    }
    Ok(())
}

fn told_ledger(out: &mut dyn Write, settings: &Settings, ledger: &LedgerAccount) -> std::io::Result<()> {
    let most = if settings.verbose { usize::MAX } else { 3 };
    for p in ledger.problems.iter().take(most) {
        writeln!(out, "Ledger, line {} does not count: {}", p.line, p.message)?;
    }
    if ledger.problems.len() > most {
        writeln!(out, "Ledger: {} more lines do not count; -v names them all", ledger.problems.len() - most)?;
    }
    if settings.verbose && ledger.entries > 0 {
        writeln!(out, "Ledger: {} entries", ledger.entries)?;
    }
    Ok(())
}

fn told_skipped(out: &mut dyn Write, settings: &Settings, account: &Account) -> std::io::Result<()> {
    let mut by_reason: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for s in &account.skipped {
        by_reason.entry(&s.reason).or_default().push(&s.path);
    }
    for (reason, paths) in by_reason {
        if settings.verbose || paths.len() <= 3 {
            writeln!(out, "Skipped, {reason}: {}", paths.join(", "))?;
        } else {
            writeln!(
                out,
                "Skipped, {reason}: {}, … ({} files; -v names them all)",
                paths[..2].join(", "),
                paths.len()
            )?;
        }
    }
    Ok(())
}
