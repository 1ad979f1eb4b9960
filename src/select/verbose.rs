//! Entries as `journalctl -o verbose` prints them: a line with the time and the cursor, and each field indented below it
//! (systemd, journalctl(1), "verbose").

use super::unit::{LINES, Unit, line_length};
use crate::format::journal;
use memchr::{memchr, memmem};

/// How far a field is indented; what goes on in the next line is further.
const INDENT: &[u8] = b"    ";

/// The time in the head of an entry, `Fri 2026-11-27 12:00:00.123456 UTC [s=…;i=…]`.
fn head(line: &[u8]) -> Option<&[u8]> {
    let day = line.first().is_some_and(|b| b"MTWFS".contains(b)) && line.get(3) == Some(&b' ');
    let cursor = memmem::find(line, b" [s=").filter(|at| day && *at < 64)?;
    line.ends_with(b"]").then(|| &line[..cursor])
}

/// The entry that `text` begins with, whose first line has `first` bytes.
pub(super) fn unit(text: &[u8], first: usize) -> Option<Unit> {
    head(text[..first].trim_ascii_end())?;
    let mut at = first;
    for _ in 0..LINES {
        match text.get(at..) {
            None | Some([]) => return Some(Unit::More(at)),
            Some(rest) if rest.starts_with(INDENT) => at += line_length(rest),
            Some(_) => break,
        }
    }
    Some(Unit::Bytes(at))
}

/// The entry as the JSON that the journal writes of it, with its time in front.
pub(super) fn in_one_line(entry: &[u8]) -> Option<Vec<u8>> {
    let first = memchr(b'\n', entry)?;
    let time = head(entry[..first].trim_ascii_end())?;
    let mut fields = Vec::with_capacity(entry.len());
    for line in entry[first + 1..].split(|b| *b == b'\n') {
        let field = line.strip_prefix(INDENT).unwrap_or(line).trim_ascii_end();
        let more = field.is_empty() || field.starts_with(b" ");
        fields.push(if more { b' ' } else { b'\n' });
        fields.extend_from_slice(field.trim_ascii_start());
    }
    let fields = fields.trim_ascii();
    let json = journal::as_json(&[fields, b"\n\n"].concat());
    let comma: &[u8] = if json.len() > 2 { b"," } else { b"" };
    Some([b"{\"timestamp\":\"", time, b"\"", comma, &json[1..]].concat())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_one_record() {
        let entry =
            b"Fri 2026-11-27 12:00:00.123456 UTC [s=1;i=3]\n    PRIORITY=3\n    MESSAGE=late\n            msg\n    _PID=7\n";
        let text = [&entry[..], b"Fri 2026-11-27 12:00:01 UTC [s=1;i=4]\n"].concat();
        let first = line_length(entry);
        assert_eq!(unit(&text, first), Some(Unit::Bytes(entry.len())));
        assert_eq!(unit(entry, first), Some(Unit::More(entry.len())));
        assert_eq!(unit(b"Fri 2026-11-27 12:00:01 UTC x\n", 30), None);
        let json =
            br#"{"timestamp":"Fri 2026-11-27 12:00:00.123456 UTC","PRIORITY":"3","MESSAGE":"late msg","_PID":"7"}"#;
        assert_eq!(in_one_line(entry).unwrap(), json);
    }
}
