//! Which dotted quads are versions: by what stands before them, what stands behind, and what is said of them.

use super::boundary::word;
use super::ipv4;
use crate::detect::vocabulary::Vocabulary;

/// What stands before says version: `Chrome/1.2.3.4`, `libfoo-1.2.3.4`, `version: 1.2.3.4`.
pub fn before(text: &[u8], start: usize, end: usize, octets: [u8; 4]) -> bool {
    let start = start - encoded_mark(&text[..start]);
    let Some(&before) = text[..start].last() else { return false };
    let small = octets[1..].iter().all(|&o| o < 32);
    match before {
        b'/' => {
            // `//8.8.8.8` and ` /8.8.8.8` are hosts; `Product/1.2.3.4` is a version; in a path the numbers decide.
            let name = &text[..start - 1];
            let token = token_before(name);
            match last_word(token) {
                [] => false,
                name if host_word(name) => false,
                _ if text.get(end) == Some(&b':') && text.get(end + 1).is_some_and(u8::is_ascii_digit) => false,
                _ if token.contains(&b'/') => small || octets[3] == 0,
                _ => !host_name(token),
            }
        }
        // `Package~31bf3856ad364e35~amd64~~6.1.34.0`: the language of a Windows package is empty in front of its version.
        b'~' => small || text[..start].ends_with(b"~~"),
        // `com.acme:auth:8.1.2.3`, as build tools name their packages.
        b':' if small => {
            let package = token_before(&text[..start - 1]);
            let colon = memchr::memchr(b':', package).unwrap_or(0);
            package[..colon].contains(&b'.') && package[..colon].iter().all(|b| word(*b) || b"._-".contains(b))
        }
        b'-' | b'_' => match last_word(&text[..start - 1]) {
            [] => false,
            name if host_word(name) => false,
            _ if domain_follows(text, end) => false,
            _ => small || octets[3] == 0,
        },
        _ => {
            let gap = text[..start].iter().rev().take(6).take_while(|b| !word(**b) && b.is_ascii()).count();
            let name = last_word(&text[..start - gap]);
            let said = version_word(name)
                || is_upgrade(&text[..start - gap], name, octets)
                || text[..start].ends_with("§".as_bytes())
                || SCRIPTS.iter().any(|word| text[..start - gap].ends_with(word.as_bytes()))
                || goes_up(text, start, end, octets);
            gap < 6 && (said || product_version(name, &text[start - gap..start], &text[end..], octets))
        }
    }
}

/// Length of the percent-encoded blank, colon or equals sign that `text` ends with, if the word for a version stands in front of it:
/// `/agent?version%202.7.18.4`.
fn encoded_mark(text: &[u8]) -> usize {
    const MARKS: [&[u8]; 5] = [b"%20", b"%3A", b"%3a", b"%3D", b"%3d"];
    let mark = MARKS.iter().any(|mark| text.ends_with(mark));
    if mark && version_word(last_word(&text[..text.len() - 3])) { 3 } else { 0 }
}

/// `upgraded from 1.2.3.4 to 1.2.3.5`, `rollback to 2.14.3.1`: what is said in front of it is said of versions.
fn is_upgrade(before: &[u8], name: &[u8], octets: [u8; 4]) -> bool {
    const SAID: [&[u8]; 5] = [b"pgrad", b"owngrad", b"ollback", b"olled back", b"olling back"];
    let near = &before[before.len().saturating_sub(64)..];
    matches!(name, b"from" | b"to")
        && octets.iter().all(|octet| *octet < 64)
        && SAID.iter().any(|said| memchr::memmem::find(near, said).is_some())
}

/// `libfoo 1.2.3.4 -> 1.2.3.5`, `from 21.14.3.17 to 21.14.3.18`: two numbers that begin alike, the second the greater,
/// behind a word for software that is replaced.
fn goes_up(text: &[u8], start: usize, end: usize, octets: [u8; 4]) -> bool {
    const BETWEEN: [&[u8]; 7] = [b" -> ", b" => ", b" to ", " → ".as_bytes(), b"->", b"=>", b" --> "];
    const SAID: [&[u8]; 10] =
        [b"pdat", b"pgrad", b"owngrad", b"ump", b"ersion", b"elease", b"ackage", b"nstall", b"chema", b"igrat"];
    const HOST: [&[u8]; 14] = [
        b"oute", b"ddr", b"ost", b"erver", b"eer", b"dns", b"DNS", b"pstream", b" ip", b" IP", b"ecord", b"ndpoint",
        b"lient", b"ateway",
    ];
    // 1. The other one of the two.
    let numeric = |b: &&u8| b.is_ascii_digit() || **b == b'.';
    let after = BETWEEN.iter().find(|between| text[end..].starts_with(between)).map(|between| end + between.len());
    let before = BETWEEN.iter().find(|between| text[..start].ends_with(between)).map(|between| start - between.len());
    let (first, (one, other)) = if let Some(from) = after {
        let length = text[from..].iter().take(ipv4::LONGEST + 1).take_while(numeric).count();
        let Some(other) = ipv4::octets(without_stop(&text[from..from + length])) else { return false };
        (start, (octets, other))
    } else if let Some(until) = before {
        let from = until - text[..until].iter().rev().take(ipv4::LONGEST + 1).take_while(numeric).count();
        let Some(other) = ipv4::octets(&text[from..until]) else { return false };
        (from, (other, octets))
    } else {
        return false;
    };
    // 2. As versions are, and said to be.
    let gap = text[..first].iter().rev().take(4).take_while(|b| !word(**b) && b.is_ascii()).count();
    let product = last_word(&text[..first - gap]);
    if one < other
        && other.iter().all(|octet| *octet < 64)
        && product_version(product, &text[first - gap..first], b"", one)
    {
        return true;
    }
    let near = &text[first.saturating_sub(64)..first];
    let said = |words: &[&[u8]]| words.iter().any(|word| memchr::memmem::find(near, word).is_some());
    one[0] < 100 && one[0].abs_diff(other[0]) < 2 && one < other && said(&SAID) && !said(&HOST)
}

/// Without the full stop of a sentence.
fn without_stop(number: &[u8]) -> &[u8] {
    number.strip_suffix(b".").unwrap_or(number)
}

/// `openssl 3.0.11.0`, `java (11.0.20.1)`: the name of a product, then numbers as small as those of versions are. Behind other words only
/// what no host has, as good as: `libfoo 2.0.7.0`. One octet four times is a resolver.
fn product_version(name: &[u8], gap: &[u8], after: &[u8], octets: [u8; 4]) -> bool {
    let digits = name.iter().rev().take_while(|b| b.is_ascii_digit()).count();
    let bare = &name[..name.len() - digits];
    let small = octets[1..].iter().all(|&o| o < 32) && octets.iter().any(|&o| o != octets[3]);
    let port = matches!(after, [b':', b'0'..=b'9', ..]);
    if port || after.first() == Some(&b'/') || !small {
        return false;
    }
    if PRODUCTS.has(bare) {
        return gap.len() < 4 && gap.iter().all(|b| b" :=(\"'@,".contains(b));
    }
    let zeros = octets[3] == 0 && (octets[1] == 0 || octets[2] == 0) && octets[0] < 32;
    zeros
        && gap == b" "
        && bare.len() > 2
        && bare.iter().all(u8::is_ascii_alphabetic)
        && !PLACES.has(bare)
        && !host_word(bare)
}

/// What stands behind says version: `1.2.3.4-beta`, `1.2.3.4-1ubuntu2`, `1.2.3.4.jar`.
pub fn after(text: &[u8], end: usize) -> bool {
    let word = |from: usize| {
        let rest = text.get(from..).unwrap_or_default();
        &rest[..rest.iter().take(16).take_while(|b| b.is_ascii_alphanumeric()).count()]
    };
    match text.get(end) {
        Some(b'-') => {
            let next = word(end + 1);
            let digits = next.iter().take_while(|b| b.is_ascii_digit()).count();
            let (number, letters) = next.split_at(digits);
            let counts = letters.iter().rev().take_while(|b| b.is_ascii_digit()).count();
            let name = &letters[..letters.len() - counts];
            let release = RELEASES.has(letters) || RELEASES.has(name) || counts > 0 && REVISIONS.has(name);
            (digits > 0 && !letters.is_empty() && number.len() < 3) || (number.is_empty() && release)
        }
        // `3.0.11.1~deb12u2`
        Some(b'~') => word(end + 1).first().is_some_and(u8::is_ascii_alphabetic),
        Some(b'.') => {
            let next = word(end + 1);
            let last = text.get(end + 1 + next.len()).is_none_or(|b| *b != b'.' && *b != b'-');
            !next.is_empty() && (last || next == b"tar") && FILES.has(next)
        }
        _ => false,
    }
}

/// The last run of characters other than space, quotes and brackets, at most 64 bytes of it.
fn token_before(text: &[u8]) -> &[u8] {
    let ends = |b: &u8| b.is_ascii_whitespace() || b"\"'`<>()[]{},;=".contains(b);
    &text[text.len() - text.iter().rev().take(64).take_while(|b| !ends(b)).count()..]
}

/// The word that `text` ends with, at most 24 bytes of it.
fn last_word(text: &[u8]) -> &[u8] {
    &text[text.len() - text.iter().rev().take(24).take_while(|b| b.is_ascii_alphanumeric()).count()..]
}

/// `dns.google` in Java's `dns.google/8.8.8.8`.
fn host_name(token: &[u8]) -> bool {
    let dot = token.iter().rposition(|&b| b == b'.');
    dot.is_some_and(|dot| {
        let (host, top) = (&token[..dot], &token[dot + 1..]);
        host.last().is_some_and(|b| word(*b)) && top.len() > 1 && top.iter().all(u8::is_ascii_alphabetic)
    })
}

/// `.dsl.example.net`: a dot and at least two labels, as reverse DNS names go on.
fn domain_follows(text: &[u8], end: usize) -> bool {
    let rest = text[end..].iter().take(64).take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-'));
    let labels = rest.filter(|b| **b == b'.').count();
    text.get(end) == Some(&b'.') && labels > 1
}

/// The word says that a host follows, whatever the numbers look like.
fn host_word(name: &[u8]) -> bool {
    let digits = name.iter().rev().take_while(|b| b.is_ascii_digit()).count();
    let name = &name[..name.len() - digits];
    HOSTS.has(name)
}

/// The word says that a version follows: `version`, `fileVersion`, `oid`.
fn version_word(name: &[u8]) -> bool {
    let tail = &name[name.len().saturating_sub(7)..];
    tail.eq_ignore_ascii_case(b"version") || VERSIONS.has(name)
}

/// The last ones are of Squid's codes for where an answer came from, `HIER_DIRECT/8.8.8.8`
/// (<https://wiki.squid-cache.org/SquidFaq/SquidLogs>).
static HOSTS: Vocabulary = Vocabulary::new(
    "ip ips ipv addr address addresses host hosts client clients peer remote server src dst geo geoip lookup \
    whois ban block from localhost null DIRECT PARENT HIT DST PINNED",
);

static VERSIONS: Vocabulary = Vocabulary::new(
    "v ver vers versions rev revision release build firmware fw section sections sec chapter clause paragraph \
    figure table step oid oids driver",
);

/// The same in other scripts.
const SCRIPTS: [&str; 9] = ["版本", "版本号", "版本號", "バージョン", "버전", "версия", "версии", "версію", "έκδοση"];

/// Software whose version is often named behind it and that is no host.
static PRODUCTS: Vocabulary = Vocabulary::new(
    "openssl libressl boringssl gnutls openssh curl libcurl wget zlib libc glibc musl gcc clang llvm java jdk jre openjdk corretto \
    temurin graalvm python cpython pypy ruby rubygems bundler node nodejs npm yarn pnpm deno bun php perl golang rustc cargo dotnet mono \
    netcore kotlin scala gradle maven ant sbt cmake make bazel git svn mercurial chrome chromium firefox safari edge opera brave webkit \
    gecko webview electron tomcat jetty iis sqlite \
    hadoop spark flink hive runc \
    podman kubectl helm terraform ansible windows macos ios android linux kernel ubuntu debian \
    centos rhel fedora alpine sqlserver oracle vmware esxi vcenter virtualbox qemu systemd bash zsh powershell office outlook \
    excel teams skype slack zoom steam nvidia cuda cudnn tensorflow pytorch numpy pandas django flask rails laravel spring hibernate log4j \
    logback slf4j jackson netty guava protobuf grpc boost qt gtk ffmpeg imagemagick ghostscript sqlalchemy requests urllib setuptools pip \
    plugin package module library lib sdk framework toolkit assembly nuget gem wheel crate firmware runtime",
);

/// Words before an address that say nothing of a version.
static PLACES: Vocabulary = Vocabulary::new(
    "network networks net subnet subnets route routes via prefix cidr range gateway dst dest destination source to from at for and or in \
    on of by with connect connected connecting connection accept accepted allow allowed deny denied ban banned blocked drop dropped interface inet \
    bind binding listen listening ping resolve resolved target node peer neighbor neighbour dns nameserver proxy user login",
);

/// What distributions count behind the version of a package: `-r1` of Alpine, `-el8`.
static REVISIONS: Vocabulary = Vocabulary::new("r p el fc deb bpo ubuntu");

static RELEASES: Vocabulary = Vocabulary::new(
    "alpha beta rc dev snapshot release final pre preview ga sp patch hotfix build stable nightly jre jdk \
    linux windows darwin x86 amd64 arm64",
);

/// Ends of the names of files.
pub static FILES: Vocabulary =
    Vocabulary::new("jar war tar tgz gz bz2 xz zip whl egg deb rpm apk dll exe so nupkg msi dmg pkg gem crate dylib");
