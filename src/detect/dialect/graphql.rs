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
    let name = &text[value.range()];
    let Some((b'$', word)) = name.split_first() else { return false };
    if word.is_empty() || !word.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'_') {
        return false;
    }
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
            ("mutation($pwd: String!) { login(password: $pw) }", false),
            ("echo $pw: done; password: $pw", false),
        ] {
            let at = text.rfind("$pw").expect("the variable");
            assert_eq!(is_variable(text.as_bytes(), Span::new(at, at + 3)), yes, "{text}");
        }
    }
}
