//! Values to begin with.

use chrono::{DateTime, TimeDelta, Utc};
use portcullis_domain::{
    account::Account,
    email::EmailAddress,
    id::{AccountId, SessionId, UserId},
    password::PasswordHash,
    password::PasswordPolicy,
    session::{Session, SessionPolicy},
    token::SessionToken,
    user::User,
};

use crate::ports::Clock;

use super::FixedClock;

/// The reference's lengths of passwords.
pub const PASSWORD_POLICY: PasswordPolicy = PasswordPolicy {
    shortest: 8,
    longest: 128,
};

/// The reference's lives of sessions.
pub const SESSION_POLICY: SessionPolicy = SessionPolicy {
    expires_in: TimeDelta::days(7),
    update_age: TimeDelta::days(1),
};

/// The time at which a [`FixedClock`] starts.
#[must_use]
pub fn start() -> DateTime<Utc> {
    FixedClock::default().now()
}

/// A user who signed up at the [`start`].
#[must_use]
pub fn a_user() -> User {
    User {
        id: UserId::new("user-1"),
        name: "Ada".to_owned(),
        email: EmailAddress::from_stored("ada@example.com"),
        email_verified: false,
        image: None,
        created_at: start(),
        updated_at: start(),
    }
}

/// The user's account with this hash of a password.
#[must_use]
pub fn an_account(hash: &str) -> Account {
    Account::credential(
        AccountId::new("account-1"),
        a_user().id,
        PasswordHash::new(hash),
        start(),
    )
}

/// The user's session, begun at the [`start`].
#[must_use]
pub fn a_session() -> Session {
    Session {
        id: SessionId::new("session-1"),
        token: SessionToken::new("token-1"),
        user_id: a_user().id,
        expires_at: SESSION_POLICY.end(start(), true),
        created_at: start(),
        updated_at: start(),
        ip_address: Some(String::new()),
        user_agent: Some(String::new()),
    }
}
