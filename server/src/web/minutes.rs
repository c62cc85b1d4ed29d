//! Minutes as HTML: rendered by pulldown-cmark, cleaned by ammonia, with lines and facts marked in place.
//!
//! The marks are put into the text as characters of the private use area before cleaning and turned
//! into elements behind it, so that nothing a team wrote can pass for one of them.

use std::collections::{BTreeMap, HashSet};

use ammonia::Builder;
use maud::{Markup, PreEscaped, html};
use minutebook_ingest::outline::{front_matter, markdown_options};
use pulldown_cmark::{Event, Parser, Tag, html::push_html};

/// Longer or deeper minutes are shown as plain text.
const LARGEST: usize = 2 * 1024 * 1024;
const DEEPEST: usize = 100;

const OPEN: char = '\u{e000}';
const CLOSE: char = '\u{e001}';

/// The minutes as HTML. `marks` gives what stands beside the block that holds a line.
pub fn rendered(source: &str, marks: &BTreeMap<u32, Markup>) -> Markup {
    let (_, body) = front_matter(source);
    if source.len() > LARGEST || depth(&source[body..]) > DEEPEST {
        return plain(source, marks);
    }
    let starts: Vec<usize> = std::iter::once(0).chain(source.match_indices('\n').map(|(at, _)| at + 1)).collect();
    let line = |offset: usize| u32::try_from(starts.partition_point(|&s| s <= offset)).unwrap_or(u32::MAX);
    let mut marked: HashSet<u32> = HashSet::new();
    let mut events: Vec<Event<'_>> = Vec::new();
    let mut cells = false;
    for (event, range) in Parser::new_ext(&source[body..], markdown_options()).into_offset_iter() {
        let at = line(range.start + body);
        let opens = match &event {
            Event::Start(Tag::Item | Tag::Paragraph | Tag::Heading { .. }) => true,
            Event::Start(Tag::TableRow | Tag::TableHead) => {
                cells = true;
                false
            }
            Event::Start(Tag::TableCell) => std::mem::take(&mut cells),
            _ => false,
        };
        // A further line of a paragraph has an anchor too.
        let continues = matches!(event, Event::Text(_) | Event::Code(_)) && !marked.contains(&at) && !events.is_empty();
        let event = match event {
            Event::Text(text) if text.contains([OPEN, CLOSE]) => Event::Text(text.replace([OPEN, CLOSE], "").into()),
            Event::Html(text) if text.contains([OPEN, CLOSE]) => Event::Html(text.replace([OPEN, CLOSE], "").into()),
            Event::InlineHtml(text) if text.contains([OPEN, CLOSE]) => {
                Event::InlineHtml(text.replace([OPEN, CLOSE], "").into())
            }
            Event::Code(text) if text.contains([OPEN, CLOSE]) => Event::Code(text.replace([OPEN, CLOSE], "").into()),
            other => other,
        };
        let anchor = || Event::Text(format!("{OPEN}{at}{CLOSE}").into());
        if opens {
            events.push(event);
            if marked.insert(at) {
                events.push(anchor());
            }
        } else if continues && marked.insert(at) {
            events.push(anchor());
            events.push(event);
        } else {
            events.push(event);
        }
    }
    let mut unsafe_html = String::with_capacity(source.len() * 2);
    push_html(&mut unsafe_html, events.into_iter());
    let clean = Builder::default()
        .add_tags(["input", "details", "summary"])
        .add_tag_attributes("input", ["checked", "disabled"])
        .add_tag_attribute_values("input", "type", ["checkbox"])
        .link_rel(Some("noopener noreferrer"))
        .clean(&unsafe_html)
        .to_string();
    PreEscaped(with_marks(&clean, marks))
}

/// Turns the marks into elements.
fn with_marks(clean: &str, marks: &BTreeMap<u32, Markup>) -> String {
    let mut out = String::with_capacity(clean.len() * 2);
    let mut rest = clean;
    while let Some(open) = rest.find(OPEN) {
        out.push_str(&rest[..open]);
        rest = &rest[open + OPEN.len_utf8()..];
        let Some(close) = rest.find(CLOSE) else { break };
        if let Ok(line) = rest[..close].parse::<u32>() {
            out.push_str(&anchor(line, marks).into_string());
        }
        rest = &rest[close + CLOSE.len_utf8()..];
    }
    out.push_str(rest);
    out
}

fn anchor(line: u32, marks: &BTreeMap<u32, Markup>) -> Markup {
    html! {
        a.line id=(format!("L{line}")) href=(format!("#L{line}")) aria-label=(format!("line {line}")) {}
        @if let Some(mark) = marks.get(&line) { (mark) }
    }
}

fn plain(source: &str, marks: &BTreeMap<u32, Markup>) -> Markup {
    html! {
        p.note { "These minutes are too long or too deeply nested to be rendered; this is their text." }
        pre.raw {
            @for (line, text) in (1u32..).zip(source.lines()).take(20_000) {
                span { (anchor(line, marks)) @if text.len() > 20_000 { (text.chars().take(20_000).collect::<String>()) "…" } @else { (text) } "\n" }
            }
        }
    }
}

/// How deeply blocks nest.
fn depth(source: &str) -> usize {
    let (mut depth, mut deepest) = (0usize, 0);
    for event in Parser::new_ext(source, markdown_options()) {
        match event {
            Event::Start(_) => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            Event::End(_) => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_are_gone_and_marks_cannot_be_forged() {
        let source = "# A\n\n- one <script>alert(1)</script>\n- two \u{e000}9\u{e001} [x](javascript:alert(1)) <a id=\"L7\" onclick=\"x()\">y</a>\n";
        let html = rendered(source, &BTreeMap::from([(3, html! { b.fact { "action" } })])).into_string();
        assert!(!html.contains("script>") && !html.contains("javascript:") && !html.contains("onclick"), "{html}");
        assert!(html.contains("id=\"L3\"") && html.contains("<b class=\"fact\">action</b>"), "{html}");
        assert!(!html.contains("id=\"L7\"") && !html.contains("id=\"L9\""), "{html}");
    }

    #[test]
    fn deep_nesting_is_shown_as_text() {
        let html = rendered(&("> ".repeat(10_000) + "x"), &BTreeMap::new()).into_string();
        assert!(html.contains("<pre"));
    }
}
