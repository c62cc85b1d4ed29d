//! Qualifiers as filters of the text index, and what the scope hides.

use std::collections::BTreeSet;

use jiff::civil::Date;
use tantivy::Term as TantivyTerm;
use tantivy::query::{BooleanQuery, ConstScoreQuery, Occur, Query as TantivyQuery, TermQuery, TermSetQuery};
use tantivy::schema::{Field, IndexRecordOption};

use super::matching::{Builder, Clause};
use crate::identity::folded;
use crate::query::language::Query;
use crate::query::{issues, ruled, series};
use crate::text;
use crate::threads::{State, Thread};

impl Builder<'_> {
    /// What a passage must have, by the qualifiers and by what the scope lets see.
    pub(super) fn filters(&self, query: &Query) -> Vec<Clause> {
        let f = &self.snapshot.fields;
        let filters = &query.filters;
        let mut clauses: Vec<Clause> = Vec::new();
        let mut any_of = |field: Field, values: Vec<String>| {
            let mut terms: Vec<TantivyTerm> = values.iter().map(|v| TantivyTerm::from_field_text(field, v)).collect();
            // Of many an automaton is made first.
            let any: Box<dyn TantivyQuery> = match terms.len() {
                1 => Box::new(TermQuery::new(terms.remove(0), IndexRecordOption::Basic)),
                _ => Box::new(TermSetQuery::new(terms)),
            };
            clauses.push((Occur::Must, Box::new(ConstScoreQuery::new(any, 0.0))));
        };
        if !filters.series.is_empty() {
            let names =
                filters.series.iter().map(|s| series::find(self.snapshot, self.scope, s).unwrap_or_else(|_| s.clone()));
            any_of(f.series, names.collect());
        }
        if let Some(series) = &self.scope.series {
            any_of(f.series, series.iter().cloned().collect());
        }
        if !filters.kind.is_empty() {
            any_of(f.kind, filters.kind.iter().map(|k| (*k).to_owned()).collect());
        }
        for (field, people) in [(f.person, &filters.person), (f.by, &filters.by)] {
            if !people.is_empty() {
                any_of(field, people.iter().flat_map(|p| self.spellings(p)).collect());
            }
        }
        if !filters.reference.is_empty() {
            any_of(f.reference, filters.reference.iter().flat_map(|r| self.targets(r)).collect());
        }
        if !filters.label.is_empty() {
            any_of(f.label, filters.label.clone());
        }
        if !filters.state.is_empty() {
            let states: BTreeSet<State> = filters.state.iter().copied().collect();
            let mut places: Vec<String> = Vec::new();
            for (series, threads) in &self.view.threads {
                let state = |t: &Thread| self.view.standing(self.snapshot, self.scope, series, t).state;
                let wanted = |t: &&Thread| states.contains(&state(t));
                let mentions = threads.iter().filter(wanted).flat_map(|t| &t.mentions);
                places.extend(mentions.map(|m| format!("{}:{}", m.path, m.line)));
            }
            any_of(f.fact, places);
        }
        if !filters.owner.is_empty() {
            let spelt = filters.owner.iter().flat_map(|p| self.spellings(p));
            let terms: Vec<TantivyTerm> = spelt.map(|v| TantivyTerm::from_field_text(f.owner, &v)).collect();
            let written = Box::new(ConstScoreQuery::new(Box::new(TermSetQuery::new(terms)), 0.0));
            clauses.push((Occur::Must, ruled::owned(f, self.view, written, &filters.owner)));
        }
        // What is no action is still text, and found as such.
        if filters.kind.contains(&"action")
            && let Some(aside) = ruled::set_aside(f, self.view)
        {
            clauses.push((Occur::MustNot, aside));
        }
        let within = |from: Option<Date>, to: Option<Date>| -> Box<dyn TantivyQuery> {
            Box::new(ConstScoreQuery::new(Box::new(text::within(f, from, to)), 0.0))
        };
        let to = [filters.to, self.scope.as_of].into_iter().flatten().min();
        if filters.from.is_some() || to.is_some() {
            clauses.push((Occur::Must, within(filters.from, to)));
        }
        if !filters.on.is_empty() {
            let any = filters.on.iter().map(|&(first, last)| within(Some(first), Some(last))).collect();
            // Several may hold one day, which must not count for more.
            clauses.push((Occur::Must, Box::new(ConstScoreQuery::new(Box::new(BooleanQuery::union(any)), 0.0))));
        }
        clauses
    }

    /// All spellings of the person that a qualifier means.
    fn spellings(&self, wanted: &str) -> Vec<String> {
        match self.view.people.find(wanted) {
            Some(person) => person.aliases.keys().map(|a| folded(a)).chain([folded(&person.id)]).collect(),
            None => vec![folded(wanted)],
        }
    }

    /// The targets that a short reference may mean.
    fn targets(&self, wanted: &str) -> Vec<String> {
        let low = wanted.to_lowercase();
        let mut out = vec![low.clone()];
        if let Ok(issue) = issues::find(self.snapshot, self.scope, wanted) {
            out.push(issue.target.to_lowercase());
        }
        out
    }
}
