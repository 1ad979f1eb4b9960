//! JSON web tokens.

use crate::detect::shape::jwt::find;

/// The whole of `text` is a JWS or JWE in compact form whose first part is a JOSE header. RFC 7515, 7516, 7519.
/// The signature is not checked.
pub fn holds(text: &[u8]) -> bool {
    text.starts_with(b"eyJ") && find(text, 0).is_some_and(|span| span.len() == text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_tokens_hold() {
        let token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJib2IifQ.c2lnbmF0dXJl";
        assert!(holds(token.as_bytes()));
        for other in [&format!("{token} "), &format!("{token}/x"), "eyJpZCI6MTIzfQ.eyJzdWIiOiJib2IifQ.c2ln", "eyJ"] {
            assert!(!holds(other.as_bytes()), "{other}");
        }
    }
}
