//! What happens to stack traces: the policy key `stack`, and `--stack`.

use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer};
use std::fmt;

/// What is left of a stack trace. Messages and causes stay in any case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stack {
    /// All of it.
    #[default]
    Keep,
    /// The first frames of each exception, so many; the rest is counted in a line of its own. Dumps of local variables go.
    Fold(u32),
    /// No frame.
    Drop,
}

impl Stack {
    /// Frames that `fold` leaves if it does not say how many.
    pub const FRAMES: u32 = 3;

    /// Of two, the one that leaves less.
    ///
    /// ```
    /// use logmask::policy::Stack::{Drop, Fold, Keep};
    /// assert_eq!(Keep.stricter(Fold(3)), Fold(3));
    /// assert_eq!(Fold(1).stricter(Fold(3)), Fold(1));
    /// assert_eq!(Drop.stricter(Fold(0)), Drop);
    /// ```
    #[must_use]
    pub fn stricter(self, other: Stack) -> Stack {
        if self.frames() <= other.frames() { self } else { other }
    }

    fn frames(self) -> i64 {
        match self {
            Stack::Keep => i64::MAX,
            Stack::Fold(frames) => i64::from(frames),
            Stack::Drop => -1,
        }
    }

    /// As it is typed: `keep`, `fold`, `fold:5` or `drop`.
    ///
    /// ```
    /// use logmask::policy::Stack;
    /// assert_eq!(Stack::parse("fold:5"), Some(Stack::Fold(5)));
    /// assert_eq!(Stack::parse("fold"), Some(Stack::Fold(Stack::FRAMES)));
    /// assert_eq!(Stack::parse("fold:"), None);
    /// ```
    pub fn parse(typed: &str) -> Option<Stack> {
        match typed {
            "keep" => Some(Stack::Keep),
            "fold" => Some(Stack::Fold(Stack::FRAMES)),
            "drop" => Some(Stack::Drop),
            _ => typed.strip_prefix("fold:").and_then(|frames| frames.parse().ok()).map(Stack::Fold),
        }
    }
}

impl<'de> Deserialize<'de> for Stack {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Stack, D::Error> {
        struct Read;
        impl Visitor<'_> for Read {
            type Value = Stack;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("keep, fold, fold:N or drop")
            }
            fn visit_str<E: Error>(self, typed: &str) -> Result<Stack, E> {
                // What was typed is not repeated.
                Stack::parse(typed).ok_or_else(|| E::custom("stack is one of keep, fold, fold:N and drop"))
            }
        }
        deserializer.deserialize_any(Read)
    }
}
