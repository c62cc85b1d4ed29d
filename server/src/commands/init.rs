//! `minutebook init`: a first `minutebook.toml`, commented, from what the minutes show.
//!
//! Settings stand in it behind a bare `#` and count once that is taken away; prose stands behind `# `. So
//! nothing that was found changes what is read before somebody has looked at it.

use std::fmt::Write as _;
use std::fs;
use std::io::{ErrorKind, Write};

use anyhow::anyhow;
use minutebook_index::query::habits::{Count, Habits, PersonHabit, habits};
use minutebook_ingest::Conventions;

use super::Failure;
use crate::cli::Format;
use crate::settings::Settings;
use crate::{file, output};

/// Opens what was found; of an older file what stands before it is kept, and behind it what counts.
const FOUND: &str = "# ---- What `minutebook init` found ----";
/// People that are written out; more are counted.
const PEOPLE: usize = 60;

/// Writes `minutebook.toml`, or prints it.
pub fn run(settings: &Settings, print: bool, force: bool) -> Result<(), Failure> {
    if settings.format != Format::Table {
        return Err(output::unfit(settings.format, &[Format::Table]));
    }
    settings.knows_no_commit("init")?;
    let path = settings.root.join("minutebook.toml");
    let before = match fs::read_to_string(&path) {
        Ok(text) => Some(text),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => None,
        Err(error) => return Err(anyhow!("{}: {error}", path.display()).into()),
    };
    if before.is_some() && !force && !print {
        return Err(anyhow!(
            "{} is there already; --stdout shows what was found, --force adds it below what the file says",
            path.display()
        )
        .into());
    }
    let found = habits(&*settings.snapshot()?, &settings.scope());
    let text = match before.as_deref().map(own) {
        Some(own) if !own.trim().is_empty() => format!("{}\n\n{}", own.trim_end(), suggestions(&found, false)),
        _ => format!("{}{}", opening(&found), suggestions(&found, true)),
    };
    // What is written must be what the program reads.
    Conventions::with_config(&text, &path.display().to_string())
        .map_err(|error| anyhow!("a bug in Minutebook, please report it: the file would not be valid: {error}"))?;
    if print {
        output::out().write_all(text.as_bytes())?;
        return Ok(());
    }
    let write = |out: &mut dyn Write| out.write_all(text.as_bytes());
    if force { file::replace(&path, write) } else { file::create(&path, write) }?;
    if !settings.quiet {
        let book = settings.root.display();
        writeln!(
            output::out(),
            "{}: written, from {} files in {} series.\nRead it and take the # away before what is right; until then it changes nothing. Then:\n  minutebook check {book}      what should be mended in the minutes\n  minutebook serve {book}      search, actions and agendas in the browser",
            path.display(),
            found.files,
            found.series.len(),
        )?;
    }
    Ok(())
}

/// What a file says itself: all that stands before what was found, and the settings that somebody let count since.
fn own(text: &str) -> String {
    let Some((before, found)) = text.split_once(FOUND) else { return text.to_owned() };
    let counts = |line: &&str| !line.trim_start().starts_with('#') && !line.trim().is_empty();
    let mut own = before.trim_end().to_owned();
    found.lines().skip(1).filter(counts).for_each(|line| {
        // A table of its own is told apart.
        own += if line.starts_with('[') { "\n\n" } else { "\n" };
        own += line;
    });
    let read = |text: &str| text.parse::<toml::Table>().ok();
    // A text of many lines may hold some that look like comments.
    if read(&own) == read(text) { own } else { text.replacen(FOUND, "# What was found before:", 1) }
}

/// The top of a new file, with the settings that are no part of a table.
fn opening(found: &Habits) -> String {
    format!(
        "# How this book is written, for Minutebook. Everything here is optional.\n\
         # Settings stand behind a bare #; take it away to make one count. A list adds to the defaults;\n\
         # with `replace = [\"actions.markers\"]` it stands in their place.\n\n\
         # The book's name. It becomes a part of every id, so choose it once.\n\
         #name = {}\n\n",
        quoted(&found.name)
    )
}

/// What was found. `alone`: nothing stands before it, so that tables may be opened.
fn suggestions(found: &Habits, alone: bool) -> String {
    let mut out = format!("{FOUND}\n# {} files with {} meetings.\n", found.files, found.meetings);
    if !alone {
        out.push_str("# A table that is open above cannot be opened again: put such settings there.\n");
    }
    series(&mut out, found);
    markers(&mut out, found);
    people(&mut out, &found.people);
    references(&mut out, found);
    forge(&mut out, found);
    out.push_str(
        "\n# An open action that was not heard of for so many days and meetings of its series is stale.\n\
         #[stale]\n#days = 90\n#meetings = 3\n\n\
         # `minutebook check`: codes that are not told, and from how many times on a carried action is.\n\
         #[check]\n#off = [\"no-participants\"]\n#carried = 4\n#since = \"2026-01-01\"\n",
    );
    out
}

fn series(out: &mut String, found: &Habits) {
    out.push_str(
        "\n# A series is the path of folders less words that say nothing (minutes, archive, years, quarters), with the\n\
         # end of the file's name where it recurs. That makes:\n",
    );
    let width = found.series.iter().map(|s| s.name.chars().count()).max().unwrap_or(0).min(50);
    for s in &found.series {
        let days = match (s.first, s.last) {
            (Some(first), Some(last)) if first != last => format!(", {first} to {last}"),
            (Some(only), _) => format!(", {only}"),
            _ => String::new(),
        };
        let word = if s.meetings == 1 { "meeting" } else { "meetings" };
        let _ = writeln!(out, "#   {:width$}  {} {word}{days}", plain(&s.name), s.meetings);
    }
    out.push_str("# More parts of paths that say nothing:\n#[series]\n#dropped = [\"weekly\"]\n");
}

fn markers(out: &mut String, found: &Habits) {
    match found.markers.as_slice() {
        [] => out.push_str("\n# No marker of action items was found. If there are some, name them here:\n"),
        known => {
            let _ = writeln!(out, "\n# Markers of action items that are known and in use: {}.", counted(known));
        }
    }
    if found.lookalikes.is_empty() {
        out.push_str("#[actions]\n#markers = [\"OWED\"]\n");
        return;
    }
    let _ =
        writeln!(out, "# These stand before handles as markers do, and are not known: {}.", counted(&found.lookalikes));
    let words: Vec<String> = found.lookalikes.iter().map(|c| quoted(&c.word)).collect();
    let _ = writeln!(out, "#[actions]\n#markers = [{}]", words.join(", "));
}

fn people(out: &mut String, people: &[PersonHabit]) {
    out.push_str(
        "\n# People, as the minutes themselves show who is who. An entry helps where they do not always show it.\n",
    );
    if people.is_empty() {
        out.push_str("#[[people.known]]\n#handle = \"mira\"\n#name = \"Mira Holt\"\n#aliases = [\"MH\"]\n");
    }
    for p in people.iter().take(PEOPLE) {
        let _ = writeln!(out, "#\n#[[people.known]]\n#handle = {}", quoted(&p.handle));
        if let Some(name) = &p.name {
            let _ = writeln!(out, "#name = {}", quoted(name));
        }
        let all: Vec<String> = p.aliases.iter().chain(&p.perhaps).map(|a| quoted(a)).collect();
        if !all.is_empty() {
            let why = match p.perhaps.as_slice() {
                [] => String::new(),
                slips => format!("   # perhaps a slip of the pen: {}", plain(&slips.join(", "))),
            };
            let _ = writeln!(out, "#aliases = [{}]{why}", all.join(", "));
        }
    }
    if people.len() > PEOPLE {
        let _ = writeln!(out, "#\n# … and {} more who are named less often: minutebook people", people.len() - PEOPLE);
    }
}

fn references(out: &mut String, found: &Habits) {
    out.push_str("\n# Short names of repositories, as in docs#12.\n");
    if !found.unknown_names.is_empty() {
        let _ = writeln!(out, "# Nothing tells of which repository these are: {}.", counted(&found.unknown_names));
    }
    out.push_str("#[references.short]\n");
    for (name, repository) in &found.short_names {
        let _ = writeln!(out, "#{} = {}", key(name), quoted(repository));
    }
    for c in &found.unknown_names {
        let _ = writeln!(out, "#{} = {}", key(&c.word), quoted(&format!("owner/{}", c.word)));
    }
    if found.short_names.is_empty() && found.unknown_names.is_empty() {
        out.push_str("#docs = \"owner/docs\"\n");
    }
}

fn forge(out: &mut String, found: &Habits) {
    let (url, why) = match (&found.forge, &found.remote) {
        (Some(url), _) => (url.as_str(), "the git remote tells".to_owned()),
        (None, Some(remote)) => {
            ("https://forge.example.org/owner/repository", format!("the git remote {} does not tell", plain(remote)))
        }
        (None, None) => ("https://github.com/owner/repository", "there is no git remote that tells".to_owned()),
    };
    let _ = writeln!(out, "\n# Where the minutes can be read in a browser: {why}.\n#[forge]\n#url = {}", quoted(url));
    if found.forge.is_none() {
        out.push_str("#permalink = \"{url}/blob/{commit}/{path}#L{line}\"\n");
    }
}

/// "AI (120), ToDo (14)"
fn counted(all: &[Count]) -> String {
    let each: Vec<String> = all.iter().map(|c| format!("{} ({})", plain(&c.word), c.times)).collect();
    each.join(", ")
}

/// A TOML key.
fn key(name: &str) -> String {
    let bare = name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    if bare { name.to_owned() } else { quoted(name) }
}

/// A TOML string.
fn quoted(text: &str) -> String {
    toml::Value::String(plain(text)).to_string()
}

/// Text that fits into a line of a comment.
fn plain(text: &str) -> String {
    text.replace(|c: char| c.is_control(), " ").split_whitespace().collect::<Vec<_>>().join(" ")
}
