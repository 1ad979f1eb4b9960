//! `logmask policy diff OLD NEW --on LOG`: what would become visible, and what hidden, by counts and places.

use super::args::DiffArgs;
use super::load;
use crate::cli::args::PolicyArgs;
use crate::cli::source::{Binary, Source};
use crate::cli::{Failure, Status, message, output, source};
use crate::masker::{Check, Findings, Found, Masker, Settings, Verdict};
use crate::pipeline::{self, Options};
use crate::policy::{Docs, builtin};
use crate::span::Span;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

/// One place that a policy masks.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Place {
    span: Span,
    rule: String,
    class: String,
    action: &'static str,
    strictness: u8,
}

/// By line.
type Places = BTreeMap<u64, Vec<Place>>;

/// What is told, in the order in which it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Change {
    Visible,
    Weaker,
    Hidden,
}

pub(super) fn run(args: &DiffArgs) -> Result<Status, Failure> {
    let old = masker(args, &args.old)?;
    let new = masker(args, &args.new)?;
    if args.on.iter().any(|path| source::is_stdin(path) || fs::metadata(path).is_ok_and(|stat| !stat.is_file())) {
        return Err(
            Failure::usage("--on: is read twice, so it has to be a file").hint("not stdin, a pipe or a directory")
        );
    }
    source::not_stdout(&args.on)?;
    let mut text = String::new();
    let mut counts: BTreeMap<Change, (u64, BTreeSet<(usize, u64)>)> = BTreeMap::new();
    let (mut withheld_old, mut withheld_new) = (0, 0);
    for (file, path) in args.on.iter().enumerate() {
        let (before, withheld) = places(&old, path)?;
        withheld_old += withheld;
        let (after, withheld) = places(&new, path)?;
        withheld_new += withheld;
        for (line, change, place) in changes(&before, &after) {
            let (count, lines) = counts.entry(change).or_default();
            *count += 1;
            lines.insert((file, line));
            let what = match change {
                Change::Visible => "visible",
                Change::Weaker => "weaker",
                Change::Hidden => "hidden",
            };
            let (start, end) = (place.span.start + 1, place.span.end);
            let name = source::name(path);
            let _ =
                writeln!(text, "{what} {name}:{line}:{start}-{end} {} {} {}", place.rule, place.class, place.action);
        }
    }
    for (change, words) in [
        (Change::Visible, "would become visible"),
        (Change::Weaker, "would be masked by a weaker action"),
        (Change::Hidden, "would become hidden"),
    ] {
        let (count, lines) = counts.get(&change).map_or((0, 0), |(count, lines)| (*count, lines.len() as u64));
        let _ = writeln!(text, "{words}: {} in {}", message::count(count, "place"), message::count(lines, "line"));
    }
    if withheld_old != withheld_new {
        let _ = writeln!(text, "withheld: {} before, {withheld_new} now", message::count(withheld_old, "record"));
    }
    output::print(&message::printable_lines(&text))?;
    let shows = counts.contains_key(&Change::Visible) || counts.contains_key(&Change::Weaker);
    Ok(if shows { Status::No } else { Status::Done })
}

/// The policy that `what` names: a file, or `builtin:` and a profile.
fn masker(args: &DiffArgs, what: &Path) -> Result<Masker, Failure> {
    let profile = what.to_str().and_then(|name| name.strip_prefix("builtin:"));
    let (policy, files) = match profile {
        Some(name) if builtin::profiles().contains(&name) => {
            (PolicyArgs { profile: Some(name.to_owned()), no_config: true, ..args.policy.clone() }, Vec::new())
        }
        Some(_) => return Err(Failure::usage("unknown profile").hint("profiles are secrets, default and export")),
        None => (args.policy.clone(), vec![what.to_owned()]),
    };
    let policy = load(&policy, &files, Docs::Without)?;
    let settings = Settings { key: super::TEST_KEY.to_vec(), ..Settings::default() };
    Masker::new(&policy, settings).map_err(|error| Failure::usage(error.to_string()))
}

/// Everything that `masker` would mask in the log at `path`, and how many records it would withhold.
fn places(masker: &Masker, path: &Path) -> Result<(Places, u64), Failure> {
    let found: Mutex<Places> = Mutex::default();
    let report = |place: &Found<'_>, _: &mut Vec<u8>| {
        let one = Place {
            span: place.bytes,
            rule: place.rule.id.to_string(),
            class: place.rule.class.to_string(),
            action: place.action,
            strictness: place.strictness,
        };
        found.lock().unwrap_or_else(PoisonError::into_inner).entry(place.line).or_default().push(one);
        Verdict::New
    };
    let source = Source::open(path, Binary::Refused)?;
    let check = Check::new(masker, None, report);
    let mut findings = Findings::default();
    pipeline::run(&check, source.lines, io::sink(), &Options::default(), &mut findings)
        .map_err(|error| Failure::io(format!("{}: {error}", source.name)))?;
    drop(check);
    Ok((found.into_inner().unwrap_or_else(PoisonError::into_inner), findings.tally.withheld()))
}

/// What differs, by line and place.
fn changes(before: &Places, after: &Places) -> Vec<(u64, Change, Place)> {
    let lines: BTreeSet<u64> = before.keys().chain(after.keys()).copied().collect();
    let none = Vec::new();
    let mut found = Vec::new();
    for line in lines {
        let (old, new) = (before.get(&line).unwrap_or(&none), after.get(&line).unwrap_or(&none));
        let mut of_line: Vec<(Change, Place)> = Vec::new();
        of_line.extend(uncovered(old, new).map(|place| (Change::Visible, place)));
        of_line.extend(uncovered(new, old).map(|place| (Change::Hidden, place)));
        for place in new {
            let touches = |other: &&Place| other.span.start < place.span.end && place.span.start < other.span.end;
            if old.iter().filter(touches).any(|other| other.strictness > place.strictness) {
                of_line.push((Change::Weaker, place.clone()));
            }
        }
        of_line.sort_by_key(|(change, place)| (place.span.start, *change));
        found.extend(of_line.into_iter().map(|(change, place)| (line, change, place)));
    }
    found
}

/// The parts of `places` that lie in none of `others`.
fn uncovered<'p>(places: &'p [Place], others: &'p [Place]) -> impl Iterator<Item = Place> + 'p {
    places.iter().flat_map(move |place| {
        let mut rest = vec![place.span];
        for other in others {
            rest = rest.into_iter().flat_map(|span| minus(span, other.span)).collect();
        }
        rest.into_iter().map(|span| Place { span, ..place.clone() })
    })
}

/// What is left of `span` without `other`.
fn minus(span: Span, other: Span) -> impl Iterator<Item = Span> {
    let before = Span::new(span.start, span.end.min(other.start).max(span.start));
    let after = Span::new(span.start.max(other.end).min(span.end), span.end);
    [before, after].into_iter().filter(|part| !part.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_of_a_span() {
        let left = |a: usize, b: usize, c: usize, d: usize| {
            minus(Span::new(a, b), Span::new(c, d)).map(|s| (s.start, s.end)).collect::<Vec<_>>()
        };
        assert_eq!(left(2, 8, 4, 6), [(2, 4), (6, 8)]);
        assert_eq!(left(2, 8, 0, 4), [(4, 8)]);
        assert_eq!(left(2, 8, 4, 9), [(2, 4)]);
        assert_eq!(left(2, 8, 0, 9), []);
        assert_eq!(left(2, 8, 8, 9), [(2, 8)]);
        assert_eq!(left(2, 8, 0, 2), [(2, 8)]);
    }
}
