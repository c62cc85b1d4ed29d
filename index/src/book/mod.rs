//! Keeps a book's index up to date: what changed is read again, the rest is kept.

mod plan;
mod write;

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::SystemTime;

use minutebook_ingest::book::{self, BookError};
use minutebook_ingest::series::SeriesRule;
use minutebook_ingest::{Conventions, Extractor};
use rayon::prelude::*;
use tantivy::{Index, IndexReader, IndexWriter, ReloadPolicy};

use self::plan::{Plan, Seen};
use crate::as_of::Known;
use crate::forge::Forge;
use crate::git::{Around, WorkTree};
use crate::ledger::Ledger;
use crate::shard::{Digest, Shard};
use crate::snapshot::{Made, Snapshot};
use crate::store::{Damage, FORMAT, Manifest, Store, WriterLock};
use crate::text::{self, Fields};

/// The index cannot be made or read.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The folder is no book.
    #[error(transparent)]
    Book(#[from] BookError),
    /// The data directory cannot be used.
    #[error("data directory {path}: {source}")]
    Data {
        /// The directory.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// tantivy failed.
    #[error("text index in {path}: {source}")]
    Text {
        /// The directory.
        path: PathBuf,
        /// Why.
        source: tantivy::TantivyError,
    },
}

/// Told while files are read.
pub trait Progress: Sync {
    /// This many files will be read.
    fn start(&self, files: usize);
    /// One more was read.
    fn step(&self);
    /// All were read, and are being written.
    fn finish(&self);
}

/// Nobody watches.
impl Progress for () {
    fn start(&self, _: usize) {}
    fn step(&self) {}
    fn finish(&self) {}
}

/// What a refresh does while another process writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IfBusy {
    /// Waits for it.
    Wait,
    /// Shows the previous state, where there is one.
    ShowPrevious,
}

/// Something a user should read once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// The index was unusable and has been rebuilt.
    Rebuilt(String),
    /// Another process is writing; the previous state is shown.
    Busy(String),
    /// The data directory cannot be written; what it holds is shown.
    ReadOnly(String),
}

impl std::fmt::Display for Notice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Rebuilt(why) => write!(f, "{why}; it is rebuilt from the minutes"),
            Self::ReadOnly(why) => {
                write!(f, "the data directory cannot be written ({why}); shown is what it holds, which may be old")
            }
            Self::Busy(pid) if pid.is_empty() => {
                write!(f, "another process is refreshing the index; shown is its previous state")
            }
            Self::Busy(pid) => write!(f, "process {pid} is refreshing the index; shown is its previous state"),
        }
    }
}

/// What a refresh did.
#[derive(Debug, Clone, Default)]
pub struct Refresh {
    /// Files that were read.
    pub read: Vec<String>,
    /// Files whose facts were kept.
    pub kept: usize,
    /// Files that are no longer there.
    pub removed: Vec<String>,
    /// What to tell the user.
    pub notices: Vec<Notice>,
    /// Whether there is a new snapshot.
    pub changed: bool,
}

/// A book with its index.
pub struct Book {
    root: PathBuf,
    name: String,
    store: Store,
    /// Made when there is something to read.
    extractor: Arc<OnceLock<Extractor>>,
    conventions: Arc<Conventions>,
    state: Option<State>,
    /// tantivy tidies up behind the last commit.
    merging: Option<(IndexWriter, WriterLock)>,
}

/// The generation that is loaded.
struct State {
    index: Index,
    reader: IndexReader,
    fields: Fields,
    payload: String,
    manifest: Manifest,
    shards: BTreeMap<String, Arc<Shard>>,
    snapshot: Arc<Snapshot>,
    /// Which series a path belongs to, once all paths were seen.
    rule: Option<SeriesRule>,
}

impl Book {
    /// A book in `root` with its index in `data`. Nothing is read before the first [`refresh`](Self::refresh).
    pub fn new(root: PathBuf, data: PathBuf, conventions: Conventions) -> Self {
        let name = name_of(&root, &conventions);
        Self {
            root,
            name,
            store: Store::new(data),
            conventions: Arc::new(conventions),
            extractor: Arc::default(),
            state: None,
            merging: None,
        }
    }

    /// The book's folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The data directory.
    pub fn data(&self) -> &Path {
        self.store.root()
    }

    /// The facts that the index holds, whatever has changed since; none where it holds none that can be read.
    pub fn known(&self) -> Known {
        let payload = text::open(&self.store.text()).ok().and_then(|index| index.load_metas().ok()?.payload);
        let known = payload.and_then(|payload| {
            let manifest = self.store.manifest(&payload).ok()?;
            Some(Known { shards: self.shards(&manifest).ok()?, conventions: manifest.conventions })
        });
        known.unwrap_or_default()
    }

    /// Takes other conventions; the next refresh reads everything again if they differ.
    pub fn set_conventions(&mut self, conventions: Conventions) {
        if conventions.key() != self.conventions.key() {
            self.name = name_of(&self.root, &conventions);
            self.conventions = Arc::new(conventions);
            self.extractor = Arc::default();
            if let Some(state) = &mut self.state {
                state.rule = None;
            }
        }
    }

    /// The state after the last refresh.
    pub fn snapshot(&self) -> Option<Arc<Snapshot>> {
        self.state.as_ref().map(|s| Arc::clone(&s.snapshot))
    }

    /// Brings the index up to date with the files and returns what it did; the new state is in
    /// [`snapshot`](Self::snapshot). tantivy may tidy up behind it: [`settle`](Self::settle) waits for that.
    ///
    /// # Errors
    /// When the folder is no book or the data directory cannot be used. A damaged or older index is
    /// no error: it is rebuilt, and a notice says so.
    pub fn refresh(&mut self, progress: &dyn Progress, busy: IfBusy) -> Result<Refresh, Error> {
        self.look(None, progress, busy)
    }

    /// The same, where nothing but these paths (relative to the book, with `/`) can have changed: the cost is that of
    /// their series, not of the book. Where paths tell too little, all files are looked at.
    ///
    /// # Errors
    /// As [`refresh`](Self::refresh).
    pub fn refresh_paths(&mut self, paths: &[String], progress: &dyn Progress, busy: IfBusy) -> Result<Refresh, Error> {
        self.look(Some(paths), progress, busy)
    }

    /// Tidies up behind the last refresh, as tantivy does, and lets go of the data directory.
    pub fn settle(&mut self) {
        if let Some((writer, _lock)) = self.merging.take() {
            // What was not merged will be another time.
            let _ = writer.wait_merging_threads();
            if let Some(State { manifest, shards, payload, .. }) = &self.state {
                let digests = manifest.shards.values().map(String::as_str);
                let facts = shards.values().map(|shard| shard.digest.facts.as_str());
                self.store.sweep(&digests.chain(facts).chain([payload.as_str()]).collect());
            }
        }
    }

    /// Makes what the next change needs before it comes: what reads minutes, and the series of paths.
    pub fn get_ready(&mut self) {
        self.extractor();
        let rule = self.state.as_ref().filter(|state| state.rule.is_none()).map(|state| self.rule_of(state));
        if let (Some(state), Some(rule)) = (&mut self.state, rule) {
            state.rule = Some(rule);
        }
    }

    /// Lets go of facts in memory, where there are many; they are read again when they are asked for.
    pub fn rest(&mut self) {
        if let Some(state) = &mut self.state
            && let Some(rested) = state.snapshot.rested()
        {
            state.shards.clone_from(&rested.series);
            state.snapshot = Arc::new(rested);
        }
    }

    fn look(&mut self, only: Option<&[String]>, progress: &dyn Progress, busy: IfBusy) -> Result<Refresh, Error> {
        self.settle();
        let mut done = Refresh::default();
        let listed_at = now();
        let (root, conventions) = (self.root.clone(), Arc::clone(&self.conventions));
        let git = Around::new(&root);
        let locked = match self.store.try_lock() {
            Ok(locked) => locked,
            Err(error) => match self.load(&git) {
                Ok(state) => {
                    done.notices.push(Notice::ReadOnly(error.to_string()));
                    done.changed = true;
                    self.state = Some(state);
                    return Ok(done);
                }
                Err(_) => return Err(self.data_error(error)),
            },
        };
        let lock = match locked {
            Ok(lock) => lock,
            Err(_) if busy == IfBusy::Wait => self.store.lock().map_err(|e| self.data_error(e))?,
            Err(holder) => {
                if let Ok(state) = self.load(&git) {
                    done.notices.push(Notice::Busy(holder));
                    done.changed = true;
                    self.state = Some(state);
                    return Ok(done);
                }
                self.store.lock().map_err(|e| self.data_error(e))?
            }
        };
        // The files are looked at while what is known of them is read.
        let (loaded, seen) = std::thread::scope(|scope| {
            let seen = only.is_none().then(|| scope.spawn(|| Seen::of(&root, &conventions, &git)));
            let loaded = self.load_or_create(&git, &mut done);
            (loaded, seen.map(|seen| seen.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))))
        });
        loaded?;
        let plan = match only.and_then(|paths| self.plan_paths(paths, listed_at)) {
            Some(plan) => plan,
            None => self.plan(listed_at, seen.unwrap_or_else(|| Seen::of(&root, &conventions, &git))?),
        };
        let writer = match self.write(plan, progress, &mut done) {
            // What a crash left behind can be in the way of the next commit.
            Err(Error::Text { source, .. }) => {
                let notices = std::mem::take(&mut done.notices);
                done = Refresh { notices, ..Refresh::default() };
                done.notices.push(Notice::Rebuilt(format!("the index is damaged ({source})")));
                self.create(&git)?;
                let plan = self.plan(listed_at, Seen::of(&root, &conventions, &git)?);
                self.write(plan, progress, &mut done)?
            }
            other => other?,
        };
        self.merging = writer.map(|writer| (writer, lock));
        Ok(done)
    }

    fn data_error(&self, source: io::Error) -> Error {
        Error::Data { path: self.store.root().to_owned(), source }
    }

    fn text_error(&self, source: tantivy::TantivyError) -> Error {
        Error::Text { path: self.store.text(), source }
    }

    /// Makes sure that the newest generation is loaded, or an empty one.
    fn load_or_create(&mut self, git: &Around<'_>, done: &mut Refresh) -> Result<(), Error> {
        let damaged = self.state.as_ref().is_some_and(|s| s.shards.values().any(|shard| shard.is_damaged()));
        if let Some(state) = &self.state
            && !damaged
            && state.index.load_metas().is_ok_and(|m| m.payload.as_deref() == Some(&state.payload))
        {
            return Ok(());
        }
        match self.load(git) {
            Ok(state) => {
                // Another process may have written it since.
                done.changed = true;
                self.state = Some(state);
            }
            Err(damage) => {
                if !matches!(damage, Damage::Empty) {
                    done.notices.push(Notice::Rebuilt(damage.to_string()));
                }
                self.create(git)?;
            }
        }
        Ok(())
    }

    /// Starts with an empty index.
    fn create(&mut self, git: &Around<'_>) -> Result<(), Error> {
        self.state = None;
        self.store.clear().map_err(|e| self.data_error(e))?;
        let index = text::create(&self.store.text()).map_err(|e| self.text_error(e))?;
        let manifest = Manifest { format: FORMAT, ..Manifest::default() };
        let state =
            self.state_of(index, String::new(), manifest, BTreeMap::new(), git).map_err(|e| self.text_error(e))?;
        self.state = Some(state);
        Ok(())
    }

    /// Loads the generation that the text index's payload names.
    fn load(&self, git: &Around<'_>) -> Result<State, Damage> {
        let folder = self.store.text();
        if !folder.join("meta.json").exists() {
            let something = std::fs::read_dir(self.store.root().join("facts")).is_ok_and(|mut d| d.next().is_some());
            return Err(if something { Damage::Broken("text/meta.json is missing".into()) } else { Damage::Empty });
        }
        let broken = |e: tantivy::TantivyError| Damage::Broken(e.to_string());
        let index = text::open(&folder).map_err(|e| match e {
            tantivy::TantivyError::SchemaError(_) => Damage::OtherVersion,
            e => broken(e),
        })?;
        let payload = index.load_metas().map_err(broken)?.payload.ok_or(Damage::Empty)?;
        let manifest = self.store.manifest(&payload)?;
        let bad = index.validate_checksum().map_err(broken)?;
        if let Some(file) = bad.iter().next() {
            return Err(Damage::Broken(format!("{}: its bytes have changed", file.display())));
        }
        let shards = self.shards(&manifest)?;
        self.state_of(index, payload, manifest, shards, git).map_err(broken)
    }

    fn shards(&self, manifest: &Manifest) -> Result<BTreeMap<String, Arc<Shard>>, Damage> {
        let shards = manifest.shards.par_iter();
        let stored = |hash: &String| {
            let digest: Arc<Digest> = Arc::new(self.store.get(hash)?);
            let bytes = self.store.map(&digest.facts)?;
            Ok(Arc::new(Shard::stored(digest, bytes)))
        };
        shards.map(|(series, hash)| Ok((series.clone(), stored(hash)?))).collect()
    }

    fn state_of(
        &self,
        index: Index,
        payload: String,
        manifest: Manifest,
        shards: BTreeMap<String, Arc<Shard>>,
        git: &Around<'_>,
    ) -> tantivy::Result<State> {
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        let fields = text::schema().1;
        let snapshot = self.snapshot_of(&reader, fields, &manifest, &shards, git.tree(), None);
        Ok(State { index, reader, fields, payload, manifest, shards, snapshot: Arc::new(snapshot), rule: None })
    }

    fn snapshot_of(
        &self,
        reader: &IndexReader,
        fields: Fields,
        manifest: &Manifest,
        shards: &BTreeMap<String, Arc<Shard>>,
        tree: Option<Arc<WorkTree>>,
        before: Option<&Snapshot>,
    ) -> Snapshot {
        let forge = tree
            .as_ref()
            .and_then(|t| t.remote.as_deref())
            .and_then(|remote| Forge::of_remote(remote, &self.conventions.forge));
        Snapshot {
            root: self.root.clone(),
            name: self.name.clone(),
            generation: manifest.generation,
            conventions: Arc::clone(&self.conventions),
            extractor: Arc::clone(&self.extractor),
            series: shards.clone(),
            skipped: Arc::new(manifest.skipped.clone()),
            work_tree: tree,
            forge,
            searcher: reader.searcher(),
            fields,
            ledger: Arc::new(Ledger::read(&self.root)),
            files: None,
            kept: Some(self.store.kept()),
            made: before.map_or_else(Made::default, |before| Made::after(before, &self.conventions)),
        }
    }
}

impl Drop for Book {
    fn drop(&mut self) {
        self.settle();
    }
}

/// The name of a book: configured, else its folder's.
pub(crate) fn name_of(root: &Path, conventions: &Conventions) -> String {
    let folder = || root.canonicalize().unwrap_or_else(|_| root.to_owned());
    let named = || folder().file_name().map_or_else(|| "minutes".to_owned(), |n| n.to_string_lossy().into_owned());
    conventions.name.clone().unwrap_or_else(named)
}

/// Only to tell whether files may have changed since; no answer depends on it.
fn now() -> u64 {
    book::nanoseconds(SystemTime::now())
}
