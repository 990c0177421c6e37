//! Is this session refused now?

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use portcullis_domain::{session::Session, user::User};

use crate::ports::{Failure, Repositories};

/// Ends sessions that must not be used any more, for example because their user was banned by another program. The core
/// asks each time when it reads a session, so the session cookie cache is not read if any plugin may refuse.
#[async_trait]
pub trait SessionVeto: Send + Sync {
    /// Returns whether this live session of this user must end. Both were just read. It should decide about most sessions
    /// without a lookup.
    async fn is_refused(
        &self,
        db: &mut dyn Repositories,
        active: (&Session, &User),
        now: DateTime<Utc>,
    ) -> Result<bool, Failure>;
}
