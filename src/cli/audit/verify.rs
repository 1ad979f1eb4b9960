//! `logmask audit verify FILE...`

use super::args::VerifyArgs;
use super::{reader, signers};
use crate::audit::{Anchor, Fault, Report, verify};
use crate::cli::{Failure, Status, message, output};
use std::fmt::Write as _;

pub(super) fn run(args: &VerifyArgs) -> Result<Status, Failure> {
    let signers = args.signers.as_deref().map(signers).transpose()?;
    let anchor = args.anchor.as_deref().map(str::parse::<Anchor>).transpose();
    let anchor = anchor.map_err(|()| Failure::usage("--anchor: not N:HASH").hint("as logmask audit head prints it"))?;
    let files = args.files.iter().map(|path| reader(path)).collect::<Result<Vec<_>, _>>()?;
    match verify(files, signers.as_deref(), anchor.as_ref()) {
        Ok(report) => output::print(&told(&report, args.signers.is_some(), anchor.is_some())),
        Err(Fault::Io(error)) => Err(Failure::io(message::fact(&error))),
        Err(fault) => Err(Failure::audit(format!("audit: {fault}"))),
    }
}

/// What holds, and how far.
fn told(report: &Report, signers: bool, anchored: bool) -> String {
    let Some((seq, hash)) = &report.last else { return "ok: no entries\n".to_owned() };
    let mut text = format!("ok: {}, head {seq}:{hash}\n", message::count(*seq, "entry").replace("entrys", "entries"));
    if !report.complete {
        text += "the chain begins before these files\n";
    }
    if signers {
        let _ = writeln!(text, "signed through entry {}", report.signed_through);
    } else {
        text += "signatures: not judged without --signers\n";
    }
    if !anchored {
        text += "without --anchor a cut-off end does not show\n";
    }
    for session in &report.open_sessions {
        let _ = writeln!(text, "session {} began and did not end", message::printable(session));
    }
    text
}
