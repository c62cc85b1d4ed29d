//! Words as numbers: sets of them are compared by numbers, not letter by letter.

use foldhash::HashMap;

/// The number of each word met so far.
#[derive(Clone, Default)]
pub struct Lexicon {
    numbers: HashMap<Box<str>, u32>,
}

impl Lexicon {
    /// The number of a word.
    pub fn number(&mut self, word: &str) -> u32 {
        if let Some(&number) = self.numbers.get(word) {
            return number;
        }
        let number = u32::try_from(self.numbers.len()).unwrap_or(u32::MAX);
        self.numbers.insert(word.into(), number);
        number
    }
}

/// A set of words, by their numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct WordSet(Vec<u32>);

impl WordSet {
    /// How many words it has.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// True where it has none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// True for a word that it has.
    pub fn contains(&self, word: u32) -> bool {
        self.0.binary_search(&word).is_ok()
    }

    /// Adds a word; false where it was there.
    pub fn insert(&mut self, word: u32) -> bool {
        match self.0.binary_search(&word) {
            Ok(_) => false,
            Err(at) => {
                self.0.insert(at, word);
                true
            }
        }
    }

    /// True where it shares a word with another one.
    pub fn meets(&self, other: &Self) -> bool {
        let (few, many) = if self.len() <= other.len() { (self, other) } else { (other, self) };
        few.iter().any(|word| many.contains(word))
    }

    /// Its words.
    pub fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        self.0.iter().copied()
    }
}

impl FromIterator<u32> for WordSet {
    fn from_iter<I: IntoIterator<Item = u32>>(words: I) -> Self {
        let mut all: Vec<u32> = words.into_iter().collect();
        all.sort_unstable();
        all.dedup();
        Self(all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_of_words() {
        let mut lexicon = Lexicon::default();
        let mut of = |text: &str| text.split(' ').map(|word| lexicon.number(word)).collect::<WordSet>();
        let (mut a, b) = (of("the old pier the"), of("pier"));
        assert!(a.len() == 3 && a.meets(&b) && b.meets(&a) && !a.meets(&of("buoy")));
        let buoy = of("buoy").iter().next().expect("a word");
        assert!(a.insert(buoy) && !a.insert(buoy) && a.contains(buoy) && !WordSet::default().contains(buoy));
    }
}
