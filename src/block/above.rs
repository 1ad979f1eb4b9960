//! A value that stands above its name: `- value: x` and `  name: DB_PASSWORD` in the next line, as people write the environment
//! of a container ([Kubernetes](https://kubernetes.io/docs/tasks/inject-data-application/define-environment-variable-container/));
//! kubectl sorts the keys, and has the name first.

use super::open::{Member, is_block_head};
use crate::format::peel;
use crate::span::Span;
use memchr::{memmem, memrchr};

/// What such a line begins with.
const VALUE: &[u8] = b"- value";
/// Bytes of a line in which that is looked for.
const NEAR: usize = 512;

/// Does the key that ends here hold the value of a name in the next line?
pub fn is_value(before: &[u8]) -> bool {
    before.ends_with(VALUE)
}

/// The name that `next` gives the value in `line`, and where in `line` that stands, if the two are the beginning of one item of a
/// list.
pub fn named<'t>(line: &[u8], next: &'t [u8]) -> Option<(&'t [u8], Span)> {
    let (value, name) = (peel(line), peel(next));
    if value.name(line) != name.name(next) {
        return None;
    }
    let (base, line, next) = (value.payload.start, &line[value.payload.range()], &next[name.payload.range()]);
    let member = Member::of(line)?;
    let named = Member::of(next).filter(|named| named.column == member.column && named.key == b"name")?;
    let item = line[..member.column].ends_with(b"- ") && member.key == b"value";
    let same = item && !next[..named.column].contains(&b'-');
    let scalar = member.scalar(line);
    let whole = same && !scalar.is_empty() && !is_block_head(&line[member.value.range()]);
    whole.then(|| (&next[named.scalar(next).range()], Span::new(base + scalar.start, base + scalar.end)))
}

/// How much of the whole lines in `bytes` can be judged without the next one: the last may hold a value whose name follows.
pub fn closed_until(bytes: &[u8]) -> usize {
    let last = memrchr(b'\n', &bytes[..bytes.len().saturating_sub(1)]).map_or(0, |at| at + 1);
    let near = &bytes[last..bytes.len().min(last + NEAR)];
    let waits = memmem::find_iter(near, VALUE).any(|at| near[at + VALUE.len()..].starts_with(b": "));
    if waits { last } else { bytes.len() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_below_a_value_is_its_name() {
        for (line, next, found) in [
            ("- value: x", "  name: PIN", Some(("PIN", "x"))),
            ("  - value: \"x y\" # old", "    name: 'PIN'", Some(("PIN", "x y"))),
            ("[pod/a/b] - value: x", "[pod/a/b]   name: PIN", Some(("PIN", "x"))),
            ("[pod/a/b] - value: x", "[pod/a/c]   name: PIN", None),
            ("- value: x", "- name: PIN", None),
            ("- value: x", "name: PIN", None),
            ("  value: x", "  name: PIN", None),
            ("- value: |", "  name: PIN", None),
            ("- value: x", "  type: PIN", None),
        ] {
            let named = named(line.as_bytes(), next.as_bytes());
            let named = named.map(|(name, span)| (String::from_utf8_lossy(name), &line[span.range()]));
            assert_eq!(named, found.map(|(name, value)| (name.into(), value)), "{line}");
        }
    }

    #[test]
    fn a_value_waits_for_the_next_line() {
        for (text, closed) in
            [("a\n- value: x\n", 2), ("- value: x\n", 0), ("- value: x\nb\n", 13), ("", 0), ("a\n", 2)]
        {
            assert_eq!(closed_until(text.as_bytes()), closed, "{text}");
        }
    }
}
