use super::Number;

/// How the check digits of a number take errors, by its standard.
#[derive(Clone, Copy, PartialEq)]
enum Check {
    /// No digit can be changed alone, and no two neighbours swapped, unnoticed: mod 11 and larger primes, Verhoeff.
    All,
    /// No digit can be changed alone, but some neighbours can be swapped: Luhn (0 and 9), weights 1 and 3 (those 5 apart).
    Single,
    /// Some single changes pass: where two remainders share a check digit, or it is not part of all.
    Some,
    /// There is no check digit: only a date, a place or a form.
    Form,
}
use Check::{All, Form, Single, Some as Few};

/// A specimen or a made-up number of each kind, and what its standard promises.
const SPECIMENS: &[(Number, &str, Check)] = &[
    (Number::ZaId, "8001015009087", Single),
    (Number::EgId, "29001011234567", Form),
    (Number::KePin, "A000000001B", Form),
    (Number::CaSin, "046 454 286", Single),
    (Number::UsItin, "912-70-1234", Form),
    (Number::MxCurp, "BOXW310820HNERXN09", Few),
    (Number::MxRfc, "GODE561231GR8", Form),
    (Number::BrCpf, "111.444.777-35", Few),
    (Number::BrCnpj, "11.222.333/0001-81", Few),
    (Number::ArCuit, "20-05536168-2", Few),
    (Number::ClRut, "12.531.909-2", All),
    (Number::CoNit, "213123432-1", Few),
    (Number::PeRuc, "20512333797", Few),
    (Number::EcCi, "171430710-3", Single),
    (Number::UyCi, "1.234.567-2", Few),
    (Number::VeRif, "V-11470283-4", Few),
    (Number::DoCedula, "001-1391820-5", Single),
    (Number::CnId, "11010519491231002X", All),
    (Number::TwId, "A123456789", Few),
    (Number::HkId, "A123456(3)", All),
    (Number::SgNric, "S1234567D", All),
    (Number::KrRrn, "900101-1234567", Form),
    (Number::JpMyNumber, "123456789018", Few),
    (Number::ThId, "1-2345-45678-78-1", Few),
    (Number::MyKad, "770305-02-1234", Form),
    (Number::IdNik, "3171011708450001", Form),
    (Number::InAadhaar, "2341 2341 2346", All),
    (Number::InPan, "ACUPA7085R", Form),
    (Number::IlId, "123456782", Single),
    (Number::TrTckn, "10000000146", Single),
    (Number::SaId, "1000000008", Single),
    (Number::AeId, "784-1980-1234567-8", Single),
    (Number::KwId, "280010100012", Few),
    (Number::KzIin, "800101300016", Few),
    (Number::PkCnic, "35202-1234567-1", Form),
    (Number::IePps, "1234567T", All),
    (Number::GbNino, "AA 12 34 56 A", Form),
    (Number::GbUtr, "1955839661", Few),
    (Number::FrNir, "2 55 08 14 168 025 38", All),
    (Number::FrSpi, "3023217600053", All),
    (Number::DeIdnr, "36 574 261 809", Single),
    (Number::DeRvnr, "15070649C103", Single),
    (Number::NlBsn, "1112.22.333", All),
    (Number::BeNn, "85.07.30-033 28", Few),
    (Number::LuMatricule, "1893120105732", All),
    (Number::AtSvnr, "1237 010180", All),
    (Number::ChAhv, "756.9217.0769.85", Single),
    (Number::EsDni, "12345678Z", All),
    (Number::PtNif, "501964843", Few),
    (Number::ItCf, "RSSMRA85T10A562S", All),
    (Number::ItIva, "00743110157", Single),
    (Number::PlPesel, "44051401359", Single),
    (Number::PlNip, "123-456-32-18", All),
    (Number::CzRc, "710319/2745", Few),
    (Number::HuTax, "8071592153", All),
    (Number::HuTaj, "111111110", Single),
    (Number::RoCnp, "1630615123457", Few),
    (Number::BgEgn, "7523169263", Few),
    (Number::HrOib, "33392005961", Single),
    (Number::Jmbg, "0101006500006", Few),
    (Number::SiTax, "50223054", Few),
    (Number::GrAmka, "01013099997", Single),
    (Number::GrAfm, "094259216", Few),
    (Number::RuSnils, "112-233-445 95", Few),
    (Number::RuInn, "500100732259", Few),
    (Number::UaRnokpp, "1759013776", Few),
    (Number::AlNid, "I05101999I", Form),
    (Number::SePnr, "811218-9876", Single),
    (Number::NoFnr, "15108695088", All),
    (Number::DkCpr, "211062-5629", Form),
    (Number::FiHetu, "131052-308T", All),
    (Number::IsKennitala, "120174-3399", Few),
    (Number::EeIsikukood, "37605030299", Few),
    (Number::LvPk, "161175-19997", Form),
    (Number::AuTfn, "123 456 782", All),
    (Number::AuMedicare, "2123 45670 1", Few),
    (Number::AuAbn, "51 824 753 556", All),
    (Number::NzIrd, "49-091-850", Few),
    (Number::NzNhi, "ZAC5361", Single),
    (Number::UsNpi, "1234567893", Single),
    (Number::UsDea, "AB1234563", Few),
    (Number::UsMbi, "1EG4-TE5-MK73", Form),
    (Number::GbNhs, "943 476 5919", All),
    (Number::CaOhip, "1234-567-897", Single),
    (Number::Imei, "490154203237518", Single),
    (Number::Imsi, "001010123456789", Form),
    (Number::Iccid, "89014103211118510720", Single),
    (Number::Eui48, "02005E100001", Form),
    (Number::Vin, "1M8GDM9AXKP042788", Form),
    (Number::UsAba, "021000021", Single),
    (Number::MxClabe, "002010077777777771", Single),
    (Number::ArCbu, "2850590940090418135201", Single),
    (Number::Bic, "DEUTDEFF", Form),
    (Number::EsCcc, "1234-1234-16 1234567890", Few),
];

/// Numbers near the specimen that hold: one or two of its digits changed, and the last ones found again.
fn valid(number: Number, specimen: &str) -> Vec<Vec<u8>> {
    let bare: Vec<u8> = specimen.bytes().filter(u8::is_ascii_alphanumeric).collect();
    let mut found = vec![bare.clone()];
    for at in 0..bare.len() {
        for fix in 0..bare.len() {
            if fix == at || !bare[at].is_ascii_digit() {
                continue;
            }
            for digit in b'0'..=b'9' {
                for check in b"0123456789ABCDEFGHJKLMNPQRSTUVWXYZK" {
                    let mut text = bare.clone();
                    text[at] = digit;
                    text[fix] = *check;
                    if text[fix].is_ascii_digit() == bare[fix].is_ascii_digit() && number.holds(&text) {
                        found.push(text);
                    }
                }
            }
        }
        if found.len() > 400 {
            break;
        }
    }
    found
}

/// Of all texts made by `errors` of the numbers: how many are, and how many of these hold.
fn pass(number: Number, numbers: &[Vec<u8>], errors: impl Fn(&[u8]) -> Vec<Vec<u8>>) -> (usize, usize) {
    let wrong: Vec<_> = numbers.iter().flat_map(|text| errors(text)).collect();
    (wrong.len(), wrong.iter().filter(|text| number.holds(text)).count())
}

fn one_digit_wrong(text: &[u8]) -> Vec<Vec<u8>> {
    let mut wrong = Vec::new();
    for at in 0..text.len() {
        for digit in b'0'..=b'9' {
            if text[at].is_ascii_digit() && text[at] != digit {
                wrong.push([&text[..at], &[digit], &text[at + 1..]].concat());
            }
        }
    }
    wrong
}

fn two_swapped(text: &[u8]) -> Vec<Vec<u8>> {
    let differ =
        |at: &usize| text[*at].is_ascii_digit() && text[*at + 1].is_ascii_digit() && text[*at] != text[*at + 1];
    let swap = |at: usize| {
        let mut text = text.to_vec();
        text.swap(at, at + 1);
        text
    };
    (0..text.len() - 1).filter(differ).map(swap).collect()
}

#[test]
fn every_number_has_a_specimen_that_holds() {
    let named: Vec<Number> = SPECIMENS.iter().map(|(number, ..)| *number).collect();
    assert_eq!(named, Number::ALL);
    let wrong: Vec<_> = SPECIMENS.iter().filter(|(number, text, _)| !number.holds(text.as_bytes())).collect();
    assert!(wrong.is_empty(), "{:?}", wrong.iter().map(|(number, text, _)| (number.name(), text)).collect::<Vec<_>>());
}

/// Each valid number that is found round the specimen, with every single digit changed and every two neighbours swapped.
#[test]
fn errors_are_noticed_as_the_standards_say() {
    let mut faults = Vec::new();
    for (number, specimen, check) in SPECIMENS {
        let numbers = valid(*number, specimen);
        if numbers.len() < 20 && *check != Form {
            faults.push(format!("{}: only {} numbers", number.name(), numbers.len()));
        }
        let (single, single_pass) = pass(*number, &numbers, one_digit_wrong);
        let (swapped, swapped_pass) = pass(*number, &numbers, two_swapped);
        let fits = match check {
            All => single_pass == 0 && swapped_pass == 0,
            Single => single_pass == 0 && swapped_pass * 4 < swapped,
            Few => single_pass * 5 < single,
            Form => single_pass * 8 >= single,
        };
        if !fits {
            faults.push(format!(
                "{}: {single_pass} of {single} wrong and {swapped_pass} of {swapped} swapped pass ({} numbers)",
                number.name(),
                numbers.len()
            ));
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn separators_are_skipped_and_nothing_else_is() {
    assert!(Number::FiHetu.holds(b"131052+308T") && Number::FiHetu.holds(b"131052A308T"));
    for text in ["", " ", "-", "4405140135\u{0661}", "44051401359x", "440514013591", "44051_401359", "440,514,013,59"] {
        assert!(!Number::PlPesel.holds(text.as_bytes()), "{text}");
    }
    assert!(!Number::PlNip.holds(b"123+456+32+18"));
}

/// A letter of before 2013, a remainder of 1 with check digit 0, and a person without a date of birth.
#[test]
fn rarer_forms_hold() {
    assert!(Number::IePps.holds(b"6433418FT") && !Number::IePps.holds(b"6433418FU"));
    assert!(Number::Jmbg.holds(b"0101036300150") && !Number::Jmbg.holds(b"0101036300151"));
    assert!(Number::EeIsikukood.holds(b"93309240065") && !Number::EeIsikukood.holds(b"93309240066"));
}

/// The check digit of North America is not one in the rest of the world.
#[test]
fn north_american_vins_notice_errors() {
    let wrong = one_digit_wrong(b"1M8GDM9AXKP042788");
    assert!(wrong.iter().filter(|text| matches!(text[0], b'1'..=b'5')).all(|text| !Number::Vin.holds(text)));
    assert!(Number::Vin.holds(b"WAUZZZ8K9BA123456") && !Number::Vin.holds(b"WAUZZZ8K9BAI23456"));
}

#[test]
fn names_are_unique_and_found() {
    for (at, name) in Number::NAMES.iter().enumerate() {
        assert_eq!(Number::named(name), Some(Number::ALL[at]));
        assert_eq!(Number::ALL[at].name(), *name);
    }
    assert_eq!(Number::named("no-such"), None);
}

/// All countries whose numbers are known.
#[test]
fn forty_countries_are_there() {
    let countries: std::collections::BTreeSet<&str> =
        Number::NAMES.iter().filter_map(|name| name.split_once('-').map(|(country, _)| country)).collect();
    assert!(countries.len() >= 50, "{}", countries.len());
}

#[test]
fn any_text_may_be_asked_about() {
    for number in Number::ALL {
        for length in 0..30 {
            for byte in [b'0', b'9', b'A', b'Z', b'5'] {
                number.holds(&vec![byte; length]);
                let mut text = vec![b'1'; length];
                if let Some(last) = text.last_mut() {
                    *last = byte;
                }
                number.holds(&text);
            }
        }
    }
}
