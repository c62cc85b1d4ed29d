//! Whatever bytes come, extraction holds these properties.

use std::sync::LazyLock;

use inside::assert_inside;
use minutebook_ingest::{Conventions, Extractor, Meeting, decode, extract};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

mod inside;

static EXTRACTOR: LazyLock<Extractor> = LazyLock::new(|| Extractor::new(Conventions::defaults()));
/// Made like the other, and fed with other texts.
static TWIN: LazyLock<Extractor> = LazyLock::new(|| Extractor::new(Conventions::defaults()));

/// Pieces that minutes are made of, so that random texts reach the rules.
const PIECES: [&str; 76] = [
    "# ",
    "## Participants\n",
    "### Action items\n",
    "Attendees:\n",
    "Regrets: ",
    "| Name | Initials | GitHub |\n|---|---|---|\n",
    "Title\n===\n",
    "- ",
    "* [x] ",
    "- [ ] ",
    "1. ",
    "  - ",
    "> ",
    "\t",
    "    ",
    "\n",
    "\n\n",
    "\\",
    "  \n",
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
    "Decided",
    "What do we use?\n",
    "We keep the table",
    "because of the tide",
    "vote: 5 for, 1 against",
    "| a | b |\n|---|---|\n",
    "| 1 | 2 |\n",
    "|",
    "2026-01-13",
    "# 2026-01-14\n",
    "# 2026-02-30\n",
    "26.05.2016",
    "December 16, 2020",
    "~~done~~",
    "~~",
    "**",
    "DONE",
    "✅",
    "by end of June",
    "bis Ende Mai",
    "#12",
    "standards#7",
    "https://github.com/a/b/pull/3",
    "https://gitlab.com/a/b/-/issues/3",
    "[x](y)",
    "[a][b]",
    "[^1]: ",
    "![",
    "`code`",
    "`",
    "```\n",
    "<details>",
    "<table><tr><td>Mira<td>@mira",
    "<br>",
    "<!-- ",
    "-->",
    "---\n",
    "date: 2026-01-13\n",
    "Mira will ask ",
    "Minutes: Mira\n",
    "discuss in IaaS Team",
    "Anwesend: a, b\n",
    "ß",
    "😀",
    "\u{feff}",
];

fn piece() -> impl Strategy<Value = String> {
    prop_oneof![4 => select(PIECES.to_vec()).prop_map(str::to_owned), 1 => "\\PC{0,12}", 1 => any::<char>().prop_map(String::from)]
}

/// Pieces in any order.
fn jumble() -> impl Strategy<Value = String> {
    vec(piece(), 0..60).prop_map(|pieces| pieces.concat())
}

/// Lines that are indented and begin as blocks do.
fn nested() -> impl Strategy<Value = String> {
    let opens = select(vec!["", "", "- ", "* ", "1. ", "- [ ] ", "- [x] ", "> ", "## ", "| ", "```", "<div>"]);
    let line = (0..12usize, opens, vec(piece(), 0..4));
    vec(line, 0..40).prop_map(|lines| {
        lines.iter().map(|(indent, opens, words)| format!("{:indent$}{opens}{}\n", "", words.concat())).collect()
    })
}

fn minutes() -> impl Strategy<Value = String> {
    prop_oneof![jumble(), nested()]
}

/// Minutes whose lines end in any of the three ways, each as it comes.
fn with_mixed_ends() -> impl Strategy<Value = String> {
    (minutes(), vec(select(vec!["\n", "\r\n", "\r", "\r\r\n", "\n\r"]), 1..8)).prop_map(|(text, ends)| {
        let mut out = String::new();
        for (n, line) in text.split('\n').enumerate() {
            out += line;
            out += ends[n % ends.len()];
        }
        out
    })
}

fn facts(source: &str) -> Vec<Meeting> {
    EXTRACTOR.extract(source, "team/2026-01-13.md", "team")
}

fn check(source: &str, path: &str) {
    assert_inside(&EXTRACTOR.read(source, path, "team"), source);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: ProptestConfig::default().cases.max(500), failure_persistence: None, max_shrink_iters: 2000, ..ProptestConfig::default() })]

    #[test]
    fn spans_lie_inside_and_nothing_panics(source in minutes()) {
        check(&source, "team/2026-01-13.md");
    }

    #[test]
    fn lines_may_end_as_they_like(source in with_mixed_ends()) {
        check(&source, "team/2026-01-13.md");
    }

    #[test]
    fn any_text_at_all(source in any::<String>(), path in any::<String>()) {
        check(&source, &path);
    }

    #[test]
    fn any_bytes_at_all(bytes in vec(any::<u8>(), 0..400)) {
        let (source, _) = decode::decode(&bytes);
        check(&source, "x.md");
    }

    #[test]
    fn same_text_same_facts(source in minutes()) {
        let read = EXTRACTOR.read(&source, "team/2026-01-13.md", "team");
        prop_assert_eq!(&EXTRACTOR.read(&source, "team/2026-01-13.md", "team"), &read);
        prop_assert_eq!(TWIN.read(&source, "team/2026-01-13.md", "team"), read);
    }

    #[test]
    fn whatever_is_found_is_explained(source in minutes()) {
        let explained = EXTRACTOR.explain(&source, "team/2026-01-13.md", "team", None).expect("the file has its lines");
        let told = |kind: &str| explained.iter().flat_map(|e| &e.facts).filter(|f| f.kind == kind).count();
        let found = facts(&source);
        prop_assert!(told("action") >= found.iter().map(|m| m.actions.len()).sum());
        prop_assert!(told("decision") >= found.iter().map(|m| m.decisions.len()).sum());
    }

    #[test]
    fn facts_do_not_depend_on_what_ends_a_line(source in minutes()) {
        let source = source.replace('\r', "");
        let wanted = facts(&source);
        prop_assert_eq!(&facts(&source.replace('\n', "\r\n")), &wanted);
        prop_assert_eq!(&facts(&source.replace('\n', "\r")), &wanted);
        let lines = source.split_inclusive('\n').enumerate();
        let mixed: String = lines.map(|(n, line)| if n % 2 == 0 { line.replace('\n', "\r\n") } else { line.to_owned() }).collect();
        prop_assert_eq!(&facts(&mixed), &wanted);
    }

    #[test]
    fn facts_do_not_depend_on_a_byte_order_mark(source in minutes()) {
        let source = source.trim_start_matches('\u{feff}');
        let wanted = facts(source);
        prop_assert_eq!(&facts(&format!("\u{feff}{source}")), &wanted);
        let marked = [b"\xef\xbb\xbf", source.as_bytes()].concat();
        let (text, odd) = decode::decode(&marked);
        prop_assert_eq!((text.as_ref(), odd), (source, None));
    }

    #[test]
    fn valid_utf8_is_kept_letter_by_letter(source in any::<String>()) {
        // A zero byte is no text: it means UTF-16, or that the file is none.
        let source = source.replace('\0', "");
        let source = source.trim_start_matches('\u{feff}');
        let (text, odd) = decode::decode(source.as_bytes());
        prop_assert_eq!((text.as_ref(), odd), (source, None));
    }

    #[test]
    fn words_between_broken_bytes_are_kept(words in vec("[a-zäß😀]{1,9}", 1..6), broken in vec(0x80u8..0xc0, 1..4)) {
        let marked = [b"\xef\xbb\xbf", words.join("\n").as_bytes(), &broken].concat();
        let (text, odd) = decode::decode(&marked);
        prop_assert!(odd.is_some());
        for word in &words {
            prop_assert!(text.contains(word.as_str()), "{text:?} lacks {word:?}");
        }
    }

    #[test]
    fn utf16_is_read_as_what_was_written(source in any::<String>()) {
        let source = source.trim_start_matches('\u{feff}');
        let marked = |to: fn(u16) -> [u8; 2]| "\u{feff}".encode_utf16().chain(source.encode_utf16()).flat_map(to).collect::<Vec<u8>>();
        for bytes in [marked(u16::to_le_bytes), marked(u16::to_be_bytes)] {
            let (text, _) = decode::decode(&bytes);
            prop_assert_eq!(text.as_ref(), source);
        }
    }
}

#[test]
fn a_file_without_text_is_a_note() {
    let meetings = extract("", "empty.md");
    assert_eq!(meetings.len(), 1);
    assert!(!meetings[0].held);
}

#[test]
fn a_million_carriage_returns_are_read() {
    check(&("a".to_owned() + &"\r".repeat(1 << 20) + "\nAI @mira: ask\n"), "x.md");
    check(&"- a\r".repeat(1 << 16), "x.md");
}
