//! `/events`: tells open pages that the book changed under them, as server-sent events.
//!
//! What is told is which state of the book is shown now, the same that every page names in its `Server-Timing`
//! header (`book`), so that a page can compare the two.

use std::convert::Infallible;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::{Duration, Instant};

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::stream::{self, Stream};
use minutebook_index::Snapshot;
use tokio::sync::watch;

use super::App;

const SERVER_TIMING: HeaderName = HeaderName::from_static("server-timing");

/// So often something is sent, so that whoever has gone is noticed, and nothing between cuts the line.
const HEARTBEAT: Duration = Duration::from_secs(20);

/// The state that is shown; none once the server ends.
pub type News = watch::Sender<Option<String>>;

/// Tells one state of minutes, conventions and ledger from another, over restarts too. The number of the generation
/// does not: it counts up, too, when the ledger is looked at after a page has written it.
pub fn state(snapshot: &Snapshot) -> String {
    let mut hasher = DefaultHasher::new();
    for file in snapshot.series.values().flat_map(|shard| &shard.digest.files) {
        (&file.path, &file.hash).hash(&mut hasher);
    }
    (snapshot.conventions.key(), &snapshot.ledger.hash).hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

/// The state that is shown, at once and whenever it is another, until the server ends.
pub async fn events(State(app): State<App>) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let mut news = app.news.subscribe();
    news.mark_changed();
    let told = stream::unfold(news, |mut news| async move {
        news.changed().await.ok()?;
        let state = news.borrow_and_update().clone()?;
        Some((Ok(Event::default().event("book").data(state)), news))
    });
    Sse::new(told).keep_alive(KeepAlive::new().interval(HEARTBEAT))
}

/// Says with each answer which state it is of, and how long it took, in milliseconds.
pub async fn timed(State(app): State<App>, request: Request, next: Next) -> Response {
    let (start, state) = (Instant::now(), app.news.borrow().clone().unwrap_or_default());
    let mut response = next.run(request).await;
    let took = start.elapsed().as_secs_f64() * 1000.0;
    if let Ok(told) = HeaderValue::try_from(format!("book;desc=\"{state}\", page;dur={took:.2}")) {
        response.headers_mut().insert(SERVER_TIMING, told);
    }
    response
}
