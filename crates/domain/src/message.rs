//! Messages to people.

use chrono::{DateTime, Utc};

use crate::{
    email::EmailAddress,
    id::{MessageId, UserId},
    secret::Secret,
};

/// What a message says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MessageKind {
    /// Follow the link to prove that the address is yours.
    VerifyEmail,
    /// Follow the link to set another password.
    ResetPassword,
    /// Follow the link if you want another address.
    ChangeEmail,
    /// Follow the link to delete your account.
    DeleteAccount,
    /// Somebody tried to sign up with your address.
    SignUpAttempt,
    /// Your password was changed.
    PasswordChanged,
    /// Your address was changed.
    EmailChanged,
}

impl MessageKind {
    /// Every kind.
    pub const ALL: [Self; 7] = [
        Self::VerifyEmail,
        Self::ResetPassword,
        Self::ChangeEmail,
        Self::DeleteAccount,
        Self::SignUpAttempt,
        Self::PasswordChanged,
        Self::EmailChanged,
    ];

    /// The kind as webhooks and templates name it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::VerifyEmail => "verify-email",
            Self::ResetPassword => "reset-password",
            Self::ChangeEmail => "change-email",
            Self::DeleteAccount => "delete-account",
            Self::SignUpAttempt => "sign-up-attempt",
            Self::PasswordChanged => "password-changed",
            Self::EmailChanged => "email-changed",
        }
    }

    /// The kind with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// A message to somebody.
#[derive(Clone, Debug)]
pub struct Message {
    /// Never changes: whoever is told of it twice can tell.
    pub id: MessageId,
    /// What it says.
    pub kind: MessageKind,
    /// Where it goes.
    pub to: EmailAddress,
    /// The link to follow, where there is one.
    pub link: Option<Link>,
    /// Whom it is about.
    pub user: Recipient,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// From then on it must not be sent any more.
    pub expires_at: Option<DateTime<Utc>>,
}

/// A link that holds a secret.
#[derive(Clone, Debug)]
pub struct Link {
    /// The whole address to follow.
    pub url: Secret<String>,
    /// The secret in it.
    pub token: Secret<String>,
}

/// Whom a message is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipient {
    /// The user's id.
    pub id: UserId,
    /// The user's address; that of the message may be another.
    pub email: EmailAddress,
    /// What the user is called.
    pub name: String,
}

impl Message {
    /// Whether what it says is out of date.
    #[must_use]
    pub fn is_expired(&self, now: DateTime<Utc>) -> bool {
        self.expires_at.is_some_and(|end| end < now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_found_by_its_name() {
        for kind in MessageKind::ALL {
            assert_eq!(MessageKind::named(kind.name()), Some(kind));
        }
        assert_eq!(MessageKind::named("verify"), None);
    }
}
