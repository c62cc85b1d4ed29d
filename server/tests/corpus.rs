//! Real minutes: every file is accounted for, every kind of page answers. Skipped where there are none.

mod common;

use common::{Server, corpus, run, stdout};
use serde_json::Value;

#[test]
fn every_file_is_read_or_skipped_with_its_reason() {
    for name in ["scs", "other"] {
        let Some(book) = corpus(name) else { continue };
        let data = tempfile::tempdir().expect("a folder");
        let account: Value =
            serde_json::from_str(&stdout(&run(&book, data.path(), &["index", "--format", "json"]))).expect("JSON");
        let (files, skipped) =
            (account["files"].as_u64().expect("a number"), account["skipped"].as_array().expect("a list"));
        assert_eq!(account["read"].as_u64(), Some(files));
        assert!(files > 450, "{name}: {files} files");
        assert!(
            skipped.iter().all(|s| ["a README", "a licence", "a template", "no Markdown"]
                .contains(&s["reason"].as_str().expect("a reason"))),
            "{skipped:?}"
        );
    }
}

#[test]
fn pages_of_every_meeting_series_and_person_answer() {
    let Some(book) = corpus("scs") else { return };
    let data = tempfile::tempdir().expect("a folder");
    let server = Server::start(&book, data.path());
    let series = server.json("/api/v1/series");
    for one in series.as_array().expect("a list") {
        let name = one["series"].as_str().expect("a name");
        for path in [format!("/series/{name}"), format!("/series/{name}/agenda")] {
            assert_eq!(server.get(&path).0, 200, "{path}");
        }
        let page = server.json(&format!("/api/v1/series/{name}"));
        for meeting in page["all"].as_array().expect("a list").iter().take(12) {
            let path = meeting["path"].as_str().expect("a path");
            assert_eq!(server.get(&format!("/meetings/{path}")).0, 200, "{path}");
        }
    }
    for person in server.json("/api/v1/people").as_array().expect("a list").iter().take(60) {
        let id: String = person["id"].as_str().expect("an id").bytes().map(|b| format!("%{b:02X}")).collect();
        assert_eq!(server.get(&format!("/people/{id}")).0, 200, "{person}");
    }
}
