//! The draft of the next agenda: what stands on it, why, and in whose habits.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use jiff::civil::date;
use minutebook_index::query::Scope;
use minutebook_index::query::agenda::{AgendaItem, AgendaView, ItemKind, agenda};
use minutebook_index::{Book, IfBusy, Snapshot};
use minutebook_ingest::Conventions;

fn snapshot(files: &[(&str, &str)]) -> (tempfile::TempDir, Arc<Snapshot>) {
    let folder = tempfile::tempdir().expect("a folder");
    let book = folder.path().join("book");
    for (path, text) in files {
        let path = book.join(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, text).expect("written");
    }
    let snapshot = open(&book, &folder.path().join("data"));
    (folder, snapshot)
}

fn open(book: &Path, data: &Path) -> Arc<Snapshot> {
    let mut book = Book::new(book.to_owned(), data.to_owned(), Conventions::defaults().clone());
    book.refresh(&(), IfBusy::Wait).expect("indexed");
    book.snapshot().expect("a snapshot")
}

fn of(draft: &AgendaView, kind: ItemKind) -> Vec<&AgendaItem> {
    draft.items.iter().filter(|i| i.kind == kind).collect()
}

const FIRST: &str = "# 2026-01-05 Harbour\n## Participants\n* @mira\n* @jo\n* @ada\n\n## Housekeeping\n* Minutes: @ada\n\n## Agenda\n### Fees\n* skipped for lack of time\n### Buoys\n* AI @jo: order forty new buoys\n* AI @mira: redraw the chart of the harbour\n* AI @ada: paint the hut\n* AI @ada: write to the pilots\n* DECISION: We moor the barge at pier two for now\n* [harbour/docs#7](https://github.com/harbour/docs/issues/7) needs another look at the pump\n";
const SECOND: &str = "# 2026-01-12 Harbour\n## Participants\n* @mira\n* @ada\n\n## Housekeeping\n* Minutes: @jo\n\n## Agenda\n### Buoys\n* AI @jo: order forty new buoys\n* [harbour/docs#7](https://github.com/harbour/docs/issues/7) is looked at by nobody yet\n### Crane\n* to be continued\n";
const THIRD: &str = "# 2026-01-19 Harbour\n## Participants\n* @mira\n* @ada\n\n## Housekeeping\n* Minutes: @mira\n\n## Agenda\n### Buoys\n* AI @jo: order forty new buoys\n";

#[test]
fn each_line_says_why_it_is_there() {
    let (_folder, snapshot) = snapshot(&[
        ("harbour/2026-01-05.md", FIRST),
        ("harbour/2026-01-12.md", SECOND),
        ("harbour/2026-01-19.md", THIRD),
        ("harbour/2026-01-26.md", &THIRD.replace("2026-01-19", "2026-01-26")),
    ]);
    // As of the second meeting.
    let draft = agenda(&snapshot, &Scope::as_of(date(2026, 1, 13)), "harbour", None).expect("a series");
    assert_eq!(draft.date, None, "two meetings tell no rhythm");
    assert!(draft.because.contains("yours to give"), "{}", draft.because);
    let pending = of(&draft, ItemKind::Pending);
    assert_eq!(pending.iter().map(|i| i.text.as_str()).collect::<Vec<_>>(), ["order forty new buoys"]);
    assert_eq!(pending[0].carries, Some(1));
    assert!(draft.items.iter().any(|i| i.kind == ItemKind::Standing && i.text == "3 actions more still open"));
    let topics: Vec<&str> = of(&draft, ItemKind::Topic).iter().map(|i| i.text.as_str()).collect();
    assert_eq!(topics, ["Fees", "Crane"]);
    assert!(of(&draft, ItemKind::Topic)[0].reasons[0].contains("“skipped for lack of time”"));
    let issues = of(&draft, ItemKind::Issue);
    assert_eq!(issues.len(), 1);
    assert!(issues[0].reasons[0].contains("2 of the last 2 meetings"), "{:?}", issues[0]);
    assert_eq!(issues[0].evidence.len(), 2);

    // A week later: the rhythm is known, and what came up again or was settled is off.
    let draft = agenda(&snapshot, &Scope::as_of(date(2026, 1, 20)), "harbour", None).expect("a series");
    assert_eq!(draft.date, Some(date(2026, 1, 26)));
    assert_eq!(draft.because, "it meets weekly, mostly on Mondays; last on 2026-01-19");
    let pending = of(&draft, ItemKind::Pending);
    assert_eq!(pending.len(), 1);
    assert_eq!(of(&draft, ItemKind::Topic).iter().map(|i| i.text.as_str()).collect::<Vec<_>>(), ["Crane"]);
    assert!(of(&draft, ItemKind::Issue).is_empty(), "not spoken of in the last meeting");
    let role = of(&draft, ItemKind::Role);
    assert_eq!(role[0].owners, ["ada"], "who comes, and took them longer ago than the last");
    assert!(draft.markdown.starts_with("# 2026-01-26 Harbour\n"), "{}", draft.markdown);
    assert!(draft.markdown.contains("\n* AI @jo: order forty new buoys (2 weeks old, carried 2 times)"));
    assert!(draft.markdown.contains("## Housekeeping\n\n* Minutes: ada"), "{}", draft.markdown);
    assert!(draft.markdown.contains("<!-- Usually here: "), "{}", draft.markdown);
    // Whoever usually comes has not come yet.
    let read = minutebook_ingest::extract(&draft.markdown, "2026-01-26.md");
    assert!(read[0].participants.is_empty(), "{:?}", read[0].participants);

    // Another week, and its owner has not been seen for three meetings.
    let draft = agenda(&snapshot, &Scope::as_of(date(2026, 1, 27)), "harbour", None).expect("a series");
    assert!(
        draft.markdown.contains("(3 weeks old, carried 3 times; jo missed the last 3 meetings)"),
        "{}",
        draft.markdown
    );
}

#[test]
fn what_was_decided_for_a_while_comes_up_once() {
    let mut files = vec![("harbour/2026-01-05.md".to_owned(), FIRST.to_owned())];
    for day in ["2026-03-16", "2026-03-23", "2026-03-30", "2026-04-06", "2026-04-13"] {
        files.push((format!("harbour/{day}.md"), THIRD.replace("2026-01-19", day)));
    }
    let files: Vec<(&str, &str)> = files.iter().map(|(p, t)| (p.as_str(), t.as_str())).collect();
    let (_folder, snapshot) = snapshot(&files);
    let decisions = |day| {
        let draft = agenda(&snapshot, &Scope::as_of(day), "harbour", None).expect("a series");
        of(&draft, ItemKind::Decision).len()
    };
    // Ninety days after it is the fifth of April.
    assert_eq!(decisions(date(2026, 3, 24)), 0);
    assert_eq!(decisions(date(2026, 3, 31)), 1);
    assert_eq!(decisions(date(2026, 4, 7)), 0);
}

#[test]
fn an_agenda_that_is_there_is_started_from() {
    let day = "# 2026-01-26 Harbour\n\n## Action items\n\n- the pump\n\n## Agenda\n\n- the new crane\n";
    let (_folder, snapshot) = snapshot(&[
        ("harbour/2026-01-05.md", FIRST),
        ("harbour/2026-01-12.md", SECOND),
        ("harbour/2026-01-19.md", THIRD),
        ("harbour/2026-01-26.md", day),
    ]);
    let draft = agenda(&snapshot, &Scope::whole(date(2026, 1, 20)), "harbour", None).expect("a series");
    assert_eq!(draft.starts_from.as_deref(), Some("harbour/2026-01-26.md"));
    let at = |words: &str| draft.markdown.find(words).unwrap_or_else(|| panic!("{words:?} in {}", draft.markdown));
    assert!(at("- the pump") < at("AI @jo: order forty new buoys"));
    assert!(at("AI @jo: order forty new buoys") < at("## Agenda"));
    assert!(at("- the new crane") < at("## Left open"));
    // The minutes of the last meeting may tell another day than the rhythm.
    let told = THIRD.replace("* AI @jo: order", "* Next meeting: 2026-02-03\n* AI @jo: order");
    let files =
        [("harbour/2026-01-05.md", FIRST), ("harbour/2026-01-12.md", SECOND), ("harbour/2026-01-19.md", told.as_str())];
    let (_other, book) = crate::snapshot(&files);
    let next = agenda(&book, &Scope::as_of(date(2026, 1, 20)), "harbour", None).expect("a series");
    assert_eq!((next.date, next.because.as_str()), (Some(date(2026, 2, 3)), "the minutes of 2026-01-19 say so"));
    // On the day before it was written nothing is known of it.
    let draft = agenda(&snapshot, &Scope::as_of(date(2026, 1, 20)), "harbour", None).expect("a series");
    assert_eq!(draft.starts_from, None);
}
