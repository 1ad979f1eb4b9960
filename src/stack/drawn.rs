//! Lines that begin with the bars and corners that loguru and rich draw: values of variables, and the box of rich around a
//! traceback (rich.readthedocs.io, "Traceback Handler"). JSON spells them `\u2502` where it keeps to ASCII.

use super::line::Part;
use memchr::memmem;

/// A line behind its first such sign.
#[derive(Clone, Copy, Debug)]
pub(super) struct Drawn<'t> {
    sign: u32,
    /// What stands behind the sign.
    rest: &'t [u8],
}

/// `│`, the border of a box.
const BAR: u32 = 0x2502;
/// `╭`
const TOP: u32 = 0x256d;
/// `╰`
const BOTTOM: u32 = 0x2570;
/// `❱`, in front of the line that failed.
const POINTER: u32 = 0x2771;

impl<'t> Drawn<'t> {
    /// What `text` is if a sign of a drawing stands in front.
    pub(super) fn of(text: &'t [u8]) -> Option<Drawn<'t>> {
        let (sign, length) = sign(text)?;
        // Box Drawing, U+2500 to U+257F.
        (0x2500..0x2580).contains(&sign).then(|| Drawn { sign, rest: &text[length..] })
    }

    /// Is it the upper border of a traceback?
    pub(super) fn is_head(self) -> bool {
        self.sign == TOP && memmem::find(self.rest, b" Traceback (most recent call last) ").is_some()
    }

    /// Is it a place in the box?
    pub(super) fn is_frame(self) -> bool {
        self.sign == BAR && self.is_place() && self.is_closed()
    }

    /// What it is within a traceback.
    pub(super) fn part(self) -> Part {
        if self.is_place() {
            return Part::Frame;
        }
        let inside = self.rest.trim_ascii_start();
        // In the box lines of the program have their number in front; a box in the box holds variables.
        let source = self.sign == BAR
            && (inside.first().is_some_and(u8::is_ascii_digit)
                || sign(inside).is_some_and(|(sign, length)| sign == POINTER || sign == BAR && length == inside.len()));
        if (self.sign == BOTTOM || source) && self.is_closed() { Part::Detail } else { Part::Locals }
    }

    /// `/srv/a.py:3 in f`
    fn is_place(self) -> bool {
        memmem::find(self.rest, b".py:").is_some() && memmem::find(self.rest, b" in ").is_some()
    }

    /// Does it end with a border, too?
    fn is_closed(self) -> bool {
        // As long as its spelling may be.
        (3..=13).any(|width| {
            let Some(at) = self.rest.len().checked_sub(width) else { return false };
            sign(&self.rest[at..]).is_some_and(|(sign, length)| length == width && (BAR..0x2580).contains(&sign))
        })
    }
}

/// The character that `text` begins with and its length, if it is spelled `\u2502` or is one of three bytes.
fn sign(text: &[u8]) -> Option<(u32, usize)> {
    let slashes = crate::slashes::leading(text);
    if slashes > 0 {
        let hex = text[slashes..].strip_prefix(b"u")?.get(..4)?;
        let sign = u32::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok()?;
        return Some((sign, slashes + 5));
    }
    let sign = std::str::from_utf8(text.get(..3)?).ok()?.chars().next()?;
    (sign.len_utf8() == 3).then_some((u32::from(sign), 3))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// As JSON spells it.
    fn spelled(text: &str) -> String {
        text.chars().map(|c| if c.is_ascii() { c.to_string() } else { format!("\\u{:04x}", u32::from(c)) }).collect()
    }

    #[test]
    fn what_is_drawn_is_told_in_either_spelling() {
        for (line, part) in [
            ("│ /srv/a.py:5 in pay                │", Part::Frame),
            ("│                                   │", Part::Detail),
            ("│   4 def pay(card):                │", Part::Detail),
            ("│ ❱ 5     return charge(card)       │", Part::Detail),
            ("│ ╭──── locals ────╮                │", Part::Locals),
            ("│ │ card = '4111'  │                │", Part::Locals),
            ("│ ╰────────────────╯                │", Part::Locals),
            ("╰───────────────────────────────────╯", Part::Detail),
            ("│   └ '4111'", Part::Locals),
            ("└ '4111'", Part::Locals),
            ("│ 5", Part::Locals),
        ] {
            for line in [line.to_owned(), spelled(line)] {
                assert_eq!(Drawn::of(line.as_bytes()).unwrap().part(), part, "{line}");
            }
        }
        let head = "╭──── Traceback (most recent call last) ────╮";
        assert!(
            Drawn::of(head.as_bytes()).unwrap().is_head() && Drawn::of(spelled(head).as_bytes()).unwrap().is_head()
        );
        assert!(Drawn::of("é".as_bytes()).is_none() && Drawn::of(b"\\u0041").is_none());
    }
}
