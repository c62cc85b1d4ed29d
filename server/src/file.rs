//! Files that are written whole or not at all.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;

use anyhow::Context;

/// Writes a file in place of the one before, which stays if this fails. What is no file, as a terminal, is written to.
pub fn replace(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> anyhow::Result<()> {
    let told = || path.display().to_string();
    // A link stays one.
    let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    if path.metadata().is_ok_and(|known| !known.is_file()) {
        return finished(File::options().write(true).open(&path), write).with_context(told);
    }
    let name = path.file_name().context("this names no file").with_context(told)?.to_string_lossy();
    let new = path.with_file_name(format!(".{name}.{}", std::process::id()));
    let written = finished(File::create(&new), write).and_then(|()| {
        if let Ok(known) = path.metadata() {
            fs::set_permissions(&new, known.permissions())?;
        }
        fs::rename(&new, &path)
    });
    written.inspect_err(|_| drop(fs::remove_file(&new))).with_context(told)
}

/// Writes a file that is not there yet; one that came meanwhile stays.
pub fn create(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> anyhow::Result<()> {
    let told = || path.display().to_string();
    let file = File::create_new(path).with_context(told)?;
    finished(Ok(file), write).inspect_err(|_| drop(fs::remove_file(path))).with_context(told)
}

fn finished(file: io::Result<File>, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let mut out = BufWriter::new(file?);
    write(&mut out)?;
    let file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
    // Of what is no file there may be nothing to wait for.
    file.sync_all().or_else(|error| if file.metadata()?.is_file() { Err(error) } else { Ok(()) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fails_leaves_what_was_there() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.csv");
        let text = |path: &Path| fs::read_to_string(path).expect("a file");
        replace(&path, |out| out.write_all(b"one")).expect("written");
        assert_eq!(text(&path), "one");
        let broken = |out: &mut dyn Write| {
            out.write_all(b"half")?;
            Err(io::Error::other("full"))
        };
        assert!(replace(&path, broken).is_err());
        assert_eq!(text(&path), "one");
        replace(&path, |out| out.write_all(b"two")).expect("written");
        assert_eq!(text(&path), "two");
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1);
        assert!(create(&path, |out| out.write_all(b"three")).is_err());
        assert_eq!(text(&path), "two");
        let other = folder.path().join("b.csv");
        assert!(create(&other, broken).is_err() && !other.exists());
        create(&other, |out| out.write_all(b"one")).expect("written");
        assert_eq!(text(&other), "one");
        assert!(replace(&folder.path().join("none/a.csv"), |_| Ok(())).is_err());
        assert!(replace(folder.path(), |_| Ok(())).is_err());
    }
}
