//! Meetings -> threads: which mentions are of one action.
//!
//! A left fold over the meetings of a series in order of (date, path): each mention joins the thread
//! it most resembles, or raises a new one. What it says at a meeting depends on that meeting and those
//! before it alone.

mod alike;
mod issues;
#[cfg(test)]
mod tests;
mod words;

use std::collections::BTreeSet;
use std::sync::Arc;

use foldhash::HashMap;
use jiff::civil::Date;
use minutebook_ingest::Conventions;
use minutebook_ingest::facts::{About, Action, ActionState, Due, Meeting, Note};
use minutebook_ingest::meeting::id;
use minutebook_ingest::state::without_note;
use minutebook_ingest::statement::lower;

pub use self::words::words;
use self::words::{each_word, folded_text};
use crate::identity::People;
use crate::lexicon::{Lexicon, WordSet};
use crate::shard::Session;
use crate::short_id::Id;
use crate::short_refs::ShortRefs;
use crate::threads::{Content, Event, Evidence, Joined, Mention, Thread};
use crate::tracked::{AGAIN, Board, Headings};

/// The threads of a series, in order of their first mention, from its meetings in order.
pub fn fold<'a>(
    sessions: impl Iterator<Item = Session<'a>>,
    people: &People,
    short_refs: &ShortRefs,
    conventions: &Conventions,
    book: Option<&str>,
) -> Vec<Thread> {
    let mut fold = Fold::new(Past::default(), people, short_refs, conventions, book);
    for session in sessions {
        fold.session(session);
    }
    fold.threads()
}

/// A short id of some words, as mentions hold it.
fn short(kind: &str, of: &[&str]) -> Id {
    Id::parse(&id(kind, of)).unwrap_or_default()
}

fn order(thread: &Thread) -> (Option<Date>, &str, u32) {
    let first = thread.first();
    (first.date, &first.path, first.line)
}

/// What a thread is compared by with the mentions to come.
#[derive(Clone, Default)]
struct Task {
    /// Keys of its people.
    owners: WordSet,
    /// Words of it so far.
    words: WordSet,
    /// Words of the headings that it stood under.
    topic: WordSet,
    /// Issues of the items and headings that it stood under.
    about: Vec<String>,
    /// The words that it opened with.
    opens: WordSet,
}

/// A fold on its way.
pub(crate) struct Fold<'p> {
    people: &'p People,
    short_refs: &'p ShortRefs,
    conventions: &'p Conventions,
    book: &'p str,
    past: Past,
    /// Of the meeting at hand.
    learnt: Learnt,
}

/// What the meetings so far leave to those to come.
#[derive(Clone, Default)]
pub(crate) struct Past {
    threads: Vec<Thread>,
    /// Of each thread what it is compared by.
    tasks: Vec<Task>,
    /// The words of tasks and headings, and the keys of people.
    lexicon: Lexicon,
    /// Word -> threads whose task has it.
    by_word: Vec<Vec<usize>>,
    /// Word -> threads that were raised under a heading with it.
    by_topic: Vec<Vec<usize>>,
    /// Of each thread how many words it shares with what is looked for, and how many more its headings do: scratch paper.
    shared: Vec<(usize, usize)>,
    /// Issue -> threads of which it tells.
    by_issue: HashMap<String, Vec<usize>>,
    /// Issue -> threads that stood under it.
    by_over: HashMap<String, Vec<usize>>,
    /// Entries of lists of work that are no actions yet.
    board: Board,
    /// The meetings (counted) that had a pending list.
    lists: Vec<usize>,
    /// Meetings so far.
    held: usize,
    /// Ids given so far, to tell twins apart.
    ids: HashMap<Id, u32>,
    /// What each heading so far tells of the work under it.
    titles: HashMap<String, Option<ActionState>>,
}

/// A mention this alike joins a thread; less when it comes from a list of pending actions.
const ALIKE: f64 = 0.6;
const ALIKE_CARRIED: f64 = 0.4;
/// What the same issue adds for the same owners, and what one adds that stands over either: it says what a task is
/// about where the words do not.
const SAME_ISSUE: f64 = 0.15;
const UNDER_ISSUE: f64 = 0.3;
/// Other owners need this.
const SAME: f64 = 0.8;

/// An action with more issues than these is about none of them in particular.
const MOST_ISSUES: usize = 1;
/// Days for which the issue of an action tells of it.
const FOLLOWED_FOR: i32 = 120;

impl<'p> Fold<'p> {
    /// That goes on from where another stood.
    pub(crate) fn new(
        past: Past,
        people: &'p People,
        short_refs: &'p ShortRefs,
        conventions: &'p Conventions,
        book: Option<&'p str>,
    ) -> Self {
        Self { people, short_refs, conventions, book: book.unwrap_or_default(), past, learnt: Learnt::default() }
    }

    /// Where it stands.
    pub(crate) fn past(&self) -> &Past {
        &self.past
    }

    /// The threads so far, in order of their first mention.
    pub(crate) fn threads(self) -> Vec<Thread> {
        let mut threads = self.past.threads;
        // Work that is tracked by its issue is known for one when it comes up again.
        threads.sort_by(|a, b| order(a).cmp(&order(b)));
        threads
    }

    /// The next meeting.
    pub(crate) fn session(&mut self, session: Session<'_>) {
        let meeting = session.meeting;
        if meeting.kind == minutebook_ingest::facts::MeetingKind::Meeting && meeting.held {
            self.past.held += 1;
        }
        let mut touched: BTreeSet<usize> = BTreeSet::new();
        let headings = Headings::known(meeting, self.conventions, &mut self.past.titles);
        let mut others: Vec<(&Action, Told)> = Vec::new();
        for action in &meeting.actions {
            let told = self.told(meeting, &headings, action);
            match self.closest(&told, session, &touched) {
                None if action.carried && action.explicit => others.push((action, told)),
                found => self.mention(session, action, told, found, &mut touched),
            }
        }
        self.said_otherwise(session, others, &mut touched);
        self.parts(session, &mut touched);
        self.follow_issues(session, &headings, &touched);
        self.track(session, &headings, &touched);
        self.remember();
        if let Some(first) = meeting.actions.iter().find(|a| a.carried && a.explicit) {
            self.leave(session, first, &touched);
            self.past.lists.push(self.past.held);
        }
    }

    /// Threads that a pending list no longer has are gone, where the series keeps such a list.
    fn leave(&mut self, session: Session<'_>, list: &Action, touched: &BTreeSet<usize>) {
        let Some(&before) = self.past.lists.last() else { return };
        // A list every other meeting at least is a habit.
        let recent = self.past.lists.iter().filter(|&&n| n + 8 > self.past.held).count();
        if recent < 2 || self.past.held - before > 3 {
            return;
        }
        let since = session.meeting.date.and_then(|d| d.checked_sub(jiff::Span::new().days(120)).ok());
        for (at, thread) in self.past.threads.iter_mut().enumerate() {
            let last = thread.last();
            let recent = last.date >= since && last.date < session.meeting.date;
            if !touched.contains(&at)
                && thread.gone.is_none()
                && recent
                && last.says.state == ActionState::Open
                && last.says.explicit
                && last.listed
            {
                thread.gone = Some(Box::new(Evidence {
                    path: session.meeting.path.clone(),
                    line: list.line,
                    date: session.meeting.date,
                    why: "the list no longer has it".to_owned(),
                }));
            }
        }
    }

    /// What a mention says, for comparing.
    fn told(&mut self, meeting: &Meeting, headings: &Headings<'_>, action: &Action) -> Told {
        let references = self.references(meeting, action);
        Told {
            words: self.words(without_note(&action.text, self.conventions), &references),
            topic: action.topic.as_deref().map(|topic| self.words(topic, &[])).unwrap_or_default(),
            keys: self.keys(&action.owners, meeting),
            about: self.about(meeting, action),
            opens: self.opens(&action.text),
            references,
            carried: action.carried,
            // What stands unmarked in a list of completed work is no promise.
            state: match action.state {
                ActionState::Open if !action.explicit => headings.state_at(action.line, ""),
                told => told,
            },
            entry: false,
        }
    }

    /// A mention, of the thread that was found for it or of a new one.
    fn mention(
        &mut self,
        session: Session<'_>,
        action: &Action,
        told: Told,
        found: Option<(usize, Joined)>,
        touched: &mut BTreeSet<usize>,
    ) {
        let meeting = session.meeting;
        let Told { words, topic, keys, references, about, opens, state, .. } = told;
        let mut owners: Vec<String> = Vec::new();
        for owner in &action.owners {
            let canonical = self.people.canonical(owner, meeting);
            if !owners.contains(&canonical) {
                owners.push(canonical);
            }
        }
        let date = day(meeting);
        let base = short("a", &[self.book, &meeting.series, &date, &folded_text(&action.text)]);
        let twin = self.past.ids.entry(base).and_modify(|n| *n += 1).or_insert(0);
        let mut mention = Mention {
            id: base.with_twin(*twin),
            path: Arc::clone(&session.file.path),
            line: action.line,
            end_line: action.end_line,
            date: meeting.date,
            topic: action.topic.as_deref().map(Into::into),
            listed: action.carried,
            event: Event::Raised,
            joined: found.map_or(Joined::First, |(_, joined)| joined),
            says: Arc::new(Content {
                text: action.text.as_str().into(),
                owners: owners.into(),
                state,
                due: action.due.clone().map(Box::new),
                references: references.as_slice().into(),
                explicit: action.explicit,
            }),
        };
        let at = match found {
            Some((at, _)) => {
                let (thread, task) = (&mut self.past.threads[at], &mut self.past.tasks[at]);
                mention.event = event(thread, task, &mention, &keys);
                thread.mentions.push(mention);
                thread.gone = None;
                if !keys.is_empty() {
                    task.owners.clone_from(&keys);
                }
                at
            }
            None => {
                if mention.says.state != ActionState::Open {
                    mention.event = Event::Closed;
                }
                self.past.threads.push(Thread { mentions: vec![mention], ..Thread::default() });
                self.past.tasks.push(Task { owners: keys, ..Task::default() });
                self.past.threads.len() - 1
            }
        };
        touched.insert(at);
        for issue in issues(&references) {
            let threads = self.past.by_issue.entry(issue.clone()).or_default();
            if !threads.contains(&at) {
                threads.push(at);
            }
        }
        let task = &mut self.past.tasks[at];
        if let Some(issue) = about.filter(|issue| !task.about.contains(issue)) {
            self.past.by_over.entry(issue.clone()).or_default().push(at);
            task.about.push(issue);
        }
        opens.into_iter().for_each(|word| _ = task.opens.insert(word));
        self.learn(at, &words);
        // The heading of a list of pending actions says nothing of what they are about.
        for word in topic.iter().filter(|_| !action.carried) {
            if self.past.tasks[at].topic.insert(word) {
                self.learnt.topics.push((word, at));
            }
        }
    }

    /// What is said to be of before in words that are like no action's: by its issue, by what is noted under it, or because
    /// nothing else is left of what its owners had to do.
    fn said_otherwise(&mut self, session: Session<'_>, others: Vec<(&Action, Told)>, touched: &mut BTreeSet<usize>) {
        let mut left: Vec<(&Action, Told)> = Vec::new();
        for (action, told) in others {
            if let Some(found) = self.only_under(&told, session, touched) {
                self.mention(session, action, told, Some(found), touched);
                continue;
            }
            let notes = session.meeting.notes.iter().filter(|n| n.of == action.line);
            let found = notes.filter_map(|note| self.part_of(session, note, &told.keys, touched)).next();
            match found {
                None => left.push((action, told)),
                Some(at) => self.mention(session, action, told, Some((at, Joined::Part)), touched),
            }
        }
        let mut same: HashMap<&WordSet, usize> = HashMap::default();
        left.iter().for_each(|(_, told)| *same.entry(&told.keys).or_default() += 1);
        let alone: Vec<bool> = left.iter().map(|(_, told)| !told.keys.is_empty() && same[&told.keys] == 1).collect();
        for ((action, told), alone) in left.into_iter().zip(alone) {
            let found = if alone { self.only_left(session, &told, touched) } else { None };
            self.mention(session, action, told, found.map(|at| (at, Joined::Left)), touched);
        }
    }

    /// The one open action of late with these owners that shares words with a mention.
    fn only_left(&mut self, session: Session<'_>, told: &Told, touched: &BTreeSet<usize>) -> Option<usize> {
        let shared = self.sharing(told);
        let mut like = shared.into_iter().filter(|&(at, (n, _))| {
            let last = self.past.threads[at].last();
            n >= 2
                && !touched.contains(&at)
                && last.says.explicit
                && last.says.state == ActionState::Open
                && self.past.tasks[at].owners == told.keys
                && (1..=AGAIN).contains(&days_between(last.date, session.meeting.date))
        });
        let (at, _) = like.next()?;
        like.next().is_none().then_some(at)
    }

    /// Actions of before that a list of pending actions has as parts of others: an item under one of the same owners.
    fn parts(&mut self, session: Session<'_>, touched: &mut BTreeSet<usize>) {
        let meeting = session.meeting;
        let mut listed: HashMap<u32, &Action> = HashMap::default();
        for action in meeting.actions.iter().filter(|a| a.carried && a.explicit) {
            listed.entry(action.line).or_insert(action);
        }
        for note in meeting.notes.iter().filter(|note| !note.text.is_empty()) {
            let Some(action) = listed.get(&note.of) else { continue };
            let keys = self.keys(&action.owners, meeting);
            let Some(at) = self.part_of(session, note, &keys, touched) else { continue };
            touched.insert(at);
            self.tell(
                session,
                at,
                Line {
                    line: note.line,
                    topic: action.topic.as_deref(),
                    text: &note.text,
                    state: action.state,
                    open: Event::Carried,
                    joined: Joined::Part,
                    target: None,
                },
            );
        }
    }

    /// A line tells of an action and is none itself: whose it is stays.
    fn tell(&mut self, session: Session<'_>, at: usize, told: Line<'_>) {
        let meeting = session.meeting;
        let Line { line, topic, text, state, open, joined, target } = told;
        let date = day(meeting);
        let thread = &mut self.past.threads[at];
        let last = thread.last();
        let mut parts = vec![self.book, &meeting.series, &date];
        parts.extend(target.as_deref());
        let last_id = last.id.text();
        parts.push(&last_id);
        let mention = Mention {
            id: short("m", &parts),
            path: Arc::clone(&session.file.path),
            line,
            end_line: line,
            date: meeting.date,
            topic: topic.map(Into::into),
            listed: last.listed,
            event: if state == ActionState::Open { open } else { Event::Closed },
            joined,
            says: Arc::new(Content {
                text: text.into(),
                owners: Arc::default(),
                state,
                due: None,
                references: target.into_iter().collect(),
                explicit: last.says.explicit,
            }),
        };
        thread.mentions.push(mention);
        thread.gone = None;
    }

    /// The action of such a list that an item under another one is.
    fn part_of(
        &mut self,
        session: Session<'_>,
        note: &Note,
        keys: &WordSet,
        touched: &BTreeSet<usize>,
    ) -> Option<usize> {
        if keys.is_empty() || note.state.is_some() {
            return None;
        }
        let told = Told { words: self.words(&note.text, &[]), keys: keys.clone(), ..Told::default() };
        let (at, _) = self.closest(&told, session, touched)?;
        (self.past.threads[at].last().listed && self.past.tasks[at].owners == *keys).then_some(at)
    }

    /// Words of a task, for the mentions to come.
    fn learn(&mut self, at: usize, words: &WordSet) {
        for word in words.iter() {
            if self.past.tasks[at].words.insert(word) {
                self.learnt.words.push((word, at));
            }
        }
    }

    /// Makes what was learnt known to those who look for a thread.
    fn remember(&mut self) {
        let Learnt { words, topics } = std::mem::take(&mut self.learnt);
        words.into_iter().for_each(|(word, at)| list_of(&mut self.past.by_word, word).push(at));
        topics.into_iter().for_each(|(word, at)| list_of(&mut self.past.by_topic, word).push(at));
    }

    /// The words of a text.
    fn words(&mut self, text: &str, references: &[String]) -> WordSet {
        let mut out: Vec<u32> = Vec::new();
        each_word(text, references, |word| out.push(self.past.lexicon.number(word)));
        out.into_iter().collect()
    }

    /// The word that a text opens with, as it is written.
    fn opens(&mut self, text: &str) -> Option<u32> {
        let mut words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        words.next().map(|word| self.past.lexicon.number(&lower(word)))
    }

    /// Keys of owners as a meeting names them.
    fn keys(&mut self, owners: &[String], meeting: &Meeting) -> WordSet {
        owners.iter().map(|o| self.past.lexicon.number(&self.people.key(o, meeting))).collect()
    }

    /// What the references of an action point to.
    fn references(&self, meeting: &Meeting, action: &Action) -> Vec<String> {
        self.short_refs.targets(meeting, &action.references, action.line..=action.end_line)
    }

    /// The issue of the item or heading over an action.
    fn about(&self, meeting: &Meeting, action: &Action) -> Option<String> {
        let About { line, target } = action.about.as_ref()?;
        let told = self.short_refs.targets(meeting, std::slice::from_ref(target), *line..=*line);
        told.into_iter().next().filter(|target| target.contains('/'))
    }
}

/// Words of tasks, and of the headings over them, that a meeting taught: no other action of that meeting is looked for by
/// them.
#[derive(Default)]
struct Learnt {
    words: Vec<(u32, usize)>,
    topics: Vec<(u32, usize)>,
}

/// What a mention says, for comparing.
#[derive(Default)]
struct Told {
    /// Words of its task.
    words: WordSet,
    /// Words of the heading over it.
    topic: WordSet,
    /// Keys of its owners.
    keys: WordSet,
    /// What it refers to.
    references: Vec<String>,
    /// The issue that it stands under.
    about: Option<String>,
    /// The word that it opens with, mostly a verb.
    opens: Option<u32>,
    /// On a list of pending actions.
    carried: bool,
    /// As it tells.
    state: ActionState,
    /// An entry of a list of work.
    entry: bool,
}

/// A line that tells of an action.
struct Line<'a> {
    line: u32,
    /// The heading it stands under, where that counts.
    topic: Option<&'a str>,
    text: &'a str,
    state: ActionState,
    /// What happens while it closes nothing.
    open: Event,
    joined: Joined,
    /// The issue by which it tells.
    target: Option<String>,
}

/// The day of a meeting, for ids; nothing of an undated one.
fn day(meeting: &Meeting) -> String {
    meeting.date.map_or_else(String::new, |d| d.to_string())
}

/// The issues that tell of an action: those of its own lines, where they are few.
fn issues(references: &[String]) -> impl Iterator<Item = &String> {
    let few = references.len() <= MOST_ISSUES;
    references.iter().filter(move |target| few && target.contains('/'))
}

/// Days from one meeting to another; none where one has no date.
pub fn days_between(earlier: Option<Date>, later: Option<Date>) -> i32 {
    match (earlier, later) {
        (Some(a), Some(b)) => a.until(b).map_or(0, |s| s.get_days()),
        _ => 0,
    }
}

fn event(thread: &Thread, task: &Task, mention: &Mention, keys: &WordSet) -> Event {
    if mention.says.state != ActionState::Open {
        return Event::Closed;
    }
    if !keys.is_empty() && !task.owners.is_empty() && keys != &task.owners {
        return Event::Reassigned;
    }
    let due = |d: Option<&Due>| d.map(|d| (d.date, d.text.to_lowercase()));
    if mention.says.due.is_some() && thread.due().is_some() && due(mention.says.due.as_deref()) != due(thread.due()) {
        return Event::DueMoved;
    }
    if mention.end_line > mention.line { Event::Progressed } else { Event::Carried }
}

/// The list of a word among lists by the numbers of words.
fn list_of(lists: &mut Vec<Vec<usize>>, word: u32) -> &mut Vec<usize> {
    let at = word as usize;
    if lists.len() <= at {
        lists.resize_with(at + 1, Vec::new);
    }
    &mut lists[at]
}
