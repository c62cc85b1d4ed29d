//! The yardstick: tantivy alone, with the same passages in the same text fields, cut into words by its own filters, and
//! nothing else.

use std::path::Path;

use minutebook_ingest::book::{self, Listing};
use minutebook_ingest::passages::Passage;
use minutebook_ingest::series::SeriesRule;
use minutebook_ingest::{Conventions, Extractor, decode};
use rayon::prelude::*;
use tantivy::collector::TopDocs;
use tantivy::query::{BooleanQuery, Occur, Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions, Value};
use tantivy::snippet::SnippetGenerator;
use tantivy::tokenizer::{
    AsciiFoldingFilter, Language, LowerCaser, RemoveLongFilter, SimpleTokenizer, Stemmer, TextAnalyzer,
};
use tantivy::{Index, IndexReader, IndexWriter, ReloadPolicy, Searcher, TantivyDocument, Term};

/// So many files' documents are in memory at once.
const FILES_AT_ONCE: usize = 50_000;

/// Its tokeniser.
const WORDS: &str = "words";

/// Teaches an index its tokeniser: the same words as Minutebook's, but for parts of identifiers.
fn register(index: &Index) {
    let words = TextAnalyzer::builder(SimpleTokenizer::default())
        .filter(RemoveLongFilter::limit(64))
        .filter(LowerCaser)
        .filter(Stemmer::new(Language::English))
        .filter(AsciiFoldingFilter);
    index.tokenizers().register(WORDS, words.build());
}

/// Its fields.
#[derive(Clone, Copy)]
pub struct Fields {
    path: Field,
    title: Field,
    headings: Field,
    text: Field,
    over: Field,
    under: Field,
}

/// An index of passages.
pub struct Bare {
    pub index: Index,
    pub fields: Fields,
}

impl Bare {
    /// A new one in an empty folder.
    pub fn create(folder: &Path) -> Self {
        let mut s = Schema::builder();
        let words = |stored: bool| {
            let indexing = TextFieldIndexing::default()
                .set_tokenizer(WORDS)
                .set_index_option(IndexRecordOption::WithFreqsAndPositions);
            let options = TextOptions::default().set_indexing_options(indexing);
            if stored { options.set_stored() } else { options }
        };
        let fields = Fields {
            path: s.add_text_field("path", STRING | STORED),
            title: s.add_text_field("title", words(true)),
            headings: s.add_text_field("headings", words(true)),
            text: s.add_text_field("text", words(true)),
            over: s.add_text_field("over", words(false)),
            under: s.add_text_field("under", words(false)),
        };
        std::fs::create_dir_all(folder).expect("a folder");
        let index = Index::create_in_dir(folder, s.build()).expect("an index");
        register(&index);
        Self { index, fields }
    }

    /// The one in a folder.
    pub fn open(folder: &Path) -> Self {
        let index = Index::open_in_dir(folder).expect("an index");
        register(&index);
        let schema = index.schema();
        let field = |name: &str| schema.get_field(name).expect("a field");
        let fields = Fields {
            path: field("path"),
            title: field("title"),
            headings: field("headings"),
            text: field("text"),
            over: field("over"),
            under: field("under"),
        };
        Self { index, fields }
    }

    /// As Minutebook's: threads and bytes.
    pub fn writer(&self, threads: usize, heap: usize) -> IndexWriter {
        self.index.writer_with_num_threads(threads, heap).expect("a writer")
    }

    /// What is committed.
    pub fn searcher(&self) -> (IndexReader, Searcher) {
        let reader: IndexReader =
            self.index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into().expect("a reader");
        let searcher = reader.searcher();
        (reader, searcher)
    }

    /// The documents of a file.
    pub fn documents(&self, path: &str, title: &str, passages: &[Passage]) -> Vec<TantivyDocument> {
        let f = self.fields;
        let one = |p: &Passage| {
            let mut doc = TantivyDocument::new();
            doc.add_text(f.path, path);
            doc.add_text(f.title, title);
            doc.add_text(f.headings, &p.headings);
            doc.add_text(f.text, &p.text);
            doc.add_text(f.over, &p.over);
            doc.add_text(f.under, &p.under);
            doc
        };
        passages.iter().map(one).collect()
    }

    /// All documents of a book, in batches: those of a million meetings do not fit into memory.
    pub fn all_documents(&self, root: &Path, mut batch: impl FnMut(Vec<TantivyDocument>)) {
        let conventions = Conventions::defaults();
        let listing: Listing = book::list(root, &conventions.book).expect("a book");
        let rule = SeriesRule::of(&listing, &conventions.series);
        let extractor = Extractor::new(conventions);
        let of_file = |file: &book::BookFile| {
            let bytes = book::read(file).expect("readable");
            let text = decode::decode(&bytes).0;
            let read = extractor.read(&text, &file.path, &rule.series(&file.path));
            read.iter().flat_map(|(m, p)| self.documents(&m.path, &m.title, p)).collect::<Vec<_>>()
        };
        for files in listing.files.chunks(FILES_AT_ONCE) {
            batch(files.par_iter().flat_map_iter(of_file).collect());
        }
    }

    /// The term under which a file's documents are deleted.
    pub fn file(&self, path: &str) -> Term {
        Term::from_field_text(self.fields.path, path)
    }

    /// Documents with all of the words, in any of the text fields.
    pub fn query(&self, text: &str) -> Box<dyn Query> {
        let f = self.fields;
        let mut words = self.index.tokenizers().get(WORDS).expect("registered");
        let mut all: Vec<(Occur, Box<dyn Query>)> = Vec::new();
        for word in text.split_whitespace() {
            let mut any: Vec<(Occur, Box<dyn Query>)> = Vec::new();
            words.token_stream(word).process(&mut |token| {
                for field in [f.text, f.headings, f.title, f.over, f.under] {
                    let term = Term::from_field_text(field, &token.text);
                    any.push((Occur::Should, Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs))));
                }
            });
            all.push((Occur::Must, Box::new(BooleanQuery::new(any))));
        }
        Box::new(BooleanQuery::new(all))
    }

    /// Paths and snippets of the ten best.
    pub fn search(&self, searcher: &Searcher, text: &str) -> Vec<(String, String)> {
        let query = self.query(text);
        let best = searcher.search(&query, &TopDocs::with_limit(10).order_by_score()).expect("searched");
        let snippets = SnippetGenerator::create(searcher, &query, self.fields.text).expect("snippets");
        let one = |(_, address)| {
            let doc: TantivyDocument = searcher.doc(address).expect("stored");
            let path = doc.get_first(self.fields.path).and_then(|v| v.as_str()).unwrap_or_default().to_owned();
            (path, snippets.snippet_from_doc(&doc).to_html())
        };
        best.into_iter().map(one).collect()
    }
}
