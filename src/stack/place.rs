//! Frames that tell their place behind the call or in front of it, of runtimes with one kind of line: Elixir and Erlang, Perl,
//! and native code.

/// `(phoenix 1.7.0) lib/a.ex:12: A.f/2`, as Elixir's `Exception.format_stacktrace_entry/1` writes it; the application is left
/// out for one's own.
pub(super) fn is_beam(text: &[u8]) -> bool {
    let place = match text.strip_prefix(b"(") {
        Some(rest) => {
            let close = memchr::memmem::find(&rest[..rest.len().min(128)], b") ");
            close.map_or(&[][..], |close| &rest[close + 2..])
        }
        None => text,
    };
    let path = place.iter().take_while(|b| **b != b':' && **b != b' ').count();
    let digits = digits(place.get(path + 1..).unwrap_or_default());
    let source = [&b".ex"[..], b".exs", b".erl"].iter().any(|end| place[..path].ends_with(end));
    source && digits > 0 && place[path + 1 + digits..].starts_with(b": ")
}

/// `in function  m:f/2 (a.erl, line 3)`, `in call from m:g/1 (a.erl, line 4)`, as Erlang's shell and `erl_error` print them; what
/// is built in has no place (erlang.org, "Errors and Error Handling").
pub(super) fn is_erlang(text: &[u8]) -> bool {
    let call = text.strip_prefix(b"in function ").or_else(|| text.strip_prefix(b"in call from "));
    let Some(call) = call.map(<[u8]>::trim_ascii_start) else { return false };
    let name = call.iter().take_while(|b| **b != b' ').count();
    let slash = memchr::memrchr(b'/', &call[..name]);
    let arity = slash.is_some_and(|at| at + 1 < name && digits(&call[at + 1..name]) == name - at - 1);
    let place = &call[name..];
    let placed = || place.starts_with(b" (") && memchr::memmem::find(place, b", line ").is_some();
    arity && (place.is_empty() || placed())
}

/// `main::pay(4111, "x") called at a.pl line 3` (Carp, "cluck").
pub(super) fn is_perl(text: &[u8]) -> bool {
    let Some(at) = memchr::memmem::rfind(text, b" called at ") else { return false };
    let place = text.strip_suffix(b".").unwrap_or(text);
    let digits = place.iter().rev().take_while(|b| b.is_ascii_digit()).count();
    let name = text[..at].iter().take_while(|b| b.is_ascii_alphanumeric() || b"_:".contains(b)).count();
    let called = name == at || text[name] == b'(' && text[at - 1] == b')' || text.starts_with(b"eval {");
    digits > 0 && place[at..place.len() - digits].ends_with(b" line ") && called
}

/// `0   CoreFoundation   0x00007fff2041 __exceptionPreprocess + 242`, `./prog(f+0x1d) [0x4005d6]`.
pub(super) fn is_native(text: &[u8]) -> bool {
    let hex = |text: &[u8]| text.iter().take_while(|b| b.is_ascii_hexdigit()).count();
    let count = digits(text);
    if count > 0 && count < 4 && matches!(text.get(count), Some(b' ' | b'\t')) {
        let rest = text[count..].trim_ascii_start();
        let at = memchr::memmem::find(rest, b" 0x").map(|at| at + 3).or(rest.starts_with(b"0x").then_some(2));
        return at.is_some_and(|at| hex(&rest[at..]) >= 8 && rest[at..].contains(&b' '));
    }
    let Some(at) = memchr::memmem::rfind(text, b"[0x") else { return false };
    let digits = hex(&text[at + 3..]);
    digits >= 4 && text[at + 3 + digits..] == *b"]" && (text[..at].ends_with(b") ") || text[..at].ends_with(b")"))
}

/// `/srv/a.php:12`, as Monolog has it (`NormalizerFormatter`, "trace").
pub(super) fn is_php_place(text: &[u8]) -> bool {
    let line = text.iter().rev().take_while(|b| b.is_ascii_digit()).count();
    line > 0 && text[..text.len() - line].ends_with(b".php:") && !text.contains(&b' ')
}

/// `from /x.rb:3:in 'm'`, and the same without `from`. Followed by a colon it is the message.
pub(super) fn is_ruby(text: &[u8]) -> bool {
    let from = text.strip_prefix(b"from ");
    let place = from.unwrap_or(text);
    let Some(at) = memchr::memmem::find(place, b":in ") else { return false };
    let line = place[..at].iter().rev().take_while(|b| b.is_ascii_digit()).count();
    let name = &place[at + 4..];
    let quoted = matches!(name.first(), Some(b'\'' | b'`'));
    let path = !place[..at].contains(&b' ');
    line > 0 && place[..at - line].ends_with(b":") && quoted && path && matches!(name.last(), Some(b'\''))
}

/// How many digits `text` begins with.
pub(super) fn digits(text: &[u8]) -> usize {
    text.iter().take_while(|b| b.is_ascii_digit()).count()
}
