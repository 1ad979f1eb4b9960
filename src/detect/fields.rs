//! Values of sensitive fields: found at the separator behind a key, in whatever syntax.

use super::brackets::is_object;
use super::claim::{Claim, Sink};
use super::coded::is_own_name;
use super::dialect::{cef, flag, graphql, klog, lookup, monitor, owner, php, reference, spoken, stated, tuple, xml};
use super::key::{self, Key};
use super::known::Known;
use super::last_words::LastWords;
use super::named::names_nothing;
use super::names::{Match, Names};
use super::nothing::{is_empty_value, is_pair, is_placeholder, is_switches};
use super::paths::Paths;
use super::prose::{is_complaint, is_parsed, is_prose, is_prose_behind_quotes};
use super::value::{Reader, Value};
use super::{cookies, credential};
use crate::format::quote::Quote;
use crate::policy::rule::ValueKind;
use crate::span::{RuleIx, Span};

/// What stands between two values of one key.
const ARROW: &[u8] = b" -> ";

/// All rules that go by the name of the field.
pub struct Fields {
    /// Names and globs.
    pub names: Names,
    /// Paths such as `request.headers.*`.
    pub paths: Paths,
    /// By rule: where an unquoted value ends.
    pub kinds: Vec<ValueKind>,
    /// By rule: is it one of a user, for which whatever stands behind the name is a value?
    pub of_user: Vec<bool>,
    /// Last words of the names that have several.
    pub last_words: LastWords,
}

impl Fields {
    /// Claims the value behind the separator at `at`, if its key is sensitive.
    pub fn at_separator(&self, text: &[u8], at: usize, reader: &mut Reader<'_>, sink: &mut Sink<'_>) {
        if sink.is_spent() {
            return;
        }
        if php::is_size(text, at) {
            if let Some((name, start)) = php::serialized(text, at) {
                if let Some(value) = php::sized(text, at, start) {
                    self.claim_read(text, name, value, true, sink);
                    return;
                }
                let key = Key { name, quote: None, start: name.start };
                self.at_key(text, &key, start, reader, sink);
            }
            return;
        }
        let Some(key) = key::before(text, at) else { return };
        if matches!(text[key.name.range()], [b'$', ..]) && graphql::is_declared(&text[key.name.range()], text, at) {
            return;
        }
        let mut matches = std::mem::take(&mut sink.matches);
        matches.clear();
        let traits = self.rules_of(text, &key, at, sink.known, &mut matches);
        if !matches.is_empty()
            && let Some(start) = reader.start(at)
            && let Some(start) = lookup::default_of(text, start).unwrap_or(Some(start))
        {
            self.claim(text, &key, start, reader, &matches, sink);
        }
        let quotes = at - key.name.end;
        if matches.is_empty()
            && Known::can_ignore(key.name.len(), quotes)
            && let Some(front) = names_nothing(text, &key, traits)
        {
            sink.known.ignore(text, at, key.name.len(), quotes, front);
        }
        sink.matches = matches;
    }

    /// Claims the value that starts at `start`, if its key is sensitive.
    pub(super) fn at_key(&self, text: &[u8], key: &Key, start: usize, reader: &mut Reader<'_>, sink: &mut Sink<'_>) {
        let mut matches = std::mem::take(&mut sink.matches);
        self.look_up(&text[key.name.range()], sink.known, &mut matches);
        if !matches.is_empty() {
            self.claim(text, key, start, reader, &matches, sink);
        }
        sink.matches = matches;
    }

    /// Claims what a dialect read as the value of the field `name`.
    pub(super) fn claim_read(&self, text: &[u8], name: Span, span: Span, quoted: bool, sink: &mut Sink<'_>) {
        let mut matches = std::mem::take(&mut sink.matches);
        self.look_up(&text[name.range()], sink.known, &mut matches);
        let key = Key { name, quote: None, start: span.start };
        let value = Value { span, quote: None, end: span.end + usize::from(quoted) };
        for found in &matches {
            self.claim_value(text, &key, value, found.rule, sink);
        }
        sink.matches = matches;
    }

    /// Claims the number behind a word of another script, if it is the name of a sensitive field, or what is said there.
    pub fn at_number(&self, text: &[u8], at: usize, sink: &mut Sink<'_>) {
        if let Some((key, value)) = spoken::number(text, at) {
            self.claim_read(text, key.name, value, true, sink);
        }
        match stated::find(text, at) {
            Some(stated::Stated { name: stated::Name::Here(name), value }) => {
                self.claim_read(text, name, value, true, sink);
            }
            Some(stated::Stated { name: stated::Name::Known(name), value }) => {
                self.claim_named(text, name, value, sink);
            }
            None => {}
        }
    }

    /// Claims the arguments of a Redis command, if `text` is a line of `MONITOR`.
    pub fn at_command(&self, text: &[u8], sink: &mut Sink<'_>) {
        for monitor::Argument { name, value } in monitor::arguments(text) {
            if &text[value.range()] == b"(redacted)" {
                continue;
            }
            match name {
                Some(name) => self.claim_read(text, name, value, true, sink),
                None => self.claim_named(text, b"password", value, sink),
            }
        }
    }

    /// Claims the pairs of CEF and LEEF, whose values may hold blanks.
    pub fn at_extension(&self, text: &[u8], colon: usize, reader: &mut Reader<'_>, sink: &mut Sink<'_>) {
        if sink.is_spent() {
            return;
        }
        let limit = reader.limit(colon);
        sink.work += limit - colon;
        let Some((delimiter, pairs)) = cef::pairs(&text[..limit], colon) else { return };
        reader.delimit(delimiter);
        for pair in pairs {
            self.claim_read(text, pair.name, pair.value, pair.value.end < limit, sink);
        }
    }

    /// Claims `span` as what a field of this name holds.
    pub(super) fn claim_named(&self, text: &[u8], name: &[u8], span: Span, sink: &mut Sink<'_>) {
        let mut matches = std::mem::take(&mut sink.matches);
        self.look_up(name, sink.known, &mut matches);
        let key = Key { name: Span::new(span.start, span.start), quote: None, start: span.start };
        for found in &matches {
            let value = Value { span, quote: None, end: span.end + 1 };
            self.claim_value(text, &key, value, found.rule, sink);
        }
        sink.matches = matches;
    }

    /// Claims the cell of a table whose column is called `name`.
    pub fn claim_cell(&self, text: &[u8], name: &[u8], span: Span, sink: &mut Sink<'_>) {
        let mut matches = std::mem::take(&mut sink.matches);
        self.look_up(name, sink.known, &mut matches);
        // No sentence stands in a column of passwords.
        let key = Key { name: span, quote: Some(Quote { byte: b'"', level: 0, depth: 0 }), start: span.start };
        let value = Value { span, quote: None, end: span.end };
        for found in &matches {
            self.claim_value(text, &key, value, found.rule, sink);
        }
        sink.matches = matches;
    }

    fn claim(
        &self,
        text: &[u8],
        key: &Key,
        start: usize,
        reader: &mut Reader<'_>,
        matches: &[Match],
        sink: &mut Sink<'_>,
    ) {
        let kind =
            matches.iter().map(|m| self.kinds[m.rule.0 as usize]).max_by_key(|kind| breadth(*kind)).unwrap_or_default();
        // Nothing beyond what an earlier key covers has to be read again: keeps `password={password={…` linear.
        if start < sink.covered && matches.iter().all(|m| sink.settles(m.rule)) {
            return;
        }
        let mut start = start;
        loop {
            let value = reader.value(key, start, kind);
            sink.work += value.span.len();
            for found in matches {
                let taken = self.claim_value(text, key, value, found.rule, sink);
                if taken > sink.covered {
                    sink.covered = taken;
                    sink.covered_strictness = sink.strictness(found.rule);
                }
            }
            // Terraform's plans show what a value is and what it will be: `password = "a" -> "b"`.
            let next = value.end + ARROW.len();
            let quoted = value.end > value.span.end && text[value.end..].starts_with(ARROW);
            if !quoted || text[next..].iter().find(|b| **b != b'\\').is_none_or(|b| *b != b'"') {
                break;
            }
            start = next;
        }
    }

    /// Where what was taken ends; 0 if nothing was.
    fn claim_value(&self, text: &[u8], key: &Key, value: Value, rule: RuleIx, sink: &mut Sink<'_>) -> usize {
        let (kind, of_user) = (self.kinds[rule.0 as usize], self.of_user[rule.0 as usize]);
        // A value whose name stands elsewhere has no key to go along.
        let keyed = key.start < value.span.start;
        let field = if keyed { Span::new(key.start, value.end) } else { value.span };
        let quoted = value.quote.is_none() && value.end > value.span.end;
        let mut taken = 0;
        let bytes = &text[value.span.range()];
        let object = !quoted && (is_object(bytes) || bytes.starts_with(b"map["));
        let says = || match key.quote {
            _ if of_user => false,
            _ if quoted => {
                is_parsed(text, key)
                    || is_complaint(text, key, value.span)
                    || is_own_name(text, key, value.span)
                    || reference::is_prompt(&text[key.name.range()], bytes)
            }
            _ if value.span.is_empty() => false,
            None => {
                is_prose(text, key, value.span)
                    || graphql::is_variable(text, value.span)
                    || reference::is_reference(text, key, value.span)
            }
            Some(_) => is_prose_behind_quotes(text, key, value.span),
        };
        let refers = !of_user
            && (quoted && klog::is_reference(text, key, value.span)
                || object && klog::is_object_reference(&text[key.name.range()], bytes));
        if refers || object && is_switches(bytes) {
            return 0;
        }
        let mut put = |span: Span, quote| {
            let bytes = &text[span.range()];
            let bare = !quoted && span == value.span;
            if !is_empty_value(bytes, bare) && !is_placeholder(bytes) && sink.claim(Claim { rule, span, quote, field })
            {
                taken = span.end;
            }
        };
        if !quoted && let Some(span) = graphql::given(text, value.span) {
            sink.claim(Claim { rule, span, quote: None, field: span });
            return 0;
        }
        match kind {
            ValueKind::Credential | ValueKind::Cookies if says() => {}
            ValueKind::Credential if !object => {
                if let Some(span) = credential::secret_part(text, value.span, quoted) {
                    put(span, value.quote.filter(|_| span == value.span));
                }
            }
            ValueKind::Cookies if !object => {
                for span in cookies::values(text, value.span) {
                    put(span, value.quote.filter(|_| span == value.span));
                }
                // Attributes stay, so keys in them are worth a look: `SameSite=Lax token=x; b=y`.
                taken = taken.min(cookies::attributes_begin(text, value.span));
            }
            _ if says() || !of_user && !quoted && key.quote.is_none() && is_pair(text, value.span) => {}
            _ => put(value.span, value.quote),
        }
        taken
    }

    /// Claims the text of the XML element whose end tag starts at `at`.
    pub fn at_tag(&self, text: &[u8], at: usize, sink: &mut Sink<'_>) {
        // A start tag whose text is in the next line: of that a block knows.
        if text.get(at + 1).is_some_and(u8::is_ascii_alphabetic) {
            return;
        }
        let Some(element) = xml::element(text, at, sink.tag_floor) else { return };
        let mut matches = std::mem::take(&mut sink.matches);
        self.look_up(element.name, sink.known, &mut matches);
        if matches.is_empty()
            && !element.text.is_empty()
            && let Some(start) = element.start
        {
            if let Some(name) = xml::name_beside(text, start) {
                self.look_up(&text[name.range()], sink.known, &mut matches);
            } else if owner::is_name(element.name) {
                self.by_elements(text, start, at, &text[element.text.range()], &mut matches);
            }
        }
        if !matches.is_empty() {
            let span = element.text;
            // `<a>\n<password>` closes nothing of its own: only text directly inside counts.
            if !span.is_empty() && !is_placeholder(&text[span.range()]) {
                for found in &matches {
                    sink.claim(Claim { rule: found.rule, span, quote: None, field: span });
                }
            }
            sink.tag_floor = at;
        }
        sink.matches = matches;
    }

    /// Claims the argument of the flag that starts at `at`.
    pub fn at_flag(&self, text: &[u8], at: usize, reader: &mut Reader<'_>, sink: &mut Sink<'_>) {
        if let Some(password) = flag::archive_password(text, at) {
            self.claim_named(text, b"password", password, sink);
        } else if let Some((key, value)) = flag::argument(text, at) {
            self.at_key(text, &key, value, reader, sink);
        }
    }

    /// Claims the second of two strings in brackets, the first of which opens at `at`.
    pub fn at_tuple(&self, text: &[u8], at: usize, reader: &mut Reader<'_>, sink: &mut Sink<'_>) {
        let Some((key, start)) = tuple::pair(text, at) else { return };
        let mut matches = std::mem::take(&mut sink.matches);
        self.look_up(&text[key.name.range()], sink.known, &mut matches);
        if !matches.is_empty() {
            let value = reader.value(&key, start, ValueKind::Word);
            if tuple::ends(text, value.span, value.end) || tuple::alternates(text, key.start) {
                self.claim(text, &key, start, reader, &matches, sink);
            }
        }
        sink.matches = matches;
    }
}

fn breadth(kind: ValueKind) -> u8 {
    match kind {
        ValueKind::Word => 0,
        ValueKind::Words => 1,
        ValueKind::Cookies => 2,
        ValueKind::Credential => 3,
    }
}
