//! Actions that nobody owns, and those that are carried without end.

use std::collections::HashMap;

use minutebook_ingest::facts::{Action, Meeting, Rule};
use minutebook_ingest::owners;
use minutebook_ingest::statement::{self, one_line};
use minutebook_ingest::words::is_imperative;

use super::roster::Roster;
use super::{Finding, Related, Scope};
use crate::Snapshot;
use crate::snapshot::View;
use crate::threads::{State, Thread};

/// `action-without-owner` and `carried-often`, each once an action, where it was last written.
pub fn findings(snapshot: &Snapshot, scope: &Scope, view: &View, roster: &Roster) -> Vec<Finding> {
    let mut written: HashMap<(&str, u32), (&Meeting, &Action)> = HashMap::new();
    for session in snapshot.sessions(scope) {
        for action in &session.meeting.actions {
            written.insert((&session.meeting.path, action.line), (session.meeting, action));
        }
    }
    let mut found = Vec::new();
    for (series, threads) in &view.threads {
        for thread in threads.iter() {
            let standing = view.standing(snapshot, scope, series, thread);
            if !matches!(standing.state, State::Open | State::Stale) {
                continue;
            }
            let last = thread.last();
            let Some(&(meeting, action)) = written.get(&(&*last.path, last.line)) else { continue };
            if thread.owners().is_empty() && is_plain_task(action, roster) {
                let message = format!("nobody is named who does this: {}", shortened(&last.says.text));
                found.extend(Finding::new("action-without-owner", meeting, last.line, message));
            }
            if thread.carries() > snapshot.conventions.check.carried as usize {
                found.extend(carried(thread, meeting, standing.state));
            }
        }
    }
    found
}

/// A line that surely is a task and surely names nobody: what stands under a heading may be anything, and a
/// person may be named in a way that was not understood.
fn is_plain_task(action: &Action, roster: &Roster) -> bool {
    let words: Vec<&str> = action.text.split_whitespace().filter(|w| w.chars().any(char::is_alphabetic)).collect();
    let Some(first) = words.first().map(|w| bare(w)) else { return false };
    let marked = match action.rule {
        // "Use cases", "Links": nouns more often than tasks.
        Rule::Heading => is_imperative(&first) && !matches!(first.as_str(), "use" | "link") && words.len() >= 3,
        // "TODOs will be talked about next week"
        _ => action.explicit && !matches!(first.as_str(), "will" | "was" | "were" | "is" | "are" | "this" | "none"),
    };
    marked
        && words.len() >= 2
        && !action.text.trim_end().ends_with('?')
        && owners::handles(&action.text).is_empty()
        && !names_doer(&action.text, &words, roster)
}

/// "the lab team to review", "Mira should ask", "demo in April, Mira + Jo", "(Mira will ask)".
fn names_doer(text: &str, words: &[&str], roster: &Roster) -> bool {
    let known = |word: &str| {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric());
        word.starts_with(char::is_uppercase) && roster.has_word(word)
    };
    let first = words.first().copied().unwrap_or_default();
    let front = || words.iter().take(6);
    let to = front().position(|w| matches!(*w, "to" | "should" | "will" | "needs" | "need" | "wird" | "soll"));
    let colon = front().position(|w| w.ends_with(':'));
    let team = words.iter().take(4).any(|w| {
        matches!(
            bare(w).as_str(),
            "team" | "teams" | "everyone" | "everybody" | "all" | "alle" | "sig" | "members" | "wg" | "group"
        )
    });
    let bracketed =
        text.rfind('(').is_some_and(|at| text[at..].split([' ', ',', '(', ')', '/']).any(|w| roster.has_word(w)));
    let verb = is_imperative(&bare(first)) && first != "Mark" && first != "mark";
    team || bracketed
        || known(first)
        || words.iter().rev().take(2).any(|w| known(w))
        || (!verb && (to.is_some_and(|at| (1..=5).contains(&at)) || colon.is_some_and(|at| at <= 2)))
}

fn bare(word: &str) -> String {
    word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase()
}

fn carried(thread: &Thread, meeting: &Meeting, state: State) -> Option<Finding> {
    let (first, last) = (thread.first(), thread.last());
    let since = first.date.map_or_else(String::new, |d| format!(" since {d}"));
    let still = match (state, last.date) {
        (State::Stale, Some(day)) => format!(", last on {day}, and was never closed"),
        _ => ", and is still open".to_owned(),
    };
    let message = format!("carried {} times{since}{still}: {}", thread.carries(), shortened(thread.text()));
    let mut found = Finding::new("carried-often", meeting, last.line, message)?;
    let why = "first written down here".to_owned();
    found.related.push(Related { path: first.path.to_string(), line: first.line, message: why });
    Some(found)
}

/// The first words of a task.
fn shortened(text: &str) -> String {
    statement::shortened(&one_line(text), 80)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, told: bool) {
        let source = format!("# 2026-01-13\n## Participants\n- Mira Holt (@mira)\n\n## Agenda\n{line}\n");
        let meetings = minutebook_ingest::extract(&source, "20260113.md");
        let roster = Roster::of_words(&["mira", "holt", "quayside"]);
        let plain = meetings[0].actions.iter().any(|a| a.owners.is_empty() && is_plain_task(a, &roster));
        assert_eq!(plain, told, "{line}: {:?}", meetings[0].actions);
    }

    #[test]
    fn tasks_that_name_nobody() {
        check("- AI: renew the certificate", true);
        check("- TODO: write down the tide rules", true);
        check("### Action items\n- write down the tide rules", true);
    }

    #[test]
    fn what_names_somebody_or_is_no_task_is_left_in_peace() {
        check("- AI: renew the certificate (Mira will ask)", false);
        check("- AI: the whole team to review the rules", false);
        check("- TODO: what about the tide rules?", false);
        check("### Action items\n- Use cases\n- the berths of the north pier", false);
    }
}
