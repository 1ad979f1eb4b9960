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
            if matches!(self.0, [b'.' | b',', digit, ..] if digit.is_ascii_digit()) {
                self.0 = &self.0[1..];
                let digits = self.0.iter().take_while(|b| b.is_ascii_digit()).count();
                let fraction = &self.0[..digits.min(9)];
                nanosecond = fraction.iter().fold(0, |n, b| n * 10 + i64::from(b - b'0'))
                    * 10_i64.pow(9 - fraction.len() as u32);
                self.0 = &self.0[digits..];
            }
        }
        let half = self.0.strip_prefix(b" ").unwrap_or(self.0);
        if let Some(half) = half.get(..2).filter(|_| !half.get(2).is_some_and(u8::is_ascii_alphanumeric)) {
            match half.to_ascii_lowercase().as_slice() {
                b"am" if hour == 12 => hour = 0,
                b"pm" if hour < 12 => hour += 12,
                _ => {}
            }
        }
        // A leap second counts as the one before it.
        Time::new(hour as i8, minute as i8, second.min(59) as i8, nanosecond as i32).ok()
    }

    /// Seconds east of Greenwich, if a zone is given.
    pub(super) fn zone(&mut self) -> Option<i64> {
        let rest = self.0.strip_prefix(b" ").unwrap_or(self.0);
        let ends = |at: usize| !rest.get(at).is_some_and(u8::is_ascii_alphanumeric);
        if rest.starts_with(b"Z") && self.0.starts_with(b"Z") && ends(1)
            || rest.starts_with(b"UTC") && ends(3)
            || rest.starts_with(b"GMT") && ends(3)
        {
            return Some(0);
        }
        let mut zone = Read(rest);
        let sign = if zone.one(b"+-")? == b'-' { -1 } else { 1 };
        let hours = zone.number(2, 2)?;
        zone.one(b":");
        let minutes = zone.number(2, 2).unwrap_or(0);
        // ` -1234 ` could be anything; a zone is not that far away.
        (hours <= 15 && minutes < 60 && !zone.0.first().is_some_and(u8::is_ascii_digit))
            .then_some(sign * (hours * 3600 + minutes * 60))
    }
}
