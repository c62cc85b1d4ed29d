//! Queries as they are typed, half typed and wrong.

use super::*;
use jiff::civil::date;

fn ok(text: &str) -> Query {
    parse(text, date(2026, 3, 1)).expect("a query")
}

#[test]
fn identifiers_stay_whole_and_minus_counts_only_after_a_blank() {
    let q = ok("SCS-0104-v1 v1alpha1 -beta");
    assert_eq!(q.groups, [Group(vec![Term::Word("SCS-0104-v1".into())]), Group(vec![Term::Word("v1alpha1".into())])]);
    assert_eq!(q.excluded, [Term::Word("beta".into())]);
}

#[test]
fn half_typed_queries_work() {
    assert_eq!(ok("\"open quote").groups, [Group(vec![Term::Unclosed("open quote".into())])]);
    assert_eq!(ok("\"open quote\"").groups, [Group(vec![Term::Phrase("open quote".into())])]);
    assert_eq!(ok("series:").filters, Filters::default());
    assert_eq!(ok("OR a OR").groups, [Group(vec![Term::Word("a".into())])]);
    assert_eq!(ok("- ").groups, []);
    assert_eq!(ok("-").excluded, []);
    for half in ["", "-", "owner:", "after:", "-owner:", "series:\"", "\"", "on: sort:", "OR", "*", "@", "#"] {
        assert!(ok(half).is_empty(), "{half}");
        assert_eq!(ok(&format!("tide {half}")).groups, ok("tide").groups, "{half}");
    }
    assert!(!ok("sort:date").is_empty());
}

#[test]
fn an_error_stands_where_it_goes_wrong() {
    for (text, wrong) in [
        ("ü state:lost x", "lost"),
        ("after:soon", "soon"),
        ("ü on:\"next week\"", "\"next week\""),
        ("before:2024 after:2025", "2025"),
        ("on:2024 before:2023-02", "2023-02"),
        ("sort:size", "size"),
        ("a -owner:mira", "owner:mira"),
        ("a\tkind:böse", "böse"),
    ] {
        let error = parse(text, date(2026, 3, 1)).expect_err(text);
        assert_eq!(error.parts(text)[1], wrong, "{text}");
        assert_eq!(error.parts(text).concat(), text);
        let shown = error.shown(text);
        let (line, mark) = shown.split_once('\n').expect("two lines");
        let blanks = mark.chars().take_while(|c| *c == ' ').count();
        assert!(line.chars().skip(blanks).collect::<String>().starts_with(wrong), "{shown}");
        assert!(mark.contains(&"^".repeat(wrong.chars().count())), "{shown}");
    }
}

#[test]
fn of_orders_the_last_counts_and_days_narrow_one_another() {
    assert_eq!(ok("tide sort:date").sort, Some(Sort::Date));
    assert_eq!(ok("SORT:Date sort:relevance").sort, Some(Sort::Relevance));
    let q = ok("after:2023 after:2022 before:2026 before:yesterday");
    assert_eq!((q.filters.from, q.filters.to), (Some(date(2024, 1, 1)), Some(date(2025, 12, 31))));
    assert_eq!(ok("after:-2w").filters.from, Some(date(2026, 2, 16)));
    let days = [(date(2023, 1, 1), date(2023, 12, 31)), (date(2025, 1, 1), date(2025, 12, 31))];
    assert_eq!(ok("on:2023 on:2025 after:2024").filters.on, days);
}

#[test]
fn a_qualifier_is_found_and_taken_out() {
    let text = "tide  series:\"product board\" is:open sort:date \"sort:date\"";
    assert_eq!(without(text, "series", Some("Product Board")), "tide is:open sort:date \"sort:date\"");
    assert_eq!(without(text, "series", Some("board")), text);
    assert_eq!(without("state:open a is:open b", "state", None), "a b");
    assert_eq!(quoted("product board"), "\"product board\"");
}

#[test]
fn each_qualifier_can_be_left_out() {
    let text = "tide series:quay is:open after:2024 before:2026-05 on:2025-11 owner:mira who:jo by:jo ref:x#1 label:a kind:action";
    let q = ok(text);
    let each = q.filters.without_each();
    // All but the order, which filters nothing.
    assert_eq!(each.len(), QUALIFIERS.len() - 1);
    for (name, left) in each {
        assert_eq!(ok(&without(text, name, None)).filters, left, "{name}");
    }
    assert!(ok("tide sort:date").filters.without_each().is_empty());
    let left = each_without("tide kind:decision -series:quay cache");
    assert_eq!(
        left,
        [
            ("kind:decision", "tide -series:quay cache".to_owned()),
            ("-series:quay", "tide kind:decision cache".to_owned())
        ]
    );
    let told = Without { qualifiers: vec!["state", "series"], total: 3 };
    assert_eq!(told_without(text, &told), "3 without is:open series:quay");
}

#[test]
fn qualifiers_take_quotes_and_dates() {
    let q = ok("series:\"product board\" on:2024-05 x OR y");
    assert_eq!(q.filters.series, ["product board"]);
    assert_eq!(q.filters.on, [(date(2024, 5, 1), date(2024, 5, 31))]);
    assert_eq!(q.groups.len(), 1);
}
