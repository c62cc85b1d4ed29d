//! Abbreviations that minutes explain: "Standardised Deployment Reference (SDR)", or "SDR (Standardised Deployment
//! Reference)". The initials must agree.

/// Words that may have no letter in an abbreviation.
const SMALL: [&str; 14] = ["a", "an", "and", "as", "for", "in", "of", "on", "the", "to", "der", "die", "für", "und"];
/// An abbreviation has at most so many letters.
const LETTERS: usize = 8;
/// What explains one stands within so many bytes of its bracket.
const NEAR: usize = 300;

/// The abbreviations that a text explains, each with its long form: as they are written, sorted, each pair once.
pub(crate) fn abbreviations(source: &str) -> Vec<(String, String)> {
    let mut out: Vec<(String, String)> = Vec::new();
    for line in source.lines().filter(|l| l.contains('(')) {
        for (at, _) in line.match_indices('(') {
            let behind = &line[at + 1..line.ceil_char_boundary((at + NEAR).min(line.len()))];
            let Some(inside) = behind.split(')').next() else { continue };
            let near = &line[line.floor_char_boundary(at.saturating_sub(NEAR))..at];
            let before = near.trim_end_matches(['*', '_', '`', '"', ' ']);
            if is_short(inside) {
                // Behind a link stands its address.
                if near.ends_with([' ', '*', '_', '"'])
                    && let Some(long) = explained(inside, words(before))
                {
                    out.push((inside.to_owned(), long));
                }
            } else if let Some(short) = before.rsplit(|c: char| !c.is_alphanumeric()).next().filter(|s| is_short(s)) {
                let all = words(inside);
                if let Some(long) = explained(short, all.clone())
                    && long.split(' ').count() == all.len()
                {
                    out.push((short.to_owned(), long));
                }
            }
        }
    }
    out.sort();
    out.dedup();
    out
}

fn words(text: &str) -> Vec<&str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect()
}

fn is_short(word: &str) -> bool {
    let capitals = word.bytes().filter(u8::is_ascii_uppercase).count();
    capitals >= 2 && word.len() <= LETTERS && word.bytes().all(|b| b.is_ascii_alphabetic())
}

/// The last of some words, where they begin with the letters of an abbreviation.
fn explained(short: &str, words: Vec<&str>) -> Option<String> {
    let mut letters: Vec<char> = short.to_lowercase().chars().collect();
    let mut from = words.len();
    while let Some(letter) = letters.last() {
        from = from.checked_sub(1)?;
        let word = words[from].to_lowercase();
        if word.starts_with(*letter) {
            letters.pop();
        } else if !SMALL.contains(&word.as_str()) {
            return None;
        }
    }
    // Initials alone explain nothing: "S.D.R. (SDR)".
    let long = &words[from..];
    long.iter().any(|w| w.len() > 3).then(|| long.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<(String, String)> {
        abbreviations(text)
    }

    #[test]
    fn initials_must_agree() {
        let pair = |a: &str, b: &str| vec![(a.to_owned(), b.to_owned())];
        let sdr = pair("SDR", "Standardised Deployment Reference");
        assert_eq!(told("- the Standardised Deployment Reference (SDR) is late"), sdr);
        assert_eq!(told("## **Standardised Deployment Reference** (SDR)"), sdr);
        assert_eq!(told("SDR (Standardised Deployment Reference) is late"), sdr);
        assert_eq!(told("Terms of Quay Use (TQU)"), pair("TQU", "Terms of Quay Use"));
        assert_eq!(told("Quay as a Service (QaaS)"), pair("QaaS", "Quay as a Service"));
        assert_eq!(told("tide-depth rule (TDR)"), pair("TDR", "tide depth rule"));
        for no in [
            "the standard (SDR)",
            "tide (warm)",
            "deployment reference (SDR)",
            "SDR (see the notes)",
            "SDR (Standardised Deployment Reference of 2025)",
            "[Standardised Deployment Reference](SDR)",
            "s d r (SDR)",
            "(SDR)",
            "SDR (",
            "ü (ÜÄ) ((((",
        ] {
            assert_eq!(told(no), [], "{no}");
        }
    }
}
