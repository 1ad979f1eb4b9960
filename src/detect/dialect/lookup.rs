//! Source code in which a value is read from the environment or a request by its name: `os.getenv("API_KEY")`,
//! `process.env.API_KEY`, `request.getHeader("X-Api-Key")`. The name is none of the secret; a default behind it is.

use crate::format::quote::is_quote;
use crate::slashes;

/// What reads by a name in quotes, up to its bracket.
const CALLS: [&[u8]; 34] = [
    b"os.getenv(",
    b"os.environ.get(",
    b"os.environ[",
    b"environ.get(",
    b"environ[",
    b"os.Getenv(",
    b"os.LookupEnv(",
    b"System.getenv(",
    b"System.getProperty(",
    b"System.get_env(",
    b"System.fetch_env!(",
    b"Environment.GetEnvironmentVariable(",
    b"getenv(",
    b"env(",
    b"config(",
    b"env::var(",
    b"std::env::var(",
    b"ENV[",
    b"ENV.fetch(",
    b"process.env[",
    b"Deno.env.get(",
    b"$_ENV[",
    b"$_POST[",
    b"$_GET[",
    b"$_SERVER[",
    b"$_REQUEST[",
    b"request.getHeader(",
    b"request.getParameter(",
    b"request.headers.get(",
    b"request.headers[",
    b"req.headers.get(",
    b"req.headers[",
    b"req.header(",
    b"r.Header.Get(",
];

/// What reads by the name behind a dot.
const MEMBERS: [&[u8]; 3] = [b"process.env.", b"import.meta.env.", b"Bun.env."];

/// What one of both begins with.
const FIRSTS: [bool; 256] = {
    let (mut firsts, mut at) = ([false; 256], 0);
    while at < CALLS.len() {
        firsts[CALLS[at][0] as usize] = true;
        at += 1;
    }
    at = 0;
    while at < MEMBERS.len() {
        firsts[MEMBERS[at][0] as usize] = true;
        at += 1;
    }
    firsts
};

/// What stands between what was looked up and what counts if it is missing.
const ELSE: [&[u8]; 6] = [b"||", b"??", b"?:", b"or ", b".unwrap_or(", b".or("];

/// Longest name, in bytes.
const LONGEST: usize = 64;

/// Where the value of a key stands if what begins at `at` looks it up: the default, or nowhere (`Some(None)`). `None` if this is
/// no such expression.
pub fn default_of(text: &[u8], at: usize) -> Option<Option<usize>> {
    let rest = &text[at..];
    // Most values begin with none of these bytes.
    if !rest.first().is_some_and(|first| FIRSTS[usize::from(*first)]) {
        return None;
    }
    let is_name = |b: &&u8| b.is_ascii_alphanumeric() || matches!(**b, b'_' | b'-' | b'.');
    if let Some(member) = MEMBERS.iter().find(|member| rest.starts_with(member)) {
        let name = rest[member.len()..].iter().take(LONGEST).take_while(|b| is_name(b)).count();
        return (name > 0 && ends(&rest[member.len() + name..])).then(|| other(text, at + member.len() + name));
    }
    let call = CALLS.iter().find(|call| rest.starts_with(call))?;
    let open = at + call.len();
    let slashes = slashes::leading(&text[open..]);
    let quote = *text.get(open + slashes).filter(|b| is_quote(**b))?;
    let start = open + slashes + 1;
    let name = text[start..].iter().take(LONGEST).take_while(|b| is_name(b)).count();
    let close = start + name + slashes;
    if name == 0 || text.get(close) != Some(&quote) {
        return None;
    }
    let behind = close + 1;
    match text.get(behind)? {
        b',' => Some(Some(behind + 1 + text[behind + 1..].iter().take(8).take_while(|b| **b == b' ').count())),
        b')' | b']' => Some(other(text, behind + 1)),
        _ => None,
    }
}

/// Does the expression end in front of `rest`, or go on as one?
fn ends(rest: &[u8]) -> bool {
    rest.first().is_none_or(|b| b.is_ascii_whitespace() || b"!?;,)]}|\\\"'".contains(b))
}

/// Where the default behind the expression that ends at `at` begins.
fn other(text: &[u8], at: usize) -> Option<usize> {
    let blank = |at: usize| at + text[at..].iter().take(8).take_while(|b| **b == b' ').count();
    let word = blank(at);
    let found = ELSE.iter().find(|word_of| text[word..].starts_with(word_of))?;
    Some(blank(word + found.len())).filter(|at| *at < text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_default_of_a_lookup_is_a_value() {
        for (text, found) in [
            ("os.getenv(\"API_KEY\")", Some(None)),
            ("os.getenv('API_KEY', 'x')", Some(Some("'x')"))),
            ("process.env.API_KEY;", Some(None)),
            ("process.env.API_KEY || 'x'", Some(Some("'x'"))),
            ("env::var(\"TOKEN\")?;", Some(None)),
            ("ENV[\\\"TOKEN\\\"]", Some(None)),
            ("os.environ[\"A\"] or \"x\"", Some(Some("\"x\""))),
            ("os.getenv(x)", None),
            ("process.env.", None),
            ("process.env.a$b", None),
            ("decode('x')", None),
        ] {
            let default = default_of(text.as_bytes(), 0);
            assert_eq!(default.map(|at| at.map(|at| &text[at..])), found, "{text}");
        }
    }
}
