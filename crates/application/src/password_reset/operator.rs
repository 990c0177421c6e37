//! Links that an operator requests for a user.

use chrono::{DateTime, Utc};
use portcullis_domain::{
    id::UserId,
    secret::Secret,
    user::User,
    verification::{Purpose, Verification},
};

use super::{PasswordReset, PasswordResetError};
use crate::{
    message::Requester,
    ports::{Failure, RandomExt},
};

/// A link by which a user sets a new password. It is as secret as the password.
#[derive(Debug)]
pub struct ResetLink {
    /// The URL.
    pub url: Secret<String>,
    /// When the link expires.
    pub expires_at: DateTime<Utc>,
}

impl PasswordReset {
    /// Returns a link for a user, or `None` if the user does not exist. No message is sent, and no limit applies.
    ///
    /// # Errors
    ///
    /// If the store fails.
    pub async fn link(&self, user: &UserId) -> Result<Option<ResetLink>, Failure> {
        let now = self.clock.now();
        let secret = self.random.reset_token();
        let url = self.messages.options.links.reset_password(&secret, None).url;
        let expires_at = now + self.options.expires_in;
        let verification = Verification {
            id: self.random.id(),
            purpose: Purpose::PasswordReset,
            secret,
            user_id: user.clone(),
            expires_at,
            created_at: now,
        };

        let mut unit = self.store.begin();
        if unit.users().lock(user).await?.is_none() {
            return Ok(None);
        }
        unit.verifications().insert(&verification).await?;
        unit.commit().await?;
        Ok(Some(ResetLink { url, expires_at }))
    }

    /// Queues a message with a link to a user. No limit applies.
    ///
    /// # Errors
    ///
    /// [`PasswordResetError::Disabled`] if messages are disabled; a failure of the store.
    pub async fn mail(&self, user: &User) -> Result<(), PasswordResetError> {
        if !self.options.messages.is_sending {
            return Err(PasswordResetError::Disabled);
        }
        let message = self.write(user, None, Requester::User);
        Ok(self.send(user, &message).await?)
    }
}
