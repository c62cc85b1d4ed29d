use super::*;
use crate::test_book::book;

/// Files of a book, asked on a day: state, target and place of arrival of each handoff.
fn check(files: &[(&str, &str)], today: &str, expected: &[&str]) {
    let (_folder, snapshot) = book(files.iter().copied());
    let scope = Scope::as_of(today.parse().expect("a day"));
    let told: Vec<String> = handoffs(&snapshot, &scope, &Filter::default())
        .iter()
        .map(|h| {
            let to = h.to_series.as_deref().unwrap_or("?");
            let place = h.arrived.as_ref().map_or_else(String::new, |a| format!(" {} {}:{}", a.by, a.path, a.line));
            format!("{} {to}{place}", h.state.as_str())
        })
        .collect();
    assert_eq!(told, expected);
}

const PASSED: (&str, &str) = (
    "pumps/2026-01-05.md",
    "# 2026-01-05\n## Participants\n- @mira\n## Prices\n- mooring fees for dinghies => Harbour team\n",
);

#[test]
fn by_its_words_in_a_heading_or_a_line() {
    let heading = "# 2026-01-12\n## Participants\n- @jo\n## Mooring fees\n- doubled\n";
    check(
        &[PASSED, ("harbour/2026-01-12.md", heading)],
        "2026-02-01",
        &["arrived harbour same-words harbour/2026-01-12.md:4"],
    );
    let line = "# 2026-01-12\n## Participants\n- @jo\n## Other\n- fees: mooring for dinghies is doubled\n";
    check(
        &[PASSED, ("harbour/2026-01-12.md", line)],
        "2026-02-01",
        &["arrived harbour same-words harbour/2026-01-12.md:5"],
    );
}

#[test]
fn by_its_issue() {
    let issue = "https://github.com/quay/docs/issues/41";
    let passed = format!("# 2026-01-05\n## Participants\n- @mira\n## Prices\n- {issue} => Harbour team\n");
    let other = format!("# 2026-01-12\n## Participants\n- @jo\n## Other\n- nothing of it, see {issue}\n");
    check(
        &[("pumps/2026-01-05.md", &passed), ("harbour/2026-01-12.md", &other)],
        "2026-02-01",
        &["arrived harbour same-issue harbour/2026-01-12.md:5"],
    );
}

#[test]
fn waiting_until_the_other_series_has_met_often_enough() {
    let other = |day: &str| format!("# {day}\n## Participants\n- @jo\n## Other\n- the crane is painted\n");
    let days = ["2026-01-12", "2026-01-26", "2026-02-09", "2026-02-23"];
    let texts: Vec<(String, String)> = days.iter().map(|d| (format!("harbour/{d}.md"), other(d))).collect();
    let mut files: Vec<(&str, &str)> = texts.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    files.push(PASSED);
    check(&files, "2026-02-10", &["waiting harbour"]);
    // Four times, but two months have not gone by.
    check(&files, "2026-02-24", &["waiting harbour"]);
    check(&files, "2026-03-20", &["lost harbour"]);
    // What comes up in time, but later than the day of asking, is not known yet.
    let late = "# 2026-02-23\n## Participants\n- @jo\n## Mooring fees\n- doubled\n";
    files.retain(|(path, _)| !path.ends_with("02-23.md"));
    files.push(("harbour/2026-02-23.md", late));
    check(&files, "2026-02-22", &["waiting harbour"]);
    check(&files, "2026-02-23", &["arrived harbour same-words harbour/2026-02-23.md:4"]);
}

#[test]
fn a_name_that_no_series_has() {
    check(
        &[("pumps/2026-01-05.md", "# 2026-01-05\n## Participants\n- @mira\n## A\n- mooring fees => Crane team\n")],
        "2026-02-01",
        &["unknown ?"],
    );
}

#[test]
fn what_a_series_keeps_for_itself_is_none() {
    let own = "# 2026-01-05\n## Participants\n- @mira\n## A\n- mooring fees => Harbour team\n";
    check(&[("harbour/2026-01-05.md", own)], "2026-02-01", &[]);
    let other = own.replace("mooring fees", "the colour of the buoys");
    check(&[("harbour/2026-01-05.md", &other), PASSED], "2026-02-01", &["waiting harbour"]);
}

#[test]
fn by_a_line_that_says_from_where_it_comes() {
    let line = |said: &str| format!("# 2026-01-12\n## Participants\n- @jo\n## Other\n- {said}\n");
    let arrived = "arrived harbour from-there harbour/2026-01-12.md:5";
    for (said, told) in [
        ("a question from the pumps team: dinghies", arrived),
        ("dinghies, see the minutes of 2026-01-05", arrived),
        ("dinghies, see pumps/2026-01-05.md", arrived),
        ("from the pumps team: they are loud", "waiting harbour"),
        ("dinghies are wet", "waiting harbour"),
    ] {
        check(&[PASSED, ("harbour/2026-01-12.md", &line(said))], "2026-02-01", &[told]);
    }
}
