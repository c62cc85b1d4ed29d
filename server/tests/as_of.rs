//! The book as of a commit: a real repository with a history, asked by command and over HTTP.

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use common::{Server, minutebook, run, stderr, stdout};
use serde_json::Value;
use tempfile::TempDir;

/// A git repository whose folder `minutes` is a book.
struct Repository {
    folder: TempDir,
}

impl Repository {
    fn new() -> Self {
        let new = Self { folder: tempfile::tempdir().expect("a folder") };
        fs::create_dir_all(new.book().join("platform")).expect("a folder");
        new.git("", &["init", "--quiet", "--initial-branch", "main"]);
        new
    }

    fn root(&self) -> PathBuf {
        self.folder.path().join("repository")
    }

    fn book(&self) -> PathBuf {
        self.root().join("minutes")
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Runs git at a time, and returns what it printed.
    fn git(&self, at: &str, args: &[&str]) -> String {
        let output = Command::new("git")
            .args(["-c", "core.autocrlf=false"])
            .args(args)
            .current_dir(self.root())
            .envs([("GIT_CONFIG_GLOBAL", "/dev/null"), ("GIT_CONFIG_NOSYSTEM", "1")])
            .envs([("GIT_AUTHOR_NAME", "Mira Holt"), ("GIT_AUTHOR_EMAIL", "mira@example.org")])
            .envs([("GIT_COMMITTER_NAME", "Mira Holt"), ("GIT_COMMITTER_EMAIL", "mira@example.org")])
            .envs([("GIT_AUTHOR_DATE", "2001-01-01T00:00:00Z"), ("GIT_COMMITTER_DATE", at)])
            .output()
            .expect("git is there");
        assert!(output.status.success(), "{args:?}: {}", stderr(&output));
        String::from_utf8(output.stdout).expect("UTF-8").trim().to_owned()
    }

    fn put(&self, path: &str, text: &str) {
        let path = self.book().join(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, text).expect("written");
    }

    /// Commits all there is, and returns the hash.
    fn commit(&self, at: &str, tag: &str) -> String {
        self.git(at, &["add", "--all"]);
        self.git(at, &["commit", "--quiet", "--message", tag]);
        self.git(at, &["tag", tag]);
        self.git(at, &["rev-parse", "HEAD"])
    }

    fn run(&self, args: &[&str]) -> Output {
        run(&self.book(), &self.data(), args)
    }

    fn json(&self, args: &[&str]) -> Value {
        serde_json::from_str(&stdout(&self.run(&[args, &["--format", "json"]].concat()))).expect("JSON")
    }

    fn actions(&self, as_of: &str) -> Vec<String> {
        told(&self.json(&["actions", "--state", "any", "--as-of", as_of]))
    }

    fn decisions(&self, as_of: &str) -> Vec<String> {
        let all = self.json(&["decisions", "--as-of", as_of]);
        all.as_array().expect("a list").iter().map(|d| format!("{} {}", text(d, "path"), text(d, "text"))).collect()
    }

    /// The pending actions on the next agenda.
    fn agenda(&self, as_of: &str) -> Vec<String> {
        pending(&self.json(&["agenda", "platform", "--as-of", as_of]))
    }

    /// Six commits. Each tag is a word of what it does.
    fn with_history() -> Self {
        let it = Self::new();
        fs::write(it.root().join("README.md"), "# Quayside\n").expect("written");
        fs::remove_dir_all(it.book()).expect("removed");
        it.commit("2026-01-02T12:00:00Z", "bare");
        it.put(
            "platform/20260106.md",
            "# Platform 2026-01-06\n## Participants\n- @mira\n- @jonas-eide\n- @priya-n\n\n## Tide gauge\n\
             - AI @mira: order the tide gauge\n- AI @jonas-eide: write to the harbour office\n- OWED @priya-n: a plan of the north pier\n",
        );
        // Still the 7th where it was committed.
        it.commit("2026-01-07T23:30:00-0800", "raised");
        it.put(
            "platform/20260113.md",
            "# Platform 2026-01-13\n## Participants\n- @mira\n- @jonas-eide\n\n## Tide gauge\n\
             - Decision: the tide gauge goes to the north pier\n- [x] AI @mira: order the tide gauge\n",
        );
        it.commit("2026-01-14T09:00:00Z", "closed");
        it.git("", &["mv", "minutes/platform/20260113.md", "minutes/platform/2026-01-13.md"]);
        it.commit("2026-01-15T09:00:00Z", "renamed");
        let all = it.json(&["actions", "--state", "any", "--as-of", "renamed"]);
        let harbour = all.as_array().expect("a list").iter().find(|a| text(a, "text").contains("harbour"));
        let id = text(harbour.expect("the action"), "id").to_owned();
        it.put(".minutebook/ledger.jsonl", &format!("{{\"v\":1,\"id\":\"l1\",\"at\":\"2026-01-19T10:00:00Z\",\"by\":\"jonas-eide\",\"verb\":\"close\",\"as\":\"done\",\"action\":\"{id}\"}}\n"));
        it.commit("2026-01-20T09:00:00Z", "ledger");
        it.put("minutebook.toml", "[actions]\nmarkers = [\"OWED\"]\n");
        it.commit("2026-02-03T09:00:00Z", "conventions");
        it
    }

    /// What is in no commit.
    fn uncommitted(&self) {
        self.put(
            "platform/20260210.md",
            "# Platform 2026-02-10\n- AI @mira: paint the pilot boat\n- Decision: the pilot boat is blue\n",
        );
        self.put("platform/20260106.md", "# Platform 2026-01-06\n- AI @lukas: nothing of the kind\n");
        self.put("minutebook.toml", "this is no TOML");
        fs::remove_file(self.book().join(".minutebook/ledger.jsonl")).expect("removed");
    }
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

fn told(actions: &Value) -> Vec<String> {
    let one = |a: &Value| {
        format!(
            "{} {} {} d: {}",
            text(a, "state"),
            a["owners"][0].as_str().unwrap_or("nobody"),
            a["age_days"],
            text(a, "text")
        )
    };
    let mut all: Vec<String> = actions.as_array().expect("a list").iter().map(one).collect();
    all.sort();
    all
}

fn pending(agenda: &Value) -> Vec<String> {
    let items = agenda["items"].as_array().expect("a list").iter().filter(|i| i["kind"] == "pending");
    items.map(|i| text(i, "text").to_owned()).collect()
}

#[test]
fn each_commit_knows_what_was_in_it_and_nothing_later() {
    let it = Repository::with_history();
    let check = |as_of: &str, actions: &[&str], decisions: &[&str], agenda: &[&str]| {
        assert_eq!(it.actions(as_of), actions, "actions as of {as_of}");
        assert_eq!(it.decisions(as_of), decisions, "decisions as of {as_of}");
        assert_eq!(it.agenda(as_of), agenda, "the agenda as of {as_of}");
    };
    let all = || {
        check(
            "raised",
            &["open jonas-eide 1 d: write to the harbour office", "open mira 1 d: order the tide gauge"],
            &[],
            &["order the tide gauge", "write to the harbour office"],
        );
        let closed = ["done mira 7 d: order the tide gauge", "open jonas-eide 8 d: write to the harbour office"];
        check(
            "closed",
            &closed,
            &["platform/20260113.md the tide gauge goes to the north pier"],
            &["write to the harbour office"],
        );
        let decided = ["platform/2026-01-13.md the tide gauge goes to the north pier"];
        let renamed = ["done mira 7 d: order the tide gauge", "open jonas-eide 9 d: write to the harbour office"];
        check("renamed", &renamed, &decided, &["write to the harbour office"]);
        let ledger = ["done jonas-eide 13 d: write to the harbour office", "done mira 7 d: order the tide gauge"];
        check("ledger", &ledger, &decided, &[]);
        let conventions = [
            "done jonas-eide 13 d: write to the harbour office",
            "done mira 7 d: order the tide gauge",
            "open priya-n 28 d: a plan of the north pier",
        ];
        check("conventions", &conventions, &decided, &["a plan of the north pier"]);
    };
    // Before there is an index, with one, and with a book that has changed since.
    all();
    assert!(!it.data().exists(), "an index was written");
    stdout(&it.run(&["index"]));
    let index = |folder: &Path| {
        let names = |f: PathBuf| {
            fs::read_dir(f)
                .expect("a folder")
                .map(|e| e.expect("an entry").file_name())
                .collect::<std::collections::BTreeSet<_>>()
        };
        (names(folder.join("facts")), names(folder.join("text")))
    };
    let before = index(&it.data());
    all();
    it.uncommitted();
    all();
    assert_eq!(index(&it.data()), before, "the index was changed");
    // A damaged index helps nobody, and harms nobody.
    for name in &before.0 {
        fs::write(it.data().join("facts").join(name), "x").expect("written");
    }
    all();
}

#[test]
fn ids_are_the_same_in_every_commit() {
    let it = Repository::with_history();
    let ids = |args: &[&str]| -> Vec<(String, String)> {
        let of = |a: &Value| (text(a, "text").to_owned(), text(a, "id").to_owned());
        it.json(args).as_array().expect("a list").iter().map(of).collect()
    };
    let now = [ids(&["actions", "--state", "any"]), ids(&["decisions"])].concat();
    assert_eq!(now.len(), 4);
    for tag in ["raised", "closed", "renamed", "ledger", "conventions"] {
        for then in [ids(&["actions", "--state", "any", "--as-of", tag]), ids(&["decisions", "--as-of", tag])].concat()
        {
            assert!(now.contains(&then), "{then:?} as of {tag}, but {now:?}");
        }
    }
}

#[test]
fn all_views_answer_as_of_a_commit() {
    let it = Repository::with_history();
    it.uncommitted();
    let says = |args: &[&str], words: &[&str], not: &str| {
        let out = stdout(&it.run(&[args, &["--as-of", "closed"]].concat()));
        words.iter().for_each(|w| assert!(out.contains(w), "{args:?}: {w:?} is missing in {out}"));
        assert!(not.is_empty() || !out.contains(not), "{args:?}: {not:?} stands in {out}");
    };
    says(&["people"], &["jonas-eide", "mira"], "lukas");
    says(&["person", "jonas-eide"], &["write to the harbour", "2 of 2"], "");
    says(&["series"], &["platform", "2026-01-13"], "2026-02-10");
    says(&["series", "platform"], &["2 meetings"], "pilot boat");
    says(&["meeting", "platform/20260113.md"], &["decision the tide gauge"], "");
    says(&["issue"], &["No issues"], "");
    says(&["check"], &["in 2 files"], "");
    let id = text(&it.json(&["decisions", "--as-of", "closed"])[0], "id").to_owned();
    says(&["explain", &id], &["Decision: the tide gauge goes to the north pier"], "");
}

#[test]
fn a_commit_has_many_names_and_a_day_is_a_day() {
    let it = Repository::with_history();
    let hash = it.git("", &["rev-parse", "renamed"]);
    it.git("", &["tag", "--annotate", "--message", "x", "release/1", "renamed"]);
    it.git("", &["branch", "feature/x", "renamed"]);
    let renamed = it.actions("renamed");
    for name in
        [&hash, &hash[..8], "release/1", "feature/x", "HEAD~2", "main^^", "refs/tags/renamed", "HEAD^{/renamed}"]
    {
        assert_eq!(it.actions(name), renamed, "{name}");
    }
    // The branch is called as a day: the day it is, and the book that of now.
    it.git("", &["branch", "2026-02-10", "raised"]);
    it.put("platform/20260210.md", "# Platform 2026-02-10\n- AI @mira: paint the pilot boat\n");
    assert!(it.actions("2026-02-10").iter().any(|a| a.contains("pilot boat")));
    assert_eq!(it.actions("refs/heads/2026-02-10"), it.actions("raised"));
    assert_eq!(
        it.actions("2026-01-08"),
        [
            "open jonas-eide 2 d: write to the harbour office",
            "open mira 2 d: order the tide gauge",
            "open priya-n 2 d: a plan of the north pier"
        ]
    );
}

#[test]
fn permalinks_lead_to_that_commit() {
    let it = Repository::with_history();
    it.git("", &["remote", "add", "origin", "https://github.com/quayside/minutes.git"]);
    let hash = it.git("", &["rev-parse", "closed"]);
    let decision = &it.json(&["decisions", "--as-of", "closed"])[0];
    assert_eq!(
        text(decision, "permalink"),
        format!("https://github.com/quayside/minutes/blob/{hash}/minutes/platform/20260113.md#L7")
    );
}

#[test]
fn other_conventions_can_be_named() {
    let it = Repository::with_history();
    let config = it.folder.path().join("own.toml");
    fs::write(&config, "[actions]\nmarkers = [\"OWED\"]\n").expect("written");
    let config = config.to_str().expect("UTF-8");
    let all = it.json(&["actions", "--as-of", "raised", "--config", config]);
    assert_eq!(all.as_array().expect("a list").len(), 3);
}

#[test]
fn what_is_wrong_is_told() {
    let it = Repository::with_history();
    let check = |output: &Output, code: i32, words: &[&str]| {
        assert_eq!(output.status.code(), Some(code), "{}", stderr(output));
        assert!(output.stdout.is_empty());
        words.iter().for_each(|w| assert!(stderr(output).contains(w), "{w:?} is missing in {}", stderr(output)));
    };
    let hash = "0123456789012345678901234567890123456789";
    for name in ["soon", "HEAD~9", hash, "v1..main", "raised^{tree}", "HEAD^!", "2026-02-31"] {
        check(&it.run(&["actions", "--as-of", name]), 2, &["--as-of", &format!("{name:?}"), "no commit", "2026-03-01"]);
    }
    for name in
        ["--as-of=", "--as-of=-x", "--as-of=--output=x", "--as-of=HEAD:minutes", "--as-of=:/raised", "--as-of=a\nb"]
    {
        check(&it.run(&["actions", name]), 2, &["neither a day", "2026-03-01"]);
    }
    check(
        &it.run(&["actions", "--as-of", "bare"]),
        1,
        &["\"minutes\"", "no such book then", &it.git("", &["rev-parse", "bare"])[..10]],
    );
    for args in [&["search", "gauge"][..], &["index"], &["init"], &["extract", "x.md"]] {
        check(&it.run(&[args, &["--as-of", "raised"]].concat()), 2, &[args[0], "knows no commits"]);
    }
    check(&it.run(&["close", "a1", "--as-of", "raised"]), 2, &["--as-of"]);
    let serve = minutebook().args(["serve", "--as-of", "raised", "--book"]).arg(it.book()).output().expect("runs");
    check(&serve, 2, &["?as-of="]);
    // Not a repository, and no folder.
    let plain = it.folder.path().join("plain");
    fs::create_dir(&plain).expect("a folder");
    check(&run(&plain, &it.data(), &["actions", "--as-of", "main"]), 2, &["\"main\"", "no git repository"]);
    check(&run(&plain.join("x"), &it.data(), &["actions", "--as-of", "main"]), 1, &["no such folder"]);
    // Conventions that were wrong then.
    it.put("minutebook.toml", "[actions]\nmarks = []\n");
    it.commit("2026-02-04T09:00:00Z", "wrong");
    it.put("minutebook.toml", "");
    check(&it.run(&["actions", "--as-of", "wrong"]), 1, &["minutebook.toml of commit", "marks", "--config"]);
    assert!(
        it.run(
            &["actions", "--as-of", "wrong", "--config"]
                .iter()
                .copied()
                .chain([it.book().join("minutebook.toml").to_str().expect("UTF-8")])
                .collect::<Vec<_>>()
        )
        .status
        .success()
    );
    // A clone that holds only the last.
    let (shallow, from) = (it.folder.path().join("shallow"), format!("file://{}", it.root().display()));
    it.git("", &["clone", "--quiet", "--depth", "1", "--no-tags", &from, shallow.to_str().expect("UTF-8")]);
    let then = run(&shallow.join("minutes"), &it.data(), &["actions", "--as-of", "HEAD~1"]);
    check(&then, 2, &["no commit", "shallow clone"]);
    // No commit yet.
    it.git("", &["symbolic-ref", "HEAD", "refs/heads/unborn"]);
    check(&it.run(&["actions", "--as-of", "HEAD"]), 2, &["no commit"]);
}

#[test]
fn over_http() {
    let it = Repository::with_history();
    it.git("", &["branch", "feature/x", "closed"]);
    let server = Server::start(&it.book(), &it.data());
    let tags = ["raised", "closed", "renamed", "ledger", "conventions"];
    // More of them than are kept, and twice.
    for tag in tags.iter().chain(tags.iter().rev()).chain(&["HEAD~3", "feature%2Fx"]) {
        let name = tag.replace("%2F", "/");
        assert_eq!(told(&server.json(&format!("/api/v1/actions?state=any&as-of={tag}"))), it.actions(&name), "{tag}");
        assert_eq!(
            pending(&server.json(&format!("/api/v1/series/platform/agenda?as-of={tag}"))),
            it.agenda(&name),
            "{tag}"
        );
        let decisions = server.json(&format!("/api/v1/decisions?as-of={tag}"));
        assert_eq!(decisions.as_array().expect("a list").len(), it.decisions(&name).len(), "{tag}");
        assert_eq!(
            server.json(&format!("/api/v1/people?as-of={tag}")),
            it.json(&["people", "--as-of", &name]),
            "{tag}"
        );
    }
    // Pages: that day's text under that day's path, no forms, and filters that stay with the commit.
    let hash = it.git("", &["rev-parse", "closed"]);
    let (status, body) = server.get("/meetings/platform/20260113.md?as-of=closed");
    assert!(status == 200 && body.contains("goes to the north pier"), "{body}");
    assert_eq!(server.get("/meetings/platform/20260113.md").0, 404);
    let (_, body) = server.get("/actions?as-of=closed");
    assert!(body.contains(&format!("as of commit <code>{}</code> of 2026-01-14", &hash[..10])), "{body}");
    assert!(body.contains(&format!("name=\"as-of\" value=\"{hash}\"")), "{body}");
    let id = text(&server.json("/api/v1/actions?as-of=closed")[0], "id").to_owned();
    assert!(!server.get(&format!("/actions/{id}?as-of=closed")).1.contains("action=\"/ledger\""));
    assert_eq!(server.get("/explain?path=platform/20260113.md&line=7&as-of=closed").0, 200);
    assert_eq!(server.get("/?as-of=closed").0, 200);
    // What is wrong.
    for (name, status) in [
        ("soon", 400),
        ("-x", 400),
        ("--exec=touch+x", 400),
        ("HEAD:minutes", 400),
        ("a%0Ab", 400),
        ("%24(touch+x)", 400),
        ("bare", 404),
    ] {
        for page in ["/api/v1/actions", "/api/v1/decisions", "/api/v1/series/platform/agenda", "/actions"] {
            let (told, body) = server.get(&format!("{page}?as-of={name}"));
            assert!(told == status && body.to_lowercase().contains("as-of: "), "{page} {name}: {told} {body}");
            assert!(
                !body.contains(it.folder.path().to_str().expect("UTF-8")),
                "{page} {name} tells a path of the server: {body}"
            );
        }
    }
    let (status, body) = server.get("/api/v1/search?q=gauge&as-of=closed");
    assert!(status == 400 && body.contains("days, not commits"), "{body}");
    assert_eq!(server.get("/search?q=gauge&as-of=closed").0, 400);
    // A commit that came later is there at once; the book of now is not in it.
    it.put("platform/20260210.md", "# Platform 2026-02-10\n- AI @mira: paint the pilot boat\n");
    it.commit("2026-02-11T09:00:00Z", "later");
    it.put("platform/20260217.md", "# Platform 2026-02-17\n- AI @mira: paint the buoy\n");
    server.until("the uncommitted minutes", |s| {
        told(&s.json("/api/v1/actions?state=any")).iter().any(|a| a.contains("buoy"))
    });
    let then = told(&server.json("/api/v1/actions?state=any&as-of=HEAD"));
    assert!(
        then.iter().any(|a| a.contains("open mira 1 d: paint the pilot boat"))
            && !then.iter().any(|a| a.contains("buoy")),
        "{then:?}"
    );
}
