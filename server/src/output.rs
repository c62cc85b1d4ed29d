//! Printing: JSON for programs, width-aware tables for people.

use std::io::{self, IsTerminal, StdoutLock, Write};

use comfy_table::{Attribute, Cell, Color, ColumnConstraint, ContentArrangement, Table, presets};
use minutebook_index::threads::State;
use serde::Serialize;

use crate::cli::Format;
use crate::commands::Failure;
use crate::settings::Settings;

/// Columns that a list is printed in when nothing tells the width of the terminal.
const WIDTH: u16 = 120;
/// Below this width the columns of [`SPARED`] are left out, so that the text stays readable.
const NARROW: u16 = 100;
const SPARED: [&str; 7] = ["where", "carried", "first", "url", "also written", "next", "topic"];

/// Tells something on standard error. Where that cannot be written to, nobody is there to be told.
macro_rules! tell {
    ($($what:tt)*) => { $crate::output::tell(&format!($($what)*)) };
}

/// See [`tell!`].
pub fn tell(what: &str) {
    let _ = writeln!(io::stderr(), "{}", shown(what));
}

/// Standard output. A terminal gets nothing of what it would take for a command but colours: minutes, and names of
/// files, may hold any bytes.
pub fn out() -> Screen<StdoutLock<'static>> {
    let to = io::stdout().lock();
    Screen { is_terminal: to.is_terminal(), to, held: Vec::new() }
}

/// What lets through what is shown.
pub struct Screen<W> {
    to: W,
    is_terminal: bool,
    /// The beginning of what may be a command.
    held: Vec<u8>,
}

impl<W: Write> Write for Screen<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        const ESCAPE: u8 = 0x1b;
        const REPLACEMENT: &str = "\u{fffd}";
        // Opens the control characters beyond ASCII, and others.
        const LATIN: u8 = 0xc2;
        if !self.is_terminal {
            return self.to.write(bytes);
        }
        let mut shown = Vec::with_capacity(bytes.len());
        for &byte in bytes {
            match (self.held.as_slice(), byte) {
                ([ESCAPE], b'[') | ([ESCAPE, b'[', ..], b'0'..=b'9' | b';') if self.held.len() < 32 => {
                    self.held.push(byte);
                    continue;
                }
                ([ESCAPE, b'[', ..], b'm') => {
                    shown.append(&mut self.held);
                    shown.push(byte);
                    continue;
                }
                ([ESCAPE, rest @ ..], _) => {
                    shown.extend_from_slice(REPLACEMENT.as_bytes());
                    shown.extend_from_slice(rest);
                    self.held.clear();
                }
                ([LATIN], 0x80..=0x9f) => {
                    shown.extend_from_slice(REPLACEMENT.as_bytes());
                    self.held.clear();
                    continue;
                }
                _ => shown.append(&mut self.held),
            }
            match byte {
                ESCAPE | LATIN => self.held.push(byte),
                b'\n' | b'\t' => shown.push(byte),
                0..=0x1f | 0x7f => shown.extend_from_slice(REPLACEMENT.as_bytes()),
                _ => shown.push(byte),
            }
        }
        self.to.write_all(&shown)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

/// Prints one object: JSON in either form on request, else through `table`.
pub fn one<T: Serialize>(
    settings: &Settings,
    value: &T,
    table: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), Failure> {
    let mut out = out();
    match settings.format {
        Format::Json => json(&mut out, value, true)?,
        Format::Jsonl => json(&mut out, value, false)?,
        Format::Table => table(&mut out)?,
        other => return Err(unfit(other, &ONE)),
    }
    Ok(())
}

/// Prints a list: as JSON, CSV or Markdown of its rows, or as a table.
pub fn list<T: Serialize>(
    settings: &Settings,
    values: &[T],
    columns: &[&str],
    row: impl Fn(&T) -> Vec<Piece>,
    empty: &str,
) -> Result<(), Failure> {
    let mut out = out();
    match settings.format {
        Format::Json => json(&mut out, &values, true)?,
        Format::Jsonl => {
            for value in values {
                json(&mut out, value, false)?;
            }
        }
        Format::Csv => {
            csv_row(&mut out, columns.iter().map(|c| (*c).to_owned()))?;
            for value in values {
                csv_row(&mut out, row(value).into_iter().map(|p| p.text))?;
            }
        }
        Format::Md => {
            writeln!(out, "| {} |", columns.join(" | "))?;
            writeln!(out, "|{}", "---|".repeat(columns.len()))?;
            for value in values {
                let cells: Vec<String> =
                    row(value).into_iter().map(|p| p.text.replace('|', "\\|").replace('\n', " ")).collect();
                writeln!(out, "| {} |", cells.join(" | "))?;
            }
        }
        Format::Table if values.is_empty() => writeln!(out, "{empty}")?,
        Format::Table => writeln!(out, "{}", table(settings, columns, values.iter().map(row)))?,
        Format::Sarif | Format::Github | Format::Graphml => return Err(unfit(settings.format, &LISTS)),
    }
    Ok(())
}

/// "1 passage", "3 passages".
pub fn counted(n: usize, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}

/// The formats of answers that are one thing.
pub const ONE: [Format; 3] = [Format::Table, Format::Json, Format::Jsonl];
/// The formats of lists.
pub const LISTS: [Format; 5] = [Format::Table, Format::Json, Format::Jsonl, Format::Csv, Format::Md];

/// A format that a command does not have, with those that it has.
pub fn unfit(format: Format, has: &[Format]) -> Failure {
    let names: Vec<&str> = has.iter().map(|f| f.as_str()).collect();
    let these = match names.split_last() {
        Some((last, most)) if !most.is_empty() => format!("{} or {last}", most.join(", ")),
        _ => names.concat(),
    };
    Failure::usage(format!("--format {} is not made here; take {these}", format.as_str()))
}

/// Columns of the terminal, or of `COLUMNS`, or what is used without either.
pub fn width() -> usize {
    let told = || std::env::var("COLUMNS").ok().and_then(|c| c.parse().ok());
    usize::from(Table::new().width().or_else(told).filter(|w| *w >= 40).unwrap_or(WIDTH))
}

/// Writes a value as JSON and ends the line.
pub fn json<T: Serialize + ?Sized>(out: &mut dyn Write, value: &T, pretty: bool) -> io::Result<()> {
    if pretty {
        serde_json::to_writer_pretty(&mut *out, value)?;
    } else {
        serde_json::to_writer(&mut *out, value)?;
    }
    writeln!(out)
}

/// Writes a line of CSV.
pub fn csv_row(out: &mut dyn Write, cells: impl Iterator<Item = String>) -> io::Result<()> {
    let cells: Vec<String> = cells
        .map(|c| {
            // A cell that a spreadsheet would take for a formula is kept from being one.
            let c = if c.starts_with(['=', '+', '@', '\t']) || (c.starts_with('-') && c.len() > 1) {
                format!("'{c}")
            } else {
                c
            };
            if c.contains([',', '"', '\n', '\r']) { format!("\"{}\"", c.replace('"', "\"\"")) } else { c }
        })
        .collect();
    writeln!(out, "{}", cells.join(","))
}

/// The text of a cell and what it looks like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// What stands in it.
    pub text: String,
    /// How it is told apart.
    pub look: Look,
}

/// How a cell is told apart, where there are colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// Like everything else.
    Plain,
    /// What the eye should find.
    Strong,
    /// Aside.
    Dim,
    /// Of a state.
    State(State),
    /// Late.
    Late,
}

impl Piece {
    /// Plain text.
    pub fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), look: Look::Plain }
    }

    /// Text with a look.
    pub fn new(text: impl Into<String>, look: Look) -> Self {
        Self { text: text.into(), look }
    }

    /// What is shown of a value that may be missing.
    pub fn of<T: ToString>(value: Option<T>) -> Self {
        Self::plain(value.map_or_else(|| "–".to_owned(), |v| v.to_string()))
    }
}

/// A text without what a terminal would take for a command: minutes may hold any bytes.
pub fn shown(text: &str) -> std::borrow::Cow<'_, str> {
    let is_command = |c: char| c.is_control() && c != '\n' && c != '\t';
    if text.contains(is_command) { text.replace(is_command, "\u{fffd}").into() } else { text.into() }
}

/// A table as wide as the terminal.
pub fn table(settings: &Settings, columns: &[&str], rows: impl Iterator<Item = Vec<Piece>>) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    if settings.color {
        table.enforce_styling();
    } else {
        table.force_no_tty();
    }
    // Without a terminal, or with one that tells no width.
    if table.width().is_none_or(|w| w < 40) {
        table.set_width(
            std::env::var("COLUMNS").ok().and_then(|c| c.parse().ok()).filter(|w| *w >= 40).unwrap_or(WIDTH),
        );
    }
    let narrow = table.width().is_some_and(|w| w < NARROW);
    let kept: Vec<bool> = columns.iter().map(|c| !(narrow && SPARED.contains(c))).collect();
    let keep = |n: usize| kept.get(n).copied().unwrap_or(true);
    let header = columns.iter().enumerate().filter(|(n, _)| keep(*n));
    table.set_header(header.map(|(_, c)| Cell::new(c).add_attribute(Attribute::Dim)));
    // A place is copied or clicked: it stays in one line while the rest has room.
    let place = columns.iter().enumerate().filter(|(n, _)| keep(*n)).position(|(_, c)| *c == "where");
    for row in rows {
        table.add_row(row.into_iter().enumerate().filter(|(n, _)| keep(*n)).map(|(_, piece)| cell(piece)));
    }
    let room = table.width().unwrap_or_default() / 4;
    let widths = table.column_max_content_widths();
    if let Some(at) = place.filter(|&at| widths.get(at).is_some_and(|width| *width <= room))
        && let Some(column) = table.column_mut(at)
    {
        column.set_constraint(ColumnConstraint::ContentWidth);
    }
    table
}

fn cell(piece: Piece) -> Cell {
    let cell = Cell::new(shown(&piece.text));
    match piece.look {
        Look::Plain => cell,
        Look::Strong => cell.add_attribute(Attribute::Bold),
        Look::Dim => cell.add_attribute(Attribute::Dim),
        Look::Late => cell.fg(Color::Red),
        Look::State(State::Open) => cell.fg(Color::Blue),
        Look::State(State::Stale) => cell.fg(Color::Yellow),
        Look::State(State::Done) => cell.fg(Color::Green),
        Look::State(State::Dropped | State::Gone) => cell.add_attribute(Attribute::Dim),
    }
}

/// Escape codes where there are colours, nothing where there are none.
#[derive(Debug, Clone, Copy)]
pub struct Ink {
    on: bool,
}

impl Ink {
    /// By the settings.
    pub fn of(settings: &Settings) -> Self {
        Self { on: settings.color }
    }

    /// Bold.
    pub fn strong(self, text: &str) -> String {
        self.with("1", text)
    }

    /// Dim.
    pub fn dim(self, text: &str) -> String {
        self.with("2", text)
    }

    /// The accent.
    pub fn accent(self, text: &str) -> String {
        self.with("36", text)
    }

    fn with(self, code: &str, text: &str) -> String {
        let text = shown(text);
        if self.on { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.into_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_gets_colours_and_no_other_command() {
        let shown = |text: &str, is_terminal: bool| {
            let mut screen = Screen { to: Vec::new(), is_terminal, held: Vec::new() };
            // However it comes.
            text.bytes().for_each(|byte| screen.write_all(&[byte]).expect("written"));
            String::from_utf8(screen.to).expect("text")
        };
        for (text, wanted) in [
            ("\u{1b}[1mMira\u{1b}[0m: Größe\tx\n", "\u{1b}[1mMira\u{1b}[0m: Größe\tx\n"),
            ("a\u{1b}[2Jb", "a\u{fffd}[2Jb"),
            ("a\u{1b}]0;title\u{7}b", "a\u{fffd}]0;title\u{fffd}b"),
            ("a\u{9b}2Jb \u{a0}§\rc", "a\u{fffd}2Jb \u{a0}§\u{fffd}c"),
            ("\u{1b}\u{1b}[31mx", "\u{fffd}\u{1b}[31mx"),
        ] {
            assert_eq!(shown(text, true), wanted);
            assert_eq!(shown(text, false), text);
        }
    }
}
