//! `minutebook graph` and `minutebook export`.

use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use anyhow::Context;
use minutebook_index::query::graph::{self, Around, NodeView, PathView, RecurringView, TopicPlace, Whole};

use super::Failure;
use crate::cli::Format;
use crate::output::{self, Ink, Look, Piece};
use crate::settings::Settings;
use crate::{export, file};

/// Longest label in a table.
const LABEL: usize = 160;

/// Shows what is around a node.
pub fn around(settings: &Settings, node: &str, depth: usize, kinds: &str, limit: usize) -> Result<(), Failure> {
    let kinds = graph::kinds(kinds).map_err(|message| Failure::usage(format!("--kinds: {message}")))?;
    let snapshot = settings.snapshot()?;
    let found = graph::around(&snapshot, &settings.scope(), node, &Around { depth, kinds, limit })?;
    let ink = Ink::of(settings);
    output::one(settings, &found, |out| {
        head(out, ink, &found.node)?;
        if found.nodes.is_empty() {
            return writeln!(out, "Nothing hangs together with it.");
        }
        let rows = found.nodes.iter().map(|n| {
            let (relation, other) = if n.by.from == n.node.id {
                (n.by.relation.as_str().to_owned(), &n.by.to)
            } else {
                (format!("← {}", n.by.relation.as_str()), &n.by.from)
            };
            let how = if *other == found.node.id { relation } else { format!("{relation} {other}") };
            vec![
                Piece::of(n.by.date),
                Piece::plain(how),
                Piece::new(&n.node.id, Look::Strong),
                Piece::plain(called(&n.node)),
                Piece::new(format!("{}:{}", n.by.path, n.by.line), Look::Dim),
            ]
        });
        writeln!(out, "{}", output::table(settings, &["last", "relation", "node", "what", "where"], rows))?;
        if found.nodes.len() < found.total {
            let shown = found.nodes.len();
            writeln!(out, "{}", ink.dim(&format!("{shown} of {}; --limit {} shows all", found.total, found.total)))?;
        }
        Ok(())
    })
}

fn head(out: &mut dyn Write, ink: Ink, node: &NodeView) -> io::Result<()> {
    let state = node.state.map_or_else(String::new, |s| format!("  {}", s.as_str()));
    writeln!(out, "{}  {}{}", ink.strong(&node.id), called(node), ink.dim(&state))
}

/// What a node is called, where that says more than its address.
fn called(node: &NodeView) -> String {
    if node.label == node.name {
        return String::new();
    }
    minutebook_ingest::statement::shortened(&node.label, LABEL)
}

/// Shows how two nodes hang together.
pub fn path(settings: &Settings, from: &str, to: &str) -> Result<(), Failure> {
    let snapshot = settings.snapshot()?;
    let found = graph::paths(&snapshot, &settings.scope(), from, to)?;
    let ink = Ink::of(settings);
    output::one(settings, &found, |out| {
        if found.paths.is_empty() {
            return writeln!(out, "{} and {} do not hang together.", found.from.id, found.to.id);
        }
        for (n, path) in found.paths.iter().enumerate() {
            if n > 0 {
                writeln!(out)?;
            }
            way(out, ink, path)?;
        }
        Ok(())
    })
}

fn way(out: &mut dyn Write, ink: Ink, path: &PathView) -> io::Result<()> {
    for (n, node) in path.nodes.iter().enumerate() {
        head(out, ink, node)?;
        if let Some(step) = path.steps.get(n) {
            let e = &step.edge;
            let arrow = if step.forward {
                format!("↓ {}", e.relation.as_str())
            } else {
                format!("↑ {}", e.relation.as_str())
            };
            let day = e.date.map_or_else(|| "undated".to_owned(), |d| d.to_string());
            writeln!(out, "  {}  {day}  {}", ink.accent(&arrow), ink.dim(&format!("{}:{}", e.path, e.line)))?;
            if let Some(quote) = &step.quote {
                writeln!(out, "      {}", ink.dim(quote))?;
            }
        }
    }
    Ok(())
}

/// Lists the topics that come back without a decision.
pub fn recurring(settings: &Settings, series: Option<&str>) -> Result<(), Failure> {
    let snapshot = settings.snapshot()?;
    let found = graph::recurring(&snapshot, &settings.scope(), series)?;
    output::list(
        settings,
        &found,
        &["series", "topic", "meetings", "since", "last", "kind", "where"],
        |t: &RecurringView| {
            let place = |p: &TopicPlace| format!("{}:{}", p.path, p.line);
            vec![
                Piece::plain(&t.series),
                Piece::new(&t.topic, if t.standing { Look::Plain } else { Look::Strong }),
                Piece::plain(t.meetings.to_string()),
                Piece::of(t.since),
                Piece::of(t.last),
                Piece::new(if t.standing { "fixture" } else { "" }, Look::Dim),
                Piece::new(t.places.first().map_or_else(String::new, place), Look::Dim),
            ]
        },
        "No topic came back three times without a decision.",
    )
}

/// Writes the whole graph.
pub fn export(settings: &Settings, output: Option<&Path>) -> Result<(), Failure> {
    let has = [Format::Graphml, Format::Csv, Format::Json];
    // Before anything is read: a wrong call is told at once.
    if !has.contains(&settings.format) {
        return Err(match settings.format {
            Format::Table => Failure::usage("export: say for whom, with --format graphml, csv or json"),
            other => output::unfit(other, &has),
        });
    }
    let snapshot = settings.snapshot()?;
    let graph = graph::whole(&snapshot, &settings.scope());
    match (settings.format, output) {
        (Format::Csv, Some(file)) if file.is_file() => {
            return Err(Failure::usage(format!(
                "{}: is a file; nodes.csv and edges.csv go into a folder",
                file.display()
            )));
        }
        (Format::Csv, Some(folder)) => {
            fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
            file::replace(&folder.join("nodes.csv"), |out| export::nodes_csv(out, &graph))?;
            file::replace(&folder.join("edges.csv"), |out| export::edges_csv(out, &graph))?;
        }
        (_, Some(path)) => file::replace(path, |out| write(settings.format, out, &graph))?,
        (_, None) => {
            let mut out = BufWriter::new(output::out());
            write(settings.format, &mut out, &graph)?;
            out.flush()?;
            return Ok(());
        }
    }
    if !settings.quiet
        && let Some(output) = output
    {
        tell!("{} nodes and {} edges in {}", graph.nodes.len(), graph.edges.len(), output.display());
    }
    Ok(())
}

fn write(format: Format, out: &mut dyn Write, graph: &Whole) -> io::Result<()> {
    match format {
        Format::Graphml => export::graphml(out, graph),
        Format::Csv => export::edges_csv(out, graph),
        _ => output::json(out, graph, true),
    }
}
