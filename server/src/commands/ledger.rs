//! `minutebook close`, `reopen` and `correct`: what people say of actions outside the minutes.

use std::io::{IsTerminal, Read, Write, stdin};

use jiff::Timestamp;
use minutebook_index::ledger::{As, PATH, Verb};
use minutebook_index::query::ledger::{Said, Wish, say};

use super::Failure;
use crate::author::author;
use crate::cli::{Correction, Format, Saying};
use crate::output::{self, Look, Piece};
use crate::settings::Settings;

const COLUMNS: [&str; 5] = ["said", "action", "state", "because", "id"];

/// Closes actions as done or dropped.
pub fn close(settings: &Settings, named: &[String], closed_as: As, saying: &Saying) -> Result<(), Failure> {
    write(settings, ids(named)?, &Verb::Close(closed_as), saying)
}

/// Takes closing back, or that something is no action.
pub fn reopen(settings: &Settings, named: &[String], saying: &Saying) -> Result<(), Failure> {
    write(settings, ids(named)?, &Verb::Reopen, saying)
}

/// Puts right what was read from the minutes.
pub fn correct(settings: &Settings, id: String, correction: Correction, saying: &Saying) -> Result<(), Failure> {
    let verb = match correction {
        Correction { not_an_action: true, .. } => Verb::NotAnAction,
        Correction { same_as: Some(other), .. } => Verb::SameAs(other),
        Correction { not_same: Some(other), .. } => Verb::NotSame(other),
        Correction { owner, .. } if !owner.is_empty() => {
            let nobody = owner.len() == 1 && owner[0].eq_ignore_ascii_case("none");
            Verb::Owner(if nobody { Vec::new() } else { owner })
        }
        _ if saying.note.is_some() => Verb::Note,
        _ => {
            return Err(Failure::usage(
                "say what is right: --not-an-action, --same-as ID, --not-same ID, --owner NAME, or only --note TEXT",
            ));
        }
    };
    write(settings, vec![id], &verb, saying)
}

fn write(settings: &Settings, ids: Vec<String>, verb: &Verb, saying: &Saying) -> Result<(), Failure> {
    if settings.as_of.is_some() {
        return Err(Failure::usage("the ledger is written as of now; leave out --as-of"));
    }
    if !output::LISTS.contains(&settings.format) {
        return Err(output::unfit(settings.format, &output::LISTS));
    }
    let by = author(saying.by.as_deref(), &settings.root)
        .ok_or_else(|| Failure::usage("nobody is known to say this; name yourself with --by"))?;
    let (snapshot, scope) = (settings.snapshot()?, settings.scope());
    let wish = |action| Wish { action, verb: verb.clone(), note: saying.note.clone() };
    let wishes: Vec<Wish> = ids.into_iter().map(wish).collect();
    let (_, said) = say(&snapshot, &scope, &wishes, &by, Timestamp::now()).map_err(anyhow::Error::from)?;
    output::list(settings, &said, &COLUMNS, row, "Nothing.").inspect_err(|_| {
        tell!("minutebook: {} written, but what it did cannot be printed", output::counted(said.len(), "line"));
    })?;
    if settings.format == Format::Table && !settings.quiet {
        let entries = if said.len() == 1 { "1 entry".to_owned() } else { format!("{} entries", said.len()) };
        let by = said.first().map_or(&by, |s| &s.entry.by);
        writeln!(output::out(), "{entries} by {by} in {PATH}; commit it with the minutes.")?;
    }
    Ok(())
}

fn row(said: &Said) -> Vec<Piece> {
    let verb = match &said.entry.verb {
        Verb::Close(closed_as) => format!("close as {}", closed_as.as_str()),
        Verb::SameAs(other) | Verb::NotSame(other) => format!("{} {other}", said.entry.verb.name()),
        Verb::Owner(owners) if owners.is_empty() => "owner none".to_owned(),
        Verb::Owner(owners) => format!("owner {}", owners.join(", ")),
        other => other.name().to_owned(),
    };
    vec![
        Piece::new(verb, Look::Strong),
        Piece::plain(said.text.clone().unwrap_or_default()),
        said.state.map_or_else(|| Piece::plain("no action"), |state| Piece::new(state.as_str(), Look::State(state))),
        Piece::plain(said.reason.clone().unwrap_or_default()),
        Piece::new(&said.entry.action, Look::Dim),
    ]
}

/// The ids that were typed, or those that are piped in.
fn ids(named: &[String]) -> Result<Vec<String>, Failure> {
    let piped = named.iter().any(|id| id == "-") || (named.is_empty() && !stdin().is_terminal());
    let mut ids: Vec<String> = named.iter().filter(|id| *id != "-").cloned().collect();
    if piped {
        let mut text = String::new();
        stdin().take(16 << 20).read_to_string(&mut text).map_err(|e| anyhow::anyhow!("standard input: {e}"))?;
        ids.extend(ids_in(&text).map_err(|e| anyhow::anyhow!("standard input: {e}"))?);
    }
    let mut seen = std::collections::HashSet::new();
    ids.retain(|id| seen.insert(id.clone()));
    if ids.is_empty() {
        return Err(Failure::usage(
            "name actions by their ids, or pipe them in, as in: minutebook actions --owner mira --format jsonl | minutebook close -",
        ));
    }
    Ok(ids)
}

/// The first word of each line, the `id` of JSON objects a line, or of those of one JSON list.
fn ids_in(text: &str) -> Result<Vec<String>, String> {
    let id = |value: &serde_json::Value| value["id"].as_str().map(str::to_owned).ok_or("an object has no \"id\"");
    if text.trim_start().starts_with('[') {
        let all: Vec<serde_json::Value> = serde_json::from_str(text).map_err(|e| e.to_string())?;
        return Ok(all.iter().map(id).collect::<Result<_, _>>()?);
    }
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(n, line)| match line.trim() {
            line if line.starts_with('{') => serde_json::from_str(line)
                .map_err(|e| e.to_string())
                .and_then(|value| Ok(id(&value)?))
                .map_err(|e| format!("line {}: {e}", n + 1)),
            line => Ok(line.split_whitespace().next().unwrap_or_default().to_owned()),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_first_words_or_those_of_json() {
        let two = || Ok(vec!["a1".to_owned(), "a2".to_owned()]);
        assert_eq!(ids_in("a1 convert the tables\n\n  a2\n"), two());
        assert_eq!(ids_in("{\"id\":\"a1\",\"text\":\"x\"}\r\na2 and\n"), two());
        assert_eq!(ids_in(" [{\"id\":\"a1\"},\n{\"id\":\"a2\"}]"), two());
        assert_eq!(ids_in("a1\n{\"no\":1}\n"), Err("line 2: an object has no \"id\"".to_owned()));
        assert!(ids_in("{\"id\":").is_err_and(|e| e.starts_with("line 1: ")));
    }
}
