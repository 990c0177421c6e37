//! Linking of an account to a signed-in user.

use chrono::{DateTime, Utc};
use portcullis_domain::{
    account::TokenChange,
    email::EmailAddress,
    social::{ExplicitLinkRefusal, LinkTarget, Profile},
    user::{User, UserPatch},
};

use super::{LinkError, Social, identity::change_tokens};
use crate::ports::{Failure, Repositories};

/// An account that is to be linked.
pub(super) struct Linking<'a> {
    pub(super) provider: &'a str,
    pub(super) profile: &'a Profile,
    /// The stored form of the tokens.
    pub(super) tokens: TokenChange,
    pub(super) target: &'a LinkTarget,
    /// Whether the provider must have verified the address, or be trusted.
    pub(super) needs_proof: bool,
}

impl Social {
    /// Links an account to a user. An account that is linked to the user already gets the new tokens.
    pub(super) async fn link(&self, linking: &Linking<'_>) -> Result<(), LinkError> {
        let now = self.clock.now();
        let (provider, id) = (linking.provider, linking.profile.id.as_str());
        self.check(linking, &linking.target.email)?;

        let mut unit = self.store.begin();
        unit.accounts().lock_identity(provider, id).await?;
        let existing = unit.accounts().find(provider, id).await?;
        let user = self.lock_target(unit.as_mut(), linking.target, now).await?;
        self.check(linking, &user.email)?;
        match existing {
            Some(account) if account.user_id != user.id => return Err(LinkError::OtherUser),
            Some(account) => {
                change_tokens(unit.as_mut(), account, &linking.tokens, now).await?;
            }
            None => {
                let account = self.account((provider, linking.profile), &user.id, &linking.tokens, now);
                unit.accounts().insert(&account).await?;
                self.update_user(unit.as_mut(), &user, linking.profile, now)
                    .await?;
            }
        }
        Ok(unit.commit().await?)
    }

    /// Checks whether the account may be linked to a user with this address.
    fn check(&self, linking: &Linking<'_>, email: &EmailAddress) -> Result<(), ExplicitLinkRefusal> {
        let policy = &self.options.linking;
        if linking.needs_proof {
            policy.check_explicit(linking.provider, linking.profile, email)
        } else {
            policy.check_unproven(linking.profile, email)
        }
    }

    /// Locks the user, whose session must still be live: a user who revokes all sessions also ends the requests that an
    /// attacker has started in one of them.
    async fn lock_target(
        &self,
        db: &mut dyn Repositories,
        target: &LinkTarget,
        now: DateTime<Utc>,
    ) -> Result<User, LinkError> {
        let user = db.users().lock(&target.user_id).await?;
        let user = user.ok_or(LinkError::SessionEnded)?;
        if let Some(session) = &target.session {
            let found = db.sessions().find_by_id(session).await?;
            let is_live =
                found.is_some_and(|(session, owner)| owner.id == user.id && session.expires_at > now);
            if !is_live {
                return Err(LinkError::SessionEnded);
            }
        }
        Ok(user)
    }

    async fn update_user(
        &self,
        db: &mut dyn Repositories,
        user: &User,
        profile: &Profile,
        now: DateTime<Utc>,
    ) -> Result<(), Failure> {
        let patch = UserPatch {
            name: profile.name.clone(),
            image: profile.image.clone().map(Some),
            ..UserPatch::default()
        };
        if self.options.linking.updates_user && !patch.is_empty() {
            let updated = db.users().update(&user.id, &patch, now).await;
            updated.map_err(crate::ports::WriteError::into_failure)?;
        }
        Ok(())
    }
}
