//! `logmask policy check [FILE]...`: what is wrong with a policy, and what could be better.

use super::args::CheckArgs;
use super::{lint, load};
use crate::cli::grant::terms;
use crate::cli::{Failure, Status, mask, message, output};
use crate::policy::Docs;

pub(super) fn run(args: &CheckArgs) -> Result<Status, Failure> {
    let policy = load(&args.files.policy, &args.files.all(), Docs::Placed)?;
    if let Some(roles) = &policy.roles {
        terms::authorities(roles)?;
    }
    let mut remarks = lint::remarks(&policy)?;
    remarks.extend(lint::roles::remarks(&policy));
    mask::warn_of_weakened(&policy);
    for remark in &remarks {
        message::warning(remark);
    }
    let own = policy.rules.iter().filter(|rule| rule.origin.is_some()).count();
    let rules = message::count(policy.rules.len() as u64, "rule");
    if args.strict && !(remarks.is_empty() && policy.weakened.is_empty()) {
        output::print(&format!("not ok: {}\n", message::count(remarks.len() as u64, "remark")))?;
        return Ok(Status::No);
    }
    output::print(&format!("ok: {rules}, {own} of them not built in\n"))
}
