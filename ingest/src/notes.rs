//! What is noted under items that come up in meeting after meeting: tasks of a list of pending actions, and issues.
//!
//! A list of pending actions takes together what belongs together ("AI @a: ask the office", and under it of what), and a
//! list of issues tells under each what became of it ("merged").

use std::ops::Range;

use crate::actions::{Context, last_told};
use crate::facts::{Action, Note};
use crate::outline::Block;
use crate::state;

/// Under an item with more notes, or a heading with more lines, is a discussion.
const MOST: usize = 12;
const FEW_LINES: u32 = 8;

/// The notes of `blocks`, in order of their items: all of those under a pending action, and under an issue the one that
/// tells its state.
pub fn notes(context: &Context<'_>, blocks: Range<usize>, actions: &[Action]) -> Vec<Note> {
    let mut found = Vec::new();
    for at in blocks {
        let block = &context.outline.blocks[at];
        let heads = block.heading_level().is_some() && block.end_line <= block.line + FEW_LINES;
        if !block.is_item() && !heads {
            continue;
        }
        let first = actions.partition_point(|a| a.line < block.line);
        let own = &actions[first..][..actions[first..].partition_point(|a| a.line <= block.last_line)];
        if !own.is_empty() {
            let pending = own.iter().find(|a| a.explicit && a.carried).filter(|_| block.is_item());
            found.extend(pending.into_iter().flat_map(|action| under(context, at, action.line)));
        } else if !context.references_on(block.line, block.last_line).is_empty() {
            // An item has nothing behind it, a heading nothing in it.
            let notes = context.outline.children(at).chain(behind(context, at));
            let told = last_told(context, notes.filter(|(_, note)| !is_of_another(context, note)));
            found.extend(told.map(|noted| Note {
                of: block.line,
                line: context.outline.blocks[noted.block].line,
                text: String::new(),
                state: Some(noted.state),
            }));
        }
    }
    found
}

/// The items under that of an action, however deep.
fn under<'a>(context: &Context<'a>, at: usize, of: u32) -> impl Iterator<Item = Note> + use<'a> {
    let (blocks, conventions) = (&context.outline.blocks, context.conventions);
    let inside = blocks[at + 1..].iter().take_while(move |b| b.parent.is_some_and(|p| p >= at));
    inside.filter(|b| b.is_item()).take(MOST).map(move |b| {
        let text = b.text.head();
        Note { of, line: b.line, text: text.to_owned(), state: state::noted(text, conventions) }
    })
}

/// "harbour#88 -> done" tells of that issue, but "fixed by harbour#88" of the one over it.
fn is_of_another(context: &Context<'_>, note: &Block) -> bool {
    let text = note.text.head();
    let links = note.text.links(0..text.len()).map(|(range, _)| range.start);
    let written = context.references_on(note.line, note.last_line).iter().filter_map(|r| text.find(&r.as_written));
    let Some(first) = links.chain(written).min() else { return false };
    text.get(..first).is_none_or(|before| state::noted(before, context.conventions).is_none())
}

/// What stands directly behind a heading.
fn behind<'a>(context: &Context<'a>, heading: usize) -> impl Iterator<Item = (usize, &'a Block)> + use<'a> {
    let blocks = context.outline.blocks.iter().enumerate().skip(heading + 1);
    blocks.take_while(move |(_, b)| b.heading == Some(heading)).filter(|(_, b)| b.parent.is_none())
}

#[cfg(test)]
mod tests {
    use crate::facts::ActionState;
    use crate::{Conventions, Extractor};

    /// Line of each note, the line that it is under, its words and state.
    fn check(text: &str, expected: &[(u32, u32, &str, Option<ActionState>)]) {
        let read = Extractor::new(Conventions::defaults()).read(text, "quay/2026-01-07.md", "quay");
        let told: Vec<_> = read[0].0.notes.iter().map(|n| (n.line, n.of, n.text.as_str(), n.state)).collect();
        assert_eq!(told, expected);
    }

    #[test]
    fn under_pending_actions() {
        check(
            "# x\n## Pending action items\n- AI @a: ask the office\n    - of these:\n        - tide tables\n    - done\n",
            &[(4, 3, "of these:", None), (5, 3, "tide tables", None), (6, 3, "done", Some(ActionState::Done))],
        );
        // Of the action, where that begins in another line of its item.
        check(
            "# x\n## Pending action items\n- still to do,\n  AI @a: ask the office\n    - tide tables\n",
            &[(5, 4, "tide tables", None)],
        );
        check("# x\n- AI @a: ask the office\n    - of the tide tables\n", &[]);
    }

    #[test]
    fn under_issues() {
        let issue = |n: u32| format!("[quay#{n}](https://github.com/harbour/quay/issues/{n})");
        let (one, two) = (issue(1), issue(2));
        check(&format!("# x\n- {one}: tide tables\n    - merged\n"), &[(3, 2, "", Some(ActionState::Done))]);
        check(&format!("# x\n### {one}: tide tables\n- merged\n"), &[(3, 2, "", Some(ActionState::Done))]);
        check(&format!("# x\n- {one}: tide tables\n    - fixed by {two}\n"), &[(3, 2, "", Some(ActionState::Done))]);
        check(&format!("# x\n- {one}: tide tables\n    - {two} -> done\n"), &[]);
        check(&format!("# x\n- {one}: tide tables\n    - the second half is printed\n"), &[]);
    }
}
