//! What databases say of a value that is there already and whose column only the name of the index tells: MySQL's
//! `Duplicate entry '…' for key 'users.phone'`, SQL Server's `The duplicate key value is (…)`, MongoDB's `dup key: { : "…" }`.

use crate::format::quote::string_at;
use crate::span::Span;
use memchr::{memchr2, memmem, memrchr};

/// How far from the value the name of the index stands, in bytes.
const REACH: usize = 512;

/// Most bytes of a value with what is said of it: an error of MySQL has up to 512 (`MYSQL_ERRMSG_SIZE`), a key of MongoDB 1,024,
/// one of SQL Server 1,700.
const LONGEST: usize = 2048;

/// A value and the index it is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The name of the index.
    pub index: Span,
    /// The value without quotes and brackets.
    pub value: Span,
}

/// MySQL, error 1062; its word stands at `at`.
pub fn mysql(text: &[u8], at: usize, limit: usize) -> Option<Entry> {
    const FOR_KEY: &[u8] = b"' for key ";
    let start = at + b"Duplicate entry '".len();
    let line = line_end(text, start, limit);
    // Nothing in the value is escaped, so the last such words end it.
    let end = start + memmem::rfind(&text[start..line], FOR_KEY)?;
    let name = end + FOR_KEY.len();
    let open = name + text[name..line].iter().take_while(|b| matches!(b, b'\'' | b'"' | b'\\' | b'`')).count();
    Some(Entry { index: name_at(text, open, line)?, value: Span::new(start, end) })
}

/// SQL Server, errors 2601 and 2627; its word stands at `at`.
pub fn sql_server(text: &[u8], at: usize, limit: usize) -> Option<Entry> {
    let start = at + b"duplicate key value is (".len();
    let line = line_end(text, start, limit);
    let end = start + memmem::find(&text[start..line], b").").or_else(|| memrchr(b')', &text[start..line]))?;
    let before = at.saturating_sub(REACH);
    let name = [&b" constraint '"[..], b" index '"]
        .into_iter()
        .find_map(|word| memmem::rfind(&text[before..at], word).map(|found| before + found + word.len()))?;
    Some(Entry { index: name_at(text, name, at)?, value: Span::new(start, end) })
}

/// MongoDB before 4.2, error 11000; its word stands at `at`.
pub fn mongo(text: &[u8], at: usize, limit: usize) -> Option<Entry> {
    const INDEX: &[u8] = b"index: ";
    let start = at + b"dup key: { : ".len();
    let line = line_end(text, start, limit);
    let end = start + memmem::find(&text[start..line], b" }")?;
    // One string loses its inside, several values go with what parts them.
    let string = string_at(text, start, end, 0).filter(|(inside, quote)| inside.end + quote.width() == end);
    let value = string.map_or(Span::new(start, end), |(inside, _)| inside);
    let before = at.saturating_sub(REACH);
    let name = before + memmem::rfind(&text[before..at], INDEX)? + INDEX.len();
    Some(Entry { index: name_at(text, name, at)?, value })
}

/// What the name of an index may say of its last column, the longest first: `users_phone_unique`, `users_phone`.
pub fn columns(text: &[u8], index: Span) -> impl Iterator<Item = Span> + '_ {
    const ENDS: [&[u8]; 14] = [
        b"unique",
        b"uniq",
        b"uidx",
        b"idx",
        b"index",
        b"key",
        b"uk",
        b"uq",
        b"ux",
        b"ix",
        b"ak",
        b"un",
        b"constraint",
        b"1",
    ];
    let shorter = move |span: &Span| {
        let name = &text[span.range()];
        let mark = name.iter().rposition(|b| matches!(b, b'_' | b'-' | b'.'))?;
        let end = &name[mark + 1..];
        let hash = (6..=32).contains(&end.len()) && end.iter().all(u8::is_ascii_hexdigit);
        let says_nothing = hash || ENDS.iter().any(|word| end.eq_ignore_ascii_case(word));
        (mark > 0 && says_nothing).then(|| Span::new(span.start, span.start + mark))
    };
    std::iter::successors(Some(index), shorter)
}

/// Where the line ends, or what may be a value and its index at the longest.
fn line_end(text: &[u8], at: usize, limit: usize) -> usize {
    let limit = limit.min(at + LONGEST);
    memchr2(b'\r', b'\n', &text[at.min(limit)..limit]).map_or(limit, |i| at + i)
}

fn name_at(text: &[u8], at: usize, limit: usize) -> Option<Span> {
    let name = |b: &u8| b.is_ascii_alphanumeric() || *b >= 0x80 || matches!(b, b'_' | b'-' | b'.' | b'$' | b'#');
    let length = text.get(at..limit)?.iter().take(128).take_while(|b| name(b)).count();
    (length > 0).then(|| Span::new(at, at + length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_database_names_index_and_value() {
        type Read = fn(&[u8], usize, usize) -> Option<Entry>;
        let cases: &[(Read, &str, &str, &str, &str)] = &[
            (mysql, "Dup", "Duplicate entry 'it's' for key 'users.phone'", "users.phone", "it's"),
            (mysql, "Dup", r#"{"m":"Duplicate entry 'a' for key \"uk_phone\""}"#, "uk_phone", "a"),
            (mysql, "Dup", "Duplicate entry 'a' for key users.phone", "users.phone", "a"),
            (mysql, "Dup", "Duplicate entry 'a' found", "", ""),
            (
                sql_server,
                "dup",
                "unique index 'IX_Users_Phone'. The duplicate key value is (a (b)).",
                "IX_Users_Phone",
                "a (b)",
            ),
            (sql_server, "dup", "The duplicate key value is (a).", "", ""),
            (mongo, "dup", r#"index: phone_1 dup key: { : "a" }"#, "phone_1", "a"),
            (mongo, "dup", r#"{"m":"index: phone_1 dup key: { : \"a\" }"}"#, "phone_1", "a"),
            (mongo, "dup", r#"index: phone_1 dup key: { : "a", : 2 }"#, "phone_1", r#""a", : 2"#),
            (mongo, "dup", "index: phone_1 dup key: { : 7 }", "phone_1", "7"),
        ];
        for (read, word, text, index, value) in cases {
            let at = text.rfind(word).expect("the word");
            let found = read(text.as_bytes(), at, text.len());
            let found = found.map(|entry| (&text[entry.index.range()], &text[entry.value.range()]));
            assert_eq!(found.unwrap_or_default(), (*index, *value), "{text}");
        }
    }

    #[test]
    fn an_index_is_called_after_its_columns() {
        let columns = |name: &str| -> Vec<String> {
            columns(name.as_bytes(), Span::new(0, name.len())).map(|span| name[span.range()].to_string()).collect()
        };
        assert_eq!(columns("users_phone_unique"), ["users_phone_unique", "users_phone"]);
        assert_eq!(
            columns("accounts_phone_0a1b2c_uniq"),
            ["accounts_phone_0a1b2c_uniq", "accounts_phone_0a1b2c", "accounts_phone"]
        );
        assert_eq!(columns("phone_1"), ["phone_1", "phone"]);
        assert_eq!(columns("users.phone"), ["users.phone"]);
    }
}
