//! LINE. Its id tokens have a MAC with the channel's secret.

use serde_json::{Map, Value, json};

use super::{
    Rules, Template, UserRequest,
    openid::{SCOPES, user},
};
use crate::profile::member;

/// Returns the template.
pub(super) fn template() -> Template {
    Template {
        discovery_url: None,
        issuer: None,
        authorization_url: Some("https://access.line.me/oauth2/v2.1/authorize".to_owned()),
        token_url: Some("https://api.line.me/oauth2/v2.1/token".to_owned()),
        user_info_url: Some("https://api.line.me/oauth2/v2.1/userinfo".to_owned()),
        scopes: SCOPES,
        rules: Rules {
            request: UserRequest::AnyClaimsOrAccessToken,
            user: read,
        },
    }
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "the signature of all readers of profiles"
)]
fn read(profile: &Value) -> Option<Map<String, Value>> {
    Some(user(
        member(profile, "sub"),
        member(profile, "name"),
        member(profile, "email"),
        member(profile, "picture"),
        Some(json!(false)),
    ))
}
