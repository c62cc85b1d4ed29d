//! How fast extraction is: `cargo bench -p minutebook-ingest`, one thread.
//!
//! First the time of extraction (decoding, outline, facts) over that of pulldown-cmark alone on the same
//! bytes, which a fast reader of Markdown cannot beat; at most [`BAR`] is wanted. Then the growth of
//! both with the size of nasty files: a factor of two a doubling is linear. Words behind `--` choose
//! shapes by name: `cargo bench -p minutebook-ingest -- nested quotes`; `ratio` chooses the first part.
//!
//! A program of its own rather than a harness: what is asked for is a ratio of interleaved runs and a
//! growth by size, neither of which criterion or divan print, and it needs no dependency.

use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use minutebook_ingest::outline::markdown_options;
use minutebook_ingest::series::SeriesRule;
use minutebook_ingest::{Conventions, Extractor, book, decode};
use pulldown_cmark::Parser;

use shapes::SHAPES;

mod shapes;

/// Extraction may take this many times as long as the parser alone.
const BAR: f64 = 4.0;
/// Pairs of runs, of which the median counts.
const PAIRS: usize = 21;
/// A run reads its files again until it has read as many bytes.
const RUN: usize = 4 * MB;
const MB: usize = 1024 * 1024;
const SIZES: [usize; 4] = [MB, 2 * MB, 4 * MB, 8 * MB];
/// Growth a doubling beyond which a shape is no longer linear.
const SUSPECT: f64 = 2.3;
/// A shape that takes longer than this at one size is not tried at the next.
const PATIENCE: Duration = Duration::from_secs(8);

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with('-')).collect();
    if words.is_empty() || words.iter().any(|w| w == "ratio") {
        let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        ratio("the sample book", &project.join("minutes"));
        let corpus = project.join("../shared/corpus");
        if corpus.is_dir() {
            ratio("the corpus", &corpus);
        } else {
            println!("the corpus: skipped, there is none beside the project");
        }
    }
    growth(&words);
}

/// A file of a book.
struct File {
    path: String,
    series: String,
    bytes: Vec<u8>,
}

/// The files of a book and what reads them, or why there are none.
fn open(folder: &Path) -> Result<(Extractor, Vec<File>), Box<dyn std::error::Error>> {
    let config = folder.join("minutebook.toml");
    let conventions = if config.is_file() {
        Conventions::with_config(&std::fs::read_to_string(&config)?, "minutebook.toml")?
    } else {
        Conventions::defaults()
    };
    let listing = book::list(folder, &conventions.book)?;
    let rule = SeriesRule::of(&listing, &conventions.series);
    let mut files = Vec::with_capacity(listing.files.len());
    for file in listing.files {
        let bytes = std::fs::read(&file.on_disk)?;
        files.push(File { series: rule.series(&file.path), path: file.path, bytes });
    }
    Ok((Extractor::new(conventions), files))
}

/// Prints how much longer extraction takes than the parser alone, over the files of a book.
fn ratio(name: &str, folder: &Path) {
    let (extractor, files) = match open(folder) {
        Ok(book) => book,
        Err(error) => return println!("{name}: skipped, {error}"),
    };
    let texts: Vec<String> = files.iter().map(|f| decode::decode(&f.bytes).0.into_owned()).collect();
    let bytes: usize = texts.iter().map(String::len).sum();
    let again = RUN.div_ceil(bytes.max(1));
    let ours = || {
        time(|| {
            for _ in 0..again {
                for file in &files {
                    let (text, odd) = decode::decode(&file.bytes);
                    black_box((extractor.extract(&text, &file.path, &file.series), odd));
                }
            }
        })
    };
    let parsers = || {
        time(|| {
            for _ in 0..again {
                texts.iter().for_each(|text| drain(text));
            }
        })
    };
    // Patterns are compiled on first use.
    black_box((ours(), parsers()));
    let mut pairs: Vec<(f64, f64)> = (0..PAIRS)
        .map(|n| {
            // Each goes first as often as the other.
            if n % 2 == 0 {
                let ours = ours();
                (ours.as_secs_f64(), parsers().as_secs_f64())
            } else {
                let parsers = parsers();
                (ours().as_secs_f64(), parsers.as_secs_f64())
            }
        })
        .collect();
    pairs.sort_by(|a, b| (a.0 / a.1).total_cmp(&(b.0 / b.1)));
    let of = |(ours, parsers): (f64, f64)| ours / parsers;
    let (ours, parsers) = pairs[PAIRS / 2];
    let rate = |seconds: f64| (bytes * again) as f64 / MB as f64 / seconds;
    println!(
        "{name}: {} files, {:.2} MB, read {again} times a run, {PAIRS} pairs of runs",
        files.len(),
        bytes as f64 / MB as f64
    );
    println!("    extraction {:.1} MB/s, pulldown-cmark alone {:.1} MB/s", rate(ours), rate(parsers));
    println!(
        "    ratio: min {:.2}, median {:.2}, max {:.2} ({} the bar of {BAR})",
        of(pairs[0]),
        ours / parsers,
        of(pairs[PAIRS - 1]),
        if ours / parsers <= BAR { "within" } else { "ABOVE" }
    );
}

/// Prints how time grows with the size of each shape that holds one of `words`.
fn growth(words: &[String]) {
    let extractor = Extractor::new(Conventions::defaults());
    let chosen = |name: &str| words.is_empty() || words.iter().any(|w| name.contains(w.as_str()));
    let mut odd = Vec::new();
    let mut header = false;
    for shape in SHAPES.iter().filter(|s| chosen(s.name)) {
        if !std::mem::replace(&mut header, true) {
            println!("\nmilliseconds for a file of 1, 2, 4, 8 MB, and the growth with each doubling");
            println!("{:<38}{:^48} | {:^48}", "", "extraction", "pulldown-cmark alone");
        }
        let ours = times(|size| {
            let bytes = shape.text(size).into_bytes();
            best(|| {
                let (text, _) = decode::decode(&bytes);
                black_box(extractor.extract(&text, "team/2026-01-13.md", "team"));
            })
        });
        let parsers = times(|size| {
            let text = shape.text(size);
            best(|| drain(&text))
        });
        let suspect = steep(&ours) && !steep(&parsers);
        println!(
            "{:<38}{} | {}{}",
            shape.name,
            row(&ours),
            row(&parsers),
            if suspect { "  <- faster than linear" } else { "" }
        );
        if suspect {
            odd.push(shape.name);
        }
    }
    if header {
        println!("\n{} shapes grow faster than linear where the parser does not: {odd:?}", odd.len());
    }
}

/// The time at each size, until patience ends.
fn times(at: impl Fn(usize) -> Duration) -> Vec<Duration> {
    let mut out: Vec<Duration> = Vec::new();
    for size in SIZES {
        if out.last().is_some_and(|&last| last > PATIENCE) {
            break;
        }
        out.push(at(size));
    }
    out
}

/// Growth beyond linear, over the sizes that were tried; or too slow to tell.
fn steep(times: &[Duration]) -> bool {
    let (first, last) = (times[0].as_secs_f64(), times[times.len() - 1].as_secs_f64());
    let doublings = i32::try_from(times.len() - 1).unwrap_or(0);
    doublings == 0 || last / first > SUSPECT.powi(doublings)
}

fn row(times: &[Duration]) -> String {
    let mut out = String::new();
    for n in 0..SIZES.len() {
        out += &times.get(n).map_or(format!("{:>8}", "-"), |t| format!("{:>8.1}", t.as_secs_f64() * 1000.0));
    }
    for n in 1..SIZES.len() {
        let factor = times.get(n).map(|t| t.as_secs_f64() / times[n - 1].as_secs_f64());
        out += &factor.map_or(format!("{:>5}", "-"), |f| format!("{f:>5.1}"));
    }
    out
}

/// The parser alone, as extraction drives it.
fn drain(text: &str) {
    for event in Parser::new_ext(text, markdown_options()).into_offset_iter() {
        black_box(&event);
    }
}

/// The shortest of up to three runs; one that takes long is not repeated.
fn best(run: impl Fn()) -> Duration {
    let mut shortest = time(&run);
    let mut spent = shortest;
    for _ in 0..2 {
        if spent > Duration::from_millis(400) {
            break;
        }
        let next = time(&run);
        spent += next;
        shortest = shortest.min(next);
    }
    shortest
}

fn time(run: impl FnOnce()) -> Duration {
    let start = Instant::now();
    run();
    start.elapsed()
}
