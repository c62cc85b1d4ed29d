//! `minutebook explain`: which convention found a fact, or why none did.

use std::fs;
use std::io::{self, Write};
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use minutebook_index::ledger::PATH;
use minutebook_index::query::explain::{Explanation, by_id};
use minutebook_ingest::explain::{Explained, Fact, line_range};
use minutebook_ingest::facts::ActionState;
use minutebook_ingest::series::SeriesRule;
use minutebook_ingest::statement::shortened;
use minutebook_ingest::{Extractor, book, decode};

use super::{Failure, extract};
use crate::cli::{Format, Global};
use crate::output::{self, Ink};
use crate::settings::{Settings, nearest_book};

/// Explains an action or decision by its id, or the statements of a file.
pub fn run(global: &Global, wanted: &str) -> Result<(), Failure> {
    let settings = Settings::new(global, None)?;
    if !output::ONE.contains(&settings.format) {
        return Err(output::unfit(settings.format, &output::ONE));
    }
    match place(&settings, wanted) {
        Some((file, lines)) => {
            let settings = match global.book {
                // A file stands for the book around it.
                None => Settings::new(global, Some(nearest_book(&parent(&file)?)))?,
                Some(_) => settings,
            };
            settings.knows_no_commit("explain of a file")?;
            let explained = explained(&settings, &file, lines)?;
            print(&settings, &explained)
        }
        None if is_id(wanted) => one(&settings, wanted),
        None => {
            let path = split(wanted).map_or(wanted, |(path, _)| path);
            let message = format!("{path}: no such file, neither here nor in the book {}", settings.root.display());
            Err(anyhow::anyhow!("{message}; give PATH, PATH:LINE, PATH:FIRST-LAST, or the id of an action or decision")
                .into())
        }
    }
}

/// The file that is meant, and its lines; none where there is no such file.
fn place(settings: &Settings, wanted: &str) -> Option<(PathBuf, Option<RangeInclusive<u32>>)> {
    let file = |path: &str| {
        let here = PathBuf::from(path);
        let in_book = settings.root.join(path);
        [here, in_book].into_iter().find(|p| p.is_file())
    };
    file(wanted)
        .map(|found| (found, None))
        .or_else(|| split(wanted).and_then(|(path, lines)| Some((file(path)?, Some(lines)))))
}

/// `PATH:12` or `PATH:12-20`
fn split(wanted: &str) -> Option<(&str, RangeInclusive<u32>)> {
    let (path, lines) = wanted.rsplit_once(':')?;
    Some((path, line_range(lines)?))
}

/// `a` or `d` and some of the twelve letters and digits behind it.
fn is_id(wanted: &str) -> bool {
    wanted.starts_with(['a', 'd'])
        && wanted.len() <= 13
        && wanted.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
}

fn parent(file: &Path) -> Result<PathBuf, Failure> {
    let whole = file.canonicalize()?;
    Ok(whole.parent().map_or_else(|| PathBuf::from("."), Path::to_owned))
}

fn explained(settings: &Settings, file: &Path, lines: Option<RangeInclusive<u32>>) -> Result<Vec<Explained>, Failure> {
    let bytes = fs::read(file).map_err(|error| anyhow::anyhow!("{}: {error}", file.display()))?;
    let (source, _) = decode::decode(&bytes);
    let shown = extract::in_book(&settings.root, file);
    let listing = book::list(&settings.root, &settings.conventions.book).unwrap_or_default();
    let rule = SeriesRule::of(&listing, &settings.conventions.series);
    if let Some(skipped) = listing.skipped.iter().find(|s| s.path == shown)
        && !settings.quiet
    {
        tell!("minutebook: {shown} is {}, so the index leaves it out (Which files are minutes)", skipped.reason);
    }
    let extractor = Extractor::new(settings.conventions.clone());
    let found = extractor.explain(&source, &shown, &rule.series(&shown), lines);
    Ok(found.map_err(anyhow::Error::from)?)
}

fn print(settings: &Settings, all: &[Explained]) -> Result<(), Failure> {
    let mut out = output::out();
    match settings.format {
        Format::Json => output::json(&mut out, all, true)?,
        Format::Jsonl => all.iter().try_for_each(|e| output::json(&mut out, e, false))?,
        _ => {
            let ink = Ink::of(settings);
            for (n, e) in all.iter().enumerate() {
                if n > 0 {
                    writeln!(out)?;
                }
                statement(&mut out, ink, e, all.len() == 1 || settings.verbose)?;
            }
            if all.is_empty() {
                writeln!(out, "Nothing is written there.")?;
            } else if !settings.quiet {
                writeln!(out, "\n{}", ink.dim("The names of conventions are headings of ingest/CONVENTIONS.md."))?;
            }
        }
    }
    Ok(())
}

fn one(settings: &Settings, id: &str) -> Result<(), Failure> {
    let found = by_id(&*settings.snapshot()?, &settings.scope(), id)?;
    let ink = Ink::of(settings);
    output::one(settings, &found, |out| {
        head(out, ink, &found)?;
        for place in &found.places {
            let day = place.date.map_or_else(|| "undated".to_owned(), |d| d.to_string());
            let event = place.event.map(|e| word(&e)).or_else(|| place.relation.map(str::to_owned));
            let event = event.map(|e| format!(", {e}")).unwrap_or_default();
            let joined = place.joined.as_ref().map(|j| format!(": {j}")).unwrap_or_default();
            writeln!(out, "\n{}{}", ink.accent(&format!("{day}{event}")), ink.dim(&joined))?;
            statement(out, ink, &place.explained, true)?;
        }
        if !found.ledger.is_empty() {
            writeln!(out, "\n{}", ink.accent("in the ledger"))?;
        }
        for r in &found.ledger {
            let at = format!("{PATH}:{}", r.line);
            writeln!(out, "  {}  {}  {}", r.day, printable(&r.told_whole()), ink.dim(&at))?;
        }
        Ok(())
    })
}

/// An event's word, as in the JSON.
fn word<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_value(value).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}

fn head(out: &mut dyn Write, ink: Ink, found: &Explanation) -> io::Result<()> {
    writeln!(out, "{}  {}", ink.strong(&printable(&found.text)), ink.dim(&format!("{} {}", found.kind, found.id)))?;
    if let (Some(standing), Some(reason)) = (found.standing, &found.reason) {
        writeln!(out, "  {}  {}: {}", ink.dim("standing"), ink.strong(standing.as_str()), printable(reason))?;
    } else if let Some(reason) = &found.reason {
        let state = found.state.map_or("no action", |state| state.as_str());
        let owners = if found.owners.is_empty() { "nobody".to_owned() } else { found.owners.join(", ") };
        writeln!(out, "  {}  {owners}", ink.dim("owner"))?;
        writeln!(out, "  {}  {}: {reason}", ink.dim("state"), ink.strong(state))?;
        for e in &found.evidence {
            writeln!(out, "         {}", ink.dim(&format!("{}:{}  {}", e.path, e.line, e.why)))?;
        }
    }
    Ok(())
}

/// A statement for people: the line, where it stands, what was found and why, or why nothing was.
/// With `all` the conventions that nothing in it looks like are told too.
fn statement(out: &mut dyn Write, ink: Ink, e: &Explained, all: bool) -> io::Result<()> {
    let lines = if e.line == e.end_line { e.line.to_string() } else { format!("{}-{}", e.line, e.end_line) };
    writeln!(out, "{}", ink.dim(&format!("{}:{lines}", e.path)))?;
    for line in e.text.lines() {
        writeln!(out, "  {}", ink.strong(&printable(line)))?;
    }
    let mut place = e.block.clone();
    if let Some(over) = &e.under {
        place.push_str(&format!(", under {:?} on line {}", short(&over.text), over.line));
    }
    if !e.headings.is_empty() {
        place.push_str(&format!(", in {}", e.headings.join(" › ")));
    }
    writeln!(out, "  {}  {}", ink.dim("what it is"), printable(&place))?;
    if let Some(s) = &e.section {
        let opened = match (&s.heading, s.line) {
            (Some(heading), Some(line)) => format!(": {:?} on line {line}", short(heading)),
            _ => String::new(),
        };
        let word = match (&s.words, s.list) {
            (Some(word), Some(list)) => format!(" ({word:?} of {list})"),
            _ => String::new(),
        };
        writeln!(out, "  {}     {}{}", ink.dim("section"), s.name, printable(&format!("{opened}{word}")))?;
    }
    for over in &e.part_of {
        let part = format!("the action on line {}: {}", over.line, short(&over.text));
        writeln!(out, "  {}     {}", ink.dim("part of"), printable(&part))?;
    }
    for f in &e.facts {
        fact(out, ink, f)?;
    }
    // What is a participant, a chore or a heading is no riddle.
    if !e.refused.is_empty() && (all || !e.facts.iter().any(|f| ["participant", "role", "topic"].contains(&f.kind))) {
        writeln!(out, "  {}", ink.accent("no action, no decision"))?;
        let width = e.refused.iter().map(|r| r.convention.chars().count()).max().unwrap_or(0);
        let (close, far): (Vec<_>, Vec<_>) = e.refused.iter().partition(|r| r.close);
        // Of many statements only what comes near is told.
        let far = if all { far } else { Vec::new() };
        if !all && close.is_empty() {
            writeln!(out, "    {}", ink.dim("nothing in it looks like one"))?;
        }
        for r in close.into_iter().chain(far) {
            let name = format!("{:width$}", r.convention);
            let why = printable(&r.why);
            let why = if r.close { why } else { ink.dim(&why) };
            writeln!(out, "    {}  {why}{}", ink.dim(&name), ink.dim(&in_lists(r.lists)))?;
        }
    }
    Ok(())
}

fn fact(out: &mut dyn Write, ink: Ink, f: &Fact) -> io::Result<()> {
    let plain = if f.explicit == Some(false) { " (plain)" } else { "" };
    writeln!(out, "  {} {}{plain}", ink.accent(f.kind), ink.strong(&printable(&f.text)))?;
    let words = f.words.as_ref().map_or(String::new(), |w| format!(": {:?}", short(w)));
    writeln!(out, "    {}{}{}", f.convention, printable(&words), ink.dim(&in_lists(f.lists)))?;
    if f.kind == "action" {
        let owners = if f.owners.is_empty() { "nobody is named".to_owned() } else { f.owners.join(", ") };
        writeln!(out, "    owner: {}", printable(&owners))?;
        debug_assert!(matches!(f.state, Some(ActionState::Open | ActionState::Done | ActionState::Dropped)));
    }
    for why in &f.why {
        writeln!(out, "    {}", printable(why))?;
    }
    Ok(())
}

/// Where a convention can be changed.
fn in_lists(lists: &[&str]) -> String {
    if lists.is_empty() { String::new() } else { format!("  [{}]", lists.join(", ")) }
}

/// The beginning of a text.
fn short(text: &str) -> String {
    shortened(text, 70)
}

/// Text from the minutes without what could command a terminal.
fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { if c == '\t' { ' ' } else { '\u{fffd}' } } else { c }).collect()
}
