//! Lines that each hold one member of a mapping, `key: value` of YAML or `"key": "value",` of printed JSON: the value of a
//! name in the line before, and what a Secret of Kubernetes holds.

use super::{Body, Claim, Next, blanks, is_block_head, json};
use crate::format::packed::base64;
use crate::format::quote::{closing, is_quote, quote_at};
use crate::span::Span;

/// A line with one member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Member<'t> {
    /// Where its key stands in the line: dashes of a list are in front of it.
    pub column: usize,
    /// The key without quotes.
    pub key: &'t [u8],
    /// Its value, without the comma behind it; may be empty.
    pub value: Span,
}

impl<'t> Member<'t> {
    /// The member that `line` holds; `None` if it holds something else, or more. Keys that name values are short.
    pub fn of(line: &'t [u8]) -> Option<Member<'t>> {
        let mut column = blanks(line);
        while line[column..].starts_with(b"- ") {
            column += 2 + blanks(&line[column + 2..]);
        }
        let quoted = line.get(column).is_some_and(|b| matches!(b, b'"' | b'\''));
        let start = column + usize::from(quoted);
        let length =
            line[start..].iter().take(256).take_while(|b| b.is_ascii_alphanumeric() || b"_-./".contains(b)).count();
        let colon = start + length + usize::from(quoted);
        // An attribute of XML in a line of its own: `name="x"`, with what ends the tag behind the last one.
        let attribute = !quoted && line.get(colon) == Some(&b'=') && line.get(colon + 1) == Some(&b'"');
        if attribute && length > 0 {
            let close = colon + 2 + memchr::memchr(b'"', &line[colon + 2..])?;
            let rest = line[close + 1..].trim_ascii();
            let key = &line[start..start + length];
            let value = Span::new(colon + 1, close + 1);
            return matches!(rest, b"" | b">" | b"/>").then_some(Member { column, key, value });
        }
        if length == 0 || line.get(colon) != Some(&b':') || quoted && line[colon - 1] != line[column] {
            return None;
        }
        let from = colon + 1 + blanks(&line[colon + 1..]);
        // `a:b` is no member.
        if from == colon + 1 && from < line.len() {
            return None;
        }
        let end = line.trim_ascii_end().len().max(from);
        let end = end - usize::from(quoted && end > from && line[end - 1] == b',');
        Some(Member { column, key: &line[start..start + length], value: Span::new(from, end) })
    }

    /// The inside of the value if that is a string in quotes, or all of it without a remark.
    pub fn scalar(&self, line: &[u8]) -> Span {
        let Span { start, end } = self.value;
        if start < end && is_quote(line[start]) {
            let close = closing(&line[..end], start + 1, quote_at(line, start));
            return Span::new(start + 1, close.unwrap_or(end));
        }
        let remark = memchr::memmem::find(&line[start..end], b" #").map_or(end, |at| start + at);
        Span::new(start, start + line[start..remark].trim_ascii_end().len())
    }
}

impl Member<'_> {
    /// Does it say a value to hide?
    pub(super) fn is_value(&self, line: &[u8]) -> bool {
        is_value(line, self.scalar(line))
    }
}

/// Is what the text between the quotes, or without any, says a value to hide? Variables are none.
fn is_value(line: &[u8], span: Span) -> bool {
    let text = &line[span.range()];
    let bare = span.start == 0 || !is_quote(line[span.start - 1]);
    let nothing = matches!(text, b"null" | b"~" | b"true" | b"false") && bare;
    !text.is_empty() && !nothing && ![&b"${"[..], b"{{", b"$("].iter().any(|variable| text.starts_with(variable))
}

/// The member that holds the value, beside the one that holds its name at `column`.
pub(super) fn named(payload: &[u8], column: usize, claim: &mut impl FnMut(Claim)) -> Next {
    let lead = blanks(payload);
    if lead != column || payload[lead..].starts_with(b"- ") {
        return Next::Closed;
    }
    let Some(member) = Member::of(payload) else { return Next::Closed };
    let value = |end: &[u8]| {
        member.key.len() >= end.len() && member.key[member.key.len() - end.len()..].eq_ignore_ascii_case(end)
    };
    if !value(b"value") && !value(b"val") {
        // `type: String` and kin may stand between.
        return if member.value.is_empty() { Next::Closed } else { Next::Open(Body::Named { column }) };
    }
    let text = &payload[member.value.range()];
    if is_block_head(text) {
        return Next::Open(Body::Scalar { indent: column });
    }
    if matches!(text.first(), Some(b'{' | b'[')) {
        return match json::rest(payload, member.value.start, 0, claim) {
            0 => Next::Closed,
            depth => Next::Open(Body::Json { depth }),
        };
    }
    let scalar = member.scalar(payload);
    if is_value(payload, scalar) {
        let number = member.value == scalar && payload[..member.value.start].contains(&b'"');
        claim((scalar, number.then(|| quote_at(b"\"", 0))));
    }
    Next::Closed
}

/// Where in a manifest a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Manifest {
    /// Where the keys of the manifest stand in their lines.
    pub column: usize,
    /// Where those of `data` or `stringData` stand, while in it; 0: not known yet.
    pub inside: Option<usize>,
    /// Its kind was read. kubectl prints it behind the data.
    pub sure: bool,
}

/// A line of a manifest that is a Secret, or may be one: <https://kubernetes.io/docs/concepts/configuration/secret/>.
/// Before its kind is known, only what is base64 of text counts.
pub(super) fn secret(payload: &[u8], at: Manifest, claim: &mut impl FnMut(Claim)) -> Next {
    let Manifest { column, inside, sure } = at;
    let lead = blanks(payload);
    let text = payload[lead..].trim_ascii_end();
    let open = |inside: Option<usize>, sure: bool| Next::Open(Body::Secret(Manifest { column, inside, sure }));
    if text.is_empty() {
        return open(inside, sure);
    }
    if lead < column || text.starts_with(b"---") || lead == column && text.starts_with(b"- ") {
        return Next::Closed;
    }
    if lead == column {
        if matches!(text, b"}" | b"}," | b"]" | b"],") {
            return open(None, sure);
        }
        let Some(member) = Member::of(payload) else { return Next::Closed };
        let value = &payload[member.scalar(payload).range()];
        return match member.key {
            b"kind" if value == b"Secret" => open(None, true),
            b"kind" => Next::Closed,
            b"data" | b"stringData" if matches!(value, b"" | b"{") => open(Some(0), sure),
            _ => open(None, sure),
        };
    }
    let Some(known) = inside else { return open(None, sure) };
    let own = if known == 0 { lead } else { known };
    let hides = |span: Span| sure || is_encoded(&payload[span.range()]);
    match Member::of(payload).filter(|member| member.column == own) {
        Some(member) if is_block_head(&payload[member.value.range()]) => {}
        Some(member) => {
            let mut scalar = member.scalar(payload);
            // A quote in base64 is the end of the string that the manifest stands in.
            let encoded =
                payload[scalar.range()].iter().take_while(|b| b.is_ascii_alphanumeric() || b"+/=".contains(b)).count();
            if is_encoded(&payload[scalar.start..scalar.start + encoded])
                && payload.get(scalar.start + encoded).is_some_and(|b| is_quote(*b))
            {
                scalar.end = scalar.start + encoded;
            }
            if !scalar.is_empty() && hides(scalar) {
                claim((scalar, None));
            }
        }
        // More of the value before.
        None if lead > own => {
            let span = Span::new(lead, lead + text.len());
            if hides(span) {
                claim((span, None));
            }
        }
        None => {}
    }
    open(Some(own), sure)
}

/// Base64 as an API server writes it, of text or of something longer.
fn is_encoded(text: &[u8]) -> bool {
    let body = text.iter().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/')).count();
    let whole = text.len().is_multiple_of(4) && text.len() >= 8 && text[body..].iter().all(|b| *b == b'=');
    whole && text.len() - body < 3 && (body < text.len() || text.len() >= 40 || base64::decode(text).is_some())
}
