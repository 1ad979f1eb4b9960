//! Names and addresses: each word becomes another, the same one wherever it stands. So `Jo Smith`, `SMITH` and
//! `"first":"Jo"` fit together afterwards as they did before; families keep one name, streets theirs.

use super::shape;
use super::stream::Stream;
use crate::action::Key;

/// Word for word; digits and single letters in the same shape, quotes left out.
pub(super) fn of(key: &Key, text: &str) -> Option<String> {
    let mut made = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let length = if c.is_ascii_digit() {
            let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            made += &shape::of(key, "words", &rest[..digits])?;
            digits
        } else if c.is_alphanumeric() {
            let run = run(rest);
            made += &one(key, &rest[..run])?;
            run
        } else {
            // What would have to be escaped is left out, and so is what is no letter of any language.
            made.extend(Some(c).filter(|c| c.is_ascii() && !"\"\\'`<>".contains(*c)));
            c.len_utf8()
        };
        rest = &rest[length..];
    }
    made.bytes().any(|b| b.is_ascii_alphanumeric()).then_some(made)
}

/// Length of the word at the beginning: letters and marks, and between them apostrophes (in SQL two, or with a backslash).
fn run(text: &str) -> usize {
    let letter = |c: char| !c.is_ascii_digit() && c.is_alphanumeric() || is_mark(c);
    let mut end = 0;
    loop {
        end += text[end..].len() - text[end..].trim_start_matches(letter).len();
        let behind = text[end..].trim_start_matches(['\'', '\\', '\u{2019}']);
        let apostrophes = text[end..].len() - behind.len();
        if apostrophes == 0 || apostrophes > 3 || !behind.starts_with(|c: char| letter(c) && !is_mark(c)) {
            return end;
        }
        end = text.len() - behind.len();
    }
}

/// Accents that stand for themselves.
fn is_mark(c: char) -> bool {
    ('\u{300}'..='\u{36F}').contains(&c)
}

fn one(key: &Key, text: &str) -> Option<String> {
    let letters: String = text.chars().filter(|c| c.is_alphabetic()).collect();
    let upper = letters.chars().all(char::is_uppercase);
    // Initials, and codes of states.
    if letters.is_ascii() && (letters.len() == 1 || upper && letters.len() <= 3) {
        return shape::of(key, "letters", &letters);
    }
    let lower = text.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
    let word = word(&mut Stream::new(key, "word", lower.as_bytes()));
    let small = letters.starts_with(char::is_lowercase);
    Some(if upper {
        word.to_ascii_uppercase()
    } else if small {
        word
    } else {
        word[..1].to_ascii_uppercase() + &word[1..]
    })
}

/// One of 131,072 words, in lower case.
pub(super) fn word(stream: &mut Stream<'_>) -> String {
    let mut of = |list: &[&'static str]| list[stream.below(list.len() as u32) as usize];
    [of(&FRONT), of(&MIDDLE), of(&BACK)].concat()
}

/// Whether `text` is such a word.
pub(super) fn is_word(text: &str) -> bool {
    FRONT
        .iter()
        .filter_map(|front| text.strip_prefix(front))
        .any(|rest| MIDDLE.iter().filter_map(|middle| rest.strip_prefix(middle)).any(|back| BACK.contains(&back)))
}

#[rustfmt::skip]
const FRONT: [&str; 128] = [
    "ash", "alder", "amber", "arn", "aver", "bar", "bech", "bel", "ben", "birch", "black", "blyth", "bram", "bran", "bren", "brid",
    "brin", "brock", "bur", "cal", "cam", "car", "cald", "chal", "char", "chil", "clay", "cob", "col", "com", "coris", "cran",
    "cres", "crom", "cul", "dal", "dar", "dav", "del", "den", "der", "don", "dor", "dray", "dun", "east", "eck", "eden",
    "el", "elm", "ember", "en", "esk", "ever", "fair", "fal", "fen", "fern", "fin", "flint", "fox", "gar", "gil", "glen",
    "gold", "gran", "grim", "hal", "ham", "har", "hart", "haw", "hazel", "hel", "hen", "hol", "hor", "hux", "ing", "iver",
    "jas", "kel", "ken", "kes", "kil", "kin", "kirk", "lam", "lan", "lark", "lath", "lin", "lock", "lor", "lyn", "mal",
    "mar", "mel", "mer", "mil", "mor", "nor", "oak", "ol", "or", "os", "pem", "pen", "pol", "quar", "rad", "rav",
    "red", "rose", "row", "sel", "shel", "sil", "stan", "stor", "tal", "thorn", "til", "tor", "tre", "val", "wil", "win",
];

#[rustfmt::skip]
const MIDDLE: [&str; 16] = ["a", "an", "ar", "e", "el", "en", "er", "i", "in", "ing", "is", "o", "ol", "on", "or", "u"];

#[rustfmt::skip]
const BACK: [&str; 64] = [
    "bank", "beck", "bell", "berry", "bourne", "bridge", "brook", "burn", "bury", "by", "cliff", "combe", "cote", "court", "cross", "croft",
    "dale", "dean", "don", "down", "edge", "fell", "field", "fold", "ford", "gate", "grave", "grove", "hall", "ham", "haven", "head",
    "hill", "holme", "holt", "hurst", "land", "lake", "leigh", "ley", "lock", "low", "mead", "mere", "mond", "more", "ness", "ridge",
    "royd", "shaw", "side", "stead", "stone", "stow", "thorpe", "ton", "vale", "wall", "ward", "water", "well", "wick", "wood", "worth",
];
