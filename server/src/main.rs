//! The `minutebook` command: command line, pages and JSON API over one set of queries.
//!
//! Arguments are parsed into plain data ([`cli`]), turned once into what they mean ([`settings`]), and
//! handed to one module a command ([`commands`]). [`web`] serves the same answers over HTTP. Nothing in
//! this crate decides what an action is or who is who: that is done in `minutebook-ingest` and
//! `minutebook-index`.

#[macro_use]
mod output;
mod author;
mod cli;
mod commands;
mod export;
mod file;
mod memory;
mod progress;
mod settings;
mod web;

use std::process::ExitCode;

use clap::FromArgMatches;

fn main() -> ExitCode {
    let cli = cli::Cli::from_arg_matches(&cli::command().get_matches()).unwrap_or_else(|e| e.exit());
    let level = match cli.global.verbose {
        _ if cli.global.quiet => "error",
        0 => "warn",
        1 => "info",
        _ => "debug",
    };
    tracing_subscriber::fmt()
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_env("MINUTEBOOK_LOG")
                .unwrap_or_else(|_| format!("minutebook={level},tantivy=error").into()),
        )
        .with_writer(std::io::stderr)
        .with_ansi(settings::colors(cli.global.color, &std::io::stderr()))
        // Where nothing can be told, that cannot be told either.
        .log_internal_errors(false)
        .with_target(false)
        .init();
    match commands::run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) if failure.is_broken_pipe() => ExitCode::SUCCESS,
        Err(failure) => {
            failure.print();
            ExitCode::from(failure.code())
        }
    }
}
