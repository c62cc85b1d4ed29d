//! Why something was taken for a fact, or was not: told by the rules themselves, where somebody listens.
//!
//! Extraction runs silently ([`Reasons::default`]), and then a reason costs a comparison. [`crate::explain`] runs
//! the same extraction and listens, so that what it tells cannot differ from what the rules do.

use std::cell::{Cell, RefCell};

use crate::statement::Statement;

/// The conventions by which facts are found; each is a heading of `CONVENTIONS.md`, in its order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Convention {
    /// Which files of a folder are minutes.
    Files,
    /// How a path gives the series.
    Series,
    /// The day of a meeting.
    Day,
    /// Who was there.
    Participants,
    /// Who takes the minutes, reports, chairs.
    Chores,
    /// Headings.
    Topics,
    /// `AI`, `ToDo`, `Action item`.
    Markers,
    /// Items under "Action items".
    Lists,
    /// `- [ ]`
    Boxes,
    /// "Mira will ask"
    Doers,
    /// "Jo: I'll send it"
    Speakers,
    /// "to be written by @a"
    Passives,
    /// "… (@a)"
    Assignees,
    /// "-> @a"
    Arrows,
    /// Done, dropped or open.
    States,
    /// "by end of June"
    Deadlines,
    /// From an earlier meeting.
    Carried,
    /// "Decision: …"
    Labels,
    /// "No objections."
    Verdicts,
    /// "we agreed to …"
    Phrases,
    /// "5 for, 1 against"
    Votes,
    /// "We go with …"
    Stances,
    /// "Should we …? Yes"
    Answers,
    /// Issues and pull requests.
    References,
    /// "=> Container team"
    Handoffs,
    /// Topics put off.
    PutOff,
    /// Cancelled, empty, or some other text.
    NoMeeting,
}

impl Convention {
    /// All of them, in the order of `CONVENTIONS.md`.
    pub const ALL: [Self; 27] = [
        Self::Files,
        Self::Series,
        Self::Day,
        Self::Participants,
        Self::Chores,
        Self::Topics,
        Self::Markers,
        Self::Lists,
        Self::Boxes,
        Self::Doers,
        Self::Speakers,
        Self::Passives,
        Self::Assignees,
        Self::Arrows,
        Self::States,
        Self::Deadlines,
        Self::Carried,
        Self::Labels,
        Self::Verdicts,
        Self::Phrases,
        Self::Votes,
        Self::Stances,
        Self::Answers,
        Self::References,
        Self::Handoffs,
        Self::PutOff,
        Self::NoMeeting,
    ];

    /// True for those that find actions.
    pub fn finds_actions(self) -> bool {
        (Self::Markers..=Self::Arrows).contains(&self)
    }

    /// True for those that find decisions.
    pub fn finds_decisions(self) -> bool {
        (Self::Labels..=Self::Answers).contains(&self)
    }

    /// The heading in `CONVENTIONS.md`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Files => "Which files are minutes",
            Self::Series => "Series",
            Self::Day => "The day of a meeting",
            Self::Participants => "Lists of participants",
            Self::Chores => "Chores",
            Self::Topics => "Topics",
            Self::Markers => "Markers",
            Self::Lists => "Lists of actions",
            Self::Boxes => "Check boxes",
            Self::Doers => "A doer and a verb",
            Self::Speakers => "Speakers",
            Self::Passives => "Passives",
            Self::Assignees => "A doer behind the task",
            Self::Arrows => "Arrows",
            Self::States => "What became of an action",
            Self::Deadlines => "Deadlines",
            Self::Carried => "Carried actions",
            Self::Labels => "Labels of decisions",
            Self::Verdicts => "Verdicts",
            Self::Phrases => "Phrases",
            Self::Votes => "Votes",
            Self::Stances => "Plain stances",
            Self::Answers => "Answers",
            Self::References => "References",
            Self::Handoffs => "Handoffs",
            Self::PutOff => "Topics put off",
            Self::NoMeeting => "What is no meeting",
        }
    }

    /// The lists of `minutebook.toml` that change it; none where it is a pattern in code.
    pub fn lists(self) -> &'static [&'static str] {
        match self {
            Self::Files => &["book.skip"],
            Self::Series => &["series.dropped"],
            Self::Participants => &["people.present", "people.absent", "people.partial_words", "people.absent_words"],
            Self::Chores => &["roles.minutes", "roles.report", "roles.chair", "roles.chairs"],
            Self::Markers => &["actions.markers", "actions.weak_markers", "actions.not_before", "actions.not_after"],
            Self::Lists => &["actions.headings", "actions.carried_headings"],
            Self::States => &["states.done", "states.dropped", "states.open"],
            Self::Carried => &["actions.carried_headings", "actions.carried_words"],
            Self::Labels => &["decisions.labels", "decisions.not_yet"],
            Self::Phrases => {
                &["decisions.phrases", "decisions.groups", "decisions.agrees", "decisions.rules", "decisions.not_yet"]
            }
            Self::References => &["references.short"],
            Self::Handoffs => &["handoffs.to"],
            Self::PutOff => &["meetings.postponed"],
            Self::NoMeeting => &["meetings.cancelled", "meetings.notes"],
            // Whom a name means is told by the list of participants and by `[[people.known]]`.
            Self::Doers | Self::Speakers | Self::Passives | Self::Assignees | Self::Arrows => &["people.known"],
            Self::Day
            | Self::Topics
            | Self::Boxes
            | Self::Deadlines
            | Self::Verdicts
            | Self::Votes
            | Self::Stances
            | Self::Answers => &[],
        }
    }
}

/// What found a fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// The convention.
    pub convention: Convention,
    /// The very words by which it did.
    pub words: String,
    /// More about it, a sentence each.
    pub why: Vec<String>,
}

/// A reason, where somebody listens.
pub type Said = Option<Box<Reason>>;

/// What is told of a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Note {
    /// A fact, known by the line and text that it got.
    Found {
        /// An action, else a decision.
        is_action: bool,
        /// The fact's line.
        line: u32,
        /// The fact's text.
        text: String,
        /// Why.
        reason: Reason,
    },
    /// A convention that did not apply.
    Refused {
        /// Which.
        convention: Convention,
        /// Why not.
        why: String,
    },
}

/// All that was told, each with the block and the lines of the statement that it is about.
#[derive(Debug, Default)]
pub struct Told {
    at: Cell<Place>,
    sign: RefCell<Option<Reason>>,
    notes: RefCell<Vec<(Place, Note)>>,
    days: RefCell<Vec<u32>>,
}

/// Where a statement stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Place {
    /// Its block in the outline.
    pub block: usize,
    /// Its first line.
    pub line: u32,
    /// Its last line.
    pub last_line: u32,
}

impl Told {
    /// The notes, in the order in which they were told.
    pub fn notes(self) -> Vec<(Place, Note)> {
        self.notes.into_inner()
    }

    /// The lines that told the day of a meeting.
    pub fn days(&self) -> Vec<u32> {
        self.days.borrow().clone()
    }
}

/// Where rules tell their reasons; silent by default.
#[derive(Debug, Clone, Copy, Default)]
pub struct Reasons<'a>(Option<&'a Told>);

impl<'a> Reasons<'a> {
    /// Told to somebody.
    pub fn to(told: &'a Told) -> Self {
        Self(Some(told))
    }

    /// Whether somebody listens.
    pub fn listens(self) -> bool {
        self.0.is_some()
    }

    /// What is told next is about this statement.
    pub fn about(self, statement: &Statement<'_>) {
        if let Some(told) = self.0 {
            let (block, line, last_line) = (statement.block, statement.line, statement.last_line());
            told.at.set(Place { block, line, last_line });
            told.sign.take();
        }
    }

    /// What is worked out only for somebody who listens.
    pub fn each<T>(self, of: impl FnOnce() -> Vec<T>) -> Vec<T> {
        if self.0.is_some() { of() } else { Vec::new() }
    }

    /// A reason to keep until its fact is found.
    pub fn said(self, convention: Convention, words: &str) -> Said {
        self.0.map(|_| Box::new(Reason { convention, words: words.trim().to_owned(), why: Vec::new() }))
    }

    /// The statement would be a decision by this convention.
    pub fn sign(self, convention: Convention, words: impl FnOnce() -> String) {
        if let Some(told) = self.0 {
            *told.sign.borrow_mut() = Some(Reason { convention, words: words(), why: Vec::new() });
        }
    }

    /// A convention does not apply.
    pub fn refuse(self, convention: Convention, why: impl FnOnce() -> String) {
        if let Some(told) = self.0 {
            told.notes.borrow_mut().push((told.at.get(), Note::Refused { convention, why: why() }));
        }
    }

    /// An action was found.
    pub fn action(self, line: u32, text: &str, said: Said, why: impl FnOnce() -> Vec<String>) {
        if let (Some(told), Some(mut reason)) = (self.0, said) {
            reason.why.extend(why());
            let note = Note::Found { is_action: true, line, text: text.to_owned(), reason: *reason };
            told.notes.borrow_mut().push((told.at.get(), note));
        }
    }

    /// What [`sign`](Self::sign) told of was a decision.
    pub fn decision(self, line: u32, text: &str, why: impl FnOnce() -> Vec<String>) {
        if let Some(told) = self.0
            && let Some(mut reason) = told.sign.take()
        {
            reason.why.extend(why());
            let note = Note::Found { is_action: false, line, text: text.to_owned(), reason };
            told.notes.borrow_mut().push((told.at.get(), note));
        }
    }

    /// What [`sign`](Self::sign) told of was none after all.
    pub fn unsigned(self, why: impl FnOnce() -> String) {
        if let Some(told) = self.0
            && let Some(reason) = told.sign.take()
        {
            self.refuse(reason.convention, why);
        }
    }

    /// A line told the day of a meeting.
    pub fn day(self, line: Option<u32>) {
        if let (Some(told), Some(line)) = (self.0, line) {
            told.days.borrow_mut().push(line);
        }
    }
}
