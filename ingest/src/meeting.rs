//! One file -> its meetings with their facts.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use jiff::civil::Date;

use crate::actions::{Context, actions};
use crate::conventions::Conventions;
use crate::dates;
use crate::decisions::decisions;
use crate::decode;
use crate::facts::{Action, Attendance, Diagnostic, Meeting, MeetingKind, Named, Role, Rule, Topic};
use crate::handoffs::{self, handoffs};
use crate::hints::{Hints, every_hint, hints};
use crate::markers::Markers;
use crate::notes::notes;
use crate::outline::{BlockKind, Outline};
use crate::owners::{self, Known};
use crate::participants::participants;
use crate::passages::{Passage, passages};
use crate::pattern::Pattern;
use crate::placeholders::Placeholders;
use crate::postponed::postponed;
use crate::reasons::Reasons;
use crate::recalls::recalls;
use crate::references::references;
use crate::roles::{beside_names, roles};
use crate::statement::{Section, bare, contains_word, lower, one_line, sections};

/// Conventions with what is compiled from them: make one, extract many.
#[derive(Debug)]
pub struct Extractor {
    pub(crate) conventions: Conventions,
    markers: Markers,
    handoffs: Pattern,
    placeholders: Placeholders,
}

impl Extractor {
    /// Compiles the conventions of a book.
    pub fn new(conventions: Conventions) -> Self {
        let markers = Markers::new(&conventions);
        let handoffs = handoffs::leads();
        let placeholders = Placeholders::new(&conventions);
        Self { conventions, markers, handoffs, placeholders }
    }

    /// The markers, compiled.
    pub(crate) fn markers(&self) -> &Markers {
        &self.markers
    }

    /// The meetings of a file; at least one. `path` is relative to the book, `series` is what
    /// [`crate::series::SeriesRule`] says of it.
    pub fn extract(&self, source: &str, path: &str, series: &str) -> Vec<Meeting> {
        self.told(source, path, series, Reasons::default())
    }

    /// The meetings of a file, each with the passages that can be found in it.
    pub fn read(&self, source: &str, path: &str, series: &str) -> Vec<(Meeting, Vec<Passage>)> {
        self.meetings(source, path, series, Reasons::default(), |outline, blocks, meeting| {
            let listed: HashSet<u32> = meeting.participants.iter().map(|p| p.line).collect();
            let mut found = passages(outline, blocks, &listed);
            // A block may go on in the lines of the next meeting.
            found.iter_mut().for_each(|p| p.end_line = p.end_line.min(meeting.end_line).max(p.line));
            found
        })
    }

    /// The meetings of a file, with the reasons told to whoever listens.
    pub(crate) fn told(&self, source: &str, path: &str, series: &str, reasons: Reasons<'_>) -> Vec<Meeting> {
        self.meetings(source, path, series, reasons, |_, _, _| ()).into_iter().map(|(meeting, ())| meeting).collect()
    }

    /// The meetings of a file, each with what `more` makes of its blocks.
    fn meetings<T>(
        &self,
        source: &str,
        path: &str,
        series: &str,
        reasons: Reasons<'_>,
        more: impl Fn(&Outline, Range<usize>, &Meeting) -> T,
    ) -> Vec<(Meeting, T)> {
        let source = &*decode::unix_lines(source.strip_prefix('\u{feff}').unwrap_or(source));
        let outline = Outline::parse(source);
        // Who listens wants to hear of every rule, also of those that have no chance.
        let hints = if reasons.listens() { every_hint(&outline) } else { hints(&outline, &self.conventions) };
        let found = sections(&outline, &hints, &self.conventions);
        let parts = parts(&outline);
        let several = parts.len() > 1;
        let file = File { source, path, series, outline: &outline, sections: &found, hints: &hints, several };
        let mut meetings = Vec::with_capacity(parts.len());
        let mut made = Vec::with_capacity(parts.len());
        for part in parts {
            let meeting = self.meeting(&file, &part, reasons);
            made.push(more(&outline, part.blocks, &meeting));
            meetings.push(meeting);
        }
        number(&mut meetings, self.conventions.name.as_deref());
        meetings.into_iter().zip(made).collect()
    }

    fn meeting(&self, file: &File<'_>, part: &Part, reasons: Reasons<'_>) -> Meeting {
        let File { outline, sections, hints, path, several, .. } = *file;
        let blocks = part.blocks.clone();
        let (line, end_line) = (part.line, part.end_line.max(part.line));
        let text = lines(file.source, &outline.starts, line, end_line);
        let references = references(text, line, &self.conventions.references);
        let mut people = participants(outline, sections, hints, blocks.clone(), &self.conventions);
        let beside = beside_names(&mut people, &self.conventions);
        let known = Known::new(&people, &self.conventions.people);
        let doers = known.with_speakers(outline, blocks.clone());
        let mut diagnostics = Vec::new();
        let day = date(outline, blocks.clone(), path, several, &mut diagnostics);
        let date = day.map(|(date, _)| date);
        reasons.day(day.and_then(|(_, line)| line));
        let context = Context {
            outline,
            sections,
            hints,
            conventions: &self.conventions,
            markers: &self.markers,
            known: &known,
            doers: &doers,
            date,
            references: &references,
            reasons,
        };
        let mut roles = roles(outline, sections, hints, blocks.clone(), &self.conventions, &known);
        let told = |role: &Role| roles.iter().any(|r| r.role == role.role && r.people.contains(&role.people[0]));
        let beside: Vec<Role> = beside.into_iter().filter(|role| !told(role)).collect();
        roles.extend(beside);
        roles.sort_by_key(|role| role.line);
        let topics = topics(outline, blocks.clone(), end_line);
        let mut actions = actions(&context, blocks.clone());
        let handoffs = handoffs(&context, blocks.clone(), &self.handoffs, &self.conventions.handoffs.to);
        let mut decisions = decisions(&context, blocks.clone(), &handoffs);
        // An item may hold the heading of the next meeting, and what hangs on it there.
        actions.iter_mut().for_each(|a| (a.line, a.end_line) = (a.line.max(line), a.end_line.min(end_line)));
        decisions.iter_mut().for_each(|d| (d.line, d.end_line) = (d.line.max(line), d.end_line.min(end_line)));
        // What is an action is no plain decision as well, and a marked one in a list of decisions is none.
        decisions.retain(|d| {
            let on_line = actions.get(actions.partition_point(|a| a.line < d.line)).filter(|a| a.line == d.line);
            let is_task = |a: &Action| {
                (d.rule == Rule::Heading && a.rule == Rule::Marker)
                    || a.owners.first().is_some_and(|o| d.text.trim_start_matches('@').starts_with(o.as_str()))
            };
            let apart = |a: &Action| a.owners.iter().all(|o| !d.text.contains(o.as_str())) && a.text != d.text;
            on_line.is_none_or(|a| !is_task(a) && (d.explicit || (a.rule == Rule::Commitment && apart(a))))
        });
        let notes = notes(&context, blocks.clone(), &actions);
        let recalls = recalls(&context, blocks.clone(), &decisions);
        let postponed = postponed(&context, blocks.clone());
        let named = named(outline, sections, blocks.clone(), &known);
        let title = title(outline, blocks.clone(), path);
        let kind = self.kind(path, date, people.is_empty(), &title);
        let held = kind == MeetingKind::Meeting
            && !self.cancelled(outline, blocks.clone())
            && !(people.is_empty() && actions.is_empty() && decisions.is_empty() && is_bare(outline, blocks));
        if kind == MeetingKind::Meeting && held && !people.iter().any(|p| p.status != Attendance::Absent) {
            diagnostics.push(Diagnostic::warning(line, "no-participants", "no list of participants was found"));
        }
        if let Some(fence) = outline.open_fence.filter(|fence| (line..=end_line).contains(fence)) {
            diagnostics.push(Diagnostic::warning(fence, "open-fence", "no line closes this block of code"));
        }
        if kind == MeetingKind::Meeting && date.is_none() {
            diagnostics.push(Diagnostic::warning(
                line,
                "no-date",
                "neither the text nor the file's name tells the day",
            ));
        }
        if held {
            diagnostics.extend(self.placeholders.find(text, line, &context, part.blocks.clone()));
        }
        Meeting {
            path: path.to_owned(),
            line,
            end_line,
            id: String::new(),
            kind,
            held,
            series: file.series.to_owned(),
            date,
            title,
            participants: people,
            roles,
            topics,
            actions,
            decisions,
            references,
            handoffs,
            recalls,
            postponed,
            notes,
            named,
            diagnostics,
        }
    }

    fn kind(&self, path: &str, date: Option<Date>, nobody: bool, title: &str) -> MeetingKind {
        let file = path.rsplit('/').next().unwrap_or(path).to_lowercase();
        let title = title.to_lowercase();
        let is_note = self
            .conventions
            .meetings
            .notes
            .iter()
            .any(|w| file.contains(w.as_str()) || (nobody && contains_word(&title, w)));
        if is_note || (date.is_none() && nobody) { MeetingKind::Note } else { MeetingKind::Meeting }
    }

    fn cancelled(&self, outline: &Outline, blocks: Range<usize>) -> bool {
        let words = &self.conventions.lists().cancelled;
        let short = blocks.len() <= 12;
        outline.blocks[blocks.clone()].iter().take(8).any(|b| {
            let is_heading = b.heading_level().is_some_and(|l| l <= 2);
            if !(is_heading || short) || b.text.plain.len() >= 400 {
                return false;
            }
            let text = lower(&b.text.plain);
            // "The regatta was cancelled" tells of something else.
            let ours = is_heading
                || text.split_whitespace().count() <= 4
                || MEETINGS.iter().any(|word| contains_word(&text, word));
            text.len() < 200 && ours && words.is_in(&text)
        })
    }
}

/// What "cancelled" must be said of in a sentence.
const MEETINGS: [&str; 16] = [
    "meeting",
    "meetings",
    "call",
    "session",
    "sync",
    "weekly",
    "standup",
    "today",
    "this week",
    "we",
    "team",
    "sitzung",
    "treffen",
    "termin",
    "runde",
    "heute",
];

/// Extracts with the default conventions; for many files make an [`Extractor`].
///
/// ```
/// let meetings = minutebook_ingest::extract("# 2026-01-13\n- AI @mira: ask the harbour office\n", "20260113.md");
/// assert_eq!(meetings[0].actions[0].owners, ["mira"]);
/// ```
pub fn extract(source: &str, path: &str) -> Vec<Meeting> {
    Extractor::new(Conventions::defaults()).extract(source, path, "meetings")
}

/// A file with its outline.
struct File<'a> {
    source: &'a str,
    path: &'a str,
    series: &'a str,
    outline: &'a Outline,
    sections: &'a [Section],
    hints: &'a [Hints],
    /// Whether it holds several meetings.
    several: bool,
}

/// The blocks of one meeting of a file.
#[derive(Debug, Clone)]
struct Part {
    blocks: Range<usize>,
    line: u32,
    end_line: u32,
}

/// Cuts a file that holds several meetings at the headings that are their dates.
fn parts(outline: &Outline) -> Vec<Part> {
    let whole = || vec![Part { blocks: 0..outline.blocks.len(), line: 1, end_line: outline.line_count.max(1) }];
    let mut dated: Vec<(usize, u8, Date)> = Vec::new();
    for (at, block) in outline.blocks.iter().enumerate() {
        let Some(level) = block.heading_level().filter(|&l| l <= 3) else {
            continue;
        };
        let text = &block.text.plain;
        let found = dates::find(text);
        let Some(date) = found.first().and_then(|f| f.date) else {
            continue;
        };
        let rest = format!("{} {}", &text[..found[0].range.start], &text[found[0].range.end..]);
        if rest.split_whitespace().filter(|w| w.chars().any(char::is_alphabetic)).count() <= 5 && found.len() == 1 {
            dated.push((at, level, date));
        }
    }
    let Some(level) = dated.iter().map(|d| d.1).min() else {
        return whole();
    };
    dated.retain(|d| d.1 == level);
    let mut starts: Vec<usize> = Vec::new();
    let mut last = None;
    for (at, _, date) in &dated {
        if last != Some(*date) {
            starts.push(*at);
            last = Some(*date);
        }
    }
    // A carriage return within a line ends no line, though it ends a heading: there one line cannot be of two meetings.
    let on_its_own_line =
        |&start: &usize| start == 0 || outline.blocks[start - 1].last_line < outline.blocks[start].line;
    starts.retain(on_its_own_line);
    if starts.len() < 2 {
        return whole();
    }
    // What stands before the first belongs to it.
    starts[0] = 0;
    let mut out = Vec::new();
    for (n, &start) in starts.iter().enumerate() {
        let next = starts.get(n + 1).copied();
        let end = next.unwrap_or(outline.blocks.len());
        let line = if n == 0 { 1 } else { outline.blocks[start].line };
        let end_line = next.map_or(outline.line_count, |next| outline.blocks[next].line.saturating_sub(1));
        out.push(Part { blocks: start..end, line, end_line });
    }
    out
}

/// The lines `first..=last` of a source, whose lines begin at `starts`.
fn lines<'a>(source: &'a str, starts: &[usize], first: u32, last: u32) -> &'a str {
    let at = |line: u32| starts.get(line as usize).copied().unwrap_or(source.len());
    &source[at(first.saturating_sub(1))..at(last).max(at(first.saturating_sub(1)))]
}

/// The day of a meeting: what the text says at its top (with the line), else the path. They may disagree.
fn date(
    outline: &Outline,
    blocks: Range<usize>,
    path: &str,
    several: bool,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<(Date, Option<u32>)> {
    let (folders, file) = path.rsplit_once('/').unwrap_or(("", path));
    let in_path = dates::find(file).into_iter().chain(dates::find(folders)).find_map(|f| f.date);
    let mut in_text: Option<(u32, Date)> = None;
    let mut odd: Option<(u32, String)> = None;
    if let Some(front) = &outline.front_matter
        && !several
    {
        for (n, text) in front.lines().enumerate() {
            if (text.starts_with("date") || text.starts_with("title")) && in_text.is_none() {
                in_text =
                    dates::find(text).first().and_then(|f| f.date).map(|d| (u32::try_from(n).unwrap_or(0) + 2, d));
            }
        }
    }
    for (seen, block) in outline.blocks[blocks].iter().enumerate().take(60) {
        let heading = block.heading_level();
        if heading.is_none() && seen >= 12 {
            continue;
        }
        // Of several lines, the one that is the date.
        let lines = || block.text.plain.lines().filter(|l| l.len() <= 160);
        let dated = lines().filter(|_| block.last_line > block.line).find(|l| is_mostly_date(l));
        let text = dated.unwrap_or(&block.text.plain);
        let short = text.len() <= 160;
        let said = || contains_word(&lower(text), "date") || contains_word(&lower(text), "datum");
        // The top of the text: headings, and short lines that are a date or are called one.
        if !short || !(heading.is_some() || said() || is_mostly_date(text)) {
            continue;
        }
        for found in dates::find(text) {
            match found.date {
                Some(date)
                    if in_text.is_none() || (Some(date) == in_path && heading.is_some_and(|l| l <= 3) && seen < 7) =>
                {
                    in_text = Some((block.line, date));
                }
                None if odd.is_none() && in_text.is_none() => {
                    odd = Some((block.line, text[found.range.clone()].to_owned()));
                }
                _ => {}
            }
        }
        if in_text.is_some() {
            break;
        }
    }
    if let Some((line, written)) = &odd {
        let instead = in_path.map_or(String::new(), |d| format!(", so the {d} of the file's name is taken"));
        diagnostics.push(Diagnostic::warning(
            *line,
            "date-impossible",
            format!("{written} cannot be the day of a meeting{instead}"),
        ));
    }
    match (in_text, in_path) {
        // The heading is a copy of last time's where the top of the text names the file's day too.
        (Some((_, text)), Some(path)) if text != path && !several && names_day(outline, path) => Some((path, None)),
        (Some((line, text)), Some(path)) if text != path && !several => {
            diagnostics.push(Diagnostic::warning(
                line,
                "date-mismatch",
                format!("the text says {text}, the file's name {path}; {text} is taken"),
            ));
            Some((text, Some(line)))
        }
        (Some((line, text)), _) => Some((text, Some(line))),
        (None, path) => path.map(|path| (path, None)),
    }
}

/// True when the first lines of a file name a day, in a link or elsewhere.
fn names_day(outline: &Outline, day: Date) -> bool {
    outline
        .blocks
        .iter()
        .take(25)
        .any(|b| b.text.plain.len() < 400 && dates::find(&b.text.plain).iter().any(|f| f.date == Some(day)))
}

fn is_mostly_date(text: &str) -> bool {
    let found = dates::find(text);
    let Some(first) = found.first() else {
        return false;
    };
    let words = |part: &str| part.split_whitespace().filter(|w| w.chars().any(char::is_alphabetic)).count();
    // Beside hours and a day of the week: "Tuesday, 7 May 2024, 09:30-11:30 CEST, Hafenamt".
    let letters = |part: &str| part.chars().filter(|c| !c.is_ascii_digit() && !c.is_ascii_punctuation()).count();
    let (before, behind) = (&text[..first.range.start], &text[first.range.end..]);
    // "The old pier was closed on 2025-11-04." tells of that day.
    letters(before) + letters(behind) <= 30 && words(before) + words(behind) <= 4
}

/// Whether a heading has a word beside its date.
fn is_more_than_date(text: &str) -> bool {
    let found = dates::find(text);
    let Some(first) = found.first() else { return true };
    let rest = format!("{} {}", &text[..first.range.start], &text[first.range.end..]);
    rest.split(|c: char| !c.is_alphabetic()).any(|w| w.chars().count() >= 3)
}

/// A title is cut behind this many bytes: it is repeated with each fact under it.
const LONGEST_TITLE: usize = 600;

/// A heading without its sponsors, marks and emoji codes.
pub fn clean_title(heading: &str) -> String {
    let one = one_line(&heading[..heading.floor_char_boundary(LONGEST_TITLE)]);
    let mut title = one.trim();
    while let Some(rest) = title.strip_prefix(':') {
        match rest.split_once(':') {
            Some((code, after)) if !code.contains(' ') => title = after.trim(),
            _ => break,
        }
    }
    if let Some(open) = title.rfind("(@")
        && title.ends_with(')')
    {
        title = title[..open].trim();
    }
    title.trim_matches(['*', '_', ' ', ':']).to_owned()
}

fn title(outline: &Outline, blocks: Range<usize>, path: &str) -> String {
    let mut first = None;
    for block in outline.blocks[blocks].iter().filter(|b| b.heading_level().is_some_and(|l| l <= 3)).take(3) {
        let text = clean_title(&block.text.plain);
        let generic = matches!(
            bare(&text).as_str(),
            "agenda"
                | "participants"
                | "attendees"
                | "notes"
                | "minutes"
                | "present"
                | "links"
                | "attendance"
                | "recurring items"
                | "housekeeping"
                | "roles"
        );
        if text.is_empty() || generic {
            continue;
        }
        // "Tide team, 2026-01-13" says what the meeting is.
        let names = block.heading_level() == Some(1) && first.is_none() && is_more_than_date(&text);
        if !is_mostly_date(&text) || text.len() > 24 || names {
            return first.filter(|_| block.heading_level().is_some_and(|l| l > 2)).unwrap_or(text);
        }
        first = first.or(Some(text));
    }
    first.unwrap_or_else(|| path.rsplit('/').next().unwrap_or(path).trim_end_matches(".md").to_owned())
}

fn topics(outline: &Outline, blocks: Range<usize>, last: u32) -> Vec<Topic> {
    blocks
        .filter_map(|at| {
            let block = &outline.blocks[at];
            let level = block.heading_level()?;
            let title = clean_title(&block.text.plain);
            (!title.is_empty()).then(|| Topic {
                title,
                level,
                line: block.line,
                end_line: block.end_line.min(last).max(block.line),
                sponsors: owners::handles(&block.text.plain),
            })
        })
        .collect()
}

/// The handles and known names in running text, each once a line.
fn named(outline: &Outline, sections: &[Section], blocks: Range<usize>, known: &Known) -> Vec<Named> {
    let mut out: Vec<Named> = Vec::new();
    let mut seen: HashSet<(u32, String)> = HashSet::new();
    for at in blocks {
        let block = &outline.blocks[at];
        if matches!(block.kind, BlockKind::Fence | BlockKind::Rule) || matches!(sections[at], Section::People { .. }) {
            continue;
        }
        let text = &block.text;
        for (n, &(start, line)) in text.lines.iter().enumerate() {
            let end = text.lines.get(n + 1).map_or(text.plain.len(), |&(next, _)| next as usize);
            let words = &text.plain[start as usize..end];
            let handles = owners::handles(words);
            let names = known.names_in(words);
            for as_written in handles.into_iter().chain(names) {
                if seen.insert((line, as_written.clone())) {
                    out.push(Named { line, as_written });
                }
            }
        }
    }
    out
}

/// True when there are headings and placeholders, and nothing was written under them.
fn is_bare(outline: &Outline, blocks: Range<usize>) -> bool {
    let words: usize = outline.blocks[blocks]
        .iter()
        .filter(|b| !matches!(b.kind, BlockKind::Heading(_) | BlockKind::Rule))
        .map(|b| b.text.plain.split_whitespace().count())
        .sum();
    words < 25
}

/// Gives the meetings of a file their ids: a hash over book, series, date and their place in the day.
fn number(meetings: &mut [Meeting], book: Option<&str>) {
    let mut places: HashMap<Option<Date>, u32> = HashMap::new();
    for m in meetings {
        let place = places.entry(m.date).and_modify(|n| *n += 1).or_insert(0);
        let date = m.date.map_or_else(|| m.path.clone(), |d| d.to_string());
        m.id = id("m", &[book.unwrap_or_default(), &m.series, &date, &place.to_string()]);
    }
}

/// What ids are written with: digits, and letters that are not taken for others.
pub const ID_DIGITS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// A short id of some words: a letter for the kind and 12 characters of their hash.
pub fn id(kind: &str, of: &[&str]) -> String {
    let mut hasher = blake3::Hasher::new();
    for part in of {
        hasher.update(part.as_bytes());
        hasher.update(&[0]);
    }
    let bytes = hasher.finalize();
    let mut out = String::from(kind);
    for &byte in &bytes.as_bytes()[..12] {
        out.push(char::from(ID_DIGITS[usize::from(byte % 32)]));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(source: &str, path: &str) -> Meeting {
        extract(source, path).remove(0)
    }

    #[test]
    fn a_line_is_of_one_meeting() {
        let lines = |source: &str| extract(source, "x.md").iter().map(|m| (m.line, m.end_line)).collect::<Vec<_>>();
        assert_eq!(lines("# 2026-01-07\n# 2026-01-14\n"), [(1, 1), (2, 2)]);
        assert_eq!(lines("# 2026-01-07\r# 2026-01-14\n"), [(1, 1)]);
        assert_eq!(lines("# 2026-01-07\r# 2026-01-14\n# 2026-01-21\n"), [(1, 1), (2, 2)]);
        assert_eq!(lines("# 2026-01-07\n- a\r# 2026-01-14\n# 2026-01-21\n"), [(1, 2), (3, 3)]);
    }

    #[test]
    fn the_text_wins_over_the_file_name_unless_it_is_impossible() {
        let m = one("# 2026-09-16\n", "board/2026-09-15.md");
        assert_eq!(m.date.map(|d| d.to_string()).as_deref(), Some("2026-09-16"));
        assert!(m.diagnostics.iter().any(|d| d.code == "date-mismatch"));
        let m = one("# 2206-04-21\n", "20260421.md");
        assert_eq!(m.date.map(|d| d.to_string()).as_deref(), Some("2026-04-21"));
        assert!(m.diagnostics.iter().any(|d| d.code == "date-impossible"));
    }

    #[test]
    fn two_meetings_in_one_file() {
        let all =
            extract("# Board, May 12th 2026\n- AI @a: x y\n\n# Board, May 15th 2026\n- AI @b: z w\n", "2026-05-12.md");
        assert_eq!(all.len(), 2);
        assert_eq!((all[0].line, all[0].end_line, all[1].line), (1, 3, 4));
        assert_eq!(all[1].actions[0].owners, ["b"]);
        assert_ne!(all[0].id, all[1].id);
    }

    #[test]
    fn cancelled_and_empty_meetings_were_not_held() {
        assert!(!one("# 2026-06-30\n\nMeeting cancelled, too few people.\n", "20260630.md").held);
        assert!(
            one("# 2026-06-30\n\nThe regatta in the old port was cancelled.\n\n- AI @mira: tell them\n", "20260630.md")
                .held
        );
        assert!(!one("# 2026-08-25\n## Participants\n- \n## Agenda\n", "20260825.md").held);
        assert!(one("# 2026-08-25\n## Participants\n- @mira\n", "20260825.md").held);
    }
}
