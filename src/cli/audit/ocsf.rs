//! An entry as an event of the Open Cybersecurity Schema Framework: API Activity, the class for who read what through which
//! service. Names, numbers and what is required: <https://schema.ocsf.io/1.3.0/classes/api_activity>.

use jiff::Timestamp;
use serde_json::{Map, Value, json};
use std::net::IpAddr;

/// Version of the schema that is written.
const VERSION: &str = "1.3.0";

/// API Activity, in the category Application Activity.
const CLASS: u64 = 6003;

/// What of earlier entries tells of later ones.
#[derive(Debug, Default)]
pub(super) struct Context {
    /// Name of the chain.
    pub(super) origin: String,
    /// Who began the session of this entry.
    pub(super) actor: Value,
}

/// The event of `entry`.
pub(super) fn event(entry: &Value, context: &Context) -> Value {
    let name = text(&entry["event"]);
    let activity = activity(name);
    let (severity, status) = judged(name, text(&entry["outcome"]));
    let mut event = json!({
        "category_uid": CLASS / 1000, "category_name": "Application Activity",
        "class_uid": CLASS, "class_name": "API Activity",
        "activity_id": activity, "type_uid": CLASS * 100 + activity,
        "severity_id": severity, "status_id": status,
        "time": time(entry).map_or(0, Timestamp::as_millisecond),
        "metadata": metadata(entry, context),
        "actor": actor(entry, &context.actor),
        "api": { "operation": name, "service": { "name": "logmask" } },
        "src_endpoint": endpoint(&context.actor, &context.origin),
        // All of it, as it stands in the file: the chain can be verified from here too.
        "unmapped": { "entry": entry },
    });
    if activity == OTHER {
        event["activity_name"] = name.into();
    }
    for (key, value) in [("message", &entry["reason"]), ("status_detail", &entry["outcome"])] {
        if value.is_string() {
            event[key] = value.clone();
        }
    }
    if let Some(sources) = entry["source"].as_array() {
        event["resources"] = sources.iter().map(|name| json!({ "name": name, "type": "log" })).collect();
    }
    event
}

const OTHER: u64 = 99;

/// To sign a grant is to create it, to look is to read; what the file says of itself is none of these.
fn activity(event: &str) -> u64 {
    match event {
        "grant" => 1,
        "mask" | "mask.end" | "file" | "reveal" | "reveal.end" | "denied" | "list" => 2,
        _ => OTHER,
    }
}

/// Severity and status: informational or medium; success, failure, or not known yet.
fn judged(event: &str, outcome: &str) -> (u64, u64) {
    match (event, outcome) {
        ("denied", _) => (3, 2),
        (_, "failed") => (1, 2),
        ("mask" | "reveal", _) => (1, 0),
        _ => (1, 1),
    }
}

fn metadata(entry: &Value, context: &Context) -> Value {
    let mut product = json!({ "name": "logmask", "vendor_name": "logmask" });
    if entry["tool"].is_string() {
        product["version"] = entry["tool"].clone();
    }
    let mut metadata = json!({
        "version": VERSION, "product": product, "uid": entry["seq"].to_string(), "log_name": context.origin,
        "original_time": entry["time"],
    });
    if entry["session"].is_string() {
        metadata["correlation_uid"] = entry["session"].clone();
    }
    metadata
}

/// The user and the session; the program itself where nobody is told.
fn actor(entry: &Value, who: &Value) -> Value {
    let mut actor = Map::new();
    actor.insert("app_name".to_owned(), "logmask".into());
    if who["id"].is_string() {
        let mut user = json!({ "name": who["id"] });
        if who["key"].is_string() {
            user["credential_uid"] = who["key"].clone();
        }
        if who["user"].is_string() {
            user["uid"] = who["user"].clone();
        }
        actor.insert("user".to_owned(), user);
    }
    if entry["session"].is_string() {
        actor.insert("session".to_owned(), json!({ "uid": entry["session"] }));
    }
    actor.into()
}

/// Where they come from; of somebody on the machine itself, its name.
fn endpoint(who: &Value, origin: &str) -> Value {
    match text(&who["from"]).parse::<IpAddr>() {
        Ok(ip) => json!({ "ip": ip.to_string() }),
        Err(_) => json!({ "name": origin, "svc_name": "logmask" }),
    }
}

/// When the entry was written.
fn time(entry: &Value) -> Option<Timestamp> {
    text(&entry["time"]).parse().ok()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
