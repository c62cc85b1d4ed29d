//! Past states of the book: the last few commits that were asked about, each made once.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use minutebook_index::{Commit, CommitError, Known, Snapshot};

/// So many are kept; each holds the facts of a whole book.
const KEPT: usize = 4;

/// The commit, and the conventions that it was read by where they are not its own.
type Key = (String, Option<String>);

/// The states that are kept.
pub struct Past {
    /// True when the conventions were named on the command line, and so count for every commit.
    named: bool,
    /// The one asked for last at the end.
    kept: Mutex<Vec<(Key, Arc<Snapshot>)>>,
    /// Held while one is made: whoever asks for many gets them one after the other.
    making: Mutex<()>,
}

impl Past {
    /// None yet.
    pub fn new(named: bool) -> Self {
        Self { named, kept: Mutex::default(), making: Mutex::default() }
    }

    /// The book as of a commit. What the book of now knows is not read again.
    ///
    /// # Errors
    /// When the book is not in that commit, or cannot be read as of it.
    pub fn at(&self, commit: &Commit, now: &Snapshot) -> Result<Arc<Snapshot>, CommitError> {
        let conventions = self.named.then(|| Arc::clone(&now.conventions));
        let key = (commit.id.clone(), conventions.as_ref().map(|c| c.key()));
        if let Some(kept) = self.find(&key) {
            return Ok(kept);
        }
        let _making = locked(&self.making);
        // Somebody else may have asked for the same.
        if let Some(kept) = self.find(&key) {
            return Ok(kept);
        }
        let made = Arc::new(commit.snapshot(conventions, &Known::of(now))?);
        let mut kept = locked(&self.kept);
        if kept.len() >= KEPT {
            kept.remove(0);
        }
        kept.push((key, Arc::clone(&made)));
        Ok(made)
    }

    fn find(&self, key: &Key) -> Option<Arc<Snapshot>> {
        let mut kept = locked(&self.kept);
        let at = kept.iter().position(|(k, _)| k == key)?;
        let found = kept.remove(at);
        let snapshot = Arc::clone(&found.1);
        kept.push(found);
        Some(snapshot)
    }
}

/// What a panic left is whole: nothing is changed in several steps.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
