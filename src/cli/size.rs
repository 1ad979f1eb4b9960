//! Byte counts as people write them.

/// `4096`, `64k`, `64K`, `64KiB`, `64M`, `1G`: all by 1024; `64kB`, `64MB` by 1000. None of anything else, and of 0.
pub(super) fn parse(text: &str) -> Option<usize> {
    let digits = text.find(|char: char| !char.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let factor: usize = match unit.to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "k" | "kib" => 1 << 10,
        "m" | "mib" => 1 << 20,
        "g" | "gib" => 1 << 30,
        "kb" => 1_000,
        "mb" => 1_000_000,
        "gb" => 1_000_000_000,
        _ => return None,
    };
    number.parse::<usize>().ok()?.checked_mul(factor).filter(|&bytes| bytes > 0)
}

/// The same in the largest unit that leaves a whole number.
pub(super) fn show(bytes: usize) -> String {
    for (unit, factor) in [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)] {
        if bytes >= factor && bytes.is_multiple_of(factor) {
            return format!("{} {unit}", bytes / factor);
        }
    }
    super::message::count(bytes as u64, "byte")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_in_every_usual_spelling() {
        for (text, bytes) in [
            ("1", 1),
            ("4096", 4096),
            ("1k", 1024),
            ("64M", 64 << 20),
            ("64MiB", 64 << 20),
            ("64mb", 64_000_000),
            ("2G", 2 << 30),
        ] {
            assert_eq!(parse(text), Some(bytes), "{text}");
        }
    }

    #[test]
    fn what_is_no_size_is_refused() {
        for text in ["", "0", "k", "-1", "+1", "1.5M", "1 M", "64X", "99999999999999999999", "99999999999G"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn sizes_are_shown_whole() {
        assert_eq!([show(64 << 20), show(1), show(1500), show(2048)], ["64 MiB", "1 byte", "1500 bytes", "2 KiB"]);
    }
}
