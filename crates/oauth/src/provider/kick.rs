//! Kick: <https://docs.kick.com/getting-started/generating-tokens-oauth2-flow>.

use portcullis_application::ports::AuthorizationRequest;
use portcullis_domain::social::UserInfo;
use serde_json::{Value, json};

use crate::{
    definition::{Context, Definition, Endpoints},
    flow::AuthorizationParameters,
    options::ProviderOptions,
    profile::{member, user_info},
};

const SCOPES: &[&str] = &["user:read"];

pub(super) struct Kick;

impl Definition for Kick {
    fn id(&self) -> &'static str {
        "kick"
    }

    fn name(&self) -> &'static str {
        "Kick"
    }

    fn endpoints(&self, _options: &ProviderOptions) -> Endpoints {
        Endpoints {
            authorization: "https://id.kick.com/oauth/authorize".to_owned(),
            token: "https://id.kick.com/oauth/token".to_owned(),
            user_info: "https://api.kick.com/public/v1/users".to_owned(),
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

    fn user(&self, answer: Value) -> Option<UserInfo> {
        user(&answer)
    }
}

/// Returns the first user of the answer; a request without ids has only that of the token.
fn user(answer: &Value) -> Option<UserInfo> {
    let profile = member(answer, "data.0")?;
    Some(user_info(
        [
            ("id", member(&profile, "user_id")),
            ("name", member(&profile, "name")),
            ("email", member(&profile, "email")),
            ("image", member(&profile, "profile_picture")),
            ("emailVerified", Some(json!(false))),
        ],
        profile,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_user_is_the_first_of_the_answer() {
        let profile = json!({
            "user_id": 4_377_088,
            "name": "ada",
            "email": "ada@example.com",
            "profile_picture": "https://kick.example/img/default.jpeg",
        });
        let info = user(&json!({ "data": [profile], "message": "OK" })).unwrap();
        let expected = json!({
            "id": 4_377_088,
            "name": "ada",
            "email": "ada@example.com",
            "image": "https://kick.example/img/default.jpeg",
            "emailVerified": false,
        });
        assert_eq!(Value::from(info.user), expected);
        assert_eq!(info.data, profile);
        assert_eq!(user(&json!({ "data": [] })), None);
    }
}
