//! Watches the book and swaps in a new snapshot when something changed.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use anyhow::Context;
use minutebook_index::{Book, IfBusy};
use minutebook_ingest::Conventions;
use notify::{RecommendedWatcher, RecursiveMode};
use notify_debouncer_full::{DebounceEventResult, Debouncer, RecommendedCache, new_debouncer};

use super::App;

/// Bursts of changes (a checkout, a save in several steps) are one.
const QUIET: Duration = Duration::from_millis(150);
/// Where events get lost (network folders, too many files), the book is looked at all the same.
const LOOK: Duration = Duration::from_secs(60);

/// Keeps the watcher alive.
pub type Watch = Debouncer<RecommendedWatcher, RecommendedCache>;

/// Starts watching in a thread of its own. `conventions` reads the configuration anew.
pub fn start(
    mut book: Book,
    app: App,
    conventions: impl Fn() -> anyhow::Result<Conventions> + Send + 'static,
) -> anyhow::Result<Option<Watch>> {
    let (tell, told) = mpsc::channel::<()>();
    let root = book.root().canonicalize().unwrap_or_else(|_| book.root().to_owned());
    let data = book.data().canonicalize().unwrap_or_else(|_| book.data().to_owned());
    let git = minutebook_index::git::folder(&root);
    let watched = watcher(&root, data, git.as_deref(), tell.clone());
    // What changed between the first look and the watching.
    let _ = tell.send(());
    let watch = match watched {
        Ok(watch) => Some(watch),
        Err(error) => {
            tracing::warn!("{}: cannot be watched ({error}); it is looked at every minute", root.display());
            None
        }
    };
    std::thread::Builder::new()
        .name("watch".into())
        .spawn(move || {
            let _keep = tell;
            loop {
                match told.recv_timeout(LOOK) {
                    Ok(()) => while told.try_recv().is_ok() {},
                    Err(RecvTimeoutError::Timeout) => {}
                    Err(RecvTimeoutError::Disconnected) => return,
                }
                match conventions() {
                    Ok(conventions) => book.set_conventions(conventions),
                    Err(error) => tracing::error!("{error}; the conventions stay as they were"),
                }
                match book.refresh(&(), IfBusy::Wait) {
                    Ok(done) => {
                        for notice in &done.notices {
                            tracing::warn!("{notice}");
                        }
                        if done.changed
                            && let Some(new) = book.snapshot()
                        {
                            tracing::info!("{} read, {} removed", done.read.len(), done.removed.len());
                            app.snapshot.store(new);
                            // Somebody may have written to the ledger since it was read.
                            app.renew_ledger();
                        }
                    }
                    // The last good state stays; the next change tries again.
                    Err(error) => tracing::error!("the book could not be refreshed: {error}"),
                }
            }
        })
        .context("the watching thread")?;
    Ok(watch)
}

fn watcher(root: &Path, data: PathBuf, git: Option<&Path>, tell: mpsc::Sender<()>) -> notify::Result<Watch> {
    let inner = git.map(Path::to_owned);
    let mut watch = new_debouncer(QUIET, None, move |result: DebounceEventResult| {
        let matters = match result {
            Ok(events) => events.iter().any(|e| {
                e.need_rescan()
                    || (!e.kind.is_access()
                        && (e.paths.is_empty() || e.paths.iter().any(|p| matters(p, &data, inner.as_deref()))))
            }),
            // An overflow: look at everything.
            Err(_) => true,
        };
        if matters {
            let _ = tell.send(());
        }
    })?;
    watch.watch(root, RecursiveMode::Recursive)?;
    // Commits happen in git's own folder, which may lie elsewhere.
    if let Some(git) = git.filter(|g| !g.starts_with(root)) {
        watch.watch(git, RecursiveMode::NonRecursive)?;
    }
    Ok(watch)
}

/// Changes of the index itself, and of git's insides but for what is checked out, mean nothing.
fn matters(path: &Path, data: &Path, git: Option<&Path>) -> bool {
    if path.starts_with(data) {
        return false;
    }
    match git.and_then(|git| path.strip_prefix(git).ok()) {
        None => true,
        Some(inner) => {
            ["HEAD", "index", "packed-refs", "config", "COMMIT_EDITMSG"].iter().any(|f| inner == Path::new(f))
        }
    }
}
