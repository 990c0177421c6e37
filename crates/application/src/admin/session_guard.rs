//! Checks before a session starts: bans, and the role of the first administrator.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use portcullis_domain::{
    access::RoleList,
    additional::AdditionalFields,
    admin::{AdminPolicy, Ban, BanState, ROLE},
    email::EmailAddress,
    user::{User, UserPatch},
};
use serde_json::Value;

use super::AdminOptions;
use crate::{
    ports::{Failure, Repositories, WriteError},
    seams::{Decision, Refusal, SessionGuard},
};

/// Refuses sessions of banned users, lifts bans that have ended, and makes the first administrator.
pub struct AdminGuard {
    policy: AdminPolicy,
    message: String,
    first_admin: Option<EmailAddress>,
}

impl AdminGuard {
    /// Creates the guard with these options.
    #[must_use]
    pub fn new(options: &AdminOptions) -> Self {
        Self {
            policy: options.policy.clone(),
            message: options.bans.message.clone(),
            first_admin: options.first_admin.clone(),
        }
    }

    fn refusal(&self) -> Refusal {
        Refusal {
            message: Some(self.message.clone()),
            in_url: Some("banned"),
            ..Refusal::from("BANNED_USER")
        }
    }

    /// Makes the user an administrator if the configuration names the user's verified address and there is none yet.
    async fn promote(
        &self,
        db: &mut dyn Repositories,
        user: &mut User,
        now: DateTime<Utc>,
    ) -> Result<(), Failure> {
        let is_named = user.email_verified && self.first_admin.as_ref() == Some(&user.email);
        let Some(role) = self.policy.first_admin_role().filter(|_| is_named) else {
            return Ok(());
        };
        if db.admin().has_administrator(&self.policy).await? {
            return Ok(());
        }
        let held = self.policy.roles_of(user);
        let others = held.iter().filter(|held| *held != self.policy.default_role);
        let roles = RoleList::of_names(others.chain([role])).to_string();
        let mut fields = AdditionalFields::default();
        fields.set(ROLE, Value::String(roles));
        change(db, user, fields, now).await?;
        let user = user.id.as_str();
        tracing::info!(user, "a user became the first administrator");
        Ok(())
    }
}

#[async_trait]
impl SessionGuard for AdminGuard {
    async fn check(
        &self,
        db: &mut dyn Repositories,
        user: &mut User,
        now: DateTime<Utc>,
    ) -> Result<Decision, Failure> {
        match BanState::of(user, now) {
            BanState::Banned => return Ok(Decision::Refused(self.refusal())),
            BanState::Expired => change(db, user, Ban::lifted(), now).await?,
            BanState::Free => {}
        }
        self.promote(db, user, now).await?;
        Ok(Decision::Allowed)
    }
}

/// Stores new values of these fields.
async fn change(
    db: &mut dyn Repositories,
    user: &mut User,
    additional: AdditionalFields,
    now: DateTime<Utc>,
) -> Result<(), Failure> {
    let patch = UserPatch {
        additional,
        ..UserPatch::default()
    };
    let changed = db.users().update(&user.id, &patch, now).await;
    if let Some(changed) = changed.map_err(WriteError::into_failure)? {
        *user = changed;
    }
    Ok(())
}
