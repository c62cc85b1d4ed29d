//! How things hang together: a petgraph of what is in scope.
//!
//! Nodes are people, teams, series, meetings, topics, actions, decisions and issues, named as they are
//! addressed; edges are typed and dated, and each tells the line that proves it. `build` makes it from the
//! shards and threads in view, [`topics`] tells which headings are one topic, [`ways`] looks for the way from
//! one node to another. Without limits it is made once a snapshot, else for the question.
//!
//! Nothing in it depends on the day of asking: what became of an action is told from its thread when asked.

mod build;
pub mod topics;
pub mod ways;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use jiff::civil::Date;
use petgraph::Direction;
use petgraph::graph::{DiGraph, EdgeIndex, EdgeReference, NodeIndex};
use petgraph::visit::EdgeRef;
use serde::Serialize;

/// What a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A human being.
    Person,
    /// A team, company or board.
    Team,
    /// Meetings that recur.
    Series,
    /// A meeting, or a text beside the minutes.
    Meeting,
    /// A heading of a series, in all its meetings.
    Topic,
    /// Something to be done.
    Action,
    /// What was settled.
    Decision,
    /// An issue, request, review or bug.
    Issue,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 8] =
        [Self::Person, Self::Team, Self::Series, Self::Meeting, Self::Topic, Self::Action, Self::Decision, Self::Issue];

    /// Its word, which begins the address of a node.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Team => "team",
            Self::Series => "series",
            Self::Meeting => "meeting",
            Self::Topic => "topic",
            Self::Action => "action",
            Self::Decision => "decision",
            Self::Issue => "issue",
        }
    }

    /// The kind of a word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.as_str() == word)
    }
}

/// What an edge says; what says most comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub enum Relation {
    /// decision -> the earlier decision that it changed or undid
    #[serde(rename = "replaces")]
    Replaces,
    /// person -> action, as last told
    #[serde(rename = "owns")]
    Owns,
    /// action -> meeting: for the first time
    #[serde(rename = "raised in")]
    RaisedIn,
    /// action -> meeting: marked as done or dropped, or gone from the pending list
    #[serde(rename = "closed in")]
    ClosedIn,
    /// action -> meeting: again
    #[serde(rename = "carried in")]
    CarriedIn,
    /// decision -> meeting
    #[serde(rename = "decided in")]
    DecidedIn,
    /// topic, or meeting -> series or team that it was passed on to
    #[serde(rename = "handed to")]
    HandedTo,
    /// action, decision -> topic that it stands under
    #[serde(rename = "under")]
    Under,
    /// meeting -> topic; topic -> topic or issue under it; meeting -> issue in a heading
    #[serde(rename = "discusses")]
    Discusses,
    /// person -> meeting
    #[serde(rename = "attended")]
    Attended,
    /// meeting, action, decision -> issue, person, action
    #[serde(rename = "mentions")]
    Mentions,
    /// meeting, topic -> series
    #[serde(rename = "of")]
    Of,
}

impl Relation {
    /// Its words.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Replaces => "replaces",
            Self::Owns => "owns",
            Self::RaisedIn => "raised in",
            Self::ClosedIn => "closed in",
            Self::CarriedIn => "carried in",
            Self::DecidedIn => "decided in",
            Self::HandedTo => "handed to",
            Self::Under => "under",
            Self::Discusses => "discusses",
            Self::Mentions => "mentions",
            Self::Attended => "attended",
            Self::Of => "of",
        }
    }
}

/// A node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// What it is.
    pub kind: Kind,
    /// Its address without the kind.
    pub name: String,
    /// What it is called.
    pub label: String,
    /// The series that it belongs to.
    pub series: Option<Arc<str>>,
    /// Where it is written: its beginning, or its last mention.
    pub place: Option<(Arc<str>, u32)>,
    /// First day of what is known of it.
    pub first: Option<Date>,
    /// Last day.
    pub last: Option<Date>,
}

impl Node {
    fn new(kind: Kind, name: impl Into<String>) -> Self {
        let name = name.into();
        Self { kind, label: name.clone(), name, series: None, place: None, first: None, last: None }
    }

    fn called(self, label: impl Into<String>) -> Self {
        Self { label: label.into(), ..self }
    }

    fn of(self, series: &Arc<str>) -> Self {
        Self { series: Some(Arc::clone(series)), ..self }
    }

    fn at(self, path: &Arc<str>, line: u32) -> Self {
        Self { place: Some((Arc::clone(path), line)), ..self }
    }

    /// `person:mira`, `meeting:platform/20260210.md`, `issue:owner/repo#12`
    pub fn address(&self) -> String {
        format!("{}:{}", self.kind.as_str(), self.name)
    }
}

/// A typed, dated edge with where it is proven. What is said again and again is one edge, proven where it was
/// said last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edge {
    /// What it says.
    pub relation: Relation,
    /// The last day on which it was said.
    pub date: Option<Date>,
    /// The first.
    pub first: Option<Date>,
    /// The file that proves it: minutes, or the ledger.
    pub path: Arc<str>,
    /// The line.
    pub line: u32,
    /// In how many lines it was said.
    pub count: u32,
}

/// A place that proves an edge.
#[derive(Debug, Clone, Copy)]
struct Proof<'a> {
    date: Option<Date>,
    path: &'a Arc<str>,
    line: u32,
}

/// The graph of what is in scope.
#[derive(Debug, Default)]
pub struct Graph {
    graph: DiGraph<Node, Edge>,
    at: HashMap<(Kind, String), NodeIndex>,
    /// Edges there are, so that each stands once.
    known: HashMap<(NodeIndex, NodeIndex, Relation), EdgeIndex>,
}

/// How a name is looked up: of paths and ids the case counts.
fn key(kind: Kind, name: &str) -> (Kind, String) {
    match kind {
        Kind::Meeting | Kind::Action | Kind::Decision => (kind, name.to_owned()),
        _ => (kind, name.to_lowercase()),
    }
}

impl Graph {
    /// The graph itself.
    pub fn inner(&self) -> &DiGraph<Node, Edge> {
        &self.graph
    }

    /// A node.
    pub fn node(&self, at: NodeIndex) -> &Node {
        &self.graph[at]
    }

    /// The node with a kind and name.
    pub fn find(&self, kind: Kind, name: &str) -> Option<NodeIndex> {
        self.at.get(&key(kind, name)).copied()
    }

    /// All edges of a node, whichever way they lead, with the node at their other end.
    pub fn around(&self, at: NodeIndex) -> impl Iterator<Item = (NodeIndex, EdgeReference<'_, Edge>)> {
        let out = self.graph.edges_directed(at, Direction::Outgoing).map(|e| (e.target(), e));
        let into = self.graph.edges_directed(at, Direction::Incoming).map(|e| (e.source(), e));
        out.chain(into)
    }

    /// How many edges a node has.
    pub fn degree(&self, at: NodeIndex) -> usize {
        self.around(at).count()
    }

    fn put(&mut self, node: Node) -> NodeIndex {
        let key = key(node.kind, &node.name);
        if let Some(&at) = self.at.get(&key) {
            return at;
        }
        let at = self.graph.add_node(node);
        self.at.insert(key, at);
        at
    }

    fn connect(&mut self, from: NodeIndex, to: NodeIndex, relation: Relation, proof: Proof<'_>) {
        if from == to {
            return;
        }
        for end in [from, to] {
            let node = &mut self.graph[end];
            node.first = [node.first, proof.date].into_iter().flatten().min();
            node.last = node.last.max(proof.date);
        }
        if let Some(&at) = self.known.get(&(from, to, relation)) {
            let edge = &mut self.graph[at];
            if edge.path == *proof.path && edge.line == proof.line {
                return;
            }
            edge.count += 1;
            edge.first = [edge.first, proof.date].into_iter().flatten().min();
            if proof.date > edge.date {
                edge.date = proof.date;
                edge.line = proof.line;
                edge.path = Arc::clone(proof.path);
            }
            return;
        }
        let edge = Edge {
            relation,
            date: proof.date,
            first: proof.date,
            path: Arc::clone(proof.path),
            line: proof.line,
            count: 1,
        };
        let at = self.graph.add_edge(from, to, edge);
        self.known.insert((from, to, relation), at);
    }

    /// The people who sat in most meetings with a person: id and number of meetings.
    pub fn company(&self, person: &str, limit: usize) -> Vec<(String, u32)> {
        let found = [Kind::Person, Kind::Team].into_iter().find_map(|kind| self.find(kind, person));
        let Some(at) = found else { return Vec::new() };
        let mut met: BTreeMap<&str, u32> = BTreeMap::new();
        let attended = |e: &EdgeReference<'_, Edge>| e.weight().relation == Relation::Attended;
        for meeting in self.graph.edges(at).filter(attended).map(|e| e.target()) {
            for other in self.graph.edges_directed(meeting, Direction::Incoming).filter(attended).map(|e| e.source()) {
                if other != at {
                    *met.entry(&self.graph[other].name).or_default() += 1;
                }
            }
        }
        let mut out: Vec<(String, u32)> = met.into_iter().map(|(id, n)| (id.to_owned(), n)).collect();
        out.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        out.truncate(limit);
        out
    }
}
