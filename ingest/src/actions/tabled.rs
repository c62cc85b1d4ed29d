//! Tables of actions: a column that says what, one that says who, perhaps by when and how it stands.

use super::outcome::unstruck;
use super::{Draft, clean};
use crate::conventions::States;
use crate::due::due;
use crate::facts::{ActionState, Due, Rule};
use crate::outline::{Block, Text};
use crate::owners::{self, Known};
use crate::state;
use crate::statement::{Section, bare};
use jiff::civil::Date;

/// Titles of the column of tasks that no other table has …
const TASKS: [&str; 12] = [
    "action",
    "actions",
    "action item",
    "action items",
    "task",
    "tasks",
    "todo",
    "to do",
    "to-do",
    "aufgabe",
    "aufgaben",
    "next step",
];
/// … and those that only a table of actions has beside an owner.
const WHATS: [&str; 12] = [
    "quoi",
    "wat",
    "what",
    "item",
    "description",
    "details",
    "was",
    "beschreibung",
    "thema",
    "topic",
    "next steps",
    "issue",
];
/// Titles of the column of owners.
const OWNERS: [&str; 21] = [
    "qui",
    "owner",
    "owners",
    "action owner",
    "who",
    "assignee",
    "assignees",
    "assigned",
    "assigned to",
    "responsible",
    "dri",
    "lead",
    "person",
    "by whom",
    "name",
    "wer",
    "verantwortlich",
    "verantwortlicher",
    "zuständig",
    "owner/lead",
    "driver",
];
/// Titles of the column of deadlines.
const DEADLINES: [&str; 21] = [
    "until",
    "till",
    "by date",
    "bis spätestens",
    "quand",
    "wanneer",
    "due",
    "due date",
    "due by",
    "deadline",
    "by when",
    "by",
    "when",
    "eta",
    "target date",
    "target",
    "bis",
    "bis wann",
    "frist",
    "termin",
    "fällig",
];
/// Titles of the column that tells how they stand.
const STATUS: [&str; 8] = ["status", "state", "progress", "done", "done?", "stand", "erledigt", "complete"];

/// Which column of a table holds what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Columns {
    what: usize,
    who: Option<usize>,
    deadline: Option<usize>,
    status: Option<usize>,
    /// Among columns of other things only what names somebody is a task.
    named: bool,
}

/// What a row says of its action in columns of their own.
#[derive(Default)]
pub(super) struct Told {
    pub(super) due: Option<Due>,
    /// With the words of the cell that says so.
    pub(super) state: Option<(ActionState, String)>,
}

/// The columns of a table with this head, if it is one of actions.
pub(super) fn columns(head: &[Text], section: &Section) -> Option<Columns> {
    if matches!(section, Section::People { .. } | Section::Roles(_)) {
        return None;
    }
    let titles: Vec<String> = head.iter().map(|cell| bare(&cell.plain)).collect();
    let column = |names: &[&str]| titles.iter().position(|title| names.contains(&title.as_str()));
    let listed = matches!(section, Section::Actions { .. });
    let (task, who, deadline) = (column(&TASKS), column(&OWNERS), column(&DEADLINES));
    let status = column(&STATUS);
    let beside = who.is_some() && (listed || deadline.is_some());
    // "Topic | Discussion | Action"
    let named = !listed && who.is_none() && titles.len() >= 3;
    // "Topic | Decision | Owner" tells what was settled, and not what is to be done.
    let settles =
        titles.iter().any(|title| ["decision", "decisions", "discussion", "beschluss"].contains(&title.as_str()));
    let beside = beside && !settles;
    let what = task.filter(|_| listed || who.is_some() || named).or_else(|| column(&WHATS).filter(|_| beside))?;
    Some(Columns { what, who, deadline, status, named })
}

/// The action of a row.
pub(super) fn task(
    block: &Block,
    cells: &[Text],
    columns: Columns,
    known: &Known,
    states: &States,
    day: Option<Date>,
) -> Option<(Draft, Told)> {
    let cell = |at: usize| cells.get(at).map_or("", |cell| cell.plain.trim());
    let mut owners = columns.who.map_or_else(Vec::new, |at| whose(cell(at), known));
    let mut text = clean(cell(columns.what));
    if owners.is_empty() {
        // "Mira: ask the office"
        let people = owners::people_at(&text, 0, known, false);
        let behind = text[people.end..].trim_start();
        if !people.names.is_empty() && (behind.starts_with(':') || behind.starts_with("to ")) {
            (owners, text) = (people.names, clean(behind));
        }
    }
    if !text.chars().any(char::is_alphabetic) || (columns.named && owners.is_empty()) {
        return None;
    }
    let deadline = columns.deadline.and_then(|at| cells.get(at)).map(|cell| unstruck(cell, cell.plain.trim()));
    let deadline = deadline.filter(|words| words.chars().any(char::is_alphanumeric));
    // "2026-03-01" says less than "by 2026-03-01" to who does not know the column.
    let due = deadline.and_then(|words| {
        let found = due(&words, day).or_else(|| due(&format!("by {words}"), day))?;
        Some(Due { text: words.into_owned(), ..found })
    });
    let state = columns.status.map(cell).and_then(|words| Some((status(words, states)?, words.to_owned())));
    Some((Draft { owners, text, line: block.line, rule: Rule::Heading }, Told { due, state }))
}

/// The state that a cell tells.
fn status(words: &str, states: &States) -> Option<ActionState> {
    let ticks = ["x", "X", "[x]", "[X]", "yes", "ja"];
    if ticks.contains(&words) {
        return Some(ActionState::Done);
    }
    state::of_note(words, states).or_else(|| state::of_task(words, states))
}

/// The people of a cell: "@mira, Jo", "Mira / Jo Lind", "the press team"; none for "?", "TBD", "-".
fn whose(cell: &str, known: &Known) -> Vec<String> {
    let words = cell.trim_matches(|c: char| !c.is_alphanumeric() && c != '@');
    let nobody = ["tbd", "tbc", "n/a", "none", "unassigned", "open", "?", "offen", "niemand", "keiner"];
    if words.is_empty() || nobody.iter().any(|n| words.eq_ignore_ascii_case(n)) {
        return Vec::new();
    }
    let people = owners::people_at(cell, 0, known, false);
    if !people.names.is_empty() && !cell[people.end..].chars().any(char::is_alphanumeric) {
        return people.names;
    }
    let one = |part: &str| {
        let part = part.trim_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '.' | ')'));
        (!part.is_empty() && part.split_whitespace().count() <= 3 && part.chars().any(char::is_alphabetic))
            .then(|| part.to_owned())
    };
    let parts = words
        .split([',', '/', '&', ';', '+', '\n'])
        .flat_map(|part| part.split(" and "))
        .flat_map(|p| p.split(" und "));
    parts.filter_map(one).collect()
}
