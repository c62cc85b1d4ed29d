//! What was changed after a meeting, told from a real git repository.

use std::fs;
use std::process::Command;
use std::sync::Arc;

use minutebook_index::query::Scope;
use minutebook_index::query::changes::{changed, changes};
use minutebook_index::query::meetings::session;
use minutebook_index::{Book, IfBusy, Snapshot};
use minutebook_ingest::Conventions;

/// A book in a folder of a repository.
struct Repository {
    folder: tempfile::TempDir,
    data: tempfile::TempDir,
}

impl Repository {
    fn new() -> Self {
        let new = Self { folder: tempfile::tempdir().expect("a folder"), data: tempfile::tempdir().expect("a folder") };
        new.git(&["init", "--quiet", "--initial-branch", "main"], "2026-01-01");
        new
    }

    fn git(&self, args: &[&str], day: &str) {
        let at = format!("{day}T12:00:00Z");
        let output = Command::new("git")
            .args(["-c", "core.autocrlf=false", "-c", "user.name=Mira Holt", "-c", "user.email=mira@example.org"])
            .args(args)
            .current_dir(self.folder.path())
            .envs([("GIT_CONFIG_GLOBAL", "/dev/null"), ("GIT_CONFIG_NOSYSTEM", "1")])
            .envs([("GIT_AUTHOR_DATE", &at), ("GIT_COMMITTER_DATE", &at)])
            .output()
            .expect("git is there");
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    }

    fn put(&self, path: &str, text: &str) {
        let path = self.folder.path().join("minutes").join(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, text).expect("written");
    }

    fn commit(&self, path: &str, text: &str, day: &str, subject: &str) {
        self.put(path, text);
        self.git(&["add", "--all"], day);
        self.git(&["commit", "--quiet", "--message", subject], day);
    }

    /// The book, with its index in a folder of the data.
    fn book(&self, data: &str) -> Book {
        let book = self.folder.path().join("minutes");
        Book::new(book, self.data.path().join(data), Conventions::defaults())
    }
}

fn refreshed(book: &mut Book) -> Arc<Snapshot> {
    book.refresh(&(), IfBusy::Wait).expect("indexed");
    let snapshot = book.snapshot().expect("a snapshot");
    snapshot.recall();
    snapshot
}

fn scope() -> Scope {
    Scope::whole("2026-06-01".parse().expect("a day"))
}

/// How often, by what, and whether there is more that is not committed.
fn told(snapshot: &Snapshot, path: &str) -> Option<(usize, Vec<String>, String, bool)> {
    let scope = scope();
    let m = session(snapshot, &scope, path, 1).expect("a meeting").meeting;
    let found = changed(snapshot, &scope, m)?;
    let later = found.later.iter().map(|v| format!("{} {}", v.day, v.subject)).collect();
    Some((found.times, later, found.written.subject, found.uncommitted))
}

/// The lines that are not as they were.
fn lines(snapshot: &Snapshot, path: &str, line: u32) -> Vec<String> {
    let found = changes(snapshot, &scope(), path, line).expect("changes");
    let all = found.places.iter().flatten().filter(|l| l.kind != "same");
    all.map(|l| format!("{} {}", l.kind, l.text.iter().map(|(_, t)| t.as_str()).collect::<String>())).collect()
}

const PATH: &str = "harbour/2026-03-02.md";

#[test]
fn minutes_that_were_changed_later_say_so() {
    let repository = Repository::new();
    repository.commit(PATH, "# 2026-03-02\n## Agenda\n- tides\n", "2026-02-27", "Agenda");
    repository.commit(PATH, "# 2026-03-02\n## Agenda\n- tides: high\n", "2026-03-02", "Minutes");
    repository.commit(PATH, "# 2026-03-02\n## Agenda\n- tides: higher\n", "2026-03-03", "A slip");
    let mut book = repository.book("a");
    assert_eq!(told(&refreshed(&mut book), PATH), None, "what is written the day after is no change");

    // The work tree alone.
    repository.put(PATH, "# 2026-03-02\n## Agenda\n- tides: highest\n");
    let snapshot = refreshed(&mut book);
    assert_eq!(told(&snapshot, PATH), Some((0, vec![], "A slip".to_owned(), true)));
    assert_eq!(lines(&snapshot, PATH, 1), ["removed - tides: higher", "added - tides: highest"]);

    // A branch that was merged: its commit tells, the merge does not.
    repository.git(&["checkout", "--quiet", "-b", "mend"], "2026-04-01");
    repository.commit(PATH, "# 2026-03-02\n## Agenda\n- tides: highest\n- ropes\n", "2026-04-01", "Mend the tides");
    repository.git(&["checkout", "--quiet", "main"], "2026-04-02");
    repository.git(&["merge", "--quiet", "--no-ff", "--message", "Merge it", "mend"], "2026-04-02");
    let snapshot = refreshed(&mut book);
    let mended = || vec!["2026-04-01 Mend the tides".to_owned()];
    assert_eq!(told(&snapshot, PATH), Some((1, mended(), "A slip".to_owned(), false)));
    // What is known after two looks is what a single one tells.
    let again = refreshed(&mut repository.book("b"));
    assert_eq!(told(&again, PATH), told(&snapshot, PATH));

    // A history that was written anew is read anew.
    repository.git(&["reset", "--quiet", "--hard", "HEAD~1"], "2026-04-03");
    assert_eq!(told(&refreshed(&mut book), PATH), None);

    // As of another day nothing is told: the text of then is not known.
    let then = Scope::as_of("2026-03-10".parse().expect("a day"));
    let m = session(&snapshot, &then, PATH, 1).expect("a meeting").meeting;
    assert_eq!(changed(&snapshot, &then, m), None);
}

#[test]
fn of_several_meetings_in_a_file_each_has_its_own_changes() {
    let path = "harbour/log.md";
    let first = "# 2026-03-02\n- tides\n- sirens\n- ropes\n";
    let repository = Repository::new();
    repository.commit(path, first, "2026-03-02", "First");
    repository.commit(path, &format!("{first}\n\n\n\n# 2026-03-09\n- buoys\n"), "2026-03-09", "Second");
    let mut book = repository.book("a");
    let snapshot = refreshed(&mut book);
    // The file was changed, but of the first meeting nothing is different.
    assert_eq!(told(&snapshot, path).map(|t| t.0), Some(1));
    assert_eq!(lines(&snapshot, path, 1), Vec::<String>::new());
    let later = format!("{}\n\n\n\n# 2026-03-09\n- buoys\n", first.replace("sirens", "horns"));
    repository.commit(path, &later, "2026-05-01", "Third");
    let snapshot = refreshed(&mut book);
    assert_eq!(lines(&snapshot, path, 1)[..2], ["removed - sirens", "added - horns"]);
    let of_second = changes(&snapshot, &scope(), path, 9).expect("changes");
    assert!(of_second.places.is_empty(), "{of_second:?}");
}

#[test]
fn without_git_there_is_nothing_to_tell() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("2026-03-02.md"), "# 2026-03-02\n- tides\n").expect("written");
    let mut book = Book::new(folder.path().to_owned(), data.path().to_owned(), Conventions::defaults());
    let snapshot = refreshed(&mut book);
    assert_eq!(told(&snapshot, "2026-03-02.md"), None);
    assert!(changes(&snapshot, &scope(), "2026-03-02.md", 1).is_err());
}
