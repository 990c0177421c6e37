//! Options of administration.

use chrono::TimeDelta;
use portcullis_domain::{access::Roles, additional::FieldSchema, admin::AdminPolicy, email::EmailAddress};

/// Options of administration.
#[derive(Clone, Debug, PartialEq)]
pub struct AdminOptions {
    /// The roles, and who is an administrator.
    pub policy: AdminPolicy,
    /// Options of bans.
    pub bans: BanOptions,
    /// How long an administrator may act for a user.
    pub impersonation_lifetime: TimeDelta,
    /// The address of the user who becomes the first administrator.
    pub first_admin: Option<EmailAddress>,
    /// The additional fields of users.
    pub fields: FieldSchema,
    /// How long the client stores the session of an administrator.
    pub session_lifetime: TimeDelta,
    /// Whether a password that an administrator sets ends the user's sessions.
    pub revokes_sessions: bool,
}

/// Options of bans.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BanOptions {
    /// The reason of a ban if the administrator gives none.
    pub default_reason: String,
    /// How long a ban lasts if the administrator sets no duration. `None`: forever.
    pub default_length: Option<TimeDelta>,
    /// The message that a banned user sees at sign-in.
    pub message: String,
}

impl AdminOptions {
    /// Returns the options of a deployment that has no roles and no bans. Then only the operator acts on users.
    #[must_use]
    pub fn without_roles(fields: FieldSchema) -> Self {
        Self {
            policy: AdminPolicy {
                roles: Roles::default(),
                admin_roles: Vec::new(),
                ..AdminPolicy::default()
            },
            bans: BanOptions {
                default_reason: String::new(),
                default_length: None,
                message: String::new(),
            },
            impersonation_lifetime: TimeDelta::zero(),
            first_admin: None,
            fields,
            session_lifetime: TimeDelta::zero(),
            revokes_sessions: false,
        }
    }
}
