//! Which values are too weak to be looked for: they would hide half the log, and by that say what they are.

/// Why a value is not looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weak {
    /// Fewer than `LEAST` bytes, or blank.
    Short,
    /// Fewer than three different characters.
    Uniform,
    /// `true`, `null` and kin, or a number of less than six digits.
    Common,
    /// A marker of an earlier run.
    Marker,
}

/// Fewest bytes of a listed secret.
pub const LEAST: usize = 4;

/// What settings hold besides secrets.
const COMMON: [&str; 14] = [
    "true",
    "false",
    "null",
    "none",
    "undefined",
    "enabled",
    "disabled",
    "default",
    "always",
    "never",
    "debug",
    "info",
    "warn",
    "error",
];

impl std::fmt::Display for Weak {
    /// What is wrong with it, to be read after the place where it stands.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Weak::Short => write!(f, "shorter than {LEAST} bytes"),
            Weak::Uniform => f.write_str("fewer than three different characters"),
            Weak::Common => f.write_str("a word or number that logs are full of"),
            Weak::Marker => f.write_str("a marker, no secret"),
        }
    }
}

/// Is this value, without blanks around it, worth looking for?
pub(super) fn check(value: &[u8]) -> Result<(), Weak> {
    let mut seen = [false; 256];
    for byte in value {
        seen[usize::from(*byte)] = true;
    }
    let different = seen.iter().filter(|seen| **seen).count();
    let digits = value.iter().all(u8::is_ascii_digit);
    if value.len() < LEAST {
        Err(Weak::Short)
    } else if different < 3 {
        Err(Weak::Uniform)
    } else if digits && value.len() < 6 || COMMON.iter().any(|word| value.eq_ignore_ascii_case(word.as_bytes())) {
        Err(Weak::Common)
    } else if b"REDACTED-".starts_with(value) || value.starts_with(b"REDACTED-") {
        Err(Weak::Marker)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_hides_half_the_log_is_no_secret() {
        for (value, verdict) in [
            ("", Err(Weak::Short)),
            ("abc", Err(Weak::Short)),
            ("aaaaaaaa", Err(Weak::Uniform)),
            ("abababab", Err(Weak::Uniform)),
            ("True", Err(Weak::Common)),
            ("80801", Err(Weak::Common)),
            ("REDACTED-password", Err(Weak::Marker)),
            ("REDACTED", Err(Weak::Marker)),
            ("s3cr", Ok(())),
            ("918273", Ok(())),
            ("hunter2", Ok(())),
        ] {
            assert_eq!(check(value.as_bytes()), verdict, "{value}");
        }
    }
}
