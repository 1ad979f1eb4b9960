//! `kubectl mask-logs …`: this executable under the name `kubectl-mask_logs` is a plugin of kubectl, which runs
//! `kubectl logs …` and masks what comes out.
//!
//! Names of plugins: <https://kubernetes.io/docs/tasks/extend-kubectl/kubectl-plugins/#names-with-dashes-and-underscores>.
//! All arguments are for `kubectl logs`, but for those that begin with `--mask-`: `--mask-profile=export` is `--profile=export`
//! of the filter.

use super::args::Args;
use super::{Failure, Status, filter, output};
use clap::Parser;
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, Stdio};

/// What kubectl looks for when it is called as `kubectl mask-logs`.
const NAME: &str = "kubectl-mask_logs";

/// Begins the options that are for the filter.
const OURS: &[u8] = b"--mask-";

const HELP: &str = "\
Masks secrets and personal data in the logs of containers.

Usage: kubectl mask-logs [--mask-OPTION[=VALUE]]... ARGUMENTS OF kubectl logs...

Example: kubectl mask-logs -f deploy/api --mask-profile=export

Options of logmask are given with --mask- in front: --mask-policy=FILE,
--mask-profile=NAME, --mask-key=SPEC, --mask-summary=text.
See kubectl logs --help and logmask --help.
";

/// Is it by this name that we were started?
pub(super) fn is_called_by(name: Option<&OsString>) -> bool {
    name.and_then(|name| Path::new(name).file_name()).is_some_and(|name| name == NAME)
}

/// The exit status: that of kubectl if it failed, else ours.
pub(super) fn run(arguments: &[OsString]) -> u8 {
    let (ours, theirs) = split(arguments);
    if theirs.iter().take_while(|argument| *argument != "--").any(|a| a == "--help" || a == "-h") {
        return output::print(HELP).unwrap_or_else(|failure| failure.say()).code();
    }
    // What is wrong with our options is told before kubectl starts.
    let args = match Args::try_parse_from(std::iter::once(OsString::from("logmask")).chain(ours)) {
        Ok(Args { command: None, filter }) if filter.files.is_empty() => filter,
        _ => {
            let failure = Failure::usage("an option --mask-… is not one of the filter, or lacks its value");
            return failure.hint("see logmask --help; a value follows \"=\"").say().code();
        }
    };
    let mut child = match Command::new("kubectl").arg("logs").args(theirs).stdout(Stdio::piped()).spawn() {
        Ok(child) => child,
        Err(error) => return Failure::usage(format!("kubectl: {}", super::message::fact(&error))).say().code(),
    };
    if let Some(logs) = child.stdout.take()
        && let Err(error) = rustix::stdio::dup2_stdin(&logs)
    {
        let _ = child.kill();
        return Failure::io(format!("kubectl: {}", super::message::fact(&error.into()))).say().code();
    }
    let status = filter::run(&args).unwrap_or_else(|failure| failure.say());
    if !matches!(status, Status::Done | Status::Withheld) {
        // Nobody reads on, and a quiet container would keep it waiting for ever.
        let _ = child.kill();
        let _ = child.wait();
        return status.code();
    }
    let theirs = child.wait().map_or(Status::Io.code(), |ended| match ended.code() {
        Some(code) => code as u8,
        None => 128 + ended.signal().unwrap_or(0) as u8,
    });
    if theirs == 0 { status.code() } else { theirs }
}

/// Our options, as the filter spells them, and what is for kubectl.
fn split(arguments: &[OsString]) -> (Vec<OsString>, Vec<OsString>) {
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    let mut all = arguments.iter();
    for argument in all.by_ref() {
        match argument.as_bytes().strip_prefix(OURS) {
            Some(rest) => ours.push(OsString::from_vec([b"--", rest].concat())),
            None => theirs.push(argument.clone()),
        }
        if argument == OsStr::new("--") {
            break;
        }
    }
    theirs.extend(all.cloned());
    (ours, theirs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_with_mask_in_front_are_ours() {
        let words =
            |text: &str| text.split(' ').filter(|word| !word.is_empty()).map(OsString::from).collect::<Vec<_>>();
        for (typed, ours, theirs) in [
            ("-f deploy/api", "", "-f deploy/api"),
            ("-f --mask-profile=export x -c app", "--profile=export", "-f x -c app"),
            ("x -- --mask-key=env:K", "", "x -- --mask-key=env:K"),
            ("--mask-keep-lines x", "--keep-lines", "x"),
        ] {
            assert_eq!(split(&words(typed)), (words(ours), words(theirs)), "{typed}");
        }
    }

    #[test]
    fn only_the_name_of_the_plugin_starts_it() {
        for (name, is) in [
            ("kubectl-mask_logs", true),
            ("/usr/bin/kubectl-mask_logs", true),
            ("/kubectl-mask_logs/logmask", false),
            ("logmask", false),
        ] {
            assert_eq!(is_called_by(Some(&OsString::from(name))), is, "{name}");
        }
    }
}
