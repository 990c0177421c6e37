//! What presets of OpenID Connect share: their scopes, and the standard claims (OpenID Connect Core 1.0, 5.1).

use serde_json::{Map, Value, json};

use super::{Rules, Template, UserRequest};
use crate::{generic::user::present, profile::member};

/// The scopes of presets of OpenID Connect.
pub(super) const SCOPES: &[&str] = &["openid", "profile", "email"];

/// Returns the template of a provider with a discovery document. `user_info` is the path of its endpoint that describes
/// the user, for a document without one; `user` reads the answer.
pub(super) fn template(
    issuer: &str,
    user_info: &str,
    user: fn(&Value) -> Option<Map<String, Value>>,
) -> Template {
    let base = issuer.strip_suffix('/').unwrap_or(issuer);
    Template {
        discovery_url: Some(format!("{base}/.well-known/openid-configuration")),
        issuer: Some(issuer.to_owned()),
        authorization_url: None,
        token_url: None,
        user_info_url: Some(format!("{base}{user_info}")),
        scopes: SCOPES,
        rules: Rules {
            request: UserRequest::AccessToken,
            user,
        },
    }
}

/// Returns the user with these values, which are left out if they are `None`.
pub(super) fn user(
    id: Option<Value>,
    name: Option<Value>,
    email: Option<Value>,
    image: Option<Value>,
    is_verified: Option<Value>,
) -> Map<String, Value> {
    let members = [
        ("id", id),
        ("name", name),
        ("email", email),
        ("image", image),
        ("emailVerified", is_verified),
    ];
    let members = members
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?)));
    members.collect()
}

/// Returns the user of standard claims, with this name.
pub(super) fn standard_user(profile: &Value, name: Option<Value>) -> Map<String, Value> {
    user(
        member(profile, "sub"),
        name,
        present(profile, "email"),
        member(profile, "picture"),
        Some(is_verified(profile)),
    )
}

/// Returns the claim `email_verified`.
pub(super) fn is_verified(profile: &Value) -> Value {
    present(profile, "email_verified").unwrap_or_else(|| json!(false))
}

/// Returns the first of these members that is neither missing nor `null`.
pub(super) fn first(profile: &Value, names: [&str; 2]) -> Option<Value> {
    names.into_iter().find_map(|name| present(profile, name))
}
