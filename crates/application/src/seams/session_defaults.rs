//! Default values of new sessions.

use async_trait::async_trait;
use portcullis_domain::session::Session;

use crate::ports::{Failure, Repositories};

/// Changes a new session before it is stored.
#[async_trait]
pub trait SessionDefaults: Send + Sync {
    /// Sets fields of the session. The id, the token, the user and the times must stay as they are: a
    /// [`SessionLifetime`](super::SessionLifetime) limits how long a session lives.
    async fn prepare(&self, db: &mut dyn Repositories, session: &mut Session) -> Result<(), Failure>;
}
