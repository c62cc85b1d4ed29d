//! How a team marks things: the defaults of `conventions.toml`, and what `minutebook.toml` adds.
//!
//! Both files have the same shape and are read by the same code. [`Conventions`] is what extraction
//! looks at; its [`key`](Conventions::key) is part of the key under which facts are cached, so that a
//! changed convention reads everything again.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::wordlist::Lists;

use crate::book::{BookError, Names};
use crate::checks;
use crate::facts::Severity;

const DEFAULTS: &str = include_str!("../conventions.toml");

/// Counts up with each change of the rules, so that facts found by older ones are read anew.
const REVISION: u32 = 36;

/// The conventions of a book.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Conventions {
    /// The book's name; part of every id, so that ids of several books differ.
    pub name: Option<String>,
    /// Lists that stand in the place of the default instead of being added to it: `"actions.markers"`.
    pub replace: Vec<String>,
    /// Which files are minutes.
    pub book: Book,
    /// How a path gives the series.
    pub series: Series,
    /// Lists of participants, and people known to the book.
    pub people: People,
    /// Chores.
    pub roles: Roles,
    /// Action items.
    pub actions: Actions,
    /// Words for what became of an action.
    pub states: States,
    /// Decisions.
    pub decisions: Decisions,
    /// Topics passed on.
    pub handoffs: Handoffs,
    /// Which meetings were held.
    pub meetings: Meetings,
    /// Short names of repositories.
    pub references: References,
    /// Where the minutes can be read in a browser.
    pub forge: Forge,
    /// When an open action is stale.
    pub stale: Stale,
    /// Words of queries.
    pub search: Search,
    /// Its lists, compiled when first asked for.
    #[serde(skip)]
    lists: OnceLock<Arc<Lists>>,
    /// What `minutebook check` tells.
    pub check: Check,
}

/// Which files are minutes.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Book {
    /// Globs of files that are skipped.
    pub skip: Vec<String>,
}

/// How a path gives the series.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Series {
    /// Parts of a path that say nothing.
    pub dropped: Vec<String>,
}

/// Lists of participants.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct People {
    /// Headings over those who came.
    pub present: Vec<String>,
    /// Headings over those who did not.
    pub absent: Vec<String>,
    /// Words beside a name that say: not all the time.
    pub partial_words: Vec<String>,
    /// Words beside a name that say: not there.
    pub absent_words: Vec<String>,
    /// People with their other spellings.
    pub known: Vec<Known>,
}

/// Somebody whom the configuration names.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Known {
    /// Handle, without `@`.
    pub handle: String,
    /// Full name.
    pub name: Option<String>,
    /// Other spellings.
    pub aliases: Vec<String>,
}

/// Words for chores.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Roles {
    /// Takes or transfers the minutes.
    pub minutes: Vec<String>,
    /// Reports.
    pub report: Vec<String>,
    /// Chairs.
    pub chair: Vec<String>,
    /// Said beside a person who chairs: "moderating", "for stepping up to run".
    pub chairs: Vec<String>,
}

/// How actions are marked.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Actions {
    /// Markers before, after or around a task; case counts.
    pub markers: Vec<String>,
    /// Those of them that need a colon, a dash or an owner.
    pub weak_markers: Vec<String>,
    /// Words before `AI` that make it something else.
    pub not_before: Vec<String>,
    /// Words behind `AI` that make it something else.
    pub not_after: Vec<String>,
    /// Headings over lists of actions.
    pub headings: Vec<String>,
    /// Headings over lists of actions of earlier meetings.
    pub carried_headings: Vec<String>,
    /// Words in or over an action that say it comes from an earlier meeting.
    pub carried_words: Vec<String>,
}

/// Words for what became of an action.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct States {
    /// Done.
    pub done: Vec<String>,
    /// Given up.
    pub dropped: Vec<String>,
    /// Still open, whatever else the line says.
    pub open: Vec<String>,
}

/// How decisions are marked.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Decisions {
    /// Labels before, or headings over, a decision.
    pub labels: Vec<String>,
    /// Words inside a sentence.
    pub phrases: Vec<String>,
    /// Words for those who can settle something together.
    pub groups: Vec<String>,
    /// Words by which they do, behind one of `groups`.
    pub agrees: Vec<String>,
    /// Words by which they rule on something, right behind one of `groups`.
    pub rules: Vec<String>,
    /// Words of what is not settled.
    pub not_yet: Vec<String>,
    /// Words of a decision that undoes an earlier one.
    pub undoes: Vec<String>,
    /// Words of a decision that puts something else in the place of an earlier one.
    pub replaces: Vec<String>,
    /// Words of a decision that says an earlier one again.
    pub confirms: Vec<String>,
    /// Words of a line that speaks of a decision and is none.
    pub recalls: Vec<String>,
    /// Words that open again what was decided.
    pub questions: Vec<String>,
}

/// How topics are passed on.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Handoffs {
    /// The word for a group in a series' name in running text: its last, or its first.
    pub to: Vec<String>,
}

/// What the words of a query mean.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Search {
    /// Words of like meaning, `k8s = kubernetes`.
    pub synonyms: Vec<String>,
    /// Words that say nothing beside others.
    pub silent: Vec<String>,
    /// Words that ask for decisions.
    pub decisions: Vec<String>,
    /// Words that ask for actions.
    pub actions: Vec<String>,
}

/// Which meetings were held.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Meetings {
    /// Words that say it was not.
    pub cancelled: Vec<String>,
    /// Words in a file's name that make it a note.
    pub notes: Vec<String>,
    /// Words that put a topic off to another meeting.
    pub postponed: Vec<String>,
    /// Words before the day of the next meeting.
    pub next: Vec<String>,
}

/// Short names of repositories.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct References {
    /// `standards = "quay/standards"`.
    pub short: BTreeMap<String, String>,
}

/// Where the minutes can be read in a browser.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Forge {
    /// `https://host/owner/repo`, where the git remote does not tell.
    pub url: Option<String>,
    /// Pattern of a permalink with `{url}`, `{commit}`, `{path}`, `{line}`, `{end_line}`.
    pub permalink: Option<String>,
}

/// When an open action is stale: after both.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Stale {
    /// Days without a word.
    pub days: u32,
    /// Meetings of its series without a word.
    pub meetings: u32,
}

impl Default for Stale {
    fn default() -> Self {
        Self { days: 90, meetings: 3 }
    }
}

/// What `minutebook check` tells, and how loudly. The lists hold codes of [`checks::ALL`]; where one stands in
/// several, `off` comes before `errors`, `warnings` and `notes`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Check {
    /// Codes that are not told.
    pub off: Vec<String>,
    /// Codes that are errors: the command then ends with 1.
    pub errors: Vec<String>,
    /// Codes that are warnings.
    pub warnings: Vec<String>,
    /// Codes that are notes.
    pub notes: Vec<String>,
    /// An open action that was carried more often than this is `carried-often`.
    pub carried: u32,
    /// Meetings before this day are not told of.
    pub since: Option<Date>,
    /// Words that a template leaves for somebody to fill in: `placeholder`.
    pub placeholders: Vec<String>,
}

impl Default for Check {
    fn default() -> Self {
        Self {
            off: Vec::new(),
            errors: Vec::new(),
            warnings: Vec::new(),
            notes: Vec::new(),
            carried: 4,
            since: None,
            placeholders: Vec::new(),
        }
    }
}

impl Check {
    /// How loudly a code is told; none when it is off.
    pub fn severity(&self, check: &checks::Check) -> Option<Severity> {
        let has = |list: &[String]| list.iter().any(|code| code == check.code);
        match () {
            () if has(&self.off) => None,
            () if has(&self.errors) => Some(Severity::Error),
            () if has(&self.warnings) => Some(Severity::Warning),
            () if has(&self.notes) => Some(Severity::Note),
            () => Some(check.severity),
        }
    }
}

/// `minutebook.toml` cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// It is no TOML, or has a key or type that is not known.
    #[error("{path}: {source}")]
    Toml {
        /// The file, as it was given.
        path: String,
        /// What is wrong, with its line.
        source: Box<toml::de::Error>,
    },
    /// `replace` names a list that there is not.
    #[error("{path}: replace: there is no list {unknown:?}; there are {known}")]
    Replace {
        /// The file, as it was given.
        path: String,
        /// As written.
        unknown: String,
        /// The lists that there are.
        known: String,
    },
    /// A pattern of `book.skip` is no glob.
    #[error("{path}: {source}; an asterisk stands for any name, as in \"drafts/*\"")]
    Skip {
        /// The file, as it was given.
        path: String,
        /// Which pattern, and why.
        source: BookError,
    },
    /// A list of `[check]` names a code that there is not.
    #[error("{path}: check.{list}: there is no check {unknown:?}; there are {known}")]
    Check {
        /// The file, as it was given.
        path: String,
        /// Which list.
        list: &'static str,
        /// As written.
        unknown: String,
        /// The codes that there are.
        known: String,
    },
}

impl Conventions {
    /// The word lists, compiled. What is changed afterwards is not seen.
    pub fn lists(&self) -> &Lists {
        self.lists.get_or_init(|| Arc::new(Lists::new(self)))
    }

    /// The defaults alone.
    pub fn defaults() -> Self {
        toml::from_str(DEFAULTS).expect("ingest/conventions.toml is checked by a test")
    }

    /// The defaults with what a `minutebook.toml` adds. `path` is for the error only.
    ///
    /// # Errors
    /// When the text is no TOML, or has a key or type that is not known; the error names the line.
    pub fn with_config(config: &str, path: &str) -> Result<Self, ConfigError> {
        let mut own: Self = toml::from_str(config)
            .map_err(|source| ConfigError::Toml { path: path.to_owned(), source: Box::new(source) })?;
        // Before the defaults join them: those are right.
        if let Err(source) = Names::of(Path::new(""), &own.book) {
            return Err(ConfigError::Skip { path: path.to_owned(), source });
        }
        let defaults = Self::defaults();
        let replace = std::mem::take(&mut own.replace);
        let mut names = Vec::new();
        own.for_each_list(defaults, |name, mine, default| {
            names.push(name.to_owned());
            mine.retain(|word| !word.trim().is_empty());
            // Case counts for markers and file names only.
            if !(name.starts_with("book.") || name.ends_with("markers")) {
                mine.iter_mut().for_each(|word| *word = word.to_lowercase());
            }
            if !replace.iter().any(|r| r == name) || mine.is_empty() {
                let added = std::mem::replace(mine, default);
                mine.extend(added);
            }
        });
        if let Some(unknown) = replace.iter().find(|r| !names.contains(r)) {
            let (path, known) = (path.to_owned(), names.join(", "));
            return Err(ConfigError::Replace { path, unknown: unknown.clone(), known });
        }
        let check = &own.check;
        for (list, codes) in
            [("off", &check.off), ("errors", &check.errors), ("warnings", &check.warnings), ("notes", &check.notes)]
        {
            if let Some(unknown) = codes.iter().find(|code| checks::of(code).is_none()) {
                let (path, known) = (path.to_owned(), checks::codes().join(", "));
                return Err(ConfigError::Check { path, list, unknown: unknown.clone(), known });
            }
        }
        Ok(own)
    }

    fn for_each_list(&mut self, mut other: Self, mut merge: impl FnMut(&str, &mut Vec<String>, Vec<String>)) {
        macro_rules! lists {
            ($($group:ident . $list:ident),* $(,)?) => {
                $( merge(
                    concat!(stringify!($group), ".", stringify!($list)),
                    &mut self.$group.$list,
                    std::mem::take(&mut other.$group.$list),
                ); )*
            };
        }
        lists!(
            book.skip,
            series.dropped,
            people.present,
            people.absent,
            people.partial_words,
            people.absent_words,
            roles.minutes,
            roles.report,
            roles.chair,
            roles.chairs,
            actions.markers,
            actions.weak_markers,
            actions.not_before,
            actions.not_after,
            actions.headings,
            actions.carried_headings,
            actions.carried_words,
            states.done,
            states.dropped,
            states.open,
            decisions.labels,
            decisions.phrases,
            decisions.groups,
            decisions.agrees,
            decisions.rules,
            decisions.not_yet,
            decisions.undoes,
            decisions.replaces,
            decisions.confirms,
            decisions.recalls,
            decisions.questions,
            handoffs.to,
            meetings.cancelled,
            meetings.notes,
            meetings.postponed,
            meetings.next,
            search.synonyms,
            search.silent,
            search.decisions,
            search.actions,
            check.off,
            check.errors,
            check.warnings,
            check.notes,
            check.placeholders,
        );
    }

    /// A hash over everything that changes what is extracted: the conventions and the rules of this version.
    pub fn key(&self) -> String {
        // What a query means changes no facts.
        let told = Self { search: Search::default(), ..self.clone() };
        let text = format!("{REVISION}\n{}", toml::to_string(&told).unwrap_or_default());
        blake3::hash(text.as_bytes()).to_hex()[..16].to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_parse() {
        assert!(Conventions::defaults().actions.markers.contains(&"AI".to_owned()));
    }

    #[test]
    fn a_book_adds_to_lists_or_replaces_them() {
        let own = Conventions::with_config("[actions]\nmarkers = [\"OWED\"]\n", "minutebook.toml").expect("valid");
        assert!(own.actions.markers.contains(&"OWED".to_owned()) && own.actions.markers.contains(&"AI".to_owned()));
        let own = Conventions::with_config("replace = [\"actions.markers\"]\n[actions]\nmarkers = [\"OWED\"]\n", "x")
            .expect("valid");
        assert_eq!(own.actions.markers, ["OWED"]);
        let error =
            Conventions::with_config("replace = [\"actions.marks\"]\n", "x").expect_err("no such list").to_string();
        assert!(error.contains("actions.marks") && error.contains("actions.markers"), "{error}");
    }

    #[test]
    fn checks_are_switched_by_their_codes() {
        let own = Conventions::with_config("[check]\noff = [\"encoding\"]\nerrors = [\"placeholder\"]\n", "x")
            .expect("valid");
        let severity = |code: &str| own.check.severity(checks::of(code).expect("a code"));
        assert_eq!(severity("encoding"), None);
        assert_eq!(severity("placeholder"), Some(Severity::Error));
        assert_eq!(severity("date-mismatch"), Some(Severity::Warning));
        let error = Conventions::with_config("[check]\nnotes = [\"no-owner\"]\n", "b/minutebook.toml")
            .expect_err("no such code")
            .to_string();
        assert!(
            error.contains("b/minutebook.toml: check.notes")
                && error.contains("\"no-owner\"")
                && error.contains("action-without-owner, "),
            "{error}"
        );
    }

    #[test]
    fn errors_name_file_line_and_what_was_expected() {
        let error = Conventions::with_config("name = \"x\"\n[actions]\nmarker = [\"A\"]\n", "b/minutebook.toml")
            .expect_err("an unknown key")
            .to_string();
        assert!(
            error.contains("b/minutebook.toml") && error.contains("line 3") && error.contains("markers"),
            "{error}"
        );
    }
}
