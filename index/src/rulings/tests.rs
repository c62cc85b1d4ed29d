//! Minutes a week apart from 2026-01-05 on, a ledger, and what the two say together.

use minutebook_ingest::{Conventions, conventions};
use serde_json::json;

use super::*;
use crate::fold::fold;
use crate::shard::Shard;
use crate::short_refs::ShortRefs;

/// The series `meetings` (and `others`, where there is a second) with their ledger. `w2.1` is the first action
/// of the second week, `o2.1` the same of the other series; an entry is `DAY VERB ACTION [OTHER|OWNERS]`.
struct Case {
    threads: BTreeMap<String, std::sync::Arc<Vec<Thread>>>,
    aside: Vec<(String, Thread)>,
    held: Vec<Date>,
}

fn case(series: &[&[&str]], said: &[&str], as_of: Option<&str>) -> Case {
    let as_of = as_of.map(|d| d.parse::<Date>().expect("a day"));
    let conventions = Conventions::defaults();
    let shards: Vec<Shard> = series.iter().map(|texts| Shard::weekly(texts)).collect();
    let people = People::learn(shards.iter().map(|s| &s.digest.roll), &conventions::People::default());
    let mut threads = BTreeMap::new();
    for ((name, short), shard) in [("meetings", "w"), ("others", "o")].into_iter().zip(&shards) {
        // Another book's name makes the ids of the other series other ones.
        let all = fold(shard.sessions(as_of), &people, &ShortRefs::default(), &conventions, Some(short));
        threads.insert(name.to_owned(), std::sync::Arc::new(all));
    }
    let mut ids: BTreeMap<String, String> = BTreeMap::new();
    for ((name, short), shard) in [("meetings", "w"), ("others", "o")].into_iter().zip(&shards) {
        // Ids of all mentions, of those out of view too.
        let mut all: Vec<Mention> =
            fold(shard.sessions(None), &people, &ShortRefs::default(), &conventions, Some(short))
                .into_iter()
                .flat_map(|t| t.mentions)
                .filter(|m| m.event != Event::Reported)
                .collect();
        all.sort_by_key(|m| (m.date, m.line));
        let mut of_week: BTreeMap<Option<Date>, usize> = BTreeMap::new();
        for m in all {
            let week = m.date.map_or(0, |d| (d - jiff::civil::date(2026, 1, 5)).get_days() / 7 + 1);
            let n = of_week.entry(m.date).and_modify(|n| *n += 1).or_insert(1);
            ids.insert(format!("{short}{week}.{n}"), m.id.to_string());
        }
        assert!(threads.contains_key(name));
    }
    let id = |name: &str| ids.get(name).cloned().unwrap_or_else(|| name.to_owned());
    let lines: Vec<String> = said
        .iter()
        .enumerate()
        .map(|(n, said)| {
            let words: Vec<&str> = said.split(' ').collect();
            let mut line = json!({"v": 1, "id": format!("l{n}"), "at": format!("{}T12:00:00Z", words[0]), "by": "jonas-eide", "verb": words[1], "action": id(words[2])});
            match words.get(3) {
                Some(owners) if words[1] == "owner" => line["owners"] = owners.split(',').filter(|o| *o != "none").collect(),
                Some(other) => line["other"] = id(other).into(),
                None => {}
            }
            line.to_string()
        })
        .collect();
    let ledger = Ledger::parse(lines.join("\n").as_bytes());
    assert_eq!(ledger.problems, []);
    let aside = apply(&ledger, as_of, &people, &mut threads);
    let held = shards[0].held(as_of).filter_map(|s| s.meeting.date).collect();
    Case { threads, aside, held }
}

impl Case {
    /// `state owners [events] reason`, in the order of series and first mention.
    fn told(&self) -> Vec<String> {
        self.threads.values().flat_map(|all| all.iter()).map(|t| self.tell(t)).collect()
    }

    fn tell(&self, t: &Thread) -> String {
        let standing = t.standing(jiff::civil::date(2026, 2, 1), conventions::Stale::default(), &self.held);
        let events: Vec<String> = t.mentions.iter().map(|m| format!("{:?}", m.event)).collect();
        format!("{} {} [{}] {}", standing.state.as_str(), t.owners().join("+"), events.join(" "), standing.reason)
    }
}

fn check(texts: &[&str], said: &[&str], expected: &[&str]) {
    assert_eq!(case(&[texts], said, None).told(), expected, "{said:?}");
}

const OPEN: &str = "# x\n- AI @a: convert the tide tables\n";
const AGAIN: &str = "# x\n- AI @a: convert the tide tables\n";
const DONE: &str = "# x\n- AI @a: convert the tide tables - done\n";
const NOTHING: &str = "# x\n- nothing\n";

#[test]
fn the_later_statement_wins_and_on_the_same_day_the_ledger() {
    // Later than the last mention, or on its day.
    for day in ["2026-01-06", "2026-01-05"] {
        check(
            &[OPEN],
            &[&format!("{day} close w1.1")],
            &[&format!("done a [Raised] closed by @jonas-eide on {day} in the ledger")],
        );
    }
    // The minutes speak of it as open afterwards.
    check(
        &[OPEN, AGAIN],
        &["2026-01-07 close w1.1"],
        &[
            "open a [Raised Carried] open again in 2026-01-12, line 2, after it was closed by @jonas-eide on 2026-01-07 in the ledger",
        ],
    );
    check(&[OPEN, DONE], &["2026-01-07 drop w1.1"], &["done a [Raised Closed] marked as done in 2026-01-12, line 2"]);
    check(&[OPEN, DONE], &["2026-01-11 reopen w1.1"], &["done a [Raised Closed] marked as done in 2026-01-12, line 2"]);
    for day in ["2026-01-12", "2026-01-20"] {
        check(
            &[OPEN, DONE],
            &[&format!("{day} reopen w1.1")],
            &[&format!("open a [Raised Closed] reopened by @jonas-eide on {day} in the ledger")],
        );
        check(
            &[OPEN, DONE],
            &[&format!("{day} drop w2.1")],
            &[&format!("dropped a [Raised Closed] dropped by @jonas-eide on {day} in the ledger")],
        );
    }
    // Of several words in the ledger the last.
    check(
        &[OPEN],
        &["2026-01-06 close w1.1", "2026-01-07 reopen w1.1"],
        &["open a [Raised] reopened by @jonas-eide on 2026-01-07 in the ledger"],
    );
    check(
        &[OPEN],
        &["2026-01-07 reopen w1.1", "2026-01-06 close w1.1"],
        &["open a [Raised] reopened by @jonas-eide on 2026-01-07 in the ledger"],
    );
    check(&[OPEN], &["2026-01-06 note w1.1"], &["open a [Raised] raised in 2026-01-05, line 2"]);
}

#[test]
fn that_its_issue_came_up_reopens_nothing() {
    let issue = "https://github.com/quay/docs/issues/41";
    check(
        &[&format!("# x\n- AI @a: write the page {issue}\n"), &format!("# x\n- [docs#41]({issue}): the page\n")],
        &["2026-01-07 close w1.1"],
        &["done a [Raised Reported] closed by @jonas-eide on 2026-01-07 in the ledger"],
    );
}

#[test]
fn what_left_the_list_after_it_was_closed_is_closed() {
    let list = |tasks: &[&str]| {
        let items: String = tasks.iter().map(|t| format!("- AI @a: {t}\n")).collect();
        format!("## Participants\n- @a\n## Pending action items\n{items}")
    };
    let both = list(&["convert the tide tables", "order new mooring lines"]);
    let one = list(&["order new mooring lines"]);
    let texts: Vec<&str> = vec![&both, &both, &both, &one];
    let told = |said: &[&str]| case(&[&texts], said, None).told()[0].clone();
    assert!(told(&[]).starts_with("gone "), "{}", told(&[]));
    assert!(told(&["2026-01-20 close w1.1"]).starts_with("done "), "{}", told(&["2026-01-20 close w1.1"]));
    assert!(told(&["2026-01-20 reopen w1.1"]).starts_with("gone "), "said before it left");
    assert!(told(&["2026-01-26 reopen w1.1"]).starts_with("open "), "said when it left");
}

#[test]
fn owners_hold_until_the_minutes_name_others() {
    check(&[OPEN, NOTHING], &["2026-01-07 owner w1.1 b,@c"], &["open b+c [Raised] raised in 2026-01-05, line 2"]);
    check(&[OPEN, NOTHING], &["2026-01-05 owner w1.1 none"], &["open  [Raised] raised in 2026-01-05, line 2"]);
    check(
        &[OPEN, AGAIN],
        &["2026-01-07 owner w1.1 b"],
        &["open a [Raised Carried] carried once, last in 2026-01-12, line 2"],
    );
    let nobody = "# x\n- AI: convert the tide tables\n";
    check(
        &[OPEN, nobody],
        &["2026-01-07 owner w1.1 b"],
        &["open b [Raised Carried] carried once, last in 2026-01-12, line 2"],
    );
}

#[test]
fn what_is_no_action_is_set_aside_until_that_is_taken_back() {
    let gone = case(&[&[OPEN, DONE]], &["2026-01-06 not-an-action w2.1"], None);
    assert!(gone.told().is_empty());
    assert_eq!(gone.aside.len(), 1);
    // And not opened by that.
    check(
        &[OPEN, DONE],
        &["2026-01-13 not-an-action w2.1", "2026-01-14 reopen w1.1"],
        &["done a [Raised Closed] marked as done in 2026-01-12, line 2"],
    );
}

#[test]
fn two_are_one_when_somebody_says_so_and_two_again() {
    let other = "# x\n- AI @b: look after what Jo said of the almanac\n";
    let apart = &[
        "open a [Raised Carried] carried once, last in 2026-01-19, line 2",
        "open b [Raised] raised in 2026-01-12, line 2",
    ];
    let texts = &[OPEN, other, AGAIN];
    check(texts, &[], apart);
    let joined =
        &["open a [Raised Carried Carried] carried twice".replace("twice", "2 times, last in 2026-01-19, line 2")];
    let joined: Vec<&str> = joined.iter().map(String::as_str).collect();
    for said in ["2026-01-20 same-as w1.1 w2.1", "2026-01-20 same-as w2.1 w3.1"] {
        check(texts, &[said], &joined);
        check(texts, &[said, "2026-01-21 not-same w1.1 w2.1"], apart);
        check(texts, &[said, "2026-01-21 not-same w1.1 w2.1", "2026-01-22 same-as w1.1 w2.1"], &joined);
    }
    let case = case(&[texts], &["2026-01-20 same-as w2.1 w3.1"], None);
    let ids: Vec<Id> = case.threads["meetings"][0].mentions.iter().map(|m| m.id).collect();
    assert_eq!(ids.len(), 3, "it answers to all of them");
    assert_eq!(case.threads["meetings"][0].first().date, Some(jiff::civil::date(2026, 1, 5)), "the earlier one's id");
}

#[test]
fn a_thread_is_split_at_a_mention_and_each_part_keeps_what_was_said_of_it() {
    let split = "2026-01-20 not-same w1.1 w2.1";
    check(
        &[OPEN, AGAIN, DONE],
        &[split],
        &[
            "open a [Raised] raised in 2026-01-05, line 2",
            "done a [Raised Closed] marked as done in 2026-01-19, line 2",
        ],
    );
    check(
        &[OPEN, AGAIN, DONE],
        &["2026-01-21 drop w1.1", split, "2026-01-22 owner w3.1 b"],
        &[
            "dropped a [Raised] dropped by @jonas-eide on 2026-01-21 in the ledger",
            "done b [Raised Closed] marked as done in 2026-01-19, line 2",
        ],
    );
    // At its first mention there is nothing to split.
    check(
        &[OPEN, AGAIN],
        &["2026-01-20 not-same w2.1 w1.1"],
        &["open a [Raised Carried] carried once, last in 2026-01-12, line 2"],
    );
}

#[test]
fn actions_of_two_series_are_joined_in_that_of_the_earlier() {
    let said = &["2026-01-20 same-as w2.1 o1.1", "2026-01-21 close w2.1"];
    let both = case(&[&[NOTHING, OPEN], &[OPEN]], said, None);
    assert_eq!(both.told(), ["done a [Raised Carried] closed by @jonas-eide on 2026-01-21 in the ledger"]);
    assert_eq!(both.threads["others"].len(), 1);
    // Out of view is the other series: what was said of both says nothing here.
    let one = case(&[&[NOTHING, OPEN]], said, None);
    assert_eq!(one.told(), ["done a [Raised] closed by @jonas-eide on 2026-01-21 in the ledger"]);
    assert_eq!(one.threads["meetings"][0].rulings.len(), 1);
}

#[test]
fn as_of_a_day_the_ledger_knows_nothing_later() {
    let said = &["2026-01-06 close w1.1", "2026-01-13 reopen w1.1", "2026-01-14 not-an-action w1.1"];
    let on = |day: &str| case(&[&[OPEN]], said, Some(day));
    assert_eq!(on("2026-01-05").told(), ["open a [Raised] raised in 2026-01-05, line 2"]);
    assert_eq!(on("2026-01-12").told(), ["done a [Raised] closed by @jonas-eide on 2026-01-06 in the ledger"]);
    assert_eq!(on("2026-01-13").told(), ["open a [Raised] reopened by @jonas-eide on 2026-01-13 in the ledger"]);
    assert!(on("2026-01-14").told().is_empty());
}

#[test]
fn what_speaks_of_no_action_changes_nothing() {
    let plain = case(&[&[OPEN, AGAIN]], &[], None).told();
    check(
        &[OPEN, AGAIN],
        &[
            "2026-01-20 close a0nothing",
            "2026-01-20 same-as w1.1 a0nothing",
            "2026-01-20 not-same a0nothing w2.1",
            "2026-01-20 same-as w1.1 w2.1",
        ],
        &[plain[0].as_str()],
    );
}

#[test]
fn what_was_reopened_is_not_stale_at_once() {
    let mut texts = vec![OPEN];
    texts.resize(24, "# x\n## Participants\n- @a\n");
    let told = |said: &[&str]| {
        let case = case(&[&texts], said, None);
        let standing = case.threads["meetings"][0].standing(
            jiff::civil::date(2026, 6, 20),
            conventions::Stale::default(),
            &case.held,
        );
        standing.state
    };
    assert_eq!(told(&[]), State::Stale);
    assert_eq!(told(&["2026-06-18 reopen w1.1"]), State::Open);
    assert_eq!(told(&["2026-06-18 note w1.1"]), State::Open);
}
