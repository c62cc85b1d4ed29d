//! What the documents of the text index tell beside their words, and how long they are: a few columns, packed so that a
//! question that matches many documents asks one number of each, and mapped from the disk, so that they take no memory
//! and nothing has to be read after a change.

use std::collections::HashMap;
use std::sync::Arc;

use tantivy::columnar::{Column, ColumnIndex, ColumnValues, StrColumn};
use tantivy::index::SegmentId;
use tantivy::schema::Field;
use tantivy::{DocId, Searcher, SegmentOrdinal, SegmentReader};

use crate::query::ranking::{FieldWorth, average};
use crate::text::Fields;

/// No number.
pub(super) const NONE: u32 = u32::MAX;

/// The columns of a searcher's segments, and the names that they number.
pub(crate) struct Columns {
    segments: Vec<Arc<Segment>>,
    /// By segments, the number of its first file among those of all; a file lies in one segment.
    first_files: Vec<u32>,
    /// The series by their numbers.
    pub(super) series: Arc<Names>,
    /// Spellings of people by their numbers.
    pub(super) people: Arc<Names>,
    /// The fields of running text, and what a word in each is worth: the passage, what stands under and over it, the
    /// headings.
    pub(super) running: [FieldWorth; 4],
    /// German minutes with their endings cut off.
    pub(super) german: FieldWorth,
}

struct Segment {
    id: SegmentId,
    rank: Numbers,
    place: Numbers,
    fold: Numbers,
    order: Numbers,
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

/// The paths of some files.
pub(super) struct Paths(HashMap<u32, Arc<str>>);

impl Paths {
    /// The path of the file of this number; empty where it was not asked for.
    pub(super) fn of(&self, file: u32) -> Arc<str> {
        self.0.get(&file).cloned().unwrap_or_default()
    }
}

/// Names by number; one that no document has any more keeps its own.
#[derive(Debug, Clone, Default)]
pub(super) struct Names {
    all: Vec<Arc<str>>,
    numbers: HashMap<Arc<str>, u32>,
}

impl Names {
    /// In order of their numbers.
    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        self.all.iter().map(|name| &**name)
    }

    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    /// The name of a number that it has told.
    pub(super) fn of(&self, number: u32) -> &str {
        &self.all[number as usize]
    }

    /// The number of a name, a new one where it has none; they are only copied for that.
    fn number(self: &mut Arc<Self>, name: &str) -> u32 {
        if let Some(known) = self.numbers.get(name) {
            return *known;
        }
        let names = Arc::make_mut(self);
        let (number, name) = (u32::try_from(names.all.len()).unwrap_or(NONE), Arc::<str>::from(name));
        names.all.push(Arc::clone(&name));
        names.numbers.insert(name, number);
        number
    }
}

/// A column of names, with the number in the book of each name that the segment has.
struct Named {
    ords: Column<u64>,
    numbers: Vec<u32>,
}

impl Columns {
    /// Opens them; segments that there were `before` are open already.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub(crate) fn of(searcher: &Searcher, fields: &Fields, before: Option<&Self>) -> tantivy::Result<Self> {
        let worth = |field, weight, length| {
            Ok::<_, tantivy::TantivyError>(FieldWorth::new(field, weight, length, average(searcher, field)?))
        };
        let mut columns = Self {
            segments: Vec::new(),
            first_files: Vec::new(),
            series: before.map(|b| Arc::clone(&b.series)).unwrap_or_default(),
            people: before.map(|b| Arc::clone(&b.people)).unwrap_or_default(),
            running: [
                worth(fields.text, 1.0, 0.15)?,
                worth(fields.under, 0.35, 0.4)?,
                worth(fields.over, 0.4, 0.5)?,
                worth(fields.headings, 0.5, 0.5)?,
            ],
            german: worth(fields.german, 0.7, 0.3)?,
        };
        let mut files = 0;
        for reader in searcher.segment_readers() {
            let known = before.and_then(|b| b.segments.iter().find(|segment| segment.id == reader.segment_id()));
            let segment = match known {
                Some(known) => Arc::clone(known),
                None => Arc::new(Segment::of(reader, fields, &mut columns.series, &mut columns.people)?),
            };
            columns.first_files.push(u32::try_from(files).unwrap_or(NONE));
            files += segment.paths.as_ref().map_or(0, |p| p.num_terms());
            columns.segments.push(segment);
        }
        Ok(columns)
    }

    fn segment(&self, segment: SegmentOrdinal) -> &Segment {
        &self.segments[segment as usize]
    }

    /// What they tell of documents that match. One column is asked of many documents at a time, as a question that
    /// matches many waits for memory most.
    pub(super) fn told(&self, segment: SegmentOrdinal, docs: &[DocId]) -> Told {
        let first_file = u64::from(self.first_files[segment as usize]);
        let segment = self.segment(segment);
        let all = |column: &Numbers| {
            let mut numbers = vec![0; docs.len()];
            column.get_vals(docs, &mut numbers);
            numbers
        };
        let mut files = segment.files.as_ref().map_or_else(|| vec![0; docs.len()], all);
        files.iter_mut().for_each(|file| *file += first_file);
        Told { ranks: all(&segment.rank), places: all(&segment.place), folds: all(&segment.fold), files }
    }

    /// An order that does not depend on how the index came about.
    pub(super) fn order(&self, segment: SegmentOrdinal, doc: DocId) -> u64 {
        self.segment(segment).order.get_val(doc)
    }

    /// The paths of files by their numbers; each is read once.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub(super) fn paths(&self, files: impl Iterator<Item = u32>) -> tantivy::Result<Paths> {
        let mut files: Vec<u32> = files.collect();
        files.sort_unstable();
        files.dedup();
        let mut names = HashMap::with_capacity(files.len());
        for (segment, &first) in self.segments.iter().zip(&self.first_files) {
            let Some(paths) = &segment.paths else { continue };
            let end = first + u32::try_from(paths.num_terms()).unwrap_or(0);
            let [from, to] = [first, end].map(|bound| files.partition_point(|file| *file < bound));
            let ords: Vec<u64> = files[from..to].iter().map(|file| u64::from(file - first)).collect();
            let mut these = files[from..to].iter();
            paths.dictionary().sorted_ords_to_term_cb(&ords, |name| {
                names.extend(these.next().map(|file| (*file, String::from_utf8_lossy(name).into())));
            })?;
        }
        Ok(Paths(names))
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

impl Segment {
    fn of(
        reader: &SegmentReader,
        fields: &Fields,
        series: &mut Arc<Names>,
        people: &mut Arc<Names>,
    ) -> tantivy::Result<Self> {
        let fast = reader.fast_fields();
        let numbers = |field| Ok::<_, tantivy::TantivyError>(dense(fast.u64(&name(reader, field))?));
        let strings = |field| fast.str(&name(reader, field));
        let paths = strings(fields.path)?;
        Ok(Self {
            id: reader.segment_id(),
            rank: numbers(fields.rank)?,
            place: numbers(fields.place)?,
            fold: numbers(fields.fold)?,
            order: numbers(fields.order)?,
            files: paths.as_ref().map(|paths| dense(paths.ords().clone())),
            paths,
            series: named(strings(fields.series)?, series)?,
            people: named(strings(fields.person)?, people)?,
        })
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

/// Numbers the names of a column.
fn named(column: Option<StrColumn>, names: &mut Arc<Names>) -> tantivy::Result<Option<Named>> {
    let Some(column) = column else { return Ok(None) };
    let mut numbers = Vec::with_capacity(column.num_terms());
    let mut all = column.dictionary().stream()?;
    while all.advance() {
        numbers.push(names.number(&String::from_utf8_lossy(all.key())));
    }
    Ok(Some(Named { ords: column.ords().clone(), numbers }))
}
