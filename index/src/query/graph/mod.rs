//! "What hangs together with this, and how?"

mod names;
mod paths;
mod recurring;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};

use jiff::civil::Date;
use petgraph::graph::{EdgeReference, NodeIndex};
use petgraph::visit::EdgeRef;
use serde::Serialize;

pub use self::names::find;
pub use self::paths::{PathStep, PathView, PathsView, paths};
pub use self::recurring::{RecurringView, TopicPlace, recurring};
use super::{NotFound, Scope};
use crate::Snapshot;
use crate::graph::{Edge, Graph, Kind, Relation};
use crate::snapshot::View;
use crate::threads::State;

/// Nodes that are told unless more are asked for.
pub const LIMIT: usize = 150;

/// A node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NodeView {
    /// Its address: `person:mira`, `meeting:platform/20260210.md`, `issue:owner/repo#12`.
    pub id: String,
    /// What it is.
    pub kind: Kind,
    /// The address without the kind.
    pub name: String,
    /// What it is called.
    pub label: String,
    /// The series it belongs to.
    pub series: Option<String>,
    /// Of an action, what became of it.
    pub state: Option<State>,
    /// First day of what is known of it.
    pub first: Option<Date>,
    /// Last day.
    pub last: Option<Date>,
    /// The file that it is written in: its beginning, or its last mention.
    pub path: Option<String>,
    /// The line.
    pub line: Option<u32>,
    /// How many edges it has.
    pub degree: usize,
}

/// A typed, dated edge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EdgeView {
    /// The node it leads from.
    pub from: String,
    /// What it says.
    pub relation: Relation,
    /// The node it leads to.
    pub to: String,
    /// The last day on which it was said.
    pub date: Option<Date>,
    /// The first.
    pub first: Option<Date>,
    /// In how many lines it was said.
    pub count: u32,
    /// The file that proves it, where it was said last.
    pub path: String,
    /// The line.
    pub line: u32,
}

/// A node near another.
#[derive(Debug, Clone, Serialize)]
pub struct NeighbourView {
    /// The node.
    #[serde(flatten)]
    pub node: NodeView,
    /// In how many steps it is reached.
    pub distance: usize,
    /// The last of these steps; its other end may be of a kind that was not asked for.
    pub by: EdgeView,
}

/// A node with what is around it.
#[derive(Debug, Clone, Serialize)]
pub struct Neighbourhood {
    /// The node.
    pub node: NodeView,
    /// How many steps were taken.
    pub depth: usize,
    /// Kinds that were asked for; all of them where there is none.
    pub kinds: Vec<Kind>,
    /// How many nodes of these kinds there are within so many steps.
    pub total: usize,
    /// The same by kind.
    pub totals: BTreeMap<Kind, usize>,
    /// Those that are told: nearest first, then most recent.
    pub nodes: Vec<NeighbourView>,
    /// All edges among these and the node itself.
    pub edges: Vec<EdgeView>,
}

/// What of the surroundings is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Around {
    /// How many steps.
    pub depth: usize,
    /// Only nodes of these kinds, reached over any; none means all.
    pub kinds: BTreeSet<Kind>,
    /// So many nodes at most.
    pub limit: usize,
}

impl Default for Around {
    fn default() -> Self {
        Self { depth: 1, kinds: BTreeSet::new(), limit: LIMIT }
    }
}

/// The kinds of words that are separated by commas.
///
/// # Errors
/// When a word is no kind; the error names those there are.
pub fn kinds(words: &str) -> Result<BTreeSet<Kind>, String> {
    let words = words.split(',').map(str::trim).filter(|w| !w.is_empty());
    words
        .map(|word| {
            let low = word.to_lowercase();
            Kind::ALL
                .into_iter()
                .find(|k| k.as_str() == low || Some(k.as_str()) == low.strip_suffix('s'))
                .or_else(|| (low == "people").then_some(Kind::Person))
                .ok_or_else(|| {
                    let all: Vec<&str> = Kind::ALL.iter().map(|k| k.as_str()).collect();
                    format!("{word:?} is no kind of node; there are {}", all.join(", "))
                })
        })
        .collect()
}

/// What is around a node: the nearest first, of those the most recent.
///
/// # Errors
/// When no node in view is called so, or several are; the error holds the nearest, or these.
pub fn around(snapshot: &Snapshot, scope: &Scope, wanted: &str, asked: &Around) -> Result<Neighbourhood, NotFound> {
    let graph = snapshot.graph(scope);
    let centre = find(snapshot, scope, &graph, wanted)?;
    let telling = Telling::new(snapshot, scope, &graph);
    let mut found: Vec<(usize, Option<Date>, NodeIndex, EdgeReference<'_, Edge>)> =
        reached(&graph, centre, asked.depth);
    found.retain(|(_, _, at, _)| asked.kinds.is_empty() || asked.kinds.contains(&graph.node(*at).kind));
    let mut totals: BTreeMap<Kind, usize> = BTreeMap::new();
    for (_, _, at, _) in &found {
        *totals.entry(graph.node(*at).kind).or_default() += 1;
    }
    found.sort_by(|a, b| {
        let key = |n: NodeIndex| (graph.node(n).kind, &graph.node(n).name);
        (a.0, Reverse(a.1)).cmp(&(b.0, Reverse(b.1))).then_with(|| key(a.2).cmp(&key(b.2)))
    });
    let total = found.len();
    found.truncate(asked.limit);
    let shown: HashSet<NodeIndex> = found.iter().map(|(_, _, at, _)| *at).chain([centre]).collect();
    let inner = graph.inner();
    let among = shown.iter().flat_map(|at| inner.edges(*at)).filter(|e| shown.contains(&e.target()));
    let mut edges: Vec<EdgeView> = among.map(|e| telling.edge(e)).collect();
    edges.sort_by(|a, b| (&a.from, a.relation, &a.to).cmp(&(&b.from, b.relation, &b.to)));
    Ok(Neighbourhood {
        node: telling.node(centre),
        depth: asked.depth,
        kinds: asked.kinds.iter().copied().collect(),
        total,
        totals,
        nodes: found
            .into_iter()
            .map(|(distance, _, at, by)| NeighbourView { node: telling.node(at), distance, by: telling.edge(by) })
            .collect(),
        edges,
    })
}

/// The nodes within some steps: how many, the day of the latest edge that leads there, and that edge.
fn reached(
    graph: &Graph,
    centre: NodeIndex,
    depth: usize,
) -> Vec<(usize, Option<Date>, NodeIndex, EdgeReference<'_, Edge>)> {
    let mut out: Vec<(usize, Option<Date>, NodeIndex, EdgeReference<'_, Edge>)> = Vec::new();
    let mut seen: HashMap<NodeIndex, usize> = HashMap::new();
    let mut next = VecDeque::from([(centre, 0)]);
    while let Some((at, distance)) = next.pop_front() {
        if distance >= depth {
            break;
        }
        for (other, edge) in graph.around(at).filter(|(other, _)| *other != centre) {
            match seen.get(&other).map(|&n| &mut out[n]) {
                None => {
                    seen.insert(other, out.len());
                    out.push((distance + 1, edge.weight().date, other, edge));
                    next.push_back((other, distance + 1));
                }
                Some(known) if known.0 == distance + 1 => {
                    let rank = |e: &EdgeReference<'_, Edge>| (e.weight().date, Reverse(e.weight().relation));
                    if rank(&edge) > rank(&known.3) {
                        (known.1, known.3) = (edge.weight().date, edge);
                    }
                }
                Some(_) => {}
            }
        }
    }
    out
}

/// A whole graph, for programs that read graphs.
#[derive(Debug, Clone, Serialize)]
pub struct Whole {
    /// By address.
    pub nodes: Vec<NodeView>,
    /// By the nodes that they join.
    pub edges: Vec<EdgeView>,
}

/// Everything in scope.
pub fn whole(snapshot: &Snapshot, scope: &Scope) -> Whole {
    let graph = snapshot.graph(scope);
    let telling = Telling::new(snapshot, scope, &graph);
    let inner = graph.inner();
    let mut nodes: Vec<NodeView> = inner.node_indices().map(|at| telling.node(at)).collect();
    nodes.sort_by(|a, b| a.id.cmp(&b.id));
    let mut edges: Vec<EdgeView> = inner.edge_references().map(|e| telling.edge(e)).collect();
    edges.sort_by(|a, b| (&a.from, &a.to, a.relation).cmp(&(&b.from, &b.to, b.relation)));
    Whole { nodes, edges }
}

/// Makes views of nodes and edges on the day of asking.
struct Telling<'g> {
    graph: &'g Graph,
    states: HashMap<String, State>,
}

impl<'g> Telling<'g> {
    fn new(snapshot: &Snapshot, scope: &Scope, graph: &'g Graph) -> Self {
        Self { graph, states: states(snapshot, scope, &snapshot.view(scope)) }
    }

    fn node(&self, at: NodeIndex) -> NodeView {
        let node = self.graph.node(at);
        let (path, line) = node.place.as_ref().map(|(path, line)| (path.to_string(), *line)).unzip();
        NodeView {
            id: node.address(),
            kind: node.kind,
            name: node.name.clone(),
            label: node.label.clone(),
            series: node.series.as_deref().map(str::to_owned),
            state: (node.kind == Kind::Action).then(|| self.states.get(&node.name).copied()).flatten(),
            first: node.first,
            last: node.last,
            path,
            line,
            degree: self.graph.degree(at),
        }
    }

    fn edge(&self, edge: EdgeReference<'_, Edge>) -> EdgeView {
        let e = edge.weight();
        EdgeView {
            from: self.graph.node(edge.source()).address(),
            relation: e.relation,
            to: self.graph.node(edge.target()).address(),
            date: e.date,
            first: e.first,
            count: e.count,
            path: e.path.to_string(),
            line: e.line,
        }
    }
}

/// What became of each action, by id, on the day of asking.
fn states(snapshot: &Snapshot, scope: &Scope, view: &View) -> HashMap<String, State> {
    let mut out = HashMap::new();
    for (series, threads) in &view.threads {
        for thread in threads.iter() {
            out.insert(thread.first().id.to_string(), view.standing(snapshot, scope, series, thread).state);
        }
    }
    out
}

#[cfg(test)]
mod tests;
