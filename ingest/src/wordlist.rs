//! The word lists of the conventions, compiled: whether one of a hundred phrases stands in a text costs one
//! pass over it.

use std::collections::HashSet;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

use crate::conventions::Conventions;

/// Words and phrases, in lower case, that are looked for between word boundaries and without regard to case.
#[derive(Debug, Clone, Default)]
pub struct WordList {
    words: HashSet<String>,
    /// None for an empty list.
    automaton: Option<AhoCorasick>,
}

impl WordList {
    /// Compiles a list.
    pub fn new<'a>(words: impl IntoIterator<Item = &'a String>) -> Self {
        let words: HashSet<String> = words.into_iter().filter(|w| !w.is_empty()).cloned().collect();
        let mut patterns: Vec<String> = Vec::with_capacity(words.len());
        for word in &words {
            // The automaton folds the case of ASCII; other letters open a word at most.
            let mut letters = word.chars();
            if let Some(first) = letters.next().filter(|c| !c.is_ascii()) {
                patterns.push(first.to_uppercase().chain(letters).collect());
            }
            patterns.push(word.clone());
        }
        patterns.sort_unstable();
        let automaton = (!patterns.is_empty()).then(|| {
            AhoCorasick::builder()
                .ascii_case_insensitive(true)
                .match_kind(MatchKind::Standard)
                .kind(Some(AhoCorasickKind::DFA))
                .build(&patterns)
                .ok()
        });
        Self { words, automaton: automaton.flatten() }
    }

    /// True when `word`, in lower case, is one of the list.
    pub fn is(&self, word: &str) -> bool {
        self.words.contains(word)
    }

    /// Where the first of the words begins that ends first.
    pub fn find(&self, text: &str) -> Option<usize> {
        let found = self.automaton.as_ref()?.find_overlapping_iter(text);
        found.map(|m| m.range()).find(|range| stands_alone(text, range.start, range.end)).map(|range| range.start)
    }

    /// True when the letters of one of the words stand in `text`, in a longer word too.
    pub fn may_be_in(&self, text: &str) -> bool {
        self.automaton.as_ref().is_some_and(|a| a.is_match(text))
    }

    /// True when one of the words stands in `text`.
    pub fn is_in(&self, text: &str) -> bool {
        self.find(text).is_some()
    }
}

/// True when nothing of a longer word stands before or behind `text[start..end]`.
pub fn stands_alone(text: &str, start: usize, end: usize) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let word = &text[start..end];
    let open = !word.starts_with(is_word) || !text[..start].ends_with(is_word);
    let close = !word.ends_with(is_word) || !text[end..].starts_with(is_word);
    open && close
}

/// What a heading can be called: a phrase counts anywhere in it, a word as its first one or among at most three.
#[derive(Debug, Clone, Default)]
pub struct Heads {
    all: WordList,
    phrases: WordList,
}

impl Heads {
    fn new(words: &[String]) -> Self {
        Self { all: WordList::new(words), phrases: WordList::new(words.iter().filter(|w| w.contains([' ', '-']))) }
    }

    /// True when a bare heading ([`crate::statement::bare`]) is called so.
    pub fn name(&self, bare: &str) -> bool {
        if bare.is_empty() {
            return false;
        }
        if self.all.is(bare) || self.phrases.is_in(bare) {
            return true;
        }
        // "AI platform" is the other AI; "open AI" and "AI from last time" are lists.
        let other_ai = bare.strip_prefix("ai ").is_some_and(|rest| {
            !["from", "of", "list", "items", "review", "for"].iter().any(|w| rest.split(' ').next() == Some(w))
        });
        if other_ai {
            return false;
        }
        let tokens = || bare.split(' ');
        let count = tokens().take(10).count();
        let joined =
            || count <= 5 && tokens().any(|t| t == "and") && tokens().next_back().is_some_and(|t| self.word(t));
        (count <= 3 && tokens().any(|t| self.word(t)))
            || (count <= 9 && tokens().next().is_some_and(|t| self.word(t)))
            || joined()
    }

    /// True for a bare heading that is one of the words as it stands.
    pub fn is(&self, bare: &str) -> bool {
        self.all.is(bare)
    }

    fn word(&self, token: &str) -> bool {
        !token.contains('-') && self.all.is(token)
    }
}

/// The words for a chore.
#[derive(Debug, Clone, Default)]
pub struct Chore {
    words: WordList,
    phrases: WordList,
}

impl Chore {
    fn new(words: &[String]) -> Self {
        let (phrases, words): (Vec<&String>, Vec<&String>) = words.iter().partition(|w| w.contains([' ', '-']));
        Self { words: WordList::new(words), phrases: WordList::new(phrases) }
    }

    /// True when a bare label of so many words, or a bare `question`, names the chore.
    pub fn name(&self, bare: &str, tokens: usize, question: bool) -> bool {
        (tokens <= 16 && self.phrases.is_in(bare))
            || ((tokens <= 3 || question) && self.words.is_in(bare))
            || (tokens <= 5 && bare.split(' ').next().is_some_and(|first| self.words.is(first)))
    }
}

/// All lists that are looked for in running text.
#[derive(Debug, Clone, Default)]
pub struct Lists {
    /// Headings over lists of actions.
    pub actions: Heads,
    /// Headings over lists of actions of earlier meetings.
    pub carried: Heads,
    /// Headings over those who came.
    pub present: Heads,
    /// Headings over those who did not.
    pub absent: Heads,
    /// Takes the minutes.
    pub minutes: Chore,
    /// Reports.
    pub report: Chore,
    /// Chairs.
    pub chair: Chore,
    /// The first word of each phrase for a chore: a label without one names none.
    pub chore_hints: WordList,
    /// The first word of each heading that opens a section.
    pub head_hints: WordList,
    /// What became of an action, whichever it is.
    pub states: WordList,
    /// Said beside a person who chairs.
    pub chairs: WordList,
    /// Beside a name: not all the time.
    pub partial: WordList,
    /// Beside a name: not there.
    pub away: WordList,
    /// In an action: from an earlier meeting.
    pub carried_words: WordList,
    /// In a sentence: settled.
    pub phrases: WordList,
    /// In a sentence: not settled.
    pub not_yet: WordList,
    /// The meeting was not held.
    pub cancelled: WordList,
}

impl Lists {
    /// Compiles the lists of the conventions.
    pub fn new(c: &Conventions) -> Self {
        Self {
            actions: Heads::new(&c.actions.headings),
            carried: Heads::new(&c.actions.carried_headings),
            present: Heads::new(&c.people.present),
            absent: Heads::new(&c.people.absent),
            minutes: Chore::new(&c.roles.minutes),
            report: Chore::new(&c.roles.report),
            chair: Chore::new(&c.roles.chair),
            head_hints: WordList::new(&hints(
                (c.actions.headings.iter().chain(&c.actions.carried_headings).chain(&c.people.absent))
                    .chain(&c.people.present)
                    .chain(&c.decisions.labels)
                    .chain(c.roles.minutes.iter().chain(&c.roles.report).chain(&c.roles.chair)),
            )),
            states: WordList::new(c.states.open.iter().chain(&c.states.dropped).chain(&c.states.done)),
            chore_hints: WordList::new(&hints(c.roles.minutes.iter().chain(&c.roles.report).chain(&c.roles.chair))),
            chairs: WordList::new(&c.roles.chairs),
            partial: WordList::new(&c.people.partial_words),
            away: WordList::new(&c.people.absent_words),
            carried_words: WordList::new(&c.actions.carried_words),
            phrases: WordList::new(&c.decisions.phrases),
            not_yet: WordList::new(&c.decisions.not_yet),
            cancelled: WordList::new(&c.meetings.cancelled),
        }
    }
}

/// The first word of each phrase.
fn hints<'a>(words: impl Iterator<Item = &'a String>) -> Vec<String> {
    words.filter_map(|w| w.split([' ', '-']).find(|part| !part.is_empty())).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_between_boundaries_in_any_case() {
        let list = WordList::new(&["no objection".to_owned(), "agreed".to_owned(), "übergabe".to_owned()]);
        assert_eq!(list.find("We Agreed on it"), Some(3));
        assert!(list.is_in("there was No Objection.") && list.is_in("Übergabe an Jo") && list.is("agreed"));
        assert!(!list.is_in("disagreed; no objections") && !WordList::default().is_in("agreed"));
    }

    #[test]
    fn headings_are_called_by_their_first_or_few_words() {
        let heads = Heads::new(&["actions".to_owned(), "next steps".to_owned()]);
        assert!(heads.name("actions") && heads.name("open actions") && heads.name("the next steps for the port"));
        assert!(heads.name("r6 priorities and actions") && heads.name("actions of the harbour office for may"));
        let heads = Heads::new(&["ai".to_owned()]);
        assert!(heads.name("ai") && heads.name("open ai") && heads.name("ai from may") && !heads.name("ai platform"));
        let heads = Heads::new(&["actions".to_owned()]);
        assert!(!heads.name("on the many actions of the office") && !heads.name(""));
    }
}
