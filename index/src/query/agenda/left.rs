//! What the last meetings left open: topics that were put off, issues that are not settled, decisions that were
//! made for a while.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::Date;
use minutebook_ingest::Conventions;
use minutebook_ingest::facts::{ActionState, Meeting, Reference};
use minutebook_ingest::statement::{bare, contains_word, shortened};

use super::{AgendaItem, ItemKind, Place, QUOTE};
use crate::Snapshot;
use crate::query::Scope;
use crate::query::decisions::{self, DecisionView, StandingView};
use crate::tracked::Headings;

/// Topics put off in so many of the last meetings are looked at.
const PUT_OFF: usize = 2;
/// Issues are looked for in so many of the last meetings, and come up in so many of them.
const LOOK_BACK: usize = 4;
const COME_UP: usize = 2;
/// Issues on the agenda by themselves; the rest is a line.
const ISSUES: usize = 5;
/// Topics on the agenda by themselves; the rest is a line.
const TOPICS: usize = 5;

/// Topics that were put off and have not come up since.
pub fn topics(snapshot: &Snapshot, held: &[&Meeting]) -> Vec<AgendaItem> {
    let recent = &held[held.len().saturating_sub(PUT_OFF)..];
    let mut out = Vec::new();
    for (n, m) in recent.iter().enumerate() {
        let came_up = |topic: &str| {
            let topic = bare(topic);
            recent[n + 1..].iter().flat_map(|later| &later.topics).any(|t| bare(&t.title) == topic)
        };
        for p in m.postponed.iter().filter(|p| !came_up(&p.topic)) {
            let said = if p.text == p.topic { String::new() } else { format!(": “{}”", shortened(&p.text, QUOTE)) };
            out.push(AgendaItem {
                evidence: vec![Place { path: m.path.clone(), line: p.line }],
                permalink: snapshot.permalink(&m.path, p.line, p.line),
                ..AgendaItem::new(
                    ItemKind::Topic,
                    &shortened(&p.topic, QUOTE),
                    vec![format!("put off in {}{said}", on(m))],
                )
            });
        }
    }
    short(out, TOPICS, ItemKind::Topic, "topic", "were put off lately")
}

/// Issues that came up in several of the last meetings and were not settled there; those of `pending` actions
/// stand there already.
pub fn issues(
    snapshot: &Snapshot,
    conventions: &Conventions,
    target: impl Fn(&Meeting, &Reference) -> String,
    held: &[&Meeting],
    pending: &[AgendaItem],
) -> Vec<AgendaItem> {
    struct Life<'a> {
        meetings: usize,
        last: (&'a Meeting, &'a Reference),
        written: String,
        places: Vec<Place>,
    }
    let recent = &held[held.len().saturating_sub(LOOK_BACK)..];
    let Some(last) = recent.last() else { return Vec::new() };
    let mut lives: BTreeMap<String, Life<'_>> = BTreeMap::new();
    for m in recent {
        for r in &m.references {
            let written = target(m, r);
            if written.starts_with('#') {
                continue;
            }
            let place = Place { path: m.path.clone(), line: r.line };
            let fresh = || Life { meetings: 0, last: (m, r), written: written.clone(), places: Vec::new() };
            let life = lives.entry(written.to_lowercase()).or_insert_with(fresh);
            if life.meetings == 0 || life.last.0.id != m.id {
                life.meetings += 1;
            }
            life.last = (m, r);
            life.places.push(place);
        }
    }
    let headings = Headings::of(last, conventions);
    let open = |life: &Life<'_>| headings.state_at(life.last.1.line, &life.last.1.text) == ActionState::Open;
    let is_pending = |issue: &str| pending.iter().flat_map(|i| &i.references).any(|r| r.eq_ignore_ascii_case(issue));
    let mut found: Vec<Life<'_>> = lives
        .into_iter()
        .filter(|(issue, life)| life.last.0.id == last.id && open(life) && !is_pending(issue))
        .map(|(_, life)| life)
        .collect();
    found.sort_by(|a, b| (b.meetings, a.last.1.line).cmp(&(a.meetings, b.last.1.line)));
    let items = found.into_iter().map(|life| {
        let (m, r) = life.last;
        let times = match life.meetings {
            1 => format!("spoken of in {}", on(m)),
            n => format!("spoken of in {n} of the last {} meetings", recent.len()),
        };
        let title = shortened(said(m, r), QUOTE);
        let is_told = title.is_empty() || life.written.starts_with(&*title);
        let text = if is_told { life.written.clone() } else { format!("{}: {title}", life.written) };
        let item = AgendaItem {
            references: vec![life.written.clone()],
            permalink: snapshot.permalink(&m.path, r.line, r.line),
            evidence: life.places,
            ..AgendaItem::new(ItemKind::Issue, &text, vec![format!("{times}, and not settled there")])
        };
        (life.meetings, item)
    });
    let (often, once): (Vec<_>, Vec<_>) = items.partition(|(meetings, _)| *meetings >= COME_UP);
    let shown = often.len().min(ISSUES);
    let all = often.into_iter().chain(once).map(|(_, item)| item).collect();
    short(all, shown, ItemKind::Issue, "issue", "were spoken of in the last meeting and are not settled there")
}

/// What is said of an issue: its line, or the heading over it where the line is a mere link.
fn said<'a>(m: &'a Meeting, r: &'a Reference) -> &'a str {
    let text = r.text.trim();
    let word = |w: &&str| !w.contains(['/', '#']) && w.chars().any(char::is_alphabetic);
    if text.split_whitespace().filter(word).count() >= 2 {
        return text;
    }
    m.topic_over(r.line).map_or(text, |t| t.title.as_str())
}

/// The first of some items, and the rest in a line; a rest of one stands for itself.
fn short(mut items: Vec<AgendaItem>, most: usize, kind: ItemKind, what: &str, why: &str) -> Vec<AgendaItem> {
    let rest = items.split_off(items.len().min(most));
    let Some(first) = rest.first() else { return items };
    if rest.len() == 1 {
        items.extend(rest);
        return items;
    }
    let (more, reason) = match items.is_empty() {
        true => ("", "none of them for long"),
        false => ("more ", "less pressing than what stands above"),
    };
    items.push(AgendaItem {
        references: rest.iter().flat_map(|i| &i.references).cloned().collect(),
        permalink: first.permalink.clone(),
        evidence: rest.iter().flat_map(|i| &i.evidence).cloned().collect(),
        ..AgendaItem::new(kind, &format!("{} {more}{what}s {why}", rest.len()), vec![reason.to_owned()])
    });
    items
}

/// Words of a decision that was made for a while.
const FOR_A_WHILE: [&str; 12] = [
    "for now",
    "for the time being",
    "temporarily",
    "temporary",
    "interim",
    "preliminary",
    "revisit",
    "re-evaluate",
    "reevaluate",
    "vorerst",
    "vorläufig",
    "bis auf weiteres",
];
/// Days after which such a decision is brought up again.
const REVISIT: [i64; 4] = [90, 180, 365, 730];

/// Decisions made for a while, on the agenda of the meeting that is the first after three months, half a year, a
/// year, two; and those that were questioned since the last meeting. What was undone or revised needs no question.
pub fn decisions(
    snapshot: &Snapshot,
    scope: &Scope,
    name: &str,
    last: Option<Date>,
    next: Option<Date>,
) -> Vec<AgendaItem> {
    let Some(last) = last else { return Vec::new() };
    let asked = decisions::Filter { series: Some(name.to_owned()), ..Default::default() };
    let mut out = Vec::new();
    for d in decisions::decisions(snapshot, scope, &asked) {
        if d.series != name || matches!(d.standing, StandingView::Reversed | StandingView::Revised) {
            continue;
        }
        let Some(reason) = questioned(&d, last).or_else(|| revisited(&d, last, next?)) else { continue };
        out.push(AgendaItem {
            id: d.id,
            references: d.references,
            evidence: vec![Place { path: d.path, line: d.line }],
            permalink: d.permalink,
            ..AgendaItem::new(ItemKind::Decision, &d.text, vec![reason])
        });
    }
    out
}

/// It was questioned in the last meeting, or since.
fn questioned(d: &DecisionView, last: Date) -> Option<String> {
    let by = d.judged.as_ref().filter(|by| by.relation == "questioned" && by.date.is_some_and(|day| day >= last))?;
    Some(format!("questioned in {} on {}: “{}”", by.series, by.date?, shortened(&by.text, QUOTE)))
}

/// It was made for a while, and the time to ask again lies between two meetings.
fn revisited(d: &DecisionView, last: Date, next: Date) -> Option<String> {
    let day = d.date?;
    let is_due = |days: &&i64| day.checked_add(days.days()).is_ok_and(|due| last < due && due <= next);
    let days = REVISIT.iter().rev().find(is_due)?;
    let low = d.text.to_lowercase();
    let words = FOR_A_WHILE.into_iter().find(|words| contains_word(&low, words))?;
    Some(format!("decided “{words}” on {day}, {} months ago: does it still hold?", days / 30))
}

fn on(m: &Meeting) -> String {
    m.date.map_or_else(|| m.path.clone(), |d| d.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_left_over_stands_for_itself() {
        let told = |texts: &[&str], most: usize| {
            let items = texts.iter().map(|text| AgendaItem::new(ItemKind::Issue, text, Vec::new())).collect();
            let items = short(items, most, ItemKind::Issue, "issue", "were spoken of");
            items.into_iter().map(|item| item.text).collect::<Vec<_>>()
        };
        assert_eq!(told(&["tide#1", "tide#2"], 1), ["tide#1", "tide#2"]);
        assert_eq!(told(&["tide#1", "tide#2", "tide#3"], 1), ["tide#1", "2 more issues were spoken of"]);
        assert_eq!(told(&["tide#1", "tide#2"], 0), ["2 issues were spoken of"]);
        assert!(told(&[], 3).is_empty());
    }
}
