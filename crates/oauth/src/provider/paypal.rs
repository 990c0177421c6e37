//! PayPal: <https://developer.paypal.com/docs/log-in-with-paypal/>.
//!
//! Clients cannot sign in with id tokens of PayPal. Better Auth does not verify them, and takes the profile from an access
//! token that may be another user's.

use async_trait::async_trait;
use portcullis_application::ports::{AuthorizationRequest, CodeExchange, ProviderError, ProviderTokens};
use portcullis_domain::{secret::Secret, social::UserInfo};
use serde_json::{Value, json};

use crate::{
    definition::{Authentication, Context, Definition, Endpoints, Extra, ExtraKind},
    flow::{AuthorizationParameters, TokenRequest},
    options::ProviderOptions,
    profile::{access_token, member, user_info},
};

pub(super) struct PayPal;

#[async_trait]
impl Definition for PayPal {
    fn id(&self) -> &'static str {
        "paypal"
    }

    fn name(&self) -> &'static str {
        "PayPal"
    }

    fn extras(&self) -> &'static [Extra] {
        &[Extra {
            name: "environment",
            kind: ExtraKind::Choice(&["sandbox", "live"]),
            is_required: false,
            doc: "`live`: use accounts of PayPal itself. Not set: those of its sandbox for developers.",
        }]
    }

    fn endpoints(&self, options: &ProviderOptions) -> Endpoints {
        let is_live = options.extra("environment") == Some("live");
        let (pages, api) = if is_live {
            ("https://www.paypal.com", "https://api-m.paypal.com")
        } else {
            (
                "https://www.sandbox.paypal.com",
                "https://api-m.sandbox.paypal.com",
            )
        };
        Endpoints {
            authorization: format!("{pages}/signin/authorize"),
            token: format!("{api}/v1/oauth2/token"),
            user_info: format!("{api}/v1/identity/oauth2/userinfo"),
            ..Endpoints::default()
        }
    }

    fn authorization(
        &self,
        context: Context<'_>,
        request: &AuthorizationRequest<'_>,
    ) -> AuthorizationParameters {
        AuthorizationParameters {
            prompt: context.options.prompt.clone(),
            ..AuthorizationParameters::new(context, request, Some(Vec::new())).with_pkce(request)
        }
    }

    /// With the code verifier, which Better Auth does not send.
    fn token_request(&self, context: Context<'_>, exchange: &CodeExchange<'_>) -> TokenRequest {
        let request = TokenRequest::exchange_with(context, exchange, Authentication::Basic);
        request.with_header("accept-language", "en_US")
    }

    fn refresh_request(&self, context: Context<'_>, refresh_token: &Secret<String>) -> Option<TokenRequest> {
        let request = TokenRequest::refresh_with(context, refresh_token, Authentication::Basic);
        Some(request.with_header("accept-language", "en_US"))
    }

    async fn user_info(
        &self,
        context: Context<'_>,
        tokens: &ProviderTokens,
    ) -> Result<Option<UserInfo>, ProviderError> {
        let bearer = format!("Bearer {}", access_token(tokens)?);
        let headers = [("authorization", bearer.as_str()), ("accept", "application/json")];
        let endpoint = format!("{}?schema=paypalv1.1", context.endpoints.user_info);
        let profile = context.client.get_json(&endpoint, &headers).await?;
        Ok(Some(user(profile)))
    }
}

/// Returns the user of a profile.
fn user(profile: Value) -> UserInfo {
    let verified = member(&profile, "email_verified");
    user_info(
        [
            ("id", member(&profile, "user_id")),
            ("name", member(&profile, "name")),
            ("email", member(&profile, "email")),
            ("image", member(&profile, "picture")),
            (
                "emailVerified",
                verified.map(|value| json!(value == Value::Bool(true))),
            ),
        ],
        profile,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_user_is_the_profile() {
        let profile = json!({
            "user_id": "https://www.paypal.com/webapps/auth/identity/user/mWq6_1sU85v5EG9yHdPxJRrhGHrnMJ-1PQKtX6pcsmA",
            "name": "identity test",
            "given_name": "identity",
            "family_name": "test",
            "payer_id": "WDJJHEBZ4X2LY",
            "verified_account": "true",
            "email": "ada@example.com",
            "email_verified": true,
        });
        let info = user(profile.clone());
        assert_eq!(info.data, profile);
        assert_eq!(
            Value::from(info.user).to_string(),
            r#"{"id":"https://www.paypal.com/webapps/auth/identity/user/mWq6_1sU85v5EG9yHdPxJRrhGHrnMJ-1PQKtX6pcsmA","name":"identity test","email":"ada@example.com","emailVerified":true}"#
        );
    }

    #[test]
    fn a_text_does_not_verify_an_address() {
        let info = user(json!({ "user_id": "1", "email_verified": "true" }));
        assert_eq!(
            Value::from(info.user),
            json!({ "id": "1", "emailVerified": false })
        );
    }
}
