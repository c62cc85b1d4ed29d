//! How things hang together: a petgraph made for the question asked, from the shards in scope.
//!
//! Nodes are people, series, meetings, actions, decisions and issues; edges are typed and dated. The
//! graph is not kept: it costs what the scope holds, and is gone with the answer.

use std::collections::{BTreeMap, HashMap, HashSet};

use jiff::civil::Date;
use minutebook_ingest::facts::Attendance;
use petgraph::Direction;
use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::EdgeRef;

use crate::Snapshot;
use crate::query::Scope;
use crate::snapshot::View;

/// A node, named as its address is.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Node {
    /// A person or team, by id.
    Person(String),
    /// A series, by name.
    Series(String),
    /// A meeting, by path and first line.
    Meeting(String, u32),
    /// An action, by id.
    Action(String),
    /// An issue, by target.
    Issue(String),
}

/// What an edge says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Relation {
    /// person -> meeting
    Attended,
    /// person -> action
    Owns,
    /// action -> meeting: for the first time
    RaisedIn,
    /// action -> meeting: again
    CarriedIn,
    /// meeting -> issue
    Mentions,
    /// meeting -> series
    Of,
}

/// A typed, dated edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edge {
    /// What it says.
    pub relation: Relation,
    /// When.
    pub date: Option<Date>,
}

/// The graph of what is in scope.
#[derive(Debug, Default)]
pub struct Graph {
    graph: DiGraph<Node, Edge>,
    at: HashMap<Node, NodeIndex>,
    /// Edges there are, so that each stands once.
    known: HashSet<(NodeIndex, NodeIndex, Relation)>,
}

impl Graph {
    /// Builds it.
    pub fn of(snapshot: &Snapshot, scope: &Scope, view: &View) -> Self {
        let mut g = Self::default();
        for (series, shard) in snapshot.shards(scope) {
            for session in shard.held(scope.as_of) {
                let m = session.meeting;
                let here = Node::Meeting(m.path.clone(), m.line);
                g.connect(here.clone(), Node::Series(series.to_owned()), Relation::Of, m.date);
                for p in m.participants.iter().filter(|p| p.status != Attendance::Absent) {
                    let id = view.people.canonical(p.as_written(), m);
                    g.connect(Node::Person(id), here.clone(), Relation::Attended, m.date);
                }
                for target in m.references.iter().map(|r| snapshot.target(m, r)).filter(|t| !t.starts_with('#')) {
                    g.connect(here.clone(), Node::Issue(target.to_lowercase()), Relation::Mentions, m.date);
                }
            }
        }
        for thread in view.threads.values().flatten() {
            let action = Node::Action(thread.first().id.clone());
            for owner in thread.owners() {
                g.connect(Node::Person(owner.clone()), action.clone(), Relation::Owns, thread.first().date);
            }
            for (n, mention) in thread.mentions.iter().enumerate() {
                let line = snapshot.meeting(&mention.path, mention.line).map_or(1, |s| s.meeting.line);
                let relation = if n == 0 { Relation::RaisedIn } else { Relation::CarriedIn };
                g.connect(action.clone(), Node::Meeting(mention.path.clone(), line), relation, mention.date);
            }
        }
        g
    }

    fn node(&mut self, node: Node) -> NodeIndex {
        if let Some(&at) = self.at.get(&node) {
            return at;
        }
        let at = self.graph.add_node(node.clone());
        self.at.insert(node, at);
        at
    }

    fn connect(&mut self, from: Node, to: Node, relation: Relation, date: Option<Date>) {
        let (from, to) = (self.node(from), self.node(to));
        if self.known.insert((from, to, relation)) {
            self.graph.add_edge(from, to, Edge { relation, date });
        }
    }

    /// The people who sat in most meetings with a person: id and number of meetings.
    pub fn company(&self, person: &str, limit: usize) -> Vec<(String, u32)> {
        let Some(&at) = self.at.get(&Node::Person(person.to_owned())) else { return Vec::new() };
        let mut met: BTreeMap<&str, u32> = BTreeMap::new();
        let attended = |e: &petgraph::graph::EdgeReference<'_, Edge>| e.weight().relation == Relation::Attended;
        for meeting in self.graph.edges(at).filter(attended).map(|e| e.target()) {
            for other in self.graph.edges_directed(meeting, Direction::Incoming).filter(attended).map(|e| e.source()) {
                if other != at
                    && let Node::Person(id) = &self.graph[other]
                {
                    *met.entry(id).or_default() += 1;
                }
            }
        }
        let mut out: Vec<(String, u32)> = met.into_iter().map(|(id, n)| (id.to_owned(), n)).collect();
        out.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        out.truncate(limit);
        out
    }
}
