//! `minutebook explain` on the sample book, and on minutes made for it.

mod common;

use std::fs;
use std::path::Path;

use common::{Server, minutebook, run, sample, stderr, stdout};
use serde_json::Value;

/// The statements that explain prints of a place in the sample book.
fn explained(place: &str) -> Vec<Value> {
    let path = sample().join(place);
    let output = minutebook().args(["explain", "--format", "json"]).arg(path).output().expect("runs");
    serde_json::from_str(&stdout(&output)).expect("JSON")
}

/// What is told of one line of some minutes: `kind convention "words"`, then `- convention: why` of what came close.
fn check(source: &str, line: u32, expected: &[&str]) {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("2026-01-13.md");
    fs::write(&file, source).expect("written");
    let place = format!("{}:{line}", file.display());
    let output = minutebook().args(["explain", "--format", "json", &place, "--book"]).arg(folder.path()).output();
    let all: Vec<Value> = serde_json::from_str(&stdout(&output.expect("runs"))).expect("JSON");
    let mut told: Vec<String> = Vec::new();
    for e in &all {
        for f in e["facts"].as_array().expect("a list").iter().filter(|f| f["kind"] != "topic") {
            let text = |key: &str| f[key].as_str().unwrap_or_default().to_owned();
            told.push(format!("{} {} {:?}", text("kind"), text("convention"), text("words")));
            told.extend(f["why"].as_array().expect("a list").iter().map(|w| w.as_str().unwrap_or_default().to_owned()));
        }
        for r in e["refused"].as_array().expect("a list").iter().filter(|r| r["close"] == true) {
            told.push(format!("- {}: {}", r["convention"].as_str().expect("a name"), r["why"].as_str().expect("why")));
        }
    }
    assert_eq!(told, expected, "{source}");
}

#[test]
fn a_line_with_its_place_section_and_facts() {
    let all = explained("platform/20260113.md:23");
    let [line] = all.as_slice() else { panic!("{all:?}") };
    assert_eq!((line["line"].as_u64(), line["block"].as_str()), (Some(23), Some("item")));
    assert_eq!(line["section"]["name"], "carried actions");
    assert_eq!(line["section"]["line"], 19);
    assert_eq!(line["section"]["list"], "actions.carried_headings");
    let action = &line["facts"][0];
    assert_eq!((action["kind"].as_str(), action["convention"].as_str()), (Some("action"), Some("Lists of actions")));
    let why = action["why"].to_string();
    assert!(why.contains(r#"done: the note \"done\" on line 24"#) && why.contains("carried: under"), "{why}");
    assert!(line["refused"].as_array().expect("a list").is_empty());
    for key in ["path", "end_line", "text", "headings", "under", "part_of"] {
        assert!(line.get(key).is_some(), "{key} is missing");
    }
}

#[test]
fn a_row_of_a_table_tells_its_columns() {
    check(
        "| Who | Task | Due | Status |\n|--|--|--|--|\n| @mira | paint the buoy | Friday | obsolete |\n",
        3,
        &[
            r#"action Lists of actions """#,
            r#"it is a row under "Who | Task | Due | Status" on line 1"#,
            r#"dropped: the table says "obsolete""#,
            r#"due: "Friday", from 2026-01-13: 2026-01-16"#,
        ],
    );
}

#[test]
fn a_whole_file_tells_every_fact_that_extract_finds() {
    for entry in walk(&sample()) {
        let output = minutebook()
            .args(["extract", "--format", "jsonl", "--book"])
            .arg(sample())
            .arg(&entry)
            .output()
            .expect("runs");
        let all: Vec<Value> = explained(&entry.strip_prefix(sample()).expect("inside").to_string_lossy());
        for meeting in stdout(&output).lines().map(|l| serde_json::from_str::<Value>(l).expect("JSON")) {
            for (list, kind) in [
                ("actions", "action"),
                ("decisions", "decision"),
                ("participants", "participant"),
                ("roles", "role"),
                ("topics", "topic"),
                ("handoffs", "handoff"),
            ] {
                for wanted in meeting[list].as_array().expect("a list") {
                    let line = wanted["line"].as_u64().expect("a line");
                    let on = |e: &&Value| e["line"].as_u64() <= Some(line) && e["end_line"].as_u64() >= Some(line);
                    let found = all.iter().filter(on).flat_map(|e| e["facts"].as_array().expect("a list"));
                    let text = wanted["text"].as_str().unwrap_or_default();
                    let fits =
                        |f: &&Value| f["kind"] == kind && (!matches!(kind, "action" | "decision") || f["text"] == text);
                    let fact = found.clone().find(fits);
                    assert!(fact.is_some(), "{}:{line} {kind} {wanted}", entry.display());
                    if matches!(kind, "action" | "decision") {
                        assert!(fact.is_some_and(|f| f["words"].is_string()), "{}:{line} {fact:?}", entry.display());
                    }
                }
            }
        }
    }
}

fn walk(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut out = Vec::new();
    for entry in fs::read_dir(folder).expect("readable").map(|e| e.expect("an entry").path()) {
        if entry.is_dir() {
            out.extend(walk(&entry));
        } else if entry.extension().is_some_and(|e| e == "md") {
            out.push(entry);
        }
    }
    out.sort();
    out
}

#[test]
fn why_nothing_was_found() {
    check("- AI workloads need a chart\n", 1, &["- Markers: \"AI\" is followed by \"workloads\""]);
    check("- no AIs this week\n", 1, &["- Markers: \"AIs\" is denied by the \"no\" or \"without\" before it"]);
    check(
        "Present: Mira\n\n- Mira could ask the office\n",
        3,
        &["- A doer and a verb: \"Mira could ask the\": hedged, so nothing is promised"],
    );
    check(
        "Present: Mira\n\n- Mira asked the office\n",
        3,
        &["- A doer and a verb: \"Mira asked the office\": the verb is in the past"],
    );
    check("- we would have agreed to it\n", 1, &["- Phrases: \"agreed to\" stands behind \"would\""]);
    check("- Maybe we keep the red buoy\n", 1, &[]);
    check("- For now: we might keep the red buoy\n", 1, &["- Plain stances: hedged, put off or handed on: \"might\""]);
    check(
        "## Action items\n- What about the harbour?\n",
        2,
        &["- Lists of actions: it is a question", "- Plain stances: it is a question"],
    );
}

#[test]
fn why_something_was() {
    check(
        "- AI @mira: ask the office by end of June (done)\n",
        1,
        &[
            "action Markers \"AI\"",
            "done: \"done\" stands apart from the task",
            "due: \"by end of June\", from 2026-01-13: 2026-06-30",
        ],
    );
    check(
        "- AI @mira: a second lamp on the pier? => NO\n",
        1,
        &["action Markers \"AI\"", "dropped: it is answered by a bare \"no\""],
    );
    check("- no objections\n", 1, &["decision Verdicts \"no objections\""]);
    check(
        "- chart is old -> @mira will ask\n",
        1,
        &["action Arrows \"-> @mira\"", "open: nothing says that it is done or dropped"],
    );
    check("- We agreed to keep the buoy\n", 1, &["decision Phrases \"we agreed\""]);
}

#[test]
fn an_action_answers_to_each_mention_and_to_the_beginning_of_its_id() {
    let data = tempfile::tempdir().expect("a folder");
    let ask = |args: &[&str]| run(&sample(), data.path(), args);
    let all = stdout(&ask(&["actions", "--state", "any", "--format", "jsonl"]));
    let all: Vec<Value> = all.lines().map(|l| serde_json::from_str(l).expect("JSON")).collect();
    let carried = all.iter().find(|a| a["carries"].as_u64() >= Some(3)).expect("a carried action");
    let mentions = carried["mentions"].as_array().expect("a list");
    let last = mentions.last().expect("one")["id"].as_str().expect("an id");
    let told: Value = serde_json::from_str(&stdout(&ask(&["explain", last, "--format", "json"]))).expect("JSON");
    assert_eq!(told["id"], carried["id"]);
    assert_eq!((&told["state"], &told["reason"]), (&carried["state"], &carried["reason"]));
    assert_eq!(told["places"].as_array().expect("a list").len(), mentions.len());
    for (place, mention) in told["places"].as_array().expect("a list").iter().zip(mentions) {
        assert_eq!((&place["path"], &place["event"]), (&mention["path"], &mention["event"]));
        assert!(place["facts"].as_array().expect("a list").iter().any(|f| f["kind"] == "action"), "{place}");
    }
    let table = stdout(&ask(&["explain", &last[..9]]));
    assert!(table.contains("state") && table.contains("Lists of actions"), "{table}");
    let decisions = stdout(&ask(&["decisions", "--limit", "1", "--format", "jsonl"]));
    let decision: Value = serde_json::from_str(decisions.trim()).expect("JSON");
    let id = decision["id"].as_str().expect("an id");
    let told: Value = serde_json::from_str(&stdout(&ask(&["explain", id, "--format", "jsonl"]))).expect("JSON");
    assert_eq!((told["kind"].as_str(), &told["text"]), (Some("decision"), &decision["text"]));
}

#[test]
fn the_page_has_a_sibling_in_json_with_the_same_answer() {
    let data = tempfile::tempdir().expect("a folder");
    let server = Server::start(&sample(), data.path());
    let told = server.json("/api/v1/explain?path=platform/20260113.md&line=21-24");
    assert_eq!(told.as_array(), Some(&explained("platform/20260113.md:21-24")));
    for (query, status) in
        [("", 400), ("?path=platform/20260113.md&line=x", 400), ("?path=platform/20260113.md&line=900", 404)]
    {
        assert_eq!(server.get(&format!("/explain{query}")).0, status, "{query}");
        assert_eq!(server.get(&format!("/api/v1/explain{query}")).0, status, "{query}");
    }
    let (_, action) = server.get("/actions?state=any&series=platform");
    assert!(action.contains("/actions/"));
    assert!(server.get("/meetings/platform/20260113.md").1.contains("/explain?path=platform/20260113.md"));
    // What is later than the day of asking is not explained either.
    assert_eq!(server.get("/explain?path=platform/20260113.md&as-of=2025-12-01").0, 404);
}

#[test]
fn errors_say_what_is_wrong() {
    let data = tempfile::tempdir().expect("a folder");
    for (wanted, code, says) in [
        ("platform/20260113.md:900", 1, "has 72 lines"),
        ("platform/20260113.md:0", 1, "no line 0"),
        ("platform/19990101.md:3", 1, "no such file"),
        ("azzzzzzz", 1, "no single action or decision"),
        ("a", 1, "did you mean"),
        ("nonsense", 1, "no such file"),
    ] {
        let output = run(&sample(), data.path(), &["explain", wanted]);
        assert_eq!(output.status.code(), Some(code), "{wanted}");
        assert!(stderr(&output).contains(says), "{wanted}: {}", stderr(&output));
        assert!(output.stdout.is_empty(), "{wanted}");
    }
    for format in ["csv", "md", "sarif", "github"] {
        let output = run(&sample(), data.path(), &["explain", "platform/20260113.md:23", "--format", format]);
        assert_eq!(output.status.code(), Some(2), "{format}");
        assert!(output.stdout.is_empty() && stderr(&output).contains("table, json or jsonl"), "{format}");
    }
}

#[test]
fn colours_follow_the_switch_and_minutes_cannot_command_the_terminal() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("2026-01-13.md");
    fs::write(&file, "# 2026-01-13\n- AI @mira: ask \u{1b}[31mred\u{7} office\n- agreed \u{1b}[0mto it\n")
        .expect("written");
    let print = |color: &str| {
        let output = minutebook().args(["explain", "--color", color]).arg(&file).output().expect("runs");
        stdout(&output)
    };
    assert!(!print("never").contains(['\u{1b}', '\u{7}']));
    assert!(print("always").contains("\u{1b}[1m") && !print("always").contains("\u{1b}[31m"));
    assert!(!print("auto").contains('\u{1b}'));
}
