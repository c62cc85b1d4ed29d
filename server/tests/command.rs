//! The command line on the sample book: answers, formats, errors and exit codes.

mod common;

use std::fs;

use common::{copy, minutebook, run, sample, stderr, stdout};
use serde_json::Value;

fn data() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|l| serde_json::from_str(l).expect("JSON")).collect()
}

#[test]
fn index_accounts_for_every_file() {
    let data = data();
    let first = stdout(&run(&sample(), data.path(), &["index", "--format", "json"]));
    let account: Value = serde_json::from_str(&first).expect("JSON");
    let on_disk = walk(&sample());
    let read = account["read"].as_u64().expect("a number") as usize;
    let skipped = account["skipped"].as_array().expect("a list");
    assert_eq!(read + skipped.len(), on_disk, "{first}");
    assert!(skipped.iter().all(|s| !s["reason"].as_str().expect("a reason").is_empty()));
    assert!(account["meetings"].as_u64().expect("a number") >= 40);
    // The second time nothing is read.
    let second: Value =
        serde_json::from_str(&stdout(&run(&sample(), data.path(), &["index", "--format", "json"]))).expect("JSON");
    assert_eq!((second["read"].as_u64(), second["kept"].as_u64()), (Some(0), account["read"].as_u64()));
}

fn walk(folder: &std::path::Path) -> usize {
    fs::read_dir(folder)
        .expect("readable")
        .map(|e| e.expect("an entry"))
        .map(|e| if e.file_type().expect("a type").is_dir() { walk(&e.path()) } else { 1 })
        .sum()
}

#[test]
fn the_three_answers() {
    let data = data();
    let found = lines(&stdout(&run(
        &sample(),
        data.path(),
        &["search", "--format", "jsonl", "PostgreSQL tide cache kind:decision"],
    )));
    assert!(found.iter().any(|h| h["path"] == "community-call/2026/Q1/2026-01-22--community.md"), "{found:?}");
    let todo = lines(&stdout(&run(
        &sample(),
        data.path(),
        &["actions", "--owner", "Priya", "--as-of", "2026-11-03", "--format", "jsonl"],
    )));
    assert!(
        !todo.is_empty() && todo.iter().all(|a| a["owners"].as_array().expect("a list").iter().any(|o| o == "priya-n")),
        "{todo:?}"
    );
    let draft = stdout(&run(&sample(), data.path(), &["agenda", "platform", "--as-of", "2026-11-16"]));
    assert!(draft.starts_with("# 2026-12-01\n") && draft.contains("AI @"), "{draft}");
}

#[test]
fn an_action_carries_its_history_and_answers_to_each_mention() {
    let data = data();
    let all = lines(&stdout(&run(
        &sample(),
        data.path(),
        &["actions", "--state", "any", "--series", "platform", "--format", "jsonl"],
    )));
    let carried = all.iter().filter(|a| a["carries"].as_u64() >= Some(5)).count();
    assert!(carried >= 2, "{carried} actions were carried five times");
    let runbook = all
        .iter()
        .find(|a| a["mentions"][0]["path"] == "platform/20251118.md" && a["mentions"][0]["line"] == 52)
        .expect("the restore runbook");
    assert_eq!(runbook["state"], "done", "{runbook:#}");
    assert!(runbook["carries"].as_u64() >= Some(6), "{runbook:#}");
    for key in [
        "id",
        "reason",
        "evidence",
        "opened",
        "last_seen",
        "closed",
        "due",
        "age_days",
        "references",
        "permalink",
        "candidates",
    ] {
        assert!(runbook.get(key).is_some(), "{key} is missing");
    }
}

#[test]
fn as_of_knows_nothing_later() {
    let data = data();
    let then = lines(&stdout(&run(
        &sample(),
        data.path(),
        &["actions", "--state", "any", "--as-of", "2026-02-10", "--format", "jsonl"],
    )));
    assert!(!then.is_empty());
    for mention in then.iter().flat_map(|a| a["mentions"].as_array().expect("a list")) {
        assert!(mention["date"].as_str().expect("dated") <= "2026-02-10", "{mention}");
    }
    // The ids are those of today.
    let now = lines(&stdout(&run(&sample(), data.path(), &["actions", "--state", "any", "--format", "jsonl"])));
    for action in &then {
        assert!(now.iter().any(|a| a["id"] == action["id"]), "{} has another id later", action["text"]);
    }
}

#[test]
fn extract_needs_no_index_and_goes_on_after_a_file_that_cannot_be_read() {
    let folder = data();
    let good = folder.path().join("2026-01-13.md");
    fs::write(&good, "# 2026-01-13\n- AI @mira: ask the harbour office by Friday\n").expect("written");
    let output = minutebook()
        .args(["extract", "--format", "jsonl", "nowhere.md", "2026-01-13.md"])
        .current_dir(folder.path())
        .output()
        .expect("runs");
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("nowhere.md"));
    let meeting: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(meeting["actions"][0]["owners"][0], "mira");
    assert_eq!(meeting["actions"][0]["due"]["date"], "2026-01-16");
    assert_eq!(meeting["date"], "2026-01-13");
    assert!(meeting["participants"].as_array().is_some_and(Vec::is_empty), "absent lists are empty, not missing");
}

#[test]
fn every_list_has_every_format() {
    let data = data();
    for list in ["actions", "decisions", "people", "series", "issue"] {
        for format in ["table", "json", "jsonl", "csv", "md"] {
            let printed = stdout(&run(&sample(), data.path(), &[list, "--format", format]));
            assert!(!printed.trim().is_empty(), "{list} as {format}");
            assert!(!printed.contains('\u{1b}'), "{list} as {format} holds escape codes");
        }
    }
}

#[test]
fn errors_say_what_to_do_and_end_with_the_right_code() {
    let data = data();
    let check = |args: &[&str], code: i32, words: &[&str]| {
        let output = run(&sample(), data.path(), args);
        assert_eq!(output.status.code(), Some(code), "{args:?}: {}", stderr(&output));
        for word in words {
            assert!(stderr(&output).contains(word), "{args:?}: {word:?} is not in {}", stderr(&output));
        }
    };
    check(&["series", "platfrom"], 1, &["platfrom", "platform"]);
    check(&["person", "lukas-brand"], 1, &["lukas-brandt"]);
    check(&["meeting", "platform/20260211.md"], 1, &["platform/20260210.md"]);
    check(&["search", "state:lost"], 2, &["^", "open, done"]);
    check(&["actions", "--as-of", "soon"], 2, &["2026-03-01"]);
    check(&["actions", "--nonsense"], 2, &["--nonsense"]);
    check(&["agenda", "platform", "--date", "x"], 2, &["--date"]);
}

#[test]
fn bad_books_and_bad_configuration() {
    let folder = data();
    let check = |book: &str, words: &[&str]| {
        let output = run(&folder.path().join(book), &folder.path().join("data"), &["index"]);
        assert_eq!(output.status.code(), Some(1), "{book}");
        for word in words {
            assert!(stderr(&output).contains(word), "{book}: {word:?} is not in {}", stderr(&output));
        }
    };
    check("nowhere", &["no such folder"]);
    fs::write(folder.path().join("file"), "x").expect("written");
    check("file", &["is a file"]);
    fs::create_dir(folder.path().join("book")).expect("a folder");
    fs::write(folder.path().join("book/minutebook.toml"), "name = \"x\"\n[actions]\nmarkers = 3\n").expect("written");
    check("book", &["minutebook.toml", "line 3", "sequence"]);
    fs::create_dir(folder.path().join("empty")).expect("a folder");
    let output = run(&folder.path().join("empty"), &folder.path().join("data2"), &["index"]);
    assert!(stdout(&output).contains("No minutes here"));
}

#[test]
fn odd_files_are_read_or_named_and_hide_nothing() {
    let folder = data();
    let book = folder.path().join("book");
    fs::create_dir(&book).expect("a folder");
    let put = |name: &str, bytes: &[u8]| fs::write(book.join(name), bytes).expect("written");
    put("2026-01-05.md", b"# 2026-01-05\n- AI @mira: ask the harbour office\n");
    put("2026-01-06.md", b"# 2026-01-06\n- AI @j\xfcrgen: Gr\xfc\xdfe bestellen\n");
    put(
        "2026-01-07.md",
        &"# 2026-01-07\n- AI @jo: write the minutes\n".encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>(),
    );
    put("2026-01-08.md", "> ".repeat(10_000).as_bytes());
    put("2026-01-09.md", ("AI @jo: x ".repeat(100_000)).as_bytes());
    put("2026-01-10.md", &vec![b'a'; 5 << 20]);
    put("2026-01-11.md", b"\x00\x01\x02\x03PNG\x00\x00\xff\xfe\x80binary\x00\x99");
    let account: Value =
        serde_json::from_str(&stdout(&run(&book, &folder.path().join("data"), &["index", "--format", "json"])))
            .expect("JSON");
    assert_eq!(account["files"], 5, "{account:#}");
    let reasons: Vec<&str> = account["skipped"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|s| s["reason"].as_str().expect("a reason"))
        .collect();
    assert_eq!(reasons, ["larger than 4 MiB", "binary"]);
    let actions = lines(&stdout(&run(
        &book,
        &folder.path().join("data"),
        &["actions", "--format", "jsonl", "--as-of", "2026-01-20"],
    )));
    let texts: Vec<&str> = actions.iter().map(|a| a["text"].as_str().expect("text")).collect();
    assert!(
        texts.contains(&"ask the harbour office")
            && texts.contains(&"write the minutes")
            && texts.contains(&"Grüße bestellen"),
        "{texts:?}"
    );
}

#[test]
fn a_damaged_index_is_rebuilt_with_a_line_that_says_so() {
    let folder = data();
    let (book, index) = (folder.path().join("book"), folder.path().join("data"));
    copy(&sample(), &book);
    let wanted = stdout(&run(&book, &index, &["actions", "--state", "any", "--format", "jsonl"]));
    let some_file = |folder: &str| {
        fs::read_dir(index.join(folder))
            .expect("there")
            .map(|e| e.expect("an entry").path())
            .filter(|p| p.is_file())
            .max_by_key(|p| p.metadata().map_or(0, |m| m.len()))
            .expect("a file")
    };
    let damage: [(&str, &dyn Fn()); 4] = [
        ("a flipped byte in the facts", &|| {
            let path = some_file("facts");
            let mut bytes = fs::read(&path).expect("read");
            let middle = bytes.len() / 2;
            bytes[middle] ^= 0x55;
            fs::write(path, bytes).expect("written");
        }),
        ("a flipped byte in the text index", &|| {
            let path = some_file("text");
            let mut bytes = fs::read(&path).expect("read");
            let middle = bytes.len() / 2;
            bytes[middle] ^= 0x55;
            fs::write(path, bytes).expect("written");
        }),
        ("a deleted file", &|| fs::remove_file(some_file("text")).expect("removed")),
        ("nonsense for meta.json", &|| fs::write(index.join("text/meta.json"), "{").expect("written")),
    ];
    for (what, harm) in damage {
        harm();
        let output = run(&book, &index, &["actions", "--state", "any", "--format", "jsonl"]);
        assert_eq!(stdout(&output), wanted, "{what}");
        assert!(stderr(&output).contains("rebuilt"), "{what}: {}", stderr(&output));
        assert_eq!(stderr(&run(&book, &index, &["series"])), "", "{what}: said twice");
    }
}

#[test]
fn permalinks_lead_to_the_commit_and_only_where_it_holds_the_line() {
    let folder = data();
    let repository = folder.path().join("repository");
    copy(&sample(), &repository.join("minutes"));
    let git = |args: &[&str]| {
        let output = std::process::Command::new("git")
            .args(["-c", "user.name=T", "-c", "user.email=t@example.org", "-c", "init.defaultBranch=main"])
            .args(args)
            .current_dir(&repository)
            .output()
            .expect("git is installed");
        assert!(output.status.success(), "git {args:?}: {}", stderr(&output));
        String::from_utf8(output.stdout).expect("UTF-8").trim().to_owned()
    };
    git(&["init", "-q"]);
    git(&["remote", "add", "origin", "git@github.com:quayside/book.git"]);
    git(&["add", "-A"]);
    git(&["commit", "-qm", "Minutes of a year"]);
    let commit = git(&["rev-parse", "HEAD"]);
    let changed = repository.join("minutes/platform/20261103.md");
    fs::write(&changed, fs::read_to_string(&changed).expect("read") + "\n- AI @priya-n: paint the mast\n")
        .expect("written");
    let book = repository.join("minutes");
    let all =
        lines(&stdout(&run(&book, &folder.path().join("data"), &["actions", "--state", "any", "--format", "jsonl"])));
    let mentions: Vec<&Value> = all.iter().flat_map(|a| a["mentions"].as_array().expect("a list")).collect();
    let (uncommitted, committed): (Vec<&Value>, Vec<&Value>) =
        mentions.into_iter().partition(|m| m["path"] == "platform/20261103.md");
    assert!(!uncommitted.is_empty() && uncommitted.iter().all(|m| m["permalink"].is_null()));
    for m in committed {
        let path = m["path"].as_str().expect("a path");
        let wanted = format!("https://github.com/quayside/book/blob/{commit}/minutes/{path}#L{}", m["line"]);
        assert_eq!(m["permalink"], wanted.as_str());
    }
}

#[test]
fn handoffs_away_and_who() {
    let data = data();
    let ask = |args: &[&str]| run(&sample(), data.path(), args);
    let day = ["--as-of", "2026-11-20"];
    let lost = lines(&stdout(&ask(&[&["handoffs", "--state", "lost", "--format", "jsonl"], &day[..]].concat())));
    assert!(!lost.is_empty() && lost.iter().all(|h| h["state"] == "lost" && h["arrived"].is_null()), "{lost:?}");
    let csv = stdout(&ask(&[&["handoffs", "platform", "--format", "csv"], &day[..]].concat()));
    assert!(csv.starts_with("state,date,from,to,what,why,where\n") && csv.contains("platform"), "{csv}");
    let table = stdout(&ask(&[&["away", "priya-n", "--since", "2026-03-01"], &day[..]].concat()));
    assert!(table.contains("away since 2026-03-01"), "{table}");
    let team = ask(&["away", "Nordkai GmbH"]);
    assert!(team.status.code() == Some(2) && stderr(&team).contains("is a team"), "{}", stderr(&team));
    let nobody = ask(&["away", "priya-m"]);
    assert!(nobody.status.code() == Some(1) && stderr(&nobody).contains("priya-n"), "{}", stderr(&nobody));
    let who =
        lines(&stdout(&ask(&[&["who", "tide", "cache", "--limit", "2", "--format", "jsonl"], &day[..]].concat())));
    assert_eq!(who.len(), 2);
    assert!(who.iter().all(|p| !p["places"].as_array().expect("a list").is_empty()), "{who:?}");
    let commit = ask(&["who", "tide", "--as-of", "HEAD"]);
    assert_eq!(commit.status.code(), Some(2), "{}", stderr(&commit));
}

#[test]
fn search_sorts_points_at_mistakes_and_names_the_page_of_one_thing() {
    let data = data();
    let found = lines(&stdout(&run(&sample(), data.path(), &["search", "tide sort:date", "--format", "jsonl"])));
    let days: Vec<&str> = found.iter().filter_map(|h| h["date"].as_str()).collect();
    assert!(days.len() == 10 && days.is_sorted_by(|a, b| a >= b), "{days:?}");
    let output = run(&sample(), data.path(), &["search", "tide after:soon"]);
    let told = stderr(&output);
    assert!(output.status.code() == Some(2) && told.contains("\ntide after:soon\n           ^^^^ "), "{told}");
    // On standard error, so that programs still read hits.
    let output = run(&sample(), data.path(), &["search", "deploy#29", "--format", "jsonl", "--as-of", "2026-06-01"]);
    let told = stderr(&output);
    assert!(told.contains("minutebook issue quayside/deploy#29 --as-of 2026-06-01"), "{told}");
    assert!(!lines(&stdout(&output)).is_empty());
    let output = run(&sample(), data.path(), &["search", "@priya-n", "--quiet"]);
    assert!(stderr(&output).is_empty(), "{}", stderr(&output));
    let told = stdout(&run(&sample(), data.path(), &["search", "tide cahce postgres"]));
    assert!(told.contains("cahce stands nowhere; did you mean cache?"), "{told}");
    assert!(stdout(&run(&sample(), data.path(), &["search", "owner:"])).contains("Nothing is asked yet"));
}

#[test]
fn who_wants_no_hits_gets_the_number_of_all() {
    let data = data();
    let told = |args: &[&str]| stdout(&run(&sample(), data.path(), args));
    let json: Value = serde_json::from_str(&told(&["search", "tide", "--format", "json"])).expect("JSON");
    assert_eq!(told(&["search", "tide", "--limit", "0"]), format!("{} passages\n", json["total"]));
    let all = lines(&told(&["decisions", "--format", "jsonl"])).len();
    assert_eq!(told(&["decisions", "--limit", "0"]).trim(), format!("{all} decisions"));
}

#[test]
fn a_search_that_a_qualifier_leaves_empty_says_so() {
    let data = data();
    let told = |args: &[&str]| stdout(&run(&sample(), data.path(), args));
    let without: Value = serde_json::from_str(&told(&["search", "tide", "--format", "json"])).expect("JSON");
    let text = "tide on:2019";
    let found: Value = serde_json::from_str(&told(&["search", text, "--format", "json"])).expect("JSON");
    assert_eq!(found["total"], 0);
    assert_eq!(found["without"], serde_json::json!([{"qualifiers": ["on"], "total": without["total"]}]));
    let shown = told(&["search", text]);
    assert!(shown.contains(&format!("{} without on:2019", without["total"])), "{shown}");
}

/// Each command is told by its help which formats it writes, and says so of another.
#[test]
fn who_has_no_actions_may_be_somebody_else() {
    let data = data();
    let told = stdout(&run(&sample(), data.path(), &["actions", "--owner", "mira"]));
    assert!(told.contains("No such actions.") && told.contains("Did you mean MiraHolt ("), "{told}");
    let told = stdout(&run(&sample(), data.path(), &["actions", "--owner", "mira", "--format", "json"]));
    assert_eq!(told.trim(), "[]");
}

#[test]
fn a_shell_completes_commands() {
    let data = data();
    let script = data.path().join("minutebook.bash");
    fs::write(&script, stdout(&run(&sample(), data.path(), &["completions", "bash"]))).expect("written");
    let ask = "source \"$1\" && COMP_WORDS=(minutebook act) COMP_CWORD=1 && _minutebook minutebook act minutebook && echo \"${COMPREPLY[@]}\"";
    let told = std::process::Command::new("bash").args(["-c", ask, "bash"]).arg(&script).output().expect("bash");
    assert_eq!(String::from_utf8_lossy(&told.stdout).trim(), "actions", "{}", String::from_utf8_lossy(&told.stderr));
}

#[test]
fn help_tells_the_formats_that_a_command_writes() {
    let data = data();
    let all = ["table", "json", "jsonl", "csv", "md", "sarif", "github", "graphml"];
    let commands: [&[&str]; 16] = [
        &["search", "tide"],
        &["who", "tide"],
        &["actions"],
        &["agenda", "platform"],
        &["handoffs"],
        &["decisions"],
        &["people"],
        &["person", "priya-n"],
        &["away", "priya-n"],
        &["series"],
        &["meeting", "platform/20260210.md"],
        &["issue"],
        &["graph", "--recurring", "platform"],
        &["export"],
        &["check"],
        &["index"],
    ];
    for command in commands {
        let help = stdout(&run(&sample(), data.path(), &[command[0], "--help"]));
        let line = help.lines().find(|l| l.contains("How to print: ")).unwrap_or_else(|| panic!("{help}"));
        let told: Vec<&str> = line.split("How to print: ").nth(1).expect("formats").split(", ").collect();
        for format in all {
            let args: Vec<&str> = command.iter().copied().chain(["--format", format]).collect();
            let output = run(&sample(), data.path(), &args);
            // `check` ends with 1 where it finds something.
            let wrote = output.status.code() != Some(2);
            assert_eq!(wrote, told.contains(&format), "{args:?}: {line} {}", stderr(&output));
        }
    }
}

/// What a command ends with where nobody reads what it prints, and where nothing can be printed.
#[cfg(target_os = "linux")]
#[test]
fn who_reads_no_further_changes_no_verdict() {
    use std::process::Stdio;
    let folder = tempfile::tempdir().expect("a folder");
    let (book, data) = (folder.path().join("book"), folder.path().join("data"));
    copy(&sample(), &book);
    let code = |args: &[&str], out: Stdio, errors: Stdio| {
        let mut command = minutebook();
        command.args(args).arg("--book").arg(&book).arg("--data").arg(&data).stdout(out).stderr(errors);
        command.status().expect("runs").code()
    };
    let gone = || std::io::pipe().map(|(_, writes)| Stdio::from(writes)).expect("a pipe");
    let full = || Stdio::from(fs::File::options().write(true).open("/dev/full").expect("a device"));
    let wrong = code(&["check", "--deny", "notes"], Stdio::null(), Stdio::null());
    assert_eq!(wrong, Some(1));
    assert_eq!(code(&["check", "--deny", "notes"], gone(), Stdio::null()), wrong);
    assert_eq!(code(&["actions"], gone(), Stdio::null()), Some(0));
    assert_eq!(code(&["init", "--stdout"], gone(), Stdio::null()), Some(0));
    assert_eq!(code(&["init", "--force"], gone(), Stdio::null()), Some(0));
    assert_eq!(code(&["init", "--force"], full(), Stdio::null()), Some(1));
    assert_eq!(code(&["close", "nothing"], Stdio::null(), full()), Some(1));
}
