//! Decisions over time: which statements are about one matter, and what the later ones did to it.
//!
//! A left fold over the decisions of all series in view in order of date: each is compared with those before it that
//! share an issue or a rare word, and joins the chain that it most resembles, if it does enough (`relation`), or opens
//! one of its own. What it says of a decision depends on that decision and those before it alone. Lines that are no
//! decision can question one: a heading "Revisit …", an item about its issue that would have it undone.

mod join;
mod relation;
mod said;
mod words;

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use jiff::civil::Date;
use minutebook_ingest::facts::{Decision, Meeting};
use minutebook_ingest::meeting::id;
use serde::{Deserialize, Serialize};

pub(crate) use join::chains;
pub use words::Words;

use crate::threads::share_one;

/// What a statement did to the matter of its chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Relation {
    /// The first.
    Decided,
    /// Said again by those who know that it was decided.
    Confirmed,
    /// Something else in its place.
    Revised,
    /// Undone.
    Reversed,
    /// Brought up again, or spoken against by words that are not sure enough for more.
    Questioned,
    /// Told again, here or in another series.
    Reported,
    /// The same words in a later file of the series: nobody said anything anew.
    Copied,
}

impl Relation {
    /// Its word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Decided => "decided",
            Self::Confirmed => "confirmed",
            Self::Revised => "revised",
            Self::Reversed => "reversed",
            Self::Questioned => "questioned",
            Self::Reported => "reported",
            Self::Copied => "copied",
        }
    }
}

/// Why a statement is taken for one of a chain, or for what it did to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Why {
    /// Both are about this issue.
    Issue(String),
    /// They share so many percent of their words, these.
    Words(u8, Vec<String>),
    /// These words tell what it does.
    Told(String),
    /// It names the day of the decision.
    Day(Date),
    /// It names the decision by these words.
    Named(Vec<String>),
    /// The heading has these words of the decision.
    Heading(Vec<String>),
}

impl Why {
    /// In words.
    pub fn told(&self) -> String {
        match self {
            Self::Issue(issue) => format!("both are about {issue}"),
            Self::Words(percent, words) => format!("{percent} % the same words: {}", words.join(", ")),
            Self::Day(day) => format!("it names {day}"),
            Self::Named(words) => format!("it names the decision: {}", words.join(", ")),
            Self::Told(words) => format!("told by {words:?}"),
            Self::Heading(words) => format!("the heading has its words: {}", words.join(", ")),
        }
    }
}

/// One statement of a chain.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Link {
    /// Of the decision; none for a line that is none.
    pub id: Option<Box<str>>,
    /// Where it was said.
    pub series: Arc<str>,
    /// When.
    pub date: Option<Date>,
    /// The file.
    pub path: Arc<str>,
    /// The line.
    pub line: u32,
    /// The last line.
    pub end_line: u32,
    /// Its words.
    pub text: Box<str>,
    /// Issues in its words or in the heading over it, in lower case.
    pub issues: Words,
    /// What it did.
    pub relation: Relation,
    /// The link that it speaks of; none of the first.
    pub of: Option<usize>,
    /// Why it is in this chain; nothing for the first.
    pub why: Vec<Why>,
}

impl Link {
    /// A decision in its own right, not one that was told or copied.
    pub fn is_own(&self) -> bool {
        self.id.is_some() && !matches!(self.relation, Relation::Reported | Relation::Copied)
    }
}

/// Whether a decision still holds, as its chain tells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Standing {
    /// Nothing later speaks against it, and something later speaks of it.
    Holds(String),
    /// By the link of this number.
    Revised(usize),
    /// By the link of this number.
    Reversed(usize),
    /// Questioned by the link of this number and not confirmed since.
    Questioned(usize),
    /// Its heading came up again, and nothing tells what became of it: where.
    CameUp(String),
    /// Nothing later speaks of it.
    Silent,
}

/// Statements about one matter, in order.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Chain {
    /// At least one.
    pub links: Vec<Link>,
    /// What of each link hangs on all the others.
    settled: Vec<Settled>,
}

/// What of a link is known once all of its chain are there.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Settled {
    /// The decision in its own right that it tells, copies or questions.
    own: u32,
    /// The statement that it tells, copies or confirms.
    stands: u32,
    /// Whether it holds.
    standing: Standing,
}

impl Chain {
    /// Tells of each link what it stands for and whether it holds, once all are there. `came_up` tells, where its issue
    /// or heading came up after it, of the last place.
    fn settle(&mut self, mut came_up: impl FnMut(usize) -> Option<Standing>) {
        let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        self.links.shrink_to_fit();
        self.settled = Vec::with_capacity(self.links.len());
        for (at, link) in self.links.iter().enumerate() {
            let of = link.of.filter(|of| *of < at);
            let only_tells = matches!(link.relation, Relation::Reported | Relation::Copied | Relation::Confirmed);
            let stands = of.filter(|_| only_tells).map_or(number(at), |of| self.settled[of].stands);
            let own = of.filter(|_| !link.is_own()).map_or(number(at), |of| self.settled[of].own);
            self.settled.push(Settled { own, stands, standing: Standing::Silent });
        }
        for at in (0..self.links.len()).rev() {
            let judged = self.judged(at);
            self.settled[at].standing = match judged {
                Standing::Silent => came_up(at).unwrap_or(Standing::Silent),
                told => told,
            };
        }
    }

    fn stands(&self, at: usize) -> usize {
        self.settled[at].stands as usize
    }

    /// Whether a statement holds, where that is known of all later ones. The last that was said of it counts.
    fn judged(&self, at: usize) -> Standing {
        // Who undoes what it revised undoes it too.
        let mut ground = BTreeSet::from([at]);
        let mut before = at;
        while let (Relation::Revised, Some(of)) = (self.links[before].relation, self.links[before].of) {
            before = self.stands(of);
            ground.insert(before);
        }
        let mut standing = Standing::Silent;
        for (n, link) in self.links.iter().enumerate().skip(at + 1) {
            let Some(of) = link.of.map(|of| self.stands(of)).filter(|of| ground.contains(of)) else { continue };
            let changed = matches!(standing, Standing::Revised(_) | Standing::Reversed(_));
            match link.relation {
                Relation::Revised | Relation::Reversed if matches!(self.settled[n].standing, Standing::Reversed(_)) => {
                    // It was itself undone: then nothing is sure any more, unless the whole matter was undone with it.
                    let alone =
                        |l: &Link| l.relation == Relation::Reversed && l.of.is_some_and(|of| self.stands(of) == n);
                    if self.links[n + 1..].iter().any(alone) {
                        standing = Standing::Questioned(n);
                    }
                }
                Relation::Revised => standing = Standing::Revised(n),
                Relation::Reversed => standing = Standing::Reversed(n),
                Relation::Questioned if !changed => standing = Standing::Questioned(n),
                Relation::Confirmed | Relation::Reported if link.date > self.links[at].date && of == at && !changed => {
                    standing = Standing::Holds(format!("{} in {}", link.relation.as_str(), link.place()));
                }
                _ => {}
            }
        }
        standing
    }

    /// Whether the statement that a link stands for still holds.
    pub fn standing(&self, at: usize) -> &Standing {
        &self.settled[self.stands(at)].standing
    }

    /// The decision in its own right that a link is told of or copied from, or itself.
    pub fn own(&self, at: usize) -> usize {
        self.settled[at].own as usize
    }

    /// The links that only tell, copy or question a decision in its own right.
    pub fn tellings(&self, at: usize) -> impl Iterator<Item = &Link> {
        (at + 1..self.links.len()).filter(move |&n| self.own(n) == at).map(|n| &self.links[n])
    }
}

impl Link {
    /// When and where, in a few words.
    pub fn place(&self) -> String {
        let day = self.date.map_or_else(|| self.path.to_string(), |d| d.to_string());
        format!("{day} ({}), line {}", self.series, self.line)
    }
}

/// All chains in view.
#[derive(Debug, Clone, Default)]
pub struct Chains {
    /// In order of their first statement.
    pub all: Vec<Chain>,
    /// Chain and link of each decision, by their ids.
    by_id: Vec<(u32, u32)>,
    /// Chain and link of each statement, by their paths.
    by_path: Vec<(u32, u32)>,
}

impl Chains {
    /// Of what [`chains`] has made.
    pub(crate) fn new(mut all: Vec<Chain>) -> Self {
        all.shrink_to_fit();
        let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let mut known: HashSet<Arc<str>> = HashSet::new();
        let mut by_path = Vec::with_capacity(all.iter().map(|chain| chain.links.len()).sum());
        for (at, chain) in all.iter_mut().enumerate() {
            for (n, link) in chain.links.iter_mut().enumerate() {
                share_one(&mut known, &mut link.series);
                share_one(&mut known, &mut link.path);
                link.issues.share(&mut known);
                by_path.push((number(at), number(n)));
            }
        }
        let link = |(chain, link): (u32, u32)| &all[chain as usize].links[link as usize];
        let mut by_id: Vec<(u32, u32)> = by_path.iter().copied().filter(|&place| link(place).id.is_some()).collect();
        by_id.sort_by(|&a, &b| link(a).id.cmp(&link(b).id));
        by_path.sort_by(|&a, &b| link(a).path.cmp(&link(b).path));
        Self { all, by_id, by_path }
    }

    /// The chain of a decision and its number in it.
    pub fn of(&self, id: &str) -> Option<(&Chain, usize)> {
        let own = |place: (u32, u32)| self.link(place).id.as_deref();
        let behind = self.by_id.partition_point(|&place| own(place) <= Some(id));
        // Of twins the last.
        let found = *self.by_id.get(behind.checked_sub(1)?)?;
        (own(found) == Some(id)).then(|| self.at(found))
    }

    /// The links that stand in a file.
    pub fn in_file<'a>(&'a self, path: &'a str) -> impl Iterator<Item = (&'a Chain, usize)> {
        let from = self.by_path.partition_point(|&place| &*self.link(place).path < path);
        let here = self.by_path[from..].iter().take_while(move |&&place| &*self.link(place).path == path);
        here.map(|&place| self.at(place))
    }

    fn link(&self, (chain, link): (u32, u32)) -> &Link {
        &self.all[chain as usize].links[link as usize]
    }

    fn at(&self, (chain, link): (u32, u32)) -> (&Chain, usize) {
        (&self.all[chain as usize], link as usize)
    }
}

/// Of a decision: hangs on the meeting and the words; of twins in one meeting also on their order.
pub fn decision_id(meeting: &Meeting, decision: &Decision) -> String {
    let twin = meeting.decisions.iter().filter(|d| d.line < decision.line && d.text == decision.text).count();
    id_of(meeting, &decision.text, twin)
}

/// With how many of the same words stand before it.
fn id_of(meeting: &Meeting, text: &str, twin: usize) -> String {
    id("d", &[&meeting.id, &text.to_lowercase(), &twin.to_string()])
}

/// Of each decision of a meeting, in their order, as [`decision_id`] tells them, in one go through them.
pub fn decision_ids(meeting: &Meeting) -> Vec<String> {
    /// The last line of a text, how many times it stood there, and how many before.
    #[derive(Default)]
    struct Seen {
        line: u32,
        here: usize,
        before: usize,
    }
    let mut texts: HashMap<&str, Seen> = HashMap::new();
    let of = |d| -> String {
        let Decision { line, text, .. }: &Decision = d;
        let seen = texts.entry(text).or_default();
        if *line > seen.line {
            *seen = Seen { line: *line, here: 0, before: seen.before + seen.here };
        }
        seen.here += 1;
        id_of(meeting, text, seen.before)
    };
    meeting.decisions.iter().map(of).collect()
}

/// Issues, as targets whose repository is known, without regard to case.
type Issues = Words;

#[cfg(test)]
mod tests;
