//! One state of a book: immutable shards by series, small tables over all of them, a text searcher.

use std::borrow::Cow;
use std::cell::LazyCell;
use std::cmp::Reverse;
use std::collections::{BTreeMap, HashSet};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use jiff::civil::Date;
use minutebook_ingest::book::{self, BookFile, Skipped};
use minutebook_ingest::{
    Conventions, Extractor, decode,
    facts::{Meeting, Reference},
};
use rayon::prelude::*;
use serde::{Serialize, de::DeserializeOwned};

use crate::chains::{self, Chains};
use crate::checkpoint::Checkpoints;
use crate::commit::Files;
use crate::fold::{Fold, fold};
use crate::forge::Forge;
use crate::git::WorkTree;
use crate::graph::Graph;
use crate::graph::topics::Headings;
use crate::history::History;
use crate::identity::People;
use crate::kept::Kept;
use crate::ledger::Ledger;
use crate::query::Scope;
use crate::query::check::{self, Report, check};
use crate::query::handoffs::{self, HandoffView, Rarity, handoffs};
use crate::query::search::{Answers, Columns, Known};
use crate::query::synonyms::Synonyms;
use crate::recent::Recent;
use crate::roll::Roll;
use crate::rulings;
use crate::shard::{Digest, FileStamp, Place, Prints, Session, Shard};
use crate::short_refs::{Lesson, ShortRefs};
use crate::store::FORMAT;
use crate::text::{Fields, first_bytes};
use crate::threads::{Standing, Thread, share};

/// One generation of a book's knowledge; cheap to share, never changed.
pub struct Snapshot {
    /// The book's folder.
    pub root: PathBuf,
    /// Its name: configured, else the folder's.
    pub name: String,
    /// Counts up with each refresh that changed something.
    pub generation: u64,
    /// How the team marks things.
    pub conventions: Arc<Conventions>,
    /// What reads minutes by them, made when first asked for.
    pub(crate) extractor: Arc<OnceLock<Extractor>>,
    /// The series, by name.
    pub series: BTreeMap<String, Arc<Shard>>,
    /// Files that are no minutes, with reasons.
    pub skipped: Arc<Vec<Skipped>>,
    /// git, where the book lies in a work tree.
    pub work_tree: Option<Arc<WorkTree>>,
    /// Where the minutes can be read in a browser.
    pub forge: Option<Forge>,
    /// The text index.
    pub searcher: tantivy::Searcher,
    /// Its fields.
    pub fields: Fields,
    /// What people said of actions outside the minutes.
    pub ledger: Arc<Ledger>,
    /// The files of the commit that it is of; none where it is of those on the disk.
    pub files: Option<Files>,
    /// Where what is made of it is kept; none where it is of a commit.
    pub(crate) kept: Option<Kept>,
    /// What is made of it when first asked for.
    pub(crate) made: Made,
}

/// Chains, with a hash of what they are made of.
type MadeChains = (u64, Arc<Chains>);

/// What is made of a snapshot when first asked for, and kept.
#[derive(Default)]
pub(crate) struct Made {
    /// The view of everything by the minutes alone, which other ledgers leave as it is.
    folded: Arc<OnceLock<Arc<View>>>,
    /// That of the snapshot before: what did not change is taken from it.
    before: Option<Arc<View>>,
    view: OnceLock<Arc<View>>,
    short_refs: Arc<OnceLock<Arc<ShortRefs>>>,
    learnt_of: OnceLock<LearntOf>,
    /// The chains of all decisions; the ledger says nothing of them.
    chains: Arc<OnceLock<MadeChains>>,
    /// The same of the snapshot before, until those of this one are known.
    chains_before: Inherited<MadeChains>,
    synonyms: OnceLock<Synonyms>,
    graph: OnceLock<Arc<Graph>>,
    /// What headings tell, also of the snapshot before.
    headings: OnceLock<Arc<Headings>>,
    /// What commits changed.
    history: Arc<OnceLock<Arc<History>>>,
    /// The same as of the snapshot before.
    history_before: Option<Arc<History>>,
    /// The columns of the text index.
    columns: Arc<OnceLock<tantivy::Result<Arc<Columns>>>>,
    /// The same of the snapshot before, until those of this one are known.
    columns_before: Inherited<Arc<Columns>>,
    /// Where threads stood before what changed last.
    checkpoints: Arc<Checkpoints>,
    /// What was asked of parts of it lately.
    views: Recent<View>,
    part_chains: Recent<Chains>,
    pub(crate) handoffs: Recent<Vec<HandoffView>>,
    pub(crate) reports: Recent<Report>,
    pub(crate) answers: Answers,
}

/// What the snapshot before had made, until this one has made its own of it.
struct Inherited<T>(Arc<Mutex<Option<T>>>);

impl<T> Inherited<T> {
    /// What it had made, else what it had inherited itself.
    fn of(made: Option<T>, before: &Self) -> Self {
        made.map_or_else(|| before.clone(), |made| Self(Arc::new(Mutex::new(Some(made)))))
    }

    fn take(&self) -> Option<T> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl<T> Clone for Inherited<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> Default for Inherited<T> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl Made {
    /// For the snapshot that follows another one, read by these conventions.
    pub(crate) fn after(before: &Snapshot, conventions: &Arc<Conventions>) -> Self {
        let view = before.made.folded.get().or(before.made.before.as_ref());
        let headings = before.made.headings.get().filter(|headings| headings.are_by(conventions));
        let headings = headings.map_or_else(OnceLock::new, |known| Arc::clone(known).into());
        let history_before = before.made.history.get().or(before.made.history_before.as_ref()).cloned();
        let chains_before = Inherited::of(before.made.chains.get().cloned(), &before.made.chains_before);
        let columns = before.made.columns.get().and_then(|known| known.as_ref().ok()).cloned();
        let columns_before = Inherited::of(columns, &before.made.columns_before);
        Self {
            before: view.cloned(),
            headings,
            history_before,
            chains_before,
            columns_before,
            checkpoints: Arc::clone(&before.made.checkpoints),
            ..Self::default()
        }
    }

    /// For the same minutes under another ledger.
    fn of_minutes(&self) -> Self {
        Self {
            folded: Arc::clone(&self.folded),
            before: self.before.clone(),
            short_refs: Arc::clone(&self.short_refs),
            chains: Arc::clone(&self.chains),
            chains_before: self.chains_before.clone(),
            columns: Arc::clone(&self.columns),
            columns_before: self.columns_before.clone(),
            checkpoints: Arc::clone(&self.checkpoints),
            headings: self.headings.clone(),
            history: Arc::clone(&self.history),
            history_before: self.history_before.clone(),
            ..Self::default()
        }
    }
}

/// What is known of a snapshot under a scope: who is who and the threads of each series.
#[derive(Debug, Clone)]
pub struct View {
    /// Who is who, from the meetings in view.
    pub people: Arc<People>,
    /// Threads by series; series out of scope are missing.
    pub threads: BTreeMap<String, Arc<Vec<Thread>>>,
    /// By series, what its threads were made of.
    made_of: BTreeMap<String, MadeOf>,
    /// A hash of all that people and short references were learnt of.
    learnt_of: LearntOf,
    /// Threads that are no actions, says the ledger, with their series.
    pub set_aside: Vec<(String, Thread)>,
    /// Days on which each series met.
    pub held: BTreeMap<String, Vec<Date>>,
    /// What short references point to, by the meetings in view.
    pub short_refs: Arc<ShortRefs>,
    /// What search looks up in it.
    pub(crate) known: Arc<Known>,
    /// How much words tell in it, whatever the ledger says.
    pub(crate) rarity: Arc<OnceLock<Rarity>>,
    /// Who stands on any list of participants, excused or not.
    listed: Arc<OnceLock<HashSet<String>>>,
}

/// Of what the threads of a series were made.
#[derive(Debug, Clone)]
struct MadeOf {
    digest: Arc<Digest>,
    /// A hash of that and of all else.
    all: u64,
}

/// Of what something was learnt.
#[derive(Debug, Clone, Copy)]
struct LearntOf {
    people: u64,
    short_refs: u64,
}

impl View {
    /// How an action that counts for a series stands on the day that is asked about.
    pub fn standing(&self, snapshot: &Snapshot, scope: &Scope, series: &str, thread: &Thread) -> Standing {
        let held = self.held.get(series).map_or(&[][..], Vec::as_slice);
        thread.standing(scope.today, snapshot.conventions.stale, held)
    }

    /// What a reference points to, one that its own file could not resolve (`standards#12`) by the links in view.
    pub fn target(&self, meeting: &Meeting, reference: &Reference) -> String {
        self.short_refs.target(meeting, reference)
    }
}

impl std::fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Snapshot")
            .field("name", &self.name)
            .field("generation", &self.generation)
            .finish_non_exhaustive()
    }
}

impl Snapshot {
    /// The series in scope.
    pub fn shards<'a>(&'a self, scope: &'a Scope) -> impl Iterator<Item = (&'a str, &'a Shard)> + Clone {
        let book = scope.books.as_ref().is_none_or(|books| books.contains(&self.name));
        self.series
            .iter()
            .filter(move |(name, shard)| book && scope.has_series(name) && shard.is_in_view(scope.as_of))
            .map(|(name, shard)| (name.as_str(), shard.as_ref()))
    }

    /// All meetings in scope, series by series.
    pub fn sessions<'a>(&'a self, scope: &'a Scope) -> impl Iterator<Item = Session<'a>> + Clone {
        let all: Vec<Session<'a>> = self.shards(scope).flat_map(|(_, shard)| shard.sessions(scope.as_of)).collect();
        all.into_iter()
    }

    /// Tells all meetings in scope one after the other, series by series. Of a big book none is kept in memory.
    pub fn each_session(&self, scope: &Scope, mut tell: impl FnMut(Session<'_>)) {
        let big = self.size().0 > BIG;
        for (_, shard) in self.shards(scope) {
            if big {
                shard.each(scope.as_of, &mut tell);
            } else {
                shard.sessions(scope.as_of).for_each(&mut tell);
            }
        }
    }

    /// When and where the meetings in scope are, series by series; [`Shard::ask`] tells what they say.
    fn agenda<'a>(&'a self, scope: &'a Scope) -> impl Iterator<Item = ((Date, &'a str, u32), &'a Shard, &'a Place)> {
        let shards = self.shards(scope);
        shards.flat_map(|(_, shard)| shard.agenda(scope.as_of).map(move |(key, place)| (key, shard, place)))
    }

    /// Tells the meetings in view up to the day of asking, the latest first, until `tell` has heard enough and returns
    /// false. None is kept in memory.
    pub fn latest_first(&self, scope: &Scope, mut tell: impl FnMut(&Meeting) -> bool) {
        let mut all: Vec<_> = self.agenda(scope).filter(|((date, ..), ..)| *date <= scope.today).collect();
        all.sort_by_key(|((date, path, line), ..)| (Reverse(*date), *path, *line));
        for (_, shard, place) in all {
            let mut more = true;
            shard.ask(place, |meeting| more = tell(meeting));
            if !more {
                return;
            }
        }
    }

    /// The same state with no facts in memory, if there are many. A series whose facts are damaged stays as it is, so
    /// that the next look learns of it.
    pub fn rested(&self) -> Option<Self> {
        let decoded: usize = self.series.values().map(|shard| shard.decoded()).sum();
        (decoded > BIG).then(|| {
            let rested =
                |shard: &Arc<Shard>| if shard.is_damaged() { Arc::clone(shard) } else { Arc::new(shard.rested()) };
            let series = self.series.iter().map(|(name, shard)| (name.clone(), rested(shard))).collect();
            Self { series, ..self.with_ledger(Arc::clone(&self.ledger)) }
        })
    }

    /// Who is who and the threads, from what the scope lets see. Without limits it is made once.
    pub fn view(&self, scope: &Scope) -> Arc<View> {
        if scope.is_whole() {
            return Arc::clone(self.made.view.get_or_init(|| {
                let folded = self.made.folded.get_or_init(|| Arc::new(self.fold(scope)));
                self.ruled(Arc::clone(folded), scope)
            }));
        }
        self.made.views.get(scope, || self.ruled(Arc::new(self.fold(scope)), scope))
    }

    /// Puts the ledger over a view.
    fn ruled(&self, mut view: Arc<View>, scope: &Scope) -> Arc<View> {
        if !self.ledger.entries.is_empty() {
            let view = Arc::make_mut(&mut view);
            view.known = Arc::default();
            view.set_aside = rulings::apply(&self.ledger, scope.as_of, &view.people, &mut view.threads);
        }
        view
    }

    /// Tells what the minutes say, before anybody asks.
    pub(crate) fn fold_ahead(&self) {
        self.view(&Scope::whole(Date::default()));
    }

    /// The same state with its text index, which was written meanwhile.
    pub(crate) fn with_text(self, searcher: tantivy::Searcher) -> Self {
        let made = Made { columns: Arc::default(), answers: Answers::default(), ..self.made };
        Self { searcher, made, ..self }
    }

    /// The same minutes under another ledger.
    #[must_use]
    pub fn with_ledger(&self, ledger: Arc<Ledger>) -> Self {
        Self {
            root: self.root.clone(),
            name: self.name.clone(),
            generation: self.generation,
            conventions: Arc::clone(&self.conventions),
            extractor: Arc::clone(&self.extractor),
            series: self.series.clone(),
            skipped: Arc::clone(&self.skipped),
            work_tree: self.work_tree.clone(),
            forge: self.forge.clone(),
            searcher: self.searcher.clone(),
            fields: self.fields,
            ledger,
            files: self.files.clone(),
            kept: self.kept.clone(),
            made: self.made.of_minutes(),
        }
    }

    /// What the minutes in scope say.
    fn fold(&self, scope: &Scope) -> View {
        let whole = scope.is_whole();
        let rolls: Vec<Cow<'_, Roll>> = self.shards(scope).map(|(series, shard)| roll(series, shard, scope)).collect();
        let learnt_of = self.learnt_of();
        let people = match self.made.before.as_ref().filter(|view| whole && view.learnt_of.people == learnt_of.people) {
            Some(before) => Arc::clone(&before.people),
            None => Arc::new(People::learn(rolls.iter().map(Cow::as_ref), &self.conventions.people)),
        };
        let book = self.conventions.name.as_deref();
        let short_refs = self.short_refs_in(scope);
        let conventions = &*self.conventions;
        let shards: Vec<(&str, &Shard)> = self.shards(scope).collect();
        let key = self.conventions.key();
        let before = self.made.before.as_ref().filter(|_| whole);
        // While nothing was learnt anew (by other conventions all is), a series of the same digest is what it was.
        let learnt =
            |view: &&Arc<View>| Arc::ptr_eq(&view.people, &people) && Arc::ptr_eq(&view.short_refs, &short_refs);
        let still = before.filter(learnt);
        let folded = shards.par_iter().map(|&(name, shard)| {
            let known = still.and_then(|view| view.made_of.get(name));
            let known = known.filter(|of| Arc::ptr_eq(&of.digest, &shard.digest)).map(|of| of.all);
            let by = LazyCell::new(|| made_by(shard, &key, book, &people, &short_refs));
            let all = known.unwrap_or_else(|| made_of(shard, *by));
            let was = before.and_then(|view| view.made_of.get(name));
            let same = before.filter(|_| was.is_some_and(|of| of.all == all));
            let as_before = same.and_then(|view| view.threads.get(name));
            let fold = |shard: &Shard| {
                if !whole {
                    return fold(shard.sessions(scope.as_of), &people, &short_refs, conventions, book);
                }
                let go_on = |past| Fold::new(past, &people, &short_refs, conventions, book);
                self.made.checkpoints.threads(shard, was.map(|of| &*of.digest), *by, go_on)
            };
            let kept = self.kept.as_ref().filter(|_| whole);
            let make = || {
                let mut threads = kept_or_made(kept, &threads_of(name), all, || shard.once(fold));
                share(&mut threads, shard.digest.files.iter().map(|file| &file.path));
                Arc::new(threads)
            };
            let threads = as_before.map_or_else(make, Arc::clone);
            (name.to_owned(), threads, MadeOf { digest: Arc::clone(&shard.digest), all })
        });
        let folded: Vec<(String, Arc<Vec<Thread>>, MadeOf)> = folded.collect();
        let made_of = folded.iter().filter(|_| whole).map(|(name, _, of)| (name.clone(), of.clone())).collect();
        let threads = folded.into_iter().map(|(name, threads, _)| (name, threads)).collect();
        let held = shards.iter().map(|(name, shard)| ((*name).to_owned(), shard.days(scope.as_of).collect())).collect();
        View {
            people,
            threads,
            made_of,
            learnt_of,
            set_aside: Vec::new(),
            held,
            short_refs,
            known: Arc::default(),
            rarity: Arc::default(),
            listed: Arc::default(),
        }
    }

    /// What the links in scope teach about short references: nothing is learnt from what it hides.
    fn short_refs_in(&self, scope: &Scope) -> Arc<ShortRefs> {
        if scope.is_whole() {
            return Arc::clone(self.learnt());
        }
        let lessons: Vec<Cow<'_, Lesson>> =
            self.shards(scope).map(|(series, shard)| lesson(series, shard, scope)).collect();
        Arc::new(ShortRefs::learn(lessons.iter().map(Cow::as_ref), &self.conventions))
    }

    /// What became of the decisions in scope. Without limits it is made once, when first asked for.
    pub fn chains(&self, scope: &Scope) -> Arc<Chains> {
        let make = || {
            let short_refs = self.short_refs_in(scope);
            // In order of time over all series: what is decoded for one meeting is let go before the next.
            let mut all: Vec<_> = self.agenda(scope).collect();
            all.sort_by_key(|(key, ..)| *key);
            let each = |tell: &mut dyn FnMut(&Meeting)| {
                all.iter().for_each(|(_, shard, place)| shard.ask(place, |meeting| tell(meeting)));
            };
            chains::chains(each, &short_refs, &self.conventions.decisions)
        };
        if scope.is_whole() {
            let of_all = || {
                let of = self.chains_are_of();
                let before = self.made.chains_before.take();
                let known = before.filter(|(known, _)| *known == of);
                let all = || kept_or_read_back(self.kept.as_ref(), CHAINS, of, make);
                known.unwrap_or_else(|| (of, Arc::new(Chains::new(all()))))
            };
            Arc::clone(&self.made.chains.get_or_init(of_all).1)
        } else {
            self.made.part_chains.get(scope, || Arc::new(Chains::new(make())))
        }
    }

    /// A hash of all that the chains are made of.
    fn chains_are_of(&self) -> u64 {
        let mut hasher = blake3::Hasher::new();
        hash_of_version(&mut hasher, &self.conventions.key());
        for Digest { prints, lesson, .. } in self.series.values().map(|shard| &*shard.digest) {
            hasher.update(&prints.decided.to_le_bytes());
            hasher.update(&self.learnt().print(lesson).to_le_bytes());
        }
        first_bytes(hasher.finalize())
    }

    /// Makes what most questions ask for and keeps it, so that the next process finds it.
    pub fn prepare(&self) {
        let whole = Scope::whole(Date::default());
        self.view(&whole);
        self.chains(&whole);
        if let Some(kept) = &self.kept {
            let slots: Vec<String> = self.series.keys().map(|name| threads_of(name)).collect();
            kept.sweep(slots.iter().map(String::as_str).chain([CHAINS]));
        }
    }

    /// Asks, of a book that is not big, what pages ask of the whole book and what takes longest to tell, so that nobody
    /// waits for it.
    pub fn rehearse(&self, today: Date) {
        if self.size().0 <= BIG {
            let whole = Scope::whole(today);
            self.graph(&whole);
            self.listed(&whole, &self.view(&whole));
            handoffs(self, &whole, &handoffs::Filter::default());
            // A report that fails names a file, and none is asked for.
            let _ = check(self, &whole, &check::Filter::default());
        }
    }

    /// Reads the history of the git repository as far as it is not known, so that pages tell what was changed after a
    /// meeting. Nothing asks for it before.
    pub fn recall(&self) {
        let Some(tree) = self.work_tree.as_ref().filter(|_| self.made.history.get().is_none()) else { return };
        let before = self.made.history_before.as_ref();
        let same = before.filter(|known| tree.commit.as_ref() == Some(&known.head)).cloned();
        if let Some(history) = same.or_else(|| History::of(tree, before.map(Arc::as_ref)).map(Arc::new)) {
            let _ = self.made.history.set(history);
        }
    }

    /// What commits changed, once it was recalled.
    pub(crate) fn history(&self) -> Option<&History> {
        self.made.history.get().map(Arc::as_ref)
    }

    /// What the links of the whole book teach about short references.
    pub fn short_refs(&self) -> &ShortRefs {
        self.learnt()
    }

    /// A hash of all that is learnt of the whole book.
    fn learnt_of(&self) -> LearntOf {
        *self.made.learnt_of.get_or_init(|| {
            let key = self.conventions.key();
            let hash = |print: fn(&Prints) -> u64| {
                let mut hasher = blake3::Hasher::new();
                hash_of_version(&mut hasher, &key);
                for (name, shard) in &self.series {
                    hasher.update(name.as_bytes());
                    hasher.update(&print(&shard.digest.prints).to_le_bytes());
                }
                first_bytes(hasher.finalize())
            };
            LearntOf { people: hash(|prints| prints.roll), short_refs: hash(|prints| prints.lesson) }
        })
    }

    fn learnt(&self) -> &Arc<ShortRefs> {
        self.made.short_refs.get_or_init(|| {
            let of = self.learnt_of().short_refs;
            if let Some(before) = self.made.before.as_ref().filter(|view| view.learnt_of.short_refs == of) {
                return Arc::clone(&before.short_refs);
            }
            let lessons = self.series.values().map(|shard| &shard.digest.lesson);
            Arc::new(ShortRefs::learn(lessons, &self.conventions))
        })
    }

    /// Words of like meaning.
    pub fn synonyms(&self) -> &Synonyms {
        self.made.synonyms.get_or_init(|| Synonyms::new(&self.conventions.search.synonyms))
    }

    /// What reads minutes by the book's conventions.
    pub(crate) fn extractor(&self) -> &Extractor {
        self.extractor.get_or_init(|| Extractor::new(self.conventions.as_ref().clone()))
    }

    /// What headings tell.
    pub(crate) fn headings(&self) -> &Headings {
        self.made.headings.get_or_init(|| Arc::new(Headings::new(Arc::clone(&self.conventions))))
    }

    /// What the text index tells of its documents beside their words; opened once.
    pub(crate) fn columns(&self) -> tantivy::Result<Arc<Columns>> {
        let open = || {
            let before = self.made.columns_before.take();
            Columns::of(&self.searcher, &self.fields, before.as_deref()).map(Arc::new)
        };
        self.made.columns.get_or_init(open).clone()
    }

    /// How things in scope hang together. Without limits it is made once.
    pub fn graph(&self, scope: &Scope) -> Arc<Graph> {
        if scope.is_whole() {
            return Arc::clone(self.made.graph.get_or_init(|| Arc::new(Graph::of(self, scope, &self.view(scope)))));
        }
        Arc::new(Graph::of(self, scope, &self.view(scope)))
    }

    /// Who stands on any list of participants in a view, excused or not.
    pub(crate) fn listed<'v>(&self, scope: &Scope, view: &'v View) -> &'v HashSet<String> {
        view.listed.get_or_init(|| {
            let mut listed = HashSet::new();
            self.each_session(scope, |session| {
                let m = session.meeting;
                for person in m.participants.iter().filter_map(|p| view.people.resolve(p.as_written(), m)) {
                    if !listed.contains(&person.id) {
                        listed.insert(person.id.clone());
                    }
                }
            });
            listed
        })
    }

    /// A file's text, straight from where it lies, decoded and with its lines ended as they were for its facts.
    ///
    /// # Errors
    /// Why there is none, in a few words: it is gone, or no text any more.
    pub fn text(&self, path: &str) -> Result<String, String> {
        let text = match &self.files {
            Some(files) => files.text(path)?,
            None => {
                let file = BookFile { path: path.to_owned(), on_disk: self.root.join(path), size: 0, modified: 0 };
                decode::decode(&book::read(&file)?).0.into_owned()
            }
        };
        Ok(decode::unix_lines(&text).into_owned())
    }

    /// The series and number of a file.
    pub(crate) fn find(&self, path: &str) -> Option<(&Shard, usize)> {
        self.series.values().find_map(|shard| Some((shard.as_ref(), shard.file(path)?)))
    }

    /// A file by its path.
    pub fn file(&self, path: &str) -> Option<&FileStamp> {
        self.find(path).map(|(shard, at)| &shard.digest.files[at])
    }

    /// A meeting by its path and one of its lines.
    pub fn meeting(&self, path: &str, line: u32) -> Option<Session<'_>> {
        self.series.values().find_map(|shard| shard.meeting(path, line))
    }

    /// The address of some lines on the forge, when the file stands there as it does here.
    pub fn permalink(&self, path: &str, line: u32, end_line: u32) -> Option<String> {
        let (forge, tree) = (self.forge.as_ref()?, self.work_tree.as_ref()?);
        let commit = tree.commit.as_deref()?;
        let blob = self.file(path)?.blob?;
        tree.is_committed(path, blob).then(|| forge.permalink(commit, &tree.path_in_repository(path), line, end_line))
    }

    /// The commit that a file's facts are of; none when the file differs from it.
    pub fn commit_of(&self, path: &str) -> Option<&str> {
        let tree = self.work_tree.as_ref()?;
        let blob = self.file(path)?.blob?;
        tree.is_committed(path, blob).then_some(tree.commit.as_deref()?)
    }

    /// Number of files and meetings.
    pub fn size(&self) -> (usize, usize) {
        let files = self.series.values().map(|s| s.digest.files.len()).sum();
        let meetings = self.series.values().map(|s| s.meetings()).sum();
        (files, meetings)
    }

    /// The meetings of a series in view, in order.
    pub fn meetings_of<'a>(&'a self, series: &str, scope: &Scope) -> Vec<&'a Meeting> {
        let shard = self.series.get(series).filter(|_| scope.has_series(series));
        shard.map(|s| s.sessions(scope.as_of).map(|s| s.meeting).collect()).unwrap_or_default()
    }
}

/// The facts of so many files, some twenty megabytes, may stay in memory.
const BIG: usize = 2_000;

/// The slot of all chains among what is kept.
const CHAINS: &str = "chains";

/// The slot of a series' threads among what is kept.
fn threads_of(series: &str) -> String {
    format!("threads of {series}")
}

/// What is kept in a slot, or made and then kept.
fn kept_or_made<T: Serialize + DeserializeOwned>(
    kept: Option<&Kept>,
    slot: &str,
    key: u64,
    make: impl FnOnce() -> T,
) -> T {
    let Some(kept) = kept else { return make() };
    kept.get(slot, key).unwrap_or_else(|| {
        let made = make();
        kept.put(slot, key, &made);
        made
    })
}

/// The same, but read back after it was made: what was made lies between what it was made of, and that memory is free
/// then. Where it cannot be kept it is made twice.
fn kept_or_read_back<T: Serialize + DeserializeOwned>(
    kept: Option<&Kept>,
    slot: &str,
    key: u64,
    make: impl Fn() -> T,
) -> T {
    let found = kept.and_then(|kept| {
        kept.get(slot, key).or_else(|| {
            kept.put(slot, key, &make());
            kept.get(slot, key)
        })
    });
    found.unwrap_or_else(make)
}

/// A hash of all that the threads of a series are made of, of which `by` is what its meetings do not say.
fn made_of(shard: &Shard, by: u64) -> u64 {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&by.to_le_bytes());
    hasher.update(shard.digest.facts.as_bytes());
    // Where a meeting stands among others of its day depends on the paths, which ids and order hang on.
    for file in &shard.digest.files {
        hasher.update(file.path.as_bytes());
        hasher.update(&[0]);
    }
    first_bytes(hasher.finalize())
}

/// A hash of what the threads of a series are made by, beside its meetings.
fn made_by(shard: &Shard, conventions: &str, book: Option<&str>, people: &People, short_refs: &ShortRefs) -> u64 {
    let mut hasher = blake3::Hasher::new();
    hash_of_version(&mut hasher, conventions);
    hasher.update(book.unwrap_or_default().as_bytes());
    hasher.update(&[0]);
    hasher.update(&short_refs.print(&shard.digest.lesson).to_le_bytes());
    hasher.update(&people.print(&shard.digest.roll).to_le_bytes());
    first_bytes(hasher.finalize())
}

/// The rules by which all is made.
fn hash_of_version(hasher: &mut blake3::Hasher, conventions: &str) {
    hasher.update(&FORMAT.to_le_bytes());
    hasher.update(conventions.as_bytes());
    hasher.update(&[0]);
}

/// Who is written in a series, in view.
fn roll<'a>(series: &str, shard: &'a Shard, scope: &Scope) -> Cow<'a, Roll> {
    match scope.as_of {
        None => Cow::Borrowed(&shard.digest.roll),
        Some(_) => Cow::Owned(shard.once(|shard| Roll::of(series, shard.sessions(scope.as_of).map(|s| s.meeting)))),
    }
}

/// What a series teaches about short references, in view. Of the names in a file's links it is not known in which of
/// its meetings they stand.
fn lesson<'a>(series: &str, shard: &'a Shard, scope: &Scope) -> Cow<'a, Lesson> {
    let Some(day) = scope.as_of else { return Cow::Borrowed(&shard.digest.lesson) };
    let mut lesson = Lesson::new(series);
    for facts in (0..shard.digest.files.len()).map(|at| shard.facts(at)) {
        let seen = |m: &&Meeting| m.date.is_some_and(|d| d <= day);
        if facts.meetings.iter().all(|m| seen(&m)) {
            lesson.names(&facts.taught);
        }
        facts.meetings.iter().filter(seen).for_each(|m| lesson.references(&m.references));
    }
    Cow::Owned(lesson)
}
