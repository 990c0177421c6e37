//! Links in mails that verify or change a user's address.

use crate::email::EmailAddress;

/// The signed content of a link in a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmailLink {
    /// The user's address when the link was created.
    pub email: EmailAddress,
    /// What the link does when the user follows it.
    pub request: LinkRequest,
}

/// What a link does when the user follows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkRequest {
    /// Verifies the user's address.
    Verify,
    /// Confirms, at the old address, that the user wants this new address, which is not verified yet.
    ConfirmChange(EmailAddress),
    /// Verifies this new address.
    VerifyChange(EmailAddress),
}

impl LinkRequest {
    /// Returns the purpose of the link's verification row.
    #[must_use]
    pub const fn purpose(&self) -> crate::verification::Purpose {
        use crate::verification::Purpose;
        match self {
            Self::Verify => Purpose::EmailVerification,
            Self::ConfirmChange(_) => Purpose::EmailChangeConfirmation,
            Self::VerifyChange(_) => Purpose::EmailChangeVerification,
        }
    }
}
