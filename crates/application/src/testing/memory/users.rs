//! Users in memory.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use portcullis_domain::{
    email::EmailAddress,
    id::UserId,
    user::{User, UserPatch},
    verification::RevokingEvent,
};

use super::{MemoryUnitOfWork, Rows};
use crate::ports::{Failure, UniqueKey, UserRepository, WriteError};

impl Rows {
    fn user(&self, id: &UserId) -> Option<User> {
        self.users.iter().find(|user| user.id == *id).cloned()
    }

    fn user_by_email(&self, email: &EmailAddress) -> Option<&User> {
        self.users.iter().find(|user| user.email == *email)
    }

    fn change_user(&mut self, id: &UserId, change: impl FnOnce(&mut User)) -> Option<User> {
        let user = self.users.iter_mut().find(|user| user.id == *id)?;
        change(user);
        Some(user.clone())
    }

    fn delete_user(&mut self, id: &UserId) -> bool {
        let before = self.users.len();
        self.users.retain(|user| user.id != *id);
        self.accounts.retain(|account| account.user_id != *id);
        self.sessions.retain(|session| session.user_id != *id);
        self.api_keys.retain(|key| key.user_id != *id);
        self.passkeys.retain(|passkey| passkey.user_id != *id);
        self.revoke_tokens(RevokingEvent::UserDeletion, id);
        self.known_addresses.retain(|(user, _), _| user != id);
        self.refused_sign_ups.remove(id);
        self.delete_memberships(id);
        self.users.len() < before
    }
}

#[async_trait]
impl UserRepository for MemoryUnitOfWork {
    async fn find(&mut self, user: &UserId) -> Result<Option<User>, Failure> {
        Ok(self.read(|rows| rows.user(user)))
    }

    async fn lock(&mut self, user: &UserId) -> Result<Option<User>, Failure> {
        Ok(self.read(|rows| rows.user(user)))
    }

    async fn lock_shared_if_free(&mut self, user: &UserId) -> Result<Option<User>, Failure> {
        Ok(self.read(|rows| rows.user(user)))
    }

    async fn find_by_email(&mut self, email: &EmailAddress) -> Result<Option<User>, Failure> {
        Ok(self.read(|rows| rows.user_by_email(email).cloned()))
    }

    async fn insert(&mut self, user: &User) -> Result<User, WriteError> {
        self.write(|rows| {
            if rows.user_by_email(&user.email).is_some() {
                return Err(WriteError::Taken(UniqueKey::UserEmail));
            }
            rows.users.push(user.clone());
            Ok(user.clone())
        })
    }

    async fn set_email(
        &mut self,
        user: &UserId,
        from: &EmailAddress,
        to: &EmailAddress,
        is_verified: bool,
        now: DateTime<Utc>,
    ) -> Result<Option<User>, WriteError> {
        self.write(|rows| {
            if rows.user(user).is_none_or(|found| found.email != *from) {
                return Ok(None);
            }
            if rows.user_by_email(to).is_some_and(|owner| owner.id != *user) {
                return Err(WriteError::Taken(UniqueKey::UserEmail));
            }
            Ok(rows.change_user(user, |user| {
                user.email = to.clone();
                user.email_verified = is_verified;
                user.updated_at = now;
            }))
        })
    }

    async fn delete(&mut self, user: &UserId) -> Result<bool, Failure> {
        Ok(self.write(|rows| rows.delete_user(user)))
    }

    async fn update(
        &mut self,
        user: &UserId,
        patch: &UserPatch,
        now: DateTime<Utc>,
    ) -> Result<Option<User>, WriteError> {
        Ok(self.write(|rows| {
            rows.change_user(user, |user| {
                if let Some(name) = &patch.name {
                    user.name.clone_from(name);
                }
                if let Some(image) = &patch.image {
                    user.image.clone_from(image);
                }
                for (name, value) in patch.additional.values() {
                    user.additional.set(name, value.clone());
                }
                user.updated_at = now;
            })
        }))
    }
}
