//! A book that grows meeting by meeting, as it does in life: what is told of actions, and of what hangs together,
//! on a day is what the whole book tells as of that day, and an action answers to every id it ever had.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use minutebook_index::query::actions::{ActionView, Filter, actions};
use minutebook_index::query::{Scope, graph};
use minutebook_index::{Book, IfBusy, Snapshot};
use minutebook_ingest::Conventions;

fn sample() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../minutes")
}

fn corpus() -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpus/scs");
    if !path.is_dir() {
        eprintln!("skipped: there is no corpus beside the project");
        return None;
    }
    Some(path)
}

fn any() -> Filter {
    Filter { owner: None, series: None, states: None }
}

fn open(root: &Path, data: &Path, conventions: &Conventions) -> Book {
    let mut book = Book::new(root.to_owned(), data.to_owned(), conventions.clone());
    book.refresh(&(), IfBusy::Wait).expect("a book");
    book
}

/// All that is told of an action but what depends on git.
fn told(action: &ActionView) -> String {
    let mentions: Vec<String> = action
        .mentions
        .iter()
        .map(|m| format!("{} {}:{} {:?} {:?}", m.id, m.path, m.line, m.event, m.owners))
        .collect();
    format!("{} {:?} {:?} {} {} {mentions:?}", action.id, action.owners, action.state, action.reason, action.text)
}

/// The files of a book by the day of their meeting; those without a day, or with several, are left out.
fn by_day(snapshot: &Snapshot, wanted: &dyn Fn(&str) -> bool) -> BTreeMap<jiff::civil::Date, Vec<String>> {
    let mut days: BTreeMap<jiff::civil::Date, Vec<String>> = BTreeMap::new();
    for shard in snapshot.series.iter().filter(|(name, _)| wanted(name)).map(|(_, shard)| shard) {
        for (at, file) in shard.digest.files.iter().enumerate() {
            let told: BTreeSet<_> = shard.facts(at).meetings.iter().map(|m| m.date).collect();
            if let (Some(Some(day)), 1) = (told.first(), told.len()) {
                days.entry(*day).or_default().push(file.path.to_string());
            }
        }
    }
    days
}

/// Copies the files of some series day by day into a book of their own, and compares after each `step` days.
fn replay(from: &Path, wanted: &dyn Fn(&str) -> bool, step: usize) {
    let conventions = fs::read_to_string(from.join("minutebook.toml")).map_or_else(
        |_| Conventions::defaults(),
        |text| Conventions::with_config(&text, "minutebook.toml").expect("valid"),
    );
    let scratch = tempfile::tempdir().expect("a folder");
    let (whole, grows) = (scratch.path().join("whole"), scratch.path().join("grows"));
    let all = open(from, &scratch.path().join("data"), &conventions).snapshot().expect("a snapshot");
    let days = by_day(&all, wanted);
    let put = |root: &Path, path: &String| {
        let to = root.join(path);
        fs::create_dir_all(to.parent().expect("a folder")).expect("a folder");
        fs::copy(from.join(path), to).expect("a copy");
    };
    for root in [&whole, &grows] {
        fs::create_dir_all(root).expect("a folder");
    }
    days.values().flatten().for_each(|path| put(&whole, path));
    let all = open(&whole, &scratch.path().join("whole-data"), &conventions).snapshot().expect("a snapshot");
    let mut book = Book::new(grows.clone(), scratch.path().join("grows-data"), conventions.clone());
    // Every id that was ever told, with the mention that it was told of.
    let mut ids: BTreeSet<String> = BTreeSet::new();
    let mut compared = 0;
    for (n, (day, paths)) in days.iter().enumerate() {
        paths.iter().for_each(|path| put(&grows, path));
        if n % step != 0 && n + 1 != days.len() {
            continue;
        }
        book.refresh(&(), IfBusy::Wait).expect("a book");
        let snapshot = book.snapshot().expect("a snapshot");
        let then = actions(&snapshot, &Scope::as_of(*day), &any());
        let now = actions(&all, &Scope::as_of(*day), &any());
        let (then_told, now_told): (Vec<_>, Vec<_>) = (then.iter().map(told).collect(), now.iter().map(told).collect());
        for (a, b) in then_told.iter().zip(&now_told) {
            assert_eq!(a, b, "on {day}");
        }
        assert_eq!(then_told.len(), now_told.len(), "on {day}");
        // What hangs together with what, and where that is proven.
        let (then_graph, now_graph) =
            (graph::whole(&snapshot, &Scope::as_of(*day)), graph::whole(&all, &Scope::as_of(*day)));
        for (a, b) in then_graph.edges.iter().zip(&now_graph.edges) {
            assert_eq!(a, b, "on {day}");
        }
        assert_eq!(then_graph.edges.len(), now_graph.edges.len(), "on {day}");
        assert_eq!(then_graph.nodes, now_graph.nodes, "on {day}");
        let answering: BTreeSet<&str> = then.iter().flat_map(|a| &a.mentions).map(|m| m.id.as_str()).collect();
        for id in &ids {
            assert!(answering.contains(id.as_str()), "on {day} no action answers to {id} any more");
        }
        ids.extend(then.iter().map(|a| a.id.clone()));
        compared += 1;
    }
    assert!(compared > 10 && ids.len() > 20, "{compared} days, {} actions", ids.len());
}

#[test]
fn the_sample_book_grows() {
    replay(&sample(), &|_| true, 1);
}

#[test]
fn a_series_with_a_pending_list_grows() {
    if let Some(book) = corpus() {
        replay(&book, &|series| series == "sig-standardization", 1);
    }
}

#[test]
fn series_without_one_grow_side_by_side() {
    if let Some(book) = corpus() {
        replay(&book, &|series| ["container", "product-board", "iaas", "iam"].contains(&series), 5);
    }
}
