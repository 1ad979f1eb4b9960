//! Patterns that the scan cannot find by how they begin: they start anywhere, or with too little.
//!
//! Most hold a literal somewhere (`.atlasv1.`): one multi-literal search of the chunk finds the places, and the pattern
//! runs on a window round each. The rest costs a search of every chunk with all of them in one automaton, which
//! `logmask policy check` tells the author.

use super::pattern::{MAX_LENGTH, compile_bare};
use super::scan::{Candidate, Kind};
use super::windows::{self, Windows};
use crate::policy::texts::Texts;
use aho_corasick::packed::{self, Searcher};
use aho_corasick::{AhoCorasick, MatchKind};
use regex_automata::meta::Regex;
use std::sync::OnceLock;

/// All patterns of a policy without a place in the scan.
#[derive(Default)]
pub struct Loose {
    /// As many as one vector takes, or those too short for [`Loose::many`].
    keywords: Option<Keywords>,
    many: Option<Windows>,
    bare: Option<Regex>,
    bare_owners: Vec<u16>,
}

/// How far the keywords of a pattern stand from the ends of its match at most. Nobody knows it of those that repeat without
/// an end: the record is searched once for them.
pub struct Reach {
    /// Its keywords stand in the match; else they stand anywhere in the record.
    inside: bool,
    /// Worked out when first needed.
    length: OnceLock<Option<usize>>,
}

impl Reach {
    /// Of a pattern whose keywords stand in the match, or anywhere in the record.
    pub fn new(inside: bool) -> Reach {
        Reach { inside, length: OnceLock::new() }
    }

    /// The longest match of `pattern`, in bytes; none if it may be longer than [`MAX_LENGTH`].
    pub fn length(&self, pattern: &str) -> Option<usize> {
        let parse = || regex_syntax::ParserBuilder::new().unicode(false).utf8(false).build().parse(pattern).ok();
        let longest = || parse()?.properties().maximum_len().filter(|longest| *longest <= MAX_LENGTH);
        if self.inside { *self.length.get_or_init(longest) } else { None }
    }
}

/// A search for keywords, and by keyword the patterns it belongs to.
pub struct Keywords {
    search: Search,
    owners: Vec<Vec<u16>>,
    /// Length of the longest, in bytes.
    pub longest: usize,
}

/// As many literals as a vectorised search takes.
const FEW: usize = 60;

/// A search for literals.
enum Search {
    /// Vectorised, for up to some [`FEW`] of them.
    Few(Box<Searcher>),
    /// Any number.
    Many(Box<AhoCorasick>),
}

/// Keywords and the patterns they belong to, before they are compiled.
#[derive(Default)]
pub struct Owned<'p>(Vec<(&'p str, u16)>);

impl<'p> Owned<'p> {
    /// Adds a keyword of the pattern with this index.
    pub fn add(&mut self, keyword: &'p str, pattern: u16) {
        self.0.push((keyword, pattern));
    }

    /// Compiles the search, if there is anything to search for.
    pub fn build(self) -> Result<Option<Keywords>, String> {
        Keywords::new(self.united())
    }

    /// Each keyword once, with its patterns. One that begins with another one is found with it.
    fn united(mut self) -> Vec<(&'p str, Vec<u16>)> {
        self.0.sort_unstable();
        let mut united: Vec<(&str, Vec<u16>)> = Vec::new();
        for (literal, owner) in self.0 {
            match united.last_mut() {
                Some((last, owners)) if literal.starts_with(*last) => owners.push(owner),
                _ => united.push((literal, vec![owner])),
            }
        }
        for (_, owners) in &mut united {
            owners.sort_unstable();
            owners.dedup();
        }
        united
    }
}

/// Gathers the patterns.
#[derive(Default)]
pub struct Builder<'p> {
    keywords: Owned<'p>,
    bare: Vec<(&'p str, u16)>,
}

impl<'p> Builder<'p> {
    /// Adds the pattern with this index.
    pub fn add(&mut self, index: u16, pattern: &'p str, keywords: &'p Texts) {
        if keywords.is_empty() {
            self.bare.push((pattern, index));
        }
        for keyword in keywords.iter() {
            self.keywords.add(keyword, index);
        }
    }

    /// Compiles the searches.
    pub fn build(self) -> Result<Loose, String> {
        let sources: Vec<&str> = self.bare.iter().map(|(source, _)| *source).collect();
        let bare =
            if sources.is_empty() { None } else { Some(compile_bare(&sources).map_err(|error| error.to_string())?) };
        let bare_owners = self.bare.iter().map(|(_, index)| *index).collect();
        let (mut keywords, mut many) = (self.keywords.united(), Vec::new());
        if keywords.len() > FEW {
            // A few short ones would make the looks for all others nearer.
            let short = keywords.iter().filter(|(literal, _)| literal.len() < windows::LONG).count();
            let least = if short > FEW { windows::LEAST } else { windows::LONG };
            (many, keywords) = keywords.into_iter().partition(|(literal, _)| literal.len() >= least);
        }
        Ok(Loose { keywords: Keywords::new(keywords)?, many: Windows::new(many), bare, bare_owners })
    }
}

impl Keywords {
    fn new(keywords: Vec<(&str, Vec<u16>)>) -> Result<Option<Keywords>, String> {
        let (literals, owners): (Vec<&str>, Vec<Vec<u16>>) = keywords.into_iter().unzip();
        let Some(longest) = literals.iter().map(|literal| literal.len()).max() else { return Ok(None) };
        Ok(Some(Keywords { search: Search::new(&literals)?, owners, longest }))
    }

    /// The first keyword at or after `at`: where it stands, and the patterns it belongs to.
    pub fn find(&self, text: &[u8], at: usize) -> Option<(usize, &[u16])> {
        let (hit, keyword) = self.search.find(text, at)?;
        Some((hit, &self.owners[keyword]))
    }
}

impl Search {
    fn new(literals: &[&str]) -> Result<Search, String> {
        let few = packed::Config::new().match_kind(packed::MatchKind::LeftmostFirst).builder().extend(literals).build();
        if let Some(searcher) = few {
            Ok(Search::Few(Box::new(searcher)))
        } else {
            let many = AhoCorasick::builder().match_kind(MatchKind::LeftmostFirst).build(literals);
            many.map(|many| Search::Many(Box::new(many))).map_err(|error| error.to_string())
        }
    }

    /// The first literal at or after `at`: where it stands and which it is.
    fn find(&self, text: &[u8], at: usize) -> Option<(usize, usize)> {
        let span = aho_corasick::Span { start: at, end: text.len() };
        let hit = match self {
            Search::Few(searcher) => searcher.find_in(text, span)?,
            Search::Many(many) => many.find(aho_corasick::Input::new(text).span(span))?,
        };
        Some((hit.start(), hit.pattern().as_usize()))
    }
}

impl Loose {
    /// The patterns in it.
    pub fn patterns(&self) -> impl Iterator<Item = u16> {
        let by_keyword = self.keywords.iter().flat_map(|keywords| keywords.owners.iter().flatten().copied());
        let by_window = self.many.iter().flat_map(Windows::owners);
        by_keyword.chain(by_window).chain(self.bare_owners.iter().copied())
    }

    /// Appends a candidate wherever one of the patterns may match.
    pub fn scan(&self, chunk: &[u8], found: &mut Vec<Candidate>) {
        let mut add = |hit: usize, owners: &[u16]| {
            found.extend(owners.iter().map(|owner| Candidate { at: hit as u32, kind: Kind::Loose(*owner) }));
        };
        if let Some(keywords) = &self.keywords {
            let mut at = 0;
            while let Some((hit, owners)) = keywords.find(chunk, at) {
                add(hit, owners);
                at = hit + 1;
            }
        }
        if let Some(many) = &self.many {
            many.each(chunk, &mut add);
        }
        // One look at the whole chunk first: most chunks hold nothing.
        if let Some(bare) = self.bare.as_ref().filter(|bare| bare.is_match(chunk)) {
            let mut start = 0;
            while start < chunk.len() {
                let end = memchr::memchr(b'\n', &chunk[start..]).map_or(chunk.len(), |i| start + i + 1);
                if bare.is_match(&chunk[start..end]) {
                    found.extend(
                        self.bare_owners.iter().map(|owner| Candidate { at: start as u32, kind: Kind::Loose(*owner) }),
                    );
                }
                start = end;
            }
        }
    }
}
