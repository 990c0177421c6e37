//! Administration of users: their roles, bans, and the sessions in which administrators act for them.

mod ban;
mod permission;
mod policy;
mod query;

#[cfg(test)]
mod tests;

use serde_json::Value;

pub use self::{
    ban::{Ban, BanState, InvalidBanEnd},
    permission::Permission,
    policy::AdminPolicy,
    query::{Comparand, Condition, Operator, Sorting, UserQuery},
};
use crate::{
    additional::{FieldDefinition, FieldKind},
    id::UserId,
    session::Session,
};

/// The member of a user that contains the user's roles, joined by commas.
pub const ROLE: &str = "role";
/// The member of a user that states whether the user is banned.
pub const BANNED: &str = "banned";
/// The member of a user that contains the reason of a ban.
pub const BAN_REASON: &str = "banReason";
/// The member of a user that contains the end of a ban.
pub const BAN_EXPIRES: &str = "banExpires";
/// The member of a session that contains the id of the administrator who acts for the session's user.
pub const IMPERSONATED_BY: &str = "impersonatedBy";

/// The members of a user that only a ban or its end sets.
pub const BAN_FIELDS: [&str; 3] = [BANNED, BAN_REASON, BAN_EXPIRES];

/// The members that the plugin adds to users.
#[must_use]
pub fn user_fields() -> Vec<FieldDefinition> {
    let banned = FieldDefinition {
        default: Some(Value::Bool(false)),
        ..field(BANNED, FieldKind::Boolean)
    };
    vec![
        field(ROLE, FieldKind::String),
        banned,
        field(BAN_REASON, FieldKind::String),
        field(BAN_EXPIRES, FieldKind::Date),
    ]
}

/// The members that the plugin adds to sessions.
#[must_use]
pub fn session_fields() -> Vec<FieldDefinition> {
    vec![field(IMPERSONATED_BY, FieldKind::String)]
}

fn field(name: &str, kind: FieldKind) -> FieldDefinition {
    FieldDefinition {
        name: name.to_owned(),
        kind,
        is_required: false,
        default: None,
        is_input: false,
        is_returned: true,
        is_unique: false,
    }
}

/// Returns the administrator who acts for the session's user, if the session is not the user's own.
#[must_use]
pub fn impersonator(session: &Session) -> Option<UserId> {
    let id = session.additional.get(IMPERSONATED_BY).as_str();
    id.filter(|id| !id.is_empty()).map(UserId::new)
}
