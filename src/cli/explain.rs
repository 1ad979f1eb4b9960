//! `logmask explain [FILE]...`: what would be masked and why; never the value.

use super::args::{self, ExplainArgs};
use super::output::{self, Output};
use super::source::{Binary, Source};
use super::{Failure, Status, key, message, policy, secrets, source};
use crate::input::{Buffer, Limits, Piece, Records};
use crate::masker::{Explanation, Masker, Settings};
use crate::pipeline::Options;
use crate::policy::Docs;
use crate::rewrite::Rewrite;
use std::fmt::Write as _;
use std::io::Write;
use std::path::Path;

pub(super) fn run(args: &ExplainArgs) -> Result<Status, Failure> {
    let inputs = args::inputs(&args.files);
    let policy = policy::load(&args.policy, &args.policy.policy, Docs::Without)?;
    // No pseudonym is shown, so any key will do.
    let literals = secrets::read(&args.secrets)?;
    let settings = Settings { key: key::read(None, true)?.bytes.to_vec(), literals, ..Settings::default() };
    let masker = Masker::new(&policy, settings).map_err(|error| Failure::usage(error.to_string()))?;
    source::not_stdout(&inputs)?;
    let mut status = Status::Done;
    for path in &inputs {
        let prefix = if inputs.len() > 1 { format!("{}:", source::name(path)) } else { String::new() };
        match explain(&masker, path, &prefix) {
            Ok(()) => {}
            Err(failure) if failure.status == Status::Usage => status = status.max(failure.say()),
            Err(failure) => return Err(failure),
        }
    }
    Ok(status)
}

fn explain(masker: &Masker, path: &Path, prefix: &str) -> Result<(), Failure> {
    let source = Source::open(path, Binary::Refused)?;
    let Options { max_line, piece, hold_lines, .. } = Options::default();
    let mut records = Records::new(source.lines, Limits { max_line, piece, hold_lines, idle: None });
    let (mut chunk, mut output) = (Buffer::default(), Output::new());
    let mut lines = 0;
    loop {
        let next = records.next(|bytes| masker.cut(bytes), &mut chunk);
        let mut text = String::new();
        match next.map_err(|error| source::unread(&source.name, &error))? {
            Piece::End => return Ok(()),
            Piece::Records => {
                for record in chunk.bytes().split_inclusive(|byte| *byte == b'\n') {
                    for explanation in masker.explain(record) {
                        let _ = writeln!(text, "{prefix}{}", line(&explanation, lines));
                    }
                    lines += usize::from(record.ends_with(b"\n"));
                }
            }
            Piece::TooLong { bytes, ending } => {
                let _ = writeln!(text, "{prefix}{}:1-{bytes} withheld: longer than --max-line", lines + 1);
                lines += usize::from(!ending.is_empty());
            }
        }
        output.write_all(message::printable_lines(&text).as_bytes()).map_err(|error| output::failed(&error))?;
    }
}

/// `LINE:COL-COL rule class layer field verdict -> action`; columns are bytes from 1, both ends belong to the finding.
fn line(explanation: &Explanation, lines_before: usize) -> String {
    let Explanation { line, span, rule, class, layer, field, verdict, action } = explanation;
    let field = field.as_deref().unwrap_or("-");
    format!(
        "{}:{}-{} {rule} {class} {layer} {field} {verdict} -> {action}",
        lines_before + line,
        span.start + 1,
        span.end
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::span::Span;

    #[test]
    fn an_explanation_is_one_line() {
        let explanation = Explanation {
            line: 2,
            span: Span::new(5, 9),
            rule: "pin".to_owned(),
            class: "secret.pin".to_owned(),
            layer: "json".to_owned(),
            field: Some("user.pin".to_owned()),
            verdict: "named".to_owned(),
            action: "redact".to_owned(),
        };
        assert_eq!(line(&explanation, 40), "42:6-9 pin secret.pin json user.pin named -> redact");
        assert_eq!(line(&Explanation { field: None, ..explanation }, 0), "2:6-9 pin secret.pin json - named -> redact");
    }
}
