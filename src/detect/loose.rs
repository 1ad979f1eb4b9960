//! Patterns that the scan cannot find by how they begin: they start anywhere, or with too little.
//!
//! Most hold a literal somewhere (`.atlasv1.`): one multi-literal search of the chunk finds the places, and the pattern
//! runs on a window round each. The rest costs a search of every chunk with all of them in one automaton, which
//! `logmask policy check` tells the author.

use super::pattern::{MAX_LENGTH, compile_all};
use super::scan::{Candidate, Kind};
use crate::span::Span;
use aho_corasick::packed::{self, Searcher};
use aho_corasick::{AhoCorasick, MatchKind};
use regex_automata::meta::Regex;
use std::sync::OnceLock;

/// All patterns of a policy without a usable beginning.
#[derive(Default)]
pub struct Loose {
    reach: Vec<Reach>,
    keywords: Option<Keywords>,
    /// By keyword: the patterns it belongs to.
    owners: Vec<Vec<u16>>,
    bare: Option<Regex>,
    bare_owners: Vec<u16>,
}

/// How far the keywords of a pattern stand from its match at most.
struct Reach {
    /// Index of the pattern.
    index: usize,
    /// The pattern, if its keywords stand in the match; else they stand anywhere in the record.
    inside: Option<String>,
    /// Worked out when first needed.
    length: OnceLock<usize>,
}

impl Reach {
    fn length(&self) -> Option<usize> {
        let pattern = self.inside.as_ref()?;
        let parse = || regex_syntax::ParserBuilder::new().unicode(false).utf8(false).build().parse(pattern).ok();
        let longest = || parse().and_then(|hir| hir.properties().maximum_len()).unwrap_or(MAX_LENGTH).min(MAX_LENGTH);
        Some(*self.length.get_or_init(longest))
    }
}

/// A search for all keywords.
enum Keywords {
    /// Vectorised, for up to some 60 of them.
    Few(Box<Searcher>),
    /// Any number.
    Many(Box<AhoCorasick>),
}

/// Gathers them.
#[derive(Default)]
pub struct Builder<'p> {
    keywords: Vec<(&'p str, u16)>,
    bare: Vec<(&'p str, u16)>,
    reach: Vec<Reach>,
}

impl<'p> Builder<'p> {
    /// Adds the pattern with this index. `inside`: its keywords stand in the match.
    pub fn add(&mut self, index: usize, pattern: &'p str, keywords: &'p [String], inside: bool) {
        let inside = (inside && !keywords.is_empty()).then(|| pattern.to_string());
        self.reach.push(Reach { index, inside, length: OnceLock::new() });
        if keywords.is_empty() {
            self.bare.push((pattern, index as u16));
        }
        self.keywords.extend(keywords.iter().map(|k| (k.as_str(), index as u16)));
    }

    /// Compiles the searches.
    pub fn build(self) -> Result<Loose, String> {
        // A keyword that begins with another one is found with it.
        let mut sorted = self.keywords;
        sorted.sort_unstable();
        let mut literals: Vec<&str> = Vec::new();
        let mut owners: Vec<Vec<u16>> = Vec::new();
        for (literal, owner) in sorted {
            match (literals.last(), owners.last_mut()) {
                (Some(last), Some(list)) if literal.starts_with(last) => list.push(owner),
                _ => {
                    literals.push(literal);
                    owners.push(vec![owner]);
                }
            }
        }
        owners.iter_mut().for_each(std::vec::Vec::dedup);
        let keywords = if literals.is_empty() { None } else { Some(Keywords::new(&literals)?) };
        let sources: Vec<&str> = self.bare.iter().map(|(source, _)| *source).collect();
        let bare =
            if sources.is_empty() { None } else { Some(compile_all(&sources).map_err(|error| error.to_string())?) };
        let bare_owners = self.bare.iter().map(|(_, index)| *index).collect();
        Ok(Loose { reach: self.reach, keywords, owners, bare, bare_owners })
    }
}

impl Keywords {
    fn new(literals: &[&str]) -> Result<Keywords, String> {
        let few = packed::Config::new().match_kind(packed::MatchKind::LeftmostFirst).builder().extend(literals).build();
        if let Some(searcher) = few {
            Ok(Keywords::Few(Box::new(searcher)))
        } else {
            let many = AhoCorasick::builder().match_kind(MatchKind::LeftmostFirst).build(literals);
            many.map(|many| Keywords::Many(Box::new(many))).map_err(|error| error.to_string())
        }
    }

    /// The first keyword at or after `at`: where it stands and which it is.
    fn find(&self, text: &[u8], at: usize) -> Option<(usize, usize)> {
        let span = aho_corasick::Span { start: at, end: text.len() };
        let hit = match self {
            Keywords::Few(searcher) => searcher.find_in(text, span)?,
            Keywords::Many(many) => many.find(aho_corasick::Input::new(text).span(span))?,
        };
        Some((hit.start(), hit.pattern().as_usize()))
    }
}

impl Loose {
    /// Appends a candidate wherever one of the patterns may match.
    pub fn scan(&self, chunk: &[u8], found: &mut Vec<Candidate>) {
        if let Some(keywords) = &self.keywords {
            let mut at = 0;
            while let Some((hit, keyword)) = keywords.find(chunk, at) {
                found.extend(
                    self.owners[keyword].iter().map(|owner| Candidate { at: hit as u32, kind: Kind::Loose(*owner) }),
                );
                at = hit + 1;
            }
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

    /// Where the pattern with this index is searched for, given a candidate at `at`.
    pub fn window(&self, index: usize, text: &[u8], at: usize) -> Span {
        let reach = self.reach.iter().find(|reach| reach.index == index).and_then(Reach::length);
        match reach {
            Some(reach) => Span::new(at.saturating_sub(reach), text.len().min(at + reach + 16)),
            None => Span::new(0, text.len()),
        }
    }
}
