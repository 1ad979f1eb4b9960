//! The checksum in GitHub's and npm's tokens.

/// `ghp_`, `gho_`, `ghu_`, `ghs_`, `ghr_` or `npm_`, then 30 random characters and the CRC-32 of them in six of base62.
/// "Behind GitHub's new authentication token formats" (github.blog, 2021). Fine-grained `github_pat_` tokens have
/// another, undocumented form, and fail.
pub fn holds(text: &[u8]) -> bool {
    let prefixed = [&b"ghp_"[..], b"gho_", b"ghu_", b"ghs_", b"ghr_", b"npm_"].iter().any(|p| text.starts_with(p));
    prefixed
        && text.len() == 40
        && text[4..].iter().all(u8::is_ascii_alphanumeric)
        && base62(crc32(&text[4..34])) == text[34..]
}

/// Six characters, most significant first, filled up with 0.
fn base62(mut number: u32) -> [u8; 6] {
    let mut text = [b'0'; 6];
    for digit in text.iter_mut().rev() {
        *digit = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"[(number % 62) as usize];
        number /= 62;
    }
    text
}

/// CRC-32 as in ISO 3309, bit by bit: 30 bytes are not worth a table.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc, &byte| {
        (0..8).fold(crc ^ u32::from(byte), |crc, _| crc >> 1 ^ if crc & 1 == 1 { 0xedb8_8320 } else { 0 })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_crc_is_the_usual_one() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
        assert_eq!(base62(0), *b"000000");
        assert_eq!(base62(u32::MAX), *b"4gfFC3");
    }

    fn token(prefix: &str, body: &str) -> Vec<u8> {
        [prefix.as_bytes(), body.as_bytes(), &base62(crc32(body.as_bytes()))].concat()
    }

    #[test]
    fn tokens_of_each_kind_hold() {
        for prefix in ["ghp_", "gho_", "ghu_", "ghs_", "ghr_", "npm_"] {
            assert!(holds(&token(prefix, "EXAMPLEEXAMPLEEXAMPLEEXAMPLE00")));
        }
        assert!(!holds(&token("ghx_", "EXAMPLEEXAMPLEEXAMPLEEXAMPLE00")));
        assert!(!holds(&token("ghp_", "EXAMPLE")));
    }

    proptest! {
        #[test]
        fn every_wrong_character_is_noticed(body in "[0-9A-Za-z]{30}", at in 4usize..40, other in "[0-9A-Za-z]") {
            let mut text = token("ghp_", &body);
            prop_assert!(holds(&text));
            let other = other.as_bytes()[0];
            prop_assume!(text[at] != other);
            text[at] = other;
            prop_assert!(!holds(&text));
        }
    }
}
