//! What frames look like, by language. From the languages' own documentation of what they print, and from samples.

use super::drawn::Drawn;
use super::place::{digits, is_beam, is_erlang, is_native, is_perl, is_php_place, is_ruby};

/// What a line is within a trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Begins a trace and is no frame: `Traceback (most recent call last):`, `goroutine 1 [running]:`.
    Head,
    /// One frame.
    Frame,
    /// Belongs to the frame above: its place, its source line.
    Detail,
    /// Values of variables.
    Locals,
    /// A cause, or what stands between two traces; the frames of the next one are counted anew.
    Cause,
    /// Nothing of a trace.
    Other,
}

/// The kind of trace, which says how later lines are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Java, Kotlin, Scala, Node, .NET: `at …`.
    At,
    /// Python, also as loguru and rich print it.
    Python,
    /// Go, also as zap and pkg/errors print it.
    Go,
    /// Rust.
    Rust,
    /// `#0 …`: PHP, gdb, sanitizers, Dart; `0# …`: Boost.
    Numbered,
    /// Ruby.
    Ruby,
    /// Elixir and Erlang.
    Beam,
    /// Perl, as Carp prints it.
    Perl,
    /// Swift, Objective-C, glibc: a number or a program, and an address.
    Native,
}

/// Reads `line`, which is a payload without its line ending, in a trace of kind `open`, if one is open.
pub fn read(line: &[u8], open: Option<Kind>) -> (Part, Kind) {
    let (indent, text) = unindent(line);
    read_indented(line, text, indent, open)
}

/// The same for an item of a list of strings, whose first line says it; it may be a place alone, and only in Go it is indented.
pub fn read_item(item: &[u8], open: Option<Kind>) -> (Part, Kind) {
    let line = &item[..spelled_break(item)];
    let (indent, text) = unindent(line);
    if is_php_place(text) {
        return (Part::Frame, Kind::Numbered);
    }
    let indent = if open == Some(Kind::Go) || text.starts_with(b"goroutine ") { indent } else { indent + 1 };
    read_indented(line, text, indent, open)
}

fn read_indented(line: &[u8], text: &[u8], indent: usize, open: Option<Kind>) -> (Part, Kind) {
    let kind = open.unwrap_or(Kind::At);
    if text.is_empty() {
        // Between goroutines and threads, and within what loguru prints; elsewhere a trace is over at an empty line.
        let part = match open {
            Some(Kind::Go | Kind::Numbered) => Part::Cause,
            Some(Kind::Python) => Part::Detail,
            _ => Part::Other,
        };
        return (part, kind);
    }
    if let Some(found) = head(text, indent) {
        return found;
    }
    if let Some(kind) = open {
        if is_cause(text) {
            return (Part::Cause, kind);
        }
        if let Some(part) = within(line, text, indent, kind) {
            return (part, kind);
        }
    }
    frame(text, indent).map_or((Part::Other, kind), |kind| (Part::Frame, kind))
}

/// Lines that begin a trace whatever came before.
fn head(text: &[u8], indent: usize) -> Option<(Part, Kind)> {
    let traceback = |text: &[u8]| {
        text.starts_with(b"Traceback (most recent call last)") || Drawn::of(text).is_some_and(Drawn::is_head)
    };
    let is_goroutine = |text: &[u8]| text.starts_with(b"goroutine ") && text.ends_with(b"]:");
    if traceback(text) || text.starts_with(b"+ Exception Group Traceback") || text.starts_with(b"| Traceback (most") {
        return Some((Part::Head, Kind::Python));
    }
    if is_goroutine(text) && indent == 0 {
        return Some((Part::Head, Kind::Go));
    }
    if text.eq_ignore_ascii_case(b"stack backtrace:") {
        return Some((Part::Head, Kind::Rust));
    }
    None
}

/// What causes and the lines between two traces begin with.
pub fn is_cause(text: &[u8]) -> bool {
    const CAUSES: [&[u8]; 12] = [
        b"Caused by",
        b"Suppressed:",
        b"Wrapped by:",
        b"[cause]:",
        b"[errors]:",
        b"During handling of the above exception",
        b"The above exception was the direct cause",
        b"panic:",
        b"[signal ",
        b"Thread ",
        b"Next ",
        b"---> ",
    ];
    CAUSES.iter().any(|cause| text.starts_with(cause))
}

/// Lines that mean something only within a trace of `kind`.
fn within(line: &[u8], text: &[u8], indent: usize, kind: Kind) -> Option<Part> {
    match kind {
        Kind::At => {
            let rest = text.starts_with(b"... ") && (text.ends_with(b" more") || text.ends_with(b"omitted"));
            (rest || text.starts_with(b"--- End of ")).then_some(Part::Detail)
        }
        Kind::Python => python(text, indent),
        Kind::Go => go(line, text, indent),
        Kind::Rust => {
            let digits = digits(text);
            if digits > 0 && text[digits..].starts_with(b": ") {
                return Some(Part::Frame);
            }
            (indent > 4 && text.starts_with(b"at ")).then_some(Part::Detail)
        }
        Kind::Numbered => {
            if text.starts_with(b"No locals.") {
                return Some(Part::Locals);
            }
            // `bt full` of gdb.
            let local = indent > 4 && memchr::memmem::find(text, b" = ").is_some();
            (local && frame(text, indent).is_none()).then_some(Part::Locals)
        }
        Kind::Ruby => text.starts_with(b"... ").then_some(Part::Detail),
        Kind::Beam | Kind::Perl | Kind::Native => None,
    }
}

fn python(text: &[u8], indent: usize) -> Option<Part> {
    // What an exception group prints stands behind a bar.
    let bare = text.strip_prefix(b"| ").map(<[u8]>::trim_ascii_start);
    if is_python_frame(bare.unwrap_or(text)) {
        return Some(Part::Frame);
    }
    if let Some(drawn) = Drawn::of(text) {
        return Some(drawn.part());
    }
    if text.starts_with(b"[Previous line repeated ") {
        return Some(Part::Detail);
    }
    // The source line, and what points into it.
    let deep = if bare.is_some() { memchr::memmem::find(text, b"|     ") == Some(0) } else { indent >= 4 };
    deep.then_some(Part::Detail)
}

fn go(line: &[u8], text: &[u8], indent: usize) -> Option<Part> {
    if indent > 0 && (is_go_place(text) || line.starts_with(b"\t")) || text.starts_with(b"...") {
        return Some(Part::Detail);
    }
    if text.starts_with(b"created by ") || text.starts_with(b"runtime.") {
        return Some(Part::Frame);
    }
    // `main.(*Server).run(0xc000010000, 0x2)`, or the bare name as zap has it.
    let name = text.iter().take_while(|b| b.is_ascii_alphanumeric() || b"_./*()-[]{}~,%".contains(b)).count();
    let rest = &text[name..];
    let called = text.ends_with(b")") && memchr::memchr(b'(', text).is_some_and(|at| at > 0 && at <= name);
    let named = rest.is_empty() || called || rest.starts_with(b"\xc2\xb7") || rest.starts_with(b"\xe2\x80");
    let dotted = memchr::memchr(b'.', &text[..name]).is_some() && !text.ends_with(b".");
    (indent == 0 && named && dotted && text[0].is_ascii_alphabetic()).then_some(Part::Frame)
}

/// `/src/main.go:12 +0x1d`
fn is_go_place(text: &[u8]) -> bool {
    let Some(at) = memchr::memmem::find(text, b".go:") else { return false };
    let rest = &text[at + 4..];
    let digits = digits(rest);
    let path = !text[..at].contains(&b' ');
    path && digits > 0 && (rest.len() == digits || rest[digits..].starts_with(b" +0x"))
}

/// `File "x.py", line 3, in f`; `│ x.py:3 in f │` of rich.
fn is_python_frame(text: &[u8]) -> bool {
    if Drawn::of(text).is_some_and(Drawn::is_frame) {
        return true;
    }
    let text = text.strip_prefix(b"> ").unwrap_or(text);
    let Some(rest) = text.strip_prefix(b"File ") else { return false };
    let rest = &rest[crate::slashes::leading(rest)..];
    rest.starts_with(b"\"") && memchr::memmem::find(rest, b", line ").is_some()
}

/// Lines that are frames by themselves.
fn frame(text: &[u8], indent: usize) -> Option<Kind> {
    if let Some(rest) = text.strip_prefix(b"at ").filter(|_| indent > 0) {
        return is_at(rest).then_some(Kind::At);
    }
    if is_python_frame(text) {
        return Some(Kind::Python);
    }
    if indent > 0 && is_go_place(text) {
        return Some(Kind::Go);
    }
    if is_numbered(text) {
        return Some(Kind::Numbered);
    }
    if is_ruby(text) {
        return Some(Kind::Ruby);
    }
    if indent > 0 && (is_beam(text) || is_erlang(text)) {
        return Some(Kind::Beam);
    }
    if indent > 0 && is_perl(text) {
        return Some(Kind::Perl);
    }
    is_native(text).then_some(Kind::Native)
}

/// What stands behind `at `: a place in brackets, or a bare one with a line number.
fn is_at(rest: &[u8]) -> bool {
    let open = memchr::memchr(b'(', rest);
    let called = open.is_some_and(|open| {
        // Names have blanks in front: `async f`, `new F`, `Object.<anonymous>`, `F [as g]`, `N.C.M[T]`.
        let name = &rest[..open];
        !name.is_empty() && memchr::memchr(b')', &rest[open..]).is_some() && memchr::memchr_iter(b' ', name).count() < 6
    });
    let numbered = || {
        let word = rest.strip_prefix(b"async ").unwrap_or(rest);
        let end = word.iter().rev().take_while(|b| b.is_ascii_digit() || **b == b':').count();
        end > 1 && !word[..word.len() - end].contains(&b' ') && word[word.len() - end] == b':'
    };
    called || rest == b"<anonymous>" || numbered()
}

/// `#0 /x.php(3): f()`, `#1  0x00 in main () at x.c:3`, ` 0# main at x.cpp:3`.
fn is_numbered(text: &[u8]) -> bool {
    let count = digits(text);
    let rest = if let [b'#', rest @ ..] = text {
        &rest[digits(rest)..]
    } else if count > 0 && text.get(count) == Some(&b'#') {
        &text[count + 1..]
    } else {
        return false;
    };
    if rest.first() != Some(&b' ') || text.len() - rest.len() < 2 {
        return false;
    }
    let rest = rest.trim_ascii_start();
    rest.starts_with(b"0x")
        || rest.starts_with(b"{main}")
        || rest.starts_with(b"[internal function]")
        || memchr::memmem::find(rest, b" (").is_some()
        || memchr::memmem::find(rest, b"): ").is_some()
        || memchr::memmem::find(rest, b" in ").is_some()
        || memchr::memmem::find(rest, b" at ").is_some()
}

/// Where the first line of `text` ends, whose breaks are spelled out.
fn spelled_break(text: &[u8]) -> usize {
    let end = memchr::memmem::find(text, b"\\n").unwrap_or(text.len());
    end - crate::slashes::trailing(&text[..end])
}

/// Columns of blanks in front (a tab is one of eight), and the rest. Tabs may be spelled out.
fn unindent(line: &[u8]) -> (usize, &[u8]) {
    let (mut at, mut columns) = (0, 0);
    loop {
        let slashes = crate::slashes::leading(&line[at..]);
        match line.get(at) {
            Some(b' ') => (at, columns) = (at + 1, columns + 1),
            Some(b'\t') => (at, columns) = (at + 1, columns + 8),
            Some(b'\\') if line.get(at + slashes) == Some(&b't') => (at, columns) = (at + slashes + 1, columns + 8),
            _ => return (columns, line[at..].trim_ascii_end()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_of_every_language_are_known_by_themselves() {
        let frames: &[(&str, Kind)] = &[
            ("\tat com.acme.Shop.pay(Shop.java:12)", Kind::At),
            ("\tat com.acme.Shop$$Lambda/0x01.run(Unknown Source) ~[shop.jar:1.2]", Kind::At),
            ("        at app//org.acme.T.t(T.kt:3)", Kind::At),
            ("    at Object.<anonymous> (/srv/a.js:3:9)", Kind::At),
            ("    at async Promise.all (index 0)", Kind::At),
            ("    at file:///srv/a.mjs:3:9", Kind::At),
            ("    at async /srv/a.js:3:9", Kind::At),
            ("   at Acme.Shop.Pay(String card) in C:\\src\\Shop.cs:line 12", Kind::At),
            ("\\tat com.acme.Shop.pay(Shop.java:12)", Kind::At),
            ("  File \"/srv/a.py\", line 3, in pay", Kind::Python),
            ("  File \\\"/srv/a.py\\\", line 3, in pay", Kind::Python),
            ("> File \"/srv/a.py\", line 3, in <module>", Kind::Python),
            ("│ /srv/a.py:3 in <module>       │", Kind::Python),
            ("\t/src/main.go:12 +0x1d", Kind::Go),
            ("\t/src/main.go:12", Kind::Go),
            ("#0 /srv/a.php(3): pay('4111')", Kind::Numbered),
            ("#2 {main}", Kind::Numbered),
            ("#0  0x00005555 in pay (card=0x0) at a.c:3", Kind::Numbered),
            ("#1  main () at a.c:9", Kind::Numbered),
            ("    #0 0x4f1 in pay /srv/a.c:3:5", Kind::Numbered),
            ("#0      main (file:///a.dart:3:4)", Kind::Numbered),
            (" 0# pay() at a.cpp:3", Kind::Numbered),
            ("\tfrom /srv/a.rb:3:in 'Shop#pay'", Kind::Ruby),
            ("app/models/a.rb:3:in `pay'", Kind::Ruby),
            ("    (phoenix 1.7.0) lib/phoenix/endpoint.ex:12: Phoenix.Endpoint.call/2", Kind::Beam),
            ("    lib/acme/shop.ex:3: Acme.Shop.pay(\"4111\")", Kind::Beam),
            ("    (stdlib 4.0) gen_server.erl:1123: :gen_server.try_dispatch/4", Kind::Beam),
            ("      in function  shop:pay/2 (shop.erl, line 3)", Kind::Beam),
            ("      in call from shop:'run-1'/1 (src/shop.erl, line 4)", Kind::Beam),
            ("      in function  erlang:'+'/2", Kind::Beam),
            ("\tmain::pay(4111, \"x\") called at a.pl line 3", Kind::Perl),
            ("\teval {...} called at a.pl line 9", Kind::Perl),
            ("0   CoreFoundation                      0x00007fff20419fd1 __exceptionPreprocess + 242", Kind::Native),
            ("./prog(pay+0x1d) [0x4005d6]", Kind::Native),
        ];
        for (line, kind) in frames {
            assert_eq!(read(line.as_bytes(), None), (Part::Frame, *kind), "{line}");
            assert!(super::super::sign(line.as_bytes(), 0).is_some(), "{line}: no sign");
        }
    }

    #[test]
    fn ordinary_lines_are_no_frames() {
        for line in [
            "at 10:00 (UTC) all was well",
            "  at least 3 retries",
            "  at the end of the day: 12",
            "looking at foo (bar)",
            "#1 priority",
            "# 12 items (all)",
            "#42 was closed",
            "12 0x1f",
            "0: first",
            "/srv/a.rb:3:in 'pay': no money (RuntimeError)",
            "main.go:12 started",
            "listening on 10.0.0.1:8080",
            "2024-05-01 12:00:00 INFO File \"x\" saved",
            "goroutine pool has 3 workers",
            "addr [0x4005d6]",
            "  the plumber was called at noon on line 3",
            "lib/acme/shop.ex:3: warning: unused",
            "  in function f of a.c",
            "  f(x) called at 10:00",
            "",
        ] {
            assert_eq!(read(line.as_bytes(), None).0, Part::Other, "{line}");
        }
    }

    #[test]
    fn later_lines_are_read_by_the_kind_of_trace() {
        let lines: &[(Kind, &str, Part)] = &[
            (Kind::At, "\t... 12 more", Part::Detail),
            (Kind::At, "Caused by: java.io.IOException: no", Part::Cause),
            (Kind::At, "   --- End of inner exception stack trace ---", Part::Detail),
            (Kind::At, "  [cause]: Error: no", Part::Cause),
            (Kind::Python, "    pay(card)", Part::Detail),
            (Kind::Python, "    ~~~^^^^^^", Part::Detail),
            (Kind::Python, "    \u{2502}   \u{2514} '4111'", Part::Locals),
            (Kind::Python, "ValueError: no", Part::Other),
            (Kind::Go, "main.(*Shop).pay(0xc000010000, 0x2)", Part::Frame),
            (Kind::Go, "github.com/acme/shop.Pay(...)", Part::Frame),
            (Kind::Go, "created by main.main in goroutine 1", Part::Frame),
            (Kind::Go, "exit status 2", Part::Other),
            (Kind::Rust, "   0: core::panicking::panic_fmt", Part::Frame),
            (Kind::Rust, "             at /rustc/x/library/core/src/panicking.rs:75:14", Part::Detail),
            (Kind::Numbered, "        card = 0x7f \"4111\"", Part::Locals),
        ];
        for (kind, line, part) in lines {
            assert_eq!(read(line.as_bytes(), Some(*kind)).0, *part, "{line}");
        }
    }
}
