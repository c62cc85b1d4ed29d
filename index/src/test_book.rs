//! For tests: a book of a few files, read.

use std::sync::Arc;

use minutebook_ingest::Conventions;
use tempfile::TempDir;

use crate::Snapshot;
use crate::book::{Book, IfBusy};

/// What a book of these files holds; the folder goes when it is dropped.
pub(crate) fn book<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> (TempDir, Arc<Snapshot>) {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path().join("book");
    std::fs::create_dir_all(&root).expect("made");
    for (path, text) in files {
        let path = root.join(path);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("made");
        std::fs::write(path, text).expect("written");
    }
    let mut book = Book::new(root, folder.path().join("data"), Conventions::defaults());
    book.refresh(&(), IfBusy::ShowPrevious).expect("read");
    (folder, book.snapshot().expect("a snapshot"))
}
