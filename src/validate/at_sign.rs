//! The sign that each e-mail address has ([RFC 5321](https://www.rfc-editor.org/rfc/rfc5321#section-4.1.2), `Mailbox`), spelled
//! as logs and people spell it.

/// What stands for `@`: itself, full-width, in URLs, HTML, JSON and mails, and written for people.
const SIGNS: [&[u8]; 11] =
    [b"@", "＠".as_bytes(), b"%40", b"&#64;", b"&#x40;", b"&commat;", b"u0040", b"x40", b"=40", b"at)", b"at]"];

/// Does `value` have an at sign? What has none is no address: `sent`, `44`, `verified`.
///
/// ```
/// use logmask::validate::at_sign;
/// assert!(at_sign::holds(b"jo%40example.test"));
/// assert!(!at_sign::holds(b"sent"));
/// ```
pub fn holds(value: &[u8]) -> bool {
    SIGNS.iter().any(|sign| memchr::memmem::find(value, sign).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sign_is_known_however_it_is_spelled() {
        for yes in ["a@b", "a＠b", "a%40b", "a&#64;b", r"a\u0040b", r"a\x40b", "a=40b", "a (at) b.io", "a[at]b.io"] {
            assert!(holds(yes.as_bytes()), "{yes}");
        }
        for no in ["", "sent", "44", "verified", "format", "what", "40"] {
            assert!(!holds(no.as_bytes()), "{no}");
        }
    }
}
