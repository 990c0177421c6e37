//! Options of sign-up.

use chrono::TimeDelta;

use crate::{code::CodeOptions, message::MessageOptions};

/// Options of sign-up.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "each is an independent option")]
pub struct SignUpOptions {
    /// Whether sign-up is enabled.
    pub enabled: bool,
    /// Whether users are signed in after sign-up.
    pub auto_sign_in: bool,
    /// Whether sign-in requires a verified e-mail address.
    pub requires_verified_email: bool,
    /// Whether a new user is sent a verification link.
    pub sends_verification_link: bool,
    /// The code with which a new user verifies the address, in addition to a link. `None`: none is sent.
    pub verification_code: Option<CodeOptions>,
    /// Options of messages.
    pub messages: MessageOptions,
    /// How long the verification link is valid.
    pub link_expires_in: TimeDelta,
}

impl SignUpOptions {
    /// Whether sign-up conceals whether an e-mail address is already registered. That requires a response without a
    /// session.
    pub(super) const fn conceals(&self) -> bool {
        self.requires_verified_email || !self.auto_sign_in
    }
}
