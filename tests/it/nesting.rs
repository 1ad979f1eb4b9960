//! What a lower profile hides a higher one hides, on every line there is: examples and near misses of all rules, cases, samples.

use crate::run::beside;
use logmask::masker::{Masker, Settings};
use logmask::policy::{Docs, load};
use std::path::{Path, PathBuf};

fn masker(profile: &str, files: &[PathBuf]) -> Masker {
    let policy = load(profile, files, false, Docs::Without).unwrap();
    let settings = Settings { key: b"nesting-test-key-0123456789".to_vec(), ..Settings::default() };
    Masker::new(&policy, settings).unwrap()
}

/// Whether each byte of the line is hidden.
fn hidden(masker: &Masker, line: &[u8]) -> Vec<bool> {
    let mut hidden = vec![false; line.len()];
    for found in masker.explain(line).iter().filter(|found| found.action != "keep") {
        hidden[found.span.start..found.span.end].fill(true);
    }
    hidden
}

/// Lines of all kinds. `LOGMASK_CORPORA` may name a folder with more of them.
fn lines() -> Vec<Vec<u8>> {
    let everything = load("export", &[extending("all", &all_packs())], false, Docs::With).unwrap();
    let mut lines: Vec<Vec<u8>> = Vec::new();
    for rule in &everything.rules {
        lines.extend(rule.about().examples.iter().map(|example| example.input.clone().into_bytes()));
        lines.extend(rule.about().unchanged.iter().map(|line| line.clone().into_bytes()));
    }
    let mut folders = vec![beside("samples"), beside("cases")];
    folders.extend(std::env::var_os("LOGMASK_CORPORA").map(PathBuf::from));
    for folder in folders {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                lines.extend(std::fs::read(path).unwrap().split(|b| *b == b'\n').map(<[u8]>::to_vec));
            }
        }
    }
    // A marker of a rule that a lower profile lacks is plain text there, and may be hidden; nothing shows by it.
    lines.retain(|line| !line.is_empty() && !line.windows(9).any(|w| w == b"REDACTED-"));
    lines
}

fn all_packs() -> Vec<String> {
    logmask::policy::builtin::packs().map(|pack| format!("builtin:{pack}")).collect()
}

/// A policy file that extends these.
fn extending(name: &str, packs: &[String]) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("nesting-{name}.yaml"));
    std::fs::write(&path, format!("version: 1\nextends: [{}]\n", packs.join(", "))).unwrap();
    path
}

#[test]
fn what_a_lower_profile_hides_a_higher_one_hides() {
    let lines = lines();
    assert!(lines.len() > 3000, "{}", lines.len());
    let with = |name: &str| masker("default", &[extending(name, &[format!("builtin:{name}")])]);
    let [secrets, default, export] = ["secrets", "default", "export"].map(|profile| masker(profile, &[]));
    let [pci, hipaa, gdpr] = ["pci", "hipaa", "gdpr"].map(with);
    let pairs = [
        ("secrets, default", &secrets, &default),
        ("default, export", &default, &export),
        ("default, pci", &default, &pci),
        ("default, hipaa", &default, &hipaa),
        ("default, gdpr", &default, &gdpr),
    ];
    let mut shown = Vec::new();
    for line in &lines {
        for (name, lower, higher) in pairs {
            let (low, high) = (hidden(lower, line), hidden(higher, line));
            if low.iter().zip(&high).any(|(low, high)| *low && !high) {
                shown.push(format!("{name}: {}", String::from_utf8_lossy(line)));
            }
        }
    }
    assert!(shown.is_empty(), "{} lines, such as {:#?}", shown.len(), &shown[..shown.len().min(20)]);
}

/// Each pack can be extended on its own, and each country's is in no profile.
#[test]
fn packs_and_policies_can_be_extended() {
    for pack in all_packs() {
        let policy = load("secrets", &[extending("one", &[pack])], false, Docs::Without).unwrap();
        assert!(!policy.rules.is_empty());
    }
    let export = load("export", &[], false, Docs::Without).unwrap();
    assert!(export.rules.iter().all(|rule| !rule.id.ends_with("-bare")));
    let countries = all_packs().iter().filter(|pack| pack.starts_with("builtin:country/")).count();
    assert!(countries >= 25, "{countries}");
}
