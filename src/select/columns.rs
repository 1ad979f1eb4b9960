//! Columns of a table by the names in its first line: `#Fields:` of W3C logs, the header of CSV.

/// Most columns of a table.
const COLUMNS: usize = 512;

/// The names of the columns, and what parts them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Columns {
    delimiter: u8,
    /// They were named by `#Fields:`, or need not be.
    w3c: bool,
    names: Vec<Vec<u8>>,
}

impl Columns {
    /// Those that `line` names: a `#Fields:` anywhere, or the `first` line of a source that only holds names.
    pub fn read(line: &[u8], first: bool) -> Option<Columns> {
        let w3c = line.strip_prefix(b"#Fields:");
        let is_name = |name: &[u8]| {
            name.first().is_some_and(u8::is_ascii_alphabetic)
                && name.len() <= 64
                && name.iter().all(|b| b.is_ascii_alphanumeric() || b"_-.() ".contains(b))
                && memchr::memchr_iter(b' ', name).count() < 3
        };
        let line = w3c.or(first.then_some(line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(line)))?.trim_ascii();
        let delimiter = match w3c {
            // IIS parts them by blanks, Exchange by commas.
            Some(_) => [b'\t', b','].into_iter().find(|d| line.contains(d)).unwrap_or(b' '),
            None => *line.iter().find(|b| b",;\t".contains(b))?,
        };
        let names: Vec<Vec<u8>> = cells(line, delimiter).take(COLUMNS).map(<[u8]>::to_ascii_lowercase).collect();
        (names.len() > 1 && names.iter().all(|name| is_name(name))).then_some(Columns {
            delimiter,
            w3c: w3c.is_some(),
            names,
        })
    }

    /// Those of VPC flow logs of AWS, version 2, whose lines have no header outside of files.
    pub fn of_flows() -> Columns {
        const NAMES: &str = "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end \
                             action log-status";
        Columns { delimiter: b' ', w3c: true, names: NAMES.split(' ').map(|name| name.as_bytes().to_vec()).collect() }
    }

    /// Is it a W3C log? Its times are those of Greenwich.
    pub fn are_w3c(&self) -> bool {
        self.w3c
    }

    /// What `line` has in the first column that `wanted` takes, without quotes.
    pub fn cell<'l>(&self, line: &'l [u8], wanted: impl Fn(&[u8]) -> bool) -> Option<&'l [u8]> {
        let place = self.names.iter().position(|name| wanted(name))?;
        // CloudFront parts the names by blanks and the cells by tabs.
        let tabs = self.delimiter == b' ' && line.contains(&b'\t');
        cells(line, if tabs { b'\t' } else { self.delimiter }).nth(place)
    }
}

/// The cells of a row without their quotes.
fn cells(line: &[u8], delimiter: u8) -> impl Iterator<Item = &[u8]> {
    let mut rest = Some(line);
    std::iter::from_fn(move || {
        let text = rest?;
        let quoted = text.first() == Some(&b'"');
        let mut end = usize::from(quoted);
        while quoted && let Some(close) = memchr::memchr(b'"', &text[end.min(text.len())..]).map(|i| end + i) {
            end = close + 1;
            if text.get(end) != Some(&b'"') {
                break;
            }
            end += 1;
        }
        let end = end.min(text.len());
        let end = memchr::memchr(delimiter, &text[end..]).map_or(text.len(), |i| end + i);
        rest = text.get(end + 1..);
        let cell = text[..end].trim_ascii();
        Some(cell.strip_prefix(b"\"").map_or(cell, |inside| inside.strip_suffix(b"\"").unwrap_or(inside)))
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_found_by_name() {
        let cell = |head: &str, row: &'static str, name: &str| {
            let columns = Columns::read(head.as_bytes(), true).unwrap();
            columns.cell(row.as_bytes(), |n| n == name.as_bytes()).map(|cell| std::str::from_utf8(cell).unwrap())
        };
        assert_eq!(cell("#Fields: date sc-status", "2024-05-01 503", "sc-status"), Some("503"));
        assert_eq!(cell("#Fields:\tdate\tsc-status", "2024-05-01\t503", "sc-status"), Some("503"));
        assert_eq!(cell("#Fields: date a sc-status", "2024-05-01\tx y\t503", "sc-status"), Some("503"));
        assert_eq!(cell("#Fields: date-time,level", "2024-05-01,x", "level"), Some("x"));
        assert_eq!(cell("time,Level,msg", "1,\"a, \"\"b\"\"\",c", "level"), Some("a, \"\"b\"\""));
        assert_eq!(cell("time;level", "1", "level"), None);
        assert_eq!(Columns::read(b"2024-05-01 x, y", true), None);
        assert_eq!(Columns::read(b"time,level", false), None);
    }
}
