//! Atlassian: <https://developer.atlassian.com/cloud/jira/platform/oauth-2-3lo-apps/>.

use portcullis_application::ports::AuthorizationRequest;
use portcullis_domain::social::UserInfo;
use serde_json::{Value, json};

use crate::{
    definition::{Context, Definition, Endpoints},
    flow::AuthorizationParameters,
    options::ProviderOptions,
    profile::{member, user_info},
};

const SCOPES: &[&str] = &["read:jira-user", "offline_access"];

pub(super) struct Atlassian;

impl Definition for Atlassian {
    fn id(&self) -> &'static str {
        "atlassian"
    }

    fn name(&self) -> &'static str {
        "Atlassian"
    }

    fn endpoints(&self, _options: &ProviderOptions) -> Endpoints {
        Endpoints {
            authorization: "https://auth.atlassian.com/authorize".to_owned(),
            token: "https://auth.atlassian.com/oauth/token".to_owned(),
            user_info: "https://api.atlassian.com/me".to_owned(),
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
            extra: vec![("audience".to_owned(), "api.atlassian.com".to_owned())],
            ..AuthorizationParameters::with_scopes(context, request, SCOPES).with_pkce(request)
        }
    }

    fn user(&self, profile: Value) -> Option<UserInfo> {
        Some(user(profile))
    }
}

fn user(profile: Value) -> UserInfo {
    user_info(
        [
            ("id", member(&profile, "account_id")),
            ("name", member(&profile, "name")),
            ("email", member(&profile, "email")),
            ("image", member(&profile, "picture")),
            ("emailVerified", Some(json!(false))),
        ],
        profile,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_at_atlassian_is_not_verified() {
        let profile = json!({
            "account_type": "atlassian",
            "account_id": "112233aa-bb11-cc22-33dd-445566abcabc",
            "email": "ada@example.com",
            "name": "Ada Lovelace",
            "picture": "https://avatar-management--avatars.example/112233aa/128",
            "account_status": "active",
            "nickname": "ada",
            "zoneinfo": "Europe/London",
            "locale": "en-US",
        });
        let info = user(profile.clone());
        let expected = json!({
            "id": "112233aa-bb11-cc22-33dd-445566abcabc",
            "name": "Ada Lovelace",
            "email": "ada@example.com",
            "image": "https://avatar-management--avatars.example/112233aa/128",
            "emailVerified": false,
        });
        assert_eq!(Value::from(info.user), expected);
        assert_eq!(info.data, profile);
    }
}
