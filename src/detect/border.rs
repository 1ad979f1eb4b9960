//! Where an unquoted value ends: at what was opened before its key, at the next item of a list, at the next key.

use super::argument::{ARGUMENT, argument_end};
use super::key::Key;
use super::vocabulary::Vocabulary;
use crate::format::ESCAPES;
use crate::format::quote::is_quote;
use crate::slashes;
use std::cell::OnceCell;

/// How far back an opening bracket or quote is looked for.
const BACK: usize = 512;

/// What was opened before a key: brackets, quotes and the argument of a command. Each is looked for once, as a value may have
/// many words, and hold much that closes.
pub struct Outer<'a> {
    text: &'a [u8],
    key: &'a Key,
    /// Where its value ends at the latest.
    limit: usize,
    /// Whether one bracket of each kind is open, once it was asked.
    brackets: [Option<bool>; 3],
    /// Whether a single and a double quote is.
    quotes: [Option<bool>; 2],
    /// Where the argument ends, if there is one.
    argument: OnceCell<Option<usize>>,
}

impl<'a> Outer<'a> {
    /// Of `key`, whose value ends at `limit` at the latest.
    pub fn of(text: &'a [u8], key: &'a Key, limit: usize) -> Outer<'a> {
        Outer { text, key, limit, brackets: [None; 3], quotes: [None; 2], argument: OnceCell::new() }
    }

    /// Does the closing bracket at `at` belong to one of them, and does the value end there?
    pub fn closes(&mut self, at: usize) -> bool {
        // Behind it, another one like its own may open: `[a:b][c:d]`.
        let again = |b: u8| matches!((self.text[at], b), (b')', b'(') | (b']', b'[') | (b'}', b'{'));
        let ends = |b: &u8| b" \t\r\n\x1B,;.)]}<>\"'`\\|:&/".contains(b) || again(*b);
        self.text[..self.limit].get(at + 1).is_none_or(ends) && self.has(self.text[at])
    }

    /// Is a string in quotes of this kind open?
    pub fn quote(&mut self, quote: u8) -> bool {
        *self.quotes[usize::from(quote == b'"')].get_or_insert_with(|| opened_before(self.text, self.key.start, quote))
    }

    /// Where the argument of a command ends that was quoted as a whole. Blanks belong to the value until there.
    pub fn argument(&self) -> Option<usize> {
        *self.argument.get_or_init(|| argument_end(self.text, self.key, self.limit))
    }

    fn has(&mut self, close: u8) -> bool {
        let (kind, open) = match close {
            b')' => (0, b'('),
            b']' => (1, b'['),
            _ => (2, b'{'),
        };
        // `[password=x] [next=y]`, `Login[password=x]`; but `[password]=x` and `user[password]=x` are names.
        let name = &self.text[self.key.name.range()];
        let opened = || memchr::memrchr2(b'[', b']', name).is_some_and(|at| name[at] == b'[');
        if close == b']' && self.text.get(self.key.name.end) != Some(&b']') && opened() {
            return true;
        }
        let before = &self.text[self.key.start.saturating_sub(BACK)..self.key.start];
        let mut depth = 0i32;
        *self.brackets[kind].get_or_insert_with(|| {
            before.iter().rev().any(|&b| {
                depth += i32::from(b == close) - i32::from(b == open);
                depth < 0
            })
        })
    }
}

/// How far back an apostrophe that opens a whole message is looked for: what Python prints of a body may be long.
const LONG_BACK: usize = 16 << 10;

/// So many apostrophes with a backslash are passed over on the way.
const MOST_ESCAPED: usize = 32;

/// Was a quote opened before `start`, where a key begins, and not closed since?
pub fn opened_before(text: &[u8], start: usize, quote: u8) -> bool {
    let from = start.saturating_sub(if quote == b'\'' { LONG_BACK } else { BACK });
    let before = &text[from..start];
    // One with a backslash belongs to the string.
    let escaped = |at: &usize| quote == b'\'' && *at > 0 && before[*at - 1] == b'\\';
    let mut quotes = memchr::memrchr_iter(quote, before).take(MOST_ESCAPED);
    let Some(last) = quotes.find(|at| !escaped(at)) else { return false };
    // An opening quote follows a blank or a bracket, or the letter of a byte string; an apostrophe or a closing quote
    // follows a word.
    let begins = |at: usize| at == 0 || b" \t([{,=:>$@".contains(&before[at - 1]) || ends_colour(&before[..at]);
    let start = begins(last) || matches!(before[last - 1], b'b' | b'u' | b'r' | b'B') && begins(last - 1);
    start && before.get(last + 1).is_none_or(|b| quote == b'"' || !b" \t,)]}".contains(b))
}

/// Does `text` end in a colour of terminals, `ESC [ 32 m`, the escape spelled or not?
fn ends_colour(text: &[u8]) -> bool {
    let Some(text) = text.strip_suffix(b"m") else { return false };
    let parameters = text.iter().rev().take(16).take_while(|b| b.is_ascii_digit() || **b == b';').count();
    let Some(text) = text[..text.len() - parameters].strip_suffix(b"[") else { return false };
    text.ends_with(b"\x1b") || ESCAPES.iter().any(|escape| text.ends_with(escape))
}

/// Does a line break stand here as Apache's HTTP client writes it into its wire log: `[\r][\n]`?
pub fn is_wire_break(text: &[u8], at: usize) -> bool {
    let inside = &text[at + 1..];
    let slashes = slashes::leading(inside);
    slashes > 0 && matches!(inside[slashes..], [b'r' | b'n', b']', ..])
}

pub fn ends_quote(text: &[u8], at: usize) -> bool {
    text.get(at + 1).is_none_or(|b| b" \t\r\n,;)]}>:.&|\"\\".contains(b))
}

/// Does the quote at `at` close a string that was opened on an earlier line, as those of CSV and logfmt may be? It is the first
/// in the value that begins at `start`, and what follows could not follow it inside of one.
pub fn closes_line_before(text: &[u8], start: usize, at: usize) -> bool {
    let word = at > start && !b" \t=,;([{".contains(&text[at - 1]);
    // In a cell of a CSV it is doubled.
    let behind = at + 1 + usize::from(text.get(at + 1) == Some(&b'"'));
    word && text.get(behind).is_none_or(|b| b" \t\r\n,;)]}>".contains(b)) && !text[start..at].contains(&b'"')
}

/// Is the key of an object that Python or Ruby print: `<User id=7 phone=…>`?
pub fn in_angles(text: &[u8], key: &Key) -> bool {
    let before = &text[key.start.saturating_sub(BACK)..key.start];
    memchr::memrchr2(b'<', b'>', before).is_some_and(|at| {
        before[at] == b'<' && before.get(at + 1).is_some_and(|b| b.is_ascii_alphabetic() || *b == b'#')
    })
}

/// Is the key part of a URL query?
pub fn in_query(text: &[u8], key: &Key) -> bool {
    key.start > 0 && matches!(text[key.start - 1], b'?' | b'&') || text[..key.start].ends_with(b"&amp;")
}

/// Is the value at `at` one of a query or a form, where it ends at an ampersand: `?cookie=x&page=2`, `cookie=a%3Dx&page=2`?
pub fn in_form(text: &[u8], key: &Key, at: usize) -> bool {
    let word = || text[at..].iter().position(|b| !b.is_ascii_alphanumeric() && !b"-._~%+*".contains(b));
    text[..at].ends_with(b"=") && (in_query(text, key) || word().is_some_and(|end| end > 0 && text[at + end] == b'&'))
}

/// Does this byte part the pairs of a query, or the settings of a connection string, among which the key stands? A value that
/// holds it has it encoded or is quoted there: `login=jo&passwd=x&.save=1`, `user=jo;password=x;ok`.
pub fn ends_setting(text: &[u8], key: &Key, byte: u8) -> bool {
    matches!(byte, b'&' | b';') && key.start > 0 && text[key.start - 1] == byte && text.get(key.name.end) == Some(&b'=')
}

/// Does this byte end a parameter of a URL: the `#` behind a query, or the `?` behind the session id that servlets write into
/// the path (Jakarta Servlet 6.0, section 7.1.3)?
pub fn ends_parameter(text: &[u8], key: &Key, byte: u8) -> bool {
    if byte == b'#' {
        return in_query(text, key);
    }
    key.start > 0 && text[key.start - 1] == b';' && text[key.name.range()].eq_ignore_ascii_case(b"jsessionid")
}

/// Is the backslash run that starts at `at` the escape of a line end or tab inside a string of this level?
pub fn ends_line(text: &[u8], at: usize, level: u32) -> bool {
    let slashes = slashes::leading(&text[at..]);
    let own = 1usize << level.min(16);
    if !matches!(text.get(at + slashes), Some(b'n' | b'r' | b't')) || at > 0 && text[at - 1] == b'\\' {
        return false;
    }
    // Python doubles the backslashes of what it prints in apostrophes; a path, `C:\\new`, goes on with letters.
    let next = (at + slashes + 1).min(text.len());
    let doubled = || is_next_pair(text, next) || text.get(next).is_some_and(|b| b" \\\"'-}])<#".contains(b));
    slashes % (own * 2) >= own || slashes > own && doubled()
}

/// Is the backslash run that starts at `at` the escape of the line end that the string is closed behind, `…\\n"`? Where
/// Python prints JSON in apostrophes, that has twice as many. `text` ends where the string does.
pub fn ends_message(text: &[u8], at: usize) -> bool {
    let slashes = slashes::leading(&text[at..]);
    text[at + slashes..] == *b"n"
}

/// Does the `,`, `;`, `&` or `|` at `at` end an item of a list: a blank, the end, or the next `key=` follows?
pub fn ends_item(text: &[u8], at: usize) -> bool {
    // The `&` of a query, as HTML spells it, and again in HTML.
    if text[at..].starts_with(b"&amp;") {
        let spelled = text[at + 1..].chunks_exact(4).take(4).take_while(|chunk| *chunk == b"amp;").count();
        return is_next_pair(text, at + 1 + 4 * spelled);
    }
    match text.get(at + 1) {
        None | Some(b' ' | b'\t' | b'\r' | b'\n' | b'"' | b'\'' | b'}' | b')' | b']' | b'\\') => true,
        Some(_) => is_next_pair(text, at + 1),
    }
}

/// Does `key=` or `key:` start at `at`?
pub fn is_next_pair(text: &[u8], at: usize) -> bool {
    let rest = &text[at..text.len().min(at + 48)];
    let quoted = rest.first().is_some_and(|&b| is_quote(b));
    let name = rest[usize::from(quoted)..]
        .iter()
        .take_while(|b| b.is_ascii_alphanumeric() || **b >= 0x80 || b"_-.[]$@% ".contains(b))
        .count();
    // `[street=12 Rue Lepic][x=1]`: what closes no bracket of its own is no part of a name.
    let own = &rest[usize::from(quoted)..usize::from(quoted) + name];
    if memchr::memchr2(b'[', b']', own).is_some_and(|at| own[at] == b']') {
        return false;
    }
    let begins =
        rest.get(usize::from(quoted)).is_some_and(|b| b.is_ascii_alphabetic() || *b >= 0x80 || b"_$@-".contains(b));
    let after = usize::from(quoted) + name + usize::from(quoted);
    let after = rest.get(after + usize::from(rest[after.min(rest.len())..].starts_with(br"\=")));
    // A blank inside is for connection strings only (`;Connection Timeout=30`).
    let blanks = rest[..(usize::from(quoted) + name).min(rest.len())].contains(&b' ');
    begins
        && match after {
            Some(b'=') => !blanks || at > 0 && text[at - 1] == b';' && begins_setting(rest),
            Some(b':') => !blanks,
            _ => false,
        }
}

/// Is the first word one that names of several words in connection strings begin with: `User Id`, `data source`?
fn begins_setting(name: &[u8]) -> bool {
    static FIRST: Vocabulary = Vocabulary::new(
        "user data initial integrated persist application connect connection command max min trust ssl network server load \
        pool pooling multiple current workstation packet attach failover host database default old allow convert treat",
    );
    let word = name.iter().take_while(|b| b.is_ascii_alphabetic()).count();
    name.first().is_some_and(u8::is_ascii_uppercase) || FIRST.has(&name[..word])
}

/// Where the string in doubled quotes ends that was opened before `key`, as JSON in a cell of a CSV has them:
/// `"{""env"":[""PASSWORD=x""]}"`; `limit` if there is none.
pub fn doubled_end(text: &[u8], key: &Key, at: usize, limit: usize) -> usize {
    const TWO: &[u8] = b"\"\"";
    let before = &text[key.start.saturating_sub(BACK)..key.start];
    // The last quote is one of them: those inside of such a string are doubled again.
    let quote = if key.quote.is_none() { memchr::memrchr(b'"', before) } else { None };
    let Some(open) = quote.and_then(|last| last.checked_sub(1)).filter(|open| before[*open] == b'"') else {
        return limit;
    };
    let opens = (open == 0 || b" \t([{,=:\"".contains(&before[open - 1]))
        && before.get(open + 2).is_none_or(|b| !b" \t,:;}])\r\n".contains(b));
    if !opens || at >= limit {
        return limit;
    }
    let ends = |end: &usize| text[..limit].get(end + 2).is_none_or(|b| b",)]}:; \t\r\n\\\"".contains(b));
    let inside = &text[..limit.min(at + ARGUMENT)];
    memchr::memmem::find_iter(&inside[at..], TWO).map(|i| at + i).find(ends).unwrap_or(limit)
}

/// Does the next key stand at `at`, of two words as forms have them: `Last name: `, `Card number: `? In front of any other
/// word than those of forms stands the end of a name: `Jo Fakename status: `.
fn is_next_phrase(text: &[u8], at: usize) -> bool {
    static HEADS: Vocabulary = Vocabulary::new("name names number code");
    static QUALIFIES: Vocabulary = Vocabulary::new(
        "First Last Middle Given Family Full Maiden Display Legal Birth Phone Mobile Cell Home Work Office Fax Email Mail Postal Post \
        Zip Street Billing Shipping Delivery Account Bank Card Credit Debit Order Invoice Customer Client Patient User Member Staff \
        Employee Passport Licence License Driver National Tax Social Insurance Policy Date Place Country City State Marital \
        Medical Emergency Contact Next Start End Created Updated Request Session Payment Total",
    );
    let rest = &text[at..text.len().min(at + 48)];
    let word = |text: &[u8]| text.iter().take_while(|b| b.is_ascii_alphabetic()).count();
    let first = word(rest);
    if first == 0 || rest.get(first) != Some(&b' ') {
        return false;
    }
    let second = word(&rest[first + 1..]);
    let known = QUALIFIES.has(&rest[..first])
        || HEADS.has(&rest[first + 1..first + 1 + second])
        || rest[0].is_ascii_lowercase();
    second > 2 && known && rest[first + 1].is_ascii_lowercase() && rest[first + 1 + second..].starts_with(b": ")
}

/// As [`is_next_pair`], behind a value of `key`; also with blanks round the equals sign if that of the key has them:
/// `Id = 1, Name = x`.
pub fn is_next_of(text: &[u8], key: &Key, at: usize) -> bool {
    if is_next_phrase(text, at) {
        return true;
    }
    if is_next_pair(text, at) || !text[key.name.end..].starts_with(b" = ") {
        return is_next_pair(text, at);
    }
    let name = text[at..].iter().take(48).take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count();
    name > 0 && text[at].is_ascii_alphabetic() && text[at + name..].starts_with(b" = ")
}

/// Does a new header start behind the separator at `at`: `; Accept-Encoding: gzip`?
pub fn is_next_header(text: &[u8], at: usize) -> bool {
    // Asked at the first of several.
    if at > 0 && b" ;,".contains(&text[at - 1]) {
        return false;
    }
    let rest = &text[at..];
    let skip = rest.iter().take_while(|b| b" ;,".contains(b)).count();
    let name = rest[skip..].iter().take(48).take_while(|b| b.is_ascii_alphanumeric() || **b == b'-').count();
    name > 1 && rest[skip].is_ascii_uppercase() && rest[skip + name..].starts_with(b": ")
}

/// Small words inside names.
const PARTICLES: [&[u8]; 31] = [
    b"van", b"von", b"de", b"der", b"den", b"di", b"da", b"do", b"dos", b"das", b"del", b"della", b"delle", b"dei",
    b"la", b"le", b"les", b"los", b"las", b"du", b"des", b"bin", b"al", b"el", b"y", b"und", b"ter", b"ten", b"zum",
    b"zur", b"c/o",
];

/// Kinds of streets as they are written in lower case behind the number of a house: `12 rue de la Paix`.
const STREETS: [&[u8]; 18] = [
    b"rue",
    b"avenue",
    b"av",
    b"av.",
    b"bd",
    b"bd.",
    b"boulevard",
    b"place",
    b"chemin",
    b"route",
    b"quai",
    b"impasse",
    b"cours",
    b"square",
    b"passage",
    b"bis",
    b"calle",
    b"street",
];

/// Does the number of a house end at `end`, and a kind of street stand at `next`?
pub fn is_street(text: &[u8], end: usize, next: usize) -> bool {
    let word = text[next..].iter().take(12).take_while(|b| b.is_ascii_alphabetic() || **b == b'.').count();
    end > 0
        && (text[end - 1].is_ascii_digit() || text[..end].ends_with(b" bis"))
        && (STREETS.contains(&&text[next..next + word]) || text[next..].starts_with("allée".as_bytes()))
}

/// Is `value` a number of as many digits as phones and accounts have, and `rest` a word with a capital or of a script without, which is no more of it:
/// `030 000000 Faketown`?
pub fn ends_number(value: &[u8], rest: &[u8]) -> bool {
    let letters = rest.iter().take_while(|b| b.is_ascii_alphabetic() || **b >= 0x80).count();
    let digits = || value.iter().filter(|b| b.is_ascii_digit()).count();
    letters > 2
        && (rest[0].is_ascii_uppercase() || rest[0] >= 0x80)
        && value.iter().all(|b| b.is_ascii_digit() || b" +()-./".contains(b))
        && digits() > 6
}

/// Does this look like one more word of a name, an address, a date or a grouped number?
pub fn continues(rest: &[u8], comma: bool) -> bool {
    let word = rest.iter().take_while(|b| !b.is_ascii_whitespace() && **b != b',').count();
    let word = &rest[..word];
    match word.first() {
        None => false,
        Some(first) if first.is_ascii_uppercase() || *first >= 0x80 => true,
        // A key of digits: `2fa=on`.
        Some(first) if first.is_ascii_digit() && word.contains(&b'=') => false,
        // `(0) 30`, `(Flat 2)`; with `(id 7)` a note begins.
        Some(b'(') if word.get(1).is_some_and(u8::is_ascii_lowercase) => false,
        Some(first) if first.is_ascii_digit() || b"(+#".contains(first) => !comma || word.len() < 12,
        // `d'Alésia`
        Some(b'd' | b'l') if matches!(word, [_, b'\'', b'A'..=b'Z' | 0x80.., ..]) => true,
        // `el-Haddad`
        Some(_) => {
            let dash = word
                .iter()
                .position(|b| *b == b'-')
                .filter(|dash| word[dash + 1..].first().is_some_and(u8::is_ascii_uppercase));
            PARTICLES.contains(&&word[..dash.unwrap_or(word.len())])
        }
    }
}
