//! Chores of the meeting: who takes the minutes, who reports elsewhere, who chairs.

use std::collections::HashSet;

use crate::conventions::Conventions;
use crate::facts::{Participant, Role, RoleKind};
use crate::hints::{Hint, Hints};
use crate::outline::{BlockKind, Outline};
use crate::owners::{self, Known};
use crate::statement::{Section, bare, find_mark, labelled, statements};
use crate::wordlist::{Title, Titled};

/// The chores that `blocks` name.
pub fn roles(
    outline: &Outline,
    sections: &[Section],
    hints: &[Hints],
    blocks: std::ops::Range<usize>,
    conventions: &Conventions,
    known: &Known,
) -> Vec<Role> {
    let mut found: Vec<Role> = Vec::new();
    let mut seen: HashSet<(RoleKind, Vec<String>)> = HashSet::new();
    let front = if blocks.start == 0 { outline.front_entries() } else { Vec::new() };
    for entry in front {
        // "host" and "lead" may be a place or a rank.
        let odd = ["host", "lead"].iter().any(|key| entry.key.eq_ignore_ascii_case(key));
        let kinds = if odd { Vec::new() } else { kinds(entry.key, conventions) };
        for (line, value) in entry.values.iter().filter(|_| !kinds.is_empty()) {
            let people = listed(value, known, 6);
            let roles = kinds.iter().map(|&role| Role { role, people: people.clone(), line: *line });
            found.extend(roles.filter(|r| !r.people.is_empty() && seen.insert((r.role, r.people.clone()))));
        }
    }
    for at in blocks {
        let block = &outline.blocks[at];
        // "| Note taker | Mira |"
        if let BlockKind::Row { header: false, cells } = &block.kind
            && let [chore, who] = cells.as_slice()
            && hints[at].has(Hint::Chore)
        {
            let label = chore.plain.trim().trim_end_matches(':');
            let people = listed(&who.plain, known, 6);
            let someone = people.iter().all(|name| known.has(name) || name.contains(' ') || who.plain.contains('@'));
            let fits = label.len() <= 30 && !people.is_empty() && someone;
            let kinds = if fits { kinds(label, conventions) } else { Vec::new() };
            found.extend(kinds.into_iter().map(|role| Role { role, people: people.clone(), line: block.line }));
            continue;
        }
        if matches!(block.kind, BlockKind::Fence | BlockKind::Rule | BlockKind::Row { .. }) {
            continue;
        }
        let (chore, chair) = (hints[at].has(Hint::Chore), hints[at].has(Hint::Chairs));
        if !chore && !chair && !matches!(sections[at], Section::Roles(_)) {
            continue;
        }
        // A question whose answer stands on the next line.
        let mut asked: Vec<RoleKind> = Vec::new();
        for statement in statements(at, block, |line| line.starts_with('@')) {
            let words = statement.words();
            if words.len() > 300 {
                continue;
            }
            let struck = |name: &str| {
                let start = statement.range.start + words.rfind(name).unwrap_or(0);
                block.text.is_struck(start..start + name.len())
            };
            let said = if chore { said(words, conventions, known) } else { None };
            // "Facilitator: Jo. Scribe: Mira. Timekeeper: Tim"
            let several = if chore { each_said(words, conventions, known) } else { Vec::new() };
            if several.len() > 1 {
                for (kinds, people) in several {
                    let roles =
                        kinds.into_iter().map(|role| Role { role, people: people.clone(), line: statement.line });
                    found.extend(roles.filter(|r| seen.insert((r.role, r.people.clone()))));
                }
                continue;
            }
            let is_heading = block.heading_level().is_some();
            let (kinds, mut people) = match (&sections[at], said) {
                (_, Some((kinds, people))) if people.is_empty() => {
                    asked = kinds;
                    continue;
                }
                (_, Some(said)) => said,
                (_, None) if !asked.is_empty() => (std::mem::take(&mut asked), listed(words, known, 6)),
                (Section::Roles(kinds), None) if !is_heading => (kinds.clone(), listed(words, known, 6)),
                _ => match chairs(words, conventions, known) {
                    Some(people) => (vec![RoleKind::Chair], people),
                    None => continue,
                },
            };
            people.retain(|p| !struck(p));
            for role in kinds.into_iter().filter(|_| !people.is_empty()) {
                if seen.insert((role, people.clone())) {
                    found.push(Role { role, people: people.clone(), line: statement.line });
                }
            }
        }
    }
    found
}

/// A label that names a chore only where somebody who is there stands behind it.
pub const NOTES: &str = "notes";

/// The chores of a line that has several labels.
fn each_said(words: &str, conventions: &Conventions, known: &Known) -> Vec<(Vec<RoleKind>, Vec<String>)> {
    if words.matches(": ").nth(1).is_none() {
        return Vec::new();
    }
    let parts = words.split([';', '|', '·', '•']).flat_map(|part| part.split(". ")).flat_map(|part| part.split("   "));
    let told = parts.filter_map(|part| said(part.trim(), conventions, known));
    told.filter(|(_, people)| !people.is_empty()).collect()
}

/// `Minutes: Mira`, `Report by @jo`, `Responsible for the minutes (writing and transfer): @jo`; people are
/// empty for a question or label whose answer stands elsewhere.
fn said(words: &str, conventions: &Conventions, known: &Known) -> Option<(Vec<RoleKind>, Vec<String>)> {
    let question = words.find('?').map(|at| (&words[..=at], &words[at + 1..]));
    let (label, rest) = match (question, labelled(words)) {
        (Some((label, rest)), _) if !label.contains('@') => (label, rest.trim_start_matches([' ', ':', '\n'])),
        (_, Some((label, rest))) if !label.contains('@') => (label, rest),
        _ => {
            // "Report by @jo", "Notes by Mira"
            let at = [" by ", " von "].iter().find_map(|by| find_mark(words, by).map(|at| (at, at + by.len())))?;
            (words[..at.0].trim(), &words[at.1..])
        }
    };
    let mut kinds = kinds(label, conventions);
    let notes = kinds.is_empty() && label.trim().eq_ignore_ascii_case(NOTES);
    if kinds.is_empty() && !notes {
        return None;
    }
    // "Notes: Mira" of somebody who is there, and nothing else
    let people = listed(rest, known, if notes { 0 } else { 8 });
    if notes {
        if people.is_empty() || !people.iter().all(|who| known.has(who)) {
            return None;
        }
        kinds.push(RoleKind::Minutes);
    }
    (!people.is_empty() || rest.trim().is_empty()).then_some((kinds, people))
}

/// "Mira Holt (chair)" on a list of people: the chores beside their names, which are no affiliations.
pub fn beside_names(people: &mut [Participant], conventions: &Conventions) -> Vec<Role> {
    let mut found = Vec::new();
    for person in people {
        let Some(beside) = person.affiliation.as_deref() else { continue };
        let lists = &conventions.roles;
        let named = |list: &[String]| list.iter().any(|chore| chore.eq_ignore_ascii_case(beside));
        let role = match () {
            // "Lead", "TSC Chair" say what somebody is in a team.
            () if beside.eq_ignore_ascii_case("lead") => None,
            () if named(&lists.minutes) => Some(RoleKind::Minutes),
            () if named(&lists.chair) || named(&lists.chairs) => Some(RoleKind::Chair),
            () => None,
        };
        let who = person.handle.clone().or_else(|| person.name.clone());
        if let (Some(role), Some(who)) = (role, who) {
            found.push(Role { role, people: vec![who], line: person.line });
            person.affiliation = None;
        }
    }
    found
}

/// The chores that a label, question or heading names.
pub fn kinds(label: &str, conventions: &Conventions) -> Vec<RoleKind> {
    let lists = conventions.lists();
    if label.is_ascii() && !lists.signs.of(label).has(Hint::Chore) {
        return Vec::new();
    }
    kinds_of(lists.titles.of(&bare(label)), label.trim_end().ends_with('?'))
}

/// The chores that the title of a label, heading or `question` names.
pub fn kinds_of(title: Titled, question: bool) -> Vec<RoleKind> {
    if title.tokens > 22 {
        return Vec::new();
    }
    [(RoleKind::Report, Title::Report), (RoleKind::Minutes, Title::Minutes), (RoleKind::Chair, Title::Chair)]
        .into_iter()
        .filter(|&(_, chore)| title.names(chore, question))
        .map(|(kind, _)| kind)
        .collect()
}

/// `@jo (moderating)`, `Thanks @jo for stepping up to run this meeting`, `Mira will facilitate the meeting`.
fn chairs(words: &str, conventions: &Conventions, known: &Known) -> Option<Vec<String>> {
    let phrase = conventions.lists().chairs.find(words)?;
    if words.split_whitespace().count() > 16 {
        return None;
    }
    let body = words.trim_start_matches(|c: char| !c.is_alphanumeric() && c != '@');
    let lead = ["Thanks to ", "Thanks ", "Thank you "].iter().find_map(|l| body.strip_prefix(l)).unwrap_or(body);
    let people = owners::people_at(lead, 0, known, true);
    (people.names.len() == 1 && phrase > 0).then_some(people.names)
}

/// The people of a chore: a short list of names and little else.
fn listed(words: &str, known: &Known, most: usize) -> Vec<String> {
    let words = words.trim().trim_start_matches(['-', '>', '=', ' ']);
    let people = owners::people_at(words, 0, known, true);
    let rest = &words[people.end..];
    let close = rest.trim_start().is_empty()
        || rest.trim_start().starts_with(['(', ',', ';', '.', '<', '|', '[', '=', '-', '\n']);
    if !people.names.is_empty() && (close || rest.split_whitespace().count() <= most) {
        return people.names;
    }
    if words.split_whitespace().count() <= most {
        return owners::handles(words);
    }
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hints::hints;
    use crate::statement::sections;

    fn check(source: &str, expected: &[&str]) {
        let conventions = Conventions::defaults();
        let outline = Outline::parse(source);
        let hints = hints(&outline, &conventions);
        let sections = sections(&outline, &hints, &conventions);
        let told: Vec<String> =
            roles(&outline, &sections, &hints, 0..outline.blocks.len(), &conventions, &Known::default())
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
