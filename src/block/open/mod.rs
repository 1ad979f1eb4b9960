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
            block.lines += 1;
            let (rule, own_head) = (block.rule, begins_like(block.head, line));
            // Where an envelope puts a time in front of all lines, only what is inside of it tells.
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
mod tests {
    use super::*;

    /// The lines with `#` for what is claimed, behind a first line that opened `body`.
    fn claimed(body: Body, first: &str, lines: &[&str]) -> Vec<String> {
        let mut blocks = Blocks::default();
        blocks.open(first.as_bytes(), RuleIx(0), body);
        let one = |line: &&str| {
            let (mut out, mut done) = (String::new(), 0);
            blocks.line(line.as_bytes(), |_, _, (span, quote)| {
                out += &line[done..span.start];
                out += if quote.is_some() { "\"#\"" } else { "#" };
                done = span.end;
            });
            out + &line[done..]
        };
        lines.iter().map(one).collect()
    }

    #[test]
    fn a_block_that_is_as_an_open_one_takes_its_place() {
        let mut blocks = Blocks::default();
        for rule in [0, 0, 1, 0] {
            blocks.open(b"BEGIN:VCARD", RuleIx(rule), Body::Contact);
            blocks.line(b"TEL:1", |_, _, _| ());
        }
        assert_eq!(blocks.0.iter().map(|b| (b.rule.0, b.lines)).collect::<Vec<_>>(), [(1, 2), (0, 1)]);
    }

    #[test]
    fn bodies_claim_their_values() {
        let json = Body::Json { depth: 1 };
        let quote = crate::format::quote::quote_at(b"\"", 0);
        let cases: &[(Body, &[&str], &[&str])] = &[
            (
                json,
                &[r#"  "a": "x","#, r#"  "b": [1, null,"#, "  true", "  ]", r#"}, "c": "y""#, r#"  "d": 1"#],
                &[r##"  "a": "#","##, r##"  "b": ["#", "#","##, r##"  "#""##, "  ]", r#"}, "c": "y""#, r#"  "d": 1"#],
            ),
            (json, &["{\"level\":1}", "  \"a\": 1"], &["{\"level\":1}", "  \"a\": 1"]),
            (json, &[r#"  "a": {"b": "x\"y"}"#, "}", "  \"a\": 1"], &[r##"  "a": {"b": "#"}"##, "}", "  \"a\": 1"]),
            (
                Body::Scalar { indent: 2 },
                &["    x", "", "    y z", "  n: 1", "    k"],
                &["    #", "", "    #", "  n: 1", "    k"],
            ),
            (Body::Below { column: 2 }, &["", "    x1", "  y"], &["", "    #", "  y"]),
            (Body::Below { column: 0 }, &["- x1", "- 'y z'", "- a: b", "b: 1"], &["- #", "- '#'", "- a: b", "b: 1"]),
            (
                json,
                &["  Some(", "    User {", r#"      pin: "x","#, "    },", "  ),", ")", "  y"],
                &["  Some(", "    User {", r##"      pin: "#","##, "    },", "  ),", ")", "  y"],
            ),
            (Body::Below { column: 1 }, &[" 'x y',", " 'z'"], &[" '#',", " 'z'"]),
            (Body::Below { column: 1 }, &[" 'x' y", " 'z'"], &[" 'x' y", " 'z'"]),
            (Body::Below { column: 2 }, &["    \"x\",", "  y"], &["    \"#\",", "  y"]),
            (
                Body::Below { column: 0 },
                &["  a: x y # z", "  b:", "    - x", "    c: 'y'", "  d: true", "e: f", "  g: h"],
                &["  a: # # z", "  b:", "    - #", "    c: '#'", "  d: true", "e: f", "  g: h"],
            ),
            (Body::Below { column: 0 }, &["  a: |", "    x y", "  b: z"], &["  a: |", "    #", "  b: #"]),
            (Body::Below { column: 0 }, &["  a: b", "  c d"], &["  a: #", "  c d"]),
            (Body::Below { column: 0 }, &["  a:    b", "  c: d"], &["  a:    b", "  c: d"]),
            (Body::Below { column: 0 }, &["- x y", "- z"], &["- #", "- #"]),
            (Body::Below { column: 0 }, &["\"x\" y", "  c"], &["\"x\" y", "  c"]),
            (Body::Below { column: 0 }, &["  the text of a page", "  c"], &["  the text of a page", "  c"]),
            (Body::Below { column: 0 }, &["x1"], &["x1"]),
            (Body::Word { glued: false }, &["  x y", "z"], &["  # y", "z"]),
            (Body::Word { glued: false }, &["  x\\", "y z", "w"], &["  #\\", "# z", "w"]),
            (Body::Word { glued: false }, &["  'x y' \\", "z"], &["  '#' \\", "z"]),
            (Body::Word { glued: false }, &["  --next \\", "z"], &["  --next \\", "z"]),
            (Body::Word { glued: true }, &["  x", "z"], &["  x", "z"]),
            (
                Body::Command,
                &["  -d x \\", "  -u jo:x1 \\", " --user 'jo:x y'", "-u jo:z"],
                &["  -d x \\", "  -u jo:# \\", " --user 'jo:#'", "-u jo:z"],
            ),
            (
                Body::Complaint { named: false },
                &[
                    "a",
                    "  Bad [type=b, input_value='x', input_type=str]",
                    "u.password",
                    "  Bad [type=b, input_value='x, y', input_type=str]",
                ],
                &[
                    "a",
                    "  Bad [type=b, input_value='x', input_type=str]",
                    "u.password",
                    "  Bad [type=b, input_value='#', input_type=str]",
                ],
            ),
            (
                Body::Contact,
                &["VERSION:3.0", "N:x;y;;;", "FN;CHARSET=UTF-8:x y", "TITLE:z", "END:VCARD", "N:x"],
                &["VERSION:3.0", "N:#", "FN;CHARSET=UTF-8:#", "TITLE:z", "END:VCARD", "N:x"],
            ),
            (Body::Element, &["  x y", "", "z</pin>", "w"], &["  #", "", "#</pin>", "w"]),
            (Body::Element, &["  <a>x</a>", "w"], &["  <a>x</a>", "w"]),
            (Body::Element, &["<![CDATA[x]]>", "</pin>", "w"], &["<![CDATA[#]]>", "</pin>", "w"]),
            (Body::Three(b'\''), &["x", "y''' # z", "w"], &["#", "#''' # z", "w"]),
            (Body::Here(word(b"<<EOT").expect("a word")), &[" x y", "EOT", "w"], &[" #", "EOT", "w"]),
            (Body::String, &["  'x y', n = 1", "'w'"], &["  '#', n = 1", "'w'"]),
            (Body::String, &["  f(x)", "'w'"], &["  f(x)", "'w'"]),
            (
                Body::Sibling { key: false },
                &["  <type>a</type>", "  <value>x</value>", "<value>w</value>"],
                &["  <type>a</type>", "  <value>#</value>", "<value>w</value>"],
            ),
            (
                Body::Sibling { key: true },
                &["  <data>", "  x", "  </data>", "<string>w</string>"],
                &["  <data>", "  #", "  </data>", "<string>w</string>"],
            ),
            (Body::Sibling { key: true }, &["  <true/>", "  x"], &["  <true/>", "  x"]),
            (Body::Sibling { key: false }, &["<final>", "x"], &["<final>", "x"]),
            (
                Body::StaticKey,
                &["0a1b2c3d4e5f60718293", "done", "-----END x-----", "w"],
                &["#", "done", "-----END x-----", "w"],
            ),
            (Body::Tabbed, &["\tx", "\t y", " >", "\tz"], &["\t#", "\t #", " >", "\tz"]),
            (Body::Quoted { quote }, &["x \\\" y", "z\" b=\"1\"", "w"], &["#", "#\" b=\"1\"", "w"]),
            (
                Body::Form { inside: false },
                &["Content-Type: text/plain", "", "x", "y", "--b", "z"],
                &["Content-Type: text/plain", "", "#", "#", "--b", "z"],
            ),
        ];
        for (body, lines, expected) in cases {
            assert_eq!(claimed(*body, "p", lines), *expected, "{body:?}");
        }
    }

    #[test]
    fn a_quoted_block_ends_where_the_log_goes_on() {
        let body = Body::Quoted { quote: crate::format::quote::quote_at(b"\"", 0) };
        let first = "2024-05-01 12:00:00 login password=\"abc";
        assert_eq!(
            claimed(body, first, &["def", "2024-05-01 12:00:01 next", "x"]),
            ["#", "2024-05-01 12:00:01 next", "x"]
        );
    }

    #[test]
    fn a_quoted_block_ends_in_front_of_a_json_record() {
        let body = Body::Quoted { quote: crate::format::quote::quote_at(b"\"", 0) };
        let lines = [r#"{"level":"info","n":1}"#, "abc"];
        assert_eq!(claimed(body, r#"{"a":1,"password":"x"#, &lines), lines);
        assert_eq!(claimed(body, r#"password="x"#, &lines), lines);
        let single = Body::Quoted { quote: crate::format::quote::quote_at(b"'", 0) };
        assert_eq!(claimed(single, "password='x", &lines)[0], "#");
        assert_eq!(claimed(body, r#"{"password":"x"#, &[r#"{"a": y"#]), [r#"#"a": y"#]);
    }

    #[test]
    fn lines_below_the_head_of_a_record_belong_to_it() {
        let first = "May  1 10:00:00 host app[7]: x: |";
        for (lines, expected) in [
            (["  yes", "no", "  no"], ["  #", "no", "  no"]),
            (
                ["                               yes", "                             no", "   no"],
                ["                               #", "                             no", "   no"],
            ),
            (
                ["May  1 10:00:00 host app[8]: a", "  no", "May  1 10:00:00 host app[7]:   yes"],
                ["May  1 10:00:00 host app[8]: a", "  no", "May  1 10:00:00 host app[7]:   #"],
            ),
        ] {
            assert_eq!(claimed(Body::Scalar { indent: 0 }, first, &lines), expected);
        }
        let fields = ["    PRIORITY=6", "MESSAGE=  yes"];
        assert_eq!(claimed(Body::Scalar { indent: 0 }, "MESSAGE=x: |", &fields), ["    PRIORITY=6", "MESSAGE=  #"]);
    }

    #[test]
    fn blocks_are_kept_apart_by_source_and_closed_at_the_bound() {
        let first = "[pod/a/b] x: |";
        let lines = ["[pod/c/d]   no", "[pod/a/b]   yes"];
        assert_eq!(claimed(Body::Scalar { indent: 0 }, first, &lines), ["[pod/c/d]   no", "[pod/a/b]   #"]);
        let many = vec!["  x"; MAX_LINES + 2];
        let out = claimed(Body::Scalar { indent: 0 }, "x: |", &many);
        assert_eq!(out.iter().filter(|line| line.contains('#')).count(), MAX_LINES);
    }
}
