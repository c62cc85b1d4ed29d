//! Words of a text as the index holds them, and as a query asks for them.
//!
//! An index holds of `ClusterStack` also its parts, and of `Übergabe` also `Uebergabe`; a query asks for what was typed.
//! Words are cut by what parts them (`os_purpose`, `scs-0102`), so that each part is found, and all together where they
//! are typed together. English endings are cut off; texts in German are also held with German endings cut off.

use std::collections::VecDeque;

use tantivy::Index;
use tantivy::tokenizer::{
    AsciiFoldingFilter, Language, LowerCaser, RemoveLongFilter, SimpleTokenizer, Stemmer, TextAnalyzer, Token,
    TokenFilter, TokenStream, Tokenizer,
};

/// Name of the tokeniser of running text.
pub const MINUTES: &str = "minutes";
/// Name of the tokeniser of German text.
pub const GERMAN: &str = "german";
/// Longer words are none.
const LONGEST: usize = 64;

/// Teaches an index the tokenisers.
pub fn register(index: &Index) {
    for (name, language) in [(MINUTES, Language::English), (GERMAN, Language::German)] {
        let words = TextAnalyzer::builder(SimpleTokenizer::default()).filter(Spellings);
        index.tokenizers().register(name, cut(words.dynamic(), language));
    }
}

/// Lower case, plain letters, no endings.
fn cut<T: Tokenizer>(words: tantivy::tokenizer::TextAnalyzerBuilder<T>, language: Language) -> TextAnalyzer {
    words
        .filter(RemoveLongFilter::limit(LONGEST))
        .filter(LowerCaser)
        .filter(Stemmer::new(language))
        .filter(AsciiFoldingFilter)
        .build()
}

/// The words of a text in a language, as a query asks for them.
fn asked(text: &str, language: Language) -> Vec<String> {
    all(&mut cut(TextAnalyzer::builder(SimpleTokenizer::default()), language), text)
}

/// The words of a query, as the index holds them.
pub fn tokens(text: &str) -> Vec<String> {
    asked(text, Language::English)
}

/// … in German texts.
pub fn german(text: &str) -> Vec<String> {
    asked(text, Language::German)
}

/// The words of a text in their comparable form, with their endings.
pub fn folded_words(text: &str) -> Vec<String> {
    all(
        &mut TextAnalyzer::builder(SimpleTokenizer::default()).filter(LowerCaser).filter(AsciiFoldingFilter).build(),
        text,
    )
}

fn all(analyzer: &mut TextAnalyzer, text: &str) -> Vec<String> {
    let mut stream = analyzer.token_stream(text);
    let mut out = Vec::new();
    while stream.advance() {
        out.push(stream.token().text.clone());
    }
    out
}

/// The words that a word in capitals and small letters is made of: `ClusterStack`, `kubeAPIServer`; none of a plain one.
pub fn parts(word: &str) -> Vec<&str> {
    let letters: Vec<(usize, char)> = word.char_indices().collect();
    let mut cuts = vec![0];
    for n in 1..letters.len() {
        let (before, here) = (letters[n - 1].1, letters[n].1);
        let small = letters[n + 1..].iter().take_while(|l| l.1.is_lowercase()).count();
        let rises = before.is_lowercase() && here.is_uppercase();
        // The last capital of several begins the next word; "APIs" is none.
        let ends = before.is_uppercase() && here.is_uppercase() && small > 1;
        if rises || ends {
            cuts.push(letters[n].0);
        }
    }
    cuts.push(word.len());
    let parts: Vec<&str> = cuts.windows(2).map(|w| &word[w[0]..w[1]]).collect();
    if parts.len() > 1 && parts.iter().all(|p| p.chars().count() > 1) { parts } else { Vec::new() }
}

/// A word as it is typed where there are no umlauts; none where it has none.
pub fn without_umlauts(word: &str) -> Option<String> {
    let spelt = |c: char| match c {
        'ä' => "ae",
        'ö' => "oe",
        'ü' => "ue",
        'Ä' => "Ae",
        'Ö' => "Oe",
        'Ü' => "Ue",
        _ => "",
    };
    word.contains(|c| !spelt(c).is_empty()).then(|| {
        word.chars().fold(String::new(), |mut out, c| {
            match spelt(c) {
                "" => out.push(c),
                other => out.push_str(other),
            }
            out
        })
    })
}

/// Adds to each word its parts and its spelling without umlauts, at the same place.
#[derive(Clone)]
struct Spellings;

impl TokenFilter for Spellings {
    type Tokenizer<T: Tokenizer> = Spelt<T>;

    fn transform<T: Tokenizer>(self, inner: T) -> Spelt<T> {
        Spelt(inner)
    }
}

#[derive(Clone)]
struct Spelt<T>(T);

impl<T: Tokenizer> Tokenizer for Spelt<T> {
    type TokenStream<'a> = SpeltStream<T::TokenStream<'a>>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Self::TokenStream<'a> {
        SpeltStream { tail: self.0.token_stream(text), more: VecDeque::new(), on: None }
    }
}

struct SpeltStream<S> {
    tail: S,
    /// Further spellings of the word that `tail` is on.
    more: VecDeque<Token>,
    /// The one of them that the stream is on.
    on: Option<Token>,
}

impl<S: TokenStream> TokenStream for SpeltStream<S> {
    fn advance(&mut self) -> bool {
        self.on = self.more.pop_front();
        if self.on.is_some() {
            return true;
        }
        if !self.tail.advance() {
            return false;
        }
        let token = self.tail.token();
        // Most words are plain.
        if token.text.bytes().skip(1).any(|b| b.is_ascii_uppercase() || !b.is_ascii()) {
            let mut from = token.offset_from;
            for part in parts(&token.text) {
                let to = from + part.len();
                self.more.push_back(Token { text: part.to_owned(), offset_from: from, offset_to: to, ..*token });
                from = to;
            }
        }
        if let Some(text) = without_umlauts(&token.text) {
            self.more.push_back(Token { text, ..*token });
        }
        true
    }

    fn token(&self) -> &Token {
        self.on.as_ref().unwrap_or_else(|| self.tail.token())
    }

    fn token_mut(&mut self) -> &mut Token {
        match &mut self.on {
            Some(token) => token,
            None => self.tail.token_mut(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(name: &str, text: &str) -> Vec<String> {
        let index = Index::create_in_ram(crate::text::schema().0);
        register(&index);
        all(&mut index.tokenizers().get(name).expect("known"), text)
    }

    #[test]
    fn identifiers_are_held_whole_and_in_parts() {
        assert_eq!(held(MINUTES, "ClusterStack"), ["clusterstack", "cluster", "stack"]);
        assert_eq!(held(MINUTES, "kubeAPIServer"), ["kubeapiserv", "kube", "api", "server"]);
        assert_eq!(held(MINUTES, "os_purpose v1.2 #326"), ["os", "purpos", "v1", "2", "326"]);
        assert_eq!(held(MINUTES, "McX iOS APIs"), ["mcx", "io", "api"]);
        assert_eq!(tokens("ClusterStack"), ["clusterstack"]);
    }

    #[test]
    fn umlauts_are_found_by_their_plain_spellings() {
        assert_eq!(held(MINUTES, "Übergabe"), ["ubergab", "uebergab"]);
        assert_eq!(tokens("Uebergabe"), ["uebergab"]);
        assert_eq!(tokens("ubergabe"), ["ubergab"]);
    }

    #[test]
    fn german_endings() {
        assert_eq!(german("Abstimmungen"), german("Abstimmung"));
        assert_eq!(held(GERMAN, "Häuser")[0], german("Haus")[0]);
    }
}
