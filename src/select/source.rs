//! What is carried from line to line, for each of the sources that interleave.

use super::columns::Columns;
use super::level;

/// Sources that are kept apart.
const MAX_SOURCES: usize = 256;

/// What is carried from line to line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    sources: Vec<Source>,
    /// Where the source of the line before stands.
    last: usize,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Source {
    name: Vec<u8>,
    /// Times with a date were seen.
    pub(super) dated: bool,
    /// Most times in front of a message, so that a line with fewer continues the record before it.
    pub(super) times: usize,
    /// The verdict on the record under way.
    pub(super) selected: bool,
    /// The line before goes on in the next one.
    pub(super) partial: bool,
    /// A line was read.
    pub(super) begun: bool,
    /// A traceback of Python is open, which ends with the exception.
    traceback: bool,
    /// What the columns are called, where it is a table.
    pub(super) columns: Option<Columns>,
}

impl State {
    /// The source of this name; from now on the last one.
    pub(super) fn source(&mut self, name: &[u8]) -> &mut Source {
        self.last = self.sources.iter().position(|source| source.name == name).unwrap_or_else(|| {
            if self.sources.len() == MAX_SOURCES {
                self.sources.remove(0);
            }
            self.sources.push(Source { name: name.to_vec(), ..Source::default() });
            self.sources.len() - 1
        });
        &mut self.sources[self.last]
    }

    /// The verdict on a line without envelope that goes on from a record with one: a source with a name has times, and the
    /// line is `timeless`. The rows of a table have theirs in a column.
    pub(super) fn goes_on(&self, timeless: impl Fn() -> bool) -> Option<bool> {
        let last = self.sources.get(self.last).filter(|last| !last.name.is_empty() && last.times > 0)?;
        let table = self.sources.iter().any(|source| source.name.is_empty() && source.columns.is_some());
        (!table && timeless()).then_some(last.selected)
    }
}

impl Source {
    /// Is `payload` the line with the exception that a traceback of Python ends with (docs.python.org, "Tracebacks"):
    /// `ValueError: no`, `app.errors.Late`? Reads on.
    pub(super) fn ends_traceback(&mut self, payload: &[u8]) -> bool {
        let begins = payload.starts_with(b"Traceback (most recent call last)");
        if !std::mem::replace(&mut self.traceback, begins) || begins {
            return false;
        }
        let name = payload.iter().take_while(|b| b.is_ascii_alphanumeric() || b"._".contains(b)).count();
        let (name, rest) = payload.split_at(name);
        let class = name.rsplit(|b| *b == b'.').next().unwrap_or_default();
        class.first().is_some_and(u8::is_ascii_uppercase)
            && (rest.is_empty() || rest.starts_with(b": "))
            && level::find(class, class).is_none()
    }
}
