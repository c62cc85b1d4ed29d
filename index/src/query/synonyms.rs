//! Words of like meaning, as the conventions give them: `k8s = kubernetes`.

use std::collections::HashMap;

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
