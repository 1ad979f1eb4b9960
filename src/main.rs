//! Exit status, nothing else.

fn main() {}
