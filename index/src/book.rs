//! Keeps a book's index up to date: what changed is read again, the rest is kept.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::{SystemTime, UNIX_EPOCH};

use minutebook_ingest::book::{self, BookError, BookFile, Skipped};
use minutebook_ingest::series::SeriesRule;
use minutebook_ingest::{Conventions, Extractor};
use rayon::prelude::*;
use tantivy::{Index, IndexReader, IndexWriter, ReloadPolicy, TantivyDocument, Term};

use crate::as_of::Known;
use crate::forge::Forge;
use crate::git::{self, WorkTree};
use crate::ledger::Ledger;
use crate::reading::{self, hash};
use crate::shard::{FileFacts, Shard, ShardFacts};
use crate::snapshot::Snapshot;
use crate::store::{Damage, FORMAT, Left, Manifest, Store};
use crate::text::{self, Fields};

/// A file whose time of change is this close to the listing may change again within the same tick.
const RACY: u128 = 2_000_000_000;
/// Files that are read and extracted at a time; bounds memory.
const BATCH: usize = 512;

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
    extractor: Extractor,
    conventions: Arc<Conventions>,
    state: Option<State>,
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
}

/// A file's facts and documents, fresh from the disk.
struct Fresh {
    series: String,
    facts: FileFacts,
    documents: Vec<TantivyDocument>,
}

impl Book {
    /// A book in `root` with its index in `data`. Nothing is read before the first [`refresh`](Self::refresh).
    pub fn new(root: PathBuf, data: PathBuf, conventions: Conventions) -> Self {
        let name = name_of(&root, &conventions);
        Self {
            root,
            name,
            store: Store::new(data),
            conventions: Arc::new(conventions.clone()),
            extractor: Extractor::new(conventions),
            state: None,
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
            let (root, data) = (self.root.clone(), self.store.root().to_owned());
            let state = self.state.take();
            *self = Self { state, ..Self::new(root, data, conventions) };
        }
    }

    /// The state after the last refresh.
    pub fn snapshot(&self) -> Option<Arc<Snapshot>> {
        self.state.as_ref().map(|s| Arc::clone(&s.snapshot))
    }

    /// Brings the index up to date with the files and returns what it did; the new state is in
    /// [`snapshot`](Self::snapshot).
    ///
    /// # Errors
    /// When the folder is no book or the data directory cannot be used. A damaged or older index is
    /// no error: it is rebuilt, and a notice says so.
    pub fn refresh(&mut self, progress: &dyn Progress, busy: IfBusy) -> Result<Refresh, Error> {
        let mut done = Refresh::default();
        let listed_at = now();
        let listing = book::list(&self.root, &self.conventions.book)?;
        let locked = match self.store.try_lock() {
            Ok(locked) => locked,
            Err(error) => match self.load() {
                Ok(state) => {
                    done.notices.push(Notice::ReadOnly(error.to_string()));
                    done.changed = true;
                    self.state = Some(state);
                    return Ok(done);
                }
                Err(_) => return Err(self.data_error(error)),
            },
        };
        let _lock = match locked {
            Ok(lock) => lock,
            Err(_) if busy == IfBusy::Wait => self.store.lock().map_err(|e| self.data_error(e))?,
            Err(holder) => {
                if let Ok(state) = self.load() {
                    done.notices.push(Notice::Busy(holder));
                    done.changed = true;
                    self.state = Some(state);
                    return Ok(done);
                }
                self.store.lock().map_err(|e| self.data_error(e))?
            }
        };
        self.load_or_create(&mut done)?;
        let again = listing.clone();
        match self.update(listing, listed_at, progress, &mut done) {
            // What a crash left behind can be in the way of the next commit.
            Err(Error::Text { source, .. }) => {
                let notices = std::mem::take(&mut done.notices);
                done = Refresh { notices, ..Refresh::default() };
                done.notices.push(Notice::Rebuilt(format!("the index is damaged ({source})")));
                self.create()?;
                self.update(again, listed_at, progress, &mut done)?;
            }
            other => other?,
        }
        Ok(done)
    }

    fn data_error(&self, source: io::Error) -> Error {
        Error::Data { path: self.store.root().to_owned(), source }
    }

    fn text_error(&self, source: tantivy::TantivyError) -> Error {
        Error::Text { path: self.store.text(), source }
    }

    /// Makes sure that the newest generation is loaded, or an empty one.
    fn load_or_create(&mut self, done: &mut Refresh) -> Result<(), Error> {
        if let Some(state) = &self.state
            && state.index.load_metas().is_ok_and(|m| m.payload.as_deref() == Some(&state.payload))
        {
            return Ok(());
        }
        match self.load() {
            Ok(state) => self.state = Some(state),
            Err(damage) => {
                if !matches!(damage, Damage::Empty) {
                    done.notices.push(Notice::Rebuilt(damage.to_string()));
                }
                self.create()?;
            }
        }
        Ok(())
    }

    /// Starts with an empty index.
    fn create(&mut self) -> Result<(), Error> {
        self.state = None;
        self.store.clear().map_err(|e| self.data_error(e))?;
        let index = text::create(&self.store.text()).map_err(|e| self.text_error(e))?;
        let manifest = Manifest { format: FORMAT, ..Manifest::default() };
        let state = self.state_of(index, String::new(), manifest, BTreeMap::new()).map_err(|e| self.text_error(e))?;
        self.state = Some(state);
        Ok(())
    }

    /// Loads the generation that the text index's payload names.
    fn load(&self) -> Result<State, Damage> {
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
        self.state_of(index, payload, manifest, shards).map_err(broken)
    }

    fn shards(&self, manifest: &Manifest) -> Result<BTreeMap<String, Arc<Shard>>, Damage> {
        let shards = manifest.shards.par_iter();
        shards
            .map(|(series, hash)| Ok((series.clone(), Arc::new(Shard::new(self.store.get::<ShardFacts>(hash)?)))))
            .collect()
    }

    fn state_of(
        &self,
        index: Index,
        payload: String,
        manifest: Manifest,
        shards: BTreeMap<String, Arc<Shard>>,
    ) -> tantivy::Result<State> {
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        let fields = text::schema().1;
        let snapshot = self.snapshot_of(&reader, fields, &manifest, &shards, WorkTree::around(&self.root));
        Ok(State { index, reader, fields, payload, manifest, shards, snapshot: Arc::new(snapshot) })
    }

    fn snapshot_of(
        &self,
        reader: &IndexReader,
        fields: Fields,
        manifest: &Manifest,
        shards: &BTreeMap<String, Arc<Shard>>,
        tree: Option<WorkTree>,
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
            series: shards.clone(),
            skipped: Arc::new(manifest.skipped.clone()),
            work_tree: tree.map(Arc::new),
            forge,
            searcher: reader.searcher(),
            fields,
            ledger: Arc::new(Ledger::read(&self.root)),
            files: None,
            folded: Arc::default(),
            view: OnceLock::new(),
            short_refs: Arc::default(),
            chains: Arc::default(),
            synonyms: std::sync::OnceLock::new(),
            graph: OnceLock::new(),
            columns: Arc::default(),
            views: crate::recent::Recent::default(),
            part_chains: crate::recent::Recent::default(),
        }
    }

    fn update(
        &mut self,
        listing: book::Listing,
        listed_at: u128,
        progress: &dyn Progress,
        done: &mut Refresh,
    ) -> Result<(), Error> {
        let tree = WorkTree::around(&self.root);
        let key = self.conventions.key();
        let state = self.state.take().expect("load_or_create has set it");
        let rule = SeriesRule::of(&listing, &self.conventions.series);
        let old: HashMap<&str, (&str, &FileFacts)> = state
            .shards
            .iter()
            .flat_map(|(series, shard)| shard.facts.files.iter().map(move |f| (f.path.as_str(), (series.as_str(), f))))
            .collect();
        // What is stored and still true.
        let same_conventions = state.manifest.conventions == key;
        let mut to_read: Vec<&BookFile> = Vec::new();
        let mut kept: Vec<(&str, FileFacts)> = Vec::new();
        let mut touched = false;
        let mut skipped = listing.skipped;
        let mut left_out: BTreeMap<String, Left> = BTreeMap::new();
        for file in &listing.files {
            match old.get(file.path.as_str()) {
                Some(&(series, facts))
                    if same_conventions
                        && series == rule.series(&file.path)
                        && (tree.is_none() || facts.blob.is_some()) =>
                {
                    let settled = file.modified + RACY < state.manifest.listed_at;
                    if facts.size == file.size && facts.modified == file.modified && settled {
                        kept.push((series, facts.clone()));
                        continue;
                    }
                    let same =
                        facts.size == file.size && book::read(file).is_ok_and(|bytes| hash(&bytes) == facts.hash);
                    if same {
                        // Worth writing down only where the next look is spared by it.
                        touched |= file.modified + RACY < listed_at;
                        kept.push((series, FileFacts { modified: file.modified, ..facts.clone() }));
                    } else {
                        to_read.push(file);
                    }
                }
                _ => match state.manifest.left.get(&file.path).filter(|_| same_conventions) {
                    // No minutes last time, and no minutes now: no news.
                    Some(left) if left.still_holds(file) => {
                        skipped.push(Skipped { path: file.path.clone(), reason: left.reason.clone() });
                        left_out.insert(file.path.clone(), left.clone());
                    }
                    _ => to_read.push(file),
                },
            }
        }
        let present: BTreeSet<&str> = listing.files.iter().map(|f| f.path.as_str()).collect();
        done.removed = old.keys().filter(|p| !present.contains(*p)).map(|p| (*p).to_owned()).collect();
        done.removed.sort();
        done.kept = kept.len();
        let same_tree = state.snapshot.work_tree.as_deref() == tree.as_ref();
        if to_read.is_empty() && done.removed.is_empty() && !touched && !state.payload.is_empty() && same_conventions {
            skipped.sort_by(|a, b| a.path.cmp(&b.path));
            let changed = !same_tree || skipped != state.manifest.skipped;
            let mut state = state;
            if changed {
                state.manifest.skipped = skipped;
                state.snapshot =
                    Arc::new(self.snapshot_of(&state.reader, state.fields, &state.manifest, &state.shards, tree));
                done.changed = true;
            } else {
                let ledger = Ledger::read(&self.root);
                if ledger.hash != state.snapshot.ledger.hash {
                    state.snapshot = Arc::new(state.snapshot.with_ledger(Arc::new(ledger)));
                    done.changed = true;
                }
            }
            self.state = Some(state);
            return Ok(());
        }
        let path_field = state.fields.path;
        let big = to_read.len() > 64;
        let (threads, heap) = if big { (rayon::current_num_threads().clamp(1, 4), 128 << 20) } else { (1, 15 << 20) };
        let mut writer: IndexWriter = state
            .index
            .writer_with_num_threads(threads, heap.max(threads * (15 << 20)))
            .map_err(|e| self.text_error(e))?;
        for path in done.removed.iter().map(String::as_str).chain(to_read.iter().map(|f| f.path.as_str())) {
            writer.delete_term(Term::from_field_text(path_field, path));
        }
        if !same_conventions {
            writer.delete_all_documents().map_err(|e| self.text_error(e))?;
        }
        let mut by_series: BTreeMap<String, Vec<FileFacts>> = BTreeMap::new();
        for (series, facts) in kept {
            by_series.entry(series.to_owned()).or_default().push(facts);
        }
        progress.start(to_read.len());
        for batch in to_read.chunks(BATCH) {
            let fresh: Vec<Result<Fresh, Left>> = batch
                .par_iter()
                .map(|file| {
                    let read = self.read(file, &rule, tree.as_ref(), &state.fields);
                    progress.step();
                    read
                })
                .collect();
            for (file, one) in batch.iter().zip(fresh) {
                match one {
                    Ok(fresh) => {
                        for document in fresh.documents {
                            writer.add_document(document).map_err(|e| self.text_error(e))?;
                        }
                        done.read.push(fresh.facts.path.clone());
                        by_series.entry(fresh.series).or_default().push(fresh.facts);
                    }
                    Err(left) => {
                        skipped.push(Skipped { path: file.path.clone(), reason: left.reason.clone() });
                        left_out.insert(file.path.clone(), left);
                    }
                }
            }
        }
        progress.finish();
        skipped.sort_by(|a, b| a.path.cmp(&b.path));
        // Facts first, then the commit that names them.
        let mut manifest = Manifest {
            format: FORMAT,
            generation: state.manifest.generation + 1,
            conventions: key,
            listed_at,
            shards: BTreeMap::new(),
            skipped,
            left: left_out,
        };
        let mut shards = BTreeMap::new();
        for (series, mut files) in by_series {
            files.sort_by(|a, b| a.path.cmp(&b.path));
            let facts = ShardFacts { series: series.clone(), files };
            let hash = self.store.put(&facts).map_err(|e| self.data_error(e))?;
            let shard = match state.manifest.shards.get(&series) {
                Some(before) if *before == hash => Arc::clone(&state.shards[&series]),
                _ => Arc::new(Shard::new(facts)),
            };
            manifest.shards.insert(series.clone(), hash);
            shards.insert(series, shard);
        }
        let payload = self.store.put(&manifest).map_err(|e| self.data_error(e))?;
        self.store.sync().map_err(|e| self.data_error(e))?;
        let mut commit = writer.prepare_commit().map_err(|e| self.text_error(e))?;
        commit.set_payload(&payload);
        commit.commit().map_err(|e| self.text_error(e))?;
        writer.wait_merging_threads().map_err(|e| self.text_error(e))?;
        state.reader.reload().map_err(|e| self.text_error(e))?;
        self.store.sweep(&payload, &manifest);
        let snapshot = Arc::new(self.snapshot_of(&state.reader, state.fields, &manifest, &shards, tree));
        done.changed = true;
        self.state = Some(State { payload, manifest, shards, snapshot, ..state });
        Ok(())
    }

    fn read(
        &self,
        file: &BookFile,
        rule: &SeriesRule,
        tree: Option<&WorkTree>,
        fields: &Fields,
    ) -> Result<Fresh, Left> {
        let skip = |reason: String| Left { size: file.size, modified: file.modified, reason };
        let bytes = book::read(file).map_err(skip)?;
        let series = rule.series(&file.path);
        let read = reading::read(&self.extractor, &file.path, &series, &bytes).map_err(skip)?;
        let documents = read.facts.meetings.iter().zip(&read.passages);
        let documents = documents.flat_map(|(m, passages)| text::documents(fields, m, passages, &read.labels));
        let documents = documents.collect();
        let blob = tree.and_then(|tree| git::id_in(tree, &file.path, &bytes));
        let facts = FileFacts { size: file.size, modified: file.modified, blob, ..read.facts };
        Ok(Fresh { series, facts, documents })
    }
}

/// The name of a book: configured, else its folder's.
pub(crate) fn name_of(root: &Path, conventions: &Conventions) -> String {
    let folder = || root.canonicalize().unwrap_or_else(|_| root.to_owned());
    let named = || folder().file_name().map_or_else(|| "minutes".to_owned(), |n| n.to_string_lossy().into_owned());
    conventions.name.clone().unwrap_or_else(named)
}

/// Only to tell whether files may have changed since; no answer depends on it.
fn now() -> u128 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_nanos())
}
