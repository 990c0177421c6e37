//! Microsoft Entra ID.

use serde_json::{Map, Value, json};

use super::{
    Rules, Template, UserRequest,
    openid::{SCOPES, first, is_verified, user},
};
use crate::{
    generic::user::present,
    profile::{member, text},
};

/// Returns the template for a tenant.
pub(super) fn template(tenant: &str) -> Template {
    let endpoint = |name: &str| format!("https://login.microsoftonline.com/{tenant}/oauth2/v2.0/{name}");
    Template {
        discovery_url: None,
        issuer: None,
        authorization_url: Some(endpoint("authorize")),
        token_url: Some(endpoint("token")),
        user_info_url: Some("https://graph.microsoft.com/oidc/userinfo".to_owned()),
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
        member(profile, "sub"),
        present(profile, "name").or_else(|| full_name(profile)),
        first(profile, ["email", "preferred_username"]),
        member(profile, "picture"),
        Some(is_verified(profile)),
    ))
}

fn full_name(profile: &Value) -> Option<Value> {
    let [given, family] = ["given_name", "family_name"].map(|name| text(profile, name).unwrap_or_default());
    let name = format!("{given} {family}").trim().to_owned();
    (!name.is_empty()).then(|| json!(name))
}
