//! A commit of the repository around a book: which one a name means, and the files of the book in it.
//!
//! Read only, and by this program alone: no other is run, so that a name from anywhere is no more than a
//! name that does not exist. What the files say is told in [`as_of`](crate::as_of).

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use gix::ObjectId;
use gix::bstr::{BStr, ByteSlice};
use gix::objs::tree::EntryKind;
use gix::revision::spec::parse::Error as Revision;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;
use minutebook_ingest::book::{BookError, LARGEST};
use minutebook_ingest::conventions::ConfigError;
use minutebook_ingest::{Conventions, decode};

use crate::git::{self, WorkTree};
use crate::ledger::{self, Ledger};

/// The longest name of a commit, in bytes.
const LONGEST: usize = 250;
/// Where the conventions of a book lie in it.
const CONFIG: &str = "minutebook.toml";

/// There is no such commit, or it does not hold the book.
#[derive(Debug, thiserror::Error)]
pub enum CommitError {
    /// No commit can be called so.
    #[error("{0:?} is neither a day, as 2026-03-01, nor the name of a commit")]
    Malformed(String),
    /// There is no git.
    #[error("{0:?} is no day, as 2026-03-01, and no commit: the book lies in no git repository")]
    NoRepository(String),
    /// There is git, but no such commit.
    #[error("{wanted:?} is no day, as 2026-03-01, and no commit of the book's git repository: {why}")]
    Unknown {
        /// As asked.
        wanted: String,
        /// In a few words.
        why: &'static str,
    },
    /// The book was not yet there, or no longer.
    #[error("commit {commit} has no folder {folder:?}, so there was no such book then")]
    NoFolder {
        /// Its hash, shortened.
        commit: String,
        /// Relative to the root of the repository.
        folder: String,
    },
    /// The repository is damaged, or not all of it is here.
    #[error("commit {commit} cannot be read: {why}")]
    Unreadable {
        /// Its hash, shortened.
        commit: String,
        /// In a few words.
        why: String,
    },
    /// The `minutebook.toml` of that commit is wrong.
    #[error("the conventions of that commit cannot be used; name others with --config: {0}")]
    Config(#[from] ConfigError),
    /// There is no such folder now, or a pattern of that `minutebook.toml` is none.
    #[error(transparent)]
    Book(#[from] BookError),
}

impl CommitError {
    /// True when what was asked for is no name of a commit here; otherwise it is one, and the book cannot be had
    /// as of it.
    pub fn is_unknown(&self) -> bool {
        matches!(self, Self::Malformed(_) | Self::NoRepository(_) | Self::Unknown { .. })
    }
}

/// A commit.
#[derive(Clone)]
pub struct Commit {
    /// Its hash, in full.
    pub id: String,
    /// The day on which it was committed, where its committer was.
    pub day: Date,
    pub(crate) book: PathBuf,
    place: WorkTree,
    repo: gix::ThreadSafeRepository,
}

impl std::fmt::Debug for Commit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Commit").field("id", &self.id).field("day", &self.day).finish_non_exhaustive()
    }
}

impl Commit {
    /// The commit that a name means in the repository around a book: a branch, a tag, a hash or the beginning of
    /// one, `HEAD~3`: what `git rev-parse` takes.
    ///
    /// # Errors
    /// When there is no repository, or no such commit in it.
    pub fn named(book: &Path, name: &str) -> Result<Self, CommitError> {
        // A colon begins a path in a commit or a search through all messages.
        let odd = |c: char| c.is_control() || c == ':';
        if name.trim().is_empty() || name.len() > LONGEST || name.starts_with('-') || name.contains(odd) {
            return Err(CommitError::Malformed(name.chars().take(LONGEST).collect()));
        }
        if !book.exists() {
            return Err(BookError::Missing(book.to_owned()).into());
        }
        let nowhere = || CommitError::NoRepository(name.to_owned());
        let repo = gix::discover(book).map_err(|_| nowhere())?;
        let place = WorkTree::without_commit(&repo, book).ok_or_else(nowhere)?;
        let unknown = |why: &'static str| CommitError::Unknown { wanted: name.to_owned(), why };
        let none = || match repo.is_shallow() {
            Ok(true) => "there is none, and older ones are not in this shallow clone",
            _ => "there is none",
        };
        let commit = repo.rev_parse_single(BStr::new(&format!("{name}^{{commit}}"))).map_err(|e| {
            let is_other = || repo.rev_parse_single(BStr::new(name)).is_ok();
            unknown(match () {
                () if matches!(e.downcast_any_ref(), Some(Revision::AmbiguousPrefix { .. })) => {
                    "several are called so; write more of it"
                }
                () if is_other() => "that is something else",
                () => none(),
            })
        })?;
        let commit = repo.find_commit(commit).map_err(|_| unknown(none()))?;
        let day = commit.committer().ok().and_then(|who| who.time().ok()).and_then(day_of);
        let (id, day) = (commit.id.to_string(), day.ok_or_else(|| unknown("it does not tell its day"))?);
        Ok(Self { id, day, book: book.to_owned(), place, repo: repo.clone().into_sync() })
    }

    /// The beginning of its hash.
    pub fn short(&self) -> &str {
        &self.id[..10]
    }

    /// The files of the book in it.
    ///
    /// # Errors
    /// When the book's folder is not in it, or it cannot be read.
    pub fn files(&self) -> Result<Files, CommitError> {
        let unreadable =
            |e: gix::Error| CommitError::Unreadable { commit: self.short().to_owned(), why: e.to_string() };
        let repo = self.repo.to_thread_local();
        let id = ObjectId::from_hex(self.id.as_bytes()).expect("the hash of a commit that was found");
        let top = repo.find_commit(id).and_then(|c| c.tree()).map_err(unreadable)?;
        let prefix = &self.place.prefix;
        // Those above the book count in it too.
        let mut ignored: Vec<(String, ObjectId)> = Vec::new();
        for (n, _) in prefix.match_indices('/').chain((!prefix.is_empty()).then_some((0, ""))) {
            for name in IGNORING {
                let path = if n == 0 { name.to_owned() } else { format!("{}/{name}", &prefix[..n]) };
                if let Some(entry) = top.lookup_entry_by_path(&path).map_err(unreadable)?
                    && entry.mode().is_blob()
                {
                    ignored.push((path, entry.object_id()));
                }
            }
        }
        let folder = if prefix.is_empty() {
            top
        } else {
            let missing = || CommitError::NoFolder { commit: self.short().to_owned(), folder: prefix.clone() };
            let entry = top.lookup_entry_by_path(prefix).map_err(unreadable)?.ok_or_else(missing)?;
            if !entry.mode().is_tree() {
                return Err(missing());
            }
            entry.object().map_err(unreadable)?.into_tree()
        };
        let mut entries = BTreeMap::new();
        let all = folder
            .traverse()
            .breadthfirst
            .files()
            .map_err(|e| CommitError::Unreadable { commit: self.short().to_owned(), why: e.to_string() })?;
        for entry in all.into_iter().filter(|e| !e.mode.is_tree()) {
            let path = entry.filepath.to_str_lossy().into_owned();
            let is_utf8 = entry.filepath.to_str().is_ok();
            let name = path.rsplit('/').next().unwrap_or(&path);
            if entry.mode.is_blob() && IGNORING.contains(&name) {
                ignored.push((self.place.path_in_repository(&path), entry.oid));
            }
            entries.insert(path, Entry { kind: entry.mode.kind(), id: entry.oid, is_utf8 });
        }
        Ok(Files { commit: self.short().to_owned(), prefix: prefix.clone(), entries, ignored, repo: self.repo.clone() })
    }

    /// The work tree as it was with these files in it, for permalinks.
    pub(crate) fn work_tree(&self, files: &Files) -> WorkTree {
        let blobs = files.entries.iter().filter(|(_, e)| e.is_file());
        let blobs = blobs.filter_map(|(path, e)| Some((path.as_str().into(), git::id_of(&e.id)?)));
        self.place.clone().at(self.id.clone(), blobs.collect())
    }
}

/// The day of a commit, where its committer was.
pub(crate) fn day_of(time: gix::date::Time) -> Option<Date> {
    let there = Offset::from_seconds(time.offset).unwrap_or(Offset::UTC);
    Some(there.to_datetime(Timestamp::from_second(time.seconds).ok()?).date())
}

/// Files whose lines say which others are left alone; those of the first kind count more.
pub(crate) const IGNORING: [&str; 2] = [".ignore", ".gitignore"];

/// A file, or what else has a name in a commit.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entry {
    pub kind: EntryKind,
    pub id: ObjectId,
    pub is_utf8: bool,
}

impl Entry {
    pub fn is_file(self) -> bool {
        matches!(self.kind, EntryKind::Blob | EntryKind::BlobExecutable)
    }

    pub fn is_link(self) -> bool {
        self.kind == EntryKind::Link
    }
}

/// The files of a book in a commit.
#[derive(Clone)]
pub struct Files {
    commit: String,
    /// The book's folder in the repository; empty when they are one.
    prefix: String,
    /// By their path in the book.
    pub(crate) entries: BTreeMap<String, Entry>,
    /// `.gitignore` and `.ignore`, in the book and above, by their path in the repository.
    ignored: Vec<(String, ObjectId)>,
    repo: gix::ThreadSafeRepository,
}

impl Files {
    /// The conventions of the book, as they were.
    ///
    /// # Errors
    /// When they cannot be read or used.
    pub fn conventions(&self) -> Result<Conventions, CommitError> {
        let Some(bytes) = self.own(CONFIG)? else { return Ok(Conventions::defaults()) };
        let text = String::from_utf8(bytes).map_err(|_| self.unreadable(format!("{CONFIG} is not UTF-8")))?;
        Ok(Conventions::with_config(&text, &format!("{CONFIG} of commit {}", self.commit))?)
    }

    /// The ledger of the book, as it was.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn ledger(&self) -> Result<Ledger, CommitError> {
        Ok(self.own(ledger::PATH)?.map_or_else(Ledger::default, |bytes| Ledger::parse(&bytes)))
    }

    /// The text of a file of minutes, decoded as on disk.
    ///
    /// # Errors
    /// Why it is none, in a few words.
    pub fn text(&self, path: &str) -> Result<String, String> {
        let entry = self.entries.get(path).filter(|e| e.is_file()).ok_or("is not in that commit")?;
        let bytes = self.reader().minutes(entry.id)?;
        Ok(decode::decode(&bytes).0.into_owned())
    }

    /// What `.gitignore` and `.ignore` say, by their path in the repository.
    pub(crate) fn ignoring(&self) -> Result<Vec<(&str, String)>, CommitError> {
        let reader = self.reader();
        let read = |(path, id): &'_ (String, ObjectId)| {
            reader
                .bytes(*id)
                .map(|b| b.to_str_lossy().into_owned())
                .map_err(|why| self.unreadable(format!("{path}: {why}")))
        };
        self.ignored.iter().map(|file| Ok((file.0.as_str(), read(file)?))).collect()
    }

    /// A path of the book, as the repository has it.
    pub(crate) fn in_repository(&self, path: &str) -> String {
        if self.prefix.is_empty() { path.to_owned() } else { format!("{}/{path}", self.prefix) }
    }

    /// Reads files, for one thread.
    pub(crate) fn reader(&self) -> Reader {
        Reader(self.repo.to_thread_local())
    }

    /// A file that is no minutes.
    fn own(&self, path: &str) -> Result<Option<Vec<u8>>, CommitError> {
        match self.entries.get(path) {
            None => Ok(None),
            Some(entry) if entry.is_file() => {
                self.reader().bytes(entry.id).map(Some).map_err(|why| self.unreadable(format!("{path}: {why}")))
            }
            // Where it leads to need not be in the repository.
            Some(_) => Err(self.unreadable(format!("{path} is a link"))),
        }
    }

    fn unreadable(&self, why: String) -> CommitError {
        CommitError::Unreadable { commit: self.commit.clone(), why }
    }
}

/// Reads files of a repository.
pub(crate) struct Reader(gix::Repository);

impl Reader {
    /// The size of a file, in bytes.
    pub fn size(&self, id: ObjectId) -> Result<u64, String> {
        self.0.find_header(id).map(|h| h.size()).map_err(|e| format!("cannot be read: {e}"))
    }

    /// The bytes of a file of minutes, or why it is none, as [`read`](minutebook_ingest::book::read) tells it.
    pub fn minutes(&self, id: ObjectId) -> Result<Vec<u8>, String> {
        if self.size(id)? > LARGEST {
            return Err("larger than 4 MiB".to_owned());
        }
        let bytes = self.bytes(id)?;
        if decode::is_binary(&bytes) { Err("binary".to_owned()) } else { Ok(bytes) }
    }

    fn bytes(&self, id: ObjectId) -> Result<Vec<u8>, String> {
        self.0.find_blob(id).map(|mut b| b.take_data()).map_err(|e| format!("cannot be read: {e}"))
    }
}
