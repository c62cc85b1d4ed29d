//! Chores of the meeting: who takes the minutes, who reports elsewhere, who chairs.

use crate::conventions::Conventions;
use crate::facts::{Role, RoleKind};
use crate::outline::{BlockKind, Outline};
use crate::owners::{self, Known};
use crate::statement::{Section, bare, contains_word, labelled, statements};

/// The chores that `blocks` name.
pub fn roles(
    outline: &Outline,
    sections: &[Section],
    blocks: std::ops::Range<usize>,
    conventions: &Conventions,
    known: &Known,
) -> Vec<Role> {
    let mut found: Vec<Role> = Vec::new();
    for at in blocks {
        let block = &outline.blocks[at];
        if matches!(block.kind, BlockKind::Fence | BlockKind::Rule | BlockKind::Row { .. }) {
            continue;
        }
        for statement in statements(at, block, |_| false) {
            let words = statement.words();
            if words.len() > 300 {
                continue;
            }
            let said = said(words, conventions, known);
            let (kinds, people) = match (&sections[at], said) {
                (_, Some(said)) => said,
                (Section::Roles(kinds), None) => (kinds.clone(), listed(words, known)),
                _ => continue,
            };
            for role in kinds.into_iter().filter(|_| !people.is_empty()) {
                let role = Role { role, people: people.clone(), line: statement.line };
                if !found.iter().any(|r| r.role == role.role && r.people == role.people) {
                    found.push(role);
                }
            }
        }
    }
    found
}

/// `Minutes: Mira`, `Report by @jo`, `Responsible for the minutes (writing and transfer): @jo`.
fn said(words: &str, conventions: &Conventions, known: &Known) -> Option<(Vec<RoleKind>, Vec<String>)> {
    let (label, rest) = match labelled(words) {
        Some((label, rest)) if !label.contains('@') => (label, rest),
        _ => {
            // "Report by @jo", "Notes by Mira"
            let at = [" by ", " von "].iter().find_map(|by| words.find(by).map(|at| (at, at + by.len())))?;
            (words[..at.0].trim(), &words[at.1..])
        }
    };
    if label.split_whitespace().count() > 9 {
        return None;
    }
    let kinds = kinds(label, conventions);
    if kinds.is_empty() {
        return None;
    }
    let people = listed(rest, known);
    (!people.is_empty()).then_some((kinds, people))
}

/// The chores that a label names.
fn kinds(label: &str, conventions: &Conventions) -> Vec<RoleKind> {
    let bare = bare(label);
    let c = &conventions.roles;
    let names = |words: &[String]| {
        words.iter().any(|w| {
            if w.contains([' ', '-']) {
                contains_word(&bare, w)
            } else {
                bare == *w || (bare.split(' ').count() <= 4 && contains_word(&bare, w))
            }
        })
    };
    [(RoleKind::Report, &c.report), (RoleKind::Minutes, &c.minutes), (RoleKind::Chair, &c.chair)]
        .into_iter()
        .filter(|(_, words)| names(words))
        .map(|(kind, _)| kind)
        .collect()
}

/// The people of a chore: a short list of names and little else.
fn listed(words: &str, known: &Known) -> Vec<String> {
    let words = words.trim().trim_start_matches(['-', '>', '=', ' ']);
    let people = owners::people_at(words, 0, known, true);
    if !people.names.is_empty() {
        return people.names;
    }
    if !owners::handles(words).is_empty() && words.split_whitespace().count() <= 8 {
        return owners::handles(words);
    }
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statement::sections;

    fn check(source: &str, expected: &[&str]) {
        let conventions = Conventions::defaults();
        let outline = Outline::parse(source);
        let sections = sections(&outline, &conventions);
        let told: Vec<String> = roles(&outline, &sections, 0..outline.blocks.len(), &conventions, &Known::default())
            .into_iter()
            .map(|r| format!("{}:{:?} {}", r.line, r.role, r.people.join(",")))
            .collect();
        assert_eq!(told, expected);
    }

    #[test]
    fn labels_headings_and_by_lines() {
        check("## Community call and minutes transfer\n- @mira\n", &["2:Report mira", "2:Minutes mira"]);
        check(
            "- Report in community call: @jo\n- Responsible for the minutes: Mira\n",
            &["1:Report jo", "2:Minutes Mira"],
        );
        check("Host: Ada Lund\n\nReport by @jo\n", &["1:Chair Ada Lund", "3:Report jo"]);
        check("**Notetaker:** ___\n", &[]);
    }
}
