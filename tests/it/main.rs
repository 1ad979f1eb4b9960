//! The promises of the README, each kept by a test that fails without it.
#![allow(clippy::unwrap_used, clippy::print_stderr)]

mod access;
mod api;
mod canary;
mod cases;
mod check;
mod ci_systems;
mod command;
mod faults;
mod files;
mod house;
mod kubectl;
mod listed;
mod near_misses;
mod nesting;
mod packaging;
mod packed;
mod policy;
mod promises;
mod readme;
mod reads;
mod records;
mod rules;
mod run;
mod samples;
mod support;
