//! How the files of a book changed, by the commits of its git repository.

use std::collections::HashMap;

use gix::ObjectId;
use gix::bstr::ByteSlice;
use gix::diff::tree::Recorder;
use gix::diff::tree::recorder::Change;
use gix::objs::TreeRefIter;
use gix::revision::walk::Sorting;
use gix::traverse::commit::simple::CommitTimeOrder;
use jiff::civil::Date;
use minutebook_ingest::decode;
use serde::Serialize;

use crate::commit::day_of;
use crate::git::WorkTree;

/// So many commits are looked at, the latest.
const COMMITS: usize = 5_000;
/// Trees and commits that are kept while they are compared.
const CACHE: usize = 16 << 20;

/// Which commits changed which files.
pub struct History {
    repo: gix::ThreadSafeRepository,
    /// The commit from which it was told.
    pub(crate) head: String,
    /// By path in the book, the latest first.
    touched: HashMap<String, Vec<Touch>>,
}

impl std::fmt::Debug for History {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("History").field("head", &self.head).finish_non_exhaustive()
    }
}

/// A commit changed a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Touch {
    commit: ObjectId,
    /// Its day, where its committer was.
    pub(crate) day: Date,
    /// What the file was then; none where the commit took it away.
    pub(crate) blob: Option<ObjectId>,
}

/// A file as a commit left it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Version {
    /// The hash of the commit.
    pub commit: String,
    /// Its day, where its committer was.
    pub day: Date,
    /// Who wrote it.
    pub by: String,
    /// The first line of its message.
    pub subject: String,
}

impl History {
    /// Walks from the commit that is checked out to the first ones; what was known `before` of those behind it is not
    /// read again. Merges are passed over: what they bring stands in the commits that they join.
    ///
    /// None where there is no commit, or where the repository cannot be read: minutes work without.
    pub fn of(tree: &WorkTree, before: Option<&Self>) -> Option<Self> {
        let mut repo = gix::open(&tree.root).ok()?;
        repo.object_cache_size(CACHE);
        let head = tree.commit.clone()?;
        let id = ObjectId::from_hex(head.as_bytes()).ok()?;
        let before = before.and_then(|known| Some((known, ObjectId::from_hex(known.head.as_bytes()).ok()?)));
        let before = before.filter(|(_, old)| {
            repo.merge_base(id, *old).is_ok_and(|base| base.is_some_and(|base| base.detach() == *old))
        });
        let inside = if tree.prefix.is_empty() { String::new() } else { format!("{}/", tree.prefix) };
        let mut touched: HashMap<String, Vec<Touch>> = HashMap::new();
        let walk = repo.rev_walk([id]).sorting(Sorting::ByCommitTime(CommitTimeOrder::NewestFirst));
        let walk = walk.with_hidden(before.iter().map(|(_, old)| *old)).all().ok()?;
        for step in walk.take(COMMITS) {
            let Ok(step) = step else { break };
            let mut parents = step.parent_ids();
            let (parent, other) = (parents.next(), parents.next());
            if other.is_some() {
                continue;
            }
            // Of a shallow clone the first commit that is there has all files.
            let parent = parent.and_then(|id| repo.find_commit(id.detach()).ok());
            let Some((day, changes)) = changes(&repo, step.id, parent) else { break };
            for change in changes {
                let (path, blob, mode) = match change {
                    Change::Addition { path, oid, entry_mode, .. }
                    | Change::Modification { path, oid, entry_mode, .. } => (path, Some(oid), entry_mode),
                    Change::Deletion { path, entry_mode, .. } => (path, None, entry_mode),
                };
                let path = path.to_str().ok().and_then(|path| path.strip_prefix(&inside)).filter(|_| mode.is_blob());
                if let Some(path) = path {
                    touched.entry(path.to_owned()).or_default().push(Touch { commit: step.id, day, blob });
                }
            }
        }
        for (path, known) in before.iter().flat_map(|(known, _)| &known.touched) {
            touched.entry(path.clone()).or_default().extend(known);
        }
        Some(Self { repo: repo.into_sync(), head, touched })
    }

    /// What commits changed a file since it was last put into the repository, the latest first.
    pub(crate) fn of_file(&self, path: &str) -> &[Touch] {
        let all = self.touched.get(path).map_or(&[][..], Vec::as_slice);
        &all[..all.iter().position(|touch| touch.blob.is_none()).unwrap_or(all.len())]
    }

    /// A file as a commit left it; none when the repository has lost it.
    pub(crate) fn version(&self, touch: &Touch) -> Option<Version> {
        let repo = self.repo.to_thread_local();
        let commit = repo.find_commit(touch.commit).ok()?;
        let subject = commit.message().ok()?.summary().to_str_lossy().into_owned();
        let by = commit.author().ok()?.name.to_str_lossy().into_owned();
        Some(Version { commit: touch.commit.to_string(), day: touch.day, by, subject })
    }

    /// Its text then, decoded as a file is.
    pub(crate) fn text(&self, touch: &Touch) -> Option<String> {
        let bytes = self.repo.to_thread_local().find_blob(touch.blob?).ok()?.take_data();
        Some(decode::decode(&bytes).0.into_owned())
    }
}

/// What a commit changed, and its day.
fn changes(repo: &gix::Repository, id: ObjectId, before: Option<gix::Commit<'_>>) -> Option<(Date, Vec<Change>)> {
    let commit = repo.find_commit(id).ok()?;
    let day = day_of(commit.committer().ok()?.time().ok()?)?;
    let new = commit.tree().ok()?;
    let old = before.and_then(|c| c.tree().ok());
    let mut recorder = Recorder::default();
    let old = old.as_ref().map_or(&[][..], |tree| &tree.data);
    let trees = [old, &new.data].map(|data| TreeRefIter::from_bytes(data, gix::hash::Kind::Sha1));
    let [old, new] = trees;
    gix::diff::tree(old, new, gix::diff::tree::State::default(), &repo.objects, &mut recorder).ok()?;
    Some((day, recorder.records))
}
