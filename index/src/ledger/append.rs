//! Writing to the ledger: whole lines or nothing, on the disk before it is told.

use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::{Entry, path};

/// Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum AppendError {
    /// The rights are missing, or the disk is mounted read-only.
    #[error(
        "{path}: {why}. The ledger lies in the book; nothing was written. Get the right to write there, \
         or work on a clone of the book that is yours"
    )]
    ReadOnly {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        why: io::Error,
    },
    /// The disk is full, or the file may not grow.
    #[error("{path}: {why}. Nothing was written; make room and try again")]
    Full {
        /// The file.
        path: PathBuf,
        /// Why.
        why: io::Error,
    },
    /// Something else.
    #[error("{path}: {why}; nothing was written")]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        why: io::Error,
    },
}

impl AppendError {
    fn of(path: &Path, why: io::Error) -> Self {
        let path = path.to_owned();
        match why.kind() {
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => Self::ReadOnly { path, why },
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
                Self::Full { path, why }
            }
            _ => Self::Io { path, why },
        }
    }
}

/// Adds entries to a book's ledger, all or none, and returns once they are on the disk.
///
/// Several processes may do so at once: each holds the file's lock while it writes. A kill or a power cut in
/// the midst leaves whole lines and at most one beginning of a line, which no reader takes for an entry and
/// the next writer ends. Such a beginning is not taken away: it may as well be what somebody typed.
///
/// # Errors
/// When the file cannot be made, locked, written or synced; it is then as it was before.
pub fn append(root: &Path, entries: &[Entry]) -> Result<(), AppendError> {
    let path = path(root);
    if entries.is_empty() {
        return Ok(());
    }
    let folder = path.parent().expect("the ledger lies in a folder of the book");
    let new_folder = !folder.exists();
    if new_folder {
        fs::create_dir_all(folder).map_err(|e| AppendError::of(folder, e))?;
    }
    let mut file = locked(&path).map_err(|e| AppendError::of(&path, e))?;
    let fail = |e| AppendError::of(&path, e);
    let before = file.metadata().map_err(fail)?.len();
    let mut lines = String::new();
    if before > 0 && last_byte(&mut file).map_err(fail)? != b'\n' {
        lines.push('\n');
    }
    for entry in entries {
        lines.push_str(&entry.line());
        lines.push('\n');
    }
    let written = file.write_all(lines.as_bytes()).and_then(|()| file.sync_all());
    if let Err(error) = written {
        // Best effort: what stays is no whole line, or one that nobody was told of.
        let _ = file.set_len(before).and_then(|()| file.sync_all());
        return Err(fail(error));
    }
    if before == 0 {
        sync_folder(folder);
        if new_folder {
            sync_folder(root);
        }
    }
    Ok(())
}

/// The ledger, made where there is none, with its lock held until it is dropped.
fn locked(path: &Path) -> io::Result<File> {
    loop {
        let file = File::options().create(true).read(true).append(true).open(path)?;
        file.lock()?;
        // A checkout may have put another file in its place while we waited.
        if is_at(&file, path)? {
            return Ok(file);
        }
    }
}

#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt;
    let held = file.metadata()?;
    match fs::metadata(path) {
        Ok(there) => Ok((there.dev(), there.ino()) == (held.dev(), held.ino())),
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(e) => Err(e),
    }
}

#[cfg(not(unix))]
fn is_at(_: &File, _: &Path) -> io::Result<bool> {
    // An open file cannot be replaced there.
    Ok(true)
}

fn last_byte(file: &mut File) -> io::Result<u8> {
    let mut last = [0];
    file.seek(SeekFrom::End(-1))?;
    file.read_exact(&mut last)?;
    Ok(last[0])
}

/// A new file is only there for good when its folder is synced too; not all systems can.
fn sync_folder(folder: &Path) {
    if let Ok(folder) = File::open(folder) {
        let _ = folder.sync_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::{Ledger, PATH, Verb, new_id};

    fn entry(action: &str) -> Entry {
        let at = "2026-01-07T10:00:00Z".parse().expect("a time");
        let note = Some(format!("of {action}"));
        Entry { id: new_id(&[action]), at, by: "jonas-eide".into(), verb: Verb::Note, action: action.into(), note }
    }

    fn actions(root: &Path) -> Vec<String> {
        Ledger::read(root).entries.into_iter().map(|p| p.entry.action).collect()
    }

    #[test]
    fn nothing_is_made_of_nothing() {
        let root = tempfile::tempdir().expect("a folder");
        append(root.path(), &[]).expect("nothing to do");
        assert!(!root.path().join(".minutebook").exists());
        assert_eq!(Ledger::read(root.path()), Ledger::default());
    }

    /// A kill at any byte of the second of three entries: the first is there, the second whole or not at all,
    /// and what is written next counts.
    #[test]
    fn a_line_torn_at_any_byte_is_whole_or_nothing() {
        let root = tempfile::tempdir().expect("a folder");
        append(root.path(), &[entry("a1")]).expect("written");
        let first = fs::read(root.path().join(PATH)).expect("read");
        let second = format!("{}\n", entry("a2").line());
        for cut in 0..=second.len() {
            let torn = [&first[..], &second.as_bytes()[..cut]].concat();
            fs::write(root.path().join(PATH), &torn).expect("written");
            let whole = cut + 1 >= second.len();
            let before: &[&str] = if whole { &["a1", "a2"] } else { &["a1"] };
            assert_eq!(actions(root.path()), before, "cut at {cut}");
            append(root.path(), &[entry("a3"), entry("a4")]).expect("written");
            assert_eq!(actions(root.path()), [before, &["a3", "a4"]].concat(), "cut at {cut}");
            let now = fs::read(root.path().join(PATH)).expect("read");
            assert!(now.starts_with(&torn), "what stood there stays, cut at {cut}");
            assert_eq!(Ledger::read(root.path()).problems.len(), usize::from(cut > 0 && !whole), "cut at {cut}");
        }
    }

    #[test]
    fn threads_that_write_at_once_write_whole_lines() {
        let root = tempfile::tempdir().expect("a folder");
        std::thread::scope(|threads| {
            for t in 0..8 {
                let root = root.path();
                threads.spawn(move || {
                    (0..25).for_each(|n| append(root, &[entry(&format!("a{t}x{n}"))]).expect("written"));
                });
            }
        });
        let ledger = Ledger::read(root.path());
        assert_eq!((ledger.entries.len(), ledger.problems), (200, Vec::new()));
    }

    /// Without the lock a writer that rolls back would take away what another has written meanwhile.
    #[cfg(unix)]
    #[test]
    fn who_comes_second_waits_and_writes_where_the_ledger_is_then() {
        let root = tempfile::tempdir().expect("a folder");
        append(root.path(), &[entry("a1")]).expect("written");
        let path = root.path().join(PATH);
        let held = File::options().append(true).open(&path).expect("opened");
        held.lock().expect("locked");
        std::thread::scope(|threads| {
            let second = threads.spawn(|| append(root.path(), &[entry("a2")]));
            std::thread::sleep(std::time::Duration::from_millis(200));
            assert!(!second.is_finished());
            assert_eq!(actions(root.path()), ["a1"]);
            // A checkout puts another file in its place.
            let other = root.path().join("other");
            fs::write(&other, format!("{}\n", entry("a3").line())).expect("written");
            fs::rename(&other, &path).expect("renamed");
            drop(held);
            second.join().expect("no panic").expect("written");
        });
        assert_eq!(actions(root.path()), ["a3", "a2"]);
    }

    #[test]
    fn a_folder_in_the_way_is_an_error_that_names_it() {
        let root = tempfile::tempdir().expect("a folder");
        fs::write(root.path().join(".minutebook"), "a file").expect("written");
        let error = append(root.path(), &[entry("a1")]).expect_err("no folder").to_string();
        assert!(error.contains(".minutebook") && error.contains("nothing was written"), "{error}");
    }
}
