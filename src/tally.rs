//! Counts of what happened. Never bytes, never values.

/// What a run did, by rule and in all. Adds up over chunks and threads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Lines that came in.
    pub lines: u64,
    /// Bytes that came in.
    pub bytes_in: u64,
    /// Bytes that went out.
    pub bytes_out: u64,
    /// Edits by rule index; as long as needed for the highest rule that fired.
    pub edits: Vec<u64>,
    /// Findings of rules that only observe, by rule index; as long as needed.
    pub observed: Vec<u64>,
    /// Bytes that edits replaced, by rule index; as long as `edits`.
    pub bytes: Vec<u64>,
    /// Bytes that edits replaced.
    pub bytes_masked: u64,
    /// Lines dropped by `drop-line`.
    pub lines_dropped: u64,
    /// Lines that nobody asked for.
    pub lines_not_selected: u64,
    /// Stack traces seen, if they are counted or folded.
    pub stack_traces: u64,
    /// Frames of stack traces that were folded or dropped.
    pub stack_frames: u64,
    /// Records withheld because they were longer than `--max-line`.
    pub withheld_too_long: u64,
    /// Records withheld because they needed more work than their length allows.
    pub withheld_too_much_work: u64,
    /// Markers that stood in the input already and were left alone.
    pub already_masked: u64,
    /// Bytes of lines that nobody asked for.
    pub bytes_not_selected: u64,
    /// Each edit as it was counted, for whoever takes back those of lines that are not shown; `None` for all others.
    pub log: Option<Vec<Counted>>,
}

/// Edits of one rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counted {
    rule: usize,
    edits: u64,
    bytes: u64,
}

impl Tally {
    /// Counts one edit of the rule with index `rule` that replaced `bytes` bytes.
    pub fn edit(&mut self, rule: usize, bytes: usize) {
        self.count(Counted { rule, edits: 1, bytes: bytes as u64 });
    }

    /// Counts these edits.
    pub fn count(&mut self, counted: Counted) {
        let Counted { rule, edits, bytes } = counted;
        if self.edits.len() <= rule {
            self.edits.resize(rule + 1, 0);
            self.bytes.resize(rule + 1, 0);
        }
        self.edits[rule] += edits;
        self.bytes[rule] += bytes;
        self.bytes_masked += bytes;
        if let Some(log) = &mut self.log {
            log.push(counted);
        }
    }

    /// Takes back what was counted for a line that is not shown.
    pub fn take_back(&mut self, counted: Counted) {
        let Counted { rule, edits, bytes } = counted;
        self.edits[rule] -= edits;
        self.bytes[rule] -= bytes;
        self.bytes_masked -= bytes;
    }

    /// Counts one finding of the rule with index `rule`, which only observes.
    pub fn observe(&mut self, rule: usize) {
        if self.observed.len() <= rule {
            self.observed.resize(rule + 1, 0);
        }
        self.observed[rule] += 1;
    }

    /// Bytes that came in, without lines that nobody asked for.
    pub fn bytes_selected(&self) -> u64 {
        self.bytes_in.saturating_sub(self.bytes_not_selected)
    }

    /// Masked bytes of those that were selected, from 0 to 1.
    pub fn mask_ratio(&self) -> f64 {
        self.bytes_masked as f64 / self.bytes_selected().max(1) as f64
    }

    /// Whether anything came out otherwise than it came in.
    pub fn changed(&self) -> bool {
        let counts = [self.lines_dropped, self.lines_not_selected, self.stack_frames, self.withheld()];
        self.bytes_out != self.bytes_in || self.edits.iter().chain(&counts).any(|count| *count > 0)
    }

    /// Records that were not judged.
    pub fn withheld(&self) -> u64 {
        self.withheld_too_long + self.withheld_too_much_work
    }

    /// Adds the counts of `part`.
    pub fn add(&mut self, part: &Tally) {
        if let Some(log) = &mut self.log {
            if let Some(more) = &part.log {
                log.extend_from_slice(more);
            } else {
                let all = part.edits.iter().zip(&part.bytes).enumerate().filter(|(_, (edits, _))| **edits > 0);
                log.extend(all.map(|(rule, (&edits, &bytes))| Counted { rule, edits, bytes }));
            }
        }
        self.lines += part.lines;
        self.bytes_in += part.bytes_in;
        self.bytes_out += part.bytes_out;
        add(&mut self.edits, &part.edits);
        add(&mut self.bytes, &part.bytes);
        add(&mut self.observed, &part.observed);
        self.bytes_masked += part.bytes_masked;
        self.lines_dropped += part.lines_dropped;
        self.lines_not_selected += part.lines_not_selected;
        self.stack_traces += part.stack_traces;
        self.stack_frames += part.stack_frames;
        self.withheld_too_long += part.withheld_too_long;
        self.withheld_too_much_work += part.withheld_too_much_work;
        self.already_masked += part.already_masked;
        self.bytes_not_selected += part.bytes_not_selected;
    }
}

/// Adds `part` to `total`, item by item.
fn add(total: &mut Vec<u64>, part: &[u64]) {
    if total.len() < part.len() {
        total.resize(part.len(), 0);
    }
    for (total, more) in total.iter_mut().zip(part) {
        *total += more;
    }
}
