//! What issues tell of actions: where one comes up again, and entries of lists of work.

use std::collections::BTreeSet;
use std::sync::Arc;

use foldhash::HashSet;
use jiff::civil::Date;
use minutebook_ingest::facts::{ActionState, Meeting};

use super::{FOLLOWED_FOR, Fold, Line, Task, Told, day, days_between, event, short};
use crate::identity::Place;
use crate::lexicon::WordSet;
use crate::shard::Session;
use crate::threads::{Content, Event, Joined, Mention, Thread};
use crate::tracked;
use crate::tracked::Headings;

impl Fold<'_> {
    /// The issue of an action that comes up again, in a heading or an item, tells of the action; once a meeting.
    pub(super) fn follow_issues(&mut self, session: Session<'_>, headings: &Headings<'_>, touched: &BTreeSet<usize>) {
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
    pub(super) fn track(&mut self, session: Session<'_>, headings: &Headings<'_>, touched: &BTreeSet<usize>) {
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
    pub(super) fn is_told(&self, target: &str, meeting: &Meeting, line: u32, touched: &BTreeSet<usize>) -> bool {
        self.past.by_issue.get(target).into_iter().flatten().any(|at| {
            let last = self.past.threads[*at].last();
            let open = last.says.state == ActionState::Open && days_between(last.date, meeting.date) <= FOLLOWED_FOR;
            let here = *last.path == *meeting.path && (last.line..=last.end_line).contains(&line);
            touched.contains(at) || open || here
        })
    }

    /// A thread of mentions that are known to be one.
    pub(super) fn raise(&mut self, mentions: Vec<Mention>, target: &str, series: &str) {
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
    pub(super) fn only_open(&self, target: &str, date: Option<Date>, over: bool) -> Option<usize> {
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
    pub(super) fn only_under(
        &self,
        told: &Told,
        session: Session<'_>,
        touched: &BTreeSet<usize>,
    ) -> Option<(usize, Joined)> {
        let issue = told.references.first().or(told.about.as_ref())?;
        let at = self.only_open(issue, session.meeting.date, true)?;
        let owners = &self.past.tasks[at].owners;
        let fits = told.keys.is_empty() || owners.is_empty() || told.keys.meets(owners);
        (fits && !touched.contains(&at)).then_some((at, Joined::OnlyOne))
    }
}
