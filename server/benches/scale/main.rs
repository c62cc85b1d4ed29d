//! How Minutebook fares on books of a thousand meetings and more, beside tantivy alone:
//!
//! ```sh
//! cargo bench -p minutebook --bench scale                   # 1,000 and 10,000 meetings
//! cargo bench -p minutebook --bench scale -- 100000         # so many; 1000000 takes an hour and 40 GB
//! cargo bench -p minutebook --bench scale -- 1000 change    # one part: index, change, start, memory, requests, cold
//! cargo bench -p minutebook --bench scale -- generate 1000 DIR
//! ```
//!
//! Printed is a table in Markdown, from which `scripts/benchmarks` makes BENCHMARKS.md. No harness: what is wanted are
//! ratios of whole scenarios, side by side in one run. The books are invented ([`generate`]), the same each time.

use std::path::{Path, PathBuf};

use crate::table::Row;

mod bare;
// The tests' way of starting the command.
#[path = "../../tests/common/mod.rs"]
mod common;
mod generate;
mod parts;
mod processes;
mod requests;
mod table;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with('-')).collect();
    if let [first, meetings, folder] = words.as_slice()
        && first == "generate"
    {
        let size = generate::book(Path::new(folder), meetings.parse().expect("a number"), 1).expect("written");
        println!("{} meetings, {} bytes", size.meetings, size.bytes);
        return;
    }
    let mut sizes: Vec<usize> = words.iter().filter_map(|w| w.parse().ok()).collect();
    if sizes.is_empty() {
        sizes = vec![1_000, 10_000];
    }
    let parts: Vec<&String> = words.iter().filter(|w| w.parse::<usize>().is_err()).collect();
    let wanted = |part: &str| parts.is_empty() || parts.iter().any(|p| *p == part);
    let target = std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../target"), PathBuf::from);
    println!("| what | meetings | Minutebook | yardstick | ratio | wanted | reached |\n|---|---|---|---|---|---|---|");
    let tell = |row: Row| println!("{}", row.markdown());
    for meetings in sizes {
        let work = target.join("scale").join(meetings.to_string());
        let root = work.join("book");
        let size = generate::book(&root, meetings, 1).expect("written");
        // The others need the indexes that this part makes.
        let index = parts::index(&root, &work, meetings);
        if wanted("index") {
            tell(index);
        }
        if wanted("change") {
            tell(parts::change(&root, &work, meetings));
        }
        if wanted("start") {
            tell(processes::start(&root, &work, meetings));
        }
        if wanted("memory") {
            tell(processes::memory(&root, &work, meetings, size.bytes));
        }
        if wanted("requests") {
            requests::requests(&root, &work, meetings).into_iter().for_each(tell);
        }
    }
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpus/scs");
    if wanted("cold") && corpus.is_dir() {
        processes::cold(&corpus, &target.join("scale")).into_iter().for_each(tell);
    }
}
