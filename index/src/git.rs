//! The git work tree that a book lies in, read only.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

/// git's id of the bytes of a file (SHA-1).
pub type BlobId = [u8; 20];

/// What git says of a book.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WorkTree {
    /// Root of the work tree.
    pub root: PathBuf,
    /// The book's folder, relative to the root, with `/`; empty when they are one.
    pub prefix: String,
    /// The commit that is checked out; none before the first one.
    pub commit: Option<String>,
    /// URL of the remote.
    pub remote: Option<String>,
    /// Blob ids of the files of that commit, by their path in the book.
    blobs: HashMap<Box<str>, BlobId>,
}

/// The work tree around a folder, read when it is first asked for, and once.
pub(crate) struct Around<'a> {
    book: &'a Path,
    tree: OnceLock<Option<Arc<WorkTree>>>,
}

impl<'a> Around<'a> {
    pub(crate) fn new(book: &'a Path) -> Self {
        Self { book, tree: OnceLock::new() }
    }

    /// As [`WorkTree::around`].
    pub(crate) fn tree(&self) -> Option<Arc<WorkTree>> {
        self.tree.get_or_init(|| WorkTree::around(self.book).map(Arc::new)).clone()
    }
}

impl WorkTree {
    /// The work tree around a folder; none where there is no git. A repository that cannot be read
    /// counts as none: minutes work without git.
    pub fn around(book: &Path) -> Option<Self> {
        let repo = gix::discover(book).ok()?;
        let mut tree = Self::without_commit(&repo, book)?;
        if let Ok(head) = repo.head_id() {
            tree.commit = Some(head.to_string());
        }
        if let Ok(files) =
            repo.head_tree().map_err(|_| ()).and_then(|t| t.traverse().breadthfirst.files().map_err(|_| ()))
        {
            let inside = if tree.prefix.is_empty() { String::new() } else { format!("{}/", tree.prefix) };
            for entry in files.into_iter().filter(|e| e.mode.is_blob()) {
                let path = entry.filepath.to_string();
                if let Some(path) = path.strip_prefix(&inside) {
                    tree.blobs.extend(id_of(&entry.oid).map(|id| (path.into(), id)));
                }
            }
        }
        Some(tree)
    }

    /// Where a book lies in its repository, and where that came from; of no commit.
    pub(crate) fn without_commit(repo: &gix::Repository, book: &Path) -> Option<Self> {
        let root = repo.workdir()?.canonicalize().ok()?;
        let inner = book.canonicalize().ok()?;
        let prefix = minutebook_ingest::book::relative(&root, &inner);
        let remote = repo
            .find_default_remote(gix::remote::Direction::Fetch)
            .and_then(Result::ok)
            .and_then(|r| r.url(gix::remote::Direction::Fetch).map(|u| u.to_bstring().to_string()));
        Some(Self { root, prefix, commit: None, remote, blobs: HashMap::new() })
    }

    /// The same at a commit with these files.
    pub(crate) fn at(self, commit: String, blobs: HashMap<Box<str>, BlobId>) -> Self {
        Self { commit: Some(commit), blobs, ..self }
    }

    /// True when the file with this blob id stands in the commit as it is, so that a link to the
    /// commit shows the same lines.
    pub fn is_committed(&self, path: &str, blob: BlobId) -> bool {
        self.blobs.get(path).is_some_and(|b| *b == blob)
    }

    /// A file's path relative to the root of the repository.
    pub fn path_in_repository(&self, path: &str) -> String {
        if self.prefix.is_empty() { path.to_owned() } else { format!("{}/{path}", self.prefix) }
    }
}

/// The id under which git has a file, or would have it: a checkout may end its lines in CR LF where the
/// commit has LF.
pub fn id_in(tree: &WorkTree, path: &str, bytes: &[u8]) -> Option<BlobId> {
    let as_is = blob_id(bytes)?;
    if tree.is_committed(path, as_is) || !bytes.windows(2).any(|w| w == b"\r\n") {
        return Some(as_is);
    }
    let unix: Vec<u8> = bytes
        .iter()
        .enumerate()
        .filter(|(n, b)| **b != b'\r' || bytes.get(n + 1) != Some(&b'\n'))
        .map(|(_, b)| *b)
        .collect();
    blob_id(&unix).filter(|id| tree.is_committed(path, *id)).or(Some(as_is))
}

/// The folder in which git keeps what is checked out around a book.
pub fn folder(book: &Path) -> Option<PathBuf> {
    gix::discover(book).ok()?.git_dir().canonicalize().ok()
}

/// The id that git gives to a file's bytes.
pub fn blob_id(bytes: &[u8]) -> Option<BlobId> {
    gix::objs::compute_hash(gix::hash::Kind::Sha1, gix::objs::Kind::Blob, bytes).ok().and_then(|id| id_of(&id))
}

/// The bytes of an id.
pub(crate) fn id_of(id: &gix::oid) -> Option<BlobId> {
    id.as_bytes().try_into().ok()
}

/// Who commits here, by git's configuration: the name, else the address.
pub fn user(book: &Path) -> Option<String> {
    let keys = ["user.name", "user.email"];
    let told =
        |config: &gix::config::File| keys.iter().find_map(|key| config.string(*key)).map(|value| value.to_string());
    match gix::discover(book) {
        Ok(repo) => told(repo.config_snapshot().plumbing()),
        Err(_) => told(&global()?),
    }
}

/// git's configuration where there is no repository: the system's and the user's. That of the installation is left
/// out, as only git itself knows where it is, and no program is run.
fn global() -> Option<gix::config::File> {
    use gix::config::Source::{Git, System, User};
    use gix::config::file::{Metadata, init};
    let files = [System, Git, User].into_iter().map(|source| {
        let path = source.storage_location(&mut |name| std::env::var_os(name)).filter(|path| path.is_file());
        Metadata { path, source, level: 0, trust: gix::sec::Trust::Full }
    });
    gix::config::File::from_paths_metadata(files, init::Options::default()).ok().flatten()
}

#[cfg(test)]
mod tests {
    #[test]
    fn blob_ids_are_those_of_git() {
        // printf 'hello\n' | git hash-object --stdin
        let id = super::blob_id(b"hello\n").map(|id| gix::ObjectId::from(id).to_string());
        assert_eq!(id.as_deref(), Some("ce013625030ba8dba906f756967f9e9ca394464a"));
    }
}
