use std::cmp::Ordering;
use std::sync::Arc;

use jiff::civil::{Date, date};

use super::*;

const FIRST: &str = "# Platform 2026-01-05\n## Participants\n- @mira\n- @jo\n## Agenda\n### Tide alarms\n\
                     - see #29, the sirens\n- AI @mira: write the note\n  for [deploy#29](https://github.com/quay/deploy/issues/29)\n\
                     ### Gauges\n- => discuss in Board team\n";
const SECOND: &str = "# Platform 2026-01-12\n## Participants\n- @mira\n- @jo\n- @kim\n## Check AIs from last time\n\
                      - AI @mira: write the note for [deploy#29](https://github.com/quay/deploy/issues/29) - done\n\
                      ## Agenda\n### Tide Alarms 2026-01-12 (15 min)\n- Decision: we buy ten sirens, see [deploy#40](https://github.com/quay/deploy/issues/40)\n\
                      ### Gauges\n- no news\n";
const THIRD: &str = "# Platform 2026-01-19\n## Participants\n- @jo\n- @kim\n## Agenda\n### gauges\n- no news for @kim\n### Buoys\n- painted\n";
const BOARD: &str = "# Board 2026-01-20\n## Participants\n- @lena\n## Topics\n### Money\n- none\n- AI @lena: ask [deploy#77](https://github.com/quay/deploy/issues/77)\n";

const FILES: [(&str, &str); 4] = [
    ("platform/2026-01-05.md", FIRST),
    ("platform/2026-01-12.md", SECOND),
    ("platform/2026-01-19.md", THIRD),
    ("board/2026-01-20.md", BOARD),
];

fn book(files: &[(&str, &str)]) -> (tempfile::TempDir, Arc<Snapshot>) {
    crate::test_book::book(files.iter().copied())
}

fn now() -> Scope {
    Scope::whole(date(2026, 2, 1))
}

/// "from relation to @ path:line", with the ids of actions and decisions by their kind alone.
fn told(e: &EdgeView) -> String {
    let name = |id: &str| match id.split_once(':') {
        Some((kind @ ("action" | "decision"), _)) => kind.to_owned(),
        _ => id.to_owned(),
    };
    format!("{} {} {} @ {}:{}", name(&e.from), e.relation.as_str(), name(&e.to), e.path, e.line)
}

fn edges(snapshot: &Snapshot, scope: &Scope) -> Vec<String> {
    whole(snapshot, scope).edges.iter().map(told).collect()
}

#[test]
fn a_decision_replaces_the_one_that_it_undoes() {
    let (_folder, snapshot) = book(&[
        ("tide/2026-01-05.md", "# Tide 2026-01-05\n- @mira\n## Cache\n- Decision: use Postgres for the tide cache\n"),
        (
            "tide/2026-01-12.md",
            "# Tide 2026-01-12\n- @mira\n## Cache\n- Decision: Postgres for the tide cache is abandoned\n",
        ),
    ]);
    let graph = whole(&snapshot, &now());
    let of_day = |id: &str| graph.nodes.iter().find(|n| n.id == id).and_then(|n| n.first);
    let replaces = graph.edges.iter().filter(|e| e.relation == Relation::Replaces);
    let told: Vec<_> = replaces.map(|e| (of_day(&e.from), of_day(&e.to), e.path.as_str(), e.line)).collect();
    assert_eq!(told, [(Some(date(2026, 1, 12)), Some(date(2026, 1, 5)), "tide/2026-01-12.md", 4)]);
}

#[test]
fn every_edge_is_told_with_the_line_that_proves_it() {
    let (_folder, snapshot) = book(&FILES);
    let all = edges(&snapshot, &now());
    for edge in [
        "person:mira attended meeting:platform/2026-01-05.md @ platform/2026-01-05.md:3",
        "person:mira owns action @ platform/2026-01-12.md:7",
        "action raised in meeting:platform/2026-01-05.md @ platform/2026-01-05.md:8",
        "action closed in meeting:platform/2026-01-12.md @ platform/2026-01-12.md:7",
        "action under topic:platform/tide alarms @ platform/2026-01-05.md:8",
        "decision decided in meeting:platform/2026-01-12.md @ platform/2026-01-12.md:10",
        "decision under topic:platform/tide alarms @ platform/2026-01-12.md:10",
        "decision mentions issue:quay/deploy#40 @ platform/2026-01-12.md:10",
        // By the link below, and by nothing else.
        "meeting:platform/2026-01-05.md mentions issue:quay/deploy#29 @ platform/2026-01-05.md:7",
        "topic:platform/tide alarms discusses issue:quay/deploy#40 @ platform/2026-01-12.md:10",
        "meeting:platform/2026-01-12.md discusses topic:platform/tide alarms @ platform/2026-01-12.md:9",
        "topic:platform/gauges of series:platform @ platform/2026-01-19.md:6",
        "topic:platform/gauges handed to series:board @ platform/2026-01-05.md:11",
        "meeting:platform/2026-01-19.md mentions person:kim @ platform/2026-01-19.md:7",
    ] {
        assert!(all.iter().any(|e| e == edge), "{edge} is missing in {all:#?}");
    }
    // Furniture is no topic.
    assert!(!all.iter().any(|e| e.contains("topic:platform/agenda") || e.contains("participants")), "{all:#?}");
    let graph = whole(&snapshot, &now());
    let topic = graph.nodes.iter().find(|n| n.id == "topic:platform/gauges").expect("a topic");
    assert_eq!((topic.first, topic.last), (Some(date(2026, 1, 5)), Some(date(2026, 1, 19))));
    let action = graph.nodes.iter().find(|n| n.kind == Kind::Action && n.series.as_deref() == Some("platform"));
    assert_eq!(action.and_then(|n| n.state), Some(State::Done));
}

#[test]
fn an_edge_that_is_said_again_is_one_with_its_first_day_and_last_proof() {
    let (_folder, snapshot) = book(&FILES);
    let graph = whole(&snapshot, &now());
    let of = graph.edges.iter().find(|e| e.from == "topic:platform/gauges" && e.relation == Relation::Of);
    let of = of.expect("an edge");
    assert_eq!((of.count, of.first, of.date), (3, Some(date(2026, 1, 5)), Some(date(2026, 1, 19))));
}

#[test]
fn as_of_a_day_it_is_the_graph_of_a_book_without_what_came_later() {
    // A later link teaches what `#4711` is; before it nobody knows.
    let early =
        "# Platform 2026-01-05\n## Participants\n- @mira\n## Agenda\n### Pumps\n- docs#4711 is old\n- AI Mira: ask\n";
    let late = "# Platform 2026-01-12\n## Participants\n- Mira Holt (@mira)\n## Agenda\n### Pumps\n\
                - [docs#4711](https://github.com/quay/manual/issues/4711) again\n- Decision: we paint the pumps\n";
    let (_folder, grown) = book(&[("platform/2026-01-05.md", early), ("platform/2026-01-12.md", late)]);
    let (_other, small) = book(&[("platform/2026-01-05.md", early)]);
    let then: Scope = Scope::as_of(date(2026, 1, 8));
    assert_eq!(edges(&grown, &then), edges(&small, &then));
    assert_eq!(whole(&grown, &then).nodes, whole(&small, &then).nodes);
    assert!(edges(&grown, &now()).iter().any(|e| e.contains("issue:quay/manual#4711 @ platform/2026-01-05.md:6")));
    assert!(!edges(&grown, &then).iter().any(|e| e.contains("4711")));
    let near =
        |snapshot: &Snapshot| around(snapshot, &then, "topic:platform/pumps", &Around::default()).expect("there").total;
    assert_eq!(near(&grown), near(&small));
}

fn id_of(snapshot: &Snapshot, wanted: &str) -> Result<String, (String, Vec<String>)> {
    let graph = snapshot.graph(&now());
    let found = find(snapshot, &now(), &graph, wanted);
    found.map(|at| graph.node(at).address()).map_err(|e| (e.what.to_owned(), e.nearest))
}

#[test]
fn a_bare_word_means_what_only_one_is_called() {
    let (_folder, snapshot) = book(&FILES);
    for (wanted, id) in [
        ("mira", "person:mira"),
        ("@Mira", "person:mira"),
        ("platform", "series:platform"),
        ("deploy#29", "issue:quay/deploy#29"),
        ("#40", "issue:quay/deploy#40"),
        ("QUAY/deploy#29", "issue:quay/deploy#29"),
        ("platform/2026-01-05.md", "meeting:platform/2026-01-05.md"),
        ("meeting:platform/2026-01-05.md:8", "meeting:platform/2026-01-05.md"),
        ("Tide alarms", "topic:platform/tide alarms"),
        ("topic:Gauges", "topic:platform/gauges"),
    ] {
        assert_eq!(id_of(&snapshot, wanted).as_deref(), Ok(id), "{wanted}");
    }
    for node in whole(&snapshot, &now()).nodes {
        assert_eq!(id_of(&snapshot, &node.id).as_ref(), Ok(&node.id));
    }
}

#[test]
fn what_is_ambiguous_or_unknown_is_told_with_what_may_be_meant() {
    let twice = "# Board 2026-01-20\n## Participants\n- @platform\n## Topics\n### Gauges\n- x\n";
    let (_folder, snapshot) = book(&[FILES[0], ("board/2026-01-20.md", twice)]);
    let several = |ids: [&str; 2]| Err(("single node".to_owned(), ids.map(str::to_owned).to_vec()));
    let mut found = id_of(&snapshot, "platform");
    if let Err((_, nearest)) = &mut found {
        nearest.sort();
    }
    assert_eq!(found, several(["person:platform", "series:platform"]));
    let mut found = id_of(&snapshot, "gauges");
    if let Err((_, nearest)) = &mut found {
        nearest.sort();
    }
    assert_eq!(found, several(["topic:board/gauges", "topic:platform/gauges"]));
    assert_eq!(id_of(&snapshot, "person:miar"), Err(("node".to_owned(), vec!["person:mira".to_owned()])));
    assert_eq!(id_of(&snapshot, "").map_err(|e| e.0), Err("node".to_owned()));
    assert_eq!(id_of(&snapshot, "issue:").map_err(|e| e.0), Err("node".to_owned()));
    assert_eq!(id_of(&snapshot, "#1234567").map_err(|e| e.0), Err("node".to_owned()));
}

#[test]
fn the_nearest_and_most_recent_come_first_and_the_total_is_told() {
    let (_folder, snapshot) = book(&FILES);
    let asked = Around { depth: 2, ..Around::default() };
    let found = around(&snapshot, &now(), "jo", &asked).expect("there");
    assert!(found.nodes.is_sorted_by_key(|n| (n.distance, Reverse(n.by.date))), "{:#?}", found.nodes);
    assert_eq!((found.nodes[0].node.id.as_str(), found.nodes[0].distance), ("meeting:platform/2026-01-19.md", 1));
    assert_eq!(found.total, found.nodes.len());
    assert!(found.nodes.iter().any(|n| n.distance == 2 && n.node.id == "person:kim"));
    let cut = around(&snapshot, &now(), "jo", &Around { limit: 2, ..asked.clone() }).expect("there");
    assert_eq!((cut.total, cut.totals, cut.nodes.len()), (found.total, found.totals, 2));
    assert!(cut.edges.iter().all(|e| [&e.from, &e.to].iter().any(|id| *id == "person:jo")), "{:#?}", cut.edges);
    // Of other kinds, reached over nodes that are not told.
    let only = Around { kinds: kinds("issues, people").expect("kinds"), ..asked };
    let found = around(&snapshot, &now(), "jo", &only).expect("there");
    let told: Vec<&str> = found.nodes.iter().map(|n| n.node.id.as_str()).collect();
    assert_eq!(told, ["person:kim", "person:mira", "issue:quay/deploy#29", "issue:quay/deploy#40"]);
    assert!(kinds("issue,thing").is_err_and(|e| e.contains("person, team, series")));
    let alone = around(&snapshot, &now(), "jo", &Around { depth: 0, ..Around::default() }).expect("there");
    assert_eq!((alone.total, alone.edges.len()), (0, 0));
}

#[test]
fn a_way_leads_over_what_is_special_and_not_over_what_holds_everything() {
    let (_folder, snapshot) = book(&FILES);
    let ids = |path: &PathView| {
        path.nodes.iter().map(|n| n.id.split(':').next().unwrap_or("").to_owned()).collect::<Vec<_>>()
    };
    // Both meetings and the topic lie between them too.
    let found = paths(&snapshot, &now(), "mira", "deploy#29").expect("there");
    assert_eq!(ids(&found.paths[0]), ["person", "action", "issue"]);
    let steps = &found.paths[0].steps;
    assert_eq!((steps[1].edge.path.as_str(), steps[1].edge.line), ("platform/2026-01-12.md", 7));
    assert!(steps[1].quote.as_deref().is_some_and(|q| q.contains("deploy#29")), "{steps:?}");
    assert!(steps.iter().all(|s| s.forward));
    // Kim and Jo sat together; the series is no short cut.
    let found = paths(&snapshot, &now(), "kim", "jo").expect("there");
    assert!(found.paths.iter().all(|p| ids(p) == ["person", "meeting", "person"]), "{found:#?}");
    assert_eq!(found.paths.iter().map(|p| p.cost.total_cmp(&found.paths[0].cost)).min(), Some(Ordering::Equal));
    // Lena hangs together with the others over the handoff alone.
    let found = paths(&snapshot, &now(), "lena", "mira").expect("there");
    assert!(ids(&found.paths[0]).contains(&"series".to_owned()), "{found:#?}");
    let same = paths(&snapshot, &now(), "mira", "mira").expect("there");
    assert_eq!((same.paths.len(), same.paths[0].steps.len()), (1, 0));
    let (_folder, apart) = book(&[FILES[1], FILES[3]]);
    assert!(paths(&apart, &now(), "lena", "mira").expect("there").paths.is_empty());
    assert_eq!(paths(&apart, &now(), "lena", "nobody-here").expect_err("nobody").what, "node");
}

#[test]
fn topics_that_come_back_undecided() {
    let (_folder, snapshot) = book(&FILES);
    let found = recurring(&snapshot, &now(), Some("platform")).expect("a series");
    let told: Vec<_> = found.iter().map(|t| (t.topic.as_str(), t.meetings, t.since, t.last, t.standing)).collect();
    assert_eq!(told, [("gauges", 3, Some(date(2026, 1, 5)), Some(date(2026, 1, 19)), false)]);
    assert_eq!((found[0].places[0].path.as_str(), found[0].places[0].line), ("platform/2026-01-19.md", 6));
    assert_eq!(found[0].id, "topic:platform/gauges");
    // On an earlier day it had not come back yet.
    let then = Scope::as_of(date(2026, 1, 12));
    assert!(recurring(&snapshot, &then, None).expect("all").is_empty());
    assert_eq!(recurring(&snapshot, &now(), Some("platfrom")).expect_err("none").nearest, ["platform"]);
}

#[test]
fn a_heading_of_most_meetings_is_a_fixture() {
    let day = |n: i64| date(2026, 1, 5).checked_add(jiff::Span::new().weeks(n)).expect("a day");
    let files: Vec<(String, String)> = (0..14)
        .map(|n| {
            let often = if n < 13 { "### Weather\n- wind\n" } else { "" };
            let seldom = if n % 4 == 0 { "### Gauges\n- no news\n" } else { "" };
            let decided = if n == 4 { "### Boats\n- Decision: we buy one\n" } else { "### Boats\n- none\n" };
            let text = format!("# {}\n## Participants\n- @mira\n## Agenda\n{often}{seldom}{decided}", day(n));
            (format!("platform/{}.md", day(n)), text)
        })
        .collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(p, t)| (p.as_str(), t.as_str())).collect();
    let (_folder, snapshot) = book(&files);
    let scope: Scope = Scope::whole(Date::constant(2026, 12, 1));
    let found = recurring(&snapshot, &scope, None).expect("all");
    let told: Vec<_> = found.iter().map(|t| (t.topic.as_str(), t.meetings, t.standing)).collect();
    assert_eq!(told, [("Gauges", 4, false), ("Weather", 13, true)]);
}

#[test]
fn the_life_of_an_issue_holds_mentions_actions_and_decisions_by_day() {
    use crate::query::issues::{LifeKind, issue};
    let (_folder, snapshot) = book(&FILES);
    let page = issue(&snapshot, &now(), "deploy#29").expect("there");
    let told: Vec<_> = page.life.iter().map(|e| (e.path.as_str(), e.line, e.kind, e.id.is_some())).collect();
    assert_eq!(
        told,
        [
            ("platform/2026-01-05.md", 7, LifeKind::Mention, false),
            ("platform/2026-01-05.md", 8, LifeKind::Action, true),
            ("platform/2026-01-12.md", 7, LifeKind::Action, true),
        ]
    );
    assert_eq!((page.actions.len(), page.decisions.len()), (1, 0));
    let page = issue(&snapshot, &now(), "#40").expect("there");
    assert_eq!(page.life.iter().map(|e| e.kind).collect::<Vec<_>>(), [LifeKind::Decision]);
    assert_eq!(page.decisions.len(), 1);
}
