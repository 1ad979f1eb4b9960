//! Grants: short-lived OpenSSH user certificates that let somebody see more for a time and a reason.
//!
//! Knows no line of a log and no clock: whoever asks says what time it is.

mod grant;
mod revoked;
pub mod session;

pub use grant::{
    CLASSES, LONGEST_NAME, LONGEST_REASON, Permit, REASON, Refusal, Terms, check, check_alone, is_line, is_name,
    is_unseen, principal,
};
pub use revoked::Revoked;
