//! Twitch: <https://dev.twitch.tv/docs/authentication/getting-tokens-oidc/>.

use async_trait::async_trait;
use portcullis_application::ports::{AuthorizationRequest, CodeExchange, ProviderError, ProviderTokens};
use portcullis_domain::social::UserInfo;
use serde_json::{Map, Value, json};

use crate::{
    definition::{Context, Definition, Endpoints, Extra, ExtraKind},
    flow::{AuthorizationParameters, TokenRequest},
    options::ProviderOptions,
    profile::{claims, member, user_info},
};

const SCOPES: &[&str] = &["user:read:email", "openid"];
/// The claims that are requested if the deployment lists none.
const CLAIMS: &str = "email,email_verified,preferred_username,picture";

pub(super) struct Twitch;

#[async_trait]
impl Definition for Twitch {
    fn id(&self) -> &'static str {
        "twitch"
    }

    fn name(&self) -> &'static str {
        "Twitch"
    }

    fn extras(&self) -> &'static [Extra] {
        &[Extra {
            name: "claims",
            kind: ExtraKind::List,
            is_required: false,
            doc: "Claims of the id token to request in addition to the address. Not set: the user name and the picture.",
        }]
    }

    fn endpoints(&self, _options: &ProviderOptions) -> Endpoints {
        Endpoints {
            authorization: "https://id.twitch.tv/oauth2/authorize".to_owned(),
            token: "https://id.twitch.tv/oauth2/token".to_owned(),
            issuer: Some("https://id.twitch.tv/oauth2".to_owned()),
            ..Endpoints::default()
        }
    }

    fn authorization(
        &self,
        context: Context<'_>,
        request: &AuthorizationRequest<'_>,
    ) -> AuthorizationParameters {
        let claims = context.options.extra("claims").unwrap_or(CLAIMS);
        AuthorizationParameters {
            extra: vec![("claims".to_owned(), requested_claims(claims))],
            ..AuthorizationParameters::with_scopes(context, request, SCOPES)
        }
    }

    fn token_request(&self, context: Context<'_>, exchange: &CodeExchange<'_>) -> TokenRequest {
        TokenRequest::exchange(context, exchange).without("code_verifier")
    }

    /// The id token contains everything; there is no request for the profile.
    async fn user_info(
        &self,
        _context: Context<'_>,
        tokens: &ProviderTokens,
    ) -> Result<Option<UserInfo>, ProviderError> {
        Ok(claims(tokens).map(user))
    }
}

/// Returns the parameter that requests these claims of the id token (OpenID Connect Core 1.0, 5.5). The address is always
/// requested.
fn requested_claims(claims: &str) -> String {
    let claims = claims.split(',').map(str::trim).filter(|claim| !claim.is_empty());
    let claims = ["email", "email_verified"].into_iter().chain(claims);
    let claims: Map<String, Value> = claims.map(|claim| (claim.to_owned(), Value::Null)).collect();
    json!({ "id_token": claims }).to_string()
}

/// Returns the user of the claims of an id token.
fn user(claims: Value) -> UserInfo {
    let verified = member(&claims, "email_verified");
    user_info(
        [
            ("id", member(&claims, "sub")),
            ("name", member(&claims, "preferred_username")),
            ("email", member(&claims, "email")),
            ("image", member(&claims, "picture")),
            (
                "emailVerified",
                verified.map(|value| json!(value == Value::Bool(true))),
            ),
        ],
        claims,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_user_is_that_of_the_id_token() {
        let claims = json!({
            "aud": "hof5gwx0su6owfnys0yan9c87zr6t",
            "iss": "https://id.twitch.tv/oauth2",
            "sub": "713936733",
            "email": "ada@example.com",
            "email_verified": true,
            "picture": "https://static-cdn.jtvnw.net/ada.png",
            "preferred_username": "Ada",
        });
        let info = user(claims.clone());
        assert_eq!(info.data, claims);
        assert_eq!(
            Value::from(info.user).to_string(),
            r#"{"id":"713936733","name":"Ada","email":"ada@example.com","image":"https://static-cdn.jtvnw.net/ada.png","emailVerified":true}"#
        );
    }

    #[test]
    fn claims_that_are_missing_are_left_out() {
        assert_eq!(
            Value::from(user(json!({ "sub": "713936733" })).user),
            json!({ "id": "713936733" })
        );
    }

    #[test]
    fn the_address_is_always_requested() {
        assert_eq!(
            requested_claims("picture, email"),
            r#"{"id_token":{"email":null,"email_verified":null,"picture":null}}"#
        );
    }
}
