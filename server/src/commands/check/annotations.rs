//! Workflow commands of GitHub, which show each finding beside its line in a pull request.

use std::io::{self, Write};

use minutebook_index::Snapshot;
use minutebook_index::query::check::{Finding, Report};
use minutebook_ingest::facts::Severity;

/// One line a finding: `::warning file=…,line=…,title=…::message`.
pub fn print(out: &mut dyn Write, snapshot: &Snapshot, report: &Report) -> io::Result<()> {
    report
        .diagnostics
        .iter()
        .try_for_each(|f| writeln!(out, "{}", annotation(f, &super::in_repository(snapshot, &f.path))))
}

fn annotation(f: &Finding, path: &str) -> String {
    let command = match f.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let columns = match (f.column, f.end_column) {
        (Some(start), Some(end)) => format!(",col={start},endColumn={end}"),
        _ => String::new(),
    };
    format!(
        "::{command} file={},line={}{columns},title={}::{}",
        property(path),
        f.line,
        property(f.code),
        data(&format!("{}\nhelp: {}", f.message, f.help))
    )
}

/// The text of a command: `%` and line ends are encoded, what would command a terminal is left out.
fn data(text: &str) -> String {
    let text = text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    text.replace(char::is_control, "")
}

/// A property of a command: what would end it is encoded too.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ends_a_command_or_property_is_encoded() {
        assert_eq!(data("50 %: a,\r\nb"), "50 %25: a,%0D%0Ab");
        assert_eq!(property("a,b: 5 %.md"), "a%2Cb%3A 5 %25.md");
    }
}
