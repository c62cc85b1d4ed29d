//! Words of like meaning, as the conventions give them (`k8s = kubernetes`) and as the book itself explains them
//! ("Standardised Deployment Reference (SDR)", a link `[docs#1](https://…/quay/handbook/issues/1)`).

use std::collections::{HashMap, HashSet};

use crate::tokens::tokens;

/// The words of like meaning of each word, as the index holds them.
#[derive(Debug, Default)]
pub struct Synonyms(HashMap<String, Vec<String>>);

impl Synonyms {
    /// From lines such as `repo = repository = repositories`. What is more than a word is left out: it is found as
    /// it is written.
    pub fn new(lines: &[String]) -> Self {
        let mut all: HashMap<String, Vec<String>> = HashMap::new();
        for line in lines {
            let mut stems: Vec<String> = Vec::new();
            for word in line.split('=') {
                if let [stem] = tokens(word).as_slice()
                    && !stems.contains(stem)
                {
                    stems.push(stem.clone());
                }
            }
            for stem in &stems {
                let known = all.entry(stem.clone()).or_default();
                for other in stems.iter().filter(|other| *other != stem) {
                    if !known.contains(other) {
                        known.push(other.clone());
                    }
                }
            }
        }
        Self(all)
    }

    /// Those of a word.
    pub fn of(&self, stem: &str) -> &[String] {
        self.0.get(stem).map_or(&[], Vec::as_slice)
    }
}

/// Abbreviations and short names of repositories that mean one thing in the book, as the index holds their words.
#[derive(Debug, Default)]
pub struct Learnt {
    long: HashMap<String, Vec<String>>,
    short: HashMap<Vec<String>, String>,
}

impl Learnt {
    /// From short names with what they stand for; of a repository its last name counts. One that stands for several
    /// things is left out.
    pub fn new<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> Self {
        let mut all: HashMap<String, Option<Vec<String>>> = HashMap::new();
        let mut seen: HashSet<(&str, &str)> = HashSet::new();
        for (short, long) in pairs.filter(|pair| seen.insert(*pair)) {
            let long = tokens(long.rsplit('/').next().unwrap_or(long));
            let Ok([stem]) = <[String; 1]>::try_from(tokens(short)) else { continue };
            if long.is_empty() || long.contains(&stem) {
                continue;
            }
            let known = all.entry(stem).or_insert_with(|| Some(long.clone()));
            if known.as_ref() != Some(&long) {
                *known = None;
            }
        }
        let long: HashMap<String, Vec<String>> = all.into_iter().filter_map(|(s, l)| Some((s, l?))).collect();
        let mut short: HashMap<Vec<String>, String> = HashMap::new();
        for (s, l) in &long {
            let known = short.entry(l.clone()).or_insert_with(|| s.clone());
            // Of several the same one whatever their order.
            if *s < *known {
                known.clone_from(s);
            }
        }
        Self { long, short }
    }

    /// The words that a short one stands for.
    pub fn long(&self, stem: &str) -> Option<&[String]> {
        self.long.get(stem).map(Vec::as_slice)
    }

    /// The short ones for words in a row.
    pub fn short<'a>(&'a self, stems: &[String]) -> impl Iterator<Item = &'a str> {
        let mut out: Vec<&str> = Vec::new();
        for n in 1..=stems.len().min(LONGEST) {
            out.extend(stems.windows(n).filter_map(|run| self.short.get(run)).map(String::as_str));
        }
        out.into_iter()
    }
}

/// Long forms have at most so many words.
const LONGEST: usize = 10;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_means_one_thing_is_learnt_both_ways() {
        let pairs = [
            ("SDR", "Standardised Deployment Reference"),
            ("SDR", "standardised deployment references"),
            ("TR", "tide rule"),
            ("TR", "tide register"),
            ("docs", "quay/handbook"),
            ("docs", "quay/docs"),
            ("is", "quay/issues"),
        ];
        let learnt = Learnt::new(pairs.into_iter());
        assert_eq!(learnt.long("sdr"), Some(&tokens("standardised deployment reference")[..]));
        assert_eq!(learnt.long("tr"), None, "one of two");
        assert_eq!(learnt.long(&tokens("docs")[0]), Some(&tokens("handbook")[..]));
        assert_eq!(learnt.long(&tokens("is")[0]), Some(&tokens("issues")[..]));
        let short = |text: &str| learnt.short(&tokens(text)).map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(short("late standardised deployment reference"), ["sdr"]);
        assert!(short("deployment standardised reference").is_empty());
        assert_eq!(learnt.long("reference"), None);
    }
}
