//! Bans of users.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use portcullis_domain::{
    additional::AdditionalFields,
    admin::{Ban, InvalidBanEnd, Permission},
    id::UserId,
    user::{User, UserPatch},
};

use super::{
    Actor, AdminError, BanOptions,
    authority::{Authority, record},
    update::bans,
};
use crate::session::end_sessions;

/// Bans users and lifts bans.
pub struct Bans {
    pub(super) authority: Arc<Authority>,
    pub(super) options: BanOptions,
}

/// A ban to impose.
#[derive(Clone, Debug, Default)]
pub struct BanUser {
    /// The reason. `None`: the default one.
    pub reason: Option<String>,
    /// How long the ban lasts, in seconds. `None`: as long as bans last by default.
    pub seconds: Option<f64>,
}

impl Bans {
    /// Bans a user, and ends the user's sessions in the same unit of work.
    ///
    /// # Errors
    ///
    /// [`AdminError::LastAdministrator`] if no administrator would remain.
    pub async fn ban(
        &self,
        by: impl Into<Actor<'_>> + Send,
        user: &UserId,
        command: BanUser,
    ) -> Result<User, AdminError> {
        let by = by.into();
        self.authority.check(by, Permission::Ban)?;
        let found = self.authority.find(user).await?;
        if by.is(user) {
            return Err(AdminError::BansItself);
        }
        let ban = Ban {
            expires_at: self.end(command.seconds)?,
            reason: command
                .reason
                .unwrap_or_else(|| self.options.default_reason.clone()),
        };
        self.store(by, &found, ban.fields(), "ban-user").await
    }

    /// Lifts the ban of a user.
    ///
    /// # Errors
    ///
    /// [`AdminError::UserNotFound`].
    pub async fn lift(&self, by: impl Into<Actor<'_>> + Send, user: &UserId) -> Result<User, AdminError> {
        let by = by.into();
        self.authority.check(by, Permission::Ban)?;
        let found = self.authority.find(user).await?;
        self.store(by, &found, Ban::lifted(), "unban-user").await
    }

    fn end(&self, seconds: Option<f64>) -> Result<Option<DateTime<Utc>>, InvalidBanEnd> {
        let now = self.authority.clock.now();
        match seconds {
            Some(seconds) => Ban::end(now, seconds).map(Some),
            None => Ok(self.options.default_length.map(|length| now + length)),
        }
    }

    async fn store(
        &self,
        by: Actor<'_>,
        found: &User,
        additional: AdditionalFields,
        action: &'static str,
    ) -> Result<User, AdminError> {
        let patch = UserPatch {
            additional,
            ..UserPatch::default()
        };
        let mut locked = self.authority.lock(by, Permission::Ban, found).await?;
        locked.check_takeover(Permission::Ban)?;
        let changed = self.authority.change(&mut locked, &patch).await?;
        if bans(&patch.additional) {
            // A ban that has ended already also ends the sessions.
            end_sessions(locked.unit.as_mut(), &found.id, None).await?;
        }
        locked.unit.commit().await?;
        record(action, by, &found.id);
        Ok(changed)
    }
}
