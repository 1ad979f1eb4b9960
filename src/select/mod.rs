//! Which records are shown at all: by time, level, field and text, as the original line has it.
//!
//! A record is its head and the lines that continue it: they share its verdict. Decided forward, for each of the sources
//! that interleave.

mod access;
mod cef;
mod columns;
mod field;
mod json;
mod level;
mod source;
mod status;
mod time;
pub mod unit;
mod verbose;

pub use level::Level;
pub use source::State;
pub use time::{Clock, Moment};

use crate::format::nesting::Nesting;
use crate::format::spelled::Text;
use crate::format::view::View;
use crate::format::{self, Peeled, klog};
use crate::stack;
use columns::Columns;
use field::Field;
use memchr::memmem;

/// What is asked for; all of it must hold.
#[derive(Debug, Default)]
pub struct Selection {
    /// Not before this.
    pub since: Option<Moment>,
    /// Before this.
    pub until: Option<Moment>,
    /// As severe as this, or more.
    pub level: Option<Level>,
    /// Lines round each selected one that are shown too.
    pub context: usize,
    /// Where times without a zone, a year or a date belong.
    pub clock: Clock,
    fields: Vec<Field>,
    texts: Vec<Vec<u8>>,
}

impl Selection {
    /// Asks for a field: `key=glob`. `None` if there is no `=`, or nothing in front of it.
    pub fn field(&mut self, typed: &str) -> Option<()> {
        self.fields.push(Field::parse(typed)?);
        Some(())
    }

    /// Asks for a text, byte for byte.
    pub fn text(&mut self, text: &[u8]) {
        self.texts.push(text.to_vec());
    }

    /// Nothing is asked for.
    pub fn is_empty(&self) -> bool {
        self.since.is_none()
            && self.until.is_none()
            && self.level.is_none()
            && self.fields.is_empty()
            && self.texts.is_empty()
    }

    /// Is `line`, which has no line ending, part of a record that is asked for?
    pub fn takes(&self, line: &[u8], peeled: &Peeled, state: &mut State) -> bool {
        if let Some(plain) = format::without_colours(line) {
            return self.takes_plain(&plain, &format::peel(&plain), state);
        }
        self.takes_plain(line, peeled, state)
    }

    fn takes_plain(&self, line: &[u8], peeled: &Peeled, state: &mut State) -> bool {
        let decoded = unescaped(line, peeled);
        let (envelope, payload) = if let Some(text) = &decoded {
            inside(text)
        } else {
            let start = message(line, peeled.payload.start);
            (&line[..start], &line[start..peeled.payload.end])
        };
        // Whoever writes a time in front of a record only writes none in front of its other lines.
        let bare = peeled.payload.len() == line.len() && payload.first() != Some(&b'{') && !is_command(payload);
        if bare && let Some(selected) = state.goes_on(|| self.stamp(payload, None).is_none()) {
            return selected;
        }
        let source = state.source(&peeled.name(line));
        let continued = std::mem::replace(&mut source.partial, peeled.partial);
        let indented = matches!(payload.first(), Some(b' ' | b'\t')) && !level::is_padded(payload);
        if continued || payload.is_empty() || indented || payload.starts_with(b"\\t") {
            return source.selected;
        }
        let mut header = false;
        if let Some(columns) = Columns::read(payload, !std::mem::replace(&mut source.begun, true)) {
            // Without it nobody could read the rows. What may be a sentence with a comma is none.
            header = columns.are_w3c() || memchr::memchr(b' ', payload).is_none();
            source.columns = Some(columns);
        } else if source.columns.is_none() && time::is_flow(payload) {
            source.columns = Some(Columns::of_flows());
        }
        let columns = source.columns.as_ref();
        let outside = time::all(envelope, &self.clock).count();
        let stamp = self.stamp(payload, columns);
        // Behind a time of who collects lines, one that the message only speaks of is not its own.
        let leads = || outside == 0 || payload[0] == b'{' || time::leads(payload, &self.clock);
        let own = stamp.is_some() && leads();
        source.dated |= own;
        // What has dates elsewhere does not begin with a time of the day.
        let day = if stamp.is_none() && !source.dated { time::of_day(payload, outside > 0, &self.clock) } else { None };
        let stamp = stamp.or(day);
        let times = outside + usize::from(own || day.is_some());
        let directive = payload[0] == b'#' && columns.is_some_and(Columns::are_w3c);
        let headless = times < source.times && stamp.is_none() && payload[0] != b'{' && !directive;
        source.times = source.times.max(times);
        let ends_traceback = source.ends_traceback(payload);
        if headless && !is_command(payload) || stack::continues(payload) || ends_traceback {
            return source.selected;
        }
        source.selected = self.wants(line, peeled, payload, stamp, source.columns.as_ref());
        source.selected || header
    }

    /// When the message says that it was written, with its date.
    fn stamp(&self, payload: &[u8], columns: Option<&Columns>) -> Option<Moment> {
        let of_row = columns.and_then(|columns| time::of_row(payload, columns, &self.clock));
        of_row.or_else(|| time::find(payload, &self.clock)).or_else(|| cef::moment(payload, &self.clock))
    }

    fn wants(
        &self,
        line: &[u8],
        peeled: &Peeled,
        payload: &[u8],
        stamp: Option<Moment>,
        columns: Option<&Columns>,
    ) -> bool {
        if self.since.is_some() || self.until.is_some() {
            // What wrote the envelope knows the zone and the year.
            let envelope = &line[..peeled.payload.start];
            let outside = || time::all(envelope, &self.clock).next().or_else(|| time::find(envelope, &self.clock));
            let behind = || time::find_behind(&line[peeled.payload.end..], &self.clock);
            let Some(moment) = outside().or_else(behind).or(stamp) else { return false };
            if self.since.is_some_and(|since| moment < since) || self.until.is_some_and(|until| moment >= until) {
                return false;
            }
        }
        let level = || {
            let of_row = columns.and_then(|columns| level::of_row(payload, columns));
            let own = of_row.or_else(|| cef::level(payload)).or_else(|| level::find(payload, line));
            own.or_else(|| level_of_message(line))
        };
        let stands = |field: &Field| {
            let cell = columns.and_then(|columns| columns.cell(payload, |name| field.is_called(name)));
            cell.is_some_and(|cell| field.is_value(cell))
                || access::has(payload, |name| field.is_called(name), |cell| field.is_value(cell))
                || cef::find(payload, |name| field.is_called(name)).is_some_and(|value| field.is_value(value))
                || field.stands_in(line)
        };
        self.level.is_none_or(|least| level().is_some_and(|level| level >= least))
            && self.texts.iter().all(|text| memmem::find(line, text).is_some())
            && self.fields.iter().all(stands)
    }
}

/// What a build says itself, between the lines of what it runs: `##[error]no`, `::error::no`.
fn is_command(payload: &[u8]) -> bool {
    payload.starts_with(b"##[") || payload.starts_with(b"::")
}

/// The message of docker as it is without the string around it.
fn unescaped(line: &[u8], peeled: &Peeled) -> Option<Vec<u8>> {
    if peeled.payload.end == line.len() || line.last() != Some(&b'}') {
        return None;
    }
    let text = Text::around(line, peeled.payload.start, &mut Nesting::default())?;
    let mut view = View::default();
    text.read(line, &mut view);
    Some(view.text)
}

/// The level that the message of a record in JSON says, as what collects lines of any kind has none of its own.
fn level_of_message(line: &[u8]) -> Option<Level> {
    let mut view = View::default();
    let mut find = |text: Text| {
        text.read(line, &mut view);
        level::find(inside(&view.text).1, &view.text)
    };
    // A record in it may be one whose message says it.
    find(Text::outer_message(line)?).or_else(|| find(Text::message(line)?))
}

/// The envelopes in a message, and what they carry.
fn inside(text: &[u8]) -> (&[u8], &[u8]) {
    let text = text.strip_suffix(b"\n").unwrap_or(text);
    let text = text.strip_suffix(b"\r").unwrap_or(text);
    let peeled = format::peel(text);
    let start = message(text, peeled.payload.start);
    (&text[..start], &text[start..peeled.payload.end])
}

/// Where the message of a record begins for us: klog's head is part of it, because a time and a level stand there.
fn message(line: &[u8], payload: usize) -> usize {
    let heads = |at: &usize| klog::peel(&line[*at..]).is_some_and(|head| at + head.payload.start == payload);
    let blanks = memchr::memchr_iter(b' ', &line[..payload]).map(|at| at + 1);
    std::iter::once(0).chain(blanks).take(16).find(heads).unwrap_or(payload)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::format::peel;

    fn taken(selection: &Selection, lines: &[&str]) -> Vec<bool> {
        let mut state = State::default();
        lines.iter().map(|line| selection.takes(line.as_bytes(), &peel(line.as_bytes()), &mut state)).collect()
    }

    #[test]
    fn lines_that_continue_a_record_share_its_verdict() {
        let selection = Selection { level: Level::parse("error"), ..Selection::default() };
        let lines = [
            "2024-05-01 12:00:00 ERROR db: select 1",
            "from t where level = 'info'",
            "\tat a.B.c(B.java:1)",
            "Caused by: X",
            "",
            "2024-05-01 12:00:01 INFO ok",
            "ERROR is a word here",
            "{\"level\":\"error\"}",
        ];
        assert_eq!(taken(&selection, &lines), [true, true, true, true, true, false, false, true]);
    }

    #[test]
    fn a_time_that_a_message_speaks_of_is_not_its_own() {
        let mut selection = Selection { level: Level::parse("error"), ..Selection::default() };
        let lines = [
            "Nov 27 10:01:00 host cron[7]: INFO next run at 2026-11-28 10:00:00",
            "Nov 27 10:01:01 host cron[7]: 12:00:00 is the next run",
            "Nov 27 10:01:01 host cron[7]: ERROR no",
            "2026-11-27T10:01:00Z stdout F ERROR 2026-11-27 10:01:00,123 no",
            "2026-11-27T10:01:00Z stdout F ValueError: z",
            "2026-11-27T10:01:01Z stderr F 10:01:00.123 [main] ERROR no",
            "2026-11-27T10:01:01Z stderr F java.lang.X: z",
        ];
        assert_eq!(taken(&selection, &lines), [false, false, true, true, true, true, true]);
        selection = Selection { since: Clock::default().parse("@1714557600"), ..Selection::default() };
        let pod = format!("[pod/{}/shop] 2024-05-01T10:00:00Z x", "web-".repeat(30));
        assert_eq!(taken(&selection, &[&pod]), [true], "however long the names in front are");
    }

    #[test]
    fn what_a_build_says_itself_continues_nothing() {
        let selection = Selection { level: Level::parse("error"), ..Selection::default() };
        let lines =
            ["2024-05-01 12:00:00 INFO ok", "more", "##[error]no", "2024-05-01 12:00:00 INFO ok", "::error::no"];
        assert_eq!(taken(&selection, &lines), [false, false, true, false, true]);
    }

    #[test]
    fn a_padded_level_begins_a_record() {
        let selection = Selection { level: Level::parse("error"), ..Selection::default() };
        let lines = [
            "2024-05-01T12:00:00.123Z ERROR 1 --- [main] a.B : x",
            "2024-05-01T12:00:00.123Z  INFO 1 --- [main] a.B : y",
            "2024-05-01T12:00:00.123Z   more of it",
            "2024-05-01T12:00:00.123Z  INFORMATION is a word",
        ];
        assert_eq!(taken(&selection, &lines), [true, false, false, false]);
    }

    #[test]
    fn the_message_of_docker_is_read_as_what_it_is() {
        let selection = Selection { level: Level::parse("error"), ..Selection::default() };
        let docker = |log: &str| format!("{{\"log\": \"{log}\\n\", \"stream\": \"stdout\", \"time\": \"t\"}}");
        let lines = [
            docker(r#"{\"level\":\"error\",\"msg\":\"x\"}"#),
            docker(r#"{\"level\":\"info\",\"msg\":\"error\"}"#),
            docker(r#"E0501 12:00:00.123456       1 a.go:3] \"no\""#),
            docker(r"2024-05-01T12:00:00Z\tERROR\ta.go:1\tno"),
            docker(r"\tmore"),
        ];
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        assert_eq!(taken(&selection, &lines), [true, false, true, true, true]);
    }

    #[test]
    fn sources_are_kept_apart() {
        let selection = Selection { level: Level::parse("warn"), ..Selection::default() };
        let lines = ["[pod/a/x] ERROR no", "[pod/b/x] INFO ok", "[pod/a/x]   more", "[pod/b/x]   more"];
        assert_eq!(taken(&selection, &lines), [true, false, true, false]);
    }

    #[test]
    fn columns_colours_and_events_are_read() {
        let mut selection = Selection { level: Level::parse("error"), ..Selection::default() };
        assert_eq!(taken(&selection, &["time,level,msg", "1,error,x", "2,info,ERROR"]), [true, true, false]);
        let w3c = [
            "#Fields: date time sc-status",
            "2024-05-01 10:00:00 503",
            "#Fields: date time sc-status a",
            "2024-05-01 10:00:00 200 503",
        ];
        assert_eq!(taken(&selection, &w3c), [true, true, true, false]);
        assert_eq!(taken(&selection, &["\x1b[2m10:00\x1b[0m [\x1b[31m\x1b[1merror    \x1b[0m] x"]), [true]);
        assert_eq!(taken(&selection, &["CEF:0|v|p|1|7|n|9|src=x", "CEF:0|v|p|1|7|error|2|src=x"]), [true, false]);
        selection = Selection { since: Clock::default().parse("@1714557600"), ..Selection::default() };
        let flow = |start| format!("2 123456789010 eni-1 192.0.2.1 192.0.2.2 1 2 6 3 4 {start} 1714557999 ACCEPT OK");
        assert_eq!(taken(&selection, &[&flow(1_714_557_599), &flow(1_714_557_600)]), [false, true]);
        selection.field("src-addr=192.0.2.1").unwrap();
        selection.field("action=accept").unwrap();
        assert_eq!(taken(&selection, &[&flow(1_714_557_600)]), [true]);
        let mut selection = Selection::default();
        selection.field("suser=jo smith").unwrap();
        assert_eq!(taken(&selection, &["CEF:0|v|p|1|7|n|9|suser=jo smith act=x"]), [true]);
    }

    #[test]
    fn all_that_is_asked_for_must_hold() {
        let mut selection = Selection { level: Level::parse("info"), ..Selection::default() };
        selection.field("trace_id=4bf9*").unwrap();
        selection.text(b"paid");
        let lines = [
            "INFO paid trace_id=4bf92f",
            "INFO paid trace_id=5bf92f",
            "DEBUG paid trace_id=4bf92f",
            "{\"level\":30,\"msg\":\"paid\",\"traceId\":\"4BF92F\"}",
            "INFO sent trace_id=4bf92f",
        ];
        assert_eq!(taken(&selection, &lines), [true, false, false, true, false]);
    }
}
