//! Kakao: <https://developers.kakao.com/docs/latest/en/kakaologin/rest-api>.

use portcullis_application::ports::{AuthorizationRequest, CodeExchange};
use portcullis_domain::social::UserInfo;
use serde_json::{Value, json};

use crate::{
    definition::{Context, Definition, Endpoints},
    flow::{AuthorizationParameters, TokenRequest},
    options::ProviderOptions,
    profile::{member, truthy, user_info},
};

const SCOPES: &[&str] = &["account_email", "profile_image", "profile_nickname"];

pub(super) struct Kakao;

impl Definition for Kakao {
    fn id(&self) -> &'static str {
        "kakao"
    }

    fn name(&self) -> &'static str {
        "Kakao"
    }

    fn endpoints(&self, _options: &ProviderOptions) -> Endpoints {
        Endpoints {
            authorization: "https://kauth.kakao.com/oauth/authorize".to_owned(),
            token: "https://kauth.kakao.com/oauth/token".to_owned(),
            user_info: "https://kapi.kakao.com/v2/user/me".to_owned(),
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
        Some(user(profile))
    }
}

/// The address is verified only if Kakao has verified it and it still belongs to this account.
fn user(profile: Value) -> UserInfo {
    let account = |name: &str| member(&profile, &format!("kakao_account.{name}"));
    let shown = |name: &str| truthy(&profile, &format!("kakao_account.profile.{name}"));
    let is_true = |name: &str| account(name) == Some(json!(true));
    let id = member(&profile, "id").map(|id| match id {
        Value::Number(number) if number.is_u64() => json!(number.to_string()),
        other => other,
    });
    let members = [
        ("id", id),
        (
            "name",
            shown("nickname").or_else(|| truthy(&profile, "kakao_account.name")),
        ),
        ("email", account("email")),
        (
            "image",
            shown("profile_image_url").or_else(|| account("profile.thumbnail_image_url")),
        ),
        (
            "emailVerified",
            Some(json!(is_true("is_email_valid") && is_true("is_email_verified"))),
        ),
    ];
    user_info(members, profile)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile() -> Value {
        json!({
            "id": 123_456_789,
            "connected_at": "2022-04-11T01:45:28Z",
            "kakao_account": {
                "profile_nickname_needs_agreement": false,
                "profile": {
                    "nickname": "Ada",
                    "thumbnail_image_url": "http://k.example/110x110.jpg",
                    "profile_image_url": "http://k.example/640x640.jpg",
                    "is_default_image": false,
                },
                "name": "Ada Lovelace",
                "email_needs_agreement": false,
                "is_email_valid": true,
                "is_email_verified": true,
                "email": "ada@example.com",
            },
        })
    }

    #[test]
    fn the_user_is_that_of_the_account_and_its_profile() {
        let info = user(profile());
        let expected = json!({
            "id": "123456789",
            "name": "Ada",
            "email": "ada@example.com",
            "image": "http://k.example/640x640.jpg",
            "emailVerified": true,
        });
        assert_eq!(Value::from(info.user), expected);
        assert_eq!(info.data, profile());
    }

    #[test]
    fn an_address_that_is_not_valid_any_more_is_not_verified() {
        for flag in ["is_email_valid", "is_email_verified"] {
            for value in [json!(false), json!("true"), json!(null)] {
                let mut profile = profile();
                profile["kakao_account"][flag] = value;
                assert_eq!(user(profile).user["emailVerified"], false, "{flag}");
            }
        }
    }

    #[test]
    fn a_user_who_shares_nothing_has_only_an_id() {
        let expected = json!({ "id": "1", "emailVerified": false });
        assert_eq!(Value::from(user(json!({ "id": 1 })).user), expected);
    }
}
