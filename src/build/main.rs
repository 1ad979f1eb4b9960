//! Turns the YAML under `rules/` into what is embedded in the binary: reading YAML costs milliseconds at each start.
//!
//! Writes `packs.rs`: for each pack its name, whether it belongs to the floor, what of it runs (see `policy/embedded.rs`), and
//! what people read, as compressed JSON; and the list of all rule ids with their packs. [`literals`] writes what patterns begin
//! with. A fault in a pack fails the build with file and reason.
#![allow(clippy::print_stdout, clippy::print_stderr)]

#[path = "../detect/anchor/mod.rs"]
#[allow(dead_code)]
mod anchor;
#[path = "../detect/anchors/mod.rs"]
#[allow(dead_code)]
mod anchors;
#[path = "../detect/by_hand.rs"]
mod by_hand;
#[path = "../policy/embedded.rs"]
#[allow(dead_code)]
mod embedded;
#[path = "../detect/heads.rs"]
#[allow(dead_code)]
mod heads;
#[path = "../detect/hook.rs"]
mod hook;
#[path = "../detect/leads.rs"]
#[allow(dead_code)]
mod leads;
#[path = "../format/printable.rs"]
#[allow(dead_code)]
mod printable;
#[path = "../detect/names/spelled.rs"]
#[allow(dead_code)]
mod spelled;
#[path = "../policy/texts.rs"]
#[allow(dead_code)]
mod texts;
#[path = "../detect/names/words.rs"]
#[allow(dead_code)]
mod words;

mod literals;
mod running;

use flate2::{Compression, write::DeflateEncoder};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// The files directly under `rules/`, with [`POLICIES`]; all others stand in a folder.
const PROFILES: &[&str] = &["secrets", "default", "export"];
/// What law or contract asks for: policies to extend, each at least the default one.
const POLICIES: &[&str] = &["pci", "hipaa", "gdpr"];
/// Keys of a rule that only people read.
const DOCUMENTATION: &[&str] = &["doc", "source", "basis", "says", "risk", "examples", "unchanged"];
/// Keys of a rule that run.
const RUNNING: &[&str] = &["id", "label", "class", "keywords", "pattern", "fields", "not", "near", "allow"];

/// What the binary has in common with this.
const SHARED: &[&str] = &[
    "detect/anchor",
    "detect/anchors",
    "detect/by_hand.rs",
    "detect/heads.rs",
    "detect/hook.rs",
    "detect/leads.rs",
    "detect/names/spelled.rs",
    "detect/names/words.rs",
    "format/printable.rs",
    "policy/embedded.rs",
    "policy/texts.rs",
];

fn main() -> ExitCode {
    println!("cargo:rerun-if-changed=rules");
    for shared in SHARED {
        println!("cargo:rerun-if-changed=src/{shared}");
    }
    match write() {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}

fn write() -> Result<(), String> {
    let mut files = Vec::new();
    list(Path::new("rules"), &mut files)?;
    let mut packs = BTreeMap::new();
    for file in files {
        let name = name(&file)?;
        let pack = read(&file).map_err(|why| format!("{}: {why}", file.display()))?;
        packs.insert(name, pack);
    }
    let rules = ids(&packs)?;
    let floor = reached(&packs)?;

    let target = std::env::var_os("OUT_DIR").map(PathBuf::from).ok_or("OUT_DIR is not set")?;
    let mut out = String::from("// Written by build.rs from rules/; do not edit.\n\nconst PACKS: &[Entry] = &[\n");
    let mut sets = Vec::new();
    let firsts = literals::write(&packs, &target)?;
    for (name, pack) in &packs {
        let (run, texts) = running::pack(pack, &mut sets).map_err(|why| format!("rules/{name}.yaml: {why}"))?;
        let docs = Value::Array(pack.rules.iter().map(|rule| Value::Object(only(rule, DOCUMENTATION))).collect());
        let docs = deflated(docs.to_string().as_bytes()).map_err(|error| format!("rules/{name}.yaml: {error}"))?;
        let _ = write!(out, "    Entry {{ name: {name:?}, floor: {}, first: {}", floor.contains(name), firsts[name]);
        for (field, kind, bytes) in
            [("run", "bytes", &run), ("texts", "str", &texts.into_bytes()), ("docs", "bytes", &docs)]
        {
            let file = format!("pack-{}.{field}", name.replace('/', "-"));
            std::fs::write(target.join(&file), bytes).map_err(|error| format!("{file}: {error}"))?;
            let _ = write!(out, ", {field}: include_{kind}!(concat!(env!(\"OUT_DIR\"), \"/{file}\"))");
        }
        out += " },\n";
    }
    out += "];\n\nconst RULES: &[(&str, &str)] = &[\n";
    for (id, pack) in &rules {
        let _ = writeln!(out, "    ({id:?}, {pack:?}),");
    }
    out += "];\n";
    let _ = writeln!(out, "\n#[allow(clippy::unreadable_literal)]\nconst LEADS: &[Set] = &{sets:?};");
    std::fs::write(target.join("packs.rs"), out).map_err(|error| format!("packs.rs: {error}"))
}

/// What few runs read: raw DEFLATE (RFC 1951).
fn deflated(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    encoder.finish()
}

/// One file of `rules/`.
struct Pack {
    extends: Vec<String>,
    rules: Vec<Map<String, Value>>,
    anchors: Vec<Vec<String>>,
    /// `anchor::Begin` as a number.
    begins: Vec<u8>,
    /// The bytes that matches begin with.
    firsts: Vec<String>,
}

/// All YAML files below `folder`, in the order of their names.
fn list(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), String> {
    println!("cargo:rerun-if-changed={}", folder.display());
    let entries = std::fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut entries: Vec<PathBuf> = entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            list(&path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "yaml") {
            files.push(path);
        } else if path.extension().is_some_and(|extension| extension == "yml") {
            return Err(format!("{}: packs are called .yaml", path.display()));
        }
    }
    Ok(())
}

/// `rules/vendor/github.yaml` is `vendor/github`, on any system.
fn name(file: &Path) -> Result<String, String> {
    let inside = file.strip_prefix("rules").unwrap_or(file).with_extension("");
    let parts: Vec<&str> = inside.iter().filter_map(|part| part.to_str()).collect();
    let name = parts.join("/");
    if parts.len() == 1 && ![PROFILES, POLICIES].concat().contains(&name.as_str()) {
        return Err(format!("{}: only profiles and policies stand here, packs stand in a folder", file.display()));
    }
    Ok(name)
}

fn read(file: &Path) -> Result<Pack, String> {
    let text = std::fs::read_to_string(file).map_err(|error| error.to_string())?;
    let yaml: serde_yaml::Value = serde_yaml::from_str(&text).map_err(|error| error.to_string())?;
    let Value::Object(mut top) = serde_json::to_value(yaml).map_err(|error| error.to_string())? else {
        return Err("not a mapping".to_owned());
    };
    if top.remove("version") != Some(json!(1)) {
        return Err("version is not 1".to_owned());
    }
    let extends = match top.remove("extends") {
        None => Vec::new(),
        Some(value) => serde_json::from_value::<Vec<String>>(value)
            .map_err(|_| "extends is not a list of strings")?
            .into_iter()
            .map(|name| {
                name.strip_prefix("builtin:")
                    .map(str::to_owned)
                    .ok_or(format!("extends {name}: a pack extends builtin: only"))
            })
            .collect::<Result<_, _>>()?,
    };
    let written = match top.remove("rules") {
        None => Vec::new(),
        Some(Value::Array(rules)) => rules,
        Some(_) => return Err("rules is not a list".to_owned()),
    };
    if let Some(key) = top.keys().next() {
        return Err(format!("key {key}: a pack has version, extends and rules only"));
    }
    let mut pack = Pack { extends, rules: Vec::new(), anchors: Vec::new(), begins: Vec::new(), firsts: Vec::new() };
    for (i, rule) in written.into_iter().enumerate() {
        let Value::Object(mut rule) = rule else {
            return Err(format!("rule number {} is not a mapping", i + 1));
        };
        let id = rule.get("id").and_then(Value::as_str).map_or(format!("number {}", i + 1), str::to_owned);
        let anchors = derive(&mut rule).map_err(|why| format!("rule {id}: {why}"))?;
        let pattern = rule.get("pattern").and_then(Value::as_str);
        pack.begins.push(pattern.map_or(0, |pattern| anchor::begin(pattern) as u8));
        // They are letters, digits or `_`.
        let firsts = pattern.and_then(anchor::first_bytes).and_then(|bytes| String::from_utf8(bytes).ok());
        pack.firsts.push(firsts.unwrap_or_default());
        pack.anchors.push(anchors);
        pack.rules.push(rule);
    }
    Ok(pack)
}

/// Checks the shape of a rule (a test does the rest), puts derived keywords in, returns its anchors.
fn derive(rule: &mut Map<String, Value>) -> Result<Vec<String>, String> {
    if let Some(key) =
        rule.keys().find(|key| ![RUNNING, running::REST, DOCUMENTATION].iter().any(|keys| keys.contains(&key.as_str())))
    {
        return Err(format!("unknown key {key}"));
    }
    for key in ["id", "class"] {
        if !rule.get(key).is_some_and(Value::is_string) {
            return Err(format!("{key} is not a string"));
        }
    }
    if ["pattern", "fields", "shape"].iter().filter(|key| rule.contains_key(**key)).count() != 1 {
        return Err("needs exactly one of pattern, fields and shape".to_owned());
    }
    let Some(pattern) = rule.get("pattern") else {
        return Ok(Vec::new());
    };
    let pattern = pattern.as_str().ok_or("pattern is not a string")?.to_owned();
    regex_syntax::ParserBuilder::new()
        .unicode(false)
        .utf8(false)
        .build()
        .parse(&pattern)
        .map_err(|error| error.to_string())?;
    if !rule.contains_key("keywords") {
        let required = anchor::required(&pattern);
        if !required.is_empty() {
            rule.insert("keywords".to_owned(), json!(required));
        }
    }
    Ok(anchor::anchors(&pattern))
}

/// What `rule` says under these keys.
fn only(rule: &Map<String, Value>, keys: &[&str]) -> Map<String, Value> {
    rule.iter().filter(|(key, _)| keys.contains(&key.as_str())).map(|(k, v)| (k.clone(), v.clone())).collect()
}

/// Rule ids with their packs; no id stands twice.
fn ids(packs: &BTreeMap<String, Pack>) -> Result<BTreeMap<String, String>, String> {
    let mut ids: BTreeMap<String, String> = BTreeMap::new();
    for (name, pack) in packs {
        for id in pack.rules.iter().filter_map(|rule| rule.get("id").and_then(Value::as_str)) {
            if let Some(other) = ids.insert(id.to_owned(), name.clone()) {
                return Err(format!("rules/{name}.yaml: id {id} stands in rules/{other}.yaml too"));
            }
        }
    }
    Ok(ids)
}

/// The packs reached through profile `secrets`: the floor. Looks at every `extends` on the way.
fn reached(packs: &BTreeMap<String, Pack>) -> Result<BTreeSet<String>, String> {
    for profile in PROFILES {
        if !packs.contains_key(*profile) {
            return Err(format!("rules/{profile}.yaml is missing"));
        }
    }
    for (name, pack) in packs {
        if let Some(unknown) = pack.extends.iter().find(|other| !packs.contains_key(*other)) {
            return Err(format!("rules/{name}.yaml: extends builtin:{unknown}, which is not there"));
        }
    }
    let mut floor = BTreeSet::new();
    let mut open = vec!["secrets".to_owned()];
    while let Some(name) = open.pop() {
        if floor.insert(name.clone()) {
            open.extend(packs[&name].extends.iter().cloned());
        }
    }
    if floor.contains("default") || floor.contains("export") {
        return Err("rules/secrets.yaml extends a profile above it".to_owned());
    }
    Ok(floor)
}
