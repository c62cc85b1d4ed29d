//! What a query means that names one thing and asks nothing else: an issue, or somebody.

use minutebook_ingest::references::of_url;
use serde::Serialize;

use super::language::{Group, Query, Term};
use super::{Scope, issues};
use crate::Snapshot;

/// The one thing that is meant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", content = "id", rename_all = "lowercase")]
pub enum Direct {
    /// By its target.
    Issue(String),
    /// Somebody, or a team.
    Person(String),
}

/// The issue (`#326`, `standards#1020`, its address on the forge) or person (`@mira`) that a query names; none
/// where it asks for more, and where several may be meant.
pub fn direct(snapshot: &Snapshot, scope: &Scope, query: &Query) -> Option<Direct> {
    let [Group(terms)] = query.groups.as_slice() else { return None };
    let [Term::Word(word)] = terms.as_slice() else { return None };
    if !query.excluded.is_empty() || !query.filters.is_empty() || query.sort.is_some() {
        return None;
    }
    if let Some(handle) = word.strip_prefix('@') {
        return snapshot.view(scope).people.find(handle).map(|p| Direct::Person(p.id.clone()));
    }
    if word.contains("://") {
        return of_address(snapshot, scope, word).map(Direct::Issue);
    }
    let number = word.rsplit_once(['#', '!']).map(|(_, number)| number)?;
    let is_number = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
    let issue = is_number.then(|| issues::find(snapshot, scope, word).ok())??;
    Some(Direct::Issue(issue.target))
}

fn of_address(snapshot: &Snapshot, scope: &Scope, url: &str) -> Option<String> {
    let target = of_url(url)?.target;
    let found = issues::exactly(snapshot, scope, &target)?;
    // Two forges may have an issue of one name.
    let host =
        |url: &str| url.split("://").nth(1)?.split('/').next().map(|h| h.trim_start_matches("www.").to_lowercase());
    let same = found.url.as_deref().is_none_or(|known| host(known) == host(url));
    same.then_some(found.target)
}
