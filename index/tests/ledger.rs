//! Whatever bytes a ledger holds: nothing panics, and whole lines count. What it says reads no minutes again.

use std::fs;

use minutebook_index::ledger::{As, Entry, Ledger, Verb, append};
use minutebook_index::query::Scope;
use minutebook_index::query::actions::{Filter, actions};
use minutebook_index::threads::State;
use minutebook_index::{Book, IfBusy};
use minutebook_ingest::Conventions;
use proptest::collection::vec;
use proptest::prelude::*;

fn entry(n: usize) -> Entry {
    Entry {
        id: format!("l{n}"),
        at: "2026-01-07T10:00:00Z".parse().expect("a time"),
        by: "mira".into(),
        verb: Verb::Close(As::Done),
        action: format!("a{n}"),
        note: None,
    }
}

/// Bytes of which many look like entries.
fn noise() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        Just(b"\n".to_vec()),
        Just(b"\r\n".to_vec()),
        Just(b"{\"v\":1,".to_vec()),
        Just(br#""id":"x","at":"2026-01-07T10:00:00Z","by":"jo","verb":"same-as","action":"a1","#.to_vec()),
        Just(br#""other":["#.to_vec()),
        Just(br#""owners":[1,null]}"#.to_vec()),
        Just(br#"{"v":1e400}"#.to_vec()),
        Just(b"[".repeat(300)),
        Just(b"<<<<<<< ".to_vec()),
        vec(any::<u8>(), 0..12),
    ];
    vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn whole_lines_count_whatever_stands_between_them(between in vec(noise(), 1..6)) {
        let mut bytes = Vec::new();
        for (n, noise) in between.iter().enumerate() {
            bytes.extend_from_slice(noise);
            bytes.push(b'\n');
            bytes.extend_from_slice(entry(n).line().as_bytes());
            bytes.push(b'\n');
        }
        let ledger = Ledger::parse(&bytes);
        for n in 0..between.len() {
            prop_assert!(ledger.entries.iter().any(|p| p.entry == entry(n)), "entry {} of {:?}", n, ledger);
        }
        let lines = bytes.split(|b| *b == b'\n').count();
        let told = ledger.entries.iter().map(|p| p.line).chain(ledger.problems.iter().map(|p| p.line));
        prop_assert!(told.clone().all(|line| line as usize <= lines));
        // No line is both, and none counts twice.
        let mut seen = std::collections::BTreeSet::new();
        prop_assert!(told.clone().all(|line| seen.insert(line)), "{:?}", ledger);
    }

    #[test]
    fn what_is_read_can_be_written_and_read_again(bytes in noise()) {
        for placed in Ledger::parse(&bytes).entries {
            prop_assert_eq!(Entry::parse(placed.entry.line().as_bytes()), Ok(placed.entry));
        }
    }
}

#[test]
fn a_change_of_the_ledger_reads_no_minutes_and_leaves_the_snapshot_before_as_it_was() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path().join("book");
    fs::create_dir(&root).expect("a folder");
    fs::write(root.join("2026-01-05.md"), "# 2026-01-05\n- AI @mira: ask the harbour office\n").expect("written");
    let mut book = Book::new(root.clone(), folder.path().join("data"), Conventions::defaults());
    let scope = Scope::whole("2026-01-08".parse().expect("a day"));
    book.refresh(&(), IfBusy::Wait).expect("a book");
    let before = book.snapshot().expect("a state");
    let open = actions(&before, &scope, &Filter::default());
    append(&root, &[Entry { action: open[0].id.clone(), ..entry(1) }]).expect("written");
    let done = book.refresh(&(), IfBusy::Wait).expect("a book");
    assert!(done.changed && done.read.is_empty() && done.kept == 1, "{done:?}");
    let after = book.snapshot().expect("a state");
    assert_eq!(actions(&after, &scope, &Filter::default())[0].state, State::Done);
    assert_eq!(actions(&before, &scope, &Filter::default())[0].state, State::Open);
    assert_ne!(after.ledger.hash, before.ledger.hash);
    let again = book.refresh(&(), IfBusy::Wait).expect("a book");
    assert!(!again.changed, "{again:?}");
}
