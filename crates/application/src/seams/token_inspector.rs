//! Recognition of tokens that this deployment issued.

use async_trait::async_trait;
use portcullis_domain::id::{SessionId, UserId};
use serde_json::{Map, Value};

use crate::ports::Failure;

/// A verified token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InspectedToken {
    /// The user to whom the token was issued. It may have been deleted since.
    pub user: UserId,
    /// The session for which the token was issued, which may have ended since. `None`: the token names no session.
    pub session: Option<SessionId>,
    /// All claims of the token.
    pub claims: Map<String, Value>,
}

/// Recognizes signed tokens that a plugin issued for other programs. A token is not a proof that its user or session
/// still exists: the caller of the seam looks both up.
#[async_trait]
pub trait TokenInspector: Send + Sync {
    /// Returns what a token states, or `None` if the plugin did not issue it, or it is not valid now.
    async fn inspect(&self, token: &str) -> Result<Option<InspectedToken>, Failure>;
}
