//! Links that prove to own an address.

use crate::email::EmailAddress;

/// What a link in a mail says: signed, so that nobody else can make one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmailLink {
    /// The address of the user when the link was made.
    pub email: EmailAddress,
    /// What following it does.
    pub request: LinkRequest,
}

/// What following a link does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkRequest {
    /// The address is the user's.
    Verify,
    /// The user wants this other address; it is yet to be proven to be theirs.
    ConfirmChange(EmailAddress),
    /// This other address is the user's.
    VerifyChange(EmailAddress),
}

impl LinkRequest {
    /// What the row behind the link is for.
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
