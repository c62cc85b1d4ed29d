//! What is found in minutes: plain data, one [`Meeting`] a session.
//!
//! The fields serialise to the JSON of `minutebook extract`. Lines are 1-based and count from the
//! start of the file; dates are civil dates without a zone; people stand as they were written, without `@`.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// One dated session of a series, or a file that is no minutes of one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Meeting {
    /// Path relative to the book, with `/` between its parts.
    pub path: String,
    /// First line of the meeting in its file.
    pub line: u32,
    /// Last line of the meeting in its file.
    pub end_line: u32,
    /// Stable id: hangs on series, date and the meeting's place among those of its day.
    pub id: String,
    /// Minutes of a meeting, or some other text.
    pub kind: MeetingKind,
    /// False when the minutes say that it was cancelled, or the file is a mere agenda.
    pub held: bool,
    /// The series that the meeting belongs to.
    pub series: String,
    /// The day of the meeting; none where no source tells one.
    pub date: Option<Date>,
    /// First heading that is more than a date, else the first heading, else the file's name.
    pub title: String,
    /// Who was listed as present, partly present or absent.
    pub participants: Vec<Participant>,
    /// Chores of the meeting.
    pub roles: Vec<Role>,
    /// Headings of the agenda with what stands under them.
    pub topics: Vec<Topic>,
    /// Things to be done after the meeting.
    pub actions: Vec<Action>,
    /// What the group settled.
    pub decisions: Vec<Decision>,
    /// Issues, pull requests, reviews and bugs that the text points to.
    pub references: Vec<Reference>,
    /// Topics passed on to another series.
    pub handoffs: Vec<Handoff>,
    /// Lines that speak of a decision and are none.
    pub recalls: Vec<Recall>,
    /// Topics put off to another meeting.
    pub postponed: Vec<Postponed>,
    /// What is noted under pending actions, and under issues.
    pub notes: Vec<Note>,
    /// People named in running text, beyond lists, chores and owners.
    pub named: Vec<Named>,
    /// What was not understood, or does not fit together.
    pub diagnostics: Vec<Diagnostic>,
}

impl Meeting {
    /// The topics that a line stands under, outermost first.
    pub fn topics_over(&self, line: u32) -> impl DoubleEndedIterator<Item = &Topic> {
        self.topics.iter().filter(move |t| t.line <= line && line <= t.end_line)
    }

    /// The innermost of them.
    pub fn topic_over(&self, line: u32) -> Option<&Topic> {
        self.topics_over(line).next_back()
    }
}

/// Whether a file holds minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MeetingKind {
    /// Minutes (or the agenda) of a meeting.
    Meeting,
    /// A text beside the minutes: a postmortem, a concept, slides.
    Note,
}

/// Somebody on the list of those who came, or did not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Participant {
    /// Handle on the forge, without `@`.
    pub handle: Option<String>,
    /// Name as written.
    pub name: Option<String>,
    /// Initials, where the list gives them.
    pub initials: Option<String>,
    /// Company or group, as written.
    pub affiliation: Option<String>,
    /// Whether they were there.
    pub status: Attendance,
    /// Where they are listed.
    pub line: u32,
}

impl Participant {
    /// The handle, else the name, else the initials.
    pub fn as_written(&self) -> &str {
        self.handle.as_deref().or(self.name.as_deref()).or(self.initials.as_deref()).unwrap_or_default()
    }
}

/// Presence at a meeting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Attendance {
    /// There from start to end, as far as the minutes say.
    Present,
    /// Came late, left early, or was only half there.
    Partial,
    /// Excused or missing.
    Absent,
}

/// A chore of the meeting and who does it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Role {
    /// Which chore.
    pub role: RoleKind,
    /// Who does it, as written without `@`.
    pub people: Vec<String>,
    /// Where that is said.
    pub line: u32,
}

/// The chores that are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RoleKind {
    /// Takes or transfers the minutes.
    Minutes,
    /// Reports elsewhere, or to this meeting.
    Report,
    /// Chairs, hosts or moderates.
    Chair,
    /// Any other chore.
    Other,
}

/// A heading of the agenda with what stands under it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Topic {
    /// The heading without its sponsors.
    pub title: String,
    /// 1 to 6.
    pub level: u8,
    /// The heading's line.
    pub line: u32,
    /// Last line before the next heading of this or a higher level.
    pub end_line: u32,
    /// People named in the heading.
    pub sponsors: Vec<String>,
}

/// What became of an action, as one file tells it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ActionState {
    /// Still to be done.
    #[default]
    Open,
    /// Marked as done.
    Done,
    /// Given up.
    Dropped,
}

/// Something to be done after the meeting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Action {
    /// Where the task is written.
    pub line: u32,
    /// Last line of the task with what stands under it.
    pub end_line: u32,
    /// Who is to do it, as written without `@`.
    pub owners: Vec<String>,
    /// The task without its marker and owners.
    pub text: String,
    /// As this file tells it.
    pub state: ActionState,
    /// The deadline, where one is given.
    pub due: Option<Due>,
    /// A marker, a marker heading or a check box says that it is an action.
    pub explicit: bool,
    /// The file says that it comes from an earlier meeting.
    pub carried: bool,
    /// The heading it stands under.
    pub topic: Option<String>,
    /// Targets of the references in its text.
    pub references: Vec<String>,
    /// The issue that the item or heading over it tells of.
    pub about: Option<About>,
    /// Which convention found it.
    pub rule: Rule,
}

/// The one issue that a line tells of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// Where it stands.
    pub line: u32,
    /// As [`Reference::target`].
    pub target: String,
}

/// Why something was taken for a fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// A marker such as `AI`, `ToDo` or `Decision`.
    Marker,
    /// A heading such as "Action items" over a list.
    Heading,
    /// A check box of a task list.
    Checkbox,
    /// An arrow to a person: `-> @a`.
    Arrow,
    /// A person and a verb that commits them: "Mira will ask".
    Commitment,
    /// A task with its doer behind it in brackets: `… (@a)`.
    Assignee,
    /// A label, a vote, or words such as "agreed".
    Settled,
    /// A plain statement of what holds from now on.
    Statement,
}

/// A line under an item: what a pending action is about, or what became of an issue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// Line of the action, or of the item or heading about the issue.
    pub of: u32,
    /// Where it stands.
    pub line: u32,
    /// Under an action: its words.
    pub text: String,
    /// As it tells.
    pub state: Option<ActionState>,
}

/// A deadline in the words of the minutes, and the day they mean.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Due {
    /// As written: "by end of June".
    pub text: String,
    /// The last day that keeps it; none for "before the summit".
    pub date: Option<Date>,
}

/// What the group settled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// Where it is written.
    pub line: u32,
    /// Last line of the statement with what stands under it.
    pub end_line: u32,
    /// The statement without its label.
    pub text: String,
    /// A label, a vote, or words such as "agreed" and "no objections" say so.
    pub explicit: bool,
    /// The heading it stands under.
    pub topic: Option<String>,
    /// "because …", where a reason is given.
    pub rationale: Option<String>,
    /// The count, where there was a vote.
    pub votes: Option<Votes>,
    /// People named in it.
    pub people: Vec<String>,
    /// Targets of the references in its text.
    pub references: Vec<String>,
    /// Which convention found it.
    pub rule: Rule,
}

/// The count of a vote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Votes {
    /// Votes in favour.
    pub yes: u32,
    /// Votes against.
    pub no: u32,
    /// Abstentions.
    pub abstain: u32,
}

/// An issue, pull or merge request, review or bug that the text points to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reference {
    /// Where it stands.
    pub line: u32,
    /// The text that points.
    pub as_written: String,
    /// `owner/repo#N`, `group/project!N`, `launchpad#N`, `KEY-N`; `#N` when the repository is unknown.
    pub target: String,
    /// What it points to.
    pub kind: ReferenceKind,
    /// Where it can be read.
    pub url: Option<String>,
    /// A word that stands near a bare number and may be the short name of its repository.
    pub near: Option<String>,
    /// The line that it stands in, without Markdown; cut where it is long.
    pub text: String,
}

/// What a reference points to. On GitHub an issue and a pull request share their numbers, so a short
/// reference is an issue until a link says otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ReferenceKind {
    /// An issue or work item.
    Issue,
    /// A pull or merge request.
    Pull,
    /// A change under review (Gerrit).
    Review,
    /// A bug (Launchpad).
    Bug,
}

/// A topic passed on to another series.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handoff {
    /// Where that is said.
    pub line: u32,
    /// The series or team, as written.
    pub to: String,
    /// What is passed on.
    pub text: String,
}

/// A line that speaks of a decision made elsewhere or before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recall {
    /// Where.
    pub line: u32,
    /// The sentence.
    pub text: String,
    /// The heading it stands under.
    pub topic: Option<String>,
}

/// A topic, or an item of one, that was put off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Postponed {
    /// Where that is said.
    pub line: u32,
    /// What was put off: the item or heading that the remark stands under, else the remark.
    pub topic: String,
    /// The remark.
    pub text: String,
}

/// Somebody named in running text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// Where.
    pub line: u32,
    /// The name or handle, without `@`.
    pub as_written: String,
}

/// What a chair may want to mend.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    /// Where.
    pub line: u32,
    /// How bad.
    pub severity: Severity,
    /// A stable name, such as `date-mismatch`.
    pub code: String,
    /// What is wrong, in a sentence.
    pub message: String,
    /// The words of the line that are meant, as written; none where it is the whole line.
    pub quote: Option<String>,
}

impl Diagnostic {
    /// A warning at a line.
    pub fn warning(line: u32, code: &str, message: impl Into<String>) -> Self {
        Self { line, severity: Severity::Warning, code: code.to_owned(), message: message.into(), quote: None }
    }

    /// … about these words of it.
    #[must_use]
    pub fn about(self, quote: impl Into<String>) -> Self {
        Self { quote: Some(quote.into()), ..self }
    }
}

/// How bad a diagnostic is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Facts are lost or wrong.
    Error,
    /// Facts may be wrong.
    Warning,
    /// Worth knowing.
    Note,
}

impl Severity {
    /// Its word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }

    /// The severity of a word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Error, Self::Warning, Self::Note].into_iter().find(|s| s.as_str() == word)
    }
}
