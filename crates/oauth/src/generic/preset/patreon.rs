//! Patreon.

use serde_json::{Map, Value};

use super::{Rules, Template, UserRequest, openid::user};
use crate::profile::member;

/// The endpoint that describes the user, with the members that are read.
const USER_INFO: &str =
    "https://www.patreon.com/api/oauth2/v2/identity?fields[user]=email,full_name,image_url,is_email_verified";

/// Returns the template.
pub(super) fn template() -> Template {
    Template {
        discovery_url: None,
        issuer: None,
        authorization_url: Some("https://www.patreon.com/oauth2/authorize".to_owned()),
        token_url: Some("https://www.patreon.com/api/oauth2/token".to_owned()),
        user_info_url: Some(USER_INFO.to_owned()),
        scopes: &["identity[email]"],
        rules: Rules {
            request: UserRequest::AccessToken,
            user: read,
        },
    }
}

fn read(profile: &Value) -> Option<Map<String, Value>> {
    let attribute = |name: &str| member(profile, &format!("data.attributes.{name}"));
    Some(user(
        Some(member(profile, "data.id")?),
        attribute("full_name"),
        attribute("email"),
        attribute("image_url"),
        attribute("is_email_verified"),
    ))
}
