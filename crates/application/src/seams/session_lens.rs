//! Visibility of sessions to their users.

use portcullis_domain::session::Session;

/// Hides sessions from their users. It is called for each session in the list of a user's sessions.
pub trait SessionLens: Send + Sync {
    /// Returns whether the session's user sees it in the list. A hidden session stays valid and can be revoked.
    fn is_visible(&self, session: &Session) -> bool;
}
