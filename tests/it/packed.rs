//! Packed and encoded input, with the real programs as the other side.

use crate::canary::Canary;
use crate::run::{lines_aside, logmask};
use flate2::write::GzEncoder;
use logmask::input::form::Form;
use logmask::input::utf16::Order;
use std::io::Write;
use std::process::{Command, Stdio};
use std::time::Duration;

const SECRET: &str = "magpie-vol7-quartz";

/// Programs, and how the names of their files end.
const PROGRAMS: [(&str, &str); 4] = [("gzip", "gz"), ("zstd", "zst"), ("xz", "xz"), ("bzip2", "bz2")];

/// Lines of which each third has a secret, and what comes out.
fn log(lines: usize) -> (String, String) {
    let line = |i: usize, value: &str| match i % 3 {
        0 => format!("{i} login password={value} ok\n"),
        _ => format!("{i} GET /orders/{} 200 {}ms\n", i * 7919, i * 31 % 977),
    };
    let all = |value: &str| (0..lines).map(|i| line(i, value)).collect();
    (all(SECRET), all("REDACTED-password"))
}

/// `bytes` through a program; nothing, loudly, if it is not there.
fn through(program: &str, args: &[&str], bytes: &[u8]) -> Option<Vec<u8>> {
    let mut child = match Command::new(program).args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn() {
        Ok(child) => child,
        Err(error) => {
            eprintln!("SKIPPED: {program} cannot be run ({error}); on Debian: apt install {program}");
            return None;
        }
    };
    let mut stdin = child.stdin.take().unwrap();
    let bytes = bytes.to_vec();
    let feeding = std::thread::spawn(move || drop(stdin.write_all(&bytes)));
    let output = child.wait_with_output().unwrap();
    feeding.join().unwrap();
    assert!(output.status.success(), "{program}: {}", output.status);
    Some(output.stdout)
}

#[test]
fn zeros_behind_a_gzip_file_are_padding_as_gzip_has_it() {
    let (text, masked) = log(30);
    let Some(packed) = through("gzip", &["-c"], text.as_bytes()) else { return };
    let padded = [&packed[..], &[0; 10_000]].concat();
    assert_eq!(through("gzip", &["-dc"], &padded).unwrap(), text.as_bytes());
    logmask().pipe(&padded).exits(0).prints(&masked).hides(&Canary::new(SECRET));
    logmask().file("app.log", &padded).arg("app.log").pipe("").exits(0).prints(&masked);
    let garbage = [&padded[..], b"password=magpie-vol7-quartz\n"].concat();
    logmask().pipe(&garbage).says("the gzip data is damaged").hides(&Canary::new(SECRET));
}

#[test]
fn what_programs_packed_is_read_from_files_and_pipes() {
    let (text, masked) = log(3000);
    for (program, extension) in PROGRAMS {
        for level in ["-1", "-9"] {
            let Some(packed) = through(program, &["-c", level], text.as_bytes()) else { continue };
            logmask().pipe(&packed).exits(0).prints(&masked).hides(&Canary::new(SECRET));
            let name = format!("app.log.{extension}");
            logmask().args(["-j", "3"]).file(&name, &packed).arg(&name).pipe("").exits(0).prints(&masked);
            // The name does not matter.
            logmask().file("app.log", &packed).arg("app.log").pipe("").exits(0).prints(&masked);
        }
    }
}

#[test]
fn what_was_packed_in_several_parts_is_read_to_its_end() {
    let parts = ["one password=magpie-vol", "7-quartz\ntwo\n", "", "three token=abc"];
    for (program, _) in PROGRAMS {
        let parts: Option<Vec<_>> = parts.iter().map(|part| through(program, &["-c"], part.as_bytes())).collect();
        let Some(parts) = parts else { continue };
        let expected = "one password=REDACTED-password\ntwo\nthree token=REDACTED-token";
        logmask().pipe(parts.concat()).exits(0).prints(expected);
    }
}

#[test]
fn what_is_cut_off_or_damaged_is_an_error_behind_whole_masked_lines() {
    let (text, masked) = log(20_000);
    for (program, _) in PROGRAMS {
        let Some(packed) = through(program, &["-c"], text.as_bytes()) else { continue };
        let cut = logmask().pipe(&packed[..packed.len() - 20]);
        cut.exits(74).says(&format!("stdin: the {program} data ends too early")).says_lines(1);
        let mut damaged = packed.clone();
        let middle = damaged.len() / 2;
        damaged[middle..middle + 40].fill(0x5a);
        let damaged = logmask().file("app.log", damaged).arg("app.log").pipe("");
        damaged.exits(74).says(&format!("app.log: the {program} data ")).says_lines(1);
        assert!(masked.as_bytes().starts_with(&cut.stdout), "{program}");
        // The next log comes all the same.
        let both = logmask().file("app.log", &packed[..packed.len() - 20]).file("b.log", "next token=hunter2\n");
        let both = both.args(["app.log", "b.log"]).pipe("");
        both.exits(74).says_lines(1).hides(&Canary::new("hunter2"));
        assert!(both.stdout.ends_with(b"next token=REDACTED-token\n"), "{program}");
        assert!(cut.stdout.is_empty() || cut.stdout.ends_with(b"\n"), "{program}: ends within a line");
        cut.hides(&Canary::new(SECRET));
    }
}

#[test]
fn a_line_that_was_packed_and_flushed_is_out_before_the_next_one() {
    let mut run = logmask();
    let mut child = run.start();
    let lines = lines_aside(child.stdout.take().unwrap());
    let mut packer = GzEncoder::new(child.stdin.take().unwrap(), flate2::Compression::default());
    for i in 0..5 {
        writeln!(packer, "{i} token=abc").unwrap();
        packer.flush().unwrap();
        let line = lines.recv_timeout(Duration::from_secs(20)).expect("the line comes out while nothing follows it");
        assert_eq!(line, format!("{i} token=REDACTED-token"));
    }
    packer.finish().unwrap();
    run.finish(child).exits(0);
}

/// `text` as a file of this form.
fn formed(form: Form, text: &str) -> Vec<u8> {
    let mut writer = form.writer(Vec::new()).unwrap();
    writer.write_all(text.as_bytes()).unwrap();
    writer.finish().unwrap()
}

#[test]
fn utf16_comes_out_as_utf16() {
    let (text, masked) = ("é 🦀 password=né-hunter2 x\r\nsecond", "é 🦀 password=REDACTED-password x\r\nsecond");
    for order in [Order::Little, Order::Big] {
        let form = Form { utf16: Some(order), ..Form::default() };
        let bytes = formed(form, text);
        logmask().pipe(&bytes).exits(0).prints(formed(form, masked));
        let bit_by_bit = bytes.clone();
        let run = logmask().feed(move |stdin| bit_by_bit.iter().for_each(|byte| stdin.write_all(&[*byte]).unwrap()));
        run.exits(0).prints(formed(form, masked));
        if let Some(packed) = through("gzip", &["-c"], &bytes) {
            logmask().pipe(packed).exits(0).prints(formed(form, masked));
        }
        let odd = logmask().pipe([&bytes[..], b"\0"].concat());
        odd.exits(74).says("the UTF-16 text ends inside a character");
    }
}

#[test]
fn what_only_says_that_it_is_utf16_is_refused() {
    let appended = b"\xff\xfea\0\n\0password=hunter2x\n";
    let cases: [(&[u8], &[u8], &str); 4] = [
        (b"\xff\xfepassword=hunter2x\n", b"\xff\xfe", "head -c 2 FILE"),
        (b"\xfe\xffpin=hunter2x", b"\xfe\xff", "behind byte 2"),
        (appended, b"\xff\xfea\0\n\0", "tail -c +7 FILE"),
        (b"\xff\xfea\0\n\0x\n\0p\0i\0n\0=\0h\0u\0\n\0", b"\xff\xfea\0\n\0", "is no UTF-16 behind byte 6"),
    ];
    for (bytes, lines, word) in cases {
        let run = logmask().pipe(bytes);
        run.exits(2).prints(lines).says(word).tells_nobody(&Canary::new("hunter2"));
        let bytes = bytes.to_vec();
        let run = logmask().feed(move |stdin| bytes.iter().for_each(|byte| stdin.write_all(&[*byte]).unwrap()));
        run.exits(2).prints(lines);
    }
}

#[test]
fn what_iconv_writes_is_read() {
    for (name, order) in [("UTF-16LE", Order::Little), ("UTF-16BE", Order::Big)] {
        let Some(bytes) = through("iconv", &["-f", "UTF-8", "-t", name], "\u{feff}token=abc é\n".as_bytes()) else {
            return;
        };
        let expected = formed(Form { utf16: Some(order), ..Form::default() }, "token=REDACTED-token é\n");
        logmask().pipe(bytes).exits(0).prints(expected);
    }
}

#[test]
fn what_cannot_be_judged_is_refused_by_name() {
    let mut tar = b"logs/app.log".to_vec();
    tar.resize(257, 0);
    tar.extend(b"ustar\0password=hunter2\n");
    let wide: Vec<u8> = "password=hunter2\n".bytes().flat_map(|byte| [byte, 0]).collect();
    let mut inputs = vec![
        (b"PK\x03\x04 password=hunter2\n".to_vec(), "zip"),
        (b"\x04\x22\x4d\x18 password=hunter2\n".to_vec(), "lz4"),
        (b"7z\xbc\xaf\x27\x1c password=hunter2\n".to_vec(), "7z"),
        (wide, "UTF-16LE without a byte order mark"),
        (b"\xff\xfe\0\0p\0\0\0".to_vec(), "iconv -f UTF-32LE"),
        (b"\0\0\xfe\xff\0\0\0p".to_vec(), "iconv -f UTF-32BE"),
        (tar.clone(), "tar"),
    ];
    if let Some(packed) = through("gzip", &["-c"], &tar) {
        inputs.push((through("xz", &["-c"], &packed).unwrap_or(packed.clone()), "packed twice"));
        inputs.push((packed, "tar"));
    }
    for (bytes, word) in inputs {
        // Also with --binary: what is in there cannot be judged.
        let words: &[&str] = if word == "packed twice" { &[] } else { &["--binary"] };
        for args in [&[][..], words] {
            let run = logmask().args(args.iter().copied()).pipe(&bytes);
            run.exits(2).prints("").says(word).tells_nobody(&Canary::new("hunter2"));
        }
    }
}

#[test]
fn binary_is_masked_as_bytes_only_when_asked() {
    let bytes = b"\x7fELF\x02\x01\0\xff password=hunter2 \0\xfe\n";
    logmask().pipe(bytes).exits(2).prints("").says("ELF").says("--binary");
    logmask().arg("--binary").pipe(bytes).exits(0).prints(b"\x7fELF\x02\x01\0\xff password=REDACTED-password \0\xfe\n");
}
