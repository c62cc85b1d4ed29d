//! Which convention found a fact, or why none did.
//!
//! [`Extractor::explain`] runs the extraction itself and listens to what its rules tell ([`crate::reasons`]); no
//! rule stands here a second time. Which word of a list did it is found by asking the same rule again with that
//! word alone.

use std::collections::HashMap;
use std::ops::RangeInclusive;

use serde::Serialize;

use crate::actions::{Context, Noted};
use crate::commitments::opens_with_arrow;
use crate::conventions::{Conventions, States};
use crate::decode::unix_lines;
use crate::facts::{ActionState, Attendance, Due, Meeting, Role};
use crate::hints::every_hint;
use crate::meeting::{Extractor, clean_title};
use crate::outline::{Block, BlockKind, Outline};
use crate::reasons::{Convention, Note, Place, Reason, Reasons, Told};
use crate::roles;
use crate::state;
use crate::statement::{
    Section, bare, contains_word, find_word, labelled, lower, one_line, placed, section_of, statements,
};

/// A statement of the minutes, with what was found in it and why.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Explained {
    /// The file.
    pub path: String,
    /// First line.
    pub line: u32,
    /// Last line.
    pub end_line: u32,
    /// As it is written.
    pub text: String,
    /// heading, item, numbered item, row, paragraph, code, HTML, front matter, rule, blank.
    pub block: String,
    /// The headings over it, outermost first.
    pub headings: Vec<String>,
    /// The item that it stands in.
    pub under: Option<Over>,
    /// The section that it stands in, and what made it so; none where it is nothing special.
    pub section: Option<InSection>,
    /// Actions, above which it is a note or detail.
    pub part_of: Vec<Over>,
    /// What was found.
    pub facts: Vec<Fact>,
    /// Why no action or decision was, by convention; empty where one was.
    pub refused: Vec<Refused>,
}

/// A line above another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Over {
    /// Where.
    pub line: u32,
    /// Its words.
    pub text: String,
}

/// The section that a statement stands in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InSection {
    /// participants, absent, chores, actions, carried actions, decisions.
    pub name: &'static str,
    /// The line of the heading or label that opened it.
    pub line: Option<u32>,
    /// That heading or label.
    pub heading: Option<String>,
    /// The word of the conventions that it holds.
    pub words: Option<String>,
    /// The list of minutebook.toml that has the word.
    pub list: Option<&'static str>,
}

/// A fact, and why it is one.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Fact {
    /// action, decision, participant, role, topic, reference, handoff, date.
    pub kind: &'static str,
    /// What was found.
    pub text: String,
    /// The convention that found it: a heading of `CONVENTIONS.md`.
    pub convention: &'static str,
    /// The lists of minutebook.toml that change that convention; none where it is a pattern in code.
    pub lists: &'static [&'static str],
    /// The very words.
    pub words: Option<String>,
    /// Owners of an action, doers of a chore.
    pub owners: Vec<String>,
    /// Of an action.
    pub state: Option<ActionState>,
    /// Of an action.
    pub due: Option<Due>,
    /// Of an action: it comes from an earlier meeting.
    pub carried: bool,
    /// Whether it is marked, for actions and decisions.
    pub explicit: Option<bool>,
    /// More, a sentence each.
    pub why: Vec<String>,
}

/// A convention that did not apply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Refused {
    /// Its heading in `CONVENTIONS.md`.
    pub convention: &'static str,
    /// The lists of minutebook.toml that change it.
    pub lists: &'static [&'static str],
    /// Why not.
    pub why: String,
    /// Whether something in the statement looked like it; else nothing did.
    pub close: bool,
}

/// The lines that were asked for are not there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no line {line}; {path} has {lines} lines")]
pub struct PastTheEnd {
    /// The file.
    pub path: String,
    /// The line.
    pub line: u32,
    /// How many there are.
    pub lines: u32,
}

/// The lines of `12` or `12-20`; none for what is neither, or runs backwards.
///
/// ```
/// use minutebook_ingest::explain::line_range;
/// assert_eq!(line_range("12"), Some(12..=12));
/// assert_eq!(line_range("12-20"), Some(12..=20));
/// assert_eq!(line_range("20-12"), None);
/// ```
pub fn line_range(text: &str) -> Option<RangeInclusive<u32>> {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let (first, last) = (first.parse().ok()?, last.parse().ok()?);
    (first <= last).then_some(first..=last)
}

impl Extractor {
    /// Explains the statements on some lines of a file; all of them without `lines`.
    ///
    /// # Errors
    /// When the file has fewer lines.
    ///
    /// ```
    /// use minutebook_ingest::{Conventions, Extractor};
    /// let extractor = Extractor::new(Conventions::defaults());
    /// let all = extractor.explain("# 2026-01-13\n- AI @mira: ask\n", "20260113.md", "x", Some(2..=2)).unwrap();
    /// assert_eq!((all[0].facts[0].kind, all[0].facts[0].convention), ("action", "Markers"));
    /// ```
    pub fn explain(
        &self,
        source: &str,
        path: &str,
        series: &str,
        lines: Option<RangeInclusive<u32>>,
    ) -> Result<Vec<Explained>, PastTheEnd> {
        let told = Told::default();
        let meetings = self.told(source, path, series, Reasons::to(&told));
        let source = &*unix_lines(source.strip_prefix('\u{feff}').unwrap_or(source));
        let outline = Outline::parse(source);
        let written: Vec<&str> = source.lines().collect();
        let count = u32::try_from(written.len()).unwrap_or(u32::MAX);
        let all = lines.is_none();
        let lines = lines.unwrap_or(1..=count);
        if *lines.end() > count || *lines.start() == 0 {
            let line = if *lines.start() == 0 || *lines.start() > count { *lines.start() } else { *lines.end() };
            return Err(PastTheEnd { path: path.to_owned(), line, lines: count });
        }
        let days = told.days();
        let mut found: HashMap<(bool, u32), Vec<(String, Reason)>> = HashMap::new();
        let mut refusals: HashMap<usize, Vec<(Place, Convention, String)>> = HashMap::new();
        for (place, note) in told.notes() {
            match note {
                Note::Found { is_action, line, text, reason } => {
                    // Where it is no decision after all, it is an action.
                    if !is_action {
                        let taken = (place, reason.convention, "it is an action already".to_owned());
                        refusals.entry(place.block).or_default().push(taken);
                    }
                    found.entry((is_action, line)).or_default().push((text, reason));
                }
                Note::Refused { convention, why } => {
                    refusals.entry(place.block).or_default().push((place, convention, why));
                }
            }
        }
        refusals.values_mut().for_each(|all| all.sort_by_key(|(place, ..)| place.line));
        let file = File {
            path,
            written,
            sections: placed(&outline, &every_hint(&outline), &self.conventions),
            outline,
            meetings,
            days,
            found,
            refusals,
            conventions: &self.conventions,
        };
        let mut out = Vec::new();
        // Of several lines the blank ones say nothing.
        let one = lines.start() == lines.end();
        let told = |line: u32| {
            let blank = file.written.get(line as usize - 1).is_none_or(|text| text.trim().is_empty());
            // An empty item may be what a marker under it hangs on.
            lines.contains(&line) && (!file.facts_between(line).is_empty() || (!all && (one || !blank)))
        };
        let mut covered = 0;
        for (place, text) in file.places(self) {
            let gap_from = (covered + 1).max(*lines.start());
            for line in (gap_from..place.line).filter(|l| told(*l)) {
                out.push(file.between(line));
            }
            covered = covered.max(place.last_line);
            if place.line <= *lines.end() && place.last_line >= *lines.start() {
                out.push(file.statement(place, &text));
            }
        }
        for line in ((covered + 1).max(*lines.start())..=*lines.end()).filter(|l| told(*l)) {
            out.push(file.between(line));
        }
        Ok(out)
    }
}

/// A file with what was found and told.
struct File<'a> {
    path: &'a str,
    written: Vec<&'a str>,
    outline: Outline,
    sections: Vec<(Section, Option<usize>)>,
    meetings: Vec<Meeting>,
    days: Vec<u32>,
    /// By line: text and reason of each action (`true`) or decision that was told of.
    found: HashMap<(bool, u32), Vec<(String, Reason)>>,
    /// By block: what did not apply, and why.
    refusals: HashMap<usize, Vec<(Place, Convention, String)>>,
    conventions: &'a Conventions,
}

impl File<'_> {
    /// The statements of the file, as the search for actions cuts them, and rows of code.
    fn places(&self, extractor: &Extractor) -> Vec<(Place, String)> {
        let mut out: Vec<(Place, String)> = Vec::new();
        let opens = |line: &str| extractor.markers().opens(line) || opens_with_arrow(line);
        for (at, block) in self.outline.blocks.iter().enumerate() {
            if matches!(block.kind, BlockKind::Fence | BlockKind::Rule) {
                let last_line = block.end_line.max(block.last_line);
                out.push((Place { block: at, line: block.line, last_line }, String::new()));
                continue;
            }
            for s in statements(at, block, opens) {
                let place = Place { block: at, line: s.line, last_line: s.last_line() };
                out.push((place, s.words().to_owned()));
            }
        }
        out.sort_by_key(|(place, _)| (place.line, place.block));
        out
    }

    /// A line that holds no statement.
    fn between(&self, line: u32) -> Explained {
        let text = self.written.get(line as usize - 1).copied().unwrap_or_default();
        let front = self.outline.front_matter.as_ref().map_or(0, |f| f.lines().count() + 2);
        let block = match () {
            () if (line as usize) <= front => "front matter",
            () if text.trim().is_empty() => "blank",
            () => "markup",
        };
        Explained {
            path: self.path.to_owned(),
            line,
            end_line: line,
            text: text.to_owned(),
            block: block.to_owned(),
            headings: Vec::new(),
            under: None,
            section: None,
            part_of: Vec::new(),
            facts: self.facts_between(line),
            refused: Vec::new(),
        }
    }

    /// The facts on a line that holds no statement: a day in the front matter, a link in a comment.
    fn facts_between(&self, line: u32) -> Vec<Fact> {
        let block = self.outline.blocks.partition_point(|b| b.line <= line).saturating_sub(1);
        let mut facts = Vec::new();
        for m in self.meetings.iter().filter(|_| block < self.outline.blocks.len()) {
            let place = Place { block, line, last_line: line };
            self.facts(m, place, "", &mut facts);
        }
        if facts.is_empty() && self.days.contains(&line) { self.day(line) } else { facts }
    }

    fn statement(&self, place: Place, words: &str) -> Explained {
        let block = &self.outline.blocks[place.block];
        let (line, end_line) = (place.line, place.last_line);
        let shown = |b: &Block, line: u32| Over { line, text: one_line(b.text.head()) };
        let mut headings: Vec<String> = self
            .outline
            .headings_above(place.block)
            .map(|(_, h)| clean_title(&h.text.plain))
            .filter(|h| !h.is_empty())
            .collect();
        headings.reverse();
        let part_of = self
            .meetings
            .iter()
            .flat_map(|m| m.actions[..m.actions.partition_point(|a| a.line < line)].iter().rev().take(MOST_ABOVE))
            .filter(|a| a.end_line >= end_line)
            .map(|a| Over { line: a.line, text: a.text.clone() })
            .collect();
        let mut facts = Vec::new();
        for m in &self.meetings {
            self.facts(m, place, words, &mut facts);
        }
        let code = matches!(block.kind, BlockKind::Fence | BlockKind::Rule);
        let settled = facts.iter().any(|f| matches!(f.kind, "action" | "decision"));
        Explained {
            path: self.path.to_owned(),
            line,
            end_line,
            text: (line..=end_line)
                .filter_map(|l| self.written.get(l as usize - 1).copied())
                .collect::<Vec<_>>()
                .join("\n"),
            block: kind(block).to_owned(),
            headings,
            under: block.parent.map(|p| shown(&self.outline.blocks[p], self.outline.blocks[p].line)),
            section: self.section(place.block),
            part_of,
            refused: if settled || code { Vec::new() } else { self.refused(place) },
            facts,
        }
    }

    fn section(&self, at: usize) -> Option<InSection> {
        let (section, by) = &self.sections[at];
        let name = match section {
            Section::Open => return None,
            Section::People { absent: false } => "participants",
            Section::People { absent: true } => "absent",
            Section::Roles(_) => "chores",
            Section::Actions { carried: false } => "actions",
            Section::Actions { carried: true } => "carried actions",
            Section::Decisions => "decisions",
        };
        let over = by.map(|b| &self.outline.blocks[b]);
        let word = over.and_then(|b| self.word_of_section(&b.text.plain, section));
        Some(InSection {
            name,
            line: over.map(|b| b.line),
            heading: over.map(|b| one_line(b.text.head())),
            list: word.as_ref().map(|(list, _)| *list),
            words: word.map(|(_, word)| word),
        })
    }

    /// The list and the word of it that make a heading open a section: the one with which alone it does.
    fn word_of_section(&self, heading: &str, section: &Section) -> Option<(&'static str, String)> {
        let c = self.conventions;
        let lists: [(&'static str, &[String]); 8] = [
            ("actions.carried_headings", &c.actions.carried_headings),
            ("actions.headings", &c.actions.headings),
            ("people.absent", &c.people.absent),
            ("people.present", &c.people.present),
            ("roles.minutes", &c.roles.minutes),
            ("roles.report", &c.roles.report),
            ("roles.chair", &c.roles.chair),
            ("decisions.labels", &c.decisions.labels),
        ];
        let (low, bare) = (lower(heading), bare(heading));
        let last = heading.trim_end().rsplit('\n').next().unwrap_or_default();
        for (list, words) in lists {
            let opens = |word: &&String| {
                if !low.contains(word.as_str()) && !bare.contains(word.as_str()) {
                    return false;
                }
                let only = only(list, word);
                [heading, last].iter().any(|h| match (section_of(h, &only), section) {
                    (Some(Section::Roles(some)), Section::Roles(all)) => some.iter().all(|k| all.contains(k)),
                    (found, section) => found.as_ref() == Some(section),
                })
            };
            // The longest word says most.
            if let Some(word) = words.iter().filter(opens).max_by_key(|w| w.len()) {
                return Some((list, word.clone()));
            }
        }
        None
    }

    fn facts(&self, m: &Meeting, place: Place, words: &str, out: &mut Vec<Fact>) {
        if m.end_line < place.line || m.line > place.last_line {
            return;
        }
        let on = |line: u32| (place.line..=place.last_line).contains(&line);
        let block = &self.outline.blocks[place.block];
        if self.days.iter().any(|&d| on(d)) && on(self.day_of(m)) {
            out.extend(self.day(place.line));
        }
        for t in within(&m.topics, place, |t| t.line).iter().filter(|_| block.heading_level().is_some()) {
            let why = if t.sponsors.is_empty() {
                Vec::new()
            } else {
                vec![format!("sponsors: {}, the handles in the heading", t.sponsors.join(", "))]
            };
            out.push(fact("topic", Convention::Topics, &t.title, Some("#".repeat(usize::from(t.level))), why));
        }
        for p in within(&m.participants, place, |p| p.line) {
            let section = self.section(place.block);
            let head = section.as_ref().filter(|s| matches!(s.name, "participants" | "absent"));
            let sign = match head {
                Some(s) => s.words.clone(),
                None => labelled(words).map(|(label, _)| label.to_owned()),
            };
            let name = match (&p.name, &p.handle) {
                (Some(name), Some(handle)) => format!("{name} (@{handle})"),
                _ => p.as_written().to_owned(),
            };
            let why = self.status(p.status, words, head);
            out.push(fact("participant", Convention::Participants, &name, sign, why));
        }
        for r in within(&m.roles, place, |r| r.line) {
            out.push(self.role(r, place, words));
        }
        for a in within(&m.actions, place, |a| a.line) {
            let reason = self.reason(true, a.line, &a.text);
            let convention = reason.map_or(Convention::Markers, |r| r.convention);
            let mut words = reason.map(|r| r.words.clone()).filter(|w| !w.is_empty());
            let mut why = Vec::new();
            if convention == Convention::Lists {
                let section = self.section(place.block).filter(|s| s.name.ends_with("actions"));
                let over = block.parent.map(|p| &self.outline.blocks[p]);
                let (heading, line, word) = match (section, over) {
                    (Some(s), _) => (s.heading.unwrap_or_default(), s.line.unwrap_or(0), s.words),
                    // "AI @mira:" or "Mira" over items, which are hers.
                    (None, Some(b)) => (one_line(b.text.head()), b.line, Some(one_line(b.text.head()))),
                    (None, None) => (String::new(), 0, None),
                };
                words = word;
                let head = |b: &&Block| matches!(b.kind, BlockKind::Row { header: true, .. });
                let table = || self.outline.blocks[..place.block].iter().rev().find(head);
                why.push(match table().filter(|_| matches!(block.kind, BlockKind::Row { .. })) {
                    Some(head) => format!("it is a row under {:?} on line {}", one_line(&head.text.plain), head.line),
                    None => format!("it is an item under {heading:?} on line {line}"),
                });
            }
            if convention == Convention::Boxes {
                words = block.task().map(|ticked| if ticked { "[x]" } else { "[ ]" }.to_owned());
            }
            why.extend(reason.map(|r| r.why.clone()).unwrap_or_default());
            out.push(Fact {
                owners: a.owners.clone(),
                state: Some(a.state),
                due: a.due.clone(),
                carried: a.carried,
                explicit: Some(a.explicit),
                ..fact("action", convention, &a.text, words, why)
            });
        }
        for d in within(&m.decisions, place, |d| d.line) {
            let reason = self.reason(false, d.line, &d.text);
            let convention = reason.map_or(Convention::Phrases, |r| r.convention);
            let words = reason.map(|r| r.words.clone()).filter(|w| !w.is_empty());
            let mut why = reason.map(|r| r.why.clone()).unwrap_or_default();
            why.extend(d.rationale.as_ref().map(|r| format!("reason given: {r:?}")));
            why.extend(d.votes.map(|v| format!("votes: {} for, {} against, {} abstained", v.yes, v.no, v.abstain)));
            out.push(Fact { explicit: Some(d.explicit), ..fact("decision", convention, &d.text, words, why) });
        }
        for r in within(&m.references, place, |r| r.line) {
            let why = if r.as_written.contains('/') && r.as_written.contains(".") && r.url.is_some() {
                "a link says which repository"
            } else if r.target.starts_with('#') {
                "neither a link of the file nor references.short tells the repository; the book's other links may"
            } else if r.as_written.contains('/') {
                "the repository is written before the number"
            } else {
                "a link of the file, the heading over it or references.short tells the repository"
            };
            let words = Some(r.as_written.clone());
            out.push(fact("reference", Convention::References, &r.target, words, vec![why.to_owned()]));
        }
        for h in within(&m.handoffs, place, |h| h.line) {
            let low = lower(&h.to).into_owned();
            let word = self.conventions.handoffs.to.iter().filter(|w| contains_word(&low, w));
            let word = word.max_by_key(|w| w.len()).cloned();
            out.push(fact("handoff", Convention::Handoffs, &format!("{} -> {}", h.text, h.to), word, Vec::new()));
        }
        for p in within(&m.postponed, place, |p| p.line) {
            let low = lower(&p.text);
            let phrases = self.conventions.meetings.postponed.iter().filter(|phrase| contains_word(&low, phrase));
            let words = phrases.max_by_key(|phrase| phrase.len()).cloned();
            let why =
                if words.is_some() { "what it stands under was put off" } else { "the heading over it puts it off" };
            out.push(fact("postponed", Convention::PutOff, &p.topic, words, vec![why.to_owned()]));
        }
    }

    fn reason(&self, action: bool, of_line: u32, of_text: &str) -> Option<&Reason> {
        let here = self.found.get(&(action, of_line))?;
        here.iter().find(|(text, _)| text == of_text).map(|(_, reason)| reason)
    }

    fn status(&self, status: Attendance, words: &str, head: Option<&InSection>) -> Vec<String> {
        let c = &self.conventions.people;
        let low = lower(words);
        let (list, name) = match status {
            Attendance::Present => {
                return vec!["present: nothing beside the name says otherwise".to_owned()];
            }
            Attendance::Partial => (&c.partial_words, "partial"),
            Attendance::Absent if head.is_some_and(|h| h.name == "absent") => {
                let heading = head.and_then(|h| h.heading.clone()).unwrap_or_default();
                return vec![format!("absent: the list is {heading:?}")];
            }
            Attendance::Absent => (&c.absent_words, "absent"),
        };
        let word = list.iter().filter(|w| contains_word(&low, w)).max_by_key(|w| w.len());
        vec![match word {
            Some(word) => format!("{name}: {word:?} beside the name (people.{name}_words)"),
            None => format!("{name}: the box is not ticked, the name is struck, or the table says so"),
        }]
    }

    fn role(&self, r: &Role, place: Place, words: &str) -> Fact {
        let name = format!("{:?}", r.role).to_lowercase();
        let c = &self.conventions.roles;
        let (list, own): (&'static str, &[String]) = match r.role {
            crate::facts::RoleKind::Minutes => ("roles.minutes", &c.minutes),
            crate::facts::RoleKind::Report => ("roles.report", &c.report),
            _ => ("roles.chair", &c.chair),
        };
        let by = [" by ", " von "].iter().find_map(|by| words.split_once(by)).map(|(before, _)| before);
        let question = words.find('?').map(|at| &words[..=at]);
        let label = labelled(words).map(|(label, _)| label);
        let over = self.sections[place.block].1.map(|b| self.outline.blocks[b].text.plain.as_str());
        let before = words.lines().next();
        let heads: Vec<&str> = [label, question, by, over, before].into_iter().flatten().collect();
        let names = |w: &&String| {
            heads.iter().any(|h| lower(h).contains(w.as_str()) && !roles::kinds(h, &only(list, w)).is_empty())
        };
        let word = own.iter().filter(names).max_by_key(|w| w.len()).map(|w| (w.clone(), list)).or_else(|| {
            let low = lower(words);
            let said = c.chairs.iter().filter(|w| find_word(&low, w).is_some()).max_by_key(|w| w.len());
            said.map(|w| (w.clone(), "roles.chairs"))
        });
        let why = word.as_ref().map(|(_, list)| format!("{name}: a word of {list}")).into_iter().collect();
        let text = format!("{name}: {}", r.people.join(", "));
        Fact { owners: r.people.clone(), ..fact("role", Convention::Chores, &text, word.map(|(w, _)| w), why) }
    }

    /// The line that told a meeting's day.
    fn day_of(&self, m: &Meeting) -> u32 {
        self.days.iter().copied().find(|d| (m.line..=m.end_line).contains(d)).unwrap_or(0)
    }

    fn day(&self, line: u32) -> Vec<Fact> {
        let of = self.meetings.iter().find(|m| self.day_of(m) >= line && m.line <= line && m.end_line >= line);
        let day = of.and_then(|m| m.date).map(|d| d.to_string());
        let why = vec!["the top of the text names the day; it is believed before the file's name".to_owned()];
        day.map(|day| fact("date", Convention::Day, &day, None, why)).into_iter().collect()
    }

    /// Why no action and no decision was found: what the rules told, and for the others that nothing looks like them.
    fn refused(&self, place: Place) -> Vec<Refused> {
        let here = |p: &Place| p.block == place.block && p.line <= place.last_line && p.last_line >= place.line;
        let all = self.refusals.get(&place.block).map_or(&[][..], Vec::as_slice);
        // A decision's statement may be cut in another place than an action's.
        let first = place.line.saturating_sub(LONGEST_STATEMENT);
        let from = all.partition_point(|(p, ..)| p.line < first);
        let near = all[from..].iter().take_while(|(p, ..)| p.line <= place.last_line);
        let told_of: Vec<_> = near.filter(|(p, ..)| here(p)).collect();
        let mut out: Vec<Refused> = Vec::new();
        let mut add = |convention: Convention, why: String, close: bool| {
            let refused = Refused { convention: convention.name(), lists: convention.lists(), why, close };
            if !out.contains(&refused) {
                out.push(refused);
            }
        };
        let heading = self.outline.blocks[place.block].heading_level().is_some();
        for convention in Convention::ALL.into_iter().filter(|c| c.finds_actions() || c.finds_decisions()) {
            let mut told = false;
            for (_, _, why) in told_of.iter().filter(|(_, c, _)| *c == convention) {
                add(convention, why.clone(), true);
                told = true;
            }
            let not_looked_for = heading && convention.finds_decisions();
            if !told && !not_looked_for {
                add(convention, nothing_like(convention).to_owned(), false);
            }
        }
        if heading {
            add(Convention::Labels, "headings are no decisions; what stands under them may be".to_owned(), false);
        }
        out
    }
}

/// Lines of a statement of which the last ones still know what was told of the first.
const LONGEST_STATEMENT: u32 = 64;
/// Actions above a line of which some may hold it, at most.
const MOST_ABOVE: usize = 64;

/// Those of some facts, which are in order of their lines, that stand on the lines of a place.
fn within<T>(all: &[T], place: Place, line: impl Fn(&T) -> u32) -> &[T] {
    let from = all.partition_point(|t| line(t) < place.line);
    let to = all.partition_point(|t| line(t) <= place.last_line);
    &all[from..to.max(from)]
}

fn fact(kind: &'static str, convention: Convention, text: &str, words: Option<String>, why: Vec<String>) -> Fact {
    Fact {
        kind,
        text: text.to_owned(),
        convention: convention.name(),
        lists: convention.lists(),
        words,
        owners: Vec::new(),
        state: None,
        due: None,
        carried: false,
        explicit: None,
        why,
    }
}

fn kind(block: &Block) -> &'static str {
    match block.kind {
        BlockKind::Heading(_) => "heading",
        BlockKind::Item { ordered: true, .. } => "numbered item",
        BlockKind::Item { .. } => "item",
        BlockKind::Paragraph => "paragraph",
        BlockKind::Row { header: true, .. } => "head of a table",
        BlockKind::Row { .. } => "row of a table",
        BlockKind::Fence => "block of code",
        BlockKind::Indented => "indented text",
        BlockKind::Html => "HTML",
        BlockKind::Rule => "rule",
    }
}

/// What is missing where nothing in a statement looks like a convention.
fn nothing_like(convention: Convention) -> &'static str {
    match convention {
        Convention::Markers => "no marker stands in it",
        Convention::Lists => "it stands under no heading or label that opens a list of actions",
        Convention::Boxes => "no check box that tells whose it is, or it stands on an agenda",
        Convention::Doers => "nobody known stands before a verb that commits them",
        Convention::Speakers => "nobody speaks who promises something",
        Convention::Passives => "no \"to be done by\" somebody known",
        Convention::Assignees => "no task with somebody known behind it",
        Convention::Arrows => "no arrow before somebody known",
        Convention::Labels => "no label before it or over it",
        Convention::Verdicts => "it is no bare verdict",
        Convention::Phrases => "none of the phrases stands in it",
        Convention::Votes => "no count of votes",
        Convention::Stances => "nothing says what holds from now on",
        Convention::Answers => "it answers no question",
        _ => "",
    }
}

/// Conventions that hold nothing but one word of one list.
fn only(list: &str, word: &str) -> Conventions {
    let mut only = Conventions::default();
    let words = vec![word.to_owned()];
    match list {
        "actions.carried_headings" => only.actions.carried_headings = words,
        "actions.headings" => only.actions.headings = words,
        "people.absent" => only.people.absent = words,
        "people.present" => only.people.present = words,
        "roles.minutes" => only.roles.minutes = words,
        "roles.report" => only.roles.report = words,
        "roles.chair" => only.roles.chair = words,
        "decisions.labels" => only.decisions.labels = words,
        _ => {}
    }
    only
}

/// What was made of an action beside its task, for [`became`].
pub(crate) struct Became<'a> {
    pub text: &'a str,
    pub own_words: &'a str,
    pub state: ActionState,
    /// The cell of a table that tells it.
    pub cell: Option<&'a str>,
    pub ticked: bool,
    pub struck: bool,
    pub noted: Option<Noted>,
    pub carried: bool,
    /// The block over it that says so.
    pub followed: Option<usize>,
    /// The heading or label over it that says how all below it stand.
    pub listed: Option<usize>,
}

/// Why an action has its state and deadline, and is carried.
pub(crate) fn became(context: &Context<'_>, at: usize, told: &Became<'_>, due: Option<&Due>) -> Vec<String> {
    let states = &context.conventions.states;
    let mut why = Vec::new();
    let name = match told.state {
        ActionState::Open => "open",
        ActionState::Done => "done",
        ActionState::Dropped => "dropped",
    };
    if let Some(cell) = told.cell {
        why.push(format!("{name}: the table says {cell:?}"));
    } else if let Some(note) = told.noted {
        let block = &context.outline.blocks[note.block];
        let first = block.text.plain.lines().next().unwrap_or_default();
        let word = word_of(states, note.state, |only| state::of_note(first, only));
        let word = word.map_or_else(|| "the note".to_owned(), |w| format!("the note {w:?}"));
        why.push(format!("{name}: {word} on line {}", block.line));
    } else if told.struck {
        why.push(format!("{name}: its words are struck through"));
    } else if told.ticked {
        why.push(format!("{name}: its box is ticked"));
    } else if let Some(over) = told.listed {
        let block = &context.outline.blocks[over];
        why.push(format!("{name}: it stands under {:?} on line {}", one_line(block.text.head()), block.line));
    } else {
        let word = [told.text, told.own_words]
            .into_iter()
            .find_map(|words| word_of(states, told.state, |only| state::of_task(words, only)));
        match word {
            _ if [told.text, told.own_words].into_iter().any(state::is_refused) => {
                why.push(format!("{name}: it is answered by a bare \"no\""));
            }
            Some(word) => why.push(format!("{name}: {word:?} stands apart from the task")),
            None if kept_open(states, &[told.text, told.own_words]).is_some() => {
                let word = kept_open(states, &[told.text, told.own_words]).unwrap_or_default();
                why.push(format!("open: {word:?} says so, whatever else stands there"));
            }
            None => why.push("open: nothing says that it is done or dropped".to_owned()),
        }
    }
    if let Some(due) = due {
        let day = match (due.date, context.date) {
            (Some(date), Some(from)) if !due.text.contains(&date.to_string()) => format!(", from {from}: {date}"),
            (Some(date), _) => format!(": {date}"),
            (None, _) => ", which names no day".to_owned(),
        };
        why.push(format!("due: {:?}{day}", due.text));
    }
    if told.carried {
        let word = |words: &str| {
            let low = lower(words);
            let words = &context.conventions.actions.carried_words;
            words.iter().filter(|w| contains_word(&low, w)).max_by_key(|w| w.len()).cloned()
        };
        let blocks = &context.outline.blocks;
        let head = || context.outline.parents(at).chain(context.outline.headings_above(at));
        if let Some(over) = told.followed {
            let b = &blocks[over];
            let word = word(&b.text.plain).unwrap_or_default();
            why.push(format!("carried: under {:?} on line {} ({word:?})", one_line(b.text.head()), b.line));
        } else if let Some(word) = word(told.own_words) {
            why.push(format!("carried: it says {word:?}"));
        } else {
            let is_list = |b: &&Block| {
                matches!(section_of(&b.text.plain, context.conventions), Some(Section::Actions { carried: true }))
            };
            match head().map(|(_, b)| b).find(is_list) {
                Some(b) => why.push(format!("carried: under {:?} on line {}", one_line(b.text.head()), b.line)),
                None => why.push("carried: it stands on a list of pending actions".to_owned()),
            }
        }
    }
    why
}

/// The word without which an action would be closed.
fn kept_open(states: &States, texts: &[&str]) -> Option<String> {
    let with = |open: Vec<String>| States { open, ..states.clone() };
    let text = texts.iter().find(|text| state::of_task(text, &with(Vec::new())).is_some())?;
    states.open.iter().find(|w| state::of_task(text, &with(vec![(*w).clone()])).is_none()).cloned()
}

/// The word of the states with which alone a rule still tells a state.
fn word_of(states: &States, wanted: ActionState, tells: impl Fn(&States) -> Option<ActionState>) -> Option<String> {
    let list = match wanted {
        ActionState::Open => &states.open,
        ActionState::Done => &states.done,
        ActionState::Dropped => &states.dropped,
    };
    let only = |word: &String| {
        let word = vec![word.clone()];
        match wanted {
            ActionState::Open => States { open: word, ..States::default() },
            ActionState::Done => States { done: word, ..States::default() },
            ActionState::Dropped => States { dropped: word, ..States::default() },
        }
    };
    list.iter().filter(|w| tells(&only(w)) == Some(wanted)).max_by_key(|w| w.len()).cloned()
}
