//! Rejection of new passwords that attackers know from leaked databases.

mod new_password_check;

use std::sync::Arc;

use crate::{ports::CompromisedPasswords, seams::PasswordSource};

/// Options of the check of new passwords.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HaveIBeenPwnedOptions {
    /// The ways to get a new password that are checked.
    pub sources: Vec<PasswordSource>,
    /// The message of a refusal. `None`: that of the error code.
    pub message: Option<String>,
    /// What happens while the list cannot be reached.
    pub on_outage: OnOutage,
}

/// What happens to new passwords while the list cannot be reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnOutage {
    /// They are accepted.
    Allow,
    /// They are refused.
    Reject,
}

/// Refuses passwords that attackers know; cheap to clone.
#[derive(Clone)]
pub struct HaveIBeenPwned {
    passwords: Arc<dyn CompromisedPasswords>,
    options: HaveIBeenPwnedOptions,
}

impl HaveIBeenPwned {
    /// Creates the check with this list and these options.
    #[must_use]
    pub fn new(passwords: Arc<dyn CompromisedPasswords>, options: HaveIBeenPwnedOptions) -> Self {
        Self { passwords, options }
    }
}

#[cfg(test)]
mod tests;
