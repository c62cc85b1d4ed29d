//! Killed at any moment, the index is the old generation or the new one.

mod common;

use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use common::{copy, minutebook, run, sample, stdout};

fn all(book: &Path, data: &Path) -> String {
    let actions = stdout(&run(book, data, &["actions", "--state", "any", "--format", "jsonl"]));
    let people = stdout(&run(book, data, &["people", "--format", "jsonl"]));
    let found = stdout(&run(book, data, &["search", "--limit", "500", "--format", "json", "tide"]));
    let total = found.lines().find(|l| l.contains("\"total\"")).expect("a total").to_owned();
    actions + &people + &total
}

/// An index of about a thousand files takes long enough to be hit while it is made.
#[test]
fn a_killed_index_equals_a_clean_build_after_the_next_start() {
    let folder = tempfile::tempdir().expect("a folder");
    let book = folder.path().join("book");
    for n in 0..16 {
        copy(&sample(), &book.join(format!("team{n}")));
    }
    let wanted = all(&book, &folder.path().join("clean"));
    let data = folder.path().join("data");
    for round in 0..10u64 {
        // Every other round from nothing, else with a change on top of what is there.
        if round % 2 == 0 {
            let _ = fs::remove_dir_all(&data);
        } else {
            for entry in fs::read_dir(book.join("team3/platform")).expect("there").map(|e| e.expect("an entry")) {
                let text = fs::read(entry.path()).expect("read");
                fs::write(entry.path(), text).expect("written");
            }
        }
        let mut child = minutebook()
            .arg("index")
            .arg("--book")
            .arg(&book)
            .arg("--data")
            .arg(&data)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("starts");
        std::thread::sleep(Duration::from_millis(7 + round * round * 9));
        let _ = child.kill();
        let _ = child.wait();
        assert!(all(&book, &data) == wanted, "after the kill of round {round}");
    }
}
