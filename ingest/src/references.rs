//! Issues, pull requests, reviews and bugs that a text points to.
//!
//! Links are read from the source, line by line, so that those in HTML and comments count too. Short
//! forms (`standards#12`, `#12`, `PR 12`) take their repository from the links of the same file and
//! from the configuration; what stays unknown keeps `#N` and is resolved in the index, which knows
//! the links of the whole book.

use std::cell::LazyCell;
use std::collections::HashMap;
use std::sync::LazyLock;

use regex::Regex;

use crate::conventions;
use crate::facts::{Reference, ReferenceKind};
use crate::statement::lower;

/// Links to issues and the like on the forges and trackers that teams use.
static LINK: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x)
        (?:https?://)?(?:www\.)?github\.com/(?P<gho>[\w.-]+)/(?P<ghr>[\w.-]+)/(?P<ghk>issues|pull)/(?P<ghn>\d+)
      | https?://(?P<glh>[\w.-]*gitlab[\w.-]*)/(?P<glp>(?:[\w.-]+/)+[\w.-]+)/-/(?P<glk>issues|work_items|merge_requests)/(?P<gln>\d+)
      | https?://(?P<geh>review\.[\w.-]+|[\w.-]*gerrit[\w.-]*)/(?:r/)?c/(?P<gep>(?:[\w.-]+/)*[\w.-]+)/\+/(?P<gen>\d+)
      | https?://bugs\.launchpad\.net/(?:[^\s)>\]]*/)?\+bug/(?P<lpn>\d+)
      | https?://(?P<jih>[\w.-]+)(?:/[\w-]+)*/browse/(?P<jik>[A-Z][A-Z0-9]+-\d+)
      | https?://(?P<fjh>codeberg\.org|[\w.-]*(?:gitea|forgejo)[\w.-]*)/(?P<fjo>[\w.-]+)/(?P<fjr>[\w.-]+)/(?P<fjk>issues|pulls)/(?P<fjn>\d+)
        ",
    )
    .expect("a valid pattern")
});

/// `org/repo#12`, `standards#12`, `standards/#12`, `#12`, `PR 12`, `issue 12`, `pull request #12`, `!12`.
static SHORT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x)
        (?P<full>[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*)[\#](?P<n1>\d{1,6})\b
      | (?P<group>[A-Za-z0-9][\w.-]*(?:/[A-Za-z0-9][\w.-]*)+)!(?P<n6>\d{1,6})\b
      | (?P<name>[A-Za-z][\w.-]*)/?[\#](?P<n2>\d{1,6})\b
      | (?i:\b(?P<kind>pull\ requests?|pull|prs?|merge\ requests?|mrs?|issues?))\ ?[\#]?(?P<n3>\d{1,6})\b
      | [\#](?P<n4>\d{1,6})\b
        ",
    )
    .expect("a valid pattern")
});

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
    if !may_link(url) {
        return None;
    }
    LINK.captures(url).map(|c| meant(&c))
}

/// True where [`LINK`] may find something: an address, and one of the parts that its kinds have.
fn may_link(text: &str) -> bool {
    const PARTS: [&str; 7] = ["/issues/", "/pull", "/work_items/", "/merge_requests/", "/+/", "+bug/", "/browse/"];
    (text.contains("://") || text.contains("github.com/")) && PARTS.iter().any(|part| text.contains(part))
}

fn meant(c: &regex::Captures<'_>) -> Target {
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

/// A line's Markdown link `[text](url)` to an issue: what it teaches about short names.
static TAUGHT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\[\W*(?P<name>[A-Za-z][\w.-]*)/?#(?P<n>\d+)[^\]]*\]\((?P<url>https?://[^)\s]+)")
        .expect("a valid pattern")
});

/// True for a word before `#12` that says what it is, not of which repository.
pub fn is_kind(word: &str) -> bool {
    NO_REPOSITORY.contains(&word.to_lowercase().as_str())
}

/// What the links of a text teach about short names: `[standards#12](https://github.com/quay/standards/issues/12)`.
pub fn taught(source: &str, names: &mut ShortNames) {
    for found in TAUGHT.captures_iter(source) {
        if is_kind(&found["name"]) {
            continue;
        }
        if let Some(Target { target, .. }) = of_url(&found["url"])
            && let Some((repository, number)) = target.split_once('#')
            && number == &found["n"]
        {
            names.entry(found["name"].to_lowercase()).or_insert_with(|| repository.to_owned());
        }
    }
}

/// All references of a file, in order. `first_line` is the number of the source's first line.
pub fn references(source: &str, first_line: u32, config: &conventions::References) -> Vec<Reference> {
    let mut names: ShortNames = config.short.iter().map(|(k, v)| (k.to_lowercase(), v.clone())).collect();
    if source.contains("](http") {
        taught(source, &mut names);
    }
    let mut found: Vec<Reference> = Vec::new();
    let mut in_fence = false;
    // A heading or line that names one repository: `#12` under it is of that repository.
    let mut near: Option<String> = None;
    // Number -> repository, from the file's own links.
    let mut numbers: HashMap<&str, Option<String>> = HashMap::new();
    let lines: Vec<(u32, &str)> = (first_line..).zip(source.lines()).collect();
    for (_, line) in lines.iter().filter(|(_, l)| may_link(l)) {
        for c in LINK.captures_iter(line) {
            let t = meant(&c);
            if let Some(at) = t.target.rfind('#') {
                let number = ["ghn", "gln", "fjn"].iter().find_map(|n| c.name(n)).map(|m| m.as_str());
                if let Some(number) = number {
                    let repository = t.target[..at].to_owned();
                    numbers
                        .entry(number)
                        .and_modify(|r| {
                            if r.as_ref() != Some(&repository) {
                                *r = None;
                            }
                        })
                        .or_insert(Some(repository));
                }
            }
        }
    }
    let mut level = 0;
    let mut heading = "";
    // The columns of a table that hold nothing but numbers of issues.
    let mut columns: Vec<usize> = Vec::new();
    for (number, line) in lines {
        let trimmed = line.trim_start();
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
        let mut in_line: Vec<(usize, String)> = Vec::new();
        if may_link(line) {
            for c in LINK.captures_iter(line) {
                let Some(whole) = c.get(0) else { continue };
                let target = meant(&c);
                if let Some((repository, _)) = target.target.split_once('#').filter(|(r, _)| r.contains('/')) {
                    in_line.push((whole.start(), repository.to_owned()));
                }
                spans.push((whole.start(), whole.end()));
                let url = if whole.as_str().starts_with("http") {
                    whole.as_str().to_owned()
                } else {
                    format!("https://{}", whole.as_str())
                };
                found.push(Reference {
                    line: number,
                    as_written: whole.as_str().to_owned(),
                    target: target.target,
                    kind: target.kind,
                    url: Some(url),
                    near: None,
                    text: (*said).clone(),
                });
            }
        }
        if in_fence || !may_be_short(line) {
            continue;
        }
        for c in SHORT.captures_iter(line) {
            let Some(whole) = c.get(0) else { continue };
            if inside_link(line, whole.start(), whole.end(), &spans) {
                continue;
            }
            let get = |name: &str| c.name(name).map(|m| m.as_str());
            let Some(n) = ["n1", "n6", "n2", "n3", "n4"].iter().find_map(|n| get(n)) else {
                continue;
            };
            let bare = || {
                numbers.get(n).cloned().flatten().or_else(|| near.clone()).or_else(|| nearest(&in_line, whole.start()))
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
                    let word = line[..whole.start()].trim_end().rsplit(|c: char| !c.is_alphanumeric()).next();
                    if word.is_some_and(|w| COUNTED.contains(&w.to_lowercase().as_str())) {
                        continue;
                    }
                    let before = line[..whole.start()].chars().next_back();
                    // "#300/#302"
                    let listed = line[..whole.start()]
                        .strip_suffix('/')
                        .is_some_and(|b| b.ends_with(|c: char| c.is_ascii_digit()));
                    let before = before.filter(|_| !listed);
                    let colour = line[whole.start()..].len() > whole.len()
                        && line[whole.end()..].starts_with(|c: char| c.is_ascii_hexdigit());
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
            let near = target.starts_with('#').then(|| near_word(line, whole.start(), heading)).flatten();
            found.push(Reference {
                line: number,
                as_written: whole.as_str().to_owned(),
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
    static MARKED: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"\[([^\[\]]*)\]\([^()\s]*(?:\([^()]*\)[^()\s]*)*\)").expect("a valid pattern"));
    let head = &line[..line.floor_char_boundary(4 * LINE)];
    let plain = MARKED.replace_all(head, "$1");
    let plain = plain.trim().trim_start_matches(['#', '-', '*', '+', '>', '|', ' ']);
    plain[..plain.floor_char_boundary(LINE)].trim_end().to_owned()
}

/// The repository of the link that stands nearest to an offset.
fn nearest(links: &[(usize, String)], at: usize) -> Option<String> {
    links.iter().min_by_key(|(start, _)| start.abs_diff(at)).map(|(_, repository)| repository.clone())
}

/// The word before a number that is called out as what it is about, or the heading over it where that is one
/// word: `Reference (tide-api): #41, #42`, `### tide-api`.
fn near_word(line: &str, at: usize, heading: &str) -> Option<String> {
    static CALLED: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"([A-Za-z][\w.-]*[\w])\)?[*_`]*(?::\s|\s?$)").expect("a valid pattern"));
    let before = &line[line.floor_char_boundary(at.saturating_sub(WINDOW))..at];
    let called = CALLED.captures_iter(before).last().map(|c| c[1].to_owned());
    called.or_else(|| {
        let bare = heading.trim_start_matches('#').trim().trim_matches(['*', ':']);
        (!bare.is_empty() && !bare.contains(' ')).then(|| bare.to_owned())
    })
}

/// True where a number stands behind `#`, `!`, or a word for what it counts: [`SHORT`] finds nothing elsewhere.
fn may_be_short(line: &str) -> bool {
    let bytes = line.as_bytes();
    let opens = |at: usize| bytes[at].is_ascii_digit() && !bytes[at - 1].is_ascii_digit();
    (1..bytes.len()).filter(|&at| opens(at)).any(|at| {
        if matches!(bytes[at - 1], b'#' | b'!') {
            return true;
        }
        let before = &bytes[..at - usize::from(bytes[at - 1] == b' ')];
        let word = before.rsplit(|b| !b.is_ascii_alphabetic()).next().unwrap_or_default();
        let kinds = ["pr", "prs", "mr", "mrs", "pull", "request", "requests", "issue", "issues"];
        kinds.iter().any(|kind| word.eq_ignore_ascii_case(kind.as_bytes()))
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
    if let Some(c) = REPOSITORY.captures(heading).or_else(|| URL.captures(heading)) {
        return Some(c[1].to_owned());
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
