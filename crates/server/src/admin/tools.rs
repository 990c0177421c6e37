//! The operations of `portcullis users`.

use std::sync::Arc;

use portcullis_application::{
    admin::{Actor, Admin, AdminOptions, BanUser, CreateUser, RoleInput, UserKey, UserSearch, UserState},
    password_reset::{PasswordReset, ResetLink},
    ports::{Failure, Ports},
    seams::{Decision, UserInputs, UserOperation},
};
use portcullis_domain::{
    additional::{AdditionalFields, FieldSchema},
    admin::{BAN_FIELDS, BANNED, Operator, ROLE},
    email::EmailAddress,
    id::UserId,
    password::Password,
    user::User,
};
use portcullis_http::{Limits, is_own_field};
use serde_json::{Map, Value};

use super::{
    UsersError,
    arguments::{Create, List},
    composition,
};
use crate::{config::Config, features::Shared, providers::Providers};

const BY: Actor<'static> = Actor::Operator;

/// The operations of `portcullis users`.
pub(crate) struct Tools {
    admin: Admin,
    reset: Arc<PasswordReset>,
    inputs: Arc<UserInputs>,
    fields: FieldSchema,
    /// Whether users have roles and bans.
    has_roles: bool,
    limits: Limits,
}

impl Tools {
    /// Creates the tools for a deployment, whether administration is enabled or not.
    pub(crate) fn new(ports: &Ports, config: &Config) -> Result<Self, Failure> {
        let providers = Providers::new(ports, config)?;
        let shared = Shared::new(ports, config, &providers)?;
        let fields = config.http.user_fields.clone();
        let options = config.admin.clone();
        let has_roles = options.is_some();
        let options = options.unwrap_or_else(|| AdminOptions::without_roles(fields.clone()));
        let services = composition::services(&shared);
        Ok(Self {
            admin: Admin::new(ports, services, options, config.messages.clone()),
            reset: shared.password_reset,
            inputs: shared.user_inputs,
            fields,
            has_roles,
            limits: config.http.limits.clone(),
        })
    }

    /// The additional fields of users.
    pub(crate) const fn fields(&self) -> &FieldSchema {
        &self.fields
    }

    /// Returns the users that are listed, and how many there are without a limit.
    pub(crate) async fn list(&self, list: &List) -> Result<(Vec<User>, u64), UsersError> {
        if list.role.is_some() || list.banned {
            self.require_roles()?;
        }
        let contains = |member: &str, text: &Option<String>| {
            let text = text.clone()?;
            Some((member.to_owned(), Operator::Contains, text))
        };
        let banned = (BANNED.to_owned(), Operator::Equal, "true".to_owned());
        let conditions = [
            contains("email", &list.email),
            contains("name", &list.name),
            contains(ROLE, &list.role),
            list.banned.then_some(banned),
        ];
        let search = UserSearch {
            conditions: conditions.into_iter().flatten().collect(),
            sorting: None,
            limit: Some(list.limit.into()),
            offset: list.offset.into(),
        };
        let page = self.admin.users.list(BY, search).await?;
        let page = page.ok_or(UsersError::Search)?;
        Ok((page.users, page.total))
    }

    /// Returns the state of the user with this id or address.
    pub(crate) async fn state(&self, user: &str) -> Result<UserState, UsersError> {
        Ok(self.admin.users.state(BY, &key(user)?).await?)
    }

    /// Creates a user. `password`: the user's password.
    pub(crate) async fn create(
        &self,
        create: &Create,
        password: Option<Password>,
    ) -> Result<User, UsersError> {
        let email = EmailAddress::parse(&create.email).map_err(|_invalid| UsersError::InvalidEmail)?;
        if create.name.chars().count() > self.limits.name {
            return Err(UsersError::LongName(self.limits.name));
        }
        let roles = self.roles(&create.roles)?;
        let additional = self.additional(&email, create).await?;
        let command = CreateUser {
            email,
            email_verified: create.verified,
            name: create.name.clone(),
            image: None,
            password,
            roles,
            additional,
        };
        Ok(self.admin.creation.create(BY, command).await?)
    }

    /// Sets the roles of a user.
    pub(crate) async fn set_roles(&self, user: &str, roles: &[String]) -> Result<User, UsersError> {
        self.require_roles()?;
        let user = self.find(user).await?;
        let input = RoleInput::Names(roles.to_owned());
        let changed = self.admin.roles.set(BY, &user.id, &input).await;
        Ok(changed?)
    }

    /// Bans a user.
    pub(crate) async fn ban(&self, user: &str, command: BanUser) -> Result<User, UsersError> {
        self.require_roles()?;
        let user = self.find(user).await?;
        Ok(self.admin.bans.ban(BY, &user.id, command).await?)
    }

    /// Lifts the ban of a user.
    pub(crate) async fn unban(&self, user: &str) -> Result<User, UsersError> {
        self.require_roles()?;
        let user = self.find(user).await?;
        Ok(self.admin.bans.lift(BY, &user.id).await?)
    }

    /// Returns a link by which a user sets a new password.
    pub(crate) async fn link(&self, user: &User) -> Result<ResetLink, UsersError> {
        let link = self.reset.link(&user.id).await?;
        let link = link.ok_or(UsersError::NotFound)?;
        record("reset-password", user);
        Ok(link)
    }

    /// Sends a user a link by which the user sets a new password.
    pub(crate) async fn mail(&self, user: &User) -> Result<(), UsersError> {
        self.reset.mail(user).await?;
        record("reset-password", user);
        Ok(())
    }

    /// Ends all sessions of a user.
    pub(crate) async fn revoke_sessions(&self, user: &str) -> Result<User, UsersError> {
        let user = self.find(user).await?;
        self.admin.sessions.revoke_all(BY, &user.id).await?;
        Ok(user)
    }

    /// Deletes a user.
    pub(crate) async fn delete(&self, user: &str) -> Result<User, UsersError> {
        let user = self.find(user).await?;
        self.admin.changes.remove(BY, &user.id).await?;
        Ok(user)
    }

    /// Returns the user with this id or address.
    pub(crate) async fn find(&self, user: &str) -> Result<User, UsersError> {
        Ok(self.admin.users.find(BY, &key(user)?).await?)
    }

    const fn require_roles(&self) -> Result<(), UsersError> {
        if self.has_roles {
            Ok(())
        } else {
            Err(UsersError::NoAdmin)
        }
    }

    fn roles(&self, names: &[String]) -> Result<Option<RoleInput>, UsersError> {
        if names.is_empty() {
            return Ok(None);
        }
        self.require_roles()?;
        Ok(Some(RoleInput::Names(names.to_owned())))
    }

    /// Returns the values of additional fields, checked and normalised as those of a client.
    async fn additional(
        &self,
        email: &EmailAddress,
        create: &Create,
    ) -> Result<AdditionalFields, UsersError> {
        let mut input = create.data.clone().unwrap_or_default();
        if let Some(name) = input.keys().find(|name| is_of_administration(name)) {
            return Err(UsersError::RoleInData(name.clone()));
        }
        self.check_data(&input)?;
        let members: Map<String, Value> = [("name", create.name.as_str()), ("email", email.as_str())]
            .map(|(name, value)| (name.to_owned(), value.into()))
            .into_iter()
            .collect();
        input.extend(members);
        let decision = self.inputs.prepare(&mut input, UserOperation::Create).await?;
        if let Decision::Refused(refusal) = decision {
            return Err(UsersError::Refused(refusal));
        }
        let fields = self.fields.writable(|field| !is_of_administration(&field.name));
        fields.create(&input).map_err(UsersError::Fields)
    }

    /// Checks that `--data` contains only fields that an operator sets, with texts that clients may send as well.
    fn check_data(&self, data: &Map<String, Value>) -> Result<(), UsersError> {
        let names = self.fields.fields().iter().map(|field| field.name.clone());
        let known: Vec<_> = names
            .filter(|name| !is_of_administration(name) && !is_own_field(name))
            .collect();
        let unknown: Vec<_> = data
            .keys()
            .filter(|name| !known.contains(name))
            .cloned()
            .collect();
        if !unknown.is_empty() {
            return Err(UsersError::UnknownFields { unknown, known });
        }
        let is_long = |value: &Value| {
            value
                .as_str()
                .is_some_and(|text| text.chars().count() > self.limits.text)
        };
        match data.iter().find(|(_, value)| is_long(value)) {
            Some((name, _)) => Err(UsersError::LongText(name.clone(), self.limits.text)),
            None => Ok(()),
        }
    }
}

/// Returns how the operator names a user: an address contains an `@`.
fn key(user: &str) -> Result<UserKey, UsersError> {
    if user.contains('@') {
        let email = EmailAddress::parse(user).map_err(|_invalid| UsersError::InvalidEmail)?;
        return Ok(UserKey::Email(email));
    }
    Ok(UserKey::Id(UserId::new(user)))
}

fn is_of_administration(name: &str) -> bool {
    name == ROLE || BAN_FIELDS.contains(&name)
}

/// Writes what the operator did to the log, as administrators' actions are logged.
fn record(action: &'static str, user: &User) {
    let user = user.id.as_str();
    tracing::info!(
        action,
        by = "the operator",
        user,
        "an administrator acted on a user"
    );
}
