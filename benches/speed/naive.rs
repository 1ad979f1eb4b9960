//! What people write first: one `replace_all` after the other on each line.

use regex::Regex;

/// What the peers look for: (marker, pattern).
pub const PATTERNS: [(&str, &str); 13] = [
    ("email", r"[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}"),
    ("ipv4", r"\b(?:[0-9]{1,3}\.){3}[0-9]{1,3}\b"),
    ("ipv6", r"\b(?:[0-9A-Fa-f]{1,4}:){7}[0-9A-Fa-f]{1,4}\b"),
    ("card", r"\b(?:[0-9]{4}[ -]?){3}[0-9]{4}\b"),
    ("ssn", r"\b[0-9]{3}-[0-9]{2}-[0-9]{4}\b"),
    ("jwt", r"\beyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+"),
    ("bearer", r"\bBearer [A-Za-z0-9._~+/=-]+"),
    ("aws", r"\b(?:AKIA|ASIA)[A-Z2-7]{16}\b"),
    ("key-value", r#"\b(?:password|passwd|secret|token|api_key)["']?[:=]["']?[^ "'&,}]+"#),
    ("pem", r"-----BEGIN [A-Z ]*PRIVATE KEY-----"),
    ("github", r"\bgh[pousr]_[A-Za-z0-9]{36}\b"),
    ("slack", r"\bxox[abprs]-[0-9A-Za-z-]{10,}"),
    ("url-credentials", r"://[^/:@ ]+:[^/@ ]+@"),
];

/// All of them in one, for tools that take one pattern.
pub fn alternation() -> String {
    PATTERNS.map(|(_, pattern)| pattern).join("|")
}

/// The naive masker.
pub struct Naive(Vec<(Regex, String)>);

impl Naive {
    /// Compiles the patterns.
    pub fn new() -> Naive {
        let compile = |(name, pattern): &(&str, &str)| {
            let regex = Regex::new(pattern).expect("the patterns are fixed");
            (regex, format!("REDACTED-{name}"))
        };
        Naive(PATTERNS.iter().map(compile).collect())
    }

    /// Masks `text` line by line into `out`.
    pub fn mask(&self, text: &str, out: &mut String) {
        out.clear();
        for line in text.lines() {
            let mut line = line.to_string();
            for (regex, marker) in &self.0 {
                line = regex.replace_all(&line, marker.as_str()).into_owned();
            }
            out.push_str(&line);
            out.push('\n');
        }
    }
}
