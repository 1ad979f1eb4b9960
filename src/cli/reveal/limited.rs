//! Only the records that a role may see at all come out, judged as they are when they are open: as a view judges them.

use crate::cli::{Failure, selection};
use crate::masker::{Masker, Settings};
use crate::policy::Policy;
use crate::policy::limits::Limits;
use crate::reveal::{Reveal, Revealed};
use crate::rewrite::{Rewrite, Withheld};

/// What of the opened records is shown; without one all of them.
pub(super) struct Limit(Option<Masker>);

impl Limit {
    /// That of a role.
    pub(super) fn of(limits: &Limits) -> Result<Limit, Failure> {
        if limits.is_empty() {
            return Ok(Limit(None));
        }
        // Without a rule it masks nothing, so any key will do.
        let settings = Settings { key: vec![0; 32], ..Settings::default() };
        let mut masker =
            Masker::new(&Policy::default(), settings).map_err(|error| Failure::usage(error.to_string()))?;
        masker.limit(selection::limit(limits)?);
        Ok(Limit(Some(masker)))
    }
}

/// Opens sealed values, and shows what may be seen of the records.
pub(super) struct Limited<'a> {
    pub(super) reveal: Reveal<'a>,
    pub(super) limit: Limit,
}

impl Rewrite for Limited<'_> {
    type Scratch = (Vec<u8>, <Masker as Rewrite>::Scratch);
    type State = <Masker as Rewrite>::State;
    type Tally = Revealed;

    fn cut(&self, bytes: &[u8]) -> usize {
        match &self.limit.0 {
            Some(masker) => self.reveal.cut(&bytes[..masker.cut(bytes)]),
            None => self.reveal.cut(bytes),
        }
    }

    fn unchanged(&self, chunk: &[u8], _state: &mut Self::State) -> Option<Revealed> {
        match self.limit.0 {
            Some(_) => None,
            None => self.reveal.unchanged(chunk, &mut ()),
        }
    }

    fn rewrite(
        &self,
        chunk: &[u8],
        state: &mut Self::State,
        (opened, scratch): &mut Self::Scratch,
        out: &mut Vec<u8>,
    ) -> Revealed {
        let Some(masker) = &self.limit.0 else { return self.reveal.rewrite(chunk, &mut (), &mut (), out) };
        opened.clear();
        let tally = self.reveal.rewrite(chunk, &mut (), &mut (), opened);
        let written = out.len();
        masker.rewrite(opened, state, scratch, out);
        Revealed { bytes_out: (out.len() - written) as u64, ..tally }
    }

    fn finish(&self, state: &mut Self::State, (_, scratch): &mut Self::Scratch, out: &mut Vec<u8>) -> Revealed {
        let written = out.len();
        if let Some(masker) = &self.limit.0 {
            masker.finish(state, scratch, out);
        }
        Revealed { bytes_out: (out.len() - written) as u64, ..Revealed::default() }
    }

    fn withhold(&self, why: Withheld, head: &[u8], bytes: u64, ending: &[u8], out: &mut Vec<u8>) -> Revealed {
        self.reveal.withhold(why, head, bytes, ending, out)
    }

    fn merge(total: &mut Revealed, part: Revealed) {
        Reveal::merge(total, part);
    }
}
