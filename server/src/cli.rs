//! The command line as it is typed: plain data, no decisions.

use std::path::PathBuf;

use clap::{Arg, Args, CommandFactory, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use minutebook_ingest::checks;

use crate::output::{LISTS, ONE};

/// Search past decisions, see your to-dos, prepare the next agenda: from minutes in Markdown.
#[derive(Debug, Parser)]
#[command(name = "minutebook", version, propagate_version = true, max_term_width = 100, after_help = EXAMPLES)]
pub struct Cli {
    /// What is asked for.
    #[command(subcommand)]
    pub command: Command,
    /// Options of all commands.
    #[command(flatten)]
    pub global: Global,
}

const EXAMPLES: &str = "Examples:
  minutebook serve minutes                     pages on http://127.0.0.1:7777
  minutebook search 'tide cache kind:decision' what was decided about it
  minutebook actions --owner mira              what Mira has promised
  minutebook agenda platform --format md       a draft of the next agenda
  minutebook close a3k9x2 --note 'in production'   what is done need not wait for the minutes
  minutebook extract minutes/platform/*.md --format jsonl
  minutebook explain minutes/platform/20260113.md:46   why is that an action?
  minutebook graph --path mira deploy#29       how two things hang together

A book is a folder of minutes. Without --book it is the nearest parent folder with a
minutebook.toml, else the root of the git repository, else the current folder.";

/// Options of all commands.
#[derive(Debug, Args)]
pub struct Global {
    /// The folder that holds the minutes
    #[arg(long, global = true, value_name = "DIR")]
    pub book: Option<PathBuf>,
    /// Where the index is kept; default: a folder of its own in the user's cache directory
    #[arg(long, global = true, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Conventions of the team; default: minutebook.toml in the book
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Answer as on that day, from the meetings up to it; or as the book stood in that commit of its git repository
    /// (a branch, tag, hash or HEAD~3). What can be read as a day is one
    #[arg(long, global = true, value_name = "DATE|COMMIT")]
    pub as_of: Option<String>,
    /// How to print: a table for people, the others for programs
    #[arg(long, global = true, value_enum)]
    pub format: Option<Format>,
    /// Colours: when printing to a terminal and NO_COLOR is not set, or always, or never
    #[arg(long, global = true, value_enum, default_value = "auto", value_name = "WHEN")]
    pub color: When,
    /// Tell more; twice for even more
    #[arg(long, short, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
    /// Tell nothing but errors
    #[arg(long, short, global = true)]
    pub quiet: bool,
}

/// How answers are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    Table,
    /// One JSON value
    Json,
    /// One JSON object a line
    Jsonl,
    /// Comma-separated values
    Csv,
    /// Markdown
    Md,
    /// SARIF 2.1.0, for code scanning; `check` only
    Sarif,
    /// Annotations of GitHub's workflows; `check` only
    Github,
    /// GraphML, for programs that read graphs; `export` only
    Graphml,
}

impl Format {
    /// As it is typed.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Json => "json",
            Self::Jsonl => "jsonl",
            Self::Csv => "csv",
            Self::Md => "md",
            Self::Sarif => "sarif",
            Self::Github => "github",
            Self::Graphml => "graphml",
        }
    }
}

/// The formats that a command can write, in one of its forms at least; none where it prints nothing.
fn formats(command: &str) -> &'static [Format] {
    match command {
        "init" => &[Format::Table],
        "serve" | "completions" => &[],
        "agenda" => &[Format::Table, Format::Json, Format::Jsonl, Format::Md],
        "check" => &crate::commands::CHECK_FORMATS,
        "export" => &[Format::Graphml, Format::Csv, Format::Json],
        "index" | "explain" | "extract" | "search" | "who" | "person" | "away" | "meeting" => &ONE,
        _ => &LISTS,
    }
}

/// The command line, with the formats of each command in its help.
pub fn command() -> clap::Command {
    Cli::command().mut_subcommands(|sub| {
        let names: Vec<&str> = formats(sub.get_name()).iter().map(|f| f.as_str()).collect();
        let help = match &names[..] {
            [] => "How to print; nothing is printed here".to_owned(),
            names => format!("How to print: {}", names.join(", ")),
        };
        let format = Arg::new("format").long("format").value_name("FORMAT").help(help);
        sub.arg(format.value_parser(clap::value_parser!(Format)).hide_possible_values(true))
    })
}

/// When to do something for a terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum When {
    /// On a terminal
    Auto,
    /// Everywhere
    Always,
    /// Nowhere
    Never,
}

/// What else than errors makes `check` end with 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Deny {
    /// Errors and warnings
    Warnings,
    /// Errors, warnings and notes
    Notes,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the pages and the JSON API; watches the minutes for changes
    #[command(after_help = "Examples:\n  minutebook serve\n  minutebook serve ~/minutes --addr 0.0.0.0:8080")]
    Serve {
        /// The folder that holds the minutes
        #[arg(value_name = "BOOK")]
        folder: Option<PathBuf>,
        /// Address and port to listen on; port 0 takes a free one
        #[arg(long, default_value = "127.0.0.1:7777", value_name = "A:P")]
        addr: String,
        /// A further name by which browsers reach it, behind a proxy; may write to the ledger too
        #[arg(long, value_name = "NAME")]
        allow_host: Vec<String>,
    },
    /// Build or refresh the index, and tell what was read and what was skipped
    #[command(
        after_help = "Examples:\n  minutebook index\n  minutebook index ~/minutes -v      each skipped file with its reason"
    )]
    Index {
        /// The folder that holds the minutes
        #[arg(value_name = "BOOK")]
        folder: Option<PathBuf>,
    },
    /// Tell what should be mended in the minutes; ends with 1 when there are errors
    #[command(after_help = check_help())]
    Check {
        /// The folder that holds the minutes, or one file in it
        #[arg(value_name = "BOOK")]
        folder: Option<PathBuf>,
        /// Only these checks, separated by commas
        #[arg(long, value_name = "CODE,…")]
        only: Option<String>,
        /// Only this series
        #[arg(long, value_name = "SERIES")]
        series: Option<String>,
        /// Only meetings from that day on
        #[arg(long, value_name = "DATE")]
        since: Option<String>,
        /// End with 1 on warnings (or notes) too
        #[arg(long, value_enum, value_name = "WHAT")]
        deny: Option<Deny>,
        /// Tell what a check means, with an example; `all` for all of them
        #[arg(long, value_name = "CODE")]
        explain: Option<String>,
    },
    /// Write a first minutebook.toml, from what the minutes themselves show
    #[command(
        after_help = "Examples:\n  minutebook init                  writes minutebook.toml into the book\n  minutebook init ~/minutes --stdout    only shows it\n  minutebook init --force          what it says now stays, what was found is told anew below it\n\nNothing in it changes what is read from the minutes until you take away the # before a setting."
    )]
    Init {
        /// The folder that holds the minutes
        #[arg(value_name = "BOOK")]
        folder: Option<PathBuf>,
        /// Print it and write nothing
        #[arg(long, conflicts_with = "force")]
        stdout: bool,
        /// Write even if there is one already; its own settings are kept
        #[arg(long)]
        force: bool,
    },
    /// Tell which convention found a fact, or why none did
    #[command(after_help = EXPLAIN_HELP)]
    Explain {
        /// A place in a file of minutes, or the id of an action or decision
        #[arg(value_name = "ID|PATH[:LINE[-LINE]]")]
        what: String,
    },
    /// Print the facts of single files; needs no index
    #[command(
        after_help = "Examples:\n  minutebook extract minutes/platform/20260113.md\n  minutebook extract --format jsonl minutes/**/*.md | jq .actions"
    )]
    Extract {
        /// Files of minutes
        #[arg(required = true, value_name = "PATH")]
        paths: Vec<PathBuf>,
    },
    /// Find what was said and decided
    #[command(after_help = QUERY_HELP)]
    Search {
        /// What to look for
        #[arg(required = true, value_name = "QUERY")]
        query: Vec<String>,
        /// Number of hits
        #[arg(long, default_value_t = 10)]
        limit: usize,
    },
    /// Tell who knows about something, by their part in what a search finds
    #[command(
        after_help = "What is asked is a search; 'minutebook search --help' has the query language. Owning an action, being named
in a decision and bringing up a topic weigh most, sitting in a meeting about it very little.

Examples:
  minutebook who tide cache
  minutebook who 'postgres series:platform after:2026-01' --format json"
    )]
    Who {
        /// What about
        #[arg(required = true, value_name = "TOPIC")]
        query: Vec<String>,
        /// Number of people
        #[arg(long, default_value_t = 10)]
        limit: usize,
    },
    /// List action items
    #[command(
        after_help = "Examples:\n  minutebook actions --owner mira\n  minutebook actions --owner none --series platform\n  minutebook actions --state any --as-of 2026-03-01 --format csv\n  minutebook actions --as-of HEAD~3"
    )]
    Actions {
        /// A person in any spelling, or `none`
        #[arg(long, value_name = "PERSON")]
        owner: Option<String>,
        /// A series
        #[arg(long, value_name = "SERIES")]
        series: Option<String>,
        /// What became of them
        #[arg(long, default_value = "open", value_name = "STATE", value_parser = ["open", "done", "dropped", "gone", "stale", "any"])]
        state: String,
    },
    /// Close actions, as done or dropped, in the ledger
    #[command(after_help = LEDGER_CLOSE)]
    Close {
        /// Ids of actions, or their beginnings; `-`, or nothing and a pipe, reads them from standard input
        #[arg(value_name = "ID")]
        ids: Vec<String>,
        /// Done, or given up
        #[arg(long = "as", default_value = "done", value_name = "HOW", value_parser = ["done", "dropped"])]
        closed_as: String,
        /// Who says so, and why
        #[command(flatten)]
        saying: Saying,
    },
    /// Take back in the ledger that actions are closed, or that they are none
    #[command(after_help = LEDGER_REOPEN)]
    Reopen {
        /// Ids of actions, or their beginnings; `-`, or nothing and a pipe, reads them from standard input
        #[arg(value_name = "ID")]
        ids: Vec<String>,
        /// Who says so, and why
        #[command(flatten)]
        saying: Saying,
    },
    /// Put right in the ledger what was read from the minutes
    #[command(after_help = LEDGER_CORRECT)]
    Correct {
        /// The id of an action, or its beginning
        #[arg(value_name = "ID")]
        id: String,
        /// What is right
        #[command(flatten)]
        correction: Correction,
        /// Who says so, and why
        #[command(flatten)]
        saying: Saying,
    },
    /// Draft the next agenda of a series
    #[command(
        after_help = "Examples:\n  minutebook agenda platform\n  minutebook agenda platform --date 2026-12-01 --format md > next.md"
    )]
    Agenda {
        /// The series
        series: String,
        /// The day it is for; default: the next one by the rhythm of the series
        #[arg(long, value_name = "DATE")]
        date: Option<String>,
    },
    /// Follow what was passed on to another series: what arrived, what waits, what was not found
    #[command(
        after_help = "A handoff is a topic that one meeting passes on: \"=> IaaS team\", \"discuss in the product board\".
  waiting    the other series has not met often enough since
  lost       it was not found in the next four meetings, or 60 days
  arrived    its issue, its words or its people came up there
  unknown    no series has that name

Examples:
  minutebook handoffs
  minutebook handoffs platform --state lost    both ways: what it passed on, and what was passed to it
  minutebook handoffs --format csv"
    )]
    Handoffs {
        /// A series that passed on, or was passed to
        series: Option<String>,
        /// What became of them
        #[arg(long, default_value = "any", value_name = "STATE", value_parser = ["waiting", "lost", "arrived", "unknown", "any"])]
        state: String,
    },
    /// List decisions, latest first, and whether they still hold
    #[command(after_help = DECISIONS_HELP)]
    Decisions {
        /// Words that must stand in it or in its topic
        words: Vec<String>,
        /// A series
        #[arg(long, value_name = "SERIES")]
        series: Option<String>,
        /// An issue that stands in it or in the heading over it: `owner/repo#N`, or the end of it
        #[arg(long, value_name = "TARGET")]
        issue: Option<String>,
        /// Only those that are marked as decisions
        #[arg(long)]
        explicit: bool,
        /// Number of decisions
        #[arg(long, value_name = "N")]
        limit: Option<usize>,
    },
    /// List people and teams
    People {
        /// With each place where they are named
        #[arg(long)]
        mentions: bool,
    },
    /// Show one person: to-dos, attendance, company
    Person {
        /// Handle or name
        #[arg(value_name = "PERSON")]
        person: String,
    },
    /// Tell what happened in the meetings that somebody missed
    #[command(
        after_help = "For each series that they come to often: what was given to them, decided, opened, closed and given
to others, in the meetings whose list of participants does not have them. Often is three of the
last ten meetings with a list up to when they last came, or a third of them. A series that keeps
no lists cannot tell, and is named.

Examples:
  minutebook away mira                     since she last came to each series
  minutebook away mira --since 2026-08-01  since she left on holiday"
    )]
    Away {
        /// Handle or name
        #[arg(value_name = "PERSON")]
        person: String,
        /// From that day on; default: since they last came to each series
        #[arg(long, value_name = "DATE")]
        since: Option<String>,
    },
    /// List series, or show one: rhythm, regulars, open actions
    Series {
        /// Its name
        series: Option<String>,
    },
    /// Show the facts of one meeting
    Meeting {
        /// Its path in the book, or its id
        path: String,
    },
    /// List issues, or show the life of one: where it was talked about, what was to be done, what was decided
    Issue {
        /// `owner/repo#N`, or the end of it
        target: Option<String>,
    },
    /// Show what hangs together with something, how two things do, or which topics come back undecided
    #[command(after_help = GRAPH_HELP)]
    Graph {
        /// `person:mira`, `issue:owner/repo#12`, …; without the kind where only one thing is called so
        #[arg(value_name = "NODE", required_unless_present_any = ["path", "recurring"])]
        node: Option<String>,
        /// How many steps from it
        #[arg(long, value_name = "N", default_value_t = 1)]
        depth: usize,
        /// Only nodes of these kinds, separated by commas
        #[arg(long, value_name = "KIND,…", default_value = "")]
        kinds: String,
        /// Number of nodes
        #[arg(long, value_name = "N", default_value_t = minutebook_index::query::graph::LIMIT)]
        limit: usize,
        /// The shortest ways from one node to another, each step with the line that proves it
        #[arg(long, num_args = 2, value_names = ["FROM", "TO"], conflicts_with_all = ["node", "recurring", "depth", "kinds", "limit"])]
        path: Vec<String>,
        /// Topics that came back in three meetings or more without a decision, of one series or all
        #[arg(long, value_name = "SERIES", num_args = 0..=1, conflicts_with_all = ["node", "depth", "kinds", "limit"])]
        recurring: Option<Option<String>>,
    },
    /// Write the whole graph for other programs, as GraphML, CSV or JSON
    #[command(after_help = EXPORT_HELP)]
    Export {
        /// The file to write; with --format csv the folder for nodes.csv and edges.csv. Without it standard output,
        /// where CSV is the edges alone
        #[arg(long, short, value_name = "FILE|DIR")]
        output: Option<PathBuf>,
    },
    /// Print what a shell needs to complete commands and options
    #[command(
        after_help = "Examples:\n  minutebook completions bash > ~/.local/share/bash-completion/completions/minutebook\n  minutebook completions zsh > ~/.zfunc/_minutebook     with ~/.zfunc in fpath\n  minutebook completions fish > ~/.config/fish/completions/minutebook.fish"
    )]
    Completions {
        /// The shell
        #[arg(value_name = "SHELL")]
        shell: Shell,
    },
}

/// Who says something in the ledger, and why.
#[derive(Debug, Args)]
pub struct Saying {
    /// Why, or what else is to be said
    #[arg(long, value_name = "TEXT")]
    pub note: Option<String>,
    /// Who says so; default: MINUTEBOOK_USER, else git's user.name or user.email, else the system's user
    #[arg(long, value_name = "PERSON")]
    pub by: Option<String>,
}

/// What is right; one of these.
#[derive(Debug, Args)]
#[group(skip)]
pub struct Correction {
    /// It is no action; `reopen` takes that back
    #[arg(long, group = "correction")]
    pub not_an_action: bool,
    /// It is one action with this other one, of whichever series
    #[arg(long, value_name = "ID", group = "correction")]
    pub same_as: Option<String>,
    /// From this mention of it on it is another action; takes `--same-as` back at the first mention that came with it
    #[arg(long, value_name = "ID", group = "correction")]
    pub not_same: Option<String>,
    /// Whose it is, until later minutes name others; `none` for nobody's, `@name` for somebody in no minutes yet
    #[arg(long, value_name = "NAME", num_args = 1.., group = "correction")]
    pub owner: Vec<String>,
}

/// What all commands that write the ledger say of it.
macro_rules! ledger_help {
    ($examples:literal) => {
        concat!(
            "Written is .minutebook/ledger.jsonl in the book, a line for each action; commit it with the minutes.
Ledger and minutes disagree? The later statement wins; on the same day the ledger.
All ids are checked first: when one is unknown, nothing is written. An id is what the last
column of `minutebook actions` shows, or the beginning of it.

Examples:
",
            $examples
        )
    };
}

const LEDGER_CLOSE: &str = ledger_help!(
    "  minutebook close a3k9x2
  minutebook close a3k9x2 a7m1 --as dropped --note 'nobody missed it'
  minutebook actions --owner mira --state stale --format jsonl | minutebook close - --as dropped"
);
const LEDGER_REOPEN: &str = ledger_help!("  minutebook reopen a3k9x2 --note 'came back with the last update'");
const LEDGER_CORRECT: &str = ledger_help!(
    "  minutebook correct a3k9x2 --not-an-action
  minutebook correct a3k9x2 --same-as a7m1
  minutebook correct a3k9x2 --not-same a9p4     from that mention on another action
  minutebook correct a3k9x2 --owner mira jo
  minutebook correct a3k9x2 --note 'waits for the new pump'      only a note"
);

const EXPLAIN_HELP: &str =
    "Of each statement it tells what stands over it, which facts were found by which convention and
words, and where no action or decision was found, why each convention did not apply. Of an action
it tells that for every place where it is written, and why the action is open, done or gone.
The names of conventions are the headings of ingest/CONVENTIONS.md; behind them stand the lists
of minutebook.toml that change them.

Examples:
  minutebook explain minutes/platform/20260113.md:46
  minutebook explain platform/20260113.md:19-28 --book minutes
  minutebook explain minutes/platform/20260113.md --format jsonl | jq 'select(.facts == [])'
  minutebook explain a3k9x2                    an id as --format json prints it, or its beginning";

const GRAPH_HELP: &str = "Kinds: person, team, series, meeting, topic, action, decision, issue.
A way costs a step each, and for every node that it passes through the more the more edges that
node has; so series, and people who are everywhere, are no short cut.

Examples:
  minutebook graph mira                        what Mira owns, attended, is named in
  minutebook graph issue:quayside/deploy#29 --kinds action,decision --depth 2
  minutebook graph topic:'platform/tide cache'
  minutebook graph meeting:platform/20260210.md --limit 20
  minutebook graph --path mira deploy#29       how the two hang together
  minutebook graph --recurring platform        what is talked about again and again, and not decided";

const EXPORT_HELP: &str = "Examples:
  minutebook export --format graphml --output minutes.graphml    for Gephi, yEd, networkx, igraph
  minutebook export --format csv --output graph/                 graph/nodes.csv and graph/edges.csv
  minutebook export --format csv | head                          edges: source, target, relation, …
  minutebook export --format json --as-of 2026-03-01";
const DECISIONS_HELP: &str =
    "A decision that other series report or later files copy is one. `reversed` and `revised` name
the later decision; `questioned` is shown where something speaks against it, but not surely enough.
In the JSON, `chain` holds all that was said of the matter, each link with its words and why.

Examples:
  minutebook decisions postgres
  minutebook decisions --series platform --explicit
  minutebook decisions --issue standards#12 --format json
  minutebook decisions tide cache --as-of 2026-03-01     as it stood then
  minutebook explain d3k9x2                    why a link of its chain was made";

const QUERY_HELP: &str = "Query language:
  tide cache             passages with these words; of many words some, the more the better
  \"tide cache\"           the words in this order
  tide -postgres         not with that word
  tide OR water          one or the other
  berth*                 words that begin so
  series:platform        in a series       kind:decision  action, topic, passage, meeting
  owner:mira owner:none  actions of        state:open     done, dropped, gone, stale
  person:mira by:mira    who is in it, who brought it up
  ref:standards#12       that point to an issue
  after:2026-03 before:-3m on:2026-05-17   later than a day, month or year, earlier, in it; today and
                         yesterday are days too, and d, w, m, y count back from today
  sort:date              the latest first  sort:relevance  what says most first, as without it
  #326 @mira             alone: an issue or a person, with the command that shows it on stderr

Examples:
  minutebook search 'postgres kind:decision'
  minutebook search 'tide cache after:-3m sort:date'
  minutebook search 'owner:mira state:open' --format jsonl";

/// The checks with a line each, and examples.
fn check_help() -> String {
    let mut out = "Checks, and how loudly each is told unless minutebook.toml says otherwise:\n".to_owned();
    for check in &checks::ALL {
        out.push_str(&format!("  {:<21} {:<8} {}\n", check.code, check.severity.as_str(), check.summary));
    }
    out + "
In minutebook.toml:
  [check]
  off = [\"no-participants\"]           not told; likewise errors, warnings, notes
  carried = 6                          carried-often begins above this
  since = \"2026-01-01\"                 older minutes are left in peace
In one file of minutes: <!-- minutebook: allow placeholder -->

Examples:
  minutebook check
  minutebook check minutes/platform/20260113.md
  minutebook check --explain filed-twice
  minutebook check --since 2026-01-01 --deny warnings --format github
  minutebook check --format sarif > minutes.sarif"
}
