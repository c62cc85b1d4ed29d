//! Decisions -> chains: which earlier statement each one speaks of.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use jiff::civil::Date;
use minutebook_ingest::conventions;
use minutebook_ingest::facts::{Decision, Meeting, Recall, Topic};

use super::relation::{Statement, WORDS, WORDS_TOGETHER, recalled, relation};
use super::said::{Said, about, says_any};
use super::words::Words;
use super::{Chain, Issues, Link, Relation, Standing, Why, decision_ids};
use crate::short_refs::ShortRefs;
use crate::threads::share_one;

/// A word in more statements than this, or than this share of those so far, tells nothing.
const RARE: usize = 8;
const RARE_SHARE: usize = 25;
/// … and never in more than so many, which also bounds what a statement is compared with.
const RARE_MOST: usize = 200;
/// A heading of more meetings than this is one of every agenda.
const HEADING_MEETINGS: usize = 3;
/// Words that a heading needs to be about something.
const HEADING_WORDS: usize = 2;
/// Of statements that are as much alike the one of its own series is meant.
const OWN_SERIES: f64 = 0.01;
/// How much of a heading that opens a question must be the decision's.
const HEADING_COVERED: f64 = 0.75;

/// The chains of all decisions of some meetings, which are told in order of day, path and line; each is
/// settled.
pub(crate) fn chains(
    each: impl FnOnce(&mut dyn FnMut(&Meeting)),
    short_refs: &ShortRefs,
    lists: &conventions::Decisions,
) -> Vec<Chain> {
    let mut join = Join::new(short_refs, lists);
    each(&mut |meeting| join.meeting(meeting));
    let mut came_up = join.came_up();
    for (at, chain) in join.chains.iter_mut().enumerate() {
        chain.settle(|link| came_up.remove(&(at, link)));
    }
    join.chains
}

/// What is kept of a decision for those to come.
struct Kept {
    /// In [`Join::chains`].
    chain: usize,
    link: usize,
    said: Said,
    series: Arc<str>,
    date: Option<Date>,
    marked: bool,
    issues: Issues,
    heading_issues: Issues,
    heading: Words,
}

impl Kept {
    fn statement(&self) -> Statement<'_> {
        Statement {
            said: &self.said,
            series: &self.series,
            date: self.date,
            marked: self.marked,
            issues: &self.issues,
            heading_issues: &self.heading_issues,
            heading: &self.heading,
        }
    }
}

/// A place where an issue or a heading came up. There are very many.
#[derive(Clone, Copy)]
struct Place {
    date: Date,
    /// In [`Join::meetings`].
    meeting: u32,
    line: u32,
}

/// The places of a heading: how many there are, and the first of them.
#[derive(Default)]
struct Heading {
    meetings: usize,
    places: Vec<Place>,
}

struct Join<'a> {
    short_refs: &'a ShortRefs,
    lists: &'a conventions::Decisions,
    chains: Vec<Chain>,
    kept: Vec<Kept>,
    /// Words and names of series, each once.
    shared: HashSet<Arc<str>>,
    /// Word -> statements that have it.
    by_word: HashMap<Arc<str>, Vec<u32>>,
    /// Issue -> statements that are about it.
    by_issue: HashMap<Arc<str>, Vec<u32>>,
    /// Day -> statements of it.
    by_day: BTreeMap<Date, Vec<usize>>,
    /// Path and series of the meetings that places are in.
    meetings: Vec<(Arc<str>, Arc<str>)>,
    /// Series and words of a heading, in one -> where it stood.
    headings: HashMap<Box<str>, Heading>,
    /// Issue -> where it came up.
    issues: HashMap<Arc<str>, Vec<Place>>,
}

impl<'a> Join<'a> {
    fn new(short_refs: &'a ShortRefs, lists: &'a conventions::Decisions) -> Self {
        Self {
            short_refs,
            lists,
            chains: Vec::new(),
            kept: Vec::new(),
            shared: HashSet::new(),
            by_word: HashMap::new(),
            by_issue: HashMap::new(),
            by_day: BTreeMap::new(),
            meetings: Vec::new(),
            headings: HashMap::new(),
            issues: HashMap::new(),
        }
    }

    fn meeting(&mut self, meeting: &Meeting) {
        let targets: BTreeMap<u32, Issues> = self.targets(meeting);
        self.note_places(meeting, &targets);
        // What has no day comes neither before nor after anything.
        if meeting.date.is_some() {
            for topic in &meeting.topics {
                self.question(meeting, topic, &targets);
            }
        }
        for (decision, id) in meeting.decisions.iter().zip(decision_ids(meeting)) {
            self.decision(meeting, decision, id, &targets);
        }
        if meeting.date.is_some() {
            self.asides(meeting);
            for recall in &meeting.recalls {
                self.recall(meeting, recall);
            }
        }
    }

    /// The issues of each line.
    fn targets(&self, meeting: &Meeting) -> BTreeMap<u32, Issues> {
        let mut all: BTreeMap<u32, Vec<String>> = BTreeMap::new();
        for reference in &meeting.references {
            let target = self.short_refs.target(meeting, reference).to_lowercase();
            if !target.starts_with('#') {
                all.entry(reference.line).or_default().push(target);
            }
        }
        all.into_iter().map(|(line, issues)| (line, issues.into_iter().collect())).collect()
    }

    fn note_places(&mut self, meeting: &Meeting, targets: &BTreeMap<u32, Issues>) {
        let Some(date) = meeting.date else { return };
        let at = u32::try_from(self.meetings.len()).unwrap_or(u32::MAX);
        let mut series: Arc<str> = meeting.series.as_str().into();
        share_one(&mut self.shared, &mut series);
        self.meetings.push((meeting.path.as_str().into(), series));
        let place = |line: u32| Place { date, meeting: at, line };
        for (line, issues) in targets {
            for issue in issues.shared() {
                self.issues.entry(Arc::clone(issue)).or_default().push(place(*line));
            }
        }
        let mut seen = BTreeSet::new();
        for topic in &meeting.topics {
            let words = heading_words(&topic.title);
            if words.len() >= HEADING_WORDS && seen.insert(words.clone()) {
                let heading = self.headings.entry(heading_key(&meeting.series, &words)).or_default();
                heading.meetings += 1;
                // Of one of every agenda no place is asked for.
                if heading.meetings <= HEADING_MEETINGS {
                    heading.places.push(place(topic.line));
                }
            }
        }
    }

    /// A place, in words.
    fn told(&self, place: Place) -> String {
        let series = &self.meetings[place.meeting as usize].1;
        format!("came up again in {} ({series}), line {}", place.date, place.line)
    }

    /// The words of the heading over a line, unless it is one of every agenda, and the issues in it.
    fn heading(&self, meeting: &Meeting, line: u32, targets: &BTreeMap<u32, Issues>) -> (Words, Issues) {
        let Some(topic) = meeting.topic_over(line) else { return Default::default() };
        let words = heading_words(&topic.title);
        let meetings = self.headings.get(&heading_key(&meeting.series, &words)).map_or(0, |h| h.meetings);
        let issues = targets.get(&topic.line).cloned().unwrap_or_default();
        let is_own = words.len() >= HEADING_WORDS && meetings <= HEADING_MEETINGS;
        (if is_own { words } else { Words::default() }, issues)
    }

    fn is_rare(&self, word: &str) -> bool {
        let most = RARE.max(self.kept.len() / RARE_SHARE).min(RARE_MOST);
        self.by_word.get(word).is_none_or(|all| all.len() <= most)
    }

    /// Statements that share so many words that tell something, or one of some issues; latest first.
    fn candidates<'s>(
        &self,
        words: impl Iterator<Item = &'s str>,
        least: usize,
        issues: impl Iterator<Item = &'s str>,
    ) -> BTreeSet<std::cmp::Reverse<usize>> {
        let mut shared: HashMap<usize, usize> = HashMap::new();
        for at in words.filter(|w| self.is_rare(w)).filter_map(|w| self.by_word.get(w)).flatten() {
            *shared.entry(*at as usize).or_default() += 1;
        }
        let by_word = shared.into_iter().filter(|(_, n)| *n >= least).map(|(at, _)| at);
        // An issue of very many decisions is about everything.
        let by_issue = issues.filter_map(|i| self.by_issue.get(i)).filter(|all| all.len() <= RARE_MOST);
        by_word.chain(by_issue.flatten().map(|at| *at as usize)).map(std::cmp::Reverse).collect()
    }

    fn decision(&mut self, meeting: &Meeting, d: &Decision, id: String, targets: &BTreeMap<u32, Issues>) {
        let (heading, heading_issues) = self.heading(meeting, d.line, targets);
        // The items under a decision may point to anything; its own line is what it is about.
        let issues: Issues = match targets.get(&d.line) {
            Some(here) => here.clone(),
            None => targets
                .range(d.line..=d.end_line.min(d.line + 1))
                .flat_map(|(_, t)| t.shared().iter().cloned())
                .collect(),
        };
        let issues = if d.references.is_empty() { Issues::default() } else { issues };
        let kept = Kept {
            chain: 0,
            link: 0,
            said: Said::new(&d.text),
            series: meeting.series.as_str().into(),
            date: meeting.date,
            marked: d.explicit,
            issues,
            heading_issues,
            heading,
        };
        let mut link = Link {
            id: Some(id.into()),
            series: meeting.series.as_str().into(),
            date: meeting.date,
            path: meeting.path.as_str().into(),
            line: d.line,
            end_line: d.end_line,
            text: d.text.as_str().into(),
            issues: kept.issues.union(&kept.heading_issues),
            relation: Relation::Decided,
            of: None,
            why: Vec::new(),
        };
        let found = meeting.date.and_then(|_| self.closest(&kept, meeting));
        if let Some((of, relation, why)) = found {
            link.relation = relation;
            link.of = Some(self.kept[of].link);
            link.why = why;
            self.keep(kept, Some(self.kept[of].chain), link);
        } else {
            self.keep(kept, None, link);
        }
    }

    /// The earlier statement that one most resembles, of those of which it speaks.
    fn closest(&self, kept: &Kept, meeting: &Meeting) -> Option<(usize, Relation, Vec<Why>)> {
        let mut best: Option<(f64, usize, Relation, Vec<Why>)> = None;
        let later = kept.statement();
        let issues = kept.issues.iter().chain(kept.heading_issues.iter());
        // "The decision for PostgreSQL": who names one may do so by one word.
        let least = if kept.said.naming.is_some() { 1 } else { WORDS_TOGETHER };
        let mut candidates = self.candidates(kept.said.words.iter(), least, issues);
        if kept.said.naming.is_some() {
            let named = self.by_day.iter().filter(|(day, _)| kept.said.month_days.iter().any(|(_, d)| *d == day.day()));
            candidates.extend(named.flat_map(|(_, all)| all).map(|at| std::cmp::Reverse(*at)));
        }
        for std::cmp::Reverse(at) in candidates {
            let earlier = &self.kept[at];
            let link = &self.chains[earlier.chain].links[earlier.link];
            // Decisions of one meeting stand side by side.
            if earlier.date.is_none() || (*link.path == *meeting.path && link.date == meeting.date) {
                continue;
            }
            if let Some((relation, alike, why)) =
                relation(&earlier.statement(), &later, |w| self.is_rare(w), self.lists)
                && let alike = alike + if earlier.series == kept.series { OWN_SERIES } else { 0.0 }
                && best.as_ref().is_none_or(|(b, ..)| alike > *b)
            {
                best = Some((alike, at, relation, why));
            }
        }
        best.map(|(_, at, relation, why)| (at, relation, why))
    }

    fn keep(&mut self, mut kept: Kept, chain: Option<usize>, mut link: Link) {
        let number = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        share_one(&mut self.shared, &mut link.series);
        link.issues.share(&mut self.shared);
        let chain = chain.unwrap_or_else(|| {
            // Most have no second link.
            self.chains.push(Chain { links: Vec::with_capacity(1), ..Chain::default() });
            self.chains.len() - 1
        });
        kept.chain = chain;
        kept.link = self.chains[chain].links.len();
        self.chains[chain].links.push(link);
        let at = self.kept.len();
        share_one(&mut self.shared, &mut kept.series);
        let Kept { said, issues, heading_issues, heading, .. } = &mut kept;
        let Said { all, words, names, values, .. } = said;
        for words in [all, words, names, values, issues, heading_issues, heading] {
            words.share(&mut self.shared);
        }
        for word in kept.said.words.shared() {
            self.by_word.entry(Arc::clone(word)).or_default().push(number(at));
        }
        for issue in kept.issues.shared().iter().chain(kept.heading_issues.shared()) {
            self.by_issue.entry(Arc::clone(issue)).or_default().push(number(at));
        }
        if let Some(day) = kept.date {
            self.by_day.entry(day).or_default().push(at);
        }
        self.kept.push(kept);
    }

    /// A heading that opens a question again.
    fn question(&mut self, meeting: &Meeting, topic: &Topic, targets: &BTreeMap<u32, Issues>) {
        // Most headings have none of these words, and taking a text apart costs more than that look.
        if !says_any(&topic.title, [&self.lists.questions]) {
            return;
        }
        let said = Said::new(&topic.title);
        let Some(word) = said.has(&self.lists.questions).map(str::to_owned) else { return };
        let asks = about(&word);
        let words = said.words.filtered(|w| !asks.contains(w) && self.is_rare(w));
        let issues = targets.get(&topic.line).cloned().unwrap_or_default();
        let mut best: Option<(usize, usize, Vec<Why>)> = None;
        for std::cmp::Reverse(at) in self.candidates(words.iter(), 1, issues.iter()) {
            let earlier = &self.kept[at];
            if earlier.date >= meeting.date || *earlier.series != *meeting.series {
                continue;
            }
            let issue = earlier.issues.iter().find(|i| issues.contains(i));
            let shared: Vec<String> = words
                .iter()
                .filter(|w| earlier.said.words.contains(w) || earlier.heading.contains(w))
                .map(str::to_owned)
                .collect();
            let enough = shared.len() >= HEADING_WORDS && shared.len() as f64 / words.len() as f64 >= HEADING_COVERED;
            let score = shared.len() + if issue.is_some() { 10 } else { 0 };
            if (issue.is_some() || enough) && best.as_ref().is_none_or(|(b, ..)| score > *b) {
                let why = match issue {
                    Some(issue) => Why::Issue(issue.to_owned()),
                    None => Why::Heading(shared),
                };
                best = Some((score, at, vec![why, Why::Told(word.clone())]));
            }
        }
        if let Some((_, at, why)) = best {
            self.aside(meeting, at, topic.line, &topic.title, why);
        }
    }

    /// Lines about the issue of a decision that would have it undone, or open it again.
    fn asides(&mut self, meeting: &Meeting) {
        let mut told = BTreeSet::new();
        for reference in &meeting.references {
            let decided = meeting.decisions.iter().any(|d| (d.line..=d.end_line).contains(&reference.line));
            let heading = meeting.topics.iter().any(|t| t.line == reference.line);
            if decided || heading {
                continue;
            }
            if !says_any(&reference.text, [&self.lists.undoes, &self.lists.questions]) {
                continue;
            }
            let said = Said::new(&reference.text);
            let Some(word) = said.has(&self.lists.undoes).or_else(|| said.has(&self.lists.questions)) else { continue };
            let target = self.short_refs.target(meeting, reference).to_lowercase();
            let about = self.by_issue.get(target.as_str()).into_iter().flatten().rev().map(|at| *at as usize);
            let only = { about }.find(|&at| {
                let k = &self.kept[at];
                k.issues.len() == 1 && k.issues.contains(&target) && k.date < meeting.date
            });
            if let Some(at) = only.filter(|at| told.insert(*at)) {
                let why = vec![Why::Issue(target), Why::Told(word.to_owned())];
                self.aside(meeting, at, reference.line, &reference.text, why);
            }
        }
    }

    /// A line that speaks of a decision.
    fn recall(&mut self, meeting: &Meeting, recall: &Recall) {
        // What questions an issue was told already.
        let told = |c: &Chain| c.links.iter().any(|l| *l.path == *meeting.path && l.line == recall.line);
        let none = Issues::default();
        let (said, heading) = (Said::new(&recall.text), Words::default());
        let later = Statement {
            said: &said,
            series: &meeting.series,
            date: meeting.date,
            marked: false,
            issues: &none,
            heading_issues: &none,
            heading: &heading,
        };
        let mut candidates = self.candidates(said.words.iter(), WORDS, std::iter::empty());
        let year = meeting.date.and_then(|d| d.checked_sub(jiff::Span::new().days(370)).ok());
        if !said.month_days.is_empty() {
            let days = self.by_day.range(year.unwrap_or(Date::MIN)..=meeting.date.unwrap_or(Date::MAX));
            let named = days.filter(|(day, _)| said.month_days.iter().any(|(_, d)| *d == day.day()));
            candidates.extend(named.flat_map(|(_, all)| all).map(|at| std::cmp::Reverse(*at)));
        }
        let mut best: Option<(f64, usize, Relation, Vec<Why>)> = None;
        for std::cmp::Reverse(at) in candidates {
            let earlier = &self.kept[at];
            let chain = &self.chains[earlier.chain];
            if earlier.date >= meeting.date || told(chain) {
                continue;
            }
            let did = chain.links[earlier.link].relation;
            let found = recalled(&earlier.statement(), did, &later, |w| self.is_rare(w), self.lists);
            if let Some((relation, sure, why)) = found
                && best.as_ref().is_none_or(|(b, ..)| sure > *b)
            {
                best = Some((sure, at, relation, why));
            }
        }
        if let Some((_, at, relation, why)) = best {
            self.aside(meeting, at, recall.line, &recall.text, why);
            let chain = self.kept[at].chain;
            if let Some(link) = self.chains[chain].links.last_mut() {
                link.relation = relation;
            }
        }
    }

    fn aside(&mut self, meeting: &Meeting, at: usize, line: u32, text: &str, why: Vec<Why>) {
        let (chain, of) = (self.kept[at].chain, self.kept[at].link);
        self.chains[chain].links.push(Link {
            id: None,
            series: meeting.series.as_str().into(),
            date: meeting.date,
            path: meeting.path.as_str().into(),
            line,
            end_line: line,
            text: text.into(),
            issues: Issues::default(),
            relation: Relation::Questioned,
            of: Some(of),
            why,
        });
    }

    /// Where the issue or the heading of a decision came up later, but for copies of the file: by chain and link.
    fn came_up(&self) -> HashMap<(usize, usize), Standing> {
        let mut came_up = HashMap::new();
        for kept in &self.kept {
            let Some(date) = kept.date else { continue };
            let chain = &self.chains[kept.chain];
            let copied = |place: &Place| {
                let (path, _) = &self.meetings[place.meeting as usize];
                chain.links.iter().any(|l| l.relation == Relation::Copied && *l.path == **path)
            };
            let issues = kept.issues.iter().filter_map(|i| self.issues.get(i));
            let heading = self.headings.get(&heading_key(&kept.series, &kept.heading));
            let heading = heading.filter(|h| !kept.heading.is_empty() && h.meetings <= HEADING_MEETINGS);
            let later = |p: &&Place| p.date > date && !copied(p);
            let issue = issues.flatten().filter(later).max_by_key(|p| p.date);
            let heading = || heading.into_iter().flat_map(|h| &h.places).filter(later).max_by_key(|p| p.date);
            // Work on an issue goes by what was decided on it; a topic comes up to be settled anew as well.
            let standing = match issue {
                Some(p) => Some(Standing::Holds(format!("its issue {}, and nothing speaks against it", self.told(*p)))),
                None => heading().map(|p| {
                    Standing::CameUp(format!("its topic {}, and nothing tells what became of it", self.told(*p)))
                }),
            };
            if let Some(standing) = standing {
                came_up.insert((kept.chain, kept.link), standing);
            }
        }
        came_up
    }
}

fn heading_words(title: &str) -> Words {
    about(title)
}

/// A heading of a series, whatever the order of its words.
fn heading_key(series: &str, words: &Words) -> Box<str> {
    let mut key = series.to_owned();
    for word in words.iter() {
        key.push('\n');
        key.push_str(word);
    }
    key.into()
}
