//! LinkedIn: <https://learn.microsoft.com/en-us/linkedin/consumer/integrations/self-serve/sign-in-with-linkedin-v2>.

use portcullis_application::ports::{AuthorizationRequest, CodeExchange};
use portcullis_domain::social::UserInfo;
use serde_json::{Value, json};

use crate::{
    definition::{Context, Definition, Endpoints},
    flow::{AuthorizationParameters, TokenRequest},
    options::ProviderOptions,
    profile::{member, truthy, user_info},
};

const SCOPES: &[&str] = &["profile", "email", "openid"];

pub(super) struct LinkedIn;

impl Definition for LinkedIn {
    fn id(&self) -> &'static str {
        "linkedin"
    }

    fn name(&self) -> &'static str {
        "Linkedin"
    }

    fn endpoints(&self, _options: &ProviderOptions) -> Endpoints {
        Endpoints {
            authorization: "https://www.linkedin.com/oauth/v2/authorization".to_owned(),
            token: "https://www.linkedin.com/oauth/v2/accessToken".to_owned(),
            user_info: "https://api.linkedin.com/v2/userinfo".to_owned(),
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

    fn user(&self, profile: Value) -> Option<UserInfo> {
        Some(user(profile))
    }
}

fn user(profile: Value) -> UserInfo {
    user_info(
        [
            ("id", member(&profile, "sub")),
            ("name", member(&profile, "name")),
            ("email", member(&profile, "email")),
            (
                "emailVerified",
                truthy(&profile, "email_verified").or(Some(json!(false))),
            ),
            ("image", member(&profile, "picture")),
        ],
        profile,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_user_is_that_of_the_standard_claims() {
        let profile = json!({
            "sub": "782bbtaQ",
            "name": "Ada Lovelace",
            "given_name": "Ada",
            "family_name": "Lovelace",
            "picture": "https://media.licdn.example/1",
            "locale": { "country": "US", "language": "en" },
            "email": "ada@example.com",
            "email_verified": true,
        });
        let info = user(profile.clone());
        let expected = json!({
            "id": "782bbtaQ",
            "name": "Ada Lovelace",
            "email": "ada@example.com",
            "emailVerified": true,
            "image": "https://media.licdn.example/1",
        });
        assert_eq!(Value::from(info.user), expected);
        assert_eq!(info.data, profile);
    }

    #[test]
    fn a_user_who_has_not_verified_an_address_has_none() {
        let info = user(json!({ "sub": "782bbtaQ", "name": "Ada" }));
        let expected = json!({ "id": "782bbtaQ", "name": "Ada", "emailVerified": false });
        assert_eq!(Value::from(info.user), expected);
    }
}
