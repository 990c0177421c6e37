//! Lookups of sessions in the session cache.

use std::{sync::Arc, time::Instant};

use portcullis_application::{ports::Failure, statistics::Statistics};
use portcullis_domain::{session::Session, token::SessionToken, user::User};

use super::lookups::{self, SessionLookups};
use crate::unit_of_work::PgUnitOfWork;

impl PgUnitOfWork {
    /// Returns the session with this token, and its user, from the cache or by a shared lookup.
    pub(super) async fn find_shared(
        &mut self,
        lookups: &Arc<SessionLookups>,
        token: &SessionToken,
    ) -> Result<Option<(Session, User)>, Failure> {
        let started = Instant::now();
        let cache = self.session_cache();
        if let Some(cache) = &cache {
            cache.watch_store(self.pool());
        }
        let cached = cache.as_ref().and_then(|cache| cache.find(token));
        if cached.is_some() {
            Statistics::add(0, started.elapsed());
            return Ok(cached);
        }
        let before = cache.as_ref().and_then(|cache| cache.before_reading());
        // Only an answer of the primary can be kept.
        let answer = if before.is_some() {
            lookups.ask(token).await
        } else {
            lookups.find(token).await
        };
        let found = self.receive(lookups::NAME, started, answer)?;
        if let (Some(cache), Some(before)) = (cache, before) {
            match &found {
                Some(found) if found.is_of_primary => cache.store(before, &found.session, &found.user),
                Some(_) => {}
                None => cache.forget(token),
            }
        }
        Ok(found.map(|found| (found.session, found.user)))
    }
}
