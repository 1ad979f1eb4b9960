//! GraphQL declares variables with their types, which are no values: `mutation($password: String!)` (GraphQL, section 2.10).

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
