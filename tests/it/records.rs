//! Generated log records that know which of their bytes are secret.

use proptest::prelude::*;

/// A stretch of a record.
#[derive(Clone, Debug)]
pub enum Piece {
    /// Comes out as it went in.
    Stays(String),
    /// A planted value, as spelt in the record.
    Goes {
        /// Its bytes in the record.
        text: String,
        /// The part of it that identifies it.
        secrets: Vec<String>,
        /// A JSON value without quotes: what stands in needs them.
        bare_json: bool,
    },
}

/// One line.
#[derive(Clone, Debug, Default)]
pub struct Record {
    /// In order.
    pub pieces: Vec<Piece>,
}

impl Record {
    /// The bytes that go in.
    pub fn text(&self) -> String {
        let text = |piece: &Piece| match piece {
            Piece::Stays(text) | Piece::Goes { text, .. } => text.clone(),
        };
        self.pieces.iter().map(text).collect()
    }

    /// What must not come out.
    pub fn secrets(&self) -> Vec<String> {
        let secrets = |piece: &Piece| match piece {
            Piece::Stays(_) => Vec::new(),
            Piece::Goes { secrets, .. } => secrets.clone(),
        };
        self.pieces.iter().flat_map(secrets).collect()
    }

    fn stays(mut self, text: impl Into<String>) -> Record {
        self.pieces.push(Piece::Stays(text.into()));
        self
    }

    fn then(mut self, other: Record) -> Record {
        self.pieces.extend(other.pieces);
        self
    }

    fn goes(text: impl Into<String>, secrets: Vec<String>, bare_json: bool) -> Record {
        Record { pieces: vec![Piece::Goes { text: text.into(), secrets, bare_json }] }
    }

    /// The same record as the inside of a JSON string.
    fn escaped(self) -> Record {
        let escape = |text: String| text.replace('\\', "\\\\").replace('"', "\\\"").replace('\t', "\\t");
        let piece = |piece| match piece {
            Piece::Stays(text) => Piece::Stays(escape(text)),
            // What stands in for a bare value has quotes, which have to be escaped: kept out of this test.
            Piece::Goes { text, secrets, bare_json } => Piece::Goes { text: escape(text), secrets, bare_json },
        };
        Record { pieces: self.pieces.into_iter().map(piece).collect() }
    }
}

/// A line of any kind, with its newline.
pub fn line() -> impl Strategy<Value = Record> {
    prop_oneof![json_line(), logfmt_line(), url_line()]
}

/// One JSON object a line, sometimes behind an envelope or inside a string.
pub fn json_line() -> impl Strategy<Value = Record> {
    let inside = object(false).prop_map(|record| {
        Record::default().stays("{\"level\":\"info\",\"body\":\"").then(record.escaped()).stays("\",\"n\":1}")
    });
    prop_oneof![3 => object(true), 1 => inside].prop_map(|record| record.stays("\n"))
}

/// Keys and values with blanks between, quoted and not.
pub fn logfmt_line() -> impl Strategy<Value = Record> {
    let plain = prop_oneof![
        (plain_key(), plain_value()).prop_map(|(key, value)| Record::default().stays(format!("{key}={value}"))),
        (plain_key(), plain_text()).prop_map(|(key, value)| Record::default().stays(format!("{key}=\"{value}\""))),
    ];
    let quoted = (secret_key(), secret(), quoted_tail()).prop_map(|(key, secret, tail)| {
        let value = Record::goes(format!("{secret}{tail}"), vec![secret], false);
        Record::default().stays(format!("{key}=\"")).then(value).stays("\"")
    });
    let bare = (secret_key(), secret(), bare_tail()).prop_map(|(key, secret, tail)| {
        Record::default().stays(format!("{key}=")).then(Record::goes(format!("{secret}{tail}"), vec![secret], false))
    });
    let pair = prop_oneof![4 => plain, 1 => quoted, 1 => bare];
    prop::collection::vec(pair, 1..8).prop_map(|pairs| {
        let start = Record::default().stays("ts=2026-03-02T10:00:00.123Z");
        pairs.into_iter().fold(start, |record, pair| record.stays(" ").then(pair)).stays("\n")
    })
}

/// A request line with a query, or a URL with credentials.
pub fn url_line() -> impl Strategy<Value = Record> {
    let plain =
        (plain_key(), "[a-z0-9]{1,6}").prop_map(|(key, value)| Record::default().stays(format!("{key}={value}")));
    let hidden = (secret_key(), secret(), prop::sample::select(vec!["", "%20x", "%2Fy", "+z"])).prop_map(
        |(key, secret, tail)| {
            Record::default().stays(format!("{key}=")).then(Record::goes(
                format!("{secret}{tail}"),
                vec![secret],
                false,
            ))
        },
    );
    let query = prop::collection::vec(prop_oneof![2 => plain, 1 => hidden], 1..6).prop_map(|pairs| {
        let mut record = Record::default().stays("GET /api/v1/orders/17");
        for (i, pair) in pairs.into_iter().enumerate() {
            record = record.stays(if i == 0 { "?" } else { "&" }).then(pair);
        }
        record.stays(" HTTP/1.1 200 17\n")
    });
    let schemes = prop::sample::select(vec!["postgres", "https", "redis", "amqp", "mongodb+srv"]);
    // No name that is a key of its own, such as `ssn`.
    let users = prop::sample::select(vec!["", "app", "jo", "svc-17", "u"]);
    let url = (schemes, users, secret(), prop::sample::select(vec!["", "%40", "%3A1"])).prop_map(
        |(scheme, user, secret, tail)| {
            let password = Record::goes(format!("{secret}{tail}"), vec![secret], false);
            Record::default()
                .stays(format!("open {scheme}://{user}:"))
                .then(password)
                .stays("@db.internal:5432/app failed\n")
        },
    );
    prop_oneof![query, url]
}

/// A JSON object with secrets somewhere in it. `bare`: also numbers, arrays and objects as secrets.
fn object(bare: bool) -> impl Strategy<Value = Record> {
    let leaf = prop_oneof![
        plain_value().prop_map(|text| format!("\"{text}\"")),
        plain_text().prop_map(|text| format!("\"{text}\"")),
        json_number(),
        prop::sample::select(vec!["null", "true", "false", "\"\"", "[]", "{}", "[ 1,2 ]"]).prop_map(str::to_string),
    ];
    let leaf = leaf.prop_map(|text| Record::default().stays(text));
    let value = leaf.prop_recursive(4, 24, 5, move |inner| {
        let list = (prop::collection::vec(inner.clone(), 1..4), blank()).prop_map(|(items, blank)| {
            let mut record = Record::default().stays(format!("[{blank}"));
            for (i, item) in items.into_iter().enumerate() {
                record = if i == 0 { record } else { record.stays(format!("{blank},")) }.then(item);
            }
            record.stays("]")
        });
        prop_oneof![1 => list, 3 => members(inner, bare)]
    });
    members(value.boxed(), bare)
}

/// Members with values from `value` and some secret ones, no key twice.
fn members(value: BoxedStrategy<Record>, bare: bool) -> BoxedStrategy<Record> {
    let plain = (plain_key(), blank(), value);
    let hidden = (secret_key(), blank(), if bare { secret_value().boxed() } else { secret_string().boxed() });
    let member = prop_oneof![3 => plain, 1 => hidden];
    (prop::collection::vec(member, 1..6), blank())
        .prop_map(|(members, around)| {
            let mut record = Record::default().stays(format!("{{{around}"));
            let mut seen = std::collections::BTreeSet::new();
            for (key, blank, value) in members {
                if seen.insert(key) {
                    let comma = if seen.len() == 1 { String::new() } else { format!("{blank},{around}") };
                    record = record.stays(format!("{comma}\"{key}\"{blank}:{blank}")).then(value);
                }
            }
            record.stays(format!("{around}}}"))
        })
        .boxed()
}

fn secret_string() -> impl Strategy<Value = Record> {
    (secret(), quoted_tail()).prop_map(|(secret, tail)| {
        Record::default().stays("\"").then(Record::goes(format!("{secret}{tail}"), vec![secret], false)).stays("\"")
    })
}

/// A secret as string, number, array or object.
fn secret_value() -> impl Strategy<Value = Record> {
    let number = "[1-9][0-9]{11}".prop_map(|digits| Record::goes(digits.clone(), vec![digits], true));
    let list = (secret(), secret(), blank()).prop_map(|(a, b, blank)| {
        Record::goes(format!("[{blank}\"{a}\",{blank}17, null,\"{b}\"{blank}]"), vec![a, b], true)
    });
    let object = (secret(), secret(), blank()).prop_map(|(a, b, blank)| {
        Record::goes(format!("{{\"a\":{blank}\"{a}\",\"b\":{{\"c\":[\"{b}\\\"]}}\"]}}{blank}}}"), vec![a, b], true)
    });
    prop_oneof![4 => secret_string(), 1 => number, 1 => list, 1 => object]
}

/// Distinctive, and long enough to be found in part.
fn secret() -> impl Strategy<Value = String> {
    "[bdfgkmpqvwz]{6}[0-9]{3}[BDFGKMPQVWZ]{5}"
}

/// What may follow in a quoted value before its true end.
fn quoted_tail() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "", " x", "\\\" x", "\\\\", "\\\\\\\"", "=, y=1", "\\u0040a", "{}", "é🦀", "\\n", "': x", ", z",
    ])
}

/// What may follow in a bare value before the next blank.
fn bare_tail() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["", "=", "==", "/a+b", ":c", "é", "#1", "!", "$x", "-_."])
}

fn secret_key() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "password",
        "db_password",
        "userPassword",
        "DB_PASSWORD",
        "api_key",
        "apiKey",
        "x-api-key",
        "client_secret",
        "secret",
        "access_token",
        "refreshToken",
        "session_id",
    ])
}

fn plain_key() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "level",
        "msg",
        "n",
        "trace_id",
        "status",
        "duration_ms",
        "token_count",
        "max_tokens",
        "author",
        "public_key",
        "secret_name",
        "retry",
        "path",
        "a",
        "items",
        "password_changed_at",
    ])
}

/// One word that nobody has to hide.
fn plain_value() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z]{1,10}",
        "[0-9]{1,6}",
        "[0-9a-f]{32}",
        "v[0-9]{1,2}\\.[0-9]{1,2}\\.[0-9]{1,2}",
        "/[a-z]{1,6}/[a-z]{1,6}\\.go:[0-9]{1,3}",
        "10\\.0\\.[0-9]{1,2}\\.[0-9]{1,2}",
        Just("2026-03-02T10:00:00Z".to_string()),
    ]
}

/// Several words, with escapes.
fn plain_text() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "request",
        "done",
        "in 3.2ms",
        "é",
        "🦀",
        "\\\"quoted\\\"",
        "a\\\\b",
        "\\u00e9",
        "\\t",
        "(17%)",
        "a, b",
        "[x]",
        "{}",
        "<-",
        "token expired",
        "password reset",
        "10:00:00",
    ]);
    prop::collection::vec(word, 1..5).prop_map(|words| words.join(" "))
}

fn json_number() -> impl Strategy<Value = String> {
    prop_oneof![
        "-?[1-9][0-9]{0,5}",
        "0\\.[0-9]{1,6}0",
        "-?[1-9]\\.[0-9]{1,3}[eE][+-]?[0-9]{1,2}",
        Just("-0".to_string())
    ]
}

fn blank() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["", "", "", " ", "  ", "\t"])
}
