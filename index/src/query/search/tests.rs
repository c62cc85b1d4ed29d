//! What leads to a search and from it: order, half-typed phrases, what stands nowhere, completion, direct ways.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::*;
use crate::query::complete::complete;
use crate::query::direct::{Direct, direct};
use crate::query::language::parse;

const JANUARY: &str = "---\ntags: [crane]\n---\n# 2026-01-05\n## Participants\n- @mira\n- @jo\n\n## The tide cache\n- AI @mira: warm the tide cache, see [quay/docs#7](https://github.com/quay/docs/issues/7)\n- the tide cache and the crane and the depth rule are late\n";
const MARCH: &str = "---\ntags: [berth]\n---\n# 2026-03-02\n## Participants\n- @mira\n- @nils\n\n## The tide\n- the tide was fine, quay/docs#7 and [quay/tide#7](https://github.com/quay/tide/issues/7) and [quay/tide#9](https://github.com/quay/tide/pull/9)\n- AI @nils: look at zeppelins\n";

fn book() -> Arc<Snapshot> {
    crate::test_book::book([("harbour/2026-01-05.md", JANUARY), ("product board/2026-03-02.md", MARCH)]).1
}

fn scopes() -> [Scope; 2] {
    ["2026-04-01", "2026-02-01"].map(|day| Scope::as_of(day.parse().expect("a day")))
}

fn ask(snapshot: &Snapshot, scope: &Scope, text: &str) -> SearchResult {
    let query = parse(text, scope.today).expect("a query");
    search(snapshot, scope, &query, 0, 50).expect("an answer")
}

#[test]
fn the_latest_come_first_when_asked_and_are_the_same_ones() {
    let (snapshot, [scope, _]) = (book(), scopes());
    let (best, latest) = (ask(&snapshot, &scope, "tide"), ask(&snapshot, &scope, "tide sort:date"));
    let days: Vec<_> = latest.hits.iter().map(|h| h.date).collect();
    assert!(days.is_sorted_by(|a, b| a >= b) && days.first() != days.last(), "{days:?}");
    let places = |found: &SearchResult| found.hits.iter().map(|h| h.id.clone()).collect::<BTreeSet<_>>();
    assert_eq!(places(&best), places(&latest));
    let order = |found: &SearchResult| found.hits.iter().map(|h| h.id.clone()).collect::<Vec<_>>();
    assert_eq!(order(&best), order(&ask(&snapshot, &scope, "tide sort:relevance")));
    assert!(ask(&snapshot, &scope, "sort:date").total > 3, "all of them");
}

#[test]
fn a_quote_that_is_not_closed_finds_what_it_may_become() {
    let (snapshot, [scope, _]) = (book(), scopes());
    let closed = ask(&snapshot, &scope, "\"tide cache\"").total;
    assert!(closed > 0);
    for half in ["\"tide cac", "\"tide cache", "\"tide c"] {
        // Which of two that stand within one another is shown is a matter of scores.
        assert!(ask(&snapshot, &scope, half).total >= closed, "{half}");
    }
    assert_eq!(ask(&snapshot, &scope, "\"tide cac\"").total, 0);
    assert_eq!(ask(&snapshot, &scope, "\"zeppel").total, ask(&snapshot, &scope, "zeppelins").total);
    assert_eq!(ask(&snapshot, &scope, "\"cache tid").total, 0);
    assert!(ask(&snapshot, &scope, "\"").total == 0 && ask(&snapshot, &scope, "owner:").total == 0);
}

#[test]
fn days_of_which_any_will_do_count_once() {
    let (snapshot, [scope, _]) = (book(), scopes());
    let n = |text: &str| ask(&snapshot, &scope, text).total;
    assert_eq!(n("tide on:2026-01 on:2026-03"), n("tide"));
    assert_eq!(n("tide on:2026-01 on:2026"), n("tide on:2026"));
    assert_eq!(n("tide after:2026-01"), n("tide on:2026-03"));
    assert!(n("tide on:2026-01") < n("tide"));
}

#[test]
fn what_stands_nowhere_is_told_though_other_words_are_found() {
    let (snapshot, [scope, before]) = (book(), scopes());
    let missing = |scope: &Scope, text: &str| {
        let found = ask(&snapshot, scope, text);
        let told =
            found.missing.iter().map(|m| (m.word.clone(), m.nearest.clone().unwrap_or_default())).collect::<Vec<_>>();
        (found.total > 0, told)
    };
    let told =
        |pairs: &[(&str, &str)]| pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect::<Vec<_>>();
    assert_eq!(missing(&scope, "tide cache crane"), (true, told(&[])));
    assert_eq!(missing(&scope, "tide cahce crane xylophon"), (true, told(&[("cahce", "cache"), ("xylophon", "")])));
    assert_eq!(missing(&scope, "tide zeppelins cache"), (true, told(&[])));
    // As of a day before it was said, it stands nowhere, and nothing later is offered.
    assert_eq!(missing(&before, "tide zeppelins cache"), (true, told(&[("zeppelins", "")])));
    assert_eq!(missing(&before, "tide zepelins cache"), (true, told(&[("zepelins", "")])));
    assert_eq!(missing(&scope, "tide zepelins cache"), (true, told(&[("zepelins", "zeppelins")])));
    // Another qualifier's limits make no word stand nowhere.
    assert_eq!(missing(&scope, "zeppelins on:2026-01"), (false, told(&[])));
}

#[test]
fn completion_offers_qualifiers_and_values_of_what_is_in_view() {
    let (snapshot, [scope, before]) = (book(), scopes());
    let texts =
        |scope: &Scope, q: &str| complete(&snapshot, scope, q, q.len()).into_iter().map(|c| c.text).collect::<Vec<_>>();
    let of = |q: &str| texts(&scope, q);
    assert_eq!(of("tide s"), ["series:", "state:", "sort:"]);
    assert!(of("").len() >= 10 && of("tide ") == of(""));
    for nothing in ["\"own", "-own", "tide", "foo:b", "https://", "state:x", "\"a b\""] {
        assert!(of(nothing).is_empty(), "{nothing}");
    }
    assert_eq!(of("series:"), ["harbour", "product board"]);
    assert_eq!(texts(&before, "series:"), ["harbour"]);
    assert_eq!(of("owner:")[..2], ["none", "mira"]);
    assert!(!of("person:").contains(&"none".to_owned()));
    assert_eq!((of("by:ni"), texts(&before, "by:ni")), (vec!["nils".to_owned()], vec![]));
    assert_eq!(of("owner:@M"), ["mira"]);
    assert_eq!(of("is:o"), ["open"]);
    assert_eq!(of("kind:de"), ["decision"]);
    assert_eq!(of("sort:"), ["date", "relevance"]);
    assert_eq!(of("ref:")[0], "quay/docs#7");
    assert_eq!(of("ref:#9"), ["quay/tide#9"]);
    assert_eq!(of("ref:tide"), ["quay/tide#7", "quay/tide#9"]);
    assert_eq!(texts(&before, "ref:"), ["quay/docs#7"]);
    assert_eq!(
        (of("label:"), texts(&before, "label:")),
        (vec!["berth".into(), "crane".into()], vec!["crane".to_owned()])
    );
    assert!(of("after:y") == ["yesterday"] && of("before:-").contains(&"-3m".to_owned()));
    assert_eq!(
        (of("on:2026-"), texts(&before, "on:2026-")),
        (vec!["2026-03".into(), "2026-01".into()], vec!["2026-01".to_owned()])
    );
}

#[test]
fn a_completion_tells_the_bytes_that_it_replaces() {
    let (snapshot, [scope, _]) = (book(), scopes());
    let q = "tüde series:\"prod x";
    let put = |q: &str, at: usize| {
        let first = complete(&snapshot, &scope, q, at).into_iter().next()?;
        Some(format!("{}{}{}", &q[..first.from], first.insert, &q[first.to..]))
    };
    assert_eq!(put("tüde series:prod", 17).as_deref(), Some("tüde series:\"product board\""));
    assert_eq!(put("tüde series:pxx crane", 14).as_deref(), Some("tüde series:\"product board\" crane"));
    assert_eq!(put("owner:mira", 2).as_deref(), Some("owner:mira"));
    assert_eq!(put("so crane", 2).as_deref(), Some("sort: crane"));
    // Any place of any text has an answer, also within a character and behind the end.
    for text in [q, "ü:ü owner:ü -\"", "series:\"", ":", "@", "😀owner:😀"] {
        for at in 0..text.len() + 3 {
            for one in complete(&snapshot, &scope, text, at) {
                assert!(
                    one.from <= one.to && text.is_char_boundary(one.from) && text.is_char_boundary(one.to),
                    "{text} {at}"
                );
            }
        }
    }
}

#[test]
fn one_thing_alone_leads_to_its_page() {
    let (snapshot, [scope, before]) = (book(), scopes());
    let to = |scope: &Scope, text: &str| direct(&snapshot, scope, &parse(text, scope.today).expect("a query"));
    let issue = |target: &str| Some(Direct::Issue(target.to_owned()));
    assert_eq!(to(&scope, "#9"), issue("quay/tide#9"));
    assert_eq!(to(&scope, "docs#7"), issue("quay/docs#7"));
    assert_eq!(to(&scope, "https://github.com/quay/tide/pull/9#issuecomment-1"), issue("quay/tide#9"));
    assert_eq!(to(&scope, " @Mira "), Some(Direct::Person("mira".into())));
    // Two repositories have a number 7; of one of them nothing was said before March.
    assert_eq!((to(&scope, "#7"), to(&before, "#7")), (None, issue("quay/docs#7")));
    assert_eq!((to(&before, "#9"), to(&before, "@nils")), (None, None));
    let others = ["mira", "#9 tide", "#9 sort:date", "\"#9\"", "-#9", "#", "@", "#9x", "@nobody", "#9 OR #7", "#9*"];
    for text in others.into_iter().chain(["https://git.example.org/quay/tide/pull/9", "https://github.com/quay", ""]) {
        assert_eq!(to(&scope, text), None, "{text}");
    }
}
