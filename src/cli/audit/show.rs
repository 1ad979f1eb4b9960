//! `logmask audit show FILE...` and `logmask audit receipt FILE`.

use super::args::ShowArgs;
use super::ocsf::{self, Context};
use super::reader;
use crate::audit::ascii;
use crate::cli::{Failure, Status, message, output, selection};
use crate::select::Clock;
use serde_json::Value;
use std::collections::HashMap;
use std::fmt::Write as _;
use std::io::BufRead;
use std::path::Path;

pub(super) fn run(args: &ShowArgs) -> Result<Status, Failure> {
    let form: fn(&str, &Value, &Context) -> String = match args.format.as_str() {
        "text" => |_, entry, _| text(entry),
        "json" => |line, _, _| line.to_owned(),
        "ocsf" => |_, entry, context| ascii(&ocsf::event(entry, context).to_string()),
        _ => return Err(Failure::usage("--format: unknown form").hint("forms are text, json and ocsf")),
    };
    let clock = Clock::now();
    let since = selection::moment(&clock, args.since.as_deref(), "--since")?;
    let (mut out, mut status) = (String::new(), Status::Done);
    let mut context = Context::default();
    // The end of a run does not say again who it was.
    let mut actors: HashMap<String, Value> = HashMap::new();
    for path in &args.files {
        let read = each(path, |line, entry| {
            let (event, session) = (entry["event"].as_str().unwrap_or_default(), entry["session"].as_str());
            if let Some(origin) = entry["origin"].as_str() {
                origin.clone_into(&mut context.origin);
            }
            context.actor = match session
                .filter(|_| matches!(event, "mask.end" | "reveal.end"))
                .and_then(|name| actors.remove(name))
            {
                Some(actor) => actor,
                None if event == "file" => session.and_then(|name| actors.get(name)).cloned().unwrap_or_default(),
                None => entry["actor"].clone(),
            };
            if let Some(session) = session.filter(|_| matches!(event, "mask" | "reveal")) {
                actors.insert(session.to_owned(), context.actor.clone());
            }
            let late = since.is_none_or(|since| {
                let time = entry["time"].as_str().and_then(|time| clock.parse(time));
                time.is_some_and(|time| time >= since)
            });
            let is = |who: &String| {
                let names = [&context.actor["id"], &context.actor["user"], &entry["claimed"]["id"]];
                names.into_iter().any(|name| name == who.as_str())
            };
            if late && args.who.as_ref().is_none_or(is) {
                out += &form(line, entry, &context);
                out.push('\n');
            }
            if out.len() > MOST {
                status = status.max(output::print(&out)?);
                out.clear();
            }
            Ok(())
        });
        if let Err(failure) = read {
            // Who looks for what went wrong wants to see what came before it.
            output::print(&out)?;
            return Err(failure);
        }
    }
    Ok(status.max(output::print(&out)?))
}

/// What is printed in one go, in bytes.
const MOST: usize = 64 << 10;

/// The lines of one session as they stand in the file and what stands between them, which the chain goes through, up to the
/// first checkpoint after them.
pub(super) fn receipt(path: &Path, session: Option<&str>) -> Result<Status, Failure> {
    let mut last = None;
    each(path, |_, entry| {
        if entry["event"] == "mask.end" {
            last = entry["session"].as_str().map(str::to_owned);
        }
        Ok(())
    })?;
    let Some(session) = session.map(str::to_owned).or(last) else {
        return Err(Failure::usage(format!("{}: holds no masking run that has ended", path.display())));
    };
    let (mut out, mut own, mut whole, mut others) = (String::new(), 0, 0, 0);
    let (mut begun, mut ended, mut signed) = (false, false, false);
    each(path, |line, entry| {
        let is_own = entry["session"] == session;
        begun |= is_own;
        if !begun || signed {
            return Ok(());
        }
        signed = ended && entry["event"] == "checkpoint";
        out += line;
        out.push('\n');
        if is_own {
            ended |= entry["event"] == "mask.end" || entry["event"] == "reveal.end";
            (own, whole) = (out.len(), others);
        } else {
            others += u64::from(!signed);
        }
        Ok(())
    })?;
    // Without a signature nothing behind the run is of use.
    if !signed {
        out.truncate(own);
        others = whole;
    }
    if others > 0 {
        let entries = message::count(others, "entry");
        message::warning(&format!("{entries} of others between are printed too: the chain goes through them"));
    }
    if !ended {
        return Err(Failure::usage(format!("{}: no such session has ended", path.display())));
    }
    if !signed {
        message::warning("nothing after this run is signed (--audit-key)");
    }
    output::print(&out)
}

fn each(path: &Path, mut see: impl FnMut(&str, &Value) -> Result<(), Failure>) -> Result<(), Failure> {
    for (at, line) in reader(path)?.lines().enumerate() {
        let foreign = || Failure::audit(format!("{}:{}: is no audit entry", path.display(), at + 1));
        let line = line.map_err(|_| foreign())?;
        see(&line, &serde_json::from_str(&line).map_err(|_| foreign())?)?;
    }
    Ok(())
}

fn text(entry: &Value) -> String {
    let word = |value: &Value| match value {
        Value::Null => "-".to_owned(),
        Value::String(text) => quoted(text),
        Value::Array(items) => {
            items.iter().map(|item| quoted(item.as_str().unwrap_or("?"))).collect::<Vec<_>>().join(",")
        }
        other => other.to_string(),
    };
    let fields = ["seq", "time", "event", "session"].map(|key| word(&entry[key]));
    let mut line = fields.join(" ");
    for (name, value) in [
        ("who", &entry["actor"]["id"]),
        ("claimed", &entry["claimed"]["id"]),
        ("roles", &entry["grant"]["roles"]),
        ("reason", &entry["reason"]),
        ("source", &entry["source"]),
        ("more_sources", &entry["more_sources"]),
        ("outcome", &entry["outcome"]),
        ("torn_at", &entry["torn"]["offset"]),
        ("torn_bytes", &entry["torn"]["bytes"]),
        ("lines", &entry["counts"]["lines"]),
        ("input", &entry["input"]),
        ("output", &entry["output"]),
    ] {
        if !value.is_null() {
            let _ = write!(line, " {name}={}", word(value));
        }
    }
    line
}

/// What comes from outside, so that it cannot look like another field: in quotes unless it is a plain word.
fn quoted(text: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_.:/@+".contains(&b);
    let printable = message::printable(text);
    if !text.is_empty() && text.bytes().all(plain) {
        printable
    } else {
        format!("\"{}\"", printable.replace('"', "\\\""))
    }
}
