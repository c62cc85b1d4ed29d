//! Names and handles in running text.
//!
//! A handle (`@a`) is a person wherever it stands. A bare name is one when it is on the meeting's list
//! of participants, or when its place says so ("ACTION: Mira to ask").

use std::borrow::Cow;
use std::ops::Range;
use std::sync::LazyLock;

use foldhash::{HashMap, HashSet};

use crate::conventions;
use crate::facts::Participant;
use crate::outline::{BlockKind, Outline};
use crate::pattern::Pattern;
use crate::statement::lower;
use crate::words;

/// The spellings by which this meeting knows its people: names, first names, handles, initials.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// Lower case.
    names: HashSet<String>,
    /// First names of those who have a surname too, in lower case.
    firsts: HashSet<String>,
    /// First letters of surnames by first name, in lower case.
    surnames: HashMap<String, Vec<char>>,
    /// As written: two to four capitals.
    initials: HashSet<String>,
    /// The first letters and lengths of the first words of all of them: most words of a text are nobody.
    shapes: Shapes,
}

/// A set of (first two letters, length) of words, folded into a few bits: says "surely not" or "perhaps".
#[derive(Debug, Clone)]
struct Shapes([u32; 1024]);

impl Default for Shapes {
    fn default() -> Self {
        Self([0; 1024])
    }
}

impl Shapes {
    /// The place of the first two letters of a text. The low five bits of a letter are the same in both cases; other
    /// letters than ASCII share a place.
    fn slot(text: &str) -> usize {
        let low = |at: usize| text.as_bytes().get(at).filter(|b| b.is_ascii_alphanumeric()).map_or(0, |b| b & 31);
        usize::from(low(0)) << 5 | usize::from(low(1))
    }

    fn bit(word: &str) -> u32 {
        let length = if word.is_ascii() { word.len() } else { word.chars().count() };
        1 << length.min(31)
    }

    fn add(&mut self, name: &str) {
        let first = &name[..name_len(name)];
        for word in [first, first.trim_end_matches(['.', '-', '\'', '_'])] {
            self.0[Self::slot(word)] |= Self::bit(word);
        }
    }

    /// False when a text surely opens with no word of the set.
    fn may_open(&self, text: &str) -> bool {
        let lengths = self.0[Self::slot(text)];
        lengths != 0 && lengths & Self::bit(word_at(text, 0)) != 0
    }
}

impl Known {
    /// From the meeting's participants and the people that the configuration names.
    pub fn new(participants: &[Participant], people: &conventions::People) -> Self {
        let mut known = Self::default();
        for p in participants {
            if let Some(handle) = &p.handle {
                known.add(handle.to_lowercase());
            }
            if let Some(name) = &p.name {
                known.add_name(name);
            }
            if let Some(initials) = &p.initials {
                known.shapes.add(initials);
                known.initials.insert(initials.clone());
            }
        }
        for p in &people.known {
            known.add(p.handle.to_lowercase());
            p.name.iter().chain(&p.aliases).for_each(|n| known.add_name(n));
        }
        known
    }

    /// They, and whoever speaks at least twice in `blocks`: "Mira: …".
    pub fn with_speakers(&self, outline: &Outline, blocks: Range<usize>) -> Self {
        let mut turns: HashMap<&str, u32> = HashMap::default();
        for block in &outline.blocks[blocks] {
            if block.heading_level().is_some() || matches!(block.kind, BlockKind::Fence | BlockKind::Rule) {
                continue;
            }
            if memchr::memchr2(b':', b']', block.text.plain.as_bytes()).is_none() {
                continue;
            }
            for line in block.text.plain.lines() {
                let line = line.trim_start_matches(['(', '*', '_', ' ']);
                // "[Mira] …" speaks too.
                let bracket = line.strip_prefix('[').and_then(|inner| inner.split_once(']'));
                let Some((label, rest)) = bracket.or_else(|| line.split_once(':')) else {
                    continue;
                };
                let label = label.trim_end_matches(['*', '_', ')']);
                let is_name = (2..=24).contains(&label.len())
                    && label.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '.' | '_'))
                    && label.starts_with(char::is_alphabetic)
                    && label.split(' ').count() <= 2
                    && label.split(' ').all(|w| !words::is_no_name(w) && !words::is_label(w));
                if is_name && rest.starts_with(' ') {
                    *turns.entry(label).or_default() += 1;
                }
            }
        }
        let mut known = self.clone();
        // "Jo L:" is somebody at once.
        let is_person = |name: &str| {
            name.trim_end_matches('.').rsplit_once(' ').is_some_and(|(_, last)| {
                last.chars().count() == 1
                    && last.starts_with(char::is_uppercase)
                    && name.starts_with(char::is_uppercase)
            })
        };
        for (name, _) in turns.into_iter().filter(|&(name, n)| n >= 2 || is_person(name)) {
            // A word of a text is looked at without its full stop.
            known.add(name.trim_end_matches('.').to_lowercase());
        }
        known
    }

    fn add_name(&mut self, name: &str) {
        let low = name.to_lowercase();
        for part in low.split([' ', ',', '.']).filter(|p| p.chars().count() >= 3) {
            self.add(part.to_owned());
        }
        // "Jo" is a name, and "jo" none: so short a word is told by its capital.
        let first = name.split(' ').next().unwrap_or_default();
        let mut letters = first.chars();
        if first.chars().count() == 2
            && letters.next().is_some_and(char::is_uppercase)
            && letters.all(char::is_lowercase)
            && !words::is_no_name(first)
        {
            self.shapes.add(first);
            self.initials.insert(first.to_owned());
        }
        if let Some((first, surname)) = low.split_once(' ') {
            self.firsts.insert(first.to_owned());
            let letters = self.surnames.entry(first.to_owned()).or_default();
            letters.extend(surname.chars().next().filter(|letter| !letters.contains(letter)));
        }
        self.add(low);
    }

    /// The known names in a line, longest first at each place; handles are found by [`handles`].
    pub fn names_in(&self, line: &str) -> Vec<String> {
        let mut out: Vec<String> = Vec::new();
        let mut seen: HashSet<String> = HashSet::default();
        let mut from = 0;
        let may_open = |b: &u8| b.is_ascii_uppercase() || !b.is_ascii();
        let capital = |&at: &usize| {
            line.as_bytes()[at].is_ascii() || (line.is_char_boundary(at) && line[at..].starts_with(char::is_uppercase))
        };
        let places = line.bytes().enumerate().filter(|(_, b)| may_open(b)).map(|(at, _)| at);
        for at in places.filter(capital) {
            let before = line[..at].chars().next_back();
            if at < from
                || before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '@' | '/' | '-' | '_' | '.'))
                || !self.may_open(&line[at..])
            {
                continue;
            }
            if let Some((name, end)) = person_at(line, at, self, false) {
                from = end;
                let in_word = line[end..].starts_with(|c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '/'));
                if !in_word && seen.insert(name.clone()) {
                    out.push(name);
                }
            }
        }
        out
    }

    fn add(&mut self, low: String) {
        self.shapes.add(&low);
        self.names.insert(low);
    }

    /// False when nobody here, nor a handle, stands at the start of a text.
    pub fn may_open(&self, text: &str) -> bool {
        text.starts_with('@') || self.shapes.may_open(text)
    }

    /// False when neither somebody here nor a handle stands anywhere in a text.
    pub fn may_be_in(&self, text: &str) -> bool {
        let bytes = text.as_bytes();
        let in_word = |b: u8| b.is_ascii_alphanumeric() || !b.is_ascii();
        let mut last = false;
        bytes.iter().enumerate().any(|(at, &b)| {
            let opens = in_word(b) && !last;
            last = in_word(b);
            b == b'@' || (opens && self.shapes.may_open(&text[at..]))
        })
    }

    /// Whether a first name here goes on with a surname that is nobody's here: "Sean Looper", where only Sean Cooper is.
    fn has_namesake(&self, first: &str, behind: &str) -> bool {
        let mut surnames = behind.split_whitespace().peekable();
        let is_first = !first.contains(' ') && self.firsts.contains(&first.to_lowercase());
        let initial = |word: &&str| word.trim_end_matches('.').chars().count() < 3;
        is_first
            && surnames.peek().is_some_and(|word| !initial(word))
            && !surnames.any(|word| self.names.contains(&word.to_lowercase()))
    }

    /// The initial of a surname behind a known first name, "Mira H", where no other surname of that name is known here:
    /// its offset, and with a full stop that is no end of a sentence.
    fn initial_behind(&self, text: &str, at: usize, first: &str) -> Option<usize> {
        let behind = text[at + first.len()..].strip_prefix(' ')?;
        let letter = behind.chars().next().filter(|c| c.is_uppercase() && *c != 'I')?;
        let rest = &behind[letter.len_utf8()..];
        if rest.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '\'' | '’' | '-' | '_')) || !self.has(first)
        {
            return None;
        }
        let fits = self
            .surnames
            .get(lower(first).as_ref())
            .is_none_or(|letters| letter.to_lowercase().any(|l| letters.contains(&l)));
        let stop = usize::from(rest.starts_with(". ") && rest[2..].starts_with(char::is_lowercase));
        // "Mira H. Holt". A sentence that ends here may have been cut off at the full stop of such a one.
        let goes_on = rest.is_empty() || rest.trim_start_matches(['.', ' ']).starts_with(char::is_uppercase);
        (fits && !goes_on).then_some(at + first.len() + 1 + letter.len_utf8() + stop)
    }

    /// True for a spelling of somebody here.
    pub fn has(&self, name: &str) -> bool {
        self.initials.contains(name) || self.names.contains(lower(name).as_ref())
    }
}

/// People named one after the other.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct People {
    /// As written, without `@`.
    pub names: Vec<String>,
    /// Offset behind the last of them.
    pub end: usize,
}

/// `@handle`, also where emphasis or a link hangs on it.
pub static HANDLE: LazyLock<Pattern> =
    LazyLock::new(|| Pattern::new(r"@([\p{L}\p{N}](?:[\p{L}\p{N}._-]*[\p{L}\p{N}])?)"));

/// Handles that mean everybody, or no person.
const NOBODY: [&str; 11] =
    ["alle", "all", "everyone", "everybody", "here", "channel", "ai", "team", "someone", "todo", "tbd"];

/// Those of them that can own an action where the place says so: "all: read the draft".
const EVERYBODY: [&str; 4] = ["all", "everyone", "everybody", "alle"];

/// True for "all", in any case.
pub fn is_everybody(name: &str) -> bool {
    EVERYBODY.iter().any(|all| name.eq_ignore_ascii_case(all))
}

/// The handle that stands at an offset, without its `@`.
fn handle_at(text: &str, at: usize) -> Option<&str> {
    let letters = text[at..].strip_prefix('@')?;
    let bytes = letters.as_bytes();
    let in_handle = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-');
    let len = bytes.iter().position(|b| !in_handle(b)).unwrap_or(bytes.len());
    if bytes.get(len).is_some_and(|b| !b.is_ascii()) {
        // Only here is it dear to tell what is a letter. No handle goes on behind the next sign.
        let end = at + 1 + memchr::memchr(b'@', bytes).unwrap_or(bytes.len());
        let found = HANDLE.captures(&text[at..end])?.get(1)?;
        return (found.start() == 1).then_some(found.as_str());
    }
    let handle = letters[..len].trim_end_matches(['.', '_', '-']);
    handle.starts_with(|c: char| c.is_ascii_alphanumeric()).then_some(handle)
}

fn skip_noise(text: &str, mut at: usize) -> usize {
    while let Some(c) = text[at..].chars().next() {
        if c.is_whitespace() || matches!(c, '*' | '_' | '`' | '"') {
            at += c.len_utf8();
        } else {
            break;
        }
    }
    at
}

fn is_name_char(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '\'' | '’' | '-' | '_' | '.')
}

/// How many bytes of letters of a name a text begins with.
fn name_len(text: &str) -> usize {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'\'' | b'-' | b'_' | b'.');
    let ascii = text.bytes().position(|b| !plain(b)).unwrap_or(text.len());
    match text.as_bytes().get(ascii) {
        Some(next) if !next.is_ascii() => {
            ascii + text[ascii..].find(|c: char| !is_name_char(c)).unwrap_or(text.len() - ascii)
        }
        _ => ascii,
    }
}

/// One word of a possible name at an offset; without trailing dots.
fn word_at(text: &str, at: usize) -> &str {
    let rest = &text[at..];
    let word = &rest[..name_len(rest)];
    // "Mira'll ask", "Mira's going to ask"
    let is_going = || rest[word.len()..].starts_with(" going to ");
    let name = ["'ll", "’ll"].iter().find_map(|will| word.strip_suffix(will));
    let name = name.or_else(|| ["'s", "’s"].iter().find_map(|is| word.strip_suffix(is)).filter(|_| is_going()));
    name.unwrap_or(word).trim_end_matches(['.', '-', '\'', '_'])
}

/// Whether what follows a word makes it a person who is to do something: `:`, ` to `, ` will `, a closing
/// bracket, the end.
fn names_a_doer(text: &str, end: usize) -> bool {
    let rest = &text[end..];
    let trimmed = rest.trim_start();
    rest.starts_with([':', ')', ']'])
        || trimmed.is_empty()
        || trimmed.starts_with([':', ')', ']'])
        || [
            "to ",
            "will ",
            "and ",
            "- ",
            "– ",
            "-> ",
            "→ ",
            "+ ",
            "& ",
            "wird ",
            "macht ",
            "should ",
            "needs to ",
            "has to ",
            "is going to ",
            "can ",
        ]
        .iter()
        .any(|w| trimmed.starts_with(w))
        || (rest.starts_with(['/', ',']) && rest.len() > 1)
}

/// The name of somebody whom a word processor mentions by all of it: "@Mira Holt to ask".
fn with_surname(text: &str, at: usize, end: usize) -> Option<&str> {
    let rest = text[end..].strip_prefix(' ').filter(|_| text[at + 1..].starts_with(char::is_uppercase))?;
    let surname = word_at(rest, 0);
    let letters = surname.chars().skip(1);
    let is_name = surname.starts_with(char::is_uppercase)
        && letters.clone().next().is_some()
        && letters.clone().all(char::is_lowercase)
        && !words::is_no_name(surname);
    let behind = &rest[surname.len()..];
    let ends =
        behind.trim().is_empty() || [" to ", " will ", ":", ",", " @", " |", ")"].iter().any(|w| behind.starts_with(w));
    (is_name && ends).then(|| &text[at + 1..end + 1 + surname.len()])
}

/// The same of somebody who is known by all of the name, of up to four words.
fn known_whole<'a>(text: &'a str, at: usize, end: usize, known: &Known) -> Option<&'a str> {
    let behind = text[end..].strip_prefix(' ').filter(|_| text[at + 1..].starts_with(char::is_uppercase))?;
    let ends = behind.char_indices().filter(|(_, c)| !is_name_char(*c)).map(|(n, _)| n).chain([behind.len()]).take(3);
    let names = ends.map(|n| text[at + 1..end + 1 + n].trim_end_matches('.')).collect::<Vec<_>>();
    names.into_iter().rev().find(|name| known.has(name))
}

/// One person at an offset: the name as written and the offset behind it. With `loose`, names that
/// nobody has introduced count too where their place says so.
pub fn person_at(text: &str, at: usize, known: &Known, loose: bool) -> Option<(String, usize)> {
    let at = skip_noise(text, at);
    if text[at..].starts_with('@') {
        let space = usize::from(text[at + 1..].starts_with(' '));
        if let Some(handle) = handle_at(text, at) {
            let end = at + 1 + handle.len();
            // `@org/team` is nobody in particular; `@a/@b` are two.
            if text[end..].starts_with('/') && text[end + 1..].starts_with(char::is_alphanumeric) {
                return None;
            }
            // "@Mira Holt to ask", "@Mira Holt charts" where she is known
            if let Some(full) = known_whole(text, at, end, known).or_else(|| with_surname(text, at, end)) {
                return Some((full.to_owned(), at + 1 + full.len()));
            }
            let low = lower(handle);
            let counts = !NOBODY.contains(&low.as_ref()) || (loose && EVERYBODY.contains(&low.as_ref()));
            return counts.then(|| (handle.to_owned(), end));
        }
        if space == 1 {
            let word = word_at(text, at + 2);
            return (!word.is_empty() && known.has(word)).then(|| (word.to_owned(), at + 2 + word.len()));
        }
        return None;
    }
    if !loose && !known.shapes.may_open(&text[at..]) {
        return None;
    }
    let first = word_at(text, at);
    if first.is_empty() {
        return None;
    }
    if loose && is_everybody(first) {
        let end = at + first.len();
        let rest = &text[end..];
        let leads = [":", ")", " to ", " -> ", " → ", " - "];
        return leads.iter().any(|lead| rest.starts_with(lead)).then(|| (first.to_owned(), end));
    }
    // The longest run of up to three words that is known, else (loosely) of capitalised ones.
    let mut ends = vec![at + first.len()];
    for _ in 0..2 {
        let end = *ends.last()?;
        if !text[end..].starts_with(' ') {
            break;
        }
        let next = word_at(text, end + 1);
        if !next.starts_with(char::is_uppercase) || words::is_no_name(next) {
            break;
        }
        ends.push(end + 1 + next.len());
    }
    // "Mira H will ask"
    if let Some(end) = known.initial_behind(text, at, first)
        && !known.has(&text[at..end])
    {
        return Some((text[at..end].to_owned(), end));
    }
    for &end in ends.iter().rev() {
        let own = text[end..].strip_prefix("'s ").or_else(|| text[end..].strip_prefix("’s "));
        let of_theirs = own.is_some_and(|what| !what.starts_with("going to "));
        if !of_theirs && known.has(&text[at..end]) && !known.has_namesake(&text[at..end], &text[end..*ends.last()?]) {
            // The full stop of "Mira D.:" is part of the name.
            let initial = text[at..end].rsplit(' ').next().is_some_and(|last| last.chars().count() == 1);
            let stop = text[end..].starts_with(".:") || &text[end..] == ".";
            let stop = usize::from(end > ends[0] && initial && stop);
            return Some((text[at..end + stop].to_owned(), end + stop));
        }
    }
    // "Mark to leave a comment"
    let verb_name = words::is_name_too(first) && text[ends[0]..].starts_with(" to ");
    if !loose
        || words::is_no_name(first)
        || (words::is_imperative(first) && !verb_name)
        || (first.len() > 4
            && first.chars().skip(1).all(char::is_lowercase)
            && ["ing", "tion", "ment"].iter().any(|e| first.ends_with(e)))
    {
        return None;
    }
    let capital = first.starts_with(char::is_uppercase);
    if capital && first.chars().count() >= 2 {
        for &end in ends.iter().rev() {
            if names_a_doer(text, end) {
                return Some((text[at..end].to_owned(), end));
            }
        }
    }
    let end = ends[0];
    let rest = &text[end..];
    let lower_doer = !capital
        && first.chars().count() >= 3
        && first.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
        && !first.bytes().all(|b| b.is_ascii_digit())
        && (rest.starts_with(": ") || rest.starts_with(" to ") || rest.starts_with(" will "));
    lower_doer.then(|| (first.to_owned(), end))
}

/// What may stand between two owners.
static BETWEEN: LazyLock<Pattern> =
    LazyLock::new(|| Pattern::new(r"^[\s*_]*(?:,?\s*(?:and|und|or|oder|OR|AND|plus|with|mit)\s|[,/&+|;]|->)[\s*_]*"));
/// `via @b`: a go-between, no owner.
static VIA: LazyLock<Pattern> = LazyLock::new(|| Pattern::new(r"^\s*(?:via|cc|Cc|über)\s+@?[\w.-]+"));

/// The people named at an offset, one after the other: `@a, @b`, `@a/@b`, `Mira and Jo`, `@a (@b)`.
///
/// ```
/// use minutebook_ingest::owners::{Known, people_at};
/// let of = |text| people_at(text, 0, &Known::default(), true).names;
/// assert_eq!(of("@mira/@jo: ask"), ["mira", "jo"]);
/// assert_eq!(of("Mira and Jo to ask"), ["Mira", "Jo"]);
/// assert_eq!(of("@mira via @jo"), ["mira"]);
/// assert!(of("Talk to the harbour").is_empty());
/// ```
pub fn people_at(text: &str, at: usize, known: &Known, loose: bool) -> People {
    let mut people = People { names: Vec::new(), end: at };
    let mut next = skip_noise(text, at);
    let bracket = text[next..].starts_with(['(', '[']);
    if bracket {
        next += 1;
    }
    while let Some((name, end)) = person_at(text, next, known, loose) {
        if !people.names.iter().any(|n| n.eq_ignore_ascii_case(&name)) {
            people.names.push(name);
        }
        people.end = end;
        if let Some(via) = VIA.find(&text[end..]) {
            people.end = end + via.end();
        }
        // `@a (@b)`, `Mira (@mira)`
        let rest = &text[people.end..];
        if let Some(inner) = rest.strip_prefix(" (@").or_else(|| rest.strip_prefix(" [@")) {
            let open = people.end + (rest.len() - inner.len()) - 1;
            if let Some((name, end)) = person_at(text, open, known, false)
                && text[end..].starts_with([')', ']'])
            {
                people.names.push(name);
                people.end = end + 1;
            }
        }
        match BETWEEN.find(&text[people.end..]) {
            Some(sep) => {
                next = people.end + sep.end();
                let arrow = sep.as_str().contains("->");
                let handle = text[next..].starts_with('@');
                if arrow || (sep.as_str().contains("with") && !handle) || (sep.as_str().contains("mit") && !handle) {
                    break;
                }
            }
            None if text[people.end..].starts_with(" @") => next = people.end + 1,
            None => break,
        }
    }
    if bracket && !people.names.is_empty() && text[people.end..].starts_with([')', ']']) {
        people.end += 1;
    }
    people
}

/// Whether a text opens with somebody who says the rest: "Mira: …".
pub fn speaks(text: &str, known: &Known) -> bool {
    let people = people_at(text, 0, known, false);
    !people.names.is_empty() && text[people.end..].starts_with(':')
}

/// All handles in a text, without `@`, each once.
pub fn handles(text: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut seen: HashSet<Cow<'_, str>> = HashSet::default();
    for at in memchr::memchr_iter(b'@', text.as_bytes()) {
        let Some(handle) = handle_at(text, at) else { continue };
        let in_word = text[..at].chars().next_back().is_some_and(|c| c.is_alphanumeric() || c == '/' || c == '.');
        let low = lower(handle);
        if !in_word && !NOBODY.contains(&low.as_ref()) && seen.insert(low) {
            out.push(handle.to_owned());
        }
    }
    out
}
