//! Commands whose options are made when somebody typed the command.

use clap::{ArgMatches, Args, Command, Error, FromArgMatches};

/// The options of a command. Most runs name none, and making those of all takes a tenth of a start.
#[derive(Debug)]
pub(super) struct Later<T>(pub(super) T);

impl<T: Args> Args for Later<T> {
    fn augment_args(command: Command) -> Command {
        command.defer(|named| {
            // What the command is for stands where it is named, and the options would put their own there.
            let (about, long) = (named.get_about().cloned(), named.get_long_about().cloned());
            let mut command = T::augment_args(named).about(None::<&str>).long_about(None::<&str>);
            command = about.into_iter().fold(command, Command::about);
            long.into_iter().fold(command, Command::long_about)
        })
    }

    fn augment_args_for_update(command: Command) -> Command {
        T::augment_args_for_update(command)
    }
}

impl<T: FromArgMatches> FromArgMatches for Later<T> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Later<T>, Error> {
        T::from_arg_matches(matches).map(Later)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        self.0.update_from_arg_matches(matches)
    }
}
