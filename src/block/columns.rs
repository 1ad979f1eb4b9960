//! What the columns of a table are called, and which of them hold something sensitive.

/// Most columns of a table.
const COLUMNS: usize = 512;
/// Longest name of a column, in bytes.
const LONGEST: usize = 64;

/// The columns of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Columns {
    /// The names of sensitive columns; of the others nothing is kept.
    pub(super) names: Vec<Option<Vec<u8>>>,
    /// The columns where a row names what it holds, and where it holds that: `| Key | Value |`.
    pub(super) pair: Option<(usize, usize)>,
    /// No line said so, each row does.
    pub(super) told: bool,
}

impl Columns {
    /// Those of these names; `None` if one of them is no name.
    pub(super) fn of<'t>(
        cells: impl Iterator<Item = &'t [u8]>,
        sensitive: &mut impl FnMut(&[u8]) -> bool,
    ) -> Option<Columns> {
        let (mut names, mut people, mut pair) = (Vec::new(), false, (None, None));
        for name in cells {
            if !is_name(name) || names.len() == COLUMNS {
                return None;
            }
            let is = |one: &[u8]| name.eq_ignore_ascii_case(one);
            if pair.0.is_none() && NAMES.iter().any(|one| is(one)) {
                pair.0 = Some(names.len());
            } else if pair.1.is_none() && VALUES.iter().any(|one| is(one)) {
                pair.1 = Some(names.len());
            }
            let own = sensitive(name);
            people |= own && is_of_person(name);
            names.push(own.then(|| name.to_vec()).or_else(|| full(name).map(<[u8]>::to_vec)));
        }
        // Beside nothing that people have, a name is one of anything.
        for column in names.iter_mut().filter(|_| !people) {
            column.take_if(|name| FULL.contains(&&name[..]));
        }
        let pair = pair.0.zip(pair.1);
        if let Some((name, _)) = pair {
            names[name] = None;
        }
        Some(Columns { names, pair, told: false })
    }

    /// Two, the first of which names what the second holds.
    pub(super) fn of_pairs() -> Columns {
        Columns { names: vec![None, None], pair: Some((0, 1)), told: true }
    }

    /// Holds one of them something sensitive, or may hold it?
    pub(super) fn are_sensitive(&self) -> bool {
        self.pair.is_some() || self.names.iter().any(Option::is_some)
    }
}

/// What the column is called whose cells name what others of their row hold.
const NAMES: [&[u8]; 11] = [
    b"key",
    b"name",
    b"field",
    b"setting",
    b"variable",
    b"variable_name",
    b"parameter",
    b"property",
    b"option",
    b"attribute",
    b"environment variable",
];

/// What the column is called that holds it.
const VALUES: [&[u8]; 4] = [b"value", b"values", b"setting", b"content"];

/// What columns are called that only those beside them say are of people, as their values are.
const FULL: [&[u8]; 2] = [b"full_name", b"street_address"];

/// What a column holds in a table of people, if its name does not say so itself.
fn full(name: &[u8]) -> Option<&'static [u8]> {
    [(&b"name"[..], FULL[0]), (b"address", FULL[1])]
        .iter()
        .find(|(own, _)| name.eq_ignore_ascii_case(own))
        .map(|(_, full)| *full)
}

/// Is it people who have what a column of this name holds?
fn is_of_person(name: &[u8]) -> bool {
    let lower = name.to_ascii_lowercase();
    let words: [&[u8]; 6] = [b"mail", b"phone", b"mobile", b"birth", b"dob", b"ssn"];
    words.iter().any(|word| memchr::memmem::find(&lower, word).is_some())
}

/// The name of a column: a few words.
pub(super) fn is_name(name: &[u8]) -> bool {
    // `(index)` is that of Node's console.table.
    let first = name.strip_prefix(b"(").unwrap_or(name).first().copied().unwrap_or(0);
    name.len() <= LONGEST
        && (first.is_ascii_alphabetic() || first == b'_' || first >= 0x80)
        && name.iter().all(|b| b.is_ascii_alphanumeric() || *b >= 0x80 || b"_-. ()/".contains(b))
        // `cs(Cookie)`; but `INSERT INTO users (id, name)` is no list of names.
        && (memchr::memchr(b'(', name).is_some() == (name.last() == Some(&b')')))
        && memchr::memchr_iter(b' ', name).count() < 4
}
