//! What the end-to-end tests share: the real command, a book of their own, a running server.

#![allow(dead_code, reason = "each test file uses a part of it")]

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

/// The sample book.
pub fn sample() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../minutes")
}

/// A corpus beside the project; tests that need it skip where it is absent.
pub fn corpus(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpus").join(name);
    if !path.is_dir() {
        eprintln!("skipped: there is no corpus {name} beside the project");
        return None;
    }
    Some(path)
}

/// A copy of a folder.
pub fn copy(from: &Path, to: &Path) {
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

/// The command, ready to be given arguments.
pub fn minutebook() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_minutebook"));
    command.env("NO_COLOR", "1").env_remove("RUST_BACKTRACE").env("COLUMNS", "100").env("MINUTEBOOK_USER", "priya-n");
    command
}

/// Runs the command on a book with a data directory.
pub fn run(book: &Path, data: &Path, args: &[&str]) -> Output {
    minutebook().args(args).arg("--book").arg(book).arg("--data").arg(data).output().expect("runs")
}

/// What it printed, when it succeeded.
pub fn stdout(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

/// What it complained of.
pub fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A running server; ended with the test.
pub struct Server {
    child: Child,
    address: String,
}

impl Server {
    /// Serves a book on a free port.
    pub fn start(book: &Path, data: &Path) -> Self {
        let mut child = minutebook()
            .args(["serve", "--addr", "127.0.0.1:0"])
            .arg("--book")
            .arg(book)
            .arg("--data")
            .arg(data)
            .stderr(Stdio::piped())
            .spawn()
            .expect("starts");
        let mut lines = BufReader::new(child.stderr.take().expect("piped")).lines();
        let address = loop {
            let line = lines.next().expect("it tells its address").expect("UTF-8");
            if let Some((_, rest)) = line.split_once("http://") {
                break rest.split_whitespace().next().expect("an address").to_owned();
            }
        };
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, address }
    }

    /// Status and body of a page.
    pub fn get(&self, path: &str) -> (u16, String) {
        let (status, _, body) = self.request("GET", path);
        (status, body)
    }

    /// Status, head and body.
    pub fn request(&self, method: &str, path: &str) -> (u16, String, String) {
        self.request_with(method, path, "")
    }

    /// … with more header lines, each ended.
    pub fn request_with(&self, method: &str, path: &str, headers: &str) -> (u16, String, String) {
        let mut stream = TcpStream::connect(&self.address).expect("connects");
        write!(stream, "{method} {path} HTTP/1.1\r\nHost: {}\r\n{headers}Connection: close\r\n\r\n", self.address)
            .expect("sent");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).expect("answered");
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
        let status = head.split(' ').nth(1).expect("a status").parse().expect("a number");
        let body =
            if head.to_lowercase().contains("transfer-encoding: chunked") { unchunked(body) } else { body.to_owned() };
        (status, head.to_owned(), body)
    }

    /// Where it listens, as `127.0.0.1:4711`.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The number of its process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Ends it at once, whatever it is about.
    pub fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Status, head and body of what is sent with these headers (`Name: value`); none when the server has gone.
    /// Without a `Host` among them it is the address.
    pub fn post(&self, path: &str, headers: &[&str], body: &str) -> Option<(u16, String, String)> {
        post(&self.address, path, headers, body)
    }

    /// The JSON of an address.
    pub fn json(&self, path: &str) -> serde_json::Value {
        let (status, body) = self.get(path);
        assert_eq!(status, 200, "{path}: {body}");
        serde_json::from_str(&body).expect("JSON")
    }

    /// Waits until a condition holds; fails after two minutes.
    pub fn until(&self, what: &str, holds: impl Fn(&Self) -> bool) {
        let start = Instant::now();
        while !holds(self) {
            assert!(start.elapsed() < Duration::from_secs(120), "{what} did not come about");
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

/// As [`Server::post`], from any thread.
pub fn post(address: &str, path: &str, headers: &[&str], body: &str) -> Option<(u16, String, String)> {
    let mut stream = TcpStream::connect(address).ok()?;
    let mut head = format!("POST {path} HTTP/1.1\r\nConnection: close\r\nContent-Length: {}\r\n", body.len());
    if !headers.iter().any(|h| h.to_lowercase().starts_with("host:")) {
        head.push_str(&format!("Host: {address}\r\n"));
    }
    headers.iter().for_each(|h| head.push_str(&format!("{h}\r\n")));
    stream.write_all(format!("{head}\r\n{body}").as_bytes()).ok()?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).ok()?;
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    let body =
        if head.to_lowercase().contains("transfer-encoding: chunked") { unchunked(body) } else { body.to_owned() };
    Some((status, head.to_owned(), body))
}

fn unchunked(body: &str) -> String {
    let mut out = String::new();
    let mut rest = body;
    while let Some((size, after)) = rest.split_once("\r\n") {
        let size = usize::from_str_radix(size.trim(), 16).unwrap_or(0);
        if size == 0 || !after.is_char_boundary(size.min(after.len())) {
            break;
        }
        out.push_str(&after[..size]);
        rest = after[size..].trim_start_matches("\r\n");
    }
    out
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
