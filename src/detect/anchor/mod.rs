//! The literals in a pattern: where a match can begin, and what each match holds.
//!
//! Used twice: by `src/build` for the built-in rules, so that nothing is derived at start, and for the user's rules when
//! they are loaded. Therefore it stands alone and knows regex-syntax only.

use regex_syntax::hir::literal::{Extractor, Literal};
use regex_syntax::hir::{Class, ClassBytesRange, ClassUnicodeRange, Hir, HirKind, Look};

/// Literals of which one begins every match of `pattern`, leading look-arounds such as `\b` aside; sorted, none a prefix
/// of another, each 3 to 32 bytes, at most 128. Empty when there is no such set, or the pattern does not compile.
///
/// Case-sensitive: a pattern with `(?i)` yields each spelling.
///
/// ```
/// assert_eq!(logmask::detect::anchor::anchors(r"\bgh[pos]_[A-Za-z0-9]{36}"), ["gho_", "ghp_", "ghs_"]);
/// assert!(logmask::detect::anchor::anchors(r"[a-z]+@corp").is_empty());
/// ```
pub fn anchors(pattern: &str) -> Vec<String> {
    let worth = if begin(pattern) == Begin::Word { Worth::Words } else { Worth::Tokens };
    parse(pattern).and_then(|hir| prefixes(&hir, worth)).map(shorten).unwrap_or_default()
}

/// Literals of which one stands somewhere in every match of `pattern`; same form and limits as [`anchors`].
///
/// ```
/// assert_eq!(logmask::detect::anchor::required(r"[a-z]+@corp\.io"), ["@corp.io"]);
/// ```
pub fn required(pattern: &str) -> Vec<String> {
    parse(pattern).and_then(|hir| inner(&hir)).unwrap_or_default()
}

/// Where in a text a match can begin, as far as the scan for candidates can tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begin {
    /// At any byte.
    Anywhere,
    /// At the start of a word (the pattern begins with `\b`), or at a `$`.
    Word,
    /// At the start of a word, and the first 16 bytes of every match are token bytes: `A-Za-z0-9_-.+/=`.
    Token,
    /// Anywhere, and the first [`RUN`] bytes of every match are [run bytes](is_run_byte).
    Run,
}

impl Begin {
    /// The one with this number, as `as u8` gives it.
    pub fn from_number(number: u8) -> Begin {
        match number {
            3 => Begin::Run,
            2 => Begin::Token,
            1 => Begin::Word,
            _ => Begin::Anywhere,
        }
    }
}

/// Where matches of `pattern` begin.
///
/// ```
/// use logmask::detect::anchor::{Begin, begin};
/// assert_eq!(begin(r"\bgh[pos]_[A-Za-z0-9]{36}"), Begin::Token);
/// assert_eq!(begin(r"\bpassword is (\S+)"), Begin::Word);
/// assert_eq!(begin(r"\$2[aby]\$\S+"), Begin::Word);
/// assert_eq!(begin(r"gh[pos]_[A-Za-z0-9]{36}"), Begin::Anywhere);
/// assert_eq!(begin(r"[A-Za-z0-9+/]{76}AbCd[A-Za-z0-9+/]{5}="), Begin::Run);
/// ```
pub fn begin(pattern: &str) -> Begin {
    let Some(hir) = parse(pattern) else { return Begin::Anywhere };
    let token = |b: u8| b.is_ascii_alphanumeric() || b"_-.+/=".contains(&b);
    let word = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    match (start(&hir), run(&hir, &token).0 >= TOKEN_RUN, run(&hir, &word).0 >= WORD_RUN) {
        (Start::Word, true, _) => Begin::Token,
        (Start::Word, _, true) | (Start::Dollar | Start::Mixed, ..) => Begin::Word,
        // `e-KTP` has too short a word, but a longer one behind it.
        (Start::Word, ..) if prefixes(&hir, Worth::Words).is_some_and(|all| all.iter().all(is_hooked)) => Begin::Word,
        _ if run(&hir, &is_run_byte).0 >= RUN => Begin::Run,
        _ => Begin::Anywhere,
    }
}

fn is_hooked(literal: &String) -> bool {
    super::hook::at_start(literal.as_bytes()).is_some()
}

/// The bytes that matches of `pattern` begin with, if each match begins with [`LONG_RUN`] word bytes at least: enough to
/// find it by its first byte and its length alone.
pub fn first_bytes(pattern: &str) -> Option<Vec<u8>> {
    let hir = parse(pattern)?;
    let word = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    if start(&hir) != Start::Word || run(&hir, &word).0 < LONG_RUN {
        return None;
    }
    let mut extractor = Extractor::new();
    extractor.limit_class(64).limit_literal_len(1);
    let seq = extractor.extract(&hir);
    let mut bytes: Vec<u8> = seq.literals()?.iter().map(|l| l.as_bytes().first().copied()).collect::<Option<_>>()?;
    bytes.sort_unstable();
    bytes.dedup();
    Some(bytes)
}

/// Word bytes in a row that make a word start worth a look whatever they are.
pub const LONG_RUN: usize = 24;

/// Token bytes in a row that make the scan look at a word start.
const TOKEN_RUN: usize = 16;
/// Word bytes in a row that do the same for words.
const WORD_RUN: usize = 3;
/// Run bytes in a row in which literals are looked for wherever they stand.
pub const RUN: usize = 43;

/// `A-Za-z0-9_-+/`: what base64 is made of, in either alphabet.
pub const fn is_run_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'+' | b'/')
}

/// What every match begins with.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Start {
    /// A look-around for a word boundary.
    Word,
    /// A dollar sign.
    Dollar,
    /// One or the other, and three word bytes behind each boundary.
    Mixed,
    Other,
}

fn start(hir: &Hir) -> Start {
    match hir.kind() {
        HirKind::Look(Look::WordAscii | Look::WordStartAscii) => Start::Word,
        HirKind::Literal(literal) if literal.0.first() == Some(&b'$') => Start::Dollar,
        HirKind::Capture(capture) => start(&capture.sub),
        HirKind::Repetition(repetition) if repetition.min > 0 => start(&repetition.sub),
        HirKind::Concat(parts) => {
            // `(?:\$wp)?\$2` begins with a dollar either way.
            let optional = |part: &&Hir| match part.kind() {
                HirKind::Repetition(repetition) => repetition.min == 0 && start(&repetition.sub) == Start::Dollar,
                _ => false,
            };
            let skipped = parts.iter().take_while(optional).count();
            let begins = parts.get(skipped).map_or(Start::Other, start);
            if skipped > 0 && begins != Start::Dollar { Start::Other } else { begins }
        }
        HirKind::Alternation(branches) => {
            let word = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
            let all = |wanted: Start| branches.iter().all(|branch| start(branch) == wanted);
            let mixed = || {
                branches.iter().all(|branch| match start(branch) {
                    Start::Word => run(branch, &word).0 >= WORD_RUN,
                    Start::Dollar | Start::Mixed => true,
                    Start::Other => false,
                })
            };
            if all(Start::Word) {
                Start::Word
            } else if all(Start::Dollar) {
                Start::Dollar
            } else if mixed() {
                Start::Mixed
            } else {
                Start::Other
            }
        }
        _ => Start::Other,
    }
}

/// The least number of bytes of a class that a match begins with, and whether it may hold nothing else.
fn run(hir: &Hir, class: &dyn Fn(u8) -> bool) -> (usize, bool) {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => (0, true),
        HirKind::Literal(literal) => {
            let run = literal.0.iter().take_while(|b| class(**b)).count();
            (run, run == literal.0.len())
        }
        HirKind::Class(Class::Bytes(bytes)) => {
            let all = bytes.iter().all(|range| (range.start()..=range.end()).all(class));
            (usize::from(all), all)
        }
        HirKind::Class(Class::Unicode(_)) => (0, false),
        HirKind::Capture(capture) => run(&capture.sub, class),
        HirKind::Repetition(repetition) => {
            let (run, whole) = run(&repetition.sub, class);
            let least =
                if whole { run.saturating_mul(repetition.min as usize) } else { run * usize::from(repetition.min > 0) };
            (least, whole)
        }
        HirKind::Concat(parts) => {
            let mut total = 0;
            for part in parts {
                let (run, whole) = run(part, class);
                total += run;
                if !whole {
                    return (total, false);
                }
            }
            (total, true)
        }
        HirKind::Alternation(branches) => {
            let runs = branches.iter().map(|branch| run(branch, class));
            runs.fold((usize::MAX, true), |(least, all), (run, whole)| (least.min(run), all && whole))
        }
    }
}

/// Shorter literals stand nearly everywhere.
const SHORTEST: usize = 3;
/// What lies beyond makes a literal no rarer.
const LONGEST: usize = 32;
/// More literals than this cost more than they keep away.
const MOST: usize = 128;
/// A concatenation of more parts is searched up to here only, because each part is looked at with all that follow it.
const PARTS: usize = 100;

/// The pattern as the syntax of the policies reads it; none if it does not compile.
pub fn parse(pattern: &str) -> Option<Hir> {
    regex_syntax::ParserBuilder::new().unicode(false).utf8(false).nest_limit(100).build().parse(pattern).ok()
}

/// The complete set of literals that begin `hir`. Tried with wide classes first (`[0-9a-f]` is 16 literals), then with
/// ever smaller ones, because a class that does not fit makes the extractor stop in front of it; the rarest set wins.
/// Limits that no class lies between give the same, and are tried once.
fn prefixes(hir: &Hir, worth: Worth) -> Option<Vec<String>> {
    let mut sizes = Vec::new();
    class_sizes(hir, &mut sizes);
    let (mut best, mut tried) = (None, usize::MAX);
    for class in [64, 26, 10, 4, 2, 1] {
        let fitting = sizes.iter().filter(|size| **size <= class).count();
        if std::mem::replace(&mut tried, fitting) == fitting {
            continue;
        }
        let mut extractor = Extractor::new();
        extractor.limit_class(class).limit_repeat(LONGEST).limit_literal_len(LONGEST).limit_total(MOST);
        let seq = extractor.extract(hir);
        best = rarer(best, seq.literals().and_then(tidy), worth);
    }
    best
}

/// How many bytes each class in `hir` has.
fn class_sizes(hir: &Hir, sizes: &mut Vec<usize>) {
    match hir.kind() {
        HirKind::Class(Class::Bytes(bytes)) => sizes.push(bytes.iter().map(ClassBytesRange::len).sum()),
        HirKind::Class(Class::Unicode(chars)) => sizes.push(chars.iter().map(ClassUnicodeRange::len).sum()),
        HirKind::Capture(capture) => class_sizes(&capture.sub, sizes),
        HirKind::Repetition(repetition) => class_sizes(&repetition.sub, sizes),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => parts.iter().for_each(|part| class_sizes(part, sizes)),
        HirKind::Empty | HirKind::Literal(_) | HirKind::Look(_) => {}
    }
}

/// Sorted and in the form that [`anchors`] promises, or nothing if one of them is too short to be of use.
fn tidy(literals: &[Literal]) -> Option<Vec<String>> {
    let mut out = Vec::with_capacity(literals.len());
    for literal in literals {
        let bytes = literal.as_bytes();
        let bytes = &bytes[..bytes.len().min(LONGEST)];
        // Cut in front of the first byte that is not text; what is left still begins the match.
        let text = bytes.utf8_chunks().next().map_or("", |chunk| chunk.valid());
        if text.len() < SHORTEST {
            return None;
        }
        out.push(text.to_owned());
    }
    out.sort_unstable();
    // What begins with its sorted predecessor is covered by it.
    out.dedup_by(|later, kept| later.starts_with(kept.as_str()));
    (!out.is_empty() && out.len() <= MOST).then_some(out)
}

/// Cut to fewer literals, if that makes half of them one: `South Africa ID` in all its spellings. A place too many is told by
/// the bytes behind, and each literal costs something at start.
fn shorten(literals: Vec<String>) -> Vec<String> {
    let cut = |most: usize| {
        let mut cut: Vec<String> = literals.iter().map(|literal| literal.chars().take(most).collect()).collect();
        cut.dedup_by(|later, kept| later.starts_with(kept.as_str()));
        cut
    };
    [10, 13].into_iter().map(cut).find(|cut| 2 * cut.len() <= literals.len()).unwrap_or(literals)
}

/// What makes one set of literals better than another.
#[derive(Clone, Copy)]
enum Worth {
    /// Short literals in front of long runs: a byte is worth three bits (log text repeats itself) up to the eighth.
    Tokens,
    /// Words in front of a sentence: up to sixteen bytes, so that the blank behind the word is spelled out.
    Words,
}

/// The set that is worth more; twice as many literals cost one bit: a class of two letters is worth spelling out, ten
/// digits are not.
fn rarer(a: Option<Vec<String>>, b: Option<Vec<String>>, worth: Worth) -> Option<Vec<String>> {
    let worth = |set: &Vec<String>| {
        let shortest = set.iter().map(String::len).min().unwrap_or(0);
        let cost = set.len().next_power_of_two().trailing_zeros() as usize;
        let bits = match worth {
            Worth::Tokens => 3 * shortest.min(8),
            Worth::Words => 4 * shortest.min(16),
        };
        // Ties go to fewer literals, then to longer ones.
        (bits + MOST - cost, MOST.saturating_sub(set.len()), shortest)
    };
    match (a, b) {
        (Some(a), Some(b)) => Some(if worth(&b) > worth(&a) { b } else { a }),
        (a, b) => a.or(b),
    }
}

/// The best set of literals one of which stands in each match of `hir`.
fn inner(hir: &Hir) -> Option<Vec<String>> {
    let best = prefixes(hir, Worth::Tokens);
    match hir.kind() {
        HirKind::Capture(capture) => rarer(best, inner(&capture.sub), Worth::Tokens),
        HirKind::Repetition(repetition) if repetition.min > 0 => rarer(best, inner(&repetition.sub), Worth::Tokens),
        HirKind::Empty | HirKind::Look(_) | HirKind::Class(_) | HirKind::Literal(_) | HirKind::Repetition(_) => best,
        HirKind::Alternation(branches) => {
            let mut all: Vec<String> = Vec::new();
            for branch in branches {
                match inner(branch) {
                    Some(literals) if all.len() + literals.len() <= MOST => all.extend(literals),
                    _ => return best,
                }
            }
            all.sort_unstable();
            all.dedup();
            rarer(best, Some(all), Worth::Tokens)
        }
        HirKind::Concat(parts) => {
            let mut best = best;
            for (i, part) in parts.iter().enumerate().take(PARTS) {
                best = rarer(best, prefixes(&Hir::concat(parts[i..].to_vec()), Worth::Tokens), Worth::Tokens);
                best = rarer(best, inner(part), Worth::Tokens);
            }
            best
        }
    }
}

#[cfg(test)]
mod tests;
