//! Ending the sessions of a user.

use portcullis_domain::{id::UserId, token::SessionToken, verification::RevokingEvent};

use crate::ports::{Failure, Repositories};

/// Ends the user's sessions, except the one with the token `keep`, and what they leave: the one-time tokens that they
/// requested, and all known IP addresses. The user must be locked.
pub(crate) async fn end_sessions(
    db: &mut dyn Repositories,
    user: &UserId,
    keep: Option<&SessionToken>,
) -> Result<(), Failure> {
    revoke_tokens(db, user).await?;
    delete_sessions(db, user, keep).await
}

/// Revokes the one-time tokens that a session requested: an attacker who stole a session must not return by a link that
/// the session requested.
pub(super) async fn revoke_tokens(db: &mut dyn Repositories, user: &UserId) -> Result<(), Failure> {
    db.verifications()
        .revoke(RevokingEvent::SessionsRevoked, user)
        .await
}

/// Deletes the user's sessions, except the one with the token `keep`, and all known IP addresses: an attacker's address
/// must not keep its own budget of password guesses. The one-time tokens must have been revoked before, as
/// [`end_sessions`] does.
pub(crate) async fn delete_sessions(
    db: &mut dyn Repositories,
    user: &UserId,
    keep: Option<&SessionToken>,
) -> Result<(), Failure> {
    match keep {
        Some(keep) => db.sessions().delete_others_of_user(user, keep).await?,
        None => db.sessions().delete_by_user(user).await?,
    }
    db.known_addresses().delete_by_user(user).await
}
