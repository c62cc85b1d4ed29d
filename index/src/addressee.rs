//! Which series is meant by the name of a group in running text: "IaaS team", "SIG Community", "next PB meeting".
//!
//! A wrong series is worse than none, so a name means one only where no other fits as well.

use std::collections::BTreeSet;

/// Words that any group may bear or leave out.
const ANY: [&str; 12] =
    ["team", "teams", "meeting", "meet", "call", "group", "groups", "runde", "weekly", "minutes", "notes", "the"];
/// Kinds of groups: a SIG and a team of the same name are two.
const KINDS: [&str; 5] = ["sig", "wg", "ag", "tac", "tsc"];
/// Words that are short for another.
const SHORT: [(&str, &str); 3] = [("wg", "working group"), ("sig", "special interest group"), ("ag", "arbeitsgruppe")];

/// A name in words, sorted by what they tell.
#[derive(Debug, Default, PartialEq, Eq)]
struct Name {
    all: Vec<String>,
    own: BTreeSet<String>,
    kinds: BTreeSet<String>,
}

impl Name {
    fn of(text: &str) -> Self {
        let mut low = text.to_lowercase();
        for (short, long) in SHORT {
            low = low.replace(long, short);
        }
        let all: Vec<String> = low.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(plain).collect();
        let mut name = Self { all: all.clone(), ..Self::default() };
        for word in all {
            if KINDS.contains(&word.as_str()) {
                name.kinds.insert(word);
            } else if !ANY.contains(&word.as_str()) {
                name.own.insert(word);
            }
        }
        name
    }

    fn set(&self) -> BTreeSet<&str> {
        self.all.iter().map(String::as_str).collect()
    }
}

/// British and American spelling, in one.
fn plain(word: &str) -> String {
    word.replace("isation", "ization")
}

/// The series that a name means.
pub fn meant<'a>(to: &str, series: &[&'a str]) -> Option<&'a str> {
    let wanted = Name::of(to);
    let named: Vec<(&'a str, Name)> =
        series.iter().map(|s| (*s, Name::of(s.rsplit('/').next().unwrap_or(s)))).collect();
    let only = |fits: &dyn Fn(&str, &Name) -> bool| {
        let mut found = named.iter().filter(|(series, name)| fits(series, name));
        let first = found.next()?;
        found.next().is_none().then_some(first.0)
    };
    // All words, in any order; with the folders too.
    let exactly = only(&|_, name| name.set() == wanted.set())
        .or_else(|| only(&|series, _| Name::of(series).set() == wanted.set()));
    if exactly.is_some() {
        return exactly;
    }
    if wanted.own.is_empty() {
        return None;
    }
    // Its own words and kind; "IaaS SIG" where only an "IaaS" is.
    let own = |name: &Name| name.own == wanted.own;
    only(&|_, name| own(name) && name.kinds == wanted.kinds)
        .or_else(|| only(&|_, name| own(name)).filter(|_| named.iter().filter(|(_, n)| own(n)).count() == 1))
        .or_else(|| {
            // "PB meeting"
            let short = wanted.own.iter().next().filter(|w| wanted.own.len() == 1 && w.len() >= 2)?;
            only(&|_, name| {
                name.all.len() >= 2 && name.all.iter().filter_map(|w| w.chars().next()).collect::<String>() == *short
            })
        })
        .or_else(|| {
            // "SIG Standards" for "sig-standardization", "SIG Monitoring" for "sig-monitoring-and-logs".
            let word = wanted.own.iter().next().filter(|_| wanted.own.len() == 1 && !wanted.kinds.is_empty())?;
            let begins = |name: &Name| {
                let other = name.own.iter().next().filter(|_| name.own.len() == 1);
                let stem = word.strip_suffix('s').unwrap_or(word);
                other.is_some_and(|o| stem.chars().count() >= 6 && o.starts_with(stem))
            };
            only(&|_, name| name.kinds.is_superset(&wanted.kinds) && (name.own.contains(word) || begins(name)))
        })
        .or_else(|| {
            // "the board", where one series is that of a board.
            let word = wanted.own.iter().next().filter(|w| wanted.own.len() == 1 && *w == "board")?;
            only(&|_, name| name.own.contains(word))
        })
        .or_else(|| {
            // "SIG Standardization/Certification": more words than the series has, which is the largest in it.
            let within =
                |name: &Name| !name.own.is_empty() && name.own.is_subset(&wanted.own) && (name.kinds == wanted.kinds);
            let most = named.iter().filter(|(_, n)| within(n)).map(|(_, n)| n.own.len()).max()?;
            only(&|_, name| within(name) && name.own.len() == most)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_groups() {
        let series = [
            "container",
            "iaas",
            "iam",
            "sig-iam",
            "ops",
            "community-call",
            "sig-community",
            "product-board",
            "sig-standardization",
            "sig-release",
            "sig-monitoring-and-logs",
        ];
        for (to, expected) in [
            ("IaaS team", Some("iaas")),
            ("Team IaaS Team Call", Some("iaas")),
            ("IAM team", Some("iam")),
            ("SIG IAM", Some("sig-iam")),
            ("Community SIG", Some("sig-community")),
            ("Community call", Some("community-call")),
            ("PB meeting", Some("product-board")),
            ("board", Some("product-board")),
            ("SIG Standardisation/Certification", Some("sig-standardization")),
            ("SIG Container", Some("container")),
            ("SIG Standards", Some("sig-standardization")),
            ("SIG Monitoring", Some("sig-monitoring-and-logs")),
            ("Project Board", None),
            ("Public Cloud SIG", None),
            ("SIG Documentation", None),
            ("OSISM team", None),
            ("team", None),
            ("", None),
        ] {
            assert_eq!(meant(to, &series), expected, "{to}");
        }
        // Two of one name mean neither.
        assert_eq!(meant("IaaS team", &["a/iaas", "b/iaas"]), None);
        assert_eq!(meant("b/iaas", &["a/iaas", "b/iaas"]), Some("b/iaas"));
    }
}
