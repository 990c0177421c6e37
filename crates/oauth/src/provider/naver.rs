//! Naver: <https://developers.naver.com/docs/login/api/api.md>.

use portcullis_application::ports::{AuthorizationRequest, CodeExchange};
use portcullis_domain::social::UserInfo;
use serde_json::{Value, json};

use crate::{
    definition::{Context, Definition, Endpoints},
    flow::{AuthorizationParameters, TokenRequest},
    options::ProviderOptions,
    profile::{member, truthy, user_info},
};

const SCOPES: &[&str] = &["profile", "email"];

pub(super) struct Naver;

impl Definition for Naver {
    fn id(&self) -> &'static str {
        "naver"
    }

    fn name(&self) -> &'static str {
        "Naver"
    }

    fn endpoints(&self, _options: &ProviderOptions) -> Endpoints {
        Endpoints {
            authorization: "https://nid.naver.com/oauth2.0/authorize".to_owned(),
            token: "https://nid.naver.com/oauth2.0/token".to_owned(),
            user_info: "https://openapi.naver.com/v1/nid/me".to_owned(),
            ..Endpoints::default()
        }
    }

    fn authorization(
        &self,
        context: Context<'_>,
        request: &AuthorizationRequest<'_>,
    ) -> AuthorizationParameters {
        AuthorizationParameters::with_scopes(context, request, SCOPES)
    }

    fn token_request(&self, context: Context<'_>, exchange: &CodeExchange<'_>) -> TokenRequest {
        TokenRequest::exchange(context, exchange).without("code_verifier")
    }

    fn user(&self, profile: Value) -> Option<UserInfo> {
        user(profile)
    }
}

/// Returns the user of a profile, or `None` if Naver reports an error in it.
fn user(profile: Value) -> Option<UserInfo> {
    if profile.get("resultcode") != Some(&json!("00")) {
        return None;
    }
    let response = member(&profile, "response").unwrap_or_default();
    let name = truthy(&response, "name").or_else(|| member(&response, "nickname"));
    Some(user_info(
        [
            ("id", member(&response, "id")),
            ("name", name),
            ("email", member(&response, "email")),
            ("image", member(&response, "profile_image")),
            ("emailVerified", Some(json!(false))),
        ],
        profile,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_user_is_the_response_of_the_profile() {
        let profile = json!({
            "resultcode": "00",
            "message": "success",
            "response": {
                "id": "32742776",
                "nickname": "OpenAPI",
                "name": "",
                "email": "openapi@naver.com",
                "profile_image": "https://ssl.pstatic.net/static/pwe/address/nodata_33x33.gif",
            },
        });
        let info = user(profile.clone()).unwrap();
        assert_eq!(info.data, profile);
        assert_eq!(
            Value::from(info.user).to_string(),
            r#"{"id":"32742776","name":"OpenAPI","email":"openapi@naver.com","image":"https://ssl.pstatic.net/static/pwe/address/nodata_33x33.gif","emailVerified":false}"#
        );
    }

    #[test]
    fn an_error_is_no_user() {
        assert_eq!(
            user(json!({ "resultcode": "024", "message": "Authentication failed" })),
            None
        );
    }
}
