//! Places worth a look, as the scan finds them.

use crate::span::Span;

/// Why a place is worth a look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// `:` or `=` after what may be a sensitive key.
    Key,
    /// A word start, a rare byte or a colon before a letter at which the literal of some rule stands.
    Word,
    /// A digit, or the blank before one, right behind what may be a sensitive key in another script than Latin.
    Spoken,
    /// The start of a run of [`LONG_RUN`](super::anchor::LONG_RUN) word bytes with which some rule's match begins.
    Start,
    /// A byte of a run of [`RUN`](super::anchor::RUN) run bytes or more, in which a literal may stand anywhere.
    Run,
    /// `@`
    At,
    /// First of three dots or dashes between digits.
    Ipv4,
    /// `::`, or a colon followed by three more, 2 to 5 apart.
    Ipv6,
    /// First of five separators of hexadecimal pairs, or the first digit of `aabb.ccdd.eeff`.
    Mac,
    /// First digit of 13 or more, or of groups.
    Card,
    /// First digit of 3-2-4 digits.
    Ssn,
    /// First digit of 3-3-4 digits.
    Nanp,
    /// Two letters and two digits at a word start.
    Iban,
    /// `+` before a digit other than 0, with which no country code begins.
    Plus,
    /// First of five dashes.
    Dashes,
    /// The `:` of `://`.
    Url,
    /// The `<` of `</`, and of a start tag that its line ends with.
    Tag,
    /// First dash of a `--flag` or a `-Flag`.
    Flag,
    /// The quote that opens the name of a pair in brackets: `("password", "…")`.
    Tuple,
    /// Something to decode: `\u0040`, `%40`, `&#64;`, a terminal escape, a look-alike.
    Encoded,
    /// A word start that begins base64 or hexadecimal of text.
    Packed,
    /// A word start behind a blank or line break, 64 or 70 bytes before the end of the line.
    KeyLine,
    /// A line that a table is drawn with, or psql's between records; added to what the scan finds.
    Drawn,
    /// The bracket of an array of bytes in the journal; added, too.
    Array,
    /// A window of a listed secret.
    Listed,
    /// A keyword of the pattern with this index, which has no usable beginning; or the first byte of a record in which
    /// it may match.
    Loose(u16),
}

/// A place worth a look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Offset in the scanned bytes.
    pub at: u32,
    /// Why.
    pub kind: Kind,
}

/// Those of `candidates`, in order and counted from `base`, that stand in `span`.
pub fn within(candidates: &[Candidate], base: usize, span: Span) -> &[Candidate] {
    let first = candidates.partition_point(|c| (c.at as usize) - base < span.start);
    let behind = &candidates[first..];
    &behind[..behind.partition_point(|c| (c.at as usize) - base < span.end)]
}

/// Which kinds there are among candidates, as far as anybody asks for all of a record at once.
#[derive(Clone, Copy, Default)]
pub struct Kinds(u8);

impl Kinds {
    /// Where keys and words begin what goes on over lines.
    pub const OPENING: Kinds = Kinds(0b1111);
    /// Tags of XML.
    pub const TAG: Kinds = Kinds(0b100);
    /// Lines of key blocks.
    pub const KEY_BLOCK: Kinds = Kinds(0b11_0000);
    /// All that somebody asks for.
    pub const ANY: Kinds = Kinds(u8::MAX);

    /// Those of `candidates`.
    pub fn of(candidates: &[Candidate]) -> Kinds {
        Kinds(candidates.iter().fold(0, |all, candidate| all | candidate.kind.bit()))
    }

    /// Is one of `others` among them?
    #[inline]
    pub fn has(self, others: Kinds) -> bool {
        self.0 & others.0 != 0
    }
}

impl Kind {
    #[inline]
    fn bit(self) -> u8 {
        match self {
            Kind::Key => 1,
            Kind::Word => 1 << 1,
            Kind::Tag => 1 << 2,
            Kind::Flag => 1 << 3,
            Kind::Dashes => 1 << 4,
            Kind::KeyLine => 1 << 5,
            Kind::At => 1 << 6,
            Kind::Drawn | Kind::Array => 1 << 7,
            _ => 0,
        }
    }
}
