//! The ledger end to end: the commands, the API, the pages, and what they say of an action afterwards.

mod common;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};

use common::{Server, copy, minutebook, run, sample, stderr, stdout};
use serde_json::{Value, json};
use tempfile::TempDir;

const JSON: &str = "Content-Type: application/json";
const FORM: &str = "Content-Type: application/x-www-form-urlencoded";

/// A copy of the sample book.
struct Book {
    folder: TempDir,
    book: PathBuf,
}

impl Book {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let book = folder.path().join("book");
        copy(&sample(), &book);
        Self { folder, book }
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn run(&self, args: &[&str]) -> Output {
        run(&self.book, &self.data(), args)
    }

    fn json(&self, args: &[&str]) -> Value {
        serde_json::from_str(&stdout(&self.run(&[args, &["--format", "json"]].concat()))).expect("JSON")
    }

    fn actions(&self, state: &str) -> Vec<Value> {
        self.json(&["actions", "--state", state]).as_array().expect("a list").clone()
    }

    fn action(&self, id: &str) -> Value {
        let all = self.actions("any");
        let answers = |a: &&Value| a["mentions"].as_array().expect("a list").iter().any(|m| m["id"] == id);
        all.iter().find(answers).cloned().unwrap_or(Value::Null)
    }

    fn ledger(&self) -> String {
        fs::read_to_string(self.book.join(".minutebook/ledger.jsonl")).unwrap_or_default()
    }

    fn piped(&self, args: &[&str], input: &str) -> Output {
        let mut child = minutebook()
            .args(args)
            .arg("--book")
            .arg(&self.book)
            .arg("--data")
            .arg(self.data())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("starts");
        child.stdin.take().expect("piped").write_all(input.as_bytes()).expect("sent");
        child.wait_with_output().expect("ends")
    }
}

fn id(action: &Value) -> &str {
    action["id"].as_str().expect("an id")
}

#[test]
fn closed_is_closed_in_every_view_and_reopened_open_again() {
    let book = Book::new();
    let open = book.actions("open");
    let action = id(&open[0]).to_owned();
    let series = open[0]["series"].as_str().expect("a series").to_owned();
    let said = book.json(&["close", &action[..8], "--note", "in production", "--by", "@Priya"]);
    assert_eq!(said[0]["verb"], "close");
    assert_eq!(said[0]["as"], "done");
    assert_eq!(said[0]["by"], "priya-n", "by whom is told by the handle");
    assert_eq!(said[0]["state"], "done");
    assert_eq!(said[0]["action"], action.as_str());
    assert_eq!(book.ledger().lines().count(), 1);
    let day = said[0]["date"].as_str().expect("a day").to_owned();
    let closed = book.action(&action);
    assert_eq!(closed["state"], "done");
    assert_eq!(closed["reason"], format!("closed by @priya-n on {day} in the ledger"));
    assert_eq!(closed["closed"], day.as_str());
    let evidence = json!({"path": ".minutebook/ledger.jsonl", "line": 1, "date": day, "why": "close: in production"});
    assert_eq!(closed["evidence"][0], evidence);
    assert_eq!(closed["ledger"][0]["note"], "in production");
    assert_eq!(closed["ledger"][0]["line"], 1);
    assert!(closed["ledger"][0]["other"].is_null() && closed["ledger"][0]["owners"] == json!([]));
    // Agenda, search and explain say the same.
    let agenda = book.json(&["agenda", &series]);
    assert!(agenda["items"].as_array().expect("a list").iter().all(|i| i["action"] != action.as_str()));
    let found = |state: &str| {
        let found = book.json(&["search", "--limit", "500", &format!("kind:action state:{state}")]);
        found["hits"].as_array().expect("a list").iter().any(|h| h["id"] == action.as_str() && h["state"] == state)
    };
    assert!(found("done") && !found("open"));
    let explained = stdout(&book.run(&["explain", &action]));
    assert!(explained.contains("closed as done by @priya-n: in production"), "{explained}");
    assert!(stdout(&book.run(&["reopen", &action])).contains("1 entry by priya-n"));
    let reopened = book.action(&action);
    assert_eq!(reopened["state"], "open");
    assert!(reopened["reason"].as_str().expect("a reason").starts_with("reopened by @priya-n on "));
    assert!(found("open") && !found("done"));
    // An id that a ledger speaks of is the same as before.
    assert_eq!(id(&reopened), action);
}

#[test]
fn ledger_and_minutes_the_later_wins_and_as_of_knows_nothing_later() {
    let book = Book::new();
    let put = |day: &str, text: &str| {
        let path = format!("platform/{}.md", day.replace('-', ""));
        fs::write(book.book.join(path), text).expect("written");
    };
    let task = |day: &str| {
        format!("# {day}\n## Participants\n- @priya-n\n\n- AI @priya-n: varnish the figurehead of the pilot boat\n")
    };
    put("2027-01-05", &task("2027-01-05"));
    let found = |as_of: &str| {
        let all = book.json(&["actions", "--state", "any", "--as-of", as_of]);
        let all = all.as_array().expect("a list").iter();
        all.clone().find(|a| a["text"].as_str().expect("a text").contains("figurehead")).cloned().unwrap_or(Value::Null)
    };
    let action = id(&found("2027-01-05")).to_owned();
    fs::create_dir(book.book.join(".minutebook")).expect("a folder");
    let entry = json!({"v": 1, "id": "l1", "at": "2027-01-07T09:00:00Z", "by": "jonas-eide", "verb": "close", "as": "done", "action": action});
    fs::write(book.book.join(".minutebook/ledger.jsonl"), format!("{entry}\n")).expect("written");
    assert_eq!(found("2027-01-06")["state"], "open");
    assert_eq!(found("2027-01-06")["ledger"], json!([]));
    assert_eq!(found("2027-01-07")["reason"], "closed by @jonas-eide on 2027-01-07 in the ledger");
    // On the same day the ledger …
    put("2027-01-07", &task("2027-01-07"));
    assert_eq!(found("2027-01-07")["state"], "done");
    // … and later the minutes.
    put("2027-01-13", &task("2027-01-13"));
    assert_eq!(found("2027-01-12")["state"], "done");
    let again = found("2027-01-13");
    assert_eq!(again["state"], "open");
    assert_eq!(
        again["reason"],
        "open again in 2027-01-13, line 5, after it was closed by @jonas-eide on 2027-01-07 in the ledger"
    );
    assert_eq!(id(&again), action);
}

#[test]
fn corrections_join_split_give_and_take_away() {
    let book = Book::new();
    let open = book.actions("open");
    let (one, two) = (id(&open[0]).to_owned(), id(&open[1]).to_owned());
    let count = book.actions("any").len();
    // Joined, both ids lead to one.
    let said = book.json(&["correct", &one, "--same-as", &two, "--note", "the same pump"]);
    let own = said[0]["own_id"].as_str().expect("an id").to_owned();
    assert!(own == one || own == two);
    assert_eq!(book.actions("any").len(), count - 1);
    assert_eq!(id(&book.action(&one)), own);
    assert_eq!(id(&book.action(&two)), own);
    let twice = book.run(&["correct", &one, "--same-as", &two]);
    assert!(twice.status.code() == Some(1) && stderr(&twice).contains("one action already"), "{}", stderr(&twice));
    let later = if own == one { &two } else { &one };
    book.json(&["correct", &own, "--not-same", later]);
    assert_eq!((id(&book.action(&one)), id(&book.action(&two))), (one.as_str(), two.as_str()));
    let first = book.run(&["correct", &one, "--not-same", &one]);
    assert!(first.status.code() == Some(1) && stderr(&first).contains("first mention"), "{}", stderr(&first));
    // Owners.
    book.json(&["correct", &one, "--owner", "Lukas Brandt", "@newcomer"]);
    assert_eq!(book.action(&one)["owners"], json!(["lukas-brandt", "newcomer"]));
    let owned = |who: &str| {
        let found = book.json(&["search", "--limit", "500", &format!("owner:{who} kind:action")]);
        found["hits"].as_array().expect("a list").iter().any(|h| h["id"] == one.as_str())
    };
    let before = open[0]["owners"][0].as_str().expect("an owner");
    assert!(owned("lukas-brandt") && !owned(before) && !owned("none"), "{before}");
    let wrong = book.run(&["correct", &one, "--owner", "lukas-brand"]);
    assert!(stderr(&wrong).contains("lukas-brandt") && wrong.status.code() == Some(1), "{}", stderr(&wrong));
    book.json(&["correct", &one, "--owner", "none"]);
    assert!(owned("none") && !owned("lukas-brandt") && !owned(before));
    assert_eq!(book.action(&one)["owners"], json!([]));
    // No action: gone from lists, counts and kind:action; still text, and told by its id.
    let words = open[1]["text"].as_str().expect("a text").to_owned();
    let phrase: String = words.split_whitespace().take(3).collect::<Vec<_>>().join(" ").replace(['"', '(', ')'], "");
    let hits = |kind: &str| {
        let found = book.json(&["search", "--limit", "100", &format!("\"{phrase}\"{kind}")]);
        let hits = found["hits"].as_array().expect("a list").clone();
        hits.into_iter().filter(|h| h["id"] == two.as_str() || h["kind"] != "action").count()
    };
    assert!(hits(" kind:action") > 0);
    book.json(&["correct", &two, "--not-an-action"]);
    assert!(book.action(&two).is_null());
    assert_eq!(hits(" kind:action"), 0);
    assert!(hits("") > 0, "{phrase} is no text any more");
    let explained = stdout(&book.run(&["explain", &two]));
    assert!(explained.contains("said to be no action by @priya-n"), "{explained}");
    let closed = book.run(&["close", &two]);
    assert!(stderr(&closed).contains("reopen it first"), "{}", stderr(&closed));
    book.json(&["reopen", &two]);
    assert_eq!(book.action(&two)["state"], open[1]["state"]);
    assert_eq!(book.actions("any").len(), count);
}

#[test]
fn ids_are_checked_before_anything_is_written() {
    let book = Book::new();
    let open = book.actions("open");
    let good = id(&open[0]);
    let near = format!("{}x", &good[..good.len() - 1]);
    let check = |output: Output, code: i32, words: &[&str]| {
        assert_eq!(output.status.code(), Some(code), "{}", stderr(&output));
        words.iter().for_each(|w| assert!(stderr(&output).contains(w), "{w:?} is not in {}", stderr(&output)));
        assert_eq!(book.ledger(), "", "something was written");
    };
    check(book.run(&["close", good, &near]), 1, &[&near, "did you mean", good, "nothing was written"]);
    check(book.run(&["close", "a"]), 1, &["single action", "did you mean"]);
    check(book.run(&["close", good, "--as", "lost"]), 2, &["done, dropped"]);
    check(book.run(&["close", good, "--as-of", "2026-01-01"]), 2, &["--as-of"]);
    check(book.run(&["close", good, "--format", "sarif"]), 2, &["sarif"]);
    check(book.run(&["correct", good]), 2, &["--same-as", "--owner"]);
    check(book.run(&["correct", good, "--not-an-action", "--owner", "mira"]), 2, &["cannot be used"]);
    check(book.run(&["correct", good, "--same-as", good]), 1, &["one action already"]);
    check(book.run(&["close", good, "--note", &"x".repeat(5000)]), 1, &["longer than"]);
    check(book.run(&["close", good, "--by", "a\nb"]), 1, &["nobody's name"]);
    check(book.piped(&["close", "-"], "\n"), 2, &["--format jsonl"]);
    check(book.piped(&["close", "-"], "{\"text\":\"x\"}\n"), 1, &["line 1", "\"id\""]);
    check(book.piped(&["close"], &format!("{good}\nnope\n")), 1, &["nope"]);
}

#[test]
fn many_are_closed_through_a_pipe() {
    let book = Book::new();
    let list = stdout(&book.run(&["actions", "--format", "jsonl"]));
    let count = list.lines().count();
    assert!(count > 2, "{list}");
    let output = book.piped(&["close", "-", "--as", "dropped", "--format", "jsonl"], &list);
    assert_eq!(stdout(&output).lines().count(), count);
    assert_eq!(book.ledger().lines().count(), count);
    assert!(book.actions("open").is_empty());
    let dropped = book.actions("dropped").into_iter();
    let dropped = dropped.filter(|a| a["ledger"].as_array().is_some_and(|said| !said.is_empty()));
    let back = dropped.map(|a| format!("{} {}\n", id(&a), a["text"])).collect::<String>();
    let output = book.piped(&["reopen"], &back);
    assert!(output.status.success(), "{}", stderr(&output));
    assert_eq!(book.actions("open").len(), count);
}

#[test]
fn who_says_it_is_looked_for_in_that_order() {
    let book = Book::new();
    let action = id(&book.actions("open")[0]).to_owned();
    let home = book.folder.path().join("home");
    fs::create_dir(&home).expect("a folder");
    let by = |args: &[&str], variables: &[(&str, &str)]| {
        let mut command = minutebook();
        command.args(["correct", &action, "--note", "x", "--format", "json"]).args(args);
        command.arg("--book").arg(&book.book).arg("--data").arg(book.data());
        command.env_remove("MINUTEBOOK_USER").env("HOME", &home).env_remove("XDG_CONFIG_HOME");
        command.env("GIT_CONFIG_NOSYSTEM", "1").env_remove("GIT_AUTHOR_NAME").env("USER", "harbour");
        command.envs(variables.iter().copied());
        let said: Value = serde_json::from_str(&stdout(&command.output().expect("runs"))).expect("JSON");
        said[0]["by"].as_str().expect("somebody").to_owned()
    };
    assert_eq!(by(&[], &[]), "harbour");
    fs::write(home.join(".gitconfig"), "[user]\n\temail = jo@example.org\n").expect("written");
    assert_eq!(by(&[], &[]), "jo@example.org");
    fs::write(home.join(".gitconfig"), "[user]\n\tname = Harbour Office\n\temail = jo@example.org\n").expect("written");
    assert_eq!(by(&[], &[]), "Harbour Office");
    assert_eq!(by(&[], &[("MINUTEBOOK_USER", "Priya")]), "priya-n");
    assert_eq!(by(&["--by", "lukas-brandt"], &[("MINUTEBOOK_USER", "Priya")]), "lukas-brandt");
}

#[test]
fn what_does_not_count_is_told_and_the_rest_counts() {
    let book = Book::new();
    let action = id(&book.actions("open")[0]).to_owned();
    book.json(&["close", &action]);
    let mut text = book.ledger();
    text.push_str("hand-edited {\n");
    text.push_str("{\"v\":9,\"verb\":\"sing\"}\n");
    text.push_str("{\"v\":1,\"id\":\"l9\",\"at\":\"2026-01-07T09:00:00Z\",\"by\":\"jo\",\"verb\":\"close\",\"action\":\"a0gone\"}\n");
    text.push_str("{\"v\":1,\"id\":\"l1");
    fs::write(book.book.join(".minutebook/ledger.jsonl"), &text).expect("written");
    assert_eq!(book.action(&action)["state"], "done");
    let report = book.json(&["check", "--only", "ledger-line,ledger-unknown-action"]);
    let told: Vec<String> = report["diagnostics"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|f| {
            format!(
                "{}:{} {} {}",
                f["path"].as_str().expect("a path"),
                f["line"],
                f["code"].as_str().expect("a code"),
                f["severity"].as_str().expect("one")
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ".minutebook/ledger.jsonl:2 ledger-line warning",
            ".minutebook/ledger.jsonl:3 ledger-line warning",
            ".minutebook/ledger.jsonl:4 ledger-unknown-action note",
            ".minutebook/ledger.jsonl:5 ledger-line warning",
        ]
    );
    assert_eq!(report["diagnostics"][0]["text"], "hand-edited {");
    let account = stdout(&book.run(&["index"]));
    assert!(account.contains("Ledger, line 2 does not count") && account.contains("line 5"), "{account}");
    assert!(stderr(&book.run(&["actions", "-v"])).contains("ledger.jsonl:5"), "each with -v");
    let told = stderr(&book.run(&["actions"]));
    assert!(told.contains("ledger.jsonl:2") && told.contains("(and 2 more)") && told.lines().count() == 1, "{told}");
    assert_eq!(stderr(&book.run(&["actions", "-q"])), "");
    // All of it stays when the next one writes.
    book.json(&["reopen", &action]);
    assert!(book.ledger().starts_with(&text) && book.ledger()[text.len()..].starts_with('\n'));
    assert_eq!(book.action(&action)["state"], "open");
    let only = book.run(&["check", "--only", "ledger-line", "--deny", "warnings"]);
    assert_eq!(only.status.code(), Some(1));
}

#[test]
fn the_api_writes_what_it_is_told_and_shows_it_at_once() {
    let book = Book::new();
    let server = Server::start(&book.book, &book.data());
    let open = server.json("/api/v1/actions");
    let (one, two) = (id(&open[0]).to_owned(), id(&open[1]).to_owned());
    let entry =
        json!({"verb": "close", "as": "dropped", "action": one, "note": "nobody missed it", "by": "lukas-brandt"});
    let (status, _, body) = server.post("/api/v1/ledger", &[JSON], &entry.to_string()).expect("an answer");
    assert_eq!(status, 201, "{body}");
    let said: Value = serde_json::from_str(&body).expect("JSON");
    assert_eq!(
        (&said[0]["state"], &said[0]["by"], &said[0]["line"]),
        (&json!("dropped"), &json!("lukas-brandt"), &json!(1))
    );
    assert_eq!(server.json(&format!("/api/v1/actions/{one}"))["state"], "dropped");
    // A list is written all or none.
    let list = json!([{"verb": "close", "action": two}, {"verb": "close", "action": "nope"}]);
    let (status, _, body) = server.post("/api/v1/ledger", &[JSON], &list.to_string()).expect("an answer");
    assert!(status == 404 && body.starts_with('{'), "{status} {body}");
    assert_eq!(book.ledger().lines().count(), 1);
    let list = json!([{"verb": "note", "action": two, "note": "half of it"}, {"verb": "owner", "action": two, "owners": ["Lukas Brandt"]}]);
    assert_eq!(server.post("/api/v1/ledger", &[JSON], &list.to_string()).expect("an answer").0, 201);
    assert_eq!(server.json(&format!("/api/v1/actions/{two}"))["owners"], json!(["lukas-brandt"]));
    let page = server.json("/api/v1/ledger");
    assert_eq!(page["entries"].as_array().map(Vec::len), Some(3));
    assert_eq!(page["entries"][1]["by"], "priya-n", "who runs the server");
    assert_eq!(server.json("/api/v1/ledger?as-of=2026-01-01")["entries"], json!([]));
    for (body, status, words) in [
        ("{", 400, "JSON"),
        ("[]", 400, "no action"),
        ("[1]", 400, "an object"),
        ("{\"verb\":\"close\"}", 400, "action"),
        ("{\"action\":\"a1\"}", 400, "verb"),
        (&*json!({"verb": "sing", "action": one}).to_string(), 400, "not-an-action"),
        (&*json!({"verb": "close", "as": "lost", "action": one}).to_string(), 400, "dropped"),
        (&*json!({"verb": "owner", "action": one}).to_string(), 400, "owners"),
        (&*json!({"verb": "note", "action": one}).to_string(), 400, "nothing"),
        (&*json!({"verb": "close", "action": one, "note": "x".repeat(300_000)}).to_string(), 413, "kB"),
    ] {
        let (got, _, answer) = server.post("/api/v1/ledger", &[JSON], body).expect("an answer");
        assert!(
            got == status && answer.contains(words) && answer.starts_with("{\"error\""),
            "{body:.80}: {got} {answer}"
        );
    }
    assert_eq!(book.ledger().lines().count(), 3);
}

#[test]
fn only_a_page_of_this_server_and_programs_may_write() {
    let book = Book::new();
    let server = Server::start(&book.book, &book.data());
    let action = id(&server.json("/api/v1/actions")[0]).to_owned();
    let entry = json!({"verb": "note", "action": action, "note": "x"}).to_string();
    let form = format!("verb=note&action={action}&note=x");
    let ours = format!("Origin: http://{}", server.address());
    for headers in [
        &["Host: evil.example"][..],
        &["Host: evil.example", "Origin: http://evil.example"],
        &["Origin: http://evil.example"],
        &["Origin: null"],
        &["Origin: http://localhost:1"],
        &["Sec-Fetch-Site: cross-site"],
        &["Sec-Fetch-Site: same-site"],
        &[&ours, "Sec-Fetch-Site: cross-site"],
        &["Host: localhost", "Host: evil.example"],
    ] {
        for (path, kind, body) in [("/api/v1/ledger", JSON, &entry), ("/ledger", FORM, &form)] {
            let headers = [headers, &[kind]].concat();
            let (status, _, answer) = server.post(path, &headers, body).expect("an answer");
            assert!(matches!(status, 403 | 400), "{path} {headers:?}: {status} {answer}");
        }
    }
    // A form cannot be made to look like JSON, nor JSON be sent where a form is read.
    for (path, kind, body) in [
        ("/api/v1/ledger", FORM, &form),
        ("/api/v1/ledger", "Content-Type: text/plain", &entry),
        ("/ledger", "Content-Type: text/plain", &form),
    ] {
        assert_eq!(server.post(path, &[kind], body).expect("an answer").0, 415, "{path} {kind}");
    }
    assert_eq!(server.post("/api/v1/ledger", &[], &entry).expect("an answer").0, 415);
    let (status, _) = server.get("/api/v1/ledger");
    assert_eq!((status, book.ledger().as_str()), (200, ""), "nothing was written");
    let port = server.address().rsplit(':').next().expect("a port");
    let localhost = (format!("Host: localhost:{port}"), format!("Origin: http://localhost:{port}"));
    for headers in [&[JSON][..], &[JSON, &ours, "Sec-Fetch-Site: same-origin"], &[JSON, &localhost.0, &localhost.1]] {
        assert_eq!(server.post("/api/v1/ledger", headers, &entry).expect("an answer").0, 201, "{headers:?}");
    }
    assert_eq!(book.ledger().lines().count(), 3);
}

#[test]
fn forms_write_and_lead_back() {
    let book = Book::new();
    let server = Server::start(&book.book, &book.data());
    let all = server.json("/api/v1/actions?owner=priya-n&state=open");
    let mine = id(&all[0]).to_owned();
    let (status, page) = server.get(&format!("/actions/{mine}"));
    assert!(status == 200 && page.contains("action=\"/ledger\"") && page.contains("value=\"not-an-action\""), "{page}");
    assert!(
        !server.get(&format!("/actions/{mine}?as-of=2026-11-20")).1.contains("action=\"/ledger\""),
        "the past is past"
    );
    let ours = format!("Origin: http://{}", server.address());
    let send = |body: &str| server.post("/ledger", &[FORM, &ours], body).expect("an answer");
    let (status, head, body) = send(&format!("verb=close&action={mine}&note=it+runs&by=Lukas+Brandt&as=done"));
    assert_eq!(status, 303, "{body}");
    assert!(head.to_lowercase().contains(&format!("location: /actions/{mine}")), "{head}");
    let cookie = head.lines().find_map(|l| l.strip_prefix("set-cookie: ")).expect("a cookie");
    assert!(cookie.starts_with("minutebook-by=Lukas%20Brandt;") && cookie.contains("SameSite=Strict"), "{cookie}");
    // The next page shows it, without waiting for the watcher.
    let (_, page) = server.get(&format!("/actions/{mine}"));
    assert!(page.contains("closed by @lukas-brandt") && page.contains("it runs") && page.contains("Reopen"), "{page}");
    // Who it was is remembered.
    let cookie = format!("Cookie: a=b; {}", cookie.split(';').next().expect("a pair"));
    let (status, ..) =
        server.post("/ledger", &[FORM, &cookie], &format!("verb=reopen&action={mine}")).expect("an answer");
    assert_eq!(status, 303);
    assert!(book.ledger().lines().last().expect("a line").contains("\"by\":\"lukas-brandt\""), "{}", book.ledger());
    // Many at once, from an owner's page and back to it.
    let open = server.json("/api/v1/actions");
    let ticked: Vec<String> =
        open.as_array().expect("a list").iter().take(3).map(|a| format!("action={}", id(a))).collect();
    let (_, head, _) = send(&format!("verb=close&back=%2Fpeople%2Fpriya-n&{}&as=dropped&note=&by=", ticked.join("&")));
    assert!(head.to_lowercase().contains("location: /people/priya-n"), "{head}");
    assert_eq!(
        server
            .json("/api/v1/actions?state=dropped")
            .as_array()
            .expect("a list")
            .iter()
            .filter(|a| a["reason"].as_str().expect("one").contains("in the ledger"))
            .count(),
        ticked.len()
    );
    let (_, head, _) = send(&format!("verb=reopen&{}&back=%2F%2Fevil.example", ticked[0]));
    assert!(head.to_lowercase().contains("location: /actions/"), "{head}");
    let (status, _, page) = send("verb=close&as=done");
    assert!(status == 400 && page.contains("Tick an action first") && !page.contains("Try again"), "{page}");
    // What was typed is not lost.
    let (status, _, page) = send(&format!("verb=same-as&action={mine}&other=a0gone&note=both+ask+%22why%22&by=Lukas"));
    assert!(status == 404 && page.contains("name=\"other\" value=\"a0gone\"") && page.contains("Try again"), "{page}");
    assert!(page.contains("both ask &quot;why&quot;") && page.contains(&format!("href=\"/actions/{mine}\"")), "{page}");
    // What is no action says so, and how to take it back.
    send(&format!("verb=not-an-action&{}", ticked[0]));
    let gone = ticked[0].trim_start_matches("action=");
    let (status, page) = server.get(&format!("/actions/{gone}"));
    assert!(status == 404 && page.contains("said to be no action") && page.contains("It is one"), "{page}");
    let (status, body) = server.get(&format!("/api/v1/actions/{gone}"));
    assert!(status == 404 && body.contains("said to be no action"), "{body}");
    let (status, page) = server.get("/ledger");
    assert!(status == 200 && page.contains("it runs") && page.contains("said to be no action"), "{page}");
    let evil = send(&format!("verb=note&action={mine}&note=%3Cscript%3Ealert(1)%3C%2Fscript%3E&by=%3Cb%3E"));
    assert_eq!(evil.0, 303);
    assert!(
        !server.get("/ledger").1.contains("<script>alert")
            && !server.get(&format!("/actions/{mine}")).1.contains("<script>alert")
    );
}

#[test]
fn another_ones_entries_show_without_a_restart() {
    let book = Book::new();
    let server = Server::start(&book.book, &book.data());
    let action = id(&server.json("/api/v1/actions")[0]).to_owned();
    // From the command line, into a folder that is new; then in an editor; then by a checkout.
    book.json(&["close", &action]);
    let state = |wanted: &'static str| {
        let path = format!("/api/v1/actions/{action}");
        move |s: &Server| s.json(&path)["state"] == wanted
    };
    server.until("the close", state("done"));
    let path = book.book.join(".minutebook/ledger.jsonl");
    let edited = book.ledger().replace("\"done\"", "\"dropped\"");
    fs::write(&path, &edited).expect("written");
    server.until("the edit", state("dropped"));
    fs::write(book.folder.path().join("other"), "").expect("written");
    fs::rename(book.folder.path().join("other"), &path).expect("renamed");
    server.until("the checkout", state("open"));
    fs::remove_dir_all(book.book.join(".minutebook")).expect("removed");
    assert_eq!(
        server
            .post("/api/v1/ledger", &[JSON], &json!({"verb": "drop", "action": action}).to_string())
            .expect("an answer")
            .0,
        201
    );
    server.until("the drop", state("dropped"));
}

#[cfg(unix)]
#[test]
fn a_book_that_may_not_be_written_says_what_to_do() {
    use std::os::unix::fs::PermissionsExt;
    use std::os::unix::process::CommandExt;
    let book = Book::new();
    let action = id(&book.actions("open")[0]).to_owned();
    let rights = |path: &Path, mode: u32| fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("set");
    rights(&book.book, 0o555);
    let probe = book.book.join("probe");
    let mut command = minutebook();
    // Whom no rights hold back becomes somebody whom they do.
    if fs::write(&probe, "").is_ok() {
        fs::remove_file(&probe).expect("removed");
        rights(book.folder.path(), 0o755);
        let program = book.folder.path().join("minutebook");
        // By a process of its own: a program that this one has open for writing, if only in a fork of another test, cannot
        // be run.
        let copied = std::process::Command::new("cp").arg(env!("CARGO_BIN_EXE_minutebook")).arg(&program).status();
        assert!(copied.is_ok_and(|status| status.success()));
        rights(&program, 0o755);
        command = std::process::Command::new(program);
        command.uid(65534).gid(65534).env("MINUTEBOOK_USER", "priya-n");
    }
    let open = book.folder.path().join("their-data");
    fs::create_dir(&open).expect("a folder");
    rights(&open, 0o777);
    let output =
        command.args(["close", &action]).arg("--book").arg(&book.book).arg("--data").arg(&open).output().expect("runs");
    rights(&book.book, 0o755);
    assert_eq!(output.status.code(), Some(1));
    for words in [".minutebook", "nothing was written", "Get the right to write there", "clone"] {
        assert!(stderr(&output).contains(words), "{words:?} is not in {}", stderr(&output));
    }
    assert_eq!(book.ledger(), "");
}
