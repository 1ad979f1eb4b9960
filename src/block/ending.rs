//! Lines that name what stands in the next ones, and are known by their ends: the columns of a CSV in the middle of a log
//! ([RFC 4180](https://www.rfc-editor.org/rfc/rfc4180)), an explicit key of YAML (`? password`, YAML 1.2.2, section 8.2.2), and
//! the command of an entry of Redis' slow log, which has an argument a line (redis.io, "SLOWLOG GET"), with numbers in front or,
//! where the output of `redis-cli` is no terminal, without.

use super::boxed;
use super::header::Header;
use super::open::is_block_head;
use super::pointed;
use crate::format::quote::{closing, is_quote, quote_at};
use crate::span::Span;
use memchr::memchr_iter;

/// Longest word that is looked at, in bytes.
const LONGEST: usize = 64;
/// Bytes of a command that are kept; of a longer one the rest is looked at by itself.
const COMMAND: usize = 1 << 10;
/// Lines of an explicit key's value.
const LINES: usize = 128;
/// What Redis' `MONITOR` writes in front of a command: what an argument is, a line of it says.
const MONITORED: &[u8] = b"1000000000.000000 [0 lua]";

/// The end of a line with an open list of SQL, which stands behind ` IN`.
const LIST: &[u8] = b" (";
/// The end of a record of JSON whose message is a start tag, or ends with one.
const TAG: &[u8] = b">\"}";
/// The commands of Redis that have something sensitive for an argument, as they stand alone in a line.
const COMMANDS: [&[u8]; 15] = [
    b"AUTH", b"HELLO", b"CONFIG", b"ACL", b"MIGRATE", b"HSET", b"HMSET", b"HSETNX", b"MSET", b"MSETNX", b"SET",
    b"SETNX", b"GETSET", b"SETEX", b"PSETEX",
];

/// Puts the end of each line that ends like one of these into `found`. Does one end with an open list, or a parameter?
pub fn find(text: &[u8], found: &mut Vec<usize>) -> bool {
    let (mut start, mut lists) = (0, false);
    let mut line = |start: usize, end: usize| match end_of(&text[start..end]) {
        Some(End::Named(at)) => found.push(start + at),
        Some(End::List) => lists = true,
        None => {}
    };
    for end in memchr_iter(b'\n', text) {
        line(start, end);
        start = end + 1;
    }
    line(start, text.len());
    lists
}

/// How a line ends that is worth a look.
enum End {
    /// Its last word may name what follows, and stands here; or it is a tag.
    Named(usize),
    /// With a list of SQL that is open, or a parameter whose value follows.
    List,
}

/// The end of `line`, if it is one of those. Most lines say no at one of their last bytes.
fn end_of(line: &[u8]) -> Option<End> {
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let last = *line.last()?;
    let quoted = is_quote(last);
    if last >= 0x80 && boxed::ends(line) {
        return Some(End::Named(line.len() - 3));
    }
    if quoted && pointed::begins(line) {
        return Some(End::Named(line.len() - 1));
    }
    if !quoted && !is_name(last) {
        return match last {
            b'}' if line.ends_with(TAG) => Some(End::Named(line.len() - TAG.len())),
            b'(' => {
                let word = line.strip_suffix(LIST)?;
                let word = word.get(word.len().checked_sub(3)?..)?;
                word.eq_ignore_ascii_case(b" in").then_some(End::List)
            }
            // A row of two cells, in a frame or two.
            b'|' if line.ends_with(b" |") || line.ends_with(b" ||") => {
                (3..=5).contains(&memchr_iter(b'|', line).count()).then_some(End::Named(line.len() - 1))
            }
            // What was bound stands behind the statement.
            b']' => memchr_iter(b'$', line).any(|at| line.get(at + 1) == Some(&b'1')).then_some(End::List),
            _ => None,
        };
    }
    let inside = &line[..line.len() - usize::from(quoted)];
    let word = inside.iter().rev().take(LONGEST).take_while(|b| is_name(**b)).count();
    let mut start = inside.len() - word;
    if quoted {
        start = line[..start].strip_suffix(&[last])?.len();
    }
    match line[..start] {
        [.., before, b',' | b';' | b'\t' | b'|'] if is_name(before) || before == last && quoted => Some(start),
        [.., b'?' | b')', b' '] => Some(start),
        [.., b'=' | b' ', b'%'] if &line[start..] == b"s" => return Some(End::List),
        // Below names of columns that blanks part, or one of those.
        [.., b'-' | b' ', b' '] if last == b'-' => Some(start),
        [.., before, b' ', b' '] if before != b'-' && line[start..][0].is_ascii_alphabetic() => Some(start),
        [] | [.., b' '] if last.is_ascii_uppercase() && COMMANDS.contains(&&line[start..]) => Some(start),
        _ => None,
    }
    .map(End::Named)
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-' || byte >= 0x80
}

/// What a line told of the next ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Named {
    /// Each is a row.
    Columns(Header),
    /// The value of an explicit key follows, behind a colon below the question mark.
    Key {
        /// The key.
        name: Vec<u8>,
        /// Where the question mark stands in its line.
        column: usize,
        /// For how many lines the value went on, if it is a block.
        block: Option<usize>,
    },
    /// The arguments of a command follow.
    Command {
        /// Where their numbers stand in their lines; `None`: they have none.
        column: Option<usize>,
        /// The command so far, as `MONITOR` has it.
        text: Vec<u8>,
        /// The last number.
        count: usize,
    },
}

impl Named {
    /// What `payload` tells, if that is about something sensitive.
    pub fn by(payload: &[u8], sensitive: &mut impl FnMut(&[u8]) -> bool) -> Option<Named> {
        let text = payload.trim_ascii_end();
        let lead = text.iter().take_while(|b| b" -".contains(b)).count();
        if let Some(key) = text[lead..].strip_prefix(b"? ") {
            let key = key.trim_ascii();
            let quoted =
                key.first().is_some_and(|first| is_quote(*first) && key.len() > 1 && key.last() == Some(first));
            let name = if quoted { &key[1..key.len() - 1] } else { key };
            let named = sensitive(name);
            return named.then(|| Named::Key { name: name.to_vec(), column: lead, block: None });
        }
        match numbered(text) {
            Some((column, 1, value)) => {
                // The command itself is no secret.
                let text = [MONITORED, b" \"", &text[value.range()], b"\""].concat();
                Some(Named::Command { column: Some(column), text, count: 1 })
            }
            Some(_) => None,
            None => Header::listed(text, sensitive).map(Named::Columns),
        }
    }

    /// What the command `payload` of an entry without numbers tells; `before` are the lines in front, the last one first: how long
    /// it took, when that was, and the number of the entry.
    pub fn by_command<'t>(payload: &[u8], before: impl Iterator<Item = &'t [u8]>) -> Option<Named> {
        let command = payload.trim_ascii_end();
        let numbers = before.take(3).filter(|line| is_number(line)).count();
        let text = || [MONITORED, b" \"", command, b"\""].concat();
        (numbers == 3 && COMMANDS.contains(&command)).then(|| Named::Command { column: None, text: text(), count: 1 })
    }

    /// Reads one more line; false if it does not belong here. An argument is claimed with the whole command up to it for its
    /// name, which is none of a field.
    pub fn line(&mut self, payload: &[u8], claim: &mut impl FnMut(&[u8], Span)) -> bool {
        match self {
            Named::Columns(header) => !payload.is_empty() && header.row(payload, claim),
            Named::Key { name, column, block } => {
                let lead = payload.iter().take_while(|b| **b == b' ').count();
                let text = payload.trim_ascii_end();
                if let Some(lines) = block {
                    *lines += 1;
                    let inside = lead > *column || text.is_empty();
                    if inside && !text.is_empty() {
                        claim(name, Span::new(lead, text.len()));
                    }
                    return inside && *lines < LINES;
                }
                let Some(rest) = text.get(*column..).and_then(|rest| rest.strip_prefix(b": ")) else { return false };
                if lead != *column {
                    return false;
                }
                let start = text.len() - rest.trim_ascii_start().len();
                if is_block_head(&text[start..]) {
                    *block = Some(0);
                    return true;
                }
                let mut value = Span::new(start, text.len());
                if text.get(start).is_some_and(|first| is_quote(*first)) {
                    let end = closing(text, start + 1, quote_at(text, start)).unwrap_or(text.len());
                    value = Span::new(start + 1, end);
                }
                claim(name, value);
                false
            }
            Named::Command { column, text, count } => {
                let line = payload.trim_ascii_end();
                let value = match column {
                    Some(column) => numbered(line).filter(|(own, number, _)| own == column && *number == *count + 1),
                    None => Some((0, *count + 1, Span::new(0, line.len()))).filter(|_| !is_client(line)),
                };
                let Some((_, number, value)) = value.filter(|(.., value)| text.len() + value.len() <= COMMAND) else {
                    return false;
                };
                *count = number;
                text.extend_from_slice(b" \"");
                match column {
                    Some(_) => text.extend_from_slice(&line[value.range()]),
                    // As many bytes, none of which ends the string.
                    None => text.extend(line.iter().map(|b| if matches!(b, b'"' | b'\\') { b'_' } else { *b })),
                }
                text.push(b'"');
                claim(text, value);
                number < LINES
            }
        }
    }
}

/// Is `name` a command as [`Named::line`] gives it, whose last argument stands in the line?
pub fn is_command(name: &[u8]) -> bool {
    name.starts_with(MONITORED)
}

/// One of the numbers in front of a command?
pub fn is_number(line: &[u8]) -> bool {
    (1..=20).contains(&line.len()) && line.iter().all(u8::is_ascii_digit)
}

/// The address of a client, which stands behind the last argument: `127.0.0.1:58217`, `[::1]:58217`, `/tmp/redis.sock:0`.
fn is_client(line: &[u8]) -> bool {
    let Some(colon) = memchr::memrchr(b':', line) else { return false };
    let (host, port) = (&line[..colon], &line[colon + 1..]);
    let address = memchr_iter(b'.', host).count() == 3 && host.iter().all(|b| b.is_ascii_digit() || *b == b'.');
    is_number(port) && (address || host.starts_with(b"/") || host.starts_with(b"[") && host.ends_with(b"]"))
}

/// The last item of a list in `line`, `4) 1) "AUTH"`: in which column its number stands, the number, and the inside of its
/// string.
fn numbered(line: &[u8]) -> Option<(usize, usize, Span)> {
    let mut at = line.iter().take_while(|b| **b == b' ').count();
    loop {
        let digits = line[at..].iter().take(6).take_while(|b| b.is_ascii_digit()).count();
        let rest = line[at + digits..].strip_prefix(b") ").filter(|_| digits > 0)?;
        let column = at;
        at += digits + 2;
        if rest.first() == Some(&b'"') {
            let end = closing(line, at + 1, quote_at(line, at)).filter(|end| *end + 1 == line.len())?;
            let number = std::str::from_utf8(&line[column..column + digits]).ok()?.parse().ok()?;
            return Some((column, number, Span::new(at + 1, end)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The lines with `#` for what is claimed behind the first one that tells something; `pin` and kin are sensitive.
    fn read(lines: &[&'static str]) -> Vec<String> {
        let (mut open, mut before): (Option<Named>, Vec<&[u8]>) = (None, Vec::new());
        let mut one = |line: &&'static str| {
            let mut spans = Vec::new();
            let text = line.as_bytes();
            let goes_on = open.as_mut().map(|named| named.line(text, &mut |_, span| spans.push(span)));
            if goes_on == Some(false) {
                open = None;
            }
            if open.is_none() && matches!(end_of(text), Some(End::Named(_))) {
                let before = std::mem::take(&mut before);
                let own = Named::by(text, &mut |name| name.starts_with(b"pin"));
                open = own.or_else(|| Named::by_command(text, before.iter().rev().copied()));
            }
            before.push(text);
            crate::block::hidden(line, &spans)
        };
        lines.iter().map(&mut one).collect()
    }

    #[test]
    fn lines_are_known_by_their_ends() {
        let mut found = Vec::new();
        let text = b"a,pin\nx y\r\n? pin\r\n4) 1) \"AUTH\"\n\"a\";\"pin\"\n{\"a\":1}\nx: pin\na, b\na\tb\nSET\n{\"a\":\"<pin>\"}";
        assert!(!find(text, &mut found));
        assert_eq!(found, [2, 13, 24, 35, 63, 65, 79]);
        assert!(find(b"x IN (\r\n1)", &mut found) && find(b"x in (\n1)", &mut found));
        assert!(!find(b"main (\nx IN (1)\nx in(\nwhy?\n[1]\n100%s\n", &mut found));
        for text in [&b"x = %s\ny"[..], b"a = $1 -- [2]"] {
            assert!(find(text, &mut found));
        }
        assert_eq!(found.len(), 7);
    }

    #[test]
    fn what_was_named_is_claimed_in_the_next_lines() {
        let cases: &[(&[&'static str], &[&str])] = &[
            (
                &["x", "a,pin", "1,b", "2,\"c", "d\"", "no,more,x", "3,e"],
                &["x", "a,pin", "1,#", "2,\"#", "#\"", "no,more,x", "3,e"],
            ),
            (&["a, pin", "1, b"], &["a, pin", "1, b"]),
            (&["a,pin", "1,b,c"], &["a,pin", "1,b,c"]),
            (&["? pin", ": x y", ": z"], &["? pin", ": #", ": z"]),
            (&["  ? \"pin\"", "  : \"x\" # y", "  : z"], &["  ? \"pin\"", "  : \"#\" # y", "  : z"]),
            (&["? pin", ": |", "  x", "", "  y", "z"], &["? pin", ": |", "  #", "", "  #", "z"]),
            (&["? pin", "  : x"], &["? pin", "  : x"]),
            (&["a ? pin", ": x"], &["a ? pin", ": x"]),
            (
                &["4) 1) \"SET\"", "   2) \"a\"", "   3) \"x y\"", "5) \"z\""],
                &["4) 1) \"SET\"", "   2) \"#\"", "   3) \"#\"", "5) \"z\""],
            ),
            (
                &["14", "1309448221", "15", "SET", "a", "x \"y\"", "127.0.0.1:58217", "z"],
                &["14", "1309448221", "15", "SET", "#", "#", "127.0.0.1:58217", "z"],
            ),
            (&["x", "1309448221", "15", "SET", "a"], &["x", "1309448221", "15", "SET", "a"]),
            (&["   2) \"SET\"", "   3) \"a\""], &["   2) \"SET\"", "   3) \"a\""]),
        ];
        for (lines, expected) in cases {
            assert_eq!(read(lines), *expected);
        }
    }
}
