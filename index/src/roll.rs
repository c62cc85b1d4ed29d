//! Who is written in the minutes of a series, and where: all that telling who is who takes of it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::civil::Date;
use minutebook_ingest::facts::Meeting;
use serde::{Deserialize, Serialize};

use crate::identity::{Span, folded};

/// The spellings of a series.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Roll {
    /// The series.
    pub series: String,
    /// The days of its meetings, in their order.
    pub days: Vec<Option<Date>>,
    /// In order of their first use.
    pub uses: Vec<Use>,
    /// The handles, folded, and in how many meetings each is written but for chores.
    pub handles: BTreeMap<String, u32>,
}

/// One way in which somebody is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Use {
    /// Without `@`.
    pub as_written: String,
    /// How it is used.
    pub standing: Standing,
    /// True for a handle on a list of participants.
    pub is_handle: bool,
    /// The name beside it there.
    pub name: Option<String>,
    /// The initials beside it there.
    pub initials: Option<String>,
    /// The meetings (numbers in [`Roll::days`]), one an use.
    pub at: Vec<u32>,
    /// From its first day to its last.
    pub(crate) span: Span,
}

/// How a spelling is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Standing {
    /// On a list of participants.
    Listed,
    /// As the owner of an action.
    Owner,
    /// With a chore of the meeting.
    Chore,
    /// In running text.
    Named,
}

impl Use {
    /// The days of its uses.
    pub fn days<'a>(&'a self, roll: &'a Roll) -> impl Iterator<Item = Option<Date>> + 'a {
        self.at.iter().map(|&at| roll.days.get(at as usize).copied().flatten())
    }

    /// The handle that it is written by, folded. Somebody who is listed without one is written by the name, which is
    /// none.
    fn handle(&self) -> Option<String> {
        let is_handle = self.is_handle || self.standing != Standing::Listed;
        let may_be = is_handle && self.standing != Standing::Chore && !self.as_written.contains(' ');
        may_be.then(|| folded(&self.as_written))
    }
}

impl Roll {
    /// Of the meetings of a series, in order.
    pub fn of<'a>(series: &str, meetings: impl Iterator<Item = &'a Meeting>) -> Self {
        type Key<'a> = (Standing, &'a str, Option<&'a str>, Option<&'a str>, bool);
        let mut roll = Self { series: series.to_owned(), ..Self::default() };
        let mut known: HashMap<Key<'a>, usize> = HashMap::new();
        for (at, meeting) in (0..).zip(meetings) {
            roll.days.push(meeting.date);
            let listed = meeting.participants.iter();
            let listed = listed.map(|p| {
                let (name, initials) = (p.name.as_deref(), p.initials.as_deref());
                (Standing::Listed, p.as_written(), name, initials, p.handle.is_some())
            });
            let owners = meeting.actions.iter().flat_map(|a| &a.owners).map(|o| (Standing::Owner, o.as_str()));
            let chores = meeting.roles.iter().flat_map(|r| &r.people).map(|p| (Standing::Chore, p.as_str()));
            let named = meeting.named.iter().map(|n| (Standing::Named, n.as_written.as_str()));
            let others = owners.chain(chores).chain(named).map(|(standing, who)| (standing, who, None, None, false));
            for key in listed.chain(others) {
                let of = *known.entry(key).or_insert_with(|| {
                    let (standing, as_written, name, initials, is_handle) = key;
                    roll.uses.push(Use {
                        as_written: as_written.to_owned(),
                        standing,
                        is_handle,
                        name: name.map(str::to_owned),
                        initials: initials.map(str::to_owned),
                        at: Vec::new(),
                        span: Span::default(),
                    });
                    roll.uses.len() - 1
                });
                roll.uses[of].at.push(at);
                roll.uses[of].span.widen(meeting.date);
            }
        }
        let mut handles: BTreeMap<String, Vec<u32>> = BTreeMap::new();
        for used in &roll.uses {
            if let Some(handle) = used.handle() {
                handles.entry(handle).or_default().extend(&used.at);
            }
        }
        roll.handles = handles.into_iter().map(|(handle, at)| (handle, distinct(at))).collect();
        roll
    }

    /// Whether two handles, folded, stand on one list of participants.
    pub(crate) fn lists_both(&self, one: &str, other: &str) -> bool {
        let listed = self.uses.iter().filter(|u| u.standing == Standing::Listed);
        let listed: Vec<(String, &Use)> = listed.filter_map(|u| Some((u.handle()?, u))).collect();
        let meetings = |wanted: &str| -> BTreeSet<u32> {
            listed.iter().filter(|(handle, _)| handle == wanted).flat_map(|(_, used)| used.at.iter().copied()).collect()
        };
        !meetings(one).is_disjoint(&meetings(other))
    }
}

/// How many different numbers there are.
fn distinct(mut all: Vec<u32>) -> u32 {
    all.sort_unstable();
    all.dedup();
    u32::try_from(all.len()).unwrap_or(u32::MAX)
}
