//! Spotify: <https://developer.spotify.com/documentation/web-api/tutorials/code-pkce-flow>.

use portcullis_application::ports::AuthorizationRequest;
use portcullis_domain::social::UserInfo;
use serde_json::{Value, json};

use crate::{
    definition::{Context, Definition, Endpoints},
    flow::AuthorizationParameters,
    options::ProviderOptions,
    profile::{member, user_info},
};

const SCOPES: &[&str] = &["user-read-email"];

pub(super) struct Spotify;

impl Definition for Spotify {
    fn id(&self) -> &'static str {
        "spotify"
    }

    fn name(&self) -> &'static str {
        "Spotify"
    }

    fn endpoints(&self, _options: &ProviderOptions) -> Endpoints {
        Endpoints {
            authorization: "https://accounts.spotify.com/authorize".to_owned(),
            token: "https://accounts.spotify.com/api/token".to_owned(),
            user_info: "https://api.spotify.com/v1/me".to_owned(),
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

/// Returns the user of a profile. Spotify does not verify addresses.
fn user(profile: Value) -> UserInfo {
    user_info(
        [
            ("id", member(&profile, "id")),
            ("name", member(&profile, "display_name")),
            ("email", member(&profile, "email")),
            ("image", member(&profile, "images.0.url")),
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
            "display_name": "Ada",
            "email": "ada@example.com",
            "id": "ada1815",
            "images": [{ "url": "https://i.scdn.co/image/1" }, { "url": "https://i.scdn.co/image/2" }],
            "type": "user",
        });
        let info = user(profile.clone());
        assert_eq!(info.data, profile);
        assert_eq!(
            Value::from(info.user).to_string(),
            r#"{"id":"ada1815","name":"Ada","email":"ada@example.com","image":"https://i.scdn.co/image/1","emailVerified":false}"#
        );
    }

    #[test]
    fn a_user_may_have_no_picture() {
        let info = user(json!({ "id": "ada1815", "display_name": null, "images": [] }));
        assert_eq!(
            Value::from(info.user).to_string(),
            r#"{"id":"ada1815","name":null,"emailVerified":false}"#
        );
    }
}
