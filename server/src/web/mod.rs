//! Pages and JSON API over HTTP (axum). Every page has its JSON sibling under `/api/v1`; both show the
//! answers of the same queries.
//!
//! [`pages`] render, [`api`] serialises, [`ledger`] writes what [`guard`] lets through, [`minutes`] turns Markdown into safe HTML with the facts marked,
//! [`go`] offers places to the palette, [`past`] keeps what was asked as of commits, [`assets`] serves what is embedded, [`watch`] keeps the book
//! fresh, and [`events`] tells open pages of it.

mod api;
mod assets;
mod connections;
mod error;
mod events;
mod go;
mod guard;
mod ledger;
mod minutes;
mod pages;
mod past;
mod then;
mod watch;

use std::net::TcpListener;
use std::sync::Arc;

use anyhow::Context;
use arc_swap::{ArcSwap, ArcSwapOption};
use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::{get, post};
use minutebook_index::query::Scope;
use minutebook_index::{IfBusy, Snapshot};
use serde::Deserialize;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::set_header::SetResponseHeaderLayer;

use self::error::PageError;
use self::events::News;
use self::guard::Guard;
use self::past::Past;
use crate::author::author;
use crate::commands::Failure;
use crate::progress::Bar;
use crate::settings::{AsOf, Settings, today};

/// What the handlers share.
#[derive(Clone)]
pub struct App {
    snapshot: Arc<ArcSwap<Snapshot>>,
    /// Who may write.
    guard: Arc<Guard>,
    /// Who writes where nobody says so.
    author: Arc<str>,
    /// Past states of the book.
    past: Arc<Past>,
    /// Tells open pages that there is a new state.
    /// What is wrong with the book as it is now, while an older state of it is shown.
    trouble: Arc<ArcSwapOption<String>>,
    news: Arc<News>,
}

impl App {
    /// The newest state of the book.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        self.snapshot.load_full()
    }

    /// Shows another state from now on.
    pub fn show(&self, new: Arc<Snapshot>) {
        self.snapshot.store(new);
        self.tell();
    }

    /// What must be mended of the configuration, the book, or the ledger, and whether what is shown is older for it.
    pub fn trouble(&self) -> Option<(String, bool)> {
        let stuck = self.trouble.load().as_ref().map(|told| (told.to_string(), true));
        stuck.or_else(|| Some((self.snapshot().ledger.trouble()?, false)))
    }

    /// Lets go of facts in memory, where there are many.
    pub fn rest(&self) {
        self.snapshot.rcu(|now| now.rested().map_or_else(|| Arc::clone(now), Arc::new));
    }

    /// Tells open pages which state is shown, if it is another.
    pub fn tell(&self) {
        let now = Some(events::state(&self.snapshot()));
        // Once the server ends, nothing more is told.
        self.news.send_if_modified(|told| told.is_some() && now != *told && std::mem::replace(told, now).is_some());
    }

    /// The state of the book that a request asks about, and what it may see of it.
    pub fn asked(&self, common: &Common) -> Result<(Arc<Snapshot>, Scope), PageError> {
        let now = self.snapshot();
        let Some(text) = common.as_of.as_deref().filter(|t| !t.is_empty()) else {
            return Ok((now, Scope::whole(today())));
        };
        // A commit is read from the disk, which the threads that answer others do not wait for.
        tokio::task::block_in_place(|| match AsOf::of(text, &now.root)? {
            AsOf::Day(day) => Ok((now, Scope::as_of(day))),
            AsOf::Commit(commit) => Ok((self.past.at(&commit, &now)?, Scope::at(&commit))),
        })
    }
}

/// Query parameters that every page takes.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Common {
    /// Answer as on that day, or as of that commit.
    #[serde(rename = "as-of")]
    pub as_of: Option<String>,
}

/// Threads that read, answer and write. An answer is worked out where its request is read: to hand the other connections
/// of a thread to one more thread each time takes half as long as an answer of a small book, and as much memory again.
/// There are more threads than cores, so that some go on where long answers hold the others.
pub fn threads() -> usize {
    2 * std::thread::available_parallelism().map_or(2, usize::from)
}

/// Serves a book until it is interrupted.
pub fn serve(settings: &Settings, addr: &str, allow_host: &[String]) -> Result<(), Failure> {
    // The address first: who waits for an index wants to know early that the port is taken.
    let listener = TcpListener::bind(addr).map_err(|error| match error.kind() {
        std::io::ErrorKind::AddrInUse => {
            anyhow::anyhow!("{addr} is in use; choose another address with --addr, for instance --addr 127.0.0.1:0")
        }
        std::io::ErrorKind::PermissionDenied => {
            anyhow::anyhow!("{addr}: not allowed; ports below 1024 need rights, try --addr 127.0.0.1:7777")
        }
        _ => anyhow::anyhow!("{addr}: {error}; write it as 127.0.0.1:7777"),
    })?;
    listener.set_nonblocking(true).context("the socket")?;
    let mut book = settings.book();
    let done = book.refresh(&Bar::new(settings.quiet), IfBusy::ShowPrevious).map_err(anyhow::Error::from)?;
    for notice in &done.notices {
        tell!("minutebook: {notice}");
    }
    let snapshot = book.snapshot().context("the index is empty")?;
    let (files, meetings) = snapshot.size();
    let local = listener.local_addr().context("the socket")?;
    let news = Arc::new(News::new(Some(events::state(&snapshot))));
    let app = App {
        snapshot: Arc::new(ArcSwap::new(snapshot)),
        guard: Arc::new(Guard::new(local, allow_host)),
        author: author(None, &settings.root).unwrap_or_else(|| "somebody".to_owned()).into(),
        past: Arc::new(Past::new(settings.config.is_some())),
        trouble: Arc::default(),
        news: Arc::clone(&news),
    };
    watch::start(book, app.clone(), settings.reading_conventions())?;
    if !settings.quiet {
        if files == 0 {
            tell!("minutebook: {}: no minutes here yet; what is added will show up", settings.root.display());
        }
        tell!(
            "Minutebook serves {} ({files} files, {meetings} meetings) on http://{local}  (Ctrl-C ends it)",
            settings.root.display()
        );
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(threads()).enable_all().build();
    let runtime = runtime.context("the runtime")?;
    runtime.block_on(async move {
        let listener = tokio::net::TcpListener::from_std(listener).context("the socket")?;
        // Lines that stay open would keep the server from ending.
        let ended = async move {
            interrupted().await;
            news.send_replace(None);
        };
        connections::serve(listener, router(app), ended).await;
        anyhow::Ok(())
    })?;
    Ok(())
}

/// Ctrl-C, or what a service manager sends.
async fn interrupted() {
    #[cfg(unix)]
    if let Ok(mut terminated) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        tokio::select! {
            _ = tokio::signal::ctrl_c() => return,
            _ = terminated.recv() => return,
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}

/// All addresses.
pub fn router(app: App) -> Router {
    let api = Router::new()
        .route("/search", get(api::search))
        .route("/complete", get(api::complete))
        .route("/go", get(go::go))
        .route("/who", get(api::who))
        .route("/actions", get(api::actions))
        .route("/actions/{id}", get(api::action))
        .route("/decisions", get(api::decisions))
        .route("/decisions/{id}", get(api::decision))
        .route("/series", get(api::all_series))
        .route("/series/{*name}", get(api::series))
        .route("/people", get(api::people))
        .route("/people/{*person}", get(api::person))
        .route("/away/{*person}", get(api::away))
        .route("/meetings/{*path}", get(api::meeting))
        .route("/issues", get(api::issues))
        .route("/issues/{*target}", get(api::issue))
        .route("/handoffs", get(api::handoffs))
        .route("/graph", get(api::graph))
        .route("/graph/path", get(api::graph_path))
        .route("/graph/recurring", get(api::recurring))
        .route("/export.graphml", get(api::export_graphml))
        .route("/export.json", get(api::export_json))
        .route("/check", get(api::check))
        .route("/explain", get(api::explain))
        .route("/ledger", get(api::ledger).post(ledger::post_json))
        .fallback(api::nowhere)
        .method_not_allowed_fallback(error::not_allowed);
    Router::new()
        .route("/", get(pages::home::page))
        .route("/me", post(ledger::post_me))
        .route("/search", get(pages::search::page))
        .route("/who", get(pages::who::page))
        .route("/actions", get(pages::actions::list))
        .route("/actions.md", get(pages::actions::markdown))
        .route("/actions/{id}", get(pages::actions::one))
        .route("/decisions", get(pages::decisions::list))
        .route("/decisions/{id}", get(pages::decisions::one))
        .route("/series", get(pages::series::list))
        .route("/series/{*name}", get(pages::series::one_or_agenda))
        .route("/people", get(pages::people::list))
        .route("/people/{*person}", get(pages::people::one_or_away))
        .route("/meetings/{*path}", get(pages::meeting::page))
        .route("/issues", get(pages::issues::list))
        .route("/issues/{*target}", get(pages::issues::one))
        .route("/handoffs", get(pages::handoffs::page))
        .route("/graph", get(pages::graph::page))
        .route("/check", get(pages::check::page))
        .route("/explain", get(pages::explain::page))
        .route("/ledger", get(pages::ledger::page).post(ledger::post_form))
        .route("/static/{*file}", get(assets::file))
        .route("/events", get(events::events))
        .route("/healthz", get(|| async { "ok" }))
        .route("/readyz", get(|| async { "ready" }))
        .nest("/api/v1", api)
        .fallback(pages::nowhere)
        .method_not_allowed_fallback(error::not_allowed)
        .layer(middleware::from_fn_with_state(app.clone(), events::timed))
        .layer(middleware::from_fn(then::kept))
        .layer(middleware::from_fn_with_state(app.clone(), known_host))
        .layer(CompressionLayer::new())
        .layer(CatchPanicLayer::custom(broken))
        .layer(fixed(header::CONTENT_SECURITY_POLICY, "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"))
        .layer(fixed(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(fixed(header::REFERRER_POLICY, "same-origin"))
        .with_state(app)
}

fn fixed(name: HeaderName, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
}

/// Answers nobody who calls this server by a name that is not its own, where it is there for this machine alone.
async fn known_host(State(app): State<App>, request: Request, next: Next) -> Response {
    match app.guard.check_read(request.headers()) {
        Ok(()) => next.run(request).await,
        Err(error) => error.answers(request.uri().path()),
    }
}

/// A bug must not look like an empty answer.
fn broken(_: Box<dyn std::any::Any + Send + 'static>) -> Response {
    PageError::internal("something in Minutebook broke; please report what you asked for").into_page()
}
