//! Passkeys in memory.

use async_trait::async_trait;
use portcullis_domain::{
    id::UserId,
    passkey::{Passkey, PasskeyId, PasskeyUse},
};

use super::{MemoryUnitOfWork, Rows, remove};
use crate::ports::{Failure, PasskeyRepository};

impl Rows {
    /// Returns the passkeys that fit, the oldest first.
    fn passkeys_that(&self, fits: impl Fn(&Passkey) -> bool) -> Vec<Passkey> {
        let mut found: Vec<_> = self.passkeys.iter().filter(|it| fits(it)).cloned().collect();
        found.sort_by_key(|it| (it.created_at.is_none(), it.created_at, it.id.as_str().to_owned()));
        found
    }
}

#[async_trait]
impl PasskeyRepository for MemoryUnitOfWork {
    async fn find_by_credential(&mut self, credential_id: &str) -> Result<Option<Passkey>, Failure> {
        let found = self.read(|rows| rows.passkeys_that(|it| it.credential_id == credential_id));
        Ok(found.into_iter().next())
    }

    async fn find(&mut self, id: &PasskeyId) -> Result<Option<Passkey>, Failure> {
        let found = self.read(|rows| rows.passkeys_that(|it| it.id == *id));
        Ok(found.into_iter().next())
    }

    async fn list_by_user(&mut self, user: &UserId) -> Result<Vec<Passkey>, Failure> {
        Ok(self.read(|rows| rows.passkeys_that(|it| it.user_id == *user)))
    }

    async fn insert(&mut self, passkey: &Passkey) -> Result<Option<Passkey>, Failure> {
        self.write(|rows| {
            let is_known = |it: &Passkey| it.credential_id == passkey.credential_id;
            if !rows.passkeys_that(is_known).is_empty() {
                return Ok(None);
            }
            if rows.users.iter().all(|user| user.id != passkey.user_id) {
                return Err(Failure::new("there is no such user"));
            }
            rows.passkeys.push(passkey.clone());
            Ok(Some(passkey.clone()))
        })
    }

    async fn advance(&mut self, id: &PasskeyId, usage: &PasskeyUse) -> Result<bool, Failure> {
        Ok(self.write(|rows| {
            let is_older = |it: &&mut Passkey| it.id == *id && it.check_counter(usage.counter).is_ok();
            let Some(passkey) = rows.passkeys.iter_mut().find(is_older) else {
                return false;
            };
            passkey.counter = usage.counter;
            passkey.is_backed_up = usage.is_backed_up;
            usage.device_type.clone_into(&mut passkey.device_type);
            true
        }))
    }

    async fn rename(
        &mut self,
        id: &PasskeyId,
        owner: &UserId,
        name: &str,
    ) -> Result<Option<Passkey>, Failure> {
        Ok(self.write(|rows| {
            let is_wanted = |it: &&mut Passkey| it.id == *id && it.user_id == *owner;
            let passkey = rows.passkeys.iter_mut().find(is_wanted)?;
            passkey.name = Some(name.to_owned());
            Some(passkey.clone())
        }))
    }

    async fn delete(&mut self, id: &PasskeyId, owner: &UserId) -> Result<bool, Failure> {
        let is_wanted = |it: &Passkey| it.id == *id && it.user_id == *owner;
        Ok(self.write(|rows| remove(&mut rows.passkeys, 1, is_wanted)) > 0)
    }

    async fn delete_by_user(&mut self, user: &UserId) -> Result<(), Failure> {
        self.write(|rows| rows.passkeys.retain(|it| it.user_id != *user));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::MemoryStore;

    crate::passkey_contract!(store in MemoryStore::default() => &store);
}
