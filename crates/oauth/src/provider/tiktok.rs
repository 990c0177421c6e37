//! TikTok: <https://developers.tiktok.com/doc/login-kit-web>. It calls the client id `client_key`.

use async_trait::async_trait;
use portcullis_application::ports::{AuthorizationRequest, CodeExchange, ProviderError, ProviderTokens};
use portcullis_domain::{secret::Secret, social::UserInfo};
use serde_json::{Value, json};

use super::query::{encoded, encoded_scopes, with_encoded};
use crate::{
    definition::{Context, Definition, Endpoints, Extra, ExtraKind},
    flow::{AuthorizationParameters, TokenRequest},
    options::ProviderOptions,
    profile::{access_token, member, truthy, user_info},
};

const SCOPES: &[&str] = &["user.info.profile"];
const FIELDS: &str = "open_id,avatar_large_url,display_name,username";

pub(super) struct TikTok;

#[async_trait]
impl Definition for TikTok {
    fn id(&self) -> &'static str {
        "tiktok"
    }

    fn name(&self) -> &'static str {
        "TikTok"
    }

    fn extras(&self) -> &'static [Extra] {
        &[Extra {
            name: "client_key",
            kind: ExtraKind::Text,
            is_required: true,
            doc: "Client key of the application, which TikTok requires in place of a client id.",
        }]
    }

    fn endpoints(&self, _options: &ProviderOptions) -> Endpoints {
        Endpoints {
            authorization: "https://www.tiktok.com/v2/auth/authorize".to_owned(),
            token: "https://open.tiktokapis.com/v2/oauth/token/".to_owned(),
            user_info: "https://open.tiktokapis.com/v2/user/info/".to_owned(),
            ..Endpoints::default()
        }
    }

    fn authorization(
        &self,
        context: Context<'_>,
        request: &AuthorizationRequest<'_>,
    ) -> AuthorizationParameters {
        AuthorizationParameters {
            client_id: client_key(context).to_owned(),
            ..AuthorizationParameters::with_scopes(context, request, SCOPES)
        }
    }

    fn authorization_url(&self, context: Context<'_>, request: &AuthorizationRequest<'_>) -> String {
        let parameters = self.authorization(context, request);
        let scopes = parameters.scopes.unwrap_or_default();
        with_encoded(
            &parameters.endpoint,
            &[
                ("scope", encoded_scopes(&scopes, ",")),
                ("response_type", encoded(parameters.response_type)),
                ("client_key", encoded(&parameters.client_id)),
                ("redirect_uri", encoded(&parameters.redirect_uri)),
                ("state", encoded(&parameters.state)),
            ],
        )
    }

    /// Without `client_id`, which Better Auth sends as the text `undefined`.
    fn token_request(&self, context: Context<'_>, exchange: &CodeExchange<'_>) -> TokenRequest {
        TokenRequest::exchange(context, exchange)
            .without("code_verifier")
            .without("client_id")
            .with_before("redirect_uri", "client_key", client_key(context))
    }

    /// Without `client_id`, as [`Self::token_request`].
    fn refresh_request(&self, context: Context<'_>, refresh_token: &Secret<String>) -> Option<TokenRequest> {
        let request = TokenRequest::refresh(context, refresh_token).without("client_id");
        Some(request.with("client_key", client_key(context)))
    }

    async fn user_info(
        &self,
        context: Context<'_>,
        tokens: &ProviderTokens,
    ) -> Result<Option<UserInfo>, ProviderError> {
        let bearer = format!("Bearer {}", access_token(tokens)?);
        let endpoint = format!("{}?fields={}", context.endpoints.user_info, encoded(FIELDS));
        let profile = context
            .client
            .get_json(&endpoint, &[("authorization", bearer.as_str())])
            .await?;
        Ok(user(profile))
    }
}

/// Returns the client id under TikTok's name.
fn client_key(context: Context<'_>) -> &str {
    context.options.extra("client_key").unwrap_or_default()
}

/// Returns the user of a profile, or `None` if TikTok reports an error. TikTok does not reveal addresses; the user name
/// takes its place.
fn user(profile: Value) -> Option<UserInfo> {
    let user = truthy(&profile, "data.user")?;
    let username = || member(&user, "username");
    Some(user_info(
        [
            ("email", truthy(&user, "email").or_else(username)),
            ("id", member(&user, "open_id")),
            ("name", truthy(&user, "display_name").or_else(username)),
            ("image", member(&user, "avatar_large_url")),
            ("emailVerified", Some(json!(false))),
        ],
        profile,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_user_is_that_of_the_data() {
        let profile = json!({
            "data": {
                "user": {
                    "avatar_large_url": "https://p19-sign.tiktokcdn-us.com/a.jpeg",
                    "display_name": "",
                    "open_id": "723f24d7-e717-40f8-a2b6-cb8464cd23b4",
                    "username": "ada",
                },
            },
            "error": { "code": "ok", "message": "", "log_id": "20220829194722CBE87ED59D524E727021" },
        });
        let info = user(profile.clone()).unwrap();
        assert_eq!(info.data, profile);
        assert_eq!(
            Value::from(info.user).to_string(),
            r#"{"email":"ada","id":"723f24d7-e717-40f8-a2b6-cb8464cd23b4","name":"ada","image":"https://p19-sign.tiktokcdn-us.com/a.jpeg","emailVerified":false}"#
        );
    }

    #[test]
    fn an_error_is_no_user() {
        assert_eq!(
            user(json!({ "data": {}, "error": { "code": "access_token_invalid" } })),
            None
        );
    }
}
