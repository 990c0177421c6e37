//! Limits on the lifetime of sessions.

use std::sync::Arc;

use chrono::TimeDelta;
use portcullis_domain::session::Session;

/// Limits the lifetime of sessions that must not live as long as other sessions, such as those that an administrator
/// starts for another user.
pub trait SessionLifetime: Send + Sync {
    /// Returns how long the session lives from its start, or `None` if the plugin does not limit it. The answer must
    /// depend on fields of the session that never change. A limited session is never renewed, and the client deletes it
    /// when the browser closes.
    fn limit(&self, session: &Session) -> Option<TimeDelta>;
}

/// The limits of all plugins. They are applied when a session starts and when it is read.
#[derive(Clone, Default)]
pub struct SessionLifetimes(Arc<[Arc<dyn SessionLifetime>]>);

impl SessionLifetimes {
    /// Creates the list of these plugins.
    #[must_use]
    pub fn new(plugins: Arc<[Arc<dyn SessionLifetime>]>) -> Self {
        Self(plugins)
    }

    /// Returns the shortest limit of the session, or `None` if no plugin limits it.
    pub(crate) fn limit(&self, session: &Session) -> Option<TimeDelta> {
        self.0.iter().filter_map(|plugin| plugin.limit(session)).min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{fixtures::a_session, seams::Limited};

    #[test]
    fn the_shortest_limit_counts_and_other_sessions_have_none() {
        let limited = |hours| Arc::new(Limited(TimeDelta::hours(hours))) as Arc<dyn SessionLifetime>;
        let lifetimes = SessionLifetimes::new(Arc::new([limited(2), limited(1), limited(3)]));
        let mut session = a_session();
        assert_eq!(lifetimes.limit(&session), None);
        session.additional.set(Limited::FIELD, "user-2".into());
        assert_eq!(lifetimes.limit(&session), Some(TimeDelta::hours(1)));
        assert_eq!(SessionLifetimes::default().limit(&session), None);
    }
}
