//! Values for tests.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use portcullis_domain::{
    account::Account,
    additional::{AdditionalFields, FieldSchema},
    email::EmailAddress,
    id::{AccountId, SessionId, UserId},
    origin::TrustedOrigins,
    password::{PasswordHash, PasswordPolicy},
    rate_limit::Rule,
    session::{Session, SessionPolicy},
    social::LinkingPolicy,
    token::SessionToken,
    user::User,
};

use super::FixedClock;
use crate::{
    credential::{CredentialOptions, FailedSignIns},
    message::{Links, MessageOptions},
    ports::Clock,
    session::{SessionOptions, StrictCaller},
    social::{SocialOptions, TokenOptions},
};

/// Better Auth's password lengths; common passwords are accepted.
pub const PASSWORD_POLICY: PasswordPolicy = PasswordPolicy {
    min_length: 8,
    max_length: 128,
    rejects_common: false,
};

/// Better Auth's session lifetimes.
pub const SESSION_POLICY: SessionPolicy = SessionPolicy {
    expires_in: TimeDelta::days(7),
    update_age: TimeDelta::days(1),
    fresh_age: TimeDelta::days(1),
};

/// The minimum response time of requests whose timing must not reveal anything.
pub const FLOOR: Duration = Duration::from_millis(300);

/// The default limit on failed sign-ins.
pub const FAILED_SIGN_INS: FailedSignIns = FailedSignIns {
    rule: Rule {
        window: TimeDelta::minutes(15),
        max: 20,
    },
    known_for: TimeDelta::days(30),
};

/// Options without a session limit and without additional fields.
#[must_use]
pub fn session_options() -> SessionOptions {
    SessionOptions {
        policy: SESSION_POLICY,
        max_per_user: None,
        fields: FieldSchema::default(),
    }
}

/// Options without a limit on failed attempts.
#[must_use]
pub const fn credential_options() -> CredentialOptions {
    CredentialOptions {
        policy: PASSWORD_POLICY,
        refusal_floor: FLOOR,
        failed_sign_ins: None,
    }
}

/// Options with the default limit on failed attempts.
#[must_use]
pub const fn limited_credential_options() -> CredentialOptions {
    CredentialOptions {
        failed_sign_ins: Some(FAILED_SIGN_INS),
        ..credential_options()
    }
}

/// Returns links below `https://auth.example.com/api/auth`.
///
/// # Panics
///
/// Never: the URL is valid.
#[must_use]
#[expect(clippy::expect_used, reason = "the text is a constant")]
pub fn links() -> Links {
    let base = "https://auth.example.com".parse().expect("a URL");
    Links::below(&base, "/api/auth/")
}

/// Options by which all messages are sent, notices included.
#[must_use]
pub fn message_options() -> MessageOptions {
    MessageOptions {
        links: links(),
        is_sending: true,
        is_sending_to_phones: true,
        has_notices: true,
        verification_codes: None,
        limits: None,
    }
}

/// Options by which no message can be sent.
#[must_use]
pub fn silent_message_options() -> MessageOptions {
    MessageOptions {
        is_sending: false,
        is_sending_to_phones: false,
        ..message_options()
    }
}

/// Better Auth's options of sign-in with providers, at `https://auth.example.com/api/auth`. No message is sent.
#[must_use]
pub fn social_options() -> SocialOptions {
    SocialOptions {
        origin: "https://auth.example.com".to_owned(),
        base_url: "https://auth.example.com/api/auth".to_owned(),
        linking: LinkingPolicy::default(),
        stores_states_in_cookies: false,
        accepts_foreign_states: false,
        applications: TrustedOrigins::default(),
        tokens: TokenOptions {
            is_encrypted: false,
            updates_on_sign_in: true,
            cookie_lifetime: None,
        },
        fields: FieldSchema::default(),
        sends_verification_link: false,
        messages: silent_message_options(),
        link_expires_in: TimeDelta::hours(1),
    }
}

/// Returns the time at which a [`FixedClock`] starts.
#[must_use]
pub fn start() -> DateTime<Utc> {
    FixedClock::default().now()
}

/// Returns a user who signed up at the [`start`].
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
        additional: AdditionalFields::default(),
    }
}

/// Returns the same user with a verified e-mail address.
#[must_use]
pub fn a_verified_user() -> User {
    User {
        email_verified: true,
        ..a_user()
    }
}

/// Returns another user.
#[must_use]
pub fn another_user() -> User {
    User {
        id: UserId::new("user-2"),
        name: "Bob".to_owned(),
        email: EmailAddress::from_stored("bob@example.com"),
        ..a_user()
    }
}

/// Returns the user's credential account with this password hash.
#[must_use]
pub fn an_account(hash: &str) -> Account {
    Account::credential(
        AccountId::new("account-1"),
        a_user().id,
        PasswordHash::new(hash),
        start(),
    )
}

/// Returns the user's session, created at the [`start`].
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
        additional: AdditionalFields::default(),
    }
}

/// Returns this user as the caller, with the session of [`a_session`].
#[must_use]
pub fn calling(user: User) -> StrictCaller {
    let session = Session {
        user_id: user.id.clone(),
        ..a_session()
    };
    StrictCaller::for_test(session, user)
}

/// Returns an e-mail address that no user has.
#[must_use]
pub fn new_email() -> EmailAddress {
    EmailAddress::from_stored("countess@example.com")
}
