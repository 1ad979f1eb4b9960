//! Lines in colour, as terminals have them: `ESC [31mLINE ESC [0m`. What ends the colour is no part of the message.

use super::{Peeled, escape};
use crate::span::Span;

/// Takes the colours off both ends.
pub fn peel(line: &[u8]) -> Option<Peeled> {
    let mut start = 0;
    while let length @ 1.. = escape(&line[start..]) {
        start += length;
    }
    if start == 0 {
        return None;
    }
    let end = start + end(&line[start..]);
    Some(Peeled::one(Span::new(start, end), Span::new(0, 0), false))
}

/// Where the text of `line` ends: at what ends its colour, if something does.
pub fn end(line: &[u8]) -> usize {
    let mut end = line.len();
    while let Some(at) = line[..end].iter().rev().take(16).position(|b| *b == 0x1B).map(|back| end - 1 - back) {
        if at + escape(&line[at..end]) != end {
            break;
        }
        end = at;
    }
    end
}
