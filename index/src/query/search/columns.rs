//! What each document of the text index tells beside its words, in memory: a question that matches many of them asks
//! one place of memory for each, not a column for each of what it needs.

use std::collections::HashMap;

use tantivy::columnar::{Column, StrColumn};
use tantivy::{DocId, Searcher, SegmentReader};

use crate::text::{Kind, date_of, file_number};

/// No number.
pub(super) const NONE: u32 = u32::MAX;

/// A document. Texts, files, sections and series are numbered through the book.
#[derive(Debug, Clone, Copy)]
pub(super) struct Doc {
    /// The text; [`NONE`] where it stands nowhere else.
    pub fold: u32,
    pub file: u32,
    /// [`NONE`] of a meeting as a whole.
    pub section: u32,
    pub line: u32,
    pub end_line: u32,
    /// Days since 1970-01-01; the least number where there is none.
    pub day: i32,
    pub series: u32,
    /// Months since January 1970.
    pub month: i16,
    /// In [`Kind::ALL`].
    pub kind: u8,
    /// Words in it and under it, up to 255.
    pub length: u8,
}

/// The documents of a searcher.
pub(crate) struct Columns {
    segments: Vec<Segment>,
    /// How many texts stand in several places.
    pub(super) folds: usize,
    /// Their paths by their numbers; empty where one is not known.
    pub(super) paths: Vec<String>,
    /// The series by their numbers.
    pub(super) series: Vec<String>,
    /// Spellings of people by their numbers.
    pub(super) people: Vec<String>,
}

struct Segment {
    docs: Vec<Doc>,
    order: Column<u64>,
    /// The people of a document, with the number of each name that the segment knows.
    people: Option<(Column<u64>, Vec<u32>)>,
}

impl Columns {
    /// Reads them; `paths` are those of the book.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub(crate) fn of<'a>(searcher: &Searcher, paths: impl Iterator<Item = &'a str>) -> tantivy::Result<Self> {
        let mut numbers = Numbers::default();
        let segments = searcher.segment_readers().iter().map(|reader| numbers.segment(reader));
        let mut segments = segments.collect::<tantivy::Result<Vec<_>>>()?;
        // Texts that stand in one place need no number.
        let mut many: Vec<u32> = vec![NONE; numbers.times.len()];
        let mut folds = 0;
        for (number, times) in many.iter_mut().zip(&numbers.times) {
            if *times > 1 {
                *number = folds;
                folds += 1;
            }
        }
        for doc in segments.iter_mut().flat_map(|s| &mut s.docs) {
            doc.fold = many[doc.fold as usize];
        }
        let mut numbered_paths = vec![String::new(); numbers.files.len()];
        for path in paths {
            if let Some(&number) = numbers.files.get(&file_number(path)) {
                path.clone_into(&mut numbered_paths[number as usize]);
            }
        }
        let named = |names: HashMap<String, u32>| {
            let mut names: Vec<(u32, String)> = names.into_iter().map(|(name, n)| (n, name)).collect();
            names.sort_unstable();
            names.into_iter().map(|(_, name)| name).collect()
        };
        Ok(Self {
            segments,
            folds: folds as usize,
            paths: numbered_paths,
            series: named(numbers.series),
            people: named(numbers.people),
        })
    }

    pub(super) fn docs(&self, segment: u32) -> &[Doc] {
        &self.segments[segment as usize].docs
    }

    /// An order that does not depend on how the index came about.
    pub(super) fn order(&self, segment: u32, doc: DocId) -> u64 {
        self.segments[segment as usize].order.first(doc).unwrap_or(0)
    }

    /// The numbers of the people of a document.
    pub(super) fn people_of(&self, segment: u32, doc: DocId) -> impl Iterator<Item = u32> {
        let people = self.segments[segment as usize].people.as_ref();
        people.into_iter().flat_map(move |(column, numbers)| column.values_for_doc(doc).map(|n| numbers[n as usize]))
    }
}

/// What is numbered through all segments.
#[derive(Default)]
struct Numbers {
    folds: HashMap<u64, u32>,
    /// How often each text stands.
    times: Vec<u32>,
    files: HashMap<u64, u32>,
    sections: HashMap<u64, u32>,
    series: HashMap<String, u32>,
    people: HashMap<String, u32>,
}

impl Numbers {
    fn segment(&mut self, reader: &SegmentReader) -> tantivy::Result<Segment> {
        let fast = reader.fast_fields();
        let [fold, file, section] = [fast.u64("fold")?, fast.u64("file")?, fast.u64("section")?];
        let [line, end_line, length] = [fast.u64("line")?, fast.u64("end_line")?, fast.u64("length")?];
        let (day, order) = (fast.i64("day")?, fast.u64("order")?);
        let (kind, series) = (fast.str("kind")?, fast.str("series")?);
        let mut kinds: Vec<u8> = Vec::new();
        for name in names(kind.as_ref())? {
            let known = Kind::ALL.iter().position(|k| *k == name).and_then(|n| u8::try_from(n).ok());
            kinds.push(known.unwrap_or(u8::MAX));
        }
        let all: Vec<u32> = names(series.as_ref())?.into_iter().map(|n| numbered(&mut self.series, n)).collect();
        let short = |n: Option<u64>| n.and_then(|n| u32::try_from(n).ok()).unwrap_or(0);
        // Documents of one place stand in a row.
        let (mut last_file, mut last_section, mut last_day) = ((0, NONE), (0, NONE), (i64::MIN, 0));
        let mut docs = Vec::with_capacity(reader.max_doc() as usize);
        for doc in 0..reader.max_doc() {
            let place = file.first(doc).unwrap_or(0);
            if last_file.1 == NONE || last_file.0 != place {
                last_file = (place, numbered(&mut self.files, place));
            }
            let section = section.first(doc);
            if let Some(section) = section.filter(|s| last_section.1 == NONE || last_section.0 != *s) {
                last_section = (section, numbered(&mut self.sections, section));
            }
            let day = day.first(doc).unwrap_or(i64::MIN);
            if last_day.0 != day {
                last_day = (day, date_of(day).map_or(0, month));
            }
            let text = numbered(&mut self.folds, fold.first(doc).unwrap_or(0));
            match self.times.get_mut(text as usize) {
                Some(times) => *times += 1,
                None => self.times.push(1),
            }
            let of = |column: &Option<StrColumn>| column.as_ref().and_then(|c| c.ords().first(doc));
            docs.push(Doc {
                fold: text,
                file: last_file.1,
                section: section.map_or(NONE, |_| last_section.1),
                line: short(line.first(doc)),
                end_line: short(end_line.first(doc)),
                day: i32::try_from(day).unwrap_or(i32::MIN),
                series: of(&series).map_or(NONE, |n| all[n as usize]),
                month: last_day.1,
                kind: of(&kind).map_or(u8::MAX, |n| kinds[n as usize]),
                length: u8::try_from(length.first(doc).unwrap_or(255)).unwrap_or(255),
            });
        }
        let person = fast.str("person")?;
        let known: Vec<u32> = names(person.as_ref())?.into_iter().map(|n| numbered(&mut self.people, n)).collect();
        Ok(Segment { docs, order, people: person.map(|p| (p.ords().clone(), known)) })
    }
}

/// The number of a value, a new one where it is not known yet.
fn numbered<T: std::hash::Hash + Eq>(known: &mut HashMap<T, u32>, value: T) -> u32 {
    let next = u32::try_from(known.len()).unwrap_or(NONE);
    *known.entry(value).or_insert(next)
}

/// All values of a column, by their ordinals.
fn names(column: Option<&StrColumn>) -> tantivy::Result<Vec<String>> {
    let Some(column) = column else { return Ok(Vec::new()) };
    let mut out = Vec::with_capacity(column.num_terms());
    let mut all = column.dictionary().stream()?;
    while all.advance() {
        out.push(String::from_utf8_lossy(all.key()).into_owned());
    }
    Ok(out)
}

/// Months since January 1970.
fn month(day: jiff::civil::Date) -> i16 {
    let months = (i32::from(day.year()) - 1970) * 12 + i32::from(day.month()) - 1;
    i16::try_from(months).unwrap_or(i16::MAX)
}
