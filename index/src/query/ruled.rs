//! What the ledger changes of a search: the text index holds what is written, so what was said of actions
//! beside the minutes is asked of the threads.

use tantivy::Term;
use tantivy::query::{BooleanQuery, ConstScoreQuery, Occur, Query, TermQuery, TermSetQuery};
use tantivy::schema::IndexRecordOption;

use crate::ledger::Verb;
use crate::snapshot::View;
use crate::text::Fields;
use crate::threads::{Mention, Thread};

/// The documents of some mentions as actions.
fn of_mentions<'a>(fields: &Fields, mentions: impl Iterator<Item = &'a Mention>) -> Box<dyn Query> {
    let at = mentions.map(|m| Term::from_field_text(fields.fact, &format!("{}:{}", m.path, m.line)));
    let action = TermQuery::new(Term::from_field_text(fields.kind, "action"), IndexRecordOption::Basic);
    let clauses: Vec<(Occur, Box<dyn Query>)> =
        vec![(Occur::Must, Box::new(TermSetQuery::new(at.collect::<Vec<_>>()))), (Occur::Must, Box::new(action))];
    Box::new(ConstScoreQuery::new(Box::new(BooleanQuery::new(clauses)), 0.0))
}

/// Lines that were taken for actions and are none, where there are some.
pub fn set_aside(fields: &Fields, view: &View) -> Option<Box<dyn Query>> {
    let mentions = || view.set_aside.iter().flat_map(|(_, t)| &t.mentions);
    mentions().next()?;
    Some(of_mentions(fields, mentions()))
}

/// A query for the actions of some people, put right for those whose owners the ledger names.
pub fn owned(fields: &Fields, view: &View, written: Box<dyn Query>, wanted: &[String]) -> Box<dyn Query> {
    let given = |t: &&Thread| t.rulings.iter().any(|r| matches!(r.entry.verb, Verb::Owner(_)));
    let given: Vec<&Thread> = view.threads.values().flat_map(|all| all.iter()).filter(given).collect();
    if given.is_empty() {
        return written;
    }
    let is_wanted = |t: &Thread| {
        let nobody = t.owners().is_empty() && wanted.iter().any(|w| w.eq_ignore_ascii_case("none"));
        let id = |w: &String| view.people.find(w).map_or_else(|| w.clone(), |p| p.id.clone());
        nobody || wanted.iter().any(|w| t.owners().contains(&id(w)))
    };
    let (theirs, others): (Vec<&Thread>, Vec<&Thread>) = given.into_iter().partition(|t| is_wanted(t));
    let mentions = |threads: Vec<&Thread>| {
        let all: Vec<Mention> = threads.into_iter().flat_map(|t| t.mentions.iter().cloned()).collect();
        of_mentions(fields, all.iter())
    };
    let written = BooleanQuery::new(vec![(Occur::Must, written), (Occur::MustNot, mentions(others))]);
    Box::new(BooleanQuery::union(vec![Box::new(written), mentions(theirs)]))
}
