//! Messages to users.

mod content;

use chrono::{DateTime, TimeDelta, Utc};

pub use self::content::{Content, InvitationContent, Link, Recipient};
use crate::{destination::Destination, email::EmailAddress, id::MessageId, rate_limit::Rule, secret::Secret};

/// What a message is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MessageKind {
    /// A link that verifies the user's address.
    VerifyEmail,
    /// A link that lets the user set a new password.
    ResetPassword,
    /// A link that confirms that the user wants a new address.
    ChangeEmail,
    /// A link that deletes the user's account.
    DeleteAccount,
    /// A notice of a sign-up with the address of an existing user.
    SignUpAttempt,
    /// A notice that the user's password was changed.
    PasswordChanged,
    /// A notice that the user's address was changed.
    EmailChanged,
    /// A code that is the second factor of a sign-in.
    TwoFactorOtp,
    /// A link that lets the recipient join an organization.
    Invitation,
    /// A code that verifies a phone number, or signs its owner in.
    PhoneOtp,
    /// A code that lets the owner of a phone number set a new password.
    PhoneReset,
    /// A link that signs the recipient in.
    MagicLink,
    /// A code that signs the recipient in.
    SignInOtp,
    /// A code that verifies the recipient's address.
    EmailVerificationOtp,
    /// A code that lets the recipient set a new password.
    ForgetPasswordOtp,
}

/// What the messages of a kind contain in addition to text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContentKind {
    /// A link to follow.
    Link,
    /// A code to type.
    Code,
    /// A link to follow, and who invites to what.
    Invitation,
    /// Nothing.
    Notice,
}

/// Maximum number of messages of one kind to an e-mail address or a phone number, if requests are limited: attackers
/// must not flood a mailbox (better-auth#9479).
pub const LIMITS_PER_ADDRESS: [Rule; 3] = [
    Rule {
        window: TimeDelta::minutes(1),
        max: 3,
    },
    Rule {
        window: TimeDelta::hours(1),
        max: 10,
    },
    Rule {
        window: TimeDelta::days(1),
        max: 30,
    },
];

impl MessageKind {
    /// Every kind.
    pub const ALL: [Self; 15] = [
        Self::VerifyEmail,
        Self::ResetPassword,
        Self::ChangeEmail,
        Self::DeleteAccount,
        Self::SignUpAttempt,
        Self::PasswordChanged,
        Self::EmailChanged,
        Self::TwoFactorOtp,
        Self::Invitation,
        Self::PhoneOtp,
        Self::PhoneReset,
        Self::MagicLink,
        Self::SignInOtp,
        Self::EmailVerificationOtp,
        Self::ForgetPasswordOtp,
    ];

    /// Returns what messages of this kind contain.
    #[must_use]
    pub const fn content(self) -> ContentKind {
        match self {
            Self::VerifyEmail
            | Self::ResetPassword
            | Self::ChangeEmail
            | Self::DeleteAccount
            | Self::MagicLink => ContentKind::Link,
            Self::TwoFactorOtp
            | Self::PhoneOtp
            | Self::PhoneReset
            | Self::SignInOtp
            | Self::EmailVerificationOtp
            | Self::ForgetPasswordOtp => ContentKind::Code,
            Self::Invitation => ContentKind::Invitation,
            Self::SignUpAttempt | Self::PasswordChanged | Self::EmailChanged => ContentKind::Notice,
        }
    }

    /// Whether messages of this kind are sent to phones.
    #[must_use]
    pub const fn is_for_phones(self) -> bool {
        matches!(self, Self::PhoneOtp | Self::PhoneReset)
    }

    /// Whether the number of messages of this kind to an address is limited. Reports of a completed change are not
    /// limited, since only the recipient can cause them to be sent.
    #[must_use]
    pub const fn is_limited(self) -> bool {
        !matches!(self, Self::PasswordChanged | Self::EmailChanged)
    }

    /// Returns the kind's name in template files. Also its name in webhooks, unless [`Self::webhook_name`] differs.
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
            Self::TwoFactorOtp => "two-factor-otp",
            Self::Invitation => "invitation",
            Self::PhoneOtp => "phone-otp",
            Self::PhoneReset => "phone-reset",
            Self::MagicLink => "magic-link",
            Self::SignInOtp => "sign-in-otp",
            Self::EmailVerificationOtp => "email-verification-otp",
            Self::ForgetPasswordOtp => "forget-password-otp",
        }
    }

    /// Returns the kind's name in webhooks: codes by mail have one name, as Better Auth has one function that sends them.
    #[must_use]
    pub const fn webhook_name(self) -> &'static str {
        match self.code_type() {
            Some(_) => "email-otp",
            None => self.name(),
        }
    }

    /// Returns what a code by mail is for, as Better Auth names it.
    #[must_use]
    pub const fn code_type(self) -> Option<&'static str> {
        match self {
            Self::SignInOtp => Some("sign-in"),
            Self::EmailVerificationOtp => Some("email-verification"),
            Self::ForgetPasswordOtp => Some("forget-password"),
            Self::VerifyEmail
            | Self::ResetPassword
            | Self::ChangeEmail
            | Self::DeleteAccount
            | Self::SignUpAttempt
            | Self::PasswordChanged
            | Self::EmailChanged
            | Self::TwoFactorOtp
            | Self::Invitation
            | Self::PhoneOtp
            | Self::PhoneReset
            | Self::MagicLink => None,
        }
    }

    /// Returns the kind with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// A message to a user.
#[derive(Clone, Debug)]
pub struct Message {
    /// The message's id, which never changes, so that receivers can detect repeated deliveries.
    pub id: MessageId,
    /// What the message is about.
    pub kind: MessageKind,
    /// The destination of the message.
    pub to: Destination,
    /// What the message contains in addition to text.
    pub content: Content,
    /// The user that the message is about. `None`: the address belongs to no user.
    pub user: Option<Recipient>,
    /// When the message was created.
    pub created_at: DateTime<Utc>,
    /// When the message expires: it must not be sent afterwards.
    pub expires_at: Option<DateTime<Utc>>,
}

impl Message {
    /// Returns the link to follow, if the message has one.
    #[must_use]
    pub fn link(&self) -> Option<&Link> {
        match &self.content {
            Content::Link(link) => Some(link),
            Content::Invitation(invitation) => Some(&invitation.link),
            Content::Code(_) | Content::Notice => None,
        }
    }

    /// Returns the code to type, if the message has one.
    #[must_use]
    pub const fn code(&self) -> Option<&Secret<String>> {
        match &self.content {
            Content::Code(code) => Some(code),
            Content::Link(_) | Content::Invitation(_) | Content::Notice => None,
        }
    }

    /// Returns who invites to what, if the message is an invitation.
    #[must_use]
    pub fn invitation(&self) -> Option<&InvitationContent> {
        match &self.content {
            Content::Invitation(invitation) => Some(invitation),
            Content::Link(_) | Content::Code(_) | Content::Notice => None,
        }
    }

    /// Returns the user's new address, if the message asks the user to confirm it.
    #[must_use]
    pub fn new_email(&self) -> Option<&EmailAddress> {
        self.link()?.new_email.as_ref()
    }

    /// Whether the message has expired.
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
            assert_eq!(MessageKind::from_name(kind.name()), Some(kind));
        }
        assert_eq!(MessageKind::from_name("verify"), None);
    }

    #[test]
    fn only_reports_of_a_change_are_not_limited() {
        let unlimited = MessageKind::ALL.into_iter().filter(|kind| !kind.is_limited());
        let expected = [MessageKind::PasswordChanged, MessageKind::EmailChanged];
        assert_eq!(unlimited.collect::<Vec<_>>(), expected);
    }

    #[test]
    fn a_code_is_not_shown_in_debug_output() {
        let code = Content::Code(Secret::new("123456".to_owned()));
        assert!(!format!("{code:?}").contains("123456"));
    }

    #[test]
    fn a_message_expires_after_its_end_and_not_at_it() {
        let now = DateTime::<Utc>::default();
        let ending = |expires_at| Message {
            id: MessageId::new("M"),
            kind: MessageKind::VerifyEmail,
            to: EmailAddress::from_stored("ada@example.com").into(),
            content: Content::Notice,
            user: None,
            created_at: now,
            expires_at,
        };
        assert!(!ending(None).is_expired(now));
        assert!(!ending(Some(now)).is_expired(now));
        assert!(ending(Some(now - TimeDelta::milliseconds(1))).is_expired(now));
        assert!(!ending(Some(now + TimeDelta::milliseconds(1))).is_expired(now));
    }
}
