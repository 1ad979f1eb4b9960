//! `logmask check [FILE]...`: would anything be masked? Places, rules and classes; never the value.
//!
//! `report` writes findings in the form asked for, `baseline` knows those that are accepted, `changed` asks git which
//! lines are new.

mod baseline;
mod changed;
mod report;
mod sarif;

use super::args::CheckArgs;
use super::output::{self, Output};
use super::source::{self, Binary, Source};
use super::tree::{self, Input};
use super::{Failure, Status, filter, key, mask, message, policy, progress, secrets, view};
use crate::masker::{Check, Findings, Found, Masker, Settings, Verdict};
use crate::pipeline::{self, Error, Options};
use crate::policy::{Docs, Policy, Stack};
use baseline::Baseline;
use changed::Changed;
use report::{Form, Joined};
use std::io::Write;
use std::sync::Arc;

/// What was typed, checked.
struct Plan {
    form: Form,
    /// Findings that are let pass.
    max: u64,
    /// Families of classes that count; all if there is none.
    fail_on: Vec<String>,
    changed: Option<Changed>,
    baseline: Option<Baseline>,
    jobs: Option<usize>,
    max_line: usize,
}

pub(super) fn run(args: &CheckArgs) -> Result<Status, Failure> {
    // 1. All that can fail for what was typed.
    let form = Form::parse(&args.format)?;
    let max = args.max.as_deref().unwrap_or("0").parse().map_err(|_| Failure::usage("--max: not a number"))?;
    let (jobs, max_line) = (filter::jobs(&args.jobs)?, mask::max_line(&args.max_line)?);
    if args.changed.is_none() {
        source::not_a_terminal(&args.files)?;
    }
    let changed =
        args.changed.as_deref().map(|since| changed::since(since, &args.files, (&args.look).into())).transpose()?;
    let inputs = match &changed {
        Some(changed) => changed.inputs(),
        None => tree::expand(&args.files, (&args.look).into())?,
    };
    let paths: Vec<_> = inputs.iter().map(|input| input.path.clone()).collect();
    if args.baseline.is_some() && args.key.is_none() {
        return Err(Failure::usage("--baseline: needs the key that its fingerprints are made with")
            .hint("give the same --key each time, for example --key env:LOGMASK_BASELINE_KEY"));
    }
    let key = key::read(args.key.as_deref(), paths.iter().any(|path| source::is_stdin(path)))?;
    let keyed = args.key.is_some();
    let baseline = match &args.baseline {
        Some(path) => Some(Baseline::open(path, key.fingerprint.as_deref().unwrap_or_default(), args.update_baseline)?),
        None if args.update_baseline => return Err(Failure::usage("--update-baseline: needs --baseline FILE")),
        None => None,
    };
    let docs = if form == Form::Sarif { Docs::With } else { Docs::Without };
    let mut policy_args = args.policy.clone();
    policy_args.profile.get_or_insert_with(|| "secrets".to_owned());
    let mut policy = policy::load(&policy_args, &args.policy.policy, docs)?;
    // What everybody may see is no finding: the filter leaves it, too.
    view::of_everybody(&mut policy);
    let literals = secrets::read(&args.secrets)?;
    let settings = Settings { key: key.bytes.to_vec(), literals, ..Settings::default() };
    let mut masker = Masker::new(&policy, settings).map_err(|error| Failure::usage(error.to_string()))?;
    // What stands in a frame that folding would leave out is in the log all the same; and no line is held for its end.
    masker.set_stack(Stack::Keep);
    let fail_on = classes(&args.fail_on, &policy)?;
    source::not_stdout(&paths)?;
    mask::warn_of_policy(&policy);
    let plan = Plan { form, max, fail_on, changed, baseline, jobs, max_line };

    // 2. The inputs, one after another.
    progress::begin(&paths, true);
    let (mut findings, mut status, mut files) = (Findings::default(), Status::Done, 0);
    let mut output = Joined::new(Output::new());
    output.write_all(form.head().as_bytes()).map_err(|error| output::failed(&error))?;
    for input in &inputs {
        let before = findings.new + findings.tolerated;
        match check_one(&masker, &plan, keyed.then_some(key.bytes.as_slice()), input, &mut output, &mut findings) {
            Ok(()) => {}
            Err(failure) => status = status.max(failure.say()),
        }
        files += u64::from(findings.new + findings.tolerated > before);
        if status > Status::Usage {
            break;
        }
    }
    let tail = form.tail(&policy, &findings.reported);
    output.write_all(tail.as_bytes()).map_err(|error| output::failed(&error))?;

    progress::end();

    // 3. The verdict.
    status = status.max(mask::warn_of_withheld(&findings.tally, max_line));
    if let Some(baseline) = plan.baseline
        && status < Status::Withheld
    {
        baseline.close()?;
    }
    Ok(status.max(verdict(&findings, plan.form, plan.max, files)))
}

fn check_one(
    masker: &Masker,
    plan: &Plan,
    key: Option<&[u8]>,
    input: &Input,
    output: &mut Joined<Output>,
    findings: &mut Findings,
) -> Result<(), Failure> {
    let source = Source::open(&input.path, Binary::Refused)?;
    let lines = plan.changed.as_ref().map(|changed| changed.lines(&input.path));
    let report = |found: &Found<'_>, out: &mut Vec<u8>| {
        if lines.is_some_and(|lines| !lines.iter().any(|range| range.contains(&found.line))) {
            return Verdict::Outside;
        }
        let counts = plan.fail_on.is_empty() || plan.fail_on.iter().any(|family| is_in(&found.rule.class, family));
        let known = match (&plan.baseline, found.fingerprint) {
            (Some(baseline), Some(fingerprint)) => baseline.knows(&found.rule.id, fingerprint),
            _ => false,
        };
        if known {
            return Verdict::Known;
        }
        plan.form.write((&source.name, &input.path), found, counts, out);
        if counts { Verdict::New } else { Verdict::Tolerated }
    };
    let check = Check::new(masker, key, report);
    let idle = || source.descriptor.idle();
    let threads = plan.jobs.unwrap_or_else(|| filter::threads_for(source.length));
    let options = Options { threads, max_line: plan.max_line, idle: Some(&idle), ..Options::default() };
    match pipeline::run(
        &check,
        progress::reader(source.lines, Arc::clone(&source.descriptor)),
        output,
        &options,
        findings,
    ) {
        Ok(_) => Ok(()),
        Err(Error::Read(error)) => Err(source::unread(&source.name, &error)),
        Err(Error::Write(error)) => Err(output::failed(&error)),
        Err(Error::Fault) => Err(filter::fault(&source.name)),
    }
}

/// Families of classes that some rule is in; `secret.*` is `secret`, as in policies.
fn classes(typed: &[String], policy: &Policy) -> Result<Vec<String>, Failure> {
    let families: Vec<String> = typed
        .iter()
        .flat_map(|list| list.split(','))
        .map(str::trim)
        .map(|name| name.strip_suffix(".*").unwrap_or(name).to_owned())
        .collect();
    match families.iter().find(|family| !policy.rules.iter().any(|rule| is_in(&rule.class, family))) {
        // What was typed is not said: it may be anything.
        Some(_) => Err(Failure::usage("--fail-on: no rule of this policy has such a class")
            .hint("logmask rules lists the classes, -p takes more than those of secrets; a family such as pii stands for all in it")),
        None => Ok(families),
    }
}

fn is_in(class: &str, family: &str) -> bool {
    class.strip_prefix(family).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

fn verdict(findings: &Findings, form: Form, max: u64, files: u64) -> Status {
    let Findings { new, tolerated, known, .. } = *findings;
    if form == Form::Text && new + tolerated + known > 0 {
        let known = if known > 0 { format!(", {known} more known") } else { String::new() };
        let other =
            if tolerated > 0 { format!(", {tolerated} of them of classes that do not count") } else { String::new() };
        let places = format!("{} in {}", message::count(new + tolerated, "finding"), message::count(files, "file"));
        message::plain(&format!("logmask: {places}{other}{known}"));
    }
    if new > max { Status::No } else { Status::Done }
}

#[cfg(test)]
mod tests {
    use super::is_in;

    #[test]
    fn a_family_holds_the_classes_below_it() {
        for (class, family, held) in [
            ("secret.token", "secret", true),
            ("secret.token", "secret.token", true),
            ("secretary", "secret", false),
            ("pii.email", "secret", false),
            ("secret", "secret.token", false),
        ] {
            assert_eq!(is_in(class, family), held, "{class} {family}");
        }
    }
}
