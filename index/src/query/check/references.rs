//! Short references that neither their file nor the book gives a repository.

use std::collections::BTreeMap;

use minutebook_ingest::facts::{MeetingKind, Reference};

use super::source::Sources;
use super::{Finding, Scope};
use crate::Snapshot;
use crate::short_refs::{linked, usual};

/// The share of its links, in percent, that makes a repository worth naming for a series.
const SHARE: usize = 70;

/// A word that stands before a number without naming a repository: `PR#12`.
pub fn is_kind(name: &str) -> bool {
    const KINDS: [&str; 9] = ["pr", "prs", "mr", "mrs", "issue", "issues", "pull", "epic", "rfc"];
    KINDS.iter().any(|kind| name.eq_ignore_ascii_case(kind))
}

pub fn findings(snapshot: &Snapshot, scope: &Scope, sources: &mut Sources<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    let view = snapshot.view(scope);
    for (_, shard) in snapshot.shards(scope) {
        let links = shard.sessions(scope.as_of).flat_map(|s| &s.meeting.references).filter_map(linked);
        let usual = usual(links.map(|(repository, _)| repository), SHARE);
        for session in shard.sessions(scope.as_of).filter(|s| s.meeting.kind == MeetingKind::Meeting) {
            let m = session.meeting;
            let mut told: Vec<&str> = Vec::new();
            let mut by_line: BTreeMap<u32, Vec<&Reference>> = BTreeMap::new();
            for r in m.references.iter().filter(|r| r.target.starts_with('#')) {
                if told.contains(&r.target.as_str())
                    || !view.target(m, r).starts_with('#')
                    || counts_something(r, sources.line(&m.path, r.line).unwrap_or_default())
                {
                    continue;
                }
                told.push(&r.target);
                by_line.entry(r.line).or_default().push(r);
            }
            for (line, all) in by_line {
                let names: Vec<&str> = all.iter().map(|r| r.as_written.as_str()).collect();
                let message = format!("the repository of {} is not known", names.join(", "));
                let finding = Finding::new("unresolved-reference", m, line, message);
                found.extend(finding.map(|f| Finding { help: help(all[0], usual), ..f.about(names[0]) }));
            }
        }
    }
    found
}

/// "#4", "Hackathon#6" and "RFC #12" count things more often than they name an issue.
fn counts_something(r: &Reference, line: &str) -> bool {
    let digits = r.target.len() - 1;
    // `docs#4` and "PR #4" name one all the same.
    let named = r.as_written.split_once('#').is_none_or(|(name, _)| {
        let name = name.trim();
        name.starts_with(char::is_lowercase) || is_kind(name)
    });
    let before = line.find(&r.as_written).map_or("", |at| line[..at].trim_end());
    let word = before.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default().to_lowercase();
    let other =
        matches!(word.as_str(), "rfc" | "rfcs" | "cve" | "cep" | "hackathon" | "sprint" | "meeting" | "call" | "bug");
    (digits == 1 && !named) || other
}

fn help(r: &Reference, usual: Option<&str>) -> String {
    let number = &r.target;
    let name = r.as_written.split_once('#').map(|(name, _)| name.trim_end_matches('/').trim());
    let name = name.filter(|name| !name.is_empty() && !is_kind(name));
    match (name, usual) {
        (Some(name), _) => format!(
            "write `owner/{name}{number}`, link it, or say `{name} = \"owner/repository\"` under [references.short] in minutebook.toml"
        ),
        (None, Some(repository)) => {
            format!("write `{repository}{number}` if that is meant: most links of this series go there")
        }
        (None, None) => format!("write `owner/repository{number}`, or link it"),
    }
}
