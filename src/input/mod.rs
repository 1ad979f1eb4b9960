//! Bytes as they come in: from a descriptor, into buffers, cut into whole records.
//!
//! Knows no rule. `records` decides where a chunk may end and what is too long to be judged; `buffer` is the memory it
//! fills; `fd` reads and writes a descriptor through every interruption; `magic` names what is no plain log, and `form`
//! unpacks and decodes what can be read (`codec`, `utf16`, which `eight_bit` watches over), or puts it into that form again.

mod buffer;
pub mod codec;
pub mod eight_bit;
pub mod fd;
pub mod form;
pub mod magic;
mod records;
pub mod utf16;

pub use buffer::Buffer;
pub(crate) use buffer::reserve;
pub use records::{Limits, Piece, Records};
