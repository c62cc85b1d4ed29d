//! Meeting minutes in Markdown -> facts.
//!
//! The way of data through this crate, each step a module:
//!
//! 1. [`book`] lists the files of a folder and says which are no minutes and why;
//! 2. [`decode`] turns bytes into text, whatever the encoding;
//! 3. [`outline`] turns Markdown into a flat tree of headings, items, rows and paragraphs, each with its line span;
//! 4. [`meeting`] cuts the outline into meetings and asks one module a fact
//!    ([`participants`], [`roles`], [`actions`], [`decisions`], [`references`], …) what it finds.
//!
//! [`facts`] holds what comes out, [`conventions`] what is looked for, [`checks`] what a chair is told to mend,
//! [`explain`] which convention found a fact, or why none did. `CONVENTIONS.md` beside this folder describes them all.
//!
//! Extraction is a pure function of text, path and conventions: no clock, no network, no file system
//! (only [`book`] touches the disk). What a team means by its words across files (who is who, which
//! mentions are one action) is decided in `minutebook-index`.

pub mod actions;
pub mod book;
pub mod checks;
pub mod commitments;
pub mod conventions;
pub mod dates;
pub mod decisions;
pub mod decode;
pub mod due;
pub mod explain;
pub mod facts;
pub mod handoffs;
pub mod hints;
pub mod markers;
pub mod meeting;
pub mod notes;
pub mod outline;
pub mod owners;
pub mod participants;
pub mod passages;
pub mod pattern;
pub mod placeholders;
pub mod postponed;
pub mod reasons;
pub mod recalls;
pub mod references;
pub mod roles;
pub mod series;
pub mod stances;
pub mod state;
pub mod statement;
pub mod wordlist;
pub mod words;

pub use conventions::Conventions;
pub use facts::Meeting;
pub use meeting::{Extractor, extract};
