//! A commit is read as a folder is in which it is checked out: the same files, facts, reasons and ledger.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use minutebook_index::{Book, Commit, IfBusy, Known, Snapshot};
use minutebook_ingest::Conventions;
use serde_json::{Value, json};

fn git(root: &Path, args: &[&str]) {
    let output = Command::new("git")
        .args(["-c", "core.autocrlf=false", "-c", "user.name=Mira Holt", "-c", "user.email=mira@example.org"])
        .args(args)
        .current_dir(root)
        .envs([("GIT_CONFIG_GLOBAL", "/dev/null"), ("GIT_CONFIG_NOSYSTEM", "1")])
        .output()
        .expect("git is there");
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
}

fn put(book: &Path, path: &str, bytes: &[u8]) {
    let path = book.join(path);
    fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
    fs::write(path, bytes).expect("written");
}

/// All that a snapshot holds of files.
fn state(snapshot: &Snapshot) -> Value {
    let files = snapshot.series.iter().flat_map(|(series, shard)| {
        shard.digest.files.iter().enumerate().map(move |(at, f)| {
            let facts = shard.facts(at);
            json!([series, f.path, f.blob, facts.taught, facts.meetings])
        })
    });
    json!({
        "name": snapshot.name,
        "files": files.collect::<Vec<_>>(),
        "skipped": *snapshot.skipped,
        "ledger": snapshot.ledger.hash,
        "texts": snapshot.series.values().flat_map(|s| &s.digest.files).map(|f| snapshot.text(&f.path)).collect::<Vec<_>>(),
    })
}

/// Compares what is checked out with its commit, read with what was known `before` and without.
fn same(root: &Path, book: &Path, before: &Known) -> Arc<Snapshot> {
    let data = tempfile::tempdir().expect("a folder");
    let config = fs::read_to_string(book.join("minutebook.toml")).unwrap_or_default();
    let conventions = Conventions::with_config(&config, "minutebook.toml").expect("valid");
    let mut on_disk = Book::new(book.to_owned(), data.path().to_owned(), conventions);
    on_disk.refresh(&(), IfBusy::Wait).expect("indexed");
    let known = on_disk.known();
    let on_disk = on_disk.snapshot().expect("a snapshot");
    let wanted = state(&on_disk);
    let commit = Commit::named(book, "HEAD").expect("a commit");
    let others = Known { conventions: "others".to_owned(), ..known.clone() };
    for known in [Known::default(), Known::of(&on_disk), known, others, before.clone()] {
        let told = state(&commit.snapshot(None, &known).expect("readable"));
        for key in ["name", "skipped", "ledger", "files", "texts"] {
            assert_eq!(told[key], wanted[key], "{key} in {}", root.display());
        }
    }
    on_disk
}

#[test]
fn a_commit_is_read_as_its_files_on_the_disk_are() {
    let folder = tempfile::tempdir().expect("a folder");
    let (root, book) = (folder.path().to_owned(), folder.path().join("docs/minutes"));
    let minutes = |day: &str| {
        format!(
            "---\ntags: [a]\n---\n# {day}\n## Participants\n- @mira\n\n- AI @mira: order the pump, see docs#12\n- [docs#12](https://github.com/quayside/docs/issues/12)\n"
        )
    };
    put(&book, "board/2026-01-05.md", minutes("2026-01-05").as_bytes());
    put(&book, "board/2026-01-12.md", minutes("2026-01-12").replace('\n', "\r\n").as_bytes());
    // Several files of one day share what their ids are made of.
    put(&book, "board/2026-01-19.md", minutes("2026-01-19").as_bytes());
    put(&book, "board/2026-01-19-slides.md", minutes("2026-01-19").as_bytes());
    let wide: Vec<u8> =
        [0xff, 0xfe].into_iter().chain(minutes("2026-01-26").encode_utf16().flat_map(u16::to_le_bytes)).collect();
    put(&book, "board/2026-01-26.MD", &wide);
    put(&book, "board/größe 2026-02-02.markdown", minutes("2026-02-02").as_bytes());
    put(&book, "board/notes.md", b"nothing is dated here\n");
    put(&book, "board/binary.md", &[0, 1, 2, 3].repeat(64));
    put(&book, "board/big.md", &vec![b'x'; 5 << 20]);
    put(&book, "board/empty.md", b"");
    for skipped in [
        "README.md",
        "board/Template.md",
        "LICENSE.md",
        "logo.png",
        "board/archive.md/2026-03-02.txt",
        "private/2026-03-09.md",
    ] {
        put(&book, skipped, b"# 2026-03-02\n- AI @mira: nothing\n");
    }
    for hidden in [
        ".github/x.md",
        "board/.hidden.md",
        "drafts/2026-03-16.md",
        "drafts/kept.md",
        "old/a/2026-03-23.md",
        "board/2026-04-06.tmp.md",
    ] {
        put(&book, hidden, b"# 2026-03-16\n- AI @mira: nothing\n");
    }
    put(&book, "drafts/.gitignore", b"*.md\n!kept.md\n");
    put(&book, ".ignore", b"# for tools\n/old/\n");
    put(&root, ".gitignore", b"*.tmp.md\n/docs/minutes/board/2026-01-12.md\n");
    put(&root, "docs/.ignore", b"!2026-01-12.md\n");
    put(&root, "2026-05-04.md", b"# 2026-05-04\n- AI @mira: not in the book\n");
    put(&root, "docs/minutes-2/2026-05-04.md", b"# 2026-05-04\n- AI @mira: not in the book\n");
    put(&book, "minutebook.toml", b"name = \"quay\"\n[book]\nskip = [\"private/**\"]\n");
    put(&book, ".minutebook/ledger.jsonl", b"{\"v\":1,\"id\":\"l1\",\"at\":\"2026-01-07T10:00:00Z\",\"by\":\"mira\",\"verb\":\"note\",\"action\":\"a2\",\"note\":\"x\"}\n");
    #[cfg(target_os = "linux")]
    {
        use std::os::unix::ffi::OsStrExt;
        std::os::unix::fs::symlink("2026-01-05.md", book.join("board/latest.md")).expect("linked");
        let odd = std::ffi::OsStr::from_bytes(b"board/2026-05-11-\xff.md");
        fs::write(book.join(odd), minutes("2026-05-11")).expect("written");
    }
    git(&root, &["init", "--quiet"]);
    git(&root, &["add", "--all", "--force"]);
    git(&root, &["commit", "--quiet", "--message", "minutes"]);
    let all = same(&root, &book, &Known::default());
    let files: Vec<&str> = all.series.values().flat_map(|s| &s.digest.files).map(|f| &*f.path).collect();
    assert_eq!(files.len(), 9, "{files:?}");
    assert!(files.contains(&"board/2026-01-12.md") && files.contains(&"drafts/kept.md"), "{files:?}");
    // One of the two of that day is gone, and others are told by their words alone.
    git(&root, &["rm", "--quiet", "docs/minutes/board/2026-01-19-slides.md"]);
    git(&root, &["mv", "docs/minutes/board/notes.md", "docs/minutes/board/2026-01-11.md"]);
    git(&root, &["commit", "--quiet", "--message", "fewer"]);
    same(&root, &book, &Known::of(&all));
    // The root of the repository is a book too.
    same(&root, &root, &Known::default());
}

#[test]
fn the_sample_book_too() {
    let folder = tempfile::tempdir().expect("a folder");
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("../minutes");
    copy(&sample, folder.path());
    git(folder.path(), &["init", "--quiet"]);
    git(folder.path(), &["add", "--all"]);
    git(folder.path(), &["commit", "--quiet", "--message", "minutes"]);
    same(folder.path(), folder.path(), &Known::default());
}

#[test]
fn the_beginning_of_a_hash_must_tell_which() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path();
    git(root, &["init", "--quiet"]);
    // So many that some begin alike; the same ones every time.
    let one = |n: u32| {
        format!("commit refs/heads/many\ncommitter Mira <mira@example.org> {} +0000\ndata 0\n\n", 1_767_225_600 + n)
    };
    fs::write(root.join("stream"), (0..900).map(one).collect::<String>()).expect("written");
    let stream = fs::File::open(root.join("stream")).expect("there");
    let import = Command::new("git").args(["fast-import", "--quiet"]).current_dir(root).stdin(stream).status();
    assert!(import.expect("git is there").success());
    let all = Command::new("git").args(["rev-list", "many"]).current_dir(root).output().expect("git is there");
    let mut all: Vec<&str> = std::str::from_utf8(&all.stdout).expect("UTF-8").lines().collect();
    all.sort_unstable();
    let pair = all.windows(2).find(|w| w[0][..4] == w[1][..4]).expect("some begin alike");
    let told = Commit::named(root, &pair[0][..4]).expect_err("ambiguous").to_string();
    assert!(told.contains("several are called so"), "{told}");
    assert_eq!(Commit::named(root, &pair[0][..12]).expect("one").id, pair[0]);
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("readable").map(|e| e.expect("an entry")) {
        let target = to.join(entry.file_name());
        if entry.file_type().expect("a type").is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::write(&target, fs::read(entry.path()).expect("read")).expect("written");
        }
    }
}
