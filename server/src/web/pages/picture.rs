//! The picture of a node's surroundings: SVG without a script, the same for the same answer.
//!
//! The node stands in the middle, the others on an ellipse around it, by kind; what is farther away stands
//! outside of what it is reached by. Each node has a line of its own, on the right or on the left, so no label
//! covers another.

use std::collections::{BTreeMap, HashSet};

use maud::{Markup, html};
use minutebook_index::graph::Kind;
use minutebook_index::query::graph::{NeighbourView, Neighbourhood, NodeView};

use super::graph::called;

/// Nodes in a picture, besides the one in the middle.
const MOST: usize = 60;

const WIDTH: f64 = 960.0;
/// Nodes outside of one that they are reached by.
const BRANCH: usize = 12;
/// From line to line.
const LINE: f64 = 22.0;
/// What the node in the middle and its name need.
const LEAST: f64 = 120.0;
/// From step to step, outward.
const OUTWARD: f64 = 44.0;
/// Letters of a label on the ellipse; fewer outside.
const LABEL: usize = 44;

struct Dot<'a> {
    one: &'a NeighbourView,
    /// How far out, from 1 on.
    ring: usize,
    /// The dot it is reached by; none for the middle.
    parent: Option<usize>,
    x: f64,
    y: f64,
    /// 1 on the right, -1 on the left.
    side: f64,
}

/// Draws it; `link` tells where a node leads.
pub fn picture(found: &Neighbourhood, link: impl Fn(&NodeView) -> String) -> Markup {
    let (dots, height) = placed(found);
    let middle = (WIDTH / 2.0, height / 2.0);
    let end = |parent: Option<usize>| parent.map_or(middle, |p| (dots[p].x, dots[p].y));
    html! {
        svg.graph viewBox={ "0 0 " (WIDTH) " " (height) } width=(WIDTH) height=(height) role="group" aria-label={ "Picture: " (called(&found.node)) " and what is around it" } {
            g.edges aria-hidden="true" {
                @for dot in &dots {
                    @let (x, y) = end(dot.parent);
                    line class=[(dot.parent.is_none() && dot.one.distance > 1).then_some("far")] x1=(whole(x)) y1=(whole(y)) x2=(whole(dot.x)) y2=(whole(dot.y)) {}
                }
            }
            @for dot in &dots {
                @let n = &dot.one.node;
                a href=(link(n)) {
                    title { (n.kind.as_str()) ": " (n.label) " (" (dot.one.by.relation.as_str()) @if let Some(day) = dot.one.by.date { ", " (day) } ")" }
                    circle class={ "dot of-" (n.kind.as_str()) } cx=(whole(dot.x)) cy=(whole(dot.y)) r="5" {}
                    text x=(whole(dot.x + 11.0 * dot.side)) y=(whole(dot.y + 4.5)) text-anchor=(if dot.side > 0.0 { "start" } else { "end" }) { (label(n, LABEL.saturating_sub(7 * (dot.ring - 1)).max(12))) }
                }
            }
            g.middle {
                circle class={ "dot of-" (found.node.kind.as_str()) } cx=(whole(middle.0)) cy=(whole(middle.1)) r="9" {}
                text x=(whole(middle.0)) y=(whole(middle.1 - 16.0)) text-anchor="middle" { (label(&found.node, 30)) }
            }
        }
    }
}

/// Tenths are as exact as anybody sees.
fn whole(n: f64) -> String {
    format!("{}", (n * 10.0).round() / 10.0)
}

/// What stands beside a dot. Of an issue the end says most.
fn label(node: &NodeView, longest: usize) -> String {
    let name = called(node);
    let tail = name.split_once('/').filter(|_| node.kind == Kind::Issue && name.chars().count() > longest);
    cut(tail.map_or(name, |(_, tail)| tail), longest)
}

/// A label of so many letters; wide ones count twice.
fn cut(text: &str, longest: usize) -> String {
    let width = |c: char| if c >= '\u{1100}' { 2 } else { 1 };
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().map(width).sum::<usize>() <= longest {
        return text;
    }
    let mut room = longest.saturating_sub(1);
    let fits = |c: &char| {
        let fits = width(*c) <= room;
        room = room.saturating_sub(width(*c));
        fits
    };
    let begin: String = text.chars().take_while(fits).collect();
    format!("{}…", begin.trim_end())
}

/// Nodes by the one that they are reached by.
type Within<'a> = BTreeMap<&'a str, Vec<&'a NeighbourView>>;

/// How many nodes a picture shows, besides the one in the middle.
pub fn shown(found: &Neighbourhood) -> usize {
    let (first, within) = branches(found);
    first.len() + within.values().map(Vec::len).sum::<usize>()
}

/// The nodes that stand on the ellipse, and those outside: the nearest, and of what is farther away as many from
/// every branch, up to a dozen.
fn branches(found: &Neighbourhood) -> (Vec<&NeighbourView>, Within<'_>) {
    let (near, far): (Vec<_>, Vec<_>) = found.nodes.iter().partition(|one| one.distance == 1);
    let mut first: Vec<&NeighbourView> = near.into_iter().take(MOST).collect();
    let mut shown: HashSet<&str> = first.iter().map(|one| one.node.id.as_str()).collect();
    let mut turns: BTreeMap<&str, usize> = BTreeMap::new();
    let mut far: Vec<(usize, usize, &str, &NeighbourView)> = far
        .into_iter()
        .map(|one| {
            let parent = if one.by.from == one.node.id { one.by.to.as_str() } else { one.by.from.as_str() };
            let turn = turns.entry(parent).or_default();
            *turn += 1;
            (one.distance, *turn, parent, one)
        })
        .collect();
    far.retain(|(_, turn, ..)| *turn <= BRANCH);
    far.sort_by_key(|(distance, turn, ..)| (*distance, *turn));
    let mut within = Within::new();
    for (_, _, parent, one) in far.into_iter().take(MOST - first.len()) {
        if shown.contains(parent) {
            within.entry(parent).or_default().push(one);
        } else {
            first.push(one);
        }
        shown.insert(&one.node.id);
    }
    (first, within)
}

/// Where each node stands, and how high the picture is.
fn placed(found: &Neighbourhood) -> (Vec<Dot<'_>>, f64) {
    let (mut first, within) = branches(found);
    let count = shown(found);
    first.sort_by_key(|one| one.node.kind);
    // One branch after the other, each with what is reached by it; the first half on the right.
    let mut dots: Vec<Dot<'_>> = Vec::new();
    let mut side = 1.0;
    for one in first {
        if side > 0.0 && dots.len() * 2 >= count {
            side = -1.0;
        }
        let mut todo = vec![(one, 1, None)];
        while let Some((one, ring, parent)) = todo.pop() {
            let here = dots.len();
            dots.push(Dot { one, ring, parent, x: 0.0, y: 0.0, side });
            let inner = within.get(one.node.id.as_str()).into_iter().flatten().rev();
            todo.extend(inner.map(|next| (*next, ring + 1, Some(here))));
        }
    }
    let lines = |side: f64| dots.iter().filter(|d| d.side == side).count();
    let (right, left) = (lines(1.0), lines(-1.0));
    let height = (right.max(left) as f64 * LINE + LINE).max(LEAST);
    let mut at = [0.0, 0.0];
    for dot in &mut dots {
        let (n, all) = if dot.side > 0.0 { (&mut at[0], right) } else { (&mut at[1], left) };
        // From the top on the right, from the bottom on the left: once around.
        let from_middle = (*n - (all as f64 - 1.0) / 2.0) * LINE * dot.side;
        *n += 1.0;
        let share = from_middle / (height / 2.0);
        let out = 50.0 + 90.0 * (1.0 - share * share).max(0.0).sqrt() + OUTWARD * (dot.ring as f64 - 1.0);
        (dot.x, dot.y) = (WIDTH / 2.0 + dot.side * out, height / 2.0 + from_middle);
    }
    (dots, height)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_cut_where_they_are_too_wide() {
        assert_eq!(cut("tide alarms", 11), "tide alarms");
        assert_eq!(cut("tide alarms", 10), "tide alar…");
        assert_eq!(cut("tide alarms", 6), "tide…");
        assert_eq!(cut("会議の議題", 10), "会議の議題");
        assert_eq!(cut("会議の議題", 9), "会議の議…");
        assert_eq!(cut("a\u{1b}b", 9), "a b");
    }
}
