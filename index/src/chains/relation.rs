//! What a later statement does to an earlier one: told by words, and only where they are about the same.

use std::collections::BTreeSet;

use jiff::civil::Date;
use minutebook_ingest::conventions::Decisions;

use super::said::Said;
use super::words::Words;
use super::{Issues, Relation, Why};
use crate::fold::days_between;

/// A statement with what stands around it.
#[derive(Debug)]
pub(super) struct Statement<'a> {
    /// Taken apart.
    pub said: &'a Said,
    /// Its series.
    pub series: &'a str,
    /// The meeting's day.
    pub date: Option<Date>,
    /// Marked as a decision.
    pub marked: bool,
    /// Issues in its own words.
    pub issues: &'a Issues,
    /// … and in the heading over it.
    pub heading_issues: &'a Issues,
    /// Words of the heading over it, where it is not one of every meeting.
    pub heading: &'a Words,
}

/// Words that two statements must share at least, and under one heading or with one issue.
pub(super) const WORDS: usize = 3;
pub(super) const WORDS_TOGETHER: usize = 2;
/// What they share of both, and of the shorter one where words tell what the later does to it.
const ALIKE: f64 = 0.6;
const COVERED: f64 = 0.6;
/// … when the later one is to undo the earlier.
const COVERED_UNDONE: f64 = 0.75;
/// Copied: the same but for a slip or an aside.
const SAME: f64 = 0.9;
/// Another series tells of it within so many days, or in the same words.
const REPORTED_WITHIN: i32 = 45;
const REPORTED_ANYTIME: f64 = 0.9;

/// What a line that is no decision says of an earlier statement, with how surely it speaks of that one; none where it may
/// speak of anything.
pub(super) fn recalled(
    earlier: &Statement<'_>,
    did: Relation,
    later: &Statement<'_>,
    is_rare: impl Fn(&str) -> bool,
    lists: &Decisions,
) -> Option<(Relation, f64, Vec<Why>)> {
    let shared: Vec<String> = earlier.said.words.intersection(&later.said.words).map(str::to_owned).collect();
    let named = names_day(later, earlier);
    let undoes = later.said.has(&lists.undoes);
    let replaces = later.said.has(&lists.replaces);
    // "The board has reversed it on 9 June" tells of what was reversed there, whatever it was.
    let told = (did == Relation::Reversed && undoes.is_some()) || (did == Relation::Revised && replaces.is_some());
    let rare = shared.iter().filter(|w| is_rare(w)).count();
    let least = earlier.said.words.len().min(later.said.words.len());
    let alike = rare >= WORDS && ratio(shared.len(), least) >= COVERED_UNDONE;
    let near = earlier.series == later.series || days_between(earlier.date, later.date) <= REPORTED_WITHIN;
    let by_day = named && (told || !shared.is_empty());
    let by_words = alike && near && later.said.month_days.is_empty();
    if !by_day && !by_words {
        return None;
    }
    let mut why: Vec<Why> = named.then(|| earlier.date.map(Why::Day)).flatten().into_iter().collect();
    if !shared.is_empty() {
        let percent = percent(ratio(2 * shared.len(), earlier.said.words.len() + later.said.words.len()));
        why.push(Why::Words(percent, shared.clone()));
    }
    // "Ratings stay out, as decided on 3 Nov" agrees with what was decided there, in whatever words.
    let agrees = named && undoes.is_none() && later.said.has(&lists.confirms).is_some();
    let denied = !agrees && (denied(earlier.said, later.said).is_some() || denied(later.said, earlier.said).is_some());
    let relation = match () {
        () if by_day && (told || (undoes.is_none() && !denied)) => Relation::Reported,
        () if undoes.is_some() || denied || later.said.has(&lists.questions).is_some() => Relation::Questioned,
        () if later.said.has(&lists.confirms).is_some() => Relation::Confirmed,
        () => Relation::Reported,
    };
    let word = undoes.or_else(|| later.said.has(&lists.questions)).or_else(|| later.said.has(&lists.confirms));
    why.extend(word.or_else(|| later.said.has(&lists.recalls)).map(|w| Why::Told(w.to_owned())));
    let sure =
        if by_day { 2.0 } else { 0.0 } + if told { 1.0 } else { 0.0 } + shared.len() as f64 / least.max(1) as f64;
    Some((relation, sure, why))
}

/// What the later statement does to the earlier, with how much they share and why; none where they are not about the same,
/// or where nothing tells that one speaks of the other.
pub(super) fn relation(
    earlier: &Statement<'_>,
    later: &Statement<'_>,
    is_rare: impl Fn(&str) -> bool,
    lists: &Decisions,
) -> Option<(Relation, f64, Vec<Why>)> {
    let rare = |words: &Words| words.filtered(&is_rare);
    let (before, after) = (rare(&earlier.said.words), rare(&later.said.words));
    let shared: BTreeSet<&str> = before.intersection(&after).collect();
    let n = shared.len();
    let same_series = earlier.series == later.series;
    let issue = the_issue(earlier, later);
    if shared.is_empty() && issue.is_none() {
        return None;
    }
    // Two requests are two matters, however alike their words.
    if issue.is_none() && !earlier.issues.is_empty() && !later.issues.is_empty() {
        return None;
    }
    let alike = ratio(2 * n, before.len() + after.len());
    let covered = ratio(n, before.len().min(after.len()));
    let same_heading = same_series && !earlier.heading.is_empty() && earlier.heading == later.heading;
    let enough = if same_heading || issue.is_some() { WORDS_TOGETHER } else { WORDS };
    let other_names = !earlier.said.names.is_empty()
        && !later.said.names.is_empty()
        && earlier.said.names.is_disjoint(&later.said.names);

    let mut why: Vec<Why> = issue.iter().map(|i| Why::Issue((*i).to_owned())).collect();
    if n > 0 {
        why.push(Why::Words(percent(alike), shared.iter().map(|w| (*w).to_owned()).collect()));
    }
    let told = |relation: Relation, word: Option<String>, why: &[Why]| {
        let mut why = why.to_vec();
        why.extend(word.map(Why::Told));
        Some((relation, alike, why))
    };
    let only_later =
        |list: &[String]| later.said.has(list).filter(|w| !earlier.said.low.contains(*w)).map(str::to_owned);
    let about_one_matter = n >= enough && covered >= COVERED && (same_series || issue.is_some());
    let names_the_earlier = names_day(later, earlier);
    if let Some(clause) = &later.said.naming
        && let Some(word) =
            [&lists.undoes, &lists.replaces, &lists.confirms].into_iter().find_map(|list| only_later(list))
    {
        // "The decision of January 22nd is reversed", "the decision for PostgreSQL is revised".
        let heading = earlier.heading.intersection(later.heading).count();
        let any = earlier.said.words.intersection(&later.said.words).count();
        let named = clause.iter().filter(|w| earlier.said.words.contains(w)).count();
        let whole = !clause.is_empty() && named == clause.len() && (named >= WORDS_TOGETHER || heading > 0);
        let fits = if later.said.month_days.is_empty() { whole } else { names_the_earlier && any + heading > 0 };
        let undoes = lists.undoes.contains(&word);
        if fits {
            let relation = match () {
                () if undoes && later.marked => Relation::Reversed,
                () if undoes => Relation::Questioned,
                () if lists.replaces.contains(&word) => Relation::Revised,
                () => Relation::Confirmed,
            };
            let named = 0.5 + 0.5 * ratio(named, earlier.said.words.len());
            let sure = if names_the_earlier { 1.0 + alike } else { alike.max(named) };
            let by_day = names_the_earlier.then(|| earlier.date.map(Why::Day)).flatten();
            why.splice(0..0, by_day);
            if n == 0 && named > 0.5 {
                why.push(Why::Named(clause.iter().map(str::to_owned).collect()));
            }
            why.push(Why::Told(word));
            return Some((relation, sure, why));
        }
        // It names another one.
        if !later.said.month_days.is_empty() && !names_the_earlier {
            return None;
        }
    }

    // Undone: by a word for it, about the same matter or the very issue.
    if let Some(word) = only_later(&lists.undoes) {
        let its_issue = issue.is_some() && earlier.issues.len() == 1 && earlier.issues == later.issues;
        let sure = later.marked
            && (its_issue || (n >= WORDS && covered >= COVERED_UNDONE && !other_names))
            && !later.said.soft;
        if sure && (same_series || issue.is_some() || names_a_decision(later.said)) {
            return told(Relation::Reversed, Some(word), &why);
        }
        if about_one_matter || (its_issue && n > 0) {
            return told(Relation::Questioned, Some(word), &why);
        }
        return None;
    }
    // Denied: what the one says the other denies, in one clause and with the same words.
    if let Some(clause) = denied(earlier.said, later.said).or_else(|| denied(later.said, earlier.said)) {
        let both = |words: &Words| ratio(clause.iter().filter(|w| words.contains(w)).count(), words.len());
        let in_common = clause.iter().filter(|w| shared.contains(w)).count();
        let (of_earlier, of_clause) = (both(&earlier.said.words), ratio(in_common, clause.len()));
        if in_common >= WORDS_TOGETHER && of_earlier >= COVERED && of_clause >= COVERED {
            // Another team may speak against it, and not undo it.
            let sure = later.marked
                && same_series
                && in_common >= enough
                && of_earlier >= COVERED_UNDONE
                && of_clause >= COVERED_UNDONE
                && !later.said.soft
                && !earlier.said.soft
                && !other_names;
            let word = later.said.denial().or_else(|| earlier.said.denial());
            return told(if sure { Relation::Reversed } else { Relation::Questioned }, word, &why);
        }
        // What the one says and the other denies is not the same, whatever else they share.
        if of_clause >= COVERED {
            return None;
        }
    }
    let alike_enough = alike >= ALIKE && n >= enough;
    if !about_one_matter && !alike_enough {
        return None;
    }
    if about_one_matter && let Some(word) = only_later(&lists.replaces) {
        return told(Relation::Revised, Some(word), &why);
    }
    let days = (&earlier.said.days, &later.said.days);
    let other_days = !days.0.is_empty() && !days.1.is_empty() && days.0.is_disjoint(days.1);
    if other_names || (other_days && !names_the_earlier && changed(earlier, later).is_none()) {
        return None;
    }
    // Otherwise the same, with other values.
    if same_series
        && alike >= COVERED_UNDONE
        && n >= enough
        && let Some((from, to)) = changed(earlier, later)
    {
        return told(Relation::Revised, Some(format!("{from} → {to}")), &why);
    }
    if about_one_matter
        && (alike >= ALIKE || names_the_earlier)
        && let Some(word) = only_later(&lists.confirms)
    {
        return told(Relation::Confirmed, Some(word), &why);
    }
    let all = earlier.said.all.intersection(&later.said.all).count();
    let same = n >= enough && ratio(2 * all, earlier.said.all.len() + later.said.all.len()) >= SAME;
    if same_series {
        if same && earlier.said.values == later.said.values && earlier.said.days == later.said.days {
            return told(Relation::Copied, None, &why);
        }
        return (alike >= ALIKE && n >= WORDS).then(|| told(Relation::Reported, None, &why)).flatten();
    }
    let days = days_between(earlier.date, later.date);
    let reported = alike >= ALIKE && n >= WORDS && days <= REPORTED_WITHIN;
    let again = alike >= REPORTED_ANYTIME && n > WORDS;
    if reported || again { told(Relation::Reported, None, &why) } else { None }
}

/// The one issue that both are about.
fn the_issue<'a>(earlier: &Statement<'a>, later: &Statement<'a>) -> Option<&'a str> {
    let own = earlier.issues.iter().find(|i| later.issues.contains(i));
    let few = earlier.issues.len() <= 2 && later.issues.len() <= 2;
    let under = || {
        let all = |s: &Statement<'a>| s.issues.iter().chain(s.heading_issues.iter()).collect::<BTreeSet<_>>();
        let (a, b) = (all(earlier), all(later));
        (a.len() <= 1 && a == b).then(|| a.first().copied()).flatten()
    };
    own.filter(|_| few).or_else(under)
}

/// The clause of `denies` that denies what `says` says, in words of which `says` denies none.
fn denied<'a>(says: &Said, denies: &'a Said) -> Option<&'a Words> {
    let clause = denies.denied.iter().max_by_key(|clause| clause.intersection(&says.words).count())?;
    let shared: BTreeSet<&str> = clause.intersection(&says.words).collect();
    let too = says.denied.iter().any(|own| own.iter().any(|w| shared.contains(w)));
    (!too && !shared.is_empty()).then_some(clause)
}

/// Whether a statement names the day of an earlier one; a day without a year is the last one, "the 22nd" of the last weeks.
pub(super) fn names_day(later: &Statement<'_>, earlier: &Statement<'_>) -> bool {
    let Some(day) = earlier.date else { return false };
    let ago = days_between(earlier.date, later.date);
    later.said.days.contains(&day)
        || (later.said.days.is_empty()
            && later.said.month_days.iter().any(|&(month, d)| {
                d == day.day()
                    && ((month == day.month() && (0..370).contains(&ago)) || (month == 0 && (0..=31).contains(&ago)))
            }))
}

fn names_a_decision(said: &Said) -> bool {
    ["decision", "agreement", "resolution", "vote", "consensus", "beschluss", "entscheidung"]
        .iter()
        .any(|w| said.low.contains(w))
}

/// The values that are others in the later statement; what was to be on a day that has passed is over and not changed.
fn changed(earlier: &Statement<'_>, later: &Statement<'_>) -> Option<(String, String)> {
    let all = |s: &Said| -> BTreeSet<String> {
        s.values.iter().map(str::to_owned).chain(s.days.iter().map(ToString::to_string)).collect()
    };
    let (a, b) = (all(earlier.said), all(later.said));
    let passed = earlier.said.days.iter().any(|d| later.date.is_some_and(|now| *d < now));
    let (gone, new): (Vec<_>, Vec<_>) = (a.difference(&b).cloned().collect(), b.difference(&a).cloned().collect());
    (!passed && !gone.is_empty() && gone.len() == new.len()).then(|| (gone.join(", "), new.join(", ")))
}

fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

fn percent(share: f64) -> u8 {
    (share * 100.0).clamp(0.0, 100.0).round() as u8
}
