//! Sealing in process: what was sealed comes back byte for byte, for any record, whichever way it goes in.

use crate::canary::Canary;
use crate::reads::Reads;
use crate::records::{Record, json_line, line};
use crate::run::beside;
use logmask::masker::{Masker, Settings};
use logmask::pipeline::{Options, run};
use logmask::policy::{Action, Docs, Rule, load};
use logmask::reveal::{Found, Keys, Reveal, Revealed};
use logmask::rewrite::Rewrite;
use logmask::seal::{Ring, Sealer, token};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use std::io::Read;
use std::sync::{Arc, LazyLock};

static ALL: LazyLock<Sealing> = LazyLock::new(|| Sealing::new("export"));

/// A run that seals all that it finds, and the keys to open it again.
struct Sealing {
    masker: Masker,
    ring: Ring,
}

impl Sealing {
    fn new(profile: &str) -> Sealing {
        let mut policy = load(profile, &[], false, Docs::Without).unwrap();
        let listed = Rule::listed();
        let classes = policy.rules.iter().chain([&listed]).map(|rule| (rule.class.to_string(), 0));
        let sealer = Sealer::new(classes).unwrap();
        for rule in &mut policy.rules {
            rule.action = Action::Seal;
        }
        policy.propagate = false;
        policy.stack = logmask::policy::Stack::Keep;
        let ring = sealer.ring(String::new(), Vec::new(), |_| true);
        let settings = Settings { key: b"a-key-for-tests-only".to_vec(), sealer, ..Settings::default() };
        Sealing { masker: Masker::new(&policy, settings).unwrap(), ring }
    }

    fn seal(&self, input: &[u8]) -> Vec<u8> {
        moved(&self.masker, input, 1)
    }

    fn open(&self, sealed: &[u8]) -> Vec<u8> {
        moved(&Reveal::new(self, None), sealed, 1)
    }
}

impl Keys for Sealing {
    fn key(&self, run: &str, class: &str) -> Found {
        let key = self.ring.keys.get(class).filter(|_| run == self.ring.run);
        key.map_or(Found::Unknown, |key| Found::Key(Arc::clone(key)))
    }
}

fn moved<W: Rewrite>(rewriter: &W, input: impl Read + Send, threads: usize) -> Vec<u8>
where
    W::Tally: Default,
{
    let mut out = Vec::new();
    let options = Options { threads, ..Options::default() };
    run(rewriter, input, &mut out, &options, &mut W::Tally::default()).unwrap();
    out
}

fn some() -> ProptestConfig {
    let asked = std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok());
    let rng_seed = if asked.is_some() { RngSeed::Random } else { RngSeed::Fixed(20_260_302) };
    ProptestConfig { cases: asked.unwrap_or(500), failure_persistence: None, rng_seed, ..ProptestConfig::default() }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn comes_back(record: &Record) -> Result<Vec<u8>, TestCaseError> {
    let input = record.text();
    let sealed = ALL.seal(input.as_bytes());
    for secret in record.secrets() {
        prop_assert_eq!(Canary::new(&secret).left_in(&sealed), None, "{}", String::from_utf8_lossy(&sealed));
    }
    prop_assert_eq!(text(&ALL.open(&sealed)), input);
    prop_assert_eq!(text(&ALL.seal(&sealed)), text(&sealed), "a second run");
    Ok(sealed)
}

proptest! {
    #![proptest_config(some())]

    #[test]
    fn any_record_comes_back(record in line()) {
        comes_back(&record)?;
    }

    #[test]
    fn json_stays_json(record in json_line()) {
        let sealed = comes_back(&record)?;
        prop_assert!(serde_json::from_slice::<serde_json::Value>(&sealed).is_ok());
    }

    #[test]
    fn the_way_it_arrives_does_not_matter(
        records in prop::collection::vec(line(), 1..8), most in 1usize..200, seed: u64, threads in 1usize..5,
    ) {
        let input: String = records.iter().map(Record::text).collect();
        let sealed = ALL.seal(input.as_bytes());
        let reads = |bytes| Reads::new(bytes, most, seed);
        prop_assert_eq!(&moved(&ALL.masker, reads(input.as_bytes()), threads), &sealed);
        prop_assert_eq!(&moved(&Reveal::new(&*ALL, None), reads(&sealed), threads), input.as_bytes());
    }

    #[test]
    fn whatever_comes_in_goes_out_unless_it_is_sealed(bytes in prop::collection::vec(
        prop_oneof![Just(b"lm1~".to_vec()), Just(b"~".to_vec()), Just(b"A".repeat(43)), Just(b"pii.email".to_vec()),
            Just(b"\n".to_vec()), prop::collection::vec(any::<u8>(), 0..4)], 0..40,
    )) {
        let bytes = bytes.concat();
        prop_assert_eq!(ALL.open(&bytes), bytes);
    }
}

/// The inputs of all cases: every layout and spelling that is known here.
pub fn inputs() -> Vec<String> {
    fn collect(value: &serde_yaml::Value, found: &mut Vec<String>) {
        match value {
            serde_yaml::Value::Sequence(items) => items.iter().for_each(|item| collect(item, found)),
            serde_yaml::Value::Mapping(members) => {
                found.extend(value.get("in").and_then(|input| input.as_str().map(str::to_owned)));
                for (key, value) in members {
                    match (key.as_str(), value) {
                        (Some("lines"), serde_yaml::Value::Sequence(pairs)) => {
                            found.extend(pairs.iter().filter_map(|pair| Some(format!("{}\n", pair.get(0)?.as_str()?))));
                        }
                        (Some("unchanged"), serde_yaml::Value::Sequence(lines)) => {
                            found.extend(lines.iter().filter_map(|line| Some(format!("{}\n", line.as_str()?))));
                        }
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
    let mut found = Vec::new();
    for entry in std::fs::read_dir(beside("cases")).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        collect(&serde_yaml::from_str(&text).unwrap(), &mut found);
    }
    found
}

#[test]
fn every_case_comes_back_but_what_is_packed_or_cut() {
    // Base64, hex and numbers of bytes, in which the token is packed again; and a bare value that a container engine cut.
    let packed = ["eyJwYXNz", "cGFz", "Y0dG", "706173", "[27,", "[112,", "stdout P {\"n\":1,\"secret\":{\"a\":\"mag"];
    let (mut wrong, mut back) = (Vec::new(), 0);
    for input in inputs() {
        let sealed = ALL.seal(input.as_bytes());
        if ALL.open(&sealed) == input.as_bytes() {
            back += usize::from(token::may_be_in(&sealed));
        } else if !packed.iter().any(|part| input.contains(part)) {
            wrong.push(format!("{input}{}\n", String::from_utf8_lossy(&sealed)));
        }
    }
    assert!(back > 300 && wrong.is_empty(), "{back}, {} not\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn a_tally_counts_what_stays() {
    let mut tally = Revealed::default();
    let sealed = ALL.seal(b"jo@corp.test\n");
    let other = Sealing::new("default").seal(b"jo@corp.test\n");
    let both = [sealed, other].concat();
    run(&Reveal::new(&*ALL, None), &both[..], std::io::sink(), &Options::default(), &mut tally).unwrap();
    assert_eq!((tally.lines, tally.opened["pii.email"], tally.foreign, tally.shut), (2, 1, 0, 1));
    assert_eq!(tally.bytes_in, both.len() as u64);
}
