//! The log files of containerd and CRI-O: `TIMESTAMP stdout|stderr P|F[:TAG] CONTENT`.
//!
//! `P` marks a part of a line that was cut at 16 KiB; the parts of one stream up to its `F` are one record.
//! Kubernetes: `pkg/kubelet/kuberuntime/logs`, "CRI log format".

use super::{Peeled, timestamp};
use crate::span::Span;

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
    Some(Peeled::one(Span::new((end + 1).min(line.len()), line.len()), stream, partial))
}
