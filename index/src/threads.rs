//! The mentions of one to-do across meetings: threads.
//!
//! A thread is a left fold over the meetings of a series in order of (date, path): each mention joins
//! the thread it most resembles, or raises a new one. Kept are dated events; whether an action is
//! open, gone or stale is told from them on the day of asking ([`Thread::standing`]).

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::civil::Date;
use minutebook_ingest::conventions;
use minutebook_ingest::facts::{Action, ActionState, Due};
use minutebook_ingest::meeting::id;
use minutebook_ingest::state::{self, without_note};
use serde::Serialize;

use crate::identity::People;
use crate::rulings::{self, Ruling};
use crate::shard::Session;

/// What a mention did to its action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Event {
    /// Written down for the first time.
    Raised,
    /// Written down again.
    Carried,
    /// … with other owners.
    Reassigned,
    /// … with another deadline.
    DueMoved,
    /// … with a note on its progress.
    Progressed,
    /// Marked as done or dropped.
    Closed,
    /// Told of, without being written down again: its issue came up.
    Reported,
}

/// One line of minutes that speaks of an action.
#[derive(Debug, Clone)]
pub struct Mention {
    /// Stable id of this mention.
    pub id: String,
    /// The file.
    pub path: String,
    /// Where the task stands.
    pub line: u32,
    /// Last line of the task with its notes.
    pub end_line: u32,
    /// The meeting's day.
    pub date: Option<Date>,
    /// The task.
    pub text: String,
    /// Canonical owners.
    pub owners: Vec<String>,
    /// As this mention tells it.
    pub state: ActionState,
    /// As this mention tells it.
    pub due: Option<Due>,
    /// The heading it stands under.
    pub topic: Option<String>,
    /// Issues it names.
    pub references: Vec<String>,
    /// Marked as an action.
    pub explicit: bool,
    /// What it did.
    pub event: Event,
}

/// A place in the minutes that shows something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Evidence {
    /// The file.
    pub path: String,
    /// The line.
    pub line: u32,
    /// The meeting's day.
    pub date: Option<Date>,
    /// What it shows.
    pub why: String,
}

/// All mentions of one action, in order.
#[derive(Debug, Clone)]
pub struct Thread {
    /// At least one.
    pub mentions: Vec<Mention>,
    /// The pending list that no longer had it.
    pub gone: Option<Evidence>,
    /// What the ledger says of it, in order.
    pub rulings: Vec<Ruling>,
    /// Keys of its people, for comparing.
    owners: BTreeSet<String>,
    /// Words of its task so far.
    words: BTreeSet<String>,
}

/// What became of an action, on the day of asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, PartialOrd, Ord)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// To be done.
    Open,
    /// Open, but not heard of for long.
    Stale,
    /// Done.
    Done,
    /// Given up.
    Dropped,
    /// Left the pending list without a word.
    Gone,
}

impl State {
    /// Its word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Stale => "stale",
            Self::Done => "done",
            Self::Dropped => "dropped",
            Self::Gone => "gone",
        }
    }

    /// The state of a word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Open, Self::Stale, Self::Done, Self::Dropped, Self::Gone].into_iter().find(|s| s.as_str() == word)
    }
}

/// A state with its reason and what shows it.
#[derive(Debug, Clone)]
pub struct Standing {
    /// The state.
    pub state: State,
    /// In a sentence.
    pub reason: String,
    /// At least one place.
    pub evidence: Vec<Evidence>,
    /// The day it was closed.
    pub closed: Option<Date>,
}

impl Thread {
    /// The first mention.
    pub fn first(&self) -> &Mention {
        &self.mentions[0]
    }

    /// The last mention.
    pub fn last(&self) -> &Mention {
        self.mentions.last().unwrap_or(&self.mentions[0])
    }

    /// The day of the last dated mention.
    pub fn last_seen(&self) -> Option<Date> {
        self.mentions.iter().filter_map(|m| m.date).max()
    }

    /// Owners as last told.
    pub fn owners(&self) -> &[String] {
        let named = self.mentions.iter().rev().find(|m| !m.owners.is_empty());
        rulings::owners(self, named.and_then(|m| m.date)).unwrap_or_else(|| named.map_or(&[], |m| &m.owners))
    }

    /// The deadline as last told.
    pub fn due(&self) -> Option<&Due> {
        self.mentions.iter().rev().find_map(|m| m.due.as_ref())
    }

    /// How often it was written down again.
    pub fn carries(&self) -> usize {
        let written = self.mentions.iter().filter(|m| m.event != Event::Reported);
        let days: BTreeSet<_> = written.map(|m| (m.date, &m.path)).collect();
        days.len().saturating_sub(1)
    }

    /// Its state on a day. `held` are the days on which its series met, in order.
    pub fn standing(&self, today: Date, stale: conventions::Stale, held: &[Date]) -> Standing {
        let last = self.last();
        let seen =
            |m: &Mention, why: &str| Evidence { path: m.path.clone(), line: m.line, date: m.date, why: why.to_owned() };
        let on = |m: &Mention| m.date.map_or_else(|| m.path.clone(), |d| d.to_string());
        if let Some(closed) = rulings::closed(self) {
            return closed;
        }
        // What the ledger has reopened is open whatever the minutes said before.
        let reopened = rulings::last_word(self);
        let told = rulings::told(self);
        match told.state {
            _ if reopened.is_some() => {}
            ActionState::Done | ActionState::Dropped => {
                let (state, word) = if told.state == ActionState::Done {
                    (State::Done, "marked as done")
                } else {
                    (State::Dropped, "dropped")
                };
                return Standing {
                    state,
                    reason: format!("{word} in {}, line {}", on(told), told.line),
                    evidence: vec![seen(told, word)],
                    closed: told.date,
                };
            }
            ActionState::Open => {}
        }
        if let Some(gone) = self.gone.as_ref().filter(|_| reopened.is_none()) {
            let when = gone.date.map_or_else(|| gone.path.clone(), |d| d.to_string());
            return Standing {
                state: State::Gone,
                reason: format!("no longer on the pending list of {when}"),
                evidence: vec![seen(last, "last on the list"), gone.clone()],
                closed: gone.date,
            };
        }
        let heard = self.last_seen().max(rulings::heard(self));
        let silent = heard.map_or(0, |d| d.until(today).map_or(0, |s| s.get_days()));
        let held = &held[..held.partition_point(|&h| h <= today)];
        let meetings = heard.map_or(0, |d| held.len() - held.partition_point(|&h| h <= d).min(held.len()));
        if i64::from(silent) >= i64::from(stale.days) && meetings >= stale.meetings as usize {
            return Standing {
                state: State::Stale,
                reason: format!("not heard of for {silent} days and {meetings} meetings"),
                evidence: vec![seen(last, "last mentioned")],
                closed: None,
            };
        }
        if let Some(ruling) = reopened {
            let evidence = vec![ruling.evidence(), seen(last, "last mentioned")];
            return Standing { state: State::Open, reason: ruling.told(), evidence, closed: None };
        }
        if let Some(ruling) = rulings::overruled(self) {
            let reason = format!("open again in {}, line {}, after it was {}", on(told), told.line, ruling.told());
            let evidence = vec![seen(told, "open again"), ruling.evidence()];
            return Standing { state: State::Open, reason, evidence, closed: None };
        }
        let reason = match self.carries() {
            0 => format!("raised in {}, line {}", on(last), last.line),
            1 => format!("carried once, last in {}, line {}", on(last), last.line),
            n => format!("carried {n} times, last in {}, line {}", on(last), last.line),
        };
        Standing { state: State::Open, reason, evidence: vec![seen(last, "last mentioned")], closed: None }
    }
}

/// The threads of a series, in order of their first mention, from its meetings in order.
pub fn fold<'a>(
    sessions: impl Iterator<Item = Session<'a>>,
    people: &People,
    states: &conventions::States,
    book: Option<&str>,
) -> Vec<Thread> {
    let mut fold = Fold {
        people,
        states,
        book: book.unwrap_or_default(),
        threads: Vec::new(),
        by_word: HashMap::new(),
        by_issue: HashMap::new(),
        lists: Vec::new(),
        held: 0,
        ids: HashMap::new(),
    };
    for session in sessions {
        fold.session(session);
    }
    fold.threads
}

struct Fold<'p> {
    people: &'p People,
    states: &'p conventions::States,
    book: &'p str,
    threads: Vec<Thread>,
    /// Word -> threads whose task has it.
    by_word: HashMap<String, Vec<usize>>,
    /// Issue -> threads of which it tells.
    by_issue: HashMap<String, Vec<usize>>,
    /// The meetings (counted) that had a pending list.
    lists: Vec<usize>,
    /// Meetings so far.
    held: usize,
    /// Ids given so far, to tell twins apart.
    ids: HashMap<String, u32>,
}

/// A mention this alike joins a thread; less when it comes from a list of pending actions.
const ALIKE: f64 = 0.6;
const ALIKE_CARRIED: f64 = 0.4;
/// Other owners need this.
const SAME: f64 = 0.8;

/// An action with more issues than these is about none of them in particular.
const MOST_ISSUES: usize = 2;
/// Days for which the issue of an action tells of it.
const FOLLOWED_FOR: i32 = 120;

impl Fold<'_> {
    fn session(&mut self, session: Session<'_>) {
        let meeting = session.meeting;
        if meeting.kind == minutebook_ingest::facts::MeetingKind::Meeting && meeting.held {
            self.held += 1;
        }
        let mut touched: BTreeSet<usize> = BTreeSet::new();
        for action in &meeting.actions {
            self.mention(session, action, &mut touched);
        }
        self.follow_issues(session, &touched);
        if let Some(first) = meeting.actions.iter().find(|a| a.carried && a.explicit) {
            self.leave(session, first, &touched);
            self.lists.push(self.held);
        }
    }

    /// Threads that a pending list no longer has are gone, where the series keeps such a list.
    fn leave(&mut self, session: Session<'_>, list: &Action, touched: &BTreeSet<usize>) {
        let Some(&before) = self.lists.last() else { return };
        // A list every other meeting at least is a habit.
        let recent = self.lists.iter().filter(|&&n| n + 8 > self.held).count();
        if recent < 2 || self.held - before > 3 {
            return;
        }
        let since = session.meeting.date.and_then(|d| d.checked_sub(jiff::Span::new().days(120)).ok());
        for (at, thread) in self.threads.iter_mut().enumerate() {
            let last = thread.last();
            let recent = last.date >= since && last.date < session.meeting.date;
            if !touched.contains(&at)
                && thread.gone.is_none()
                && recent
                && last.state == ActionState::Open
                && last.explicit
            {
                thread.gone = Some(Evidence {
                    path: session.meeting.path.clone(),
                    line: list.line,
                    date: session.meeting.date,
                    why: "the list no longer has it".to_owned(),
                });
            }
        }
    }

    fn mention(&mut self, session: Session<'_>, action: &Action, touched: &mut BTreeSet<usize>) {
        let meeting = session.meeting;
        let series = &meeting.series;
        let keys: BTreeSet<String> = action.owners.iter().map(|o| self.people.key(o, series)).collect();
        let words = words(without_note(&action.text, self.states), &action.references);
        let found = self.closest(&words, &keys, action, session, touched);
        let mut owners: Vec<String> = Vec::new();
        for owner in &action.owners {
            let canonical = self.people.canonical(owner, series);
            if !owners.contains(&canonical) {
                owners.push(canonical);
            }
        }
        let date = meeting.date.map_or_else(String::new, |d| d.to_string());
        let base = id("a", &[self.book, series, &date, &folded_text(&action.text)]);
        let twin = self.ids.entry(base.clone()).and_modify(|n| *n += 1).or_insert(0);
        let id = if *twin == 0 { base } else { format!("{base}-{twin}") };
        let mut mention = Mention {
            id,
            path: meeting.path.clone(),
            line: action.line,
            end_line: action.end_line,
            date: meeting.date,
            text: action.text.clone(),
            owners,
            state: action.state,
            due: action.due.clone(),
            topic: action.topic.clone(),
            references: action.references.clone(),
            explicit: action.explicit,
            event: Event::Raised,
        };
        let at = match found {
            Some(at) => {
                let thread = &mut self.threads[at];
                mention.event = event(thread, &mention, &keys);
                thread.mentions.push(mention);
                thread.gone = None;
                if !keys.is_empty() {
                    thread.owners.clone_from(&keys);
                }
                at
            }
            None => {
                if mention.state != ActionState::Open {
                    mention.event = Event::Closed;
                }
                self.threads.push(Thread {
                    mentions: vec![mention],
                    gone: None,
                    rulings: Vec::new(),
                    owners: keys,
                    words: BTreeSet::new(),
                });
                self.threads.len() - 1
            }
        };
        touched.insert(at);
        for issue in issues_of(action) {
            let threads = self.by_issue.entry(issue.clone()).or_default();
            if !threads.contains(&at) {
                threads.push(at);
            }
        }
        for word in words {
            if self.threads[at].words.insert(word.clone()) {
                self.by_word.entry(word).or_default().push(at);
            }
        }
    }

    /// The issue of an action that comes up again, in a heading or an item, tells of the action; once a meeting.
    fn follow_issues(&mut self, session: Session<'_>, touched: &BTreeSet<usize>) {
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
            let Some(at) = self.only_open(&reference.target, meeting.date) else { continue };
            if touched.contains(&at) || !told.insert(at) {
                continue;
            }
            let state = match state::of_task(&reference.text, self.states) {
                Some(state) => state,
                None => ActionState::Open,
            };
            let date = meeting.date.map_or_else(String::new, |d| d.to_string());
            let thread = &mut self.threads[at];
            let last = thread.last();
            thread.mentions.push(Mention {
                id: id("m", &[self.book, &meeting.series, &date, &meeting.path, &reference.target, &last.id]),
                path: meeting.path.clone(),
                line: reference.line,
                end_line: reference.line,
                date: meeting.date,
                text: reference.text.clone(),
                owners: Vec::new(),
                state,
                due: None,
                topic: None,
                references: vec![reference.target.clone()],
                explicit: last.explicit,
                event: if state == ActionState::Open { Event::Reported } else { Event::Closed },
            });
            thread.gone = None;
        }
    }

    /// The one open action of late that is about an issue and few others.
    fn only_open(&self, target: &str, date: Option<Date>) -> Option<usize> {
        let mut found = None;
        // The latest ones; an issue in more than these is about everything.
        for &at in self.by_issue.get(target)?.iter().rev().take(64) {
            let thread = &self.threads[at];
            let days = match (thread.last().date, date) {
                (Some(a), Some(b)) => a.until(b).map_or(0, |s| s.get_days()),
                _ => 0,
            };
            if thread.last().state == ActionState::Open && (1..=FOLLOWED_FOR).contains(&days) {
                if found.is_some() {
                    return None;
                }
                found = Some(at);
            }
        }
        found
    }

    /// The thread that a mention most resembles, if it does enough.
    fn closest(
        &self,
        words: &BTreeSet<String>,
        keys: &BTreeSet<String>,
        action: &Action,
        session: Session<'_>,
        touched: &BTreeSet<usize>,
    ) -> Option<usize> {
        let mut shared: BTreeMap<usize, usize> = BTreeMap::new();
        for word in words {
            for &at in self.by_word.get(word).into_iter().flatten() {
                *shared.entry(at).or_default() += 1;
            }
        }
        let mut best: Option<(f64, usize)> = None;
        for (at, n) in shared {
            if touched.contains(&at) {
                continue;
            }
            let thread = &self.threads[at];
            let days = match (thread.last().date, session.meeting.date) {
                (Some(a), Some(b)) => a.until(b).map_or(0, |s| s.get_days()),
                _ => 0,
            };
            let closed = thread.last().state != ActionState::Open;
            // What was closed lately may be on the list once more, or be closed again.
            let again = days <= 45 && (action.carried || action.state != ActionState::Open);
            if closed && !again {
                continue;
            }
            // How much of the shorter text is in the longer, and of both.
            let least = words.len().min(thread.words.len()).max(1);
            let dice = 2.0 * n as f64 / (words.len() + thread.words.len()) as f64;
            let contained = n as f64 / least as f64;
            let mut alike = dice.max(if least >= 3 { contained * 0.85 } else { 0.0 });
            let same_issue = action.references.iter().any(|r| thread.last().references.contains(r));
            let owners_meet = keys.iter().any(|k| thread.owners.contains(k));
            if same_issue && owners_meet {
                alike += 0.15;
            }
            let needed = match () {
                () if owners_meet && action.carried => ALIKE_CARRIED,
                () if owners_meet => ALIKE,
                () if keys.is_empty() || thread.owners.is_empty() => {
                    if action.carried {
                        0.5
                    } else {
                        0.7
                    }
                }
                () if action.carried => 0.65,
                () => SAME,
            };
            // What was long silent needs to be said in the same words.
            let needed = if days > 200 { needed.max(SAME) } else { needed };
            let score = alike - 0.0002 * f64::from(days);
            if alike >= needed && n >= 2.min(least) && best.is_none_or(|(b, _)| score > b) {
                best = Some((score, at));
            }
        }
        best.map(|(_, at)| at)
    }
}

/// The issues that tell of an action: those of its own lines, where they are few.
fn issues_of(action: &Action) -> impl Iterator<Item = &String> {
    let few = action.references.len() <= MOST_ISSUES;
    action.references.iter().filter(move |target| few && target.contains('/'))
}

fn event(thread: &Thread, mention: &Mention, keys: &BTreeSet<String>) -> Event {
    if mention.state != ActionState::Open {
        return Event::Closed;
    }
    if !keys.is_empty() && !thread.owners.is_empty() && keys != &thread.owners {
        return Event::Reassigned;
    }
    let due = |d: Option<&Due>| d.map(|d| (d.date, d.text.to_lowercase()));
    if mention.due.is_some() && thread.due().is_some() && due(mention.due.as_ref()) != due(thread.due()) {
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

const STOP: [&str; 60] = [
    "the", "and", "for", "with", "that", "this", "from", "into", "about", "will", "should", "would", "can", "could",
    "have", "has", "had", "are", "was", "were", "been", "its", "not", "but", "also", "our", "their", "his", "her",
    "them", "they", "you", "all", "any", "some", "via", "per", "done", "ongoing", "open", "see", "still", "der", "die",
    "das", "und", "mit", "für", "von", "ein", "eine", "den", "dem", "zum", "zur", "auf", "ist", "https", "http", "com",
];

/// The words by which tasks are compared: no stop words, without their most common endings.
pub fn words(text: &str, references: &[String]) -> BTreeSet<String> {
    let mut out: BTreeSet<String> = references.iter().map(|r| r.to_lowercase()).collect();
    for word in text.split(|c: char| !c.is_alphanumeric()) {
        let low = word.to_lowercase();
        if (low.chars().count() < 3 && !low.chars().any(|c| c.is_ascii_digit())) || STOP.contains(&low.as_str()) {
            continue;
        }
        out.insert(stem(&low).to_owned());
    }
    out
}

fn stem(word: &str) -> &str {
    for ending in ["ations", "ation", "ings", "ing", "ies", "ed", "es", "s", "en", "e", "y"] {
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
        let people = People::learn(shard.sessions(None), &conventions::People::default());
        let states = minutebook_ingest::Conventions::defaults().states;
        let held: Vec<Date> = shard.held(None).filter_map(|s| s.meeting.date).collect();
        let told: Vec<String> = fold(shard.sessions(None), &people, &states, None)
            .iter()
            .map(|t| {
                let standing = t.standing(jiff::civil::date(2026, 3, 1), conventions::Stale::default(), &held);
                let events: Vec<String> = t.mentions.iter().map(|m| format!("{:?}", m.event)).collect();
                format!("{} [{}] {}", standing.state.as_str(), events.join(" "), t.first().text)
            })
            .collect();
        assert_eq!(told, expected);
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
