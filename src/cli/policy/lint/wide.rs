//! Rules that find something in ordinary lines.

use super::{Lint, ORDINARY, Remark, Subject};
use crate::cli::message;
use crate::policy::rule::Find;

/// So many of the ordinary lines are too many.
const MOST: usize = 2;

pub(super) fn remarks(subject: &Subject<'_>) -> Option<Remark> {
    let finds = |line: &&str| subject.alone.explain(line.as_bytes()).iter().any(|found| found.rule == subject.rule.id);
    let hits: Vec<usize> = (1..).zip(ORDINARY.lines()).filter(|(_, line)| finds(line)).map(|(at, _)| at).collect();
    if hits.len() <= MOST {
        return None;
    }
    let key = match &subject.rule.find {
        Find::Pattern { .. } => "pattern",
        Find::Fields { .. } => "fields",
        Find::Shape(_) | Find::Listed => "shape",
    };
    let of = message::count(ORDINARY.lines().count() as u64, "ordinary log line");
    Some(Remark::new(Lint::TooWide, key, format!("finds something in {} of {of}", hits.len())))
}
