//! Which thread a mention is alike.

use std::collections::BTreeSet;

use minutebook_ingest::facts::ActionState;

use super::{ALIKE, ALIKE_CARRIED, Fold, SAME, SAME_ISSUE, Told, UNDER_ISSUE, days_between};
use crate::shard::Session;
use crate::threads::Joined;
use crate::tracked::AGAIN;

impl Fold<'_> {
    /// The thread that a mention most resembles, if it does enough.
    pub(super) fn closest(
        &mut self,
        told: &Told,
        session: Session<'_>,
        touched: &BTreeSet<usize>,
    ) -> Option<(usize, Joined)> {
        let like = self.sharing(told);
        self.most_alike(told, session, touched, like)
    }

    /// The threads that have words of a mention, in order, with how many of them, and how many more the headings they stood
    /// under.
    pub(super) fn sharing(&mut self, told: &Told) -> Vec<(usize, (usize, usize))> {
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

    pub(super) fn most_alike(
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
