//! GraphQL declares variables with their types, which are no values: `mutation($password: String!)` (GraphQL, section 2.10).

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
}
