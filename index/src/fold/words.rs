//! The words by which tasks are compared.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use foldhash::HashSet;
use minutebook_ingest::statement::lower;

const STOP: &str = "
the and for with that this from into about will should would can could have has had are was were been
its not but also our their his her them they you all any some via per done ongoing open see still der
die das und mit für von ein eine den dem zum zur auf ist https http com regarding
";

static STOPS: LazyLock<HashSet<&str>> = LazyLock::new(|| STOP.split_whitespace().collect());

/// The words by which tasks are compared: no stop words, without their most common endings.
pub fn words(text: &str, references: &[String]) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    each_word(text, references, |word| {
        if !out.contains(word) {
            out.insert(word.to_owned());
        }
    });
    out
}

/// Tells them one after the other, some perhaps more than once.
pub(super) fn each_word(text: &str, references: &[String], mut tell: impl FnMut(&str)) {
    references.iter().for_each(|reference| tell(&lower(reference)));
    for stretch in text.split_whitespace() {
        // Of an address all of it says where to, and of one that is a reference that tells it already.
        if stretch.contains("://") {
            let number =
                |target: &String| target.rsplit(['#', '!']).next().is_some_and(|number| stretch.contains(number));
            if !references.iter().any(number) {
                tell(&lower(stretch.trim_end_matches(|c: char| !c.is_alphanumeric())));
            }
            continue;
        }
        for word in stretch.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
            let low = lower(word);
            let short = low.len() < 3 || (!low.is_ascii() && low.chars().count() < 3);
            if (short && !low.chars().any(|c| c.is_ascii_digit())) || STOPS.contains(low.as_ref()) {
                continue;
            }
            tell(stem(&low));
        }
    }
}

fn stem(word: &str) -> &str {
    for ending in ["ations", "ation", "ates", "ate", "ings", "ing", "ies", "ed", "es", "s", "en", "e", "y"] {
        if let Some(stem) = word.strip_suffix(ending)
            && stem.chars().count() >= 4
        {
            return stem;
        }
    }
    word
}

pub(super) fn folded_text(text: &str) -> String {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .map(str::to_lowercase)
        .collect::<Vec<_>>()
        .join(" ")
}
