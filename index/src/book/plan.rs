//! Which files must be read: what changed since the generation that is there.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;
use std::sync::Arc;

use minutebook_ingest::Conventions;
use minutebook_ingest::book::{self, BookError, BookFile, Listing, Skipped};
use minutebook_ingest::series::SeriesRule;

use super::{Book, State};
use crate::git::{Around, WorkTree};
use crate::reading::hash;
use crate::shard::{FileStamp, Shard};
use crate::store::Left;

/// A file whose time of change is this close to the listing may change again within the same tick.
const RACY: u64 = 2_000_000_000;

/// What a refresh has to do.
#[derive(Default)]
pub(super) struct Plan {
    /// The work tree, as it is now.
    pub tree: Option<Arc<WorkTree>>,
    /// Which series a path belongs to; none where the files are those of the generation before, which knows their
    /// series.
    pub rule: Option<SeriesRule>,
    /// When the files were listed; that of the generation before where not all were.
    pub listed_at: u64,
    /// Nothing that is stored counts.
    pub anew: bool,
    /// Files that are read, by their series.
    pub read: BTreeMap<String, Vec<BookFile>>,
    /// Files that are no longer what they were, by the series that they were of.
    pub out: BTreeMap<String, BTreeSet<String>>,
    /// Files with the same bytes and another time, by series and path.
    pub stamped: BTreeMap<String, BTreeMap<String, FileStamp>>,
    /// Files whose facts are kept.
    pub kept: usize,
    /// Files that are gone.
    pub removed: Vec<String>,
    /// All files that are no minutes.
    pub skipped: Vec<Skipped>,
    /// Those of them that were only known to be none when they were read.
    pub left: BTreeMap<String, Left>,
}

/// A file among those that are known.
#[derive(Clone, Copy)]
pub(super) struct Stand<'a> {
    pub shard: &'a Shard,
    pub file: usize,
}

impl Stand<'_> {
    fn stamp(&self) -> &FileStamp {
        &self.shard.digest.files[self.file]
    }
}

/// What a look at all files shows.
pub(super) struct Seen {
    listing: Listing,
    tree: Option<Arc<WorkTree>>,
}

impl Seen {
    /// Looks at them.
    pub(super) fn of(root: &Path, conventions: &Conventions, git: &Around<'_>) -> Result<Self, BookError> {
        Ok(Self { listing: book::list(root, &conventions.book)?, tree: git.tree() })
    }
}

impl Book {
    /// After a look at all files.
    pub(super) fn plan(&self, listed_at: u64, seen: Seen) -> Plan {
        let Seen { listing, tree } = seen;
        let state = self.state.as_ref().expect("load_or_create has set it");
        let anew = state.manifest.conventions != self.conventions.key();
        let known: HashMap<&str, Stand<'_>> = state.shards.values().flat_map(|shard| files(shard)).collect();
        let is_known = |file: &BookFile| known.contains_key(file.path.as_str());
        let same = !anew && listing.files.len() == known.len() && listing.files.iter().all(is_known);
        let rule = (!same).then(|| SeriesRule::of(&listing, &self.conventions.series));
        let Listing { files, skipped } = listing;
        let mut plan = Plan { tree, rule, listed_at, anew, skipped, ..Plan::default() };
        let present: BTreeSet<&str> = files.iter().map(|f| f.path.as_str()).collect();
        for (path, stand) in known.iter().filter(|(path, _)| !present.contains(*path)) {
            plan.removed.push((*path).to_owned());
            plan.leaves(*stand);
        }
        drop(present);
        plan.removed.sort();
        for file in files {
            let stand = known.get(file.path.as_str()).copied().filter(|_| !anew);
            let left = state.manifest.left.get(&file.path).filter(|_| !anew);
            plan.judge(file, stand, left, state.manifest.listed_at);
        }
        plan.skipped.sort_by(|a, b| a.path.cmp(&b.path));
        plan
    }

    /// Which series paths belong to, by the files of a generation.
    pub(super) fn rule_of(&self, state: &State) -> SeriesRule {
        let known = state.shards.values().flat_map(|shard| files(shard)).map(|(path, _)| path);
        let left = state.manifest.left.keys().map(String::as_str);
        SeriesRule::learn(known.chain(left), &self.conventions.series)
    }

    /// After a look at some paths; none where they tell too little.
    pub(super) fn plan_paths(&self, paths: &[String], now: u64) -> Option<Plan> {
        let state = self.state.as_ref()?;
        if state.manifest.conventions != self.conventions.key() {
            return None;
        }
        // These tell which other files count.
        let rules = [".gitignore", ".ignore", "minutebook.toml"];
        let decides = |path: &String| path.is_empty() || rules.contains(&path.rsplit('/').next().unwrap_or(path));
        if paths.iter().any(|path| decides(path) || self.root.join(path).is_dir()) {
            return None;
        }
        // What is hidden is no minutes: the ledger, what editors leave.
        let hidden = |path: &String| path.split('/').any(|part| part.starts_with('.'));
        let paths: Vec<String> = paths.iter().filter(|path| !hidden(path)).cloned().collect();
        let rule = state.rule.clone().unwrap_or_else(|| self.rule_of(state));
        let listing = book::list_only(&self.root, &self.conventions.book, &paths).ok()?;
        let asked: BTreeSet<&str> = paths.iter().map(String::as_str).collect();
        let of_others = |path: &str| !asked.contains(path);
        let mut plan = Plan {
            tree: state.snapshot.work_tree.clone(),
            rule: Some(rule),
            listed_at: state.manifest.listed_at.min(now),
            skipped: state.manifest.skipped.iter().filter(|s| of_others(&s.path)).cloned().collect(),
            left: state.manifest.left.clone(),
            ..Plan::default()
        };
        plan.left.retain(|path, _| of_others(path));
        // What walking the way there met.
        plan.skipped.extend(listing.skipped.into_iter().filter(|s| asked.contains(s.path.as_str())));
        let find = |path: &str| state.snapshot.find(path).map(|(shard, file)| Stand { shard, file });
        for &path in &asked {
            let there = listing.files.iter().any(|f| f.path == path);
            let known = find(path);
            if known.is_some() != there && !plan.rule.as_ref().is_some_and(|rule| rule.is_settled_for(path)) {
                return None;
            }
            match known {
                Some(stand) if !there => {
                    plan.removed.push(path.to_owned());
                    plan.leaves(stand);
                }
                // A folder that went.
                None if !there && state.shards.values().any(|shard| shard.has_folder(path)) => return None,
                _ => {}
            }
        }
        for file in listing.files {
            let stand = find(&file.path);
            let left = state.manifest.left.get(&file.path);
            plan.judge(file, stand, left, state.manifest.listed_at);
        }
        plan.kept = state.shards.values().map(|s| s.digest.files.len()).sum::<usize>()
            - plan.out.values().map(BTreeSet::len).sum::<usize>();
        plan.skipped.sort_by(|a, b| a.path.cmp(&b.path));
        Some(plan)
    }
}

impl Plan {
    /// A file is no longer what it was.
    fn leaves(&mut self, stand: Stand<'_>) {
        let series = self.out.entry(stand.shard.digest.series.clone()).or_default();
        series.insert(stand.stamp().path.to_string());
    }

    /// Decides what becomes of a file that is there.
    fn judge(&mut self, file: BookFile, known: Option<Stand<'_>>, left: Option<&Left>, before: u64) {
        let of_rule = self.rule.as_ref().map(|rule| rule.series(&file.path));
        let series = of_rule.or_else(|| known.map(|stand| stand.shard.digest.series.clone())).unwrap_or_default();
        let Some(stand) = known else {
            match left {
                // No minutes last time, and no minutes now: no news.
                Some(left) if left.still_holds(&file) => {
                    self.skipped.push(Skipped { path: file.path.clone(), reason: left.reason.clone() });
                    self.left.insert(file.path, left.clone());
                }
                _ => self.read.entry(series).or_default().push(file),
            }
            return;
        };
        let stamp = stand.stamp();
        if stand.shard.digest.series == series && (self.tree.is_none() || stamp.blob.is_some()) {
            let settled = file.modified.saturating_add(RACY) < before;
            if stamp.size == file.size && stamp.modified == file.modified && settled {
                self.kept += 1;
                return;
            }
            if stamp.size == file.size && book::read(&file).is_ok_and(|bytes| hash(&bytes) == stamp.hash) {
                self.kept += 1;
                // Worth writing down only where the next look is spared by it.
                if file.modified.saturating_add(RACY) < self.listed_at {
                    let stamp = FileStamp { modified: file.modified, ..stamp.clone() };
                    self.stamped.entry(series).or_default().insert(file.path, stamp);
                }
                return;
            }
        }
        self.leaves(stand);
        self.read.entry(series).or_default().push(file);
    }

    /// Whether nothing is to be written.
    pub fn is_idle(&self) -> bool {
        !self.anew && self.read.is_empty() && self.removed.is_empty() && self.stamped.is_empty()
    }
}

/// The files of a shard with where they stand.
fn files(shard: &Shard) -> impl Iterator<Item = (&str, Stand<'_>)> {
    let files = shard.digest.files.iter().enumerate();
    files.map(move |(file, stamp)| (&*stamp.path, Stand { shard, file }))
}
