//! Refusal of sessions of banned users, and of sessions whose administrator may no longer act for the user.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use portcullis_domain::{
    admin::{AdminPolicy, BanState, Permission, impersonator},
    session::Session,
    user::User,
};

use super::AdminOptions;
use crate::{
    ports::{Failure, Repositories},
    seams::SessionVeto,
};

/// Refuses sessions of users who are banned, also if another program banned them. Refuses sessions in which an
/// administrator acts for a user if the administrator is banned, may no longer act for that user, or no longer has a
/// session from before this one.
pub struct AdminVeto {
    policy: AdminPolicy,
}

impl AdminVeto {
    /// Creates the veto with these options.
    #[must_use]
    pub fn new(options: &AdminOptions) -> Self {
        Self {
            policy: options.policy.clone(),
        }
    }
}

#[async_trait]
impl SessionVeto for AdminVeto {
    async fn is_refused(
        &self,
        db: &mut dyn Repositories,
        (session, user): (&Session, &User),
        now: DateTime<Utc>,
    ) -> Result<bool, Failure> {
        if BanState::of(user, now).is_banned() {
            return Ok(true);
        }
        let Some(admin) = impersonator(session) else {
            return Ok(false);
        };
        let admin = db.admin().find_signed_in(&admin, session.created_at, now).await?;
        Ok(admin.is_none_or(|admin| {
            let may_act = self.policy.allows(&admin, Permission::Impersonate)
                && self.policy.may_impersonate(&admin, user);
            !may_act || BanState::of(&admin, now).is_banned()
        }))
    }
}
