//! One module a command; each asks a query of `minutebook-index` and prints the answer.

mod actions;
mod agenda;
mod away;
mod check;
mod decisions;
mod explain;
mod extract;
mod graph;
mod handoffs;
mod index;
mod init;
mod issue;
mod ledger;
mod meeting;
mod people;
mod search;
mod series;
mod serve;
mod who;

use std::io::Write;

use minutebook_index::ledger::As;
use minutebook_index::query::NotFound;

pub use self::check::FORMATS as CHECK_FORMATS;
use crate::cli::{self, Cli, Command};
use crate::settings::Settings;

/// Why a command ended without an answer.
#[derive(Debug)]
pub enum Failure {
    /// It was called wrongly: exit code 2.
    Usage(String),
    /// It failed: exit code 1.
    Failed(anyhow::Error),
    /// The answer is printed, and it is that something is wrong: exit code 1.
    Told,
}

impl Failure {
    /// A wrong call, with what would be right.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::Usage(message.into())
    }

    /// The process' exit code.
    pub fn code(&self) -> u8 {
        match self {
            Self::Usage(_) => 2,
            Self::Failed(_) | Self::Told => 1,
        }
    }

    /// True when whoever read the output has gone, as `head` does.
    pub fn is_broken_pipe(&self) -> bool {
        let Self::Failed(error) = self else { return false };
        error.chain().any(|e| {
            let io = e.downcast_ref::<std::io::Error>().map(std::io::Error::kind);
            let json = e.downcast_ref::<serde_json::Error>().and_then(serde_json::Error::io_error_kind);
            io.or(json) == Some(std::io::ErrorKind::BrokenPipe)
        })
    }

    /// Tells it on standard error.
    pub fn print(&self) {
        match self {
            Self::Usage(message) => tell!("minutebook: {message}\nFor more information, try 'minutebook --help'."),
            Self::Failed(error) => tell!("minutebook: {error:#}"),
            Self::Told => {}
        }
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self::Failed(error)
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::Failed(error.into())
    }
}

impl From<NotFound> for Failure {
    fn from(error: NotFound) -> Self {
        // Where nothing is near, the list tells what there is.
        let list = match error.what {
            "series" => "'minutebook series' lists them",
            "person" => "'minutebook people' lists them",
            "issue" => "'minutebook issue' lists them",
            "meeting" => "name its file, as the series has it: 'minutebook series NAME' lists them",
            "action" | "single action" => "'minutebook actions --state any' lists them with their ids",
            "decision" => "'minutebook decisions --format json' lists them with their ids",
            _ => "",
        };
        if error.nearest.is_empty() && !list.is_empty() {
            return Self::Failed(anyhow::anyhow!("{error}; {list}"));
        }
        Self::Failed(error.into())
    }
}

/// Runs a command.
pub fn run(cli: Cli) -> Result<(), Failure> {
    let global = &cli.global;
    match cli.command {
        Command::Serve { folder, addr, allow_host } => serve::run(&Settings::new(global, folder)?, &addr, &allow_host),
        Command::Index { folder } => index::run(&Settings::new(global, folder)?),
        Command::Check { explain: Some(code), .. } => check::explain(&code),
        Command::Check { folder, only, series, since, deny, explain: None } => {
            let asked = check::Asked { folder, only, series, since, deny };
            check::run(global, asked)
        }
        Command::Init { folder, stdout, force } => init::run(&Settings::new(global, folder)?, stdout, force),
        Command::Explain { what } => explain::run(global, &what),
        Command::Extract { paths } => extract::run(&Settings::new(global, None)?, &paths),
        Command::Search { query, limit } => search::run(&Settings::new(global, None)?, &query.join(" "), limit),
        Command::Who { query, limit } => who::run(&Settings::new(global, None)?, &query.join(" "), limit),
        Command::Actions { owner, series, state } => {
            actions::run(&Settings::new(global, None)?, owner, series.as_deref(), &state)
        }
        Command::Close { ids, closed_as, saying } => {
            let closed_as = As::parse(&closed_as).unwrap_or(As::Done);
            ledger::close(&Settings::new(global, None)?, &ids, closed_as, &saying)
        }
        Command::Reopen { ids, saying } => ledger::reopen(&Settings::new(global, None)?, &ids, &saying),
        Command::Correct { id, correction, saying } => {
            ledger::correct(&Settings::new(global, None)?, id, correction, &saying)
        }
        Command::Agenda { series, date } => agenda::run(&Settings::new(global, None)?, &series, date.as_deref()),
        Command::Handoffs { series, state } => handoffs::run(&Settings::new(global, None)?, series.as_deref(), &state),
        Command::Decisions { words, series, issue, explicit, limit } => {
            let (series, issue) = (series.as_deref(), issue.as_deref());
            decisions::run(&Settings::new(global, None)?, &words.join(" "), series, issue, explicit, limit)
        }
        Command::People { mentions } => people::list(&Settings::new(global, None)?, mentions),
        Command::Person { person } => people::one(&Settings::new(global, None)?, &person),
        Command::Away { person, since } => away::run(&Settings::new(global, None)?, &person, since.as_deref()),
        Command::Series { series: None } => series::list(&Settings::new(global, None)?),
        Command::Series { series: Some(name) } => series::one(&Settings::new(global, None)?, &name),
        Command::Meeting { path } => meeting::run(&Settings::new(global, None)?, &path),
        Command::Issue { target: None } => issue::list(&Settings::new(global, None)?),
        Command::Issue { target: Some(target) } => issue::one(&Settings::new(global, None)?, &target),
        Command::Graph { recurring: Some(series), .. } => {
            graph::recurring(&Settings::new(global, None)?, series.as_deref())
        }
        Command::Graph { node, depth, kinds, limit, path, recurring: None } => match &path[..] {
            [from, to] => graph::path(&Settings::new(global, None)?, from, to),
            _ => graph::around(&Settings::new(global, None)?, &node.unwrap_or_default(), depth, &kinds, limit),
        },
        Command::Export { output } => graph::export(&Settings::new(global, None)?, output.as_deref()),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut cli::command(), "minutebook", &mut script);
            std::io::stdout().write_all(&script)?;
            Ok(())
        }
    }
}
