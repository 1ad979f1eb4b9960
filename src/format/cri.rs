//! The log files of containerd and CRI-O: `TIMESTAMP stdout|stderr P|F[:TAG] CONTENT`.
//!
//! `P` marks a part of a line that was cut at 16 KiB; the parts of one stream up to its `F` are one record.
//! Kubernetes: `pkg/kubelet/kuberuntime/logs`, "CRI log format".

use super::view::View;
use super::{Peeled, timestamp};
use crate::span::Span;
use aho_corasick::packed::Searcher;
use memchr::memmem;
use std::sync::LazyLock;

/// Takes the prefix off.
pub fn peel(line: &[u8]) -> Option<Peeled> {
    let stamp = timestamp(line);
    if stamp == 0 || line.get(stamp) != Some(&b' ') {
        return None;
    }
    let stream = Span::new(stamp + 1, stamp + 7);
    if !matches!(line.get(stream.range())?, b"stdout" | b"stderr") || line.get(stream.end) != Some(&b' ') {
        return None;
    }
    let tag = stream.end + 1;
    let end = tag + line[tag..].iter().take(64).take_while(|&&b| b != b' ').count();
    let partial = match line.get(tag)? {
        b'P' => true,
        b'F' => false,
        _ => return None,
    };
    if end > tag + 1 && line[tag + 1] != b':' {
        return None;
    }
    Some(Peeled { payload: Span::new((end + 1).min(line.len()), line.len()), source: stream, partial })
}

/// Does the chunk hold a part of a cut line? Cheap: a search for rare byte strings.
pub fn has_parts(chunk: &[u8]) -> bool {
    static PARTS: LazyLock<Option<Searcher>> = LazyLock::new(|| Searcher::new(["stdout P", "stderr P"]));
    let part = |at: usize| matches!(chunk.get(at + 8), Some(b' ' | b':'));
    match &*PARTS {
        Some(search) => search.find_iter(chunk).any(|hit| part(hit.start())),
        // Without vector instructions: two searches.
        None => [&b"stdout P"[..], b"stderr P"].iter().any(|p| memmem::find_iter(chunk, p).any(part)),
    }
}

/// How much of the whole lines in `bytes` can be judged: up to the last place where no cut line is open. Lines of
/// several streams interleave, so the parts of one may lie round those of another.
pub fn closed_until(bytes: &[u8]) -> usize {
    let mut open: Vec<&[u8]> = Vec::new();
    let mut closed = 0;
    each_line(bytes, |start, line| {
        if open.is_empty() {
            closed = start;
        }
        if let Some((source, _, partial)) = part(line) {
            match (open.iter().position(|s| *s == source), partial) {
                (None, true) => open.push(source),
                (Some(at), false) => drop(open.swap_remove(at)),
                _ => {}
            }
        }
    });
    if open.is_empty() { bytes.len() } else { closed }
}

/// Calls `each` with a joined view for every line of the chunk that was cut in parts. Its offsets are those of the
/// chunk; a part that no `F` ends is joined as far as the chunk goes.
pub fn each_joined(chunk: &[u8], view: &mut View, mut each: impl FnMut(&mut View)) {
    let mut runs: Vec<(&[u8], Vec<Span>)> = Vec::new();
    let mut join = |parts: &[Span], view: &mut View| {
        view.clear();
        for span in parts {
            view.join(&chunk[span.range()], span.start);
        }
        each(view);
    };
    each_line(chunk, |start, line| {
        let Some((source, payload, partial)) = part(line) else { return };
        let span = Span::new(start + payload.start, start + payload.end);
        let open = runs.iter().position(|(s, _)| *s == source);
        match (open, partial) {
            (None, true) => runs.push((source, vec![span])),
            (Some(at), true) => runs[at].1.push(span),
            (Some(at), false) => {
                let (_, mut parts) = runs.swap_remove(at);
                parts.push(span);
                join(&parts, view);
            }
            (None, false) => {}
        }
    });
    for (_, parts) in &runs {
        join(parts, view);
    }
}

/// Source, content and whether more follows, of a line in this format (behind a pod prefix, maybe).
fn part(line: &[u8]) -> Option<(&[u8], Span, bool)> {
    let prefix = if line.starts_with(b"[pod/") { super::kubectl::peel(line)?.payload.start } else { 0 };
    let peeled = peel(&line[prefix..])?;
    let payload = Span::new(prefix + peeled.payload.start, prefix + peeled.payload.end);
    Some((&line[prefix + peeled.source.start..prefix + peeled.source.end], payload, peeled.partial))
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
        assert!(has_parts(chunk.as_bytes()));
        assert_eq!(closed_until(chunk.as_bytes()), chunk.len());
        let mut joined = Vec::new();
        each_joined(chunk.as_bytes(), &mut View::default(), |v| {
            joined.push(String::from_utf8_lossy(&v.text).into_owned());
        });
        assert_eq!(joined, ["abcdefghi"]);
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
