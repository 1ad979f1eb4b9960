//! SARIF 2.1.0 (OASIS, 2020): what code hosts show beside the lines of a change.
//!
//! Results are written as they are found, so that memory does not grow with them; the rules, of which only those with a
//! result are listed, come behind them.

use crate::cli::source::{is_stdin, name};
use crate::masker::Found;
use crate::policy::Policy;
use serde_json::json;
use std::fmt::Write as _;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// The end of [`head`]: a list follows.
pub(super) const LIST: &[u8] = b"\"results\":[";

/// All before the first result.
pub(super) fn head() -> String {
    format!(
        "{{\"$schema\":\"https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json\",\
         \"version\":\"2.1.0\",\"runs\":[{{\"columnKind\":\"unicodeCodePoints\",{}",
        String::from_utf8_lossy(LIST)
    )
}

/// One result, with a comma in front.
pub(super) fn result(file: &Path, found: &Found<'_>, counts: bool) -> String {
    let mut result = json!({
        "ruleId": found.rule.id,
        "level": if counts { "error" } else { "warning" },
        "message": { "text": format!("would be masked by rule {} (class {})", found.rule.id, found.rule.class) },
        "locations": [{ "physicalLocation": {
            "artifactLocation": { "uri": uri(file) },
            "region": {
                "startLine": found.line,
                "startColumn": found.chars.start + 1,
                "endColumn": found.chars.end + 1,
            },
        } }],
    });
    if let Some(fingerprint) = found.fingerprint {
        result["partialFingerprints"] = json!({ "logmaskFinding/v1": data_encoding::HEXLOWER.encode(&fingerprint) });
    }
    format!(",\n{result}")
}

/// All behind the last result.
pub(super) fn tail(policy: &Policy, reported: &[bool]) -> String {
    let rules = policy.rules.iter().zip(reported).filter(|(_, reported)| **reported).map(|(rule, _)| {
        let about = rule.about();
        let mut descriptor = json!({
            "id": rule.id,
            "shortDescription": { "text": if about.doc.is_empty() { &*rule.id } else { &*about.doc } },
            "properties": { "tags": ["security", rule.class] },
        });
        if !about.risk.is_empty() {
            descriptor["help"] = json!({ "text": about.risk });
        }
        if let Some(address) = about.source.iter().find(|source| source.starts_with("https://")) {
            descriptor["helpUri"] = json!(address);
        }
        descriptor
    });
    let driver = json!({
        "name": "logmask",
        "semanticVersion": env!("CARGO_PKG_VERSION"),
        "rules": rules.collect::<Vec<_>>(),
    });
    format!("],\"tool\":{{\"driver\":{driver}}}}}]}}\n")
}

/// A file name as a relative or `file:` reference (RFC 3986, section 4.2).
fn uri(file: &Path) -> String {
    if is_stdin(file) {
        return name(file);
    }
    // Names are bytes, and need not be text.
    let file = file.as_os_str().as_bytes();
    let mut uri = String::from(if file.starts_with(b"/") { "file://" } else { "" });
    for &byte in file.strip_prefix(b"./").unwrap_or(file) {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ffi::OsStr;

    #[test]
    fn file_names_become_references() {
        assert_eq!(uri(Path::new("./a b/c:é.log")), "a%20b/c%3A%C3%A9.log");
        assert_eq!(uri(Path::new("/var/log/x")), "file:///var/log/x");
        assert_eq!(uri(Path::new(OsStr::from_bytes(b"caf\xe9.log"))), "caf%E9.log");
        assert_eq!(uri(Path::new("-")), "stdin");
    }
}
