//! The shortest ways between two nodes.
//!
//! A step costs the same whatever it says; to pass through a node costs the more the more edges it has
//! (the logarithm of their number), and through a series more still. So a way leads over things that say
//! something, an action, an issue, one meeting, and over somebody who attends everything, or a series that
//! holds everything, only where nothing else is nearly as short. The first and the last node cost nothing.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};

use petgraph::graph::NodeIndex;

use super::{Graph, Kind};

/// What a step costs; in tenths, as everything here.
const STEP: u32 = 10;
/// What a series costs on top of its edges.
const SERIES: u32 = 60;
/// Ways that cost so much more than the shortest are told too: less than half a step.
const NEARLY: u32 = 4;

/// A way from node to node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
    /// What it costs, in tenths of a step.
    pub cost: u32,
    /// The nodes on it, both ends among them.
    pub nodes: Vec<NodeIndex>,
}

/// The cheapest ways, at most so many: of all nodes the cheapest way over each, where it costs next to nothing
/// more than the cheapest at all. None where the ends do not hang together.
pub fn ways(graph: &Graph, from: NodeIndex, to: NodeIndex, most: usize) -> Vec<Way> {
    let tolls: Vec<u32> = graph.inner().node_indices().map(|at| toll(graph, at)).collect();
    let (there, back) = (Costs::from(graph, from, &tolls), Costs::from(graph, to, &tolls));
    let Some(best) = there.to(to) else { return Vec::new() };
    let mut over: Vec<(u32, NodeIndex)> = graph
        .inner()
        .node_indices()
        .filter_map(|at| {
            let own = if at == from || at == to { 0 } else { tolls[at.index()] };
            let cost = there.to(at)?.saturating_add(back.to(at)?).saturating_add(own);
            (cost <= best.saturating_add(NEARLY)).then_some((cost, at))
        })
        .collect();
    over.sort_unstable();
    let mut seen: BTreeSet<Vec<NodeIndex>> = BTreeSet::new();
    let mut out = Vec::new();
    for (cost, at) in over {
        if out.len() >= most {
            break;
        }
        let mut nodes = there.way(at);
        nodes.reverse();
        nodes.extend(back.way(at).into_iter().skip(1));
        let distinct: BTreeSet<NodeIndex> = nodes.iter().copied().collect();
        if distinct.len() == nodes.len() && seen.insert(nodes.clone()) {
            out.push(Way { cost, nodes });
        }
    }
    out
}

/// What it costs to pass through a node.
fn toll(graph: &Graph, at: NodeIndex) -> u32 {
    let edges = u32::try_from(graph.degree(at)).unwrap_or(u32::MAX).max(1);
    let many = (f64::from(edges).log2() * f64::from(STEP)).round() as u32;
    many + if graph.node(at).kind == Kind::Series { SERIES } else { 0 }
}

/// What the ways from one node cost, and the node before each on its cheapest.
struct Costs {
    cost: Vec<u32>,
    before: Vec<Option<NodeIndex>>,
}

impl Costs {
    /// Dijkstra's; of ways that cost the same the one over the node that was there first.
    fn from(graph: &Graph, from: NodeIndex, tolls: &[u32]) -> Self {
        let mut all = Self { cost: vec![u32::MAX; tolls.len()], before: vec![None; tolls.len()] };
        all.cost[from.index()] = 0;
        let mut next = BinaryHeap::from([Reverse((0, from))]);
        while let Some(Reverse((cost, at))) = next.pop() {
            if cost > all.cost[at.index()] {
                continue;
            }
            let own = if at == from { 0 } else { tolls[at.index()] };
            let cost = cost + own + STEP;
            for (other, _) in graph.around(at) {
                let known = (all.cost[other.index()], all.before[other.index()]);
                if (cost, Some(at)) < known && other != from {
                    if cost < known.0 {
                        next.push(Reverse((cost, other)));
                    }
                    all.cost[other.index()] = cost;
                    all.before[other.index()] = Some(at);
                }
            }
        }
        all
    }

    fn to(&self, at: NodeIndex) -> Option<u32> {
        Some(self.cost[at.index()]).filter(|cost| *cost < u32::MAX)
    }

    /// From a node back to the first one.
    fn way(&self, at: NodeIndex) -> Vec<NodeIndex> {
        std::iter::successors(Some(at), |at| self.before[at.index()]).collect()
    }
}
