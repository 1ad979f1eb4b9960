//! What a pattern costs, measured in bytes stepped over: on lines that it does not match, and on hostile ones.

use super::{Lint, ORDINARY, Remark, Subject};
use crate::detect::anchor::Begin;
use crate::policy::pattern::syntax;
use crate::policy::rule::Find;
use regex_syntax::hir::{Class, Hir, HirKind};

/// Length of a hostile line, in bytes.
const HOSTILE: usize = 64 << 10;

/// Most kinds of hostile lines that are tried.
const MOST: usize = 16;

pub(super) fn remarks(subject: &Subject<'_>) -> Vec<Remark> {
    let Find::Pattern { pattern, keywords, anchors, begin, firsts, .. } = &subject.rule.find else { return Vec::new() };
    let mut remarks = Vec::new();
    let begins = *begin != Begin::Anywhere && !anchors.is_empty() || !firsts.is_empty();
    let searched = keywords.is_empty() && !begins;
    let cost = ordinary(subject, searched);
    if searched {
        let cost = cost.map_or_else(
            || "every byte of a log is looked at".to_owned(),
            |cost| {
                format!(
                    "it steps over {cost:.2} bytes for each byte of lines that it does not match, with one it would be about 0"
                )
            },
        );
        let fact = format!("has no keyword and no literal at its beginning: {cost}");
        remarks.push(Remark::new(Lint::Unanchored, "pattern", fact));
    } else if let Some(cost) = cost.filter(|cost| *cost > 1.0) {
        let fact = format!(
            "its keywords are common: it steps over {cost:.2} bytes for each byte of lines that it does not match"
        );
        remarks.push(Remark::new(Lint::Unanchored, "keywords", fact));
    }
    if let Some(steps) = hostile(subject, pattern) {
        let fact = format!(
            "a line of {HOSTILE} bytes can cost over {steps} steps a byte, and is withheld then; let it end at the first byte that cannot belong to the value ([^;]* is longer than [a-z0-9]*)"
        );
        remarks.push(Remark::new(Lint::Costly, "pattern", fact));
    }
    remarks
}

/// Bytes stepped over for each byte of the ordinary lines that the rule does not match; none if it matches them all.
fn ordinary(subject: &Subject<'_>, searched: bool) -> Option<f64> {
    let (mut bytes, mut steps) = (0, 0);
    for line in ORDINARY.lines() {
        if subject.alone.explain(line.as_bytes()).is_empty() {
            bytes += line.len();
            steps += subject.alone.work(line.as_bytes()).0 + if searched { line.len() } else { 0 };
        }
    }
    (bytes > 0).then(|| steps as f64 / bytes as f64)
}

/// Steps a byte on the worst line made of nothing but short matches, if that line is withheld.
fn hostile(subject: &Subject<'_>, pattern: &str) -> Option<usize> {
    let hir = regex_automata::util::syntax::parse_with(pattern, &syntax()).ok()?;
    let spent = |unit: &Vec<u8>| {
        // A word may have to begin at each match.
        [&b""[..], b" "].iter().find_map(|gap| {
            let unit = [unit, *gap].concat();
            let line = unit.repeat(HOSTILE / unit.len().max(1) + 1);
            let (steps, judged) = subject.alone.work(&line);
            (!judged).then_some(steps / line.len())
        })
    };
    shortest(&hir).iter().filter(|unit| !unit.is_empty()).filter_map(spent).max()
}

/// Short texts that the pattern may match, look-arounds aside: one for each way through its alternations, up to [`MOST`].
fn shortest(hir: &Hir) -> Vec<Vec<u8>> {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => vec![Vec::new()],
        HirKind::Literal(literal) => vec![literal.0.to_vec()],
        HirKind::Class(class) => vec![vec![member(class)]],
        HirKind::Repetition(repetition) => {
            let times = repetition.min.min(256) as usize;
            shortest(&repetition.sub).into_iter().map(|text| text.repeat(times)).collect()
        }
        HirKind::Capture(capture) => shortest(&capture.sub),
        HirKind::Alternation(ways) => ways.iter().flat_map(shortest).take(MOST).collect(),
        HirKind::Concat(parts) => parts.iter().fold(vec![Vec::new()], |texts: Vec<Vec<u8>>, part| {
            let next = shortest(part);
            texts
                .iter()
                .flat_map(|text| next.iter().map(move |more| [text.as_slice(), more].concat()))
                .take(MOST)
                .collect()
        }),
    }
}

/// A byte of a class, a letter or digit if there is one.
fn member(class: &Class) -> u8 {
    let holds = |byte: u8| match class {
        Class::Bytes(class) => class.ranges().iter().any(|range| (range.start()..=range.end()).contains(&byte)),
        Class::Unicode(class) => {
            class.ranges().iter().any(|range| (range.start()..=range.end()).contains(&char::from(byte)))
        }
    };
    (b'a'..=b'z').chain(b'A'..=b'Z').chain(b'0'..=b'9').chain(b' '..=b'~').find(|byte| holds(*byte)).unwrap_or(b'a')
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn short_texts_go_through_each_way() {
        let of = |pattern: &str| {
            let hir = regex_automata::util::syntax::parse_with(pattern, &syntax()).unwrap();
            shortest(&hir).into_iter().map(|text| String::from_utf8(text).unwrap()).collect::<Vec<_>>()
        };
        assert_eq!(of("key=(?:[^;]*;end|x)"), ["key=;end", "key=x"]);
        assert_eq!(of(r"\bord_[A-Z]{3}\b"), ["ord_AAA"]);
        assert_eq!(of(".*[^A-Z]|[A-Z]"), ["a", "A"]);
    }
}
