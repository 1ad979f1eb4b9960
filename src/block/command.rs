//! Lines by which a build says that a value is to be masked from now on.
//!
//! | line | from |
//! |---|---|
//! | `::add-mask::VALUE` | GitHub Actions, "Workflow commands", "Masking a value in a log" |
//! | `##[add-mask]VALUE` | the same, older spelling of actions/runner (`ActionCommand.TryParse`) |
//! | `##vso[task.setsecret]VALUE` | Azure Pipelines, "Logging commands", `SetSecret` |
//! | `##vso[task.setvariable variable=NAME;issecret=true]VALUE` | the same, `SetVariable` |
//!
//! In a value of the first three `%25`, `%0D` and `%0A` stand for a percent sign and line ends (`%AZP25` with Azure).
//! GitLab and Jenkins have no such lines: there the values are set outside of the log.

use crate::format::peel;
use crate::span::Span;
use memchr::memmem;
use zeroize::Zeroizing;

/// What such a line has in it.
pub(super) const MARKS: [&[u8]; 4] =
    [b"::add-mask::", b"##[add-mask]", b"##vso[task.setsecret", b"##vso[task.setvariable"];

/// Where in `line`, without its ending, the value stands that it wants masked.
///
/// ```
/// use logmask::block::command::value;
/// let line = b"2026-03-02T10:00:00.1234567Z ::add-mask::hunter2";
/// assert_eq!(&line[value(line).unwrap().range()], b"hunter2");
/// assert_eq!(value(b"##vso[task.setvariable variable=a]plain"), None);
/// ```
pub fn value(line: &[u8]) -> Option<Span> {
    let (at, mark) = MARKS.iter().filter_map(|mark| Some((memmem::find(line, mark)?, *mark))).min()?;
    let mut start = at + mark.len();
    if mark.starts_with(b"##vso") {
        let properties = memchr::memchr(b']', &line[start..]).map(|end| &line[start..start + end])?;
        let secret = |property: &[u8]| property.trim_ascii().eq_ignore_ascii_case(b"issecret=true");
        if mark.ends_with(b"variable") && !properties.split(|b| *b == b';').any(secret) {
            return None;
        }
        start += properties.len() + 1;
    }
    let payload = peel(line).payload;
    let end = if payload.start <= at && at < payload.end { payload.end } else { line.len() };
    // In a JSON string the value ends with the string, and with the line that is spelled in it.
    let end = quote_after(line, at).map_or(end, |quote| end.min(quote));
    let end = end - line[start..end.max(start)].strip_suffix(b"\\n").map_or(0, |rest| end - start - rest.len());
    let blanks = line[start..end].iter().take_while(|b| b.is_ascii_whitespace()).count();
    let span = Span::new(start + blanks, start + line[start..end].trim_ascii_end().len().max(blanks));
    (!span.is_empty()).then_some(span)
}

/// The quote that ends the string which the command at `at` begins.
fn quote_after(line: &[u8], at: usize) -> Option<usize> {
    let before = line[..at].trim_ascii_end();
    let quote = *before.last().filter(|b| b"\"'".contains(b))?;
    let mut escaped = false;
    let closes = |b: &u8| {
        let closes = *b == quote && !escaped;
        escaped = *b == b'\\' && !escaped;
        closes
    };
    line[at..].iter().position(closes).map(|end| at + end)
}

/// The value that `spelled` stands for.
pub fn decoded(spelled: &[u8]) -> Zeroizing<Vec<u8>> {
    let mut out = Zeroizing::new(Vec::with_capacity(spelled.len()));
    let mut rest = spelled;
    let escapes: [(&[u8], u8); 4] = [(b"%0D", b'\r'), (b"%0A", b'\n'), (b"%25", b'%'), (b"%AZP25", b'%')];
    while let Some((first, tail)) = rest.split_first() {
        let starts = |escape: &[u8]| rest.get(..escape.len()).is_some_and(|head| head.eq_ignore_ascii_case(escape));
        let (byte, next) = match escapes.iter().find(|(escape, _)| starts(escape)) {
            Some((escape, byte)) => (*byte, &rest[escape.len()..]),
            None => (*first, tail),
        };
        out.push(byte);
        rest = next;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_value_of_a_command_is_found() {
        for (line, expected) in [
            ("::add-mask::hunter2", Some("hunter2")),
            ("  ::add-mask::Mona The Octocat  ", Some("Mona The Octocat")),
            ("##[add-mask]hunter2", Some("hunter2")),
            ("2026-03-02T10:00:00.1Z ##vso[task.setsecret]a]b", Some("a]b")),
            (
                "##vso[task.setvariable variable=sauce;isSecret=true;isOutput=true]crushed tomatoes",
                Some("crushed tomatoes"),
            ),
            ("##vso[task.setvariable variable=sauce;issecret=false]crushed tomatoes", None),
            ("##vso[task.setvariable variable=sauce]crushed tomatoes", None),
            ("##vso[task.setvariable variable=sauce;issecret=true", None),
            (r#"{"log":"::add-mask::hunter2\n","stream":"stdout","time":"2026-03-02T10:00:00Z"}"#, Some("hunter2")),
            ("2026-03-02T10:00:00.1Z stdout F ::add-mask::hunter2", Some("hunter2")),
            (r#"echo "::add-mask::hunter2" >> log"#, Some("hunter2")),
            ("::add-mask::", None),
            ("::add-mask::  ", None),
            ("add-mask::hunter2", None),
        ] {
            assert_eq!(value(line.as_bytes()).map(|span| &line[span.range()]), expected, "{line}");
        }
    }

    #[test]
    fn line_ends_in_a_value_are_spelled() {
        assert_eq!(**decoded(b"a%0Ab%0d%0ac%25d%AZP25e%41"), *b"a\nb\r\nc%d%e%41");
    }
}
