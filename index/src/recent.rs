//! What was asked for last, kept for the next who asks the same.

use std::sync::{Arc, Mutex, PoisonError};

use crate::query::Scope;

/// So many are kept where nothing else is said.
const KEPT: usize = 4;

/// Values by what was asked, such as what a question may see; the one asked for last at the end.
pub(crate) struct Recent<T, K = Scope> {
    kept: Mutex<Vec<(K, Arc<T>)>>,
    most: usize,
}

impl<T, K> Default for Recent<T, K> {
    fn default() -> Self {
        Self::of(KEPT)
    }
}

impl<T, K> Recent<T, K> {
    /// Keeps so many, at least one.
    pub(crate) fn of(most: usize) -> Self {
        Self { kept: Mutex::default(), most }
    }
}

impl<T, K: PartialEq + Clone> Recent<T, K> {
    /// The value of a key. Nobody waits while one is made.
    pub(crate) fn get(&self, key: &K, make: impl FnOnce() -> Arc<T>) -> Arc<T> {
        if let Some(known) = self.find(key) {
            return known;
        }
        let made = make();
        self.keep(key.clone(), Arc::clone(&made));
        made
    }

    /// The value of a key, if it was made.
    pub(crate) fn find(&self, key: &K) -> Option<Arc<T>> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let at = kept.iter().position(|(known, _)| known == key)?;
        let found = kept.remove(at);
        let value = Arc::clone(&found.1);
        kept.push(found);
        Some(value)
    }

    /// Keeps a value that was made, in place of that of the same key; else the one that nobody asked for the longest time
    /// goes.
    pub(crate) fn keep(&self, key: K, value: Arc<T>) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let same = kept.iter().position(|(known, _)| *known == key);
        let old = same.or((kept.len() >= self.most).then_some(0)).map(|at| kept.remove(at));
        kept.push((key, value));
        // Nobody waits until the old one is freed.
        drop(kept);
        drop(old);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn the_same_scope_gets_the_same_value_and_old_ones_go() {
        let recent: Recent<i8> = Recent::default();
        let of = |day: i8, value: i8| *recent.get(&Scope::as_of(date(2026, 1, day)), || Arc::new(value));
        assert_eq!((of(1, 1), of(1, 2), of(2, 3)), (1, 1, 3));
        for day in 3..=5 {
            of(1, 0);
            of(day, day);
        }
        assert_eq!((of(1, 9), of(2, 9)), (1, 9), "what was asked for lately stays");
        recent.keep(Scope::as_of(date(2026, 1, 1)), Arc::new(7));
        assert_eq!((of(1, 9), of(2, 8)), (7, 9), "another value takes the place of the one before");
    }
}
