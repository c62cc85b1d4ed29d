//! What questions look up in a view, made once a view when first asked for.

use std::collections::HashMap;
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
use std::sync::OnceLock;

use crate::Snapshot;
use crate::query::Scope;
use crate::query::suggest::Vocabulary;
use crate::query::synonyms::Learnt;
use crate::snapshot::View;
use crate::threads::Thread;

/// Where actions are mentioned, the words to be offered, and abbreviations.
#[derive(Debug, Default)]
pub(crate) struct Known {
    /// By the hash of path and line: a series and which of its threads.
    mentions: OnceLock<HashMap<u64, (String, usize)>>,
    vocabulary: OnceLock<Vocabulary>,
    learnt: OnceLock<Learnt>,
}

fn place(path: &str, line: u32) -> u64 {
    BuildHasherDefault::<DefaultHasher>::default().hash_one((path, line))
}

fn stands_at(thread: &Thread, path: &str, line: u32) -> bool {
    thread.mentions.iter().any(|m| m.line == line && m.path == path)
}

/// The action that is mentioned at `path:line`, with its series.
pub(super) fn action_at<'v>(view: &'v View, fact: &str) -> Option<(&'v str, &'v Thread)> {
    let (path, line) = fact.rsplit_once(':')?;
    let line: u32 = line.parse().ok()?;
    let mentions = view.known.mentions.get_or_init(|| {
        let mut all = HashMap::new();
        for (series, threads) in &view.threads {
            for (n, thread) in threads.iter().enumerate() {
                for m in &thread.mentions {
                    all.insert(place(&m.path, m.line), (series.clone(), n));
                }
            }
        }
        all
    });
    let (series, n) = mentions.get(&place(path, line))?;
    let (series, threads) = view.threads.get_key_value(series)?;
    let found = threads.get(*n).filter(|t| stands_at(t, path, line));
    // Two places of one hash.
    let found = found.map(|t| (series.as_str(), t));
    found.or_else(|| {
        let all = view.threads.iter().flat_map(|(series, all)| all.iter().map(move |t| (series.as_str(), t)));
        all.into_iter().find(|(_, t)| stands_at(t, path, line))
    })
}

/// What the files in view teach of abbreviations. Of a file with a later meeting it is not known which one taught it.
pub(super) fn learnt<'v>(snapshot: &Snapshot, scope: &Scope, view: &'v View) -> &'v Learnt {
    view.known.learnt.get_or_init(|| {
        let explained: Vec<_> = snapshot.shards(scope).map(|(_, shard)| shard.explained(scope.as_of)).collect();
        let configured =
            snapshot.conventions.references.short.iter().map(|(short, full)| (short.as_str(), full.as_str()));
        let pairs = explained.iter().flat_map(|all| all.iter());
        Learnt::new(pairs.map(|(short, long)| (short.as_str(), long.as_str())).chain(configured))
    })
}

/// The words that may be meant.
pub(super) fn vocabulary<'v>(snapshot: &Snapshot, scope: &Scope, view: &'v View) -> &'v Vocabulary {
    view.known.vocabulary.get_or_init(|| Vocabulary::of(snapshot, scope, view))
}
