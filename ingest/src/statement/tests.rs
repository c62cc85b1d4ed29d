use super::*;
use crate::conventions::Conventions;
use crate::hints::hints;
use crate::outline::Outline;

fn check(source: &str, expected: &[&str]) {
    let outline = Outline::parse(source);
    let conventions = Conventions::defaults();
    let found = sections(&outline, &hints(&outline, &conventions), &conventions);
    let told: Vec<String> = outline
        .blocks
        .iter()
        .zip(&found)
        .filter(|(b, _)| b.is_item())
        .map(|(b, s)| format!("{}: {s:?}", b.text.plain))
        .collect();
    assert_eq!(told, expected);
}

#[test]
fn headings_and_labels_open_sections() {
    check(
        "## Participants (github handles preferred)\n- @a\n## Agenda\n- x\n### Pending action items\n- y\n",
        &["@a: People { absent: false }", "x: Open", "y: Actions { carried: true }"],
    );
    check(
        "Attendees:\n\n* Mira\n\nRegrets:\n* Jo\n\ntext\n\n* later\n",
        &["Mira: People { absent: false }", "Jo: People { absent: true }", "later: Open"],
    );
    check("- AI\n    - ask\n- b\n", &["AI: Open", "ask: Actions { carried: false }", "b: Open"]);
}

#[test]
fn a_participants_heading_ends_at_the_agenda_below_it() {
    check("# Participants\n- @a\n## Agenda\n- x\n", &["@a: People { absent: false }", "x: Open"]);
}

#[test]
fn sentences_end_at_full_stops_items_speakers_and_arrows() {
    let of = |words| sentences(words).into_iter().map(|(_, sentence)| sentence).collect::<Vec<_>>();
    assert_eq!(of("It is late. Is it? (e.g. now) Yes"), ["It is late.", "Is it?", "(e.g. now) Yes"]);
    assert_eq!(of("One (two.) three; 3.5 four.five"), ["One (two.", "three;", "3.5 four.five"]);
    assert_eq!(
        of("late (Mira: ask) (mira: ask) -> Jo => Tim →Ada–>x"),
        ["late", "(Mira: ask) (mira: ask)", "-> Jo", "=> Tim", "→Ada–>x"]
    );
    assert_eq!(of("a\n - b\n* c\nd. -> e"), ["a", "b", "c\nd.", "-> e"]);
    assert_eq!(of("Write it. (@a, @b)"), ["Write it. (@a, @b)"]);
}

#[test]
fn wrapped_lines_are_one_statement() {
    let long = "Mira will ask the harbour office about the new tide tables and";
    let outline = Outline::parse(&format!("{long}\nreport back.\n\nHost: Mira\nNotes: Jo\n"));
    let all: Vec<&str> =
        outline.blocks.iter().enumerate().flat_map(|(n, b)| statements(n, b, |_| false)).map(|s| s.words()).collect();
    assert_eq!(all, [format!("{long}\nreport back.").as_str(), "Host: Mira", "Notes: Jo"]);
}
