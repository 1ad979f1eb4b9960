//! Keys that say what they hold only together with the object they stand in: `{"customer":{"name":"…"}}` is read as
//! `customer.name`, `{"card":{"number":…}}` as `card.number`.

use super::super::key::{self, Key};
use super::super::vocabulary::Vocabulary;
use crate::validate::full_name;
use std::borrow::Cow;

/// How far in front of such a key its object may open, in bytes.
const REACH: usize = 256;
/// Longest name of both together.
const LONGEST: usize = 96;

/// Is this the name of a part of something, or of nothing in particular?
pub fn is_part(name: &[u8]) -> bool {
    static PARTS: Vocabulary = Vocabulary::new(
        "name number first middle last given family formatted full line line1 line2 code expiry expiration exp holder date",
    );
    PARTS.has(name)
}

/// May what stands around a field of this name say what it holds?
pub fn is_vague(name: &[u8]) -> bool {
    // The first member of what Java prints: `User [name=Jo Fakename, …]`.
    let name = name.strip_prefix(b"[").unwrap_or(name);
    is_name(name) || is_number(name) || is_address(name) || is_user(name) || is_holder(name)
}

/// May a field of this name hold a person, a team, a program or a company?
pub fn is_holder(name: &[u8]) -> bool {
    static HOLDERS: Vocabulary = Vocabulary::new(
        "owner ownerName owner_name clientName client_name memberName member_name driverName driver_name nickname nickName \
        nick_name accountName account_name profileName profile_name assignee assigneeName assignee_name reporterName \
        reporter_name requesterName requester_name approverName approver_name managerName manager_name agentName agent_name \
        createdByName created_by_name attendee attendeeName attendee_name organizerName organizer_name participantName \
        participant_name tenantName tenant_name leadName lead_name sellerName seller_name userDisplayName actorName \
        actor_name fromName from_name toName to_name sn_name signerName signer_name issuer_name",
    );
    HOLDERS.has(name)
}

/// Does a field of this name mostly hold what somebody logs in with, but the full name with some?
pub fn is_user(name: &[u8]) -> bool {
    static USERS: Vocabulary = Vocabulary::new("user.name user_name userName username");
    USERS.has(name)
}

/// Is this `name` in some language, or one that has to be shown?
pub fn is_name(name: &[u8]) -> bool {
    static NAMES: Vocabulary =
        Vocabulary::new("name nom nome nombre naam cn sn displayName display_name commonName common_name");
    NAMES.has(name)
}

/// Is this the number of a thing that another member names?
pub fn is_number(name: &[u8]) -> bool {
    static NUMBERS: Vocabulary =
        Vocabulary::new("number document_number documentNumber doc_number docNumber identifier");
    NUMBERS.has(name)
}

/// Is this the `address` of anything?
pub fn is_address(name: &[u8]) -> bool {
    name.eq_ignore_ascii_case(b"address") || name.eq_ignore_ascii_case(b"addr")
}

/// Is the value that begins at `at` in a string several words, not all of them digits?
pub fn is_place(text: &[u8], at: usize) -> bool {
    let value = string(text, at);
    value.contains(&b' ') && value.iter().any(|b| b.is_ascii_alphabetic() || *b >= 0x80)
}

/// Is the string that begins at `at` the address of a house and nothing else: `1 Fake Street, Faketown`, `Fakestraße 1a`?
pub fn is_house(text: &[u8], at: usize) -> bool {
    let value = string(text, at);
    let mark = |b: &u8| b.is_ascii_alphanumeric() || *b >= 0x80 || b" ,.'/#-".contains(b);
    if !value.iter().all(mark) || value.is_empty() {
        return false;
    }
    let mut words = value.split(|b| matches!(b, b' ' | b',')).filter(|word| !word.is_empty());
    let (Some(first), Some(second)) = (words.next(), words.next()) else { return false };
    let named = |word: &[u8]| word.len() > 2 && (word[0].is_ascii_uppercase() || word[0] >= 0x80);
    // `10 Downing St`; `Hauptstr. 5`; `Via Roma 5`, `ul. Fake 5/1`.
    let ends = |word: &[u8]| STREETS.iter().any(|end| word.to_ascii_lowercase().ends_with(end));
    let others = std::iter::once(second).chain(words);
    is_house_number(first) && (named(second) || IS_STREET.has(second)) && others.clone().any(|word| IS_STREET.has(word))
        || (named(first) && ends(first) || BEGINS_STREET.has(first) && named(second))
            && others.clone().any(is_house_number)
        || named(first) && is_before_town(others)
}

/// `7`, `7a`, `7-9`, `7/1`.
fn is_house_number(word: &[u8]) -> bool {
    let digits = word.iter().take_while(|b| b.is_ascii_digit()).count();
    let rest = &word[digits..];
    (1..6).contains(&digits) && (rest.len() < 2 || rest[0] == b'-' || rest[0] == b'/')
}

/// Is there the number of a house, a postal code and a town behind it among `words`: `1, 1010 Faketown`, `5 1017 GA Faketown`?
fn is_before_town<'v>(words: impl Iterator<Item = &'v [u8]> + Clone) -> bool {
    let digits = |word: &[u8]| word.iter().all(u8::is_ascii_digit);
    let code = |word: &[u8]| matches!(word.len(), 4 | 5) && digits(word);
    let town = |word: &[u8]| word.len() > 2 && (word[0].is_ascii_uppercase() || word[0] >= 0x80);
    words.clone().zip(words.clone().skip(1)).zip(words.skip(2)).any(|((number, second), third)| {
        is_house_number(number)
            && code(second)
            && (town(third) || third.len() == 2 && third.iter().all(u8::is_ascii_uppercase))
    })
}

/// What streets are in languages that put the number of the house in front.
static IS_STREET: Vocabulary = Vocabulary::new(
    "street st st. road rd rd. avenue ave ave. lane ln ln. drive dr dr. boulevard blvd blvd. court ct ct. way place pl pl. \
    square sq sq. terrace close crescent parkway pkwy highway hwy circle trail row quay walk gardens mews hill rue quai \
    chemin impasse cours all\u{e9}e all\u{e9}es",
);

/// What streets are in languages that put the number of the house behind them.
static BEGINS_STREET: Vocabulary = Vocabulary::new(
    "via viale corso piazza calle avenida av. avda. plaza paseo rua pra\u{e7}a travessa ulica ul. al. os. pl. bd bd. blvd. \
    c/ cl. carrera cra. calea strada jalan jl. rue cad. caddesi",
);

/// What streets end with in languages that put the number of the house behind.
const STREETS: [&[u8]; 14] = [
    "straße".as_bytes(),
    "vägen".as_bytes(),
    b"vej",
    b"strasse",
    b"str.",
    b"weg",
    b"gasse",
    b"platz",
    b"allee",
    b"ufer",
    b"damm",
    b"straat",
    b"laan",
    b"gatan",
];

/// Is the value that begins at `at` in a string two words or more, without digits, the first of them capitalised?
pub fn is_full_name(text: &[u8], at: usize) -> bool {
    let value = string(text, at);
    is_full(if value.is_empty() { listed(text, at) } else { &value })
}

/// Is the value that begins at `at` the full name of a person and nothing else?
pub fn is_person(text: &[u8], at: usize) -> bool {
    if let Some(value) = parameter(text, at) {
        return full_name::holds(&value);
    }
    let rest = text.get(at..text.len().min(at + 160)).unwrap_or_default();
    let open = rest.iter().take_while(|b| matches!(b, b' ' | b'\\' | b'"' | b'\'')).count();
    let name = full_name::length(&rest[open..]);
    let quoted = rest[..open].iter().any(|b| matches!(b, b'"' | b'\''));
    let behind = rest.get(open + name);
    name > 0 && if quoted { behind.is_none_or(|b| b"\"'\\<(,".contains(b)) } else { behind.is_none_or(|b| *b != b'(') }
}

/// Is this two words or more, without digits, the first of them capitalised?
pub fn is_full(value: &[u8]) -> bool {
    let first = value.first().is_some_and(|b| b.is_ascii_uppercase() || *b >= 0x80);
    // The blanks of a form.
    let form = || value.contains(&b'+') && !value.split(|b| *b == b'+').any(<[u8]>::is_empty);
    first && (value.contains(&b' ') || form()) && !value.iter().any(|b| b.is_ascii_digit() || b"_/:@=".contains(b))
}

/// The full name of what is no person: `Local Service`.
pub fn is_account(text: &[u8], at: usize) -> bool {
    const LAST: [&[u8]; 7] = [b"service", b"user", b"account", b"system", b"admin", b"administrator", b"bot"];
    let value = string(text, at).to_ascii_lowercase();
    value.rsplit(|b| *b == b' ').next().is_some_and(|last| LAST.contains(&last))
}

/// The text without quotes that begins at `at`, up to what parts the members of a list, as in `User(name=Jo Fakename, id=7)`,
/// `name=Jo+Fakename&id=7`; nothing if it is long.
pub fn listed(text: &[u8], at: usize) -> &[u8] {
    let rest = text.get(at..text.len().min(at + 96)).unwrap_or_default();
    let end = rest.iter().position(|b| b",;&)}]\"'\\\n".contains(b)).unwrap_or(0);
    if rest.get(end).is_some_and(|b| b",;&)}]".contains(b)) { &rest[..end] } else { &rest[..0] }
}

/// The string that begins at `at`, up to the next quote or escape, or the value of a parameter; nothing if it is long, or none
/// begins there.
fn string(text: &[u8], at: usize) -> Cow<'_, [u8]> {
    if let Some(value) = parameter(text, at) {
        return Cow::Owned(value);
    }
    let rest = text.get(at..text.len().min(at + 96)).unwrap_or_default();
    let open = rest.iter().take_while(|b| matches!(b, b' ' | b'\\' | b'"' | b'\'')).count();
    let quoted = rest[..open].iter().any(|b| matches!(b, b'"' | b'\''));
    let value = &rest[if quoted { open } else { rest.len() }..];
    Cow::Borrowed(&value[..value.iter().position(|b| matches!(b, b'"' | b'\'' | b'\\')).unwrap_or(0)])
}

/// What the value at `at` stands for, if it is one of several words in the query of a URL: `?address=1%20Fake%20Street`,
/// `?address=1+Fake+Street`.
fn parameter(text: &[u8], at: usize) -> Option<Vec<u8>> {
    let before = text.get(at.saturating_sub(48)..at)?.strip_suffix(b"=")?;
    let name = before.iter().rev().take_while(|b| b.is_ascii_alphanumeric() || b"_-.".contains(b)).count();
    if !matches!(before[..before.len() - name], [.., b'?' | b'&']) && !before[..before.len() - name].ends_with(b"&amp;")
    {
        return None;
    }
    let mut rest = &text[at..text.len().min(at + 160)];
    let (mut value, mut blanks) = (Vec::new(), 0);
    loop {
        let sign = match rest {
            [b'%', high, low, ..] => {
                let digit = |byte: u8| char::from(byte).to_digit(16);
                let sign = digit(*high)? << 4 | digit(*low)?;
                rest = &rest[2..];
                u8::try_from(sign).ok()?
            }
            [b'+', ..] => b' ',
            [sign, ..] if sign.is_ascii_alphanumeric() || b"-._~!*,:@/".contains(sign) => *sign,
            _ => break,
        };
        blanks += usize::from(sign == b' ');
        value.push(sign);
        rest = &rest[1..];
    }
    (blanks > 0).then_some(value)
}

/// Objects that have a name and are no persons: spans, processes, messages between programs.
fn is_thing(owner: &[u8]) -> bool {
    const THINGS: [&[u8]; 8] =
        [b"parent", b"child", b"caller", b"sender", b"receiver", b"recipient", b"guardian", b"reporter"];
    THINGS.iter().any(|thing| owner.eq_ignore_ascii_case(thing))
}

/// The name of `key` behind that of the object, or the list of objects, that it is a member of: `customer.name`.
pub fn joined(text: &[u8], key: &Key) -> Option<Vec<u8>> {
    let open = opening(text, key.start)?;
    let before = text[..open].trim_ascii_end();
    let before = before.strip_suffix(b"[").unwrap_or(before).trim_ascii_end();
    let separator = before.strip_suffix(b"=>").map_or(before.len().checked_sub(1)?, <[u8]>::len);
    if !matches!(text[separator], b':' | b'=') {
        return None;
    }
    let owner = key::before(text, separator)?;
    let (owner, part) = (&text[owner.name.range()], &text[key.name.range()]);
    let fits = owner.len() + part.len() < LONGEST && !is_thing(owner);
    fits.then(|| [owner, b".", part].concat())
}

/// Where the object opens in which the member at `at` stands. Brackets in strings are taken for real ones.
fn opening(text: &[u8], at: usize) -> Option<usize> {
    let floor = at.saturating_sub(REACH);
    memchr::memrchr(b'{', &text[floor..at])?;
    let mut depth = 0usize;
    for open in (floor..at).rev() {
        match text[open] {
            b'}' | b']' => depth += 1,
            b'{' if depth == 0 => return Some(open),
            b'{' | b'[' => depth = depth.checked_sub(1)?,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_called_after_its_object() {
        for (text, found) in [
            (r#"{"customer":{"name":"#, Some("customer.name")),
            (r#"{"customer":{"id":7,"tags":["a"],"x":{"y":1},"name":"#, Some("customer.name")),
            (r#"{"name" : [ {"use":"x","family":"#, Some("name.family")),
            ("{'customer': {'name':", Some("customer.name")),
            (":customer=>{:name=", Some("customer.name")),
            (r#"{\"customer\":{\"name\":"#, Some("customer.name")),
            (r#"{"parent":{"name":"#, None),
            (r#"{"name":"#, None),
            (r#"[{"name":"#, None),
            (r#"{"a":[1,"name":"#, None),
            ("name=", None),
        ] {
            let key = key::before(text.as_bytes(), text.len() - 1).expect("a key");
            let joined = joined(text.as_bytes(), &key).map(|name| String::from_utf8(name).expect("text"));
            assert_eq!(joined.as_deref(), found, "{text}");
        }
        for value in ["1%20Fake+Street HTTP/1.1", "1%20Fake%20Street&n=1", "1+Fake+Street"] {
            assert!(is_house(format!("?address={value}").as_bytes(), 9), "{value}");
            assert!(!is_house(format!("x address={value}").as_bytes(), 10), "{value}");
        }
        assert!(is_person(b"/?name=Anna%20Fakename&n", 7) && !is_person(b"/?name=Anna%20Server", 7));
        assert!(is_full_name(br#" "Jo Fakename""#, 0));
        assert!(!is_full_name(br#" "jo fakename""#, 0) && !is_full_name(br#""Job 7""#, 0));
        for house in [
            "\"1 Fake Street, Faketown\"",
            "\"10 Fake St\"",
            "\"Fakestra\u{df}e 1a\"",
            "\"Via Fake 7\"",
            "\"ul. Fake 7/1, Fake\"",
            "\"Fakering 1, 1010 Faketown\"",
            "\"Fake 5, 1017 GA Faketown\"",
            "\"Bd Fake 12\"",
        ] {
            assert!(is_house(house.as_bytes(), 0), "{house}");
        }
        for other in [
            "\"2 Replicas Up\"",
            "\"10.0.0.1 port 80\"",
            "\"unix socket 5\"",
            "\"via proxy 5\"",
            "\"Worker 1, 8080 open\"",
            "\"Fake 1, 1010\"",
            "1 Fake Street",
            "\"\"",
        ] {
            assert!(!is_house(other.as_bytes(), 0), "{other}");
        }
        assert!(is_full_name(b"Jo Fakename, id=7", 0) && !is_full_name(b"Jo Fakename", 0));
        assert!(is_part(b"Name") && !is_part(b"names") && !is_part(b"id"));
    }
}
