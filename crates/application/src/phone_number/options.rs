//! Options of phone numbers.

use chrono::TimeDelta;
use portcullis_domain::phone_number::TemporaryIdentity;

use crate::{code::CodeOptions, message::MessageOptions};

/// Options of phone numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhoneNumberOptions {
    /// The codes that are sent to phones.
    pub codes: CodeOptions,
    /// How long the client's IP address stays known to the account after a sign-in.
    pub known_for: TimeDelta,
    /// Which numbers are accepted.
    pub format: NumberFormat,
    /// Whether clients may claim a number, without proof, when they sign up.
    pub accepts_at_sign_up: bool,
    /// Whether sign-in with a phone number and a password requires a proven number.
    pub requires_verification: bool,
    /// What users start with who sign up by proving a number. `None`: only existing users can prove one.
    pub sign_up: Option<TemporaryIdentity>,
    /// Whether a new password revokes the user's sessions.
    pub revokes_sessions: bool,
    /// Options of messages.
    pub messages: MessageOptions,
}

/// Which phone numbers are accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberFormat {
    /// Any text that is not empty.
    Any,
    /// Numbers in the form of E.164.
    E164,
}
