//! `logmask audit show FILE...` and `logmask audit receipt FILE`.

use super::args::ShowArgs;
use super::reader;
use crate::cli::{Failure, Status, message, output};
use jiff::Timestamp;
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::io::BufRead;
use std::path::Path;

pub(super) fn run(args: &ShowArgs) -> Result<Status, Failure> {
    let form: fn(&str, &Value) -> String = match args.format.as_str() {
        "text" => |_, entry| text(entry),
        "json" => |line, _| line.to_owned(),
        "ocsf" => |_, entry| ocsf(entry).to_string(),
        _ => return Err(Failure::usage("--format: unknown form").hint("forms are text, json and ocsf")),
    };
    let since = args.since.as_deref().map(str::parse::<Timestamp>).transpose();
    let since = since
        .map_err(|_| Failure::usage("--since: not a time").hint("a time is 2026-03-02T14:00:00Z, with its zone"))?;
    let mut out = String::new();
    for path in &args.files {
        each(path, |line, entry| {
            let time = entry["time"].as_str().and_then(|time| time.parse::<Timestamp>().ok());
            let late = since.is_none_or(|since| time.is_some_and(|time| time >= since));
            let who =
                args.who.as_deref().is_none_or(|who| entry["actor"]["id"] == *who || entry["actor"]["user"] == *who);
            if late && who {
                out += &form(line, entry);
                out.push('\n');
            }
        })?;
    }
    output::print(&out)
}

/// The lines of one session as they stand in the file, and the first checkpoint after them.
pub(super) fn receipt(path: &Path, session: Option<&str>) -> Result<Status, Failure> {
    let mut last = None;
    each(path, |_, entry| {
        if entry["event"] == "mask.end" {
            last = entry["session"].as_str().map(str::to_owned);
        }
    })?;
    let Some(session) = session.map(str::to_owned).or(last) else {
        return Err(Failure::usage(format!("{}: holds no masking run that has ended", path.display())));
    };
    let (mut out, mut ended, mut signed) = (String::new(), false, false);
    each(path, |line, entry| {
        let signs = ended && !signed && entry["event"] == "checkpoint";
        if entry["session"] == session || signs {
            out += line;
            out.push('\n');
        }
        ended |= entry["session"] == session && entry["event"] == "mask.end";
        signed |= signs;
    })?;
    if !ended {
        return Err(Failure::usage(format!("{}: no such session has ended", path.display())));
    }
    if !signed {
        message::warning("nothing after this run is signed (--audit-key)");
    }
    output::print(&out)
}

fn each(path: &Path, mut see: impl FnMut(&str, &Value)) -> Result<(), Failure> {
    for (at, line) in reader(path)?.lines().enumerate() {
        let foreign = || Failure::audit(format!("{}:{}: is no audit entry", path.display(), at + 1));
        let line = line.map_err(|_| foreign())?;
        see(&line, &serde_json::from_str(&line).map_err(|_| foreign())?);
    }
    Ok(())
}

fn text(entry: &Value) -> String {
    let word = |value: &Value| match value {
        Value::Null => "-".to_owned(),
        Value::String(text) => message::printable(text),
        Value::Array(items) => {
            items.iter().map(|item| message::printable(item.as_str().unwrap_or("?"))).collect::<Vec<_>>().join(",")
        }
        other => other.to_string(),
    };
    let fields = ["seq", "time", "event", "session"].map(|key| word(&entry[key]));
    let mut line = fields.join(" ");
    for (name, value) in [
        ("who", &entry["actor"]["id"]),
        ("roles", &entry["grant"]["roles"]),
        ("reason", &entry["reason"]),
        ("source", &entry["source"]),
        ("outcome", &entry["outcome"]),
        ("lines", &entry["counts"]["lines"]),
    ] {
        if !value.is_null() {
            let _ = write!(line, " {name}={}", word(value));
        }
    }
    line
}

/// Datastore Activity (6005) of OCSF 1.3: read for what reveals, unknown for the rest.
fn ocsf(entry: &Value) -> Value {
    let event = entry["event"].as_str().unwrap_or_default();
    let activity = if event.starts_with("reveal") || event.starts_with("mask") { 1 } else { 99 };
    let failed = event == "denied" || entry["outcome"] == "failed";
    let time = entry["time"].as_str().and_then(|time| time.parse::<Timestamp>().ok());
    json!({
        "category_uid": 6, "class_uid": 6005, "activity_id": activity, "type_uid": 600_500 + activity,
        "activity_name": event, "severity_id": if event == "denied" { 3 } else { 1 },
        "status_id": if failed { 2 } else { 1 }, "time": time.map(Timestamp::as_millisecond),
        "message": entry["reason"],
        "metadata": { "version": "1.3.0", "uid": entry["seq"].to_string(),
                      "product": { "name": "logmask", "vendor_name": "logmask", "version": entry["tool"] } },
        "actor": { "user": { "name": entry["actor"]["id"] }, "session": { "uid": entry["session"] } },
        "src_endpoint": { "ip": entry["actor"]["from"] },
        "unmapped": entry,
    })
}
