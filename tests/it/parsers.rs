//! What parses before parses after, by the parsers that people have: those of Python's standard library.

use crate::run::beside;
use crate::support::Engine;
use std::io::Write;
use std::process::{Command, Stdio};

/// Lines of each kind; all hold something to mask.
const LINES: &[(&str, &[&str])] = &[
    ("csv", &["a,\"{\"\"password\"\":\"\"magpie\"\"}\",3\n"]),
    (
        "xml",
        &[
            "<user id=\"1\"><password>magpie &amp; x</password><n>1</n></user>",
            "<user id='1' password='magpie &lt;1&gt;' n='1'/>",
            "<e><token><![CDATA[magpie ]] x]]></token></e>",
        ],
    ),
    (
        "python",
        &[
            "{'user': 'jo', 'password': 'magpie \\'1\\' x', 'n': 1, 'ok': True, 'none': None}",
            "[{'api_key': \"it's magpie\"}, ('n', 17)]",
            "{'secret': ['magpie', 2], 'n': b'x'}",
        ],
    ),
    (
        "url",
        &[
            "https://jo:magpie@shop.internal:8443/a;b?token=magpie&n=1#top",
            "https://shop.internal/cb?next=%2Flogin%3Ftoken%3Dmagpie%26n%3D1&page=2",
            "https://shop.internal/?page=&token=magpie",
        ],
    ),
    (
        "shell",
        &[
            "curl -H 'Authorization: Bearer magpie' -u 'jo:magpie' https://shop.internal/a",
            "DB_PASSWORD=\"magpie x\" ./deploy --token magpie --name 'a b'",
        ],
    ),
    (
        "json",
        &[
            "{\"password\":4111,\"secret\":{\"a\":[1,null]},\"n\":1e1000}",
            "{\"m\":\"{\\\"password\\\":\\\"magpie\\\\\\\"x\\\"}\"}",
            "{\n  \"credentials\": {\n    \"a\": \"magpie\",\n    \"b\": [\n      17,\n      null\n    ]\n  },\n  \"n\": 1\n}",
        ],
    ),
];

/// Prints what the shape of each text on standard input is: `[kind, text]` lines of JSON in, one line out for each.
const SHAPES: &str = r"
import ast, csv, io, json, shlex, sys, urllib.parse, xml.etree.ElementTree as xml
def tree(e): return [e.tag, sorted(e.attrib), [tree(c) for c in e], bool(e.text)]
def plain(v):
    if isinstance(v, dict): return {str(k): plain(w) for k, w in v.items()}
    if isinstance(v, (list, tuple)): return [plain(w) for w in v]
    return 0
def url(t):
    u = urllib.parse.urlsplit(t)
    return [u.scheme, u.hostname, u.port, u.path, u.fragment, [k for k, _ in urllib.parse.parse_qsl(u.query, True)]]
shape = {
    'csv': lambda t: [len(row) for row in csv.reader(io.StringIO(t, newline=''), strict=True)],
    'xml': lambda t: tree(xml.fromstring(t)),
    'python': lambda t: list(ast.literal_eval(t)) if isinstance(ast.literal_eval(t), dict) else len(ast.literal_eval(t)),
    'url': url,
    'shell': lambda t: len(shlex.split(t)),
    'json': lambda t: list(json.loads(t)),
}
for line in sys.stdin:
    kind, text = json.loads(line)
    try: print(json.dumps(shape[kind](text)))
    except Exception as error: print('FAILED', type(error).__name__, kind)
";

#[test]
fn what_python_can_parse_it_can_parse_afterwards() {
    let engine = Engine::new("default", None, false);
    let texts = || LINES.iter().flat_map(|(kind, texts)| texts.iter().map(move |text| (*kind, *text)));
    let before: Vec<(&str, String)> = texts().map(|(kind, text)| (kind, text.to_string())).collect();
    let masked = |text: &str| String::from_utf8(engine.mask(text.as_bytes())).unwrap();
    let after: Vec<(&str, String)> = texts().map(|(kind, text)| (kind, masked(text))).collect();
    let (Some(wanted), Some(found)) = (shapes(&before), shapes(&after)) else {
        eprintln!("SKIPPED: python3 is missing; install it with: apt-get install python3");
        return;
    };
    for (((kind, text), wanted), found) in after.iter().zip(&wanted).zip(&found) {
        assert!(!wanted.starts_with("FAILED"), "the test's own text: {wanted}");
        assert_eq!(found, wanted, "{kind}: {text}");
        assert!(text.contains("REDACTED-") && !text.contains("magpie"), "{kind}: {text}");
    }
    // The samples are where the other formats are.
    assert!(beside("samples").read_dir().unwrap().count() > 20);
}

/// What Python makes of the texts, a line each; `None` without Python.
fn shapes(texts: &[(&str, String)]) -> Option<Vec<String>> {
    let mut python =
        Command::new("python3").args(["-c", SHAPES]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().ok()?;
    let input: String = texts.iter().map(|text| serde_json::to_string(text).unwrap() + "\n").collect();
    python.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = python.wait_with_output().unwrap();
    assert!(output.status.success());
    let lines: Vec<String> = String::from_utf8(output.stdout).unwrap().lines().map(str::to_string).collect();
    assert_eq!(lines.len(), texts.len());
    Some(lines)
}
