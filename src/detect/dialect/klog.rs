//! References to objects of Kubernetes, as klog prints them: `secret="NAMESPACE/NAME"`
//! ([`KRef`](https://pkg.go.dev/k8s.io/klog/v2#KRef)).

use super::super::key::Key;
use crate::format::peel;
use crate::span::Span;

/// Longest name of a namespace and of an object (RFC 1123, labels and subdomains).
const LONGEST: [usize; 2] = [63, 253];

/// Does `value`, a quoted one, only say which Secret a line of klog is about?
pub fn is_reference(text: &[u8], key: &Key, value: Span) -> bool {
    if key.quote.is_some() || &text[key.name.range()] != b"secret" || text.get(key.name.end) != Some(&b'=') {
        return false;
    }
    let value = &text[value.range()];
    let Some(slash) = memchr::memchr(b'/', value) else { return false };
    let names = [&value[..slash], &value[slash + 1..]];
    if !names.iter().zip(LONGEST).all(|(name, longest)| name.len() <= longest && is_name(name)) {
        return false;
    }
    // …reconciler.go:352] "Mounted" secret="…"
    //                   ^ end of the head
    let head = text[..peel(text).payload.start].trim_ascii_end();
    let line = head.strip_suffix(b"]").map(<[u8]>::trim_ascii_end);
    let file = line.map(|head| &head[..head.len() - head.iter().rev().take_while(|b| b.is_ascii_digit()).count()]);
    file.is_some_and(|file| file.ends_with(b".go:"))
}

/// Small letters, digits, dots and dashes between a letter or digit on either end.
fn is_name(name: &[u8]) -> bool {
    let plain = |b: &u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    name.first().is_some_and(plain)
        && name.last().is_some_and(plain)
        && name.iter().all(|b| plain(b) || matches!(b, b'-' | b'.'))
}

#[cfg(test)]
mod tests {
    use super::super::super::key;
    use super::*;

    #[test]
    fn only_klog_names_objects_so() {
        let klog = "I0501 12:00:00.000000       1 reconciler.go:352] \"Mounted\" ";
        for (head, pair, yes) in [
            (klog, "secret=\"kube-system/abc.1\"", true),
            (klog, "secret=\"Abc/def\"", false),
            (klog, "secret=\"abc\"", false),
            (klog, "secret=\"a/b/c\"", false),
            (klog, "secret=\"a/b=\"", false),
            (klog, "password=\"kube-system/abc\"", false),
            ("level=info ", "secret=\"kube-system/abc\"", false),
        ] {
            let text = format!("{head}{pair}");
            let separator = head.len() + pair.find('=').expect("a separator");
            let key = key::before(text.as_bytes(), separator).expect("a key");
            let value = Span::new(separator + 2, text.len() - 1);
            assert_eq!(is_reference(text.as_bytes(), &key, value), yes, "{text}");
        }
    }
}
