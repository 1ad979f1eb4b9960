//! Where words end: what the detectors ask of the bytes next to a match.

/// An ASCII letter, digit or underscore.
pub(super) fn word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// A word reaches up to `i` and would run into what starts there. The tail of an escape is no word: in `\n8.8.8.8`,
/// `%3D8.8.8.8` and `ESC[32m8.8.8.8` the address stands alone.
pub(super) fn glued(text: &[u8], i: usize) -> bool {
    i > 0 && word(text[i - 1]) && !escape_ends(text, i) && !colour_ends(text, i)
}

/// An escape ends at `i`: `\n`, `\x3d`, `\u003d` or `%3D`.
fn escape_ends(text: &[u8], i: usize) -> bool {
    let hex = |n: usize| i >= n && text[i - n..i].iter().all(u8::is_ascii_hexdigit);
    let mark = |n: usize, mark: &[u8]| text[..i - n].ends_with(mark);
    (i >= 2 && text[i - 2] == b'\\' && b"nrtbfve0".contains(&text[i - 1]))
        || (hex(2) && (mark(2, b"%") || mark(2, b"\\x")))
        || (hex(4) && mark(4, b"\\u"))
}

/// A terminal colour (ECMA-48 SGR, `ESC [ … m`) ends at `i`, as it is or as strings spell it.
fn colour_ends(text: &[u8], i: usize) -> bool {
    const STARTS: [&[u8]; 6] = [b"\x1b[", b"\\u001b[", b"\\u001B[", b"\\x1b[", b"\\033[", b"\\e["];
    if i == 0 || text[i - 1] != b'm' {
        return false;
    }
    let digits = text[..i - 1].iter().rev().take(16).take_while(|b| b.is_ascii_digit() || **b == b';').count();
    STARTS.iter().any(|start| text[..i - 1 - digits].ends_with(start))
}

/// Where a word that was read backwards to `start` truly begins, when an escape or a colour code runs into it:
/// `\nbob`, `\u003cbob` and `ESC[32mbob` all give the place of `bob`. Never beyond `end`.
pub(super) fn after_escape(text: &[u8], start: usize, end: usize) -> usize {
    let word = &text[start..end];
    let hex = |n: usize| word.len() > n && word[1..=n].iter().all(u8::is_ascii_hexdigit);
    let skip = if start > 0 && text[start - 1] == b'\\' {
        match word.first() {
            Some(b'u') if hex(4) => 5,
            Some(b'x') if hex(2) => 3,
            Some(b'n' | b'r' | b't' | b'b' | b'f' | b'v' | b'e' | b'0') => 1,
            _ => 0,
        }
    } else if start > 0 && matches!(text[start - 1], b'[' | b';') {
        match word.iter().position(|b| !b.is_ascii_digit()) {
            Some(m) if word[m] == b'm' && colour_ends(text, start + m + 1) => m + 1,
            _ => 0,
        }
    } else {
        0
    };
    (start + skip).min(end)
}

/// The character that ends before `i` and its length in bytes; a byte that is no UTF-8 stands for itself (`None`).
pub(in crate::detect) fn char_before(text: &[u8], i: usize) -> (Option<char>, usize) {
    (1..=4.min(i))
        .find_map(|n| match std::str::from_utf8(&text[i - n..i]) {
            Ok(one) => one.chars().next().map(|c| (Some(c), n)),
            Err(_) => None,
        })
        .unwrap_or((None, 1))
}

/// The character that starts at `i` and its length in bytes, as [`char_before`].
pub(super) fn char_at(text: &[u8], i: usize) -> (Option<char>, usize) {
    (1..=4.min(text.len() - i))
        .find_map(|n| match std::str::from_utf8(&text[i..i + n]) {
            Ok(one) => one.chars().next().map(|c| (Some(c), n)),
            Err(_) => None,
        })
        .unwrap_or((None, 1))
}

/// A letter of a script that is written without blanks between its words, nor between them and those of other scripts:
/// Chinese, Japanese, Korean, Thai and their neighbours.
pub(in crate::detect) fn stands_alone(c: char) -> bool {
    matches!(
        c,
        '\u{e00}'..='\u{eff}'
            | '\u{1000}'..='\u{109f}'
            | '\u{1100}'..='\u{11ff}'
            | '\u{1780}'..='\u{17ff}'
            | '\u{2e80}'..='\u{2fdf}'
            | '\u{3005}'..='\u{318f}'
            | '\u{31a0}'..='\u{4dbf}'
            | '\u{4e00}'..='\u{9fff}'
            | '\u{ac00}'..='\u{d7af}'
            | '\u{f900}'..='\u{faff}'
            | '\u{20000}'..='\u{3ffff}'
    )
}

/// Punctuation and white space outside ASCII: quotes, dashes, ideographic and full-width marks. Everything else beyond
/// ASCII may belong to a name, invisible characters and bytes of older encodings included: better too much than half.
pub(in crate::detect) fn separates(c: Option<char>) -> bool {
    matches!(
        c,
        Some(
            '\u{80}'..='\u{a9}'
            | '\u{ab}'
            | '\u{ac}'
            | '\u{ae}'..='\u{b4}'
            | '\u{b6}'..='\u{b9}'
            | '\u{bb}'..='\u{bf}'
            | '\u{d7}'
            | '\u{f7}'
            | '\u{1680}'
            | '\u{2000}'..='\u{200a}'
            | '\u{2010}'..='\u{2029}'
            | '\u{202f}'..='\u{205f}'
            | '\u{2190}'..='\u{2bff}'
            | '\u{3000}'..='\u{3004}'
            | '\u{3007}'..='\u{3020}'
            | '\u{30fb}'
            | '\u{ff01}'..='\u{ff0f}'
            | '\u{ff1a}'..='\u{ff20}'
            | '\u{ff3b}'..='\u{ff40}'
            | '\u{ff5b}'..='\u{ff65}'
            | '\u{fffd}'
            | '\u{1f000}'..='\u{1ffff}',
        )
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_and_colours_do_not_glue() {
        for (text, glues) in [
            ("x", true),
            ("7", true),
            ("_", true),
            (" ", false),
            ("", false),
            ("é", false),
            ("\\n", false),
            ("\\u003d", false),
            ("\\x3d", false),
            ("%3D", false),
            ("3D", true),
            ("\x1b[32m", false),
            ("\x1b[1;32m", false),
            ("32m", true),
            ("\x1b[m", false),
        ] {
            assert_eq!(glued(text.as_bytes(), text.len()), glues, "{text:?}");
        }
    }

    #[test]
    fn words_begin_after_the_escape_that_runs_into_them() {
        for (text, start, begins) in [
            ("\\nbob", 1, 2),
            ("\\u003cbob", 1, 6),
            ("\\x3cbob", 1, 4),
            ("\\bob", 1, 2),
            ("\\jim", 1, 1),
            ("\x1b[32mbob", 2, 5),
            ("\x1b[1;32mbob", 4, 7),
            ("\\u001b[1;32mbob", 9, 12),
            ("[32mbob", 1, 1),
            ("bob", 0, 0),
        ] {
            assert_eq!(after_escape(text.as_bytes(), start, text.len()), begins, "{text:?}");
        }
    }

    #[test]
    fn characters_are_read_both_ways() {
        let text = "aé中\u{1f600}".as_bytes();
        assert_eq!(char_before(text, 1), (Some('a'), 1));
        assert_eq!(char_before(text, 3), (Some('é'), 2));
        assert_eq!(char_before(text, 6), (Some('中'), 3));
        assert_eq!(char_before(text, 10), (Some('\u{1f600}'), 4));
        assert_eq!(char_at(text, 3), (Some('中'), 3));
        assert_eq!(char_before(b"\xfc", 1), (None, 1));
        assert_eq!(char_at(b"\xfcx", 0), (None, 1));
    }
}
