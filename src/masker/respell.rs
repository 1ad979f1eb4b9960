//! Surrogates in place of values: as the layer spells them, and without quotes where a number stays a number.

use super::{END, Masker, START, detect};
use crate::action::Replacer;
use crate::edit::Edit;
use crate::format::DEPTH;
use crate::format::quote::{doubled_quote, encoded_quote, without_percent};
use crate::format::view::View;
use crate::policy::Action;
use crate::span::Span;

impl Masker {
    /// What stands in for `value`, if that is a surrogate.
    pub(super) fn surrogate(&self, edit: &Edit, value: &[u8]) -> Option<Vec<u8>> {
        if edit.recode.is_some() || !matches!(self.rules.action(edit.action), Action::Surrogate) {
            return None;
        }
        let layers = Layers::of(value);
        let replacer = self.rules.replacer(edit.action);
        // `neil@acme.io` was found in `o''neil@acme.io`.
        let of = if edit.plain { Replacer::surrogate_of_whole } else { Replacer::surrogate };
        let made = of(replacer, layers.text())?;
        // A bare value of JSON: only a number may take its place without quotes, and with quotes it would be no number.
        if edit.quote.is_some() && !(is_number(value) && is_number(made.as_bytes())) {
            return None;
        }
        layers.respelled(&made)
    }

    pub(super) fn write_colored(text: &[u8], color: bool, out: &mut Vec<u8>) {
        out.extend_from_slice(if color { START } else { b"" });
        out.extend_from_slice(text);
        out.extend_from_slice(if color { END } else { b"" });
    }
}

/// The quote of this kind that closes the key in front of a bare value, where an encoding spells it, and not backslashes alone; also
/// a doubled one, as in a cell of CSV and a literal of SQL, and that of a shell's word. `before` is the record up to the value.
pub(super) fn quote_of_key(before: &[u8], byte: u8) -> Option<&[u8]> {
    let mut key = before;
    while let Some(rest) = [b" ", b":", b"+"].iter().find_map(|sign| key.strip_suffix(*sign)) {
        key = rest;
    }
    while let Some(rest) = without_percent(key, &[b"3A", b"3a", b"20"]) {
        key = rest;
    }
    let doubled = || {
        let quote = doubled_quote(key, byte)?;
        key[..key.len() - quote.len()].last().is_some_and(u8::is_ascii_alphanumeric).then_some(quote)
    };
    encoded_quote(key, byte).or_else(doubled)
}

fn is_number(text: &[u8]) -> bool {
    serde_json::from_slice::<serde_json::Number>(text).is_ok()
}

/// A value with all that is encoded in it decoded, layer by layer.
struct Layers<'v> {
    raw: &'v [u8],
    views: Vec<View>,
}

impl<'v> Layers<'v> {
    fn of(raw: &'v [u8]) -> Layers<'v> {
        let mut views: Vec<View> = Vec::new();
        while views.len() < DEPTH {
            let mut view = View::default();
            if !detect::decode(views.last().map_or(raw, |view| &view.text), &mut view) {
                break;
            }
            views.push(view);
        }
        Layers { raw, views }
    }

    /// What it says.
    fn text(&self) -> &[u8] {
        self.views.last().map_or(self.raw, |view| &view.text)
    }

    /// `made` with each sign spelled as the value spells it: `%40`, `\\u0040`. `None` if it has one that the value has not,
    /// of which nobody knows whether it may stand there.
    fn respelled(&self, made: &str) -> Option<Vec<u8>> {
        let mut out = Vec::with_capacity(made.len());
        for byte in made.bytes() {
            if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                out.push(byte);
                continue;
            }
            let at = memchr::memchr(byte, self.text())?;
            let raw = self.views.iter().rev().try_fold(Span::new(at, at + 1), |span, view| {
                let mut first = None;
                view.raw(span, |span| first = first.or(Some(span)));
                first
            });
            let spelled = &self.raw[raw?.range()];
            // A look-alike, or a sign with a terminal escape in it, is written as what it looks like.
            let plain = spelled.iter().any(|b| !b.is_ascii() || b.is_ascii_control());
            out.extend_from_slice(if plain { std::slice::from_ref(&byte) } else { spelled });
        }
        Some(out)
    }
}

#[cfg(test)]
mod tests {
    use super::quote_of_key;

    #[test]
    fn quotes_are_spelled_as_those_of_the_key() {
        for (before, quote) in [
            ("?d=%7B%22pin%22%3A", Some("%22")),
            ("?d=%257B%2522pin%2522%253A%2520", Some("%2522")),
            ("?d=%7B%5C%22pin%5C%22: ", Some("%5C%22")),
            ("<a b=\"{&quot;pin&quot;: ", Some("&quot;")),
            ("{\\&amp;quot;pin\\&amp;quot;:", Some("\\&amp;quot;")),
            ("{\\u0022pin\\u0022:", Some("\\u0022")),
            ("1,\"{\"\"pin\"\": ", Some("\"\"")),
            ("{\"pin\":", None),
            ("{\\\"pin\\\": ", None),
            ("", None),
        ] {
            assert_eq!(quote_of_key(before.as_bytes(), b'"'), quote.map(str::as_bytes), "{before}");
        }
        for (before, quote) in [
            ("VALUES ('{''pin'': ", Some("''")),
            ("echo '{'\\''pin'\\'': ", Some("'\\''")),
            ("echo '{'\"'\"'pin'\"'\"': ", Some("'\"'\"'")),
            ("?d=%7B%27pin%27%3A%20", Some("%27")),
            ("<a b=\"{&#39;pin&#39;: ", Some("&#39;")),
            ("{'pin': ", None),
            ("{'': ", None),
        ] {
            assert_eq!(quote_of_key(before.as_bytes(), b'\''), quote.map(str::as_bytes), "{before}");
        }
    }
}
