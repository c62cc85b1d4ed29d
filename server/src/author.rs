//! Who writes to the ledger, where nobody said so.

use std::env;
use std::path::Path;

use minutebook_index::git;

/// `--by`, else `MINUTEBOOK_USER`, else `user.name` or `user.email` of git's configuration, else the
/// system's user.
pub fn author(by: Option<&str>, book: &Path) -> Option<String> {
    let variable = |name: &str| filled(&env::var(name).ok()?);
    by.and_then(filled)
        .or_else(|| variable("MINUTEBOOK_USER"))
        .or_else(|| git::user(book).as_deref().and_then(filled))
        .or_else(|| ["USER", "LOGNAME", "USERNAME"].into_iter().find_map(variable))
}

fn filled(text: &str) -> Option<String> {
    Some(text.trim().to_owned()).filter(|t| !t.is_empty())
}
