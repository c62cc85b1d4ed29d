//! The whole graph for other programs: GraphML (Gephi, yEd, networkx, igraph) and CSV.
//!
//! Both hold the nodes, edges and attributes of our own JSON; what has no value is left out in GraphML, and
//! empty in CSV.

use std::borrow::Cow;
use std::io::{self, Write};

use minutebook_index::query::graph::{EdgeView, NodeView, Whole};
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use crate::output::csv_row;

/// Name and type of the attributes of nodes, in the order of [`node_values`].
const NODE: [(&str, &str); 10] = [
    ("kind", "string"),
    ("name", "string"),
    ("label", "string"),
    ("series", "string"),
    ("state", "string"),
    ("first", "string"),
    ("last", "string"),
    ("path", "string"),
    ("line", "int"),
    ("degree", "int"),
];

/// Likewise of edges.
const EDGE: [(&str, &str); 6] = [
    ("relation", "string"),
    ("date", "string"),
    ("first", "string"),
    ("count", "int"),
    ("path", "string"),
    ("line", "int"),
];

fn text<T: ToString>(value: Option<T>) -> Option<String> {
    value.map(|v| v.to_string())
}

fn node_values(n: &NodeView) -> [Option<String>; 10] {
    [
        Some(n.kind.as_str().to_owned()),
        Some(n.name.clone()),
        Some(n.label.clone()),
        n.series.clone(),
        n.state.map(|s| s.as_str().to_owned()),
        text(n.first),
        text(n.last),
        n.path.clone(),
        text(n.line),
        Some(n.degree.to_string()),
    ]
}

fn edge_values(e: &EdgeView) -> [Option<String>; 6] {
    [
        Some(e.relation.as_str().to_owned()),
        text(e.date),
        text(e.first),
        Some(e.count.to_string()),
        Some(e.path.clone()),
        Some(e.line.to_string()),
    ]
}

/// Writes GraphML.
pub fn graphml(out: &mut dyn Write, graph: &Whole) -> io::Result<()> {
    let mut xml = Writer::new_with_indent(out, b' ', 1);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let root = xml.create_element("graphml").with_attribute(("xmlns", "http://graphml.graphdrawing.org/xmlns"));
    root.write_inner_content(|xml| {
        for (of, letter, attributes) in [("node", "n", &NODE[..]), ("edge", "e", &EDGE[..])] {
            for (name, kind) in attributes {
                let id = format!("{letter}-{name}");
                let key = xml.create_element("key").with_attributes([
                    ("id", id.as_str()),
                    ("for", of),
                    ("attr.name", name),
                    ("attr.type", kind),
                ]);
                key.write_empty()?;
            }
        }
        let body = xml.create_element("graph").with_attributes([("id", "minutebook"), ("edgedefault", "directed")]);
        body.write_inner_content(|xml| {
            for node in &graph.nodes {
                let id = printable(&node.id);
                let element = xml.create_element("node").with_attribute(("id", id.as_ref()));
                element.write_inner_content(|xml| data(xml, "n", &NODE, &node_values(node)))?;
            }
            for edge in &graph.edges {
                let (from, to) = (printable(&edge.from), printable(&edge.to));
                let element =
                    xml.create_element("edge").with_attributes([("source", from.as_ref()), ("target", to.as_ref())]);
                element.write_inner_content(|xml| data(xml, "e", &EDGE, &edge_values(edge)))?;
            }
            Ok(())
        })?;
        Ok(())
    })?;
    writeln!(xml.into_inner())
}

fn data(
    xml: &mut Writer<&mut dyn Write>,
    letter: &str,
    attributes: &[(&str, &str)],
    values: &[Option<String>],
) -> io::Result<()> {
    for ((name, _), value) in attributes.iter().zip(values) {
        if let Some(value) = value {
            let key = format!("{letter}-{name}");
            let element = xml.create_element("data").with_attribute(("key", key.as_str()));
            element.write_text_content(BytesText::new(&printable(value)))?;
        }
    }
    Ok(())
}

/// Without the characters that XML 1.0 has no way to write; each is one replacement character.
fn printable(text: &str) -> Cow<'_, str> {
    let has_place = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..='\u{10ffff}');
    if text.chars().all(has_place) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(|c| if has_place(c) { c } else { '\u{fffd}' }).collect())
}

/// Writes the nodes as CSV: `id` and the attributes.
pub fn nodes_csv(out: &mut dyn Write, graph: &Whole) -> io::Result<()> {
    csv_row(out, std::iter::once("id").chain(NODE.map(|(name, _)| name)).map(str::to_owned))?;
    for node in &graph.nodes {
        let values = node_values(node).into_iter().map(Option::unwrap_or_default);
        csv_row(out, std::iter::once(node.id.clone()).chain(values))?;
    }
    Ok(())
}

/// Writes the edges as CSV: `source`, `target` and the attributes.
pub fn edges_csv(out: &mut dyn Write, graph: &Whole) -> io::Result<()> {
    csv_row(out, ["source", "target"].into_iter().chain(EDGE.map(|(name, _)| name)).map(str::to_owned))?;
    for edge in &graph.edges {
        let values = edge_values(edge).into_iter().map(Option::unwrap_or_default);
        csv_row(out, [edge.from.clone(), edge.to.clone()].into_iter().chain(values))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_xml_cannot_write_is_replaced_and_the_rest_escaped() {
        assert_eq!(printable("a\u{0}b\u{1b}[0m\u{fffe}\tc"), "a\u{fffd}b\u{fffd}[0m\u{fffd}\tc");
        assert!(matches!(printable("Straße 🌊"), Cow::Borrowed(_)));
    }
}
