//! Any text as a book's `minutebook.toml`, and what extraction finds with it: in minutes that reach every
//! rule, and in the configuration itself, which holds the words it looks for.
#![no_main]

use inside::assert_inside;
use libfuzzer_sys::fuzz_target;
use minutebook_ingest::series::SeriesRule;
use minutebook_ingest::{Conventions, Extractor};

#[path = "../../ingest/tests/inside/mod.rs"]
mod inside;

const MINUTES: &str = include_str!("../seeds/extract/minutes");
const PATH: &str = "team/2026-01-13-tides.md";

fuzz_target!(|config: &str| {
    let conventions = match Conventions::with_config(config, "minutebook.toml") {
        Ok(conventions) => conventions,
        Err(error) => {
            assert!(error.to_string().starts_with("minutebook.toml"), "an error names its file: {error}");
            return;
        }
    };
    assert_eq!(conventions.key(), conventions.clone().key());
    let series = SeriesRule::learn([PATH, "team/2026-01-20-tides.md"], &conventions.series).series(PATH);
    let extractor = Extractor::new(conventions);
    for source in [MINUTES, config] {
        assert_inside(&extractor.read(source, PATH, &series), source);
    }
});
