//! The book as of a commit: a snapshot made of the files of its tree, and of nothing later.
//!
//! It is stored nowhere: neither the data directory nor the work tree is touched. Facts that are
//! [`Known`] are taken where a file was then what it was when they were read; the others are read from git.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::{Arc, OnceLock};

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};
use minutebook_ingest::book::{BookFile, LARGEST, Listing, Names, Skipped};
use minutebook_ingest::series::SeriesRule;
use minutebook_ingest::{Conventions, Extractor};
use rayon::prelude::*;

use crate::book::name_of;
use crate::commit::{Commit, CommitError, Files, IGNORING, Reader};
use crate::forge::Forge;
use crate::git;
use crate::reading;
use crate::shard::{FileStamp, Part, Shard};
use crate::snapshot::{Made, Snapshot};
use crate::text;

/// Facts that were read before.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// Key of the conventions by which they were read.
    pub conventions: String,
    /// By series.
    pub shards: BTreeMap<String, Arc<Shard>>,
}

impl Known {
    /// Those of a snapshot.
    pub fn of(snapshot: &Snapshot) -> Self {
        Self { conventions: snapshot.conventions.key(), shards: snapshot.series.clone() }
    }

    /// Those that hold for other files of the same conventions, with their series, by path.
    fn by_path(&self, conventions: &Conventions) -> HashMap<&str, (&Shard, usize)> {
        if self.conventions != conventions.key() {
            return HashMap::new();
        }
        let mut all = HashMap::new();
        for shard in self.shards.values() {
            // Of several meetings on a day, the ids depend on which others there are.
            let alone = shard.alone();
            let files = shard.digest.files.iter().enumerate().filter(|(at, _)| alone[*at]);
            all.extend(files.map(|(at, file)| (&*file.path, (shard.as_ref(), at))));
        }
        all
    }
}

impl Commit {
    /// The book as it stood in this commit, read by its own conventions, or by those that are given.
    ///
    /// # Errors
    /// When the book's folder was not there, its `minutebook.toml` was wrong, or git cannot read the commit.
    pub fn snapshot(&self, conventions: Option<Arc<Conventions>>, known: &Known) -> Result<Snapshot, CommitError> {
        let files = self.files()?;
        let conventions = match conventions {
            Some(given) => given,
            None => Arc::new(files.conventions()?),
        };
        let listing = list(&files, &self.book, &conventions)?;
        let (series, skipped) = facts(&files, listing, &conventions, known);
        let work_tree = self.work_tree(&files);
        let forge = work_tree.remote.as_deref().and_then(|remote| Forge::of_remote(remote, &conventions.forge));
        let searcher = text::nothing()
            .map_err(|e| CommitError::Unreadable { commit: self.short().to_owned(), why: e.to_string() })?;
        Ok(Snapshot {
            root: self.book.clone(),
            name: name_of(&self.book, &conventions),
            generation: 0,
            series,
            skipped: Arc::new(skipped),
            work_tree: Some(Arc::new(work_tree)),
            forge,
            searcher,
            fields: text::schema().1,
            ledger: Arc::new(files.ledger()?),
            kept: None,
            files: Some(files),
            conventions,
            extractor: Arc::default(),
            made: Made::default(),
        })
    }
}

/// The facts of all files, by series, and what is no minutes after all.
fn facts(
    files: &Files,
    listing: Listing,
    conventions: &Conventions,
    known: &Known,
) -> (BTreeMap<String, Arc<Shard>>, Vec<Skipped>) {
    let rule = SeriesRule::of(&listing, &conventions.series);
    let known = known.by_path(conventions);
    let extractor = OnceLock::new();
    let read = |reader: &Reader, file: &BookFile| -> Result<(String, Part), Skipped> {
        let series = rule.series(&file.path);
        let id = files.entries[&file.path].id;
        let blob = git::id_of(&id);
        match known.get(&*file.path) {
            Some((shard, at)) if shard.digest.series == series && shard.digest.files[*at].blob == blob => {
                Ok((series, shard.part(*at)))
            }
            _ => {
                let extractor = extractor.get_or_init(|| Extractor::new(conventions.clone()));
                let found = reader
                    .minutes(id)
                    .and_then(|b| reading::caught(|| reading::read(extractor, &file.path, &series, &b)));
                let found = found.map_err(|reason| Skipped { path: file.path.clone(), reason })?;
                Ok((series, Part::new(FileStamp { blob, ..found.stamp }, found.facts)))
            }
        }
    };
    let all: Vec<_> = listing.files.par_iter().map_init(|| files.reader(), |reader, file| read(reader, file)).collect();
    let mut skipped = listing.skipped;
    let mut by_series: BTreeMap<String, Vec<Part>> = BTreeMap::new();
    for one in all {
        match one {
            Ok((series, part)) => by_series.entry(series).or_default().push(part),
            Err(reason) => skipped.push(reason),
        }
    }
    skipped.sort_by(|a, b| a.path.cmp(&b.path));
    let shard = |(series, parts): (String, Vec<Part>)| {
        let shard = Arc::new(Shard::new(&series, parts));
        (series, shard)
    };
    (by_series.into_iter().map(shard).collect(), skipped)
}

/// Which files of a commit are minutes, and which not and why: what [`book::list`](minutebook_ingest::book::list)
/// tells of a folder in which they are checked out. A test holds the two together.
fn list(files: &Files, book: &Path, conventions: &Conventions) -> Result<Listing, CommitError> {
    let names = Names::of(book, &conventions.book)?;
    let reader = files.reader();
    let ignored = Ignored::of(files)?;
    let mut listing = Listing::default();
    for (path, entry) in &files.entries {
        if path.split('/').any(|part| part.starts_with('.')) || ignored.hides(&files.in_repository(path)) {
            continue;
        }
        let on_disk = book.join(path);
        let reason = if !entry.is_utf8 {
            "its name is not UTF-8"
        } else if entry.is_link() {
            "a symbolic link"
        } else if !entry.is_file() {
            "another repository"
        } else if let Some(reason) = names.why_left_out(&on_disk) {
            reason
        } else {
            match reader.size(entry.id) {
                Ok(size) if size <= LARGEST => {
                    listing.files.push(BookFile { path: path.clone(), on_disk, size, modified: 0 });
                    continue;
                }
                Ok(_) => "larger than 4 MiB",
                Err(reason) => {
                    listing.skipped.push(Skipped { path: path.clone(), reason });
                    continue;
                }
            }
        };
        listing.skipped.push(Skipped { path: path.clone(), reason: reason.to_owned() });
    }
    Ok(listing)
}

/// What `.ignore` and `.gitignore` say, each by the folder in which they stand.
struct Ignored([HashMap<String, Gitignore>; 2]);

impl Ignored {
    fn of(files: &Files) -> Result<Self, CommitError> {
        let mut all = Self(Default::default());
        for (path, text) in files.ignoring()? {
            let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
            let mut builder = GitignoreBuilder::new(format!("/{folder}"));
            for line in text.lines() {
                // A line that is no pattern hides nothing, as on the disk.
                let _ = builder.add_line(None, line);
            }
            let kind = usize::from(name != IGNORING[0]);
            if let Ok(built) = builder.build() {
                all.0[kind].insert(folder.to_owned(), built);
            }
        }
        Ok(all)
    }

    /// Whether a file, or a folder that it lies in, is to be left alone.
    fn hides(&self, path: &str) -> bool {
        let ends = path.match_indices('/').map(|(n, _)| (&path[..n], true));
        ends.chain([(path, false)]).any(|(path, is_folder)| self.names(path, is_folder))
    }

    /// Whether it itself is: the nearest file that speaks of it decides.
    fn names(&self, path: &str, is_folder: bool) -> bool {
        for kind in self.0.iter().filter(|kind| !kind.is_empty()) {
            let mut folder = path;
            while !folder.is_empty() {
                folder = folder.rsplit_once('/').map_or("", |(above, _)| above);
                match kind.get(folder).map(|g| g.matched(format!("/{path}"), is_folder)) {
                    Some(Match::Ignore(_)) => return true,
                    Some(Match::Whitelist(_)) => return false,
                    _ => {}
                }
            }
        }
        false
    }
}
