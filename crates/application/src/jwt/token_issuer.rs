//! JWTs for features that pass users on to other servers.

use async_trait::async_trait;
use portcullis_domain::{session::Session, user::User};
use serde_json::{Map, Value};

use super::Jwt;
use crate::{ports::Failure, seams::TokenIssuer};

#[async_trait]
impl TokenIssuer for Jwt {
    async fn issue(
        &self,
        user: &User,
        view: Map<String, Value>,
        _session: &Session,
        audience: Option<&str>,
    ) -> Result<String, Failure> {
        if audience.is_some_and(|audience| self.options.claims.audience != [audience]) {
            return Err(Failure::new("JWTs are issued for the default audience only"));
        }
        self.token(user, view).await
    }
}
