//! `logmask explain [FILE]...`: what would be masked and why; never the value.

mod dormant;

use super::args::{self, ExplainArgs};
use super::nearest::nearest;
use super::output::{self, Output};
use super::source::{Binary, Source};
use super::{Failure, Status, key, message, policy, secrets, source, view};
use crate::input::{Buffer, Limits, Piece, Records};
use crate::masker::{Before, Explanation, Masker, Near, Nearness, Settings};
use crate::pipeline::Options;
use crate::policy::Docs;
use crate::rewrite::Rewrite;
use crate::span::Span;
use dormant::Dormant;
use std::fmt::Write as _;
use std::io::Write;
use std::path::Path;

pub(super) fn run(args: &ExplainArgs) -> Result<Status, Failure> {
    let inputs = args::inputs(&args.files);
    let mut policy = policy::load(&args.policy, &args.policy.policy, Docs::Without)?;
    view::of_everybody(&mut policy);
    // No pseudonym is shown, so any key will do.
    let literals = secrets::read(&args.secrets)?;
    let settings = Settings { key: key::read(None, true)?.bytes.to_vec(), literals, ..Settings::default() };
    let masker = Masker::new(&policy, settings).map_err(|error| Failure::usage(error.to_string()))?;
    source::not_stdout(&inputs)?;
    let mut status = Status::Done;
    let dormant = args.why_not.then(|| Dormant::of(&policy)).transpose()?;
    let asleep = |id: &str| dormant.as_ref().is_some_and(|dormant| dormant.why(id).is_some());
    let unknown = |id: &str| !asleep(id) && !policy.rules.iter().any(|rule| rule.id == id);
    if let Some(id) = args.rule.as_ref().filter(|id| unknown(id)) {
        if let Some(off) = policy.off.iter().find(|off| off.rule == *id) {
            return Err(Failure::usage(format!("{}: switches this rule off ({})", off.file.display(), off.why)));
        }
        let failure = Failure::usage("no such rule");
        return Err(match nearest(id, policy.rules.iter().map(|rule| &*rule.id)) {
            Some(id) => failure.hint(format!("did you mean {id}?")),
            None => failure.hint("list them with: logmask rules"),
        });
    }
    let mut telling = Telling {
        masker: &masker,
        nearness: args.why_not.then(|| Nearness::new(&masker, &policy)),
        dormant,
        rule: args.rule.as_deref(),
    };
    for path in &inputs {
        let prefix = if inputs.len() > 1 { format!("{}:", source::name(path)) } else { String::new() };
        match explain(&mut telling, path, &prefix) {
            Ok(()) => {}
            Err(failure) if failure.status == Status::Usage => status = status.max(failure.say()),
            Err(failure) => return Err(failure),
        }
    }
    Ok(status)
}

/// What is told of each line.
struct Telling<'m> {
    masker: &'m Masker,
    /// What came near is told, too.
    nearness: Option<Nearness<'m>>,
    /// And what rules that are not in force would find.
    dormant: Option<Dormant>,
    /// Only of this rule.
    rule: Option<&'m str>,
}

impl Telling<'_> {
    /// Appends what there is to say of one line, the `before`th from 0.
    /// `over` is what is masked of it, also because of lines before.
    fn tell(&mut self, record: &[u8], over: &[Explanation], before: usize, prefix: &str, text: &mut String) {
        let bare = record.strip_suffix(b"\n").unwrap_or(record);
        if self.masker.withholds(bare) {
            let _ = writeln!(text, "{prefix}{}:1-{} withheld: takes too much work", before + 1, bare.len());
            return;
        }
        let wanted = |id: &str| self.rule.is_none_or(|rule| rule == id);
        let found = self.masker.explain(record);
        for explanation in found.iter().filter(|found| wanted(&found.rule)) {
            let _ = writeln!(text, "{prefix}{}", line(explanation, before));
        }
        let touches = |at: Span| found.iter().any(|own| own.span.start < at.end && at.start < own.span.end);
        for place in over.iter().filter(|place| !touches(place.span) && wanted(&place.rule)) {
            let _ = writeln!(text, "{prefix}{}", line(&Explanation { line: 1, ..place.clone() }, before));
        }
        if let Some(nearness) = &mut self.nearness {
            for near in nearness.of(bare).iter().filter(|near| self.rule.is_none_or(|rule| rule == near.rule)) {
                let _ = writeln!(text, "{prefix}{}", near_line(near, before));
            }
        }
        for (Explanation { span, rule, class, .. }, why) in
            self.dormant.iter().flat_map(|dormant| dormant.of_record(bare, &found)).filter(|(one, _)| wanted(&one.rule))
        {
            let (line, start, end) = (before + 1, span.start + 1, span.end);
            let _ = writeln!(text, "{prefix}{line}:{start}-{end} not {rule} {class}: {why} -> stays");
        }
    }
}

/// `LINE:COL-COL not rule class: why -> stays`.
fn near_line(near: &Near, lines_before: usize) -> String {
    let Near { span, rule, class, why } = near;
    format!("{}:{}-{} not {rule} {class}: {why} -> stays", lines_before + 1, span.start + 1, span.end)
}

fn explain(telling: &mut Telling<'_>, path: &Path, prefix: &str) -> Result<(), Failure> {
    let source = Source::open(path, Binary::Refused)?;
    let Options { max_line, piece, hold_lines, .. } = Options::default();
    let mut records = Records::new(source.lines, Limits { max_line, piece, hold_lines, idle: None });
    let (mut chunk, mut output) = (Buffer::default(), Output::new());
    let (mut lines, mut before) = (0, Before::default());
    loop {
        let next = records.next(|bytes| telling.masker.cut(bytes), &mut chunk);
        let mut text = String::new();
        match next.map_err(|error| source::unread(&source.name, &error))? {
            Piece::End => return Ok(()),
            Piece::Records => {
                let over = telling.masker.explain_over(chunk.bytes(), &mut before);
                for (at, record) in chunk.bytes().split_inclusive(|byte| *byte == b'\n').enumerate() {
                    let start = over.partition_point(|place| place.line <= at);
                    let end = over.partition_point(|place| place.line <= at + 1);
                    telling.tell(record, &over[start..end], lines, prefix, &mut text);
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
