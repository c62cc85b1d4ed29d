//! "What did we decide about X, when, why, where is it written, and does it still hold?"

use std::ops::RangeInclusive;

use jiff::civil::Date;
use minutebook_ingest::facts::{Decision, Meeting, Votes};
use serde::Serialize;

use super::{NotFound, Scope};
use crate::Snapshot;
pub use crate::chains::decision_id;
use crate::chains::{Chain, Chains, Link, Relation, Standing};

/// Which decisions are asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// A series.
    pub series: Option<String>,
    /// Words that must all stand in the text or topic.
    pub words: Option<String>,
    /// Only marked ones.
    pub explicit: bool,
    /// An issue that stands in it or in the heading over it, as [`find`](super::issues::find) names it.
    pub issue: Option<String>,
}

/// Whether a decision still holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum StandingView {
    /// Something later speaks for it, or its issue came up again and nothing speaks against it.
    Holds,
    /// A later one changed it.
    Revised,
    /// A later one undid it.
    Reversed,
    /// Nothing later speaks of it, or what does is not sure enough.
    Unclear,
}

impl StandingView {
    /// Its word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Holds => "holds",
            Self::Revised => "revised",
            Self::Reversed => "reversed",
            Self::Unclear => "unclear",
        }
    }
}

/// A decision.
#[derive(Debug, Clone, Serialize)]
pub struct DecisionView {
    /// Stable id.
    pub id: String,
    /// The statement.
    pub text: String,
    /// Where it was made.
    pub series: String,
    /// When.
    pub date: Option<Date>,
    /// The file.
    pub path: String,
    /// The line.
    pub line: u32,
    /// Marked as one.
    pub explicit: bool,
    /// The heading it stands under.
    pub topic: Option<String>,
    /// The reason, where one is given.
    pub rationale: Option<String>,
    /// The count, where there was a vote.
    pub votes: Option<Votes>,
    /// People named in it.
    pub people: Vec<String>,
    /// Issues it names.
    pub references: Vec<String>,
    /// Whether it still holds.
    pub standing: StandingView,
    /// Why, in a sentence.
    pub reason: String,
    /// What reversed, revised or questioned it.
    pub judged: Option<LinkView>,
    /// All that was said of the matter, in order.
    pub chain: Vec<LinkView>,
    /// Other series in which it was told.
    pub reported_in: Vec<String>,
    /// Where the same words stand again in later files of its series.
    pub copies: Vec<CopyView>,
    /// The line on the forge.
    pub permalink: Option<String>,
}

/// A link of a chain of decisions.
#[derive(Debug, Clone, Serialize)]
pub struct LinkView {
    /// Of the decision; none for a line that only questions one.
    pub id: Option<String>,
    /// The file.
    pub path: String,
    /// The line.
    pub line: u32,
    /// When.
    pub date: Option<Date>,
    /// The series.
    pub series: String,
    /// `decided`, `confirmed`, `revised`, `reversed`, `questioned`, `reported`.
    pub relation: &'static str,
    /// The decision of which it speaks; none of the first.
    pub of: Option<String>,
    /// Its words.
    pub text: String,
    /// Why it is taken for a link, and for one of that relation.
    pub because: Vec<String>,
}

/// A place where the same words stand again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CopyView {
    /// The file.
    pub path: String,
    /// The line.
    pub line: u32,
    /// The meeting's day.
    pub date: Option<Date>,
}

/// A place of a file that speaks of a decision.
#[derive(Debug, Clone, Serialize)]
pub struct Spoken {
    /// The line.
    pub line: u32,
    /// Of the decision: the one made there, or of which it tells.
    pub id: String,
    /// What it did; `copied` where it is only a copy.
    pub relation: &'static str,
    /// Whether what is said there still holds.
    pub standing: StandingView,
    /// Why, in a sentence.
    pub reason: String,
    /// What became of it, where that is to be seen: `reversed`, `revised`, `questioned`.
    pub judged: Option<&'static str>,
    /// Its words.
    pub text: String,
}

/// The decisions that a filter asks for, latest first. One that was told in other series or copied into later files is
/// one, and found by each series and by the words of each telling.
pub fn decisions(snapshot: &Snapshot, scope: &Scope, filter: &Filter) -> Vec<DecisionView> {
    let chains = snapshot.chains(scope);
    let asked = Asked::of(filter, &chains);
    let mut out = Vec::new();
    snapshot.each_session(scope, |session| {
        for decision in &session.meeting.decisions {
            if let Some((chain, at)) = asked.find(session.meeting, decision) {
                out.push(decision_view(snapshot, session.meeting, decision, chain, at));
            }
        }
    });
    out.sort_by(|a, b| b.date.cmp(&a.date).then_with(|| a.path.cmp(&b.path)).then(a.line.cmp(&b.line)));
    out
}

/// The last of the [`decisions`] up to the day of asking.
pub fn latest(snapshot: &Snapshot, scope: &Scope, filter: &Filter, limit: usize) -> Vec<DecisionView> {
    let chains = snapshot.chains(scope);
    let asked = Asked::of(filter, &chains);
    let mut latest = Vec::new();
    snapshot.latest_first(scope, |meeting| {
        for decision in &meeting.decisions {
            if latest.len() < limit
                && let Some((chain, at)) = asked.find(meeting, decision)
            {
                latest.push(decision_view(snapshot, meeting, decision, chain, at));
            }
        }
        latest.len() < limit
    });
    latest
}

/// What a filter asks for, ready to be compared.
struct Asked<'a> {
    filter: &'a Filter,
    words: Vec<String>,
    issue: Option<String>,
    chains: &'a Chains,
}

impl<'a> Asked<'a> {
    fn of(filter: &'a Filter, chains: &'a Chains) -> Self {
        let words = filter.words.iter().flat_map(|w| w.split_whitespace()).map(str::to_lowercase).collect();
        Self { filter, words, issue: filter.issue.as_ref().map(|i| i.to_lowercase()), chains }
    }

    /// A decision among the chains, where it is asked for.
    fn find(&self, meeting: &Meeting, decision: &Decision) -> Option<(&'a Chain, usize)> {
        if self.filter.explicit && !decision.explicit {
            return None;
        }
        let (chain, at) = own(self.chains, meeting, decision)?;
        let tellings = || chain.tellings(at).filter(|l| l.relation != Relation::Questioned);
        let told = || std::iter::once(&chain.links[at]).chain(tellings());
        let topic = decision.topic.as_deref().unwrap_or_default();
        let said = |l: &Link| {
            let text = format!("{} {topic}", l.text).to_lowercase();
            self.words.iter().all(|w| text.contains(w.as_str()))
        };
        let series = self.filter.series.as_ref().is_none_or(|s| told().any(|l| *l.series == **s));
        let issue = self.issue.as_ref().is_none_or(|i| told().any(|l| l.issues.contains(i)));
        (series && issue && (self.words.is_empty() || told().any(said))).then_some((chain, at))
    }
}

/// A decision among the chains, where it is one in its own right.
fn own<'c>(chains: &'c Chains, meeting: &Meeting, decision: &Decision) -> Option<(&'c Chain, usize)> {
    chains.of(&decision_id(meeting, decision)).filter(|(chain, at)| chain.own(*at) == *at)
}

/// One decision by its id, or by that of a telling or copy.
///
/// # Errors
/// When there is none.
pub fn decision(snapshot: &Snapshot, scope: &Scope, wanted: &str) -> Result<DecisionView, NotFound> {
    let chains = snapshot.chains(scope);
    let none = || NotFound { what: "decision", wanted: wanted.to_owned(), nearest: Vec::new() };
    let (chain, at) = chains.of(wanted).ok_or_else(none)?;
    let at = chain.own(at);
    let own = &chain.links[at];
    let shards = snapshot.shards(scope).map(|(_, shard)| shard);
    let here = shards.flat_map(|shard| shard.named(&own.path, scope.as_of)).map(|s| s.meeting);
    let found = here.flat_map(|m| m.decisions.iter().map(move |d| (m, d)));
    let mut found = found.filter(|(m, d)| d.line == own.line && own.id.as_deref() == Some(&*decision_id(m, d)));
    let (meeting, decision) = found.next().ok_or_else(none)?;
    Ok(decision_view(snapshot, meeting, decision, chain, at))
}

/// The decisions whose id, or that of a telling or copy of which, begins so.
pub fn by_beginning(snapshot: &Snapshot, scope: &Scope, wanted: &str) -> Vec<DecisionView> {
    let chains = snapshot.chains(scope);
    let begins = |l: &Link| l.id.as_ref().is_some_and(|id| id.starts_with(wanted));
    let mut all = decisions(snapshot, scope, &Filter::default());
    all.retain(|d| {
        chains.of(&d.id).is_some_and(|(chain, at)| begins(&chain.links[at]) || chain.tellings(at).any(begins))
    });
    all
}

/// What a hit of a search tells of a decision.
#[derive(Debug, Clone)]
pub struct Found {
    /// Of the decision made there, or of which it tells.
    pub id: String,
    /// Whether it still holds.
    pub standing: StandingView,
    /// `reversed`, `revised`, `questioned`.
    pub judged: Option<&'static str>,
}

/// The decision that stands in some lines of a file of a series.
pub fn decision_at(
    snapshot: &Snapshot,
    chains: &Chains,
    series: &str,
    path: &str,
    lines: RangeInclusive<u32>,
) -> Option<Found> {
    let meeting = snapshot.series.get(series)?.meeting(path, *lines.start())?.meeting;
    let decision = meeting.decisions.iter().find(|d| lines.contains(&d.line))?;
    let (chain, at) = chains.of(&decision_id(meeting, decision))?;
    let (standing, _, by) = stands(chain, at);
    let id = chain.links[chain.own(at)].id.as_deref()?.to_owned();
    Some(Found { id, standing, judged: by.map(|n| chain.links[n].relation.as_str()) })
}

/// The places of a file that speak of a decision, in order.
pub fn in_file(snapshot: &Snapshot, scope: &Scope, path: &str) -> Vec<Spoken> {
    let chains = snapshot.chains(scope);
    let mut all: Vec<Spoken> = chains
        .in_file(path)
        .filter_map(|(chain, at)| {
            let link = &chain.links[at];
            // What only questions a decision is about that one.
            let about = if link.id.is_some() { at } else { link.of? };
            let (standing, reason, by) = stands(chain, about);
            Some(Spoken {
                line: link.line,
                id: chain.links[chain.own(about)].id.as_deref()?.to_owned(),
                relation: link.relation.as_str(),
                standing,
                reason,
                judged: by.map(|n| chain.links[n].relation.as_str()),
                text: link.text.to_string(),
            })
        })
        .collect();
    all.sort_by_key(|s| s.line);
    all
}

/// Whether a statement holds, why, and the link that says otherwise.
fn stands(chain: &Chain, at: usize) -> (StandingView, String, Option<usize>) {
    let by = |n: usize, standing: StandingView, word: &str| {
        (standing, format!("{word} in {}", chain.links[n].place()), Some(n))
    };
    match chain.standing(at) {
        Standing::Holds(why) => (StandingView::Holds, why.clone(), None),
        Standing::Revised(n) => by(*n, StandingView::Revised, "revised"),
        Standing::Reversed(n) => by(*n, StandingView::Reversed, "reversed"),
        Standing::Questioned(n) => by(*n, StandingView::Unclear, "questioned"),
        Standing::CameUp(place) => (StandingView::Unclear, place.clone(), None),
        Standing::Silent => (StandingView::Unclear, "nothing later speaks of it".to_owned(), None),
    }
}

fn link_view(chain: &Chain, at: usize) -> LinkView {
    let link = &chain.links[at];
    LinkView {
        id: link.id.as_deref().map(str::to_owned),
        path: link.path.to_string(),
        line: link.line,
        date: link.date,
        series: link.series.to_string(),
        relation: link.relation.as_str(),
        of: link.of.and_then(|of| chain.links[chain.own(of)].id.as_deref().map(str::to_owned)),
        text: link.text.to_string(),
        because: link.why.iter().map(crate::chains::Why::told).collect(),
    }
}

fn decision_view(snapshot: &Snapshot, meeting: &Meeting, d: &Decision, chain: &Chain, at: usize) -> DecisionView {
    let (standing, reason, by) = stands(chain, at);
    let mut reported_in: Vec<String> = Vec::new();
    for told in chain.tellings(at).filter(|l| l.relation == Relation::Reported && *l.series != *meeting.series) {
        if !reported_in.iter().any(|s| **s == *told.series) {
            reported_in.push(told.series.to_string());
        }
    }
    let copies = chain.tellings(at).filter(|l| l.relation == Relation::Copied);
    DecisionView {
        id: chain.links[at].id.as_deref().unwrap_or_default().to_owned(),
        text: d.text.clone(),
        series: meeting.series.clone(),
        date: meeting.date,
        path: meeting.path.clone(),
        line: d.line,
        explicit: d.explicit,
        topic: d.topic.clone(),
        rationale: d.rationale.clone(),
        votes: d.votes,
        people: d.people.clone(),
        references: d.references.clone(),
        standing,
        reason,
        judged: by.map(|n| link_view(chain, n)),
        chain: (0..chain.links.len())
            .filter(|&n| chain.links[n].relation != Relation::Copied)
            .map(|n| link_view(chain, n))
            .collect(),
        reported_in,
        copies: copies.map(|l| CopyView { path: l.path.to_string(), line: l.line, date: l.date }).collect(),
        permalink: snapshot.permalink(&meeting.path, d.line, d.end_line),
    }
}
