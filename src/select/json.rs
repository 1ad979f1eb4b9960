//! The value of a well-known key in a line of JSON: just enough to find a time or a level.

/// The value under the first of `keys` (each with its quotes) that stands in `text` as a key: a string without its quotes,
/// or a number.
pub fn value<'t>(text: &'t [u8], keys: &[&str]) -> Option<(usize, &'t [u8])> {
    keys.iter().enumerate().find_map(|(index, key)| {
        memchr::memmem::find_iter(text, key.as_bytes()).find_map(|at| {
            let rest = text[at + key.len()..].trim_ascii_start().strip_prefix(b":")?.trim_ascii_start();
            let value = match rest.first()? {
                b'"' => {
                    let text = &rest[1..];
                    &text[..memchr::memchr(b'"', text)?]
                }
                b'-' | b'0'..=b'9' => &rest[..rest.iter().take_while(|b| !b",}] \t".contains(b)).count()],
                _ => return None,
            };
            Some((index, value))
        })
    })
}
