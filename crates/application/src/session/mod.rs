//! Reading and renewal of sessions, which nearly every request does.

mod caller;
mod cookie_cache;
mod ended_tokens;
mod ending;
mod registry;

use std::{
    num::NonZeroU32,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use chrono::{DateTime, TimeDelta, Utc};
use portcullis_domain::{
    additional::FieldSchema,
    id::SessionId,
    session::{Reader, Session, SessionPolicy},
    token::SessionToken,
    user::User,
};

use self::ended_tokens::EndedTokens;
pub(crate) use self::ending::{delete_sessions, end_sessions};
pub use self::{
    caller::{FreshCaller, KeySession, StrictCaller},
    cookie_cache::{SessionCacheValue, SessionCookieCache, SessionCookieCacheOptions},
    registry::SessionRegistry,
};
use crate::{
    client_token::{ActiveSession, SessionEffect},
    clock_check::ClockCheck,
    ports::{Clock, Failure, Ports, Store},
    seams::{DelegatedSession, SessionLifetimes, SessionVetoes},
};

/// Options of sessions.
#[derive(Clone, Debug, PartialEq)]
pub struct SessionOptions {
    /// The lifetimes of sessions.
    pub policy: SessionPolicy,
    /// The maximum number of live sessions of a user. When it is exceeded, the oldest sessions end. `None`: unlimited.
    pub max_per_user: Option<NonZeroU32>,
    /// The deployment's additional fields of sessions.
    pub fields: FieldSchema,
}

/// The plugins that take part in the reading of sessions.
#[derive(Clone, Default)]
pub struct SessionSeams {
    /// Recognize sessions in which another user acts.
    pub delegated: Arc<[Arc<dyn DelegatedSession>]>,
    /// Limit how long sessions live.
    pub lifetimes: SessionLifetimes,
    /// Refuse sessions.
    pub vetoes: SessionVetoes,
}

/// Reads sessions.
pub struct Sessions {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    clock_check: ClockCheck,
    policy: SessionPolicy,
    seams: SessionSeams,
    /// Whether the last renewal failed. Only the first of several failures is logged.
    is_renewal_failing: AtomicBool,
    ended: EndedTokens,
}

/// How to read a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// Whether reading the session may renew it.
    pub may_renew: bool,
    /// Who reads it.
    pub reader: Reader,
}

impl Reading {
    /// The session is not renewed, and nothing is sent to its client.
    pub const UNCHANGED: Self = Self {
        may_renew: false,
        reader: Reader::Other,
    };
}

/// The result of reading a session.
#[derive(Debug)]
pub struct Found {
    /// The live session and its user, if there is one.
    pub active_session: Option<Arc<ActiveSession>>,
    /// The change to the client's session data.
    pub effect: SessionEffect,
}

impl Found {
    const fn gone() -> Self {
        Self {
            active_session: None,
            effect: SessionEffect::Clear,
        }
    }
}

impl Sessions {
    /// Creates the reader of sessions. It refuses sessions that a plugin refuses, and does not renew those that a
    /// plugin limits.
    #[must_use]
    pub fn new(ports: &Ports, policy: SessionPolicy, seams: SessionSeams) -> Self {
        Self {
            store: Arc::clone(&ports.store),
            clock: Arc::clone(&ports.clock),
            clock_check: ports.clock_check.clone(),
            policy,
            seams,
            is_renewal_failing: AtomicBool::new(false),
            ended: EndedTokens::new(),
        }
    }

    /// Returns whether a session may be read from the session cookie cache. If a plugin may refuse sessions, each reading
    /// needs the row.
    #[must_use]
    pub fn may_be_cached(&self) -> bool {
        self.seams.vetoes.is_empty()
    }

    /// Returns whether the token's session is known to have ended, without a lookup. `false`: the session is live, or the
    /// token was not looked up recently.
    #[must_use]
    pub fn is_known_to_have_ended(&self, token: &SessionToken) -> bool {
        self.ended.contains(token)
    }

    /// Remembers that the sessions of these tokens have ended.
    pub fn note_ended(&self, tokens: &[SessionToken]) {
        for token in tokens {
            self.ended.note(token);
        }
    }

    /// Returns the first live session among `tokens`. If there is none, the client must delete its tokens. Usually the
    /// first token is live, and the others cost nothing.
    ///
    /// # Errors
    ///
    /// The same as [`Self::current`].
    pub async fn first_live(&self, tokens: &[SessionToken], reading: Reading) -> Result<Found, Failure> {
        for token in tokens {
            let found = self.current(token, reading).await?;
            if found.active_session.is_some() {
                return Ok(found);
            }
        }
        Ok(Found::gone())
    }

    /// Returns the session of a token. It is renewed if it is due and the renewal can be stored. An expired session is
    /// deleted.
    ///
    /// # Errors
    ///
    /// If the store fails, or if the session has expired by a clock that differs from the store's. The client must then
    /// keep its token.
    pub async fn current(&self, token: &SessionToken, reading: Reading) -> Result<Found, Failure> {
        let found = self.store.autocommit().sessions().find_by_token(token).await?;
        let now = self.clock.now();
        let Some(ActiveSession { session, user }) = self.live(found, now).await? else {
            self.ended.note(token);
            return Ok(Found::gone());
        };
        let may_renew = reading.may_renew && self.is_remembered(&session);
        if may_renew && session.is_due_for_renewal(self.policy, reading.reader, now) {
            let active_session = ActiveSession { session, user };
            return Ok(self.renew(active_session, reading.reader, now).await);
        }
        let active_session = Arc::new(ActiveSession { session, user });
        let effect = if may_renew {
            SessionEffect::RefreshCache {
                active_session: Arc::clone(&active_session),
                is_remembered: true,
            }
        } else {
            SessionEffect::Unchanged
        };
        Ok(Found {
            active_session: Some(active_session),
            effect,
        })
    }

    /// Returns the live session with this id, and does not renew it. An expired session is deleted.
    ///
    /// # Errors
    ///
    /// The same as [`Self::current`].
    pub async fn find(&self, id: &SessionId) -> Result<Option<ActiveSession>, Failure> {
        let found = self.store.autocommit().sessions().find_by_id(id).await?;
        self.live(found, self.clock.now()).await
    }

    /// Returns a session that was read, unless it has expired or a plugin refuses it: then it is deleted.
    async fn live(
        &self,
        found: Option<(Session, User)>,
        now: DateTime<Utc>,
    ) -> Result<Option<ActiveSession>, Failure> {
        let Some((session, user)) = found else {
            return Ok(None);
        };
        let is_expired = session.is_expired(now);
        if is_expired {
            self.clock_check.confirm().await?;
        }
        if is_expired || self.is_refused((&session, &user), now).await? {
            self.store.autocommit().sessions().delete(&session.token).await?;
            return Ok(None);
        }
        Ok(Some(ActiveSession { session, user }))
    }

    async fn is_refused(&self, active: (&Session, &User), now: DateTime<Utc>) -> Result<bool, Failure> {
        let vetoes = &self.seams.vetoes;
        vetoes.is_refused(self.store.as_ref(), active, now).await
    }

    /// Returns whether a plugin refuses all sessions of the user now, for example because of a ban.
    ///
    /// # Errors
    ///
    /// If the store fails.
    pub(crate) async fn are_refused_to(&self, user: &User) -> Result<bool, Failure> {
        let (vetoes, store) = (&self.seams.vetoes, self.store.as_ref());
        vetoes.refuse_sessions_of(store, user, self.clock.now()).await
    }

    /// Returns whether another user acts in the session.
    pub(crate) fn is_delegated(&self, session: &Session) -> bool {
        let mut plugins = self.seams.delegated.iter();
        plugins.any(|plugin| plugin.is_delegated(session))
    }

    /// Whether the session outlives the browser and is renewed.
    fn is_remembered(&self, session: &Session) -> bool {
        session.is_remembered(self.policy) && self.seams.lifetimes.limit(session).is_none()
    }

    /// Renews the session. If that fails, for example on a read-only database, it returns the session as it was read,
    /// and the next read tries again.
    async fn renew(&self, active_session: ActiveSession, reader: Reader, now: DateTime<Utc>) -> Found {
        let session = active_session.session.clone().renewed(self.policy, reader, now);
        match self.store.autocommit().sessions().renew(&session).await {
            Ok(true) => self.is_renewal_failing.store(false, Ordering::Relaxed),
            Ok(false) => return Found::gone(),
            Err(failure) => {
                if !self.is_renewal_failing.swap(true, Ordering::Relaxed) {
                    let cause = failure.causes();
                    tracing::warn!(cause, "could not renew a session; its expiry is unchanged");
                }
                return Found {
                    active_session: Some(Arc::new(active_session)),
                    effect: SessionEffect::Unchanged,
                };
            }
        }
        let lifetime = remaining(&session, self.clock.now());
        let active_session = Arc::new(ActiveSession {
            session,
            ..active_session
        });
        Found {
            effect: SessionEffect::Store {
                active_session: Arc::clone(&active_session),
                lifetime: Some(lifetime),
            },
            active_session: Some(active_session),
        }
    }
}

/// Returns the whole seconds until the session expires. The clock truncates to milliseconds, so one millisecond is
/// subtracted: the client must never store a token for longer than the session lives.
fn remaining(session: &Session, now: DateTime<Utc>) -> TimeDelta {
    let left = session.expires_at - now - TimeDelta::milliseconds(1);
    TimeDelta::seconds(left.num_seconds())
}

#[cfg(test)]
mod tests;
