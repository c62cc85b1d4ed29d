//! Every example of `CONVENTIONS.md` gives the facts that it promises.
//!
//! A block ```` ```minutes ```` (with a path, else `20260113.md`) is extracted with the defaults and what a block
//! ```` ```toml ```` before it adds; the block ```` ```facts ```` behind it holds what is found: actions and decisions,
//! or the kinds that it names. A block ```` ```paths ```` holds the files of a book, each with what it is taken for.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use minutebook_ingest::facts::{ActionState, Attendance, Meeting, MeetingKind};
use minutebook_ingest::reasons::Convention;
use minutebook_ingest::series::SeriesRule;
use minutebook_ingest::{Conventions, Extractor, book};

/// A fenced block, with the heading of the section that it stands in.
struct Block {
    section: String,
    line: usize,
    info: String,
    text: String,
}

fn document() -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("CONVENTIONS.md")).expect("CONVENTIONS.md is there")
}

fn blocks() -> Vec<Block> {
    let mut out: Vec<Block> = Vec::new();
    let mut section = String::new();
    let mut open = false;
    for (n, line) in document().lines().enumerate() {
        match line.strip_prefix("```") {
            Some(info) if !open => {
                out.push(Block {
                    section: section.clone(),
                    line: n + 1,
                    info: info.trim().to_owned(),
                    text: String::new(),
                });
                open = true;
            }
            Some(_) => open = false,
            None if open => {
                let block = out.last_mut().expect("it is open");
                block.text.push_str(line);
                block.text.push('\n');
            }
            None => {
                if let Some(heading) = line.strip_prefix("## ") {
                    section = heading.to_owned();
                }
            }
        }
    }
    assert!(!open, "a block is not closed");
    out
}

/// The facts of some kinds, a line each, as the document writes them.
fn told(meetings: &[Meeting], kinds: &str) -> Vec<String> {
    let wanted = |kind: &str| kinds.split(' ').any(|k| k == kind);
    let mut out: Vec<(u32, String)> = Vec::new();
    for m in meetings {
        if wanted("date") {
            let day = m.date.map_or_else(|| "none".to_owned(), |d| d.to_string());
            out.push((m.line, format!("date {day}")));
            out.extend(m.diagnostics.iter().filter(|d| d.code.starts_with("date")).map(|d| (d.line, d.code.clone())));
        }
        if wanted("kind") {
            let kind = match m.kind {
                MeetingKind::Note => "a note",
                MeetingKind::Meeting if m.held => "a meeting",
                MeetingKind::Meeting => "a meeting that was not held",
            };
            out.push((m.line, kind.to_owned()));
        }
        for p in m.participants.iter().filter(|_| wanted("participants")) {
            let status = match p.status {
                Attendance::Present => "present",
                Attendance::Partial => "partial",
                Attendance::Absent => "absent",
            };
            let mut who: Vec<String> = Vec::new();
            who.extend(p.name.clone());
            who.extend(p.handle.as_ref().map(|h| format!("@{h}")));
            who.extend(p.initials.as_ref().map(|i| format!("initials {i}")));
            who.extend(p.affiliation.as_ref().map(|a| format!("of {a}")));
            out.push((p.line, format!("{status}: {}", who.join(", "))));
        }
        for r in m.roles.iter().filter(|_| wanted("roles")) {
            out.push((r.line, format!("{}: {}", format!("{:?}", r.role).to_lowercase(), r.people.join(", "))));
        }
        for t in m.topics.iter().filter(|_| wanted("topics")) {
            let sponsors = if t.sponsors.is_empty() { String::new() } else { format!(" | {}", t.sponsors.join(", ")) };
            out.push((t.line, format!("topic: {}{sponsors}", t.title)));
        }
        for a in m.actions.iter().filter(|_| wanted("actions")) {
            let owners = if a.owners.is_empty() { "nobody".to_owned() } else { a.owners.join(", ") };
            let mut line = format!("action of {owners}: {}", a.text);
            line.push_str(match a.state {
                ActionState::Open => "",
                ActionState::Done => " | done",
                ActionState::Dropped => " | dropped",
            });
            if let Some(due) = &a.due {
                let day = due.date.map_or_else(|| "no day".to_owned(), |d| d.to_string());
                line.push_str(&format!(" | due {:?} = {day}", due.text));
            }
            line.push_str(if a.carried { " | carried" } else { "" });
            line.push_str(if a.explicit { "" } else { " | unmarked" });
            out.push((a.line, line));
        }
        for d in m.decisions.iter().filter(|_| wanted("decisions")) {
            let mut line = format!("decision: {}", d.text);
            line.push_str(&d.rationale.as_ref().map_or(String::new(), |r| format!(" | because: {r}")));
            line.push_str(&d.votes.map_or(String::new(), |v| format!(" | votes {} {} {}", v.yes, v.no, v.abstain)));
            line.push_str(if d.explicit { "" } else { " | unmarked" });
            out.push((d.line, line));
        }
        for r in m.references.iter().filter(|_| wanted("references")) {
            out.push((r.line, format!("{:?} = {}", r.as_written, r.target)));
        }
        for h in m.handoffs.iter().filter(|_| wanted("handoffs")) {
            out.push((h.line, format!("handoff to {}: {}", h.to, h.text)));
        }
        for p in m.postponed.iter().filter(|_| wanted("postponed")) {
            out.push((p.line, format!("postponed: {}", p.topic)));
        }
    }
    out.sort_by_key(|(line, _)| *line);
    if out.is_empty() {
        return vec!["none".to_owned()];
    }
    out.into_iter().map(|(line, text)| format!("{line} {text}")).collect()
}

#[test]
fn every_example_gives_the_facts_that_it_promises() {
    let blocks = blocks();
    let mut config = String::new();
    let mut wrong = Vec::new();
    for (n, block) in blocks.iter().enumerate() {
        match block.info.split(' ').next().unwrap_or_default() {
            "toml" => config.clone_from(&block.text),
            "minutes" => {
                let path = block.info.split(' ').nth(1).unwrap_or("20260113.md");
                let conventions = Conventions::with_config(&config, "the example").expect("valid");
                config.clear();
                let facts = blocks.get(n + 1).filter(|b| b.info.starts_with("facts"));
                let facts = facts.unwrap_or_else(|| panic!("line {}: no facts behind these minutes", block.line));
                let kinds = facts.info.strip_prefix("facts").map(str::trim).filter(|k| !k.is_empty());
                let meetings = Extractor::new(conventions).extract(&block.text, path, "meetings");
                let found = told(&meetings, kinds.unwrap_or("actions decisions"));
                if found != facts.text.lines().collect::<Vec<_>>() {
                    let (line, found) = (block.line, found.join("\n"));
                    wrong.push(format!(
                        "{}, line {line}\n{}promised:\n{}found:\n{found}\n",
                        block.section, block.text, facts.text
                    ));
                }
            }
            _ => {}
        }
    }
    assert!(wrong.is_empty(), "{} examples differ\n\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn files_and_series_are_as_promised() {
    for block in blocks().iter().filter(|b| b.info == "paths") {
        let lines: Vec<(&str, &str)> =
            block.text.lines().map(|l| l.split_once("  ").map(|(a, b)| (a, b.trim())).expect("two columns")).collect();
        let folder = tempfile::tempdir().expect("a folder");
        for (path, _) in &lines {
            let file = folder.path().join(path);
            fs::create_dir_all(file.parent().expect("a folder")).expect("made");
            fs::write(file, "# 2026-01-13\n").expect("written");
        }
        let conventions = Conventions::defaults();
        let listing = book::list(folder.path(), &conventions.book).expect("readable");
        let rule = SeriesRule::of(&listing, &conventions.series);
        for (path, promised) in lines {
            let found = if listing.files.iter().any(|f| f.path == path) {
                format!("series {}", rule.series(path))
            } else {
                "skipped".to_owned()
            };
            assert_eq!(found, promised, "{path}");
        }
    }
}

#[test]
fn every_convention_has_a_section_with_examples_in_order() {
    let document = document();
    let mut fenced = false;
    let mut headings: Vec<&str> = Vec::new();
    for line in document.lines() {
        fenced ^= line.starts_with("```");
        headings.extend(line.strip_prefix("## ").filter(|_| !fenced));
    }
    let names: Vec<&str> = Convention::ALL.iter().map(|c| c.name()).collect();
    assert!(headings.starts_with(&names), "{headings:?}");
    let mut examples: BTreeMap<String, usize> = BTreeMap::new();
    for block in blocks().into_iter().filter(|b| b.info.starts_with("minutes") || b.info == "paths") {
        *examples.entry(block.section).or_default() += 1;
    }
    for convention in Convention::ALL {
        let name = convention.name();
        assert!(examples.contains_key(name), "{name} has no example");
        let section = document.split(&format!("\n## {name}\n")).nth(1).expect("a section");
        let lists = section.lines().find_map(|l| l.strip_prefix("Changed by: ")).expect("what changes it");
        for list in convention.lists() {
            assert!(lists.contains(&format!("`{list}`")), "{name}: {list} is not named");
        }
        assert_eq!(convention.lists().is_empty(), lists.starts_with("nothing"), "{name}: {lists}");
    }
}

#[test]
fn examples_are_found_by_the_convention_of_their_section() {
    let extractor = Extractor::new(Conventions::defaults());
    for convention in Convention::ALL.into_iter().filter(|c| c.finds_actions() || c.finds_decisions()) {
        let name = convention.name();
        let found = blocks().iter().filter(|b| b.section == name && b.info.starts_with("minutes")).any(|block| {
            let all = extractor.explain(&block.text, "20260113.md", "meetings", None).expect("it has these lines");
            all.iter().flat_map(|e| &e.facts).any(|f| f.convention == name)
        });
        assert!(found, "no example of {name} is found by it");
    }
}
