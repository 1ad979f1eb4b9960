//! Examples of all pattern rules, changed a little: one character short, glued to a word, a wrong check digit. The rule says what
//! should come of it: by the least length of its pattern, its word boundaries, its validators.

use logmask::masker::{Masker, Settings};
use logmask::policy::{Docs, Find, Rule, builtin, load};
use logmask::span::Span;
use regex_automata::meta::Regex;
use std::path::Path;

fn rules() -> (Vec<Rule>, Masker) {
    let packs: Vec<String> = builtin::packs().map(|pack| format!("builtin:{pack}")).collect();
    // Each test has a file of its own: they run at the same time.
    let name = format!("near-misses-{:?}.yaml", std::thread::current().id());
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, format!("version: 1\nextends: [{}]\n", packs.join(", "))).unwrap();
    let policy = load("export", &[path], false, Docs::With).unwrap();
    let settings = Settings { key: b"near-miss-test-key-0123456789".to_vec(), ..Settings::default() };
    let masker = Masker::new(&policy, settings).unwrap();
    (policy.rules, masker)
}

/// Where the rule itself finds something.
fn found(masker: &Masker, rule: &Rule, line: &[u8]) -> Vec<Span> {
    masker.explain(line).into_iter().filter(|found| found.rule == rule.id).map(|found| found.span).collect()
}

/// The shortest text that the group `secret` (or all of the pattern) can match.
fn least(pattern: &str) -> usize {
    let hir = regex_syntax::ParserBuilder::new().unicode(false).utf8(false).build().parse(pattern).unwrap();
    group(&hir).or(hir.properties().minimum_len()).unwrap_or(0)
}

/// The shortest text of the group `secret`, if it is in there.
fn group(hir: &regex_syntax::hir::Hir) -> Option<usize> {
    use regex_syntax::hir::HirKind;
    match hir.kind() {
        HirKind::Capture(capture) if capture.name.as_deref() == Some("secret") => {
            capture.sub.properties().minimum_len()
        }
        HirKind::Capture(capture) => group(&capture.sub),
        HirKind::Repetition(repetition) => group(&repetition.sub),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => parts.iter().find_map(group),
        HirKind::Empty | HirKind::Literal(_) | HirKind::Class(_) | HirKind::Look(_) => None,
    }
}

/// Does the pattern alone match with its secret exactly there?
fn matches_there(regex: &Regex, line: &[u8], secret: Span) -> bool {
    let group = regex.group_info().to_index(regex_automata::PatternID::ZERO, "secret").unwrap_or(0);
    let mut caps = regex.create_captures();
    let mut from = 0;
    while from <= secret.start {
        let input = regex_automata::Input::new(line).range(from..);
        regex.search_captures(&input, &mut caps);
        let (Some(whole), Some(span)) = (caps.get_match(), caps.get_group(group)) else { return false };
        if span.start == secret.start && span.end == secret.end {
            return true;
        }
        from = whole.start() + 1;
    }
    false
}

#[test]
fn examples_a_little_changed_are_found_or_not_as_the_rule_says() {
    let (rules, masker) = rules();
    let (mut faults, mut short, mut glued, mut checked) = (Vec::new(), 0, 0, 0);
    for rule in &rules {
        let Find::Pattern { pattern, .. } = &rule.find else { continue };
        let syntax = logmask::policy::pattern::syntax();
        let regex =
            Regex::builder().syntax(syntax).configure(Regex::config().utf8_empty(false)).build(pattern).unwrap();
        let least = least(pattern);
        for example in &rule.about().examples {
            let line = example.input.as_bytes();
            for secret in found(&masker, rule, line) {
                if !matches_there(&regex, line, secret) {
                    continue; // seen decoded: the text itself is another one
                }
                let with = |value: &[u8]| [&line[..secret.start], value, &line[secret.end..]].concat();
                let value = &line[secret.range()];
                // 1. One character short of the least there is.
                let next = line.get(secret.end).copied().unwrap_or(b' ');
                if value.len() == least && !next.is_ascii_alphanumeric() && !b"_-+/=.".contains(&next) {
                    short += 1;
                    let line = with(&value[..value.len() - 1]);
                    if found(&masker, rule, &line).iter().any(|span| span.start == secret.start) {
                        faults.push(format!(
                            "{}: one character short is found: {}",
                            rule.id,
                            String::from_utf8_lossy(&line)
                        ));
                    }
                }
                // 2. Glued to a word in front, which `\b` right before the secret forbids.
                if pattern.starts_with(r"\b(?<secret>") && value[0].is_ascii_alphanumeric() {
                    glued += 1;
                    let line = with(&[b"z", value].concat());
                    if found(&masker, rule, &line).iter().any(|span| span.start == secret.start + 1) {
                        faults.push(format!(
                            "{}: glued in front is found: {}",
                            rule.id,
                            String::from_utf8_lossy(&line)
                        ));
                    }
                }
                // 3. Glued behind, which `\b` at the end forbids.
                if pattern.ends_with(r")\b") && value[value.len() - 1].is_ascii_alphanumeric() {
                    glued += 1;
                    let line = with(&[value, b"z"].concat());
                    if found(&masker, rule, &line).contains(&secret) {
                        faults.push(format!("{}: glued behind is found: {}", rule.id, String::from_utf8_lossy(&line)));
                    }
                }
                // 4. Another last digit: found exactly if the validators hold and the pattern fits.
                if rule.validate.is_empty() || !value[value.len() - 1].is_ascii_digit() {
                    continue;
                }
                for digit in b'0'..=b'9' {
                    let mut other = value.to_vec();
                    *other.last_mut().unwrap() = digit;
                    let line = with(&other);
                    checked += 1;
                    let holds =
                        rule.validate.iter().all(|check| check.holds(&other)) && matches_there(&regex, &line, secret);
                    if holds != found(&masker, rule, &line).contains(&secret) {
                        faults.push(format!("{}: should be {holds}: {}", rule.id, String::from_utf8_lossy(&line)));
                    }
                }
            }
        }
    }
    assert!(faults.is_empty(), "{} faults: {:#?}", faults.len(), &faults[..faults.len().min(40)]);
    assert!(short > 100 && glued > 500 && checked > 1000, "{short} short, {glued} glued, {checked} checked");
}

#[test]
fn every_rule_has_two_examples_and_two_near_misses_and_what_people_read() {
    let (rules, _) = rules();
    let lacks = |rule: &&Rule| {
        rule.about().examples.len() < 2
            || rule.about().unchanged.len() < 2
            || [&rule.about().doc, &rule.about().risk].iter().any(|text| text.is_empty())
            || rule.about().source.is_empty()
    };
    let lacking: Vec<&str> = rules.iter().filter(lacks).map(|rule| &*rule.id).collect();
    assert!(lacking.is_empty(), "{lacking:?}");
    let anchored = |rule: &&Rule| match &rule.find {
        Find::Pattern { keywords, anchors, .. } => {
            keywords.is_empty() && anchors.is_empty() && !rule.id.ends_with("-bare")
        }
        Find::Fields { .. } | Find::Shape(_) | Find::Listed => false,
    };
    // Addresses in base 58 have one letter in front; the length of their run finds them.
    let bare: Vec<&str> = rules.iter().filter(anchored).map(|rule| &*rule.id).collect();
    assert!(bare.iter().all(|id| id.ends_with("-address") || *id == "wif-private-key"), "{bare:?}");
}
