//! What must hold of the facts of any text; for the property tests and the fuzz targets.

use minutebook_ingest::Meeting;
use minutebook_ingest::passages::Passage;

/// Panics unless every fact stands in the lines of its meeting, and every meeting in those of the file.
pub fn assert_inside(read: &[(Meeting, Vec<Passage>)], source: &str) {
    // A file without any line feed may have been written where a carriage return ends a line.
    let ends = if source.contains('\n') { '\n' } else { '\r' };
    let lines = u32::try_from(source.trim_end_matches(ends).split(ends).count()).expect("fewer than 2^32 lines");
    let all = u32::try_from(source.split(ends).count()).expect("fewer than 2^32 lines");
    assert!(!read.is_empty(), "a file has at least one meeting");
    let mut free = 1;
    for (m, passages) in read {
        // Meetings follow each other without overlap.
        assert!(m.line >= free && m.line <= m.end_line, "meeting at {}..={} from {free}", m.line, m.end_line);
        assert!(m.end_line <= all, "meeting at {}..={} of {all} lines", m.line, m.end_line);
        free = m.end_line + 1;
        let within = |what: &str, line: u32, last: u32| {
            let fits = m.line <= line && line <= last && last <= m.end_line && last <= lines.max(1);
            assert!(fits, "{what} at {line}..={last}, meeting at {}..={}, {lines} lines", m.line, m.end_line);
        };
        m.topics.iter().for_each(|t| within("topic", t.line, t.line));
        // A topic reaches to the end of its meeting, blank lines included.
        assert!(m.topics.iter().all(|t| t.line <= t.end_line && t.end_line <= m.end_line), "{:?}", m.topics);
        m.actions.iter().for_each(|a| within("action", a.line, a.end_line));
        m.decisions.iter().for_each(|d| within("decision", d.line, d.end_line));
        m.participants.iter().for_each(|p| within("participant", p.line, p.line));
        m.roles.iter().for_each(|r| within("role", r.line, r.line));
        m.references.iter().for_each(|r| within("reference", r.line, r.line));
        m.handoffs.iter().for_each(|h| within("handoff", h.line, h.line));
        m.postponed.iter().for_each(|p| within("postponed", p.line, p.line));
        m.named.iter().for_each(|n| within("name", n.line, n.line));
        m.diagnostics.iter().for_each(|d| within("diagnostic", d.line, d.line));
        passages.iter().for_each(|p| within("passage", p.line, p.end_line));
        assert!(m.participants.iter().all(|p| !p.as_written().is_empty()), "{:?}", m.participants);
        assert!(m.references.iter().all(|r| source.contains(&r.as_written)), "{:?}", m.references);
        assert!(m.actions.iter().all(|a| !a.text.is_empty()), "{:?}", m.actions);
        let is_name = |o: &String| !o.is_empty() && !o.starts_with('@');
        assert!(m.actions.iter().flat_map(|a| &a.owners).all(is_name), "{:?}", m.actions);
    }
}
