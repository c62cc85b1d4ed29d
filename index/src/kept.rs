//! What was made of facts, kept on the disk so that the next process need not make it again.
//!
//! ```text
//! DATA/made/SLOT      blake3 of what follows, the key, the value
//! ```
//!
//! A slot (the threads of one series, the chains of the book) holds the value made last, under a key that is a hash of
//! all that it was made of. It belongs to no generation: what is not there, is damaged or has another key is made again,
//! and failing to keep it harms nothing, so nothing is synced.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde::{Serialize, de::DeserializeOwned};

/// Bytes of the hash, which comes first.
const HASH: usize = 32;
/// … and of the key behind it.
const KEY: usize = 8;

/// The folder of a data directory that holds what was made.
#[derive(Debug, Clone)]
pub(crate) struct Kept {
    folder: PathBuf,
}

impl Kept {
    /// In `DATA/made`, which need not exist yet.
    pub(crate) fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// The value of a slot, if it was made of the same.
    pub(crate) fn get<T: DeserializeOwned>(&self, slot: &str, key: u64) -> Option<T> {
        let bytes = fs::read(self.path(slot)).ok()?;
        let (hash, told) = bytes.split_at_checked(HASH)?;
        if told.get(..KEY)? != key.to_le_bytes() || blake3::hash(told).as_bytes() != hash {
            return None;
        }
        postcard::from_bytes(&told[KEY..]).ok()
    }

    /// Keeps a value in place of the one before.
    pub(crate) fn put<T: Serialize>(&self, slot: &str, key: u64, value: &T) {
        let mut bytes = vec![0; HASH];
        bytes.extend(key.to_le_bytes());
        let Ok(mut bytes) = postcard::to_extend(value, bytes) else { return };
        let hash = blake3::hash(&bytes[HASH..]);
        bytes[..HASH].copy_from_slice(hash.as_bytes());
        let path = self.path(slot);
        let temporary = path.with_extension(std::process::id().to_string());
        let written = fs::create_dir_all(&self.folder).and_then(|()| fs::write(&temporary, &bytes));
        if written.and_then(|()| fs::rename(&temporary, &path)).is_err() {
            let _ = fs::remove_file(&temporary);
        }
    }

    /// Removes all other slots than these, and what a crash has left.
    pub(crate) fn sweep<'a>(&self, slots: impl Iterator<Item = &'a str>) {
        let Ok(entries) = fs::read_dir(&self.folder) else { return };
        let named: HashSet<PathBuf> = slots.map(|slot| self.path(slot)).collect();
        for path in entries.flatten().map(|entry| entry.path()).filter(|path| !named.contains(path)) {
            let _ = fs::remove_file(path);
        }
    }

    /// Names of series may hold anything.
    fn path(&self, slot: &str) -> PathBuf {
        self.folder.join(Path::new(&blake3::hash(slot.as_bytes()).to_hex()[..32]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_made_of_something_else_or_is_damaged_is_not_there() {
        let folder = tempfile::tempdir().expect("a folder");
        let kept = Kept::new(folder.path().join("made"));
        assert_eq!(kept.get::<Vec<u32>>("a/b", 1), None);
        kept.put("a/b", 1, &vec![7_u32]);
        kept.put("other", 1, &vec![8_u32]);
        assert_eq!(kept.get::<Vec<u32>>("a/b", 1), Some(vec![7]));
        assert_eq!(kept.get::<Vec<u32>>("a/b", 2), None);
        let whole = fs::read(kept.path("a/b")).expect("kept");
        for at in 0..whole.len() {
            let mut bytes = whole.clone();
            bytes[at] ^= 1;
            fs::write(kept.path("a/b"), &bytes).expect("written");
            assert_eq!(kept.get::<Vec<u32>>("a/b", 1), None, "byte {at}");
            fs::write(kept.path("a/b"), &whole[..at]).expect("written");
            assert_eq!(kept.get::<Vec<u32>>("a/b", 1), None, "cut off at {at}");
        }
        kept.put("a/b", 2, &vec![9_u32]);
        assert_eq!(kept.get::<Vec<u32>>("a/b", 2), Some(vec![9]));
        kept.sweep(["a/b"].into_iter());
        assert_eq!(kept.get::<Vec<u32>>("other", 1), None);
        assert_eq!(kept.get::<Vec<u32>>("a/b", 2), Some(vec![9]));
    }

    #[test]
    fn where_nothing_can_be_kept_nothing_fails() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("made");
        fs::write(&file, "no folder").expect("written");
        let kept = Kept::new(file);
        kept.put("a", 1, &1_u32);
        assert_eq!(kept.get::<u32>("a", 1), None);
        kept.sweep(std::iter::empty());
    }
}
