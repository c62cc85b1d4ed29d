//! A refresh that looks at nothing but what changed, and takes over what did not, tells what a clean build tells.

use std::fs;
use std::path::Path;

use minutebook_index::query::Scope;
use minutebook_index::query::actions::{Filter, actions};
use minutebook_index::query::decisions::{self, decisions};
use minutebook_index::query::language;
use minutebook_index::query::people::people;
use minutebook_index::query::search::search;
use minutebook_index::{Book, IfBusy, Snapshot};
use minutebook_ingest::Conventions;
use serde_json::{Value, json};

fn open(book: &Path, data: &Path) -> Book {
    Book::new(book.to_owned(), data.to_owned(), Conventions::defaults())
}

/// What the book tells, by facts, threads, people and words.
fn told(snapshot: &Snapshot) -> Value {
    let scope = Scope::whole(jiff::civil::date(2026, 12, 1));
    let facts = snapshot.series.values().flat_map(|shard| {
        shard.sessions(None).map(|s| json!([s.file.path, s.file.hash, s.meeting])).collect::<Vec<_>>()
    });
    let query = language::parse("gauge", scope.today).expect("a word");
    let found = search(snapshot, &scope, &query, 0, 500).expect("searched");
    let mut hits: Vec<String> = found.hits.iter().map(|h| format!("{}:{} {}", h.path, h.line, h.text)).collect();
    hits.sort();
    json!({
        "facts": facts.collect::<Vec<_>>(),
        "actions": actions(snapshot, &scope, &Filter::default()),
        "decisions": decisions(snapshot, &scope, &decisions::Filter::default()),
        "people": people(snapshot, &scope, false),
        "hits": hits,
        "skipped": *snapshot.skipped,
    })
}

#[test]
fn a_look_at_what_changed_tells_what_a_look_at_everything_tells() {
    let folder = tempfile::tempdir().expect("a folder");
    let (root, data) = (folder.path().join("book"), folder.path().join("data"));
    let minutes = |who: &str, more: &str| {
        format!(
            "# Call\n\n## Participants\n- Mira Holt (@{who})\n- Jo Bauer (@jo)\n\n## Agenda\n- AI Mira: read the gauge\n- Decision: lamps are lit at noon, see #13\n{more}"
        )
    };
    let put = |path: &str, text: &str| {
        let path = root.join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("written");
    };
    for day in 1..6 {
        put(&format!("harbour/2026-03-0{day}.md"), &minutes("mira", ""));
        put(&format!("tides/2026-04-0{day}.md"), &minutes("mira", "- see #12\n"));
    }
    put("README.md", "# Read me\n");
    let mut book = open(&root, &data);
    book.refresh(&(), IfBusy::Wait).expect("a book");
    let before = told(&book.snapshot().expect("a snapshot"));
    // What changes, and the paths that are named for it.
    let link = "- [#12](https://github.com/quay/docs/issues/12), [#13](https://github.com/quay/docs/issues/13)\n";
    let twin = minutes("mira", "- AI Jo: paint the gauge\n");
    let remove = |path: &str| fs::remove_file(root.join(path)).expect("removed");
    type Step<'a> = (&'a str, &'a dyn Fn(), &'a [&'a str]);
    let steps: [Step<'_>; 9] = [
        ("a line more", &|| put("harbour/2026-03-05.md", &twin), &["harbour/2026-03-05.md"]),
        ("a new file", &|| put("harbour/2026-03-08.md", &minutes("mira", "")), &["harbour/2026-03-08.md"]),
        (
            "a link that teaches the other series",
            &|| put("harbour/2026-03-09.md", &minutes("mira", link)),
            &["harbour/2026-03-09.md"],
        ),
        ("two on one day", &|| put("tides/2026-04-05b.md", &twin), &["tides/2026-04-05b.md"]),
        ("another Mira", &|| put("tides/2026-04-04.md", &minutes("miranda", "")), &["tides/2026-04-04.md"]),
        ("one of two is gone", &|| remove("tides/2026-04-05.md"), &["tides/2026-04-05.md"]),
        ("no minutes any more", &|| put("tides/2026-04-03.md", "\0\0\0"), &["tides/2026-04-03.md"]),
        ("a folder is gone", &|| fs::remove_dir_all(root.join("harbour")).expect("removed"), &["harbour"]),
        ("what is ignored", &|| put(".gitignore", "tides/2026-04-01.md\n"), &[".gitignore"]),
    ];
    let mut last = before.clone();
    for (n, (what, change, named)) in steps.into_iter().enumerate() {
        change();
        let named: Vec<String> = named.iter().map(|path| (*path).to_owned()).collect();
        book.refresh_paths(&named, &(), IfBusy::Wait).expect("a book");
        let now = told(&book.snapshot().expect("a snapshot"));
        let mut clean = open(&root, &folder.path().join(format!("clean{n}")));
        clean.refresh(&(), IfBusy::Wait).expect("a book");
        let wanted = told(&clean.snapshot().expect("a snapshot"));
        // What the process before kept of threads and chains is of the state before, or of other series' states.
        book.settle();
        let mut next = open(&root, &data);
        next.refresh(&(), IfBusy::Wait).expect("a book");
        let found = told(&next.snapshot().expect("a snapshot"));
        for key in ["facts", "actions", "decisions", "people", "hits", "skipped"] {
            assert_eq!(now[key], wanted[key], "{key} after: {what}");
            assert_eq!(found[key], wanted[key], "{key} in the next process after: {what}");
        }
        assert_ne!(now, last, "{what} is seen");
        last = now;
    }
}

/// What one process made stays for the next one; what is damaged of it is made again.
#[test]
fn what_another_process_has_read_is_shown_too() {
    let folder = tempfile::tempdir().expect("a folder");
    let (root, data) = (folder.path().join("book"), folder.path().join("data"));
    fs::create_dir(&root).expect("a folder");
    let file = root.join("2026-03-01.md");
    fs::write(&file, "# 2026-03-01\n- AI @mira: paint the buoy\n").expect("written");
    let mut serving = open(&root, &data);
    serving.refresh(&(), IfBusy::Wait).expect("a book");
    serving.settle();
    fs::write(&file, "# 2026-03-01\n- AI @mira: paint the buoy\n- AI @jo: read the gauge\n").expect("written");
    let mut other = open(&root, &data);
    other.refresh(&(), IfBusy::Wait).expect("a book");
    drop(other);
    let done = serving.refresh_paths(&["2026-03-01.md".to_owned()], &(), IfBusy::Wait).expect("a book");
    assert!(done.changed && done.read.is_empty(), "{done:?}");
    let told = told(&serving.snapshot().expect("a state"));
    assert_eq!((told["actions"].as_array().map(Vec::len), told["hits"].as_array().map(Vec::len)), (Some(2), Some(1)));
    assert!(!serving.refresh(&(), IfBusy::Wait).expect("a book").changed);
}

#[test]
fn what_was_prepared_is_not_made_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let (root, data) = (folder.path().join("book"), folder.path().join("data"));
    fs::create_dir_all(root.join("tides")).expect("a folder");
    let text = "# Call\n\n- AI @mira: read the gauge\n- Decision: the gauge is read at noon\n";
    fs::write(root.join("tides/2026-03-01.md"), text).expect("written");
    let told = || {
        let mut book = open(&root, &data);
        book.refresh(&(), IfBusy::Wait).expect("a book");
        let snapshot = book.snapshot().expect("a snapshot");
        let scope = Scope::whole(jiff::civil::date(2026, 12, 1));
        let threads = snapshot.view(&scope).threads["tides"].len();
        (snapshot, threads)
    };
    let mut book = open(&root, &data);
    book.refresh(&(), IfBusy::Wait).expect("a book");
    book.snapshot().expect("a snapshot").prepare();
    drop(book);
    let slots = || fs::read_dir(data.join("made")).expect("kept").count();
    assert_eq!(slots(), 2, "the threads of one series, and the chains");
    assert_eq!(told().1, 1);
    // A slot of something that is gone is removed, a damaged one is made again.
    for slot in fs::read_dir(data.join("made")).expect("kept") {
        fs::write(slot.expect("a slot").path(), "damaged").expect("written");
    }
    fs::write(data.join("made/left-by-a-crash"), "").expect("written");
    let (snapshot, threads) = told();
    assert_eq!(threads, 1);
    snapshot.prepare();
    assert_eq!(slots(), 2);
    assert_eq!(snapshot.chains(&Scope::whole(jiff::civil::date(2026, 12, 1))).all.len(), 1);
}

/// Facts are decoded when they are asked for, and threads that nothing changed for are the same ones as before.
#[test]
fn what_did_not_change_is_taken_over() {
    let folder = tempfile::tempdir().expect("a folder");
    let (root, data) = (folder.path().join("book"), folder.path().join("data"));
    for series in ["harbour", "tides"] {
        fs::create_dir_all(root.join(series)).expect("a folder");
        for day in 1..4 {
            fs::write(root.join(format!("{series}/2026-03-0{day}.md")), "# Call\n\n- AI @mira: read the gauge\n")
                .expect("written");
        }
    }
    open(&root, &data).refresh(&(), IfBusy::Wait).expect("a book");
    let mut book = open(&root, &data);
    book.refresh(&(), IfBusy::Wait).expect("a book");
    let first = book.snapshot().expect("a snapshot");
    assert!(first.series.values().all(|shard| shard.decoded() == 0), "opening decodes nothing");
    let scope = Scope::whole(jiff::civil::date(2026, 12, 1));
    let before = first.view(&scope);
    assert!(first.series.values().all(|shard| shard.decoded() == 0), "threads keep nothing decoded");
    let path = "tides/2026-03-03.md";
    fs::write(root.join(path), "# Call\n\n- AI @mira: read the gauge\n- AI @mira: paint it\n").expect("written");
    book.refresh_paths(&[path.to_owned()], &(), IfBusy::Wait).expect("a book");
    let after = book.snapshot().expect("a snapshot").view(&scope);
    assert!(std::sync::Arc::ptr_eq(&before.threads["harbour"], &after.threads["harbour"]));
    assert_eq!(after.threads["tides"].len(), before.threads["tides"].len() + 1);
}

/// What became of decisions is told anew where decisions or their topics changed, and only there.
#[test]
fn chains_are_taken_over_while_decisions_stay() {
    let folder = tempfile::tempdir().expect("a folder");
    let (root, data) = (folder.path().join("book"), folder.path().join("data"));
    fs::create_dir_all(root.join("tides")).expect("a folder");
    let write = |day: u8, text: &str| {
        let path = format!("tides/2026-03-0{day}.md");
        fs::write(root.join(&path), text).expect("written");
        vec![path]
    };
    write(1, "# Call\n\n## Tide cache\n- Decision: the tide cache lies in Postgres\n");
    write(2, "# Call\n\n## Tide cache\n- AI @mira: warm it\n");
    let mut book = open(&root, &data);
    let scope = Scope::whole(jiff::civil::date(2026, 12, 1));
    let mut chains_after = |paths: &[String]| {
        book.refresh_paths(paths, &(), IfBusy::Wait).expect("a book");
        book.snapshot().expect("a snapshot").chains(&scope)
    };
    let before = chains_after(&[]);
    let another_action =
        chains_after(&write(2, "# Call\n\n## Tide cache\n- AI @mira: warm it\n- AI @mira: paint it\n"));
    assert!(std::sync::Arc::ptr_eq(&before, &another_action));
    let another_topic = chains_after(&write(2, "# Call\n\n## Tide caches\n- AI @mira: warm it\n"));
    assert!(!std::sync::Arc::ptr_eq(&before, &another_topic), "the heading has come up again no more");
    let text = "# Call\n\n## Tide cache\n- Decision: the tide cache lies in Postgres no longer\n";
    let undone = chains_after(&write(2, text));
    assert_eq!(undone.all.iter().map(|chain| chain.links.len()).sum::<usize>(), 2);
    let moved = chains_after(&write(1, "# Call\n\n\n## Tide cache\n- Decision: the tide cache lies in Postgres\n"));
    assert_eq!(moved.all[0].links[0].line, undone.all[0].links[0].line + 1);
}
