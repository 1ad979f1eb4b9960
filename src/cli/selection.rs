//! What is to be shown, as typed.

use super::Failure;
use super::grant::terms;
use crate::policy::Stack;
use crate::policy::limits::Limits;
use crate::select::{Clock, Level, Moment, Selection};
use std::ffi::OsString;
use std::os::unix::ffi::OsStrExt;

/// Which records are shown. All that is given must hold; lines that continue a record go with it.
#[derive(Debug, Default, clap::Args)]
pub(super) struct SelectArgs {
    /// Only records from this time on: 15m, 2h30m, 12:30, "2024-05-01 12:00", 2024-05-01T12:00:00Z or @EPOCH
    ///
    /// A time without a zone is local (TZ), in what is typed and in the log; so is one whose abbreviation could be several, as
    /// CST. A time of the day alone is the last one before now. Records without a time are not shown.
    #[arg(long, value_name = "TIME", help_heading = "Selection")]
    pub(super) since: Option<String>,
    /// Only records before this time
    #[arg(long, value_name = "TIME", hide_short_help = true, help_heading = "Selection")]
    pub(super) until: Option<String>,
    /// Only records as severe as this, or more: trace, debug, info, notice, warn, error, critical, or a number
    ///
    /// The words and numbers of all common loggers are understood. Records without a level are not shown.
    #[arg(long, value_name = "LEVEL", help_heading = "Selection")]
    pub(super) level: Option<String>,
    /// Only records with such a field, in any syntax; may be given again
    ///
    /// For example 'trace_id=4bf92f*', 'status=5??' or 'request.user.id=17'. * stands for any text, ? for one byte; nothing else
    /// is special, and case makes no difference. A member of a list counts as the value. In access logs status, method, path,
    /// user, remote_addr, bytes, referer and user_agent are found by their place.
    #[arg(long = "where", value_name = "KEY=GLOB", help_heading = "Selection")]
    pub(super) fields: Vec<OsString>,
    /// Only records with this text; may be given again
    #[arg(long = "match", value_name = "TEXT", hide_short_help = true, help_heading = "Selection")]
    pub(super) texts: Vec<OsString>,
    /// Also so many lines before and after each selected one
    #[arg(long, value_name = "N", hide_short_help = true, help_heading = "Selection")]
    pub(super) context: Option<String>,
}

/// More lines round each selected one are no context.
const MOST_CONTEXT: usize = 1000;

/// Reads what was typed; what is wrong is not repeated.
pub(super) fn read(args: &SelectArgs) -> Result<Selection, Failure> {
    let mut selection = Selection::default();
    if args.since.is_some() || args.until.is_some() {
        selection.clock = Clock::now();
    }
    let clock = &selection.clock;
    (selection.since, selection.until) =
        (moment(clock, args.since.as_deref(), "--since")?, moment(clock, args.until.as_deref(), "--until")?);
    if let Some(typed) = &args.level {
        let level = Level::parse(typed).ok_or_else(|| {
            Failure::usage("--level: not a level").hint(
                "levels are trace, debug, info, notice, warn, error and critical, or numbers: 0 to 7 as in syslog, 10 to 60 as in pino",
            )
        })?;
        selection.level = Some(level);
    }
    for typed in &args.fields {
        typed.to_str().and_then(|typed| selection.field(typed)).ok_or_else(|| {
            Failure::usage("--where: not a key and what its value is like")
                .hint("for example --where 'trace_id=4bf92f*'")
        })?;
    }
    for typed in &args.texts {
        selection.text(typed.as_bytes());
    }
    if let Some(typed) = &args.context {
        let context = typed.parse().ok().filter(|lines| *lines <= MOST_CONTEXT);
        selection.context = context.ok_or_else(|| {
            Failure::usage("--context: not a number of lines").hint(format!("give a number up to {MOST_CONTEXT}"))
        })?;
        if selection.is_empty() {
            return Err(Failure::usage("--context without anything to select by")
                .hint("give it with --since, --until, --level, --where or --match"));
        }
    }
    Ok(selection)
}

/// The time that was typed behind `option`.
pub(super) fn moment(clock: &Clock, typed: Option<&str>, option: &str) -> Result<Option<Moment>, Failure> {
    let Some(typed) = typed else { return Ok(None) };
    clock.parse(typed).map(Some).ok_or_else(|| {
        Failure::usage(format!("{option}: not a time"))
            .hint("for example 15m, 2h30m, 12:30, \"2024-05-01 12:00\", 2024-05-01T12:00:00Z or @1714557600")
    })
}

/// What a role may see at all, `since` counted from now.
pub(super) fn limit(limits: &Limits) -> Result<Selection, Failure> {
    let wrong = || Failure::usage("the policy: a role selects by what is not understood");
    let mut selection = Selection::default();
    if let Some(seconds) = limits.seconds() {
        selection.clock = Clock::now();
        let from = terms::now().saturating_sub(seconds);
        selection.since = Some(selection.clock.parse(&format!("@{from}")).ok_or_else(wrong)?);
    }
    selection.level = limits.level;
    limits.fields.iter().try_for_each(|field| selection.field(field)).ok_or_else(wrong)?;
    Ok(selection)
}

/// `--stack`
pub(super) fn stack(typed: &str) -> Result<Stack, Failure> {
    Stack::parse(typed).ok_or_else(|| {
        Failure::usage("--stack: unknown").hint("stack traces are dealt with by keep, fold, fold:N or drop")
    })
}
