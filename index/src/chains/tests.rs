use minutebook_ingest::Conventions;
use minutebook_ingest::facts::Meeting;

use super::*;
use crate::short_refs::ShortRefs;

/// Meetings a week apart from 2026-01-05 on, each `series: minutes`.
fn chains_of(texts: &[&str]) -> Chains {
    let mut meetings: Vec<Meeting> = (0..)
        .zip(texts)
        .flat_map(|(week, text)| {
            let (series, text) = text.split_once(": ").expect("a series");
            let day = jiff::civil::date(2026, 1, 5).checked_add(jiff::Span::new().weeks(week)).expect("a day");
            let mut all = minutebook_ingest::extract(text, &format!("{series}/{day}.md"));
            all.iter_mut().for_each(|m| {
                series.clone_into(&mut m.series);
                m.id = format!("{series}-{day}");
            });
            all
        })
        .collect();
    meetings.sort_by(|a, b| (a.date, &a.path, a.line).cmp(&(b.date, &b.path, b.line)));
    Chains::new(chains(
        |tell| meetings.iter().for_each(tell),
        &ShortRefs::default(),
        &Conventions::defaults().decisions,
    ))
}

fn standing(chain: &Chain, at: usize) -> &'static str {
    match chain.standing(at) {
        Standing::Holds(_) => "holds",
        Standing::Revised(_) => "revised",
        Standing::Reversed(_) => "reversed",
        Standing::Questioned(_) => "questioned",
        Standing::CameUp(_) => "came up",
        Standing::Silent => "silent",
    }
}

/// Each chain: the relations of its links in order, and whether the first still holds.
fn check(texts: &[&str], expected: &[&str]) {
    let found = chains_of(texts);
    let told: Vec<String> = found
        .all
        .iter()
        .map(|c| {
            let links: Vec<&str> = c.links.iter().map(|l| l.relation.as_str()).collect();
            format!("{}: {}", links.join(" "), standing(c, 0))
        })
        .collect();
    assert_eq!(told, expected, "{texts:#?}\n{:#?}", found.all);
}

const POSTGRES: &str = "a: - Decision: use Postgres for the tide cache\n";

#[test]
fn ids_of_all_decisions_are_those_of_each() {
    let text = "# 2026-01-05\n- Decision: lamps at noon\n- Decision: no lamps\n- Decision: lamps at noon\n- Decision: lamps at noon\n";
    let meeting = minutebook_ingest::extract(text, "2026-01-05.md").remove(0);
    let each: Vec<String> = meeting.decisions.iter().map(|d| decision_id(&meeting, d)).collect();
    assert_eq!(decision_ids(&meeting), each);
    assert_eq!(each.iter().collect::<BTreeSet<_>>().len(), 4, "twins are told apart");
}

#[test]
fn what_denies_in_the_same_words_reverses() {
    for later in [
        "a: - Decision: we no longer use Postgres for the tide cache\n",
        "a: - Decision: Postgres is not used for the tide cache any more\n",
        "a: - Decision: revert to files, withdraw Postgres for the tide cache\n",
        "a: - Decision: drop Postgres for the tide cache\n",
        "a: - Decision: Postgres for the tide cache is abandoned\n",
        "a: - Decision: the agreement to use Postgres for the tide cache is withdrawn\n",
    ] {
        check(&[POSTGRES, later], &["decided reversed: reversed"]);
    }
    let not = "a: - Decision: we will not use Postgres for the tide cache\n";
    check(&[not, POSTGRES], &["decided reversed: reversed"]);
}

#[test]
fn who_names_a_decision_speaks_of_it_from_any_series() {
    let berths = "a: - Decision: paint all berths red\n";
    for later in [
        "b: - RESOLVED: the decision of January 5th (Postgres) is reversed. Files are enough.\n",
        "b: - RESOLVED: the decision of 2026-01-05 on Postgres is withdrawn\n",
    ] {
        check(&[POSTGRES, berths, later], &["decided reversed: reversed", "decided: silent"]);
    }
    check(
        &[POSTGRES, berths, "b: - RESOLVED: the decision of January 12th (Postgres) is reversed.\n"],
        &["decided: silent", "decided: silent", "decided: silent"],
    );
    let revised = "b: - RESOLVED: the decision of January 5th is revised: Postgres for the berths only\n";
    check(&[POSTGRES, revised], &["decided revised: revised"]);
    // Who undoes the first undoes what it was revised to.
    let reversed = "b: - RESOLVED: the decision of January 5th (Postgres) is reversed.\n";
    let found = chains_of(&[POSTGRES, revised, reversed]);
    assert_eq!((standing(&found.all[0], 0), standing(&found.all[0], 1)), ("reversed", "reversed"));
}

#[test]
fn lines_that_recall_a_decision_tell_of_it() {
    check(&[POSTGRES, "b: - The harbour group decided for Postgres on the 5th\n"], &["decided reported: holds"]);
    check(&[POSTGRES, "a: - Postgres for the tide cache is confirmed, says Jo\n"], &["decided confirmed: holds"]);
    check(&[POSTGRES, "b: - The harbour group decided for red berths on the 5th\n"], &["decided: silent"]);
    // That something was reversed elsewhere is told of that, and reverses nothing itself.
    let reversed = "b: - RESOLVED: the decision of January 5th (Postgres) is reversed.\n";
    let found = chains_of(&[POSTGRES, reversed, "a: - The board has reversed it on 12 January, 6:0\n"]);
    let links = &found.all[0].links;
    assert_eq!((links[2].relation, links[2].of), (Relation::Reported, Some(1)));
    assert_eq!(standing(&found.all[0], 0), "reversed");
}

#[test]
fn what_may_reverse_is_only_told_as_a_question() {
    // Without a mark, for a while, or about a part of it.
    check(&[POSTGRES, "a: - We won't use Postgres for the tide cache\n"], &["decided questioned: questioned"]);
    check(
        &[POSTGRES, "a: - Decision: do not use Postgres for the tide cache until it is faster\n"],
        &["decided questioned: questioned"],
    );
    // Another team's.
    check(&[POSTGRES, "b: - Decision: do not use Postgres for the tide cache\n"], &["decided questioned: questioned"]);
}

#[test]
fn a_denial_of_something_else_reverses_nothing() {
    check(
        &[POSTGRES, "a: - Decision: use Postgres for the tide cache, not for the berth plan\n"],
        &["decided reported: holds"],
    );
    check(
        &[POSTGRES, "a: - Decision: Postgres for the mail archive is not needed\n"],
        &["decided: silent", "decided: silent"],
    );
    check(&[POSTGRES, "a: - Decision: use Postgres for the tide cache and drop Redis\n"], &["decided reported: holds"]);
    let dropped = "a: - Decision: drop the red buoys in Halmby\n";
    check(&[dropped, dropped], &["decided copied: silent"]);
    check(&[POSTGRES, "a: - No objections to use Postgres for the tide cache\n"], &["decided reported: holds"]);
}

#[test]
fn something_else_in_its_place_revises() {
    check(&[POSTGRES, "a: - Decision: SQLite instead of Postgres for the tide cache\n"], &["decided revised: revised"]);
    check(
        &[
            "a: - Decision: harbour call with all berths on Tuesdays at 14:00\n",
            "a: - Decision: harbour call with all berths on Tuesdays at 15:00\n",
        ],
        &["decided revised: revised"],
    );
    // What had its day is over, and other names are other things.
    check(
        &[
            "a: - Decision: harbour call with all berths on 2026-01-07\n",
            "a: - Decision: harbour call with all berths on 2026-01-14\n",
        ],
        &["decided: silent", "decided: silent"],
    );
    check(
        &[
            "a: - Decision: publish the harbour charts v2 for all berths\n",
            "a: - Decision: publish the harbour charts v3 for all berths\n",
        ],
        &["decided: silent", "decided: silent"],
    );
}

#[test]
fn said_again_it_holds() {
    check(&[POSTGRES, "a: - Decision: we stick to Postgres for the tide cache\n"], &["decided confirmed: holds"]);
    // Reversed after it was confirmed.
    check(
        &[
            POSTGRES,
            "a: - Decision: we stick to Postgres for the tide cache\n",
            "a: - Decision: we no longer use Postgres for the tide cache\n",
        ],
        &["decided confirmed reversed: reversed"],
    );
    // What reversed it was itself undone: nothing is sure.
    check(
        &[
            POSTGRES,
            "a: - Decision: we no longer use Postgres for the tide cache\n",
            "a: - Decision: we revert the decision to no longer use Postgres for the tide cache\n",
        ],
        &["decided reversed reversed: questioned"],
    );
}

#[test]
fn told_in_other_series_and_copied_into_later_files_it_is_one() {
    let told = "b: - Decision: Postgres is used for the tide cache\n";
    let found = chains_of(&[POSTGRES, told, told, POSTGRES]);
    let [chain] = found.all.as_slice() else { panic!("{:#?}", found.all) };
    let links: Vec<_> = chain.links.iter().map(|l| (&*l.series, l.relation.as_str())).collect();
    assert_eq!(links, [("a", "decided"), ("b", "reported"), ("b", "copied"), ("a", "copied")]);
    assert!((1..4).all(|n| chain.own(n) == 0) && chain.tellings(0).count() == 3);
    assert_eq!(standing(chain, 0), "holds");
    // A copy says nothing anew.
    check(&[POSTGRES, POSTGRES], &["decided copied: silent"]);
}

#[test]
fn words_of_deciding_join_nothing() {
    check(
        &["a: - The group agreed that this is a good idea.\n", "a: - The group agreed that this is a good idea.\n"],
        &["decided: silent", "decided: silent"],
    );
    check(
        &["a: - Decision: merge it\n", "a: - Decision: merge it next week\n"],
        &["decided: silent", "decided: silent"],
    );
}

#[test]
fn requests_are_different_matters() {
    let one = "a: - Decision: merge the harbour chart script https://github.com/q/docs/pull/1\n";
    let other = "a: - Decision: merge the harbour chart script https://github.com/q/docs/pull/2\n";
    check(&[one, other], &["decided: silent", "decided: silent"]);
    let undone = "a: - Decision: revert https://github.com/q/docs/pull/1\n";
    check(&[one, other, undone], &["decided reversed: reversed", "decided: silent"]);
}

#[test]
fn lines_that_are_no_decision_question_one() {
    check(
        &[POSTGRES, "a: # Week\n\n## Revisit Postgres for the tide cache\n\n- no time\n"],
        &["decided questioned: questioned"],
    );
    check(&[POSTGRES, "a: # Week\n\n## Revisit the berth plan\n\n- no time\n"], &["decided: silent"]);
    let one = "a: - Decision: merge the harbour chart script https://github.com/q/docs/pull/1\n";
    check(
        &[one, "a: - Jo would like us to reconsider https://github.com/q/docs/pull/1\n"],
        &["decided questioned: questioned"],
    );
}

#[test]
fn it_holds_while_its_issue_comes_up_and_a_topic_may_come_up_to_be_settled_anew() {
    let one = "a: - Decision: merge the harbour chart script https://github.com/q/docs/pull/1\n";
    check(&[one, "b: - https://github.com/q/docs/pull/1 is on its way\n"], &["decided: holds"]);
    let under = "a: # Week\n\n## Harbour chart script\n\n- Decision: keep Perl\n";
    check(&[under, "a: # Week\n\n## Harbour chart script\n\n- Jo is at it\n"], &["decided: came up"]);
    // A heading of every agenda is no topic.
    let agenda = "a: # Week\n\n## Open pull requests\n\n- nothing\n";
    let decided = "a: # Week\n\n## Open pull requests\n\n- Decision: keep Perl\n";
    check(&[decided, agenda, agenda, agenda], &["decided: silent"]);
}

#[test]
fn every_link_says_why() {
    let found = chains_of(&[POSTGRES, "a: - Decision: we no longer use Postgres for the tide cache\n"]);
    let why: Vec<String> = found.all[0].links[1].why.iter().map(Why::told).collect();
    assert_eq!(why, ["100 % the same words: cach, postgr, tide", "told by \"no longer\""]);
}

#[test]
fn nothing_later_changes_what_was_joined() {
    let texts = [
        POSTGRES,
        "b: - Decision: Postgres is used for the tide cache\n",
        "a: - Decision: SQLite instead of Postgres for the tide cache\n",
        "a: # Week\n\n## Revisit SQLite for the tide cache\n",
    ];
    let told = |all: &Chains| -> Vec<(String, &'static str, Option<usize>)> {
        all.all.iter().flat_map(|c| &c.links).map(|l| (l.place(), l.relation.as_str(), l.of)).collect()
    };
    let whole = told(&chains_of(&texts));
    for n in 0..=texts.len() {
        assert_eq!(told(&chains_of(&texts[..n])), whole[..n]);
    }
    assert_eq!(whole.len(), 4);
}
