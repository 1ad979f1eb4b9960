//! E-mail addresses; other things with an `@` stay.

use super::boundary::{after_escape, char_at, char_before, separates, word};
use super::url_password;
use crate::detect::vocabulary::Vocabulary;
use crate::span::Span;

/// The address round the `@` at `at`: a local part of letters of any language, digits and the marks of RFC 5321 and 6531
/// (or quoted), and a domain with a top level that can be one, or an address literal in brackets. White space, quotes,
/// brackets, `=`, `:`, `/`, `&` and escapes that stand for them end the local part.
///
/// No address: package and image versions, systemd units, objects of Java, users of a URL or of a host (`git@host`,
/// `user@host:dir/file`, prompts), message ids after their header's name, names of SSH's algorithms.
pub fn find(text: &[u8], at: usize) -> Option<Span> {
    let end = domain_end(text, at + 1)?;
    let start = local_start(text, at, end)?;
    let local = &text[start..at];
    let other = local == b"git"
        || host_follows(text, start, end, local)
        || url_password::is_userinfo(text, start, end)
        || message_id(text, start)
        || ssh_target(text, start)
        || ssh_name(local, &text[at + 1..end]);
    (!other).then_some(Span::new(start, end))
}

/// As [`find`], as far as a domain has a dot: see [`shape::may`](super::may).
pub fn may(lines: &[u8], at: usize) -> bool {
    let label = lines[at + 1..].iter().take(MAX_DOMAIN);
    let end = at + 1 + label.take_while(|b| b.is_ascii_alphanumeric() || **b == b'-' || !b.is_ascii()).count();
    // An address in brackets, or a label as long as a domain may be.
    match lines.get(end) {
        Some(b'.') => end > at + 1,
        Some(b'[') => end == at + 1,
        _ => end == at + 1 + MAX_DOMAIN,
    }
}

/// Where the domain that begins at `start` ends, if it is one.
fn domain_end(text: &[u8], start: usize) -> Option<usize> {
    if text.get(start) == Some(&b'[') {
        return literal_end(text, start + 1);
    }
    // 1. Labels of letters, digits and dashes, as far as they go.
    let mut end = start;
    while end < text.len() && end - start < MAX_DOMAIN {
        match text[end] {
            b'.' if end > start && text[end - 1] != b'.' => end += 1,
            b'-' if end > start => end += 1,
            b if b.is_ascii_alphanumeric() => end += 1,
            0x80.. => match char_at(text, end) {
                (c, _) if separates(c) => break,
                (_, length) => end += length,
            },
            _ => break,
        }
    }
    // 2. Back to a label that can be the top level: `bob@x.io.` and `bob@x.io-` lose the mark, `lodash@4.17.20` all.
    let first = text[start..end].split(|&b| b == b'.').next()?;
    loop {
        while end > start && matches!(text[end - 1], b'.' | b'-') {
            end -= 1;
        }
        let dot = start + text[start..end].iter().rposition(|&b| b == b'.')?;
        let top = &text[dot + 1..end];
        if top.len() > 3 && UNITS.has(top) {
            return None;
        }
        if let Some(length) = top_level(top) {
            let versioned = first.strip_prefix(b"v").unwrap_or(first).iter().all(u8::is_ascii_digit)
                && text[start + first.len() + 1].is_ascii_digit();
            return (!versioned && !retina(first) && &text[start..end] != b"localhost.localdomain")
                .then_some(dot + 1 + length);
        }
        end = dot;
    }
}

/// How much of the label is a top-level domain: ASCII letters (two or more) or Punycode, or all of another script. Text
/// of another script may follow `io` without a space.
fn top_level(label: &[u8]) -> Option<usize> {
    let ascii = label.iter().take_while(|b| b.is_ascii()).count();
    let (label, rest) = label.split_at(ascii);
    if label.is_empty() {
        return (!rest.is_empty()).then_some(rest.len());
    }
    let letters = (2..=24).contains(&ascii) && label.iter().all(u8::is_ascii_alphabetic);
    let punycode = ascii > 5 && label[..4].eq_ignore_ascii_case(b"xn--");
    let file = !COMMON.iter().any(|top| label.eq_ignore_ascii_case(top)) && FILES.has(label);
    ((letters || punycode) && !file).then_some(ascii)
}

/// An algorithm, extension or channel request of SSH (RFC 4251 section 6, `name@domainname`): `umac-64@openssh.com`. Those of
/// OpenSSH are in its file PROTOCOL.
fn ssh_name(local: &[u8], domain: &[u8]) -> bool {
    const OWNERS: [&[u8]; 4] = [b"openssh.com", b"libssh.org", b"tinyssh.org", b"putty.projects.tartarus.org"];
    const WORDS: [&[u8]; 10] =
        [b"zlib", b"keepalive", b"eow", b"tun", b"statvfs", b"fstatvfs", b"hardlink", b"fsync", b"limits", b"ping"];
    const CIPHERS: [&[u8]; 7] = [b"rijndael-", b"aes", b"hmac-", b"seed-", b"des-", b"ssh-", b"crypticore"];
    if OWNERS.contains(&domain) {
        return local.iter().any(|b| *b == b'-' || b.is_ascii_digit()) || WORDS.contains(&local);
    }
    matches!(domain, b"lysator.liu.se" | b"ssh.com") && CIPHERS.iter().any(|begin| local.starts_with(begin))
}

/// `2x` of `logo@2x.png`.
fn retina(label: &[u8]) -> bool {
    matches!(label, [b'1'..=b'9', b'x'])
}

/// End of `[8.8.8.8]` or `[IPv6:…]`, RFC 5321 section 4.1.3.
fn literal_end(text: &[u8], start: usize) -> Option<usize> {
    let length =
        text[start..].iter().take(46).take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b':')).count();
    let end = start + length;
    let inside = &text[start..end];
    let address = inside.first().is_some_and(u8::is_ascii_digit) || inside.starts_with(b"IPv6:");
    (address && text.get(end) == Some(&b']')).then_some(end + 1)
}

/// Where the local part begins that ends at `at`.
fn local_start(text: &[u8], at: usize, end: usize) -> Option<usize> {
    if at > 0 && text[at - 1] == b'"' {
        return quoted_start(text, at - 1);
    }
    let floor = at.saturating_sub(MAX_LOCAL);
    let mut start = at;
    while start > floor {
        match text[start - 1] {
            b'%' if non_local_escape(&text[start..at]) => {
                start += 2;
                break;
            }
            b if b.is_ascii_alphanumeric() || is_mark(b) => start -= 1,
            // `o'brien@…`, but not the quote that another one closes.
            b'\'' if start > 1 && word(text[start - 2]) && start < at && text.get(end) != Some(&b'\'') => start -= 1,
            0x80.. => match char_before(text, start) {
                (c, _) if separates(c) => break,
                (_, length) => start -= length,
            },
            _ => break,
        }
    }
    start = envelope_start(text, start, end).unwrap_or_else(|| after_escape(text, start, at));
    while start < at && !word(text[start]) && text[start].is_ascii() {
        start += 1; // marks that begin no address
    }
    (start < at && text[at - 1] != b'.').then_some(start)
}

/// Where the address of an envelope begins that holds that of a recipient, its at sign written as `=` (VERP, `SRS0=…`, `prvs=…`):
/// `MAIL FROM:<news+bounce=jo=example.test@…>`. `start` is where its last part begins.
fn envelope_start(text: &[u8], start: usize, end: usize) -> Option<usize> {
    if text.get(end) != Some(&b'>') || start == 0 || text[start - 1] != b'=' {
        return None;
    }
    let part = |b: &&u8| b.is_ascii_alphanumeric() || **b == b'=' || is_mark(**b);
    let before = &text[..start - text[..start].iter().rev().take(MAX_LOCAL).take_while(part).count()];
    (before.ends_with(b":<") || before.ends_with(b"=<")).then_some(before.len())
}

/// Marks that addresses are known to hold, of those that RFC 5322 allows in an atom.
fn is_mark(byte: u8) -> bool {
    matches!(byte, b'.' | b'_' | b'%' | b'+' | b'-' | b'!' | b'#' | b'$' | b'*' | b'^' | b'~')
}

/// Two hex digits that stand for something no local part holds: `%3D`, `%22`, `%20`.
fn non_local_escape(rest: &[u8]) -> bool {
    let digit = |at: usize| char::from(*rest.get(at)?).to_digit(16);
    let decoded = digit(0).zip(digit(1)).map(|(high, low)| (high << 4 | low) as u8);
    decoded.is_some_and(|b| b < 0x80 && !b.is_ascii_alphanumeric() && !is_mark(b))
}

/// Where a quoted local part begins whose closing quote is at `close`.
fn quoted_start(text: &[u8], close: usize) -> Option<usize> {
    let inside = &text[close.saturating_sub(64)..close];
    let open = inside.iter().rposition(|&b| b == b'"')?;
    let local = &inside[open + 1..];
    let plain = !local.is_empty() && local.iter().all(|b| !b.is_ascii_control() && !b"\\:,{}[]=".contains(b));
    plain.then(|| close - local.len() - 1)
}

/// The name of a host stands after the `@`: a path, a port for a service's account, a shell's prompt.
fn host_follows(text: &[u8], start: usize, end: usize, local: &[u8]) -> bool {
    let bracketed = start > 0 && text[start - 1] == b'[';
    match text[end..] {
        [b' ', b'~' | b'/', ..] => bracketed,
        [b':', b'~' | b'/', ..] => true,
        [b':', b, ..] if word(b) || b == b'.' => {
            let ends = |b: &u8| b.is_ascii_whitespace() || b"\"'`<>,;|@:\\".contains(b);
            let rest: &[u8] = &text[end + 1..];
            let rest = &rest[..rest.iter().take(128).take_while(|b| !ends(b)).count()];
            let port = rest.len() <= 5 && rest.iter().all(u8::is_ascii_digit);
            rest.contains(&b'/') || rest.ends_with(b".git") || (port && ACCOUNTS.has(local))
        }
        _ => false,
    }
}

/// The user and host that `ssh` is to go to: only options stand between the two.
fn ssh_target(text: &[u8], start: usize) -> bool {
    let Some(before) = text[start.saturating_sub(160)..start].strip_suffix(b" ") else { return false };
    let mut parts = before.rsplit(|b| *b == b' ').peekable();
    while let Some(part) = parts.next() {
        if let Some(path) = part.strip_suffix(b"ssh") {
            return path.last().is_none_or(|b| !word(*b) && *b != b'-');
        }
        // `-o Key=value`, `-i file`, `-p 22`: a letter alone takes the next word along.
        let valued = parts.peek().is_some_and(|option| matches!(option, [b'-', letter] if *letter != b'v'));
        if !valued && part.first().is_some_and(|b| *b != b'-') {
            return false;
        }
    }
    false
}

/// The name of a header with message ids and `<` stand directly before.
fn message_id(text: &[u8], start: usize) -> bool {
    let Some(before) = text[..start].strip_suffix(b"<") else { return false };
    let gap = before.iter().rev().take(3).take_while(|b| b" :=".contains(b)).count();
    let name = &before[..before.len() - gap];
    gap > 0
        && [&b"message-id"[..], b"msgid", b"in-reply-to", b"references"]
            .iter()
            .any(|header| name.len() >= header.len() && name[name.len() - header.len()..].eq_ignore_ascii_case(header))
}

/// Longest local part looked at. RFC 5321 allows 64; longer runs are masked all the same, as far back as this.
const MAX_LOCAL: usize = 320;

/// Longest domain, RFC 1035.
const MAX_DOMAIN: usize = 255;

/// Accounts that services and machines have; `postgres@db.example.com:5432` is a connection.
static ACCOUNTS: Vocabulary = Vocabulary::new(
    "root postgres mysql redis mongodb admin app user ubuntu ec2-user centos debian deploy jenkins hg svn \
    nobody www-data nginx kafka rabbitmq guest sa elastic",
);

/// Endings of systemd's units, whose instance stands after an `@`.
static UNITS: Vocabulary = Vocabulary::new("service socket timer target mount automount slice scope device swap path");

/// Top-level domains of most addresses, told from endings of files without a search.
const COMMON: [&[u8]; 8] = [b"com", b"org", b"net", b"io", b"de", b"uk", b"fr", b"example"];

/// Endings of files that are no top-level domains.
static FILES: Vocabulary = Vocabulary::new(
    "png jpg jpeg gif webp svg ico bmp tiff avif css scss less js mjs cjs jsx ts tsx vue map json html htm \
    xml yaml yml toml ini conf cfg txt log csv pdf tgz gz bz2 xz tar jar war class java php exe dll lock \
    woff ttf rpm deb whl gem",
);

#[cfg(test)]
mod tests {
    use super::super::testing::{finds, stays_linear};
    use super::*;

    #[test]
    fn finds_addresses() {
        for (text, found) in [
            ("to john@x.io, ok", "john@x.io"),
            ("john.doe+tag_1%a-b@mail.example.co.uk.", "john.doe+tag_1%a-b@mail.example.co.uk"),
            ("<john@x.io>", "john@x.io"),
            ("mailto:a@b.io", "a@b.io"),
            ("?email=a@b.io&x=1", "a@b.io"),
            ("a@b.io:", "a@b.io"),
            ("a@b.io: no", "a@b.io"),
            ("bob@x.io:hunter2", "bob@x.io"),
            ("jürgen@exämple.de", "jürgen@exämple.de"),
            ("用户@例子.中国", "用户@例子.中国"),
            ("a@xn--d1acufc.xn--p1ai", "a@xn--d1acufc.xn--p1ai"),
            ("j\u{200b}ohn@x.io", "j\u{200b}ohn@x.io"),
            ("“john@x.io”", "john@x.io"),
            ("邮箱：john@x.io。", "john@x.io"),
            ("john@x.io发送", "john@x.io"),
            ("ssh login for bob@x.io", "bob@x.io"),
            ("o'brien@x.io", "o'brien@x.io"),
            ("'bob@x.io'", "bob@x.io"),
            ("b'bob@x.io'", "bob@x.io"),
            ("\\njohn@x.io", "john@x.io"),
            ("\\u003cjohn@x.io\\u003e", "john@x.io"),
            ("\\tjohn@x.io", "john@x.io"),
            ("\x1b[32mbob@x.io\x1b[0m", "bob@x.io"),
            ("%3Djohn@x.io", "john@x.io"),
            ("%22john@x.io%22", "john@x.io"),
            ("a%2Bb@x.io", "a%2Bb@x.io"),
            ("\"john doe\"@x.io", "\"john doe\"@x.io"),
            ("user@[8.8.8.8]", "user@[8.8.8.8]"),
            ("{\"to\":\"a@b.io\"}", "a@b.io"),
            ("a@b.io@c.de", "a@b.io | b.io@c.de"),
            ("-bob@x.io", "bob@x.io"),
            ("https://x.io/?m=a@b.io", "a@b.io"),
            ("https://x.io/u/a@b.io/y", "a@b.io"),
            ("smtp://user@example.com@host", "user@example.com"),
            ("smtp://user@example.com:pw@mail.host.io", "user@example.com"),
            ("http://h&email=bob@x.io", "bob@x.io"),
            ("https://u:p&w=d@host.io:1", "d@host.io"), // the password's shape finds the rest
            ("sip:bob@x.io:5060", "bob@x.io"),
            ("bob@x.io_1", "bob@x.io"),
            ("john@corp.local", "john@corp.local"),
            ("bob@x.io.log", "bob@x.io"),
            ("12345@163.com", "12345@163.com"),
            ("REALM/bob@ACME.COM", "bob@ACME.COM"),
            ("noreply@x.io (a)", "noreply@x.io"),
            ("CORP\\jim@x.io", "jim@x.io"),
            ("a..b@x.io", "a..b@x.io"),
        ] {
            assert_eq!(finds(find, b'@', text), found, "{text:?}");
        }
    }

    #[test]
    fn longer_local_parts_are_masked_too() {
        let long = "a".repeat(200) + "@x.io";
        assert_eq!(finds(find, b'@', &long), long);
        assert_eq!(finds(find, b'@', &("é".repeat(400) + "@x.io")), "é".repeat(160) + "@x.io");
        assert_eq!(finds(find, b'@', &("x".to_owned() + &"é".repeat(400) + "@x.io")), "é".repeat(160) + "@x.io");
        assert_eq!(finds(find, b'@', &("中".repeat(400) + "@x.io")), "中".repeat(107) + "@x.io");
        assert_eq!(find(b"j\xfcrgen@x.io", 6), Some(Span::new(0, 11)));
    }

    #[test]
    fn other_things_with_an_at_stay() {
        for text in [
            "kex: curve25519-sha256@libssh.org chacha20-poly1305@openssh.com zlib@openssh.com rijndael-cbc@lysator.liu.se",
            "git@github.com:acme/app.git",
            "git@github.com: Permission denied",
            "deploy@web1.acme.io:/srv/app",
            "user@host.acme.io:dir/f",
            "@types/node@18.1",
            "lodash@4.17.20: use 4.17.21",
            "react@18.2.0-rc.beta",
            "x@v1.2.io",
            "logo@2x.png",
            "logo@2x.min.js",
            "getty@tty1.service",
            "user@1000.service",
            "wg-quick@wg0.acme.service",
            "[ex@32473 a=\"b\"]",
            "com.acme.Bar@1f2e3d4c",
            "postgres@db-primary:5432",
            "user@host",
            "repo@sha256:abcdef",
            "app.io/x:1@sha256:abc",
            "https://user:pass@host.io/x",
            "ftp://bob@ftp.acme.io/",
            "redis://:pw@redis.acme.io:6379",
            "root@web1.example.com:~#",
            "ssh deploy@web1.example.com",
            "sshpass -e ssh -o StrictHostKeyChecking=no -p 22 deploy@web1.example.com uptime",
            "[root@web1.example.com ~]#",
            "Message-ID: <2025.abc@mail.x.io>",
            "message-id=<2025.abc@mail.x.io>",
            "postgres@db.acme.io:5432",
            "root@localhost.localdomain",
            "@x.io",
            "a@",
            "@",
            "a@.io",
            ".@x.io",
            "a@x.i",
            "a@x..io",
            "${USER}@x.io",
            "a@-",
            "foo@bar.1",
            "https://u:p@x.io@host.io",
            "jdbc:oracle:thin:scott/tiger@db.acme.io:1521",
            "photo@3x.webp",
            "user@[x]",
        ] {
            assert_eq!(finds(find, b'@', text), "", "{text:?}");
        }
    }

    #[test]
    fn a_repeated_fragment_costs_linear_time() {
        for fragment in ["a@", "@", "a@b.io", "a:b@", "a.b@c.d", "\"a\"@x.io", "a:b@x.io:", "é@", "x", "://a@b.io"] {
            stays_linear(find, b'@', fragment);
        }
    }
}
