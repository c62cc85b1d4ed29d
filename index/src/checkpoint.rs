//! Where the fold of a series stood before what changed last.
//!
//! Who takes minutes saves them again and again, and each time only the last meetings of a series are others than
//! before. Those in front of them leave the same as they did.

use std::sync::Arc;

use crate::fold::{Fold, Past};
use crate::recent::Recent;
use crate::shard::{Digest, Shard};
use crate::threads::Thread;

/// Of so many series it is kept.
const SERIES: usize = 2;

/// A fold on its way, before one of a series' meetings.
pub(crate) struct Checkpoint {
    past: Past,
    /// Of the series as it was.
    digest: Arc<Digest>,
    /// So many meetings are behind it.
    at: usize,
    /// A hash of all that it was made by, beside the meetings.
    by: u64,
}

/// The checkpoints of the series that changed last.
pub(crate) struct Checkpoints(Recent<Checkpoint, String>);

impl Default for Checkpoints {
    fn default() -> Self {
        Self(Recent::of(SERIES))
    }
}

impl Checkpoints {
    /// The threads of a series, from its checkpoint where it still counts. `before` is the series as it was, `by` a hash of
    /// all that `fold` goes by.
    pub(crate) fn threads<'p>(
        &self,
        shard: &Shard,
        before: Option<&Digest>,
        by: u64,
        fold: impl Fn(Past) -> Fold<'p>,
    ) -> Vec<Thread> {
        let digest = &shard.digest;
        let known = self.0.find(&digest.series);
        let known = known.filter(|known| known.by == by && known.digest.same_meetings(digest) >= known.at);
        let (from, past) = known.map_or_else(Default::default, |known| (known.at, known.past.clone()));
        let same = before.map_or(0, |before| before.same_meetings(digest));
        let mut fold = fold(past);
        for (n, session) in shard.numbered().skip(from) {
            if n == same && n > from {
                let (past, digest) = (fold.past().clone(), Arc::clone(digest));
                self.0.keep(digest.series.clone(), Arc::new(Checkpoint { past, digest, at: n, by }));
            }
            if let Some(session) = session {
                fold.session(session);
            }
        }
        fold.threads()
    }
}

#[cfg(test)]
mod tests {
    use minutebook_ingest::Conventions;
    use minutebook_ingest::conventions;

    use super::*;
    use crate::fold::fold;
    use crate::identity::People;
    use crate::short_refs::ShortRefs;

    /// What is told from a checkpoint is what is told from the beginning, whatever changed in between.
    #[test]
    fn threads_are_the_same_from_a_checkpoint() {
        let week = |n: usize, more: &str| {
            format!(
                "- AI @ada: paint the north pier, part {}\n- [{}] @bo: order rope\n{more}",
                n % 3,
                if n > 5 { "x" } else { " " }
            )
        };
        let mut texts: Vec<String> = (0..9).map(|n| week(n, "")).collect();
        let shard = |texts: &[String]| Shard::weekly(&texts.iter().map(String::as_str).collect::<Vec<_>>());
        let mut before = shard(&texts);
        let people = People::learn(std::iter::once(&before.digest.roll), &conventions::People::default());
        let (conventions, short_refs) = (Conventions::defaults(), ShortRefs::default());
        let checkpoints = Checkpoints::default();
        let mut stood = Vec::new();
        for (changed, more) in [
            (8, "- AI @ada: one\n"),
            (8, "- AI @ada: two\n"),
            (6, "- AI @bo: three\n"),
            (8, ""),
            (0, "- AI @bo: four\n"),
            (7, "- AI @ada: five\n"),
        ] {
            texts[changed] = week(changed, more);
            let now = shard(&texts);
            let go_on = |past| Fold::new(past, &people, &short_refs, &conventions, None);
            let told = checkpoints.threads(&now, Some(&before.digest), 1, go_on);
            let whole = fold(now.sessions(None), &people, &short_refs, &conventions, None);
            assert_eq!(format!("{told:?}"), format!("{whole:?}"), "{changed}: {more}");
            stood.push(checkpoints.0.find(&now.digest.series).map(|known| known.at));
            before = now;
        }
        assert_eq!(stood, [Some(8), Some(8), Some(6), Some(8), Some(8), Some(7)]);
        // By other people it is told anew.
        let go_on = |past| Fold::new(past, &people, &short_refs, &conventions, None);
        checkpoints.threads(&before, None, 2, go_on);
        assert_eq!(checkpoints.0.find(&before.digest.series).map(|known| known.by), Some(1));
    }
}
