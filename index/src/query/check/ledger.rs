//! Lines of the ledger that do not count, and entries about nothing.

use std::collections::HashSet;

use super::{Finding, Scope};
use crate::Snapshot;
use crate::ledger::PATH;
use crate::rulings::ids;
use crate::short_id::Id;
use crate::snapshot::View;

/// `ledger-line` and `ledger-unknown-action`.
pub fn findings(snapshot: &Snapshot, scope: &Scope, view: &View) -> Vec<Finding> {
    let ledger = &snapshot.ledger;
    // What is hidden cannot be told from what is not there.
    if scope.series.is_some() || scope.books.is_some() {
        return Vec::new();
    }
    let mut found: Vec<Finding> = Vec::new();
    for problem in &ledger.problems {
        let finding = Finding::of_file("ledger-line", PATH, problem.message.clone());
        found.extend(finding.map(|f| Finding { line: problem.line, ..f }));
    }
    let said = || ledger.entries.iter().filter(|p| scope.as_of.is_none_or(|day| p.entry.day() <= day));
    if said().next().is_none() {
        return found;
    }
    let threads = view.threads.values().flat_map(|all| all.iter()).chain(view.set_aside.iter().map(|(_, t)| t));
    let known: HashSet<Id> = threads.flat_map(|t| &t.mentions).map(|m| m.id).collect();
    for placed in said() {
        if let Some(unknown) = ids(&placed.entry).find(|id| Id::parse(id).is_none_or(|id| !known.contains(&id))) {
            let verb = placed.entry.verb.name();
            let message = format!("no minutes hold the action {unknown}, so this {verb:?} changes nothing");
            let finding = Finding::of_file("ledger-unknown-action", PATH, message);
            let date = Some(placed.entry.day());
            found.extend(finding.map(|f| Finding { line: placed.line, date, ..f.about(unknown) }));
        }
    }
    found
}
