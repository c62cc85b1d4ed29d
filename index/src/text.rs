//! The words of a book in tantivy: schema, tokenisers and documents.
//!
//! One document is one thing a reader wants to land on: a decision, an action, a passage, a topic, a
//! meeting. It carries all its filter fields, so that no query needs a second look-up. What a name or
//! short reference means is not indexed: queries expand to the spellings.

use std::ops::Bound;
use std::path::Path;

use jiff::civil::Date;
use minutebook_ingest::facts::Meeting;
use minutebook_ingest::passages::Passage;
use tantivy::query::RangeQuery;
use tantivy::schema::{FAST, Field, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions};
use tantivy::{Index, IndexReader, IndexSettings, ReloadPolicy, Searcher, TantivyDocument, Term};

use crate::folder::Folder;
use crate::tokens::{GERMAN, MINUTES, register};

/// What a document is, in the order of [`ALL`](Self::ALL).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A decision.
    Decision,
    /// An action's mention.
    Action,
    /// A heading.
    Topic,
    /// Any other stretch of minutes.
    Passage,
    /// A meeting as a whole.
    Meeting,
}

impl Kind {
    /// All kinds, as the query language names them.
    pub const ALL: [&'static str; 5] = ["decision", "action", "topic", "passage", "meeting"];

    /// Its name.
    pub fn as_str(self) -> &'static str {
        Self::ALL[self.number()]
    }

    /// Its place in [`ALL`](Self::ALL).
    pub fn number(self) -> usize {
        self as usize
    }
}

/// What documents are ranked, counted and filtered by, in one number: day, kind and length. The day comes first, so
/// that a stretch of days is a stretch of numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rank(u32);

impl Rank {
    const LENGTH: u32 = 8;
    const KIND: u32 = 3;
    const LAST_DAY: i64 = (1 << (32 - Self::LENGTH - Self::KIND)) - 1;
    /// 1970-01-01, from the first of January of the year 0 on, which is day 1; 0 is no day.
    const EPOCH: i64 = 719_529;

    /// Of a document with so many words, up to 255, on a day since 1970-01-01.
    fn new(kind: Kind, day: Option<i64>, words: usize) -> Self {
        let day = day.map_or(0, |day| (day + Self::EPOCH).clamp(1, Self::LAST_DAY));
        let length = u32::try_from(words.min(255)).unwrap_or(255);
        let kind = u32::try_from(kind.number()).unwrap_or(0);
        Self(u32::try_from(day).unwrap_or(0) << (Self::LENGTH + Self::KIND) | kind << Self::LENGTH | length)
    }

    /// As the index holds it.
    pub fn unpacked(number: u64) -> Self {
        Self(u32::try_from(number).unwrap_or(0))
    }

    /// Days since 1970-01-01.
    pub fn day(self) -> Option<i32> {
        let day = i64::from(self.0 >> (Self::LENGTH + Self::KIND));
        (day > 0).then(|| i32::try_from(day - Self::EPOCH).unwrap_or(0))
    }

    /// The place of the kind in [`Kind::ALL`].
    pub fn kind(self) -> usize {
        (self.0 >> Self::LENGTH & ((1 << Self::KIND) - 1)) as usize
    }

    /// Words in it and under it, up to 255: an action or decision says enough in a few words.
    pub fn length(self) -> u8 {
        u8::try_from(self.0 & ((1 << Self::LENGTH) - 1)).unwrap_or(255)
    }
}

/// The documents of a stretch of days; without any end all that have a day.
pub fn within(fields: &Fields, from: Option<Date>, to: Option<Date>) -> RangeQuery {
    // The least number of a day; whatever is before the first that can be told counts as that.
    let least = |day: i64| Term::from_field_u64(fields.rank, Rank::new(Kind::Decision, Some(day), 0).0.into());
    let from = from.map_or(-Rank::EPOCH, days);
    let end = to.map_or(Bound::Unbounded, |day| Bound::Excluded(least(days(day) + 1)));
    RangeQuery::new(Bound::Included(least(from)), end)
}

/// Where a document stands in its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Its first line.
    pub line: u32,
    /// Its last line, with what stands under it.
    pub end_line: u32,
    /// The line of the heading that it stands under, 0 where there is none; nothing of a meeting as a whole.
    pub section: Option<u32>,
}

impl Place {
    /// No file has more lines.
    const LINES: u32 = 22;
    /// A heading further above is as far as this.
    const ABOVE: u32 = 64 - 2 * Self::LINES;

    /// In one number: the line, how many lines follow, how far above the heading is.
    fn packed(self) -> u64 {
        let lines = |n: u32| u64::from(n.min((1 << Self::LINES) - 1));
        let above = self.section.map_or(0, |heading| 1 + self.line.saturating_sub(heading));
        let above = u64::from(above.min((1 << Self::ABOVE) - 1));
        lines(self.line) << (Self::LINES + Self::ABOVE)
            | lines(self.end_line.saturating_sub(self.line)) << Self::ABOVE
            | above
    }

    /// As the index holds it.
    pub fn unpacked(number: u64) -> Self {
        let part = |shift: u32, bits: u32| u32::try_from(number >> shift & ((1 << bits) - 1)).unwrap_or(0);
        let line = part(Self::LINES + Self::ABOVE, Self::LINES);
        let above = part(0, Self::ABOVE);
        Self {
            line,
            end_line: line + part(Self::ABOVE, Self::LINES),
            section: above.checked_sub(1).map(|above| line.saturating_sub(above)),
        }
    }
}

/// The fields of a document.
#[derive(Debug, Clone, Copy)]
#[expect(missing_docs, reason = "each is named after what it holds")]
pub struct Fields {
    pub path: Field,
    pub series: Field,
    pub kind: Field,
    /// A [`Rank`].
    pub rank: Field,
    /// A [`Place`].
    pub place: Field,
    pub title: Field,
    pub headings: Field,
    pub text: Field,
    pub context: Field,
    /// The items that enclose it; searched, not stored.
    pub over: Field,
    /// What stands under it; searched, not stored.
    pub under: Field,
    /// Of German minutes the passage and what stands under it, with German endings cut off; not stored.
    pub german: Field,
    /// Lower-case spellings of the people in it.
    pub person: Field,
    /// Lower-case spellings of those who own it; `none` for an action without owner.
    pub owner: Field,
    /// Lower-case spellings of who sponsors or reports it.
    pub by: Field,
    /// Lower-case targets.
    pub reference: Field,
    /// Lower-case tags of the file's front matter.
    pub label: Field,
    /// `path:line` of an action's mention.
    pub fact: Field,
    /// Hash of the folded text: the same words are one hit.
    pub fold: Field,
    /// Hash of path, line and kind: an order that does not depend on how the index came about.
    pub order: Field,
}

/// The schema and its fields.
pub fn schema() -> (Schema, Fields) {
    let mut s = Schema::builder();
    let words_of = |tokeniser: &str, stored: bool| {
        let indexing = TextFieldIndexing::default()
            .set_tokenizer(tokeniser)
            .set_index_option(IndexRecordOption::WithFreqsAndPositions);
        let options = TextOptions::default().set_indexing_options(indexing);
        if stored { options.set_stored() } else { options }
    };
    let words = |stored: bool| words_of(MINUTES, stored);
    let fields = Fields {
        path: s.add_text_field("path", STRING | FAST),
        series: s.add_text_field("series", STRING | FAST),
        kind: s.add_text_field("kind", STRING),
        rank: s.add_u64_field("rank", FAST),
        place: s.add_u64_field("place", FAST),
        title: s.add_text_field("title", STORED),
        headings: s.add_text_field("headings", words(true)),
        text: s.add_text_field("text", words(true)),
        context: s.add_text_field("context", STORED),
        over: s.add_text_field("over", words(false)),
        under: s.add_text_field("under", words(false)),
        german: s.add_text_field("german", words_of(GERMAN, false)),
        person: s.add_text_field("person", STRING | FAST),
        owner: s.add_text_field("owner", STRING | STORED),
        by: s.add_text_field("by", STRING),
        reference: s.add_text_field("ref", STRING),
        label: s.add_text_field("label", STRING),
        fact: s.add_text_field("fact", STRING | STORED),
        fold: s.add_u64_field("fold", FAST),
        order: s.add_u64_field("order", FAST),
    };
    (s.build(), fields)
}

/// Opens the text index of a folder.
///
/// # Errors
/// When there is none, it is damaged, or its schema is of another version.
pub fn open(folder: &Path) -> tantivy::Result<Index> {
    let index = Index::open(Folder::open(folder)?)?;
    if index.schema() != schema().0 {
        return Err(tantivy::TantivyError::SchemaError("the fields have changed".to_owned()));
    }
    register(&index);
    Ok(index)
}

/// Bytes of stored texts that are packed together: of a hit all of its block is unpacked, and hits lie apart.
const BLOCK: usize = 4096;

/// Makes an empty text index in a folder.
///
/// # Errors
/// When the folder cannot be written.
pub fn create(folder: &Path) -> tantivy::Result<Index> {
    let settings = IndexSettings { docstore_blocksize: BLOCK, ..IndexSettings::default() };
    let index = Index::builder().schema(schema().0).settings(settings).create_in_dir(folder)?;
    register(&index);
    Ok(index)
}

/// A searcher that finds nothing, where there is no index.
///
/// # Errors
/// Never, as far as is known: nothing is read or written.
pub fn nothing() -> tantivy::Result<Searcher> {
    let index = Index::create_in_ram(schema().0);
    register(&index);
    let reader: IndexReader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
    Ok(reader.searcher())
}

/// Bytes that the short fields of a document take, and what tells the fields apart.
const ROOM: usize = 128;

/// The documents of one meeting. `series` is the meeting's; tags come from the front matter.
pub fn documents(fields: &Fields, meeting: &Meeting, passages: &[Passage], labels: &[String]) -> Vec<TantivyDocument> {
    let mut out = Vec::with_capacity(passages.len() + 1);
    let day = meeting.date.map(days);
    // There are very many: each takes no more room than it needs, to which come `own` bytes of texts that it alone has.
    let common = meeting.path.len() + meeting.series.len() + meeting.title.len();
    let base = |kind: Kind, words: usize, place: Place, own: usize| {
        let mut doc = TantivyDocument::with_capacity(common + own + ROOM);
        let key = format!("{}#L{}:{}", meeting.path, place.line, kind.as_str());
        // Half of the hash tells enough apart.
        doc.add_u64(fields.order, first_bytes(blake3::hash(key.as_bytes())) >> 32);
        doc.add_text(fields.path, &meeting.path);
        doc.add_text(fields.series, &meeting.series);
        doc.add_text(fields.kind, kind.as_str());
        doc.add_u64(fields.rank, u64::from(Rank::new(kind, day, words).0));
        doc.add_u64(fields.place, place.packed());
        doc.add_text(fields.title, &meeting.title);
        for label in labels {
            doc.add_text(fields.label, label.to_lowercase());
        }
        doc
    };
    let low = |s: &str| crate::identity::folded(s);
    let place = Place { line: meeting.line, end_line: meeting.end_line, section: None };
    let topics: Vec<&str> = meeting.topics.iter().map(|t| t.title.as_str()).take(60).collect();
    let summary = format!(
        "{} {} {}",
        meeting.title,
        meeting.date.map_or_else(String::new, |d| d.to_string()),
        topics.join(" · ")
    );
    let mut whole = base(Kind::Meeting, 255, place, summary.len());
    whole.add_text(fields.text, summary.trim());
    whole.add_u64(fields.fold, fold_of(&format!("{}#{}", meeting.path, meeting.line)));
    for p in &meeting.participants {
        for spelling in p.handle.iter().chain(&p.name) {
            whole.add_text(fields.person, low(spelling));
        }
    }
    out.push(whole);
    let is_german = is_german(passages);
    for passage in passages {
        let action = lines_in(&meeting.actions, passage, |a| a.line).next();
        let decision = lines_in(&meeting.decisions, passage, |d| d.line).next();
        let kind = match (action, decision) {
            (_, Some(d)) if d.explicit || action.is_none() => Kind::Decision,
            (Some(_), _) => Kind::Action,
            _ if passage.is_heading => Kind::Topic,
            _ => Kind::Passage,
        };
        let words = passage.text.split_ascii_whitespace().chain(passage.under.split_ascii_whitespace());
        let words = if matches!(kind, Kind::Action | Kind::Decision) { 255 } else { words.take(255).count() };
        let before = meeting.topics.partition_point(|t| t.line <= passage.line);
        let topic = before.checked_sub(1).map(|at| &meeting.topics[at]);
        let place = Place {
            line: passage.line,
            end_line: passage.last_line.max(passage.end_line),
            section: Some(topic.map_or(0, |t| t.line)),
        };
        let Passage { text, headings, context, over, under, .. } = passage;
        let own = [text, &**headings, context.as_deref().unwrap_or_default(), over, under].map(str::len).iter().sum();
        let mut doc = base(kind, words, place, own);
        doc.add_text(fields.text, text);
        doc.add_text(fields.headings, headings);
        if let Some(context) = context {
            doc.add_text(fields.context, context);
        }
        doc.add_text(fields.over, over);
        doc.add_text(fields.under, under);
        if is_german {
            doc.add_text(fields.german, format!("{text} {under}"));
        }
        doc.add_u64(fields.fold, fold_of(text));
        for action in lines_in(&meeting.actions, passage, |a| a.line) {
            for owner in &action.owners {
                doc.add_text(fields.owner, low(owner));
                doc.add_text(fields.person, low(owner));
            }
            if action.owners.is_empty() {
                doc.add_text(fields.owner, "none");
            }
            doc.add_text(fields.fact, format!("{}:{}", meeting.path, action.line));
        }
        for named in lines_in(&meeting.named, passage, |n| n.line) {
            doc.add_text(fields.person, low(&named.as_written));
        }
        for r in lines_in(&meeting.references, passage, |r| r.line) {
            doc.add_text(fields.reference, r.target.to_lowercase());
        }
        for sponsor in topic.into_iter().flat_map(|t| &t.sponsors) {
            doc.add_text(fields.by, low(sponsor));
        }
        for role in meeting.roles.iter().filter(|r| topic.is_some_and(|t| t.line <= r.line && r.line <= t.end_line)) {
            for p in &role.people {
                doc.add_text(fields.by, low(p));
            }
        }
        out.push(doc);
    }
    out
}

/// Characters by which the language of minutes is told.
const SAMPLE: usize = 1200;

/// No German text of some length is without one of these.
const GERMAN_WORDS: [&str; 16] = [
    "der", "die", "das", "und", "ist", "nicht", "mit", "wir", "den", "ein", "eine", "von", "auf", "wird", "noch", "zu",
];

/// Whether minutes are in German, by their running text.
fn is_german(passages: &[Passage]) -> bool {
    let mut sample = String::new();
    for passage in passages.iter().filter(|p| !p.is_heading && p.text.split_whitespace().nth(4).is_some()) {
        sample.push_str(&passage.text);
        sample.push(' ');
        if sample.len() > SAMPLE {
            break;
        }
    }
    // Where none of these stands it is not German, and the detector, which compares all runs of three letters, need not
    // be asked.
    let mut words = sample.split(|c: char| !c.is_alphabetic()).filter(|w| w.len() <= 6);
    if !words.any(|word| GERMAN_WORDS.iter().any(|known| word.eq_ignore_ascii_case(known))) {
        return false;
    }
    let detector = whatlang::Detector::with_allowlist(vec![whatlang::Lang::Eng, whatlang::Lang::Deu]);
    detector.detect(&sample).is_some_and(|told| told.lang() == whatlang::Lang::Deu && told.is_reliable())
}

/// The facts whose line lies in a passage; facts are in order of their lines.
fn lines_in<'a, T>(facts: &'a [T], passage: &Passage, line: impl Fn(&T) -> u32 + Copy) -> impl Iterator<Item = &'a T> {
    let from = facts.partition_point(|f| line(f) < passage.line);
    let end = passage.end_line;
    facts[from..].iter().take_while(move |f| line(f) <= end)
}

/// Days since 1970-01-01.
pub fn days(date: Date) -> i64 {
    jiff::civil::date(1970, 1, 1).until(date).map_or(0, |s| i64::from(s.get_days()))
}

/// The day of a number of days since 1970-01-01.
pub fn date_of(days: i64) -> Option<Date> {
    jiff::civil::date(1970, 1, 1).checked_add(jiff::Span::new().try_days(days).ok()?).ok()
}

/// The first bytes of a hash, as a number.
pub(crate) fn first_bytes(hash: blake3::Hash) -> u64 {
    let mut bytes = [0; 8];
    bytes.copy_from_slice(&hash.as_bytes()[..8]);
    u64::from_le_bytes(bytes)
}

fn fold_of(text: &str) -> u64 {
    let mut folded = String::with_capacity(text.len() + 1);
    for word in text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()) {
        if word.is_ascii() {
            folded.extend(word.chars().map(|c| c.to_ascii_lowercase()));
        } else {
            folded.push_str(&word.to_lowercase());
        }
        folded.push(' ');
    }
    first_bytes(blake3::hash(folded.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_and_places_come_back_as_they_were() {
        for day in [-719_528, -1, 0, 20_000, 1_300_000] {
            let rank = Rank::new(Kind::Topic, Some(day), 300);
            let back = Rank::unpacked(rank.0.into());
            assert_eq!((back.day().map(i64::from), back.kind(), back.length()), (Some(day), 2, 255));
        }
        assert_eq!(Rank::new(Kind::Meeting, None, 3).day(), None);
        assert_eq!(Rank::new(Kind::Meeting, Some(i64::MAX / 2), 3).day(), Rank::unpacked(u64::from(u32::MAX)).day());
        for (line, end_line, section) in
            [(1, 1, None), (1, 9, Some(0)), (4_194_303, 4_194_303, Some(4_194_303)), (9, 70_000, Some(3))]
        {
            let place = Place { line, end_line, section };
            assert_eq!(Place::unpacked(place.packed()), place);
        }
    }
}
