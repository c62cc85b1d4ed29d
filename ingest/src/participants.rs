//! Lists of participants: bullets of handles, names with companies, check boxes, tables, one line.

use std::collections::hash_map::Entry;
use std::sync::LazyLock;

use foldhash::HashMap;

use crate::conventions::Conventions;
use crate::facts::{Attendance, Participant};
use crate::hints::{Hint, Hints};
use crate::outline::{Block, BlockKind, Outline, Style, Text};
use crate::owners::HANDLE;
use crate::pattern::Pattern;
use crate::statement::{ELSEWHERE, Section, Statement, bare, contains_word, labelled, lower, section_of, statements};

/// `https://github.com/mira`: a link that is a person.
static PROFILE: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(r"^https?://(?:www\.)?(?:github\.com|gitlab\.com|codeberg\.org|twitter\.com)/@?([\w.-]+)/?$")
});
/// Text that stands in for a name: `...`, `___`, `tbd`, `name`.
static PLACEHOLDER: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"(?i)^\W*(?:tbd|tbc|n/?a|none|nobody|name|your name|names?\s+here|please add.*|add yourself.*|@?handle|others?\W*|\.{2,}|_+|…|-+|x|keine[r]?|niemand|n\.?n\.?|\d+ (?:people|persons)(?: in)?(?: total)?|attendees?\s+names?.*|quorum.*|yes|abstain|and others|et al\.?)?\W*$",
    )
});
/// The end of a name: a bracket, a dash, a comma.
static NAME_END: LazyLock<Pattern> =
    LazyLock::new(|| Pattern::new(r"\s*(?:\(|\[|\s[-–—]+\s|,|\||<|;|/\s|\s@|\s\S+@\S+\.\w)"));

/// Everybody whom the lists of `blocks` name.
pub fn participants(
    outline: &Outline,
    sections: &[Section],
    hints: &[Hints],
    blocks: std::ops::Range<usize>,
    conventions: &Conventions,
) -> Vec<Participant> {
    let mut people = People { conventions, found: Vec::new(), at: HashMap::default() };
    let mut header: Option<Vec<Column>> = None;
    let front = if blocks.start == 0 { outline.front_entries() } else { Vec::new() };
    for entry in front {
        if let Some(Section::People { absent }) = section_of(entry.key, conventions) {
            entry.values.iter().for_each(|(line, names)| people.inline(names, *line, absent));
        }
    }
    for at in blocks.clone() {
        let block = &outline.blocks[at];
        let section = match &sections[at] {
            Section::People { absent } => Some(*absent),
            _ => None,
        };
        // "| Participants | Mira, Jo |"
        if let BlockKind::Row { cells, .. } = &block.kind
            && let [title, names] = cells.as_slice()
            && let Some(Section::People { absent }) = section_of(&title.plain, conventions)
            && names.plain.contains([',', '@', ';'])
        {
            people.inline(&names.plain, block.line, absent);
            continue;
        }
        match &block.kind {
            BlockKind::Row { header: true, cells } => {
                let rows = outline.blocks[at + 1..blocks.end].iter().map_while(|b| match &b.kind {
                    BlockKind::Row { header: false, cells } => Some(cells.as_slice()),
                    _ => None,
                });
                let columns = columns(cells, &rows.take(MOST_ROWS).collect::<Vec<_>>(), section.is_some());
                let named = columns.iter().any(|c| matches!(c, Column::Name | Column::Handle));
                let listed = columns.iter().filter(|c| !matches!(c, Column::Other)).count() >= 2;
                header = (named && (section.is_some() || listed)).then_some(columns);
            }
            BlockKind::Row { cells, .. } => {
                if let Some(columns) = &header {
                    people.row(block, columns, cells, section.unwrap_or(false));
                }
            }
            BlockKind::Heading(_) => header = None,
            BlockKind::Rule | BlockKind::Fence => {}
            _ => {
                header = None;
                let opens = hints[at].has(Hint::Section);
                let here = is_here(&block.text.plain, block);
                if section.is_none() && !opens && here.is_none() {
                    continue;
                }
                let lists = |line: &str| {
                    let section = || labelled(line).and_then(|(label, _)| section_of(label, conventions));
                    opens_box(line)
                        || is_here(line, block).is_some()
                        || (opens && matches!(section(), Some(Section::People { .. } | Section::Roles(_))))
                };
                // "Present:" in a line of its own opens a list that goes on to the end of the block.
                let mut begun: Option<bool> = None;
                for statement in statements(at, block, lists) {
                    let words = statement.words();
                    if let Some((absent, rest)) = is_here(words, block).filter(|_| section.is_none()) {
                        people.inline(rest, statement.line, absent);
                        continue;
                    }
                    let inner = if opens { inner_lists(&statement, conventions) } else { Vec::new() };
                    if !inner.is_empty() {
                        inner.iter().for_each(|(absent, names)| people.inline(names, statement.line, *absent));
                        continue;
                    }
                    // "Present: a, b, c"
                    if opens
                        && let Some((label, rest)) = labelled(words)
                        && label.contains('(') == label.contains(')')
                        && let Some(Section::People { absent }) = section_of(label, conventions)
                    {
                        if !rest.trim().is_empty() {
                            people.inline(rest, statement.line, absent);
                        }
                        begun = (rest.trim().is_empty() && !block.is_item()).then_some(absent);
                        continue;
                    }
                    // "Attendees (3 of 5)" without its colon
                    let own_line =
                        || !block.is_item() && words.len() <= 40 && statement.range.end < block.text.plain.len();
                    if opens
                        && section.is_none()
                        && people.found.is_empty()
                        && own_line()
                        && let Some(Section::People { absent }) = section_of(words, conventions)
                    {
                        begun = Some(absent);
                        continue;
                    }
                    // "Agenda", "Location: …" end it.
                    let other = labelled(words).is_some_and(|(label, _)| !is_group(label));
                    if other || ELSEWHERE.contains(&bare(words).split(' ').next().unwrap_or_default()) {
                        begun = None;
                    }
                    if let Some(absent) = begun {
                        // "Board: Mira Holt, Jo Berg"
                        let names = labelled(words).map_or(words, |(_, rest)| rest);
                        people.inline(names, statement.line, absent);
                        continue;
                    }
                    let Some(absent) = section else { continue };
                    if block.is_item() {
                        let beside = |b: &Block| b.is_beside(block);
                        let lone = || {
                            !outline.blocks[at.saturating_sub(8)..at].iter().any(beside)
                                && !outline.blocks[at + 1..].iter().take(8).any(beside)
                        };
                        people.item(block, words, statement.line, absent, lone);
                    } else {
                        people.free(words, statement.line, absent);
                    }
                }
            }
        }
    }
    people.found
}

/// Without the full stop of a list; that of "Jo H." is part of the name.
fn without_stop(one: &str) -> &str {
    let last = one.rsplit(' ').next().unwrap_or_default();
    if last.len() == 2 && last.len() < one.len() { one } else { one.trim_end_matches('.') }
}

/// Whether a label within a list says of what kind those behind it are: "Board", "Community".
fn is_group(label: &str) -> bool {
    const GROUPS: [&str; 22] = [
        "board",
        "guest",
        "staff",
        "member",
        "community",
        "tsc",
        "tac",
        "toc",
        "team",
        "committee",
        "other",
        "visitor",
        "observer",
        "voting",
        "project",
        "lead",
        "remote",
        "online",
        "vorstand",
        "gäste",
        "mitglieder",
        "people",
    ];
    let low = lower(label);
    label.len() <= 24 && GROUPS.iter().any(|group| low.contains(group))
}

/// Whether a statement tells who was there: "Present: a, b", "Room 3. **Present:** a, b".
pub fn lists_people(statement: &Statement<'_>, conventions: &Conventions) -> bool {
    let own = labelled(statement.words()).and_then(|(label, _)| section_of(label, conventions));
    matches!(own, Some(Section::People { .. })) || !inner_lists(statement, conventions).is_empty()
}

/// "Here: Mira, Jo", "Who: Mira, Jo", "Not there: Tim": whether they are away, and who.
fn is_here<'a>(words: &'a str, block: &Block) -> Option<(bool, &'a str)> {
    let (label, rest) = labelled(words).filter(|(label, _)| label.len() <= 9)?;
    let low = lower(label);
    let place = low.strip_prefix("not ").unwrap_or(&low);
    let absent = place.len() < low.len();
    let names = absent || rest.contains(',');
    // "Who: …" within a topic tells who is to do it.
    let is_place = ["here", "there"].contains(&place) || (place == "who" && !block.is_item());
    (is_place && names && !rest.contains("://")).then_some((absent, rest))
}

/// "Room 3. **Present:** a, b **Apologies:** c": the lists behind labels that stand out within a line, each with whether
/// those on it were away.
fn inner_lists<'a>(statement: &Statement<'a>, conventions: &Conventions) -> Vec<(bool, &'a str)> {
    let plain = statement.text.plain.as_str();
    let strong = statement.text.spans.iter().filter(|s| s.style == Style::Strong).map(|s| s.range.clone());
    let labels: Vec<_> = strong
        .filter(|range| statement.range.start <= range.start && range.end <= statement.range.end)
        .filter(|range| plain[range.clone()].ends_with(':') || plain[range.end..].starts_with(':'))
        .collect();
    // One that opens the line is told by its colon.
    if labels.iter().all(|label| label.start == statement.range.start) {
        return Vec::new();
    }
    let ends = labels.iter().skip(1).map(|next| next.start).chain([statement.range.end]);
    let lists =
        labels.iter().zip(ends).filter_map(|(label, end)| match section_of(&plain[label.clone()], conventions)? {
            Section::People { absent } => Some((absent, plain[label.end..end].trim_start_matches([':', ' ']))),
            _ => None,
        });
    lists.collect()
}

/// "[x] Mira Holt": a line of its own, however long the one before it is.
fn opens_box(line: &str) -> bool {
    ["[x]", "[X]", "[ ]", "[]"].iter().any(|tick| line.starts_with(tick))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Name,
    Initials,
    Affiliation,
    Handle,
    Present,
    Other,
}

/// Of a longer table the first rows tell what its columns hold.
const MOST_ROWS: usize = 200;

/// What the columns of a table hold, by its head, and by its `rows` where the head does not tell: a column without a
/// title that holds nothing but ticks says who came, and on a list of people (`listed`) the first one that holds
/// names has them.
fn columns(head: &[Text], rows: &[&[Text]], listed: bool) -> Vec<Column> {
    let mut columns: Vec<Column> = head.iter().map(|c| column(&c.plain)).collect();
    // The cells of a column that are not empty.
    let filled = |at: usize| {
        let cells = rows.iter().filter_map(move |cells| cells.get(at));
        cells.map(|c| c.plain.trim()).filter(|words| !words.is_empty())
    };
    let mostly = |at: usize, is: fn(&str) -> bool| {
        let all = filled(at).count();
        all > 0 && filled(at).filter(|words| is(words)).count() * 4 >= all * 3
    };
    let has = |columns: &[Column], wanted| columns.contains(&wanted);
    if !has(&columns, Column::Present) {
        let blank = |at: &usize| {
            columns[*at] == Column::Other
                && !head[*at].plain.contains(char::is_alphanumeric)
                && filled(*at).all(is_tick)
        };
        let ticked = (0..head.len()).filter(blank).find(|&at| filled(at).next().is_some());
        // A form of regulars in which nobody has put a mark yet.
        let is_blank_form = rows.len() >= 3 && !head.is_empty() && blank(&0) && has(&columns, Column::Name);
        match ticked {
            Some(at) => columns[at] = Column::Present,
            None if is_blank_form => return vec![Column::Other; head.len()],
            None => {}
        }
    }
    if listed && !has(&columns, Column::Name) && !has(&columns, Column::Handle) {
        let names = |at: &usize| columns[*at] == Column::Other && mostly(*at, is_name);
        if let Some(at) = (0..head.len()).find(names) {
            columns[at] = Column::Name;
        }
    }
    columns
}

/// "X", "yes", "✓": what stands beside a name and is none.
fn is_tick(words: &str) -> bool {
    let low = words.to_lowercase();
    matches!(low.as_str(), "x" | "y" | "yes" | "ja" | "n" | "no" | "nein" | "[x]" | "[ ]")
        || !words.contains(char::is_alphanumeric)
}

/// A handle, or two capitalised words and little else.
fn is_name(words: &str) -> bool {
    let cut = NAME_END.find(words).map_or(words.len(), |m| m.start());
    let name = words[..cut].trim();
    (words.starts_with('@') && !words.contains(' '))
        || ((2..=4).contains(&name.split_whitespace().count())
            && name.split_whitespace().filter(|w| w.starts_with(char::is_uppercase)).count() >= 2
            && !name.contains(|c: char| c.is_ascii_digit()))
}

fn column(title: &str) -> Column {
    let low = title.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|w| contains_word(&low, w));
    if has(&["initials", "kürzel", "init", "abbreviation", "abbr", "acronym", "tla"]) {
        Column::Initials
    } else if has(&["github", "gh", "handle", "username", "gitlab", "gh username"]) {
        Column::Handle
    } else if has(&["name", "full name"]) && !has(&["company name", "firm name"]) {
        // "Name/Affiliation", too.
        Column::Name
    } else if has(&["affiliation", "company", "organization", "organisation", "org", "firma", "employer"]) {
        Column::Affiliation
    } else if has(&["name", "full name", "who", "participant", "attendee", "member", "teilnehmer", "person"]) {
        Column::Name
    } else if has(&["here", "present", "attending", "anwesend", "attended", "attendance"]) || low.trim() == "x" {
        Column::Present
    } else {
        Column::Other
    }
}

struct People<'a> {
    conventions: &'a Conventions,
    found: Vec<Participant>,
    /// Handle, else name, else initials, in lower case -> place in `found`.
    at: HashMap<String, usize>,
}

impl People<'_> {
    fn add(&mut self, person: Participant) {
        if person.handle.is_none() && person.name.is_none() && person.initials.is_none() {
            return;
        }
        let key = person.as_written().to_lowercase();
        match self.at.entry(key) {
            Entry::Occupied(entry) => {
                // Listed twice: present beats absent, details are kept.
                let twin = &mut self.found[*entry.get()];
                if person.status == Attendance::Present && twin.status == Attendance::Absent {
                    twin.status = Attendance::Present;
                }
                twin.name = twin.name.take().or(person.name);
            }
            Entry::Vacant(entry) => {
                entry.insert(self.found.len());
                self.found.push(person);
            }
        }
    }

    fn status(&self, text: &str, absent: bool) -> Attendance {
        let low = lower(text);
        let lists = self.conventions.lists();
        if absent {
            return Attendance::Absent;
        }
        // Words count behind the name, not in it.
        let beside = low.find(['(', ',', '-', '–', '[', ':', ' ']).map_or("", |at| &low[at..]);
        let bracket = beside.find(['(', '[', '-', '–']).map_or("", |at| &beside[at..]);
        if lists.partial.is_in(bracket) {
            Attendance::Partial
        } else if lists.away.is_in(bracket) {
            Attendance::Absent
        } else {
            Attendance::Present
        }
    }

    fn row(&mut self, block: &Block, columns: &[Column], cells: &[Text], absent: bool) {
        let cell = |wanted: Column| {
            columns
                .iter()
                .zip(cells)
                .find(|(c, text)| **c == wanted && !is_placeholder(&text.plain))
                .map(|(_, text)| text.plain.trim().trim_start_matches('@').to_owned())
        };
        let marks = columns.iter().position(|c| *c == Column::Present);
        let mut status = match marks {
            Some(at) => {
                let mark = cells.get(at).map(|t| t.plain.trim().to_lowercase()).unwrap_or_default();
                let here = !mark.is_empty() && !matches!(mark.as_str(), "no" | "n" | "-" | "nein" | "[ ]");
                if here && !absent { Attendance::Present } else { Attendance::Absent }
            }
            None if absent => Attendance::Absent,
            None => Attendance::Present,
        };
        let mut name = cell(Column::Name);
        let mut handle = cell(Column::Handle).filter(|h| !h.contains(' '));
        let mut beside = None;
        if let Some(written) = name.clone() {
            if let Some(found) = HANDLE.captures(&written).filter(|_| written.contains('@')) {
                handle = handle.or_else(|| Some(found[1].to_owned()));
            }
            status = match self.status(&written, status == Attendance::Absent) {
                Attendance::Present => status,
                other => other,
            };
            let cut = NAME_END.find(&written).map_or(written.len(), |m| m.start());
            name = Some(written[..cut].trim().trim_end_matches('?').to_owned()).filter(|n| !n.is_empty());
            // "Mira Holt (Nordkai)", where no column of its own tells.
            let told = !columns.contains(&Column::Affiliation) && status == Attendance::Present;
            let bracket = written.get(cut..).map(str::trim_start).filter(|_| told);
            let inside = bracket.and_then(|b| b.strip_prefix('(')).map(|b| b.rsplit_once(')').map_or(b, |(i, _)| i));
            beside = inside.map(|i| i.trim().trim_end_matches(',').to_owned());
        }
        self.add(Participant {
            handle,
            name,
            initials: cell(Column::Initials),
            affiliation: cell(Column::Affiliation)
                .or(beside)
                .filter(|a| !a.is_empty() && !a.contains('@') && a.len() < 80),
            status,
            line: block.line,
        });
    }

    /// An item of a list, `lone` when it is all of it.
    fn item(&mut self, block: &Block, words: &str, line: u32, absent: bool, lone: impl Fn() -> bool) {
        let text = &block.text;
        let ticked = block.task();
        let absent = absent || ticked == Some(false);
        // "TH: Tim Holm (@timh), Nordkai", "TH Tim Holm"
        let first = words.split([' ', ':']).next().unwrap_or_default();
        let initials = (2..=4).contains(&first.chars().count())
            && first.chars().filter(|c| c.is_uppercase()).count() >= 2
            && first.chars().all(char::is_alphabetic);
        let behind = words[first.len()..].trim_start_matches([':', ' ']);
        if initials
            && behind.split_whitespace().take(2).filter(|w| w.starts_with(char::is_uppercase)).count() == 2
            && let Some(person) = self.person(behind, line, absent)
        {
            self.add(Participant { initials: Some(first.to_owned()), ..person });
            return;
        }
        // "Team members: a, b, c"
        if let Some((label, rest)) = labelled(words)
            && !label.contains('@')
            && (rest.contains(',')
                || rest.trim().is_empty()
                || rest.trim_start().starts_with('@')
                || is_full_name(rest))
        {
            self.inline(rest, line, absent);
            return;
        }
        // "Mira, Jo, Tim, Anna" in one item; "Mira Holt, Nordkai, board" is one of them.
        let mut parts = words.split(',').map(|part| part.split_whitespace().count());
        let (count, short) = (parts.clone().count(), parts.all(|words| words <= 3));
        if count >= 3 && short && lone() {
            self.inline(words, line, absent);
            return;
        }
        let handles = HANDLE.find_iter(words).count();
        if handles > 1 && words.matches(',').count() + 1 >= handles {
            self.inline(words, line, absent);
            return;
        }
        let linked = text
            .links(0..text.plain.len())
            .find_map(|(range, url)| PROFILE.captures(url).map(|c| (range.clone(), c[1].to_owned())));
        let struck = text.is_struck(0..text.plain.len());
        if let Some(mut person) = self.person(words, line, absent || struck) {
            if let Some((_, handle)) = linked.filter(|(range, _)| range.start <= 60) {
                person.handle = person.handle.or(Some(handle));
            }
            let emphasised = text.spans.iter().any(|s| s.style == Style::Code);
            if !emphasised {
                self.add(person);
            }
        }
    }

    /// Words that stand alone, outside a list.
    fn free(&mut self, words: &str, line: u32, absent: bool) {
        if words.starts_with(['[', '☑', '☐']) && words.get(1..2).is_some_and(|c| " xX]".contains(c)) {
            if let Some(person) = self.person(words, line, absent) {
                self.add(person);
            }
            return;
        }
        if is_placeholder(words) {
            return;
        }
        // "Others: a, b"
        let words = labelled(words)
            .filter(|(label, rest)| !label.contains(['@', ',']) && label.split(' ').count() <= 3 && rest.contains(','))
            .map_or(words, |(_, rest)| rest);
        let is_list = words.contains(',') && words.split(',').all(|p| p.split_whitespace().count() <= 5);
        if is_list || words.trim_start().starts_with('@') {
            self.inline(words, line, absent);
        } else if words.split_whitespace().count() <= 4
            && !words.trim_end().ends_with([':', '.'])
            && words.split_whitespace().take(2).all(|w| w.starts_with(char::is_uppercase))
            && words.split_whitespace().count() >= 2
            && let Some(person) = self.person(words, line, absent)
        {
            self.add(person);
        }
    }

    /// `a, b (until 3), c and d`.
    fn inline(&mut self, words: &str, line: u32, absent: bool) {
        let mut depth = 0;
        let mut parts: Vec<&str> = Vec::new();
        let mut from = 0;
        for (at, c) in words.char_indices() {
            match c {
                '(' | '[' => depth += 1,
                ')' | ']' => depth = (depth - 1).max(0),
                ',' | ';' | '\n' | '|' if depth == 0 => {
                    parts.push(&words[from..at]);
                    from = at + c.len_utf8();
                }
                _ => {}
            }
        }
        parts.push(&words[from..]);
        for part in parts {
            // "Mira and Jo", "@a @b"
            let several: Vec<&str> =
                if part.trim_start().starts_with('@') && HANDLE.find_iter(part).count() > 1 && !part.contains('(') {
                    part.split_whitespace().collect()
                } else if part.trim_start().starts_with('@') && part.matches(" @").count() > 1 {
                    // "@a @b (Mira) @c"
                    let starts: Vec<usize> = part.match_indices(" @").map(|(at, _)| at + 1).collect();
                    let ends = starts.iter().skip(1).copied().chain([part.len()]);
                    let first = part[..starts[0]].trim();
                    let others = starts.iter().zip(ends).map(|(from, to)| part[*from..to].trim());
                    (!first.is_empty()).then_some(first).into_iter().chain(others).collect()
                } else {
                    part.split(" and ").flat_map(|p| p.split(" und ")).flat_map(|p| p.split(" & ")).collect()
                };
            for one in several {
                let one = without_stop(one.trim().trim_start_matches("and "));
                if let Some(person) = self.person(one, line, absent) {
                    self.add(person);
                }
            }
        }
    }

    /// One person: `@a`, `Mira Holt (@mira, Nordkai)`, `Mira Holt - Nordkai`, `Mira Holt @mira (TSC)`.
    fn person(&self, words: &str, line: u32, absent: bool) -> Option<Participant> {
        let mut words = words.trim().trim_matches(['*', '`']).trim_start_matches(['-', '•', '+']).trim();
        let boxed = ["[x]", "[X]", "[ ]", "[]"].iter().find_map(|b| words.strip_prefix(b).map(|rest| (*b, rest)));
        let mut absent = absent;
        if let Some((tick, rest)) = boxed {
            absent = absent || !tick.eq_ignore_ascii_case("[x]");
            words = rest.trim();
        }
        if is_placeholder(words) || words.len() > 160 || words.contains("http://") || words.contains("https://") {
            return None;
        }
        let status = self.status(words, absent);
        if words.starts_with('@') && !words.starts_with("@ ") {
            let found = HANDLE.captures(words).filter(|c| c.get(0).is_some_and(|m| m.start() == 0))?;
            if words[found.get(0)?.end()..].starts_with('/') {
                // `@org/team`
                return None;
            }
            // "@Mira Holt", as a word processor mentions somebody by all of the name
            let behind = &words[found.get(0)?.end()..];
            let surname =
                behind.strip_prefix(' ').map(|rest| &rest[..NAME_END.find(rest).map_or(rest.len(), |m| m.start())]);
            let is_first = found[1].starts_with(char::is_uppercase) && found[1].chars().skip(1).all(char::is_lowercase);
            if is_first && surname.is_some_and(|name| !name.is_empty() && is_full_name(name)) {
                return self.person(&words[1..], line, absent);
            }
            let rest = behind.trim_start_matches([' ', '-', '–', ',', ':', '/']);
            let (name, affiliation) = match rest.strip_prefix('(') {
                Some(inside) => {
                    (None, inside.split(')').next().map(str::trim).filter(|_| status == Attendance::Present))
                }
                None => (Some(rest).filter(|r| is_full_name(r)), None),
            };
            return Some(Participant {
                handle: Some(found[1].to_owned()),
                name: name.map(str::to_owned),
                initials: None,
                affiliation: affiliation.filter(|a| !a.is_empty()).map(str::to_owned),
                status,
                line,
            });
        }
        let words = words.trim_start_matches("@ ");
        let handle = HANDLE.captures(words).filter(|c| {
            let at = c.get(0).map_or(0, |m| m.start());
            !words[..at].chars().next_back().is_some_and(char::is_alphanumeric)
        });
        let handle = handle.map(|c| c[1].to_owned()).filter(|h| !words.contains(&format!("@{h}/")));
        let cut = NAME_END.find(words).map_or(words.len(), |m| m.start());
        let name = words[..cut].trim();
        // The dot of "Sergio R." is part of the name.
        let abbreviated = name.ends_with('.') && name.rsplit(' ').next().is_some_and(|w| w.chars().count() == 2);
        let name = name
            .trim_end_matches(if abbreviated { &[':', '*'][..] } else { &[':', '.', '*'][..] })
            .trim_matches(['*', '_', '"'])
            .trim();
        let tokens = name.split_whitespace().count();
        let fits = (1..=5).contains(&tokens)
            && name.chars().any(char::is_alphabetic)
            && !name.ends_with('?')
            && !name.contains([':', '=', '{', '!', '#'])
            // "4 yes"
            && !(tokens > 1 && name.starts_with(|c: char| c.is_ascii_digit()))
            && (tokens <= 2
                || handle.is_some()
                || name.split_whitespace().filter(|w| w.starts_with(char::is_uppercase)).count() * 2 > tokens);
        if !fits || is_placeholder(name) {
            return handle.filter(|_| tokens <= 5).map(|h| Participant {
                handle: Some(h),
                name: None,
                initials: None,
                affiliation: None,
                status,
                line,
            });
        }
        let beside = words[cut..]
            .trim_start_matches([' ', '-', '–', '—', ',', '(', '[', '|', '/'])
            .trim_end_matches([')', ']', ' ']);
        // "(@jo-l, Nordkai)", "(@jo-l), Nordkai"
        let behind_handle = HANDLE.find(beside).filter(|m| m.start() == 0).map(|m| &beside[m.end()..]);
        let beside = behind_handle.map_or(beside, |rest| {
            let company = rest.trim_start_matches([')', ']', ',', ';', ' ', '-', '–', '/', '(']);
            if company.starts_with(char::is_alphabetic) { company } else { "" }
        });
        // "(she/her), Nordkai", "<mira@nordkai.org>"
        let beside = PRONOUNS.find(beside).map_or(beside, |m| &beside[m.end()..]);
        let is_address = beside.contains('@') && !beside.contains(' ');
        let initials = are_initials(beside, name).then(|| beside.to_owned());
        // "Nordkai / @mira"
        let beside = beside.split_once(" / @").map_or(beside, |(affiliation, _)| affiliation);
        let affiliation = (!beside.is_empty()
            && initials.is_none()
            && !is_address
            && status == Attendance::Present
            && beside.len() < 80)
            .then(|| beside.to_owned());
        Some(Participant { handle, name: Some(name.to_owned()), initials, affiliation, status, line })
    }
}

/// How somebody is spoken of.
static PRONOUNS: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"(?i)^\(?(?:she|he|they|sie|er)\s?/\s?(?:her|him|they|them|ihr|ihm)(?:\s?/\s?\p{L}+)?(?:\)|\b)[\s,;/)–-]*",
    )
});

/// "Mira (MH)", "Mira Holt (MH)": letters that the name begins with, and no company.
fn are_initials(beside: &str, name: &str) -> bool {
    let own: String = name.split_whitespace().filter_map(|word| word.chars().next()).collect();
    let fits = if own.chars().count() == 1 { beside.starts_with(&own) } else { beside == own };
    fits && (2..=4).contains(&beside.len())
        && beside.chars().all(char::is_uppercase)
        && (own == beside || beside.len() == 2)
}

fn is_full_name(text: &str) -> bool {
    let text = text.trim();
    (1..=4).contains(&text.split_whitespace().count())
        && text.split_whitespace().all(|w| w.starts_with(char::is_uppercase))
}

fn is_placeholder(words: &str) -> bool {
    PLACEHOLDER.is_match(words.trim())
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
        let told: Vec<String> = participants(&outline, &sections, &hints, 0..outline.blocks.len(), &conventions)
            .into_iter()
            .map(|p| {
                let parts =
                    [p.handle.map(|h| format!("@{h}")), p.name, p.initials, p.affiliation.map(|a| format!("({a})"))];
                let status = match p.status {
                    Attendance::Present => "",
                    Attendance::Partial => " partial",
                    Attendance::Absent => " absent",
                };
                parts.into_iter().flatten().collect::<Vec<_>>().join(" ") + status
            })
            .collect();
        assert_eq!(told, expected);
    }

    #[test]
    fn bullets() {
        check(
            "## Participants\n- @mira (until 11:00)\n- @jo\n- Ada Lund (Nordkai, **TSC**)\n- Tim Ek @tim (travelling)\n-\n- ...\n",
            &["@mira partial", "@jo", "Ada Lund (Nordkai, TSC)", "@tim Tim Ek partial"],
        );
    }

    #[test]
    fn check_boxes_tables_and_one_line() {
        check("| Date | 2026-01-13 |\n|--|--|\n| Participants | @mira, @jo |\n", &["@mira", "@jo"]);
        check("Attendees:\n* [x] Ada Lund - Nordkai\n* [ ] Tim Ek\n", &["Ada Lund (Nordkai)", "Tim Ek absent"]);
        check(
            "## Attendees\n- Jo Lund (@jo-l, Nordkai)\n- Tim Holm (@timh), Nordkai\n- Mira (@mira)\n",
            &["@jo-l Jo Lund (Nordkai)", "@timh Tim Holm (Nordkai)", "@mira Mira"],
        );
        check(
            "## Attendees\n\n| Name | Initials | Company | GitHub |\n|--|--|--|--|\n| Ada Lund | AL | Nordkai | adal |\n| | | | |\n",
            &["@adal Ada Lund AL (Nordkai)"],
        );
        check("Here: Mira, Jo (JL)\n\nNot here: Ole\n", &["Mira", "Jo JL", "Ole absent"]);
        check("The list is here: Mira, Jo\n", &[]);
        check(
            "Attendees: (please add yourself)\n- Mira Holt (mira, Nordkai)\n- Jo\n",
            &["Mira Holt (mira, Nordkai)", "Jo"],
        );
        check("Present: Mira, Jo\n\nAttendees: 4 yes, 0 no\n", &["Mira", "Jo"]);
        check("Room 3. **Present:** Mira, Jo **Apologies:** Ole\n", &["Mira", "Jo", "Ole absent"]);
        check("**Attendees**: Mira, Jo\n**Regrets**: Ole\n", &["Mira", "Jo", "Ole absent"]);
        check("Attendees: @mira @jo @ole (Ole) @tim\n", &["@mira", "@jo", "@ole (Ole)", "@tim"]);
        check("Attendees: @Mira Holt, @Jo Lund (late)\n", &["Mira Holt", "Jo Lund partial"]);
        check("Present: Mira Holt (MH), Jo Lund (JLK), Ole (AWS)\n", &["Mira Holt MH", "Jo Lund (JLK)", "Ole (AWS)"]);
        check(
            "## Attendees\n\n- Mira Holt\n\nQuorum: 6 of 7, yes\n\nOthers: Jo Lund (LF), Ole Ek\n",
            &["Mira Holt", "Jo Lund (LF)", "Ole Ek"],
        );
        check(
            "Present: Mira, @jo (from 14:30), Tim and Ada\n\nRegrets: Ole\n",
            &["Mira", "@jo partial", "Tim", "Ada", "Ole absent"],
        );
        check("Anwesend: Mira, Jo\nEntschuldigt: Ada\n", &["Mira", "Jo", "Ada absent"]);
    }

    #[test]
    fn pronouns_and_addresses_are_no_company() {
        check(
            "## Attendees\n- Ada Lund (she/her), Nordkai\n- Tim Ek <tim@nordkai.org>\n- Jo Berg / Nordkai\n",
            &["Ada Lund (Nordkai)", "Tim Ek", "Jo Berg (Nordkai)"],
        );
    }

    #[test]
    fn women_and_men_are_one_list() {
        check("Teilnehmer:innen: Ada Lund, Tim Ek\n", &["Ada Lund", "Tim Ek"]);
        check("Teilnehmer*innen: Ada Lund, Tim Ek\n", &["Ada Lund", "Tim Ek"]);
    }

    #[test]
    fn groups_within_a_list() {
        check("## Attendees\n- Nordkai: Ada Lund, Tim Ek\n- Südkai: Jo Berg\n", &["Ada Lund", "Tim Ek", "Jo Berg"]);
        check("## Attendance\n* Team members: mira, jo, tim\n* Others:\n", &["mira", "jo", "tim"]);
    }
}
