//! Hand-written detectors, one file each, for values that a regular expression finds late or wrongly: their boundaries
//! and numbers decide, not their letters.
//!
//! Each is a pure function over one record (or a decoded view of one) and the place of its [candidate byte](find),
//! which a scan has found. It costs little where nothing is, and looks at a bounded stretch round the candidate, so that
//! a fragment repeated for megabytes takes linear time. Bytes from 0x80 may be letters of any language. Simplest member
//! to copy from: `ssn`.

pub(super) mod boundary;
pub mod card;
pub mod email;
mod host;
pub mod iban;
pub mod ipv4;
pub mod ipv6;
pub mod jwt;
pub mod kubernetes_secret;
pub mod mac;
pub mod measure;
pub mod nanp;
pub mod phone;
pub mod ssn;
pub mod url_password;
mod version;

use crate::policy::rule::Shape;
use crate::span::Span;

/// What `shape` claims of `text` round the candidate at `at`, which must be inside `text`:
///
/// | shape | candidate | several calls for one value |
/// |---|---|---|
/// | e-mail | the `@` | no |
/// | IPv4, IPv6 | any of its dots (of dashes in a host's name the first), any of its colons | each gives the same span |
/// | MAC | the first `:`, `-` or (Cisco's form) `.` after hex digits | later separators give nothing |
/// | card, SSN | the first digit | later digits give nothing, or the number that begins there |
/// | IBAN | the first letter | as card |
/// | NANP phone | the first digit | as card |
/// | phone | the `+` | no |
/// | JWT | the `e` of a word that begins `eyJ` | no |
/// | URL password | the `:` of `://`; the `:` after `jdbc:oracle:thin` | no |
/// | private key | none: blocks span records, [`Shape::PrivateKey`] is not found here | |
/// | too deep | none: what is encoded once more after the last layer | |
/// | Kubernetes Secret | none: it has several values, see [`kubernetes_secret::values`] | |
///
/// ```
/// use logmask::{detect::shape, policy::rule::Shape, span::Span};
/// assert_eq!(shape::find(Shape::Email, b"to bob@example.com, ok", 6), Some(Span::new(3, 18)));
/// assert_eq!(shape::find(Shape::Email, b"npm i lodash@4.17.20", 12), None);
/// ```
pub fn find(shape: Shape, text: &[u8], at: usize) -> Option<Span> {
    match shape {
        Shape::Email => email::find(text, at),
        Shape::Ipv4 => ipv4::find(text, at),
        Shape::Ipv6 => ipv6::find(text, at),
        Shape::Mac => mac::find(text, at),
        Shape::Card => card::find(text, at),
        Shape::Iban => iban::find(text, at),
        Shape::Ssn => ssn::find(text, at),
        Shape::Phone => phone::find(text, at),
        Shape::Nanp => nanp::find(text, at),
        Shape::Jwt => jwt::find(text, at),
        Shape::UrlPassword => url_password::find(text, at),
        Shape::PrivateKey | Shape::KubernetesSecret | Shape::TooDeep => None,
    }
}

/// Whether [`find`] may claim something: what a few bytes round the candidate tell, in lines that follow one another. Most
/// records hold addresses of the network inside, versions, and ids that begin as account numbers do, and nothing else.
pub fn may(shape: Shape, lines: &[u8], at: usize) -> bool {
    match shape {
        Shape::Email => email::may(lines, at),
        Shape::Ipv4 => ipv4::may(lines, at),
        Shape::Card => card::may(lines, at),
        Shape::Iban => iban::may(lines, at),
        Shape::UrlPassword => url_password::may(lines, at),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use proptest::test_runner::RngSeed;

    /// Each shape and its candidates, as the table of [`find`] has them.
    fn candidates(text: &[u8], at: usize) -> Vec<Shape> {
        let rest = &text[at..];
        let mut shapes = Vec::new();
        match rest[0] {
            b'@' => shapes.push(Shape::Email),
            b'.' | b'-' => shapes.extend([Shape::Ipv4, Shape::Mac]),
            b':' => shapes.extend([Shape::Ipv6, Shape::Mac, Shape::UrlPassword]),
            b'+' => shapes.push(Shape::Phone),
            b'0'..=b'9' => shapes.extend([Shape::Card, Shape::Ssn]),
            b'e' if rest.starts_with(b"eyJ") => shapes.extend([Shape::Jwt, Shape::Iban]),
            b if b.is_ascii_alphabetic() => shapes.push(Shape::Iban),
            _ => {}
        }
        shapes
    }

    fn found(text: &[u8]) -> Vec<Span> {
        (0..text.len()).flat_map(|at| candidates(text, at).into_iter().filter_map(move |s| find(s, text, at))).collect()
    }

    /// The text with a marker in place of each union of findings.
    fn masked(text: &[u8]) -> Vec<u8> {
        let mut spans = found(text);
        spans.sort_unstable();
        let (mut out, mut done) = (Vec::new(), 0);
        for span in spans {
            if span.start >= done {
                out.extend_from_slice(&text[done..span.start]);
                out.extend_from_slice(b"REDACTED-x");
            }
            done = done.max(span.end);
        }
        out.extend_from_slice(&text[done..]);
        out
    }

    const FRAGMENTS: &str = "a|b.io|@|:|::|://|/|//|.|-|_|+|=|&|%40|%3D|\\|\\n|\\u003c|'|\"| |(|)|[|]|<|,|;|?|#|$|~|é|中|\u{200b}|”|\x1b[32m|\0\
        |1|8.8.8.8|1.|255|2606:4700::1|ffff|fe80|aa:bb:cc:dd:ee:ff|aabb.ccdd.eeff|4111 1111 1111 1111|378282246310005|4111|1111\
        |DE89370400440532013000|NL91 ABNA 0417 1643 00|123-45-6789|+1 202 555 0123|+44|202|version|v|http|jdbc:oracle:thin\
        |eyJhbGciOiJub25lIn0|eyJzdWIiOiJib2IifQ|.e30.|user|pw|git|x.png|${x}|***|0a1b2c3d4e5f6a7b8c9d|REDACTED-x";

    const APART: &str = " ,;=\"'()<>[]{}&";

    proptest! {
        #![proptest_config(ProptestConfig { cases: 4000, rng_seed: RngSeed::Fixed(1), ..ProptestConfig::default() })]

        #[test]
        fn spans_lie_in_the_text_whatever_it_is(text in prop::collection::vec(any::<u8>(), 0..80)) {
            for span in found(&text) {
                prop_assert!(!span.is_empty() && span.end <= text.len());
            }
        }

        #[test]
        fn what_is_found_was_possible(
            parts in prop::collection::vec((0usize..100, 0usize..100), 1..8),
            before in "[a-z0-9.:@/%-]{0,3}",
            behind in "[a-z0-9.:@/%-]{0,3}",
        ) {
            let fragments: Vec<&str> = FRAGMENTS.split('|').collect();
            let text: String =
                parts.iter().map(|(a, b)| [fragments[a % fragments.len()], &APART[b % APART.len()..][..b % 2]].concat()).collect();
            let lines = [&before, "\n", &text, "\n", &behind].concat();
            for at in 0..text.len() {
                for shape in candidates(text.as_bytes(), at) {
                    let found = find(shape, text.as_bytes(), at);
                    prop_assert!(found.is_none() || may(shape, lines.as_bytes(), before.len() + 1 + at), "{shape:?} at {at} of {text:?}");
                }
            }
        }

        /// Where values stand apart, a marker makes no value of its neighbours. (Where they run into each other,
        /// `NL91 … 00:aa:bb:…`, it may: a number before a colon decides about what follows.)
        #[test]
        fn a_second_look_finds_nothing_new(parts in prop::collection::vec((0usize..100, 0usize..100, 0usize..100), 1..8)) {
            let fragments: Vec<&str> = FRAGMENTS.split('|').collect();
            let fragment = |at: usize| fragments[at % fragments.len()];
            let apart = |at: usize| &APART[at % APART.len()..][..1];
            let text: String = parts.iter().map(|(a, b, c)| [fragment(*a), fragment(*b), apart(*c)].concat()).collect();
            let once = masked(text.as_bytes());
            let twice = masked(&once);
            prop_assert_eq!(String::from_utf8_lossy(&once), String::from_utf8_lossy(&twice), "{:?}", text);
        }
    }
}

#[cfg(test)]
mod testing {
    use crate::span::Span;
    use std::time::{Duration, Instant};

    type Find = fn(&[u8], usize) -> Option<Span>;

    /// All texts that `find` gives for the candidates in `text`, each once, with a space between.
    pub fn finds_where(find: Find, candidate: impl Fn(&[u8], usize) -> bool, text: &str) -> String {
        let text = text.as_bytes();
        let mut spans: Vec<_> =
            (0..text.len()).filter(|&at| candidate(text, at)).filter_map(|at| find(text, at)).collect();
        spans.dedup();
        let found: Vec<_> = spans.iter().map(|span| String::from_utf8_lossy(&text[span.range()])).collect();
        found.join(" | ")
    }

    /// As [`finds_where`], at each byte that is `candidate`.
    pub fn finds(find: Find, candidate: u8, text: &str) -> String {
        finds_where(find, |text, at| text[at] == candidate, text)
    }

    /// 256 KiB of the fragment, a call at every candidate, take less than two seconds in an unoptimised build; a
    /// quadratic detector takes minutes.
    pub fn stays_linear_where(find: Find, candidate: impl Fn(&[u8], usize) -> bool, fragment: &str) {
        let text = fragment.repeat((256 << 10) / fragment.len());
        let text = text.as_bytes();
        let start = Instant::now();
        for at in (0..text.len()).filter(|&at| candidate(text, at)) {
            std::hint::black_box(find(text, at));
        }
        assert!(start.elapsed() < Duration::from_secs(2), "{fragment:?} repeated took {:?}", start.elapsed());
    }

    /// As [`stays_linear_where`], at each byte that is `candidate`.
    pub fn stays_linear(find: Find, candidate: u8, fragment: &str) {
        stays_linear_where(find, |text, at| text[at] == candidate, fragment);
    }
}
