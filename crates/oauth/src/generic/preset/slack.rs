//! Slack.

use serde_json::{Map, Value};

use super::{
    Rules, Template, UserRequest,
    openid::{SCOPES, first, is_verified, user},
};
use crate::profile::member;

/// The endpoint that describes the user.
const USER_INFO: &str = "https://slack.com/api/openid.connect.userInfo";

/// Returns the template.
pub(super) fn template() -> Template {
    Template {
        discovery_url: None,
        issuer: None,
        authorization_url: Some("https://slack.com/openid/connect/authorize".to_owned()),
        token_url: Some("https://slack.com/api/openid.connect.token".to_owned()),
        user_info_url: Some(USER_INFO.to_owned()),
        scopes: SCOPES,
        rules: Rules {
            request: UserRequest::AccessToken,
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
        first(profile, ["https://slack.com/user_id", "sub"]),
        member(profile, "name"),
        member(profile, "email"),
        first(profile, ["picture", "https://slack.com/user_image_512"]),
        Some(is_verified(profile)),
    ))
}
