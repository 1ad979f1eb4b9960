//! As much of a Kubernetes API server as `kubectl logs` asks for.
//!
//! One namespace (`default`), one deployment (`api`), some pods with the label `app=api`. What a test lets a pod
//! [`Api::say`] goes to everybody who follows its log, one chunk a line, at once.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;

/// A running server. It lives as long as the test process.
pub struct Api {
    /// `http://127.0.0.1:PORT`.
    pub address: String,
    logs: Arc<Logs>,
}

/// Log lines by pod, and whether the pods still run.
struct Logs {
    state: Mutex<(BTreeMap<String, Vec<String>>, bool)>,
    changed: Condvar,
}

impl Api {
    /// Serves pods with these names.
    pub fn serve(pods: &[&str]) -> Api {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let lines = pods.iter().map(|pod| ((*pod).to_string(), Vec::new())).collect();
        let logs = Arc::new(Logs { state: Mutex::new((lines, true)), changed: Condvar::new() });
        let shared = logs.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let logs = shared.clone();
                // A client that goes away ends its own connection and nothing else.
                thread::spawn(move || drop(answer_all(&stream, &logs)));
            }
        });
        Api { address, logs }
    }

    /// Lets `pod` write `line` (without its newline) to its log.
    pub fn say(&self, pod: &str, line: &str) {
        self.logs.state.lock().unwrap().0.get_mut(pod).expect("the pod is served").push(line.to_string());
        self.logs.changed.notify_all();
    }

    /// Ends all containers: who follows a log comes to its end.
    pub fn end(&self) {
        self.logs.state.lock().unwrap().1 = false;
        self.logs.changed.notify_all();
    }
}

fn answer_all(stream: &TcpStream, logs: &Logs) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    loop {
        let mut request = String::new();
        if reader.read_line(&mut request)? == 0 {
            return Ok(());
        }
        let mut header = String::new();
        while reader.read_line(&mut header)? > 2 {
            header.clear();
        }
        let target = request.split(' ').nth(1).unwrap_or("/");
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        answer(stream, path, query, logs)?;
    }
}

fn answer(stream: &TcpStream, path: &str, query: &str, logs: &Logs) -> std::io::Result<()> {
    const PODS: &str = "/api/v1/namespaces/default/pods";
    let names: Vec<String> = logs.state.lock().unwrap().0.keys().cloned().collect();
    match path {
        "/api" => json(stream, 200, r#"{"kind":"APIVersions","versions":["v1"]}"#),
        "/apis" => json(stream, 200, APIS),
        "/api/v1" => json(stream, 200, CORE),
        "/apis/apps/v1" => json(stream, 200, APPS),
        "/apis/apps/v1/namespaces/default/deployments/api" => json(stream, 200, DEPLOYMENT),
        PODS => {
            let items: Vec<String> = names.iter().map(|name| pod(name)).collect();
            let list =
                format!(r#"{{"kind":"PodList","apiVersion":"v1","metadata":{{}},"items":[{}]}}"#, items.join(","));
            json(stream, 200, &list)
        }
        _ => match path.strip_prefix(PODS).and_then(|rest| rest.strip_prefix('/')) {
            Some(name) if names.iter().any(|known| known == name) => json(stream, 200, &pod(name)),
            Some(rest) => match rest.strip_suffix("/log") {
                Some(name) if names.iter().any(|known| known == name) => log(stream, name, query, logs),
                _ => json(stream, 404, NOT_FOUND),
            },
            None => json(stream, 404, NOT_FOUND),
        },
    }
}

fn json(mut stream: &TcpStream, status: u16, body: &str) -> std::io::Result<()> {
    let length = body.len();
    write!(stream, "HTTP/1.1 {status} .\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}")
}

fn log(mut stream: &TcpStream, pod: &str, query: &str, logs: &Logs) -> std::io::Result<()> {
    let asked = |word: &str| query.split('&').any(|pair| pair == word);
    stream.set_nodelay(true)?;
    stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n")?;
    let mut sent = 0;
    let mut state = logs.state.lock().unwrap();
    loop {
        let lines = state.0[pod][sent..].to_vec();
        let more = state.1 && asked("follow=true");
        if lines.is_empty() && !more {
            return stream.write_all(b"0\r\n\r\n");
        }
        if lines.is_empty() {
            state = logs.changed.wait(state).unwrap();
            continue;
        }
        drop(state);
        for line in lines {
            let time = if asked("timestamps=true") {
                format!("2026-03-02T10:00:{:02}.123456789Z ", sent % 60)
            } else {
                String::new()
            };
            let chunk = format!("{time}{line}\n");
            write!(stream, "{:x}\r\n{chunk}\r\n", chunk.len())?;
            sent += 1;
        }
        state = logs.state.lock().unwrap();
    }
}

fn pod(name: &str) -> String {
    format!(
        r#"{{"kind":"Pod","apiVersion":"v1","metadata":{{"name":"{name}","namespace":"default","labels":{{"app":"api"}}}},"spec":{{"containers":[{{"name":"app","image":"app"}}]}},"status":{{"phase":"Running"}}}}"#
    )
}

const APIS: &str = r#"{"kind":"APIGroupList","apiVersion":"v1","groups":[{"name":"apps","versions":[{"groupVersion":"apps/v1","version":"v1"}],"preferredVersion":{"groupVersion":"apps/v1","version":"v1"}}]}"#;
const CORE: &str = r#"{"kind":"APIResourceList","groupVersion":"v1","resources":[{"name":"pods","singularName":"pod","namespaced":true,"kind":"Pod","verbs":["get","list"],"shortNames":["po"]},{"name":"pods/log","singularName":"","namespaced":true,"kind":"Pod","verbs":["get"]}]}"#;
const APPS: &str = r#"{"kind":"APIResourceList","apiVersion":"v1","groupVersion":"apps/v1","resources":[{"name":"deployments","singularName":"deployment","namespaced":true,"kind":"Deployment","verbs":["get","list"],"shortNames":["deploy"]}]}"#;
const DEPLOYMENT: &str = r#"{"kind":"Deployment","apiVersion":"apps/v1","metadata":{"name":"api","namespace":"default"},"spec":{"selector":{"matchLabels":{"app":"api"}},"template":{"metadata":{"labels":{"app":"api"}},"spec":{"containers":[{"name":"app","image":"app"}]}}}}"#;
const NOT_FOUND: &str = r#"{"kind":"Status","apiVersion":"v1","status":"Failure","reason":"NotFound","code":404}"#;
