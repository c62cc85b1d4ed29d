//! What the command line means: the book, its data directory and conventions, the scope, the output.

use std::fs;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use anyhow::Context;
use etcetera::BaseStrategy;
use jiff::civil::Date;
use minutebook_index::ledger::PATH;
use minutebook_index::query::Scope;
use minutebook_index::{Book, IfBusy, Snapshot};
use minutebook_ingest::Conventions;
use std::sync::Arc;

use crate::cli::{Format, Global, When};
use crate::commands::Failure;
use crate::progress::Bar;

/// Decisions made once, from the command line and the environment.
#[derive(Debug)]
pub struct Settings {
    /// The book's folder.
    pub root: PathBuf,
    /// Where its index is kept.
    pub data: PathBuf,
    /// How the team marks things.
    pub conventions: Conventions,
    /// The day asked about, where it is not today.
    pub as_of: Option<Date>,
    /// How to print.
    pub format: Format,
    /// Whether to colour.
    pub color: bool,
    /// The configuration that was named, where one was.
    pub config: Option<PathBuf>,
    /// Whether to tell more.
    pub verbose: bool,
    /// Whether to tell nothing but errors.
    pub quiet: bool,
}

impl Settings {
    /// Decides. `book` is a positional argument that wins over `--book`.
    pub fn new(global: &Global, book: Option<PathBuf>) -> Result<Self, Failure> {
        let root = match book.or_else(|| global.book.clone()) {
            Some(root) => root,
            None => nearest_book(&std::env::current_dir().context("the current folder cannot be read")?),
        };
        let conventions = conventions(&root, global.config.as_deref())?;
        let data = match &global.data {
            Some(data) => data.clone(),
            None => default_data(&root)?,
        };
        let as_of = match &global.as_of {
            None => None,
            Some(text) => Some(date(text, "--as-of")?),
        };
        let terminal = std::io::stdout().is_terminal();
        let color = match global.color {
            When::Always => true,
            When::Never => false,
            When::Auto => terminal && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty()),
        };
        Ok(Self {
            root,
            data,
            conventions,
            as_of,
            format: global.format.unwrap_or(Format::Table),
            color,
            config: global.config.clone(),
            verbose: global.verbose > 0,
            quiet: global.quiet,
        })
    }

    /// The scope of a question asked now.
    pub fn scope(&self) -> Scope {
        self.as_of.map_or_else(|| Scope::whole(today()), Scope::as_of)
    }

    /// Reads the conventions anew, for a server whose configuration changes.
    pub fn reading_conventions(&self) -> impl Fn() -> anyhow::Result<Conventions> + Send + use<> {
        let (root, config) = (self.root.clone(), self.config.clone());
        move || conventions(&root, config.as_deref())
    }

    /// The book, not yet read.
    pub fn book(&self) -> Book {
        Book::new(self.root.clone(), self.data.clone(), self.conventions.clone())
    }

    /// The book's newest state; the index is built or refreshed first.
    pub fn snapshot(&self) -> Result<Arc<Snapshot>, Failure> {
        let mut book = self.book();
        let done = book.refresh(&Bar::new(self.quiet), IfBusy::ShowPrevious).map_err(anyhow::Error::from)?;
        if !self.quiet {
            for notice in &done.notices {
                eprintln!("minutebook: {notice}");
            }
        }
        let snapshot = book.snapshot().context("the index is empty")?;
        for p in &snapshot.ledger.problems {
            tracing::info!("{PATH}:{}: {}; the line does not count", p.line, p.message);
        }
        if snapshot.size().0 == 0 && !self.quiet {
            eprintln!(
                "minutebook: {}: no minutes here; give the folder that holds them with --book",
                self.root.display()
            );
        }
        Ok(snapshot)
    }
}

/// Today, in the machine's time zone.
pub fn today() -> Date {
    jiff::ZonedDateTime::now().date()
}

/// A date that was typed.
pub fn date(text: &str, what: &str) -> Result<Date, Failure> {
    text.parse().map_err(|_| Failure::usage(format!("{what}: {text:?} is no date; write it as 2026-03-01")))
}

/// The nearest parent with a `minutebook.toml`, else the git root, else the folder itself.
pub fn nearest_book(from: &Path) -> PathBuf {
    let parents = || from.ancestors();
    parents()
        .find(|p| p.join("minutebook.toml").is_file())
        .or_else(|| parents().find(|p| p.join(".git").exists()))
        .unwrap_or(from)
        .to_owned()
}

fn conventions(root: &Path, config: Option<&Path>) -> anyhow::Result<Conventions> {
    let (path, required) = match config {
        Some(path) => (path.to_owned(), true),
        None => (root.join("minutebook.toml"), false),
    };
    match fs::read(&path) {
        Ok(bytes) => {
            let text = String::from_utf8(bytes).map_err(|_| anyhow::anyhow!("{}: is not UTF-8", path.display()))?;
            Ok(Conventions::with_config(&text, &path.display().to_string()).map_err(|e| anyhow::anyhow!("{e}"))?)
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && !required => Ok(Conventions::defaults()),
        Err(error) if error.kind() == std::io::ErrorKind::NotADirectory && !required => Ok(Conventions::defaults()),
        Err(error) => Err(anyhow::anyhow!("{}: {error}", path.display())),
    }
}

/// A folder in the user's cache directory, named after the book and a hash of its absolute path.
fn default_data(root: &Path) -> Result<PathBuf, Failure> {
    let absolute = root.canonicalize().or_else(|_| std::path::absolute(root)).context("the book's path")?;
    let cache = etcetera::choose_base_strategy().context("no home directory; give --data")?.cache_dir();
    let id = minutebook_ingest::meeting::id("", &[&absolute.to_string_lossy()]);
    let name = absolute.file_name().map_or_else(|| "book".to_owned(), |n| n.to_string_lossy().into_owned());
    Ok(cache.join("minutebook").join(format!("{name}-{id}")))
}
