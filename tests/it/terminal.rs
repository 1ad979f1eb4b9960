//! The real executable on a terminal, with the help of Python.

use crate::run::{EXE, read_aside, wait};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

/// Runs `logmask ARGS` in `dir` on a terminal, types `keys` when `ready` is seen there, and gives all that was shown and
/// the status. The terminal must come back as it was.
pub fn on_a_terminal(args: &[&str], dir: Option<&Path>, ready: &str, keys: &str) -> (String, i32) {
    const SCRIPT: &str = "
import fcntl, os, select, sys, termios
ready, keys, argv = sys.argv[1].encode(), sys.argv[2].encode().decode('unicode_escape').encode(), sys.argv[3:]
master, slave = os.openpty()
before = termios.tcgetattr(slave)
pid = os.fork()
if pid == 0:
    os.setsid()
    fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
    for fd in (0, 1, 2): os.dup2(slave, fd)
    os.closerange(3, 99)
    os.execv(argv[0], argv)
shown, sent, got = b'', False, 0
while not got:
    if not sent and ready in shown:
        os.write(master, keys)
        sent = True
    got, status = os.waitpid(pid, os.WNOHANG)
    while select.select([master], [], [], 0.03)[0]: shown += os.read(master, 65536)
assert before == termios.tcgetattr(slave), 'the terminal was left changed'
sys.stdout.buffer.write(shown)
sys.exit(os.waitstatus_to_exitcode(status) % 256)
";
    let mut python = Command::new("python3");
    python
        .args(["-c", SCRIPT, ready, keys, EXE])
        .args(args)
        .stdin(Stdio::null())
        .env_remove("NO_COLOR")
        .env("TERM", "xterm");
    python.current_dir(dir.unwrap_or(Path::new(".")));
    let mut child = python.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let (out, err) = (read_aside(child.stdout.take().unwrap()), read_aside(child.stderr.take().unwrap()));
    let status = wait(&mut child, Duration::from_secs(60)).expect("the command ends");
    let err = err.join().unwrap();
    assert!(err.is_empty(), "{}", String::from_utf8_lossy(&err));
    (String::from_utf8(out.join().unwrap()).unwrap(), status.code().unwrap())
}
