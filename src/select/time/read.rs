//! The parts that times are made of.

use jiff::civil::Time;

/// Reads from the front of a text.
pub(super) struct Read<'t>(pub(super) &'t [u8]);

impl Read<'_> {
    /// A number of `least` to `most` digits.
    pub(super) fn number(&mut self, least: usize, most: usize) -> Option<i64> {
        let digits = self.0.iter().take(most).take_while(|b| b.is_ascii_digit()).count();
        let (number, rest) = self.0.split_at_checked(digits).filter(|_| digits >= least)?;
        self.0 = rest;
        Some(number.iter().fold(0, |n, b| n * 10 + i64::from(b - b'0')))
    }

    /// One of these bytes.
    pub(super) fn one(&mut self, of: &[u8]) -> Option<u8> {
        let (&first, rest) = self.0.split_first()?;
        of.contains(&first).then(|| {
            self.0 = rest;
            first
        })
    }

    pub(super) fn blanks(&mut self) -> Option<()> {
        let blanks = self.0.iter().take_while(|b| **b == b' ').count();
        self.0 = &self.0[blanks..];
        (blanks > 0).then_some(())
    }

    /// A month by its English name, short or long.
    pub(super) fn month(&mut self) -> Option<i64> {
        const MONTHS: [&[u8]; 12] =
            [b"jan", b"feb", b"mar", b"apr", b"may", b"jun", b"jul", b"aug", b"sep", b"oct", b"nov", b"dec"];
        let word = self.0.iter().take_while(|b| b.is_ascii_alphabetic()).count();
        let (name, rest) = self.0.split_at(word);
        let short = name.get(..3)?.to_ascii_lowercase();
        let month = MONTHS.iter().position(|month| *month == short)?;
        (word == 3 || word > 3 && word < 10).then_some(())?;
        self.0 = rest;
        i64::try_from(month + 1).ok()
    }

    /// Hours, minutes and maybe seconds with a fraction.
    pub(super) fn time(&mut self) -> Option<Time> {
        let mut hour = self.number(1, 2)?;
        self.one(b":")?;
        let minute = self.number(2, 2)?;
        let (mut second, mut nanosecond) = (0, 0);
        if self.0.first() == Some(&b':') {
            self.one(b":")?;
            second = self.number(2, 2)?;
            nanosecond = self.fraction();
        }
        let half = self.0.strip_prefix(b" ").unwrap_or(self.0);
        if let Some(word) = half.get(..2).filter(|_| !half.get(2).is_some_and(u8::is_ascii_alphanumeric)) {
            match word.to_ascii_lowercase().as_slice() {
                b"am" if hour == 12 => hour = 0,
                b"pm" if hour < 12 => hour += 12,
                b"am" | b"pm" => {}
                _ => return whole(hour, minute, second, nanosecond),
            }
            self.0 = &half[2..];
        }
        whole(hour, minute, second, nanosecond)
    }

    /// `12.00.00` with or without a fraction, or nothing.
    pub(super) fn dotted_time(&mut self) -> Option<Time> {
        let mut read = Read(self.0);
        let hour = read.number(2, 2)?;
        read.one(b".")?;
        let minute = read.number(2, 2)?;
        read.one(b".")?;
        let second = read.number(2, 2)?;
        // Four numbers are an address.
        let digits = read.0.iter().skip(1).take_while(|b| b.is_ascii_digit()).count();
        if read.0.first() == Some(&b'.') && digits < 6 {
            return None;
        }
        let time = whole(hour, minute, second, read.fraction())?;
        self.0 = read.0;
        Some(time)
    }

    /// Nanoseconds behind a dot or a comma.
    fn fraction(&mut self) -> i64 {
        let [b'.' | b',', digit, ..] = self.0 else { return 0 };
        if !digit.is_ascii_digit() {
            return 0;
        }
        let digits = self.0[1..].iter().take_while(|b| b.is_ascii_digit()).count();
        let (fraction, rest) = self.0[1..].split_at(digits);
        self.0 = rest;
        let fraction = &fraction[..digits.min(9)];
        fraction.iter().fold(0, |n, b| n * 10 + i64::from(b - b'0')) * 10_i64.pow(9 - fraction.len() as u32)
    }

    /// Seconds east of Greenwich, if a zone is given; reads past it.
    pub(super) fn zone(&mut self) -> Option<i64> {
        let rest = self.0.strip_prefix(b" ").unwrap_or(self.0);
        if self.0.first() == Some(&b'Z') && !self.0.get(1).is_some_and(u8::is_ascii_alphanumeric) {
            self.0 = &self.0[1..];
            return Some(0);
        }
        let letters = rest.iter().take_while(|b| b.is_ascii_uppercase()).count();
        let (name, behind) = rest.split_at(letters);
        let named = ZONES.iter().find(|(zone, _)| zone.as_bytes() == name);
        if let Some((_, hours)) = named.filter(|_| !behind.first().is_some_and(u8::is_ascii_alphanumeric)) {
            self.0 = behind;
            return Some(hours * 3600);
        }
        let mut zone = Read(rest);
        let sign = if zone.one(b"+-")? == b'-' { -1 } else { 1 };
        let hours = zone.number(2, 2)?;
        zone.one(b":");
        let minutes = zone.number(2, 2).unwrap_or(0);
        // ` -1234 ` could be anything; a zone is not that far away.
        if hours > 15 || minutes > 59 || zone.0.first().is_some_and(u8::is_ascii_digit) {
            return None;
        }
        self.0 = zone.0;
        Some(sign * (hours * 3600 + minutes * 60))
    }
}

/// Hours east of Greenwich by the abbreviation of a zone: those of RFC 5322, section 4.3, and those that the zones of the IANA
/// database have now for one offset only. CST, IST and AST are of several there (Chicago and Shanghai, Kolkata and Dublin,
/// Halifax and Riyadh), so they count as none: the time is local.
const ZONES: [(&str, i64); 21] = [
    ("UTC", 0),
    ("GMT", 0),
    ("UT", 0),
    ("EST", -5),
    ("EDT", -4),
    ("CDT", -5),
    ("MST", -7),
    ("MDT", -6),
    ("PST", -8),
    ("PDT", -7),
    ("WET", 0),
    ("WEST", 1),
    ("BST", 1),
    ("CET", 1),
    ("CEST", 2),
    ("EET", 2),
    ("EEST", 3),
    ("MSK", 3),
    ("JST", 9),
    ("KST", 9),
    ("AEST", 10),
];

fn whole(hour: i64, minute: i64, second: i64, nanosecond: i64) -> Option<Time> {
    // A leap second counts as the one before it.
    Time::new(hour as i8, minute as i8, second.min(59) as i8, nanosecond as i32).ok()
}
