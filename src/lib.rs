//! logmask: log lines come in, the sensitive values in them are masked, everything else goes out byte for byte.
//!
//! Bytes flow one way: chunk, line, field, finding, edit, bytes. Each stage has a module that can be read alone; uses
//! point down only (`tests/it/house.rs` keeps it so).

pub mod access;
pub mod action;
pub mod audit;
pub mod block;
pub mod cli;
pub mod detect;
pub mod edit;
pub mod format;
pub mod input;
pub mod listed;
pub mod masker;
mod owner;
pub mod pipeline;
pub mod policy;
pub mod reveal;
pub mod rewrite;
mod room;
pub mod seal;
pub mod select;
mod slashes;
pub mod span;
pub mod stack;
pub mod tally;
pub mod validate;
