//! Secrets that run over several lines. Decided forward: each line is judged when it comes, by what came before it.

pub mod above;
pub mod alarm;
mod aligned;
mod boxed;
mod columns;
pub mod command;
pub mod drawn;
pub mod ending;
mod header;
pub mod key_pieces;
pub mod open;
mod pointed;
pub mod private_key;
pub mod table;

/// `line` with `#` for what stands in `spans`, which are in order.
#[cfg(test)]
pub(crate) fn hidden(line: &str, spans: &[crate::span::Span]) -> String {
    let (mut out, mut done) = (String::new(), 0);
    for span in spans {
        out += &line[done..span.start];
        out += "#";
        done = span.end;
    }
    out + &line[done..]
}
