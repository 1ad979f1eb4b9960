//! Faults and bad input, through the real executable. Each test is named by its row and by the promise.

mod files;
mod input;
mod policy;
mod process;
mod streams;
mod work;
