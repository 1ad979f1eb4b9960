//! All rules by regular expression: where the scan has to stop for each of them, and which are tried there.

use super::anchor;
use super::anchors::{self, Anchors, BY_HAND, Table};
use super::argument::{to_end_of_argument, with_flag};
use super::border::{ends_quote, opened_before};
use super::built_in;
use super::by_hand;
use super::claim::{Claim, Sink};
use super::filters::Filters;
use super::heads::Heads;
use super::hook::{self, Approach, Hook, Way};
use super::listed::is_in_marker;
use super::loose::{self, Keywords, Loose, Reach};
use super::markup::{ends_element, is_mark_of_xml};
use super::pattern::{self, Pattern};
use super::scan::Candidate;
use super::starts::Starts;
use super::trace::Place;
use crate::format::json;
use crate::format::printable;
use crate::format::quote::is_quote;
use crate::format::quote::quote_of_shell;
use crate::policy::rule::Tabled;
use crate::policy::{Find, Policy, Rule};
use crate::slashes;
use crate::span::{RuleIx, Span};
use memchr::memmem;
use std::cell::LazyCell;
use std::sync::OnceLock;

/// The patterns of a policy.
pub struct Patterns {
    list: Vec<One>,
    /// By the numbers that literals have for patterns, those of the table in the binary first: their places in `list`.
    by_number: Vec<u16>,
    /// Patterns known by their first byte and the length of their run.
    starts: Vec<Start>,
    /// The keywords of all these together, and how far from its beginning a match may have one at most.
    start_words: Option<Keywords>,
    start_reach: OnceLock<usize>,
    /// Literals that stand somewhere in a long run.
    runs: Option<Keywords>,
    /// Those that need a search of their own.
    loose: Loose,
}

struct One {
    rule: RuleIx,
    pattern: Pattern,
    /// How far a literal inside stands from the ends of its match.
    reach: Reach,
}

/// A pattern whose match begins with a long run.
struct Start {
    /// One of these stands in the match, if there are any.
    keywords: Vec<memmem::Finder<'static>>,
    pattern: u16,
}

/// Stands in for a pattern that the policy does not have.
const NONE: u16 = u16::MAX;
/// How far beyond a literal is searched at once where many stand together, in bytes.
const FAR: usize = pattern::MAX_LENGTH / 4;

impl Patterns {
    /// Those of `policy`; what they begin with is added to `filters`.
    pub fn new(policy: &Policy, filters: &mut Filters) -> Result<Patterns, String> {
        let mut new = Patterns {
            list: Vec::with_capacity(policy.rules.len()),
            by_number: Vec::new(),
            starts: Vec::new(),
            start_words: None,
            start_reach: OnceLock::new(),
            runs: None,
            loose: Loose::default(),
        };
        // The table of the binary is for policies with most of the rules in it: what it has of others costs a look.
        let with_table = 2 * policy.rules.iter().filter(|rule| tabled(rule).is_some()).count() > built_in::PATTERNS;
        let table = if with_table {
            new.by_number.resize(built_in::PATTERNS, NONE);
            (filters.words, filters.tokens) = (Heads::of(&built_in::WORDS), Heads::of(&built_in::TOKENS));
            built_in::TABLE
        } else {
            Table::NONE
        };
        let mut anchors = anchors::Builder::default();
        let (mut runs, mut start_words) = (loose::Owned::default(), loose::Owned::default());
        let mut loose = loose::Builder::default();
        for (at, rule) in policy.rules.iter().enumerate() {
            let Find::Pattern { pattern, keywords, keywords_inside, anchors: begins, begin, firsts, leads, tabled } =
                &rule.find
            else {
                continue;
            };
            let ix = new.list.len() as u16;
            let inside = if let Some(Tabled { number, inside }) = tabled.filter(|_| with_table) {
                new.by_number[usize::from(number)] = ix;
                inside
            } else {
                let Approach { way, inside } =
                    hook::approach(*begin, begins.iter(), &keywords.iter(), *keywords_inside, !firsts.is_empty());
                match way {
                    Way::Literals { hooks, tokens } => {
                        let number = new.by_number.len() as u16;
                        new.by_number.push(ix);
                        for hook in hooks {
                            let heads = if tokens { &mut filters.tokens } else { &mut filters.words };
                            heads.insert(&hook.literal[hook.place..]);
                            anchors.add(&hook, number);
                        }
                    }
                    Way::Runs => {
                        filters.runs = true;
                        keywords.iter().for_each(|keyword| runs.add(keyword, ix));
                    }
                    Way::Starts => {
                        filters.starts.add(firsts, leads);
                        keywords.iter().for_each(|keyword| start_words.add(keyword, ix));
                        let keywords =
                            keywords.iter().map(|keyword| memmem::Finder::new(keyword).into_owned()).collect();
                        new.starts.push(Start { keywords, pattern: ix });
                    }
                    Way::Search => loose.add(ix, pattern, keywords),
                }
                inside
            };
            let pattern = Pattern::new(pattern.clone(), leads.clone(), rule.origin.is_some());
            new.list.push(One { rule: RuleIx(at as u16), pattern, reach: Reach::new(inside) });
        }
        if !with_table {
            for literal in by_hand::all(&printable::SIGNS) {
                filters.words.insert(literal);
                anchors.add(&Hook { literal, place: 0, inside: false }, BY_HAND);
            }
        }
        filters.anchors = Anchors::new(table, anchors);
        (new.start_words, new.runs, new.loose) = (start_words.build()?, runs.build()?, loose.build()?);
        Ok(new)
    }

    /// Ids of the rules, by their index in the policy, that cost a search of the whole text of their own.
    pub fn searched(&self) -> impl Iterator<Item = RuleIx> {
        self.loose.patterns().map(|ix| self.list[ix as usize].rule)
    }

    /// Appends a candidate wherever a pattern may match that has no place in the scan.
    pub fn scan(&self, chunk: &[u8], found: &mut Vec<Candidate>) {
        self.loose.scan(chunk, found);
    }

    /// Tries the patterns whose literals stand at `at`. Gives how many bytes from there on were looked at to know that none
    /// matches; [`usize::MAX`] if one does, or other bytes count too.
    #[inline]
    pub fn at_literal(&self, anchors: &Anchors, text: &[u8], at: usize, sink: &mut Sink<'_>) -> usize {
        // A literal that the scan knows by its tilde begins two bytes before it.
        let at = if text[at] == b'~' { at.saturating_sub(2) } else { at };
        let mut looked = 0;
        // Several literals of a pattern may stand here: `token` and `token=`.
        let (mut tried, mut count) = ([NONE; 32], 0);
        anchors.each_at(text, at, |owners| {
            for owner in owners {
                let ix = self.by_number.get(usize::from(owner.pattern)).copied().unwrap_or(NONE);
                if ix == NONE || tried[..count].contains(&ix) {
                    continue;
                }
                if let Some(slot) = tried.get_mut(count) {
                    *slot = ix;
                    count += 1;
                }
                if owner.inside {
                    self.around(ix, text, at, sink);
                    looked = usize::MAX;
                } else {
                    looked = looked.max(self.match_at(ix, text, at, sink));
                }
            }
        });
        looked
    }

    /// Tries the patterns that are known by their first byte and a long run; `starts` are their beginnings.
    pub fn at_start(&self, starts: &Starts, text: &[u8], at: usize, sink: &mut Sink<'_>) {
        // Most runs have none of the keywords near.
        let near = LazyCell::new(|| {
            let reach = |start: &Start| self.list[start.pattern as usize].length().unwrap_or(pattern::MAX_LENGTH);
            let worded = || self.starts.iter().filter(|start| !start.keywords.is_empty());
            let farthest = *self.start_reach.get_or_init(|| worded().map(reach).max().unwrap_or(0));
            let end = text.len().min(at.saturating_add(farthest));
            self.start_words.as_ref().is_some_and(|words| words.find(&text[..end], at).is_some())
        });
        for start in starts.by(text[at]).iter().map(|ix| &self.starts[usize::from(*ix)]) {
            if !start.keywords.is_empty() && !*near {
                continue;
            }
            let reach = || self.list[start.pattern as usize].length().unwrap_or(pattern::MAX_LENGTH);
            let holds =
                |word: &memmem::Finder| word.find(&text[at..text.len().min(at.saturating_add(reach()))]).is_some();
            if start.keywords.is_empty() || start.keywords.iter().any(holds) {
                self.match_at(start.pattern, text, at, sink);
            }
        }
    }

    /// Tries the patterns whose literals stand in the long run at `at`.
    pub fn in_run(&self, text: &[u8], at: usize, sink: &mut Sink<'_>) {
        let Some(keywords) = &self.runs else { return };
        // The scan stops at least once in each 48 bytes of a run.
        let floor = at.saturating_sub(64).max(sink.run_seen);
        let ahead = text.len().min(at + 128);
        // Most runs hold none, and where they begin and end does not matter then.
        let first = keywords.find(&text[..ahead], floor.min(ahead));
        if first.is_none() {
            sink.run_seen = sink.run_seen.max((ahead + 1).saturating_sub(keywords.longest));
            return;
        }
        let from =
            at.max(floor) - text[floor.min(at)..at].iter().rev().take_while(|b| anchor::is_run_byte(**b)).count();
        let to = at + text[at..ahead].iter().take_while(|b| anchor::is_run_byte(**b)).count();
        let mut from = from.max(floor);
        // What was searched may reach beyond the end of this run.
        while from < to
            && let Some((hit, owners)) = keywords.find(&text[..to], from)
        {
            for ix in owners {
                self.around(*ix, text, hit, sink);
            }
            from = hit + 1;
        }
        // A literal may begin in what was seen and end behind it.
        sink.run_seen = sink.run_seen.max((to + 1).saturating_sub(keywords.longest));
    }

    /// Tries one pattern; gives how many bytes were looked at to know that it does not match, or [`usize::MAX`].
    fn match_at(&self, ix: u16, text: &[u8], at: usize, sink: &mut Sink<'_>) -> usize {
        let One { rule, pattern, .. } = &self.list[ix as usize];
        sink.work += 64 + pattern.steps(text, Span::new(at, text.len()), true, &mut sink.owed);
        if sink.is_spent() {
            return usize::MAX;
        }
        let place = Place { text: (text, sink.known.text()), at };
        let attempt = pattern.match_at(place, sink.known.cache(ix));
        let Some((span, _)) = attempt.found else {
            sink.work += attempt.stepped;
            return attempt.looked;
        };
        let is_marker = |text: &[u8]| sink.is_marker(text);
        // A marker names what stood there; it does not introduce what stands behind it: `REDACTED-token 7f3a9c0d…`.
        if span.start > at && text[..at].ends_with(b"-") && is_in_marker(text, Span::new(at, at + 1), &is_marker) {
            return usize::MAX;
        }
        let span = without_marks(text, without_quotes(text, to_end_of_argument(text, at, span)));
        // `Mrs REDACTED-person-name`: capitals of a marker are no name.
        let marked = text[span.range()].starts_with(b"REDACTED") && is_in_marker(text, span, &is_marker);
        if marked || runs_over_mark(&text[span.range()]) {
            return usize::MAX;
        }
        let field = if span.start > at { with_flag(text, span) } else { span };
        sink.claim(Claim { rule: *rule, span, quote: json::bare_quote(text, span), field });
        usize::MAX
    }

    /// Tries a pattern round one of its literals.
    pub fn around(&self, ix: u16, text: &[u8], at: usize, sink: &mut Sink<'_>) {
        let one = &self.list[ix as usize];
        let seen = sink.seen.entry(ix).or_insert(0);
        let reach = one.length();
        // The window before reached far enough beyond this place.
        if *seen > at && (*seen == text.len() || at + reach.unwrap_or(FAR).min(FAR) < *seen) {
            return;
        }
        let window = match reach {
            // Where the literals stand close together, one window is for many of them.
            Some(reach) => {
                let more = if *seen > at { FAR } else { 16 };
                Span::new(at.saturating_sub(reach), text.len().min(at + reach + more))
            }
            None => Span::new(0, text.len()),
        };
        *seen = window.end;
        sink.work += window.len();
        let mut from = window.start;
        while let Some((span, end)) = one.pattern.find_in(text, Span::new(from, window.end)) {
            let span = without_marks(text, without_quotes(text, span));
            if !runs_over_mark(&text[span.range()]) {
                sink.claim(Claim { rule: one.rule, span, quote: json::bare_quote(text, span), field: span });
            }
            from = end.max(from + 1);
            if from >= window.end {
                break;
            }
            sink.work += one.pattern.steps(text, Span::new(from, window.end), false, &mut sink.owed);
            if sink.is_spent() {
                break;
            }
        }
    }
}

/// What the table of the binary has of a rule.
fn tabled(rule: &Rule) -> Option<Tabled> {
    match rule.find {
        Find::Pattern { tabled, .. } => tabled,
        _ => None,
    }
}

/// `span` up to the end tag in it, `</note>`, and without the quotes of a shell in a shell, `'\''secret'\''`.
fn without_marks(text: &[u8], span: Span) -> Span {
    let shell = span.start.checked_sub(1).and_then(|open| Some(open + quote_of_shell(&text[open..])?));
    if let Some(start) = shell
        && let Some(length) = memchr::memchr(b'\'', &text[start..]).filter(|length| *length > 0)
    {
        return Span::new(start, start + length);
    }
    let tag =
        memchr::memchr_iter(b'<', &text[span.range()]).map(|at| span.start + at).find(|at| ends_element(text, *at));
    tag.filter(|tag| *tag > span.start).map_or(span, |tag| Span::new(span.start, tag))
}

/// Does `value` go on behind a quote or a bracket as XML spells it? Where that is decoded it ends there.
fn runs_over_mark(value: &[u8]) -> bool {
    memchr::memchr_iter(b'&', value).any(|at| at > 0 && is_mark_of_xml(value, at))
}

/// What stands between the quotes of `span`, if it is one string with them (`'a b'`, `\"a b\"`): so one group takes an
/// argument in any spelling. Backslashes in front of a quote behind it belong to that, and an apostrophe that ends it closes
/// the string that it stands in.
fn without_quotes(text: &[u8], mut span: Span) -> Span {
    if text.get(span.end).is_some_and(|b| is_quote(*b)) {
        let slashes = slashes::trailing(&text[span.range()]);
        span.end -= slashes.min(span.len().saturating_sub(1));
    }
    let apostrophe = memchr::memchr(b'\'', &text[span.range()]).map(|i| span.start + i);
    if let Some(close) = apostrophe.filter(|close| *close > span.start)
        && ends_quote(text, close)
        && text[close + 1..span.end].iter().all(|b| b",;)]}".contains(b))
        && opened_before(text, span.start, b'\'')
    {
        span.end = close;
    }
    if let Some(mark) = memchr::memchr(b'&', &text[span.range()]).map(|i| span.start + i)
        && mark > span.start
        && closes_mark(text, span.start, mark)
    {
        span.end = mark;
    }
    let bytes = &text[span.range()];
    let slashes = slashes::leading(bytes);
    let width = slashes + 1;
    let inside = bytes.len() > 2 * width
        && is_quote(bytes[slashes])
        && bytes.last() == Some(&bytes[slashes])
        && bytes[bytes.len() - width..bytes.len() - 1].iter().all(|b| *b == b'\\');
    if inside { Span::new(span.start + width, span.end - width) } else { span }
}

/// Does a quote stand at `at` as XML spells it, and the same one near in front of what begins at `start`?
fn closes_mark(text: &[u8], start: usize, at: usize) -> bool {
    const MARKS: [&[u8]; 4] = [b"&quot;", b"&apos;", b"&#34;", b"&#39;"];
    let near = &text[start.saturating_sub(256)..start];
    MARKS.iter().any(|mark| text[at..].starts_with(mark) && memmem::find(near, mark).is_some())
}

impl One {
    fn length(&self) -> Option<usize> {
        self.reach.length(self.pattern.source())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::{Docs, load};

    #[test]
    fn no_built_in_rule_costs_a_search_of_its_own() {
        for profile in crate::policy::builtin::profiles() {
            let policy = load(profile, &[], false, Docs::Without).expect("a built-in profile");
            let patterns = Patterns::new(&policy, &mut Filters::default()).expect("built-in patterns");
            let ids: Vec<&str> = patterns.searched().map(|rule| &*policy.rules[rule.0 as usize].id).collect();
            assert!(
                ids.is_empty(),
                "give these rules of {profile} a literal that the scan can see (`hook::place`), or a beginning: {ids:?}"
            );
        }
    }
}
