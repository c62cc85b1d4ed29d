//! Writes a generation: reads what a plan names, stores facts and documents, and commits.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use minutebook_ingest::Extractor;
use minutebook_ingest::book::{self, BookFile, Skipped};
use rayon::prelude::*;
use tantivy::indexer::UserOperation;
use tantivy::{IndexWriter, Term};

use super::{Book, Error, Plan, Progress, Refresh, State};
use crate::git;
use crate::ledger::Ledger;
use crate::reading;
use crate::shard::{FileStamp, Part, Shard};
use crate::store::{FORMAT, Left, Manifest};
use crate::text;

/// Files that are read and extracted at a time; bounds memory.
const BATCH: usize = 512;
/// A refresh of more files than this is a big one: all cores write, and what is read is not kept at hand.
const BIG: usize = 64;
/// Bytes that tantivy collects before it writes a segment.
const HEAP: usize = 128 << 20;
/// The least that it works with.
const LEAST_HEAP: usize = 15 << 20;

/// A series with the hash of its digest; none where it has no files any more.
type Made = Option<(String, Shard)>;

/// A file's facts and documents, fresh from the disk.
struct Fresh {
    part: Part,
    documents: Vec<UserOperation>,
}

impl Book {
    /// Does what a plan says. Returned is the writer, if there was something to write: its merges are still to be
    /// waited for.
    pub(super) fn write(
        &mut self,
        plan: Plan,
        progress: &dyn Progress,
        done: &mut Refresh,
    ) -> Result<Option<IndexWriter>, Error> {
        let mut state = self.state.take().expect("load_or_create has set it");
        done.kept = plan.kept;
        done.removed.clone_from(&plan.removed);
        if plan.is_idle() && !state.payload.is_empty() {
            let same_tree = state.snapshot.work_tree == plan.tree;
            if !same_tree || plan.skipped != state.manifest.skipped {
                state.manifest.skipped = plan.skipped;
                let snapshot = self.snapshot_of(
                    &state.reader,
                    state.fields,
                    &state.manifest,
                    &state.shards,
                    plan.tree,
                    Some(&state.snapshot),
                );
                state.snapshot = Arc::new(snapshot);
                done.changed = true;
            } else {
                let ledger = Ledger::read(&self.root);
                if ledger.hash != state.snapshot.ledger.hash {
                    state.snapshot = Arc::new(state.snapshot.with_ledger(Arc::new(ledger)));
                    done.changed = true;
                }
            }
            state.rule = plan.rule.or(state.rule);
            self.state = Some(state);
            return Ok(None);
        }
        let reads: usize = plan.read.values().map(Vec::len).sum();
        let (threads, heap) =
            if reads > BIG { (rayon::current_num_threads().clamp(1, 4), HEAP) } else { (1, LEAST_HEAP) };
        let mut writer: IndexWriter = state
            .index
            .writer_with_num_threads(threads, heap.max(threads * LEAST_HEAP))
            .map_err(|e| self.text_error(e))?;
        if plan.anew {
            writer.delete_all_documents().map_err(|e| self.text_error(e))?;
            state.shards.clear();
        }
        for path in plan.out.values().flatten() {
            writer.delete_term(Term::from_field_text(state.fields.path, path));
        }
        let mut manifest = Manifest {
            format: FORMAT,
            generation: state.manifest.generation + 1,
            conventions: self.conventions.key(),
            listed_at: plan.listed_at,
            shards: if plan.anew { BTreeMap::new() } else { std::mem::take(&mut state.manifest.shards) },
            skipped: plan.skipped.clone(),
            left: plan.left.clone(),
        };
        let touched: BTreeSet<&String> = plan.read.keys().chain(plan.out.keys()).chain(plan.stamped.keys()).collect();
        progress.start(reads);
        let (mut batch, mut waiting) = (Vec::new(), 0);
        let mut touched = touched.into_iter().peekable();
        while let Some(series) = touched.next() {
            waiting += plan.read.get(series).map_or(0, Vec::len);
            batch.push(series);
            if waiting >= BATCH || touched.peek().is_none() {
                self.write_series(&batch, &plan, &mut state, &mut manifest, &writer, progress, done)?;
                (batch, waiting) = (Vec::new(), 0);
            }
        }
        progress.finish();
        manifest.skipped.sort_by(|a, b| a.path.cmp(&b.path));
        done.read.sort();
        // What the minutes say does not depend on the text index: it is told while that is written.
        let before = Some(state.snapshot.as_ref());
        let ahead = self.snapshot_of(&state.reader, state.fields, &manifest, &state.shards, plan.tree, before);
        let payload = std::thread::scope(|scope| {
            let committed = scope.spawn(|| self.commit(&mut writer, &manifest));
            if reads > BIG {
                ahead.prepare();
            } else {
                ahead.fold_ahead();
            }
            committed.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        })?;
        state.reader.reload().map_err(|e| self.text_error(e))?;
        let snapshot = Arc::new(ahead.with_text(state.reader.searcher()));
        done.changed = true;
        self.state = Some(State { payload, manifest, snapshot, rule: plan.rule.or(state.rule), ..state });
        Ok(Some(writer))
    }

    /// Stores the manifest and commits what was written; returned is what names the generation. Facts first, then the
    /// commit that names them.
    fn commit(&self, writer: &mut IndexWriter, manifest: &Manifest) -> Result<String, Error> {
        let payload = self.store.put(manifest).map_err(|e| self.data_error(e))?;
        self.store.sync().map_err(|e| self.data_error(e))?;
        let mut commit = writer.prepare_commit().map_err(|e| self.text_error(e))?;
        commit.set_payload(&payload);
        commit.commit().map_err(|e| self.text_error(e))?;
        Ok(payload)
    }

    /// Reads and stores some series.
    #[expect(clippy::too_many_arguments, reason = "one step of `write`, which owns them all")]
    fn write_series(
        &self,
        all: &[&String],
        plan: &Plan,
        state: &mut State,
        manifest: &mut Manifest,
        writer: &IndexWriter,
        progress: &dyn Progress,
        done: &mut Refresh,
    ) -> Result<(), Error> {
        let files: Vec<(&String, &BookFile)> = all
            .iter()
            .flat_map(|series| plan.read.get(*series).into_iter().flatten().map(move |file| (*series, file)))
            .collect();
        let fresh: Vec<Result<Fresh, Left>> = files
            .par_iter()
            .map_init(Vec::new, |bytes, (series, file)| {
                let read = self.read(bytes, file, series, plan, &state.fields);
                progress.step();
                read
            })
            .collect();
        let mut parts: BTreeMap<&String, Vec<Part>> = all.iter().map(|series| (*series, Vec::new())).collect();
        for ((series, file), one) in files.into_iter().zip(fresh) {
            match one {
                Ok(fresh) => {
                    // In one go, as search expects the documents of a file in one segment.
                    writer.run(fresh.documents).map_err(|e| self.text_error(e))?;
                    done.read.push(file.path.clone());
                    parts.entry(series).or_default().push(fresh.part);
                }
                Err(left) => {
                    manifest.skipped.push(Skipped { path: file.path.clone(), reason: left.reason.clone() });
                    manifest.left.insert(file.path.clone(), left);
                }
            }
        }
        let keep = done.read.len() <= BIG;
        let made: Vec<(&String, Result<Made, Error>)> = parts
            .into_par_iter()
            .map(|(series, parts)| (series, self.shard(series, parts, plan, state, keep)))
            .collect();
        for (series, shard) in made {
            match shard? {
                Some((hash, shard)) => {
                    manifest.shards.insert(series.clone(), hash);
                    state.shards.insert(series.clone(), Arc::new(shard));
                }
                None => {
                    manifest.shards.remove(series);
                    state.shards.remove(series);
                }
            }
        }
        Ok(())
    }

    /// A series of what was read and what is kept, and the hash of its digest; none where it has no files any more.
    fn shard(&self, series: &str, mut parts: Vec<Part>, plan: &Plan, state: &State, keep: bool) -> Result<Made, Error> {
        if let Some(before) = state.shards.get(series) {
            let (out, stamped) = (plan.out.get(series), plan.stamped.get(series));
            for (at, file) in before.digest.files.iter().enumerate() {
                if out.is_some_and(|out| out.contains(&*file.path)) {
                    continue;
                }
                let part = before.part(at);
                parts.push(match stamped.and_then(|stamped| stamped.get(&*file.path)) {
                    Some(stamp) => part.stamped(stamp.clone()),
                    None => part,
                });
            }
        }
        if parts.is_empty() {
            return Ok(None);
        }
        let shard = Shard::new(series, parts);
        let facts = self.store.put_bytes(shard.bytes()).map_err(|e| self.data_error(e))?;
        let hash = self.store.put(shard.digest.as_ref()).map_err(|e| self.data_error(e))?;
        let bytes = self.store.map(&facts).map_err(|e| self.data_error(std::io::Error::other(e)))?;
        Ok(Some((hash, shard.moved(bytes, keep))))
    }

    pub(super) fn extractor(&self) -> &Extractor {
        self.extractor.get_or_init(|| Extractor::new(self.conventions.as_ref().clone()))
    }

    /// Reads a file by way of a buffer.
    fn read(
        &self,
        bytes: &mut Vec<u8>,
        file: &BookFile,
        series: &str,
        plan: &Plan,
        fields: &text::Fields,
    ) -> Result<Fresh, Left> {
        let skip = |reason: String| Left { size: file.size, modified: file.modified, reason };
        book::read_into(bytes, file).map_err(skip)?;
        let bytes = &**bytes;
        let (read, documents) = reading::caught(|| {
            let read = reading::read(self.extractor(), &file.path, series, bytes)?;
            let documents = read.facts.meetings.iter().zip(&read.passages);
            let documents = documents.flat_map(|(m, passages)| text::documents(fields, m, passages, &read.labels));
            let documents = documents.map(UserOperation::Add).collect();
            Ok((read, documents))
        })
        .map_err(skip)?;
        let blob = plan.tree.as_ref().and_then(|tree| git::id_in(tree, &file.path, bytes));
        let stamp = FileStamp { size: file.size, modified: file.modified, blob, ..read.stamp };
        Ok(Fresh { part: Part::new(stamp, read.facts), documents })
    }
}
