//! Marks as wide as a character of Chinese, Japanese and Korean (Unicode 15, "Halfwidth and Fullwidth Forms"): behind a comma
//! or semicolon of these, the next key may stand.

/// Comma, semicolon, and the comma of lists.
const MARKS: [&str; 3] = ["，", "；", "、"];
const STOP: &str = "。";
const COLON: &str = "：";
/// Most bytes of a key.
const KEY: usize = 48;

/// Does the value that begins at `start` end at `at`: one of ASCII alone in front of such a mark or a full stop,
/// `验证码：662810，5分钟内有效`, any other in front of such a mark and a key with its colon, `姓名：李娜，部门：财务`?
pub fn ends_value(text: &[u8], start: usize, at: usize) -> bool {
    let Some(mark) = MARKS.iter().find(|mark| text[at..].starts_with(mark.as_bytes())) else {
        return text[at..].starts_with(STOP.as_bytes()) && text[start..at].is_ascii();
    };
    text[start..at].is_ascii() || begins_pair(text, at, mark)
}

/// Does a key with its colon stand behind the `mark` at `at`?
fn begins_pair(text: &[u8], at: usize, mark: &str) -> bool {
    let rest = &text[at + mark.len()..text.len().min(at + mark.len() + KEY)];
    let rest = rest.trim_ascii_start();
    let separator = rest.iter().position(|b| matches!(b, b':' | b'=')).unwrap_or(rest.len());
    let colon = memchr::memmem::find(rest, COLON.as_bytes()).unwrap_or(rest.len());
    let end = separator.min(colon);
    let name = &rest[..end];
    0 < end
        && end < rest.len()
        && name.iter().all(|b| b.is_ascii_alphanumeric() || *b >= 0x80 || *b == b'_')
        && MARKS.iter().all(|mark| memchr::memmem::find(name, mark.as_bytes()).is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ascii_ends_at_any_mark() {
        for (text, yes) in [
            ("662810，5分", true),
            ("662810。", true),
            ("x9；好", true),
            ("海淀区，中关村", false),
            ("海淀区。", false),
            ("海淀区，部门：x", true),
            ("662810　5", false),
        ] {
            let at = text.find(['，', '。', '；', '　']).expect("a mark");
            assert_eq!(ends_value(text.as_bytes(), 0, at), yes, "{text}");
        }
    }

    #[test]
    fn the_next_key_ends_a_value() {
        for (text, yes) in [
            ("，部门：财务", true),
            ("；age=7", true),
            ("、 電話:1", true),
            ("，中关村大街27号", false),
            ("，中关村，部门：财务", false),
            ("，：x", false),
            ("，a b：x", false),
            (",部门：财务", false),
        ] {
            let mark = MARKS.iter().find(|mark| text.starts_with(**mark));
            assert_eq!(mark.is_some_and(|mark| begins_pair(text.as_bytes(), 0, mark)), yes, "{text}");
        }
    }
}
