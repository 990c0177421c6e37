//! Several sessions on one device, each of a different user. One of them is the current session.
//!
//! A device holds a session if it presents the session's token with this server's signature. So it could also present the
//! token as that of its current session: no use case here gives a client access that it does not have.

mod error;

use std::{slice, sync::Arc};

use chrono::TimeDelta;
use portcullis_domain::{
    multi_session::{Arrival, HeldSession},
    token::SessionToken,
};

pub use self::error::DeviceSessionError;
use crate::{
    client_token::{ActiveSession, ClientEffects, SessionEffect},
    ports::{Failure, Ports, Store},
    session::{Reading, Sessions, StrictCaller},
};

/// Options of several sessions on one device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MultiSessionOptions {
    /// How many sessions a device keeps.
    pub max_sessions: usize,
    /// How long a device keeps the cookie of a session that outlives the browser.
    pub lifetime: TimeDelta,
}

/// Lists, changes and revokes the sessions of a device.
pub struct MultiSession {
    store: Arc<dyn Store>,
    sessions: Arc<Sessions>,
    options: MultiSessionOptions,
}

impl MultiSession {
    /// Creates the use cases, which read sessions with `sessions`.
    #[must_use]
    pub fn new(ports: &Ports, sessions: Arc<Sessions>, options: MultiSessionOptions) -> Self {
        Self {
            store: Arc::clone(&ports.store),
            sessions,
            options,
        }
    }

    /// Returns how long a device keeps the cookie of a session that outlives the browser.
    #[must_use]
    pub const fn lifetime(&self) -> TimeDelta {
        self.options.lifetime
    }

    /// Returns the live sessions among those that the device holds, the oldest of each user, the oldest first.
    ///
    /// # Errors
    ///
    /// If the store fails.
    pub async fn list(&self, held: &[SessionToken]) -> Result<Vec<Arc<ActiveSession>>, Failure> {
        let mut listed: Vec<Arc<ActiveSession>> = Vec::new();
        for found in self.live(held).await? {
            if listed.iter().all(|other| other.user.id != found.user().id) {
                listed.push(found.active_session());
            }
        }
        Ok(listed)
    }

    /// Makes one of the sessions that the device holds its current one. A session that was started without "remember
    /// me" still ends when the browser closes. `is_remembered` is whether the client remembers sessions.
    ///
    /// # Errors
    ///
    /// [`DeviceSessionError::InvalidToken`] if the device does not hold the session, or if it has ended.
    pub async fn activate(
        &self,
        held: &[SessionToken],
        token: &SessionToken,
        is_remembered: bool,
    ) -> Result<(Arc<ActiveSession>, ClientEffects), DeviceSessionError> {
        if !is_held(held, token) {
            return Err(DeviceSessionError::InvalidToken);
        }
        let found = self.sessions.caller(slice::from_ref(token), Reading::UNCHANGED);
        let found = found.await?.ok_or(DeviceSessionError::InvalidToken)?;
        let effect = self.stored(&found, is_remembered);
        Ok((found.active_session(), effect.into()))
    }

    /// Revokes one of the sessions that the device holds. If it is the caller's, the oldest other live session becomes
    /// the current one; if there is none, the client deletes the session data.
    ///
    /// # Errors
    ///
    /// [`DeviceSessionError::InvalidToken`] if the device does not hold the session.
    pub async fn revoke(
        &self,
        by: &StrictCaller,
        held: &[SessionToken],
        (token, is_remembered): (&SessionToken, bool),
    ) -> Result<ClientEffects, DeviceSessionError> {
        if !is_held(held, token) {
            return Err(DeviceSessionError::InvalidToken);
        }
        self.end(slice::from_ref(token)).await?;
        if !is_same(&by.session().token, token) {
            return Ok(SessionEffect::Unchanged.into());
        }
        let next = self.live(held).await?.into_iter().next();
        let effect = next.map_or(SessionEffect::Clear, |next| self.stored(&next, is_remembered));
        Ok(effect.into())
    }

    /// Ends older sessions of the same user on a device that stores this session as its current one, and returns what
    /// happens to the device's cookies.
    ///
    /// # Errors
    ///
    /// If the store fails. The device's cookies must then stay as they are.
    pub async fn arrive(&self, held: &[SessionToken], new: &ActiveSession) -> Result<Arrival, Failure> {
        let live = self.live(held).await?;
        let user_of = |token: &SessionToken| {
            let mut found = live.iter().filter(|found| is_same(&found.session().token, token));
            found.next().map(|found| found.user().id.clone())
        };
        let found: Vec<_> = self
            .looked_up(held)
            .map(|token| HeldSession {
                token: token.clone(),
                user_id: user_of(token),
            })
            .collect();
        let arrival = Arrival::of(&new.user.id, &found, self.options.max_sessions);
        self.end(&arrival.replaced).await?;
        Ok(arrival)
    }

    /// Returns the tokens that are looked up: a client may present any number, and this server sets at most
    /// `max_sessions`.
    fn looked_up<'a>(&self, held: &'a [SessionToken]) -> impl Iterator<Item = &'a SessionToken> + use<'a> {
        held.iter().take(self.options.max_sessions)
    }

    /// Returns the live ones of these sessions, the oldest first.
    async fn live(&self, held: &[SessionToken]) -> Result<Vec<StrictCaller>, Failure> {
        let mut live = Vec::new();
        for token in self.looked_up(held) {
            let found = self.sessions.caller(slice::from_ref(token), Reading::UNCHANGED);
            live.extend(found.await?);
        }
        live.sort_by_key(|found| found.session().created_at);
        Ok(live)
    }

    fn stored(&self, found: &StrictCaller, is_remembered: bool) -> SessionEffect {
        let is_remembered = is_remembered && found.is_remembered();
        SessionEffect::Store {
            active_session: found.active_session(),
            lifetime: is_remembered.then_some(self.options.lifetime),
        }
    }

    async fn end(&self, tokens: &[SessionToken]) -> Result<(), Failure> {
        if !tokens.is_empty() {
            self.store.autocommit().sessions().delete_all(tokens).await?;
            self.sessions.note_ended(tokens);
        }
        Ok(())
    }
}

fn is_held(held: &[SessionToken], token: &SessionToken) -> bool {
    held.iter().any(|other| is_same(other, token))
}

fn is_same(one: &SessionToken, other: &SessionToken) -> bool {
    one.expose() == other.expose()
}

#[cfg(test)]
mod tests;
