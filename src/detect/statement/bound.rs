//! Values that a statement binds, which loggers write behind it or in the lines below: SQLAlchemy's `[generated in 0.1s] (…)`
//! (docs.sqlalchemy.org, "Configuring Logging"), TypeORM's `-- PARAMETERS: […]`, Sequelize's `; […]` and `; "x", 7`, MyBatis' `==> Parameters:
//! x(String)`, Hibernate's `binding parameter (1:VARCHAR) <- [x]`, and `"params":[…]` beside the statement in JSON.

use super::LONGEST;
use crate::detect::dialect::sql;
use crate::format::quote::{behind, closing, is_quote, quote_at};
use crate::slashes;
use crate::span::Span;
use memchr::{memchr, memmem};

/// Most values of a list.
const MOST: usize = 512;
/// Bytes in front of a list in a line that holds nothing else.
const NEAR: usize = 40;
/// How deep the brackets of one may be.
const DEEPEST: usize = 8;
/// Words in front of a list of such values, the longest first.
const WORDS: [&[u8]; 9] =
    [b"parameters", b"bindings", b"arguments", b"values", b"params", b"binds", b"bind", b"args", b"array"];
/// What MyBatis has in front of them.
const MYBATIS: &[u8] = b"Parameters: ";
/// What Hibernate has in front of one.
const HIBERNATE: &[u8] = b"binding parameter ";

/// The sensitive columns that a statement binds, by the number of the parameter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Bound(Vec<Option<Vec<u8>>>);

impl Bound {
    /// Is none of them sensitive?
    pub(super) fn is_empty(&self) -> bool {
        self.0.iter().all(Option::is_none)
    }

    /// Notes the `expression` that gives the column its value, if that is a parameter.
    pub(super) fn note(&mut self, expression: &[u8], column: Option<&[u8]>) {
        let Some(number) = parameter(expression, self.0.len()).filter(|number| *number < MOST) else { return };
        if self.0.len() <= number {
            self.0.resize(number + 1, None);
        }
        self.0[number] = column.map(<[u8]>::to_vec);
    }

    /// Notes the parameters of the conditions and assignments in `text`: `password = ?`, `token IN (%s)`. Where the last of them
    /// ends, if there are any and it is SQL.
    pub(super) fn conditions(&mut self, text: &[u8], sensitive: &impl Fn(&[u8]) -> bool) -> Option<usize> {
        const VERBS: [&[u8]; 7] = [b"SET ", b"set ", b"WHERE ", b"where ", b"LIMIT ", b" AND ", b"HAVING "];
        let (mut at, mut found) = (0, None);
        while let Some(sign) = memchr::memchr3(b'?', b'$', b'%', &text[at..]).map(|i| at + i) {
            if found.is_none() && !VERBS.iter().any(|verb| memmem::find(&text[..sign], verb).is_some()) {
                return None;
            }
            let word = text[sign + 1..].iter().take(8).take_while(|b| b.is_ascii_alphanumeric()).count();
            let end = sign + 1 + word;
            at = sign + 1;
            // `WHERE a = 'x?'`: no text is a parameter.
            if parameter(&text[sign..end], 0).is_none()
                || !matches!(text.get(sign.wrapping_sub(1)), Some(b' ' | b'=' | b'(' | b','))
            {
                continue;
            }
            let before = text[..sign].trim_ascii_end();
            let before = before.strip_suffix(b"(").unwrap_or(before).trim_ascii_end();
            let words = before.iter().rev().take(5).take_while(|b| b.is_ascii_alphabetic()).count();
            let compared = ["in", "like", "ilike"]
                .iter()
                .any(|it| before[before.len() - words..].eq_ignore_ascii_case(it.as_bytes()));
            let operator = before.iter().rev().take(2).take_while(|b| b"=<>!".contains(b)).count();
            let operator = before.len() - if compared { words } else { operator };
            let column = (operator < before.len()).then(|| sql::column_before(text, operator)).flatten();
            let name = column.map(|span| unquoted(&text[span.range()]));
            let column = name.filter(|name| name.len() <= LONGEST && sensitive(name));
            self.note(&text[sign..end], column);
            (at, found) = (end, Some(end));
        }
        found
    }

    /// Claims the values that `text` binds from `from` on, behind the statement itself, or with `below` in a line below it. What was
    /// found: `None`, or whether more may follow.
    pub(super) fn claim(
        &self,
        text: &[u8],
        from: usize,
        below: bool,
        claim: &mut impl FnMut(&[u8], Span),
    ) -> Option<bool> {
        let mut put = |number: usize, span: Span| {
            if let Some(Some(name)) = self.0.get(number).filter(|_| !span.is_empty()) {
                claim(name, span);
            }
        };
        if below && let Some((number, value)) = hibernate(text) {
            put(number, value);
            return Some(true);
        }
        let mybatis = if below { memmem::find(text, MYBATIS).map(|at| at + MYBATIS.len()) } else { None };
        if let Some(start) = mybatis.filter(|start| !matches!(text.get(*start), None | Some(b'[' | b'{' | b'('))) {
            typed(text, start, self.0.len(), &mut put);
            return Some(false);
        }
        if !below && let Some(values) = listed(text, from, self.0.len()) {
            values.iter().enumerate().for_each(|(number, value)| put(number, *value));
            return Some(false);
        }
        let mut at = from;
        while let Some(open) = memchr::memchr3(b'[', b'(', b'{', &text[at..]).map(|i| at + i) {
            let introduced = introduced(text, from, open) && (!below || open - from < NEAR);
            if (introduced || below && begins(text, open))
                && let Some(rows) = rows(text, open, self.0.len())
            {
                rows.iter().flat_map(|row| row.iter().enumerate()).for_each(|(number, value)| put(number, *value));
                return Some(false);
            }
            at = open + 1;
        }
        None
    }

    /// Claims the values that JSON has in front of the statement, `"bindings":["x",7],"sql":"insert …`; false if there are none.
    pub(super) fn claim_in_front(&self, text: &[u8], claim: &mut impl FnMut(&[u8], Span)) -> bool {
        let mut opens = memchr::memchr_iter(b'[', text)
            .filter(|open| text[..*open].trim_ascii_end().ends_with(b":") && introduced(text, 0, *open));
        let Some(rows) = opens.find_map(|open| rows(text, open, self.0.len())) else { return false };
        for (number, value) in rows.iter().flat_map(|row| row.iter().enumerate()) {
            if let Some(Some(name)) = self.0.get(number).filter(|_| !value.is_empty()) {
                claim(name, *value);
            }
        }
        true
    }
}

/// The name of a column without the quotes around it.
fn unquoted(name: &[u8]) -> &[u8] {
    let is_mark = |b: &u8| b"\"`\\".contains(b);
    let start = name.iter().take_while(|b| is_mark(b)).count();
    &name[start..name.iter().rposition(|b| !is_mark(b)).map_or(start, |last| last + 1)]
}

/// Does another statement begin in `text`, so that its parameters are none of the one before?
pub(super) fn begins_other(text: &[u8]) -> bool {
    const VERBS: [&[u8]; 8] =
        [b"SELECT ", b"UPDATE ", b"DELETE ", b"INSERT ", b"select ", b"update ", b"delete ", b"insert "];
    VERBS.iter().any(|verb| memmem::find(text, verb).is_some())
}

/// The number of the parameter that `expression` is, from 0 on, with so many before it: `?`, `%s`, `$1`, `:1`, `@p0`.
fn parameter(expression: &[u8], before: usize) -> Option<usize> {
    let number = |digits: &[u8]| std::str::from_utf8(digits).ok()?.parse::<usize>().ok();
    // PostgreSQL's casts: `$1::VARCHAR`.
    let expression = &expression[..memmem::find(expression, b"::").unwrap_or(expression.len())];
    match expression {
        b"?" | b"%s" => Some(before),
        [b'$' | b':' | b'?', digits @ ..] => number(digits)?.checked_sub(1),
        [b'@', b'p' | b'P', digits @ ..] => number(digits),
        _ => None,
    }
}

/// Does a word that says so stand in front of the bracket at `open`, or the end of the statement?
fn introduced(text: &[u8], from: usize, open: usize) -> bool {
    let before = &text[from..open];
    let end = before.iter().rposition(|b| !b" \\\":='".contains(b)).map_or(0, |last| last + 1);
    let parted = end < before.len();
    let word = &before[..end];
    word.ends_with(b";") && parted && text[open] == b'['
        || WORDS.iter().any(|known| {
            let begin = word.len().checked_sub(known.len());
            begin.is_some_and(|begin| {
                word[begin..].eq_ignore_ascii_case(known)
                    && !word[..begin].last().is_some_and(u8::is_ascii_alphanumeric)
            })
        }) && (parted || word.ends_with(b"array"))
}

/// Does a line of values begin at `open`, behind what SQLAlchemy says of the cache?
fn begins(text: &[u8], open: usize) -> bool {
    const STATES: [&[u8]; 5] = [b"[generated in ", b"[cached since ", b"[no key ", b"[dialect ", b"[raw sql]"];
    let state = |text: &[u8]| STATES.iter().any(|state| memmem::find(text, state).is_some());
    let before = text[..open].trim_ascii();
    let alone = before.is_empty() && !state(&text[open..]);
    text[open] != b'{' && (alone || before.ends_with(b"]") && state(before))
}

/// The rows of a list of `count` values, or of a list of such lists, whose bracket stands at `open`.
fn rows(text: &[u8], open: usize, count: usize) -> Option<Vec<Vec<Span>>> {
    let (items, end) = items(text, open)?;
    if items.len() == count && !items.iter().any(|item| matches!(text[item.start], b'(' | b'[')) {
        return Some(vec![items.iter().map(|item| value(text, text[open], *item)).collect()]);
    }
    // Of many SQLAlchemy leaves some out, in the middle.
    let (mut rows, mut at) = (Vec::new(), open + 1);
    while let Some(inner) = memchr::memchr2(b'(', b'[', &text[at..end]).map(|i| at + i) {
        let (items, behind) = self::items(text, inner)?;
        if items.len() != count {
            return None;
        }
        rows.push(items.iter().map(|item| value(text, text[inner], *item)).collect());
        at = behind.max(inner + 1);
        if at >= end {
            break;
        }
    }
    (!rows.is_empty()).then_some(rows)
}

/// What stands between the commas of the brackets at `open`, and where they end.
fn items(text: &[u8], open: usize) -> Option<(Vec<Span>, usize)> {
    let (mut items, mut start, mut at, mut depth) = (Vec::new(), open + 1, open + 1, 0);
    while at < text.len() {
        match text[at] {
            byte if is_quote(byte) => {
                at = behind(text, closing(text, at + 1, quote_at(text, at))?);
                continue;
            }
            b'[' | b'(' | b'{' => depth += 1,
            b']' | b')' | b'}' | b',' if depth == 0 => {
                let blanks = text[start..at].iter().take_while(|b| **b == b' ').count();
                let item = Span::new(start + blanks, start + text[start..at].trim_ascii_end().len().max(blanks));
                // `(x,)` is a tuple of one.
                if !item.is_empty() || text[at] == b',' {
                    items.push(item);
                }
                start = at + 1;
                if text[at] != b',' {
                    return Some((items, at));
                }
            }
            b']' | b')' | b'}' => depth -= 1,
            _ => {}
        }
        if items.len() > MOST || depth > DEEPEST {
            return None;
        }
        at += 1;
    }
    None
}

/// What to hide of an item: the inside of a string, a number; behind its number where the brackets are those of an object.
fn value(text: &[u8], bracket: u8, item: Span) -> Span {
    let mut start = item.start;
    if bracket == b'{' {
        let Some(colon) = memchr(b':', &text[item.range()]).map(|i| item.start + i + 1) else { return item };
        start = colon + text[colon..item.end].iter().take_while(|b| **b == b' ').count();
    }
    // Attributes of XML spell their quotes.
    for quote in [&b"&quot;"[..], b"&#34;", b"&#39;", b"&apos;"] {
        let inside = text[start..item.end].strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
        if let Some(inside) = inside {
            return Span::new(start + quote.len(), start + quote.len() + inside.len());
        }
    }
    let lead = text[start..item.end].iter().take(64).take_while(|b| b"buBN\\".contains(b)).count();
    if let Some(open) = Some(start + lead).filter(|open| *open < item.end && is_quote(text[*open])) {
        let close = closing(text, open + 1, quote_at(text, open)).unwrap_or(item.end);
        return Span::new(open + 1, close.min(item.end).max(open + 1));
    }
    let nothing = [&b"None"[..], b"null", b"NULL", b"nil", b"True", b"False", b"true", b"false"];
    if nothing.contains(&&text[start..item.end]) { Span::new(start, start) } else { Span::new(start, item.end) }
}

/// The values behind MyBatis' word, each with its type: `x(String), 7(Integer), null`. Where their count is another one, some
/// of them have such commas themselves: all are hidden as one.
fn typed(text: &[u8], start: usize, count: usize, put: &mut impl FnMut(usize, Span)) {
    let line = &text[start..];
    let line = &line[..memmem::find(line, b"\\").unwrap_or(line.len())];
    let whole = start + line.trim_ascii_end().len();
    let mut values = Vec::new();
    let mut at = start;
    while at < whole {
        let mut end = memmem::find(&text[at..whole], b"), ").map_or(whole, |i| at + i + 1);
        if text[at..whole].starts_with(b"null") {
            end = at + 4;
        }
        let kind = text[at..end].iter().rposition(|b| *b == b'(').filter(|_| text[..end].ends_with(b")"));
        values.push(Span::new(at, kind.map_or(if end == at + 4 { at } else { end }, |kind| at + kind)));
        at = end + 2;
    }
    if values.len() == count {
        values.iter().enumerate().for_each(|(number, value)| put(number, *value));
    } else {
        (0..count).for_each(|number| put(number, Span::new(start, whole)));
    }
}

/// As many values of JSON behind the semicolon that ends a statement: `; "x", 7`.
fn listed(text: &[u8], from: usize, count: usize) -> Option<Vec<Span>> {
    let mut at = from + memchr(b';', &text[from..])? + 1;
    let (mut values, mut lead) = (Vec::new(), &b" "[..]);
    while values.len() < count {
        at += text[at..].strip_prefix(lead).map(|_| lead.len())?;
        lead = b", ";
        let open = at + slashes::leading(&text[at..]);
        if text.get(open) == Some(&b'"') {
            let quote = quote_at(text, open);
            let close = closing(text, open + 1, quote)?;
            values.push(Span::new(open + 1, close));
            at = close + quote.width();
        } else {
            let word = text[at..].iter().take_while(|b| b.is_ascii_alphanumeric() || b"+-.".contains(b)).count();
            let nothing = [&b"null"[..], b"true", b"false"].contains(&&text[at..at + word]);
            let number = text[at..at + word].iter().all(|b| b.is_ascii_digit() || b"+-.eE".contains(b));
            if word == 0 || !nothing && !number {
                return None;
            }
            values.push(Span::new(at, if nothing { at } else { at + word }));
            at += word;
        }
    }
    (count > 0).then_some(values)
}

/// The number, from 0 on, and the value of `binding parameter (1:VARCHAR) <- [x]`, or `[1] as [VARCHAR] - [x]`.
fn hibernate(text: &[u8]) -> Option<(usize, Span)> {
    let at = memmem::find(text, HIBERNATE)? + HIBERNATE.len();
    let rest = text[at..].strip_prefix(b"(").or(text[at..].strip_prefix(b"["))?;
    let digits = rest.iter().take(4).take_while(|b| b.is_ascii_digit()).count();
    let number: usize = std::str::from_utf8(&rest[..digits]).ok()?.parse().ok()?;
    let open = [&b" <- ["[..], b" - ["].iter().find_map(|arrow| memmem::find(rest, arrow).map(|i| i + arrow.len()))?;
    let start = text.len() - rest.len() + open;
    let end = start + memchr::memrchr(b']', &text[start..])?;
    let value = if &text[start..end] == b"null" { Span::new(start, start) } else { Span::new(start, end) };
    Some((number.checked_sub(1)?, value))
}

#[cfg(test)]
mod tests;
