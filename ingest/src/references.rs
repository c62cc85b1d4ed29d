//! Issues, pull requests, reviews and bugs that a text points to.
//!
//! Links are read from the source, line by line, so that those in HTML and comments count too. Short
//! forms (`standards#12`, `#12`, `PR 12`) take their repository from the links of the same file and
//! from the configuration; what stays unknown keeps `#N` and is resolved in the index, which knows
//! the links of the whole book.

use std::borrow::Cow;
use std::cell::LazyCell;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, Input};
use regex::{Captures, Regex};

use crate::conventions;
use crate::facts::{Reference, ReferenceKind};
use crate::pattern::Pattern;
use crate::statement::{find_mark, lower};

/// Links to issues and the like on the forges and trackers that teams use. Addresses are ASCII, and a pattern that
/// takes no other letters is small.
static LINK: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x-u)
        (?:https?://)?(?:www\.)?github\.com/(?P<gho>[\w.-]+)/(?P<ghr>[\w.-]+)/(?P<ghk>issues|pull)/(?P<ghn>\d+)
      | https?://(?P<glh>[\w.-]*gitlab[\w.-]*)/(?P<glp>(?:[\w.-]+/)+[\w.-]+)/-/(?P<glk>issues|work_items|merge_requests)/(?P<gln>\d+)
      | https?://(?P<geh>review\.[\w.-]+|[\w.-]*gerrit[\w.-]*)/(?:r/)?c/(?P<gep>(?:[\w.-]+/)*[\w.-]+)/\+/(?P<gen>\d+)
      | https?://bugs\.launchpad\.net/(?u:[^\s)>\]]*/)?\+bug/(?P<lpn>\d+)
      | https?://(?P<jih>[\w.-]+)(?:/[\w-]+)*/browse/(?P<jik>[A-Z][A-Z0-9]+-\d+)
      | https?://(?P<fjh>codeberg\.org|[\w.-]*(?:gitea|forgejo)[\w.-]*)/(?P<fjo>[\w.-]+)/(?P<fjr>[\w.-]+)/(?P<fjk>issues|pulls)/(?P<fjn>\d+)
        ",
    )
    .expect("a valid pattern")
});

/// `org/repo#12`, `standards#12`, `standards/#12`, `#12`, `PR 12`, `issue 12`, `pull request #12`, `!12`.
static SHORT: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"(?x)
        (?P<full>[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*)[\#](?P<n1>[0-9]{1,6})\b
      | (?P<group>[A-Za-z0-9][\w.-]*(?:/[A-Za-z0-9][\w.-]*)+)!(?P<n6>[0-9]{1,6})\b
      | (?P<name>[A-Za-z][\w.-]*)/?[\#](?P<n2>[0-9]{1,6})\b
      | (?i:\b(?P<kind>pull\ requests?|pull|prs?|merge\ requests?|mrs?|issues?))\ ?[\#]?(?P<n3>[0-9]{1,6})\b
      | [\#](?P<n4>[0-9]{1,6})\b
        ",
    )
});

/// The short references of a line, in order, each with the offset at which it begins.
///
/// A line may be long and its references few: each is looked for in the words that end in its number, which are no longer
/// than [`LONGEST`].
fn short(line: &str) -> impl Iterator<Item = (usize, Captures<'_>)> {
    let mut from = 0;
    numbers_in(line).filter_map(move |number| {
        if number.start < from {
            return None;
        }
        let least = line.ceil_char_boundary(from.max(number.start.saturating_sub(LONGEST)));
        let start = words_before(line, number.start).max(least);
        // What is behind the number tells whether it ends there.
        let end = line.ceil_char_boundary((number.end + 1).min(line.len()));
        let found = SHORT.captures(&line[start..end])?;
        let place = found.get(0).map_or(0..0, |m| start + m.start()..start + m.end());
        from = place.end;
        Some((place.start, found))
    })
}

/// The numbers that stand behind `#`, `!`, or a word for what they count: short forms end in one.
fn numbers_in(line: &str) -> impl Iterator<Item = Range<usize>> {
    const KINDS: [&str; 9] = ["pr", "prs", "mr", "mrs", "pull", "request", "requests", "issue", "issues"];
    let bytes = line.as_bytes();
    let digits = bytes.iter().any(u8::is_ascii_digit);
    let opens = move |&at: &usize| bytes[at].is_ascii_digit() && !bytes[at - 1].is_ascii_digit();
    let counts = move |&at: &usize| {
        if matches!(bytes[at - 1], b'#' | b'!') {
            return true;
        }
        let before = &bytes[..at - usize::from(bytes[at - 1] == b' ')];
        let word = before.rsplit(|b| !b.is_ascii_alphabetic()).next().unwrap_or_default();
        KINDS.iter().any(|kind| word.eq_ignore_ascii_case(kind.as_bytes()))
    };
    let end = move |at: usize| bytes[at..].iter().position(|b| !b.is_ascii_digit()).map_or(bytes.len(), |n| at + n);
    (1..if digits { bytes.len() } else { 0 }).filter(opens).filter(counts).map(move |at| at..end(at))
}

/// Bytes of `group/subgroup/project#` at most.
const LONGEST: usize = 300;

/// Where the words begin that a short form may open with whose number stands at an offset: `owner/repo#`, `#`,
/// `pull request `, `merge request #`; about [`LONGEST`] bytes before it at most.
fn words_before(line: &str, number: usize) -> usize {
    let bytes = line.as_bytes();
    let in_word = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-' | b'/') || !b.is_ascii();
    let word = |end: usize| end - bytes[..end].iter().rev().take(LONGEST).take_while(|b| in_word(b)).count();
    let mut start = word(number - usize::from(matches!(bytes[number - 1], b'#' | b'!')));
    for _ in 0..2 {
        if start > 0 && bytes[start - 1] == b' ' {
            start = word(start - 1);
        }
    }
    start
}

/// Words that stand before `#12` without naming a repository.
const NO_REPOSITORY: [&str; 22] = [
    "pr",
    "prs",
    "issue",
    "issues",
    "pull",
    "mr",
    "bug",
    "item",
    "ticket",
    "story",
    "see",
    "pullrequest",
    "hackathon",
    "sprint",
    "call",
    "meeting",
    "cve",
    "rfc",
    "part",
    "no",
    "nr",
    "release",
];

/// Words whose `#12` counts something, and points to no issue.
const COUNTED: [&str; 16] = [
    "hackathon",
    "sprint",
    "call",
    "meeting",
    "cve",
    "part",
    "no",
    "nr",
    "item",
    "release",
    "step",
    "option",
    "phase",
    "episode",
    "session",
    "milestone",
];

/// Short names learnt so far: lower case -> `owner/repo`.
pub type ShortNames = HashMap<String, String>;

/// What one link means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// `owner/repo#12`
    pub target: String,
    /// What it is.
    pub kind: ReferenceKind,
}

/// The issue or request that a URL points to.
///
/// ```
/// use minutebook_ingest::references::of_url;
/// let target = |url| of_url(url).map(|t| t.target);
/// assert_eq!(target("https://github.com/quay/docs/pull/7#issuecomment-1").as_deref(), Some("quay/docs#7"));
/// assert_eq!(target("https://gitlab.com/quay/a/b/-/merge_requests/9").as_deref(), Some("quay/a/b!9"));
/// assert_eq!(target("https://bugs.launchpad.net/nova/+bug/123").as_deref(), Some("launchpad#123"));
/// assert_eq!(target("https://github.com/quay/docs"), None);
/// ```
pub fn of_url(url: &str) -> Option<Target> {
    links_in(url).next().map(|link| link.target)
}

/// A link to an issue in a text.
struct Link<'a> {
    /// Offset in the text.
    start: usize,
    as_written: &'a str,
    /// The number, on forges whose issues have a number in their repository.
    number: Option<&'a str>,
    target: Target,
}

/// All links to issues in a text, in order.
fn links(source: &str) -> Vec<Link<'_>> {
    // What all links hold, one of them; the rest of a link stands in the same word.
    static OPENS: LazyLock<AhoCorasick> =
        LazyLock::new(|| AhoCorasick::new(["://", "github.com/"]).expect("two short words"));
    let bytes = source.as_bytes();
    let mut out = Vec::new();
    let mut from = 0;
    while let Some(found) = OPENS.find(Input::new(source).range(from..)) {
        let blank = |b: &u8| b.is_ascii_whitespace();
        let start = from + bytes[from..found.start()].iter().rposition(blank).map_or(0, |at| at + 1);
        let end = bytes[found.end()..].iter().position(blank).map_or(source.len(), |n| found.end() + n);
        out.extend(links_in(&source[start..end]).map(|link| Link { start: start + link.start, ..link }));
        from = end;
    }
    out
}

/// The links in a word.
fn links_in(word: &str) -> impl Iterator<Item = Link<'_>> {
    // What links hold but those to GitHub, which are most of them and are read without the pattern.
    const PARTS: [&str; 7] = ["/-/", "/+/", "+bug/", "/browse/", "gitea", "forgejo", "codeberg"];
    let others = PARTS.iter().any(|part| find_mark(word, part).is_some());
    let mut from = 0;
    let on_github = std::iter::from_fn(move || {
        let link = if others { None } else { github_link(word, from) }?;
        from = link.start + link.as_written.len();
        Some(link)
    });
    let mut any = if others { Some(LINK.captures_iter(word)) } else { None };
    let elsewhere = std::iter::from_fn(move || {
        let c = any.as_mut()?.next()?;
        let whole = c.get(0)?;
        let number = ["ghn", "gln", "fjn"].iter().find_map(|n| c.name(n)).map(|m| m.as_str());
        Some(Link { start: whole.start(), as_written: whole.as_str(), number, target: meant(&c) })
    });
    on_github.chain(elsewhere)
}

/// The first link to an issue on GitHub in a word from an offset on, as [`LINK`] reads it.
fn github_link(word: &str, mut from: usize) -> Option<Link<'_>> {
    const HOST: &str = "github.com/";
    loop {
        let host = from + find_mark(&word[from..], HOST)?;
        if let Some((target, number)) = github_issue(&word[host + HOST.len()..]) {
            let before = &word[from..host];
            let before = before.strip_suffix("www.").unwrap_or(before);
            let before = before.strip_suffix("https://").or(before.strip_suffix("http://")).unwrap_or(before);
            let start = from + before.len();
            let end = word.len() - (word[host..].len() - HOST.len()) + number.end;
            let number = Some(&word[end - number.len()..end]);
            return Some(Link { start, as_written: &word[start..end], number, target });
        }
        from = host + HOST.len();
    }
}

/// What `owner/repository/issues/12` at the start of a path means, and where its number stands.
fn github_issue(path: &str) -> Option<(Target, Range<usize>)> {
    let name = |text: &str| {
        let is_part = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-');
        let len = text.bytes().take_while(|&b| is_part(b)).count();
        (len > 0 && text[len..].starts_with('/')).then_some(len)
    };
    let owner = name(path)?;
    let repository = name(&path[owner + 1..])?;
    let issue = &path[owner + 1 + repository + 1..];
    let (kind, digits) = match issue.strip_prefix("issues/") {
        Some(digits) => (ReferenceKind::Issue, digits),
        None => (ReferenceKind::Pull, issue.strip_prefix("pull/")?),
    };
    let len = digits.bytes().take_while(u8::is_ascii_digit).count();
    let start = path.len() - digits.len();
    let target = format!("{}#{}", &path[..owner + 1 + repository], &digits[..len]);
    (len > 0).then_some((Target { target, kind }, start..start + len))
}

fn meant(c: &Captures<'_>) -> Target {
    let get = |name: &str| c.name(name).map_or("", |m| m.as_str());
    let (target, kind) = if c.name("ghn").is_some() {
        let kind = if get("ghk") == "pull" { ReferenceKind::Pull } else { ReferenceKind::Issue };
        (format!("{}/{}#{}", get("gho"), get("ghr"), get("ghn")), kind)
    } else if c.name("gln").is_some() {
        match get("glk") {
            "merge_requests" => (format!("{}!{}", get("glp"), get("gln")), ReferenceKind::Pull),
            _ => (format!("{}#{}", get("glp"), get("gln")), ReferenceKind::Issue),
        }
    } else if c.name("gen").is_some() {
        (format!("{}#{}", get("gep"), get("gen")), ReferenceKind::Review)
    } else if c.name("lpn").is_some() {
        (format!("launchpad#{}", get("lpn")), ReferenceKind::Bug)
    } else if c.name("jik").is_some() {
        (get("jik").to_owned(), ReferenceKind::Issue)
    } else {
        let kind = if get("fjk") == "pulls" { ReferenceKind::Pull } else { ReferenceKind::Issue };
        (format!("{}/{}#{}", get("fjo"), get("fjr"), get("fjn")), kind)
    };
    Target { target, kind }
}

/// True for a word before `#12` that says what it is, not of which repository.
pub fn is_kind(word: &str) -> bool {
    NO_REPOSITORY.contains(&word.to_lowercase().as_str())
}

/// What the links of a text teach about short names: `[standards#12](https://github.com/quay/standards/issues/12)`.
pub fn taught(source: &str, names: &mut ShortNames) {
    let (mut from, mut close) = (0, 0);
    for sign in memchr::memchr_iter(b'#', source.as_bytes()) {
        let Some((name, number)) = source.get(from..sign).and_then(|before| named(before, &source[sign + 1..])) else {
            continue;
        };
        // The bracket that closes is the same for all signs before it.
        if close < sign {
            close = sign + memchr::memchr(b']', &source.as_bytes()[sign..]).unwrap_or(source.len() - sign);
        }
        let Some(url) =
            source[close..].strip_prefix("](").filter(|url| url.starts_with("http://") || url.starts_with("https://"))
        else {
            continue;
        };
        let url = &url[..url.find(|c: char| c == ')' || c.is_whitespace()).unwrap_or(url.len())];
        from = close + 2 + url.len();
        if is_kind(name) {
            continue;
        }
        if let Some(Target { target, .. }) = of_url(url)
            && let Some((repository, meant)) = target.split_once('#')
            && meant == number
        {
            names.entry(name.to_lowercase()).or_insert_with(|| repository.to_owned());
        }
    }
}

/// The name and number that open the text of a link, by what stands before and behind the `#` between them.
fn named<'a>(before: &'a str, behind: &'a str) -> Option<(&'a str, &'a str)> {
    let digits = behind.bytes().take_while(u8::is_ascii_digit).count();
    if digits == 0 {
        return None;
    }
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let before = before.strip_suffix('/').unwrap_or(before);
    let name = before.trim_end_matches(|c: char| is_word(c) || matches!(c, '.' | '-')).len();
    let marks = before[..name].trim_end_matches(|c: char| !is_word(c)).len();
    let opens = before[marks..name].contains('[');
    let name = before[name..].trim_start_matches(['.', '-']);
    (opens && name.starts_with(|c: char| c.is_ascii_alphabetic())).then_some((name, &behind[..digits]))
}

/// All references of a file, in order. `first_line` is the number of the source's first line.
pub fn references(source: &str, first_line: u32, config: &conventions::References) -> Vec<Reference> {
    let mut names: ShortNames = config.short.iter().map(|(k, v)| (k.to_lowercase(), v.clone())).collect();
    taught(source, &mut names);
    let mut found: Vec<Reference> = Vec::new();
    let mut in_fence = false;
    // A heading or line that names one repository: `#12` under it is of that repository.
    let mut near: Option<String> = None;
    let links = links(source);
    // Number -> repository, from the file's own links.
    let mut numbers: HashMap<&str, Option<&str>> = HashMap::new();
    for link in &links {
        if let (Some(number), Some((repository, _))) = (link.number, link.target.target.rsplit_once('#')) {
            let known = numbers.entry(number).or_insert(Some(repository));
            *known = known.filter(|r| *r == repository);
        }
    }
    let mut links = links.iter().peekable();
    let mut level = 0;
    let mut heading = "";
    // The columns of a table that hold nothing but numbers of issues.
    let mut columns: Vec<usize> = Vec::new();
    let mut next_line = 0;
    let breaks = memchr::memchr_iter(b'\n', source.as_bytes());
    let rest = Some(source.len()).filter(|_| !source.is_empty() && !source.ends_with('\n'));
    for (number, end) in (first_line..).zip(breaks.chain(rest)) {
        let line_at = next_line;
        next_line = end + 1;
        let line = &source[line_at..end];
        let line = line.strip_suffix('\r').filter(|_| end < source.len()).unwrap_or(line);
        let trimmed = line.trim_start();
        let has_link = links.peek().is_some_and(|link| link.start < next_line);
        // Most lines are none of what is told apart below, and point to nothing.
        if !has_link && !trimmed.starts_with(['|', '`', '~', '#']) && numbers_in(line).next().is_none() {
            columns.clear();
            continue;
        }
        let said = LazyCell::new(|| without_markdown(line));
        if trimmed.starts_with('|') {
            let cells = trimmed.trim_start_matches('|').split('|').map(str::trim);
            if columns.is_empty() {
                let is_head = |cell: &str| {
                    ["bug", "bugs", "issue", "issues", "pr", "prs", "ticket", "tickets"].contains(&lower(cell).as_ref())
                };
                columns = cells.enumerate().filter(|(_, cell)| is_head(cell)).map(|(n, _)| n).collect();
            } else {
                let numbers =
                    cells.enumerate().filter(|(n, _)| columns.contains(n)).flat_map(|(_, cell)| cell.split(','));
                let bare = |n: &&str| (2..=6).contains(&n.len()) && n.bytes().all(|b| b.is_ascii_digit());
                found.extend(numbers.map(str::trim).filter(bare).map(|n| Reference {
                    line: number,
                    as_written: n.to_owned(),
                    target: near.as_ref().map_or_else(|| format!("#{n}"), |repository| format!("{repository}#{n}")),
                    kind: ReferenceKind::Issue,
                    url: None,
                    near: None,
                    text: (*said).clone(),
                }));
            }
        } else {
            columns.clear();
        }
        if trimmed.starts_with("```") || trimmed.starts_with("~~~") {
            in_fence = !in_fence;
        }
        let hashes = trimmed.bytes().take_while(|&b| b == b'#').count();
        let is_heading = (1..=6).contains(&hashes) && trimmed.as_bytes().get(hashes) == Some(&b' ');
        if is_heading && (level == 0 || hashes <= level) {
            near = None;
            level = 0;
        }
        if is_heading {
            heading = trimmed;
        }
        if is_heading && let Some(repository) = heading_repository(trimmed, &names) {
            near = Some(repository);
            level = hashes;
        }
        let mut spans: Vec<(usize, usize)> = Vec::new();
        // The repositories of the line's links, with where each begins.
        let mut in_line: Vec<(usize, &str)> = Vec::new();
        while let Some(link) = links.next_if(|link| link.start < next_line) {
            let start = link.start - line_at;
            let target = &link.target;
            if let Some((repository, _)) = target.target.split_once('#').filter(|(r, _)| r.contains('/')) {
                in_line.push((start, repository));
            }
            spans.push((start, start + link.as_written.len()));
            let scheme = if link.as_written.starts_with("http") { "" } else { "https://" };
            found.push(Reference {
                line: number,
                as_written: link.as_written.to_owned(),
                target: target.target.clone(),
                kind: target.kind,
                url: Some(format!("{scheme}{}", link.as_written)),
                near: None,
                text: (*said).clone(),
            });
        }
        if in_fence {
            continue;
        }
        for (start, c) in short(line) {
            let whole = c.get(0).map_or("", |m| m.as_str());
            let end = start + whole.len();
            if inside_link(line, start, end, &spans) {
                continue;
            }
            let get = |name: &str| c.name(name).map(|m| m.as_str());
            let Some(n) = ["n1", "n6", "n2", "n3", "n4"].iter().find_map(|n| get(n)) else {
                continue;
            };
            let bare = || {
                let near = || near.as_deref().or_else(|| nearest(&in_line, start));
                numbers.get(n).copied().flatten().or_else(near)
            };
            let mut kind = ReferenceKind::Issue;
            let target = if let Some(full) = get("full") {
                format!("{full}#{n}")
            } else if let Some(group) = get("group") {
                kind = ReferenceKind::Pull;
                format!("{group}!{n}")
            } else if let Some(name) = get("name") {
                let low = name.to_lowercase();
                if COUNTED.contains(&low.as_str()) {
                    continue;
                }
                match names.get(&low) {
                    Some(repository) => format!("{repository}#{n}"),
                    None => match bare() {
                        Some(repository) if is_kind(name) || repository.ends_with(&format!("/{name}")) => {
                            if matches!(low.as_str(), "pr" | "prs" | "mr" | "pull") {
                                kind = ReferenceKind::Pull;
                            }
                            format!("{repository}#{n}")
                        }
                        _ => format!("#{n}"),
                    },
                }
            } else {
                if let Some(word) = get("kind") {
                    if word.to_lowercase().starts_with(['p', 'm']) {
                        kind = ReferenceKind::Pull;
                    }
                } else {
                    let word = line[..start].trim_end().rsplit(|c: char| !c.is_alphanumeric()).next();
                    if word.is_some_and(|w| COUNTED.contains(&w.to_lowercase().as_str())) {
                        continue;
                    }
                    let before = line[..start].chars().next_back();
                    // "#300/#302"
                    let listed =
                        line[..start].strip_suffix('/').is_some_and(|b| b.ends_with(|c: char| c.is_ascii_digit()));
                    let before = before.filter(|_| !listed);
                    let colour = line[end..].starts_with(|c: char| c.is_ascii_hexdigit());
                    if colour || before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '&' | '/' | '=' | '"' | '-'))
                    {
                        continue;
                    }
                }
                match bare() {
                    Some(repository) => format!("{repository}#{n}"),
                    None => format!("#{n}"),
                }
            };
            let url = github_url(&target, kind);
            let near = target.starts_with('#').then(|| near_word(line, start, heading)).flatten();
            found.push(Reference {
                line: number,
                as_written: whole.to_owned(),
                target,
                kind,
                url,
                near,
                text: (*said).clone(),
            });
        }
    }
    found
}

/// The longest line that is kept whole, in bytes.
const LINE: usize = 200;

/// A line as a reader sees it: links as their text, without what makes it a heading or an item.
fn without_markdown(line: &str) -> String {
    let head = &line[..line.floor_char_boundary(4 * LINE)];
    let plain = without_links(head);
    let plain = plain.trim().trim_start_matches(['#', '-', '*', '+', '>', '|', ' ']);
    plain[..plain.floor_char_boundary(LINE)].trim_end().to_owned()
}

/// Words with the text of each link, `[text](address)`, in its place.
fn without_links(words: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let (mut kept, mut from) = (0, 0);
    while let Some(middle) = find_mark(&words[from..], "](").map(|at| from + at) {
        // The text of a link holds no brackets.
        let open = words[from..middle].rfind(['[', ']']).map(|at| from + at);
        from = middle + 2;
        if let Some(open) = open.filter(|&at| words[at..].starts_with('['))
            && let Some(len) = address_len(&words[from..])
        {
            from += len + 1;
            out.push_str(&words[kept..open]);
            out.push_str(&words[open + 1..middle]);
            kept = from;
        }
    }
    if kept == 0 {
        return Cow::Borrowed(words);
    }
    out.push_str(&words[kept..]);
    Cow::Owned(out)
}

/// The length of an address before the bracket that closes it: it holds no blanks, and brackets in pairs only.
fn address_len(text: &str) -> Option<usize> {
    let mut at = 0;
    loop {
        at += text[at..].find(|c: char| matches!(c, '(' | ')') || c.is_whitespace())?;
        if text[at..].starts_with(')') {
            return Some(at);
        }
        let inside = text[at..].strip_prefix('(')?;
        let close = inside.find(['(', ')'])?;
        inside[close..].starts_with(')').then_some(())?;
        at += close + 2;
    }
}

/// The repository of the link that stands nearest to an offset.
fn nearest<'a>(links: &[(usize, &'a str)], at: usize) -> Option<&'a str> {
    links.iter().min_by_key(|(start, _)| start.abs_diff(at)).map(|&(_, repository)| repository)
}

/// The word before a number that is called out as what it is about, or the heading over it where that is one
/// word: `Reference (tide-api): #41, #42`, `### tide-api`.
fn near_word(line: &str, at: usize, heading: &str) -> Option<String> {
    static CALLED: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"([A-Za-z][\w.-]*[\w])\)?[*_`]*(?::\s|\s?$)").expect("a valid pattern"));
    let before = &line[line.floor_char_boundary(at.saturating_sub(WINDOW))..at];
    // The last word, or one that ends in a colon: nothing else is called out.
    let words = before.split_inclusive(char::is_whitespace).rev().enumerate();
    let mut called = words.filter(|(n, word)| *n == 0 || word.trim_end().ends_with(':'));
    let called = called.find_map(|(_, word)| CALLED.captures(word)).map(|c| c[1].to_owned());
    called.or_else(|| {
        let bare = heading.trim_start_matches('#').trim().trim_matches(['*', ':']);
        (!bare.is_empty() && !bare.contains(' ')).then(|| bare.to_owned())
    })
}

/// Where a resolved short reference can be read, were it on GitHub.
pub fn github_url(target: &str, kind: ReferenceKind) -> Option<String> {
    let (repository, number) = target.split_once('#')?;
    let word = if kind == ReferenceKind::Pull { "pull" } else { "issues" };
    (repository.matches('/').count() == 1).then(|| format!("https://github.com/{repository}/{word}/{number}"))
}

/// `### quay/docs`, `## standards`, `### [docs](https://github.com/quay/docs)`.
fn heading_repository(heading: &str, names: &ShortNames) -> Option<String> {
    static REPOSITORY: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^#+\s+\W*([A-Za-z0-9][\w-]*/[A-Za-z0-9][\w.-]*?)[\s:*)\]]*$").expect("a valid pattern")
    });
    static URL: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"https?://github\.com/([\w-]+/[\w.-]+?)(?:\.git|/|\)|\s|$)").expect("a valid pattern")
    });
    if heading.contains('/')
        && let Some(c) = REPOSITORY.captures(heading).or_else(|| URL.captures(heading))
    {
        return Some(c[1].to_owned());
    }
    if names.is_empty() {
        return None;
    }
    let bare = heading.trim_start_matches('#').trim().trim_matches(['*', ':']).to_lowercase();
    names.get(&bare).cloned()
}

/// How far around a match a link is looked for.
const WINDOW: usize = 600;

/// True when a match stands in a link's URL or text, where the link itself already says what is meant.
fn inside_link(line: &str, start: usize, end: usize, links: &[(usize, usize)]) -> bool {
    // The links of a line follow each other.
    if links.get(links.partition_point(|&(_, z)| z <= start)).is_some_and(|&(a, _)| a < end) {
        return true;
    }
    // Only so far: a line may be megabytes long.
    let before = &line[line.floor_char_boundary(start.saturating_sub(WINDOW))..start];
    let behind = &line[end..line.floor_char_boundary((end + WINDOW).min(line.len())).max(end)];
    // The word that holds the match is a URL.
    let word = before.rsplit(|c: char| c.is_whitespace() || matches!(c, '(' | '<' | '"')).next().unwrap_or_default();
    if word.contains("://") {
        return true;
    }
    // `[text #12](url)`
    if let Some(open) = before.rfind('[')
        && !before[open..].contains("](")
        && let Some(close) = behind.find("](")
        && !behind[..close].contains('[')
    {
        return true;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(source: &str, expected: &[&str]) {
        let config = conventions::References { short: [("docs".to_owned(), "quay/docs".to_owned())].into() };
        let told: Vec<String> =
            references(source, 1, &config).into_iter().map(|r| format!("{}:{}", r.line, r.target)).collect();
        assert_eq!(told, expected);
    }

    #[test]
    fn links_and_short_forms() {
        check("see https://github.com/quay/tide-api/issues/3 and docs#7", &["1:quay/tide-api#3", "1:quay/docs#7"]);
        check("- quay/deploy#12, PR 13, #14, standards#2", &["1:quay/deploy#12", "1:#13", "1:#14", "1:#2"]);
    }

    #[test]
    fn links_to_github_are_read_as_the_pattern_reads_them() {
        for word in [
            "https://github.com/quay/a/pull/9",
            "[a](http://www.github.com/quay/a.b/issues/12#issuecomment-1),",
            "github.com/github.com/quay/issues/1/github.com/quay/a/pull/2x",
            "xwww.github.com/q/r/issues/",
            "https://github.com/q//issues/1",
            "https://github.com/q/r/issue/1",
            "https://github.com/q/ö/pull/1",
            "https://gitlab.com/q/a/b/-/issues/4,https://github.com/q/r/pull/5",
        ] {
            let told: Vec<_> = links_in(word).map(|l| (l.start, l.as_written, l.target)).collect();
            let all = LINK.captures_iter(word);
            let expected: Vec<_> = all
                .map(|c| (c.get(0).map_or(0, |m| m.start()), c.get(0).map_or("", |m| m.as_str()), meant(&c)))
                .collect();
            assert_eq!(told, expected, "{word}");
        }
    }

    #[test]
    fn a_line_is_told_without_its_links() {
        let told = |line| without_markdown(line);
        assert_eq!(told("- see [a](b), [c](d(e)f) and [g]( h"), "see a, c and [g]( h");
        assert_eq!(told("## [[x](y)](z)"), "[x](z)");
        assert_eq!(told("plain [text] (of) ](x"), "plain [text] (of) ](x");
    }

    #[test]
    fn a_link_text_teaches_its_short_name() {
        check(
            "[std#1](https://github.com/quay/standards/pull/1) then std#5",
            &["1:quay/standards#1", "1:quay/standards#5"],
        );
    }

    #[test]
    fn headings_name_the_repository_and_numbers_their_link() {
        check("### quay/deploy\n- fix #41\n### other\n- #42\n", &["2:quay/deploy#41", "4:#42"]);
        check("https://github.com/quay/a/pull/9\n\nlater #9\n", &["1:quay/a#9", "3:quay/a#9"]);
    }

    #[test]
    fn columns_of_numbers_and_lists_of_them() {
        check("| Lint | Bugs |\n|---|---|\n| x 77 | 41, 4211 |\n| 12 | - |\n", &["3:#41", "3:#4211"]);
        check("- tide (#41/#42)\n", &["1:#41", "1:#42"]);
    }

    #[test]
    fn what_is_no_reference() {
        check("### Hackathon #4, meeting #12\n", &[]);
        check("# 2024-01-01\n<font color=\"#005500\">x</font> &#123; page/#12 R#1a hackathon#4\n", &["2:#12"]);
    }
}
