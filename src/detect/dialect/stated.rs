//! Values behind words that are not of ASCII letters alone, where no separator stands: `密码是 x9`, `パスワードはx9です`,
//! `née le 12/03/1980`, `tél. 06 12 34 56 78`, `48.8566° N`, `född 1980-03-12`, `новый пароль x9`.
//!
//! The scan stops where ASCII begins behind such a letter or sign, or behind a blank there; [`begins`] tells at little cost
//! whether it is worth more.

use super::super::nothing::is_placeholder;
use crate::span::Span;

/// What is said and where: the name of the field that it would stand in, and the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stated {
    /// The name as it stands in the text, `密码`, or as a field would be called.
    pub name: Name,
    /// What is said of it.
    pub value: Span,
}

/// What a field with this value would be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Name {
    /// These bytes of the text.
    Here(Span),
    /// This word.
    Known(&'static [u8]),
}

/// May something be stated at `at`, where ASCII begins behind a letter or sign that is none?
#[inline(never)]
pub fn begins(text: &[u8], at: usize) -> bool {
    match text[at.saturating_sub(3)..at] {
        [0xE0..=0xEF, _, _] => COPULAS.iter().any(|copula| text[..at].ends_with(copula)),
        [.., 0xC3, 0xA9] => born(text, at).or_else(|| called(text, at)).is_some(),
        [.., 0xC2, 0xB0] => true,
        [.., 0xC3, 0xB6 | 0xB8] => born_north(text, at).is_some(),
        [.., 0xC5, 0xA0 | 0xA1] => citizen(text, at).is_some(),
        [.., 0xD1, 0x8C | 0x8F] => password(text, at).is_some(),
        _ => false,
    }
}

/// What is stated at `at`.
pub fn find(text: &[u8], at: usize) -> Option<Stated> {
    let known = |name: &'static [u8]| move |value| Stated { name: Name::Known(name), value };
    said(text, at)
        .or_else(|| born(text, at).map(known(b"birth_date")))
        .or_else(|| born_north(text, at).map(known(b"birth_date")))
        .or_else(|| citizen(text, at).map(known(b"emso")))
        .or_else(|| password(text, at).map(known(b"password")))
        .or_else(|| called(text, at).map(known(b"phone")))
        .or_else(|| degrees(text, at).map(known(b"coordinates")))
}

/// A word with a digit or a sign in it, behind a name and what stands for "is": `密码是 x9`, `비밀번호는 x9`.
fn said(text: &[u8], at: usize) -> Option<Stated> {
    let copula = COPULAS.iter().find(|copula| text[..at].ends_with(copula))?;
    let floor = at.saturating_sub(64);
    let end = at - copula.len();
    let letters = |b: &&u8| b.is_ascii_alphabetic() || **b >= 0x80 || **b == b'_';
    let start = end - text[floor.min(end)..end].iter().rev().take_while(letters).count();
    let first = at + usize::from(text[at] == b' ');
    let length =
        text[first..].iter().take(LONGEST).take_while(|b| b.is_ascii_graphic() && !b"\"'\\,;<>".contains(b)).count();
    let word = &text[first..first + length];
    let word = &word[..word.len() - word.iter().rev().take_while(|b| b".:!?)".contains(b)).count()];
    let mixed = word.iter().any(u8::is_ascii_alphabetic) && word.iter().any(|b| !b.is_ascii_alphabetic());
    let digits = word.len() > 5 && word.iter().all(u8::is_ascii_digit);
    (start < end && word.len() > 3 && (mixed || digits) && !is_placeholder(word))
        .then_some(Stated { name: Name::Here(Span::new(start, end)), value: Span::new(first, first + word.len()) })
}

/// The date behind `né le`, `née le`, `né(e) le`, whose é ends at `at`.
fn born(text: &[u8], at: usize) -> Option<Span> {
    const LEADS: [&[u8]; 4] = [b" le ", b"e le ", b"(e) le ", b"e(s) le "];
    let word = text[..at].strip_suffix("é".as_bytes())?;
    let (front, b'n' | b'N') = word.split_last().map(|(last, front)| (front, *last))? else { return None };
    if front.last().is_some_and(|b| b.is_ascii_alphanumeric() || *b >= 0x80) {
        return None;
    }
    let lead = LEADS.iter().find(|lead| text[at..].starts_with(lead))?;
    let start = at + lead.len();
    let rest = &text[start..text.len().min(start + 24)];
    let number = |text: &[u8], most: usize| {
        let digits = text.iter().take_while(|b| b.is_ascii_digit()).count();
        (1..=most).contains(&digits).then_some(digits)
    };
    // 1. The day; `1er`.
    let mut end = number(rest, 2)?;
    end += if rest[end..].starts_with(b"er ") { 2 } else { 0 };
    let mark = *rest.get(end)?;
    if !b"/.- ".contains(&mark) {
        return None;
    }
    // 2. The month, as a number or a word.
    let month = &rest[end + 1..];
    let letters = month.iter().take_while(|b| b.is_ascii_alphabetic() || **b >= 0x80).count();
    end += 1 + if mark == b' ' && letters > 2 { letters } else { number(month, 2)? };
    // 3. The year.
    if rest.get(end) != Some(&mark) {
        return None;
    }
    end += 1 + number(&rest[end + 1..], 4)?;
    Some(Span::new(start, start + end))
}

/// The date behind `född` and `født`, whose ö or ø ends at `at`.
fn born_north(text: &[u8], at: usize) -> Option<Span> {
    let (word, rest) = (&text[..at], &text[at..]);
    let swedish = word.ends_with("fö".as_bytes()) || word.ends_with("Fö".as_bytes());
    let danish = word.ends_with("fø".as_bytes()) || word.ends_with("Fø".as_bytes());
    let lead =
        rest.strip_prefix(b"dd ").filter(|_| swedish).or_else(|| rest.strip_prefix(b"dt ").filter(|_| danish))?;
    let lead = lead.strip_prefix(b"den ").unwrap_or(lead);
    let run = lead.iter().take(11).take_while(|b| b.is_ascii_digit() || b"-./".contains(b)).count();
    let run = run - lead[..run].iter().rev().take_while(|b| !b.is_ascii_digit()).count();
    let digits = lead[..run].iter().filter(|b| b.is_ascii_digit()).count();
    let start = text.len() - lead.len();
    ((6..=8).contains(&digits) && (digits == 8 || run - digits == 2)).then_some(Span::new(start, start + run))
}

/// The thirteen digits behind `EMŠO`, whose Š ends at `at`.
fn citizen(text: &[u8], at: usize) -> Option<Span> {
    if !text[..at].ends_with("EMŠ".as_bytes()) && !text[..at].ends_with("emš".as_bytes()) {
        return None;
    }
    let rest = text[at..].strip_prefix(b"O").or_else(|| text[at..].strip_prefix(b"o"))?;
    let gap = rest.iter().take(4).take_while(|b| b" :=".contains(b)).count();
    let digits = rest[gap..].iter().take(14).take_while(|b| b.is_ascii_digit()).count();
    let start = at + 1 + gap;
    (gap > 0 && digits == 13).then_some(Span::new(start, start + digits))
}

/// A word of letters with a digit or a sign in it behind `пароль`, which ends at `at`.
fn password(text: &[u8], at: usize) -> Option<Span> {
    const NAMES: [&str; 2] = ["ароль", "ароля"];
    let word =
        text[at..].strip_prefix(b" ").filter(|_| NAMES.iter().any(|name| text[..at].ends_with(name.as_bytes())))?;
    let length = word.iter().take(LONGEST).take_while(|b| b.is_ascii_graphic() && !b"\"'\\,;<>=".contains(b)).count();
    let word = &word[..length];
    let word = &word[..length - word.iter().rev().take_while(|b| b".:!?)".contains(b)).count()];
    let mixed = word.iter().any(u8::is_ascii_alphabetic) && word.iter().any(|b| !b.is_ascii_alphabetic());
    // An algorithm is none: `пароль SHA-256`.
    let named = [&b"sha"[..], b"md5", b"bcrypt", b"pbkdf2"];
    let named = named.iter().any(|name| word.get(..name.len()).is_some_and(|head| head.eq_ignore_ascii_case(name)));
    (word.len() > 3 && mixed && !named && !is_placeholder(word)).then_some(Span::new(at + 1, at + 1 + word.len()))
}

/// The number behind `tél.`, whose é ends at `at`.
fn called(text: &[u8], at: usize) -> Option<Span> {
    const LEADS: [&[u8]; 4] = [b"l. ", b"l ", b"l.: ", b"l."];
    let word = text[..at].strip_suffix("é".as_bytes())?;
    let front = word.strip_suffix(b"t").or(word.strip_suffix(b"T"))?;
    if front.last().is_some_and(|b| b.is_ascii_alphanumeric() || *b >= 0x80) {
        return None;
    }
    let lead = LEADS.iter().find(|lead| text[at..].starts_with(lead))?;
    let start = at + lead.len();
    let rest = &text[start..text.len().min(start + 24)];
    let run = rest.iter().take_while(|b| b.is_ascii_digit() || b" .-()/+".contains(b)).count();
    let run = run - rest[..run].iter().rev().take_while(|b| !b.is_ascii_digit()).count();
    let digits = rest[..run].iter().filter(|b| b.is_ascii_digit()).count();
    let goes_on = rest.get(run).is_some_and(|b| b.is_ascii_alphanumeric() || *b == b':');
    ((8..14).contains(&digits) && matches!(rest[0], b'0' | b'+' | b'(') && !goes_on)
        .then_some(Span::new(start, start + run))
}

/// Degrees with decimals and the point of the compass behind them: `48.8566° N`, whose sign ends at `at`.
fn degrees(text: &[u8], at: usize) -> Option<Span> {
    let front = text[..at].strip_suffix("°".as_bytes())?;
    let front = front.strip_suffix(b" ").unwrap_or(front);
    let number = front.iter().rev().take(16).take_while(|b| b.is_ascii_digit() || **b == b'.').count();
    let start = front.len() - number;
    let dot = memchr::memchr(b'.', &front[start..])?;
    let point = at + usize::from(text[at] == b' ');
    let points = matches!(text.get(point), Some(b'N' | b'S' | b'E' | b'W' | b'O'));
    let ends = text.get(point + 1).is_none_or(|b| !b.is_ascii_alphanumeric());
    let joined = start > 0 && (front[start - 1].is_ascii_alphanumeric() || front[start - 1] == b'_');
    ((1..4).contains(&dot) && number > dot + 3 && points && ends && !joined).then_some(Span::new(start, at))
}

/// What stands for "is" behind a name: Chinese, Japanese, Korean.
const COPULAS: [&[u8]; 7] = [
    "是".as_bytes(),
    "为".as_bytes(),
    "為".as_bytes(),
    "は".as_bytes(),
    "는".as_bytes(),
    "은".as_bytes(),
    "이".as_bytes(),
];

/// Most bytes of a value.
const LONGEST: usize = 128;

#[cfg(test)]
mod tests {
    use super::*;

    fn stated(text: &str) -> Option<&str> {
        let bytes = text.as_bytes();
        let blank = |at: usize| usize::from(bytes[at] == b' ');
        let mut places =
            (1..bytes.len()).filter(|at| bytes[at - 1] >= 0x80 && bytes.get(at + blank(*at)).is_some_and(u8::is_ascii));
        let found = places.find_map(|at| find(bytes, at).filter(|_| begins(bytes, at)))?;
        Some(&text[found.value.range()])
    }

    #[test]
    fn values_are_found_without_a_separator() {
        for (text, value) in [
            ("密码是 x9hunter。", "x9hunter"),
            ("我的密码是hunter2,", "hunter2"),
            ("パスワードはhunter2です", "hunter2"),
            ("비밀번호는 hunter2 입니다", "hunter2"),
            ("Patient né le 12/03/1980 à Paris", "12/03/1980"),
            ("née le 1er mars 1980", "1er mars 1980"),
            ("tél. 06 12 34 56 78 merci", "06 12 34 56 78"),
            ("Tél +33 6 12 34 56 78.", "+33 6 12 34 56 78"),
            ("at 48.8566° N", "48.8566°"),
            ("-48.8566°S", "48.8566°"),
            ("новый пароль fake_2026 задан", "fake_2026"),
            ("född 1984-07-12.", "1984-07-12"),
            ("Født den 12.07.1984", "12.07.1984"),
            ("EMŠO 0101006500006 ok", "0101006500006"),
        ] {
            assert_eq!(stated(text), Some(value), "{text}");
        }
    }

    #[test]
    fn what_is_no_value_stays() {
        for text in [
            "密码是 secret",
            "状态是 ok",
            "créé le 12/03/1980",
            "né le soir",
            "née le 12 mars",
            "tél. 12",
            "tél. 06:12:34:56",
            "temp 48.8566° C",
            "90.5° N",
            "48.8566° North",
            "пароль SHA-256",
            "пароль верный",
            "född 1984",
            "EMŠO 12",
        ] {
            assert_eq!(stated(text), None, "{text}");
        }
    }
}
