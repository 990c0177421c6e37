//! A link that is being followed.

use chrono::{DateTime, Utc};
use portcullis_domain::{email_verification::LinkRequest, session::Session, user::User};

use super::{FollowLink, FollowLinkError};
use crate::{
    account::{AddressProof, FirstProof},
    ports::{Failure, Repositories, VerifiedLink},
    session::{StrictCaller, end_sessions},
};

/// A genuine link, its user, and the caller who follows it.
pub(super) struct Following<'a> {
    pub(super) command: &'a FollowLink,
    pub(super) by: Option<&'a StrictCaller>,
    pub(super) user: User,
    pub(super) genuine: &'a VerifiedLink,
    pub(super) now: DateTime<Utc>,
}

impl Following<'_> {
    /// Locks the user and returns the current row.
    pub(super) async fn lock_user(&self, db: &mut dyn Repositories) -> Result<User, FollowLinkError> {
        let locked = db.users().lock(&self.user.id).await?;
        locked
            .filter(|locked| locked.email == self.user.email)
            .ok_or(FollowLinkError::Invalid)
    }

    /// Whether a link that identifies its user only by address was created for the user who has the address now. That
    /// is the case if the user was not changed since. For a change of address, the user must also be signed in: an
    /// earlier owner of the address may have requested the link.
    pub(super) fn is_certainly_for_its_user(&self) -> bool {
        let is_unchanged = self.user.updated_at.timestamp() <= self.genuine.issued_at.timestamp();
        let changes_address = self.genuine.link.request != LinkRequest::Verify;
        is_unchanged && (!changes_address || self.own_session().is_some())
    }

    /// The session of the link's user in which the link is followed.
    pub(super) fn own_session(&self) -> Option<&Session> {
        let by = self.by.filter(|by| by.user().id == self.user.id)?;
        Some(by.session())
    }

    /// Whether the link is followed in another user's session, which a link must not replace.
    pub(super) fn is_another_user_signed_in(&self) -> bool {
        self.by.is_some_and(|by| by.user().id != self.user.id)
    }

    /// Revokes sessions, tokens and known IP addresses from before the verification, except the session in which the
    /// link is followed: an attacker may have signed up with another person's address. Unless the link is followed in a
    /// session of the user, also deletes accounts with which the attacker could sign in again. `before` is the user before
    /// the verification.
    pub(super) async fn end_others(
        &self,
        db: &mut dyn Repositories,
        first_proof: &FirstProof,
        before: &User,
    ) -> Result<(), Failure> {
        let own = self.own_session();
        if own.is_none() {
            first_proof
                .delete_credentials(db, before, AddressProof::Message)
                .await?;
        }
        end_sessions(db, &self.user.id, own.map(|own| &own.token)).await
    }

    /// Rejects a link that is followed in another user's session.
    pub(super) fn reject_other_users(&self) -> Result<(), FollowLinkError> {
        match self.by {
            Some(by) if by.user().id != self.user.id => Err(FollowLinkError::Unauthorized),
            _ => Ok(()),
        }
    }
}
