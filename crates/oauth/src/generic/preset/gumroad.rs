//! Gumroad.

use serde_json::{Map, Value, json};

use super::{Rules, Template, UserRequest, openid::user};
use crate::profile::{member, truthy};

/// Returns the template.
pub(super) fn template() -> Template {
    Template {
        discovery_url: None,
        issuer: None,
        authorization_url: Some("https://gumroad.com/oauth/authorize".to_owned()),
        token_url: Some("https://api.gumroad.com/oauth/token".to_owned()),
        user_info_url: Some("https://api.gumroad.com/v2/user".to_owned()),
        scopes: &["view_profile"],
        rules: Rules {
            request: UserRequest::AccessToken,
            user: read,
        },
    }
}

fn read(profile: &Value) -> Option<Map<String, Value>> {
    truthy(profile, "success")?;
    let profile = truthy(profile, "user")?;
    Some(user(
        member(&profile, "user_id"),
        member(&profile, "name"),
        member(&profile, "email"),
        member(&profile, "profile_url"),
        Some(json!(false)),
    ))
}
