//! May the owner see this session?

use portcullis_domain::session::Session;

/// Hides sessions from their users. The list of a user's sessions asks for each session.
pub trait SessionLens: Send + Sync {
    /// Returns whether the session's user sees it in the list. A hidden session stays valid and can be revoked.
    fn is_visible(&self, session: &Session) -> bool;
}
