//! Decisions over time, on the sample book: from the command line, over HTTP and on the pages.

mod common;

use std::path::Path;

use common::{Server, run, sample, stderr, stdout};
use serde_json::Value;

const TIDE_CACHE: &str = "community-call/2026/Q1/2026-01-22--community.md";

fn ask(data: &Path, args: &[&str]) -> Vec<Value> {
    let told = stdout(&run(&sample(), data, &[args, &["--format", "jsonl"]].concat()));
    told.lines().map(|l| serde_json::from_str(l).expect("JSON")).collect()
}

/// The decision for PostgreSQL, which was revised in April and reversed in June.
fn tide_cache(data: &Path, args: &[&str]) -> Value {
    let all = ask(data, &[&["decisions", "postgresql"], args].concat());
    all.into_iter().find(|d| d["path"] == TIDE_CACHE).expect("the decision for PostgreSQL")
}

fn relations(decision: &Value) -> Vec<String> {
    let chain = decision["chain"].as_array().expect("a list").iter();
    chain
        .map(|l| format!("{} {}", l["date"].as_str().expect("a day"), l["relation"].as_str().expect("a word")))
        .collect()
}

#[test]
fn a_decision_knows_what_became_of_it_and_where_it_was_told() {
    let data = tempfile::tempdir().expect("a folder");
    let decision = tide_cache(data.path(), &[]);
    assert_eq!(decision["standing"], "reversed");
    assert_eq!(decision["judged"]["path"], "product-board/2026-06-09-board.md");
    let told = relations(&decision);
    for link in [
        "2026-01-22 decided",
        "2026-01-27 reported",
        "2026-02-10 confirmed",
        "2026-04-14 revised",
        "2026-06-09 reversed",
        "2026-06-25 reported",
        "2026-07-01 reported",
    ] {
        assert!(told.contains(&link.to_owned()), "{link} is missing: {told:?}");
    }
    for key in ["path", "line", "date", "relation", "text", "id", "series", "of", "because"] {
        assert!(decision["chain"][1].get(key).is_some(), "{key} is missing");
    }
    assert!(decision["reported_in"].as_array().expect("a list").contains(&"platform".into()), "{decision:#}");
    // It is found in each series that told it.
    assert_eq!(tide_cache(data.path(), &["--series", "platform"])["id"], decision["id"]);
}

#[test]
fn as_of_a_day_no_later_link_is_known() {
    let data = tempfile::tempdir().expect("a folder");
    let standing = |day: &str| tide_cache(data.path(), &["--as-of", day])["standing"].clone();
    assert_eq!(standing("2026-01-22"), "unclear");
    assert_eq!(standing("2026-02-10"), "holds");
    assert_eq!(standing("2026-04-14"), "revised");
    assert_eq!(standing("2026-06-09"), "reversed");
    let then = tide_cache(data.path(), &["--as-of", "2026-03-01"]);
    let days = relations(&then);
    assert!(days.iter().all(|l| l.as_str() < "2026-03-02") && days.len() == 4, "{days:?}");
}

#[test]
fn explain_tells_why_each_link_was_made() {
    let data = tempfile::tempdir().expect("a folder");
    let decision = tide_cache(data.path(), &[]);
    let id = decision["id"].as_str().expect("an id");
    let told = stdout(&run(&sample(), data.path(), &["explain", id]));
    for words in [
        "reversed in 2026-06-09 (product-board), line 46",
        "2026-06-09, reversed",
        "it names 2026-01-22",
        "cach, postgresql, tide",
    ] {
        assert!(told.contains(words), "{words:?} is missing: {told}");
    }
}

#[test]
fn the_table_names_what_undid_it_and_issues_are_asked_by_their_end() {
    let data = tempfile::tempdir().expect("a folder");
    let table = stdout(&run(&sample(), data.path(), &["decisions", "postgresql", "--format", "csv"]));
    let row = table.lines().find(|l| l.contains(TIDE_CACHE)).expect("its row");
    assert!(row.contains(",reversed 2026-06-09,"), "{row}");
    let about = ask(data.path(), &["decisions", "--issue", "berth-planner#158"]);
    assert!(about.len() == 1 && about[0]["date"] == "2026-09-16", "{about:#?}");
    let unknown = run(&sample(), data.path(), &["decisions", "--issue", "berth-planner#15888"]);
    let error = stderr(&unknown);
    assert!(unknown.status.code() == Some(1) && error.contains("berth-planner#158"), "{error}");
}

#[test]
fn a_reversed_decision_looks_reversed_wherever_it_is_shown() {
    let data = tempfile::tempdir().expect("a folder");
    let server = Server::start(&sample(), data.path());
    let all = server.json("/api/v1/decisions?q=postgresql");
    let all = all.as_array().expect("a list");
    let decision = all.iter().find(|d| d["path"] == TIDE_CACHE).expect("the decision for PostgreSQL");
    let id = decision["id"].as_str().expect("an id");
    let badge = "class=\"standing reversed\">reversed<";
    for page in [
        "/decisions?q=postgresql".to_owned(),
        "/decisions?q=postgresql&series=platform".to_owned(),
        format!("/decisions/{id}"),
        format!("/meetings/{TIDE_CACHE}"),
        "/search?q=%22go+with+PostgreSQL%22".to_owned(),
        "/series/community-call".to_owned(),
    ] {
        let (status, body) = server.get(&page);
        assert!(status == 200 && body.contains(badge), "{page}: {body}");
        let now = if page.contains('?') { '&' } else { '?' };
        let (status, body) = server.get(&format!("{page}{now}as-of=2026-03-01"));
        assert!(status == 200 && !body.contains("standing reversed"), "{page} as of March: {body}");
    }
    let (_, body) = server.get(&format!("/decisions/{id}"));
    assert!(body.contains("What was said of it") && body.contains("class=\"timeline\""), "{body}");
    let hit = &server.json("/api/v1/search?q=%22go+with+PostgreSQL%22+kind:decision")["hits"][0];
    assert!(hit["standing"] == "reversed" && hit["judged"] == "reversed" && hit["id"] == id, "{hit:#}");
    let decided = &server.json(&format!("/api/v1/meetings/{TIDE_CACHE}"))["decided"][0];
    assert!(decided["standing"] == "reversed" && decided["id"] == id, "{decided:#}");
    let (status, body) = server.get("/issues/quayside/berth-planner%23158");
    assert!(status == 200 && body.contains("What was decided about it"), "{body}");
    let (status, body) = server.get("/decisions?issue=berth-planner%2315888");
    assert!(status == 404 && body.contains("quayside/berth-planner#158"), "{body}");
}
