use super::*;
use crate::validate::{card, iban, luhn, number::Number};
use proptest::prelude::*;
use std::collections::HashSet;

fn key() -> Key {
    Key::new(b"a test key of enough bytes").expect("long enough")
}

/// The surrogate of a value of this class, found by a rule of this identity; `-` if there is none.
fn made(class: &str, identity: Option<&'static str>, value: &str) -> String {
    Surrogate::new(class, identity, &key()).of(value.as_bytes()).unwrap_or_else(|| "-".to_owned())
}

fn email(value: &str) -> String {
    made("pii.email", Some("email"), value)
}

fn phone(value: &str) -> String {
    made("pii.phone", Some("phone"), value)
}

fn other(value: &str) -> String {
    made("pii.user", None, value)
}

#[test]
fn addresses_are_of_example_domains_and_keep_theirs_together() {
    let one = email("jo@acme.io");
    assert_eq!(email("Jo@ACME.io"), one);
    assert_ne!(email("jo.x@acme.io"), one);
    let domain = |address: &str| address.rsplit_once('@').expect("an address").1.to_owned();
    assert!(["example.com", "example.net", "example.org"].contains(&&*domain(&one)));
    assert_eq!(domain(&email("bob@acme.io")), domain(&one));
    assert_eq!(email(&one), one, "a second time");
    assert_ne!(email("jo@example.com"), "jo@example.com", "a real name at a reserved domain is one still");
    // Whatever rule finds it.
    assert_eq!(other("jo@acme.io"), one);
    assert_eq!(other("8.8.8.8"), made("net.ip", Some("ip"), "8.8.8.8"));
    assert!(other("8.8.8.8/24").ends_with("/24"));
}

#[test]
fn what_holds_an_address_and_is_none_is_not_made_into_somebodys() {
    let quoted = email("\"jo smith, (cto)\"@acme.io");
    assert!(quoted.ends_with(&email("jo@acme.io").rsplit_once('@').expect("an address").1), "{quoted}");
    assert_ne!(quoted, email("\"jo smith\"@acme.io"));
    for value in [
        "jo(home)@acme.io",
        "jo@[9.9.9.9]",
        "\"jo\"x\"@acme.io",
        "Jo Smith <jo@acme.io>",
        "jo@acme.io, bob@acme.io",
        "jo@acme.io:5432",
    ] {
        assert_eq!((email(value), other(value)), ("-".to_owned(), "-".to_owned()), "{value}");
    }
    for value in ["@jo_smith", "jo@", "jo smith"] {
        assert_eq!(other(value).len(), value.len(), "{value}");
    }
}

#[test]
fn phone_numbers_lead_nowhere_and_keep_their_spelling() {
    for (value, pattern) in [
        ("+1 (202) 867-5309", r"^\+1 \([2-9]\d\d\) 555-01\d\d$"),
        ("202-867-5309", r"^[2-9]\d\d-555-01\d\d$"),
        ("12028675309", r"^1[2-9]\d\d55501\d\d$"),
        ("+44 20 7123 4567", r"^\+44 [46]\d \d{4} \d{4}$"),
        ("+44 7911 123456", r"^\+44 [46]\d{3} \d{6}$"),
        ("+44 (0)7911 123456", r"^\+44 \(0\)[46]\d{3} \d{6}$"),
        ("+44 7700 900123", r"^\+44 7700 900123$"),
        ("+49 30 12345678", r"^\+99 9\d \d{8}$"),
        ("+33 1 23 45 67 89", r"^\+99 9 \d\d \d\d \d\d \d\d$"),
        ("0033 1 23 45 67 89", r"^0099 9 \d\d \d\d \d\d \d\d$"),
        ("030 1234567", r"^000 \d{7}$"),
        ("call me", "^-$"),
    ] {
        let made = phone(value);
        assert!(regex::Regex::new(pattern).expect("a pattern").is_match(&made), "{value} {made}");
        assert_eq!(phone(&made), made, "a second time");
    }
    assert_eq!(
        phone("+1 (202) 867-5309").replace(|c: char| !c.is_ascii_digit(), ""),
        phone("1 202 867 5309").replace(' ', "")
    );
}

#[test]
fn phone_numbers_of_large_tables_stay_apart() {
    for (country, least) in [("+44 7911", 4999), ("+49 171 1", 4990), ("+33 6 12", 4900)] {
        let all: HashSet<String> =
            (0..5000).map(|n| phone(&format!("{country} {:06}", n * 7919 % 1_000_000))).collect();
        assert!(all.len() >= least, "{country} {}", all.len());
    }
}

#[test]
fn cards_are_test_numbers_of_their_brand() {
    for (value, starts) in [
        ("4539 1488 0343 6467", &["4000 00", "4111 11", "4242 42"][..]),
        ("5500-0000-0000-0004", &["5555-55", "5105-10"]),
        ("340000000000009", &["378282", "371449", "378734", "343434"]),
        ("2720992718412888", &["222300"]),
        ("6011987654321092", &["601111", "601100"]),
        ("3540123456789016", &["353011", "356600"]),
    ] {
        let made = made("pay.card", Some("card"), value);
        assert!(starts.iter().any(|start| made.starts_with(start)), "{value} {made}");
        // A number of a range of tests may be somebody's.
        let again = self::made("pay.card", Some("card"), &made);
        assert!(again != made && starts.iter().any(|start| again.starts_with(start)), "{made} {again}");
        assert!(card::holds(again.as_bytes()), "{again}");
        assert_eq!(made.len(), value.len());
        assert!(card::holds(made.as_bytes()), "{value} {made}");
        assert_ne!(made, value);
    }
    assert_eq!(made("pay.card", Some("card"), "6759649826438453"), "-", "a brand without test numbers");
    assert_eq!(made("pay.card", Some("card"), "1234").len(), 4, "a part of a number");
}

#[test]
fn account_numbers_are_of_no_bank_and_hold() {
    for (value, bank) in [
        ("DE89 3704 0044 0532 0130 00", 5..9),
        ("GB29NWBK60161331926819", 4..8),
        ("NO9386011117947", 4..8),
        ("fr1420041010050500013m02606", 4..8),
    ] {
        let made = made("pay.account", Some("iban"), value);
        assert!(iban::holds(made.as_bytes()), "{value} {made}");
        assert_eq!((&made[..2], made.len()), (&value[..2], value.len()));
        assert!(matches!(&made[bank], "0000" | "TEST"), "{made}");
        let again = self::made("pay.account", Some("iban"), &made);
        assert!(again != made && iban::holds(again.as_bytes()), "{made} {again}");
    }
}

#[test]
fn numbers_of_people_keep_their_check_digits() {
    for (value, number) in
        [("44051401359", Number::PlPesel), ("111.444.777-35", Number::BrCpf), ("111222333", Number::NlBsn)]
    {
        let made = made("pii.national-id", None, value);
        let kind = |text: &str| Number::ALL.iter().find(|number| number.holds(text.as_bytes()));
        assert!(number.holds(value.as_bytes()), "{value}");
        assert_eq!(kind(&made), kind(value), "{value} {made}");
        assert_ne!(made, value);
    }
    let ssn = made("pii.national-id", Some("ssn"), "123-45-6789");
    assert!(ssn.starts_with('9') && ssn[4..6].parse::<u8>().is_ok_and(|group| (1..50).contains(&group)), "{ssn}");
    assert_eq!(made("pii.national-id", Some("ssn"), &ssn), ssn);
    let imei = made("pii.device", None, "490154203237518");
    assert!(luhn::holds(imei.as_bytes()), "{imei}");
}

#[test]
fn ids_keep_their_shape() {
    let uuid = other("123e4567-e89b-12d3-a456-426614174000");
    assert!(
        regex::Regex::new("^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")
            .expect("a pattern")
            .is_match(&uuid),
        "{uuid}"
    );
    assert_eq!(other(&uuid), uuid);
    assert_ne!(other("123e4567-e89b-8234-a456-426614174000"), "123e4567-e89b-8234-a456-426614174000");
    for (value, pattern) in [
        ("4711", "^[1-9][0-9]{3}$"),
        ("0042", "^[0-9]{4}$"),
        ("C-0042/x", "^[A-Z]-[0-9]{4}/[a-z]$"),
        ("deadbeef01", "^[0-9a-f]{10}$"),
        ("2147483646", "^[12][0-9]{9}$"),
        ("-17.25", "^-[0-9]{2}\\.[0-9]{2}$"),
        ("élan", "^[a-z]{4}$"),
    ] {
        let made = other(value);
        assert!(regex::Regex::new(pattern).expect("a pattern").is_match(&made), "{value} {made}");
    }
    assert!((0..200).all(|n| other(&(i32::MIN + n).to_string()).parse::<i32>().is_ok()), "INTEGER stays INTEGER");
    assert!(
        (10_000..32_768_i32).step_by(37).all(|id| other(&id.to_string()).parse::<i16>().is_ok()),
        "SMALLINT stays SMALLINT"
    );
    assert!(other("2147483646").parse::<i32>().is_ok() && other("9223372036854775806").parse::<i64>().is_ok());
    let mac = made("net.mac", Some("mac"), "A4-46-21-B2-90-8F");
    assert!(regex::Regex::new("^[0-9A-F][26AE](-[0-9A-F]{2}){5}$").expect("a pattern").is_match(&mac), "{mac}");
    let at = made("pii.location", None, "52.520008, 13.404954");
    let degrees: Vec<f64> = at.split(", ").map(|part| part.parse().expect("a number")).collect();
    assert!(degrees[0] < 90.0 && degrees[1] < 180.0, "{at}");
}

#[test]
fn cards_expire_in_a_month_to_come() {
    let card = |value: &str| made("pay.card", None, value);
    for (value, pattern) in [
        ("12/27", "^(0[1-9]|1[0-2])/(2[89]|3[0-2])$"),
        ("01/2027", "^(0[1-9]|1[0-2])/20(2[89]|3[0-2])$"),
        ("2027-12", "^20(2[89]|3[0-2])-(0[1-9]|1[0-2])$"),
        ("12/97", "^(0[1-9]|1[0-2])/(9[89]|0[0-2])$"),
        ("7", "^[1-9]$"),
        ("07", "^0[1-9]$"),
        ("11", "^1[02]$"),
        ("123", "^[1-9][0-9]{2}$"),
        ("2027", "^[1-9][0-9]{3}$"),
    ] {
        let made = card(value);
        assert!(regex::Regex::new(pattern).expect("a pattern").is_match(&made), "{value} {made}");
        assert!(made != value, "{value}");
    }
    let months: HashSet<String> = (1..=12).map(|month| card(&month.to_string())).collect();
    assert_eq!(months.len(), 12);
    // One month in whatever spelling.
    assert_eq!(card("12/2027")[5..], card("12/27")[3..]);
}

#[test]
fn words_fit_together_as_they_did() {
    let name = |value: &str| made("pii.name", None, value);
    let (jo, smith) = (name("Jo"), name("Smith"));
    assert_eq!(name("Jo Smith"), format!("{jo} {smith}"));
    assert_eq!(name("SMITH, Jo"), format!("{}, {jo}", smith.to_uppercase()));
    assert_eq!(name("smith"), smith.to_lowercase());
    // One name in JSON, SQL, CSV, JavaScript.
    for spelling in ["O''Brien", "O\\'Brien", "O\u{2019}Brien", "\"O'Brien\"", "\\\"O'Brien\\\""] {
        assert_eq!(name(spelling), name("O'Brien"), "{spelling}");
    }
    let street = made("pii.address", None, "12 Main Street, Springfield, IL 62704");
    assert!(
        regex::Regex::new("^[1-9][0-9] [A-Z][a-z]+ [A-Z][a-z]+, [A-Z][a-z]+, [A-Z]{2} [1-9][0-9]{4}$")
            .expect("a pattern")
            .is_match(&street),
        "{street}"
    );
    assert_eq!(name("田中"), name("田中"));
    assert!(name("田中").is_ascii() && name("Jürgen").is_ascii());
}

#[test]
fn intervals_stay() {
    let date = |value: &str| made("pii.birth", None, value);
    let day = |value: &str| value.parse::<jiff::civil::Date>().expect("a date");
    let shift = day("1984-07-23") - day(&date("1984-07-23"));
    assert!(shift.get_days() % 7 == 0 && shift.get_days() > 365 && shift.get_days() < 3653, "{shift}");
    for (value, format) in [
        ("1984/07/23", "%Y/%m/%d"),
        ("23.07.1984", "%d.%m.%Y"),
        ("7/23/1984", "%-m/%-d/%Y"),
        ("23/07/1984", "%d/%m/%Y"),
        ("23 Jul 1984", "%d %b %Y"),
        ("July 23, 1984", "%B %d, %Y"),
        ("19840723", "%Y%m%d"),
    ] {
        let read = jiff::civil::Date::strptime(format, date(value)).expect("the same format");
        assert_eq!((day("1984-07-23") - read).get_days(), shift.get_days(), "{value}");
    }
    let time = date("1984-07-23T10:00:00Z");
    assert!(
        time.ends_with("T10:00:00Z") && (day("1984-07-23") - day(&time[..10])).get_days() == shift.get_days(),
        "{time}"
    );
    assert!(other("2024-02-29 10:00").ends_with(" 10:00"));
    for none in ["0000-00-00", "0000-00-00 00:00:00", "0001-01-01T00:00:00Z", "00/00/0000", "01.01.0001"] {
        assert_eq!(date(none), none);
    }
    assert_eq!((date("1984").len(), date("1984-07").len()), (4, 7));
    for (value, format) in [
        ("7/23/84", "%-m/%-d/%y"),
        ("07/23/84", "%m/%d/%y"),
        ("23/07/84", "%d/%m/%y"),
        ("23.07.84", "%d.%m.%y"),
        ("23-JUL-84", "%d-%b-%y"),
    ] {
        let made = date(value);
        let read = jiff::civil::Date::strptime(format, &made).expect("the same format");
        assert_eq!((day("1984-07-23") - read).get_days(), shift.get_days(), "{value}");
        assert_eq!(made == made.to_uppercase(), value == value.to_uppercase(), "{made}");
        assert_eq!(other(value).len(), value.len(), "no date where none is expected");
    }
    // Months lie as far apart as they did.
    let month = date("1984-07");
    for (value, format) in [("07/1984", "%m/%Y"), ("July 1984", "%B %Y"), ("Jul 1984", "%b %Y")] {
        assert_eq!(date(value), day(&format!("{month}-01")).strftime(format).to_string());
    }
    // What Java writes of a date, also of one before 1970.
    for (value, second) in [("459388800", 1), ("459388800000", 1000), ("-459388800", 1), ("-459388800123", 1000)] {
        let before: i64 = value.parse().expect("a number");
        let made: i64 = date(value).parse().expect("a number");
        assert_eq!(before - made, i64::from(shift.get_days()) * 86400 * second, "{value}");
    }
    assert_ne!(other("459388800"), date("459388800"));
    let months = (1950..2020).flat_map(|year| (1..=12).map(move |month| format!("{year}-{month:02}")));
    let years: HashSet<String> = (1900..2000).map(|year: u32| date(&year.to_string())).collect();
    assert_eq!((months.map(|month| date(&month)).collect::<HashSet<_>>().len(), years.len()), (840, 100));
}

#[test]
fn what_cannot_be_stood_in_for_is_hidden() {
    for value in ["", " ", "---", "{\"a\":1}", "[1,2]", "a\nb", "a\\nb", "\u{1}x", "+++++++++++1", &"x".repeat(2000)] {
        assert_eq!(other(value), "-", "{value:?}");
    }
    assert_eq!(Surrogate::new("pii.x", None, &key()).of(b"\xff1"), None);
}

#[test]
fn ids_of_one_shape_stay_apart() {
    for of in [other as fn(&str) -> String, |value| made("pii.national-id", None, value)] {
        let all: HashSet<String> = (1000..10000).map(|id: u32| of(&id.to_string())).collect();
        assert_eq!(all.len(), 9000);
    }
    let emails: HashSet<String> = (0..20_000).map(|n| email(&format!("user{n}@acme.io"))).collect();
    assert_eq!(emails.len(), 20_000);
}

#[test]
fn another_key_makes_others() {
    let key = Key::new(b"another key of enough bytes").expect("long enough");
    for (class, identity, value) in [
        ("pii.email", Some("email"), "jo@acme.io"),
        ("pii.user", None, "4711004711"),
        ("pii.name", None, "Smith"),
        ("pii.birth", None, "1984-07-23"),
        ("pay.card", Some("card"), "4539148803436467"),
    ] {
        assert_ne!(Surrogate::new(class, identity, &key).of(value.as_bytes()), Some(made(class, identity, value)));
    }
}

proptest! {
    #[test]
    fn no_value_brings_anything_to_escape(value in "\\PC{0,40}|[ -~]{0,40}|[0-9+() .-]{5,20}|[a-z.@0-9]{3,20}") {
        for (class, identity) in [
            ("pii.email", Some("email")), ("pii.phone", Some("phone")), ("pay.card", Some("card")), ("pii.name", None),
            ("pii.birth", None), ("net.host", None), ("pii.national-id", None), ("pii.x", None), ("net.mac", Some("mac")),
        ] {
            let made = made(class, identity, &value);
            let safe = |c: char| c.is_ascii() && !c.is_ascii_control() && !"\"\\<>`".contains(c);
            prop_assert!(made.chars().all(safe), "{} {:?} {:?}", class, value, made);
            // Signs are those of the value, so that they can be spelled as it spells them.
            let signs = made.chars().filter(|c| !c.is_ascii_alphanumeric() && !"-._~".contains(*c));
            prop_assert!(made == "-" || signs.clone().all(|c| value.contains(c)), "{} {:?} {:?}", class, value, made);
        }
    }

    #[test]
    fn numbers_stay_numbers(value in any::<i64>(), fraction in 0u32..1000) {
        for text in [value.to_string(), format!("{value}.{fraction}")] {
            for class in ["pii.x", "pii.name", "pii.birth", "pii.location"] {
                let made = made(class, None, &text);
                prop_assert!(serde_json::from_str::<serde_json::Number>(&made).is_ok(), "{} {}", text, made);
            }
        }
        prop_assert!(other(&value.to_string()).parse::<i64>().is_ok());
    }
}
