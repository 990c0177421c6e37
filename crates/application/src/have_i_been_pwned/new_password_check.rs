//! The decision about a new password.

use async_trait::async_trait;
use portcullis_domain::password::Password;

use super::{HaveIBeenPwned, OnOutage};
use crate::{
    ports::Failure,
    seams::{Decision, NewPasswordCheck, PasswordSource, Refusal},
};

/// The name of the error code for a password that attackers know.
pub(super) const COMPROMISED: &str = "PASSWORD_COMPROMISED";
/// The name of the error code for a password that could not be checked.
pub(super) const UNCHECKED: &str = "FAILED_TO_CHECK_PASSWORD_PLEASE_TRY_AGAIN_LATER";

#[async_trait]
impl NewPasswordCheck for HaveIBeenPwned {
    async fn check(&self, password: &Password, source: PasswordSource) -> Result<Decision, Failure> {
        if !self.options.sources.contains(&source) {
            return Ok(Decision::Allowed);
        }
        Ok(match self.passwords.contains(password).await {
            Ok(false) => Decision::Allowed,
            Ok(true) => Decision::Refused(Refusal {
                message: self.options.message.clone(),
                ..Refusal::from(COMPROMISED)
            }),
            Err(failure) => self.decide_without(&failure),
        })
    }
}

impl HaveIBeenPwned {
    fn decide_without(&self, failure: &Failure) -> Decision {
        let cause = failure.causes();
        match self.options.on_outage {
            OnOutage::Allow => {
                tracing::warn!(
                    cause,
                    "could not look up whether a new password is compromised; it is accepted"
                );
                Decision::Allowed
            }
            OnOutage::Reject => {
                tracing::warn!(
                    cause,
                    "could not look up whether a new password is compromised; it is refused"
                );
                Decision::Refused(UNCHECKED.into())
            }
        }
    }
}
