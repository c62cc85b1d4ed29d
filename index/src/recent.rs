//! What was asked for last, kept for the next who asks the same.

use std::sync::{Arc, Mutex, PoisonError};

use crate::query::Scope;

/// So many are kept.
const KEPT: usize = 4;

/// Values by what a question may see; the one asked for last at the end.
pub(crate) struct Recent<T>(Mutex<Vec<(Scope, Arc<T>)>>);

impl<T> Default for Recent<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T> Recent<T> {
    /// The value of a scope. Nobody waits while one is made.
    pub(crate) fn get(&self, scope: &Scope, make: impl FnOnce() -> Arc<T>) -> Arc<T> {
        if let Some(known) = self.find(scope) {
            return known;
        }
        let made = make();
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT {
            kept.remove(0);
        }
        kept.push((scope.clone(), Arc::clone(&made)));
        made
    }

    /// The value of a scope, if it was made.
    pub(crate) fn find(&self, scope: &Scope) -> Option<Arc<T>> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let at = kept.iter().position(|(known, _)| known == scope)?;
        let found = kept.remove(at);
        let value = Arc::clone(&found.1);
        kept.push(found);
        Some(value)
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
    }
}
