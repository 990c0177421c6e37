//! Changes of a user by a completed sign-in with a provider.

use chrono::{DateTime, Utc};
use portcullis_domain::{
    id::AccountId,
    message::MessageKind,
    social::Profile,
    token::SessionToken,
    user::{User, UserPatch},
    verification::RevokingEvent,
};

use super::{IdentityError, Social, identity::Identified};
use crate::{
    account::{AddressProof, delete_unproven_accounts},
    ports::Repositories,
    session::end_sessions,
    sign_in::completion::Completed,
};

/// What a sign-in with a provider changes of its user, who existed before.
pub(super) struct UserChange<'a> {
    pub(super) who: &'a Identified<'a>,
    /// The account with which the user signed in.
    pub(super) account: &'a AccountId,
    /// The data of the profile, if the user gets it.
    pub(super) patch: Option<UserPatch>,
    pub(super) now: DateTime<Utc>,
}

impl Social {
    /// Changes the user of a completed sign-in, who must be locked. The response and the session cookie cache contain the
    /// changed user.
    pub(super) async fn change_user(
        &self,
        db: &mut dyn Repositories,
        change: &UserChange<'_>,
        completed: &mut Completed,
    ) -> Result<(), IdentityError> {
        let mut user = completed.user.clone();
        if is_first_proof(change.who.profile, &user) {
            user = prove_first(db, &user, change, &completed.session.token).await?;
        }
        if let Some(patch) = &change.patch {
            let updated = db.users().update(&user.id, patch, change.now).await?;
            user = updated.ok_or(IdentityError::NotLinked)?;
            user = self.set_email(db, user, change).await?;
        }
        completed.set_user(user);
        Ok(())
    }

    /// Gives the user the address of the profile, if the provider has verified it or is trusted, and no other user has it. Notifies the old
    /// address.
    async fn set_email(
        &self,
        db: &mut dyn Repositories,
        user: User,
        change: &UserChange<'_>,
    ) -> Result<User, IdentityError> {
        let UserChange { who, now, .. } = *change;
        if user.email == *who.email
            || !self.options.linking.is_proven(who.provider, who.profile)
            || db.users().find_by_email(who.email).await?.is_some()
        {
            return Ok(user);
        }
        let is_verified = who.profile.email_verified;
        let changed = db
            .users()
            .set_email(&user.id, &user.email, who.email, is_verified, now)
            .await?;
        let changed = changed.ok_or(IdentityError::NotLinked)?;
        db.verifications()
            .revoke(RevokingEvent::EmailChange, &user.id)
            .await?;
        db.refused_sign_ups().delete(&user.id).await?;
        if let Some(notice) = self.creation.notice(MessageKind::EmailChanged, &user, now) {
            notice.queue(db, now).await?;
        }
        Ok(changed)
    }
}

/// Returns whether the user of a profile has just proven to own the user's address for the first time.
fn is_first_proof(profile: &Profile, user: &User) -> bool {
    profile.email_verified && !user.email_verified && profile.email.as_ref() == Some(&user.email)
}

/// Verifies the user's address. Until now, another person may have chosen the password or linked another account: they are
/// deleted, with all one-time tokens and all sessions except the new one (GHSA-qq9h-g4jm-xgf3).
async fn prove_first(
    db: &mut dyn Repositories,
    user: &User,
    change: &UserChange<'_>,
    new_session: &SessionToken,
) -> Result<User, IdentityError> {
    let proven = db
        .users()
        .set_email(&user.id, &user.email, &user.email, true, change.now)
        .await?;
    let proven = proven.ok_or(IdentityError::NotLinked)?;
    db.verifications()
        .revoke(RevokingEvent::PasswordChange, &user.id)
        .await?;
    delete_unproven_accounts(db, user, AddressProof::Provider(change.account)).await?;
    end_sessions(db, &user.id, Some(new_session)).await?;
    Ok(proven)
}
