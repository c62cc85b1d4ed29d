//! Words of a text as the index holds them, and as a query asks for them.
//!
//! An index holds of `ClusterStack` also its parts, and of `Übergabe` also `Uebergabe`; a query asks for what was typed.
//! Words are cut by what parts them (`os_purpose`, `scs-0102`), so that each part is found, and all together where they
//! are typed together. English endings are cut off; texts in German are also held with German endings cut off.

use std::cell::Cell;
use std::collections::{HashMap, VecDeque};
use std::ops::Range;
use std::thread::LocalKey;

use arrayvec::ArrayString;
use foldhash::fast::RandomState;
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
    for (name, language, memory) in [(MINUTES, Language::English, &IN_ENGLISH), (GERMAN, Language::German, &IN_GERMAN)]
    {
        index.tokenizers().register(name, TextAnalyzer::from(Remembering::new(held(language), memory)));
    }
}

/// Words as an index holds them.
fn held(language: Language) -> TextAnalyzer {
    cut(TextAnalyzer::builder(SimpleTokenizer::default()).filter(Spellings).dynamic(), language)
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

thread_local! {
    static IN_ENGLISH: Memory = Memory::default();
    static IN_GERMAN: Memory = Memory::default();
}

/// What a thread remembers of a language, while no stream has it.
type Memory = Cell<Known>;

/// What words became that are held as one.
type Known = HashMap<Short, Short, RandomState>;

/// A word that is remembered: most are as short, and stand side by side in memory.
type Short = ArrayString<20>;

/// So many words are remembered, less than 1 MiB; then it begins anew.
const REMEMBERED: usize = 14_000;

/// Cuts a text into words, and a word by `cut` only where it is not remembered: what it becomes depends on nothing
/// beside it, and minutes say the same few thousand words again and again.
#[derive(Clone)]
struct Remembering {
    cut: TextAnalyzer,
    memory: &'static LocalKey<Memory>,
    /// Of the word that a stream is on, what is still to be shown, last first.
    more: Vec<Token>,
    /// The word that a stream shows.
    token: Token,
}

impl Remembering {
    fn new(cut: TextAnalyzer, memory: &'static LocalKey<Memory>) -> Self {
        Self { cut, memory, more: Vec::new(), token: Token::default() }
    }
}

impl Tokenizer for Remembering {
    type TokenStream<'a> = RememberedStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> RememberedStream<'a> {
        self.token.reset();
        self.more.clear();
        RememberedStream { known: self.memory.take(), words: self, text, word: 0..0 }
    }
}

struct RememberedStream<'a> {
    words: &'a mut Remembering,
    known: Known,
    text: &'a str,
    /// The word that the stream is on (bytes of the text).
    word: Range<usize>,
}

impl Drop for RememberedStream<'_> {
    fn drop(&mut self) {
        self.words.memory.set(std::mem::take(&mut self.known));
    }
}

impl RememberedStream<'_> {
    /// Goes to the next word, as [`SimpleTokenizer`] cuts them.
    fn next_word(&mut self) -> bool {
        let rest = &self.text[self.word.end..];
        let Some(before) = rest.find(char::is_alphanumeric) else { return false };
        let word = &rest[before..];
        let from = self.word.end + before;
        self.word = from..from + word.find(|c: char| !c.is_alphanumeric()).unwrap_or(word.len());
        self.words.token.position = self.words.token.position.wrapping_add(1);
        true
    }

    /// Cuts the word, remembers what is worth it, and leaves it in `more`.
    fn learn(&mut self) {
        let word = &self.text[self.word.clone()];
        let Remembering { cut, more, .. } = &mut *self.words;
        cut.token_stream(word).process(&mut |token| more.push(token.clone()));
        more.reverse();
        if let [one] = &**more
            && (one.offset_from, one.offset_to) == (0, word.len())
            && let (Ok(word), Ok(held)) = (Short::from(word), Short::from(&one.text))
        {
            if self.known.len() >= REMEMBERED {
                self.known.clear();
            }
            self.known.insert(word, held);
        }
    }

    fn show(&mut self, piece: &Token) {
        let token = &mut self.words.token;
        token.text.clone_from(&piece.text);
        token.offset_from = self.word.start + piece.offset_from;
        token.offset_to = self.word.start + piece.offset_to;
    }
}

impl TokenStream for RememberedStream<'_> {
    fn advance(&mut self) -> bool {
        loop {
            if let Some(piece) = self.words.more.pop() {
                self.show(&piece);
                return true;
            }
            if !self.next_word() {
                return false;
            }
            let word = &self.text[self.word.clone()];
            if let Some(held) = self.known.get(word) {
                let token = &mut self.words.token;
                token.text.clear();
                token.text.push_str(held);
                (token.offset_from, token.offset_to) = (self.word.start, self.word.end);
                return true;
            }
            self.learn();
        }
    }

    fn token(&self) -> &Token {
        &self.words.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.words.token
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_index(name: &str, text: &str) -> Vec<String> {
        let index = Index::create_in_ram(crate::text::schema().0);
        register(&index);
        all(&mut index.tokenizers().get(name).expect("known"), text)
    }

    #[test]
    fn identifiers_are_held_whole_and_in_parts() {
        assert_eq!(of_index(MINUTES, "ClusterStack"), ["clusterstack", "cluster", "stack"]);
        assert_eq!(of_index(MINUTES, "kubeAPIServer"), ["kubeapiserv", "kube", "api", "server"]);
        assert_eq!(of_index(MINUTES, "os_purpose v1.2 #326"), ["os", "purpos", "v1", "2", "326"]);
        assert_eq!(of_index(MINUTES, "McX iOS APIs"), ["mcx", "io", "api"]);
        assert_eq!(tokens("ClusterStack"), ["clusterstack"]);
    }

    #[test]
    fn a_remembered_word_is_what_it_was_at_first() {
        let long = "x".repeat(LONGEST + 1);
        let text = format!(
            "The ClusterStack, Übergaben: {long} os_purpose ClusterStack's «the» kubeAPIServer, Übergabe {long} end"
        );
        let places = |analyzer: &mut TextAnalyzer| {
            let mut out = Vec::new();
            analyzer.token_stream(&text).process(&mut |token| out.push(token.clone()));
            out
        };
        let mut remembering = TextAnalyzer::from(Remembering::new(held(Language::German), &IN_GERMAN));
        let first = places(&mut remembering);
        assert_eq!(first, places(&mut held(Language::German)));
        assert_eq!(first, places(&mut remembering));
    }

    #[test]
    fn umlauts_are_found_by_their_plain_spellings() {
        assert_eq!(of_index(MINUTES, "Übergabe"), ["ubergab", "uebergab"]);
        assert_eq!(tokens("Uebergabe"), ["uebergab"]);
        assert_eq!(tokens("ubergabe"), ["ubergab"]);
    }

    #[test]
    fn german_endings() {
        assert_eq!(german("Abstimmungen"), german("Abstimmung"));
        assert_eq!(of_index(GERMAN, "Häuser")[0], german("Haus")[0]);
    }
}
