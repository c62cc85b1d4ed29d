//! The graph: on the command line, over HTTP, on its page, and as other programs read it.

mod common;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use common::{Server, run, sample, stderr, stdout};
use serde_json::Value;

fn data() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

fn json(book: &Path, data: &Path, args: &[&str]) -> Value {
    serde_json::from_str(&stdout(&run(book, data, &[args, &["--format", "json"]].concat()))).expect("JSON")
}

fn ids(nodes: &Value) -> Vec<&str> {
    nodes.as_array().expect("a list").iter().map(|n| n["id"].as_str().expect("an id")).collect()
}

#[test]
fn what_is_around_a_node() {
    let data = data();
    let found = json(&sample(), data.path(), &["graph", "priya-n"]);
    assert_eq!(found["node"]["id"], "person:priya-n");
    let total = found["total"].as_u64().expect("a number");
    assert!(total > 20, "{total}");
    assert!(ids(&found["nodes"]).contains(&"meeting:platform/20260210.md"));
    // Every edge leads to a line that is there.
    for edge in found["edges"].as_array().expect("a list") {
        let text = fs::read_to_string(sample().join(edge["path"].as_str().expect("a path"))).expect("a file");
        let line = edge["line"].as_u64().expect("a line") as usize;
        assert!(text.lines().nth(line - 1).is_some_and(|l| !l.trim().is_empty()), "{edge}");
    }
    let few = json(&sample(), data.path(), &["graph", "priya-n", "--limit", "3", "--kinds", "meeting"]);
    assert_eq!(ids(&few["nodes"]).len(), 3);
    assert_eq!(few["total"], found["totals"]["meeting"]);
    let table = stdout(&run(&sample(), data.path(), &["graph", "priya-n", "--limit", "3"]));
    assert!(
        table.starts_with("person:priya-n") && table.contains(&format!("3 of {total}; --limit {total}")),
        "{table}"
    );
    // Nothing later than the day of asking.
    let then =
        json(&sample(), data.path(), &["graph", "priya-n", "--depth", "2", "--limit", "9999", "--as-of", "2026-02-10"]);
    assert!(!ids(&then["nodes"]).is_empty());
    for edge in then["edges"].as_array().expect("a list") {
        assert!(edge["date"].as_str().is_some_and(|day| day <= "2026-02-10"), "{edge}");
    }
}

#[test]
fn what_the_ledger_says_is_proven_by_its_line() {
    let folder = data();
    let book = folder.path().join("book");
    fs::create_dir(&book).expect("a folder");
    fs::write(
        book.join("2026-01-05.md"),
        "# 2026-01-05\n## Participants\n- @mira\n- @jo\n\n- AI @mira: paint the pier\n- AI @jo: none\n",
    )
    .expect("written");
    let data = folder.path().join("data");
    let id = json(&book, &data, &["actions", "--owner", "mira"])[0]["id"].as_str().expect("an id").to_owned();
    stdout(&run(&book, &data, &["correct", &id, "--owner", "jo"]));
    stdout(&run(&book, &data, &["close", &id]));
    let found = json(&book, &data, &["graph", &format!("action:{id}")]);
    assert_eq!(found["node"]["state"], "done");
    let edges = found["edges"].as_array().expect("a list");
    let owns: Vec<_> = edges.iter().filter(|e| e["relation"] == "owns").collect();
    assert_eq!(owns.len(), 1, "{owns:?}");
    assert_eq!(
        (&owns[0]["from"], &owns[0]["path"], &owns[0]["line"]),
        (&"person:jo".into(), &".minutebook/ledger.jsonl".into(), &1.into())
    );
    // It was closed in no meeting.
    assert!(!edges.iter().any(|e| e["relation"] == "closed in"), "{edges:?}");
    let ways = json(&book, &data, &["graph", "--path", "jo", &id]);
    assert!(ways["paths"][0]["steps"][0]["quote"].is_null(), "{ways}");
    let other = json(&book, &data, &["graph", "jo", "--kinds", "action"])["total"].clone();
    // What is no action is in no graph.
    stdout(&run(&book, &data, &["correct", &id, "--not-an-action"]));
    assert_eq!(
        json(&book, &data, &["graph", "jo", "--kinds", "action"])["total"],
        other.as_u64().expect("a number") - 1
    );
    assert_eq!(run(&book, &data, &["graph", &id]).status.code(), Some(1));
}

#[test]
fn a_way_is_told_with_the_lines_that_prove_it() {
    let data = data();
    let found = json(&sample(), data.path(), &["graph", "--path", "yusuf-a", "quayside/deploy#29"]);
    let steps = found["paths"][0]["steps"].as_array().expect("steps");
    let nodes = ids(&found["paths"][0]["nodes"]);
    assert_eq!((nodes.len(), nodes[0], nodes[2]), (3, "person:yusuf-a", "issue:quayside/deploy#29"));
    assert!(nodes[1].starts_with("action:") && steps.len() == 2, "{nodes:?}");
    assert!(steps.iter().all(|s| s["quote"].as_str().is_some_and(|q| q.contains("deploy"))), "{steps:#?}");
    let table = stdout(&run(&sample(), data.path(), &["graph", "--path", "yusuf-a", "quayside/deploy#29"]));
    assert!(table.contains("↓ owns") && table.contains("platform/"), "{table}");
}

#[test]
fn what_is_wrong_is_told() {
    let data = data();
    let unknown = run(&sample(), data.path(), &["graph", "person:prya-n"]);
    assert_eq!(unknown.status.code(), Some(1));
    assert!(
        stderr(&unknown).contains("no node \"person:prya-n\"; did you mean")
            && stderr(&unknown).contains("person:priya-n"),
        "{}",
        stderr(&unknown)
    );
    for (args, words) in [
        (&["graph", "priya-n", "--kinds", "thing"][..], "no kind of node; there are person, team"),
        (&["graph"], "<NODE>"),
        (&["graph", "--path", "priya-n"], "2 values"),
        (&["graph", "priya-n", "--path", "a", "b"], "cannot be used with"),
        (&["graph", "priya-n", "--format", "csv"], "table, json or jsonl"),
        (&["export"], "--format graphml, csv or json"),
        (&["export", "--format", "md"], "graphml, csv or json"),
        (&["actions", "--format", "graphml"], "is not made here"),
        (&["person", "priya-n", "--format", "graphml"], "is not made here"),
        (&["check", "--format", "graphml"], "is not made here"),
    ] {
        let failed = run(&sample(), data.path(), args);
        assert_eq!(failed.status.code(), Some(2), "{args:?}");
        assert!(stderr(&failed).contains(words), "{args:?}: {}", stderr(&failed));
    }
    let failed = run(&sample(), data.path(), &["export", "--format", "graphml", "--output", "/nowhere/at/all.graphml"]);
    assert!(
        failed.status.code() == Some(1) && stderr(&failed).contains("/nowhere/at/all.graphml"),
        "{}",
        stderr(&failed)
    );
}

#[test]
fn topics_that_come_back() {
    let data = data();
    let all = json(&sample(), data.path(), &["graph", "--recurring"]);
    let all = all.as_array().expect("a list");
    assert!(
        all.iter().all(|t| t["meetings"].as_u64() >= Some(3) && !t["places"].as_array().expect("places").is_empty())
    );
    let mine = json(&sample(), data.path(), &["graph", "--recurring", "platform"]);
    let mine = mine.as_array().expect("a list");
    assert!(!mine.is_empty() && mine.len() < all.len() && mine.iter().all(|t| t["series"] == "platform"));
    let unknown = run(&sample(), data.path(), &["graph", "--recurring", "platfrom"]);
    assert!(stderr(&unknown).contains("did you mean platform?"), "{}", stderr(&unknown));
}

/// A book whose words are hard on XML and CSV.
fn nasty(folder: &Path) -> std::path::PathBuf {
    let book = folder.join("book");
    fs::create_dir(&book).expect("a folder");
    let text = "# 2026-01-05\n## Participants\n- @mira\n- Jörg \"Jo\" Øst <jo>\n## Agenda\n### A & B <c> \u{1}\u{1b}[31m ]]> \"q\" 'r' 🌊\n\
                - AI @mira: =SUM(1;2), \"quoted\" & \u{8}done\n- Decision: we keep \u{fffe} <b>it</b>\n### =1+1 gauges\n- none\n";
    fs::write(book.join("2026-01-05.md"), text).expect("written");
    book
}

/// Reads GraphML with networkx and compares with our own JSON; says so and ends well where there is no networkx.
const READ: &str = r#"
import json, sys
try:
    import networkx
except ImportError:
    print("no networkx"); sys.exit(0)
graph = networkx.read_graphml(sys.argv[1])
ours = json.load(open(sys.argv[2], encoding="utf-8"))
def clean(value):
    if not isinstance(value, str): return value
    ok = lambda c: c in "\t\n\r" or (c >= " " and not "\ud800" <= c <= "\udfff" and c not in "\ufffe\uffff")
    return "".join(c if ok(c) else "\ufffd" for c in value)
def facts(thing, left_out):
    return tuple(sorted((k, clean(v)) for k, v in thing.items() if v is not None and k not in left_out))
assert graph.is_directed()
nodes = {clean(n["id"]): facts(n, ["id"]) for n in ours["nodes"]}
assert nodes == {n: facts(d, []) for n, d in graph.nodes(data=True)}, "nodes"
edges = sorted((clean(e["from"]), clean(e["to"]), facts(e, ["from", "to"])) for e in ours["edges"])
theirs = sorted((a, b, facts(d, ["id"])) for a, b, d in graph.edges(data=True))
assert edges == theirs, [pair for pair in zip(edges, theirs) if pair[0] != pair[1]][:3]
print("same", len(nodes), len(edges))
"#;

#[test]
fn networkx_reads_the_graph_that_our_json_tells() {
    let folder = data();
    for (name, book) in [("sample", sample()), ("nasty", nasty(folder.path()))] {
        let at = |end: &str| folder.path().join(format!("{name}.{end}"));
        let (xml, own) = (at("graphml"), at("json"));
        for (format, path) in [("graphml", &xml), ("json", &own)] {
            let path = path.to_str().expect("UTF-8");
            stdout(&run(&book, &at("data"), &["export", "--format", format, "--output", path]));
        }
        let own_graph: Value = serde_json::from_slice(&fs::read(&own).expect("read")).expect("JSON");
        let (nodes, edges) = (own_graph["nodes"].as_array().map(Vec::len), own_graph["edges"].as_array().map(Vec::len));
        let Ok(python) = Command::new("python3").arg("-c").arg(READ).arg(&xml).arg(&own).output() else {
            eprintln!("skipped: there is no python3");
            return;
        };
        let told = String::from_utf8_lossy(&python.stdout);
        assert!(python.status.success(), "{name}: {}", String::from_utf8_lossy(&python.stderr));
        if told.trim() == "no networkx" {
            eprintln!("skipped: python3 has no networkx");
            return;
        }
        assert_eq!(told.trim(), format!("same {} {}", nodes.expect("nodes"), edges.expect("edges")), "{name}");
    }
}

#[test]
fn csv_is_two_files_or_the_edges() {
    let folder = data();
    let book = nasty(folder.path());
    let to = folder.path().join("out/graph");
    stdout(&run(
        &book,
        &folder.path().join("data"),
        &["export", "--format", "csv", "--output", to.to_str().expect("UTF-8")],
    ));
    let nodes = fs::read_to_string(to.join("nodes.csv")).expect("nodes");
    let edges = fs::read_to_string(to.join("edges.csv")).expect("edges");
    assert!(nodes.starts_with("id,kind,name,label,series,state,first,last,path,line,degree\n"), "{nodes}");
    assert!(edges.starts_with("source,target,relation,date,first,count,path,line\n"), "{edges}");
    // No formula for those who open it in a spreadsheet, and quotes doubled.
    assert!(nodes.contains(",'=1+1 gauges,") && nodes.contains("\"SUM(1;2), \"\"quoted\"\" &"), "{nodes}");
    assert_eq!(stdout(&run(&book, &folder.path().join("data"), &["export", "--format", "csv"])), edges);
}

#[test]
fn the_api_and_the_page_tell_the_same() {
    let data = data();
    let server = Server::start(&sample(), data.path());
    let found = server.json("/api/v1/graph?node=priya-n&kinds=action,decision&depth=2&limit=9999");
    let kinds: BTreeSet<&str> =
        found["nodes"].as_array().expect("a list").iter().filter_map(|n| n["kind"].as_str()).collect();
    assert_eq!(kinds, BTreeSet::from(["action", "decision"]));
    let printed = json(
        &sample(),
        data.path(),
        &["graph", "priya-n", "--kinds", "action,decision", "--depth", "2", "--limit", "9999"],
    );
    assert_eq!(found, printed);
    let (status, page) = server.get("/graph?node=priya-n&kinds=action,decision&depth=2&limit=9999");
    assert_eq!(status, 200);
    for node in found["nodes"].as_array().expect("a list") {
        let folder = if node["kind"] == "action" { "actions" } else { "decisions" };
        let address = format!("href=\"/{folder}/{}\"", node["name"].as_str().expect("a name"));
        assert!(page.contains(&address), "{address} is missing");
    }
    // A dot for each of the nearest sixty, and what is left out is told.
    let pictured = page.matches("<circle").count() - 1;
    assert!((1..=60).contains(&pictured), "{pictured}");
    let left_out = format!("The picture shows {pictured} of {}", found["total"]);
    assert_eq!(page.contains(&left_out), found["total"].as_u64() != Some(pictured as u64), "{left_out}");
    let (_, small) = server.get("/graph?node=issue:quayside/deploy%2329");
    let near = server.json("/api/v1/graph?node=issue:quayside/deploy%2329");
    assert_eq!(near["nodes"].as_array().map(Vec::len), Some(small.matches("<circle").count() - 1));
    let ways = server.json("/api/v1/graph/path?from=yusuf-a&to=quayside/deploy%2329");
    assert!(ways["paths"][0]["steps"][1]["line"].as_u64() > Some(0), "{ways}");
    let (_, page) = server.get("/graph?from=yusuf-a&to=quayside/deploy%2329");
    let step = &ways["paths"][0]["steps"][1];
    let source = format!("{}?line={}", step["path"].as_str().expect("a path"), step["line"]);
    assert!(page.contains(&source), "{source} is missing");
    let (status, head, body) = server.request("GET", "/api/v1/export.graphml");
    assert!(status == 200 && head.contains("attachment") && body.starts_with("<?xml"), "{head}");
    let whole = server.json("/api/v1/export.json");
    assert_eq!(body.matches("<node ").count(), whole["nodes"].as_array().expect("a list").len());
    assert_eq!(body.matches("<edge ").count(), whole["edges"].as_array().expect("a list").len());
    assert_eq!(server.json("/api/v1/graph/recurring"), json(&sample(), data.path(), &["graph", "--recurring"]));
}

#[test]
fn pages_lead_into_the_graph_and_errors_are_told() {
    let data = data();
    let server = Server::start(&sample(), data.path());
    let first = |what: &str| server.json(&format!("/api/v1/{what}"))[0]["id"].as_str().expect("an id").to_owned();
    for (page, node) in [
        ("/people/priya-n".to_owned(), "person%3Apriya-n".to_owned()),
        ("/series/platform".into(), "series%3Aplatform".into()),
        ("/issues/quayside/deploy%2329".into(), "issue%3Aquayside/deploy%2329".into()),
        ("/meetings/platform/20260210.md".into(), "meeting%3Aplatform/20260210.md%3A1".into()),
        (format!("/actions/{}", first("actions")), format!("action%3A{}", first("actions"))),
        (format!("/decisions/{}", first("decisions")), format!("decision%3A{}", first("decisions"))),
    ] {
        let (_, body) = server.get(&page);
        let link = format!("/graph?node={node}");
        assert!(body.contains(&link), "{page}: {link} is missing");
        let (status, body) = server.get(&link);
        assert!(status == 200 && body.contains("<svg"), "{link}: {status}");
    }
    let (status, body) = server.get("/graph?node=person:prya-n");
    assert!(status == 404 && body.contains("href=\"/graph?node=person%3Apriya-n\""), "{body}");
    let (status, body) = server.get("/api/v1/graph?node=person:prya-n");
    assert!(status == 404 && body.contains("person:priya-n"), "{body}");
    for wrong in [
        "/api/v1/graph",
        "/api/v1/graph?node=priya-n&kinds=thing",
        "/api/v1/graph/path?from=priya-n",
        "/graph?node=priya-n&depth=far",
    ] {
        assert_eq!(server.get(wrong).0, 400, "{wrong}");
    }
    let (status, body) = server.get("/graph");
    assert!(status == 200 && body.contains("Topics that come back"), "{body}");
}
