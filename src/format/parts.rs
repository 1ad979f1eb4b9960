//! Lines that were cut in parts: those of CRI (`P`), of docker's json-file (no `\n` at the end of `log`), and of GitLab
//! (`+` on the line that goes on). The parts of one stream are one record.
//!
//! Whether a line of GitLab's is whole is known by the next one of its stream, which may be far: it is waited for over
//! so many lines of others as 64.

use super::spelled::Text;
use super::view::View;
use super::{DEPTH, Peel, Peeled, Signs};
use super::{compose, cri, docker, github, gitlab, jenkins, klog, kubectl, stern, syslog};
use crate::span::Span;
use memchr::memrchr;

/// Lines of other streams that may stand between two parts of a line of GitLab's.
const FAR: usize = 64;
/// Lines of a stream around one that was cut that are read along with it: what they begin may stand in there.
const AROUND: usize = 16;

/// What tells streams apart: the name of a container, if there is one, and that of its stream.
type Source<'t> = (&'t [u8], &'t [u8]);

/// One line of a format that cuts lines.
struct Part<'t> {
    source: Source<'t>,
    /// What it carries.
    text: Text,
    /// The next part follows.
    partial: bool,
    /// GitLab: it goes on where the line before ended.
    goes_on: Option<bool>,
}

fn part(line: &[u8]) -> Option<Part<'_>> {
    if let Some(peeled) = gitlab::peel(line) {
        let goes_on = Some(gitlab::goes_on(line, peeled.payload.start));
        let source: Source<'_> = (b"", &line[peeled.source.range()]);
        let text = Text { span: peeled.payload, levels: 0 };
        return Some(Part { source, text, partial: false, goes_on });
    }
    cut(line)
}

/// The innermost of the envelopes of `line` that cut lines, which stand inside of one another or behind any other one.
fn cut(line: &[u8]) -> Option<Part<'_>> {
    let (mut found, mut name): (Option<Part<'_>>, &[u8]) = (None, b"");
    let (mut inside, mut levels) = (Span::new(0, line.len()), 0);
    for _ in 0..DEPTH {
        let rest = &line[inside.range()];
        let shift = |span: Span| Span::new(inside.start + span.start, inside.start + span.end);
        let cutting =
            cri::peel(rest).map(|peeled| (peeled, 0)).or_else(|| docker::peel(rest).map(|peeled| (peeled, 1)));
        if let Some((Peeled { payload, source, partial, .. }, strings)) = cutting {
            let (payload, source) = (shift(payload), &line[shift(source).range()]);
            let names = if found.is_some() { (source, name) } else { (name, source) };
            levels += strings;
            found = Some(Part { source: names, text: Text { span: payload, levels }, partial, goes_on: None });
            // Of what stands inside of a part only the first one has an envelope.
            if partial {
                break;
            }
            (inside, name) = (payload, names.1);
        } else if found.is_some() {
            break;
        } else if let Some(outer) = OUTER.iter().find_map(|peel| peel(rest)) {
            if name.is_empty() {
                name = &line[shift(outer.source).range()];
            }
            inside = shift(outer.payload);
        } else {
            let message = Text::outer_message(rest)?;
            (inside, levels) = (shift(message.span), levels + message.levels);
        }
    }
    found
}

/// The envelopes that cut no lines.
const OUTER: [Peel; 7] =
    [kubectl::peel, klog::peel, syslog::peel, jenkins::peel, compose::peel, github::peel, stern::peel];

/// Is this a line of a format that cuts lines?
pub fn is_part(line: &[u8]) -> bool {
    part(line).is_some()
}

/// How much of the whole lines in `bytes` can be judged: up to the last place where no cut line is open. Lines of
/// several streams interleave, so the parts of one may lie round those of another.
pub fn closed_until(bytes: &[u8]) -> usize {
    let closed = if Signs::of(bytes).parts { closed_parts(bytes) } else { bytes.len() };
    let last = memrchr(b'\n', &bytes[..bytes.len().saturating_sub(1)]).map_or(0, |at| at + 1);
    if closed > last && gitlab::peel(&bytes[last..]).is_some() { closed.min(gitlab_open(bytes)) } else { closed }
}

fn closed_parts(bytes: &[u8]) -> usize {
    let mut open: Vec<Source<'_>> = Vec::new();
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

/// Where the first of GitLab's lines begins that may go on behind `bytes`.
fn gitlab_open(bytes: &[u8]) -> usize {
    struct Stream<'t> {
        name: &'t [u8],
        /// How many lines from the end on its earliest part stands, of those seen.
        part: usize,
        /// That part is where the line begins.
        begun: bool,
    }
    let mut streams: Vec<Stream<'_>> = Vec::new();
    let (mut open, mut end) = (bytes.len(), bytes.len());
    for back in 0.. {
        if end == 0 || back >= FAR && streams.iter().all(|stream| stream.begun || back - stream.part > FAR) {
            break;
        }
        let start = memrchr(b'\n', &bytes[..end - 1]).map_or(0, |at| at + 1);
        let line = &bytes[start..end];
        end = start;
        let Some(peeled) = gitlab::peel(line) else { continue };
        let (name, begun) = (&line[peeled.source.range()], !gitlab::goes_on(line, peeled.payload.start));
        match streams.iter_mut().find(|stream| stream.name == name) {
            Some(stream) if !stream.begun && back - stream.part <= FAR => {
                (stream.part, stream.begun, open) = (back, begun, start);
            }
            None if back < FAR => {
                streams.push(Stream { name, part: back, begun });
                open = start;
            }
            Some(_) | None => {}
        }
    }
    open
}

/// What one stream says.
struct Stream<'t> {
    source: Source<'t>,
    /// Its lines as far as they are known: the parts of each.
    lines: Vec<Vec<Text>>,
    /// The last line goes on.
    open: bool,
    /// GitLab: the number of its last line among all.
    last: usize,
}

/// Calls `each` with a view of each line of the chunk that was cut in parts, and of the lines of its stream around it, and with
/// the number of strings that they stand in. Offsets are those of the chunk; a part that nothing ends is joined as far as the
/// chunk goes.
pub fn each_joined(chunk: &[u8], view: &mut View, mut each: impl FnMut(&mut View, u32)) {
    let mut streams: Vec<Stream<'_>> = Vec::new();
    let mut number = 0;
    each_line(chunk, |start, line| {
        number += 1;
        let Some(part) = part(line) else { return };
        let span = Span::new(start + part.text.span.start, start + part.text.span.end);
        let text = Text { span, ..part.text };
        let at = streams.iter().position(|stream| stream.source == part.source).unwrap_or_else(|| {
            streams.push(Stream { source: part.source, lines: Vec::new(), open: false, last: number });
            streams.len() - 1
        });
        let stream = &mut streams[at];
        let goes_on = part.goes_on.map_or(stream.open, |goes_on| goes_on && number - stream.last <= FAR);
        match stream.lines.last_mut().filter(|_| goes_on) {
            Some(parts) => parts.push(text),
            None => stream.lines.push(vec![text]),
        }
        (stream.open, stream.last) = (part.partial, number);
    });
    for Stream { lines, .. } in &streams {
        let cut = |at: &usize| lines[*at].len() > 1;
        let mut done = 0;
        while let Some(first) = (done..lines.len()).find(cut) {
            let mut end = first + 1;
            while let Some(next) = (end..lines.len().min(end + 2 * AROUND)).find(cut) {
                end = next + 1;
            }
            let around = &lines[first.saturating_sub(AROUND).max(done)..lines.len().min(end + AROUND)];
            done = end;
            let levels = around.iter().flatten().map(|text| text.levels).max().unwrap_or(0);
            view.clear();
            for (index, parts) in around.iter().enumerate() {
                if index > 0 {
                    let at = parts[0].span.start;
                    view.put(0, Some(b'\n'), Span::new(at, at));
                }
                parts.iter().for_each(|text| join(*text, chunk, view));
            }
            each(view, levels);
        }
    }
}

/// Appends what a part carries, as it is without the strings around it.
fn join(part: Text, chunk: &[u8], view: &mut View) {
    match part.levels {
        0 => view.join(&chunk[part.span.range()], part.span.start),
        _ => part.append(chunk, view),
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
        each_joined(chunk.as_bytes(), &mut View::default(), |v, _| {
            joined.push(String::from_utf8_lossy(&v.text).into_owned());
        });
        assert_eq!(joined, ["abcdefghi\nalone"]);
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
        each_joined(chunk.as_bytes(), &mut View::default(), |v, _| {
            joined.push(String::from_utf8_lossy(&v.text).into_owned());
        });
        assert_eq!(joined, ["abcdef", "onetwo\nthree"]);
        assert!(!Signs::of(docker("x\\n", "stdout").as_bytes()).parts);
    }

    #[test]
    fn lines_of_gitlab_go_on_in_their_stream() {
        let other = |lines: usize| format!("{T} 01E other\n").repeat(lines);
        let joined = |between: usize| {
            let chunk = format!("{T} 00O one\n{}{T} 00O+two\n{T} 01E+more\n{T} 00O x\n{T} 01E x\n", other(between));
            let mut joined = Vec::new();
            each_joined(chunk.as_bytes(), &mut View::default(), |v, _| {
                joined.push(String::from_utf8_lossy(&v.text).into_owned());
            });
            joined
        };
        let others = |count: usize| "other\n".repeat(count);
        assert_eq!(joined(3), ["onetwo\nx".to_string(), format!("{}more\nx", others(3).trim_end())]);
        let last = format!("{}more\nx", others(AROUND + 1).trim_end());
        assert_eq!(joined(FAR - 1), ["onetwo\nx".to_string(), last.clone()]);
        assert_eq!(joined(FAR), [last]);
        let head = format!("{T} 00O x\n");
        let closed = |text: String| closed_until(text.as_bytes());
        assert_eq!(closed(format!("{head}{T} 00O one\n{}", other(3))), head.len());
        assert_eq!(closed(format!("{head}{T} 00O one\n{T} 00O+two\n{}", other(3))), head.len());
        let far = format!("{T} 00O one\n{}", other(FAR));
        assert_eq!(closed(far.clone()), far.len() - other(1).len());
    }

    #[test]
    fn parts_of_docker_are_joined_however_they_are_spelled() {
        for (prefix, blank) in [("", " "), ("web-1  | ", ""), ("[pod/a/b] ", " ")] {
            let docker = |log: &str, stream: &str| {
                format!("{prefix}{{\"log\":{blank}\"{log}\",{blank}\"stream\":{blank}\"{stream}\"}}\n")
            };
            let chunk = [docker("abc", "stdout"), docker("x\\n", "stderr"), docker("def\\n", "stdout")].concat();
            assert!(Signs::of(chunk.as_bytes()).parts);
            assert_eq!(closed_until(chunk.as_bytes()), chunk.len());
            let mut joined = Vec::new();
            each_joined(chunk.as_bytes(), &mut View::default(), |v, _| {
                joined.push(String::from_utf8_lossy(&v.text).into_owned());
            });
            assert_eq!(joined, ["abcdef"], "{chunk}");
        }
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
