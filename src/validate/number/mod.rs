//! Numbers that some authority gives out, with check digits, dates or at least a form of their own: national and tax ids, medical,
//! device, vehicle and bank numbers. One file per part of the world; simplest member to copy from: `nl_bsn` in `europe_west`.
//!
//! Each check takes the number without its separators (blank, `-`, `.`, `/`), letters in upper case. It says no only where the
//! standard does: what an authority gave out before or beside its rule passes.

mod africa;
mod america;
mod asia;
mod device;
mod europe_east;
mod europe_north;
mod europe_west;
mod finance;
mod health;
mod oceania;
mod sums;

macro_rules! numbers {
    ($($(#[$doc:meta])* $variant:ident $name:literal $check:path,)*) => {
        /// Who gives the number out, and which one it is.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Number {
            $($(#[$doc])* $variant,)*
        }

        impl Number {
            /// All of them.
            pub const ALL: &'static [Number] = &[$(Number::$variant,)*];

            /// Their names, in the same order.
            pub const NAMES: &'static [&'static str] = &[$($name,)*];

            /// As a policy spells it: country and number, `pl-pesel`.
            pub fn name(self) -> &'static str {
                match self {
                    $(Number::$variant => $name,)*
                }
            }

            fn check(self, text: &[u8]) -> bool {
                match self {
                    $(Number::$variant => $check(text),)*
                }
            }
        }
    };
}

numbers! {
    /// South Africa, identity number: date, Luhn. Department of Home Affairs; Identification Act 68 of 1997.
    ZaId "za-id" africa::za_id,
    /// Egypt, national id: century, date, governorate. Civil Status Law 143 of 1994.
    EgId "eg-id" africa::eg_id,
    /// Kenya, KRA PIN: letter, nine digits, letter. Kenya Revenue Authority.
    KePin "ke-pin" africa::ke_pin,
    /// Canada, social insurance number: Luhn. Employment and Social Development Canada.
    CaSin "ca-sin" america::ca_sin,
    /// USA, individual taxpayer identification number: 9xx, group 50-65, 70-88, 90-92, 94-99. IRS, ITIN.
    UsItin "us-itin" america::us_itin,
    /// Mexico, CURP: date, state, check digit. RENAPO, Instructivo normativo.
    MxCurp "mx-curp" america::mx_curp,
    /// Mexico, RFC: date. SAT.
    MxRfc "mx-rfc" america::mx_rfc,
    /// Brazil, CPF: two check digits mod 11. Receita Federal.
    BrCpf "br-cpf" america::br_cpf,
    /// Brazil, CNPJ: two check digits mod 11, letters from 2026. Receita Federal, IN RFB 2229/2024.
    BrCnpj "br-cnpj" america::br_cnpj,
    /// Argentina, CUIT and CUIL: mod 11. AFIP.
    ArCuit "ar-cuit" america::ar_cuit,
    /// Chile, RUT and RUN: mod 11 with K. Registro Civil.
    ClRut "cl-rut" america::cl_rut,
    /// Colombia, NIT with check digit: mod 11. DIAN, Orden Administrativa 4 of 1989.
    CoNit "co-nit" america::co_nit,
    /// Peru, RUC: mod 11. SUNAT.
    PeRuc "pe-ruc" america::pe_ruc,
    /// Ecuador, cédula: province, mod 10. Registro Civil.
    EcCi "ec-ci" america::ec_ci,
    /// Uruguay, cédula: mod 10. DNIC.
    UyCi "uy-ci" america::uy_ci,
    /// Venezuela, RIF: mod 11. SENIAT.
    VeRif "ve-rif" america::ve_rif,
    /// Dominican Republic, cédula: Luhn. JCE.
    DoCedula "do-cedula" america::do_cedula,
    /// China, resident identity number: date, ISO 7064 mod 11-2. GB 11643-1999.
    CnId "cn-id" asia::cn_id,
    /// Taiwan, national id: mod 10. Ministry of the Interior.
    TwId "tw-id" asia::tw_id,
    /// Hong Kong, identity card: mod 11. Immigration Department.
    HkId "hk-id" asia::hk_id,
    /// Singapore, NRIC and FIN: mod 11. Immigration & Checkpoints Authority.
    SgNric "sg-nric" asia::sg_nric,
    /// South Korea, resident registration number: date, century; the check digit fell in October 2020. MOIS.
    KrRrn "kr-rrn" asia::kr_rrn,
    /// Japan, My Number: mod 11. Ministry of Internal Affairs and Communications, order 85 of 2014.
    JpMyNumber "jp-my-number" asia::jp_my_number,
    /// Thailand, citizen id: mod 11. Department of Provincial Administration.
    ThId "th-id" asia::th_id,
    /// Malaysia, `MyKad`: date, place. National Registration Department.
    MyKad "my-kad" asia::my_kad,
    /// Indonesia, NIK: province, date. Law 24 of 2013.
    IdNik "id-nik" asia::id_nik,
    /// India, Aadhaar: Verhoeff. UIDAI.
    InAadhaar "in-aadhaar" asia::in_aadhaar,
    /// India, PAN: letters with the kind of holder, digits, letter. Income Tax Department.
    InPan "in-pan" asia::in_pan,
    /// Israel, identity number: Luhn over nine digits. Population and Immigration Authority.
    IlId "il-id" asia::il_id,
    /// Turkey, TCKN: two check digits. NVI.
    TrTckn "tr-tckn" asia::tr_tckn,
    /// Saudi Arabia, national id and iqama: Luhn. Ministry of Interior.
    SaId "sa-id" asia::sa_id,
    /// United Arab Emirates, Emirates id: 784, year, Luhn. ICP.
    AeId "ae-id" asia::ae_id,
    /// Kuwait, civil id: date, mod 11. PACI.
    KwId "kw-id" asia::kw_id,
    /// Kazakhstan, IIN: date, mod 11 in two rounds. Law 223 of 2007.
    KzIin "kz-iin" asia::kz_iin,
    /// Pakistan, CNIC: province. NADRA.
    PkCnic "pk-cnic" asia::pk_cnic,
    /// Ireland, PPS number: mod 23. Department of Social Protection.
    IePps "ie-pps" europe_west::ie_pps,
    /// United Kingdom, national insurance number: prefixes. HMRC, NIM39110.
    GbNino "gb-nino" europe_west::gb_nino,
    /// United Kingdom, unique taxpayer reference: mod 11. HMRC.
    GbUtr "gb-utr" europe_west::gb_utr,
    /// France, NIR: mod 97, Corsica by letter. INSEE.
    FrNir "fr-nir" europe_west::fr_nir,
    /// France, tax number (SPI): mod 511. DGFiP.
    FrSpi "fr-spi" europe_west::fr_spi,
    /// Germany, tax id: ISO 7064 mod 11,10, one digit twice or thrice. `BZSt`, § 139b AO.
    DeIdnr "de-idnr" europe_west::de_idnr,
    /// Germany, pension insurance number: date, mod 10. VKVV § 4.
    DeRvnr "de-rvnr" europe_west::de_rvnr,
    /// Netherlands, BSN: eleven test. Rijksdienst voor Identiteitsgegevens.
    NlBsn "nl-bsn" europe_west::nl_bsn,
    /// Belgium, national register number: mod 97. Royal decree of 3 April 1984.
    BeNn "be-nn" europe_west::be_nn,
    /// Luxembourg, matricule: date, Luhn and Verhoeff. Law of 19 June 2013.
    LuMatricule "lu-matricule" europe_west::lu_matricule,
    /// Austria, social insurance number: mod 11. Dachverband der Sozialversicherungsträger.
    AtSvnr "at-svnr" europe_west::at_svnr,
    /// Switzerland, AHV number: EAN-13. ZAS.
    ChAhv "ch-ahv" europe_west::ch_ahv,
    /// Spain, DNI and NIE: mod 23. Ministerio del Interior, RD 1553/2005.
    EsDni "es-dni" europe_west::es_dni,
    /// Portugal, NIF: mod 11. Autoridade Tributária.
    PtNif "pt-nif" europe_west::pt_nif,
    /// Italy, codice fiscale: check letter. DM 23 December 1976.
    ItCf "it-cf" europe_west::it_cf,
    /// Italy, partita IVA: Luhn. Agenzia delle Entrate.
    ItIva "it-iva" europe_west::it_iva,
    /// Poland, PESEL: date, mod 10. Ministerstwo Cyfryzacji.
    PlPesel "pl-pesel" europe_east::pl_pesel,
    /// Poland, NIP: mod 11. Ministerstwo Finansów.
    PlNip "pl-nip" europe_east::pl_nip,
    /// Czechia and Slovakia, birth number: date, mod 11 from 1954. Act 133/2000.
    CzRc "cz-rc" europe_east::cz_rc,
    /// Hungary, tax id: mod 11. NAV, Act XX of 1996.
    HuTax "hu-tax" europe_east::hu_tax,
    /// Hungary, TAJ: mod 10. Act XX of 1996.
    HuTaj "hu-taj" europe_east::hu_taj,
    /// Romania, CNP: date, county, mod 11. OUG 97/2005.
    RoCnp "ro-cnp" europe_east::ro_cnp,
    /// Bulgaria, EGN: date, mod 11. GRAO.
    BgEgn "bg-egn" europe_east::bg_egn,
    /// Croatia, OIB: ISO 7064 mod 11,10. Ministry of Finance.
    HrOib "hr-oib" europe_east::hr_oib,
    /// Slovenia, Serbia, Bosnia, Montenegro, North Macedonia, JMBG and EMŠO: date, mod 11.
    Jmbg "jmbg" europe_east::jmbg,
    /// Slovenia, tax number: mod 11. FURS.
    SiTax "si-tax" europe_east::si_tax,
    /// Greece, AMKA: date, Luhn. IDIKA.
    GrAmka "gr-amka" europe_east::gr_amka,
    /// Greece, AFM: mod 11. AADE.
    GrAfm "gr-afm" europe_east::gr_afm,
    /// Russia, SNILS: mod 101. Pension Fund.
    RuSnils "ru-snils" europe_east::ru_snils,
    /// Russia, INN: one check digit for companies, two for persons. FNS.
    RuInn "ru-inn" europe_east::ru_inn,
    /// Ukraine, RNOKPP: mod 11. State Tax Service.
    UaRnokpp "ua-rnokpp" europe_east::ua_rnokpp,
    /// Albania, personal number: date. General Directorate of Civil Status.
    AlNid "al-nid" europe_east::al_nid,
    /// Sweden, personnummer: date (or coordination number), Luhn. Skatteverket.
    SePnr "se-pnr" europe_north::se_pnr,
    /// Norway, fødselsnummer: date (or D number), two check digits mod 11. Skatteetaten.
    NoFnr "no-fnr" europe_north::no_fnr,
    /// Denmark, CPR number: date; mod 11 does not hold since 2007. CPR-kontoret.
    DkCpr "dk-cpr" europe_north::dk_cpr,
    /// Finland, henkilötunnus: date, mod 31. Digital and Population Data Services Agency.
    FiHetu "fi-hetu" europe_north::fi_hetu,
    /// Iceland, kennitala: date, mod 11. Þjóðskrá.
    IsKennitala "is-kennitala" europe_north::is_kennitala,
    /// Estonia and Lithuania, personal code: date, mod 11 in two rounds. EVS 585:2007.
    EeIsikukood "ee-isikukood" europe_north::ee_isikukood,
    /// Latvia, personas kods: date and mod 11, or 32 and no date since 2017. PMLP.
    LvPk "lv-pk" europe_north::lv_pk,
    /// Australia, tax file number: mod 11. ATO.
    AuTfn "au-tfn" oceania::au_tfn,
    /// Australia, Medicare number: mod 10. Services Australia.
    AuMedicare "au-medicare" oceania::au_medicare,
    /// Australia, business number: mod 89. ABR.
    AuAbn "au-abn" oceania::au_abn,
    /// New Zealand, IRD number: mod 11 in two rounds. Inland Revenue.
    NzIrd "nz-ird" oceania::nz_ird,
    /// New Zealand, NHI number: mod 11, or the new form. HISO 10046.
    NzNhi "nz-nhi" oceania::nz_nhi,
    /// USA, national provider identifier: Luhn behind 80840. CMS, 45 CFR 162.406.
    UsNpi "us-npi" health::us_npi,
    /// USA, DEA registration number: mod 10. 21 CFR 1301.
    UsDea "us-dea" health::us_dea,
    /// USA, Medicare beneficiary identifier: its form. CMS, "Understanding the MBI".
    UsMbi "us-mbi" health::us_mbi,
    /// United Kingdom, NHS number: mod 11. NHS Data Dictionary.
    GbNhs "gb-nhs" health::gb_nhs,
    /// Canada (Ontario), health card: Luhn. Ministry of Health.
    CaOhip "ca-ohip" health::ca_ohip,
    /// Mobile equipment: Luhn. 3GPP TS 23.003, annex B.
    Imei "imei" device::imei,
    /// Subscribers: a country code of ITU-T E.212.
    Imsi "imsi" device::imsi,
    /// SIM cards: 89, Luhn. ITU-T E.118.
    Iccid "iccid" device::iccid,
    /// Network cards: twelve hexadecimal digits. IEEE 802, EUI-48.
    Eui48 "eui48" device::eui48,
    /// Vehicles: ISO 3779; the check digit only in North America (49 CFR 565.15).
    Vin "vin" device::vin,
    /// USA, routing number: mod 10, Federal Reserve district. ABA.
    UsAba "us-aba" finance::us_aba,
    /// Mexico, CLABE: mod 10. ABM.
    MxClabe "mx-clabe" finance::mx_clabe,
    /// Argentina, CBU: two blocks mod 10. BCRA A 2509.
    ArCbu "ar-cbu" finance::ar_cbu,
    /// Banks, BIC: four letters, a country, place, branch. ISO 9362.
    Bic "bic" finance::bic,
    /// Spain, CCC: two check digits mod 11. Banco de España.
    EsCcc "es-ccc" finance::es_ccc,
}

impl Number {
    /// The number of this name.
    pub fn named(name: &str) -> Option<Number> {
        Number::NAMES.iter().position(|known| *known == name).map(|at| Number::ALL[at])
    }

    /// Whether `text` can be such a number.
    ///
    /// ```
    /// use logmask::validate::number::Number;
    /// assert!(Number::PlPesel.holds(b"44051401359"));
    /// assert!(!Number::PlPesel.holds(b"44051401358"));
    /// assert!(Number::BrCpf.holds(b"111.444.777-35"));
    /// ```
    pub fn holds(self, text: &[u8]) -> bool {
        let (mut bare, mut count) = ([0; LONGEST], 0);
        for byte in text {
            match byte {
                b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' if count < LONGEST => {
                    bare[count] = byte.to_ascii_uppercase();
                    count += 1;
                }
                b' ' | b'-' | b'.' | b'/' => {}
                // Finland writes the century as one.
                b'+' if self == Number::FiHetu || self == Number::SePnr => {}
                b'(' | b')' if self == Number::HkId => {}
                _ => return false,
            }
        }
        count > 0 && self.check(&bare[..count])
    }
}

/// Letters and digits of the longest number.
const LONGEST: usize = 24;

#[cfg(test)]
mod tests;
