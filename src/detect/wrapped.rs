//! What stands between a separator and its value: escaped blanks, types, wrappers.

use super::border::opened_before;
use super::key::LONGEST;
use crate::format::quote::{is_quote, quote_of_shell};
use crate::format::{begins_colour, timestamp};
use crate::slashes;

/// Length of the escaped blanks (`\\t`, `\\n`) in front of a quote or bracket; other text may begin with such letters.
pub fn escaped_blanks(text: &[u8]) -> usize {
    let mut at = 0;
    loop {
        let slashes = slashes::leading(&text[at..]);
        if slashes == 0 || !matches!(text.get(at + slashes), Some(b't' | b'n' | b'r')) {
            break;
        }
        at += slashes + 1;
        at += text[at..].iter().take(64).take_while(|&&b| b == b' ').count();
    }
    let opens = matches!(text.get(at), Some(b'\\' | b'"' | b'\'' | b'{' | b'[' | b'-' | b'0'..=b'9'))
        || text[at.min(text.len())..].starts_with(b"string(");
    // The next line has its time in front.
    if opens && timestamp(&text[at..]) == 0 { at } else { 0 }
}

/// Length of what ends the name in front of the separator at `separator` and stands at `start`, behind it: the marks of bold
/// text in Markdown and HTML, `**Password:** x`, `<b>Password:</b> x`, with the blanks behind. Nothing if no value follows.
pub fn marks_of_key(text: &[u8], separator: usize, start: usize) -> Option<usize> {
    let (Some(rest), b':') = (text.get(start..), text[separator]) else { return Some(0) };
    let blanks = |at: usize| at + rest[at..].iter().take(64).take_while(|b| matches!(b, b' ' | b'\t')).count();
    if start == separator + 1 && rest.starts_with(b"** ") {
        let bold = memchr::memmem::find(&text[separator.saturating_sub(64)..separator], b"**").is_some();
        return Some(if bold { blanks(2) } else { 0 });
    }
    let before = &text[separator.saturating_sub(BACK)..separator];
    let opened = |name: &[u8]| memchr::memrchr_iter(b'<', before).any(|at| before[at + 1..].starts_with(name));
    let mut at = 0;
    while let Some(tag) = rest[at..].strip_prefix(b"<") {
        // What closes nothing is a value.
        let inside = &tag[..tag.iter().take(64).position(|b| *b == b'>').unwrap_or(0)];
        let name = inside.strip_prefix(b"/").unwrap_or(inside).split(|b| *b == b' ').next().unwrap_or_default();
        if name.is_empty() || at == 0 && !(inside.starts_with(b"/") && opened(name)) {
            break;
        }
        // In another paragraph stands a sentence.
        if !PARTS_OF_LINE.iter().any(|part| name.eq_ignore_ascii_case(part)) {
            return None;
        }
        at = blanks(at + inside.len() + 2);
    }
    let breaks = matches!(rest[at..], [] | [b'\\', b'n' | b'r' | b't', ..]);
    (at == 0 || !breaks).then_some(at)
}

/// Elements of HTML that do not end the line in which a name and its value stand, and cells of one row.
const PARTS_OF_LINE: [&[u8]; 14] =
    [b"b", b"strong", b"i", b"em", b"u", b"span", b"label", b"font", b"code", b"kbd", b"td", b"th", b"dt", b"dd"];

/// Does a quote at `start`, behind the separator at `separator`, end the string that a name stands in, in front of
/// what code puts there: `log('token:', token)`, `'token: ' + token`, `$prompt = "token: ".$x;`?
pub fn ends_string(text: &[u8], separator: usize, start: usize) -> bool {
    let quote = text[start];
    match (quote, text.get(start + 1..)) {
        (b'\'' | b'`', Some([b',' | b')' | b';' | b'.', ..])) | (b'"', Some([b'.' | b';', ..])) => {}
        (b'\'', Some([b' ', mark, b' ', ..])) if b"+.%".contains(mark) => {}
        _ => return false,
    }
    opened_before(text, separator, quote)
}

/// Does the value at `start` begin with what says what it is only where the record is decoded: a
/// colour of terminals, a quote or an arrow of XML, a quote of a shell?
pub fn is_encoded(text: &[u8], start: usize) -> bool {
    let rest = &text[start..];
    let wrapper = rest.iter().take(16).take_while(|b| b.is_ascii_alphabetic()).count();
    if wrapper > 0 && rest.get(wrapper) == Some(&b'(') {
        const QUOTES: [&[u8]; 6] = [b"\\x22", b"\\u0022", b"%22", b"%2522", b"&quot;", b"&#34;"];
        return QUOTES.iter().any(|quote| rest[wrapper + 1..].starts_with(quote));
    }
    match rest[0] {
        0x1B => true,
        b'&' => names_sign(&rest[1..]),
        b'\'' => quote_of_shell(rest).is_some(),
        b'\\' => {
            const SIGNS: [&[u8]; 10] =
                [b"u003c", b"u003C", b"u003e", b"u003E", b"u0022", b"u0027", b"x22", b"x27", b"x5C", b"x5c"];
            let sign = &rest[slashes::leading(rest)..];
            begins_colour(rest)
                || SIGNS.iter().any(|one| sign.starts_with(one))
                || sign.strip_prefix(b"u0026").is_some_and(names_sign)
        }
        _ => false,
    }
}

/// Does `text`, what stands behind an ampersand, name a quote, an arrow or a line break, escaped once or more often?
fn names_sign(text: &[u8]) -> bool {
    let mut rest = text;
    while let Some(more) = rest.strip_prefix(b"amp;") {
        rest = more;
    }
    let name = rest.iter().take(8).position(|b| *b == b';').map_or(&rest[..0], |end| &rest[..end]);
    matches!(name, b"quot" | b"apos" | b"lt" | b"gt" | b"#34" | b"#39" | b"#034" | b"#039" | b"#10" | b"#13")
        || matches!(name, [b'#', b'x' | b'X', digits @ ..] if matches!(digits, b"22" | b"27" | b"0A" | b"0a" | b"A" | b"a"))
}

/// Length of the rest of the arrow or the equals sign that begins `text`, as it is or in quoted-printable: `=>`, `=3D "`.
pub fn arrow(text: &[u8]) -> usize {
    match text {
        [b'=' | b'<', b'>', ..] => 1,
        [b'=', b'3', b'D', b'>', ..] => 3,
        [b'=', b'3', b'D', b' ' | b'"' | b'\'', ..] => 2,
        _ => 0,
    }
}

/// Does Go leave a field of a structure empty here, or a key of a map: `{Email: Password: Age:3}`, `{Email:,Password:,Age:3,}`
/// as Kubernetes prints objects? The separator stands at `at`, and what follows it at `start`.
pub fn is_empty_of_go(text: &[u8], at: usize, start: usize) -> bool {
    let name = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-');
    let tied = start == at + 1;
    let comma = tied && text[start] == b',';
    let next = start + usize::from(comma);
    let last = tied && matches!(text.get(next), Some(b'}' | b']'));
    let length = text[next..].iter().take(64).take_while(|b| name(b)).count();
    let another = (comma || start == at + 2) && length > 0 && text.get(next + length) == Some(&b':');
    if text[at] != b':' || !last && !another {
        return false;
    }
    let before = &text[at.saturating_sub(BACK)..at];
    let own = before.len() - before.iter().rev().take(64).take_while(|b| name(b)).count();
    let parted = match &before[..own] {
        [.., b'{' | b'['] => true,
        [.., b','] => comma && before.get(own).is_some_and(u8::is_ascii_uppercase),
        [.., last, b' '] => *last != b',',
        _ => false,
    };
    let mut depth = 0usize;
    let open = before[..own].iter().rposition(|b| match b {
        b'}' | b']' => {
            depth += 1;
            false
        }
        b'{' | b'[' if depth > 0 => {
            depth -= 1;
            false
        }
        b'{' | b'[' => true,
        _ => false,
    });
    let Some(open) = open.filter(|_| parted) else { return false };
    let map = before[..open].ends_with(b"map");
    // Fields of a structure are told from other names only if they can be seen outside of their package.
    let exported = |at: usize| text[at].is_ascii_uppercase();
    let tight =
        before[open + 1..].iter().take(64).position(|b| !name(b)).is_some_and(|end| before[open + 1 + end] == b':');
    (last || map || before[open] == b'{' && exported(next)) && (tight || own == open + 1)
}

/// How far back the bracket of what Go prints is looked for.
const BACK: usize = 1024;

/// `b'…'`, `u"…"`, `$'…'`, types and wrappers such as `Some("…")`, `Secret('…')`, `Slice(["…"])`, `string(8) "…"` of PHP,
/// `(string) (len=8) "…"` of Go, `<<"…">>` of Erlang, `0x55d008 "…"` of gdb: how many bytes stand before the quote.
pub fn prefix(text: &[u8]) -> usize {
    let word = |at: usize| {
        text[at..].iter().take(40).take_while(|b| b.is_ascii_alphanumeric() || b"_.$@&".contains(b)).count()
    };
    let quoted = |at: usize| {
        let slashes = slashes::leading(&text[at.min(text.len())..]);
        text.get(at + slashes).is_some_and(|&b| is_quote(b))
    };
    if text.starts_with(b"<<") && quoted(2) {
        return 2;
    }
    if let Some(length) = pointer(text) {
        return if quoted(length) { length } else { 0 };
    }
    let first = word(0);
    if (1..=2).contains(&first) && quoted(first) && text[..first].iter().all(|b| b"bBuUrRfFnNeE$@".contains(b)) {
        return first;
    }
    let (mut at, mut name) = (0, first);
    for _ in 0..4 {
        if text.get(at + name) != Some(&b'(') {
            return 0;
        }
        let inside = at + name + 1;
        let inside = inside + escaped_blanks(&text[inside..]);
        let list = inside + usize::from(text.get(inside) == Some(&b'['));
        if name > 0 && quoted(list) {
            return list;
        }
        // `(string) (len=8) "…"`: a type stands between brackets, then a blank.
        let size =
            text[inside..].iter().take(64).take_while(|b| b.is_ascii_alphanumeric() || b"_.=*[] ".contains(b)).count();
        if size > 0 && text[inside + size..].starts_with(b") ") {
            at = inside + size + 2;
            if quoted(at) {
                return at;
            }
        } else if name > 0 {
            at = inside;
        } else {
            return 0;
        }
        name = word(at);
    }
    0
}

/// Length of the pointer that begins `text`, with the blank behind it, as gdb prints it in front of the text that it points to:
/// `0x55d008 "…"`, `0x4006c4 <name+8> "…"` (Debugging with GDB, "Print Settings": `set print address`, `set print symbol`).
fn pointer(text: &[u8]) -> Option<usize> {
    let digits = text.strip_prefix(b"0x")?.iter().take(17).take_while(|b| b.is_ascii_hexdigit()).count();
    let rest = text[2 + digits..].strip_prefix(b" ").filter(|_| digits > 0)?;
    let symbol =
        if rest.first() == Some(&b'<') { memchr::memmem::find(&rest[..rest.len().min(128)], b"> ")? + 2 } else { 0 };
    Some(2 + digits + 1 + symbol)
}

/// Length of the anchor of YAML in front of the value at `at` that ends its line: `password: &pw value`. Aliases name it, so it
/// stays; what has more than small letters may be a value that begins with such a sign.
pub fn anchor(text: &[u8], at: usize, limit: usize) -> usize {
    if text.get(at) != Some(&b'&') || at < 2 || text[at - 2..at] != *b": " {
        return 0;
    }
    let rest = &text[at + 1..limit];
    let name = rest.iter().take(32).take_while(|b| b.is_ascii_lowercase() || matches!(b, b'_' | b'-')).count();
    let value = rest[name..].strip_prefix(b" ").unwrap_or_default();
    let word = value.iter().take_while(|b| !b.is_ascii_whitespace() && **b != b'\\').count();
    let ends = matches!(value[word..], [] | [b'\r' | b'\n' | b'\\', ..]);
    // The next pair is no value: `password: &x retry=3`.
    let pair = value[..word].contains(&b'=');
    if name > 0 && word > 0 && ends && !pair { name + 2 } else { 0 }
}

/// Length of the type in front of the braces of a Go literal, `[]string{`, `map[string]interface {}{`, `&acme.User{`, or of a
/// structure as Rust prints it, `Secret { inner: `, `Some(Secret { inner: `.
pub fn type_before_braces(text: &[u8]) -> usize {
    let text = &text[..text.len().min(96)];
    if text.first().is_some_and(u8::is_ascii_uppercase) {
        return structure(text);
    }
    let composite = text.starts_with(b"[]") || text.starts_with(b"map[") || text.starts_with(b"&") && text.len() > 1;
    if !composite {
        return 0;
    }
    let mut at = 0;
    loop {
        at += text[at..].iter().take_while(|b| b.is_ascii_alphanumeric() || b"_.[]*&".contains(b)).count();
        match &text[at..] {
            [b' ', b'{', b'}', ..] => at += 3,
            [b'{', ..] => return at,
            _ => return 0,
        }
    }
}

/// Length of what stands in front of the braces of a structure, if one begins here and has a field.
fn structure(text: &[u8]) -> usize {
    let mut at = 0;
    for _ in 0..4 {
        let name = text[at..].iter().take_while(|b| b.is_ascii_alphanumeric() || b"_:<>".contains(b)).count();
        match &text[at + name..] {
            [b'(', ..] if name > 0 => at += name + 1,
            [b' ', b'{', b' ', rest @ ..] if text[at].is_ascii_uppercase() => {
                let field = rest.iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count();
                return if field > 0 && rest[field..].starts_with(b": ") { at + name + 1 } else { 0 };
            }
            _ => return 0,
        }
    }
    0
}

/// Is this the rest of a line of LDIF whose value is encoded (RFC 2849): a blank and nothing but base64?
pub fn is_ldif(rest: &[u8]) -> bool {
    let Some(value) = rest.strip_prefix(b" ") else { return false };
    let body = value.iter().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/')).count();
    let padding = value[body..].iter().take_while(|b| **b == b'=').count();
    let ends = value.get(body + padding).is_none_or(|b| matches!(b, b'\r' | b'\n' | b'\\' | b'"'));
    body > 3 && padding < 3 && (body + padding) % 4 == 0 && ends
}
/// Length of the word of letters, digits, dashes and underscores that ends at `at`.
pub fn word_before(text: &[u8], at: usize) -> usize {
    text[..at].iter().rev().take(LONGEST).take_while(|b| b.is_ascii_alphanumeric() || b"_-".contains(b)).count()
}

/// Does a port, a line or the tag of an image stand behind the colon at `at`, and a host or a path in front of it:
/// `http://token:8080/x`, `src/token.rs/token:12`, `registry/acme/token:v1.2.3`? In front of an `@` it is a password.
pub fn is_port_or_tag(text: &[u8], at: usize) -> bool {
    let name = word_before(text, at);
    if name == 0 || !text[..at - name].ends_with(b"/") {
        return false;
    }
    let value = &text[at + 1..text.len().min(at + 33)];
    let end = value.iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'.').count();
    let ends = value.get(end).is_none_or(|b| b" \t\r\n/:,;\"')]}\\".contains(b));
    let digits = |part: &[u8]| (1..=5).contains(&part.len()) && part.iter().all(u8::is_ascii_digit);
    let value = value[..end].strip_suffix(b".").unwrap_or(&value[..end]);
    ends && value.strip_prefix(b"v").unwrap_or(value).split(|b| *b == b'.').all(digits)
}
