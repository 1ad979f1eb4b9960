//! Time and its medians.

use rustix::time::{ClockId, clock_gettime};
use std::time::Duration;

/// CPU time of this thread while `work` runs.
///
/// By the thread's own clock: `/proc/thread-self/schedstat` lags by up to a tick, which turned 0.4 ms into 4 ms.
pub fn cpu(work: impl FnOnce()) -> Duration {
    let before = thread_clock();
    work();
    thread_clock().saturating_sub(before)
}

fn thread_clock() -> Duration {
    let now = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(now.tv_sec as u64, now.tv_nsec as u32)
}

/// The middle of `values`; zero of none.
pub fn median(mut values: Vec<Duration>) -> Duration {
    values.sort();
    values.get(values.len() / 2).copied().unwrap_or_default()
}

/// Millions of bytes a second.
pub fn rate(bytes: usize, time: Duration) -> f64 {
    bytes as f64 / 1e6 / time.as_secs_f64().max(1e-9)
}
