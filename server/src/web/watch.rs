//! Watches the book and swaps in a new snapshot when something changed.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use anyhow::Context;
use minutebook_index::{Book, IfBusy};
use minutebook_ingest::Conventions;
use minutebook_ingest::book::relative;
use notify::{RecommendedWatcher, RecursiveMode};
use notify_debouncer_full::{DebounceEventResult, Debouncer, RecommendedCache, new_debouncer};

use super::App;
use crate::memory;
use crate::settings::today;

/// Bursts of changes (a checkout, a save in several steps) are one.
const QUIET: Duration = Duration::from_millis(150);
/// Where events get lost (network folders, too many files), the book is looked at all the same.
const LOOK: Duration = Duration::from_secs(60);

/// What may have changed.
enum Seen {
    /// These files of the book, and nothing else.
    Files(BTreeSet<PathBuf>),
    /// Anything.
    Anything,
}

impl Seen {
    fn join(self, other: Self) -> Self {
        match (self, other) {
            (Self::Files(mut all), Self::Files(more)) => {
                all.extend(more);
                Self::Files(all)
            }
            _ => Self::Anything,
        }
    }
}

/// Starts watching in a thread of its own: to watch a big book takes as long as to look at all its files, and nobody
/// who asks need wait for it. `conventions` reads the configuration anew.
pub fn start(
    mut book: Book,
    app: App,
    conventions: impl Fn() -> anyhow::Result<Conventions> + Send + 'static,
) -> anyhow::Result<()> {
    let (tell, told) = mpsc::channel::<Seen>();
    let root = book.root().canonicalize().unwrap_or_else(|_| book.root().to_owned());
    let data = book.data().canonicalize().unwrap_or_else(|_| book.data().to_owned());
    let shown = preparing(app.clone())?;
    std::thread::Builder::new()
        .name("watch".into())
        .spawn(move || {
            let git = minutebook_index::git::folder(&root);
            let watched = watcher(&root, data, git.as_deref(), tell.clone());
            if let Err(error) = &watched {
                tracing::warn!("{}: cannot be watched ({error}); it is looked at every minute", root.display());
            }
            // What changed between the first look and the watching.
            let _ = tell.send(Seen::Anything);
            let mut failed = false;
            loop {
                let seen = match told.recv_timeout(LOOK) {
                    Ok(first) => told.try_iter().fold(first, Seen::join),
                    Err(RecvTimeoutError::Timeout) => Seen::Anything,
                    Err(RecvTimeoutError::Disconnected) => return,
                };
                let mut trouble = None;
                match conventions() {
                    Ok(conventions) => book.set_conventions(conventions),
                    Err(error) => {
                        tracing::error!("{error}; the conventions stay as they were");
                        trouble = Some(error.to_string());
                    }
                }
                let refreshed = match seen {
                    // After an error the files that it left out count as well.
                    Seen::Files(files) if !failed => {
                        let paths: Vec<String> = files.iter().map(|file| relative(&root, file)).collect();
                        book.refresh_paths(&paths, &(), IfBusy::Wait)
                    }
                    _ => book.refresh(&(), IfBusy::Wait),
                };
                failed = refreshed.is_err();
                match refreshed {
                    Ok(done) => {
                        for notice in &done.notices {
                            tracing::warn!("{notice}");
                        }
                        if done.changed
                            && let Some(new) = book.snapshot()
                        {
                            tracing::info!("{} read, {} removed", done.read.len(), done.removed.len());
                            app.show(new);
                            // Somebody may have written to the ledger since it was read.
                            app.renew_ledger();
                        }
                    }
                    // The last good state stays; the next change tries again.
                    Err(error) => {
                        tracing::error!("the book could not be refreshed: {error}");
                        trouble = Some(error.to_string());
                    }
                }
                app.trouble.store(trouble.map(Arc::new));
                // What is new is shown by now.
                let _ = shown.send(());
                book.settle();
                book.rest();
                book.get_ready();
            }
        })
        .context("the watching thread")?;
    Ok(())
}

/// Starts a thread that makes what most questions ask for before they come, whenever it is told that there is a new
/// state. In a big book that takes seconds, in which the next change is not waited for.
fn preparing(app: App) -> anyhow::Result<mpsc::Sender<()>> {
    let (tell, told) = mpsc::channel::<()>();
    let prepare = move || {
        while told.recv().is_ok() {
            // Of several states only the last counts.
            told.try_iter().for_each(drop);
            let now = app.snapshot();
            now.prepare();
            now.rehearse(today());
            now.recall();
            drop(now);
            app.rest();
            memory::give_back_now();
        }
    };
    std::thread::Builder::new().name("prepare".into()).spawn(prepare).context("the preparing thread")?;
    Ok(tell)
}

fn watcher(
    root: &Path,
    data: PathBuf,
    git: Option<&Path>,
    tell: mpsc::Sender<Seen>,
) -> notify::Result<Debouncer<RecommendedWatcher, RecommendedCache>> {
    let (inner, book) = (git.map(Path::to_owned), root.to_owned());
    let mut watch = new_debouncer(QUIET, None, move |result: DebounceEventResult| {
        // An overflow: look at everything.
        let Ok(events) = result else { return drop(tell.send(Seen::Anything)) };
        let mut files = BTreeSet::new();
        for event in events.iter().filter(|e| e.need_rescan() || !e.kind.is_access()) {
            let in_git =
                |path: &&PathBuf| !path.starts_with(&book) || inner.as_ref().is_some_and(|g| path.starts_with(g));
            let changed = event.paths.iter().filter(|path| matters(path, &data, inner.as_deref()));
            if event.need_rescan() || event.paths.is_empty() || changed.clone().any(|path| in_git(&path)) {
                return drop(tell.send(Seen::Anything));
            }
            files.extend(changed.cloned());
        }
        if !files.is_empty() {
            let _ = tell.send(Seen::Files(files));
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
