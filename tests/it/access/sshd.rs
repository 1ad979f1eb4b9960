//! A real sshd on loopback, for the user that runs the tests.

use super::{Place, Said};
use crate::run::EXE;
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Ends with the test.
pub struct Sshd {
    port: u16,
    daemon: Child,
}

impl Drop for Sshd {
    fn drop(&mut self) {
        let _ = self.daemon.kill();
        let _ = self.daemon.wait();
    }
}

impl Sshd {
    /// In `place`, with a key of its own, `ca.pub` as its authority, and our broker for whoever logs in as one of
    /// `principals`.
    pub fn start(place: &Place, principals: &[&str]) -> Sshd {
        Sshd::with(place, principals, "")
    }

    /// The same with more options for the broker.
    pub fn with(place: &Place, principals: &[&str], options: &str) -> Sshd {
        if !place.path("host").exists() {
            place.key("host");
        }
        place.write("principals", principals.join("\n") + "\n");
        // Root's sshd wants this directory to be there.
        let _ = std::fs::create_dir_all("/run/sshd");
        let dir = place.path("");
        let dir = dir.to_str().unwrap().trim_end_matches('/');
        // Free a moment ago; another process may take it before sshd does, so it is tried again.
        for _ in 0..10 {
            let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
            place.write(
                "sshd_config",
                format!(
                    "Port {port}\nListenAddress 127.0.0.1\nHostKey {dir}/host\nPidFile none\nUsePAM no\nStrictModes no\n\
                     AuthorizedKeysFile none\nPasswordAuthentication no\nKbdInteractiveAuthentication no\n\
                     PermitRootLogin yes\nTrustedUserCAKeys {dir}/ca.pub\nAuthorizedPrincipalsFile {dir}/principals\n\
                     ExposeAuthInfo yes\nDisableForwarding yes\nSubsystem sftp internal-sftp\n\
                     ForceCommand {EXE} broker --policy {dir}/policy.yaml {options}\n"
                ),
            );
            let log = std::fs::File::create(place.path("sshd.log")).unwrap();
            let mut daemon = Command::new("/usr/sbin/sshd")
                .args(["-D", "-e", "-f", &format!("{dir}/sshd_config")])
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(log)
                .spawn()
                .unwrap();
            let started = Instant::now();
            while started.elapsed() < Duration::from_secs(20) && daemon.try_wait().unwrap().is_none() {
                if TcpStream::connect(("127.0.0.1", port)).is_ok() {
                    return Sshd { port, daemon };
                }
                std::thread::sleep(Duration::from_millis(20));
            }
            let _ = daemon.kill();
            let _ = daemon.wait();
        }
        panic!("sshd does not start: {}", place.read("sshd.log"));
    }

    /// The words with which the key `key` logs in and asks for `asked`; `-cert.pub` beside the key is used if it is there.
    pub fn words(&self, key: &str, asked: &[&str]) -> Vec<String> {
        let user = Command::new("id").arg("-un").output().unwrap().stdout;
        let user = String::from_utf8(user).unwrap().trim().to_owned();
        let mut words: Vec<String> =
            ["ssh", "-F", "none", "-i", key, "-p", &self.port.to_string()].map(String::from).into();
        for option in [
            "StrictHostKeyChecking=no",
            "UserKnownHostsFile=/dev/null",
            "LogLevel=ERROR",
            "IdentitiesOnly=yes",
            "IdentityAgent=none",
            "BatchMode=yes",
        ] {
            words.extend(["-o".to_owned(), option.to_owned()]);
        }
        words.extend(["--".to_owned(), format!("{user}@127.0.0.1")]);
        words.extend(asked.iter().map(|word| (*word).to_owned()));
        words
    }

    /// What Alice gets.
    pub fn ask(&self, place: &Place, asked: &[&str]) -> Said {
        let words = self.words("alice", asked);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        place.run(&words, "")
    }
}
