//! What should be mended in the minutes, file by file; what was read, and what was skipped and why.

use std::collections::BTreeMap;

use axum::extract::State;
use maud::{Markup, html};
use minutebook_index::Snapshot;
use minutebook_index::forge::encoded;
use minutebook_index::ledger;
use minutebook_index::query::check::{Filter, Finding, Report, check};
use minutebook_index::query::{Scope, series};
use minutebook_ingest::checks;
use minutebook_ingest::facts::Severity;
use serde::Deserialize;

use super::actions::filled;
use super::layout::{self, Place};
use crate::settings;
use crate::web::error::{PageError, Params};
use crate::web::{App, Common};

/// Filters, named like the options of the command.
#[derive(Debug, Default, Deserialize)]
pub struct CheckParams {
    /// A code, or several with commas.
    pub code: Option<String>,
    /// error, warning or note.
    pub severity: Option<String>,
    /// A series.
    pub series: Option<String>,
    /// A file.
    pub path: Option<String>,
    /// Only meetings from that day on.
    pub since: Option<String>,
    /// Answer as on that day, or as of that commit.
    #[serde(flatten)]
    pub common: Common,
}

impl CheckParams {
    /// The filter that they mean.
    pub fn filter(&self, snapshot: &Snapshot, scope: &Scope) -> Result<Filter, PageError> {
        let codes = filled(&self.code).map(Filter::codes_of).transpose();
        let codes = codes.map_err(|unknown| PageError::bad_request(unknown.to_string()))?.unwrap_or_default();
        let severity = filled(&self.severity).map(|word| {
            Severity::parse(word).ok_or_else(|| {
                PageError::bad_request(format!("{word:?} is no severity; there are error, warning and note"))
            })
        });
        let since = filled(&self.since).map(|text| {
            settings::date(text, "since").map_err(|_| PageError::bad_request("since: write it as 2026-03-01"))
        });
        Ok(Filter {
            codes,
            severity: severity.transpose()?,
            series: filled(&self.series).map(|name| series::find(snapshot, scope, name)).transpose()?,
            path: filled(&self.path).map(str::to_owned),
            since: since.transpose()?,
        })
    }
}

pub async fn page(State(app): State<App>, Params(params): Params<CheckParams>) -> Result<Markup, PageError> {
    let (snapshot, scope) = app.asked(&params.common)?;
    let filter = params.filter(&snapshot, &scope)?;
    let report = check(&snapshot, &scope, &filter)?;
    let body = html! {
        (layout::crumbs(&[("/", "First page")]))
        h1 { "What to mend" }
        (layout::trouble(&app))
        p.lead {
            (layout::times_of(report.files, "file")) " with " (layout::times_of(report.meetings, "meeting"))
            @if report.files == 1 { " was read, " } @else { " were read, " }
            @if report.skipped.is_empty() { "none was skipped" } @else { a href="#skipped" { (report.skipped.len()) " skipped" } }
            ". " (worth_a_look(&report))
        }
        (filters(&snapshot, &scope, &params, &report))
        p.count role="status" { (layout::times_of(report.diagnostics.len(), "place")) (layout::told_as_of(&scope)) }
        @if report.diagnostics.is_empty() { (layout::nothing("Nothing to mend here.")) }
        (by_series(&report.diagnostics, &params))
        @for of_file in report.diagnostics.chunk_by(|a, b| a.path == b.path) { (file(of_file, &snapshot)) }
        @if report.allowed > 0 { p.dim { (report.allowed) " more are allowed by a comment in the minutes themselves." } }
        @if !report.skipped.is_empty() {
            h2 #skipped { "Skipped" }
            div.scroll { table.wide { thead { tr { th { "File" } th { "Why" } } } tbody { @for s in &report.skipped { tr { td { (s.path) } td { (s.reason) } } } } } }
        }
    };
    Ok(layout::page("What to mend", Place::Other, &scope, &body))
}

fn worth_a_look(report: &Report) -> String {
    let counts = [(report.errors, "error"), (report.warnings, "warning"), (report.notes, "note")];
    let told: Vec<String> = counts.iter().filter(|(n, _)| *n > 0).map(|(n, word)| layout::times_of(*n, word)).collect();
    match told.as_slice() {
        [] => "Nothing is wrong with them.".to_owned(),
        [one] => format!("{one}."),
        [most @ .., last] => format!("{} and {last}.", most.join(", ")),
    }
}

fn filters(snapshot: &Snapshot, scope: &Scope, params: &CheckParams, report: &Report) -> Markup {
    let (code, severity) = (filled(&params.code).unwrap_or_default(), filled(&params.severity).unwrap_or_default());
    let chosen = filled(&params.series).unwrap_or_default();
    html! {
        form.filters action="/check" {
            label { "Check " select name="code" {
                option value="" { "all" }
                @for (name, n) in &report.codes { option value=(name) selected[*name == code] { (name) " (" (n) ")" } }
                @if !code.is_empty() && !report.codes.contains_key(code) { option value=(code) selected { (code) " (0)" } }
            } }
            label { "Severity " select name="severity" { option value="" { "all" } @for s in ["error", "warning", "note"] { option value=(s) selected[s == severity] { (s) } } } }
            label { "Series " select name="series" { option value="" { "all" } @for (name, _) in snapshot.shards(scope) { option value=(name) selected[name == chosen] { (name) } } } }
            label { "Since " input type="date" name="since" value=(filled(&params.since).unwrap_or_default()); }
            @if let Some(path) = filled(&params.path) { input type="hidden" name="path" value=(path); }
            button type="submit" { "Show" }
        }
    }
}

/// How many findings each series has, where several have some.
fn by_series(findings: &[Finding], params: &CheckParams) -> Markup {
    let mut counts: BTreeMap<&str, [usize; 3]> = BTreeMap::new();
    for (finding, series) in findings.iter().filter_map(|f| Some((f, f.series.as_deref()?))) {
        let at = match finding.severity {
            Severity::Error => 0,
            Severity::Warning => 1,
            Severity::Note => 2,
        };
        counts.entry(series).or_default()[at] += 1;
    }
    let mut rows: Vec<(&str, [usize; 3])> = counts.into_iter().collect();
    rows.sort_by(|(a, x), (b, y)| y.cmp(x).then_with(|| a.cmp(b)));
    let kept = |name: &str, value: &Option<String>| {
        filled(value).map_or_else(String::new, |v| format!("&{name}={}", encoded(v)))
    };
    let more = [kept("code", &params.code), kept("severity", &params.severity), kept("since", &params.since)].concat();
    html! {
        @if rows.len() > 1 {
            div.scroll { table.by-series {
                thead { tr { th { "Series" } th.number { "errors" } th.number { "warnings" } th.number { "notes" } } }
                tbody { @for (name, counts) in &rows { tr {
                    td { a href={ "/check?series=" (encoded(name)) (more) } { (name) } }
                    @for n in counts { td.number.dim[*n == 0] { (n) } }
                } } }
            } }
        }
    }
}

/// Where a file, or a line of it, can be seen; what could not be read is on no page.
fn place(path: &str, line: Option<u32>, snapshot: &Snapshot) -> Option<String> {
    if path == ledger::PATH {
        return Some("/ledger".to_owned());
    }
    snapshot.file(path)?;
    Some(line.map_or_else(|| layout::address("meetings", path), |line| layout::line_address(path, line)))
}

fn file(findings: &[Finding], snapshot: &Snapshot) -> Markup {
    let path = &findings[0].path;
    html! {
        section.mend {
            h2 { @if let Some(page) = place(path, None, snapshot) { a href=(page) { (path) } } @else { (path) } " " small.dim { (findings.len()) } }
            @for f in findings { (finding(f, snapshot)) }
        }
    }
}

fn finding(f: &Finding, snapshot: &Snapshot) -> Markup {
    let severity = f.severity.as_str();
    html! {
        article class={ "finding " (severity) } {
            p.message {
                span class={ "severity " (severity) } { (severity) } " " (f.message) " "
                a.code href={ "/check?code=" (encoded(f.code)) } title=(checks::of(f.code).map_or("", |c| c.summary)) { (f.code) }
            }
            @if let Some(text) = &f.text {
                a.excerpt href=[place(&f.path, Some(f.line), snapshot)] { span.number { (f.line) } code { (marked(f, text)) } }
            }
            p.help { (f.help) }
            @if !f.related.is_empty() {
                ul.related { @for r in &f.related { li { (r.message) ": " a.source href=(layout::line_address(&r.path, r.line)) { (r.path) ":" (r.line) } } } }
            }
        }
    }
}

/// The line with the words that are meant.
fn marked(f: &Finding, text: &str) -> Markup {
    html! {
        @match f.meant(text) {
            Some(words) => { (&text[..words.start]) mark { (&text[words.clone()]) } (&text[words.end..]) }
            None => (text),
        }
    }
}
