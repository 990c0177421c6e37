//! Polar: <https://polar.sh/docs/integrate/oauth2/introduction>.

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

pub(super) struct Polar;

impl Definition for Polar {
    fn id(&self) -> &'static str {
        "polar"
    }

    fn name(&self) -> &'static str {
        "Polar"
    }

    fn endpoints(&self, _options: &ProviderOptions) -> Endpoints {
        Endpoints {
            authorization: "https://polar.sh/oauth2/authorize".to_owned(),
            token: "https://api.polar.sh/v1/oauth2/token".to_owned(),
            user_info: "https://api.polar.sh/v1/oauth2/userinfo".to_owned(),
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
            ..AuthorizationParameters::with_scopes(context, request, SCOPES).with_pkce(request)
        }
    }

    fn user(&self, profile: Value) -> Option<UserInfo> {
        Some(user(profile))
    }
}

/// Returns the user of a profile.
fn user(profile: Value) -> UserInfo {
    let is_verified = member(&profile, "email_verified") == Some(json!(true));
    let name = truthy(&profile, "public_name").or_else(|| member(&profile, "username"));
    user_info(
        [
            ("id", member(&profile, "id")),
            ("name", name),
            ("email", member(&profile, "email")),
            ("image", member(&profile, "avatar_url")),
            ("emailVerified", Some(json!(is_verified))),
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
            "id": "d62d3f9b-1cc8-4b2c-8a8e-0f8f5ac3a0d1",
            "email": "ada@example.com",
            "username": "ada",
            "avatar_url": "https://polar.sh/ada.png",
            "public_name": "",
            "email_verified": true,
        });
        let info = user(profile.clone());
        assert_eq!(info.data, profile);
        assert_eq!(
            Value::from(info.user).to_string(),
            r#"{"id":"d62d3f9b-1cc8-4b2c-8a8e-0f8f5ac3a0d1","name":"ada","email":"ada@example.com","image":"https://polar.sh/ada.png","emailVerified":true}"#
        );
    }

    #[test]
    fn an_address_is_not_verified_unless_polar_reports_it() {
        for profile in [
            json!({ "id": "1" }),
            json!({ "id": "1", "email_verified": "true" }),
        ] {
            let info = user(profile);
            assert_eq!(
                Value::from(info.user),
                json!({ "id": "1", "emailVerified": false })
            );
        }
    }
}
