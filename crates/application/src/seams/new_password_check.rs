//! Checks of new passwords.

use std::sync::Arc;

use async_trait::async_trait;
use portcullis_domain::password::Password;

use super::Decision;
use crate::ports::Failure;

/// How a user gets a new password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordSource {
    /// The user signs up.
    SignUp,
    /// The user changes the password.
    Change,
    /// The user resets the password with the token of a link.
    Reset,
    /// The user resets the password with a code that was sent to the e-mail address.
    ResetByEmailCode,
    /// The user resets the password with a code that was sent to the phone number.
    ResetByPhoneCode,
    /// An administrator creates the user.
    CreatedByAdministrator,
    /// An administrator sets the password.
    SetByAdministrator,
}

/// Refuses new passwords. It is called after the policy is checked and before the password is hashed, outside of units
/// of work, because the answer may need a request to another server.
#[async_trait]
pub trait NewPasswordCheck: Send + Sync {
    /// Decides whether a user may get this password.
    async fn check(&self, password: &Password, source: PasswordSource) -> Result<Decision, Failure>;
}

/// The checks of all plugins.
#[derive(Clone, Default)]
pub struct NewPasswordChecks(Arc<[Arc<dyn NewPasswordCheck>]>);

impl NewPasswordChecks {
    /// Creates the list of these plugins, which are called in this order.
    #[must_use]
    pub fn new(plugins: Arc<[Arc<dyn NewPasswordCheck>]>) -> Self {
        Self(plugins)
    }

    /// Decides whether a user may get this password. The first refusal decides.
    pub(crate) async fn check(
        &self,
        password: &Password,
        source: PasswordSource,
    ) -> Result<Decision, Failure> {
        for plugin in self.0.iter() {
            let decision = plugin.check(password, source).await?;
            if decision != Decision::Allowed {
                return Ok(decision);
            }
        }
        Ok(Decision::Allowed)
    }
}
