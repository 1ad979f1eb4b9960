//! Files of secrets. What they hold says of what kind they are: JSON, Kubernetes Secrets and other settings in YAML, dotenv
//! and INI, else one secret a line.

use super::List;
use crate::cli::{Failure, message};
use crate::policy::yaml_document;
use data_encoding::BASE64;
use serde_json::Value;
use std::collections::{BTreeSet, HashMap};
use std::fs::File;
use std::io::Read;
use std::path::Path;
use zeroize::Zeroizing;

/// Largest file, in bytes.
pub(super) const MOST: u64 = 16 << 20;

/// Adds the secrets in the file at `path`.
pub(super) fn read(path: &Path, list: &mut List) -> Result<(), Failure> {
    let name = path.display().to_string();
    let failed = |fact: &str| Failure::usage(format!("{name}: {fact}"));
    let mut text = Zeroizing::new(Vec::new());
    File::open(path)
        .and_then(|file| file.take(MOST + 1).read_to_end(&mut text))
        .map_err(|error| failed(&message::fact(&error)))?;
    if text.len() as u64 > MOST {
        return Err(failed("larger than 16 MiB, the limit of a list of secrets"));
    }
    add(&text, &name, list)
}

/// Adds the secrets in `text`, which messages call `name`.
pub(super) fn add(text: &[u8], name: &str, list: &mut List) -> Result<(), Failure> {
    let before = list.literals.len() + list.weak.len();
    let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text);
    let readable = std::str::from_utf8(text).ok();
    if let Some(value) = json(text) {
        leaves(&value, text, name, list);
    } else if let Some(text) = readable.filter(|text| is_secret_manifest(text)) {
        let mut documents = documents(text);
        let values: Option<Vec<Value>> = documents.iter_mut().map(|text| yaml_document(text)).collect();
        let unread = || {
            Failure::usage(format!("{name}: looks like a Kubernetes Secret, but is not YAML that can be read"))
                .hint("give it as kubectl prints it: kubectl get secret NAME -o yaml")
        };
        values.ok_or_else(unread)?.iter().for_each(|value| leaves(value, text.as_bytes(), name, list));
    } else if let Some(lines) = readable.and_then(dotenv) {
        for (line, values) in lines {
            for value in values {
                list.add(&value, || format!("{name}:{line}"));
            }
        }
    } else if let Some((text, value)) = readable.and_then(|text| Some((text, settings(text)?))) {
        leaves(&value, text.as_bytes(), name, list);
    } else {
        for (at, line) in text.split(|b| *b == b'\n').enumerate() {
            if !line.trim_ascii().is_empty() {
                list.must_add(line, || format!("{name}:{}", at + 1))?;
            }
            // Settings among which one line was not understood: the log may have the value without its name and quotes.
            if let Ok(line) = std::str::from_utf8(line) {
                let value = pair(line, "=").or_else(|| pair(line, ": ")).map_or(line, |(_, value)| value);
                let _ = list.literals.add(value.trim().trim_matches(['"', '\'']).as_bytes());
            }
        }
    }
    if list.literals.len() + list.weak.len() == before && text.trim_ascii().is_empty() {
        return Err(Failure::usage(format!("{name}: no secrets in it")));
    }
    Ok(())
}

fn json(text: &[u8]) -> Option<Value> {
    let text = text.trim_ascii();
    let value = matches!(text.first(), Some(b'{' | b'[')).then(|| serde_json::from_slice(text).ok())?;
    // A list of lines in brackets is one of those.
    value
}

/// Adds all texts and numbers in `value`; the data of Kubernetes Secrets decoded.
/// `text` is what `value` was read from: a number stands in a log as it was written, which is not how it is kept.
fn leaves(value: &Value, text: &[u8], name: &str, list: &mut List) {
    let mut place = 0;
    let mut put = |text: &[u8], list: &mut List| {
        place += 1;
        let place = place;
        list.add(text, || format!("{name}: value {place}"));
    };
    let written = numbers(text);
    each_leaf(value, false, &mut |leaf, packed| {
        if let Some(Ok(bytes)) = packed.then(|| BASE64.decode(&squeezed(leaf))) {
            put(&Zeroizing::new(bytes), list);
        } else {
            put(leaf, list);
            for spelled in number(leaf).and_then(|number| written.get(&number)).into_iter().flatten() {
                let _ = list.literals.add(spelled);
            }
        }
    });
}

/// Whatever may be a number in JSON or YAML, as it is written there, by what it comes to.
fn numbers(text: &[u8]) -> HashMap<u64, BTreeSet<&[u8]>> {
    let of_number = |b: &u8| b.is_ascii_digit() || b"+-.eE".contains(b);
    let mut all: HashMap<u64, BTreeSet<&[u8]>> = HashMap::new();
    for run in text.split(|b| !of_number(b)) {
        if let Some(number) = number(run) {
            all.entry(number).or_default().insert(run);
        }
    }
    all
}

fn number(text: &[u8]) -> Option<u64> {
    std::str::from_utf8(text).ok()?.parse().ok().map(f64::to_bits)
}

/// `in_secret`: `value` is a Kubernetes Secret, or a list of them.
fn each_leaf(value: &Value, packed: bool, each: &mut dyn FnMut(&[u8], bool)) {
    match value {
        Value::String(text) => each(text.as_bytes(), packed),
        Value::Number(number) => each(number.to_string().as_bytes(), false),
        Value::Array(items) => items.iter().for_each(|item| each_leaf(item, packed, each)),
        Value::Object(pairs) => {
            let kind = pairs.get("kind").and_then(Value::as_str);
            let secret = kind == Some("Secret") && pairs.contains_key("apiVersion");
            let list = kind == Some("List") || kind == Some("SecretList");
            for (key, value) in pairs {
                match key.as_str() {
                    "data" if secret => each_leaf(value, true, each),
                    "stringData" if secret => each_leaf(value, false, each),
                    "items" if list => each_leaf(value, packed, each),
                    // Of a manifest, names and labels are no secrets.
                    _ if secret || list => {}
                    _ => each_leaf(value, packed, each),
                }
            }
        }
        Value::Null | Value::Bool(_) => {}
    }
}

fn squeezed(text: &[u8]) -> Vec<u8> {
    text.iter().copied().filter(|b| !b.is_ascii_whitespace()).collect()
}

/// Does a line say `kind: Secret`, or that of a list?
fn is_secret_manifest(text: &str) -> bool {
    let kind = |line: &str| {
        let value =
            line.trim_start_matches([' ', '-']).strip_prefix("kind:").map(|v| v.trim().trim_matches(['"', '\'']));
        matches!(value, Some("Secret" | "SecretList"))
    };
    text.lines().any(kind)
}

fn documents(text: &str) -> Vec<String> {
    let mut documents = vec![String::new()];
    for line in text.split_inclusive('\n') {
        if line.trim_end() == "---" || line.starts_with("--- ") {
            documents.push(String::new());
        } else if let Some(last) = documents.last_mut() {
            last.push_str(line);
        }
    }
    let comment = |line: &str| line.trim().is_empty() || line.trim_start().starts_with('#');
    documents.retain(|document| !document.lines().all(comment));
    documents
}

/// The spellings of one value.
type Values = Vec<Zeroizing<Vec<u8>>>;

/// The values of `NAME=value` lines by their line; `None` if any line is something else. A value in quotes may have
/// several lines. Each value stands as it is written and as it is meant; and because a list of base64 looks the same
/// (`Zm9vYmFyYmF6=`), a line without a value is one itself.
fn dotenv(text: &str) -> Option<Vec<(usize, Values)>> {
    let mut found = Vec::new();
    let mut lines = text.lines().enumerate();
    while let Some((at, line)) = lines.next() {
        let line = line.trim();
        if line.is_empty() || line.starts_with(['#', ';']) || is_heading(line) {
            continue;
        }
        let mut value = Zeroizing::new(pair(line, "=")?.1.to_owned());
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
        if let Some(quote) = quote {
            while closing(&value, quote).is_none() {
                let Some((_, more)) = lines.next() else { break };
                value.push('\n');
                value.push_str(more);
            }
        }
        let bytes = |text: &str| Zeroizing::new(text.as_bytes().to_vec());
        let mut values = vec![bytes(&value)];
        match quote.and_then(|quote| Some((quote, closing(&value, quote)?))) {
            _ if value.trim_matches('=').is_empty() => values = vec![bytes(line)],
            Some((quote, end)) => {
                // The text in quotes is meant; the quotes are not looked for.
                let inside = &value[1..end];
                values = vec![bytes(inside)];
                if quote == '"' && inside.contains('\\') {
                    values.push(bytes(&unescaped(inside)));
                }
            }
            None => {
                if let Some((bare, _comment)) = value.split_once(" #") {
                    values.push(bytes(bare.trim_end()));
                }
            }
        }
        found.push((at + 1, values));
    }
    (!found.is_empty()).then_some(found)
}

/// Name and value of a setting in `line`, with `sign` between.
fn pair<'l>(line: &'l str, sign: &str) -> Option<(&'l str, &'l str)> {
    let line = line.trim();
    let (name, value) = line.strip_prefix("export ").unwrap_or(line).split_once(sign)?;
    is_name(name.trim()).then_some((name.trim(), value.trim()))
}

fn is_name(text: &str) -> bool {
    let letter = |c: char| c.is_ascii_alphanumeric() || "_.-".contains(c);
    text.starts_with(|c: char| !c.is_ascii_digit()) && text.chars().all(letter)
}

/// Between settings: `[section]` of INI, and `export NAME` of a shell.
fn is_heading(line: &str) -> bool {
    let section = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    section.is_some_and(|name| !name.contains(['[', ']'])) || line.strip_prefix("export ").is_some_and(is_name)
}

/// Settings in YAML: what begins with a name, and is one document of names with values.
fn settings(text: &str) -> Option<Value> {
    let first = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with(['#', '-']))?;
    let named = first.strip_suffix(':').is_some_and(is_name) || pair(first, ": ").is_some();
    named.then(|| yaml_document(text)).flatten().filter(Value::is_object)
}

/// Where the quote stands that closes the one which `value` begins with.
fn closing(value: &str, quote: char) -> Option<usize> {
    let mut escaped = false;
    let closes = |(_, c): &(usize, char)| {
        let closes = *c == quote && !escaped;
        escaped = *c == '\\' && !escaped && quote == '"';
        closes
    };
    value.char_indices().skip(1).find(closes).map(|(at, _)| at)
}

fn unescaped(text: &str) -> Zeroizing<String> {
    let mut out = Zeroizing::new(String::with_capacity(text.len()));
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        match (c, c == '\\').1.then(|| rest.next()).flatten() {
            None => out.push(c),
            Some('n') => out.push('\n'),
            Some('r') => out.push('\r'),
            Some('t') => out.push('\t'),
            Some(other) => out.push(other),
        }
    }
    out
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// Those of `secrets` that are found when the list was read from `text`.
    fn listed(text: &str, secrets: &[&str]) -> Vec<bool> {
        let mut list = List::default();
        add(text.as_bytes(), "list", &mut list).map_err(|failure| failure.text).unwrap();
        let found = |secret: &&str| {
            let mut whole = false;
            list.literals.find(secret.as_bytes(), |span| whole |= span.len() == secret.len());
            whole
        };
        secrets.iter().map(found).collect()
    }

    #[test]
    fn each_kind_of_file_is_known_by_what_it_holds() {
        let two = ["hunter2-magpie", "s3cret value=1"];
        for text in [
            "hunter2-magpie\n\n  s3cret value=1  \r\n",
            "# of the shop\nPASSWORD=hunter2-magpie\nexport OTHER='s3cret value=1'\n\nPORT=80\n",
            "PASSWORD=hunter2-magpie # in use\nOTHER=\"s3cret value=1\" # too\n",
            r#"{"a":"hunter2-magpie","b":[{"c":"s3cret value=1"}],"port":80,"debug":true}"#,
            r#"["hunter2-magpie", "s3cret value=1"]"#,
            "apiVersion: v1\nkind: Secret\nmetadata:\n  name: shop-token-name\ndata:\n  a: aHVudGVyMi1tYWdwaWU=\nstringData:\n  b: s3cret value=1\n",
            "---\napiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Secret\n  data: {a: aHVudGVyMi1tYWdwaWU=, b: czNjcmV0IHZhbHVlPTE=}\n",
            "# one\n---\napiVersion: v1\nkind: Secret\ndata: {a: aHVudGVyMi1tYWdwaWU=}\n---\napiVersion: v1\nkind: ConfigMap\ndata: {}\n---\nkind: Secret\napiVersion: v1\nstringData: {b: s3cret value=1}\n",
            r#"{"apiVersion":"v1","kind":"Secret","data":{"a":"aHVudGVyMi1tYWdwaWU=","b":"czNjcmV0IHZhbHVlPTE="}}"#,
        ] {
            assert_eq!(listed(text, &two), [true, true], "{text}");
            assert_eq!(listed(text, &["shop-token-name", "# of the shop"]), [false, false], "{text}");
        }
    }

    #[test]
    fn secrets_of_several_lines_are_read_as_one() {
        for text in [
            "KEY=\"first-line\nsecond-line\"\nB=third-value\n",
            "KEY=\"first-line\\nsecond-line\"\nB=third-value\n",
            r#"{"key":"first-line\nsecond-line","b":"third-value"}"#,
        ] {
            assert_eq!(
                listed(text, &["first-line", "second-line", "third-value", r"first-line\nsecond-line"]),
                [true; 4]
            );
        }
    }

    #[test]
    fn a_list_of_base64_is_not_taken_for_settings() {
        let both = ["aHVudGVyMi1tYWdwaWU=", "bWFncGllLWh1bnRlcg=="];
        assert_eq!(listed(&both.join("\n"), &both), [true, true]);
    }

    #[test]
    fn settings_are_known_in_whatever_form() {
        let two = ["hunter2-magpie", "s3cret value=1"];
        for text in [
            "[default]\nkey_id = hunter2-magpie\n; the other\nsecret_key = s3cret value=1\n",
            "#!/bin/sh\nexport NAME\nPASSWORD=hunter2-magpie\nexport OTHER='s3cret value=1'\n",
            "# of the shop\nshop:\n  password: hunter2-magpie\n  others: [\"s3cret value=1\"]\n  port: 80\n",
            "---\npassword: hunter2-magpie\nother: s3cret value=1 # too\n",
            // Whatever else stands between.
            "PASSWORD=hunter2-magpie\nset -o allexport\nOTHER=\"s3cret value=1\"\n",
            "password: hunter2-magpie\nset -o allexport\nother: 's3cret value=1'\n",
            "\"hunter2-magpie\"\n's3cret value=1'\n",
        ] {
            assert_eq!(listed(text, &two), [true, true], "{text}");
            assert_eq!(listed(text, &["[default]", "shop:", "password"]), [false; 3], "{text}");
        }
        assert_eq!(listed("[hunter2-magpie]\n", &["[hunter2-magpie]"]), [true]);
    }

    #[test]
    fn a_number_is_looked_for_as_it_is_written() {
        let numbers = ["12345678901234567890123", "4711.50", "-47e11"];
        for text in [
            r#"{"a":12345678901234567890123,"b":[4711.50,-47e11]}"#,
            "a: 12345678901234567890123\nb: [4711.50, -47e11]\n",
        ] {
            assert_eq!(listed(text, &numbers), [true; 3], "{text}");
        }
    }

    #[test]
    fn a_weak_line_of_a_list_is_refused_and_not_echoed() {
        let mut list = List::default();
        let failure = add(b"hunter2-magpie\nq7\n", "list", &mut list).err().unwrap();
        assert_eq!(failure.text, "list:2: shorter than 4 bytes");
        assert!(add(b"\n \n", "list", &mut List::default()).is_err());
        assert!(add(b"kind: Secret\n\t{", "list", &mut List::default()).is_err());
    }

    #[test]
    fn weak_settings_are_left_out_and_told_by_line() {
        let mut list = List::default();
        add(b"A=hunter2-magpie\nDEBUG=true\nPORT=80\n", "list", &mut list).unwrap();
        let told: Vec<&str> = list.weak.iter().map(|(place, _)| place.as_str()).collect();
        assert_eq!((list.literals.len(), told), (1, vec!["list:2", "list:3"]));
    }
}
