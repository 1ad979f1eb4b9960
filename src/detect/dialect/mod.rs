//! Keys and values where no `=` or `:` stands between the two: one file per dialect.
//!
//! Each takes a candidate of the scan, finds the name and the value, and leaves the claim to `Fields`,
//! so that all dialects know the same names and the same empty values. `tuple` is the simplest to copy from.

pub mod bytes;
pub mod cef;
pub mod complaint;
pub mod duplicate;
pub mod flag;
pub mod graphql;
pub mod jwk;
pub mod klog;
pub mod lookup;
pub mod mailbox;
pub mod members;
pub mod monitor;
pub mod owner;
pub mod part;
pub mod php;
pub mod position;
pub mod postgres;
pub mod reference;
pub mod shell;
pub mod sibling;
pub mod spoken;
pub mod sql;
pub mod stated;
pub mod tuple;
pub mod wide;
pub mod xml;
pub mod yaml;

/// Most backslashes of a quote in a string within strings.
pub(super) const SLASHES: usize = 255;
