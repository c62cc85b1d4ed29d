//! How fast search is: `cargo bench -p minutebook-index -- BOOK [DATA]`, one thread.
//!
//! The same passages are indexed by us and by tantivy alone: the same texts cut into the same words, BM25 over the same
//! fields, the best twenty, the number of all, a snippet of each. The same seeded questions are put to both, one after
//! the other; told are the medians and the slowest hundredth of both, and how many times as long ours take. Ours also
//! fold copies, count facets, and tell states, owners and places. DATA keeps both indexes for the next run; `--only=KIND`
//! puts only the questions whose kind begins so, and `--rounds=N` puts each so often: for a profile.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use minutebook_index::query::Scope;
use minutebook_index::query::language::parse;
use minutebook_index::query::search::search;
use minutebook_index::text::{self, days};
use minutebook_index::{Book, IfBusy, Snapshot, tokens};
use minutebook_ingest::series::SeriesRule;
use minutebook_ingest::{Conventions, Extractor, book, decode};
use tantivy::collector::{Count, TopDocs};
use tantivy::query::{BooleanQuery, Occur, Query, QueryParser, RangeQuery, TermQuery};
use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions, Value,
};
use tantivy::snippet::SnippetGenerator;
use tantivy::{Index, Searcher, TantivyDocument, Term};

/// Ours may take this many times as long.
const BAR: f64 = 1.5;
/// Questions of each kind.
const QUESTIONS: usize = 40;
/// How often each is put.
const ROUNDS: usize = 5;
/// Hits of an answer.
const HITS: usize = 20;

fn main() {
    let mut named = std::env::args().skip(1).filter(|a| !a.starts_with("--")).map(PathBuf::from);
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("../minutes");
    let root = named.next().unwrap_or(sample);
    let data = named.next().unwrap_or_else(|| std::env::temp_dir().join(format!("minutebook-{}", std::process::id())));
    let (snapshot, took) = timed(|| ours(&root, &data));
    println!("ours: indexed or opened in {:.1} s", took.as_secs_f64());
    let (bare, took) = timed(|| Bare::of(&root, &data));
    println!("bare: indexed or opened in {:.1} s", took.as_secs_f64());
    let (files, meetings) = snapshot.size();
    println!("{files} files, {meetings} meetings, {} passages", bare.searcher.num_docs());
    let scope = Scope::whole(jiff::civil::date(2026, 1, 1));
    let option = |name: &str| std::env::args().find_map(|a| a.strip_prefix(name).map(str::to_owned));
    let only = option("--only=").unwrap_or_default();
    let rounds = option("--rounds=").map_or(ROUNDS, |n| n.parse().expect("a number"));
    let mut questions = questions(&bare, &snapshot);
    questions.retain(|q| q.kind.starts_with(&only));
    let ((), took) = timed(|| drop(search(&snapshot, &scope, &parse("a", scope.today).expect("a query"), 0, 1)));
    println!("ours: the first question, for which the threads are made: {:.3} s", took.as_secs_f64());
    let mut samples: Vec<(&str, Duration, Duration, usize)> = Vec::new();
    for _ in 0..rounds {
        for question in &questions {
            let (found, ours) = timed(|| {
                let query = parse(&question.text(), scope.today).expect("a query");
                search(&snapshot, &scope, &query, 0, HITS).expect("an answer")
            });
            let (count, theirs) = timed(|| bare.answer(question));
            std::hint::black_box(found);
            samples.push((question.kind, ours, theirs, count));
        }
    }
    println!(
        "{:24} {:>9} {:>9} {:>9} {:>9} {:>6} {:>6} {:>9}",
        "", "p50", "bare", "p99", "bare", "p50", "p99", "matches"
    );
    let mut kinds: Vec<&str> = samples.iter().map(|s| s.0).collect();
    kinds.dedup();
    let mut known = HashSet::new();
    kinds.retain(|k| known.insert(*k));
    for kind in kinds.into_iter().chain(["all"]) {
        let of: Vec<_> = samples.iter().filter(|s| kind == "all" || s.0 == kind).collect();
        let at = |mut times: Vec<Duration>, share: f64| {
            times.sort();
            times[((times.len() - 1) as f64 * share) as usize].as_secs_f64() * 1e3
        };
        let (ours, theirs): (Vec<_>, Vec<_>) = of.iter().map(|s| (s.1, s.2)).unzip();
        let [a, b] = [0.5, 0.99].map(|share| at(ours.clone(), share));
        let [c, d] = [0.5, 0.99].map(|share| at(theirs.clone(), share));
        let matches = of.iter().map(|s| s.3).sum::<usize>() / of.len();
        let marks = [a / c, b / d].map(|r| format!("{r:.2}{}", if r > BAR { "!" } else { "" }));
        let [x, y] = marks;
        println!("{kind:24} {a:7.2}ms {c:7.2}ms {b:7.2}ms {d:7.2}ms {x:>6} {y:>6} {matches:9}");
    }
}

fn timed<T>(run: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let out = run();
    (out, start.elapsed())
}

fn ours(root: &Path, data: &Path) -> std::sync::Arc<Snapshot> {
    let mut book = Book::new(root.to_owned(), data.join("ours"), Conventions::defaults());
    book.refresh(&(), IfBusy::ShowPrevious).expect("a book");
    book.snapshot().expect("a snapshot")
}

/// A question, as both understand it.
struct Question {
    kind: &'static str,
    words: String,
    series: Option<String>,
    after: Option<jiff::civil::Date>,
    of_kind: Option<&'static str>,
}

impl Question {
    fn text(&self) -> String {
        let mut out = self.words.clone();
        if let Some(series) = &self.series {
            out += &format!(" series:\"{series}\"");
        }
        if let Some(day) = self.after {
            out += &format!(" after:{day}");
        }
        if let Some(kind) = self.of_kind {
            out += &format!(" kind:{kind}");
        }
        out
    }
}

/// tantivy alone.
struct Bare {
    searcher: Searcher,
    parser: QueryParser,
    text: Field,
    series: Field,
    kind: Field,
    day: Field,
}

impl Bare {
    fn of(root: &Path, data: &Path) -> Self {
        let mut s = Schema::builder();
        let words = || {
            let indexing = TextFieldIndexing::default()
                .set_tokenizer(tokens::MINUTES)
                .set_index_option(IndexRecordOption::WithFreqsAndPositions);
            TextOptions::default().set_indexing_options(indexing)
        };
        let text = s.add_text_field("text", words().set_stored());
        let around = ["headings", "over", "under"].map(|name| s.add_text_field(name, words()));
        let series = s.add_text_field("series", STRING | STORED);
        let kind = s.add_text_field("kind", STRING | STORED);
        let day = s.add_i64_field("day", INDEXED | FAST | STORED);
        let folder = data.join("bare");
        let made = !folder.join("meta.json").exists();
        std::fs::create_dir_all(&folder).expect("a folder");
        let index = if made { Index::create_in_dir(&folder, s.build()) } else { Index::open_in_dir(&folder) }
            .expect("an index");
        tokens::register(&index);
        if made {
            let conventions = Conventions::defaults();
            let listing = book::list(root, &conventions.book).expect("a book");
            let rule = SeriesRule::of(&listing, &conventions.series);
            let extractor = Extractor::new(conventions);
            let fields = text::schema().1;
            let mut writer = index.writer_with_num_threads(2, 256 << 20).expect("a writer");
            for file in &listing.files {
                let Ok(bytes) = book::read(file) else { continue };
                let source = decode::decode(&bytes).0;
                for (meeting, passages) in extractor.read(&source, &file.path, &rule.series(&file.path)) {
                    for doc in text::documents(&fields, &meeting, &passages, &[]) {
                        let mut copy = TantivyDocument::new();
                        let pairs = [(fields.text, text), (fields.series, series), (fields.kind, kind)];
                        let more = [fields.headings, fields.over, fields.under].into_iter().zip(around);
                        for (from, to) in pairs.into_iter().chain(more) {
                            if let Some(value) = doc.get_first(from).and_then(|v| v.as_str()) {
                                copy.add_text(to, value);
                            }
                        }
                        if let Some(date) = meeting.date {
                            copy.add_i64(day, days(date));
                        }
                        writer.add_document(copy).expect("added");
                    }
                }
            }
            writer.commit().expect("committed");
            writer.wait_merging_threads().expect("merged");
        }
        let searcher = index.reader().expect("a reader").searcher();
        let [headings, over, under] = around;
        let parser = QueryParser::for_index(&index, vec![text, headings, over, under]);
        Self { searcher, parser, text, series, kind, day }
    }

    /// How many match; the best are read and snipped.
    fn answer(&self, question: &Question) -> usize {
        let words = self.parser.parse_query(&question.words).expect("a query");
        let mut clauses: Vec<(Occur, Box<dyn Query>)> = vec![(Occur::Must, words.box_clone())];
        let mut is = |field: Field, value: &str| {
            let term = Term::from_field_text(field, value);
            clauses.push((Occur::Must, Box::new(TermQuery::new(term, IndexRecordOption::Basic))));
        };
        if let Some(series) = &question.series {
            is(self.series, series);
        }
        if let Some(kind) = question.of_kind {
            is(self.kind, kind);
        }
        if let Some(day) = question.after {
            let from = std::ops::Bound::Excluded(Term::from_field_i64(self.day, days(day)));
            clauses.push((Occur::Must, Box::new(RangeQuery::new(from, std::ops::Bound::Unbounded))));
        }
        let query: Box<dyn Query> =
            if clauses.len() == 1 { words.box_clone() } else { Box::new(BooleanQuery::new(clauses)) };
        let collector = (TopDocs::with_limit(HITS).order_by_score(), Count);
        let (best, count) = self.searcher.search(&*query, &collector).expect("an answer");
        let snippets = SnippetGenerator::create(&self.searcher, &*words, self.text).expect("snippets");
        for (_, address) in best {
            let doc: TantivyDocument = self.searcher.doc(address).expect("a document");
            std::hint::black_box(snippets.snippet_from_doc(&doc));
        }
        count
    }
}

/// The same numbers in the same order in every run.
struct Seeded(u64);

impl Seeded {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % n.max(1)
    }

    fn of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }
}

fn is_plain(word: &str) -> bool {
    word.len() > 3 && word.bytes().all(|b| b.is_ascii_lowercase())
}

/// One word that is rare or frequent, three words, a phrase, each alone and with qualifiers.
fn questions(bare: &Bare, snapshot: &Snapshot) -> Vec<Question> {
    let mut chance = Seeded(11);
    let segments = bare.searcher.segment_readers();
    let mut passages: Vec<Vec<String>> = Vec::new();
    while passages.len() < 3000 {
        let segment = chance.below(segments.len());
        let doc = chance.below(segments[segment].max_doc() as usize) as u32;
        let address = tantivy::DocAddress::new(segment as u32, doc);
        let doc: TantivyDocument = bare.searcher.doc(address).expect("a document");
        let text = doc.get_first(bare.text).and_then(|v| v.as_str()).unwrap_or_default();
        passages.push(text.split_whitespace().map(str::to_owned).collect());
    }
    let mut counted: HashMap<&str, u64> = HashMap::new();
    for word in passages.iter().flatten().filter(|w| is_plain(w)) {
        let term = || tokens::tokens(word).pop().map(|stem| Term::from_field_text(bare.text, &stem));
        counted.entry(word).or_insert_with(|| term().map_or(0, |t| bare.searcher.doc_freq(&t).unwrap_or(0)));
    }
    let mut by_count: Vec<(u64, &str)> = counted.into_iter().map(|(word, n)| (n, word)).collect();
    by_count.sort_unstable();
    let rare: Vec<&str> = by_count.iter().filter(|(n, _)| (1..=20).contains(n)).map(|(_, w)| *w).collect();
    let frequent: Vec<&str> = by_count.iter().rev().take(60).map(|(_, w)| *w).collect();
    let plain = |p: &Vec<String>| p.iter().filter(|w| is_plain(w)).cloned().collect::<Vec<_>>();
    let long: Vec<Vec<String>> = passages.iter().map(plain).filter(|p| p.len() >= 3).collect();
    let pairs = passages.iter().flat_map(|p| p.windows(2)).filter(|pair| pair.iter().all(|w| is_plain(w)));
    let pairs: Vec<String> = pairs.map(|pair| pair.join(" ")).collect();
    let all: Vec<String> = snapshot.series.keys().cloned().collect();
    let mut out = Vec::new();
    let mut push = |kind: &'static str, chance: &mut Seeded, words: String, filter: usize| {
        let mut one = Question { kind, words, series: None, after: None, of_kind: None };
        match filter {
            1 => one.series = Some(chance.of(&all).clone()),
            2 => one.after = Some(jiff::civil::date(2018 + chance.below(7) as i16, 6, 1)),
            3 => one.of_kind = Some(*chance.of(&["action", "decision", "topic"])),
            _ => {}
        }
        out.push(one);
    };
    let kinds: [[&'static str; 4]; 4] = [
        ["rare", "frequent", "three words", "phrase"],
        ["rare series:", "frequent series:", "three words series:", "phrase series:"],
        ["rare after:", "frequent after:", "three words after:", "phrase after:"],
        ["rare kind:", "frequent kind:", "three words kind:", "phrase kind:"],
    ];
    for _ in 0..QUESTIONS {
        for (filter, names) in kinds.iter().enumerate() {
            let words = if rare.is_empty() { &frequent } else { &rare };
            let word = (*chance.of(words)).to_owned();
            push(names[0], &mut chance, word, filter);
            let word = (*chance.of(&frequent)).to_owned();
            push(names[1], &mut chance, word, filter);
            let passage = chance.of(&long);
            let words = [0; 3].map(|_| chance.of(passage).as_str()).join(" ");
            push(names[2], &mut chance, words, filter);
            let pair = chance.of(&pairs);
            push(names[3], &mut chance, format!("\"{pair}\""), filter);
        }
    }
    out
}
