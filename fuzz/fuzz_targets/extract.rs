//! Any bytes as a file of a book. The first line is the file's path, the rest what is in it.
#![no_main]

use std::sync::LazyLock;

use inside::assert_inside;
use libfuzzer_sys::fuzz_target;
use minutebook_ingest::series::SeriesRule;
use minutebook_ingest::{Conventions, Extractor, decode};

#[path = "../../ingest/tests/inside/mod.rs"]
mod inside;

static CONVENTIONS: LazyLock<Conventions> = LazyLock::new(Conventions::defaults);
static EXTRACTOR: LazyLock<Extractor> = LazyLock::new(|| Extractor::new(CONVENTIONS.clone()));

fuzz_target!(|data: &[u8]| {
    let cut = data.iter().position(|&b| b == b'\n').unwrap_or(0);
    let path = String::from_utf8_lossy(&data[..cut]);
    let bytes = data.get(cut + 1..).unwrap_or_default();
    let series = SeriesRule::learn([&*path, "team/2026-01-13.md"], &CONVENTIONS.series).series(&path);
    let (source, _) = decode::decode(bytes);
    if let Ok(text) = std::str::from_utf8(bytes)
        && !text.contains('\0')
    {
        assert_eq!(source, text.strip_prefix('\u{feff}').unwrap_or(text), "valid UTF-8 is kept");
    }
    let read = EXTRACTOR.read(&source, &path, &series);
    assert_inside(&read, &source);
    assert_eq!(read, EXTRACTOR.read(&source, &path, &series), "same text, same facts");
});
