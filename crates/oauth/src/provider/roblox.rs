//! Roblox: <https://create.roblox.com/docs/cloud/auth/oauth2-overview>.

use portcullis_application::ports::{AuthorizationRequest, CodeExchange};
use portcullis_domain::social::UserInfo;
use serde_json::{Value, json};

use super::query::{encoded, encoded_scopes, with_encoded};
use crate::{
    definition::{Context, Definition, Endpoints},
    flow::{AuthorizationParameters, TokenRequest},
    options::ProviderOptions,
    profile::{member, truthy, user_info},
};

const SCOPES: &[&str] = &["openid", "profile"];

pub(super) struct Roblox;

impl Definition for Roblox {
    fn id(&self) -> &'static str {
        "roblox"
    }

    fn name(&self) -> &'static str {
        "Roblox"
    }

    fn endpoints(&self, _options: &ProviderOptions) -> Endpoints {
        Endpoints {
            authorization: "https://apis.roblox.com/oauth/v1/authorize".to_owned(),
            token: "https://apis.roblox.com/oauth/v1/token".to_owned(),
            user_info: "https://apis.roblox.com/oauth/v1/userinfo".to_owned(),
            ..Endpoints::default()
        }
    }

    fn authorization(
        &self,
        context: Context<'_>,
        request: &AuthorizationRequest<'_>,
    ) -> AuthorizationParameters {
        let prompt = context.options.prompt.clone().filter(|prompt| !prompt.is_empty());
        AuthorizationParameters {
            prompt: Some(prompt.unwrap_or_else(|| "select_account consent".to_owned())),
            ..AuthorizationParameters::with_scopes(context, request, SCOPES)
        }
    }

    fn authorization_url(&self, context: Context<'_>, request: &AuthorizationRequest<'_>) -> String {
        let parameters = self.authorization(context, request);
        let scopes = parameters.scopes.unwrap_or_default();
        with_encoded(
            &parameters.endpoint,
            &[
                ("scope", encoded_scopes(&scopes, "+")),
                ("response_type", encoded(parameters.response_type)),
                ("client_id", encoded(&parameters.client_id)),
                ("redirect_uri", encoded(&parameters.redirect_uri)),
                ("state", encoded(&parameters.state)),
                ("prompt", encoded(&parameters.prompt.unwrap_or_default())),
            ],
        )
    }

    fn token_request(&self, context: Context<'_>, exchange: &CodeExchange<'_>) -> TokenRequest {
        TokenRequest::exchange(context, exchange).without("code_verifier")
    }

    fn user(&self, profile: Value) -> Option<UserInfo> {
        Some(user(profile))
    }
}

/// Returns the user of a profile. Roblox does not reveal addresses; the user name takes its place.
fn user(profile: Value) -> UserInfo {
    let username = truthy(&profile, "preferred_username");
    let name = truthy(&profile, "nickname").or_else(|| username.clone());
    user_info(
        [
            ("id", member(&profile, "sub")),
            ("name", Some(name.unwrap_or_else(|| json!("")))),
            ("image", member(&profile, "picture")),
            ("email", Some(username.unwrap_or_default())),
            ("emailVerified", Some(json!(false))),
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
            "sub": "1516563360",
            "name": "Ada",
            "nickname": "Ada",
            "preferred_username": "ada1815",
            "created_at": 1_584_682_495,
            "profile": "https://www.roblox.com/users/1516563360/profile",
            "picture": null,
        });
        let info = user(profile.clone());
        assert_eq!(info.data, profile);
        assert_eq!(
            Value::from(info.user).to_string(),
            r#"{"id":"1516563360","name":"Ada","image":null,"email":"ada1815","emailVerified":false}"#
        );
    }

    #[test]
    fn a_user_may_have_no_names() {
        let info = user(json!({ "sub": "1516563360" }));
        assert_eq!(
            Value::from(info.user).to_string(),
            r#"{"id":"1516563360","name":"","email":null,"emailVerified":false}"#
        );
    }
}
