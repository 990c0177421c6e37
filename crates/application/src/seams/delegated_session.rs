//! Recognition of sessions in which another user acts.

use portcullis_domain::session::Session;

/// Recognizes sessions in which another user acts for the session's user. Routes that are reserved for the user in person
/// refuse them.
pub trait DelegatedSession: Send + Sync {
    /// Returns whether another user acts in the session. The answer must depend on fields of the session that never change.
    fn is_delegated(&self, session: &Session) -> bool;
}
