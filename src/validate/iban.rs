//! International bank account numbers.

/// An IBAN: country, its length, ISO 7064 MOD 97-10. ISO 13616-1. Spaces and dashes between the groups and lower case
/// are accepted.
pub fn holds(text: &[u8]) -> bool {
    let (mut iban, mut count) = ([0; LONGEST], 0);
    for byte in text {
        match byte {
            b' ' | b'-' => {}
            _ if byte.is_ascii_alphanumeric() && count < LONGEST => {
                iban[count] = byte.to_ascii_uppercase();
                count += 1;
            }
            _ => return false,
        }
    }
    count > 4 && length([iban[0], iban[1]]) == Some(count) && checked(&iban[..count])
}

/// MOD 97-10 over upper-case letters and digits: check digits and country go to the end, letters count 10 to 35, the
/// remainder is 1. The check digits themselves are 02 to 98.
pub(crate) fn checked(iban: &[u8]) -> bool {
    let digit = |i: usize| iban[i].is_ascii_digit();
    if !digit(2) || !digit(3) || matches!(&iban[2..4], b"00" | b"01" | b"99") {
        return false;
    }
    let (head, body) = iban.split_at(4);
    let remainder = body.iter().chain(head).fold(0, |sum: u32, &b| match b {
        b'0'..=b'9' => (sum * 10 + u32::from(b - b'0')) % 97,
        _ => (sum * 100 + u32::from(b - b'A') + 10) % 97,
    });
    remainder == 1
}

/// How many characters an IBAN of this country has, upper case.
pub(crate) fn length(country: [u8; 2]) -> Option<usize> {
    LENGTHS.binary_search_by_key(&&country, |(name, _)| name).ok().map(|at| LENGTHS[at].1)
}

/// Russia's 33.
pub(crate) const LONGEST: usize = 33;

/// SWIFT IBAN Registry, as python-stdnum (2025) has it, and the countries that use the form without being in it (Algeria, Angola, Benin,
/// Burkina Faso, Cameroon, Cape Verde, Central Africa, Chad, Comoros, Congo, Equatorial Guinea, Gabon, Guinea-Bissau,
/// Iran, Ivory Coast, Madagascar, Mali, Morocco, Mozambique, Niger, Senegal, Togo).
#[rustfmt::skip]
const LENGTHS: &[([u8; 2], usize)] = &[
    (*b"AD", 24), (*b"AE", 23), (*b"AL", 28), (*b"AO", 25), (*b"AT", 20), (*b"AZ", 28), (*b"BA", 20),
    (*b"BE", 16), (*b"BF", 28), (*b"BG", 22), (*b"BH", 22), (*b"BI", 27), (*b"BJ", 28), (*b"BR", 29),
    (*b"BY", 28), (*b"CF", 27), (*b"CG", 27), (*b"CH", 21), (*b"CI", 28), (*b"CM", 27), (*b"CR", 22),
    (*b"CV", 25), (*b"CY", 28), (*b"CZ", 24), (*b"DE", 22), (*b"DJ", 27), (*b"DK", 18), (*b"DO", 28),
    (*b"DZ", 26), (*b"EE", 20), (*b"EG", 29), (*b"ES", 24), (*b"FI", 18), (*b"FK", 18), (*b"FO", 18),
    (*b"FR", 27), (*b"GA", 27), (*b"GB", 22), (*b"GE", 22), (*b"GI", 23), (*b"GL", 18), (*b"GQ", 27),
    (*b"GR", 27), (*b"GT", 28), (*b"GW", 25), (*b"HN", 28), (*b"HR", 21), (*b"HU", 28), (*b"IE", 22),
    (*b"IL", 23), (*b"IQ", 23), (*b"IR", 26), (*b"IS", 26), (*b"IT", 27), (*b"JO", 30), (*b"KM", 27),
    (*b"KW", 30), (*b"KZ", 20), (*b"LB", 28), (*b"LC", 32), (*b"LI", 21), (*b"LT", 20), (*b"LU", 20),
    (*b"LV", 21), (*b"LY", 25), (*b"MA", 28), (*b"MC", 27), (*b"MD", 24), (*b"ME", 22), (*b"MG", 27),
    (*b"MK", 19), (*b"ML", 28), (*b"MN", 20), (*b"MR", 27), (*b"MT", 31), (*b"MU", 30), (*b"MZ", 25),
    (*b"NE", 28), (*b"NI", 28), (*b"NL", 18), (*b"NO", 15), (*b"OM", 23), (*b"PK", 24), (*b"PL", 28),
    (*b"PS", 29), (*b"PT", 25), (*b"QA", 29), (*b"RO", 24), (*b"RS", 22), (*b"RU", 33), (*b"SA", 24),
    (*b"SC", 31), (*b"SD", 18), (*b"SE", 24), (*b"SI", 19), (*b"SK", 24), (*b"SM", 27), (*b"SN", 28),
    (*b"SO", 23), (*b"ST", 25), (*b"SV", 28), (*b"TD", 27), (*b"TG", 28), (*b"TL", 23), (*b"TN", 24),
    (*b"TR", 26), (*b"UA", 29), (*b"VA", 22), (*b"VG", 24), (*b"XK", 20), (*b"YE", 30),
];

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_registry_s_examples_hold() {
        for text in [
            "AD1200012030200359100100",
            "AT611904300234573201",
            "BE68539007547034",
            "BR1800360305000010009795493C1",
            "CH9300762011623852957",
            "DE89 3704 0044 0532 0130 00",
            "DK5000400440116243",
            "EG380019000500000000263180002",
            "ES9121000418450200051332",
            "FI2112345600000785",
            "FR1420041010050500013M02606",
            "GB29 NWBK 6016 1331 9268 19",
            "GB33BUKB20201555555555",
            "GR1601101250000000012300695",
            "IE29AIBK93115212345678",
            "IT60X0542811101000000123456",
            "KZ86125KZT5004100100",
            "LC55HEMM000100010012001200023015",
            "MT84MALT011000012345MTLCAST001S",
            "NL91ABNA0417164300",
            "NO9386011117947",
            "PL61109010140000071219812874",
            "PT50000201231234567890154",
            "RU0304452522540817810538091310419",
            "SE4550000000058398257466",
            "SA0380000000608010167519",
            "TR330006100519786457841326",
            "UA213223130000026007233566001",
            "de89370400440532013000",
            "NL91-ABNA-0417-1643-00",
            "MU17BOMM0101101030300200000MUR",
            "BI4210000100010000332045181",
        ] {
            assert!(holds(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn other_countries_and_lengths_fail() {
        for text in [
            "XX89370400440532013000",
            "DE8937040044053201300",
            "DE893704004405320130000",
            "US64SVBKUS6S3300958879",
            "DE",
            "DE89",
        ] {
            assert!(!holds(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn the_table_is_sorted() {
        assert!(LENGTHS.is_sorted_by(|a, b| a.0 < b.0));
        assert!(LENGTHS.iter().all(|(_, length)| (15..=LONGEST).contains(length)));
    }

    /// An IBAN with the check digits that fit.
    fn valid() -> impl Strategy<Value = Vec<u8>> {
        (0..LENGTHS.len(), prop::collection::vec(0usize..36, LONGEST)).prop_map(|(country, body)| {
            let (name, length) = LENGTHS[country];
            let mut iban = name.to_vec();
            iban.extend(b"00");
            iban.extend(body[..length - 4].iter().map(|&at| b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[at]));
            for check in 2..=98 {
                iban[2..4].copy_from_slice(format!("{check:02}").as_bytes());
                if checked(&iban) {
                    break;
                }
            }
            iban
        })
    }

    proptest! {
        #[test]
        fn every_wrong_digit_and_swap_is_noticed(iban in valid()) {
            prop_assert!(holds(&iban));
            for at in 4..iban.len() {
                for other in (b'0'..=b'9').filter(|d| iban[at].is_ascii_digit() && *d != iban[at]) {
                    let mut wrong = iban.clone();
                    wrong[at] = other;
                    prop_assert!(!holds(&wrong));
                }
                if at > 4 && iban[at] != iban[at - 1] && iban[at].is_ascii_digit() && iban[at - 1].is_ascii_digit() {
                    let mut wrong = iban.clone();
                    wrong.swap(at - 1, at);
                    prop_assert!(!holds(&wrong));
                }
            }
        }
    }
}
