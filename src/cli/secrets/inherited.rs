//! Secrets in the environment that a command has from us: found by the same rules that mask `NAME=value` in a log.

use crate::cli::Failure;
use crate::masker::{Literals, Masker, Settings};
use crate::policy::{Policy, Rule};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::Path;
use zeroize::Zeroizing;

/// A value that nobody takes for a placeholder, to ask what a name says.
const PROBE: &[u8] = b"q7w8e9r0t1y2u3";

/// Fewest bytes of a value that is looked for without being asked for.
const LEAST: usize = 6;

/// A word of fewer letters is found in any log: `postgres`, `production`.
const LEAST_LETTERS: usize = 12;

/// Longer values are not looked into, only taken whole under a secret name; in bytes.
const LONGEST: usize = 64 << 10;

pub(super) fn read(policy: &Policy, literals: &mut Literals) -> Result<(), Failure> {
    let secret = |rule: &&Rule| rule.class.starts_with("secret.") && !policy.observes(rule);
    let rules = policy.rules.iter().filter(secret).cloned().collect();
    // No pseudonym is made, so any key will do.
    let settings = Settings { key: PROBE.repeat(2), ..Settings::default() };
    let masker = Masker::new(&Policy { rules, ..Policy::default() }, settings)
        .map_err(|error| Failure::usage(error.to_string()))?;
    for (name, value) in std::env::vars_os() {
        let value = Zeroizing::new(value.into_vec());
        of_variable(&masker, name.as_bytes(), &value, |secret| {
            // Too weak is no secret that can be looked for.
            let _ = literals.add(secret);
        });
    }
    Ok(())
}

/// Calls `each` with what is secret in the value of a variable: all of it under a secret name, else what a rule finds.
fn of_variable(masker: &Masker, name: &[u8], value: &[u8], mut each: impl FnMut(&[u8])) {
    if value.len() < LEAST {
        return;
    }
    let finds = |value: &[u8]| {
        let line = Zeroizing::new([name, b"=", value].concat());
        let found = masker.explain(&line);
        found.into_iter().map(|found| line[found.span.range()].to_vec()).map(Zeroizing::new).collect::<Vec<_>>()
    };
    let telling = |secret: &[u8]| secret.len() >= LEAST && !is_word(secret) && !is_path(secret);
    if finds(PROBE).iter().any(|found| **found == *PROBE) {
        if telling(value) {
            each(value);
        }
        return;
    }
    if value.len() > LONGEST || value.contains(&b'\n') {
        return;
    }
    for found in finds(value).iter().filter(|found| telling(found)) {
        each(found);
        // A password in a URL is used without its percent signs.
        let plain = decoded(found);
        if plain != *found && telling(&plain) {
            each(&plain);
        }
    }
}

fn is_word(value: &[u8]) -> bool {
    value.len() < LEAST_LETTERS && value.iter().all(|b| b.is_ascii_alphabetic() || b"-_".contains(b))
}

/// A file that is there, or looks like one: base64 may begin with a slash, too.
fn is_path(value: &[u8]) -> bool {
    let begins = [&b"/"[..], b"./", b"../", b"~/"].iter().any(|start| value.starts_with(start));
    let plain = value.iter().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"/._-~".contains(b));
    begins && (plain || Path::new(std::ffi::OsStr::from_bytes(value)).exists())
}

fn decoded(value: &[u8]) -> Zeroizing<Vec<u8>> {
    let mut out = Zeroizing::new(Vec::with_capacity(value.len()));
    let mut rest = value;
    while let Some((first, more)) = rest.split_first() {
        let code = more.get(..2).filter(|_| *first == b'%');
        let byte = code.and_then(|code| data_encoding::HEXLOWER_PERMISSIVE.decode(code).ok());
        out.push(byte.as_ref().map_or(*first, |byte| byte[0]));
        rest = if byte.is_some() { &more[2..] } else { more };
    }
    out
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::policy::{self, Docs};

    #[test]
    fn names_and_values_say_what_is_secret() {
        let policy = policy::load("secrets", &[], false, Docs::Without).unwrap();
        let settings = Settings { key: PROBE.repeat(2), ..Settings::default() };
        let masker = Masker::new(&policy, settings).unwrap();
        let of = |name: &str, value: &str| {
            let mut found = Vec::new();
            of_variable(&masker, name.as_bytes(), value.as_bytes(), |secret| {
                found.push(String::from_utf8(secret.to_vec()).unwrap());
            });
            found
        };
        for (name, value) in [
            ("API_TOKEN", "mag-4711-pie"),
            ("PGPASSWORD", "correct horse battery"),
            ("AWS_SECRET_ACCESS_KEY", "/wJalrXUtnFEMI0000000000000000000EXAMPLEK"),
            ("MY_APP_API_KEY", "hunter2"),
            ("TLS_PRIVATE_KEY", "-----BEGIN PRIVATE KEY-----\nMIIE0000\n-----END PRIVATE KEY-----"),
            ("DB_PASSWORD", "abcdefghijklm"),
        ] {
            assert_eq!(of(name, value), [value], "{name}");
        }
        assert_eq!(of("DATABASE_URL", "postgres://app:p%40ss-4711@db:5432/shop"), ["p%40ss-4711", "p@ss-4711"]);
        for (name, value) in [
            ("PATH", "/usr/bin:/bin"),
            ("DB_PASSWORD", "postgres"),
            ("DB_PASSWORD", "true"),
            ("DB_PASSWORD", "x1"),
            ("DB_PASSWORD", ""),
            ("SECRET_FILE", "/run/secrets/db"),
            ("TOKEN", "/run/secrets/db-token"),
            ("TOKEN_COUNT", "1234567890"),
            ("PUBLIC_KEY", "ssh-ed25519 AAAA0000"),
            ("HOME", "/home/jo"),
            ("LANG", "C.UTF-8"),
        ] {
            assert_eq!(of(name, value), [""; 0], "{name}={value}");
        }
    }
}
