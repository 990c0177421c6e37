//! The method of a user's last sign-in, as Better Auth's plugin `last-login-method` stores it.

use crate::additional::{FieldDefinition, FieldKind};

/// The member of a user that names the method of the last sign-in.
pub const LAST_LOGIN_METHOD: &str = "lastLoginMethod";

/// The member that the plugin adds to users if it stores the method.
#[must_use]
pub fn user_fields() -> Vec<FieldDefinition> {
    vec![FieldDefinition {
        name: LAST_LOGIN_METHOD.to_owned(),
        kind: FieldKind::String,
        is_required: false,
        default: None,
        is_input: false,
        is_returned: true,
        is_unique: false,
    }]
}
