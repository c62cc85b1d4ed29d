//! Whatever bytes come, extraction holds these properties.

use minutebook_ingest::{Conventions, Extractor, Meeting, decode, extract};
use proptest::prelude::*;
use std::sync::LazyLock;

static EXTRACTOR: LazyLock<Extractor> = LazyLock::new(|| Extractor::new(Conventions::defaults()));

/// Pieces that minutes are made of, so that random texts reach the rules.
const PIECES: [&str; 46] = [
    "# ",
    "## Participants\n",
    "- ",
    "* [x] ",
    "- [ ] ",
    "  - ",
    "\t",
    "\n",
    "\n\n",
    "AI ",
    "@mira",
    "@jo/@tim",
    "AI @mira: ",
    "_AI @jo: ask_",
    "(AI @tim)",
    "ToDo: ",
    "TODO(@a) ",
    "-> ",
    "=> ",
    "→",
    "Decision: ",
    "vote: 5 for, 1 against",
    "| a | b |\n|---|---|\n",
    "| 1 | 2 |\n",
    "2026-01-13",
    "26.05.2016",
    "December 16, 2020",
    "~~done~~",
    "DONE",
    "✅",
    "by end of June",
    "bis Ende Mai",
    "#12",
    "standards#7",
    "https://github.com/a/b/pull/3",
    "[x](y)",
    "`code`",
    "```\n",
    "<details>",
    "<!-- ",
    "---\n",
    "Mira will ask ",
    "Anwesend: a, b\n",
    "ß",
    "😀",
    "\u{feff}",
];

fn minutes() -> impl Strategy<Value = String> {
    let piece = prop_oneof![4 => proptest::sample::select(PIECES.to_vec()).prop_map(str::to_owned), 1 => "\\PC{0,12}"];
    proptest::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

fn check(meetings: &[Meeting], source: &str) {
    let lines = u32::try_from(source.lines().count()).expect("short").max(1);
    for m in meetings {
        let inside = |line: u32| (m.line..=m.end_line).contains(&line) && line >= 1 && line <= lines;
        assert!(m.line >= 1 && m.end_line <= lines.max(m.line), "{}..{} of {lines}", m.line, m.end_line);
        for a in &m.actions {
            assert!(inside(a.line) && a.line <= a.end_line && a.end_line <= lines, "action {a:?} of {lines} lines");
            assert!(!a.text.is_empty() && a.owners.iter().all(|o| !o.is_empty() && !o.starts_with('@')));
        }
        for d in &m.decisions {
            assert!(inside(d.line) && d.line <= d.end_line && d.end_line <= lines, "decision {d:?} of {lines} lines");
        }
        assert!(m.participants.iter().all(|p| inside(p.line) && !p.as_written().is_empty()));
        assert!(m.roles.iter().all(|r| inside(r.line)));
        assert!(m.references.iter().all(|r| inside(r.line) && source.contains(&r.as_written)));
        assert!(m.topics.iter().all(|t| inside(t.line) && t.line <= t.end_line));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, max_shrink_iters: 500, ..ProptestConfig::default() })]

    #[test]
    fn spans_lie_inside_and_nothing_panics(source in minutes()) {
        check(&EXTRACTOR.extract(&source, "team/2026-01-13.md", "team"), &source);
    }

    #[test]
    fn any_text_at_all(source in "\\PC{0,400}") {
        check(&EXTRACTOR.extract(&source, "x.md", "x"), &source);
    }

    #[test]
    fn any_bytes_at_all(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let (source, _) = decode::decode(&bytes);
        check(&EXTRACTOR.extract(&source, "x.md", "x"), &source);
    }

    #[test]
    fn same_text_same_facts_whatever_ends_its_lines(source in minutes()) {
        let source = source.replace('\u{feff}', "");
        let facts = EXTRACTOR.extract(&source, "team/2026-01-13.md", "team");
        prop_assert_eq!(&facts, &EXTRACTOR.extract(&source, "team/2026-01-13.md", "team"));
        let marked = format!("\u{feff}{source}");
        let (without_mark, _) = decode::decode(marked.as_bytes());
        prop_assert_eq!(without_mark, source.as_str());
        let windows = source.replace('\n', "\r\n");
        let told: Vec<_> = EXTRACTOR.extract(&windows, "team/2026-01-13.md", "team").into_iter().map(|m| (m.actions, m.decisions, m.participants, m.date)).collect();
        let wanted: Vec<_> = facts.into_iter().map(|m| (m.actions, m.decisions, m.participants, m.date)).collect();
        prop_assert_eq!(told, wanted);
    }
}

#[test]
fn a_file_without_text_is_a_note() {
    let meetings = extract("", "empty.md");
    assert_eq!(meetings.len(), 1);
    assert!(!meetings[0].held);
}
