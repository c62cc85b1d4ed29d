//! The graph from shards and threads.

use std::collections::HashMap;
use std::ops::RangeInclusive;

use minutebook_ingest::facts::{ActionState, Attendance, Decision, Meeting, MeetingKind};
use petgraph::graph::NodeIndex;

use super::{Graph, Kind, Node, Proof, Relation};
use crate::Snapshot;
use crate::addressee::meant;
use crate::identity::PersonKind;
use crate::ledger::Verb;
use crate::query::decisions::{self, DecisionView, LinkView, decision_id};
use crate::query::{Scope, meetings};
use crate::shard::Session;
use crate::snapshot::View;
use crate::threads::{Event, Mention, Thread};

impl Graph {
    /// Builds it.
    pub fn of(snapshot: &Snapshot, scope: &Scope, view: &View) -> Self {
        let mut builder =
            Builder { graph: Self::default(), snapshot, scope, view, meetings: HashMap::new(), topics: HashMap::new() };
        for (series, shard) in snapshot.shards(scope) {
            let series_at = builder.graph.put(Node::new(Kind::Series, series));
            for session in shard.sessions(scope.as_of) {
                builder.meeting(series, series_at, session);
            }
        }
        for (series, thread) in view.threads.iter().flat_map(|(series, all)| all.iter().map(move |t| (series, t))) {
            builder.thread(series, thread);
        }
        let all = decisions::decisions(snapshot, scope, &decisions::Filter::default());
        for (later, earlier, proof) in replacements(&all) {
            let nodes = (builder.graph.find(Kind::Decision, later), builder.graph.find(Kind::Decision, earlier));
            if let (Some(later), Some(earlier)) = nodes {
                builder.graph.connect(later, earlier, Relation::Replaces, proof);
            }
        }
        builder.graph
    }
}

/// Which decision changed or undid which earlier one, and where that is said, from the chains that the
/// decisions carry: the one place where [`Relation::Replaces`] comes from.
fn replacements(all: &[DecisionView]) -> impl Iterator<Item = (&str, &str, Proof<'_>)> {
    let changes = |link: &&LinkView| matches!(link.relation, "revised" | "reversed");
    all.iter().flat_map(|d| &d.chain).filter(changes).filter_map(|link| {
        let proof = Proof { date: link.date, path: &link.path, line: link.line };
        Some((link.id.as_deref()?, link.of.as_deref()?, proof))
    })
}

struct Builder<'s> {
    graph: Graph,
    snapshot: &'s Snapshot,
    scope: &'s Scope,
    view: &'s View,
    /// Meetings by path and first line.
    meetings: HashMap<(&'s str, u32), NodeIndex>,
    /// The topics of each of them, the inner ones behind.
    topics: HashMap<(&'s str, u32), Vec<Span>>,
}

/// The lines of a topic in a meeting.
struct Span {
    lines: RangeInclusive<u32>,
    topic: NodeIndex,
}

impl<'s> Builder<'s> {
    fn meeting(&mut self, series: &str, series_at: NodeIndex, session: Session<'s>) {
        let m = session.meeting;
        let on = |line: u32| Proof { date: m.date, path: &m.path, line };
        let label = m.date.map_or_else(|| m.title.clone(), |day| format!("{series} {day}"));
        let name = meetings::address(session, self.scope);
        let here = self.graph.put(Node::new(Kind::Meeting, name).called(label).of(series).at(&m.path, m.line));
        self.meetings.insert((&m.path, m.line), here);
        self.graph.connect(here, series_at, Relation::Of, on(m.line));
        if m.kind == MeetingKind::Meeting && m.held && m.date.is_some() {
            for p in m.participants.iter().filter(|p| p.status != Attendance::Absent) {
                let person = self.person_of(p.as_written(), m);
                self.graph.connect(person, here, Relation::Attended, on(p.line));
            }
        }
        self.headings(series, series_at, here, m);
        for r in &m.references {
            let target = self.view.target(m, r);
            let Some(issue) = self.issue(&target) else { continue };
            let is_heading = m.topics.iter().any(|t| t.line == r.line);
            let relation = if is_heading { Relation::Discusses } else { Relation::Mentions };
            self.graph.connect(here, issue, relation, on(r.line));
            if let Some(topic) = self.topic_at(m, r.line) {
                self.graph.connect(topic, issue, Relation::Discusses, on(r.line));
            }
        }
        for n in &m.named {
            let person = self.person_of(&n.as_written, m);
            self.graph.connect(here, person, Relation::Mentions, on(n.line));
        }
        for d in &m.decisions {
            self.decision(here, m, d);
        }
        for h in &m.handoffs {
            let from = self.topic_at(m, h.line).unwrap_or(here);
            if let Some(to) = self.receiver(series, m, &h.to) {
                self.graph.connect(from, to, Relation::HandedTo, on(h.line));
            }
        }
    }

    fn headings(&mut self, series: &str, series_at: NodeIndex, here: NodeIndex, m: &'s Meeting) {
        let mut spans: Vec<Span> = Vec::new();
        for (title, heading) in self.snapshot.headings().of(m) {
            let on = Proof { date: m.date, path: &m.path, line: heading.line };
            let name = format!("{series}/{}", title.folded);
            let node = Node::new(Kind::Topic, name).called(&title.text).of(series).at(&m.path, heading.line);
            let topic = self.graph.put(node);
            self.graph.connect(here, topic, Relation::Discusses, on);
            self.graph.connect(topic, series_at, Relation::Of, on);
            if let Some(over) = innermost(&spans, heading.line) {
                self.graph.connect(over, topic, Relation::Discusses, on);
            }
            spans.push(Span { lines: heading.line..=heading.end_line, topic });
        }
        self.topics.insert((&m.path, m.line), spans);
    }

    /// The innermost topic around a line.
    fn topic_at(&self, m: &Meeting, line: u32) -> Option<NodeIndex> {
        innermost(self.topics.get(&(m.path.as_str(), m.line))?, line)
    }

    fn decision(&mut self, here: NodeIndex, m: &'s Meeting, d: &Decision) {
        let on = Proof { date: m.date, path: &m.path, line: d.line };
        let node = Node::new(Kind::Decision, decision_id(m, d)).called(&d.text).of(&m.series).at(&m.path, d.line);
        let decision = self.graph.put(node);
        self.graph.connect(decision, here, Relation::DecidedIn, on);
        if let Some(topic) = self.topic_at(m, d.line) {
            self.graph.connect(decision, topic, Relation::Under, on);
        }
        for target in self.view.short_refs.targets(m, &d.references, d.line..=d.end_line) {
            if let Some(issue) = self.issue(&target) {
                let on = Proof { line: self.line_of(m, &target, d.line, d.end_line), ..on };
                self.graph.connect(decision, issue, Relation::Mentions, on);
            }
        }
        for who in &d.people {
            let person = self.person_of(who, m);
            self.graph.connect(decision, person, Relation::Mentions, on);
        }
    }

    fn thread(&mut self, series: &str, thread: &'s Thread) {
        let (first, last) = (thread.first(), thread.last());
        let node = Node::new(Kind::Action, &*first.id).called(&*last.says.text).of(series).at(&last.path, last.line);
        let action = self.graph.put(node);
        for (n, mention) in thread.mentions.iter().enumerate() {
            self.mention(action, mention, n == 0);
        }
        if let Some(gone) = &thread.gone
            && let Some((meeting, _)) = self.at(&gone.path, gone.line)
        {
            let on = Proof { date: gone.date, path: &gone.path, line: gone.line };
            self.graph.connect(action, meeting, Relation::ClosedIn, on);
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
                let on = Proof { date: place.date, path: &place.path, line: place.line };
                self.graph.connect(person, action, Relation::Owns, on);
            }
        }
    }

    fn mention(&mut self, action: NodeIndex, mention: &'s Mention, is_first: bool) {
        let on = Proof { date: mention.date, path: &mention.path, line: mention.line };
        if let Some((meeting, m)) = self.at(&mention.path, mention.line) {
            match mention.event {
                _ if is_first => self.graph.connect(action, meeting, Relation::RaisedIn, on),
                Event::Reported => self.graph.connect(meeting, action, Relation::Mentions, on),
                Event::Closed => {}
                _ => self.graph.connect(action, meeting, Relation::CarriedIn, on),
            }
            if mention.says.state != ActionState::Open || mention.event == Event::Closed {
                self.graph.connect(action, meeting, Relation::ClosedIn, on);
            }
            if let Some(topic) = self.topic_at(m, mention.line) {
                self.graph.connect(action, topic, Relation::Under, on);
            }
        }
        let m = self.at(&mention.path, mention.line).map(|(_, m)| m);
        for target in mention.says.references.iter() {
            if let Some(issue) = self.issue(target) {
                let line = m.map_or(mention.line, |m| self.line_of(m, target, mention.line, mention.end_line));
                self.graph.connect(action, issue, Relation::Mentions, Proof { line, ..on });
            }
        }
    }

    /// The first of some lines that points to an issue; the first of all where none is told.
    fn line_of(&self, m: &Meeting, target: &str, first: u32, last: u32) -> u32 {
        let within = m.references.iter().filter(|r| (first..=last).contains(&r.line));
        let lines = within.filter(|r| self.view.target(m, r).eq_ignore_ascii_case(target)).map(|r| r.line);
        lines.min().unwrap_or(first)
    }

    /// The meeting that holds a line.
    fn at(&self, path: &str, line: u32) -> Option<(NodeIndex, &'s Meeting)> {
        let m = self.snapshot.meeting(path, line)?.meeting;
        self.meetings.get(&(m.path.as_str(), m.line)).map(|&at| (at, m))
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
        (!target.starts_with('#')).then(|| match self.graph.find(Kind::Issue, target) {
            Some(at) => at,
            None => self.graph.put(Node::new(Kind::Issue, target)),
        })
    }

    /// To whom something is handed over: a series, else somebody known, else what is called like a team:
    /// "Public Cloud SIG", but not "the next meeting".
    fn receiver(&mut self, from: &str, m: &Meeting, to: &str) -> Option<NodeIndex> {
        let names: Vec<&str> = self.snapshot.shards(self.scope).map(|(name, _)| name).collect();
        if let Some(series) = meant(to, &names).filter(|name| *name != from) {
            return Some(self.graph.put(Node::new(Kind::Series, series)));
        }
        match self.view.people.resolve(to, m) {
            Some(p) => Some(self.put_person(&p.id, p.kind, p.name.as_deref())),
            None if to.starts_with(char::is_uppercase) => Some(self.put_person(to, PersonKind::Team, None)),
            None => None,
        }
    }
}

fn innermost(spans: &[Span], line: u32) -> Option<NodeIndex> {
    spans.iter().rev().find(|span| span.lines.contains(&line)).map(|span| span.topic)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::decisions::StandingView;
    use jiff::civil::date;

    #[test]
    fn a_decision_replaces_the_one_that_it_changes() {
        let link = |id: Option<&str>, of: Option<&str>, relation: &'static str| LinkView {
            id: id.map(str::to_owned),
            path: "2026-01-19.md".to_owned(),
            line: 7,
            date: Some(date(2026, 1, 19)),
            series: "platform".to_owned(),
            relation,
            of: of.map(str::to_owned),
            text: String::new(),
            because: Vec::new(),
        };
        let chain = vec![
            link(Some("old"), None, "decided"),
            link(Some("again"), Some("old"), "confirmed"),
            link(Some("new"), Some("old"), "revised"),
            link(None, Some("new"), "questioned"),
        ];
        let all = [DecisionView {
            id: "old".to_owned(),
            text: String::new(),
            series: "platform".to_owned(),
            date: None,
            path: String::new(),
            line: 1,
            explicit: true,
            topic: None,
            rationale: None,
            votes: None,
            people: Vec::new(),
            references: Vec::new(),
            standing: StandingView::Revised,
            reason: String::new(),
            judged: None,
            chain,
            reported_in: Vec::new(),
            copies: Vec::new(),
            permalink: None,
        }];
        let told: Vec<_> = replacements(&all).map(|(later, earlier, p)| (later, earlier, p.path, p.line)).collect();
        assert_eq!(told, [("new", "old", "2026-01-19.md", 7)]);
    }
}
