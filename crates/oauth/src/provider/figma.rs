//! Figma: <https://www.figma.com/developers/api#oauth2>.

use portcullis_application::ports::{AuthorizationRequest, CodeExchange};
use portcullis_domain::{secret::Secret, social::UserInfo};
use serde_json::{Value, json};

use crate::{
    definition::{Authentication, Context, Definition, Endpoints},
    flow::{AuthorizationParameters, TokenRequest},
    options::ProviderOptions,
    profile::{member, user_info},
};

const SCOPES: &[&str] = &["current_user:read"];

pub(super) struct Figma;

impl Definition for Figma {
    fn id(&self) -> &'static str {
        "figma"
    }

    fn name(&self) -> &'static str {
        "Figma"
    }

    fn endpoints(&self, _options: &ProviderOptions) -> Endpoints {
        Endpoints {
            authorization: "https://www.figma.com/oauth".to_owned(),
            token: "https://api.figma.com/v1/oauth/token".to_owned(),
            user_info: "https://api.figma.com/v1/me".to_owned(),
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
        let request = TokenRequest::refresh_with(context, refresh_token, Authentication::Basic);
        Some(request)
    }

    fn user(&self, profile: Value) -> Option<UserInfo> {
        Some(user(profile))
    }
}

fn user(profile: Value) -> UserInfo {
    user_info(
        [
            ("id", member(&profile, "id")),
            ("name", member(&profile, "handle")),
            ("email", member(&profile, "email")),
            ("image", member(&profile, "img_url")),
            ("emailVerified", Some(json!(false))),
        ],
        profile,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_is_the_handle_and_the_address_is_not_verified() {
        let profile = json!({
            "id": "1053285484",
            "email": "ada@example.com",
            "handle": "Ada Lovelace",
            "img_url": "https://s3-alpha.figma.example/profile/1",
        });
        let info = user(profile.clone());
        let expected = json!({
            "id": "1053285484",
            "name": "Ada Lovelace",
            "email": "ada@example.com",
            "image": "https://s3-alpha.figma.example/profile/1",
            "emailVerified": false,
        });
        assert_eq!(Value::from(info.user), expected);
        assert_eq!(info.data, profile);
    }
}
