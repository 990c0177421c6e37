//! Who is asking, proven.

use std::sync::Arc;

use portcullis_domain::{session::Session, token::SessionToken, user::User};

use super::{Reading, Sessions};
use crate::{
    client_token::Presence,
    ports::{Failure, Store, UnitOfWork},
};

/// A live session whose row was read for this request: the proof that a use case asks for before it changes
/// anything. Only [`Sessions::caller`] makes one.
#[derive(Debug)]
pub struct StrictCaller {
    presence: Arc<Presence>,
    is_remembered: bool,
}

/// A caller whose session is young enough for what is dangerous. Only [`Sessions::fresh`] makes one.
#[derive(Debug)]
pub struct FreshCaller(StrictCaller);

impl FreshCaller {
    /// Who the caller is.
    #[must_use]
    pub fn user(&self) -> &User {
        self.0.user()
    }

    /// A caller that no row vouches for.
    #[cfg(any(test, feature = "testing"))]
    #[must_use]
    pub fn pretended(session: Session, user: User) -> Self {
        Self(StrictCaller::pretended(session, user))
    }
}

impl StrictCaller {
    /// The caller's session.
    #[must_use]
    pub fn session(&self) -> &Session {
        &self.presence.session
    }

    /// Who the caller is.
    #[must_use]
    pub fn user(&self) -> &User {
        &self.presence.user
    }

    /// Whether the session was begun to be remembered when the browser closes, whatever the client says now.
    #[must_use]
    pub const fn is_remembered(&self) -> bool {
        self.is_remembered
    }

    /// Begins a unit of work that locks the user. `None`: the session has ended, or the user's address has changed or been
    /// proven since.
    pub(crate) async fn begin(&self, store: &dyn Store) -> Result<Option<Box<dyn UnitOfWork>>, Failure> {
        let user = self.user();
        let mut unit = store.begin();
        let held = unit.users().hold(&user.id).await?;
        if held
            .is_none_or(|held| (held.email, held.email_verified) != (user.email.clone(), user.email_verified))
        {
            return Ok(None);
        }
        let session = unit.sessions().find_by_token(&self.session().token).await?;
        Ok(session.map(|_lives| unit))
    }

    /// A caller that no row vouches for.
    #[cfg(any(test, feature = "testing"))]
    #[must_use]
    pub fn pretended(session: Session, user: User) -> Self {
        Self {
            presence: Arc::new(Presence { session, user }),
            is_remembered: true,
        }
    }
}

impl Sessions {
    /// The user whose session the first of these tokens stands for which stands for a live one. The session is renewed
    /// if it is due; the client learns of that when it next reads its session.
    ///
    /// # Errors
    ///
    /// Where the store fails.
    pub async fn caller(
        &self,
        tokens: &[SessionToken],
        reading: Reading,
    ) -> Result<Option<StrictCaller>, Failure> {
        let found = self.first_live(tokens, reading).await?;
        Ok(found.presence.map(|presence| StrictCaller {
            is_remembered: presence.session.is_remembered(self.policy),
            presence,
        }))
    }

    /// Whether the caller's session is young enough for what is dangerous.
    #[must_use]
    pub fn fresh(&self, caller: StrictCaller) -> Option<FreshCaller> {
        let is_fresh = caller.session().is_fresh(self.policy, self.clock.now());
        is_fresh.then_some(FreshCaller(caller))
    }
}
