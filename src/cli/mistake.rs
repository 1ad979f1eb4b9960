//! A command line that cannot be read: what is wrong with it, and what to type instead.

use super::args::Args;
use super::nearest::nearest;
use super::{Status, message, output};
use clap::CommandFactory;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use std::ffi::OsString;

/// Help and version go to stdout; a mistake is told without what was typed, which may be a secret.
pub(super) fn told(error: &clap::Error, arguments: &[OsString]) -> Status {
    let mut command = named(arguments);
    let name = command.get_bin_name().unwrap_or("logmask").to_owned();
    let commands = || {
        let names: Vec<&str> = command.get_subcommands().map(clap::Command::get_name).collect();
        format!("commands are {}", names.join(", "))
    };
    let usage = |command: &mut clap::Command| {
        let usage = command.render_usage().to_string();
        let first = usage.lines().next().unwrap_or_default().trim_start_matches("Usage: ").to_owned();
        format!("{first} (more with {name} --help)")
    };
    let (text, hint) = match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            return output::print(&error.render().to_string()).unwrap_or_else(|failure| failure.say());
        }
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            (format!("{name}: a command is missing"), commands())
        }
        ErrorKind::InvalidSubcommand => (format!("{name}: there is no such command"), commands()),
        // No option has a list of values, so this is a value that is not there.
        ErrorKind::InvalidValue => (
            known(error)
                .map_or("an option lacks its value".to_owned(), |option| format!("{option}: the value is missing")),
            usage(&mut command),
        ),
        ErrorKind::MissingRequiredArgument => (
            known(error).map_or("something is missing".to_owned(), |options| format!("{options}: missing")),
            usage(&mut command),
        ),
        ErrorKind::ArgumentConflict => (clash(error), usage(&mut command)),
        ErrorKind::UnknownArgument => match meant(&command, arguments) {
            Some(option) => ("unexpected argument found".to_owned(), format!("did you mean {option}?")),
            None => ("unexpected argument found".to_owned(), usage(&mut command)),
        },
        kind => (kind.as_str().unwrap_or("this command line cannot be read").to_owned(), usage(&mut command)),
    };
    message::error(&text);
    message::hint(&hint);
    Status::Usage
}

/// What somebody meant who typed `word`, which was taken for a file and is none.
pub(super) fn word(word: &str) -> Option<String> {
    let command = Args::command();
    let mut names = command.get_subcommands().map(clap::Command::get_name);
    if word == "help" {
        return Some("logmask --help".to_owned());
    }
    if names.any(|name| name == word) {
        return Some(format!("options come after a command: logmask {word} -p NAME"));
    }
    // A file has mostly more in its name.
    let plain = word.len() >= 3 && word.bytes().all(|byte| byte.is_ascii_lowercase());
    let near = nearest(word, command.get_subcommands().map(clap::Command::get_name)).filter(|_| plain)?;
    Some(format!("did you mean the command {near}?"))
}

/// Which options do not go together, or which one was given twice.
fn clash(error: &clap::Error) -> String {
    let (one, other) = (declared(error, ContextKind::InvalidArg), declared(error, ContextKind::PriorArg));
    match (one, other) {
        (Some(one), Some(other)) if one == other => format!("{one}: given more than once"),
        (Some(one), Some(other)) => format!("{one}: not together with {other}"),
        (one, _) => format!("{}: does not go with the rest", one.as_deref().unwrap_or("an option")),
    }
}

/// The options that `error` is about, as they are declared; not for unknown ones, which are as they were typed.
fn known(error: &clap::Error) -> Option<String> {
    declared(error, ContextKind::InvalidArg)
}

/// The same for what else an error may tell of options.
fn declared(error: &clap::Error, which: ContextKind) -> Option<String> {
    match error.get(which)? {
        ContextValue::String(option) => Some(option.clone()),
        ContextValue::Strings(options) => Some(options.join(", ")),
        _ => None,
    }
}

/// The command whose name begins the command line, as far down as it is known: its definition, with its full name.
fn named(arguments: &[OsString]) -> clap::Command {
    let mut command = Args::command();
    command.build();
    for word in arguments.iter().skip(1) {
        let Some(inner) = word.to_str().and_then(|word| command.find_subcommand(word)) else { break };
        command = inner.clone();
    }
    command
}

/// The long option of `command` nearest to the first that it does not have.
fn meant(command: &clap::Command, arguments: &[OsString]) -> Option<String> {
    let named = command.get_arguments().filter_map(|arg| arg.get_long()).map(|name| format!("--{name}"));
    let known: Vec<String> = named.chain(["--help".to_owned(), "--version".to_owned()]).collect();
    let typed =
        arguments.iter().skip(1).filter_map(|argument| argument.to_str()).take_while(|argument| *argument != "--");
    let mut names = typed
        .filter(|argument| argument.starts_with("--"))
        .map(|argument| argument.split('=').next().unwrap_or(argument));
    let unknown = names.find(|name| known.iter().all(|known| known != name))?;
    nearest(unknown, known.iter().map(String::as_str)).map(str::to_owned)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use clap::Parser;

    fn parse(line: &str) -> Result<Args, clap::Error> {
        Args::try_parse_from(line.split(' '))
    }

    #[test]
    fn a_mistake_never_repeats_what_was_typed() {
        for line in [
            "logmask --hunter2",
            "logmask --keys=hunter2",
            "logmask --keep-lines=hunter2",
            "logmask rules a hunter2",
            "logmask policy hunter2",
            "logmask -hunter2",
            "logmask reveal hunter2",
            "logmask hunter2 --key",
        ] {
            let Err(error) = parse(line) else { continue };
            let typed: Vec<_> = line.split(' ').map(OsString::from).collect();
            let command = named(&typed);
            let named = matches!(error.kind(), ErrorKind::InvalidValue | ErrorKind::MissingRequiredArgument);
            let declared = known(&error).filter(|_| named);
            let said = format!(
                "{:?} {declared:?} {:?} {}",
                error.kind().as_str(),
                meant(&command, &typed),
                command.clone().render_usage()
            );
            assert!(!said.contains("hunter2"), "{line}: {said}");
        }
    }

    #[test]
    fn what_is_missing_is_named() {
        let option = |line: &str| known(&parse(line).unwrap_err()).unwrap();
        assert!(option("logmask a --summary --keep-lines").starts_with("--summary"));
        assert_eq!(option("logmask reveal"), "--keyring <DIR>, --identity <SPEC>");
        assert_eq!(clash(&parse("logmask -j 1 a -j hunter2").unwrap_err()), "--jobs <N>: given more than once");
    }

    #[test]
    fn a_mistyped_option_is_put_right() {
        let meant = |line: &str| {
            let typed: Vec<_> = line.split(' ').map(OsString::from).collect();
            meant(&named(&typed), &typed)
        };
        assert_eq!(meant("logmask --pollicy=x").unwrap(), "--policy");
        assert_eq!(meant("logmask --policy=x"), None);
        assert_eq!(meant("logmask policy check --stric").unwrap(), "--strict");
        assert_eq!(meant("logmask --stric"), None, "of another command");
    }
}
