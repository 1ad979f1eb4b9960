//! Bytes as programs print them, number by number: `<Buffer 70 61>` and `Uint8Array(2) [ 112, 97 ]` of Node (nodejs.org, "Util",
//! `util.inspect`), `array('B', [112, 97])` of Python (docs.python.org, "array"), `<<112,97>>` of Erlang (erlang.org, "Bit Syntax
//! Expressions").

use memchr::memmem;

/// Most bytes of a value; what goes on beyond is read as words are.
const LONGEST: usize = 64 << 10;

/// Length of the bytes that `text` begins with, if it does.
pub fn length(text: &[u8]) -> Option<usize> {
    let text = &text[..text.len().min(LONGEST)];
    match text.first()? {
        b'<' if text.starts_with(b"<<") => closed(text, 2, b">>", |b| b.is_ascii_digit() || b",: ".contains(b)),
        b'<' => {
            let inside = text.strip_prefix(b"<Buffer ")?;
            // Of a long one Node tells how many are left: `... 12 more bytes`.
            closed(text, text.len() - inside.len(), b">", |b| b.is_ascii_alphanumeric() || b" .".contains(b))
        }
        // What Java says of an array: its type and a hash.
        b'[' => {
            let hash = text.strip_prefix(b"[B@").or(text.strip_prefix(b"[C@"))?;
            let digits = hash.iter().take(8).take_while(|b| b.is_ascii_hexdigit()).count();
            (digits > 0).then_some(3 + digits)
        }
        b'A' => {
            let open = b"ArrayBuffer { [Uint8Contents]: <";
            text.starts_with(open).then(|| memmem::find(text, b" }").map(|at| at + 2)).flatten()
        }
        b'I' | b'U' | b'B' => {
            let name = text.iter().take(24).take_while(|b| b.is_ascii_alphanumeric()).count();
            let size = text[name..].iter().take(8).take_while(|b| b.is_ascii_digit() || b"()".contains(b)).count();
            let open = name + size + 2;
            let typed = text[..name].ends_with(b"Array") && text[..open.min(text.len())].ends_with(b" [");
            if typed { closed(text, open, b"]", |b| is_of_list(*b)) } else { None }
        }
        b'a' => {
            let rest = text.strip_prefix(b"array.").unwrap_or(text).strip_prefix(b"array('")?;
            let list = rest.get(1..)?.strip_prefix(b"', [")?;
            closed(text, text.len() - list.len(), b"])", |b| is_of_list(*b))
        }
        _ => None,
    }
}

fn is_of_list(byte: u8) -> bool {
    byte.is_ascii_digit() || b"-, ".contains(&byte)
}

/// Where `close` ends, if only such bytes stand in front of it from `at` on.
fn closed(text: &[u8], at: usize, close: &[u8], inside: impl Fn(&u8) -> bool) -> Option<usize> {
    let end = at + text[at..].iter().take_while(|b| inside(b)).count();
    (end > at && text[end..].starts_with(close)).then_some(end + close.len())
}

#[cfg(test)]
mod tests {
    use super::length;

    #[test]
    fn bytes_are_read_to_their_end() {
        for text in [
            "<Buffer 70 61 ... 12 more bytes>",
            "<<112,97,115>>",
            "<<112:8,97>>",
            "Uint8Array(2) [ 112, 97 ]",
            "Uint8Array [112, 97]",
            "Int8Array(1) [ -1 ]",
            "ArrayBuffer { [Uint8Contents]: <70 61>, byteLength: 2 }",
            "array('b', [112, -97])",
            "array.array('B', [112])",
            "[B@1a2b3c4d",
        ] {
            assert_eq!(length(format!("{text}, n: 1").as_bytes()), Some(text.len()), "{text}");
        }
        for text in ["<Buffer", "<a>", "<<\"x\">>", "Uint8Array", "Bob [1]", "array('b', x)", "Array(2) x", "<<>>", ""]
        {
            assert_eq!(length(text.as_bytes()), None, "{text}");
        }
    }
}
