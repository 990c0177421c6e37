//! Permission checks of administrative actions, and locks on the users whom they change.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use portcullis_domain::{
    admin::{AdminPolicy, BanState, Permission},
    id::UserId,
    user::{User, UserPatch},
};

use super::{AdminError, actor::Actor};
use crate::{
    ports::{Clock, Ports, Repositories, Store, UnitOfWork},
    session::end_sessions,
};

/// Checks the permissions of callers, and locks the users whom they change.
pub(super) struct Authority {
    pub(super) store: Arc<dyn Store>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) policy: AdminPolicy,
}

/// A user who is about to be changed.
pub(super) struct Locked {
    /// The unit of work that holds the locks.
    pub(super) unit: Box<dyn UnitOfWork>,
    /// The user, as the row is now.
    pub(super) user: User,
    /// The time of the change.
    pub(super) now: DateTime<Utc>,
    /// All administrators, if the user is an administrator; otherwise empty.
    administrators: Vec<User>,
    /// Whether the caller may take over the user's account.
    may_take_over: bool,
}

impl Locked {
    /// Checks that the caller may take over the user's account.
    pub(super) fn check_takeover(&self, permission: Permission) -> Result<(), AdminError> {
        self.may_take_over
            .then_some(())
            .ok_or(AdminError::NotAllowed(permission))
    }
}

impl Authority {
    pub(super) fn new(ports: &Ports, policy: AdminPolicy) -> Self {
        Self {
            store: Arc::clone(&ports.store),
            clock: Arc::clone(&ports.clock),
            policy,
        }
    }

    /// Checks that the caller has a permission, and does not act for another user: the log must show who acted.
    pub(super) fn check(&self, by: Actor<'_>, permission: Permission) -> Result<(), AdminError> {
        let Some(caller) = by.caller() else {
            return Ok(());
        };
        if !self.policy.allows(caller.user(), permission) {
            return Err(AdminError::NotAllowed(permission));
        }
        if caller.is_delegated() {
            return Err(AdminError::Impersonating);
        }
        Ok(())
    }

    /// Checks that the caller still has a permission, after all locks were taken: a concurrent request may have banned the
    /// caller, or taken its role or its session away. Returns the caller as the row is now, if it is a user.
    pub(super) async fn check_again(
        &self,
        db: &mut dyn Repositories,
        by: Actor<'_>,
        permission: Permission,
    ) -> Result<Option<User>, AdminError> {
        let Some(caller) = by.caller() else {
            return Ok(None);
        };
        let caller = caller.current_user(db).await?;
        let caller = caller.filter(|caller| !BanState::of(caller, self.clock.now()).is_banned());
        let caller = caller.ok_or(AdminError::SessionEnded)?;
        if self.policy.allows(&caller, permission) {
            Ok(Some(caller))
        } else {
            Err(AdminError::NotAllowed(permission))
        }
    }

    /// Returns whether a caller may take over a user's account. The operator and services may.
    pub(super) fn may_take_over(&self, caller: Option<&User>, user: &User) -> bool {
        caller.is_none_or(|caller| self.policy.may_take_over(caller, user))
    }

    /// Returns the user with this id.
    pub(super) async fn find(&self, user: &UserId) -> Result<User, AdminError> {
        let found = self.store.autocommit().users().find(user).await?;
        found.ok_or(AdminError::UserNotFound)
    }

    /// Begins a unit of work that locks a user who was found. If the user is an administrator, no other unit makes an
    /// administrator cease to be an administrator: if two administrators remove each other at the same time, one
    /// remains.
    pub(super) async fn lock(
        &self,
        by: Actor<'_>,
        permission: Permission,
        found: &User,
    ) -> Result<Locked, AdminError> {
        let mut unit = self.store.begin();
        let user = unit.users().lock(&found.id).await?;
        let user = user.ok_or(AdminError::UserNotFound)?;
        let administrators = if self.policy.is_administrator(&user) {
            unit.admin().lock_administrators(&self.policy).await?
        } else {
            Vec::new()
        };
        let caller = self.check_again(unit.as_mut(), by, permission).await?;
        Ok(Locked {
            unit,
            may_take_over: self.may_take_over(caller.as_ref(), &user),
            user,
            now: self.clock.now(),
            administrators,
        })
    }

    /// Changes a locked user. If the user is then banned, ends the user's sessions; if the user may no longer act for
    /// other users, ends the sessions in which the user does.
    pub(super) async fn change(&self, locked: &mut Locked, patch: &UserPatch) -> Result<User, AdminError> {
        let (id, now) = (locked.user.id.clone(), locked.now);
        let changed = locked.unit.users().update(&id, patch, now).await?;
        let changed = changed.ok_or(AdminError::UserNotFound)?;
        if !self.policy.is_active_administrator(&changed, now) {
            self.check_last(locked)?;
        }
        let is_banned = BanState::of(&changed, now).is_banned();
        if is_banned {
            end_sessions(locked.unit.as_mut(), &id, None).await?;
        }
        if is_banned || !self.policy.allows(&changed, Permission::Impersonate) {
            self.end_impersonations(locked).await?;
        }
        Ok(changed)
    }

    /// Checks that another administrator remains if the locked user ceases to be one.
    fn check_last(&self, locked: &Locked) -> Result<(), AdminError> {
        let is_last = self
            .policy
            .is_last(&locked.user, &locked.administrators, locked.now);
        (!is_last).then_some(()).ok_or(AdminError::LastAdministrator)
    }

    /// Ends the sessions in which the locked user acts for other users.
    async fn end_impersonations(&self, locked: &mut Locked) -> Result<(), AdminError> {
        if self.policy.allows(&locked.user, Permission::Impersonate) {
            locked.unit.admin().delete_impersonations(&locked.user.id).await?;
        }
        Ok(())
    }
}

/// Writes what an administrator did to the log.
pub(super) fn record(action: &'static str, by: Actor<'_>, user: &UserId) {
    let user = user.as_str();
    match by {
        Actor::Service(client) => tracing::info!(action, client, user, "a service acted on a user"),
        Actor::User(_) | Actor::Operator => {
            let by = by.name();
            tracing::info!(action, by, user, "an administrator acted on a user");
        }
    }
}
