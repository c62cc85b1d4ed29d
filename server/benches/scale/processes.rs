//! Measured from outside: the command as a user starts it.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crate::bare::Bare;
use crate::common::{Server, minutebook};
use crate::table::{Bar, Row, median};

/// Memory of a process that no file backs, in bytes.
fn anonymous(pid: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|l| l.strip_prefix("RssAnon:"));
    line.and_then(|l| l.trim().trim_end_matches(" kB").parse::<u64>().ok()).unwrap_or(0) * 1024
}

/// The body of an address that there is.
fn get(server: &Server, path: &str) -> String {
    let (status, body) = server.get(path);
    assert_eq!(status, 200, "{path}: {body}");
    body
}

/// Until `serve` answers with an index that is up to date; against opening that of tantivy alone and asking it.
pub fn start(root: &Path, work: &Path, meetings: usize) -> Row {
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..3 {
        let start = Instant::now();
        let server = Server::start(root, &work.join("ours"));
        get(&server, "/healthz");
        ours.push(start.elapsed().as_secs_f64());
        // Its end is not its start.
        drop(server);
        let start = Instant::now();
        let bare = Bare::open(&work.join("bare"));
        let (_reader, searcher) = bare.searcher();
        bare.search(&searcher, "release");
        theirs.push(start.elapsed().as_secs_f64());
    }
    let (ours, bare) = (median(ours), median(theirs));
    let bar = Bar::Plus(2.0 * meetings as f64 / 1e5);
    Row { meetings: Some(meetings), what: "start of serve".into(), ours, bare, unit: "s", bar }
}

/// The peak of memory while `serve` starts, answers, and takes in a changed file; against the size of the minutes.
pub fn memory(root: &Path, work: &Path, meetings: usize, bytes: u64) -> Row {
    let server = Server::start(root, &work.join("ours"));
    let (peak, done) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicBool::new(false)));
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                peak.fetch_max(anonymous(server.pid()), Ordering::Relaxed);
                std::thread::sleep(Duration::from_millis(5));
            }
        });
        let ask = || {
            get(&server, "/api/v1/search?q=release+pipeline");
            get(&server, "/api/v1/actions?owner=ada-adler");
            get(&server, "/");
        };
        ask();
        let folder = fs::read_dir(root).expect("there").map(|e| e.expect("an entry").path()).find(|p| p.is_dir());
        let file = fs::read_dir(folder.expect("a series")).expect("there").next().expect("a file").expect("an entry");
        let before = fs::read_to_string(file.path()).expect("read");
        fs::write(file.path(), format!("{before}- AI @ada-adler: quadrille the lamp\n")).expect("written");
        while !get(&server, "/api/v1/search?q=quadrille").contains("\"total\":1") {
            std::thread::sleep(Duration::from_millis(20));
        }
        ask();
        fs::write(file.path(), before).expect("written");
        std::thread::sleep(Duration::from_secs(1));
        done.store(true, Ordering::Relaxed);
    });
    let mib = |bytes: u64| bytes as f64 / f64::from(1 << 20);
    let (ours, bare) = (mib(peak.load(Ordering::Relaxed)), mib(bytes));
    Row {
        meetings: Some(meetings),
        what: "peak memory of serve".into(),
        ours,
        bare,
        unit: "MiB",
        bar: Bar::AtMost(1.0),
    }
}

/// `minutebook search` as a whole process; against ripgrep for the same words.
pub fn cold(corpus: &Path, work: &Path) -> Option<Row> {
    let data = work.join("corpus");
    let ours = || {
        let mut search = minutebook();
        search.args(["search", "keycloak", "--book"]).arg(corpus).arg("--data").arg(&data);
        assert!(search.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|s| s.success()));
    };
    let theirs = || {
        let mut rg = Command::new("rg");
        rg.args(["-i", "-g", "*.md", "keycloak"]).arg(corpus).stdout(Stdio::null()).status().is_ok_and(|s| s.success())
    };
    if !theirs() {
        println!("cold search: skipped, there is no ripgrep (Debian: apt-get install ripgrep)");
        return None;
    }
    ours();
    let timed = |run: &dyn Fn()| {
        let start = Instant::now();
        run();
        start.elapsed().as_secs_f64() * 1e3
    };
    let (mut a, mut b) = (Vec::new(), Vec::new());
    for _ in 0..31 {
        a.push(timed(&ours));
        b.push(timed(&|| assert!(theirs())));
    }
    let (ours, bare) = (median(a), median(b));
    let what = "`minutebook search`, whole process".into();
    Some(Row { meetings: None, what, ours, bare, unit: "ms", bar: Bar::AtMost(3.0) })
}
