//! Measured from outside: the command as a user starts it.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crate::bare::Bare;
use crate::table::{Bar, Row, median};

/// A running `minutebook serve`.
pub struct Server {
    child: Child,
    address: String,
}

impl Server {
    /// Starts one and waits until it answers.
    pub fn start(book: &Path, data: &Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_minutebook"))
            .args(["serve", "--addr", "127.0.0.1:0", "--book"])
            .arg(book)
            .arg("--data")
            .arg(data)
            .stderr(Stdio::piped())
            .spawn()
            .expect("starts");
        let mut lines = BufReader::new(child.stderr.take().expect("piped")).lines();
        let address = lines.by_ref().map_while(Result::ok).find_map(|line| {
            let (_, rest) = line.split_once("http://")?;
            rest.split_whitespace().next().map(str::to_owned)
        });
        std::thread::spawn(move || lines.for_each(drop));
        let server = Self { child, address: address.expect("it tells its address") };
        server.get("/healthz");
        server
    }

    /// The body of an address.
    pub fn get(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).expect("connects");
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", self.address).expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("answered");
        assert!(answer.starts_with("HTTP/1.1 200"), "{path}: {answer}");
        answer
    }

    /// Memory that no file backs, in bytes.
    pub fn anonymous(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let line = status.lines().find_map(|l| l.strip_prefix("RssAnon:"));
        line.and_then(|l| l.trim().trim_end_matches(" kB").parse::<u64>().ok()).unwrap_or(0) * 1024
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Until `serve` answers with an index that is up to date; against opening that of tantivy alone and asking it.
pub fn start(root: &Path, work: &Path, meetings: usize) -> Row {
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..3 {
        let start = Instant::now();
        drop(Server::start(root, &work.join("ours")));
        ours.push(start.elapsed().as_secs_f64());
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
                peak.fetch_max(server.anonymous(), Ordering::Relaxed);
                std::thread::sleep(Duration::from_millis(5));
            }
        });
        let ask = || {
            server.get("/api/v1/search?q=release+pipeline");
            server.get("/api/v1/actions?owner=ada-adler");
            server.get("/");
        };
        ask();
        let folder = fs::read_dir(root).expect("there").map(|e| e.expect("an entry").path()).find(|p| p.is_dir());
        let file = fs::read_dir(folder.expect("a series")).expect("there").next().expect("a file").expect("an entry");
        let before = fs::read_to_string(file.path()).expect("read");
        fs::write(file.path(), format!("{before}- AI @ada-adler: quadrille the lamp\n")).expect("written");
        while !server.get("/api/v1/search?q=quadrille").contains("\"total\":1") {
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
        let mut search = Command::new(env!("CARGO_BIN_EXE_minutebook"));
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
