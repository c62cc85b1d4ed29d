//! One generation on disk.
//!
//! ```text
//! DATA/lock            the writer's lock; holds its process id
//! DATA/facts/HASH      content-addressed: a series' facts, its digest, or a manifest
//! DATA/text/           the tantivy index; the payload of its commit is the manifest's hash
//! DATA/made/           what was made of the facts; belongs to no generation (see `kept`)
//! ```
//!
//! A refresh writes new facts files (fsynced), then commits tantivy with the new manifest's hash as
//! payload. Whoever opens the store trusts that payload alone, so a crash at any moment leaves the
//! previous generation or the new one. Files that no generation names are removed after a commit.

use std::collections::{BTreeMap, HashSet};
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use minutebook_ingest::book::{self, BookFile, Skipped};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use tantivy::Directory;
use tantivy::directory::{MmapDirectory, OwnedBytes};

use crate::kept::Kept;

/// Changes whenever what is stored changes its shape or meaning; older data is rebuilt.
pub const FORMAT: u32 = 19;

/// What a generation holds.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Manifest {
    /// [`FORMAT`] of the program that wrote it.
    pub format: u32,
    /// Counts up with each commit.
    pub generation: u64,
    /// Key of the conventions that the facts were extracted with.
    pub conventions: String,
    /// Nanoseconds since 1970 at which the book was listed; files changed later or just then are read again.
    pub listed_at: u64,
    /// Series -> hash of its digest, which names its facts.
    pub shards: BTreeMap<String, String>,
    /// Files that are no minutes, sorted by path.
    pub skipped: Vec<Skipped>,
    /// Those of them that were only known to be none when they were read.
    pub left: BTreeMap<String, Left>,
}

/// A file that was read, or tried to, and is no minutes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Left {
    /// In bytes.
    pub size: u64,
    /// Nanoseconds since 1970.
    pub modified: u64,
    /// In a few words.
    pub reason: String,
}

impl Left {
    /// Whether the file would be left out again for the same reason.
    pub fn still_holds(&self, file: &BookFile) -> bool {
        let same = (self.size, self.modified) == (file.size, file.modified);
        // Rights change without a trace in size and time.
        if self.reason.starts_with("cannot be read") {
            return book::read(file).err().as_deref() == Some(&self.reason);
        }
        same
    }
}

/// The store is unusable and must be rebuilt.
#[derive(Debug, thiserror::Error)]
pub enum Damage {
    /// Nothing was stored yet.
    #[error("there is no index yet")]
    Empty,
    /// Written by another version.
    #[error("the index was written by another version of Minutebook")]
    OtherVersion,
    /// A file is missing or does not hold what it should.
    #[error("the index is damaged ({0})")]
    Broken(String),
}

/// A data directory.
#[derive(Debug, Clone)]
pub struct Store {
    root: PathBuf,
}

/// Held while a process writes.
#[derive(Debug)]
pub struct WriterLock {
    _file: File,
}

impl Store {
    /// A store in a folder, which need not exist yet.
    pub fn new(root: PathBuf) -> Self {
        Self { root }
    }

    /// The folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The folder of the text index.
    pub fn text(&self) -> PathBuf {
        self.root.join("text")
    }

    /// What was made of the facts.
    pub(crate) fn kept(&self) -> Kept {
        Kept::new(self.root.join("made"))
    }

    fn facts(&self) -> PathBuf {
        self.root.join("facts")
    }

    /// Takes the writer's lock, or tells which process holds it.
    ///
    /// # Errors
    /// When the folder cannot be made or the lock file not opened.
    pub fn try_lock(&self) -> io::Result<Result<WriterLock, String>> {
        fs::create_dir_all(self.facts())?;
        let path = self.root.join("lock");
        let mut file = File::options().create(true).read(true).append(true).open(&path)?;
        match file.try_lock() {
            Ok(()) => {
                file.set_len(0)?;
                file.write_all(std::process::id().to_string().as_bytes())?;
                Ok(Ok(WriterLock { _file: file }))
            }
            Err(fs::TryLockError::WouldBlock) => Ok(Err(fs::read_to_string(&path).unwrap_or_default())),
            Err(fs::TryLockError::Error(error)) => Err(error),
        }
    }

    /// Takes the writer's lock, waiting for it.
    ///
    /// # Errors
    /// As [`try_lock`](Self::try_lock).
    pub fn lock(&self) -> io::Result<WriterLock> {
        match self.try_lock()? {
            Ok(lock) => Ok(lock),
            Err(_) => {
                let mut file = File::options().create(true).append(true).open(self.root.join("lock"))?;
                file.lock()?;
                file.set_len(0)?;
                file.write_all(std::process::id().to_string().as_bytes())?;
                Ok(WriterLock { _file: file })
            }
        }
    }

    /// Writes a value under the hash of its bytes and returns the hash. What is there already stays.
    ///
    /// # Errors
    /// When the disk says so.
    pub fn put<T: Serialize>(&self, value: &T) -> io::Result<String> {
        self.put_bytes(&postcard::to_stdvec(value).map_err(io::Error::other)?)
    }

    /// … of bytes as they are.
    ///
    /// # Errors
    /// When the disk says so.
    pub fn put_bytes(&self, bytes: &[u8]) -> io::Result<String> {
        let hash = blake3::hash(bytes).to_hex().to_string();
        let path = self.facts().join(&hash);
        if path.metadata().is_ok_and(|m| m.len() == bytes.len() as u64) && self.map(&hash).is_ok() {
            return Ok(hash);
        }
        fs::create_dir_all(self.facts())?;
        let temporary = self.facts().join(format!(".{hash}.{}", std::process::id()));
        let mut file = File::create(&temporary)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&temporary, &path)?;
        Ok(hash)
    }

    /// Makes the names of new files last.
    ///
    /// # Errors
    /// When the disk says so.
    pub fn sync(&self) -> io::Result<()> {
        File::open(self.facts())?.sync_all()
    }

    /// The bytes under a hash, mapped into memory and checked: they stay readable when the file is removed.
    ///
    /// # Errors
    /// When the file is missing or its bytes have changed.
    pub fn map(&self, hash: &str) -> Result<OwnedBytes, Damage> {
        let broken = |what: &str| Damage::Broken(format!("facts {}: {what}", hash.get(..8).unwrap_or(hash)));
        if hash.len() != 64 || !hash.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(broken("no such name"));
        }
        // tantivy's own way of mapping files, as that takes no unsafe code here.
        let folder = MmapDirectory::open(self.facts()).map_err(|e| broken(&e.to_string()))?;
        let file = folder.open_read(Path::new(hash)).map_err(|e| broken(&e.to_string()))?;
        let bytes = file.read_bytes().map_err(|e| broken(&e.to_string()))?;
        if blake3::hash(&bytes).to_hex().as_str() != hash {
            return Err(broken("its bytes have changed"));
        }
        Ok(bytes)
    }

    /// Reads back what [`put`](Self::put) stored.
    ///
    /// # Errors
    /// When the file is missing or its bytes have changed.
    pub fn get<T: DeserializeOwned>(&self, hash: &str) -> Result<T, Damage> {
        let bytes = self.map(hash)?;
        postcard::from_bytes(&bytes).map_err(|e| Damage::Broken(e.to_string()))
    }

    /// The manifest under a commit's payload.
    ///
    /// # Errors
    /// When it is missing, damaged or of another version.
    pub fn manifest(&self, payload: &str) -> Result<Manifest, Damage> {
        let bytes = self.map(payload)?;
        // The format comes first, so that it can be read whatever follows.
        let (format, _) = postcard::take_from_bytes::<u32>(&bytes).map_err(|e| Damage::Broken(e.to_string()))?;
        if format != FORMAT {
            return Err(Damage::OtherVersion);
        }
        postcard::from_bytes(&bytes).map_err(|e| Damage::Broken(e.to_string()))
    }

    /// Removes what the generation does not name. Failing to is no harm.
    pub fn sweep(&self, named: &HashSet<&str>) {
        let Ok(entries) = fs::read_dir(self.facts()) else { return };
        for entry in entries.flatten() {
            if !entry.file_name().to_str().is_some_and(|name| named.contains(name)) {
                let _ = fs::remove_file(entry.path());
            }
        }
    }

    /// Removes everything but the lock.
    ///
    /// # Errors
    /// When the disk says so.
    pub fn clear(&self) -> io::Result<()> {
        for folder in [self.facts(), self.text()] {
            match fs::remove_dir_all(&folder) {
                Err(error) if error.kind() == io::ErrorKind::NotADirectory => fs::remove_file(&folder)?,
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
            fs::create_dir_all(&folder)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_is_got_and_a_flipped_byte_is_noticed() {
        let dir = tempfile::tempdir().expect("a folder");
        let store = Store::new(dir.path().to_owned());
        let hash = store.put(&vec!["a".to_owned()]).expect("stored");
        assert_eq!(store.get::<Vec<String>>(&hash).expect("read"), ["a"]);
        let path = dir.path().join("facts").join(&hash);
        let mut bytes = fs::read(&path).expect("there");
        bytes[1] ^= 1;
        fs::write(&path, bytes).expect("written");
        assert!(matches!(store.get::<Vec<String>>(&hash), Err(Damage::Broken(_))));
        // Putting it again mends it.
        store.put(&vec!["a".to_owned()]).expect("stored");
        assert!(store.get::<Vec<String>>(&hash).is_ok());
    }

    #[test]
    fn the_second_writer_learns_who_holds_the_lock() {
        let dir = tempfile::tempdir().expect("a folder");
        let store = Store::new(dir.path().to_owned());
        let first = store.try_lock().expect("a lock file");
        assert!(first.is_ok());
        let second = store.try_lock().expect("a lock file");
        assert_eq!(second.err(), Some(std::process::id().to_string()));
    }
}
