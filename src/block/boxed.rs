//! Tables that are drawn with the signs of boxes, `│` and `─` and kin (Unicode, Box Drawing, U+2500 to U+257F), as Node's
//! `console.table`, rich and Nushell write them: read as if they were drawn with bars and dashes.

use memchr::memchr;
use std::borrow::Cow;

/// The first byte of all such signs, which have three.
const FIRST: u8 = 0xE2;

/// What a sign stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sign {
    Bar,
    Dash,
    Corner,
}

/// The sign that `text` begins with.
fn sign(text: &[u8]) -> Option<Sign> {
    let [FIRST, high @ (0x94 | 0x95), low @ 0x80..=0xBF, ..] = *text else { return None };
    Some(match (high, low) {
        (0x94, 0x82 | 0x83 | 0x86 | 0x87 | 0x8A | 0x8B) | (0x95, 0x8E | 0x8F | 0x91) => Sign::Bar,
        (0x94, 0x80 | 0x81 | 0x84 | 0x85 | 0x88 | 0x89) | (0x95, 0x8C | 0x8D | 0x90) => Sign::Dash,
        _ => Sign::Corner,
    })
}

/// `line` as bars and dashes draw it, in as many bytes. A bar has blanks in front at the end of the line, and behind it elsewhere.
pub fn plain(line: &[u8]) -> Cow<'_, [u8]> {
    let Some(first) = memchr(FIRST, line).filter(|at| sign(&line[*at..]).is_some()) else { return Cow::Borrowed(line) };
    let (mut text, mut at) = (line.to_vec(), first);
    let end = line.trim_ascii_end().len();
    while let Some(next) = memchr(FIRST, &text[at..]).map(|next| at + next) {
        let instead = match sign(&text[next..]) {
            Some(Sign::Bar) if next + 3 == end => b"  |",
            Some(Sign::Bar) => b"|  ",
            Some(Sign::Dash) => b"---",
            Some(Sign::Corner) if next + 3 == end => b"--+",
            Some(Sign::Corner) => b"+--",
            None => {
                at = next + 1;
                continue;
            }
        };
        text[next..next + 3].copy_from_slice(instead);
        at = next + 3;
    }
    Cow::Owned(text)
}

/// Is it the upper or the lower border of a table?
pub fn is_edge(line: &[u8]) -> bool {
    matches!(line, [FIRST, 0x94, 0x8C..=0x8F | 0x94..=0x97, ..] | [FIRST, 0x95, 0x92..=0x94 | 0x98..=0x9A | 0xAD | 0xB0, ..])
}

/// Does a line end with such a sign, behind another one or a blank? A line that is drawn does, and a row.
pub fn ends(line: &[u8]) -> bool {
    let [.., before, FIRST, 0x94 | 0x95, _] = line else { return false };
    *before == b' ' || *before >= 0x80
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_are_read_as_bars_and_dashes() {
        for (line, plainly) in [
            ("│ a │ b │", "|   a |   b   |"),
            ("┃ a ┃", "|   a   |"),
            ("║ a ║", "|   a   |"),
            ("├──┼─┤", "+--------+-------+"),
            ("a – b", "a – b"),
            ("│ – │", "|   –   |"),
        ] {
            assert_eq!(String::from_utf8_lossy(&plain(line.as_bytes())), plainly, "{line}");
            assert_eq!(plain(line.as_bytes()).len(), line.len());
        }
        assert!(is_edge("┌──┐".as_bytes()) && is_edge("╭──╮".as_bytes()) && is_edge("╔══╗".as_bytes()));
        assert!(!is_edge("├──┤".as_bytes()) && is_edge("└──┘".as_bytes()) && !is_edge("│ ┌".as_bytes()));
        assert!(ends("│ a │".as_bytes()) && ends("├──┤".as_bytes()));
        assert!(!ends("a │ b".as_bytes()) && !ends("a é".as_bytes()) && !ends("x".as_bytes()));
    }
}
