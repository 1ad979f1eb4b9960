//! XML: the text of elements and the values of attributes, named by their tag, by an attribute or by the element before:
//! `<password>…</password>`, `<property name="password">…</property>`, `<add value="…" key="password"/>`,
//! `<key>password</key><string>…</string>`.

use super::sibling;
use crate::format::quote::Quote;
use crate::slashes;
use crate::span::Span;
use memchr::{memmem, memrchr};

/// Most bytes of a tag or a name element that are looked at.
const REACH: usize = 512;

/// An end tag: what the element is called and where its text stands.
pub struct Element<'t> {
    /// Without its namespace.
    pub name: &'t [u8],
    /// The text directly inside, if there is any.
    pub text: Span,
    /// Where the start tag begins, if the text directly inside is all there is.
    pub start: Option<usize>,
}

/// The element whose end tag starts at `at`; its start tag is looked for from `floor` on.
pub fn element(text: &[u8], at: usize, floor: usize) -> Option<Element<'_>> {
    let slash = at + memchr::memchr(b'/', &text[at..text.len().min(at + 9)])?;
    let length = text[slash + 1..].iter().take(super::super::key::LONGEST).take_while(|b| is_name(**b)).count();
    let name = local(&text[slash + 1..slash + 1 + length]);
    let open = floor + memrchr(b'>', &text[floor..at])? + 1;
    // The priority in front of a message of syslog is no tag.
    let priority = text[floor..open - 1].iter().rev().take(3).take_while(|b| b.is_ascii_digit()).count();
    if priority > 0 && text[..open - 1 - priority].ends_with(b"<") {
        return None;
    }
    let mut span = without_breaks(text, Span::new(open, at));
    let mut before = open;
    if span.is_empty() && text[..open].ends_with(b"]]>") {
        before = memmem::rfind(&text[floor..open], b"<![CDATA[").map(|i| floor + i)?;
        span = Span::new(before + 9, open - 3);
        // What is printed in a line of its own.
        before = memrchr(b'>', &text[floor..before])
            .map(|i| floor + i + 1)
            .filter(|tag| without_breaks(text, Span::new(*tag, before)).is_empty())
            .unwrap_or(before);
    }
    let from = before.saturating_sub(REACH);
    let start = memrchr(b'<', &text[from..before]).map(|i| from + i).filter(|&i| text.get(i + 1) != Some(&b'/'));
    Some(Element { name, text: span, start })
}

/// `span` without the spelled line breaks at its ends, and what they indent.
fn without_breaks(text: &[u8], span: Span) -> Span {
    let Span { mut start, mut end } = span;
    loop {
        let slashes = slashes::leading(&text[start..end]);
        if slashes == 0 || !matches!(text[start..end].get(slashes), Some(b'n' | b'r' | b't')) {
            break;
        }
        start += slashes + 1;
        start += text[start..end].iter().take_while(|b| **b == b' ').count();
    }
    loop {
        let line = text[start..end].trim_ascii_end();
        let [before @ .., b'n' | b'r' | b't'] = line else { break };
        let slashes = slashes::trailing(before);
        if slashes == 0 {
            break;
        }
        end = start + before.len() - slashes;
    }
    Span::new(start, end)
}

/// Does an end tag of XML or HTML begin at `at`, or a start tag that ends in this text?
pub fn begins_tag(text: &[u8], at: usize) -> bool {
    let rest = &text[at + 1..text.len().min(at + REACH)];
    let name = rest.iter().take_while(|b| b.is_ascii_alphanumeric() || b"-_:.".contains(b)).count();
    match rest.get(name) {
        Some(b'/') => name == 0 || rest.get(name + 1) == Some(&b'>'),
        Some(b'>') => name > 0 && rest[0].is_ascii_alphabetic(),
        // Attributes follow.
        Some(b' ') => {
            name > 0 && memchr::memchr2(b'<', b'>', &rest[name..]).is_some_and(|end| rest[name + end] == b'>')
        }
        _ => false,
    }
}

/// Where the value of an attribute ends whose last byte is a backslash, which escapes nothing there: `p="C:\\a\\"/>`. `inside` is
/// the string as one that escapes quotes, and what follows its end is the rest of a tag.
pub fn attribute_end(text: &[u8], inside: Span, quote: Quote) -> Option<usize> {
    let value = &text[inside.range()];
    let ends = |at: usize| {
        let slashes = slashes::trailing(&value[..at]);
        let rest = &text[inside.start + at + 1..];
        let name =
            rest.strip_prefix(b" ").map_or(0, |rest| 1 + rest.iter().take(64).take_while(|b| is_name(**b)).count());
        let tag = [&b">"[..], b"/>", b" />", b"?>"].iter().any(|end| rest.starts_with(end));
        let next = name > 1
            && rest[name..].starts_with(b"=")
            && rest[name + 1..][slashes::leading(&rest[name + 1..])..].starts_with(&[quote.byte]);
        (slashes == 2 * quote.backslashes() + 1 && (tag || next)).then_some(inside.start + at - quote.backslashes())
    };
    memchr::memchr_iter(quote.byte, value).find_map(ends)
}

/// The name of the element whose start tag begins at `at` and ends at `end`, with nothing behind it.
pub fn opened(text: &[u8], at: usize, end: usize) -> Option<Span> {
    let tag = text[..end].get(at + 1..)?.strip_suffix(b">")?;
    let length = tag.iter().take(super::super::key::LONGEST).take_while(|b| is_name(**b)).count();
    let named = length > 0 && tag.get(length).is_none_or(u8::is_ascii_whitespace);
    let whole = named && !tag.ends_with(b"/") && memchr::memchr2(b'<', b'>', tag).is_none();
    let prefix = length - local(&tag[..length]).len();
    (whole && !is_void(&tag[..length])).then_some(Span::new(at + 1 + prefix, at + 1 + length))
}

/// Void elements: <https://html.spec.whatwg.org/multipage/syntax.html#void-elements>.
fn is_void(name: &[u8]) -> bool {
    const VOID: [&[u8]; 8] = [b"input", b"meta", b"link", b"img", b"br", b"hr", b"source", b"embed"];
    VOID.iter().any(|void| name.eq_ignore_ascii_case(void))
}

/// The name of the element that starts at `start`, if an attribute or the element before says it.
pub fn name_beside(text: &[u8], start: usize) -> Option<Span> {
    let tag = Span::new(start, tag_end(text, start)?);
    if let Some(name) = naming_attribute(text, tag, false) {
        return (!is_page(text, start)).then_some(name);
    }
    // `<name>password</name><value><string>…`: start tags in between belong to the value.
    let mut at = start;
    for _ in 0..3 {
        at -= text[at.saturating_sub(REACH)..at].iter().rev().take_while(|b| b.is_ascii_whitespace()).count();
        let close = text[..at].strip_suffix(b">")?.len();
        let from = close.saturating_sub(REACH);
        let open = from + memrchr(b'<', &text[from..close])?;
        if text.get(open + 1) != Some(&b'/') {
            // `<property name="password"><value>…`, `<Password><Value>…`
            if holds_value(text, start) {
                let alone = || opened(text, open, close + 1).filter(|_| !holds_value(text, open));
                if let Some(name) = naming_attribute(text, Span::new(open, close), false).or_else(alone) {
                    return Some(name);
                }
            }
            at = open;
            continue;
        }
        let from = open.saturating_sub(REACH);
        let inside = from + memrchr(b'>', &text[from..open])? + 1;
        let name = local(&text[open + 2..close]);
        let heads = is_heading(name) || name.eq_ignore_ascii_case(b"td") && is_row_of_two(text, inside - 1, start);
        let names = sibling::is_name_key(name) || heads && is_cell(text, start);
        return (inside < open && names).then_some(Span::new(inside, open));
    }
    None
}

/// Does an element of this name head the next one, in a table or a list (HTML, sections 4.9.10 and 4.4.10)?
fn is_heading(name: &[u8]) -> bool {
    name.eq_ignore_ascii_case(b"th") || name.eq_ignore_ascii_case(b"dt")
}

/// Are the cell whose start tag ends at `first` and the one that starts at `second` all of their row, as in the pages of
/// `phpinfo()`?
fn is_row_of_two(text: &[u8], first: usize, second: usize) -> bool {
    let before = memrchr(b'<', &text[first.saturating_sub(REACH)..first]);
    let before = before.map_or(&text[..0], |at| text[..first.saturating_sub(REACH) + at].trim_ascii_end());
    let row = memrchr(b'<', &before[before.len().saturating_sub(REACH)..]);
    let row = row.map_or(&text[..0], |at| &before[before.len().saturating_sub(REACH) + at..]);
    let behind = &text[second..text.len().min(second + 2 * REACH)];
    let behind = memmem::find(behind, b"</").map_or(&text[..0], |at| &behind[at..]);
    let is = |tag: &[u8], begin: &[u8]| tag.get(..begin.len()).is_some_and(|tag| tag.eq_ignore_ascii_case(begin));
    let end = memchr::memchr(b'>', behind).map_or(&text[..0], |at| behind[at + 1..].trim_ascii_start());
    is(row, b"<tr") && row.ends_with(b">") && is(behind, b"</td") && is(end, b"</tr")
}

/// Is the element that starts at `start` what such a one heads?
fn is_cell(text: &[u8], start: usize) -> bool {
    text.get(start + 1..start + 3)
        .is_some_and(|name| name.eq_ignore_ascii_case(b"td") || name.eq_ignore_ascii_case(b"dd"))
}

/// Is the element that starts at `start` the value of the one around it?
fn holds_value(text: &[u8], start: usize) -> bool {
    let tag = &text[start + 1..];
    let name = local(&tag[..tag.iter().take(32).take_while(|b| is_name(**b)).count()]);
    [&b"value"[..], b"string", b"val", b"content", b"AttributeValue"]
        .iter()
        .any(|value| name.eq_ignore_ascii_case(value))
}

/// A tag near an element.
pub struct Near<'t> {
    /// What it is called, without its namespace.
    pub name: &'t [u8],
    /// The element is in it; else beside it.
    pub holds: bool,
}

/// The tags right in front of the element that starts at `start`, and behind it, if its end tag begins at `end`.
pub fn around(text: &[u8], start: usize, end: usize) -> [Option<Near<'_>>; 2] {
    let named = |at: usize| {
        let slash = usize::from(text.get(at + 1) == Some(&b'/'));
        let from = at + 1 + slash;
        let length = text[from.min(text.len())..].iter().take(64).take_while(|b| is_name(**b)).count();
        (length > 0).then(|| (local(&text[from..from + length]), slash > 0))
    };
    let before = || {
        let close = text[..start].trim_ascii_end().strip_suffix(b">")?.len();
        let from = close.saturating_sub(REACH);
        let (name, ends) = named(from + memrchr(b'<', &text[from..close])?)?;
        Some(Near { name, holds: !ends })
    };
    let behind = || {
        let close = tag_end(text, end)? + 1;
        let blanks = text[close..].iter().take(64).take_while(|b| b.is_ascii_whitespace()).count();
        let (name, ends) = named(close + blanks).filter(|_| text.get(close + blanks) == Some(&b'<'))?;
        Some(Near { name, holds: ends })
    };
    [before(), behind()]
}

/// The name that stands in another attribute of the tag around `at`, where the value of an attribute stands; without one the
/// tag says it, as in FHIR's `<birthDate value="…"/>` (section 2.6.1).
pub fn name_in_tag(text: &[u8], at: usize) -> Option<Span> {
    let tag = tag_around(text, at)?;
    naming_attribute(text, tag, true).or_else(|| {
        let length = text[tag.start + 1..tag.end].iter().take_while(|b| is_name(**b)).count();
        Some(Span::new(tag.start + 1, tag.start + 1 + length))
    })
}

/// The tag that begins before `at` and ends behind it.
fn tag_around(text: &[u8], at: usize) -> Option<Span> {
    let from = at.saturating_sub(REACH);
    let start = from + memrchr(b'<', &text[from..at])?;
    if memchr::memchr(b'>', &text[start..at]).is_some() || !text.get(start + 1)?.is_ascii_alphabetic() {
        return None;
    }
    Some(Span::new(start, tag_end(text, start)?))
}

/// The type of the field `<input type="password" name="x" value="…">` around `at`, which says more than any name (HTML,
/// section 4.10.5.1.6).
pub fn password_field(text: &[u8], at: usize) -> Option<Span> {
    const WORD: &[u8] = b"password";
    let tag = tag_around(text, at)?;
    let from = tag.start + memmem::find(&text[tag.range()], b" type=")? + b" type=".len();
    let start = from + text[from..tag.end].iter().take_while(|b| b"\\\"'".contains(b)).count();
    let word = Span::new(start, start + WORD.len());
    text[..tag.end].get(word.range())?.eq_ignore_ascii_case(WORD).then_some(word)
}

/// Elements of web pages that have a name and show a text of the page.
fn is_page(text: &[u8], start: usize) -> bool {
    const PAGE: [&[u8]; 9] = [b"a", b"label", b"button", b"option", b"select", b"form", b"div", b"span", b"slot"];
    let tag = text[start + 1..].iter().take(8).take_while(|b| is_name(**b)).count();
    PAGE.iter().any(|name| text[start + 1..start + 1 + tag].eq_ignore_ascii_case(name))
}

/// The value of the attribute `name`, `key` or kin; else of `id`, if `ids` count.
fn naming_attribute(text: &[u8], tag: Span, ids: bool) -> Option<Span> {
    let mut by_id = None;
    let mut at = tag.start;
    while let Some(equals) = memchr::memchr(b'=', &text[at..tag.end]).map(|i| at + i) {
        let name = text[tag.start..equals].iter().rev().take_while(|b| is_name(**b)).count();
        let name = local(&text[equals - name..equals]);
        let open = equals + 1 + slashes::leading(&text[equals + 1..tag.end]);
        let quote = *text[..tag.end].get(open).filter(|b| matches!(b, b'"' | b'\''))?;
        // A cell of CSV doubles them.
        let twice = text.get(open + 1) == Some(&quote) && text[open + 2..tag.end].first().is_some_and(|b| is_name(*b));
        let open = open + usize::from(twice);
        let close = open + 1 + memchr::memchr(quote, &text[open + 1..tag.end])?;
        let end = close - slashes::trailing(&text[open + 1..close]);
        let value = Span::new(open + 1, end);
        if sibling::is_name_key(name) {
            return Some(value);
        }
        if ids && name.eq_ignore_ascii_case(b"id") {
            by_id = Some(value);
        }
        at = (close + 1 + usize::from(twice)).min(tag.end);
    }
    by_id
}

fn tag_end(text: &[u8], start: usize) -> Option<usize> {
    Some(start + memchr::memchr(b'>', &text[start..text.len().min(start + 2 * REACH)])?)
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte >= 0x80 || b"_-.:".contains(&byte)
}

fn local(name: &[u8]) -> &[u8] {
    name.rsplit(|&b| b == b':').next().unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_in_attributes_and_before() {
        for (text, name) in [
            (r#"<property name="pin">abc</property>"#, Some("pin")),
            (r#"<string id="x" name='pin'>abc</string>"#, Some("pin")),
            (r#"<string a="" b=""x"" name=""pin"">abc</string>"#, Some("pin")),
            ("<key>pin</key><string>abc</string>", Some("pin")),
            ("<name>pin</name> <value><string>abc</string></value>", Some("pin")),
            ("<property><name>pin</name><value>abc</value></property>", Some("pin")),
            (r#"<property name="pin"><value>abc</value></property>"#, Some("pin")),
            (r#"<property name="pin"><ref>abc</ref></property>"#, None),
            (r#"<saml:Attribute Name="pin"><saml:AttributeValue>abc</saml:AttributeValue>"#, Some("pin")),
            ("<Pin><Value>abc</Value></Pin>", Some("Pin")),
            ("<a>pin</a><b>abc</b>", None),
            ("<tr><th>pin</th><td>abc</td>", Some("pin")),
            ("<dt>pin</dt> <dd>abc</dd>", Some("pin")),
            ("<tr><td>pin</td><td>abc</td>", None),
            ("<tr><td class=\"e\">pin</td><td class=\"v\">abc</td></tr>", Some("pin")),
            ("<tr><td>pin</td><td>abc</td><td>x</td></tr>", None),
            ("<tr><td>x</td><td>pin</td><td>abc</td></tr>", None),
            ("<tr><th>pin</th></tr><tr><td>abc</td>", None),
            ("<é>abc</é>", None),
            ("<b>abc</b>", None),
        ] {
            let at = text.find("abc").expect("the value") + 3;
            let element = element(text.as_bytes(), at, 0).expect(text);
            assert_eq!(&text[element.text.range()], "abc");
            let found = element.start.and_then(|start| name_beside(text.as_bytes(), start));
            assert_eq!(found.map(|span| &text[span.range()]), name, "{text}");
        }
    }

    #[test]
    fn a_start_tag_is_opened_at_the_end_of_its_line() {
        for (text, name) in [
            ("<pin>", Some("pin")),
            ("<a:pin x=\"1\">", Some("pin")),
            ("<pin/>", None),
            ("<pin>x", None),
            ("<pin>x</pin>", None),
        ] {
            assert_eq!(opened(text.as_bytes(), 0, text.len()).map(|span| &text[span.range()]), name, "{text}");
        }
    }

    #[test]
    fn a_password_field_says_so_itself() {
        for (text, found) in [
            (r#"<input name="x" type="password" value="abc">"#, true),
            (r#"<input type=\"password\" value=\"abc\">"#, true),
            (r#"<input type="text" name="password" value="abc">"#, false),
            (r#"<input type="password"/> value="abc""#, false),
        ] {
            let at = text.find("abc").expect("the value");
            assert_eq!(password_field(text.as_bytes(), at).is_some(), found, "{text}");
        }
    }

    #[test]
    fn attributes_stand_in_any_order() {
        for (text, name) in [
            (r#"<add value="abc" key="pin"/>"#, Some("pin")),
            (r#"<input id="q" type="hidden" name="pin" value="abc">"#, Some("pin")),
            (r#"<input id="pin" value="abc">"#, Some("pin")),
            (r#"<i class="pin" value="abc">"#, Some("i")),
            (r#"<pin value="abc"/>"#, Some("pin")),
            (r#"<add key="pin"/> value="abc""#, None),
        ] {
            let at = text.find("abc").expect("the value");
            assert_eq!(name_in_tag(text.as_bytes(), at).map(|span| &text[span.range()]), name, "{text}");
        }
    }
}
