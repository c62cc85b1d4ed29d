//! Requests a second: the search of `serve`, beside a handler of axum that asks tantivy alone.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Query, State};
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;
use serde::Deserialize;
use tantivy::Searcher;

use crate::bare::Bare;
use crate::common::Server;
use crate::table::{Bar, Row};

/// Connections that are open at the same time.
const CONNECTIONS: &str = "64";
/// How long each is asked.
const SECONDS: &str = "8s";
/// What is asked again and again.
const PATH: &str = "/api/v1/search?q=release+pipeline&limit=10";
/// Two of these are asked for where each question is another one.
const WORDS: &str = "people network cluster server update node image pipeline storage docs data default user key token \
    cache deploy config service module plan status question idea result check script error bug fix merge branch commit \
    support upstream standard proposal draft feedback decision option backup certificate upgrade driver volume monitor";

/// Against the bare index of the same book: of one question, whose answer is kept, and of others each time. Nothing
/// where there is no wrk.
pub fn requests(root: &Path, work: &Path, meetings: usize) -> Vec<Row> {
    if Command::new("wrk").arg("-v").output().is_err() {
        println!("requests: skipped, there is no wrk (Debian: apt-get install wrk)");
        return Vec::new();
    }
    let script = work.join("questions.lua");
    std::fs::write(&script, questions()).expect("written");
    let server = Server::start(root, &work.join("ours"));
    let (status, body) = server.get(PATH);
    assert_eq!(status, 200, "{body}");
    let ours = [None, Some(&*script)].map(|script| asked(server.address(), script));
    drop(server);
    // As many bytes as ours: what is measured is not who says less.
    let handler = handler(Bare::open(&work.join("bare")), body.len());
    let bare = [None, Some(&*script)].map(|script| asked(&handler, script));
    let row = |what: &str, ours, bare| Row {
        meetings: Some(meetings),
        what: what.into(),
        ours,
        bare,
        unit: "requests/s",
        bar: Bar::AtLeast(0.6),
    };
    vec![
        row("search over HTTP, one question", ours[0], bare[0]),
        row("search over HTTP, others each time", ours[1], bare[1]),
    ]
}

/// For wrk: every two of the words, in an order in which none comes again for long.
fn questions() -> String {
    let words: Vec<&str> = WORDS.split_whitespace().collect();
    let path = |a: usize, apart: usize| {
        let (a, b) = (words[a], words[(a + apart) % words.len()]);
        format!("\"/api/v1/search?q={a}+{b}&limit=10\"")
    };
    let paths: Vec<String> = (1..words.len() / 2)
        .flat_map(|apart| (0..words.len()).map(move |a| (a, apart)))
        .map(|(a, n)| path(a, n))
        .collect();
    format!(
        "local paths = {{ {} }}\nlocal n = 0\n\
        function request() n = n + 1; return wrk.format(\"GET\", paths[n % #paths + 1]) end\n",
        paths.join(", ")
    )
}

/// What wrk counts.
fn asked(address: &str, script: Option<&Path>) -> f64 {
    let url = format!("http://{address}{PATH}");
    let wrk = || {
        let mut wrk = Command::new("wrk");
        wrk.args(["-t", "2", "-c", CONNECTIONS, "-d", SECONDS]);
        script.into_iter().for_each(|script| _ = wrk.arg("-s").arg(script));
        wrk.arg(&url).output().expect("wrk")
    };
    // The first round warms caches.
    wrk();
    let told = String::from_utf8_lossy(&wrk().stdout).into_owned();
    assert!(!told.contains("Non-2xx"), "{told}");
    let line = told.lines().find_map(|l| l.strip_prefix("Requests/sec:")).unwrap_or_else(|| panic!("{told}"));
    line.trim().parse().expect("a number")
}

#[derive(Deserialize)]
struct Asked {
    q: String,
}

struct Handler {
    bare: Bare,
    searcher: Searcher,
    size: usize,
}

/// Starts a server that answers with paths and snippets, and the address of it; it ends with the process.
fn handler(bare: Bare, size: usize) -> String {
    let (_, searcher) = bare.searcher();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    listener.set_nonblocking(true).expect("a socket");
    let app = Router::new().route("/api/v1/search", get(answer)).with_state(Arc::new(Handler { bare, searcher, size }));
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async move {
            let listener = tokio::net::TcpListener::from_std(listener).expect("a socket");
            axum::serve(listener, app).await.expect("served");
        });
    });
    let mut stream = TcpStream::connect(&address).expect("connects");
    write!(stream, "GET {PATH} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").expect("sent");
    let mut told = String::new();
    stream.read_to_string(&mut told).expect("answered");
    assert!(told.starts_with("HTTP/1.1 200") && told.len() >= size, "{told}");
    address
}

async fn answer(State(state): State<Arc<Handler>>, Query(asked): Query<Asked>) -> impl IntoResponse {
    let hits = state.bare.search(&state.searcher, &asked.q);
    let mut body = serde_json::to_string(&hits).expect("JSON");
    body.extend(std::iter::repeat_n(' ', state.size.saturating_sub(body.len())));
    ([(header::CONTENT_TYPE, "application/json")], body)
}
