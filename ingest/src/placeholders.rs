//! What a template left for somebody to fill in, and nobody did: `@name`, `Moderator: TBD`, an empty list of
//! participants. Only what stands in the place of something; "date tbd" in a sentence is content.

use std::cell::LazyCell;
use std::collections::HashSet;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use crate::actions::Context;
use crate::conventions::Conventions;
use crate::facts::Diagnostic;
use crate::hints::Hint;
use crate::outline::{BlockKind, Outline};
use crate::roles;
use crate::statement::{Section, labelled, lower};

const CODE: &str = "placeholder";

/// What stands where a person should: `TBD`, `@`, `N.N.`, `???`, `your name`.
static NO_PERSON: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^[\s*_(\[]*(?:tb[dac]|n\.?\s?n\.|\?+|x{2,}|@|_{2,}|(?:your |full )?names?|@?handle)[\s*_)\].]*$")
        .expect("a valid pattern")
});
/// Nothing but what a person would have been written behind: `-`, `- @`, `- [ ]`, `- …`.
static EMPTY: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^\s*(?:[-*+]|\d+[.)])?\s*(?:\[[ xX]?\])?\s*(?:@|\.{2,}|…)?\s*$").expect("a valid pattern")
});
/// `` `code` `` and `<!-- a comment in one line -->`.
static HIDDEN: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"`[^`]*`|<!--.*?-->").expect("a valid pattern"));

/// The placeholders of a book's conventions, ready to be looked for.
#[derive(Debug)]
pub struct Placeholders {
    anywhere: Option<Regex>,
    dates: Option<Regex>,
}

impl Placeholders {
    /// Compiles the placeholders of the conventions.
    pub fn new(conventions: &Conventions) -> Self {
        let (dates, anywhere): (Vec<String>, Vec<String>) =
            conventions.check.placeholders.iter().map(|p| p.to_lowercase()).partition(|p| is_date(p));
        Self { anywhere: alternatives(anywhere), dates: alternatives(dates) }
    }

    /// What was left in the blocks of a meeting, at most once a line. `text` are its lines, from `first_line` on.
    pub fn find(&self, text: &str, first_line: u32, context: &Context<'_>, blocks: Range<usize>) -> Vec<Diagnostic> {
        let mut found = self.written(text, first_line, context.outline, blocks.clone());
        found.extend(missing_people(text, first_line, context, blocks));
        found.sort_by_key(|d| d.line);
        found.dedup_by_key(|d| d.line);
        found
    }

    /// The words of the conventions where they are written.
    fn written(&self, text: &str, first_line: u32, outline: &Outline, blocks: Range<usize>) -> Vec<Diagnostic> {
        // Few minutes hold any, and what is hidden adds none.
        let in_text = |pattern: &&Regex| pattern.is_match(text);
        let (anywhere, dates) = (self.anywhere.as_ref().filter(in_text), self.dates.as_ref().filter(in_text));
        if anywhere.is_none() && dates.is_none() {
            return Vec::new();
        }
        let code: HashSet<u32> = outline.blocks[blocks]
            .iter()
            .filter(|b| b.kind == BlockKind::Fence)
            .flat_map(|b| b.line..=b.end_line.max(b.last_line))
            .collect();
        let mut found = Vec::new();
        let mut in_comment = false;
        for (number, line) in (first_line..).zip(text.lines()) {
            let hidden = in_comment;
            let shown = HIDDEN.replace_all(line, |c: &regex::Captures<'_>| " ".repeat(c[0].len()));
            in_comment = match in_comment {
                true => !shown.contains("-->"),
                false => shown.contains("<!--"),
            };
            if hidden || code.contains(&number) {
                continue;
            }
            let heads = || shown.trim_start().starts_with('#') || dated_label(&shown);
            let hit = (anywhere.and_then(|all| first_word(all, &shown)))
                .or_else(|| dates.and_then(|dates| first_word(dates, &shown)).filter(|_| heads()));
            if let Some(words) = hit {
                let message = format!("{words:?} was left in from a template");
                found.push(Diagnostic::warning(number, CODE, message).about(words));
            }
        }
        found
    }
}

/// Made of the letters of year, month and day only.
fn is_date(phrase: &str) -> bool {
    phrase.contains(['y', 'j', '0']) && phrase.chars().all(|c| "ymdtjx0123456789-./".contains(c))
}

/// `Date: …`, `**Datum**: …`
fn dated_label(line: &str) -> bool {
    let line = line.trim_start_matches([' ', '-', '*', '_', '>']);
    labelled(line).is_some_and(|(label, _)| matches!(lower(label).trim(), "date" | "datum" | "title" | "date and time"))
}

fn alternatives(mut phrases: Vec<String>) -> Option<Regex> {
    phrases.retain(|p| !p.trim().is_empty());
    phrases.sort_by_key(|p| std::cmp::Reverse(p.len()));
    let all: Vec<String> =
        phrases.iter().map(|p| p.split([' ', '_', '-']).map(regex::escape).collect::<Vec<_>>().join("[ _-]")).collect();
    if all.is_empty() {
        return None;
    }
    Regex::new(&format!("(?i){}", all.join("|"))).ok()
}

/// The first match that is a word of its own, and no link: `[name](…)`.
fn first_word(pattern: &Regex, line: &str) -> Option<String> {
    pattern.find_iter(line).find_map(|m| {
        let is_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '/' | '@');
        let (before, after) = (&line[..m.start()], &line[m.end()..]);
        let opens = !before.ends_with(is_word) && !before.ends_with(['.', '[', '{', '<', '\\']);
        let closes = !after.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '/'))
            || !m.as_str().ends_with(char::is_alphanumeric);
        let link = m.as_str().ends_with(']') && after.starts_with(['(', '[', ':']);
        (opens && closes && !link).then(|| m.as_str().to_owned())
    })
}

/// Lists of participants with nobody in them, and chores whose doer is `TBD`.
fn missing_people(text: &str, first_line: u32, context: &Context<'_>, blocks: Range<usize>) -> Vec<Diagnostic> {
    let Context { outline, sections, hints, conventions, .. } = *context;
    let lines: LazyCell<Vec<&str>, _> = LazyCell::new(|| text.lines().collect());
    let line_at = |number: u32| lines.get(number.saturating_sub(first_line) as usize).copied().unwrap_or_default();
    let mut found = Vec::new();
    // Of the list that is being read: its first empty item, and whether somebody is in it.
    let mut list: Option<(Option<u32>, bool)> = None;
    for at in blocks {
        let block = &outline.blocks[at];
        let words = block.text.plain.trim();
        let in_people = block.is_item() && matches!(sections[at], Section::People { absent: false });
        if !in_people {
            if block.heading_level().is_some() {
                found.extend(list.take().and_then(nobody));
            }
        } else {
            let (empty_at, filled) = list.get_or_insert((None, false));
            let is_empty = words.chars().count() <= 3 && EMPTY.is_match(line_at(block.line));
            if is_empty {
                empty_at.get_or_insert(block.line);
            }
            *filled |= !is_empty;
            if NO_PERSON.is_match(words) && !is_empty {
                let message = format!("{words:?} stands where a person should");
                found.push(Diagnostic::warning(block.line, CODE, message).about(words));
            }
            continue;
        }
        if !hints[at].has(Hint::Chore)
            || matches!(block.kind, BlockKind::Fence | BlockKind::Rule | BlockKind::Row { .. })
        {
            continue;
        }
        // "Moderator: TBD"
        for (n, line) in words.lines().enumerate() {
            if let Some((label, rest)) = labelled(line)
                && NO_PERSON.is_match(rest)
                && !rest.trim().is_empty()
                && label.split_whitespace().count() <= 6
                && !roles::kinds(label, conventions).is_empty()
            {
                let line = block.line + u32::try_from(n).unwrap_or(0);
                let message = format!("{:?} stands where a person should", rest.trim());
                found.push(Diagnostic::warning(line, CODE, message).about(rest.trim()));
            }
        }
    }
    found.extend(list.and_then(nobody));
    found
}

/// A list of people with an empty item and nobody in it.
fn nobody((empty_at, filled): (Option<u32>, bool)) -> Option<Diagnostic> {
    let line = empty_at.filter(|_| !filled)?;
    Some(Diagnostic::warning(line, CODE, "nobody was filled in on this list of people"))
}

#[cfg(test)]
mod tests {
    use crate::Conventions;
    use crate::meeting::Extractor;

    fn check(source: &str, expected: &[&str]) {
        let meetings = Extractor::new(Conventions::defaults()).extract(source, "platform/20260113.md", "platform");
        let told: Vec<String> = meetings
            .iter()
            .flat_map(|m| &m.diagnostics)
            .filter(|d| d.code == "placeholder")
            .map(|d| format!("{}: {}", d.line, d.quote.as_deref().unwrap_or("-")))
            .collect();
        assert_eq!(told, expected, "{source}");
    }

    #[test]
    fn what_a_template_leaves() {
        check(
            "# 2026-01-13\n- Moderator: TBD\n- Notes: @your_name\n\n## Topics\n- Tides (@name)\n- AI @mira: ask\n",
            &["2: TBD", "3: @your_name", "6: @name"],
        );
        check(
            "# Platform, YYYY-MM-DD\n## Participants\n- Initials: Full Name (@github-username)\n- @mira\n\n- Decision: yes\n",
            &["1: YYYY-MM-DD", "3: Full Name (@"],
        );
    }

    #[test]
    fn an_empty_list_of_people_is_told_once_and_a_spare_item_not_at_all() {
        check("# 2026-01-13\n## Participants\n-\n-\n\n## Agenda\n- AI @mira: ask\n", &["3: -"]);
        check("# 2026-01-13\n## Participants\n- @mira\n-\n\n## Agenda\n- AI @mira: ask\n", &[]);
    }

    #[test]
    fn content_is_no_placeholder() {
        check(
            "# 2026-01-13\n## Participants\n- @mira\n\n## Agenda\n- the date is TBD\n- call `tide <name>`, then [name](https://example.org)\n- use YYYY-MM-DD everywhere\n- mail jo@name.org\n<!-- @name: say what it is about -->\n```\n@name\n```\n",
            &[],
        );
    }
}
