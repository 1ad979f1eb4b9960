//! Finds what rules look for; so far only the literals that tell where a pattern is worth running.

pub mod anchor;
