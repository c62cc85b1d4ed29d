//! What a statement says, for comparing it with others: its words, what it denies, its values.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use foldhash::HashSet;

use minutebook_ingest::dates;
use minutebook_ingest::wordlist::stands_alone;

use super::words::Words;
use crate::fold;

/// Words that are looked up.
type List = LazyLock<HashSet<&'static str>>;

fn list(words: &'static str) -> HashSet<&'static str> {
    words.split_whitespace().collect()
}

/// Words by which a group decides whatever it decides, and others that say nothing of what it is about.
const FORM: &str = "
decide decided decision decisions agree agreed agrees agreement consensus conclude concluded conclusion approve
approved approval resolve resolved resolution vote voted votes voting motion carries carried passes passed accept
accepted objection objections opposition blockers unanimous unanimously everyone everybody group team meeting tsc tac
cpc board proposal propose proposed proposes good idea okay yes now keep keeps move forward want wants need needs let
lets make makes made use uses used using general discussed discussion next last week today tomorrow get just only
there which when then what how more most other than like new first if one two may might must shall being does did
because since thing things way take taken put set already here these those where who why out over after before until
between both each same such too longer any more anymore instead rather stick stay still time being sense think going
therefore thus reason revert reverted withdraw withdrawn overrule overruled overturn rescind repeal revoke replace
replaces replaced supersede supersedes confirm confirmed change changed dropped dropping remove removed removing abandon abandoned discontinue discontinued
retire retired reject rejected revise revised revises reverse reversed reverses postpone postponed never stop drop without
beschluss beschlossen wir wird werden nicht mehr nur noch statt stattdessen bleiben nehmen machen kein keine weiter
";

/// They deny, or end, what follows them.
static NEGATORS: List = List::new(|| {
    list(
        "not never no nicht kein keine keinen nie stop stopping stopped drop dropping dropped remove removing
removed abandon abandoned discontinue discontinued retire retired reject rejected",
    )
});
/// Behind "no" they deny nothing of the matter itself.
static NO_DENIAL: List = List::new(|| {
    list("objection objections opposition blockers concerns further one only comments problem freeze need")
});
/// They end what a denial covers.
static ENDS: List = List::new(|| list("but because since instead sondern weil although while"));
/// What is denied under them is denied for a while, or on a condition.
static SOFT: List = List::new(|| list("until unless yet before except noch bevor solange"));

/// A statement, taken apart.
#[derive(Debug, Default, Clone)]
pub(super) struct Said {
    /// Lower case, without addresses of the web.
    pub low: Box<str>,
    /// All its words, those of deciding too.
    pub all: Words,
    /// What it is about: stems, without the words of deciding.
    pub words: Words,
    /// Names with digits: `v2`, `scs-0214`, `5.2.0`, and bare numbers.
    pub names: Words,
    /// What can be changed and leave the matter the same: "14:00", "two weeks", "Tuesday", "weekly".
    pub values: Words,
    /// Days written in it.
    pub days: BTreeSet<jiff::civil::Date>,
    /// Month and day of them, and of those without a year: "January 22nd"; month 0 for "the 22nd".
    pub month_days: BTreeSet<(i8, i8)>,
    /// The words by which it names an earlier decision: "the decision for PostgreSQL is …".
    pub naming: Option<Words>,
    /// The words of each clause that is denied.
    pub denied: Vec<Words>,
    /// Something is denied only for a while, or on a condition.
    pub soft: bool,
}

/// In lower case, without addresses of the web and handles.
fn lowered(text: &str) -> String {
    let bare: Vec<&str> = text.split_whitespace().filter(|w| !w.contains("://") && !is_handle(w)).collect();
    bare.join(" ").to_lowercase().replace('’', "'")
}

/// Whether a text has any of some words; [`Said::has`] tells whether it means them.
pub(super) fn says_any<const N: usize>(text: &str, lists: [&Vec<String>; N]) -> bool {
    let low = lowered(text);
    lists.into_iter().flatten().any(|word| low.contains(word.as_str()))
}

impl Said {
    /// Takes a statement apart.
    pub fn new(text: &str) -> Self {
        let low = lowered(text);
        let mut said = Self { words: about(&low), ..Self::default() };
        said.all = low.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
        said.values_and_names(&low);
        said.denials(&low);
        // Values are compared apart, and a day or a number is not what a statement is about.
        let apart: Vec<&str> = said.values.iter().chain(said.names.iter()).collect();
        let apart = about(&apart.join(" "));
        let is_about = |w: &str| !apart.contains(w) && !is_number(w);
        said.words = said.words.filtered(is_about);
        said.naming = naming(&low).map(|clause| about(clause).filtered(is_about));
        said.low = low.into();
        said
    }

    fn values_and_names(&mut self, low: &str) {
        let (mut values, mut names): (Vec<String>, Vec<&str>) = (Vec::new(), Vec::new());
        let tokens: Vec<&str> =
            low.split_whitespace().map(|w| w.trim_matches(|c: char| !c.is_alphanumeric())).collect();
        for (at, token) in tokens.iter().enumerate() {
            if let Some(day) = day_of_month(token) {
                let beside = [at.checked_sub(1), Some(at + 1)].into_iter().flatten().filter_map(|n| tokens.get(n));
                match beside.filter_map(|w| dates::month(w)).next() {
                    Some(month) => _ = self.month_days.insert((month, day)),
                    None if !token.ends_with(|c: char| c.is_ascii_digit()) => _ = self.month_days.insert((0, day)),
                    None => {}
                }
            } else if let Some(found) = token.split_once('.').and_then(|(d, m)| {
                let (day, month) = (d.parse::<i8>().ok()?, m.split('.').next()?.parse::<i8>().ok()?);
                (d.len() == 2 && (1..=31).contains(&day) && (1..=12).contains(&month)).then_some((month, day))
            }) {
                self.month_days.insert(found);
                continue;
            }
            let has_digit = token.chars().any(|c| c.is_ascii_digit());
            if let Ok(day) = token.parse::<jiff::civil::Date>() {
                self.days.insert(day);
                self.month_days.insert((day.month(), day.day()));
            } else if is_time(token) || DAYS.contains(token) || RHYTHMS.contains(token) {
                values.push((*token).to_owned());
            } else if (has_digit && token.chars().all(|c| c.is_ascii_digit() || c == '.' || c == ','))
                || COUNTS.contains(token)
            {
                match tokens.get(at + 1).filter(|unit| UNITS.contains(**unit)) {
                    Some(unit) => {
                        values.push(format!("{token} {unit}"));
                    }
                    None if has_digit => {
                        names.push(token);
                    }
                    None => {}
                }
            } else if has_digit && let Some(unit) = amount(token) {
                values.push(unit.to_owned());
            } else if has_digit {
                names.push(token);
            }
        }
        (self.values, self.names) = (values.into_iter().collect(), names.into_iter().collect());
    }

    fn denials(&mut self, low: &str) {
        self.soft = low.split(|c: char| !c.is_alphanumeric()).any(|w| SOFT.contains(w)) || low.contains("for now");
        // "Should we …? No"
        if let Some((question, answer)) = low.split_once('?') {
            let mut words = answer.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
            let no = words.next().is_some_and(|w| w == "no" || w == "nein");
            if no && !words.next().is_some_and(|w| NO_DENIAL.contains(w)) {
                self.denied.push(about(question));
            }
        }
        for clause in low.split([',', ';', ':', '.', '!', '?', '(', ')']) {
            let tokens: Vec<&str> = clause
                .split(|c: char| !(c.is_alphanumeric() || c == '\'' || c == '-'))
                .filter(|w| !w.is_empty())
                .collect();
            for (at, token) in tokens.iter().enumerate() {
                let denies = NEGATORS.contains(token) || token.ends_with("n't");
                let next = tokens.get(at + 1).copied().unwrap_or_default();
                if !denies || next.is_empty() || NO_DENIAL.contains(next) {
                    continue;
                }
                let end = tokens[at..].iter().position(|w| ENDS.contains(w)).map_or(tokens.len(), |n| at + n);
                self.denied.push(about(&tokens[at + 1..end].join(" ")));
            }
            // "Postgres is no longer used": what is denied stands before.
            let passive = ["is", "are", "was", "will", "wird", "werden", "does", "do", "ist", "sind"];
            if let Some(at) = tokens.iter().position(|w| NEGATORS.contains(w) || w.ends_with("n't"))
                && at > 1
                && (passive.contains(&tokens[at - 1]) || tokens[at].ends_with("n't"))
                && !NO_DENIAL.contains(tokens.get(at + 1).copied().unwrap_or_default())
            {
                let whole: Vec<&str> = tokens.iter().copied().filter(|w| !NEGATORS.contains(w)).collect();
                let end = whole.iter().position(|w| ENDS.contains(w)).unwrap_or(whole.len());
                self.denied.push(about(&whole[..end].join(" ")));
            }
        }
        self.denied.retain(|clause| !clause.is_empty());
        self.denied.sort();
        self.denied.dedup();
    }

    /// The first of some words that stands in it, unless it is denied right there.
    pub fn has<'a>(&self, list: &'a [String]) -> Option<&'a str> {
        let found = list.iter().filter_map(|word| {
            let at = self.low.match_indices(word.as_str()).map(|(at, _)| at);
            at.filter(|&at| stands_alone(&self.low, at, at + word.len()) && !self.is_denied_at(at))
                .map(|at| (at, word))
                .next()
        });
        found.min_by_key(|&(at, word)| (at, std::cmp::Reverse(word.len()))).map(|(_, word)| word.as_str())
    }

    /// The word by which something is denied or ended.
    pub fn denial(&self) -> Option<String> {
        if self.denied.is_empty() {
            return None;
        }
        let longer = ["no longer", "nicht mehr"].into_iter().find(|w| self.low.contains(w));
        let mut words = self.low.split(|c: char| !(c.is_alphanumeric() || c == '\'')).filter(|w| !w.is_empty());
        longer.or_else(|| words.find(|w| NEGATORS.contains(w) || w.ends_with("n't"))).map(str::to_owned)
    }

    /// "we do not revert", "nothing to withdraw"
    fn is_denied_at(&self, at: usize) -> bool {
        let before = self.low[..at].rsplit([',', ';', '.', ':']).next().unwrap_or_default();
        let mut words =
            before.split(|c: char| !(c.is_alphanumeric() || c == '\'')).filter(|w| !w.is_empty()).rev().take(3);
        words.any(|w| {
            NEGATORS.contains(w)
                || w.ends_with("n't")
                || ["nothing", "if", "could", "might", "would", "should"].contains(&w)
        })
    }
}

/// Nouns that name what was decided before, behind one of these.
const NOUNS: &str = "decision agreement resolution vote consensus entscheidung beschluss beschlusses";
static BEFORE_NOUNS: List = List::new(|| {
    list("the this that our previous earlier last former old die der den des diese diesen unsere letzte letzten")
});

/// What stands behind "the decision", up to what is said of it.
fn naming(low: &str) -> Option<&str> {
    let at = NOUNS.split_whitespace().filter_map(|noun| {
        let stands = |at: &usize| {
            let before = low[..*at].split_whitespace().next_back();
            stands_alone(low, *at, at + noun.len()) && before.is_some_and(|w| BEFORE_NOUNS.contains(w))
        };
        low.match_indices(noun).map(|(at, _)| at).find(stands).map(|at| (at, at + noun.len()))
    });
    let (_, end) = at.min()?;
    let rest = &low[end..];
    let ends = [" is ", " was ", " are ", " has ", " wird ", " ist ", ":", ",", ";", ". "];
    let stop = ends.iter().filter_map(|e| rest.find(e)).min().unwrap_or(rest.len());
    Some(&rest[..stop])
}

/// "@mira": who is named is not what a statement is about.
fn is_handle(word: &str) -> bool {
    word.trim_start_matches(|c: char| !c.is_alphanumeric() && c != '@').starts_with('@')
}

/// "22nd", "9", "17."
fn day_of_month(token: &str) -> Option<i8> {
    let digits = token.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let ending = &token[digits.len()..];
    if !["", "st", "nd", "rd", "th"].contains(&ending) || digits.is_empty() || digits.len() > 2 {
        return None;
    }
    digits.parse().ok().filter(|day| (1..=31).contains(day))
}

fn is_number(word: &str) -> bool {
    let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit()) && day_of_month(word).is_some()
        || word.chars().all(|c| c.is_ascii_digit())
}

/// The words of a text that tell what it is about.
pub(super) fn about(text: &str) -> Words {
    static STEMS: LazyLock<HashSet<String>> = LazyLock::new(|| fold::words(FORM, &[]).into_iter().collect());
    fold::words(text, &[]).into_iter().filter(|w| !STEMS.contains(w)).collect()
}

static DAYS: List = List::new(|| {
    list(
        "monday tuesday wednesday thursday friday saturday sunday mondays tuesdays wednesdays thursdays fridays
montag dienstag mittwoch donnerstag freitag samstag sonntag montags dienstags mittwochs donnerstags freitags
january february march april june july august september october november december",
    )
});
static RHYTHMS: List = List::new(|| {
    list(
        "daily weekly biweekly bi-weekly fortnightly monthly quarterly yearly wöchentlich monatlich vierteljährlich jährlich",
    )
});
static UNITS: List = List::new(|| {
    list(
    "minute minutes min hour hours day days week weeks month months year years percent gb gib mb tb euro euros
eur votes members people seats nodes replicas times approvals minuten stunden tage tagen wochen monate monaten jahre jahren stimmen sprints",
)
});
static COUNTS: List =
    List::new(|| list("one two three four five six seven eight nine ten twelve zwei drei vier fünf sechs"));

/// "14:00", "9am"
fn is_time(token: &str) -> bool {
    let digits = |s: &str| !s.is_empty() && s.len() <= 2 && s.bytes().all(|b| b.is_ascii_digit());
    match token.split_once(':') {
        Some((hours, minutes)) => digits(hours) && digits(minutes),
        None => token.strip_suffix("am").or_else(|| token.strip_suffix("pm")).is_some_and(digits),
    }
}

/// "30d", "50%", "16gb"
fn amount(token: &str) -> Option<&str> {
    let unit = token.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    (unit.len() < token.len() && ["%", "h", "d", "gb", "gib", "mb", "tb", "eur", "€", "min"].contains(&unit))
        .then_some(token)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn denied(text: &str) -> Vec<String> {
        Said::new(text).denied.iter().map(|c| c.iter().collect::<Vec<_>>().join(" ")).collect()
    }

    #[test]
    fn words_of_deciding_say_nothing_of_the_matter() {
        let words = |text: &str| Said::new(text).words.iter().collect::<Vec<_>>().join(" ");
        assert_eq!(words("Everyone agreed to keep Postgres for the tide cache"), "cach postgr tide");
        assert_eq!(words("The group agreed that this is a good idea, no objections."), "");
        assert_eq!(words("see https://example.org/tide/cache, says @mira-holt"), "says");
    }

    #[test]
    fn values_are_told_from_names() {
        let said = Said::new("Tide call on Tuesdays at 14:00, 30 minutes, for v2 and release 5, from 2026-03-10 on");
        assert_eq!(said.values.iter().collect::<Vec<_>>(), ["14:00", "30 minutes", "tuesdays"]);
        assert_eq!(said.names.iter().collect::<Vec<_>>(), ["5", "v2"]);
        assert_eq!(said.days.len(), 1);
    }

    #[test]
    fn an_earlier_decision_is_named_by_its_day_or_its_matter() {
        let said = Said::new("the decision of January 22nd (Postgres for the tide cache) is reversed: files for all");
        assert!(said.month_days.contains(&(1, 22)) && said.naming.is_some(), "{said:?}");
        let days = |text: &str| Said::new(text).month_days.into_iter().collect::<Vec<_>>();
        assert_eq!(days("decided on the 22nd"), [(0, 22)]);
        assert_eq!(days("das Board hat am 09.06. zugestimmt"), [(6, 9)]);
        assert_eq!(days("Board (14 April) and 2026-03-31"), [(3, 31), (4, 14)]);
        assert_eq!(days("3.0 costs 14 euros"), []);
        let clause = Said::new("the decision for Postgres is revised").naming.expect("it names one");
        assert_eq!(clause.iter().collect::<Vec<_>>(), ["postgr"]);
        assert!(Said::new("Decision to split the charts").naming.is_none());
    }

    #[test]
    fn a_denial_covers_its_clause() {
        assert_eq!(denied("We will not use Postgres for the tide cache, but SQLite"), ["cach postgr tide"]);
        assert_eq!(denied("Use SQLite, not Postgres"), ["postgr"]);
        assert_eq!(denied("Postgres is no longer used for the tide cache"), ["cach postgr tide", "cach tide"]);
        assert_eq!(denied("Should we mirror the charts? No, too large"), ["chart mirror"]);
        assert_eq!(denied("No objections to the red buoy"), Vec::<String>::new());
        assert_eq!(denied("Should we paint the buoy? (No objections)"), Vec::<String>::new());
        assert!(Said::new("We do not merge it until v2 is out").soft);
    }

    #[test]
    fn a_word_that_is_denied_itself_does_not_count() {
        let list = ["revert".to_owned()];
        assert_eq!(Said::new("We revert to the old charts").has(&list), Some("revert"));
        for not in ["We do not revert to the old charts", "we could revert it", "the reverting party"] {
            assert_eq!(Said::new(not).has(&list), None, "{not}");
        }
    }
}
