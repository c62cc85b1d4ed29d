//! What names a node: its address, or a bare word that names one thing only.

use petgraph::graph::NodeIndex;

use super::super::{NotFound, Scope, issues, ledger, meetings, series};
use crate::Snapshot;
use crate::graph::{Graph, Kind, Node, topics};

/// The node of an address (`person:mira`, `issue:owner/repo#12`), or of a bare word where it names only one:
/// a person in any spelling, a series, an issue, the path or id of a meeting, the id of an action or decision;
/// a topic where it is none of these.
///
/// # Errors
/// When no node in view is called so, with the nearest; when several are, with those.
pub fn find(snapshot: &Snapshot, scope: &Scope, graph: &Graph, wanted: &str) -> Result<NodeIndex, NotFound> {
    let wanted = wanted.trim();
    let addressed = wanted.split_once(':').and_then(|(kind, name)| Some((Kind::parse(kind)?, name.trim())));
    if let Some((kind, name)) = addressed {
        let found = of_kind(snapshot, scope, graph, kind, name);
        return one(found, graph, wanted, || nearest(graph, &[kind], name));
    }
    let kinds = Kind::ALL.into_iter().filter(|kind| *kind != Kind::Topic);
    let mut found: Vec<NodeIndex> = kinds.flat_map(|kind| of_kind(snapshot, scope, graph, kind, wanted)).collect();
    // Many a heading is called like a series or somebody.
    if found.is_empty() {
        found = of_kind(snapshot, scope, graph, Kind::Topic, wanted);
    }
    found.sort_unstable();
    found.dedup();
    one(found, graph, wanted, || nearest(graph, &Kind::ALL, wanted))
}

fn one(
    found: Vec<NodeIndex>,
    graph: &Graph,
    wanted: &str,
    nearest: impl FnOnce() -> Vec<String>,
) -> Result<NodeIndex, NotFound> {
    match found[..] {
        [one] => Ok(one),
        [] => Err(NotFound { what: "node", wanted: wanted.to_owned(), nearest: nearest() }),
        _ => {
            let nearest = found.iter().map(|at| graph.node(*at).address()).collect();
            Err(NotFound { what: "single node", wanted: wanted.to_owned(), nearest })
        }
    }
}

/// The nodes of a kind that a name means: one, unless it is ambiguous.
fn of_kind(snapshot: &Snapshot, scope: &Scope, graph: &Graph, kind: Kind, name: &str) -> Vec<NodeIndex> {
    if name.is_empty() {
        return Vec::new();
    }
    if let Some(at) = graph.find(kind, name) {
        return vec![at];
    }
    let view = snapshot.view(scope);
    let known = |name: &str| graph.find(kind, name).into_iter().collect();
    let named = |is_meant: &dyn Fn(&Node) -> bool| {
        let meant = |at: &NodeIndex| graph.node(*at).kind == kind && is_meant(graph.node(*at));
        graph.inner().node_indices().filter(meant).collect()
    };
    match kind {
        Kind::Person | Kind::Team => view.people.find(name).map_or_else(Vec::new, |p| known(&p.id)),
        Kind::Series => series::find(snapshot, scope, name).map_or_else(|_| Vec::new(), |n| known(&n)),
        Kind::Issue => named(&|node| issues::is_meant(&node.name, name)),
        Kind::Action => match ledger::find(&view, name) {
            Ok(found) if !found.aside => known(&found.thread.first().id.text()),
            _ => Vec::new(),
        },
        Kind::Meeting => {
            // A line of it may follow the path.
            let lined = name.rsplit_once(':').and_then(|(path, line)| Some((path, line.parse().ok()?)));
            let (path, line) = lined.unwrap_or((name, 1));
            let found = meetings::session(snapshot, scope, path, line);
            found.map_or_else(Vec::new, |session| known(&meetings::address(session, scope)))
        }
        Kind::Topic => {
            let title = topics::title(name);
            named(&|node| node.label.to_lowercase() == title.to_lowercase())
        }
        // Whole ids are found above.
        Kind::Decision => named(&|node| name.len() >= 4 && node.name.starts_with(name)),
    }
}

/// The addresses whose names are nearest.
fn nearest(graph: &Graph, kinds: &[Kind], wanted: &str) -> Vec<String> {
    // What is near an id is no more likely meant than any other.
    let is_word = |kind: Kind| kinds.len() == 1 || !matches!(kind, Kind::Action | Kind::Decision);
    let nodes = || graph.inner().node_weights().filter(|n| kinds.contains(&n.kind) && is_word(n.kind));
    let names = NotFound::among("node", wanted, nodes().map(|n| n.name.as_str())).nearest;
    names.iter().flat_map(|name| nodes().filter(move |n| n.name == *name)).map(Node::address).collect()
}
