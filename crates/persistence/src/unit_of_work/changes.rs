//! What a unit of work changes in the session cache.

use std::sync::Arc;

use super::{PgUnitOfWork, State};
use crate::{
    pool::Pool,
    session_cache::{Pending, RowChange, SessionCache},
};

impl PgUnitOfWork {
    /// Makes the unit of work remove the entries that it changes from this cache.
    pub(crate) fn keep_current(&mut self, cache: Option<&Arc<SessionCache>>) {
        self.session_cache = cache.cloned();
    }

    /// Returns the session cache. `None`: there is none, or the unit of work is a transaction, which must read the database.
    pub(crate) fn session_cache(&self) -> Option<Arc<SessionCache>> {
        let is_outside = matches!(self.state, State::Autocommit);
        self.session_cache.clone().filter(|_| is_outside)
    }

    /// Returns the connections of the store.
    pub(crate) const fn pool(&self) -> &Arc<Pool> {
        &self.pool
    }

    /// Records what the next operation changes. The entries are removed when the change is in effect.
    pub(crate) fn note_change(&mut self, change: impl FnOnce() -> RowChange) {
        if self.session_cache.is_some() {
            self.changes.push(change());
        }
    }

    /// Returns the changes that the statement which runs next puts into effect.
    pub(super) fn pending(&mut self) -> Option<Pending> {
        let cache = self.session_cache.as_ref()?;
        (!self.changes.is_empty()).then(|| Pending::take(cache, &mut self.changes))
    }
}
