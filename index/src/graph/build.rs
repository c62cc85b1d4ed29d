//! The graph from shards and threads.

use std::collections::HashMap;
use std::ops::RangeInclusive;
use std::sync::Arc;

use minutebook_ingest::facts::{ActionState, Attendance, Decision, Meeting, MeetingKind};
use petgraph::graph::NodeIndex;

use super::{Graph, Kind, Node, Proof, Relation};
use crate::Snapshot;
use crate::addressee::meant;
use crate::chains::{self, Chain, Chains, Link, decision_ids};
use crate::identity::PersonKind;
use crate::ledger::Verb;
use crate::query::{Scope, meetings};
use crate::shard::Session;
use crate::snapshot::View;
use crate::threads::{Event, Mention, Thread};

impl Graph {
    /// Builds it. Facts are decoded file by file: of what they say the graph alone stays.
    pub fn of(snapshot: &Snapshot, scope: &Scope, view: &View) -> Self {
        let all = snapshot.shards(scope).map(|(name, _)| name).collect();
        let mut builder = Builder { graph: Self::default(), snapshot, scope, view, all, files: HashMap::new() };
        for (series, shard) in snapshot.shards(scope) {
            let at = builder.graph.put(Node::new(Kind::Series, series));
            let series = Series { name: series.into(), at };
            shard.each(scope.as_of, |session| builder.meeting(&series, session));
        }
        builder.files.values_mut().for_each(|held| held.sort_by_key(|h| h.line));
        for (series, threads) in &view.threads {
            let series = series.as_str().into();
            threads.iter().for_each(|thread| builder.thread(&series, thread));
        }
        for (later, earlier, proof) in replacements(&snapshot.chains(scope)) {
            let nodes = (builder.graph.find(Kind::Decision, later), builder.graph.find(Kind::Decision, earlier));
            if let (Some(later), Some(earlier)) = nodes {
                builder.graph.connect(later, earlier, Relation::Replaces, proof);
            }
        }
        builder.graph
    }
}

/// Which decision changed or undid which earlier one, and where that is said: the one place where
/// [`Relation::Replaces`] comes from.
fn replacements(chains: &Chains) -> impl Iterator<Item = (&str, &str, Proof<'_>)> {
    chains.all.iter().flat_map(|chain| chain.links.iter().filter_map(|link| replaced(chain, link)))
}

fn replaced<'a>(chain: &'a Chain, link: &'a Link) -> Option<(&'a str, &'a str, Proof<'a>)> {
    let changes = matches!(link.relation, chains::Relation::Revised | chains::Relation::Reversed);
    let earlier = &chain.links[chain.own(link.of.filter(|_| changes)?)];
    let proof = Proof { date: link.date, path: &link.path, line: link.line };
    Some((link.id.as_deref()?, earlier.id.as_deref()?, proof))
}

struct Builder<'s> {
    graph: Graph,
    snapshot: &'s Snapshot,
    scope: &'s Scope,
    view: &'s View,
    /// Names of all series in scope.
    all: Vec<&'s str>,
    /// The meetings of each file, in order of their lines.
    files: HashMap<Arc<str>, Vec<Held>>,
}

/// A series that is gone through.
struct Series {
    name: Arc<str>,
    at: NodeIndex,
}

/// What is asked of a meeting once it has its node.
struct Held {
    /// Its first line.
    line: u32,
    at: NodeIndex,
    /// Its topics, the inner ones behind.
    topics: Vec<Span>,
    /// Issues it refers to, by line.
    references: Vec<(u32, String)>,
}

impl Held {
    /// The innermost topic around a line.
    fn topic_at(&self, line: u32) -> Option<NodeIndex> {
        innermost(&self.topics, line)
    }

    /// The first of some lines that points to an issue; the first of all where none is told.
    fn line_of(&self, target: &str, first: u32, last: u32) -> u32 {
        let within = self.references.iter().filter(|(line, _)| (first..=last).contains(line));
        within.filter(|(_, to)| to.eq_ignore_ascii_case(target)).map(|(line, _)| *line).min().unwrap_or(first)
    }
}

/// The lines of a topic in a meeting.
struct Span {
    lines: RangeInclusive<u32>,
    topic: NodeIndex,
}

impl<'s> Builder<'s> {
    fn meeting(&mut self, series: &Series, session: Session<'_>) {
        let m = session.meeting;
        let path: Arc<str> = match self.files.get_key_value(m.path.as_str()) {
            Some((path, _)) => Arc::clone(path),
            None => m.path.as_str().into(),
        };
        let on = |line: u32| Proof { date: m.date, path: &path, line };
        let label = m.date.map_or_else(|| m.title.clone(), |day| format!("{} {day}", series.name));
        let name = meetings::address(session, self.scope);
        let here = self.graph.put(Node::new(Kind::Meeting, name).called(label).of(&series.name).at(&path, m.line));
        self.graph.connect(here, series.at, Relation::Of, on(m.line));
        if m.kind == MeetingKind::Meeting && m.held && m.date.is_some() {
            for p in m.participants.iter().filter(|p| p.status != Attendance::Absent) {
                let person = self.person_of(p.as_written(), m);
                self.graph.connect(person, here, Relation::Attended, on(p.line));
            }
        }
        let topics = self.headings(series, here, m, &path);
        let references = m.references.iter().map(|r| (r.line, self.view.target(m, r))).collect();
        let held = Held { line: m.line, at: here, topics, references };
        for (line, target) in &held.references {
            let Some(issue) = self.issue(target) else { continue };
            let is_heading = m.topics.iter().any(|t| t.line == *line);
            let relation = if is_heading { Relation::Discusses } else { Relation::Mentions };
            self.graph.connect(here, issue, relation, on(*line));
            if let Some(topic) = held.topic_at(*line) {
                self.graph.connect(topic, issue, Relation::Discusses, on(*line));
            }
        }
        for n in &m.named {
            let person = self.person_of(&n.as_written, m);
            self.graph.connect(here, person, Relation::Mentions, on(n.line));
        }
        for (d, id) in m.decisions.iter().zip(decision_ids(m)) {
            self.decision(&series.name, &held, m, (d, id), &path);
        }
        for h in &m.handoffs {
            let from = held.topic_at(h.line).unwrap_or(here);
            if let Some(to) = self.receiver(&series.name, m, &h.to) {
                self.graph.connect(from, to, Relation::HandedTo, on(h.line));
            }
        }
        self.files.entry(path).or_default().push(held);
    }

    fn headings(&mut self, series: &Series, here: NodeIndex, m: &Meeting, path: &Arc<str>) -> Vec<Span> {
        let mut spans: Vec<Span> = Vec::new();
        for (title, heading) in self.snapshot.headings().of(m) {
            let on = Proof { date: m.date, path, line: heading.line };
            let name = format!("{}/{}", series.name, title.folded);
            let node = Node::new(Kind::Topic, name).called(&title.text).of(&series.name).at(path, heading.line);
            let topic = self.graph.put(node);
            self.graph.connect(here, topic, Relation::Discusses, on);
            self.graph.connect(topic, series.at, Relation::Of, on);
            if let Some(over) = innermost(&spans, heading.line) {
                self.graph.connect(over, topic, Relation::Discusses, on);
            }
            spans.push(Span { lines: heading.line..=heading.end_line, topic });
        }
        spans
    }

    fn decision(&mut self, series: &Arc<str>, held: &Held, m: &Meeting, (d, id): (&Decision, String), path: &Arc<str>) {
        let on = Proof { date: m.date, path, line: d.line };
        let node = Node::new(Kind::Decision, id).called(&d.text).of(series).at(path, d.line);
        let decision = self.graph.put(node);
        self.graph.connect(decision, held.at, Relation::DecidedIn, on);
        if let Some(topic) = held.topic_at(d.line) {
            self.graph.connect(decision, topic, Relation::Under, on);
        }
        for target in self.view.short_refs.targets(m, &d.references, d.line..=d.end_line) {
            if let Some(issue) = self.issue(&target) {
                let on = Proof { line: held.line_of(&target, d.line, d.end_line), ..on };
                self.graph.connect(decision, issue, Relation::Mentions, on);
            }
        }
        for who in &d.people {
            let person = self.person_of(who, m);
            self.graph.connect(decision, person, Relation::Mentions, on);
        }
    }

    fn thread(&mut self, series: &Arc<str>, thread: &Thread) {
        let (first, last) = (thread.first(), thread.last());
        let node =
            Node::new(Kind::Action, &*first.id.text()).called(&*last.says.text).of(series).at(&last.path, last.line);
        let action = self.graph.put(node);
        for (n, mention) in thread.mentions.iter().enumerate() {
            self.mention(action, mention, n == 0);
        }
        if let Some(gone) = &thread.gone
            && let Some((path, held)) = self.files.get_key_value(gone.path.as_str())
            && let Some(meeting) = around(held, gone.line)
        {
            let on = Proof { date: gone.date, path, line: gone.line };
            self.graph.connect(action, meeting.at, Relation::ClosedIn, on);
        }
        for owner in thread.owners() {
            let person = self.person(owner);
            let said = thread.mentions.iter().rev().find(|m| !m.says.owners.is_empty());
            let written = said.filter(|m| *m.says.owners == *thread.owners());
            let ruling = || thread.rulings.iter().rev().find(|r| matches!(r.entry.verb, Verb::Owner(_)));
            if let Some(m) = written {
                let on = Proof { date: m.date, path: &m.path, line: m.line };
                self.graph.connect(person, action, Relation::Owns, on);
            } else if let Some(place) = ruling().map(crate::rulings::Ruling::evidence) {
                let on = Proof { date: place.date, path: &place.path.into(), line: place.line };
                self.graph.connect(person, action, Relation::Owns, on);
            }
        }
    }

    fn mention(&mut self, action: NodeIndex, mention: &Mention, is_first: bool) {
        let on = Proof { date: mention.date, path: &mention.path, line: mention.line };
        let held = self.files.get(&*mention.path).and_then(|held| around(held, mention.line));
        if let Some(held) = held {
            match mention.event {
                _ if is_first => self.graph.connect(action, held.at, Relation::RaisedIn, on),
                Event::Reported => self.graph.connect(held.at, action, Relation::Mentions, on),
                Event::Closed => {}
                _ => self.graph.connect(action, held.at, Relation::CarriedIn, on),
            }
            if mention.says.state != ActionState::Open || mention.event == Event::Closed {
                self.graph.connect(action, held.at, Relation::ClosedIn, on);
            }
            if let Some(topic) = held.topic_at(mention.line) {
                self.graph.connect(action, topic, Relation::Under, on);
            }
        }
        for target in mention.says.references.iter().filter(|target| is_known(target)) {
            let line = held.map_or(mention.line, |held| held.line_of(target, mention.line, mention.end_line));
            let issue = self.graph.issue(target);
            self.graph.connect(action, issue, Relation::Mentions, Proof { line, ..on });
        }
    }

    /// The node of whoever is meant by a spelling in a meeting.
    fn person_of(&mut self, as_written: &str, m: &Meeting) -> NodeIndex {
        match self.view.people.resolve(as_written, m) {
            Some(person) => self.put_person(&person.id, person.kind, person.name.as_deref()),
            None => self.put_person(as_written, PersonKind::Person, None),
        }
    }

    /// The node of somebody by id.
    fn person(&mut self, id: &str) -> NodeIndex {
        match self.view.people.find(id).filter(|p| p.id == id) {
            Some(person) => self.put_person(id, person.kind, person.name.as_deref()),
            None => self.put_person(id, PersonKind::Person, None),
        }
    }

    fn put_person(&mut self, id: &str, kind: PersonKind, name: Option<&str>) -> NodeIndex {
        let kind = if kind == PersonKind::Team { Kind::Team } else { Kind::Person };
        match self.graph.find(kind, id) {
            Some(at) => at,
            None => self.graph.put(Node::new(kind, id).called(name.unwrap_or(id))),
        }
    }

    /// An issue whose repository is known.
    fn issue(&mut self, target: &str) -> Option<NodeIndex> {
        is_known(target).then(|| self.graph.issue(target))
    }

    /// To whom something is handed over: a series, else somebody known, else what is called like a team:
    /// "Public Cloud SIG", but not "the next meeting".
    fn receiver(&mut self, from: &str, m: &Meeting, to: &str) -> Option<NodeIndex> {
        if let Some(series) = meant(to, &self.all).filter(|name| *name != from) {
            return Some(self.graph.put(Node::new(Kind::Series, series)));
        }
        match self.view.people.resolve(to, m) {
            Some(p) => Some(self.put_person(&p.id, p.kind, p.name.as_deref())),
            None if to.starts_with(char::is_uppercase) => Some(self.put_person(to, PersonKind::Team, None)),
            None => None,
        }
    }
}

/// Whether it is known in which repository an issue is.
fn is_known(target: &str) -> bool {
    !target.starts_with('#')
}

impl Graph {
    fn issue(&mut self, target: &str) -> NodeIndex {
        match self.find(Kind::Issue, target) {
            Some(at) => at,
            None => self.put(Node::new(Kind::Issue, target)),
        }
    }
}

/// The meeting of a file that a line stands in, or else its first.
fn around(held: &[Held], line: u32) -> Option<&Held> {
    held.iter().rev().find(|h| h.line <= line).or(held.first())
}

fn innermost(spans: &[Span], line: u32) -> Option<NodeIndex> {
    spans.iter().rev().find(|span| span.lines.contains(&line)).map(|span| span.topic)
}
