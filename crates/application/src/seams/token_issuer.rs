//! Tokens by which other servers recognize users.

use async_trait::async_trait;
use portcullis_domain::{session::Session, user::User};
use serde_json::{Map, Value};

use crate::ports::Failure;

/// Issues tokens by which other servers recognize a user without a request to this server. Features that identify users
/// to other servers call it. At most one feature implements it.
#[async_trait]
pub trait TokenIssuer: Send + Sync {
    /// Returns a token for the user of a live session, which was read for this request. `view` is the user as clients see
    /// it. `audience` is the server that will read the token; `None`: the deployment's default audience.
    ///
    /// # Errors
    ///
    /// If no tokens are issued for this audience, or if the store fails.
    async fn issue(
        &self,
        user: &User,
        view: Map<String, Value>,
        session: &Session,
        audience: Option<&str>,
    ) -> Result<String, Failure>;
}
