//! One rule, as written.

use super::about::About;
use super::texts::Texts;
use crate::detect::anchor::Begin;
use crate::detect::leads::Leads;
use crate::detect::names::spelled::Written;
use crate::validate::number::Number;
use serde::Deserialize;
use std::borrow::Cow;
use std::path::PathBuf;

/// An id, a label or a class: of the built-in rules they stay in the binary.
pub type Name = Cow<'static, str>;

/// What to look for, what to do with it, and the proof that it works.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Kebab-case noun for what is found; policies and summaries name the rule by it, so it never changes.
    pub id: Name,
    /// What a finding is called in the output, `REDACTED-<label>`; the id unless several rules find the same thing.
    pub label: Name,
    /// Dotted family: `secret.token`, `pii.email`, `net.ip`, `pay.card`.
    pub class: Name,
    /// How it is found.
    pub find: Find,
    /// All must hold for a finding: `luhn`, `entropy: 3.0` ...
    pub validate: Vec<Validate>,
    /// At least one of these words must stand within [`Rule::NEAR`] bytes of the finding, whatever its case.
    pub near: Texts,
    /// Values that stay: globs over the whole value.
    pub allow: Texts,
    /// What happens to a finding.
    pub action: Action,
    /// What people read of it and tests run; `None` where that is left out.
    pub about: Option<Box<About>>,
    /// Where it was written; `None` for built-in rules.
    pub origin: Option<PathBuf>,
    /// One of the floor (profile `secrets`).
    pub floor: bool,
}

impl Rule {
    /// How far `near` looks to both sides of a finding, in bytes.
    pub const NEAR: usize = 64;

    /// The rule for secrets that are listed by value. It is part of every run, and no policy can switch it off.
    pub fn listed() -> Rule {
        Rule {
            id: "listed-secret".into(),
            label: "listed-secret".into(),
            class: "secret.listed".into(),
            about: Some(Box::new(About {
                doc: "A value that the caller listed, or that the log says is to be masked.".to_owned(),
                ..About::default()
            })),
            floor: true,
            ..Rule::of(Find::Listed)
        }
    }

    /// A rule without a name that finds this.
    pub(super) fn of(find: Find) -> Rule {
        Rule {
            id: Name::default(),
            label: Name::default(),
            class: Name::default(),
            find,
            validate: Vec::new(),
            near: Texts::default(),
            allow: Texts::default(),
            action: Action::Redact,
            about: None,
            origin: None,
            floor: false,
        }
    }

    /// What people read of it and tests run; nothing where that was left out.
    pub fn about(&self) -> &About {
        self.about.as_deref().unwrap_or(About::NONE)
    }
}

/// A built-in pattern to which the scan comes by literals.
#[derive(Clone, Copy, Debug)]
pub struct Tabled {
    /// As which it is in the table.
    pub number: u16,
    /// One of them stands in each match, somewhere: only what is near one has to be searched.
    pub inside: bool,
}

/// How a rule finds its values.
#[derive(Clone, Debug)]
pub enum Find {
    /// A regular expression; the group `secret` is what gets replaced, else the whole match.
    Pattern {
        /// In the syntax of the `regex` crate, over bytes, Unicode off.
        pattern: Cow<'static, str>,
        /// Literals of which one must stand in the record; derived from the pattern when empty.
        keywords: Texts,
        /// The keywords stand in the match itself, not just somewhere in the record.
        keywords_inside: bool,
        /// Literals one of which begins every match; derived from the pattern (see `detect::anchor`).
        anchors: Texts,
        /// Where matches begin.
        begin: Begin,
        /// The bytes that matches begin with, if they begin with a run so long that nothing else is needed to find them; see
        /// [`first_bytes`](crate::detect::anchor::first_bytes).
        firsts: Vec<u8>,
        /// What the first bytes of matches may be; derived from the pattern.
        leads: Leads,
        /// Its literals are in the table of the binary.
        tabled: Option<Tabled>,
    },
    /// The values of fields with these names.
    Fields {
        /// Names, globs (`cust_*`) and paths (`request.headers.*`, `**.ssn`).
        names: Texts,
        /// Negative words: a key with one of them before the name is something else (`public` for `key`).
        not: Texts,
        /// Both spelled out; none of a rule that was read from a file.
        written: Option<Written<'static>>,
        /// Where an unquoted value may end.
        value: ValueKind,
    },
    /// One of the hand-written detectors.
    Shape(Shape),
    /// What the caller or the log itself lists; no policy can write this.
    Listed,
}

/// What the value of a named field looks like when it is not quoted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ValueKind {
    /// One word: it ends at white space. For secrets, numbers, codes.
    #[default]
    Word,
    /// Several words: names, addresses, dates with month names, grouped numbers.
    Words,
    /// An HTTP credential: scheme words stay (`Bearer`, `Basic`), the rest goes; it ends with the header.
    Credential,
    /// A cookie list: names and attributes stay, values go.
    Cookies,
}

impl ValueKind {
    /// As a policy spells it.
    pub fn name(self) -> &'static str {
        match self {
            ValueKind::Word => "word",
            ValueKind::Words => "words",
            ValueKind::Credential => "credential",
            ValueKind::Cookies => "cookies",
        }
    }
}

/// The hand-written detectors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Shape {
    /// `local@domain`, RFC 5321.
    Email,
    /// Public IPv4 addresses.
    Ipv4,
    /// Public IPv6 addresses.
    Ipv6,
    /// IEEE 802 MAC addresses.
    Mac,
    /// Payment card numbers.
    Card,
    /// ISO 13616 IBAN.
    Iban,
    /// US social security numbers.
    Ssn,
    /// E.164 phone numbers with `+`.
    Phone,
    /// North American phone numbers as written there.
    Nanp,
    /// JSON web tokens, RFC 7519.
    Jwt,
    /// The password in `scheme://user:password@host`.
    UrlPassword,
    /// Private key blocks, RFC 7468 and kin, on one line or over many.
    PrivateKey,
    /// A value that is encoded more often than is looked into.
    TooDeep,
    /// The values of a Kubernetes Secret.
    KubernetesSecret,
}

impl Shape {
    /// As a policy spells it: `url-password`.
    pub fn name(self) -> &'static str {
        match self {
            Shape::Email => "email",
            Shape::Ipv4 => "ipv4",
            Shape::Ipv6 => "ipv6",
            Shape::Mac => "mac",
            Shape::Card => "card",
            Shape::Iban => "iban",
            Shape::Ssn => "ssn",
            Shape::Phone => "phone",
            Shape::Jwt => "jwt",
            Shape::UrlPassword => "url-password",
            Shape::Nanp => "nanp",
            Shape::PrivateKey => "private-key",
            Shape::TooDeep => "too-deep",
            Shape::KubernetesSecret => "kubernetes-secret",
        }
    }
}

/// Whether a rule is in force.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// What it finds is masked.
    #[default]
    Enforce,
    /// What it finds is counted and left as it is: to try a new rule on real logs.
    Observe,
    /// As if it were not there.
    Off,
}

/// What happens to a finding, as written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Action {
    /// `REDACTED-<id>`.
    #[default]
    Redact,
    /// The first `first` and last `last` characters stay, within the limits of the design.
    Partial {
        /// Characters shown at the front.
        first: usize,
        /// Characters shown at the end.
        last: usize,
    },
    /// A token that whoever has the key of its class can open. Runs need `--keyring`, and a role that may.
    Seal,
    /// `REDACTED-<identity>-<10 base32>`: the same for the same value under the same key.
    Pseudonym,
    /// An address of a reserved space, which keeps what two addresses have in common; of anything else the pseudonym.
    AddressPseudonym,
    /// A value of the same kind that looks real and belongs to nobody: the same for the same value under the same key.
    Surrogate,
    /// Something coarser of the same kind: the network of an address, the month of a date.
    Generalise(Grain),
    /// The whole field goes, key and all.
    DropField,
    /// The whole line goes.
    DropLine,
    /// Withdraws findings of the rules named; empty: of this rule only.
    Keep {
        /// Rule ids.
        of: Vec<String>,
    },
}

impl Action {
    /// As a policy spells it, without its settings.
    pub fn name(&self) -> &'static str {
        match self {
            Action::Redact => "redact",
            Action::Seal => "seal",
            Action::Partial { .. } => "partial",
            Action::Pseudonym | Action::AddressPseudonym => "pseudonym",
            Action::Surrogate => "surrogate",
            Action::Generalise(_) => "generalise",
            Action::DropField => "drop-field",
            Action::DropLine => "drop-line",
            Action::Keep { .. } => "keep",
        }
    }
}

/// How much is left of a value, and of which kind it has to be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Grain {
    /// Of any kind: /24 or /48 of an address, the month of a date, one digit behind the point of a coordinate, the first
    /// digit of a number.
    #[default]
    Any,
    /// An address: its network.
    Network {
        /// Bits of the network of an IPv4 address.
        v4: u8,
        /// Of an IPv6 address.
        v6: u8,
    },
    /// A date: its month.
    Month,
    /// A date: its year.
    Year,
    /// Coordinates: digits behind the point.
    Digits(u8),
    /// A number: the size of a bucket.
    Bucket(u64),
}

impl Grain {
    /// As a policy spells it, behind `generalise: `; empty for the default.
    pub fn name(self) -> String {
        match self {
            Grain::Any => String::new(),
            Grain::Network { v4, v6 } => format!("{{network: {v4}, network6: {v6}}}"),
            Grain::Month => "{date: month}".to_owned(),
            Grain::Year => "{date: year}".to_owned(),
            Grain::Digits(digits) => format!("{{digits: {digits}}}"),
            Grain::Bucket(size) => format!("{{number: {size}}}"),
        }
    }
}

/// A check on the found value.
#[derive(Clone, Debug, PartialEq)]
pub enum Validate {
    /// ISO/IEC 7812-1 check digit.
    Luhn,
    /// Luhn, issuer range and length.
    Card,
    /// ISO 13616: country length and mod 97.
    Iban,
    /// US social security number that can have been issued.
    Ssn,
    /// GitHub's CRC32 in the last six characters.
    GithubCrc32,
    /// A JOSE header in the first part.
    Jwt,
    /// At least so many bits of Shannon entropy a character.
    Entropy(f64),
    /// Bitcoin's Base58Check.
    Base58Check,
    /// BIP 173 and BIP 350.
    Bech32,
    /// A known given name and a family name.
    FullName,
    /// A known given name, and what follows it.
    GivenName,
    /// A digit somewhere, of whatever script.
    Digit,
    /// An at sign somewhere, however it is spelled.
    AtSign,
    /// The number of this kind: a national id, say.
    Number(Number),
}
