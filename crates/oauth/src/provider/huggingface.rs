//! Hugging Face: <https://huggingface.co/docs/hub/oauth>.

use portcullis_application::ports::AuthorizationRequest;
use portcullis_domain::social::UserInfo;
use serde_json::{Value, json};

use crate::{
    definition::{Context, Definition, Endpoints},
    flow::AuthorizationParameters,
    options::ProviderOptions,
    profile::{member, truthy, user_info},
};

const SCOPES: &[&str] = &["openid", "profile", "email"];

pub(super) struct HuggingFace;

impl Definition for HuggingFace {
    fn id(&self) -> &'static str {
        "huggingface"
    }

    fn name(&self) -> &'static str {
        "Hugging Face"
    }

    fn endpoints(&self, _options: &ProviderOptions) -> Endpoints {
        Endpoints {
            authorization: "https://huggingface.co/oauth/authorize".to_owned(),
            token: "https://huggingface.co/oauth/token".to_owned(),
            user_info: "https://huggingface.co/oauth/userinfo".to_owned(),
            issuer: Some("https://huggingface.co".to_owned()),
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

    fn user(&self, profile: Value) -> Option<UserInfo> {
        Some(user(profile))
    }
}

fn user(profile: Value) -> UserInfo {
    user_info(
        [
            ("id", member(&profile, "sub")),
            (
                "name",
                truthy(&profile, "name").or_else(|| member(&profile, "preferred_username")),
            ),
            ("email", member(&profile, "email")),
            ("image", member(&profile, "picture")),
            (
                "emailVerified",
                truthy(&profile, "email_verified").or(Some(json!(false))),
            ),
        ],
        profile,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_falls_back_to_the_user_name() {
        let mut profile = json!({
            "sub": "62441d1d9fdefb55a0b7d12c",
            "name": "Ada Lovelace",
            "preferred_username": "ada",
            "profile": "https://huggingface.co/ada",
            "picture": "https://cdn-avatars.huggingface.example/1",
            "email": "ada@example.com",
            "email_verified": true,
            "isPro": false,
            "orgs": [],
        });
        let info = user(profile.clone());
        let expected = json!({
            "id": "62441d1d9fdefb55a0b7d12c",
            "name": "Ada Lovelace",
            "email": "ada@example.com",
            "image": "https://cdn-avatars.huggingface.example/1",
            "emailVerified": true,
        });
        assert_eq!(Value::from(info.user), expected);
        assert_eq!(info.data, profile);

        profile["name"] = json!("");
        assert_eq!(user(profile).user["name"], "ada");
    }
}
