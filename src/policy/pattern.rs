//! What a pattern must be to run on untrusted lines: small, never empty, with at most one group that is replaced.

use super::error::Fault;
use regex_automata::nfa::thompson::{self, NFA};
use regex_automata::util::syntax;
use regex_syntax::hir::{Hir, HirKind};

/// The group that is replaced; without it the whole match is.
pub const GROUP: &str = "secret";

/// Largest automaton of one pattern, in bytes. Compilation takes time with it, and so does each byte in the worst case.
pub const SIZE_LIMIT: usize = 1 << 20;

/// How patterns are read everywhere: over bytes, Unicode off, so that `\w` is ASCII and invalid UTF-8 is matched like any
/// other byte.
///
/// ```
/// use regex_automata::meta::Regex;
/// let regex = Regex::builder().syntax(logmask::policy::pattern::syntax()).build(r"\w+").unwrap();
/// assert_eq!(regex.find("é=pin").unwrap().range(), 3..6);
/// ```
pub fn syntax() -> syntax::Config {
    syntax::Config::new().unicode(false).utf8(false).nest_limit(100)
}

/// A pattern for something other than lines, read as those of rules are.
pub(crate) fn plain(pattern: &str) -> Result<regex::bytes::Regex, regex::Error> {
    regex::bytes::RegexBuilder::new(pattern).unicode(false).build()
}

/// What is wrong with `pattern`, if anything. Quotes no part of it.
pub(super) fn check(pattern: &str) -> Result<(), Fault> {
    let hir = syntax::parse_with(pattern, &syntax()).map_err(|error| {
        // The kinds are fixed texts.
        let kind = match &error {
            regex_syntax::Error::Parse(error) => error.kind().to_string(),
            regex_syntax::Error::Translate(error) => error.kind().to_string(),
            _ => "syntax error".to_owned(),
        };
        let hint = if kind.contains("Unicode") { "patterns work on bytes, Unicode is off" } else { "" };
        Fault::new(format!("pattern does not compile: {kind}"), hint)
    })?;
    match hir.properties().minimum_len() {
        None => return Err(Fault::new("pattern can never match", "")),
        Some(0) => return Err(Fault::new("pattern matches the empty string", "it would be found at every byte")),
        Some(_) => {}
    }
    groups(&hir)?;
    nfa(&hir).map(drop).ok_or_else(|| {
        Fault::new(format!("pattern is over its size limit of {} KiB", SIZE_LIMIT >> 10), "use smaller repetitions")
    })
}

/// The automaton of a pattern that was read by [`syntax`]; none if it is over its size limit.
pub(crate) fn nfa(hir: &Hir) -> Option<NFA> {
    let config = thompson::Config::new().utf8(false).nfa_size_limit(Some(SIZE_LIMIT));
    thompson::Compiler::new().configure(config).build_from_hir(hir).ok()
}

/// The only named group is `secret`, and it holds at least a byte. (That it stands once is for the syntax to see.)
fn groups(hir: &Hir) -> Result<(), Fault> {
    match hir.kind() {
        HirKind::Capture(capture) => {
            match capture.name.as_deref() {
                Some(GROUP) if capture.sub.properties().minimum_len() == Some(0) => {
                    return Err(Fault::new("group \"secret\" matches the empty string", "use + instead of *"));
                }
                Some(GROUP) | None => {}
                Some(_) => {
                    return Err(Fault::new(
                        "pattern has a named group other than \"secret\"",
                        "unnamed groups are free: (?:...)",
                    ));
                }
            }
            groups(&capture.sub)
        }
        HirKind::Repetition(repetition) => groups(&repetition.sub),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => parts.iter().try_for_each(groups),
        HirKind::Empty | HirKind::Literal(_) | HirKind::Class(_) | HirKind::Look(_) => Ok(()),
    }
}
