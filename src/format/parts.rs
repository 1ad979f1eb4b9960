//! Lines that were cut in parts: those of CRI (`P`), of docker's json-file (no `\n` at the end of `log`), and of GitLab
//! (`+` on the line that goes on). The parts of one stream are one record.

use super::view::View;
use super::{Signs, docker, gitlab, peel};
use crate::span::Span;
use memchr::memrchr;

/// One line of a format that cuts lines.
struct Part<'t> {
    source: &'t [u8],
    payload: Span,
    /// The next part follows.
    partial: bool,
    /// GitLab: it goes on where the line before ended.
    goes_on: Option<bool>,
}

fn part(line: &[u8]) -> Option<Part<'_>> {
    if let Some(peeled) = gitlab::peel(line) {
        let goes_on = Some(gitlab::goes_on(line, peeled.payload.start));
        return Some(Part { source: &line[peeled.source.range()], payload: peeled.payload, partial: false, goes_on });
    }
    let docker = line.starts_with(b"{\"log\":\"");
    if !docker && !may_be_cri(line) {
        return None;
    }
    let peeled = if docker { docker::peel(line)? } else { peel(line) };
    let source = &line[peeled.source.range()];
    (!source.is_empty()).then_some(Part { source, payload: peeled.payload, partial: peeled.partial, goes_on: None })
}

/// A timestamp, maybe behind the name of a pod.
fn may_be_cri(line: &[u8]) -> bool {
    line.first().is_some_and(u8::is_ascii_digit) || line.starts_with(b"[pod/")
}

/// Is this a line of a format that cuts lines?
pub fn is_part(line: &[u8]) -> bool {
    part(line).is_some()
}

/// How much of the whole lines in `bytes` can be judged: up to the last place where no cut line is open. Lines of
/// several streams interleave, so the parts of one may lie round those of another.
pub fn closed_until(bytes: &[u8]) -> usize {
    let closed = if Signs::of(bytes).parts { closed_parts(bytes) } else { bytes.len() };
    // Whether GitLab's last line is whole is known by the next one.
    let last = memrchr(b'\n', &bytes[..bytes.len().saturating_sub(1)]).map_or(0, |at| at + 1);
    if closed > last && gitlab::peel(&bytes[last..]).is_some() { gitlab_run(bytes, last) } else { closed }
}

fn closed_parts(bytes: &[u8]) -> usize {
    let mut open: Vec<&[u8]> = Vec::new();
    let mut closed = 0;
    each_line(bytes, |start, line| {
        if open.is_empty() {
            closed = start;
        }
        if let Some(part) = part(line) {
            match (open.iter().position(|s| *s == part.source), part.partial) {
                (None, true) => open.push(part.source),
                (Some(at), false) => drop(open.swap_remove(at)),
                _ => {}
            }
        }
    });
    if open.is_empty() { bytes.len() } else { closed }
}

/// Where the line begins that the one at `last` goes on from.
fn gitlab_run(bytes: &[u8], mut last: usize) -> usize {
    while last > 0 {
        let line = &bytes[last..];
        let goes_on = gitlab::peel(line).is_some_and(|peeled| gitlab::goes_on(line, peeled.payload.start));
        if !goes_on {
            break;
        }
        last = memrchr(b'\n', &bytes[..last - 1]).map_or(0, |at| at + 1);
    }
    last
}

/// Calls `each` with a joined view for every line of the chunk that was cut in parts. Its offsets are those of the
/// chunk; a part that nothing ends is joined as far as the chunk goes.
pub fn each_joined(chunk: &[u8], view: &mut View, mut each: impl FnMut(&mut View)) {
    let mut runs: Vec<(&[u8], Vec<Span>)> = Vec::new();
    let mut join = |parts: &[Span], view: &mut View| {
        if parts.len() > 1 {
            view.clear();
            for span in parts {
                view.join(&chunk[span.range()], span.start);
            }
            each(view);
        }
    };
    let mut gitlab: (&[u8], Vec<Span>) = (b"", Vec::new());
    each_line(chunk, |start, line| {
        let Some(part) = part(line) else { return };
        let span = Span::new(start + part.payload.start, start + part.payload.end);
        if let Some(goes_on) = part.goes_on {
            if !goes_on || gitlab.0 != part.source {
                join(&gitlab.1, view);
                gitlab = (part.source, Vec::new());
            }
            gitlab.1.push(span);
            return;
        }
        let open = runs.iter().position(|(s, _)| *s == part.source);
        match (open, part.partial) {
            (None, true) => runs.push((part.source, vec![span])),
            (Some(at), true) => runs[at].1.push(span),
            (Some(at), false) => {
                let (_, mut parts) = runs.swap_remove(at);
                parts.push(span);
                join(&parts, view);
            }
            (None, false) => {}
        }
    });
    join(&gitlab.1, view);
    for (_, parts) in &runs {
        join(parts, view);
    }
}

fn each_line<'t>(bytes: &'t [u8], mut each: impl FnMut(usize, &'t [u8])) {
    let mut start = 0;
    while start < bytes.len() {
        let end = memchr::memchr(b'\n', &bytes[start..]).map_or(bytes.len(), |i| start + i);
        let line = &bytes[start..end];
        each(start, line.strip_suffix(b"\r").unwrap_or(line));
        start = end + 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const T: &str = "2024-05-01T12:00:00.1Z";

    #[test]
    fn parts_of_one_stream_are_joined() {
        let chunk =
            format!("{T} stdout P abc\n{T} stderr F other\n{T} stdout P def\n{T} stdout F ghi\n{T} stdout F alone\n");
        assert!(Signs::of(chunk.as_bytes()).parts);
        assert_eq!(closed_until(chunk.as_bytes()), chunk.len());
        let mut joined = Vec::new();
        each_joined(chunk.as_bytes(), &mut View::default(), |v| {
            joined.push(String::from_utf8_lossy(&v.text).into_owned());
        });
        assert_eq!(joined, ["abcdefghi"]);
    }

    #[test]
    fn parts_of_docker_and_gitlab_are_joined() {
        let docker =
            |log: &str, stream: &str| format!("{{\"log\":\"{log}\",\"stream\":\"{stream}\",\"time\":\"{T}\"}}\n");
        let chunk = [docker("abc", "stdout"), docker("x\\n", "stderr"), docker("def\\n", "stdout")].concat();
        let chunk = chunk + &format!("{T} 00O one\n{T} 00O+two\n{T} 00O three\n");
        assert!(Signs::of(chunk.as_bytes()).parts);
        assert!(closed_until(chunk.as_bytes()) == chunk.len() - format!("{T} 00O three\n").len());
        let mut joined = Vec::new();
        each_joined(chunk.as_bytes(), &mut View::default(), |v| {
            joined.push(String::from_utf8_lossy(&v.text).into_owned());
        });
        assert_eq!(joined, ["abcdef", "onetwo"]);
        assert!(!Signs::of(docker("x\\n", "stdout").as_bytes()).parts);
    }

    #[test]
    fn an_open_part_is_held_from_its_beginning() {
        let head = format!("{T} stdout F x\n");
        let chunk = format!("{head}{T} stdout P abc\n{T} stderr F other\n");
        assert_eq!(closed_until(chunk.as_bytes()), head.len());
        let crossed = format!("{head}{T} stdout P a\n{T} stderr P b\n{T} stdout F c\n");
        assert_eq!(closed_until(crossed.as_bytes()), head.len());
    }
}
