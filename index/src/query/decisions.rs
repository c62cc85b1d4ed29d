//! "What did we decide about X, when, why, and where is it written?"

use jiff::civil::Date;
use minutebook_ingest::facts::{Decision, Meeting, Votes};
use minutebook_ingest::meeting::id;
use serde::Serialize;

use super::{NotFound, Scope};
use crate::Snapshot;

/// Which decisions are asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// A series.
    pub series: Option<String>,
    /// Words that must all stand in the text or topic.
    pub words: Option<String>,
    /// Only marked ones.
    pub explicit: bool,
}

/// Whether a decision still holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum StandingView {
    /// Nothing later speaks against it.
    Holds,
    /// A later one changed it.
    Revised,
    /// A later one undid it.
    Reversed,
    /// Not told.
    Unclear,
}

/// A decision.
#[derive(Debug, Clone, Serialize)]
pub struct DecisionView {
    /// Stable id.
    pub id: String,
    /// The statement.
    pub text: String,
    /// Where it was made.
    pub series: String,
    /// When.
    pub date: Option<Date>,
    /// The file.
    pub path: String,
    /// The line.
    pub line: u32,
    /// Marked as one.
    pub explicit: bool,
    /// The heading it stands under.
    pub topic: Option<String>,
    /// The reason, where one is given.
    pub rationale: Option<String>,
    /// The count, where there was a vote.
    pub votes: Option<Votes>,
    /// People named in it.
    pub people: Vec<String>,
    /// Issues it names.
    pub references: Vec<String>,
    /// Whether it still holds. How decisions follow on each other is not told yet, so this is `unclear`.
    pub standing: StandingView,
    /// The decision, and what later confirmed or changed it.
    pub chain: Vec<LinkView>,
    /// The line on the forge.
    pub permalink: Option<String>,
}

/// A link of a chain of decisions.
#[derive(Debug, Clone, Serialize)]
pub struct LinkView {
    /// The file.
    pub path: String,
    /// The line.
    pub line: u32,
    /// When.
    pub date: Option<Date>,
    /// `decided`, `confirmed`, `revised`, `reversed`, `reported`.
    pub relation: &'static str,
    /// Its words.
    pub text: String,
}

/// The decisions that a filter asks for, latest first.
pub fn decisions(snapshot: &Snapshot, scope: &Scope, filter: &Filter) -> Vec<DecisionView> {
    let words: Vec<String> = filter.words.iter().flat_map(|w| w.split_whitespace()).map(str::to_lowercase).collect();
    let mut out = Vec::new();
    for session in snapshot.sessions(scope) {
        if filter.series.as_ref().is_some_and(|s| *s != session.meeting.series) {
            continue;
        }
        for decision in &session.meeting.decisions {
            if filter.explicit && !decision.explicit {
                continue;
            }
            if !words.is_empty() {
                let text =
                    format!("{} {}", decision.text, decision.topic.as_deref().unwrap_or_default()).to_lowercase();
                if !words.iter().all(|w| text.contains(w.as_str())) {
                    continue;
                }
            }
            out.push(decision_view(snapshot, session.meeting, decision));
        }
    }
    out.sort_by(|a, b| b.date.cmp(&a.date).then_with(|| a.path.cmp(&b.path)).then(a.line.cmp(&b.line)));
    out
}

/// One decision by its id.
///
/// # Errors
/// When there is none.
pub fn decision(snapshot: &Snapshot, scope: &Scope, wanted: &str) -> Result<DecisionView, NotFound> {
    for session in snapshot.sessions(scope) {
        for d in &session.meeting.decisions {
            if decision_id(session.meeting, d) == wanted {
                return Ok(decision_view(snapshot, session.meeting, d));
            }
        }
    }
    Err(NotFound { what: "decision", wanted: wanted.to_owned(), nearest: Vec::new() })
}

/// The id of the decision that stands between two lines of a file.
pub fn decision_at(snapshot: &Snapshot, path: &str, line: u32, end_line: u32) -> Option<String> {
    let meeting = snapshot.meeting(path, line)?.meeting;
    let decision = meeting.decisions.iter().find(|d| (line..=end_line).contains(&d.line))?;
    Some(decision_id(meeting, decision))
}

/// Hangs on the meeting and the words; of twins in one meeting also on their order.
pub(crate) fn decision_id(meeting: &Meeting, decision: &Decision) -> String {
    let twin = meeting.decisions.iter().filter(|d| d.line < decision.line && d.text == decision.text).count();
    id("d", &[&meeting.id, &decision.text.to_lowercase(), &twin.to_string()])
}

fn decision_view(snapshot: &Snapshot, meeting: &Meeting, d: &Decision) -> DecisionView {
    DecisionView {
        id: decision_id(meeting, d),
        text: d.text.clone(),
        series: meeting.series.clone(),
        date: meeting.date,
        path: meeting.path.clone(),
        line: d.line,
        explicit: d.explicit,
        topic: d.topic.clone(),
        rationale: d.rationale.clone(),
        votes: d.votes,
        people: d.people.clone(),
        references: d.references.clone(),
        standing: StandingView::Unclear,
        chain: vec![LinkView {
            path: meeting.path.clone(),
            line: d.line,
            date: meeting.date,
            relation: "decided",
            text: d.text.clone(),
        }],
        permalink: snapshot.permalink(&meeting.path, d.line, d.end_line),
    }
}
