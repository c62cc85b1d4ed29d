//! The word lists of the conventions, compiled: whether one of a hundred phrases stands in a text costs one
//! pass over it.

use std::ops::Range;

use aho_corasick::automaton::Automaton;
use aho_corasick::{AhoCorasick, AhoCorasickKind, Anchored, MatchKind, dfa::DFA};

use foldhash::{HashMap, HashSet};

use crate::conventions::Conventions;
use crate::hints::Signs;
use crate::state::SETTLES;

/// Words and phrases, in lower case, that are looked for between word boundaries and without regard to case.
#[derive(Debug, Clone, Default)]
pub struct WordList {
    words: HashSet<String>,
    /// None for an empty list.
    automaton: Option<AhoCorasick>,
}

impl WordList {
    /// Compiles a list.
    pub fn new<S: AsRef<str>>(words: impl IntoIterator<Item = S>) -> Self {
        let words = words.into_iter().map(|word| word.as_ref().to_owned()).filter(|word| !word.is_empty());
        let words: HashSet<String> = words.collect();
        let mut patterns: Vec<String> = Vec::with_capacity(words.len());
        words.iter().for_each(|word| patterns.extend(spellings(word)));
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

/// A word or phrase as an automaton that folds the case of ASCII must know it: other letters open a word at most, each of
/// those with and without a capital ("ohne änderungen", "ohne Änderungen").
pub fn spellings(phrase: &str) -> impl Iterator<Item = String> + use<> {
    let mut all = vec![String::with_capacity(phrase.len())];
    let mut before = None;
    for letter in phrase.chars() {
        let opens = !letter.is_ascii() && !before.is_some_and(char::is_alphanumeric);
        let capital = letter.to_uppercase().next().filter(|&capital| opens && capital != letter && all.len() < 8);
        if let Some(capital) = capital {
            let also: Vec<String> = all.iter().map(|spelling| format!("{spelling}{capital}")).collect();
            all.iter_mut().for_each(|spelling| spelling.push(letter));
            all.extend(also);
        } else {
            all.iter_mut().for_each(|spelling| spelling.push(letter));
        }
        before = Some(letter);
    }
    all.into_iter()
}

/// True when nothing of a longer word stands before or behind `text[start..end]`.
pub fn stands_alone(text: &str, start: usize, end: usize) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let word = &text[start..end];
    let open = !word.starts_with(is_word) || !text[..start].ends_with(is_word);
    let close = !word.ends_with(is_word) || !text[end..].starts_with(is_word);
    open && close
}

/// Words of several groups in one automaton, which folds the case of ASCII.
#[derive(Debug, Clone)]
pub struct Groups {
    automaton: DFA,
    words: Vec<String>,
    /// The groups of each word, a bit each.
    groups: Vec<u32>,
    /// The groups of all words that end in a state of the automaton: nothing is to be learnt where all are found.
    ending: Vec<u32>,
}

impl Groups {
    /// Compiles words, each with the bit of its group; none where they are too many for an automaton.
    pub fn new<'a>(words: impl IntoIterator<Item = (&'a str, u32)>) -> Option<Self> {
        let words = words.into_iter().filter(|(word, _)| !word.is_empty());
        let (words, groups): (Vec<String>, Vec<u32>) =
            words.flat_map(|(word, group)| spellings(word).map(move |spelling| (spelling, group))).unzip();
        let automaton = DFA::builder().ascii_case_insensitive(true).build(&words).ok()?;
        let mut ending = Vec::new();
        // The openings of the words are all states that there are.
        for word in &words {
            let mut state = automaton.start_state(Anchored::No).ok()?;
            for &byte in word.as_bytes() {
                state = automaton.next_state(Anchored::No, state, byte);
                if automaton.is_match(state) {
                    let patterns = (0..automaton.match_len(state)).map(|n| automaton.match_pattern(state, n));
                    ending.resize(ending.len().max(state.as_usize() + 1), 0);
                    ending[state.as_usize()] = patterns.fold(0, |all, pattern| all | groups[pattern.as_usize()]);
                }
            }
        }
        Some(Self { automaton, words, groups, ending })
    }

    /// The groups of the words in a text that `counts`, told the word as it was given, its group and its place.
    pub fn in_text(&self, text: &str, counts: impl Fn(&str, u32, Range<usize>) -> bool) -> u32 {
        let automaton = &self.automaton;
        let mut found = 0;
        let Ok(mut state) = automaton.start_state(Anchored::No) else { return found };
        for (at, &byte) in text.as_bytes().iter().enumerate() {
            state = automaton.next_state(Anchored::No, state, byte);
            if automaton.is_special(state)
                && automaton.is_match(state)
                && self.ending.get(state.as_usize()).is_some_and(|groups| groups & !found != 0)
            {
                for pattern in (0..automaton.match_len(state)).map(|n| automaton.match_pattern(state, n)) {
                    let (word, group) = (&self.words[pattern.as_usize()], self.groups[pattern.as_usize()]);
                    let end = at + 1;
                    if found & group != group && counts(word, group, end - word.len()..end) {
                        found |= group;
                    }
                }
            }
        }
        found
    }
}

/// What a heading, label or question can be the title of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Title {
    /// A list of actions.
    Actions,
    /// A list of actions of earlier meetings.
    Carried,
    /// A list of those who came.
    Present,
    /// A list of those who did not.
    Absent,
    /// A chore: takes the minutes.
    Minutes,
    /// A chore: reports.
    Report,
    /// A chore: chairs.
    Chair,
}

impl Title {
    const fn bit(self) -> u32 {
        1 << self as u32
    }
}

/// The words that make titles, looked up all at once.
#[derive(Debug, Clone, Default)]
pub struct Titles {
    /// Words and phrases, with what they are titles of.
    all: HashMap<String, u32>,
    /// Phrases, and (in bits of their own, see [`LONE`]) the words for chores.
    within: Option<Groups>,
}

/// By how much the bit of a chore is shifted where a word for it stands in a longer title.
const LONE: u32 = 8;

impl Titles {
    fn new(lists: &[(Title, &Vec<String>)]) -> Self {
        let words = || lists.iter().flat_map(|&(title, words)| words.iter().map(move |word| (title, word.as_str())));
        let mut all: HashMap<String, u32> = HashMap::default();
        let some = words().filter(|(_, word)| !word.is_empty());
        some.for_each(|(title, word)| *all.entry(word.to_owned()).or_default() |= title.bit());
        let is_chore = |title| matches!(title, Title::Minutes | Title::Report | Title::Chair);
        let within = words().filter_map(|(title, word)| match word.contains([' ', '-']) {
            true => Some((word, title.bit())),
            false => is_chore(title).then_some((word, title.bit() << LONE)),
        });
        Self { all, within: Groups::new(within) }
    }

    /// True for a bare heading that is one of the words as it stands.
    pub fn is(&self, title: Title, bare: &str) -> bool {
        self.all.get(bare).is_some_and(|titles| titles & title.bit() != 0)
    }

    /// What a bare heading ([`crate::statement::bare`]), label or question says.
    pub fn of(&self, bare: &str) -> Titled {
        let titles = |words: &str| self.all.get(words).copied().unwrap_or_default();
        // "AI platform" is the other AI; "open AI" and "AI from last time" are lists.
        let other_ai = bare.strip_prefix("ai ").is_some_and(|rest| {
            !["from", "of", "list", "items", "review", "for"].iter().any(|w| rest.split(' ').next() == Some(w))
        });
        let word = |token: &str| if other_ai || token.contains('-') { 0 } else { titles(token) };
        let tokens = || bare.split(' ');
        let count = tokens().count();
        let joined = count <= 5 && tokens().any(|t| t == "and");
        Titled {
            tokens: count,
            whole: titles(bare),
            first: if count <= 9 { tokens().next().map_or(0, word) } else { 0 },
            few: if count <= 3 { tokens().map(word).fold(0, |all, one| all | one) } else { 0 },
            joined: if joined { tokens().next_back().map_or(0, word) } else { 0 },
            within: self
                .within
                .as_ref()
                .map_or(0, |w| w.in_text(bare, |_, _, at| stands_alone(bare, at.start, at.end))),
        }
    }
}

/// What the words of a title say, in bits of [`Title`].
#[derive(Debug, Clone, Copy)]
pub struct Titled {
    /// How many words it has.
    pub tokens: usize,
    whole: u32,
    first: u32,
    few: u32,
    joined: u32,
    within: u32,
}

impl Titled {
    /// True for the heading of a list: a phrase counts anywhere in it, a word as its first one, among at most
    /// three, or behind an "and".
    pub fn heads(self, list: Title) -> bool {
        (self.whole | self.within | self.few | self.first | self.joined) & list.bit() != 0
    }

    /// True for a label, or a `question`, that names a chore.
    pub fn names(self, chore: Title, question: bool) -> bool {
        let has = |bits: u32| bits & chore.bit() != 0;
        (self.tokens <= 16 && has(self.within))
            || ((self.tokens <= 3 || question) && has(self.within >> LONE))
            || (self.tokens <= 5 && has(self.first))
    }
}

/// All lists that are looked for in running text.
#[derive(Debug, Clone, Default)]
pub struct Lists {
    /// What headings, labels and questions are called.
    pub titles: Titles,
    /// What tells the hints of a text.
    pub signs: Signs,
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
    /// Who can settle something together.
    pub groups: WordList,
    /// In a sentence, behind a group: what it is of one mind about.
    pub agrees: WordList,
    /// Right behind a group: it rules on something.
    pub rules: WordList,
    /// In a sentence: not settled.
    pub not_yet: WordList,
    /// In a sentence that speaks of a decision.
    pub recalls: WordList,
    /// The meeting was not held.
    pub cancelled: WordList,
}

impl Lists {
    /// Compiles the lists of the conventions.
    pub fn new(c: &Conventions) -> Self {
        Self {
            titles: Titles::new(&[
                (Title::Actions, &c.actions.headings),
                (Title::Carried, &c.actions.carried_headings),
                (Title::Present, &c.people.present),
                (Title::Absent, &c.people.absent),
                (Title::Minutes, &c.roles.minutes),
                (Title::Report, &c.roles.report),
                (Title::Chair, &c.roles.chair),
            ]),
            signs: Signs::new(c),
            states: {
                let told = c.states.open.iter().chain(&c.states.dropped).chain(&c.states.done);
                WordList::new(told.map(String::as_str).chain(SETTLES))
            },
            chairs: WordList::new(&c.roles.chairs),
            partial: WordList::new(&c.people.partial_words),
            away: WordList::new(&c.people.absent_words),
            carried_words: WordList::new(&c.actions.carried_words),
            phrases: WordList::new(&c.decisions.phrases),
            groups: WordList::new(&c.decisions.groups),
            agrees: WordList::new(&c.decisions.agrees),
            rules: WordList::new(&c.decisions.rules),
            not_yet: WordList::new(&c.decisions.not_yet),
            recalls: WordList::new(c.decisions.recalls.iter().chain(&c.decisions.undoes).chain(&c.decisions.questions)),
            cancelled: WordList::new(&c.meetings.cancelled),
        }
    }
}

/// The longest word of each phrase, which stands in whatever is called so; how its words are joined may differ.
pub fn longest_words<'a>(phrases: impl Iterator<Item = &'a String>) -> impl Iterator<Item = &'a str> {
    phrases.filter_map(|phrase| phrase.split([' ', '-', '\'']).max_by_key(|part| part.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_between_boundaries_in_any_case() {
        let list = WordList::new(&["no objection".to_owned(), "agreed".to_owned(), "übergabe".to_owned()]);
        assert_eq!(list.find("We Agreed on it"), Some(3));
        let german = WordList::new(&["ohne änderungen".to_owned()]);
        assert!(german.is_in("Ohne Änderungen") && german.is_in("ohne änderungen") && !german.is_in("ohne Anderungen"));
        assert!(list.is_in("there was No Objection.") && list.is_in("Übergabe an Jo") && list.is("agreed"));
        assert!(!list.is_in("disagreed; no objections") && !WordList::default().is_in("agreed"));
    }

    #[test]
    fn headings_are_called_by_their_first_or_few_words() {
        let titles = Titles::new(&[(Title::Actions, &vec!["actions".to_owned(), "next steps".to_owned()])]);
        let heads = |bare: &str| titles.of(bare).heads(Title::Actions);
        assert!(heads("actions") && heads("open actions") && heads("the next steps for the port"));
        assert!(heads("r6 priorities and actions") && heads("actions of the harbour office for may"));
        let titles = Titles::new(&[(Title::Actions, &vec!["ai".to_owned()])]);
        let ai = |bare: &str| titles.of(bare).heads(Title::Actions);
        assert!(ai("ai") && ai("open ai") && ai("ai from may") && !ai("ai platform"));
        assert!(!heads("on the many actions of the office") && !heads(""));
    }
}
