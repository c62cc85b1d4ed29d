//! What questions look up in a view, made once a view when first asked for.

use std::sync::{Arc, OnceLock};

use super::columns::Columns;
use super::facets::Meant;
use crate::Snapshot;
use crate::query::Scope;
use crate::query::suggest::Vocabulary;
use crate::query::synonyms::Learnt;
use crate::snapshot::View;
use crate::threads::Thread;

/// The words to be offered, abbreviations, and whom spellings mean.
#[derive(Debug, Default)]
pub(crate) struct Known {
    vocabulary: OnceLock<Vocabulary>,
    learnt: OnceLock<Learnt>,
    meant: OnceLock<Meant>,
}

/// Whether the ledger says that the action at `path:line` is none.
pub(crate) fn is_set_aside(view: &View, path: &str, line: u32) -> bool {
    view.set_aside.iter().flat_map(|(_, t)| &t.mentions).any(|m| m.line == line && *m.path == *path)
}

/// The action that is mentioned at `path:line` in a series, with the series that it counts for.
pub(crate) fn action_at<'v>(view: &'v View, series: &str, path: &str, line: u32) -> Option<(&'v str, &'v Thread)> {
    let stands_there = |thread: &&Thread| thread.mentions.iter().any(|m| m.line == line && *m.path == *path);
    let in_series = |(series, all): (&'v String, &'v Arc<Vec<Thread>>)| {
        Some((series.as_str(), all.iter().rev().find(stands_there)?))
    };
    // One that the ledger joined to another stands in the series of that.
    view.threads.get_key_value(series).and_then(in_series).or_else(|| view.threads.iter().rev().find_map(in_series))
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

/// Whom the spellings of the columns mean; a view is of one snapshot, and so are they.
pub(super) fn meant<'v>(columns: &Columns, view: &'v View) -> &'v Meant {
    view.known.meant.get_or_init(|| {
        let all = 0..u32::try_from(columns.people.len()).unwrap_or(0);
        Meant::of(all, columns, view)
    })
}
