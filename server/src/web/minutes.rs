//! Minutes as HTML: rendered by pulldown-cmark, cleaned by ammonia, with lines and facts marked in place.
//!
//! The marks are put into the text as characters of the private use area, with a number that nobody can
//! know beforehand, and turned into elements after cleaning, so that nothing a team wrote can pass for one.

use std::collections::hash_map::RandomState;
use std::collections::{BTreeMap, HashSet};
use std::hash::{BuildHasher, Hasher};

use ammonia::Builder;
use maud::{Markup, PreEscaped, html};
use minutebook_ingest::outline::{front_matter, markdown_options};
use pulldown_cmark::{Event, Parser, Tag, TagEnd, html::push_html};

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
    // Nobody who writes minutes can know it, so nobody can write a mark.
    let nonce = RandomState::new().build_hasher().finish();
    let mut marked: HashSet<u32> = HashSet::new();
    let mut events: Vec<Event<'_>> = Vec::new();
    // In a row, the first cell bears the mark.
    let mut row_opens = false;
    // Inside a link or an image no anchor can stand.
    let mut inside = 0;
    for (event, range) in Parser::new_ext(&source[body..], markdown_options()).into_offset_iter() {
        let at = line(range.start + body);
        let anchor = || Event::Text(format!("{OPEN}{nonce}:{at}{CLOSE}").into());
        match &event {
            Event::Start(Tag::TableRow | Tag::TableHead) => row_opens = true,
            Event::End(TagEnd::Link | TagEnd::Image) => inside -= 1,
            _ => {}
        }
        let opens = match &event {
            Event::Start(Tag::Item | Tag::Paragraph | Tag::Heading { .. }) => true,
            Event::Start(Tag::TableCell) => std::mem::take(&mut row_opens),
            _ => false,
        };
        // A further line of a paragraph has an anchor too.
        let continues = inside == 0
            && !events.is_empty()
            && matches!(event, Event::Text(_) | Event::Code(_) | Event::Start(Tag::Link { .. } | Tag::Image { .. }));
        if matches!(event, Event::Start(Tag::Link { .. } | Tag::Image { .. })) {
            inside += 1;
        }
        if opens {
            events.push(event);
            if marked.insert(at) {
                events.push(anchor());
            }
        } else {
            if continues && marked.insert(at) {
                events.push(anchor());
            }
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
    // A column without a title has no heading that could be read out, and a box to tick no words of its own.
    let told = clean.replace("<th></th>", "<td></td>").replace("<input ", "<input aria-label=\"to do\" ");
    // A wide table scrolls in its own box, by keyboard too.
    let told =
        told.replace("<table", "<div class=\"scroll\" role=\"group\" aria-label=\"Table\" tabindex=\"0\"><table");
    let told = told.replace("</table>", "</table></div>");
    PreEscaped(with_marks(&told, &nonce.to_string(), marks))
}

/// Turns the marks into elements.
fn with_marks(clean: &str, nonce: &str, marks: &BTreeMap<u32, Markup>) -> String {
    let mut out = String::with_capacity(clean.len() * 2);
    let mut rest = clean;
    while let Some(open) = rest.find(OPEN) {
        out.push_str(&rest[..open]);
        rest = &rest[open + OPEN.len_utf8()..];
        let marked = rest.find(CLOSE).and_then(|close| {
            let line = rest[..close].strip_prefix(nonce)?.strip_prefix(':')?.parse::<u32>().ok()?;
            Some((line, close))
        });
        // Any other of these characters is the team's own, and says nothing.
        if let Some((line, close)) = marked {
            out.push_str(&anchor(line, marks).into_string());
            rest = &rest[close + CLOSE.len_utf8()..];
        }
    }
    out.push_str(rest);
    out
}

fn anchor(line: u32, marks: &BTreeMap<u32, Markup>) -> Markup {
    html! {
        a.line id=(format!("L{line}")) href=(format!("#L{line}")) data-line=(line) tabindex="-1" aria-label=(format!("line {line}")) {}
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
    fn anchors_stand_before_links_and_images_never_in_them() {
        let html = rendered(
            "one\n[two](http://x/)\n![three](http://y/)\n<i title='&#xE000;9&#xE001;'>x</i>\n",
            &BTreeMap::new(),
        )
        .into_string();
        assert!(
            html.contains("id=\"L2\"")
                && html.contains(">two</a>")
                && !html.contains("<a href=\"http://x/\" rel=\"noopener noreferrer\"><a"),
            "{html}"
        );
        assert!(html.contains("alt=\"three\"") && !html.contains("id=\"L9\""), "{html}");
    }

    #[test]
    fn deep_nesting_is_shown_as_text() {
        let html = rendered(&("> ".repeat(10_000) + "x"), &BTreeMap::new()).into_string();
        assert!(html.contains("<pre"));
    }
}
