//! The default role of new users.

use portcullis_domain::{admin::ROLE, user::User};
use serde_json::Value;

use super::AdminOptions;
use crate::{seams::UserDefaults, sign_in::completion::SignInMethod};

/// Gives new users the default role, unless they have another one.
pub struct RoleDefault(String);

impl RoleDefault {
    /// Creates the default with the role of these options.
    #[must_use]
    pub fn new(options: &AdminOptions) -> Self {
        Self(options.policy.default_role.clone())
    }
}

impl UserDefaults for RoleDefault {
    fn prepare(&self, user: &mut User, _method: Option<&SignInMethod>) {
        if user.additional.get(ROLE).is_null() {
            user.additional.set(ROLE, Value::from(self.0.as_str()));
        }
    }
}
