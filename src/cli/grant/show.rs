//! `logmask grant show`: who, which role, why, how long, and whether it is accepted.

use super::roles_of;
use super::terms::{self, Held};
use crate::access::{self, REASON, session};
use crate::cli::{Failure, Status, message, output};
use std::fmt::Write as _;
use std::path::Path;

/// Without a policy it is refused for what no policy accepts.
pub(super) fn run(path: &Path, policy: Option<&Path>) -> Result<Status, Failure> {
    let grant = terms::certificate(path)?;
    let now = terms::now();
    let roles: Vec<&str> = grant.valid_principals().iter().filter_map(|name| name.strip_prefix("logmask:")).collect();
    let reason = grant.extensions().get(REASON).map_or("-", String::as_str);
    let left = match grant.valid_before().checked_sub(now).filter(|left| *left > 0) {
        Some(_) if now < grant.valid_after() => "not valid yet".to_owned(),
        Some(left) => format!("{} min left", left / 60),
        None => "expired".to_owned(),
    };
    let mut text = format!(
        "who     {}\nrole    {}\nreason  {}\nserial  {}\nuntil   {} ({left})\nca      {}\n",
        message::printable(grant.key_id()),
        if roles.is_empty() { "-".to_owned() } else { message::printable(&roles.join(", ")) },
        message::printable(reason),
        grant.serial(),
        terms::shown(grant.valid_before()),
        grant.signature_key().fingerprint(ssh_key::HashAlg::Sha256),
    );
    let judged = match policy {
        None => access::check_alone(&grant, now).map(|()| None),
        Some(policy) => {
            let roles = roles_of(policy)?;
            let held = Held::read(&roles)?;
            let role = session::role(&grant, &roles, None).unwrap_or_default();
            access::check(&grant, role, &held.terms(&roles, now)).map(Some)
        }
    };
    let mut status = Status::Done;
    match judged {
        Ok(None) => {}
        Ok(Some(permit)) => drop(writeln!(text, "shows   {}\nok", permit.classes.join(", "))),
        Err(refusal) => {
            let _ = writeln!(text, "refused: {refusal}");
            status = Status::Withheld;
        }
    }
    Ok(status.max(output::print(&text)?))
}
