//! What the lines of a block are.

use super::{Manifest, Word};
use crate::format::quote::Quote;

/// What the lines of a block are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Body {
    /// Members or elements, with so many brackets open.
    Json {
        /// Brackets that are open.
        depth: u32,
    },
    /// Lines with more blanks in front than this: YAML's `|` and `>`.
    Scalar {
        /// Blanks in front of the line that opened it.
        indent: usize,
    },
    /// One word or string in the next line, or a list of them.
    Below {
        /// Where the key stands in its line.
        column: usize,
    },
    /// Members of a mapping.
    Mapping {
        /// Where the key stands in its line whose value it is.
        column: usize,
        /// Lines with as many blanks in front are the text of a block scalar; none if it is 0.
        text: usize,
    },
    /// Lines behind a tab, until ` >`: klog's `=<`.
    Tabbed,
    /// Text up to the closing quote.
    Quoted {
        /// The opening quote.
        quote: Quote,
    },
    /// A part of a form: headers, an empty line, the value, `--` and the boundary.
    Form {
        /// Past the empty line.
        inside: bool,
    },
    /// The next word, behind a backslash at the end of the line.
    Word {
        /// It is the rest of a word.
        glued: bool,
    },
    /// The rest of a word that quoted-printable has cut.
    Soft,
    /// The value of a member in one of the next lines, whose name was the value of the member before it.
    Named {
        /// Where the keys stand in their lines.
        column: usize,
    },
    /// A manifest of Kubernetes.
    Secret(Manifest),
    /// The text of an XML element, up to the next tag.
    Element,
    /// The text of the next element.
    Sibling {
        /// Whatever it is called: a property list has keys.
        key: bool,
    },
    /// A here-document up to this word.
    Here(Word),
    /// Text up to three of these quotes.
    Three(u8),
    /// A string that the next line begins with.
    String,
    /// The value in the next line, as PHP dumps it.
    Dumped,
    /// More lines of a curl command.
    Command,
    /// Properties of a contact card.
    Contact,
    /// What pydantic says of fields.
    Complaint {
        /// The field of the last line is one whose value is none to be told.
        named: bool,
    },
    /// What may be seen, a certificate: no line of it is one of a private key.
    Public,
    /// A static key of OpenVPN.
    StaticKey,
    /// One more line of base64 behind a line of a private key whose beginning was not seen.
    KeyBody,
}

impl Body {
    /// The column of the line that opened it, which those of the next lines are measured by.
    pub fn column(self) -> Option<usize> {
        match self {
            Body::Scalar { indent: column } | Body::Below { column } | Body::Named { column } => Some(column),
            Body::Secret(manifest) => Some(manifest.column),
            _ => None,
        }
    }
}
