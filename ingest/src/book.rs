//! The files of a book: which are minutes, which are not and why.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use ignore::overrides::{Override, OverrideBuilder};
use ignore::{DirEntry, WalkBuilder};
use serde::{Deserialize, Serialize};

use crate::conventions;
use crate::decode;

/// Files larger than this are no minutes: 4 MiB.
pub const LARGEST: u64 = 4 * 1024 * 1024;

/// What a walk through a book found.
#[derive(Debug, Clone, Default)]
pub struct Listing {
    /// Candidates for minutes, sorted by path.
    pub files: Vec<BookFile>,
    /// What is left out, sorted by path.
    pub skipped: Vec<Skipped>,
}

impl Listing {
    fn sort(&mut self) {
        self.files.sort_by(|a, b| a.path.cmp(&b.path));
        self.skipped.sort_by(|a, b| a.path.cmp(&b.path));
    }
}

/// A file that may hold minutes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BookFile {
    /// Relative to the book, with `/` between its parts.
    pub path: String,
    /// Where it lies.
    pub on_disk: PathBuf,
    /// In bytes.
    pub size: u64,
    /// Nanoseconds since 1970; 0 where the file system does not tell.
    pub modified: u64,
}

/// A file that is no minutes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Skipped {
    /// Relative to the book.
    pub path: String,
    /// In a few words: "a README", "larger than 4 MiB".
    pub reason: String,
}

/// The folder cannot be read as a book.
#[derive(Debug, thiserror::Error)]
pub enum BookError {
    /// Nothing is there.
    #[error("{0}: no such folder. Give the folder that holds the minutes")]
    Missing(PathBuf),
    /// A file is there.
    #[error("{0}: is a file. Give the folder that holds it, or use `minutebook extract` for single files")]
    NotAFolder(PathBuf),
    /// A pattern of `book.skip` is no glob.
    #[error("book.skip: {0}")]
    Pattern(String),
}

/// Walks a book: every Markdown file that is not ignored (`.gitignore`, `.ignore`, hidden files) or skipped.
///
/// # Errors
/// When the folder is missing or no folder, or a skip pattern is no glob. Files that cannot be read
/// are among the skipped.
pub fn list(root: &Path, conventions: &conventions::Book) -> Result<Listing, BookError> {
    let mut listing = Listing::default();
    let names = names(root, conventions)?;
    for entry in walk(root).build() {
        sort_in(&mut listing, root, &names, entry);
    }
    listing.sort();
    Ok(listing)
}

/// Of some paths (relative to the book, with `/`) those that [`list`] would tell, without looking at the others.
///
/// # Errors
/// As [`list`].
pub fn list_only(root: &Path, conventions: &conventions::Book, paths: &[String]) -> Result<Listing, BookError> {
    let on_the_way: HashSet<PathBuf> =
        paths.iter().flat_map(|path| Path::new(path).ancestors()).map(|part| root.join(part)).collect();
    let on_the_way = Arc::new(on_the_way);
    let mut listing = Listing::default();
    let names = names(root, conventions)?;
    // Folder by folder: a walk over several would open all that lie beside the way.
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        let on_the_way = Arc::clone(&on_the_way);
        let mut walk = walk(&folder);
        walk.max_depth(Some(1)).filter_entry(move |entry| on_the_way.contains(entry.path()));
        for entry in walk.build() {
            if let Ok(entry) = &entry
                && entry.depth() == 1
                && entry.file_type().is_some_and(|kind| kind.is_dir())
            {
                folders.push(entry.path().to_owned());
            }
            sort_in(&mut listing, root, &names, entry);
        }
    }
    listing.sort();
    Ok(listing)
}

fn names(root: &Path, conventions: &conventions::Book) -> Result<Names, BookError> {
    if !root.exists() {
        return Err(BookError::Missing(root.to_owned()));
    }
    if !root.is_dir() {
        return Err(BookError::NotAFolder(root.to_owned()));
    }
    Names::of(root, conventions)
}

/// A walk that leaves out what git and others ignore.
fn walk(folder: &Path) -> WalkBuilder {
    let mut walk = WalkBuilder::new(folder);
    walk.require_git(false).follow_links(false);
    walk
}

/// Which files of a book can be minutes, by their names alone.
#[derive(Debug)]
pub struct Names {
    skip: Override,
}

impl Names {
    /// Of a book in a folder.
    ///
    /// # Errors
    /// When a skip pattern is no glob.
    pub fn of(root: &Path, conventions: &conventions::Book) -> Result<Self, BookError> {
        let mut builder = OverrideBuilder::new(root);
        for pattern in &conventions.skip {
            builder.add(pattern).map_err(|e| BookError::Pattern(format!("{pattern}: {e}")))?;
        }
        Ok(Self { skip: builder.build().map_err(|e| BookError::Pattern(e.to_string()))? })
    }

    /// Why a file (its path with that of the book before it) is left out; none when it can be minutes.
    pub fn why_left_out(&self, file: &Path) -> Option<&'static str> {
        // `add` makes whitelists, so a hit is a match.
        if self.skip.matched(file, false).is_whitelist() {
            let low = file.file_name().map(|name| name.to_string_lossy().to_lowercase()).unwrap_or_default();
            return Some(match () {
                () if low.starts_with("readme") => "a README",
                () if low.contains("template") => "a template",
                () if low.starts_with("licen") || low.starts_with("copying") => "a licence",
                () => "left out by book.skip",
            });
        }
        let end = file.extension().map(|e| e.to_string_lossy().to_lowercase());
        let is_markdown = end.is_some_and(|e| matches!(e.as_str(), "md" | "markdown" | "mdown" | "mkd"));
        (!is_markdown).then_some("no Markdown")
    }
}

fn sort_in(listing: &mut Listing, root: &Path, names: &Names, entry: Result<DirEntry, ignore::Error>) {
    let entry = match entry {
        Ok(entry) => entry,
        Err(error) => {
            let (path, reason) = (error_path(&error, root), io_reason(&error));
            listing.skipped.push(Skipped { path, reason });
            return;
        }
    };
    let Some(kind) = entry.file_type() else {
        return;
    };
    if kind.is_dir() {
        return;
    }
    let path = relative(root, entry.path());
    if entry.path().to_str().is_none() {
        listing.skipped.push(Skipped { path, reason: "its name is not UTF-8".to_owned() });
        return;
    }
    let mut leave = |reason: &str| listing.skipped.push(Skipped { path: path.clone(), reason: reason.to_owned() });
    if kind.is_symlink() {
        return leave("a symbolic link");
    }
    // A pipe that nobody writes to would be waited for.
    if !kind.is_file() {
        return leave("no regular file");
    }
    if let Some(reason) = names.why_left_out(entry.path()) {
        return leave(reason);
    }
    match entry.metadata() {
        Ok(meta) if meta.len() > LARGEST => leave("larger than 4 MiB"),
        Ok(meta) => {
            let modified = meta.modified().map_or(0, nanoseconds);
            listing.files.push(BookFile { path, on_disk: entry.path().to_owned(), size: meta.len(), modified });
        }
        Err(error) => leave(&format!("cannot be read: {error}")),
    }
}

/// Since 1970: 0 before it, and after the year 2554 its end.
pub fn nanoseconds(time: SystemTime) -> u64 {
    let since = time.duration_since(SystemTime::UNIX_EPOCH);
    since.map_or(0, |since| u64::try_from(since.as_nanos()).unwrap_or(u64::MAX))
}

/// The bytes of a listed file, or why it is skipped after all.
///
/// # Errors
/// The reason in a few words: it cannot be read, has grown too large, or is no text.
pub fn read(file: &BookFile) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    read_into(&mut bytes, file)?;
    Ok(bytes)
}

/// The same in place of what `bytes` hold, for who reads many files.
pub fn read_into(bytes: &mut Vec<u8>, file: &BookFile) -> Result<(), String> {
    use std::io::Read;
    let cannot = |e: std::io::Error| format!("cannot be read: {e}");
    bytes.clear();
    bytes.reserve(usize::try_from(file.size).unwrap_or(0).min(1 << 22) + 1);
    let handle = std::fs::File::open(&file.on_disk).map_err(cannot)?;
    handle.take(LARGEST + 1).read_to_end(bytes).map_err(cannot)?;
    if bytes.len() as u64 > LARGEST {
        return Err("larger than 4 MiB".to_owned());
    }
    if decode::is_binary(bytes) {
        return Err("binary".to_owned());
    }
    Ok(())
}

/// A path relative to the book, with `/` between its parts.
pub fn relative(root: &Path, path: &Path) -> String {
    let inner = path.strip_prefix(root).unwrap_or(path);
    inner.components().map(|c| c.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

fn error_path(error: &ignore::Error, root: &Path) -> String {
    match error {
        ignore::Error::WithPath { path, .. } => relative(root, path),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => error_path(err, root),
        _ => String::new(),
    }
}

fn io_reason(error: &ignore::Error) -> String {
    error.io_error().map_or_else(|| error.to_string(), |e| format!("cannot be read: {e}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Conventions;
    use std::fs;

    #[test]
    fn minutes_are_told_from_the_rest() {
        let dir = tempfile::tempdir().expect("a folder");
        let put = |path: &str, text: &[u8]| {
            let path = dir.path().join(path);
            fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
            fs::write(path, text).expect("written");
        };
        put("README.md", b"# x");
        put("LICENSE", b"x");
        put("board/2026-01-01.md", b"# x");
        put("board/template.md", b"# x");
        put("board/logo.png", b"\x89PNG");
        put("drafts/2026-01-02.md", b"# x");
        put(".gitignore", b"drafts\n");
        put("big.md", &vec![b'x'; 5 * 1024 * 1024]);
        let listing = list(dir.path(), &Conventions::defaults().book).expect("a book");
        let files: Vec<&str> = listing.files.iter().map(|f| f.path.as_str()).collect();
        assert_eq!(files, ["board/2026-01-01.md"]);
        let skipped: Vec<String> = listing.skipped.iter().map(|s| format!("{}: {}", s.path, s.reason)).collect();
        assert_eq!(
            skipped,
            [
                "LICENSE: a licence",
                "README.md: a README",
                "big.md: larger than 4 MiB",
                "board/logo.png: no Markdown",
                "board/template.md: a template"
            ]
        );
    }

    #[test]
    fn some_files_are_listed_as_all_of_them_are() {
        let dir = tempfile::tempdir().expect("a folder");
        let all = [
            "board/2026-01-01.md",
            "board/2026-01-08.md",
            "drafts/a.md",
            "README.md",
            "board/logo.png",
            "board/old/deep/2025-01-01.md",
            "board/old/deep/left.md",
            ".hidden/2025-01-02.md",
        ];
        for path in all {
            let path = dir.path().join(path);
            fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
            fs::write(path, b"# x").expect("written");
        }
        fs::write(dir.path().join(".gitignore"), "drafts\n").expect("written");
        fs::write(dir.path().join("board/old/.gitignore"), "left.md\n").expect("written");
        let book = Conventions::defaults().book;
        let whole = list(dir.path(), &book).expect("a book");
        for asked in all.map(str::to_owned).chunks(2) {
            let told = list_only(dir.path(), &book, asked).expect("a book");
            let wanted = |path: &String| asked.contains(path);
            let files: Vec<_> = whole.files.iter().filter(|f| wanted(&f.path)).collect();
            assert_eq!(told.files.iter().collect::<Vec<_>>(), files);
            let skipped: Vec<_> = whole.skipped.iter().filter(|s| wanted(&s.path)).collect();
            assert_eq!(told.skipped.iter().collect::<Vec<_>>(), skipped);
        }
    }

    #[test]
    fn a_missing_folder_says_what_to_do() {
        let error = list(Path::new("/nowhere/at/all"), &Conventions::defaults().book).expect_err("missing");
        assert!(error.to_string().contains("no such folder"));
    }
}
