//! Measured in the process: making an index, and one file that changes.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use jiff::civil::date;
use minutebook_index::query::actions::{self, Filter};
use minutebook_index::query::search::search;
use minutebook_index::query::{Scope, language};
use minutebook_index::{Book, IfBusy};
use minutebook_ingest::{Conventions, Extractor, decode};

use crate::bare::Bare;
use crate::table::{Bar, Row, median};

/// Threads and heap of both writers.
fn writer() -> (usize, usize) {
    (rayon::current_num_threads().clamp(1, 4), 128 << 20)
}

/// Reads, extracts, threads and commits a book; against the same passages being indexed alone.
pub fn index(root: &Path, work: &Path, meetings: usize) -> Row {
    let (ours, theirs) = (work.join("ours"), work.join("bare"));
    for folder in [&ours, &theirs] {
        let _ = fs::remove_dir_all(folder);
    }
    let start = Instant::now();
    let mut book = Book::new(root.to_owned(), ours, Conventions::defaults());
    book.refresh(&(), IfBusy::Wait).expect("indexed");
    let snapshot = book.snapshot().expect("a snapshot");
    let scope = Scope::whole(date(2026, 2, 1));
    snapshot.view(&scope);
    snapshot.graph(&scope);
    let took = start.elapsed().as_secs_f64();
    drop((snapshot, book));
    let bare = Bare::create(&theirs);
    let (threads, heap) = writer();
    let mut writer = bare.writer(threads, heap);
    // The clock stands still while documents are made ready.
    let mut alone = Duration::ZERO;
    bare.all_documents(root, |documents| {
        let start = Instant::now();
        for document in documents {
            writer.add_document(document).expect("added");
        }
        alone += start.elapsed();
    });
    let start = Instant::now();
    writer.commit().expect("committed");
    writer.wait_merging_threads().expect("merged");
    let alone = (alone + start.elapsed()).as_secs_f64();
    Row {
        meetings: Some(meetings),
        what: "full index".into(),
        ours: took,
        bare: alone,
        unit: "s",
        bar: Bar::AtMost(2.0),
    }
}

/// A line is added to one file, until search and actions tell of it; against reading and indexing that file alone.
pub fn change(root: &Path, work: &Path, meetings: usize) -> Row {
    let conventions = Conventions::defaults();
    let mut book = Book::new(root.to_owned(), work.join("ours"), conventions.clone());
    book.refresh(&(), IfBusy::Wait).expect("indexed");
    let scope = Scope::whole(date(2026, 2, 1));
    let first = book.snapshot().expect("a snapshot");
    actions::actions(&first, &scope, &Filter::default());
    // The last meeting of the series in the middle.
    let names: Vec<&String> = first.series.keys().collect();
    let name = names[names.len() / 2].clone();
    let series = &first.series[&name];
    let path = series.digest.files.last().expect("a file").path.to_string();
    drop(first);
    let on_disk = root.join(&path);
    let before = fs::read_to_string(&on_disk).expect("read");
    let bare = Bare::open(&work.join("bare"));
    let extractor = Extractor::new(conventions);
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for n in 0..15 {
        let word = format!("zylindrisch{n}");
        fs::write(&on_disk, format!("{before}- AI @ada-adler: {word} the lamp\n")).expect("written");
        let start = Instant::now();
        book.refresh_paths(std::slice::from_ref(&path), &(), IfBusy::Wait).expect("refreshed");
        let snapshot = book.snapshot().expect("a snapshot");
        let query = language::parse(&word, scope.today).expect("a word");
        let found = search(&snapshot, &scope, &query, 0, 10).expect("searched");
        assert!(found.total > 0, "the new line is found");
        let filter = Filter { series: Some(name.clone()), ..Filter::open() };
        let open = actions::actions(&snapshot, &scope, &filter);
        assert!(open.iter().any(|a| a.text.contains(&word)), "the new action is listed");
        ours.push(start.elapsed().as_secs_f64() * 1e3);
        book.settle();

        let (reader, _) = bare.searcher();
        let start = Instant::now();
        let bytes = fs::read(&on_disk).expect("read");
        let text = decode::decode(&bytes).0;
        let read = extractor.read(&text, &path, "series");
        let mut writer = bare.writer(1, 15 << 20);
        writer.delete_term(bare.file(&path));
        for document in read.iter().flat_map(|(m, p)| bare.documents(&m.path, &m.title, p)) {
            writer.add_document(document).expect("added");
        }
        writer.commit().expect("committed");
        reader.reload().expect("reloaded");
        assert!(!bare.search(&reader.searcher(), &word).is_empty(), "the new line is found");
        theirs.push(start.elapsed().as_secs_f64() * 1e3);
        writer.wait_merging_threads().expect("merged");
    }
    fs::write(&on_disk, before).expect("written");
    let (ours, bare) = (median(ours), median(theirs));
    Row {
        meetings: Some(meetings),
        what: "a changed file is seen".into(),
        ours,
        bare,
        unit: "ms",
        bar: Bar::AtMost(3.0),
    }
}
