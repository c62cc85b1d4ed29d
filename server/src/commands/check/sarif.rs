//! SARIF 2.1.0: what code-scanning services and editors read.

use minutebook_index::Snapshot;
use minutebook_index::forge::encoded;
use minutebook_index::query::check::{Finding, Report};
use minutebook_ingest::checks;
use serde_json::{Value, json};

/// A log with one run: every check as a rule, every finding as a result.
pub fn log(snapshot: &Snapshot, report: &Report) -> Value {
    let rules: Vec<Value> = checks::ALL
        .iter()
        .map(|check| {
            json!({
                "id": check.code,
                "shortDescription": { "text": check.summary },
                "fullDescription": { "text": check.meaning },
                "help": { "text": format!("What to do: {}.", check.help), "markdown": check.explained() },
                "defaultConfiguration": { "level": check.severity.as_str() },
            })
        })
        .collect();
    let results: Vec<Value> = report.diagnostics.iter().map(|f| result(snapshot, f)).collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "minutebook",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

fn result(snapshot: &Snapshot, f: &Finding) -> Value {
    let mut region = json!({ "startLine": f.line });
    if let (Some(start), Some(end)) = (f.column, f.end_column) {
        region["startColumn"] = start.into();
        region["endColumn"] = end.into();
    }
    if let Some(text) = &f.text {
        region["snippet"] = json!({ "text": text });
    }
    let place = |path: &str, region: Value| {
        let uri = encoded(&super::in_repository(snapshot, path));
        json!({ "artifactLocation": { "uri": uri, "uriBaseId": "%SRCROOT%" }, "region": region })
    };
    let related: Vec<Value> = f
        .related
        .iter()
        .map(|r| {
            json!({
                "physicalLocation": place(&r.path, json!({ "startLine": r.line })),
                "message": { "text": r.message },
            })
        })
        .collect();
    let mut result = json!({
        "ruleId": f.code,
        "ruleIndex": checks::ALL.iter().position(|check| check.code == f.code),
        "level": f.severity.as_str(),
        "message": { "text": format!("{}. {}.", f.message, f.help) },
        "locations": [{ "physicalLocation": place(&f.path, region) }],
    });
    if !related.is_empty() {
        result["relatedLocations"] = related.into();
    }
    result
}
