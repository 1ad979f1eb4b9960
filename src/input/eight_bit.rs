//! Tells text of one byte a character that stands where UTF-16 should: behind a mark that is wrong, or appended to a log by
//! another program.
//!
//! Read as UTF-16 it is text of rare characters, in which no rule finds anything. No one character proves it: the bytes of
//! a quarter of all Chinese ones are ASCII. So each character counts for or against it, until a line is over.

use std::error::Error;
use std::fmt;

/// Counts what speaks against UTF-16 in the line under way.
#[derive(Debug, Default)]
pub struct Doubt {
    score: i32,
    /// Where the stretch begins that is doubted, in units.
    start: u64,
    /// Units seen.
    seen: u64,
    last: (u8, u8),
}

/// What is never reached by chance: in Chinese twelve characters in a row would have to be of that quarter.
const ENOUGH: i32 = 12;

/// The same at the end of the input, where no more can come.
const ENOUGH_AT_END: i32 = 5;

impl Doubt {
    /// Looks at one unit, by its more and its less significant byte. Gives where a stretch begins, in units, as soon as it
    /// can be no UTF-16.
    pub fn unit(&mut self, high: u8, low: u8) -> Option<u64> {
        let repeated = std::mem::replace(&mut self.last, (high, low)) == (high, low);
        let here = self.seen;
        self.seen += 1;
        let Some(weight) = weight(high, low, self.score > 0) else {
            self.score = 0;
            return None;
        };
        if self.score == 0 {
            self.start = here;
        }
        // Rulers and drawings repeat one character.
        let weight = if repeated { weight.min(0) } else { weight };
        self.score = (self.score + weight).max(0);
        (self.score >= ENOUGH).then_some(self.start)
    }

    /// Passes over the second half of a character.
    pub fn skip(&mut self) {
        self.seen += 1;
    }

    /// The same for the end of the input.
    pub fn end(&self) -> Option<u64> {
        (self.score >= ENOUGH_AT_END).then_some(self.start)
    }
}

/// What a unit says: the more, the less it is UTF-16. `None` if it surely is. `doubted`: something spoke against it.
fn weight(high: u8, low: u8, doubted: bool) -> Option<i32> {
    let text = matches!(low, b'\t' | b'\n' | b'\r' | b' '..=b'~');
    Some(match (high, low) {
        (0, _) => return None,
        // No characters: a line break beside a NUL, a return, or what Gurmukhi has none for.
        (b'\n', 0 | b'\r' | 0x77..=0x7E) => 10,
        (b'\n', _) if text && doubted => 8,
        (b' '..=b'~', b'\n') if doubted => 4,
        // UTF-16 that is read one byte too late, or the wrong way round.
        (b' '..=b'~', 0) => 4,
        // Chinese characters that nobody writes.
        (0x34..=0x4D, _) if text => 6,
        // Chinese ones of every day.
        (0x4E..=b'~', _) if text => 1,
        // Kana, marks, arrows, lines to draw with; a tab or a return.
        (b' '..=0x33 | b'\t' | b'\r', _) if text => 0,
        _ => -3,
    })
}

/// An input is no UTF-16 from here on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotWide {
    /// Bytes in front, with the mark.
    pub at: u64,
}

impl fmt::Display for NotWide {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "is no UTF-16 behind byte {}, whatever its byte order mark says", self.at)
    }
}

impl Error for NotWide {}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where a stretch begins, in units, as UTF-16 of either order and at the end.
    fn told(bytes: &[u8]) -> [Option<u64>; 2] {
        [true, false].map(|little| {
            let mut doubt = Doubt::default();
            let mut units =
                bytes.chunks_exact(2).map(|pair| if little { (pair[1], pair[0]) } else { (pair[0], pair[1]) });
            units.find_map(|(high, low)| doubt.unit(high, low)).or_else(|| doubt.end())
        })
    }

    #[test]
    fn text_of_one_byte_a_character_is_told() {
        for text in [
            "password=hunter2x\n",
            "pin=1\n",
            "a=b\n",
            "key\n",
            "2024-05-01 12:00:00 ok\r\n",
            "connection to the server is closed by a peer\n",
            "caf\u{e9} password=hunter2x\n",
        ] {
            assert!(told(text.as_bytes()).iter().all(Option::is_some), "{text}");
        }
    }

    #[test]
    fn utf16_that_is_read_one_byte_too_late_is_told() {
        let wide: Vec<u8> = "an error\n".encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert!(told(&wide)[0].is_some());
        let wide: Vec<u8> = "an error\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert!(told(&wide)[1].is_some());
    }

    #[test]
    fn text_of_every_script_is_utf16() {
        for text in [
            "配置已加载，共三项\n失败：连接被拒绝，请检查网络设置后重试\n下一步\n一一二二三三",
            "天地玄黃宇宙洪荒日月盈昃辰宿列張寒來暑往秋收冬藏閏餘成歲律呂調陽雲騰致雨露結為霜金生麗水玉出崑岡",
            "ありがとうございますこんにちはさようならおはようございます エラーが発生しました",
            "연결이 거부되었습니다 ㅋㅋㅋㅋㅋㅋㅋㅋㅋㅋㅋㅋ",
            "ਪੰਜਾਬੀ ਵਿੱਚ ਇੱਕ ਗਲਤੀ ਹੋਈ ਹੈ ਕਿਰਪਾ ਕਰਕੇ ਦੁਬਾਰਾ ਕੋਸ਼ਿਸ਼ ਕਰੋ",
            "त्रुटि हुई है कृपया पुनः प्रयास करें",
            "സെർവർ പിശക് വീണ്ടും ശ്രമിക്കുക",
            "Ошибка: соединение разорвано",
            "┌────┬────┐│ ok │ no │└────┴────┘ ═══ → ✓ ★★★★★★★★ ⭐⭐⭐⭐⭐⭐⭐",
            "中中中中中中中中中中中中中中中中中中中中",
            "🦀🎉🦀🎉🦀🎉",
        ] {
            let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
            assert_eq!((told(&little)[0], told(&big)[1]), (None, None), "{text}");
        }
    }
}
