//! The facts of one series: what is stored, and the order in which it happened.
//!
//! The facts of a file are decoded when they are first asked for, from bytes that the operating system maps in: a
//! book of many years would not fit into memory otherwise, and most questions need a part of it. What the rest of the
//! book has to know of a series stands in its [`Digest`].

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use jiff::civil::Date;
use minutebook_ingest::facts::{Meeting, MeetingKind};
use serde::{Deserialize, Serialize};
use tantivy::directory::OwnedBytes;

use crate::git::BlobId;
use crate::roll::Roll;
use crate::short_id::Id;
use crate::short_refs::Lesson;
use crate::text::first_bytes;

/// Tells one content from another.
pub type ContentHash = [u8; 16];

/// A file as it was when its facts were read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileStamp {
    /// Relative to the book.
    pub path: Arc<str>,
    /// In bytes.
    pub size: u64,
    /// Nanoseconds since 1970.
    pub modified: u64,
    /// Half of the blake3 of the bytes.
    pub hash: ContentHash,
    /// git's id of the bytes, where the book lies in a work tree.
    pub blob: Option<BlobId>,
}

/// What a file says.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct FileFacts {
    /// Short names of repositories that its links teach.
    pub taught: Vec<(String, String)>,
    /// Abbreviations that it explains, with their long forms.
    pub abbreviations: Vec<(String, String)>,
    /// At least one.
    pub meetings: Vec<Meeting>,
}

impl FileFacts {
    /// Short forms with what they stand for.
    fn explained(&self) -> impl Iterator<Item = &(String, String)> {
        self.abbreviations.iter().chain(&self.taught)
    }
}

/// What is known of a series without its facts.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Digest {
    /// The series.
    pub series: String,
    /// Its files, sorted by path.
    pub files: Vec<FileStamp>,
    /// The hash under which its facts are stored.
    pub facts: String,
    /// Who is written in it, and where.
    pub roll: Roll,
    /// What its links teach.
    pub lesson: Lesson,
    /// Hashes of these two, so that nothing is learnt anew of the same.
    pub(crate) prints: Prints,
    /// The abbreviations that it explains and the texts of its links, with their long forms; each once.
    pub explained: BTreeSet<(String, String)>,
    /// Where the facts of each file end among those of the series.
    ends: Vec<u64>,
    /// Of each file a hash of what the chains of decisions are made of.
    decided: Vec<u64>,
    /// In order of date, path and line; undated meetings last.
    order: Vec<Place>,
}

impl Digest {
    /// How many meetings at the beginning are the same in another state of the series.
    pub(crate) fn same_meetings(&self, other: &Self) -> usize {
        let is_same = |(a, b): &(&Place, &Place)| {
            let [one, two] = [&self.files[a.file as usize], &other.files[b.file as usize]];
            let place = |p: &Place| (p.line, p.nth, p.id.twin(), p.date, p.held);
            one.path == two.path && one.hash == two.hash && place(a) == place(b)
        };
        self.order.iter().zip(&other.order).take_while(is_same).count()
    }
}

/// Hashes of what the rest of the book learns of a series.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct Prints {
    /// Of its roll.
    pub roll: u64,
    /// Of its lesson.
    pub lesson: u64,
    /// Of what the chains of decisions are made of.
    pub decided: u64,
}

/// Where a meeting stands, and when it was.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Place {
    id: Id,
    file: u32,
    /// First line of the meeting.
    line: u32,
    /// Of the file's meetings.
    nth: u32,
    date: Option<Date>,
    /// A meeting that was held on a known day.
    held: bool,
}

/// A series, ready to be asked: the unit that is stored and replaced.
#[derive(Debug)]
pub struct Shard {
    /// What is known without the facts.
    pub digest: Arc<Digest>,
    /// The facts, file after file.
    bytes: OwnedBytes,
    facts: Vec<OnceLock<Arc<FileFacts>>>,
    /// File -> its meetings that share their id with others: which, and the how manieth of them.
    twins: HashMap<u32, Vec<(u32, u32)>>,
    /// The bytes are no facts: they have changed since they were checked.
    damaged: AtomicBool,
}

/// A meeting with the file it stands in.
#[derive(Debug, Clone, Copy)]
pub struct Session<'a> {
    /// The file.
    pub file: &'a FileStamp,
    /// The meeting.
    pub meeting: &'a Meeting,
    /// All meetings of the file.
    pub same_file: &'a [Meeting],
}

/// A file on its way into a shard.
pub struct Part {
    stamp: FileStamp,
    bytes: OwnedBytes,
    /// As extraction told them.
    facts: Arc<FileFacts>,
    /// A hash of what the chains of decisions are made of.
    decided: u64,
}

impl Part {
    /// A file that was just read.
    pub fn new(stamp: FileStamp, facts: FileFacts) -> Self {
        // Writing to memory cannot fail; what could not be encoded would hold no facts. Facts are mostly shorter than the
        // text that they are of.
        let room = Vec::with_capacity(usize::try_from(stamp.size).unwrap_or(0));
        let bytes = postcard::to_extend(&facts, room).unwrap_or_default();
        let decided = print(&facts.meetings.iter().map(decided).collect::<Vec<_>>());
        Self { stamp, bytes: OwnedBytes::new(bytes), facts: Arc::new(facts), decided }
    }

    /// Another stamp for the same bytes.
    #[must_use]
    pub fn stamped(self, stamp: FileStamp) -> Self {
        Self { stamp, ..self }
    }
}

impl Shard {
    /// A series of these files, and the bytes of its facts. It is as if it had no facts stored.
    pub fn new(series: &str, mut parts: Vec<Part>) -> Self {
        parts.sort_by(|a, b| a.stamp.path.cmp(&b.stamp.path));
        let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let mut order: Vec<(u32, u32)> = Vec::new();
        for (f, part) in parts.iter().enumerate() {
            order.extend((0..part.facts.meetings.len()).map(|m| (number(f), number(m))));
        }
        let meeting = |&(f, m): &(u32, u32)| &parts[f as usize].facts.meetings[m as usize];
        order.sort_by_cached_key(|at| {
            let meeting = meeting(at);
            (meeting.date.unwrap_or(Date::MAX), meeting.path.clone(), meeting.line)
        });
        let roll = Roll::of(series, order.iter().map(meeting));
        let mut lesson = Lesson::new(series);
        let mut explained = BTreeSet::new();
        for part in &parts {
            lesson.names(&part.facts.taught);
            explained.extend(part.facts.explained().cloned());
            part.facts.meetings.iter().for_each(|m| lesson.references(&m.references));
        }
        // Several files of one day: extraction, which knows one file, gave their meetings one id.
        let mut seen: HashMap<&str, u32> = HashMap::new();
        let place = |at: &(u32, u32)| {
            let meeting = meeting(at);
            let twin = *seen.entry(&meeting.id).and_modify(|n| *n += 1).or_insert(0);
            Place {
                id: Id::parse(&meeting.id).unwrap_or_default().with_twin(twin),
                file: at.0,
                line: meeting.line,
                nth: at.1,
                date: meeting.date,
                held: meeting.kind == MeetingKind::Meeting && meeting.held && meeting.date.is_some(),
            }
        };
        let order: Vec<Place> = order.iter().map(place).collect();
        let twins = twins(&order);
        // Where a meeting stands among others of its day depends on the paths, too.
        let of_files = parts.iter().map(|part| (&part.stamp.path, part.decided)).collect::<Vec<_>>();
        let prints = Prints { roll: print(&roll), lesson: print(&lesson), decided: print(&of_files) };
        let mut digest =
            Digest { series: series.to_owned(), roll, lesson, prints, explained, order, ..Digest::default() };
        let (mut bytes, mut facts) = (Vec::new(), Vec::with_capacity(parts.len()));
        for (file, mut part) in (0..).zip(parts) {
            bytes.extend_from_slice(&part.bytes);
            digest.ends.push(bytes.len() as u64);
            digest.decided.push(part.decided);
            digest.files.push(part.stamp);
            if let Some(twins) = twins.get(&file) {
                rename(Arc::make_mut(&mut part.facts), twins);
            }
            facts.push(OnceLock::from(part.facts));
        }
        digest.facts = blake3::hash(&bytes).to_hex().to_string();
        let (digest, bytes) = (Arc::new(digest), OwnedBytes::new(bytes));
        Self { digest, bytes, facts, twins, damaged: AtomicBool::new(false) }
    }

    /// One whose facts lie in `bytes`.
    pub fn stored(digest: Arc<Digest>, bytes: OwnedBytes) -> Self {
        let facts = digest.files.iter().map(|_| OnceLock::new()).collect();
        let twins = twins(&digest.order);
        Self { digest, bytes, facts, twins, damaged: AtomicBool::new(false) }
    }

    /// The same with its facts in other bytes that are equal; what is decoded stays so if it is to be kept.
    #[must_use]
    pub fn moved(self, bytes: OwnedBytes, keep: bool) -> Self {
        if keep { Self { bytes, ..self } } else { Self::stored(self.digest, bytes) }
    }

    /// The same with nothing decoded.
    pub(crate) fn rested(&self) -> Self {
        Self::stored(Arc::clone(&self.digest), self.bytes.clone())
    }

    /// Asks something of all facts once, and keeps nothing decoded for it that was not before.
    pub fn once<R>(&self, ask: impl FnOnce(&Self) -> R) -> R {
        if self.facts.iter().all(|facts| facts.get().is_some()) {
            return ask(self);
        }
        let rested = self.rested();
        let answer = ask(&rested);
        self.damaged.fetch_or(rested.is_damaged(), Ordering::Relaxed);
        answer
    }

    /// The meetings in view by day, path and line; undated ones last. Each can be asked by [`ask`](Self::ask).
    pub fn agenda(&self, as_of: Option<Date>) -> impl Iterator<Item = ((Date, &str, u32), &Place)> {
        let key = |p: &Place| (p.date.unwrap_or(Date::MAX), &*self.digest.files[p.file as usize].path, p.line);
        self.places(as_of).map(move |p| (key(p), p))
    }

    /// Asks something of a meeting, and keeps nothing decoded for it that was not before.
    pub fn ask(&self, place: &Place, ask: impl FnMut(&Meeting)) {
        let file = place.file as usize;
        let decoded;
        let facts = match self.facts[file].get() {
            Some(facts) => facts.as_ref(),
            None => {
                decoded = self.read(file);
                &decoded
            }
        };
        facts.meetings.get(place.nth as usize).into_iter().for_each(ask);
    }

    /// Tells the meetings in view one after the other, and keeps nothing decoded for it that was not before.
    pub fn each(&self, as_of: Option<Date>, mut tell: impl FnMut(Session<'_>)) {
        let mut last: Option<(usize, FileFacts)> = None;
        for place in self.places(as_of) {
            let at = place.file as usize;
            let facts = match (self.facts[at].get(), &last) {
                (Some(facts), _) => facts.as_ref(),
                (None, Some((same, facts))) if *same == at => facts,
                _ => &last.insert((at, self.read(at))).1,
            };
            let same_file = &facts.meetings;
            if let Some(meeting) = same_file.get(place.nth as usize) {
                tell(Session { file: &self.digest.files[at], meeting, same_file });
            }
        }
    }

    /// The facts as they are stored.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// How many files are decoded.
    pub fn decoded(&self) -> usize {
        self.facts.iter().filter(|f| f.get().is_some()).count()
    }

    /// True once bytes were met that are no facts.
    pub fn is_damaged(&self) -> bool {
        self.damaged.load(Ordering::Relaxed)
    }

    fn slice(&self, file: usize) -> OwnedBytes {
        let end = |file: usize| usize::try_from(self.digest.ends[file]).unwrap_or(usize::MAX).min(self.bytes.len());
        let start = file.checked_sub(1).map_or(0, end);
        self.bytes.slice(start.min(end(file))..end(file))
    }

    fn decode(&self, file: usize) -> FileFacts {
        postcard::from_bytes(&self.slice(file)).unwrap_or_else(|_| {
            self.damaged.store(true, Ordering::Relaxed);
            FileFacts::default()
        })
    }

    /// What a file says, by its number in the digest.
    pub fn facts(&self, file: usize) -> &FileFacts {
        self.facts[file].get_or_init(|| Arc::new(self.read(file)))
    }

    fn read(&self, file: usize) -> FileFacts {
        let mut facts = self.decode(file);
        if let Some(twins) = self.twins_in(file) {
            rename(&mut facts, twins);
        }
        facts
    }

    fn twins_in(&self, file: usize) -> Option<&Vec<(u32, u32)>> {
        self.twins.get(&u32::try_from(file).ok()?)
    }

    /// A file again, for another shard.
    pub fn part(&self, file: usize) -> Part {
        let decoded = self.facts[file].get().filter(|_| self.twins_in(file).is_none());
        let facts = decoded.map_or_else(|| Arc::new(self.decode(file)), Arc::clone);
        let decided = self.digest.decided[file];
        Part { stamp: self.digest.files[file].clone(), bytes: self.slice(file), facts, decided }
    }

    /// The number of a file in the digest.
    pub fn file(&self, path: &str) -> Option<usize> {
        let files = &self.digest.files;
        // Most series lie in a folder of their own, so that most others are told by their ends.
        if path < &*files.first()?.path || path > &*files.last()?.path {
            return None;
        }
        files.binary_search_by(|f| (*f.path).cmp(path)).ok()
    }

    /// What its files in view explain of short forms. Of a file with a later meeting it is not known which one did.
    pub fn explained(&self, as_of: Option<Date>) -> Cow<'_, BTreeSet<(String, String)>> {
        let Some(day) = as_of else { return Cow::Borrowed(&self.digest.explained) };
        Cow::Owned(self.once(|shard| {
            let files = (0..shard.digest.files.len()).map(|at| shard.facts(at));
            let seen = files.filter(|f| f.meetings.iter().all(|m| m.date.is_some_and(|d| d <= day)));
            seen.flat_map(FileFacts::explained).cloned().collect()
        }))
    }

    /// Whether any of its files lies in a folder.
    pub fn has_folder(&self, folder: &str) -> bool {
        let inside = |path: &str| path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
        let at = self.digest.files.partition_point(|f| &*f.path < folder);
        self.digest.files[at..].iter().take_while(|f| f.path.starts_with(folder)).any(|f| inside(&f.path))
    }

    /// Of each file whether its meetings have days, on which the series has no others: then their ids depend on
    /// nothing but its text.
    pub fn alone(&self) -> Vec<bool> {
        let order = &self.digest.order;
        let mut alone = vec![true; self.digest.files.len()];
        for (at, place) in order.iter().enumerate() {
            let same = |other: Option<&Place>| other.is_some_and(|p| p.date == place.date);
            if place.date.is_none() || same(at.checked_sub(1).map(|n| &order[n])) || same(order.get(at + 1)) {
                alone[place.file as usize] = false;
            }
        }
        alone
    }

    /// The meeting of a file that a line stands in, or else its first.
    pub fn meeting(&self, path: &str, line: u32) -> Option<Session<'_>> {
        let at = self.file(path)?;
        let same_file = &self.facts(at).meetings;
        let meeting = same_file.iter().rev().find(|m| m.line <= line).or(same_file.first())?;
        Some(Session { file: &self.digest.files[at], meeting, same_file })
    }

    /// Number of meetings.
    pub fn meetings(&self) -> usize {
        self.digest.order.len()
    }

    /// Whether any meeting is in view.
    pub fn is_in_view(&self, as_of: Option<Date>) -> bool {
        as_of.is_none_or(|day| self.digest.order.iter().any(|p| p.date.is_some_and(|d| d <= day)))
    }

    fn places(&self, as_of: Option<Date>) -> impl DoubleEndedIterator<Item = &Place> + Clone {
        self.digest.order.iter().filter(move |p| as_of.is_none_or(|day| p.date.is_some_and(|d| d <= day)))
    }

    fn session<'a>(&'a self, place: &'a Place) -> Option<Session<'a>> {
        let file = place.file as usize;
        let same_file = &self.facts(file).meetings;
        Some(Session { file: &self.digest.files[file], meeting: same_file.get(place.nth as usize)?, same_file })
    }

    /// All meetings in order, counted; none where the facts cannot be read.
    pub(crate) fn numbered(&self) -> impl Iterator<Item = (usize, Option<Session<'_>>)> {
        self.digest.order.iter().map(|place| self.session(place)).enumerate()
    }

    /// The meetings in order, up to a day (undated ones have no place before any day).
    pub fn sessions(&self, as_of: Option<Date>) -> impl DoubleEndedIterator<Item = Session<'_>> + Clone {
        self.places(as_of).filter_map(|place| self.session(place))
    }

    /// Meetings that took place, in order.
    pub fn held(&self, as_of: Option<Date>) -> impl DoubleEndedIterator<Item = Session<'_>> + Clone {
        self.places(as_of).filter(|p| p.held).filter_map(|place| self.session(place))
    }

    /// The days of all meetings in view that have one, in order.
    pub fn dates(&self, as_of: Option<Date>) -> impl Iterator<Item = Date> + '_ {
        self.places(as_of).filter_map(|p| p.date)
    }

    /// The days of the meetings that took place, in order.
    pub fn days(&self, as_of: Option<Date>) -> impl DoubleEndedIterator<Item = Date> + '_ {
        self.places(as_of).filter(|p| p.held).filter_map(|p| p.date)
    }

    /// The meetings in view of a file, or with an id.
    pub fn named<'a>(&'a self, wanted: &'a str, as_of: Option<Date>) -> impl Iterator<Item = Session<'a>> {
        let file = self.file(wanted).and_then(|f| u32::try_from(f).ok());
        let id = Id::parse(wanted);
        self.places(as_of).filter(move |p| Some(p.file) == file || Some(p.id) == id).filter_map(|p| self.session(p))
    }

    /// For tests: a series `meetings` of these texts, a week apart from 2026-01-05 on.
    #[cfg(test)]
    pub(crate) fn weekly(texts: &[&str]) -> Self {
        let monday = jiff::civil::date(2026, 1, 5);
        let file = |(n, text): (i64, &&str)| {
            let day = monday.checked_add(jiff::Span::new().weeks(n)).expect("a day of this century");
            let path = format!("{day}.md");
            let meetings = minutebook_ingest::extract(text, &path);
            let path = path.into();
            let hash = crate::reading::hash(text.as_bytes());
            Part::new(FileStamp { path, hash, ..FileStamp::default() }, FileFacts { meetings, ..FileFacts::default() })
        };
        Self::new("meetings", (0..).zip(texts).map(file).collect())
    }
}

/// All of a meeting that the chains of decisions are made of; how far a topic reaches counts by the decisions under it.
fn decided(meeting: &Meeting) -> impl Serialize {
    let Meeting { path, id, series, date, line, topics, decisions, references, recalls, .. } = meeting;
    let titles: Vec<_> = topics.iter().map(|t| (&t.title, t.line)).collect();
    let over: Vec<_> = decisions.iter().map(|d| meeting.topic_over(d.line).map(|t| t.line)).collect();
    (path, id, series, date, line, titles, over, decisions, references, recalls)
}

/// A hash of what is stored of a value.
fn print(value: &impl Serialize) -> u64 {
    first_bytes(blake3::hash(&postcard::to_stdvec(value).unwrap_or_default()))
}

fn with_twin(id: &str, twin: u32) -> String {
    if twin == 0 { id.to_owned() } else { format!("{id}-{twin}") }
}

fn rename(facts: &mut FileFacts, twins: &[(u32, u32)]) {
    for &(nth, twin) in twins {
        if let Some(meeting) = facts.meetings.get_mut(nth as usize) {
            meeting.id = with_twin(&meeting.id, twin);
        }
    }
}

fn twins(order: &[Place]) -> HashMap<u32, Vec<(u32, u32)>> {
    let mut twins: HashMap<u32, Vec<(u32, u32)>> = HashMap::new();
    for place in order.iter().filter(|p| p.id.twin() > 0) {
        twins.entry(place.file).or_default().push((place.nth, place.id.twin()));
    }
    twins
}
