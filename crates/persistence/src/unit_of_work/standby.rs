//! Shared lookups of sessions, and the operations after which a standby must not answer them until it has replayed the
//! operation.

use std::sync::Arc;

use super::{PgUnitOfWork, State};
use crate::{error::Purpose, session::SessionLookups};

/// Tables and operations whose writes do not change what lookups of existing sessions find. `sessions.delete_oldest`
/// runs at each sign-in and rarely deletes a session; if it does, the session repository reports that.
const UNRELATED: [&str; 15] = [
    "accounts",
    "api_keys",
    "authorization_states",
    "codes",
    "invitations",
    "jwks",
    "messages",
    "passkeys",
    "payload_tokens",
    "rate_limits",
    "refused_sign_ups",
    "verifications",
    "sessions.insert",
    "users.insert",
    "sessions.delete_oldest",
];

impl PgUnitOfWork {
    /// Makes the unit of work share its lookups of sessions with other requests, and report changes to them. A transaction looks
    /// sessions up itself: it may have changed them.
    pub(crate) fn share(&mut self, lookups: &Arc<SessionLookups>) {
        self.lookups = Some(Arc::clone(lookups));
    }

    /// Returns the shared lookups of sessions. `None`: the unit of work must look sessions up itself.
    pub(crate) fn lookups(&self) -> Option<Arc<SessionLookups>> {
        let is_autocommit = matches!(self.state, State::Autocommit);
        self.lookups.clone().filter(|_| is_autocommit)
    }

    /// Records that this operation was performed, or may have been.
    pub(super) fn outdate_standby_after(&mut self, name: &str, purpose: Purpose) {
        if changes_sessions(name, purpose) {
            self.outdate_standby();
        }
    }

    /// Records that this unit of work changes sessions or users. After its commit, a standby that lacks the change is
    /// not asked.
    pub(crate) fn outdate_standby(&mut self) {
        self.outdates_standby = true;
        if matches!(self.state, State::Autocommit) {
            self.outdate_standby_after_commit();
        }
    }

    /// Reports what was committed, or may have been.
    pub(super) fn outdate_standby_after_commit(&self) {
        if let Some(lookups) = self.lookups.as_ref().filter(|_| self.outdates_standby) {
            lookups.outdate_standby();
        }
    }
}

/// Returns whether an operation can change what lookups of existing sessions find. Operations that [`UNRELATED`] does
/// not list are assumed to do so.
fn changes_sessions(name: &str, purpose: Purpose) -> bool {
    let (table, _operation) = name.split_once('.').unwrap_or((name, ""));
    purpose != Purpose::Housekeeping && !UNRELATED.contains(&table) && !UNRELATED.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_write_outdates_a_standby_except_those_that_are_known_to_be_unrelated() {
        for (name, purpose, expected) in [
            ("sessions.delete", Purpose::Deletion, true),
            ("users.update", Purpose::Write, true),
            ("organizations.delete", Purpose::Deletion, true),
            ("a_new_table.update", Purpose::Write, true),
            ("sessions.insert", Purpose::Write, false),
            ("accounts.set_hash", Purpose::Write, false),
            ("sessions.delete_expired", Purpose::Housekeeping, false),
        ] {
            assert_eq!(changes_sessions(name, purpose), expected, "{name}");
        }
    }
}
