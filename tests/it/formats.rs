//! One sample of each format in the wild, with what comes out written by hand, and the format's own parser as the judge of it.
//!
//! `tests/it/formats/*.txt` hold our own lines in the grammar of each format. `== name [parser]` begins a sample. In a line
//! `⟦label|value⟧` is a value for which the marker with this label comes out (`*` at its end: a pseudonym; in quotes: with
//! quotes; empty: nothing, because the value goes on from a line before). `␛` and `␉` are the bytes they show, `⟨…⟩` has its
//! length in front in digits (RFC 6587), and `⟪…⟫` in eight bytes (journal export).

use crate::reads::Reads;
use crate::run::{beside, difference, logmask, same};
use crate::support::Engine;
use std::io::Write;
use std::process::{Command, Stdio};

/// A sample with its expectation.
struct Sample {
    name: String,
    parser: Option<String>,
    input: Vec<u8>,
    output: Vec<u8>,
}

/// The formats that must not be missing here.
const NAMES: &str = "apache_combined apache_error aws_alb aws_cloudtrail aws_cloudwatch aws_elb_classic aws_s3_access \
    aws_vpc_flow bunyan caddy cef cloudflare cri cri_nested csv_export docker_compose docker_json_file ecs elastic_bulk \
    elasticsearch_audit envoy_istio_access gcp_log_entry github_actions gitlab_production_json_pretty gitlab_trace haproxy \
    iis_w3c java_pattern jenkins_console journald_export journald_json journald_short journald_short_iso journald_verbose \
    k8s_audit klog kubectl_logs kubectl_logs_prefix kubectl_logs_prefix_timestamps kubectl_logs_timestamps laravel_monolog \
    leef log4j2_json logfmt logrus_json logrus_logfmt loguru mongodb mysql_error mysql_general mysql_slow nginx_combined \
    nginx_error nginx_ingress nginx_json otlp otlp_pretty pino postgres_csvlog postgres_jsonlog postgres_stderr \
    prometheus_logfmt python_jsonlogger python_logging rails redis redis_monitor redis_slowlog rust_env_logger rust_tracing \
    rust_tracing_ansi rust_tracing_json serilog_clef slog spark_log4j stack_dotnet stack_go stack_java stack_node stack_php \
    stack_python stack_rails stack_ruby stack_rust stern structlog_console_ansi structlog_json syslog_rfc3164 syslog_rfc5424 \
    traefik uwsgi winston zap zap_console zerolog yaml ruby php python";

fn samples() -> Vec<Sample> {
    let mut files: Vec<_> = std::fs::read_dir(beside("formats")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.iter().flat_map(|file| read(&std::fs::read_to_string(file).unwrap())).collect()
}

fn read(file: &str) -> Vec<Sample> {
    let section = |section: &str| {
        let (head, body) = section.split_once('\n').unwrap();
        let (name, parser) = head.split_once(" [").map_or((head, None), |(n, p)| (n, Some(p.trim_end_matches(']'))));
        let mut sides = Sides::default();
        sides.read(&mut body.chars());
        Sample { name: name.into(), parser: parser.map(str::to_string), input: sides.input, output: sides.output }
    };
    file.split("== ").skip(1).map(section).collect()
}

/// What goes in and what comes out.
#[derive(Default)]
struct Sides {
    input: Vec<u8>,
    output: Vec<u8>,
    /// Bytes that the stars in `output` stand for, beside themselves.
    more: usize,
}

impl Sides {
    /// Reads up to the end, or to what closes a counted stretch.
    fn read(&mut self, chars: &mut std::str::Chars<'_>) {
        while let Some(c) = chars.next() {
            match c {
                '⟧' | '⟩' | '⟫' => return,
                '⟦' => self.value(chars),
                '⟨' => self.counted(chars, |length| format!("{length} ").into_bytes()),
                '⟪' => self.counted(chars, |length| (length as u64).to_le_bytes().to_vec()),
                '␛' => self.both(b"\x1b"),
                '␉' => self.both(b"\t"),
                c => self.both(c.encode_utf8(&mut [0; 4]).as_bytes()),
            }
        }
    }

    fn both(&mut self, bytes: &[u8]) {
        self.input.extend_from_slice(bytes);
        self.output.extend_from_slice(bytes);
    }

    fn value(&mut self, chars: &mut std::str::Chars<'_>) {
        let label: String = chars.by_ref().take_while(|c| *c != '|').collect();
        self.input.extend(chars.by_ref().take_while(|c| *c != '⟧').collect::<String>().as_bytes());
        let bare = label.trim_matches('"');
        let marker = if bare.is_empty() { String::new() } else { format!("REDACTED-{bare}") };
        self.more += if label.ends_with('*') { 9 } else { 0 };
        self.output.extend(label.replace(bare, &marker).as_bytes());
    }

    fn counted(&mut self, chars: &mut std::str::Chars<'_>, count: fn(usize) -> Vec<u8>) {
        let mut inner = Sides::default();
        inner.read(chars);
        self.input.extend([count(inner.input.len()), inner.input].concat());
        self.output.extend([count(inner.output.len() + inner.more), inner.output].concat());
        self.more += inner.more;
    }
}

#[test]
fn every_format_of_the_list_has_a_sample() {
    let samples = samples();
    let missing: Vec<&str> = NAMES.split_whitespace().filter(|name| !samples.iter().any(|s| s.name == *name)).collect();
    assert!(missing.is_empty(), "no sample of {missing:?}");
    let empty: Vec<&str> = samples.iter().filter(|s| s.input == s.output).map(|s| s.name.as_str()).collect();
    assert!(empty.is_empty(), "nothing to mask in {empty:?}");
}

#[test]
fn samples_come_out_as_written_whichever_way_they_go_in() {
    let engine = Engine::new("default", None, false);
    let mut wrong = Vec::new();
    for Sample { name, input, output, .. } in samples() {
        let out = engine.mask(&input);
        if !same(&out, &output) {
            wrong.push(format!("{name}:{}", difference(&out, &output, b"")));
            continue;
        }
        for (most, threads) in [(1, 1), (1, 4), (7, 2), (1 << 20, 4)] {
            let mut other = Vec::new();
            engine.pump(Reads::new(&input, most, 7), &mut other, threads);
            if other != out {
                wrong.push(format!("{name}: {most} bytes at a time, -j{threads}:{}", difference(&other, &out, b"")));
            }
        }
        let again = engine.mask(&out);
        if again != out {
            wrong.push(format!("{name}: a second run changes it:{}", difference(&again, &out, b"")));
        }
        let outcome = logmask().keyed().args(["-j", "4"]).pipe(&input);
        if outcome.stdout != out {
            wrong
                .push(format!("{name}: the executable differs:{}", difference(&outcome.stdout, &out, &outcome.stderr)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_a_parser_takes_it_takes_afterwards() {
    let engine = Engine::new("default", None, false);
    for Sample { name, parser, input, .. } in samples() {
        let Some(parser) = parser else { continue };
        let (Some(before), Some(after)) = (shape(&parser, &input), shape(&parser, &engine.mask(&input))) else {
            eprintln!("SKIPPED: {name}: what {parser} needs is missing; .ci/run installs it");
            continue;
        };
        assert!(!before.is_empty(), "{name}: {parser} sees nothing");
        assert_eq!(after, before, "{name}, as {parser} sees it");
    }
}

/// Prints what stays of a text when values change: names, and how many of what there are.
const PYTHON: &str = r"
import ast, csv, io, json, sys
def tree(v):
    if isinstance(v, dict): return {str(k): tree(w) for k, w in v.items()}
    if isinstance(v, list): return [tree(w) for w in v]
    return type(v).__name__ if not isinstance(v, (int, float, str)) or isinstance(v, bool) else 0
kind, text = sys.argv[1], sys.stdin.buffer.read().decode()
if kind == 'json': print([tree(json.loads(line)) for line in text.split('\n') if line])
if kind == 'json-keys': print([list(json.loads(line)) for line in text.split('\n') if line])
if kind == 'json-whole': print(tree(json.loads(text)))
if kind == 'csv': print([len(row) for row in csv.reader(io.StringIO(text, newline=''), strict=True)])
if kind == 'python': print([tree(ast.literal_eval(line)) for line in text.split('\n') if line])
if kind == 'yaml':
    try: import yaml
    except ImportError: sys.exit(77)
    print(tree(yaml.safe_load(text)))
";
const RUBY: &str = "def tree(v) v.is_a?(Hash) ? v.map { |k, w| [k.to_s, tree(w)] } : v.is_a?(Array) ? v.map { |w| tree(w) } : v.is_a?(String) || v.is_a?(Integer) ? 0 : v.inspect end; STDIN.each_line { |l| p tree(eval(l)) }";
const PHP: &str = "while ($l = fgets(STDIN)) { $a = eval('return '.trim($l).';'); echo json_encode([array_keys($a), array_map('gettype', $a)]), \"\\n\"; }";

/// What a parser sees of `text`; `None` if it is not installed.
fn shape(parser: &str, text: &[u8]) -> Option<String> {
    match parser {
        "ruby" => run(Command::new("ruby").args(["-e", RUBY]), text),
        "php" => run(Command::new("php").args(["-r", PHP]), text),
        "journal" => journal(text),
        "syslog" => syslog(text),
        kind => run(Command::new("python3").args(["-c", PYTHON, kind]), text),
    }
}

/// What the command prints, given `text`; 77 means that it misses something.
fn run(command: &mut Command, text: &[u8]) -> Option<String> {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().ok()?;
    child.stdin.take().unwrap().write_all(text).unwrap();
    let output = child.wait_with_output().unwrap();
    if output.status.code() == Some(77) {
        return None;
    }
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(text));
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The names of the fields that the journal has, once `text` went into one.
fn journal(text: &[u8]) -> Option<String> {
    const REMOTE: &str = "/lib/systemd/systemd-journal-remote";
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("a.journal");
    run(Command::new(REMOTE).arg("--output").arg(&file).arg("-").stderr(Stdio::null()), text)?;
    let entries = run(Command::new("journalctl").args(["-o", "json", "--file"]).arg(&file), b"")?;
    let names = |entry: &str| -> Vec<String> {
        let entry: serde_json::Map<String, serde_json::Value> = serde_json::from_str(entry).unwrap();
        entry.keys().filter(|key| !key.starts_with("__")).cloned().collect()
    };
    Some(entries.lines().map(|entry| names(entry).join(" ") + "\n").collect())
}

/// Who wrote what is in `text`, as rsyslog understands it.
fn syslog(text: &[u8]) -> Option<String> {
    const DAEMON: &str = "/usr/sbin/rsyslogd";
    if !std::path::Path::new(DAEMON).exists() {
        return None;
    }
    let dir = tempfile::tempdir().unwrap();
    let (socket, out, config) = (dir.path().join("socket"), dir.path().join("out"), dir.path().join("config"));
    let lines = [
        "module(load=\"imptcp\")".to_string(),
        format!("input(type=\"imptcp\" path=\"{}\")", socket.display()),
        "template(name=\"who\" type=\"string\" string=\"%pri% %hostname% %app-name% %procid% %msgid%\\n\")".to_string(),
        format!("action(type=\"omfile\" file=\"{}\" template=\"who\")\n", out.display()),
    ];
    std::fs::write(&config, lines.join("\n")).unwrap();
    let pid = dir.path().join("pid");
    let mut daemon =
        Command::new(DAEMON).arg("-n").arg("-f").arg(&config).arg("-i").arg(&pid).stderr(Stdio::null()).spawn().ok()?;
    let wait = |ready: &dyn Fn() -> bool| {
        (0..400).any(|_| {
            ready() || {
                std::thread::sleep(std::time::Duration::from_millis(25));
                false
            }
        })
    };
    // The socket is there a moment before somebody listens.
    let connect = || std::os::unix::net::UnixStream::connect(&socket);
    assert!(wait(&|| connect().is_ok()), "rsyslogd does not start");
    connect().unwrap().write_all(text).unwrap();
    let frames = memchr::memchr_iter(b'\n', text).count();
    let seen = || std::fs::read_to_string(&out).unwrap_or_default();
    let done = wait(&|| seen().lines().count() >= frames);
    daemon.kill().unwrap();
    daemon.wait().unwrap();
    assert!(done, "rsyslogd saw {:?}", seen());
    Some(seen())
}
