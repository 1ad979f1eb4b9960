//! Banks and accounts.

use super::sums::{digits, number, two, uniform, weighted};

/// Nine digits that begin with a Federal Reserve district, mod 10.
pub fn us_aba(text: &[u8]) -> bool {
    digits::<9>(text).is_some_and(|d| {
        matches!(two(&d), 0..=12 | 21..=32 | 61..=72 | 80)
            && number(&d) > 0
            && weighted(&d, &[3, 7, 1, 3, 7, 1, 3, 7, 1]).is_multiple_of(10)
    })
}

/// Bank, place, account, mod 10 of products mod 10.
pub fn mx_clabe(text: &[u8]) -> bool {
    digits::<18>(text).is_some_and(|d| {
        let sum: u32 = d[..17].iter().zip([3, 7, 1].iter().cycle()).map(|(d, w)| u32::from(*d) * w % 10).sum();
        number(&d[..3]) > 0 && (10 - sum % 10) % 10 == u32::from(d[17])
    })
}

/// Bank and branch with a check digit, account with another one.
pub fn ar_cbu(text: &[u8]) -> bool {
    digits::<22>(text).is_some_and(|d| {
        let check =
            |block: &[u8], weights: &[u8], last: u8| (weighted(block, weights) + u32::from(last)).is_multiple_of(10);
        !uniform(&d)
            && check(&d[..7], &[7, 1, 3, 9, 7, 1, 3], d[7])
            && check(&d[8..21], &[3, 9, 7, 1, 3, 9, 7, 1, 3, 9, 7, 1, 3], d[21])
    })
}

/// Four letters, two of a country (ISO 3166-1, and XK), two for the place, and perhaps three for the branch.
pub fn bic(text: &[u8]) -> bool {
    matches!(text.len(), 8 | 11)
        && text[..6].iter().all(u8::is_ascii_uppercase)
        && text[6..].iter().all(u8::is_ascii_alphanumeric)
        && COUNTRIES.as_bytes().chunks(3).any(|country| country[..2] == text[4..6])
}

/// ISO 3166-1 alpha-2.
const COUNTRIES: &str = "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH \
    CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR \
    GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV \
    LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN \
    PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV \
    TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW";

/// Bank, branch, two check digits, account.
pub fn es_ccc(text: &[u8]) -> bool {
    const WEIGHTS: [u8; 10] = [1, 2, 4, 8, 5, 10, 9, 7, 3, 6];
    digits::<20>(text).is_some_and(|d| {
        let check = |block: &[u8], weights: &[u8]| match 11 - weighted(block, weights) % 11 {
            11 => 0,
            10 => 1,
            digit => digit,
        };
        !uniform(&d) && check(&d[..8], &WEIGHTS[2..]) == u32::from(d[8]) && check(&d[10..], &WEIGHTS) == u32::from(d[9])
    })
}
