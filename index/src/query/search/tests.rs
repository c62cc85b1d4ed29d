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

fn ask(snapshot: &Snapshot, scope: &Scope, text: &str) -> Arc<SearchResult> {
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
fn other_spellings_are_offered_of_what_stands_nowhere() {
    let (snapshot, [scope, _]) = (book(), scopes());
    let offered = |text: &str| ask(&snapshot, &scope, text).suggestions.clone();
    assert_eq!(offered("zepelins"), ["zeppelins"]);
    // Of a phrase the words that are right are not changed.
    assert_eq!(offered("\"tide zepelins\""), ["tide zeppelins"]);
    // Both words stand somewhere: they are spelt right.
    assert!(offered("\"zeppelins tide\"").is_empty());
    assert!(offered("zeppelins on:2026-01").is_empty());
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

#[test]
fn pages_together_are_all_hits_and_facets_count_them() {
    let line = |n: usize| format!("- tide {} is item {n}\n  - and the crane {}\n", n % 7, n % 3);
    let text = |day: &str, from: usize| {
        let head = format!("# {day}\n## Participants\n- @mira\n\n## Tide of {day}\nThe same words in all of them.\n");
        head + &(from..from + 9).map(line).collect::<String>() + "AI @mira: watch the tide\n"
    };
    let days = ["2024-12-30", "2025-03-03", "2026-01-05", "2026-02-02"];
    let files: Vec<(String, String)> =
        days.iter().enumerate().map(|(n, day)| (format!("quay{}/{day}.md", n % 2), text(day, n * 5))).collect();
    let (_folder, snapshot) = crate::test_book::book(files.iter().map(|(path, text)| (path.as_str(), text.as_str())));
    let whole = Scope::whole("2026-04-01".parse().expect("a day"));
    for scope in [whole, scopes()[0].clone()] {
        for text in
            ["tide", "crane item", "\"same words\"", "mira", "tide series:quay1", "tide sort:date", "kind:action"]
        {
            let query = parse(text, scope.today).expect("a query");
            let all = search(&snapshot, &scope, &query, 0, usize::MAX).expect("an answer");
            assert_eq!(all.total, all.hits.len(), "{text}");
            assert!(all.total > 1, "{text}");
            let ids = |hits: &[Hit]| hits.iter().map(|h| (h.id.clone(), h.line, h.count)).collect::<Vec<_>>();
            let mut pages = Vec::new();
            for from in (0..all.total).step_by(3) {
                let page = search(&snapshot, &scope, &query, from, 3).expect("an answer");
                assert_eq!(page.total, all.total);
                pages.extend(ids(&page.hits));
            }
            assert_eq!(pages, ids(&all.hits), "{text}");
            let counted = |of: &dyn Fn(&Hit) -> String| {
                let mut counts: Vec<Count> = Vec::new();
                for value in all.hits.iter().map(of) {
                    match counts.iter_mut().find(|c| c.value == value) {
                        Some(c) => c.count += 1,
                        None => counts.push(Count { value, count: 1 }),
                    }
                }
                counts.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.value.cmp(&b.value)));
                counts
            };
            assert_eq!(all.facets.kind, counted(&|h| h.kind.clone()), "{text}");
            assert_eq!(all.facets.series, counted(&|h| h.series.clone()), "{text}");
            let mut years = counted(&|h| h.date.map_or_else(String::new, |d| d.year().to_string()));
            years.sort_by(|a, b| b.value.cmp(&a.value));
            assert_eq!(all.facets.year, years, "{text}");
            let mut months = counted(&|h| h.date.map_or_else(String::new, |d| d.strftime("%Y-%m").to_string()));
            months.sort_by(|a, b| a.value.cmp(&b.value));
            assert_eq!(all.facets.month, months, "{text}");
            if text != "tide sort:date" {
                assert!(all.hits.is_sorted_by(|a, b| a.score >= b.score), "{text}");
            }
            // No two hits stand within one another.
            for (n, a) in all.hits.iter().enumerate().filter(|_| !query.groups.is_empty()) {
                let within = |b: &&Hit| a.path == b.path && a.line <= b.end_line && b.line <= a.end_line;
                let parts = |h: &&Hit| h.kind != "meeting" && a.kind != "meeting";
                assert!(!all.hits[n + 1..].iter().filter(parts).any(|b| within(&b)), "{text}");
            }
        }
    }
    let said = ask(&snapshot, &scopes()[0], "\"same words in all\"");
    let first = said.hits.first().expect("a hit");
    assert_eq!((first.count, first.copies.len()), (4, 3));
    assert_eq!((first.first, first.last), (days[0].parse().ok(), days[3].parse().ok()));
    assert_eq!(first.path, "quay1/2026-02-02.md", "the latest");
}

#[test]
fn a_person_is_counted_once_a_hit_however_spelt() {
    let text = "# 2026-01-05\n## Participants\n- Mira Voss (@mira)\n- @jo\n\n## Tide\n- AI @mira: Mira Voss asks for the tide\n";
    let (_folder, snapshot) = crate::test_book::book([("quay/2026-01-05.md", text)]);
    let found = ask(&snapshot, &scopes()[0], "asks");
    assert_eq!(found.total, 1);
    assert_eq!(found.facets.person, [Count { value: "mira".to_owned(), count: 1 }]);
}

#[test]
fn qualifiers_that_leave_nothing_are_told() {
    let (snapshot, [scope, _]) = (book(), scopes());
    let told = |text: &str| {
        ask(&snapshot, &scope, text).without.iter().map(|w| (w.qualifiers.clone(), w.total)).collect::<Vec<_>>()
    };
    let cranes = ask(&snapshot, &scope, "crane").total;
    assert!(cranes > 0);
    assert_eq!(told("crane series:\"product board\""), [(vec!["series"], cranes)]);
    assert_eq!(told("crane on:2026-03 kind:meeting"), [(vec!["kind", "on"], cranes)]);
    assert_eq!(told("crane series:harbour"), []);
    assert_eq!(told("xylophon series:harbour"), []);
    assert_eq!(told("kind:decision"), [], "there are no words to find without it");
}

#[test]
fn marks_around_a_text_are_not_cut_off() {
    let text = "# 2026-01-05\n- (we take the zeppelin.)\n";
    let (_folder, snapshot) = crate::test_book::book([("quay/2026-01-05.md", text)]);
    let found = ask(&snapshot, &scopes()[0], "zeppelin");
    let hit = &found.hits[0];
    assert_eq!(
        (&*hit.snippet, &hit.snippet[hit.highlights[0].0..hit.highlights[0].1]),
        ("(we take the zeppelin.)", "zeppelin")
    );
}

#[test]
fn what_is_cut_off_is_marked() {
    let long = format!("{} zeppelin {}", "so it goes on and on ".repeat(30), "until the very end ".repeat(30));
    let text = format!("# 2026-01-05\n## Tide\n- {long}\n- a zeppelin\n");
    let (_folder, snapshot) = crate::test_book::book([("quay/2026-01-05.md", text.as_str())]);
    let found = ask(&snapshot, &scopes()[0], "zeppelin");
    let (cut, whole) = (found.hits.iter().find(|h| h.text.len() > 99), found.hits.iter().find(|h| h.text.len() < 20));
    let (cut, whole) = (cut.expect("the long one"), whole.expect("the short one"));
    assert!(cut.snippet.starts_with('…') && cut.snippet.ends_with('…'), "{}", cut.snippet);
    for h in [cut, whole] {
        let marked: Vec<&str> = h.highlights.iter().map(|&(from, to)| &h.snippet[from..to]).collect();
        assert_eq!(marked, ["zeppelin"]);
    }
    assert_eq!(whole.snippet, whole.text);
    let opening = ask(&snapshot, &scopes()[0], "kind:passage");
    let cut = opening.hits.iter().find(|h| h.text.len() > 99).expect("the long one");
    assert!(cut.snippet.starts_with("so it") && cut.snippet.ends_with('…') && cut.highlights.is_empty());
}

#[test]
fn abbreviations_of_the_book_are_asked_for_too_but_not_before_they_are_explained() {
    let january = "# 2026-01-05\n## Tide\n- the harbour depth register is late\n- the HDR is wet\n- the crane\n";
    let march = "# 2026-03-02\n## Tide\n- our Harbour Depth Register (HDR) is done\n- one Tide Rule (TR), one Tide Rota (TR)\n- a TR\n";
    let (_folder, snapshot) = crate::test_book::book([("quay/2026-01-05.md", january), ("quay/2026-03-02.md", march)]);
    let [after, before] = scopes();
    let texts =
        |scope: &Scope, text: &str| ask(&snapshot, scope, text).hits.iter().map(|h| h.text.clone()).collect::<Vec<_>>();
    let late = "the harbour depth register is late";
    let found = texts(&after, "HDR");
    assert!(found.contains(&late.to_owned()), "{found:?}");
    assert_ne!(found.first().map(String::as_str), Some(late), "the word itself counts for more");
    assert_eq!(texts(&before, "HDR"), ["the HDR is wet"]);
    assert!(!texts(&after, "TR").iter().any(|t| t.contains("crane")));
    assert!(texts(&after, "\"HDR\"").iter().all(|t| t.contains("HDR")), "what stands in quotes is meant as it is");
}

#[test]
fn an_answer_is_kept_for_who_asks_the_same_of_the_same_state() {
    let (snapshot, [april, february]) = (book(), scopes());
    let first = ask(&snapshot, &april, "tide");
    assert!(Arc::ptr_eq(&first, &ask(&snapshot, &april, "tide")));
    assert!(ask(&snapshot, &february, "tide").total < first.total, "on another day another answer");
    let another = snapshot.with_ledger(Arc::clone(&snapshot.ledger));
    assert!(!Arc::ptr_eq(&first, &ask(&another, &april, "tide")), "a ledger may tell something else");
    for n in 0..40 {
        ask(&snapshot, &april, &format!("word{n}"));
    }
    assert!(!Arc::ptr_eq(&first, &ask(&snapshot, &april, "tide")), "old ones go");
}
