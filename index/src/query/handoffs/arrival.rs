//! Where a topic that was passed on comes up again.

use std::collections::{BTreeSet, HashMap, HashSet};

use minutebook_ingest::facts::Meeting;

use super::{ArrivalView, Follow, Scope};
use crate::Snapshot;
use crate::addressee;
use crate::fold::words;

/// How much a word tells: those that stand in few meetings tell most.
#[derive(Debug)]
pub(crate) struct Rarity {
    meetings: usize,
    seen: HashMap<String, usize>,
}

impl Rarity {
    pub fn of(snapshot: &Snapshot, scope: &Scope) -> Self {
        let mut rarity = Self { meetings: 0, seen: HashMap::new() };
        snapshot.each_session(scope, |session| {
            let m = session.meeting;
            rarity.meetings += 1;
            let topics = m.topics.iter().map(|t| t.title.as_str());
            let texts = topics.chain(m.actions.iter().map(|a| a.text.as_str()));
            let all: HashSet<String> =
                texts.chain(m.decisions.iter().map(|d| d.text.as_str())).flat_map(compared).collect();
            for word in all {
                *rarity.seen.entry(word).or_default() += 1;
            }
        });
        rarity
    }

    /// One that stands in a single meeting of the book tells 1, one in all of them 0.
    fn of_words<'a>(&self, words: impl Iterator<Item = &'a String>) -> f64 {
        let meetings = self.meetings.max(2) as f64;
        let of = |word: &String| {
            let seen = self.seen.get(word).copied().unwrap_or(0).max(1) as f64;
            ((meetings / seen).ln() / meetings.ln()).clamp(0.0, RAREST)
        };
        words.map(of).sum()
    }
}

/// Something that stands in a meeting.
struct Entry<'a> {
    kind: &'static str,
    line: u32,
    text: &'a str,
    words: BTreeSet<String>,
    people: Vec<&'a str>,
}

fn entries(m: &Meeting) -> Vec<Entry<'_>> {
    let mut out: Vec<Entry<'_>> = Vec::new();
    let under = |text: &str, topic: Option<&str>| {
        let mut all = compared(text);
        all.extend(topic.map(compared).unwrap_or_default());
        all
    };
    for t in &m.topics {
        let under = m.named.iter().filter(|n| t.level > 1 && (t.line..=t.end_line).contains(&n.line));
        let people = t.sponsors.iter().chain(under.map(|n| &n.as_written)).map(String::as_str).collect();
        out.push(Entry { kind: "topic", line: t.line, text: &t.title, words: compared(&t.title), people });
    }
    for a in &m.actions {
        let people = a.owners.iter().map(String::as_str).collect();
        let words = under(&a.text, a.topic.as_deref());
        out.push(Entry { kind: "action", line: a.line, text: &a.text, words, people });
    }
    for d in &m.decisions {
        let people = d.people.iter().map(String::as_str).collect();
        let words = under(&d.text, d.topic.as_deref());
        out.push(Entry { kind: "decision", line: d.line, text: &d.text, words, people });
    }
    for r in &m.references {
        let topic = m.topic_over(r.line);
        let words = under(&r.text, topic.map(|t| t.title.as_str()));
        out.push(Entry { kind: "reference", line: r.line, text: &r.text, words, people: Vec::new() });
    }
    out.sort_by_key(|e| e.line);
    out
}

impl Follow<'_> {
    /// The entry of a meeting that takes a handoff up.
    pub fn arrival(&self, t: &Meeting, topic: &Passed<'_>) -> Option<ArrivalView> {
        for r in &t.references {
            let target = self.view.target(t, r);
            if topic.issues.iter().any(|i| i.eq_ignore_ascii_case(&target)) {
                return Some(self.place(t, "reference", r.line, &r.text, "same-issue", vec![target]));
            }
        }
        let mut best: Option<(f64, ArrivalView)> = None;
        for entry in entries(t) {
            if entry.kind == "topic" && best.is_none() && self.is_heading(topic, &entry.words) {
                let both = as_written(entry.text, &topic.heading.iter().collect::<Vec<_>>());
                best = Some((0.0, self.place(t, entry.kind, entry.line, entry.text, "same-words", both)));
            }
            let Some(alike) = self.alike(topic, &entry.words) else { continue };
            let named: Vec<String> = entry
                .people
                .iter()
                .map(|p| self.view.people.canonical(p, t))
                .filter(|p| topic.people.contains(p))
                .collect();
            let by_name = !named.is_empty() && alike.tells >= NAMED && alike.share >= NAMED_SHARE;
            if !(alike.is_same() || by_name) || best.as_ref().is_some_and(|(score, _)| *score >= alike.score()) {
                continue;
            }
            let (by, both) = if alike.is_same() { ("same-words", alike.shared.clone()) } else { ("named", named) };
            best = Some((alike.score(), self.place(t, entry.kind, entry.line, entry.text, by, both)));
        }
        best.map(|(_, place)| place)
    }

    /// The line of a meeting that takes a handoff up without being an entry of it.
    pub fn passage(&self, t: &Meeting, topic: &Passed<'_>) -> Option<ArrivalView> {
        let text = self.snapshot.text(&t.path).ok()?;
        let mut best: Option<(f64, ArrivalView)> = None;
        for (line, words) in (1..).zip(text.lines()) {
            if line < t.line || line > t.end_line || words.len() > 2000 {
                continue;
            }
            let Some(alike) = self.alike(topic, &compared(words)) else { continue };
            // A line says less than a heading or an action of what its meeting was about.
            let is_enough = alike.words >= 3 || alike.tells >= 1.2;
            if alike.is_same() && is_enough && best.as_ref().is_none_or(|(score, _)| *score < alike.score()) {
                let said = without_bullet(words);
                let place = self.place(t, "passage", line, said, "same-words", alike.shared.clone());
                best = Some((alike.score(), place));
            }
        }
        best.map(|(_, place)| place)
    }

    /// The line of a meeting that says where something comes from, by the name of the series that passed it on ("from
    /// the IaaS call"), the day or a link, and has a telling word of it.
    pub fn traced(&self, t: &Meeting, topic: &Passed<'_>, from: &Meeting) -> Option<ArrivalView> {
        let text = self.snapshot.text(&t.path).ok()?;
        let day = from.date.map(|d| d.to_string()).unwrap_or_default();
        let all: Vec<&str> = self.snapshot.shards(self.scope).map(|(name, _)| name).collect();
        for (line, words) in (1..).zip(text.lines()) {
            if line < t.line || line > t.end_line || words.len() > 2000 {
                continue;
            }
            let back = words.contains(from.path.as_str());
            let by_name = || came_from(words).any(|name| addressee::meant(name, &all) == Some(from.series.as_str()));
            if !(back || (!day.is_empty() && words.contains(&day)) || by_name()) {
                continue;
            }
            let Some(alike) = self.alike(topic, &compared(words)) else { continue };
            if alike.tells >= NAMED && (alike.words >= 2 || alike.tells >= RAREST) {
                let said = without_bullet(words);
                return Some(self.place(t, "passage", line, said, "from-there", alike.shared));
            }
        }
        None
    }

    /// Whether a heading says all that the heading over a handoff says.
    fn is_heading(&self, topic: &Passed<'_>, words: &BTreeSet<String>) -> bool {
        topic.heading.len() >= 2
            && topic.heading.is_subset(words)
            && self.rarity.of_words(topic.heading.iter()) >= HEADING
    }

    fn place(
        &self,
        t: &Meeting,
        kind: &'static str,
        line: u32,
        text: &str,
        by: &'static str,
        shared: Vec<String>,
    ) -> ArrivalView {
        let permalink = self.snapshot.permalink(&t.path, line, line);
        ArrivalView { path: t.path.clone(), line, date: t.date, kind, text: text.to_owned(), by, shared, permalink }
    }

    /// What a handoff and other words have in common; nothing where that is nothing.
    fn alike(&self, topic: &Passed<'_>, words: &BTreeSet<String>) -> Option<Alike> {
        let shared: Vec<&String> = topic.words.intersection(words).collect();
        if shared.is_empty() {
            return None;
        }
        let of = |words: &BTreeSet<String>| self.rarity.of_words(words.iter());
        let tells = self.rarity.of_words(shared.iter().copied());
        // Of the longer one only so much as the other could have.
        let share = tells / of(&topic.words).min(of(words)).max(0.15);
        Some(Alike { tells, share, words: shared.len(), shared: as_written(topic.text, &shared) })
    }
}

/// A line as it is quoted.
fn without_bullet(line: &str) -> &str {
    line.trim_start_matches(|c: char| c.is_whitespace() || "*-+#>".contains(c)).trim_end()
}

/// What can be the name of a group behind "from": the words up to the one for a group, "from the IaaS team".
fn came_from(words: &str) -> impl Iterator<Item = &str> {
    const GROUPS: [&str; 9] = ["team", "sig", "call", "meeting", "board", "group", "wg", "runde", "ag"];
    let froms = words.match_indices("from ").chain(words.match_indices("From ")).chain(words.match_indices("aus der "));
    froms.filter_map(|(at, lead)| {
        let behind = words[at + lead.len()..].trim_start();
        let behind = behind.strip_prefix("the ").unwrap_or(behind);
        let mut end = 0;
        for (n, word) in behind.split_whitespace().take(5).enumerate() {
            let start = end + behind[end..].find(word)?;
            end = start + word.trim_end_matches(|c: char| !c.is_alphanumeric()).len();
            let low = behind[start..end].to_lowercase();
            if n > 0 && GROUPS.contains(&low.as_str()) {
                return Some(&behind[..end]);
            }
        }
        None
    })
}

/// What is looked for.
pub struct Passed<'a> {
    pub text: &'a str,
    pub words: BTreeSet<String>,
    pub heading: BTreeSet<String>,
    pub issues: &'a [String],
    pub people: &'a [String],
}

/// What two texts have in common.
struct Alike {
    /// How much the words tell that both have.
    tells: f64,
    /// … of all that the shorter one tells.
    share: f64,
    words: usize,
    shared: Vec<String>,
}

impl Alike {
    fn is_same(&self) -> bool {
        self.words >= 2 && self.tells >= SAME && self.share >= SHARE
    }

    fn score(&self) -> f64 {
        self.tells * self.share
    }
}

/// The words by which a topic is known again. Numbers are days, places in lists and sizes; addresses hold
/// the names of repositories, which are in every line.
pub fn compared(text: &str) -> BTreeSet<String> {
    let is_address = |word: &&str| word.contains("://");
    let told: Vec<&str> = text.split(|c: char| c.is_whitespace() || "()<>[]".contains(c)).collect();
    let mut all = words(&told.into_iter().filter(|w| !is_address(w)).collect::<Vec<_>>().join(" "), &[]);
    all.retain(|w| w.chars().any(char::is_alphabetic));
    all
}

/// So much must the words tell that a handoff and a place have in common …
const SAME: f64 = 0.65;
/// … and so much of what the shorter of them says.
const SHARE: f64 = 0.5;
/// The heading over it tells so much when it stands there again.
const HEADING: f64 = 0.3;
/// A word tells no more than this: the rarest are slips of the pen.
const RAREST: f64 = 0.77;
/// Where somebody is named beside both, this is enough.
const NAMED: f64 = 0.35;
const NAMED_SHARE: f64 = 0.34;

/// The words of a text that were compared as these.
fn as_written(text: &str, compared: &[&String]) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for word in text.split(|c: char| !c.is_alphanumeric()).map(str::to_lowercase) {
        if !out.contains(&word) && words(&word, &[]).iter().any(|w| compared.contains(&w)) {
            out.push(word);
        }
    }
    out
}
