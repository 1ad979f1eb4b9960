//! Lines that were cut in parts: those of CRI (`P`), of docker's json-file (no `\n` at the end of `log`), and of GitLab
//! (`+` on the line that goes on). The parts of one stream are one record.
//!
//! Whether a line of GitLab's is whole is known by the next one of its stream, which may be far: it is waited for over
//! so many lines of others as 64.

use super::signs::holds_parts;
use super::spelled::Text;
use super::view::View;
use super::{DEPTH, Peel, Peeled};
use super::{compose, cri, docker, github, gitlab, jenkins, klog, kubectl, stern, syslog};
use crate::span::Span;
use memchr::memrchr;

/// Lines of other streams that may stand between two parts of a line of GitLab's.
const FAR: usize = 64;

/// What tells streams apart: the name of a container, if there is one, and that of its stream.
type Source<'t> = (&'t [u8], &'t [u8]);

/// One line of a format that cuts lines.
struct Part<'t> {
    source: Source<'t>,
    payload: Span,
    /// The next part follows.
    partial: bool,
    /// GitLab: it goes on where the line before ended.
    goes_on: Option<bool>,
}

fn part(line: &[u8]) -> Option<Part<'_>> {
    if let Some(peeled) = gitlab::peel(line) {
        let goes_on = Some(gitlab::goes_on(line, peeled.payload.start));
        let source: Source<'_> = (b"", &line[peeled.source.range()]);
        return Some(Part { source, payload: peeled.payload, partial: false, goes_on });
    }
    cut(line)
}

/// The innermost of the envelopes of `line` that cut lines, which stand inside of one another or behind any other one.
fn cut(line: &[u8]) -> Option<Part<'_>> {
    let (mut found, mut name): (Option<Part<'_>>, &[u8]) = (None, b"");
    let mut inside = Span::new(0, line.len());
    for _ in 0..DEPTH {
        let rest = &line[inside.range()];
        let shift = |span: Span| Span::new(inside.start + span.start, inside.start + span.end);
        if let Some(Peeled { payload, source, partial, .. }) = cri::peel(rest).or_else(|| docker::peel(rest)) {
            let (payload, source) = (shift(payload), &line[shift(source).range()]);
            let names = if found.is_some() { (source, name) } else { (name, source) };
            found = Some(Part { source: names, payload, partial, goes_on: None });
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
            inside = shift(Text::outer_message(rest)?.span);
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
    let closed = if holds_parts(bytes) { closed_parts(bytes) } else { bytes.len() };
    let last = memrchr(b'\n', &bytes[..bytes.len().saturating_sub(1)]).map_or(0, |at| at + 1);
    if closed > last && gitlab::peel(&bytes[last..]).is_some() { closed.min(gitlab_open(bytes)) } else { closed }
}

/// May the lines in `bytes` be parted at `at`, where a line begins, without tearing one that was cut?
pub fn parts_at(bytes: &[u8], at: usize) -> bool {
    let open = holds_parts(&bytes[..at]) && closed_parts(&bytes[..at]) < at;
    let goes_on = |line: &[u8]| gitlab::peel(line).is_some_and(|peeled| gitlab::goes_on(line, peeled.payload.start));
    !open && !goes_on(&bytes[at..])
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

/// A line that is a part, and what it carries.
type Piece = (Span, Span);

/// A line that was cut.
pub struct Cut {
    /// Where the lines begin that are its parts.
    pub starts: Vec<usize>,
    /// What belongs to it of each: of the first one the envelope, too, and of the last one what stands behind.
    pieces: Vec<Span>,
}

impl Cut {
    /// All that its parts in `chunk` carry as one line. Its offsets are those of the chunk.
    pub fn view(&self, chunk: &[u8]) -> View {
        let mut view = View::default();
        self.append(chunk, &mut view);
        view
    }

    fn append(&self, chunk: &[u8], view: &mut View) {
        self.pieces.iter().for_each(|piece| view.join(&chunk[piece.range()], piece.start));
    }
}

/// The chunk with its `cuts`, which are in order, each as one line where its first part is.
pub fn whole_lines(chunk: &[u8], cuts: &[Cut]) -> View {
    let mut parts: Vec<(usize, Option<&Cut>)> = Vec::new();
    for cut in cuts {
        parts.extend(cut.starts.iter().enumerate().map(|(index, start)| (*start, (index == 0).then_some(cut))));
    }
    parts.sort_unstable_by_key(|(start, _)| *start);
    let (mut view, mut copied) = (View::default(), 0);
    for (start, first) in parts {
        if start > copied {
            view.join(&chunk[copied..start], copied);
        }
        let end = memchr::memchr(b'\n', &chunk[start..]).map_or(chunk.len(), |i| start + i + 1);
        if let Some(cut) = first {
            cut.append(chunk, &mut view);
            view.put(0, Some(b'\n'), Span::new(end, end));
        }
        copied = end;
    }
    view.join(&chunk[copied..], copied);
    view
}

/// The lines of the chunk that were cut in parts, in order; a part that nothing ends is joined as far as the chunk goes.
pub fn cut_lines(chunk: &[u8]) -> Vec<Cut> {
    let mut cuts = Vec::new();
    let mut join = |parts: &[Piece]| {
        let [(first, _), .., (last, _)] = parts else { return };
        let piece = |(line, payload): &Piece| {
            let start = if line == first { line.start } else { payload.start };
            Span::new(start, if line == last { line.end } else { payload.end })
        };
        let starts = parts.iter().map(|(line, _)| line.start).collect();
        cuts.push(Cut { starts, pieces: parts.iter().map(piece).collect() });
    };
    let mut runs: Vec<(Source<'_>, Vec<Piece>)> = Vec::new();
    // Of each stream of GitLab's, the number of its last line, and the line under way.
    let mut gitlab: Vec<(&[u8], usize, Vec<Piece>)> = Vec::new();
    let mut number = 0;
    each_line(chunk, |start, line| {
        number += 1;
        let Some(part) = part(line) else { return };
        let payload = Span::new(start + part.payload.start, start + part.payload.end);
        let own = (Span::new(start, start + line.len()), payload);
        if let Some(goes_on) = part.goes_on {
            let name = part.source.1;
            let at = gitlab.iter().position(|stream| stream.0 == name).unwrap_or_else(|| {
                gitlab.push((name, number, Vec::new()));
                gitlab.len() - 1
            });
            let (_, last, parts) = &mut gitlab[at];
            if !goes_on || number - *last > FAR {
                join(parts);
                parts.clear();
            }
            *last = number;
            parts.push(own);
            return;
        }
        let open = runs.iter().position(|(s, _)| *s == part.source);
        match (open, part.partial) {
            (None, true) => runs.push((part.source, vec![own])),
            (Some(at), true) => runs[at].1.push(own),
            (Some(at), false) => {
                let (_, mut parts) = runs.swap_remove(at);
                parts.push(own);
                join(&parts);
            }
            (None, false) => {}
        }
    });
    for parts in gitlab.iter().map(|(.., parts)| parts).chain(runs.iter().map(|(_, parts)| parts)) {
        join(parts);
    }
    cuts.sort_unstable_by_key(|cut| cut.starts[0]);
    cuts
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

    fn joined(chunk: &str) -> Vec<String> {
        let text = |cut: &Cut| String::from_utf8_lossy(&cut.view(chunk.as_bytes()).text).into_owned();
        cut_lines(chunk.as_bytes()).iter().map(text).collect()
    }

    #[test]
    fn parts_of_one_stream_are_joined() {
        let chunk =
            format!("{T} stdout P abc\n{T} stderr F other\n{T} stdout P def\n{T} stdout F ghi\n{T} stdout F alone\n");
        assert!(holds_parts(chunk.as_bytes()));
        assert_eq!(closed_until(chunk.as_bytes()), chunk.len());
        assert_eq!(joined(&chunk), [format!("{T} stdout P abcdefghi")]);
    }

    #[test]
    fn parts_of_docker_and_gitlab_are_joined() {
        let docker =
            |log: &str, stream: &str| format!("{{\"log\":\"{log}\",\"stream\":\"{stream}\",\"time\":\"{T}\"}}\n");
        let chunk = [docker("abc", "stdout"), docker("x\\n", "stderr"), docker("def\\n", "stdout")].concat();
        let chunk = chunk + &format!("{T} 00O one\n{T} 00O+two\n{T} 00O three\n");
        assert!(holds_parts(chunk.as_bytes()));
        assert!(closed_until(chunk.as_bytes()) == chunk.len() - format!("{T} 00O three\n").len());
        assert_eq!(joined(&chunk), [docker("abcdef\\n", "stdout").trim_end(), &format!("{T} 00O onetwo")]);
        assert!(!holds_parts(docker("x\\n", "stdout").as_bytes()));
    }

    #[test]
    fn lines_of_gitlab_go_on_in_their_stream() {
        let other = |lines: usize| format!("{T} 01E other\n").repeat(lines);
        let among = |between: usize| {
            joined(&format!("{T} 00O one\n{}{T} 00O+two\n{T} 01E+more\n{T} 00O x\n{T} 01E x\n", other(between)))
        };
        let [own, others] = [format!("{T} 00O onetwo"), format!("{T} 01E othermore")];
        assert_eq!(among(3), [&*own, &*others]);
        assert_eq!(among(FAR - 1), [&*own, &*others]);
        assert_eq!(among(FAR), [others]);
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
            assert!(holds_parts(chunk.as_bytes()));
            assert_eq!(closed_until(chunk.as_bytes()), chunk.len());
            assert_eq!(joined(&chunk), [docker("abcdef\\n", "stdout").trim_end()], "{chunk}");
        }
    }

    #[test]
    fn a_chunk_has_its_cut_lines_whole() {
        let (head, other) = (format!("{T} stdout F x\n"), format!("{T} stderr F y\n"));
        let chunk = format!("{head}{T} stdout P a\n{other}{T} stdout P b\n{T} stdout F c\n{other}");
        let view = whole_lines(chunk.as_bytes(), &cut_lines(chunk.as_bytes()));
        assert_eq!(String::from_utf8_lossy(&view.text), format!("{head}{T} stdout P abc\n{other}{other}"));
        let at = view.text.len() - 2 * other.len() - 4;
        let mut raw = Vec::new();
        view.raw(Span::new(at, at + 3), |span| raw.push(&chunk[span.range()]));
        assert_eq!(raw, ["a", "b", "c"]);
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
