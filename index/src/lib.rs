//! Facts of meetings -> knowledge, kept on disk and asked by queries.
//!
//! * [`book`] keeps a book's index up to date: [`store`] on disk, one generation at a time;
//! * [`as_of`] makes a snapshot of a [`commit`] instead, which is stored nowhere;
//! * [`snapshot`] is one state of a book: immutable shards by series and small book-wide tables;
//! * [`identity`] tells who is who, [`fold`] which mentions are one action, [`threads`] what became of it,
//!   [`chains`] what became of a decision, [`ledger`] what people said of actions outside the minutes, [`rulings`] what that does to the threads,
//!   [`graph`] how things hang together, [`text`] holds the words (tantivy);
//! * [`query`] answers, each query under a [`Scope`](query::Scope).
//!
//! Nothing here prints, knows of HTTP, or reads the clock: the day of asking is part of the scope.

mod abbreviations;
mod addressee;
pub mod as_of;
pub mod book;
pub mod chains;
mod checkpoint;
pub mod commit;
pub mod fold;
mod folder;
pub mod forge;
pub mod git;
pub mod graph;
pub mod history;
pub mod identity;
mod kept;
pub mod ledger;
mod lexicon;
pub mod query;
mod reading;
mod recent;
pub mod rhythm;
pub mod roll;
pub mod rulings;
pub mod shard;
pub mod short_id;
pub mod short_refs;
pub mod snapshot;
pub mod store;
#[cfg(test)]
mod test_book;
pub mod text;
pub mod threads;
pub mod tokens;
mod tracked;

pub use as_of::Known;
pub use book::{Book, IfBusy, Notice, Progress, Refresh};
pub use commit::{Commit, CommitError};
pub use short_id::Id;
pub use snapshot::Snapshot;
