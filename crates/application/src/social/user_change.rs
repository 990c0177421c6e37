//! Changes of a user by a completed sign-in with a provider.

use chrono::{DateTime, Utc};
use portcullis_domain::{
    id::AccountId,
    message::MessageKind,
    social::Profile,
    user::{User, UserPatch},
    verification::RevokingEvent,
};

use super::{IdentityError, Social, identity::Identified};
use crate::{account::AddressProof, ports::Repositories, sign_in::completion::Completed};

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
            let proof = AddressProof::Provider(change.account);
            let (first_proof, token) = (self.completion.first_proof(), &completed.session.token);
            let proven = first_proof
                .prove(db, (&user, proof), Some(token), change.now)
                .await?;
            user = proven.ok_or(IdentityError::NotLinked)?;
        }
        if let Some(patch) = &change.patch {
            let updated = db.users().update(&user.id, patch, change.now).await?;
            user = updated.ok_or(IdentityError::NotLinked)?;
            user = self.set_email(db, user, change).await?;
        }
        completed.set_user(user);
        Ok(())
    }

    /// Sets the address of the user to that of the profile, if the provider has verified it or is trusted, and no other
    /// user has it. Notifies the old address.
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
