//! How a key name falls into words, and the words that mean something to every rule.

/// Words of a key that are looked at, counted from its end.
pub const MOST: usize = 16;

/// Bytes of a key that are looked at, counted from its end. More is no field name.
const REACH: usize = 256;

/// The last words of a key, the last one first: `db.userPassword2` is `Password`, `user`, `db`.
///
/// A word is a run of letters (all bytes from 0x80 are letters). It begins at a camel-case hump and where an upper-case
/// run meets a capitalised word (`HTTPServer`). Digits are no words: `address_line1` is `address`, `line`; `oauth2` is `oauth`.
#[derive(Debug)]
pub struct Words<'k> {
    key: &'k [u8],
    list: [Word; MOST],
    len: usize,
}

/// One word of a key.
#[derive(Clone, Copy, Debug)]
pub struct Word {
    start: u16,
    end: u16,
    /// What parts it from the word after it.
    pub gap: Gap,
}

/// What parts two words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gap {
    /// Nothing but a change of case.
    Hump,
    /// `_`, `-`, a blank, a digit: the same name goes on.
    Mark,
    /// `.`, `/`, `:`, `[`, `]`: another level of a path.
    Level,
}

impl<'k> Words<'k> {
    /// Splits the last [`MOST`] words off `key`.
    pub fn split(key: &'k [u8]) -> Words<'k> {
        let key = reach(key);
        let blank = Word { start: 0, end: 0, gap: Gap::Mark };
        let mut words = Words { key, list: [blank; MOST], len: 0 };
        let mut at = key.len();
        while words.len < MOST {
            let mut gap = Gap::Hump;
            while at > 0 && !is_letter(key[at - 1]) {
                let level = matches!(key[at - 1], b'.' | b'/' | b':' | b'[' | b']');
                gap = if level || gap == Gap::Level { Gap::Level } else { Gap::Mark };
                at -= 1;
            }
            if at == 0 {
                break;
            }
            let end = at;
            at -= 1;
            while at > 0 && is_letter(key[at - 1]) && !is_hump(key[at - 1], key[at], key.get(at + 1)) {
                at -= 1;
            }
            words.list[words.len] = Word { start: at as u16, end: end as u16, gap };
            words.len += 1;
        }
        words
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// What parts word `ix` from the one after it in the key.
    pub fn gap(&self, ix: usize) -> Gap {
        self.list[ix].gap
    }

    /// A digit stands between word `ix` and the one after it in the key.
    pub fn digit_after(&self, ix: usize) -> bool {
        let until = if ix == 0 { self.key.len() } else { usize::from(self.list[ix - 1].start) };
        self.key[usize::from(self.list[ix].end)..until].iter().any(u8::is_ascii_digit)
    }

    /// Word `ix` stands behind `_` or a change of case.
    pub fn is_suffix(&self, ix: usize) -> bool {
        ix + 1 < self.len
            && match self.list[ix + 1].gap {
                Gap::Hump => true,
                Gap::Mark => self.key[usize::from(self.list[ix].start) - 1] == b'_',
                Gap::Level => false,
            }
    }

    /// Word `ix` from the end, as spelled.
    pub fn word(&self, ix: usize) -> &'k [u8] {
        &self.key[usize::from(self.list[ix].start)..usize::from(self.list[ix].end)]
    }
}

/// The part of a key that is looked at.
pub fn reach(key: &[u8]) -> &[u8] {
    &key[key.len().saturating_sub(REACH)..]
}

/// A letter of either case, or part of a character outside ASCII.
pub fn is_letter(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte >= 0x80
}

fn is_hump(before: u8, first: u8, after: Option<&u8>) -> bool {
    first.is_ascii_uppercase()
        && (before.is_ascii_lowercase() || before < 0x80 && after.is_some_and(u8::is_ascii_lowercase))
}

/// Words that may stand behind a name and change nothing: `password_value`, `apiKeyProd`, `token.new`.
///
/// Not among them, because the value is then no longer the thing itself: `id`, `name`, `type`, `url`, `path`, `file`, `length`, `count`,
/// `hash`, and those that name a place where it is kept (`env`, `var`, `header`, `field`, `param`, `ref`).
/// Up to two letters count only behind a mark: `token_v2`. Salesforce calls own fields `SSN__c` and those of persons `SSN__pc`.
pub const TRAILING: &[&str] = &[
    "value",
    "values",
    "val",
    "string",
    "str",
    "text",
    "txt",
    "raw",
    "plain",
    "plaintext",
    "cleartext",
    "clear",
    "decrypted",
    "encrypted",
    "enc",
    "cipher",
    "ciphertext",
    "encoded",
    "decoded",
    "hex",
    "base",
    "b",
    "v",
    "c",
    "pc",
    "input",
    "literal",
    "content",
    "contents",
    "old",
    "new",
    "current",
    "curr",
    "previous",
    "prev",
    "original",
    "orig",
    "latest",
    "tmp",
    "temp",
    "temporary",
    "default",
    "initial",
    "override",
    "fallback",
    "prod",
    "production",
    "dev",
    "development",
    "stg",
    "stage",
    "staging",
    "test",
    "testing",
    "live",
    "sandbox",
    "local",
    "qa",
    "uat",
    "primary",
    "secondary",
    "main",
    "backup",
    "alt",
    "alternate",
    "alternative",
    "confirm",
    "confirmation",
    "repeat",
    "repeated",
    "again",
    "retype",
    "reenter",
    "verify",
    "provided",
    "supplied",
    "entered",
    "given",
    "received",
    "optional",
    "secure",
    "insecure",
    "super",
    "strong",
    "weak",
];

/// Words that may stand behind the name of a secret and say whose it is, or for what: `API_KEY_STRIPE`, `passwordMysql`,
/// `DB_PASSWORD_RO`. Behind `_` or a hump
/// only: `token-github: refreshed` is the name of a thing. A name of something else may stand there as well (`address_redis`), so
/// they count for secrets alone; not among them is what is an English word too (`segment`, `vault`, `user`).
pub const OWNERS: &[&str] = &[
    "admin",
    "adyen",
    "airtable",
    "algolia",
    "amplitude",
    "anthropic",
    "apac",
    "artifactory",
    "asana",
    "aws",
    "azure",
    "bitbucket",
    "braintree",
    "cassandra",
    "ci",
    "clickhouse",
    "cloudflare",
    "confluence",
    "couchdb",
    "databricks",
    "datadog",
    "db",
    "deploy",
    "digitalocean",
    "discord",
    "docker",
    "dockerhub",
    "dropbox",
    "elasticsearch",
    "emea",
    "eu",
    "external",
    "facebook",
    "fastly",
    "figma",
    "firebase",
    "ftp",
    "gcp",
    "gemini",
    "gh",
    "gha",
    "gitea",
    "github",
    "gitlab",
    "google",
    "grafana",
    "heroku",
    "hubspot",
    "huggingface",
    "imap",
    "instagram",
    "intercom",
    "internal",
    "jenkins",
    "jira",
    "kafka",
    "keycloak",
    "ldap",
    "linkedin",
    "mailchimp",
    "mailgun",
    "mapbox",
    "mariadb",
    "master",
    "mixpanel",
    "mongo",
    "mongodb",
    "mqtt",
    "mssql",
    "mysql",
    "netlify",
    "newrelic",
    "npm",
    "okta",
    "openai",
    "opsgenie",
    "pagerduty",
    "paypal",
    "pg",
    "postgres",
    "postgresql",
    "postmark",
    "prd",
    "preprod",
    "prometheus",
    "pypi",
    "rabbitmq",
    "rds",
    "readonly",
    "redis",
    "replica",
    "ro",
    "root",
    "rw",
    "salesforce",
    "sendgrid",
    "sentry",
    "sftp",
    "shopify",
    "slack",
    "smtp",
    "snowflake",
    "sonarqube",
    "splunk",
    "sqlserver",
    "stripe",
    "supabase",
    "svc",
    "telegram",
    "trello",
    "twilio",
    "twitter",
    "us",
    "vercel",
    "whatsapp",
    "wifi",
    "zendesk",
];

/// Words right before a name, or first at its level, that make it a number, a switch or a complaint.
pub const NEGATIVE: &[&str] = &[
    "is",
    "has",
    "had",
    "have",
    "can",
    "could",
    "should",
    "must",
    "not",
    "non",
    "no",
    "without",
    "num",
    "count",
    "max",
    "maximum",
    "min",
    "minimum",
    "total",
    "avg",
    "need",
    "needs",
    "require",
    "requires",
    "required",
    "enable",
    "enables",
    "enabled",
    "disable",
    "disables",
    "disabled",
    "allow",
    "allows",
    "allowed",
    "deny",
    "denied",
    "forbid",
    "show",
    "hide",
    "use",
    "uses",
    "using",
    "skip",
    "ignore",
    "missing",
    "invalid",
    "unexpected",
    "expected",
    "wrong",
    "bad",
    "incorrect",
    "forgot",
    "forgotten",
    "supports",
    "supported",
    "force",
    "prompt",
    "ask",
    "unsupported",
    "unknown",
    "duplicate",
];

/// Words that are negative only as the first of their level: `number_of_passwords`, but not `phone_number`.
pub const NEGATIVE_FIRST: &[&str] =
    &["number", "length", "size", "len", "sum", "average", "include", "includes", "exclude", "with"];
