//! `logmask man`: manual pages in roff, made from what `args` defines.

use super::args::Args;
use super::{Failure, Status, message, output};
use clap::{Command, CommandFactory};
use clap_mangen::Man;
use clap_mangen::roff::{Roff, roman};
use std::io;
use std::path::PathBuf;

/// `logmask man [-o DIR]`
#[derive(Debug, clap::Args)]
pub(super) struct ManArgs {
    /// Write logmask.1 and a page for each command into this directory
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,
}

pub(super) fn run(args: &ManArgs) -> Result<Status, Failure> {
    let mut command = Args::command();
    command.build();
    let Some(directory) = &args.output else {
        return output::print(&String::from_utf8_lossy(&page(command, "logmask").map_err(|error| failed(&error))?));
    };
    let mut open = vec![("logmask".to_owned(), command)];
    while let Some((name, command)) = open.pop() {
        for inner in command.get_subcommands() {
            open.push((format!("{name}-{}", inner.get_name()), inner.clone()));
        }
        let path = directory.join(format!("{name}.1"));
        let bytes = page(command, &name).map_err(|error| failed(&error))?;
        std::fs::write(&path, bytes)
            .map_err(|error| Failure::io(format!("{}: {}", path.display(), message::fact(&error))))?;
    }
    Ok(Status::Done)
}

/// The page of one command, called `name`.
fn page(command: Command, name: &str) -> io::Result<Vec<u8>> {
    let more = command.get_after_long_help().map(ToString::to_string).unwrap_or_default();
    let inner = command.has_subcommands();
    // No date: the same source gives the same page.
    let source = concat!("logmask ", env!("CARGO_PKG_VERSION"));
    let man = Man::new(command).title(name.to_uppercase()).date("").source(source).manual("logmask");
    let mut page = Vec::new();
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    man.render_description_section(&mut page)?;
    man.render_options_section(&mut page)?;
    if inner {
        man.render_subcommands_section(&mut page)?;
    }
    sections(&more).to_writer(&mut page)?;
    Ok(page)
}

/// What stands behind the options in the long help: a line at the margin that ends with a colon is a heading, the lines
/// below stay as they are.
fn sections(text: &str) -> Roff {
    let mut roff = Roff::new();
    let mut open = false;
    for line in text.lines() {
        match line.strip_suffix(':').filter(|heading| !heading.starts_with(' ')) {
            Some(heading) => {
                if open {
                    roff.control("fi", []);
                }
                roff.control("SH", [heading.to_uppercase().as_str()]);
                roff.control("nf", []);
                open = true;
            }
            None => {
                roff.text([roman(line.strip_prefix("  ").unwrap_or(line))]);
            }
        }
    }
    if open {
        roff.control("fi", []);
    }
    roff
}

fn failed(error: &io::Error) -> Failure {
    Failure::io(format!("manual page: {}", message::fact(error)))
}
