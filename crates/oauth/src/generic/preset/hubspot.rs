//! `HubSpot`.

use portcullis_domain::additional::is_truthy;
use serde_json::{Map, Value, json};

use super::{Rules, Template, UserRequest, openid::user};
use crate::{generic::user::present, profile::member};

/// Returns the template.
pub(super) fn template() -> Template {
    Template {
        discovery_url: None,
        issuer: None,
        authorization_url: Some("https://app.hubspot.com/oauth/authorize".to_owned()),
        token_url: Some("https://api.hubapi.com/oauth/v1/token".to_owned()),
        user_info_url: Some("https://api.hubapi.com/oauth/v1/access-tokens".to_owned()),
        scopes: &["oauth"],
        rules: Rules {
            request: UserRequest::TokenInPath,
            user: read,
        },
    }
}

fn read(profile: &Value) -> Option<Map<String, Value>> {
    let id = present(profile, "user_id").or_else(|| member(profile, "signed_access_token.userId"));
    Some(user(
        Some(id.filter(is_truthy)?),
        member(profile, "user"),
        member(profile, "user"),
        None,
        Some(json!(false)),
    ))
}
