//! Values wrapped in random layers of encodings and envelopes: what comes out is the same layers round a marker.
//!
//! Each layer is a function of text. So the expected output is not taken from the engine: it is the layers applied to
//! the masked leaf, byte for byte. `LAYERS` sets how many combinations are tried (`.ci/full` tries 100,000).

use crate::support::Engine;
use data_encoding::{BASE64, BASE64_NOPAD, BASE64URL_NOPAD, HEXLOWER};
use std::fmt::Write;

/// A layer and its name.
type Layer = (&'static str, fn(&str) -> String);

const LAYERS: &[Layer] = &[
    ("JSON string", |t| format!("{{\"level\":\"info\",\"msg\":{},\"n\":1}}", json(t))),
    ("JSON string with blanks", |t| format!("{{ \"n\" : 1 , \"body\" : {} }}", json(t))),
    ("JSON array", |t| format!("[\"a\", {}, 17]", json(t))),
    ("Go's JSON for HTML", |t| format!("{{\"msg\":{}}}", html_json(t))),
    ("PHP's JSON", |t| format!("{{\"msg\":{}}}", json(t).replace('/', "\\/"))),
    ("JSON in ASCII escapes", |t| format!("{{\"msg\":{}}}", escaped_json(t))),
    ("CloudWatch", |t| {
        format!(
            "{{\"messageType\":\"DATA_MESSAGE\",\"logEvents\":[{{\"id\":\"1\",\"timestamp\":1,\"message\":{}}}]}}",
            json(t)
        )
    }),
    ("GCP", |t| format!("{{\"insertId\":\"a1\",\"textPayload\":{},\"severity\":\"INFO\"}}", json(t))),
    ("OTLP", |t| {
        let record = format!("{{\"body\":{{\"stringValue\":{}}},\"attributes\":[]}}", json(t));
        format!("{{\"resourceLogs\":[{{\"scopeLogs\":[{{\"logRecords\":[{record}]}}]}}]}}")
    }),
    ("Elastic", |t| {
        format!("{{\"@timestamp\":\"2026-03-02T10:00:00Z\",\"message\":{},\"log.level\":\"info\"}}", json(t))
    }),
    ("stern JSON", |t| format!("{{\"message\":{},\"nodeName\":\"n1\",\"podName\":\"p\"}}", json(t))),
    ("docker", |t| {
        let log = json(&format!("{t}\n"));
        format!("{{\"log\":{log},\"stream\":\"stdout\",\"time\":\"2026-03-02T10:00:00.1Z\"}}")
    }),
    ("logfmt", |t| format!("time=2026-03-02T10:00:00Z level=info msg={} n=1", json(t))),
    ("klog", |t| format!("I0302 10:00:00.123456       1 login.go:42] \"Login\" payload={} took=\"3ms\"", json(t))),
    ("kubectl prefix", |t| format!("[pod/web-1/app] {t}")),
    ("timestamp", |t| format!("2026-03-02T10:00:00.123456789Z {t}")),
    ("CRI", |t| format!("2026-03-02T10:00:00.123456789Z stdout F {t}")),
    ("compose", |t| format!("web-1  | {t}")),
    ("stern", |t| format!("web-6d4cf56db6-abcde app {t}")),
    ("GitHub", |t| format!("build\ttest\t2026-03-02T10:00:00.5532482Z {t}")),
    ("Jenkins", |t| format!("[2026-03-02T10:00:00.123Z] {t}")),
    ("syslog", |t| format!("<13>Mar  2 10:00:00 host app[17]: {t}")),
    ("new syslog", |t| format!("<34>1 2026-03-02T10:00:00.003Z host app 17 ID47 [ex@32473 a=\"1\"] {t}")),
    ("log4j", |t| format!("2026-03-02 10:00:00,123 [main] INFO  com.example.Login - {t}")),
    ("colour", |t| format!("\x1b[36mweb\x1b[0m {t} \x1b[0m")),
    ("query", |t| format!("GET https://app.internal/cb?next={}&page=2 200", percent(t))),
    ("access log", |t| {
        format!(
            "10.0.0.1 - - [02/Mar/2026:10:00:00 +0000] \"GET /a?q={}&n=1 HTTP/1.1\" 200 17 \"-\" \"curl/8\"",
            percent(t)
        )
    }),
    ("base64", |t| format!("payload={} next=1", BASE64.encode(t.as_bytes()))),
    (UNPADDED, |t| format!("payload: {}", BASE64_NOPAD.encode(t.as_bytes()))),
    (FOR_URLS, |t| format!("POST /hook/{} done", BASE64URL_NOPAD.encode(format!("???+++ {t}").as_bytes()))),
    ("hex", |t| format!("dump {} end", HEXLOWER.encode(t.as_bytes()))),
];

/// These two are told from those with padding by a length that would need some: a blank sees to it.
const UNPADDED: &str = "base64 without padding";
const FOR_URLS: &str = "base64 for URLs";

/// Only outermost: a count of bytes is one at the start of a line, an array of bytes is looked for in the record itself.
const OUTER: &[Layer] = &[
    ("plain", str::to_string),
    ("journald bytes", |t| {
        let bytes: Vec<String> = t.bytes().map(|b| b.to_string()).collect();
        format!("{{\"__REALTIME_TIMESTAMP\":\"1714564800123456\",\"MESSAGE\":[{}],\"_PID\":\"42\"}}", bytes.join(","))
    }),
    ("GitLab", |t| format!("2026-03-02T10:00:00.123456Z 00O {t}")),
    ("counted syslog", |t| {
        let frame = format!("<34>1 2026-03-02T10:00:00.003Z host app 17 - - {t}");
        format!("{} {frame}", frame.len())
    }),
];

/// Where the value stands; `@` is the value.
const LEAVES: &[(&str, &str)] = &[
    ("password=@ n=1", "password"),
    ("{\"user\":\"jo\",\"password\":\"@\",\"n\":1}", "password"),
    ("{\"a\":[{\"db_password\": \"@\"}]}", "password"),
    ("api_key: @", "api-key"),
    ("https://x.internal/a?token=@&page=2", "token"),
    ("Authorization: Bearer @", "authorization"),
    ("run --password @ --verbose", "password"),
    ("password=\"@\" n=1", "password"),
];

/// A small generator of numbers (xorshift), so that a run can be repeated from its seed.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit as u64) as usize
    }

    fn value(&mut self) -> String {
        let letters = b"abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
        let tail = (0..8 + self.below(6)).map(|_| letters[self.below(letters.len())] as char);
        let tail: String = tail.collect();
        format!("q7{tail}")
    }
}

#[test]
fn a_value_in_any_layers_is_masked_and_the_layers_stay() {
    let count = std::env::var("LAYERS").ok().and_then(|n| n.parse().ok()).unwrap_or(600);
    let seed = std::env::var("SEED").ok().and_then(|n| n.parse().ok()).unwrap_or(0x5EED);
    assert!(LAYERS.len() + OUTER.len() >= 25);
    let engine = Engine::new("default", None, false);
    let mut random = Random(seed);
    let (mut input, mut expected, mut names) = (String::new(), Vec::new(), Vec::new());
    let (mut wrong, mut tried) = (Vec::new(), 0);
    while tried < count {
        let (leaf, label) = LEAVES[random.below(LEAVES.len())];
        let (value, marker) = (random.value(), format!("REDACTED-{label}"));
        let (mut before, mut after) = (leaf.replace('@', &value), leaf.replace('@', &marker));
        let mut name = leaf.to_string();
        for _ in 0..random.below(7) {
            let (layer, wrap) = LAYERS[random.below(LAYERS.len())];
            // Escapes double with each layer: a record of megabytes shows nothing new.
            if before.len() > 20_000 {
                break;
            }
            if layer == UNPADDED && before.len().is_multiple_of(3) || layer == FOR_URLS && before.len() % 3 == 2 {
                before.push(' ');
                after.push(' ');
            }
            (before, after) = (wrap(&before), wrap(&after));
            write!(name, " < {layer}").unwrap();
        }
        let (layer, wrap) = OUTER[random.below(OUTER.len())];
        (before, after) = (wrap(&before), wrap(&after));
        write!(name, " < {layer}").unwrap();
        input += &before;
        input.push('\n');
        expected.push(after);
        names.push((name, before, value));
        tried += 1;
        if input.len() > 4 << 20 || tried == count {
            let out = engine.mask(input.as_bytes());
            let lines: Vec<&[u8]> = out.split(|b| *b == b'\n').collect();
            assert_eq!(lines.len(), expected.len() + 1);
            for ((line, after), (name, before, value)) in lines.iter().zip(&expected).zip(&names) {
                let leaks = memchr::memmem::find(line, value.as_bytes()).is_some();
                // PHP escapes a slash that only the new spelling has: nothing in the record tells.
                let slash = name.contains("PHP") && name.contains("base64");
                if leaks || *line != after.as_bytes() && !slash {
                    let leak = if leaks { "LEAK " } else { "" };
                    let line = String::from_utf8_lossy(line);
                    let cut = |text: &str| text.chars().take(400).collect::<String>();
                    wrong.push(format!(
                        "{leak}{name}\n  in   {}\n  out  {}\n  want {}",
                        cut(before),
                        cut(&line),
                        cut(after)
                    ));
                }
            }
            let again = engine.mask(&out);
            for ((line, second), (name, ..)) in lines.iter().zip(again.split(|b| *b == b'\n')).zip(&names) {
                if *line != second {
                    wrong.push(format!("second run: {name}"));
                }
            }
            (input, expected, names) = (String::new(), Vec::new(), Vec::new());
        }
    }
    let misses = wrong.len();
    wrong.sort_by_key(String::len);
    wrong.truncate(12);
    assert!(misses == 0, "{misses} of {count} combinations, seed {seed}\n{}", wrong.join("\n"));
}

fn json(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}

/// As Go's encoder writes it.
fn html_json(text: &str) -> String {
    json(text).replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026")
}

/// Some characters as escapes: none that markers have.
fn escaped_json(text: &str) -> String {
    let mut out = String::new();
    for c in json(text).chars() {
        match c {
            ':' | '@' | '?' => write!(out, "\\u{:04x}", c as u32).unwrap(),
            c => out.push(c),
        }
    }
    out
}

fn percent(text: &str) -> String {
    let mut out = String::new();
    for b in text.bytes() {
        if b.is_ascii_alphanumeric() || b"-._~".contains(&b) {
            out.push(b as char);
        } else {
            write!(out, "%{b:02X}").unwrap();
        }
    }
    out
}
