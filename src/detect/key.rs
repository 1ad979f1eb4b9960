//! The key before a separator, in whatever way it is spelled: `key=`, `"key":`, `\"key\" :`, `'key' =>`, `[key] =>`,
//! `user[key]=`, `API key:`.

use super::shape::boundary::{char_before, separates, stands_alone};
use crate::format::quote::{Quote, is_quote, quote_of_key};
use crate::slashes;
use crate::span::Span;

/// Longest key that is looked at, in bytes.
pub const LONGEST: usize = 128;

/// Most blanks between a key and its separator.
pub const BLANKS: usize = 64;

/// The name in front of a separator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    /// The name without quotes.
    pub name: Span,
    /// How it is quoted, if it is.
    pub quote: Option<Quote>,
    /// Where the field begins: at the quote with its backslashes, if there is one.
    pub start: usize,
}

/// Where the name of the key ends whose separator stands at `end`: blanks, a bracket and a quote are stepped over.
pub fn trim(text: &[u8], end: usize) -> usize {
    let mut at = end;
    let floor = end.saturating_sub(BLANKS);
    while at > floor && matches!(text[at - 1], b' ' | b'\t') {
        at -= 1;
    }
    // CEF escapes the equals signs of a value, `request=https://x/?token\=…`, in a string with more of them.
    if text.get(at) == Some(&b'=') {
        at -= slashes::trailing(&text[floor..at]);
    }
    at -= escaped_blanks(&text[floor..at]);
    while at > floor && matches!(text[at - 1], b' ' | b'\t') {
        at -= 1;
    }
    // Dots lead from the name to the value: `Password ........: x`.
    if text[floor..at].ends_with(b"...") {
        at -= text[floor..at].iter().rev().take_while(|b| matches!(b, b'.' | b' ' | b'\t')).count();
    }
    if at > 0 && text[at - 1] == b']' {
        at -= 1;
    }
    // Markdown draws names in bold: `**Password**: x`.
    if at > 2 && text[at - 1] == b'*' && text[at - 2] == b'*' && text[at - 3].is_ascii_alphanumeric() {
        at -= 2;
    }
    if at > 0 && is_quote(text[at - 1]) {
        at -= 1;
        if at > 0 && is_quote(text[at - 1]) && text[at - 1] == text[at] {
            at -= 1;
        }
        let slashes = slashes::trailing(&text[..at]);
        at -= slashes;
        // Doubled in a string, as CSV has them there: `\"\"key\"\":`.
        if slashes > 0 && at > slashes && text[at - 1] == text[at + slashes] {
            let more = slashes::trailing(&text[at - 1 - slashes..at - 1]);
            at -= if more == slashes { slashes + 1 } else { 0 };
        }
    }
    at
}

/// Length of the escaped blanks (`\\t`, `\\n`, `\\r`, one level or more) at the end of `text`.
fn escaped_blanks(text: &[u8]) -> usize {
    let mut end = text.len();
    while end > 1 && matches!(text[end - 1], b't' | b'n' | b'r') && text[end - 2] == b'\\' {
        end -= 1;
        end -= slashes::trailing(&text[..end]);
    }
    text.len() - end
}

/// The key whose separator stands at `separator`.
pub fn before(text: &[u8], separator: usize) -> Option<Key> {
    if let Some(plain) = plain_before(text, separator) {
        return Some(plain);
    }
    // `:=` and `==` are one separator, `!=`, `+=`, `||=` and kin, too.
    let lead = text[..separator]
        .iter()
        .rev()
        .take(2)
        .take_while(|b| matches!(b, b':' | b'=' | b'!' | b'+' | b'?' | b'|' | b'~' | b'<'))
        .count();
    let separator = separator - if text[separator] == b'=' { lead } else { 0 };
    let end = trim(text, separator);
    let floor = end.saturating_sub(LONGEST);
    let quote_byte = text[end..separator].iter().position(|&b| is_quote(b)).map(|i| end + i);
    if let Some(at) = quote_byte {
        let quote = quote_of_key(text, at);
        let open = floor + memchr::memrchr(text[at], &text[floor..end])?;
        let name = Span::new(open + 1, end);
        let slashes = slashes::trailing(&text[floor..open]);
        return (!name.is_empty()).then_some(Key { name, quote: Some(quote), start: open - slashes });
    }
    // Syslog's `gdm-password]: x` and `gdm-password][811]: x` name who writes.
    if text[end] == b']' && is_outside(&text[floor..separator]) {
        return None;
    }
    let mut start = end - text[floor..end].iter().rev().take_while(|&&b| is_name(b)).count();
    // The letter of an escape is no part of the key: `…\ntoken=`.
    if start > 0 && text[start - 1] == b'\\' && matches!(text.get(start), Some(b'n' | b'r' | b't' | b'f' | b'b')) {
        start += 1;
    }
    start = behind_other_script(text, start, end);
    // A property on the command line of Java and its tools: `-Dapi.key=x`.
    if matches!(text[start..end], [b'-', b'D', b'a'..=b'z', ..]) {
        start += 2;
    }
    let name = Span::new(start, end);
    let user = text[separator] == b':' && (is_user(text, start, separator) || is_service(&text[..start]));
    (!name.is_empty() && !user).then_some(Key { name, quote: None, start })
}

/// Does Linux-PAM name a service behind `text`, `pam_unix(gdm-password:session)`?
fn is_service(text: &[u8]) -> bool {
    let Some(module) = text.strip_suffix(b"(") else { return false };
    let name = module.iter().rev().take(24).take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count();
    module[module.len() - name..].starts_with(b"pam_")
}

/// Does the last word of `text` close a bracket that it did not open?
fn is_outside(text: &[u8]) -> bool {
    let word = text.iter().rev().take_while(|b| !b.is_ascii_whitespace());
    let (mut opened, mut closed) = (0, 0);
    for byte in word {
        opened += usize::from(*byte == b'[');
        closed += usize::from(*byte == b']');
    }
    closed > opened
}

/// Is this the name of a user in front of a password in a URL, of which other rules take care: `https://x-access-token:pw@host`?
fn is_user(text: &[u8], start: usize, colon: usize) -> bool {
    text[..start].ends_with(b"://")
        && text[colon + 1..].iter().take(512).find(|b| b.is_ascii_whitespace() || b"/@\"'<>".contains(b)) == Some(&b'@')
}

/// Where an ASCII name begins that something else runs into: `登录token=`, `“token=`, a byte that is no text. Letters such as
/// those of `schlüssel` belong to names.
fn behind_other_script(text: &[u8], start: usize, end: usize) -> usize {
    if text[start..end].is_ascii() {
        return start;
    }
    let Some(last) = text[start..end].iter().rposition(|byte| *byte >= 0x80) else { return start };
    let ascii = start + last + 1;
    let parts = match char_before(text, ascii) {
        (None, _) => true,
        (Some(char), _) => separates(Some(char)) || stands_alone(char),
    };
    if parts && ascii < end { ascii } else { start }
}

/// The two most common spellings, `key=` and `"key":`, without a look at anything that is not part of them.
fn plain_before(text: &[u8], separator: usize) -> Option<Key> {
    let floor = separator.saturating_sub(40);
    let last = *text.get(separator.checked_sub(1)?)?;
    if last == b'"' {
        let end = separator - 1;
        let name = text[floor..end].iter().rev().take_while(|b| IS_WORD[**b as usize]).count();
        let open = end.checked_sub(name + 1).filter(|&open| open >= floor && name > 0 && text[open] == b'"')?;
        let quote = Quote { byte: b'"', level: 0, depth: 0 };
        return Some(Key { name: Span::new(open + 1, end), quote: Some(quote), start: open });
    }
    let name = text[floor..separator].iter().rev().take_while(|b| IS_WORD[**b as usize]).count();
    let start = separator - name;
    // What else belongs to a key stands in front of it, or it ends in something else.
    let whole = start > floor && parts_keys(text[start - 1]);
    (name > 0 && whole).then_some(Key { name: Span::new(start, separator), quote: None, start })
}

/// Is this byte in front of an unquoted key surely no part of it?
#[inline(always)]
pub fn parts_keys(byte: u8) -> bool {
    matches!(byte, b' ' | b',' | b'&' | b'?' | b';' | b'{' | b'(')
}

/// Letters, digits and `_`.
const IS_WORD: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = (byte as u8).is_ascii_alphanumeric() || byte == b'_' as usize;
        byte += 1;
    }
    table
};

/// The same key with up to two more words in front of it (`credit card number: …`), if it is unquoted and they are
/// there.
pub fn phrase(text: &[u8], key: Key) -> Option<Key> {
    if key.quote.is_some() {
        return None;
    }
    let floor = key.start.saturating_sub(48);
    let mut start = key.start;
    for _ in 0..2 {
        if start <= floor || text[start - 1] != b' ' {
            break;
        }
        let letters = |b: &&u8| b.is_ascii_alphabetic() || **b >= 0x80 || **b == b'-';
        let word = text[floor..start - 1].iter().rev().take_while(letters).count();
        if word == 0 {
            break;
        }
        start -= word + 1;
    }
    (start < key.start).then_some(Key { name: Span::new(start, key.name.end), start, ..key })
}

/// Bytes of an unquoted key; `[` and `]` for `user[password]`.
fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte >= 0x80 || matches!(byte, b'_' | b'-' | b'.' | b'$' | b'[' | b']')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_in_every_spelling() {
        let cases: &[(&str, &str, &str)] = &[
            ("password=", "password", "password"),
            ("a password = ", "password", "password"),
            (r#"{"pass word": "#, "pass word", r#""pass word""#),
            (r#"{\"api_key\": "#, "api_key", r#"\"api_key\""#),
            ("{'pin' => ", "pin", "'pin'"),
            ("[password] => ", "[password", "[password"),
            (r#"{\"pin\"\t:"#, "pin", r#"\"pin\""#),
            (r#"{"pin":"#, "pin", r#""pin""#),
            (r#"{"m":"x\npin="#, "pin", "pin"),
            (r"?pin\=", "pin", "pin"),
            (r#"{"m":"CEF:0|msg=a pin\\="#, "pin", "pin"),
            (r#"""pin"":"#, "pin", r#""pin"""#),
            (r#"{\"\"pin\"\":"#, "pin", r#"\"pin\"\""#),
            ("user[password]=", "user[password", "user[password"),
            ("request.headers.x-user:", "request.headers.x-user", "request.headers.x-user"),
            ("--db-password=", "--db-password", "--db-password"),
            ("java -Dapi.key=", "api.key", "api.key"),
            ("x -DAPI_KEY=", "-DAPI_KEY", "-DAPI_KEY"),
            (r#""{""password"": "#, "password", r#""password"""#),
            ("登录token=", "token", "token"),
            ("“pin: ", "pin", "pin"),
            ("schlüsselpin=", "schlüsselpin", "schlüsselpin"),
            ("密码=", "密码", "密码"),
            ("- **API pin**: ", "pin", "pin"),
        ];
        for (text, name, whole) in cases {
            let separator = text.rfind([':', '=']).expect("a separator");
            let separator = if text[..separator].ends_with('=') { separator - 1 } else { separator };
            let separator = text.rfind("=>").unwrap_or(separator);
            let key = before(text.as_bytes(), separator).expect(text);
            assert_eq!(&text[key.name.range()], *name, "{text}");
            assert!(text[key.start..].starts_with(whole), "{text}");
        }
    }

    #[test]
    fn a_phrase_takes_two_more_words() {
        let text = b"the credit card number: ";
        let key = phrase(text, before(text, 22).expect("a key")).expect("a phrase");
        assert_eq!(&text[key.name.range()], b"credit card number");
        let text = b"a two-factor code: ";
        let key = phrase(text, before(text, 17).expect("a key")).expect("a phrase");
        assert_eq!(&text[key.name.range()], b"a two-factor code");
    }
}
