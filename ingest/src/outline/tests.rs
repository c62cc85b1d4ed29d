use super::*;

fn check(source: &str, expected: &str) {
    let outline = Outline::parse(source);
    let told: Vec<String> = outline
        .blocks
        .iter()
        .map(|b| {
            let kind = match &b.kind {
                BlockKind::Heading(n) => format!("h{n}"),
                BlockKind::Item { task: Some(true), .. } => "item[x]".into(),
                BlockKind::Item { task: Some(false), .. } => "item[ ]".into(),
                BlockKind::Item { .. } => "item".into(),
                BlockKind::Paragraph => "para".into(),
                BlockKind::Row { cells, .. } => format!("row{}", cells.len()),
                BlockKind::Fence => "fence".into(),
                BlockKind::Indented => "indented".into(),
                BlockKind::Html => "html".into(),
                BlockKind::Rule => "rule".into(),
            };
            format!("{}-{} {}{kind} {:?}", b.line, b.end_line, "  ".repeat(b.depth.into()), b.text.plain)
        })
        .collect();
    assert_eq!(told.join("\n"), expected, "\n{}", told.join("\n"));
}

#[test]
fn a_fence_that_is_never_closed_hides_no_minutes() {
    let source = "# May\n~~~~- ~~the pier~~\n- the buoy\n- the boat\n## June\n- the crane\n";
    let outline = Outline::parse(source);
    assert_eq!(outline.open_fence, Some(2));
    assert_eq!(outline.blocks.iter().filter(|b| b.is_item()).count(), 4);
    assert_eq!(Outline::parse("```\n1. a\n2. b\n3) c\n").blocks.iter().filter(|b| b.is_item()).count(), 3);
    let code = Outline::parse("```yaml\n- a\n- b\n- c\n");
    assert!(code.open_fence == Some(1) && code.blocks[0].kind == BlockKind::Fence);
    for code in
        ["```sh\ntide --now\n# not a title\n```\n", "```\n- a\n- b\n- c\n- d\n```\n", "~~~\n- a\n- b\n- c\n~~~\nend\n"]
    {
        let outline = Outline::parse(code);
        assert!(outline.open_fence.is_none() && outline.blocks[0].kind == BlockKind::Fence, "{code}");
    }
    // One below the other, they are not read again and again.
    let nested: String = (3..60).rev().map(|n| "`".repeat(n) + "\n- a\n- b\n- c\n").collect();
    assert_eq!(Outline::parse(&nested).open_fence, Some(1));
}

#[test]
fn a_long_block_goes_on_in_a_further_one() {
    let source = "- **ask the office\n".to_owned() + &"  and ask again\n".repeat(8000) + "  to the end**\n";
    let outline = Outline::parse(&source);
    assert!(outline.blocks.len() > 3 && outline.blocks[1..].iter().all(|b| b.parent == Some(0)));
    for block in &outline.blocks {
        let text = &block.text;
        assert!(text.plain.len() <= LONGEST + 1);
        assert_eq!(text.line_at(text.plain.trim_end().len() - 1), block.last_line);
        assert_eq!(text.spans, [Span { range: 0..text.plain.len(), style: Style::Strong }]);
    }
    assert_eq!(outline.blocks.last().map(|b| b.last_line), Some(outline.line_count));
    let one_line = Outline::parse(&"ö".repeat(LONGEST));
    assert_eq!(one_line.blocks.iter().map(|b| b.text.plain.len()).collect::<Vec<_>>(), [LONGEST, LONGEST]);
}

#[test]
fn items_hold_their_first_paragraph_and_their_children() {
    check(
        "# A\n- one\n  two\n    - three\n\n- [x] four\n\n  five\n## B\ntext\n",
        "1-10 h1 \"A\"\n2-4   item \"one\\ntwo\"\n4-4     item \"three\"\n6-8   item[x] \"four\"\n8-8   para \"five\"\n9-10 h2 \"B\"\n10-10 para \"text\"",
    );
}

#[test]
fn tables_setext_and_html() {
    check(
        "Title\n=====\n\n| a | b |\n|---|---|\n| 1 | [x](http://y) |\n\n<!-- hidden\nstill -->\n<p>shown</p>\n",
        "1-10 h1 \"Title\"\n4-4 row2 \"a | b\"\n6-6 row2 \"1 | x\"\n10-10 html \"shown\"",
    );
}

#[test]
fn front_matter_is_told_from_slides() {
    assert_eq!(Outline::parse("---\ntitle: x\n---\n# A\n").front_matter.as_deref(), Some("title: x\n"));
    let slides = Outline::parse("---\n\n# One\n\n---\n\n# Two\n");
    assert_eq!(slides.front_matter, None);
    assert_eq!(slides.blocks.iter().filter(|b| b.heading_level().is_some()).count(), 2);
}

#[test]
fn ten_thousand_nested_lists_cost_no_stack() {
    let deep = "> ".repeat(10_000) + "deep\n" + &"- ".repeat(10_000) + "x";
    assert!(!Outline::parse(&deep).blocks.is_empty());
}

#[test]
fn struck_text_is_seen() {
    let outline = Outline::parse("- ~~AI @mira: ask~~ done\n- a ~~b~~ longer text\n");
    let struck = |n: usize| outline.blocks[n].text.is_struck(0..outline.blocks[n].text.plain.len());
    assert!(struck(0));
    assert!(!struck(1));
}
