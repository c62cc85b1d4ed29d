//! The ledger under two writers, kills and a full disk: what was acknowledged is there, and nothing is half there.

mod common;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use common::{Server, minutebook, post, run, stderr, stdout};
use serde_json::{Value, json};

const JSON: &str = "Content-Type: application/json";

/// A small book with one action.
fn book(folder: &Path) -> (PathBuf, String) {
    let book = folder.join("book");
    fs::create_dir_all(&book).expect("a folder");
    fs::write(book.join("2026-01-05.md"), "# 2026-01-05\n- AI @mira: ask the harbour office\n").expect("written");
    let all = stdout(&run(&book, &folder.join("data"), &["actions", "--state", "any", "--format", "json"]));
    let all: Value = serde_json::from_str(&all).expect("JSON");
    (book, all[0]["id"].as_str().expect("an id").to_owned())
}

fn ledger(book: &Path) -> String {
    fs::read_to_string(book.join(".minutebook/ledger.jsonl")).unwrap_or_default()
}

/// The id of the entry that one request wrote; none when the server went before it answered.
fn note(address: &str, action: &str, note: &str) -> Option<String> {
    let entry = json!({"verb": "note", "action": action, "note": note}).to_string();
    let (status, _, body) = post(address, "/api/v1/ledger", &[JSON], &entry)?;
    assert_eq!(status, 201, "{body}");
    let said: Value = serde_json::from_str(&body).ok()?;
    Some(said[0]["id"].as_str()?.to_owned())
}

#[test]
fn two_processes_that_write_at_once_write_whole_lines() {
    let folder = tempfile::tempdir().expect("a folder");
    let (book, action) = book(folder.path());
    let servers = ["one", "two"].map(|name| Server::start(&book, &folder.path().join(name)));
    std::thread::scope(|threads| {
        for (n, server) in servers.iter().enumerate() {
            let action = &action;
            threads.spawn(move || {
                for k in 0..200 {
                    note(server.address(), action, &format!("{n} of {k}")).expect("an answer");
                }
            });
        }
    });
    let text = ledger(&book);
    let notes: BTreeSet<String> = text
        .lines()
        .map(|line| {
            serde_json::from_str::<Value>(line).expect("a whole line")["note"].as_str().expect("a note").to_owned()
        })
        .collect();
    assert_eq!((text.lines().count(), notes.len(), text.ends_with('\n')), (400, 400, true));
    for server in &servers {
        server.until("both see all", |s| s.json("/api/v1/ledger")["entries"].as_array().map(Vec::len) == Some(400));
    }
}

#[test]
fn what_was_acknowledged_survives_a_kill_at_any_moment() {
    let folder = tempfile::tempdir().expect("a folder");
    let (book, action) = book(folder.path());
    let mut acknowledged: Vec<String> = Vec::new();
    for round in 0..30u64 {
        let mut server = Server::start(&book, &folder.path().join("data"));
        let (address, begun, ended) = (server.address().to_owned(), AtomicUsize::new(0), AtomicBool::new(false));
        let told: Vec<String> = std::thread::scope(|threads| {
            let writers: Vec<_> = (0..3)
                .map(|_| {
                    threads.spawn(|| {
                        let mut told = Vec::new();
                        // A long note takes more than one page of the disk.
                        let long = "a long story of the harbour ".repeat(130);
                        while !ended.load(Ordering::Relaxed) {
                            let Some(id) = note(&address, &action, &long) else { break };
                            told.push(id);
                            begun.fetch_add(1, Ordering::Relaxed);
                        }
                        told
                    })
                })
                .collect();
            let start = Instant::now();
            while begun.load(Ordering::Relaxed) == 0 && start.elapsed() < Duration::from_secs(20) {
                std::thread::sleep(Duration::from_micros(200));
            }
            std::thread::sleep(Duration::from_micros(137 * round * round % 9000));
            server.kill();
            ended.store(true, Ordering::Relaxed);
            writers.into_iter().flat_map(|w| w.join().expect("no refusal")).collect()
        });
        assert!(!told.is_empty(), "nothing was written in round {round}");
        acknowledged.extend(told);
    }
    let text = ledger(&book);
    let (whole, torn): (Vec<_>, Vec<_>) = text.lines().map(serde_json::from_str::<Value>).partition(Result::is_ok);
    let ids: BTreeSet<String> =
        whole.into_iter().flatten().map(|line| line["id"].as_str().expect("an id").to_owned()).collect();
    for id in &acknowledged {
        assert!(ids.contains(id), "{id} was acknowledged and is lost");
    }
    // A kill leaves one beginning of a line at most.
    assert!(torn.len() <= 30, "{} torn lines", torn.len());
    let shown = stdout(&run(&book, &folder.path().join("data"), &["actions", "--state", "any", "--format", "json"]));
    let shown: Value = serde_json::from_str(&shown).expect("JSON");
    assert_eq!(shown[0]["ledger"].as_array().map(Vec::len), Some(ids.len()), "each whole line counts, once");
}

/// A limit on the size of files makes a write stop short, as a full disk does: reported to the process, or
/// ending it in the midst.
#[cfg(unix)]
#[test]
fn a_full_disk_leaves_the_ledger_as_it_was() {
    let folder = tempfile::tempdir().expect("a folder");
    let (book, action) = book(folder.path());
    let data = folder.path().join("data");
    let file = book.join(".minutebook/ledger.jsonl");
    // Up to so near the limit of 64 kB that the next entry begins below and would end above it.
    while fs::metadata(&file).map_or(0, |m| m.len()) < 64 * 1024 - 2000 {
        stdout(&run(&book, &data, &["correct", &action, "--note", &"n".repeat(1500), "--format", "json"]));
    }
    let before = ledger(&book);
    let limited = |trap: &str, args: &[&str]| {
        let mut shell = std::process::Command::new("bash");
        shell.arg("-c").arg(format!("{trap} ulimit -c 0; ulimit -f 64; exec \"$@\"")).arg("bash");
        shell.arg(minutebook().get_program()).args(args).arg("--book").arg(&book).arg("--data").arg(&data);
        shell.env("MINUTEBOOK_USER", "mira").stdin(Stdio::null()).output().expect("bash is installed")
    };
    let long = "n".repeat(3500);
    let output = limited("trap '' XFSZ;", &["close", &action, "--note", &long]);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    assert!(stderr(&output).contains("Nothing was written; make room"), "{}", stderr(&output));
    assert_eq!(ledger(&book), before, "rolled back");
    // Whom the system ends in the midst can roll nothing back.
    let output = limited("", &["close", &action, "--note", &long]);
    assert_eq!(output.status.code(), None, "{}", stderr(&output));
    let torn = ledger(&book);
    assert!(torn.len() > before.len() && torn.starts_with(&before) && !torn.ends_with('\n'), "it stopped short");
    let state = || {
        let all = stdout(&run(&book, &data, &["actions", "--state", "any", "--format", "json"]));
        let all: Value = serde_json::from_str(&all).expect("JSON");
        (all[0]["state"].as_str().expect("a state").to_owned(), all[0]["ledger"].as_array().map(Vec::len))
    };
    let count = before.lines().count();
    assert_ne!(state().0, "done", "half an entry was applied");
    stdout(&run(&book, &data, &["close", &action]));
    assert_eq!(state(), ("done".to_owned(), Some(count + 1)));
    assert!(ledger(&book).starts_with(&format!("{torn}\n")), "what stood there stays");
}
