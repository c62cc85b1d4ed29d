//! `minutebook check`: what is told of a book made for it, in each format, and how it is switched.

mod common;

use std::fs;
use std::path::Path;
use std::process::Output;

use common::{copy, minutebook, run, sample, stderr, stdout};
use serde_json::Value;

/// A book with one thing to mend of each kind.
fn book(folder: &Path) -> std::path::PathBuf {
    let book = folder.join("book");
    let put = |path: &str, text: &[u8]| {
        let path = book.join(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, text).expect("written");
    };
    let people = "## Participants\n- Mira Holt (@miraholt)\n- Anna Wendt (@anna-w)\n- Anna Kovacs (@akovacs)\n";
    for day in 5..=9 {
        let pending = "## Pending action items\n- AI @miraholt: ask the harbour office about the mooring fee\n";
        put(&format!("platform/2026-01-0{day}.md"), format!("# 2026-01-0{day}\n{people}\n{pending}").as_bytes());
    }
    put(
        "platform/2026-01-10.md",
        format!("# 2026-01-10\n{people}\n## Agenda\n- AI: renew the certificate of the tide API\n- AI @mirahlot: paint the mast, see #112\n- AI Anna: order the charts\n- Moderator: TBD\n").as_bytes(),
    );
    put("platform/2026-01-11.md", b"# 2206-01-11\n## Agenda\n- Decision: we keep the cache\n");
    put("platform/2026-01-12.md", format!("# 2026-01-05\n{people}\n- Decision: we keep the pier\n").as_bytes());
    put("board/2026-02-03.md", b"# 2026-02-03\n## Participants\n- @miraholt\n- @akovasc\n\n## Agenda\n- Gr\xfc\xdfe, see docs#17\n- Decision: the berths stay as they are until spring\n");
    let twice =
        b"# Board\n## Participants\n- @miraholt\n\n## Agenda\n- Decision: the crane is painted red in the summer\n";
    put("board/2026-02-17.md", twice);
    put("board/2026-02-24.md", twice);
    put("board/minutes.md", b"# Board\n## Participants\n- @miraholt\n\n- Decision: the north pier closes at dusk\n");
    put("board/2026-03-03.md", b"\x00\x01\x02PNG\x00\x00\xff\xfe\x80\x00\x99");
    book
}

fn checked(book: &Path, data: &Path, args: &[&str]) -> Output {
    run(book, data, &[&["check", "--as-of", "2026-03-10"], args].concat())
}

fn told(output: &Output) -> Vec<String> {
    let text = String::from_utf8(output.stdout.clone()).expect("UTF-8");
    let value: Value = serde_json::from_str(&text).unwrap_or_else(|e| panic!("{e}: {text}{}", stderr(output)));
    let list = value["diagnostics"].as_array().expect("a list");
    list.iter()
        .map(|f| {
            format!("{}:{} {}", f["path"].as_str().expect("a path"), f["line"], f["code"].as_str().expect("a code"))
        })
        .collect()
}

#[test]
fn each_code_is_told_where_it_stands() {
    let folder = tempfile::tempdir().expect("a folder");
    let book = book(folder.path());
    // Undated minutes are in no view as of a day.
    let output = run(&book, folder.path(), &["check", "--format", "json"]);
    let found = told(&output);
    for expected in [
        "board/2026-02-03.md:1 encoding",
        "board/2026-02-03.md:4 misspelt-person",
        "board/2026-02-03.md:7 unresolved-reference",
        "board/2026-02-24.md:1 filed-twice",
        "board/2026-03-03.md:1 unreadable",
        "board/minutes.md:1 no-date",
        "platform/2026-01-10.md:8 action-without-owner",
        "platform/2026-01-10.md:9 unknown-owner",
        "platform/2026-01-10.md:9 unresolved-reference",
        "platform/2026-01-10.md:10 ambiguous-person",
        "platform/2026-01-10.md:11 placeholder",
        "platform/2026-01-11.md:1 date-impossible",
        "platform/2026-01-11.md:1 no-participants",
        "platform/2026-01-12.md:1 date-mismatch",
    ] {
        assert!(found.contains(&expected.to_owned()), "{expected} is not in {found:#?}");
    }
    assert_eq!(found.len(), 14, "{found:#?}");
    assert_eq!(output.status.code(), Some(1));
    // Every code but one, which needs another number here.
    fs::write(book.join("minutebook.toml"), "[check]\ncarried = 3\n").expect("written");
    let often = told(&run(&book, folder.path(), &["check", "--format", "json", "--only", "carried-often"]));
    assert_eq!(often, ["platform/2026-01-09.md:8 carried-often"]);
}

#[test]
fn people_see_the_line_itself_and_what_to_do() {
    let folder = tempfile::tempdir().expect("a folder");
    let book = book(folder.path());
    let output = checked(&book, folder.path(), &["--only", "unknown-owner,encoding,date-impossible,ambiguous-person"]);
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    let expected = "\
warning[encoding]: read as windows-1252, not UTF-8. Save the file as UTF-8
 --> board/2026-02-03.md:1:1
  |
1 | # 2026-02-03
  | ^^^^^^^^^^^^
  |
  = help: save the file as UTF-8

warning[unknown-owner]: mirahlot is nobody's handle or name in this book
 --> platform/2026-01-10.md:9:7
  |
9 | - AI @mirahlot: paint the mast, see #112
  |       ^^^^^^^^
  |
  = help: did you mean miraholt? Else name the person under [[people.known]] in minutebook.toml

warning[ambiguous-person]: \"Anna\" may be akovacs or anna-w
  --> platform/2026-01-10.md:10:6
   |
10 | - AI Anna: order the charts
   |      ^^^^
   |
   = note: akovacs (Anna Kovacs) was last listed here: platform/2026-01-10.md:5
   = note: anna-w (Anna Wendt) was last listed here: platform/2026-01-10.md:4
   = help: write the handle or the full name, or give one of them this alias under [[people.known]] in minutebook.toml

error[date-impossible]: 2206-01-11 cannot be the day of a meeting, so the 2026-01-11 of the file's name is taken
 --> platform/2026-01-11.md:1:1
  |
1 | # 2206-01-11
  | ^^^^^^^^^^^^
  |
  = help: correct the day in the text

1 error, 3 warnings and 0 notes in 11 files with 11 meetings. What a code means: minutebook check --explain encoding
";
    assert_eq!(text, expected);
    let coloured = checked(&book, folder.path(), &["--color", "always"]);
    assert!(String::from_utf8_lossy(&coloured.stdout).contains("\u{1b}["));
}

#[test]
fn the_exit_code_says_whether_there_are_errors() {
    let folder = tempfile::tempdir().expect("a folder");
    let book = book(folder.path());
    let code = |args: &[&str]| checked(&book, folder.path(), args).status.code();
    assert_eq!(code(&[]), Some(1));
    assert_eq!(code(&["--only", "placeholder"]), Some(0));
    assert_eq!(code(&["--only", "placeholder", "--deny", "warnings"]), Some(1));
    assert_eq!(code(&["--only", "no-participants", "--deny", "warnings"]), Some(0));
    assert_eq!(code(&["--only", "no-participants", "--deny", "notes"]), Some(1));
    assert_eq!(code(&["--since", "2026-03-04"]), Some(1), "unreadable files have no day");
    assert_eq!(code(&["--only", "placehodler"]), Some(2));
    assert_eq!(code(&["--format", "csv"]), Some(2));
    assert_eq!(code(&["--since", "soon"]), Some(2));
}

#[test]
fn a_book_switches_checks_and_their_severity() {
    let folder = tempfile::tempdir().expect("a folder");
    let book = book(folder.path());
    let config = |text: &str| fs::write(book.join("minutebook.toml"), text).expect("written");
    config(
        "[check]\noff = [\"date-impossible\", \"unreadable\"]\nnotes = [\"encoding\"]\nerrors = [\"placeholder\"]\n",
    );
    let report: Value =
        serde_json::from_slice(&checked(&book, folder.path(), &["--format", "json"]).stdout).expect("JSON");
    let severity = |code: &str| {
        let list = report["diagnostics"].as_array().expect("a list");
        list.iter().find(|f| f["code"] == code).map(|f| f["severity"].as_str().expect("a word").to_owned())
    };
    assert_eq!(severity("date-impossible"), None);
    assert_eq!(severity("encoding").as_deref(), Some("note"));
    assert_eq!(severity("placeholder").as_deref(), Some("error"));
    assert_eq!(report["errors"], 1);
    config("[check]\noff = [\"date-imposible\"]\n");
    let output = checked(&book, folder.path(), &[]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        stderr(&output).contains("check.off") && stderr(&output).contains("date-impossible, "),
        "{}",
        stderr(&output)
    );
    config("[check]\nsince = \"2026-02-01\"\n");
    let found = told(&checked(&book, folder.path(), &["--format", "json"]));
    assert!(found.iter().all(|f| f.starts_with("board/")) && !found.is_empty(), "{found:?}");
}

#[test]
fn the_minutes_themselves_can_allow_a_thing() {
    let folder = tempfile::tempdir().expect("a folder");
    let book = book(folder.path());
    let path = book.join("platform/2026-01-10.md");
    let text = fs::read_to_string(&path).expect("read") + "\n<!-- minutebook: allow placeholder, unknown-owner -->\n";
    fs::write(&path, text).expect("written");
    let output =
        checked(&book, folder.path(), &["--format", "json", "--only", "placeholder,unknown-owner,ambiguous-person"]);
    assert_eq!(told(&output), ["platform/2026-01-10.md:10 ambiguous-person"]);
    let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(report["allowed"], 2);
}

#[test]
fn one_file_can_be_checked() {
    let folder = tempfile::tempdir().expect("a folder");
    let book = book(folder.path());
    fs::write(book.join("minutebook.toml"), "").expect("written");
    let one = |path: &str| {
        let args = ["check", "--format", "json", "--as-of", "2026-03-10", "--data"];
        minutebook().args(args).arg(folder.path().join("data")).arg(book.join(path)).output().expect("runs")
    };
    let output = one("platform/2026-01-11.md");
    assert_eq!(told(&output), ["platform/2026-01-11.md:1 date-impossible", "platform/2026-01-11.md:1 no-participants"]);
    assert_eq!(told(&one("platform/2026-01-05.md")), [""; 0]);
    let output = one("minutebook.toml");
    assert!(told(&output).is_empty(), "a skipped file has nothing to mend");
    assert_eq!(one("platform/nowhere.md").status.code(), Some(1));
}

#[test]
fn sarif_holds_rules_levels_and_places() {
    let folder = tempfile::tempdir().expect("a folder");
    let book = book(folder.path());
    fs::rename(book.join("platform"), book.join("plat form")).expect("renamed");
    let output = checked(&book, folder.path(), &["--format", "sarif"]);
    let log: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(log["version"], "2.1.0");
    let driver = &log["runs"][0]["tool"]["driver"];
    assert_eq!(driver["name"], "minutebook");
    let rules = driver["rules"].as_array().expect("rules");
    for rule in rules {
        let level = rule["defaultConfiguration"]["level"].as_str().expect("a level");
        assert!(["error", "warning", "note"].contains(&level));
        for text in ["shortDescription", "fullDescription", "help"] {
            assert!(!rule[text]["text"].as_str().expect("a text").is_empty(), "{rule}");
        }
    }
    let results = log["runs"][0]["results"].as_array().expect("results");
    assert!(results.len() >= 10, "{results:#?}");
    for result in results {
        let index = result["ruleIndex"].as_u64().expect("an index") as usize;
        assert_eq!(rules[index]["id"], result["ruleId"]);
        assert!(!result["message"]["text"].as_str().expect("a text").is_empty());
        let place = &result["locations"][0]["physicalLocation"];
        let uri = place["artifactLocation"]["uri"].as_str().expect("a URI");
        assert!(!uri.starts_with('/') && !uri.contains([' ', ':']), "{uri}");
        assert!(place["region"]["startLine"].as_u64().expect("a line") >= 1);
    }
    assert!(results.iter().any(|r| r["relatedLocations"][0]["physicalLocation"]["region"]["startLine"].is_u64()));
}

#[test]
fn github_gets_one_command_a_finding() {
    let folder = tempfile::tempdir().expect("a folder");
    let book = book(folder.path());
    fs::rename(book.join("board"), book.join("board, 100%")).expect("renamed");
    let output = checked(&book, folder.path(), &["--format", "github", "--only", "encoding,unknown-owner,unreadable"]);
    let text = String::from_utf8(output.stdout.clone()).expect("UTF-8");
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(
        lines,
        [
            "::warning file=board%2C 100%25/2026-02-03.md,line=1,title=encoding::read as windows-1252, not UTF-8. Save the file as UTF-8%0Ahelp: save the file as UTF-8",
            "::error file=board%2C 100%25/2026-03-03.md,line=1,title=unreadable::this file was not read: binary%0Ahelp: mend the file, or leave it out with `book.skip` in minutebook.toml",
            "::warning file=platform/2026-01-10.md,line=9,col=7,endColumn=15,title=unknown-owner::mirahlot is nobody's handle or name in this book%0Ahelp: did you mean miraholt? Else name the person under [[people.known]] in minutebook.toml",
        ]
    );
    assert!(stderr(&output).contains("1 error, 2 warnings"), "{}", stderr(&output));
}

#[test]
fn paths_for_forges_begin_at_the_root_of_the_repository() {
    let folder = tempfile::tempdir().expect("a folder");
    let repository = folder.path().join("repository");
    copy(&sample(), &repository.join("minutes"));
    let git = std::process::Command::new("git").args(["init", "-q"]).current_dir(&repository).status();
    assert!(git.expect("git is installed").success());
    let output = run(&repository.join("minutes"), folder.path(), &["check", "--format", "github"]);
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(text.lines().all(|l| l.contains(" file=minutes/")) && !text.is_empty(), "{text}");
}

#[test]
fn only_check_has_the_formats_of_forges() {
    let data = tempfile::tempdir().expect("a folder");
    for args in [
        &["actions"][..],
        &["decisions"],
        &["people"],
        &["series"],
        &["issue"],
        &["search", "tide"],
        &["agenda", "platform"],
        &["index"],
        &["meeting", "platform/20260210.md"],
        &["extract", "minutes/platform/20260210.md"],
    ] {
        for format in ["sarif", "github"] {
            let args: Vec<&str> = args.iter().copied().chain(["--format", format]).collect();
            let output = minutebook()
                .args(&args)
                .current_dir(sample().join(".."))
                .arg("--book")
                .arg(sample())
                .arg("--data")
                .arg(data.path())
                .output()
                .expect("runs");
            assert_eq!(output.status.code(), Some(2), "{args:?}");
            assert!(stderr(&output).contains("take table, json"), "{args:?}: {}", stderr(&output));
        }
    }
}

#[test]
fn every_code_is_explained_and_documented() {
    let explained = stdout(&minutebook().args(["check", "--explain", "all"]).output().expect("runs"));
    let document = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/CHECKS.md")).expect("there");
    assert!(
        document.ends_with(&explained),
        "docs/CHECKS.md is not what `minutebook check --explain all` prints; write it anew"
    );
    let help = stdout(&minutebook().args(["check", "--help"]).output().expect("runs"));
    for code in explained.lines().filter_map(|l| l.strip_prefix("## ")).filter(|c| c.starts_with(char::is_lowercase)) {
        assert!(help.contains(code), "{code} is not in the help");
        let one = stdout(&minutebook().args(["check", "--explain", code]).output().expect("runs"));
        assert!(one.contains("What to do") && one.contains(&format!("off = [\"{code}\"]")), "{one}");
    }
    let output = minutebook().args(["check", "--explain", "filed"]).output().expect("runs");
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("filed-twice"));
}

#[test]
fn text_from_the_minutes_cannot_command_the_terminal() {
    let folder = tempfile::tempdir().expect("a folder");
    let book = folder.path().join("book");
    fs::create_dir(&book).expect("a folder");
    let evil = "# 2026-01-05\n## Participants\n- @mira\n\n- AI: renew \u{1b}[31mthe red\u{7} certificate ::error::no\n";
    fs::write(book.join("2026-01-05.md"), evil).expect("written");
    for format in ["table", "github", "sarif", "json"] {
        let output = checked(&book, folder.path(), &["--format", format, "--color", "never"]);
        let text = String::from_utf8(output.stdout).expect("UTF-8");
        assert!(text.contains("certificate") && !text.contains(['\u{1b}', '\u{7}']), "{format}: {text:?}");
    }
}
