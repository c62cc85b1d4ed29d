//! Whatever happens to the data directory, the answers are those of a clean build: killed at any moment, on a full
//! disk, with any file of it damaged or gone, with several processes at once.

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use common::{Server, copy, minutebook, run, sample, stderr, stdout};

/// What the facts tell.
const ACTIONS: [&str; 5] = ["actions", "--state", "any", "--format", "jsonl"];
/// What the text index tells.
const SEARCH: [&str; 6] = ["search", "--limit", "500", "--format", "jsonl", "tide"];

fn all(book: &Path, data: &Path) -> String {
    stdout(&run(book, data, &ACTIONS)) + &hits(&stdout(&run(book, data, &SEARCH)))
}

/// The hits without their order: until tantivy merges its segments, what was deleted counts when words are weighed.
fn hits(told: &str) -> String {
    let hit = |line: &str| -> String {
        let mut hit: serde_json::Value = serde_json::from_str(line).expect("JSON");
        hit.as_object_mut().expect("a hit").remove("score");
        hit.to_string()
    };
    let mut all: Vec<String> = told.lines().map(hit).collect();
    all.sort();
    all.join("\n")
}

/// Numbers that look random, the same in each run.
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }
}

/// The files of a folder and those in it, sorted; not the lock, which holds nothing.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for path in fs::read_dir(folder).expect("there").map(|e| e.expect("an entry").path()) {
        if path.is_dir() {
            all.extend(files(&path));
        } else if !path.ends_with("lock") && !path.to_string_lossy().ends_with(".lock") {
            all.push(path);
        }
    }
    all.sort();
    all
}

/// 200 kills, from nothing and on top of what is there, while a server reads the same data and the minutes change.
#[test]
fn a_killed_index_equals_a_clean_build_after_the_next_start() {
    let folder = tempfile::tempdir().expect("a folder");
    let book = folder.path().join("book");
    for n in 0..3 {
        copy(&sample(), &book.join(format!("team{n}")));
    }
    let changing = book.join("team1/platform/20260210.md");
    let plain = fs::read_to_string(&changing).expect("read");
    let texts = [plain.clone(), format!("{plain}\n* AI @priya-n: look at the tide gauge of Brannvik\n")];
    let start = Instant::now();
    let wanted: Vec<String> = (0..2)
        .map(|n| {
            fs::write(&changing, &texts[n]).expect("written");
            all(&book, &folder.path().join(format!("clean{n}")))
        })
        .collect();
    assert_ne!(wanted[0], wanted[1]);
    // As long as both builds took with what was asked of them: most kills hit the build, some come after it.
    let longest = u64::try_from(start.elapsed().as_millis() / 2).expect("no ages").max(20);
    let data = folder.path().join("data");
    let _server = Server::start(&book, &data);
    let mut random = Random(1);
    for round in 0..200 {
        let variant = (round / 2) % 2;
        fs::write(&changing, &texts[variant]).expect("written");
        if random.below(3) == 0 {
            let _ = fs::remove_dir_all(data.join("text"));
        }
        let mut child = minutebook();
        child.arg("index").arg("--book").arg(&book).arg("--data").arg(&data);
        let mut child = child.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("starts");
        std::thread::sleep(Duration::from_millis(random.below(longest)));
        let _ = child.kill();
        let _ = child.wait();
        // Questions show the previous state while the server refreshes, and say so; this waits for it.
        stdout(&run(&book, &data, &["index"]));
        assert!(all(&book, &data) == wanted[variant], "after the kill of round {round}");
    }
}

#[test]
fn a_flipped_byte_or_a_missing_file_is_noticed_and_said_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let (book, data) = (folder.path().join("book"), folder.path().join("data"));
    copy(&sample(), &book);
    let wanted = all(&book, &data);
    let mut random = Random(2);
    let mut said = 0;
    for n in 0..files(&data).len() {
        for removed in [false, true] {
            // A rebuilt index has files of other names.
            let Some(path) = files(&data).into_iter().nth(n) else { continue };
            let mut bytes = fs::read(&path).expect("read");
            if removed || bytes.is_empty() {
                fs::remove_file(&path).expect("removed");
            } else {
                let at = usize::try_from(random.below(bytes.len() as u64)).expect("small");
                bytes[at] ^= 0x55;
                fs::write(&path, &bytes).expect("written");
            }
            let what = format!("{} {}", path.display(), if removed { "removed" } else { "changed" });
            let first = run(&book, &data, &ACTIONS);
            assert!(wanted.starts_with(&stdout(&first)), "{what}");
            // Of tantivy's own list of files, and of what no generation names, nothing is needed.
            said += usize::from(stderr(&first).contains("rebuilt"));
            let again = run(&book, &data, &SEARCH);
            assert!(wanted.ends_with(&hits(&stdout(&again))), "{what}");
            assert_eq!(stderr(&again), "", "{what}: said twice");
        }
    }
    assert!(said >= 20, "it was noticed {said} times");
}

/// A limit on the size of files makes writes fail, as a full disk does.
#[cfg(unix)]
#[test]
fn a_full_disk_leaves_what_was_there() {
    let folder = tempfile::tempdir().expect("a folder");
    let (book, data) = (folder.path().join("book"), folder.path().join("data"));
    copy(&sample(), &book);
    let wanted = all(&book, &data);
    let changing = book.join("platform/20260210.md");
    let plain = fs::read_to_string(&changing).expect("read");
    let mut failed = 0;
    for blocks in [0, 1, 4, 16, 64] {
        fs::write(&changing, format!("{plain}\n* AI @priya-n: look at gauge {blocks}\n")).expect("written");
        let mut shell = std::process::Command::new("bash");
        shell.arg("-c").arg(format!("trap '' XFSZ; ulimit -c 0; ulimit -f {blocks}; exec \"$@\"")).arg("bash");
        shell.arg(minutebook().get_program()).arg("index").arg("--book").arg(&book).arg("--data").arg(&data);
        let output = shell.stdin(Stdio::null()).output().expect("bash is installed");
        failed += usize::from(!output.status.success());
        assert_ne!(output.status.code(), Some(101), "no panic: {}", stderr(&output));
        fs::write(&changing, &plain).expect("written");
        assert!(all(&book, &data) == wanted, "with {blocks} blocks: {}", stderr(&output));
    }
    assert!(failed >= 3, "the disk was full {failed} times");
}

#[test]
fn processes_on_one_data_directory_wait_or_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let (book, data) = (folder.path().join("book"), folder.path().join("data"));
    copy(&sample(), &book);
    let wanted = all(&book, &folder.path().join("clean"));
    let answers: Vec<String> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..6).map(|_| scope.spawn(|| all(&book, &data))).collect();
        threads.into_iter().map(|t| t.join().expect("answered")).collect()
    });
    for answer in answers {
        assert!(answer == wanted);
    }
    let said = run(&book, &data, &["series"]);
    assert_eq!(stderr(&said), "", "nothing was damaged");
}

/// The command on a file system that nothing can be written to; none where the machine lets nobody make one.
#[cfg(target_os = "linux")]
fn read_only(data: &Path, args: &[&str]) -> Option<std::process::Output> {
    let mounted = "mount --bind \"$0\" \"$0\" && mount -o remount,bind,ro \"$0\" && ! touch \"$0/x\" 2>/dev/null || exit 77; exec \"$@\"";
    let mut command = std::process::Command::new("unshare");
    command.args(["--user", "--map-root-user", "--mount", "sh", "-c", mounted]).arg(data);
    command.arg(minutebook().get_program()).args(args).arg("--data").arg(data);
    let output = command.env("NO_COLOR", "1").stdin(Stdio::null()).output().ok()?;
    let made = output.status.code() != Some(77) && !stderr(&output).starts_with("unshare:");
    made.then_some(output)
}

#[cfg(target_os = "linux")]
#[test]
fn on_a_read_only_disk_the_last_state_answers() {
    let folder = tempfile::tempdir().expect("a folder");
    let (book, data, empty) = (folder.path().join("book"), folder.path().join("data"), folder.path().join("empty"));
    copy(&sample(), &book);
    fs::create_dir(&empty).expect("made");
    let before = stdout(&run(&book, &data, &ACTIONS));
    let path = book.to_string_lossy();
    let changing = book.join("platform/20260210.md");
    let plain = fs::read_to_string(&changing).expect("read");
    fs::write(&changing, format!("{plain}\n* AI @priya-n: look at the gauge of Brannvik\n")).expect("written");
    let asked: Vec<&str> = ACTIONS.iter().copied().chain(["--book", &path]).collect();
    let Some(output) = read_only(&data, &asked) else {
        println!("skipped: this machine lets nobody mount a folder read-only");
        return;
    };
    assert!(output.status.success(), "{}", stderr(&output));
    assert_eq!(stdout(&output), before);
    assert!(stderr(&output).contains("Read-only file system"), "{}", stderr(&output));
    // Without a last state there is nothing to answer with, and the error names the folder.
    let output = read_only(&empty, &asked).expect("as before");
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    assert!(stderr(&output).contains(&*empty.to_string_lossy()), "{}", stderr(&output));
    // Once it can be written to, what has changed is seen.
    assert!(stdout(&run(&book, &data, &ACTIONS)).contains("Brannvik"));
}

#[test]
fn files_that_change_while_they_are_read_are_told_as_they_are_in_the_end() {
    let folder = tempfile::tempdir().expect("a folder");
    let (book, data) = (folder.path().join("book"), folder.path().join("data"));
    copy(&sample(), &book);
    let changing: Vec<PathBuf> = files(&book.join("platform"));
    let texts: Vec<Vec<u8>> = changing.iter().map(|path| fs::read(path).expect("read")).collect();
    let done = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            let mut random = Random(3);
            let mut at = |end: usize| usize::try_from(random.below(end as u64)).expect("small");
            while !done.load(std::sync::atomic::Ordering::Relaxed) {
                let n = at(changing.len());
                match at(3) {
                    // Cut off in the midst of a letter, grown with what is no text, gone.
                    0 => fs::write(&changing[n], &texts[n][..at(texts[n].len())]).expect("written"),
                    1 => fs::write(&changing[n], [&texts[n][..], &[0xff, 0xfe, b'\n', b'-', b' ']].concat())
                        .expect("written"),
                    _ => drop(fs::remove_file(&changing[n])),
                }
            }
        });
        for round in 0..12 {
            let output = run(&book, &data, &["index"]);
            assert_eq!(output.status.code(), Some(0), "round {round}: {}", stderr(&output));
        }
        done.store(true, std::sync::atomic::Ordering::Relaxed);
        writer.join().expect("written");
    });
    for (path, text) in changing.iter().zip(&texts) {
        fs::write(path, text).expect("written");
    }
    assert!(all(&book, &data) == all(&book, &folder.path().join("clean")));
}
