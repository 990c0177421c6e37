//! Reddit: <https://github.com/reddit-archive/reddit/wiki/OAuth2>.

use async_trait::async_trait;
use portcullis_application::ports::{AuthorizationRequest, CodeExchange, ProviderError, ProviderTokens};
use portcullis_domain::{secret::Secret, social::UserInfo};
use serde_json::{Value, json};

use crate::{
    definition::{Authentication, Context, Definition, Endpoints, Extra, ExtraKind},
    flow::{AuthorizationParameters, TokenRequest},
    options::ProviderOptions,
    profile::{access_token, member, text, user_info},
};

const SCOPES: &[&str] = &["identity"];

pub(super) struct Reddit;

#[async_trait]
impl Definition for Reddit {
    fn id(&self) -> &'static str {
        "reddit"
    }

    fn name(&self) -> &'static str {
        "Reddit"
    }

    fn extras(&self) -> &'static [Extra] {
        &[Extra {
            name: "duration",
            kind: ExtraKind::Choice(&["temporary", "permanent"]),
            is_required: false,
            doc: "`permanent`: Reddit also issues a refresh token. Not set: Reddit's default, access for an hour.",
        }]
    }

    fn endpoints(&self, _options: &ProviderOptions) -> Endpoints {
        Endpoints {
            authorization: "https://www.reddit.com/api/v1/authorize".to_owned(),
            token: "https://www.reddit.com/api/v1/access_token".to_owned(),
            user_info: "https://oauth.reddit.com/api/v1/me".to_owned(),
            ..Endpoints::default()
        }
    }

    fn authorization(
        &self,
        context: Context<'_>,
        request: &AuthorizationRequest<'_>,
    ) -> AuthorizationParameters {
        let duration = context
            .options
            .extra("duration")
            .filter(|duration| !duration.is_empty());
        AuthorizationParameters {
            duration: duration.map(str::to_owned),
            ..AuthorizationParameters::with_scopes(context, request, SCOPES)
        }
    }

    fn token_request(&self, context: Context<'_>, exchange: &CodeExchange<'_>) -> TokenRequest {
        TokenRequest::exchange_with(context, exchange, Authentication::Basic)
            .without("code_verifier")
            .with_header("accept", "text/plain")
            .with_header("user-agent", "better-auth")
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
        let headers = [("authorization", bearer.as_str()), ("user-agent", "better-auth")];
        let profile = context
            .client
            .get_json(&context.endpoints.user_info, &headers)
            .await?;
        Ok(Some(user(profile)))
    }
}

/// Returns the user of a profile. Reddit does not reveal addresses. Better Auth shows the client id, which is the same for
/// all users, as a verified address; here the name takes its place, and it is not verified.
fn user(profile: Value) -> UserInfo {
    let icon = text(&profile, "icon_img");
    let icon = icon.and_then(|icon| Some(json!(icon.split('?').next()?)));
    user_info(
        [
            ("id", member(&profile, "id")),
            ("name", member(&profile, "name")),
            ("email", member(&profile, "name")),
            ("emailVerified", Some(json!(false))),
            ("image", icon),
        ],
        profile,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_user_has_the_client_id_as_an_address() {
        let profile = json!({
            "id": "1w72",
            "name": "ada",
            "icon_img": "https://styles.redditmedia.com/a.png?width=256&s=1",
            "has_verified_email": true,
            "oauth_client_id": "p-1c0LK8ynT1e0",
            "verified": true,
        });
        let info = user(profile.clone());
        assert_eq!(info.data, profile);
        assert_eq!(
            Value::from(info.user).to_string(),
            r#"{"id":"1w72","name":"ada","email":"ada","emailVerified":false,"image":"https://styles.redditmedia.com/a.png"}"#
        );
    }

    #[test]
    fn a_user_may_have_no_picture() {
        let info = user(json!({ "id": "1w72", "name": "ada", "icon_img": null }));
        assert_eq!(info.user.get("image"), None);
    }
}
