//! The new password of a user who has proven to own the account.

use chrono::{DateTime, Utc};
use portcullis_domain::{
    message::MessageKind,
    password::{Password, PasswordHash, PasswordRejection},
    user::User,
};

use super::PasswordReset;
use crate::{
    account::AddressProof,
    context::RequestContext,
    credential::NewPasswordError,
    ports::{Failure, Repositories, UnitOfWork},
    seams::PasswordSource,
};

impl PasswordReset {
    /// Checks a new password by the policy.
    pub(crate) fn check(&self, password: &Password) -> Result<(), PasswordRejection> {
        self.credentials.check_new(password)
    }

    /// Returns the hash of a new password that the user sets with a code that was sent to the e-mail address, unless a
    /// plugin refuses the password. Not to be called in a unit of work.
    pub(crate) async fn hash(&self, password: &Password) -> Result<PasswordHash, NewPasswordError> {
        let source = PasswordSource::ResetByEmailCode;
        self.credentials.hash(password, source).await
    }

    /// Sets the password, and creates a credential account if there is none. Revokes the user's one-time tokens, and the
    /// sessions if the deployment is configured so. If the address was never verified, deletes the user's accounts at
    /// providers. `user` is locked.
    pub(crate) async fn replace(
        &self,
        db: &mut dyn Repositories,
        user: &User,
        hash: PasswordHash,
        (context, now): (&RequestContext, DateTime<Utc>),
    ) -> Result<(), Failure> {
        self.credentials.set_password(db, &user.id, hash, now).await?;
        self.first_proof
            .delete_credentials(db, user, AddressProof::Message)
            .await?;
        if self.options.revokes_sessions {
            db.sessions().delete_by_user(&user.id).await?;
        }
        let attempts = self.credentials.attempts();
        attempts.reset(db, user, context, now).await?;
        let kind = MessageKind::PasswordChanged;
        if let Some(notice) = self.messages.notice(kind, user, &user.email, now) {
            notice.queue(db, now).await?;
        }
        Ok(())
    }

    /// Commits the unit of work in which [`Self::replace`] was called.
    pub(crate) async fn commit(&self, unit: Box<dyn UnitOfWork>) -> Result<(), Failure> {
        self.messages.commit(unit).await
    }
}
