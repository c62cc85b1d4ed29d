//! The words of a book in tantivy: schema, tokenisers and documents.
//!
//! One document is one thing a reader wants to land on: a decision, an action, a passage, a topic, a
//! meeting. It carries all its filter fields, so that no query needs a second look-up. What a name or
//! short reference means is not indexed: queries expand to the spellings.

use std::path::Path;

use minutebook_ingest::facts::Meeting;
use minutebook_ingest::passages::Passage;
use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::{Index, IndexReader, ReloadPolicy, Searcher, TantivyDocument};

use crate::tokens::{GERMAN, MINUTES, register};

/// What a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// An action's mention.
    Action,
    /// A decision.
    Decision,
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
        match self {
            Self::Action => "action",
            Self::Decision => "decision",
            Self::Topic => "topic",
            Self::Passage => "passage",
            Self::Meeting => "meeting",
        }
    }
}

/// The fields of a document.
#[derive(Debug, Clone, Copy)]
#[expect(missing_docs, reason = "each is named after what it holds")]
pub struct Fields {
    pub key: Field,
    pub path: Field,
    pub series: Field,
    pub kind: Field,
    /// Days since 1970-01-01; absent for undated meetings.
    pub day: Field,
    pub line: Field,
    /// With what stands under it.
    pub end_line: Field,
    /// Hash of the path.
    pub file: Field,
    /// Hash of the path and the line of the heading it stands under.
    pub section: Field,
    /// Words in it and under it, up to 255: an action or decision says enough in a few words.
    pub length: Field,
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
    /// Hash of `key`: an order that does not depend on how the index came about.
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
        key: s.add_text_field("key", STRING | STORED),
        path: s.add_text_field("path", STRING | STORED),
        series: s.add_text_field("series", STRING | STORED | FAST),
        kind: s.add_text_field("kind", STRING | STORED | FAST),
        day: s.add_i64_field("day", INDEXED | FAST | STORED),
        line: s.add_u64_field("line", STORED | FAST),
        end_line: s.add_u64_field("end_line", STORED | FAST),
        file: s.add_u64_field("file", FAST),
        section: s.add_u64_field("section", FAST),
        length: s.add_u64_field("length", FAST),
        title: s.add_text_field("title", words(true)),
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
    let index = Index::open_in_dir(folder)?;
    if index.schema() != schema().0 {
        return Err(tantivy::TantivyError::SchemaError("the fields have changed".to_owned()));
    }
    register(&index);
    Ok(index)
}

/// Makes an empty text index in a folder.
///
/// # Errors
/// When the folder cannot be written.
pub fn create(folder: &Path) -> tantivy::Result<Index> {
    let index = Index::create_in_dir(folder, schema().0)?;
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

/// The documents of one meeting. `series` is the meeting's; tags come from the front matter.
pub fn documents(fields: &Fields, meeting: &Meeting, passages: &[Passage], labels: &[String]) -> Vec<TantivyDocument> {
    let mut out = Vec::with_capacity(passages.len() + 1);
    let day = meeting.date.map(days);
    let base = |kind: Kind, line: u32, end_line: u32| {
        let mut doc = TantivyDocument::new();
        let key = format!("{}#L{line}:{}", meeting.path, kind.as_str());
        doc.add_u64(fields.order, fold_of(&key));
        doc.add_text(fields.key, key);
        doc.add_text(fields.path, &meeting.path);
        doc.add_u64(fields.file, file_number(&meeting.path));
        doc.add_text(fields.series, &meeting.series);
        doc.add_text(fields.kind, kind.as_str());
        if let Some(day) = day {
            doc.add_i64(fields.day, day);
        }
        doc.add_u64(fields.line, u64::from(line));
        doc.add_u64(fields.end_line, u64::from(end_line));
        doc.add_text(fields.title, &meeting.title);
        for label in labels {
            doc.add_text(fields.label, label.to_lowercase());
        }
        doc
    };
    let low = |s: &str| crate::identity::folded(s);
    let mut whole = base(Kind::Meeting, meeting.line, meeting.end_line);
    let topics: Vec<&str> = meeting.topics.iter().map(|t| t.title.as_str()).take(60).collect();
    let summary = format!(
        "{} {} {}",
        meeting.title,
        meeting.date.map_or_else(String::new, |d| d.to_string()),
        topics.join(" · ")
    );
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
        let mut doc = base(kind, passage.line, passage.last_line.max(passage.end_line));
        let section = meeting.topics.partition_point(|t| t.line <= passage.line);
        let heading = section.checked_sub(1).map_or(0, |at| meeting.topics[at].line);
        doc.add_u64(fields.section, fold_of(&format!("{}#{heading}", meeting.path)));
        doc.add_text(fields.text, &passage.text);
        doc.add_text(fields.headings, passage.headings.join(" › "));
        if let Some(context) = &passage.context {
            doc.add_text(fields.context, context);
        }
        doc.add_text(fields.over, &passage.over);
        doc.add_text(fields.under, &passage.under);
        if is_german {
            doc.add_text(fields.german, format!("{} {}", passage.text, passage.under));
        }
        let words = passage.text.split_whitespace().chain(passage.under.split_whitespace());
        let is_fact = matches!(kind, Kind::Action | Kind::Decision);
        doc.add_u64(fields.length, if is_fact { 255 } else { words.take(255).count() as u64 });
        doc.add_u64(fields.fold, fold_of(&passage.text));
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
        let before = meeting.topics.partition_point(|t| t.line <= passage.line);
        let topic = before.checked_sub(1).map(|at| &meeting.topics[at]);
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
pub fn days(date: jiff::civil::Date) -> i64 {
    jiff::civil::date(1970, 1, 1).until(date).map_or(0, |s| i64::from(s.get_days()))
}

/// The day of a number of days since 1970-01-01.
pub fn date_of(days: i64) -> Option<jiff::civil::Date> {
    jiff::civil::date(1970, 1, 1).checked_add(jiff::Span::new().try_days(days).ok()?).ok()
}

/// What stands in the field `file`.
pub(crate) fn file_number(path: &str) -> u64 {
    first_bytes(blake3::hash(path.as_bytes()))
}

/// The first bytes of a hash, as a number.
pub(crate) fn first_bytes(hash: blake3::Hash) -> u64 {
    let mut bytes = [0; 8];
    bytes.copy_from_slice(&hash.as_bytes()[..8]);
    u64::from_le_bytes(bytes)
}

fn fold_of(text: &str) -> u64 {
    let mut hasher = blake3::Hasher::new();
    for word in text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()) {
        hasher.update(word.to_lowercase().as_bytes());
        hasher.update(b" ");
    }
    first_bytes(hasher.finalize())
}
