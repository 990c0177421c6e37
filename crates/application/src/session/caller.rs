//! The authenticated caller of a request.

use std::sync::Arc;

use chrono::TimeDelta;
use portcullis_domain::{session::Session, token::SessionToken, user::User};

use super::{Reading, Sessions};
use crate::{
    client_token::{ActiveSession, SessionEffect},
    ports::{Failure, Repositories, Store, UnitOfWork},
};

/// A live session whose row was read for this request, or a key that stands for one. Use cases require it before they
/// change anything. Only [`Sessions::caller`] and [`Sessions::caller_of_key`] create it.
#[derive(Clone, Debug)]
pub struct StrictCaller {
    active_session: Arc<ActiveSession>,
    is_remembered: bool,
    is_delegated: bool,
    /// Whether a key stands for the session, so that there is no row of it.
    is_by_key: bool,
}

/// What a feature that accepts keys instead of sessions reports about a valid key: the session that it stands for. It is
/// not stored.
#[derive(Debug)]
pub struct KeySession(pub ActiveSession);

/// A caller whose session is young enough for sensitive operations. Only [`Sessions::fresh`] creates it.
#[derive(Debug)]
pub struct FreshCaller(StrictCaller);

impl FreshCaller {
    /// Returns the caller's user.
    #[must_use]
    pub fn user(&self) -> &User {
        self.0.user()
    }

    /// Begins a unit of work, as [`StrictCaller::begin`] does.
    pub(crate) async fn begin(&self, store: &dyn Store) -> Result<Option<Box<dyn UnitOfWork>>, Failure> {
        self.0.begin(store).await
    }

    /// Creates a caller without reading a row.
    #[cfg(any(test, feature = "testing"))]
    #[must_use]
    pub fn for_test(session: Session, user: User) -> Self {
        Self(StrictCaller::for_test(session, user))
    }
}

impl StrictCaller {
    /// Returns the caller's session.
    #[must_use]
    pub fn session(&self) -> &Session {
        &self.active_session.session
    }

    /// Returns the caller's user.
    #[must_use]
    pub fn user(&self) -> &User {
        &self.active_session.user
    }

    /// Returns the caller's session with its user.
    pub(crate) fn active_session(&self) -> Arc<ActiveSession> {
        Arc::clone(&self.active_session)
    }

    /// Returns whether the session was created to outlive the browser, independent of what the client sends now. A session
    /// whose lifetime a plugin limits was not.
    #[must_use]
    pub const fn is_remembered(&self) -> bool {
        self.is_remembered
    }

    /// Returns whether another user acts in the session for its user.
    #[must_use]
    pub const fn is_delegated(&self) -> bool {
        self.is_delegated
    }

    /// Returns the caller's user as the row is now. `None`: the session has ended.
    pub(crate) async fn current_user(&self, db: &mut dyn Repositories) -> Result<Option<User>, Failure> {
        let found = db.sessions().find_by_token(&self.session().token).await?;
        Ok(found.map(|(_session, user)| user))
    }

    /// Returns whether the caller presents a key instead of a session.
    #[must_use]
    pub const fn is_by_key(&self) -> bool {
        self.is_by_key
    }

    /// Returns the effect by which the client stores the session, with this state of its user. The client of a key stores
    /// nothing: it has the key, and neither a cookie nor a copy of the session may outlive it.
    pub(crate) fn stored(&self, user: User, lifetime: Option<TimeDelta>) -> SessionEffect {
        if self.is_by_key {
            return SessionEffect::Unchanged;
        }
        SessionEffect::store(self.session().clone(), user, lifetime)
    }

    /// Begins a unit of work that locks the user. `None`: the session has ended, or the user's e-mail address was
    /// changed or verified since the row was read. A key was read for this request and has no row of a session.
    pub(crate) async fn begin(&self, store: &dyn Store) -> Result<Option<Box<dyn UnitOfWork>>, Failure> {
        let user = self.user();
        let mut unit = store.begin();
        let locked = unit.users().lock(&user.id).await?;
        if locked.is_none_or(|locked| {
            (locked.email, locked.email_verified) != (user.email.clone(), user.email_verified)
        }) {
            return Ok(None);
        }
        if self.is_by_key {
            return Ok(Some(unit));
        }
        let session = unit.sessions().find_by_token(&self.session().token).await?;
        Ok(session.map(|_live| unit))
    }

    /// Creates a caller without reading a row.
    #[cfg(any(test, feature = "testing"))]
    #[must_use]
    pub fn for_test(session: Session, user: User) -> Self {
        Self {
            active_session: Arc::new(ActiveSession { session, user }),
            is_remembered: true,
            is_delegated: false,
            is_by_key: false,
        }
    }
}

impl Sessions {
    /// Returns the caller of the first of these tokens that belongs to a live session. The session is renewed if it is
    /// due; the client receives the new expiry when it next reads its session.
    ///
    /// # Errors
    ///
    /// If the store fails.
    pub async fn caller(
        &self,
        tokens: &[SessionToken],
        reading: Reading,
    ) -> Result<Option<StrictCaller>, Failure> {
        let found = self.first_live(tokens, reading).await?;
        Ok(found.active_session.map(|active_session| StrictCaller {
            is_remembered: self.is_remembered(&active_session.session),
            is_delegated: self.is_delegated(&active_session.session),
            active_session,
            is_by_key: false,
        }))
    }

    /// Returns the caller who presents a valid key.
    #[must_use]
    pub fn caller_of_key(&self, KeySession(active_session): KeySession) -> StrictCaller {
        StrictCaller {
            active_session: Arc::new(active_session),
            is_remembered: false,
            is_by_key: true,
            is_delegated: false,
        }
    }

    /// Returns the caller as fresh if the session is young enough for sensitive operations. A key never is: it proves no
    /// recent sign-in.
    #[must_use]
    pub fn fresh(&self, caller: StrictCaller) -> Option<FreshCaller> {
        let is_fresh = !caller.is_by_key && caller.session().is_fresh(self.policy, self.clock.now());
        is_fresh.then_some(FreshCaller(caller))
    }
}
