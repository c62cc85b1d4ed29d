//! Findings for people, as a compiler shows them: what is wrong, the line itself, what to do.

use std::io::{self, Write};
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Element, Group, Level, Origin, Renderer, Snippet};
use minutebook_index::query::check::{Finding, Report};
use minutebook_ingest::facts::Severity;

use crate::output;
use crate::settings::Settings;

/// Of a line that is meant as a whole, as much is underlined.
const UNDERLINED: usize = 60;

/// Prints each finding, with an empty line behind it.
pub fn print(out: &mut dyn Write, settings: &Settings, report: &Report) -> io::Result<()> {
    let renderer = if settings.color { Renderer::styled() } else { Renderer::plain() };
    let renderer = renderer.term_width(output::width());
    for finding in &report.diagnostics {
        writeln!(out, "{}\n", renderer.render(&[shown(finding)]))?;
    }
    Ok(())
}

fn shown(f: &Finding) -> Group<'_> {
    let level = match f.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let title = level.primary_title(&f.message).id(f.code);
    let group = match f.text.as_deref().filter(|text| !text.trim().is_empty()) {
        Some(text) => title.element(
            Snippet::source(text)
                .path(&f.path)
                .line_start(f.line as usize)
                .annotation(AnnotationKind::Primary.span(meant(f, text))),
        ),
        None => title.element(Origin::path(&f.path).line(f.line as usize)),
    };
    let notes = f.related.iter().map(|r| Level::NOTE.message(format!("{}: {}:{}", r.message, r.path, r.line)).into());
    group.elements(notes.collect::<Vec<Element<'_>>>()).element(Level::HELP.message(&f.help))
}

/// The bytes of the words that are meant, else of the first of the line.
fn meant(f: &Finding, text: &str) -> Range<usize> {
    f.meant(text).unwrap_or_else(|| {
        let start = text.len() - text.trim_start().len();
        let words = text.trim();
        start..start + words.char_indices().nth(UNDERLINED).map_or(words.len(), |(at, _)| at)
    })
}
