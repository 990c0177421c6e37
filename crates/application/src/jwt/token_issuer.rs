//! JWTs by which features identify users to other servers.

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
        session: &Session,
        audience: Option<&str>,
    ) -> Result<String, Failure> {
        let Some(audience) = audience.filter(|audience| self.options.claims.audience != [*audience]) else {
            return self.token(user, view).await;
        };
        let token = self.token_for(audience, (user, &session.id), view).await?;
        token.ok_or_else(|| Failure::new("no JWTs are issued for this audience"))
    }
}
