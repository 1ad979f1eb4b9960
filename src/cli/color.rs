//! Whether markers are coloured.

use super::Failure;
use std::io::IsTerminal;

/// By `--color`; `auto` colours on a terminal, unless `NO_COLOR` is set or the terminal is dumb.
pub(super) fn wanted(choice: &str) -> Result<bool, Failure> {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    match choice {
        "always" => Ok(true),
        "never" => Ok(false),
        "auto" => Ok(std::io::stdout().is_terminal()
            && set("NO_COLOR").is_none()
            && set("TERM").is_none_or(|term| term != "dumb")),
        _ => Err(Failure::usage("--color: unknown choice").hint("choices are auto, always and never")),
    }
}
