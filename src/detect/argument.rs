//! Arguments of commands: where one ends that was quoted as a whole, and the flag in front of one.

use super::key::Key;
use crate::format::quote::is_quote;
use crate::slashes;
use crate::span::Span;

/// How far back the quote that opens an argument is looked for.
const BACK: usize = 512;

/// Most bytes of a quoted argument.
pub const ARGUMENT: usize = 4096;

/// Where the argument of a command ends that was quoted as a whole in front of the key: `-d 'user=jo&password=a b'`,
/// `-e "PASSWORD=a b"`, `'--password=a b'`.
pub fn argument_end(text: &[u8], key: &Key, limit: usize) -> Option<usize> {
    quoted_argument(text, Span::new(key.start, key.name.end), limit).map(|argument| argument.end)
}

/// `secret`, of a match that begins at `from`, up to the end of the argument that it ends in, if the match has the quote that opens
/// that: `curl -u 'jo:a b'`.
pub fn to_end_of_argument(text: &[u8], from: usize, secret: Span) -> Span {
    // At another sign the argument has another part, `"jo/secret@db as sysdba"`.
    let goes_on = text.get(secret.end).is_some_and(|b| b" \t\"'`\\;".contains(b));
    let argument = if goes_on && from < secret.start { quoted_argument(text, secret, text.len()) } else { None };
    // An apostrophe further on may stand in another string.
    let ends_string = |span: Span| {
        memchr::memchr_iter(b'"', &text[span.range()])
            .any(|at| matches!(text[span.start + at + 1], b',' | b'}' | b']' | b':'))
    };
    match argument {
        Some(argument) if from < argument.start && !ends_string(Span::new(secret.end, argument.end)) => {
            Span::new(secret.start, argument.end)
        }
        _ => secret,
    }
}

/// The argument of a command in whose quotes `part` stands, with no blank in front of that. It ends behind `part` and at `limit` at
/// the latest.
fn quoted_argument(text: &[u8], part: Span, limit: usize) -> Option<Span> {
    let from = part.start.saturating_sub(BACK);
    let before = &text[from..part.start];
    let open = before.iter().rposition(|b| is_quote(*b) || b.is_ascii_whitespace())?;
    let quote = before[open];
    let inside = &text[from + open + 1..part.end];
    if !is_quote(quote) {
        return None;
    }
    // In a string the quotes have backslashes in front.
    let own = slashes::trailing(&before[..open]);
    if !inside.starts_with(b"--") && !follows_flag(&before[..open - own]) {
        return None;
    }
    let stop = limit.min(part.start + ARGUMENT);
    let begin = from + open + 1;
    let slashes = |at: usize| slashes::trailing(&text[begin..at]);
    let mut quotes = memchr::memchr_iter(quote, text.get(part.end..stop)?).map(|at| part.end + at);
    let close = quotes.find(|at| quote == b'\'' || slashes(*at) <= own).map(|at| at - slashes(at).min(own));
    // The string that ends at `limit` may be the argument.
    let last = || limit <= stop && text.get(limit + own) == Some(&quote) && slashes::leading(&text[limit..]) == own;
    let end = close.or_else(|| last().then_some(limit))?;
    (end >= part.end).then_some(Span::new(begin, end))
}

/// Does `text` end in a flag, with a blank or an equals sign behind it, or in one of one letter?
fn follows_flag(text: &[u8]) -> bool {
    let glued = !matches!(text.last(), Some(b' ' | b'='));
    let text = if glued { text } else { &text[..text.len() - 1] };
    let word = text.iter().rev().take(32).take_while(|b| b.is_ascii_alphanumeric() || **b == b'-').count();
    let before = &text[..text.len() - word];
    text[before.len()..].starts_with(b"-")
        && (!glued || word == 2)
        && before.last().is_none_or(|b| b" \t'\"".contains(b))
}

/// `secret` with the flag in front of it, and with the quotes between them: all of `-p 'secret'`.
pub fn with_flag(text: &[u8], secret: Span) -> Span {
    let quoted = secret.start > 0
        && is_quote(text[secret.start - 1])
        && text.get(secret.end..).is_some_and(|rest| rest.get(slashes::leading(rest)) == Some(&text[secret.start - 1]));
    let (start, end) = if quoted {
        let open = secret.start - 1;
        let behind = secret.end + slashes::leading(&text[secret.end..]) + 1;
        (open - slashes::trailing(&text[..open]), behind)
    } else {
        (secret.start, secret.end)
    };
    let before = &text[start.saturating_sub(BACK)..start];
    let gap = before.len() - before.trim_ascii_end().len();
    let before = if gap > 0 { &before[..before.len() - gap] } else { before.strip_suffix(b"=").unwrap_or(before) };
    let word = before.iter().rev().take(32).take_while(|b| b.is_ascii_alphanumeric() || **b == b'-').count();
    let (before, flag) = before.split_at(before.len() - word);
    if flag.first() == Some(&b'-') && before.last().is_some_and(u8::is_ascii_whitespace) {
        return Span::new(start - gap - usize::from(gap == 0 && text[start - 1] == b'=') - word, end);
    }
    secret
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_argument_ends_with_its_quote() {
        for (text, whole) in [
            ("x -u 'jo:S b' c", "S b"),
            ("x -u'jo:S b' c", "S b"),
            ("x --user=\"jo:S b\" c", "S b"),
            (r#"{"c":"x -u \"jo:S \\\"b\" c"}"#, r#"S \\\"b"#),
            ("x -u 'jo:S b", "S"),
            ("x 'jo:S b' c", "S"),
            ("x -u 'jo S b' c", "S"),
            (r#"{"c":"x -u 'jo:S b","d":"'"}"#, "S"),
            ("x -d 'S&b=c d'", "S"),
        ] {
            let start = text.find('S').expect("a secret");
            let span = to_end_of_argument(text.as_bytes(), 0, Span::new(start, start + 1));
            assert_eq!(&text[span.range()], whole, "{text}");
        }
        // The match begins inside of the quotes.
        let text = b"x -u 'jo:a b' c";
        assert_eq!(to_end_of_argument(text, 6, Span::new(9, 10)), Span::new(9, 10));
    }

    #[test]
    fn a_flag_goes_with_its_argument() {
        for (text, whole) in [
            ("x -p S y", "-p S"),
            ("x -pS y", "-pS"),
            ("x --pass=S y", "--pass=S"),
            ("x -p 'S' y", "-p 'S'"),
            (r#""x -p \"S\" y""#, r#"-p \"S\""#),
            ("x -u jo:S y", "S"),
            ("x S y", "S"),
            ("x a-p S y", "S"),
        ] {
            let start = text.find('S').expect("a secret");
            let span = with_flag(text.as_bytes(), Span::new(start, start + 1));
            assert_eq!(&text[span.range()], whole, "{text}");
        }
    }
}
