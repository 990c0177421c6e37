//! Linear: <https://linear.app/developers/oauth-2-0-authentication>.

use async_trait::async_trait;
use portcullis_application::ports::{AuthorizationRequest, CodeExchange, ProviderError, ProviderTokens};
use portcullis_domain::social::UserInfo;
use serde_json::{Value, json};

use crate::{
    definition::{Context, Definition, Endpoints},
    flow::{AuthorizationParameters, TokenRequest},
    options::ProviderOptions,
    profile::{access_token, member, truthy, user_info},
};

const QUERY: &str = "query { viewer { id name email avatarUrl active createdAt updatedAt } }";
const SCOPES: &[&str] = &["read"];

pub(super) struct Linear;

#[async_trait]
impl Definition for Linear {
    fn id(&self) -> &'static str {
        "linear"
    }

    fn name(&self) -> &'static str {
        "Linear"
    }

    fn endpoints(&self, _options: &ProviderOptions) -> Endpoints {
        Endpoints {
            authorization: "https://linear.app/oauth/authorize".to_owned(),
            token: "https://api.linear.app/oauth/token".to_owned(),
            user_info: "https://api.linear.app/graphql".to_owned(),
            ..Endpoints::default()
        }
    }

    fn authorization(
        &self,
        context: Context<'_>,
        request: &AuthorizationRequest<'_>,
    ) -> AuthorizationParameters {
        AuthorizationParameters {
            login_hint: request.login_hint.map(str::to_owned),
            ..AuthorizationParameters::with_scopes(context, request, SCOPES)
        }
    }

    fn token_request(&self, context: Context<'_>, exchange: &CodeExchange<'_>) -> TokenRequest {
        TokenRequest::exchange(context, exchange).without("code_verifier")
    }

    async fn user_info(
        &self,
        context: Context<'_>,
        tokens: &ProviderTokens,
    ) -> Result<Option<UserInfo>, ProviderError> {
        let bearer = format!("Bearer {}", access_token(tokens)?);
        let headers = [("authorization", bearer.as_str())];
        let (endpoint, query) = (&context.endpoints.user_info, json!({ "query": QUERY }));
        let answer = context.client.post_json(endpoint, Some(&query), &headers).await?;
        Ok(user(&answer))
    }
}

fn user(answer: &Value) -> Option<UserInfo> {
    let profile = truthy(answer, "data.viewer")?;
    Some(user_info(
        [
            ("id", member(&profile, "id")),
            ("name", member(&profile, "name")),
            ("email", member(&profile, "email")),
            ("image", member(&profile, "avatarUrl")),
            ("emailVerified", Some(json!(false))),
        ],
        profile,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_user_is_the_viewer() {
        let profile = json!({
            "id": "6b0b8f5e-2e0c-4d6e-9c2a-0f2a5f0f6c11",
            "name": "Ada Lovelace",
            "email": "ada@example.com",
            "avatarUrl": null,
            "active": true,
            "createdAt": "2024-01-01T00:00:00.000Z",
            "updatedAt": "2024-01-02T00:00:00.000Z",
        });
        let info = user(&json!({ "data": { "viewer": profile } })).unwrap();
        let expected = json!({
            "id": "6b0b8f5e-2e0c-4d6e-9c2a-0f2a5f0f6c11",
            "name": "Ada Lovelace",
            "email": "ada@example.com",
            "image": null,
            "emailVerified": false,
        });
        assert_eq!(Value::from(info.user), expected);
        assert_eq!(info.data, profile);
    }

    #[test]
    fn an_answer_without_a_viewer_is_no_user() {
        for answer in [
            json!({ "errors": [{ "message": "Authentication required" }] }),
            json!({ "data": { "viewer": null } }),
        ] {
            assert_eq!(user(&answer), None);
        }
    }
}
