use super::*;

/// 2024-05-02T00:00:00 in a zone two hours east of Greenwich.
fn clock() -> Clock {
    Clock("2024-05-02T00:00:00+02:00[Europe/Berlin]".parse().unwrap_or_else(|_| {
        let zone = TimeZone::fixed(jiff::tz::offset(2));
        DateTime::new(2024, 5, 2, 0, 0, 0, 0).unwrap().to_zoned_datetime(zone).unwrap()
    }))
}

fn utc(text: &str) -> Moment {
    Moment(text.parse::<Timestamp>().unwrap().as_nanosecond())
}

#[test]
fn every_form_of_time_is_read() {
    // All without a zone are two hours ahead of Greenwich.
    let noon = "2024-05-01T10:00:00Z";
    for line in [
        "2024-05-01T10:00:00Z x",
        "2024-05-01T10:00:00.000000000Z x",
        "2024-05-01T12:00:00+02:00 x",
        "2024-05-01T12:00:00.000+0200 x",
        "2024-05-01 12:00:00 x",
        "2024-05-01 12:00:00,000 INFO x",
        "2024-05-01 10:00:00.000 UTC [12] LOG:  x",
        "2024/05/01 12:00:00 [error] x",
        "[GIN] 2024/05/01 - 12:00:00 | 200 | x",
        "[2024-05-01T12:00:00] x",
        "I, [2024-05-01T12:00:00.000000 #1]  INFO -- : x",
        "INFO [2024-05-01 12:00:00,000] x",
        "<14>1 2024-05-01T10:00:00Z h a - - - x",
        "<34>May  1 12:00:00 h su: x",
        "May  1 12:00:00 h su: x",
        "Wed May  1 12:00:00.000000 2024 x",
        "[Wed May 01 12:00:00.000000 2024] [core:error] x",
        "Wed, 01 May 2024 10:00:00 GMT x",
        "May 1, 2024 12:00:00 PM a.B c",
        "05/01/2024 12:00:00 PM x",
        "01.05.2024 12:00:00 x",
        "192.0.2.1 - alice@example.com [01/May/2024:10:00:00 +0000] \"GET / HTTP/1.1\" 200",
        "12:M 01 May 2024 12:00:00.000 * x",
        "01-May-2024 12:00:00.000 INFO x",
        "I0501 12:00:00.000000       1 a.go:3] x",
        "I20240501 12:00:00.000000 1 a.cc:3] x",
        "240501 12:00:00 x",
        "24/05/01 12:00:00 INFO x",
        "05-01 12:00:00.000  1702  2395 D tag: x",
        "section_start:1714557600:name",
        "240501 120000 12 INFO x",
        "20240501T100000Z x",
        "time=2024-05-01T10:00:00Z level=info",
        "ts=1714557600 level=info",
        "ts=1714557600.000 level=info",
        "type=SYSCALL msg=audit(1714557600.000:24287): arch=c000003e",
        "node=h type=EXECVE msg=audit(1714557600.000:1): argc=2",
        "1714557600.000 [0 192.0.2.1:1] \"GET\"",
        r#"{"ts":1714557600.000,"msg":"x"}"#,
        r#"{"ts":1.7145576e9,"msg":"x"}"#,
        r#"{"time":1714557600000,"msg":"x"}"#,
        r#"{"level":30,"time":"2024-05-01T10:00:00.000Z"}"#,
        r#"{"t":{"$date":"2024-05-01T10:00:00.000+00:00"},"s":"I"}"#,
        r#"{"__REALTIME_TIMESTAMP":"1714557600000000"}"#,
        r#"{"timeUnixNano":"1714557600000000000"}"#,
    ] {
        assert_eq!(find(line.as_bytes(), &clock()), Some(utc(noon)), "{line}");
    }
}

#[test]
fn what_is_no_time_is_none() {
    for line in [
        "x",
        "10.0.0.1 GET /",
        "version 1.2.3.4",
        "order 12345678 paid",
        "May be late",
        "Summary: 3",
        "port 8080",
        r#"{"ts":1756155e677,"msg":"x"}"#,
        r#"{"ts":-1e300,"msg":"x"}"#,
        "12:00",
    ] {
        assert_eq!(find(line.as_bytes(), &clock()), None, "{line}");
    }
}

#[test]
fn dates_without_a_year_are_of_the_last_twelve_months() {
    let year = |line: &str| find(line.as_bytes(), &clock());
    assert_eq!(year("May  3 12:00:00 h x"), Some(utc("2024-05-03T10:00:00Z")), "a day ahead is a clock that is wrong");
    assert_eq!(year("May  4 12:00:00 h x"), Some(utc("2023-05-04T10:00:00Z")));
    assert_eq!(year("Dec 31 23:00:00 h x"), Some(utc("2023-12-31T22:00:00Z")));
}

#[test]
fn what_is_typed_is_a_time_or_how_long_ago() {
    let cases = [
        ("2024-05-01T10:00:00Z", "2024-05-01T10:00:00Z"),
        ("2024-05-01 12:00", "2024-05-01T10:00:00Z"),
        ("2024-05-01", "2024-04-30T22:00:00Z"),
        ("12:30", "2024-05-02T10:30:00Z"),
        ("15m", "2024-05-01T21:45:00Z"),
        ("2h30m", "2024-05-01T19:30:00Z"),
        ("1 day ago", "2024-04-30T22:00:00Z"),
        ("@1714557600", "2024-05-01T10:00:00Z"),
        ("01/May/2024:12:00:00 +0200", "2024-05-01T10:00:00Z"),
    ];
    for (typed, expected) in cases {
        assert_eq!(clock().parse(typed), Some(utc(expected)), "{typed}");
    }
    for typed in ["", "soon", "15", "hunter2", "@x"] {
        assert_eq!(clock().parse(typed), None, "{typed}");
    }
}
