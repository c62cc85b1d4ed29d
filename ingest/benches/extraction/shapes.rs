//! Files that are as nasty as Markdown allows: each shape makes one of a wanted size.

/// A kind of file, and what makes `n` bytes of it.
pub struct Shape {
    /// What it is, in a few words.
    pub name: &'static str,
    make: Make,
}

enum Make {
    /// `head`, then `unit` again and again.
    Repeat { head: &'static str, unit: &'static str },
    /// The lines 0, 1, 2, … until the size is reached.
    Lines(fn(usize) -> String),
    /// Anything else.
    Whole(fn(usize) -> String),
}

impl Shape {
    /// A file of about `size` bytes.
    pub fn text(&self, size: usize) -> String {
        match self.make {
            Make::Repeat { head, unit } => format!("{head}{}", unit.repeat(size / unit.len())),
            Make::Lines(line) => {
                let mut out = String::with_capacity(size + 1024);
                (0..)
                    .take_while(|&n| {
                        out.push_str(&line(n));
                        out.push('\n');
                        out.len() < size
                    })
                    .for_each(drop);
                out
            }
            Make::Whole(make) => make(size),
        }
    }
}

const fn repeat(name: &'static str, head: &'static str, unit: &'static str) -> Shape {
    Shape { name, make: Make::Repeat { head, unit } }
}

const fn lines(name: &'static str, line: fn(usize) -> String) -> Shape {
    Shape { name, make: Make::Lines(line) }
}

const fn whole(name: &'static str, make: fn(usize) -> String) -> Shape {
    Shape { name, make: Make::Whole(make) }
}

/// All shapes.
pub const SHAPES: &[Shape] = &[
    // Lists.
    repeat("lists nested in one line", "", "- "),
    lines("lists nested by indentation", |n| format!("{:1$}- x", "", 2 * n)),
    lines("lists 40 deep, again and again", |n| format!("{:1$}- ask the office", "", 2 * (n % 40))),
    repeat("items", "", "- ask the harbour office\n"),
    repeat("numbered items", "", "1. ask the harbour office\n"),
    repeat("items of one item", "- all:\n", "  - ask the harbour office\n"),
    repeat("answers to one question", "- What do we use?\n", "  - Use the tide table\n"),
    repeat("items under one action", "# Action items\n- AI @mira: ask\n", "  - Jo to ask the office\n"),
    repeat("actions nested in one line", "# Action items\n", "- @a: "),
    lines("actions nested by indentation", |n| format!("{:1$}- AI @mira: ask {n}", "", 2 * n)),
    lines("decisions nested by indentation", |n| format!("{:1$}- We keep the table {n}", "", 2 * n)),
    whole("one long item over many", |n| {
        format!("- {}\n{}", "ask the office ".repeat(n / 30), "  - AI @mira\n".repeat(n / 26))
    }),
    whole("one long heading over many actions", |n| {
        format!("# {}\n{}", "ask the office ".repeat(n / 30), "- AI @mira: ask\n".repeat(n / 32))
    }),
    // The parser is quadratic in deep nests with lazy lines under them, so this one is not as deep as it could be.
    whole("a deep nest, its text line by line", |n| "- ".repeat(5000) + &"AI @mira: We keep it\n".repeat(n / 21)),
    whole("many actions in an item with many notes", |n| {
        format!("- x\n{}{}", "  AI @mira: ask\n".repeat(n / 32), "\n  - y".repeat(n / 14))
    }),
    whole("paragraphs under a question", |n| {
        "- What do we use?\n  - Use it\n".to_owned() + &"\n  Use it\n".repeat(n / 10)
    }),
    repeat("checkboxes", "", "- [ ] @mira: ask the office\n- [x] done\n"),
    repeat("loose items", "", "- ask\n\n  the office\n\n"),
    // Quotes.
    repeat("quotes nested in one line", "", "> "),
    lines("quotes nested line by line", |n| format!("{}x", "> ".repeat(n))),
    repeat("quotes and lists in turn", "", "> - "),
    // Inline marks.
    repeat("emphasis runs", "", "*a **b ***c _d __e ~~f "),
    repeat("emphasis opened", "", "**a "),
    repeat("emphasis closed", "", "a** "),
    repeat("emphasis, a paragraph of short lines", "", "**Mira** ~~ask~~ *it*\n"),
    repeat("struck roles", "", "Minutes: ~~Mira~~ Jo\n"),
    repeat("backticks", "", "`"),
    lines("backticks, runs of every length", |n| format!("a{}", "`".repeat(n))),
    repeat("code spans", "", "`a` "),
    repeat("opening brackets", "", "["),
    repeat("brackets opened and closed", "", "[a] (b) [c]("),
    whole("brackets nested", |n| "[".repeat(n / 2) + &"]".repeat(n / 2)),
    repeat("links in one line", "", "[a](b) "),
    repeat("links, a paragraph of short lines", "", "[a](b) c\n"),
    repeat("links to issues in one line", "", "[a#1](https://github.com/a/b/issues/1) "),
    repeat("images", "", "![a](b) "),
    repeat("links by name", "[b]: c\n\n", "[a][b] "),
    lines("names of links", |n| format!("[a{n}]: b")),
    lines("footnotes", |n| format!("[^{n}]: a [^{n}]\n")),
    repeat("escapes and entities", "", "\\*&amp;&#35;&x"),
    repeat("unclosed everything", "", "[(*_`<~~![<!--"),
    // Tables.
    whole("table of many columns", |n| {
        let columns = n / 16;
        format!("{}\n{}\n{}\n", "|abcd".repeat(columns), "|-".repeat(columns), "|efgh ab".repeat(columns))
    }),
    whole("table of 1000 columns and many rows", |n| {
        let row = "|a b".repeat(1000) + "\n";
        format!("{row}{}\n{}", "|-".repeat(1000), row.repeat(n / row.len()))
    }),
    repeat("table of many rows", "| a | b |\n|---|---|\n", "| ask @mira | 2026-01-13 |\n"),
    repeat("table of participants", "| Name | GitHub |\n|---|---|\n", "| Mira Holt | @mira |\n"),
    whole("table of participants, many columns", |n| {
        let columns = n / 16;
        format!("{}\n{}\n{}\n", "|Name".repeat(columns), "|-".repeat(columns), "|Mira Ho".repeat(columns))
    }),
    whole("table with few cells a row", |n| {
        // A row's missing cells are made up by the parser, up to a limit.
        let columns = n / 64;
        format!("{}\n{}\n{}", "|a".repeat(columns), "|-".repeat(columns), "|\n".repeat(n / 4))
    }),
    // HTML.
    repeat("tags in a line", "a ", "<b>x</b> "),
    repeat("blocks of HTML", "", "<div>\nask the office\n</div>\n\n"),
    repeat("one block of HTML", "<div>\n", "ask <b>the</b> office\n"),
    repeat("rows in HTML", "<table>\n", "<tr><td>a</td><td>b</td></tr>\n"),
    repeat("one row in HTML", "<table><tr>", "<td>a</td>\n"),
    repeat("comments opened", "", "<!-- a\n"),
    repeat("tags opened", "", "<a b=\""),
    // Lines.
    repeat("one long line of words", "", "Mira will ask the harbour office about it "),
    repeat("one long line of sentences", "", "Mira will ask the office. "),
    repeat("one long word", "", "a"),
    repeat("one long word of capitals", "", "A"),
    repeat("one long word of parts", "#1 ", "a-b.c_"),
    repeat("one long path", "#1 ", "a/"),
    repeat("one long URL", "https://gitlab.com/", "a/"),
    repeat("one paragraph of short lines", "", "ask the office\n"),
    repeat("one paragraph of long lines", "", "ask the harbour office about the tide table, then tell the others\n"),
    repeat("paragraphs", "", "ask the harbour office\n\n"),
    repeat("blank lines", "- a\n", "\n"),
    repeat("blanks", "", " "),
    repeat("Windows lines", "", "- ask the harbour office\r\n"),
    repeat("old Mac lines", "", "- ask the harbour office\r"),
    repeat("indented code", "", "      ask the harbour office\n"),
    repeat("fence left open", "```\n", "AI @mira: ask #1\n"),
    repeat("front matter left open", "---\n", "date: 2026-01-13\n"),
    repeat("rules", "", "---\n\n"),
    repeat("umlauts and emoji", "", "Größe ✅ 😀 "),
    // Headings and meetings.
    lines("headings", |n| format!("{} Topic {n}", "#".repeat(n % 6 + 1))),
    repeat("underlined headings", "", "Topic\n===\n"),
    repeat("headings of action lists", "", "# Action items\n- ask\n"),
    repeat("headings of repositories", "", "### quay/deploy\n#1\n"),
    lines("meetings", |n| format!("# 20{:02}-{:02}-{:02}\n- @mira: ask", n / 336 % 80, n / 28 % 12 + 1, n % 28 + 1)),
    // What the rules look for.
    repeat("short references", "", "#1 "),
    repeat("short references to a repository", "", "a/b#1,c#2 PR 3;"),
    repeat("bare links to issues", "", "https://github.com/a/b/issues/1 "),
    repeat("handles in one line", "", "@mira "),
    repeat("handles with slashes", "", "@mira/@jo/"),
    repeat("handles, a line each", "", "- @mira\n"),
    lines("participants in one line", |n| format!("{}Mira{n}, @jo{n}, ", if n == 0 { "Present: " } else { "" })),
    whole("handles in one long line", |n| (0..n / 10).map(|at| format!("@mira{at} ")).collect()),
    whole("participants in one long line", |n| {
        "Present: ".to_owned() + &(0..n / 12).map(|at| format!("Mira{at}, ")).collect::<String>()
    }),
    lines(
        "participants, a line each",
        |n| if n == 0 { "# Participants".to_owned() } else { format!("- Mira{n} Holt") },
    ),
    lines("participants, then text", |n| {
        if n == 0 {
            "# Participants\n- Mira Holt\n- @jo\n# Notes\n".to_owned()
        } else {
            format!("Mira Holt saw Jo {n}")
        }
    }),
    lines("roles", |n| format!("- Minutes: Mira{n}")),
    repeat("markers in one line", "", "AI "),
    repeat("markers with owners in one line", "", "AI @mira: ask the office "),
    whole("actions with references in one line", |n| {
        (0..n / 24).map(|at| format!("AI @mira: ask about #{at}. ")).collect()
    }),
    repeat("markers opened in brackets", "", "(AI @mira "),
    repeat("markers, a line each", "", "AI @mira: ask the office\n"),
    repeat("owners in brackets in one line", "AI @mira: ", "ask the office [Mira], "),
    repeat("arrows in one line", "", "=> @mira -> "),
    repeat("decisions in one line", "", "Decision: keep it. "),
    repeat("decisions, a line each", "", "Decision: keep it\n"),
    repeat("votes in one line", "", "vote: 5 for, 1 against "),
    repeat("colons", "", ": a"),
    repeat("dates in one line", "", "2026-01-13 "),
    repeat("dates, a line each", "", "- by end of June, 2026-01-13\n"),
    repeat("handoffs in one line", "", "=> a b c "),
    repeat("capitals", "", "Mira Holt Jo "),
];
