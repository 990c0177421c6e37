//! X, formerly Twitter: <https://docs.x.com/resources/fundamentals/authentication/oauth-2-0/authorization-code>.

use async_trait::async_trait;
use portcullis_application::ports::{AuthorizationRequest, CodeExchange, ProviderError, ProviderTokens};
use portcullis_domain::{secret::Secret, social::UserInfo};
use serde_json::{Value, json};

use crate::{
    definition::{Authentication, Context, Definition, Endpoints},
    flow::{AuthorizationParameters, TokenRequest},
    options::ProviderOptions,
    profile::{access_token, member, truthy, user_info},
};

const SCOPES: &[&str] = &["users.read", "tweet.read", "offline.access", "users.email"];

pub(super) struct Twitter;

#[async_trait]
impl Definition for Twitter {
    fn id(&self) -> &'static str {
        "twitter"
    }

    fn name(&self) -> &'static str {
        "Twitter"
    }

    fn endpoints(&self, _options: &ProviderOptions) -> Endpoints {
        Endpoints {
            authorization: "https://x.com/i/oauth2/authorize".to_owned(),
            token: "https://api.x.com/2/oauth2/token".to_owned(),
            user_info: "https://api.x.com/2/users/me".to_owned(),
            ..Endpoints::default()
        }
    }

    fn authorization(
        &self,
        context: Context<'_>,
        request: &AuthorizationRequest<'_>,
    ) -> AuthorizationParameters {
        AuthorizationParameters::with_scopes(context, request, SCOPES).with_pkce(request)
    }

    fn token_request(&self, context: Context<'_>, exchange: &CodeExchange<'_>) -> TokenRequest {
        TokenRequest::exchange_with(context, exchange, Authentication::Basic)
    }

    fn refresh_request(&self, context: Context<'_>, refresh_token: &Secret<String>) -> Option<TokenRequest> {
        Some(TokenRequest::refresh_with(
            context,
            refresh_token,
            Authentication::Basic,
        ))
    }

    async fn user_info(
        &self,
        context: Context<'_>,
        tokens: &ProviderTokens,
    ) -> Result<Option<UserInfo>, ProviderError> {
        let bearer = format!("Bearer {}", access_token(tokens)?);
        let headers = [("authorization", bearer.as_str())];
        let endpoint = &context.endpoints.user_info;
        let picture = format!("{endpoint}?user.fields=profile_image_url");
        let profile = context.client.get_json(&picture, &headers).await?;
        let address = format!("{endpoint}?user.fields=confirmed_email");
        let address = context.client.get_json(&address, &headers).await;
        Ok(user(profile, &address.unwrap_or_default()))
    }
}

/// Returns the user of a profile, with the address of the second answer, which X returns only if the user has confirmed it.
/// If there is none, the user name takes its place.
fn user(mut profile: Value, address: &Value) -> Option<UserInfo> {
    let confirmed = truthy(address, "data.confirmed_email");
    let is_verified = confirmed.is_some();
    let data = profile.get_mut("data")?.as_object_mut()?;
    if let Some(address) = confirmed {
        data.insert("email".to_owned(), address);
    }
    let email = truthy(&profile, "data.email").or_else(|| truthy(&profile, "data.username"));
    Some(user_info(
        [
            ("id", member(&profile, "data.id")),
            ("name", member(&profile, "data.name")),
            ("email", Some(email.unwrap_or_default())),
            ("image", member(&profile, "data.profile_image_url")),
            ("emailVerified", Some(json!(is_verified))),
        ],
        profile,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile() -> Value {
        json!({
            "data": {
                "id": "2244994945",
                "name": "Ada",
                "username": "ada1815",
                "profile_image_url": "https://pbs.twimg.com/profile_images/1/a.png",
            },
        })
    }

    #[test]
    fn a_confirmed_address_is_verified() {
        let address = json!({ "data": { "id": "2244994945", "confirmed_email": "ada@example.com" } });
        let info = user(profile(), &address).unwrap();
        assert_eq!(member(&info.data, "data.email"), Some(json!("ada@example.com")));
        assert_eq!(
            Value::from(info.user).to_string(),
            r#"{"id":"2244994945","name":"Ada","email":"ada@example.com","image":"https://pbs.twimg.com/profile_images/1/a.png","emailVerified":true}"#
        );
    }

    #[test]
    fn a_user_name_is_not_verified() {
        let info = user(profile(), &Value::Null).unwrap();
        assert_eq!(info.data, profile());
        assert_eq!(info.user.get("email"), Some(&json!("ada1815")));
        assert_eq!(info.user.get("emailVerified"), Some(&json!(false)));
    }

    #[test]
    fn an_error_is_no_user() {
        assert_eq!(user(json!({ "errors": [] }), &Value::Null), None);
    }
}
