//! What was measured, side by side.

use serde::Serialize;

/// One figure against its yardstick.
#[derive(Debug, Clone, Serialize)]
pub struct Row {
    /// Meetings of the book; none for the corpus.
    pub meetings: Option<usize>,
    /// What.
    pub what: String,
    /// Ours.
    pub ours: f64,
    /// The yardstick's.
    pub bare: f64,
    /// Of both.
    pub unit: &'static str,
    /// The ratio at which it is good enough.
    pub bar: Bar,
}

/// Which ratio of ours to the yardstick's is wanted.
#[derive(Debug, Clone, Copy, Serialize)]
pub enum Bar {
    /// So much at most.
    AtMost(f64),
    /// So much at least.
    AtLeast(f64),
    /// So many more at most, in the unit.
    Plus(f64),
}

impl Row {
    /// Whether the bar is reached.
    pub fn is_good(&self) -> bool {
        match self.bar {
            Bar::AtMost(most) => self.ours <= most * self.bare,
            Bar::AtLeast(least) => self.ours >= least * self.bare,
            Bar::Plus(more) => self.ours <= self.bare + more,
        }
    }

    /// A row of a Markdown table.
    pub fn markdown(&self) -> String {
        let size = self.meetings.map_or("corpus".to_owned(), |n| format!("{:.0e}", n as f64));
        let (ratio, bar) = match self.bar {
            Bar::AtMost(most) => (format!("{:.2}", self.ours / self.bare), format!("at most {most}")),
            Bar::AtLeast(least) => (format!("{:.2}", self.ours / self.bare), format!("at least {least}")),
            Bar::Plus(more) => (format!("+{}", number(self.ours - self.bare)), format!("plus {}", number(more))),
        };
        let good = if self.is_good() { "yes" } else { "**no**" };
        let (ours, bare, unit) = (number(self.ours), number(self.bare), self.unit);
        format!("| {} | {size} | {ours} {unit} | {bare} {unit} | {ratio} | {bar} | {good} |", self.what)
    }
}

/// Three digits.
fn number(n: f64) -> String {
    match n.abs() {
        a if a >= 100.0 => format!("{n:.0}"),
        a if a >= 10.0 => format!("{n:.1}"),
        a if a >= 0.1 || a == 0.0 => format!("{n:.2}"),
        _ => format!("{n:.3}"),
    }
}

/// The one in the middle.
pub fn median(mut all: Vec<f64>) -> f64 {
    all.sort_by(f64::total_cmp);
    all[all.len() / 2]
}
