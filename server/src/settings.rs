//! What the command line means: the book, its data directory and conventions, the scope, the output.

use std::fs;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use anyhow::Context;
use etcetera::BaseStrategy;
use jiff::civil::Date;
use minutebook_index::ledger::PATH;
use minutebook_index::query::Scope;
use minutebook_index::{Book, Commit, CommitError, IfBusy, Snapshot};
use minutebook_ingest::Conventions;
use std::sync::Arc;

use crate::cli::{Format, Global, When};
use crate::commands::Failure;
use crate::progress::Bar;

/// When the book is asked about.
#[derive(Debug)]
pub enum AsOf {
    /// On a day: from the meetings up to it.
    Day(Date),
    /// As it stood in a commit.
    Commit(Box<Commit>),
}

impl AsOf {
    /// What was typed: a day where it can be read as one, else the name of a commit.
    ///
    /// # Errors
    /// When it is neither.
    pub fn of(text: &str, book: &Path) -> Result<Self, CommitError> {
        text.parse().map(Self::Day).or_else(|_| Ok(Self::Commit(Box::new(Commit::named(book, text)?))))
    }
}

/// Decisions made once, from the command line and the environment.
#[derive(Debug)]
pub struct Settings {
    /// The book's folder.
    pub root: PathBuf,
    /// Where its index is kept.
    pub data: PathBuf,
    /// How the team marks things.
    pub conventions: Conventions,
    /// What is asked about, where it is not the book of now.
    pub as_of: Option<AsOf>,
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
        let as_of = global.as_of.as_deref().map(|text| AsOf::of(text, &root)).transpose();
        let as_of = as_of.map_err(|e| as_of_error(&e))?;
        let conventions = match (&as_of, &global.config) {
            // Those of that commit: what the book says now is later.
            (Some(AsOf::Commit(commit)), None) => {
                commit.files().and_then(|files| files.conventions()).map_err(|e| as_of_error(&e))?
            }
            _ => conventions(&root, global.config.as_deref())?,
        };
        let data = match &global.data {
            Some(data) => data.clone(),
            None => default_data(&root)?,
        };
        let color = colors(global.color, &std::io::stdout());
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
        match &self.as_of {
            None => Scope::whole(today()),
            Some(AsOf::Day(day)) => Scope::as_of(*day),
            Some(AsOf::Commit(commit)) => Scope::at(commit),
        }
    }

    /// Fails where a commit is asked about and `what` has no answer for one.
    pub fn knows_no_commit(&self, what: &str) -> Result<(), Failure> {
        match &self.as_of {
            Some(AsOf::Commit(commit)) => Err(Failure::usage(format!(
                "{what} knows no commits, such as {}; leave out --as-of, or give a day, as 2026-03-01",
                commit.short()
            ))),
            _ => Ok(()),
        }
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
        if let Some(AsOf::Commit(commit)) = &self.as_of {
            return self.snapshot_at(commit);
        }
        let mut book = self.book();
        let done = book.refresh(&Bar::new(self.quiet), IfBusy::ShowPrevious).map_err(anyhow::Error::from)?;
        if !self.quiet {
            for notice in &done.notices {
                tell!("minutebook: {notice}");
            }
        }
        let snapshot = book.snapshot().context("the index is empty")?;
        // The process ends with the answer: to give back piece by piece what it holds takes a tenth of its time.
        std::mem::forget(Arc::clone(&snapshot));
        self.tell_of(&snapshot, "no minutes here; give the folder that holds them with --book");
        Ok(snapshot)
    }

    /// The book in a commit. The index lends what it knows and is neither written nor waited for.
    fn snapshot_at(&self, commit: &Commit) -> Result<Arc<Snapshot>, Failure> {
        let known = self.book().known();
        let snapshot =
            commit.snapshot(Some(Arc::new(self.conventions.clone())), &known).map_err(|e| as_of_error(&e))?;
        tracing::info!("as of commit {}, of {}", commit.id, commit.day);
        self.tell_of(&snapshot, &format!("no minutes in commit {}", commit.short()));
        Ok(Arc::new(snapshot))
    }

    fn tell_of(&self, snapshot: &Snapshot, empty: &str) {
        for p in &snapshot.ledger.problems {
            tracing::info!("{PATH}:{}: {}; the line does not count", p.line, p.message);
        }
        if !self.quiet
            && !self.verbose
            && let Some(trouble) = snapshot.ledger.trouble()
        {
            tell!("minutebook: {trouble}; 'minutebook check' tells what to do");
        }
        if snapshot.size().0 == 0 && !self.quiet {
            tell!("minutebook: {}: {empty}", self.root.display());
        }
    }
}

/// What was asked for is wrong where it names nothing; otherwise it is there, and cannot be had.
fn as_of_error(error: &CommitError) -> Failure {
    let message = format!("--as-of: {error}");
    if error.is_unknown() { Failure::usage(message) } else { anyhow::anyhow!(message).into() }
}

/// Whether what is written to `to` has colours.
pub fn colors(when: When, to: &impl IsTerminal) -> bool {
    match when {
        When::Always => true,
        When::Never => false,
        When::Auto => to.is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty()),
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
