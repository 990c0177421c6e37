//! Creation of users by administrators.

use std::sync::Arc;

use portcullis_domain::{
    account::Account,
    additional::{AdditionalFields, is_truthy},
    admin::{Permission, ROLE},
    email::EmailAddress,
    password::Password,
    user::{NewUser, User},
};
use serde_json::Value;

use super::{
    Actor, AdminError,
    authority::{Authority, record},
    roles::{RoleInput, check_ban_fields},
};
use crate::{
    credential::Credentials,
    ports::{Random, RandomExt},
    seams::PasswordSource,
    user::UserCreation,
};

/// Creates users.
pub struct UserFactory {
    pub(super) authority: Arc<Authority>,
    pub(super) credentials: Arc<Credentials>,
    pub(super) users: Arc<UserCreation>,
    pub(super) random: Arc<dyn Random>,
}

/// A user to create.
#[derive(Clone, Debug)]
pub struct CreateUser {
    /// The address.
    pub email: EmailAddress,
    /// Whether the address counts as verified.
    pub email_verified: bool,
    /// The name.
    pub name: String,
    /// The URL of a picture.
    pub image: Option<String>,
    /// The password. `None`: the user cannot sign in with a password.
    pub password: Option<Password>,
    /// The roles. `None`: the default role.
    pub roles: Option<RoleInput>,
    /// The values of additional fields.
    pub additional: AdditionalFields,
}

impl UserFactory {
    /// Creates a user, with a credential account if there is a password. No session starts and no message is sent.
    ///
    /// # Errors
    ///
    /// [`AdminError::NotAllowed`] also if the caller sets roles or a ban without the permission for that.
    pub async fn create(
        &self,
        by: impl Into<Actor<'_>> + Send,
        command: CreateUser,
    ) -> Result<User, AdminError> {
        let by = by.into();
        let now = self.authority.clock.now();
        let user = self.user(by, &command)?;
        self.check_free(&command.email).await?;
        if let Some(password) = &command.password {
            self.credentials.check_new(password)?;
        }
        let source = PasswordSource::CreatedByAdministrator;
        let hash = match &command.password {
            Some(password) => Some(self.credentials.hash(password, source).await?),
            None => None,
        };
        let user = self.users.create(user, None, now);
        let account = hash.map(|hash| Account::credential(self.random.id(), user.id.clone(), hash, now));

        let mut unit = self.authority.store.begin();
        let permission = Permission::CreateUsers;
        self.authority.check_again(unit.as_mut(), by, permission).await?;
        let user = unit.users().insert(&user).await?;
        if let Some(account) = account {
            unit.accounts().insert(&account).await?;
        }
        unit.commit().await?;
        record("create-user", by, &user.id);
        Ok(user)
    }

    /// Returns the new user, if the caller may create it.
    fn user(&self, by: Actor<'_>, command: &CreateUser) -> Result<NewUser, AdminError> {
        self.authority.check(by, Permission::CreateUsers)?;
        let mut additional = command.additional.clone();
        check_ban_fields(&self.authority, by, &additional, is_truthy)?;
        if let Some(roles) = &command.roles {
            let roles = roles.checked(&self.authority.policy)?;
            if roles != self.authority.policy.default_role {
                self.authority.check(by, Permission::SetRole)?;
            }
            additional.set(ROLE, Value::String(roles));
        }
        Ok(NewUser {
            name: command.name.clone(),
            email: command.email.clone(),
            email_verified: command.email_verified,
            image: command.image.clone(),
            additional,
        })
    }

    async fn check_free(&self, email: &EmailAddress) -> Result<(), AdminError> {
        let mut db = self.authority.store.autocommit();
        match db.users().find_by_email(email).await? {
            Some(_owner) => Err(AdminError::EmailTaken),
            None => Ok(()),
        }
    }
}
