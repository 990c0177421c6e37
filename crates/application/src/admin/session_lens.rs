//! Visibility of sessions: users do not see those in which administrators act for them.

use portcullis_domain::{admin::impersonator, session::Session};

use crate::seams::SessionLens;

/// Hides sessions in which an administrator acts for the user, as in Better Auth.
pub struct ImpersonationLens;

impl SessionLens for ImpersonationLens {
    fn is_visible(&self, session: &Session) -> bool {
        impersonator(session).is_none()
    }
}
