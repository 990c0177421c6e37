//! Protection of the last administrator from deletion.

use std::sync::Arc;

use async_trait::async_trait;
use portcullis_domain::{
    admin::{AdminPolicy, Permission},
    user::User,
};

use super::AdminOptions;
use crate::{
    ports::{Clock, Failure, Ports, Repositories},
    seams::{Decision, DeletionCause, Refusal, UserDeletionGuard},
};

/// Refuses the deletion of the last administrator, and ends the sessions in which a deleted administrator acts for users.
pub struct LastAdministratorGuard {
    clock: Arc<dyn Clock>,
    policy: AdminPolicy,
}

impl LastAdministratorGuard {
    /// Creates the guard with these options.
    #[must_use]
    pub fn new(ports: &Ports, options: &AdminOptions) -> Self {
        Self {
            clock: Arc::clone(&ports.clock),
            policy: options.policy.clone(),
        }
    }
}

#[async_trait]
impl UserDeletionGuard for LastAdministratorGuard {
    async fn check(
        &self,
        db: &mut dyn Repositories,
        user: &User,
        _cause: DeletionCause,
    ) -> Result<Decision, Failure> {
        if self.policy.is_administrator(user) {
            let administrators = db.admin().lock_administrators(&self.policy).await?;
            if self.policy.is_last(user, &administrators, self.clock.now()) {
                return Ok(Decision::Refused(Refusal::from("LAST_ADMINISTRATOR")));
            }
        }
        if self.policy.allows(user, Permission::Impersonate) {
            db.admin().delete_impersonations(&user.id).await?;
        }
        Ok(Decision::Allowed)
    }
}
