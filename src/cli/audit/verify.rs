//! `logmask audit verify FILE...`

use super::args::VerifyArgs;
use super::{reader, signers};
use crate::audit::{Anchor, Fault, NO_FIRST, Report, verify, verify_piece};
use crate::cli::{Failure, Status, message, output};
use std::fmt::Write as _;
use std::io::{self, Read as _};

pub(super) fn run(args: &VerifyArgs) -> Result<Status, Failure> {
    let signers = args.signers.as_deref().map(signers).transpose()?;
    let anchor = args.anchor.as_deref().map(str::parse::<Anchor>).transpose();
    let anchor = anchor.map_err(|()| Failure::usage("--anchor: not N:HASH").hint("as logmask audit head prints it"))?;
    let files = args.files.iter().map(|path| reader(path)).collect::<Result<Vec<_>, _>>()?;
    // Numbers go through all files; of one it is told which.
    let place = match &args.files[..] {
        [one] => one.display().to_string(),
        _ => "audit".to_owned(),
    };
    let unread = |error: &io::Error| Failure::io(format!("{place}: {}", message::fact(error)));
    let judged = if args.receipt {
        let mut piece = Vec::new();
        for mut file in files {
            file.read_to_end(&mut piece).map_err(|error| unread(&error))?;
        }
        verify_piece(&piece, signers.as_deref(), anchor.as_ref())
    } else {
        verify(files, signers.as_deref(), anchor.as_ref())
    };
    match judged {
        Ok(report) => output::print(&told(&report, args.signers.is_some(), anchor.is_some())),
        Err(Fault::Io(error)) => Err(unread(&error)),
        Err(fault) => {
            let failure = Failure::audit(format!("{place}: {fault}"));
            Err(match fault {
                Fault::Entry(_, NO_FIRST) => failure.hint("what audit receipt has printed is verified with --receipt"),
                Fault::Torn(..) => failure.hint(
                    "nothing is written behind it until logmask audit repair takes it out, and says so in an entry",
                ),
                Fault::Earlier(_) => failure.hint("give the older files too, the oldest first"),
                _ => failure,
            })
        }
    }
}

/// What holds, and how far.
fn told(report: &Report, signers: bool, anchored: bool) -> String {
    let Some((seq, hash)) = &report.last else { return "ok: no entries\n".to_owned() };
    let mut text = format!("ok: {}, head {seq}:{hash}\n", message::count(*seq, "entry"));
    if let Some(origin) = &report.origin {
        let _ = writeln!(text, "chain {}", message::printable(origin));
    }
    if !report.complete {
        text += "the chain begins before what is here\n";
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
