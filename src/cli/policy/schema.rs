//! `logmask policy schema`: the JSON Schema of policy files.

use crate::cli::{Failure, Status, output};
use crate::policy::schema::schema;

pub(super) fn run() -> Result<Status, Failure> {
    output::print(&format!("{:#}\n", schema()))
}
