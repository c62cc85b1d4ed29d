//! What the words of a block can be about, told in one pass over them.
//!
//! A rule that cannot do without certain words says so once, beside its patterns (`LEADS`, `SIGNS`, …) or by
//! the list of the conventions that it reads. One automaton looks for all of them, and a rule whose words are
//! not in a block does not look at it. A hint says "perhaps": words count in longer words too, and in any case.

use std::ops::Range;

use crate::conventions::Conventions;
use crate::outline::Outline;
use crate::roles::NOTES;
use crate::statement::{NAME_AND, NEXT, unwrapped};
use crate::wordlist::{Groups, longest_words};
use crate::{commitments, decisions, handoffs, stances};

/// Something that a rule looks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hint {
    /// The name of a section: of people, chores, actions, decisions.
    Section,
    /// The name of a chore.
    Chore,
    /// What is said beside a person who chairs.
    Chairs,
    /// What commits somebody.
    Commits,
    /// What commits the person before it.
    Subjects,
    /// "I'll …", "… and will".
    Promises,
    /// "… by Mira"
    By,
    /// What passes a topic on.
    PassesOn,
    /// What a group is called that a topic is passed on to.
    Group,
    /// What puts a topic off.
    PutOff,
    /// A label of decisions, or a verb that stands in for one.
    Decision,
    /// A phrase that says that something is settled.
    Settled,
    /// … that it is not.
    NotYet,
    /// "vote"
    Vote,
    /// A plain statement of what holds.
    Stance,
    /// A verdict.
    Verdict,
    /// A marker of actions, in its own case and as a word of its own.
    Marker,
}

/// The hints that a text holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Hints(u32);

impl Hints {
    /// True when the text may hold what a rule looks for.
    pub fn has(self, hint: Hint) -> bool {
        self.0 & (1 << hint as u32) != 0
    }
}

const MARKER: u32 = 1 << Hint::Marker as u32;

/// True where letters are not part of a longer word, as far as ASCII can tell.
fn opens_or_ends_no_word(text: &str, at: Range<usize>) -> bool {
    let bytes = text.as_bytes();
    let before = at.start.checked_sub(1).map(|before| bytes[before]);
    !before.into_iter().chain(bytes.get(at.end).copied()).any(|b| b.is_ascii_alphanumeric())
}

/// The words behind all hints, compiled.
#[derive(Debug, Clone, Default)]
pub struct Signs(Option<Groups>);

impl Signs {
    /// Compiles the words of the rules and of the conventions.
    pub fn new<'a>(c: &'a Conventions) -> Self {
        let mut all: Vec<(&'a str, u32)> = Vec::new();
        let mut add = |hint: Hint, words: &mut dyn Iterator<Item = &'a str>| {
            all.extend(words.map(|word| (word, 1 << hint as u32)));
        };
        let chores = || c.roles.minutes.iter().chain(&c.roles.report).chain(&c.roles.chair);
        let sections = (c.actions.headings.iter().chain(&c.actions.carried_headings).chain(&c.people.absent))
            .chain(&c.people.present)
            .chain(&c.decisions.labels)
            .chain(chores());
        add(Hint::Section, &mut longest_words(sections).chain([NEXT, NAME_AND]));
        add(Hint::Chore, &mut longest_words(chores()).chain([NOTES]));
        add(Hint::Chairs, &mut c.roles.chairs.iter().map(String::as_str));
        add(
            Hint::Commits,
            &mut commitments::LEADS.iter().chain(&commitments::ARROWS).chain(commitments::SUBJECTS).copied(),
        );
        add(Hint::Subjects, &mut commitments::SUBJECTS.iter().copied());
        add(Hint::Promises, &mut commitments::PROMISES.iter().copied());
        add(Hint::By, &mut ["by"].into_iter());
        add(Hint::PassesOn, &mut handoffs::LEADS.iter().copied());
        add(Hint::Group, &mut c.handoffs.to.iter().map(String::as_str));
        add(Hint::PutOff, &mut c.meetings.postponed.iter().map(String::as_str));
        add(Hint::Decision, &mut longest_words(c.decisions.labels.iter()).chain(decisions::VERBS.iter().copied()));
        let d = &c.decisions;
        add(Hint::Settled, &mut d.phrases.iter().chain(&d.agrees).chain(&d.rules).map(String::as_str));
        add(Hint::Settled, &mut decisions::PASSED_BY.into_iter());
        add(Hint::NotYet, &mut c.decisions.not_yet.iter().map(String::as_str));
        add(Hint::Vote, &mut decisions::VOTING.into_iter());
        add(Hint::Stance, &mut stances::SIGNS.iter().copied());
        add(Hint::Verdict, &mut decisions::VERDICTS.iter().copied());
        all.extend(c.actions.markers.iter().map(|marker| (marker.as_str(), MARKER)));
        Self(Groups::new(all))
    }

    /// The hints of a text.
    pub fn of(&self, text: &str) -> Hints {
        // Without an automaton everything may be there.
        let counts = |word: &str, groups: u32, at: Range<usize>| {
            groups != MARKER || (text.as_bytes()[at.clone()] == *word.as_bytes() && opens_or_ends_no_word(text, at))
        };
        Hints(self.0.as_ref().map_or(u32::MAX, |groups| groups.in_text(text, counts)))
    }
}

/// Hints that keep no rule from looking at a block.
pub fn every_hint(outline: &Outline) -> Vec<Hints> {
    vec![Hints(u32::MAX); outline.blocks.len()]
}

/// The hints of each block of an outline.
pub fn hints(outline: &Outline, conventions: &Conventions) -> Vec<Hints> {
    let signs = &conventions.lists().signs;
    // Words may stand on both sides of the end of a line.
    outline.blocks.iter().map(|b| signs.of(&unwrapped(&b.text.plain))).collect()
}
