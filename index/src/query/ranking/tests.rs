//! Documents are the same ones, with the same scores, however they are reached.

use tantivy::query::{EnableScoring, Query, Scorer};
use tantivy::schema::{Schema, TEXT};
use tantivy::{DocId, Index, IndexWriter, Score, Searcher, TERMINATED, TantivyDocument};

use super::window::WINDOW;
use super::*;

/// Enough documents for several windows; a word stands in every third, seventh …
fn index() -> (Searcher, Vec<FieldWorth>) {
    let mut schema = Schema::builder();
    let fields = ["text", "under"].map(|name| schema.add_text_field(name, TEXT));
    let index = Index::create_in_ram(schema.build());
    let mut writer: IndexWriter = index.writer_with_num_threads(1, 50 << 20).expect("a writer");
    for n in 0..3 * WINDOW {
        let mut doc = TantivyDocument::new();
        let words = [(3, "third"), (7, "seventh"), (11, "eleventh"), (4001, "rare")];
        let held: Vec<&str> = words.iter().filter(|(every, _)| n.is_multiple_of(*every)).map(|(_, w)| *w).collect();
        doc.add_text(fields[0], held.join(" "));
        doc.add_text(fields[1], if n.is_multiple_of(5) { "third third seventh" } else { "" });
        writer.add_document(doc).expect("added");
    }
    writer.commit().expect("committed");
    let searcher = index.reader().expect("a reader").searcher();
    let worth = fields.map(|field| FieldWorth::new(field, 0.7, 0.3, 2.0));
    (searcher, worth.to_vec())
}

fn scorer(searcher: &Searcher, query: &dyn Query) -> Box<dyn Scorer> {
    let weight = query.weight(EnableScoring::enabled_from_searcher(searcher)).expect("a weight");
    weight.scorer(searcher.segment_reader(0), 1.0).expect("a scorer")
}

fn all(searcher: &Searcher, query: &dyn Query) -> Vec<(DocId, Score)> {
    let mut docs = scorer(searcher, query);
    let mut out = Vec::new();
    while docs.doc() != TERMINATED {
        out.push((docs.doc(), docs.score()));
        docs.advance();
    }
    out
}

#[test]
fn whoever_leaps_lands_where_whoever_walks_comes_by() {
    let (searcher, fields) = index();
    assert_eq!(searcher.segment_readers().len(), 1);
    let word = |w: &str| -> (Box<dyn Query>, f32) { (Box::new(AnyField::new(w, &fields, 1.0)), 2.0) };
    let together = |words: &[&str], needed: usize| Together { parts: words.iter().map(|w| word(w)).collect(), needed };
    let holds = |n: usize, w: &str| match w {
        "third" => n.is_multiple_of(3) || n.is_multiple_of(5),
        "seventh" => n.is_multiple_of(7) || n.is_multiple_of(5),
        "eleventh" => n.is_multiple_of(11),
        _ => n.is_multiple_of(4001),
    };
    for (words, needed) in [
        (&["third"][..], 1),
        (&["rare"], 1),
        (&["third", "seventh"], 2),
        (&["third", "rare"], 2),
        (&["third", "seventh", "eleventh"], 1),
        (&["third", "seventh", "eleventh"], 2),
        (&["rare", "eleventh", "nowhere"], 1),
        (&["rare", "nowhere"], 2),
    ] {
        let query = together(words, needed);
        let walked = all(&searcher, &query);
        let on = |n: usize| words.iter().filter(|w| **w != "nowhere" && holds(n, w)).count();
        let expected: Vec<DocId> = (0..3 * WINDOW).filter(|n| on(*n) >= needed).map(|n| n as DocId).collect();
        assert_eq!(walked.iter().map(|(doc, _)| *doc).collect::<Vec<_>>(), expected, "{words:?} {needed}");
        for step in [1, 2, 13, 500, 4095, 4096, 4097] {
            let mut docs = scorer(&searcher, &query);
            let mut target = 0;
            while target < 3 * WINDOW as DocId {
                let landed = docs.seek(target);
                let at = walked.partition_point(|(doc, _)| *doc < target);
                let next = walked.get(at);
                assert_eq!(landed, next.map_or(TERMINATED, |(doc, _)| *doc), "{words:?} {needed} {target}");
                let Some((_, score)) = next else { break };
                assert!((docs.score() - score).abs() < 1e-5, "{words:?} {needed} {target}");
                // After a leap a few steps.
                for (doc, score) in walked[at + 1..].iter().take(3) {
                    assert_eq!(docs.advance(), *doc, "{words:?} {needed} {target}");
                    assert!((docs.score() - score).abs() < 1e-5, "{words:?} {needed} {target}");
                }
                target = docs.doc().max(target).saturating_add(step);
            }
        }
    }
}

#[test]
fn a_word_in_more_fields_or_more_often_counts_for_more() {
    let (searcher, fields) = index();
    let scores = all(&searcher, &AnyField::new("third", &fields, 1.0));
    let of = |n: DocId| scores.iter().find(|(doc, _)| *doc == n).map_or(0.0, |(_, score)| *score);
    assert!(of(15) > of(5) && of(5) > 0.0 && of(15) > of(3) && of(3) > 0.0 && of(1) == 0.0);
}

#[test]
fn a_word_that_is_meant_counts_by_its_worth_and_the_best_counts() {
    let (searcher, fields) = index();
    let mut either = AnyField::new("seventh", &fields, 1.0);
    either.or_meant("third", &fields, 0.5);
    either.or_meant("rare", &fields, 0.25);
    let [seventh, third, rare] = ["seventh", "third", "rare"].map(|w| all(&searcher, &AnyField::new(w, &fields, 1.0)));
    let of = |scores: &[(DocId, Score)], n: DocId| scores.iter().find(|(doc, _)| *doc == n).map_or(0.0, |(_, s)| *s);
    let best = |n| of(&seventh, n).max(0.5 * of(&third, n)).max(0.25 * of(&rare, n));
    let expected: Vec<(DocId, Score)> =
        (0..3 * WINDOW as DocId).map(|n| (n, best(n))).filter(|(_, s)| *s > 0.0).collect();
    assert_eq!(all(&searcher, &either), expected);
    let mut docs = scorer(&searcher, &either);
    for n in [4, 500, 4001, 4095, 4097, 9000, 12285] {
        let next = expected.iter().find(|(doc, _)| *doc >= n);
        assert_eq!(Some((docs.seek(n), docs.score())), next.copied());
    }
}
