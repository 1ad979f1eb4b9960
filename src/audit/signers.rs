//! Who may sign: an `allowed_signers` file, read as `ssh-keygen -Y verify` reads it (ssh-keygen(1), ALLOWED SIGNERS, and
//! what sshsig.c of OpenSSH does where the manual is silent). A line that is not understood is not used.

use super::sign::CHECKPOINT;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use ssh_key::PublicKey;

/// A key that may sign checkpoints, and when.
#[derive(Clone, Debug)]
pub struct Signer {
    /// The key.
    pub key: PublicKey,
    /// From this second on,
    after: Option<i64>,
    /// and up to this one.
    before: Option<i64>,
}

impl Signer {
    /// Those in `text`. There is no question of whose key it is, so of the names in front any will do.
    ///
    /// ```
    /// # use logmask::audit::Signer;
    /// let key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILM+rvN+ot98qgEN796jTiQfZfG1KaT0PtFDJ/XFSqti";
    /// assert_eq!(Signer::all(&format!("audit namespaces=\"audit@*\" {key}")).len(), 1);
    /// assert_eq!(Signer::all(&format!("audit namespaces=\"file\" {key}")).len(), 0);
    /// ```
    pub fn all(text: &str) -> Vec<Signer> {
        text.lines().filter_map(Signer::parse).collect()
    }

    /// Whether it may sign in this second.
    pub fn may_at(&self, second: i64) -> bool {
        self.after.is_none_or(|after| after <= second) && self.before.is_none_or(|before| second <= before)
    }

    fn parse(line: &str) -> Option<Signer> {
        let line = line.trim();
        if line.starts_with('#') {
            return None;
        }
        let (_, rest) = match line.strip_prefix('"') {
            Some(rest) => rest.split_once('"')?,
            None => line.split_once(BLANK)?,
        };
        let rest = rest.trim_start();
        if let Some(key) = key(rest) {
            return Some(Signer { key, after: None, before: None });
        }
        let (options, rest) = rest.split_at(end_of_options(rest)?);
        let (after, before) = options_of(options)?;
        Some(Signer { key: key(rest)?, after, before })
    }
}

const BLANK: [char; 2] = [' ', '\t'];

/// The key at the beginning of `text`.
fn key(text: &str) -> Option<PublicKey> {
    let mut words = text.split_whitespace();
    PublicKey::from_openssh(&format!("{} {}", words.next()?, words.next()?)).ok()
}

/// Where the first blank outside quotes is.
fn end_of_options(text: &str) -> Option<usize> {
    let (mut quoted, mut escaped) = (false, false);
    for (at, char) in text.char_indices() {
        match char {
            '"' if !escaped => quoted = !quoted,
            ' ' | '\t' if !quoted => return Some(at),
            _ => {}
        }
        escaped = char == '\\';
    }
    None
}

/// From when until when a key with these options may sign a checkpoint; `None` if it never may.
fn options_of(mut rest: &str) -> Option<(Option<i64>, Option<i64>)> {
    let (mut namespaces, mut after, mut before) = (None, None, None);
    loop {
        // Nothing in front of a comma is an option, too; nothing behind the last one is none.
        if let Some(more) = rest.strip_prefix(',') {
            rest = Some(more).filter(|more| !more.is_empty())?;
            continue;
        }
        // `cert-authority` is none of these: no certificate is taken here, and the key of its authority signs nothing itself.
        let (name, value) = rest.split_once('=')?;
        let (value, behind) = quoted(value)?;
        let first = match name.to_ascii_lowercase().as_str() {
            "namespaces" => namespaces.replace(value).is_none(),
            "valid-after" => after.replace(second(&value)?).is_none(),
            "valid-before" => before.replace(second(&value)?).is_none(),
            _ => false,
        };
        if !first {
            return None;
        }
        match behind.as_bytes() {
            [] => break,
            [b',', ..] => rest = behind,
            _ => return None,
        }
    }
    if after.zip(before).is_some_and(|(after, before)| before <= after) {
        return None;
    }
    let fits = namespaces.is_none_or(|patterns| is_among(CHECKPOINT, &patterns));
    fits.then_some((after, before))
}

/// What stands in the quotes at the beginning of `text`, and what is behind them.
fn quoted(text: &str) -> Option<(String, &str)> {
    let text = text.strip_prefix('"')?;
    let mut value = String::new();
    let mut chars = text.char_indices().peekable();
    while let Some((at, char)) = chars.next() {
        match char {
            '"' => return Some((value, &text[at + 1..])),
            '\\' if chars.peek().is_some_and(|(_, next)| *next == '"') => {
                chars.next();
                value.push('"');
            }
            char => value.push(char),
        }
    }
    None
}

/// `YYYYMMDD`, `YYYYMMDDHHMM` or `YYYYMMDDHHMMSS`, local unless a Z follows, in seconds since 1970.
fn second(text: &str) -> Option<i64> {
    let (digits, utc) = match text.strip_suffix(['Z', 'z']) {
        Some(digits) => (digits, true),
        None => (text, false),
    };
    let plain = matches!(digits.len(), 8 | 12 | 14) && digits.bytes().all(|b| b.is_ascii_digit());
    let part = |from: usize, to: usize| digits.get(from..to).map_or(Ok(0), str::parse::<i16>).ok().filter(|_| plain);
    let small = |from: usize| part(from, from + 2).and_then(|part| i8::try_from(part).ok());
    let time = DateTime::new(part(0, 4)?, small(4)?, small(6)?, small(8)?, small(10)?, small(12)?, 0).ok()?;
    let zone = if utc { TimeZone::UTC } else { TimeZone::system() };
    let second = zone.to_timestamp(time).ok()?.as_second();
    (second > 0 && second < Timestamp::MAX.as_second()).then_some(second)
}

/// Whether `name` is in the list of `patterns`, and none with an exclamation mark takes it out (PATTERNS in ssh_config(5)).
fn is_among(name: &str, patterns: &str) -> bool {
    let mut among = false;
    for pattern in patterns.split(',') {
        match pattern.strip_prefix('!') {
            Some(pattern) if is_like(name.as_bytes(), pattern.as_bytes()) => return false,
            Some(_) => {}
            None => among |= is_like(name.as_bytes(), pattern.as_bytes()),
        }
    }
    among
}

/// Whether `name` is like `pattern`: `*` is any text and `?` any one byte.
fn is_like(name: &[u8], pattern: &[u8]) -> bool {
    let (mut at, mut in_pattern, mut star) = (0, 0, None);
    while at < name.len() {
        match pattern.get(in_pattern) {
            Some(b'*') => {
                star = Some((in_pattern, at));
                in_pattern += 1;
            }
            Some(byte) if *byte == b'?' || *byte == name[at] => {
                at += 1;
                in_pattern += 1;
            }
            _ => {
                let Some((star_at, taken)) = star else { return false };
                star = Some((star_at, taken + 1));
                (in_pattern, at) = (star_at + 1, taken + 1);
            }
        }
    }
    pattern[in_pattern..].iter().all(|byte| *byte == b'*')
}
