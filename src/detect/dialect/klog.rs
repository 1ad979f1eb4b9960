//! References to objects of Kubernetes, as klog prints them, `secret="NAMESPACE/NAME"`
//! ([`KRef`](https://pkg.go.dev/k8s.io/klog/v2#KRef)), and as objects of JSON
//! ([`ObjectReference`](https://kubernetes.io/docs/reference/generated/kubernetes-api/v1.32/#objectreference-v1-core)).

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

/// Does `object` only say which Secret a record is about: `"Secret":{"name":"pg","namespace":"erp"}`? JSON of one level, in a string
/// or not.
pub fn is_object_reference(name: &[u8], object: &[u8]) -> bool {
    const OTHERS: [&[u8]; 5] = [b"kind", b"apiVersion", b"uid", b"resourceVersion", b"group"];
    let last = &name[name.len().saturating_sub(b"secret".len())..];
    let Some(inside) = object.strip_prefix(b"{").and_then(|rest| rest.strip_suffix(b"}")) else { return false };
    let (mut named, mut placed) = (false, false);
    let member = |member: &[u8]| {
        let Some(colon) = memchr::memchr(b':', member) else { return false };
        let (Some(key), Some(value)) = (text_of(&member[..colon]), text_of(&member[colon + 1..])) else { return false };
        let short = value.len() <= LONGEST[1];
        named |= key == b"name";
        placed |= key == b"namespace";
        short && (matches!(key, b"name" | b"namespace") && is_name(value) || OTHERS.contains(&key))
    };
    last.eq_ignore_ascii_case(b"secret")
        && inside.len() < 1024
        && inside.split(|b| *b == b',').all(member)
        && named
        && placed
}

/// What stands in the quotes of a string of JSON.
fn text_of(string: &[u8]) -> Option<&[u8]> {
    let open = string.trim_ascii();
    let slashes = open.iter().take_while(|b| **b == b'\\').count();
    let quote = open.get(..=slashes)?;
    let inside = open.strip_prefix(quote)?.strip_suffix(quote)?;
    (quote.ends_with(b"\"") && !inside.contains(&b'"')).then_some(inside)
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
    fn objects_that_only_name_a_secret() {
        for (name, object, yes) in [
            ("Secret", r#"{"name":"pg","namespace":"erp"}"#, true),
            ("secret", r#"{ "kind": "Secret", "name": "pg-tls", "namespace": "erp" }"#, true),
            ("secret", r#"{\"name\":\"pg\",\"namespace\":\"erp\"}"#, true),
            ("secret", r#"{"name":"pg"}"#, false),
            ("secret", r#"{"name":"pg","namespace":"erp","value":"x"}"#, false),
            ("secret", r#"{"name":"Pg7!","namespace":"erp"}"#, false),
            ("password", r#"{"name":"pg","namespace":"erp"}"#, false),
            ("secret", "{}", false),
        ] {
            assert_eq!(is_object_reference(name.as_bytes(), object.as_bytes()), yes, "{object}");
        }
    }

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
