//! Meetings -> threads: which mentions are of one action.
//!
//! A left fold over the meetings of a series in order of (date, path): each mention joins the thread
//! it most resembles, or raises a new one. What it says at a meeting depends on that meeting and those
//! before it alone.

use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

use foldhash::{HashMap, HashSet};
use jiff::civil::Date;
use minutebook_ingest::Conventions;
use minutebook_ingest::facts::{About, Action, ActionState, Due, Meeting, Note};
use minutebook_ingest::meeting::id;
use minutebook_ingest::state::without_note;
use minutebook_ingest::statement::lower;

use crate::identity::{People, Place};
use crate::lexicon::{Lexicon, WordSet};
use crate::shard::Session;
use crate::short_id::Id;
use crate::short_refs::ShortRefs;
use crate::threads::{Content, Event, Evidence, Joined, Mention, Thread};
use crate::tracked::{self, AGAIN, Board, Headings};

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

    /// The issue of an action that comes up again, in a heading or an item, tells of the action; once a meeting.
    fn follow_issues(&mut self, session: Session<'_>, headings: &Headings<'_>, touched: &BTreeSet<usize>) {
        let meeting = session.meeting;
        // By line, and how far the actions up to there reach.
        let mut spoken: Vec<(u32, u32)> = meeting.actions.iter().map(|a| (a.line, a.end_line)).collect();
        spoken.sort_unstable();
        let mut reach = 0;
        for (_, last) in &mut spoken {
            reach = reach.max(*last);
            *last = reach;
        }
        let mut told: BTreeSet<usize> = BTreeSet::new();
        for reference in &meeting.references {
            let before = spoken.partition_point(|&(first, _)| first <= reference.line);
            if before.checked_sub(1).is_some_and(|at| spoken[at].1 >= reference.line) {
                continue;
            }
            let target = self.short_refs.target(meeting, reference);
            let Some(at) = self.only_open(&target, meeting.date, false) else { continue };
            if touched.contains(&at) || !told.insert(at) {
                continue;
            }
            let state = headings.state_at(reference.line, &reference.text);
            self.tell(
                session,
                at,
                Line {
                    line: reference.line,
                    topic: None,
                    text: &reference.text,
                    state,
                    open: Event::Reported,
                    joined: Joined::Issue,
                    target: Some(target),
                },
            );
        }
    }

    /// Entries of a list of work that come up again are actions, where the series follows its work so.
    fn track(&mut self, session: Session<'_>, headings: &Headings<'_>, touched: &BTreeSet<usize>) {
        let meeting = session.meeting;
        let entries = tracked::entries(meeting, headings);
        self.past.board.met(&entries);
        let is_followed = self.past.board.is_followed();
        let spoken: HashSet<u32> = meeting.actions.iter().map(|a| a.line).collect();
        for entry in entries {
            let target = self.short_refs.target(meeting, entry.reference);
            let line = entry.reference.line;
            if !target.contains('/') || self.is_told(&target, meeting, line, touched) || spoken.contains(&line) {
                continue;
            }
            let owners: BTreeSet<String> = entry.people.iter().map(|p| self.people.canonical(p, meeting)).collect();
            let date = day(meeting);
            let mention = Mention {
                id: short("t", &[self.book, &meeting.series, &date, &target]),
                path: Arc::clone(&session.file.path),
                line,
                end_line: line,
                date: meeting.date,
                topic: entry.topic.map(Into::into),
                listed: false,
                event: Event::Raised,
                joined: Joined::First,
                says: Arc::new(Content {
                    text: entry.title.into(),
                    owners: owners.into_iter().collect(),
                    state: entry.state,
                    due: None,
                    references: [target.clone()].into(),
                    explicit: false,
                }),
            };
            // An action that the tracker has got meanwhile.
            let (words, state) = (self.words(&mention.says.text, &[]), mention.says.state);
            let keys = self.keys(&mention.says.owners, meeting);
            let told = Told { words, keys, references: vec![target.clone()], state, entry: true, ..Told::default() };
            let known = if is_followed { self.closest(&told, session, touched) } else { None };
            if let Some((at, joined)) = known {
                let event = event(&self.past.threads[at], &self.past.tasks[at], &mention, &told.keys);
                let event = if event == Event::Carried { Event::Reported } else { event };
                self.past.threads[at].mentions.push(Mention { event, joined, ..mention });
                self.past.threads[at].gone = None;
                self.past.by_issue.entry(target).or_default().push(at);
                continue;
            }
            if let Some(mentions) = self.past.board.came_up(&target, mention) {
                self.raise(mentions, &target, &meeting.series);
            }
        }
    }

    /// Whether an action tells of an issue already: it is open still, or spoke of it in this meeting.
    fn is_told(&self, target: &str, meeting: &Meeting, line: u32, touched: &BTreeSet<usize>) -> bool {
        self.past.by_issue.get(target).into_iter().flatten().any(|at| {
            let last = self.past.threads[*at].last();
            let open = last.says.state == ActionState::Open && days_between(last.date, meeting.date) <= FOLLOWED_FOR;
            let here = *last.path == *meeting.path && (last.line..=last.end_line).contains(&line);
            touched.contains(at) || open || here
        })
    }

    /// A thread of mentions that are known to be one.
    fn raise(&mut self, mentions: Vec<Mention>, target: &str, series: &str) {
        let at = self.past.threads.len();
        self.past.threads.push(Thread::default());
        self.past.tasks.push(Task::default());
        for mut mention in mentions {
            let place = Place { series, date: mention.date };
            let owners = mention.says.owners.iter();
            let keys: WordSet = owners.map(|o| self.past.lexicon.number(&self.people.key(o, place))).collect();
            let words = self.words(&mention.says.text, &mention.says.references);
            self.learn(at, &words);
            let (thread, task) = (&mut self.past.threads[at], &mut self.past.tasks[at]);
            if !thread.mentions.is_empty() {
                mention.joined = Joined::Entry;
                mention.event = event(thread, task, &mention, &keys);
            }
            if !keys.is_empty() {
                task.owners = keys;
            }
            thread.mentions.push(mention);
        }
        self.past.by_issue.entry(target.to_owned()).or_default().push(at);
        // Further entries of the meeting may be this one.
        self.remember();
    }

    /// The one open action of late that is about an issue and few others; or, with `over`, that the issue stood over.
    fn only_open(&self, target: &str, date: Option<Date>, over: bool) -> Option<usize> {
        // The latest ones; an issue in more than these is about everything.
        const LATEST: usize = 64;
        let own = self.past.by_issue.get(target).into_iter();
        let under = self.past.by_over.get(target).filter(|_| over).into_iter();
        let all = own.chain(under).flat_map(|all| all.iter().rev().take(LATEST));
        let mut open = all.copied().filter(|&at| {
            let last = self.past.threads[at].last();
            last.says.state == ActionState::Open && (1..=FOLLOWED_FOR).contains(&days_between(last.date, date))
        });
        let first = open.next()?;
        open.all(|other| other == first).then_some(first)
    }

    /// The one open action of late about the issue of a mention that says of itself that it is an earlier one: the words may be
    /// others.
    fn only_under(&self, told: &Told, session: Session<'_>, touched: &BTreeSet<usize>) -> Option<(usize, Joined)> {
        let issue = told.references.first().or(told.about.as_ref())?;
        let at = self.only_open(issue, session.meeting.date, true)?;
        let owners = &self.past.tasks[at].owners;
        let fits = told.keys.is_empty() || owners.is_empty() || told.keys.meets(owners);
        (fits && !touched.contains(&at)).then_some((at, Joined::OnlyOne))
    }

    /// The thread that a mention most resembles, if it does enough.
    fn closest(&mut self, told: &Told, session: Session<'_>, touched: &BTreeSet<usize>) -> Option<(usize, Joined)> {
        let like = self.sharing(told);
        self.most_alike(told, session, touched, like)
    }

    /// The threads that have words of a mention, in order, with how many of them, and how many more the headings they stood
    /// under.
    fn sharing(&mut self, told: &Told) -> Vec<(usize, (usize, usize))> {
        self.past.shared.resize(self.past.threads.len(), (0, 0));
        let mut like: Vec<usize> = Vec::new();
        for word in told.words.iter() {
            for &at in self.past.by_word.get(word as usize).into_iter().flatten() {
                if self.past.shared[at].0 == 0 {
                    like.push(at);
                }
                self.past.shared[at].0 += 1;
            }
        }
        if told.carried {
            for word in told.words.iter() {
                for &at in self.past.by_topic.get(word as usize).into_iter().flatten() {
                    if self.past.shared[at].0 > 0 && !self.past.tasks[at].words.contains(word) {
                        self.past.shared[at].1 += 1;
                    }
                }
            }
        }
        like.sort_unstable();
        like.into_iter().map(|at| (at, std::mem::take(&mut self.past.shared[at]))).collect()
    }

    fn most_alike(
        &self,
        told: &Told,
        session: Session<'_>,
        touched: &BTreeSet<usize>,
        like: Vec<(usize, (usize, usize))>,
    ) -> Option<(usize, Joined)> {
        let Told { words, topic, keys, references, about, opens, carried, state, entry } = told;
        let (carried, state, entry) = (*carried, *state, *entry);
        let mut best: Option<(f64, usize, Joined)> = None;
        for (at, (n, under)) in like {
            if touched.contains(&at) {
                continue;
            }
            let (thread, task) = (&self.past.threads[at], &self.past.tasks[at]);
            let days = days_between(thread.last().date, session.meeting.date);
            let closed = thread.last().says.state != ActionState::Open;
            // What was closed lately may be on the list once more, or be closed again.
            let again = days <= 45 && (carried || state != ActionState::Open);
            if closed && !again {
                continue;
            }
            // A list of pending actions takes from the heading what the action left unsaid there.
            let n = n + under;
            let (own, theirs) = (words.len(), task.words.len() + under);
            // How much of the shorter text is in the longer, and of both.
            let least = own.min(theirs).max(1);
            let dice = 2.0 * n as f64 / (own + theirs) as f64;
            let contained = n as f64 / least as f64;
            let mut alike = dice.max(if least >= 3 || under > 0 { contained * 0.85 } else { 0.0 });
            let percent = (alike * 100.0).clamp(0.0, 100.0).round() as u8;
            let owners_meet = keys.meets(&task.owners);
            let same_issue = references.iter().any(|r| thread.last().says.references.contains(r));
            if same_issue && owners_meet {
                alike += SAME_ISSUE;
            }
            let over = |issue: &String| task.about.contains(issue) || thread.last().says.references.contains(issue);
            let by_over = about.as_ref().is_some_and(over) || references.iter().any(|r| task.about.contains(r));
            // "Write the tests", "write the manual": under one issue, too, these are two.
            let only_verb = n == 1 && opens.is_some_and(|verb| task.opens.contains(verb));
            let under_issue = owners_meet && !same_issue && by_over && !only_verb;
            if under_issue {
                alike += UNDER_ISSUE;
            }
            // "Create an issue" says nothing without its heading or issue.
            if least <= 2 && !carried && !under_issue && !topic.meets(&task.topic) {
                continue;
            }
            let needed = match () {
                () if owners_meet && carried => ALIKE_CARRIED,
                () if owners_meet || (entry && days <= AGAIN) => ALIKE,
                () if keys.is_empty() || task.owners.is_empty() => {
                    if carried {
                        0.5
                    } else {
                        0.7
                    }
                }
                () if carried => 0.65,
                () => SAME,
            };
            // What was long silent needs to be said in the same words.
            let needed = if days > 200 { needed.max(SAME) } else { needed };
            // What was closed comes up again in much the same words.
            let needed = if closed && state == ActionState::Open { needed.max(ALIKE) } else { needed };
            let score = alike - 0.0002 * f64::from(days);
            let shares_enough = n >= 2.min(least) || under_issue;
            if alike >= needed && shares_enough && best.is_none_or(|(b, _, _)| score > b) {
                let by_issue = under_issue || (same_issue && owners_meet && percent < 95);
                best = Some((score, at, if by_issue { Joined::Under(percent) } else { Joined::Alike(percent) }));
            }
        }
        best.map(|(_, at, joined)| (at, joined))
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

fn folded_text(text: &str) -> String {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .map(str::to_lowercase)
        .collect::<Vec<_>>()
        .join(" ")
}

const STOP: &str = "
the and for with that this from into about will should would can could have has had are was were been
its not but also our their his her them they you all any some via per done ongoing open see still der
die das und mit für von ein eine den dem zum zur auf ist https http com regarding
";

static STOPS: LazyLock<HashSet<&str>> = LazyLock::new(|| STOP.split_whitespace().collect());

/// The words by which tasks are compared: no stop words, without their most common endings.
pub fn words(text: &str, references: &[String]) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    each_word(text, references, |word| {
        if !out.contains(word) {
            out.insert(word.to_owned());
        }
    });
    out
}

/// Tells them one after the other, some perhaps more than once.
fn each_word(text: &str, references: &[String], mut tell: impl FnMut(&str)) {
    references.iter().for_each(|reference| tell(&lower(reference)));
    for stretch in text.split_whitespace() {
        // Of an address all of it says where to, and of one that is a reference that tells it already.
        if stretch.contains("://") {
            let number =
                |target: &String| target.rsplit(['#', '!']).next().is_some_and(|number| stretch.contains(number));
            if !references.iter().any(number) {
                tell(&lower(stretch.trim_end_matches(|c: char| !c.is_alphanumeric())));
            }
            continue;
        }
        for word in stretch.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
            let low = lower(word);
            let short = low.len() < 3 || (!low.is_ascii() && low.chars().count() < 3);
            if (short && !low.chars().any(|c| c.is_ascii_digit())) || STOPS.contains(low.as_ref()) {
                continue;
            }
            tell(stem(&low));
        }
    }
}

/// The list of a word among lists by the numbers of words.
fn list_of(lists: &mut Vec<Vec<usize>>, word: u32) -> &mut Vec<usize> {
    let at = word as usize;
    if lists.len() <= at {
        lists.resize_with(at + 1, Vec::new);
    }
    &mut lists[at]
}

fn stem(word: &str) -> &str {
    for ending in ["ations", "ation", "ates", "ate", "ings", "ing", "ies", "ed", "es", "s", "en", "e", "y"] {
        if let Some(stem) = word.strip_suffix(ending)
            && stem.chars().count() >= 4
        {
            return stem;
        }
    }
    word
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shard::Shard;

    /// Meetings a week apart; told are state, event of each mention, and the text.
    fn check(texts: &[&str], expected: &[&str]) {
        let shard = Shard::weekly(texts);
        let people =
            People::learn(std::iter::once(&shard.digest.roll), &minutebook_ingest::conventions::People::default());
        let conventions = Conventions::defaults();
        let held: Vec<Date> = shard.held(None).filter_map(|s| s.meeting.date).collect();
        let told: Vec<String> = fold(shard.sessions(None), &people, &ShortRefs::default(), &conventions, None)
            .iter()
            .map(|t| {
                let standing =
                    t.standing(jiff::civil::date(2026, 3, 1), minutebook_ingest::conventions::Stale::default(), &held);
                let events: Vec<String> = t.mentions.iter().map(|m| format!("{:?}", m.event)).collect();
                format!("{} [{}] {}", standing.state.as_str(), events.join(" "), t.first().says.text)
            })
            .collect();
        assert_eq!(told, expected);
    }

    #[test]
    fn an_action_is_called_as_its_task_was_last_written() {
        let issue = "https://github.com/quay/docs/issues/41";
        let shard = Shard::weekly(&[
            &format!("# x\n- AI @a: write the page {issue}\n"),
            &format!("# x\n- [docs#41]({issue}), half of it\n"),
        ]);
        let people = People::learn(std::iter::empty(), &minutebook_ingest::conventions::People::default());
        let all = fold(shard.sessions(None), &people, &ShortRefs::default(), &Conventions::defaults(), None);
        assert_eq!((all.len(), all[0].mentions.len()), (1, 2));
        assert_eq!(all[0].text(), format!("write the page {issue}"));
    }

    #[test]
    fn carried_and_closed() {
        check(
            &[
                "## Participants\n- @a\n## Agenda\n- AI @a: convert the tide tables\n",
                "## Participants\n- @a\n## Pending action items\n- AI @a: convert tide tables\n    - ongoing\n",
                "## Participants\n- @a\n## Pending action items\n- AI @a: convert the tide tables\n    - done\n",
            ],
            &["done [Raised Progressed Closed] convert the tide tables"],
        );
    }

    #[test]
    fn other_tasks_of_one_owner_stay_apart() {
        check(
            &["- @a\n- AI @a: write the docs of the berth planner\n- AI @a: write the tests of the tide cache\n"],
            &["open [Raised] write the docs of the berth planner", "open [Raised] write the tests of the tide cache"],
        );
    }

    #[test]
    fn the_issue_of_an_action_tells_of_it() {
        let issue = "https://github.com/quay/docs/issues/41";
        check(
            &[
                &format!("# x\n- AI @a: write the page {issue}\n"),
                &format!("# x\n- [docs#41]({issue}): the page, half of it\n"),
                &format!("# x\n- [docs#41]({issue}): the page - done\n- {issue} once more\n"),
                &format!("# x\n- {issue}\n"),
            ],
            &["done [Raised Reported Closed] write the page https://github.com/quay/docs/issues/41"],
        );
    }

    #[test]
    fn a_task_under_an_issue_is_about_it() {
        let issue = "https://github.com/quay/docs/issues/41";
        check(
            &[
                &format!("# x\n- the tides {issue}\n  - they are late\n    - @a to talk to the printer\n"),
                &format!("# x\n- AI @a: printer to be asked in spring ({issue})\n- AI @a: talk about the quay\n"),
            ],
            &["open [Raised Carried] talk to the printer", "open [Raised] talk about the quay"],
        );
        // The same verb alone.
        check(
            &[
                &format!("# x\n- the tides {issue}\n    - @a to write the tests for it\n"),
                &format!("# x\n- the tides {issue}\n    - @a to write a manual\n"),
            ],
            &["open [Raised] write the tests for it", "open [Raised] write a manual"],
        );
        // What says itself that it is one of last time is that, whatever its words; unless more of them were open.
        let again = format!("# x\n- the tides {issue}\n  Last week's AI: ring the harbour\n");
        let one = format!("# x\n- the tides {issue}\n\nAI: wait for spring\n");
        check(&[&one, &again], &["open [Raised Carried] wait for spring"]);
        let two = format!("{one}\nAI: paint a sign\n");
        check(
            &[&two, &again],
            &["open [Raised] wait for spring", "open [Raised] paint a sign", "open [Raised] ring the harbour"],
        );
        // Somebody else's.
        check(
            &[
                &format!("# x\n- the tides {issue}\n    - @a to talk to the printer\n"),
                &format!("# x\n- AI @b: talk about it in spring ({issue})\n"),
            ],
            &[
                "open [Raised] talk to the printer",
                "open [Raised] talk about it in spring (https://github.com/quay/docs/issues/41)",
            ],
        );
    }

    #[test]
    fn the_words_of_an_address_make_no_two_tasks_one() {
        let read = |n: u32| format!("# x\n- AI @a: comment on https://github.com/quay/docs/pull/{n}\n");
        let expected = |n: u32| format!("open [Raised] comment on https://github.com/quay/docs/pull/{n}");
        check(&[&read(41), &read(43)], &[&expected(41), &expected(43)]);
    }

    #[test]
    fn entries_that_come_up_again_are_work_where_entries_are_ever_done() {
        let entry = |n: u32| format!("[berths#{n}](https://github.com/quay/berths/issues/{n})");
        let list = |open: &str, done: &str| format!("# x\n## Doing\n{open}\n## Completed\n{done}\n");
        let closed =
            |from: u32| (from..from + 3).map(|n| format!("- Redraw sheet {n} {}\n", entry(n))).collect::<String>();
        let tide = format!("- Update the tide cache {}\n", entry(335));
        check(
            &[&list(&tide, &closed(10)), &list(&tide, ""), &list("", &tide)],
            &["done [Raised Carried Closed] Update the tide cache"],
        );
        // With somebody behind it, it is an action at once, and done where it stands among what is completed.
        let owned = format!("- Update the tide cache {} - @a\n", entry(335));
        check(&[&list(&owned, ""), &list("", &owned)], &["done [Raised Closed] Update the tide cache berths#335"]);
        // A list that never says that something is done is one of topics.
        check(&[&list(&tide, ""), &list(&tide, ""), &list(&tide, "")], &[]);
    }

    #[test]
    fn an_entry_of_an_open_action_is_a_mention_of_it() {
        let issue = |n: u32| format!("[berths#{n}](https://github.com/quay/berths/issues/{n})");
        let done: String = (1..4).map(|n| format!("- Redraw sheet {n} {}\n", issue(n))).collect();
        check(
            &[
                "# x\n- AI @a: complete the upgrade guide\n",
                &format!("# x\n## Done\n{done}\n## Next\n- Complete the upgrade guide {}\n", issue(378)),
            ],
            &["open [Raised Reported] complete the upgrade guide"],
        );
    }

    #[test]
    fn a_pending_list_takes_from_the_heading_what_was_left_unsaid() {
        check(
            &[
                "# x\n## Tide alarms\n- AI @a: open an issue\n## Berth prices\n- AI @a: open an issue\n",
                "# x\n## Pending action items\n- AI @a: open an issue about alarms at high tide\n",
            ],
            &["open [Raised Carried] open an issue", "open [Raised] open an issue"],
        );
        // Without a list, the same few words under another heading are another task.
        check(
            &["# x\n## Tide alarms\n- AI @a: open an issue\n", "# x\n## Berth prices\n- AI @a: open an issue\n"],
            &["open [Raised] open an issue", "open [Raised] open an issue"],
        );
    }

    #[test]
    fn what_never_stood_on_the_list_has_not_left_it() {
        let list = |items: &str| format!("# x\n## Pending action items\n{items}\n");
        let (ask, call) = ("- AI @a: ask the harbour office\n", "- AI @b: call the chart printer\n");
        check(
            &[
                &list(&format!("{ask}{call}")),
                &list(&format!("{ask}{call}## Prices\n- AI @c: compare the berth prices\n")),
                &list(ask),
                &list(ask),
            ],
            &[
                "open [Raised Carried Carried Carried] ask the harbour office",
                "gone [Raised Carried] call the chart printer",
                "open [Raised] compare the berth prices",
            ],
        );
    }

    #[test]
    fn a_pending_list_takes_several_actions_together() {
        let list = |items: &str| format!("# x\n## Pending action items\n{items}\n");
        let apart = "- AI @a: print the tide tables on both sides\n- AI @a: order new berth signs for the quay\n";
        let together = "- AI @a: talk with the office\n    - several matters\n        - tide tables on both sides\n        - new berth signs for the quay\n";
        check(
            &[&list(apart), &list(apart), &list(together)],
            &[
                "open [Raised Carried Progressed] print the tide tables on both sides",
                "open [Raised Carried Carried] order new berth signs for the quay",
            ],
        );
        // Of another owner it is another action.
        let others = together.replace("@a", "@b");
        check(
            &[&list(apart), &list(apart), &list(&others)],
            &[
                "gone [Raised Carried] print the tide tables on both sides",
                "gone [Raised Carried] order new berth signs for the quay",
                "open [Raised] talk with the office",
            ],
        );
    }

    #[test]
    fn the_only_action_of_its_owner_that_a_list_would_miss() {
        let list = "# x\n## Pending action items\n- AI @a: create issues about tide cache, berth signs and lamps on the quay\n";
        let raised = "# x\n- AI @a: create issues for what was said above, all of it\n";
        check(&[raised, list], &["open [Raised Carried] create issues for what was said above, all of it"]);
        // Two of them are alike: neither is taken.
        let two = format!("{raised}- AI @a: create issues with the chart printer once more\n");
        check(
            &[&two, list],
            &[
                "open [Raised] create issues for what was said above, all of it",
                "open [Raised] create issues with the chart printer once more",
                "open [Raised] create issues about tide cache, berth signs and lamps on the quay",
            ],
        );
    }

    #[test]
    fn a_note_under_an_issue_tells_of_it() {
        let issue = "[docs#41](https://github.com/quay/docs/issues/41)";
        check(
            &[
                &format!("# x\n- AI @a: write the page {issue}\n"),
                &format!("# x\n- {issue}: the page\n    - merged, the mail is still to be written\n"),
            ],
            &["done [Raised Closed] write the page docs#41"],
        );
    }

    #[test]
    fn reassigned_and_due_moved() {
        check(
            &[
                "# x\n- AI @a: check the nightly dumps of the database by end of March\n",
                "# x\n- AI @a: check the nightly dumps of the database by mid April\n",
                "# x\n- AI @b: check the nightly dumps of the database by mid April\n",
            ],
            &["open [Raised DueMoved Reassigned] check the nightly dumps of the database by end of March"],
        );
    }
}
