//! The forms of a finding: text, JSON lines, SARIF, annotations of GitHub.

use super::sarif;
use crate::cli::{Failure, message};
use crate::masker::Found;
use crate::policy::Policy;
use serde::Serialize;
use std::fmt::Write as _;
use std::io::{self, Write};
use std::path::Path;

/// How findings are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// `app.log:3:55-61: url-password secret.password`, columns as in `explain`.
    Text,
    /// An object a line.
    Json,
    /// One SARIF 2.1.0 document.
    Sarif,
    /// Workflow commands of GitHub Actions.
    Github,
}

impl Form {
    pub(super) fn parse(typed: &str) -> Result<Form, Failure> {
        match typed {
            "text" => Ok(Form::Text),
            "json" => Ok(Form::Json),
            "sarif" => Ok(Form::Sarif),
            "github" => Ok(Form::Github),
            _ => Err(Failure::usage("--format: unknown form").hint("forms are text, json, sarif and github")),
        }
    }

    /// What stands before the first finding.
    pub(super) fn head(self) -> String {
        match self {
            Form::Sarif => sarif::head(),
            Form::Text | Form::Json | Form::Github => String::new(),
        }
    }

    /// What stands behind the last one. `reported`: the rules that had a finding, by index.
    pub(super) fn tail(self, policy: &Policy, reported: &[bool]) -> String {
        match self {
            Form::Sarif => sarif::tail(policy, reported),
            Form::Text | Form::Json | Form::Github => String::new(),
        }
    }

    /// Appends one finding. `file`: as messages call it, and as it is. `counts`: it makes the check fail.
    pub(super) fn write(self, (file, path): (&str, &Path), found: &Found<'_>, counts: bool, out: &mut Vec<u8>) {
        let (id, class) = (&found.rule.id, &found.rule.class);
        let text = match self {
            Form::Text => {
                let (start, end) = (found.bytes.start + 1, found.bytes.end);
                format!("{}:{}:{start}-{end}: {id} {class}\n", message::printable(file), found.line)
            }
            Form::Json => {
                let finding = Finding {
                    file,
                    line: found.line,
                    column: found.bytes.start + 1,
                    end_column: found.bytes.end + 1,
                    rule: id,
                    class,
                    fingerprint: found.fingerprint.map(|bytes| data_encoding::HEXLOWER.encode(&bytes)),
                    counts,
                };
                // Strings and numbers only: cannot fail.
                serde_json::to_string(&finding).unwrap_or_default() + "\n"
            }
            Form::Sarif => sarif::result(path, found, counts),
            Form::Github => {
                let mut text = format!("::{} file=", if counts { "error" } else { "warning" });
                property(file, &mut text);
                let (start, end) = (found.chars.start + 1, found.chars.end + 1);
                let _ = write!(text, ",line={},col={start},endColumn={end},title=", found.line);
                property(&format!("logmask {id}"), &mut text);
                let _ = writeln!(text, "::would be masked by rule {id} (class {class})");
                text
            }
        };
        out.extend_from_slice(text.as_bytes());
    }
}

/// One line of `--format json`.
#[derive(Serialize)]
struct Finding<'a> {
    file: &'a str,
    line: u64,
    /// In bytes, from 1.
    column: usize,
    /// One past the last.
    end_column: usize,
    rule: &'a str,
    class: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    fingerprint: Option<String>,
    counts: bool,
}

/// Appends a property of a workflow command, spelled as GitHub's own toolkit does (actions/toolkit, `command.ts`).
fn property(value: &str, out: &mut String) {
    for char in value.chars() {
        match char {
            '%' => out.push_str("%25"),
            '\r' => out.push_str("%0D"),
            '\n' => out.push_str("%0A"),
            ':' => out.push_str("%3A"),
            ',' => out.push_str("%2C"),
            _ => out.push(char),
        }
    }
}

/// Leaves out the comma in front of the first element of a list: whoever writes an element does not know whether it is
/// the first one.
pub(super) struct Joined<W> {
    inner: W,
    /// The list has begun, and has no element yet.
    first: bool,
}

impl<W: Write> Joined<W> {
    pub(super) fn new(inner: W) -> Joined<W> {
        Joined { inner, first: false }
    }
}

impl<W: Write> Write for Joined<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.write_all(bytes).map(|()| bytes.len())
    }

    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        if bytes.is_empty() {
            return Ok(());
        }
        let rest = if self.first { bytes.strip_prefix(b",").unwrap_or(bytes) } else { bytes };
        self.first = bytes.ends_with(sarif::LIST);
        self.inner.write_all(rest)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::masker::RuleName;
    use crate::span::Span;

    fn written(form: Form, file: &str) -> String {
        let rule = RuleName { id: "pin".into(), class: "secret.pin".into() };
        let (bytes, chars) = (Span::new(5, 9), Span::new(4, 8));
        let found = Found {
            line: 42,
            bytes,
            chars,
            rule: &rule,
            action: "redact",
            strictness: 6,
            index: 0,
            fingerprint: Some([0xab; 16]),
        };
        let mut out = Vec::new();
        form.write((file, Path::new(file)), &found, true, &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn each_form_says_where_and_what() {
        assert_eq!(written(Form::Text, "a\x1b.log"), "a\\u{1b}.log:42:6-9: pin secret.pin\n");
        assert_eq!(
            written(Form::Json, "a\".log"),
            format!(
                "{{\"file\":\"a\\\".log\",\"line\":42,\"column\":6,\"end_column\":10,\"rule\":\"pin\",\
                 \"class\":\"secret.pin\",\"fingerprint\":\"{}\",\"counts\":true}}\n",
                "ab".repeat(16)
            )
        );
        assert_eq!(
            written(Form::Github, "a,b:c%\n"),
            "::error file=a%2Cb%3Ac%25%0A,line=42,col=5,endColumn=9,title=logmask pin::\
             would be masked by rule pin (class secret.pin)\n"
        );
    }

    #[test]
    fn the_first_element_of_a_list_has_no_comma() {
        let mut joined = Joined::new(Vec::new());
        for text in [&b"x"[..], b",", sarif::LIST, b"", b",\n1", b",\n2", b"]"] {
            joined.write_all(text).unwrap();
        }
        assert_eq!(joined.inner, [&b"x,"[..], sarif::LIST, b"\n1,\n2]"].concat());
    }
}
