//! Values of sensitive fields that go on over the next lines: pretty-printed JSON, block scalars, quoted text, form parts.
//!
//! Decided forward: a line opens a block, and each line after it is claimed (or not) when it comes. What a block claims
//! depends on its opening line and the lines since, never on other blocks, and it is closed after [`MAX_LINES`] lines.
//! So the blocks that are open at a place are known from the last [`MAX_LINES`] lines before it. A body is one file
//! with one function `line`; `tabbed` is the simplest to copy from.

mod below;
mod body;
mod command;
mod complaint;
mod contact;
mod dumped;
mod element;
mod form;
mod fresh;
mod here;
pub mod json;
mod key_body;
mod mapping;
mod member;
mod prefix;
mod quoted;
mod scalar;
mod sibling;
mod soft;
mod tabbed;
mod word;

use crate::format::nesting::level_at;
use crate::format::quote::{Quote, quote_at};
use crate::format::{journal, peel};
use crate::span::{RuleIx, Span};

use memchr::memmem;

pub use body::Body;
pub use form::part_name;
pub use fresh::{Head, begins_like, head, is_record};
pub use here::{Word, word};
pub use key_body::{begins_static, is_key_line};
pub use member::{Manifest, Member};
pub use prefix::{Prefix, is_mark};
pub use scalar::is_block_head;
pub use sibling::whole as whole_element;
pub use soft::is_cut;

/// Lines after which a block is closed.
pub const MAX_LINES: usize = 128;
/// Blocks that may be open at once; more are the work of somebody who wants to be slow.
const MAX_OPEN: usize = 32;
/// As many of one source.
const MAX_OF_ONE: usize = 8;

/// What a line does to a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    /// The block goes on.
    Open(Body),
    /// This was the last line, or the one behind it.
    Closed,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Block {
    source: Vec<u8>,
    head: Head,
    prefix: Prefix,
    rule: RuleIx,
    body: Body,
    /// It was opened by a JSON record, which ends with its line, however odd it is.
    object: bool,
    /// The line that opened it began as records do.
    timed: bool,
    /// Where its message began, behind the head of a record: `journalctl` indents what goes on below as far.
    column: usize,
    /// The line before belongs to it: one without the head of a record does, too.
    near: bool,
    lines: usize,
}

impl Block {
    /// All that decides what it will claim.
    fn state(&self) -> impl PartialEq + '_ {
        let Block { source, head, prefix, rule, body, object, timed, column, near, lines: _ } = self;
        (source, head, prefix, rule, body, object, timed, column, near)
    }
}

/// The blocks that are open.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Blocks(Vec<Block>);

/// A claim on bytes of a line, with the quotes that a marker needs there.
pub type Claim = (Span, Option<Quote>);

impl Blocks {
    /// Is none open?
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Opens a block behind `line`.
    pub fn open(&mut self, line: &[u8], rule: RuleIx, body: Body) {
        let peeled = peel(line);
        let source = peeled.name(line).into_owned();
        let object = line[peeled.payload.range()].starts_with(b"{");
        let (head, timed) = (head(line), fresh::is_record(line));
        let prefix = Prefix::of(&line[peeled.payload.range()], body);
        let column = if source.is_empty() { 0 } else { peeled.payload.start };
        let near = !journal::is_field(&source);
        let block = Block { source, head, prefix, rule, body, object, timed, column, near, lines: 0 };
        // One that is as this one will claim nothing else, and end before it.
        self.0.retain(|open| open.state() != block.state());
        let own = |open: &Block| open.source == block.source;
        if self.0.len() == MAX_OPEN || self.0.iter().filter(|open| own(open)).count() == MAX_OF_ONE {
            let oldest = self.0.iter().position(own).unwrap_or(0);
            self.0.remove(oldest);
        }
        self.0.push(block);
    }

    /// Reads one line and calls `claim` for what of it belongs to an open block, with the key that it has in a mapping there. True if
    /// it belongs to a certificate.
    pub fn line(&mut self, line: &[u8], mut claim: impl FnMut(RuleIx, &[u8], Claim)) -> bool {
        if self.0.is_empty() {
            return false;
        }
        let mut public = false;
        let peeled = peel(line);
        let (source, payload) = (peeled.name(line), &line[peeled.payload.range()]);
        let base = peeled.payload.start;
        let level = level_at(line, base);
        let (fresh_line, fresh_payload) = (fresh::is_record(line), fresh::is_record(payload));
        let (headed, bare) = (fresh::ends_in_head(&line[..base]), source.is_empty() && base == 0);
        self.0.retain_mut(|block| {
            let own = *block.source == *source;
            block.near = own && !journal::is_field(&source) || bare && block.near;
            if !own && !block.near {
                return true;
            }
            let indented = !own && blanks(line) >= block.column;
            let base = if indented { block.column } else { base };
            let payload = if indented { &line[base..] } else { payload };
            if block.prefix.is_of_other_pod(payload) {
                return true;
            }
            block.lines += 1;
            // What has no column begins behind the names of its pod, and the envelopes in there.
            let pod = block.prefix.behind_pod(payload);
            let (rule, own_head) = (block.rule, pod.is_none() && begins_like(block.head, line));
            let shift = pod.filter(|_| block.body.column().is_none()).unwrap_or(0);
            let inner = if shift > 0 { peel(&payload[shift..]).payload } else { Span::new(0, payload.len()) };
            let (base, payload) = (base + shift + inner.start, &payload[shift + inner.start..shift + inner.end]);
            // Where an envelope puts a time in front of all lines, only what is inside of it tells.
            let fresh_payload = if shift > 0 { fresh::is_record(payload) } else { fresh_payload };
            let fresh = fresh_payload || headed || !block.timed && fresh_line;
            let mut put_member = |member: &[u8], (span, quote): Claim| {
                if !span.is_empty() {
                    let quote = quote.map(|quote| quote.at_least(level));
                    claim(rule, member, (Span::new(base + span.start, base + span.end), quote));
                }
            };
            let blanked = block.prefix.blanked(payload);
            let payload = blanked.as_deref().unwrap_or(payload);
            let mut put = |claim: Claim| put_member(b"", claim);
            let next = match block.body {
                Body::String | Body::Below { .. } if headed && payload.starts_with(b"\"") => Next::Closed,
                Body::Json { depth } => json::line(payload, depth, &mut put),
                Body::Scalar { indent } => scalar::line(payload, indent, &mut put),
                Body::Below { column } if mapping::begins(payload, column) => {
                    mapping::line(payload, column, 0, &mut put_member)
                }
                Body::Below { column } => below::line(payload, column, &mut put),
                Body::Mapping { column, text } => mapping::line(payload, column, text, &mut put_member),
                Body::Tabbed => tabbed::line(payload, &mut put),
                Body::Quoted { .. } if own_head && peeled.payload.start == 0 => Next::Closed,
                Body::Element if block.prefix.is_other(blanked.is_some(), payload) => Next::Closed,
                Body::Element if blanked.is_some() => element::line(payload, &mut put),
                Body::Quoted { .. } | Body::Element | Body::Here(_) | Body::Three(_) | Body::Complaint { .. }
                    if fresh =>
                {
                    Next::Closed
                }
                // Of an object in such quotes nothing but its bracket could be a part of the string.
                Body::Quoted { quote } if (block.object || quote == quote_at(b"\"", 0)) && json::is_record(payload) => {
                    Next::Closed
                }
                Body::Quoted { quote } => quoted::line(payload, quote, &mut put),
                Body::Form { inside } => form::line(payload, inside, &mut put),
                Body::KeyBody => key_body::line(payload, &mut put),
                Body::StaticKey => key_body::static_key(payload, &mut put),
                Body::Named { column } => member::named(payload, column, &mut put),
                Body::Secret(manifest) => member::secret(payload, manifest, &mut put),
                Body::Element => element::line(payload, &mut put),
                Body::Sibling { key } => sibling::line(payload, key, &mut put),
                Body::Here(word) => here::here(payload, word, &mut put),
                Body::Three(quote) => here::three(payload, quote, &mut put),
                Body::String => here::string(payload, &mut put),
                Body::Dumped => dumped::line(payload, &mut put),
                Body::Command => command::line(payload, &mut put),
                Body::Contact => contact::line(payload, &mut put),
                Body::Complaint { named } => complaint::line(payload, named, &mut put),
                Body::Soft => soft::line(payload, &mut put),
                Body::Word { glued } => word::line(payload, glued, &mut put),
                Body::Public => {
                    public = true;
                    if memmem::find(payload, b"-----END").is_some() { Next::Closed } else { Next::Open(block.body) }
                }
            };
            match next {
                Next::Open(body) if block.lines < MAX_LINES => {
                    block.body = body;
                    true
                }
                _ => false,
            }
        });
        public
    }
}

/// How many blanks and tabs `text` begins with.
fn blanks(text: &[u8]) -> usize {
    text.iter().take_while(|b| matches!(b, b' ' | b'\t')).count()
}

#[cfg(test)]
mod tests;
