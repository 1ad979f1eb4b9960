//! E-mail addresses at example.com, example.net and example.org, which nobody can have (RFC 2606, section 3).

use super::stream::Stream;
use super::words::{is_word, word};
use crate::action::Key;

const DOMAINS: [&str; 3] = ["example.com", "example.net", "example.org"];

/// Two words and five digits, 2^50 in all. Addresses of one domain stay at one domain. One of this form is its own
/// surrogate. An apostrophe may be spelled as SQL does it, `''` or `\'`; in quotes (RFC 5321, section 4.1.2) the part in
/// front may have what it likes.
pub(super) fn of(key: &Key, text: &str) -> Option<String> {
    let text = &*text.replace("\\'", "'").replace("''", "'");
    let (local, domain) = text.rsplit_once('@')?;
    let odd = |c: char| c.is_whitespace() || c.is_control() || "@,;:<>()[]\"\\".contains(c);
    let quoted = local.len() > 2 && local.starts_with('"') && local.ends_with('"');
    let fits = if quoted { !local[1..local.len() - 1].contains(['"', '\\']) } else { !local.contains(odd) };
    if local.is_empty() || !fits || text.len() > 320 {
        return None;
    }
    if domain.is_empty() || domain.contains(odd) || domain.starts_with(['.', '-']) {
        return None;
    }
    if is_made(local, domain) {
        return Some(text.to_owned());
    }
    let value = text.to_lowercase();
    let mut stream = Stream::new(key, "email", value.as_bytes());
    let (first, second) = (word(&mut stream), word(&mut stream));
    let digits = stream.digits(5);
    let domain = domain.to_lowercase();
    let domain = DOMAINS[Stream::new(key, "domain", domain.as_bytes()).below(3) as usize];
    Some(format!("{first}.{second}{digits}@{domain}"))
}

/// Whether there is an address in `text`, or several, or what may be one: with its letters exchanged it would be an address
/// too, of somebody.
pub(super) fn may_be_in(text: &str) -> bool {
    text.split_once('@').is_some_and(|(front, back)| !front.trim().is_empty() && !back.trim().is_empty())
}

fn is_made(local: &str, domain: &str) -> bool {
    let Some((first, rest)) = local.split_once('.') else { return false };
    let Some((second, digits)) = rest.split_at_checked(rest.len().saturating_sub(5)) else { return false };
    DOMAINS.contains(&domain) && is_word(first) && is_word(second) && digits.bytes().all(|b| b.is_ascii_digit())
}
