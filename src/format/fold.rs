//! Characters that look like ASCII, or like nothing: what detection reads in their place.
//!
//! Full-width letters, digits of other scripts, invisible characters inside words, and Cyrillic, Greek and mathematical
//! letters among Latin ones ([UTS #39](https://www.unicode.org/reports/tr39/), confusables). Text in those scripts is
//! left alone: a look-alike counts only in a word that has ASCII letters, a dash or blank only between digits, an
//! invisible character only beside a letter or digit.

/// What stands for a character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fold {
    /// Nothing: it cannot be seen.
    Gone,
    /// This ASCII character.
    As(u8),
}

/// What stands for the character at `at`, and how many bytes that is long; `None` for all that stay as they are.
pub fn fold(text: &[u8], at: usize) -> Option<(Fold, usize)> {
    if !may_fold(text[at]) {
        return None;
    }
    let (c, length) = char_at(text, at)?;
    let before = at.checked_sub(1).map_or(0, |i| text[i]);
    let after = text.get(at + length).copied().unwrap_or(0);
    let folded = match kind(c)? {
        Kind::Plain(byte) => Fold::As(byte),
        Kind::Invisible if before.is_ascii_alphanumeric() || after.is_ascii_alphanumeric() => Fold::Gone,
        Kind::Between(byte) if is_digit(before) && is_digit(after) => Fold::As(byte),
        Kind::Similar(byte) if is_among_letters(text, at) => Fold::As(byte),
        Kind::Invisible | Kind::Between(_) | Kind::Similar(_) => return None,
    };
    Some((folded, length))
}

/// Why a character may be read as another.
enum Kind {
    /// Always.
    Plain(u8),
    /// Beside letters and digits.
    Invisible,
    /// Between digits.
    Between(u8),
    /// In a word with ASCII letters.
    Similar(u8),
}

/// The first bytes of all characters that are folded.
pub fn may_fold(first: u8) -> bool {
    matches!(
        first,
        0xC2 | 0xC4 | 0xC5 | 0xC9 | 0xCD..=0xD2 | 0xD4 | 0xD8 | 0xD9 | 0xDB | 0xDF..=0xE3 | 0xEF | 0xF0 | 0xF3
    )
}

fn kind(c: char) -> Option<Kind> {
    let code = c as u32;
    Some(match code {
        0xAD
        | 0x34F
        | 0x61C
        | 0x180E
        | 0x200B..=0x200F
        | 0x202A..=0x202E
        | 0x2060..=0x206F
        | 0xFE00..=0xFE0F
        | 0xFEFF
        | 0xE0000..=0xE01EF => Kind::Invisible,
        0xA0 | 0x2000..=0x200A | 0x202F | 0x205F | 0x3000 => Kind::Between(b' '),
        0x2010..=0x2015 | 0x2212 | 0xFE58 | 0xFE63 | 0xFF0D => Kind::Between(b'-'),
        // Full-width digits and letters, and ． ： ＝ ＠ ＿
        0xFF10..=0xFF1A | 0xFF21..=0xFF3A | 0xFF41..=0xFF5A | 0xFF0E | 0xFF1D | 0xFF20 | 0xFF3F => {
            Kind::Plain((code - 0xFEE0) as u8)
        }
        // Digits and letters of mathematics: five sets of ten, thirteen of 52.
        0x1D7CE..=0x1D7FF => Kind::Plain(b'0' + ((code - 0x1D7CE) % 10) as u8),
        0x1D400..=0x1D6A3 => {
            let letter = ((code - 0x1D400) % 52) as u8;
            Kind::Plain(if letter < 26 { b'A' + letter } else { b'a' + letter - 26 })
        }
        _ => match digit(code) {
            Some(digit) => Kind::Plain(digit),
            None => Kind::Similar(similar(c)?),
        },
    })
}

/// Decimal digits of other scripts, by the code of their zero (Unicode category Nd).
fn digit(code: u32) -> Option<u8> {
    const ZEROS: [u32; 20] = [
        0x660, 0x6F0, 0x7C0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xCE6, 0xD66, 0xDE6, 0xE50, 0xED0, 0xF20,
        0x1040, 0x1090, 0x17E0, 0x1810,
    ];
    ZEROS.iter().find(|zero| (**zero..**zero + 10).contains(&code)).map(|zero| b'0' + (code - zero) as u8)
}

/// Letters of other scripts that look like these.
fn similar(c: char) -> Option<u8> {
    const PAIRS: [(&str, &str); 4] = [
        ("аеорсухіѕјһкмтԁԛԝгԍѵ", "aeopcyxisjhkmtdqwrgv"),
        ("АВЕКМНОРСТУХІЅЈҮ", "ABEKMHOPCTYXISJY"),
        ("οαρυνκιτγεχω", "oapuvkityexw"),
        ("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧıſɡɑ", "ABEZHIKMNOPTYXisga"),
    ];
    PAIRS.iter().find_map(|(others, ours)| {
        let place = others.chars().position(|other| other == c)?;
        ours.as_bytes().get(place).copied()
    })
}

/// Does the run of look-alikes around `at` touch an ASCII letter?
fn is_among_letters(text: &[u8], at: usize) -> bool {
    /// A longer run is a word of its own script.
    const LONGEST: usize = 64;
    let alike = |at: usize| char_at(text, at).filter(|(c, _)| similar(*c).is_some()).map(|(_, length)| length);
    let mut end = at;
    while let Some(length) = alike(end).filter(|_| end - at < LONGEST) {
        end += length;
    }
    if text.get(end).is_some_and(u8::is_ascii_alphabetic) {
        return true;
    }
    let mut start = at;
    while start > 0 && at - start < LONGEST {
        let first = (1..=3.min(start)).map(|back| start - back).find(|&i| !is_continuation(text[i]));
        match first.filter(|&i| alike(i) == Some(start - i)) {
            Some(first) => start = first,
            None => break,
        }
    }
    start > 0 && text[start - 1].is_ascii_alphabetic()
}

/// The character at `at` and its length; `None` for what is no UTF-8.
fn char_at(text: &[u8], at: usize) -> Option<(char, usize)> {
    let length = match text.get(at)? {
        0xC2..=0xDF => 2,
        0xE0..=0xEF => 3,
        0xF0..=0xF4 => 4,
        _ => return None,
    };
    let c = std::str::from_utf8(text.get(at..at + length)?).ok()?.chars().next()?;
    Some((c, length))
}

fn is_continuation(byte: u8) -> bool {
    byte & 0xC0 == 0x80
}

/// A digit, or a byte of one of another script.
fn is_digit(byte: u8) -> bool {
    byte.is_ascii_digit() || byte >= 0x80
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(text: &str) -> String {
        let text = text.as_bytes();
        let (mut out, mut at) = (Vec::new(), 0);
        while at < text.len() {
            let folded = fold(text, at);
            let byte = match folded {
                Some((Fold::As(byte), _)) => Some(byte),
                Some((Fold::Gone, _)) => None,
                None => Some(text[at]),
            };
            out.extend(byte);
            at += folded.map_or(1, |(_, length)| length);
        }
        String::from_utf8(out).expect("still text")
    }

    #[test]
    fn look_alikes_are_read_as_ascii() {
        for (text, ascii) in [
            ("ｐａｓｓｗｏｒｄ＝ｘ１", "password=x1"),
            ("ｊｏ＠ｘ．ｉｏ", "jo@x.io"),
            ("٤١١١ ۴۱۱۱ ४१११", "4111 4111 4111"),
            ("𝟒𝟏𝟏𝟏 𝐩𝐚𝐬𝐬", "4111 pass"),
            ("pаsswоrd", "password"),
            ("раѕѕword", "password"),
            ("passwοrd", "password"),
            ("pass\u{200B}wo\u{AD}rd\u{2060}=x", "password=x"),
            ("h\u{FE0F}u\u{E0041}n\u{180E}t\u{34F}er", "hunter"),
            ("4111\u{A0}1111–1111−1111", "4111 1111-1111-1111"),
        ] {
            assert_eq!(folded(text), ascii, "{text}");
        }
    }

    #[test]
    fn text_of_other_scripts_stays() {
        for text in
            ["пароль сброшен", "а роса", "ρυθμός", "配置已加载，共三项", "naïve café — done", "⚠️ ok", "10 – 20", "é"]
        {
            assert_eq!(folded(text), text);
        }
    }

    #[test]
    fn every_folded_character_begins_with_a_listed_byte() {
        for c in (0x80..=0x10_FFFF).filter_map(char::from_u32) {
            let mut buffer = [0; 4];
            let first = c.encode_utf8(&mut buffer).as_bytes()[0];
            assert!(kind(c).is_none() || may_fold(first), "{c:?} begins with {first:x}");
        }
    }

    #[test]
    fn broken_text_is_left_alone() {
        for text in [&b"\xEF"[..], b"\xEF\xBC", b"a\xE2\x80", b"\xD0", b"a\xD0b", b"\xF3\xA0\x80"] {
            for at in 0..text.len() {
                assert_eq!(fold(text, at), None, "{text:x?}");
            }
        }
    }
}
