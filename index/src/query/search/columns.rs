//! What the documents of the text index tell beside their words, and how long they are: a few columns, packed so that a
//! question that matches many documents asks one number of each, and mapped from the disk, so that they take no memory
//! and nothing has to be read after a change.

use std::collections::HashMap;
use std::sync::Arc;

use tantivy::columnar::{Column, ColumnIndex, ColumnValues, StrColumn};
use tantivy::schema::Field;
use tantivy::{DocAddress, DocId, Searcher, SegmentOrdinal, SegmentReader};

use crate::query::ranking::{FieldWorth, average};
use crate::text::Fields;

/// No number.
pub(super) const NONE: u32 = u32::MAX;

/// The columns of a searcher's segments, and the names that they number.
pub(crate) struct Columns {
    segments: Vec<Segment>,
    /// How many files there are at most.
    pub(super) files: usize,
    /// The series by their numbers.
    pub(super) series: Vec<String>,
    /// Spellings of people by their numbers.
    pub(super) people: Vec<String>,
    /// The fields of running text, and what a word in each is worth: the passage, what stands under and over it, the
    /// headings.
    pub(super) running: [FieldWorth; 4],
    /// German minutes with their endings cut off.
    pub(super) german: FieldWorth,
}

struct Segment {
    rank: Numbers,
    place: Numbers,
    fold: Numbers,
    order: Numbers,
    /// The number of its first file among those of all segments; a file lies in one segment.
    first_file: u32,
    files: Option<Numbers>,
    paths: Option<StrColumn>,
    series: Option<Named>,
    people: Option<Named>,
}

/// One number a document.
type Numbers = Arc<dyn ColumnValues<u64>>;

/// What a segment's columns tell of some of its documents, in their order.
pub(super) struct Told {
    pub(super) ranks: Vec<u64>,
    pub(super) places: Vec<u64>,
    /// Hashes of the texts.
    pub(super) folds: Vec<u64>,
    /// Numbers of the files.
    pub(super) files: Vec<u64>,
}

/// A column of names, with the number in the book of each name that the segment has.
struct Named {
    ords: Column<u64>,
    numbers: Vec<u32>,
}

impl Columns {
    /// Opens them.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub(crate) fn of(searcher: &Searcher, fields: &Fields) -> tantivy::Result<Self> {
        let worth = |field, weight, length| {
            Ok::<_, tantivy::TantivyError>(FieldWorth { field, weight, length, average: average(searcher, field)? })
        };
        let mut columns = Self {
            segments: Vec::new(),
            files: 0,
            series: Vec::new(),
            people: Vec::new(),
            running: [
                worth(fields.text, 1.0, 0.15)?,
                worth(fields.under, 0.35, 0.4)?,
                worth(fields.over, 0.4, 0.5)?,
                worth(fields.headings, 0.5, 0.5)?,
            ],
            german: worth(fields.german, 0.7, 0.3)?,
        };
        let (mut series, mut people) = (HashMap::new(), HashMap::new());
        for reader in searcher.segment_readers() {
            let fast = reader.fast_fields();
            let numbers = |field| Ok::<_, tantivy::TantivyError>(dense(fast.u64(&name(reader, field))?));
            let strings = |field| fast.str(&name(reader, field));
            let paths = strings(fields.path)?;
            let first_file = u32::try_from(columns.files).unwrap_or(NONE);
            columns.files += paths.as_ref().map_or(0, |p| p.num_terms());
            columns.segments.push(Segment {
                rank: numbers(fields.rank)?,
                place: numbers(fields.place)?,
                fold: numbers(fields.fold)?,
                order: numbers(fields.order)?,
                first_file,
                files: paths.as_ref().map(|paths| dense(paths.ords().clone())),
                paths,
                series: named(strings(fields.series)?, &mut series, &mut columns.series)?,
                people: named(strings(fields.person)?, &mut people, &mut columns.people)?,
            });
        }
        Ok(columns)
    }

    fn segment(&self, segment: SegmentOrdinal) -> &Segment {
        &self.segments[segment as usize]
    }

    /// What they tell of documents that match. One column is asked of many documents at a time, as a question that
    /// matches many waits for memory most.
    pub(super) fn told(&self, segment: SegmentOrdinal, docs: &[DocId]) -> Told {
        let segment = self.segment(segment);
        let all = |column: &Numbers| {
            let mut numbers = vec![0; docs.len()];
            column.get_vals(docs, &mut numbers);
            numbers
        };
        let mut files = segment.files.as_ref().map_or_else(|| vec![0; docs.len()], all);
        files.iter_mut().for_each(|file| *file += u64::from(segment.first_file));
        Told { ranks: all(&segment.rank), places: all(&segment.place), folds: all(&segment.fold), files }
    }

    /// An order that does not depend on how the index came about.
    pub(super) fn order(&self, segment: SegmentOrdinal, doc: DocId) -> u64 {
        self.segment(segment).order.get_val(doc)
    }

    pub(super) fn path(&self, segment: SegmentOrdinal, doc: DocId) -> String {
        let mut path = String::new();
        if let Some(paths) = &self.segment(segment).paths
            && let Some(ord) = paths.ords().first(doc)
        {
            // Without its path a place is told by an empty one; opening has checked every byte.
            let _ = paths.ord_to_str(ord, &mut path);
        }
        path
    }

    /// The files of documents, which are in order of their addresses: each path is read once.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub(super) fn paths(&self, addresses: &[DocAddress]) -> tantivy::Result<Vec<Arc<str>>> {
        let mut out = Vec::with_capacity(addresses.len());
        for of_segment in addresses.chunk_by(|a, b| a.segment_ord == b.segment_ord) {
            let Some(paths) = &self.segment(of_segment[0].segment_ord).paths else {
                out.extend(of_segment.iter().map(|_| Arc::from("")));
                continue;
            };
            let ords: Vec<u64> = of_segment.iter().map(|a| paths.ords().first(a.doc_id).unwrap_or(0)).collect();
            let mut wanted = ords.clone();
            wanted.sort_unstable();
            wanted.dedup();
            let mut names: Vec<Arc<str>> = Vec::with_capacity(wanted.len());
            paths
                .dictionary()
                .sorted_ords_to_term_cb(&wanted, |name| names.push(String::from_utf8_lossy(name).into()))?;
            let name = |ord: &u64| wanted.binary_search(ord).ok().and_then(|at| names.get(at)).cloned();
            out.extend(ords.iter().map(|ord| name(ord).unwrap_or_else(|| Arc::from(""))));
        }
        Ok(out)
    }

    /// The number of the series.
    pub(super) fn series_of(&self, segment: SegmentOrdinal, doc: DocId) -> Option<u32> {
        self.segment(segment).series.as_ref().and_then(|named| named.of(doc).next())
    }

    /// The numbers of the people of a document.
    pub(super) fn people_of(&self, segment: SegmentOrdinal, doc: DocId) -> impl Iterator<Item = u32> {
        self.segment(segment).people.iter().flat_map(move |named| named.of(doc))
    }
}

impl Named {
    fn of(&self, doc: DocId) -> impl Iterator<Item = u32> {
        self.ords.values_for_doc(doc).map(|ord| self.numbers[ord as usize])
    }
}

/// A column of which each document has one number.
fn dense(column: Column<u64>) -> Numbers {
    if matches!(column.index, ColumnIndex::Full) { column.values } else { column.first_or_default_col(0) }
}

/// A field's name in its schema.
fn name(reader: &SegmentReader, field: Field) -> String {
    reader.schema().get_field_name(field).to_owned()
}

/// Numbers the names of a column, in the order in which they are met.
fn named(
    column: Option<StrColumn>,
    known: &mut HashMap<String, u32>,
    names: &mut Vec<String>,
) -> tantivy::Result<Option<Named>> {
    let Some(column) = column else { return Ok(None) };
    let mut numbers = Vec::with_capacity(column.num_terms());
    let mut all = column.dictionary().stream()?;
    while all.advance() {
        let name = String::from_utf8_lossy(all.key());
        let number = known.get(&*name).copied().unwrap_or_else(|| {
            let next = u32::try_from(names.len()).unwrap_or(NONE);
            names.push(name.clone().into_owned());
            known.insert(name.into_owned(), next);
            next
        });
        numbers.push(number);
    }
    Ok(Some(Named { ords: column.ords().clone(), numbers }))
}
