//! Markers of actions: `AI`, `ToDo`, `Action item` and what a team adds, told from the same letters that
//! mean something else ("AI based forecasts", "the GitHub action", "no AIs").

use regex::Regex;

use crate::conventions::Conventions;
use crate::owners::{self, Known};
use crate::words;

/// The markers of a book's conventions, ready to be looked for.
#[derive(Debug)]
pub struct Markers {
    pattern: Regex,
    weak: Vec<String>,
    not_before: Vec<String>,
    not_after: Vec<String>,
}

/// A marker that stands for an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Marker {
    /// Where it begins, in bytes of the statement.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// Opened by a bracket: `(AI @a)`.
    pub bracketed: bool,
}

impl Markers {
    /// Compiles the markers of the conventions.
    pub fn new(conventions: &Conventions) -> Self {
        let mut words: Vec<&String> = conventions.actions.markers.iter().filter(|m| !m.trim().is_empty()).collect();
        words.sort_by_key(|w| std::cmp::Reverse(w.len()));
        let all = words.iter().map(|w| regex::escape(w)).collect::<Vec<_>>().join("|");
        let pattern =
            Regex::new(&format!("(?:{all})")).unwrap_or_else(|_| Regex::new("AI|ToDo|TODO").expect("a valid pattern"));
        Self {
            pattern,
            weak: conventions.actions.weak_markers.clone(),
            not_before: conventions.actions.not_before.clone(),
            not_after: conventions.actions.not_after.clone(),
        }
    }

    /// The markers in a statement that really mark an action.
    pub fn find(&self, words: &str, known: &Known) -> Vec<Marker> {
        self.pattern.find_iter(words).filter_map(|m| self.marks(words, m.start(), m.end(), known)).collect()
    }

    /// True when a line opens with a marker, so that it is no continuation of the line before.
    pub fn opens(&self, line: &str) -> bool {
        let line = line.trim_start_matches(['*', '_', '(', '[', '-', '>', '=', ' ', '~']);
        self.pattern.find(line).is_some_and(|m| {
            m.start() == 0 && !line[m.end()..].starts_with(|c: char| c.is_alphanumeric() || c == '-' || c == '_')
        })
    }

    fn marks(&self, words: &str, start: usize, end: usize, known: &Known) -> Option<Marker> {
        let word = &words[start..end];
        let (before, after) = (&words[..start], &words[end..]);
        if before.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '/' | '.' | '#' | '`'))
            && !before.ends_with("->")
            && !before.ends_with("--")
        {
            // `_AI @a: …_` whose emphasis did not parse
            let emphasis = before.ends_with('_') && before.trim_end_matches('_').trim_end().is_empty();
            if !emphasis {
                return None;
            }
        }
        if after.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '\'' | '’' | '/')) {
            return None;
        }
        if after.strip_prefix('-').is_some_and(|rest| rest.starts_with(char::is_alphanumeric)) {
            return None;
        }
        let weak = self.weak.iter().any(|w| w == word);
        let is_ai = word == "AI";
        let lead = before.trim_end_matches(['*', '_', ' ', '~', '@']);
        let bracketed = lead.ends_with(['(', '[']);
        let lead = lead.trim_end_matches(['(', '[', ' ', '*', '_']);
        let arrow = lead.ends_with("->") || lead.ends_with("=>") || lead.ends_with('→') || lead.ends_with("--");
        let sentence = lead.ends_with(['.', ':', ';', ',', '!', '?', ')', '✅'])
            || lead.ends_with(" -")
            || lead.ends_with(" –")
            || lead.ends_with('\n');
        let at_start = !lead.chars().any(char::is_alphanumeric) || arrow;
        let marker = Some(Marker { start, end, bracketed });
        let mut last_words = lead.rsplit(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
        if last_words.by_ref().take(2).any(|w| w.eq_ignore_ascii_case("no") || w.eq_ignore_ascii_case("without")) {
            return None;
        }
        let behind = after.trim_start_matches(['*', '_', ' ', '~']);
        let last_word = lead.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default().to_lowercase();
        // "To do (later): …"
        let qualified = behind
            .strip_prefix('(')
            .and_then(|inner| inner.split_once("):"))
            .is_some_and(|(why, _)| why.len() <= 20 && !why.contains('@') && !known.has(why));
        if qualified || (behind.starts_with([':', '：']) && !behind.starts_with("::")) {
            // "AI: …" is one anywhere; "Github action: …" is not.
            return if !weak || at_start || sentence || bracketed || word.chars().all(|c| !c.is_lowercase()) {
                marker
            } else {
                None
            };
        }
        let first_word = behind.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
        let owner = owners::person_at(after, 0, known, false).is_some()
            || behind
                .strip_prefix('(')
                .or_else(|| behind.strip_prefix('['))
                .is_some_and(|inner| owners::person_at(inner, 0, known, false).is_some());
        // "open to AI Mira": artificial, unless a handle follows.
        let artificial = is_ai && self.not_before.contains(&last_word) && !at_start && !behind.starts_with('@');
        if owner && !artificial {
            return marker;
        }
        // "Mira has an AI to ask", "Next steps are to ask", "Action for all to read it"
        let leads_to = |rest: &str| {
            let verb = rest.split(|c: char| !(c.is_alphanumeric() || c == '-')).next().unwrap_or_default();
            words::is_imperative(verb) || ["be", "have"].contains(&verb)
        };
        let is_step = word.to_lowercase().starts_with("next ");
        let had = ["a", "an", "the", "has", "have", "still", "my"].contains(&last_word.as_str());
        if behind.strip_prefix("to ").is_some_and(leads_to) && (had || (at_start && !is_step)) && before.contains("ha")
            || (is_step && at_start && words::is_imperative(first_word) && first_word.starts_with(char::is_lowercase))
            || (is_step
                && (at_start || sentence)
                && ["is to ", "are to ", "will be to ", "would be to ", "to "]
                    .iter()
                    .any(|to| behind.strip_prefix(to).is_some_and(leads_to)))
            || ((at_start || sentence) && behind.starts_with("for all to "))
        {
            return marker;
        }
        if weak {
            // "ACTION ITEM Mira to ask"
            let rest = owners::people_at(after, 0, known, true);
            let led = ["to ", "will ", ": "].iter().any(|l| after[rest.end..].trim_start().starts_with(l));
            if at_start && !rest.names.is_empty() && led {
                return marker;
            }
            let dash = after.starts_with(" - ") || after.starts_with(" – ");
            return if dash && at_start { marker } else { None };
        }
        if bracketed {
            if !is_ai && (word.ends_with('s') || first_word == "in") {
                return None;
            }
            let closes = behind.starts_with([')', ']']);
            let other = !closes && is_ai && self.not_after.iter().any(|w| w.eq_ignore_ascii_case(first_word));
            return if other { None } else { marker };
        }
        if behind.is_empty() || behind.starts_with(['?', ')']) {
            return if at_start || arrow || (sentence && is_ai) { marker } else { None };
        }
        if !(at_start || sentence) || (is_ai && self.not_before.contains(&last_word)) {
            return None;
        }
        if !is_ai {
            // "ToDo write the tables", but "To do this we need …" is weak and gone by now.
            return if at_start { marker } else { None };
        }
        if self.not_after.iter().any(|w| w.eq_ignore_ascii_case(first_word)) {
            return None;
        }
        let dash = after.starts_with(" - ")
            || after.starts_with(" – ")
            || after.starts_with(" -> ")
            || after.starts_with(", ");
        let named = owners::person_at(after, 0, known, true).is_some();
        let verb = at_start && words::is_imperative(first_word);
        let rest_is_task =
            at_start && first_word.starts_with(char::is_uppercase) && (words::is_imperative(first_word) || bracketed);
        (dash || named || verb || rest_is_task).then_some(Marker { start, end, bracketed })
    }
}
