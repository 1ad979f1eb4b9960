//! Words of scripts other than Latin that a number follows without a separator: `电话 138…`, `手机号138…`, `телефон 8 912 …`.

use super::super::key::Key;
use crate::span::Span;

/// Fewest digits of such a number, and most bytes.
const DIGITS: usize = 6;
const LONGEST: usize = 32;

/// The word that ends at `at` and the number behind it; `at` is the blank between them or the first digit.
pub fn number(text: &[u8], at: usize) -> Option<(Key, Span)> {
    let floor = at.saturating_sub(64);
    let letters = |b: &&u8| b.is_ascii_alphabetic() || **b >= 0x80 || **b == b'_';
    let start = at - text[floor..at].iter().rev().take_while(letters).count();
    let first = at + usize::from(text[at] == b' ');
    if let Some(end) = date(text, first).filter(|_| start < at) {
        let name = Span::new(start, at);
        return Some((Key { name, quote: None, start }, Span::new(first, end)));
    }
    // 1. Groups of digits and capital letters, one mark between them, two where a bracket stands.
    let (mut end, mut digits, mut marks) = (first, 0, 0);
    for (ix, byte) in text[first..].iter().enumerate().take(LONGEST) {
        match byte {
            b'0'..=b'9' => digits += 1,
            b'A'..=b'Z' if marks == 0 => {}
            b' ' | b'-' | b'.' | b'/' | b'(' | b')' if marks < 2 => {
                marks += 1;
                continue;
            }
            _ => break,
        }
        marks = 0;
        end = first + ix + 1;
    }
    // 2. No time of day, decimal, address of a machine or part of a word.
    let goes_on = text.get(end).is_some_and(|b| b.is_ascii_alphanumeric() || matches!(b, b':' | b'_' | b'%'));
    let value = Span::new(first, end);
    let dotted = memchr::memchr_iter(b'.', &text[value.range()]).count() > 2;
    if start == at || digits < DIGITS || goes_on || dotted {
        return None;
    }
    let name = Span::new(start, at);
    Some((Key { name, quote: None, start }, value))
}

/// Where the date ends that begins at `at`, as Chinese, Japanese and Korean write it: `1990年1月1日`, `1990년 1월 1일`.
fn date(text: &[u8], at: usize) -> Option<usize> {
    let mut end = at;
    for marks in [["年", "년"], ["月", "월"], ["日", "일"]] {
        let rest = text.get(end..)?;
        let blank = usize::from(end > at && rest.first() == Some(&b' '));
        let digits = rest[blank..].iter().take(5).take_while(|b| b.is_ascii_digit()).count();
        let behind = &rest[blank + digits..];
        let mark = marks.iter().find(|mark| (1..5).contains(&digits) && behind.starts_with(mark.as_bytes()))?;
        end += blank + digits + mark.len();
    }
    Some(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_follows_its_word() {
        for (text, found) in [
            ("电话 13812345678 已登记", Some("13812345678")),
            ("手机号13812345678,", Some("13812345678")),
            ("телефон 8 (912) 345-67-89 ok", Some("8 (912) 345-67-89")),
            ("паспорт 4509 123456 выдан", Some("4509 123456")),
            ("身份证 11010519491231002X", Some("11010519491231002X")),
            ("рождения 02.01.1990.", Some("02.01.1990")),
            ("生年月日 1990年1月1日 東京", Some("1990年1月1日")),
            ("생년월일 1990년 1월 1일", Some("1990년 1월 1일")),
            ("更新 1990年", None),
            ("адрес 10.200.100.100 x", None),
            ("电话 13812", None),
            ("время 123456:12", None),
            ("内存 0x7ffd3c2a1b40", None),
        ] {
            let at = text.find(|c: char| c == ' ' || c.is_ascii_digit()).expect("a place");
            let value = number(text.as_bytes(), at).map(|(_, value)| &text[value.range()]);
            assert_eq!(value, found, "{text}");
        }
    }
}
