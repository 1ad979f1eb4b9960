//! Secrets that run over several lines. Decided forward: each line is judged when it comes, by what came before it.

pub mod alarm;
pub mod command;
pub mod open;
pub mod private_key;
pub mod table;
