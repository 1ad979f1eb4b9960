//! A copy of production in a PostgreSQL server: what loaded and joined the original loads and joins the copy.

use crate::surrogate::masked;
use std::process::{Command, Stdio};

/// A PostgreSQL server of its own, on a socket in a directory of its own, without a network.
struct Postgres {
    dir: tempfile::TempDir,
    server: std::process::Child,
}

impl Postgres {
    /// `None`, loudly, if there is no server, or nobody that may run one.
    fn start() -> Option<Postgres> {
        let skip = |why: &str| {
            assert!(std::env::var_os("CI").is_none(), "CI loads dumps: .ci/run installs postgresql; {why}");
            eprintln!("SKIPPED: a masked dump was not loaded into PostgreSQL ({why}); apt-get install postgresql");
            None
        };
        // The server refuses to be run by root.
        let root = std::fs::metadata("/proc/self").is_ok_and(|meta| std::os::unix::fs::MetadataExt::uid(&meta) == 0);
        let dir = tempfile::Builder::new().prefix("pg").tempdir_in("/tmp").unwrap();
        let Some(bin) = Postgres::programs() else { return skip("initdb is not there") };
        let command = move |program: &str| {
            if !root {
                return Command::new(bin.join(program));
            }
            let mut command = Command::new("setpriv");
            command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups", "--"]).arg(bin.join(program));
            command
        };
        if root && !Command::new("chown").arg("postgres").arg(dir.path()).status().is_ok_and(|status| status.success())
        {
            return skip("there is no user postgres");
        }
        let made = command("initdb")
            .args(["--no-sync", "--auth=trust", "--username=logmask", "--encoding=UTF8", "--locale=C", "-D"])
            .arg(dir.path().join("data"))
            .current_dir(dir.path())
            .output();
        match made {
            Ok(made) if made.status.success() => {}
            Ok(made) => return skip(&String::from_utf8_lossy(&made.stderr)),
            Err(error) => return skip(&error.to_string()),
        }
        let server = command("postgres")
            .args(["-c", "listen_addresses=", "-c", "fsync=off", "-c", "shared_buffers=16MB", "-k"])
            .arg(dir.path())
            .arg("-D")
            .arg(dir.path().join("data"))
            .current_dir(dir.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let postgres = Postgres { dir, server };
        for _ in 0..600 {
            if postgres.psql("SELECT 1").is_ok() {
                return Some(postgres);
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        panic!("the server did not start");
    }

    /// Where Debian and others put what is not for users.
    fn programs() -> Option<std::path::PathBuf> {
        let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
        let path = std::env::var_os("PATH").unwrap_or_default();
        let all = versions.map(|version| version.path().join("bin")).chain(std::env::split_paths(&path));
        all.filter(|dir| dir.join("initdb").exists()).max()
    }

    /// What a script prints; an error ends it.
    fn psql(&self, script: &str) -> Result<String, String> {
        let mut child = Command::new("psql")
            .args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-U", "logmask", "-d", "postgres", "-h"])
            .arg(self.dir.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // What does not start reads nothing.
        let _ = std::io::Write::write_all(&mut child.stdin.take().unwrap(), script.as_bytes());
        let out = child.wait_with_output().unwrap();
        let (told, said) = (String::from_utf8(out.stdout).unwrap(), String::from_utf8_lossy(&out.stderr).into_owned());
        if out.status.success() { Ok(told) } else { Err(said) }
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // At once, and its children with it: nothing of it is kept.
        let _ = Command::new("kill").args(["-QUIT", &self.server.id().to_string()]).status();
        let _ = self.server.wait();
    }
}

/// As `pg_dump` writes it, with types that look at their values and with COPY.
fn server_dump() -> String {
    let users = (0..300).map(|n| {
        let id = 4711 + n * 7;
        format!(
            "{id}\tjo{n}@acme{}.io\tJo\tSmith\t19{:02}-07-23\t81.18.{}.{}\t+44 7911 {:06}\n",
            n % 9,
            50 + n % 40,
            n / 200,
            n % 200,
            n * 31
        )
    });
    let orders = (0..900).map(|n| format!("{n}\t{}\t81.18.{}.{}\n", 4711 + n % 300 * 7, n % 300 / 200, n % 300 % 200));
    format!(
        "SET client_encoding = 'UTF8';\n\
         CREATE TABLE public.users (user_id integer PRIMARY KEY, email text UNIQUE CHECK (email ~ '^[^@ ]+@[^@ ]+$'), first_name text, last_name text, birth_date date, client_ip inet, phone text UNIQUE);\n\
         CREATE TABLE public.orders (n integer, user_id integer, client_ip inet);\n\
         COPY public.users (user_id, email, first_name, last_name, birth_date, client_ip, phone) FROM stdin;\n{}\\.\n\
         COPY public.orders (n, user_id, client_ip) FROM stdin;\n{}\\.\n\
         ALTER TABLE ONLY public.orders ADD CONSTRAINT orders_user FOREIGN KEY (user_id) REFERENCES public.users(user_id);\n",
        users.collect::<String>(),
        orders.collect::<String>()
    )
}

#[test]
fn postgresql_loads_and_joins_a_masked_dump_as_the_original() {
    let (dump, copy) = (server_dump(), masked(&server_dump()));
    for gone in ["acme", "Smith", "4711\t", "7911", "81.18.", "-07-23"] {
        assert!(!copy.contains(gone), "{gone} in {copy}");
    }
    assert!(!copy.contains("REDACTED"), "{copy}");
    let Some(postgres) = Postgres::start() else { return };
    let asked = |name: &str, dump: &str| {
        let dump = dump.replace("public.", &format!("{name}."));
        let script = format!(
            "CREATE SCHEMA {name}; SET search_path = {name};\n{dump}\n\
             SELECT count(*), count(DISTINCT user_id), count(DISTINCT email), count(DISTINCT phone) FROM users;\n\
             SELECT count(*) FROM orders JOIN users USING (user_id);\n\
             SELECT count(*) FROM orders JOIN users USING (user_id) WHERE orders.client_ip = users.client_ip;\n\
             SELECT count(*), count(DISTINCT users.client_ip) FROM orders JOIN users USING (client_ip);\n\
             SELECT count(DISTINCT split_part(email, '@', 2)) > 1, count(DISTINCT last_name) FROM users;\n\
             SELECT sum(b.birth_date - a.birth_date) FROM users a, users b WHERE a.birth_date < b.birth_date;\n"
        );
        postgres.psql(&script).unwrap_or_else(|error| panic!("{error}"))
    };
    let before = asked("before", &dump);
    assert!(before.starts_with("300|300|300|300\n900\n900\n900|300\nt|1\n"), "{before}");
    assert_eq!(asked("after", &copy), before);
}
