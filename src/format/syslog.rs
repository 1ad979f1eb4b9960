//! Syslog: `<PRI>Mmm dd hh:mm:ss HOST TAG[pid]: MESSAGE` (RFC 3164, in files without `<PRI>`),
//! `<PRI>1 TIMESTAMP HOST APP PROCID MSGID (-|[ID k="v" …]…) MESSAGE` (RFC 5424), a count of bytes in front of either
//! (RFC 6587, section 3.4.1), `TIMESTAMP HOST TAG[pid]: MESSAGE` (rsyslog, `RSYSLOG_FileFormat`), and `<PRI>MESSAGE`
//! (sd-daemon(3), and RFC 3164, section 4.3.3).

use super::Peeled;
use crate::span::Span;

/// Takes the header off.
pub fn peel(line: &[u8]) -> Option<Peeled> {
    if !matches!(line.first()?, b'<' | b'\\' | b'0'..=b'9' | b'A'..=b'Z') {
        return None;
    }
    let start = counted(line).map_or(0, |frame| frame.start);
    let pri = priority(&line[start..]);
    let at = start + pri;
    if pri > 0 && line[at..].starts_with(b"1 ") {
        return new(line, at + 2);
    }
    let bare = || (pri > 0).then(|| Peeled::one(Span::new(at, line.len()), Span::new(0, 0), false));
    old(line, at).or_else(bare)
}

/// Where the `<PRI>` at the beginning of `line` ends, behind a count of bytes if there is one; 0 if there is none.
pub fn priority_end(line: &[u8]) -> usize {
    let start = counted(line).map_or(0, |frame| frame.start);
    match priority(&line[start..]) {
        0 => 0,
        length => start + length,
    }
}

/// The host and tag with a process number that stand at `at`, behind a time, and where the message begins:
/// `HOST TAG[pid]: MESSAGE`.
pub fn tagged(line: &[u8], at: usize) -> Option<(Span, usize)> {
    let is_host = |b: &&u8| b.is_ascii_alphanumeric() || b"-._".contains(b);
    let is_tag = |b: &&u8| b.is_ascii_alphanumeric() || b"-._/@".contains(b);
    let host = line[at..].iter().take(256).take_while(is_host).count();
    let tag = at + host + 1;
    let name = line.get(tag..)?.iter().take(64).take_while(is_tag).count();
    let open = tag + name;
    if host == 0 || name == 0 || line[tag - 1] != b' ' || line.get(open) != Some(&b'[') {
        return None;
    }
    let digits = line[open + 1..].iter().take(10).take_while(|b| b.is_ascii_digit()).count();
    let rest = line[open + 1 + digits..].strip_prefix(b"]:").filter(|_| digits > 0)?;
    let end = line.len() - rest.len();
    matches!(rest.first(), None | Some(b' ')).then(|| (Span::new(at, end - 1), (end + 1).min(line.len())))
}

/// Length of `<PRI>`, 0 if there is none. Docker's files have its arrows spelled, `\u003c13\u003e`.
fn priority(text: &[u8]) -> usize {
    let (open, close): (&[u8], &[u8]) =
        if text.first() == Some(&b'\\') { (b"\\u003c", b"\\u003e") } else { (b"<", b">") };
    let Some(rest) = text.strip_prefix(open) else { return 0 };
    let digits = rest.iter().take(4).take_while(|b| b.is_ascii_digit()).count();
    let ends = (1..=3).contains(&digits) && rest[digits..].starts_with(close);
    if ends { open.len() + digits + close.len() } else { 0 }
}

/// RFC 3164.
fn old(line: &[u8], at: usize) -> Option<Peeled> {
    let date = line.get(at..at + 16)?;
    let shape = b"Aaa 00 00:00:00 ";
    let fits = date.iter().zip(shape).enumerate().all(|(i, (b, shape))| match shape {
        b'A' => b.is_ascii_uppercase(),
        b'a' => b.is_ascii_lowercase(),
        b'0' => b.is_ascii_digit() || i == 4 && *b == b' ',
        other => b == other,
    });
    if !fits {
        return None;
    }
    let host = at + 16;
    let tag = host + memchr::memchr(b' ', &line[host..line.len().min(host + 256)])? + 1;
    let length = memchr::memchr(b':', &line[tag..line.len().min(tag + 64)])?;
    let end = tag + length;
    if line[tag..end].contains(&b' ') || line.get(end + 1).is_some_and(|b| *b != b' ') {
        return None;
    }
    let payload = Span::new((end + 2).min(line.len()), line.len());
    Some(Peeled::one(payload, Span::new(host, end), false))
}

/// RFC 5424, from the timestamp on.
fn new(line: &[u8], at: usize) -> Option<Peeled> {
    let mut from = at;
    let mut host = at;
    for field in 0..5 {
        if field == 1 {
            host = from;
        }
        from += memchr::memchr(b' ', &line[from..line.len().min(from + 256)])? + 1;
    }
    let source = Span::new(host, from - 1);
    let mut end = from;
    if line.get(end) == Some(&b'-') {
        end += 1;
    }
    while line.get(end) == Some(&b'[') {
        end += element(&line[end..])?;
    }
    if line.get(end) == Some(&b' ') {
        end += 1;
    }
    end += if line[end..].starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
    Some(Peeled::one(Span::new(end, line.len()), source, false))
}

/// Length of a structured data element; `"`, `\` and `]` are escaped in its values.
fn element(text: &[u8]) -> Option<usize> {
    let mut quoted = false;
    let mut at = 1;
    while let Some(byte) = text.get(at) {
        match byte {
            b'\\' if quoted => at += 1,
            b'"' => quoted = !quoted,
            b']' if !quoted => return Some(at + 1),
            _ => {}
        }
        at += 1;
    }
    None
}

/// The frame behind a count of bytes at the start of `text`, however long that says it is.
pub fn counted(text: &[u8]) -> Option<Span> {
    let digits = text.iter().take(10).take_while(|b| b.is_ascii_digit()).count();
    if digits == 0 || text[0] == b'0' || text.get(digits) != Some(&b' ') || priority(&text[digits + 1..]) == 0 {
        return None;
    }
    let length: usize = std::str::from_utf8(&text[..digits]).ok()?.parse().ok()?;
    Some(Span::new(digits + 1, digits + 1 + length))
}

/// The counted frames that `line` is made of, which end with it or with its `ending`; none if it is no such line.
pub fn frames(line: &[u8], ending: usize) -> Vec<Span> {
    let mut frames = Vec::new();
    let mut at = 0;
    while at < line.len() {
        let Some(frame) = counted(&line[at..]) else { return Vec::new() };
        let frame = Span::new(at + frame.start, at + frame.end);
        if frame.end > line.len() + ending {
            return Vec::new();
        }
        at = frame.end;
        frames.push(frame);
    }
    frames
}

/// A longer frame is held for its end no longer than any line, in bytes.
const LONGEST: usize = 1 << 20;

/// Length of the line ending that `text` begins with.
fn ending(text: &[u8]) -> usize {
    if text.starts_with(b"\r\n") { 2 } else { usize::from(text.first() == Some(&b'\n')) }
}

/// The first frame from `from` on, where one begins or ended, that holds a line break: where its count begins, and what it
/// counts. Only for a source that consists of frames, as RFC 6587 has it of a whole connection.
pub fn next_frame(text: &[u8], from: usize) -> Option<(usize, Span)> {
    let mut at = from;
    while at < text.len() {
        at += ending(&text[at..]);
        match counted(&text[at.min(text.len())..]).filter(|frame| frame.end <= text.len() - at) {
            Some(frame) => {
                let value = Span::new(at + frame.start, at + frame.end);
                if memchr::memchr(b'\n', text[value.range()].trim_ascii_end()).is_some() {
                    return Some((at, value));
                }
                at = value.end;
            }
            None => at += memchr::memchr(b'\n', &text[at.min(text.len())..])?,
        }
    }
    None
}

/// Where the last frame of `bytes`, which begin with one, ends before `end`; `end` if they do not.
pub fn whole_frames(bytes: &[u8], end: usize) -> usize {
    if !bytes.first().is_some_and(u8::is_ascii_digit) || counted(bytes).is_none() {
        return end;
    }
    let mut at = 0;
    while at < end {
        let next = match counted(&bytes[at..]) {
            Some(frame) if frame.len() <= LONGEST => {
                let next = at + frame.end;
                next + bytes.get(next..).map_or(0, ending)
            }
            _ => memchr::memchr(b'\n', &bytes[at..]).map_or(end, |i| at + i + 1),
        };
        if next > end {
            return at;
        }
        at = next;
    }
    at
}

/// Writes the count of the frame that `record` is anew. The record stands masked from `written` on in `out`.
pub fn count_again(record: &[u8], ending: usize, written: usize, out: &mut Vec<u8>) {
    if let [frame] = frames(record, ending)[..] {
        let length = out.len() - written - frame.start + frame.end.saturating_sub(record.len());
        out.splice(written..written + frame.start - 1, length.to_string().into_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_with_line_breaks_are_found_and_held() {
        let text = b"7 <1>abcd\n9 <1>ab\ncde7 <1>abcd9 <1>ab\ncd\n";
        let first = next_frame(text, 0).expect("a frame");
        assert_eq!(&text[first.1.range()], b"<1>ab\ncde");
        let second = next_frame(text, first.1.end).expect("a frame");
        assert_eq!(&text[second.1.range()], b"<1>ab\ncd\n");
        assert_eq!(next_frame(text, second.1.end), None);
        // The lines before the second break of the first frame with one do not go without it.
        assert_eq!(whole_frames(text, text.len()), text.len());
        assert_eq!(whole_frames(&text[..18], 18), 10);
        assert_eq!(whole_frames(b"x\n9 <1>ab\n", 10), 10);
    }

    #[test]
    fn frames_end_with_the_line_or_its_ending() {
        let frame = b"13 <34>1 message";
        assert_eq!(frames(frame, 1), [Span::new(3, 16)]);
        assert_eq!(frames(b"14 <34>1 message", 1), [Span::new(3, 17)]);
        assert_eq!(frames(b"15 <34>1 message", 1), []);
        assert_eq!(frames(b"7 <1>abcd8 <1>abcde", 1), [Span::new(2, 9), Span::new(11, 19)]);
        assert_eq!(frames(b"12 plain words", 0), []);
    }
}
