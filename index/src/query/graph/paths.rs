//! "How do these two hang together?"

use std::cmp::Reverse;
use std::collections::HashMap;

use minutebook_ingest::statement::shortened;
use petgraph::graph::NodeIndex;
use petgraph::visit::EdgeRef;
use serde::Serialize;

use super::super::{NotFound, Scope};
use super::{EdgeView, NodeView, Telling, find};
use crate::Snapshot;
use crate::graph::{Graph, ways};

/// Ways that are told at most.
const MOST: usize = 5;
/// Characters of the line that proves a step.
const QUOTE: usize = 200;

/// The shortest ways between two nodes.
#[derive(Debug, Clone, Serialize)]
pub struct PathsView {
    /// The one end.
    pub from: NodeView,
    /// The other.
    pub to: NodeView,
    /// The ways, shortest first; of those that are nearly as short as the first at most five. Empty where the
    /// two do not hang together.
    pub paths: Vec<PathView>,
}

/// One way.
#[derive(Debug, Clone, Serialize)]
pub struct PathView {
    /// What it costs: a step 1, a node that is passed through the logarithm (to 2) of the number of its edges.
    pub cost: f64,
    /// The nodes on it, from end to end.
    pub nodes: Vec<NodeView>,
    /// The steps between them.
    pub steps: Vec<PathStep>,
}

/// A step of a way.
#[derive(Debug, Clone, Serialize)]
pub struct PathStep {
    /// What it says, and where that is proven.
    #[serde(flatten)]
    pub edge: EdgeView,
    /// True when the edge leads the way of the path.
    pub forward: bool,
    /// The line that proves it, cut where it is long; none where it cannot be read.
    pub quote: Option<String>,
    /// The line on the forge.
    pub permalink: Option<String>,
}

/// The shortest ways between two nodes; see [`ways`] for what is short.
///
/// # Errors
/// When no node in view is called so, or several are; the error holds the nearest, or these.
pub fn paths(snapshot: &Snapshot, scope: &Scope, from: &str, to: &str) -> Result<PathsView, NotFound> {
    let graph = snapshot.graph(scope);
    let (from, to) = (find(snapshot, scope, &graph, from)?, find(snapshot, scope, &graph, to)?);
    let telling = Telling::new(snapshot, scope, &graph);
    let mut lines = Lines { snapshot, texts: HashMap::new() };
    let paths = ways::ways(&graph, from, to, MOST)
        .into_iter()
        .map(|way| PathView {
            cost: f64::from(way.cost) / 10.0,
            steps: way.nodes.windows(2).filter_map(|ends| step(&telling, &mut lines, &graph, ends)).collect(),
            nodes: way.nodes.into_iter().map(|at| telling.node(at)).collect(),
        })
        .collect();
    Ok(PathsView { from: telling.node(from), to: telling.node(to), paths })
}

/// The edge between two nodes that says most; of those the last.
fn step(telling: &Telling<'_>, lines: &mut Lines<'_>, graph: &Graph, ends: &[NodeIndex]) -> Option<PathStep> {
    let between = graph.around(ends[0]).filter(|(other, _)| *other == ends[1]).map(|(_, edge)| edge);
    let edge = between.min_by_key(|e| (e.weight().relation, Reverse(e.weight().date)))?;
    let told = telling.edge(edge);
    Some(PathStep {
        forward: edge.source() == ends[0],
        quote: lines.line(&told.path, told.line),
        permalink: lines.snapshot.permalink(&told.path, told.line, told.line),
        edge: told,
    })
}

/// Lines of files, each read once.
struct Lines<'s> {
    snapshot: &'s Snapshot,
    texts: HashMap<String, Option<String>>,
}

impl Lines<'_> {
    fn line(&mut self, path: &str, line: u32) -> Option<String> {
        // The ledger is no file of minutes.
        self.snapshot.file(path)?;
        let text = self.texts.entry(path.to_owned()).or_insert_with(|| self.snapshot.text(path).ok());
        let line = text.as_deref()?.lines().nth(line.checked_sub(1)? as usize)?;
        Some(shortened(line.trim(), QUOTE))
    }
}
