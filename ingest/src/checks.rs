//! What `minutebook check` tells: one table of codes, from which help, `--explain`, SARIF and
//! `docs/CHECKS.md` are made.
//!
//! Some are found in single files (here, as [`Diagnostic`](crate::facts::Diagnostic)s), some need the whole
//! book (in `minutebook-index`). How loudly each is told is a convention:
//! [`conventions::Check`](crate::conventions::Check).

use std::fmt::Write;

use crate::facts::Severity;

/// One thing that minutes are checked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Check {
    /// Its stable name.
    pub code: &'static str,
    /// How loudly it is told unless the configuration says otherwise.
    pub severity: Severity,
    /// In a line.
    pub summary: &'static str,
    /// What it means, and when it is (not) told.
    pub meaning: &'static str,
    /// Minutes that it is told of.
    pub example: &'static str,
    /// What to do.
    pub help: &'static str,
}

/// All checks, by code.
pub const ALL: [Check; 17] = [
    Check {
        code: "action-without-owner",
        severity: Severity::Warning,
        summary: "an open action that names nobody",
        meaning: "A line is marked as an action (a marker, a task box, an item under \"Action items\"), nobody is named in it, \
                  and no other mention of it names anybody or closes it. It is told once, where it was last written. Under a \
                  heading only items that open like a task (\"write …\", \"ask …\") count.",
        example: "- AI: renew the certificate of the tide API",
        help: "name who does it, as in `AI @handle: …`, or strike the line",
    },
    Check {
        code: "ambiguous-person",
        severity: Severity::Warning,
        summary: "a name that several people share",
        meaning: "An owner, a participant or somebody with a chore is written with a name that several people of the book \
                  have, so that it counts for none of them. It is told once a series, where it was last written, with the \
                  people it may mean and where each of them is listed.",
        example: "- AI Anna: ask the harbour office        (Anna Wendt and Anna Kovács are both in the book)",
        help: "write the handle or the full name, or give one of them this alias under [[people.known]] in minutebook.toml",
    },
    Check {
        code: "carried-often",
        severity: Severity::Note,
        summary: "an open action that was carried again and again",
        meaning: "An action was written down again in more meetings than `check.carried` (4 unless configured) and is still not \
                  closed. It is told where it was last written.",
        example: "- AI @mira: ask the harbour office about the mooring fee        (for the sixth time)",
        help: "do it, split it, give it to somebody else, or drop it in writing",
    },
    Check {
        code: "date-impossible",
        severity: Severity::Error,
        summary: "a day that no meeting can have been on",
        meaning: "The top of the text names a day that does not exist or that lies in another age, so the day of the file's \
                  name is taken, where it has one.",
        example: "# 2206-02-17",
        help: "correct the day in the text",
    },
    Check {
        code: "date-mismatch",
        severity: Severity::Warning,
        summary: "the text and the file's name disagree about the day",
        meaning: "The heading names another day than the file's name: often a copy of last time's minutes. The heading is \
                  believed, unless the top of the text names the file's day too.",
        example: "# 2026-02-03        (in platform/20260210.md)",
        help: "correct the heading, or rename the file",
    },
    Check {
        code: "encoding",
        severity: Severity::Warning,
        summary: "a file that is not UTF-8",
        meaning: "The file is UTF-16 or Windows-1252 (Latin-1), and was read as such, or it holds bytes that mean nothing and \
                  were replaced.",
        example: "Gr\u{fffd}\u{fffd}e an alle",
        help: "save the file as UTF-8",
    },
    Check {
        code: "filed-twice",
        severity: Severity::Warning,
        summary: "the same minutes in two files",
        meaning: "Two files hold the same text, or two files of one series and day nearly the same topics, actions and \
                  decisions. What they say then counts twice.",
        example: "platform/20260210.md and platform/2026-02-10-final.md",
        help: "delete one of the two, or leave it out with `book.skip` in minutebook.toml",
    },
    Check {
        code: "ledger-line",
        severity: Severity::Warning,
        summary: "a line of the ledger that does not count",
        meaning: "A line of `.minutebook/ledger.jsonl` is no entry: it was edited by hand, a merge left it, the machine stopped \
                  while it was written, or a later version of Minutebook wrote it. It is kept and changes nothing; the other \
                  lines count.",
        example: "{\"v\":1,\"id\":\"lx8d2\",\"at\":\"2026-01-07T10:0",
        help: "complete the line if you know what it said, else delete it; a file that cannot be read at all, make readable and \
               save as UTF-8",
    },
    Check {
        code: "ledger-unknown-action",
        severity: Severity::Note,
        summary: "an entry of the ledger about an action that no minutes hold",
        meaning: "The minutes that held the action were deleted, or its line was reworded so that it has another id. The entry \
                  is kept and changes nothing; it counts again when the action comes back.",
        example: "{\"v\":1,\"id\":\"lx8d2ce9\",\"at\":\"2026-01-07T10:00:00Z\",\"by\":\"mira\",\"verb\":\"close\",\"as\":\"done\",\"action\":\"a0gone\"}",
        help: "say it again of the action as it is written now, or leave it",
    },
    Check {
        code: "misspelt-person",
        severity: Severity::Warning,
        summary: "a participant who looks like a slip of the pen",
        meaning: "A handle or full name on a list of participants, written once or twice in the whole book, is a letter or two \
                  away from one that is written far more often. Until that is settled they are two people.",
        example: "- @mirahlot        (where @miraholt came to forty meetings)",
        help: "correct the spelling; where both are right, name both under [[people.known]] in minutebook.toml",
    },
    Check {
        code: "no-date",
        severity: Severity::Warning,
        summary: "minutes that do not tell their day",
        meaning: "There is a list of participants, but neither the text nor the file's name tells the day, so the meeting has \
                  no place in its series.",
        example: "# Platform weekly        (in platform/minutes.md)",
        help: "put the day into the first heading or into the file's name, as 2026-02-10",
    },
    Check {
        code: "no-participants",
        severity: Severity::Note,
        summary: "minutes without a list of participants",
        meaning: "No list of those who were there was found, and the series usually has one: of five meetings or more at least \
                  half. Where a series never lists anybody, nothing is told.",
        example: "# 2026-02-10\n## Agenda",
        help: "list who was there under a heading such as `## Participants`; other headings can be added as \
               `people.present` in minutebook.toml",
    },
    Check {
        code: "open-fence",
        severity: Severity::Warning,
        summary: "a fence of code that is never closed",
        meaning: "A line opens a block of code (``` or ~~~) and no line closes it, so that all that follows is shown as code. \
                  What looks like minutes there (three items or headings, and no language behind the mark) is read as if the fence were none.",
        example: "~~~~- ~~the old pier~~",
        help: "close the block with the same mark on a line of its own, or write a backslash before the mark",
    },
    Check {
        code: "placeholder",
        severity: Severity::Warning,
        summary: "something that a template left to be filled in",
        meaning: "A word of the template was not replaced (`@name`, `<topic>`, `YYYY-MM-DD` in a heading), a chore is done by \
                  \"TBD\", or a list of participants has items and nobody in them. Which words those are says \
                  `check.placeholders`, to which minutebook.toml can add.",
        example: "- Moderator: TBD",
        help: "fill it in, or delete the line",
    },
    Check {
        code: "unknown-owner",
        severity: Severity::Warning,
        summary: "an owner who is nobody in the book",
        meaning: "The owner of an action is on no list of participants, in no `[[people.known]]` and no team, and either \
                  resembles somebody who is (a slip of the pen), or is a handle that stands nowhere else.",
        example: "- AI @mirahlot: ask the harbour office",
        help: "correct the spelling, or name the person under [[people.known]] in minutebook.toml",
    },
    Check {
        code: "unreadable",
        severity: Severity::Error,
        summary: "a Markdown file that could not be read",
        meaning: "The file is larger than 4 MiB, binary, not readable with the rights at hand, or has a name that is not UTF-8. \
                  What it says is missing everywhere.",
        example: "platform/20260210.md, of 12 MiB",
        help: "mend the file, or leave it out with `book.skip` in minutebook.toml",
    },
    Check {
        code: "unresolved-reference",
        severity: Severity::Note,
        summary: "a short reference whose repository is unknown",
        meaning: "`#12` or `docs#12` points to an issue, but neither the links of the file or the book nor `[references.short]` \
                  tell of which repository. It is told once a meeting for each number.",
        example: "- we go on with #12 next week",
        help: "write `owner/repository#12`, link it, or name the repository under [references.short] in minutebook.toml",
    },
];

/// The check of a code.
pub fn of(code: &str) -> Option<&'static Check> {
    ALL.iter().find(|check| check.code == code)
}

/// All codes.
pub fn codes() -> Vec<&'static str> {
    ALL.iter().map(|check| check.code).collect()
}

impl Check {
    /// All that is to be said of it, in Markdown.
    pub fn explained(&self) -> String {
        let mut out = String::new();
        let (code, severity) = (self.code, self.severity.as_str());
        let _ = writeln!(out, "## {code}\n\n{}. Default: {severity}.\n", capital(self.summary));
        let _ = writeln!(out, "{}\n\n```\n{}\n```\n", self.meaning, self.example);
        let _ = writeln!(out, "What to do: {}.\n", self.help);
        let _ = writeln!(out, "Switch it off: `[check] off = [\"{code}\"]`");
        out
    }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |c| c.to_uppercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_in_order_and_each_says_what_to_do() {
        assert!(ALL.is_sorted_by(|a, b| a.code < b.code));
        assert!(ALL.iter().all(|c| !c.help.is_empty() && !c.help.ends_with('.') && c.meaning.ends_with('.')));
    }
}
