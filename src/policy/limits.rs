//! Which records a role may see at all: `select: { since: 24h, level: warn, where: ['tenant=acme'] }`.

use super::roles::seconds;
use serde::Deserialize;

/// What must hold of a record; nothing named is every record. A record without a time, a level or the field is not shown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a mapping with since, level and where")]
pub struct Limits {
    /// Not older than this, such as `24h`.
    pub since: Option<String>,
    /// As severe as this, or more.
    pub level: Option<Level>,
    /// Fields as in `--where`: `key=glob`, all of which must hold.
    #[serde(rename = "where", default)]
    pub fields: Vec<String>,
}

/// Severity, from least to most. The names of others are told by what stands next to them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// Also finest, verbose, silly.
    Trace,
    /// Also fine.
    Debug,
    /// Also config, log, http.
    Info,
    /// RFC 5424, and Google's.
    Notice,
    /// Warning.
    Warn,
    /// Also severe, fail.
    Error,
    /// Fatal, alert, emergency, panic: all that is worse than an error.
    Critical,
}

impl Limits {
    /// Every record may be seen.
    pub fn is_empty(&self) -> bool {
        *self == Limits::default()
    }

    /// Seconds that `since` goes back.
    pub fn seconds(&self) -> Option<u64> {
        self.since.as_deref().and_then(seconds)
    }

    /// What is wrong with it: the key, a fact and a hint.
    pub(super) fn fault(&self) -> Option<(&'static str, &'static str, &'static str)> {
        if self.since.is_some() && self.seconds().is_none() {
            return Some(("since", "is not a time span", "such as 24h, 30m or 7d"));
        }
        let wrong = |field: &String| field.split_once('=').is_none_or(|(key, _)| key.trim().is_empty());
        self.fields.iter().any(wrong).then_some((
            "where",
            "is not a key and what its value is like",
            "such as 'tenant=acme'",
        ))
    }

    /// The key by which this hides records that `other` shows; none if it shows all of those. Whether a glob is wider than
    /// another is not judged: the same conditions, or fewer of them, are.
    pub(super) fn narrower(&self, other: &Limits) -> Option<&'static str> {
        let since = |limits: &Limits| limits.seconds().unwrap_or(u64::MAX);
        let level = |limits: &Limits| limits.level.unwrap_or(Level::Trace);
        // Any level at all is a limit: there are records without one.
        if since(self) < since(other) {
            Some("since")
        } else if level(self) > level(other) || self.level.is_some() && other.level.is_none() {
            Some("level")
        } else if !self.fields.iter().all(|field| other.fields.contains(field)) {
            Some("where")
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn limits() -> impl Strategy<Value = Limits> {
        let since = proptest::option::of(prop_oneof!["[1-9]h", "[1-9]d"]);
        let level = proptest::option::of(prop_oneof![Just(Level::Trace), Just(Level::Warn), Just(Level::Critical)]);
        let fields = proptest::collection::vec("[ab]=[xy]", 0..3);
        (since, level, fields).prop_map(|(since, level, fields)| Limits { since, level, fields })
    }

    proptest! {
        #[test]
        fn to_be_narrower_is_an_order(a in limits(), b in limits(), c in limits()) {
            prop_assert!(a.narrower(&a).is_none() && Limits::default().narrower(&a).is_none());
            if a.narrower(&b).is_none() && b.narrower(&c).is_none() {
                prop_assert!(a.narrower(&c).is_none());
            }
        }
    }

    #[test]
    fn what_hides_more_is_named() {
        let of = |since: &str, level, fields: &[&str]| Limits {
            since: Some(since.to_owned()).filter(|since| !since.is_empty()),
            level,
            fields: fields.iter().map(|field| (*field).to_owned()).collect(),
        };
        let day = of("24h", Some(Level::Warn), &["a=x"]);
        assert_eq!(of("1h", None, &[]).narrower(&day), Some("since"));
        assert_eq!(of("1d", Some(Level::Error), &[]).narrower(&day), Some("level"));
        assert_eq!(of("2d", Some(Level::Trace), &["a=x", "b=x"]).narrower(&day), Some("where"));
        assert_eq!(of("24h", Some(Level::Info), &["a=x"]).narrower(&day), None);
        assert_eq!(of("", Some(Level::Trace), &[]).narrower(&of("", None, &[])), Some("level"));
    }
}
