//! Invitations.

mod accept;
mod cancel;
mod invite;
mod list;
mod message;
mod read;
mod reject;
mod team_check;

use portcullis_domain::{organization::Invitation, user::User};

pub(super) use self::team_check::TeamPlace;
pub use self::{
    accept::{AcceptInvitationError, Accepted},
    cancel::CancelInvitationError,
    invite::{InviteError, InviteMember},
    list::ListInvitationsError,
    read::{ReadInvitationError, ReceivedInvitation},
    reject::RejectInvitationError,
};
use super::Organizations;

/// Why a user may not read or answer an invitation.
enum Unentitled {
    /// It is addressed to another user.
    NotRecipient,
    /// The user's address is not verified.
    EmailNotVerified,
}

impl Organizations {
    /// Returns whether the user has proved that the address belongs to the user, if the options require it.
    const fn may_receive(&self, user: &User) -> bool {
        user.email_verified || !self.options.requires_verified_email
    }

    /// Checks whether the user may read and answer the invitation.
    fn check_recipient(&self, invitation: &Invitation, user: &User) -> Result<(), Unentitled> {
        if !invitation.is_addressed_to(&user.email) {
            return Err(Unentitled::NotRecipient);
        }
        if !self.may_receive(user) {
            return Err(Unentitled::EmailNotVerified);
        }
        Ok(())
    }
}
