//! Sensitive values that never existed.

use crate::random::Random;

const FIRST: &[&str] =
    &["ada", "ben", "chloe", "dmitri", "elif", "femi", "grace", "hiro", "ines", "jonas", "kofi", "lucia"];
const LAST: &[&str] = &["alvarez", "baker", "chen", "dubois", "eriksen", "fischer", "gupta", "haddad", "ito", "jensen"];
const DOMAINS: &[&str] = &["example.com", "mail.example.org", "corp.example.net", "shop.example.co.uk"];

pub fn name(r: &mut Random) -> &'static str {
    r.pick(FIRST)
}

pub fn email(r: &mut Random) -> String {
    format!("{}.{}{}@{}", r.pick(FIRST), r.pick(LAST), r.number(1, 999), r.pick(DOMAINS))
}

pub fn ipv4(r: &mut Random) -> String {
    format!("{}.{}.{}.{}", r.number(11, 223), r.number(0, 255), r.number(0, 255), r.number(1, 254))
}

pub fn ipv6(r: &mut Random) -> String {
    (0..8).map(|_| format!("{:x}", r.number(1, 65_535))).collect::<Vec<_>>().join(":")
}

pub fn card(r: &mut Random) -> String {
    let mut digits = r.pick(&["4", "51", "55", "2221", "6011"]).to_string();
    while digits.len() < 15 {
        digits.push(char::from(b'0' + r.number(0, 9) as u8));
    }
    let doubled = |d: u8| if d > 4 { 2 * d - 9 } else { 2 * d };
    let odd_from_right = |i: usize| (digits.len() - i) % 2 == 1;
    let sum: u32 = digits
        .bytes()
        .enumerate()
        .map(|(i, b)| u32::from(if odd_from_right(i) { doubled(b - b'0') } else { b - b'0' }))
        .sum();
    digits.push(char::from(b'0' + ((10 - sum % 10) % 10) as u8));
    let groups = [&digits[..4], &digits[4..8], &digits[8..12], &digits[12..]];
    groups.join(r.pick(&["", "", " ", "-"]))
}

pub fn ssn(r: &mut Random) -> String {
    format!("{}-{}-{}", r.number(100, 665), r.number(10, 99), r.number(1000, 9999))
}

pub fn jwt(r: &mut Random) -> String {
    let encode = |bytes: &[u8]| data_encoding::BASE64URL_NOPAD.encode(bytes);
    let claims = format!(
        r#"{{"sub":"{}","name":"{}","iat":{}}}"#,
        r.number(1_000_000, 9_999_999),
        name(r),
        r.number(1_750_000_000, 1_760_000_000)
    );
    let signature: Vec<u8> = (0..4).flat_map(|_| r.next().to_le_bytes()).collect();
    [encode(br#"{"alg":"HS256","typ":"JWT"}"#), encode(claims.as_bytes()), encode(&signature)].join(".")
}

pub fn aws(r: &mut Random) -> String {
    r.pick(&["AKIA", "ASIA"]).to_string() + &r.word(16, b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
}

pub fn github(r: &mut Random) -> String {
    r.pick(&["ghp_", "gho_", "ghs_"]).to_string() + &r.token(36)
}

pub fn slack(r: &mut Random) -> String {
    format!(
        "xoxb-{}-{}-{}",
        r.number(10_000_000_000, 99_999_999_999),
        r.number(100_000_000_000, 999_999_999_999),
        r.token(24)
    )
}

pub fn database(r: &mut Random) -> String {
    format!("postgres://{}:{}@db-{}.internal:5432/app", r.pick(LAST), r.token(12), r.number(1, 9))
}
