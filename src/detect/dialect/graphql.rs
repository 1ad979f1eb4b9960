//! GraphQL declares variables with their types, which are no values: `mutation($password: String!)` (GraphQL, section 2.10).

use crate::format::quote::string_at;
use crate::slashes;
use crate::span::Span;

/// Does `name` (a variable with its `$`) have a type behind the colon at `colon`?
pub fn is_declared(name: &[u8], text: &[u8], colon: usize) -> bool {
    if name.first() != Some(&b'$') || text[colon] != b':' {
        return false;
    }
    let rest = &text[colon + 1..text.len().min(colon + 64)];
    let rest = &rest[rest.iter().take_while(|b| **b == b' ').count()..];
    let rest = &rest[rest.iter().take_while(|b| **b == b'[').count()..];
    let length = rest.iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count();
    let ends = rest.get(length).is_some_and(|b| b"!],) =\\".contains(b));
    rest.first().is_some_and(u8::is_ascii_uppercase) && ends
}

/// Most bytes in front of a variable in which its declaration is looked for.
const REACH: usize = 4096;

/// Is `value` a variable that was declared before, `login(password: $secret)` behind `mutation($secret: String!)`?
pub fn is_variable(text: &[u8], value: Span) -> bool {
    let value_of = &text[value.range()];
    let Some((b'$', word)) = value_of.split_first() else { return false };
    let length = word.iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count();
    // Behind the last argument stands what is asked for: `login(password: $pw){id}`.
    if length == 0 || !matches!(word[length..], [] | [b')', ..]) {
        return false;
    }
    let name = &value_of[..=length];
    let before = &text[value.start.saturating_sub(REACH)..value.start];
    memchr::memmem::find_iter(before, name).take(16).any(|at| {
        let colon = at + name.len() + before[at + name.len()..].iter().take_while(|b| **b == b' ').count();
        before.get(colon) == Some(&b':') && is_declared(name, before, colon)
    })
}

/// What the variables that go with a query give for the variable that `value` is, if that is a string:
/// `{"query":"mutation($p: String!) { login(password: $p) }","variables":{"p":"x"}}` (GraphQL over HTTP, section 5.2).
pub fn given(text: &[u8], value: Span) -> Option<Span> {
    if !is_variable(text, value) {
        return None;
    }
    let word = &text[value.start + 1..value.end];
    let name = &word[..word.iter().position(|b| *b == b')').unwrap_or(word.len())];
    let near = &text[..text.len().min(value.end + REACH)];
    let from = value.start.saturating_sub(REACH);
    let object = memchr::memmem::find_iter(&near[from..], VARIABLES)
        .find_map(|at| behind_key(near, from + at + VARIABLES.len()))?;
    let end = near[object..].iter().position(|b| *b == b'}').map_or(near.len(), |end| object + end);
    memchr::memmem::find_iter(&near[object..end], name).map(|at| object + at).find_map(|at| {
        let opens = near[at - 1] == b'"';
        let value = behind_key(near, at + name.len()).filter(|_| opens)?;
        string_at(near, value, near.len(), 0).map(|(span, _)| span)
    })
}

/// The key of the object with variables.
const VARIABLES: &[u8] = b"\"variables";

/// Where the value begins of the key that ends at `end`, in front of its quote.
fn behind_key(text: &[u8], end: usize) -> Option<usize> {
    let slashes = slashes::leading(&text[end..]);
    let rest = text[end + slashes..].strip_prefix(b"\"")?;
    let blanks = |text: &[u8]| text.iter().take(8).take_while(|b| **b == b' ').count();
    let colon = &rest[blanks(rest)..];
    let value = colon.strip_prefix(b":")?;
    Some(text.len() - value.len() + blanks(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_no_values() {
        for (text, yes) in [
            ("$password:String!,$n:Int", true),
            ("$password: [String!]!)", true),
            ("$password:\"x\"", false),
            ("$password: hunter2", false),
        ] {
            assert_eq!(is_declared(b"$password", text.as_bytes(), 9), yes, "{text}");
        }
    }

    #[test]
    fn variables_are_those_that_were_declared() {
        for (text, yes) in [
            ("mutation($pw: String!) { login(password: $pw) }", true),
            ("mutation($pw : [String!]) { login(password: $pw) }", true),
            ("{ login(password: $pw) }", false),
            ("mutation($pw:String!){login(password:$pw){id}}", true),
            ("mutation($pw:String!){login(password:$pw-x)}", false),
            ("mutation($pwd: String!) { login(password: $pw) }", false),
            ("echo $pw: done; password: $pw", false),
        ] {
            let at = text.rfind("$pw").expect("the variable");
            let length =
                text[at..].find([' ', '}']).map_or(3, |end| if text[at + 3..].starts_with(' ') { 3 } else { end });
            assert_eq!(is_variable(text.as_bytes(), Span::new(at, at + length)), yes, "{text}");
        }
    }
}
