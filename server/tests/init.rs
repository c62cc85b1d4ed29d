//! `minutebook init`: a first configuration that changes nothing until somebody takes the `#` away.

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use common::{copy, minutebook, run, sample, stderr, stdout};

/// The facts of all files, as the command prints them.
fn facts(book: &Path) -> String {
    let mut paths = files(book);
    paths.sort();
    stdout(&minutebook().args(["extract", "--format", "jsonl", "--book"]).arg(book).args(paths).output().expect("runs"))
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("readable").map(|e| e.expect("an entry").path());
    entries
        .flat_map(|p| if p.is_dir() { files(&p) } else { vec![p] })
        .filter(|p| p.extension().is_some_and(|e| e == "md"))
        .collect()
}

/// Settings, which stand behind a bare `#`, made to count.
fn uncommented(text: &str) -> String {
    text.lines()
        .map(|line| match line.strip_prefix('#') {
            Some(setting) if !setting.is_empty() && !setting.starts_with([' ', '#']) => setting,
            _ => line,
        })
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn what_is_written_changes_nothing_and_is_valid_when_it_counts() {
    let folder = tempfile::tempdir().expect("a folder");
    let (book, data) = (folder.path().join("book"), folder.path().join("data"));
    copy(&sample(), &book);
    let config = book.join("minutebook.toml");
    fs::remove_file(&config).expect("removed");
    let before = facts(&book);
    let told = stdout(&run(&book, &data, &["init"]));
    assert!(told.contains("minutebook.toml: written") && told.contains("minutebook check"), "{told}");
    let written = fs::read_to_string(&config).expect("read");
    assert_eq!(facts(&book), before);
    for found in [
        "#   platform        26 meetings, 2025-11-04 to 2026-12-01\n",
        "# Markers of action items that are known and in use: AI (",
        "#handle = \"anna-w\"\n#name = \"Anna Wendt\"\n",
        "#aliases = [\"lukas-brnadt\"]   # perhaps a slip of the pen: lukas-brnadt\n",
        "#standards = \"quayside/standards\"\n",
        "\n#[stale]\n#days = 90\n#meetings = 3\n",
    ] {
        assert!(written.contains(found), "{found:?} is not in {written}");
    }
    fs::write(&config, uncommented(&written)).expect("written");
    let series = stdout(&run(&book, &data, &["series", "--format", "jsonl"]));
    assert_eq!(series.lines().count(), 4, "{series}");
    assert_ne!(facts(&book), before, "names of people and repositories count now");
}

#[test]
fn a_file_that_is_there_is_kept() {
    let folder = tempfile::tempdir().expect("a folder");
    let (book, data) = (folder.path().join("book"), folder.path().join("data"));
    copy(&sample(), &book);
    let config = book.join("minutebook.toml");
    let (own, before) = (fs::read_to_string(&config).expect("read"), facts(&book));
    let refused = run(&book, &data, &["init"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(stderr(&refused).contains("--force") && stderr(&refused).contains("--stdout"), "{}", stderr(&refused));
    let shown = stdout(&run(&book, &data, &["init", "--stdout"]));
    assert_eq!(fs::read_to_string(&config).expect("read"), own, "nothing is written");
    stdout(&run(&book, &data, &["init", "--force"]));
    let forced = fs::read_to_string(&config).expect("read");
    assert!(forced == shown && forced.starts_with(own.trim_end()), "{forced}");
    assert_eq!(facts(&book), before);
    // What was found is found anew, not a second time.
    stdout(&run(&book, &data, &["init", "--force"]));
    assert_eq!(fs::read_to_string(&config).expect("read"), forced);
    // What somebody let count of it is theirs.
    let chosen =
        forced.replacen("#[stale]\n#days = 90", "[stale]\ndays = 30", 1) + "\n[series]\ndropped = [\n\"weekly\" ]\n";
    assert_ne!(chosen, forced);
    fs::write(&config, &chosen).expect("written");
    stdout(&run(&book, &data, &["init", "--force"]));
    let kept = fs::read_to_string(&config).expect("read");
    let read = |text: &str| text.parse::<toml::Table>().expect("TOML");
    assert_eq!(read(&kept), read(&chosen));
    assert_eq!(kept.matches("#[stale]").count(), 1, "{kept}");
}

#[test]
fn unknown_markers_and_odd_names_are_suggested_so_that_they_can_be_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let (book, data) = (folder.path().join("book"), folder.path().join("data"));
    fs::create_dir(&book).expect("a folder");
    for day in 5..9 {
        let text = format!(
            "# 2026-01-0{day}\n## Participants\n- Mira \"M\\\" Holt\u{7} (@miraholt)\n- @jo\n\n- OWED: @jo counts the boats of day {day}\n- REPORT: @jo tells of the pier\n- see \"tide\"#4{day}, docs#1{day}\n"
        );
        fs::write(book.join(format!("2026-01-0{day}.md")), text).expect("written");
    }
    let git = |args: &[&str]| {
        assert!(std::process::Command::new("git").args(args).current_dir(&book).status().expect("git").success());
    };
    git(&["init", "-q"]);
    git(&["remote", "add", "origin", "git@github.com:quayside/book.git"]);
    let actions = || stdout(&run(&book, &data, &["actions", "--as-of", "2026-01-20", "--format", "jsonl"]));
    assert_eq!(actions(), "");
    stdout(&run(&book, &data, &["init"]));
    let written = fs::read_to_string(book.join("minutebook.toml")).expect("read");
    assert!(written.contains("#markers = [\"OWED\"]\n"), "{written}");
    assert!(written.contains("docs (4)") && written.contains("#docs = \"owner/docs\"\n"), "{written}");
    assert!(written.contains("#url = \"https://github.com/quayside/book\"\n"), "{written}");
    fs::write(book.join("minutebook.toml"), uncommented(&written)).expect("written");
    assert!(actions().contains("counts the boats"), "{written}");
}

#[test]
fn an_empty_folder_and_wrong_calls() {
    let folder = tempfile::tempdir().expect("a folder");
    let (book, data) = (folder.path().join("book"), folder.path().join("data"));
    fs::create_dir(&book).expect("a folder");
    let shown = stdout(&run(&book, &data, &["init", "--stdout"]));
    assert!(shown.contains("0 files with 0 meetings"), "{shown}");
    assert_eq!(run(&book, &data, &["init", "--stdout", "--force"]).status.code(), Some(2));
    let output = run(&book, &data, &["init", "--format", "json"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("take table"), "{}", stderr(&output));
    assert_eq!(run(&folder.path().join("nowhere"), &data, &["init"]).status.code(), Some(1));
}
